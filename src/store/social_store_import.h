
/*
 * What only the program ngx-social does with a store: takes comments in from
 * elsewhere, writes everything out and reads it again, and looks for damage.
 * A part of social_store.h, which includes it.
 */

#ifndef SOCIAL_STORE_IMPORT_H_INCLUDED
#define SOCIAL_STORE_IMPORT_H_INCLUDED


/*
 * A comment from elsewhere.  Strings belong to the caller and must live until
 * the call returns; missing ones have len 0.  It raises no counts and no
 * notices, and waits for no answer.
 */

typedef struct {
    social_str_t     source, id;    /* the name by which it is known again */
    social_str_t     parent;        /* len 0: on top */
    social_str_t     parent_source; /* that it has an id of */
    social_str_t     key, title;    /* of the article, which is added; a title
                                     * that is known stays */
    social_str_t     name, website, text;
    social_format_e  format;
    social_state_e   state;         /* DELETED: nothing of it is kept but its
                                     * place */
    int64_t          created, edited;
    unsigned         author:1;
    unsigned char    commenter[SOCIAL_COMMENTER_LEN];   /* all zero: none */
    int64_t          person;        /* if there is no commenter */

    /* results */
    int64_t          comment;       /* its id here */
    unsigned         added:1;       /* 0: it was here already, or still is gone,
                                     * and was left as it is */
} social_import_t;

/* Adds what is not there, in one transaction.  A parent must come before its
 * replies, in this call or an earlier one; one that is in another thread, or
 * gone, is none. */
int social_store_import(social_store_t *store, social_import_t *items,
    size_t n, int64_t now, social_store_error_t *err);

/* the comment that came from there, and its writer; DECLINED: none did */
int social_store_origin(social_store_t *store, social_str_t source,
    social_str_t id, int64_t *comment,
    unsigned char commenter[SOCIAL_COMMENTER_LEN], social_store_error_t *err);

/* what the store knows of a key: 0 nothing, 1 the article, 2 that its thread
 * moved; -1: an error */
int social_store_knows(social_store_t *store, social_str_t key,
    social_store_error_t *err);

/* Removes comments that came from a source and what is known of where they
 * came from, at most `limit` of them; AGAIN: there are more.  One with an
 * answer that did not come from there becomes a deleted one.  *n grows by their
 * number. */
int social_store_take_back(social_store_t *store, social_str_t source,
    uint32_t limit, int64_t now, int64_t *n, social_store_error_t *err);


/*
 * Everything as lines of JSON, from one moment: see docs/import.md.  What is
 * not in it has its reason in social_store_sqlite_dump.c.  A line has its
 * newline.
 */

#define SOCIAL_DUMP_SECRET  1       /* with the secret and the identity */

int social_store_dump(social_store_t *store, unsigned flags,
    social_store_line_pt handler, void *data, social_store_error_t *err);

/*
 * Reads such lines, in the order in which they were written, into a store that
 * holds nothing: one transaction from begin() to end().  begin(): DECLINED, it
 * holds something.  line(): `number` is the caller's, of a line that must be
 * JSON.  end(): keep 0 forgets all lines.  `fresh`: the store gets an identity
 * of its own.
 *
 * line() and end(): DECLINED, a line cannot be stored, err says why and has its
 * number.  That may be an earlier one: a store may write several at a time.
 * ERROR: nothing is written.  end(): AGAIN, whether all is written or nothing
 * is not known: the answer was lost, and the store could not be asked since.
 */
int social_store_restore_begin(social_store_t *store,
    social_store_error_t *err);
int social_store_restore_line(social_store_t *store, social_str_t type,
    social_str_t line, int64_t number, social_store_error_t *err);
int social_store_restore_end(social_store_t *store, int keep, int fresh,
    int64_t now, social_store_error_t *err);

/* 1 if restore_line() knows lines of this type */
int social_store_restores(social_str_t type);


/* Looks for damage, and changes nothing.  Calls handler for each thing that was
 * looked at, with how often it is wrong; detail: the first, or "". */

typedef void (*social_store_check_pt)(void *data, const char *what, int64_t n,
    const char *detail);

int social_store_check(social_store_t *store, social_store_check_pt handler,
    void *data, social_store_error_t *err);


#endif /* SOCIAL_STORE_IMPORT_H_INCLUDED */
