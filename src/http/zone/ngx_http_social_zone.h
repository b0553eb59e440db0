
/*
 * Shared memory of a site: what all workers share, and what must survive a
 * reload or the death of a worker.  It is a cache: the store holds the truth.
 *
 *   header | salts | slots | table | marks | recent | touch | landing | now |
 *   rate | quotas | links | sketches | chunks
 *
 * salts     of today and, for 30 minutes, of yesterday; on a page of their own
 *           that core dumps leave out
 * slots     one per article: counters that only grow, revision, readers
 * table     finds a slot by its key: open addressing, words of
 *           (hash << 32 | slot + 1); lookup takes no lock
 * marks     "this visitor did that today": shares, listening, reports, goals
 * recent    views of the last 30 minutes, each waits for its beacon
 * touch     the source of each visitor's first visit today
 * landing   the article of that visit, a word for each of touch
 * now       when somebody last read, by a few bits of the reader's hash
 * rate      rate limits by client
 * quotas    how many marks and first touches each client was given today
 * links     list of free sketches
 * sketches  HyperLogLog registers, for articles with over 100 readers today
 * chunks    64 bytes each, in chains: keys, titles and addresses, labelled
 *           counters, the first 100 readers of a day
 *
 * Counting is atomic and takes no lock.  Making, describing and freeing a
 * slot, an article's next chunk of readers or its sketch, and midnight take
 * the slab pool's mutex.  All stores are ordered so that a worker may die
 * between any two of them: at worst some chunks or a sketch are lost until
 * nginx restarts.  t/unit/zone.c dies before each of them.
 *
 * Words of marks, touch and quotas carry the low 8 bits of the salt's serial
 * number: those made under an older salt count as empty, so nothing has to be
 * cleared at midnight.
 *
 * Workers may map the zone at different addresses: it holds indices and
 * offsets, never pointers.  Event loop only; must not touch the store.
 */

#ifndef NGX_HTTP_SOCIAL_ZONE_H_INCLUDED
#define NGX_HTTP_SOCIAL_ZONE_H_INCLUDED


#include "ngx_http_social.h"
#include "social_count.h"
#include "social_sketch.h"


#define NGX_HTTP_SOCIAL_ZONE_LAYOUT         10
#define NGX_HTTP_SOCIAL_ZONE_CHUNK          64
#define NGX_HTTP_SOCIAL_ZONE_REASON         128     /* bytes */
#define NGX_HTTP_SOCIAL_ZONE_EXACT_READERS  100
#define NGX_HTTP_SOCIAL_ZONE_WAYS           16      /* places in a table where
                                                     * a hash may be */
#define NGX_HTTP_SOCIAL_ZONE_PROBES         64      /* the same, of marks and
                                                     * first touches */
#define NGX_HTTP_SOCIAL_ZONE_CHAIN          4096    /* chunks, at most */
#define NGX_HTTP_SOCIAL_ZONE_RECENT         1800    /* seconds for a beacon */
#define NGX_HTTP_SOCIAL_ZONE_DAY_SHIFT      40      /* in readers_base */
#define NGX_HTTP_SOCIAL_ZONE_WORKERS        128     /* that are known */

#define NGX_HTTP_SOCIAL_SLOT_FREE     0
#define NGX_HTTP_SOCIAL_SLOT_LIVE     1
#define NGX_HTTP_SOCIAL_SLOT_RETIRED  2     /* not in the table, not yet free */

#define NGX_HTTP_SOCIAL_SLOT_THREAD   0x1   /* the store may have comments */
#define NGX_HTTP_SOCIAL_SLOT_ABSOLUTE 0x2   /* the page's <base> leads to
                                             * another host */
#define NGX_HTTP_SOCIAL_SLOT_CLOSED   0x8   /* the store refused a comment: it
                                             * has known the article for longer
                                             * than `close=` */
