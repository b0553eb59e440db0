
/*
 * What the files of the PostgreSQL store share that write.  In a transaction
 * under the site's lock; pool threads only.
 */

#ifndef SOCIAL_STORE_POSTGRES_WRITE_H_INCLUDED
#define SOCIAL_STORE_POSTGRES_WRITE_H_INCLUDED


#include "social_store_postgres.h"
#include "social_store_rules.h"


/* social_store_postgres_write.c */

/* fills wrote_* of a comment's row; its key is in the answer, too */
void social_pg_row(const PGresult *result, int n, social_rule_row_t *row,
    social_write_t *w);

/* reads comment `id`; DECLINED: there is none */
int social_pg_find(social_pg_t *s, int64_t id, social_write_t *w,
    social_rule_row_t *row);

/* the only place where a comment's state changes, but for wiping it */
void social_pg_set_state(social_pg_t *s, social_write_t *w,
    const social_rule_row_t *row, const social_rule_state_t *to);

/* wipes text, name, website and commenter of a comment */
void social_pg_wipe(social_pg_t *s, social_write_t *w,
    const social_rule_row_t *row);

/* a copy of a key with a NUL in room of SOCIAL_KEY_MAX + 1 bytes */
void social_pg_key(const PGresult *result, int row, int column, char *key);

/* FNV-1a, 64 bits (Fowler, Noll, Vo) */
uint64_t social_pg_hash(social_str_t text);


/* 1: a text is far beyond what anybody may send, so it is not even tried */
#define SOCIAL_PG_TEXT_MAX  (16 << 20)

int social_pg_is_too_big(const social_write_t *w);


/* social_store_postgres_comment.c: n new comments that do not depend on each
 * other, see social_pg_together() there */
void social_pg_write_comments(social_pg_t *s, social_write_t **writes,
    size_t n);

/* how many of the writes, from the first on, can be written together; at
 * least 1 */
size_t social_pg_together(social_pg_t *s, social_write_t **writes, size_t n);


/* social_store_postgres_act.c: what moderators did */

/* the action of this write's request in the log; 0: it is not logged */
int64_t social_pg_act(social_pg_t *s, social_write_t *w, const char *action);

/* adds a comment to it, before it changes; made: the action made it */
void social_pg_act_comment(social_pg_t *s, social_write_t *w,
    const char *action, int64_t id, int state, int done, int ban, int made);

/* marks `undoes` of the write as taken back by the action `act` */
void social_pg_act_undone(social_pg_t *s, const social_write_t *w,
    int64_t act);


/* social_store_postgres_judge.c: the filter that learns */

typedef struct {
    int64_t         id;
    int             taught, before;     /* SOCIAL_PG_TAUGHT_* */
    int             state;
    int             judged;     /* held, and the reason has words of the text */
    social_judge_t  judge;      /* its words may be gone */
} social_pg_lesson_t;

/* makes the key of tokens from the site's secret */
void social_pg_judge_key(social_pg_t *s);

/* finds the tokens of a new comment, and asks the filter about them when their
 * counts are known; 1: like spam, and s->judged says why */
void social_pg_judge_read(social_pg_t *s, const social_write_t *w,
    social_judge_t *judge);
void social_pg_judge_counts(social_pg_t *s, social_judge_t *judges, size_t n,
    int64_t spam, int64_t honest);

/* how many comments have taught it: asked for, then taken */
void social_pg_taught_ask(social_pg_t *s);
void social_pg_taught_take(social_pg_t *s, int64_t *spam, int64_t *honest);

/* 1 if the comment `id`, as it is now, is held; reason is valid until the next
 * call */
int social_pg_judge_edit(social_pg_t *s, const social_write_t *w, int64_t id,
    social_str_t *reason);

/* what a text is known by; 0: it is too short */
int64_t social_pg_same(const social_pg_t *s, social_str_t text);

int social_pg_lesson_read(social_pg_t *s, int64_t id,
    social_pg_lesson_t *lesson);
void social_pg_lesson_forget(social_pg_t *s, const social_pg_lesson_t *lesson);
void social_pg_lesson_learn(social_pg_t *s, int64_t id, social_act_e action,
    int state);
void social_pg_lesson_restore(social_pg_t *s, int64_t id, int class,
    int before);
void social_pg_lesson_erase(social_pg_t *s, int64_t id);
void social_pg_lesson_erase_of(social_pg_t *s, const unsigned char *commenter);
void social_pg_lesson_expire(social_pg_t *s, int64_t before);
void social_pg_rejudge(social_pg_t *s, const social_write_t *w,
    const social_pg_lesson_t *lesson);


/* social_store_postgres_tally.c: what the store itself counts */
void social_pg_tally_posted(social_pg_t *s, const social_write_t *w);
void social_pg_tally_action(social_pg_t *s, const social_write_t *w,
    const char *action);


/* social_store_postgres_roll.c: moves precomputed sums to `now`; none begins in
 * front of `before` then.  Stops when that much work was done, and returns how
 * much, less than `rows` if that was all */
int64_t social_pg_roll(social_pg_t *s, int64_t now, int64_t before,
    int64_t rows);


/* social_store_postgres_notice.c: queues a notice about a comment of the
 * write, if somebody is to be told */
void social_pg_notice_add(social_pg_t *s, const social_write_t *w,
    social_notice_e kind, int64_t comment);


/* social_store_postgres_name.c: names of authors, which readers may not use.
 * taken() sets taken[i] for names that look like an author's */
void social_pg_name_keep(social_pg_t *s, social_str_t name);
void social_pg_names_ask(social_pg_t *s, social_write_t **writes, size_t n);
void social_pg_names_taken(social_pg_t *s, social_write_t **writes, size_t n,
    unsigned char *taken);


void social_pg_write_edit(social_pg_t *s, social_write_t *w);
void social_pg_write_delete(social_pg_t *s, social_write_t *w);
void social_pg_write_report(social_pg_t *s, social_write_t *w);
void social_pg_write_erase(social_pg_t *s, social_write_t *w);
void social_pg_write_moderate(social_pg_t *s, social_write_t *w);
void social_pg_write_like(social_pg_t *s, social_write_t *w);
void social_pg_write_move(social_pg_t *s, social_write_t *w);
void social_pg_write_look(social_pg_t *s, social_write_t *w);
void social_pg_write_signout(social_pg_t *s, social_write_t *w);
void social_pg_write_feed(social_pg_t *s, social_write_t *w);


#endif /* SOCIAL_STORE_POSTGRES_WRITE_H_INCLUDED */
