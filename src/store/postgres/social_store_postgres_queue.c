
/*
 * The moderator's queue: lists of comments by state, what waits for an answer,
 * what is new, search, what the same person wrote, and what looks alike; and
 * everything as lines of JSON.
 *
 * Pool threads only.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "social_store_postgres_read.h"


/* what the parameters of the statements point to */

typedef struct {
    const social_queue_t  *queue;
    social_str_t           pattern;
    unsigned char          buf[SOCIAL_RULE_PATTERN];
    char                  *text;        /* of the comment `like` */
    social_rule_hosts_t    hosts;
    int64_t                comment, revision;   /* seen last */
    int                    rank;
} social_pg_queue_ask_t;


/* what looks like the comment queue->like; nothing does, if there is none */

static void
social_pg_queue_like(social_pg_t *s, social_pg_queue_ask_t *q)
{
    char      *website;
    PGresult  *result;

    if (q->queue->like == 0) {
        return;
    }

    website = NULL;
    result = social_pg_ask(s, SOCIAL_PG_SQL_QUEUE_TEXT, "i", q->queue->like);

    if (PQntuples(result) == 1 && PQgetlength(result, 0, 0) > 0) {
        q->text = social_pg_copy(s, result, 0, 0);
        website = social_pg_copy(s, result, 0, 1);

    } else {
        q->text = strdup("\001");       /* none, or it was erased */
    }

    PQclear(result);

    if (q->text && website) {
        social_rule_hosts(&q->hosts, q->text);
        social_rule_hosts(&q->hosts, website);
    }

    free(website);
}


/* what the moderator has marked as seen: nothing, if he never did */

static void
social_pg_queue_look(social_pg_t *s, social_pg_queue_ask_t *q,
    social_comments_t *list)
{
    PGresult  *result;

    result = social_pg_ask(s, SOCIAL_PG_SQL_LOOK_GET, "t", q->queue->who);

    if (PQntuples(result) == 1) {
        q->comment = social_pg_int(result, 0, 0);
        q->revision = social_pg_int(result, 0, 1);
        list->looked = social_pg_int(result, 0, 2);
    }

    PQclear(result);
}


static void
social_pg_queue_numbers(social_pg_t *s, social_comments_t *list)
{
    PGresult  *result;

    result = social_pg_take(s);

    if (PQntuples(result) == 1) {
        list->revision = social_pg_int(result, 0, 0);
        list->held = social_pg_int(result, 0, 1);
        list->waiting = social_pg_int(result, 0, 2);
        list->newest = social_pg_int(result, 0, 3);
        list->unseen = social_pg_int(result, 0, 4);
    }

    PQclear(result);
}


/* the rank that a list of all states goes on with */

static int
social_pg_queue_rank(social_pg_t *s, const social_queue_t *queue)
{
    if (queue->after == 0 || queue->rank >= 0) {
        return queue->after ? queue->rank : 0;
    }

    return (int) social_pg_number(s, SOCIAL_PG_SQL_QUEUE_RANK, "i",
                                  queue->after);
}


static void
social_pg_queue_send(social_pg_t *s, social_pg_queue_ask_t *q,
    social_pg_sql_e sql)
{
    const social_queue_t  *queue = q->queue;

    social_pg_send(s, sql, "ttisTiiiiii", q->pattern, queue->key,
                   queue->person, q->text ? q->text : "", q->hosts.host,
                   q->hosts.nhosts, q->comment, q->revision,
                   (int64_t) queue->state, (int64_t) queue->limit + 1,
                   (int64_t) q->rank,
                   queue->after ? queue->after : INT64_MAX);
}


