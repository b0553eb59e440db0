
/*
 * The store: comments, counters and what is known about articles, for ever.
 *
 * A social_store_t is one connection.  One thread at a time may use it, and it
 * must never be used after fork().  Every call may block: pool threads only,
 * and the event loop at exit.  Must not use nginx.
 *
 * Calls return SOCIAL_OK, or SOCIAL_ERROR with `err` filled.  What became of
 * each write of a batch is in its own `status`.
 */

#ifndef SOCIAL_STORE_H_INCLUDED
#define SOCIAL_STORE_H_INCLUDED


#include "social.h"
#include "social_comment_list.h"
#include "social_count.h"
#include "social_notice.h"
#include "social_period.h"


typedef struct social_store_s  social_store_t;


typedef enum {
    SOCIAL_STORE_AWAY = 1,      /* cannot open, I/O error, disk full, locked */
    SOCIAL_STORE_CORRUPT,       /* not a database, malformed */
    SOCIAL_STORE_NEWER,         /* this version may not write to it any more */
    SOCIAL_STORE_MEMORY  /* out of memory: says nothing about the store */
} social_store_fault_e;


typedef struct {
    social_store_fault_e  fault;
    char                  op[32];  /* operation: "open", "commit", ... */
    char                  message[192];     /* one line for the log */
    int64_t               line;     /* that restore_line() refused */
} social_store_error_t;


/*
 * url is "sqlite:PATH", a file (0600), or "postgresql://..." with the parameter
 * "schema=NAME", a schema of a database.  A writer creates it, and updates the
 * tables in it; a reader opens what is there.
 */
social_store_t *social_store_open(const char *url, int writer,
    social_store_error_t *err);
void social_store_close(social_store_t *store);

/* the process ends, and its event loop waits for the store: from now on no
 * name is looked up, and no answer is waited for longer than a second */
void social_store_leave(void);

/* before each use.  SOCIAL_DECLINED: what the URL leads to is no longer the
 * store that was opened, reopen it */
int social_store_verify(social_store_t *store);

/* the site's secret, which the first writer makes */
int social_store_secret(social_store_t *store, unsigned char secret[32],
    social_store_error_t *err);


/* what tells this store from another one, also from an older copy of it whose
 * changes have gone another way since: letters, digits and points */
#define SOCIAL_STORE_IDENTITY  96

int social_store_identity(social_store_t *store,
    char identity[SOCIAL_STORE_IDENTITY], social_store_error_t *err);

/* how often all authors were signed out: a part of the author cookie's MAC */
int social_store_signout(social_store_t *store, int64_t *signout,
    social_store_error_t *err);


/* Writing.  A batch is one transaction and is durable (fsync) on return. */

typedef enum {
    SOCIAL_WRITE_COMMENT = 1,   /* a new comment, a reader's or an author's */
    SOCIAL_WRITE_EDIT,          /* by the commenter, or by the moderator */
    SOCIAL_WRITE_DELETE,        /* by the commenter */
    SOCIAL_WRITE_REPORT,        /* a reader reports to the moderator */
    SOCIAL_WRITE_MODERATE,      /* `action` on `id` */
    SOCIAL_WRITE_ERASE,         /* all comments of `commenter` */
    SOCIAL_WRITE_ARTICLE,       /* what a page says about itself */
    SOCIAL_WRITE_LIKE,          /* a like; the next one takes it back */
    SOCIAL_WRITE_SIGNOUT,       /* ends all author cookies */
    SOCIAL_WRITE_FEED,          /* the address of `commenter`'s feed */
    SOCIAL_WRITE_MOVE,          /* a thread to another article, or back */
    SOCIAL_WRITE_LOOK           /* `who` has seen all up to `id`, `revision` */
} social_write_e;


typedef enum {
    SOCIAL_ACT_APPROVE = 1,
    SOCIAL_ACT_HOLD,
    SOCIAL_ACT_SPAM,
    SOCIAL_ACT_DELETE,
    SOCIAL_ACT_RESTORE,
    SOCIAL_ACT_BAN,             /* spam, and hold all that the person posts */
    SOCIAL_ACT_DONE,            /* mark "no reply needed" */
    SOCIAL_ACT_ERASE,           /* wipe it, as its writer's own DELETE does */
    SOCIAL_ACT_UNDO             /* as it was before the action `undoes` */
} social_act_e;


