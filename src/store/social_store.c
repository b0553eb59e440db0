
/*
 * The store's public functions: find the backend by the URL's scheme, then
 * pass every call to it.  To add a backend, add a row to
 * social_store_backends.
 *
 * Owns nothing and must not know a database.  Pool threads, and the event loop
 * at exit.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "social_store_backend.h"


static const social_store_backend_t *const  social_store_backends[] = {
    &social_store_sqlite,
#if (SOCIAL_POSTGRES)
    &social_store_postgres
#endif
};


social_store_t *
social_store_open(const char *url, int writer, social_store_error_t *err)
{
    size_t                         i;
    const social_store_backend_t  *backend;

    for (i = 0; i < social_nelts(social_store_backends); i++) {
        backend = social_store_backends[i];

        if (strncmp(url, backend->scheme, strlen(backend->scheme)) == 0) {
            return backend->open(url, writer, err);
        }
    }

    social_store_error(err, SOCIAL_STORE_AWAY, "open",
                       "unknown kind of store \"%s\"", url);

    return NULL;
}


void
social_store_close(social_store_t *store)
{
    if (store != NULL) {
        store->backend->close(store);
    }
}


void
social_store_leave(void)
{
    size_t  i;

    for (i = 0; i < social_nelts(social_store_backends); i++) {
        if (social_store_backends[i]->leave != NULL) {
            social_store_backends[i]->leave();
        }
    }
}


int
social_store_verify(social_store_t *store)
{
    return store->backend->verify(store);
}


int
social_store_secret(social_store_t *store, unsigned char secret[32],
    social_store_error_t *err)
{
    return store->backend->secret(store, secret, err);
}


int
social_store_identity(social_store_t *store,
    char identity[SOCIAL_STORE_IDENTITY], social_store_error_t *err)
{
    return store->backend->identity(store, identity, err);
}


int
social_store_signout(social_store_t *store, int64_t *signout,
    social_store_error_t *err)
{
    return store->backend->signout(store, signout, err);
}


int
social_store_unerased(social_store_t *store)
{
    return store->backend->unerased(store);
}


int
social_store_write(social_store_t *store, social_write_t **writes, size_t n,
    social_store_error_t *err)
{
    return store->backend->write(store, writes, n, err);
}


int
social_store_save(social_store_t *store, uint64_t generation, int64_t now,
    const social_saved_t *saved, size_t n, social_store_error_t *err)
{
    return store->backend->save(store, generation, now, saved, n, err);
}


int
social_store_thread(social_store_t *store, social_str_t key, uint32_t page,
    uint32_t limit, social_order_e order, social_comments_t *list,
    social_store_error_t *err)
{
    return store->backend->thread(store, key, page, limit, order, list, err);
}


int
social_store_after(social_store_t *store, social_str_t key, int64_t after,
    uint32_t limit, social_comments_t *list, social_store_error_t *err)
{
    return store->backend->after(store, key, after, limit, list, err);
}


int
social_store_comment(social_store_t *store, int64_t id,
    social_comments_t *list, social_store_error_t *err)
{
    return store->backend->comment(store, id, list, err);
}


int
social_store_imported(social_store_t *store, social_str_t origin, int64_t *id,
    social_store_error_t *err)
{
    return store->backend->imported(store, origin, id, err);
}


int
social_store_page_of(social_store_t *store, int64_t id, uint32_t limit,
    social_order_e order, uint32_t *page, social_store_error_t *err)
{
    return store->backend->page_of(store, id, limit, order, page, err);
}


int
social_store_mine(social_store_t *store,
    const unsigned char commenter[SOCIAL_COMMENTER_LEN], int64_t after,
    uint32_t limit, social_order_e order, social_comments_t *list,
    social_store_error_t *err)
{
    return store->backend->mine(store, commenter, after, limit, order, list,
                                err);
}


int
social_store_queue(social_store_t *store, const social_queue_t *queue,
    social_comments_t *list, social_store_error_t *err)
{
    return store->backend->queue(store, queue, list, err);
}


int
social_store_log(social_store_t *store, int64_t before, uint32_t limit,
    social_store_log_pt handler, void *data, social_store_error_t *err)
{
    return store->backend->log(store, before, limit, handler, data, err);
}


int
social_store_logged(social_store_t *store, int64_t id, social_str_t who,
    social_store_log_pt handler, void *data, social_store_error_t *err)
{
    return store->backend->logged(store, id, who, handler, data, err);
}


/* an edit and an erasure removed the text for good */

int
social_store_can_undo(const char *action)
{
    size_t  i;

    static const char *const  names[] = {
        "approve", "hold", "spam", "delete", "restore", "ban", "done", "reply",
        "move", "undo"
    };

    for (i = 0; i < social_nelts(names); i++) {
        if (strcmp(action, names[i]) == 0) {
            return 1;
        }
    }

    return 0;
}


