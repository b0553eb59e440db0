
/*
 * The sentence that sums up the status, and the list of comments that wait for
 * an answer.  Owns the wording; English.  Titles are not escaped here: whoever
 * shows them must escape them.  Pool threads.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_status_state.h"


#define SOCIAL_SENTENCE_TITLES   3
#define SOCIAL_SENTENCE_ADDRESS  8192


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


typedef struct {
    int64_t                     created;
    size_t                      message;
    const social_article_t     *article;
} social_status_sentence_waiting_t;


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
social_status_sentence_part(const social_status_row_t *row)
{
    if (row->class == SOCIAL_ARTICLE_CONVERSATION) {
        return SOCIAL_SENTENCE_CONVERSATION;
    }

    if (row->class == SOCIAL_ARTICLE_UNHEARD) {
        return SOCIAL_SENTENCE_UNHEARD;
    }

    if (row->stats->comments > 0) {
        return SOCIAL_SENTENCE_COMMENTED;
    }

    if (row->views > 0 && row->shares == 0 && row->evidence.active == 0
        && row->evidence.sharers == 0 && row->evidence.reactions == 0)
    {
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
        part = social_status_sentence_part(row);

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
social_status_sentence_period(const social_status_t *st, social_out_t *out)
{
    size_t       len;
    const char  *name;

    name = st->query->period ? st->query->period : "";
    len = strlen(name);

    if (len < 2 || len > 8 || (name[len - 1] != 'd' && name[len - 1] != 'h')) {
        social_out_text(out, "So far, ");
        return;
    }

    social_out_text(out, "In the last ");
    social_out_bytes(out, name, len - 1);
    social_out_text(out, name[len - 1] == 'd' ? " days, " : " hours, ");
}


void
social_status_sentence(social_status_t *st, social_out_t *out)
{
    char                                took[40];
    size_t                              i;
    int64_t                             goals;
    social_status_sentence_t            parts[SOCIAL_SENTENCE_PARTS];
    const social_conversation_stats_t  *stats;

    stats = &st->total_stats;
    goals = 0;

    for (i = 0; i < st->query->ngoals; i++) {
        goals += social_status_labelled(st->site_counts, SOCIAL_COUNT_GOAL,
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
    social_out_int(out, stats->needing_answered);
    social_out_text(out, " of ");
    social_out_int(out, stats->needing);
    social_out_text(out, stats->needing == 1 ? " comment" : " comments");
    social_out_text(out, " that needed an answer got one");

    if (!isnan(stats->answered_median)) {
        social_status_duration(took, sizeof(took), stats->answered_median);
        social_out_text(out, stats->needing_answered == 1
                             ? ", within " : ", half of them within ");
        social_out_text(out, took);
    }

    social_out_text(out, "; ");
    social_out_int(out, goals);
    social_out_text(out, goals == 1 ? " outcome." : " outcomes.");

    social_status_sentence_titles(
        out, " Conversation: ", &parts[SOCIAL_SENTENCE_CONVERSATION]);
    social_status_sentence_titles(
        out, " Unheard: ", &parts[SOCIAL_SENTENCE_UNHEARD]);
    social_status_sentence_titles(out, " Comments, but no conversation yet: ",
                                  &parts[SOCIAL_SENTENCE_COMMENTED]);
    social_status_sentence_titles(
        out, " Only viewed: ", &parts[SOCIAL_SENTENCE_VIEWED]);
}


static int
social_status_sentence_oldest(const void *one, const void *two)
{
    const social_status_sentence_waiting_t  *a, *b;

    a = one;
    b = two;

    if (a->created != b->created) {
        return a->created < b->created ? -1 : 1;
    }

    return (a->message > b->message) - (a->message < b->message);
}


static void
social_status_sentence_put(social_status_t *st, cJSON *list,
    const social_status_sentence_waiting_t *waiting)
{
    char                     id[SOCIAL_ID_MAX];
    cJSON                   *obj;
    int64_t                  age;
    social_out_t             url;
    const social_message_t  *m;

    m = &st->figures->messages[waiting->message];
    age = st->window.now > m->created ? st->window.now - m->created : 0;

    (void) social_id_text(m->id, id);
    social_out_init(&url, SOCIAL_SENTENCE_ADDRESS);
    social_status_json_address(st, &url, waiting->article, m->id);

    obj = social_status_json_item(st, list);
    social_status_json_text(st, obj, "id", id);
    social_status_json_text(st, obj, "article", waiting->article->key);
    social_status_json_text(st, obj, "title", waiting->article->title);
    social_status_json_out(st, obj, "url", &url);
    social_status_json_time(st, obj, "time", m->created);
    social_status_json_int(st, obj, "age_seconds", age);
}


void
social_status_inbox(social_status_t *st, cJSON *list)
{
    size_t                             i, k, n;
    social_status_sentence_waiting_t  *all;
    const social_status_row_t         *row;

    all = malloc((st->figures->nmessages + 1)
                 * sizeof(social_status_sentence_waiting_t));
    if (all == NULL) {
        st->failed = 1;
        return;
    }

    n = 0;

    for (i = 0; i < st->nrows; i++) {
        row = &st->rows[i];

        if (st->query->article && st->query->article[0]
            && strcmp(st->query->article, row->article->key) != 0)
        {
            continue;
        }

        for (k = row->first; k < row->last; k++) {
            if (social_conversation_is_waiting(st->conv, k)
                && st->figures->messages[k].created < st->window.to)
            {
                all[n].created = st->figures->messages[k].created;
                all[n].message = k;
                all[n++].article = row->article;
            }
        }
    }

    qsort(all, n, sizeof(social_status_sentence_waiting_t),
          social_status_sentence_oldest);

    for (i = 0; i < n && i < SOCIAL_STATUS_INBOX; i++) {
        social_status_sentence_put(st, list, &all[i]);
    }

    free(all);
}
