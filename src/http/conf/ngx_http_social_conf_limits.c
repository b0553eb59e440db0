
/*
 * Parameters of social_site that are numbers: limits, retention, thresholds;
 * and which end of a long thread comes first.
 * Runs while the configuration is read.
 */

#include "ngx_http_social_conf.h"


static char *ngx_http_social_conf_rate_limit(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_str_t *text, ngx_http_social_site_t *site);
static char *ngx_http_social_conf_metric(ngx_conf_t *cf, ngx_uint_t arg,
    social_thresholds_t *thresholds, uint64_t *seen);
static char *ngx_http_social_conf_unknown_metric(ngx_conf_t *cf,
    ngx_uint_t arg);
static ngx_int_t ngx_http_social_conf_number(ngx_str_t *text,
    social_threshold_kind_e kind, double *value);


char *
ngx_http_social_conf_set_order(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_str_t  *args;

    args = cf->args->elts;

    if (ngx_strcmp(args[1].data, "oldest") == 0) {
        draft->site->oldest = 1;

    } else if (ngx_strcmp(args[1].data, "newest") != 0) {
        return ngx_http_social_conf_bad(cf, 1,
                                        "\"newest\" or \"oldest\" expected");
    }

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_set_limit(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_int_t                n;
    ngx_str_t               *args, text;
    ngx_uint_t               i, rates, links;
    ngx_http_social_site_t  *site;

    args = cf->args->elts;
    site = draft->site;
    rates = links = 0;

    if (cf->args->nelts == 2 && ngx_strcmp(args[1].data, "off") == 0) {
        site->limit_comments = 0;
        site->limit_links = NGX_MAX_INT_T_VALUE;

        return NGX_CONF_OK;
    }

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_http_social_conf_named(&args[i], "comments=", &text)
            && rates++ == 0)
        {
            if (ngx_http_social_conf_rate_limit(cf, i, &text, site)
                != NGX_CONF_OK) {
                return NGX_CONF_ERROR;
            }

        } else if (ngx_http_social_conf_named(&args[i], "links=", &text)
                   && links++ == 0)
        {
            n = ngx_atoi(text.data, text.len);

            if (n == NGX_ERROR || n > 10000) {
                return ngx_http_social_conf_bad(cf, i, "a number from 0 to "
                                                "10000 such as \"links=2\" "
                                                "expected");
            }

            site->limit_links = n;

        } else {
            return ngx_http_social_conf_bad(cf, i, "\"off\" alone, or "
                                            "\"comments=N/TIME\" and "
                                            "\"links=N\", each once, "
                                            "expected");
        }
    }

    return NGX_CONF_OK;
}


/* the rate limit: N/TIME, at most a day, as clients are told apart by hashes
 * under a salt of the day */

static char *
ngx_http_social_conf_rate_limit(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_str_t *text, ngx_http_social_site_t *site)
{
    u_char     *slash;
    ngx_int_t   n, time;
    ngx_str_t   rest;

    slash = ngx_strlchr(text->data, text->data + text->len, '/');

    if (slash) {
        rest.data = slash + 1;
        rest.len = text->data + text->len - rest.data;

        n = ngx_atoi(text->data, slash - text->data);
        time = ngx_http_social_conf_time(&rest, 1, 1, NGX_HTTP_SOCIAL_CONF_DAY);

        if (n >= 1 && n <= 10000 && time != NGX_ERROR) {
            site->limit_comments = n;
            site->limit_time = time;

            return NGX_CONF_OK;
        }
    }

    return ngx_http_social_conf_bad(cf, arg, "a number from 1 to 10000 and a "
                                    "time from 1s to 1d such as "
                                    "\"comments=5/10m\" expected");
}


