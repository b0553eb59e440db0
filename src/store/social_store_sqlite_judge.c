
/*
 * The filter that learns: the counts of its tokens, what each comment taught,
 * and which comments are held.  What tokens are and what counts say is
 * src/core/judge.
 *
 * What a comment taught can be taken back exactly: its tokens are found again
 * in its text, so this must happen before the text goes.  When there are too
 * many tokens, those go whose hash does not end with another zero bit, and they
 * are not counted any more; so what remains is as exact as before, whatever is
 * taken back later.  Traits of comments, whose hashes end with zeros, stay.
 *
 * Runs inside the savepoint of a write; the connection has the errors of the
 * database.  Pool threads only.
 */

#include <string.h>

#include "social_store_sqlite.h"
#include "social_store_sqlite_judge.h"
#include "social_token.h"


#define SOCIAL_SQLITE_TAUGHT_NOTHING  0
#define SOCIAL_SQLITE_TAUGHT_SPAM     1
#define SOCIAL_SQLITE_TAUGHT_HONEST   2

#define SOCIAL_SQLITE_TOKENS    200000  /* rows, about 4 MB */
#define SOCIAL_SQLITE_LEVELS    16      /* zero bits of traits */
#define SOCIAL_SQLITE_REPEATED  (7 * SOCIAL_SQLITE_DAY)


typedef struct {
    int64_t  spam, honest, tokens;
    int      level;
} social_sqlite_taught_t;


static const social_str_t  social_sqlite_repeated =
    social_string("repeated text");


int
social_sqlite_judge_key(social_sqlite_t *s, const unsigned char *secret)
{
    unsigned char  mac[SOCIAL_MAC];

    static const social_str_t  none = { 0, (const unsigned char *) "" };

    if (social_mac(secret, "filter", none, mac) != SOCIAL_OK) {
        social_sqlite_error(s, SQLITE_NOMEM);
        return SOCIAL_ERROR;
    }

    memcpy(s->judge_key, mac, sizeof(s->judge_key));

    return SOCIAL_OK;
}


static void
social_sqlite_taught(social_sqlite_t *s, social_sqlite_taught_t *taught)
{
    sqlite3_stmt  *stmt;

    memset(taught, 0, sizeof(social_sqlite_taught_t));
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_TAUGHT_GET);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        taught->spam = sqlite3_column_int64(stmt, 0);
        taught->honest = sqlite3_column_int64(stmt, 1);
        taught->tokens = sqlite3_column_int64(stmt, 2);
        taught->level = sqlite3_column_int(stmt, 3);
        social_sqlite_end(stmt);
    }
}


/* 1 if it was taught enough to say something */

static int
social_sqlite_can_judge(social_sqlite_t *s, social_sqlite_taught_t *taught)
{
    social_sqlite_taught(s, taught);

    return taught->spam >= SOCIAL_JUDGE_LEAST
           && taught->honest >= SOCIAL_JUDGE_LEAST;
}


/* fills in the counts of the tokens and asks the filter; 1: like spam */

static int
social_sqlite_judge(social_sqlite_t *s, social_judge_t *judge,
    const social_sqlite_taught_t *taught)
{
    size_t         i;
    sqlite3_stmt  *stmt;

    for (i = 0; i < judge->n; i++) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_TOKEN_GET);
        social_sqlite_int(s, stmt, 1, (int64_t) judge->tokens[i].hash);

        if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
            judge->tokens[i].spam = sqlite3_column_int64(stmt, 0);
            judge->tokens[i].honest = sqlite3_column_int64(stmt, 1);
            social_sqlite_end(stmt);
        }
    }

    return social_judge(judge, taught->spam, taught->honest, s->judged);
}


int64_t
social_sqlite_same(const social_sqlite_t *s, social_str_t text)
{
    return (int64_t) social_judge_same(s->judge_key, text);
}


/* 1 if another reader's comment of these days has the text */

static int
social_sqlite_is_repeated(social_sqlite_t *s, const social_write_t *w,
    int64_t same, int64_t id)
{
    sqlite3_stmt  *stmt;

    if (same == 0) {
        return 0;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_REPEATED);
    social_sqlite_int(s, stmt, 1, same);
    social_sqlite_int(s, stmt, 2, id);
    social_sqlite_int(s, stmt, 3, w->now - SOCIAL_SQLITE_REPEATED);

    if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
        return 0;
    }

    social_sqlite_end(stmt);

    return 1;
}


