
/*
 * Comments as the store returns them.
 */

#ifndef SOCIAL_COMMENT_LIST_H_INCLUDED
#define SOCIAL_COMMENT_LIST_H_INCLUDED


#include "social.h"
#include "social_period.h"


#define SOCIAL_COMMENTER_LEN  16    /* bytes of a stored commenter id */


/* how a text is read; the numbers are in stores */

typedef enum {
    SOCIAL_PLAIN = 0,               /* as typed: comments of older versions */
    SOCIAL_MARKDOWN = 1
} social_format_e;


/* which end of a long thread, or of one's own comments, is on page 1 */

typedef enum {
    SOCIAL_NEWEST = 0,
    SOCIAL_OLDEST
} social_order_e;


typedef struct {
    int64_t        id;
    int64_t        parent;      /* 0: top-level comment */
    char          *key;         /* key of the article */
    char          *title;       /* title of the article, "" if unknown */
    char          *name;        /* UTF-8 with a NUL, never NULL */
    char          *website;     /* "" if none */
    char          *text;        /* as typed, newlines are LF */
    char          *reason;      /* why it is held, "" if it is not held */
    char          *parent_name; /* "" if none */
    char          *parent_text; /* its beginning, for the moderator; or NULL */
    char          *origin;      /* "FORMAT:ID", what it was imported from, and
                                 * its id there, bytes of a file; of a thread()
                                 * only; "" or NULL: none */
    int64_t        created;     /* unix seconds */
    int64_t        edited;      /* 0: never */
    unsigned char  commenter[SOCIAL_COMMENTER_LEN]; /* all zero: none */
    uint8_t        state;       /* social_state_e */
    uint8_t        role;        /* social_role_e */
    uint8_t        done;        /* marked "no reply needed" */
    uint8_t        answered;    /* the author has replied below it */
    uint8_t        format;      /* social_format_e, of the text */
    uint8_t        waits;       /* moderator: neither answered nor done, */
    uint8_t        fresh;       /* moderator: came since one looked, */
    uint8_t        rewritten;   /* or was changed by its writer */
    uint32_t       reports;     /* number of readers' reports */
    uint32_t       page;        /* of its thread, 0: unknown; the store does
                                 * not set it */
} social_comment_t;


typedef struct {
    social_comment_t  *items;
    size_t             n;
    int64_t            total;   /* all comments that match, on all pages */
    int64_t            changed; /* time of the last visible change */
    int64_t            change;  /* its number, if it is the list of one
                                 * article */
    int64_t            next;    /* id to continue after, 0: no more comments */
    int64_t            likes;   /* of the article, if it is the list of one */
    int64_t            likes_changes;   /* grows with each change of likes */
    int64_t            held;    /* of the site, for the moderator, */
    int64_t            waiting; /* those that need an answer, */
    int64_t            unseen;  /* and what came or changed since one looked */
    int64_t            looked;  /* when that was, 0: never */
    int64_t            newest;  /* id of the site's newest comment */
    int64_t            revision;    /* grows with each change of a text */
    char              *moved_key;   /* where the thread moved to, or NULL */
    char              *moved_title;
} social_comments_t;


/* frees the strings and the array and zero-fills the structure */
void social_comments_free(social_comments_t *list);


#endif /* SOCIAL_COMMENT_LIST_H_INCLUDED */
