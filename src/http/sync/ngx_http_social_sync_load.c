
/*
 * From the store into shared memory.  At start, and after the store was
 * replaced: the site's secret and the keys of all articles with threads or
 * likes.  From then on: which articles others have changed.
 *
 * Event loop, except *_run and keys_add, which run in a thread.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_SYNC_KEYS_STEP  1000  /* keys applied in one event */
#define NGX_HTTP_SOCIAL_SYNC_LOAD_TIME  3     /* seconds until another worker
                                               * may load */
#define NGX_HTTP_SOCIAL_SYNC_CHANGES    4096  /* articles in one load of
                                               * changes */
#define NGX_HTTP_SOCIAL_SYNC_KEYS       65536 /* and keys: threads that moved
                                               * have several */


/* before the bytes of each key in a list of keys; not aligned there */

typedef struct {
    social_numbers_t            numbers;
    uint16_t                    len;
} ngx_http_social_sync_key_t;


typedef struct {
    u_char                     *data;
    size_t                      len, size, at;
    ngx_uint_t                  n, max;
    unsigned                    incomplete; /* no memory, or there
                                             * are more than max */
} ngx_http_social_sync_keys_t;


typedef struct {
    ngx_http_social_job_t       job;
    ngx_http_social_sync_keys_t keys;
    u_char                      secret[32];
    char                        identity[SOCIAL_STORE_IDENTITY];
    int64_t                     signout;
    int64_t                     change;
    ngx_event_t                 again;
} ngx_http_social_sync_load_t;


typedef struct {
    ngx_http_social_job_t       job;
    ngx_http_social_sync_keys_t keys;
    int64_t                     since, change;
    social_wanted_t             wanted;
    unsigned                    more:1;
    unsigned                    other:1;    /* another store's numbers */
} ngx_http_social_sync_changes_t;


/* runs in a thread */

static void
ngx_http_social_sync_keys_add(void *data, social_str_t key,
    const social_numbers_t *numbers)
{
    size_t                        size;
    u_char                       *p;
    ngx_http_social_sync_keys_t  *keys = data;
    ngx_http_social_sync_key_t    head;

    if (key.len == 0 || key.len > SOCIAL_KEY_MAX) {
        return;
    }

    if (keys->n == keys->max) {
        keys->incomplete = 1;
        return;
    }

    size = sizeof(ngx_http_social_sync_key_t) + key.len;

    if (keys->len + size > keys->size) {
        p = realloc(keys->data, keys->size * 2 + 4096);
        if (p == NULL) {
            keys->incomplete = 1;
            return;
        }

        keys->data = p;
        keys->size = keys->size * 2 + 4096;
    }

    memset(&head, 0, sizeof(ngx_http_social_sync_key_t));
    head.numbers = *numbers;
    head.len = key.len;

    memcpy(keys->data + keys->len, &head, sizeof(ngx_http_social_sync_key_t));
    memcpy(keys->data + keys->len + sizeof(ngx_http_social_sync_key_t),
           key.data, key.len);

    keys->len += size;
    keys->n++;
}


/* 1: key and numbers are the next ones of the list; 0: there are no more */

static ngx_uint_t
ngx_http_social_sync_keys_next(ngx_http_social_sync_keys_t *keys,
    ngx_str_t *key, social_numbers_t *numbers)
{
    ngx_http_social_sync_key_t  head;

    if (keys->at == keys->len) {
        return 0;
    }

    ngx_memcpy(&head, keys->data + keys->at,
               sizeof(ngx_http_social_sync_key_t));
    keys->at += sizeof(ngx_http_social_sync_key_t);

    key->data = keys->data + keys->at;
    key->len = head.len;
    keys->at += head.len;
    *numbers = head.numbers;

    return 1;
}


ngx_uint_t
ngx_http_social_sync_key_apply(ngx_http_social_site_t *site, ngx_str_t *key,
    const social_numbers_t *numbers)
{
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_sync_article(site, key);

    if (slot == NULL) {
        site->zone->keys_incomplete = 1;
        return 0;
    }

    ngx_http_social_zone_likes_set(slot, numbers->likes,
                                   numbers->likes_changes);

    if (ngx_http_social_zone_comments_known(slot, numbers->change)
        || (numbers->change == 0 && numbers->comments == 0 && !numbers->moved))
    {
        return 1;
    }

    /* an article with nothing but likes is rendered without the store */

    if (numbers->comments || numbers->moved) {
        ngx_http_social_zone_slot_set_thread(slot);
    }

    ngx_memory_barrier();
    (void) ngx_atomic_fetch_add(&slot->withdrawn, 1);   /* it may be that */
    (void) ngx_atomic_fetch_add(&slot->revision, 1);
    ngx_http_social_zone_comments_set(slot, numbers->comments,
                                      numbers->change);

    return 1;
}


