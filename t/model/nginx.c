
/*
 * nginx's functions that the filter calls: pools, lists, trees, timers, files.
 *
 * Every allocation is a malloc() of its own, so that a sanitizer sees each
 * overrun and each use after free; any of them can be made to fail.
 */

#include "model.h"


typedef struct model_large_s  model_large_t;

struct model_large_s {
    model_large_t  *next;
    model_large_t **prev;
    size_t          size;
    size_t          pad;
};


model_t                       model;
u_char                        model_error[13] = "an error page";

ngx_rbtree_t                  ngx_event_timer_rbtree;
ngx_queue_t                   ngx_posted_events;
ngx_queue_t                   ngx_posted_next_events;
volatile ngx_msec_t           ngx_current_msec;
volatile ngx_cycle_t          *ngx_cycle;
volatile ngx_time_t          *ngx_cached_time;

ngx_http_output_header_filter_pt  ngx_http_top_header_filter;
ngx_http_output_body_filter_pt    ngx_http_top_body_filter;

uint32_t                      ngx_crc32_table256[256];

ngx_module_t                  ngx_social_module;

static ngx_command_t          model_commands[] = { ngx_null_command };
ngx_module_t                  ngx_http_headers_filter_module;

static ngx_rbtree_node_t      model_sentinel;
static ngx_time_t             model_time;
static ngx_cycle_t            model_cycle;
static ngx_module_t          *model_modules[] = { NULL };
static model_large_t         *model_allocated;


void
model_fail(const char *file, int line, const char *cond)
{
    fprintf(stderr, "%s:%d: must be: %s\n"
            "  page %zu of %zu came, widget %zu at %zu, headers %u, given %zu"
            " of %zu, waiting %zu, last %u, buffered %u\n",
            file, line, cond, sink.page, model.page_len, sink.widget,
            sink.place, (unsigned) sink.headers, source_at, model.wire_len,
            sink.waiting, sink.last, model.r.buffered);
    abort();
}


/* memory */

static ngx_uint_t
model_refuses(void)
{
    if (model.fail_at > 0 && --model.fail_at == 0) {
        model.no_memory = 1;
        return 1;
    }

    return 0;
}


void *
ngx_alloc(size_t size, ngx_log_t *log)
{
    return model_refuses() ? NULL : malloc(size);
}


void *
ngx_calloc(size_t size, ngx_log_t *log)
{
    return model_refuses() ? NULL : calloc(1, size);
}


void *
ngx_palloc(ngx_pool_t *pool, size_t size)
{
    model_large_t  *large;

    large = model_refuses() ? NULL : malloc(sizeof(model_large_t) + size);
    if (large == NULL) {
        return NULL;
    }

    large->size = size;
    large->next = model_allocated;
    large->prev = &model_allocated;

    if (large->next) {
        large->next->prev = &large->next;
    }

    model_allocated = large;
    model.pool_size += size;

    return large + 1;
}


void *
ngx_pnalloc(ngx_pool_t *pool, size_t size)
{
    return ngx_palloc(pool, size);
}


void *
ngx_pcalloc(ngx_pool_t *pool, size_t size)
{
    void  *p;

    p = ngx_palloc(pool, size);

    return p ? memset(p, 0, size) : NULL;
}


ngx_int_t
ngx_pfree(ngx_pool_t *pool, void *p)
{
    model_large_t  *large;

    large = (model_large_t *) p - 1;

    *large->prev = large->next;

    if (large->next) {
        large->next->prev = large->prev;
    }

    model.pool_size -= large->size;
    free(large);

    return NGX_OK;
}


ngx_pool_cleanup_t *
ngx_pool_cleanup_add(ngx_pool_t *pool, size_t size)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pcalloc(pool, sizeof(ngx_pool_cleanup_t));
    if (cln == NULL) {
        return NULL;
    }

    if (size) {
        cln->data = ngx_palloc(pool, size);
        if (cln->data == NULL) {
            return NULL;
        }
    }

    cln->next = pool->cleanup;
    pool->cleanup = cln;

    return cln;
}


