
/*
 * HTTP headers: walking a list of them, and looking into a value.  Inline,
 * so that the filter needs nothing else of this room for it.  Event loop.
 */

#ifndef NGX_HTTP_SOCIAL_VIEW_HEADER_H_INCLUDED
#define NGX_HTTP_SOCIAL_VIEW_HEADER_H_INCLUDED


#include "ngx_http_social.h"


typedef struct {
    ngx_list_part_t  *part;
    ngx_uint_t        next;
} ngx_http_social_view_walk_t;


static ngx_inline void
ngx_http_social_view_walk(ngx_http_social_view_walk_t *walk,
    ngx_list_t *headers)
{
    walk->part = &headers->part;
    walk->next = 0;
}


/* the next header, deleted ones (hash 0) too; NULL: that was the last */

static ngx_inline ngx_table_elt_t *
ngx_http_social_view_next_header(ngx_http_social_view_walk_t *walk)
{
    ngx_table_elt_t  *h;

    while (walk->next >= walk->part->nelts) {
        if (walk->part->next == NULL) {
            return NULL;
        }

        walk->part = walk->part->next;
        walk->next = 0;
    }

    h = walk->part->elts;

    return &h[walk->next++];
}


/* 1 if word is in value, in any case; either may be NULL */

static ngx_inline ngx_uint_t
ngx_http_social_view_contains(ngx_str_t *value, const char *word)
{
    return value && word
           && ngx_strlcasestrn(value->data, value->data + value->len,
                               (u_char *) word, ngx_strlen(word) - 1) != NULL;
}


#endif /* NGX_HTTP_SOCIAL_VIEW_HEADER_H_INCLUDED */
