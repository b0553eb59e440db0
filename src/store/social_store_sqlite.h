
/*
 * What the files of the SQLite store share: the connection, its cached
 * statements and its errors.
 *
 * Errors are sticky within an operation: social_sqlite_start() clears them;
 * the first one is kept with its text, and binds and steps after it do
 * nothing.  So callers check once, where it matters.
 *
 * Only files of this directory and tests may include it.
 */

#ifndef SOCIAL_STORE_SQLITE_H_INCLUDED
#define SOCIAL_STORE_SQLITE_H_INCLUDED


#include <sqlite3.h>
#include <sys/types.h>

#include "social_judge.h"
#include "social_store_backend.h"
#include "social_store_rules.h"
#include "social_store_window.h"


#define SOCIAL_SQLITE_APPLICATION      0x6e736f63   /* "nsoc" */
#define SOCIAL_SQLITE_BUSY             2000         /* milliseconds */
#define SOCIAL_SQLITE_CHECKPOINT_WAIT  250          /* milliseconds */
#define SOCIAL_SQLITE_DAY              86400


typedef enum {
#define SOCIAL_SQL(name, text)  SOCIAL_SQL_##name,
#include "social_store_sql.h"
#undef SOCIAL_SQL
    SOCIAL_SQL_MAX
} social_sql_e;


#define SOCIAL_SQLITE_TOUCHED  16


typedef struct {
    social_store_t        base;
    sqlite3              *db;
    sqlite3_stmt         *stmt[SOCIAL_SQL_MAX]; /* prepared on first use */
    char                 *path;
    dev_t                 dev;
    ino_t                 ino;
    int64_t               kept[3];  /* spans of each step that begin before
                                     * may be gone; of this transaction */
    int64_t               rolled;   /* no precomputed sum ends later */
    int64_t               day;  /* daily hashes from before are removed */
    const char           *op;   /* operation, for messages */
    int                   rc;   /* first error's code, as of SQLite */
    social_store_error_t  error;
    unsigned char         judge_key[SOCIAL_SIPHASH_KEY];    /* of tokens */
    char                  judged[SOCIAL_JUDGE_REASON];  /* of the last comment
                                                         * that was judged */
    int64_t               forget;   /* article that was looked at last */
    int64_t               touched[SOCIAL_SQLITE_TOUCHED];   /* articles with a
                                     * new comment in this batch */
    size_t                ntouched;
    int                   patience; /* with another's lock, milliseconds */
    int64_t               patient_until;
    unsigned              aging:1;  /* a round of retention has more to do */
    unsigned              writer:1;
    unsigned              wal_has_erased:1; /* to be removed by a checkpoint */
} social_sqlite_t;


/* social_store_sqlite_vfs.c: name of the writer's VFS; NULL: SQLite's own */
const char *social_sqlite_vfs(void);


/* social_store_sqlite_stmt.c: statements, transactions, errors */

void social_sqlite_start(social_sqlite_t *s, const char *op);

/* records an error unless there already is one; rc is SQLite's code */
void social_sqlite_error(social_sqlite_t *s, int rc);

/* copies the recorded error; always returns SOCIAL_ERROR */
int social_sqlite_failed(social_sqlite_t *s, social_store_error_t *err);

/* NULL after an error; all functions below accept NULL */
sqlite3_stmt *social_sqlite_stmt(social_sqlite_t *s, social_sql_e sql);

/* bound bytes must live until the statement ends */
void social_sqlite_int(social_sqlite_t *s, sqlite3_stmt *stmt, int n,
    int64_t value);
void social_sqlite_text(social_sqlite_t *s, sqlite3_stmt *stmt, int n,
    social_str_t text);
void social_sqlite_string(social_sqlite_t *s, sqlite3_stmt *stmt, int n,
    const char *string);

/* all zero becomes NULL */
void social_sqlite_commenter(social_sqlite_t *s, sqlite3_stmt *stmt, int n,
    const unsigned char *commenter);

