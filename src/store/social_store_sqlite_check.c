
/*
 * Looks for damage: the file, and whether its tables agree.  Changes nothing.
 * For the program ngx-social.
 */

#include <stdio.h>

#include "social_store_sqlite_import.h"


/* each counts rows that should not be, and names one of them */

static const struct {
    const char  *what, *sql;
} social_sqlite_checks[] = {
    { "comments of no article",
      "SELECT count(*), 'c' || min(id) FROM comment WHERE article NOT IN"
      " (SELECT id FROM article)" },
    { "comments that answer a comment that is gone",
      "SELECT count(*), 'c' || min(id) FROM comment c WHERE parent IS NOT NULL"
      " AND NOT EXISTS (SELECT 1 FROM comment WHERE id = c.parent)" },
    { "comments that answer a later one",
      "SELECT count(*), 'c' || min(id) FROM comment WHERE parent >= id" },
    { "comments that answer one of another article",
      "SELECT count(*), 'c' || min(c.id) FROM comment c JOIN comment p"
      " ON p.id = c.parent WHERE p.article <> c.article AND c.state = 1" },
    { "comments that stand before what they answer",
      "SELECT count(*), 'c' || min(c.id) FROM comment c LEFT JOIN comment p"
      " ON p.id = c.parent WHERE c.placed < max(c.created,"
      "  coalesce(p.placed, 0))" },
    { "erased comments that have a name, a person or an address",
      "SELECT count(*), 'c' || min(id) FROM comment WHERE state = 4"
      " AND text = '' AND (name <> '' OR website <> '' OR person <> 0"
      "  OR commenter IS NOT NULL)" },
    { "bans for a comment that is gone",
      "SELECT count(*), 'c' || min(comment) FROM ban WHERE comment NOT IN"
      " (SELECT id FROM comment)" },
    { "old addresses of threads that are gone",
      "SELECT count(*), min(key) FROM alias WHERE article NOT IN"
      " (SELECT id FROM article)" },
    { "old addresses that lead to another old address",
      "SELECT count(*), min(l.key) FROM alias l JOIN article a"
      " ON a.id = l.article WHERE a.key IN (SELECT key FROM alias)" },
    { "actions on comments without their action",
      "SELECT count(*), min(act) FROM act_comment WHERE act NOT IN"
      " (SELECT id FROM act)" },
    { "counts of no article",
      "SELECT count(*), min(article) FROM bucket WHERE article NOT IN"
      " (SELECT id FROM article)" },
    { "hours that differ from the sum of their five minutes",
      "SELECT count(*), strftime('%Y-%m-%dT%H:%MZ', min(at), 'unixepoch')"
      " FROM (SELECT start / 3600 * 3600 AS at, kind, label,"
      "   sum(value) AS n FROM site_bucket WHERE step = 300 AND start >="
      "   (SELECT (kept + 7199) / 3600 * 3600 FROM span WHERE step = 300)"
      "  GROUP BY 1, 2, 3) m LEFT JOIN site_bucket b ON b.step = 3600"
      "  AND b.start = m.at AND b.kind = m.kind AND b.label = m.label"
      " WHERE m.n <> coalesce(b.value, 0)" },
    { "days that differ from the sum of their hours",
      "SELECT count(*), date(min(at), 'unixepoch')"
      " FROM (SELECT start / 86400 * 86400 AS at, kind, label,"
      "   sum(value) AS n FROM site_bucket WHERE step = 3600 AND start >="
      "   (SELECT (kept + 172799) / 86400 * 86400 FROM span WHERE step = 3600)"
      "  GROUP BY 1, 2, 3) m LEFT JOIN site_bucket b ON b.step = 86400"
      "  AND b.start = m.at AND b.kind = m.kind AND b.label = m.label"
      " WHERE m.n <> coalesce(b.value, 0)" },
    { "articles whose days differ from the sum of their hours",
      "SELECT count(*), min(a.key)"
      " FROM (SELECT start / 86400 * 86400 AS at, article, kind, label,"
      "   sum(value) AS n FROM bucket WHERE step = 3600 AND start >="
      "   (SELECT (kept + 172799) / 86400 * 86400 FROM span WHERE step = 3600)"
      "  GROUP BY 1, 2, 3, 4) m JOIN article a ON a.id = m.article"
      " LEFT JOIN bucket b ON b.step = 86400 AND b.start = m.at"
      "  AND b.article = m.article AND b.kind = m.kind AND b.label = m.label"
      " WHERE m.n <> coalesce(b.value, 0)" },
    { "articles whose number of comments is not that of their comments",
      "SELECT count(*), min(key) FROM article a WHERE comments <>"
      " (SELECT count(*) FROM comment WHERE article = a.id AND state = 1)" },
    { "numbers of the filter that learns without their words",
      "SELECT tokens <> (SELECT count(*) FROM token), '' FROM taught" }
};


static void
social_sqlite_check_one(social_sqlite_t *s, const char *what, const char *sql,
    social_store_check_pt handler, void *data)
{
    int            rc;
    int64_t        n;
    const char    *detail;
    sqlite3_stmt  *stmt;

    if (s->rc != SQLITE_OK) {
        return;
    }

    rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);

    if (rc != SQLITE_OK) {
        social_sqlite_error(s, rc);
        return;
    }

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        n = sqlite3_column_int64(stmt, 0);
        detail = (const char *) sqlite3_column_text(stmt, 1);
        handler(data, what, n, n && detail ? detail : "");
    }

    (void) sqlite3_finalize(stmt);
}


int
social_sqlite_check(social_store_t *store, social_store_check_pt handler,
    void *data, social_store_error_t *err)
{
    size_t            i;
    char              sql[160];
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "check");
    (void) social_sqlite_do(s, SOCIAL_SQL_BEGIN_READ);

    social_sqlite_check_one(
        s, "damage of the file",
        "SELECT integrity_check <> 'ok', integrity_check"
        " FROM pragma_integrity_check(1)", handler, data);

    social_sqlite_check_one(
        s, "rows that refer to nothing",
        "SELECT count(*), min(\"table\") FROM pragma_foreign_key_check",
        handler, data);

    snprintf(sql, sizeof(sql), "SELECT user_version < %d, user_version"
             " FROM pragma_user_version",
             social_sqlite_schema[social_sqlite_schema_n - 1].version);
    social_sqlite_check_one(s, "an old schema", sql, handler, data);

    for (i = 0; i < social_nelts(social_sqlite_checks); i++) {
        social_sqlite_check_one(s, social_sqlite_checks[i].what,
                                social_sqlite_checks[i].sql, handler, data);
    }

    return social_sqlite_read_done(s, NULL, err);
}
