
/*
 * New comments: who wrote them, what they answer, whether they are held.  Those
 * of a batch that do not depend on each other are written together, in two
 * trips: all that the rules must know is asked at once, and all that they say
 * is written with the COMMIT.
 *
 * In a transaction under the site's lock.  Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_comment.h"


static int
social_pg_is_zero(const unsigned char *commenter)
{
    static const unsigned char  none[SOCIAL_COMMENTER_LEN];

    return memcmp(commenter, none, sizeof(none)) == 0;
}


static int
social_pg_str_same(social_str_t a, social_str_t b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}


/* 1: what the rules say of b may depend on a, which is written before */

static int
social_pg_depends(const social_write_t *a, const social_write_t *b)
{
    return (!social_pg_is_zero(a->commenter)
            && memcmp(a->commenter, b->commenter, SOCIAL_COMMENTER_LEN) == 0)
           || (a->weak != 0 && a->weak == b->weak)
           || social_pg_str_same(a->text, b->text);
}


/* comments of authors go alone: others may not use their names from then on,
 * and what they answer changes, too */

size_t
social_pg_together(social_pg_t *s, social_write_t **writes, size_t n)
{
    size_t   i, k;
    int64_t  same[SOCIAL_PG_NEW];

    for (i = 0; i < n && i < SOCIAL_PG_NEW; i++) {

        if (writes[i]->type != SOCIAL_WRITE_COMMENT || writes[i]->key.len == 0
            || writes[i]->key.len > SOCIAL_KEY_MAX
            || social_pg_is_too_big(writes[i]))
        {
            break;
        }

        same[i] = social_pg_same(s, writes[i]->text);

        for (k = 0; k < i; k++) {
            if (social_pg_depends(writes[k], writes[i])
                || (same[i] != 0 && same[k] == same[i]))
            {
                break;
            }
        }

        if (k < i || (i > 0 && writes[i]->author)) {
            break;
        }

        if (writes[i]->author || writes[i]->moderator) {
            return i ? i : 1;
        }
    }

    return i ? i : 1;
}


/* approves a held comment, because the author replied to it */

static void
social_pg_approve_parent(social_pg_t *s, social_write_t *w,
    const social_rule_row_t *parent)
{
    social_rule_state_t  to;

    to = social_rule_state_of(parent);
    to.state = SOCIAL_APPROVED;
    to.before = SOCIAL_APPROVED;
    to.reports = 0;
    to.moderated = w->now;

    social_pg_act_comment(s, w, "reply", parent->id, to.state, to.done,
                          SOCIAL_RULE_BAN_NONE, 0);
    social_pg_set_state(s, w, parent, &to);
}


/* WROTE: the parent can be answered */

static social_wrote_e
social_pg_new_parent(const social_write_t *w, const social_pg_new_t *c)
{
    if (w->parent == 0) {
        return SOCIAL_WROTE;
    }

    if (!c->has_parent || c->parent.article != c->article
        || (c->parent.state != SOCIAL_APPROVED
            && (c->parent.state != SOCIAL_HELD || !w->moderator)))
    {
        return SOCIAL_NO_PARENT;
    }

    return (w->moderator && social_rule_is_changed(w, &c->parent))
           ? SOCIAL_CHANGED : SOCIAL_WROTE;
}


/* WROTE: it is to be written, as far as its place says */

static social_wrote_e
social_pg_new_status(social_pg_t *s, social_write_t *w, social_pg_new_t *c,
    int taken)
{
    social_wrote_e  status;

    if (c->article == 0) {
        if (!w->known) {
            return SOCIAL_NO_ARTICLE;
        }

        c->since = w->now;
        memcpy(c->key, w->key.data, w->key.len);
        c->key[w->key.len] = '\0';
    }

    if (w->close && w->now >= c->since + w->close) {
        return SOCIAL_CLOSED;
    }

    status = social_pg_new_parent(w, c);

    if (status != SOCIAL_WROTE) {
        w->wrote_id = (status == SOCIAL_CHANGED) ? w->parent : 0;
        return status;
    }

    return (!w->author && taken) ? SOCIAL_NAME_AUTHOR : SOCIAL_WROTE;
}


/*
 * The number of the person, for the figures.  A commenter with the cookie is
 * known; without it, the same name from the same visitor on the same day is
 * taken as the same person.
 */

static int64_t
social_pg_new_person(const social_write_t *w, const social_pg_new_t *c)
{
    int64_t  person;

    if (w->author) {
        return (int64_t) social_pg_hash(w->name);
    }

    if (w->returning && c->is_known) {
        return c->person_known;
    }

    if (!w->returning && w->weak != 0 && c->is_weak) {
        return c->person_weak;
    }

    if (social_pg_is_zero(w->commenter)) {
        return (int64_t) (w->weak ? w->weak : social_pg_hash(w->name));
    }

    memcpy(&person, w->commenter, sizeof(person));

    return person;
}


