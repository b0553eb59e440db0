-- Version 10: notices for a receiver of the owner's, and feeds of replies.

-- What is still to be told, in order; kind: 1 a comment that readers see, 2 one
-- that is held, 3 a reader's report.  Without text: a comment that is erased
-- meanwhile leaves nothing here.  clock: of notice_state when it was queued.
CREATE TABLE notice (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        INTEGER NOT NULL,
    comment     INTEGER NOT NULL,
    created     INTEGER NOT NULL,
    clock       INTEGER NOT NULL
);

-- Who sends, and how that goes.  Times are milliseconds.  owner: the sender
-- until `until`, 0: nobody; tries: that failed, one after the other; pause: no
-- try before that time; failed: time of the last failure, 0: none since the
-- last success; clock: how long sending has failed, all in all.
CREATE TABLE notice_state (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    owner       INTEGER NOT NULL DEFAULT 0,
    until       INTEGER NOT NULL DEFAULT 0,
    tries       INTEGER NOT NULL DEFAULT 0,
    pause       INTEGER NOT NULL DEFAULT 0,
    failed      INTEGER NOT NULL DEFAULT 0,
    clock       INTEGER NOT NULL DEFAULT 0
);

INSERT INTO notice_state (id) VALUES (1);

-- The feed of replies to a commenter's comments, for those who asked for one:
-- mac is its address, of the commenter and a number that can be renewed.
CREATE TABLE reply_feed (
    commenter   BLOB PRIMARY KEY,
    number      INTEGER NOT NULL,
    mac         TEXT NOT NULL UNIQUE
) WITHOUT ROWID;

-- the newest approved comments of the site
CREATE INDEX comment_newest ON comment (id) WHERE state = 1;
