
/*
 * Who sent a request: a hash under the day's salt, or what our own cookies
 * say.  Event loop only.
 */

#ifndef NGX_HTTP_SOCIAL_VIEW_VISITOR_H_INCLUDED
#define NGX_HTTP_SOCIAL_VIEW_VISITOR_H_INCLUDED


#include "ngx_http_social_view.h"
#include "social_comment_list.h"
#include "social_siphash.h"


#define NGX_HTTP_SOCIAL_AUTHOR_TIME  (30 * 86400)
#define NGX_HTTP_SOCIAL_BADGE_TIME   (7 * 86400)
#define NGX_HTTP_SOCIAL_MINE_TIME    (180 * 86400)


#define NGX_HTTP_SOCIAL_AUTHOR_LABEL  32    /* bytes, with the NUL */


/* what a mark in the zone says was done; the comment: by whom, where */

typedef enum {
    NGX_HTTP_SOCIAL_MARK_PAIR = 1,      /* visitor, article: shared to which
                                         * networks, was active, listened */
    NGX_HTTP_SOCIAL_MARK_ACTIVE,        /* visitor, name: of a comment */
    NGX_HTTP_SOCIAL_MARK_REACTION,      /* visitor, article */
    NGX_HTTP_SOCIAL_MARK_GOAL,          /* visitor, goal */
    NGX_HTTP_SOCIAL_MARK_VIEW,          /* visitor, article */
    NGX_HTTP_SOCIAL_MARK_REPORT,        /* visitor, comment */
    NGX_HTTP_SOCIAL_MARK_AHEAD,         /* visitor, article: fetched ahead or
                                         * by a script */
    NGX_HTTP_SOCIAL_MARK_SEEN,          /* visitor, article: the beacon came */
    NGX_HTTP_SOCIAL_MARK_LIMIT          /* article: its rate limit */
} ngx_http_social_mark_e;


/* daily hash of address (IPv6: /64), agent and site; never 0 */
uint64_t ngx_http_social_view_visitor(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/* daily hash of the address alone, for limits */
uint64_t ngx_http_social_view_client(ngx_http_request_t *r,
    ngx_http_social_site_t *site);

/* of an IPv6 address's /48, of which one customer may have a whole one; 0: it
 * is IPv4 */
uint64_t ngx_http_social_view_network(ngx_http_request_t *r,
    ngx_http_social_site_t *site);

/* hash for a mark: what, who (a visitor's hash, or a number), where (a key or
 * name), which (0, or a number that tells marks apart) */
uint64_t ngx_http_social_view_fingerprint(ngx_http_social_site_t *site,
    ngx_http_social_mark_e what, uint64_t who, ngx_str_t *where,
    uint64_t which);

/* hash of what the visitor did with the record's article; _before: as it was
 * before midnight, for the beacon; 0: that is not known any more */
uint64_t ngx_http_social_view_mark(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_mark_e what);
uint64_t ngx_http_social_view_mark_before(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_mark_e what);

/* sets the event's state to what a mark's answer (ngx_http_social_zone_mark_e)
 * says: new, repeat or dropped */
void ngx_http_social_view_mark_state(ngx_http_social_rec_t *rec,
    ngx_uint_t mark);

/* the first request header of that name (lower case), or NULL */
ngx_str_t *ngx_http_social_view_request_header(ngx_http_request_t *r,
    const char *name);

/* 1: the connection uses TLS; a proxy's headers do not count */
ngx_uint_t ngx_http_social_view_is_https(ngx_http_request_t *r);

/* "social_PURPOSE_SITE", in r->pool; data NULL: no memory */
ngx_str_t ngx_http_social_view_cookie_name(ngx_http_request_t *r,
    ngx_http_social_site_t *site, const char *purpose);

/* adds Set-Cookie; max_age in seconds; NGX_ERROR: no memory */
ngx_int_t ngx_http_social_view_cookie_set(ngx_http_request_t *r,
    ngx_str_t *name, ngx_str_t *value, ngx_str_t *path, time_t max_age);

/* the label of the author cookie's MAC, which a sign-out changes */
void ngx_http_social_view_author_label(ngx_http_social_site_t *site,
    char label[NGX_HTTP_SOCIAL_AUTHOR_LABEL]);

/* 1: views of this visitor are the author's own: the author cookie is valid,
 * which gives no right */
ngx_uint_t ngx_http_social_view_self(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/* 1: comments of this visitor are the author's, as the moderation location was
 * opened in the last days; name (may be NULL): in r->pool */
ngx_uint_t ngx_http_social_view_author(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_str_t *name);

/*
 * The commenter's id as the store has it, from the cookie.  NGX_DECLINED: no
 * cookie that we made; NGX_AGAIN: the store's secret is not known yet, so it
 * may be one; NGX_ERROR: no memory, so there may be one.  _new makes an id and
 * sets the cookie.
 */
ngx_int_t ngx_http_social_view_commenter(ngx_http_request_t *r,
    ngx_http_social_site_t *site, u_char id[SOCIAL_COMMENTER_LEN]);
ngx_int_t ngx_http_social_view_commenter_new(ngx_http_request_t *r,
    ngx_http_social_site_t *site, u_char id[SOCIAL_COMMENTER_LEN]);

/* takes the new cookie out of the answer */
void ngx_http_social_view_commenter_drop(ngx_http_request_t *r);


#endif /* NGX_HTTP_SOCIAL_VIEW_VISITOR_H_INCLUDED */
