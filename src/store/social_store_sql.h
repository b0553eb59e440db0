
/*
 * Every prepared SQL statement, by name.  There is no include guard: the file
 * is included once to number the names and once for the texts, with
 * SOCIAL_SQL(name, text) defined before.  Parameters are ?1, ?2, ...; a value
 * must never be pasted into a statement.
 */

#ifndef SOCIAL_SQL
#error "define SOCIAL_SQL(name, text)"
#endif


/* transactions */

SOCIAL_SQL(BEGIN_READ, "BEGIN")
SOCIAL_SQL(BEGIN_WRITE, "BEGIN IMMEDIATE")
SOCIAL_SQL(COMMIT, "COMMIT")
SOCIAL_SQL(ROLLBACK, "ROLLBACK")
SOCIAL_SQL(SAVEPOINT, "SAVEPOINT one")
SOCIAL_SQL(RELEASE, "RELEASE one")
SOCIAL_SQL(ROLLBACK_TO, "ROLLBACK TO one")


/* settings */

SOCIAL_SQL(SETTING_GET, "SELECT value FROM setting WHERE name = ?1")
SOCIAL_SQL(SETTING_ADD,
    "INSERT OR IGNORE INTO setting (name, value) VALUES (?1, ?2)")
SOCIAL_SQL(AUTHOR_KEPT,
    "SELECT 1 FROM setting WHERE name = ?1"
    " UNION ALL SELECT 1 FROM setting WHERE name = ?2"
    " UNION ALL SELECT 1 FROM setting WHERE name = ?3 LIMIT 1")
SOCIAL_SQL(SETTING_RAISE,
    "UPDATE setting SET value = value + 1 WHERE name = ?1")


/* articles */

SOCIAL_SQL(ARTICLE_FIND, "SELECT id FROM article WHERE key = ?1")
SOCIAL_SQL(ARTICLE_ADD,
    "INSERT INTO article (key, first_seen, published, forgotten, needed)"
    " VALUES (?1, ?2, ?3, ?4, ?5)")
SOCIAL_SQL(ARTICLE_SINCE,
    "SELECT CASE published WHEN 0 THEN first_seen ELSE published END"
    " FROM article WHERE id = ?1")
SOCIAL_SQL(ARTICLE_DESCRIBE,
    "UPDATE article SET"
    "  title = CASE ?2 WHEN '' THEN title ELSE ?2 END,"
    "  url = CASE ?3 WHEN '' THEN url ELSE ?3 END,"
    "  published = CASE ?4 WHEN 0 THEN published ELSE ?4 END"
    " WHERE id = ?1 AND ("
    "  ?2 NOT IN ('', title) OR ?3 NOT IN ('', url)"
    "  OR ?4 NOT IN (0, published))")
SOCIAL_SQL(ARTICLE_CHANGED,
    "UPDATE article SET changed = max(changed, ?2) WHERE id = ?1")


/* writing comments */

SOCIAL_SQL(COMMENT_FIND,
    "SELECT c.article, c.parent, c.state, c.before, c.role, c.done,"
    "  c.reports, c.created, c.commenter, c.state = 4 AND c.text = '', a.key,"
    "  c.revision, c.rewritten, c.moderated, c.visitor, c.moved"
    " FROM comment c JOIN article a ON a.id = c.article WHERE c.id = ?1")
SOCIAL_SQL(COMMENT_ADD,
    "INSERT INTO comment (article, parent, state, before, role, created,"
    "  commenter, person, weak, source, reason, name, website, text, active,"
    "  format, visitor, same, placed, exchange)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
    "  ?15, ?16, ?17, ?18,"
    "  max(?6, coalesce((SELECT placed FROM comment WHERE id = ?2), 0)),"
    "  coalesce((SELECT CASE WHEN person = ?8 AND role = ?5 THEN 0"
    "    ELSE 2 - role END FROM comment WHERE id = ?2), 0))")
SOCIAL_SQL(COMMENT_STATE,
    "UPDATE comment SET state = ?2, before = ?3, reason = ?4, reports = ?5,"
    "  moderated = ?6, done = ?7 WHERE id = ?1")
