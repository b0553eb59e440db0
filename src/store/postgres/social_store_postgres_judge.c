
/*
 * The filter that learns: the counts of its tokens, what each comment taught,
 * and which comments are held.  The rules are those of the SQLite store, see
 * social_store_sqlite_judge.c; the counts of a comment's tokens are one
 * question, and what it teaches is one statement.
 *
 * In a transaction under the site's lock.  Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_write.h"
#include "social_token.h"


#define SOCIAL_PG_TAUGHT_NOTHING  0
#define SOCIAL_PG_TAUGHT_SPAM     1
#define SOCIAL_PG_TAUGHT_HONEST   2

#define SOCIAL_PG_TOKENS    200000      /* rows */
#define SOCIAL_PG_LEVELS    16          /* zero bits of traits */
#define SOCIAL_PG_SAME      (7 * SOCIAL_PG_DAY)


typedef struct {
    int64_t  spam, honest, tokens, level;
} social_pg_taught_t;


void
social_pg_judge_key(social_pg_t *s)
{
    unsigned char  mac[SOCIAL_MAC];

    static const social_str_t  none = { 0, (const unsigned char *) "" };

    if (social_mac(s->secret, "filter", none, mac) != SOCIAL_OK) {
        social_pg_memory(s);
        return;
    }

    memcpy(s->judge_key, mac, sizeof(s->judge_key));
}


static void
social_pg_taught(social_pg_t *s, social_pg_taught_t *taught)
{
    PGresult  *result;

    memset(taught, 0, sizeof(social_pg_taught_t));
    result = social_pg_take(s);

    if (PQntuples(result) == 1) {
        taught->spam = social_pg_int(result, 0, 0);
        taught->honest = social_pg_int(result, 0, 1);
        taught->tokens = social_pg_int(result, 0, 2);
        taught->level = social_pg_int(result, 0, 3);
    }

    PQclear(result);
}


void
social_pg_taught_ask(social_pg_t *s)
{
    social_pg_send(s, SOCIAL_PG_SQL_TAUGHT_GET, "");
}


void
social_pg_taught_take(social_pg_t *s, int64_t *spam, int64_t *honest)
{
    social_pg_taught_t  taught;

    social_pg_taught(s, &taught);
    *spam = taught.spam;
    *honest = taught.honest;
}


static int
social_pg_token_order(const void *one, const void *two)
{
    const int64_t  *a = one;
    const int64_t  *b = two;

    return (*a > *b) - (*a < *b);
}


/* fills in the counts; the answer is sorted, the tokens are found in it */

static void
social_pg_judge_fill(const PGresult *result, social_judge_t *judges, size_t n)
{
    int                    rows, lo, hi, mid;
    size_t                 i, k;
    int64_t                hash, at;
    social_judge_token_t  *token;

    rows = PQntuples(result);

    for (i = 0; i < n; i++) {
        for (k = 0; k < judges[i].n; k++) {
            token = &judges[i].tokens[k];
            hash = (int64_t) token->hash;
            token->spam = token->honest = 0;

            for (lo = 0, hi = rows; lo < hi; /* void */ ) {
                mid = (lo + hi) / 2;
                at = social_pg_int(result, mid, 0);

                if (at == hash) {
                    token->spam = social_pg_int(result, mid, 1);
                    token->honest = social_pg_int(result, mid, 2);
                    break;
                }

                lo = at < hash ? mid + 1 : lo;
                hi = at < hash ? hi : mid;
            }
        }
    }
}


void
social_pg_judge_counts(social_pg_t *s, social_judge_t *judges, size_t n,
    int64_t spam, int64_t honest)
{
    size_t     i, k, count;
    int64_t   *hashes;
    PGresult  *result;

    for (i = 0, count = 0; i < n; i++) {
        count += judges[i].n;
    }

    if (count == 0 || spam < SOCIAL_JUDGE_LEAST || honest < SOCIAL_JUDGE_LEAST)
    {
        return;
    }

    hashes = malloc(count * sizeof(int64_t));

    if (hashes == NULL) {
        social_pg_memory(s);
        return;
    }

    for (i = 0, count = 0; i < n; i++) {
        for (k = 0; k < judges[i].n; k++) {
            hashes[count++] = (int64_t) judges[i].tokens[k].hash;
        }
    }

    result = social_pg_ask(s, SOCIAL_PG_SQL_TOKENS_GET, "I", hashes, count);
    social_pg_judge_fill(result, judges, n);
    PQclear(result);
    free(hashes);
}


int64_t
social_pg_same(const social_pg_t *s, social_str_t text)
{
    return (int64_t) social_judge_same(s->judge_key, text);
}


void
social_pg_judge_read(social_pg_t *s, const social_write_t *w,
    social_judge_t *judge)
{
    social_judge_comment_t  comment;

    memset(&comment, 0, sizeof(comment));
    comment.name = w->name;
    comment.website = w->website;
    comment.text = w->text;
    comment.format = w->format;
    comment.source.data = (const unsigned char *) w->source;
    comment.source.len = strnlen(w->source, sizeof(w->source));

    social_judge_read(judge, s->judge_key, &comment);
}


