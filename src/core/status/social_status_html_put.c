
/*
 * Numbers as people read them, and links that keep the other parameters of the
 * page.  Pool threads.
 */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "social_status_html_put.h"


double
social_status_html_value(const cJSON *obj, const char *name)
{
    const cJSON  *item;

    item = cJSON_GetObjectItemCaseSensitive(obj, name);

    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}


const char *
social_status_html_text(const cJSON *obj, const char *name)
{
    const cJSON  *item;

    item = cJSON_GetObjectItemCaseSensitive(obj, name);

    return cJSON_IsString(item) ? item->valuestring : "";
}


const cJSON *
social_status_html_list(const cJSON *doc, const char *name)
{
    const cJSON  *list;

    list = cJSON_GetObjectItemCaseSensitive(doc, name);

    return list ? list->child : NULL;
}


void
social_status_html_number(char out[SOCIAL_STATUS_HTML_WORD], double value)
{
    int     i, len, from;
    char    digits[24];
    size_t  n;

    if (!isfinite(value)) {
        (void) snprintf(out, SOCIAL_STATUS_HTML_WORD, "\xe2\x80\x93");
        return;
    }

    value = fmin(fmax(value, -9e15), 9e15);
    len = snprintf(digits, sizeof(digits), "%.0f", value);
    from = digits[0] == '-';
    n = 0;

    for (i = 0; i < len; i++) {

        if (i > from && (len - i) % 3 == 0) {
            out[n++] = ',';
        }

        out[n++] = digits[i];
    }

    out[n] = '\0';
}


void
social_status_html_put(social_status_t *st, cJSON *obj, const char *name,
    double value)
{
    char  text[SOCIAL_STATUS_HTML_WORD];

    social_status_html_number(text, value);
    social_status_json_text(st, obj, name, text);
}


void
social_status_html_fraction(social_status_t *st, cJSON *obj, const char *name,
    double k, double n)
{
    char  a[SOCIAL_STATUS_HTML_WORD], b[SOCIAL_STATUS_HTML_WORD];
    char  text[2 * SOCIAL_STATUS_HTML_WORD + 8];

    social_status_html_number(a, k);
    social_status_html_number(b, n);
    (void) snprintf(text, sizeof(text), "%s of %s", a, b);
    social_status_json_text(st, obj, name, text);
}


void
social_status_html_rate(social_status_t *st, cJSON *obj, const char *name,
    double rate, double readers)
{
    char  text[SOCIAL_STATUS_HTML_WORD];

    text[0] = '\0';

    if (isfinite(rate)
        && readers >= (double) st->query->thresholds->new_readers)
    {
        (void) snprintf(text, sizeof(text), "%.*f per 1,000 readers",
                        rate < 0.01 ? 1 : 0, rate * 1000);
    }

    social_status_json_text(st, obj, name, text);
}


static void
social_status_html_param(social_out_t *out, const char *name,
    const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return;
    }

    social_out_text(out, out->len ? "&" : "?");
    social_out_text(out, name);
    social_out_text(out, "=");
    social_out_query(out, (const unsigned char *) value, strlen(value));
}


void
social_status_html_link(social_status_t *st, cJSON *obj, const char *period,
    const char *sort, const char *dir, const char *article, int64_t page)
{
    char                          number[24];
    social_out_t                  out;
    const social_status_query_t  *q;

    q = st->query;
    social_out_init(&out, SOCIAL_STATUS_HTML_LINK);

    social_status_html_param(&out, "period", period ? period : q->period);
    social_status_html_param(&out, "article", article ? article : q->article);
    social_status_html_param(&out, "q", q->q);
    social_status_html_param(&out, "sort", sort ? sort : q->sort);
    social_status_html_param(&out, "dir", dir ? dir : q->dir);

    if (q->limit > 0) {
        (void) snprintf(number, sizeof(number), "%" PRId64, q->limit);
        social_status_html_param(&out, "limit", number);
    }

    if (page > 1) {
        (void) snprintf(number, sizeof(number), "%" PRId64, page);
        social_status_html_param(&out, "page", number);
    }

    if (out.len == 0) {
        social_out_text(&out, "?");
    }

    if (out.full) {
        social_out_free(&out);
        social_out_text(&out, "?");
    }

    social_status_json_out(st, obj, "href", &out);
}
