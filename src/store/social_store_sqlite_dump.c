
/*
 * Everything as lines of JSON, and such lines read again.  SQLite prints and
 * reads the lines; one at a time is in memory.  t/unit/store_dump.c compares
 * the table at the end with the schema.
 */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "social_store_sqlite_import.h"
#include "social_store_sqlite_judge.h"


typedef struct {
    const char    *type;            /* of the line */
    social_sql_e   dump, restore;
} social_sqlite_line_t;


/* in this order; what refers to something comes behind it */

static const social_sqlite_line_t  social_sqlite_lines[] = {
    { "header", SOCIAL_SQL_DUMP_HEAD, SOCIAL_SQL_RESTORE_HEAD },
    { "setting", SOCIAL_SQL_DUMP_SETTING, SOCIAL_SQL_RESTORE_SETTING },
    { "article", SOCIAL_SQL_DUMP_ARTICLE, SOCIAL_SQL_RESTORE_ARTICLE },
    { "alias", SOCIAL_SQL_DUMP_ALIAS, SOCIAL_SQL_RESTORE_ALIAS },
    { "comment", SOCIAL_SQL_DUMP_COMMENT, SOCIAL_SQL_RESTORE_COMMENT },
    { "ban", SOCIAL_SQL_DUMP_BAN, SOCIAL_SQL_RESTORE_BAN },
    { "origin", SOCIAL_SQL_DUMP_ORIGIN, SOCIAL_SQL_RESTORE_ORIGIN },
    { "act", SOCIAL_SQL_DUMP_ACT, SOCIAL_SQL_RESTORE_ACT },
    { "act_comment", SOCIAL_SQL_DUMP_ACT_COMMENT,
      SOCIAL_SQL_RESTORE_ACT_COMMENT },
    { "look", SOCIAL_SQL_DUMP_LOOK, SOCIAL_SQL_RESTORE_LOOK },
    { "reply_feed", SOCIAL_SQL_DUMP_REPLY_FEED,
      SOCIAL_SQL_RESTORE_REPLY_FEED },
    { "token", SOCIAL_SQL_DUMP_TOKEN, SOCIAL_SQL_RESTORE_TOKEN },
    { "taught", SOCIAL_SQL_DUMP_TAUGHT, SOCIAL_SQL_RESTORE_TAUGHT },
    { "forgotten", SOCIAL_SQL_DUMP_FORGOTTEN, SOCIAL_SQL_RESTORE_FORGOTTEN },
    { "bucket", SOCIAL_SQL_DUMP_BUCKET, SOCIAL_SQL_RESTORE_BUCKET },
    { "site_bucket", SOCIAL_SQL_DUMP_SITE_BUCKET,
      SOCIAL_SQL_RESTORE_SITE_BUCKET },
    { "span", SOCIAL_SQL_DUMP_SPAN, SOCIAL_SQL_RESTORE_SPAN }
};


/*
 * Columns that no line has, with the reason; "*" is all of a table.
 */

const social_sqlite_undumped_t  social_sqlite_undumped[] = {
    { "setting", "value",
      "exported, but: secret and identity only when asked for; change, oldest: "
      "numbers of the store itself" },
    { "article", "id", "another number in every store: lines have the key" },
    { "article", "change", "numbered anew, by the store that reads the line" },
    { "article", "comments", "counted anew, as well" },
    { "comment", "weak", "a hash under the salt of the day" },
    { "comment", "visitor", "a hash under the salt of the day" },
    { "comment", "same", "a hash under the secret, made from the text" },
    { "comment", "anonymous", "follows from commenter" },
    { "generation", "*", "lives of zones in shared memory" },
    { "watermark", "*", "what a zone in shared memory has saved" },
    { "window_sum", "*", "sums of buckets, made again" },
    { "liked", "*", "hashes under the salt of the day" },
    { "ban_day", "*", "hashes under the salt of the day" },
    { "notice", "*", "the queue of a server: it would tell things twice" },
    { "notice_state", "*", "the lease of a server" },
    { NULL, NULL, NULL }
};


static const social_sqlite_line_t *
social_sqlite_line_find(social_str_t type)
{
    size_t  i;

    for (i = 0; i < social_nelts(social_sqlite_lines); i++) {
        if (strlen(social_sqlite_lines[i].type) == type.len
            && memcmp(social_sqlite_lines[i].type, type.data, type.len) == 0)
        {
            return &social_sqlite_lines[i];
        }
    }

    return NULL;
}


int
social_store_restores(social_str_t type)
{
    return social_sqlite_line_find(type) != NULL;
}


int
social_sqlite_dump(social_store_t *store, unsigned flags,
    social_store_line_pt handler, void *data, social_store_error_t *err)
{
    int               n;
    size_t            i;
    const char       *text;
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "export");
    (void) social_sqlite_do(s, SOCIAL_SQL_BEGIN_READ);

    for (i = 0; i < social_nelts(social_sqlite_lines); i++) {
        stmt = social_sqlite_stmt(s, social_sqlite_lines[i].dump);
        n = stmt ? sqlite3_bind_parameter_count(stmt) : 0;

        if (i == 0) {
            social_sqlite_int(s, stmt, 1, (int64_t) time(NULL));

        } else if (n >= 2) {
            social_sqlite_int(s, stmt, 2, (flags & SOCIAL_DUMP_SECRET) != 0);
        }

        while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
            text = (const char *) sqlite3_column_text(stmt, 0);

            if (text == NULL) {
                social_sqlite_error(s, SQLITE_NOMEM);
                break;
            }

            handler(data, text, (size_t) sqlite3_column_bytes(stmt, 0));
            handler(data, "\n", 1);
        }

        social_sqlite_end(stmt);
    }

    social_sqlite_rollback(s);

    return s->rc == SQLITE_OK ? SOCIAL_OK : social_sqlite_failed(s, err);
}


