
/*
 * Threads that move to another article, because its address changed: as in the
 * SQLite store, see social_store_sqlite_move.c.
 *
 * In a transaction under the site's lock.  Pool threads only.
 */

#include <string.h>

#include "social_store_postgres_write.h"


/* a move of the log */

typedef struct {
    int64_t  from, to, dropped;
    char     from_key[SOCIAL_KEY_MAX + 1], to_key[SOCIAL_KEY_MAX + 1];
} social_pg_move_t;


/* article and act: of the alias; DECLINED: the thread of the key did not
 * move */

static int
social_pg_alias(social_pg_t *s, const char *key, int64_t *article,
    int64_t *act)
{
    int        n;
    PGresult  *result;

    result = social_pg_ask(s, SOCIAL_PG_SQL_ALIAS_FIND, "s", key);
    n = PQntuples(result);

    if (n == 1) {
        *article = social_pg_int(result, 0, 0);
        *act = social_pg_int(result, 0, 3);
    }

    PQclear(result);

    return n == 1 ? SOCIAL_OK : SOCIAL_DECLINED;
}


/* the numbers of approved and of all comments */

static int64_t
social_pg_move_count(social_pg_t *s, int64_t article, int64_t *approved)
{
    int64_t    n;
    PGresult  *result;

    n = 0;
    *approved = 0;
    result = social_pg_ask(s, SOCIAL_PG_SQL_MOVE_COUNT, "i", article);

    if (PQntuples(result) == 1) {
        *approved = social_pg_int(result, 0, 0);
        n = social_pg_int(result, 0, 1);
    }

    PQclear(result);

    return n;
}


/* both articles changed; the one that has the thread must stay known */

static void
social_pg_moved(social_pg_t *s, social_write_t *w, int64_t from, int64_t to)
{
    social_pg_run(s, SOCIAL_PG_SQL_MOVE_NEEDED, "i", to);
    social_pg_touch(s, w, from, SOCIAL_PG_RECOUNT, w->now);
    social_pg_touch(s, w, to, SOCIAL_PG_RECOUNT, w->now);

    (void) social_pg_move_count(s, to, &w->comments);
    w->left = w->comments;

    if (w->action == SOCIAL_ACT_UNDO) {
        (void) social_pg_move_count(s, from, &w->left);
    }
}


static int64_t
social_pg_move_act(social_pg_t *s, social_write_t *w, const char *action,
    const social_pg_move_t *move)
{
    w->wrote_act = social_pg_number(s, SOCIAL_PG_SQL_ACT_ADD, "itsizzz",
                                    w->now, w->who, action, w->undoes,
                                    move->from, move->to, move->dropped);
    return w->wrote_act;
}


static void
social_pg_move(social_pg_t *s, social_write_t *w, social_pg_move_t *move)
{
    int64_t  act, dropped;

    memcpy(move->to_key, w->to.data, w->to.len);
    move->to_key[w->to.len] = '\0';

    if (social_pg_alias(s, move->to_key, &dropped, &act) == SOCIAL_OK) {
        move->dropped = dropped;
        social_pg_run(s, SOCIAL_PG_SQL_ALIAS_DROP, "t", w->to);
    }

    act = social_pg_move_act(s, w, "move", move);

    social_pg_run(s, SOCIAL_PG_SQL_MOVE, "iii", move->from, move->to, act);
    social_pg_run(s, SOCIAL_PG_SQL_ALIAS_FOLLOW, "iii", move->from, move->to,
                  act);
    social_pg_run(s, SOCIAL_PG_SQL_ALIAS_PUT, "siii", move->from_key, move->to,
                  act, w->now);
    social_pg_moved(s, w, move->from, move->to);

    memcpy(w->wrote_from, move->from_key, sizeof(w->wrote_from));
    memcpy(w->wrote_key, move->to_key, sizeof(w->wrote_key));
    w->status = SOCIAL_WROTE;
}


/* the thread that comment w->id is in */