/* runs in a thread */

static int
ngx_http_social_sync_load_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    ngx_http_social_sync_load_t  *load = (ngx_http_social_sync_load_t *) job;

    if (social_store_secret(store, load->secret, &job->error) != SOCIAL_OK
        || social_store_identity(store, load->identity, &job->error)
           != SOCIAL_OK
        || social_store_signout(store, &load->signout, &job->error)
           != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    return social_store_keys(store, &load->change,
                             ngx_http_social_sync_keys_add, &load->keys,
                             &job->error);
}


/* applies 1000 keys, then returns to the event loop before it goes on: requests
 * are served meanwhile */

static void
ngx_http_social_sync_load_apply(ngx_event_t *ev)
{
    social_numbers_t              numbers;
    ngx_str_t                     key;
    ngx_uint_t                    i;
    ngx_http_social_zone_t       *zone;
    ngx_http_social_sync_load_t  *load = ev->data;

    zone = load->job.site->zone;

    for (i = 0; i < NGX_HTTP_SOCIAL_SYNC_KEYS_STEP; i++) {

        if (!ngx_http_social_sync_keys_next(&load->keys, &key, &numbers)) {
            zone->keys_incomplete |= load->keys.incomplete;
            zone->change = load->change;
            zone->store_replaced = 0;
            zone->keys_loaded = 1;
            zone->load_began = 0;

            ngx_log_debug3(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                           "social load \"%V\": keys of %ui articles with "
                           "threads or likes%s",
                           &load->job.site->name, load->keys.n,
                           zone->keys_incomplete ? ", but there are more" : "");

            free(load->keys.data);
            free(load);
            return;
        }

        (void) ngx_http_social_sync_key_apply(load->job.site, &key,
                                              &numbers);
    }

    ngx_add_timer(ev, 1);
}


/* the store was replaced: the new one may lack threads and titles that
 * the old one had */

static void
ngx_http_social_sync_load_forget(ngx_http_social_zone_t *zone)
{
    ngx_uint_t               i;
    ngx_http_social_slot_t  *slot;

    for (i = 1; i < ngx_min(zone->next_slot, zone->nslots); i++) {
        slot = ngx_http_social_zone_slot_at(zone, i);

        slot->comments = 0;
        slot->likes = 0;
        slot->meta_saved = 0;

        if (slot->meta_hash) {
            (void) ngx_atomic_fetch_add(&slot->changes, 1);
        }
    }

    (void) ngx_atomic_fetch_add(&zone->epoch, 1);
}


/* another master may have used another store while this zone lived on */

static ngx_uint_t
ngx_http_social_sync_load_is_other(ngx_http_social_zone_t *zone,
    const char *identity)
{
    return zone->store_identity[0] != '\0'
           && ngx_strcmp(zone->store_identity, identity) != 0;
}


static void
ngx_http_social_sync_load_done(ngx_http_social_job_t *job)
{
    ngx_http_social_sync_load_t  *load = (ngx_http_social_sync_load_t *) job;
    ngx_http_social_zone_t       *zone;

    zone = job->site->zone;

    if (job->rc != SOCIAL_OK) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social load \"%V\": keys could not be read",
                       &job->site->name);

        zone->load_began = 0;
        free(load->keys.data);
        free(load);
        return;
    }

    if (ngx_http_social_sync_load_is_other(zone, load->identity)) {
        zone->store_replaced = 1;
    }

    /* a job may have read it before the last sign-out, but another store's
     * number may be smaller */

    if (!zone->secret_known || zone->store_replaced
        || (ngx_atomic_uint_t) load->signout > zone->signout)
    {
        zone->signout = load->signout;
    }

    if (!zone->secret_known
        || ngx_memcmp(zone->secret, load->secret, sizeof(zone->secret)) != 0)
    {
        /* pages that are open have tokens made with the secret before */

        ngx_memcpy(zone->secret_old, zone->secret, sizeof(zone->secret));
        ngx_memcpy(zone->secret, load->secret, sizeof(zone->secret));
        ngx_memory_barrier();
        zone->secret_known = 1;
        (void) ngx_atomic_fetch_add(&zone->epoch, 1);
    }

    if (zone->store_replaced) {
        ngx_http_social_sync_load_forget(zone);
    }

    ngx_memcpy(zone->store_identity, load->identity,
               sizeof(zone->store_identity));

    load->again.handler = ngx_http_social_sync_load_apply;
    load->again.data = load;
    load->again.log = ngx_cycle->log;
    load->again.cancelable = 1;

    ngx_http_social_sync_load_apply(&load->again);
}


