
/*
 * What the files of the PostgreSQL store share: the connection, its statements
 * and its errors.
 *
 * Statements are pipelined: social_pg_run() and social_pg_send() only queue
 * them; social_pg_take(), or the end of the transaction, sends them and waits.
 * So a caller that asks for all it needs before it takes the first answer pays
 * for one trip over the network.
 *
 * Errors are sticky within an operation: social_pg_start() clears them; the
 * first one is kept with its text, and whatever is queued after it does
 * nothing.  So callers check once, where it matters.
 *
 * Only files of this directory and tests may include it.
 */

#ifndef SOCIAL_STORE_POSTGRES_H_INCLUDED
#define SOCIAL_STORE_POSTGRES_H_INCLUDED


#include <libpq-fe.h>

#include "social_judge.h"
#include "social_store_backend.h"


#define SOCIAL_PG_TRIP     5000     /* msec: an answer that takes longer is none
                                     * any more */
#define SOCIAL_PG_LOCK     3000     /* msec that others may hold the lock */
#define SOCIAL_PG_SCHEMA   64       /* bytes of a schema's name, with its NUL:
                                     * as many as PostgreSQL has */
#define SOCIAL_PG_PIPELINE   1024     /* statements in a trip, at most */
#define SOCIAL_PG_PARAMS   24       /* of a statement */
#define SOCIAL_PG_DAY      86400
#define SOCIAL_PG_PLACES   1024     /* bytes of a list of hosts */


typedef enum {
#define SOCIAL_PG_SQL(name, text)  SOCIAL_PG_SQL_##name,
#include "social_store_postgres_sql.h"
#undef SOCIAL_PG_SQL
    SOCIAL_PG_SQL_MAX
} social_pg_sql_e;


/* how an operation ends */

typedef enum {
    SOCIAL_PG_FINE = 0,
    SOCIAL_PG_REFUSED,      /* the values of a write: the others may be good */
    SOCIAL_PG_REPEAT,       /* nothing was done: once more from the beginning */
    SOCIAL_PG_LOST,         /* the connection is gone; whether a COMMIT that was
                             * under way was done is not known */
    SOCIAL_PG_FAILED
} social_pg_end_e;


typedef struct {
    uint16_t               sql;
    uint8_t                kind;        /* social_store_postgres_stmt.c */
} social_pg_piped_t;


/* a counter of the site that this transaction adds to */

typedef struct {
    int64_t                at, delta;
    int                    kind;
    char                   label[SOCIAL_LABEL_MAX];
} social_pg_sum_t;


/* an article whose readers will see a change */

typedef struct {
    int64_t                article, at;
    int64_t                comments;    /* by how much their number changes */
    unsigned               count:1;     /* ... or it has to be counted */
} social_pg_touched_t;


/* where to connect to: comma-separated lists of hosts, their addresses and
 * ports, as libpq takes them */

typedef struct {
    size_t                 n;           /* 0: what the URL says */
    char                   list[3][SOCIAL_PG_PLACES];
} social_pg_address_t;


