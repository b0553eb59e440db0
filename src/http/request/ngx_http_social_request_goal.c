
/*
 * A browser that asks for the page of a goal before its reader decides to go
 * there: refused, so that arriving there asks again and counts.  Event loop
 * only.
 */

#include "ngx_http_social_request.h"
#include "ngx_http_social_view.h"


/* PRECONTENT phase: access control has allowed the request.  The answer is
 * sent here, because error_page would make a page of it */

ngx_int_t
ngx_http_social_request_goal_handler(ngx_http_request_t *r)
{
    ngx_int_t                    rc;
    ngx_http_social_rec_t       *rec;
    ngx_http_social_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    if (lcf->inject == NULL || lcf->inject->goals == NULL || r != r->main
        || r->method != NGX_HTTP_GET || !ngx_http_social_view_asks_ahead(r))
    {
        return NGX_DECLINED;
    }

    rec = ngx_http_social_view_rec(r);

    if (rec == NULL) {
        return NGX_DECLINED;
    }

    (void) ngx_http_social_view_is_article(r, rec);

    if (rec->found.goal == NULL) {
        return NGX_DECLINED;
    }

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social goal \"%V\": asked for ahead, refused",
                   &rec->found.goal->name);

    rc = ngx_http_discard_request_body(r);

    if (rc == NGX_OK) {
        rc = ngx_http_social_request_reply_empty(r,
                                                 NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    ngx_http_finalize_request(r, rc);

    return NGX_DONE;
}
