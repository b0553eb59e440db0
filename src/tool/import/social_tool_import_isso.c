
/*
 * isso: its SQLite database, read as it is; it may be in use.
 */

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "social_tool_import.h"


enum {
    COLUMN_ID = 0,
    COLUMN_PARENT,
    COLUMN_CREATED,
    COLUMN_MODIFIED,
    COLUMN_MODE,
    COLUMN_TEXT,
    COLUMN_NAME,
    COLUMN_MAIL,
    COLUMN_WEBSITE,
    COLUMN_URI,
    COLUMN_TITLE,
    COLUMN_THREAD
};


/* a thread that is missing has no uri.  Sizes: a comment of a gigabyte must
 * not be loaded */

static const char  social_tool_isso_rows[] =
    "SELECT c.id, c.parent, c.created, c.modified, c.mode,"
    " substr(c.text, 1, 1048576), substr(c.author, 1, 1024),"
    " substr(c.email, 1, 1024), substr(c.website, 1, 4096),"
    " substr(t.uri, 1, 8192), substr(t.title, 1, 4096), t.id"
    " FROM comments c LEFT JOIN threads t ON t.id = c.tid ORDER BY c.id";


static social_str_t
social_tool_isso_column(sqlite3_stmt *row, int n)
{
    social_str_t  text;

    text.data = sqlite3_column_text(row, n);
    text.len = text.data ? (size_t) sqlite3_column_bytes(row, n) : 0;

    return text;
}


/* an address of mail or a name: who it is.  It stays in the temporary file */

static void
social_tool_isso_user(sqlite3_stmt *row, social_out_t *out)
{
    social_str_t  text;

    text = social_tool_isso_column(row, COLUMN_MAIL);

    if (text.len) {
        social_out_text(out, "e:");

    } else {
        text = social_tool_isso_column(row, COLUMN_NAME);

        if (text.len) {
            social_out_text(out, "n:");
        }
    }

    social_out_bytes(out, text.data, text.len);
}


static void
social_tool_isso_comment(social_tool_plan_t *plan, sqlite3_stmt *row,
    social_out_t *user)
{
    int                     mode;
    char                    thread_id[24];
    social_str_t            uri;
    social_tool_thread_t    thread;
    social_tool_comment_t   c;

    memset(&c, 0, sizeof(social_tool_comment_t));
    memset(&thread, 0, sizeof(social_tool_thread_t));

    snprintf(thread_id, sizeof(thread_id), "%lld",
             (long long) sqlite3_column_int64(row, COLUMN_THREAD));
    uri = social_tool_isso_column(row, COLUMN_URI);

    if (sqlite3_column_type(row, COLUMN_THREAD) != SQLITE_NULL) {
        thread.id.data = (const unsigned char *) thread_id;
        thread.id.len = strlen(thread_id);
        thread.url = uri;
        thread.title = social_tool_isso_column(row, COLUMN_TITLE);
        social_tool_plan_thread(plan, &thread);
        c.thread = thread.id;
    }

    user->len = 0;
    social_tool_isso_user(row, user);

    c.id = social_tool_isso_column(row, COLUMN_ID);
    c.parent = social_tool_isso_column(row, COLUMN_PARENT);
    c.created = (int64_t) sqlite3_column_double(row, COLUMN_CREATED);
    c.edited = (int64_t) sqlite3_column_double(row, COLUMN_MODIFIED);
    c.text = social_tool_isso_column(row, COLUMN_TEXT);
    c.name = social_tool_isso_column(row, COLUMN_NAME);
    c.website = social_tool_isso_column(row, COLUMN_WEBSITE);
    c.user.data = user->data;
    c.user.len = user->len;
    c.maybe_html = 1;

    if (c.parent.len == 1 && c.parent.data[0] == '0') {
        c.parent.len = 0;
    }

    mode = sqlite3_column_int(row, COLUMN_MODE);
    c.deleted = (mode & 4) != 0;
    c.held = (mode & 2) != 0;

    social_tool_plan_comment(plan, &c);
}


static social_tool_exit_e
social_tool_isso_fail(sqlite3 *db, const char *path)
{
    return social_tool_fail(SOCIAL_TOOL_INPUT,
                            "\"%s\": not a database of isso (%s)", path,
                            db ? sqlite3_errmsg(db) : "no memory");
}


social_tool_exit_e
social_tool_read_isso(social_tool_plan_t *plan, const char *path)
{
    int                  rc;
    sqlite3             *db;
    social_out_t         user;
    sqlite3_stmt        *row;
    social_tool_exit_e   code;

    if (strcmp(path, "-") == 0) {
        return social_tool_fail(SOCIAL_TOOL_INPUT,
                                "a database of isso cannot be read from "
                                "standard input: name its file");
    }

    db = NULL;
    row = NULL;
    code = SOCIAL_TOOL_DONE;
    social_out_init(&user, 65536);

    rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY|SQLITE_OPEN_NOMUTEX,
                         NULL);

    if (rc == SQLITE_OK) {
        (void) sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        (void) sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        (void) sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 64 << 20);
        (void) sqlite3_busy_timeout(db, 5000);
        rc = sqlite3_prepare_v2(db, social_tool_isso_rows, -1, &row, NULL);
    }

    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        rc = sqlite3_step(row);

        if (rc == SQLITE_ROW) {
            social_tool_isso_comment(plan, row, &user);
        }

        if (social_tool_plan_failed(plan) != SOCIAL_OK) {
            code = SOCIAL_TOOL_STORE;
            break;
        }
    }

    if (code == SOCIAL_TOOL_DONE && rc != SQLITE_DONE) {
        code = social_tool_isso_fail(db, path);
    }

    (void) sqlite3_finalize(row);
    (void) sqlite3_close(db);
    social_out_free(&user);

    return code;
}
