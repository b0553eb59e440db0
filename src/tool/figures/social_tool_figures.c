
/*
 * ngx-social figures: its arguments, and the lines of logs.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "social_time.h"
#include "social_tool_figures.h"
#include "social_tool_source.h"


#define SOCIAL_TOOL_SHOWN  10       /* faulty lines that are shown */


typedef struct {
    social_tool_figures_t   figures;
    const char             *period, *from, *to, *now, *site, *within;
    const char            **logs;
    size_t                  nlogs;
    unsigned                json:1;

    int64_t                 lines, broken;
    const char             *path;       /* of the log that is read */
    int64_t                 number;     /* of its line */
    unsigned char          *line;       /* SOCIAL_TOOL_LOG_LINE bytes */
    size_t                  len;
    unsigned                too_long:1;
} social_tool_logs_t;


/* what a period begins with is rounded down to */

static const struct {
    const char  *name;
    int64_t      seconds, unit;
} social_tool_periods[] = {
    { "24h", SOCIAL_DAY, 300 },
    { "7d", 7 * SOCIAL_DAY, 3600 },
    { "28d", 28 * SOCIAL_DAY, 3600 },
    { "90d", 90 * SOCIAL_DAY, SOCIAL_DAY },
    { "365d", 365 * SOCIAL_DAY, SOCIAL_DAY }
};


/* midnight of a day, UTC; SOCIAL_DECLINED after a message */

static int
social_tool_figures_day(const char *option, const char *text, int64_t *day)
{
    if (text == NULL) {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE,
                                "--from and --to belong together");
        return SOCIAL_DECLINED;
    }

    if (strlen(text) != 10
        || social_time_parse((const unsigned char *) text, 10, day)
           != SOCIAL_OK)
    {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE,
                                "%s is a day such as 2026-11-27, not \"%s\"",
                                option, text);
        return SOCIAL_DECLINED;
    }

    return SOCIAL_OK;
}


static int
social_tool_figures_days(social_tool_logs_t *in)
{
    if (social_tool_figures_day("--from", in->from, &in->figures.from)
        != SOCIAL_OK
        || social_tool_figures_day("--to", in->to, &in->figures.to)
           != SOCIAL_OK)
    {
        return SOCIAL_DECLINED;
    }

    if (in->period || in->figures.from > in->figures.to) {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, in->period
                                ? "--period and --from cannot be together"
                                : "--from is after --to");
        return SOCIAL_DECLINED;
    }

    in->figures.to += SOCIAL_DAY;

    return SOCIAL_OK;
}


/* from, to and now; DECLINED after a message */

static int
social_tool_figures_period(social_tool_logs_t *in)
{
    size_t                  i;
    const char             *name;
    social_tool_figures_t  *figures;

    figures = &in->figures;
    figures->now = (int64_t) time(NULL);

    if (in->now
        && social_time_parse((const unsigned char *) in->now, strlen(in->now),
                             &figures->now) != SOCIAL_OK)
    {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, "--now is a time such as "
                                "2026-11-27T15:00:00Z, not \"%s\"", in->now);
        return SOCIAL_DECLINED;
    }

    if (in->from || in->to) {
        return social_tool_figures_days(in);
    }

    figures->to = figures->now + 1;
    name = in->period ? in->period : "28d";

    if (strcmp(name, "all") == 0) {
        return SOCIAL_OK;
    }

    for (i = 0; i < social_nelts(social_tool_periods); i++) {
        if (strcmp(name, social_tool_periods[i].name) == 0) {
            figures->from = figures->now - social_tool_periods[i].seconds;
            figures->from -= figures->from % social_tool_periods[i].unit;

            return SOCIAL_OK;
        }
    }

    (void) social_tool_fail(SOCIAL_TOOL_USAGE, "--period is 24h, 7d, 28d, 90d, "
                            "365d or all, not \"%s\"", name);

    return SOCIAL_DECLINED;
}


/* logs are moved to the beginning of argv; DECLINED after a message */