#define NGX_HTTP_SOCIAL_SLOT_UNREAD   0x4   /* no reader yet: what the page says
                                             * of itself is known here, but it
                                             * is no article in the store.
                                             * Counts are slot 0's */


/* bytes of a title and two addresses, each with its NUL */
#define NGX_HTTP_SOCIAL_ABOUT                                                 \
    (sizeof(((social_html_meta_t *) NULL)->title)                             \
     + sizeof(((social_html_meta_t *) NULL)->canonical)                       \
     + sizeof(((social_html_meta_t *) NULL)->og_image))


/* words hold two 32-bit numbers, or a day and a count; `config` checks it */
_Static_assert(sizeof(ngx_atomic_t) == 8, "64-bit atomics are needed");


/* what a page says about itself */

typedef struct {
    ngx_str_t               title;
    ngx_str_t               url;            /* to share: below `origin`, or
                                             * without `origin` a path */
    ngx_str_t               image;          /* absolute, or a path */
    time_t                  published;      /* 0: unknown */
    uint32_t                hash;           /* of the four above */
} ngx_http_social_about_t;


struct ngx_http_social_slot_s {
    uint64_t                life;           /* serial number, never reused */
    uint64_t                hash;           /* of the key */
    ngx_atomic_t            state;
    ngx_atomic_t            flags;
    ngx_atomic_t            revision;       /* of the widget */
    ngx_atomic_t            withdrawn;      /* grows when a comment that was
                                             * shown goes or changes */
    ngx_atomic_t            comments;       /* number of the change << 32 |
                                             * approved ones, both of the
                                             * store */
    ngx_atomic_t            likes;          /* changes << 32 | number, both of
                                             * the store */
    ngx_atomic_t            changes;        /* grows with every count */
    ngx_atomic_t            changes_saved;  /* `changes` at the last save */
    ngx_atomic_t            last_used;      /* seconds of the zone's clock */
    ngx_atomic_t            readers_base;   /* day << 40 | reader-days of all
                                             * days before it */
    ngx_atomic_t            sketch_day;     /* day of exact and sketch */
    uint32_t                key;            /* chunk chain */
    volatile uint32_t       meta;           /* chunk chain, 0: none */
    uint16_t                key_len;
    uint16_t                title_len;      /* meta: title, url, image */
    uint16_t                url_len;
    uint16_t                image_len;
    uint16_t                language;       /* index, of the page */
    uint32_t                published;      /* unix seconds, 0: unknown */
    uint32_t                meta_hash;
    uint32_t                meta_saved;     /* the meta_hash last saved */
    uint32_t                described_at;   /* seconds of the zone's clock */
    uint32_t                turned_at;      /* language or base changed */
    volatile uint32_t       exact;          /* chunk chain: today's readers */
    volatile uint32_t       exact_yesterday;    /* freed at midnight */
    volatile uint32_t       sketch;         /* index + 1, 0: none */
    volatile uint32_t       cells;          /* chunk chain: labelled counters */
    ngx_atomic_t            plain[SOCIAL_COUNT_UNLABELLED];
};


/* how it was before a slot changes, so that the next holder of the mutex can
 * repair it if the worker that changes it dies */

typedef struct {
    ngx_atomic_t            at;             /* the slot's number, 0: none */
    ngx_atomic_t            state;          /* all as they were before */
    ngx_atomic_t            live;
    ngx_atomic_t            retired;
} ngx_http_social_zone_undo_t;


/* on a page of its own */

typedef struct {
    u_char                  today[16];      /* of salt_day; never stored */
    u_char                  yesterday[16];  /* to confirm views of before
                                             * midnight, nothing else */
    ngx_atomic_t            yesterday_until;    /* unix seconds, 0: unknown */
} ngx_http_social_zone_salts_t;


/* one hour's views, to find out whether most come from one address */

