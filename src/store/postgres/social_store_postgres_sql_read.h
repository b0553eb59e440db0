
/*
 * The statements that read for pages, moderators and figures, as in
 * social_store_postgres_sql.h, which includes this file at its end.
 */

#ifndef SOCIAL_PG_SQL
#error "include social_store_postgres_sql.h"
#endif


/* social_pg_list() expects these columns in this order.  BELOW finds an
 * author's comment anywhere below, in a bounded tree */

#define SOCIAL_PG_COLUMNS                                                     \
    "SELECT c.id, c.parent, c.created, c.edited, c.state, c.role, c.done,"    \
    "  c.reports, c.commenter, a.key, a.title, c.name, c.website, c.text,"    \
    "  c.reason, p.name, c.format, "

#define SOCIAL_PG_BELOW                                                       \
    "(SELECT count(*) FROM (WITH RECURSIVE below (id, hit) AS ("              \
    "  SELECT id, role = 1 AND state = 1 FROM @comment WHERE parent = c.id"   \
    "  UNION ALL"                                                             \
    "  SELECT r.id, r.role = 1 AND r.state = 1"                               \
    "   FROM below b JOIN @comment r ON r.parent = b.id)"                     \
    "  SELECT hit FROM below LIMIT 1000) t WHERE hit) > 0"

#define SOCIAL_PG_TABLES                                                      \
    " FROM @comment c JOIN @article a ON a.id = c.article"                    \
    " LEFT JOIN @comment p ON p.id = c.parent AND p.state = 1"

#define SOCIAL_PG_OF_KEY  "(SELECT id FROM @article WHERE key = $1)"

#define SOCIAL_PG_SIZES                                                       \
    "SELECT id, (octet_length(text) + octet_length(name)"                     \
    "  + octet_length(website))::bigint, placed FROM @comment"                \
    " WHERE state = 1 AND article = "


SOCIAL_PG_SQL(THREAD_HEAD,
    "SELECT changed, comments, likes, likes_changes, change"
    " FROM @article WHERE key = $1")
SOCIAL_PG_SQL(THREAD_SIZES,
    SOCIAL_PG_SIZES SOCIAL_PG_OF_KEY " ORDER BY placed, id")
SOCIAL_PG_SQL(PAGE_OF,
    SOCIAL_PG_SIZES "(SELECT article FROM @comment WHERE id = $1 AND state = 1)"
    " ORDER BY placed, id")
SOCIAL_PG_SQL(THREAD,
    "WITH RECURSIVE page (id, parent) AS ("
    "  SELECT id, parent FROM @comment WHERE article = " SOCIAL_PG_OF_KEY
    "   AND state = 1 AND (placed, id) >= ($2, $3)"
    "   AND (placed, id) <= ($5, $6)),"
    " gone (id, parent) AS ("
    "  SELECT c.id, c.parent FROM page JOIN @comment c ON c.id = page.parent"
    "   WHERE c.state <> 1"
    "  UNION"
    "  SELECT c.id, c.parent FROM gone JOIN @comment c ON c.id = gone.parent"
    "   WHERE c.state <> 1) "
    SOCIAL_PG_COLUMNS "0::bigint, (SELECT split_part(source, ':', 1) || ':'"
    "   || id FROM @origin WHERE comment = c.id ORDER BY source, id LIMIT 1)"
    SOCIAL_PG_TABLES
    " WHERE c.id IN (SELECT id FROM page UNION ALL"
    "  (SELECT id FROM gone LIMIT $4)) ORDER BY c.placed, c.id")
SOCIAL_PG_SQL(AFTER,
    SOCIAL_PG_COLUMNS "0::bigint" SOCIAL_PG_TABLES
    " WHERE c.article = " SOCIAL_PG_OF_KEY
    "  AND c.state = 1 AND c.id > $3 ORDER BY c.id LIMIT $2")
SOCIAL_PG_SQL(COMMENT,
    SOCIAL_PG_COLUMNS SOCIAL_PG_BELOW SOCIAL_PG_TABLES " WHERE c.id = $1")

/* ids are found by source, of which there are few */
SOCIAL_PG_SQL(IMPORTED,
    "WITH RECURSIVE sources (name, n) AS (SELECT min(source), 1 FROM @origin"
    "  UNION ALL SELECT (SELECT min(source) FROM @origin WHERE source > name),"
    "   n + 1 FROM sources WHERE name IS NOT NULL AND n < 100)"
    " SELECT DISTINCT o.comment FROM sources JOIN @origin o"
    "  ON o.source = name AND o.id = $1 LIMIT 2")