static int
social_tool_figures_arguments(social_tool_logs_t *in, int argc, char **argv)
{
    int   i, n, options;
    char  *rest[16];

    const social_tool_option_t  known[] = {
        { "period", &in->period }, { "from", &in->from }, { "to", &in->to },
        { "now", &in->now }, { "site", &in->site },
        { "reply-within", &in->within }
    };

    for (i = 0, n = 0, options = 0; i < argc; i++) {

        if (strcmp(argv[i], "--json") == 0) {
            in->json = 1;

        } else if (argv[i][0] != '-' || argv[i][1] == '\0') {
            in->logs[in->nlogs++] = argv[i];

        } else if (options + 3 > (int) social_nelts(rest)) {
            (void) social_tool_fail(SOCIAL_TOOL_USAGE, "too many options");
            return SOCIAL_DECLINED;

        } else {
            rest[options++] = argv[i];

            if (strchr(argv[i], '=') == NULL && i + 1 < argc) {
                rest[options++] = argv[++i];
            }
        }
    }

    rest[options] = NULL;
    n = social_tool_options(options, rest, known, social_nelts(known));

    if (n != SOCIAL_OK) {
        return SOCIAL_DECLINED;
    }

    if (in->nlogs == 0) {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, "figures needs an event "
                                "log, or several, the oldest first; or -");
        return SOCIAL_DECLINED;
    }

    in->figures.site = in->site;
    in->figures.reply_within = 7 * SOCIAL_DAY;

    if (in->within
        && social_tool_number(in->within, 1, 1000000000,
                              &in->figures.reply_within) != SOCIAL_OK)
    {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, "--reply-within is a number "
                                "of seconds, not \"%s\"", in->within);
        return SOCIAL_DECLINED;
    }

    return social_tool_figures_period(in);
}


static void
social_tool_figures_broken(social_tool_logs_t *in, const social_out_t *fault)
{
    size_t  i;

    if (++in->broken > SOCIAL_TOOL_SHOWN) {
        return;
    }

    fprintf(stderr, "%s:%" PRId64 ": ", in->path, in->number);

    for (i = 0; i < fault->len; i++) {
        (void) fputc(fault->data[i] < 0x20 || fault->data[i] == 0x7f
                     ? '?' : fault->data[i], stderr);
    }

    (void) fputc('\n', stderr);
}


/* the line that was read; DECLINED after a message: it does not fit */

static int
social_tool_figures_line(social_tool_logs_t *in)
{
    int                  rc;
    social_out_t         fault;
    social_tool_event_t  event;

    in->lines++;
    in->number++;
    social_out_init(&fault, SOCIAL_TOOL_LOG_LINE);
    rc = SOCIAL_DECLINED;

    if (in->too_long) {
        social_out_text(&fault, "it is longer than 65536 bytes");

    } else {
        rc = social_tool_log_parse(in->line, in->len, &event, &fault);
    }

    if (rc == SOCIAL_OK) {
        rc = social_tool_figures_take(&in->figures, &event, &fault);
    }

    if (rc == SOCIAL_DECLINED) {
        social_tool_figures_broken(in, &fault);
    }

    social_out_free(&fault);
    in->too_long = 0;
    in->len = 0;

    if (rc != SOCIAL_ERROR) {
        return SOCIAL_OK;
    }

    (void) social_tool_fail(SOCIAL_TOOL_STORE, "%s:%" PRId64 ": the articles "
                            "and comments so far need more than %lu MB of "
                            "memory: choose a site with --site", in->path,
                            in->number, SOCIAL_TOOL_FIGURES_MAX >> 20);
    return SOCIAL_DECLINED;
}


static int
social_tool_figures_bytes(social_tool_logs_t *in, const unsigned char *p,
    size_t n)
{
    size_t                len;
    const unsigned char  *end, *newline;

    for (end = p + n; p < end; p += len + (newline != NULL)) {
        newline = memchr(p, '\n', (size_t) (end - p));
        len = (size_t) ((newline ? newline : end) - p);

        if (in->len + len > SOCIAL_TOOL_LOG_LINE) {
            in->too_long = 1;
            in->len = 0;

        } else if (!in->too_long) {
            memcpy(in->line + in->len, p, len);
            in->len += len;
        }

        if (newline && social_tool_figures_line(in) != SOCIAL_OK) {
            return SOCIAL_DECLINED;
        }
    }

    return SOCIAL_OK;
}