ngx_chain_t *
ngx_alloc_chain_link(ngx_pool_t *pool)
{
    ngx_chain_t  *cl;

    cl = pool->chain;

    if (cl) {
        pool->chain = cl->next;
        return cl;
    }

    return ngx_palloc(pool, sizeof(ngx_chain_t));
}


ngx_buf_t *
ngx_create_temp_buf(ngx_pool_t *pool, size_t size)
{
    ngx_buf_t  *b;

    b = ngx_calloc_buf(pool);
    if (b == NULL) {
        return NULL;
    }

    b->start = ngx_palloc(pool, size);
    if (b->start == NULL) {
        return NULL;
    }

    b->pos = b->start;
    b->last = b->start;
    b->end = b->last + size;
    b->temporary = 1;

    return b;
}


ngx_int_t
ngx_chain_add_copy(ngx_pool_t *pool, ngx_chain_t **chain, ngx_chain_t *in)
{
    ngx_chain_t  *cl, **ll;

    ll = chain;

    for (cl = *chain; cl; cl = cl->next) {
        ll = &cl->next;
    }

    while (in) {
        cl = ngx_alloc_chain_link(pool);
        if (cl == NULL) {
            *ll = NULL;
            return NGX_ERROR;
        }

        cl->buf = in->buf;
        *ll = cl;
        ll = &cl->next;
        in = in->next;
    }

    *ll = NULL;

    return NGX_OK;
}


void *
ngx_array_push(ngx_array_t *a)
{
    MUST(a->nelts < a->nalloc);     /* the filter pushes once only */

    return (u_char *) a->elts + a->size * a->nelts++;
}


void *
ngx_list_push(ngx_list_t *l)
{
    ngx_list_part_t  *part;

    part = l->last;

    if (part->nelts == l->nalloc) {
        part = ngx_palloc(l->pool, sizeof(ngx_list_part_t));
        if (part == NULL) {
            return NULL;
        }

        part->elts = ngx_palloc(l->pool, l->nalloc * l->size);
        if (part->elts == NULL) {
            return NULL;
        }

        part->nelts = 0;
        part->next = NULL;

        l->last->next = part;
        l->last = part;
    }

    return (u_char *) part->elts + l->size * part->nelts++;
}


/* not balanced, which changes nothing but speed */

void
ngx_rbtree_insert(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    if (tree->root == tree->sentinel) {
        node->parent = NULL;
        node->left = tree->sentinel;
        node->right = tree->sentinel;
        tree->root = node;
        return;
    }

    tree->insert(tree->root, node, tree->sentinel);
}


void
ngx_rbtree_insert_value(ngx_rbtree_node_t *temp, ngx_rbtree_node_t *node,
    ngx_rbtree_node_t *sentinel)
{
    ngx_rbtree_node_t  **p;

    for ( ;; ) {
        p = (node->key < temp->key) ? &temp->left : &temp->right;

        if (*p == sentinel) {
            break;
        }

        temp = *p;
    }

    *p = node;
    node->parent = temp;
    node->left = sentinel;
    node->right = sentinel;
}


static void
model_replace(ngx_rbtree_t *tree, ngx_rbtree_node_t *old,
    ngx_rbtree_node_t *node)
{
    if (old->parent == NULL) {
        tree->root = node;

    } else if (old->parent->left == old) {
        old->parent->left = node;

    } else {
        old->parent->right = node;
    }

    if (node != tree->sentinel) {
        node->parent = old->parent;
    }
}