SOCIAL_PG_SQL(NOTICE_COMMENT,
    SOCIAL_PG_COLUMNS "0::bigint" SOCIAL_PG_TABLES " WHERE c.id = $1")
SOCIAL_PG_SQL(MINE_HEAD,
    "SELECT max(a.changed), count(*) FROM @comment c"
    " JOIN @article a ON a.id = c.article WHERE c.commenter = $1")
SOCIAL_PG_SQL(MINE,
    SOCIAL_PG_COLUMNS "0::bigint" SOCIAL_PG_TABLES
    " WHERE c.commenter = $1 AND c.id > $3 ORDER BY c.id LIMIT $2")
SOCIAL_PG_SQL(MINE_NEWEST,
    SOCIAL_PG_COLUMNS "0::bigint" SOCIAL_PG_TABLES
    " WHERE c.commenter = $1 AND c.id < $3 ORDER BY c.id DESC LIMIT $2")


/* feeds, newest first */

SOCIAL_PG_SQL(FEED_SITE,
    SOCIAL_PG_COLUMNS "0::bigint" SOCIAL_PG_TABLES
    " WHERE c.state = 1 ORDER BY c.created DESC, c.id DESC LIMIT $1")
SOCIAL_PG_SQL(FEED_ARTICLE,
    SOCIAL_PG_COLUMNS "0::bigint" SOCIAL_PG_TABLES
    " WHERE c.article = " SOCIAL_PG_OF_KEY
    "  AND c.state = 1 ORDER BY c.created DESC, c.id DESC LIMIT $2")
SOCIAL_PG_SQL(FEED_REPLIES,
    SOCIAL_PG_COLUMNS "0::bigint" SOCIAL_PG_TABLES
    " WHERE c.id IN (SELECT r.id FROM (SELECT id FROM @comment"
    "    WHERE commenter = $1 AND state = 1 ORDER BY id DESC LIMIT 1000) o"
    "   JOIN @comment r ON r.parent = o.id"
    "   WHERE r.state = 1 AND r.commenter IS DISTINCT FROM $1"
    "   ORDER BY r.created DESC, r.id DESC LIMIT $2)"
    " ORDER BY c.created DESC, c.id DESC")


/* articles that have comments or likes, or whose thread moved */

SOCIAL_PG_SQL(KEYS,
    "SELECT key, comments, likes, likes_changes, 0::bigint, change"
    " FROM @article WHERE comments > 0 OR likes > 0 UNION ALL"
    " SELECT l.key, t.comments, coalesce(o.likes, 0),"
    "  coalesce(o.likes_changes, 0), 1::bigint,"
    "  greatest(t.change, coalesce(o.change, 0))"
    " FROM @alias l JOIN @article t ON t.id = l.article"
    " LEFT JOIN @article o ON o.key = l.key")

/* $1: number of the last change that is known; $2: limit */
#define SOCIAL_PG_PAGE                                                        \
    "(SELECT id, key, comments, likes, likes_changes, change FROM @article"   \
    "  WHERE change > 0 AND change > $1 ORDER BY change LIMIT $2)"

SOCIAL_PG_SQL(CHANGED,
    "WITH page AS " SOCIAL_PG_PAGE
    " SELECT a.key, a.comments, a.likes, a.likes_changes, 0::bigint, a.change"
    " FROM page a WHERE NOT EXISTS (SELECT 1 FROM @alias WHERE key = a.key)"
    " UNION ALL"
    " SELECT l.key, t.comments, coalesce(o.likes, 0),"
    "  coalesce(o.likes_changes, 0), 1, page.change"
    " FROM page JOIN @alias l ON l.article = page.id OR l.key = page.key"
    " JOIN @article t ON t.id = l.article"
    " LEFT JOIN @article o ON o.key = l.key")
SOCIAL_PG_SQL(CHANGED_LAST,
    "SELECT max(change), count(*) FROM " SOCIAL_PG_PAGE " page")


/* figures.  $1, $2 and $3: step, from and to of each range of spans */

/* all articles fit into 64 MB; a plan is run once, so nothing compiles it */
SOCIAL_PG_SQL(FIGURES_PLAN,
    "SELECT set_config('work_mem', '64MB', true),"
    "  set_config('jit', 'off', true)")
