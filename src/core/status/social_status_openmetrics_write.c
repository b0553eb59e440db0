
/*
 * Writes a family of metrics: comments, then its series in the order of their
 * labels.  Owns escaping and what differs between the two formats.  Must not
 * know any metric.  Pool threads.
 */

#include <stdlib.h>
#include <string.h>

#include "social_status_openmetrics_write.h"
#include "social_text.h"


/* the value of a label, in quotes */

static void
social_openmetrics_quote(social_out_t *out, const char *text, size_t len)
{
    const unsigned char  *p, *end, *start;

    p = (const unsigned char *) text;
    end = p + len;

    social_out_bytes(out, "\"", 1);

    while (p < end) {
        start = p;

        if (social_text_next(&p, end) < 0) {
            social_out_text(out, "\xef\xbf\xbd");

        } else if (*start == '\n') {
            social_out_text(out, "\\n");

        } else {
            if (*start == '"' || *start == '\\') {
                social_out_bytes(out, "\\", 1);
            }

            social_out_bytes(out, start, (size_t) (p - start));
        }
    }

    social_out_bytes(out, "\"", 1);
}


static social_openmetrics_series_t *
social_openmetrics_push(social_openmetrics_writer_t *w)
{
    size_t                        room;
    social_openmetrics_series_t  *series;

    if (w->n == w->room) {
        room = w->room ? w->room * 2 : 32;
        series = realloc(w->series, room * sizeof(social_openmetrics_series_t));

        if (series == NULL) {
            w->failed = 1;
            return NULL;
        }

        w->series = series;
        w->room = room;
    }

    series = &w->series[w->n++];
    memset(series, 0, sizeof(social_openmetrics_series_t));

    return series;
}


/* adds a series of the family; values has as many words as it has names */

static void
social_openmetrics_add_series(social_openmetrics_writer_t *w,
    const social_str_t *values, int64_t value)
{
    size_t                        i;
    social_out_t                  out;
    social_openmetrics_series_t  *series;

    series = social_openmetrics_push(w);

    if (series == NULL) {
        return;
    }

    social_out_init(&out, sizeof(series->labels) - 1);

    for (i = 0; i < SOCIAL_OPENMETRICS_LABELS && w->family->names[i]; i++) {
        social_out_bytes(&out, ",", 1);
        social_out_text(&out, w->family->names[i]);
        social_out_bytes(&out, "=", 1);
        social_openmetrics_quote(&out, (const char *) values[i].data,
                                 values[i].len);
    }

    if (out.failed && !out.full) {
        w->failed = 1;
    }

    if (!out.failed && out.len) {
        memcpy(series->labels, out.data, out.len);
    }

    /* labels of that length do not occur: a counter's are much shorter */

    if (out.failed) {
        w->n--;
    }

    series->value = value;
    social_out_free(&out);
}


static social_str_t
social_openmetrics_word(const char *text)
{
    return (social_str_t) { strlen(text), (const unsigned char *) text };
}


void
social_openmetrics_add(social_openmetrics_writer_t *w, const char *one,
    const char *two, const char *three, int64_t value)
{
    social_str_t  words[SOCIAL_OPENMETRICS_LABELS];

    words[0] = social_openmetrics_word(one ? one : "");
    words[1] = social_openmetrics_word(two ? two : "");
    words[2] = social_openmetrics_word(three ? three : "");

    social_openmetrics_add_series(w, words, value);
}


/* 1: the family is this machine's, and there are others */

int
social_openmetrics_own(const social_openmetrics_writer_t *w)
{
    return w->family->of == SOCIAL_OPENMETRICS_SELF
           && w->in->health->node != NULL;
}


/*
 * The words of a counter's label, from its end: only the first one, a goal's
 * name, may have spaces.  Missing ones are empty.
 */

static void
social_openmetrics_split(const char *label, size_t n, social_str_t *words)
{
    size_t       i, len;
    const char  *p;

    len = strnlen(label, SOCIAL_LABEL_MAX);

    for (i = n; i-- > 1; ) {

        for (p = label + len; p > label && p[-1] != ' '; p--) { /* void */ }

        if (p == label) {
            words[i] = social_openmetrics_word("");
            continue;
        }

        words[i].data = (const unsigned char *) p;
        words[i].len = (size_t) (label + len - p);
        len = (size_t) (p - 1 - label);
    }

    words[0].data = (const unsigned char *) label;
    words[0].len = len;
}


