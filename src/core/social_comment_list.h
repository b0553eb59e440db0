
/*
 * Comments as the store hands them out.
 */

#ifndef SOCIAL_COMMENT_LIST_H_INCLUDED
#define SOCIAL_COMMENT_LIST_H_INCLUDED


#include "social.h"
#include "social_period.h"


#define SOCIAL_COMMENTER_LEN  16    /* bytes of a stored commenter id */


typedef struct {
    int64_t         id;
    int64_t         parent;         /* 0: top level */
    char           *key;            /* of the article */
    char           *title;          /* of the article, "" if unknown */
    char           *name;           /* UTF-8, NUL-terminated, never NULL */
    char           *website;        /* "" if none */
    char           *text;           /* as typed, line ends are \n */
    char           *reason;         /* why it is held, "" if it is not */
    char           *parent_name;    /* "" if none */
    int64_t         created;        /* unix seconds */
    int64_t         edited;         /* 0: never */
    unsigned char   commenter[SOCIAL_COMMENTER_LEN];  /* zeros: none */
    uint8_t         state;          /* social_state_e */
    uint8_t         role;           /* social_role_e */
    uint8_t         done;           /* moderator: needs no reply */
    uint8_t         answered;       /* an author's comment is below it */
    uint32_t        reports;        /* by readers */
} social_comment_t;


typedef struct {
    social_comment_t  *items;
    size_t             n;
    int64_t            total;       /* all that match, on any page */
    int64_t            changed;     /* last visible change, unix seconds */
    int64_t            next;        /* id to continue after, 0: no more */
} social_comments_t;


/* frees the strings and the array, zero-fills the structure */
void social_comments_free(social_comments_t *list);


#endif /* SOCIAL_COMMENT_LIST_H_INCLUDED */