typedef struct {
    ngx_atomic_t            hour;           /* since 1970 */
    ngx_atomic_t            views;
    ngx_atomic_t            client;         /* hash << 32 | lead of the client
                                             * that may have the majority */
    ngx_atomic_t            client_views;   /* since it is `client` */
    ngx_atomic_t            agents;         /* bitmap of its agents' hashes */
    ngx_atomic_t            found;          /* the last hour of which it is
                                             * true */
} ngx_http_social_zone_crowd_t;


struct ngx_http_social_zone_s {
    uint32_t                layout;
    uint32_t                nslots;
    uint32_t                nchunks;
    uint32_t                nsketches;
    uint32_t                table_mask;
    uint32_t                nmarks;
    uint32_t                nrecent;
    uint32_t                ntouch;
    uint32_t                nnow;
    uint32_t                nrate;
    uint32_t                nquotas;

    /* offsets from the structure's own address */
    size_t                  salts, slots, table, marks, recent, touch, landing,
                            now, rate, quotas, links, sketches, chunks;
    size_t                  size;
    size_t                  pool_offset;    /* from the slab pool, which has
                                             * the mutex, to the zone */

    uint64_t                generation;     /* random; names this zone in the
                                             * store's watermarks */
    ngx_atomic_t            salt_day;       /* days since 1970, UTC */
    ngx_atomic_t            salt_serial;    /* grows with each new salt */
    u_char                  secret[32];     /* the store's; random until the
                                             * keys are loaded */
    u_char                  secret_old[32]; /* the one before: tokens of pages
                                             * that are open stay valid */
    ngx_atomic_t            secret_known;   /* 1: secret is the store's */
    char                    store_identity[96]; /* of the store whose keys are
                                             * loaded; "": none yet */
    ngx_atomic_t            epoch;          /* grows when all widgets have to
                                             * be rendered again */

    ngx_atomic_t            free_chunks;    /* tag << 32 | index */
    ngx_atomic_t            next_chunk;     /* all from here were never used */
    ngx_atomic_t            used_chunks;

    /* these change under the mutex */
    ngx_http_social_zone_undo_t  undo;
    ngx_atomic_t            life;           /* last serial number given */
    ngx_atomic_t            free_sketches;  /* index + 1, 0: none */
    ngx_atomic_t            next_sketch;
    ngx_atomic_t            used_sketches;
    ngx_atomic_t            table_moves;    /* odd while words move */
    ngx_atomic_t            live;           /* slots in the table */
    ngx_atomic_t            retired;        /* slots retired, not yet free */
    ngx_atomic_t            next_slot;
    ngx_atomic_t            free_slots;     /* index, 0: none */

    /* of the sync room */
    ngx_atomic_t            room_made;      /* second of the last save that
                                             * was made to evict articles */
    ngx_atomic_t            keys_loaded;    /* 1: the keys of all articles
                                             * with threads or likes are
                                             * here */
    ngx_atomic_t            keys_incomplete;    /* 1: some found no room: an
                                             * unknown key may have a thread */
    ngx_atomic_t            load_began;     /* unix seconds, 0: no load runs */
    ngx_atomic_t            change;         /* number of the store's last
                                             * change that is known here */
    ngx_atomic_t            store_replaced; /* 1: load all keys again */
    ngx_atomic_t            replaced_logged;    /* unix seconds */
    ngx_atomic_t            poll_due;       /* msec of the monotonic clock */
    ngx_atomic_t            clock_wrong;    /* this was told */
    ngx_atomic_t            workers[NGX_HTTP_SOCIAL_ZONE_WORKERS];
                                            /* processes that use this zone,
                                             * and some that were killed; 0:
                                             * none */

    ngx_atomic_t            anew;           /* 1: nginx was started with this
                                             * zone, and no other process of it
                                             * runs; 0: the store was told */

    /* of a machine among several; msec of the monotonic clock, 0: never */
    ngx_atomic_t            note_due;       /* the next note in the store */
    ngx_atomic_t            lease_until;    /* upkeep is this machine's */
    ngx_atomic_t            saved_at;       /* all that was counted was saved */
    ngx_atomic_t            flush;          /* the last request to save that was
                                             * seen, 0: none */
    ngx_atomic_t            flush_answered; /* the last one that was obeyed */

