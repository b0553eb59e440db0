
/*
 * This machine among those that share a store: it notes every few seconds that
 * it lives and when it saved, asks for the lease of what only one machine does,
 * and saves when a status request on another one asks for that.
 *
 * A machine is known by its host and the first port that its nginx listens on:
 * the same after a restart, and different for two nginx of one host.  In the
 * store it is the zone that lives, which a binary upgrade has two of.  An nginx
 * that was killed leaves its zone's row behind; the next one takes it away.
 *
 * Event loop, except note_run, which runs in a thread.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_zone.h"
#include "social_version.h"


#define NGX_HTTP_SOCIAL_SYNC_NODE_AGAIN  1000   /* msec, after a note failed */


typedef struct {
    ngx_http_social_job_t       job;
    ngx_msec_t                  at;         /* when it was made */
    social_note_t               note;
} ngx_http_social_sync_note_t;


/* a save that another machine asked for */

typedef struct {
    ngx_http_social_site_t     *site;
    int64_t                     flush;
} ngx_http_social_sync_answer_t;


static char  ngx_http_social_sync_node[SOCIAL_NODE_NAME];


static ngx_uint_t
ngx_http_social_sync_node_port(ngx_cycle_t *cycle)
{
    in_port_t         port;
    ngx_uint_t        i;
    ngx_listening_t  *ls;

    ls = cycle->listening.elts;

    for (i = 0; i < cycle->listening.nelts; i++) {
        port = ls[i].sockaddr->sa_family == AF_UNIX
               ? 0 : ngx_inet_get_port(ls[i].sockaddr);

        if (port) {
            return port;
        }
    }

    return 0;
}


/* is it a process, also one that another user runs? */

static ngx_uint_t
ngx_http_social_sync_node_runs(ngx_pid_t pid)
{
    return kill(pid, 0) == 0 || ngx_errno != NGX_ESRCH;
}


/* notes that this process uses the zone, in the place of one that does not run
 * any more; if there is no room, nobody will know who leaves last */

static void
ngx_http_social_sync_node_enter(ngx_http_social_zone_t *zone)
{
    ngx_uint_t         i;
    ngx_atomic_uint_t  pid;

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WORKERS; i++) {
        pid = zone->workers[i];

        if ((pid == 0 || !ngx_http_social_sync_node_runs((ngx_pid_t) pid))
            && ngx_atomic_cmp_set(&zone->workers[i], pid, ngx_pid))
        {
            return;
        }
    }
}


/* 1: no other process uses the zone.  Of two that leave at once, at least one
 * gets 1: each takes itself out before it looks */

static ngx_uint_t
ngx_http_social_sync_node_last(ngx_http_social_zone_t *zone)
{
    ngx_uint_t         i, mine;
    ngx_atomic_uint_t  pid;

    mine = 0;

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WORKERS; i++) {
        mine |= ngx_atomic_cmp_set(&zone->workers[i], ngx_pid, 0);
    }

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WORKERS; i++) {
        pid = zone->workers[i];

        if (pid && ngx_http_social_sync_node_runs((ngx_pid_t) pid)) {
            return 0;
        }
    }

    return mine;
}


ngx_int_t
ngx_http_social_sync_node_worker(ngx_cycle_t *cycle)
{
    ngx_uint_t                     i;
    ngx_http_social_site_t       **site;
    ngx_http_social_main_conf_t   *mcf;

    /* room for the port: a host name has up to 64 bytes on Linux */

    *ngx_snprintf((u_char *) ngx_http_social_sync_node, SOCIAL_NODE_NAME - 1,
                  "%*s:%ui", ngx_min(cycle->hostname.len,
                                     SOCIAL_NODE_NAME - sizeof(":65535")),
                  cycle->hostname.data, ngx_http_social_sync_node_port(cycle))
        = '\0';

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_social_module);
    site = mcf->sites.elts;

    for (i = 0; i < mcf->sites.nelts; i++) {
        ngx_http_social_sync_node_enter(site[i]->zone);
        (void) ngx_atomic_cmp_set(&site[i]->zone->saved_at, 0,
                                  ngx_current_msec);
    }

    return NGX_OK;
}


const char *
ngx_http_social_sync_node_name(void)
{
    return ngx_http_social_sync_node;
}


/* says once that the clock is wrong, until it is right again.  ahead: msec, the
 * store's clock less this machine's */

static void
ngx_http_social_sync_node_clock(ngx_http_social_site_t *site, int64_t ahead)
{
    ngx_atomic_uint_t  wrong;

    wrong = (ahead > SOCIAL_NODE_CLOCK || ahead < -SOCIAL_NODE_CLOCK);

    /* two workers may find that out at once */

    if (!ngx_atomic_cmp_set(&site->zone->clock_wrong, !wrong, wrong)
        || !wrong)
    {
        return;
    }

    ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                  "social_site \"%V\": the clock of this machine is %L "
                  "seconds %s that of the store, which counts",
                  &site->name, (ahead < 0 ? -ahead : ahead) / 1000,
                  ahead < 0 ? "ahead of" : "behind");
}


/* runs in a thread */

static int
ngx_http_social_sync_note_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    ngx_http_social_sync_note_t  *note = (ngx_http_social_sync_note_t *) job;

    return social_store_note(store, &note->note, &job->error);
}