static social_tool_exit_e
social_tool_figures_read(social_tool_logs_t *in, const char *path)
{
    int                    rc;
    long                   n;
    unsigned char          block[16384];
    social_tool_source_t  *source;

    source = social_tool_source_open(path);

    if (source == NULL) {
        return SOCIAL_TOOL_INPUT;
    }

    in->path = path;
    in->number = 0;
    rc = SOCIAL_OK;

    do {
        n = social_tool_source_read(source, block, sizeof(block));
        social_tool_source_progress(source);

        if (n > 0) {
            rc = social_tool_figures_bytes(in, block, (size_t) n);
        }

    } while (n > 0 && rc == SOCIAL_OK);

    if (n == 0 && rc == SOCIAL_OK && (in->len || in->too_long)) {
        rc = social_tool_figures_line(in);      /* has no newline */
    }

    social_tool_source_close(source);

    return rc != SOCIAL_OK ? SOCIAL_TOOL_STORE
           : n < 0 ? SOCIAL_TOOL_INPUT : SOCIAL_TOOL_DONE;
}


/* what is missing, or in disorder, beside the figures */

static social_tool_exit_e
social_tool_figures_doubts(const social_tool_logs_t *in)
{
    social_tool_exit_e         code;
    const social_tool_site_t  *site;

    code = SOCIAL_TOOL_DONE;

    if (in->broken) {
        code = social_tool_fail(SOCIAL_TOOL_PART, "%" PRId64 " of %" PRId64
                                " lines cannot be read, and are left out",
                                in->broken, in->lines);
    }

    for (site = in->figures.sites; site; site = site->next) {

        if (site->missing) {
            code = social_tool_fail(SOCIAL_TOOL_PART, "%.*s: %" PRId64
                                    " comments are spoken of that the log does "
                                    "not have: it begins too late",
                                    (int) site->name.len, site->name.data,
                                    site->missing);
        }

        if (site->disorder) {
            code = social_tool_fail(SOCIAL_TOOL_PART, "%.*s: %" PRId64 " lines "
                                    "are older than others before them: name "
                                    "the oldest log first",
                                    (int) site->name.len, site->name.data,
                                    site->disorder);
        }
    }

    return code;
}


static social_tool_exit_e
social_tool_figures_run(social_tool_logs_t *in)
{
    int                 rc;
    size_t              i;
    social_tool_exit_e  code;

    for (i = 0; i < in->nlogs; i++) {
        code = social_tool_figures_read(in, in->logs[i]);

        if (code != SOCIAL_TOOL_DONE) {
            return code;
        }
    }

    if (in->broken && in->broken == in->lines) {
        return social_tool_fail(SOCIAL_TOOL_INPUT, "no line can be read: the "
                                "log has another log_format than that of "
                                "docs/operations.md, \"Logs\"");
    }

    if (in->figures.sites == NULL) {
        return social_tool_fail(SOCIAL_TOOL_INPUT, "there is no event%s%s%s",
                                in->site ? " of the site \"" : "",
                                in->site ? in->site : "", in->site ? "\"" : "");
    }

    rc = in->json ? social_tool_figures_json(&in->figures, in->lines,
                                             in->broken)
                  : social_tool_figures_text(&in->figures);

    if (rc != SOCIAL_OK || fflush(stdout) != 0 || ferror(stdout)) {
        return social_tool_fail(SOCIAL_TOOL_STORE, rc != SOCIAL_OK
                                ? "no memory"
                                : "the figures could not be written");
    }

    return social_tool_figures_doubts(in);
}


social_tool_exit_e
social_tool_figures(int argc, char **argv)
{
    social_tool_exit_e  code;
    social_tool_logs_t  in;

    memset(&in, 0, sizeof(social_tool_logs_t));
    in.line = malloc(SOCIAL_TOOL_LOG_LINE);
    in.logs = calloc((size_t) argc + 1, sizeof(char *));

    if (in.line == NULL || in.logs == NULL) {
        code = social_tool_fail(SOCIAL_TOOL_STORE, "no memory");

    } else if (social_tool_figures_arguments(&in, argc, argv) != SOCIAL_OK) {
        code = SOCIAL_TOOL_USAGE;

    } else {
        code = social_tool_figures_run(&in);
    }

    social_tool_figures_free(&in.figures);
    free(in.logs);
    free(in.line);

    return code;
}
