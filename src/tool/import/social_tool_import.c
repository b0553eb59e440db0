
/*
 * ngx-social import: its arguments, and the order of its steps.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "social_tool_import_plan.h"


#define SOCIAL_TOOL_LIST  64            /* options of a kind */


static const struct {
    const char            *name;
    social_tool_reader_pt  read;
} social_tool_formats[] = {
    { "disqus", social_tool_read_disqus },
    { "wordpress", social_tool_read_wordpress },
    { "isso", social_tool_read_isso },
    { "remark42", social_tool_read_remark42 },
    { "commento", social_tool_read_commento },
    { "jsonl", social_tool_read_jsonl }
};


typedef struct {
    social_tool_import_options_t  options;
    const char                   *map[SOCIAL_TOOL_LIST];
    const char                   *author[SOCIAL_TOOL_LIST];
    const char                   *file;
    size_t                        format;
} social_tool_importing_t;


static int
social_tool_import_one_option(social_tool_importing_t *in, int argc,
    char **argv, int *i)
{
    size_t        n, len;
    const char   *name, *value;

    struct {
        const char   *name;
        const char  **value;
    } options[] = {
        { "--store", &in->options.store }, { "--origin", &in->options.origin },
        { "--slash", &in->options.slash }, { "--source", &in->options.source },
        { "--report", &in->options.report },
        { "--map", &in->map[in->options.nmap] },
        { "--author", &in->author[in->options.nauthor] }
    };

    name = argv[*i];
    len = strcspn(name, "=");

    for (n = 0; n < social_nelts(options); n++) {
        if (strlen(options[n].name) == len
            && strncmp(name, options[n].name, len) == 0)
        {
            break;
        }
    }

    if (n == social_nelts(options)) {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, "unknown argument: \"%s\"",
                                name);
        return SOCIAL_ERROR;
    }

    value = name[len] ? name + len + 1 : (*i + 1 < argc) ? argv[++*i] : "";

    if (*value == '\0' || *options[n].value != NULL) {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, "%s %s", options[n].name,
                                *value ? "stands there twice"
                                       : "needs a value");
        return SOCIAL_ERROR;
    }

    *options[n].value = value;
    in->options.nmap += (n == 5);
    in->options.nauthor += (n == 6);

    if (in->options.nmap == SOCIAL_TOOL_LIST - 1
        || in->options.nauthor == SOCIAL_TOOL_LIST - 1)
    {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, "too many of %s: write them "
                                "into a file", options[n].name);
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


static int
social_tool_import_options(social_tool_importing_t *in, int argc, char **argv)
{
    int  i;

    for (i = 2; i < argc; i++) {

        if (strcmp(argv[i], "--with-spam") == 0) {
            in->options.with_spam = 1;

        } else if (strcmp(argv[i], "--dry-run") == 0) {
            in->options.dry_run = 1;

        } else if (social_tool_import_one_option(in, argc, argv, &i)
                   != SOCIAL_OK)
        {
            return SOCIAL_ERROR;
        }
    }

    in->options.map = in->map;
    in->options.author = in->author;

    return SOCIAL_OK;
}


static int
social_tool_import_arguments(social_tool_importing_t *in, int argc,
    char **argv)
{
    size_t  i;

    for (i = 0; i < social_nelts(social_tool_formats); i++) {
        if (argc > 0 && strcmp(argv[0], social_tool_formats[i].name) == 0) {
            break;
        }
    }

    if (i == social_nelts(social_tool_formats) || argc < 2
        || (argv[1][0] == '-' && argv[1][1] != '\0'))
    {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE,
                                "import needs a format (disqus, wordpress, "
                                "isso, remark42, commento, jsonl), then a file "
                                "or -, then --store URL");
        return SOCIAL_ERROR;
    }

    in->format = i;
    in->file = argv[1];

    if (social_tool_import_options(in, argc, argv) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    if (!social_tool_is_store(in->options.store, "import needs --store")) {
        return SOCIAL_ERROR;
    }

    if (in->options.slash && strcmp(in->options.slash, "keep") != 0
        && strcmp(in->options.slash, "add") != 0
        && strcmp(in->options.slash, "drop") != 0)
    {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, "--slash is keep, add or "
                                "drop, not \"%s\"", in->options.slash);
        return SOCIAL_ERROR;
    }

    if (in->options.source
        && strlen(in->options.source) >= SOCIAL_TOOL_SOURCE - 24)
    {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, "--source is too long");
        return SOCIAL_ERROR;
    }

    return (in->options.dry_run || social_tool_may_make(in->options.store))
           ? SOCIAL_OK : SOCIAL_DECLINED;
}


/* an export, into a store that holds nothing.  DECLINED: it holds something,
 * or is not there in a dry run */

static int
social_tool_import_whole(const social_tool_importing_t *in,
    social_tool_exit_e *code)
{
    int                    used;
    social_store_t        *store;
    social_store_error_t   err;

    if (strcmp(social_tool_formats[in->format].name, "jsonl") != 0
        || in->options.dry_run || strcmp(in->file, "-") == 0)
    {
        return SOCIAL_DECLINED;
    }

    store = social_store_open(in->options.store, 1, &err);

    if (store == NULL) {
        *code = social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
        return SOCIAL_OK;
    }

    used = 0;
    *code = social_tool_restore(store, in->file, &used);
    social_store_close(store);

    return used ? SOCIAL_DECLINED : SOCIAL_OK;
}


static social_tool_exit_e
social_tool_import_report(const social_tool_importing_t *in,
    social_tool_report_t *report, const social_tool_plan_t *plan,
    social_tool_exit_e rc)
{
    social_tool_report_print(report, stdout);

    if (rc == SOCIAL_TOOL_DONE) {
        printf("\nsource: %s%s\n", plan->source,
               in->options.dry_run ? "; a dry run: nothing was written" : "");
    }

    if (in->options.report
        && social_tool_report_write(report, in->options.report) != SOCIAL_OK)
    {
        return social_tool_fail(SOCIAL_TOOL_STORE,
                                "the report could not be written: \"%s\" (%s)",
                                in->options.report, strerror(errno));
    }

    return (rc == SOCIAL_TOOL_DONE && social_tool_report_is_partial(report))
           ? SOCIAL_TOOL_PART : rc;
}


social_tool_exit_e
social_tool_import(int argc, char **argv)
{
    int                       rc;
    social_tool_plan_t       *plan;
    social_tool_exit_e        code;
    social_tool_report_t     *report;
    social_tool_importing_t   in;

    memset(&in, 0, sizeof(social_tool_importing_t));
    rc = social_tool_import_arguments(&in, argc, argv);

    if (rc != SOCIAL_OK) {
        return rc == SOCIAL_DECLINED ? SOCIAL_TOOL_STORE : SOCIAL_TOOL_USAGE;
    }

    if (social_tool_import_whole(&in, &code) == SOCIAL_OK) {
        return code;
    }

    report = social_tool_report_create();
    plan = report ? social_tool_plan_create(&in.options, report) : NULL;
    code = SOCIAL_TOOL_STORE;

    if (plan != NULL) {
        code = social_tool_formats[in.format].read(plan, in.file);

        if (code == SOCIAL_TOOL_DONE && plan->failed) {
            code = SOCIAL_TOOL_STORE;
        }

        if (code == SOCIAL_TOOL_DONE) {
            code = social_tool_plan_run(plan,
                                        social_tool_formats[in.format].name);
        }

        if (code == SOCIAL_TOOL_DONE) {
            code = social_tool_import_report(&in, report, plan, code);
        }
    }

    social_tool_plan_destroy(plan);
    social_tool_report_destroy(report);

    return code;
}
