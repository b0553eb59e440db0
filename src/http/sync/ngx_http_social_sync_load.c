
/*
 * From the store into shared memory: at start the site's secret and which
 * articles have threads; from then on what others have changed.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_WARM      1000  /* keys taken in without a pause */
#define NGX_HTTP_SOCIAL_WARMING   3     /* seconds until another may try */
#define NGX_HTTP_SOCIAL_CHANGED   4096  /* keys that others changed at once */
#define NGX_HTTP_SOCIAL_MARGIN    3     /* seconds a commit may take */


/* keys in a row: head, bytes, head, bytes ... */

typedef struct {
    int64_t                     comments;
    uint16_t                    len;
} ngx_http_social_head_t;


typedef struct {
    u_char                     *data;
    size_t                      len, size, at;
    ngx_uint_t                  n, max;
    unsigned                    failed;     /* no memory, or more than max */
} ngx_http_social_keys_t;


typedef struct {
    ngx_http_social_job_t       job;
    ngx_http_social_keys_t      keys;
    u_char                      secret[32];
    time_t                      now;
    ngx_event_t                 again;
} ngx_http_social_warm_t;


typedef struct {
    ngx_http_social_job_t       job;
    ngx_http_social_keys_t      keys;
    time_t                      since, now;
} ngx_http_social_learn_t;


/* thread */

static void
ngx_http_social_keys_add(void *data, social_str_t key, int64_t comments)
{
    size_t                   size;
    u_char                  *p;
    ngx_http_social_keys_t  *keys = data;
    ngx_http_social_head_t   head;

    if (key.len == 0 || key.len > SOCIAL_KEY_MAX) {
        return;
    }

    if (keys->n == keys->max) {
        keys->failed = 1;
        return;
    }

    size = sizeof(ngx_http_social_head_t) + key.len;

    if (keys->len + size > keys->size) {
        p = realloc(keys->data, keys->size * 2 + 4096);
        if (p == NULL) {
            keys->failed = 1;
            return;
        }

        keys->data = p;
        keys->size = keys->size * 2 + 4096;
    }

    memset(&head, 0, sizeof(ngx_http_social_head_t));
    head.comments = comments;
    head.len = key.len;

    memcpy(keys->data + keys->len, &head, sizeof(ngx_http_social_head_t));
    memcpy(keys->data + keys->len + sizeof(ngx_http_social_head_t), key.data,
           key.len);

    keys->len += size;
    keys->n++;
}


/* event loop: the next one; 0: there is none */

static ngx_uint_t
ngx_http_social_keys_next(ngx_http_social_keys_t *keys, ngx_str_t *key,
    int64_t *comments)
{
    ngx_http_social_head_t  head;

    if (keys->at == keys->len) {
        return 0;
    }

    ngx_memcpy(&head, keys->data + keys->at, sizeof(ngx_http_social_head_t));
    keys->at += sizeof(ngx_http_social_head_t);

    key->data = keys->data + keys->at;
    key->len = head.len;
    keys->at += head.len;
    *comments = head.comments;

    return 1;
}


/* 1: the zone had room for it */

static ngx_uint_t
ngx_http_social_keys_take(ngx_http_social_site_t *site, ngx_str_t *key,
    int64_t comments)
{
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_sync_article(site, key);

    if (slot == NULL) {
        site->zone->incomplete = 1;
        return 0;
    }

    slot->comments = comments;
    ngx_http_social_zone_slot_set_thread(slot);
    ngx_memory_barrier();
    (void) ngx_atomic_fetch_add(&slot->revision, 1);

    return 1;
}


/* warming */

