
/*
 * The statements of moderation, likes, notices and retention, as in
 * social_store_postgres_sql.h, which includes this file at its end.
 */

#ifndef SOCIAL_PG_SQL
#error "include social_store_postgres_sql.h"
#endif


/* an answer: as REPLIED_GET of the SQLite store says, for a comment and all
 * above it; REPLIED_SET marks those up to the first that was marked */

SOCIAL_PG_SQL(REPLIED_ABOVE,
    "WITH RECURSIVE up (id, parent, created, replied, needs, n) AS ("
    " SELECT c.id, c.parent, c.created, c.replied, c.state = 1 AND c.role = 0"
    "   AND c.done = 0 AND (c.parent IS NULL OR c.exchange <> 2 OR NOT EXISTS"
    "    (SELECT 1 FROM @comment p WHERE p.id = c.parent AND p.state = 1)), 1"
    "  FROM @comment c WHERE c.id = $1 AND c.replied = 0"
    " UNION ALL"
    " SELECT c.id, c.parent, c.created, c.replied, c.state = 1 AND c.role = 0"
    "   AND c.done = 0 AND (c.parent IS NULL OR c.exchange <> 2 OR NOT EXISTS"
    "    (SELECT 1 FROM @comment p WHERE p.id = c.parent AND p.state = 1)),"
    "   up.n + 1"
    "  FROM up JOIN @comment c ON c.id = up.parent"
    "  WHERE c.replied = 0 AND up.n < 10000)"
    " SELECT id, created, needs FROM up ORDER BY n")
SOCIAL_PG_SQL(REPLIED_SET,
    "UPDATE @comment SET replied = 1 WHERE id = ANY ($1)")


/* what moderators did */

SOCIAL_PG_SQL(ACT_ADD,
    "INSERT INTO @act (at, who, action, undoes, revision, article, target,"
    "  dropped)"
    " VALUES ($1, $2, $3, $4, (SELECT value FROM @setting"
    "  WHERE name = 'revision'), $5, $6, $7) RETURNING id")
SOCIAL_PG_SQL(ACT_COMMENT_ADD,
    "INSERT INTO @act_comment (act, comment, state, before, done, reports,"
    "  moderated, reason, to_state, to_done, ban, taught, taught_before)"
    " SELECT $1, id, coalesce($6, state), before, done, reports, moderated,"
    "  reason, $3, $4, $5, taught, taught_before FROM @comment WHERE id = $2"
    " ON CONFLICT DO NOTHING")
SOCIAL_PG_SQL(ACT_UNDONE, "UPDATE @act SET undone = $2 WHERE id = $1")
SOCIAL_PG_SQL(ACT_FIND,
    "SELECT a.undone, a.action, a.article, a.target, a.dropped, o.key, t.key"
    " FROM @act a LEFT JOIN @article o ON o.id = a.article"
    " LEFT JOIN @article t ON t.id = a.target WHERE a.id = $1")
SOCIAL_PG_SQL(ACT_COMMENT_FIND,
    "SELECT c.state, c.before, c.done, c.reports, c.moderated, c.reason,"
    "  c.to_state, c.to_done, c.ban, a.revision, a.undone, c.taught,"
    "  c.taught_before"
    " FROM @act_comment c JOIN @act a ON a.id = c.act"
    " WHERE c.act = $1 AND c.comment = $2")
SOCIAL_PG_SQL(LOG_FORGET,
    "DELETE FROM @act WHERE id IN (SELECT id FROM @act WHERE at < $1"
    "  OR id <= (SELECT max(id) FROM @act) - $2 ORDER BY id LIMIT $3)")
SOCIAL_PG_SQL(LOOK_PUT,
    "INSERT INTO @look AS l (who, comment, revision, at)"
    " VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (who) DO UPDATE SET at = excluded.at,"
    "  comment = greatest(l.comment, excluded.comment),"
    "  revision = greatest(l.revision, excluded.revision)")


/* threads that moved */

SOCIAL_PG_SQL(ALIAS_FIND,
    "SELECT a.id, a.key, a.title, l.act FROM @alias l"
    " JOIN @article a ON a.id = l.article WHERE l.key = $1")
SOCIAL_PG_SQL(ALIAS_PUT,
    "INSERT INTO @alias (key, article, act, moved) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (key) DO UPDATE SET article = excluded.article,"
    "  act = excluded.act, moved = excluded.moved")
SOCIAL_PG_SQL(ALIAS_DROP, "DELETE FROM @alias WHERE key = $1")
SOCIAL_PG_SQL(ALIAS_FOLLOW,
    "UPDATE @alias SET article = $2, act = $3 WHERE article = $1")
