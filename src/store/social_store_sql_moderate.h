
/*
 * The statements of moderation, as in social_store_sql.h, which includes this
 * file at its end: what moderators did, threads that moved, the queue, the
 * export.
 */

#ifndef SOCIAL_SQL
#error "include social_store_sql.h"
#endif


/* what moderators did */

SOCIAL_SQL(ACT_ADD,
    "INSERT INTO act (at, who, action, undoes, revision, article, target,"
    "  dropped)"
    " VALUES (?1, ?2, ?3, ?4, (SELECT value FROM setting"
    "  WHERE name = 'revision'), ?5, ?6, ?7)")
SOCIAL_SQL(ACT_COMMENT_ADD,
    "INSERT OR IGNORE INTO act_comment (act, comment, state, before, done,"
    "  reports, moderated, reason, to_state, to_done, ban, taught,"
    "  taught_before)"
    " SELECT ?1, id, coalesce(?6, state), before, done, reports, moderated,"
    "  reason, ?3, ?4, ?5, taught, taught_before FROM comment WHERE id = ?2")
SOCIAL_SQL(ACT_UNDONE, "UPDATE act SET undone = ?2 WHERE id = ?1")
SOCIAL_SQL(ACT_FIND,
    "SELECT a.undone, a.action, a.article, a.target, a.dropped, o.key, t.key"
    " FROM act a LEFT JOIN article o ON o.id = a.article"
    " LEFT JOIN article t ON t.id = a.target WHERE a.id = ?1")
SOCIAL_SQL(ACT_COMMENT_FIND,
    "SELECT c.state, c.before, c.done, c.reports, c.moderated, c.reason,"
    "  c.to_state, c.to_done, c.ban, a.revision, a.undone, c.taught,"
    "  c.taught_before"
    " FROM act_comment c JOIN act a ON a.id = c.act"
    " WHERE c.act = ?1 AND c.comment = ?2")

#define SOCIAL_LOG                                                        \
    "SELECT a.id, a.at, a.undone, a.undoes, a.who, a.action,"                 \
    "  coalesce((SELECT group_concat(comment) FROM (SELECT comment"           \
    "   FROM act_comment WHERE act = a.id ORDER BY comment LIMIT 100)), ''),"  \
    "  (SELECT count(*) FROM act_comment WHERE act = a.id),"                  \
    "  coalesce(c.name, ''), coalesce(t.key, k.key, ''),"                     \
    "  coalesce(t.title, k.title, ''),"                                       \
    "  CASE WHEN t.id IS NULL THEN '' ELSE coalesce(o.key, '') END,"          \
    "  coalesce((SELECT to_state FROM act_comment WHERE act = a.id"           \
    "   ORDER BY comment LIMIT 1), 0)"                                        \
    " FROM act a LEFT JOIN comment c ON c.id = (SELECT min(comment)"          \
    "  FROM act_comment WHERE act = a.id)"                                    \
    " LEFT JOIN article k ON k.id = c.article"                                \
    " LEFT JOIN article o ON o.id = a.article"                                \
    " LEFT JOIN article t ON t.id = a.target"

SOCIAL_SQL(LOG, SOCIAL_LOG " WHERE a.id < ?1 ORDER BY a.id DESC LIMIT ?2")
SOCIAL_SQL(LOGGED, SOCIAL_LOG " WHERE a.id = ?1")
SOCIAL_SQL(LOG_LAST,
    "SELECT id FROM act WHERE who = ?1 AND undone = 0 AND undoes = 0"
    "  AND action IN ('approve', 'hold', 'spam', 'delete', 'restore', 'ban',"
    "  'done', 'reply', 'move') ORDER BY id DESC LIMIT 1")
SOCIAL_SQL(LOG_OLD,
    "SELECT id FROM act WHERE at < ?1"
    "  OR id <= (SELECT max(id) FROM act) - ?2 ORDER BY id LIMIT ?3")
SOCIAL_SQL(LOG_DROP_COMMENTS, "DELETE FROM act_comment WHERE act = ?1")
SOCIAL_SQL(LOG_DROP, "DELETE FROM act WHERE id = ?1")

