-- Version 3: likes; replies and active readers without counting twice.

-- A reader's like of today.  reader is a hash made with the day's salt, which
-- is gone on the next day; then the row is of no use and is removed.
CREATE TABLE liked (
    day         INTEGER NOT NULL,           -- days since 1970
    article     INTEGER NOT NULL REFERENCES article,
    reader      INTEGER NOT NULL,
    created     INTEGER NOT NULL,           -- whose bucket counted it
    active      INTEGER NOT NULL,           -- 1: counted as active, too
    PRIMARY KEY (day, article, reader)
) WITHOUT ROWID;

-- likes_changes grows with each change of likes: of two numbers that a worker
-- hears of, the one with more changes is newer
ALTER TABLE article ADD COLUMN likes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN likes_changes INTEGER NOT NULL DEFAULT 0;

CREATE INDEX article_liked ON article (id) WHERE likes > 0;

-- kinds 10 and 11: liked, taken back.  Every step has the same sum; this one
-- has the fewest rows.
UPDATE article SET likes = max(0, counted.n), likes_changes = 1
    FROM (SELECT article AS id,
                 sum(CASE kind WHEN 10 THEN value ELSE -value END) AS n
              FROM bucket WHERE step = 2592000 AND kind IN (10, 11)
              GROUP BY article) AS counted
    WHERE counted.id = article.id;

-- The number of an article follows what is counted for it, whoever counts: a
-- process that began before this migration still saves its likes as counters.
CREATE TRIGGER bucket_liked AFTER INSERT ON bucket
    WHEN NEW.step = 2592000 AND NEW.kind IN (10, 11)
BEGIN
    UPDATE article SET
        likes = max(0, likes + CASE NEW.kind WHEN 10 THEN NEW.value
                                             ELSE -NEW.value END),
        likes_changes = likes_changes + 1,
        changed = max(changed, CAST(strftime('%s', 'now') AS INTEGER))
    WHERE id = NEW.article;
END;

CREATE TRIGGER bucket_liked_more AFTER UPDATE OF value ON bucket
    WHEN NEW.step = 2592000 AND NEW.kind IN (10, 11)
BEGIN
    UPDATE article SET
        likes = max(0, likes + CASE NEW.kind WHEN 10 THEN NEW.value - OLD.value
                                             ELSE OLD.value - NEW.value END),
        likes_changes = likes_changes + 1,
        changed = max(changed, CAST(strftime('%s', 'now') AS INTEGER))
    WHERE id = NEW.article;
END;

-- exchange: whom a reply answers, still known when that comment is held,
-- deleted or erased: 0 nobody or oneself, 1 an author, 2 another reader.
-- active: 1 if the counters of active readers have its writer already.  They
-- have the writers of all comments from before this version.
ALTER TABLE comment ADD COLUMN exchange INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comment ADD COLUMN active INTEGER NOT NULL DEFAULT 1;

UPDATE comment SET exchange =
    (SELECT CASE WHEN p.person = comment.person AND p.role = comment.role
                 THEN 0 ELSE 2 - p.role END
         FROM comment p WHERE p.id = comment.parent)
    WHERE parent IN (SELECT id FROM comment);

-- again with all columns that figures need
DROP INDEX comment_approved;

CREATE INDEX comment_approved  ON comment (article, id, parent, person,
    created, role, done, source, exchange, active, state) WHERE state = 1;
