
/*
 * The statements of import, export and check, as in social_store_sql.h, which
 * includes this file at its end.
 */

#ifndef SOCIAL_SQL
#error "include social_store_sql.h"
#endif


/* comments from elsewhere */

SOCIAL_SQL(ORIGIN_GET,
    "SELECT o.comment, c.commenter, c.article FROM origin o"
    " LEFT JOIN comment c ON c.id = o.comment"
    " WHERE o.source = ?1 AND o.id = ?2")
SOCIAL_SQL(ORIGIN_ADD,
    "INSERT INTO origin (source, id, comment) VALUES (?1, ?2, ?3)")
SOCIAL_SQL(ORIGIN_OF_SOURCE,
    "SELECT o.id, o.comment, c.article, c.state = 1,"
    "  EXISTS (SELECT 1 FROM comment INDEXED BY comment_parent"
    "   WHERE parent = o.comment AND parent IS NOT NULL)"
    "  OR EXISTS (SELECT 1 FROM ban WHERE comment = o.comment)"
    " FROM origin o LEFT JOIN comment c ON c.id = o.comment"
    " WHERE o.source = ?1 ORDER BY o.comment DESC LIMIT 1")
SOCIAL_SQL(ORIGIN_DROP, "DELETE FROM origin WHERE source = ?1 AND id = ?2")
SOCIAL_SQL(COMMENT_DROP, "DELETE FROM comment WHERE id = ?1")
SOCIAL_SQL(IMPORT_ADD,
    "INSERT INTO comment (article, parent, state, before, role, done,"
    "  created, edited, commenter, person, reason, name, website, text,"
    "  format, same, placed, exchange)"
    " VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
    "  ?15, max(?6, coalesce((SELECT placed FROM comment WHERE id = ?2), 0)),"
    "  coalesce((SELECT CASE WHEN person = ?9 AND role = ?5 THEN 0"
    "    ELSE 2 - role END FROM comment WHERE id = ?2), 0))")
SOCIAL_SQL(IMPORT_REPLIED,
    "WITH RECURSIVE up (id) AS (SELECT parent FROM comment WHERE id = ?1"
    "  AND parent IS NOT NULL"
    "  UNION SELECT c.parent FROM up JOIN comment c ON c.id = up.id"
    "   WHERE c.parent IS NOT NULL AND c.replied = 0)"
    " UPDATE comment SET replied = 1 WHERE id IN (SELECT id FROM up)"
    "  AND replied = 0")
SOCIAL_SQL(IMPORT_TITLE,
    "UPDATE article SET title = ?2 WHERE id = ?1 AND title = ''")
SOCIAL_SQL(KNOWS,
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM alias WHERE key = ?1) THEN 2"
    " ELSE EXISTS (SELECT 1 FROM article WHERE key = ?1) END")


/* everything; the columns of each line are those of its table but for what
 * social_store_sqlite_dump.c says */

#define SOCIAL_WHEN(name)                                                     \
    "CAST(strftime('%s', json_extract(?1, '$." name "')) AS INTEGER)"
#define SOCIAL_TIME(name)  "coalesce(" SOCIAL_WHEN(name) ", 0)"
#define SOCIAL_GET(name)   "json_extract(?1, '$." name "')"
#define SOCIAL_NUMBER(name)  "CAST(" SOCIAL_GET(name) " AS INTEGER)"
#define SOCIAL_HEX(name)   "social_unhex(" SOCIAL_GET(name) ")"
#define SOCIAL_ID(name)                                                       \
    "CAST(substr(" SOCIAL_GET(name) ", 2) AS INTEGER)"
#define SOCIAL_ARTICLE(name)                                                  \
    "(SELECT id FROM article WHERE key = " SOCIAL_GET(name) ")"
#define SOCIAL_STATE_OF(name)                                                 \
    "CASE " SOCIAL_GET(name) " WHEN 'approved' THEN 1 WHEN 'held' THEN 2"     \
    " WHEN 'spam' THEN 3 WHEN 'deleted' THEN 4 END"

