
/*
 * From the plan into the store: small transactions with pauses, so that a
 * server beside it can write, too.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "social_tool_import_plan.h"


#define SOCIAL_TOOL_HOLD    400     /* msec that a transaction may take */
#define SOCIAL_TOOL_FIRST   500     /* comments in the first one */
#define SOCIAL_TOOL_BYTES   (8 << 20)   /* of text in one */
#define SOCIAL_TOOL_UNKNOWN 20      /* articles that a message lists */


typedef struct {
    social_tool_plan_t   *plan;
    social_store_t       *store;        /* NULL: there is none yet */
    social_import_t      *items;
    size_t                n, batch;
    social_out_t          bytes;        /* the strings of items, by offset */
    int64_t               added[SOCIAL_DELETED + 1], here, done, total;
} social_tool_commit_t;


static int64_t
social_tool_commit_msec(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}


static void
social_tool_commit_pause(int64_t msec)
{
    struct timespec  pause;

    pause.tv_sec = msec / 1000;
    pause.tv_nsec = (long) (msec % 1000) * 1000000;
    nanosleep(&pause, NULL);
}


/* strings are kept as offsets until the batch is complete: the buffer moves */

static social_str_t
social_tool_commit_keep(social_tool_commit_t *c, social_str_t text)
{
    social_str_t  kept;

    kept.data = (const unsigned char *) c->bytes.len;
    kept.len = text.len;
    social_out_bytes(&c->bytes, text.data, text.len);

    return kept;
}


static void
social_tool_commit_place(const social_tool_commit_t *c, social_str_t *text)
{
    text->data = c->bytes.data + (size_t) text->data;
}


static int
social_tool_commit_write(social_tool_commit_t *c)
{
    size_t                 i;
    int64_t                began, took;
    social_import_t       *item;
    social_store_error_t   err;

    if (c->n == 0) {
        return SOCIAL_OK;
    }

    for (i = 0; i < c->n; i++) {
        item = &c->items[i];
        social_tool_commit_place(c, &item->source);
        social_tool_commit_place(c, &item->id);
        social_tool_commit_place(c, &item->parent);
        social_tool_commit_place(c, &item->parent_source);
        social_tool_commit_place(c, &item->key);
        social_tool_commit_place(c, &item->title);
        social_tool_commit_place(c, &item->name);
        social_tool_commit_place(c, &item->website);
        social_tool_commit_place(c, &item->text);
    }

    began = social_tool_commit_msec();

    if (social_store_import(c->store, c->items, c->n, (int64_t) time(NULL),
                            &err) != SOCIAL_OK)
    {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "%s; what came before is "
                                "there, the same command goes on",
                                err.message);
        return SOCIAL_ERROR;
    }

    took = social_tool_commit_msec() - began + 1;

    for (i = 0; i < c->n; i++) {
        if (c->items[i].added) {
            c->added[c->items[i].state]++;
        } else {
            c->here++;
        }
    }

    /* the next one takes as long as is right */

    c->batch = c->n * SOCIAL_TOOL_HOLD / (size_t) took;
    c->batch = c->batch < 100 ? 100 : c->batch > SOCIAL_TOOL_COMMIT
               ? SOCIAL_TOOL_COMMIT : c->batch;

    c->done += (int64_t) c->n;
    c->n = 0;
    c->bytes.len = 0;

    social_tool_progress("writing", c->done, c->total);
    social_tool_commit_pause(took < 20 ? 10 : took > 1000 ? 500 : took / 2);

    return SOCIAL_OK;
}


/* what a dry run finds: as write(), but nothing is written */

static int
social_tool_commit_look(social_tool_commit_t *c)
{
    int                    rc;
    int64_t                comment;
    social_import_t       *item;
    unsigned char          commenter[SOCIAL_COMMENTER_LEN];
    social_store_error_t   err;

    item = &c->items[0];
    social_tool_commit_place(c, &item->source);
    social_tool_commit_place(c, &item->id);

    rc = c->store ? social_store_origin(c->store, item->source, item->id,
                                        &comment, commenter, &err)
                  : SOCIAL_DECLINED;

    if (rc == SOCIAL_ERROR) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
        return SOCIAL_ERROR;
    }

    if (rc == SOCIAL_OK) {
        c->here++;
    } else {
        c->added[item->state]++;
    }

    c->n = 0;
    c->bytes.len = 0;

    return SOCIAL_OK;
}


/* is the comment one of --author? */

