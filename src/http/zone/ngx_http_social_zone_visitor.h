
/*
 * What shared memory knows of visitors: distinct readers, the salt of their
 * hashes, what they did today, which views wait for their beacon, how many are
 * here now.  Part of ngx_http_social_zone.h, which includes it.
 *
 * A visitor is a hash under the day's salt and nothing else.  Event loop only;
 * must not touch the store.
 */

#ifndef NGX_HTTP_SOCIAL_ZONE_VISITOR_H_INCLUDED
#define NGX_HTTP_SOCIAL_ZONE_VISITOR_H_INCLUDED


/* readers: ngx_http_social_zone_readers.c */

/* adds a visitor (a hash, not 0) to today's readers */
void ngx_http_social_zone_reader_add(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, uint64_t visitor);

/* reader-days so far, today's readers included */
uint64_t ngx_http_social_zone_reader_days(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot);

/* on a new day: adds the last day's readers to the base and starts anew.
 * Call under the mutex */
void ngx_http_social_zone_reader_rotate(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot);

/* frees a sketch (index + 1).  Call under the mutex */
void ngx_http_social_zone_sketch_free(ngx_http_social_zone_t *zone,
    uint32_t sketch);


/* the daily salt: ngx_http_social_zone_salt.c */

/* replaces the salt if its day is over, and wipes yesterday's when its time is
 * over; call it before a salt is used */
void ngx_http_social_zone_salt_today(ngx_http_social_site_t *site);

#define ngx_http_social_zone_salt(zone)                                       \
    (((ngx_http_social_zone_salts_t *)                                        \
         ngx_http_social_zone_at(zone, (zone)->salts))->today)

/* copies yesterday's salt; NGX_DECLINED: it is wiped */
ngx_int_t ngx_http_social_zone_salt_yesterday(ngx_http_social_site_t *site,
    u_char salt[16]);


/* by visitor and day: ngx_http_social_zone_marks.c.  Arguments are hashes
 * made with today's salt; client is of the address alone */

typedef enum {
    NGX_HTTP_SOCIAL_ZONE_NEW = 0,
    NGX_HTTP_SOCIAL_ZONE_REPEAT,            /* was set before, today */
    NGX_HTTP_SOCIAL_ZONE_FULL               /* no room, or the client has used
                                             * its quota: nothing is set */
} ngx_http_social_zone_mark_e;

ngx_http_social_zone_mark_e ngx_http_social_zone_mark(
    ngx_http_social_site_t *site, uint64_t client, uint64_t mark);
void ngx_http_social_zone_unmark(ngx_http_social_site_t *site, uint64_t mark);

/*
 * What a visitor did with an article is in one word, named by a hash of both:
 * the first network it was shared to, and whether the visitor was active.
 * *first is 1 for the first share of the article to any network; _sharer asks
 * whether there was one.
 */
ngx_http_social_zone_mark_e ngx_http_social_zone_mark_share(
    ngx_http_social_site_t *site, uint64_t client, uint64_t pair,
    ngx_uint_t network, ngx_uint_t *first);
ngx_uint_t ngx_http_social_zone_marked_share(ngx_http_social_site_t *site,
    uint64_t pair, ngx_uint_t network);
ngx_uint_t ngx_http_social_zone_marked_sharer(ngx_http_social_site_t *site,
    uint64_t pair);
ngx_http_social_zone_mark_e ngx_http_social_zone_mark_active(
    ngx_http_social_site_t *site, uint64_t client, uint64_t pair);
ngx_uint_t ngx_http_social_zone_marked_active(ngx_http_social_site_t *site,
    uint64_t pair);
void ngx_http_social_zone_unmark_active(ngx_http_social_site_t *site,
    uint64_t pair);

/* whether the visitor listened to the article, in the same word.  At most half
 * of the marks are made for listeners: what is rarer must find room */
ngx_http_social_zone_mark_e ngx_http_social_zone_mark_listener(
    ngx_http_social_site_t *site, uint64_t client, uint64_t pair);

/* the source of the visitor's first visit today; 0: none is known.  *slot (slot
 * may be NULL): of the article that was visited, if it is still here and known,
 * else NULL */
uint16_t ngx_http_social_zone_first_touch(ngx_http_social_site_t *site,
    uint64_t visitor, ngx_http_social_slot_t **slot);

/* sets both, unless they are known; source: not 0, slot: may be slot 0 */
void ngx_http_social_zone_first_touch_set(ngx_http_social_site_t *site,
    uint64_t visitor, uint16_t source, ngx_http_social_slot_t *slot);


/* recent views: ngx_http_social_zone_recent.c */

/* remembers a view until its beacon comes; taking it back returns 1 once,
 * finding it each time */
void ngx_http_social_zone_recent_add(ngx_http_social_site_t *site,
    uint64_t view);
ngx_uint_t ngx_http_social_zone_recent_take(ngx_http_social_site_t *site,
    uint64_t view);
ngx_uint_t ngx_http_social_zone_recent_find(ngx_http_social_site_t *site,
    uint64_t view);

/* 1: it is there, and surely younger than so many seconds */
ngx_uint_t ngx_http_social_zone_recent_young(ngx_http_social_site_t *site,
    uint64_t view, ngx_uint_t seconds);


/* who reads now: ngx_http_social_zone_now.c */

/* notes that a visitor (a hash) reads a page */
void ngx_http_social_zone_now_add(ngx_http_social_site_t *site,
    uint64_t visitor);

/* about how many different visitors did so in the last five minutes; exact for
 * a few.  Reads the whole table: for the status page, not for every request */
ngx_uint_t ngx_http_social_zone_readers_now(ngx_http_social_site_t *site);


#endif /* NGX_HTTP_SOCIAL_ZONE_VISITOR_H_INCLUDED */
