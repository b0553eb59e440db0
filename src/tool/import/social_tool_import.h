
/*
 * Comments of other systems.  A reader turns a file into threads and comments;
 * the plan keeps them in a private temporary file, and decides there what
 * becomes of each; then the store gets them in small transactions.  The report
 * says what became of everything.
 *
 * Nothing personal is kept: addresses of mail tell people apart in the
 * temporary file, and go with it.  One thread.
 */

#ifndef SOCIAL_TOOL_IMPORT_H_INCLUDED
#define SOCIAL_TOOL_IMPORT_H_INCLUDED


#include <stdio.h>

#include "social_out.h"
#include "social_store.h"
#include "social_tool.h"
#include "social_tool_source.h"


#define SOCIAL_TOOL_FIELD   (4 << 20)   /* bytes of a field that are read */
#define SOCIAL_TOOL_TEXT_BYTES  65536   /* of a text that are kept */
#define SOCIAL_TOOL_COMMIT   20000       /* comments in a transaction */
#define SOCIAL_TOOL_SOURCE  200         /* bytes of a source's name */


/* social_tool_import_report.c: what became of comments, by reason */

typedef struct social_tool_report_s  social_tool_report_t;

social_tool_report_t *social_tool_report_create(void);
void social_tool_report_destroy(social_tool_report_t *report);

/* counts; and, unless nobody needs to look, notes where.  line 0, id len 0:
 * unknown.  name: behind a reason that ends with ": ", or NULL */
void social_tool_report_add(social_tool_report_t *report, const char *reason,
    const char *name, social_str_t id, int64_t line);

/* counts n more without a note */
void social_tool_report_count(social_tool_report_t *report, const char *reason,
    int64_t n);

/* comments were left out that are neither spam nor deleted */
int social_tool_report_is_partial(const social_tool_report_t *report);

/* the counts, for people */
void social_tool_report_print(const social_tool_report_t *report, FILE *out);

/* everything, as JSON; DECLINED: errno says why not */
int social_tool_report_write(social_tool_report_t *report, const char *path);


/* social_tool_import_plan.c */

typedef struct social_tool_plan_s  social_tool_plan_t;


/* where comments stand; a thread may come behind its comments */

typedef struct {
    social_str_t  id;           /* of its file */
    social_str_t  url;          /* or a path; len 0: it has none */
    social_str_t  title;
    unsigned      deleted:1;
    unsigned      hidden:1;     /* not for everybody */
} social_tool_thread_t;


/* strings are bytes as the file has them, but UTF-8 may be wrong */

typedef struct {
    social_str_t  id, parent;   /* parent len 0: none */
    social_str_t  thread;       /* id of a thread */
    social_str_t  user;         /* who it is, in this file; len 0: nobody */
    social_str_t  login;        /* another name of his, for --author */
    social_str_t  name, website, text;
    int64_t       created;      /* 0 or less: unknown */
    int64_t       edited;       /* 0 or less: never */
    int64_t       line;         /* 0: unknown */
    unsigned      html:1;       /* the text is HTML */
    unsigned      plain:1;      /* the text is plain */
    unsigned      maybe_html:1; /* Markdown, or HTML of an importer */
    unsigned      author:1;
    unsigned      held:1;
    unsigned      spam:1;
    unsigned      deleted:1;
    unsigned      local:1;      /* the time has no zone */
} social_tool_comment_t;


/* somebody of whom comments have only the id */

typedef struct {
    social_str_t  user, name, website;
    unsigned      author:1;
} social_tool_user_t;


typedef struct {
    const char   *store, *origin, *slash, *source, *report;
    const char  **map, **author;            /* lists */
    size_t        nmap, nauthor;
    unsigned      with_spam:1;
    unsigned      dry_run:1;
} social_tool_import_options_t;


/* NULL after a message */
social_tool_plan_t *social_tool_plan_create(
    const social_tool_import_options_t *options, social_tool_report_t *report);
void social_tool_plan_destroy(social_tool_plan_t *plan);

void social_tool_plan_thread(social_tool_plan_t *plan,
    const social_tool_thread_t *thread);
void social_tool_plan_comment(social_tool_plan_t *plan,
    const social_tool_comment_t *comment);
void social_tool_plan_person(social_tool_plan_t *plan,
    const social_tool_user_t *person);

/* where a comment came from before it was in this file */
void social_tool_plan_origin(social_tool_plan_t *plan, social_str_t comment,
    social_str_t source, social_str_t id);

/* the site, as the file has it: the first one counts */
void social_tool_plan_site(social_tool_plan_t *plan, social_str_t site);

/* a comment that is none, or cannot be one */
void social_tool_plan_leave_out(social_tool_plan_t *plan, const char *reason,
    const char *name, social_str_t id, int64_t line);

/* SOCIAL_ERROR: the temporary file failed, or memory; after a message */
int social_tool_plan_failed(social_tool_plan_t *plan);


/* the readers.  DONE, or INPUT after a message with the line */

typedef social_tool_exit_e (*social_tool_reader_pt)(social_tool_plan_t *plan,
    const char *path);

social_tool_exit_e social_tool_read_disqus(social_tool_plan_t *plan,
    const char *path);
social_tool_exit_e social_tool_read_wordpress(social_tool_plan_t *plan,
    const char *path);
social_tool_exit_e social_tool_read_isso(social_tool_plan_t *plan,
    const char *path);
social_tool_exit_e social_tool_read_remark42(social_tool_plan_t *plan,
    const char *path);
social_tool_exit_e social_tool_read_commento(social_tool_plan_t *plan,
    const char *path);
social_tool_exit_e social_tool_read_jsonl(social_tool_plan_t *plan,
    const char *path);


/* social_tool_import_jsonl.c: the lines of an export into an empty store.
 * *used: the store holds something, nothing was done */
social_tool_exit_e social_tool_restore(social_store_t *store,
    const char *path, int *used);

/* social_tool_import_run.c: what happens after reading; format names the
 * source, unless an option does */
social_tool_exit_e social_tool_plan_run(social_tool_plan_t *plan,
    const char *format);


/* social_tool_import_field.c: fields as they are kept.  out is made by the
 * caller; each returns 1 if something had to be changed */

/* bad UTF-8 becomes U+FFFD, control characters but tab and newline spaces;
 * *controls: there were some */
void social_tool_field_clean(social_out_t *out, social_str_t text,
    int *controls);

/* a name: one line of at most 60 characters; *cut: there were more */
void social_tool_field_name(social_out_t *out, social_str_t name,
    int *controls, int *cut);

/* DECLINED: it cannot be a website */
int social_tool_field_website(social_out_t *out, social_str_t website);


#endif /* SOCIAL_TOOL_IMPORT_H_INCLUDED */