static int
social_tool_commit_is_author(const social_tool_commit_t *c, sqlite3_stmt *row)
{
    size_t                                i, j;
    social_str_t                          text;
    const social_tool_import_options_t   *options;

    static const int  columns[] = { 4, 7, 8 };      /* name, user, login */

    options = c->plan->options;

    for (i = 0; i < options->nauthor; i++) {
        for (j = 0; j < social_nelts(columns); j++) {
            text = social_tool_plan_column(row, columns[j]);

            /* a user's id may have a prefix of ours: "u:" */

            if (j == 1 && text.len > 2 && text.data[1] == ':') {
                text.data += 2;
                text.len -= 2;
            }

            if (text.len && text.len == strlen(options->author[i])
                && memcmp(text.data, options->author[i], text.len) == 0)
            {
                return 1;
            }
        }
    }

    return sqlite3_column_int(row, 9);
}


static void
social_tool_commit_row(social_tool_commit_t *c, sqlite3_stmt *row)
{
    const void       *commenter;
    social_str_t      text;
    social_import_t  *item;

    static const social_str_t  anonymous = social_string("Anonymous");

    item = &c->items[c->n++];
    memset(item, 0, sizeof(social_import_t));

    item->source = social_tool_commit_keep(c, social_tool_plan_column(row, 16));
    item->id = social_tool_commit_keep(c, social_tool_plan_column(row, 0));
    item->parent = social_tool_commit_keep(c, social_tool_plan_column(row, 1));
    item->parent_source = social_tool_commit_keep(
                              c, social_tool_plan_column(row, 17));
    item->key = social_tool_commit_keep(c, social_tool_plan_column(row, 2));
    item->title = social_tool_commit_keep(c, social_tool_plan_column(row, 3));
    text = social_tool_plan_column(row, 4);
    item->name = social_tool_commit_keep(c, text.len ? text : anonymous);
    item->website = social_tool_commit_keep(c,
                                            social_tool_plan_column(row, 5));
    item->text = social_tool_commit_keep(c, social_tool_plan_column(row, 6));

    item->author = social_tool_commit_is_author(c, row) != 0;
    item->format = (social_format_e) sqlite3_column_int(row, 10);
    item->state = (social_state_e) sqlite3_column_int(row, 11);
    item->created = sqlite3_column_int64(row, 12);
    item->edited = sqlite3_column_int64(row, 13);
    commenter = sqlite3_column_blob(row, 14);

    if (commenter && sqlite3_column_bytes(row, 14) == SOCIAL_COMMENTER_LEN) {
        memcpy(item->commenter, commenter, SOCIAL_COMMENTER_LEN);

    } else {
        item->person = sqlite3_column_int64(row, 15);
    }
}


/* everything that is planned, parents in front of their replies */

static const char  social_tool_commit_rows[] =
    "SELECT coalesce(i.origin, i.id), coalesce(p.origin, p.id,"
    "  CASE WHEN l.parent = 0 THEN '' ELSE i.parent END), a.key, a.title,"
    " CASE b.name WHEN '' THEN coalesce(u.name, '') ELSE b.name END,"
    " CASE b.website WHEN '' THEN coalesce(u.website, '') ELSE b.website END,"
    " b.text, i.user, i.login, i.author OR coalesce(u.author, 0), i.format,"
    " l.state, i.created, i.edited, c.id, random(), coalesce(i.source, ?1),"
    " coalesce(p.source, ?1)"
    " FROM plan l CROSS JOIN item i ON i.n = l.n"
    " CROSS JOIN body b ON b.n = l.n CROSS JOIN article a ON a.n = l.article"
    " LEFT JOIN item p ON p.n = l.parent"
    " LEFT JOIN person u ON u.user = i.user AND i.user <> ''"
    " LEFT JOIN commenter c ON c.user = i.user"
    " ORDER BY l.rank";


