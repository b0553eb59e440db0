
/*
 * The zone room (src/http/zone), its real files, between stand-ins of nginx's
 * functions.
 *
 * The compiler calls a function of this file before each store to shared
 * memory (see t/make/build.mk).  So a worker can be killed before any of them,
 * or another worker can be let in there.
 */

#include "ngx_http_social_zone.h"
#include "unit.h"

#include <math.h>
#include <setjmp.h>
#include <sys/mman.h>


#define DAY    20000            /* days since 1970 */
#define SLOTS  8                /* of the small zone, with that of the site */
#define KEY    "/posts/a-title-of-some-length-so-that-its-key-takes-two-chunks/"


volatile ngx_time_t            *ngx_cached_time;
volatile ngx_msec_t             ngx_current_msec;
volatile ngx_cycle_t           *ngx_cycle;
ngx_uint_t                      ngx_inherited;
ngx_uint_t                      ngx_pagesize = 4096;
uint32_t                        ngx_crc32_table256[256];

static ngx_time_t               now;
static ngx_log_t                no_log;
static ngx_cycle_t              cycle;
static ngx_http_social_site_t   site;
static ngx_http_social_zone_t  *zone;
static u_char                  *memory;
static size_t                   memory_size;
static ngx_uint_t               locked;

static long                     steps;      /* stores so far */
static long                     die_at;     /* 0: never */
static long                     visit_at;
static void                   (*visit)(void);
static jmp_buf                  death;

static char                     logged[1024];
static ngx_uint_t               lines;


/* each store to the zone */

static void
step(volatile void *at)
{
    if ((u_char *) at < memory || (u_char *) at >= memory + memory_size) {
        return;
    }

    steps++;

    if (steps == die_at) {
        longjmp(death, 1);
    }

    if (steps == visit_at) {
        visit();
    }
}


void __tsan_init(void);
void __tsan_atomic_thread_fence(int order);
void *step_memset(void *p, int c, size_t n);
void *step_memcpy(void *to, const void *from, size_t n);


void
__tsan_init(void)
{
    /* called by the constructor of each object */
}


#define ACCESS(bytes)                                                         \
                                                                              \
    void __tsan_read##bytes(void *p);                                         \
    void __tsan_write##bytes(void *p);                                        \
                                                                              \
    void                                                                      \
    __tsan_read##bytes(void *p)                                               \
    {                                                                         \
        /* does no harm */                                                    \
    }                                                                         \
                                                                              \
    void                                                                      \
    __tsan_write##bytes(void *p)                                              \
    {                                                                         \
        step(p);                                                              \
    }

ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)


void
__tsan_atomic_thread_fence(int order)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}


#define ATOMIC(bits, type)                                                    \
                                                                              \
    type                                                                      \
    __tsan_atomic##bits##_fetch_add(volatile void *p, type v, int order)      \
    {                                                                         \
        step(p);                                                              \
        return __atomic_fetch_add((volatile type *) p, v, __ATOMIC_SEQ_CST);  \
    }                                                                         \
                                                                              \
    type                                                                      \
    __tsan_atomic##bits##_fetch_or(volatile void *p, type v, int order)       \
    {                                                                         \
        step(p);                                                              \
        return __atomic_fetch_or((volatile type *) p, v, __ATOMIC_SEQ_CST);   \
    }                                                                         \
                                                                              \
    type                                                                      \
    __tsan_atomic##bits##_fetch_and(volatile void *p, type v, int order)      \
    {                                                                         \
        step(p);                                                              \
        return __atomic_fetch_and((volatile type *) p, v, __ATOMIC_SEQ_CST);  \
    }                                                                         \
                                                                              \
    _Bool                                                                     \
    __tsan_atomic##bits##_compare_exchange_strong(volatile void *p,           \
        void *expected, type v, int order, int fail)                          \
    {                                                                         \
        step(p);                                                              \
        return __atomic_compare_exchange_n((volatile type *) p,               \
                                           (type *) expected, v, 0,           \
                                           __ATOMIC_SEQ_CST,                  \
                                           __ATOMIC_SEQ_CST);                 \
    }

ATOMIC(32, unsigned int)
ATOMIC(64, unsigned long)


/* a worker may die in the middle, too */

void *
step_memset(void *p, int c, size_t n)
{
    step(p);
    memset(p, c, n / 2);
    step(p);
    memset((u_char *) p + n / 2, c, n - n / 2);

    return p;
}


void *
step_memcpy(void *to, const void *from, size_t n)
{
    step(to);
    memmove(to, from, n / 2);
    step(to);
    memmove((u_char *) to + n / 2, (const u_char *) from + n / 2, n - n / 2);

    return to;
}


/* nginx */

u_char *
ngx_cpystrn(u_char *dst, u_char *src, size_t n)
{
    size_t  len;

    len = ngx_min(strlen((char *) src), n - 1);
    memcpy(dst, src, len);
    dst[len] = '\0';

    return dst + len;
}


void
ngx_explicit_memzero(void *buf, size_t n)
{
    memset(buf, 0, n);
}


void *
ngx_slab_calloc(ngx_slab_pool_t *pool, size_t size)
{
    return memset((u_char *) pool + ngx_pagesize, 0, size);
}


void
ngx_shmtx_lock(ngx_shmtx_t *mtx)
{
    if (locked) {
        fprintf(stderr, "a worker waits for itself\n");
        abort();
    }

    locked = 1;
}


