
/*
 * What the store has of an earlier import, and this file goes on with: people,
 * who keep the id that they have there, and comments that are answered here.
 */

#include "social_tool_import_plan.h"


static int
social_tool_known_find(social_store_t *store, social_str_t source,
    social_str_t id, unsigned char commenter[SOCIAL_COMMENTER_LEN])
{
    int                    rc;
    int64_t                comment;
    social_store_error_t   err;

    if (store == NULL) {
        return SOCIAL_DECLINED;
    }

    rc = social_store_origin(store, source, id, &comment, commenter, &err);

    if (rc == SOCIAL_ERROR) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
    }

    return rc;
}


int
social_tool_known_people(social_tool_plan_t *plan, social_store_t *store,
    social_str_t source)
{
    int             rc;
    size_t          i;
    sqlite3_stmt   *rows, *set;
    unsigned char   commenter[SOCIAL_COMMENTER_LEN], some;

    rows = social_tool_plan_prepare(plan,
        "SELECT i.user, coalesce(i.source, ?1), coalesce(i.origin, i.id)"
        " FROM item i CROSS JOIN commenter c ON c.user = i.user"
        " WHERE NOT c.known");
    set = social_tool_plan_prepare(plan,
        "UPDATE commenter SET id = ?2, known = 1 WHERE user = ?1");
    social_tool_plan_bind(rows, 1, source);

    rc = SOCIAL_OK;

    while (store && rc != SOCIAL_ERROR && social_tool_plan_step(plan, rows)) {
        rc = social_tool_known_find(store, social_tool_plan_column(rows, 1),
                                    social_tool_plan_column(rows, 2),
                                    commenter);

        for (i = 0, some = 0; i < SOCIAL_COMMENTER_LEN && rc == SOCIAL_OK; i++)
        {
            some |= commenter[i];
        }

        if (some) {
            social_tool_plan_bind(set, 1, social_tool_plan_column(rows, 0));
            (void) sqlite3_bind_blob(set, 2, commenter, SOCIAL_COMMENTER_LEN,
                                     SQLITE_STATIC);
            (void) social_tool_plan_step(plan, set);
        }
    }

    (void) sqlite3_finalize(rows);
    (void) sqlite3_finalize(set);

    return rc == SOCIAL_ERROR ? rc : SOCIAL_OK;
}


int
social_tool_known_parents(social_tool_plan_t *plan, social_store_t *store,
    social_str_t source)
{
    int             rc;
    sqlite3_stmt   *rows, *top;
    unsigned char   commenter[SOCIAL_COMMENTER_LEN];

    rows = social_tool_plan_prepare(plan,
        "SELECT l.rank, i.parent, i.id, i.line, l.state FROM plan l"
        " CROSS JOIN item i ON i.n = l.n WHERE l.parent = -1");
    top = social_tool_plan_prepare(plan, "UPDATE plan SET parent = 0"
                                         " WHERE rank = ?1");
    rc = SOCIAL_OK;

    while (rc != SOCIAL_ERROR && social_tool_plan_step(plan, rows)) {
        rc = social_tool_known_find(store, source,
                                    social_tool_plan_column(rows, 1),
                                    commenter);

        if (rc == SOCIAL_DECLINED) {
            (void) sqlite3_bind_int64(top, 1, sqlite3_column_int64(rows, 0));
            (void) social_tool_plan_step(plan, top);

            if (sqlite3_column_int(rows, 4) != SOCIAL_DELETED) {
                social_tool_report_add(plan->report, "parent missing: now at "
                                       "the top", NULL,
                                       social_tool_plan_column(rows, 2),
                                       sqlite3_column_int64(rows, 3));
            }
        }
    }

    (void) sqlite3_finalize(rows);
    (void) sqlite3_finalize(top);

    return rc == SOCIAL_ERROR ? rc : SOCIAL_OK;
}
