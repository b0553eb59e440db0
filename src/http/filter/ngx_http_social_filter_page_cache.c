
/*
 * The page cache of a worker: the place of pages in files, their meta data,
 * and the bytes of small ones.
 *
 * A page is identified by fstat() of the open descriptor; by path and mtime
 * in seconds, a file changed in place would be missed.  A file that changed
 * less than two seconds ago may change again within its timestamp's
 * resolution, so it is not kept.
 *
 * One per worker, event loop only.
 */


#include "ngx_http_social_filter.h"


#define NGX_HTTP_SOCIAL_FILTER_MIN_AGE       2       /* seconds */
#define NGX_HTTP_SOCIAL_FILTER_HASHES       4096    /* a power of 2 */
#define NGX_HTTP_SOCIAL_FILTER_HASHED_MAX    1024


typedef struct {
    ngx_rbtree_t         tree;
    ngx_rbtree_node_t    sentinel;
    unsigned             ready:1;
    uint64_t             hash[NGX_HTTP_SOCIAL_FILTER_HASHES];
} ngx_http_social_filter_page_cache_t;


static ngx_int_t ngx_http_social_filter_page_ident(ngx_buf_t *b,
    social_html_mode_e mode, ngx_http_social_filter_ident_t *ident);
static ngx_http_social_filter_page_t *ngx_http_social_filter_page_lookup(
    ngx_http_social_filter_ident_t *ident, ngx_rbtree_key_t key);
static ngx_http_social_filter_page_t *
ngx_http_social_filter_page_read(ngx_http_request_t *r, ngx_buf_t *b,
                                 ngx_http_social_filter_ident_t *ident);
static void ngx_http_social_filter_page_directio(ngx_file_t *file,
    ngx_uint_t on);
static ngx_int_t ngx_http_social_filter_page_scan(ngx_http_request_t *r,
    ngx_buf_t *b, ngx_http_social_filter_page_t *page);
static ngx_int_t ngx_http_social_filter_page_scan_small(ngx_buf_t *b,
    ngx_http_social_filter_page_t *page, social_html_t *scan,
    social_html_answer_e *answer);
static void ngx_http_social_filter_page_rbtree_insert(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel);
static void ngx_http_social_filter_page_insert(
    ngx_http_social_filter_page_t *page);
static void ngx_http_social_filter_page_unlink(
    ngx_http_social_filter_kept_t *kept);
static void ngx_http_social_filter_page_free(
    ngx_http_social_filter_kept_t *kept);
static uint64_t ngx_http_social_filter_header_hash(
    ngx_http_social_filter_ctx_t *ctx);


static const ngx_http_social_filter_kept_type_t
    ngx_http_social_filter_page_type = {
        ngx_http_social_filter_page_unlink,
        ngx_http_social_filter_page_free
    };

static ngx_http_social_filter_page_cache_t  ngx_http_social_filter_page_cache;


ngx_http_social_filter_page_t *
ngx_http_social_filter_page_find(ngx_http_request_t *r, ngx_buf_t *b,
    social_html_mode_e mode)
{
    ngx_rbtree_key_t                 key;
    ngx_pool_cleanup_t              *cln;
    ngx_http_social_filter_page_t   *page;
    ngx_http_social_filter_ident_t   ident;

    if (ngx_http_social_filter_page_ident(b, mode, &ident) != NGX_OK) {
        ngx_log_error(NGX_LOG_CRIT, r->connection->log, ngx_errno,
                      ngx_fd_info_n " \"%V\" failed", &b->file->name);
        return NULL;
    }

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    /* inode numbers are distinct enough; the tree compares the rest */

    key = (ngx_rbtree_key_t) (ident.ino * 0x9e3779b97f4a7c15ULL >> 16)
          ^ (ngx_rbtree_key_t) ident.from;

    page = ngx_http_social_filter_page_lookup(&ident, key);

    if (page) {
        ngx_http_social_filter_kept_use(&page->kept);

        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social place: remembered of the file, %O",
                       page->place);

    } else {
        page = ngx_http_social_filter_page_read(r, b, &ident);
        if (page == NULL) {
            return NULL;
        }

        page->node.key = key;

        if (ngx_time() - ident.ctime.tv_sec >= NGX_HTTP_SOCIAL_FILTER_MIN_AGE) {
            ngx_http_social_filter_page_insert(page);
        }
    }

    ngx_http_social_filter_kept_pin(&page->kept, cln);

    return page;
}


static ngx_int_t
ngx_http_social_filter_page_ident(ngx_buf_t *b, social_html_mode_e mode,
    ngx_http_social_filter_ident_t *ident)
{
    ngx_file_info_t  fi;

    if (ngx_fd_info(b->file->fd, &fi) == NGX_FILE_ERROR) {
        return NGX_ERROR;
    }

    /* compared by memcmp(): padding must be zero */

    ngx_memzero(ident, sizeof(ngx_http_social_filter_ident_t));

    ident->dev = fi.st_dev;
    ident->ino = fi.st_ino;
    ident->size = fi.st_size;
    ident->mtime = fi.st_mtim;
    ident->ctime = fi.st_ctim;
    ident->from = b->file_pos;
    ident->to = b->file_last;
    ident->mode = mode;

    return NGX_OK;
}


