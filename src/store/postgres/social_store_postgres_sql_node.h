
/*
 * Statements about machines and their leases: a part of the table in
 * social_store_postgres_sql.h, which includes this file.  Times are msec.
 */

#ifndef SOCIAL_PG_SQL
#error "include social_store_postgres_sql.h"
#endif

#ifndef SOCIAL_PG_NOW
#define SOCIAL_PG_NOW  "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
#endif


/* a transaction that takes no lock of the site, and whose end may be lost: it
 * comes again */

SOCIAL_PG_SQL(BRIEF,
    "SELECT set_config('synchronous_commit', 'off', true),"
    "  set_config('statement_timeout', '5s', true),"
    "  set_config('idle_in_transaction_session_timeout', '5s', true)")

/* $1 generation, $2 name, $3 version, $4 msec without a save, $5 request that
 * was obeyed, $6 the clock */

SOCIAL_PG_SQL(NODE_NOTE,
    "INSERT INTO @node AS n (id, name, version, seen, saved, answered, ahead)"
    " SELECT $1, $2, $3, t.now, t.now - $4, $5, $6"
    "  FROM (SELECT " SOCIAL_PG_NOW " AS now) t"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
    "  version = excluded.version, seen = excluded.seen,"
    "  saved = excluded.saved, ahead = excluded.ahead,"
    "  answered = greatest(n.answered, excluded.answered)")
SOCIAL_PG_SQL(NODE_ANEW,
    "WITH gone AS (DELETE FROM @node WHERE name = $1 AND id <> $2 RETURNING id)"
    " UPDATE @lease SET owner = 0, until = 0 FROM gone"
    " WHERE owner = gone.id")
SOCIAL_PG_SQL(NODE_LEAVE, "DELETE FROM @node WHERE id = $1")
SOCIAL_PG_SQL(NODE_DROP,
    "DELETE FROM @node n WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM @node"
    "  WHERE name = n.name AND seen >= " SOCIAL_PG_NOW " - $2)")
SOCIAL_PG_SQL(NODE_FORGET,
    "DELETE FROM @node WHERE seen < " SOCIAL_PG_NOW " - 86400000")

/* a time that is too far ahead was set before the clock was set back */

SOCIAL_PG_SQL(LEASE_TAKE,
    "UPDATE @lease SET owner = $1, until = " SOCIAL_PG_NOW " + $2"
    " WHERE name = 'upkeep' AND (owner = $1"
    "  OR until NOT BETWEEN " SOCIAL_PG_NOW " AND " SOCIAL_PG_NOW " + $2)"
    " RETURNING 1::bigint")
SOCIAL_PG_SQL(LEASE_IS,
    "SELECT count(*) FROM @lease WHERE name = 'upkeep' AND owner = $1"
    "  AND until >= " SOCIAL_PG_NOW)
SOCIAL_PG_SQL(LEASE_LEAVE,
    "UPDATE @lease SET owner = 0, until = 0 WHERE name = 'upkeep'"
    "  AND owner = $1")

/* a zone that lives on after its machine has another one still counts, one that
 * does not is only named until then.  $1 generation, $2 msec that a machine
 * lives, $3 msec without a save */

SOCIAL_PG_SQL(NODES,
    "SELECT n.name, (array_agg(n.version ORDER BY n.seen DESC))[1],"
    "  max(n.seen), min(n.saved), min(n.answered),"
    "  (array_agg(n.ahead ORDER BY n.seen DESC))[1],"
    "  bool_or(n.id = $1)::int::bigint, bool_or(n.lives)::int::bigint,"
    "  (min(n.saved) < " SOCIAL_PG_NOW " - $3)::int::bigint,"
    "  count(l.name)"
    " FROM (SELECT *, seen = max(seen) OVER (PARTITION BY name) AS newest,"
    "   seen >= " SOCIAL_PG_NOW " - $2 AS lives FROM @node"
    "   WHERE seen >= " SOCIAL_PG_NOW " - 86400000) n"
    " LEFT JOIN @lease l ON l.owner = n.id AND l.until >= " SOCIAL_PG_NOW
    " WHERE n.newest OR n.lives GROUP BY n.name ORDER BY n.name LIMIT $4")

/* FLUSH_RAISE: $1 generation, $2 msec that a machine lives, $3 msec in which
 * requests are one.  FLUSH_MISSING: $3 the request, 0: the last one */

SOCIAL_PG_SQL(FLUSH_RAISE,
    "UPDATE @setting SET value = greatest(value + 1, t.now)"
    " FROM (SELECT " SOCIAL_PG_NOW " AS now) t"
    " WHERE name = 'flush' AND value NOT BETWEEN t.now - $3 AND t.now"
    "  AND EXISTS (SELECT 1 FROM @node WHERE id <> $1 AND seen >= t.now - $2)")
SOCIAL_PG_SQL(FLUSH_MISSING,
    "SELECT f.value, count(n.id) FROM (SELECT CASE $3 WHEN 0 THEN value"
    "   ELSE $3 END AS value FROM @setting WHERE name = 'flush') f"
    " LEFT JOIN @node n ON n.id <> $1 AND n.seen >= " SOCIAL_PG_NOW " - $2"
    "  AND n.answered < f.value GROUP BY f.value")
