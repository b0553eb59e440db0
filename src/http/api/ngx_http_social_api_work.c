
/*
 * What the rooms of the API share: paths, events, waiting for the store, and
 * what is answered where it fails.
 */

#include "ngx_http_social_api.h"
#include "ngx_http_social_sync.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_RETRY  5        /* seconds, while the store is away */


const char *
ngx_http_social_api_state_name(ngx_uint_t state)
{
    static const char *const  names[] = {
        "", "approved", "held", "spam", "deleted"
    };

    return state < social_nelts(names) ? names[state] : "";
}


ngx_http_social_input_t *
ngx_http_social_request_input_of(ngx_http_request_t *r)
{
    ngx_http_social_rec_t  *rec;

    rec = ngx_http_social_view_rec_find(r);

    return rec ? rec->input : NULL;
}


ngx_str_t
ngx_http_social_api_article_path(ngx_http_request_t *r, ngx_str_t *key,
    int64_t id)
{
    ngx_str_t     none;
    social_out_t  out;

    if (key->len == 0) {
        ngx_str_null(&none);
        return none;
    }

    social_out_init(&out, 4096);
    social_out_path(&out, key->data, key->len);

    if (id) {
        social_out_text(&out, "#comment-");
        social_out_int(&out, id);
    }

    return ngx_http_social_request_out_str(r, &out);
}


ngx_str_t
ngx_http_social_api_comment_path(ngx_http_social_input_t *in, int64_t id)
{
    social_out_t  out;

    social_out_init(&out, 4096);
    social_out_bytes(&out, in->site->prefix.data, in->site->prefix.len);
    social_out_text(&out, "comments/");
    social_out_int(&out, id);

    return ngx_http_social_request_out_str(in->request, &out);
}


ngx_int_t
ngx_http_social_api_see(ngx_http_social_input_t *in, ngx_str_t path)
{
    return path.data
               ? ngx_http_social_request_reply_see_other(in->request, &path)
               : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/* done, and no page of the site's to tell it on */

ngx_int_t
ngx_http_social_api_notice(ngx_http_social_input_t *in, const char *word,
    ngx_str_t *key)
{
    cJSON      *doc;
    ngx_str_t   back;

    if (in->json) {
        return ngx_http_social_request_reply_empty(in->request,
                                                   NGX_HTTP_NO_CONTENT);
    }

    doc = cJSON_CreateObject();
    social_doc_text(doc, "message",
                    ngx_http_social_request_word(in->site, word));

    if (key->len) {
        back = ngx_http_social_api_article_path(in->request, key, in->id);
        social_doc_bytes(doc, "back", back.data, back.len);
    }

    return ngx_http_social_request_reply_page(in->request, in->site,
                                              NGX_HTTP_OK, "notice", doc);
}


ngx_int_t
ngx_http_social_request_unavailable(ngx_http_social_input_t *in)
{
    return ngx_http_social_request_error_retry(
        in, NGX_HTTP_SERVICE_UNAVAILABLE, "store",
        in->handler ? "This cannot be saved just now. Please try again in a "
                      "moment."
                    : "The comments are not at hand just now. Please try "
                      "again in a moment.",
        NGX_HTTP_SOCIAL_RETRY);
}


ngx_int_t
ngx_http_social_api_no_comment(ngx_http_social_input_t *in)
{
    return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "comment",
                                         "There is no such comment.", NULL);
}


ngx_int_t
ngx_http_social_request_checked(ngx_http_social_input_t *in, ngx_int_t rc)
{
    return rc == NGX_DECLINED ? in->result : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


ngx_int_t
ngx_http_social_request_write_error(ngx_http_social_input_t *in,
    social_write_t *write)
{
    switch (write->status) {

    case SOCIAL_NO_ARTICLE:
        return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "article",
                                             "There is no such article.",
                                             "article");

    case SOCIAL_NO_PARENT:
        return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "parent",
            "The comment that this answers is not there any more.",
            "parent");

    case SOCIAL_NO_COMMENT:
    case SOCIAL_NOT_OWN:
        return ngx_http_social_api_no_comment(in);

    case SOCIAL_TOO_LATE:
        return ngx_http_social_request_error(in, NGX_HTTP_FORBIDDEN, "closed",
            "A comment can be changed for 15 minutes only.", NULL);

    default:
        return ngx_http_social_request_unavailable(in);
    }
}


void
ngx_http_social_api_active(ngx_http_social_input_t *in)
{
    uint64_t                 visitor;
    ngx_http_social_slot_t  *slot;

    visitor = ngx_http_social_view_visitor(in->request, in->rec);

    if (ngx_http_social_zone_mark(in->site,
                                  ngx_http_social_view_fingerprint(
                                      in->site, NGX_HTTP_SOCIAL_MARK_ACTIVE,
                                      visitor, &in->rec->key, 0)))
    {
        slot = ngx_http_social_sync_article(in->site, &in->rec->key);

        if (slot) {
            ngx_http_social_zone_count(slot, SOCIAL_COUNT_ACTIVE, 1);
        }
    }
}


static void
ngx_http_social_event_word(ngx_str_t *field, const char *word)
{
    field->data = (u_char *) word;
    field->len = ngx_strlen(word);
}


