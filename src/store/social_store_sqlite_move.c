
/*
 * Threads that move to another article, because its address changed: all
 * comments get the other article, and the old key becomes an alias.  Aliases
 * are one step: a move takes those that led to the old article along, and
 * removes one that had the new key.
 *
 * What writes runs inside the savepoint of its write.  Pool threads only.
 */

#include <string.h>

#include "social_store_sqlite.h"


/* a move of the log */

typedef struct {
    int64_t  from, to, dropped;
    char     from_key[SOCIAL_KEY_MAX + 1], to_key[SOCIAL_KEY_MAX + 1];
} social_sqlite_move_t;


static void
social_sqlite_key_copy(sqlite3_stmt *stmt, int column,
    char key[SOCIAL_KEY_MAX + 1])
{
    int          len;
    const void  *text;

    text = sqlite3_column_text(stmt, column);
    len = sqlite3_column_bytes(stmt, column);

    if (text == NULL || len > SOCIAL_KEY_MAX) {
        len = 0;
    }

    if (len) {
        memcpy(key, text, (size_t) len);
    }

    key[len] = '\0';
}


static social_str_t
social_sqlite_key_str(const char *key)
{
    social_str_t  text;

    text.data = (const unsigned char *) key;
    text.len = strlen(key);

    return text;
}


int
social_sqlite_alias(social_sqlite_t *s, social_str_t key,
    social_sqlite_alias_t *alias, int title)
{
    int            rc;
    sqlite3_stmt  *stmt;

    memset(alias, 0, sizeof(social_sqlite_alias_t));

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ALIAS_FIND);
    social_sqlite_text(s, stmt, 1, key);

    rc = social_sqlite_next(s, stmt);

    if (rc == SOCIAL_OK) {
        alias->article = sqlite3_column_int64(stmt, 0);
        social_sqlite_key_copy(stmt, 1, alias->key);
        alias->title = title ? social_sqlite_copy(s, stmt, 2) : NULL;
        alias->act = sqlite3_column_int64(stmt, 3);
        social_sqlite_end(stmt);
    }

    return rc;
}


int64_t
social_sqlite_thread_of(social_sqlite_t *s, social_write_t *w)
{
    social_sqlite_alias_t  alias;

    if (social_sqlite_alias(s, w->key, &alias, 0) == SOCIAL_OK) {
        memcpy(w->wrote_key, alias.key, sizeof(alias.key));
        return alias.article;
    }

    memcpy(w->wrote_key, w->key.data, w->key.len);
    w->wrote_key[w->key.len] = '\0';

    return social_sqlite_article(s, w->key, w->known, w->now);
}


static void
social_sqlite_move_run(social_sqlite_t *s, social_sql_e sql, int64_t from,
    int64_t to, int64_t act)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, sql);
    social_sqlite_int(s, stmt, 1, from);
    social_sqlite_int(s, stmt, 2, to);
    social_sqlite_int(s, stmt, 3, act);
    (void) social_sqlite_run(s, stmt);
}


static void
social_sqlite_alias_put(social_sqlite_t *s, social_str_t key, int64_t article,
    int64_t act, int64_t now)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ALIAS_PUT);
    social_sqlite_text(s, stmt, 1, key);
    social_sqlite_int(s, stmt, 2, article);
    social_sqlite_int(s, stmt, 3, act);
    social_sqlite_int(s, stmt, 4, now);
    (void) social_sqlite_run(s, stmt);
}


static void
social_sqlite_alias_drop(social_sqlite_t *s, social_str_t key)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ALIAS_DROP);
    social_sqlite_text(s, stmt, 1, key);
    (void) social_sqlite_run(s, stmt);
}


/* the numbers of approved and of all comments */

static int64_t
social_sqlite_move_count(social_sqlite_t *s, int64_t article,
    int64_t *approved)
{
    int64_t        n;
    sqlite3_stmt  *stmt;

    n = 0;
    *approved = 0;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_MOVE_COUNT);
    social_sqlite_int(s, stmt, 1, article);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        *approved = sqlite3_column_int64(stmt, 0);
        n = *approved + sqlite3_column_int64(stmt, 1);
        social_sqlite_end(stmt);
    }

    return n;
}


/* both articles changed; the one that has the thread must stay known */

static void
social_sqlite_moved(social_sqlite_t *s, social_write_t *w, int64_t from,
    int64_t to)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_MOVE_NEEDED);
    social_sqlite_int(s, stmt, 1, to);
    (void) social_sqlite_run(s, stmt);

    social_sqlite_mark_changed(s, w, from);
    social_sqlite_mark_changed(s, w, to);
    (void) social_sqlite_move_count(s, to, &w->comments);

    w->left = w->comments;

    if (w->action == SOCIAL_ACT_UNDO) {
        (void) social_sqlite_move_count(s, from, &w->left);
    }
}


static int64_t
social_sqlite_move_act(social_sqlite_t *s, social_write_t *w,
    const char *action, const social_sqlite_move_t *move)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ACT_ADD);
    social_sqlite_int(s, stmt, 1, w->now);
    social_sqlite_text(s, stmt, 2, w->who);
    social_sqlite_string(s, stmt, 3, action);
    social_sqlite_int(s, stmt, 4, w->undoes);
    social_sqlite_int(s, stmt, 5, move->from);
    social_sqlite_int(s, stmt, 6, move->to);

    if (move->dropped) {
        social_sqlite_int(s, stmt, 7, move->dropped);
    }

    if (social_sqlite_run(s, stmt) == SOCIAL_OK) {
        w->wrote_act = sqlite3_last_insert_rowid(s->db);
    }

    return w->wrote_act;
}


