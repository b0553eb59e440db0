
/*
 * The sentence that sums up the status.  Owns the wording; English.  Titles are
 * not escaped here: whoever shows them must escape them.  Pool threads.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "social_status_state.h"
#include "social_time.h"


#define SOCIAL_SENTENCE_TITLES  3


/* groups of articles that the sentence names, best article first */

typedef enum {
    SOCIAL_SENTENCE_CONVERSATION = 0,
    SOCIAL_SENTENCE_UNHEARD,
    SOCIAL_SENTENCE_COMMENTED,  /* comments, but no conversation yet */
    SOCIAL_SENTENCE_VIEWED,              /* only viewed */
    SOCIAL_SENTENCE_PARTS
} social_status_sentence_e;


typedef struct {
    int64_t                     n;
    const social_status_row_t  *best[SOCIAL_SENTENCE_TITLES];
} social_status_sentence_t;


void
social_status_duration(char *out, size_t size, double seconds)
{
    size_t  i;
    double  n;

    static const struct {
        double       from, unit;
        const char  *name;
    } units[] = {
        { 2 * 86400, 86400, "day" },
        { 5400, 3600, "hour" },
        { 90, 60, "minute" },
        { 0, 1, "second" }
    };

    for (i = 0; i < social_nelts(units) - 1 && seconds < units[i].from; i++) {
        /* void */
    }

    n = round(fmax(seconds, 0) / units[i].unit);

    (void) snprintf(out, size, "%.0f %s%s", n, units[i].name,
                    n == 1 ? "" : "s");
}


static social_status_sentence_e
social_status_sentence_part(const social_status_t *st,
    const social_status_row_t *row)
{
    if (row->class == SOCIAL_ARTICLE_CONVERSATION) {
        return SOCIAL_SENTENCE_CONVERSATION;
    }

    if (row->class == SOCIAL_ARTICLE_UNHEARD) {
        return SOCIAL_SENTENCE_UNHEARD;
    }

    if (social_status_stats(st, row)->comments > 0) {
        return SOCIAL_SENTENCE_COMMENTED;
    }

    if (row->views > 0 && !row->acted) {
        return SOCIAL_SENTENCE_VIEWED;
    }

    return SOCIAL_SENTENCE_PARTS;
}


/* by rank, or for VIEWED by views; the key decides ties */

static int
social_status_sentence_better(social_status_sentence_e part,
    const social_status_row_t *a, const social_status_row_t *b)
{
    double  x, y;

    if (b == NULL) {
        return 1;
    }

    x = part == SOCIAL_SENTENCE_VIEWED ? (double) a->views : a->rank;
    y = part == SOCIAL_SENTENCE_VIEWED ? (double) b->views : b->rank;

    return x != y ? x > y : strcmp(a->article->key, b->article->key) < 0;
}


static void
social_status_sentence_collect(const social_status_t *st,
    social_status_sentence_t *parts)
{
    int                         k;
    size_t                      i;
    social_status_sentence_e    part;
    social_status_sentence_t   *named;
    const social_status_row_t  *row, *other;

    memset(parts, 0, SOCIAL_SENTENCE_PARTS * sizeof(social_status_sentence_t));

    for (i = 0; i < st->nrows; i++) {
        row = &st->rows[i];
        part = social_status_sentence_part(st, row);

        if (part == SOCIAL_SENTENCE_PARTS) {
            continue;
        }

        named = &parts[part];
        named->n++;

        for (k = 0; k < SOCIAL_SENTENCE_TITLES && row != NULL; k++) {
            if (social_status_sentence_better(part, row, named->best[k])) {
                other = named->best[k];
                named->best[k] = row;
                row = other;
            }
        }
    }
}


static void
social_status_sentence_titles(social_out_t *out, const char *what,
    const social_status_sentence_t *named)
{
    int                      k, known;
    const social_article_t  *a;

    if (named->n == 0) {
        return;
    }

    known = named->n < SOCIAL_SENTENCE_TITLES ? (int) named->n
                                            : SOCIAL_SENTENCE_TITLES;
    social_out_text(out, what);

    for (k = 0; k < known; k++) {
        a = named->best[k]->article;

        if (k > 0) {
            social_out_text(out, k + 1 == known && named->n == known ? " and "
                                                                   : ", ");
        }

        social_out_text(out, "\xe2\x80\x9c");
        social_out_text(out, a->title[0] ? a->title : a->key);
        social_out_text(out, "\xe2\x80\x9d");
    }

    if (named->n > known) {
        social_out_text(out, " and ");
        social_out_int(out, named->n - known);
        social_out_text(out, " more");
    }

    social_out_text(out, ".");
}


