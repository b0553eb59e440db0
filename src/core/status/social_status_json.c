
/*
 * Adds members to the status document.  Owns how numbers, times and URLs are
 * written.  If memory runs out, the status is marked as failed.  Pool threads.
 */

#include <math.h>
#include <string.h>
#include <strings.h>

#include "social_status_state.h"
#include "social_text.h"
#include "social_time.h"


#define SOCIAL_STATUS_JSON_MAX  65536  /* bytes of a text that is made valid */


static void
social_status_json_check(social_status_t *st, const cJSON *item)
{
    if (item == NULL) {
        st->failed = 1;
    }
}


/* titles have the encoding of their page, but JSON must be UTF-8 */

static void
social_status_json_repaired(social_status_t *st, cJSON *obj, const char *name,
    const char *text)
{
    social_out_t          out;
    const unsigned char  *p, *end, *start;

    p = (const unsigned char *) text;
    end = p + strlen(text);

    social_out_init(&out, SOCIAL_STATUS_JSON_MAX);

    while (p < end) {
        start = p;

        if (social_text_next(&p, end) < 0) {
            social_out_text(&out, "\xef\xbf\xbd");

        } else {
            social_out_bytes(&out, start, (size_t) (p - start));
        }
    }

    social_out_bytes(&out, "", 1);
    social_status_json_check(st, out.failed ? NULL
                                 : cJSON_AddStringToObject(obj, name,
                                                           (char *) out.data));
    social_out_free(&out);
}


void
social_status_json_text(social_status_t *st, cJSON *obj, const char *name,
    const char *text)
{
    if (text == NULL) {
        text = "";
    }

    if (!social_text_valid((const unsigned char *) text, strlen(text))) {
        social_status_json_repaired(st, obj, name, text);
        return;
    }

    social_status_json_check(st, cJSON_AddStringToObject(obj, name, text));
}


void
social_status_json_int(social_status_t *st, cJSON *obj, const char *name,
    int64_t value)
{
    social_status_json_check(
        st, cJSON_AddNumberToObject(obj, name, (double) value));
}


/* NAN, such as 0/0, becomes null */

void
social_status_json_rate(social_status_t *st, cJSON *obj, const char *name,
    double value)
{
    social_status_json_check(st, isfinite(value)
                                 ? cJSON_AddNumberToObject(obj, name, value)
                                 : cJSON_AddNullToObject(obj, name));
}


void
social_status_json_null(social_status_t *st, cJSON *obj, const char *name)
{
    social_status_json_check(st, cJSON_AddNullToObject(obj, name));
}


void
social_status_json_bool(social_status_t *st, cJSON *obj, const char *name,
    int value)
{
    social_status_json_check(st, cJSON_AddBoolToObject(obj, name, value));
}


/* 0 (unknown or never) becomes null */

void
social_status_json_time(social_status_t *st, cJSON *obj, const char *name,
    int64_t seconds)
{
    char  text[SOCIAL_TIME_LEN + 1];

    if (seconds == 0) {
        social_status_json_null(st, obj, name);
        return;
    }

    social_time_format(seconds, text);
    social_status_json_text(st, obj, name, text);
}


cJSON *
social_status_json_object(social_status_t *st, cJSON *obj, const char *name)
{
    cJSON  *item;

    item = cJSON_AddObjectToObject(obj, name);
    social_status_json_check(st, item);

    return item;
}


cJSON *
social_status_json_array(social_status_t *st, cJSON *obj, const char *name)
{
    cJSON  *item;

    item = cJSON_AddArrayToObject(obj, name);
    social_status_json_check(st, item);

    return item;
}


cJSON *
social_status_json_item(social_status_t *st, cJSON *array)
{
    cJSON  *item;

    item = cJSON_CreateObject();

    if (item == NULL || !cJSON_AddItemToArray(array, item)) {
        cJSON_Delete(item);
        st->failed = 1;
        return NULL;
    }

    return item;
}


void
social_status_json_out(social_status_t *st, cJSON *obj, const char *name,
    social_out_t *out)
{
    social_out_bytes(out, "", 1);

    if (!out->failed) {
        social_status_json_text(st, obj, name, (const char *) out->data);

    } else if (out->full) {
        social_status_json_text(st, obj, name, "");

    } else {
        st->failed = 1;
    }

    social_out_free(out);
}


/*
 * The URL that the page states for itself, only if it is http or https: it
 * becomes a link.  Otherwise the key, which is a decoded path and never begins
 * with two slashes.
 */

void
social_status_json_address(const social_status_t *st, social_out_t *out,
    const social_article_t *a, int64_t id)
{
    if (strncasecmp(a->url, "https://", 8) == 0
        || strncasecmp(a->url, "http://", 7) == 0)
    {
        social_out_text(out, a->url);

    } else {
        social_out_public(out, st->query->base,
                          (const unsigned char *) a->key, strlen(a->key));
    }

    if (id != 0) {
        social_out_text(out, "#comment-");
        social_out_id(out, id);
    }
}
