
/*
 * Rendered widgets.  An entry is an article's widget at a revision; the zone
 * holds the revision that counts, so a worker notices what another changed.
 *
 * Loads belong to the cache: a job that loads an entry goes on whatever
 * becomes of the requests that wait for it.  A request is parked in the
 * PRECONTENT phase (after access control), for 100 ms at most; then its page
 * goes out with a link to the thread.  An article without comments is
 * rendered here and now; the store is not asked.
 */

#include "ngx_http_social_widget.h"
#include "ngx_http_social_view.h"
#include "social_siphash.h"
#include "social_token.h"


#define NGX_HTTP_SOCIAL_VIAS  4
#define NGX_HTTP_SOCIAL_POLL  5     /* msec, while the zone warms up */


/* a widget and what the room knows of it; refs: the entry and requests */

typedef struct {
    ngx_http_social_widget_t    pub;        /* stands first */
    ngx_uint_t                  refs;
    size_t                      via[NGX_HTTP_SOCIAL_VIAS];
    ngx_uint_t                  nvia;
} ngx_http_social_render_t;


typedef struct {
    ngx_str_node_t              node;       /* site's index + key */
    ngx_queue_t                 lru;
    ngx_queue_t                 waiters;
    ngx_http_social_render_t   *render;     /* NULL: not loaded */
    ngx_atomic_uint_t           revision;   /* of render */
    ngx_uint_t                  week;
    ngx_atomic_uint_t           epoch;      /* of the zone */
    unsigned                    loading:1;
    unsigned                    late:1;     /* somebody waited in vain */
} ngx_http_social_entry_t;


/* a parked request */

struct ngx_http_social_wait_s {
    ngx_queue_t                 link;
    ngx_event_t                 timer;
    ngx_http_request_t         *request;
    ngx_http_social_rec_t      *rec;
    ngx_str_t                   key;
    ngx_atomic_uint_t           revision;   /* at least this is wanted */
    unsigned                    queued:1;
};


typedef struct {
    ngx_http_social_job_t       job;
    ngx_http_social_entry_t    *entry;
    social_page_article_t      *article;
    ngx_atomic_uint_t           revision;
    ngx_uint_t                  week;
    ngx_atomic_uint_t           epoch;
    social_out_t                out;
    time_t                      changed;
    int64_t                     total;
} ngx_http_social_load_t;


static ngx_rbtree_t       ngx_http_social_entries;
static ngx_rbtree_node_t  ngx_http_social_sentinel;
static ngx_queue_t        ngx_http_social_lru;
static size_t             ngx_http_social_bytes;


