
/*
 * What the store itself counts, in the transaction of the write: comments when
 * they are posted, actions of the moderator, and how soon authors reply.  Of
 * the site only.  Pool threads only.
 */

#include <stdlib.h>

#include "social_store_postgres_write.h"


void
social_pg_tally_action(social_pg_t *s, const social_write_t *w,
    const char *action)
{
    if (action == NULL) {
        action = social_rule_action_name(w->action);
    }

    if (action != NULL) {
        social_pg_count(s, w->now, SOCIAL_COUNT_MODERATED, action, 1);
    }
}


/*
 * An author's comment is below all comments on the way up.  Whatever is above
 * a comment that has one below already was marked then, so each comment is
 * marked once.
 */

static void
social_pg_tally_reply(social_pg_t *s, const social_write_t *w)
{
    int        i, n;
    char       label[SOCIAL_LABEL_MAX];
    int64_t   *ids, seconds;
    PGresult  *result;

    result = social_pg_ask(s, SOCIAL_PG_SQL_REPLIED_ABOVE, "i", w->parent);
    n = PQntuples(result);
    ids = malloc(((size_t) n + 1) * sizeof(int64_t));

    if (ids == NULL) {
        social_pg_memory(s);
        PQclear(result);
        return;
    }

    for (i = 0; i < n; i++) {
        ids[i] = social_pg_int(result, i, 0);
        seconds = w->now - social_pg_int(result, i, 1);
        seconds = seconds < 0 ? 0 : seconds;    /* the clock was set back */

        if (social_pg_int(result, i, 2)) {
            social_rule_replied_label(seconds, label);
            social_pg_count(s, w->now, SOCIAL_COUNT_REPLIED, label, 1);
            social_pg_count(s, w->now, SOCIAL_COUNT_REPLY_TIME, "", seconds);
        }
    }

    if (n) {
        social_pg_run(s, SOCIAL_PG_SQL_REPLIED_SET, "I", ids, (size_t) n);
    }

    PQclear(result);
    free(ids);
}


void
social_pg_tally_posted(social_pg_t *s, const social_write_t *w)
{
    char  label[SOCIAL_LABEL_MAX];

    if (social_rule_posted_label(w, label) != SOCIAL_OK) {
        return;
    }

    social_pg_count(s, w->now, SOCIAL_COUNT_POSTED, label, 1);

    if (!w->author) {
        return;
    }

    if (w->parent) {
        social_pg_tally_reply(s, w);
    }

    if (w->moderator && w->parent) {
        social_pg_tally_action(s, w, "reply");
    }
}