static void
social_sqlite_judge_reason(const social_sqlite_t *s, social_str_t *reason)
{
    reason->data = (const unsigned char *) s->judged;
    reason->len = strlen(s->judged);
}


int
social_sqlite_judge_new(social_sqlite_t *s, const social_write_t *w,
    int64_t same, social_str_t *reason)
{
    social_judge_t          judge;
    social_sqlite_taught_t  taught;
    social_judge_comment_t  comment;

    memset(&comment, 0, sizeof(comment));
    comment.name = w->name;
    comment.website = w->website;
    comment.text = w->text;
    comment.format = w->format;
    comment.source.data = (const unsigned char *) w->source;
    comment.source.len = strnlen(w->source, sizeof(w->source));

    if (social_sqlite_can_judge(s, &taught)) {
        social_judge_read(&judge, s->judge_key, &comment);

        if (social_sqlite_judge(s, &judge, &taught)) {
            social_sqlite_judge_reason(s, reason);
            return 1;
        }
    }

    if (social_sqlite_is_repeated(s, w, same, 0)) {
        *reason = social_sqlite_repeated;
        return 1;
    }

    return 0;
}


static social_str_t
social_sqlite_lesson_text(sqlite3_stmt *stmt, int column)
{
    social_str_t  text;

    text.data = sqlite3_column_text(stmt, column);
    text.len = (size_t) sqlite3_column_bytes(stmt, column);

    return text;
}


/* reads a lesson; if OK, the caller ends the statement, which has the words of
 * the tokens */

static int
social_sqlite_lesson_begin(social_sqlite_t *s, int64_t id,
    social_sqlite_lesson_t *lesson, sqlite3_stmt **row)
{
    int                      rc;
    social_str_t             reason;
    sqlite3_stmt            *stmt;
    social_judge_comment_t   comment;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_LESSON_GET);
    social_sqlite_int(s, stmt, 1, id);

    rc = social_sqlite_next(s, stmt);

    if (rc != SOCIAL_OK) {
        return rc;
    }

    lesson->id = id;
    lesson->taught = sqlite3_column_int(stmt, 0);
    lesson->before = sqlite3_column_int(stmt, 1);
    lesson->state = sqlite3_column_int(stmt, 3);

    comment.format = sqlite3_column_int(stmt, 4);
    comment.name = social_sqlite_lesson_text(stmt, 5);
    comment.website = social_sqlite_lesson_text(stmt, 6);
    comment.text = social_sqlite_lesson_text(stmt, 7);
    comment.source = social_sqlite_lesson_text(stmt, 8);

    reason = social_sqlite_lesson_text(stmt, 9);
    lesson->judged = (lesson->state == SOCIAL_HELD && reason.data
                      && strncmp((const char *) reason.data, SOCIAL_JUDGE_LIKE,
                                 strlen(SOCIAL_JUDGE_LIKE)) == 0);

    if (sqlite3_column_int(stmt, 2) != SOCIAL_READER) {
        social_sqlite_end(stmt);
        return SOCIAL_DECLINED;
    }

    social_judge_read(&lesson->judge, s->judge_key, &comment);
    *row = stmt;

    return SOCIAL_OK;
}


int
social_sqlite_lesson_read(social_sqlite_t *s, int64_t id,
    social_sqlite_lesson_t *lesson)
{
    int            rc;
    sqlite3_stmt  *stmt;

    rc = social_sqlite_lesson_begin(s, id, lesson, &stmt);

    if (rc == SOCIAL_OK) {
        social_sqlite_end(stmt);
    }

    return rc;
}


int
social_sqlite_judge_edit(social_sqlite_t *s, const social_write_t *w,
    int64_t id, social_str_t *reason)
{
    int                      spam;
    sqlite3_stmt            *stmt;
    social_sqlite_taught_t   taught;
    social_sqlite_lesson_t   lesson;

    /* the reason's words are the row's */

    if (social_sqlite_lesson_begin(s, id, &lesson, &stmt) != SOCIAL_OK) {
        return 0;
    }

    spam = social_sqlite_can_judge(s, &taught)
           && social_sqlite_judge(s, &lesson.judge, &taught);
    social_sqlite_end(stmt);

    if (spam) {
        social_sqlite_judge_reason(s, reason);
        return 1;
    }

    if (w->text.len
        && social_sqlite_is_repeated(s, w, social_sqlite_same(s, w->text), id))
    {
        *reason = social_sqlite_repeated;
        return 1;
    }

    return 0;
}


