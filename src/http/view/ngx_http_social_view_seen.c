
/*
 * Beacons: confirming a view, counting a page that was fetched ahead or by a
 * script and is seen now, and counting those who listen to the conversation.
 * Which page was sent to whom is in the zone's recent views.
 *
 * Must not touch the store.  Event loop only.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_network.h"


#define NGX_HTTP_SOCIAL_VIEW_SOURCES  64    /* no source has a higher number */


/*
 * A page that was fetched ahead or by a script waits for its beacon as views
 * do.  What the beacon must count is in the low bits of its hash: the class,
 * whether it was the site's own, and the share's network or the source.
 */

static uint64_t
ngx_http_social_view_ahead_mark(uint64_t hash, ngx_http_social_rec_t *rec)
{
    uint64_t  what;

    what = (rec->found.class == NGX_HTTP_SOCIAL_SCRIPT);

    if (rec->found.person == NGX_HTTP_SOCIAL_SELF) {
        what |= 2;

    } else if (rec->found.shared) {
        what |= 4 | (uint64_t) rec->found.shared->number << 3;

    } else {
        what |= (uint64_t) rec->source << 3;
    }

    return hash ^ what;
}


void
ngx_http_social_view_remember_ahead(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    if (!rec->served || r->main->method != NGX_HTTP_GET
        || (rec->found.person != NGX_HTTP_SOCIAL_UNCONFIRMED
            && rec->found.person != NGX_HTTP_SOCIAL_SELF))
    {
        return;
    }

    rec->remembered = 1;
    ngx_http_social_view_find_source(r, rec);
    ngx_http_social_zone_recent_add(
        rec->site, ngx_http_social_view_ahead_mark(
                       ngx_http_social_view_mark(
                           r, rec, NGX_HTTP_SOCIAL_MARK_AHEAD),
                       rec));
}


static ngx_uint_t
ngx_http_social_view_take(uint64_t hash, ngx_http_social_rec_t *rec)
{
    return ngx_http_social_zone_recent_take(
        rec->site, ngx_http_social_view_ahead_mark(hash, rec));
}


/* one class of what was fetched ahead, by trying all that may be in its hash,
 * about a hundred words; 1: found, and the record is filled in */

static ngx_uint_t
ngx_http_social_view_take_class(uint64_t hash, ngx_http_social_rec_t *rec,
    ngx_http_social_view_class_e class)
{
    unsigned                 i;
    const social_network_t  *network;

    rec->found.class = class;
    rec->found.shared = NULL;
    rec->source = 0;
    rec->found.person = NGX_HTTP_SOCIAL_SELF;

    if (ngx_http_social_view_take(hash, rec)) {
        return 1;
    }

    rec->found.person = NGX_HTTP_SOCIAL_UNCONFIRMED;

    for (i = 1; i <= NGX_HTTP_SOCIAL_VIEW_SOURCES; i++) {
        rec->source = i;

        if (ngx_http_social_view_take(hash, rec)) {
            return 1;
        }
    }

    for (i = 0; (network = social_network_at(i)) != NULL; i++) {
        rec->found.shared = network;
        rec->source = ngx_http_social_view_network_source(network);

        if (ngx_http_social_view_take(hash, rec)) {
            return 1;
        }
    }

    rec->found.shared = NULL;
    rec->source = 0;

    return 0;
}


/* where a page that was sent before was counted */

static ngx_http_social_slot_t *
ngx_http_social_view_counted(ngx_http_social_rec_t *rec)
{
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_zone_slot_find(rec->site, &rec->key);

    if (slot == NULL) {
        /* evicted since then */
        slot = ngx_http_social_sync_article(rec->site, &rec->key);
    }

    if (slot == NULL || (slot->flags & NGX_HTTP_SOCIAL_SLOT_UNREAD)) {
        slot = ngx_http_social_zone_slot_site(rec->site);
    }

    return slot;
}


/*
 * A view was seen: from now on its reader may be a listener.  What the page was
 * served as is in the hash, too.  An article without comments has no listeners,
 * so it takes no place among the recent views.
 */

static uint64_t
ngx_http_social_view_seen_mark(uint64_t hash,
    ngx_http_social_view_class_e class)
{
    return hash ^ class;
}


static void
ngx_http_social_view_remember_seen(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_slot_t *slot)
{
    if (ngx_http_social_zone_comments(slot)) {
        ngx_http_social_zone_recent_add(
            rec->site, ngx_http_social_view_seen_mark(
                           ngx_http_social_view_mark(
                               r, rec, NGX_HTTP_SOCIAL_MARK_SEEN),
                           rec->found.class));
    }
}


static void
ngx_http_social_view_count_seen(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    ngx_http_social_slot_t  *slot;

    if (rec->found.class == NGX_HTTP_SOCIAL_PREFETCH) {
        ngx_http_social_zone_count_label(rec->site->zone,
                                         ngx_http_social_view_counted(rec),
                                         SOCIAL_COUNT_SEEN,
                                         SOCIAL_COUNT_PREFETCH);
    }

    slot = ngx_http_social_view_count_slot(r, rec, 0);

    if (rec->found.person == NGX_HTTP_SOCIAL_SELF) {
        ngx_http_social_zone_count(slot, SOCIAL_COUNT_SELF, 1);
        ngx_str_set(&rec->role, "author");
        return;
    }

    ngx_http_social_zone_count(slot, SOCIAL_COUNT_READ, 1);
    ngx_http_social_zone_count(slot, SOCIAL_COUNT_CONFIRMED, 1);
    ngx_http_social_view_count_reader(r, rec, slot);
    ngx_http_social_view_remember_seen(r, rec, slot);
}