/* SOCIAL_OK: there is a row.  SOCIAL_DECLINED: no more rows.  After that or
 * SOCIAL_ERROR the statement has ended. */
int social_sqlite_next(social_sqlite_t *s, sqlite3_stmt *stmt);
void social_sqlite_end(sqlite3_stmt *stmt);

/* runs a statement to its end; social_sqlite_do() one without parameters */
int social_sqlite_run(social_sqlite_t *s, sqlite3_stmt *stmt);
int social_sqlite_do(social_sqlite_t *s, social_sql_e sql);

/* a text column, "" for NULL; ERROR: out of memory */
int social_sqlite_column(sqlite3_stmt *stmt, int column, social_str_t *text);

/* a copy with a NUL in room of len + 1 bytes; room NULL: out of memory */
char *social_sqlite_copy_to(social_sqlite_t *s, char *room, social_str_t text);

/* a malloc'ed copy of a text column, "" for NULL; NULL: out of memory */
char *social_sqlite_copy(social_sqlite_t *s, sqlite3_stmt *stmt, int column);

/* BEGIN IMMEDIATE; fails on a connection that was opened for reading */
int social_sqlite_begin(social_sqlite_t *s);

/* ends an open transaction without changes, keeps the recorded error */
void social_sqlite_rollback(social_sqlite_t *s);

/* if the file was deleted or replaced: rolls back and returns SOCIAL_ERROR */
int social_sqlite_commit(social_sqlite_t *s);

/* removes erased text from the log; if readers prevent it, a later call must
 * try again */
void social_sqlite_checkpoint(social_sqlite_t *s);


/* social_store_sqlite_schema.c: migrations */

typedef struct {
    int          version;   /* user_version after this migration */
    const char  *sql;
} social_sqlite_schema_t;

extern const social_sqlite_schema_t  social_sqlite_schema[];
extern const size_t                  social_sqlite_schema_n;

/* the version of the file's schema, 0 if it is empty; fails if the file is
 * another program's, or so new that this version may not write to it */
int social_sqlite_version(social_sqlite_t *s, int64_t *version);

/* brings an older schema to the newest version, in one transaction */
int social_sqlite_migrate(social_sqlite_t *s);


/* operations, one file per group */

int social_sqlite_verify(social_store_t *store);
int social_sqlite_write(social_store_t *store, social_write_t **writes,
    size_t n, social_store_error_t *err);
int social_sqlite_save(social_store_t *store, uint64_t generation,
    int64_t now, const social_saved_t *saved, size_t n,
    social_store_error_t *err);
int social_sqlite_thread(social_store_t *store, social_str_t key,
    uint32_t page, uint32_t limit, social_order_e order,
    social_comments_t *list, social_store_error_t *err);
int social_sqlite_after(social_store_t *store, social_str_t key,
    int64_t after, uint32_t limit, social_comments_t *list,
    social_store_error_t *err);
int social_sqlite_comment(social_store_t *store, int64_t id,
    social_comments_t *list, social_store_error_t *err);
int social_sqlite_imported(social_store_t *store, social_str_t origin,
    int64_t *id, social_store_error_t *err);
int social_sqlite_page_of(social_store_t *store, int64_t id, uint32_t limit,
    social_order_e order, uint32_t *page, social_store_error_t *err);
int social_sqlite_mine(social_store_t *store, const unsigned char *commenter,
    int64_t after, uint32_t limit, social_order_e order,
    social_comments_t *list, social_store_error_t *err);
int social_sqlite_queue(social_store_t *store, const social_queue_t *queue,
    social_comments_t *list, social_store_error_t *err);
int social_sqlite_log(social_store_t *store, int64_t before, uint32_t limit,
    social_store_log_pt handler, void *data, social_store_error_t *err);
int social_sqlite_logged(social_store_t *store, int64_t id, social_str_t who,
    social_store_log_pt handler, void *data, social_store_error_t *err);
int social_sqlite_export(social_store_t *store, char *next, size_t bytes,
    social_store_line_pt handler, void *data, social_store_error_t *err);
