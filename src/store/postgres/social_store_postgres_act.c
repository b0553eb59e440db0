
/*
 * The log of moderators: who did what when, on which comments, and what these
 * were before.  An entry is a request, which may be several writes.
 *
 * Pool threads only; what writes is in a transaction under the site's lock.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_write.h"


int64_t
social_pg_act(social_pg_t *s, social_write_t *w, const char *action)
{
    social_write_t  *leader;

    leader = w->leader ? w->leader : w;

    if (w->who.len == 0) {
        return 0;
    }

    if (leader->wrote_act == 0) {
        leader->wrote_act =
            social_pg_number(s, SOCIAL_PG_SQL_ACT_ADD, "itsizzz", w->now,
                             w->who, action, w->undoes, (int64_t) 0,
                             (int64_t) 0, (int64_t) 0);
        w->added_act = 1;
    }

    w->wrote_act = leader->wrote_act;

    return w->wrote_act;
}


void
social_pg_act_comment(social_pg_t *s, social_write_t *w, const char *action,
    int64_t id, int state, int done, int ban, int made)
{
    int64_t  act;

    act = social_pg_act(s, w, action);

    if (act == 0) {
        return;
    }

    /* what the action made is hidden when it is taken back */

    social_pg_run(s, SOCIAL_PG_SQL_ACT_COMMENT_ADD, "iiiiiz", act, id,
                  (int64_t) state, (int64_t) done, (int64_t) ban,
                  (int64_t) (made ? SOCIAL_DELETED : 0));
}


void
social_pg_act_undone(social_pg_t *s, const social_write_t *w, int64_t act)
{
    social_pg_run(s, SOCIAL_PG_SQL_ACT_UNDONE, "ii", w->undoes, act);
}


/* calls handler for each row, when all of them are there */

static void
social_pg_log_rows(social_pg_t *s, const PGresult *result,
    social_store_log_pt handler, void *data)
{
    int              i;
    size_t           k;
    char            *copies[7];
    social_logged_t  act;

    const struct {
        int           column;
        const char  **text;
    } texts[] = {
        { 4, &act.who }, { 5, &act.action }, { 6, &act.ids }, { 8, &act.name },
        { 9, &act.key }, { 10, &act.title }, { 11, &act.from }
    };

    for (i = 0; i < PQntuples(result); i++) {
        act.id = social_pg_int(result, i, 0);
        act.at = social_pg_int(result, i, 1);
        act.undone = social_pg_int(result, i, 2);
        act.undoes = social_pg_int(result, i, 3);
        act.n = social_pg_int(result, i, 7);
        act.state = (int) social_pg_int(result, i, 12);

        for (k = 0; k < social_nelts(texts); k++) {
            copies[k] = social_pg_copy(s, result, i, texts[k].column);
            *texts[k].text = copies[k];
        }

        if (s->end == SOCIAL_PG_FINE) {
            handler(data, &act);
        }

        for (k = 0; k < social_nelts(texts); k++) {
            free(copies[k]);
        }
    }
}


int
social_pg_log(social_store_t *store, int64_t before, uint32_t limit,
    social_store_log_pt handler, void *data, social_store_error_t *err)
{
    int           tries;
    PGresult     *result;
    social_pg_t  *s;

    tries = 0;
    s = social_pg_read(store, "log");

    do {
        result = social_pg_ask(s, SOCIAL_PG_SQL_LOG, "ii",
                               before ? before : INT64_MAX, (int64_t) limit);
        social_pg_log_rows(s, result, handler, data);
        PQclear(result);
    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err);
}


int
social_pg_logged(social_store_t *store, int64_t id, social_str_t who,
    social_store_log_pt handler, void *data, social_store_error_t *err)
{
    int           tries;
    int64_t       found;
    PGresult     *result;
    social_pg_t  *s;

    tries = 0;
    s = social_pg_read(store, "log");

    do {
        found = id ? id : social_pg_number(s, SOCIAL_PG_SQL_LOG_LAST, "t",
                                           who);
        if (found) {
            result = social_pg_ask(s, SOCIAL_PG_SQL_LOGGED, "i", found);
            social_pg_log_rows(s, result, handler, data);
            PQclear(result);
        }
    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err);
}
