
/*
 * The program ngx-social: what its commands share.  A command is a function
 * and a row in social_tool.c.
 *
 * A program of one thread, without nginx: uses the core and the store's header.
 */

#ifndef SOCIAL_TOOL_H_INCLUDED
#define SOCIAL_TOOL_H_INCLUDED


#include "social.h"
#include "social_store.h"
#include "social_version.h"


/* what the program exits with */

typedef enum {
    SOCIAL_TOOL_DONE  = 0,
    SOCIAL_TOOL_STORE = 1,      /* the store, or a file, cannot be used */
    SOCIAL_TOOL_USAGE = 2,      /* the arguments are wrong */
    SOCIAL_TOOL_PART  = 3,      /* done, but comments were left out */
    SOCIAL_TOOL_INPUT = 4       /* a file that was to be read is wrong */
} social_tool_exit_e;


typedef struct {
    const char          *name;
    const char          *arguments;     /* for the usage */
    const char          *about;         /* one line */
    const char          *more;          /* what `help NAME` adds */

    /* argv[0] is the first argument behind the name */
    social_tool_exit_e (*run)(int argc, char **argv);
} social_tool_command_t;


/* an option with a value, "--NAME VALUE" or "--NAME=VALUE" */

typedef struct {
    const char   *name;
    const char  **value;        /* NULL until it is given */
} social_tool_option_t;


/* prints "ngx-social: ...", one line, to stderr; returns `code` */
__attribute__((format(printf, 2, 3)))
social_tool_exit_e social_tool_fail(social_tool_exit_e code, const char *fmt,
    ...);

/* OK, or ERROR after a message: not an option of the n, twice, no value */
int social_tool_options(int argc, char **argv,
    const social_tool_option_t *options, size_t n);

/* a whole number from min to max; DECLINED: this is none */
int social_tool_number(const char *text, int64_t min, int64_t max,
    int64_t *number);

/* an array of items of `size` bytes, of which *items has n, with room for one
 * more; SOCIAL_ERROR: no memory */
int social_tool_room(void **items, size_t n, size_t size);


/* social_tool_url.c: 1 if it is the URL of a store, which may be NULL; 0 after
 * a message, which begins with `needs`, such as "check needs --store" */
int social_tool_is_store(const char *url, const char *needs);

/* the file of a store of SQLite; NULL: it is one of PostgreSQL */
const char *social_tool_path(const char *url);

/* 1 if the store is there or this user may make it: root never does, because
 * nginx's workers could not write to it; 0 after a message */
int social_tool_may_make(const char *url);

/* a store that is there: NULL after a message */
social_store_t *social_tool_open(const char *url, int writer);


/* the commands */
social_tool_exit_e social_tool_import(int argc, char **argv);
social_tool_exit_e social_tool_export(int argc, char **argv);
social_tool_exit_e social_tool_copy(int argc, char **argv);
social_tool_exit_e social_tool_check(int argc, char **argv);
social_tool_exit_e social_tool_erase(int argc, char **argv);
social_tool_exit_e social_tool_nodes(int argc, char **argv);
social_tool_exit_e social_tool_seed(int argc, char **argv);
social_tool_exit_e social_tool_figures(int argc, char **argv);


#endif /* SOCIAL_TOOL_H_INCLUDED */
