
/*
 * Shared memory of a site: what must be one for all workers, and must
 * survive a reload and the death of a worker.  A cache: truth is the store.
 *
 *   header | slots | table | marks | recent | touch | rate | links |
 *   sketches | chunks
 *
 * slots     an article each: counters that only grow, revision, sketch
 * table     open addressing, a word (hash << 32 | slot + 1) each: lookup
 *           takes no lock
 * links     of free sketches: next free one
 * sketches  HyperLogLog registers for articles with over a hundred readers
 * chunks    64 bytes each, in chains: keys, what pages say of themselves,
 *           labelled counters, the first hundred readers of a day
 * marks     "this visitor did that today": shares, reactions, goals
 * recent    views of the last 30 minutes, for the beacon
 * touch     first touch of the day by visitor
 * rate      limits by client
 *
 * Counting is atomic and takes no lock.  Only making and freeing a slot,
 * growing a sketch and midnight take the slab mutex; the order of stores
 * inside is such that dying anywhere leaves nothing half linked (at worst a
 * chunk is lost until the next start).  No pointers in here: indices only.
 *
 * Event loop only.
 */

#ifndef NGX_HTTP_SOCIAL_ZONE_H_INCLUDED
#define NGX_HTTP_SOCIAL_ZONE_H_INCLUDED


#include "ngx_http_social.h"
#include "social_count.h"
#include "social_sketch.h"


#define NGX_HTTP_SOCIAL_LAYOUT      2
#define NGX_HTTP_SOCIAL_CHUNK       64
#define NGX_HTTP_SOCIAL_EXACT_READERS 100   /* before there is a sketch */

#define NGX_HTTP_SOCIAL_SLOT_FREE     0
#define NGX_HTTP_SOCIAL_SLOT_LIVE     1
#define NGX_HTTP_SOCIAL_SLOT_RETIRED  2     /* unlinked, not yet reusable */

#define NGX_HTTP_SOCIAL_THREAD      0x1     /* the store has comments of it */

#define NGX_HTTP_SOCIAL_WAYS          16    /* places of a word in its table */
#define NGX_HTTP_SOCIAL_RECENT      1800    /* seconds a beacon may take */


/* bytes of a title and an address, each with its NUL */
#define NGX_HTTP_SOCIAL_ABOUT                                                 \
    (sizeof(((social_html_meta_t *) NULL)->title)                             \
     + sizeof(((social_html_meta_t *) NULL)->canonical))


/* what a page says about itself */

typedef struct {
    ngx_str_t               title;
    ngx_str_t               url;            /* absolute, to share */
    time_t                  published;      /* 0: unknown */
    uint32_t                hash;           /* changes when one of them does */
} ngx_http_social_about_t;


struct ngx_http_social_slot_s {
    uint64_t                life;           /* serial, never used twice */
    uint64_t                hash;
    ngx_atomic_t            state;
    ngx_atomic_t            flags;
    ngx_atomic_t            revision;       /* of the widget */
    ngx_atomic_t            comments;       /* approved ones */
    ngx_atomic_t            changes;        /* grows with every count */
    ngx_atomic_t            saved;          /* `changes` when last saved */
    ngx_atomic_t            used;           /* when, by the zone's clock */
    ngx_atomic_t            readers_base;   /* day << 40 | reader-days of all
                                             * days before it */
    ngx_atomic_t            sketch_day;     /* day of exact and sketch */
    uint32_t                key;            /* chunk chain */
    volatile uint32_t       meta;           /* chunk chain, 0: none */
    uint16_t                key_len;
    uint16_t                title_len;      /* meta is title, then url */
    uint16_t                url_len;
    uint16_t                language;       /* index, of the page */
    uint32_t                published;      /* unix seconds, 0 unknown */
    uint32_t                meta_hash;
    uint32_t                meta_saved;     /* the one that the store has */
    uint32_t                described;      /* when, by the zone's clock */
    volatile uint32_t       exact;          /* chain of today's readers */
    volatile uint32_t       exact_old;      /* yesterday's, to be freed */
    volatile uint32_t       sketch;         /* index + 1, 0: none */
    volatile uint32_t       cells;          /* chain of labelled counters */
    ngx_atomic_t            plain[SOCIAL_COUNT_UNLABELLED];
};


struct ngx_http_social_zone_s {
    uint32_t                layout;
    uint32_t                nslots;
    uint32_t                nchunks;
    uint32_t                nsketches;
    uint32_t                table_mask;
    uint32_t                marks_mask;
    uint32_t                recent_mask;
    uint32_t                touch_mask;
    uint32_t                rate_mask;

