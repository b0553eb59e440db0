
/*
 * What happens after reading: the source gets its name, articles their keys,
 * comments their places, and all goes into the store.  See
 * social_tool_import.h.
 */

#include <stdio.h>

#include "social_tool_import_plan.h"


/* the format, with the site that the file names: "disqus:garden" */

static void
social_tool_run_source(social_tool_plan_t *plan, const char *format)
{
    if (plan->options->source) {
        snprintf(plan->source, sizeof(plan->source), "%s",
                 plan->options->source);

    } else if (plan->site[0]) {
        snprintf(plan->source, sizeof(plan->source), "%s:%.*s", format,
                 SOCIAL_TOOL_SOURCE - 24, plan->site);

    } else {
        snprintf(plan->source, sizeof(plan->source), "%s", format);
    }
}


social_tool_exit_e
social_tool_plan_run(social_tool_plan_t *plan, const char *format)
{
    social_tool_exit_e  rc;

    social_tool_run_source(plan, format);

    rc = social_tool_plan_keys(plan);

    if (rc != SOCIAL_TOOL_DONE) {
        return rc;
    }

    social_tool_plan_decide(plan);

    return plan->failed ? SOCIAL_TOOL_STORE : social_tool_plan_commit(plan);
}
