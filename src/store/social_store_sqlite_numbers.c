
/*
 * What a batch of writes says about the articles that it changed: how many
 * approved comments they have now, and the number of the change.  Absolute
 * values: whoever hears of them late, or twice, can tell.
 *
 * In the transaction of the batch.  Pool threads only.
 */

#include <string.h>

#include "social_store_sqlite.h"


static int
social_sqlite_is_visible(const social_write_t *w)
{
    return w->visible && w->status == SOCIAL_WROTE;
}


/* a write of the batch before it that is of the same article; NULL: none */

static const social_write_t *
social_sqlite_numbers_before(social_write_t **writes, size_t i)
{
    size_t  k;

    for (k = 0; k < i; k++) {
        if (social_sqlite_is_visible(writes[k])
            && strcmp(writes[k]->wrote_key, writes[i]->wrote_key) == 0)
        {
            return writes[k];
        }
    }

    return NULL;
}


void
social_sqlite_touch(social_sqlite_t *s, social_write_t *w, int64_t article)
{
    size_t  i;

    w->visible = 1;

    for (i = 0; i < s->ntouched; i++) {
        if (s->touched[i] == article) {
            return;
        }
    }

    if (i == SOCIAL_SQLITE_TOUCHED) {
        social_sqlite_mark_changed(s, w, article);
        return;
    }

    s->touched[s->ntouched++] = article;
}


static void
social_sqlite_mark_touched(social_sqlite_t *s, int64_t now)
{
    while (s->ntouched) {
        social_sqlite_article_changed(s, s->touched[--s->ntouched], now);
    }
}


void
social_sqlite_numbers_of(social_sqlite_t *s, social_write_t **writes,
    size_t n)
{
    size_t                 i;
    sqlite3_stmt          *stmt;
    social_write_t        *w;
    const social_write_t  *before;

    social_sqlite_mark_touched(s, writes[0]->now);

    for (i = 0; i < n; i++) {
        w = writes[i];

        if (!social_sqlite_is_visible(w)) {
            continue;
        }

        before = social_sqlite_numbers_before(writes, i);

        if (before != NULL) {
            w->comments = before->comments;
            w->change = before->change;
            continue;
        }

        stmt = social_sqlite_stmt(s, SOCIAL_SQL_NUMBERS);
        social_sqlite_string(s, stmt, 1, w->wrote_key);

        if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
            w->comments = sqlite3_column_int64(stmt, 0);
            w->change = sqlite3_column_int64(stmt, 1);
            social_sqlite_end(stmt);
        }
    }
}