SOCIAL_PG_SQL(ALIAS_BACK,
    "UPDATE @alias SET article = $2, act = 0 WHERE article = $1 AND act = $3")
SOCIAL_PG_SQL(MOVE_COUNT,
    "SELECT count(*) FILTER (WHERE state = 1), count(*) FROM @comment"
    " WHERE article = $1")
SOCIAL_PG_SQL(MOVE,
    "UPDATE @comment SET article = $2, moved = $3 WHERE article = $1")
SOCIAL_PG_SQL(MOVE_BACK,
    "WITH RECURSIVE below (id) AS ("
    "  SELECT id FROM @comment WHERE moved = $3 AND article = $1"
    "  UNION"
    "  SELECT c.id FROM below b JOIN @comment c ON c.parent = b.id"
    "   WHERE c.article = $1)"
    " UPDATE @comment SET article = $2, moved = 0"
    "  WHERE id IN (SELECT id FROM below)")
SOCIAL_PG_SQL(MOVE_NEEDED, "UPDATE @article SET needed = 1 WHERE id = $1")


/* likes */

SOCIAL_PG_SQL(LIKED_FORGET,
    "DELETE FROM @liked WHERE (day, article, reader) IN (SELECT day, article,"
    "  reader FROM @liked WHERE day < $1 ORDER BY day, article, reader"
    "  LIMIT 1000)")
SOCIAL_PG_SQL(LIKED_GET,
    "SELECT created, active FROM @liked"
    " WHERE day = $1 AND article = $2 AND reader = $3")
SOCIAL_PG_SQL(LIKED_ADD,
    "INSERT INTO @liked (day, article, reader, created, active)"
    " VALUES ($1, $2, $3, $4, $5)")
SOCIAL_PG_SQL(LIKED_DROP,
    "DELETE FROM @liked WHERE day = $1 AND article = $2 AND reader = $3")
SOCIAL_PG_SQL(LIKED_BEFORE,
    "UPDATE @comment SET active = 0 WHERE commenter = $1 AND article = $2"
    "  AND created >= $3 AND role = 0 AND active = 1")
SOCIAL_PG_SQL(LIKES_ADD,
    "UPDATE @article SET likes = greatest(0, likes + $2),"
    "  likes_changes = likes_changes + 1 WHERE id = $1"
    " RETURNING likes, likes_changes")


/* feeds of replies */

SOCIAL_PG_SQL(FEED_OWNER, "SELECT commenter FROM @reply_feed WHERE mac = $1")
SOCIAL_PG_SQL(FEED_PUT,
    "INSERT INTO @reply_feed AS f (commenter, number, mac) SELECT $1, $2, $3"
    " WHERE EXISTS (SELECT 1 FROM @comment WHERE commenter = $1)"
    " ON CONFLICT (commenter) DO UPDATE SET number = excluded.number,"
    "  mac = excluded.mac WHERE $4 <> 0")
SOCIAL_PG_SQL(FEED_GET, "SELECT mac FROM @reply_feed WHERE commenter = $1")
SOCIAL_PG_SQL(FEED_FORGET, "DELETE FROM @reply_feed WHERE commenter = $1")


/* notices.  An id is given once, so the queue is never longer than $1 */

SOCIAL_PG_SQL(NOTICE_ADD,
    "INSERT INTO @notice (kind, comment, created, clock)"
    " SELECT $1, $2, $3, clock FROM @notice_state")
SOCIAL_PG_SQL(NOTICE_SHORTEN,
    "DELETE FROM @notice WHERE id <= (SELECT max(id) FROM @notice) - $1")
SOCIAL_PG_SQL(NOTICE_WAITS,
    "SELECT count(*) FROM (SELECT 1 FROM @notice LIMIT 1) one")
SOCIAL_PG_SQL(NOTICE_NEXT,
    "SELECT n.id, n.kind, n.comment, n.created,"
    "  EXISTS (SELECT 1 FROM @comment c WHERE c.id = n.comment"
    "    AND c.state IN (1, 2))"
    " FROM @notice n ORDER BY n.id LIMIT 1")
SOCIAL_PG_SQL(NOTICE_DROP, "DELETE FROM @notice WHERE id = $1")
SOCIAL_PG_SQL(NOTICE_EXPIRE,
    "DELETE FROM @notice WHERE clock <= (SELECT clock FROM @notice_state) - $1")
SOCIAL_PG_SQL(NOTICE_STATE,
    "SELECT owner, until, tries, pause, failed, clock FROM @notice_state")
