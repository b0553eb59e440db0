
/*
 * The statements of import, of taking it back and of check, as in
 * social_store_postgres_sql.h, which includes this file at its end.
 */

#ifndef SOCIAL_PG_SQL
#error "include social_store_postgres_sql.h"
#endif


/* comments from elsewhere, many at once.  $1 sources, $2 ids.  LIMIT: each is
 * looked up in an index, whatever the database knows of a table that grows */

SOCIAL_PG_SQL(ORIGIN_GET,
    "SELECT o.comment, c.commenter FROM @origin o"
    " LEFT JOIN @comment c ON c.id = o.comment"
    " WHERE o.source = $1 AND o.id = $2")
SOCIAL_PG_SQL(IMPORT_HERE,
    "SELECT i.n, o.comment FROM unnest($1, $2) WITH ORDINALITY i(source, id, n)"
    " CROSS JOIN LATERAL (SELECT comment FROM @origin WHERE source = i.source"
    "  AND id = i.id LIMIT 1) o")
SOCIAL_PG_SQL(IMPORT_PARENT,
    "SELECT i.n, p.id, p.article, p.placed, p.person, p.role"
    " FROM unnest($1, $2) WITH ORDINALITY i(source, id, n)"
    " CROSS JOIN LATERAL (SELECT comment FROM @origin WHERE source = i.source"
    "  AND id = i.id LIMIT 1) o"
    " CROSS JOIN LATERAL (SELECT id, article, placed, person, role"
    "  FROM @comment WHERE id = o.comment LIMIT 1) p")

/* $1 keys, $2 their hashes, $3 the time */
SOCIAL_PG_SQL(IMPORT_ARTICLES,
    "WITH back AS (DELETE FROM @forgotten WHERE hash = ANY ($2)"
    "  RETURNING hash, published, first_seen, counted)"
    " INSERT INTO @article (key, first_seen, published, forgotten, needed)"
    " SELECT k.key, coalesce(b.first_seen, $3), coalesce(b.published, 0),"
    "  coalesce(b.counted, 0), CASE WHEN b.counted <> 0 THEN 1 ELSE 0 END"
    " FROM unnest($1, $2) WITH ORDINALITY k(key, hash, n)"
    " LEFT JOIN back b ON b.hash = k.hash ORDER BY k.n RETURNING key, id")
SOCIAL_PG_SQL(IMPORT_ADD,
    "INSERT INTO @comment (id, article, parent, state, before, role, done,"
    "  created, edited, commenter, person, reason, name, website, text, format,"
    "  same, placed, exchange)"
    " SELECT c.id, c.article, c.parent, c.state,"
    "  CASE WHEN c.state IN (2, 3) THEN 2 ELSE 1 END, c.role, 1, c.created,"
    "  c.edited, c.commenter, c.person,"
    "  CASE c.state WHEN 2 THEN 'imported as held' ELSE '' END, c.name,"
    "  c.website, c.text, c.format, c.same, c.placed, c.exchange"
    " FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
    "  $15, $16) c(id, article, parent, state, role, created, edited,"
    "  commenter, person, name, website, text, format, same, placed, exchange)")
SOCIAL_PG_SQL(IMPORT_ORIGINS,
    "INSERT INTO @origin (source, id, comment)"
    " SELECT * FROM unnest($1, $2, $3)")
SOCIAL_PG_SQL(IMPORT_TITLES,
    "UPDATE @article a SET title = t.title FROM unnest($1, $2) t(id, title)"
    " WHERE a.id = t.id AND a.title = ''")
SOCIAL_PG_SQL(IMPORT_REPLIED,
    "WITH RECURSIVE up (id) AS (SELECT parent FROM @comment"
    "   WHERE id = ANY ($1) AND parent IS NOT NULL"
    "  UNION SELECT c.parent FROM up JOIN @comment c ON c.id = up.id"
    "   WHERE c.parent IS NOT NULL AND c.replied = 0)"
    " UPDATE @comment SET replied = 1 WHERE replied = 0"
    "  AND id IN (SELECT id FROM up)")
