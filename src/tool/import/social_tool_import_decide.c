
/*
 * What becomes of each comment: whether it is imported, below which one, and
 * in which order.  Works on a small array, 32 bytes for each comment.
 */

#include <stdlib.h>
#include <string.h>

#include "social_tool_import_plan.h"


enum {
    MARK_NEW = 0,
    MARK_WALKED,                /* on the chain that is followed now */
    MARK_DONE
};


static int
social_tool_item_is_kept(const social_tool_plan_t *plan,
    const social_tool_item_t *item)
{
    return item->state == SOCIAL_APPROVED || item->state == SOCIAL_HELD
           || (item->state == SOCIAL_SPAM && plan->options->with_spam);
}


/* reports about comment number n */

static void
social_tool_decide_report(social_tool_plan_t *plan, const char *reason,
    uint32_t n)
{
    sqlite3_stmt  *stmt;

    stmt = social_tool_plan_prepare(plan,
                                    "SELECT id, line FROM item WHERE n = ?1");

    if (stmt != NULL) {
        (void) sqlite3_bind_int64(stmt, 1, n);

        if (social_tool_plan_step(plan, stmt)) {
            social_tool_report_add(plan->report, reason, NULL,
                                   social_tool_plan_column(stmt, 0),
                                   sqlite3_column_int64(stmt, 1));
        }
    }

    (void) sqlite3_finalize(stmt);
}


/* fills the array; comments whose article is not ours are left out here */

static void
social_tool_decide_read(social_tool_plan_t *plan)
{
    int64_t               n;
    const char           *why;
    social_str_t          reason;
    sqlite3_stmt         *stmt;
    social_tool_item_t   *item;

    social_tool_plan_exec(plan, "INSERT OR IGNORE INTO commenter (user, id)"
                                " SELECT DISTINCT user, randomblob(16)"
                                " FROM item WHERE user <> ''");

    stmt = social_tool_plan_prepare(plan,
        "SELECT i.n, i.state, i.created, p.n, t.key, t.reason, t.n IS NULL,"
        " i.id, i.line, i.parent <> '' FROM item i"
        " LEFT JOIN item p ON p.id = i.parent AND i.parent <> ''"
        " LEFT JOIN thread t ON t.id = i.thread ORDER BY i.n");

    while (social_tool_plan_step(plan, stmt)) {
        n = sqlite3_column_int64(stmt, 0);
        item = &plan->items[n];
        item->state = (uint8_t) sqlite3_column_int(stmt, 1);
        item->created = sqlite3_column_int64(stmt, 2);
        item->parent = (uint32_t) sqlite3_column_int64(stmt, 3);
        item->key = (uint32_t) sqlite3_column_int64(stmt, 4);

        if (item->parent == 0 && sqlite3_column_int(stmt, 9)) {
            item->parent = UINT32_MAX;
            item->absent = 1;
        }

        if (item->key || item->state == SOCIAL_TOOL_OUT) {
            continue;
        }

        /* spam and deleted ones are nobody's loss, wherever they stood */

        if (social_tool_item_is_kept(plan, item)) {
            reason = social_tool_plan_column(stmt, 5);
            why = sqlite3_column_int(stmt, 6) || reason.len == 0
                  ? "thread missing" : (const char *) reason.data;
            social_tool_report_add(plan->report, why, NULL,
                                   social_tool_plan_column(stmt, 7),
                                   sqlite3_column_int64(stmt, 8));

        } else {
            social_tool_report_count(plan->report,
                                     item->state == SOCIAL_SPAM
                                     ? "spam left out" : "deleted left out",
                                     1);
        }

        item->state = SOCIAL_TOOL_OUT;
    }

    (void) sqlite3_finalize(stmt);
}


/* takes rings apart: all that are in one stand on top */

