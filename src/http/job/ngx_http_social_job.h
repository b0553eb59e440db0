
/*
 * Jobs: work on a site's store, done in threads of nginx's pool.
 *
 * A job owns all its memory (malloc, never a request's pool).  Its `run` is
 * called in a thread with a connection to the store, its `done` in the event
 * loop; `done` frees it.
 *
 * At most three readers and one writer of this worker run at a time, however
 * many wait: the pool is shared with "aio threads".  One of the readers is kept
 * for loads of widgets, which also go before reads that wait: a page must not
 * lose its comments because others are read a lot.  A job that takes longer
 * than JOB_SLOW is not counted among these any more, so that a site whose disk
 * hangs does not block other sites; all in all JOB_THREADS may run.  Nobody
 * waits for a job that takes longer than JOB_LATE.
 *
 * Group commit: writes of requests queue while a batch is being committed, and
 * are then committed together in one transaction.
 *
 * A chain: the thread that has committed a batch takes the next one itself,
 * instead of waiting until the event loop gives it one.
 *
 * All functions: event loop only, unless they say something else.
 */

#ifndef NGX_HTTP_SOCIAL_JOB_H_INCLUDED
#define NGX_HTTP_SOCIAL_JOB_H_INCLUDED


#include "ngx_http_social.h"
#include "social_store.h"


#define NGX_HTTP_SOCIAL_JOB_READERS       3     /* connections 0 to 2; the last
                                                 * one is for loads only */
#define NGX_HTTP_SOCIAL_JOB_WRITER        NGX_HTTP_SOCIAL_JOB_READERS
#define NGX_HTTP_SOCIAL_JOB_THREADS       12    /* reads leave 2 of them free */
#define NGX_HTTP_SOCIAL_JOB_GROUP_COMMIT  256   /* writes in one transaction */
#define NGX_HTTP_SOCIAL_JOB_QUEUE         4096  /* waiting jobs or writes of a
                                                 * site; as many loads more */
#define NGX_HTTP_SOCIAL_JOB_SLOW          200   /* msec */
#define NGX_HTTP_SOCIAL_JOB_LATE          5000  /* msec */
#define NGX_HTTP_SOCIAL_JOB_ERASE         1000  /* msec */
#define NGX_HTTP_SOCIAL_JOB_CHAIN         250   /* msec that one thread writes
                                                 * batch after batch */
#define NGX_HTTP_SOCIAL_JOB_IDLE          60000 /* msec, then a connection over
                                                 * the network is closed */


/* the queues of a site, in the order in which they are served */

typedef enum {
    NGX_HTTP_SOCIAL_JOB_LOAD = 0,
    NGX_HTTP_SOCIAL_JOB_READ,
    NGX_HTTP_SOCIAL_JOB_WRITE,
    NGX_HTTP_SOCIAL_JOB_KINDS
} ngx_http_social_job_kind_e;

#define ngx_http_social_job_kind(job)                                         \
    ((job)->writer ? NGX_HTTP_SOCIAL_JOB_WRITE                                \
     : (job)->load ? NGX_HTTP_SOCIAL_JOB_LOAD : NGX_HTTP_SOCIAL_JOB_READ)


typedef struct ngx_http_social_job_s        ngx_http_social_job_t;
typedef struct ngx_http_social_job_write_s  ngx_http_social_job_write_t;

typedef int (*ngx_http_social_job_run_pt)(ngx_http_social_job_t *job,
    social_store_t *store);
typedef void (*ngx_http_social_job_done_pt)(ngx_http_social_job_t *job);
typedef ngx_http_social_job_t *(*ngx_http_social_job_follow_pt)(
    ngx_http_social_job_t *job);


struct ngx_http_social_job_s {
    ngx_thread_task_t          *task;       /* &own; all jobs of a chain have
                                             * the same one */
    ngx_thread_task_t           own;
    ngx_queue_t                 link;
    ngx_http_social_site_t     *site;
    ngx_http_social_job_run_pt  run;        /* in a thread: no nginx calls */
    ngx_http_social_job_done_pt done;       /* event loop; frees the job */
    ngx_http_social_job_done_pt late;       /* event loop, or NULL: the job
                                             * counts as failed, though `done`
                                             * is still to come */
    ngx_http_social_job_follow_pt follow;   /* in the thread, after a `run` that
                                             * succeeded, or NULL: returns the
                                             * job that goes on in its place,
                                             * or NULL */
    ngx_uint_t                  conn;       /* index of the connection */
    ngx_msec_t                  since;      /* when posted, then started */
    unsigned                    writer:1;
    unsigned                    load:1;     /* a reader that goes first */
    unsigned                    create:1;   /* a reader that first creates the
                                             * store */
    unsigned                    idle:1;     /* closes its connection, does not
                                             * run */

    /* the event loop writes these while the thread reads the bits above: as
     * bits of the same word they would be a data race */
    ngx_uint_t                  slow;       /* took longer than JOB_SLOW */
    ngx_uint_t                  overdue;    /* took longer than JOB_LATE */

    /* the thread's, until `done` */
    int                         rc;         /* what run returned */
    int                         wrote;      /* the store was written: that
                                             * proves that it works */
    int                         replaced;   /* it is another store now */
    social_store_error_t        error;      /* set if rc is SOCIAL_ERROR */
    ngx_http_social_job_t      *next;       /* that followed, or NULL */
};


/*
 * A write of a request.  Strings of `write` point into memory behind the
 * post, in the same malloc.  The request is blocked while the post waits, so
 * it lives until `done`, even if its client has left; `done` answers and
 * finalizes it, and must not free the posts.  If the status of a write is
 * SOCIAL_LOST, its other results are not valid.
 */

