
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

    return ngx_http_social_admin_act_answer(in, posts, n);
}


/* ends all author cookies, in every worker at once */

ngx_int_t
ngx_http_social_admin_signout(ngx_http_social_input_t *in)
{
    ngx_http_social_job_write_t  *post;

    post = ngx_http_social_job_write_alloc(in->site, 0);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    post->write.type = SOCIAL_WRITE_SIGNOUT;

    return ngx_http_social_request_write(
        in, post, ngx_http_social_admin_signout_written);
}
