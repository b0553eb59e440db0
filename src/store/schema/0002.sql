-- Version 2: counters.
--
-- A bucket is the sum of a counter over `step` seconds from `start` on.  Every
-- save adds to one bucket of each step, so that a long period is the sum of a
-- few large buckets in the middle and small ones at its ends.

CREATE TABLE bucket (
    step        INTEGER NOT NULL,
    start       INTEGER NOT NULL,
    article     INTEGER NOT NULL REFERENCES article,
    kind        INTEGER NOT NULL,
    label       TEXT NOT NULL,
    value       INTEGER NOT NULL,
    PRIMARY KEY (step, start, article, kind, label)
) WITHOUT ROWID;

-- one life of a zone in shared memory; seen: last save, to within an hour
CREATE TABLE generation (
    id          INTEGER PRIMARY KEY,
    seen        INTEGER NOT NULL
);

-- how much of a cumulative counter is already in the buckets
CREATE TABLE watermark (
    generation  INTEGER NOT NULL REFERENCES generation ON DELETE CASCADE,
    life        INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    label       TEXT NOT NULL,
    last        INTEGER NOT NULL,
    PRIMARY KEY (generation, life, kind, label)
) WITHOUT ROWID;
