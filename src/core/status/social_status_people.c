
/*
 * The people who comment, as counts only, and the site's authors by name.
 * Pool threads.
 */

#include <string.h>

#include "social_status_state.h"


static void
social_status_put_authors(social_status_t *st, cJSON *list)
{
    cJSON                                *obj;
    size_t                                i;
    const social_period_t                *f;
    const social_conversation_author_t   *author;
    social_conversation_author_t          authors[SOCIAL_AUTHORS_MAX];

    f = st->figures;
    memset(authors, 0, sizeof(authors));
    social_conversation_authors(st->conv, &st->window, authors, f->nauthors);

    for (i = 0; i < f->nauthors; i++) {
        author = &authors[i];

        if (author->comments == 0 && author->answered == 0) {
            continue;
        }

        obj = social_status_json_item(st, list);
        social_status_json_text(st, obj, "name", f->authors[i].name);
        social_status_json_int(st, obj, "comments", author->comments);
        social_status_json_int(st, obj, "answered", author->answered);
        social_status_json_rate(
            st, obj, "response_rate",
            social_metrics_rate((double) author->in_time,
                                (double) st->total_stats.matured));
    }
}


void
social_status_people(social_status_t *st, cJSON *doc)
{
    cJSON                              *obj;
    const social_conversation_stats_t  *stats;

    stats = &st->total_stats;
    obj = social_status_json_object(st, doc, "people");

    social_status_json_int(st, obj, "participants", stats->participants);
    social_status_json_int(st, obj, "new", stats->new_participants);
    social_status_json_int(st, obj, "returning",
                           stats->returning_participants);
    social_status_json_int(st, obj, "weak", stats->participants_weak);
    social_status_json_rate(st, obj, "median_return_seconds",
                            social_conversation_return(st->conv,
                                                       &st->window));

    social_status_put_authors(st, social_status_json_array(st, doc,
                                                           "authors"));
}