static void
ngx_http_social_sync_note_done(ngx_http_social_job_t *job)
{
    ngx_http_social_zone_t       *zone;
    ngx_http_social_sync_note_t  *note = (ngx_http_social_sync_note_t *) job;

    zone = job->site->zone;

    if (job->rc == SOCIAL_OK) {

        /* as the store has it, or earlier: since before it was asked */

        zone->lease_until = note->note.leased ? note->at + SOCIAL_NODE_LIVES
                                              : 0;
        zone->anew = 0;
        ngx_http_social_sync_node_clock(job->site, note->note.ahead);

    } else {
        zone->note_due = ngx_current_msec + NGX_HTTP_SOCIAL_SYNC_NODE_AGAIN;
    }

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social node \"%V\": %s", &job->site->name,
                   job->rc != SOCIAL_OK ? "could not be noted"
                   : note->note.leased ? "noted, upkeep is done here"
                                       : "noted");
    free(note);
}


static ngx_http_social_sync_note_t *
ngx_http_social_sync_note_make(ngx_http_social_site_t *site)
{
    ngx_http_social_zone_t       *zone;
    ngx_http_social_sync_note_t  *note;

    note = ngx_http_social_job_alloc(site, sizeof(ngx_http_social_sync_note_t),
                                     ngx_http_social_sync_note_run,
                                     ngx_http_social_sync_note_done);
    if (note == NULL) {
        return NULL;
    }

    zone = site->zone;

    note->at = ngx_current_msec;
    note->note.generation = zone->generation;
    note->note.name = ngx_http_social_sync_node;
    note->note.version = SOCIAL_VERSION;
    note->note.unsaved = ngx_max((ngx_msec_int_t) (note->at - zone->saved_at),
                                 0);
    note->note.answered = (int64_t) zone->flush_answered;
    note->note.anew = (zone->anew != 0);

    return note;
}


static void
ngx_http_social_sync_node_note(ngx_http_social_site_t *site)
{
    ngx_http_social_sync_note_t  *note;

    note = ngx_http_social_sync_note_make(site);

    if (note && ngx_http_social_job_post(&note->job) != NGX_OK) {
        free(note);
    }
}


void
ngx_http_social_sync_node_live(ngx_http_social_site_t *site)
{
    ngx_msec_t               due;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    due = zone->note_due;

    if (zone->store_failed[0]
        || ((ngx_msec_int_t) (due - ngx_current_msec) > 0
            && due - ngx_current_msec <= SOCIAL_NODE_NOTE))
    {
        return;
    }

    if (ngx_atomic_cmp_set(&zone->note_due, due,
                           ngx_current_msec + SOCIAL_NODE_NOTE))
    {
        ngx_http_social_sync_node_note(site);
    }
}


ngx_uint_t
ngx_http_social_sync_node_leased(ngx_http_social_site_t *site)
{
    ngx_msec_t  until;

    until = site->zone->lease_until;

    return until && (ngx_msec_int_t) (until - ngx_current_msec) > 0
           && until - ngx_current_msec <= SOCIAL_NODE_LIVES;
}


/* if the save failed, the next poll asks for it again */

static void
ngx_http_social_sync_node_saved(void *data, ngx_int_t rc)
{
    ngx_http_social_zone_t         *zone;
    ngx_http_social_sync_answer_t  *answer = data;

    zone = answer->site->zone;

    if (rc == NGX_OK) {
        zone->flush_answered = answer->flush;
        ngx_http_social_sync_node_note(answer->site);

    } else {
        zone->flush = 0;
    }

    free(answer);
}


void
ngx_http_social_sync_node_flush(ngx_http_social_site_t *site, int64_t flush)
{
    ngx_int_t                       rc;
    ngx_atomic_uint_t               was;
    ngx_http_social_zone_t         *zone;
    ngx_http_social_sync_answer_t  *answer;

    zone = site->zone;
    was = zone->flush;

    if (!site->shared || flush == 0 || was == (ngx_atomic_uint_t) flush
        || ngx_http_social_job_writer_away(site)
        || !ngx_atomic_cmp_set(&zone->flush, was, flush))
    {
        return;
    }

    answer = malloc(sizeof(ngx_http_social_sync_answer_t));
    if (answer == NULL) {
        zone->flush = 0;
        return;
    }

    answer->site = site;
    answer->flush = flush;

    rc = ngx_http_social_sync_save_changes(
        site, ngx_http_social_sync_node_saved, answer);

    if (rc != NGX_OK) {
        ngx_http_social_sync_node_saved(answer,
                                        rc == NGX_DONE ? NGX_OK : NGX_ERROR);
    }
}


void
ngx_http_social_sync_node_leave(ngx_http_social_site_t *site,
    ngx_uint_t tell)
{
    ngx_http_social_sync_note_t  *note;

    if (!ngx_http_social_sync_node_last(site->zone) || !site->shared || !tell
        || site->zone->store_failed[0] || site->zone->store_failed[1])
    {
        return;
    }

    note = ngx_http_social_sync_note_make(site);
    if (note == NULL) {
        return;
    }

    note->job.writer = 1;
    note->job.conn = NGX_HTTP_SOCIAL_JOB_WRITER;
    note->note.leave = 1;

    ngx_http_social_job_run(&note->job);
    free(note);
}