typedef enum {
    SOCIAL_WROTE = 0,
    SOCIAL_WROTE_NOTHING,       /* nothing to change */
    SOCIAL_NO_ARTICLE,
    SOCIAL_NO_PARENT,  /* missing, not approved, or of another article */
    SOCIAL_NO_COMMENT,
    SOCIAL_NOT_OWN,
    SOCIAL_TOO_LATE,            /* own edits are no longer allowed */
    SOCIAL_CHANGED,             /* not the text that the moderator saw */
    SOCIAL_CLOSED,              /* the article is too old for comments */
    SOCIAL_NAME_AUTHOR,         /* a reader's name looks like an author's */
    SOCIAL_NO_TARGET,           /* MOVE: the article `to` is not known */
    SOCIAL_SAME_TARGET,         /* MOVE: the thread is there already */
    SOCIAL_TOO_MANY,            /* MOVE: more than SOCIAL_STORE_MOVE comments */
    SOCIAL_LOST  /* not stored: the batch or this write failed */
} social_wrote_e;


#define SOCIAL_STORE_FEED  22       /* characters of a feed's address */


/* strings belong to the caller and must live until the call returns; missing
 * ones have len 0 */

typedef struct social_write_s  social_write_t;

struct social_write_s {
    social_write_e   type;
    social_str_t     key;           /* COMMENT, ARTICLE, LIKE */
    unsigned         known:1;       /* this server has answered key with 200;
                                     * otherwise the store must know it */
    unsigned         first:1;       /* COMMENT: hold unless the commenter has
                                     * an approved comment; EDIT: unless
                                     * another one is approved */
    unsigned         moderator:1;   /* COMMENT: by the author in moderation,
                                     * who may approve `parent` */
    unsigned         author:1;      /* COMMENT, EDIT: by the author */
    unsigned         all:1;         /* COMMENT, EDIT: held only because all
                                     * are: the filter may say more */
    int64_t          id;            /* the comment to act on */
    int64_t          parent;        /* COMMENT; 0: top-level comment */
    social_str_t     name, website, text;
    social_format_e  format;        /* COMMENT, EDIT: of the text */
    social_str_t     reserved;      /* COMMENT: a name of the author, or none */
    social_state_e   state;         /* COMMENT: state to store it in */
    social_str_t     reason;        /* COMMENT: why held */
    unsigned char    commenter[SOCIAL_COMMENTER_LEN];   /* LIKE: if known */
    unsigned         returning:1;   /* the commenter id came with a cookie */
    uint64_t         weak;          /* daily hash of name and visitor, */
    uint64_t         visitor;       /* and of the visitor alone */
    char             source[16];    /* first source of that day */
    int64_t          now;           /* unix seconds */
    int64_t          close;         /* COMMENT: seconds since the article was
                                     * published, or first seen; 0: never */
    int64_t          window;        /* EDIT, DELETE: seconds since created */
    social_act_e     action;        /* MODERATE: on comment `id` */
    int64_t          revision;      /* of the list that the moderator saw, 0:
                                     * unknown; SIGNOUT: result, the new
                                     * number of sign-outs */
    social_str_t     who;           /* the moderator, for the log; len 0: it
                                     * is not logged */
    social_write_t  *leader;        /* the first write of the same request, or
                                     * NULL: they are one action of the log */
    int64_t          undoes;        /* UNDO: the action of the log */
    social_str_t     to;            /* MOVE: key of the other article */
    social_str_t     title, url;    /* ARTICLE */
    int64_t          published;     /* ARTICLE, 0: unknown */
    uint64_t         reader;        /* LIKE: hash of reader and article */
    int64_t          day;           /* LIKE: of the salt in that hash, in days
                                     * since 1970 */
    unsigned         active:1;      /* LIKE, COMMENT: counted as active today,
                                     * because of a share or a like */
    unsigned         shared:1;      /* LIKE: has shared the article today */
    unsigned         notify:1;      /* COMMENT, EDIT, REPORT: queue a notice */
    unsigned         renew:1;       /* FEED: replace an address that exists */
    uint64_t         number;        /* FEED: what mac was made of, and */
    social_str_t     mac;           /* with the commenter, the new address */