void
ngx_rbtree_delete(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    ngx_rbtree_node_t  *next;

    if (node->left == tree->sentinel) {
        model_replace(tree, node, node->right);
        return;
    }

    if (node->right == tree->sentinel) {
        model_replace(tree, node, node->left);
        return;
    }

    for (next = node->right; next->left != tree->sentinel; next = next->left)
    { /* void */ }

    if (next->parent != node) {
        model_replace(tree, next, next->right);
        next->right = node->right;
        next->right->parent = next;
    }

    model_replace(tree, node, next);
    next->left = node->left;
    next->left->parent = next;
}


/* text */

ngx_int_t
ngx_strncasecmp(u_char *s1, u_char *s2, size_t n)
{
    return strncasecmp((char *) s1, (char *) s2, n);
}


u_char *
ngx_strlcasestrn(u_char *s1, u_char *last, u_char *s2, size_t n)
{
    for ( /* void */ ; s1 + n < last; s1++) {
        if (strncasecmp((char *) s1, (char *) s2, n + 1) == 0) {
            return s1;
        }
    }

    return NULL;
}


ngx_uint_t
ngx_hash_key(u_char *data, size_t len)
{
    ngx_uint_t  key;

    for (key = 0; len--; data++) {
        key = ngx_hash(key, *data);
    }

    return key;
}


uint32_t
ngx_murmur_hash2(u_char *data, size_t len)
{
    uint32_t  h;

    for (h = 2166136261u; len--; data++) {
        h = (h ^ *data) * 16777619u;
    }

    return h;
}


/* only %p %O %T %V: the filter formats nothing but the input of a hash */

u_char *
ngx_slprintf(u_char *buf, u_char *last, const char *fmt, ...)
{
    int         n;
    char        number[32];
    va_list     args;
    ngx_str_t  *text;

    va_start(args, fmt);

    for ( /* void */ ; *fmt && buf < last; fmt++) {

        if (*fmt != '%') {
            *buf++ = *fmt;
            continue;
        }

        if (*++fmt == 'V') {
            text = va_arg(args, ngx_str_t *);
            n = (int) ngx_min((size_t) (last - buf), text->len);
            buf = ngx_cpymem(buf, text->data, n);
            continue;
        }

        MUST(*fmt == 'p' || *fmt == 'O' || *fmt == 'T');
        n = snprintf(number, sizeof(number), "%jx",
                     (uintmax_t) va_arg(args, uintptr_t));
        n = (int) ngx_min(last - buf, n);
        buf = ngx_cpymem(buf, number, n);
    }

    va_end(args);

    return buf;
}


void
ngx_log_error_core(ngx_uint_t level, ngx_log_t *log, ngx_err_t err,
    const char *fmt, ...)
{
    MUST(level > NGX_LOG_CRIT);
}


/* files */

ssize_t
ngx_read_file(ngx_file_t *file, u_char *buf, size_t size, off_t offset)
{
    if (model.read_at > 0 && --model.read_at == 0) {
        model.unread = 1;
        return NGX_ERROR;
    }

    return pread(file->fd, buf, size, offset);
}


ngx_int_t
ngx_directio_on(ngx_fd_t fd)
{
    return 0;
}


ngx_int_t
ngx_directio_off(ngx_fd_t fd)
{
    return 0;
}


/* http */

ngx_int_t
ngx_http_complex_value(ngx_http_request_t *r, ngx_http_complex_value_t *val,
    ngx_str_t *value)
{
    return NGX_ERROR;
}


void
ngx_http_weak_etag(ngx_http_request_t *r)
{
    r->headers_out.etag = NULL;
}


void
ngx_http_run_posted_requests(ngx_connection_t *c)
{
}


/* what was held is lost: the context may be reset by now */

