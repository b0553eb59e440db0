
/*
 * All of one's own comments, as the commenter's cookie says: as a page, as a
 * document, or erased for good.  Event loop only, but for the `run` functions.
 */

#include "ngx_http_social_api.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_widget.h"
#include "ngx_http_social_zone.h"
#include "social_thread.h"


#define NGX_HTTP_SOCIAL_API_MINE    100     /* comments in the list */
#define NGX_HTTP_SOCIAL_API_ERASED  256     /* articles to refresh one by one */


typedef struct {
    ngx_http_social_read_t   read;      /* must be first */
    ngx_uint_t               language;
    unsigned                 page:1;    /* as HTML */
    unsigned                 all:1;     /* as a file */
} ngx_http_social_api_mine_t;


/* an article that lost comments, and how many it has left */

typedef struct {
    char                     key[SOCIAL_KEY_MAX + 1];
    int64_t                  comments, change;
} ngx_http_social_api_erased_article_t;


typedef struct {
    ngx_http_social_read_t   read;      /* must be first */
    int64_t                  since;
    ngx_uint_t               n;         /* greater than fits: all */
    ngx_http_social_api_erased_article_t articles[NGX_HTTP_SOCIAL_API_ERASED];
} ngx_http_social_api_erased_t;


/* prints a list behind n comments; *next: the id to continue after, 0: that was
 * all.  DECLINED: the document is full */

static int
ngx_http_social_api_mine_print(social_comments_t *list, social_out_t *out,
    size_t *n, int64_t *next)
{
    size_t             i;
    cJSON             *item;
    social_comment_t  *comment;

    for (i = 0; i < list->n && !out->failed; i++) {
        comment = &list->items[i];
        item = social_thread_api_comment(comment);

        social_doc_text(item, "article", comment->key);
        social_doc_text(item, "text", comment->text);
        social_doc_text(item, "state",
                        ngx_http_social_api_state_name(comment->state));

        if (social_doc_list_item(out, *n, item) != SOCIAL_OK) {
            return SOCIAL_DECLINED;
        }

        *next = comment->id;
        (*n)++;
    }

    *next = list->next;

    return SOCIAL_OK;
}


/* a list as the store has it, oldest first; for a file, all that fits */

static int
ngx_http_social_api_mine_json(ngx_http_social_api_mine_t *mine,
    social_store_t *store)
{
    int                      rc;
    char                     text[SOCIAL_ID_MAX];
    size_t                   n;
    int64_t                  next;
    ngx_http_social_read_t  *read = &mine->read;

    n = 0;
    next = read->id;
    social_doc_list_begin(&read->out, cJSON_CreateObject(), "comments");

    do {
        social_comments_free(&read->list);

        if (read->known
            && social_store_mine(store, read->commenter, next,
                                 NGX_HTTP_SOCIAL_API_MINE, SOCIAL_OLDEST,
                                 &read->list, &read->job.error)
               != SOCIAL_OK)
        {
            return SOCIAL_ERROR;
        }

        rc = ngx_http_social_api_mine_print(&read->list, &read->out, &n, &next);

    } while (mine->all && next && rc == SOCIAL_OK && !read->out.failed);

    if (next) {
        (void) social_id_text(next, text);
    }

    social_doc_list_end(&read->out, next ? text : NULL);

    return SOCIAL_OK;
}