SOCIAL_SQL(DUMP_HEAD,
    "SELECT " SOCIAL_LINE("'type', 'header', 'version', 1, 'generated',"
    SOCIAL_AT("?1") ", 'store', (SELECT value FROM setting"
    "  WHERE name = 'identity'), 'articles', (SELECT count(*) FROM article"
    "  WHERE key <> ''), 'comments', (SELECT count(*) FROM comment),"
    " 'last_comment', 'c' || coalesce((SELECT seq FROM sqlite_sequence"
    "  WHERE name = 'comment'), 0), 'last_act', CAST(coalesce((SELECT seq"
    "  FROM sqlite_sequence WHERE name = 'act'), 0) AS TEXT)"))
SOCIAL_SQL(DUMP_SETTING,
    "SELECT " SOCIAL_LINE("'type', 'setting', 'name', name, 'value',"
    " CASE typeof(value) WHEN 'blob' THEN lower(hex(value))"
    "  ELSE CAST(value AS TEXT) END, 'kind', typeof(value)")
    " FROM setting WHERE name NOT IN ('change', 'oldest', 'identity')"
    "  AND (?2 OR name <> 'secret') ORDER BY name")
SOCIAL_SQL(DUMP_ARTICLE,
    "SELECT " SOCIAL_LINE("'type', 'article', 'key', key, 'title', title,"
    " 'url', url, 'published', " SOCIAL_AT("published") ", 'first_seen', "
    SOCIAL_AT("first_seen") ", 'reactions', likes, 'reactions_changes',"
    " likes_changes, 'changed', " SOCIAL_AT("changed") ", 'readers',"
    " CAST(readers AS TEXT), 'needed', " SOCIAL_TRUE("needed")
    ", 'forgotten', " SOCIAL_AT("forgotten"))
    " FROM article ORDER BY id")
SOCIAL_SQL(DUMP_ALIAS,
    "SELECT " SOCIAL_LINE("'type', 'alias', 'key', l.key, 'article', a.key,"
    " 'act', CAST(l.act AS TEXT), 'moved', " SOCIAL_AT("l.moved"))
    " FROM alias l JOIN article a ON a.id = l.article ORDER BY l.key")
SOCIAL_SQL(DUMP_COMMENT,
    "SELECT " SOCIAL_LINE(SOCIAL_COMMENT_MEMBERS ", 'placed', "
    SOCIAL_AT("c.placed") ", 'revision', CAST(c.revision AS TEXT),"
    " 'rewritten', CAST(c.rewritten AS TEXT), 'moved', CAST(c.moved AS TEXT),"
    " 'taught', c.taught * ?2, 'taught_before', c.taught_before * ?2")
    " FROM comment c JOIN article a ON a.id = c.article ORDER BY c.id")
SOCIAL_SQL(DUMP_BAN,
    "SELECT " SOCIAL_LINE(SOCIAL_BAN_MEMBERS)
    " FROM ban b ORDER BY b.comment, b.commenter")
SOCIAL_SQL(DUMP_ORIGIN,
    "SELECT " SOCIAL_LINE("'type', 'origin', 'source', source, 'id', id,"
    " 'comment', 'c' || comment") " FROM origin ORDER BY source, id")
SOCIAL_SQL(DUMP_ACT,
    "SELECT " SOCIAL_LINE("'type', 'act', 'id', CAST(a.id AS TEXT), 'at', "
    SOCIAL_AT("a.at") ", 'who', a.who, 'action', a.action, 'undone',"
    " CAST(a.undone AS TEXT), 'undoes', CAST(a.undoes AS TEXT), 'revision',"
    " CAST(a.revision AS TEXT), 'article', (SELECT key FROM article"
    "  WHERE id = a.article), 'target', (SELECT key FROM article"
    "  WHERE id = a.target), 'dropped', (SELECT key FROM article"
    "  WHERE id = a.dropped)") " FROM act a ORDER BY a.id")
SOCIAL_SQL(DUMP_ACT_COMMENT,
    "SELECT " SOCIAL_LINE("'type', 'act_comment', 'act', CAST(act AS TEXT),"
    " 'comment', 'c' || comment, 'state', " SOCIAL_STATE("state")
    ", 'before', " SOCIAL_STATE("before") ", 'done', " SOCIAL_TRUE("done")
    ", 'reports', reports, 'moderated', " SOCIAL_AT("moderated") ", 'reason',"
    " reason, 'to_state', " SOCIAL_STATE("to_state") ", 'to_done', "
    SOCIAL_TRUE("to_done") ", 'ban', ban, 'taught', taught * ?2,"
    " 'taught_before', taught_before * ?2")
    " FROM act_comment ORDER BY act, comment")