void
ngx_shmtx_unlock(ngx_shmtx_t *mtx)
{
    locked = 0;
}


void
ngx_log_error_core(ngx_uint_t level, ngx_log_t *log, ngx_err_t err,
    const char *fmt, ...)
{
    lines++;
    snprintf(logged, sizeof(logged), "%s", fmt);
}


/* a new zone */

static void
begin(size_t size)
{
    ngx_shm_zone_t    shm;
    ngx_slab_pool_t  *pool;

    if (memory) {
        munmap(memory, memory_size);
    }

    memory_size = size;
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        exit(2);
    }

    memset(&shm, 0, sizeof(ngx_shm_zone_t));
    memset(&site, 0, sizeof(ngx_http_social_site_t));

    pool = (ngx_slab_pool_t *) memory;
    pool->pfree = size / ngx_pagesize - 1;
    shm.shm.addr = memory;
    shm.shm.log = &no_log;
    shm.data = &site;
    ngx_str_set(&site.name, "blog");

    cycle.log = &no_log;
    no_log.log_level = NGX_LOG_NOTICE;
    ngx_cycle = &cycle;
    ngx_cached_time = &now;
    now.sec = DAY * 86400 + 100;
    ngx_current_msec = 1000000;
    locked = 0;
    lines = 0;
    steps = die_at = visit_at = 0;

    if (ngx_http_social_zone_init(&shm, NULL) != NGX_OK) {
        exit(2);
    }

    zone = site.zone;
    steps = 0;
    ngx_http_social_zone_salt_today(&site);
}


static void
midnight(void)
{
    now.sec = (now.sec / 86400 + 1) * 86400 + 100;
    ngx_current_msec += 86400000;
    ngx_http_social_zone_salt_today(&site);
}


/* a hash of a number, as SipHash would make it (splitmix64) */

static uint64_t
hash(uint64_t x)
{
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;

    return x ^ (x >> 31);
}


/* death before each store */

static ngx_uint_t  b_readers;       /* added to article b and returned */


static ngx_http_social_slot_t *
article(ngx_uint_t n, ngx_uint_t make)
{
    u_char     buf[128];
    ngx_str_t  key;

    key.data = buf;
    key.len = (size_t) snprintf((char *) buf, sizeof(buf), KEY "%u/",
                                (unsigned) n);

    return make ? ngx_http_social_zone_slot_make(&site, &key, 0)
                : ngx_http_social_zone_slot_find(&site, &key);
}


static void
describe(ngx_http_social_slot_t *slot, ngx_uint_t n)
{
    u_char                    buf[200];
    ngx_http_social_about_t   about;

    ngx_memzero(&about, sizeof(ngx_http_social_about_t));
    ngx_str_set(&about.url, "https://blog.example/posts/a/");
    ngx_str_set(&about.image, "/images/a-picture-of-the-article.png");
    about.published = 1000 + (time_t) n;

    about.title.data = buf;
    about.title.len = (size_t) snprintf((char *) buf, sizeof(buf),
                                        "Title %u, which is long enough for "
                                        "two chunks, with all that it says of "
                                        "the page", (unsigned) n);
    ngx_current_msec += 20000;
    ngx_crc32_table256[n & 255] = (uint32_t) n;
    (void) ngx_http_social_zone_slot_describe(&site, slot, &about);
}


static void
read_a(ngx_http_social_slot_t *slot, ngx_uint_t from, ngx_uint_t to)
{
    for ( /* void */ ; from < to; from++) {
        ngx_http_social_zone_reader_add(&site, slot, hash(from));
    }
}


static void
read_b(ngx_http_social_slot_t *slot, ngx_uint_t from, ngx_uint_t to)
{
    for ( /* void */ ; from < to; from++) {
        ngx_http_social_zone_reader_add(&site, slot, hash(from));
        b_readers++;
    }
}


static void
leave(ngx_http_social_slot_t *slot)
{
    ngx_uint_t  at;

    at = (ngx_uint_t) (slot - (ngx_http_social_slot_t *)
                                  ngx_http_social_zone_slot_at(zone, 0));

    ngx_http_social_zone_lock(zone);

    if (slot->state == NGX_HTTP_SOCIAL_SLOT_LIVE) {
        ngx_http_social_zone_slot_retire(zone, at);
    }

    ngx_http_social_zone_unlock(zone);
    ngx_http_social_zone_lock(zone);

    if (slot->state == NGX_HTTP_SOCIAL_SLOT_RETIRED) {
        ngx_http_social_zone_slot_free(zone, at);
    }

    ngx_http_social_zone_unlock(zone);
}


/* what a worker does in three days */