char *
ngx_http_social_conf_set_retention(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    time_t      *field;
    ngx_int_t    time;
    ngx_str_t   *args, text;
    ngx_uint_t   i, events, held;

    args = cf->args->elts;
    events = held = 0;

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_http_social_conf_named(&args[i], "events=", &text)
            && events++ == 0)
        {
            field = &draft->site->retention_events;

        } else if (ngx_http_social_conf_named(&args[i], "held=", &text)
                   && held++ == 0)
        {
            field = &draft->site->retention_held;

        } else {
            return ngx_http_social_conf_bad(cf, i, "\"events=TIME\" and "
                                            "\"held=TIME\", each once, "
                                            "expected");
        }

        time = ngx_http_social_conf_time(&text, 1, NGX_HTTP_SOCIAL_CONF_DAY,
                                         NGX_HTTP_SOCIAL_CONF_LONG);
        if (time == NGX_ERROR) {
            return ngx_http_social_conf_bad(cf, i, "a time of at least 1d "
                                            "expected");
        }

        *field = time;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_set_metrics(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    uint64_t    seen;
    ngx_uint_t  i;

    seen = 0;

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_http_social_conf_metric(cf, i, &draft->site->metrics, &seen)
            != NGX_CONF_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* NAME=VALUE, where NAME is a row of the table of thresholds */

static char *
ngx_http_social_conf_metric(ngx_conf_t *cf, ngx_uint_t arg,
    social_thresholds_t *thresholds, uint64_t *seen)
{
    u_char                    *eq;
    double                     value;
    unsigned                   i;
    ngx_str_t                 *args, text;
    social_str_t               name;
    const social_threshold_t  *row;

    args = cf->args->elts;
    text = args[arg];

    eq = ngx_strlchr(text.data, text.data + text.len, '=');

    name.data = text.data;
    name.len = eq ? (size_t) (eq - text.data) : text.len;

    row = social_threshold_find(name);

    if (row == NULL || eq == NULL) {
        return ngx_http_social_conf_unknown_metric(cf, arg);
    }

    for (i = 0; social_threshold_at(i) != row; i++) { /* void */ }

    if (*seen & (uint64_t) 1 << i) {
        return ngx_http_social_conf_bad(cf, arg, "\"%s\" is already set",
                                        row->name);
    }

    *seen |= (uint64_t) 1 << i;

    text.len -= name.len + 1;
    text.data = eq + 1;

    if (ngx_http_social_conf_number(&text, row->kind, &value) == NGX_OK
        && social_threshold_set(thresholds, row, value) == SOCIAL_OK)
    {
        return NGX_CONF_OK;
    }

    if (row->kind == SOCIAL_THRESHOLD_SHARE) {
        return ngx_http_social_conf_bad(cf, arg, "a number from %.6f to %.0f "
                                        "expected", row->min, row->max);
    }

    return ngx_http_social_conf_bad(cf, arg, "%s from %.0f%s to %.0f%s "
                                    "expected",
                                    row->kind == SOCIAL_THRESHOLD_TIME
                                    ? "a time" : "a whole number", row->min,
                                    row->kind == SOCIAL_THRESHOLD_TIME
                                    ? "s" : "", row->max,
                                    row->kind == SOCIAL_THRESHOLD_TIME
                                    ? "s" : "");
}


static char *
ngx_http_social_conf_unknown_metric(ngx_conf_t *cf, ngx_uint_t arg)
{
    u_char                    *p, *last, names[512];
    unsigned                   i;
    const social_threshold_t  *row;

    p = names;
    last = names + sizeof(names);

    for (i = 0; (row = social_threshold_at(i)) != NULL; i++) {
        p = ngx_slprintf(p, last, "%s%s", i ? ", " : "", row->name);
    }

    return ngx_http_social_conf_bad(cf, arg,
                                    "NAME=VALUE expected, where NAME "
                                    "is one of %*s",
                                    (size_t) (p - names), names);
}


static ngx_int_t
ngx_http_social_conf_number(ngx_str_t *text, social_threshold_kind_e kind,
    double *value)
{
    double      unit;
    size_t      i;
    ngx_int_t   n;
    ngx_uint_t  dot;

    if (kind != SOCIAL_THRESHOLD_SHARE) {
        n = (kind == SOCIAL_THRESHOLD_TIME)
            ? ngx_http_social_conf_time(text, 1, 0, NGX_MAX_INT_T_VALUE)
            : ngx_atoi(text->data, text->len);

        *value = (double) n;

        return n == NGX_ERROR ? NGX_ERROR : NGX_OK;
    }

    *value = 0;
    unit = 1;
    dot = 0;

    for (i = 0; i < text->len; i++) {

        if (text->data[i] == '.' && !dot) {
            dot = 1;
            continue;
        }

        if (text->data[i] < '0' || text->data[i] > '9' || i == 18) {
            return NGX_ERROR;
        }

        *value = *value * 10 + (text->data[i] - '0');
        unit *= dot ? 10 : 1;
    }

    *value /= unit;

    return i > dot ? NGX_OK : NGX_ERROR;
}