SOCIAL_SQL(DUMP_LOOK,
    "SELECT " SOCIAL_LINE("'type', 'look', 'who', who, 'comment',"
    " 'c' || comment, 'revision', CAST(revision AS TEXT), 'at', "
    SOCIAL_AT("at")) " FROM look ORDER BY who")
SOCIAL_SQL(DUMP_REPLY_FEED,
    "SELECT " SOCIAL_LINE("'type', 'reply_feed', 'commenter',"
    " lower(hex(commenter)), 'number', CAST(number AS TEXT), 'mac', mac")
    " FROM reply_feed ORDER BY commenter")
SOCIAL_SQL(DUMP_TOKEN,
    "SELECT " SOCIAL_LINE("'type', 'token', 'hash', CAST(hash AS TEXT),"
    " 'spam', spam, 'ham', ham") " FROM token WHERE ?2 ORDER BY hash")
SOCIAL_SQL(DUMP_TAUGHT,
    "SELECT " SOCIAL_LINE("'type', 'taught', 'spam', spam, 'ham', ham,"
    " 'tokens', tokens, 'level', level") " FROM taught WHERE ?2")
SOCIAL_SQL(DUMP_FORGOTTEN,
    "SELECT " SOCIAL_LINE("'type', 'forgotten', 'hash', CAST(hash AS TEXT),"
    " 'published', " SOCIAL_AT("published") ", 'first_seen', "
    SOCIAL_AT("first_seen") ", 'counted', " SOCIAL_AT("counted"))
    " FROM forgotten ORDER BY hash")
SOCIAL_SQL(DUMP_BUCKET,
    "SELECT " SOCIAL_LINE("'type', 'bucket', 'step', b.step, 'start', "
    SOCIAL_AT("b.start") ", 'article', a.key, 'kind', b.kind, 'label',"
    " b.label, 'value', CAST(b.value AS TEXT)")
    " FROM bucket b JOIN article a ON a.id = b.article"
    " ORDER BY b.step, b.start, b.article, b.kind, b.label")
SOCIAL_SQL(DUMP_SITE_BUCKET,
    "SELECT " SOCIAL_LINE("'type', 'site_bucket', 'step', step, 'start', "
    SOCIAL_AT("start") ", 'kind', kind, 'label', label, 'value',"
    " CAST(value AS TEXT)")
    " FROM site_bucket ORDER BY step, start, kind, label")
SOCIAL_SQL(DUMP_SPAN,
    "SELECT " SOCIAL_LINE("'type', 'span', 'step', step, 'kept', "
    SOCIAL_AT("kept")) " FROM span WHERE step <> 0 ORDER BY step")


/* the same lines read again; ?1 the line */

SOCIAL_SQL(RESTORE_EMPTY,
    "SELECT EXISTS (SELECT 1 FROM comment)"
    " OR EXISTS (SELECT 1 FROM article WHERE key <> '')"
    " OR EXISTS (SELECT 1 FROM bucket) OR EXISTS (SELECT 1 FROM origin)"
    " OR EXISTS (SELECT 1 FROM act) OR EXISTS (SELECT 1 FROM site_bucket)")
SOCIAL_SQL(RESTORE_HEAD,
    "UPDATE setting SET value = " SOCIAL_GET("store")
    " WHERE name = 'identity' AND length(" SOCIAL_GET("store") ") = 32")
SOCIAL_SQL(RESTORE_SEQUENCE,
    "INSERT INTO sqlite_sequence (name, seq) VALUES"
    " ('comment', " SOCIAL_ID("last_comment") "),"
    " ('act', " SOCIAL_NUMBER("last_act") ")")
SOCIAL_SQL(RESTORE_SETTING,
    "INSERT OR REPLACE INTO setting (name, value) SELECT " SOCIAL_GET("name")
    ", CASE " SOCIAL_GET("kind") " WHEN 'blob' THEN " SOCIAL_HEX("value")
    " WHEN 'integer' THEN " SOCIAL_NUMBER("value") " ELSE "
    SOCIAL_GET("value") " END WHERE " SOCIAL_GET("name")
    " NOT IN ('change', 'oldest', 'identity') AND (" SOCIAL_GET("name")
    " <> 'secret' OR length(" SOCIAL_GET("value") ") = 64)")