SOCIAL_PG_SQL(SPAN_KEPT, "SELECT step, kept FROM @span ORDER BY step")
SOCIAL_PG_SQL(FIGURES_ARTICLE,
    "SELECT id, key, title, url, published, first_seen FROM @article"
    " ORDER BY id")
/* in no order: a sort would be on disk.  Sums are exact up to 2^53, and cost a
 * fraction of those of bigint, which are numeric */
SOCIAL_PG_SQL(FIGURES_NUMBERS,
    "SELECT b.article, b.kind, sum(b.value::float8)::bigint"
    " FROM unnest($1, $2, $3) r(step, lo, hi)"
    " JOIN @bucket b ON b.step = r.step AND b.start >= r.lo AND b.start < r.hi"
    " WHERE b.kind < $4 GROUP BY 1, 2")
SOCIAL_PG_SQL(FIGURES_SITE,
    "SELECT b.start, b.kind, b.label, b.value"
    " FROM unnest($1, $2, $3) r(step, lo, hi)"
    " JOIN @site_bucket b ON b.step = r.step AND b.start >= r.lo"
    "  AND b.start < r.hi")
SOCIAL_PG_SQL(FIGURES_BACK,
    "SELECT count(*) FROM @article"
    " WHERE forgotten <> 0 AND forgotten >= $1 AND forgotten < $2")
SOCIAL_PG_SQL(FIGURES_MESSAGE,
    "SELECT id, parent, article, person, created, role, done, source,"
    "  exchange, active, anonymous"
    " FROM @comment WHERE state = 1 ORDER BY article, id")
SOCIAL_PG_SQL(FIGURES_AUTHOR,
    "SELECT i.n, c.name FROM unnest($1) WITH ORDINALITY i(id, n)"
    " JOIN @comment c ON c.id = i.id ORDER BY 1")
SOCIAL_PG_SQL(FIGURES_HELD,
    "SELECT count(*), min(created),"
    "  (SELECT value FROM @setting WHERE name = 'revision')"
    " FROM @comment WHERE state = 2")
SOCIAL_PG_SQL(DETAILS,
    "SELECT b.article, b.start, b.kind, b.label, b.value"
    " FROM unnest($1, $2, $3) r(step, lo, hi)"
    " JOIN @bucket b ON b.step = r.step AND b.start >= r.lo AND b.start < r.hi"
    " WHERE b.article = ANY ($4)")
SOCIAL_PG_SQL(EXCERPTS,
    "SELECT i.n, c.name, substr(c.text, 1, 640), c.reason"
    " FROM unnest($1) WITH ORDINALITY i(id, n) JOIN @comment c ON c.id = i.id")


/* what moderators did */

#define SOCIAL_PG_LOG                                                         \
    "SELECT a.id, a.at, a.undone, a.undoes, a.who, a.action,"                 \
    "  coalesce((SELECT string_agg(i.comment::text, ',' ORDER BY i.comment)"  \
    "   FROM (SELECT comment FROM @act_comment WHERE act = a.id"              \
    "    ORDER BY comment LIMIT 100) i), ''),"                                \
    "  (SELECT count(*) FROM @act_comment WHERE act = a.id),"                 \
    "  coalesce(c.name, ''), coalesce(t.key, k.key, ''),"                     \
    "  coalesce(t.title, k.title, ''),"                                       \
    "  CASE WHEN t.id IS NULL THEN '' ELSE coalesce(o.key, '') END,"          \
    "  coalesce((SELECT to_state FROM @act_comment WHERE act = a.id"          \
    "   ORDER BY comment LIMIT 1), 0)"                                        \
    " FROM @act a LEFT JOIN @comment c ON c.id = (SELECT min(comment)"        \
    "  FROM @act_comment WHERE act = a.id)"                                   \
    " LEFT JOIN @article k ON k.id = c.article"                               \
    " LEFT JOIN @article o ON o.id = a.article"                               \
    " LEFT JOIN @article t ON t.id = a.target"

SOCIAL_PG_SQL(LOG,
    SOCIAL_PG_LOG " WHERE a.id < $1 ORDER BY a.id DESC LIMIT $2")
SOCIAL_PG_SQL(LOGGED, SOCIAL_PG_LOG " WHERE a.id = $1")
SOCIAL_PG_SQL(LOG_LAST,
    "SELECT id FROM @act WHERE who = $1 AND undone = 0 AND undoes = 0"
    "  AND action IN ('approve', 'hold', 'spam', 'delete', 'restore', 'ban',"
    "  'done', 'reply', 'move') ORDER BY id DESC LIMIT 1")


