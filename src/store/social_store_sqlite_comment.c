
/*
 * A new comment: who wrote it, what it answers, whether it is held.
 *
 * Runs inside the savepoint of its write and sets w->status; the connection has
 * the errors of the database.  Pool threads only.
 */

#include <string.h>

#include "social_store_sqlite.h"
#include "social_store_sqlite_judge.h"


/* names and keys are not secret */

uint64_t
social_sqlite_hash(social_str_t text)
{
    size_t    i;
    uint64_t  hash;

    hash = 0xcbf29ce484222325u;

    for (i = 0; i < text.len; i++) {
        hash = (hash ^ text.data[i]) * 0x100000001b3u;
    }

    return hash;
}


static int
social_sqlite_is_zero(const unsigned char *commenter)
{
    static const unsigned char  none[SOCIAL_COMMENTER_LEN];

    return memcmp(commenter, none, sizeof(none)) == 0;
}


/* 1 if the statement finds a row for the commenter */

static int
social_sqlite_exists(social_sqlite_t *s, social_sql_e sql,
    const unsigned char *commenter)
{
    int            rc;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, sql);
    social_sqlite_commenter(s, stmt, 1, commenter);

    rc = social_sqlite_next(s, stmt);
    if (rc == SOCIAL_OK) {
        social_sqlite_end(stmt);
    }

    return rc == SOCIAL_OK;
}


/* the number that the statement returns; DECLINED: no row */

static int
social_sqlite_person_row(social_sqlite_t *s, sqlite3_stmt *stmt,
    int64_t *person)
{
    int  rc;

    rc = social_sqlite_next(s, stmt);
    if (rc == SOCIAL_OK) {
        *person = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);
    }

    return rc;
}


/*
 * The number of the person, for the figures.  A commenter with the cookie is
 * known; without it, the same name from the same visitor on the same day is
 * taken as the same person.
 */

static int64_t
social_sqlite_person(social_sqlite_t *s, social_write_t *w)
{
    int64_t        person;
    sqlite3_stmt  *stmt;

    if (w->author) {
        return (int64_t) social_sqlite_hash(w->name);
    }

    if (w->returning) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_PERSON_KNOWN);
        social_sqlite_commenter(s, stmt, 1, w->commenter);

        if (social_sqlite_person_row(s, stmt, &person) == SOCIAL_OK) {
            return person;
        }

    } else if (w->weak != 0) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_PERSON_WEAK);
        social_sqlite_int(s, stmt, 1, (int64_t) w->weak);
        social_sqlite_int(s, stmt, 2, w->now - w->now % SOCIAL_SQLITE_DAY);

        if (social_sqlite_person_row(s, stmt, &person) == SOCIAL_OK) {
            return person;
        }
    }

    if (social_sqlite_is_zero(w->commenter)) {
        return (int64_t) (w->weak ? w->weak : social_sqlite_hash(w->name));
    }

    memcpy(&person, w->commenter, sizeof(person));

    return person;
}


/* approves a held comment, because the author replied to it */

static void
social_sqlite_approve_parent(social_sqlite_t *s, social_write_t *w,
    const social_sqlite_row_t *parent)
{
    social_sqlite_state_t  to;

    to = social_rule_state_of(parent);
    to.state = SOCIAL_APPROVED;
    to.before = SOCIAL_APPROVED;
    to.reports = 0;
    to.moderated = w->now;

    social_sqlite_act_comment(s, w, "reply", parent->id, to.state, to.done,
                              SOCIAL_RULE_BAN_NONE, 0);
    social_sqlite_set_state(s, w, parent, &to);
}


/* OK; DECLINED: no such parent; LIMIT: its text is not what the moderator
 * saw */

static int
social_sqlite_parent(social_sqlite_t *s, social_write_t *w, int64_t article)
{
    int                  rc;
    social_sqlite_row_t  parent;

    if (w->parent == 0) {
        return SOCIAL_OK;
    }

    rc = social_sqlite_find_comment(s, w->parent, w, &parent);

    if (rc == SOCIAL_OK && parent.article == article) {

        if (parent.state != SOCIAL_APPROVED
            && (parent.state != SOCIAL_HELD || !w->moderator))
        {
            return SOCIAL_DECLINED;
        }

        if (w->moderator && social_sqlite_is_changed(w, &parent)) {
            return SOCIAL_LIMIT;
        }

        if (parent.state == SOCIAL_HELD) {
            social_sqlite_approve_parent(s, w, &parent);
        }

        return SOCIAL_OK;
    }

    return SOCIAL_DECLINED;
}


/* 1 if somebody was banned today whose address and browser are the writer's */

static int
social_sqlite_banned_today(social_sqlite_t *s, const social_write_t *w)
{
    sqlite3_stmt  *stmt;

    if (w->visitor == 0) {
        return 0;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_BANNED_DAY);
    social_sqlite_int(s, stmt, 1, (int64_t) w->visitor);
    social_sqlite_int(s, stmt, 2, w->now - w->now % SOCIAL_SQLITE_DAY);

    return social_sqlite_has_row(s, stmt);
}