SOCIAL_SQL(COMMENT_EDIT,
    "UPDATE comment SET"
    "  name = CASE ?2 WHEN '' THEN name ELSE ?2 END,"
    "  website = CASE ?3 WHEN '' THEN website ELSE ?3 END,"
    "  text = CASE ?4 WHEN '' THEN text ELSE ?4 END,"
    "  format = CASE ?4 WHEN '' THEN format ELSE ?7 END,"
    "  same = CASE ?4 WHEN '' THEN same ELSE ?8 END,"
    "  edited = ?5,"
    "  revision = (SELECT value + 1 FROM setting WHERE name = 'revision'),"
    "  rewritten = CASE ?6 WHEN 0 THEN rewritten ELSE"
    "   (SELECT value + 1 FROM setting WHERE name = 'revision') END"
    " WHERE id = ?1 AND (?2 NOT IN ('', name) OR ?3 NOT IN ('', website)"
    "  OR ?4 NOT IN ('', text))")
SOCIAL_SQL(COMMENT_WIPE,
    "UPDATE comment SET state = 4, commenter = NULL, person = 0, weak = 0,"
    "  source = '', reason = '', name = '', website = '', text = '', same = 0"
    " WHERE id = ?1")
SOCIAL_SQL(COMMENT_REPORT,
    "UPDATE comment SET reports = min(reports + 1, 1000000) WHERE id = ?1")
SOCIAL_SQL(HAS_APPROVED,
    "SELECT 1 FROM comment WHERE commenter = ?1 AND state = 1 AND role = 0"
    " LIMIT 1")
SOCIAL_SQL(HAS_OTHER_APPROVED,
    "SELECT 1 FROM comment WHERE commenter = ?1 AND state = 1 AND role = 0"
    "  AND id <> ?2 LIMIT 1")



/* the same comment, sent before; without a cookie only one that was sent
 * without one.  ?1 who, ?2 article, ?3 parent, ?4 text, ?5 since */

#define SOCIAL_TWIN                                                       \
    " AND c.article = ?2 AND c.parent IS ?3 AND c.text = ?4"                  \
    " AND c.created >= ?5 AND c.state IN (1, 2) ORDER BY c.id LIMIT 1"

SOCIAL_SQL(TWIN_KNOWN,
    "SELECT c.id, c.state FROM comment c"
    " WHERE c.commenter = ?1 AND c.role = 0" SOCIAL_TWIN)
SOCIAL_SQL(TWIN_WEAK,
    "SELECT c.id, c.state FROM comment c"
    " WHERE c.weak = ?1 AND c.weak <> 0 AND c.role = 0"
    "  AND NOT EXISTS (SELECT 1 FROM comment o"
    "   WHERE o.commenter = c.commenter AND o.id < c.id)" SOCIAL_TWIN)
SOCIAL_SQL(TWIN_AUTHOR,
    "SELECT c.id, c.state FROM comment c INDEXED BY comment_approved"
    " WHERE c.name = ?1 AND c.role = 1 AND c.state = 1" SOCIAL_TWIN)
SOCIAL_SQL(TWIN_OWNER, "UPDATE comment SET commenter = ?2 WHERE id = ?1")

SOCIAL_SQL(AUTHORS, "SELECT DISTINCT name FROM comment WHERE role = 1")


/* a text that was sent before, by anybody, at any place */
SOCIAL_SQL(REPEATED,
    "SELECT 1 FROM comment INDEXED BY comment_same"
    " WHERE same = ?1 AND same <> 0 AND id <> ?2 AND created >= ?3"
    "  AND state <> 4 AND role = 0 LIMIT 1")


/* what the moderator taught the filter */

SOCIAL_SQL(LESSON_GET,
    "SELECT taught, taught_before, role, state, format, name, website, text,"
    "  source, reason FROM comment WHERE id = ?1 AND text <> ''")
SOCIAL_SQL(LESSON_SET,
    "UPDATE comment SET taught = ?2, taught_before = ?3 WHERE id = ?1")
SOCIAL_SQL(LESSON_OF,
    "SELECT id FROM comment WHERE commenter = ?1 AND taught <> 0"
    "  AND role = 0 AND text <> '' LIMIT 1")
SOCIAL_SQL(LESSON_EXPIRED,
    "SELECT id FROM comment INDEXED BY comment_held"
    " WHERE state = 2 AND created < ?1 AND taught <> 0"
    "  AND role = 0 AND text <> '' LIMIT 1")
SOCIAL_SQL(TAUGHT_GET, "SELECT spam, ham, tokens, level FROM taught")
SOCIAL_SQL(TAUGHT_ADD,
    "UPDATE taught SET spam = spam + ?1, ham = ham + ?2, tokens = tokens + ?3")
