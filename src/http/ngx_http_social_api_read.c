
/*
 * What readers ask for: comments as a document, one's own comment, the thread
 * as a page, counts, and the files of the widget.
 */

#include "ngx_http_social_api.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_visitor.h"
#include "ngx_http_social_widget.h"
#include "ngx_http_social_zone.h"
#include "social_asset.h"
#include "social_key.h"
#include "social_thread.h"


#define NGX_HTTP_SOCIAL_COUNTS  100


ngx_int_t
ngx_http_social_asset(ngx_http_social_input_t *in)
{
    char                   name[32];
    size_t                 len;
    ngx_str_t              body;
    ngx_http_request_t    *r;
    const social_asset_t  *asset;

    r = in->request;
    len = r->uri.len - in->site->prefix.len;

    (void) ngx_cpystrn((u_char *) name, r->uri.data + in->site->prefix.len,
                       ngx_min(len + 1, sizeof(name)));

    asset = social_asset_find(SOCIAL_ASSET_CSS, name);
    asset = asset ? asset : social_asset_find(SOCIAL_ASSET_JS, name);

    if (asset == NULL) {
        return NGX_HTTP_NOT_FOUND;
    }

    body.data = (u_char *) asset->data;
    body.len = asset->end - asset->data;

    return ngx_http_social_reply(r, NGX_HTTP_OK,
                                 asset->kind == SOCIAL_ASSET_CSS
                                 ? "text/css; charset=utf-8"
                                 : "text/javascript; charset=utf-8",
                                 NGX_HTTP_SOCIAL_IMMUTABLE, &body);
}


/*
 * The `article` argument: a key that this site may have a thread for.  It
 * becomes the request's; NGX_DECLINED: answered.
 */

static ngx_int_t
ngx_http_social_read_key(ngx_http_social_input_t *in)
{
    social_str_t              key;
    ngx_http_social_goal_t   *goal;

    if (ngx_http_social_input_args(in, NULL) != NGX_OK || in->answered) {
        return NGX_DECLINED;
    }

    key.len = in->article.len;
    key.data = in->article.data;

    if (key.len == 0) {
        (void) ngx_http_social_error(in, NGX_HTTP_BAD_REQUEST, "malformed",
                                     "The article is missing.", "article");
        return NGX_DECLINED;
    }

    if (social_key_check(key) != SOCIAL_OK
        || !ngx_http_social_key_article(in->site, &in->article, &goal)
        || (ngx_http_social_slot_find(in->site, &in->article) == NULL
            && in->site->zone->warm && !in->site->zone->incomplete))
    {
        (void) ngx_http_social_error(in, NGX_HTTP_NOT_FOUND, "article",
                                     "There is no such article.", "article");
        return NGX_DECLINED;
    }

    in->rec->key = in->article;
    in->rec->key_known = 1;
    in->rec->key_ok = 1;

    return NGX_OK;
}


/* a whole number among the arguments, kept within 1 and max */

static uint32_t
ngx_http_social_read_number(ngx_http_social_input_t *in, const char *name,
    uint32_t value, uint32_t max)
{
    int64_t              n;
    const social_str_t  *text;

    text = social_form_get(in->form, name);

    if (text) {
        n = ngx_http_social_id(text->data, text->len);
        value = (n > max) ? max : (n < 1) ? value : (uint32_t) n;
    }

    return value;
}


static social_str_t
ngx_http_social_read_str(const char *text)
{
    social_str_t  s;

    s.data = (const unsigned char *) text;
    s.len = strlen(text);

    return s;
}


/* comments as a document */

