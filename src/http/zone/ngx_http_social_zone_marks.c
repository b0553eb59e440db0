
/*
 * What is counted once per visitor and day: marks (a visitor did something)
 * and first touches (where a visitor came from first).  All of them are hashes
 * made with the daily salt.
 *
 * Each table is a hash set of words:
 *
 *   low 40 bits of the hash | low 8 bits of the salt's serial | 16 bits
 *
 * The upper half of a hash says where it begins; it may be in any of the
 * ZONE_PROBES words from there on, in front of the first empty one.  A word of
 * an older salt counts as empty.  A mark that was taken back leaves MARK_GONE,
 * so that those behind it are still found.
 *
 * A full table has an answer of its own, so that shares for which there is no
 * room do not look like repeated ones.  A client gets only a part of the
 * table.
 *
 * Event loop only; takes no lock.
 */

#include "ngx_http_social_zone.h"


/* the 16 bits of a mark; of a first touch they are the source */

#define NGX_HTTP_SOCIAL_MARK_NETWORK  0x00ff    /* number of the first network
                                                 * that was shared to, or 0 */
#define NGX_HTTP_SOCIAL_MARK_ACTED    0x0100    /* counted as active */
#define NGX_HTTP_SOCIAL_MARK_PLAIN    0x0200    /* of ngx_http_social_zone_mark
                                                 * () */
#define NGX_HTTP_SOCIAL_MARK_HEARD    0x0400    /* listened to the article */
#define NGX_HTTP_SOCIAL_MARK_GONE     0xffff


typedef struct {
    ngx_atomic_t       *set;
    uint32_t            n;              /* words in set */
    uint64_t            hash;
    ngx_atomic_uint_t   tag;            /* of a word with this hash */
    ngx_atomic_t       *at;             /* where it is, or may be put */
    ngx_atomic_uint_t   word;           /* what is there */
} ngx_http_social_zone_probe_t;


static void
ngx_http_social_zone_probe_init(ngx_http_social_zone_probe_t *probe,
    ngx_http_social_zone_t *zone, size_t set, uint32_t n, uint64_t hash)
{
    probe->set = ngx_http_social_zone_at(zone, set);
    probe->n = n;
    probe->hash = hash;
    probe->tag = hash << 24 | (zone->salt_serial & 0xff) << 16;
}


/* NGX_OK: found at probe->at; NGX_DECLINED: not found, may be put there;
 * NGX_BUSY: not found, no room */

static ngx_int_t
ngx_http_social_zone_probe(ngx_http_social_zone_probe_t *probe)
{
    uint32_t            i, k;
    ngx_atomic_uint_t   word;

    probe->at = NULL;
    i = (uint32_t) ((probe->hash >> 32) * probe->n >> 32);

    for (k = 0; k < NGX_HTTP_SOCIAL_ZONE_PROBES; k++, i++) {
        i = (i < probe->n) ? i : 0;
        word = probe->set[i];

        if (word == 0 || ((word ^ probe->tag) & 0xff0000)) {
            /* empty, or of an older salt */

            if (probe->at == NULL) {
                probe->at = &probe->set[i];
                probe->word = word;
            }

            return NGX_DECLINED;
        }

        if ((word & 0xffff) == NGX_HTTP_SOCIAL_MARK_GONE) {

            if (probe->at == NULL) {
                probe->at = &probe->set[i];
                probe->word = word;
            }

        } else if ((word ^ probe->tag) <= 0xffff) {
            probe->at = &probe->set[i];
            probe->word = word;
            return NGX_OK;
        }
    }

    return probe->at ? NGX_DECLINED : NGX_BUSY;
}


static void
ngx_http_social_zone_mark_probe(ngx_http_social_zone_probe_t *probe,
    ngx_http_social_zone_t *zone, uint64_t mark)
{
    ngx_http_social_zone_probe_init(probe, zone, zone->marks, zone->nmarks,
                                    mark);
}


/* counts a new mark of a listener; 1: half of the marks are theirs today */