int social_sqlite_keys(social_store_t *store, int64_t *change,
    social_store_key_pt handler, void *data, social_store_error_t *err);
int social_sqlite_changed(social_store_t *store, int64_t *change,
    uint32_t limit, social_store_key_pt handler, void *data,
    social_store_error_t *err);
int social_sqlite_figures(social_store_t *store, int64_t from, int64_t to,
    social_period_t *figures, social_store_error_t *err);
int social_sqlite_totals(social_store_t *store, int64_t from, int64_t to,
    social_article_t *totals, social_store_error_t *err);
int social_sqlite_series(social_store_t *store, int64_t from, int64_t to,
    int64_t step, const char *const *goals, size_t ngoals,
    social_series_t *series, social_store_error_t *err);
int social_sqlite_details(social_store_t *store, social_details_t *details,
    social_store_error_t *err);
int social_sqlite_age(social_store_t *store, social_retention_t *keep,
    social_store_error_t *err);
int social_sqlite_feed(social_store_t *store, social_str_t key,
    uint32_t limit, social_comments_t *list, social_store_error_t *err);
int social_sqlite_replies(social_store_t *store, social_str_t mac,
    uint32_t limit, social_comments_t *list, social_store_error_t *err);
int social_sqlite_notices(social_store_t *store, social_notices_t *notices,
    social_store_error_t *err);


/* social_store_sqlite_read.c: for the other files that read comments */

/* adds at most max rows of SOCIAL_COLUMNS and about SOCIAL_STORE_BYTES; if
 * there is one more, list->next is set.  max SIZE_MAX: all rows, of any size.
 * public: only what readers may see */
void social_sqlite_list(social_sqlite_t *s, sqlite3_stmt *stmt, int public,
    size_t max, social_comments_t *list);

/* begins and ends a read of a list; done() empties the list after an error */
social_sqlite_t *social_sqlite_read(social_store_t *store, const char *op,
    social_comments_t *list);
int social_sqlite_read_done(social_sqlite_t *s, social_comments_t *list,
    social_store_error_t *err);


/* social_store_sqlite_notice.c: queues a notice about a comment of the write,
 * if somebody is to be told */
void social_sqlite_notice_add(social_sqlite_t *s, const social_write_t *w,
    social_notice_e kind, int64_t comment);

/* social_store_sqlite_feed.c */
void social_sqlite_forget_feed(social_sqlite_t *s,
    const unsigned char *commenter);


/* social_store_sqlite_read.c: lists of comments, for operations that read */

/* empties the list and begins a read transaction */
social_sqlite_t *social_sqlite_read(social_store_t *store, const char *op,
    social_comments_t *list);

/* ends it; after an error, list is empty.  list may be NULL */
int social_sqlite_read_done(social_sqlite_t *s, social_comments_t *list,
    social_store_error_t *err);

/* the numbers of a thread: when it changed, comments, likes */
void social_sqlite_thread_head(social_sqlite_t *s, social_str_t key,
    social_comments_t *list);

/* 1 if the thread of the key moved: fills in where to, and how many comments
 * there are */
int social_sqlite_list_moved(social_sqlite_t *s, social_str_t key,
    social_comments_t *list);

/*
 * Adds at most max rows of SOCIAL_COLUMNS and about SOCIAL_STORE_BYTES; if
 * there is one more, list->next is set.  max SIZE_MAX: all rows, of any size.
 * public: only what readers may see.
 */
void social_sqlite_list(social_sqlite_t *s, sqlite3_stmt *stmt, int public,
    size_t max, social_comments_t *list);


/* social_store_sqlite_span.c: spans of time */

#define SOCIAL_SQLITE_SMALL  300
#define SOCIAL_SQLITE_HOUR   3600
#define SOCIAL_SQLITE_NSTEPS SOCIAL_SPAN_STEPS

/* moves *from and *to to the starts of spans that are kept */
void social_sqlite_align(social_sqlite_t *s, int64_t *from, int64_t *to);

/*
 * Calls handler for as few consecutive ranges of spans as cover [from, to),
 * which are aligned: large spans in the middle, small ones at the ends.  None
 * is larger than `largest`, unless it is all that is left.
 */
