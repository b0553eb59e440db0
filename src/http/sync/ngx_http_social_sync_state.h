
/*
 * A save while it is being copied and written: shared by the files of this
 * room that save; no other file may include it.
 */

#ifndef NGX_HTTP_SOCIAL_SYNC_STATE_H_INCLUDED
#define NGX_HTTP_SOCIAL_SYNC_STATE_H_INCLUDED


#include "ngx_http_social_sync.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_SYNC_COUNTERS  65536    /* in one transaction */
#define NGX_HTTP_SOCIAL_SYNC_ARTICLES  16384    /* in one transaction */
#define NGX_HTTP_SOCIAL_SYNC_SLICE     256      /* articles that are copied in
                                                 * a turn of the event loop */
#define NGX_HTTP_SOCIAL_SYNC_LOOK      16384    /* slots that are looked at */


typedef struct {
    ngx_uint_t                  slot;
    uint64_t                    life;
    ngx_atomic_uint_t           changes;
    uint32_t                    meta_hash;      /* 0: meta was not copied */
} ngx_http_social_sync_copied_t;


typedef struct ngx_http_social_sync_text_s  ngx_http_social_sync_text_t;


typedef struct {
    ngx_http_social_job_t           job;
    ngx_event_t                     event;      /* copies the next slice */
    uint64_t                        generation;
    time_t                          now;
    ngx_msec_t                      began;
    ngx_atomic_uint_t               health;     /* sum that was copied */
    ngx_uint_t                      at;         /* slot that is looked at
                                                 * next */
    ngx_uint_t                      next;       /* slot that the next job begins
                                                 * with, 0: this one is the
                                                 * last */
    ngx_http_social_sync_text_t    *text;       /* keys and labels */
    const char                     *key;        /* of the slot that is copied */
    social_saved_t                 *saved;
    size_t                          n, alloc;
    ngx_http_social_sync_copied_t  *copied;
    size_t                          ncopied;
    social_write_t                **metas;      /* each with its texts */
    size_t                          nmetas, alloc_metas;
    ngx_http_social_sync_saved_pt   done;
    void                           *data;
    unsigned                        always:1;   /* post the job even if nothing
                                                 * has changed */
} ngx_http_social_sync_save_t;


/* copies the next slice of what has changed; NGX_AGAIN: there is more; NGX_OK:
 * that was all, or the save is full: then save->next is set.  NGX_ERROR: no
 * memory */
ngx_int_t ngx_http_social_sync_copy(ngx_http_social_sync_save_t *save);

void ngx_http_social_sync_text_free(ngx_http_social_sync_save_t *save);

/* notes a counter of the slot being copied; label must live until the save is
 * freed.  NGX_ERROR: no memory */
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
