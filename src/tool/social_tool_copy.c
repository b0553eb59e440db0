
/*
 * ngx-social copy: everything of a store, with its secret, into one that holds
 * nothing, whatever the two are.  Lines of JSON go from one to the other, a few
 * of them at a time in memory.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "social_store.h"
#include "social_tool.h"


typedef struct {
    social_store_t         *to;
    int                     rc;
    int64_t                 lines;
    social_store_error_t    err;
} social_tool_copying_t;


static void
social_tool_copy_line(void *data, const char *line, size_t len)
{
    social_str_t            type, text;
    const char             *end;
    social_tool_copying_t  *copy = data;

    static const char  begin[] = "{\"type\":\"";

    if (copy->rc != SOCIAL_OK || len < sizeof(begin)) {
        return;                                     /* the newline */
    }

    type.data = (const unsigned char *) line + sizeof(begin) - 1;
    end = memchr(type.data, '"', len - (sizeof(begin) - 1));
    type.len = end ? (size_t) ((const unsigned char *) end - type.data) : 0;
    text.data = (const unsigned char *) line;
    text.len = len;

    copy->rc = social_store_restore_line(copy->to, type, text, ++copy->lines,
                                         &copy->err);
}


/* OK, or what went wrong is in copy->err */

static int
social_tool_copy_run(social_tool_copying_t *copy, social_store_t *from)
{
    int                    rc, ended;
    social_store_error_t   err;

    rc = social_store_dump(from, SOCIAL_DUMP_SECRET, social_tool_copy_line,
                           copy, &err);

    if (rc != SOCIAL_OK) {
        copy->err = err;

    } else {
        rc = copy->rc;
    }

    ended = social_store_restore_end(copy->to, rc == SOCIAL_OK, 1,
                                     (int64_t) time(NULL), &err);

    if (rc == SOCIAL_OK && ended != SOCIAL_OK) {
        copy->err = err;
        rc = ended;
    }

    return rc;
}


static social_tool_exit_e
social_tool_copy_open(social_tool_copying_t *copy, const char *url)
{
    int  rc;

    copy->to = social_store_open(url, 1, &copy->err);
    rc = copy->to ? social_store_restore_begin(copy->to, &copy->err)
                  : SOCIAL_ERROR;

    if (rc == SOCIAL_DECLINED) {
        return social_tool_fail(SOCIAL_TOOL_STORE, "%s holds something: copy "
                                "fills an empty store", url);
    }

    return rc == SOCIAL_OK ? SOCIAL_TOOL_DONE
           : social_tool_fail(SOCIAL_TOOL_STORE, "%s", copy->err.message);
}


/* what is said of the end of a copy */

static social_tool_exit_e
social_tool_copy_said(const social_tool_copying_t *copy, int rc,
    const char *from)
{
    switch (rc) {

    case SOCIAL_OK:
        return SOCIAL_TOOL_DONE;

    case SOCIAL_AGAIN:
        return social_tool_fail(SOCIAL_TOOL_STORE, "%s; it is not known "
                                "whether all was written or nothing: repeat "
                                "this later, it leaves alone what is there",
                                copy->err.message);

    case SOCIAL_DECLINED:
        return social_tool_fail(SOCIAL_TOOL_STORE, "line %" PRId64 " of an "
                                "export of %s: %s; nothing was written",
                                copy->err.line, from, copy->err.message);

    default:
        return social_tool_fail(SOCIAL_TOOL_STORE, "%s; nothing was written",
                                copy->err.message);
    }
}


social_tool_exit_e
social_tool_copy(int argc, char **argv)
{
    social_store_t         *from;
    social_tool_exit_e      code;
    social_tool_copying_t   copy;

    static const char  needs[] = "copy needs two stores, FROM and TO, each";

    if (argc != 2) {
        (void) social_tool_is_store(NULL, needs);
        return SOCIAL_TOOL_USAGE;
    }

    if (!social_tool_is_store(argv[0], needs)
        || !social_tool_is_store(argv[1], needs))
    {
        return SOCIAL_TOOL_USAGE;
    }

    memset(&copy, 0, sizeof(social_tool_copying_t));
    from = social_tool_open(argv[0], 0);

    if (from == NULL || !social_tool_may_make(argv[1])) {
        social_store_close(from);
        return SOCIAL_TOOL_STORE;
    }

    code = social_tool_copy_open(&copy, argv[1]);

    if (code == SOCIAL_TOOL_DONE) {
        code = social_tool_copy_said(&copy, social_tool_copy_run(&copy, from),
                                     argv[0]);
    }

    social_store_close(copy.to);
    social_store_close(from);

    return code;
}