    /* offsets from the structure's own address */
    size_t                  slots, table, marks, recent, touch, rate, links,
                            sketches, chunks;
    size_t                  size;
    size_t                  pool;           /* how far the slab pool, with
                                             * the mutex, stands before us */

    uint64_t                generation;     /* random */
    u_char                  salt[16];       /* of salt_day; never written */
    ngx_atomic_t            salt_day;       /* days since 1970, UTC */
    u_char                  secret[32];     /* the store's, or for now ours */
    u_char                  secret_old[32]; /* ours, until the store's came */
    ngx_atomic_t            secret_known;   /* 1: secret is the store's */
    ngx_atomic_t            epoch;          /* moves on when every widget
                                             * has to be made anew */

    ngx_atomic_t            free_chunks;    /* tag << 32 | index */
    ngx_atomic_t            next_chunk;     /* never used ones begin here */
    ngx_atomic_t            used_chunks;

    /* these change under the mutex */
    ngx_atomic_t            life;           /* last serial given */
    ngx_atomic_t            free_sketches;  /* index + 1, 0: none */
    ngx_atomic_t            next_sketch;
    ngx_atomic_t            used_sketches;
    ngx_atomic_t            moves;          /* within the table; odd while
                                             * one goes on */
    ngx_atomic_t            live;           /* slots in the table */
    ngx_atomic_t            retired;        /* slots on their way out */
    ngx_atomic_t            next_slot;
    ngx_atomic_t            free_slots;     /* index, 0: none */
    ngx_atomic_t            pressed;        /* second of the last save that
                                             * lack of room made necessary */

    ngx_atomic_t            warm;           /* keys of threads are known */
    ngx_atomic_t            incomplete;     /* some had no room */
    ngx_atomic_t            warming;        /* unix seconds of last try */
    ngx_atomic_t            learned;        /* changes of others are known
                                             * until then, unix seconds */
    ngx_atomic_t            stale;          /* the store is another file: learn
                                             * all of it anew */
    ngx_atomic_t            store_moved;    /* when that was logged */
    ngx_atomic_t            pending;        /* pages on their way that will be
                                             * counted; too many after a
                                             * worker was killed */
    ngx_atomic_t            lease;          /* msec until a save is due */
    ngx_atomic_t            store_bad[2];   /* reading, writing: trouble was
                                             * logged, once */

    /* health */
    ngx_atomic_t            evicted;
    ngx_atomic_t            dropped_slot;   /* no room for an article */
    ngx_atomic_t            dropped_mark;
    ngx_atomic_t            dropped_sketch;
    ngx_atomic_t            dropped_chunk;
    ngx_atomic_t            store_errors;
    ngx_atomic_t            last_save;      /* unix seconds */
};


ngx_int_t ngx_http_social_zone_init(ngx_shm_zone_t *shm_zone, void *data);

/* seconds that a step of the wall clock does not move; never 0 */
#define ngx_http_social_zone_clock()  ((ngx_uint_t) ngx_current_msec / 1000 + 1)

void ngx_http_social_zone_lock(ngx_http_social_zone_t *zone);
void ngx_http_social_zone_unlock(ngx_http_social_zone_t *zone);

/* bytes that are taken */
size_t ngx_http_social_zone_used(ngx_http_social_zone_t *zone);


/* slots: ngx_http_social_zone_slot.c */

/* the slot of a key, NULL if there is none */
ngx_http_social_slot_t *ngx_http_social_zone_slot_find(
    ngx_http_social_site_t *site, ngx_str_t *key);

/* ... made if there is none; NULL: no room, or a bad key.  Pages and events
 * ask ngx_http_social_sync_article(), which makes room, too */
ngx_http_social_slot_t *ngx_http_social_zone_slot_make(
    ngx_http_social_site_t *site, ngx_str_t *key);

/* the site itself: slot 0, key "" */
ngx_http_social_slot_t *ngx_http_social_zone_slot_site(
    ngx_http_social_site_t *site);

/* from now on the store is asked for the article's comments */
void ngx_http_social_zone_slot_set_thread(ngx_http_social_slot_t *slot);

/* copies the key: buf of SOCIAL_KEY_MAX + 1 bytes, NUL-terminated */
size_t ngx_http_social_zone_slot_key(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, u_char *buf);

/* keeps what a page says about itself; a save brings it to the store.  Where
 * it changes with every answer, it is taken once in ten seconds */
void ngx_http_social_zone_slot_describe(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, ngx_str_t *title, ngx_str_t *url,
    time_t published);

/*
 * What the page says about itself, copied under the mutex, since another
 * worker may change it at the same moment.  Title and address point into buf,
 * each with a NUL behind it; they are "" where nothing is known.
 */
