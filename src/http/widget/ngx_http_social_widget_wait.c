
/*
 * How a request waits: for its widget, or for the zone to know which articles
 * have comments.
 *
 * It waits in the PRECONTENT phase, after access control, for at most
 * NGX_HTTP_SOCIAL_WIDGET_WAIT; then its page goes out with the last widget if
 * that may still be shown, else with a link to the thread.  A request that ends
 * earlier takes itself out by a pool cleanup.
 *
 * Event loop only.  Must not touch the store.
 */

#include "ngx_http_social_widget_cache.h"
#include "ngx_http_social_widget_wait.h"


#define NGX_HTTP_SOCIAL_WIDGET_POLL  5     /* ms, while the zone is filled */


static void
ngx_http_social_widget_wait_cleanup(void *data)
{
    ngx_http_social_widget_wait_t  *wait = data;

    if (wait->timer.timer_set) {
        ngx_del_timer(&wait->timer);
    }

    if (wait->queued) {
        ngx_queue_remove(&wait->link);
        wait->queued = 0;
    }
}


void
ngx_http_social_widget_resume(ngx_http_social_widget_wait_t *wait)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    ngx_http_social_widget_wait_cleanup(wait);

    r = wait->request;
    c = r->connection;

    if (wait->handler) {
        ngx_http_set_log_request(c->log, r);
        wait->handler(r);
        ngx_http_run_posted_requests(c);
        return;
    }

    /* a request waits for one widget only, so that its wait ends */

    wait->rec->wait_over = ((ngx_msec_int_t) (wait->rec->wait_until
                                                 - ngx_current_msec) <= 0
                            || wait->key.len != 0);

    ngx_http_set_log_request(c->log, r);

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, c->log, 0, "social wait: ends");

    r->write_event_handler = ngx_http_core_run_phases;
    ngx_http_core_run_phases(r);

    ngx_http_run_posted_requests(c);
}


/*
 * Right after the start the zone does not know yet which articles have
 * comments.  Any worker may fill it, so this is polled.  1: wait on.
 */

static ngx_uint_t
ngx_http_social_widget_wait_poll(ngx_http_social_widget_wait_t *wait)
{
    ngx_msec_int_t  left;

    left = (ngx_msec_int_t) (wait->rec->wait_until - ngx_current_msec);

    if (wait->rec->site->zone->keys_loaded || left <= 0
        || ngx_http_social_job_store_away(wait->rec->site))
    {
        return 0;
    }

    ngx_add_timer(&wait->timer, ngx_min(left, NGX_HTTP_SOCIAL_WIDGET_POLL));

    return 1;
}


static void
ngx_http_social_widget_wait_timeout(ngx_event_t *ev)
{
    ngx_http_social_widget_wait_t   *wait;
    ngx_http_social_widget_entry_t  *entry;

    wait = (ngx_http_social_widget_wait_t *)
               ((u_char *) ev
                - offsetof(ngx_http_social_widget_wait_t, timer));

    if (!wait->queued && ngx_http_social_widget_wait_poll(wait)) {
        return;
    }

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ev->log, 0,
                   "social wait: timed out for %s",
                   wait->queued ? "the widget" : "the zone");

    entry = ngx_http_social_widget_entry_find(wait->rec->site, &wait->rec->key,
                                              0);

    if (entry && entry->loading) {
        entry->timed_out = 1;
    }

    ngx_http_social_widget_resume(wait);
}


/* a wait that ends with the request, or NULL */

static ngx_http_social_widget_wait_t *
ngx_http_social_widget_wait_make(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    ngx_pool_cleanup_t             *cln;
    ngx_http_social_widget_wait_t  *wait;

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_social_widget_wait_t));
    if (cln == NULL) {
        return NULL;
    }

    wait = cln->data;
    ngx_memzero(wait, sizeof(ngx_http_social_widget_wait_t));
    cln->handler = ngx_http_social_widget_wait_cleanup;

    wait->request = r;
    wait->rec = rec;

    return wait;
}


ngx_int_t
ngx_http_social_widget_wait_answer(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version,
    void (*handler)(ngx_http_request_t *r))
{
    ngx_http_social_widget_wait_t  *wait;

    wait = ngx_http_social_widget_wait_make(r, rec);
    if (wait == NULL) {
        return NGX_ERROR;
    }

    wait->key = rec->key;
    wait->version = *version;
    wait->handler = handler;
    wait->queued = 1;
    ngx_queue_insert_tail(&entry->waiters, &wait->link);

    return NGX_AGAIN;
}


ngx_int_t
ngx_http_social_widget_wait(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version)
{
    ngx_msec_int_t                  left;
    ngx_http_social_widget_wait_t  *wait;

    wait = ngx_http_social_widget_wait_make(r, rec);
    if (wait == NULL) {
        return NGX_ERROR;
    }

    if (rec->wait_until == 0) {
        rec->wait_until = ngx_current_msec + NGX_HTTP_SOCIAL_WIDGET_WAIT;
    }

    left = (ngx_msec_int_t) (rec->wait_until - ngx_current_msec);
    left = ngx_max(left, 1);

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social wait: begins for %s, %M ms at most",
                   entry ? "the widget" : "the zone", left);

    wait->timer.handler = ngx_http_social_widget_wait_timeout;
    wait->timer.data = r->connection;
    wait->timer.log = r->connection->log;

    if (entry) {
        wait->key = rec->key;
        wait->version = *version;
        ngx_queue_insert_tail(&entry->waiters, &wait->link);
        wait->queued = 1;
        ngx_add_timer(&wait->timer, left);

    } else {
        ngx_add_timer(&wait->timer, ngx_min(left, NGX_HTTP_SOCIAL_WIDGET_POLL));
    }

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    if (ngx_handle_read_event(r->connection->read, 0) != NGX_OK) {
        ngx_http_social_widget_wait_cleanup(wait);
        return NGX_ERROR;
    }

    return NGX_AGAIN;
}