typedef void (*social_sqlite_span_pt)(social_sqlite_t *s, void *data,
    int64_t step, int64_t from, int64_t to);

void social_sqlite_each_span(social_sqlite_t *s, int64_t from, int64_t to,
    int64_t largest, social_sqlite_span_pt handler, void *data);


/* reads s->kept and s->rolled again: once in a transaction */
void social_sqlite_read_kept(social_sqlite_t *s);


/* social_store_sqlite_window.c: precomputed sums of the usual periods */

/* calls add, which adds up, for counters without label of all articles in
 * [from, to), which are aligned */
void social_sqlite_read_articles(social_sqlite_t *s, int64_t from, int64_t to,
    social_window_number_pt add, void *data);

/* a counter of the article changes in the spans of the time `at` */
void social_sqlite_window_forget(social_sqlite_t *s, int64_t article,
    int64_t at);

/* moves the sums to `now`, and stops when that many rows of spans were read;
 * returns their number, less than `rows` if all is done */
int64_t social_sqlite_roll(social_sqlite_t *s, int64_t now, int64_t rows);


/* the start of the first span of a step that begins at *start or later;
 * DECLINED: there is none */
int social_sqlite_span_after(social_sqlite_t *s, int64_t step,
    int64_t *start);

/* calls add for every count of the days of an article, also with labels */
void social_sqlite_article_days(social_sqlite_t *s, int64_t article,
    social_window_number_pt add, void *data);


/* social_store_sqlite_forget.c: articles that nobody needs */

/* 1 if an article with a count of this kind is needed */
int social_sqlite_age_is_need(int kind);

/* removes articles that had no reader since `before`, and stops after so much
 * work; returns how much was done */
int64_t social_sqlite_forget(social_sqlite_t *s, int64_t before,
    int64_t work, int64_t *forgotten);

/* adds an article, which may have been forgotten; its row number, or 0 */
int64_t social_sqlite_add_article(social_sqlite_t *s, social_str_t key,
    int64_t now);

/* articles that came back are not counted as forgotten ones of [from, to) */
void social_sqlite_less_forgotten(social_sqlite_t *s, int64_t from,
    int64_t to, social_article_t *site);


/* social_store_sqlite_site.c: the site's sums */

/* adds to the sums of the spans that have the time `at`, and for ever */
void social_sqlite_count_site(social_sqlite_t *s, int64_t at, int kind,
    social_str_t label, int64_t delta);

/* adds the counters of [from, to), which are aligned; labels are sorted */
void social_sqlite_read_site(social_sqlite_t *s, int64_t from, int64_t to,
    social_article_t *site);

/* an empty series that covers [from, to), which are aligned; its steps begin at
 * the UTC hour, or the UTC day, that has `from` */
void social_sqlite_make_series(social_sqlite_t *s, int64_t from, int64_t to,
    int64_t step, size_t ngoals, social_series_t *series);

/* adds to a counter of an article, with label or without */
void social_sqlite_add_count(social_sqlite_t *s, social_article_t *a,
    int kind, const char *label, int64_t value);


/* social_store_sqlite_watermark.c: what a save adds to counters */

typedef struct {
    int           kind;
    social_str_t  label;        /* the caller's */
    int64_t       value;
    int64_t       was;          /* what the file has of it */
} social_sqlite_delta_t;

/* as SQLite orders kinds and labels: negative if d comes first */
int social_sqlite_delta_compare(const social_sqlite_delta_t *d, int kind,
    social_str_t label);

/* runs a statement whose rows are kind, label, number, in this order, and sets
 * `was` of the deltas, which are sorted, to the numbers of the same name */
void social_sqlite_delta_match(social_sqlite_t *s, sqlite3_stmt *stmt,
    social_sqlite_delta_t *d, size_t n);

/* counters of one life of a slot become what they have grown above their
 * watermarks, which are raised; sorted.  The number of those that have grown */
