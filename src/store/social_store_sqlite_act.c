
/*
 * The log of moderators: who did what when, on which comments, and what these
 * were before.  An entry is a request, which may be several writes.
 *
 * Pool threads only; what writes runs inside the savepoint of its write.
 */

#include <string.h>

#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_ACTS      100000  /* entries that are kept */
#define SOCIAL_SQLITE_ACT_DROP  100     /* entries that go in a transaction */


int64_t
social_sqlite_act(social_sqlite_t *s, social_write_t *w, const char *action)
{
    sqlite3_stmt    *stmt;
    social_write_t  *leader;

    leader = w->leader ? w->leader : w;

    if (w->who.len == 0) {
        return 0;
    }

    if (leader->wrote_act == 0) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_ACT_ADD);
        social_sqlite_int(s, stmt, 1, w->now);
        social_sqlite_text(s, stmt, 2, w->who);
        social_sqlite_string(s, stmt, 3, action);
        social_sqlite_int(s, stmt, 4, w->undoes);

        if (social_sqlite_run(s, stmt) != SOCIAL_OK) {
            return 0;
        }

        leader->wrote_act = sqlite3_last_insert_rowid(s->db);
        w->added_act = 1;
    }

    w->wrote_act = leader->wrote_act;

    return w->wrote_act;
}


void
social_sqlite_act_comment(social_sqlite_t *s, social_write_t *w,
    const char *action, int64_t id, int state, int done, int ban, int made)
{
    int64_t        act;
    sqlite3_stmt  *stmt;

    act = social_sqlite_act(s, w, action);

    if (act == 0) {
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ACT_COMMENT_ADD);
    social_sqlite_int(s, stmt, 1, act);
    social_sqlite_int(s, stmt, 2, id);
    social_sqlite_int(s, stmt, 3, state);
    social_sqlite_int(s, stmt, 4, done);
    social_sqlite_int(s, stmt, 5, ban);

    /* what the action made is hidden when it is taken back */

    if (made) {
        social_sqlite_int(s, stmt, 6, SOCIAL_DELETED);
    }

    (void) social_sqlite_run(s, stmt);
}


void
social_sqlite_act_undone(social_sqlite_t *s, const social_write_t *w,
    int64_t act)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ACT_UNDONE);
    social_sqlite_int(s, stmt, 1, w->undoes);
    social_sqlite_int(s, stmt, 2, act);
    (void) social_sqlite_run(s, stmt);
}


static void
social_sqlite_act_drop(social_sqlite_t *s, social_sql_e sql, int64_t act)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, sql);
    social_sqlite_int(s, stmt, 1, act);
    (void) social_sqlite_run(s, stmt);
}


int64_t
social_sqlite_act_forget(social_sqlite_t *s, int64_t before)
{
    int64_t        n, id;
    sqlite3_stmt  *stmt;

    n = 0;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_LOG_OLD);
    social_sqlite_int(s, stmt, 1, before);
    social_sqlite_int(s, stmt, 2, SOCIAL_SQLITE_ACTS);
    social_sqlite_int(s, stmt, 3, SOCIAL_SQLITE_ACT_DROP);

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        id = sqlite3_column_int64(stmt, 0);
        social_sqlite_act_drop(s, SOCIAL_SQL_LOG_DROP_COMMENTS, id);
        social_sqlite_act_drop(s, SOCIAL_SQL_LOG_DROP, id);
        n++;
    }

    social_sqlite_end(stmt);

    return n;
}


static void
social_sqlite_log_rows(social_sqlite_t *s, sqlite3_stmt *stmt,
    social_store_log_pt handler, void *data)
{
    size_t           i;
    social_logged_t  act;

    const struct {
        int           column;
        const char  **text;
    } texts[] = {
        { 4, &act.who }, { 5, &act.action }, { 6, &act.ids }, { 8, &act.name },
        { 9, &act.key }, { 10, &act.title }, { 11, &act.from }
    };

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        act.id = sqlite3_column_int64(stmt, 0);
        act.at = sqlite3_column_int64(stmt, 1);
        act.undone = sqlite3_column_int64(stmt, 2);
        act.undoes = sqlite3_column_int64(stmt, 3);
        act.n = sqlite3_column_int64(stmt, 7);
        act.state = sqlite3_column_int(stmt, 12);

        for (i = 0; i < social_nelts(texts); i++) {
            *texts[i].text = (const char *)
                             sqlite3_column_text(stmt, texts[i].column);

            if (*texts[i].text == NULL) {
                social_sqlite_error(s, SQLITE_NOMEM);
                return;
            }
        }

        handler(data, &act);
    }
}


int
social_sqlite_log(social_store_t *store, int64_t before, uint32_t limit,
    social_store_log_pt handler, void *data, social_store_error_t *err)
{
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "log");

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_LOG);
    social_sqlite_int(s, stmt, 1, before ? before : INT64_MAX);
    social_sqlite_int(s, stmt, 2, limit);
    social_sqlite_log_rows(s, stmt, handler, data);
    social_sqlite_end(stmt);

    return s->rc == SQLITE_OK ? SOCIAL_OK : social_sqlite_failed(s, err);
}


int
social_sqlite_logged(social_store_t *store, int64_t id, social_str_t who,
    social_store_log_pt handler, void *data, social_store_error_t *err)
{
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "log");

    if (id == 0) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_LOG_LAST);
        social_sqlite_text(s, stmt, 1, who);

        if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
            id = sqlite3_column_int64(stmt, 0);
            social_sqlite_end(stmt);
        }
    }

    if (id != 0) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_LOGGED);
        social_sqlite_int(s, stmt, 1, id);
        social_sqlite_log_rows(s, stmt, handler, data);
        social_sqlite_end(stmt);
    }

    return s->rc == SQLITE_OK ? SOCIAL_OK : social_sqlite_failed(s, err);
}
