
/*
 * Copies of bodies that were scanned: the bytes as they came, a mark of the
 * scanner's state every STEP bytes, and what the scanner said.
 *
 *     bytes   |........|........|.....|
 *     marks            0        1           state before these bytes
 *
 * Bytes are kept up to where the answer was certain; of a larger body, the
 * first COPY_MAX.  The next answer for the page is compared with all of them
 * (scan.c), so it does not matter which copy is found: the key is a hash
 * without the key itself.
 *
 * A copy is made by one request and does not change once it is kept, since
 * others may be comparing with it or sending from it.  Event loop only.
 */


#include "ngx_http_social_filter.h"


#define NGX_HTTP_SOCIAL_FILTER_COPY_MIN    1024     /* scanned as fast */
#define NGX_HTTP_SOCIAL_FILTER_COPY_FIRST  (16 * 1024)
#define NGX_HTTP_SOCIAL_FILTER_MARK_FIRST  1024


static ngx_rbtree_key_t ngx_http_social_filter_copy_key(
    ngx_http_social_rec_t *rec);
static ngx_http_social_filter_copy_t *ngx_http_social_filter_copy_lookup(
    ngx_rbtree_key_t key);
static ngx_int_t ngx_http_social_filter_copy_like(
    ngx_http_social_filter_copy_t *copy, ngx_http_social_filter_copy_t *like,
    size_t at);
static ngx_int_t ngx_http_social_filter_copy_grow(u_char **bytes, size_t len,
    size_t *room, size_t want);
static void ngx_http_social_filter_copy_trim(u_char **bytes, size_t len,
    size_t *room);
static void ngx_http_social_filter_copy_unlink(
    ngx_http_social_filter_kept_t *kept);
static void ngx_http_social_filter_copy_free(
    ngx_http_social_filter_kept_t *kept);


static const ngx_http_social_filter_kept_type_t
    ngx_http_social_filter_copy_type = {
        ngx_http_social_filter_copy_unlink,
        ngx_http_social_filter_copy_free
    };

static ngx_rbtree_t       ngx_http_social_filter_copies;
static ngx_rbtree_node_t  ngx_http_social_filter_copies_sentinel;


static ngx_rbtree_key_t
ngx_http_social_filter_copy_key(ngx_http_social_rec_t *rec)
{
    return ngx_murmur_hash2(rec->key.data, rec->key.len)
           ^ (ngx_rbtree_key_t) ((uintptr_t) rec->site << 16)
           ^ (ngx_rbtree_key_t) rec->site->insert;
}


ngx_http_social_filter_copy_t *
ngx_http_social_filter_copy_find(ngx_http_social_rec_t *rec)
{
    ngx_http_social_filter_copy_t  *copy;

    copy = ngx_http_social_filter_copy_lookup(
        ngx_http_social_filter_copy_key(rec));

    if (copy == NULL || copy->site != rec->site
        || copy->mode != rec->site->insert)
    {
        return NULL;
    }

    ngx_http_social_filter_kept_use(&copy->kept);

    return copy;
}


static ngx_http_social_filter_copy_t *
ngx_http_social_filter_copy_lookup(ngx_rbtree_key_t key)
{
    ngx_rbtree_t       *tree;
    ngx_rbtree_node_t  *node;

    tree = &ngx_http_social_filter_copies;

    if (tree->root == NULL) {
        ngx_rbtree_init(tree, &ngx_http_social_filter_copies_sentinel,
                        ngx_rbtree_insert_value);
    }

    node = tree->root;

    while (node != tree->sentinel) {

        if (key == node->key) {
            return (ngx_http_social_filter_copy_t *) node;
        }

        node = (key < node->key) ? node->left : node->right;
    }

    return NULL;
}


ngx_http_social_filter_copy_t *
ngx_http_social_filter_copy_make(ngx_http_social_rec_t *rec,
    ngx_http_social_filter_copy_t *like, size_t at, size_t room)
{
    ngx_http_social_filter_copy_t  *copy;

    copy = ngx_calloc(sizeof(ngx_http_social_filter_copy_t), ngx_cycle->log);
    if (copy == NULL) {
        return NULL;
    }

    copy->kept.type = &ngx_http_social_filter_copy_type;
    copy->node.key = ngx_http_social_filter_copy_key(rec);
    copy->site = rec->site;
    copy->mode = rec->site->insert;

    if (ngx_http_social_filter_copy_grow(&copy->bytes, 0, &copy->room,
                                         ngx_max(room, at))
            != NGX_OK
        || ngx_http_social_filter_copy_like(copy, like, at) != NGX_OK)
    {
        ngx_http_social_filter_copy_discard(copy);
        return NULL;
    }

    return copy;
}


