
/*
 * What a document for everybody does not tell.  Numbers below
 * SOCIAL_STATUS_CELL that count people, or what they did, become null, and with
 * them the rates that are made of them; what is about single people or the
 * owner is removed.  docs/metrics.md says what this hides and what it does not.
 * Pool threads.
 */

#include <string.h>

#include "social_status_state.h"


/* a rate, and what it is made of; a number that is hidden hides the rate */

typedef struct {
    const char  *name;
    const char  *of[3];
} social_status_made_t;


static const social_status_made_t  social_status_made[] = {
    { "conversation_rate", { "participants", "reader_days" } },
    { "listening_rate", { "listeners", "reader_days" } },
    { "amplification_rate", { "sharers", "reader_days" } },
    { "applause_rate", { "reactions", "reader_days" } },
    { "passive_share", { "active_reader_days", "reader_days" } },
    { "exchange_ratio", { "exchanges", "comments" } },
    { "response_rate", { "answered", "matured" } },
    { "first_author_reply_seconds", { "answered", "matured" } },
    { "first_author_reply_p90_seconds", { "answered", "matured" } },
    { "oldest_unanswered_seconds", { "unanswered" } },
    { "peer_reply_share", { "exchanges", "comments" } },
    { "rank", { "participants", "reader_days" } },
    { "share_yield", { "shares", "share_visits" } },
    { "talkers_per_visit", { "participants", "visits" } }
};


/* counts of people beside those of social_status_field() */

static const char *const  social_status_counts[] = {
    "share_visits", "visits", "previews", "goals", "readers"
};


/* numbers by label: those that are too small are left out */

static const char *const  social_status_lists[] = {
    "shares_by_network", "share_visits_by_network", "previews_by_network",
    "views_by_source"
};


static unsigned
social_status_field_index(const social_status_field_t *field)
{
    return (unsigned) (field - social_status_field(0));
}


/*
 * The numbers of a list, which often add up to one that is shown.  If a single
 * one is hidden, or if all that are hidden have the largest hidden number, the
 * difference tells them: then the next larger one is hidden, too.
 */

typedef struct {
    int64_t  hidden;
    int64_t  sum;
    int64_t  next;
} social_status_cell_t;


static void
social_status_cell_add(social_status_cell_t *cell, int64_t value)
{
    if (value < SOCIAL_STATUS_CELL) {
        cell->hidden++;
        cell->sum += value;

    } else if (cell->next == 0 || value < cell->next) {
        cell->next = value;
    }
}


/* numbers below this are hidden */

static int64_t
social_status_cell_least(const social_status_cell_t *cell)
{
    if (cell->sum > 0
        && (cell->hidden == 1
            || cell->sum == cell->hidden * (SOCIAL_STATUS_CELL - 1)))
    {
        return cell->next ? cell->next + 1 : INT64_MAX;
    }

    return SOCIAL_STATUS_CELL;
}


void
social_status_cells(social_status_t *st)
{
    size_t                        k;
    unsigned                      i;
    social_status_cell_t          cells[SOCIAL_STATUS_FIELDS];
    social_status_figures_t       f;
    const social_status_field_t  *field;

    memset(cells, 0, sizeof(cells));

    for (k = 0; k < st->nrows; k++) {
        social_status_figures(st, &st->rows[k], &f);

        for (i = 0; (field = social_status_field(i)) != NULL; i++) {
            if (field->people) {
                social_status_cell_add(
                    &cells[i], (int64_t) social_status_number(&f, field));
            }
        }
    }

    for (i = 0; (field = social_status_field(i)) != NULL; i++) {
        if (field->people) {
            st->cells[i] = social_status_cell_least(&cells[i]);
        }
    }
}


static const social_status_field_t *
social_status_field_named(const char *name)
{
    unsigned                      i;
    const social_status_field_t  *field;

    for (i = 0; (field = social_status_field(i)) != NULL; i++) {
        if (strcmp(field->name, name) == 0) {
            return field;
        }
    }

    return NULL;
}


int
social_status_hidden(const social_status_t *st,
    const social_status_field_t *field, const social_status_row_t *row)
{
    size_t                        i, k;
    const social_status_made_t   *made;
    const social_status_field_t  *part;

    if (field->people) {
        return social_status_value(st, row, field)
               < (double) st->cells[social_status_field_index(field)];
    }

    if (strcmp(field->name, "top_talker_share") == 0) {
        return 1;
    }

    for (i = 0; i < social_nelts(social_status_made); i++) {
        made = &social_status_made[i];

        if (strcmp(made->name, field->name) != 0) {
            continue;
        }

        for (k = 0; k < social_nelts(made->of) && made->of[k]; k++) {
            part = social_status_field_named(made->of[k]);

            if (part != NULL && social_status_hidden(st, part, row)) {
                return 1;
            }
        }
    }

    return 0;
}


static void
social_status_hide(social_status_t *st, cJSON *obj, const char *name)
{
    cJSON  *null;

    if (cJSON_GetObjectItemCaseSensitive(obj, name) == NULL) {
        return;
    }

    null = cJSON_CreateNull();

    if (null == NULL
        || !cJSON_ReplaceItemInObjectCaseSensitive(obj, name, null))
    {
        cJSON_Delete(null);
        st->failed = 1;
    }
}