ngx_int_t
ngx_http_social_widget_worker(ngx_cycle_t *cycle)
{
    ngx_rbtree_init(&ngx_http_social_entries, &ngx_http_social_sentinel,
                    ngx_str_rbtree_insert_value);
    ngx_queue_init(&ngx_http_social_lru);
    ngx_http_social_bytes = 0;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_social_week(void)
{
    return ngx_time() / SOCIAL_WEEK;
}


social_page_article_t *
ngx_http_social_article(ngx_http_social_site_t *site, ngx_str_t *key)
{
    char                     token[SOCIAL_TOKEN_MAX];
    size_t                   len;
    u_char                  *p;
    ngx_str_t                url;
    social_str_t             text;
    ngx_http_social_slot_t  *slot;
    ngx_http_social_zone_t  *zone;
    social_page_article_t   *article;

    zone = site->zone;
    slot = ngx_http_social_slot_find(site, key);

    text.len = key->len;
    text.data = key->data;

    if (social_token_make(zone->secret, text, ngx_http_social_week(), token)
        != SOCIAL_OK)
    {
        return NULL;
    }

    len = key->len + 1 + SOCIAL_TOKEN_MAX + 2048;

    article = calloc(1, sizeof(social_page_article_t) + len);
    if (article == NULL) {
        return NULL;
    }

    p = (u_char *) article + sizeof(social_page_article_t);

    article->key = (char *) p;
    p = ngx_cpymem(p, key->data, key->len);
    *p++ = '\0';

    article->token = (char *) p;
    p = ngx_cpystrn(p, (u_char *) token, SOCIAL_TOKEN_MAX) + 1;

    article->title = "";
    article->url = "";
    article->language = social_page_find_language(site->page,
                                                  (char *) site->language.data,
                                                  site->language.len);

    if (slot == NULL) {
        return article;
    }

    if (site->language.len == 0) {
        article->language = slot->language;
    }

    article->reactions = (int64_t) slot->plain[SOCIAL_COUNT_LIKED]
                         - (int64_t) slot->plain[SOCIAL_COUNT_UNLIKED];

    article->title = (char *) p;
    ngx_http_social_chain_copy(zone, slot->meta, 0,
                               ngx_min(slot->title_len, 512), p);
    p += ngx_min(slot->title_len, 512);
    *p++ = '\0';

    url.data = p;
    url.len = ngx_min(slot->url_len, 1024);
    ngx_http_social_chain_copy(zone, slot->meta, slot->title_len, url.len,
                               url.data);
    url.data[url.len] = '\0';

    article->url = (char *) url.data;

    return article;
}


/* the hash of the bytes: it changes exactly when they do, on any worker,
 * after any restart */

static void
ngx_http_social_revision(ngx_str_t *html, ngx_str_t *rev)
{
    uint64_t             hash;
    ngx_uint_t           i;
    static const u_char  key[16] = "social revision";
    static const u_char  digits[] = "0123456789abcdefghijklmnopqrstuv";

    hash = social_siphash(key, html->data, html->len);

    for (i = 0; i < 12; i++) {
        rev->data[i] = digits[hash & 31];
        hash >>= 5;
    }

    rev->len = 12;
}


/* takes the bytes of out over */

static ngx_http_social_render_t *
ngx_http_social_render(social_out_t *out, time_t modified,
    ngx_uint_t fallback)
{
    ngx_http_social_render_t  *render;

    render = calloc(1, sizeof(ngx_http_social_render_t) + 16);
    if (render == NULL) {
        social_out_free(out);
        return NULL;
    }

    render->nvia = social_page_via(out, render->via, NGX_HTTP_SOCIAL_VIAS);
    render->refs = 1;
    render->pub.html.data = out->data;
    render->pub.html.len = out->len;
    render->pub.rev.data = (u_char *) render
                           + sizeof(ngx_http_social_render_t);
    render->pub.modified = modified;
    render->pub.fallback = fallback;

    ngx_http_social_revision(&render->pub.html, &render->pub.rev);

    return render;
}


static void
ngx_http_social_release(void *data)
{
    ngx_http_social_render_t  *render = data;

    if (--render->refs == 0) {
        free(render->pub.html.data);
        free(render);
    }
}


static ngx_http_social_render_t *
ngx_http_social_render_empty(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_uint_t fallback)
{
    int                     rc;
    social_out_t            out;
    social_comments_t       list;
    social_page_article_t  *article;

    article = ngx_http_social_article(site, key);
    if (article == NULL) {
        return NULL;
    }

    ngx_memzero(&list, sizeof(social_comments_t));
    social_out_init(&out, SOCIAL_PAGE_MAX);

    rc = fallback ? social_page_fallback(site->page, article, &out)
                  : social_page_widget(site->page, article, &list, &out);

    free(article);

    if (rc != SOCIAL_OK) {
        social_out_free(&out);
        return NULL;
    }

    return ngx_http_social_render(&out, ngx_http_social_week() * SOCIAL_WEEK,
                                  fallback);
}


/* the cache */

static ngx_http_social_entry_t *
ngx_http_social_entry_find(ngx_http_social_site_t *site, ngx_str_t *key)
{
    uint32_t   hash;
    ngx_str_t  name;
    u_char     buf[SOCIAL_KEY_MAX + NGX_INT_T_LEN + 1];

    name.data = buf;
    name.len = ngx_sprintf(buf, "%ui%V", site->index, key) - buf;
    hash = ngx_crc32_long(name.data, name.len);

    return (ngx_http_social_entry_t *)
               ngx_str_rbtree_lookup(&ngx_http_social_entries, &name, hash);
}


static size_t
ngx_http_social_entry_size(ngx_http_social_entry_t *entry)
{
    return sizeof(ngx_http_social_entry_t) + entry->node.str.len
           + (entry->render ? entry->render->pub.html.len : 0);
}


static void
ngx_http_social_entry_free(ngx_http_social_entry_t *entry)
{
    ngx_http_social_bytes -= ngx_http_social_entry_size(entry);

    ngx_rbtree_delete(&ngx_http_social_entries, &entry->node.node);
    ngx_queue_remove(&entry->lru);

    if (entry->render) {
        ngx_http_social_release(entry->render);
    }

    free(entry);
}


/* entries that load or are waited for stay */

static void
ngx_http_social_cache_shrink(void)
{
    ngx_queue_t              *q, *prev;
    ngx_http_social_entry_t  *entry;

    for (q = ngx_queue_last(&ngx_http_social_lru);
         q != ngx_queue_sentinel(&ngx_http_social_lru)
         && ngx_http_social_bytes > NGX_HTTP_SOCIAL_CACHE;
         q = prev)
    {
        prev = ngx_queue_prev(q);
        entry = ngx_queue_data(q, ngx_http_social_entry_t, lru);

        if (!entry->loading && ngx_queue_empty(&entry->waiters)) {
            ngx_http_social_entry_free(entry);
        }
    }
}


static ngx_http_social_entry_t *
ngx_http_social_entry_make(ngx_http_social_site_t *site, ngx_str_t *key)
{
    ngx_http_social_entry_t  *entry;

    entry = ngx_http_social_entry_find(site, key);

    if (entry) {
        ngx_queue_remove(&entry->lru);
        ngx_queue_insert_head(&ngx_http_social_lru, &entry->lru);
        return entry;
    }

    entry = calloc(1, sizeof(ngx_http_social_entry_t) + key->len
                      + NGX_INT_T_LEN);
    if (entry == NULL) {
        return NULL;
    }

    entry->node.str.data = (u_char *) entry + sizeof(ngx_http_social_entry_t);
    entry->node.str.len = ngx_sprintf(entry->node.str.data, "%ui%V",
                                      site->index, key)
                          - entry->node.str.data;
    entry->node.node.key = ngx_crc32_long(entry->node.str.data,
                                          entry->node.str.len);
    ngx_queue_init(&entry->waiters);

    ngx_rbtree_insert(&ngx_http_social_entries, &entry->node.node);
    ngx_queue_insert_head(&ngx_http_social_lru, &entry->lru);
    ngx_http_social_bytes += ngx_http_social_entry_size(entry);

    ngx_http_social_cache_shrink();

    return entry;
}


static void
ngx_http_social_entry_set(ngx_http_social_entry_t *entry,
    ngx_http_social_render_t *render)
{
    ngx_http_social_bytes -= ngx_http_social_entry_size(entry);

    if (entry->render) {
        ngx_http_social_release(entry->render);
    }

    entry->render = render;
    ngx_http_social_bytes += ngx_http_social_entry_size(entry);
}


/* must the store be asked?  *revision is the one that counts */

static ngx_uint_t
ngx_http_social_has_thread(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_atomic_uint_t *revision, ngx_uint_t *known)
{
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_slot_find(site, key);
    *revision = slot ? slot->revision : 0;
    *known = (slot != NULL);

    if (site->page->comments == 0) {
        return 0;
    }

    if (slot && (slot->flags & NGX_HTTP_SOCIAL_THREAD)) {
        return 1;
    }

    return !site->zone->warm || (slot == NULL && site->zone->incomplete);
}


static ngx_uint_t
ngx_http_social_entry_fresh(ngx_http_social_site_t *site,
    ngx_http_social_entry_t *entry, ngx_atomic_uint_t revision)
{
    return entry->render
           && entry->revision == revision
           && entry->week == ngx_http_social_week()
           && entry->epoch == site->zone->epoch;
}


/* loading */

static int
ngx_http_social_load_run(ngx_http_social_job_t *job, social_store_t *store)
{
    int                      rc;
    social_str_t             key;
    social_comments_t        list;
    ngx_http_social_load_t  *load = (ngx_http_social_load_t *) job;

    key.data = (const unsigned char *) load->article->key;
    key.len = strlen(load->article->key);

    memset(&list, 0, sizeof(social_comments_t));

    if (social_store_thread(store, key, 1, SOCIAL_PAGE_COMMENTS, &list,
                            &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    load->changed = list.changed;
    load->total = list.total;

    rc = social_page_widget(job->site->page, load->article, &list,
                            &load->out);

    social_comments_free(&list);

    /* a template that cannot be rendered is no fault of the store */

    return rc == SOCIAL_OK ? SOCIAL_OK : SOCIAL_DECLINED;
}


static ngx_uint_t ngx_http_social_park_on(ngx_http_social_wait_t *wait);
static void ngx_http_social_resume(ngx_http_social_wait_t *wait);
static ngx_int_t ngx_http_social_load(ngx_http_social_site_t *site,
    ngx_str_t *key, ngx_http_social_entry_t *entry,
    ngx_atomic_uint_t revision);
static ngx_int_t ngx_http_social_pin(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_render_t *render);


/*
 * Gives what was loaded to those who asked for this revision or an older
 * one.  Who came later, after another comment, waits for another load: so
 * everybody sees what was there when they came, and a busy thread cannot
 * keep its readers waiting.
 */

static void
ngx_http_social_serve(ngx_http_social_load_t *load,
    ngx_http_social_entry_t *entry)
{
    ngx_queue_t               *q, *next, ready;
    ngx_http_social_wait_t    *wait, *newer;

    newer = NULL;
    ngx_queue_init(&ready);

    for (q = ngx_queue_head(&entry->waiters);
         q != ngx_queue_sentinel(&entry->waiters);
         q = next)
    {
        next = ngx_queue_next(q);
        wait = ngx_queue_data(q, ngx_http_social_wait_t, link);

        if (load->job.rc == SOCIAL_OK && wait->revision > load->revision) {
            newer = wait;
            continue;
        }

        if (load->job.rc == SOCIAL_OK && entry->render) {
            (void) ngx_http_social_pin(wait->request, wait->rec,
                                       entry->render);
        }

        ngx_queue_remove(q);
        ngx_queue_insert_tail(&ready, q);
    }

    if (newer) {
        (void) ngx_http_social_load(load->job.site, &newer->key, entry,
                                    newer->revision);
    }

    /* to resume one may end others: take the head until there is none */

    while (!ngx_queue_empty(&ready)) {
        q = ngx_queue_head(&ready);
        wait = ngx_queue_data(q, ngx_http_social_wait_t, link);

        ngx_http_social_resume(wait);
    }
}


/* the number of comments, as the store has it */

static void
ngx_http_social_counted(ngx_http_social_load_t *load)
{
    ngx_str_t                key;
    ngx_http_social_slot_t  *slot;

    key.data = (u_char *) load->article->key;
    key.len = ngx_strlen(key.data);

    slot = ngx_http_social_slot_find(load->job.site, &key);

    if (slot && slot->revision == load->revision) {
        slot->comments = load->total;
    }
}


static void
ngx_http_social_load_done(ngx_http_social_job_t *job)
{
    time_t                     modified;
    ngx_http_social_load_t    *load = (ngx_http_social_load_t *) job;
    ngx_http_social_entry_t   *entry;
    ngx_http_social_render_t  *render;

    entry = load->entry;
    entry->loading = 0;
    entry->late = 0;

    if (job->rc == SOCIAL_OK) {
        modified = ngx_max(load->changed,
                           (time_t) (load->week * SOCIAL_WEEK));
        render = ngx_http_social_render(&load->out, modified, 0);

        if (render) {
            ngx_http_social_entry_set(entry, render);
            entry->revision = load->revision;
            entry->week = load->week;
            entry->epoch = load->epoch;
        }

        ngx_http_social_counted(load);

    } else {
        social_out_free(&load->out);
    }

    ngx_http_social_serve(load, entry);

    free(load->article);
    free(load);

    ngx_http_social_cache_shrink();
}


static ngx_int_t
ngx_http_social_load(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_http_social_entry_t *entry, ngx_atomic_uint_t revision)
{
    ngx_http_social_load_t  *load;

    if (entry->loading) {
        return NGX_OK;
    }

    load = ngx_http_social_job_alloc(site, sizeof(ngx_http_social_load_t),
                                     ngx_http_social_load_run,
                                     ngx_http_social_load_done);
    if (load == NULL) {
        return NGX_ERROR;
    }

    load->epoch = site->zone->epoch;
    load->week = ngx_http_social_week();
    load->article = ngx_http_social_article(site, key);
    load->entry = entry;
    load->revision = revision;
    social_out_init(&load->out, SOCIAL_PAGE_MAX);

    if (load->article == NULL
        || ngx_http_social_job_post(&load->job) != NGX_OK)
    {
        free(load->article);
        free(load);
        return NGX_ERROR;
    }

    entry->loading = 1;

    return NGX_OK;
}


/* parking */

static void
ngx_http_social_wait_cleanup(void *data)
{
    ngx_http_social_wait_t  *wait = data;

    if (wait->timer.timer_set) {
        ngx_del_timer(&wait->timer);
    }

    if (wait->queued) {
        ngx_queue_remove(&wait->link);
        wait->queued = 0;
    }
}


static void
ngx_http_social_resume(ngx_http_social_wait_t *wait)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    ngx_http_social_wait_cleanup(wait);

    r = wait->request;
    c = r->connection;

    wait->rec->park_over = ((ngx_msec_int_t) (wait->rec->park_until
                                                 - ngx_current_msec) <= 0
                            || wait->key.len != 0);
    wait->rec->wait = NULL;

    ngx_http_set_log_request(c->log, r);

    r->write_event_handler = ngx_http_core_run_phases;
    ngx_http_core_run_phases(r);

    ngx_http_run_posted_requests(c);
}


static void
ngx_http_social_wait_timeout(ngx_event_t *ev)
{
    ngx_connection_t         *c = ev->data;
    ngx_http_social_wait_t   *wait;
    ngx_http_social_entry_t  *entry;

    wait = (ngx_http_social_wait_t *)
               ((u_char *) ev - offsetof(ngx_http_social_wait_t, timer));

    if (!wait->queued && ngx_http_social_park_on(wait)) {
        return;
    }

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, c->log, 0,
                   "social: \"%V\" waits no longer", &wait->rec->key);

    entry = ngx_http_social_entry_find(wait->rec->site, &wait->rec->key);

    if (entry && entry->loading) {
        entry->late = 1;
    }

    ngx_http_social_resume(wait);
}


/*
 * Right after the start nobody knows yet which articles have threads: pages
 * look again every few milliseconds, since another worker may be asking.
 * 1: goes on waiting.
 */

static ngx_uint_t
ngx_http_social_park_on(ngx_http_social_wait_t *wait)
{
    ngx_msec_int_t  left;

    left = (ngx_msec_int_t) (wait->rec->park_until - ngx_current_msec);

    if (wait->rec->site->zone->warm || left <= 0) {
        return 0;
    }

    ngx_add_timer(&wait->timer, ngx_min(left, NGX_HTTP_SOCIAL_POLL));

    return 1;
}


/* entry NULL: until the zone is warm */

static ngx_int_t
ngx_http_social_park(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    ngx_http_social_entry_t *entry, ngx_atomic_uint_t revision)
{
    ngx_msec_int_t           left;
    ngx_pool_cleanup_t      *cln;
    ngx_http_social_wait_t  *wait;

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_social_wait_t));
    if (cln == NULL) {
        return NGX_ERROR;
    }

    wait = cln->data;
    ngx_memzero(wait, sizeof(ngx_http_social_wait_t));
    cln->handler = ngx_http_social_wait_cleanup;

    wait->request = r;
    wait->rec = rec;

    if (rec->park_until == 0) {
        rec->park_until = ngx_current_msec + NGX_HTTP_SOCIAL_WAIT;
    }

    left = (ngx_msec_int_t) (rec->park_until - ngx_current_msec);
    left = ngx_max(left, 1);
    wait->timer.handler = ngx_http_social_wait_timeout;
    wait->timer.data = r->connection;
    wait->timer.log = r->connection->log;

    if (entry) {
        wait->key = rec->key;
        wait->revision = revision;
        ngx_queue_insert_tail(&entry->waiters, &wait->link);
        wait->queued = 1;
        ngx_add_timer(&wait->timer, left);

    } else {
        ngx_add_timer(&wait->timer, ngx_min(left, NGX_HTTP_SOCIAL_POLL));
    }

    rec->wait = wait;

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    if (ngx_handle_read_event(r->connection->read, 0) != NGX_OK) {
        ngx_http_social_wait_cleanup(wait);
        return NGX_ERROR;
    }

    return NGX_AGAIN;
}


