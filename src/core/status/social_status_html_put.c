
/*
 * Numbers and days as people read them, and links that keep the other
 * parameters of the page.  Pool threads.
 */

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "social_status_html_put.h"
#include "social_time.h"


const cJSON *
social_status_html_member(const cJSON *obj, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(obj, name);
}


double
social_status_html_value(const cJSON *obj, const char *name)
{
    const cJSON  *item;

    item = social_status_html_member(obj, name);

    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}


const char *
social_status_html_text(const cJSON *obj, const char *name)
{
    const cJSON  *item;

    item = social_status_html_member(obj, name);

    return cJSON_IsString(item) ? item->valuestring : "";
}


const cJSON *
social_status_html_list(const cJSON *doc, const char *name)
{
    const cJSON  *list;

    list = social_status_html_member(doc, name);

    return list ? list->child : NULL;
}


int64_t
social_status_html_seconds(const cJSON *obj, const char *name)
{
    int64_t      time;
    const char  *text;

    text = social_status_html_text(obj, name);

    if (social_time_parse((const unsigned char *) text, strlen(text), &time)
        != SOCIAL_OK)
    {
        return 0;
    }

    return time;
}


void
social_status_html_say(social_status_html_t *h, cJSON *obj, const char *name,
    const char *fmt, ...)
{
    char     text[SOCIAL_STATUS_HTML_TEXT];
    va_list  args;

    va_start(args, fmt);
    (void) vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    social_status_json_text(&h->st, obj, name, text);
}