SOCIAL_SQL(LOOK_PUT,
    "INSERT INTO look (who, comment, revision, at) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (who) DO UPDATE SET at = excluded.at,"
    "  comment = max(comment, excluded.comment),"
    "  revision = max(revision, excluded.revision)")
SOCIAL_SQL(LOOK_GET, "SELECT comment, revision, at FROM look WHERE who = ?1")


/* threads that moved */

SOCIAL_SQL(ALIAS_FIND,
    "SELECT a.id, a.key, a.title, l.act FROM alias l"
    " JOIN article a ON a.id = l.article WHERE l.key = ?1")
SOCIAL_SQL(ALIAS_PUT,
    "INSERT OR REPLACE INTO alias (key, article, act, moved)"
    " VALUES (?1, ?2, ?3, ?4)")
SOCIAL_SQL(ALIAS_DROP, "DELETE FROM alias WHERE key = ?1")
SOCIAL_SQL(ALIAS_FOLLOW,
    "UPDATE alias SET article = ?2, act = ?3 WHERE article = ?1")
SOCIAL_SQL(ALIAS_BACK,
    "UPDATE alias SET article = ?2, act = 0 WHERE article = ?1 AND act = ?3")
SOCIAL_SQL(ALIAS_FORGET, "DELETE FROM alias WHERE article = ?1")
SOCIAL_SQL(MOVE_COUNT,
    "SELECT (SELECT count(*) FROM comment INDEXED BY comment_approved"
    "   WHERE article = ?1 AND state = 1),"
    "  (SELECT count(*) FROM comment INDEXED BY comment_other"
    "   WHERE article = ?1 AND state <> 1)")
SOCIAL_SQL(MOVE_APPROVED,
    "UPDATE comment SET article = ?2, moved = ?3 WHERE id IN (SELECT id"
    "  FROM comment INDEXED BY comment_approved"
    "  WHERE article = ?1 AND state = 1)")
SOCIAL_SQL(MOVE_OTHER,
    "UPDATE comment SET article = ?2, moved = ?3 WHERE id IN (SELECT id"
    "  FROM comment INDEXED BY comment_other"
    "  WHERE article = ?1 AND state <> 1)")
SOCIAL_SQL(MOVE_BACK,
    "WITH RECURSIVE below (id) AS ("
    "  SELECT id FROM comment WHERE moved = ?3 AND article = ?1"
    "  UNION"
    "  SELECT c.id FROM below b JOIN comment c ON c.parent = b.id"
    "   WHERE c.article = ?1)"
    " UPDATE comment SET article = ?2, moved = 0"
    "  WHERE id IN (SELECT id FROM below)")
SOCIAL_SQL(MOVE_NEEDED, "UPDATE article SET needed = 1 WHERE id = ?1")


/*
 * The moderator's queue: ?1 pattern or '', ?2 key or '', ?3 state, ?4 limit, ?5
 * rank and ?6 id of the last comment seen, ?7 an id of the person or 0, ?8 the
 * text or '' and ?9 to ?12 patterns of hosts or '', ?13 and ?14 the comment and
 * revision seen last.
 */

#define SOCIAL_MATCH                                                      \
    " FROM comment c JOIN article a ON a.id = c.article"                      \
    " WHERE (?1 = '' OR c.name LIKE ?1 ESCAPE '\\'"                           \
    "   OR c.text LIKE ?1 ESCAPE '\\')"                                       \
    "  AND (?2 = '' OR a.key = ?2) AND NOT (c.state = 4 AND c.text = '')"     \
    "  AND (?7 = 0 OR (c.role = 0 AND c.person = (SELECT person FROM comment"  \
    "   WHERE id = ?7 AND role = 0)))"                                        \
    "  AND (?8 = '' OR c.text = ?8"                                           \
    "   OR (?9 <> '' AND (c.text LIKE ?9 ESCAPE '\\'"                         \
    "    OR c.website LIKE ?9 ESCAPE '\\'))"                                  \
    "   OR (?10 <> '' AND (c.text LIKE ?10 ESCAPE '\\'"                       \
    "    OR c.website LIKE ?10 ESCAPE '\\'))"                                 \
    "   OR (?11 <> '' AND (c.text LIKE ?11 ESCAPE '\\'"                       \
    "    OR c.website LIKE ?11 ESCAPE '\\'))"                                 \
    "   OR (?12 <> '' AND (c.text LIKE ?12 ESCAPE '\\'"                       \
    "    OR c.website LIKE ?12 ESCAPE '\\')))"

