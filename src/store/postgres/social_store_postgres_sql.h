
/*
 * Every statement of the PostgreSQL store, by name.  There is no include guard:
 * the file is included once to number the names and once for the texts, with
 * SOCIAL_PG_SQL(name, text) defined before.  Parameters are $1, $2, ...; @
 * stands for the site's schema.  A value must never be pasted into a statement.
 *
 * Writes are statements of sets, as far as many rows come at once: arrays and
 * unnest().
 */

#ifndef SOCIAL_PG_SQL
#error "define SOCIAL_PG_SQL(name, text)"
#endif


/* transactions.  LOCK: $1 how others see it, $2 the site's lock */

SOCIAL_PG_SQL(BEGIN, "BEGIN")
SOCIAL_PG_SQL(BEGIN_READ, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
SOCIAL_PG_SQL(COMMIT, "COMMIT")
SOCIAL_PG_SQL(ROLLBACK, "ROLLBACK")
SOCIAL_PG_SQL(SAVEPOINT, "SAVEPOINT one")
SOCIAL_PG_SQL(RELEASE, "RELEASE one")
SOCIAL_PG_SQL(ROLLBACK_TO, "ROLLBACK TO one")
SOCIAL_PG_SQL(LOCK,
    "SELECT set_config('application_name', $1, true),"
    "  set_config('synchronous_commit', 'on', true),"
    "  set_config('plan_cache_mode', 'force_generic_plan', true),"
    "  set_config('statement_timeout', '5s', true),"
    "  set_config('idle_in_transaction_session_timeout', '5s', true),"
    "  pg_advisory_xact_lock($2)")
SOCIAL_PG_SQL(END_HOLDER,
    "SELECT pg_terminate_backend(l.pid) FROM pg_locks l"
    " JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
    "  AND l.database = (SELECT oid FROM pg_database"
    "    WHERE datname = current_database())"
    "  AND ((l.classid::bigint << 32) | l.objid::bigint) = $1"
    "  AND a.application_name = 'ngx_social batch'"
    "  AND a.xact_start < clock_timestamp() - $2 * interval '1 ms'")
SOCIAL_PG_SQL(BATCH_ADD,
    "INSERT INTO @batch (id) VALUES ($1) ON CONFLICT DO NOTHING")
SOCIAL_PG_SQL(BATCH_IS, "SELECT count(*) FROM @batch WHERE id = $1")
SOCIAL_PG_SQL(BATCH_FORGET,
    "DELETE FROM @batch WHERE at < now() - interval '1 day'")


/* schema and settings */

SOCIAL_PG_SQL(SCHEMA_NAMED,
    "SELECT count(*) FROM pg_namespace WHERE nspname = $1")
SOCIAL_PG_SQL(SCHEMA_IS,
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n"
    "  ON n.oid = c.relnamespace"
    " WHERE n.nspname = $1 AND c.relname = 'setting'")
SOCIAL_PG_SQL(SCHEMA_VERSIONS,
    "SELECT (SELECT value FROM @setting WHERE name = 'schema'),"
    "  (SELECT value FROM @setting WHERE name = 'oldest')")
SOCIAL_PG_SQL(SECRET_ADD,
    "INSERT INTO @setting (name, data) VALUES ('secret', $1), ('identity', $2)"
    " ON CONFLICT DO NOTHING")
SOCIAL_PG_SQL(SECRET_GET,
    "SELECT (SELECT data FROM @setting WHERE name = 'secret'),"
    "  (SELECT data FROM @setting WHERE name = 'identity')")
SOCIAL_PG_SQL(IDENTITY,
    "SELECT (SELECT system_identifier FROM pg_control_system()) || '.'"
    "  || left(pg_walfile_name(pg_current_wal_lsn()), 8) || '.'"
    "  || encode(data, 'hex') FROM @setting WHERE name = 'identity'")
SOCIAL_PG_SQL(CLOCK,
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
SOCIAL_PG_SQL(SETTING_GET, "SELECT value FROM @setting WHERE name = $1")
SOCIAL_PG_SQL(SETTING_RAISE,
    "UPDATE @setting SET value = value + $2 WHERE name = $1 RETURNING value")


/* names of authors */

SOCIAL_PG_SQL(NAMES_KEEP,
    "INSERT INTO @setting (name, value) SELECT n, 1 FROM unnest($1) n"
    " ON CONFLICT DO NOTHING")
SOCIAL_PG_SQL(NAMES_KEPT, "SELECT name FROM @setting WHERE name = ANY ($1)")


/* articles */

SOCIAL_PG_SQL(ARTICLE_FIND, "SELECT id FROM @article WHERE key = $1")
SOCIAL_PG_SQL(ARTICLE_ADD,
    "WITH back AS (DELETE FROM @forgotten WHERE hash = $3"
    "  RETURNING published, first_seen, counted)"
    " INSERT INTO @article (key, first_seen, published, forgotten, needed)"
    " SELECT $1, coalesce(b.first_seen, $2), coalesce(b.published, 0),"
    "  coalesce(b.counted, 0), CASE WHEN b.counted <> 0 THEN 1 ELSE 0 END"
    " FROM (SELECT 1) one LEFT JOIN back b ON true RETURNING id")
SOCIAL_PG_SQL(ARTICLE_DESCRIBE,
    "UPDATE @article SET"
    "  title = CASE $2 WHEN '' THEN title ELSE $2 END,"
    "  url = CASE $3 WHEN '' THEN url ELSE $3 END,"
    "  published = CASE $4 WHEN 0 THEN published ELSE $4 END"
    " WHERE id = $1 AND ($2 NOT IN ('', title) OR $3 NOT IN ('', url)"
    "  OR $4 NOT IN (0, published))")

/* $1 articles, $2 times, $3 by how much comments change, $4 1: count them, $5
 * the number of articles */
SOCIAL_PG_SQL(ARTICLE_TOUCH,
    "WITH c AS (UPDATE @setting SET value = value + $5 WHERE name = 'change'"
    "  RETURNING value)"
    " UPDATE @article a SET changed = greatest(a.changed, t.at),"
    "  change = c.value - $5 + t.n,"
    "  comments = CASE WHEN t.count = 1 THEN (SELECT count(*) FROM @comment"
    "    WHERE article = a.id AND state = 1) ELSE a.comments + t.delta END"
    " FROM c, unnest($1, $2, $3, $4) WITH ORDINALITY"
    "  t(article, at, delta, count, n) WHERE a.id = t.article"
    " RETURNING a.key, a.comments, a.change")
SOCIAL_PG_SQL(ARTICLE_NUMBERS,
    "SELECT key, comments, change FROM @article WHERE key = ANY ($1)")


/* single comments */

#define SOCIAL_PG_COMMENT_ROW                                                 \
    "SELECT c.article, c.parent, c.state, c.before, c.role, c.done,"          \
    "  c.reports, c.created, c.commenter, c.state = 4 AND c.text = '', a.key,"\
    "  c.revision, c.rewritten, c.moderated, c.visitor, c.moved, c.id"        \
    " FROM @comment c JOIN @article a ON a.id = c.article"

SOCIAL_PG_SQL(COMMENT_FIND, SOCIAL_PG_COMMENT_ROW " WHERE c.id = $1")
SOCIAL_PG_SQL(COMMENT_STATE,
    "UPDATE @comment SET state = $2, before = $3, reason = $4, reports = $5,"
    "  moderated = $6, done = $7 WHERE id = $1")
SOCIAL_PG_SQL(COMMENT_EDIT,
    "UPDATE @comment SET"
    "  name = CASE $2 WHEN '' THEN name ELSE $2 END,"
    "  website = CASE $3 WHEN '' THEN website ELSE $3 END,"
    "  text = CASE $4 WHEN '' THEN text ELSE $4 END,"
    "  format = CASE $4 WHEN '' THEN format ELSE $7 END,"
    "  same = CASE $4 WHEN '' THEN same ELSE $8 END,"
    "  edited = $5,"
    "  revision = (SELECT value + 1 FROM @setting WHERE name = 'revision'),"
    "  rewritten = CASE $6 WHEN 0 THEN rewritten ELSE"
    "   (SELECT value + 1 FROM @setting WHERE name = 'revision') END"
    " WHERE id = $1 AND ($2 NOT IN ('', name) OR $3 NOT IN ('', website)"
    "  OR $4 NOT IN ('', text))")

#define SOCIAL_PG_WIPE                                                        \
    "UPDATE @comment SET state = 4, commenter = NULL, person = 0, weak = 0,"  \
    "  source = '', reason = '', name = '', website = '', text = '',"         \
    "  same = 0, visitor = 0 WHERE "

SOCIAL_PG_SQL(COMMENT_WIPE, SOCIAL_PG_WIPE "id = $1")
SOCIAL_PG_SQL(ACT_REWORD,
    "UPDATE @act_comment SET reason = '' WHERE comment = $1 AND reason <> ''")
SOCIAL_PG_SQL(COMMENT_REPORT,
    "UPDATE @comment SET reports = least(reports + 1, 1000000) WHERE id = $1")
SOCIAL_PG_SQL(COMMENT_REASON,
    "UPDATE @comment SET reason = $2 WHERE id = $1")
SOCIAL_PG_SQL(HAS_OTHER_APPROVED,
    "SELECT count(*) FROM (SELECT 1 FROM @comment WHERE commenter = $1"
    "  AND state = 1 AND role = 0 AND id <> $2 LIMIT 1) one")
SOCIAL_PG_SQL(REPEATED,
    "SELECT count(*) FROM (SELECT 1 FROM @comment WHERE same = $1"
    "  AND same <> 0 AND id <> $2 AND created >= $3 AND state <> 4"
    "  AND role = 0 LIMIT 1) one")


/*
 * New comments, many at once.  NEW_PLACE: $1 keys, $2 parents or NULL: the
 * article that has the thread, its numbers, and the parent.  NEW_WRITER: $1
 * commenters, $2 weak, $3 visitors, $4 same, $5 midnight, $6 since when a text
 * is the same.  NEW_TWIN: $1 authors, $2 returning, $3 commenters, $4 weak, $5
 * names, $6 articles, $7 parents or NULL, $8 texts, $9 since.
 *
 * id + 0, state + 0, and no EXISTS: while nobody has analyzed the table,
 * PostgreSQL expects that many rows are alike, and would look for what nobody
 * wrote among all comments.  So only the index of who or what is left to it;
 * in NEW_TWIN, article + 0 and created + 0 as well.
 */

#define SOCIAL_PG_SAME_WORDS                                                  \
    " AND text = t.text AND parent IS NOT DISTINCT FROM t.parent"

SOCIAL_PG_SQL(NEW_PLACE,
    "SELECT n.n, a.id, a.key, CASE a.published WHEN 0 THEN a.first_seen"
    "   ELSE a.published END, a.comments, a.change"
    " FROM unnest($1) WITH ORDINALITY n(key, n)"
    " LEFT JOIN @alias l ON l.key = n.key"
    " JOIN @article a ON a.id = coalesce(l.article,"
    "  (SELECT id FROM @article WHERE key = n.key))")
SOCIAL_PG_SQL(NEW_PARENT, SOCIAL_PG_COMMENT_ROW " WHERE c.id = ANY ($1)")
SOCIAL_PG_SQL(NEW_WRITER,
    "SELECT w.n,"
    "  EXISTS (SELECT 1 FROM @ban WHERE commenter = w.commenter)"
    "   OR EXISTS (SELECT 1 FROM @ban_day WHERE visitor = w.visitor"
    "    AND w.visitor <> 0 AND created >= $5),"
    "  (SELECT id FROM @comment WHERE commenter = w.commenter"
    "   AND state + 0 = 1 AND role = 0 ORDER BY id + 0 LIMIT 1) IS NOT NULL,"
    "  (SELECT person FROM @comment WHERE commenter = w.commenter AND role = 0"
    "    ORDER BY id + 0 LIMIT 1),"
    "  (SELECT person FROM @comment WHERE weak = w.weak AND weak <> 0"
    "    AND role = 0 AND created >= $5 ORDER BY id + 0 LIMIT 1),"
    "  (SELECT id FROM @comment WHERE same = w.same AND same <> 0"
    "   AND created >= $6 AND state <> 4 AND role = 0 ORDER BY id + 0 LIMIT 1)"
    "   IS NOT NULL"
    " FROM unnest($1, $2, $3, $4) WITH ORDINALITY"
    "  w(commenter, weak, visitor, same, n)")
SOCIAL_PG_SQL(NEW_TWIN,
    "SELECT t.n, o.id, o.state"
    " FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) WITH ORDINALITY"
    "  t(author, known, commenter, weak, name, key, parent, text, n)"
    " LEFT JOIN @alias l ON l.key = t.key"
    " JOIN @article a ON a.id = coalesce(l.article,"
    "  (SELECT id FROM @article WHERE key = t.key))"
    " CROSS JOIN LATERAL (SELECT c.id, c.state FROM ("
    "   SELECT id, state FROM @comment"
    "    WHERE t.author = 0 AND t.known = 1 AND commenter = t.commenter"
    "     AND article + 0 = a.id AND created + 0 >= $9 AND state IN (1, 2)"
    "     AND role = 0" SOCIAL_PG_SAME_WORDS
    "   UNION ALL SELECT id, state FROM @comment w"
    "    WHERE t.author = 0 AND t.known = 0 AND weak = t.weak AND weak <> 0"
    "     AND article + 0 = a.id AND created + 0 >= $9 AND state IN (1, 2)"
    "     AND role = 0" SOCIAL_PG_SAME_WORDS
    "     AND NOT EXISTS (SELECT 1 FROM @comment e"
    "      WHERE e.commenter = w.commenter AND e.id < w.id)"
    "   UNION ALL SELECT id, state FROM @comment"
    "    WHERE t.author = 1 AND article = a.id AND created >= $9"
    "     AND name = t.name AND state = 1 AND role = 1" SOCIAL_PG_SAME_WORDS
    "  ) c ORDER BY c.id LIMIT 1) o")
SOCIAL_PG_SQL(NEW_IDS,
    "SELECT nextval(s.ids) FROM (SELECT pg_get_serial_sequence("
    "   '@comment', 'id')::regclass AS ids OFFSET 0) s"
    " CROSS JOIN generate_series(1, $1)")
SOCIAL_PG_SQL(TWIN_OWNER,
    "UPDATE @comment SET commenter = $2 WHERE id = $1")
SOCIAL_PG_SQL(COMMENTS_ADD,
    "INSERT INTO @comment (id, article, parent, state, before, role, created,"
    "  commenter, person, weak, source, reason, name, website, text, active,"
    "  format, visitor, same, placed, exchange)"
    " SELECT c.id, c.article, c.parent, c.state,"
    "  CASE c.state WHEN 1 THEN 1 ELSE 2 END, c.role, c.created, c.commenter,"
    "  c.person, c.weak, c.source, c.reason, c.name, c.website, c.text,"
    "  c.active, c.format, c.visitor, c.same, greatest(c.created,"
    "   coalesce((SELECT placed FROM @comment WHERE id = c.parent), 0)),"
    "  coalesce((SELECT CASE WHEN p.person = c.person AND p.role = c.role"
    "    THEN 0 ELSE 2 - p.role END FROM @comment p WHERE p.id = c.parent), 0)"
    " FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
    "  $15, $16, $17, $18) c(id, article, parent, state, role, created,"
    "  commenter, person, weak, source, reason, name, website, text, active,"
    "  format, visitor, same)")


/* erasing a person's comments; bans; daily hashes */

SOCIAL_PG_SQL(ERASE_KEY,
    "SELECT a.key FROM @comment c JOIN @article a ON a.id = c.article"
    " WHERE c.commenter = $1 ORDER BY c.state = 1 DESC, c.id DESC LIMIT 1")
SOCIAL_PG_SQL(ERASE_ARTICLES,
    "SELECT DISTINCT article FROM @comment WHERE commenter = $1 AND state = 1"
    " ORDER BY 1")
SOCIAL_PG_SQL(ERASE_ACTS,
    "UPDATE @act_comment SET reason = '' WHERE reason <> '' AND comment IN"
    " (SELECT id FROM @comment WHERE commenter = $1)")
SOCIAL_PG_SQL(ERASE_WIPE, SOCIAL_PG_WIPE "commenter = $1")
SOCIAL_PG_SQL(BANNED, "SELECT count(*) FROM @ban WHERE commenter = $1")
SOCIAL_PG_SQL(BAN_ADD,
    "INSERT INTO @ban (commenter, comment, created) VALUES ($1, $2, $3)"
    " ON CONFLICT DO NOTHING")
SOCIAL_PG_SQL(BAN_LIFT, "DELETE FROM @ban WHERE comment = $1")
SOCIAL_PG_SQL(BAN_DAY_ADD,
    "INSERT INTO @ban_day (visitor, comment, created) VALUES ($1, $2, $3)"
    " ON CONFLICT (visitor) DO UPDATE SET comment = excluded.comment,"
    "  created = excluded.created")
SOCIAL_PG_SQL(BAN_DAY_LIFT, "DELETE FROM @ban_day WHERE comment = $1")
SOCIAL_PG_SQL(BAN_DAY_FORGET, "DELETE FROM @ban_day WHERE created < $1")
SOCIAL_PG_SQL(WEAK_FORGET,
    "UPDATE @comment SET weak = 0, visitor = 0"
    " WHERE weak <> 0 AND created < $1")


/* the filter that learns */

SOCIAL_PG_SQL(LESSON_GET,
    "SELECT taught, taught_before, role, state, format, name, website, text,"
    "  source, reason FROM @comment WHERE id = $1 AND text <> ''")
SOCIAL_PG_SQL(LESSON_SET,
    "UPDATE @comment SET taught = $2, taught_before = $3 WHERE id = $1")
SOCIAL_PG_SQL(LESSONS_OF,
    "SELECT id FROM @comment WHERE commenter = $1 AND taught <> 0"
    "  AND role = 0 AND text <> '' ORDER BY id")
SOCIAL_PG_SQL(LESSONS_EXPIRED,
    "SELECT id FROM @comment WHERE state = 2 AND created < $1 AND taught <> 0"
    "  AND role = 0 AND text <> '' ORDER BY id LIMIT 100")
SOCIAL_PG_SQL(TAUGHT_GET, "SELECT spam, ham, tokens, level FROM @taught")
SOCIAL_PG_SQL(TOKENS_GET,
    "SELECT hash, spam, ham FROM @token WHERE hash = ANY ($1) ORDER BY hash")
SOCIAL_PG_SQL(TOKENS_ADD,
    "WITH added AS (INSERT INTO @token AS t (hash, spam, ham)"
    "  SELECT h, $2, $3 FROM unnest($1) h ORDER BY 1"
    "  ON CONFLICT (hash) DO UPDATE SET spam = t.spam + excluded.spam,"
    "   ham = t.ham + excluded.ham RETURNING xmax = 0 AS made)"
    " UPDATE @taught SET spam = spam + $2, ham = ham + $3,"
    "  tokens = tokens + (SELECT count(*) FROM added WHERE made)"
    " RETURNING tokens")
SOCIAL_PG_SQL(TOKENS_TAKE,
    "UPDATE @token SET spam = spam - $2, ham = ham - $3 WHERE hash = ANY ($1)")
SOCIAL_PG_SQL(TOKENS_DROP,
    "WITH gone AS (DELETE FROM @token WHERE hash = ANY ($1) AND spam <= 0"
    "  AND ham <= 0 RETURNING 1)"
    " UPDATE @taught SET spam = spam - $2, ham = ham - $3,"
    "  tokens = tokens - (SELECT count(*) FROM gone)")
SOCIAL_PG_SQL(TAUGHT_THIN, "UPDATE @taught SET level = $1,"
    "  tokens = (SELECT count(*) FROM @token)")
SOCIAL_PG_SQL(TOKENS_THIN, "DELETE FROM @token WHERE (hash & $1) <> 0")


/* counters.  SITE_ADD: $1 times, $2 kinds, $3 labels, $4 what is added, each
 * to the spans of its time and to the one that is for ever */

SOCIAL_PG_SQL(SITE_ADD,
    "INSERT INTO @site_bucket AS b (step, start, kind, label, value)"
    " SELECT s.step, CASE s.step WHEN 0 THEN 0"
    "   ELSE floor(n.at / s.step::numeric)::bigint * s.step END,"
    "  n.kind, n.label, sum(n.delta)"
    " FROM unnest($1, $2, $3, $4) n(at, kind, label, delta)"
    " CROSS JOIN (VALUES (0::bigint), (300), (3600), (86400)) s(step)"
    " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
    " ON CONFLICT (step, start, kind, label)"
    " DO UPDATE SET value = b.value + excluded.value")
SOCIAL_PG_SQL(BUCKET_ADD,
    "INSERT INTO @bucket AS b (step, start, article, kind, label, value)"
    " SELECT s.step, floor($2 / s.step::numeric)::bigint * s.step, $1, $3, '',"
    "  $4 FROM (VALUES (300::bigint), (3600), (86400)) s(step)"
    " ON CONFLICT (step, start, article, kind, label)"
    " DO UPDATE SET value = b.value + excluded.value")

#include "social_store_postgres_sql_moderate.h"
#include "social_store_postgres_sql_node.h"
#include "social_store_postgres_sql_read.h"
#include "social_store_postgres_sql_window.h"
#include "social_store_postgres_sql_dump.h"
#include "social_store_postgres_sql_import.h"