/* reads a lesson; if OK, the caller clears the answer, which has the words of
 * the tokens */

static int
social_pg_lesson_begin(social_pg_t *s, int64_t id, social_pg_lesson_t *lesson,
    PGresult **row)
{
    PGresult                *result;
    social_str_t             reason;
    social_judge_comment_t   comment;

    result = social_pg_ask(s, SOCIAL_PG_SQL_LESSON_GET, "i", id);

    if (PQntuples(result) != 1
        || social_pg_int(result, 0, 2) != SOCIAL_READER)
    {
        PQclear(result);
        return SOCIAL_DECLINED;
    }

    lesson->id = id;
    lesson->taught = (int) social_pg_int(result, 0, 0);
    lesson->before = (int) social_pg_int(result, 0, 1);
    lesson->state = (int) social_pg_int(result, 0, 3);

    comment.format = (social_format_e) social_pg_int(result, 0, 4);
    comment.name = social_pg_text(result, 0, 5);
    comment.website = social_pg_text(result, 0, 6);
    comment.text = social_pg_text(result, 0, 7);
    comment.source = social_pg_text(result, 0, 8);

    reason = social_pg_text(result, 0, 9);
    lesson->judged = (lesson->state == SOCIAL_HELD
                      && reason.len >= strlen(SOCIAL_JUDGE_LIKE)
                      && memcmp(reason.data, SOCIAL_JUDGE_LIKE,
                                strlen(SOCIAL_JUDGE_LIKE)) == 0);

    social_judge_read(&lesson->judge, s->judge_key, &comment);
    *row = result;

    return SOCIAL_OK;
}


int
social_pg_lesson_read(social_pg_t *s, int64_t id, social_pg_lesson_t *lesson)
{
    int        rc;
    PGresult  *result;

    rc = social_pg_lesson_begin(s, id, lesson, &result);

    if (rc == SOCIAL_OK) {
        PQclear(result);
    }

    return rc;
}


int
social_pg_judge_edit(social_pg_t *s, const social_write_t *w, int64_t id,
    social_str_t *reason)
{
    int                  like;
    int64_t              spam, honest, same;
    PGresult            *result;
    social_pg_lesson_t   lesson;

    static const social_str_t  repeated = social_string("repeated text");

    /* the reason's words are the row's */

    if (social_pg_lesson_begin(s, id, &lesson, &result) != SOCIAL_OK) {
        return 0;
    }

    social_pg_taught_ask(s);
    social_pg_taught_take(s, &spam, &honest);
    social_pg_judge_counts(s, &lesson.judge, 1, spam, honest);
    like = (spam >= SOCIAL_JUDGE_LEAST && honest >= SOCIAL_JUDGE_LEAST
            && social_judge(&lesson.judge, spam, honest, s->judged));
    PQclear(result);

    if (like) {
        reason->data = (const unsigned char *) s->judged;
        reason->len = strlen(s->judged);
        return 1;
    }

    same = social_pg_same(s, w->text);

    if (w->text.len && same
        && social_pg_number(s, SOCIAL_PG_SQL_REPEATED, "iii", same, id,
                            w->now - SOCIAL_PG_SAME))
    {
        *reason = repeated;
        return 1;
    }

    return 0;
}


/* there are too many tokens: only half of them is counted from now on */

static void
social_pg_token_thin(social_pg_t *s, int64_t level)
{
    social_pg_run(s, SOCIAL_PG_SQL_TOKENS_THIN, "i",
                  ((int64_t) 1 << level) - 1);
    social_pg_run(s, SOCIAL_PG_SQL_TAUGHT_THIN, "i", level);
}


/* adds a comment to the counts, or takes it out: n is 1 or -1 */

static void
social_pg_lesson_count(social_pg_t *s, const social_judge_t *judge, int class,
    int n)
{
    size_t              i, count;
    int64_t             spam, tokens, hashes[SOCIAL_JUDGE_TOKENS];
    uint64_t            mask;
    social_pg_taught_t  taught;

    if (class == SOCIAL_PG_TAUGHT_NOTHING) {
        return;
    }

    spam = (class == SOCIAL_PG_TAUGHT_SPAM);

    social_pg_taught_ask(s);
    social_pg_taught(s, &taught);
    mask = ((uint64_t) 1 << taught.level) - 1;

    for (i = 0, count = 0; i < judge->n; i++) {
        if ((judge->tokens[i].hash & mask) == 0) {
            hashes[count++] = (int64_t) judge->tokens[i].hash;
        }
    }

    qsort(hashes, count, sizeof(int64_t), social_pg_token_order);

    if (n < 0) {
        social_pg_run(s, SOCIAL_PG_SQL_TOKENS_TAKE, "Iii", hashes, count, spam,
                      1 - spam);
        social_pg_run(s, SOCIAL_PG_SQL_TOKENS_DROP, "Iii", hashes, count, spam,
                      1 - spam);
        return;
    }

    tokens = social_pg_number(s, SOCIAL_PG_SQL_TOKENS_ADD, "Iii", hashes,
                              count, spam, 1 - spam);

    if (tokens > SOCIAL_PG_TOKENS && taught.level < SOCIAL_PG_LEVELS) {
        social_pg_token_thin(s, taught.level + 1);
    }
}


