
/*
 * What a worker keeps of pages: files that were scanned (page_cache) and
 * bodies that came from elsewhere (copy).  Both are bounded together, in
 * bytes; what was least recently used goes first.  What a request still sends
 * is freed when that request ends.
 *
 * One per worker, event loop only.
 */


#include "ngx_http_social_filter.h"


typedef struct {
    ngx_queue_t   queue;
    size_t        weight;
} ngx_http_social_filter_shelf_t;


static void ngx_http_social_filter_kept_unpin(void *data);


static ngx_http_social_filter_shelf_t  ngx_http_social_filter_shelf;


void
ngx_http_social_filter_kept_add(ngx_http_social_filter_kept_t *kept)
{
    ngx_queue_t                     *q;
    ngx_http_social_filter_shelf_t  *shelf;

    shelf = &ngx_http_social_filter_shelf;

    if (shelf->queue.next == NULL) {
        ngx_queue_init(&shelf->queue);
    }

    while (shelf->weight + kept->weight > NGX_HTTP_SOCIAL_FILTER_KEPT_MAX
           && !ngx_queue_empty(&shelf->queue))
    {
        q = ngx_queue_last(&shelf->queue);
        ngx_http_social_filter_kept_drop(
            ngx_queue_data(q, ngx_http_social_filter_kept_t, queue));
    }

    kept->shelved = 1;
    shelf->weight += kept->weight;

    ngx_queue_insert_head(&shelf->queue, &kept->queue);
}


void
ngx_http_social_filter_kept_use(ngx_http_social_filter_kept_t *kept)
{
    ngx_queue_remove(&kept->queue);
    ngx_queue_insert_head(&ngx_http_social_filter_shelf.queue, &kept->queue);
}


void
ngx_http_social_filter_kept_drop(ngx_http_social_filter_kept_t *kept)
{
    ngx_queue_remove(&kept->queue);

    ngx_http_social_filter_shelf.weight -= kept->weight;
    kept->shelved = 0;

    kept->type->unlink(kept);

    if (kept->refs == 0) {
        kept->type->free(kept);
    }
}


void
ngx_http_social_filter_kept_pin(ngx_http_social_filter_kept_t *kept,
    ngx_pool_cleanup_t *cln)
{
    kept->refs++;

    cln->handler = ngx_http_social_filter_kept_unpin;
    cln->data = kept;
}


static void
ngx_http_social_filter_kept_unpin(void *data)
{
    ngx_http_social_filter_kept_t  *kept = data;

    kept->refs--;

    if (kept->refs == 0 && !kept->shelved) {
        kept->type->free(kept);
    }
}