    ngx_atomic_t            save_due;       /* unix msec of the next save */
    ngx_atomic_t            age_due;        /* unix seconds: the next time that
                                             * retention is looked after */
    ngx_atomic_t            health_saved;   /* sum of the counters below that
                                             * the store has */

    ngx_atomic_t            writer;         /* the worker that began to write
                                             * last */
    ngx_atomic_t            writer_since;   /* msec of the monotonic clock: no
                                             * other has begun since */
    ngx_atomic_t            pending;        /* pages being sent that will be
                                             * counted; too many after a
                                             * worker was killed */
    ngx_atomic_t            store_failed[2];    /* reading, writing: hash of
                                             * the reason, 0: it works */

    /* health */
    ngx_atomic_t            evicted;
    ngx_atomic_t            dropped_slot;   /* no room for an article */
    ngx_atomic_t            dropped_mark;   /* no room for a mark */
    ngx_atomic_t            dropped_touch;  /* no room for a first touch */
    ngx_atomic_t            dropped_quota;  /* marks and first touches of a
                                             * client that has used its quota */
    ngx_atomic_t            listeners;      /* serial of the salt << 32 | marks
                                             * that were made for listeners */
    ngx_atomic_t            limited_articles;   /* views that made no article:
                                                 * their client made too many */
    ngx_atomic_t            limited_posts;  /* refused with 429 */
    ngx_atomic_t            broken_chains;
    ngx_atomic_t            reported[4];    /* unix seconds: when each line of
                                             * zone_report() was logged */
    ngx_atomic_t            reported_count[4];  /* and the count that it told */
    ngx_http_social_zone_crowd_t  crowd;
    ngx_atomic_t            dropped_sketch;
    ngx_atomic_t            dropped_chunk;
    ngx_atomic_t            store_errors;
    ngx_atomic_t            store_errors_by[2];     /* reading, writing */
    ngx_atomic_t            last_save;      /* unix seconds */

    /* of store_failed: what was logged since the trouble began, or since the
     * last reload */
    ngx_atomic_t            store_told[2];      /* a bit for each reason */
    ngx_atomic_t            store_told_last[2]; /* hash of the last one */
    ngx_atomic_t            store_told_at[2];   /* unix seconds */
    ngx_atomic_t            store_level[2];     /* its level */

    /* since the configuration was loaded; only with `article` */
    ngx_atomic_t            matched;        /* 1: an article was served */
    ngx_atomic_t            unmatched;      /* HTML pages that were none,
                                             * until then */

    /* these change under the mutex */
    ngx_atomic_t            unmatched_len;
    u_char                  unmatched_key[SOCIAL_KEY_MAX];  /* the last one */
    u_char                  store_reason[2][NGX_HTTP_SOCIAL_ZONE_REASON];
    ngx_atomic_t            signout;        /* the store's: part of the MAC of
                                             * author cookies */
    ngx_atomic_t            reads_refused;  /* 429 or 503: too many wait, or too
                                             * much is being sent */
    ngx_atomic_t            cut_pages;      /* comments had to be left out, or
                                             * it could not be rendered */
    ngx_atomic_t            cut_logged;     /* unix seconds */
};


/* begins anew with what depends on the configuration; at a reload, in the
 * master */
void ngx_http_social_zone_reloaded(ngx_http_social_zone_t *zone);


/* a page of the site was served that is an article, or one that is none.  The
 * second returns how many there were while no article was served; 0: one was.
 * Takes the mutex */
void ngx_http_social_zone_matched(ngx_http_social_zone_t *zone);
ngx_uint_t ngx_http_social_zone_unmatched(ngx_http_social_zone_t *zone,
    ngx_str_t *key);

/* copies the key of the last page that was no article into buf, of
 * SOCIAL_KEY_MAX + 1 bytes, and a NUL.  Takes the mutex */
