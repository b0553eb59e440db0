
/*
 * The statements of export and of reading it again, as in
 * social_store_postgres_sql.h, which includes this file at its end.  The lines
 * are those of the SQLite store, byte by byte: t/unit/store_copy.c compares
 * them.
 */

#ifndef SOCIAL_PG_SQL
#error "include social_store_postgres_sql.h"
#endif


/*
 * Lines are read through a cursor, so that some of them at a time are in
 * memory.  $1 is 1 if the secret is wanted, and in DUMP_HEAD the time.
 * Members: of a text or NULL, a number, a number as text, true or false, a time
 * (0 is null), an id of a comment or NULL.
 */

#define SOCIAL_PG_MEMBER(name, value)  ",\"" name "\":' || " value " || '"
#define SOCIAL_PG_M_TEXT(name, value)                                         \
    SOCIAL_PG_MEMBER(name, "coalesce(to_json(" value ")::text, 'null')")
#define SOCIAL_PG_M_NUMBER(name, value)  SOCIAL_PG_MEMBER(name, value)
#define SOCIAL_PG_M_WIDE(name, value)                                         \
    SOCIAL_PG_MEMBER(name, "'\"' || " value " || '\"'")
#define SOCIAL_PG_M_TRUE(name, value)                                         \
    SOCIAL_PG_MEMBER(name, "CASE WHEN " value " THEN 'true' ELSE 'false' END")
#define SOCIAL_PG_M_TIME(name, value)                                         \
    SOCIAL_PG_MEMBER(name, "coalesce('\"' || to_char(to_timestamp(CASE WHEN " \
        value " <> 0 AND " value " BETWEEN -62135596800 AND 253402300799"     \
        " THEN " value " END) AT TIME ZONE 'UTC',"                            \
        " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') || '\"', 'null')")
#define SOCIAL_PG_M_ID(name, value)                                           \
    SOCIAL_PG_MEMBER(name, "coalesce('\"c' || " value " || '\"', 'null')")
#define SOCIAL_PG_M_STATE(name, value)                                        \
    SOCIAL_PG_MEMBER(name, "'\"' || " SOCIAL_PG_STATE(value) " || '\"'")
#define SOCIAL_PG_M_KEY(name, id)                                             \
    SOCIAL_PG_M_TEXT(name, "(SELECT key FROM @article WHERE id = " id ")")

#define SOCIAL_PG_DUMP(type, members)                                         \
    "DECLARE dump NO SCROLL CURSOR FOR SELECT replace('{\"type\":\"" type     \
    "\"" members "}', '<', '\\u003c') AS line"

#define SOCIAL_PG_LAST(table)                                                 \
    "coalesce(pg_sequence_last_value(pg_get_serial_sequence('@" table         \
    "', 'id')), 0)"

SOCIAL_PG_SQL(DUMP_FETCH, "FETCH 256 FROM dump")
SOCIAL_PG_SQL(DUMP_CLOSE, "CLOSE dump")
SOCIAL_PG_SQL(DUMP_HEAD,
    SOCIAL_PG_DUMP("header", SOCIAL_PG_M_NUMBER("version", "1")
    SOCIAL_PG_M_TIME("generated", "$1") SOCIAL_PG_M_TEXT("store",
    "(SELECT encode(data, 'hex') FROM @setting WHERE name = 'identity')")
    SOCIAL_PG_M_NUMBER("articles",
    "(SELECT count(*) FROM @article WHERE key <> '')")
    SOCIAL_PG_M_NUMBER("comments", "(SELECT count(*) FROM @comment)")
    SOCIAL_PG_M_ID("last_comment", SOCIAL_PG_LAST("comment"))
    SOCIAL_PG_M_WIDE("last_act", SOCIAL_PG_LAST("act"))))
