
/*
 * Names of authors, which readers may not use.  Their skeletons are kept as
 * settings, since a skeleton cannot be computed in SQL.
 *
 * Runs inside the savepoint of a write; the connection has the errors of the
 * database.  Pool threads only.
 */

#include <string.h>

#include "social_confusable.h"
#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_AUTHORS  "authors"    /* setting: older comments of
                                             * authors have been read */


/* the name of a setting that stands for a skeleton; at most
 * sizeof(social_confusable_t) + 16 bytes */

static social_str_t
social_sqlite_author_setting(const social_confusable_t *skeleton, int how,
    char *buf)
{
    size_t        len;
    social_str_t  name;

    static const char *const  prefixes[] = {
        "author look ", "author small ", "author capital "
    };

    len = strlen(prefixes[how]);

    memcpy(buf, prefixes[how], len);
    memcpy(buf + len, skeleton->data, skeleton->len);

    name.data = (const unsigned char *) buf;
    name.len = len + skeleton->len;

    return name;
}


static void
social_sqlite_author_set(social_sqlite_t *s, social_str_t name)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SETTING_ADD);
    social_sqlite_text(s, stmt, 1, name);
    social_sqlite_string(s, stmt, 2, "1");
    (void) social_sqlite_run(s, stmt);
}


static int
social_sqlite_author_is_set(social_sqlite_t *s, social_str_t name)
{
    int            rc;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SETTING_GET);
    social_sqlite_text(s, stmt, 1, name);

    rc = social_sqlite_next(s, stmt);
    if (rc == SOCIAL_OK) {
        social_sqlite_end(stmt);
    }

    return rc == SOCIAL_OK;
}


static void
social_sqlite_author_keep(social_sqlite_t *s, social_str_t name)
{
    int                  how;
    char                 buf[sizeof(social_confusable_t) + 16];
    social_confusable_t  skeleton;

    for (how = SOCIAL_CONFUSABLE_LOOK; how < SOCIAL_CONFUSABLES; how++) {
        social_confusable_skeleton(name, (social_confusable_e) how, &skeleton);

        if (skeleton.len) {
            social_sqlite_author_set(s,
                social_sqlite_author_setting(&skeleton, how, buf));
        }
    }
}


static int
social_sqlite_author_is_kept(social_sqlite_t *s, social_str_t name)
{
    int                  how;
    char                 buf[SOCIAL_CONFUSABLES]
                            [sizeof(social_confusable_t) + 16];
    sqlite3_stmt        *stmt;
    social_confusable_t  skeleton;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_AUTHOR_KEPT);

    for (how = SOCIAL_CONFUSABLE_LOOK; how < SOCIAL_CONFUSABLES; how++) {
        social_confusable_skeleton(name, (social_confusable_e) how, &skeleton);

        social_sqlite_text(s, stmt, how + 1,
            social_sqlite_author_setting(&skeleton, how, buf[how]));
    }

    return social_sqlite_has_row(s, stmt);
}


/* once for each store: names of comments that were written before names were
 * kept */

static void
social_sqlite_author_read(social_sqlite_t *s)
{
    social_str_t   name;
    sqlite3_stmt  *stmt;

    static const social_str_t  done = social_string(SOCIAL_SQLITE_AUTHORS);

    if (social_sqlite_author_is_set(s, done)) {
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_AUTHORS);

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        name.data = sqlite3_column_text(stmt, 0);
        name.len = (size_t) sqlite3_column_bytes(stmt, 0);

        if (name.data) {
            social_sqlite_author_keep(s, name);
        }
    }

    social_sqlite_author_set(s, done);
}


int
social_sqlite_author(social_sqlite_t *s, const social_write_t *w)
{
    if (w->author) {
        social_sqlite_author_keep(s, w->name);
        return SOCIAL_OK;
    }

    social_sqlite_author_read(s);

    if (social_sqlite_author_is_kept(s, w->name)
        || social_confusable_same(w->name, w->reserved))
    {
        return SOCIAL_DECLINED;
    }

    return SOCIAL_OK;
}
