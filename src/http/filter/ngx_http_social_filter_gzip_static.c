
/*
 * Files with a compressed copy beside them (gzip_static).  The page is made
 * from the uncompressed file, whose place is remembered; nginx's gzip, below
 * us, compresses the result if it is on.  If there is only the compressed
 * file, it is inflated.  Opens files as nginx's static module does, with
 * open_file_cache and disable_symlinks.  Event loop only.
 */


#include "ngx_http_social_filter.h"

#if (NGX_ZLIB)


static ngx_int_t ngx_http_social_filter_gzip_static_open(ngx_http_request_t *r,
    ngx_str_t *name, ngx_open_file_info_t *of);


ngx_buf_t *
ngx_http_social_filter_gzip_static(ngx_http_request_t *r, ngx_buf_t *b,
    time_t *mtime)
{
    ngx_buf_t             *uncompressed;
    ngx_str_t              name;
    ngx_file_t            *file;
    ngx_open_file_info_t   of;

    name = b->file->name;

    if (name.len < sizeof(".gz")
        || ngx_memcmp(name.data + name.len - 3, ".gz", 3) != 0)
    {
        return NULL;
    }

    name.len -= 3;
    name.data = ngx_pnalloc(r->pool, name.len + 1);

    uncompressed = ngx_calloc_buf(r->pool);
    file = ngx_pcalloc(r->pool, sizeof(ngx_file_t));

    if (name.data == NULL || uncompressed == NULL || file == NULL) {
        return NULL;
    }

    (void) ngx_cpystrn(name.data, b->file->name.data, name.len + 1);

    if (ngx_http_social_filter_gzip_static_open(r, &name, &of) != NGX_OK
        || !of.is_file || of.size == 0)
    {
        return NULL;
    }

    file->fd = of.fd;
    file->name = name;
    file->log = b->file->log;
    file->directio = of.is_directio;

    *mtime = of.mtime;

    uncompressed->file = file;
    uncompressed->in_file = 1;
    uncompressed->file_last = of.size;
    uncompressed->last_buf = b->last_buf;
    uncompressed->last_in_chain = b->last_in_chain;

    return uncompressed;
}


static ngx_int_t
ngx_http_social_filter_gzip_static_open(ngx_http_request_t *r, ngx_str_t *name,
    ngx_open_file_info_t *of)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    ngx_memzero(of, sizeof(ngx_open_file_info_t));

    of->read_ahead = clcf->read_ahead;
    of->directio = clcf->directio;
    of->valid = clcf->open_file_cache_valid;
    of->min_uses = clcf->open_file_cache_min_uses;
    of->errors = clcf->open_file_cache_errors;
    of->events = clcf->open_file_cache_events;

    if (ngx_http_set_disable_symlinks(r, clcf, name, of) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_open_cached_file(clcf->open_file_cache, name, of, r->pool);
}


ngx_int_t
ngx_http_social_filter_gzip_static_header(ngx_http_request_t *r,
    ngx_buf_t *uncompressed, time_t mtime)
{
    r->headers_out.content_encoding->hash = 0;
    r->headers_out.content_encoding = NULL;

    ngx_http_clear_content_length(r);
    ngx_http_clear_last_modified(r);
    ngx_http_clear_etag(r);

    r->headers_out.content_length_n = uncompressed->file_last;
    r->headers_out.last_modified_time = mtime;
    r->allow_ranges = 1;

    return ngx_http_set_etag(r);
}


#endif