static void
social_pg_move_comment(social_pg_t *s, social_write_t *w)
{
    int64_t            approved;
    social_pg_move_t   move;
    social_rule_row_t  row;

    w->status = SOCIAL_NO_COMMENT;

    if (social_pg_find(s, w->id, w, &row) != SOCIAL_OK) {
        return;
    }

    memset(&move, 0, sizeof(social_pg_move_t));
    move.from = row.article;
    memcpy(move.from_key, w->wrote_key, sizeof(move.from_key));

    w->status = SOCIAL_NO_TARGET;

    if (w->to.len == 0 || w->to.len > SOCIAL_KEY_MAX) {
        return;
    }

    move.to = social_pg_article(s, w->to, 0, w->now);

    if (move.to == 0 && !w->known) {
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

    if (social_pg_move_count(s, move.from, &approved) > SOCIAL_STORE_MOVE) {
        w->status = SOCIAL_TOO_MANY;
        return;
    }

    if (move.to == 0) {
        move.to = social_pg_article(s, w->to, 1, w->now);
    }

    social_pg_move(s, w, &move);
}


/* the move that w->undoes says; DECLINED: it was taken back, or is none */

static int
social_pg_move_find(social_pg_t *s, const social_write_t *w,
    social_pg_move_t *move)
{
    int            rc;
    PGresult      *result;
    social_str_t   action;

    rc = SOCIAL_DECLINED;
    result = social_pg_ask(s, SOCIAL_PG_SQL_ACT_FIND, "i", w->undoes);

    if (PQntuples(result) == 1) {
        action = social_pg_text(result, 0, 1);
        move->from = social_pg_int(result, 0, 2);
        move->to = social_pg_int(result, 0, 3);
        move->dropped = social_pg_int(result, 0, 4);
        social_pg_key(result, 0, 5, move->from_key);
        social_pg_key(result, 0, 6, move->to_key);

        if (action.len == 4 && memcmp(action.data, "move", 4) == 0
            && social_pg_int(result, 0, 0) == 0 && move->from_key[0]
            && move->to_key[0])
        {
            rc = SOCIAL_OK;
        }
    }

    PQclear(result);

    return rc;
}


static void
social_pg_move_back(social_pg_t *s, social_write_t *w)
{
    int64_t           act, article;
    social_pg_move_t  move, back;

    w->status = SOCIAL_CHANGED;

    /* a later move may have taken it further */

    if (social_pg_move_find(s, w, &move) != SOCIAL_OK
        || social_pg_alias(s, move.from_key, &article, &act) != SOCIAL_OK
        || act != w->undoes || article != move.to)
    {
        return;
    }

    memset(&back, 0, sizeof(social_pg_move_t));
    back.from = move.to;
    back.to = move.from;

    act = social_pg_move_act(s, w, "undo", &back);

    social_pg_run(s, SOCIAL_PG_SQL_MOVE_BACK, "iii", move.to, move.from,
                  w->undoes);
    social_pg_run(s, SOCIAL_PG_SQL_ALIAS_DROP, "s", move.from_key);
    social_pg_run(s, SOCIAL_PG_SQL_ALIAS_BACK, "iii", move.to, move.from,
                  w->undoes);

    if (move.dropped) {
        social_pg_run(s, SOCIAL_PG_SQL_ALIAS_PUT, "siii", move.to_key,
                      move.dropped, (int64_t) 0, w->now);
    }

    social_pg_act_undone(s, w, act);
    social_pg_moved(s, w, move.to, move.from);

    memcpy(w->wrote_from, move.to_key, sizeof(w->wrote_from));
    memcpy(w->wrote_key, move.from_key, sizeof(w->wrote_key));
    w->status = SOCIAL_WROTE;
}


void
social_pg_write_move(social_pg_t *s, social_write_t *w)
{
    if (w->action == SOCIAL_ACT_UNDO) {
        social_pg_move_back(s, w);

    } else {
        social_pg_move_comment(s, w);
    }

    if (w->status == SOCIAL_WROTE) {
        social_pg_tally_action(s, w, w->action == SOCIAL_ACT_UNDO ? "undo"
                                                                  : "move");
    }
}