int
social_store_export(social_store_t *store, char next[SOCIAL_STORE_NEXT],
    size_t bytes, social_store_line_pt handler, void *data,
    social_store_error_t *err)
{
    return store->backend->export(store, next, bytes, handler, data, err);
}


int
social_store_keys(social_store_t *store, int64_t *change,
    social_store_key_pt handler, void *data, social_store_error_t *err)
{
    return store->backend->keys(store, change, handler, data, err);
}


int
social_store_changed(social_store_t *store, int64_t *change, uint32_t limit,
    social_store_key_pt handler, void *data, social_store_error_t *err)
{
    return store->backend->changed(store, change, limit, handler, data, err);
}


int
social_store_figures(social_store_t *store, int64_t from, int64_t to,
    social_period_t *figures, social_store_error_t *err)
{
    return store->backend->figures(store, from, to, figures, err);
}


int
social_store_totals(social_store_t *store, int64_t from, int64_t to,
    social_article_t *totals, social_store_error_t *err)
{
    return store->backend->totals(store, from, to, totals, err);
}


int
social_store_series(social_store_t *store, int64_t from, int64_t to,
    int64_t step, const char *const *goals, size_t ngoals,
    social_series_t *series, social_store_error_t *err)
{
    return store->backend->series(store, from, to, step, goals, ngoals,
                                  series, err);
}


int
social_store_details(social_store_t *store, social_details_t *details,
    social_store_error_t *err)
{
    return store->backend->details(store, details, err);
}


int
social_store_age(social_store_t *store, social_retention_t *keep,
    social_store_error_t *err)
{
    return store->backend->age(store, keep, err);
}


int
social_store_feed(social_store_t *store, social_str_t key, uint32_t limit,
    social_comments_t *list, social_store_error_t *err)
{
    return store->backend->feed(store, key, limit, list, err);
}


int
social_store_replies(social_store_t *store, social_str_t mac, uint32_t limit,
    social_comments_t *list, social_store_error_t *err)
{
    return store->backend->replies(store, mac, limit, list, err);
}


int
social_store_notices(social_store_t *store, social_notices_t *notices,
    social_store_error_t *err)
{
    return store->backend->notices(store, notices, err);
}


void
social_store_error(social_store_error_t *err, social_store_fault_e fault,
    const char *op, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    social_store_error_list(err, fault, op, fmt, args);
    va_end(args);
}


void
social_store_error_list(social_store_error_t *err, social_store_fault_e fault,
    const char *op, const char *fmt, va_list args)
{
    char  *p;

    if (err == NULL) {
        return;
    }

    err->fault = fault;
    snprintf(err->op, sizeof(err->op), "%s", op);
    vsnprintf(err->message, sizeof(err->message), fmt, args);

    for (p = err->message; *p != '\0'; p++) {
        if ((unsigned char) *p < 0x20 || *p == 0x7f) {
            *p = ' ';
        }
    }
}


int
social_store_import(social_store_t *store, social_import_t *items, size_t n,
    int64_t now, social_store_error_t *err)
{
    return store->backend->import(store, items, n, now, err);
}


int
social_store_origin(social_store_t *store, social_str_t source,
    social_str_t id, int64_t *comment,
    unsigned char commenter[SOCIAL_COMMENTER_LEN], social_store_error_t *err)
{
    return store->backend->origin(store, source, id, comment, commenter, err);
}


int
social_store_knows(social_store_t *store, social_str_t key,
    social_store_error_t *err)
{
    return store->backend->knows(store, key, err);
}


int
social_store_take_back(social_store_t *store, social_str_t source,
    uint32_t limit, int64_t now, int64_t *n, social_store_error_t *err)
{
    return store->backend->take_back(store, source, limit, now, n, err);
}


int
social_store_dump(social_store_t *store, unsigned flags,
    social_store_line_pt handler, void *data, social_store_error_t *err)
{
    return store->backend->dump(store, flags, handler, data, err);
}


int
social_store_restore_begin(social_store_t *store, social_store_error_t *err)
{
    return store->backend->restore_begin(store, err);
}


int
social_store_restore_line(social_store_t *store, social_str_t type,
    social_str_t line, int64_t number, social_store_error_t *err)
{
    return store->backend->restore_line(store, type, line, number, err);
}


int
social_store_restore_end(social_store_t *store, int keep, int fresh,
    int64_t now, social_store_error_t *err)
{
    return store->backend->restore_end(store, keep, fresh, now, err);
}


int
social_store_check(social_store_t *store, social_store_check_pt handler,
    void *data, social_store_error_t *err)
{
    return store->backend->check(store, handler, data, err);
}
