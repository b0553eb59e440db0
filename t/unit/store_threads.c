
/*
 * Stores of two sites in several threads, as jobs use them: one job at a time
 * has a connection, and the next one may run in another thread.  make tsan runs
 * this under the thread sanitizer, too.
 */

#include <pthread.h>

#include "store.h"


#define SITES    2
#define CONNS    3              /* the last one writes */
#define THREADS  8
#define WRITES   150            /* jobs of a site */
#define READS    500


typedef struct {
    social_store_t  *conn[CONNS];
    int              busy[CONNS];
    int              left[2];       /* jobs to do, by writer */
    char             url[256];
    int              turn;          /* that the writer has stored */
    int64_t          comments;      /* that were counted */
    int64_t          views;         /* of the last save */
} site_t;


typedef struct {
    site_t          *site;
    int              at;            /* the connection */
    int              number;
    int              failed;
    social_store_error_t  err;
} job_t;


static pthread_mutex_t  lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t   ready = PTHREAD_COND_INITIALIZER;

static site_t  sites[SITES];
static int     begun, failed;


static int
write_job(job_t *job)
{
    char             text[32];
    social_saved_t   saved;
    social_write_t   w, *batch[1];
    social_store_t  *store;

    store = job->site->conn[job->at];

    if (++job->site->turn % 3 == 0) {
        memset(&saved, 0, sizeof(saved));
        saved.key = "/a/";
        saved.life = 1;
        saved.kind = SOCIAL_COUNT_READ;
        saved.value = (uint64_t) ++job->site->views;

        return social_store_save(store, 7, NOW, &saved, 1, &job->err);
    }

    snprintf(text, sizeof(text), "comment %d", job->number);
    w = comment(1 + job->number % 5, text);
    batch[0] = &w;

    if (social_store_write(store, batch, 1, &job->err) != SOCIAL_OK
        || w.status != SOCIAL_WROTE)
    {
        return SOCIAL_ERROR;
    }

    job->site->comments++;

    return SOCIAL_OK;
}


static int
read_job(job_t *job)
{
    int                rc;
    social_store_t    *store;
    social_queue_t     queue;
    social_period_t   figures;
    social_comments_t  list;

    memset(&list, 0, sizeof(list));
    memset(&queue, 0, sizeof(queue));
    queue.limit = 20;
    store = job->site->conn[job->at];

    switch (job->number % 4) {

    case 0:
        rc = social_store_figures(store, 0, NOW + 3600, &figures, &job->err);

        if (rc == SOCIAL_OK) {
            social_period_free(&figures);
        }

        return rc;

    case 1:
        rc = social_store_queue(store, &queue, &list, &job->err);
        break;

    case 2:
        rc = social_store_after(store, str("/a/"), 5, 20, &list, &job->err);
        break;

    default:
        rc = social_store_thread(store, str("/a/"), 1, 50, SOCIAL_NEWEST,
            &list, &job->err);
    }

    if (rc == SOCIAL_OK) {
        social_comments_free(&list);
    }

    return rc;
}


/* waits for a free connection and gives it the next job; 0: no jobs left */

static int
take(job_t *job)
{
    int      i, at, *left;
    site_t  *site;

    pthread_mutex_lock(&lock);

    while (begun < SITES * (WRITES + READS)) {

        for (i = 0; i < SITES * CONNS; i++) {
            site = &sites[(begun + i) % SITES];
            at = (begun + i) / SITES % CONNS;
            left = &site->left[at == CONNS - 1];

            if (*left && !site->busy[at]) {
                (*left)--;
                site->busy[at] = 1;
                job->site = site;
                job->at = at;
                job->number = begun++;
                pthread_mutex_unlock(&lock);
                return 1;
            }
        }

        pthread_cond_wait(&ready, &lock);
    }

    pthread_cond_broadcast(&ready);
    pthread_mutex_unlock(&lock);

    return 0;
}


static void *
work(void *data)
{
    int              writer;
    job_t            job;
    social_store_t **conn;

    (void) data;

    while (take(&job)) {
        conn = &job.site->conn[job.at];
        writer = (job.at == CONNS - 1);

        /* the first job of a connection opens it, and some open it again */

        if (*conn && job.number % 200 < SITES * CONNS) {
            social_store_close(*conn);
            *conn = NULL;
        }

        if (*conn == NULL) {
            *conn = social_store_open(job.site->url, writer, &job.err);
        }

        job.failed = (*conn == NULL
                      || (writer ? write_job(&job) : read_job(&job))
                         != SOCIAL_OK);

        pthread_mutex_lock(&lock);

        if (job.failed) {
            printf("# job %d: %s: %s\n", job.number, job.err.op,
                   job.err.message);
            failed++;
        }

        job.site->busy[job.at] = 0;
        pthread_cond_signal(&ready);
        pthread_mutex_unlock(&lock);
    }

    return NULL;
}


int
main(void)
{
    int        i;
    pthread_t  threads[THREADS];

    fresh();

    for (i = 0; i < SITES; i++) {
        if (on_postgres()) {
            snprintf(schema, sizeof(schema), "site_%d_%d", (int) getpid(), i);
            snprintf(url, sizeof(url), "%s?schema=%s", getenv("SOCIAL_STORE"),
                     schema);
        } else {
            snprintf(path, sizeof(path), "%s/site%d.db", dir, i);
            snprintf(url, sizeof(url), "sqlite:%s", path);
        }

        snprintf(sites[i].url, sizeof(sites[i].url), "%s", url);
        sites[i].left[0] = READS;
        sites[i].left[1] = WRITES;
        social_store_close(must_open(1));
    }

    for (i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, work, NULL) != 0) {
            printf("Bail out! no thread\n");
            return 2;
        }
    }

    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }

    is_int(failed, 0, "no job fails");

    for (i = 0; i < SITES; i++) {
        snprintf(path, sizeof(path), "%s/site%d.db", dir, i);
        snprintf(schema, sizeof(schema), on_postgres() ? "site_%d_%d" : "",
                 (int) getpid(), i);

        is_int(ask("SELECT count(*) FROM comment"), sites[i].comments,
               "every comment is stored once");
        is_int(ask("SELECT count(DISTINCT text) FROM comment"),
               sites[i].comments, "each with its own text");
        is_int(ask("SELECT sum(value) FROM bucket WHERE step = 3600"),
               sites[i].views, "every view is counted once");
        is_int(sites[i].comments, WRITES - WRITES / 3,
               "the expected number of comments");
    }

    for (i = 0; i < SITES * CONNS; i++) {
        social_store_close(sites[i / CONNS].conn[i % CONNS]);
    }

    clean();

    return done();
}
