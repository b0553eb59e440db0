-- Version 7: the filter that learns from the moderator.
--
-- A token is known by its SipHash under the site's secret, and by in how many
-- comments it was that a moderator marked as spam, or found honest.
CREATE TABLE token (
    hash        INTEGER PRIMARY KEY,
    spam        INTEGER NOT NULL,
    ham         INTEGER NOT NULL
);

-- One row: the decisions, and the number of rows above.  level: only tokens
-- whose hash ends with so many zero bits are counted; it grows when there are
-- too many.
CREATE TABLE taught (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    spam        INTEGER NOT NULL,
    ham         INTEGER NOT NULL,
    tokens      INTEGER NOT NULL,
    level       INTEGER NOT NULL
);

INSERT INTO taught (id, spam, ham, tokens, level) VALUES (1, 0, 0, 0, 0);

-- taught: what the counts have of this comment: 0 nothing, 1 spam, 2 honest.
-- taught_before: of a comment that is spam or deleted, what they would have of
-- it again if it were restored.
-- same: hash of a text's words, to find it again; 0: it is too short.
ALTER TABLE comment ADD COLUMN taught        INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comment ADD COLUMN taught_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comment ADD COLUMN same          INTEGER NOT NULL DEFAULT 0;

CREATE INDEX comment_same ON comment (same) WHERE same <> 0;
