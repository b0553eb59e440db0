
/*
 * Articles: their row numbers, and what readers will see changed of them.  What
 * a transaction changed is written at its end by one statement, which draws the
 * change numbers: under the site's lock, so they are in the order of commits.
 *
 * In a transaction that writes.  Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_write.h"


int64_t
social_pg_article(social_pg_t *s, social_str_t key, int make, int64_t now)
{
    int64_t  id;

    id = social_pg_number(s, SOCIAL_PG_SQL_ARTICLE_FIND, "t", key);

    if (id == 0 && make && s->end == SOCIAL_PG_FINE) {
        id = social_pg_number(s, SOCIAL_PG_SQL_ARTICLE_ADD, "tii", key, now,
                              (int64_t) social_pg_hash(key));
    }

    return id;
}


void
social_pg_touch(social_pg_t *s, social_write_t *w, int64_t article,
    int64_t comments, int64_t now)
{
    size_t                i, n;
    social_pg_touched_t  *t;

    if (w != NULL) {
        w->visible = 1;
    }

    for (i = 0; i < s->ntouched && s->touched[i].article != article; i++) {
        /* void */
    }

    if (i == s->alloc_touched) {
        n = i ? i * 2 : 16;
        t = realloc(s->touched, n * sizeof(social_pg_touched_t));

        if (t == NULL) {
            social_pg_memory(s);
            return;
        }

        s->touched = t;
        s->alloc_touched = n;
    }

    t = &s->touched[i];

    if (i == s->ntouched) {
        memset(t, 0, sizeof(social_pg_touched_t));
        t->article = article;
        s->ntouched++;
    }

    t->at = now > t->at ? now : t->at;

    if (comments == SOCIAL_PG_RECOUNT) {
        t->count = 1;

    } else {
        t->comments += comments;
    }
}


static int
social_pg_touched_order(const void *one, const void *two)
{
    const social_pg_touched_t  *a = one, *b = two;

    return (a->article > b->article) - (a->article < b->article);
}


void
social_pg_write_touched(social_pg_t *s)
{
    size_t    i, n;
    int64_t  *v;

    n = s->ntouched;

    if (n == 0 || s->end != SOCIAL_PG_FINE) {
        return;
    }

    v = malloc(n * 4 * sizeof(int64_t));

    if (v == NULL) {
        social_pg_memory(s);
        return;
    }

    qsort(s->touched, n, sizeof(social_pg_touched_t), social_pg_touched_order);

    for (i = 0; i < n; i++) {
        v[i] = s->touched[i].article;
        v[n + i] = s->touched[i].at;
        v[2 * n + i] = s->touched[i].comments;
        v[3 * n + i] = s->touched[i].count;
    }

    social_pg_send(s, SOCIAL_PG_SQL_ARTICLE_TOUCH, "IIIIi", v, n, v + n, n,
                   v + 2 * n, n, v + 3 * n, n, (int64_t) n);
    free(v);
    s->ntouched = 0;
    s->touching = 1;
}


/* an answer has key, comments and change of articles */

static void
social_pg_numbers_take(const PGresult *result, social_write_t **writes,
    size_t n)
{
    int           row;
    size_t        i;
    social_str_t  key;

    for (row = 0; row < PQntuples(result); row++) {
        key = social_pg_text(result, row, 0);

        for (i = 0; i < n; i++) {
            if (writes[i]->visible && strlen(writes[i]->wrote_key) == key.len
                && memcmp(writes[i]->wrote_key, key.data, key.len) == 0)
            {
                writes[i]->comments = social_pg_int(result, row, 1);
                writes[i]->change = social_pg_int(result, row, 2);
            }
        }
    }
}


void
social_pg_numbers(social_pg_t *s, social_write_t **writes, size_t n)
{
    PGresult  *result;

    if (s->touching) {
        result = social_pg_take(s);
        social_pg_numbers_take(result, writes, n);
        PQclear(result);
        s->touching = 0;
    }
}


/* the same for a batch whose answer was lost */

void
social_pg_numbers_again(social_pg_t *s, social_write_t **writes, size_t n)
{
    size_t         i, count;
    PGresult      *result;
    social_str_t  *keys;

    keys = malloc(n * sizeof(social_str_t));

    if (keys == NULL) {
        return;                         /* the next poll learns them */
    }

    for (i = 0, count = 0; i < n; i++) {
        if (writes[i]->visible) {
            keys[count].data = (unsigned char *) writes[i]->wrote_key;
            keys[count++].len = strlen(writes[i]->wrote_key);
        }
    }

    result = social_pg_ask(s, SOCIAL_PG_SQL_ARTICLE_NUMBERS, "T", keys, count);
    social_pg_numbers_take(result, writes, n);
    PQclear(result);
    free(keys);
}


void
social_pg_key(const PGresult *result, int row, int column, char *key)
{
    social_str_t  text;

    text = social_pg_text(result, row, column);

    if (text.len > SOCIAL_KEY_MAX) {
        text.len = 0;
    }

    if (text.len) {
        memcpy(key, text.data, text.len);
    }

    key[text.len] = '\0';
}


/* keys are not secret */

uint64_t
social_pg_hash(social_str_t text)
{
    size_t    i;
    uint64_t  hash;

    hash = 0xcbf29ce484222325u;

    for (i = 0; i < text.len; i++) {
        hash = (hash ^ text.data[i]) * 0x100000001b3u;
    }

    return hash;
}