/*
 * The entry of an article if it may go out as it is; without a thread it is
 * rendered now.  NULL: it must be loaded.
 */

static ngx_http_social_render_t *
ngx_http_social_ready(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_atomic_uint_t *revision, ngx_uint_t *known)
{
    ngx_uint_t                 thread;
    ngx_http_social_entry_t   *entry;
    ngx_http_social_render_t  *render;

    thread = ngx_http_social_has_thread(site, key, revision, known);
    entry = ngx_http_social_entry_find(site, key);

    if (entry && ngx_http_social_entry_fresh(site, entry, *revision)) {
        ngx_queue_remove(&entry->lru);
        ngx_queue_insert_head(&ngx_http_social_lru, &entry->lru);
        return entry->render;
    }

    if (thread) {
        return NULL;
    }

    render = ngx_http_social_render_empty(site, key, 0);
    if (render == NULL) {
        return NULL;
    }

    entry = ngx_http_social_entry_make(site, key);

    if (entry == NULL) {
        ngx_http_social_release(render);
        return NULL;
    }

    ngx_http_social_entry_set(entry, render);
    entry->revision = *revision;
    entry->week = ngx_http_social_week();
    entry->epoch = site->zone->epoch;

    return render;
}


static ngx_int_t
ngx_http_social_pin(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    ngx_http_social_render_t *render)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    render->refs++;
    cln->handler = ngx_http_social_release;
    cln->data = render;

    rec->widget = &render->pub;
    rec->widget_final = rec->key_final;

    return NGX_OK;
}