typedef struct {
    social_store_t         base;
    PGconn                *db;          /* NULL: not connected */
    char                  *conninfo;    /* the URL without `schema` */
    char                   schema[SOCIAL_PG_SCHEMA];
    char                   place[96];   /* host and database, for messages */
    int64_t                lock;        /* number of the site's lock */
    int64_t                deadline;    /* msec of the monotonic clock */
    int64_t                patience;    /* msec for an answer to the program
                                         * ngx-social; 0: SOCIAL_PG_TRIP */
    unsigned char          prepared[SOCIAL_PG_SQL_MAX];
    char                   names[SOCIAL_PG_SQL_MAX][34];
    char                  *texts[SOCIAL_PG_SQL_MAX];    /* with the schema */
    social_pg_piped_t     queued[SOCIAL_PG_PIPELINE];
    size_t                 nqueued;
    PGresult             **results;     /* that were kept and not taken yet */
    size_t                 nresults, taken, alloc_results;
    const char            *op;          /* operation, for messages */
    social_pg_end_e        end;
    social_store_error_t   error;
    char                   identity[SOCIAL_STORE_IDENTITY]; /* when opened */
    unsigned char          secret[32];
    unsigned char          judge_key[SOCIAL_SIPHASH_KEY];
    char                   judged[SOCIAL_JUDGE_REASON];
    int64_t                kept[3];     /* as in social_span_*() */

    /* of a transaction that writes */
    int64_t                change;      /* change number given last */
    social_pg_sum_t       *sums;
    size_t                 nsums, alloc_sums;
    social_pg_touched_t   *touched;
    size_t                 ntouched, alloc_touched;

    struct social_pg_restore_s  *restoring;     /* lines that wait; NULL: none
                                                 * are read */

    /* social_store_postgres_clock.c; msec */
    int64_t                clock;       /* database's, less CLOCK_BOOTTIME */
    int64_t                clock_at;    /* when that was measured, 0: never, */
    int64_t                clock_trip;  /* and how long it took */
    int64_t                clock_asked;

    int64_t                forget;      /* article that was looked at last */

    /* hour and first day that precomputed sums are moved to, and the window
     * whose turn it is.  rolled 0: begin anew */
    int64_t                rolled, rolled_before, rolling;

    int64_t                day;         /* daily hashes of before are gone */
    unsigned               aging:1;     /* a round of retention has more */
    unsigned               writer:1;
    unsigned               unnamed:1;   /* prepared statements get lost: there
                                         * is a pooler */
    unsigned               locking:1;   /* the next answer waits for the lock */
    unsigned               touching:1;  /* an answer has numbers of articles */
    unsigned               began:1;     /* in a transaction */
    unsigned               committing:1;
    unsigned               other:1;     /* it connected again: is it the store
                                         * that was opened? */
    unsigned               unerased:1;  /* old versions of rows have text that
                                         * was erased */
} social_pg_t;


/* social_store_postgres_connect.c */

/* the parts of a URL; ERROR: it has no schema, or is none */
int social_pg_parse(social_pg_t *s, const char *url);

/* connects unless there is a connection */
void social_pg_connect(social_pg_t *s);
void social_pg_disconnect(social_pg_t *s);

/* waits until the connection can be read, or written, or the deadline has
 * passed; ERROR: it has */
int social_pg_poll(social_pg_t *s, int reading, int writing, int64_t deadline);

/* msec of the monotonic clock; of one that goes on while the machine sleeps */
int64_t social_pg_msec(void);
int64_t social_pg_boottime(void);

/* ends who has held the site's lock for too long, if that is a batch */
void social_pg_end_holder(social_pg_t *s);


/* social_store_postgres_address.c */

/* looks up the names of the URL until s->deadline; in a process that ends, the
 * address of the connection that worked last, or what the URL has in numbers */
void social_pg_address_find(social_pg_t *s, social_pg_address_t *address);

/* the connection works: its address is kept for the process's end */
void social_pg_address_keep(social_pg_t *s);

/* the process ends; does it?; msec that may be waited where it usually is so
 * many */
void social_pg_leave(void);
int social_pg_leaves(void);
int64_t social_pg_patience(int64_t msec);


/* social_store_postgres_clock.c */

/* seconds to add to what the node's clock says; asks for the database's time
 * now and then.  Not in a transaction: it begins the operation anew, without
 * errors */
int64_t social_pg_shift(social_pg_t *s);

/* by how many msec the database's clock is ahead of the node's, as far as this
 * connection has asked */
int64_t social_pg_ahead(const social_pg_t *s);

/* waits for about so long */
void social_pg_pause(int64_t msec);


/* social_store_postgres_error.c */

void social_pg_start(social_pg_t *s, const char *op);

/* each records an error unless there already is one */
void social_pg_error(social_pg_t *s, const PGresult *result);
void social_pg_lost(social_pg_t *s, const char *why);
void social_pg_memory(social_pg_t *s);
__attribute__((format(printf, 3, 4)))
void social_pg_fail(social_pg_t *s, social_store_fault_e fault,
    const char *fmt, ...);

