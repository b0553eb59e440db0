-- Version 8: what moderators did, and what is needed to take it back; threads
-- that moved to another article; bans for a day; what a moderator has seen.

-- An action of a moderator: one request.  undone: the action that took it back,
-- 0: none.  undoes: the action that it took back.  revision: of all texts at
-- that time.  article, target, dropped: a move from, to, and where the alias
-- led that it replaced.
CREATE TABLE act (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    who         TEXT NOT NULL,
    action      TEXT NOT NULL,
    undone      INTEGER NOT NULL DEFAULT 0,
    undoes      INTEGER NOT NULL DEFAULT 0,
    revision    INTEGER NOT NULL DEFAULT 0,
    article     INTEGER,
    target      INTEGER,
    dropped     INTEGER
);

CREATE INDEX act_at ON act (at);

-- A comment as it was before an action, and as it was then.  ban: 0 nothing, 1
-- the action banned its writer, 2 it lifted the ban.  taught, taught_before:
-- what it had taught the filter.
CREATE TABLE act_comment (
    act         INTEGER NOT NULL REFERENCES act ON DELETE CASCADE,
    comment     INTEGER NOT NULL,
    state       INTEGER NOT NULL,
    before      INTEGER NOT NULL,
    done        INTEGER NOT NULL,
    reports     INTEGER NOT NULL,
    moderated   INTEGER NOT NULL,
    reason      TEXT NOT NULL,
    to_state    INTEGER NOT NULL,
    to_done     INTEGER NOT NULL,
    ban         INTEGER NOT NULL,
    taught      INTEGER NOT NULL,
    taught_before INTEGER NOT NULL,
    PRIMARY KEY (act, comment)
) WITHOUT ROWID;

CREATE INDEX act_comment_of ON act_comment (comment);

-- The thread of `key` is that of `article` now.  One step: no alias leads to an
-- article that has an alias.  act: the move that made it lead there.
CREATE TABLE alias (
    key         TEXT PRIMARY KEY,
    article     INTEGER NOT NULL REFERENCES article,
    act         INTEGER NOT NULL,
    moved       INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX alias_article ON alias (article);

-- visitor: hash of the visitor under the salt of the day, gone on the next day
CREATE TABLE ban_day (
    visitor     INTEGER PRIMARY KEY,
    comment     INTEGER NOT NULL,
    created     INTEGER NOT NULL
);

-- moved: the move that brought the comment to its article, 0: none
ALTER TABLE comment ADD COLUMN visitor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comment ADD COLUMN moved   INTEGER NOT NULL DEFAULT 0;

CREATE INDEX comment_moved ON comment (moved) WHERE moved <> 0;
CREATE INDEX comment_rewritten ON comment (rewritten) WHERE rewritten <> 0;

-- read, by readers, and neither answered nor done
CREATE INDEX comment_waiting ON comment (id)
    WHERE state = 1 AND role = 0 AND done = 0 AND replied = 0;

-- what a moderator has marked as seen: comments up to this one, and changes of
-- texts up to this revision
CREATE TABLE look (
    who         TEXT PRIMARY KEY,
    comment     INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    at          INTEGER NOT NULL
) WITHOUT ROWID;

-- A reason may quote the text that was there.  Erased is erased, also by a
-- process of the previous version.
CREATE TRIGGER comment_reworded AFTER UPDATE OF text ON comment
    WHEN NEW.text <> OLD.text
BEGIN
    UPDATE act_comment SET reason = '' WHERE comment = NEW.id AND reason <> '';
END;

CREATE TRIGGER comment_erased AFTER UPDATE OF text ON comment
    WHEN NEW.state = 4 AND NEW.text = ''
BEGIN
    UPDATE comment SET visitor = 0 WHERE id = NEW.id AND visitor <> 0;
END;
