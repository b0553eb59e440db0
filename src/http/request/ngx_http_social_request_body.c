
/*
 * Reads a request's body into one buffer of at most SOCIAL_BODY_MAX bytes.
 *
 * nginx's own buffering is not used: from 16 KB on it would write a comment to
 * a temporary file, and a body that is too large would get nginx's error page
 * instead of ours.  Event loop only.
 */

#include "ngx_http_social_request_store.h"


static void ngx_http_social_request_body_event(ngx_http_request_t *r);


/* appends a buffer; it is in a file only if another module has read the body
 * before */

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


/* collects what has arrived; NGX_DECLINED: more than body_max */

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
            /* consumed: nginx reuses the buffer for the next read */
            cl->buf->pos = cl->buf->last;
        }
    }

    if (r->reading_body) {
        r->request_body->bufs = NULL;
    }

    return NGX_OK;
}


/* answers an error of reading.  Part of the body may still be unread, so the
 * connection cannot be used for another request */

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
                                             "e_body", NULL);

    default:
        return rc;
    }
}


/* NGX_OK: all of it is there; NGX_AGAIN: wait for the next read event; or an
 * HTTP status */

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

    in = ngx_http_social_request_input_of(r);
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