    /* results */
    social_wrote_e   status;
    int64_t          wrote_id;      /* id of the comment */
    social_state_e   wrote_state;   /* its new state */
    social_role_e    wrote_role;
    int64_t          wrote_parent;
    char             wrote_key[SOCIAL_KEY_MAX + 1];  /* key of its article */
    unsigned         visible:1;     /* readers will see a change */
    int64_t          since;         /* ERASE: the change before, for
                                     * social_store_changed() */
    int64_t          comments;      /* if it is visible: approved ones of that
                                     * article now, */
    int64_t          change;        /* and number of the change */
    int64_t          likes;         /* LIKE: the article's number now */
    int64_t          likes_changes; /* grows with each change of it */
    unsigned         liked:1;       /* LIKE: 0: it was taken back */
    unsigned         inactive:1;    /* LIKE: ... and with it, what made the
                                     * reader an active one */
    unsigned         repeated:1;    /* COMMENT: the results are those of the
                                     * same comment, sent before */
    char             wrote_feed[SOCIAL_STORE_FEED + 1]; /* FEED: the address */
    int64_t          wrote_act;     /* the action in the log, 0: none */
    unsigned         added_act:1;   /* this write began it */
    char             wrote_from[SOCIAL_KEY_MAX + 1];    /* MOVE: key that the
                                     * thread had; wrote_key: has now */
    int64_t          left;          /* MOVE: approved ones shown for
                                     * wrote_from */
};

#define SOCIAL_STORE_MOVE  50000    /* comments that move in one write */


int social_store_write(social_store_t *store, social_write_t **writes,
    size_t n, social_store_error_t *err);

/*
 * 1 if the store's files still have text that this connection has erased or
 * replaced.  To remove it: social_store_write() with n = 0, again and again
 * until it is gone, since others may be reading.
 */
int social_store_unerased(social_store_t *store);


/* a cumulative counter; `life` tells the uses of a slot in shared memory
 * apart.  key and label belong to the caller; of a longer one, the first
 * SOCIAL_KEY_MAX and SOCIAL_LABEL_MAX - 1 bytes count */

typedef struct {
    const char      *key;                       /* "" or NULL for the site */
    const char      *label;                     /* "" or NULL for none */
    uint64_t         life;
    uint64_t         value;                     /* never shrinks */
    uint16_t         kind;                      /* social_count_e */
} social_saved_t;


/*
 * Adds value - watermark, if positive, to the totals of the hour of `now` and
 * raises the watermark of (generation, life, kind, label), in one transaction.
 * So a save may be repeated, be overtaken by another or be killed at any point
 * without counting anything twice.  Cheapest if the counters of a slot are
 * consecutive: they are looked up together.
 */
int social_store_save(social_store_t *store, uint64_t generation, int64_t now,
    const social_saved_t *saved, size_t n, social_store_error_t *err);


/*
 * Reading.  Each call fills a list that the caller frees.  A list ends at
 * `limit` comments or at STORE_BYTES of text, name and website, whichever
 * comes first, but has at least one comment; list->next tells whether there
 * are more.
 */

#define SOCIAL_STORE_BYTES  131072
#define SOCIAL_STORE_GONE   200     /* deleted comments on a thread's page */

/*
 * A page of a thread.  If it moved to another article, there is nothing in it
 * but list->moved_key, moved_title and the total.  Otherwise page 1 has the
 * newest approved comments, page 2 the ones before them; with OLDEST, page 1
 * has the oldest, page 2 the ones after them.  Within a page the oldest come
 * first.  Each approved comment is on exactly one page.  Deleted comments with
 * approved replies are included, without name
 * and text, at most SOCIAL_STORE_GONE of them.  Reads the sizes of all comments
 * up to the page.
 */
int social_store_thread(social_store_t *store, social_str_t key,
    uint32_t page, uint32_t limit, social_order_e order,
    social_comments_t *list, social_store_error_t *err);

/* approved comments with an id above `after`, in the order of ids, which is
 * that of arrival: what is imported comes last, however old; if the thread
 * moved, those of list->moved_key */
int social_store_after(social_store_t *store, social_str_t key, int64_t after,
    uint32_t limit, social_comments_t *list, social_store_error_t *err);