void
social_status_html_number(const social_status_html_t *h,
    char out[SOCIAL_STATUS_HTML_WORD], double value)
{
    int     i, len, from;
    char    digits[24];
    size_t  n;

    if (!isfinite(value)) {
        (void) snprintf(out, SOCIAL_STATUS_HTML_WORD, "%s",
                        h->public ? "fewer than 3" : "\xe2\x80\x93");
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
social_status_html_put(social_status_html_t *h, cJSON *obj, const char *name,
    double value)
{
    char  text[SOCIAL_STATUS_HTML_WORD];

    social_status_html_number(h, text, value);
    social_status_json_text(&h->st, obj, name, text);
}


void
social_status_html_count(const social_status_html_t *h,
    char out[SOCIAL_STATUS_HTML_WORD], double value, const char *one,
    const char *many)
{
    char  number[SOCIAL_STATUS_HTML_WORD];

    social_status_html_number(h, number, value);
    (void) snprintf(out, SOCIAL_STATUS_HTML_WORD, "%.20s %.40s", number,
                    fabs(value - 1) < 0.5 ? one : many);
}


void
social_status_html_fraction(social_status_html_t *h, cJSON *obj,
    const char *name, double k, double n)
{
    char  a[SOCIAL_STATUS_HTML_WORD], b[SOCIAL_STATUS_HTML_WORD];

    social_status_html_number(h, a, k);
    social_status_html_number(h, b, n);
    social_status_html_say(h, obj, name, "%s of %s", a, b);
}


void
social_status_html_rate(social_status_html_t *h, cJSON *obj, const char *name,
    double rate, double readers)
{
    char  text[SOCIAL_STATUS_HTML_WORD];

    text[0] = '\0';

    if (isfinite(rate) && rate > 0
        && readers >= (double) h->st.query->thresholds->new_readers)
    {
        (void) snprintf(text, sizeof(text), "%.*f per 1,000 readers",
                        rate < 0.01 ? 1 : 0, rate * 1000);
    }

    social_status_json_text(&h->st, obj, name, text);
}


void
social_status_html_iso(char out[SOCIAL_STATUS_HTML_DAY], int64_t time)
{
    char  text[SOCIAL_TIME_LEN + 1];

    social_time_format(time, text);
    memcpy(out, text, SOCIAL_STATUS_HTML_DAY - 1);
    out[SOCIAL_STATUS_HTML_DAY - 1] = '\0';
}


void
social_status_html_date(char out[SOCIAL_STATUS_HTML_WORD], int64_t time,
    int year)
{
    char         with[16];
    int64_t      y;
    unsigned     month, day;
    const char  *names = "JanFebMarAprMayJunJulAugSepOctNovDec";

    social_time_date(time / SOCIAL_DAY, &y, &month, &day);
    (void) snprintf(with, sizeof(with), " %d", (int) y);
    (void) snprintf(out, SOCIAL_STATUS_HTML_WORD, "%u %.3s%s", day,
                    names + 3 * ((month + 11) % 12), year ? with : "");
}


static const char *
social_status_html_or(const char *value, const char *kept)
{
    return value ? value : kept ? kept : "";
}


/* the parameters of a link: at most SOCIAL_STATUS_HTML_PARAMS names and values;
 * the value is "" for one that is not given */

#define SOCIAL_STATUS_HTML_PARAMS  11

typedef struct {
    const char  *name;
    const char  *value;
} social_status_html_param_t;

typedef struct {
    char                        limit[24], page[24];
    social_status_html_param_t  list[SOCIAL_STATUS_HTML_PARAMS];
} social_status_html_params_t;


static void
social_status_html_params(const social_status_html_t *h,
    social_status_html_params_t *params, const social_status_html_link_t *link)
{
    int                           days;
    const social_status_query_t  *q;

    q = h->st.query;
    days = link->from ? link->from[0] != '\0'
                      : link->period == NULL && h->from[0] != '\0';

    params->limit[0] = '\0';
    params->page[0] = '\0';

    if (q->limit > 0 && !(link->article && link->article[0])) {
        (void) snprintf(params->limit, sizeof(params->limit), "%" PRId64,
                        q->limit);
    }

    if (link->page > 1) {
        (void) snprintf(params->page, sizeof(params->page), "%" PRId64,
                        link->page);
    }

    const social_status_html_param_t  list[SOCIAL_STATUS_HTML_PARAMS] = {
        { "period", days ? "" : social_status_html_or(link->period,
                                                      q->period) },
        { "from", days ? social_status_html_or(link->from, h->from) : "" },
        { "to", days ? social_status_html_or(link->to, h->to) : "" },
        { "article", social_status_html_or(link->article, q->article) },
        { "class", social_status_html_or(link->class, q->class) },
        { "q", social_status_html_or(link->q, q->q) },
        { "sort", social_status_html_or(link->sort, q->sort) },
        { "dir", social_status_html_or(link->dir, q->dir) },
        { "limit", params->limit },
        { "page", params->page },
        { "format", link->format ? link->format : "" }
    };

    memcpy(params->list, list, sizeof(list));
}


void
social_status_html_link(social_status_html_t *h, cJSON *obj, const char *name,
    const social_status_html_link_t *link)
{
    size_t                              i;
    social_out_t                        out;
    social_status_html_params_t         params;
    const social_status_html_param_t   *p;

    social_status_html_params(h, &params, link);
    social_out_init(&out, SOCIAL_STATUS_HTML_LINK);

    for (i = 0; i < SOCIAL_STATUS_HTML_PARAMS; i++) {
        p = &params.list[i];

        if (p->value[0]) {
            social_out_text(&out, out.len ? "&" : "?");
            social_out_text(&out, p->name);
            social_out_text(&out, "=");
            social_out_query(&out, (const unsigned char *) p->value,
                             strlen(p->value));
        }
    }

    if (out.len == 0 && !out.failed) {
        social_out_text(&out, "?");
    }

    if (out.full) {
        social_out_free(&out);
        social_out_text(&out, "?");
    }

    social_status_json_out(&h->st, obj, name, &out);
}


void
social_status_html_link_article(social_status_html_t *h, cJSON *obj,
    const char *name, const char *key)
{
    social_status_html_link_t  link = { .class = "", .q = "", .sort = "",
                                        .dir = "", .article = key };

    social_status_html_link(h, obj, name, &link);
}


void
social_status_html_any(social_status_html_t *h, cJSON *obj, const char *name,
    const char *array)
{
    social_status_json_bool(&h->st, obj, name,
                            social_status_html_list(obj, array) != NULL);
}


void
social_status_html_keep(social_status_html_t *h, cJSON *obj, const char *name,
    const social_status_html_link_t *link)
{
    cJSON                        *list, *field;
    size_t                        i;
    social_status_html_params_t   params;

    social_status_html_params(h, &params, link);
    list = social_status_json_array(&h->st, obj, name);

    for (i = 0; i < SOCIAL_STATUS_HTML_PARAMS; i++) {
        if (params.list[i].value[0]) {
            field = social_status_json_item(&h->st, list);
            social_status_json_text(&h->st, field, "name",
                                    params.list[i].name);
            social_status_json_text(&h->st, field, "value",
                                    params.list[i].value);
        }
    }
}