static void
social_openmetrics_counters(social_openmetrics_writer_t *w)
{
    size_t                    i, n;
    social_str_t              words[SOCIAL_OPENMETRICS_LABELS];
    const social_article_t   *a;
    const social_labelled_t  *counter;

    a = social_openmetrics_own(w) ? &w->in->health->own : w->in->forever;

    for (n = 0; n < SOCIAL_OPENMETRICS_LABELS && w->family->names[n]; n++) {
        /* void */
    }

    memset(words, 0, sizeof(words));

    for (i = 0; i < a->nlabelled; i++) {
        counter = &a->labelled[i];

        if (counter->kind == w->family->kind) {
            social_openmetrics_split(counter->label, n, words);
            social_openmetrics_add_series(w, words, counter->value);
        }
    }
}


static int
social_openmetrics_order(const void *one, const void *two)
{
    const social_openmetrics_series_t  *a, *b;

    a = one;
    b = two;

    return strcmp(a->labels, b->labels);
}


/* comments before a family: in the older format a name has its end */

static void
social_openmetrics_describe(social_openmetrics_writer_t *w, const char *word,
    const char *text)
{
    static const char *const  ends[] = { "_total", "", "_info", "" };

    social_out_text(w->out, "# ");
    social_out_text(w->out, word);
    social_out_text(w->out, " nginx_social_");
    social_out_text(w->out, w->family->name);

    if (w->in->classic) {
        social_out_text(w->out, ends[w->family->type]);
    }

    social_out_text(w->out, " ");
    social_out_text(w->out, text);
    social_out_text(w->out, "\n");
}


void
social_openmetrics_sample(social_openmetrics_writer_t *w, const char *end,
    const char *labels, int64_t value)
{
    social_out_text(w->out, "nginx_social_");
    social_out_text(w->out, w->family->name);
    social_out_text(w->out, end);
    social_out_text(w->out, "{site=");
    social_openmetrics_quote(w->out, w->in->site, strlen(w->in->site));

    if (social_openmetrics_own(w)) {
        social_out_text(w->out, ",node=");
        social_openmetrics_quote(w->out, w->in->health->node,
                                 strlen(w->in->health->node));
    }

    social_out_text(w->out, labels);
    social_out_text(w->out, "} ");
    social_out_int(w->out, value);
    social_out_text(w->out, "\n");
}


/* the series in the order of their labels, each of them once: a zero and a
 * counter become one */

static void
social_openmetrics_samples(social_openmetrics_writer_t *w)
{
    size_t                        i;
    social_openmetrics_series_t  *series;

    static const char *const  ends[] = { "_total", "", "_info", "" };

    if (w->n == 0) {
        return;
    }

    qsort(w->series, w->n, sizeof(social_openmetrics_series_t),
          social_openmetrics_order);

    for (i = 0; i < w->n; i++) {
        series = &w->series[i];

        if (i + 1 < w->n && strcmp(series->labels, series[1].labels) == 0) {
            series[1].value += series->value;
            continue;
        }

        social_openmetrics_sample(w, ends[w->family->type], series->labels,
                                  series->value);
    }
}


void
social_openmetrics_write(social_openmetrics_writer_t *w,
    const social_openmetrics_family_t *family)
{
    int64_t  value;

    static const char *const  types[] = {
        "counter", "gauge", "info", "histogram"
    };

    if (family->of == SOCIAL_OPENMETRICS_NODES
        && w->in->health->nodes == NULL)
    {
        return;
    }

    w->n = 0;
    w->family = family;

    /* the older format knows no type info */

    social_openmetrics_describe(w, "TYPE",
                                w->in->classic
                                && family->type == SOCIAL_OPENMETRICS_INFO
                                ? "gauge" : types[family->type]);

    if (!w->in->classic && family->unit) {
        social_openmetrics_describe(w, "UNIT", family->unit);
    }

    social_openmetrics_describe(w, "HELP", family->help);

    if (family->fill) {
        family->fill(w);
    }

    if (family->offset) {
        memcpy(&value, (const char *) w->in + family->offset, sizeof(value));
        social_openmetrics_add(w, NULL, NULL, NULL, value);
    }

    if (family->kind) {
        social_openmetrics_counters(w);
    }

    social_openmetrics_samples(w);
}