SOCIAL_PG_SQL(KNOWS,
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM @alias WHERE key = $1) THEN 2"
    " WHEN EXISTS (SELECT 1 FROM @article WHERE key = $1) THEN 1 ELSE 0 END")


/* an import taken back: the newest of a source, replies before their parents;
 * a reply that did not come from there needs its parent, and so does a ban */

SOCIAL_PG_SQL(BACK_NEWEST,
    "SELECT o.id, o.comment, c.article, c.parent, c.state, c.taught,"
    "  (EXISTS (SELECT 1 FROM @comment k WHERE k.parent = o.comment"
    "    AND NOT EXISTS (SELECT 1 FROM @origin x WHERE x.comment = k.id"
    "     AND x.source = $1 AND k.id > o.comment))"
    "   OR EXISTS (SELECT 1 FROM @ban WHERE comment = o.comment))::int"
    " FROM @origin o LEFT JOIN @comment c ON c.id = o.comment"
    " WHERE o.source = $1 ORDER BY o.comment DESC LIMIT $2")
SOCIAL_PG_SQL(BACK_WIPE, SOCIAL_PG_WIPE "id = ANY ($1)")
SOCIAL_PG_SQL(BACK_REWORD,
    "UPDATE @act_comment SET reason = '' WHERE reason <> ''"
    " AND comment = ANY ($1)")
SOCIAL_PG_SQL(BACK_DROP, "DELETE FROM @comment WHERE id = ANY ($1)")
SOCIAL_PG_SQL(BACK_FORGET,
    "DELETE FROM @origin WHERE source = $1 AND id = ANY ($2)")


/* looking for damage: each counts rows that should not be, and names one of
 * them */

SOCIAL_PG_SQL(CHECK_INDEX,
    "SELECT count(*), min(c.relname::text) FROM pg_index i"
    " JOIN pg_class c ON c.oid = i.indexrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = $1 AND NOT (i.indisvalid AND i.indisready)")
SOCIAL_PG_SQL(CHECK_ID,
    "SELECT count(*), 'c' || min(id) FROM @comment WHERE id > "
    SOCIAL_PG_LAST("comment"))
SOCIAL_PG_SQL(CHECK_CHANGE,
    "SELECT count(*), min(key) FROM @article WHERE change >"
    " (SELECT value FROM @setting WHERE name = 'change')")
SOCIAL_PG_SQL(CHECK_ARTICLE,
    "SELECT count(*), 'c' || min(id) FROM @comment WHERE article NOT IN"
    " (SELECT id FROM @article)")
SOCIAL_PG_SQL(CHECK_PARENT,
    "SELECT count(*), 'c' || min(id) FROM @comment c WHERE parent IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM @comment WHERE id = c.parent)")
SOCIAL_PG_SQL(CHECK_LATER,
    "SELECT count(*), 'c' || min(id) FROM @comment WHERE parent >= id")
SOCIAL_PG_SQL(CHECK_OTHER,
    "SELECT count(*), 'c' || min(c.id) FROM @comment c JOIN @comment p"
    " ON p.id = c.parent WHERE p.article <> c.article AND c.state = 1")
SOCIAL_PG_SQL(CHECK_PLACED,
    "SELECT count(*), 'c' || min(c.id) FROM @comment c LEFT JOIN @comment p"
    " ON p.id = c.parent WHERE c.placed < greatest(c.created,"
    "  coalesce(p.placed, 0))")
SOCIAL_PG_SQL(CHECK_ERASED,
    "SELECT count(*), 'c' || min(id) FROM @comment WHERE state = 4"
    " AND text = '' AND (name <> '' OR website <> '' OR person <> 0"
    "  OR commenter IS NOT NULL)")
