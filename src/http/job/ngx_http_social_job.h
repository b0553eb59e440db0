
/*
 * Between the event loop and the pool's threads.
 *
 * A job is work on a site's store.  It owns all its memory (malloc, never a
 * request's pool), its `run` is called in a thread with a connection, its
 * `done` in the event loop; `done` frees it.
 *
 * At most two readers and one writer of this worker are in the pool at a
 * time, whatever waits: the pool is shared with "aio threads".  A job that is
 * slow gives its place to other sites, up to JOB_THREADS in all,
 * so a site whose disk hangs holds up nobody but itself.  One that takes
 * longer than NGX_HTTP_SOCIAL_JOB_LATE is not waited for.
 *
 * Writes of requests queue while a batch is in flight and are then committed
 * together.
 */

#ifndef NGX_HTTP_SOCIAL_JOB_H_INCLUDED
#define NGX_HTTP_SOCIAL_JOB_H_INCLUDED


#include "ngx_http_social.h"
#include "social_store.h"


#define NGX_HTTP_SOCIAL_JOB_READERS       2     /* connections 0 and 1 */
#define NGX_HTTP_SOCIAL_JOB_WRITER        NGX_HTTP_SOCIAL_JOB_READERS
#define NGX_HTTP_SOCIAL_JOB_THREADS       12
#define NGX_HTTP_SOCIAL_JOB_GROUP_COMMIT  256   /* writes in one transaction */
#define NGX_HTTP_SOCIAL_JOB_QUEUE         4096  /* waiting jobs or writes of a
                                                 * site */
#define NGX_HTTP_SOCIAL_JOB_SLOW          200   /* msec */
#define NGX_HTTP_SOCIAL_JOB_LATE          5000  /* msec */


typedef struct ngx_http_social_job_s   ngx_http_social_job_t;
typedef struct ngx_http_social_post_s  ngx_http_social_post_t;

typedef int (*ngx_http_social_run_pt)(ngx_http_social_job_t *job,
    social_store_t *store);
typedef void (*ngx_http_social_done_pt)(ngx_http_social_job_t *job);


struct ngx_http_social_job_s {
    ngx_thread_task_t           task;
    ngx_queue_t                 link;
    ngx_http_social_site_t     *site;
    ngx_http_social_run_pt      run;        /* thread: no nginx call here */
    ngx_http_social_done_pt     done;       /* event loop; frees the job */
    ngx_http_social_done_pt     late;       /* NULL, or: who waits is told
                                             * that it failed; `done` is yet
                                             * to come */
    ngx_uint_t                  conn;       /* which connection */
    ngx_msec_t                  since;      /* posted, then started */
    unsigned                    writer:1;
    unsigned                    create:1;   /* a reader that makes the store */

    /* the loop's while the thread reads the bits above: words of their own */
    ngx_uint_t                  slow;       /* has given its place away */
    ngx_uint_t                  overdue;    /* nobody waits any more */

    /* the thread's, until `done` */
    int                         rc;         /* what run returned */
    int                         wrote;      /* the store took something: it is
                                             * in order */
    int                         replaced;   /* the store is another file now */
    social_store_error_t        error;
};


/*
 * A write of a request.  Strings of `write` point into memory that the post
 * owns (one malloc with it).  While it waits the request is blocked, so it
 * lives until `done`, also when its client has left; `done` answers and
 * finalizes it.  A write with status SOCIAL_LOST has no other result: `done`
 * looks at nothing else then.
 */

struct ngx_http_social_post_s {
    ngx_queue_t                 link;
    ngx_http_social_site_t     *site;
    ngx_http_request_t         *request;
    void                      (*done)(ngx_http_request_t *r,
                                      ngx_http_social_post_t **posts,
                                      ngx_uint_t n);
    ngx_http_social_post_t     *next;       /* of the same request */
    ngx_msec_t                  since;
    social_write_t              write;
};


ngx_int_t ngx_http_social_job_worker(ngx_cycle_t *cycle);

/* closes all connections; at exit, when the pool is gone */
void ngx_http_social_job_exit(void);

/* size includes the job itself, which stands first; zero-filled */
void *ngx_http_social_job_alloc(ngx_http_social_site_t *site, size_t size,
    ngx_http_social_run_pt run, ngx_http_social_done_pt done);

/* NGX_OK: `done` will be called; NGX_BUSY: the queue is full, the caller
 * still owns the job */
ngx_int_t ngx_http_social_job_post(ngx_http_social_job_t *job);

/* keeps a request alive while a thread works for it, and lets go again */
void ngx_http_social_job_block(ngx_http_request_t *r);
void ngx_http_social_job_unblock(ngx_http_request_t *r);

/* is the store known to be in trouble just now? then nobody waits for it;
 * once a second one may try */
ngx_uint_t ngx_http_social_job_store_away(ngx_http_social_site_t *site);
ngx_uint_t ngx_http_social_job_writer_away(ngx_http_social_site_t *site);

/* runs a job where it is called: at exit, when the pool is gone */
void ngx_http_social_job_run(ngx_http_social_job_t *job);


/* trouble and its end: ngx_http_social_job_store_state.c */

ngx_int_t ngx_http_social_job_store_state_worker(ngx_cycle_t *cycle);
void ngx_http_social_job_store_failed(ngx_http_social_site_t *site,
    ngx_uint_t writer, social_store_error_t *error);
void ngx_http_social_job_store_recovered(ngx_http_social_site_t *site,
    ngx_uint_t writer);

/* the store is another file now */
void ngx_http_social_job_store_replaced(ngx_http_social_site_t *site);

/* NGX_OK: all is well; NGX_BUSY: leave it alone; NGX_AGAIN: try */
ngx_int_t ngx_http_social_job_store_pause(ngx_http_social_site_t *site,
    ngx_uint_t writer);


/* group commit: ngx_http_social_job_group_commit.c */

ngx_int_t ngx_http_social_job_batch_worker(ngx_cycle_t *cycle);

/*
 * A list of posts of one request, linked by next.  NGX_OK: `done` will be
 * called for the whole list; NGX_BUSY: queue full or the store away, nothing
 * happened.
 */
ngx_int_t ngx_http_social_job_write(ngx_http_social_post_t *post);

/* a post with `size` bytes behind it for its strings; malloc'ed */
ngx_http_social_post_t *ngx_http_social_job_write_alloc(
    ngx_http_social_site_t *site, size_t size);

/* copies s behind the post, at *p */
social_str_t ngx_http_social_job_write_str(u_char **p, ngx_str_t *s);

/* from the watch: posts that waited for too long are told */
void ngx_http_social_job_batch_watch(void);


#endif /* NGX_HTTP_SOCIAL_JOB_H_INCLUDED */