SOCIAL_SQL(TAUGHT_THIN,
    "UPDATE taught SET level = ?1, tokens = (SELECT count(*) FROM token)")
SOCIAL_SQL(TOKEN_GET, "SELECT spam, ham FROM token WHERE hash = ?1")
SOCIAL_SQL(TOKEN_ADD,
    "UPDATE token SET spam = spam + ?2, ham = ham + ?3 WHERE hash = ?1")
SOCIAL_SQL(TOKEN_NEW,
    "INSERT INTO token (hash, spam, ham) VALUES (?1, ?2, ?3)")
SOCIAL_SQL(TOKEN_DROP,
    "DELETE FROM token WHERE hash = ?1 AND spam <= 0 AND ham <= 0")
SOCIAL_SQL(TOKEN_THIN, "DELETE FROM token WHERE (hash & ?1) <> 0")
SOCIAL_SQL(COMMENT_REASON, "UPDATE comment SET reason = ?2 WHERE id = ?1")


/* the person of an earlier comment */

SOCIAL_SQL(PERSON_KNOWN,
    "SELECT person FROM comment WHERE commenter = ?1 AND role = 0"
    " ORDER BY id LIMIT 1")
SOCIAL_SQL(PERSON_WEAK,
    "SELECT person FROM comment WHERE weak = ?1 AND weak <> 0 AND role = 0"
    "  AND created >= ?2 ORDER BY id LIMIT 1")
SOCIAL_SQL(WEAK_FORGET,
    "UPDATE comment SET weak = 0, visitor = 0"
    " WHERE weak <> 0 AND created < ?1")


/* erasing a person's comments; bans */

SOCIAL_SQL(ERASE_KEY,
    "SELECT a.key FROM comment c JOIN article a ON a.id = c.article"
    " WHERE c.commenter = ?1 ORDER BY c.state = 1 DESC, c.id DESC LIMIT 1")
SOCIAL_SQL(ERASE_TOUCH,
    "UPDATE article SET changed = max(changed, ?2) WHERE id IN"
    " (SELECT article FROM comment WHERE commenter = ?1 AND state = 1)")
SOCIAL_SQL(ERASE_WIPE,
    "UPDATE comment SET state = 4, commenter = NULL, person = 0, weak = 0,"
    "  source = '', reason = '', name = '', website = '', text = '', same = 0"
    " WHERE commenter = ?1")
SOCIAL_SQL(BANNED, "SELECT 1 FROM ban WHERE commenter = ?1")
SOCIAL_SQL(BAN_ADD,
    "INSERT OR IGNORE INTO ban (commenter, comment, created)"
    " VALUES (?1, ?2, ?3)")
SOCIAL_SQL(BAN_LIFT, "DELETE FROM ban WHERE comment = ?1")
SOCIAL_SQL(BANNED_DAY, "SELECT 1 FROM ban_day WHERE visitor = ?1"
    " AND created >= ?2")
SOCIAL_SQL(BAN_DAY_ADD,
    "INSERT OR REPLACE INTO ban_day (visitor, comment, created)"
    " VALUES (?1, ?2, ?3)")
SOCIAL_SQL(BAN_DAY_LIFT, "DELETE FROM ban_day WHERE comment = ?1")
SOCIAL_SQL(BAN_DAY_FORGET, "DELETE FROM ban_day WHERE created < ?1")


/* counters */

SOCIAL_SQL(GENERATION_GET, "SELECT seen FROM generation WHERE id = ?1")
SOCIAL_SQL(GENERATION_ADD,
    "INSERT INTO generation (id, seen) VALUES (?1, ?2)")
SOCIAL_SQL(GENERATION_SEEN, "UPDATE generation SET seen = ?2 WHERE id = ?1")
SOCIAL_SQL(GENERATION_DROP,
    "DELETE FROM generation WHERE seen < ?1"
    "  AND NOT EXISTS (SELECT 1 FROM watermark WHERE generation = id)")
SOCIAL_SQL(WATERMARKS,
    "SELECT kind, label, last FROM watermark"
    " WHERE generation = ?1 AND life = ?2 ORDER BY kind, label")
SOCIAL_SQL(WATERMARK_PUT,
    "INSERT OR REPLACE INTO watermark (generation, life, kind, label, last)"
    " VALUES (?1, ?2, ?3, ?4, ?5)")