SOCIAL_PG_SQL(DUMP_SETTING,
    SOCIAL_PG_DUMP("setting", SOCIAL_PG_M_TEXT("name", "name")
    SOCIAL_PG_M_TEXT("value",
    "coalesce(encode(data, 'hex'), value::text)")
    SOCIAL_PG_M_TEXT("kind", "CASE WHEN data IS NOT NULL THEN 'blob'"
    " WHEN name = 'authors' OR name LIKE 'author %' THEN 'text'"
    " ELSE 'integer' END"))
    " FROM @setting WHERE name IN ('revision', 'signout', 'authors')"
    "  OR name LIKE 'author %' OR (name = 'secret' AND $1 = 1)"
    " ORDER BY name")
SOCIAL_PG_SQL(DUMP_ARTICLE,
    SOCIAL_PG_DUMP("article", SOCIAL_PG_M_TEXT("key", "key")
    SOCIAL_PG_M_TEXT("title", "title") SOCIAL_PG_M_TEXT("url", "url")
    SOCIAL_PG_M_TIME("published", "published")
    SOCIAL_PG_M_TIME("first_seen", "first_seen")
    SOCIAL_PG_M_NUMBER("reactions", "likes")
    SOCIAL_PG_M_NUMBER("reactions_changes", "likes_changes")
    SOCIAL_PG_M_TIME("changed", "changed")
    SOCIAL_PG_M_WIDE("readers", "readers")
    SOCIAL_PG_M_TRUE("needed", "needed <> 0")
    SOCIAL_PG_M_TIME("forgotten", "forgotten")) " FROM @article ORDER BY id")
SOCIAL_PG_SQL(DUMP_ALIAS,
    SOCIAL_PG_DUMP("alias", SOCIAL_PG_M_TEXT("key", "l.key")
    SOCIAL_PG_M_TEXT("article", "a.key") SOCIAL_PG_M_WIDE("act", "l.act")
    SOCIAL_PG_M_TIME("moved", "l.moved"))
    " FROM @alias l JOIN @article a ON a.id = l.article ORDER BY l.key")
SOCIAL_PG_SQL(DUMP_COMMENT,
    SOCIAL_PG_DUMP("comment", SOCIAL_PG_M_ID("id", "c.id")
    SOCIAL_PG_M_TEXT("article", "a.key") SOCIAL_PG_M_ID("parent", "c.parent")
    SOCIAL_PG_M_STATE("state", "c.state")
    SOCIAL_PG_M_STATE("before", "c.before")
    SOCIAL_PG_M_TRUE("author", "c.role = 1") SOCIAL_PG_M_TEXT("name", "c.name")
    SOCIAL_PG_M_TEXT("website", "c.website")
    SOCIAL_PG_M_TEXT("text", "c.text") SOCIAL_PG_MEMBER("format",
    "CASE c.format WHEN 1 THEN '\"markdown\"' ELSE '\"plain\"' END")
    SOCIAL_PG_M_TIME("created", "c.created")
    SOCIAL_PG_M_TIME("edited", "c.edited")
    SOCIAL_PG_M_TIME("moderated", "c.moderated")
    SOCIAL_PG_M_TRUE("done", "c.done <> 0")
    SOCIAL_PG_M_NUMBER("reports", "c.reports")
    SOCIAL_PG_M_TEXT("reason", "c.reason")
    SOCIAL_PG_M_TEXT("source", "c.source") SOCIAL_PG_M_WIDE("commenter",
    "coalesce(encode(c.commenter, 'hex'), '')")
    SOCIAL_PG_M_WIDE("person", "c.person")
    SOCIAL_PG_M_NUMBER("exchange", "c.exchange")
    SOCIAL_PG_M_TRUE("replied", "c.replied <> 0")
    SOCIAL_PG_M_TRUE("active", "c.active <> 0")
    SOCIAL_PG_M_TIME("placed", "c.placed")
    SOCIAL_PG_M_WIDE("revision", "c.revision")
    SOCIAL_PG_M_WIDE("rewritten", "c.rewritten")
    SOCIAL_PG_M_WIDE("moved", "c.moved")
    SOCIAL_PG_M_NUMBER("taught", "c.taught * $1")
    SOCIAL_PG_M_NUMBER("taught_before", "c.taught_before * $1"))
    " FROM @comment c JOIN @article a ON a.id = c.article ORDER BY c.id")