size_t social_sqlite_raise_watermarks(social_sqlite_t *s, int64_t generation,
    int64_t life, social_sqlite_delta_t *d, size_t n);

/* notes that the generation is alive, at most once an hour */
void social_sqlite_generation(social_sqlite_t *s, int64_t generation,
    int64_t now);


/* social_store_sqlite_bucket.c: counts by span of time */

typedef struct {
    int64_t                 article;
    social_sqlite_delta_t  *deltas;     /* sorted; `was` changes */
    size_t                  n;
} social_sqlite_group_t;

/* adds to a counter in the buckets of the time `at`; not to the site's */
void social_sqlite_add_to_buckets(social_sqlite_t *s, int64_t article,
    int64_t at, int kind, social_str_t label, int64_t delta);

/* the same for many articles, which are sorted */
void social_sqlite_add_groups(social_sqlite_t *s, int64_t at,
    const social_sqlite_group_t *groups, size_t n);

/* 1: a trigger of the schema follows counts of this kind */
int social_sqlite_is_like(int kind);


/* social_store_sqlite_write.c: for the files that write */

typedef social_rule_row_t  social_sqlite_row_t;

/* reads comment `id` and fills wrote_*; DECLINED: there is none */
int social_sqlite_find_comment(social_sqlite_t *s, int64_t id,
    social_write_t *w, social_sqlite_row_t *row);

/* FNV-1a, 64 bits (Fowler, Noll, Vo) */
uint64_t social_sqlite_hash(social_str_t text);

/* the row number of an article, which is added if make is 1; 0: there is none,
 * or an error */
int64_t social_sqlite_article(social_sqlite_t *s, social_str_t key, int make,
    int64_t now);

/* 1: the article is too old for new comments, as w->close says */
int social_sqlite_is_closed(social_sqlite_t *s, const social_write_t *w,
    int64_t article);

/* resets the results of a write to "not stored" */
void social_sqlite_mark_lost(social_write_t *w);

/* gives the article a new change number */
void social_sqlite_article_changed(social_sqlite_t *s, int64_t article,
    int64_t now);

/* notes that readers will see a change in the article */
void social_sqlite_mark_changed(social_sqlite_t *s, social_write_t *w,
    int64_t article);

/* 1 if the text is not the one that the moderator was shown, as w->revision
 * says */
int social_sqlite_is_changed(const social_write_t *w,
    const social_sqlite_row_t *row);

/* social_store_sqlite_numbers.c: as social_sqlite_mark_changed(), but at the
 * end of the batch, once for all its comments of the article */
void social_sqlite_touch(social_sqlite_t *s, social_write_t *w,
    int64_t article);

/* the end of the batch: marks what was touched, then says comments and change
 * of writes that readers see */
void social_sqlite_numbers_of(social_sqlite_t *s, social_write_t **writes,
    size_t n);

/* a number among the settings; 0: there is none */
int64_t social_sqlite_number(social_sqlite_t *s, const char *name);

/* adds 1 to a number among the settings */
void social_sqlite_raise(social_sqlite_t *s, const char *name);

/* 1: a reader's edit of an approved comment is held; reason says why */
int social_sqlite_must_hold_edit(social_sqlite_t *s, const social_write_t *w,
    const social_sqlite_row_t *row, social_str_t *reason);

/*
 * social_store_sqlite_state.c: the only place where a comment's state changes,
 * but for wiping it.
 */

typedef social_rule_state_t  social_sqlite_state_t;

void social_sqlite_set_state(social_sqlite_t *s, social_write_t *w,
    const social_sqlite_row_t *row, const social_sqlite_state_t *to);

/* 1 if the statement, which is bound, finds a row */
int social_sqlite_has_row(social_sqlite_t *s, sqlite3_stmt *stmt);


/* social_store_sqlite_act.c: what moderators did */

/* the action of this write's request in the log; 0: it is not logged */
int64_t social_sqlite_act(social_sqlite_t *s, social_write_t *w,
    const char *action);

/* adds a comment to it, before it changes; ban: a social_rule_ban_e.  made:
 * the action made the comment */
