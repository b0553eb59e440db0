
/*
 * The writes of a request, in memory of their own.  Event loop only, except
 * that a thread may count them.
 */

#include "ngx_http_social_job.h"


ngx_http_social_job_write_t *
ngx_http_social_job_write_alloc(ngx_http_social_site_t *site, size_t size)
{
    ngx_http_social_job_write_t  *post;

    post = calloc(1, sizeof(ngx_http_social_job_write_t) + size);

    if (post) {
        post->site = site;
        post->write.now = ngx_time();
        post->write.notify = (site->notify != NULL);
    }

    return post;
}


social_str_t
ngx_http_social_job_write_str(u_char **p, ngx_str_t *s)
{
    social_str_t  text;

    text.data = *p;
    text.len = s->len;

    if (s->len) {                   /* else data may be NULL */
        *p = ngx_cpymem(*p, s->data, s->len);
    }

    return text;
}


ngx_uint_t
ngx_http_social_job_write_count(ngx_http_social_job_write_t *post)
{
    ngx_uint_t  n;

    for (n = 0; post; post = post->next) {
        n++;
    }

    return n;
}


void
ngx_http_social_job_write_free(ngx_http_social_job_write_t *post)
{
    ngx_http_social_job_write_t  *next;

    for ( /* void */ ; post; post = next) {
        next = post->next;
        free(post);
    }
}
