
/*
 * The articles of the status document as CSV (RFC 4180).  Owns the columns,
 * quoting, and what keeps a spreadsheet from taking text for a formula.  A
 * column's name is the path of the value in an article's JSON object, as in
 * "views_by_class.bot".  Must not compute a figure.  Pool threads.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_status_formats.h"
#include "social_status_state.h"


#define SOCIAL_STATUS_CSV_NUMBER  32        /* bytes of a number as text */


/* what tells an article, before its figures */

static const char *const  social_status_csv_words[] = {
    "class", "key", "title", "url", "published", "first_seen"
};


static const char *const  social_status_csv_views[] = {
    "confirmed", "unconfirmed", "preview", "bot", "prefetch", "self"
};


/* objects with a member for each network, source or goal */

static const char *const  social_status_csv_maps[] = {
    "shares_by_network", "share_visits_by_network", "previews_by_network",
    "views_by_source", "goals", "outcome_rate"
};


typedef struct {
    social_out_t  *out;
    unsigned       first:1;         /* the next cell begins a row */
} social_status_csv_t;


static void
social_status_csv_next(social_status_csv_t *csv)
{
    if (!csv->first) {
        social_out_bytes(csv->out, ",", 1);
    }

    csv->first = 0;
}


static void
social_status_csv_end(social_status_csv_t *csv)
{
    social_out_bytes(csv->out, "\r\n", 2);
    csv->first = 1;
}


/*
 * The length of what begins a formula in some spreadsheet: = + - @, or their
 * wide forms U+FF1D, U+FF0B, U+FF0D, U+FF20; 0: nothing does.
 */

static size_t
social_status_csv_formula(const char *p)
{
    size_t  i;

    static const char *const  wide[] = {
        "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"
    };

    if (*p != '\0' && strchr("=+-@", *p) != NULL) {
        return 1;
    }

    for (i = 0; i < social_nelts(wide); i++) {
        if (strncmp(p, wide[i], 3) == 0) {
            return 3;
        }
    }

    return 0;
}


/* does a cell with this text begin with a formula?  Spaces, quotes and their
 * like before it are skipped by some programs */

static int
social_status_csv_is_formula(const char *p)
{
    if (*p == '\t' || *p == '\r' || *p == '\n') {
        return 1;
    }

    p += strspn(p, " \t\r\n\"'");

    return social_status_csv_formula(p) > 0;
}


/* one character of a cell in quotes */

static void
social_status_csv_put(social_out_t *out, const char *p)
{
    if (*p == '"') {
        social_out_bytes(out, "\"", 1);
    }

    social_out_bytes(out, p, 1);
}


/*
 * A cell of text.  A program that separates cells by something else than a
 * comma would find further cells in it, so an apostrophe also stands before a
 * formula that follows a separator.
 */

static void
social_status_csv_text(social_status_csv_t *csv, const char *text)
{
    int            begins;
    const char    *p;
    social_out_t  *out;

    out = csv->out;
    social_status_csv_next(csv);

    if (text[0] == '\0') {
        return;
    }

    social_out_bytes(out, "\"", 1);

    if (social_status_csv_is_formula(text)) {
        social_out_bytes(out, "'", 1);
    }

    begins = 0;

    for (p = text; *p && !out->failed; p++) {

        if (begins && social_status_csv_formula(p) > 0) {
            social_out_bytes(out, "'", 1);
        }

        if (strchr(",;|\t\r\n", *p) != NULL) {
            begins = 1;

        } else if (strchr(" \"'", *p) == NULL) {
            begins = 0;
        }

        social_status_csv_put(out, p);
    }

    social_out_bytes(out, "\"", 1);
}


/* names of columns are ours, but for labels in them */

static void
social_status_csv_name(social_status_csv_t *csv, const char *map,
    const char *name)
{
    char  text[128];

    if (map == NULL) {
        social_status_csv_next(csv);
        social_out_text(csv->out, name);
        return;
    }

    (void) snprintf(text, sizeof(text), "%s.%s", map, name);

    if (text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_.-")] == '\0') {
        social_status_csv_next(csv);
        social_out_text(csv->out, text);
        return;
    }

    social_status_csv_text(csv, text);
}


/* numbers of our own: a negative one is no formula, and none is quoted */

static void
social_status_csv_value(social_status_csv_t *csv, const cJSON *value)
{
    char    text[SOCIAL_STATUS_CSV_NUMBER];
    double  n;

    if (cJSON_IsString(value)) {
        social_status_csv_text(csv, value->valuestring);
        return;
    }

    social_status_csv_next(csv);

    if (cJSON_IsBool(value)) {
        social_out_text(csv->out, cJSON_IsTrue(value) ? "true" : "false");
        return;
    }

    if (!cJSON_IsNumber(value) || !isfinite(value->valuedouble)) {
        return;
    }

    n = value->valuedouble;

    (void) snprintf(text, sizeof(text), n == floor(n) && fabs(n) < 1e15
                                        ? "%.0f" : "%.15g", n);
    social_out_text(csv->out, text);
}


/* adds the names in a map of an article, or of the totals, to a set */