/* one comment in any state; list->n is 0 or 1 */
int social_store_comment(social_store_t *store, int64_t id,
    social_comments_t *list, social_store_error_t *err);


/* the comment that had this id in another system, *id 0: none has, or several
 * that came from different ones */
int social_store_imported(social_store_t *store, social_str_t origin,
    int64_t *id, social_store_error_t *err);

/* the page of its thread, as thread() numbers them, that has this approved
 * comment; 0: there is none */
int social_store_page_of(social_store_t *store, int64_t id, uint32_t limit,
    social_order_e order, uint32_t *page, social_store_error_t *err);

/* the comments of a commenter that come behind the id `after` in this order;
 * 0: from the first on.  Erased ones are nobody's */
int social_store_mine(social_store_t *store,
    const unsigned char commenter[SOCIAL_COMMENTER_LEN], int64_t after,
    uint32_t limit, social_order_e order, social_comments_t *list,
    social_store_error_t *err);

/*
 * For the moderator.  state 0: all states, held comments first; q is searched
 * in name and text; key selects an article.  Newest first.  Fills in
 * list->held, waiting, unseen, newest and revision, too.
 *
 * after: the id of the last comment that was seen, 0: begin.  In a list of all
 * states a comment's place depends on its state, which may have changed since:
 * `rank` is that comment's rank when it was seen (0 held, 1 approved and
 * reported, 2 approved and neither answered nor done, 3 all others), -1: as it
 * is now.
 *
 * person, like: ids of comments, 0: any.  Selects what the same person wrote;
 * what has the same text, or a link to a host that this one links to.
 */

#define SOCIAL_QUEUE_WAITING  5     /* states: need an answer and have none, */
#define SOCIAL_QUEUE_NEW      6     /* came or changed since `who` looked */

typedef struct {
    int              state;
    social_str_t     q, key;
    int64_t          person, like;
    social_str_t     who;       /* the moderator, of SOCIAL_WRITE_LOOK */
    uint32_t         limit;
    int64_t          after;
    int              rank;
} social_queue_t;

int social_store_queue(social_store_t *store, const social_queue_t *queue,
    social_comments_t *list, social_store_error_t *err);


/* What moderators did, newest first.  Strings are valid during the call. */

typedef struct {
    int64_t          id, at;
    int64_t          undone;        /* the action that took it back, 0: none */
    int64_t          undoes;
    const char      *who, *action;
    const char      *ids;           /* of at most SOCIAL_STORE_LOGGED comments,
                                     * numbers, separated by commas */
    int64_t          n;             /* of all its comments */
    const char      *name;          /* writer of the first comment, or "" */
    const char      *key, *title;   /* its article; MOVE: that it moved to */
    const char      *from;          /* MOVE: key that the thread had, or "" */
    int              state;         /* state that comments got */
} social_logged_t;

typedef void (*social_store_log_pt)(void *data, const social_logged_t *act);

#define SOCIAL_STORE_LOGGED  100

/* actions below `before`, 0: from the newest on, at most `limit` */
int social_store_log(social_store_t *store, int64_t before, uint32_t limit,
    social_store_log_pt handler, void *data, social_store_error_t *err);

/* one action; id 0: the last one of `who` that was neither taken back nor takes
 * another back, whose comments are in the log */
int social_store_logged(social_store_t *store, int64_t id, social_str_t who,
    social_store_log_pt handler, void *data, social_store_error_t *err);

/* 1 if an action of that name can be taken back */
int social_store_can_undo(const char *action);


/*
 * Everything but the secret, counters and the log, as lines of JSON: a header,
 * articles, comments with their bans.  Calls handler for lines from *next on,
 * until they have `bytes` bytes or a little more; *next is then where to go
 * on, or "" if that was all.  A line has its newline.
 */

#define SOCIAL_STORE_NEXT  32

typedef void (*social_store_line_pt)(void *data, const char *line,
    size_t len);

int social_store_export(social_store_t *store, char next[SOCIAL_STORE_NEXT],
    size_t bytes, social_store_line_pt handler, void *data,
    social_store_error_t *err);


/* the numbers of an article that are shown to readers */
typedef struct {
    int64_t          comments;      /* approved ones */
    unsigned         moved:1;       /* its thread is that of another article,
                                     * whose comments these are */
    int64_t          likes;
    int64_t          likes_changes; /* grows with each change of likes */
    int64_t          change;        /* number of the last change of all this */
} social_numbers_t;