static void
work(void)
{
    ngx_uint_t               i, first;
    ngx_http_social_slot_t  *a, *b, *slot[SLOTS];

    for (i = 0; i < SLOTS - 1; i++) {
        slot[i] = article(i, 1);

        if (slot[i] == NULL) {
            return;             /* there are others */
        }
    }

    a = slot[0];
    b = slot[1];

    describe(a, 1);
    describe(a, 2);

    for (i = 1; i < 6; i++) {
        ngx_http_social_zone_count(a, SOCIAL_COUNT_READ, 1);
        ngx_http_social_zone_count_label(zone, a, SOCIAL_COUNT_SOURCE, i);
    }

    read_a(a, 0, 110);
    read_b(b, 0, 9);

    for (i = 0; i < 2; i++) {
        midnight();
        read_a(a, 0, 9);
        read_b(b, 0, 9);
    }

    leave(slot[2]);
    leave(slot[3]);
    describe(a, 3);
    leave(slot[4]);
    (void) article(20, 1);
    (void) article(21, 1);

    (void) ngx_http_social_zone_mark_share(&site, 1, hash(1), 3, &first);
    (void) ngx_http_social_zone_mark_share(&site, 1, hash(1), 4, &first);
    (void) ngx_http_social_zone_mark_active(&site, 1, hash(1));
    ngx_http_social_zone_unmark_active(&site, hash(1));
    (void) ngx_http_social_zone_mark_listener(&site, 1, hash(1));
    (void) ngx_http_social_zone_mark_listener(&site, 1, hash(2));
    ngx_http_social_zone_first_touch_set(&site, hash(1), 7, a);
    (void) ngx_http_social_zone_first_touch(&site, hash(1), &b);
    ngx_http_social_zone_now_add(&site, hash(1));
    ngx_http_social_zone_recent_add(&site, hash(1));
    (void) ngx_http_social_zone_recent_take(&site, hash(1));
    (void) ngx_http_social_zone_rate_limit(&site, hash(1), 5, 600);
}


static ngx_uint_t
chain(uint32_t i, u_char *seen)
{
    ngx_uint_t  n;
    uint32_t   *chunk;

    for (n = 0; i; n++) {

        if (i >= zone->nchunks || i >= zone->next_chunk || seen[i]) {
            return 0;
        }

        seen[i] = 1;
        chunk = ngx_http_social_zone_chunk_at(zone, i);
        i = *chunk;

        if (i & 0x80000000) {
            return 0;
        }
    }

    return 1;
}


/* "" or what is wrong: each chunk, slot and sketch in one place only; each dead
 * worker may have lost the chunks of an article */

static const char *
wrong(ngx_uint_t dead)
{
    u_char                  *seen;
    uint32_t                 i, *links;
    ngx_uint_t               n, live, retired, free_slots, lost, words;
    ngx_atomic_t            *table;
    const char              *what;
    ngx_http_social_slot_t  *slot;

    what = "";
    seen = calloc(1, zone->nchunks + zone->nsketches + 1);

    live = retired = free_slots = 0;

    for (n = 1; n < zone->next_slot; n++) {
        slot = ngx_http_social_zone_slot_at(zone, n);
        live += (slot->state == NGX_HTTP_SOCIAL_SLOT_LIVE);
        retired += (slot->state == NGX_HTTP_SOCIAL_SLOT_RETIRED);

        if (slot->state == NGX_HTTP_SOCIAL_SLOT_FREE) {
            free_slots++;
            continue;
        }

        if (!chain(slot->key, seen) || !chain(slot->meta, seen)
            || !chain(slot->exact, seen)
            || !chain(slot->exact_yesterday, seen)
            || !chain(slot->cells, seen))
        {
            what = "a chunk is in two places";
        }

        if (slot->sketch && seen[zone->nchunks + slot->sketch - 1]++) {
            what = "a sketch is in two places";
        }
    }

    for (i = (uint32_t) zone->free_chunks; i;
         i = *(uint32_t *) ngx_http_social_zone_chunk_at(zone, i) & 0x7fffffff)
    {
        if (seen[i]++) {
            what = "a free chunk is in two places";
            break;
        }
    }

    links = ngx_http_social_zone_at(zone, zone->links);

    for (i = (uint32_t) zone->free_sketches; i; i = links[i]) {
        if (seen[zone->nchunks + i - 1]++) {
            what = "a free sketch is in two places";
            break;
        }
    }

    for (n = 1, lost = 0; n < ngx_min(zone->next_chunk, zone->nchunks); n++) {
        lost += !seen[n];
    }

    what = (lost > 20 * dead) ? "many chunks are lost" : what;

    for (n = zone->free_slots, i = 0; n && i < SLOTS; i++) {
        slot = ngx_http_social_zone_slot_at(zone, n);
        what = slot->state ? "a slot in use is in the list of free ones" : what;
        n = slot->key;
    }

    what = (i != free_slots) ? "a free slot is lost" : what;
    what = (live != zone->live) ? "the count of slots is wrong" : what;
    what = (retired != zone->retired) ? "the count of retired slots is wrong"
                                      : what;

    table = ngx_http_social_zone_at(zone, zone->table);

    for (n = 0, words = 0; n <= zone->table_mask; n++) {
        words += (table[n] != 0);
    }

    what = (words != live) ? "the table has other slots" : what;
    what = zone->broken_chains ? "a chain is broken" : what;
    what = locked ? "the mutex is locked" : what;

    free(seen);

    return what;
}


/* the worker is dead: others go on for some days */

static const char *
go_on(ngx_uint_t dead)
{
    uint64_t                 days;
    ngx_uint_t               i, d, was;
    const char              *what;
    ngx_http_social_slot_t  *slot, *b;

    what = "";
    was = b_readers;
    b = article(1, 0);

    for (d = 0; d < 3; d++) {
        midnight();

        for (i = 0; i < SLOTS - 1; i++) {
            slot = article(i, 0);

            if (slot) {
                read_a(slot, 1000, 1009);
                describe(slot, 10 + d);
                ngx_http_social_zone_count_label(zone, slot,
                                                 SOCIAL_COUNT_SHARE, 1);
            }
        }
    }

    if (b && dead == 1) {
        days = ngx_http_social_zone_reader_days(zone, b) - 3 * 9;
        what = (days < was || days > was + 1) ? "readers are lost" : what;
    }

    for (i = 1; i < SLOTS; i++) {
        leave(ngx_http_social_zone_slot_at(zone, i));
    }

    for (i = 0; i < SLOTS - 1; i++) {
        slot = article(30 + i, 1);

        if (slot == NULL) {
            return "a slot is lost";
        }

        read_a(slot, 0, 20);
    }

    return what[0] ? what : wrong(dead);
}


