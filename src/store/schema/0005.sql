-- Version 5: smaller spans of time, sums of the site, retention.
--
-- Spans (`step`) are 300 s, 3600 s and 86400 s now.  Those of 30 days are not
-- written any more: days have the same counts.

-- The site's sums: of all articles, and of the site itself.  Step 0 is for
-- ever, and its values never fall.
CREATE TABLE site_bucket (
    step        INTEGER NOT NULL,
    start       INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    label       TEXT NOT NULL,
    value       INTEGER NOT NULL,
    PRIMARY KEY (step, start, kind, label)
) WITHOUT ROWID;

INSERT INTO site_bucket (step, start, kind, label, value)
    SELECT step, start, kind, label, sum(value) FROM bucket
    WHERE step IN (3600, 86400) GROUP BY step, start, kind, label;

INSERT INTO site_bucket (step, start, kind, label, value)
    SELECT 0, 0, kind, label, sum(value) FROM bucket
    WHERE step = 86400 GROUP BY kind, label;

-- Spans of a step that begin before `kept` may be gone; what they counted is
-- in larger spans.  Step 0: no precomputed sum ends after `kept`.
CREATE TABLE span (
    step        INTEGER PRIMARY KEY,
    kept        INTEGER NOT NULL
);

INSERT INTO span (step, kept) VALUES
    (0, 0),
    (300, (SELECT coalesce(max(start) + 3600, 0) FROM bucket
               WHERE step = 3600)),
    (3600, 0), (86400, 0);

DELETE FROM bucket WHERE step = 2592000;


-- Precomputed sums of 128 articles in the spans of [start, until); see
-- social_store_sqlite_window.c.  id: window << 32 | chunk of articles.
CREATE TABLE window_sum (
    id          INTEGER PRIMARY KEY,
    start       INTEGER NOT NULL,
    until       INTEGER NOT NULL,
    data        BLOB NOT NULL
);


-- The number of likes, as in version 3, but from days.

DROP TRIGGER bucket_liked;
DROP TRIGGER bucket_liked_more;

CREATE TRIGGER bucket_liked AFTER INSERT ON bucket
    WHEN NEW.step = 86400 AND NEW.kind IN (10, 11)
BEGIN
    UPDATE article SET
        likes = max(0, likes + CASE NEW.kind WHEN 10 THEN NEW.value
                                             ELSE -NEW.value END),
        likes_changes = likes_changes + 1,
        changed = max(changed, CAST(strftime('%s', 'now') AS INTEGER))
    WHERE id = NEW.article;
END;

CREATE TRIGGER bucket_liked_more AFTER UPDATE OF value ON bucket
    WHEN NEW.step = 86400 AND NEW.kind IN (10, 11)
BEGIN
    UPDATE article SET
        likes = max(0, likes + CASE NEW.kind WHEN 10 THEN NEW.value - OLD.value
                                             ELSE OLD.value - NEW.value END),
        likes_changes = likes_changes + 1,
        changed = max(changed, CAST(strftime('%s', 'now') AS INTEGER))
    WHERE id = NEW.article;
END;


-- A process that began before this migration writes spans of 3600 s, 86400 s
-- and 30 days, the last of which nobody else writes.  So they tell what it
-- saved, and when: now.

CREATE TRIGGER bucket_older AFTER INSERT ON bucket WHEN NEW.step = 2592000
BEGIN
    INSERT INTO site_bucket (step, start, kind, label, value)
        SELECT step, CASE step WHEN 0 THEN 0 ELSE
                   CAST(strftime('%s', 'now') AS INTEGER) / step * step END,
               NEW.kind, NEW.label, NEW.value
            FROM (SELECT 0 AS step UNION ALL SELECT 300 UNION ALL SELECT 3600
                  UNION ALL SELECT 86400)
            WHERE true
        ON CONFLICT (step, start, kind, label)
        DO UPDATE SET value = value + excluded.value;
    INSERT INTO bucket (step, start, article, kind, label, value)
        VALUES (300, CAST(strftime('%s', 'now') AS INTEGER) / 300 * 300,
                NEW.article, NEW.kind, NEW.label, NEW.value)
        ON CONFLICT (step, start, article, kind, label)
        DO UPDATE SET value = value + excluded.value;
    DELETE FROM window_sum WHERE id IN
        (SELECT window * 4294967296 + NEW.article / 128
             FROM (SELECT 1 AS window UNION ALL SELECT 2 UNION ALL SELECT 3
                   UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6));