/* calls handler for every article that has comments, likes or a thread that
 * moved; *change: the number of the last change that is in it */
typedef void (*social_store_key_pt)(void *data, social_str_t key,
    const social_numbers_t *numbers);

int social_store_keys(social_store_t *store, int64_t *change,
    social_store_key_pt handler, void *data, social_store_error_t *err);

/*
 * The counters of [from, to), every known article, and all approved messages.
 * Counters are kept in spans of 5 minutes for two days, of hours for 30 days,
 * and of days: a bound that is inside of a span that is all that is left is
 * moved to the span's start.
 */
int social_store_figures(social_store_t *store, int64_t from, int64_t to,
    social_period_t *figures, social_store_error_t *err);

/* the sums of the site in [from, to), with labels: cheap.  from 0 and to
 * INT64_MAX: all that was ever counted, also what retention has removed; these
 * numbers never fall, except SOCIAL_COUNT_LIKED.  totals belongs to the caller,
 * who frees it with social_article_free() */
int social_store_totals(social_store_t *store, int64_t from, int64_t to,
    social_article_t *totals, social_store_error_t *err);

/* the site's counters in steps that cover [from, to); goals are names */
int social_store_series(social_store_t *store, int64_t from, int64_t to,
    int64_t step, const char *const *goals, size_t ngoals,
    social_series_t *series, social_store_error_t *err);

/* answers the questions in details */
int social_store_details(social_store_t *store, social_details_t *details,
    social_store_error_t *err);

/*
 * Removes what is not kept any more: small spans that larger ones have, days
 * before now - `events`, held comments before now - `held`, and articles that
 * nobody needs.  Also moves precomputed sums forward.  Does a bounded part of
 * it in one transaction; SOCIAL_AGAIN:
 * call again, there is more.  Writers only.
 */
typedef struct {
    int64_t  now;           /* unix seconds */
    int64_t  events;        /* seconds; the log of moderators, too */
    int64_t  held;          /* seconds */
    uint64_t owner;         /* of the lease, see social_store_node.h: unless it
                             * is this one's, nothing is done.  0: no matter */

    int64_t  forgotten;     /* result: articles that were removed.  Shared
                             * memory must not take it for granted any more
                             * that the store knows their titles */
} social_retention_t;

int social_store_age(social_store_t *store, social_retention_t *keep,
    social_store_error_t *err);

/*
 * Calls handler for the articles whose visible comments or likes changed after
 * the change *change, at most `limit` of them, and for the articles whose
 * threads moved to them, in the order of changes; *change then is the last one
 * that is in it.  Finds what an ERASE or another process changed: changes are
 * numbered in the order of commits, whatever clocks say.
 *
 * SOCIAL_AGAIN: there are more.  SOCIAL_DECLINED: *change is above all changes
 * of this store, so it is that of another one.
 */
int social_store_changed(social_store_t *store, int64_t *change,
    uint32_t limit, social_store_key_pt handler, void *data,
    social_store_error_t *err);


/* the newest approved comments of an article, or, without a key, of the site;
 * newest first */
int social_store_feed(social_store_t *store, social_str_t key, uint32_t limit,
    social_comments_t *list, social_store_error_t *err);

/* the newest approved replies of others to the approved comments of the
 * commenter whose feed has this address; DECLINED: there is no such feed */
int social_store_replies(social_store_t *store, social_str_t mac,
    uint32_t limit, social_comments_t *list, social_store_error_t *err);


/*
 * Notices: what a receiver of the owner's is to be told of, queued in the
 * transaction of the comment, and sent one after the other by whoever holds the
 * lease, which is in the store: one sender, however many processes there are.
 *
 * A call says what became of the last notice and asks for the next one.  Until
 * the sender has said that a notice was sent, it is the next one again: so it
 * is sent at least once.  Writers only.
 */

#define SOCIAL_NOTICES_MAX    10000     /* queued; the oldest go first */
#define SOCIAL_NOTICES_LEASE  10000     /* msec */
#define SOCIAL_NOTICES_GIVEN  86400000  /* msec of failing: it is dropped */
#define SOCIAL_NOTICES_PAUSE  300000    /* msec between two tries, at most */
#define SOCIAL_NOTICES_RETRY  3600      /* s that a receiver may ask for */