/* copies the recorded error; always returns SOCIAL_ERROR */
int social_pg_failed(social_pg_t *s, social_store_error_t *err);


/*
 * social_store_postgres_stmt.c: statements.  What `types` says of parameters:
 *
 *   i  int64_t                          I  const int64_t *, size_t
 *   t  social_str_t                     T  const social_str_t *, size_t
 *   s  const char *                     C  const unsigned char *, size_t: so
 *   z  int64_t; 0 is NULL                  many commenters, behind each other
 *   c  a commenter; zeros are NULL      Z  as I; 0 is NULL
 *   b  const void *, size_t: bytea      B  as T: bytea
 */

/* queues a statement whose answer nobody needs */
void social_pg_run(social_pg_t *s, social_pg_sql_e sql, const char *types,
    ...);

/* queues a statement; take() gives the answers in the same order, to be freed
 * with PQclear().  NULL: there was an error; the functions below accept it */
void social_pg_send(social_pg_t *s, social_pg_sql_e sql, const char *types,
    ...);
PGresult *social_pg_take(social_pg_t *s);

/* send() and take() in one: a trip over the network */
PGresult *social_pg_ask(social_pg_t *s, social_pg_sql_e sql,
    const char *types, ...);

/* sends what is queued and waits for the answers */
void social_pg_sync(social_pg_t *s);

/* runs statements of SQL one after the other, which may be several in a text,
 * within msec; not while anything is queued.  @ stands for the schema */
void social_pg_script(social_pg_t *s, const char *sql, int msec);

/* values of an answer; NULL is 0 or "" */
int64_t social_pg_int(const PGresult *result, int row, int column);
social_str_t social_pg_text(const PGresult *result, int row, int column);
char *social_pg_copy(social_pg_t *s, const PGresult *result, int row,
    int column);
int social_pg_commenter(const PGresult *result, int row, int column,
    unsigned char *commenter);
int64_t social_pg_affected(const PGresult *result);

/* the number in the first row of a statement's answer, 0: there is none; of the
 * next answer in the pipeline, or of a statement that is sent now */
int64_t social_pg_take_number(social_pg_t *s);
int64_t social_pg_number(social_pg_t *s, social_pg_sql_e sql,
    const char *types, ...);


/* social_store_postgres_transaction.c */

/* a transaction that reads: everything from the same moment.  end() returns
 * what the operation returns; 1 from again(): begin once more */
social_pg_t *social_pg_read(social_store_t *store, const char *op);
int social_pg_again(social_pg_t *s, int *tries);
int social_pg_read_done(social_pg_t *s, social_store_error_t *err);

/* one that writes, under the site's lock; `name` is how others see it */
void social_pg_begin(social_pg_t *s, const char *name);

/* writes sums and changes of articles, then commits; s->end says whether that
 * was done */
void social_pg_commit(social_pg_t *s);
void social_pg_rollback(social_pg_t *s);

/* calls run(s, data) in a transaction that writes, again if nothing was done;
 * SOCIAL_OK or SOCIAL_ERROR */
typedef void (*social_pg_work_pt)(social_pg_t *s, void *data);

int social_pg_work(social_pg_t *s, social_pg_work_pt run, void *data,
    social_store_error_t *err);


/* social_store_postgres_schema.c: makes the schema, or brings it up to date */
void social_pg_schema(social_pg_t *s);


/* social_store_postgres_count.c: the site's counters, in the transaction */

void social_pg_count(social_pg_t *s, int64_t at, int kind, const char *label,
    int64_t delta);
void social_pg_write_counts(social_pg_t *s);


/* social_store_postgres_article.c */

/* the row number of an article, which is added if make is 1; 0: there is none,
 * or an error */
int64_t social_pg_article(social_pg_t *s, social_str_t key, int make,
    int64_t now);

/* readers of the article will see a change; comments: by how much the number
 * of approved ones changes, SOCIAL_PG_RECOUNT: count them */
#define SOCIAL_PG_RECOUNT  INT64_MIN