/* what needs an answer and has none: as REPLIED_GET says */
#define SOCIAL_WAITS                                                      \
    " c.state = 1 AND c.role = 0 AND c.done = 0 AND c.replied = 0"            \
    "  AND (c.parent IS NULL OR c.exchange <> 2 OR NOT EXISTS (SELECT 1"      \
    "   FROM comment w WHERE w.id = c.parent AND w.state = 1))"

/* what was imported is nothing new */
#define SOCIAL_FRESH                                                      \
    " c.role = 0 AND c.id IN (SELECT id FROM comment WHERE id > ?13"          \
    "   AND NOT EXISTS (SELECT 1 FROM origin WHERE comment = comment.id)"     \
    "  UNION SELECT id FROM comment WHERE rewritten <> 0"                     \
    "   AND rewritten > ?14)"

/* older than the comment ?6; 2^63 - 1: begin */
#define SOCIAL_OLDER                                                      \
    "(c.created, c.id) < (coalesce((SELECT created FROM comment"              \
    "  WHERE id = ?6), 9223372036854775807), ?6)"

#define SOCIAL_RANK                                                       \
    "CASE WHEN c.state = 2 THEN 0 WHEN c.state = 1 AND c.reports > 0 THEN 1"   \
    " WHEN c.state = 1 AND c.role = 0 AND c.done = 0 AND c.replied = 0"       \
    " THEN 2 ELSE 3 END"

#define SOCIAL_QUEUED                                                     \
    SOCIAL_COLUMNS SOCIAL_BELOW ","                                           \
    "  (SELECT substr(text, 1, 400) FROM comment WHERE id = c.parent),"       \
    "  c.id > ?13 AND NOT EXISTS (SELECT 1 FROM origin WHERE comment = c.id),"  \
    "  c.rewritten <> 0 AND c.rewritten > ?14,"                   \
    "  c.state = 1 AND c.role = 0 AND c.done = 0 AND c.replied = 0"           \
    SOCIAL_TABLES("")