static int
ngx_http_social_warm_run(ngx_http_social_job_t *job, social_store_t *store)
{
    ngx_http_social_warm_t  *warm = (ngx_http_social_warm_t *) job;

    if (social_store_secret(store, warm->secret, &job->error) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    return social_store_keys(store, ngx_http_social_keys_add, &warm->keys,
                             &job->error);
}


/* takes keys in, a thousand at a time, so that pages go on meanwhile */

static void
ngx_http_social_warm_take(ngx_event_t *ev)
{
    int64_t                  comments;
    ngx_str_t                key;
    ngx_uint_t               i;
    ngx_http_social_zone_t  *zone;
    ngx_http_social_warm_t  *warm = ev->data;

    zone = warm->job.site->zone;

    for (i = 0; i < NGX_HTTP_SOCIAL_WARM; i++) {

        if (!ngx_http_social_keys_next(&warm->keys, &key, &comments)) {
            zone->incomplete |= warm->keys.failed;
            zone->learned = warm->now;
            zone->stale = 0;
            zone->warm = 1;
            zone->warming = 0;

            free(warm->keys.data);
            free(warm);
            return;
        }

        (void) ngx_http_social_keys_take(warm->job.site, &key, comments);
    }

    ngx_add_timer(ev, 1);
}


/* the store is another one now: threads of the old one may not be in it */

static void
ngx_http_social_warm_forget(ngx_http_social_zone_t *zone)
{
    ngx_uint_t               i;
    ngx_http_social_slot_t  *slot;

    for (i = 1; i < ngx_min(zone->next_slot, zone->nslots); i++) {
        slot = ngx_http_social_zone_slot_at(zone, i);

        slot->comments = 0;
        slot->meta_saved = 0;

        if (slot->meta_hash) {
            (void) ngx_atomic_fetch_add(&slot->changes, 1);
        }
    }

    (void) ngx_atomic_fetch_add(&zone->epoch, 1);
}


static void
ngx_http_social_warm_done(ngx_http_social_job_t *job)
{
    ngx_http_social_warm_t  *warm = (ngx_http_social_warm_t *) job;
    ngx_http_social_zone_t  *zone;

    zone = job->site->zone;

    if (job->rc != SOCIAL_OK) {
        zone->warming = 0;
        free(warm->keys.data);
        free(warm);
        return;
    }

    if (!zone->secret_known
        || ngx_memcmp(zone->secret, warm->secret, sizeof(zone->secret)) != 0)
    {
        /* forms that are open hold tokens of the one before */

        ngx_memcpy(zone->secret_old, zone->secret, sizeof(zone->secret));
        ngx_memcpy(zone->secret, warm->secret, sizeof(zone->secret));
        ngx_memory_barrier();
        zone->secret_known = 1;
        (void) ngx_atomic_fetch_add(&zone->epoch, 1);
    }

    if (zone->stale) {
        ngx_http_social_warm_forget(zone);
    }

    warm->again.handler = ngx_http_social_warm_take;
    warm->again.data = warm;
    warm->again.log = ngx_cycle->log;
    warm->again.cancelable = 1;

    ngx_http_social_warm_take(&warm->again);
}


void
ngx_http_social_sync_load_keys(ngx_http_social_site_t *site)
{
    ngx_atomic_uint_t        was;
    ngx_http_social_warm_t  *warm;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    was = zone->warming;

    /* one worker at a time; if it dies, another may after a while */

    if (was && ngx_time() - (time_t) was < NGX_HTTP_SOCIAL_WARMING) {
        return;
    }

    if (!ngx_atomic_cmp_set(&zone->warming, was, ngx_time())) {
        return;
    }

    warm = ngx_http_social_job_alloc(site, sizeof(ngx_http_social_warm_t),
                                     ngx_http_social_warm_run,
                                     ngx_http_social_warm_done);
    if (warm == NULL) {
        zone->warming = 0;
        return;
    }

    warm->job.writer = 1;
    warm->keys.max = zone->nslots;
    warm->now = ngx_time();

    if (ngx_http_social_job_post(&warm->job) != NGX_OK) {
        zone->warming = 0;
        free(warm);
    }
}


/*
 * What others have changed.  Their clocks are ours, but a commit comes after
 * its time, so the periods overlap: an article that changed just now may be
 * rendered once more in vain.
 */

static int
ngx_http_social_learn_run(ngx_http_social_job_t *job, social_store_t *store)
{
    ngx_http_social_learn_t  *learn = (ngx_http_social_learn_t *) job;

    return social_store_changed(store, learn->since, ngx_http_social_keys_add,
                                &learn->keys, &job->error);
}


static void
ngx_http_social_learn_done(ngx_http_social_job_t *job)
{
    int64_t                   comments;
    ngx_str_t                 key;
    ngx_http_social_zone_t   *zone;
    ngx_http_social_learn_t  *learn = (ngx_http_social_learn_t *) job;

    zone = job->site->zone;

    if (job->rc == SOCIAL_OK) {

        while (ngx_http_social_keys_next(&learn->keys, &key, &comments)) {

            if (!ngx_http_social_keys_take(job->site, &key, comments)) {
                (void) ngx_atomic_fetch_add(&zone->epoch, 1);
            }
        }

        zone->learned = learn->now;
        zone->stale |= learn->keys.failed;
    }

    free(learn->keys.data);
    free(learn);
}


void
ngx_http_social_sync_load_changes(ngx_http_social_site_t *site)
{
    ngx_http_social_learn_t  *learn;

    if (ngx_http_social_job_store_away(site)) {
        return;
    }

    learn = ngx_http_social_job_alloc(site, sizeof(ngx_http_social_learn_t),
                                      ngx_http_social_learn_run,
                                      ngx_http_social_learn_done);
    if (learn == NULL) {
        return;
    }

    learn->keys.max = NGX_HTTP_SOCIAL_CHANGED;
    learn->now = ngx_time();
    learn->since = ngx_min((time_t) site->zone->learned, learn->now)
                   - NGX_HTTP_SOCIAL_MARGIN;

    if (ngx_http_social_job_post(&learn->job) != NGX_OK) {
        free(learn);
    }
}
