
/*
 * A kind of store: its table of operations.  social_store.h says what each
 * must do.  Only files of this directory may include it.
 */

#ifndef SOCIAL_STORE_BACKEND_H_INCLUDED
#define SOCIAL_STORE_BACKEND_H_INCLUDED


#include <stdarg.h>

#include "social_store.h"


typedef struct {
    const char      *scheme;        /* "sqlite:" */

    /* url still has the scheme */
    social_store_t *(*open)(const char *url, int writer,
                            social_store_error_t *err);
    void            (*close)(social_store_t *store);
    void            (*leave)(void);         /* or NULL */
    int             (*verify)(social_store_t *store);
    int             (*secret)(social_store_t *store,
                              unsigned char secret[32],
                              social_store_error_t *err);
    int             (*identity)(social_store_t *store, char *identity,
                                social_store_error_t *err);
    int             (*signout)(social_store_t *store, int64_t *signout,
                               social_store_error_t *err);
    int             (*unerased)(social_store_t *store);
    int             (*write)(social_store_t *store, social_write_t **writes,
                             size_t n, social_store_error_t *err);
    int             (*save)(social_store_t *store, uint64_t generation,
                            int64_t now, const social_saved_t *saved,
                            size_t n, social_store_error_t *err);
    int             (*thread)(social_store_t *store, social_str_t key,
                              uint32_t page, uint32_t limit,
                              social_order_e order, social_comments_t *list,
                              social_store_error_t *err);
    int             (*after)(social_store_t *store, social_str_t key,
                             int64_t after, uint32_t limit,
                             social_comments_t *list,
                             social_store_error_t *err);
    int             (*comment)(social_store_t *store, int64_t id,
                               social_comments_t *list,
                               social_store_error_t *err);
    int             (*imported)(social_store_t *store, social_str_t origin,
                        int64_t *id, social_store_error_t *err);
    int             (*page_of)(social_store_t *store, int64_t id,
                               uint32_t limit, social_order_e order,
                               uint32_t *page,
                               social_store_error_t *err);
    int             (*mine)(social_store_t *store,
                            const unsigned char *commenter, int64_t after,
                            uint32_t limit, social_order_e order,
                            social_comments_t *list,
                            social_store_error_t *err);
    int             (*queue)(social_store_t *store,
                             const social_queue_t *queue,
                             social_comments_t *list,
                             social_store_error_t *err);
    int             (*log)(social_store_t *store, int64_t before,
                           uint32_t limit, social_store_log_pt handler,
                           void *data, social_store_error_t *err);
    int             (*logged)(social_store_t *store, int64_t id,
                              social_str_t who, social_store_log_pt handler,
                              void *data, social_store_error_t *err);
    int             (*export)(social_store_t *store, char *next, size_t bytes,
                              social_store_line_pt handler, void *data,
                              social_store_error_t *err);
    int             (*keys)(social_store_t *store, int64_t *change,
                            social_store_key_pt handler, void *data,
                            social_store_error_t *err);
    int             (*changed)(social_store_t *store, int64_t *change,
                               uint32_t limit, social_store_key_pt handler,
                               void *data, social_store_error_t *err);
    int             (*figures)(social_store_t *store, int64_t from,
                               int64_t to, social_period_t *figures,
                               social_store_error_t *err);
    int             (*totals)(social_store_t *store, int64_t from, int64_t to,
                              social_article_t *totals,
                              social_store_error_t *err);
    int             (*series)(social_store_t *store, int64_t from, int64_t to,
                              int64_t step, const char *const *goals,
                              size_t ngoals, social_series_t *series,
                              social_store_error_t *err);
    int             (*details)(social_store_t *store,
                               social_details_t *details,
                               social_store_error_t *err);
    int             (*age)(social_store_t *store,
                           social_retention_t *keep,
                           social_store_error_t *err);
    int             (*feed)(social_store_t *store, social_str_t key,
                            uint32_t limit, social_comments_t *list,
                            social_store_error_t *err);
    int             (*replies)(social_store_t *store, social_str_t mac,
                               uint32_t limit, social_comments_t *list,
                               social_store_error_t *err);
    int             (*notices)(social_store_t *store,
                               social_notices_t *notices,
                               social_store_error_t *err);

    /* social_store_node.h; NULL: the store is one machine's */
    int             (*wanted)(social_store_t *store, social_wanted_t *wanted,
                              social_store_error_t *err);
    int             (*note)(social_store_t *store, social_note_t *note,
                            social_store_error_t *err);
    int             (*nodes)(social_store_t *store, uint64_t generation,
                             int64_t late, social_nodes_t *nodes,
                             social_store_error_t *err);
    int             (*forget)(social_store_t *store, const char *name,
                              social_store_error_t *err);
    int             (*flush)(social_store_t *store, social_flush_t *flush,
                             social_store_error_t *err);

    /* social_store_import.h */
    int             (*import)(social_store_t *store, social_import_t *items,
                              size_t n, int64_t now,
                              social_store_error_t *err);
    int             (*origin)(social_store_t *store, social_str_t source,
                              social_str_t id, int64_t *comment,
                              unsigned char *commenter,
                              social_store_error_t *err);
    int             (*knows)(social_store_t *store, social_str_t key,
                             social_store_error_t *err);
    int             (*take_back)(social_store_t *store, social_str_t source,
                                 uint32_t limit, int64_t now, int64_t *n,
                                 social_store_error_t *err);
    int             (*dump)(social_store_t *store, unsigned flags,
                            social_store_line_pt handler, void *data,
                            social_store_error_t *err);
    int             (*restore_begin)(social_store_t *store,
                                     social_store_error_t *err);
    int             (*restore_line)(social_store_t *store, social_str_t type,
                                    social_str_t line, int64_t number,
                                    social_store_error_t *err);
    int             (*restore_end)(social_store_t *store, int keep, int fresh,
                                   int64_t now, social_store_error_t *err);
    int             (*check)(social_store_t *store,
                             social_store_check_pt handler, void *data,
                             social_store_error_t *err);
} social_store_backend_t;


/* the first member of every backend's structure */

struct social_store_s {
    const social_store_backend_t  *backend;
};


extern const social_store_backend_t  social_store_sqlite;

/* defined where libpq is: SOCIAL_POSTGRES */
extern const social_store_backend_t  social_store_postgres;


/* fills err, which may be NULL, with a single line without control
 * characters */
__attribute__((format(printf, 4, 5)))
void social_store_error(social_store_error_t *err,
    social_store_fault_e fault, const char *op, const char *fmt, ...);

/* the same with a list of arguments */
void social_store_error_list(social_store_error_t *err,
    social_store_fault_e fault, const char *op, const char *fmt, va_list args);


#endif /* SOCIAL_STORE_BACKEND_H_INCLUDED */
