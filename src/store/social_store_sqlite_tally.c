
/*
 * What the store itself counts, in the transaction of the write: comments when
 * they are posted, actions of the moderator, and how soon authors reply.  Of
 * the site only.
 *
 * Runs inside the savepoint of its write.  Pool threads only.
 */

#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_TALLY_DEPTH  10000    /* levels above a reply, at most */


typedef struct {
    int64_t   parent, created;
    unsigned  needs:1;          /* an answer */
    unsigned  replied:1;        /* this was found out before */
} social_sqlite_above_t;


static void
social_sqlite_tally(social_sqlite_t *s, int64_t now, int kind,
    const char *name, int64_t delta)
{
    social_str_t  label;

    label.data = (const unsigned char *) name;
    label.len = 0;

    while (name[label.len] != '\0') {
        label.len++;
    }

    social_sqlite_count_site(s, now, kind, label, delta);
}


void
social_sqlite_tally_action(social_sqlite_t *s, const social_write_t *w,
    const char *action)
{
    if (action == NULL) {
        action = social_rule_action_name(w->action);
    }

    if (action != NULL) {
        social_sqlite_tally(s, w->now, SOCIAL_COUNT_MODERATED, action, 1);
    }
}


static void
social_sqlite_tally_seconds(social_sqlite_t *s, int64_t now, int64_t seconds)
{
    char  label[SOCIAL_LABEL_MAX];

    if (seconds < 0) {
        seconds = 0;                    /* the clock was set back */
    }

    social_rule_replied_label(seconds, label);
    social_sqlite_tally(s, now, SOCIAL_COUNT_REPLIED, label, 1);
    social_sqlite_tally(s, now, SOCIAL_COUNT_REPLY_TIME, "", seconds);
}


static int
social_sqlite_tally_above(social_sqlite_t *s, int64_t id,
    social_sqlite_above_t *above)
{
    int            rc;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_REPLIED_GET);
    social_sqlite_int(s, stmt, 1, id);

    rc = social_sqlite_next(s, stmt);

    if (rc == SOCIAL_OK) {
        above->parent = sqlite3_column_int64(stmt, 0);
        above->created = sqlite3_column_int64(stmt, 1);
        above->replied = sqlite3_column_int(stmt, 2) != 0;
        above->needs = sqlite3_column_int(stmt, 3) != 0;
        social_sqlite_end(stmt);
    }

    return rc;
}


/*
 * An author's comment is below all comments on the way up.  Whatever is above
 * a comment that has one below already was marked then, so each comment is
 * marked once.
 */

static void
social_sqlite_tally_reply(social_sqlite_t *s, const social_write_t *w)
{
    int                     i;
    int64_t                 id;
    sqlite3_stmt           *stmt;
    social_sqlite_above_t   above;

    id = w->parent;

    for (i = 0; id != 0 && i < SOCIAL_SQLITE_TALLY_DEPTH; i++) {

        if (social_sqlite_tally_above(s, id, &above) != SOCIAL_OK
            || above.replied)
        {
            return;
        }

        if (above.needs) {
            social_sqlite_tally_seconds(s, w->now, w->now - above.created);
        }

        stmt = social_sqlite_stmt(s, SOCIAL_SQL_REPLIED_SET);
        social_sqlite_int(s, stmt, 1, id);
        (void) social_sqlite_run(s, stmt);

        id = above.parent;
    }
}


void
social_sqlite_tally_answer(social_sqlite_t *s, const social_write_t *w)
{
    if (!w->author) {
        return;
    }

    social_sqlite_tally_reply(s, w);

    if (w->moderator && w->parent) {
        social_sqlite_tally_action(s, w, "reply");
    }
}


static int
social_sqlite_tally_is_posted(const social_write_t *w)
{
    return w->type == SOCIAL_WRITE_COMMENT && w->status == SOCIAL_WROTE;
}


static int
social_sqlite_tally_is_same(const social_write_t *one,
    const social_write_t *two)
{
    return social_sqlite_tally_is_posted(one)
           && social_sqlite_tally_is_posted(two)
           && one->author == two->author && !one->parent == !two->parent
           && one->wrote_state == two->wrote_state && one->now == two->now;
}


void
social_sqlite_tally_posted(social_sqlite_t *s, social_write_t **writes,
    size_t n)
{
    char                   label[SOCIAL_LABEL_MAX];
    size_t                 i, k;
    int64_t                same;
    const social_write_t  *w;

    for (i = 0; i < n; i++) {
        w = writes[i];
        same = 0;

        for (k = 0; k < n; k++) {
            if (social_sqlite_tally_is_same(w, writes[k])) {
                if (k < i) {
                    break;              /* counted with that one */
                }

                same++;
            }
        }

        if (same == 0 || social_rule_posted_label(w, label) != SOCIAL_OK) {
            continue;
        }

        social_sqlite_tally(s, w->now, SOCIAL_COUNT_POSTED, label, same);
    }
}


void
social_sqlite_tally_expired(social_sqlite_t *s, int64_t now, int64_t n)
{
    social_sqlite_tally(s, now, SOCIAL_COUNT_MODERATED, "expire", n);
}


void
social_sqlite_tally_forgotten(social_sqlite_t *s, int64_t since)
{
    social_sqlite_tally(s, since, SOCIAL_COUNT_FORGOTTEN, "", 1);
}


void
social_sqlite_tally_notice(social_sqlite_t *s, int64_t now, const char *became,
    int64_t n)
{
    if (n > 0) {
        social_sqlite_tally(s, now, SOCIAL_COUNT_NOTICE, became, n);
    }
}