static ngx_int_t
ngx_http_social_filter_copy_like(ngx_http_social_filter_copy_t *copy,
    ngx_http_social_filter_copy_t *like, size_t at)
{
    size_t   size;
    u_char  *mark, *p;

    if (like == NULL) {
        return NGX_OK;
    }

    ngx_memcpy(copy->bytes, like->bytes, at);
    copy->len = at;
    copy->changes = like->changes;

    while (copy->nmarks < at / NGX_HTTP_SOCIAL_FILTER_STEP) {
        mark = ngx_http_social_filter_copy_mark(like, copy->nmarks, &size);

        p = ngx_http_social_filter_copy_mark_add(copy, size);
        if (p == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(p, mark, size);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_filter_copy_grow(u_char **bytes, size_t len, size_t *room,
    size_t want)
{
    u_char  *p;

    p = ngx_alloc(want, ngx_cycle->log);
    if (p == NULL) {
        return NGX_ERROR;
    }

    if (*bytes) {
        ngx_memcpy(p, *bytes, len);
        ngx_free(*bytes);
    }

    *bytes = p;
    *room = want;

    return NGX_OK;
}


ngx_int_t
ngx_http_social_filter_copy_append(ngx_http_social_filter_copy_t *copy,
    u_char *data, size_t len)
{
    size_t  want;

    if (copy->len + len > NGX_HTTP_SOCIAL_FILTER_COPY_MAX) {
        return NGX_ERROR;
    }

    if (copy->len + len > copy->room) {
        want = ngx_max(ngx_max(copy->room * 2, copy->len + len),
                       NGX_HTTP_SOCIAL_FILTER_COPY_FIRST);
        want = ngx_min(want, NGX_HTTP_SOCIAL_FILTER_COPY_MAX);

        if (ngx_http_social_filter_copy_grow(&copy->bytes, copy->len,
                                             &copy->room, want)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ngx_memcpy(copy->bytes + copy->len, data, len);
    copy->len += len;

    return NGX_OK;
}


u_char *
ngx_http_social_filter_copy_mark_add(ngx_http_social_filter_copy_t *copy,
    size_t size)
{
    size_t  len, want;

    len = copy->nmarks ? copy->mark_end[copy->nmarks - 1] : 0;

    if (len + size > copy->marks_room) {
        want = ngx_max(ngx_max(copy->marks_room * 2, len + size),
                       NGX_HTTP_SOCIAL_FILTER_MARK_FIRST);

        if (ngx_http_social_filter_copy_grow(&copy->marks, len,
                                             &copy->marks_room, want)
            != NGX_OK)
        {
            return NULL;
        }
    }

    copy->mark_end[copy->nmarks++] = (uint32_t) (len + size);

    return copy->marks + len;
}


u_char *
ngx_http_social_filter_copy_mark(ngx_http_social_filter_copy_t *copy,
    ngx_uint_t n, size_t *size)
{
    uint32_t  from;

    from = n ? copy->mark_end[n - 1] : 0;
    *size = copy->mark_end[n] - from;

    return copy->marks + from;
}


void
ngx_http_social_filter_copy_keep(ngx_http_social_filter_copy_t *copy)
{
    size_t                          marks;
    ngx_http_social_filter_copy_t  *old;

    if (copy->len < NGX_HTTP_SOCIAL_FILTER_COPY_MIN) {
        ngx_http_social_filter_copy_discard(copy);
        return;
    }

    old = ngx_http_social_filter_copy_lookup(copy->node.key);

    if (old) {
        ngx_http_social_filter_kept_drop(&old->kept);
    }

    marks = copy->nmarks ? copy->mark_end[copy->nmarks - 1] : 0;

    ngx_http_social_filter_copy_trim(&copy->bytes, copy->len, &copy->room);
    ngx_http_social_filter_copy_trim(&copy->marks, marks, &copy->marks_room);

    copy->kept.weight = sizeof(ngx_http_social_filter_copy_t) + copy->room
                        + copy->marks_room;

    ngx_http_social_filter_kept_add(&copy->kept);
    ngx_rbtree_insert(&ngx_http_social_filter_copies, &copy->node);

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social copy: kept, %uz bytes, %ui marks, weight %uz",
                   copy->len, copy->nmarks, copy->kept.weight);
}


/* gives back what was allocated beyond len; without memory it stays */

static void
ngx_http_social_filter_copy_trim(u_char **bytes, size_t len, size_t *room)
{
    if (len && len != *room) {
        (void) ngx_http_social_filter_copy_grow(bytes, len, room, len);
    }
}


void
ngx_http_social_filter_copy_discard(ngx_http_social_filter_copy_t *copy)
{
    ngx_http_social_filter_copy_free(&copy->kept);
}


static void
ngx_http_social_filter_copy_unlink(ngx_http_social_filter_kept_t *kept)
{
    ngx_http_social_filter_copy_t  *copy;

    copy = ngx_queue_data(kept, ngx_http_social_filter_copy_t, kept);

    ngx_rbtree_delete(&ngx_http_social_filter_copies, &copy->node);
}


static void
ngx_http_social_filter_copy_free(ngx_http_social_filter_kept_t *kept)
{
    ngx_http_social_filter_copy_t  *copy;

    copy = ngx_queue_data(kept, ngx_http_social_filter_copy_t, kept);

    if (copy->bytes) {
        ngx_free(copy->bytes);
    }

    if (copy->marks) {
        ngx_free(copy->marks);
    }

    ngx_free(copy);
}