static void
social_tool_decide_rings(social_tool_plan_t *plan)
{
    int64_t              n;
    uint32_t             at, next, ring;
    social_tool_item_t  *items;

    items = plan->items;

    for (n = 1; n <= plan->n; n++) {

        for (at = (uint32_t) n;
             at != 0 && at != UINT32_MAX && items[at].mark == MARK_NEW;
             at = items[at].parent)
        {
            items[at].mark = MARK_WALKED;
        }

        ring = (at != 0 && at != UINT32_MAX && items[at].mark == MARK_WALKED)
               ? at : 0;

        for (at = (uint32_t) n;
             at != 0 && at != UINT32_MAX && items[at].mark == MARK_WALKED;
             at = next)
        {
            next = items[at].parent;
            items[at].mark = MARK_DONE;
        }

        /* once around it */

        for (at = ring; at != 0; at = next) {
            next = items[at].parent;
            items[at].parent = 0;

            if (social_tool_item_is_kept(plan, &items[at])) {
                social_tool_decide_report(plan, "parents in a ring: now at the "
                                                "top", at);
            }

            if (next == ring) {
                break;
            }
        }
    }
}


/* moves answers of what is left out up, and those of what is elsewhere to the
 * top.  A chain is followed once: what was found is remembered in `parent` */

static void
social_tool_decide_parent(social_tool_plan_t *plan, uint32_t n)
{
    uint32_t             at, next, top;
    social_tool_item_t  *items, *item;

    items = plan->items;
    item = &items[n];
    at = item->parent;

    if (at == 0) {
        return;
    }

    for (top = at; top != 0 && top != UINT32_MAX
                   && items[top].state == SOCIAL_TOOL_OUT;
         top = items[top].parent)
    {
        /* void */
    }

    for ( /* void */ ; at != top && at != 0 && at != UINT32_MAX; at = next) {
        next = items[at].parent;
        items[at].parent = top;
    }

    if (top != item->parent) {
        item->parent = top;

        if (social_tool_item_is_kept(plan, item)) {
            social_tool_decide_report(plan, "parent left out: moved up", n);
        }
    }

    if (top != 0 && top != UINT32_MAX && items[top].key != item->key) {
        item->parent = UINT32_MAX;
    }
}


/* spam is left out, and deleted ones without answers */

static void
social_tool_decide_states(social_tool_plan_t *plan)
{
    int64_t              n, spam;
    social_tool_item_t  *items;

    items = plan->items;
    spam = 0;

    for (n = 1; n <= plan->n; n++) {

        if (items[n].state == SOCIAL_SPAM && !plan->options->with_spam) {
            items[n].state = SOCIAL_TOOL_OUT;
            spam++;
        }
    }

    social_tool_report_count(plan->report, "spam left out", spam);
}


/* a deleted comment stays if something that is kept is below it */

static void
social_tool_decide_tombstones(social_tool_plan_t *plan)
{
    int64_t              n, left;
    uint32_t             at;
    social_tool_item_t  *items;

    items = plan->items;

    for (n = 1; n <= plan->n; n++) {
        items[n].mark = MARK_NEW;
    }

    for (n = 1; n <= plan->n; n++) {

        if (!social_tool_item_is_kept(plan, &items[n])) {
            continue;
        }

        for (at = items[n].parent;
             at != 0 && at != UINT32_MAX && items[at].mark == MARK_NEW;
             at = items[at].parent)
        {
            items[at].mark = MARK_DONE;
        }
    }

    for (n = 1, left = 0; n <= plan->n; n++) {

        if (items[n].state == SOCIAL_DELETED && items[n].mark == MARK_NEW) {
            items[n].state = SOCIAL_TOOL_OUT;
            left++;
        }
    }

    social_tool_report_count(plan->report, "deleted left out", left);
}


static void
social_tool_decide_missing(social_tool_plan_t *plan)
{
    int64_t              n;
    social_tool_item_t  *item;

    for (n = 1; n <= plan->n; n++) {
        item = &plan->items[n];

        if (item->parent == UINT32_MAX) {

            if (!item->absent && social_tool_item_is_kept(plan, item)) {
                social_tool_decide_report(plan, "parent missing: now at the "
                                                "top", (uint32_t) n);
            }

            item->parent = 0;
        }
    }
}


/* a comment's place: by time, then as in the file, but behind its parent */

static void
social_tool_decide_place(social_tool_item_t *item, uint32_t n,
    const social_tool_item_t *parent)
{
    item->depth = 0;
    item->order = n;

    if (parent == NULL) {
        return;
    }

    item->depth = parent->depth + 1;

    if (parent->created >= item->created) {
        item->created = parent->created;
        item->order = parent->order > n ? parent->order : n;
    }
}


