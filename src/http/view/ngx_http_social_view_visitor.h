
/*
 * Who is asking?  Never more than a hash under today's salt, or what a cookie
 * of ours says.
 */

#ifndef NGX_HTTP_SOCIAL_VIEW_VISITOR_H_INCLUDED
#define NGX_HTTP_SOCIAL_VIEW_VISITOR_H_INCLUDED


#include "ngx_http_social_view.h"
#include "social_comment_list.h"
#include "social_siphash.h"


#define NGX_HTTP_SOCIAL_AUTHOR_TIME  (30 * 86400)
#define NGX_HTTP_SOCIAL_MINE_TIME    (180 * 86400)


/* what a mark remembers; part of its hash */

typedef enum {
    NGX_HTTP_SOCIAL_MARK_SHARE = 1,     /* visitor, article, network */
    NGX_HTTP_SOCIAL_MARK_SHARER,        /* visitor, article */
    NGX_HTTP_SOCIAL_MARK_ACTIVE,        /* visitor, article */
    NGX_HTTP_SOCIAL_MARK_REACTION,      /* visitor, article */
    NGX_HTTP_SOCIAL_MARK_GOAL,          /* visitor, goal */
    NGX_HTTP_SOCIAL_MARK_FETCH,         /* network, article, 10 minutes */
    NGX_HTTP_SOCIAL_MARK_VIEW,          /* visitor, article */
    NGX_HTTP_SOCIAL_MARK_REPORT         /* visitor, comment */
} ngx_http_social_mark_e;


/* daily hash of address (IPv6: /64), agent and site; never 0 */
uint64_t ngx_http_social_view_visitor(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/* daily hash of the address alone, for limits */
uint64_t ngx_http_social_view_client(ngx_http_request_t *r,
    ngx_http_social_site_t *site);

/* one number for a mark: who (0: anybody) did what, where, of which kind */
uint64_t ngx_http_social_view_fingerprint(ngx_http_social_site_t *site,
    ngx_http_social_mark_e what, uint64_t who, ngx_str_t *where,
    uint64_t which);

/* the first request header of that name (lower case), or NULL */
ngx_str_t *ngx_http_social_view_request_header(ngx_http_request_t *r,
    const char *name);

/* does the client speak TLS with this server? */
ngx_uint_t ngx_http_social_view_is_https(ngx_http_request_t *r);

/* "social_PURPOSE_SITE", in r->pool; data NULL: no memory */
ngx_str_t ngx_http_social_view_cookie_name(ngx_http_request_t *r,
    ngx_http_social_site_t *site, const char *purpose);
ngx_int_t ngx_http_social_view_cookie_set(ngx_http_request_t *r,
    ngx_str_t *name, ngx_str_t *value, ngx_str_t *path, time_t max_age);

/* is a valid author cookie of the site there? fills name (may be NULL) */
ngx_uint_t ngx_http_social_view_author(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_str_t *name);

/*
 * The commenter's id as the store knows it, from the cookie; NGX_DECLINED:
 * there is none, NGX_ERROR: no memory, there may be one.  _new makes one and
 * sets the cookie.
 */
ngx_int_t ngx_http_social_view_commenter(ngx_http_request_t *r,
    ngx_http_social_site_t *site, u_char id[SOCIAL_COMMENTER_LEN]);
ngx_int_t ngx_http_social_view_commenter_new(ngx_http_request_t *r,
    ngx_http_social_site_t *site, u_char id[SOCIAL_COMMENTER_LEN]);


#endif /* NGX_HTTP_SOCIAL_VIEW_VISITOR_H_INCLUDED */