SOCIAL_PG_SQL(DUMP_BAN,
    SOCIAL_PG_DUMP("ban",
    SOCIAL_PG_M_WIDE("commenter", "encode(commenter, 'hex')")
    SOCIAL_PG_M_ID("comment", "comment") SOCIAL_PG_M_TIME("created", "created"))
    " FROM @ban ORDER BY comment, commenter")
SOCIAL_PG_SQL(DUMP_ORIGIN,
    SOCIAL_PG_DUMP("origin", SOCIAL_PG_M_TEXT("source", "source")
    SOCIAL_PG_M_TEXT("id", "id") SOCIAL_PG_M_ID("comment", "comment"))
    " FROM @origin ORDER BY source, id")
SOCIAL_PG_SQL(DUMP_ACT,
    SOCIAL_PG_DUMP("act", SOCIAL_PG_M_WIDE("id", "a.id")
    SOCIAL_PG_M_TIME("at", "a.at") SOCIAL_PG_M_TEXT("who", "a.who")
    SOCIAL_PG_M_TEXT("action", "a.action")
    SOCIAL_PG_M_WIDE("undone", "a.undone")
    SOCIAL_PG_M_WIDE("undoes", "a.undoes")
    SOCIAL_PG_M_WIDE("revision", "a.revision")
    SOCIAL_PG_M_KEY("article", "a.article")
    SOCIAL_PG_M_KEY("target", "a.target")
    SOCIAL_PG_M_KEY("dropped", "a.dropped")) " FROM @act a ORDER BY a.id")
SOCIAL_PG_SQL(DUMP_ACT_COMMENT,
    SOCIAL_PG_DUMP("act_comment", SOCIAL_PG_M_WIDE("act", "act")
    SOCIAL_PG_M_ID("comment", "comment") SOCIAL_PG_M_STATE("state", "state")
    SOCIAL_PG_M_STATE("before", "before")
    SOCIAL_PG_M_TRUE("done", "done <> 0")
    SOCIAL_PG_M_NUMBER("reports", "reports")
    SOCIAL_PG_M_TIME("moderated", "moderated")
    SOCIAL_PG_M_TEXT("reason", "reason")
    SOCIAL_PG_M_STATE("to_state", "to_state")
    SOCIAL_PG_M_TRUE("to_done", "to_done <> 0")
    SOCIAL_PG_M_NUMBER("ban", "ban") SOCIAL_PG_M_NUMBER("taught", "taught * $1")
    SOCIAL_PG_M_NUMBER("taught_before", "taught_before * $1"))
    " FROM @act_comment ORDER BY act, comment")
SOCIAL_PG_SQL(DUMP_LOOK,
    SOCIAL_PG_DUMP("look", SOCIAL_PG_M_TEXT("who", "who")
    SOCIAL_PG_M_ID("comment", "comment")
    SOCIAL_PG_M_WIDE("revision", "revision") SOCIAL_PG_M_TIME("at", "at"))
    " FROM @look ORDER BY who COLLATE \"C\"")
SOCIAL_PG_SQL(DUMP_REPLY_FEED,
    SOCIAL_PG_DUMP("reply_feed",
    SOCIAL_PG_M_WIDE("commenter", "encode(commenter, 'hex')")
    SOCIAL_PG_M_WIDE("number", "number") SOCIAL_PG_M_TEXT("mac", "mac"))
    " FROM @reply_feed ORDER BY commenter")
SOCIAL_PG_SQL(DUMP_TOKEN,
    SOCIAL_PG_DUMP("token", SOCIAL_PG_M_WIDE("hash", "hash")
    SOCIAL_PG_M_NUMBER("spam", "spam") SOCIAL_PG_M_NUMBER("ham", "ham"))
    " FROM @token WHERE $1 = 1 ORDER BY hash")
