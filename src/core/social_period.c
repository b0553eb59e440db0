
/*
 * Frees the figures of a period.  Any thread.
 */

#include <stdlib.h>
#include <string.h>

#include "social_period.h"


void
social_article_free(social_article_t *article)
{
    free(article->key);
    free(article->title);
    free(article->url);
    free(article->labelled);
    memset(article, 0, sizeof(*article));
}


void
social_period_free(social_period_t *figures)
{
    size_t  i;

    if (figures->arena.blocks == NULL) {

        for (i = 0; figures->articles != NULL && i < figures->narticles; i++) {
            social_article_free(&figures->articles[i]);
        }

        free(figures->articles);
        free(figures->messages);
    }

    for (i = 0; i < figures->nauthors; i++) {
        free(figures->authors[i].name);
    }

    social_article_free(&figures->site);
    social_arena_free(&figures->arena);
    memset(figures, 0, sizeof(*figures));
}


void
social_series_free(social_series_t *series)
{
    free(series->steps);
    free(series->goals);
    memset(series, 0, sizeof(*series));
}


void
social_details_free(social_details_t *details)
{
    size_t  i;

    for (i = 0; details->labels != NULL && i < details->narticles; i++) {
        social_article_free(&details->labels[i]);
    }

    for (i = 0; details->series != NULL && i < details->narticles; i++) {
        social_series_free(&details->series[i]);
    }

    for (i = 0; details->excerpts != NULL && i < details->ncomments; i++) {
        free(details->excerpts[i].name);
        free(details->excerpts[i].text);
        free(details->excerpts[i].reason);
    }

    free(details->labels);
    free(details->series);
    free(details->excerpts);

    details->labels = NULL;
    details->series = NULL;
    details->excerpts = NULL;
}
