-- Version 2: what is counted.
--
-- A bucket is the sum of a counter over `step` seconds that begin at `start`.
-- Every save adds to one bucket of each step, so that a long period is a few
-- large steps and its ragged ends are small ones.

CREATE TABLE bucket (
    step        INTEGER NOT NULL,
    start       INTEGER NOT NULL,
    article     INTEGER NOT NULL REFERENCES article,
    kind        INTEGER NOT NULL,
    label       TEXT NOT NULL,
    value       INTEGER NOT NULL,
    PRIMARY KEY (step, start, article, kind, label)
) WITHOUT ROWID;

-- a zone's life in shared memory; seen to within an hour
CREATE TABLE generation (
    id          INTEGER PRIMARY KEY,
    seen        INTEGER NOT NULL
);

-- up to where the cumulative counters of a generation are in the buckets
CREATE TABLE watermark (
    generation  INTEGER NOT NULL REFERENCES generation ON DELETE CASCADE,
    life        INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    label       TEXT NOT NULL,
    last        INTEGER NOT NULL,
    PRIMARY KEY (generation, life, kind, label)
) WITHOUT ROWID;