static int
social_status_below(const cJSON *obj, const char *name, int64_t cell)
{
    const cJSON  *item;

    item = cJSON_GetObjectItemCaseSensitive(obj, name);

    return cJSON_IsNumber(item) && item->valuedouble < (double) cell;
}


/* members that are too small: of a list of labels they are left out, of goals
 * and classes they become null */

static void
social_status_hide_labels(social_status_t *st, cJSON *list, int drop)
{
    cJSON  *item, *next;

    for (item = list ? list->child : NULL; item; item = next) {
        next = item->next;

        if (!cJSON_IsNumber(item)
            || item->valuedouble >= (double) SOCIAL_STATUS_CELL)
        {
            continue;
        }

        if (drop) {
            cJSON_Delete(cJSON_DetachItemViaPointer(list, item));

        } else {
            social_status_hide(st, list, item->string);
        }
    }
}


/* the classes of readers' views add up to `views` */

static void
social_status_hide_classes(social_status_t *st, cJSON *obj)
{
    cJSON  *classes;

    classes = cJSON_GetObjectItemCaseSensitive(obj, "views_by_class");
    social_status_hide_labels(st, classes, 0);

    if (cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(classes, "confirmed"))
        || cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(classes,
                                                         "unconfirmed")))
    {
        social_status_hide(st, classes, "confirmed");
        social_status_hide(st, classes, "unconfirmed");
    }
}


static void
social_status_hide_outcomes(social_status_t *st, cJSON *obj, int whole)
{
    cJSON  *goals, *rates, *rate, *next;

    goals = cJSON_GetObjectItemCaseSensitive(obj, "goals");
    rates = cJSON_GetObjectItemCaseSensitive(obj, "outcome_rate");

    if (!cJSON_IsObject(goals)) {
        return;
    }

    social_status_hide_labels(st, goals, 0);

    for (rate = rates ? rates->child : NULL; rate; rate = next) {
        next = rate->next;

        if (whole || cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(
                                      goals, rate->string)))
        {
            social_status_hide(st, rates, rate->string);
        }
    }
}


/* the numbers of one object; cells: of st, or NULL for the smallest */

static void
social_status_hide_numbers(social_status_t *st, cJSON *obj,
    const int64_t *cells)
{
    size_t                        i, k;
    unsigned                      n;
    const social_status_made_t   *made;
    const social_status_field_t  *field;

    for (n = 0; (field = social_status_field(n)) != NULL; n++) {
        if (field->people
            && social_status_below(obj, field->name,
                                   cells ? cells[n] : SOCIAL_STATUS_CELL))
        {
            social_status_hide(st, obj, field->name);
        }
    }

    for (i = 0; i < social_nelts(social_status_counts); i++) {
        if (social_status_below(obj, social_status_counts[i],
                                SOCIAL_STATUS_CELL))
        {
            social_status_hide(st, obj, social_status_counts[i]);
        }
    }

    for (i = 0; i < social_nelts(social_status_made); i++) {
        made = &social_status_made[i];

        for (k = 0; k < social_nelts(made->of) && made->of[k]; k++) {
            if (cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(obj,
                                                              made->of[k])))
            {
                social_status_hide(st, obj, made->name);
            }
        }
    }

    /* what one person wrote */

    social_status_hide(st, obj, "top_talker_share");

    social_status_hide_outcomes(
        st, obj, cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(obj,
                                                       "reader_days"))
                 || cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(obj,
                                                                  "visits")));
    social_status_hide_classes(st, obj);

    for (i = 0; i < social_nelts(social_status_lists); i++) {
        social_status_hide_labels(st, cJSON_GetObjectItemCaseSensitive(
                                          obj, social_status_lists[i]), 1);
    }
}


/* the same of a list of objects, such as the steps of a series */

static void
social_status_hide_all(social_status_t *st, cJSON *list)
{
    cJSON                        *obj;
    int64_t                       cells[SOCIAL_STATUS_FIELDS];
    unsigned                      i;
    const cJSON                  *item;
    social_status_cell_t          cell;
    const social_status_field_t  *field;

    for (i = 0; (field = social_status_field(i)) != NULL; i++) {
        memset(&cell, 0, sizeof(cell));

        cJSON_ArrayForEach(obj, list) {
            item = cJSON_GetObjectItemCaseSensitive(obj, field->name);

            if (cJSON_IsNumber(item)) {
                social_status_cell_add(&cell, (int64_t) item->valuedouble);
            }
        }

        cells[i] = social_status_cell_least(&cell);
    }

    cJSON_ArrayForEach(obj, list) {
        social_status_hide_numbers(st, obj, cells);
    }
}


/* networks and sources of which nothing is told */