static social_state_e
social_pg_new_state(const social_write_t *w, social_pg_new_t *c,
    const social_judge_t *judge, int64_t spam, int64_t honest)
{
    static const social_str_t  banned = social_string("banned");
    static const social_str_t  first = social_string("first comment");
    static const social_str_t  repeated = social_string("repeated text");
    static const social_str_t  none = { 0, NULL };

    c->reason = none;

    if (w->author) {
        return SOCIAL_APPROVED;
    }

    c->reason = w->reason;

    if (w->state == SOCIAL_SPAM) {
        return SOCIAL_SPAM;
    }

    if (c->banned) {
        c->reason = banned;
        return SOCIAL_HELD;
    }

    if (w->state == SOCIAL_APPROVED || w->all) {

        if (spam >= SOCIAL_JUDGE_LEAST && honest >= SOCIAL_JUDGE_LEAST
            && social_judge(judge, spam, honest, c->judged))
        {
            c->reason.data = (unsigned char *) c->judged;
            c->reason.len = strlen(c->judged);
            return SOCIAL_HELD;
        }

        if (c->repeated) {
            c->reason = repeated;
            return SOCIAL_HELD;
        }
    }

    if (w->state != SOCIAL_APPROVED) {
        return SOCIAL_HELD;
    }

    if (w->first && !(w->returning && c->has_approved)) {
        c->reason = first;
        return SOCIAL_HELD;
    }

    c->reason = none;

    return SOCIAL_APPROVED;
}


/*
 * The same comment was sent before: the results are those of the first.  A
 * held one then belongs to the new cookie, see social_store_sqlite_twin.c.
 */

static void
social_pg_new_twin(social_pg_t *s, social_write_t *w, const social_pg_new_t *c)
{
    w->wrote_id = c->twin;
    w->wrote_state = (social_state_e) c->twin_state;
    w->repeated = 1;
    w->status = SOCIAL_WROTE_NOTHING;

    if (!w->author && !w->returning && w->wrote_state == SOCIAL_HELD) {
        social_pg_run(s, SOCIAL_PG_SQL_TWIN_OWNER, "ic", w->wrote_id,
                      w->commenter);
    }
}


/* what the rules say of each; those that are to be written have status WROTE */

static void
social_pg_new_decide(social_pg_t *s, social_write_t **w, size_t n,
    social_pg_new_t *c, const unsigned char *taken)
{
    size_t  i;

    for (i = 0; i < n && s->end == SOCIAL_PG_FINE; i++) {
        w[i]->status = social_pg_new_status(s, w[i], &c[i], taken[i]);

        if (w[i]->status != SOCIAL_WROTE) {
            continue;
        }

        if (w[i]->author) {
            social_pg_name_keep(s, w[i]->name);
        }

        if (c[i].parent.state == SOCIAL_HELD && w[i]->parent) {
            social_pg_approve_parent(s, w[i], &c[i].parent);
        }

        memcpy(w[i]->wrote_key, c[i].key, sizeof(c[i].key));
        w[i]->wrote_role = w[i]->author ? SOCIAL_AUTHOR : SOCIAL_READER;
        w[i]->wrote_parent = w[i]->parent;

        if (c[i].twin) {
            social_pg_new_twin(s, w[i], &c[i]);
            continue;
        }

        if (c[i].article == 0) {
            c[i].article = social_pg_article(s, w[i]->key, 1, w[i]->now);
        }
    }
}


/* judges those that are to be written; their tokens' counts are one question */

static void
social_pg_new_judge(social_pg_t *s, social_write_t **w, size_t n,
    social_pg_new_t *c, int64_t spam, int64_t honest)
{
    size_t           i;
    social_judge_t  *judges;

    judges = malloc(n * sizeof(social_judge_t));

    if (judges == NULL) {
        social_pg_memory(s);
        return;
    }

    for (i = 0; i < n; i++) {
        judges[i].n = 0;

        if (w[i]->status == SOCIAL_WROTE && !w[i]->author) {
            social_pg_judge_read(s, w[i], &judges[i]);
        }
    }

    social_pg_judge_counts(s, judges, n, spam, honest);

    for (i = 0; i < n; i++) {
        if (w[i]->status == SOCIAL_WROTE) {
            w[i]->wrote_id = c[i].id;
            w[i]->wrote_state = social_pg_new_state(w[i], &c[i], &judges[i],
                                                    spam, honest);
            c[i].person = social_pg_new_person(w[i], &c[i]);
        }
    }

    free(judges);
}


/* the columns of the new rows: numbers, texts and commenters */