struct ngx_http_social_job_write_s {
    ngx_queue_t                 link;
    ngx_http_social_site_t     *site;
    ngx_http_request_t         *request;
    void                      (*done)(ngx_http_request_t *r,
                                      ngx_http_social_job_write_t **posts,
                                      ngx_uint_t n);
    ngx_http_social_job_write_t *next;      /* of the same request */
    ngx_msec_t                  since;
    unsigned                    unread:1;   /* the thread compares name,
                                             * website and text with `block`
                                             * before it writes */
    social_write_t              write;
};


/* init_process: prepares for the sites of the cycle */
ngx_int_t ngx_http_social_job_worker(ngx_cycle_t *cycle);

/* closes all connections; in exit_process, when the pool is gone */
void ngx_http_social_job_exit(void);

/* a zero-filled job of `size` bytes (ngx_http_social_job_t comes first), also
 * in a thread; NULL: no memory */
void *ngx_http_social_job_alloc(ngx_http_social_site_t *site, size_t size,
    ngx_http_social_job_run_pt run, ngx_http_social_job_done_pt done);

/* NGX_OK: `done` will be called, never from within this call; NGX_BUSY: the
 * queue is full, the caller still owns the job */
ngx_int_t ngx_http_social_job_post(ngx_http_social_job_t *job);

/* keeps a request, and this worker, alive until the request is unblocked */
void ngx_http_social_job_block(ngx_http_request_t *r);
void ngx_http_social_job_unblock(ngx_http_request_t *r);

/* 1: the store is known to fail just now, do not wait for it.  Once a second
 * they return 0 to one caller, whose job finds out whether it works again.
 * The first is for readers, the second for writers */
ngx_uint_t ngx_http_social_job_store_away(ngx_http_social_site_t *site);
ngx_uint_t ngx_http_social_job_writer_away(ngx_http_social_site_t *site);

/* runs a job at once and blocks: in a thread, or in exit_process, when the pool
 * is gone */
void ngx_http_social_job_run(ngx_http_social_job_t *job);


/* memory of answers: ngx_http_social_job_held.c */

/* counts an answer of len bytes from now on, or no longer */
void ngx_http_social_job_hold(size_t len);
void ngx_http_social_job_let_go(size_t len);

/* 0: this worker holds so much that there is no room for an answer of len
 * bytes; a short one always has room */
ngx_uint_t ngx_http_social_job_room(size_t len);


/* failures of the store: ngx_http_social_job_store_state.c */

ngx_int_t ngx_http_social_job_store_state_worker(ngx_cycle_t *cycle);
void ngx_http_social_job_store_failed(ngx_http_social_site_t *site,
    ngx_uint_t writer, social_store_error_t *error);
void ngx_http_social_job_store_recovered(ngx_http_social_site_t *site,
    ngx_uint_t writer);

/* the store was deleted or replaced: all keys are loaded again */
void ngx_http_social_job_store_replaced(ngx_http_social_site_t *site);

/* NGX_OK: the store works; NGX_BUSY: it failed less than a second ago;
 * NGX_AGAIN: one job may try */
ngx_int_t ngx_http_social_job_store_pause(ngx_http_social_site_t *site,
    ngx_uint_t writer);


/* chains of jobs: ngx_http_social_job_chain.c */

/* init_process: NGX_ERROR: no memory */
ngx_int_t ngx_http_social_job_chain_worker(ngx_cycle_t *cycle);

/* the handler of tasks, in a thread: runs the job `data`, and those that follow
 * it.  The pool's event is the last one's */
void ngx_http_social_job_chain_thread(void *data, ngx_log_t *log);

/* ends the jobs that were passed, in their order */
void ngx_http_social_job_chain_passed(void);

/* msec of the monotonic clock, also in a thread */
int64_t ngx_http_social_job_now(void);

/* in a thread: 1 if no other job of this worker waits to write, and no other
 * worker has begun to write for a second */
ngx_uint_t ngx_http_social_job_chain_alone(ngx_http_social_site_t *site);

/* 1: another job waits, chains of this worker end */
void ngx_http_social_job_chain_yield(ngx_uint_t yield);


/* group commit: ngx_http_social_job_group_commit.c */

ngx_int_t ngx_http_social_job_batch_worker(ngx_cycle_t *cycle);

/*
 * Queues all posts of one request, linked by next; they are committed in one
 * transaction.  NGX_OK: `done` will be called once for the whole list, and the
 * posts are freed after it; NGX_BUSY: the queue is full or the store is away,
 * the caller still owns the posts.
 */
ngx_int_t ngx_http_social_job_write(ngx_http_social_job_write_t *post);

/* a zero-filled post with `size` more bytes for its strings, to be released
 * with free(); NULL: no memory */
ngx_http_social_job_write_t *ngx_http_social_job_write_alloc(
    ngx_http_social_site_t *site, size_t size);

/* copies s to *p, in the bytes behind the post, and moves *p on */
social_str_t ngx_http_social_job_write_str(u_char **p, ngx_str_t *s);

/* how many of one request, also in a thread; frees them */
ngx_uint_t ngx_http_social_job_write_count(ngx_http_social_job_write_t *post);
void ngx_http_social_job_write_free(ngx_http_social_job_write_t *post);

/* in a thread: holds those of n posts that match block; NULL: none does */
void ngx_http_social_job_block_words(social_block_t *block,
    ngx_http_social_job_write_t **posts, ngx_uint_t n);

/* fails posts that have waited for JOB_LATE; called every JOB_SLOW */
void ngx_http_social_job_batch_watch(void);


#endif /* NGX_HTTP_SOCIAL_JOB_H_INCLUDED */