static void
social_pg_lesson_set(social_pg_t *s, const social_pg_lesson_t *lesson,
    int class, int before)
{
    if (class == lesson->taught && before == lesson->before) {
        return;
    }

    if (class != lesson->taught) {
        social_pg_lesson_count(s, &lesson->judge, lesson->taught, -1);
        social_pg_lesson_count(s, &lesson->judge, class, 1);
    }

    social_pg_run(s, SOCIAL_PG_SQL_LESSON_SET, "iii", lesson->id,
                  (int64_t) class, (int64_t) before);
}


void
social_pg_lesson_forget(social_pg_t *s, const social_pg_lesson_t *lesson)
{
    social_pg_lesson_set(s, lesson, SOCIAL_PG_TAUGHT_NOTHING,
                         SOCIAL_PG_TAUGHT_NOTHING);
}


void
social_pg_lesson_learn(social_pg_t *s, int64_t id, social_act_e action,
    int state)
{
    int                 shown, before;
    social_pg_lesson_t  lesson;

    if (social_pg_lesson_read(s, id, &lesson) != SOCIAL_OK) {
        return;
    }

    shown = (state == SOCIAL_APPROVED || state == SOCIAL_HELD);
    before = shown ? lesson.taught : lesson.before;

    switch (action) {

    case SOCIAL_ACT_APPROVE:
        social_pg_lesson_set(s, &lesson, SOCIAL_PG_TAUGHT_HONEST, 0);
        break;

    case SOCIAL_ACT_SPAM:
    case SOCIAL_ACT_BAN:
        social_pg_lesson_set(s, &lesson, SOCIAL_PG_TAUGHT_SPAM, before);
        break;

    case SOCIAL_ACT_DELETE:
        social_pg_lesson_set(s, &lesson, SOCIAL_PG_TAUGHT_NOTHING, before);
        break;

    case SOCIAL_ACT_RESTORE:
        if (!shown) {
            social_pg_lesson_set(s, &lesson, lesson.before, 0);
        }

        break;

    case SOCIAL_ACT_DONE:
        if (shown) {
            social_pg_lesson_set(s, &lesson, SOCIAL_PG_TAUGHT_HONEST,
                                 lesson.before);
        }

        break;

    default:
        social_pg_lesson_forget(s, &lesson);
    }
}


void
social_pg_lesson_restore(social_pg_t *s, int64_t id, int class, int before)
{
    social_pg_lesson_t  lesson;

    if (social_pg_lesson_read(s, id, &lesson) == SOCIAL_OK) {
        social_pg_lesson_set(s, &lesson, class, before);
    }
}


void
social_pg_lesson_erase(social_pg_t *s, int64_t id)
{
    social_pg_lesson_t  lesson;

    if (social_pg_lesson_read(s, id, &lesson) == SOCIAL_OK) {
        social_pg_lesson_forget(s, &lesson);
    }
}


static void
social_pg_lesson_erase_all(social_pg_t *s, PGresult *ids)
{
    int  i;

    for (i = 0; i < PQntuples(ids); i++) {
        social_pg_lesson_erase(s, social_pg_int(ids, i, 0));
    }

    PQclear(ids);
}


void
social_pg_lesson_erase_of(social_pg_t *s, const unsigned char *commenter)
{
    social_pg_lesson_erase_all(s, social_pg_ask(s, SOCIAL_PG_SQL_LESSONS_OF,
                                                "c", commenter));
}


void
social_pg_lesson_expire(social_pg_t *s, int64_t before)
{
    social_pg_lesson_erase_all(s, social_pg_ask(s,
                                                SOCIAL_PG_SQL_LESSONS_EXPIRED,
                                                "i", before));
}


/*
 * After an edit of a comment that waits: the reason may hold words of the old
 * text, and the new text may be judged otherwise.
 */

void
social_pg_rejudge(social_pg_t *s, const social_write_t *w,
    const social_pg_lesson_t *lesson)
{
    social_str_t  reason;

    static const social_str_t  edited = social_string("edited");

    reason = edited;

    if ((w->author || !social_pg_judge_edit(s, w, lesson->id, &reason))
        && !lesson->judged)
    {
        return;
    }

    social_pg_run(s, SOCIAL_PG_SQL_COMMENT_REASON, "it", lesson->id, reason);
}
