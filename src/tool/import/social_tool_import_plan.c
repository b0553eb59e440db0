
/*
 * Fills the plan with what a reader finds, fields already as they are kept.
 */

#include <stdlib.h>
#include <string.h>

#include "social_text.h"
#include "social_tool_html.h"
#include "social_tool_import_plan.h"


static const char  social_tool_plan_tables[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
    "PRAGMA cache_size = -8000; PRAGMA temp_store = FILE;"
    "CREATE TABLE thread (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " url TEXT NOT NULL, title TEXT NOT NULL, deleted, hidden, key INTEGER,"
    " reason TEXT);"
    "CREATE TABLE article (n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
    " title TEXT NOT NULL);"
    "CREATE TABLE person (user TEXT PRIMARY KEY, name TEXT NOT NULL,"
    " website TEXT NOT NULL, author) WITHOUT ROWID;"
    "CREATE TABLE item (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " parent TEXT NOT NULL, thread TEXT NOT NULL, user TEXT NOT NULL,"
    " login TEXT NOT NULL, format, state, author, created, edited, line,"
    " source TEXT, origin TEXT);"
    "CREATE TABLE body (n INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    " website TEXT NOT NULL, text TEXT NOT NULL);"
    /* parent -1: it is not in the file, perhaps in the store */
    "CREATE TABLE plan (rank INTEGER PRIMARY KEY, n, parent, article, state);"
    "CREATE TABLE commenter (user TEXT PRIMARY KEY, id BLOB, known"
    " DEFAULT 0) WITHOUT ROWID;"
    "BEGIN";


/* what was changed in a comment that is imported */

enum {
    FLAG_CONTROLS = 1,
    FLAG_NAME_CUT = 2,
    FLAG_TEXT_CUT = 4,
    FLAG_WEBSITE  = 8,
    FLAG_LOCAL    = 16
};


static const struct {
    unsigned     flag;
    const char  *reason;
} social_tool_plan_flags[] = {
    { FLAG_LOCAL, "local time taken as UTC" },
    { FLAG_CONTROLS, "control characters became spaces" },
    { FLAG_NAME_CUT, "name shortened" },
    { FLAG_TEXT_CUT, "text shortened" },
    { FLAG_WEBSITE, "website left out" }
};


static void
social_tool_plan_error(social_tool_plan_t *plan)
{
    if (!plan->failed) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE,
                                "the temporary file failed (%s); TMPDIR= moves "
                                "it", plan->db ? sqlite3_errmsg(plan->db)
                                               : "no memory");
        plan->failed = 1;
    }
}


int
social_tool_plan_failed(social_tool_plan_t *plan)
{
    return plan->failed ? SOCIAL_ERROR : SOCIAL_OK;
}


void
social_tool_plan_exec(social_tool_plan_t *plan, const char *sql)
{
    if (!plan->failed
        && sqlite3_exec(plan->db, sql, NULL, NULL, NULL) != SQLITE_OK)
    {
        social_tool_plan_error(plan);
    }
}


sqlite3_stmt *
social_tool_plan_prepare(social_tool_plan_t *plan, const char *sql)
{
    sqlite3_stmt  *stmt;

    stmt = NULL;

    if (!plan->failed
        && sqlite3_prepare_v2(plan->db, sql, -1, &stmt, NULL) != SQLITE_OK)
    {
        social_tool_plan_error(plan);
    }

    return stmt;
}


int
social_tool_plan_step(social_tool_plan_t *plan, sqlite3_stmt *stmt)
{
    int  rc;

    if (plan->failed || stmt == NULL) {
        return 0;
    }

    rc = sqlite3_step(stmt);

    if (rc != SQLITE_ROW && rc != SQLITE_DONE
        && (rc & 0xff) != SQLITE_CONSTRAINT)
    {
        social_tool_plan_error(plan);
    }

    if (rc != SQLITE_ROW) {
        (void) sqlite3_reset(stmt);
    }

    return rc == SQLITE_ROW;
}


void
social_tool_plan_bind(sqlite3_stmt *stmt, int n, social_str_t text)
{
    (void) sqlite3_bind_text64(stmt, n, text.len ? (const char *) text.data
                                                 : "", text.len,
                               SQLITE_STATIC, SQLITE_UTF8);
}


social_str_t
social_tool_plan_column(sqlite3_stmt *stmt, int n)
{
    social_str_t  text;

    text.data = sqlite3_column_text(stmt, n);
    text.len = text.data ? (size_t) sqlite3_column_bytes(stmt, n) : 0;

    return text;
}