static void
work_until(long store)
{
    die_at = steps + store;

    if (setjmp(death) == 0) {
        work();
    }

    locked = 0;
    die_at = 0;
}


static void
deaths(void)
{
    long         n, m, all, bad;
    const char  *what;

    begin(256 * 1024);
    zone->nslots = SLOTS;
    work();
    is_str(wrong(0), "", "a worker that lives leaves all in order");
    all = steps;
    ok(all > 1000, "%ld stores to shared memory", all);

    for (n = 1, bad = 0; n <= all && bad < 10; n++) {
        begin(256 * 1024);
        zone->nslots = SLOTS;
        b_readers = 0;
        work_until(n);
        what = go_on(1);

        if (what[0]) {
            bad++;
            printf("# killed before store %ld: %s\n", n, what);
        }
    }

    is_int(bad, 0, "a worker may be killed before each of them");

    for (n = 1, bad = 0; n <= all && bad < 10; n += 13) {

        for (m = 1 + n % 17; m <= all && bad < 10; m += 17) {
            begin(256 * 1024);
            zone->nslots = SLOTS;
            work_until(n);
            work_until(m);
            what = go_on(2);

            if (what[0]) {
                bad++;
                printf("# killed before stores %ld and %ld: %s\n", n, m, what);
            }
        }
    }

    is_int(bad, 0, "and another one after it");
}


/* the tables: what a day of a site with 50,000 sharers needs */

static uint64_t
client(uint64_t n)
{
    return hash(n + 0x10000000) | 1;
}


static void
room(void)
{
    uint64_t    i;
    ngx_uint_t  first, lost, firsts, again, touches, words;

    begin(17 * 1024 * 1024);
    words = zone->nmarks;
    begin(16 * 1024 * 1024);
    ok(words > zone->nmarks && words < zone->nmarks * 107 / 100,
       "a zone of 17m has a little more room than one of 16m: %u, %u",
       (unsigned) words, (unsigned) zone->nmarks);

    lost = firsts = again = touches = 0;

    for (i = 0; i < 50000; i++) {
        lost += ngx_http_social_zone_mark_share(&site, client(i), hash(i), 3,
                                                &first)
                != NGX_HTTP_SOCIAL_ZONE_NEW;
        firsts += first;
        lost += ngx_http_social_zone_mark_active(&site, client(i), hash(i))
                != NGX_HTTP_SOCIAL_ZONE_NEW;
        ngx_http_social_zone_first_touch_set(
            &site, hash(i), i % 90 + 1,
            ngx_http_social_zone_slot_site(&site));
    }

    is_int(lost, 0, "16m has room for 50,000 sharers");
    is_int(firsts, 50000, "each is a sharer");

    for (i = 0; i < 50000; i++) {
        again += ngx_http_social_zone_mark_share(&site, client(i), hash(i), 3,
                                                 &first)
                 == NGX_HTTP_SOCIAL_ZONE_REPEAT;
        again += ngx_http_social_zone_mark_active(&site, client(i), hash(i))
                 == NGX_HTTP_SOCIAL_ZONE_REPEAT;
        touches += ngx_http_social_zone_first_touch(&site, hash(i), NULL)
                   == i % 90 + 1;
    }

    is_int(again, 100000, "and each is known the second time");
    is_int(touches, 50000, "16m has room for the first touch of 50,000");
    is_int(zone->dropped_mark + zone->dropped_touch + zone->dropped_quota, 0,
           "nothing was dropped");
}


