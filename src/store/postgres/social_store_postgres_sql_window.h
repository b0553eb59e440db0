
/*
 * The statements of precomputed sums (social_store_postgres_window.c), as in
 * social_store_postgres_sql.h, which includes this file at its end.
 */

#ifndef SOCIAL_PG_SQL
#error "include social_store_postgres_sql.h"
#endif


/* the last article, the first and the last day of the site, and of articles */
SOCIAL_PG_SQL(WINDOW_DAYS,
    "SELECT (SELECT max(id) FROM @article),"
    "  (SELECT min(start) FROM @site_bucket WHERE step = 86400),"
    "  (SELECT max(start) FROM @site_bucket WHERE step = 86400),"
    "  (SELECT min(start) FROM @bucket WHERE step = 86400),"
    "  (SELECT max(start) FROM @bucket WHERE step = 86400)")

/* the first row of each window; $1: how many windows there are */
SOCIAL_PG_SQL(WINDOW_HEADS,
    "SELECT n, w.start, w.until FROM generate_series(1, $1) n"
    " CROSS JOIN LATERAL (SELECT start, until FROM @window_sum"
    "  WHERE id >= n << 32 AND id < (n + 1) << 32 ORDER BY id LIMIT 1) w")
SOCIAL_PG_SQL(WINDOW_ROWS,
    "SELECT id, start, until, seen, data FROM @window_sum"
    " WHERE id >= $1 AND id < $2 ORDER BY id")

/* chunks of which there is no row, or another one: $1 the id of the first one,
 * $2 how many there are, $3 start, $4 until and $5 seen as they should be, $6
 * limit */
SOCIAL_PG_SQL(WINDOW_DUE,
    "SELECT c, w.start, w.until, w.seen FROM generate_series(0, $2 - 1) c"
    " LEFT JOIN LATERAL (SELECT start, until, seen FROM @window_sum"
    "  WHERE id = $1 + c OFFSET 0) w ON true"
    " WHERE w.seen IS NULL OR w.start <> $3 OR w.until <> $4 OR w.seen <> $5"
    " ORDER BY 1 LIMIT $6")
SOCIAL_PG_SQL(WINDOW_PUT,
    "INSERT INTO @window_sum (id, start, until, seen, data)"
    " SELECT r.id, $2, $3, $4, r.data FROM unnest($1, $5) r(id, data)"
    " ON CONFLICT (id) DO UPDATE SET start = excluded.start,"
    "  until = excluded.until, seen = excluded.seen, data = excluded.data")
SOCIAL_PG_SQL(WINDOW_DROP, "DELETE FROM @window_sum WHERE start < $1")
SOCIAL_PG_SQL(WINDOW_LATE_DROP, "DELETE FROM @window_late WHERE start < $1")

/* under the site's lock: $1 article, $2 time, $3 what was added to its counts
 * then, $4 windows.  Nothing, unless a sum may have that time */
SOCIAL_PG_SQL(WINDOW_LATE,
    "WITH late AS (INSERT INTO @window_late AS l (start, value)"
    "  SELECT floor($2 / 300::numeric)::bigint * 300, $3 FROM @span"
    "   WHERE step = 0 AND kept > $2"
    "  ON CONFLICT (start) DO UPDATE SET value = l.value + excluded.value"
    "  RETURNING 1)"
    " DELETE FROM @window_sum WHERE start <= $2 AND until > $2"
    "  AND id IN (SELECT (n << 32) + $1 / 128 FROM generate_series(1, $4) n"
    "   WHERE EXISTS (SELECT 1 FROM late))")

/*
 * Two kinds of sums, of one moment.  A row for each number n of $1: -n, what
 * the site has counted in spans ($2 step, $3 from, $4 to) less what was late
 * ($5 n, $6 from, $7 to).  And rows of articles and kinds: spans ($8 step, $9
 * from, $10 to) of articles ($11 first, $12 last + 1), $13 added as they are or
 * subtracted, and how many rows that were.  $14: kinds below that.
 *
 * OFFSET 0: each span is looked up in the index, whatever the database expects.
 * Sums are exact up to 2^53, as in FIGURES_NUMBERS.
 */
SOCIAL_PG_SQL(WINDOW_SUMS,
    "SELECT -t.n, 0::bigint, sum(t.value)::bigint, 0::bigint"
    " FROM (SELECT r.n, b.value FROM unnest($1, $2, $3, $4) r(n, step, lo, hi)"
    "   CROSS JOIN LATERAL generate_series(r.lo, r.hi - 1, r.step) g(at)"
    "   CROSS JOIN LATERAL (SELECT value FROM @site_bucket WHERE step = r.step"
    "    AND start = g.at AND kind < $14 OFFSET 0) b"
    "  UNION ALL SELECT r.n, -l.value FROM unnest($5, $6, $7) r(n, lo, hi)"
    "   JOIN @window_late l ON l.start >= r.lo AND l.start < r.hi) t"
    " GROUP BY 1"
    " UNION ALL"
    " SELECT b.article, b.kind, sum(b.value * r.sign::float8)::bigint,"
    "  count(*)"
    " FROM unnest($8, $9, $10, $11, $12, $13)"
    "   r(step, lo, hi, first, last, sign)"
    " CROSS JOIN LATERAL generate_series(r.lo, r.hi - 1, r.step) g(at)"
    " CROSS JOIN LATERAL (SELECT article, kind, value FROM @bucket"
    "   WHERE step = r.step AND start = g.at AND article >= r.first"
    "    AND article < r.last AND kind < $14 OFFSET 0) b"
    " GROUP BY 1, 2")