SOCIAL_PG_SQL(CHECK_BAN,
    "SELECT count(*), 'c' || min(comment) FROM @ban WHERE comment NOT IN"
    " (SELECT id FROM @comment)")
SOCIAL_PG_SQL(CHECK_ALIAS,
    "SELECT count(*), min(key) FROM @alias WHERE article NOT IN"
    " (SELECT id FROM @article)")
SOCIAL_PG_SQL(CHECK_CHAIN,
    "SELECT count(*), min(l.key) FROM @alias l JOIN @article a"
    " ON a.id = l.article WHERE a.key IN (SELECT key FROM @alias)")
SOCIAL_PG_SQL(CHECK_ACT,
    "SELECT count(*), min(act)::text FROM @act_comment WHERE act NOT IN"
    " (SELECT id FROM @act)")
SOCIAL_PG_SQL(CHECK_BUCKET,
    "SELECT count(*), min(article)::text FROM @bucket b WHERE NOT EXISTS"
    " (SELECT 1 FROM @article WHERE id = b.article)")

#define SOCIAL_PG_CHECK_AT                                                    \
    "to_char(to_timestamp(min(at)) AT TIME ZONE 'UTC',"                       \
    " 'YYYY-MM-DD\"T\"HH24:MI\"Z\"')"

SOCIAL_PG_SQL(CHECK_HOUR,
    "SELECT count(*), " SOCIAL_PG_CHECK_AT
    " FROM (SELECT start / 3600 * 3600 AS at, kind, label,"
    "   sum(value) AS n FROM @site_bucket WHERE step = 300 AND start >="
    "   (SELECT (kept + 7199) / 3600 * 3600 FROM @span WHERE step = 300)"
    "  GROUP BY 1, 2, 3) m LEFT JOIN @site_bucket b ON b.step = 3600"
    "  AND b.start = m.at AND b.kind = m.kind AND b.label = m.label"
    " WHERE m.n <> coalesce(b.value, 0)")
SOCIAL_PG_SQL(CHECK_DAY,
    "SELECT count(*), " SOCIAL_PG_CHECK_AT
    " FROM (SELECT start / 86400 * 86400 AS at, kind, label,"
    "   sum(value) AS n FROM @site_bucket WHERE step = 3600 AND start >="
    "   (SELECT (kept + 172799) / 86400 * 86400 FROM @span WHERE step = 3600)"
    "  GROUP BY 1, 2, 3) m LEFT JOIN @site_bucket b ON b.step = 86400"
    "  AND b.start = m.at AND b.kind = m.kind AND b.label = m.label"
    " WHERE m.n <> coalesce(b.value, 0)")
SOCIAL_PG_SQL(CHECK_ARTICLE_DAY,
    "SELECT count(*), min(a.key)"
    " FROM (SELECT start / 86400 * 86400 AS at, article, kind, label,"
    "   sum(value) AS n FROM @bucket WHERE step = 3600 AND start >="
    "   (SELECT (kept + 172799) / 86400 * 86400 FROM @span WHERE step = 3600)"
    "  GROUP BY 1, 2, 3, 4) m JOIN @article a ON a.id = m.article"
    " LEFT JOIN @bucket b ON b.step = 86400 AND b.start = m.at"
    "  AND b.article = m.article AND b.kind = m.kind AND b.label = m.label"
    " WHERE m.n <> coalesce(b.value, 0)")
SOCIAL_PG_SQL(CHECK_COMMENTS,
    "SELECT count(*), min(a.key) FROM @article a LEFT JOIN (SELECT article,"
    "  count(*) AS n FROM @comment WHERE state = 1 GROUP BY 1) c"
    " ON c.article = a.id WHERE a.comments <> coalesce(c.n, 0)")
SOCIAL_PG_SQL(CHECK_TAUGHT,
    "SELECT CASE WHEN tokens <> (SELECT count(*) FROM @token) THEN 1 ELSE 0"
    " END::bigint, '' FROM @taught")
