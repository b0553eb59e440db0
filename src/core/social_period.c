
/*
 * Frees the figures of a period.  Any thread.
 */

#include <stdlib.h>
#include <string.h>

#include "social_period.h"


void
social_period_free(social_period_t *figures)
{
    size_t             i;
    social_article_t  *a;

    for (i = 0; figures->articles != NULL && i < figures->narticles; i++) {
        a = &figures->articles[i];

        free(a->key);
        free(a->title);
        free(a->url);
        free(a->labelled);
    }

    free(figures->articles);
    free(figures->messages);
    memset(figures, 0, sizeof(*figures));
}