static int
social_status_csv_learn(cJSON *set, const cJSON *obj, const char *map)
{
    const cJSON  *item;

    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(obj, map)) {

        if (cJSON_GetObjectItemCaseSensitive(set, item->string) == NULL
            && cJSON_AddNullToObject(set, item->string) == NULL)
        {
            return SOCIAL_ERROR;
        }
    }

    return SOCIAL_OK;
}


/* {"shares_by_network":{"reddit":null,...},...}: the columns of all maps */

static cJSON *
social_status_csv_columns(const cJSON *doc)
{
    cJSON        *columns, *set;
    size_t        i;
    const cJSON  *article, *totals, *articles;

    columns = cJSON_CreateObject();
    totals = cJSON_GetObjectItemCaseSensitive(doc, "totals");
    articles = cJSON_GetObjectItemCaseSensitive(doc, "articles");

    for (i = 0; i < social_nelts(social_status_csv_maps); i++) {
        set = cJSON_AddObjectToObject(columns, social_status_csv_maps[i]);

        if (set == NULL
            || social_status_csv_learn(set, totals, social_status_csv_maps[i])
                   != SOCIAL_OK)
        {
            cJSON_Delete(columns);
            return NULL;
        }

        cJSON_ArrayForEach(article, articles) {

            if (social_status_csv_learn(set, article,
                                        social_status_csv_maps[i])
                != SOCIAL_OK)
            {
                cJSON_Delete(columns);
                return NULL;
            }
        }
    }

    return columns;
}


static void
social_status_csv_names(social_status_csv_t *csv, const cJSON *columns)
{
    size_t                        i;
    unsigned                      k;
    const cJSON                  *map, *name;
    const social_status_field_t  *field;

    for (i = 0; i < social_nelts(social_status_csv_words); i++) {
        social_status_csv_name(csv, NULL, social_status_csv_words[i]);
    }

    for (k = 0; (field = social_status_field(k)) != NULL; k++) {
        social_status_csv_name(csv, NULL, field->name);
    }

    social_status_csv_name(csv, NULL, "denominator_suspect");

    for (i = 0; i < social_nelts(social_status_csv_views); i++) {
        social_status_csv_name(csv, "views_by_class",
                               social_status_csv_views[i]);
    }

    cJSON_ArrayForEach(map, columns) {

        cJSON_ArrayForEach(name, map) {
            social_status_csv_name(csv, map->string, name->string);
        }
    }

    social_status_csv_end(csv);
}


/* a network that an article has no counter for counted 0, but a rate that is
 * missing is unknown */

static void
social_status_csv_label(social_status_csv_t *csv, const cJSON *article,
    const char *map, const char *name)
{
    const cJSON  *values, *value;

    values = cJSON_GetObjectItemCaseSensitive(article, map);
    value = cJSON_GetObjectItemCaseSensitive(values, name);

    if (value == NULL && cJSON_IsObject(values)
        && strcmp(map, "outcome_rate") != 0)
    {
        social_status_csv_next(csv);
        social_out_bytes(csv->out, "0", 1);
        return;
    }

    social_status_csv_value(csv, value);
}


static void
social_status_csv_article(social_status_csv_t *csv, const cJSON *article,
    const cJSON *columns)
{
    size_t                        i;
    unsigned                      k;
    const cJSON                  *map, *name;
    const social_status_field_t  *field;

    for (i = 0; i < social_nelts(social_status_csv_words); i++) {
        social_status_csv_value(csv,
            cJSON_GetObjectItemCaseSensitive(article,
                                             social_status_csv_words[i]));
    }

    for (k = 0; (field = social_status_field(k)) != NULL; k++) {
        social_status_csv_value(csv,
            cJSON_GetObjectItemCaseSensitive(article, field->name));
    }

    social_status_csv_value(csv,
        cJSON_GetObjectItemCaseSensitive(article, "denominator_suspect"));

    map = cJSON_GetObjectItemCaseSensitive(article, "views_by_class");

    for (i = 0; i < social_nelts(social_status_csv_views); i++) {
        social_status_csv_value(csv,
            cJSON_GetObjectItemCaseSensitive(map, social_status_csv_views[i]));
    }

    cJSON_ArrayForEach(map, columns) {

        cJSON_ArrayForEach(name, map) {
            social_status_csv_label(csv, article, map->string, name->string);
        }
    }

    social_status_csv_end(csv);
}


int
social_status_csv(const cJSON *doc, social_out_t *out)
{
    cJSON                *columns;
    const cJSON          *article;
    social_status_csv_t   csv;

    columns = social_status_csv_columns(doc);

    if (columns == NULL) {
        return SOCIAL_ERROR;
    }

    csv.out = out;
    csv.first = 1;

    social_status_csv_names(&csv, columns);

    cJSON_ArrayForEach(article,
                       cJSON_GetObjectItemCaseSensitive(doc, "articles"))
    {
        social_status_csv_article(&csv, article, columns);
    }

    cJSON_Delete(columns);

    return out->failed ? SOCIAL_ERROR : SOCIAL_OK;
}