/* adds spam and honest, of which one is 1 or -1, to a token's counts; returns
 * by how much the number of rows changed */

static int
social_sqlite_token_add(social_sqlite_t *s, uint64_t hash, int spam,
    int honest)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_TOKEN_ADD);
    social_sqlite_int(s, stmt, 1, (int64_t) hash);
    social_sqlite_int(s, stmt, 2, spam);
    social_sqlite_int(s, stmt, 3, honest);

    if (social_sqlite_run(s, stmt) != SOCIAL_OK) {
        return 0;
    }

    if (spam + honest < 0) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_TOKEN_DROP);
        social_sqlite_int(s, stmt, 1, (int64_t) hash);
        (void) social_sqlite_run(s, stmt);

        return -sqlite3_changes(s->db);
    }

    if (sqlite3_changes(s->db)) {
        return 0;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_TOKEN_NEW);
    social_sqlite_int(s, stmt, 1, (int64_t) hash);
    social_sqlite_int(s, stmt, 2, spam);
    social_sqlite_int(s, stmt, 3, honest);
    (void) social_sqlite_run(s, stmt);

    return 1;
}


/* there are too many tokens: only half of them is counted from now on */

static void
social_sqlite_token_thin(social_sqlite_t *s, int level)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_TOKEN_THIN);
    social_sqlite_int(s, stmt, 1, ((int64_t) 1 << level) - 1);
    (void) social_sqlite_run(s, stmt);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_TAUGHT_THIN);
    social_sqlite_int(s, stmt, 1, level);
    (void) social_sqlite_run(s, stmt);
}


/* adds a comment to the counts, or takes it out: n is 1 or -1 */

static void
social_sqlite_lesson_count(social_sqlite_t *s, const social_judge_t *judge,
    int class, int n)
{
    int                      spam, honest, rows;
    size_t                   i;
    uint64_t                 mask;
    sqlite3_stmt            *stmt;
    social_sqlite_taught_t   taught;

    if (class == SOCIAL_SQLITE_TAUGHT_NOTHING) {
        return;
    }

    spam = (class == SOCIAL_SQLITE_TAUGHT_SPAM) ? n : 0;
    honest = n - spam;

    social_sqlite_taught(s, &taught);
    mask = ((uint64_t) 1 << taught.level) - 1;

    for (i = 0, rows = 0; i < judge->n; i++) {
        if ((judge->tokens[i].hash & mask) == 0) {
            rows += social_sqlite_token_add(s, judge->tokens[i].hash, spam,
                                            honest);
        }
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_TAUGHT_ADD);
    social_sqlite_int(s, stmt, 1, spam);
    social_sqlite_int(s, stmt, 2, honest);
    social_sqlite_int(s, stmt, 3, rows);
    (void) social_sqlite_run(s, stmt);

    if (taught.tokens + rows > SOCIAL_SQLITE_TOKENS
        && taught.level < SOCIAL_SQLITE_LEVELS)
    {
        social_sqlite_token_thin(s, taught.level + 1);
    }
}


static void
social_sqlite_lesson_set(social_sqlite_t *s,
    const social_sqlite_lesson_t *lesson, int class, int before)
{
    sqlite3_stmt  *stmt;

    if (class == lesson->taught && before == lesson->before) {
        return;
    }

    if (class != lesson->taught) {
        social_sqlite_lesson_count(s, &lesson->judge, lesson->taught, -1);
        social_sqlite_lesson_count(s, &lesson->judge, class, 1);
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_LESSON_SET);
    social_sqlite_int(s, stmt, 1, lesson->id);
    social_sqlite_int(s, stmt, 2, class);
    social_sqlite_int(s, stmt, 3, before);
    (void) social_sqlite_run(s, stmt);
}