SOCIAL_PG_SQL(DUMP_TAUGHT,
    SOCIAL_PG_DUMP("taught", SOCIAL_PG_M_NUMBER("spam", "spam")
    SOCIAL_PG_M_NUMBER("ham", "ham") SOCIAL_PG_M_NUMBER("tokens", "tokens")
    SOCIAL_PG_M_NUMBER("level", "level")) " FROM @taught WHERE $1 = 1")
SOCIAL_PG_SQL(DUMP_FORGOTTEN,
    SOCIAL_PG_DUMP("forgotten", SOCIAL_PG_M_WIDE("hash", "hash")
    SOCIAL_PG_M_TIME("published", "published")
    SOCIAL_PG_M_TIME("first_seen", "first_seen")
    SOCIAL_PG_M_TIME("counted", "counted")) " FROM @forgotten ORDER BY hash")
SOCIAL_PG_SQL(DUMP_BUCKET,
    SOCIAL_PG_DUMP("bucket", SOCIAL_PG_M_NUMBER("step", "b.step")
    SOCIAL_PG_M_TIME("start", "b.start") SOCIAL_PG_M_TEXT("article", "a.key")
    SOCIAL_PG_M_NUMBER("kind", "b.kind") SOCIAL_PG_M_TEXT("label", "b.label")
    SOCIAL_PG_M_WIDE("value", "b.value"))
    " FROM @bucket b JOIN @article a ON a.id = b.article"
    " ORDER BY b.step, b.start, b.article, b.kind, b.label")
SOCIAL_PG_SQL(DUMP_SITE_BUCKET,
    SOCIAL_PG_DUMP("site_bucket", SOCIAL_PG_M_NUMBER("step", "step")
    SOCIAL_PG_M_TIME("start", "start") SOCIAL_PG_M_NUMBER("kind", "kind")
    SOCIAL_PG_M_TEXT("label", "label") SOCIAL_PG_M_WIDE("value", "value"))
    " FROM @site_bucket ORDER BY step, start, kind, label")
SOCIAL_PG_SQL(DUMP_SPAN,
    SOCIAL_PG_DUMP("span", SOCIAL_PG_M_NUMBER("step", "step")
    SOCIAL_PG_M_TIME("kept", "kept"))
    " FROM @span WHERE step <> 0 ORDER BY step")


/*
 * The same lines read again: $1 some of one type.  ARTICLE, TIME and so on: of
 * members, which have the names of their columns.
 */

#define SOCIAL_PG_LINES(members)                                              \
    " FROM unnest($1) WITH ORDINALITY l(line, n)"                             \
    " CROSS JOIN LATERAL json_to_record(l.line::json) AS r(" members ")"
#define SOCIAL_PG_IN_ORDER  " ORDER BY l.n"

#define SOCIAL_PG_R_TIME(name)                                                \
    "coalesce(extract(epoch FROM r." name ")::bigint, 0)"
#define SOCIAL_PG_R_ID(name)     "substr(r." name ", 2)::bigint"
#define SOCIAL_PG_R_TRUE(name)   "r." name "::int"
#define SOCIAL_PG_R_HEX(name)    "decode(r." name ", 'hex')"
#define SOCIAL_PG_R_KEY(name)                                                 \
    "(SELECT id FROM @article WHERE key = r." name ")"
#define SOCIAL_PG_R_STATE(name)                                               \
    "CASE r." name " WHEN 'approved' THEN 1 WHEN 'held' THEN 2"               \
    " WHEN 'spam' THEN 3 WHEN 'deleted' THEN 4 END"

SOCIAL_PG_SQL(RESTORE_PATIENCE,
    "SELECT set_config('statement_timeout', '600s', true),"
    " set_config('idle_in_transaction_session_timeout', '600s', true)")
SOCIAL_PG_SQL(RESTORE_EMPTY,
    "SELECT (EXISTS (SELECT 1 FROM @comment)"
    " OR EXISTS (SELECT 1 FROM @article WHERE key <> '')"
    " OR EXISTS (SELECT 1 FROM @bucket) OR EXISTS (SELECT 1 FROM @origin)"
    " OR EXISTS (SELECT 1 FROM @act) OR EXISTS (SELECT 1 FROM @site_bucket)"
    ")::int")
