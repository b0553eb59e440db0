-- Version 2: the machines of a site know of each other.

-- a life of a zone in shared memory, as in `generation`.  name: host and port.
-- Times are msec, as the database has them.  seen: when it last wrote this row;
-- saved: when all that it had counted was saved; answered: the request for a
-- save (setting `flush`) that it last obeyed; ahead: by how much the database's
-- clock is ahead of the machine's.
CREATE TABLE @node (
    id          bigint PRIMARY KEY,
    name        text COLLATE "C" NOT NULL,
    version     text NOT NULL,
    seen        bigint NOT NULL,
    saved       bigint NOT NULL,
    answered    bigint NOT NULL,
    ahead       bigint NOT NULL
) WITH (fillfactor = 50);

-- work that one machine does for all: whose it is, and until when (msec)
CREATE TABLE @lease (
    name        text COLLATE "C" PRIMARY KEY,
    owner       bigint NOT NULL,
    until       bigint NOT NULL
) WITH (fillfactor = 50);

INSERT INTO @lease (name, owner, until) VALUES ('upkeep', 0, 0);

-- flush: when a status request last asked all machines to save, in msec; it
-- only grows
INSERT INTO @setting (name, value) VALUES ('flush', 0);