#define SOCIAL_QUEUE(name, where)                                         \
    SOCIAL_SQL(name##_HEAD, "SELECT 0, count(*)" SOCIAL_MATCH " AND" where)   \
    SOCIAL_SQL(name, SOCIAL_QUEUED                                            \
        " JOIN (SELECT c.id AS id" SOCIAL_MATCH " AND" where                  \
        "   AND " SOCIAL_OLDER                                                \
        "   ORDER BY c.created DESC, c.id DESC LIMIT ?4) q ON q.id = c.id"    \
        " ORDER BY c.created DESC, c.id DESC")

SOCIAL_SQL(QUEUE_NUMBERS,
    "SELECT (SELECT value FROM setting WHERE name = 'revision'),"
    "  (SELECT count(*) FROM comment WHERE state = 2),"
    "  (SELECT count(*) FROM comment c INDEXED BY comment_waiting WHERE"
    SOCIAL_WAITS "), (SELECT max(id) FROM comment),"
    "  (SELECT count(*) FROM comment c WHERE" SOCIAL_FRESH
    "    AND NOT (c.state = 4 AND c.text = ''))")
SOCIAL_SQL(QUEUE_TEXT, "SELECT text, website FROM comment WHERE id = ?1")
SOCIAL_SQL(QUEUE_RANK,
    "SELECT " SOCIAL_RANK " FROM comment c WHERE c.id = ?1")
SOCIAL_SQL(QUEUE_ALL_HEAD, "SELECT 0, count(*)" SOCIAL_MATCH)
SOCIAL_SQL(QUEUE_ALL, SOCIAL_QUEUED
    " JOIN (SELECT c.id AS id, " SOCIAL_RANK " AS rank"
    SOCIAL_MATCH
    "   AND (" SOCIAL_RANK " > ?5"
    "    OR (" SOCIAL_RANK " = ?5 AND " SOCIAL_OLDER "))"
    "   ORDER BY 2, c.created DESC, 1 DESC LIMIT ?4) q ON q.id = c.id"
    " ORDER BY q.rank, c.created DESC, c.id DESC")
SOCIAL_QUEUE(QUEUE_STATE, " c.state = ?3")
SOCIAL_QUEUE(QUEUE_WAITING, SOCIAL_WAITS)
SOCIAL_QUEUE(QUEUE_NEW, SOCIAL_FRESH)


/* everything as lines of JSON; "<" as in social_doc_print() */

#define SOCIAL_LINE(object)                                               \
    "replace(json_object(" object "), '<', '\\u003c')"
#define SOCIAL_AT(column)                                                 \
    "strftime('%Y-%m-%dT%H:%M:%SZ', nullif(" column ", 0), 'unixepoch')"
#define SOCIAL_STATE(column)                                              \
    "CASE " column " WHEN 1 THEN 'approved' WHEN 2 THEN 'held'"               \
    " WHEN 3 THEN 'spam' ELSE 'deleted' END"
#define SOCIAL_TRUE(what)                                                 \
    "json(CASE WHEN " what " THEN 'true' ELSE 'false' END)"

SOCIAL_SQL(EXPORT_HEAD,
    "SELECT 0, " SOCIAL_LINE("'type', 'header', 'version', 1, 'generated',"
    SOCIAL_AT("?1") ", 'articles', (SELECT count(*) FROM article"
    "  WHERE key <> ''), 'comments', (SELECT count(*) FROM comment)"))
SOCIAL_SQL(EXPORT_ARTICLE,
    "SELECT id, " SOCIAL_LINE("'type', 'article', 'key', key, 'title', title,"
    " 'url', url, 'published', " SOCIAL_AT("published") ", 'first_seen', "
    SOCIAL_AT("first_seen") ", 'reactions', likes, 'moved_here', json((SELECT"
    "  json_group_array(key) FROM alias WHERE article = a.id))")
    " FROM article a WHERE id > ?1 AND key <> '' ORDER BY id")
#define SOCIAL_COMMENT_MEMBERS                                                \
    "'type', 'comment', 'id', 'c' || c.id,"                                   \
    " 'article', a.key, 'parent', 'c' || c.parent, 'state', "                 \
    SOCIAL_STATE("c.state") ", 'before', " SOCIAL_STATE("c.before")           \
    ", 'author', " SOCIAL_TRUE("c.role = 1") ", 'name', c.name, 'website',"   \
    " c.website, 'text', c.text, 'format', CASE c.format WHEN 1"              \
    " THEN 'markdown' ELSE 'plain' END, 'created', " SOCIAL_AT("c.created")   \
    ", 'edited', " SOCIAL_AT("c.edited") ", 'moderated', "                    \
    SOCIAL_AT("c.moderated") ", 'done', " SOCIAL_TRUE("c.done") ", 'reports'," \
    " c.reports, 'reason', c.reason, 'source', c.source, 'commenter',"        \
    " lower(hex(c.commenter)), 'person', CAST(c.person AS TEXT), 'exchange'," \
    " c.exchange, 'replied', " SOCIAL_TRUE("c.replied") ", 'active', "        \
    SOCIAL_TRUE("c.active")
#define SOCIAL_BAN_MEMBERS                                                    \
    "'type', 'ban', 'commenter', lower(hex(b.commenter)), 'comment',"         \
    " 'c' || b.comment, 'created', " SOCIAL_AT("b.created")

SOCIAL_SQL(EXPORT_COMMENT,
    "SELECT c.id, " SOCIAL_LINE(SOCIAL_COMMENT_MEMBERS)
    ", (SELECT " SOCIAL_LINE(SOCIAL_BAN_MEMBERS)
    "  FROM ban b WHERE b.comment = c.id LIMIT 1)"
    " FROM comment c JOIN article a ON a.id = c.article"
    " WHERE c.id > ?1 ORDER BY c.id")