END;

CREATE TRIGGER bucket_older_more AFTER UPDATE OF value ON bucket
    WHEN NEW.step = 2592000
BEGIN
    INSERT INTO site_bucket (step, start, kind, label, value)
        SELECT step, CASE step WHEN 0 THEN 0 ELSE
                   CAST(strftime('%s', 'now') AS INTEGER) / step * step END,
               NEW.kind, NEW.label, NEW.value - OLD.value
            FROM (SELECT 0 AS step UNION ALL SELECT 300 UNION ALL SELECT 3600
                  UNION ALL SELECT 86400)
            WHERE true
        ON CONFLICT (step, start, kind, label)
        DO UPDATE SET value = value + excluded.value;
    INSERT INTO bucket (step, start, article, kind, label, value)
        VALUES (300, CAST(strftime('%s', 'now') AS INTEGER) / 300 * 300,
                NEW.article, NEW.kind, NEW.label, NEW.value - OLD.value)
        ON CONFLICT (step, start, article, kind, label)
        DO UPDATE SET value = value + excluded.value;
    DELETE FROM window_sum WHERE id IN
        (SELECT window * 4294967296 + NEW.article / 128
             FROM (SELECT 1 AS window UNION ALL SELECT 2 UNION ALL SELECT 3
                   UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6));
END;


-- Retention.  An article that nobody needs goes; see
-- social_store_sqlite_forget.c.  readers: reader-days in days that were
-- removed.  needed: 1 if it must stay, whatever comes.  forgotten: the time
-- for which it was counted as forgotten, before it came back; 0: it was not.
ALTER TABLE article ADD COLUMN readers   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN needed    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;

CREATE INDEX article_unneeded  ON article (id) WHERE needed = 0;
CREATE INDEX article_forgotten ON article (forgotten) WHERE forgotten <> 0;

-- hash: of its key.  counted: as article.forgotten
CREATE TABLE forgotten (
    hash        INTEGER PRIMARY KEY,
    published   INTEGER NOT NULL,
    first_seen  INTEGER NOT NULL,
    counted     INTEGER NOT NULL
);

CREATE INDEX comment_other ON comment (article, state) WHERE state <> 1;


-- replied: 1 if an author commented below.  The first time is counted, once.
ALTER TABLE comment ADD COLUMN replied INTEGER NOT NULL DEFAULT 0;

WITH RECURSIVE up (id) AS (
    SELECT parent FROM comment
        WHERE role = 1 AND state = 1 AND parent IS NOT NULL
    UNION
    SELECT c.parent FROM up JOIN comment c ON c.id = up.id
        WHERE c.parent IS NOT NULL)
UPDATE comment SET replied = 1 WHERE id IN (SELECT id FROM up);

-- anonymous: 1 if there is no commenter
ALTER TABLE comment ADD COLUMN anonymous INTEGER NOT NULL DEFAULT 0;

UPDATE comment SET anonymous = 1 WHERE commenter IS NULL;

CREATE TRIGGER comment_anonymous AFTER INSERT ON comment
    WHEN NEW.commenter IS NULL
BEGIN
    UPDATE comment SET anonymous = 1 WHERE id = NEW.id;
END;

CREATE TRIGGER comment_named AFTER UPDATE OF commenter ON comment
    WHEN (NEW.commenter IS NULL) <> NEW.anonymous
BEGIN
    UPDATE comment SET anonymous = (NEW.commenter IS NULL) WHERE id = NEW.id;
END;

-- again with all columns that figures need
DROP INDEX comment_approved;

CREATE INDEX comment_approved  ON comment (article, id, parent, person,
    created, role, done, source, exchange, active, anonymous, state)
    WHERE state = 1;

CREATE INDEX comment_held ON comment (created) WHERE state = 2;