static int
ngx_http_social_api_mine_run(ngx_http_social_job_t *job, social_store_t *store)
{
    ngx_http_social_read_t      *read = (ngx_http_social_read_t *) job;
    ngx_http_social_api_mine_t  *mine = (ngx_http_social_api_mine_t *) job;

    if (!mine->page) {
        return ngx_http_social_api_mine_json(mine, store);
    }

    if (read->known
        && social_store_mine(store, read->commenter, read->id,
                             NGX_HTTP_SOCIAL_API_MINE, SOCIAL_NEWEST,
                             &read->list, &job->error)
           != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    if (social_render_mine(job->site->page, mine->language, &read->list,
                           read->now - NGX_HTTP_SOCIAL_API_EDIT_WINDOW,
                           &read->out)
        != SOCIAL_OK)
    {
        /* out of memory for the document: out has nothing yet */
        read->out.failed = 1;
    }

    return SOCIAL_OK;
}


static ngx_int_t
ngx_http_social_api_mine_answer(ngx_http_social_read_t *read)
{
    ngx_http_social_api_mine_t  *mine = (ngx_http_social_api_mine_t *) read;

    static const char  file[] = "attachment; filename=\"comments.json\"";

    if (mine->all
        && ngx_http_social_request_reply_header(read->request,
                                                "Content-Disposition", file,
                                                sizeof(file) - 1)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_reply_out(read->request, NGX_HTTP_OK,
                                             mine->page ? NGX_HTTP_SOCIAL_HTML
                                                        : NGX_HTTP_SOCIAL_JSON,
                                             NGX_HTTP_SOCIAL_NO_STORE,
                                             &read->out);
}


/* the site's, else that of the page that linked here: there is no article that
 * tells */

static ngx_uint_t
ngx_http_social_api_mine_language(ngx_http_social_input_t *in)
{
    const social_str_t  *lang;

    lang = social_form_get(in->form, "lang");

    if (in->site->language.len || lang == NULL) {
        return ngx_http_social_request_language(in->site);
    }

    return social_language_find(in->site->page->languages,
                                in->site->page->nlanguages,
                                (const char *) lang->data, lang->len);
}


ngx_int_t
ngx_http_social_api_mine_get(ngx_http_social_input_t *in)
{
    ngx_int_t                    rc;
    ngx_uint_t                   all;
    const social_str_t          *after;
    ngx_http_social_read_t      *read;
    ngx_http_social_api_mine_t  *mine;

    rc = ngx_http_social_request_input_args(in, NULL);

    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    after = social_form_get(in->form, "after");
    all = ngx_http_social_request_is(social_form_get(in->form, "format"),
                                     "json");
    in->json |= all;

    mine = ngx_http_social_job_alloc(in->site,
                                     sizeof(ngx_http_social_api_mine_t),
                                     ngx_http_social_api_mine_run, NULL);
    if (mine == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read = &mine->read;
    ngx_http_social_request_read_init(read, in,
                                      ngx_http_social_api_mine_answer);
    mine->all = all;
    mine->page = !in->json;
    mine->language = ngx_http_social_api_mine_language(in);

    rc = ngx_http_social_view_commenter(in->request, in->site, read->commenter);

    if (rc == NGX_ERROR || rc == NGX_AGAIN) {
        ngx_http_social_request_read_discard(read);
        return rc == NGX_AGAIN ? ngx_http_social_request_unavailable(in)
                               : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->known = (rc == NGX_OK);
    read->id = after ? social_id_parse(after->data, after->len) : 0;

    return ngx_http_social_request_read_post(read);
}


static void
ngx_http_social_api_erased_add(void *data, social_str_t key,
    const social_numbers_t *numbers)
{
    ngx_http_social_api_erased_article_t  *article;
    ngx_http_social_api_erased_t          *erased = data;

    if (erased->n < NGX_HTTP_SOCIAL_API_ERASED && key.len <= SOCIAL_KEY_MAX) {
        article = &erased->articles[erased->n];
        memcpy(article->key, key.data, key.len);
        article->key[key.len] = '\0';
        article->comments = numbers->comments;
        article->change = numbers->change;
    }

    erased->n++;
}


/* if this fails the erasure has still succeeded: then n says that all articles
 * are to be refreshed */

static int
ngx_http_social_api_erased_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    ngx_http_social_api_erased_t  *erased =
                                          (ngx_http_social_api_erased_t *) job;

    if (social_store_changed(store, &erased->since,
                             NGX_HTTP_SOCIAL_API_ERASED,
                             ngx_http_social_api_erased_add, erased,
                             &job->error)
        != SOCIAL_OK)
    {
        erased->n = NGX_HTTP_SOCIAL_API_ERASED + 1;
    }

    return SOCIAL_OK;
}


static ngx_int_t
ngx_http_social_api_erased_answer(ngx_http_social_read_t *read)
{
    ngx_str_t                  key;
    ngx_uint_t                 i;
    ngx_http_social_slot_t    *slot;
    ngx_http_social_api_erased_article_t  *article;
    ngx_http_social_api_erased_t          *erased =
                                         (ngx_http_social_api_erased_t *) read;

    if (erased->n > NGX_HTTP_SOCIAL_API_ERASED) {
        (void) ngx_atomic_fetch_add(&read->in->site->zone->epoch, 1);
        erased->n = 0;
    }

    for (i = 0; i < erased->n; i++) {
        article = &erased->articles[i];
        key.data = (u_char *) article->key;
        key.len = ngx_strlen(article->key);
        slot = ngx_http_social_zone_slot_find(read->in->site, &key);

        if (slot) {
            ngx_http_social_widget_changed(read->in->site, &key,
                                           article->comments, article->change,
                                           1);
        }
    }

    ngx_str_null(&key);

    return ngx_http_social_api_notice(read->in, "erased", &key);
}


static ngx_int_t
ngx_http_social_api_erase_written(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_int_t                      rc;
    ngx_str_t                      none;
    ngx_http_social_api_erased_t  *erased;

    ngx_str_set(&none, "");

    if (!posts[0]->write.visible) {
        return ngx_http_social_api_notice(in, "erased", &none);
    }

    erased = ngx_http_social_job_alloc(in->site,
                                       sizeof(ngx_http_social_api_erased_t),
                                       ngx_http_social_api_erased_run, NULL);

    if (erased && !ngx_http_social_job_store_away(in->site)) {
        ngx_http_social_request_read_init(&erased->read, in,
                                          ngx_http_social_api_erased_answer);
        erased->since = posts[0]->write.since;
        rc = ngx_http_social_request_read_post(&erased->read);

        if (rc == NGX_DONE) {
            return rc;
        }

    } else {
        free(erased);
        rc = ngx_http_social_api_notice(in, "erased", &none);
    }

    (void) ngx_atomic_fetch_add(&in->site->zone->epoch, 1);

    return rc;
}


ngx_int_t
ngx_http_social_api_mine_erase(ngx_http_social_input_t *in)
{
    ngx_int_t                     rc;
    ngx_http_social_job_write_t  *post;

    post = ngx_http_social_job_write_alloc(in->site, 0);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_social_view_commenter(in->request, in->site,
                                        post->write.commenter);

    if (rc == NGX_ERROR) {
        free(post);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc == NGX_AGAIN) {
        free(post);
        return ngx_http_social_request_unavailable(in);
    }

    if (rc != NGX_OK) {
        free(post);
        return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "comment",
            "e_mine",
            NULL);
    }

    post->write.type = SOCIAL_WRITE_ERASE;

    return ngx_http_social_request_write(in, post,
                                         ngx_http_social_api_erase_written);
}