static void
networks(void)
{
    ngx_uint_t  first;

    begin(1024 * 1024);

#define share(network)                                                        \
    ngx_http_social_zone_mark_share(&site, 1, hash(1), network, &first)

    is_int(ngx_http_social_zone_mark_active(&site, 1, hash(1)),
           NGX_HTTP_SOCIAL_ZONE_NEW, "who is active");
    is_int(share(3), NGX_HTTP_SOCIAL_ZONE_NEW, "can share then");
    is_int(first, 1, "for the first time");
    is_int(share(3), NGX_HTTP_SOCIAL_ZONE_REPEAT, "once");
    is_int(share(4), NGX_HTTP_SOCIAL_ZONE_NEW, "to another network as well");
    is_int(first, 0, "not for the first time");
    is_int(share(4), NGX_HTTP_SOCIAL_ZONE_REPEAT, "once");
    is_int(share(5), NGX_HTTP_SOCIAL_ZONE_NEW, "and to a third");
    is_int(ngx_http_social_zone_marked_share(&site, hash(1), 3)
           + ngx_http_social_zone_marked_share(&site, hash(1), 4)
           + ngx_http_social_zone_marked_share(&site, hash(1), 6)
           + ngx_http_social_zone_marked_share(&site, hash(2), 3),
           2, "the networks are told apart");
    is_int(ngx_http_social_zone_mark_active(&site, 1, hash(1)),
           NGX_HTTP_SOCIAL_ZONE_REPEAT, "still active");

    /* a like that is taken back */

    is_int(ngx_http_social_zone_marked_active(&site, hash(1))
           + ngx_http_social_zone_marked_active(&site, hash(2)),
           1, "who is active is known");
    ngx_http_social_zone_unmark_active(&site, hash(1));
    is_int(ngx_http_social_zone_marked_active(&site, hash(1)), 0,
           "and can be taken back");
    is_int(ngx_http_social_zone_marked_sharer(&site, hash(1)), 1,
           "the share stays");
    is_int(share(3) + share(4), 2 * NGX_HTTP_SOCIAL_ZONE_REPEAT,
           "with its networks");
    is_int(ngx_http_social_zone_mark_active(&site, 1, hash(1)),
           NGX_HTTP_SOCIAL_ZONE_NEW, "active again");
    (void) ngx_http_social_zone_mark_active(&site, 1, hash(2));
    is_int(ngx_http_social_zone_marked_sharer(&site, hash(2))
           + ngx_http_social_zone_marked_sharer(&site, hash(7)),
           0, "who only likes has not shared");

    is_int(ngx_http_social_zone_mark(&site, 1, hash(9)),
           NGX_HTTP_SOCIAL_ZONE_NEW, "a mark");
    ngx_http_social_zone_unmark(&site, hash(9));
    is_int(ngx_http_social_zone_mark(&site, 1, hash(9)),
           NGX_HTTP_SOCIAL_ZONE_NEW, "can be taken back");
    is_int(ngx_http_social_zone_mark(&site, 1, hash(9)),
           NGX_HTTP_SOCIAL_ZONE_REPEAT, "and set again");
}


/* listeners: in the same words, but they leave room for what is rarer */

static void
listeners(void)
{
    uint64_t    i;
    ngx_uint_t  first, news, shared;

    begin(1024 * 1024);

    is_int(ngx_http_social_zone_mark_listener(&site, 1, hash(1)),
           NGX_HTTP_SOCIAL_ZONE_NEW, "who listens");
    is_int(ngx_http_social_zone_mark_listener(&site, 1, hash(1)),
           NGX_HTTP_SOCIAL_ZONE_REPEAT, "does so once a day");
    is_int(ngx_http_social_zone_mark_share(&site, 1, hash(1), 3, &first),
           NGX_HTTP_SOCIAL_ZONE_NEW, "and can share");
    is_int(first, 1, "for the first time");
    is_int(ngx_http_social_zone_marked_active(&site, hash(1)), 0,
           "a listener is not active for that");
    (void) ngx_http_social_zone_mark_active(&site, 1, hash(2));
    is_int(ngx_http_social_zone_mark_listener(&site, 1, hash(2)),
           NGX_HTTP_SOCIAL_ZONE_NEW, "who is active can listen");
    midnight();
    is_int(ngx_http_social_zone_mark_listener(&site, 1, hash(1)),
           NGX_HTTP_SOCIAL_ZONE_NEW, "again on the next day");

    for (i = 0, news = 0; i < 100000; i++) {
        news += ngx_http_social_zone_mark_listener(&site, client(i), hash(i))
                == NGX_HTTP_SOCIAL_ZONE_NEW;
    }

    ok(news >= zone->nmarks * 4 / 10 && news <= zone->nmarks / 2,
       "%u of %u marks may be listeners", (unsigned) news,
       (unsigned) zone->nmarks);
    ok(zone->dropped_mark > 10000, "the others are counted as dropped");

    for (i = 0, shared = 0; i < 500; i++) {
        shared += ngx_http_social_zone_mark_share(
                      &site, client(i + 200000), hash(i + 200000), 3, &first)
                  == NGX_HTTP_SOCIAL_ZONE_NEW;
    }

    is_int(shared, 500, "then there is still room for shares");
}


/* the article of the first touch */

static void
landing(void)
{
    uint16_t                 source;
    ngx_atomic_t            *words;
    ngx_http_social_slot_t  *a, *b, *found;

    begin(256 * 1024);
    a = article(1, 1);
    b = article(2, 1);

    source = ngx_http_social_zone_first_touch(&site, hash(1), &found);
    ok(source == 0 && found == NULL, "who was not here yet has none");

    ngx_http_social_zone_first_touch_set(&site, hash(1), 7, a);
    ngx_http_social_zone_first_touch_set(&site, hash(1), 8, b);
    source = ngx_http_social_zone_first_touch(&site, hash(1), &found);
    is_int(source, 7, "the first source stays");
    ok(found == a, "and its article");

    ngx_http_social_zone_first_touch_set(&site, hash(2), 9,
                                         ngx_http_social_zone_slot_site(&site));
    source = ngx_http_social_zone_first_touch(&site, hash(2), &found);
    ok(source == 9 && found == NULL, "a view of the site has no article");

    /* a worker died before it wrote the article: another visitor's is there */

    words = ngx_http_social_zone_at(zone, zone->landing);

    for (source = 0; words[source] == 0; source++) { /* void */ }

    words[source] ^= (ngx_atomic_uint_t) 1 << 40;
    (void) ngx_http_social_zone_first_touch(&site, hash(1), &found);
    ok(found == NULL, "what another visitor left is not credited");
    words[source] ^= (ngx_atomic_uint_t) 1 << 40;

    leave(a);
    source = ngx_http_social_zone_first_touch(&site, hash(1), &found);
    ok(source == 7 && found == NULL, "an article that was evicted has no "
       "credit");
    a = article(1, 1);
    (void) ngx_http_social_zone_first_touch(&site, hash(1), &found);
    ok(found == a, "until it is here again");

    midnight();
    source = ngx_http_social_zone_first_touch(&site, hash(1), &found);
    ok(source == 0 && found == NULL, "tomorrow nobody was here yet");
}