/* SQL functions of a restore */

static void
social_sqlite_unhex(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    int                   n, i, digit;
    unsigned char         byte, bytes[256];
    const unsigned char  *text;

    text = sqlite3_value_text(argv[0]);
    n = sqlite3_value_bytes(argv[0]);

    if (text == NULL || (n & 1) || n > (int) sizeof(bytes) * 2) {
        sqlite3_result_null(ctx);
        return;
    }

    for (i = 0, byte = 0; i < n; i++) {
        digit = (text[i] >= '0' && text[i] <= '9') ? text[i] - '0'
                : (text[i] >= 'a' && text[i] <= 'f') ? text[i] - 'a' + 10 : -1;

        if (digit < 0) {
            sqlite3_result_null(ctx);
            return;
        }

        byte = (unsigned char) (byte * 16 + digit);
        bytes[i / 2] = byte;
    }

    sqlite3_result_blob(ctx, bytes, n / 2, SQLITE_TRANSIENT);
}


static void
social_sqlite_same_of(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    social_str_t      text;
    social_sqlite_t  *s = sqlite3_user_data(ctx);

    text.data = sqlite3_value_text(argv[0]);
    text.len = (size_t) sqlite3_value_bytes(argv[0]);

    sqlite3_result_int64(ctx, text.len ? social_sqlite_same(s, text) : 0);
}


int
social_sqlite_restore_begin(social_store_t *store, social_store_error_t *err)
{
    int64_t           used;
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "import");

    if (social_sqlite_begin(s) != SOCIAL_OK) {
        return social_sqlite_failed(s, err);
    }

    used = 1;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_RESTORE_EMPTY);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        used = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);
    }

    if (s->rc != SQLITE_OK
        || sqlite3_create_function(s->db, "social_unhex", 1, SQLITE_UTF8, s,
                                   social_sqlite_unhex, NULL, NULL) != SQLITE_OK
        || sqlite3_create_function(s->db, "social_same", 1, SQLITE_UTF8, s,
                                   social_sqlite_same_of, NULL, NULL)
           != SQLITE_OK)
    {
        social_sqlite_rollback(s);
        return social_sqlite_failed(s, err);
    }

    if (used) {
        social_sqlite_rollback(s);
        return SOCIAL_DECLINED;
    }

    /* a line is a row as it was: no trigger may change it */
    (void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);

    return SOCIAL_OK;
}


/* another secret, another key */

static void
social_sqlite_restore_key(social_sqlite_t *s)
{
    unsigned char         secret[32];
    social_store_error_t  err;

    if (social_store_secret(&s->base, secret, &err) == SOCIAL_OK) {
        (void) social_sqlite_judge_key(s, secret);
    }

    s->op = "import";
}


int
social_sqlite_restore_line(social_store_t *store, social_str_t type,
    social_str_t line, int64_t number, social_store_error_t *err)
{
    sqlite3_stmt                *stmt;
    social_sqlite_t             *s = (social_sqlite_t *) store;
    const social_sqlite_line_t  *known;

    known = social_sqlite_line_find(type);

    if (s->rc != SQLITE_OK) {
        return social_sqlite_failed(s, err);
    }

    if (known == NULL) {
        social_store_error(err, SOCIAL_STORE_AWAY, s->op,
                           "a line of an unknown type");
        err->line = number;
        return SOCIAL_DECLINED;
    }

    stmt = social_sqlite_stmt(s, known->restore);
    social_sqlite_text(s, stmt, 1, line);
    (void) social_sqlite_run(s, stmt);

    if (known->restore == SOCIAL_SQL_RESTORE_HEAD && s->rc == SQLITE_OK) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_RESTORE_SEQUENCE);
        social_sqlite_text(s, stmt, 1, line);
        (void) social_sqlite_run(s, stmt);
    }

    if (known->restore == SOCIAL_SQL_RESTORE_SETTING && s->rc == SQLITE_OK) {
        social_sqlite_restore_key(s);
    }

    switch (s->rc & 0xff) {

    case SQLITE_OK:
        return SOCIAL_OK;

    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
    case SQLITE_ERROR:
        (void) social_sqlite_failed(s, err);
        err->line = number;
        return SOCIAL_DECLINED;

    default:
        return social_sqlite_failed(s, err);
    }
}


int
social_sqlite_restore_end(social_store_t *store, int keep, int fresh,
    int64_t now, social_store_error_t *err)
{
    social_sqlite_t  *s = (social_sqlite_t *) store;

    if (keep && s->rc == SQLITE_OK) {
        (void) social_sqlite_do(s, SOCIAL_SQL_RESTORE_COMMENTS);
        (void) social_sqlite_do(s, SOCIAL_SQL_RESTORE_NUMBER);
        (void) social_sqlite_do(s, SOCIAL_SQL_RESTORE_CHANGE);

        if (fresh) {
            (void) social_sqlite_do(s, SOCIAL_SQL_RESTORE_IDENTITY);
        }

        (void) social_sqlite_commit(s);

    } else {
        social_sqlite_rollback(s);
    }

    (void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
    social_sqlite_restore_key(s);

    return s->rc == SQLITE_OK || !keep ? SOCIAL_OK
                                       : social_sqlite_failed(s, err);
}
