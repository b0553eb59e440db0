
/*
 * All comments of one's own, by the commenter's cookie: as a document, and
 * erased for good.
 */

#include "ngx_http_social_api.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_widget.h"
#include "ngx_http_social_zone.h"
#include "social_thread.h"


#define NGX_HTTP_SOCIAL_MINE    1000    /* comments in the list */
#define NGX_HTTP_SOCIAL_ERASED  256     /* articles that are told one by one */


/* what an erasure changed: articles with the comments that they have left */

typedef struct {
    char                     key[SOCIAL_KEY_MAX + 1];
    int64_t                  comments;
} ngx_http_social_left_t;


typedef struct {
    ngx_http_social_read_t   read;      /* stands first */
    int64_t                  since;
    ngx_uint_t               n;         /* more than fit: too many */
    ngx_http_social_left_t   left[NGX_HTTP_SOCIAL_ERASED];
} ngx_http_social_erased_t;


static int
ngx_http_social_mine_run(ngx_http_social_job_t *job, social_store_t *store)
{
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    return read->known
           ? social_store_mine(store, read->commenter, NGX_HTTP_SOCIAL_MINE,
                               &read->list, &job->error)
           : SOCIAL_OK;
}


static ngx_int_t
ngx_http_social_mine_answer(ngx_http_social_read_t *read)
{
    size_t             i;
    cJSON             *doc, *array, *item;
    social_comment_t  *comment;

    doc = cJSON_CreateObject();
    array = social_doc_array(doc, "comments");

    for (i = 0; i < read->list.n; i++) {
        comment = &read->list.items[i];
        item = social_thread_api_comment(comment);

        social_doc_text(item, "article", comment->key);
        social_doc_text(item, "text", comment->text);
        social_doc_text(item, "state",
                        ngx_http_social_api_state_name(comment->state));
        social_doc_append(array, item);
    }

    return ngx_http_social_request_reply_json(read->request, NGX_HTTP_OK,
                                              NGX_HTTP_SOCIAL_NO_STORE, doc);
}


ngx_int_t
ngx_http_social_api_mine_get(ngx_http_social_input_t *in)
{
    ngx_int_t                rc;
    ngx_http_social_read_t  *read;

    in->json = 1;

    read = ngx_http_social_request_read_alloc(in, ngx_http_social_mine_run,
                                              ngx_http_social_mine_answer);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_social_view_commenter(in->request, in->site, read->commenter);

    if (rc == NGX_ERROR) {
        free(read);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->known = (rc == NGX_OK);

    return ngx_http_social_request_read_post(read);
}


static void
ngx_http_social_erased_key(void *data, social_str_t key, int64_t comments)
{
    ngx_http_social_left_t    *left;
    ngx_http_social_erased_t  *erased = data;

    if (erased->n < NGX_HTTP_SOCIAL_ERASED && key.len <= SOCIAL_KEY_MAX) {
        left = &erased->left[erased->n];
        memcpy(left->key, key.data, key.len);
        left->key[key.len] = '\0';
        left->comments = comments;
    }

    erased->n++;
}


/* what fails here is told to every article: see _erased_answer() */

static int
ngx_http_social_erased_run(ngx_http_social_job_t *job, social_store_t *store)
{
    ngx_http_social_erased_t  *erased = (ngx_http_social_erased_t *) job;

    if (social_store_changed(store, erased->since,
                             ngx_http_social_erased_key, erased, &job->error)
        != SOCIAL_OK)
    {
        erased->n = NGX_HTTP_SOCIAL_ERASED + 1;
    }

    return SOCIAL_OK;
}


static ngx_int_t
ngx_http_social_erased_answer(ngx_http_social_read_t *read)
{
    ngx_str_t                  key;
    ngx_uint_t                 i;
    ngx_http_social_slot_t    *slot;
    ngx_http_social_left_t    *left;
    ngx_http_social_erased_t  *erased = (ngx_http_social_erased_t *) read;

    if (erased->n > NGX_HTTP_SOCIAL_ERASED) {
        (void) ngx_atomic_fetch_add(&read->in->site->zone->epoch, 1);
        erased->n = 0;
    }

    for (i = 0; i < erased->n; i++) {
        left = &erased->left[i];
        key.data = (u_char *) left->key;
        key.len = ngx_strlen(left->key);
        slot = ngx_http_social_zone_slot_find(read->in->site, &key);

        if (slot) {
            slot->comments = left->comments;
            ngx_http_social_widget_changed(read->in->site, &key, 0);
        }
    }

    ngx_str_null(&key);

    return ngx_http_social_api_notice(read->in, "erased", &key);
}


static ngx_int_t
ngx_http_social_erase_told(ngx_http_social_input_t *in,
    social_write_t *write)
{
    ngx_int_t                  rc;
    ngx_str_t                  none;
    ngx_http_social_erased_t  *erased;

    ngx_str_set(&none, "");

    if (!write->visible) {
        return ngx_http_social_api_notice(in, "erased", &none);
    }

    erased = ngx_http_social_job_alloc(in->site,
                                       sizeof(ngx_http_social_erased_t),
                                       ngx_http_social_erased_run, NULL);

    if (erased && !ngx_http_social_job_store_away(in->site)) {
        ngx_http_social_request_read_init(&erased->read, in,
                                          ngx_http_social_erased_answer);
        erased->since = write->now;
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


static void
ngx_http_social_erase_done(ngx_http_request_t *r,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_int_t                 rc;
    social_write_t           *write;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_request_input_of(r);
    write = &posts[0]->write;

    rc = (write->status == SOCIAL_WROTE
          || write->status == SOCIAL_WROTE_NOTHING)
         ? ngx_http_social_erase_told(in, write)
         : ngx_http_social_request_write_error(in, write);

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


ngx_int_t
ngx_http_social_api_mine_erase(ngx_http_social_input_t *in)
{
    ngx_int_t                rc;
    ngx_http_social_post_t  *post;

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

    if (rc != NGX_OK) {
        free(post);
        return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "comment",
            "There are no comments of yours that this browser knows of.",
            NULL);
    }

    post->done = ngx_http_social_erase_done;
    post->write.type = SOCIAL_WRITE_ERASE;

    return ngx_http_social_request_write(in, post);
}