SOCIAL_PG_SQL(RESTORE_HEAD,
    "WITH r AS (SELECT * FROM json_to_record($1::json)"
    "  AS h(store text, last_comment text, last_act bigint)),"
    " u AS (UPDATE @setting SET data = decode(r.store, 'hex') FROM r"
    "  WHERE name = 'identity' AND length(r.store) = 32)"
    " SELECT " SOCIAL_PG_R_ID("last_comment") ", r.last_act FROM r")
SOCIAL_PG_SQL(RESTORE_SETTING,
    "INSERT INTO @setting (name, value, data) SELECT r.name,"
    "  CASE r.kind WHEN 'blob' THEN 0 ELSE r.value::bigint END,"
    "  CASE r.kind WHEN 'blob' THEN " SOCIAL_PG_R_HEX("value") " END"
    SOCIAL_PG_LINES("name text, value text, kind text")
    " WHERE r.name NOT IN ('change', 'oldest', 'schema', 'identity')"
    "  AND (r.name <> 'secret' OR length(r.value) = 64)" SOCIAL_PG_IN_ORDER
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value,"
    "  data = excluded.data")
SOCIAL_PG_SQL(RESTORE_ARTICLE,
    "INSERT INTO @article (key, title, url, published, first_seen, likes,"
    "  likes_changes, changed, readers, needed, forgotten) SELECT r.key,"
    "  r.title, r.url, " SOCIAL_PG_R_TIME("published") ", "
    SOCIAL_PG_R_TIME("first_seen") ", r.reactions, r.reactions_changes, "
    SOCIAL_PG_R_TIME("changed") ", r.readers, " SOCIAL_PG_R_TRUE("needed")
    ", " SOCIAL_PG_R_TIME("forgotten")
    SOCIAL_PG_LINES("key text, title text, url text, published timestamptz,"
    " first_seen timestamptz, reactions bigint, reactions_changes bigint,"
    " changed timestamptz, readers bigint, needed boolean,"
    " forgotten timestamptz") SOCIAL_PG_IN_ORDER)
SOCIAL_PG_SQL(RESTORE_ALIAS,
    "INSERT INTO @alias (key, article, act, moved) SELECT r.key, "
    SOCIAL_PG_R_KEY("article") ", r.act, " SOCIAL_PG_R_TIME("moved")
    SOCIAL_PG_LINES("key text, article text, act bigint, moved timestamptz")
    SOCIAL_PG_IN_ORDER)

/* $2: what each text is known by */
SOCIAL_PG_SQL(RESTORE_COMMENT,
    "INSERT INTO @comment (id, article, parent, state, before, role, done,"
    "  reports, created, edited, moderated, commenter, person, source, reason,"
    "  name, website, text, exchange, active, replied, format, taught,"
    "  taught_before, moved, revision, rewritten, placed, same) SELECT "
    SOCIAL_PG_R_ID("id") ", " SOCIAL_PG_R_KEY("article") ", "
    SOCIAL_PG_R_ID("parent") ", " SOCIAL_PG_R_STATE("state") ", "
    SOCIAL_PG_R_STATE("before") ", " SOCIAL_PG_R_TRUE("author") ", "
    SOCIAL_PG_R_TRUE("done") ", r.reports, " SOCIAL_PG_R_TIME("created") ", "
    SOCIAL_PG_R_TIME("edited") ", " SOCIAL_PG_R_TIME("moderated") ", nullif("
    SOCIAL_PG_R_HEX("commenter") ", ''), r.person, r.source, r.reason, r.name,"
    " r.website, r.text, r.exchange, " SOCIAL_PG_R_TRUE("active") ", "
    SOCIAL_PG_R_TRUE("replied") ", CASE r.format WHEN 'markdown' THEN 1"
    " ELSE 0 END, r.taught, r.taught_before, r.moved, r.revision, r.rewritten,"
    " " SOCIAL_PG_R_TIME("placed") ", l.same"
    " FROM unnest($1, $2) WITH ORDINALITY l(line, same, n)"
    " CROSS JOIN LATERAL json_to_record(l.line::json) AS r(id text,"
    "  article text, parent text, state text, before text, author boolean,"
    "  done boolean, reports bigint, created timestamptz, edited timestamptz,"
    "  moderated timestamptz, commenter text, person bigint, source text,"
    "  reason text, name text, website text, text text, exchange bigint,"
    "  active boolean, replied boolean, format text, taught bigint,"
    "  taught_before bigint, moved bigint, revision bigint, rewritten bigint,"
    "  placed timestamptz)" SOCIAL_PG_IN_ORDER)
