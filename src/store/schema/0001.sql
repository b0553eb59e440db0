-- Version 1: comments.
--
-- Times are unix seconds.  Numbers of states and roles are those of
-- social_period.h.  No column may hold an IP address, a User-Agent or an
-- e-mail address.

CREATE TABLE setting (
    name        TEXT PRIMARY KEY,
    value       BLOB NOT NULL
) WITHOUT ROWID;

-- key '' is the site itself; changed: time of the last visible change
CREATE TABLE article (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    title       TEXT NOT NULL DEFAULT '',
    url         TEXT NOT NULL DEFAULT '',
    published   INTEGER NOT NULL DEFAULT 0,
    first_seen  INTEGER NOT NULL,
    changed     INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX article_changed ON article (changed);

-- Rows are never removed: an id must not be used twice, and replies need
-- their parent.  An erased comment is deleted and has no text, name, website
-- and commenter.
CREATE TABLE comment (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    article     INTEGER NOT NULL REFERENCES article,
    parent      INTEGER REFERENCES comment,             -- NULL: top-level
    state       INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
    before      INTEGER NOT NULL CHECK (before IN (1, 2)),  -- to restore
    role        INTEGER NOT NULL CHECK (role IN (0, 1)),
    done        INTEGER NOT NULL DEFAULT 0,
    reports     INTEGER NOT NULL DEFAULT 0,
    created     INTEGER NOT NULL,
    edited      INTEGER NOT NULL DEFAULT 0,
    moderated   INTEGER NOT NULL DEFAULT 0,
    commenter   BLOB,                                   -- NULL: none
    person      INTEGER NOT NULL,                       -- the same number:
                                                        -- the same person
    weak        INTEGER NOT NULL DEFAULT 0,             -- daily hash, or 0
    source      TEXT NOT NULL DEFAULT '',
    reason      TEXT NOT NULL DEFAULT '',
    name        TEXT NOT NULL,
    website     TEXT NOT NULL DEFAULT '',
    text        TEXT NOT NULL
);

-- a thread in its order; has all columns that figures need
CREATE INDEX comment_approved  ON comment (article, id, parent, person,
    created, role, done, source, state) WHERE state = 1;

CREATE INDEX comment_state     ON comment (state);
CREATE INDEX comment_parent    ON comment (parent) WHERE parent IS NOT NULL;
CREATE INDEX comment_commenter ON comment (commenter)
    WHERE commenter IS NOT NULL;
CREATE INDEX comment_weak      ON comment (weak) WHERE weak <> 0;

-- new comments of these people are held; comment: what they were banned for
CREATE TABLE ban (
    commenter   BLOB PRIMARY KEY,
    comment     INTEGER NOT NULL REFERENCES comment,
    created     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX ban_comment ON ban (comment);