static void
social_tool_plan_statements(social_tool_plan_t *plan)
{
    size_t                    i;
    static const char *const  sql[SOCIAL_TOOL_STATEMENTS] = {
        "INSERT INTO thread (id, url, title, deleted, hidden)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET"
        " url = CASE url WHEN '' THEN excluded.url ELSE url END,"
        " deleted = excluded.deleted",
        "INSERT INTO item (n, id, parent, thread, user, login, format, state,"
        " author, created, edited, line)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        "INSERT INTO body (n, name, website, text) VALUES (?1, ?2, ?3, ?4)",
        "INSERT OR IGNORE INTO person (user, name, website, author)"
        " VALUES (?1, ?2, ?3, ?4)",
        "UPDATE item SET source = ?2, origin = ?3 WHERE id = ?1"
    };

    for (i = 0; i < SOCIAL_TOOL_STATEMENTS; i++) {
        plan->stmt[i] = social_tool_plan_prepare(plan, sql[i]);
    }
}


social_tool_plan_t *
social_tool_plan_create(const social_tool_import_options_t *options,
    social_tool_report_t *report)
{
    social_tool_plan_t  *plan;

    plan = calloc(1, sizeof(social_tool_plan_t));

    if (plan == NULL) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "no memory");
        return NULL;
    }

    plan->options = options;
    plan->report = report;

    social_out_init(&plan->name, SOCIAL_TOOL_FIELD * 4);
    social_out_init(&plan->website, SOCIAL_TOOL_FIELD * 4);
    social_out_init(&plan->text, SOCIAL_TOOL_FIELD * 4);
    social_out_init(&plan->clean, SOCIAL_TOOL_FIELD * 4);

    if (sqlite3_open_v2("", &plan->db, SQLITE_OPEN_READWRITE
                        |SQLITE_OPEN_CREATE|SQLITE_OPEN_NOMUTEX, NULL)
        != SQLITE_OK)
    {
        social_tool_plan_error(plan);
    }

    social_tool_plan_exec(plan, social_tool_plan_tables);
    social_tool_plan_statements(plan);

    if (plan->failed) {
        social_tool_plan_destroy(plan);
        return NULL;
    }

    return plan;
}


void
social_tool_plan_destroy(social_tool_plan_t *plan)
{
    size_t  i;

    if (plan == NULL) {
        return;
    }

    for (i = 0; i < SOCIAL_TOOL_STATEMENTS; i++) {
        (void) sqlite3_finalize(plan->stmt[i]);
    }

    (void) sqlite3_close(plan->db);

    social_out_free(&plan->name);
    social_out_free(&plan->website);
    social_out_free(&plan->text);
    social_out_free(&plan->clean);
    free(plan->items);
    free(plan);
}


void
social_tool_plan_site(social_tool_plan_t *plan, social_str_t site)
{
    size_t         i, n;
    unsigned char  c;

    if (plan->site[0] != '\0') {
        return;
    }

    for (i = 0, n = 0; i < site.len && n < SOCIAL_TOOL_SOURCE - 24; i++) {
        c = site.data[i];

        if (c > 0x20 && c < 0x7f) {
            plan->source[n++] = (char) c;
        }
    }

    plan->source[n] = '\0';
    memcpy(plan->site, plan->source, n + 1);
}


void
social_tool_plan_leave_out(social_tool_plan_t *plan, const char *reason,
    const char *name, social_str_t id, int64_t line)
{
    social_tool_report_add(plan->report, reason, name, id, line);
}


/* a field as it is kept, in out; controls may be NULL */

static social_str_t
social_tool_plan_clean(social_out_t *out, social_str_t text, int *controls)
{
    social_str_t  clean;

    out->len = 0;
    social_tool_field_clean(out, text, controls);
    clean = social_text_trim(out->data, out->failed ? 0 : out->len);

    return clean;
}


void
social_tool_plan_thread(social_tool_plan_t *plan,
    const social_tool_thread_t *thread)
{
    sqlite3_stmt  *stmt;

    stmt = plan->stmt[SOCIAL_TOOL_ADD_THREAD];
    social_tool_plan_bind(stmt, 1, thread->id);
    social_tool_plan_bind(stmt, 2, social_tool_plan_clean(&plan->clean,
                                                          thread->url, NULL));
    social_tool_plan_bind(stmt, 3, social_tool_plan_clean(&plan->text,
                                                          thread->title,
                                                          NULL));
    (void) sqlite3_bind_int(stmt, 4, thread->deleted);
    (void) sqlite3_bind_int(stmt, 5, thread->hidden);
    (void) social_tool_plan_step(plan, stmt);
    (void) sqlite3_reset(stmt);
}