static void
social_sqlite_move(social_sqlite_t *s, social_write_t *w,
    social_sqlite_move_t *move)
{
    int64_t                act;
    social_sqlite_alias_t  alias;

    if (social_sqlite_alias(s, w->to, &alias, 0) == SOCIAL_OK) {
        move->dropped = alias.article;
        social_sqlite_alias_drop(s, w->to);
    }

    act = social_sqlite_move_act(s, w, "move", move);

    social_sqlite_move_run(s, SOCIAL_SQL_MOVE_APPROVED, move->from, move->to,
                           act);
    social_sqlite_move_run(s, SOCIAL_SQL_MOVE_OTHER, move->from, move->to, act);
    social_sqlite_move_run(s, SOCIAL_SQL_ALIAS_FOLLOW, move->from, move->to,
                           act);
    social_sqlite_alias_put(s, social_sqlite_key_str(move->from_key), move->to,
                            act, w->now);
    social_sqlite_moved(s, w, move->from, move->to);

    memcpy(w->wrote_from, move->from_key, sizeof(w->wrote_from));
    memcpy(w->wrote_key, w->to.data, w->to.len);
    w->wrote_key[w->to.len] = '\0';
    w->status = SOCIAL_WROTE;
}


/* the thread that comment w->id is in */

static void
social_sqlite_move_comment(social_sqlite_t *s, social_write_t *w)
{
    int64_t               n, approved;
    social_sqlite_row_t   row;
    social_sqlite_move_t  move;

    w->status = SOCIAL_NO_COMMENT;

    if (social_sqlite_find_comment(s, w->id, w, &row) != SOCIAL_OK) {
        return;
    }

    memset(&move, 0, sizeof(social_sqlite_move_t));
    move.from = row.article;
    memcpy(move.from_key, w->wrote_key, sizeof(move.from_key));

    w->status = SOCIAL_NO_TARGET;

    if (w->to.len == 0 || w->to.len > SOCIAL_KEY_MAX) {
        return;
    }

    move.to = social_sqlite_article(s, w->to, w->known, w->now);

    if (move.to == 0) {
        return;
    }

    /* another comment of the same request may have moved this one */

    if (move.to == move.from) {
        w->status = (w->leader && w->leader != w
                     && w->leader->status == SOCIAL_WROTE
                     && w->leader->wrote_act == row.moved)
                    ? SOCIAL_WROTE_NOTHING : SOCIAL_SAME_TARGET;
        return;
    }

    n = social_sqlite_move_count(s, move.from, &approved);

    if (n > SOCIAL_STORE_MOVE) {
        w->status = SOCIAL_TOO_MANY;
        return;
    }

    social_sqlite_move(s, w, &move);
}


/* the move that w->undoes says; DECLINED: it was taken back, or is none */

static int
social_sqlite_move_find(social_sqlite_t *s, const social_write_t *w,
    social_sqlite_move_t *move)
{
    int            rc;
    const char    *action;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ACT_FIND);
    social_sqlite_int(s, stmt, 1, w->undoes);

    rc = social_sqlite_next(s, stmt);
    if (rc != SOCIAL_OK) {
        return rc;
    }

    action = (const char *) sqlite3_column_text(stmt, 1);
    move->from = sqlite3_column_int64(stmt, 2);
    move->to = sqlite3_column_int64(stmt, 3);
    move->dropped = sqlite3_column_int64(stmt, 4);
    social_sqlite_key_copy(stmt, 5, move->from_key);
    social_sqlite_key_copy(stmt, 6, move->to_key);

    if (action == NULL || strcmp(action, "move") != 0
        || sqlite3_column_int64(stmt, 0) != 0 || move->from_key[0] == '\0'
        || move->to_key[0] == '\0')
    {
        rc = SOCIAL_DECLINED;
    }

    social_sqlite_end(stmt);

    return rc;
}


static void
social_sqlite_move_back(social_sqlite_t *s, social_write_t *w)
{
    int64_t                act;
    social_str_t           from, to;
    social_sqlite_move_t   move, back;
    social_sqlite_alias_t  alias;

    w->status = SOCIAL_CHANGED;

    if (social_sqlite_move_find(s, w, &move) != SOCIAL_OK) {
        return;
    }

    from = social_sqlite_key_str(move.from_key);
    to = social_sqlite_key_str(move.to_key);

    /* a later move took it further */

    if (social_sqlite_alias(s, from, &alias, 0) != SOCIAL_OK
        || alias.act != w->undoes || alias.article != move.to)
    {
        return;
    }

    memset(&back, 0, sizeof(social_sqlite_move_t));
    back.from = move.to;
    back.to = move.from;

    act = social_sqlite_move_act(s, w, "undo", &back);

    social_sqlite_move_run(s, SOCIAL_SQL_MOVE_BACK, move.to, move.from,
                           w->undoes);
    social_sqlite_alias_drop(s, from);
    social_sqlite_move_run(s, SOCIAL_SQL_ALIAS_BACK, move.to, move.from,
                           w->undoes);

    if (move.dropped) {
        social_sqlite_alias_put(s, to, move.dropped, 0, w->now);
    }

    social_sqlite_act_undone(s, w, act);
    social_sqlite_moved(s, w, move.to, move.from);

    memcpy(w->wrote_from, move.to_key, sizeof(w->wrote_from));
    memcpy(w->wrote_key, move.from_key, sizeof(w->wrote_key));
    w->status = SOCIAL_WROTE;
}


void
social_sqlite_write_move(social_sqlite_t *s, social_write_t *w)
{
    if (w->action == SOCIAL_ACT_UNDO) {
        social_sqlite_move_back(s, w);

    } else {
        social_sqlite_move_comment(s, w);
    }

    if (w->status == SOCIAL_WROTE) {
        social_sqlite_tally_action(s, w, w->action == SOCIAL_ACT_UNDO
                                         ? "undo" : "move");
    }
}
