
/*
 * Which articles the status lists, in which order.  Owns sorting, filtering
 * and paging; must not move the rows.  Pool threads.
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "social_status_state.h"


/* what a row is sorted by: a text or a number */

typedef struct {
    const social_status_row_t  *row;
    const char                 *text;
    double                      value;
    int64_t                     views;
    int                         sign;   /* 1: ascending, -1: descending */
} social_status_key_t;


typedef const char *(*social_status_text_pt)(const social_status_row_t *row);

typedef struct {
    const char            *name;
    social_status_text_pt  text;    /* NULL: by time */
} social_status_column_t;


static const char *
social_status_key_of(const social_status_row_t *row)
{
    return row->article->key;
}


static const char *
social_status_title_of(const social_status_row_t *row)
{
    return row->article->title[0] ? row->article->title : row->article->key;
}


static const char *
social_status_class_of(const social_status_row_t *row)
{
    return social_article_class_name(row->class);
}


/* columns in addition to social_status_field()'s */

static const social_status_column_t  social_status_columns[] = {
    { "key", social_status_key_of },
    { "title", social_status_title_of },
    { "class", social_status_class_of },
    { "published", NULL }
};


static int
social_status_is(const char *name, social_str_t s)
{
    return strlen(name) == s.len && memcmp(name, s.data, s.len) == 0;
}


static const social_status_column_t *
social_status_column(social_str_t name)
{
    size_t  i;

    for (i = 0; i < social_nelts(social_status_columns); i++) {
        if (social_status_is(social_status_columns[i].name, name)) {
            return &social_status_columns[i];
        }
    }

    return NULL;
}


static const social_status_field_t *
social_status_list_field(social_str_t name)
{
    unsigned                      i;
    const social_status_field_t  *field;

    for (i = 0; (field = social_status_field(i)) != NULL; i++) {
        if (social_status_is(field->name, name)) {
            return field;
        }
    }

    return NULL;
}


int
social_status_sortable(social_str_t name)
{
    return social_status_column(name) != NULL
           || social_status_list_field(name) != NULL;
}


int
social_status_is_class(social_str_t name)
{
    int  i;

    for (i = 0; i < SOCIAL_ARTICLE_CLASSES; i++) {
        if (social_status_is(social_article_class_name(i), name)) {
            return 1;
        }
    }

    return 0;
}


int64_t
social_status_limit(const social_status_query_t *query)
{
    if (query->limit <= 0) {
        return query->rows > 0 ? query->rows : SOCIAL_STATUS_LIMIT;
    }

    return query->limit < SOCIAL_STATUS_LIMIT_MAX ? query->limit
                                                  : SOCIAL_STATUS_LIMIT_MAX;
}


int64_t
social_status_page_number(const social_status_query_t *query)
{
    if (query->page <= 0) {
        return 1;
    }

    return query->page < 1000000000 ? query->page : 1000000000;
}


static int
social_status_matches(const social_status_query_t *query,
    const social_status_row_t *row)
{
    const social_article_t  *a;

    a = row->article;

    if (query->article && query->article[0]
        && strcmp(query->article, a->key) != 0)
    {
        return 0;
    }

    if (query->class && query->class[0]
        && strcmp(query->class, social_status_class_of(row)) != 0)
    {
        return 0;
    }

    return query->q == NULL || query->q[0] == '\0'
           || strcasestr(a->title, query->q) != NULL
           || strcasestr(a->key, query->q) != NULL
           || strcasestr(a->url, query->q) != NULL;
}


/* unknown values come last in either direction; ties have a fixed order */

static int
social_status_list_order(const void *one, const void *two)
{
    int                         order;
    const social_status_key_t  *a, *b;

    a = one;
    b = two;

    if (a->text != NULL) {
        order = a->sign > 0 ? strcasecmp(a->text, b->text)
                            : strcasecmp(b->text, a->text);

    } else if (isnan(a->value) || isnan(b->value)) {
        order = (isnan(a->value) != 0) - (isnan(b->value) != 0);

    } else {
        order = ((a->value > b->value) - (a->value < b->value)) * a->sign;
    }

    if (order != 0) {
        return order;
    }

    if (a->views != b->views) {
        return a->views > b->views ? -1 : 1;
    }

    return strcmp(a->row->article->key, b->row->article->key);
}


/* what a row is sorted by; a public list tells nothing by its order that its
 * cells do not tell */

static double
social_status_list_value(const social_status_t *st,
    const social_status_row_t *row, const social_status_field_t *field)
{
    if (st->query->is_public && social_status_hidden(st, field, row)) {
        return NAN;
    }

    return social_status_value(row, field);
}


static void
social_status_list_prepare(const social_status_t *st,
    social_status_key_t *keys, size_t n)
{
    int                            sign;
    size_t                         i;
    const social_status_query_t   *query;
    social_str_t                   name, rank = social_string("rank");
    const social_status_field_t   *field;
    const social_status_column_t  *column;

    query = st->query;
    name = rank;

    if (query->sort && query->sort[0]) {
        name.data = (const unsigned char *) query->sort;
        name.len = strlen(query->sort);
    }

    column = social_status_column(name);
    field = social_status_list_field(name);

    if (column == NULL && field == NULL) {
        field = social_status_list_field(rank);
    }

    /* by default text is ascending and numbers are descending */

    sign = (column != NULL && column->text != NULL) ? 1 : -1;

    if (query->dir && query->dir[0]) {
        sign = strcmp(query->dir, "asc") == 0 ? 1 : -1;
    }

    for (i = 0; i < n; i++) {
        keys[i].sign = sign;
        keys[i].text = NULL;
        keys[i].views = keys[i].row->views;

        if (query->is_public && keys[i].views < SOCIAL_STATUS_CELL) {
            keys[i].views = 0;
        }

        if (field != NULL) {
            keys[i].value = social_status_list_value(st, keys[i].row, field);

        } else if (column->text != NULL) {
            keys[i].text = column->text(keys[i].row);

        } else {
            keys[i].value = keys[i].row->since ? (double) keys[i].row->since
                                               : NAN;
        }
    }
}


const social_status_row_t **
social_status_list(social_status_t *st, size_t *n, size_t *all)
{
    size_t                       i, first, limit;
    social_status_key_t         *keys;
    const social_status_row_t  **list;

    *n = 0;
    *all = 0;

    keys = malloc((st->nrows + 1) * sizeof(social_status_key_t));
    if (keys == NULL) {
        st->failed = 1;
        return NULL;
    }

    for (i = 0; i < st->nrows; i++) {
        if (social_status_matches(st->query, &st->rows[i])) {
            keys[(*all)++].row = &st->rows[i];
        }
    }

    limit = (size_t) social_status_limit(st->query);
    first = ((size_t) social_status_page_number(st->query) - 1) * limit;
    list = NULL;

    if (first < *all) {
        social_status_list_prepare(st, keys, *all);
        qsort(keys, *all, sizeof(social_status_key_t),
              social_status_list_order);

        *n = *all - first < limit ? *all - first : limit;
        list = malloc(*n * sizeof(*list));

        for (i = 0; list != NULL && i < *n; i++) {
            list[i] = keys[first + i].row;
        }

        st->failed |= (list == NULL);
    }

    free(keys);

    return list;
}