void
social_tool_plan_person(social_tool_plan_t *plan,
    const social_tool_user_t *person)
{
    int            ignored;
    social_str_t   text;
    sqlite3_stmt  *stmt;

    ignored = 0;
    plan->name.len = 0;
    plan->website.len = 0;
    social_tool_field_name(&plan->name, person->name, &ignored, &ignored);
    (void) social_tool_field_website(&plan->website, person->website);

    stmt = plan->stmt[SOCIAL_TOOL_ADD_PERSON];
    social_tool_plan_bind(stmt, 1, person->user);
    text.data = plan->name.data;
    text.len = plan->name.len;
    social_tool_plan_bind(stmt, 2, text);
    text.data = plan->website.data;
    text.len = plan->website.len;
    social_tool_plan_bind(stmt, 3, text);
    (void) sqlite3_bind_int(stmt, 4, person->author);
    (void) social_tool_plan_step(plan, stmt);
    (void) sqlite3_reset(stmt);
}


void
social_tool_plan_origin(social_tool_plan_t *plan, social_str_t comment,
    social_str_t source, social_str_t id)
{
    sqlite3_stmt  *stmt;

    stmt = plan->stmt[SOCIAL_TOOL_ADD_ORIGIN];
    social_tool_plan_bind(stmt, 1, comment);
    social_tool_plan_bind(stmt, 2, source);
    social_tool_plan_bind(stmt, 3, id);
    (void) social_tool_plan_step(plan, stmt);
    (void) sqlite3_reset(stmt);

    plan->origins = 1;
}


/* the text in plan->text, and its format */

static social_format_e
social_tool_plan_text(social_tool_plan_t *plan, const social_tool_comment_t *c,
    unsigned *flags, social_tool_lost_t *lost)
{
    int              controls;
    size_t           len;
    social_str_t     text;
    social_format_e  format;

    controls = 0;
    text = c->text;
    format = c->plain ? SOCIAL_PLAIN : SOCIAL_MARKDOWN;
    plan->text.len = 0;

    if (text.len >= SOCIAL_TOOL_FIELD) {
        *flags |= FLAG_TEXT_CUT;
        text.len = SOCIAL_TOOL_FIELD;
    }

    plan->clean.len = 0;
    social_tool_field_clean(&plan->clean, text, &controls);
    text.data = plan->clean.data;
    text.len = plan->clean.failed ? 0 : plan->clean.len;

    if (c->html || (c->maybe_html && social_tool_html_is(text))) {
        social_out_free(&plan->text);
        format = social_tool_html(&plan->text, text, lost);

    } else {
        social_out_bytes(&plan->text, text.data, text.len);
    }

    len = 0;

    if (!plan->text.failed && plan->text.len) {
        (void) social_text_clean_text(plan->text.data, plan->text.len,
                                      plan->text.data, &len);
    }

    if (len > SOCIAL_TOOL_TEXT_BYTES) {
        *flags |= FLAG_TEXT_CUT;
        len = SOCIAL_TOOL_TEXT_BYTES;

        while (len > 0 && (plan->text.data[len] & 0xc0) == 0x80) {
            len--;
        }
    }

    plan->text.len = len;

    if (controls) {
        *flags |= FLAG_CONTROLS;
    }

    return format;
}


static void
social_tool_plan_lost(social_tool_plan_t *plan, const social_tool_lost_t *lost,
    const social_tool_comment_t *c)
{
    size_t  i;

    if (lost->image) {
        social_tool_report_add(plan->report, "image became a link", NULL,
                               c->id, c->line);
    }

    if (lost->heading) {
        social_tool_report_add(plan->report, "heading became bold", NULL,
                               c->id, c->line);
    }

    for (i = 0; i < lost->nelements; i++) {
        social_tool_report_add(plan->report, "element left out: ",
                               lost->elements[i], c->id, c->line);
    }

    for (i = 0; i < lost->nmarkup; i++) {
        social_tool_report_add(plan->report, "markup left out: ",
                               lost->markup[i], c->id, c->line);
    }
}


static void
social_tool_plan_flagged(social_tool_plan_t *plan, unsigned flags,
    const social_tool_comment_t *c)
{
    size_t  i;

    for (i = 0; i < social_nelts(social_tool_plan_flags); i++) {
        if (flags & social_tool_plan_flags[i].flag) {
            social_tool_report_add(plan->report,
                                   social_tool_plan_flags[i].reason, NULL,
                                   c->id, c->line);
        }
    }
}


/* name and website in plan->name, plan->website */

