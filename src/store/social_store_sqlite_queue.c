
/*
 * The moderator's queue: lists of comments by state, what waits for an answer,
 * what is new, search, what the same person wrote, and what looks alike.
 *
 * Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_sqlite.h"


/* what the parameters of the statements point to */

typedef struct {
    const social_queue_t  *queue;
    social_str_t           pattern;
    unsigned char          buf[SOCIAL_RULE_PATTERN];
    char                  *text;        /* of the comment `like` */
    social_rule_hosts_t    hosts;
    int64_t                comment, revision;   /* seen last */
} social_sqlite_queue_t;


/* what looks like the comment queue->like; nothing does, if there is none */

static void
social_sqlite_queue_like(social_sqlite_t *s, social_sqlite_queue_t *q)
{
    char          *website;
    sqlite3_stmt  *stmt;

    if (q->queue->like == 0) {
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_QUEUE_TEXT);
    social_sqlite_int(s, stmt, 1, q->queue->like);

    if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
        q->text = strdup("\001");
        return;
    }

    q->text = social_sqlite_copy(s, stmt, 0);
    website = social_sqlite_copy(s, stmt, 1);
    social_sqlite_end(stmt);

    if (q->text && q->text[0] == '\0') {    /* it was erased */
        free(q->text);
        q->text = strdup("\001");
    }

    if (q->text && website) {
        social_rule_hosts(&q->hosts, q->text);
        social_rule_hosts(&q->hosts, website);
    }

    free(website);
}


/* parameters 1 to 14, as far as the statement has them */

static void
social_sqlite_queue_bind(social_sqlite_t *s, social_sqlite_queue_t *q,
    sqlite3_stmt *stmt)
{
    int           i, n;
    social_str_t  none = { 0, (const unsigned char *) "" };

    n = stmt ? sqlite3_bind_parameter_count(stmt) : 0;

    social_sqlite_text(s, stmt, 1, q->pattern);
    social_sqlite_text(s, stmt, 2, q->queue->key);
    social_sqlite_int(s, stmt, 7, q->queue->person);
    social_sqlite_string(s, stmt, 8, q->text ? q->text : "");

    for (i = 0; i < SOCIAL_RULE_HOSTS; i++) {
        social_sqlite_text(s, stmt, 9 + i, (size_t) i < q->hosts.nhosts
                                           ? q->hosts.host[i] : none);
    }

    if (n >= 14) {
        social_sqlite_int(s, stmt, 13, q->comment);
        social_sqlite_int(s, stmt, 14, q->revision);
    }
}


/* what the moderator has marked as seen: nothing, if he never did */

static void
social_sqlite_queue_look(social_sqlite_t *s, social_sqlite_queue_t *q,
    social_comments_t *list)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_LOOK_GET);
    social_sqlite_text(s, stmt, 1, q->queue->who);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        q->comment = sqlite3_column_int64(stmt, 0);
        q->revision = sqlite3_column_int64(stmt, 1);
        list->looked = sqlite3_column_int64(stmt, 2);
        social_sqlite_end(stmt);
    }
}


static void
social_sqlite_queue_numbers(social_sqlite_t *s, social_sqlite_queue_t *q,
    social_comments_t *list)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_QUEUE_NUMBERS);
    social_sqlite_int(s, stmt, 13, q->comment);
    social_sqlite_int(s, stmt, 14, q->revision);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        list->revision = sqlite3_column_int64(stmt, 0);
        list->held = sqlite3_column_int64(stmt, 1);
        list->waiting = sqlite3_column_int64(stmt, 2);
        list->newest = sqlite3_column_int64(stmt, 3);
        list->unseen = sqlite3_column_int64(stmt, 4);
        social_sqlite_end(stmt);
    }
}


/* the rank that a list of all states goes on with */

static int
social_sqlite_queue_rank(social_sqlite_t *s, const social_queue_t *queue)
{
    int            rank;
    sqlite3_stmt  *stmt;

    if (queue->after == 0 || queue->rank >= 0) {
        return queue->after ? queue->rank : 0;
    }

    rank = 0;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_QUEUE_RANK);
    social_sqlite_int(s, stmt, 1, queue->after);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        rank = sqlite3_column_int(stmt, 0);
        social_sqlite_end(stmt);
    }

    return rank;
}


/* the statements for the number and for the list */

static void
social_sqlite_queue_choose(social_sqlite_t *s, int state,
    sqlite3_stmt *stmt[2])
{
    static const struct {
        social_sql_e  head, list;
    } kinds[] = {
        { SOCIAL_SQL_QUEUE_ALL_HEAD, SOCIAL_SQL_QUEUE_ALL },
        { SOCIAL_SQL_QUEUE_STATE_HEAD, SOCIAL_SQL_QUEUE_STATE },
        { SOCIAL_SQL_QUEUE_WAITING_HEAD, SOCIAL_SQL_QUEUE_WAITING },
        { SOCIAL_SQL_QUEUE_NEW_HEAD, SOCIAL_SQL_QUEUE_NEW }
    };

    int  kind;

    kind = (state == 0) ? 0 : (state == SOCIAL_QUEUE_WAITING) ? 2
           : (state == SOCIAL_QUEUE_NEW) ? 3 : 1;

    stmt[0] = social_sqlite_stmt(s, kinds[kind].head);
    stmt[1] = social_sqlite_stmt(s, kinds[kind].list);
}


static void
social_sqlite_queue_read(social_sqlite_t *s, social_sqlite_queue_t *q,
    social_comments_t *list)
{
    size_t                 i;
    sqlite3_stmt          *stmt[2];
    const social_queue_t  *queue;

    queue = q->queue;
    social_sqlite_queue_choose(s, queue->state, stmt);

    for (i = 0; i < 2; i++) {
        social_sqlite_queue_bind(s, q, stmt[i]);

        if (queue->state > 0 && queue->state < SOCIAL_QUEUE_WAITING) {
            social_sqlite_int(s, stmt[i], 3, queue->state);
        }
    }

    social_sqlite_int(s, stmt[1], 4, (int64_t) queue->limit + 1);
    social_sqlite_int(s, stmt[1], 6, queue->after ? queue->after : INT64_MAX);

    if (queue->state == 0) {
        social_sqlite_int(s, stmt[1], 5, social_sqlite_queue_rank(s, queue));
    }

    social_sqlite_list_head(s, stmt[0], list);
    social_sqlite_list(s, stmt[1], 0, queue->limit, list);
}


int
social_sqlite_queue(social_store_t *store, const social_queue_t *queue,
    social_comments_t *list, social_store_error_t *err)
{
    int                     rc;
    social_sqlite_t        *s;
    social_sqlite_queue_t   q;

    memset(&q, 0, sizeof(social_sqlite_queue_t));
    q.queue = queue;

    s = social_sqlite_read(store, "queue", list);
    q.pattern = social_rule_pattern("%", queue->q, q.buf, sizeof(q.buf));

    social_sqlite_queue_look(s, &q, list);
    social_sqlite_queue_like(s, &q);
    social_sqlite_queue_numbers(s, &q, list);
    social_sqlite_queue_read(s, &q, list);

    rc = social_sqlite_read_done(s, list, err);
    free(q.text);

    return rc;
}
