
/*
 * Several nodes share a store, and their clocks need not agree.  The time that
 * is stored, and that leases go by, is the database's: this measures by how
 * much it is ahead of the node's.
 *
 * A trip to the database says its time as of some moment of the trip, so the
 * fastest trip of the last minute says it best.  The clock that goes on while
 * the machine sleeps fills the time between two trips.
 *
 * Pool threads, and the event loop at exit.
 */

#include <stdint.h>
#include <sys/random.h>
#include <time.h>

#include "social_store_postgres.h"


#define SOCIAL_PG_CLOCK_ASK   10000     /* msec until it is asked again */
#define SOCIAL_PG_CLOCK_KEEP  60000     /* msec, a fast trip counts */


static void
social_pg_clock_read(social_pg_t *s)
{
    int64_t  before, after, at;

    before = social_pg_boottime();

    if (s->clock_asked && before - s->clock_asked < SOCIAL_PG_CLOCK_ASK) {
        return;
    }

    social_pg_connect(s);               /* not a part of the trip */
    before = social_pg_boottime();
    at = social_pg_number(s, SOCIAL_PG_SQL_CLOCK, "");
    after = social_pg_boottime();

    if (s->end != SOCIAL_PG_FINE) {
        return;
    }

    s->clock_asked = after;

    if (s->clock_at == 0 || after - before <= s->clock_trip
        || after - s->clock_at > SOCIAL_PG_CLOCK_KEEP)
    {
        s->clock_at = after;
        s->clock_trip = after - before;
        s->clock = at - before - (after - before) / 2;
    }
}


int64_t
social_pg_ahead(const social_pg_t *s)
{
    struct timespec  now;

    if (s->clock_at == 0) {
        return 0;
    }

    clock_gettime(CLOCK_REALTIME, &now);

    return social_pg_boottime() + s->clock
           - ((int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000);
}


/* an error is not this operation's: whatever comes next will find it.  Clocks
 * that agree within half a second are left alone: times would
 * jump */

int64_t
social_pg_shift(social_pg_t *s)
{
    int64_t  ahead;

    social_pg_clock_read(s);
    social_pg_start(s, s->op);
    ahead = social_pg_ahead(s);

    return (ahead + (ahead < 0 ? -500 : 500)) / 1000;
}


/* between half of it and one and a half: nodes that were refused together do
 * not come back together */

void
social_pg_pause(int64_t msec)
{
    uint32_t         random;
    struct timespec  pause;

    if (getrandom(&random, sizeof(random), 0) != sizeof(random)) {
        random = UINT32_MAX / 2;
    }

    msec = msec / 2 + (int64_t) ((uint64_t) random * (uint64_t) msec >> 32);

    pause.tv_sec = msec / 1000;
    pause.tv_nsec = msec % 1000 * 1000000;
    nanosleep(&pause, NULL);
}
