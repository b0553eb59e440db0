
/*
 * social_store_sqlite_judge.c: the filter that learns from the moderator.  In
 * the transaction of a write; pool threads only.
 */

#ifndef SOCIAL_STORE_SQLITE_JUDGE_H_INCLUDED
#define SOCIAL_STORE_SQLITE_JUDGE_H_INCLUDED


#include "social_judge.h"
#include "social_store_sqlite.h"


typedef struct {
    int64_t         id;
    int             taught, before;     /* SOCIAL_SQLITE_TAUGHT_* */
    int             state;
    int             judged;     /* held, and the reason has words of the text */
    social_judge_t  judge;      /* its words may be gone */
} social_sqlite_lesson_t;

/* makes the key of tokens from the site's secret */
int social_sqlite_judge_key(social_sqlite_t *s, const unsigned char *secret);

/* 1 if a reader's new comment, or the comment `id` as it is now, is held;
 * reason is valid until the next call.  same: social_sqlite_same() of the
 * text */
int social_sqlite_judge_new(social_sqlite_t *s, const social_write_t *w,
    int64_t same, social_str_t *reason);
int social_sqlite_judge_edit(social_sqlite_t *s, const social_write_t *w,
    int64_t id, social_str_t *reason);

/* what a text is known by; 0: it is too short */
int64_t social_sqlite_same(const social_sqlite_t *s, social_str_t text);

/* what a comment taught and how; DECLINED: an author's, or erased.  Before the
 * text changes: read; after it: take back */
int social_sqlite_lesson_read(social_sqlite_t *s, int64_t id,
    social_sqlite_lesson_t *lesson);
void social_sqlite_lesson_forget(social_sqlite_t *s,
    const social_sqlite_lesson_t *lesson);

/* the moderator decided on a comment: state is the one before that */
void social_sqlite_lesson_learn(social_sqlite_t *s, int64_t id,
    social_act_e action, int state);

/* after an undo: what it taught before, and would teach if it were restored */
void social_sqlite_lesson_restore(social_sqlite_t *s, int64_t id, int class,
    int before);

/* after an edit of a held comment: a new reason, if the old one had words of
 * the old text, or the new text is judged otherwise */
void social_sqlite_rejudge(social_sqlite_t *s, const social_write_t *w,
    const social_sqlite_lesson_t *lesson);

/* before the text goes: takes back what it taught; of all comments of a
 * commenter, or of held ones from before a time */
void social_sqlite_lesson_erase(social_sqlite_t *s, int64_t id);
void social_sqlite_lesson_erase_of(social_sqlite_t *s,
    const unsigned char *commenter);
void social_sqlite_lesson_expire(social_sqlite_t *s, int64_t before);


#endif /* SOCIAL_STORE_SQLITE_JUDGE_H_INCLUDED */
