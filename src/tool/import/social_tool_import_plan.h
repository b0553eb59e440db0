
/*
 * The plan's temporary file, for the files that fill it, decide, and commit.
 * SQLite makes it (an empty name), in TMPDIR, and removes it at once: no name
 * leads to it.
 */

#ifndef SOCIAL_TOOL_IMPORT_PLAN_H_INCLUDED
#define SOCIAL_TOOL_IMPORT_PLAN_H_INCLUDED


#include <sqlite3.h>

#include "social_tool_import.h"


/* what becomes of a comment; the first ones are social_state_e */

enum {
    SOCIAL_TOOL_OUT = 0         /* left out, and reported already */
};


enum {
    SOCIAL_TOOL_ADD_THREAD = 0,
    SOCIAL_TOOL_ADD_COMMENT,
    SOCIAL_TOOL_ADD_BODY,
    SOCIAL_TOOL_ADD_PERSON,
    SOCIAL_TOOL_ADD_ORIGIN,
    SOCIAL_TOOL_STATEMENTS
};


/* a comment, for decisions: its number is its index, from 1 */

typedef struct {
    int64_t   created;          /* then: its place in time */
    uint32_t  parent;           /* 0: none */
    uint32_t  key;              /* number of its article, 0: none */
    uint32_t  depth;
    uint32_t  order;            /* in the file, but not before its parent */
    uint8_t   state;            /* social_state_e, or OUT */
    uint8_t   mark;             /* while a chain of parents is followed */
    uint8_t   absent;           /* its parent is not in the file */
} social_tool_item_t;


struct social_tool_plan_s {
    const social_tool_import_options_t  *options;
    social_tool_report_t                *report;
    sqlite3                             *db;
    sqlite3_stmt                        *stmt[SOCIAL_TOOL_STATEMENTS];
    char                                 site[SOCIAL_TOOL_SOURCE];
    char                                 source[SOCIAL_TOOL_SOURCE];
    social_tool_item_t                  *items;     /* n + 1 */
    int64_t                              n;         /* comments in the file */
    int64_t                              threads;
    int64_t                              lost;      /* nothing was looked up */
    social_out_t                         name, website, text, clean;
    unsigned                             failed:1;
    unsigned                             origins:1; /* the file has some */
};


/* a statement that lives until finalize; NULL after a message */
sqlite3_stmt *social_tool_plan_prepare(social_tool_plan_t *plan,
    const char *sql);

/* 1: there is a row; 0: no more, or an error, which fails the plan */
int social_tool_plan_step(social_tool_plan_t *plan, sqlite3_stmt *stmt);

void social_tool_plan_exec(social_tool_plan_t *plan, const char *sql);
void social_tool_plan_bind(sqlite3_stmt *stmt, int n, social_str_t text);
social_str_t social_tool_plan_column(sqlite3_stmt *stmt, int n);

/* social_tool_import_keys.c: keys of threads, and which threads are ours.
 * OK, or what the program exits with after a message */
social_tool_exit_e social_tool_plan_keys(social_tool_plan_t *plan);

/* social_tool_import_decide.c: states, parents, order */
void social_tool_plan_decide(social_tool_plan_t *plan);

/* social_tool_import_known.c: once all is decided.  store NULL: there is none.
 * SOCIAL_ERROR after a message */
int social_tool_known_people(social_tool_plan_t *plan, social_store_t *store,
    social_str_t source);
int social_tool_known_parents(social_tool_plan_t *plan, social_store_t *store,
    social_str_t source);

/* social_tool_import_commit.c */
social_tool_exit_e social_tool_plan_commit(social_tool_plan_t *plan);


#endif /* SOCIAL_TOOL_IMPORT_PLAN_H_INCLUDED */
