
/*
 * The bytes of answers that jobs made and that this worker still holds,
 * because they are being sent or cached.  Clients that do not read must not
 * take all memory, so there is a limit.  Event loop only.
 */

#include "ngx_http_social_job.h"


#define NGX_HTTP_SOCIAL_JOB_HELD   (64 << 20)
#define NGX_HTTP_SOCIAL_JOB_SHORT  32768        /* such answers always pass */


static size_t  ngx_http_social_job_bytes;


void
ngx_http_social_job_hold(size_t len)
{
    ngx_http_social_job_bytes += len;
}


void
ngx_http_social_job_let_go(size_t len)
{
    ngx_http_social_job_bytes -= len;
}


ngx_uint_t
ngx_http_social_job_room(size_t len)
{
    return len <= NGX_HTTP_SOCIAL_JOB_SHORT
           || ngx_http_social_job_bytes + len <= NGX_HTTP_SOCIAL_JOB_HELD;
}