static void
social_tool_plan_writer(social_tool_plan_t *plan,
    const social_tool_comment_t *c, unsigned *flags)
{
    int  controls, cut;

    controls = 0;
    cut = 0;
    plan->name.len = 0;
    plan->website.len = 0;

    social_tool_field_name(&plan->name, c->name, &controls, &cut);

    if (social_tool_field_website(&plan->website, c->website) != SOCIAL_OK) {
        *flags |= FLAG_WEBSITE;
    }

    *flags |= (controls ? FLAG_CONTROLS : 0) | (cut ? FLAG_NAME_CUT : 0)
              | (c->local ? FLAG_LOCAL : 0);
}


static social_str_t
social_tool_plan_str(const social_out_t *out)
{
    social_str_t  text;

    text.data = out->data;
    text.len = out->failed ? 0 : out->len;

    return text;
}


/* a row of the comment; 0: there is one with this id already */

static int
social_tool_plan_insert(social_tool_plan_t *plan,
    const social_tool_comment_t *c, social_format_e format, int state)
{
    int            before;
    sqlite3_stmt  *stmt;
    social_str_t   id;
    social_out_t   out;

    stmt = plan->stmt[SOCIAL_TOOL_ADD_COMMENT];

    social_out_init(&out, c->id.len * 3 + 16);
    id = social_tool_plan_clean(&out, c->id, NULL);

    (void) sqlite3_bind_int64(stmt, 1, plan->n + 1);
    social_tool_plan_bind(stmt, 2, id);
    social_tool_plan_bind(stmt, 3, c->parent);
    social_tool_plan_bind(stmt, 4, c->thread);
    social_tool_plan_bind(stmt, 5, c->user);
    social_tool_plan_bind(stmt, 6, c->login);
    (void) sqlite3_bind_int(stmt, 7, format);
    (void) sqlite3_bind_int(stmt, 8, state);
    (void) sqlite3_bind_int(stmt, 9, c->author);
    (void) sqlite3_bind_int64(stmt, 10, c->created);
    (void) sqlite3_bind_int64(stmt, 11, c->edited > 0 ? c->edited : 0);
    (void) sqlite3_bind_int64(stmt, 12, c->line);

    before = sqlite3_total_changes(plan->db);
    (void) social_tool_plan_step(plan, stmt);
    (void) sqlite3_reset(stmt);
    social_out_free(&out);

    if (plan->failed || sqlite3_total_changes(plan->db) == before) {
        return 0;
    }

    plan->n++;

    stmt = plan->stmt[SOCIAL_TOOL_ADD_BODY];
    (void) sqlite3_bind_int64(stmt, 1, plan->n);
    social_tool_plan_bind(stmt, 2, social_tool_plan_str(&plan->name));
    social_tool_plan_bind(stmt, 3, social_tool_plan_str(&plan->website));
    social_tool_plan_bind(stmt, 4, social_tool_plan_str(&plan->text));
    (void) social_tool_plan_step(plan, stmt);
    (void) sqlite3_reset(stmt);

    return 1;
}


void
social_tool_plan_comment(social_tool_plan_t *plan,
    const social_tool_comment_t *c)
{
    int                  state;
    unsigned             flags;
    const char          *why;
    social_format_e      format;
    social_tool_lost_t   lost;

    flags = 0;
    format = SOCIAL_PLAIN;
    memset(&lost, 0, sizeof(social_tool_lost_t));
    plan->text.len = 0;

    state = c->deleted ? SOCIAL_DELETED : c->spam ? SOCIAL_SPAM
            : c->held ? SOCIAL_HELD : SOCIAL_APPROVED;

    social_tool_plan_writer(plan, c, &flags);

    if (!c->deleted && (!c->spam || plan->options->with_spam)) {
        format = social_tool_plan_text(plan, c, &flags, &lost);
    }

    if (plan->text.failed || plan->name.failed || lost.failed) {
        social_tool_plan_error(plan);
        return;
    }

    why = (c->created <= 0) ? "no time"
          : (state == SOCIAL_DELETED
             || (state == SOCIAL_SPAM && !plan->options->with_spam)
             || plan->text.len) ? NULL : "empty left out";

    if (!social_tool_plan_insert(plan, c, format,
                                 why ? SOCIAL_TOOL_OUT : state))
    {
        why = "id twice in the file";
    }

    if (plan->failed) {
        return;
    }

    if (why) {
        social_tool_report_add(plan->report, why, NULL, c->id, c->line);

    } else if (state == SOCIAL_APPROVED || state == SOCIAL_HELD) {
        social_tool_plan_flagged(plan, flags, c);
        social_tool_plan_lost(plan, &lost, c);
    }
}
