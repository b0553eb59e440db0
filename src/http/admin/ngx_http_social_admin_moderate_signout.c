
/*
 * The action that ends all author cookies of a site: the number of sign-outs,
 * which is in the store and part of their MAC, grows.  Event loop only.
 */

#include "ngx_http_social_admin_moderate.h"
#include "ngx_http_social_zone.h"


static ngx_int_t
ngx_http_social_admin_signout_written(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_http_social_zone_t  *zone;

    zone = in->site->zone;

    if ((ngx_atomic_uint_t) posts[0]->write.revision > zone->signout) {
        zone->signout = posts[0]->write.revision;
    }

    ngx_log_error(NGX_LOG_NOTICE, in->request->connection->log, 0,
                  "social_site \"%V\": all author cookies were ended",
                  &in->site->name);

    in->rec->event = NGX_HTTP_SOCIAL_EVENT_MODERATE;

    return ngx_http_social_admin_act_answer(in, posts, n);
}


/* ends all author cookies, in every worker at once */

ngx_int_t
ngx_http_social_admin_signout(ngx_http_social_input_t *in)
{
    ngx_str_t                     none;
    static const int64_t          nothing = 0;
    ngx_http_social_job_write_t  *post;

    ngx_str_null(&none);
    post = ngx_http_social_admin_posts(in, SOCIAL_WRITE_SIGNOUT,
                                       (social_act_e) 0, &nothing, 1, &none);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_write(
        in, post, ngx_http_social_admin_signout_written);
}