static ngx_uint_t
ngx_http_social_zone_listeners_full(ngx_http_social_zone_t *zone)
{
    ngx_uint_t         tries;
    ngx_atomic_uint_t  was, word;

    for (tries = 0; tries < NGX_HTTP_SOCIAL_ZONE_PROBES; tries++) {
        was = zone->listeners;
        word = (was >> 32 == (uint32_t) zone->salt_serial)
               ? was : (zone->salt_serial & 0xffffffff) << 32;

        if ((uint32_t) word >= zone->nmarks / 2) {
            return 1;
        }

        if (ngx_atomic_cmp_set(&zone->listeners, was, word + 1)) {
            break;
        }
    }

    return 0;
}


/*
 * Finds the word of a mark, or sets it with these bits.  NGX_OK: it was there,
 * and is in the probe; NGX_DECLINED: it is set now; NGX_BUSY: no room.
 */

static ngx_int_t
ngx_http_social_zone_mark_put(ngx_http_social_site_t *site, uint64_t client,
    ngx_http_social_zone_probe_t *probe, ngx_uint_t bits)
{
    ngx_int_t                rc;
    ngx_uint_t               charged, tries;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    charged = 0;

    for (tries = 0; tries < NGX_HTTP_SOCIAL_ZONE_PROBES; tries++) {
        rc = ngx_http_social_zone_probe(probe);

        if (rc == NGX_OK) {
            return NGX_OK;
        }

        if (rc == NGX_BUSY) {
            break;
        }

        /* before the client is charged: refusals are no use of its quota */

        if (!charged && bits == NGX_HTTP_SOCIAL_MARK_HEARD
            && ngx_http_social_zone_listeners_full(zone))
        {
            break;
        }

        if (!charged
            && ngx_http_social_zone_quota(
                   site, client, ngx_http_social_zone_share_of(zone->nmarks)))
        {
            (void) ngx_atomic_fetch_add(&zone->dropped_quota, 1);

            ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                           "social zone \"%V\": a client has used its quota of "
                           "marks: not counted", &site->name);
            return NGX_BUSY;
        }

        charged = 1;

        if (ngx_atomic_cmp_set(probe->at, probe->word, probe->tag | bits)) {
            return NGX_DECLINED;
        }
    }

    (void) ngx_atomic_fetch_add(&zone->dropped_mark, 1);

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social zone \"%V\": no room for a mark: not counted",
                   &site->name);

    return NGX_BUSY;
}


ngx_http_social_zone_mark_e
ngx_http_social_zone_mark(ngx_http_social_site_t *site, uint64_t client,
    uint64_t mark)
{
    ngx_int_t                     rc;
    ngx_http_social_zone_probe_t  probe;

    ngx_http_social_zone_mark_probe(&probe, site->zone, mark);

    rc = ngx_http_social_zone_mark_put(site, client, &probe,
                                       NGX_HTTP_SOCIAL_MARK_PLAIN);

    return rc == NGX_OK ? NGX_HTTP_SOCIAL_ZONE_REPEAT
           : rc == NGX_DECLINED ? NGX_HTTP_SOCIAL_ZONE_NEW
           : NGX_HTTP_SOCIAL_ZONE_FULL;
}


void
ngx_http_social_zone_unmark(ngx_http_social_site_t *site, uint64_t mark)
{
    ngx_http_social_zone_probe_t  probe;

    ngx_http_social_zone_mark_probe(&probe, site->zone, mark);

    if (ngx_http_social_zone_probe(&probe) == NGX_OK) {
        (void) ngx_atomic_cmp_set(probe.at, probe.word,
                                  probe.word | NGX_HTTP_SOCIAL_MARK_GONE);
    }
}


/* a mark of its own for a share to another network than the first */

static uint64_t
ngx_http_social_zone_mark_other(uint64_t pair, ngx_uint_t network)
{
    return pair ^ (network * 0x9e3779b97f4a7c15);
}


/* sets bits in the pair's word; `taken` are those that must not be there yet.
 * NGX_OK: some of them are, *was is what is there */

static ngx_int_t
ngx_http_social_zone_mark_pair(ngx_http_social_site_t *site, uint64_t client,
    uint64_t pair, ngx_uint_t bits, ngx_uint_t taken, ngx_uint_t *was)
{
    ngx_int_t                     rc;
    ngx_uint_t                    tries;
    ngx_http_social_zone_probe_t  probe;

    ngx_http_social_zone_mark_probe(&probe, site->zone, pair);

    for (tries = 0; tries < NGX_HTTP_SOCIAL_ZONE_PROBES; tries++) {
        rc = ngx_http_social_zone_mark_put(site, client, &probe, bits);

        if (rc != NGX_OK) {
            return rc;
        }

        *was = probe.word & 0xffff;

        if (*was & taken) {
            return NGX_OK;
        }

        if (ngx_atomic_cmp_set(probe.at, probe.word, probe.word | bits)) {
            return NGX_DECLINED;
        }
    }

    return NGX_BUSY;
}