void ngx_http_social_zone_unmatched_key(ngx_http_social_zone_t *zone,
    u_char *buf);

/* why the store fails, as text with a NUL in buf, of ZONE_REASON bytes; "": it
 * works.  Takes the mutex */
void ngx_http_social_zone_reason(ngx_http_social_zone_t *zone,
    ngx_uint_t writer, u_char *buf);
void ngx_http_social_zone_reason_set(ngx_http_social_zone_t *zone,
    ngx_uint_t writer, ngx_str_t *text);


/* an ngx_shm_zone_init_pt: shm_zone->data is the site; sets site->zone */
ngx_int_t ngx_http_social_zone_init(ngx_shm_zone_t *shm_zone, void *data);

/* seconds, steady when the wall clock is set; never 0 */
#define ngx_http_social_zone_clock()                                          \
    ((ngx_uint_t) ngx_current_msec / 1000 + 1)

/* the mutex; not recursive.  Repairs what a dead worker has left */
void ngx_http_social_zone_lock(ngx_http_social_zone_t *zone);
void ngx_http_social_zone_unlock(ngx_http_social_zone_t *zone);

/* bytes in use */
size_t ngx_http_social_zone_used(ngx_http_social_zone_t *zone);


/* slots: ngx_http_social_zone_slot.c */

/* with a random SipHash key of the zone, so that nobody can choose what
 * collides; other ones after a restart */
uint64_t ngx_http_social_zone_hash(ngx_http_social_zone_t *zone,
    u_char *data, size_t len);

/* of an article's key; the last key's is remembered */
uint64_t ngx_http_social_zone_key_hash(ngx_http_social_zone_t *zone,
    ngx_str_t *key);

/* the slot of a key, NULL if there is none */
ngx_http_social_slot_t *ngx_http_social_zone_slot_find(
    ngx_http_social_site_t *site, ngx_str_t *key);

/* finds the slot of a key, or makes it with these flags.  NULL: no room, or the
 * key is empty or too long.  Callers that can wait for room use
 * ngx_http_social_sync_article() */
ngx_http_social_slot_t *ngx_http_social_zone_slot_make(
    ngx_http_social_site_t *site, ngx_str_t *key, ngx_uint_t flags);

/* an UNREAD slot becomes an article's */
void ngx_http_social_zone_slot_set_read(ngx_http_social_slot_t *slot);

/* slot 0, which counts for the site itself; its key is "" */
ngx_http_social_slot_t *ngx_http_social_zone_slot_site(
    ngx_http_social_site_t *site);

/* from now on the article's comments are loaded from the store */
void ngx_http_social_zone_slot_set_thread(ngx_http_social_slot_t *slot);

/* the store takes no more comments of the article; does nothing if it has no
 * slot.  A reload takes it back */
void ngx_http_social_zone_slot_set_closed(ngx_http_social_site_t *site,
    ngx_str_t *key);

/* copies the key into buf, of SOCIAL_KEY_MAX + 1 bytes, and a NUL; returns its
 * length */
size_t ngx_http_social_zone_slot_key(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, u_char *buf);

/* 1: the page's language or base may change its widget now: at most once in 10
 * seconds, or a page in the language of each reader would change it for each of
 * them.  The first description is no change */
ngx_uint_t ngx_http_social_zone_slot_turn(ngx_http_social_slot_t *slot);

/* keeps what a page says about itself, except the hash; the next save stores
 * it.  url.data NULL: keeps the one that is known.  1: what a widget shows of
 * it has changed, and its revision has grown.  At most once in 10 seconds for
 * an article.  Takes the mutex */
ngx_uint_t ngx_http_social_zone_slot_describe(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, ngx_http_social_about_t *about);

/*
 * Copies what a page says about itself.  The strings point into buf, each
 * followed by a NUL; they are "" if nothing is known.  Takes the mutex, since
 * another worker may change them.
 */
