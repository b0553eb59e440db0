
/*
 * Operations of the SQLite store that only the program ngx-social uses.  Only
 * files of this directory and tests may include it.
 */

#ifndef SOCIAL_STORE_SQLITE_IMPORT_H_INCLUDED
#define SOCIAL_STORE_SQLITE_IMPORT_H_INCLUDED


#include "social_store_sqlite.h"


int social_sqlite_import(social_store_t *store, social_import_t *items,
    size_t n, int64_t now, social_store_error_t *err);
int social_sqlite_origin(social_store_t *store, social_str_t source,
    social_str_t id, int64_t *comment, unsigned char *commenter,
    social_store_error_t *err);
int social_sqlite_knows(social_store_t *store, social_str_t key,
    social_store_error_t *err);
int social_sqlite_take_back(social_store_t *store, social_str_t source,
    uint32_t limit, int64_t now, int64_t *n, social_store_error_t *err);
int social_sqlite_dump(social_store_t *store, unsigned flags,
    social_store_line_pt handler, void *data, social_store_error_t *err);
int social_sqlite_restore_begin(social_store_t *store,
    social_store_error_t *err);
int social_sqlite_restore_line(social_store_t *store, social_str_t type,
    social_str_t line, int64_t number, social_store_error_t *err);
int social_sqlite_restore_end(social_store_t *store, int keep, int fresh,
    int64_t now, social_store_error_t *err);
int social_sqlite_check(social_store_t *store, social_store_check_pt handler,
    void *data, social_store_error_t *err);


/* columns that are in no line of a dump; "*": all of the table.  Ends with
 * NULL */

typedef struct {
    const char  *table, *column, *why;
} social_sqlite_undumped_t;

extern const social_sqlite_undumped_t  social_sqlite_undumped[];


#endif /* SOCIAL_STORE_SQLITE_IMPORT_H_INCLUDED */