/*
 * The moderator's queue: $1 pattern or '', $2 key or '', $3 an id of the
 * person or 0, $4 the text or '' and $5 patterns of hosts, $6 and $7 the
 * comment and revision seen last, $8 state, $9 limit, $10 rank and $11 id of
 * the last comment seen.
 */

#define SOCIAL_PG_MATCH                                                       \
    " FROM @comment c JOIN @article a ON a.id = c.article"                    \
    " WHERE ($1 = '' OR c.name ILIKE $1 OR c.text ILIKE $1)"                  \
    "  AND ($2 = '' OR a.key = $2) AND NOT (c.state = 4 AND c.text = '')"     \
    "  AND ($3 = 0 OR (c.role = 0 AND c.person = (SELECT person"              \
    "   FROM @comment WHERE id = $3 AND role = 0)))"                          \
    "  AND ($4 = '' OR c.text = $4 OR c.text ILIKE ANY ($5)"                  \
    "   OR c.website ILIKE ANY ($5))"

#define SOCIAL_PG_WAITS                                                       \
    " c.state = 1 AND c.role = 0 AND c.done = 0 AND c.replied = 0"            \
    "  AND (c.parent IS NULL OR c.exchange <> 2 OR NOT EXISTS (SELECT 1"      \
    "   FROM @comment w WHERE w.id = c.parent AND w.state = 1))"

/* what was imported is nothing new */
#define SOCIAL_PG_FRESH(comment, revision)                                    \
    " c.role = 0 AND ((c.id > " comment " AND NOT EXISTS (SELECT 1"           \
    "   FROM @origin WHERE comment = c.id)) OR (c.rewritten <> 0"             \
    "   AND c.rewritten > " revision "))"

/* older than the comment $11; 2^63 - 1: begin */
#define SOCIAL_PG_OLDER                                                       \
    "(c.created, c.id) < (coalesce((SELECT created FROM @comment"             \
    "  WHERE id = $11), 9223372036854775807), $11)"

#define SOCIAL_PG_RANK                                                        \
    "CASE WHEN c.state = 2 THEN 0 WHEN c.state = 1 AND c.reports > 0 THEN 1"  \
    " WHEN c.state = 1 AND c.role = 0 AND c.done = 0 AND c.replied = 0"       \
    " THEN 2 ELSE 3 END"

#define SOCIAL_PG_QUEUED                                                      \
    SOCIAL_PG_COLUMNS SOCIAL_PG_BELOW ","                                     \
    "  (SELECT substr(text, 1, 400) FROM @comment WHERE id = c.parent),"      \
    "  c.id > $6 AND NOT EXISTS (SELECT 1 FROM @origin WHERE comment = c.id),"\
    "  c.rewritten <> 0 AND c.rewritten > $7,"                                \
    "  c.state = 1 AND c.role = 0 AND c.done = 0 AND c.replied = 0"           \
    SOCIAL_PG_TABLES

#define SOCIAL_PG_QUEUE(name, where)                                          \
    SOCIAL_PG_SQL(name##_HEAD,                                                \
        "SELECT 0::bigint, count(*)" SOCIAL_PG_MATCH " AND" where)            \
    SOCIAL_PG_SQL(name, SOCIAL_PG_QUEUED                                      \
        " JOIN (SELECT c.id AS id" SOCIAL_PG_MATCH " AND" where               \
        "   AND " SOCIAL_PG_OLDER                                             \
        "   ORDER BY c.created DESC, c.id DESC LIMIT $9) q ON q.id = c.id"    \
        " ORDER BY c.created DESC, c.id DESC")

SOCIAL_PG_SQL(LOOK_GET,
    "SELECT comment, revision, at FROM @look WHERE who = $1")
SOCIAL_PG_SQL(QUEUE_NUMBERS,
    "SELECT (SELECT value FROM @setting WHERE name = 'revision'),"
    "  (SELECT count(*) FROM @comment WHERE state = 2),"
    "  (SELECT count(*) FROM @comment c WHERE" SOCIAL_PG_WAITS "),"
    "  (SELECT max(id) FROM @comment),"
    "  (SELECT count(*) FROM @comment c WHERE" SOCIAL_PG_FRESH("$1", "$2")
    "    AND NOT (c.state = 4 AND c.text = ''))")
SOCIAL_PG_SQL(QUEUE_TEXT, "SELECT text, website FROM @comment WHERE id = $1")
SOCIAL_PG_SQL(QUEUE_RANK,
    "SELECT " SOCIAL_PG_RANK " FROM @comment c WHERE c.id = $1")