void ngx_http_social_zone_slot_about(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, ngx_http_social_about_t *about,
    u_char buf[NGX_HTTP_SOCIAL_ABOUT]);

/* takes slot number `at` out of the table: nobody finds it any more, but a
 * request that found it before may still use it.  Call under the mutex */
void ngx_http_social_zone_slot_retire(ngx_http_social_zone_t *zone,
    ngx_uint_t at);

/* a worker died while it changed a slot: finishes what can be finished, takes
 * back the rest.  Call under the mutex */
void ngx_http_social_zone_slot_repair(ngx_http_social_zone_t *zone);

/* frees a retired slot and its chunks.  Call under the mutex, when nobody can
 * still use the slot */
void ngx_http_social_zone_slot_free(ngx_http_social_zone_t *zone,
    ngx_uint_t at);


/* the table of slots: ngx_http_social_zone_table.c */

/* a slot's number + 1, or 0; then *room is the free word where the key
 * belongs, or (ngx_uint_t) -1.  To use *room, call it under the mutex */
ngx_uint_t ngx_http_social_zone_table_probe(ngx_http_social_zone_t *zone,
    ngx_str_t *key, uint64_t hash, ngx_uint_t *room);

/* the same, but takes the mutex if words moved meanwhile */
ngx_uint_t ngx_http_social_zone_table_lookup(ngx_http_social_zone_t *zone,
    ngx_str_t *key, uint64_t hash);

/* the slot of which only the low half of the hash is known, NULL if there is
 * none; takes the mutex if words moved meanwhile */
ngx_http_social_slot_t *ngx_http_social_zone_table_low(
    ngx_http_social_zone_t *zone, uint32_t low);

/* the place of a slot's word, or (ngx_uint_t) -1.  Call under the mutex */
ngx_uint_t ngx_http_social_zone_table_find(ngx_http_social_zone_t *zone,
    uint64_t hash, ngx_uint_t at);

/* removes a slot's word, or both if a worker died and left it twice.  Call
 * under the mutex */
void ngx_http_social_zone_table_remove(ngx_http_social_zone_t *zone,
    uint64_t hash, ngx_uint_t at);


/* eviction: ngx_http_social_zone_evict.c */

/* to be called after a save.  If less than an eighth of slots or chunks is
 * free, retires the least recently used slots whose counts are saved; frees
 * slots that were retired some seconds ago */
void ngx_http_social_zone_evict(ngx_http_social_site_t *site);


/* counting, without a lock: ngx_http_social_zone_count.c */

void ngx_http_social_zone_count(ngx_http_social_slot_t *slot,
    social_count_e kind, ngx_uint_t n);
void ngx_http_social_zone_count_label(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, social_count_e kind, uint32_t label);

/* the label of a goal, or, with a source's number, of both; names may have the
 * same label, but hardly those of one site */
uint32_t ngx_http_social_zone_goal_label(ngx_str_t *name, ngx_uint_t source);

/* the article's approved comments; setting them does nothing if their number
 * as of that change of the store, or of a later one, is known.  Raise the
 * revision first: what is known is not learned again, so a worker that dies in
 * between would leave old widgets */
ngx_uint_t ngx_http_social_zone_comments(ngx_http_social_slot_t *slot);
ngx_uint_t ngx_http_social_zone_comments_known(ngx_http_social_slot_t *slot,
    uint64_t change);
void ngx_http_social_zone_comments_set(ngx_http_social_slot_t *slot,
    uint64_t comments, uint64_t change);

/* the article's likes; setting them does nothing if more changes of the number
 * are known already: answers of the store may overtake each other */
ngx_uint_t ngx_http_social_zone_likes(ngx_http_social_slot_t *slot);
void ngx_http_social_zone_likes_set(ngx_http_social_slot_t *slot,
    uint64_t likes, uint64_t changes);

/* calls handler for every labelled counter of a slot */
typedef void (*ngx_http_social_zone_cell_pt)(void *data, social_count_e kind,
    uint32_t label, uint64_t value);