/* recent views are found as long as they can be taken */

static void
recent(void)
{
    begin(256 * 1024);
    ngx_http_social_zone_recent_add(&site, hash(1));
    is_int(ngx_http_social_zone_recent_find(&site, hash(1))
           + ngx_http_social_zone_recent_find(&site, hash(1)), 2,
           "a recent view is found each time");
    is_int(ngx_http_social_zone_recent_find(&site, hash(2)), 0,
           "another one is not");
    is_int(ngx_http_social_zone_recent_take(&site, hash(1))
           + ngx_http_social_zone_recent_take(&site, hash(1)), 1,
           "it is taken once");
    is_int(ngx_http_social_zone_recent_find(&site, hash(1)), 0,
           "and is gone then");
    ngx_http_social_zone_recent_add(&site, hash(1));
    ngx_current_msec += 1801000;
    is_int(ngx_http_social_zone_recent_find(&site, hash(1)), 0,
           "half an hour later it is too old");
}


/* readers of the last five minutes */

static void
readers_now(void)
{
    double      err, square, worst;
    uint64_t    i;
    ngx_uint_t  n, s, run;

    static const ngx_uint_t  sizes[] = { 10, 100, 1000, 10000, 20000 };

    begin(16 * 1024 * 1024);
    is_int(ngx_http_social_zone_readers_now(&site), 0, "nobody reads");

    for (i = 0; i < 5; i++) {
        ngx_http_social_zone_now_add(&site, hash(i));
        ngx_http_social_zone_now_add(&site, hash(i));
        ngx_current_msec += 60000;
    }

    is_int(ngx_http_social_zone_readers_now(&site), 5, "five read");
    ngx_http_social_zone_now_add(&site, hash(4));
    ngx_current_msec += 1000;
    is_int(ngx_http_social_zone_readers_now(&site), 4,
           "one left five minutes ago");
    ngx_current_msec += 299000;
    is_int(ngx_http_social_zone_readers_now(&site), 1,
           "the last page of each counts");
    ngx_current_msec += 1000;
    is_int(ngx_http_social_zone_readers_now(&site), 0, "then all are gone");
    ngx_current_msec += 200 * 86400000ull;
    is_int(ngx_http_social_zone_readers_now(&site), 0,
           "and do not come back with the time");

    for (s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        square = worst = 0;

        for (run = 0; run < 20; run++) {
            ngx_current_msec += 600000;

            for (i = 0; i < sizes[s]; i++) {
                ngx_http_social_zone_now_add(&site,
                                             hash(i + (run + 1) * 1000000));
            }

            n = ngx_http_social_zone_readers_now(&site);
            err = (double) n / (double) sizes[s] - 1;
            square += err * err;
            worst = (err * err > worst) ? err * err : worst;
        }

        ok(square / 20 <= 0.01 * 0.01 || sizes[s] == 10,
           "%u readers now: relative standard error %.4f", (unsigned) sizes[s],
           sqrt(square / 20));
        ok(worst <= 0.04 * 0.04 || sizes[s] == 10, "... worst of 20: %.4f",
           sqrt(worst));
    }

    begin(256 * 1024);

    for (i = 0; i < 100000; i++) {
        ngx_http_social_zone_now_add(&site, hash(i));
    }

    n = ngx_http_social_zone_readers_now(&site);
    ok(n > 1000 && n < 100000, "a small zone counts what it can: %u of 100000",
       (unsigned) n);
}


/* one address with many agents; then so many addresses that no room is left */

static void
attack(void)
{
    uint64_t                      i;
    ngx_uint_t                    first, news, honest;
    ngx_http_social_zone_mark_e   mark;

    begin(16 * 1024 * 1024);
    news = honest = 0;

    for (i = 0; i < 50000; i++) {
        news += ngx_http_social_zone_mark_share(&site, client(0), hash(i), 3,
                                                &first)
                == NGX_HTTP_SOCIAL_ZONE_NEW;
    }

    is_int(news, zone->nmarks / 64, "an address gets a 64th of the marks");
    is_int(zone->dropped_quota, 50000 - news, "the rest is counted");
    is_int(zone->dropped_mark, 0, "apart from what has no room");

    for (i = 0; i < 1000; i++) {
        honest += ngx_http_social_zone_mark_share(&site, client(i + 1),
                                                  hash(i + 900000), 3, &first)
                  == NGX_HTTP_SOCIAL_ZONE_NEW;
    }

    is_int(honest, 1000, "others share as ever");

    for (i = 0; i < 200000; i++) {
        (void) ngx_http_social_zone_mark_share(&site, client(i), hash(i), 3,
                                               &first);
    }

    ok(zone->dropped_mark > 1000, "no room is counted: %u",
       (unsigned) zone->dropped_mark);

    for (i = 0, news = honest = 0; i < 1000; i++) {
        mark = ngx_http_social_zone_mark(&site, client(i + 300000),
                                         hash(i + 300000));
        news += (mark == NGX_HTTP_SOCIAL_ZONE_NEW);
        honest += (mark == NGX_HTTP_SOCIAL_ZONE_REPEAT);
    }

    ok(news < 500, "most find no room");
    is_int(honest, 0, "none of them is taken for a repeated one");

    ngx_http_social_zone_report(&site);
    ngx_http_social_zone_report(&site);
    is_int(lines, 1, "one line says so");
    ok(strstr(logged, "no room for marks") != NULL, "of marks");
    (void) ngx_http_social_zone_mark(&site, client(1), hash(10000000));
    zone->dropped_mark++;
    now.sec += 3599;
    ngx_http_social_zone_report(&site);
    is_int(lines, 1, "in an hour");
    now.sec += 2;
    ngx_http_social_zone_report(&site);
    is_int(lines, 2, "and one in the next");
}


