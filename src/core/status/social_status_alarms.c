
/*
 * The alarms of the status: each is `ok`, `warn` or `alarm`, with its start
 * and a sentence that says why.  All are listed.  An alarm is a row of the
 * table and a function.  Pool threads.
 */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "social_status_state.h"


#define SOCIAL_ALARM_LAST   20          /* comments to find the usual gap */
#define SOCIAL_ALARM_GAPS   3           /* times the usual gap */
#define SOCIAL_ALARM_SPAN   (28 * 86400)
#define SOCIAL_ALARM_SPANS  4           /* the current span and three before */


typedef struct {
    const char  *state;
    int64_t      since;                 /* 0: unknown */
    char         sentence[192];
} social_alarm_t;


typedef struct {
    const char  *name;
    void       (*check)(const social_status_t *st, social_alarm_t *alarm);
} social_alarm_row_t;


static int64_t
social_alarm_max(int64_t a, int64_t b)
{
    return a > b ? a : b;
}


static void
social_alarm_unheard(const social_status_t *st, social_alarm_t *alarm)
{
    size_t                      i;
    const social_status_row_t  *row;

    for (i = 0; i < st->nrows; i++) {
        row = &st->rows[i];

        if (row->class == SOCIAL_ARTICLE_UNHEARD
            && row->stats->oldest_unanswered != 0
            && (alarm->since == 0
                || row->stats->oldest_unanswered < alarm->since))
        {
            alarm->since = row->stats->oldest_unanswered;
        }
    }

    if (st->classes[SOCIAL_ARTICLE_UNHEARD] == 0) {
        (void) snprintf(alarm->sentence, sizeof(alarm->sentence),
                        "Wherever several people commented,"
                        " somebody replied.");
        return;
    }

    alarm->state = "alarm";
    (void) snprintf(alarm->sentence, sizeof(alarm->sentence),
                    "%" PRId64 " article%s went unheard: people commented"
                    " and got few replies or none.",
                    st->classes[SOCIAL_ARTICLE_UNHEARD],
                    st->classes[SOCIAL_ARTICLE_UNHEARD] == 1 ? "" : "s");
}


/* the times of the newest readers' comments, oldest first; returns how many */

static size_t
social_alarm_newest(const social_status_t *st, int64_t *last)
{
    size_t                   i, k, n;
    const social_message_t  *m;

    n = 0;

    for (i = 0; i < st->figures->nmessages; i++) {
        m = &st->figures->messages[i];

        if (m->role != SOCIAL_READER || m->created >= st->window.to
            || (n == SOCIAL_ALARM_LAST && m->created <= last[0]))
        {
            continue;
        }

        if (n == SOCIAL_ALARM_LAST) {
            memmove(last, last + 1, --n * sizeof(int64_t));
        }

        for (k = n++; k > 0 && last[k - 1] > m->created; k--) {
            last[k] = last[k - 1];
        }

        last[k] = m->created;
    }

    return n;
}


static void
social_alarm_comments(const social_status_t *st, social_alarm_t *alarm)
{
    char     text[40];
    double   gap;
    size_t   i, n;
    int64_t  last[SOCIAL_ALARM_LAST], gaps[SOCIAL_ALARM_LAST], limit, since;

    n = social_alarm_newest(st, last);
    limit = st->thresholds->comment_silence;

    if (n > 0) {
        since = last[n - 1];

    } else {

        /* no comment yet: silent since the first article was seen */

        since = 0;

        for (i = 0; i < st->nrows; i++) {
            if (st->rows[i].article->first_seen > 0
                && (since == 0 || st->rows[i].article->first_seen < since))
            {
                since = st->rows[i].article->first_seen;
            }
        }
    }

    for (i = 1; i < n; i++) {
        gaps[i - 1] = last[i] - last[i - 1];
    }

    if (n > 1) {
        social_metrics_sort(gaps, n - 1);
        gap = social_metrics_median(gaps, n - 1, n - 1);
        limit = social_alarm_max(limit, (int64_t) (SOCIAL_ALARM_GAPS * gap));
    }

    social_status_duration(text, sizeof(text), (double) limit);

    if (since == 0 || st->window.now - since <= limit) {
        (void) snprintf(alarm->sentence, sizeof(alarm->sentence),
                        "Readers have not been silent for more than %s.", text);
        return;
    }

    alarm->state = "warn";
    alarm->since = since + limit;
    (void) snprintf(alarm->sentence, sizeof(alarm->sentence),
                    "No reader has commented for more than %s.", text);
}


