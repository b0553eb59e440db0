
/*
 * The SQLite store: opens and closes the file, owns the file itself and the
 * site's secret.
 *
 * A connection belongs to one thread at a time and does without SQLite's
 * mutexes.  The file is in WAL mode: readers never wait for the writer.  Every
 * commit is synced (synchronous=FULL) before it is reported.
 *
 * Must not open a descriptor of the file itself: closing it would drop the
 * POSIX locks that other connections of this process hold.
 */

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#include "social_store_sqlite.h"
#include "social_store_sqlite_import.h"
#include "social_store_sqlite_judge.h"


#define SOCIAL_SQLITE_SECRET  32


static const char  social_sqlite_scheme[] = "sqlite:";


static int64_t
social_sqlite_msec(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}


/* adds "./" to a relative path, so that ":memory:" or a "file:" URI is a plain
 * file name */

static char *
social_sqlite_path(const char *url)
{
    char    *path;
    size_t   size;

    url += sizeof(social_sqlite_scheme) - 1;
    size = strlen(url) + sizeof("./");

    path = malloc(size);
    if (path != NULL) {
        snprintf(path, size, "%s%s", url[0] == '/' ? "" : "./", url);
    }

    return path;
}


/*
 * Creates an empty file, which is an empty database: SQLite itself would
 * create one that others may read.  SQLite gives its log the same mode.
 */

static int
social_sqlite_create(social_sqlite_t *s)
{
    if (mknod(s->path, S_IFREG|0600, 0) == 0 || errno == EEXIST) {
        return SOCIAL_OK;
    }

    s->rc = SQLITE_CANTOPEN;
    social_store_error(
        &s->error, SOCIAL_STORE_AWAY, s->op,
        "cannot create the file (%s): \"%s\"%s", strerror(errno), s->path,
        errno == EACCES ? ", can the worker user write to its directory?" : "");

    return SOCIAL_ERROR;
}


/*
 * SQLite calls it each time that another connection has the lock.  The pause is
 * always short: SQLite's own handler soon looks ten times a second only, and a
 * worker that has many comments to write leaves the lock for a millisecond now
 * and then.
 */

static int
social_sqlite_busy(void *data, int n)
{
    social_sqlite_t  *s = data;
    struct timespec   pause = { 0, 1000000 };

    if (n == 0) {
        s->patient_until = social_sqlite_msec() + s->patience;

    } else if (social_sqlite_msec() >= s->patient_until) {
        return 0;
    }

    nanosleep(&pause, NULL);

    return 1;
}


