
/*
 * Reading a body: as it comes, into one piece of memory with a limit.
 *
 * nginx would collect it for us, but in a file from 16 KB on, and up to
 * client_max_body_size, with an error page of its own beyond.  What people
 * type does not belong into files that nobody erases.
 */

#include "ngx_http_social_view.h"
#include "ngx_http_social_request.h"


static void ngx_http_social_request_body_event(ngx_http_request_t *r);


static ngx_http_social_input_t *
ngx_http_social_request_body_input(ngx_http_request_t *r)
{
    ngx_http_social_rec_t  *rec;

    rec = ngx_http_social_view_rec(r);

    return rec->input;
}


/* appends a buffer; it is in a file only where another module has read the
 * body before us */

static ngx_int_t
ngx_http_social_request_body_append(ngx_http_social_input_t *in, ngx_buf_t *b)
{
    off_t    n;
    u_char  *p;

    n = ngx_buf_in_memory(b) || b->in_file ? ngx_buf_size(b) : 0;
    p = in->body.data + in->body.len;

    if (n > (off_t) (in->body_max - in->body.len)) {
        return NGX_DECLINED;
    }

    if (ngx_buf_in_memory(b)) {
        ngx_memcpy(p, b->pos, n);

    } else if (n && ngx_read_file(b->file, p, n, b->file_pos) != n) {
        return NGX_ERROR;
    }

    in->body.len += n;

    return NGX_OK;
}


/* what has come so far; NGX_DECLINED: more than there is room for */

static ngx_int_t
ngx_http_social_request_body_collect(ngx_http_social_input_t *in)
{
    ngx_int_t            rc;
    ngx_chain_t         *cl;
    ngx_http_request_t  *r;

    r = in->request;

    if (r->request_body == NULL) {
        return NGX_OK;
    }

    for (cl = r->request_body->bufs; cl; cl = cl->next) {
        rc = ngx_http_social_request_body_append(in, cl->buf);

        if (rc != NGX_OK) {
            return rc;
        }

        if (r->reading_body) {
            /* nginx reads into it again */
            cl->buf->pos = cl->buf->last;
        }
    }

    if (r->reading_body) {
        r->request_body->bufs = NULL;
    }

    return NGX_OK;
}


/* an error of nginx's reading; nothing may follow on this connection */

static ngx_int_t
ngx_http_social_request_body_error(ngx_http_social_input_t *in, ngx_int_t rc)
{
    in->request->keepalive = 0;

    switch (rc) {

    case NGX_HTTP_REQUEST_ENTITY_TOO_LARGE:
        return ngx_http_social_request_error_size(in);

    case NGX_HTTP_BAD_REQUEST:
        return ngx_http_social_request_error(in, NGX_HTTP_BAD_REQUEST,
                                             "malformed",
                                             "The request's body cannot be "
                                             "read.", NULL);

    default:
        return rc;
    }
}


/* all, an error, or NGX_AGAIN: then the event comes back here */

static ngx_int_t
ngx_http_social_request_body_read(ngx_http_social_input_t *in)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    r = in->request;

    for ( ;; ) {
        rc = ngx_http_social_request_body_collect(in);

        if (rc == NGX_DECLINED) {
            return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
        }

        if (rc != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        if (!r->reading_body) {
            return NGX_OK;
        }

        rc = ngx_http_read_unbuffered_request_body(r);

        if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
            return rc;
        }

        if (rc == NGX_AGAIN && r->request_body->bufs == NULL) {
            return NGX_AGAIN;
        }
    }
}


static void
ngx_http_social_request_body_event(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_request_body_input(r);
    rc = ngx_http_social_request_body_read(in);

    if (rc == NGX_AGAIN) {
        r->read_event_handler = ngx_http_social_request_body_event;
        return;
    }

    r->read_event_handler = ngx_http_block_reading;

    rc = (rc == NGX_OK) ? ngx_http_social_request_input_parse(in)
                        : ngx_http_social_request_body_error(in, rc);

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


ngx_int_t
ngx_http_social_request_body(ngx_http_social_input_t *in)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    r = in->request;

    in->body_max = SOCIAL_BODY_MAX;

    if (!r->headers_in.chunked && r->headers_in.content_length_n >= 0) {
        in->body_max = r->headers_in.content_length_n;
    }

    in->body.data = ngx_pnalloc(r->pool, in->body_max + 1);
    if (in->body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->request_body_no_buffering = 1;
    r->request_body_in_file_only = 0;

    rc = ngx_http_read_client_request_body(r,
                                           ngx_http_social_request_body_event);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return ngx_http_social_request_body_error(in, rc);
    }

    return NGX_DONE;
}