static social_state_e
social_sqlite_first_state(social_sqlite_t *s, social_write_t *w,
    int64_t same, social_str_t *reason)
{
    static const social_str_t  banned = social_string("banned");
    static const social_str_t  first = social_string("first comment");
    static const social_str_t  none = { 0, NULL };

    *reason = none;

    if (w->author) {
        return SOCIAL_APPROVED;
    }

    *reason = w->reason;

    if (w->state == SOCIAL_SPAM) {
        return SOCIAL_SPAM;
    }

    if (social_sqlite_exists(s, SOCIAL_SQL_BANNED, w->commenter)
        || social_sqlite_banned_today(s, w))
    {
        *reason = banned;
        return SOCIAL_HELD;
    }

    if ((w->state == SOCIAL_APPROVED || w->all)
        && social_sqlite_judge_new(s, w, same, reason))
    {
        return SOCIAL_HELD;
    }

    if (w->state != SOCIAL_APPROVED) {
        return SOCIAL_HELD;
    }

    if (w->first
        && !(w->returning && social_sqlite_exists(s, SOCIAL_SQL_HAS_APPROVED,
                                                  w->commenter)))
    {
        *reason = first;
        return SOCIAL_HELD;
    }

    *reason = none;

    return SOCIAL_APPROVED;
}


/* adds the row, in state w->wrote_state */

static int
social_sqlite_insert_row(social_sqlite_t *s, social_write_t *w, int64_t article)
{
    int64_t          same, person;
    char             source[sizeof(w->source) + 1];
    social_str_t     reason;
    sqlite3_stmt    *stmt;
    social_state_e   state;

    same = social_sqlite_same(s, w->text);
    state = social_sqlite_first_state(s, w, same, &reason);
    person = social_sqlite_person(s, w);

    memcpy(source, w->source, sizeof(w->source));
    source[sizeof(w->source) - 1] = '\0';

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_COMMENT_ADD);
    social_sqlite_int(s, stmt, 1, article);

    if (w->parent) {
        social_sqlite_int(s, stmt, 2, w->parent);
    }

    social_sqlite_int(s, stmt, 3, state);
    social_sqlite_int(s, stmt, 4, state == SOCIAL_APPROVED ? SOCIAL_APPROVED
                                                           : SOCIAL_HELD);
    social_sqlite_int(s, stmt, 5, w->author ? SOCIAL_AUTHOR : SOCIAL_READER);
    social_sqlite_int(s, stmt, 6, w->now);
    social_sqlite_commenter(s, stmt, 7, w->commenter);
    social_sqlite_int(s, stmt, 8, person);
    social_sqlite_int(s, stmt, 9, w->author ? 0 : (int64_t) w->weak);
    social_sqlite_string(s, stmt, 10, source);
    social_sqlite_text(s, stmt, 11, reason);
    social_sqlite_text(s, stmt, 12, w->name);
    social_sqlite_text(s, stmt, 13, w->website);
    social_sqlite_text(s, stmt, 14, w->text);
    social_sqlite_int(s, stmt, 15, w->active);
    social_sqlite_int(s, stmt, 16, w->format);
    social_sqlite_int(s, stmt, 17, w->author || w->weak == 0
                                   ? 0 : (int64_t) w->visitor);
    social_sqlite_int(s, stmt, 18, same);

    if (social_sqlite_run(s, stmt) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    w->wrote_id = sqlite3_last_insert_rowid(s->db);
    w->wrote_state = state;

    return SOCIAL_OK;
}


static void
social_sqlite_insert(social_sqlite_t *s, social_write_t *w, int64_t article)
{
    social_state_e  state;

    if (social_sqlite_insert_row(s, w, article) != SOCIAL_OK) {
        return;
    }

    state = w->wrote_state;

    if (state == SOCIAL_APPROVED) {
        social_sqlite_touch(s, w, article);
    }

    if (!w->author && state != SOCIAL_SPAM) {
        social_sqlite_notice_add(s, w, state == SOCIAL_HELD
                                           ? SOCIAL_NOTICE_HELD
                                           : SOCIAL_NOTICE_COMMENT,
                                 w->wrote_id);
    }

    if (w->author && w->parent) {
        /* who is answered is no spammer; a held one was approved by that */
        social_sqlite_lesson_learn(s, w->parent, SOCIAL_ACT_DONE,
                                   SOCIAL_APPROVED);
    }

    if (w->moderator) {
        social_sqlite_act_comment(s, w, "reply", w->wrote_id, state, 0,
                                  SOCIAL_RULE_BAN_NONE, 1);
    }

    social_sqlite_tally_answer(s, w);
}


void
social_sqlite_write_comment(social_sqlite_t *s, social_write_t *w)
{
    int      rc;
    char     key[SOCIAL_KEY_MAX + 1];
    int64_t  article;

    article = social_sqlite_thread_of(s, w);
    if (article == 0) {
        w->status = SOCIAL_NO_ARTICLE;
        return;
    }

    if (social_sqlite_is_closed(s, w, article)) {
        w->status = SOCIAL_CLOSED;
        return;
    }

    memcpy(key, w->wrote_key, sizeof(key));

    rc = social_sqlite_parent(s, w, article);

    if (rc != SOCIAL_OK) {
        social_sqlite_mark_lost(w);
        w->status = (rc == SOCIAL_LIMIT) ? SOCIAL_CHANGED : SOCIAL_NO_PARENT;
        w->wrote_id = (rc == SOCIAL_LIMIT) ? w->parent : 0;
        return;
    }

    if (social_sqlite_author(s, w) != SOCIAL_OK) {
        social_sqlite_mark_lost(w);
        w->status = SOCIAL_NAME_AUTHOR;
        return;
    }

    memcpy(w->wrote_key, key, sizeof(key));
    w->wrote_role = w->author ? SOCIAL_AUTHOR : SOCIAL_READER;
    w->wrote_parent = w->parent;

    if (social_sqlite_twin(s, w, article)) {
        w->status = SOCIAL_WROTE_NOTHING;
        return;
    }

    social_sqlite_insert(s, w, article);
    w->status = SOCIAL_WROTE;
}
