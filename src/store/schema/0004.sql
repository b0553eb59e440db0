-- Version 4: what changed since a moderator's list was shown, and the end of
-- all author cookies at once.
--
-- setting `revision` grows with each change of a comment's text, by whoever; a
-- comment keeps the value of its last change (revision), and of its writer's
-- last change (rewritten; 0: never).  Who made older changes is not known, so
-- they count as the writer's.

ALTER TABLE comment ADD COLUMN revision  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comment ADD COLUMN rewritten INTEGER NOT NULL DEFAULT 0;

UPDATE comment SET revision = 1, rewritten = 1 WHERE edited <> 0;

-- signout: part of the MAC of every author cookie
INSERT OR IGNORE INTO setting (name, value) VALUES ('revision', 1);
INSERT OR IGNORE INTO setting (name, value) VALUES ('signout', 0);