static int
social_sqlite_connect(social_sqlite_t *s)
{
    int          rc, flags;
    struct stat  st;

    if (s->writer && social_sqlite_create(s) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    flags = SQLITE_OPEN_READWRITE|SQLITE_OPEN_NOMUTEX
            |SQLITE_OPEN_PRIVATECACHE;

    rc = sqlite3_open_v2(s->path, &s->db, flags,
                         s->writer ? social_sqlite_vfs() : NULL);

    if (rc == SQLITE_OK) {
        (void) sqlite3_extended_result_codes(s->db, 1);
        s->patience = SOCIAL_SQLITE_BUSY;
        rc = sqlite3_busy_handler(s->db, social_sqlite_busy, s);
    }

    if (rc != SQLITE_OK) {
        social_sqlite_error(s, rc);
        return SOCIAL_ERROR;
    }

    (void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);

    /* it may be another program's file: leave its log as it is until we
     * know */
    (void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                             NULL);

    if (stat(s->path, &st) == 0) {
        s->dev = st.st_dev;
        s->ino = st.st_ino;
    }

    return SOCIAL_OK;
}


/*
 * Changing to WAL mode needs exclusive access, and SQLite does not wait for it
 * if two connections try at once.  So try until the busy time is over.
 */

static int
social_sqlite_wal(social_sqlite_t *s)
{
    int              rc;
    int64_t          deadline;
    struct timespec  pause = { 0, 5000000 };

    deadline = social_sqlite_msec() + SOCIAL_SQLITE_BUSY;

    for ( ;; ) {
        rc = sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL,
                          NULL);

        if ((rc & 0xff) != SQLITE_BUSY || social_sqlite_msec() >= deadline) {
            break;
        }

        nanosleep(&pause, NULL);
    }

    if (rc != SQLITE_OK) {
        social_sqlite_error(s, rc);
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


static int
social_sqlite_setup(social_sqlite_t *s)
{
    int                 rc;
    static const char  *settings =
        "PRAGMA synchronous = FULL;"
        "PRAGMA secure_delete = ON;"
        "PRAGMA temp_store = MEMORY;"       /* no text in files */
        "PRAGMA cell_size_check = ON;"
        "PRAGMA wal_autocheckpoint = 2000;" /* pages */
        "PRAGMA journal_size_limit = 8388608;";

    rc = sqlite3_exec(s->db, settings, NULL, NULL, NULL);

    if (rc == SQLITE_OK && !s->writer) {
        rc = sqlite3_exec(s->db, "PRAGMA query_only = ON", NULL, NULL, NULL);
    }

    if (rc == SQLITE_OK && s->writer && sqlite3_db_readonly(s->db, "main")) {
        rc = SQLITE_READONLY;
    }

    if (rc != SQLITE_OK) {
        social_sqlite_error(s, rc);
        return SOCIAL_ERROR;
    }

    (void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0,
                             NULL);
    return SOCIAL_OK;
}


/* DECLINED: there is no secret yet */

static int
social_sqlite_secret_get(social_sqlite_t *s, unsigned char *secret)
{
    int            rc;
    const void    *value;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SETTING_GET);
    social_sqlite_string(s, stmt, 1, "secret");

    rc = social_sqlite_next(s, stmt);
    if (rc != SOCIAL_OK) {
        return rc;
    }

    value = sqlite3_column_blob(stmt, 0);

    if (value == NULL
        || sqlite3_column_bytes(stmt, 0) != SOCIAL_SQLITE_SECRET)
    {
        s->rc = SQLITE_CORRUPT;
        social_store_error(&s->error, SOCIAL_STORE_CORRUPT, s->op,
                           "the site's secret is damaged: \"%s\"", s->path);
        rc = SOCIAL_ERROR;

    } else {
        memcpy(secret, value, SOCIAL_SQLITE_SECRET);
    }

    social_sqlite_end(stmt);

    return rc;
}


static int
social_sqlite_secret_make(social_sqlite_t *s)
{
    int             rc;
    sqlite3_stmt   *stmt;
    unsigned char   secret[SOCIAL_SQLITE_SECRET];

    if (getrandom(secret, sizeof(secret), 0) != (ssize_t) sizeof(secret)) {
        s->rc = SQLITE_ERROR;
        social_store_error(&s->error, SOCIAL_STORE_AWAY, s->op,
                           "getrandom() failed (%s)", strerror(errno));
        return SOCIAL_ERROR;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SETTING_ADD);
    social_sqlite_string(s, stmt, 1, "secret");

    if (stmt != NULL) {
        rc = sqlite3_bind_blob(stmt, 2, secret, sizeof(secret),
                               SQLITE_STATIC);
        if (rc != SQLITE_OK) {
            social_sqlite_error(s, rc);
        }
    }

    return social_sqlite_run(s, stmt);
}


/* several writers may open a new file: the first to get the lock makes the
 * secret */

static int
social_sqlite_secret_find(social_sqlite_t *s, unsigned char *secret)
{
    int  rc;

    rc = social_sqlite_secret_get(s, secret);
    if (rc != SOCIAL_DECLINED) {
        return rc;
    }

    if (!s->writer) {
        s->rc = SQLITE_BUSY;
        social_store_error(&s->error, SOCIAL_STORE_AWAY, s->op,
                           "the site has no secret yet: \"%s\"", s->path);
        return SOCIAL_ERROR;
    }

    (void) social_sqlite_begin(s);
    (void) social_sqlite_secret_make(s);
    rc = social_sqlite_secret_get(s, secret);

    if (rc != SOCIAL_OK) {
        social_sqlite_rollback(s);
        return SOCIAL_ERROR;
    }

    return social_sqlite_commit(s);
}


static int
social_sqlite_secret(social_store_t *store, unsigned char secret[32],
    social_store_error_t *err)
{
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "secret");

    if (social_sqlite_secret_find(s, secret) != SOCIAL_OK) {
        return social_sqlite_failed(s, err);
    }

    return SOCIAL_OK;
}


static int
social_sqlite_identity(social_store_t *store, char *identity,
    social_store_error_t *err)
{
    social_str_t      text;
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    identity[0] = '\0';
    social_sqlite_start(s, "identity");

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SETTING_GET);
    social_sqlite_string(s, stmt, 1, "identity");

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        if (social_sqlite_column(stmt, 0, &text) == SOCIAL_OK
            && text.len < SOCIAL_STORE_IDENTITY)
        {
            (void) social_sqlite_copy_to(s, identity, text);
        }

        social_sqlite_end(stmt);
    }

    return s->rc == SQLITE_OK ? SOCIAL_OK : social_sqlite_failed(s, err);
}


static int
social_sqlite_signout(social_store_t *store, int64_t *signout,
    social_store_error_t *err)
{
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    *signout = 0;
    social_sqlite_start(s, "signout");

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SETTING_GET);
    social_sqlite_string(s, stmt, 1, "signout");

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        *signout = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);
    }

    return s->rc == SQLITE_OK ? SOCIAL_OK : social_sqlite_failed(s, err);
}


static int
social_sqlite_unerased(social_store_t *store)
{
    social_sqlite_t  *s = (social_sqlite_t *) store;

    return s->wal_has_erased;
}


