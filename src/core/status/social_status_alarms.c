
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
#include "social_time.h"


#define SOCIAL_ALARM_LAST   20          /* comments to find the usual gap */
#define SOCIAL_ALARM_GAPS   3           /* times the usual gap */
#define SOCIAL_ALARM_DAYS   28          /* of a span */
#define SOCIAL_ALARM_SPANS  4           /* the current span and three before */
#define SOCIAL_ALARM_HISTORY                                                  \
    ((SOCIAL_ALARM_SPANS + 1) * SOCIAL_ALARM_DAYS)


typedef struct {
    const char  *state;
    int64_t      since;                 /* 0: unknown */
    char         sentence[192];
} social_alarm_t;


typedef struct {
    const char  *name;
    void       (*check)(const social_status_t *st, social_alarm_t *alarm);
    const char  *told;                  /* on a public page, without numbers */
    const char  *calm;                  /* the same while the state is ok */
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
    int64_t                     since;
    const social_status_row_t  *row;

    /* since there were enough people for a conversation on the first of these
     * articles */

    for (i = 0; i < st->nrows; i++) {
        row = &st->rows[i];

        if (row->class != SOCIAL_ARTICLE_UNHEARD) {
            continue;
        }

        since = social_conversation_reached(st->conv, row->first, row->last,
                                            &st->window,
                                            st->thresholds->participants);

        if (since != 0 && (alarm->since == 0 || since < alarm->since)) {
            alarm->since = since;
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
    alarm->since = social_alarm_max(since + limit, stats->oldest_unanswered);
    (void) snprintf(alarm->sentence, sizeof(alarm->sentence),
                    "%" PRId64 " comment%s %s waiting for an answer, and the"
                    " author has not commented for more than %s.",
                    stats->unanswered, stats->unanswered == 1 ? "" : "s",
                    stats->unanswered == 1 ? "is" : "are", text);
}


/* the articles of the 28 days that ended `days` ago, and the median of the
 * three times 28 days before; published: by the days since then */

static int
social_alarm_decayed(const int64_t *published, size_t days, int64_t *recent,
    double *median)
{
    size_t   i, k;
    int64_t  n[SOCIAL_ALARM_SPANS];

    memset(n, 0, sizeof(n));

    for (k = 0; k < SOCIAL_ALARM_SPANS; k++) {
        for (i = 0; i < SOCIAL_ALARM_DAYS; i++) {
            n[k] += published[days + k * SOCIAL_ALARM_DAYS + i];
        }
    }

    social_metrics_sort(n + 1, SOCIAL_ALARM_SPANS - 1);

    *recent = n[0];
    *median = social_metrics_median(n + 1, SOCIAL_ALARM_SPANS - 1,
                                    SOCIAL_ALARM_SPANS - 1);

    return (double) n[0] < *median / 2;
}


static void
social_alarm_publishing(const social_status_t *st, social_alarm_t *alarm)
{
    size_t   i, days;
    double   median, before;
    int64_t  age, recent, n, published[SOCIAL_ALARM_HISTORY];

    memset(published, 0, sizeof(published));

    for (i = 0; i < st->nrows; i++) {
        age = st->window.now - st->rows[i].since;

        if (st->rows[i].since != 0 && age >= 0
            && age < SOCIAL_ALARM_HISTORY * SOCIAL_DAY)
        {
            published[age / SOCIAL_DAY]++;
        }
    }

    if (social_alarm_decayed(published, 0, &recent, &median)) {
        alarm->state = "warn";
        days = 1;

        while (days < SOCIAL_ALARM_DAYS
               && social_alarm_decayed(published, days, &n, &before))
        {
            days++;
        }

        /* longer ago than that is as good as unknown */

        if (days < SOCIAL_ALARM_DAYS) {
            alarm->since = st->window.now - (int64_t) (days - 1) * SOCIAL_DAY;
            alarm->since -= alarm->since % SOCIAL_DAY;
        }
    }

    (void) snprintf(alarm->sentence, sizeof(alarm->sentence), "%" PRId64
                    " article%s in the last 28 days; the usual number was"
                    " %.0f.", recent, recent == 1 ? "" : "s", median);
}


static void
social_alarm_broadcasting(const social_status_t *st, social_alarm_t *alarm)
{
    double                              ratio;
    social_status_figures_t             f;
    const social_conversation_stats_t  *stats;

    social_status_figures(st, &st->total, &f);
    stats = &st->total_stats;
    ratio = f.broadcast_ratio;

    if (!isnan(ratio) && ratio >= st->thresholds->broadcast
        && stats->comments >= st->thresholds->broadcast_comments)
    {
        alarm->state = "warn";
    }

    (void) snprintf(alarm->sentence, sizeof(alarm->sentence),
                    "%" PRId64 " article%s published, %" PRId64 " comment%s by"
                    " readers, %" PRId64 " by the author.",
                    st->published, st->published == 1 ? "" : "s",
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
    { "unheard", social_alarm_unheard,
      "Articles went unheard: people commented and got few replies or none.",
      "Wherever several people commented, somebody replied." },
    { "comment_silence", social_alarm_comments,
      "No reader has commented for a long time.",
      "Readers have not been silent for long." },
    { "author_silence", social_alarm_author,
      "Comments are waiting for an answer of the author.",
      "Comments do not wait long for the author." },
    { "publishing_decay", social_alarm_publishing,
      "Fewer articles are published than before.",
      "Articles are published as often as before." },
    { "broadcasting", social_alarm_broadcasting,
      "The author publishes and hardly ever comments.",
      "The author comments, too, or has little to answer." },
    { "no_goal", social_alarm_goal,
      "No goal is declared, so outcomes are not counted.",
      "Goals are declared, so outcomes are counted." }
};


static const char *
social_alarm_told(const social_alarm_row_t *row, const social_alarm_t *alarm)
{
    return strcmp(alarm->state, "ok") == 0 ? row->calm : row->told;
}


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

        if (st->query->is_public) {
            social_status_json_null(st, obj, "since");
            social_status_json_text(st, obj, "sentence",
                                    social_alarm_told(&social_alarms[i],
                                                      &alarm));
            continue;
        }

        social_status_json_time(st, obj, "since", alarm.since);
        social_status_json_text(st, obj, "sentence", alarm.sentence);
    }
}
