
/*
 * The store: comments, counts and what is known of articles, on disk.
 *
 * A social_store_t is one connection.  It belongs to one thread at a time and
 * must never be carried across fork().  Every call may block: pool threads
 * only, and the event loop at exit.  No nginx here.
 *
 * Calls return SOCIAL_OK or SOCIAL_ERROR with `err` filled; what one write
 * of a batch came to stands in its own `status`.
 */

#ifndef SOCIAL_STORE_H_INCLUDED
#define SOCIAL_STORE_H_INCLUDED


#include "social.h"
#include "social_comment_list.h"
#include "social_count.h"
#include "social_period.h"


typedef struct social_store_s  social_store_t;


typedef enum {
    SOCIAL_STORE_AWAY = 1,      /* cannot open, I/O error, full, locked */
    SOCIAL_STORE_CORRUPT,       /* not a database, malformed */
    SOCIAL_STORE_NEWER,         /* written by a newer version of us */
    SOCIAL_STORE_MEMORY         /* none was left: nothing is said of it */
} social_store_fault_e;


typedef struct {
    social_store_fault_e  fault;
    char                  op[32];           /* "open", "commit", ... */
    char                  message[192];     /* for the log, one line */
} social_store_error_t;


/*
 * url is "sqlite:PATH".  A writer creates the file (0600) and brings its
 * schema up to date; a reader opens what is there.
 */
social_store_t *social_store_open(const char *url, int writer,
    social_store_error_t *err);
void social_store_close(social_store_t *store);

/* is the open file still the one at its path? SOCIAL_DECLINED: no, reopen */
int social_store_verify(social_store_t *store);

/* the site's secret, made by the first writer */
int social_store_secret(social_store_t *store, unsigned char secret[32],
    social_store_error_t *err);


/* writing: a batch is one transaction, durable (fsync) when it returns */

typedef enum {
    SOCIAL_WRITE_COMMENT = 1,   /* a new comment, a reader's or an author's */
    SOCIAL_WRITE_EDIT,          /* own comment, or the moderator's edit */
    SOCIAL_WRITE_DELETE,        /* own comment */
    SOCIAL_WRITE_REPORT,        /* a reader's notice to the moderator */
    SOCIAL_WRITE_MODERATE,      /* `action` on `id` */
    SOCIAL_WRITE_ERASE,         /* all comments of `commenter` */
    SOCIAL_WRITE_ARTICLE        /* what a page says of itself */
} social_write_e;


typedef enum {
    SOCIAL_ACT_APPROVE = 1,
    SOCIAL_ACT_HOLD,
    SOCIAL_ACT_SPAM,
    SOCIAL_ACT_DELETE,
    SOCIAL_ACT_RESTORE,
    SOCIAL_ACT_BAN,             /* spam, and hold what the person posts */
    SOCIAL_ACT_DONE             /* no reply needed */
} social_act_e;


typedef enum {
    SOCIAL_WROTE = 0,
    SOCIAL_WROTE_NOTHING,       /* it was so already */
    SOCIAL_NO_ARTICLE,
    SOCIAL_NO_PARENT,           /* none, not approved, of another article */
    SOCIAL_NO_COMMENT,
    SOCIAL_NOT_OWN,
    SOCIAL_TOO_LATE,            /* the window for own edits is over */
    SOCIAL_LOST                 /* the batch failed: nothing is stored */
} social_wrote_e;


/* strings are borrowed until the call returns; missing ones have len 0 */

typedef struct {
    social_write_e   type;
    social_str_t     key;           /* COMMENT, ARTICLE */
    unsigned         known:1;       /* this server has answered key with 200;
                                     * otherwise the store must know it */
    unsigned         first:1;       /* COMMENT: hold unless the commenter has
                                     * an approved comment */
    unsigned         author:1;      /* COMMENT, EDIT: by the author */
    int64_t          id;            /* the comment to act on */
    int64_t          parent;        /* COMMENT; 0: top level */
    social_str_t     name, website, text;
    social_state_e   state;         /* COMMENT: wanted state */
    social_str_t     reason;        /* COMMENT: why held */
    unsigned char    commenter[SOCIAL_COMMENTER_LEN];
    unsigned         returning:1;   /* the commenter id came with a cookie */
    uint64_t         weak;          /* daily hash of name and visitor */
    char             source[16];    /* first touch of the day */
    int64_t          now;           /* unix seconds */
    int64_t          window;        /* EDIT, DELETE: seconds since created */
    social_act_e     action;        /* MODERATE */
    social_str_t     title, url;    /* ARTICLE */
    int64_t          published;     /* ARTICLE, 0: unknown */

    /* what came of it */
    social_wrote_e   status;
    int64_t          wrote_id;      /* the comment */
    social_state_e   wrote_state;   /* its state now */
    social_role_e    wrote_role;
    int64_t          wrote_parent;
    char             wrote_key[SOCIAL_KEY_MAX + 1];  /* its article */
    unsigned         visible:1;     /* readers see a difference */
} social_write_t;