ngx_int_t
ngx_http_social_widget_handler(ngx_http_request_t *r)
{
    ngx_uint_t                   known;
    ngx_atomic_uint_t            revision;
    ngx_http_social_rec_t       *rec;
    ngx_http_social_entry_t     *entry;
    ngx_http_social_render_t    *render;
    ngx_http_social_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    if (lcf->inject == NULL
        || r != r->main
        || !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)))
    {
        return NGX_DECLINED;
    }

    rec = ngx_http_social_rec(r);

    if (rec == NULL || !ngx_http_social_is_article(r, rec)) {
        return NGX_DECLINED;
    }

    if (!rec->site->zone->warm && !rec->park_over
        && !ngx_http_social_store_away(rec->site))
    {
        return ngx_http_social_park(r, rec, NULL, 0) == NGX_AGAIN
               ? NGX_AGAIN : NGX_DECLINED;
    }

    if (rec->widget == NULL || rec->widget_final != rec->key_final) {
        render = ngx_http_social_ready(rec->site, &rec->key, &revision,
                                       &known);

        if (render == NULL && !rec->park_over
            && !ngx_http_social_store_away(rec->site))
        {
            entry = ngx_http_social_entry_make(rec->site, &rec->key);

            if (entry
                && !(entry->loading && entry->late)
                && ngx_http_social_load(rec->site, &rec->key, entry,
                                        revision)
                   == NGX_OK
                && ngx_http_social_park(r, rec, entry, revision)
                   == NGX_AGAIN)
            {
                return NGX_AGAIN;
            }
        }

        if (render == NULL || !known
            || ngx_http_social_pin(r, rec, render) != NGX_OK)
        {
            return NGX_DECLINED;
        }
    }

    (void) ngx_http_social_translate(r, rec);

    return NGX_DECLINED;
}