static ngx_http_social_filter_page_t *
ngx_http_social_filter_page_lookup(ngx_http_social_filter_ident_t *ident,
    ngx_rbtree_key_t key)
{
    ngx_int_t                             rc;
    ngx_rbtree_node_t                    *node, *sentinel;
    ngx_http_social_filter_page_t        *page;
    ngx_http_social_filter_page_cache_t  *cache;

    cache = &ngx_http_social_filter_page_cache;

    if (!cache->ready) {
        ngx_rbtree_init(&cache->tree, &cache->sentinel,
                        ngx_http_social_filter_page_rbtree_insert);
        cache->ready = 1;
    }

    node = cache->tree.root;
    sentinel = cache->tree.sentinel;

    while (node != sentinel) {

        if (key != node->key) {
            node = (key < node->key) ? node->left : node->right;
            continue;
        }

        page = (ngx_http_social_filter_page_t *) node;

        rc = ngx_memcmp(&page->ident, ident,
                        sizeof(ngx_http_social_filter_ident_t));

        if (rc == 0) {
            return page;
        }

        node = (rc > 0) ? node->left : node->right;
    }

    return NULL;
}


static ngx_http_social_filter_page_t *
ngx_http_social_filter_page_read(ngx_http_request_t *r, ngx_buf_t *b,
    ngx_http_social_filter_ident_t *ident)
{
    off_t                           length;
    ngx_int_t                       rc;
    ngx_http_social_filter_page_t  *page;

    length = ident->to - ident->from;
    page = ngx_calloc(sizeof(ngx_http_social_filter_page_t),
                      r->connection->log);
    if (page == NULL) {
        return NULL;
    }

    page->ident = *ident;
    page->place = NGX_HTTP_SOCIAL_NO_PLACE;
    page->kept.type = &ngx_http_social_filter_page_type;
    page->kept.weight = sizeof(ngx_http_social_filter_page_t);

    if (length <= NGX_HTTP_SOCIAL_FILTER_PAGE_MAX) {
        page->bytes = ngx_alloc((size_t) length, r->connection->log);
        if (page->bytes == NULL) {
            ngx_free(page);
            return NULL;
        }

        page->bytes_to = length;
    }

    /* direct I/O refuses reads that are not aligned */

    if (b->file->directio) {
        ngx_http_social_filter_page_directio(b->file, 0);
    }

    rc = ngx_http_social_filter_page_scan(r, b, page);

    if (b->file->directio) {
        ngx_http_social_filter_page_directio(b->file, 1);
    }

    if (rc != NGX_OK) {
        ngx_http_social_filter_page_free(&page->kept);
        return NULL;
    }

    if (page->bytes && page->place == NGX_HTTP_SOCIAL_NO_PLACE) {

        /* nginx sends such a page itself */

        ngx_free(page->bytes);
        page->bytes = NULL;
    }

    if (page->bytes) {
        page->kept.weight += (size_t) (page->bytes_to - page->bytes_from);
    }

    return page;
}


static void
ngx_http_social_filter_page_directio(ngx_file_t *file, ngx_uint_t on)
{
#if (NGX_HAVE_O_DIRECT)

    ngx_int_t  rc;

    rc = on ? ngx_directio_on(file->fd) : ngx_directio_off(file->fd);

    if (rc == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_ALERT, file->log, ngx_errno,
                      "cannot switch direct I/O of \"%V\"", &file->name);
    }

#endif
}


static ngx_int_t
ngx_http_social_filter_page_scan(ngx_http_request_t *r, ngx_buf_t *b,
    ngx_http_social_filter_page_t *page)
{
    ngx_int_t              rc;
    social_html_t         *scan;
    social_html_answer_e   answer;

    scan = ngx_alloc(sizeof(social_html_t), r->connection->log);
    if (scan == NULL) {
        return NGX_ERROR;
    }

    social_html_init(scan, page->ident.mode);

    page->whole = ngx_http_social_filter_is_whole(
        r, r->headers_out.content_length_n, page->ident.to - page->ident.from);

    rc = page->bytes
             ? ngx_http_social_filter_page_scan_small(b, page, scan, &answer)
             : ngx_http_social_filter_file_scan_large(scan, b->file, page,
                                                      &answer);

    if (rc == NGX_OK) {
        page->meta = *social_html_meta(scan);
        page->place = ngx_http_social_filter_place(
            answer, answer == SOCIAL_HTML_FOUND ? social_html_place(scan) : 0,
            (ngx_uint_t) social_html_in_form(scan), &page->meta,
            r->connection->log);
    }

    ngx_free(scan);

    return rc;
}


/* reads and scans all of a page into page->bytes */

