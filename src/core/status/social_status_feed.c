
/*
 * What formats need beside the document: a tag that tells two documents apart,
 * the sentence of the last week, the gauges of a monitoring system.  Pool
 * threads.
 */

#include <string.h>

#include "social_siphash.h"
#include "social_status_formats.h"
#include "social_status_state.h"
#include "social_time.h"


#define SOCIAL_STATUS_WEEK   (7 * SOCIAL_DAY)
#define SOCIAL_STATUS_LINE   8192       /* bytes of a sentence */


/* members that change while nothing happens */

static int
social_status_is_clock(const char *name)
{
    size_t  i;

    static const char *const  names[] = {
        "generated", "to", "age_seconds", "oldest_unanswered_seconds",
        "oldest_held_seconds", "last_seen", "last_saved"
    };

    for (i = 0; name != NULL && i < social_nelts(names); i++) {
        if (strcmp(names[i], name) == 0) {
            return 1;
        }
    }

    return 0;
}


static uint64_t
social_status_mix(uint64_t hash, const void *data, size_t len)
{
    unsigned char  key[SOCIAL_SIPHASH_KEY];

    memset(key, 0, sizeof(key));
    memcpy(key, &hash, sizeof(hash));

    return social_siphash(key, data, len);
}


static uint64_t
social_status_mix_item(uint64_t hash, const cJSON *item)
{
    hash = social_status_mix(hash, &item->type, sizeof(item->type));

    if (item->string != NULL) {
        hash = social_status_mix(hash, item->string, strlen(item->string));
    }

    if (cJSON_IsNumber(item)) {
        return social_status_mix(hash, &item->valuedouble,
                                 sizeof(item->valuedouble));
    }

    return cJSON_IsString(item)
           ? social_status_mix(hash, item->valuestring,
                               strlen(item->valuestring))
           : hash;
}


/* a document is a few levels deep */

uint64_t
social_status_hash(const cJSON *doc, uint64_t hash)
{
    const cJSON  *item;

    cJSON_ArrayForEach(item, doc) {

        if (social_status_is_clock(item->string)) {
            continue;
        }

        hash = social_status_mix_item(hash, item);
        hash = social_status_hash(item, hash);
        hash = social_status_mix(hash, "/", 1);
    }

    return hash;
}


/* Monday 00:00 UTC of the last finished week: 1970-01-05 was a Monday */

int64_t
social_status_week_from(int64_t now)
{
    int64_t  monday;

    monday = now - 4 * SOCIAL_DAY;
    monday -= monday % SOCIAL_STATUS_WEEK;

    return monday + 4 * SOCIAL_DAY - SOCIAL_STATUS_WEEK;
}


int
social_status_week(cJSON *doc, const social_period_t *figures,
    const social_status_query_t *query)
{
    int                     failed;
    cJSON                  *week;
    social_out_t            out;
    social_status_t        *st;
    social_status_query_t   days;

    days = *query;
    days.period = "";

    st = social_status_begin(figures, &days);
    if (st == NULL) {
        return SOCIAL_ERROR;
    }

    week = social_status_json_object(st, doc, "week");
    social_status_json_time(st, week, "from", figures->from);
    social_status_json_time(st, week, "to", figures->to);

    social_out_init(&out, SOCIAL_STATUS_LINE);
    social_status_sentence(st, &out);
    social_status_json_out(st, week, "sentence", &out);

    failed = st->failed;
    social_status_abandon(st);

    return failed ? SOCIAL_ERROR : SOCIAL_OK;
}


void
social_status_gauges(const social_status_t *st, social_openmetrics_t *in)
{
    int  i;

    in->unanswered = st->total_stats.unanswered;
    in->oldest_unanswered_seconds = st->total_stats.oldest_unanswered_seconds;
    in->participants = st->total_stats.participants;
    in->held = st->figures->held;

    for (i = 0; i < SOCIAL_ARTICLE_CLASSES; i++) {
        in->articles[i] = st->classes[i];
    }
}
