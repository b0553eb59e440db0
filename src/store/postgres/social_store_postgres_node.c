
/*
 * The machines of a site: each notes in a row of its own that it lives and when
 * it saved, a status request asks all of them to save, and one has the lease of
 * what must be done once.  All by the database's clock.
 *
 * None of this takes the site's lock.  What a crash of the database takes away
 * is noted again within seconds, so no commit waits for the disk; the number of
 * a request is a time, so one that was lost is never given a second time.
 *
 * Pool threads, and the event loop at exit.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_store_postgres.h"


/* calls run(s, data) in a transaction that may write, though not what is under
 * the site's lock; once more if nothing was done */

static int
social_pg_brief(social_pg_t *s, social_pg_work_pt run, void *data,
    social_store_error_t *err)
{
    int  tries;

    for (tries = 0; /* void */ ; tries++) {
        social_pg_run(s, SOCIAL_PG_SQL_BEGIN, "");
        s->began = 1;
        social_pg_run(s, SOCIAL_PG_SQL_BRIEF, "");
        run(s, data);
        social_pg_run(s, SOCIAL_PG_SQL_COMMIT, "");
        social_pg_sync(s);

        if (s->end == SOCIAL_PG_FINE) {
            s->began = 0;
            return SOCIAL_OK;
        }

        social_pg_rollback(s);

        if ((s->end != SOCIAL_PG_REPEAT && s->end != SOCIAL_PG_LOST)
            || tries > 0)
        {
            return social_pg_failed(s, err);
        }

        social_pg_start(s, s->op);
    }
}


int
social_pg_wanted(social_store_t *store, social_wanted_t *wanted,
    social_store_error_t *err)
{
    int           tries;
    social_pg_t  *s;

    tries = 0;
    s = social_pg_read(store, "wanted");

    do {
        social_pg_send(s, SOCIAL_PG_SQL_SETTING_GET, "s", "signout");
        social_pg_send(s, SOCIAL_PG_SQL_SETTING_GET, "s", "flush");

        wanted->signout = social_pg_take_number(s);
        wanted->flush = social_pg_take_number(s);

    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err);
}


static void
social_pg_note_run(social_pg_t *s, void *data)
{
    int64_t         id;
    PGresult       *result;
    social_note_t  *note = data;

    id = (int64_t) note->generation;

    if (note->leave) {
        social_pg_run(s, SOCIAL_PG_SQL_NODE_LEAVE, "i", id);
        social_pg_run(s, SOCIAL_PG_SQL_LEASE_LEAVE, "i", id);
        return;
    }

    if (note->anew) {
        social_pg_run(s, SOCIAL_PG_SQL_NODE_ANEW, "si", note->name, id);
    }

    social_pg_run(s, SOCIAL_PG_SQL_NODE_NOTE, "issiii", id, note->name,
                  note->version, note->unsaved, note->answered, note->ahead);
    result = social_pg_ask(s, SOCIAL_PG_SQL_LEASE_TAKE, "ii", id,
                           (int64_t) SOCIAL_NODE_LIVES);
    note->leased = (PQntuples(result) == 1);
    PQclear(result);
}


int
social_pg_note(social_store_t *store, social_note_t *note,
    social_store_error_t *err)
{
    social_pg_t  *s = (social_pg_t *) store;

    social_pg_start(s, "note");
    note->leased = 0;

    if (!note->leave) {
        (void) social_pg_shift(s);
        note->ahead = social_pg_ahead(s);
    }

    return social_pg_brief(s, social_pg_note_run, note, err);
}


static void
social_pg_nodes_text(const PGresult *result, int row, int column, char *text,
    size_t size)
{
    social_str_t  value;

    value = social_pg_text(result, row, column);
    snprintf(text, size, "%.*s", (int) value.len, (const char *) value.data);
}


static void
social_pg_nodes_fill(social_pg_t *s, const PGresult *result,
    social_nodes_t *nodes)
{
    int             i, n;
    social_node_t  *node;

    n = PQntuples(result);

    if (n == 0) {
        return;
    }

    nodes->items = calloc((size_t) n, sizeof(social_node_t));

    if (nodes->items == NULL) {
        social_pg_memory(s);
        return;
    }

    nodes->n = (size_t) n;

    for (i = 0; i < n; i++) {
        node = &nodes->items[i];

        social_pg_nodes_text(result, i, 0, node->name, SOCIAL_NODE_NAME);
        social_pg_nodes_text(result, i, 1, node->version,
                             SOCIAL_NODE_VERSION);
        node->seen = social_pg_int(result, i, 2) / 1000;
        node->saved = social_pg_int(result, i, 3) / 1000;
        node->answered = social_pg_int(result, i, 4);
        node->ahead = social_pg_int(result, i, 5);
        node->self = (social_pg_int(result, i, 6) != 0);
        node->lives = (social_pg_int(result, i, 7) != 0);
        node->late = (social_pg_int(result, i, 8) != 0);
        node->upkeep = (social_pg_int(result, i, 9) != 0);
    }
}


int
social_pg_nodes(social_store_t *store, uint64_t generation, int64_t late,
    social_nodes_t *nodes, social_store_error_t *err)
{
    int           tries;
    PGresult     *result;
    social_pg_t  *s;

    tries = 0;
    s = social_pg_read(store, "nodes");

    do {
        free(nodes->items);
        memset(nodes, 0, sizeof(social_nodes_t));

        result = social_pg_ask(s, SOCIAL_PG_SQL_NODES, "iiii",
                               (int64_t) generation,
                               (int64_t) SOCIAL_NODE_LIVES, late * 1000,
                               (int64_t) SOCIAL_NODE_MAX);
        social_pg_nodes_fill(s, result, nodes);
        PQclear(result);

    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err);
}


static void
social_pg_forget_run(social_pg_t *s, void *data)
{
    const char **name = data;

    social_pg_run(s, SOCIAL_PG_SQL_NODE_DROP, "si", *name,
                  (int64_t) SOCIAL_NODE_LIVES);
}


int
social_pg_node_forget(social_store_t *store, const char *name,
    social_store_error_t *err)
{
    social_pg_t  *s = (social_pg_t *) store;

    social_pg_start(s, "forget");

    return social_pg_brief(s, social_pg_forget_run, &name, err);
}


static void
social_pg_flush_run(social_pg_t *s, void *data)
{
    PGresult        *result;
    social_flush_t  *flush = data;

    if (flush->flush == 0) {
        social_pg_run(s, SOCIAL_PG_SQL_FLUSH_RAISE, "iii",
                      (int64_t) flush->generation,
                      (int64_t) SOCIAL_NODE_LIVES,
                      (int64_t) SOCIAL_NODE_FLUSH);
    }

    result = social_pg_ask(s, SOCIAL_PG_SQL_FLUSH_MISSING, "iii",
                           (int64_t) flush->generation,
                           (int64_t) SOCIAL_NODE_LIVES, flush->flush);

    if (PQntuples(result) == 1) {
        flush->flush = social_pg_int(result, 0, 0);
        flush->missing = social_pg_int(result, 0, 1);
    }

    PQclear(result);
}


int
social_pg_flush(social_store_t *store, social_flush_t *flush,
    social_store_error_t *err)
{
    social_pg_t  *s = (social_pg_t *) store;

    social_pg_start(s, "flush");
    flush->missing = 0;

    return social_pg_brief(s, social_pg_flush_run, flush, err);
}