SOCIAL_SQL(WATERMARK_DROP,
    "DELETE FROM watermark WHERE (generation, life, kind, label) IN"
    " (SELECT generation, life, kind, label FROM watermark WHERE generation IN"
    "   (SELECT id FROM generation WHERE seen < ?1) LIMIT ?2)")
SOCIAL_SQL(BUCKETS,
    "SELECT kind, label, value FROM bucket"
    " WHERE step = ?1 AND start = ?2 AND article = ?3 ORDER BY kind, label")
SOCIAL_SQL(BUCKET_PUT,
    "INSERT OR REPLACE INTO bucket (step, start, article, kind, label, value)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
SOCIAL_SQL(BUCKET_ADD,
    "INSERT INTO bucket (step, start, article, kind, label, value)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT (step, start, article, kind, label)"
    " DO UPDATE SET value = value + excluded.value")
SOCIAL_SQL(SITE_ADD,
    "INSERT INTO site_bucket (step, start, kind, label, value)"
    " VALUES (?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT (step, start, kind, label)"
    " DO UPDATE SET value = value + excluded.value")


/* an answer: approved, by a reader, on top or below an author's or one's own
 * comment, or its parent is gone; not done */
SOCIAL_SQL(REPLIED_GET,
    "SELECT parent, created, replied, state = 1 AND role = 0 AND done = 0"
    "  AND (parent IS NULL OR exchange <> 2 OR NOT EXISTS (SELECT 1"
    "   FROM comment p WHERE p.id = c.parent AND p.state = 1))"
    " FROM comment c WHERE id = ?1")
SOCIAL_SQL(REPLIED_SET, "UPDATE comment SET replied = 1 WHERE id = ?1")


/* likes */

SOCIAL_SQL(LIKED_FORGET,
    "DELETE FROM liked WHERE (day, article, reader) IN (SELECT day, article,"
    "  reader FROM liked WHERE day < ?1 ORDER BY day, article, reader"
    "  LIMIT 1000)")
SOCIAL_SQL(LIKED_GET,
    "SELECT created, active FROM liked"
    " WHERE day = ?1 AND article = ?2 AND reader = ?3")
SOCIAL_SQL(LIKED_ADD,
    "INSERT INTO liked (day, article, reader, created, active)"
    " VALUES (?1, ?2, ?3, ?4, ?5)")
SOCIAL_SQL(LIKED_DROP,
    "DELETE FROM liked WHERE day = ?1 AND article = ?2 AND reader = ?3")
SOCIAL_SQL(LIKED_BEFORE,
    "UPDATE comment SET active = 0 WHERE commenter = ?1 AND article = ?2"
    "  AND created >= ?3 AND role = 0 AND active = 1")
SOCIAL_SQL(LIKES_GET, "SELECT likes, likes_changes FROM article WHERE id = ?1")


/*
 * INDEXED BY: without statistics SQLite assumes that few comments share a
 * state, and would read all approved comments of the site.
 *
 * Reading comments: social_sqlite_list() expects these columns in this order.
 * BELOW finds an author's comment anywhere below, in a bounded tree.
 */

#define SOCIAL_COLUMNS                                                    \
    "SELECT c.id, c.parent, c.created, c.edited, c.state, c.role, c.done,"    \
    "  c.reports, c.commenter, a.key, a.title, c.name, c.website, c.text,"    \
    "  c.reason, p.name, c.format, "

#define SOCIAL_BELOW                                                      \
    "(WITH RECURSIVE below (id, hit) AS ("                                    \
    "  SELECT id, role = 1 AND state = 1 FROM comment WHERE parent = c.id"    \
    "  UNION ALL"                                                             \
    "  SELECT r.id, r.role = 1 AND r.state = 1"                               \
    "   FROM below b JOIN comment r ON r.parent = b.id LIMIT 1000)"           \
    " SELECT max(hit) FROM below)"

#define SOCIAL_TABLES(index)                                                  \
    " FROM comment c " index " JOIN article a ON a.id = c.article"            \
    " LEFT JOIN comment p ON p.id = c.parent AND p.state = 1"

SOCIAL_SQL(THREAD_HEAD,
    "SELECT changed, comments, likes, likes_changes, change FROM article"
    " WHERE key = ?1")
#define SOCIAL_SIZES                                                          \
    "SELECT id, length(CAST(text AS BLOB)) + length(CAST(name AS BLOB))"       \
    "  + length(CAST(website AS BLOB)), placed"                                \
    " FROM comment INDEXED BY comment_thread"                                  \
    " WHERE state = 1 AND article = "
#define SOCIAL_SIZES_THREAD                                                   \
    SOCIAL_SIZES "(SELECT id FROM article WHERE key = ?1)"
#define SOCIAL_SIZES_OF                                                       \
    SOCIAL_SIZES "(SELECT article FROM comment WHERE id = ?1 AND state = 1)"

SOCIAL_SQL(THREAD_SIZES,
    SOCIAL_SIZES_THREAD " ORDER BY placed DESC, id DESC")
SOCIAL_SQL(THREAD_SIZES_OLDEST, SOCIAL_SIZES_THREAD " ORDER BY placed, id")
SOCIAL_SQL(THREAD,
    "WITH RECURSIVE page (id, parent) AS ("
    "  SELECT id, parent FROM comment INDEXED BY comment_thread"
    "   WHERE article = (SELECT id FROM article WHERE key = ?1) AND state = 1"
    "    AND (placed, id) >= (?2, ?3) AND (placed, id) <= (?5, ?6)),"
    " gone (id, parent) AS ("
    "  SELECT c.id, c.parent FROM page JOIN comment c ON c.id = page.parent"
    "   WHERE c.state <> 1"
    "  UNION"
    "  SELECT c.id, c.parent FROM gone JOIN comment c ON c.id = gone.parent"
    "   WHERE c.state <> 1 LIMIT ?4) "
    SOCIAL_COLUMNS "0, (SELECT substr(source, 1, instr(source || ':', ':') - 1)"
    "  || ':' || id FROM origin WHERE comment = c.id LIMIT 1)"
    SOCIAL_TABLES("")
    " WHERE c.id IN (SELECT id FROM page UNION ALL SELECT id FROM gone)"
    " ORDER BY c.placed, c.id")
SOCIAL_SQL(AFTER,
    SOCIAL_COLUMNS "0" SOCIAL_TABLES("INDEXED BY comment_approved")
    " WHERE c.article = (SELECT id FROM article WHERE key = ?1)"
    "  AND c.state = 1 AND c.id > ?3 ORDER BY c.id LIMIT ?2")
SOCIAL_SQL(COMMENT,
    SOCIAL_COLUMNS SOCIAL_BELOW SOCIAL_TABLES("") " WHERE c.id = ?1")
SOCIAL_SQL(IMPORTED,
    /* ids are found by source, of which there are few */
    "WITH RECURSIVE sources (name) AS (SELECT min(source) FROM origin"
    "  UNION ALL SELECT (SELECT min(source) FROM origin WHERE source > name)"
    "   FROM sources WHERE name IS NOT NULL LIMIT 100)"
    "SELECT DISTINCT o.comment FROM sources JOIN origin o"
    "  ON o.source = name AND o.id = ?1 LIMIT 2")
SOCIAL_SQL(PAGE_OF, SOCIAL_SIZES_OF " ORDER BY placed DESC, id DESC")
SOCIAL_SQL(PAGE_OF_OLDEST, SOCIAL_SIZES_OF " ORDER BY placed, id")
SOCIAL_SQL(MINE_HEAD,
    "SELECT max(a.changed), count(*) FROM comment c"
    " JOIN article a ON a.id = c.article WHERE c.commenter = ?1")
SOCIAL_SQL(MINE,
    SOCIAL_COLUMNS "0" SOCIAL_TABLES("")
    " WHERE c.commenter = ?1 AND c.id > ?3 ORDER BY c.id LIMIT ?2")
SOCIAL_SQL(MINE_NEWEST,
    SOCIAL_COLUMNS "0" SOCIAL_TABLES("")
    " WHERE c.commenter = ?1 AND c.id < ?3 ORDER BY c.id DESC LIMIT ?2")


/* feeds, newest first */

SOCIAL_SQL(FEED_SITE,
    SOCIAL_COLUMNS "0" SOCIAL_TABLES("INDEXED BY comment_newest")
    " WHERE c.state = 1 ORDER BY c.created DESC, c.id DESC LIMIT ?2")
SOCIAL_SQL(FEED_ARTICLE,
    SOCIAL_COLUMNS "0" SOCIAL_TABLES("")
    " WHERE c.id IN (SELECT id FROM comment INDEXED BY comment_thread"
    "   WHERE article = (SELECT id FROM article WHERE key = ?1)"
    "    AND state = 1 ORDER BY created DESC, id DESC LIMIT ?2)"
    " ORDER BY c.created DESC, c.id DESC")
SOCIAL_SQL(FEED_REPLIES,
    SOCIAL_COLUMNS "0" SOCIAL_TABLES("")
    " WHERE c.id IN (SELECT r.id FROM (SELECT id FROM comment"
    "    WHERE commenter = ?1 AND state = 1 ORDER BY id DESC LIMIT 1000) o"
    "   CROSS JOIN comment r INDEXED BY comment_parent ON r.parent = o.id"
    "   WHERE r.state = 1 AND r.commenter IS NOT ?1"
    "   ORDER BY r.created DESC, r.id DESC LIMIT ?2)"
    " ORDER BY c.created DESC, c.id DESC")
SOCIAL_SQL(FEED_OWNER, "SELECT commenter FROM reply_feed WHERE mac = ?1")
SOCIAL_SQL(FEED_GET, "SELECT mac FROM reply_feed WHERE commenter = ?1")
SOCIAL_SQL(FEED_PUT,
    "INSERT INTO reply_feed (commenter, number, mac) SELECT ?1, ?2, ?3"
    " WHERE EXISTS (SELECT 1 FROM comment WHERE commenter = ?1)"
    " ON CONFLICT (commenter)"
    " DO UPDATE SET number = excluded.number, mac = excluded.mac WHERE ?4")
SOCIAL_SQL(FEED_FORGET, "DELETE FROM reply_feed WHERE commenter = ?1")


/* notices.  An id is given once, so the queue is never longer than ?1 */

SOCIAL_SQL(NOTICE_ADD,
    "INSERT INTO notice (kind, comment, created, clock)"
    " SELECT ?1, ?2, ?3, clock FROM notice_state")
SOCIAL_SQL(NOTICE_SHORTEN,
    "DELETE FROM notice WHERE id <= (SELECT max(id) FROM notice) - ?1")
SOCIAL_SQL(NOTICE_WAITS, "SELECT 1 FROM notice LIMIT 1")
SOCIAL_SQL(NOTICE_NEXT,
    "SELECT n.id, n.kind, n.comment, n.created,"
    "  EXISTS (SELECT 1 FROM comment c WHERE c.id = n.comment"
    "    AND c.state IN (1, 2))"
    " FROM notice n ORDER BY n.id LIMIT 1")
SOCIAL_SQL(NOTICE_COMMENT,
    SOCIAL_COLUMNS "0" SOCIAL_TABLES("") " WHERE c.id = ?1")
SOCIAL_SQL(NOTICE_DROP, "DELETE FROM notice WHERE id = ?1")
SOCIAL_SQL(NOTICE_EXPIRE,
    "DELETE FROM notice WHERE clock <= (SELECT clock FROM notice_state) - ?1")
SOCIAL_SQL(NOTICE_STATE,
    "SELECT owner, until, tries, pause, failed, clock FROM notice_state")
SOCIAL_SQL(NOTICE_STATE_SET,
    "UPDATE notice_state SET owner = ?1, until = ?2, tries = ?3, pause = ?4,"
    "  failed = ?5, clock = ?6")


/* articles that have comments or likes, or whose thread moved */

#define SOCIAL_ALIASES                                                    \
    "SELECT l.key, (SELECT comments FROM article WHERE id = l.article),"       \
    "  coalesce(o.likes, 0), coalesce(o.likes_changes, 0), 1,"                \
    "  max(coalesce(o.change, 0), (SELECT change FROM article"                \
    "    WHERE id = l.article))"                                              \
    " FROM alias l LEFT JOIN article o ON o.key = l.key"

SOCIAL_SQL(KEYS,
    "SELECT a.key, c.n, a.likes, a.likes_changes, 0, a.change"
    " FROM (SELECT article, count(*) AS n"
    "  FROM comment INDEXED BY comment_approved WHERE state = 1"
    "  GROUP BY article) c JOIN article a ON a.id = c.article"
    " UNION ALL"
    " SELECT key, 0, likes, likes_changes, 0, change"
    " FROM article a INDEXED BY article_liked WHERE likes > 0 AND NOT EXISTS"
    " (SELECT 1 FROM comment INDEXED BY comment_approved"
    "   WHERE article = a.id AND state = 1)"
    " UNION ALL " SOCIAL_ALIASES)

/* of an article that a write changed */
SOCIAL_SQL(NUMBERS,
    "SELECT comments, change FROM article WHERE key = ?1")

/* ?1: number of the last change that is known; ?2: limit.  A thread that moved
 * changes with both of its articles */
SOCIAL_SQL(CHANGED,
    "WITH page AS (SELECT id, key, comments, likes, likes_changes, change"
    "  FROM article INDEXED BY article_change"
    "  WHERE change <> 0 AND change > ?1 ORDER BY change LIMIT ?2)"
    " SELECT a.key, a.comments, a.likes, a.likes_changes, 0, a.change"
    " FROM page a WHERE NOT EXISTS (SELECT 1 FROM alias WHERE key = a.key)"
    " UNION ALL"
    " SELECT l.key, (SELECT comments FROM article WHERE id = l.article),"
    "  coalesce(o.likes, 0), coalesce(o.likes_changes, 0), 1, page.change"
    " FROM page JOIN alias l ON l.article = page.id OR l.key = page.key"
    " LEFT JOIN article o ON o.key = l.key")
SOCIAL_SQL(CHANGED_LAST,
    "SELECT max(change), count(*) FROM (SELECT change FROM article"
    "  INDEXED BY article_change WHERE change <> 0 AND change > ?1"
    "  ORDER BY change LIMIT ?2)")


/* figures */

SOCIAL_SQL(FIGURES_ARTICLES, "SELECT count(*) FROM article")
SOCIAL_SQL(FIGURES_ARTICLE,
    "SELECT id, key, title, url, published, first_seen FROM article"
    " ORDER BY id")
SOCIAL_SQL(FIGURES_MESSAGES,
    "SELECT count(*) FROM comment INDEXED BY comment_approved WHERE state = 1")
SOCIAL_SQL(FIGURES_MESSAGE,
    "SELECT id, parent, article, person, created, role, done, source,"
    "  exchange, active, anonymous"
    " FROM comment INDEXED BY comment_approved WHERE state = 1"
    " ORDER BY article, id")
SOCIAL_SQL(FIGURES_AUTHOR, "SELECT name FROM comment WHERE id = ?1")
SOCIAL_SQL(FIGURES_HELD,
    "SELECT count(*), min(created),"
    "  (SELECT value FROM setting WHERE name = 'revision')"
    " FROM comment INDEXED BY comment_held"
    " WHERE state = 2")
SOCIAL_SQL(FIGURES_SITE,
    "SELECT start, kind, label, value FROM site_bucket"
    " WHERE step = ?1 AND start >= ?2 AND start < ?3")


/* spans of time */

SOCIAL_SQL(SPAN_KEPT, "SELECT step, kept FROM span ORDER BY step")
SOCIAL_SQL(SPAN_KEEP,
    "UPDATE span SET kept = ?2 WHERE step = ?1 AND kept < ?2")
SOCIAL_SQL(SPAN_DROP,
    "DELETE FROM bucket WHERE (step, start, article, kind, label) IN"
    " (SELECT step, start, article, kind, label FROM bucket"
    "   WHERE step = ?1 AND start < ?2"
    "   ORDER BY step, start, article, kind, label LIMIT ?3)")
SOCIAL_SQL(SPAN_DROP_SITE,
    "DELETE FROM site_bucket WHERE (step, start, kind, label) IN"
    " (SELECT step, start, kind, label FROM site_bucket"
    "   WHERE step = ?1 AND start < ?2 LIMIT ?3)")


/* retention; AGE_DAYS: the rows that SPAN_DROP removes */

SOCIAL_SQL(AGE_CLOCK, "SELECT kept FROM span WHERE step = -1")
SOCIAL_SQL(AGE_CLOCK_SET,
    "INSERT OR REPLACE INTO span (step, kept) VALUES (-1, ?1)")
SOCIAL_SQL(AGE_DAYS,
    "SELECT article, kind, value FROM bucket WHERE step = ?1 AND start < ?2"
    " ORDER BY step, start, article, kind, label LIMIT ?3")
SOCIAL_SQL(AGE_FOLD,
    "UPDATE article SET readers = readers + ?2,"
    "  needed = (?3 OR readers + ?2 > 1) WHERE id = ?1 AND needed = 0")
SOCIAL_SQL(AGE_HELD,
    "UPDATE comment SET state = 4, commenter = NULL, person = 0, weak = 0,"
    "  source = '', reason = '', name = '', website = '', text = '', same = 0"
    " WHERE id IN (SELECT id FROM comment INDEXED BY comment_held"
    "  WHERE state = 2 AND created < ?1 ORDER BY created LIMIT ?2)")

/* an article with comments, but for deleted ones, is not looked at; nor is the
 * last one, whose number would be given again */
SOCIAL_SQL(FORGET_NEXT,
    "SELECT id, published, first_seen, readers, forgotten, key,"
    "  EXISTS (SELECT 1 FROM comment INDEXED BY comment_approved"
    "    WHERE state = 1 AND article = a.id)"
    "  OR EXISTS (SELECT 1 FROM comment c INDEXED BY comment_other"
    "    WHERE state <> 1 AND article = a.id AND (state <> 4"
    "     OR EXISTS (SELECT 1 FROM ban WHERE comment = c.id)))"
    " FROM article a INDEXED BY article_unneeded"
    " WHERE needed = 0 AND id > ?1 AND first_seen < ?2 AND key <> ''"
    "  AND id < (SELECT max(id) FROM article) ORDER BY id LIMIT 1")
SOCIAL_SQL(FORGET_NEVER, "UPDATE article SET needed = 1 WHERE id = ?1")
SOCIAL_SQL(FORGET_SPAN,
    "DELETE FROM bucket WHERE step = ?1 AND start = ?2 AND article = ?3")
SOCIAL_SQL(FORGET_COMMENTS,
    "DELETE FROM comment WHERE id IN (SELECT id FROM comment"
    "  INDEXED BY comment_other WHERE state <> 1 AND article = ?1)")
SOCIAL_SQL(FORGET_ARTICLE, "DELETE FROM article WHERE id = ?1")
SOCIAL_SQL(FORGOTTEN_ADD,
    "INSERT OR REPLACE INTO forgotten (hash, published, first_seen, counted)"
    " VALUES (?1, ?2, ?3, ?4)")
SOCIAL_SQL(FORGOTTEN_GET,
    "SELECT published, first_seen, counted FROM forgotten WHERE hash = ?1")
SOCIAL_SQL(FORGOTTEN_DROP, "DELETE FROM forgotten WHERE hash = ?1")
SOCIAL_SQL(FORGOTTEN_BACK,
    "SELECT count(*) FROM article INDEXED BY article_forgotten"
    " WHERE forgotten <> 0 AND forgotten >= ?1 AND forgotten < ?2")


/* precomputed sums; id: window << 32 | chunk */

SOCIAL_SQL(WINDOW_ROWS,
    "SELECT id, start, until, data FROM window_sum"
    " WHERE id >= ?1 AND id < ?2 ORDER BY id")
SOCIAL_SQL(WINDOW_PUT,
    "INSERT OR REPLACE INTO window_sum (id, start, until, data)"
    " VALUES (?1, ?2, ?3, ?4)")
SOCIAL_SQL(WINDOW_FORGET,
    "DELETE FROM window_sum WHERE id = ?1 AND start <= ?2 AND until > ?2")
SOCIAL_SQL(WINDOW_BEFORE, "SELECT 1 FROM window_sum WHERE start < ?1 LIMIT 1")
SOCIAL_SQL(WINDOW_LAST, "SELECT max(id) FROM article")
SOCIAL_SQL(WINDOW_ROLLED,
    "UPDATE span SET kept = ?1 WHERE step = 0 AND kept < ?1")
SOCIAL_SQL(WINDOW_SPAN,
    "SELECT min(start) FROM bucket WHERE step = ?1 AND start >= ?2")
SOCIAL_SQL(WINDOW_BUCKET,
    "SELECT article, kind, value FROM bucket WHERE step = ?1 AND start = ?2"
    "  AND article >= ?3 AND article < ?4")


/* details of one article or comment */

SOCIAL_SQL(DETAILS_BUCKET,
    "SELECT start, kind, label, value FROM bucket"
    " WHERE step = ?1 AND start = ?2 AND article = ?3")
SOCIAL_SQL(DETAILS_DAYS,
    "SELECT (SELECT min(start) FROM bucket WHERE step = 86400),"
    "  (SELECT max(start) FROM bucket WHERE step = 86400)")
SOCIAL_SQL(DETAILS_COMMENT,
    "SELECT name, substr(text, 1, 640), reason FROM comment WHERE id = ?1")


#include "social_store_sql_moderate.h"
#include "social_store_sql_import.h"