void
social_sqlite_lesson_forget(social_sqlite_t *s,
    const social_sqlite_lesson_t *lesson)
{
    social_sqlite_lesson_set(s, lesson, SOCIAL_SQLITE_TAUGHT_NOTHING,
                             SOCIAL_SQLITE_TAUGHT_NOTHING);
}


void
social_sqlite_lesson_learn(social_sqlite_t *s, int64_t id, social_act_e action,
    int state)
{
    int                     shown, before;
    social_sqlite_lesson_t  lesson;

    if (social_sqlite_lesson_read(s, id, &lesson) != SOCIAL_OK) {
        return;
    }

    shown = (state == SOCIAL_APPROVED || state == SOCIAL_HELD);
    before = shown ? lesson.taught : lesson.before;

    switch (action) {

    case SOCIAL_ACT_APPROVE:
        social_sqlite_lesson_set(s, &lesson, SOCIAL_SQLITE_TAUGHT_HONEST, 0);
        break;

    case SOCIAL_ACT_SPAM:
    case SOCIAL_ACT_BAN:
        social_sqlite_lesson_set(s, &lesson, SOCIAL_SQLITE_TAUGHT_SPAM,
                                 before);
        break;

    case SOCIAL_ACT_DELETE:
        social_sqlite_lesson_set(s, &lesson, SOCIAL_SQLITE_TAUGHT_NOTHING,
                                 before);
        break;

    case SOCIAL_ACT_RESTORE:
        if (!shown) {
            social_sqlite_lesson_set(s, &lesson, lesson.before, 0);
        }

        break;

    case SOCIAL_ACT_DONE:
        if (shown) {
            social_sqlite_lesson_set(s, &lesson, SOCIAL_SQLITE_TAUGHT_HONEST,
                                     lesson.before);
        }

        break;

    default:
        social_sqlite_lesson_forget(s, &lesson);
    }
}


void
social_sqlite_lesson_restore(social_sqlite_t *s, int64_t id, int class,
    int before)
{
    social_sqlite_lesson_t  lesson;

    if (social_sqlite_lesson_read(s, id, &lesson) == SOCIAL_OK) {
        social_sqlite_lesson_set(s, &lesson, class, before);
    }
}


void
social_sqlite_lesson_erase(social_sqlite_t *s, int64_t id)
{
    social_sqlite_lesson_t  lesson;

    if (social_sqlite_lesson_read(s, id, &lesson) == SOCIAL_OK) {
        social_sqlite_lesson_forget(s, &lesson);
    }
}


/* for each comment that a bound statement finds while it still taught
 * something */

static void
social_sqlite_lesson_erase_found(social_sqlite_t *s, social_sql_e sql,
    const unsigned char *commenter, int64_t before)
{
    int64_t        id;
    sqlite3_stmt  *stmt;

    for ( ;; ) {
        stmt = social_sqlite_stmt(s, sql);

        if (commenter) {
            social_sqlite_commenter(s, stmt, 1, commenter);

        } else {
            social_sqlite_int(s, stmt, 1, before);
        }

        if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
            return;
        }

        id = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);
        social_sqlite_lesson_erase(s, id);
    }
}


void
social_sqlite_lesson_erase_of(social_sqlite_t *s,
    const unsigned char *commenter)
{
    social_sqlite_lesson_erase_found(s, SOCIAL_SQL_LESSON_OF, commenter, 0);
}


void
social_sqlite_lesson_expire(social_sqlite_t *s, int64_t before)
{
    social_sqlite_lesson_erase_found(s, SOCIAL_SQL_LESSON_EXPIRED, NULL,
                                     before);
}


/*
 * After an edit of a comment that waits: the reason may hold words of the old
 * text, and the new text may be judged otherwise.
 */

void
social_sqlite_rejudge(social_sqlite_t *s, const social_write_t *w,
    const social_sqlite_lesson_t *lesson)
{
    social_str_t   reason;
    sqlite3_stmt  *stmt;

    static const social_str_t  edited = social_string("edited");

    reason = edited;

    if ((w->author || !social_sqlite_judge_edit(s, w, lesson->id, &reason))
        && !lesson->judged)
    {
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_COMMENT_REASON);
    social_sqlite_int(s, stmt, 1, lesson->id);
    social_sqlite_text(s, stmt, 2, reason);
    (void) social_sqlite_run(s, stmt);
}