typedef struct {
    int64_t         number[12][SOCIAL_PG_NEW];
    social_str_t    text[5][SOCIAL_PG_NEW];
    unsigned char   who[SOCIAL_PG_NEW * SOCIAL_COMMENTER_LEN];
    size_t          n;
} social_pg_columns_t;


static void
social_pg_columns_add(social_pg_columns_t *t, const social_write_t *w,
    social_pg_new_t *c)
{
    size_t  i, n;

    n = t->n++;

    const int64_t  numbers[] = {
        c->id, c->article, w->parent, w->wrote_state,
        w->author ? SOCIAL_AUTHOR : SOCIAL_READER, w->now, c->person,
        w->author ? 0 : (int64_t) w->weak, w->active, w->format,
        w->author || w->weak == 0 ? 0 : (int64_t) w->visitor, c->same
    };

    for (i = 0; i < social_nelts(numbers); i++) {
        t->number[i][n] = numbers[i];
    }

    memcpy(c->source, w->source, sizeof(w->source));
    c->source[sizeof(w->source) - 1] = '\0';

    t->text[0][n].data = (unsigned char *) c->source;
    t->text[0][n].len = strlen(c->source);
    t->text[1][n] = c->reason;
    t->text[2][n] = w->name;
    t->text[3][n] = w->website;
    t->text[4][n] = w->text;

    memcpy(t->who + n * SOCIAL_COMMENTER_LEN, w->commenter,
           SOCIAL_COMMENTER_LEN);
}


static void
social_pg_new_insert(social_pg_t *s, social_write_t **w, size_t n,
    social_pg_new_t *c)
{
    size_t                i;
    social_pg_columns_t  *t;

    t = malloc(sizeof(social_pg_columns_t));

    if (t == NULL) {
        social_pg_memory(s);
        return;
    }

    t->n = 0;

    for (i = 0; i < n; i++) {
        if (w[i]->status == SOCIAL_WROTE) {
            social_pg_columns_add(t, w[i], &c[i]);
        }
    }

    n = t->n;

    if (n) {
        social_pg_run(s, SOCIAL_PG_SQL_COMMENTS_ADD, "IIZIIICIITTTTTIIII",
                      t->number[0], n, t->number[1], n, t->number[2], n,
                      t->number[3], n, t->number[4], n, t->number[5], n,
                      t->who, n, t->number[6], n, t->number[7], n,
                      t->text[0], n, t->text[1], n, t->text[2], n,
                      t->text[3], n, t->text[4], n, t->number[8], n,
                      t->number[9], n, t->number[10], n, t->number[11], n);
    }

    free(t);
}


/* what follows from a comment that was written */

static void
social_pg_new_written(social_pg_t *s, social_write_t *w,
    const social_pg_new_t *c)
{
    if (w->wrote_state == SOCIAL_APPROVED) {
        social_pg_touch(s, w, c->article, 1, w->now);
    }

    if (!w->author && w->wrote_state != SOCIAL_SPAM) {
        social_pg_notice_add(s, w, w->wrote_state == SOCIAL_HELD
                                   ? SOCIAL_NOTICE_HELD : SOCIAL_NOTICE_COMMENT,
                             w->wrote_id);
    }

    if (w->author && w->parent) {
        /* who is answered is no spammer; a held one was approved by that */
        social_pg_lesson_learn(s, w->parent, SOCIAL_ACT_DONE, SOCIAL_APPROVED);
    }

    if (w->moderator) {
        social_pg_act_comment(s, w, "reply", w->wrote_id, (int) w->wrote_state,
                              0, SOCIAL_RULE_BAN_NONE, 1);
    }

    social_pg_tally_posted(s, w);
}


void
social_pg_write_comments(social_pg_t *s, social_write_t **w, size_t n)
{
    size_t            i;
    int64_t           spam, honest;
    unsigned char     taken[SOCIAL_PG_NEW];
    social_pg_new_t  *c;

    c = calloc(n, sizeof(social_pg_new_t));

    if (c == NULL) {
        social_pg_memory(s);
        return;
    }

    social_pg_new_ask(s, w, n, c);
    social_pg_names_ask(s, w, n);
    social_pg_taught_ask(s);
    social_pg_new_take(s, w, n, c);
    social_pg_names_taken(s, w, n, taken);
    social_pg_taught_take(s, &spam, &honest);

    if (s->end == SOCIAL_PG_FINE) {
        social_pg_new_decide(s, w, n, c, taken);
        social_pg_new_judge(s, w, n, c, spam, honest);
        social_pg_new_insert(s, w, n, c);
    }

    for (i = 0; i < n && s->end == SOCIAL_PG_FINE; i++) {
        if (w[i]->status == SOCIAL_WROTE) {
            social_pg_new_written(s, w[i], &c[i]);
        }
    }

    free(c);
}