/* places: from the top of each chain down, without
 * recursion.  `mark` again: what is done */

static void
social_tool_decide_places(social_tool_plan_t *plan)
{
    int64_t              n;
    uint32_t             at, up, down;
    social_tool_item_t  *items;

    items = plan->items;

    for (n = 1; n <= plan->n; n++) {
        items[n].mark = MARK_NEW;
    }

    for (n = 1; n <= plan->n; n++) {

        /* turn the chain around on the way up, and back on the way down */

        for (at = (uint32_t) n, down = 0; at != 0 && items[at].mark == MARK_NEW;
             at = up)
        {
            up = items[at].parent;
            items[at].parent = down;
            down = at;
        }

        while (down != 0) {
            up = at;
            at = down;
            down = items[at].parent;
            items[at].parent = up;
            items[at].mark = MARK_DONE;
            social_tool_decide_place(&items[at], at, up ? &items[up] : NULL);
        }
    }
}


static int
social_tool_decide_compare(const void *one, const void *two, void *data)
{
    uint32_t                   a, b;
    const social_tool_item_t  *x, *y, *items = data;

    a = *(const uint32_t *) one;
    b = *(const uint32_t *) two;
    x = &items[a];
    y = &items[b];

    if (x->created != y->created) {
        return x->created < y->created ? -1 : 1;
    }

    if (x->order != y->order) {
        return x->order < y->order ? -1 : 1;
    }

    if (x->depth != y->depth) {
        return x->depth < y->depth ? -1 : 1;
    }

    return a < b ? -1 : a > b;
}


/* what is imported, in its order: parents in front of their replies */

static void
social_tool_decide_write(social_tool_plan_t *plan)
{
    int64_t              n, kept, i;
    uint32_t            *order;
    sqlite3_stmt        *stmt;
    social_tool_item_t  *item;

    order = calloc((size_t) plan->n + 1, sizeof(uint32_t));

    if (order == NULL) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "no memory");
        plan->failed = 1;
        return;
    }

    for (n = 1, kept = 0; n <= plan->n; n++) {
        if (plan->items[n].state != SOCIAL_TOOL_OUT) {
            order[kept++] = (uint32_t) n;
        }
    }

    qsort_r(order, (size_t) kept, sizeof(uint32_t), social_tool_decide_compare,
            plan->items);

    stmt = social_tool_plan_prepare(plan,
        "INSERT INTO plan (rank, n, parent, article, state)"
        " VALUES (?1, ?2, ?3, ?4, ?5)");

    for (i = 0; i < kept && !plan->failed; i++) {
        item = &plan->items[order[i]];

        (void) sqlite3_bind_int64(stmt, 1, i + 1);
        (void) sqlite3_bind_int64(stmt, 2, order[i]);
        (void) sqlite3_bind_int64(stmt, 3, item->absent
                                           ? -1 : (int64_t) item->parent);
        (void) sqlite3_bind_int64(stmt, 4, item->key);
        (void) sqlite3_bind_int(stmt, 5, item->state);
        (void) social_tool_plan_step(plan, stmt);
    }

    (void) sqlite3_finalize(stmt);
    free(order);
}


void
social_tool_plan_decide(social_tool_plan_t *plan)
{
    int64_t  n;

    plan->items = (plan->n < UINT32_MAX - 1)
                  ? calloc((size_t) plan->n + 1, sizeof(social_tool_item_t))
                  : NULL;

    if (plan->items == NULL) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "no memory");
        plan->failed = 1;
        return;
    }

    social_tool_decide_read(plan);
    social_tool_decide_rings(plan);
    social_tool_decide_states(plan);

    for (n = 1; n <= plan->n && !plan->failed; n++) {
        social_tool_decide_parent(plan, (uint32_t) n);
    }

    social_tool_decide_tombstones(plan);
    social_tool_decide_missing(plan);
    social_tool_decide_places(plan);
    social_tool_decide_write(plan);

    free(plan->items);
    plan->items = NULL;
}
