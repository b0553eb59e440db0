
/*
 * What writes do, as far as no database is needed to say it.  The new state of
 * a comment by old state and action:
 *
 *                approve   hold   spam, ban   delete    restore
 *   approved    .         held   spam        deleted   .
 *   held        approved  .      spam        deleted   .
 *   spam        approved  held   .           deleted   as before
 *   deleted     approved  held   spam        .         as before
 *   erased      NO_COMMENT: nothing can be restored
 *
 * "erase" wipes a comment in any state: it is deleted then, and stays so.
 *
 * Pure; any thread.
 */

#include <stdio.h>
#include <string.h>

#include "social_store_rules.h"


static const char *const  social_rule_actions[] = {
    NULL, "approve", "hold", "spam", "delete", "restore", "ban", "done",
    "erase", "undo"
};


void
social_rule_forget_act(social_write_t *w)
{
    if (w->added_act && w->leader) {
        w->leader->wrote_act = 0;
    }

    w->added_act = 0;
    w->wrote_act = 0;
}


void
social_rule_mark_lost(social_write_t *w)
{
    w->status = SOCIAL_LOST;
    w->wrote_id = 0;
    w->wrote_state = 0;
    w->wrote_role = SOCIAL_READER;
    w->wrote_parent = 0;
    w->wrote_key[0] = '\0';
    w->visible = 0;
    w->since = 0;
    w->change = 0;
    w->likes = 0;
    w->likes_changes = 0;
    w->liked = 0;
    w->inactive = 0;
    w->repeated = 0;
    w->wrote_feed[0] = '\0';
    w->comments = 0;
    w->left = 0;
    w->wrote_from[0] = '\0';

    social_rule_forget_act(w);
}


int
social_rule_is_changed(const social_write_t *w, const social_rule_row_t *row)
{
    return w->revision ? row->revision > w->revision : row->rewritten > 0;
}


/* the age may also be negative, within the same bounds, because the clock may
 * have been set back */

social_wrote_e
social_rule_may_change(const social_write_t *w, const social_rule_row_t *row)
{
    int64_t  age;

    if (row->erased) {
        return SOCIAL_NO_COMMENT;
    }

    if (!row->has_commenter || row->role != SOCIAL_READER
        || memcmp(row->commenter, w->commenter, SOCIAL_COMMENTER_LEN) != 0)
    {
        return SOCIAL_NOT_OWN;
    }

    age = w->now - row->created;

    return (age > w->window || age < -w->window) ? SOCIAL_TOO_LATE
                                                 : SOCIAL_WROTE;
}


social_rule_state_t
social_rule_state_of(const social_rule_row_t *row)
{
    social_rule_state_t  state;

    state.state = row->state;
    state.before = row->before;
    state.done = row->done;
    state.reports = row->reports;
    state.moderated = row->moderated;
    state.reason.len = 0;
    state.reason.data = NULL;

    return state;
}


/* 0: there is no such action */

static int
social_rule_target(social_act_e action, const social_rule_row_t *row)
{
    switch (action) {

    case SOCIAL_ACT_APPROVE:
        return SOCIAL_APPROVED;

    case SOCIAL_ACT_HOLD:
        return SOCIAL_HELD;

    case SOCIAL_ACT_SPAM:
    case SOCIAL_ACT_BAN:
        return SOCIAL_SPAM;

    case SOCIAL_ACT_DELETE:
    case SOCIAL_ACT_ERASE:
        return SOCIAL_DELETED;

    case SOCIAL_ACT_RESTORE:
        return (row->state == SOCIAL_SPAM || row->state == SOCIAL_DELETED)
               ? row->before : row->state;

    default:
        return 0;
    }
}