SOCIAL_PG_SQL(QUEUE_ALL_HEAD,
    "SELECT 0::bigint, count(*)" SOCIAL_PG_MATCH)
SOCIAL_PG_SQL(QUEUE_ALL, SOCIAL_PG_QUEUED
    " JOIN (SELECT c.id AS id, " SOCIAL_PG_RANK " AS rank"
    SOCIAL_PG_MATCH
    "   AND (" SOCIAL_PG_RANK " > $10"
    "    OR (" SOCIAL_PG_RANK " = $10 AND " SOCIAL_PG_OLDER "))"
    "   ORDER BY 2, c.created DESC, 1 DESC LIMIT $9) q ON q.id = c.id"
    " ORDER BY q.rank, c.created DESC, c.id DESC")
SOCIAL_PG_QUEUE(QUEUE_STATE, " c.state = $8")
SOCIAL_PG_QUEUE(QUEUE_WAITING, SOCIAL_PG_WAITS)
SOCIAL_PG_QUEUE(QUEUE_NEW, SOCIAL_PG_FRESH("$6", "$7"))


/* everything as lines of JSON, as the SQLite store writes them */

#define SOCIAL_PG_LINE(object)                                                \
    "replace(" object "::text, '<', '\\u003c')"
#define SOCIAL_PG_AT(column)                                                  \
    "to_char(to_timestamp(nullif(" column ", 0)) AT TIME ZONE 'UTC',"         \
    " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
#define SOCIAL_PG_STATE(column)                                               \
    "CASE " column " WHEN 1 THEN 'approved' WHEN 2 THEN 'held'"               \
    " WHEN 3 THEN 'spam' ELSE 'deleted' END"

SOCIAL_PG_SQL(EXPORT_HEAD,
    "SELECT 0::bigint, " SOCIAL_PG_LINE("json_build_object('type', 'header',"
    " 'version', 1, 'generated', " SOCIAL_PG_AT("$1") ", 'articles', (SELECT"
    "  count(*) FROM @article WHERE key <> ''), 'comments', (SELECT count(*)"
    "  FROM @comment))") ", NULL::text")
SOCIAL_PG_SQL(EXPORT_ARTICLE,
    "SELECT id, " SOCIAL_PG_LINE("json_build_object('type', 'article', 'key',"
    " key, 'title', title, 'url', url, 'published', "
    SOCIAL_PG_AT("published") ", 'first_seen', " SOCIAL_PG_AT("first_seen")
    ", 'reactions', likes, 'moved_here', (SELECT coalesce(json_agg(key),"
    " '[]'::json) FROM @alias WHERE article = a.id))") ", NULL::text"
    " FROM @article a WHERE id > $1 AND key <> '' ORDER BY id LIMIT 500")
SOCIAL_PG_SQL(EXPORT_COMMENT,
    "SELECT c.id, " SOCIAL_PG_LINE("json_build_object('type', 'comment', 'id',"
    " 'c' || c.id, 'article', a.key, 'parent', 'c' || c.parent, 'state', "
    SOCIAL_PG_STATE("c.state") ", 'before', " SOCIAL_PG_STATE("c.before")
    ", 'author', c.role = 1, 'name', c.name, 'website', c.website, 'text',"
    " c.text, 'format', CASE c.format WHEN 1 THEN 'markdown' ELSE 'plain' END,"
    " 'created', " SOCIAL_PG_AT("c.created") ", 'edited', "
    SOCIAL_PG_AT("c.edited") ", 'moderated', " SOCIAL_PG_AT("c.moderated")
    ", 'done', c.done <> 0, 'reports', c.reports, 'reason', c.reason,"
    " 'source', c.source, 'commenter', coalesce(encode(c.commenter, 'hex'),"
    " ''), 'person', c.person::text, 'exchange', c.exchange, 'replied',"
    " c.replied <> 0, 'active', c.active <> 0)")
    ", (SELECT " SOCIAL_PG_LINE("json_build_object('type', 'ban', 'commenter',"
    " encode(b.commenter, 'hex'), 'comment', 'c' || c.id, 'created', "
    SOCIAL_PG_AT("b.created") ")")
    "  FROM @ban b WHERE b.comment = c.id LIMIT 1)"
    " FROM @comment c JOIN @article a ON a.id = c.article"
    " WHERE c.id > $1 ORDER BY c.id LIMIT 500")
