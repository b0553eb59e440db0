
/*
 * Comments of a log: what became of them, and who answered.
 *
 * The log does not tell who a reader is.  Whether a reader answered another
 * reader or himself, and what a decision without its action was, stays open:
 * the figures that depend on it have a least and a most.
 */

#include <stdlib.h>
#include <string.h>

#include "social_tool_figures.h"


typedef struct {
    const social_tool_figures_t   *figures;
    social_tool_spoken_t   *const *comments;
    size_t                         n;
    int64_t                       *seconds;     /* room for n */
} social_tool_talking_t;


/* NULL: it has none, or the log has not */

static social_tool_spoken_t *
social_tool_talk_parent(social_tool_site_t *site, social_tool_spoken_t *said)
{
    social_tool_spoken_t  *parent;

    if (said->parent_id.len == 0) {
        return NULL;
    }

    parent = social_tool_figures_comment(site, said->parent_id);

    if (parent == NULL && !said->orphan) {
        said->orphan = 1;
        site->missing++;
    }

    return parent;
}


static void
social_tool_talk_become(social_tool_spoken_t *said, social_tool_word_e state)
{
    said->state = state;

    if (state == LOG_APPROVED || state == LOG_HELD) {
        said->before = state;
    }
}


static void
social_tool_talk_decide(social_tool_spoken_t *said, social_tool_word_e action)
{
    switch (action) {

    case LOG_DONE:
        said->done = 1;
        break;

    case LOG_RESTORE:
        if (said->state == LOG_SPAM || said->state == LOG_DELETED) {
            social_tool_talk_become(said, said->before);
        }

        break;

    case LOG_APPROVE:
        social_tool_talk_become(said, LOG_APPROVED);
        break;

    case LOG_HOLD:
        social_tool_talk_become(said, LOG_HELD);
        break;

    case LOG_SPAM:
    case LOG_BAN:
        social_tool_talk_become(said, LOG_SPAM);
        break;

    case LOG_DELETE:
    case LOG_ERASE:
        social_tool_talk_become(said, LOG_DELETED);
        break;

    default:                            /* an edit, a reply */
        break;
    }
}


/* a reader's own change; what was edited while it was spam is held if it is
 * restored, because nobody has approved it */

static void
social_tool_talk_edit(social_tool_spoken_t *said, social_tool_word_e state)
{
    social_tool_talk_become(said, state);

    if (state == LOG_SPAM) {
        said->before = LOG_HELD;
    }
}


/* the next of ids with commas between them; len 0: there is none */

static social_str_t
social_tool_talk_id(social_str_t *ids)
{
    social_str_t          id;
    const unsigned char  *comma;

    id = *ids;
    comma = ids->len ? memchr(ids->data, ',', ids->len) : NULL;

    if (comma == NULL) {
        ids->len = 0;
        return id;
    }

    id.len = (size_t) (comma - ids->data);
    ids->data = comma + 1;
    ids->len -= id.len + 1;

    return id;
}


static void
social_tool_talk_change(social_tool_site_t *site,
    const social_tool_change_t *change)
{
    int                    moved;
    social_str_t           ids, id;
    social_tool_spoken_t  *said;

    moved = -1;         /* unknown until its first comment, whose state it is */

    for (ids = change->ids; ids.len; /* void */ ) {
        id = social_tool_talk_id(&ids);
        said = social_tool_figures_comment(site, id);

        if (said == NULL) {
            site->missing++;
            continue;
        }

        if (change->kind == EVENT_COMMENT || change->kind == EVENT_REPLY) {

            /* an author's reply approves what was held */

            said = social_tool_talk_parent(site, said);

            if (said && said->state == LOG_HELD) {
                social_tool_talk_become(said, LOG_APPROVED);
            }

            continue;
        }

        if (change->kind != EVENT_MODERATE) {
            social_tool_talk_edit(said, change->state);
            continue;
        }

        if (change->action != LOG_NONE) {
            social_tool_talk_decide(said, change->action);
            continue;
        }

        moved = moved < 0 ? (said->state != change->state) : moved;

        if (moved) {
            social_tool_talk_become(said, change->state);

        } else {
            /* marked as done, or edited, or decided a second time */
            said->perhaps_done = 1;
        }
    }
}


static int
social_tool_talk_compare(const void *one, const void *two)
{
    const social_tool_change_t  *a, *b;

    a = *(social_tool_change_t *const *) one;
    b = *(social_tool_change_t *const *) two;

    if (a->at != b->at) {
        return a->at < b->at ? -1 : 1;
    }

    return a->number < b->number ? -1 : 1;
}


int
social_tool_talk_replay(social_tool_site_t *site)
{
    int64_t                i;
    social_tool_change_t  *change, **changes;

    if (site->nchanges == 0) {
        return SOCIAL_OK;
    }

    changes = calloc((size_t) site->nchanges, sizeof(*changes));

    if (changes == NULL) {
        return SOCIAL_ERROR;
    }

    for (change = site->changes; change; change = change->next) {
        changes[change->number] = change;
    }

    qsort(changes, (size_t) site->nchanges, sizeof(*changes),
          social_tool_talk_compare);

    for (i = 0; i < site->nchanges; i++) {
        social_tool_talk_change(site, changes[i]);
    }

    free(changes);

    return SOCIAL_OK;
}