SOCIAL_PG_SQL(NOTICE_STATE_SET,
    "UPDATE @notice_state SET owner = $1, until = $2, tries = $3, pause = $4,"
    "  failed = $5, clock = $6")


/*
 * A save.  $1 generation, $2 lives, $3 kinds, $4 labels, $5 values, $6 keys, $7
 * time: raises watermarks, and adds what the counters have grown by to the
 * spans of articles and of the site.  Rows are in the order of primary keys,
 * so two saves of one article cannot wait for each other.
 */

SOCIAL_PG_SQL(SAVE_MISSING,
    "SELECT DISTINCT k FROM unnest($1) k"
    " WHERE NOT EXISTS (SELECT 1 FROM @article WHERE key = k) ORDER BY 1")
/* one statement for each step: `added` is in the order of articles, so that
 * the sort has nothing to do */

#define SOCIAL_PG_SAVE_SPANS(name, step)                                      \
    " " name " AS ("                                                          \
    "  INSERT INTO @bucket AS b (step, start, article, kind, label, value)"   \
    "   SELECT " step ", floor($7 / " step "::numeric)::bigint * " step ","   \
    "    article, kind, label, delta FROM added ORDER BY 3, 4, 5"             \
    "   ON CONFLICT (step, start, article, kind, label)"                      \
    "   DO UPDATE SET value = b.value + excluded.value),"

SOCIAL_PG_SQL(SAVE,
    "WITH given AS ("
    "  SELECT n.life, n.kind, n.label, max(n.value) AS value, min(n.key) AS key"
    "   FROM unnest($2, $3, $4, $5, $6) n(life, kind, label, value, key)"
    "   WHERE n.value > 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3),"
    " grown AS ("
    "  INSERT INTO @watermark AS w (generation, life, kind, label, last)"
    "   SELECT $1, life, kind, label, value FROM given"
    "   ON CONFLICT (generation, life, kind, label) DO UPDATE"
    "    SET prev = w.last, last = excluded.last WHERE w.last < excluded.last"
    "   RETURNING life, kind, label, last - prev AS delta),"
    " added AS ("
    "  SELECT a.id AS article, g.kind, g.label, sum(g.delta)::bigint AS delta"
    "   FROM grown g JOIN given v USING (life, kind, label)"
    "   JOIN @article a ON a.key = v.key GROUP BY 1, 2, 3 ORDER BY 1, 2, 3),"
    " spans AS (SELECT step, floor($7 / step::numeric)::bigint * step AS start"
    "  FROM (VALUES (300::bigint), (3600), (86400)) s(step)),"
    " likes AS ("
    "  UPDATE @article a SET likes = greatest(0, a.likes + l.delta),"
    "    likes_changes = a.likes_changes + 1"
    "   FROM (SELECT article, sum(CASE kind WHEN 10 THEN delta ELSE -delta END)"
    "     AS delta FROM added WHERE kind IN (10, 11) GROUP BY 1) l"
    "   WHERE a.id = l.article),"
    SOCIAL_PG_SAVE_SPANS("minutes", "300")
    SOCIAL_PG_SAVE_SPANS("hours", "3600")
    SOCIAL_PG_SAVE_SPANS("days", "86400")
    " sums AS (SELECT kind, label, sum(delta) AS delta FROM added"
    "  GROUP BY 1, 2)"
    " INSERT INTO @site_bucket AS b (step, start, kind, label, value)"
    "  SELECT s.step, s.start, kind, label, delta"
    "  FROM sums, (SELECT step, start FROM spans UNION ALL SELECT 0, 0) s"
    "  ORDER BY 1, 2, 3, 4"
    "  ON CONFLICT (step, start, kind, label)"
    "  DO UPDATE SET value = b.value + excluded.value")
SOCIAL_PG_SQL(GENERATION,
    "INSERT INTO @generation AS g (id, seen) VALUES ($1, $2)"
    " ON CONFLICT (id) DO UPDATE SET seen = greatest(g.seen, excluded.seen)"
    "  WHERE excluded.seen - g.seen >= 3600 RETURNING 1")
SOCIAL_PG_SQL(WATERMARK_DROP,
    "DELETE FROM @watermark WHERE (generation, life, kind, label) IN"
    " (SELECT generation, life, kind, label FROM @watermark"
    "   WHERE generation IN (SELECT id FROM @generation WHERE seen < $1)"
    "   LIMIT $2)")
SOCIAL_PG_SQL(GENERATION_DROP,
    "DELETE FROM @generation g WHERE seen < $1"
    "  AND NOT EXISTS (SELECT 1 FROM @watermark WHERE generation = g.id)")


/* retention.  AGE_DAYS: the rows that SPAN_DROP removes */