static int
social_tool_commit_all(social_tool_commit_t *c)
{
    int            rc;
    social_str_t   source;
    sqlite3_stmt  *rows;

    source.data = (const unsigned char *) c->plan->source;
    source.len = strlen(c->plan->source);

    if (social_tool_known_people(c->plan, c->store, source) != SOCIAL_OK
        || social_tool_known_parents(c->plan, c->store, source) != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    rows = social_tool_plan_prepare(c->plan, social_tool_commit_rows);
    rc = SOCIAL_OK;

    if (rows != NULL) {
        social_tool_plan_bind(rows, 1, source);
    }

    while (rc == SOCIAL_OK && social_tool_plan_step(c->plan, rows)) {
        social_tool_commit_row(c, rows);

        if (c->bytes.failed) {
            (void) social_tool_fail(SOCIAL_TOOL_STORE, "no memory");
            rc = SOCIAL_ERROR;

        } else if (c->plan->options->dry_run) {
            rc = social_tool_commit_look(c);

        } else if (c->n >= c->batch || c->bytes.len > SOCIAL_TOOL_BYTES) {
            rc = social_tool_commit_write(c);
        }
    }

    (void) sqlite3_finalize(rows);

    if (rc == SOCIAL_OK && !c->plan->failed && !c->plan->options->dry_run) {
        rc = social_tool_commit_write(c);
    }

    social_tool_progress("", 0, 0);

    return c->plan->failed ? SOCIAL_ERROR : rc;
}


/* articles that the store has never seen, and addresses that differ by a
 * slash: nobody would find comments there */

static void
social_tool_commit_unknown(social_tool_commit_t *c, const char *title,
    const char *sql, int unknown)
{
    int64_t                n;
    social_str_t           key;
    sqlite3_stmt          *stmt;
    social_store_error_t   err;

    n = 0;
    stmt = social_tool_plan_prepare(c->plan, sql);

    while (social_tool_plan_step(c->plan, stmt)) {
        key = social_tool_plan_column(stmt, 0);

        if (unknown && c->store && social_store_knows(c->store, key, &err)) {
            continue;
        }

        if (n == 0) {
            printf("\n%s\n", title);
        }

        if (n++ < SOCIAL_TOOL_UNKNOWN) {
            printf("  %.*s (%" PRId64 ")\n", (int) key.len,
                   (const char *) key.data,
                   (int64_t) sqlite3_column_int64(stmt, 1));
        }
    }

    if (n > SOCIAL_TOOL_UNKNOWN) {
        printf("  and %" PRId64 " more\n", n - SOCIAL_TOOL_UNKNOWN);
    }

    (void) sqlite3_finalize(stmt);
}


#define SOCIAL_TOOL_COUNTED                                                   \
    "SELECT a.key, count(*) FROM plan l JOIN article a ON a.n = l.article"


static void
social_tool_commit_articles(social_tool_commit_t *c)
{
    social_tool_commit_unknown(
        c, "articles that this store has never seen, with their comments; "
           "readers find them there once\nthese addresses are pages again "
           "(--map, --slash):",
        SOCIAL_TOOL_COUNTED " GROUP BY a.n ORDER BY 2 DESC, 1", 1);

    social_tool_commit_unknown(
        c, "addresses that differ only by the slash at their end (--slash):",
        SOCIAL_TOOL_COUNTED " WHERE substr(a.key, -1) <> '/' AND EXISTS"
        " (SELECT 1 FROM article WHERE key = a.key || '/')"
        " GROUP BY a.n ORDER BY 2 DESC, 1", 0);
}


/* NULL after a message.  A dry run of a store that is not there is right */

static social_tool_exit_e
social_tool_commit_open(social_tool_commit_t *c)
{
    int                    dry;
    const char            *path;
    struct stat            st;
    social_store_error_t   err;

    dry = c->plan->options->dry_run;
    path = social_tool_path(c->plan->options->store);

    if (dry && path != NULL && (stat(path, &st) != 0 || st.st_size == 0)) {
        return SOCIAL_TOOL_DONE;
    }

    c->store = social_store_open(c->plan->options->store, !dry, &err);

    return c->store ? SOCIAL_TOOL_DONE
                    : social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
}


social_tool_exit_e
social_tool_plan_commit(social_tool_plan_t *plan)
{
    int                    state;
    sqlite3_stmt          *stmt;
    social_tool_exit_e     rc;
    social_tool_commit_t   c;

    static const char *const  states[] = { NULL, "imported: approved",
                                           "imported: held", "imported: spam",
                                           "imported: deleted" };

    memset(&c, 0, sizeof(social_tool_commit_t));
    c.plan = plan;
    c.batch = SOCIAL_TOOL_FIRST;
    c.items = calloc(SOCIAL_TOOL_COMMIT, sizeof(social_import_t));
    social_out_init(&c.bytes, SOCIAL_TOOL_BYTES * 2 + SOCIAL_TOOL_FIELD);

    rc = c.items ? social_tool_commit_open(&c)
                 : social_tool_fail(SOCIAL_TOOL_STORE, "no memory");

    if (rc == SOCIAL_TOOL_DONE) {
        stmt = social_tool_plan_prepare(plan, "SELECT count(*) FROM plan");

        if (social_tool_plan_step(plan, stmt)) {
            c.total = sqlite3_column_int64(stmt, 0);
        }

        (void) sqlite3_finalize(stmt);

        social_tool_commit_articles(&c);

        rc = social_tool_commit_all(&c) == SOCIAL_OK ? SOCIAL_TOOL_DONE
                                                     : SOCIAL_TOOL_STORE;

        for (state = SOCIAL_APPROVED; state <= SOCIAL_DELETED; state++) {
            social_tool_report_count(plan->report, states[state],
                                     c.added[state]);
        }
    }

    if (c.here) {
        printf("%8" PRId64 "  were here already\n", c.here);
    }

    social_store_close(c.store);
    social_out_free(&c.bytes);
    free(c.items);

    return rc;
}