void ngx_http_social_zone_slot_about(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, ngx_http_social_about_t *about,
    u_char buf[NGX_HTTP_SOCIAL_ABOUT]);

/* under the mutex: out of the table, nobody finds it any more; and later:
 * its memory is given back */
void ngx_http_social_zone_slot_retire(ngx_http_social_zone_t *zone,
    ngx_uint_t at);
void ngx_http_social_zone_slot_free(ngx_http_social_zone_t *zone,
    ngx_uint_t at);


/* room: ngx_http_social_zone_evict.c */

/* after a save: where less than an eighth is free, unlinks the coldest slots
 * without unsaved counts; frees what was unlinked long enough ago */
void ngx_http_social_zone_evict(ngx_http_social_site_t *site);


/* counting: any worker, any time, no lock; ngx_http_social_zone_count.c */

void ngx_http_social_zone_count(ngx_http_social_slot_t *slot,
    social_count_e kind, ngx_uint_t n);
void ngx_http_social_zone_count_label(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, social_count_e kind, uint32_t label);

/* calls handler for every labelled counter of a slot */
typedef void (*ngx_http_social_cell_pt)(void *data, social_count_e kind,
    uint32_t label, uint64_t value);
void ngx_http_social_zone_count_each(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, ngx_http_social_cell_pt handler,
    void *data);


/* readers: ngx_http_social_zone_readers.c */

/* a reader of today: adds to exact set or sketch */
void ngx_http_social_zone_reader_add(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, uint64_t visitor);

/* reader-days so far, today's included */
uint64_t ngx_http_social_zone_reader_days(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot);

/* under the mutex: yesterday's readers go into the base */
void ngx_http_social_zone_reader_rotate(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot);

/* under the mutex: gives a sketch back */
void ngx_http_social_zone_sketch_free(ngx_http_social_zone_t *zone,
    uint32_t sketch);


/* days: ngx_http_social_zone_day.c */

/* today's salt is in place; replaces it (and clears marks) at midnight */
void ngx_http_social_zone_salt_today(ngx_http_social_site_t *site);

/* 1: not marked before today (and now it is); 0: a repeat */
ngx_uint_t ngx_http_social_zone_mark(ngx_http_social_site_t *site,
    uint64_t what);
ngx_uint_t ngx_http_social_zone_marked(ngx_http_social_site_t *site,
    uint64_t what);
void ngx_http_social_zone_unmark(ngx_http_social_site_t *site, uint64_t what);

/* remembers a view for the beacon; takes one back: 1 if there was one */
void ngx_http_social_zone_recent_add(ngx_http_social_site_t *site,
    uint64_t view);
ngx_uint_t ngx_http_social_zone_recent_take(ngx_http_social_site_t *site,
    uint64_t view);

/* first touch of the day: sets if there is none, returns what stands */
uint16_t ngx_http_social_zone_first_touch(ngx_http_social_site_t *site,
    uint64_t visitor, uint16_t source);

/* takes one of n per `seconds`; 0, or seconds until there is one */
time_t ngx_http_social_zone_rate_limit(ngx_http_social_site_t *site,
    uint64_t client, ngx_uint_t n, time_t seconds);


/* chunks: ngx_http_social_zone_chunk.c */

void *ngx_http_social_zone_chunk_at(ngx_http_social_zone_t *zone, uint32_t i);
uint32_t ngx_http_social_zone_chunk_alloc(ngx_http_social_zone_t *zone);
void ngx_http_social_zone_chunk_free(ngx_http_social_zone_t *zone,
    uint32_t chain);

/* bytes in a chain of chunks; 0: no room */
uint32_t ngx_http_social_zone_chain_make(ngx_http_social_zone_t *zone,
    const u_char *a, size_t alen, const u_char *b, size_t blen);
void ngx_http_social_zone_chain_copy(ngx_http_social_zone_t *zone,
    uint32_t chain, size_t offset, size_t len, u_char *buf);
ngx_uint_t ngx_http_social_zone_chain_equal(ngx_http_social_zone_t *zone,
    uint32_t chain, const u_char *data, size_t len);


/* places in the zone; slot 0 is the site itself */

#define ngx_http_social_zone_at(zone, offset)                                 \
    ((void *) ((u_char *) (zone) + (offset)))

#define ngx_http_social_zone_slot_at(zone, i)                                 \
    ((ngx_http_social_slot_t *)                                               \
         ngx_http_social_zone_at(zone, (zone)->slots) + (i))


#endif /* NGX_HTTP_SOCIAL_ZONE_H_INCLUDED */