static void
social_alarm_author(const social_status_t *st, social_alarm_t *alarm)
{
    char                                text[40];
    int64_t                             since, limit;
    const social_conversation_stats_t  *stats;

    stats = &st->total_stats;
    limit = st->thresholds->author_silence;

    /* no answer yet: silent since the oldest comment that waits for one */

    since = stats->last_author_comment ? stats->last_author_comment
                                      : stats->oldest_unanswered;

    if (stats->unanswered == 0 || st->window.now - since <= limit) {
        (void) snprintf(alarm->sentence, sizeof(alarm->sentence), "%s",
                        stats->unanswered
                            ? "Comments are waiting for an answer,"
                              " but the author has commented"
                              " recently."
                            : "No comment is waiting for an"
                              " answer.");
        return;
    }

    social_status_duration(text, sizeof(text), (double) limit);

    alarm->state = "warn";
    alarm->since = since + limit;
    (void) snprintf(alarm->sentence, sizeof(alarm->sentence),
                    "%" PRId64 " comment%s %s waiting for an answer, and the"
                    " author has not commented for more than %s.",
                    stats->unanswered, stats->unanswered == 1 ? "" : "s",
                    stats->unanswered == 1 ? "is" : "are", text);
}


static void
social_alarm_publishing(const social_status_t *st, social_alarm_t *alarm)
{
    size_t   i;
    double   median;
    int64_t  age, n[SOCIAL_ALARM_SPANS];

    memset(n, 0, sizeof(n));

    for (i = 0; i < st->nrows; i++) {
        age = st->window.now - st->rows[i].since;

        if (st->rows[i].since == 0 || age < 0) {
            continue;
        }

        if (age < SOCIAL_ALARM_SPAN * SOCIAL_ALARM_SPANS) {
            n[age / SOCIAL_ALARM_SPAN]++;
        }
    }

    social_metrics_sort(n + 1, SOCIAL_ALARM_SPANS - 1);
    median = social_metrics_median(n + 1, SOCIAL_ALARM_SPANS - 1,
                                   SOCIAL_ALARM_SPANS - 1);

    if ((double) n[0] < median / 2) {
        alarm->state = "warn";
    }

    (void) snprintf(alarm->sentence, sizeof(alarm->sentence), "%" PRId64
                    " article%s in the last 28 days; the usual number was"
                    " %.0f.", n[0], n[0] == 1 ? "" : "s", median);
}


static void
social_alarm_broadcasting(const social_status_t *st, social_alarm_t *alarm)
{
    double                              ratio;
    const social_conversation_stats_t  *stats;

    stats = &st->total_stats;
    ratio = st->total.broadcast_ratio;

    if (!isnan(ratio) && ratio >= st->thresholds->broadcast
        && stats->comments >= st->thresholds->broadcast_comments)
    {
        alarm->state = "warn";
    }

    (void) snprintf(alarm->sentence, sizeof(alarm->sentence),
                    "%" PRId64 " article%s published, %" PRId64 " comment%s by"
                    " readers, %" PRId64 " by the author.",
                    st->total.published, st->total.published == 1 ? "" : "s",
                    stats->comments, stats->comments == 1 ? "" : "s",
                    stats->author_comments);
}


static void
social_alarm_goal(const social_status_t *st, social_alarm_t *alarm)
{
    if (st->query->ngoals == 0) {
        alarm->state = "warn";
    }

    (void) snprintf(alarm->sentence, sizeof(alarm->sentence), "%s",
                    st->query->ngoals ? "Goals are declared, so outcomes are"
                                         " counted."
                    : "No goal is declared: declare one to see what the"
                      " conversations lead to.");
}


static const social_alarm_row_t  social_alarms[] = {
    { "unheard", social_alarm_unheard },
    { "comment_silence", social_alarm_comments },
    { "author_silence", social_alarm_author },
    { "publishing_decay", social_alarm_publishing },
    { "broadcasting", social_alarm_broadcasting },
    { "no_goal", social_alarm_goal }
};


void
social_status_alarms(social_status_t *st, cJSON *list)
{
    cJSON           *obj;
    size_t           i;
    social_alarm_t   alarm;

    for (i = 0; i < social_nelts(social_alarms); i++) {
        memset(&alarm, 0, sizeof(alarm));
        alarm.state = "ok";
        social_alarms[i].check(st, &alarm);

        obj = social_status_json_item(st, list);
        social_status_json_text(st, obj, "name", social_alarms[i].name);
        social_status_json_text(st, obj, "state", alarm.state);
        social_status_json_time(st, obj, "since", alarm.since);
        social_status_json_text(st, obj, "sentence", alarm.sentence);
    }
}