social_wrote_e
social_rule_moderate(const social_write_t *w, const social_rule_row_t *row,
    social_rule_state_t *to)
{
    *to = social_rule_state_of(row);
    to->moderated = w->now;

    if (w->action == SOCIAL_ACT_DONE) {
        to->done = 1;

        return row->erased ? SOCIAL_NO_COMMENT
               : row->done ? SOCIAL_WROTE_NOTHING : SOCIAL_WROTE;
    }

    if (w->action == SOCIAL_ACT_APPROVE && !row->erased
        && social_rule_is_changed(w, row))
    {
        return SOCIAL_CHANGED;
    }

    to->state = social_rule_target(w->action, row);

    if (to->state == 0 || (row->erased && w->action != SOCIAL_ACT_DELETE)) {
        return SOCIAL_NO_COMMENT;
    }

    if (to->state == SOCIAL_APPROVED || to->state == SOCIAL_HELD) {
        to->before = to->state;
    }

    if (to->state == SOCIAL_HELD) {
        to->reason = w->reason;
    }

    if (to->state == SOCIAL_APPROVED && to->state != row->state) {
        to->reports = 0;
    }

    if (w->action == SOCIAL_ACT_APPROVE) {
        to->reports = 0;
    }

    return (to->state != row->state || to->reports != row->reports)
           ? SOCIAL_WROTE : SOCIAL_WROTE_NOTHING;
}


social_rule_ban_e
social_rule_ban(social_act_e action)
{
    switch (action) {

    case SOCIAL_ACT_BAN:
        return SOCIAL_RULE_BAN_ADDED;

    case SOCIAL_ACT_APPROVE:
    case SOCIAL_ACT_RESTORE:
        return SOCIAL_RULE_BAN_LIFTED;

    default:
        return SOCIAL_RULE_BAN_NONE;
    }
}


const char *
social_rule_action_name(social_act_e action)
{
    return (action > 0 && action < social_nelts(social_rule_actions))
           ? social_rule_actions[action] : NULL;
}


int
social_rule_posted_label(const social_write_t *w,
    char label[SOCIAL_LABEL_MAX])
{
    static const char  *states[] = { "", "approved", "held", "spam" };

    if (w->wrote_state < SOCIAL_APPROVED || w->wrote_state > SOCIAL_SPAM) {
        return SOCIAL_DECLINED;
    }

    snprintf(label, SOCIAL_LABEL_MAX, "%s %s %s",
             w->author ? "author" : "reader", w->parent ? "reply" : "top",
             states[w->wrote_state]);

    return SOCIAL_OK;
}


/* the smallest of the usual bounds that is not exceeded */

void
social_rule_replied_label(int64_t seconds, char label[SOCIAL_LABEL_MAX])
{
    size_t  i;

    static const int64_t  bounds[] = {
        300, 900, 3600, 14400, 43200, 86400, 259200, 604800, 1209600
    };

    for (i = 0; i < social_nelts(bounds) && seconds > bounds[i]; i++) {
        /* void */
    }

    if (i < social_nelts(bounds)) {
        snprintf(label, SOCIAL_LABEL_MAX, "%d", (int) bounds[i]);

    } else {
        snprintf(label, SOCIAL_LABEL_MAX, "+Inf");
    }
}


/* 1, 2, 4 seconds and so on */

void
social_rule_sending_failed(social_rule_sending_t *sending, social_notices_t *n)
{
    int64_t  pause, most;

    most = SOCIAL_NOTICES_RETRY * 1000 + 2 * SOCIAL_NOTICES_LEASE;

    if (sending->failed && n->now > sending->failed) {
        sending->clock += (n->now - sending->failed < most)
                          ? n->now - sending->failed : most;
    }

    sending->failed = n->now;

    pause = (sending->tries < 9) ? 1000 << sending->tries
                                 : SOCIAL_NOTICES_PAUSE;
    pause = (pause > SOCIAL_NOTICES_PAUSE) ? SOCIAL_NOTICES_PAUSE : pause;
    n->tries = ++sending->tries;

    if (n->retry > 0) {
        most = (n->retry > SOCIAL_NOTICES_RETRY) ? SOCIAL_NOTICES_RETRY
                                                 : n->retry;
        pause = (pause > most * 1000) ? pause : most * 1000;
    }

    sending->pause = n->now + pause;
}


int64_t
social_rule_until(int64_t time, int64_t now, int64_t most)
{
    return (time > now && time - now <= most) ? time - now : 0;
}