/* Only approved comments count: a reply to one that is not stands at the top.
 * Who is answered by c has been found from c on, up to one that was answered
 * before it: so have those above that, and a ring of parents ends. */

void
social_tool_talk_answered(social_tool_site_t *site,
    social_tool_spoken_t *const *comments, size_t n)
{
    size_t                 i;
    social_tool_spoken_t  *c, *up;

    for (i = 0; i < n; i++) {
        c = comments[i];

        if (c->state == LOG_APPROVED) {
            up = social_tool_talk_parent(site, c);
            c->above = up && up->state == LOG_APPROVED ? up : NULL;
        }
    }

    for (i = 0; i < n; i++) {
        c = comments[i];

        if (c->state != LOG_APPROVED || c->role != LOG_AUTHOR) {
            continue;
        }

        for (up = c->above;
             up && !(up->is_answered && up->answered <= c->at);
             up = up->above)
        {
            up->is_answered = 1;
            up->answered = c->at;
        }
    }
}


/* Does it need an answer?  self_reply: also a reader's reply to a reader, who
 * may be himself; not_done: also what was perhaps marked as done. */

static int
social_tool_talk_needs(const social_tool_spoken_t *c, int self_reply,
    int not_done)
{
    return c->role == LOG_READER && !c->done && (not_done || !c->perhaps_done)
           && (c->above == NULL || c->above->role == LOG_AUTHOR || self_reply);
}


static int
social_tool_talk_order(const void *one, const void *two)
{
    int64_t  a, b;

    a = *(const int64_t *) one;
    b = *(const int64_t *) two;

    return (a > b) - (a < b);
}


static void
social_tool_talk_rates(social_tool_answers_t *answers, int64_t *seconds)
{
    size_t  n, all, low, high, p90;

    all = (size_t) answers->matured;
    n = (size_t) answers->answered;

    if (all == 0) {
        return;
    }

    qsort(seconds, n, sizeof(*seconds), social_tool_talk_order);
    answers->rate = (double) n / (double) all;

    /* those without an answer in time come last, as infinite */

    low = (all - 1) / 2;
    high = all / 2;
    p90 = (9 * all + 9) / 10 - 1;

    if (high < n) {
        answers->median = (double) (seconds[low] + seconds[high]) / 2;
    }

    if (p90 < n) {
        answers->p90 = (double) seconds[p90];
    }
}


static void
social_tool_talk_answers(const social_tool_talking_t *talking,
    social_tool_answers_t *answers, int self_reply, int not_done)
{
    size_t                       i;
    int64_t                      age, took;
    const social_tool_spoken_t  *c;

    memset(answers, 0, sizeof(*answers));
    answers->oldest = -1;
    answers->rate = answers->median = answers->p90 = -1;

    for (i = 0; i < talking->n; i++) {
        c = talking->comments[i];

        if (c->state != LOG_APPROVED || c->at >= talking->figures->to
            || !social_tool_talk_needs(c, self_reply, not_done))
        {
            continue;
        }

        age = talking->figures->now - c->at;

        if (!c->is_answered) {
            answers->unanswered++;
            answers->oldest = age > answers->oldest ? age : answers->oldest;
        }

        if (c->at < talking->figures->from
            || age <= talking->figures->reply_within)
        {
            continue;
        }

        answers->matured++;
        took = c->is_answered && c->answered > c->at ? c->answered - c->at : 0;

        if (c->is_answered && took <= talking->figures->reply_within) {
            talking->seconds[answers->answered++] = took;
        }
    }

    social_tool_talk_rates(answers, talking->seconds);
}


static void
social_tool_talk_count(const social_tool_figures_t *figures,
    social_tool_site_t *site, social_tool_spoken_t *c,
    social_tool_talked_t *talked)
{
    int64_t                age;
    social_tool_spoken_t  *parent;

    if (c->state == LOG_HELD) {
        age = figures->now - c->at;
        talked->held++;
        talked->oldest_held = age > talked->oldest_held ? age
                                                        : talked->oldest_held;
    }

    if (c->state != LOG_APPROVED || c->at >= figures->to
        || c->at < figures->from)
    {
        return;
    }

    talked->comments += (c->role == LOG_READER);
    talked->author_comments += (c->role == LOG_AUTHOR);
    parent = social_tool_talk_parent(site, c);

    if (parent != NULL) {
        talked->exchanges[0] += (parent->role != c->role);
        talked->exchanges[1]++;
    }
}


int
social_tool_talk_figures(const social_tool_figures_t *figures,
    social_tool_site_t *site, social_tool_spoken_t *const *comments, size_t n,
    social_tool_talked_t *talked)
{
    size_t                 i;
    social_tool_talking_t  talking;

    memset(talked, 0, sizeof(*talked));
    talked->oldest_held = -1;

    talking.figures = figures;
    talking.comments = comments;
    talking.n = n;
    talking.seconds = malloc((n ? n : 1) * sizeof(int64_t));

    if (talking.seconds == NULL) {
        return SOCIAL_ERROR;
    }

    for (i = 0; i < n; i++) {
        social_tool_talk_count(figures, site, comments[i], talked);
    }

    social_tool_talk_answers(&talking, &talked->usual, 0, 1);
    social_tool_talk_answers(&talking, &talked->few, 0, 0);
    social_tool_talk_answers(&talking, &talked->many, 1, 1);

    free(talking.seconds);

    return SOCIAL_OK;
}