SOCIAL_SQL(RESTORE_ARTICLE,
    "INSERT INTO article (key, title, url, published, first_seen, likes,"
    "  likes_changes, changed, readers, needed, forgotten) VALUES ("
    SOCIAL_GET("key") ", " SOCIAL_GET("title") ", " SOCIAL_GET("url") ", "
    SOCIAL_TIME("published") ", " SOCIAL_TIME("first_seen") ", "
    SOCIAL_NUMBER("reactions") ", " SOCIAL_NUMBER("reactions_changes") ", "
    SOCIAL_TIME("changed") ", " SOCIAL_NUMBER("readers") ", "
    SOCIAL_GET("needed") ", " SOCIAL_TIME("forgotten") ")"
    " ON CONFLICT (key) DO UPDATE SET first_seen = excluded.first_seen")
SOCIAL_SQL(RESTORE_ALIAS,
    "INSERT INTO alias (key, article, act, moved) VALUES (" SOCIAL_GET("key")
    ", " SOCIAL_ARTICLE("article") ", " SOCIAL_NUMBER("act") ", "
    SOCIAL_TIME("moved") ")")
SOCIAL_SQL(RESTORE_COMMENT,
    "INSERT INTO comment (id, article, parent, state, before, role, done,"
    "  reports, created, edited, moderated, commenter, person, source, reason,"
    "  name, website, text, exchange, active, replied, anonymous, format,"
    "  taught, taught_before, same, moved, revision, rewritten, placed)"
    " VALUES (" SOCIAL_ID("id") ", " SOCIAL_ARTICLE("article") ", "
    SOCIAL_ID("parent") ", " SOCIAL_STATE_OF("state") ", "
    SOCIAL_STATE_OF("before") ", " SOCIAL_GET("author") ", "
    SOCIAL_GET("done") ", " SOCIAL_GET("reports") ", "
    SOCIAL_TIME("created") ", " SOCIAL_TIME("edited") ", "
    SOCIAL_TIME("moderated") ", nullif(" SOCIAL_HEX("commenter") ", x''), "
    SOCIAL_NUMBER("person") ", " SOCIAL_GET("source") ", "
    SOCIAL_GET("reason") ", " SOCIAL_GET("name") ", " SOCIAL_GET("website")
    ", " SOCIAL_GET("text") ", " SOCIAL_GET("exchange") ", "
    SOCIAL_GET("active") ", " SOCIAL_GET("replied") ", "
    SOCIAL_GET("commenter") " = '', CASE " SOCIAL_GET("format")
    " WHEN 'markdown' THEN 1 ELSE 0 END, " SOCIAL_GET("taught") ", "
    SOCIAL_GET("taught_before") ", social_same(" SOCIAL_GET("text") "), "
    SOCIAL_NUMBER("moved") ", " SOCIAL_NUMBER("revision") ", "
    SOCIAL_NUMBER("rewritten") ", " SOCIAL_TIME("placed") ")")
SOCIAL_SQL(RESTORE_BAN,
    "INSERT INTO ban (commenter, comment, created) VALUES ("
    SOCIAL_HEX("commenter") ", " SOCIAL_ID("comment") ", "
    SOCIAL_TIME("created") ")")
SOCIAL_SQL(RESTORE_ORIGIN,
    "INSERT INTO origin (source, id, comment) VALUES (" SOCIAL_GET("source")
    ", " SOCIAL_GET("id") ", " SOCIAL_ID("comment") ")")
SOCIAL_SQL(RESTORE_ACT,
    "INSERT INTO act (id, at, who, action, undone, undoes, revision, article,"
    "  target, dropped) VALUES (" SOCIAL_NUMBER("id") ", " SOCIAL_TIME("at")
    ", " SOCIAL_GET("who") ", " SOCIAL_GET("action") ", "
    SOCIAL_NUMBER("undone") ", " SOCIAL_NUMBER("undoes") ", "
    SOCIAL_NUMBER("revision") ", " SOCIAL_ARTICLE("article") ", "
    SOCIAL_ARTICLE("target") ", " SOCIAL_ARTICLE("dropped") ")")
