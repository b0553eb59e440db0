
/*
 * A view: which article a request asks for, who asks, from where, and which
 * event it becomes.
 *
 *   view             the record of a request
 *   view_article     the article: key, patterns
 *   view_page        what the article's page says of itself
 *   view_tag         the share tag in the query
 *   view_visitor     daily hash of a visitor
 *   view_cookie      the author's and the commenter's cookie
 *   view_class       class and source of a view
 *   view_log         the event, and counting it in the log phase
 *   view_seen        beacons
 *   view_other       addresses that are no pages
 *   view_variables   $social_...
 *   view_header      walking header lists
 *
 * Event loop only.  Must not touch the store.
 */

#ifndef NGX_HTTP_SOCIAL_VIEW_H_INCLUDED
#define NGX_HTTP_SOCIAL_VIEW_H_INCLUDED


#include "ngx_http_social.h"
#include "social_text.h"


/* ngx_http_social_view.c: the record */

/* the record of a main request, made on first use.  NULL: r is a subrequest,
 * the location has no site, or no memory */
ngx_http_social_rec_t *ngx_http_social_view_rec(ngx_http_request_t *r);

/* the same, but never makes one */
ngx_http_social_rec_t *ngx_http_social_view_rec_find(ngx_http_request_t *r);


/* ngx_http_social_view_article.c: the article */


/* 1: by key and patterns, this request's answer may be an article */
ngx_uint_t ngx_http_social_view_is_article(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/* 1: the key may be an article of the site.  *goal: the goal whose page it
 * is, or NULL; a goal's page is no article */
ngx_uint_t ngx_http_social_view_key_article(ngx_http_social_site_t *site,
    ngx_str_t *key, ngx_http_social_goal_t **goal);

/* called when an article's page with a widget is sent, before its body */
void ngx_http_social_view_served(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/*
 * The slot of the record's article, to count in it.  If there is none it is
 * made, unless this client has made too many, or, when `class` is 1, the view's
 * class makes none (bot, preview, prefetch).  NULL: count for the site, so that
 * the totals stay right.
 */
ngx_http_social_slot_t *ngx_http_social_view_slot(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_uint_t class);


/* ngx_http_social_view_page.c: what a page says of itself */

/* where relative links on a page lead, by its <base> */

typedef enum {
    NGX_HTTP_SOCIAL_BASE_OWN = 0,   /* to this host */
    NGX_HTTP_SOCIAL_BASE_OTHER,     /* elsewhere: links need `origin` */
    NGX_HTTP_SOCIAL_BASE_LOST       /* elsewhere, and there is no `origin` */
} ngx_http_social_base_e;

/* keeps what an article's page says of itself, unless the request has a query.
 * To be called before the widget is pinned.  1: what a widget shows of it has
 * changed, one that was pinned before is out of date */
ngx_uint_t ngx_http_social_view_describe(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, const social_html_meta_t *meta);

/* where relative links on the page lead */
ngx_http_social_base_e ngx_http_social_view_page_base(ngx_http_request_t *r,
    ngx_http_social_site_t *site, const social_html_meta_t *meta);


/* ngx_http_social_view_tag.c: the share tag */

/* both rewrite phases */
ngx_int_t ngx_http_social_view_tag_handler(ngx_http_request_t *r);


/* ngx_http_social_view_class.c: class and source */

/* from postconfiguration: builds the table of agents */
ngx_int_t ngx_http_social_view_init(ngx_conf_t *cf);

/* sets found.class and found.preview, once */
void ngx_http_social_view_classify(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/* who sends a request, whatever for: PREVIEW, BOT, SELF or UNCONFIRMED */
ngx_http_social_view_class_e ngx_http_social_view_person(
    ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    const social_network_t **preview);

/* 1: Sec-Purpose says that the browser asks ahead, which is refused for the
 * page of a goal */
ngx_uint_t ngx_http_social_view_asks_ahead(ngx_http_request_t *r);

/* the number of the source that a share on this network brings; 0: none */
ngx_uint_t ngx_http_social_view_network_source(const social_network_t *network);

/* sets source and found.shared, once */
void ngx_http_social_view_find_source(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);


/* ngx_http_social_view_log.c: the event */

/* the record, or NULL; its event is decided if the header has been sent */
ngx_http_social_rec_t *ngx_http_social_view_resolve(ngx_http_request_t *r);

/* from now on the beacon may confirm this view */
void ngx_http_social_view_remember(ngx_http_request_t *r);

/* the slot where the record's view is counted: that of its article as
 * ngx_http_social_view_slot() gives it, else slot 0 */
ngx_http_social_slot_t *ngx_http_social_view_count_slot(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_uint_t class);

/* counts the view's reader and source in that slot.  In slot 0 readers are told
 * apart by visitor and article */
void ngx_http_social_view_count_reader(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_slot_t *slot);

/* 1: the answer's Content-Type is text/html, whatever its parameters */
ngx_uint_t ngx_http_social_view_is_html(ngx_http_request_t *r);

/* log phase */
ngx_int_t ngx_http_social_view_log_handler(ngx_http_request_t *r);


/* ngx_http_social_view_other.c: addresses that are neither pages nor goals */

/* 1: this worker remembers that the last answer was not HTML, and the request
 * has no conditions: it needs no record before its answer is known */
ngx_uint_t ngx_http_social_view_is_other(ngx_http_request_t *r);

/* log phase: 1: is_other() said so last of this request, and was right */
ngx_uint_t ngx_http_social_view_was_other(ngx_http_request_t *r);

/* log phase: remembers the address if its answer was no page and no goal */
void ngx_http_social_view_other_learn(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/* the address has a page now */
void ngx_http_social_view_other_forget(ngx_http_request_t *r);


/* ngx_http_social_view_seen.c: beacons */

/* the same as ngx_http_social_view_remember() for a page that was fetched
 * ahead or by a script */
void ngx_http_social_view_remember_ahead(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/* a beacon's request: confirms the visitor's view of the record's article, or
 * counts a page that was fetched ahead or by a script and is seen now */
void ngx_http_social_view_seen(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/* a beacon that says that comments were in view: counts the visitor as a
 * listener, once a day, if a view of the article by this visitor is remembered,
 * confirmed or not */
void ngx_http_social_view_listened(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);


/* ngx_http_social_view_variables.c: names of events and classes */

/* "" for NGX_HTTP_SOCIAL_NO_EVENT and NGX_HTTP_SOCIAL_NO_VIEW */
ngx_str_t *ngx_http_social_view_event_name(ngx_http_social_event_e event);
ngx_str_t *ngx_http_social_view_class_name(
    ngx_http_social_view_class_e class);


#endif /* NGX_HTTP_SOCIAL_VIEW_H_INCLUDED */
