
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

    return social_status_value(st, row, field);
}


/* what the list is sorted by, and in which direction */

typedef struct {
    const social_status_field_t   *field;
    const social_status_column_t  *column;  /* if field is NULL */
    int                            sign;
} social_status_sorting_t;


static void
social_status_list_sorting(const social_status_query_t *query,
    social_status_sorting_t *sorting)
{
    social_str_t  name, rank = social_string("rank");

    name = rank;

    if (query->sort && query->sort[0]) {
        name.data = (const unsigned char *) query->sort;
        name.len = strlen(query->sort);
    }

    sorting->column = social_status_column(name);
    sorting->field = social_status_list_field(name);

    if (sorting->column == NULL && sorting->field == NULL) {
        sorting->field = social_status_list_field(rank);
    }

    /* by default text is ascending and numbers are descending */

    sorting->sign = (sorting->column != NULL && sorting->column->text != NULL)
                    ? 1 : -1;

    if (query->dir && query->dir[0]) {
        sorting->sign = strcmp(query->dir, "asc") == 0 ? 1 : -1;
    }
}


static void
social_status_list_key(const social_status_t *st,
    const social_status_sorting_t *sorting, const social_status_row_t *row,
    social_status_key_t *key)
{
    key->row = row;
    key->sign = sorting->sign;
    key->text = NULL;
    key->value = 0;
    key->views = row->views;

    if (st->query->is_public && key->views < SOCIAL_STATUS_CELL) {
        key->views = 0;
    }

    if (sorting->field != NULL) {
        key->value = social_status_list_value(st, row, sorting->field);

    } else if (sorting->column->text != NULL) {
        key->text = sorting->column->text(row);

    } else {
        key->value = row->since ? (double) row->since : NAN;
    }
}


/* puts a key into the heap keys[0 .. n), whose root is the last one in the
 * list's order: at `at`, or below if those are later */

static void
social_status_list_sift(social_status_key_t *keys, size_t n, size_t at,
    social_status_key_t key)
{
    size_t  child;

    for (child = at * 2 + 1; child < n; child = at * 2 + 1) {

        if (child + 1 < n
            && social_status_list_order(&keys[child], &keys[child + 1]) < 0)
        {
            child++;
        }

        if (social_status_list_order(&key, &keys[child]) >= 0) {
            break;
        }

        keys[at] = keys[child];
        at = child;
    }

    keys[at] = key;
}


/*
 * The first `max` keys of the rows that match, sorted; *all is how many match.
 * Most rows are not shown, so only those that may be are kept, in a heap once
 * there are `max`; others take one comparison.
 */

static size_t
social_status_list_first(const social_status_t *st, social_status_key_t *keys,
    size_t max, size_t *all)
{
    size_t                    i, k, n;
    social_status_key_t       key;
    social_status_sorting_t   sorting;

    n = 0;
    social_status_list_sorting(st->query, &sorting);

    for (i = 0; i < st->nrows; i++) {

        if (!social_status_matches(st->query, &st->rows[i])) {
            continue;
        }

        (*all)++;
        social_status_list_key(st, &sorting, &st->rows[i], &key);

        if (n < max) {
            keys[n++] = key;
            continue;
        }

        if (*all == max + 1) {
            for (k = n / 2; k > 0; k--) {
                social_status_list_sift(keys, n, k - 1, keys[k - 1]);
            }
        }

        if (social_status_list_order(&key, &keys[0]) < 0) {
            social_status_list_sift(keys, n, 0, key);
        }
    }

    qsort(keys, n, sizeof(social_status_key_t), social_status_list_order);

    return n;
}


/* how many keys to keep: as many as there are up to the end of the page; all,
 * if that is a large part of them, as sorting is faster then */

static size_t
social_status_list_max(const social_status_t *st, size_t first, size_t limit)
{
    return first < st->nrows / 8 && limit < st->nrows / 8 - first
           ? first + limit : st->nrows;
}


const social_status_row_t **
social_status_list(social_status_t *st, size_t *n, size_t *all)
{
    size_t                       i, kept, first, limit, max;
    social_status_key_t         *keys;
    const social_status_row_t  **list;

    *n = 0;
    *all = 0;

    limit = (size_t) social_status_limit(st->query);
    first = ((size_t) social_status_page_number(st->query) - 1) * limit;
    max = social_status_list_max(st, first, limit);

    keys = malloc((max + 1) * sizeof(social_status_key_t));
    if (keys == NULL) {
        st->failed = 1;
        return NULL;
    }

    kept = social_status_list_first(st, keys, max, all);
    list = NULL;

    if (first < kept) {
        *n = kept - first < limit ? kept - first : limit;
        list = malloc(*n * sizeof(*list));

        for (i = 0; list != NULL && i < *n; i++) {
            list[i] = keys[first + i].row;
        }

        st->failed |= (list == NULL);
    }

    free(keys);

    return list;
}
