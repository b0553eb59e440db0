
/*
 * Figures of articles and of a site, from what was counted and said.
 */

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "social_tool_figures.h"


typedef struct {
    social_tool_figures_t  *figures;
    social_tool_site_t     *site;
    social_tool_result_pt   handler;
    void                   *data;
    social_tool_spoken_t    **comments;   /* room for all */
    size_t                  n;
    social_tool_row_t       sum;
    social_tool_named_t    *previews;   /* of all articles */
    int64_t                 likes[2];
    unsigned                failed:1;
} social_tool_results_t;


/* likes of the period that were not taken back: at least, and at most */

static void
social_tool_result_likes(const social_tool_row_t *row, int64_t likes[2])
{
    int64_t                     older, least, most;
    const social_tool_likes_t  *day;

    likes[0] = likes[1] = 0;

    for (day = row->likes; day; day = day->next) {
        older = day->before - day->before_off;
        older = older < 0 ? 0 : older > day->off ? day->off : older;

        least = day->new - day->off;
        most = least + older;

        likes[0] += least > 0 ? least : 0;
        likes[1] += most > 0 ? most : 0;
    }
}


static void
social_tool_result_views(const social_tool_row_t *row,
    social_tool_result_t *result)
{
    int64_t  *classes;

    classes = result->classes;

    classes[LOG_UNCONFIRMED] = row->served[LOG_UNCONFIRMED]
                               - row->seen[LOG_UNCONFIRMED];
    classes[LOG_SCRIPT] = row->seen[LOG_UNCONFIRMED] + row->seen[LOG_PREFETCH]
                          + row->seen[LOG_SCRIPT] - row->seen_by_author;
    classes[LOG_SELF] = row->served[LOG_SELF] + row->seen_by_author;
    classes[LOG_PREFETCH] = row->served[LOG_PREFETCH] - row->ahead;
    classes[LOG_PREVIEW] = row->served[LOG_PREVIEW];
    classes[LOG_BOT] = row->served[LOG_BOT];

    if (classes[LOG_UNCONFIRMED] < 0) {
        classes[LOG_UNCONFIRMED] = 0;
    }

    if (classes[LOG_PREFETCH] < 0) {
        classes[LOG_PREFETCH] = 0;
    }

    result->views = classes[LOG_UNCONFIRMED] + classes[LOG_SCRIPT];
    result->listeners = row->listeners;
}


static int64_t
social_tool_result_sum(const social_tool_named_t *list)
{
    int64_t  sum;

    for (sum = 0; list; list = list->next) {
        sum += list->n;
    }

    return sum;
}


static void
social_tool_result_add(social_tool_results_t *results,
    social_tool_named_t **list, social_str_t name, int64_t n)
{
    int64_t  *sum;

    if (n == 0) {
        return;
    }

    sum = social_tool_figures_named(results->figures, list, name);

    if (sum == NULL) {
        results->failed = 1;
        return;
    }

    *sum += n;
}


/* the row's counts are also those of the site */

static void
social_tool_result_collect(social_tool_results_t *results,
    const social_tool_row_t *row, const int64_t likes[2])
{
    size_t                      i;
    social_tool_row_t          *sum;
    const social_tool_fetch_t  *fetch;
    const social_tool_named_t  *named;

    sum = &results->sum;
    results->likes[0] += likes[0];
    results->likes[1] += likes[1];

    for (i = 0; i < social_nelts(row->served); i++) {
        sum->served[i] += row->served[i] + row->early[i];
    }

    for (i = 0; i < social_nelts(row->seen); i++) {
        sum->seen[i] += row->seen[i];
    }

    sum->seen_by_author += row->seen_by_author;
    sum->listeners += row->listeners;
    sum->ahead += row->ahead + row->early_ahead;

    for (named = row->sources; named; named = named->next) {
        social_tool_result_add(results, &sum->sources, named->name, named->n);
    }

    for (named = row->shares; named; named = named->next) {
        social_tool_result_add(results, &sum->shares, named->name, named->n);
    }

    for (fetch = row->fetches; fetch; fetch = fetch->next) {
        social_tool_result_add(results, &results->previews, fetch->network,
                               fetch->all);
    }
}


/* what a row and its comments amount to */

static void
social_tool_result_make(social_tool_results_t *results,
    const social_tool_row_t *row, social_tool_named_t *previews,
    const int64_t likes[2], size_t n, social_tool_result_t *result)
{
    memset(result, 0, sizeof(*result));

    social_tool_result_views(row, result);
    result->sources = row->sources;
    result->shared = row->shares;
    result->shares = social_tool_result_sum(row->shares);
    result->previewed = previews;
    result->previews = social_tool_result_sum(previews);
    result->likes[0] = likes[0];
    result->likes[1] = likes[1];

    if (social_tool_talk_figures(results->figures, results->site,
                                 results->comments, n, &result->talked)
        != SOCIAL_OK)
    {
        results->failed = 1;
    }
}


static void
social_tool_result_article(social_tool_results_t *results,
    const social_tool_row_t *row)
{
    size_t                      n;
    int64_t                     likes[2];
    social_tool_spoken_t       *said;
    social_tool_named_t        *previews;
    social_tool_result_t        result;
    const social_tool_fetch_t  *fetch;

    social_tool_result_likes(row, likes);
    social_tool_result_collect(results, row, likes);

    if (results->failed || (!row->begun && row->comments == NULL)) {
        return;
    }

    for (previews = NULL, fetch = row->fetches; fetch; fetch = fetch->next) {
        social_tool_result_add(results, &previews, fetch->network,
                               fetch->article);
    }

    for (n = 0, said = row->comments; said; said = said->next) {
        results->comments[n++] = said;
    }

    social_tool_result_make(results, row, previews, likes, n, &result);

    if (!results->failed) {
        results->handler(results->data, results->site, row, &result);
    }
}


static void
social_tool_result_walk_article(const void *node, VISIT visit, void *data)
{
    if (visit == postorder || visit == leaf) {
        social_tool_result_article(data,
                                   *(const social_tool_row_t *const *) node);
    }
}


static void
social_tool_result_walk_comment(const void *node, VISIT visit, void *data)
{
    social_tool_results_t  *results;

    results = data;

    if (visit == postorder || visit == leaf) {
        results->comments[results->n++] =
            *(social_tool_spoken_t *const *) node;
    }
}


int
social_tool_figures_results(social_tool_figures_t *figures,
    social_tool_site_t *site, social_tool_result_pt handler, void *data)
{
    social_tool_result_t   result;
    social_tool_results_t  results;

    memset(&results, 0, sizeof(results));
    results.figures = figures;
    results.site = site;
    results.handler = handler;
    results.data = data;
    results.comments = calloc(site->ncomments + 1,
                              sizeof(social_tool_spoken_t *));

    if (results.comments == NULL) {
        return SOCIAL_ERROR;
    }

    if (social_tool_talk_replay(site) != SOCIAL_OK) {
        free(results.comments);
        return SOCIAL_ERROR;
    }

    twalk_r(site->comments, social_tool_result_walk_comment, &results);
    social_tool_talk_answered(site, results.comments, results.n);

    twalk_r(site->articles, social_tool_result_walk_article, &results);

    results.n = 0;
    twalk_r(site->comments, social_tool_result_walk_comment, &results);
    social_tool_result_make(&results, &results.sum, results.previews,
                            results.likes, results.n, &result);

    if (!results.failed) {
        handler(data, site, NULL, &result);
    }

    free(results.comments);

    return results.failed ? SOCIAL_ERROR : SOCIAL_OK;
}