static ngx_uint_t
ngx_http_social_view_take_view(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    uint64_t  before;

    if (ngx_http_social_zone_recent_take(
            rec->site, ngx_http_social_view_mark(r, rec,
                                                 NGX_HTTP_SOCIAL_MARK_VIEW)))
    {
        return 1;
    }

    before = ngx_http_social_view_mark_before(r, rec,
                                              NGX_HTTP_SOCIAL_MARK_VIEW);

    return before && ngx_http_social_zone_recent_take(rec->site, before);
}


static ngx_uint_t
ngx_http_social_view_take_ahead(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    uint64_t    hash;
    ngx_uint_t  i;

    for (i = 0; i < 2; i++) {
        hash = i ? ngx_http_social_view_mark_before(r, rec,
                                                    NGX_HTTP_SOCIAL_MARK_AHEAD)
                 : ngx_http_social_view_mark(r, rec,
                                             NGX_HTTP_SOCIAL_MARK_AHEAD);

        if (hash
            && (ngx_http_social_view_take_class(hash, rec,
                                                NGX_HTTP_SOCIAL_PREFETCH)
                || ngx_http_social_view_take_class(hash, rec,
                                                   NGX_HTTP_SOCIAL_SCRIPT)))
        {
            return 1;
        }
    }

    return 0;
}


void
ngx_http_social_view_seen(ngx_http_request_t *r, ngx_http_social_rec_t *rec)
{
    const social_network_t        *preview;
    ngx_http_social_slot_t        *slot;
    ngx_http_social_view_class_e   person;

    if (ngx_http_social_view_take_view(r, rec)) {
        slot = ngx_http_social_view_counted(rec);
        ngx_http_social_zone_count(slot, SOCIAL_COUNT_CONFIRMED, 1);
        rec->found.class = NGX_HTTP_SOCIAL_UNCONFIRMED;
        rec->event = NGX_HTTP_SOCIAL_EVENT_SEEN;
        ngx_http_social_view_remember_seen(r, rec, slot);
        return;
    }

    person = ngx_http_social_view_person(r, rec, &preview);
    rec->found.source_known = 1;

    if (person == NGX_HTTP_SOCIAL_PREVIEW || person == NGX_HTTP_SOCIAL_BOT
        || !ngx_http_social_view_take_ahead(r, rec))
    {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social beacon: no recent view to confirm");
        return;
    }

    if (person == NGX_HTTP_SOCIAL_SELF) {
        rec->found.person = person;
    }

    rec->event = NGX_HTTP_SOCIAL_EVENT_SEEN;
    ngx_http_social_view_count_seen(r, rec);
}


/* what the page was served as that this visitor sees, if it counted as a view:
 * confirmed (SEEN), or not yet (VIEW); NO_VIEW: there is none.  Both stay */

static ngx_http_social_view_class_e
ngx_http_social_view_find_view(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    uint64_t                 hash;
    ngx_uint_t               i, k;
    ngx_http_social_site_t  *site;

    static const ngx_http_social_view_class_e  classes[] = {
        NGX_HTTP_SOCIAL_UNCONFIRMED,
        NGX_HTTP_SOCIAL_PREFETCH,
        NGX_HTTP_SOCIAL_SCRIPT
    };

    site = rec->site;

    for (i = 0; i < 2; i++) {
        hash = i ? ngx_http_social_view_mark_before(r, rec,
                                                    NGX_HTTP_SOCIAL_MARK_SEEN)
                 : ngx_http_social_view_mark(r, rec,
                                             NGX_HTTP_SOCIAL_MARK_SEEN);

        for (k = 0; hash && k < social_nelts(classes); k++) {
            if (ngx_http_social_zone_recent_find(
                    site, ngx_http_social_view_seen_mark(hash, classes[k])))
            {
                return classes[k];
            }
        }

        hash = i ? ngx_http_social_view_mark_before(r, rec,
                                                    NGX_HTTP_SOCIAL_MARK_VIEW)
                 : ngx_http_social_view_mark(r, rec,
                                             NGX_HTTP_SOCIAL_MARK_VIEW);

        if (hash && ngx_http_social_zone_recent_find(site, hash)) {
            return NGX_HTTP_SOCIAL_UNCONFIRMED;
        }
    }

    return NGX_HTTP_SOCIAL_NO_VIEW;
}


void
ngx_http_social_view_listened(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    const social_network_t        *preview;
    ngx_http_social_slot_t        *slot;
    ngx_http_social_zone_mark_e    mark;
    ngx_http_social_view_class_e   class;

    rec->found.source_known = 1;
    slot = ngx_http_social_view_counted(rec);

    if (ngx_http_social_zone_comments(slot) == 0
        || ngx_http_social_view_person(r, rec, &preview)
           != NGX_HTTP_SOCIAL_UNCONFIRMED)
    {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social listener: no comments, or not a reader");
        return;
    }

    class = ngx_http_social_view_find_view(r, rec);

    if (class == NGX_HTTP_SOCIAL_NO_VIEW) {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social listener: no recent view");
        return;
    }

    mark = ngx_http_social_zone_mark_listener(
        rec->site, ngx_http_social_view_client(r, rec->site),
        ngx_http_social_view_mark(r, rec, NGX_HTTP_SOCIAL_MARK_PAIR));

    rec->found.class = class;
    rec->event = NGX_HTTP_SOCIAL_EVENT_SEEN;
    ngx_http_social_view_mark_state(rec, mark);

    if (mark == NGX_HTTP_SOCIAL_ZONE_NEW) {
        ngx_http_social_zone_count(slot, SOCIAL_COUNT_LISTENERS, 1);
    }

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social listener: %V", &rec->state);
}
