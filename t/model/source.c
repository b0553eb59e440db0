
/*
 * A content handler's buffers.  Each buffer, its memory and each chain link is
 * a malloc() of its own; links are freed when the filter returns.
 *
 * With source_reuse it does as nginx's pipes do: the memory of an empty buffer
 * is freed, in the order in which the buffers were given.
 */

#include "model.h"

#include <sys/mman.h>


typedef struct source_item_s  source_item_t;

struct source_item_s {
    source_item_t  *next;
    ngx_buf_t      *buf;
    ngx_buf_t       was;
    u_char         *bytes;
    size_t          from;
    size_t          to;
    unsigned        special:1;
    unsigned        file:1;
};


ngx_uint_t             source_reuse;
size_t                 source_at;

static u_char         *source_wire;
static size_t          source_len;
static off_t           source_off;
static ngx_file_t      source_fd;
static source_item_t  *source_first, **source_last, *source_old;
static ngx_uint_t      source_whole;


void
source_begin(u_char *wire, size_t len, off_t in_file)
{
    source_wire = wire;
    source_len = len;
    source_off = in_file;
    source_at = 0;
    source_whole = 0;
    source_first = NULL;
    source_last = &source_first;
    source_old = NULL;
    source_fd.fd = -1;
}


static void
source_free(source_item_t *item)
{
    free(item->bytes);
    free(item->buf);
    free(item);
}


void
source_end(void)
{
    source_item_t  *item;

    while (source_first || source_old) {
        item = source_first ? source_first : source_old;

        if (source_first) {
            source_first = item->next;

        } else {
            source_old = item->next;
        }

        source_free(item);
    }

    if (source_fd.fd != -1) {
        close(source_fd.fd);
    }
}


ngx_file_t *
source_file(void)
{
    if (source_fd.fd != -1) {
        return &source_fd;
    }

    memset(&source_fd, 0, sizeof(ngx_file_t));
    source_fd.log = &model.log;
    ngx_str_set(&source_fd.name, "a file");

    source_fd.fd = memfd_create("page", 0);
    MUST(source_fd.fd != -1);
    MUST(pwrite(source_fd.fd, source_wire, source_len, source_off)
         == (ssize_t) source_len);

    return &source_fd;
}


static void
source_memory(source_item_t *item, unsigned kind)
{
    ngx_buf_t  *b;

    b = item->buf;

    item->bytes = malloc(item->to - item->from);
    MUST(item->bytes != NULL);
    memcpy(item->bytes, source_wire + item->from, item->to - item->from);

    b->start = item->bytes;
    b->pos = item->bytes;
    b->last = item->bytes + (item->to - item->from);
    b->end = b->last;
    b->memory = (kind == SOURCE_MEMORY);
    b->mmap = (kind == SOURCE_MMAP);
    b->temporary = (kind == SOURCE_TEMPORARY || kind == SOURCE_BOTH);
}


static void
source_range(source_item_t *item, unsigned kind)
{
    ngx_buf_t  *b;

    b = item->buf;

    b->file = source_file();
    b->file_pos = source_off + item->from;
    b->file_last = source_off + item->to;
    b->in_file = 1;
    b->temp_file = (kind != SOURCE_FILE);
}


void
source_add(ngx_chain_t **last, const model_buf_t *how)
{
    size_t          n;
    ngx_buf_t      *b;
    ngx_chain_t    *cl;
    source_item_t  *item;

    cl = malloc(sizeof(ngx_chain_t));
    item = calloc(1, sizeof(source_item_t));
    b = calloc(1, sizeof(ngx_buf_t));
    MUST(cl != NULL && item != NULL && b != NULL);

    n = ngx_min(how->size, source_len - source_at);

    item->buf = b;
    item->from = source_at;
    item->to = source_at + n;
    item->special = (n == 0 || how->kind == SOURCE_SPECIAL);

    b->tag = (ngx_buf_tag_t) &source_free;
    b->num = 7;
    b->flush = how->flush;
    b->sync = how->sync;
    b->last_buf = how->last;
    b->last_in_chain = how->last_in_chain;

    if (item->special) {
        item->to = item->from;
        b->flush |= !b->sync && !b->last_buf;

    } else {
        source_at += n;
        b->recycled = how->recycled;

        if (how->kind == SOURCE_FILE || how->kind == SOURCE_TEMP_FILE) {
            item->file = 1;

        } else {
            source_memory(item, how->kind);
        }

        if (item->file || how->kind == SOURCE_BOTH) {
            source_range(item, how->kind);
        }

        source_whole |= (n == source_len);
    }

    item->was = *b;

    *source_last = item;
    source_last = &item->next;

    cl->buf = b;
    cl->next = NULL;

    while (*last) {
        last = &(*last)->next;
    }

    *last = cl;
}


void
source_free_chain(ngx_chain_t *in)
{
    ngx_chain_t  *cl;

    while (in) {
        cl = in;
        in = cl->next;
        free(cl);
    }
}


static void
source_look(source_item_t *item)
{
    ngx_buf_t  *b, *was;

    b = item->buf;
    was = &item->was;

    MUST(b->tag == was->tag && b->num == was->num);
    MUST(b->shadow == was->shadow && b->file == was->file);
    MUST(b->start == was->start && b->end == was->end);
    MUST(b->temporary == was->temporary && b->memory == was->memory
         && b->mmap == was->mmap && b->recycled == was->recycled
         && b->in_file == was->in_file && b->temp_file == was->temp_file);
    MUST(b->flush == was->flush && b->sync == was->sync
         && b->last_buf == was->last_buf
         && b->last_in_chain == was->last_in_chain);

    MUST(b->pos >= was->pos && b->last <= was->last && b->pos <= b->last);
    MUST(b->file_pos >= was->file_pos && b->file_last <= was->file_last
         && b->file_pos <= b->file_last);

    if (item->bytes) {
        MUST(memcmp(item->bytes, source_wire + item->from,
                    item->to - item->from) == 0);
    }
}


void
source_recycle(void)
{
    source_item_t  *item;

    while (source_first && ngx_buf_size(source_first->buf) == 0) {
        item = source_first;
        source_first = item->next;

        if (source_first == NULL) {
            source_last = &source_first;
        }

        source_look(item);

        /* buffers without bytes are not the pipe's to free */

        if (source_reuse && !item->special && !item->buf->last_buf) {
            free(item->bytes);
            free(item->buf);
            item->bytes = NULL;
            item->buf = NULL;
        }

        item->next = source_old;
        source_old = item;
    }
}


ngx_uint_t
source_is_file(size_t from, size_t to)
{
    int             i;
    source_item_t  *item;

    if (source_whole || source_wire != model.page) {
        return 0;
    }

    for (i = 0; i < 2; i++) {
        for (item = i ? source_old : source_first; item; item = item->next) {
            if (item->file && item->from < to && item->to > from) {
                return 1;
            }
        }
    }

    return 0;
}


ngx_uint_t
source_used(void)
{
    source_item_t  *item;

    for (item = source_first; item; item = item->next) {
        if (ngx_buf_size(item->buf)) {
            return 0;
        }
    }

    return 1;
}
