
/*
 * A notice: what a receiver of the owner's is told of a comment, as a JSON
 * document, and what its HTTP answer says.  Pure; any thread.
 */

#ifndef SOCIAL_NOTICE_H_INCLUDED
#define SOCIAL_NOTICE_H_INCLUDED


#include "social_comment_list.h"
#include "social_out.h"


#define SOCIAL_NOTICE_MAX   131072      /* bytes of a document */
#define SOCIAL_NOTICE_ID    44          /* bytes of its id, with the NUL */
#define SOCIAL_NOTICE_HEAD  16384       /* bytes of an answer's header */


typedef enum {
    SOCIAL_NOTICE_COMMENT = 1,          /* the numbers are in stores */
    SOCIAL_NOTICE_HELD = 2,
    SOCIAL_NOTICE_REPORT = 3
} social_notice_e;


typedef struct {
    int64_t                  id;
    int64_t                  created;   /* unix seconds */
    social_notice_e          kind;
    const social_comment_t  *comment;
    const char              *site;
    const char              *origin;    /* "https://host", or "": links are
                                         * paths then */
    const char              *base;      /* its path, or "" */
    const char              *moderate;  /* path of the moderation, or "" */
    unsigned                 text:1;    /* held comments' text, too */
} social_notice_t;


/* the same for each try, and for no other notice of the site */
void social_notice_id(const social_notice_t *notice,
    char id[SOCIAL_NOTICE_ID]);

/*
 * {"text","id","event","site","time","article":{...},"comment":{...},
 * "moderate"}, as docs/comments.md has it.  `text` is for people: what chat
 * systems act on, such as "<!channel>" or "@all", is replaced in it.  Fails
 * through out.
 */
void social_notice_doc(const social_notice_t *notice, social_out_t *out);


/* an answer while it is read; begins zero-filled */

typedef struct {
    unsigned char  line[256];           /* what does not fit is left out */
    size_t         n;                   /* bytes of the line so far */
    size_t         total;
    unsigned       interim;             /* answers of the class 1xx */
    int            status;              /* 0: not known yet */
    int64_t        retry;               /* Retry-After in seconds, or 0 */
} social_answer_t;


/*
 * Reads on.  AGAIN: the header goes on; OK: it is complete; DECLINED: it is no
 * answer of HTTP/1.x, or its header is too long.  What follows the header is
 * not looked at.
 */
int social_answer_read(social_answer_t *answer, const unsigned char *data,
    size_t len);


#endif /* SOCIAL_NOTICE_H_INCLUDED */