typedef enum {
    SOCIAL_NOTICE_NONE = 0,             /* nothing was sent */
    SOCIAL_NOTICE_SENT,
    SOCIAL_NOTICE_REFUSED,              /* for good: drop it */
    SOCIAL_NOTICE_FAILED                /* try again later */
} social_notice_end_e;

typedef struct {
    uint64_t             owner;         /* random, not 0: names the sender */
    int64_t              now;           /* unix msec */
    int64_t              done;          /* a notice that was taken, 0: none */
    social_notice_end_e  end;           /* and what became of it */
    int64_t              retry;         /* FAILED: seconds to wait at least */
    unsigned             leave:1;       /* take no more, let others send */

    /* results */
    int64_t              id;            /* the next notice, 0: none for now */
    int64_t              created;
    social_notice_e      kind;
    social_comments_t    list;          /* its comment; the caller frees it */
    int64_t              wait;          /* msec until there may be one, -1:
                                         * when one is queued */
    unsigned             busy:1;        /* another sender is at it */
    int64_t              tries;         /* that failed, with the last one;
                                         * or before it, if that was sent */
    int64_t              expired;       /* were dropped now */
} social_notices_t;

int social_store_notices(social_store_t *store, social_notices_t *notices,
    social_store_error_t *err);


#include "social_store_node.h"
#include "social_store_import.h"


/*
 * Details of the calls above.
 *
 *   COMMENT   A moderator's reply to a held comment approves that comment,
 *             too; the author's cookie alone does not give that right.
 *             A banned commenter's comment is held with reason "banned", a
 *             commenter's first one with "first comment".  Readers may not use
 *             a name that looks like one under which an author has commented.
 *             The same text of the same person at the same place within ten
 *             minutes changes nothing (SOCIAL_WROTE_NOTHING, `repeated`),
 *             unless the first is spam or deleted.
 *             A reader's comment is held, too, if the filter that learns from
 *             the moderator takes it for spam, with its reason, or if somebody
 *             has sent the same text lately ("repeated text").
 *   EDIT      Empty name, website and text keep their value; a new text has
 *             the format of the write.  A reader's edit
 *             with state SOCIAL_HELD holds the comment, with `reason`; so do a
 *             banned commenter's edit and one that `first` says.
 *   DELETE    and ERASE remove name, website, text and commenter.  What of it,
 *             or of the old text of an edit, is left in files: see
 *             social_store_unerased().
 *   REPORT    Only for approved comments.
 *   MODERATE  DELETE keeps the text; RESTORE returns a deleted or spam comment
 *             to the state before.  APPROVE clears reports.  Approving or
 *             restoring the comment that a BAN was for lifts the ban.
 *             UNDO restores what the comment was before an action; CHANGED if
 *             it is no longer what the action made of it.
 *   MOVE      All comments of the article of comment `id` get the article `to`.
 *             Its old key is an alias then: a comment for it gets the new
 *             article.  action UNDO: takes the action `undoes` back, with
 *             replies that were written since.
 *             APPROVE, DONE and an author's reply teach the filter that a
 *             comment is honest, SPAM and BAN that it is spam.  Any other
 *             action on it, an edit and its end take that back; RESTORE also
 *             brings back what it taught before.
 *   CHANGED   is what APPROVE, the author's EDIT and a moderator's reply are
 *             answered with, if a text was changed after `revision`; with
 *             revision 0, if its writer ever changed it.  Nothing is written
 *             then.
 *   ERASE     Bans stay.  wrote_key is one of several articles: see
 *             social_store_changed().
 *   LIKE      One that is taken back is subtracted in the hour in which it was
 *             counted, so the likes of a period are never negative.  Likes of
 *             days before `day` can no longer be taken back.
 *
 * If a write fails only because of its own values (too big), it is
 * SOCIAL_LOST, the others of its batch are stored, and the call returns
 * SOCIAL_OK.
 *
 * thread() returns any parent that is not approved as deleted.  Only comment()
 * and queue() fill `answered`.  queue() with state 0 returns held comments
 * first, then reported ones; it never returns erased ones.
 */


#endif /* SOCIAL_STORE_H_INCLUDED */
