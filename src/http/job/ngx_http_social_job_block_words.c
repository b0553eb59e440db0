
/*
 * Holds the comments of a batch that match `block`.  What takes too long is
 * held without an answer, so that hostile texts cannot delay the others of the
 * batch for long.  Runs in a thread.
 */

#include "ngx_http_social_job.h"


#define NGX_HTTP_SOCIAL_JOB_BLOCK   20      /* msec to search a comment */
#define NGX_HTTP_SOCIAL_JOB_BLOCKS  500     /* msec for all of a batch */


static int
ngx_http_social_job_block_late(void *data)
{
    return ngx_http_social_job_now() >= *(int64_t *) data;
}


void
ngx_http_social_job_block_words(social_block_t *block,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    int64_t          end, last;
    ngx_uint_t       i;
    social_str_t     texts[3];
    social_write_t  *write;

    static const social_str_t  reason = social_string("blocked words");

    last = 0;

    for (i = 0; block && i < n; i++) {

        if (!posts[i]->unread) {
            continue;
        }

        write = &posts[i]->write;
        texts[0] = write->text;
        texts[1] = write->name;
        texts[2] = write->website;

        end = ngx_http_social_job_now() + NGX_HTTP_SOCIAL_JOB_BLOCK;
        last = last ? last : end - NGX_HTTP_SOCIAL_JOB_BLOCK
                             + NGX_HTTP_SOCIAL_JOB_BLOCKS;
        end = ngx_min(end, last);

        if (social_block_match(block, texts, social_nelts(texts),
                               ngx_http_social_job_block_late, &end))
        {
            write->state = SOCIAL_HELD;
            write->reason = reason;
            write->all = 0;
        }
    }
}