void ngx_http_social_zone_count_each(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, ngx_http_social_zone_cell_pt handler,
    void *data);


/* limits by client: ngx_http_social_zone_rate_limit.c */

/* counts one use by client (a hash) if it has used fewer than n per `seconds`
 * and returns 0; else returns in how many seconds to try again.  At most 256
 * in a second, and a day */
time_t ngx_http_social_zone_rate_limit(ngx_http_social_site_t *site,
    uint64_t client, ngx_uint_t n, time_t seconds);

/* counts one use by client if it has used fewer than n today; returns 1 if it
 * has, else 0 */
ngx_uint_t ngx_http_social_zone_quota(ngx_http_social_site_t *site,
    uint64_t client, ngx_uint_t n);

/* a client's share of a table of n words a day */
#define ngx_http_social_zone_share_of(n)  ngx_max((n) / 64, 1)


/* what an admin has to know: ngx_http_social_zone_report.c */

/* logs, once an hour at most each, what does not fit into the zone */
void ngx_http_social_zone_report(ngx_http_social_site_t *site);

/* notes the client and agent (hashes) of a view that is counted */
void ngx_http_social_zone_crowd_add(ngx_http_social_site_t *site,
    uint64_t client, uint64_t agent);

/* 1: most views of the last hour came from one address with many agents, as
 * behind a proxy when nginx is not told the readers' addresses */
ngx_uint_t ngx_http_social_zone_crowd_found(ngx_http_social_site_t *site);


/* chunks: ngx_http_social_zone_chunk.c */

/* an index of a chunk is never 0 */
void *ngx_http_social_zone_chunk_at(ngx_http_social_zone_t *zone, uint32_t i);

/* a chunk filled with zeros; 0: no room */
uint32_t ngx_http_social_zone_chunk_alloc(ngx_http_social_zone_t *zone);

/* frees a whole chain; 0 is an empty chain */
void ngx_http_social_zone_chunk_free(ngx_http_social_zone_t *zone,
    uint32_t chain);

/* a walk along a chain */

typedef struct {
    ngx_http_social_zone_t *zone;
    uint32_t                next;
    uint32_t                left;           /* chunks until it is too long */
    unsigned                broken:1;       /* it led out of the chain, or was
                                             * too long: drop the chain */
} ngx_http_social_zone_walk_t;

void ngx_http_social_zone_walk(ngx_http_social_zone_walk_t *walk,
    ngx_http_social_zone_t *zone, uint32_t chain);

/* NULL: the end, or the chain is broken, which was counted */
void *ngx_http_social_zone_walk_next(ngx_http_social_zone_walk_t *walk);

/* forgets a broken chain, unless *chain is no longer `was` */
void ngx_http_social_zone_chain_drop(volatile uint32_t *chain, uint32_t was);

/* puts the bytes of a, then b, into a new chain; 0: no room, or no bytes */
uint32_t ngx_http_social_zone_chain_make(ngx_http_social_zone_t *zone,
    const u_char *a, size_t alen, const u_char *b, size_t blen);
void ngx_http_social_zone_chain_copy(ngx_http_social_zone_t *zone,
    uint32_t chain, size_t offset, size_t len, u_char *buf);
ngx_uint_t ngx_http_social_zone_chain_equal(ngx_http_social_zone_t *zone,
    uint32_t chain, const u_char *data, size_t len);


/* addresses in the zone; slot 0 is the site itself */

#define ngx_http_social_zone_at(zone, offset)                                 \
    ((void *) ((u_char *) (zone) + (offset)))

#define ngx_http_social_zone_slot_at(zone, i)                                 \
    ((ngx_http_social_slot_t *)                                               \
         ngx_http_social_zone_at(zone, (zone)->slots) + (i))


#include "ngx_http_social_zone_visitor.h"


#endif /* NGX_HTTP_SOCIAL_ZONE_H_INCLUDED */