static ngx_int_t
ngx_http_social_filter_page_scan_small(ngx_buf_t *b,
    ngx_http_social_filter_page_t *page, social_html_t *scan,
    social_html_answer_e *answer)
{
    off_t    length;
    ssize_t  n;

    length = page->ident.to - page->ident.from;

    n = ngx_read_file(b->file, page->bytes, (size_t) length, page->ident.from);

    if (n != length) {
        return NGX_ERROR;
    }

    *answer = social_html_feed(scan, page->bytes, (size_t) length);

    if (*answer == SOCIAL_HTML_MORE) {
        *answer = page->whole ? social_html_finish_whole(scan)
                              : social_html_finish(scan);
    }

    return NGX_OK;
}


static void
ngx_http_social_filter_page_rbtree_insert(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel)
{
    ngx_uint_t                       left;
    ngx_rbtree_node_t              **p;
    ngx_http_social_filter_page_t   *a, *b;

    for ( ;; ) {

        if (node->key != temp->key) {
            left = (node->key < temp->key);

        } else {
            a = (ngx_http_social_filter_page_t *) temp;
            b = (ngx_http_social_filter_page_t *) node;
            left = ngx_memcmp(&a->ident, &b->ident,
                              sizeof(ngx_http_social_filter_ident_t)) > 0;
        }

        p = left ? &temp->left : &temp->right;

        if (*p == sentinel) {
            break;
        }

        temp = *p;
    }

    *p = node;
    node->parent = temp;
    node->left = sentinel;
    node->right = sentinel;
    ngx_rbt_red(node);
}


static void
ngx_http_social_filter_page_insert(ngx_http_social_filter_page_t *page)
{
    ngx_http_social_filter_kept_add(&page->kept);
    ngx_rbtree_insert(&ngx_http_social_filter_page_cache.tree, &page->node);
}


static void
ngx_http_social_filter_page_unlink(ngx_http_social_filter_kept_t *kept)
{
    ngx_http_social_filter_page_t  *page;

    page = ngx_queue_data(kept, ngx_http_social_filter_page_t, kept);

    ngx_rbtree_delete(&ngx_http_social_filter_page_cache.tree, &page->node);
}


static void
ngx_http_social_filter_page_free(ngx_http_social_filter_kept_t *kept)
{
    ngx_http_social_filter_page_t  *page;

    page = ngx_queue_data(kept, ngx_http_social_filter_page_t, kept);

    if (page->bytes) {
        ngx_free(page->bytes);
    }

    ngx_free(page);
}


/*
 * The answer of an upstream to HEAD has no body to scan.  So a worker keeps a
 * hash of the header of pages that had a place; the same header without a
 * body is taken for the same page.
 */

void
ngx_http_social_filter_header_remember(ngx_http_social_filter_ctx_t *ctx)
{
    uint64_t  hash;

    hash = ngx_http_social_filter_header_hash(ctx);

    if (hash) {
        ngx_http_social_filter_page_cache
            .hash[hash % NGX_HTTP_SOCIAL_FILTER_HASHES] = hash;
    }
}


ngx_uint_t
ngx_http_social_filter_header_remembered(ngx_http_social_filter_ctx_t *ctx)
{
    uint64_t  hash;

    hash = ngx_http_social_filter_header_hash(ctx);

    return hash
           && ngx_http_social_filter_page_cache
                      .hash[hash % NGX_HTTP_SOCIAL_FILTER_HASHES]
                  == hash;
}


/* 0: without ETag and Last-Modified, versions of a page look the same */

static uint64_t
ngx_http_social_filter_header_hash(ngx_http_social_filter_ctx_t *ctx)
{
    u_char                  *p;
    uint32_t                 high, low;
    ngx_str_t                etag, *key, *server;
    ngx_http_request_t      *r;
    ngx_http_headers_out_t  *out;
    u_char                   buf[NGX_HTTP_SOCIAL_FILTER_HASHED_MAX];

    r = ctx->request;
    out = &r->headers_out;
    key = &ctx->rec->key;
    server = &r->headers_in.server;
    ngx_str_set(&etag, "");

    if (out->etag) {
        etag = out->etag->value;

    } else if (out->last_modified_time == -1) {
        return 0;
    }

    /* of each proxied page: so nothing is formatted */

    if (sizeof(ctx->rec->site) + sizeof(off_t) + sizeof(time_t) + key->len + 1
        + server->len + 1 + etag.len > sizeof(buf))
    {
        return 0;
    }

    p = ngx_cpymem(buf, &ctx->rec->site, sizeof(ctx->rec->site));
    p = ngx_cpymem(p, &out->content_length_n, sizeof(off_t));
    p = ngx_cpymem(p, &out->last_modified_time, sizeof(time_t));
    p = ngx_cpymem(p, key->data, key->len);
    *p++ = '\0';
    p = ngx_cpymem(p, server->data, server->len);
    *p++ = '\0';
    p = ngx_cpymem(p, etag.data, etag.len);

    high = ngx_murmur_hash2(buf, p - buf);
    low = ngx_crc32_long(buf, p - buf);

    return ((uint64_t) high << 32 | low) | 1;
}