/* the same widget, with one more field in its share forms */

static ngx_http_social_widget_t *
ngx_http_social_with_via(ngx_http_request_t *r,
    ngx_http_social_widget_t *widget)
{
    size_t                     at;
    u_char                    *p;
    ngx_uint_t                 i;
    ngx_http_social_render_t  *render = (ngx_http_social_render_t *) widget;
    ngx_http_social_widget_t  *copy;

    copy = ngx_palloc(r->pool, sizeof(ngx_http_social_widget_t));
    if (copy == NULL) {
        return NULL;
    }

    *copy = *widget;
    copy->html.len += render->nvia * (sizeof(SOCIAL_PAGE_VIA) - 1);
    copy->html.data = ngx_pnalloc(r->pool, copy->html.len);
    copy->rev.data = ngx_pnalloc(r->pool, 16);

    if (copy->html.data == NULL || copy->rev.data == NULL) {
        return NULL;
    }

    p = copy->html.data;
    at = 0;

    for (i = 0; i < render->nvia; i++) {
        p = ngx_cpymem(p, widget->html.data + at, render->via[i] - at);
        p = ngx_cpymem(p, SOCIAL_PAGE_VIA, sizeof(SOCIAL_PAGE_VIA) - 1);
        at = render->via[i];
    }

    ngx_memcpy(p, widget->html.data + at, widget->html.len - at);
    ngx_http_social_revision(&copy->html, &copy->rev);

    return copy;
}