/* midnight stores a few words, whatever the zone's size */

static void
midnights(void)
{
    u_char      salt[16], yesterday[16];
    uint64_t    i;
    long        before;
    ngx_uint_t  news;

    begin(64 * 1024 * 1024);

    for (i = 0; i < 1000; i++) {
        (void) ngx_http_social_zone_mark(&site, client(i), hash(i));
        ngx_http_social_zone_first_touch_set(
            &site, hash(i), 5, ngx_http_social_zone_slot_site(&site));
    }

    memcpy(salt, ngx_http_social_zone_salt(zone), 16);
    before = steps;
    midnight();
    ok(steps - before < 30, "midnight: %ld stores", steps - before);
    ok(memcmp(salt, ngx_http_social_zone_salt(zone), 16) != 0, "a new salt");
    is_int(ngx_http_social_zone_salt_yesterday(&site, yesterday), NGX_OK,
           "yesterday's is known");
    ok(memcmp(salt, yesterday, 16) == 0, "and is the right one");

    for (i = 0, news = 0; i < 1000; i++) {
        news += ngx_http_social_zone_first_touch(&site, hash(i), NULL) == 0;
        news += ngx_http_social_zone_mark(&site, client(i), hash(i))
                == NGX_HTTP_SOCIAL_ZONE_NEW;
    }

    is_int(news, 2000, "nobody sees yesterday's marks");

    now.sec += 1800;
    is_int(ngx_http_social_zone_salt_yesterday(&site, yesterday), NGX_DECLINED,
           "at 00:30 yesterday's salt is not used");
    ngx_http_social_zone_salt_today(&site);

    ok(memmem(memory, memory_size, salt, 16) == NULL, "it is wiped");

    /* a year */

    for (i = 0, news = 0; i < 400; i++) {
        midnight();
        news += ngx_http_social_zone_mark(&site, client(1), hash(1))
                == NGX_HTTP_SOCIAL_ZONE_NEW;
        news += ngx_http_social_zone_mark(&site, client(1), hash(1))
                == NGX_HTTP_SOCIAL_ZONE_REPEAT;
    }

    is_int(news, 800, "a mark is new once a day");
}


/* another worker is let in before each store */

static ngx_uint_t  allowed;


static void
visit_rate(void)
{
    visit_at = 0;
    allowed += ngx_http_social_zone_rate_limit(&site, hash(1), 5, 600) == 0;
}


static void
visit_mark(void)
{
    visit_at = 0;
    allowed += ngx_http_social_zone_mark(&site, client(1), hash(1))
               == NGX_HTTP_SOCIAL_ZONE_NEW;
}


static void
two_workers(void)
{
    long        n;
    ngx_uint_t  i, bad;

    for (n = 1, bad = 0; n < 40; n++) {
        begin(256 * 1024);
        visit = visit_rate;
        visit_at = steps + n;
        allowed = 0;

        for (i = 0; i < 10; i++) {
            allowed += ngx_http_social_zone_rate_limit(&site, hash(1), 5, 600)
                       == 0;
        }

        bad += (allowed != 5);

        begin(256 * 1024);
        visit = visit_mark;
        visit_at = steps + n;
        allowed = 0;
        allowed += ngx_http_social_zone_mark(&site, client(1), hash(1))
                   == NGX_HTTP_SOCIAL_ZONE_NEW;
        bad += (allowed != 1);
    }

    is_int(bad, 0, "two workers at once allow what one allows");
}


static void
rate(void)
{
    time_t      wait;
    ngx_uint_t  i, n;

    begin(256 * 1024);

    for (i = 0, n = 0; i < 8; i++) {
        n += ngx_http_social_zone_rate_limit(&site, hash(1), 5, 600) == 0;
    }

    wait = ngx_http_social_zone_rate_limit(&site, hash(1), 5, 600);
    is_int(n, 5, "five at once");
    ok(wait >= 120 && wait <= 121, "then one in two minutes");
    ngx_current_msec += 121000;
    is_int(ngx_http_social_zone_rate_limit(&site, hash(1), 5, 600), 0,
           "after that time");

    /* once in any ten minutes, not once in each slot of ten */

    ngx_current_msec += 7 * 60000;
    is_int(ngx_http_social_zone_rate_limit(&site, hash(2), 1, 600), 0, "once");
    ngx_current_msec += 599000;
    ok(ngx_http_social_zone_rate_limit(&site, hash(2), 1, 600) > 0,
       "not again before ten minutes are over");
    ngx_current_msec += 2000;
    is_int(ngx_http_social_zone_rate_limit(&site, hash(2), 1, 600), 0,
           "again then");

    /* 194 days later the counter of ticks begins again */

    for (i = 0, n = 0; i < 400; i++) {
        ngx_current_msec += 86400000 / 2;
        n += ngx_http_social_zone_rate_limit(&site, hash(3), 1, 600) == 0;
    }

    is_int(n, 400, "a client that comes rarely is never limited");
}