ngx_http_social_zone_mark_e
ngx_http_social_zone_mark_share(ngx_http_social_site_t *site, uint64_t client,
    uint64_t pair, ngx_uint_t network, ngx_uint_t *first)
{
    ngx_int_t   rc;
    ngx_uint_t  was;

    *first = 0;
    rc = ngx_http_social_zone_mark_pair(site, client, pair, network,
                                        NGX_HTTP_SOCIAL_MARK_NETWORK, &was);

    if (rc == NGX_DECLINED) {
        *first = 1;
        return NGX_HTTP_SOCIAL_ZONE_NEW;
    }

    if (rc == NGX_BUSY) {
        return NGX_HTTP_SOCIAL_ZONE_FULL;
    }

    if ((was & NGX_HTTP_SOCIAL_MARK_NETWORK) == network) {
        return NGX_HTTP_SOCIAL_ZONE_REPEAT;
    }

    return ngx_http_social_zone_mark(
        site, client, ngx_http_social_zone_mark_other(pair, network));
}


ngx_uint_t
ngx_http_social_zone_marked_share(ngx_http_social_site_t *site, uint64_t pair,
    ngx_uint_t network)
{
    ngx_http_social_zone_probe_t  probe;

    ngx_http_social_zone_mark_probe(&probe, site->zone, pair);

    if (ngx_http_social_zone_probe(&probe) != NGX_OK) {
        return 0;
    }

    if ((probe.word & NGX_HTTP_SOCIAL_MARK_NETWORK) == network) {
        return 1;
    }

    ngx_http_social_zone_mark_probe(
        &probe, site->zone, ngx_http_social_zone_mark_other(pair, network));

    return ngx_http_social_zone_probe(&probe) == NGX_OK;
}


ngx_http_social_zone_mark_e
ngx_http_social_zone_mark_active(ngx_http_social_site_t *site,
    uint64_t client, uint64_t pair)
{
    ngx_int_t   rc;
    ngx_uint_t  was;

    rc = ngx_http_social_zone_mark_pair(site, client, pair,
                                        NGX_HTTP_SOCIAL_MARK_ACTED,
                                        NGX_HTTP_SOCIAL_MARK_ACTED, &was);

    return rc == NGX_OK ? NGX_HTTP_SOCIAL_ZONE_REPEAT
           : rc == NGX_DECLINED ? NGX_HTTP_SOCIAL_ZONE_NEW
           : NGX_HTTP_SOCIAL_ZONE_FULL;
}


ngx_http_social_zone_mark_e
ngx_http_social_zone_mark_listener(ngx_http_social_site_t *site,
    uint64_t client, uint64_t pair)
{
    ngx_int_t   rc;
    ngx_uint_t  was;

    rc = ngx_http_social_zone_mark_pair(site, client, pair,
                                        NGX_HTTP_SOCIAL_MARK_HEARD,
                                        NGX_HTTP_SOCIAL_MARK_HEARD, &was);

    return rc == NGX_OK ? NGX_HTTP_SOCIAL_ZONE_REPEAT
           : rc == NGX_DECLINED ? NGX_HTTP_SOCIAL_ZONE_NEW
           : NGX_HTTP_SOCIAL_ZONE_FULL;
}


/* the bits of a pair's word, 0: there is none */

static ngx_uint_t
ngx_http_social_zone_marked_pair(ngx_http_social_site_t *site, uint64_t pair)
{
    ngx_http_social_zone_probe_t  probe;

    ngx_http_social_zone_mark_probe(&probe, site->zone, pair);

    return ngx_http_social_zone_probe(&probe) == NGX_OK ? probe.word & 0xffff
                                                        : 0;
}


ngx_uint_t
ngx_http_social_zone_marked_sharer(ngx_http_social_site_t *site, uint64_t pair)
{
    return (ngx_http_social_zone_marked_pair(site, pair)
            & NGX_HTTP_SOCIAL_MARK_NETWORK) != 0;
}