ngx_http_social_widget_t *
ngx_http_social_widget_pin(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    ngx_uint_t via_link)
{
    ngx_int_t                  rc;
    ngx_uint_t                 known;
    ngx_atomic_uint_t          revision;
    ngx_http_social_render_t  *render, *own;

    if (rec->widget == NULL || rec->widget_final != rec->key_final) {
        own = NULL;
        render = ngx_http_social_ready(rec->site, &rec->key, &revision,
                                       &known);

        if (render == NULL) {
            own = ngx_http_social_render_empty(rec->site, &rec->key, 1);
            render = own;
        }

        if (render == NULL) {
            return NULL;
        }

        rc = ngx_http_social_pin(r, rec, render);

        if (own) {
            ngx_http_social_release(own);
        }

        if (rc != NGX_OK) {
            return NULL;
        }
    }

    if (via_link && !rec->widget->fallback) {
        return ngx_http_social_with_via(r, rec->widget);
    }

    return rec->widget;
}


void
ngx_http_social_widget_changed(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_int_t comments)
{
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_slot_make(site, key);

    if (slot == NULL) {
        /* unknown keys must ask the store from now on */
        site->zone->incomplete = 1;
        return;
    }

    slot->flags |= NGX_HTTP_SOCIAL_THREAD;

    if (comments) {
        (void) ngx_atomic_fetch_add(&slot->comments, comments);
    }

    ngx_memory_barrier();
    (void) ngx_atomic_fetch_add(&slot->revision, 1);
}