static void
one_hour(ngx_uint_t from_one, ngx_uint_t agents)
{
    ngx_uint_t  i;

    for (i = 0; i < 200; i++) {
        ngx_http_social_zone_crowd_add(
            &site, i * 7919 % 200 < from_one ? client(0) : client(i + 1),
            hash(i % agents));
    }

    now.sec += 3600;
}


static void
crowd(void)
{
    begin(256 * 1024);
    one_hour(120, 40);
    is_int(ngx_http_social_zone_crowd_found(&site), 1,
           "most views from one address with many agents");
    ngx_http_social_zone_report(&site);
    is_int(lines, 1, "one line says so");
    one_hour(120, 40);
    ngx_http_social_zone_report(&site);
    is_int(lines, 1, "not each hour");

    one_hour(80, 40);
    is_int(ngx_http_social_zone_crowd_found(&site), 0, "fewer than half");
    one_hour(180, 5);
    is_int(ngx_http_social_zone_crowd_found(&site), 0, "with few agents");
    one_hour(120, 40);
    now.sec += 7200;
    is_int(ngx_http_social_zone_crowd_found(&site), 0, "some hours ago");
}


/* memory that was overwritten must not become an endless loop */

static void
broken(void)
{
    uint32_t                *chunk, first, i;
    ngx_http_social_slot_t  *slot;

    begin(256 * 1024);
    slot = article(1, 1);
    read_a(slot, 0, 30);

    first = slot->exact;
    chunk = ngx_http_social_zone_chunk_at(zone, first);
    *chunk = first;                         /* a cycle */

    read_a(slot, 30, 31);
    ok(zone->broken_chains > 0, "a chain that does not end is counted");
    read_a(slot, 31, 40);
    is_int(ngx_http_social_zone_reader_days(zone, slot), 10,
           "and is dropped; what comes then is counted");

    first = slot->exact;
    ngx_http_social_zone_chunk_free(zone, first);
    zone->broken_chains = 0;
    ngx_http_social_zone_chunk_free(zone, first);
    is_int(zone->broken_chains, 1, "a chain is not freed twice");

    for (i = 1; i < 9; i++) {
        ngx_http_social_zone_count_label(zone, slot, SOCIAL_COUNT_SOURCE, i);
    }

    first = slot->cells;
    ngx_http_social_zone_chunk_free(zone, first);
    ngx_http_social_zone_count_label(zone, slot, SOCIAL_COUNT_SOURCE, 1);
    is_int(zone->broken_chains, 2, "a chain that was freed is dropped");
    ok(slot->cells != first, "and another one begun");

    ngx_http_social_zone_report(&site);
    is_int(lines, 1, "one line says so");
}


/* pages that nobody reads must not drive out articles */

static ngx_http_social_slot_t *
page(ngx_uint_t n, ngx_uint_t flags)
{
    u_char     buf[64];
    ngx_str_t  key;

    key.data = buf;
    key.len = (size_t) snprintf((char *) buf, sizeof(buf), "/p/%u/",
                                (unsigned) n);

    return ngx_http_social_zone_slot_make(&site, &key, flags);
}


static void
unread(void)
{
    ngx_uint_t               i, articles, pages;
    ngx_http_social_slot_t  *slot;

    begin(256 * 1024);

    for (i = 0; i < 40; i++) {
        slot = page(i, 0);
        ngx_http_social_zone_count(slot, SOCIAL_COUNT_READ, 1);
        slot->changes_saved = slot->changes;
    }

    ngx_current_msec += 3600000;

    for (i = 40; page(i, NGX_HTTP_SOCIAL_SLOT_UNREAD); i++) { /* void */ }

    slot = page(40, 0);
    ngx_http_social_zone_slot_set_read(slot);
    ngx_current_msec += 10000;
    ngx_http_social_zone_evict(&site);
    ngx_current_msec += 10000;
    ngx_http_social_zone_evict(&site);

    for (i = 1, articles = pages = 0; i < zone->next_slot; i++) {
        slot = ngx_http_social_zone_slot_at(zone, i);

        if (slot->state == NGX_HTTP_SOCIAL_SLOT_LIVE) {
            pages += (slot->flags & NGX_HTTP_SOCIAL_SLOT_UNREAD) != 0;
            articles += (slot->flags & NGX_HTTP_SOCIAL_SLOT_UNREAD) == 0;
        }
    }

    is_int(articles, 41, "articles stay, however long ago they were read");
    ok(pages < zone->nslots * 7 / 8, "pages that nobody reads go: %u are left",
       (unsigned) pages);
}


/* who else may still count under this machine's name */

static void
started(void)
{
    void  *conf[1];

    begin(256 * 1024);
    is_int((int64_t) zone->anew, 1, "nginx was started: nobody else");

    ngx_inherited = 1;
    begin(256 * 1024);
    is_int((int64_t) zone->anew, 0, "its binary is upgraded: the old one");

    ngx_inherited = 0;
    cycle.conf_ctx = (void ****) conf;
    begin(256 * 1024);
    is_int((int64_t) zone->anew, 0, "a reload changes the size: old workers");
    cycle.conf_ctx = NULL;
}


int
main(void)
{
    started();
    room();
    networks();
    listeners();
    landing();
    recent();
    readers_now();
    attack();
    midnights();
    rate();
    two_workers();
    crowd();
    broken();
    unread();
    deaths();

    return done();
}
