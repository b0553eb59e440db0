
/*
 * The action that marks everything as seen, up to the newest comment and the
 * revision of the list that was shown.  Event loop only.
 */

#include "ngx_http_social_admin_moderate.h"


static ngx_int_t
ngx_http_social_admin_looked(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    in->rec->event = NGX_HTTP_SOCIAL_EVENT_MODERATE;

    return ngx_http_social_admin_act_answer(in, posts, n);
}


ngx_int_t
ngx_http_social_admin_look(ngx_http_social_input_t *in)
{
    ngx_str_t                     none;
    ngx_http_social_job_write_t  *post;

    if (in->ids[0] <= 0) {
        return ngx_http_social_request_no_comment(in);
    }

    ngx_str_null(&none);
    post = ngx_http_social_admin_posts(in, SOCIAL_WRITE_LOOK,
                                       (social_act_e) 0, in->ids, 1, &none);
    if (post == NULL) {
        return ngx_http_social_request_unavailable(in);
    }

    return ngx_http_social_request_write(in, post,
                                         ngx_http_social_admin_looked);
}
