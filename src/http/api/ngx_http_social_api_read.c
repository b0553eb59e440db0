
/*
 * What anybody may read: comments as a document, the thread as a page, counts,
 * and the files of the widget.  Event loop only, but for the `run` functions.
 */

#include "ngx_http_social_api.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_widget.h"
#include "ngx_http_social_zone.h"
#include "social_key.h"
#include "social_thread.h"


#define NGX_HTTP_SOCIAL_API_COUNTS  100


/* immutable only under the URL of this very version: during an upgrade a page
 * may ask an old worker for a new file, and its answer must not be cached
 * under the new version's name */

static ngx_http_social_cache_e
ngx_http_social_api_asset_cache(ngx_http_social_input_t *in)
{
    size_t                 n, base;
    ngx_str_t             *uri;
    ngx_uint_t             i;
    social_render_site_t  *page;

    page = in->site->page;
    uri = &in->request->unparsed_uri;
    base = in->site->base.len;

    const char *const  addresses[] = {
        page->css, page->js, page->page_css, page->page_js, page->status_css,
        page->status_js
    };

    for (i = 0; i < social_nelts(addresses); i++) {
        n = ngx_strlen(addresses[i]) - base;

        if (uri->len == n
            && ngx_memcmp(uri->data, addresses[i] + base, n) == 0)
        {
            return NGX_HTTP_SOCIAL_IMMUTABLE;
        }
    }

    return NGX_HTTP_SOCIAL_NO_CACHE;
}


ngx_int_t
ngx_http_social_api_asset(ngx_http_social_input_t *in)
{
    ngx_str_t                     name;
    ngx_uint_t                    i;
    ngx_http_request_t           *r;
    ngx_http_social_asset_t      *asset;
    ngx_http_social_main_conf_t  *mcf;

    r = in->request;
    name.data = r->uri.data + in->site->prefix.len;
    name.len = r->uri.len - in->site->prefix.len;

    mcf = ngx_http_get_module_main_conf(r, ngx_social_module);
    asset = mcf->assets.elts;

    for (i = 0; i < mcf->assets.nelts; i++) {

        if (ngx_strlen(asset[i].name) == name.len
            && ngx_memcmp(asset[i].name, name.data, name.len) == 0)
        {
            return ngx_http_social_request_reply(
                r, NGX_HTTP_OK, asset[i].type,
                ngx_http_social_api_asset_cache(in), &asset[i].body);
        }
    }

    return NGX_HTTP_NOT_FOUND;
}


static ngx_int_t
ngx_http_social_api_read_check(ngx_http_social_input_t *in)
{
    social_str_t             key;
    ngx_http_social_goal_t  *goal;
    ngx_http_social_slot_t  *slot;

    key.len = in->article.len;
    key.data = in->article.data;

    if (key.len == 0) {
        (void) ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "malformed",
            "e_article_missing", "article");
        return NGX_DECLINED;
    }

    slot = (social_key_check(key) == SOCIAL_OK)
           ? ngx_http_social_zone_slot_find(in->site, &in->article) : NULL;

    /* a thread that moved is known, though no pattern has its old key */

    if (social_key_check(key) != SOCIAL_OK
        || (!ngx_http_social_view_key_article(in->site, &in->article, &goal)
            && (slot == NULL || !(slot->flags & NGX_HTTP_SOCIAL_SLOT_THREAD)))
        || (slot == NULL && in->site->zone->keys_loaded
            && !in->site->zone->keys_incomplete))
    {
        (void) ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "article",
                                             "e_article",
                                             "article");
        return NGX_DECLINED;
    }

    in->rec->key = in->article;
    in->rec->found.key_known = 1;
    in->rec->found.key_ok = 1;

    return NGX_OK;
}


/* the same as read_key_or_none(), but there must be one */

static ngx_int_t
ngx_http_social_api_read_key(ngx_http_social_input_t *in)
{
    return (ngx_http_social_request_input_args(in, NULL) != NGX_OK
            || in->answered)
           ? NGX_DECLINED : ngx_http_social_api_read_check(in);
}


