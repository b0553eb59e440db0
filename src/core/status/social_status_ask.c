
/*
 * What is shown, and what has to be read for it: labels and series of the
 * articles of the list, the first words of comments.  Owns the questions and
 * their answers.  Must not read them itself.  Pool threads.
 */

#include <stdlib.h>
#include <string.h>

#include "social_status_state.h"


/* labels are not read for all articles, so a list by shares needs a question
 * of its own */

static int
social_status_is_by_shares(const social_status_query_t *query)
{
    return query->sort != NULL && strcmp(query->sort, "shares") == 0;
}


static int
social_status_ask_shares(social_status_t *st)
{
    size_t  i, n;

    st->articles = malloc((st->nrows + 1) * sizeof(int64_t));
    if (st->articles == NULL) {
        return SOCIAL_ERROR;
    }

    n = 0;

    for (i = 0; i < st->nrows; i++) {
        if (st->rows[i].article->counts[SOCIAL_COUNT_SHARERS] > 0) {
            st->articles[n++] = st->rows[i].article->article;
        }
    }

    st->details.articles = st->articles;
    st->details.narticles = n;
    st->details.from = st->series_from;
    st->details.to = st->asked_to;

    return SOCIAL_OK;
}


/* rows and row numbers have the same order */

static void
social_status_take_shares(social_status_t *st)
{
    size_t  i, n;

    n = 0;

    for (i = 0; i < st->nrows && n < st->details.narticles; i++) {

        if (st->rows[i].article->article != st->articles[n]) {
            continue;
        }

        if (st->details.labels != NULL) {
            st->rows[i].shares = social_status_sum(&st->details.labels[n],
                                                   SOCIAL_COUNT_SHARE);
        }

        n++;
    }

    social_details_free(&st->details);
    memset(&st->details, 0, sizeof(st->details));
    free(st->articles);
    st->articles = NULL;
}


/* the article whose own page it is follows the list, unless it is in it */

static int
social_status_pick_article(social_status_t *st)
{
    size_t                       i;
    const social_status_row_t  **list;

    if (st->query->article == NULL || st->query->article[0] == '\0') {
        return SOCIAL_OK;
    }

    st->article = social_status_row_of(st, st->query->article);

    if (st->article == NULL) {
        return SOCIAL_OK;
    }

    st->thread = st->article->first;

    if (st->article->last - st->article->first > SOCIAL_STATUS_THREAD) {
        st->thread = st->article->last - SOCIAL_STATUS_THREAD;
    }

    for (i = 0; i < st->nlist; i++) {
        if (st->list[i] == st->article) {
            st->article_at = i;
            return SOCIAL_OK;
        }
    }

    list = realloc(st->list, (st->nlist + 1) * sizeof(*list));
    if (list == NULL) {
        return SOCIAL_ERROR;
    }

    list[st->nlist] = st->article;
    st->list = list;
    st->article_at = st->nlist;
    st->nasked = st->nlist + 1;

    return SOCIAL_OK;
}


static int
social_status_ask_comments(social_status_t *st)
{
    size_t  i, n;

    n = st->nwaiting + (st->article ? st->article->last - st->thread : 0);

    st->comments = malloc((n + 1) * sizeof(int64_t));
    if (st->comments == NULL) {
        return SOCIAL_ERROR;
    }

    for (i = 0; i < st->nwaiting; i++) {
        st->comments[i] = st->figures->messages[st->waiting[i].message].id;
    }

    for (/* void */; i < n; i++) {
        st->comments[i] = st->figures->messages[st->thread + i
                                                - st->nwaiting].id;
    }

    st->details.comments = st->comments;
    st->details.ncomments = n;

    return SOCIAL_OK;
}


int
social_status_pick(social_status_t *st)
{
    st->list = social_status_list(st, &st->nlist, &st->nmatch);
    st->nasked = st->nlist;

    if (!st->query->is_public) {
        social_status_find_waiting(st);
    }

    if (st->failed || social_status_pick_article(st) != SOCIAL_OK) {
        st->failed = 1;
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


static int
social_status_ask_rest(social_status_t *st)
{
    size_t  i;

    if (social_status_pick(st) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    st->articles = malloc((st->nasked + 1) * sizeof(int64_t));

    if (st->articles == NULL
        || (!st->query->is_public
            && social_status_ask_comments(st) != SOCIAL_OK))
    {
        return SOCIAL_ERROR;
    }

    for (i = 0; i < st->nasked; i++) {
        st->articles[i] = st->list[i]->article->article;
    }

    st->details.articles = st->articles;
    st->details.narticles = st->nasked;

    st->details.from = st->series_from;
    st->details.to = st->asked_to;
    st->details.step = st->series_from < st->series_to ? st->step : 0;

    if (st->article != NULL) {
        st->details.goals = st->query->goals;
        st->details.ngoals = st->query->ngoals;
    }

    return SOCIAL_OK;
}


int
social_status_ask(social_status_t *st, social_details_t **details)
{
    *details = &st->details;

    if (st->asked == 0) {
        st->asked = 1;

        if (social_status_is_by_shares(st->query)) {

            if (social_status_ask_shares(st) != SOCIAL_OK) {
                st->failed = 1;
                return SOCIAL_ERROR;
            }

            if (st->details.narticles > 0) {
                return SOCIAL_AGAIN;
            }
        }
    }

    if (st->asked == 1) {
        st->asked = 2;
        social_status_take_shares(st);

        if (social_status_ask_rest(st) != SOCIAL_OK) {
            st->failed = 1;
            return SOCIAL_ERROR;
        }

        if (st->details.narticles > 0 || st->details.ncomments > 0) {
            return SOCIAL_AGAIN;
        }
    }

    return SOCIAL_OK;
}


const social_article_t *
social_status_labels(const social_status_t *st, size_t at)
{
    return st->details.labels != NULL ? &st->details.labels[at]
                                      : st->list[at]->article;
}