int social_store_write(social_store_t *store, social_write_t **writes,
    size_t n, social_store_error_t *err);


/* a cumulative counter of one life of a zone's slot */

typedef struct {
    char             key[SOCIAL_KEY_MAX + 1];   /* "": the site */
    uint64_t         life;
    uint16_t         kind;                      /* social_count_e */
    char             label[SOCIAL_LABEL_MAX];
    uint64_t         value;                     /* only grows */
} social_saved_t;


/*
 * Adds max(0, value - watermark) to the totals of the hour of `now` and
 * raises the watermark of (generation, life, kind, label), in one
 * transaction: repeating, overtaking and dying at any point change nothing.
 */
int social_store_save(social_store_t *store, uint64_t generation, int64_t now,
    const social_saved_t *saved, size_t n, social_store_error_t *err);


/* reading: each fills a list that the caller frees */

/*
 * A page of a thread: the newest `limit` approved comments are page 1, the
 * ones before them page 2; oldest first within a page.  Deleted ones that
 * have approved replies come too, without name and text.
 */
int social_store_thread(social_store_t *store, social_str_t key,
    uint32_t page, uint32_t limit, social_comments_t *list,
    social_store_error_t *err);

/* approved comments with an id beyond `after`, oldest first */
int social_store_after(social_store_t *store, social_str_t key, int64_t after,
    uint32_t limit, social_comments_t *list, social_store_error_t *err);

/* one comment in any state; list->n is 0 or 1 */
int social_store_comment(social_store_t *store, int64_t id,
    social_comments_t *list, social_store_error_t *err);


/* own comments, oldest first */
int social_store_mine(social_store_t *store,
    const unsigned char commenter[SOCIAL_COMMENTER_LEN], uint32_t limit,
    social_comments_t *list, social_store_error_t *err);

/*
 * For the moderator: state 0 is all; q is searched in name and text, key
 * restricts to an article.  Newest first; with state 0 held ones come first.
 */
typedef struct {
    int              state;
    social_str_t     q, key;
    uint32_t         limit, offset;
} social_queue_t;

int social_store_queue(social_store_t *store, const social_queue_t *queue,
    social_comments_t *list, social_store_error_t *err);

/* every article that has comments: called with its key and their number */
typedef void (*social_store_key_pt)(void *data, social_str_t key,
    int64_t comments);

int social_store_keys(social_store_t *store, social_store_key_pt handler,
    void *data, social_store_error_t *err);

/*
 * Counters of the hours that begin in [from, to), every known article, and
 * all approved messages.
 */
int social_store_figures(social_store_t *store, int64_t from, int64_t to,
    social_period_t *figures, social_store_error_t *err);

/*
 * Articles whose visible comments changed at `since` or later, with the
 * number of their approved comments: what an ERASE touched, what another
 * process wrote.
 */
int social_store_changed(social_store_t *store, int64_t since,
    social_store_key_pt handler, void *data, social_store_error_t *err);


/*
 * Fine print of the calls above.
 *
 * COMMENT   An author's reply to a held comment approves that comment, too.
 *           A banned commenter's is held with reason "banned", a first one
 *           with "first comment".
 * EDIT      Empty name, website and text stay as they are.  A reader's edit
 *           with state SOCIAL_HELD holds the comment, with `reason`.
 * DELETE    and ERASE wipe name, website, text and commenter at once, also
 *           from the write-ahead log.
 * REPORT    Approved comments only.
 * MODERATE  DELETE keeps the text, RESTORE brings a deleted or spam comment
 *           back into the state it had before.  APPROVE settles reports.
 *           Approving or restoring the comment that brought a BAN lifts it.
 * ERASE     wrote_key is only one of the articles: see social_store_changed().
 *
 * A write that only its own values made fail (too big) is SOCIAL_LOST, though
 * the others of its batch are stored and the call returns SOCIAL_OK.
 *
 * thread() lists any parent that is not approved as deleted.  comment() and
 * queue() fill `answered`, the others do not.  queue() with state 0 puts
 * reported ones behind held ones; erased ones are in no queue.
 */


#endif /* SOCIAL_STORE_H_INCLUDED */
