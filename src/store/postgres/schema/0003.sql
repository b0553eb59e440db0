-- Version 3: precomputed sums of the usual periods; see
-- social_store_postgres_window.c.

-- Sums of 128 articles in the spans of [start, until).  id: window << 32 |
-- chunk of articles.  seen: what the site had counted in these spans, less what
-- window_late says of them, when data was the sum.
CREATE TABLE @window_sum (
    id          bigint PRIMARY KEY,
    start       bigint NOT NULL,
    until       bigint NOT NULL,
    seen        bigint NOT NULL,
    data        bytea NOT NULL
);

-- What was counted late, after its span had become a part of sums, and whose
-- own sums were removed then: others stay as they are.  start: of a span of 300
-- seconds.
CREATE TABLE @window_late (
    start       bigint PRIMARY KEY,
    value       bigint NOT NULL
);

-- Step 0: no precomputed sum ends after `kept`.
INSERT INTO @span (step, kept) VALUES (0, 0) ON CONFLICT DO NOTHING;