void social_sqlite_act_comment(social_sqlite_t *s, social_write_t *w,
    const char *action, int64_t id, int state, int done, int ban, int made);

/* marks `undoes` of the write as taken back by the action `act` */
void social_sqlite_act_undone(social_sqlite_t *s, const social_write_t *w,
    int64_t act);

/* removes entries before a time, a bounded number of them */
int64_t social_sqlite_act_forget(social_sqlite_t *s, int64_t before);

/* social_store_sqlite_undo.c: MODERATE with UNDO */
void social_sqlite_undo(social_sqlite_t *s, social_write_t *w);

/* social_store_sqlite_moderate.c: bans and lifts bans of a comment's writer */
int social_sqlite_ban(social_sqlite_t *s, const social_write_t *w,
    const social_sqlite_row_t *row, int ban);


/* social_store_sqlite_move.c: threads that moved */

typedef struct {
    int64_t  article, act;
    char     key[SOCIAL_KEY_MAX + 1];
    char    *title;                     /* malloc'ed, if asked for */
} social_sqlite_alias_t;

/* DECLINED: the thread of the key did not move */
int social_sqlite_alias(social_sqlite_t *s, social_str_t key,
    social_sqlite_alias_t *alias, int title);

/* the row number of the article that has the thread of w->key, which is added
 * if w->known; fills in wrote_key; 0: there is none */
int64_t social_sqlite_thread_of(social_sqlite_t *s, social_write_t *w);


/* social_store_sqlite_read.c: lists of comments */

/* begins a read */
social_sqlite_t *social_sqlite_read(social_store_t *store, const char *op,
    social_comments_t *list);

/* ends it; what the operation returns */
int social_sqlite_read_done(social_sqlite_t *s, social_comments_t *list,
    social_store_error_t *err);

/* a row of numbers: time of the last change, number of comments, likes */
void social_sqlite_list_head(social_sqlite_t *s, sqlite3_stmt *stmt,
    social_comments_t *list);

/*
 * Adds at most max rows of SOCIAL_COLUMNS and about SOCIAL_STORE_BYTES; if
 * there is one more, list->next is set.  max SIZE_MAX: all rows, of any size.
 * public: only what readers may see.
 */
void social_sqlite_list(social_sqlite_t *s, sqlite3_stmt *stmt, int public,
    size_t max, social_comments_t *list);


/* wipes text, name, website and commenter of a comment */
void social_sqlite_wipe(social_sqlite_t *s, social_write_t *w,
    const social_sqlite_row_t *row);

/* social_store_sqlite_tally.c: what the store itself counts: the new comments
 * of a batch; how soon an author answered; action: NULL: that of the write */
void social_sqlite_tally_posted(social_sqlite_t *s, social_write_t **writes,
    size_t n);
void social_sqlite_tally_answer(social_sqlite_t *s, const social_write_t *w);
void social_sqlite_tally_action(social_sqlite_t *s, const social_write_t *w,
    const char *action);

void social_sqlite_tally_expired(social_sqlite_t *s, int64_t now, int64_t n);
void social_sqlite_tally_forgotten(social_sqlite_t *s, int64_t since);
void social_sqlite_tally_notice(social_sqlite_t *s, int64_t now,
    const char *became, int64_t n);

/* social_store_sqlite_twin.c: 1 if the comment was sent before; the results of
 * the write are then those of the first */
int social_sqlite_twin(social_sqlite_t *s, social_write_t *w, int64_t article);

/* social_store_sqlite_author.c: a new comment's name.  Keeps an author's;
 * DECLINED: a reader's looks like an author's */
int social_sqlite_author(social_sqlite_t *s, const social_write_t *w);


void social_sqlite_write_comment(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_edit(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_delete(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_report(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_erase(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_moderate(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_like(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_move(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_look(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_signout(social_sqlite_t *s, social_write_t *w);
void social_sqlite_write_feed(social_sqlite_t *s, social_write_t *w);


#endif /* SOCIAL_STORE_SQLITE_H_INCLUDED */
