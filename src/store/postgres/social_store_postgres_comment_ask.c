
/*
 * What the rules must know of new comments: where they belong, who wrote them,
 * whether they were sent before.  All of it is asked in one trip.
 *
 * In a transaction under the site's lock.  Pool threads only.
 */

#include <string.h>

#include "social_store_postgres_comment.h"


#define SOCIAL_PG_TWIN      600         /* seconds */
#define SOCIAL_PG_REPEATED  (7 * SOCIAL_PG_DAY)


static void
social_pg_new_ask_place(social_pg_t *s, social_write_t **w, size_t n)
{
    size_t         i, parents;
    int64_t        ids[SOCIAL_PG_NEW];
    social_str_t   keys[SOCIAL_PG_NEW];

    for (i = 0, parents = 0; i < n; i++) {
        keys[i] = w[i]->key;

        if (w[i]->parent) {
            ids[parents++] = w[i]->parent;
        }
    }

    social_pg_send(s, SOCIAL_PG_SQL_NEW_PLACE, "T", keys, n);
    social_pg_send(s, SOCIAL_PG_SQL_NEW_PARENT, "I", ids, parents);
    social_pg_send(s, SOCIAL_PG_SQL_NEW_IDS, "i", (int64_t) n);
}


static void
social_pg_new_ask_writer(social_pg_t *s, social_write_t **w, size_t n,
    social_pg_new_t *c)
{
    size_t          i;
    int64_t         weak[SOCIAL_PG_NEW], visitor[SOCIAL_PG_NEW];
    int64_t         same[SOCIAL_PG_NEW];
    unsigned char   who[SOCIAL_PG_NEW * SOCIAL_COMMENTER_LEN];

    for (i = 0; i < n; i++) {
        memcpy(who + i * SOCIAL_COMMENTER_LEN, w[i]->commenter,
               SOCIAL_COMMENTER_LEN);
        weak[i] = (int64_t) w[i]->weak;
        visitor[i] = (int64_t) w[i]->visitor;
        same[i] = c[i].same = social_pg_same(s, w[i]->text);
    }

    social_pg_send(s, SOCIAL_PG_SQL_NEW_WRITER, "CIIIii", who, n, weak, n,
                   visitor, n, same, n, w[0]->now - w[0]->now % SOCIAL_PG_DAY,
                   w[0]->now - SOCIAL_PG_REPEATED);
}


static void
social_pg_new_ask_twin(social_pg_t *s, social_write_t **w, size_t n)
{
    size_t          i;
    int64_t         author[SOCIAL_PG_NEW], known[SOCIAL_PG_NEW];
    int64_t         weak[SOCIAL_PG_NEW], parent[SOCIAL_PG_NEW];
    social_str_t    name[SOCIAL_PG_NEW], key[SOCIAL_PG_NEW];
    social_str_t    text[SOCIAL_PG_NEW];
    unsigned char   who[SOCIAL_PG_NEW * SOCIAL_COMMENTER_LEN];

    for (i = 0; i < n; i++) {
        memcpy(who + i * SOCIAL_COMMENTER_LEN, w[i]->commenter,
               SOCIAL_COMMENTER_LEN);
        author[i] = w[i]->author;
        known[i] = w[i]->returning;
        weak[i] = (int64_t) w[i]->weak;
        parent[i] = w[i]->parent;
        name[i] = w[i]->name;
        key[i] = w[i]->key;
        text[i] = w[i]->text;
    }

    social_pg_send(s, SOCIAL_PG_SQL_NEW_TWIN, "IICITTZTi", author, n, known, n,
                   who, n, weak, n, name, n, key, n, parent, n, text, n,
                   w[0]->now - SOCIAL_PG_TWIN);
}


static void
social_pg_new_take_place(social_pg_t *s, social_write_t **w, size_t n,
    social_pg_new_t *c)
{
    int                i;
    size_t             k;
    PGresult          *result;
    social_rule_row_t  row;

    result = social_pg_take(s);

    for (i = 0; i < PQntuples(result); i++) {
        k = (size_t) social_pg_int(result, i, 0) - 1;
        c[k].article = social_pg_int(result, i, 1);
        social_pg_key(result, i, 2, c[k].key);
        c[k].since = social_pg_int(result, i, 3);
    }

    PQclear(result);
    result = social_pg_take(s);

    for (i = 0; i < PQntuples(result); i++) {
        social_pg_row(result, i, &row, NULL);

        for (k = 0; k < n; k++) {
            if (w[k]->parent == row.id) {
                c[k].parent = row;
                c[k].has_parent = 1;
            }
        }
    }

    PQclear(result);
    result = social_pg_take(s);

    for (i = 0; i < PQntuples(result) && (size_t) i < n; i++) {
        c[i].id = social_pg_int(result, i, 0);
    }

    PQclear(result);
}


static void
social_pg_new_take_writer(social_pg_t *s, social_pg_new_t *c)
{
    int               i;
    PGresult         *result;
    social_pg_new_t  *p;

    result = social_pg_take(s);

    for (i = 0; i < PQntuples(result); i++) {
        p = &c[social_pg_int(result, i, 0) - 1];
        p->banned = (int) social_pg_int(result, i, 1);
        p->has_approved = (int) social_pg_int(result, i, 2);
        p->is_known = !PQgetisnull(result, i, 3);
        p->person_known = social_pg_int(result, i, 3);
        p->is_weak = !PQgetisnull(result, i, 4);
        p->person_weak = social_pg_int(result, i, 4);
        p->repeated = (int) social_pg_int(result, i, 5);
    }

    PQclear(result);
    result = social_pg_take(s);

    for (i = 0; i < PQntuples(result); i++) {
        p = &c[social_pg_int(result, i, 0) - 1];
        p->twin = social_pg_int(result, i, 1);
        p->twin_state = social_pg_int(result, i, 2);
    }

    PQclear(result);
}


void
social_pg_new_ask(social_pg_t *s, social_write_t **w, size_t n,
    social_pg_new_t *c)
{
    social_pg_new_ask_place(s, w, n);
    social_pg_new_ask_writer(s, w, n, c);
    social_pg_new_ask_twin(s, w, n);
}


void
social_pg_new_take(social_pg_t *s, social_write_t **w, size_t n,
    social_pg_new_t *c)
{
    social_pg_new_take_place(s, w, n, c);
    social_pg_new_take_writer(s, c);
}
