
/*
 * Which articles have comments, likes or a thread that moved, and what changed
 * after a change that is known.  Pool threads only.
 */

#include "social_store_postgres.h"


static void
social_pg_each(const PGresult *result, social_store_key_pt handler,
    void *data)
{
    int               i;
    social_str_t      key;
    social_numbers_t  numbers;

    for (i = 0; i < PQntuples(result); i++) {
        key = social_pg_text(result, i, 0);

        if (key.len > 0 && key.len <= SOCIAL_KEY_MAX) {
            numbers.comments = social_pg_int(result, i, 1);
            numbers.likes = social_pg_int(result, i, 2);
            numbers.likes_changes = social_pg_int(result, i, 3);
            numbers.moved = social_pg_int(result, i, 4) != 0;
            numbers.change = social_pg_int(result, i, 5);

            handler(data, key, &numbers);
        }
    }
}


int
social_pg_keys(social_store_t *store, int64_t *change,
    social_store_key_pt handler, void *data, social_store_error_t *err)
{
    int           tries;
    PGresult     *result;
    social_pg_t  *s;

    tries = 0;
    s = social_pg_read(store, "keys");

    do {
        *change = social_pg_number(s, SOCIAL_PG_SQL_SETTING_GET, "s",
                                   "change");
        result = social_pg_ask(s, SOCIAL_PG_SQL_KEYS, "");
        social_pg_each(result, handler, data);
        PQclear(result);
    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err);
}


/* in one trip: what changed, where that ends, and whether the number is one of
 * this store */

static int
social_pg_changed_read(social_pg_t *s, int64_t *change, uint32_t limit,
    social_store_key_pt handler, void *data)
{
    int        rc;
    int64_t    newest;
    PGresult  *result, *last;

    social_pg_send(s, SOCIAL_PG_SQL_SETTING_GET, "s", "change");
    social_pg_send(s, SOCIAL_PG_SQL_CHANGED, "ii", *change, (int64_t) limit);
    social_pg_send(s, SOCIAL_PG_SQL_CHANGED_LAST, "ii", *change,
                   (int64_t) limit);

    newest = social_pg_take_number(s);
    result = social_pg_take(s);
    last = social_pg_take(s);
    rc = SOCIAL_OK;

    if (s->end == SOCIAL_PG_FINE && *change > newest) {
        rc = SOCIAL_DECLINED;

    } else if (PQntuples(last) == 1 && social_pg_int(last, 0, 1) > 0) {
        social_pg_each(result, handler, data);
        *change = social_pg_int(last, 0, 0);
        rc = social_pg_int(last, 0, 1) >= limit ? SOCIAL_AGAIN : SOCIAL_OK;
    }

    PQclear(result);
    PQclear(last);

    return rc;
}


int
social_pg_changed(social_store_t *store, int64_t *change, uint32_t limit,
    social_store_key_pt handler, void *data, social_store_error_t *err)
{
    int           rc, tries;
    social_pg_t  *s;

    tries = 0;
    s = social_pg_read(store, "changed");

    do {
        rc = social_pg_changed_read(s, change, limit, handler, data);
    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err) == SOCIAL_OK ? rc : SOCIAL_ERROR;
}
