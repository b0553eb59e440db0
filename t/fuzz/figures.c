
/*
 * Fuzzes the reader of event logs, and all figures made of what it accepts.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "social_tool.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;

    /* not freopen(): the fuzzer's own messages go on */

    stdout = fopen("/dev/null", "w");
    stderr = fopen("/dev/null", "w");

    return stdout && stderr ? 0 : 1;
}


/* messages are for people */

social_tool_exit_e
social_tool_fail(social_tool_exit_e code, const char *fmt, ...)
{
    char     text[4096];
    va_list  args;

    va_start(args, fmt);

    if (vsnprintf(text, sizeof(text), fmt, args) < 0) {
        abort();
    }

    va_end(args);

    return code;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int                 fd;
    char                path[64], json[] = "--json", period[] = "--period=all";
    char                now[] = "--now=2026-11-20T23:00:00Z";
    char               *argv[] = { path, now, period, NULL, NULL };
    social_tool_exit_e  code;

    fd = memfd_create("log", 0);

    if (fd < 0 || write(fd, data, size) != (ssize_t) size) {
        abort();
    }

    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);

    if (size & 1) {
        argv[2] = json;
    }

    code = social_tool_figures(3, argv);

    if (code == SOCIAL_TOOL_USAGE || code == SOCIAL_TOOL_STORE) {
        abort();
    }

    close(fd);

    return 0;
}