void
ngx_http_social_sync_load_keys(ngx_http_social_site_t *site)
{
    ngx_atomic_uint_t             was;
    ngx_http_social_sync_load_t  *load;
    ngx_http_social_zone_t       *zone;

    zone = site->zone;
    was = zone->load_began;

    /* one worker at a time, but not for ever: it may have died */

    if (was && ngx_time() - (time_t) was < NGX_HTTP_SOCIAL_SYNC_LOAD_TIME) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social load \"%V\": keys skipped, another load runs",
                       &site->name);
        return;
    }

    if (!ngx_atomic_cmp_set(&zone->load_began, was, ngx_time())) {
        return;
    }

    load = ngx_http_social_job_alloc(site, sizeof(ngx_http_social_sync_load_t),
                                     ngx_http_social_sync_load_run,
                                     ngx_http_social_sync_load_done);
    if (load == NULL) {
        zone->load_began = 0;
        return;
    }

    load->job.writer = 1;
    load->keys.max = zone->nslots;

    if (ngx_http_social_job_post(&load->job) != NGX_OK) {
        zone->load_began = 0;
        free(load);
    }
}


/* runs in a thread.  Also finds what this server changed itself, which the zone
 * knows already */

static int
ngx_http_social_sync_changes_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                              rc;
    ngx_http_social_sync_changes_t *changes =
        (ngx_http_social_sync_changes_t *) job;

    if (social_store_wanted(store, &changes->wanted, &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    rc = social_store_changed(store, &changes->change,
                              NGX_HTTP_SOCIAL_SYNC_CHANGES,
                              ngx_http_social_sync_keys_add, &changes->keys,
                              &job->error);

    changes->more = (rc == SOCIAL_AGAIN);
    changes->other = (rc == SOCIAL_DECLINED);

    return rc == SOCIAL_ERROR ? SOCIAL_ERROR : SOCIAL_OK;
}


static void
ngx_http_social_sync_changes_apply(ngx_http_social_sync_changes_t *changes)
{
    ngx_str_t               key;
    social_numbers_t        numbers;
    ngx_http_social_site_t *site;

    site = changes->job.site;

    while (ngx_http_social_sync_keys_next(&changes->keys, &key, &numbers)) {

        /* without a slot there is no revision to move: expire all widgets that
         * are cached */

        if (!ngx_http_social_sync_key_apply(site, &key, &numbers)) {
            (void) ngx_atomic_fetch_add(&site->zone->epoch, 1);
        }
    }
}


static void
ngx_http_social_sync_changes_done(ngx_http_social_job_t *job)
{
    ngx_uint_t                again = 0;
    ngx_http_social_zone_t   *zone;
    ngx_http_social_sync_changes_t *changes =
        (ngx_http_social_sync_changes_t *) job;

    zone = job->site->zone;

    if (job->rc == SOCIAL_OK) {

        /* another master may have signed the authors out */

        if ((ngx_atomic_uint_t) changes->wanted.signout > zone->signout) {
            zone->signout = changes->wanted.signout;
        }

        ngx_http_social_sync_changes_apply(changes);
        ngx_http_social_sync_node_flush(job->site, changes->wanted.flush);

        if (changes->other || changes->keys.incomplete) {
            zone->store_replaced = 1;
        }

        ngx_log_debug3(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social load \"%V\": changes of %ui articles%s",
                       &job->site->name, changes->keys.n,
                       changes->more ? ", and there are more"
                       : zone->store_replaced ? ", load all keys again" : "");

        if (changes->more && !zone->store_replaced && !ngx_exiting) {
            again = 1;
            job->site->polling = 0;
            ngx_http_social_sync_load_changes(job->site);
        }

    } else {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social load \"%V\": changes could not be read",
                       &job->site->name);
    }

    if (!again) {
        job->site->polling = 0;
    }

    free(changes->keys.data);
    free(changes);
}


void
ngx_http_social_sync_load_changes(ngx_http_social_site_t *site)
{
    ngx_http_social_sync_changes_t  *changes;

    if (site->polling) {
        return;                         /* the last one still runs */
    }

    if (ngx_http_social_job_store_away(site)) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social load \"%V\": changes skipped, the store is away",
                       &site->name);
        return;
    }

    changes = ngx_http_social_job_alloc(
        site, sizeof(ngx_http_social_sync_changes_t),
        ngx_http_social_sync_changes_run, ngx_http_social_sync_changes_done);
    if (changes == NULL) {
        return;
    }

    changes->keys.max = NGX_HTTP_SOCIAL_SYNC_KEYS;
    changes->since = (int64_t) site->zone->change;
    changes->change = changes->since;

    site->polling = 1;

    if (ngx_http_social_job_post(&changes->job) != NGX_OK) {
        site->polling = 0;
        free(changes);
    }
}