static void
social_status_sentence_day(social_out_t *out, const char *before, int64_t t)
{
    char  text[SOCIAL_TIME_LEN + 1];

    social_time_format(t, text);
    social_out_text(out, before);
    social_out_bytes(out, text, sizeof("2024-02-29") - 1);
}


static void
social_status_sentence_period(const social_status_t *st, social_out_t *out)
{
    size_t       len;
    const char  *name;

    name = st->query->period ? st->query->period : "";
    len = strlen(name);

    if (len == 0 && st->figures->from > 0) {
        social_status_sentence_day(out, "From ", st->figures->from);
        social_status_sentence_day(out, " to ", st->figures->to - 1);
        social_out_text(out, ", ");
        return;
    }

    if (len < 2 || len > 8 || (name[len - 1] != 'd' && name[len - 1] != 'h')) {
        social_out_text(out, "So far, ");
        return;
    }

    social_out_text(out, "In the last ");
    social_out_bytes(out, name, len - 1);
    social_out_text(out, name[len - 1] == 'd' ? " days, " : " hours, ");
}


/* how many people did something: a public page does not tell small numbers */

static void
social_status_sentence_count(const social_status_t *st, social_out_t *out,
    int64_t n)
{
    if (st->query->is_public && n < SOCIAL_STATUS_CELL) {
        social_out_text(out, "fewer than ");
        n = SOCIAL_STATUS_CELL;
    }

    social_out_int(out, n);
}


static void
social_status_sentence_answers(const social_status_t *st, social_out_t *out)
{
    char                                took[40];
    const social_conversation_stats_t  *stats;

    stats = &st->total_stats;

    social_status_sentence_count(st, out, stats->needing_answered);
    social_out_text(out, " of ");
    social_status_sentence_count(st, out, stats->needing);
    social_out_text(out, stats->needing == 1 && !st->query->is_public
                         ? " comment" : " comments");
    social_out_text(out, " that needed an answer got one");

    if (isnan(stats->answered_median)
        || (st->query->is_public
            && stats->needing_answered < SOCIAL_STATUS_CELL))
    {
        return;
    }

    social_status_duration(took, sizeof(took), stats->answered_median);
    social_out_text(out, stats->needing_answered == 1
                         ? ", within " : ", half of them within ");
    social_out_text(out, took);
}


void
social_status_sentence(social_status_t *st, social_out_t *out)
{
    size_t                    i;
    int64_t                   goals;
    social_status_sentence_t  parts[SOCIAL_SENTENCE_PARTS];

    goals = 0;

    for (i = 0; i < st->query->ngoals; i++) {
        goals += social_status_labelled(&st->site, SOCIAL_COUNT_GOAL,
                                        st->query->goals[i]);
    }

    social_status_sentence_collect(st, parts);
    social_status_sentence_period(st, out);

    social_out_int(out, parts[SOCIAL_SENTENCE_CONVERSATION].n);
    social_out_text(out, parts[SOCIAL_SENTENCE_CONVERSATION].n == 1
                         ? " article started a conversation and "
                         : " articles started a conversation and ");
    social_out_int(out, parts[SOCIAL_SENTENCE_UNHEARD].n);
    social_out_text(out, " went unheard; ");
    social_status_sentence_answers(st, out);
    social_out_text(out, "; ");
    social_status_sentence_count(st, out, goals);
    social_out_text(out, goals == 1 && !st->query->is_public ? " outcome."
                                                             : " outcomes.");

    social_status_sentence_titles(
        out, " Conversation: ", &parts[SOCIAL_SENTENCE_CONVERSATION]);
    social_status_sentence_titles(
        out, " Unheard: ", &parts[SOCIAL_SENTENCE_UNHEARD]);

    /* these two tell that fewer than three people did something */

    if (!st->query->is_public) {
        social_status_sentence_titles(out,
                                      " Comments, but no conversation yet: ",
                                      &parts[SOCIAL_SENTENCE_COMMENTED]);
        social_status_sentence_titles(
            out, " Only viewed: ", &parts[SOCIAL_SENTENCE_VIEWED]);
    }
}
