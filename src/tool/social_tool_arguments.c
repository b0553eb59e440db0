
/*
 * Arguments of commands.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "social_tool.h"


/* takes one option; *argv then is its last argument */

static int
social_tool_option(char ***argv, const social_tool_option_t *options, size_t n)
{
    size_t       i, len;
    const char  *arg, *value;

    arg = **argv;
    len = strcspn(arg, "=");

    for (i = 0; i < n; i++) {
        if (strncmp(arg, "--", 2) == 0 && len == strlen(options[i].name) + 2
            && strncmp(arg + 2, options[i].name, len - 2) == 0)
        {
            break;
        }
    }

    if (i == n) {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, "unknown argument: \"%s\"",
                                arg);
        return SOCIAL_ERROR;
    }

    value = (arg[len] == '=') ? arg + len + 1 : *++*argv;

    if (value == NULL || *value == '\0' || *options[i].value != NULL) {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, "--%s %s", options[i].name,
                                *options[i].value ? "stands there twice"
                                                  : "needs a value");
        return SOCIAL_ERROR;
    }

    *options[i].value = value;

    return SOCIAL_OK;
}


int
social_tool_options(int argc, char **argv, const social_tool_option_t *options,
    size_t n)
{
    char  **end;

    /* argv ends with a NULL */

    for (end = argv + argc; argv < end; argv++) {
        if (social_tool_option(&argv, options, n) != SOCIAL_OK) {
            return SOCIAL_ERROR;
        }
    }

    return SOCIAL_OK;
}


int
social_tool_number(const char *text, int64_t min, int64_t max, int64_t *number)
{
    char       *end;
    long long   value;

    if (text[0] != '-' && (text[0] < '0' || text[0] > '9')) {
        return SOCIAL_DECLINED;
    }

    errno = 0;
    value = strtoll(text, &end, 10);

    if (errno != 0 || end == text || *end != '\0' || value < min
        || value > max)
    {
        return SOCIAL_DECLINED;
    }

    *number = value;

    return SOCIAL_OK;
}
