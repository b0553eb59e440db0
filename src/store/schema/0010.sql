-- Version 10: changes are numbered, comments have their place in time, what was
-- imported is known, and a store says who may still write to it.

-- change: number of the last change that readers see.  Numbers come from the
-- setting `change`, under the lock of the writer, so they are in the order of
-- commits: who has seen number N has missed nothing up to it, whatever clocks
-- say.  By triggers, so that a process that began before this migration numbers
-- its changes, too.
--
-- oldest: the oldest version that may still write.  identity: of this store,
-- not of its copies.
INSERT OR IGNORE INTO setting (name, value) VALUES
    ('change', 0), ('oldest', 9), ('identity', lower(hex(randomblob(16))));

ALTER TABLE article ADD COLUMN change INTEGER NOT NULL DEFAULT 0;

UPDATE article SET change = id WHERE changed <> 0;
UPDATE setting SET value = (SELECT coalesce(max(id), 0) FROM article)
    WHERE name = 'change';

CREATE INDEX article_change ON article (change) WHERE change <> 0;

CREATE TRIGGER article_changes AFTER UPDATE OF changed ON article
BEGIN
    UPDATE setting SET value = value + 1 WHERE name = 'change';
    UPDATE article SET change =
        (SELECT value FROM setting WHERE name = 'change') WHERE id = NEW.id;
END;


-- placed: where a comment stands in time: `created`, but never before its
-- parent, whose id is smaller.
ALTER TABLE comment ADD COLUMN placed INTEGER NOT NULL DEFAULT 0;

WITH RECURSIVE below (id, placed) AS (
    SELECT id, created FROM comment WHERE parent IS NULL
    UNION ALL
    SELECT c.id, max(c.created, b.placed)
        FROM below b JOIN comment c ON c.parent = b.id)
UPDATE comment SET placed = below.placed FROM below
    WHERE below.id = comment.id;

-- a process that began before this migration does not know the column
CREATE TRIGGER comment_placed AFTER INSERT ON comment WHEN NEW.placed = 0
BEGIN
    UPDATE comment SET placed = max(NEW.created,
        coalesce((SELECT placed FROM comment WHERE id = NEW.parent), 0))
        WHERE id = NEW.id;
END;

CREATE INDEX comment_thread ON comment (article, placed, id, created)
    WHERE state = 1;

-- these two by time as well
DROP INDEX comment_newest;
CREATE INDEX comment_newest ON comment (created, id) WHERE state = 1;

DROP INDEX comment_state;
CREATE INDEX comment_state ON comment (state, created, id);


-- Where an imported comment comes from, so that it is imported once.  comment
-- may be gone, when nobody needs its article any more: it stays away.
CREATE TABLE origin (
    source      TEXT NOT NULL,
    id          TEXT NOT NULL,
    comment     INTEGER NOT NULL,
    PRIMARY KEY (source, id)
) WITHOUT ROWID;

CREATE INDEX origin_comment ON origin (comment);
CREATE INDEX origin_source  ON origin (source, comment);
