
/*
 * A save while it is being copied and written: shared by the files of this
 * room that save; no other file may include it.
 */

#ifndef NGX_HTTP_SOCIAL_SYNC_STATE_H_INCLUDED
#define NGX_HTTP_SOCIAL_SYNC_STATE_H_INCLUDED


#include "ngx_http_social_sync.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_SYNC_COUNTERS  4096     /* in one transaction */
#define NGX_HTTP_SOCIAL_SYNC_ARTICLES  16384    /* in one transaction */
#define NGX_HTTP_SOCIAL_SYNC_METAS     256      /* in one transaction */


typedef struct {
    ngx_uint_t                  slot;
    uint64_t                    life;
    ngx_atomic_uint_t           changes;
    uint32_t                    meta_hash;      /* 0: meta was not copied */
} ngx_http_social_sync_copied_t;


typedef struct {
    social_write_t              write;
    u_char                      text[SOCIAL_KEY_MAX + 1
                                     + NGX_HTTP_SOCIAL_ABOUT];
} ngx_http_social_sync_meta_t;


typedef struct {
    ngx_http_social_job_t           job;
    uint64_t                        generation;
    time_t                          now;
    ngx_atomic_uint_t               health;     /* sum that was copied */
    ngx_uint_t                      next;       /* slot that the next job begins
                                             * with, 0: this job is the last */
    social_saved_t                 *saved;
    size_t                          n, alloc;
    ngx_http_social_sync_copied_t  *copied;
    size_t                          ncopied;
    social_write_t                 *metas[NGX_HTTP_SOCIAL_SYNC_METAS];
    size_t                          nmetas;
    ngx_http_social_sync_saved_pt   done;
    void                           *data;
} ngx_http_social_sync_save_t;


/* notes a counter of the slot; NGX_ERROR: no memory */
ngx_int_t ngx_http_social_sync_save_add(ngx_http_social_sync_save_t *save,
    ngx_http_social_slot_t *slot, social_count_e kind, const char *label,
    uint64_t value);

/* notes the counters of shared memory itself as the site's */
ngx_int_t ngx_http_social_sync_save_health(ngx_http_social_sync_save_t *save,
    ngx_http_social_slot_t *slot);

/* copies title, address and date of a page, if the store does not have them */
ngx_int_t ngx_http_social_sync_save_meta(ngx_http_social_sync_save_t *save,
    ngx_http_social_slot_t *slot, ngx_http_social_sync_copied_t *copied);


#endif /* NGX_HTTP_SOCIAL_SYNC_STATE_H_INCLUDED */