SOCIAL_PG_SQL(RESTORE_BAN,
    "INSERT INTO @ban (commenter, comment, created) SELECT "
    SOCIAL_PG_R_HEX("commenter") ", " SOCIAL_PG_R_ID("comment") ", "
    SOCIAL_PG_R_TIME("created")
    SOCIAL_PG_LINES("commenter text, comment text, created timestamptz")
    SOCIAL_PG_IN_ORDER)
SOCIAL_PG_SQL(RESTORE_ORIGIN,
    "INSERT INTO @origin (source, id, comment) SELECT r.source, r.id, "
    SOCIAL_PG_R_ID("comment")
    SOCIAL_PG_LINES("source text, id text, comment text") SOCIAL_PG_IN_ORDER)
SOCIAL_PG_SQL(RESTORE_ACT,
    "INSERT INTO @act (id, at, who, action, undone, undoes, revision, article,"
    "  target, dropped) SELECT r.id, " SOCIAL_PG_R_TIME("at") ", r.who,"
    " r.action, r.undone, r.undoes, r.revision, " SOCIAL_PG_R_KEY("article")
    ", " SOCIAL_PG_R_KEY("target") ", " SOCIAL_PG_R_KEY("dropped")
    SOCIAL_PG_LINES("id bigint, at timestamptz, who text, action text,"
    " undone bigint, undoes bigint, revision bigint, article text, target text,"
    " dropped text") SOCIAL_PG_IN_ORDER)
SOCIAL_PG_SQL(RESTORE_ACT_COMMENT,
    "INSERT INTO @act_comment (act, comment, state, before, done, reports,"
    "  moderated, reason, to_state, to_done, ban, taught, taught_before)"
    " SELECT r.act, " SOCIAL_PG_R_ID("comment") ", "
    SOCIAL_PG_R_STATE("state") ", " SOCIAL_PG_R_STATE("before") ", "
    SOCIAL_PG_R_TRUE("done") ", r.reports, " SOCIAL_PG_R_TIME("moderated")
    ", r.reason, " SOCIAL_PG_R_STATE("to_state") ", "
    SOCIAL_PG_R_TRUE("to_done") ", r.ban, r.taught, r.taught_before"
    SOCIAL_PG_LINES("act bigint, comment text, state text, before text,"
    " done boolean, reports bigint, moderated timestamptz, reason text,"
    " to_state text, to_done boolean, ban bigint, taught bigint,"
    " taught_before bigint") SOCIAL_PG_IN_ORDER)
SOCIAL_PG_SQL(RESTORE_LOOK,
    "INSERT INTO @look (who, comment, revision, at) SELECT r.who, "
    SOCIAL_PG_R_ID("comment") ", r.revision, " SOCIAL_PG_R_TIME("at")
    SOCIAL_PG_LINES("who text, comment text, revision bigint, at timestamptz")
    SOCIAL_PG_IN_ORDER)
SOCIAL_PG_SQL(RESTORE_REPLY_FEED,
    "INSERT INTO @reply_feed (commenter, number, mac) SELECT "
    SOCIAL_PG_R_HEX("commenter") ", r.number, r.mac"
    SOCIAL_PG_LINES("commenter text, number bigint, mac text")
    SOCIAL_PG_IN_ORDER)
