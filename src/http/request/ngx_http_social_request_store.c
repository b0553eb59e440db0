
/*
 * Requests that wait for the store: reads run in a pool thread, writes go into
 * the next group commit.  Sends the errors for both.  Event loop only, but for
 * the `run` of a read, which its caller brings.
 */

#include "ngx_http_social_request_store.h"
#include "ngx_http_social_notify.h"
#include "ngx_http_social_request_reply.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_REQUEST_RETRY    5      /* Retry-After, in seconds */
#define NGX_HTTP_SOCIAL_REQUEST_CLIENTS  4096   /* a power of two */


/* reads that wait, by the hash of the client's address */

static uint8_t  ngx_http_social_request_reads[
                                            NGX_HTTP_SOCIAL_REQUEST_CLIENTS];


ngx_http_social_input_t *
ngx_http_social_request_input_of(ngx_http_request_t *r)
{
    ngx_http_social_rec_t  *rec;

    rec = ngx_http_social_view_rec_find(r);

    return rec ? rec->input : NULL;
}


/*
 * Whoever is signed in on the status or the moderation page is told why;
 * readers are not.  nginx has filled in headers_in.user only if auth_basic is
 * in force here: it is not parsed for this.
 */

static const char *
ngx_http_social_request_unavailable_why(ngx_http_social_input_t *in)
{
    u_char                      *text, reason[NGX_HTTP_SOCIAL_ZONE_REASON];
    ngx_uint_t                   writer;
    ngx_http_social_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(in->request, ngx_social_module);
    writer = (in->site->zone->store_failed[1] != 0);
    ngx_http_social_zone_reason(in->site->zone, writer, reason);

    if (reason[0] == '\0'
        || (lcf->moderate == NULL
            && (lcf->status == NULL || in->request->headers_in.user.len == 0)))
    {
        return NULL;
    }

    text = ngx_pnalloc(in->request->pool, sizeof(reason) + 128);

    if (text) {
        ngx_sprintf(text, "This is not available right now: the store cannot "
                    "be %s: %s. Please try again in a moment.%Z",
                    writer ? "written" : "read", reason);
    }

    return (const char *) text;
}


ngx_int_t
ngx_http_social_request_unavailable(ngx_http_social_input_t *in)
{
    const char  *why;

    why = ngx_http_social_request_unavailable_why(in);

    if (why) {
        return ngx_http_social_request_error_retry(
            in, NGX_HTTP_SERVICE_UNAVAILABLE, "store", why,
            NGX_HTTP_SOCIAL_REQUEST_RETRY);
    }

    return ngx_http_social_request_error_retry(
        in, NGX_HTTP_SERVICE_UNAVAILABLE, "store",
        in->handler ? "e_store_write"
                    : "e_store_read",
        NGX_HTTP_SOCIAL_REQUEST_RETRY);
}


ngx_int_t
ngx_http_social_request_no_comment(ngx_http_social_input_t *in)
{
    return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "comment",
                                         "e_comment", NULL);
}


ngx_int_t
ngx_http_social_request_check_result(ngx_http_social_input_t *in, ngx_int_t rc)
{
    return rc == NGX_DECLINED ? in->result : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


ngx_connection_t *
ngx_http_social_request_resume(ngx_http_request_t *r)
{
    ngx_connection_t  *c;

    c = r->connection;

    ngx_http_social_job_unblock(r);
    ngx_http_set_log_request(c->log, r);

    return c;
}


ngx_uint_t
ngx_http_social_request_wrote(social_write_t *write)
{
    return write->status == SOCIAL_WROTE
           || write->status == SOCIAL_WROTE_NOTHING;
}


static ngx_int_t
ngx_http_social_request_write_error(ngx_http_social_input_t *in,
    social_write_t *write)
{
    switch (write->status) {

    case SOCIAL_NO_ARTICLE:
        return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "article",
                                             "e_article",
                                             "article");

    case SOCIAL_CHANGED:
    case SOCIAL_NO_PARENT:
        return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "parent",
            "e_parent_gone",
            "parent");

    case SOCIAL_NO_COMMENT:
    case SOCIAL_NOT_OWN:
        return ngx_http_social_request_no_comment(in);

    case SOCIAL_CLOSED:
        ngx_http_social_zone_slot_set_closed(in->site, &in->rec->key);
        return ngx_http_social_request_error(in, NGX_HTTP_FORBIDDEN, "closed",
                                             "comments_closed", NULL);

    case SOCIAL_NAME_AUTHOR:
        return ngx_http_social_request_error(in, NGX_HTTP_SOCIAL_UNPROCESSABLE,
                                             "value", "e_name_author", "name");

    case SOCIAL_NO_TARGET:
        return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "article",
            "There is no such article. Please open its page once, then give "
            "its path here.", "to");

    case SOCIAL_SAME_TARGET:
        return ngx_http_social_request_error(in, NGX_HTTP_SOCIAL_UNPROCESSABLE,
            "value", "The thread is at this article already.", "to");

    case SOCIAL_TOO_MANY:
        return ngx_http_social_request_error(in, NGX_HTTP_SOCIAL_UNPROCESSABLE,
            "value", "A thread of more than 50,000 comments cannot be moved.",
            "to");

    case SOCIAL_TOO_LATE:
        return ngx_http_social_request_error(in, NGX_HTTP_FORBIDDEN, "closed",
            "e_late", NULL);

    default:
        return ngx_http_social_request_unavailable(in);
    }
}