static ngx_str_t
ngx_http_social_id_text(ngx_http_request_t *r, int64_t id)
{
    social_out_t  out;

    social_out_init(&out, NGX_INT64_LEN);
    social_out_int(&out, id);

    return ngx_http_social_request_out_str(r, &out);
}


/* the event's fields of a comment that was written */

void
ngx_http_social_api_comment_event(ngx_http_social_input_t *in,
    const char *event, social_write_t *write)
{
    ngx_http_social_rec_t  *rec;

    rec = in->rec;

    ngx_http_social_event_word(&rec->event, event);
    rec->comment = ngx_http_social_id_text(in->request, write->wrote_id);
    ngx_http_social_event_word(&rec->state,
                       ngx_http_social_api_state_name(write->wrote_state));
    ngx_http_social_event_word(&rec->role,
                               write->wrote_role == SOCIAL_AUTHOR ? "author"
                                                                  : "reader");

    if (write->wrote_parent) {
        rec->parent = ngx_http_social_id_text(in->request,
                                              write->wrote_parent);
    }

    if (rec->key_ok == 0) {
        rec->key.len = ngx_strlen(write->wrote_key);
        rec->key.data = ngx_pnalloc(in->request->pool, rec->key.len);

        if (rec->key.data == NULL) {
            rec->key.len = 0;
            return;
        }

        ngx_memcpy(rec->key.data, write->wrote_key, rec->key.len);
        rec->key_known = 1;
        rec->key_ok = 1;
    }
}


ngx_int_t
ngx_http_social_request_write(ngx_http_social_input_t *in,
    ngx_http_social_post_t *post)
{
    post->request = in->request;

    if (ngx_http_social_job_write(post) != NGX_OK) {
        free(post);
        return ngx_http_social_request_unavailable(in);
    }

    return NGX_DONE;
}


/* reading */

int
ngx_http_social_api_comment_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    return social_store_comment(store, read->id, &read->list, &job->error);
}


void
ngx_http_social_request_read_discard(ngx_http_social_read_t *read)
{
    social_out_free(&read->out);
    social_comments_free(&read->list);
    cJSON_Delete(read->doc);
    free(read->article);
    free(read);
}


static void
ngx_http_social_read_done(ngx_http_social_job_t *job)
{
    ngx_int_t                rc;
    ngx_connection_t        *c;
    ngx_http_request_t      *r;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    r = read->request;

    if (r == NULL) {
        /* it came too late: nobody waits any more */
        ngx_http_social_request_read_discard(read);
        return;
    }

    c = r->connection;

    ngx_http_social_job_unblock(r);
    ngx_http_set_log_request(c->log, r);

    rc = (job->rc == SOCIAL_ERROR)
             ? ngx_http_social_request_unavailable(read->in)
             : read->answer(read);

    ngx_http_social_request_read_discard(read);

    /* NGX_DONE: the answer goes on with a write */

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }

    ngx_http_run_posted_requests(c);
}


/* a thread still works on it: only the request is touched */

static void
ngx_http_social_read_late(ngx_http_social_job_t *job)
{
    ngx_connection_t        *c;
    ngx_http_request_t      *r;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    r = read->request;
    c = r->connection;
    read->request = NULL;

    ngx_http_social_job_unblock(r);
    ngx_http_set_log_request(c->log, r);

    ngx_http_finalize_request(r, ngx_http_social_request_unavailable(read->in));
    ngx_http_run_posted_requests(c);
}


ngx_http_social_read_t *
ngx_http_social_request_read_alloc(ngx_http_social_input_t *in,
    ngx_http_social_run_pt run,
    ngx_int_t (*answer)(ngx_http_social_read_t *read))
{
    ngx_http_social_read_t  *read;

    read = ngx_http_social_job_alloc(in->site,
                                     sizeof(ngx_http_social_read_t), run,
                                     NULL);
    if (read) {
        ngx_http_social_request_read_init(read, in, answer);
    }

    return read;
}


void
ngx_http_social_request_read_init(ngx_http_social_read_t *read,
    ngx_http_social_input_t *in,
    ngx_int_t (*answer)(ngx_http_social_read_t *read))
{
    read->job.done = ngx_http_social_read_done;
    read->job.late = ngx_http_social_read_late;
    read->request = in->request;
    read->in = in;
    read->answer = answer;
    read->now = ngx_time();
    social_out_init(&read->out, SOCIAL_RENDER_MAX);
}


ngx_int_t
ngx_http_social_request_read_post(ngx_http_social_read_t *read)
{
    ngx_http_request_t       *r;
    ngx_http_social_input_t  *in;

    r = read->request;
    in = read->in;

    if (ngx_http_social_job_store_away(in->site)
        || ngx_http_social_job_post(&read->job) != NGX_OK)
    {
        ngx_http_social_request_read_discard(read);
        return ngx_http_social_request_unavailable(in);
    }

    /* the content handler's own reference is dropped by NGX_DONE */

    if (r->method & NGX_HTTP_SOCIAL_READS) {
        r->main->count++;
    }

    ngx_http_social_job_block(r);

    return NGX_DONE;
}