ngx_int_t
ngx_http_social_api_read_key_or_none(ngx_http_social_input_t *in)
{
    if (ngx_http_social_request_input_args(in, NULL) != NGX_OK || in->answered)
    {
        return NGX_DECLINED;
    }

    return social_form_get(in->form, "article")
           ? ngx_http_social_api_read_check(in) : NGX_OK;
}


/* the argument `name`, at most max; value: if it is missing or not a number */

static uint32_t
ngx_http_social_api_read_number(ngx_http_social_input_t *in, const char *name,
    uint32_t value, uint32_t max)
{
    int64_t              n;
    const social_str_t  *text;

    text = social_form_get(in->form, name);

    if (text) {
        n = social_id_number(text->data, text->len);
        value = (n > max) ? max : (n < 1) ? value : (uint32_t) n;
    }

    return value;
}


static social_str_t
ngx_http_social_api_read_str(const char *text)
{
    social_str_t  s;

    s.data = (const unsigned char *) text;
    s.len = strlen(text);

    return s;
}


static int
ngx_http_social_api_comments_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    if (social_store_after(store,
                           ngx_http_social_api_read_str(read->article->key),
                           read->id, read->limit, &read->list, &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    (void) social_thread_api(&read->list, read->list.moved_key
                                          ? read->list.moved_key
                                          : read->article->key, &read->out);

    return SOCIAL_OK;
}


typedef struct {
    ngx_http_social_read_t            read;     /* must be first */
    ngx_http_social_widget_version_t  version;
} ngx_http_social_api_thread_t;


/* what was read is kept for others, and sent */

static ngx_int_t
ngx_http_social_api_keep(ngx_http_social_api_thread_t *thread, uint32_t page,
    const char *type)
{
    social_out_t                   *out;
    ngx_http_social_read_t         *read;
    ngx_http_social_widget_kept_t   kept;

    read = &thread->read;
    out = &read->out;

    if (out->failed) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    kept.tag = ngx_http_social_request_reply_tag(out->data, out->len);

    if (ngx_http_social_widget_thread_keep(read->request, read->job.site,
                                           &read->in->rec->key, page,
                                           &thread->version, out, &kept)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_reply_kept(read->request, type, &kept.body,
                                              kept.tag);
}


static ngx_http_social_api_thread_t *
ngx_http_social_api_thread_alloc(ngx_http_social_input_t *in,
    ngx_http_social_job_run_pt run,
    ngx_int_t (*answer)(ngx_http_social_read_t *read),
    ngx_http_social_widget_version_t *version)
{
    ngx_http_social_api_thread_t  *thread;

    thread = ngx_http_social_job_alloc(in->site,
                                       sizeof(ngx_http_social_api_thread_t),
                                       run, NULL);
    if (thread == NULL) {
        return NULL;
    }

    ngx_http_social_request_read_init(&thread->read, in, answer);

    thread->version = *version;
    thread->read.article = ngx_http_social_widget_article(in->site,
                                                          &in->rec->key);
    if (thread->read.article == NULL) {
        ngx_http_social_request_read_discard(&thread->read);
        return NULL;
    }

    return thread;
}


/* the beginning of a thread is kept: that is what scripts ask for.  A thread
 * that moved is not: what it is now belongs to another article */

static ngx_int_t
ngx_http_social_api_comments_answer(ngx_http_social_read_t *read)
{
    if (read->page == NGX_HTTP_SOCIAL_WIDGET_DOCUMENT
        && read->list.moved_key == NULL)
    {
        return ngx_http_social_api_keep((ngx_http_social_api_thread_t *) read,
                                        read->page, NGX_HTTP_SOCIAL_JSON);
    }

    return ngx_http_social_request_reply_out(read->request, NGX_HTTP_OK,
                                             NGX_HTTP_SOCIAL_JSON,
                                             NGX_HTTP_SOCIAL_NO_CACHE,
                                             &read->out);
}


ngx_int_t
ngx_http_social_api_comments_get(ngx_http_social_input_t *in)
{
    int64_t                            id;
    uint32_t                           limit;
    ngx_uint_t                         whole;
    const social_str_t                *after;
    ngx_http_social_api_thread_t      *thread;
    ngx_http_social_widget_kept_t      kept;
    ngx_http_social_widget_version_t   version;

    in->json = 1;

    if (ngx_http_social_api_read_key(in) != NGX_OK) {
        return in->result;
    }

    after = social_form_get(in->form, "after");
    id = after ? social_id_parse(after->data, after->len) : 0;
    limit = ngx_http_social_api_read_number(in, "limit",
                                            SOCIAL_RENDER_COMMENTS,
                                            SOCIAL_RENDER_COMMENTS);
    whole = (id == 0 && limit == SOCIAL_RENDER_COMMENTS);

    ngx_memzero(&version, sizeof(ngx_http_social_widget_version_t));

    if (whole
        && ngx_http_social_widget_thread_find(in->request, in->site,
                                              &in->rec->key,
                                              NGX_HTTP_SOCIAL_WIDGET_DOCUMENT,
                                              &version, &kept)
           == NGX_OK)
    {
        return ngx_http_social_request_reply_kept(in->request,
                                                  NGX_HTTP_SOCIAL_JSON,
                                                  &kept.body, kept.tag);
    }

    thread = ngx_http_social_api_thread_alloc(
        in, ngx_http_social_api_comments_run,
        ngx_http_social_api_comments_answer, &version);
    if (thread == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    thread->read.limit = limit;
    thread->read.id = id;
    thread->read.page = whole ? NGX_HTTP_SOCIAL_WIDGET_DOCUMENT : 0;

    return ngx_http_social_request_read_post(&thread->read);
}


static int
ngx_http_social_api_thread_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                      rc;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    if (social_store_thread(store,
                            ngx_http_social_api_read_str(read->article->key),
                            read->page, SOCIAL_RENDER_COMMENTS,
                            job->site->page->order, &read->list, &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    if (read->list.moved_key) {
        return SOCIAL_OK;
    }

    rc = social_render_thread(job->site->page, read->article, &read->list,
                              read->page, &read->out);

    read->cut = (rc == SOCIAL_DECLINED);

    return rc == SOCIAL_ERROR ? SOCIAL_DECLINED : SOCIAL_OK;
}


/* 303 to the thread of the article that it moved to */

static ngx_int_t
ngx_http_social_api_thread_moved(ngx_http_social_read_t *read)
{
    social_out_t  out;

    social_out_init(&out, 8192);
    social_out_text(&out, read->job.site->page->prefix);
    social_out_text(&out, "thread?article=");
    social_out_query(&out, (u_char *) read->list.moved_key,
                     strlen(read->list.moved_key));

    return ngx_http_social_api_redirect(
        read->in, ngx_http_social_request_out_str(read->request, &out));
}


static ngx_int_t
ngx_http_social_api_thread_answer(ngx_http_social_read_t *read)
{
    if (read->list.moved_key && read->job.rc == SOCIAL_OK) {
        return ngx_http_social_api_thread_moved(read);
    }

    if (read->cut || read->job.rc != SOCIAL_OK) {
        ngx_http_social_widget_cut(read->job.site, "a page of the thread",
                                   read->article->key,
                                   read->cut || read->out.full);
    }

    if (read->job.rc != SOCIAL_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_api_keep((ngx_http_social_api_thread_t *) read,
                                    read->page, NGX_HTTP_SOCIAL_HTML);
}


ngx_int_t
ngx_http_social_api_thread_get(ngx_http_social_input_t *in)
{
    uint32_t                           page;
    ngx_http_social_api_thread_t      *thread;
    ngx_http_social_widget_kept_t      kept;
    ngx_http_social_widget_version_t   version;

    if (ngx_http_social_api_read_key(in) != NGX_OK) {
        return in->result;
    }

    page = ngx_http_social_api_read_number(in, "page", 1, 1000000);

    if (ngx_http_social_widget_thread_find(in->request, in->site,
                                           &in->rec->key, page, &version,
                                           &kept)
        == NGX_OK)
    {
        return ngx_http_social_request_reply_kept(in->request,
                                                  NGX_HTTP_SOCIAL_HTML,
                                                  &kept.body, kept.tag);
    }

    thread = ngx_http_social_api_thread_alloc(
        in, ngx_http_social_api_thread_run, ngx_http_social_api_thread_answer,
        &version);
    if (thread == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    thread->read.page = page;

    return ngx_http_social_request_read_post(&thread->read);
}


/* the slot of a key, or of a link as themes write it */

static ngx_http_social_slot_t *
ngx_http_social_api_counts_slot(ngx_http_social_input_t *in,
    const social_str_t *value)
{
    u_char                   buf[SOCIAL_KEY_MAX];
    ngx_str_t                key;
    ngx_http_social_slot_t  *slot;

    key.data = (u_char *) value->data;
    key.len = value->len;

    if (key.len == 0) {
        return NULL;            /* slot 0, of the site */
    }

    slot = (key.len <= SOCIAL_KEY_MAX)
           ? ngx_http_social_zone_slot_find(in->site, &key) : NULL;

    if (slot) {
        return slot;
    }

    if (ngx_http_social_request_link_key(in, *value, buf, &key.len) != NGX_OK)
    {
        return NULL;
    }

    key.data = buf;

    return ngx_http_social_zone_slot_find(in->site, &key);
}


/* from shared memory: articles that are not there are left out; language: in
 * which their numbers are put into words, or NGX_DECLINED.  NGX_ERROR: no
 * memory */

static ngx_int_t
ngx_http_social_api_counts_add(ngx_http_social_input_t *in, cJSON *counts,
    const social_str_t *value, ngx_int_t language)
{
    char                    *text;
    cJSON                   *item;
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_api_counts_slot(in, value);

    if (slot == NULL) {
        return NGX_OK;
    }

    /* the answer is keyed by what was asked */

    text = (char *) ngx_pnalloc(in->request->pool, value->len + 1);

    if (text == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn((u_char *) text, (u_char *) value->data,
                       value->len + 1);

    if (cJSON_GetObjectItemCaseSensitive(counts, text)) {
        return NGX_OK;
    }

    item = cJSON_CreateObject();
    social_doc_number(item, "comments",
                      (double) ngx_http_social_zone_comments(slot));

    if (in->site->reactions) {
        social_doc_number(item, "reactions",
                          (double) ngx_http_social_zone_likes(slot));

    } else {
        social_doc_null(item, "reactions");
    }

    if (language != NGX_DECLINED) {
        social_render_count_text(in->site->page, (unsigned) language,
                                 (int64_t) ngx_http_social_zone_comments(slot),
                                 item);
    }

    social_doc_add(counts, text, item);

    return NGX_OK;
}


ngx_int_t
ngx_http_social_api_counts_get(ngx_http_social_input_t *in)
{
    cJSON               *doc, *counts;
    ngx_int_t            rc, language;
    ngx_uint_t           i;
    const social_str_t  *value, *lang;
    static const char   *const  repeat[] = { "article", NULL };

    in->json = 1;

    rc = ngx_http_social_request_input_args(in, repeat);

    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    lang = social_form_get(in->form, "lang");
    language = lang ? (ngx_int_t) social_language_find(
                          in->site->page->languages, in->site->page->nlanguages,
                          (const char *) lang->data, lang->len)
                    : NGX_DECLINED;
    doc = cJSON_CreateObject();
    counts = social_doc_object(doc, "counts");

    for (i = 0; i < NGX_HTTP_SOCIAL_API_COUNTS; i++) {
        value = social_form_get_nth(in->form, "article", i);

        if (value == NULL) {
            break;
        }

        if (ngx_http_social_api_counts_add(in, counts, value, language)
            != NGX_OK)
        {
            cJSON_Delete(doc);
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    return ngx_http_social_request_reply_json(in->request, NGX_HTTP_OK,
                                              NGX_HTTP_SOCIAL_NO_CACHE, doc);
}