SOCIAL_SQL(RESTORE_ACT_COMMENT,
    "INSERT INTO act_comment (act, comment, state, before, done, reports,"
    "  moderated, reason, to_state, to_done, ban, taught, taught_before)"
    " VALUES (" SOCIAL_NUMBER("act") ", " SOCIAL_ID("comment") ", "
    SOCIAL_STATE_OF("state") ", " SOCIAL_STATE_OF("before") ", "
    SOCIAL_GET("done") ", " SOCIAL_GET("reports") ", "
    SOCIAL_TIME("moderated") ", " SOCIAL_GET("reason") ", "
    SOCIAL_STATE_OF("to_state") ", " SOCIAL_GET("to_done") ", "
    SOCIAL_GET("ban") ", " SOCIAL_GET("taught") ", "
    SOCIAL_GET("taught_before") ")")
SOCIAL_SQL(RESTORE_LOOK,
    "INSERT INTO look (who, comment, revision, at) VALUES (" SOCIAL_GET("who")
    ", " SOCIAL_ID("comment") ", " SOCIAL_NUMBER("revision") ", "
    SOCIAL_TIME("at") ")")
SOCIAL_SQL(RESTORE_REPLY_FEED,
    "INSERT INTO reply_feed (commenter, number, mac) VALUES ("
    SOCIAL_HEX("commenter") ", " SOCIAL_NUMBER("number") ", "
    SOCIAL_GET("mac") ")")
SOCIAL_SQL(RESTORE_TOKEN,
    "INSERT INTO token (hash, spam, ham) VALUES (" SOCIAL_NUMBER("hash") ", "
    SOCIAL_GET("spam") ", " SOCIAL_GET("ham") ")")
SOCIAL_SQL(RESTORE_TAUGHT,
    "UPDATE taught SET spam = " SOCIAL_GET("spam") ", ham = "
    SOCIAL_GET("ham") ", tokens = " SOCIAL_GET("tokens") ", level = "
    SOCIAL_GET("level"))
SOCIAL_SQL(RESTORE_FORGOTTEN,
    "INSERT INTO forgotten (hash, published, first_seen, counted) VALUES ("
    SOCIAL_NUMBER("hash") ", " SOCIAL_TIME("published") ", "
    SOCIAL_TIME("first_seen") ", " SOCIAL_TIME("counted") ")")
SOCIAL_SQL(RESTORE_BUCKET,
    "INSERT INTO bucket (step, start, article, kind, label, value) VALUES ("
    SOCIAL_GET("step") ", " SOCIAL_TIME("start") ", "
    SOCIAL_ARTICLE("article") ", " SOCIAL_GET("kind") ", "
    SOCIAL_GET("label") ", " SOCIAL_NUMBER("value") ")")
SOCIAL_SQL(RESTORE_SITE_BUCKET,
    "INSERT INTO site_bucket (step, start, kind, label, value) VALUES ("
    SOCIAL_GET("step") ", " SOCIAL_TIME("start") ", " SOCIAL_GET("kind") ", "
    SOCIAL_GET("label") ", " SOCIAL_NUMBER("value") ")")
SOCIAL_SQL(RESTORE_SPAN,
    "INSERT OR REPLACE INTO span (step, kept) VALUES (" SOCIAL_GET("step")
    ", " SOCIAL_TIME("kept") ")")
SOCIAL_SQL(RESTORE_COMMENTS,
    "UPDATE article AS a SET comments = (SELECT count(*) FROM comment"
    "  INDEXED BY comment_approved WHERE article = a.id AND state = 1)")
SOCIAL_SQL(RESTORE_NUMBER,
    "UPDATE article SET change = id + (SELECT value FROM setting"
    "  WHERE name = 'change') WHERE changed <> 0")
SOCIAL_SQL(RESTORE_CHANGE,
    "UPDATE setting SET value = value + (SELECT coalesce(max(id), 0)"
    "  FROM article) WHERE name = 'change'")
SOCIAL_SQL(RESTORE_IDENTITY,
    "UPDATE setting SET value = lower(hex(randomblob(16)))"
    " WHERE name = 'identity'")