ngx_int_t
model_error_page(ngx_int_t error)
{
    ngx_int_t            rc;
    ngx_buf_t           *b;
    ngx_chain_t          out;
    ngx_http_request_t  *r;

    r = &model.r;

    model.replaced = 1;
    sink.header_rc = NGX_OK;

    r->headers_out.status = error;
    r->headers_out.content_length_n = sizeof(model_error);

    rc = ngx_http_top_header_filter(r);

    if (rc == NGX_ERROR || r->header_only) {
        return rc;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->memory = 1;
    b->pos = model_error;
    b->last = b->pos + sizeof(model_error);
    b->last_buf = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_top_body_filter(r, &out);
}


ngx_int_t
ngx_http_filter_finalize_request(ngx_http_request_t *r, ngx_module_t *m,
    ngx_int_t error)
{
    ngx_int_t  rc;

    MUST(m == NULL);

    memset(model.ctx, 0, sizeof(model.ctx));
    r->filter_finalize = 1;

    rc = model_error_page(error);

    return (rc == NGX_OK) ? NGX_ERROR : rc;
}


/* stand-ins for the module's other rooms */

/* no uncompressed file beside a compressed one */

ngx_buf_t *
ngx_http_social_filter_gzip_static(ngx_http_request_t *r, ngx_buf_t *b,
    time_t *mtime)
{
    return NULL;
}


ngx_int_t
ngx_http_social_filter_gzip_static_header(ngx_http_request_t *r,
    ngx_buf_t *plain, time_t mtime)
{
    return NGX_ERROR;
}


ngx_http_social_rec_t *
ngx_http_social_view_rec(ngx_http_request_t *r)
{
    return (r == r->main) ? &model.rec : NULL;
}


/* the record is there before the filter asks for it */

ngx_http_social_rec_t *
ngx_http_social_view_rec_find(ngx_http_request_t *r)
{
    return ngx_http_social_view_rec(r);
}


void
ngx_http_social_view_other_forget(ngx_http_request_t *r)
{
}


ngx_uint_t
ngx_http_social_view_is_html(ngx_http_request_t *r)
{
    ngx_str_t  *type;

    type = &r->headers_out.content_type;

    return type->len >= sizeof("text/html") - 1
           && ngx_strncasecmp(type->data, (u_char *) "text/html",
                              sizeof("text/html") - 1)
              == 0;
}


ngx_uint_t
ngx_http_social_view_is_article(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    return rec->found.article;
}


void
ngx_http_social_view_served(ngx_http_request_t *r, ngx_http_social_rec_t *rec)
{
    model.served++;
}


/* what a page says of itself does not change the model's widget */

ngx_uint_t
ngx_http_social_view_describe(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, const social_html_meta_t *meta)
{
    return 0;
}


ngx_http_social_base_e
ngx_http_social_view_page_base(ngx_http_request_t *r,
    ngx_http_social_site_t *site, const social_html_meta_t *meta)
{
    return NGX_HTTP_SOCIAL_BASE_OWN;
}


ngx_int_t
ngx_http_social_widget_renew(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, void (*handler)(ngx_http_request_t *r))
{
    return NGX_DECLINED;
}


/* the PRECONTENT phase is not modelled */

ngx_int_t
ngx_http_social_widget_prepare(ngx_http_request_t *r)
{
    return NGX_DECLINED;
}


ngx_http_social_widget_t *
ngx_http_social_widget_pin(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    ngx_uint_t via_link)
{
    return model.no_widget ? NULL : &model.widget;
}


/* the event loop */

ngx_uint_t
model_clock(ngx_msec_t ms)
{
    ngx_uint_t          n;
    ngx_event_t        *ev;
    ngx_rbtree_node_t  *node;

    ngx_current_msec += ms;

    for (n = 0; model_timers(); n++) {
        node = ngx_rbtree_min(ngx_event_timer_rbtree.root,
                              ngx_event_timer_rbtree.sentinel);

        if ((ngx_msec_int_t) (node->key - ngx_current_msec) > 0) {
            break;
        }

        MUST(n < 2);        /* else it may fire again without end */

        ev = ngx_rbtree_data(node, ngx_event_t, timer);
        ngx_rbtree_delete(&ngx_event_timer_rbtree, node);

        ev->timer_set = 0;
        ev->timedout = 1;
        ev->handler(ev);
    }

    return n;
}


ngx_uint_t
model_timers(void)
{
    return ngx_event_timer_rbtree.root != ngx_event_timer_rbtree.sentinel;
}


ngx_uint_t
model_posted(void)
{
    if (!model.write.posted) {
        return 0;
    }

    ngx_delete_posted_event(&model.write);

    return 1;
}


static void
model_start(void)
{
    uint32_t    c, i, k;
    static int  started;

    if (started) {
        return;
    }

    started = 1;

    for (i = 0; i < 256; i++) {
        for (c = i, k = 0; k < 8; k++) {
            c = (c & 1) ? 0xedb88320 ^ (c >> 1) : c >> 1;
        }

        ngx_crc32_table256[i] = c;
    }

    ngx_rbtree_init(&ngx_event_timer_rbtree, &model_sentinel,
                    ngx_rbtree_insert_value);
    ngx_queue_init(&ngx_posted_events);
    ngx_queue_init(&ngx_posted_next_events);

    ngx_current_msec = 1000;
    ngx_cached_time = &model_time;
    ngx_cycle = &model_cycle;
    model_cycle.modules = model_modules;
    model_cycle.log = &model.log;

    ngx_social_module.ctx_index = 0;
    ngx_http_headers_filter_module.ctx_index = 1;
    ngx_http_headers_filter_module.commands = model_commands;

    ngx_http_top_header_filter = sink_header_filter;
    ngx_http_top_body_filter = sink_body_filter;

    (void) ngx_http_social_filter_init(NULL);
}


void
model_begin(void)
{
    ngx_pool_t          *pool;
    ngx_http_request_t  *r;

    model_start();

    memset(&model, 0, sizeof(model_t));
    model_time.sec = time(NULL);

    r = &model.r;
    pool = calloc(1, sizeof(ngx_pool_t));
    MUST(pool != NULL);
    pool->log = &model.log;

    model.log.data = &model.log_ctx;
    model.c.log = &model.log;
    model.c.write = &model.write;
    model.c.data = r;
    model.c.pool = pool;
    model.write.data = &model.c;
    model.write.log = &model.log;

    r->main = r;
    r->pool = pool;
    r->connection = &model.c;
    r->ctx = model.ctx;
    r->loc_conf = model.loc_conf;
    r->method = NGX_HTTP_GET;

    model.loc_conf[0] = &model.loc;
    model.loc.inject = &model.site;

    model.rec.site = &model.site;
    model.rec.found.article = 1;
    ngx_str_set(&model.rec.key, "/a");

    ngx_str_set(&model.widget.html, MODEL_WIDGET);
    ngx_str_set(&model.widget.rev, "1a");

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = -1;
    r->headers_out.last_modified_time = -1;
    ngx_str_set(&r->headers_out.content_type, "text/html");
    ngx_str_set(&r->headers_in.server, "localhost");

    r->headers_out.headers.last = &r->headers_out.headers.part;
    r->headers_out.headers.size = sizeof(ngx_table_elt_t);
    r->headers_out.headers.nalloc = 4;
    r->headers_out.headers.pool = pool;
    r->headers_out.headers.part.elts = ngx_pcalloc(pool,
                                              4 * sizeof(ngx_table_elt_t));
}


/* ends the request in any state; the filter must leave no timer */

void
model_end(void)
{
    ngx_pool_t          *pool;
    ngx_pool_cleanup_t  *cln;

    pool = model.r.pool;

    for (cln = pool->cleanup; cln; cln = cln->next) {
        if (cln->handler) {
            cln->handler(cln->data);
        }
    }

    MUST(!model_timers());
    (void) model_posted();

    while (model_allocated) {
        (void) ngx_pfree(pool, model_allocated + 1);
    }

    free(pool);
    free(model.wire != model.page ? model.wire : NULL);
    free(model.page);
}