static void
ngx_http_social_request_write_done(ngx_http_request_t *r,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_int_t                 rc;
    ngx_uint_t                i;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_request_input_of(r);

    for (i = 0; i < n; i++) {
        if (ngx_http_social_request_wrote(&posts[i]->write)) {
            break;
        }
    }

    if (i < n) {

        if (posts[i]->write.type <= SOCIAL_WRITE_REPORT) {
            ngx_http_social_notify_kick(in->site);
        }

        rc = in->written(in, posts, n);

    } else {
        if (in->undo) {
            in->undo(in);
        }

        for (i = n; i && posts[i - 1]->write.status != SOCIAL_CHANGED; i--) {
            /* void */
        }

        rc = (i && in->changed)
             ? in->changed(in, posts, n)
             : ngx_http_social_request_write_error(in, &posts[n - 1]->write);
    }

    /* NGX_DONE: the answer waits for a read of its own */

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


ngx_int_t
ngx_http_social_request_write(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t *post, ngx_http_social_written_pt written)
{
    ngx_http_social_job_write_t  *p;

    in->written = written;

    for (p = post; p; p = p->next) {
        p->request = in->request;
        p->done = ngx_http_social_request_write_done;
    }

    if (ngx_http_social_job_write(post) == NGX_OK) {
        return NGX_DONE;
    }

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                   "social write: the store is away or its queue is full");

    ngx_http_social_job_write_free(post);

    if (in->undo) {
        in->undo(in);
    }

    return ngx_http_social_request_unavailable(in);
}


void
ngx_http_social_request_read_discard(ngx_http_social_read_t *read)
{
    if (read->client) {
        ngx_http_social_request_reads[read->client - 1]--;
    }

    social_out_free(&read->out);
    social_comments_free(&read->list);
    free(read->article);
    free(read);
}


static void
ngx_http_social_request_read_done(ngx_http_social_job_t *job)
{
    ngx_int_t                rc;
    ngx_connection_t        *c;
    ngx_http_request_t      *r;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    r = read->request;

    if (r == NULL) {
        /* read_late() has answered the request already */
        ngx_http_social_request_read_discard(read);
        return;
    }

    c = ngx_http_social_request_resume(r);

    if (job->rc == SOCIAL_ERROR) {
        rc = ngx_http_social_request_unavailable(read->in);

    } else if ((r->method & NGX_HTTP_SOCIAL_READS)
               && !ngx_http_social_job_room(read->out.len))
    {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, c->log, 0,
                       "social read: no room to send %uz bytes",
                       read->out.len);

        (void) ngx_atomic_fetch_add(&job->site->zone->reads_refused, 1);
        rc = ngx_http_social_request_unavailable(read->in);

    } else {
        rc = read->answer(read);
    }

    ngx_http_social_request_read_discard(read);

    /* NGX_DONE: the answer waits for a write of its own */

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }

    ngx_http_run_posted_requests(c);
}


/* the read takes too long: answers its request.  The thread still uses the
 * read, so nothing else in it may be changed; read_done() frees it */

static void
ngx_http_social_request_read_late(ngx_http_social_job_t *job)
{
    ngx_connection_t        *c;
    ngx_http_request_t      *r;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    r = read->request;
    read->request = NULL;

    c = ngx_http_social_request_resume(r);

    ngx_http_finalize_request(r, ngx_http_social_request_unavailable(read->in));
    ngx_http_run_posted_requests(c);
}


ngx_http_social_read_t *
ngx_http_social_request_read_alloc(ngx_http_social_input_t *in,
    ngx_http_social_job_run_pt run,
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
    read->job.done = ngx_http_social_request_read_done;
    read->job.late = ngx_http_social_request_read_late;
    read->request = in->request;
    read->in = in;
    read->answer = answer;
    read->now = ngx_time();
    social_out_init(&read->out, SOCIAL_RENDER_MAX);
}


/* counts a read of a client; NGX_DECLINED: too many of its reads wait.  What
 * is read to answer a write does not count: the write was done */

static ngx_int_t
ngx_http_social_request_read_count(ngx_http_social_read_t *read)
{
    ngx_uint_t           client;
    ngx_http_request_t  *r;

    r = read->request;

    if (!(r->method & NGX_HTTP_SOCIAL_READS)) {
        return NGX_OK;
    }

    client = ngx_http_social_view_client(r, read->in->site)
             & (NGX_HTTP_SOCIAL_REQUEST_CLIENTS - 1);

    if (ngx_http_social_request_reads[client]
        >= NGX_HTTP_SOCIAL_REQUEST_READS)
    {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social read: too many of this client wait");
        return NGX_DECLINED;
    }

    ngx_http_social_request_reads[client]++;
    read->client = client + 1;

    return NGX_OK;
}


ngx_int_t
ngx_http_social_request_read_post(ngx_http_social_read_t *read)
{
    ngx_http_request_t       *r;
    ngx_http_social_input_t  *in;

    r = read->request;
    in = read->in;

    if (ngx_http_social_request_read_count(read) != NGX_OK) {
        (void) ngx_atomic_fetch_add(&in->site->zone->reads_refused, 1);
        ngx_http_social_request_read_discard(read);

        return ngx_http_social_request_error_retry(
            in, NGX_HTTP_TOO_MANY_REQUESTS, "limit", "e_reads", 1);
    }

    if (ngx_http_social_job_store_away(in->site)
        || ngx_http_social_job_post(&read->job) != NGX_OK)
    {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social read: the store is away or its queue is full");

        ngx_http_social_request_read_discard(read);
        return ngx_http_social_request_unavailable(in);
    }

    /* a content handler that returns NGX_DONE drops a reference; for requests
     * with a body nginx took one when it read the body */

    if (r->method & NGX_HTTP_SOCIAL_READS) {
        r->main->count++;
    }

    ngx_http_social_job_block(r);

    return NGX_DONE;
}