static int
ngx_http_social_comments_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    social_comments_t        list;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    memset(&list, 0, sizeof(social_comments_t));

    if (social_store_after(store, ngx_http_social_read_str(read->article->key),
                           read->id, read->limit, &list, &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    read->doc = social_thread_api(&list, read->article->key);
    social_comments_free(&list);

    return SOCIAL_OK;
}


static ngx_int_t
ngx_http_social_doc_answer(ngx_http_social_read_t *read)
{
    cJSON  *doc;

    doc = read->doc;
    read->doc = NULL;

    return ngx_http_social_reply_json(read->request, NGX_HTTP_OK,
                                      NGX_HTTP_SOCIAL_NO_CACHE, doc);
}


ngx_int_t
ngx_http_social_comments_get(ngx_http_social_input_t *in)
{
    const social_str_t      *after;
    ngx_http_social_read_t  *read;

    in->json = 1;

    if (ngx_http_social_read_key(in) != NGX_OK) {
        return NGX_OK;
    }

    after = social_form_get(in->form, "after");

    read = ngx_http_social_read_alloc(in, ngx_http_social_comments_run,
                                      ngx_http_social_doc_answer);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->limit = ngx_http_social_read_number(in, "limit",
                                              SOCIAL_PAGE_COMMENTS,
                                              SOCIAL_PAGE_COMMENTS);
    read->id = after ? ngx_http_social_id(after->data, after->len) : 0;
    read->article = ngx_http_social_article(in->site, &in->rec->key);

    if (read->article == NULL) {
        free(read);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_read_post(read);
}


/* the thread as a page */

static int
ngx_http_social_thread_run(ngx_http_social_job_t *job, social_store_t *store)
{
    int                      rc;
    social_comments_t        list;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    memset(&list, 0, sizeof(social_comments_t));

    if (social_store_thread(store,
                            ngx_http_social_read_str(read->article->key),
                            read->page, SOCIAL_PAGE_COMMENTS, &list,
                            &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    rc = social_page_thread(job->site->page, read->article, &list,
                            read->page, &read->out);

    social_comments_free(&list);

    return rc == SOCIAL_OK ? SOCIAL_OK : SOCIAL_DECLINED;
}


static ngx_int_t
ngx_http_social_page_answer(ngx_http_social_read_t *read)
{
    if (read->job.rc != SOCIAL_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_reply_out(read->request, NGX_HTTP_OK,
                                     NGX_HTTP_SOCIAL_HTML,
                                     NGX_HTTP_SOCIAL_NO_CACHE, &read->out);
}


ngx_int_t
ngx_http_social_thread_get(ngx_http_social_input_t *in)
{
    ngx_http_social_read_t  *read;

    if (ngx_http_social_read_key(in) != NGX_OK) {
        return NGX_OK;
    }

    read = ngx_http_social_read_alloc(in, ngx_http_social_thread_run,
                                      ngx_http_social_page_answer);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->page = ngx_http_social_read_number(in, "page", 1, 1000000);
    read->article = ngx_http_social_article(in->site, &in->rec->key);

    if (read->article == NULL) {
        free(read);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_read_post(read);
}


/* one comment: the writer's page, or the way to the article */

static int
ngx_http_social_comment_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                      rc, own;
    social_comment_t        *comment;
    social_comments_t        list;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    memset(&list, 0, sizeof(social_comments_t));
    read->status = NGX_HTTP_NOT_FOUND;

    if (social_store_comment(store, read->id, &list, &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    if (list.n == 0) {
        return SOCIAL_OK;
    }

    comment = &list.items[0];
    own = read->known
          && memcmp(comment->commenter, read->commenter,
                    SOCIAL_COMMENTER_LEN) == 0;

    rc = SOCIAL_OK;

    if (own && comment->state != SOCIAL_DELETED) {
        /* the article's token and title come from the event loop, later:
         * keep the comment's page for then */
        read->status = NGX_HTTP_OK;
        (void) snprintf(read->key, sizeof(read->key), "%s", comment->key);
        read->own = malloc(sizeof(social_comments_t));

        if (read->own == NULL) {
            social_comments_free(&list);
            return SOCIAL_DECLINED;
        }

        *read->own = list;
        return SOCIAL_OK;
    }

    if (comment->state == SOCIAL_APPROVED) {
        read->status = NGX_HTTP_SEE_OTHER;
        (void) snprintf(read->key, sizeof(read->key), "%s", comment->key);
    }

    social_comments_free(&list);

    return rc;
}


static ngx_int_t
ngx_http_social_own_answer(ngx_http_social_read_t *read, ngx_str_t *key)
{
    int                     rc;
    cJSON                  *doc, *item;
    social_comment_t       *comment;
    social_page_article_t  *article;

    static const char *const  states[] = {
        "", "approved", "held", "spam", "deleted"
    };

    comment = &read->own->items[0];

    if (read->in->json) {
        doc = cJSON_CreateObject();
        item = social_thread_api_comment(comment);
        cJSON_AddStringToObject(item, "state", states[comment->state]);
        cJSON_AddItemToObject(doc, "comment", item);

        return ngx_http_social_reply_json(read->request, NGX_HTTP_OK,
                                          NGX_HTTP_SOCIAL_NO_STORE, doc);
    }

    article = ngx_http_social_article(read->in->site, key);
    if (article == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = social_page_own(read->in->site->page, article, comment,
                         read->now - comment->created < 900, &read->out);
    free(article);

    if (rc != SOCIAL_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_reply_out(read->request, NGX_HTTP_OK,
                                     NGX_HTTP_SOCIAL_HTML,
                                     NGX_HTTP_SOCIAL_NO_STORE, &read->out);
}


static ngx_int_t
ngx_http_social_comment_get_answer(ngx_http_social_read_t *read)
{
    ngx_str_t  key, location;

    key.data = (u_char *) read->key;
    key.len = ngx_strlen(read->key);

    if (read->own) {
        return ngx_http_social_own_answer(read, &key);
    }

    if (read->job.rc != SOCIAL_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (read->status == NGX_HTTP_SEE_OTHER) {
        location = ngx_http_social_article_path(read->request, &key,
                                                read->id);

        return location.data
               ? ngx_http_social_reply_see_other(read->request, &location)
               : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_error(read->in, NGX_HTTP_NOT_FOUND, "comment",
                                 "There is no such comment.", NULL);
}


ngx_int_t
ngx_http_social_comment_get(ngx_http_social_input_t *in)
{
    ngx_http_social_read_t  *read;

    read = ngx_http_social_read_alloc(in, ngx_http_social_comment_run,
                                      ngx_http_social_comment_get_answer);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->id = in->id;
    read->known = ngx_http_social_commenter(in->request, in->site,
                                            read->commenter)
                  == NGX_OK;

    return ngx_http_social_read_post(read);
}


/* all of one's own */

static int
ngx_http_social_mine_run(ngx_http_social_job_t *job, social_store_t *store)
{
    size_t                   i;
    cJSON                   *array, *item;
    social_comments_t        list;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    static const char *const  states[] = {
        "", "approved", "held", "spam", "deleted"
    };

    memset(&list, 0, sizeof(social_comments_t));

    if (read->known
        && social_store_mine(store, read->commenter, 1000, &list,
                             &job->error)
           != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    read->doc = cJSON_CreateObject();
    array = cJSON_AddArrayToObject(read->doc, "comments");

    for (i = 0; i < list.n; i++) {
        item = social_thread_api_comment(&list.items[i]);
        cJSON_AddStringToObject(item, "article", list.items[i].key);
        cJSON_AddStringToObject(item, "text", list.items[i].text);
        cJSON_AddStringToObject(item, "state", states[list.items[i].state]);
        cJSON_AddItemToArray(array, item);
    }

    social_comments_free(&list);

    return SOCIAL_OK;
}


static ngx_int_t
ngx_http_social_mine_answer(ngx_http_social_read_t *read)
{
    cJSON  *doc;

    doc = read->doc;
    read->doc = NULL;

    return ngx_http_social_reply_json(read->request, NGX_HTTP_OK,
                                      NGX_HTTP_SOCIAL_NO_STORE, doc);
}


ngx_int_t
ngx_http_social_mine_get(ngx_http_social_input_t *in)
{
    ngx_http_social_read_t  *read;

    in->json = 1;

    read = ngx_http_social_read_alloc(in, ngx_http_social_mine_run,
                                      ngx_http_social_mine_answer);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->known = ngx_http_social_commenter(in->request, in->site,
                                            read->commenter)
                  == NGX_OK;

    return ngx_http_social_read_post(read);
}


/* counts of any articles: from shared memory */

ngx_int_t
ngx_http_social_counts_get(ngx_http_social_input_t *in)
{
    char                      text[SOCIAL_KEY_MAX + 1];
    cJSON                    *doc, *counts, *item;
    int64_t                   liked;
    ngx_str_t                 key;
    ngx_uint_t                i;
    const social_str_t       *value;
    ngx_http_social_slot_t   *slot;
    static const char *const  repeat[] = { "article", NULL };

    in->json = 1;

    if (ngx_http_social_input_args(in, repeat) != NGX_OK || in->answered) {
        return NGX_OK;
    }

    doc = cJSON_CreateObject();
    counts = cJSON_AddObjectToObject(doc, "counts");

    for (i = 0; i < NGX_HTTP_SOCIAL_COUNTS; i++) {
        value = social_form_get_nth(in->form, "article", i);
        if (value == NULL) {
            break;
        }

        key.data = (u_char *) value->data;
        key.len = value->len;

        slot = (key.len && key.len <= SOCIAL_KEY_MAX)
               ? ngx_http_social_slot_find(in->site, &key) : NULL;

        if (slot == NULL) {
            continue;
        }

        (void) ngx_cpystrn((u_char *) text, key.data, key.len + 1);

        item = cJSON_CreateObject();
        cJSON_AddNumberToObject(item, "comments", (double) slot->comments);

        if (in->site->reactions) {
            liked = (int64_t) slot->plain[SOCIAL_COUNT_LIKED]
                    - (int64_t) slot->plain[SOCIAL_COUNT_UNLIKED];
            cJSON_AddNumberToObject(item, "reactions", (double) liked);

        } else {
            cJSON_AddNullToObject(item, "reactions");
        }

        cJSON_AddItemToObject(counts, text, item);
    }

    return ngx_http_social_reply_json(in->request, NGX_HTTP_OK,
                                      NGX_HTTP_SOCIAL_NO_CACHE, doc);
}
