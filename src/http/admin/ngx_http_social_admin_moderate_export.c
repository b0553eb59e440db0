
/*
 * Everything as lines of JSON.  An answer is a part of it, of about EXPORT
 * bytes: its header Link says where the next one is, the last one has none.
 * Event loop, except what runs in the thread.
 */

#include "ngx_http_social_admin_moderate.h"


#define NGX_HTTP_SOCIAL_ADMIN_EXPORT  (512 * 1024)  /* bytes, then the line
                                                     * that is begun ends */


typedef struct {
    ngx_http_social_read_t   read;      /* must be first */
    char                     next[SOCIAL_STORE_NEXT];
} ngx_http_social_admin_export_t;


/* pool thread */

static void
ngx_http_social_admin_export_line(void *data, const char *line, size_t len)
{
    social_out_bytes(data, line, len);
}


static int
ngx_http_social_admin_export_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    ngx_http_social_admin_export_t  *ex;

    ex = (ngx_http_social_admin_export_t *) job;

    return social_store_export(store, ex->next, NGX_HTTP_SOCIAL_ADMIN_EXPORT,
                               ngx_http_social_admin_export_line,
                               &ex->read.out, &job->error);
}


static ngx_int_t
ngx_http_social_admin_export_answer(ngx_http_social_read_t *read)
{
    u_char                          *p, *link;
    ngx_http_request_t              *r;
    ngx_http_social_input_t         *in;
    ngx_http_social_admin_export_t  *ex;

    ex = (ngx_http_social_admin_export_t *) read;
    in = read->in;
    r = read->request;

    if (read->job.rc != SOCIAL_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ex->next[0]) {
        link = ngx_pnalloc(r->pool, in->base.len + SOCIAL_STORE_NEXT + 64);
        if (link == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        p = ngx_sprintf(link, "<%V?view=export&after=%s>; rel=\"next\"",
                        &in->base, ex->next);

        if (ngx_http_social_request_reply_header(r, "Link", (char *) link,
                                                 p - link)
            != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    if (ngx_http_social_request_reply_header(
            r, "Content-Disposition", "attachment; filename=\"comments.jsonl\"",
            sizeof("attachment; filename=\"comments.jsonl\"") - 1)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_reply_out(r, NGX_HTTP_OK,
                                             "application/x-ndjson",
                                             NGX_HTTP_SOCIAL_NO_STORE,
                                             &read->out);
}


/* 1 if `after` is one that a Link has: a letter and a number */

static ngx_uint_t
ngx_http_social_admin_export_valid(const social_str_t *after)
{
    return after->len > 1 && after->len < SOCIAL_STORE_NEXT
           && (after->data[0] == 'a' || after->data[0] == 'c')
           && social_id_number(after->data + 1, after->len - 1) > 0;
}


ngx_int_t
ngx_http_social_admin_export(ngx_http_social_input_t *in)
{
    const social_str_t              *after;
    ngx_http_social_admin_export_t  *ex;

    after = social_form_get(in->form, "after");

    if (after && after->len && !ngx_http_social_admin_export_valid(after)) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "malformed",
            "The place to go on is that of the header Link.", "after");
    }

    ex = ngx_http_social_job_alloc(in->site, sizeof(*ex),
                                   ngx_http_social_admin_export_run, NULL);
    if (ex == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_social_request_read_init(&ex->read, in,
                                      ngx_http_social_admin_export_answer);

    if (after && after->len) {
        ngx_memcpy(ex->next, after->data, after->len);
    }

    return ngx_http_social_request_read_post(&ex->read);
}