void social_pg_touch(social_pg_t *s, social_write_t *w, int64_t article,
    int64_t comments, int64_t now);
void social_pg_write_touched(social_pg_t *s);

/* sets comments and change of writes that were visible: after the commit, and
 * after a commit whose answer was lost */
void social_pg_numbers(social_pg_t *s, social_write_t **writes, size_t n);
void social_pg_numbers_again(social_pg_t *s, social_write_t **writes,
    size_t n);


/* operations, one file per group */

int social_pg_write(social_store_t *store, social_write_t **writes, size_t n,
    social_store_error_t *err);
int social_pg_save(social_store_t *store, uint64_t generation, int64_t now,
    const social_saved_t *saved, size_t n, social_store_error_t *err);
int social_pg_thread(social_store_t *store, social_str_t key, uint32_t page,
    uint32_t limit, social_order_e order, social_comments_t *list,
    social_store_error_t *err);
int social_pg_after(social_store_t *store, social_str_t key, int64_t after,
    uint32_t limit, social_comments_t *list, social_store_error_t *err);
int social_pg_comment(social_store_t *store, int64_t id,
    social_comments_t *list, social_store_error_t *err);
int social_pg_imported(social_store_t *store, social_str_t origin,
    int64_t *id, social_store_error_t *err);
int social_pg_page_of(social_store_t *store, int64_t id, uint32_t limit,
    social_order_e order, uint32_t *page, social_store_error_t *err);
int social_pg_mine(social_store_t *store, const unsigned char *commenter,
    int64_t after, uint32_t limit, social_order_e order,
    social_comments_t *list, social_store_error_t *err);
int social_pg_queue(social_store_t *store, const social_queue_t *queue,
    social_comments_t *list, social_store_error_t *err);
int social_pg_log(social_store_t *store, int64_t before, uint32_t limit,
    social_store_log_pt handler, void *data, social_store_error_t *err);
int social_pg_logged(social_store_t *store, int64_t id, social_str_t who,
    social_store_log_pt handler, void *data, social_store_error_t *err);
int social_pg_export(social_store_t *store, char *next, size_t bytes,
    social_store_line_pt handler, void *data, social_store_error_t *err);
int social_pg_keys(social_store_t *store, int64_t *change,
    social_store_key_pt handler, void *data, social_store_error_t *err);
int social_pg_changed(social_store_t *store, int64_t *change, uint32_t limit,
    social_store_key_pt handler, void *data, social_store_error_t *err);
int social_pg_figures(social_store_t *store, int64_t from, int64_t to,
    social_period_t *figures, social_store_error_t *err);
int social_pg_totals(social_store_t *store, int64_t from, int64_t to,
    social_article_t *totals, social_store_error_t *err);
int social_pg_series(social_store_t *store, int64_t from, int64_t to,
    int64_t step, const char *const *goals, size_t ngoals,
    social_series_t *series, social_store_error_t *err);
int social_pg_details(social_store_t *store, social_details_t *details,
    social_store_error_t *err);
int social_pg_age(social_store_t *store, social_retention_t *keep,
    social_store_error_t *err);
int social_pg_feed(social_store_t *store, social_str_t key, uint32_t limit,
    social_comments_t *list, social_store_error_t *err);
int social_pg_replies(social_store_t *store, social_str_t mac, uint32_t limit,
    social_comments_t *list, social_store_error_t *err);
int social_pg_notices(social_store_t *store, social_notices_t *notices,
    social_store_error_t *err);
int social_pg_wanted(social_store_t *store, social_wanted_t *wanted,
    social_store_error_t *err);
int social_pg_note(social_store_t *store, social_note_t *note,
    social_store_error_t *err);
int social_pg_nodes(social_store_t *store, uint64_t generation, int64_t late,
    social_nodes_t *nodes, social_store_error_t *err);
int social_pg_node_forget(social_store_t *store, const char *name,
    social_store_error_t *err);
int social_pg_flush(social_store_t *store, social_flush_t *flush,
    social_store_error_t *err);


#endif /* SOCIAL_STORE_POSTGRES_H_INCLUDED */