ngx_uint_t
ngx_http_social_zone_marked_active(ngx_http_social_site_t *site, uint64_t pair)
{
    return (ngx_http_social_zone_marked_pair(site, pair)
            & NGX_HTTP_SOCIAL_MARK_ACTED) != 0;
}


void
ngx_http_social_zone_unmark_active(ngx_http_social_site_t *site, uint64_t pair)
{
    ngx_uint_t                    tries;
    ngx_http_social_zone_probe_t  probe;

    ngx_http_social_zone_mark_probe(&probe, site->zone, pair);

    for (tries = 0; tries < NGX_HTTP_SOCIAL_ZONE_PROBES; tries++) {

        if (ngx_http_social_zone_probe(&probe) != NGX_OK
            || !(probe.word & NGX_HTTP_SOCIAL_MARK_ACTED)
            || ngx_atomic_cmp_set(probe.at, probe.word,
                                  probe.word
                                  & ~(ngx_atomic_uint_t)
                                      NGX_HTTP_SOCIAL_MARK_ACTED))
        {
            return;
        }
    }
}


/*
 * The article of a first touch is in a word of its own, beside that of the
 * source: upper half of the visitor's hash | lower half of the article's hash.
 * It is written before that of the source, so whoever finds a source finds the
 * article, too.  Where two visitors want the same place, the half of the hash
 * says whose the article is.
 */

static ngx_atomic_t *
ngx_http_social_zone_landing(ngx_http_social_zone_t *zone,
    ngx_http_social_zone_probe_t *probe)
{
    ngx_atomic_t  *landing;

    landing = ngx_http_social_zone_at(zone, zone->landing);

    return &landing[probe->at - probe->set];
}


static void
ngx_http_social_zone_touch_probe(ngx_http_social_zone_probe_t *probe,
    ngx_http_social_zone_t *zone, uint64_t visitor)
{
    ngx_http_social_zone_probe_init(probe, zone, zone->touch, zone->ntouch,
                                    visitor);
}


uint16_t
ngx_http_social_zone_first_touch(ngx_http_social_site_t *site,
    uint64_t visitor, ngx_http_social_slot_t **slot)
{
    ngx_atomic_uint_t             word;
    ngx_http_social_zone_probe_t  probe;

    if (slot) {
        *slot = NULL;
    }

    ngx_http_social_zone_touch_probe(&probe, site->zone, visitor);

    if (ngx_http_social_zone_probe(&probe) != NGX_OK) {
        return 0;
    }

    if (slot) {
        word = *ngx_http_social_zone_landing(site->zone, &probe);

        if (word && word >> 32 == visitor >> 32) {
            *slot = ngx_http_social_zone_table_low(site->zone,
                                                   (uint32_t) word);
        }
    }

    return (uint16_t) probe.word;
}


void
ngx_http_social_zone_first_touch_set(ngx_http_social_site_t *site,
    uint64_t visitor, uint16_t source, ngx_http_social_slot_t *slot)
{
    ngx_int_t                     rc;
    ngx_uint_t                    tries;
    ngx_atomic_t                 *landing;
    ngx_atomic_uint_t             article;
    ngx_http_social_zone_t       *zone;
    ngx_http_social_zone_probe_t  probe;

    zone = site->zone;
    ngx_http_social_zone_touch_probe(&probe, zone, visitor);
    article = (slot == ngx_http_social_zone_slot_site(site))
              ? 0 : (visitor >> 32 << 32) | (uint32_t) slot->hash;

    for (tries = 0; tries < NGX_HTTP_SOCIAL_ZONE_PROBES; tries++) {
        rc = ngx_http_social_zone_probe(&probe);

        if (rc == NGX_OK) {
            return;
        }

        if (rc == NGX_BUSY) {
            break;
        }

        landing = ngx_http_social_zone_landing(zone, &probe);
        *landing = article;

        if (ngx_atomic_cmp_set(probe.at, probe.word, probe.tag | source)) {

            /* another visitor may have wanted this place meanwhile */
            *landing = article;
            return;
        }
    }

    (void) ngx_atomic_fetch_add(&zone->dropped_touch, 1);

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social zone \"%V\": no room for a first touch",
                   &site->name);
}