SOCIAL_PG_SQL(AGE_CLOCK,
    "SELECT kept FROM @span WHERE step = -1")
SOCIAL_PG_SQL(AGE_CLOCK_SET,
    "INSERT INTO @span (step, kept) VALUES (-1, $1)"
    " ON CONFLICT (step) DO UPDATE SET kept = excluded.kept")
SOCIAL_PG_SQL(SPAN_KEEP,
    "UPDATE @span SET kept = $2 WHERE step = $1 AND kept < $2")
SOCIAL_PG_SQL(SPAN_DROP,
    "DELETE FROM @bucket WHERE (step, start, article, kind, label) IN"
    " (SELECT step, start, article, kind, label FROM @bucket"
    "   WHERE step = $1 AND start < $2"
    "   ORDER BY step, start, article, kind, label LIMIT $3)")
SOCIAL_PG_SQL(SPAN_DROP_SITE,
    "DELETE FROM @site_bucket WHERE (step, start, kind, label) IN"
    " (SELECT step, start, kind, label FROM @site_bucket"
    "   WHERE step = $1 AND start < $2 ORDER BY 1, 2, 3, 4 LIMIT $3)")
SOCIAL_PG_SQL(AGE_FOLD,
    "WITH gone AS (SELECT article, kind, value FROM @bucket"
    "  WHERE step = 86400 AND start < $1"
    "  ORDER BY step, start, article, kind, label LIMIT $2),"
    " sums AS (SELECT article,"
    "   coalesce(sum(value) FILTER (WHERE kind = 7), 0) AS readers,"
    "   bool_or(kind IN (8, 10, 16)) AS needed FROM gone GROUP BY 1)"
    " UPDATE @article a SET readers = a.readers + s.readers,"
    "  needed = CASE WHEN s.needed OR a.readers + s.readers > 1 THEN 1"
    "   ELSE 0 END"
    " FROM sums s WHERE a.id = s.article AND a.needed = 0")
SOCIAL_PG_SQL(AGE_HELD, SOCIAL_PG_WIPE
    "id IN (SELECT id FROM @comment WHERE state = 2 AND created < $1"
    "  ORDER BY created LIMIT $2) RETURNING id")
SOCIAL_PG_SQL(ACTS_REWORD,
    "UPDATE @act_comment SET reason = ''"
    " WHERE comment = ANY ($1) AND reason <> ''")
SOCIAL_PG_SQL(FORGET_NEXT,
    "SELECT a.id, a.published, a.first_seen, a.readers, a.forgotten, a.key,"
    "  a.comments > 0 OR EXISTS (SELECT 1 FROM @comment c"
    "    WHERE c.state <> 1 AND c.article = a.id AND (c.state <> 4"
    "     OR EXISTS (SELECT 1 FROM @ban WHERE comment = c.id)))"
    "   OR EXISTS (SELECT 1 FROM @bucket b WHERE b.article = a.id"
    "     AND b.step = 86400 AND b.kind NOT IN (3, 4, 5, 6, 18, 21)),"
    "  EXISTS (SELECT 1 FROM @bucket b WHERE b.article = a.id"
    "    AND b.step = 86400 AND b.kind IN (8, 10, 16)),"
    "  coalesce((SELECT sum(value) FROM @bucket b WHERE b.article = a.id"
    "    AND b.step = 86400 AND b.kind = 7), 0)::bigint"
    " FROM @article a WHERE a.needed = 0 AND a.id > $1 AND a.first_seen < $2"
    "  AND a.key <> '' AND a.id < (SELECT max(id) FROM @article)"
    " ORDER BY a.id LIMIT $3")
SOCIAL_PG_SQL(FORGET_NEVER, "UPDATE @article SET needed = 1 WHERE id = $1")
SOCIAL_PG_SQL(FORGOTTEN_ADD,
    "INSERT INTO @forgotten (hash, published, first_seen, counted)"
    " VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO UPDATE"
    "  SET published = excluded.published, first_seen = excluded.first_seen,"
    "   counted = excluded.counted")
SOCIAL_PG_SQL(FORGET_SPANS, "DELETE FROM @bucket WHERE article = $1")
SOCIAL_PG_SQL(FORGET_COMMENTS, "DELETE FROM @comment WHERE article = $1")
SOCIAL_PG_SQL(FORGET_LIKES, "DELETE FROM @liked WHERE article = $1")
SOCIAL_PG_SQL(FORGET_ALIAS, "DELETE FROM @alias WHERE article = $1")
SOCIAL_PG_SQL(FORGET_ARTICLE, "DELETE FROM @article WHERE id = $1")