int
social_sqlite_verify(social_store_t *store)
{
    int               moved;
    struct stat       st;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    if (stat(s->path, &st) != 0 || st.st_dev != s->dev
        || st.st_ino != s->ino)
    {
        return SOCIAL_DECLINED;
    }

    /* the file may have been replaced between SQLite's open and our stat() */

    moved = 0;
    (void) sqlite3_file_control(s->db, "main", SQLITE_FCNTL_HAS_MOVED,
                                &moved);

    return moved ? SOCIAL_DECLINED : SOCIAL_OK;
}


static int
social_sqlite_prepare(social_sqlite_t *s)
{
    int64_t        version, newest;
    unsigned char  secret[SOCIAL_SQLITE_SECRET];

    newest = social_sqlite_schema[social_sqlite_schema_n - 1].version;

    if (social_sqlite_connect(s) != SOCIAL_OK
        || social_sqlite_version(s, &version) != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    if (!s->writer && version < newest) {
        s->rc = SQLITE_SCHEMA;
        social_store_error(&s->error, SOCIAL_STORE_AWAY, s->op,
                           "the schema is not up to date yet: \"%s\"",
                           s->path);
        return SOCIAL_ERROR;
    }

    if ((s->writer && social_sqlite_wal(s) != SOCIAL_OK)
        || social_sqlite_setup(s) != SOCIAL_OK
        || (version < newest && social_sqlite_migrate(s) != SOCIAL_OK))
    {
        return SOCIAL_ERROR;
    }

    /* a writer that was killed may have left erased text in the log */
    s->wal_has_erased = s->writer;

    if (!s->writer) {
        return SOCIAL_OK;
    }

    return social_sqlite_secret_find(s, secret) == SOCIAL_OK
           ? social_sqlite_judge_key(s, secret) : SOCIAL_ERROR;
}


static void
social_sqlite_close(social_store_t *store)
{
    size_t            i;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    if (s->wal_has_erased) {
        social_sqlite_checkpoint(s);
    }

    for (i = 0; i < social_nelts(s->stmt); i++) {
        (void) sqlite3_finalize(s->stmt[i]);
    }

    (void) sqlite3_close(s->db);

    free(s->path);
    free(s);
}


/*
 * SQLite counts the memory that it has, under a lock for each allocation.
 * Nobody asks for it.  If another part of the process has used SQLite before,
 * this is refused, and it goes on to count.
 */

static void
social_sqlite_once(void)
{
    (void) sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}


static social_store_t *
social_sqlite_open(const char *url, int writer, social_store_error_t *err)
{
    social_sqlite_t         *s;
    static pthread_once_t    once = PTHREAD_ONCE_INIT;

    (void) pthread_once(&once, social_sqlite_once);

    if (sqlite3_threadsafe() == 0) {
        social_store_error(err, SOCIAL_STORE_AWAY, "open",
                           "SQLite was built without thread support");
        return NULL;
    }

    s = calloc(1, sizeof(social_sqlite_t));
    if (s != NULL) {
        s->path = social_sqlite_path(url);
    }

    if (s == NULL || s->path == NULL) {
        free(s);
        social_store_error(err, SOCIAL_STORE_MEMORY, "open", "no memory");
        return NULL;
    }

    s->base.backend = &social_store_sqlite;
    s->writer = (writer != 0);
    s->day = -1;

    social_sqlite_start(s, "open");

    if (social_sqlite_prepare(s) != SOCIAL_OK) {
        (void) social_sqlite_failed(s, err);
        social_sqlite_close(&s->base);
        return NULL;
    }

    return &s->base;
}


const social_store_backend_t  social_store_sqlite = {
    social_sqlite_scheme,
    social_sqlite_open,
    social_sqlite_close,
    NULL,                       /* leave: nothing may hang */
    social_sqlite_verify,
    social_sqlite_secret,
    social_sqlite_identity,
    social_sqlite_signout,
    social_sqlite_unerased,
    social_sqlite_write,
    social_sqlite_save,
    social_sqlite_thread,
    social_sqlite_after,
    social_sqlite_comment,
    social_sqlite_imported,
    social_sqlite_page_of,
    social_sqlite_mine,
    social_sqlite_queue,
    social_sqlite_log,
    social_sqlite_logged,
    social_sqlite_export,
    social_sqlite_keys,
    social_sqlite_changed,
    social_sqlite_figures,
    social_sqlite_totals,
    social_sqlite_series,
    social_sqlite_details,
    social_sqlite_age,
    social_sqlite_feed,
    social_sqlite_replies,
    social_sqlite_notices,
    NULL, NULL, NULL, NULL, NULL,       /* social_store_node.h */
    social_sqlite_import,
    social_sqlite_origin,
    social_sqlite_knows,
    social_sqlite_take_back,
    social_sqlite_dump,
    social_sqlite_restore_begin,
    social_sqlite_restore_line,
    social_sqlite_restore_end,
    social_sqlite_check
};