static void
social_status_drop_rows(cJSON *list, const char *const *names, size_t n)
{
    size_t   i;
    cJSON   *obj, *next;

    for (obj = list ? list->child : NULL; obj; obj = next) {
        next = obj->next;

        for (i = 0; i < n; i++) {
            if (cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(obj,
                                                                names[i])))
            {
                break;
            }
        }

        if (i == n) {
            cJSON_Delete(cJSON_DetachItemViaPointer(list, obj));
        }
    }
}


/* numbers of an array, or all of it if one of them is too small */

static void
social_status_hide_array(social_status_t *st, cJSON *obj, const char *name,
    int whole)
{
    cJSON                 *list, *item, *next, *null;
    int64_t                least;
    social_status_cell_t   cell;

    list = cJSON_GetObjectItemCaseSensitive(obj, name);
    memset(&cell, 0, sizeof(cell));

    cJSON_ArrayForEach(item, list) {
        social_status_cell_add(&cell, (int64_t) item->valuedouble);
    }

    least = social_status_cell_least(&cell);

    for (item = list ? list->child : NULL; item; item = next) {
        next = item->next;

        if (item->valuedouble >= (double) least) {
            continue;
        }

        if (whole) {
            social_status_hide(st, obj, name);
            return;
        }

        null = cJSON_CreateNull();

        if (null == NULL || !cJSON_ReplaceItemViaPointer(list, item, null)) {
            cJSON_Delete(null);
            st->failed = 1;
            return;
        }
    }
}


/* the reason has numbers in it */

static void
social_status_hide_reason(social_status_t *st, cJSON *obj)
{
    size_t  i;

    static const char *const  parts[] = {
        "reader_days", "participants", "exchanges", "sharers", "reactions",
        "active_reader_days"
    };

    for (i = 0; i < social_nelts(parts); i++) {
        if (cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(obj, parts[i]))) {
            social_status_hide(st, obj, "class_reason");
            return;
        }
    }
}


static void
social_status_hide_article(social_status_t *st, cJSON *obj)
{
    cJSON  *spark;

    social_status_hide_numbers(st, obj, st->cells);
    social_status_hide_reason(st, obj);
    social_status_hide(st, obj, "thread_h");

    spark = cJSON_GetObjectItemCaseSensitive(obj, "sparkline");
    social_status_hide_array(st, spark, "reader_days", 0);
    social_status_hide_array(st, spark, "comments", 0);
}


static void
social_status_public_article(social_status_t *st, cJSON *doc)
{
    cJSON  *obj, *funnel;

    obj = cJSON_GetObjectItemCaseSensitive(doc, "article");

    if (!cJSON_IsObject(obj)) {
        return;
    }

    social_status_hide_article(st, obj);
    social_status_hide_all(st, cJSON_GetObjectItemCaseSensitive(obj, "series"));
    social_status_hide_array(st, obj, "levels", 1);

    funnel = cJSON_GetObjectItemCaseSensitive(obj, "funnel");
    social_status_hide_numbers(st, funnel, st->cells);
}


static void
social_status_public_health(cJSON *doc)
{
    cJSON  *health, *item, *next;

    health = cJSON_GetObjectItemCaseSensitive(doc, "health");

    for (item = health ? health->child : NULL; item; item = next) {
        next = item->next;

        if (strcmp(item->string, "store_ok") != 0) {
            cJSON_Delete(cJSON_DetachItemViaPointer(health, item));
        }
    }
}


static void
social_status_public_lists(social_status_t *st, cJSON *doc)
{
    cJSON  *list;

    static const char *const  told[] = {
        "shares", "share_visits", "previews", "visits", "participants", "views"
    };

    list = cJSON_GetObjectItemCaseSensitive(doc, "networks");
    social_status_hide_all(st, list);
    social_status_drop_rows(list, told, social_nelts(told));

    list = cJSON_GetObjectItemCaseSensitive(doc, "sources");
    social_status_hide_all(st, list);
    social_status_drop_rows(list, told, social_nelts(told));

    social_status_hide_all(st, cJSON_GetObjectItemCaseSensitive(doc, "series"));
}


void
social_status_public(social_status_t *st, cJSON *doc)
{
    cJSON  *obj, *totals, *bases;

    totals = cJSON_GetObjectItemCaseSensitive(doc, "totals");
    social_status_hide_numbers(st, totals, NULL);
    social_status_hide(st, totals, "thread_h");
    social_status_hide_numbers(
        st, cJSON_GetObjectItemCaseSensitive(totals, "previous"), NULL);

    /* the site's own rates tell its counts of 90 days */

    bases = cJSON_GetObjectItemCaseSensitive(totals, "bases");

    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(bases, "own"))) {
        social_status_hide(st, bases, "participants");
        social_status_hide(st, bases, "sharers");
        social_status_hide(st, bases, "reactions");
        social_status_hide(st, bases, "active");
    }

    cJSON_ArrayForEach(obj, cJSON_GetObjectItemCaseSensitive(doc, "articles")) {
        social_status_hide_article(st, obj);
    }

    social_status_public_article(st, doc);
    social_status_public_lists(st, doc);
    social_status_hide_numbers(st, cJSON_GetObjectItemCaseSensitive(doc, "now"),
                               NULL);
    social_status_public_health(doc);
}
