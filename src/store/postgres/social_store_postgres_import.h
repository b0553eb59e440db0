
/*
 * Operations of the PostgreSQL store that only the program ngx-social uses.
 * Only files of this directory and tests may include it.
 */

#ifndef SOCIAL_STORE_POSTGRES_IMPORT_H_INCLUDED
#define SOCIAL_STORE_POSTGRES_IMPORT_H_INCLUDED


#include "social_store_postgres_write.h"


/* msec that an answer may take: of a table as a whole, or a sum of it */
#define SOCIAL_PG_PATIENT  600000


int social_pg_import(social_store_t *store, social_import_t *items, size_t n,
    int64_t now, social_store_error_t *err);
int social_pg_origin(social_store_t *store, social_str_t source,
    social_str_t id, int64_t *comment, unsigned char *commenter,
    social_store_error_t *err);
int social_pg_knows(social_store_t *store, social_str_t key,
    social_store_error_t *err);
int social_pg_take_back(social_store_t *store, social_str_t source,
    uint32_t limit, int64_t now, int64_t *n, social_store_error_t *err);
int social_pg_dump(social_store_t *store, unsigned flags,
    social_store_line_pt handler, void *data, social_store_error_t *err);
int social_pg_restore_begin(social_store_t *store, social_store_error_t *err);
int social_pg_restore_line(social_store_t *store, social_str_t type,
    social_str_t line, int64_t number, social_store_error_t *err);
int social_pg_restore_end(social_store_t *store, int keep, int fresh,
    int64_t now, social_store_error_t *err);
int social_pg_check(social_store_t *store, social_store_check_pt handler,
    void *data, social_store_error_t *err);


/* social_store_postgres_import.c: after a transaction that failed and was
 * rolled back.  AGAIN, after a pause: repeat it; ERROR: that would not help */
int social_pg_retry(social_pg_t *s, int tries);


/* social_store_postgres_dump.c: types of lines, in the order of a dump; what
 * refers to something comes behind it */

typedef struct {
    const char       *type;
    social_pg_sql_e   dump, restore;
} social_pg_line_t;

#define SOCIAL_PG_NLINES  17

extern const social_pg_line_t  social_pg_lines[SOCIAL_PG_NLINES];


/* columns that are in no line of a dump, beside those that the SQLite store has
 * in its list; "*": all of the table.  Ends with NULL */

typedef struct {
    const char  *table, *column, *why;
} social_pg_undumped_t;

extern const social_pg_undumped_t  social_pg_undumped[];


#endif /* SOCIAL_STORE_POSTGRES_IMPORT_H_INCLUDED */