SOCIAL_PG_SQL(RESTORE_TOKEN,
    "INSERT INTO @token (hash, spam, ham) SELECT r.hash, r.spam, r.ham"
    SOCIAL_PG_LINES("hash bigint, spam bigint, ham bigint") SOCIAL_PG_IN_ORDER)
SOCIAL_PG_SQL(RESTORE_TAUGHT,
    "UPDATE @taught SET spam = r.spam, ham = r.ham, tokens = r.tokens,"
    " level = r.level" SOCIAL_PG_LINES("spam bigint, ham bigint, tokens bigint,"
    " level bigint"))
SOCIAL_PG_SQL(RESTORE_FORGOTTEN,
    "INSERT INTO @forgotten (hash, published, first_seen, counted)"
    " SELECT r.hash, " SOCIAL_PG_R_TIME("published") ", "
    SOCIAL_PG_R_TIME("first_seen") ", " SOCIAL_PG_R_TIME("counted")
    SOCIAL_PG_LINES("hash bigint, published timestamptz,"
    " first_seen timestamptz, counted timestamptz") SOCIAL_PG_IN_ORDER)
SOCIAL_PG_SQL(RESTORE_BUCKET,
    "INSERT INTO @bucket (step, start, article, kind, label, value)"
    " SELECT r.step, " SOCIAL_PG_R_TIME("start") ", "
    SOCIAL_PG_R_KEY("article") ", r.kind, r.label, r.value"
    SOCIAL_PG_LINES("step bigint, start timestamptz, article text, kind bigint,"
    " label text, value bigint") SOCIAL_PG_IN_ORDER)
SOCIAL_PG_SQL(RESTORE_SITE_BUCKET,
    "INSERT INTO @site_bucket (step, start, kind, label, value)"
    " SELECT r.step, " SOCIAL_PG_R_TIME("start") ", r.kind, r.label, r.value"
    SOCIAL_PG_LINES("step bigint, start timestamptz, kind bigint, label text,"
    " value bigint") SOCIAL_PG_IN_ORDER)
SOCIAL_PG_SQL(RESTORE_SPAN,
    "INSERT INTO @span (step, kept) SELECT r.step, " SOCIAL_PG_R_TIME("kept")
    SOCIAL_PG_LINES("step bigint, kept timestamptz") SOCIAL_PG_IN_ORDER
    " ON CONFLICT (step) DO UPDATE SET kept = excluded.kept")

/* the end: what lines do not say.  SEQUENCES: $1 and $2 the last ids of
 * comments and actions, which may be gone */
SOCIAL_PG_SQL(RESTORE_COMMENTS,
    "UPDATE @article a SET comments = c.n FROM (SELECT article, count(*) AS n"
    "  FROM @comment WHERE state = 1 GROUP BY 1) c WHERE a.id = c.article")
SOCIAL_PG_SQL(RESTORE_NUMBER,
    "UPDATE @article SET change = id + (SELECT value FROM @setting"
    "  WHERE name = 'change') WHERE changed <> 0")
SOCIAL_PG_SQL(RESTORE_CHANGE,
    "UPDATE @setting SET value = value + (SELECT coalesce(max(id), 0)"
    "  FROM @article) WHERE name = 'change'")
SOCIAL_PG_SQL(RESTORE_IDENTITY,
    "UPDATE @setting SET data = $1 WHERE name = 'identity'")
SOCIAL_PG_SQL(RESTORE_SEQUENCES,
    "SELECT setval(pg_get_serial_sequence('@comment', 'id'),"
    "  greatest(c.last, 1), c.last > 0),"
    " setval(pg_get_serial_sequence('@act', 'id'), greatest(a.last, 1),"
    "  a.last > 0)"
    " FROM (SELECT greatest($1, max(id)) AS last FROM @comment) c,"
    "  (SELECT greatest($2, max(id)) AS last FROM @act) a")
