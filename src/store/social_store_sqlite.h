
/*
 * What the files of the SQLite store share: the connection, its cached
 * statements and its errors.
 *
 * Errors are sticky within an operation: social_sqlite_start() clears them,
 * the first one is kept with its text, binds and steps after it do nothing.
 * So callers check where it matters, once.
 *
 * For files of this directory, and for tests.
 */

#ifndef SOCIAL_STORE_SQLITE_H_INCLUDED
#define SOCIAL_STORE_SQLITE_H_INCLUDED


#include <sqlite3.h>
#include <sys/types.h>

#include "social_store_backend.h"


#define SOCIAL_SQLITE_APPLICATION      0x6e736f63   /* "nsoc" */
#define SOCIAL_SQLITE_BUSY             2000         /* milliseconds */
#define SOCIAL_SQLITE_CHECKPOINT_WAIT  250          /* milliseconds */
#define SOCIAL_SQLITE_DAY              86400

/* seconds a bucket spans, each a multiple of the one before */
#define SOCIAL_SQLITE_STEPS        3600, 86400, 30 * 86400


typedef enum {
#define SOCIAL_SQL(name, text)  SOCIAL_SQL_##name,
#include "social_store_sql.h"
#undef SOCIAL_SQL
    SOCIAL_SQL_MAX
} social_sql_e;


typedef struct {
    social_store_t         base;
    sqlite3               *db;
    sqlite3_stmt          *stmt[SOCIAL_SQL_MAX];   /* prepared when needed */
    char                  *path;
    dev_t                  dev;
    ino_t                  ino;
    int64_t                day;         /* weak hashes before it are gone */
    const char            *op;          /* for error messages */
    int                    rc;          /* SQLite's code of the first error */
    social_store_error_t   error;
    unsigned               writer:1;
    unsigned               wal_has_erased:1;   /* the log still holds erased text */
} social_sqlite_t;


/* statements: social_store_sqlite_stmt.c */

void social_sqlite_start(social_sqlite_t *s, const char *op);

/* records an error unless there is one; rc is SQLite's */
void social_sqlite_error(social_sqlite_t *s, int rc);

/* copies the recorded error; always SOCIAL_ERROR */
int social_sqlite_failed(social_sqlite_t *s, social_store_error_t *err);

/* NULL after an error; every call below takes NULL */
sqlite3_stmt *social_sqlite_stmt(social_sqlite_t *s, social_sql_e sql);

/* bound bytes must live until the statement ends */
void social_sqlite_int(social_sqlite_t *s, sqlite3_stmt *stmt, int n,
    int64_t value);
void social_sqlite_text(social_sqlite_t *s, sqlite3_stmt *stmt, int n,
    social_str_t text);
void social_sqlite_string(social_sqlite_t *s, sqlite3_stmt *stmt, int n,
    const char *string);

/* zeros become NULL */
void social_sqlite_commenter(social_sqlite_t *s, sqlite3_stmt *stmt, int n,
    const unsigned char *commenter);

/* SOCIAL_OK: a row; SOCIAL_DECLINED: no more; both others have ended it */
int social_sqlite_next(social_sqlite_t *s, sqlite3_stmt *stmt);
void social_sqlite_end(sqlite3_stmt *stmt);

/* to its end; social_sqlite_do() is one without parameters */
int social_sqlite_run(social_sqlite_t *s, sqlite3_stmt *stmt);
int social_sqlite_do(social_sqlite_t *s, social_sql_e sql);

/* a malloc'ed copy of a text column, "" for NULL; NULL without memory */
char *social_sqlite_copy(social_sqlite_t *s, sqlite3_stmt *stmt, int column);

/* BEGIN IMMEDIATE; an error in a connection for reading */
int social_sqlite_begin(social_sqlite_t *s);

/* undoes the open transaction, keeps the recorded error */
void social_sqlite_rollback(social_sqlite_t *s);

/* SOCIAL_ERROR, rolled back, where the file is no longer at its path */
int social_sqlite_commit(social_sqlite_t *s);

/* removes erased text from the log; tried again later if others read */
void social_sqlite_checkpoint(social_sqlite_t *s);


/* schema: social_store_sqlite_schema.c */

typedef struct {
    int          version;       /* user_version after it */
    const char  *sql;
} social_sqlite_schema_t;

extern const social_sqlite_schema_t  social_sqlite_schema[];
extern const size_t                  social_sqlite_schema_n;

/* the file's version, 0: empty; an error where it is not ours or newer */
int social_sqlite_version(social_sqlite_t *s, int64_t *version);

/* brings the file to the newest version in one transaction */
int social_sqlite_migrate(social_sqlite_t *s);


/* operations, one file a group */

int social_sqlite_verify(social_store_t *store);
int social_sqlite_write(social_store_t *store, social_write_t **writes,
    size_t n, social_store_error_t *err);
int social_sqlite_save(social_store_t *store, uint64_t generation,
    int64_t now, const social_saved_t *saved, size_t n,
    social_store_error_t *err);
int social_sqlite_thread(social_store_t *store, social_str_t key,
    uint32_t page, uint32_t limit, social_comments_t *list,
    social_store_error_t *err);
int social_sqlite_after(social_store_t *store, social_str_t key,
    int64_t after, uint32_t limit, social_comments_t *list,
    social_store_error_t *err);
int social_sqlite_comment(social_store_t *store, int64_t id,
    social_comments_t *list, social_store_error_t *err);
int social_sqlite_mine(social_store_t *store, const unsigned char *commenter,
    uint32_t limit, social_comments_t *list, social_store_error_t *err);
int social_sqlite_queue(social_store_t *store, const social_queue_t *queue,
    social_comments_t *list, social_store_error_t *err);
int social_sqlite_keys(social_store_t *store, social_store_key_pt handler,
    void *data, social_store_error_t *err);
int social_sqlite_changed(social_store_t *store, int64_t since,
    social_store_key_pt handler, void *data, social_store_error_t *err);
int social_sqlite_figures(social_store_t *store, int64_t from, int64_t to,
    social_period_t *figures, social_store_error_t *err);


/* what the writing files share: social_store_sqlite_write.c */

typedef struct {
    int64_t        id, article, parent, created;
    int            state, before, role, done, reports;
    int            erased;
    int            has_commenter;
    unsigned char  commenter[SOCIAL_COMMENTER_LEN];
} social_sqlite_row_t;

/* reads comment `id` and fills wrote_*; DECLINED: no such comment */
int social_sqlite_find_comment(social_sqlite_t *s, int64_t id,
    social_write_t *w, social_sqlite_row_t *row);

/* an article's row; created if w->known; 0: none, or an error */
int64_t social_sqlite_article(social_sqlite_t *s, social_str_t key, int make,
    int64_t now);

/* what came of it: nothing */
void social_sqlite_mark_lost(social_write_t *w);

/* readers see a difference */
void social_sqlite_mark_changed(social_sqlite_t *s, social_write_t *w,
    int64_t article);

void social_sqlite_write_comment(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_edit(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_delete(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_report(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_erase(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_moderate(social_sqlite_t *s, social_write_t *w);


#endif /* SOCIAL_STORE_SQLITE_H_INCLUDED */
