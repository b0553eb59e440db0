
/*
 * Shared by the fuzzers of the program's readers: a file from bytes, through
 * the plan and all decisions, to a dry run.  Whatever the file holds, the
 * reader ends, and what it does not like it refuses.
 */

#ifndef FUZZ_IMPORT_H_INCLUDED
#define FUZZ_IMPORT_H_INCLUDED


#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "social_tool_import.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);


/* a file with a name, because SQLite opens no other; never on a disk */

static int   fuzz_fd = -1;
static char  fuzz_path[] = "/dev/shm/fuzz-import-XXXXXX";


static void
fuzz_unlink(void)
{
    (void) unlink(fuzz_path);
}


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;

    fuzz_fd = mkstemp(fuzz_path);
    atexit(fuzz_unlink);

    return fuzz_fd >= 0 && freopen("/dev/null", "w", stdout) ? 0 : 1;
}


/* messages are for people */

social_tool_exit_e
social_tool_fail(social_tool_exit_e code, const char *fmt, ...)
{
    int      n;
    char     text[4096];
    va_list  args;

    va_start(args, fmt);
    n = vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    if (n < 0) {
        abort();
    }

    return code;
}


static int
fuzz_read(social_tool_reader_pt reader, const char *format,
    const uint8_t *data, size_t size)
{
    social_tool_plan_t            *plan;
    social_tool_exit_e             code;
    social_tool_report_t          *report;
    social_tool_import_options_t   options;

    if (ftruncate(fuzz_fd, 0) != 0
        || pwrite(fuzz_fd, data, size, 0) != (ssize_t) size)
    {
        abort();
    }

    memset(&options, 0, sizeof(options));
    options.store = "sqlite:/nonexistent/store.db";
    options.dry_run = 1;
    options.with_spam = size & 1;

    report = social_tool_report_create();
    plan = report ? social_tool_plan_create(&options, report) : NULL;

    if (plan != NULL) {
        code = reader(plan, fuzz_path);

        if (code == SOCIAL_TOOL_DONE) {
            code = social_tool_plan_run(plan, format);

            if (code == SOCIAL_TOOL_STORE) {
                abort();                /* the plan must not break */
            }
        }
    }

    social_tool_plan_destroy(plan);
    social_tool_report_destroy(report);

    return 0;
}


#define FUZZ_READER(format)                                                   \
                                                                              \
int                                                                           \
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                      \
{                                                                             \
    return fuzz_read(social_tool_read_##format, #format, data, size);         \
}


#endif /* FUZZ_IMPORT_H_INCLUDED */