static void
social_pg_queue_read(social_pg_t *s, social_pg_queue_ask_t *q,
    social_comments_t *list)
{
    int        kind, state;
    PGresult  *result;

    static const struct {
        social_pg_sql_e  head, list;
    } kinds[] = {
        { SOCIAL_PG_SQL_QUEUE_ALL_HEAD, SOCIAL_PG_SQL_QUEUE_ALL },
        { SOCIAL_PG_SQL_QUEUE_STATE_HEAD, SOCIAL_PG_SQL_QUEUE_STATE },
        { SOCIAL_PG_SQL_QUEUE_WAITING_HEAD, SOCIAL_PG_SQL_QUEUE_WAITING },
        { SOCIAL_PG_SQL_QUEUE_NEW_HEAD, SOCIAL_PG_SQL_QUEUE_NEW }
    };

    state = q->queue->state;
    kind = (state == 0) ? 0 : (state == SOCIAL_QUEUE_WAITING) ? 2
           : (state == SOCIAL_QUEUE_NEW) ? 3 : 1;

    social_pg_queue_look(s, q, list);
    social_pg_queue_like(s, q);
    q->rank = social_pg_queue_rank(s, q->queue);

    social_pg_send(s, SOCIAL_PG_SQL_QUEUE_NUMBERS, "ii", q->comment,
                   q->revision);
    social_pg_queue_send(s, q, kinds[kind].head);
    social_pg_queue_send(s, q, kinds[kind].list);

    social_pg_queue_numbers(s, list);

    result = social_pg_take(s);
    social_pg_list_head(result, list);
    PQclear(result);

    result = social_pg_take(s);
    social_pg_list(s, result, 0, q->queue->limit, list);
    PQclear(result);
}


int
social_pg_queue(social_store_t *store, const social_queue_t *queue,
    social_comments_t *list, social_store_error_t *err)
{
    int                     tries;
    social_pg_t            *s;
    social_pg_queue_ask_t   q;

    tries = 0;
    memset(list, 0, sizeof(social_comments_t));
    s = social_pg_read(store, "queue");

    do {
        memset(&q, 0, sizeof(social_pg_queue_ask_t));
        q.queue = queue;
        q.pattern = social_rule_pattern("%", queue->q, q.buf, sizeof(q.buf));
        social_pg_queue_read(s, &q, list);
        free(q.text);
    } while (social_pg_list_again(s, &tries, list));

    return social_pg_list_done(s, list, err);
}


typedef struct {
    social_store_line_pt   handler;
    void                  *data;
    size_t                 bytes, max;
} social_pg_export_t;


static void
social_pg_export_line(social_pg_export_t *e, const PGresult *result, int row,
    int column)
{
    social_str_t  line;

    if (PQgetisnull(result, row, column)) {
        return;
    }

    line = social_pg_text(result, row, column);
    e->handler(e->data, (const char *) line.data, line.len);
    e->handler(e->data, "\n", 1);
    e->bytes += line.len + 1;
}


/* lines behind *id, which becomes that of the last one; 1: there may be more */

static int
social_pg_export_lines(social_pg_t *s, social_pg_export_t *e,
    social_pg_sql_e sql, int64_t *id)
{
    int        i, n;
    PGresult  *result;

    do {
        result = social_pg_ask(s, sql, "i", *id);
        n = PQntuples(result);

        for (i = 0; i < n && e->bytes < e->max; i++) {
            social_pg_export_line(e, result, i, 1);
            social_pg_export_line(e, result, i, 2);
            *id = social_pg_int(result, i, 0);
        }

        PQclear(result);

        if (e->bytes >= e->max) {
            return 1;
        }
    } while (n > 0 && sql != SOCIAL_PG_SQL_EXPORT_HEAD);

    return 0;
}


int
social_pg_export(social_store_t *store, char *next, size_t bytes,
    social_store_line_pt handler, void *data, social_store_error_t *err)
{
    char                 kind;
    int64_t              id;
    social_pg_t         *s;
    social_pg_export_t   e = { handler, data, 0, bytes };

    kind = next[0];
    id = kind ? strtoll(next + 1, NULL, 10) : 0;
    s = social_pg_read(store, "export");

    if (kind == '\0') {
        id = (int64_t) time(NULL);
        (void) social_pg_export_lines(s, &e, SOCIAL_PG_SQL_EXPORT_HEAD, &id);
        id = 0;
        kind = 'a';
    }

    if (kind == 'a'
        && !social_pg_export_lines(s, &e, SOCIAL_PG_SQL_EXPORT_ARTICLE, &id))
    {
        id = 0;
        kind = 'c';
    }

    next[0] = '\0';

    if (kind == 'a'
        || social_pg_export_lines(s, &e, SOCIAL_PG_SQL_EXPORT_COMMENT, &id))
    {
        snprintf(next, SOCIAL_STORE_NEXT, "%c%lld", kind, (long long) id);
    }

    return social_pg_read_done(s, err);
}
