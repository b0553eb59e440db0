
/*
 * The figures of conversations (social_conversation.c, _figures.c) for threads
 * that are small enough to count by hand, at the edges of a period, and for
 * long chains.
 */

#include <math.h>
#include <time.h>

#include "unit.h"
#include "social_conversation.h"


#define T    (7 * 86400)
#define NOW  (100 * 86400)
#define DAY  86400


static social_message_t  messages[64];
static size_t            nmessages;


static void
start(void)
{
    memset(messages, 0, sizeof(messages));
    nmessages = 0;
}


/* adds a message; person 0 is the author, ids start at 1 */

static void
say(int64_t article, int64_t parent, uint64_t person, int64_t created)
{
    social_message_t  *m = &messages[nmessages++];

    m->id = (int64_t) nmessages;
    m->article = article;
    m->parent = parent;
    m->person = person;
    m->role = person == 0 ? SOCIAL_AUTHOR : SOCIAL_READER;
    m->created = created;
}


static social_conversation_stats_t
talk(int64_t from, int64_t to)
{
    social_conversation_stats_t           got;
    social_window_t         w;
    social_conversation_t  *conv;

    w.from = from;
    w.to = to;
    w.now = NOW;
    w.reply_within = T;

    conv = social_conversation_create(messages, nmessages);
    social_conversation_figures(conv, 0, nmessages, &w, &got);
    social_conversation_destroy(conv);

    return got;
}


static void
is_near(double got, double want, const char *what)
{
    if (!ok(fabs(got - want) < 1e-9, "%s", what)) {
        printf("#   got %f, want %f\n", got, want);
    }
}


static void
nothing(void)
{
    social_conversation_stats_t  t;

    start();
    t = talk(0, NOW);

    is_int(t.comments + t.author_comments + t.participants + t.exchanges
           + t.unanswered + t.dialogues + t.thread_h, 0,
           "without messages all counts are 0");
    ok(isnan(t.exchange_ratio) && isnan(t.response_rate)
       && isnan(t.peer_reply_share) && isnan(t.top_talker_share)
       && isnan(t.first_author_reply_seconds)
       && isnan(t.first_author_reply_p90_seconds)
       && isnan(t.answered_median), "without messages there are no rates");
}


static void
counts(void)
{
    social_conversation_stats_t  t;

    start();
    say(1, 0, 11, 1000);        /* 1 */
    say(1, 1, 0, 1600);         /* 2  the author after 600 s */
    say(1, 2, 11, 1700);        /* 3  thanks: needs an answer */
    say(1, 1, 12, 1800);        /* 4  reader to reader: needs none */
    say(1, 4, 12, 1900);        /* 5  to oneself: no exchange; needs one */
    say(1, 0, 13, 2000);        /* 6  needs one */
    say(1, 6, 11, 2100);        /* 7  reader to reader */
    say(2, 0, 11, 2200);        /* 8  on another article */
    say(2, 8, 0, 2200 + T + 1);  /* 9  too late */

    t = talk(0, NOW);

    is_int(t.comments, 7, "comments");
    is_int(t.author_comments, 2, "author_comments");
    is_int(t.participants, 3, "participants");
    is_int(t.exchanges, 5, "exchanges");
    is_int(t.peer_replies, 2, "replies among readers");
    is_near(t.exchange_ratio, 5.0 / 9, "exchange_ratio");
    is_near(t.peer_reply_share, 2.0 / 7, "peer_reply_share");
    is_near(t.top_talker_share, 4.0 / 7, "top_talker_share");
    is_int(t.unanswered, 3, "unanswered: 3, 5 and 6");
    is_int(t.oldest_unanswered_seconds, NOW - 1700,
           "the oldest unanswered one is 3");
    is_int(t.needing, 5, "needing: 1, 3, 5, 6, 8");
    is_int(t.needing_answered, 2, "answered at any time: 1 and 8");
    is_int(t.matured, 5, "all of them are older than T");
    is_int(t.answered, 1, "answered within T: 1");
    is_near(t.response_rate, 0.2, "response_rate");
    ok(isnan(t.first_author_reply_seconds), "the median is more than T");
    ok(isnan(t.first_author_reply_p90_seconds), "so is p90");
    is_int(t.dialogues, 1, "one dialogue: 1, 2, 3");
    is_int(t.new_participants, 3, "all participants are new");
    is_int(t.returning_participants, 0,
           "coming back within a day does not count");
    is_int(t.thread_h, 2, "two levels have at least two messages");
    is_int(t.last_comment, 2200, "time of the last comment");
    is_int(t.last_author_comment, 2200 + T + 1,
           "time of the author's last one");
}


static void
answered_below(void)
{
    social_conversation_stats_t  t;

    start();
    say(1, 0, 11, 1000);
    say(1, 1, 12, 1100);        /* needs no answer */
    say(1, 2, 0, 1200);         /* answers 2, and so 1 */
    say(1, 0, 12, 2000);
    say(1, 4, 0, 2400);
    say(1, 4, 0, 2100);         /* earlier: this one counts */
    say(1, 0, 13, 3000);
    messages[6].done = 1;

    t = talk(0, NOW);

    is_int(t.unanswered, 0, "all are answered below, or marked done");
    is_int(t.oldest_unanswered_seconds, 0, "no unanswered one, no age");
    is_int(t.matured, 2, "one marked as done needs no answer");
    is_near(t.response_rate, 1, "all answered");
    is_near(t.first_author_reply_seconds, 150, "median of 200 and 100");
    is_near(t.first_author_reply_p90_seconds, 200, "p90 of 200 and 100");
    is_near(t.answered_median, 150, "median of the answered ones");
}


static void
maturity(void)
{
    social_conversation_stats_t  t;

    start();
    say(1, 0, 11, NOW - T - 1);
    say(1, 1, 0, NOW - T + 99);
    say(1, 0, 12, NOW - T);             /* not older than T */
    say(1, 0, 13, NOW - 50);
    say(1, 4, 0, NOW - 40);

    t = talk(0, NOW);

    is_int(t.matured, 1, "one is older than T");
    is_near(t.response_rate, 1, "younger ones are not in the rate");
    is_int(t.needing, 3, "younger ones need an answer");
    is_int(t.needing_answered, 2, "younger ones may be answered");
    is_near(t.answered_median, 55, "after 10 and 100 seconds");
    is_int(t.unanswered, 1, "one is unanswered");
}


static void
period(void)
{
    social_conversation_stats_t  t;

    start();
    say(1, 0, 11, 10 * DAY);
    say(1, 1, 12, 50 * DAY);
    say(1, 2, 11, 50 * DAY + 1);
    say(1, 3, 12, 60 * DAY);            /* not in the period */
    say(2, 0, 13, 49 * DAY);
    say(2, 5, 13, 50 * DAY - 1);
    say(3, 0, 14, 50 * DAY);
    say(3, 0, 14, 50 * DAY + 2 * 3600);

    t = talk(50 * DAY, 60 * DAY);

    is_int(t.comments, 4, "the period includes from, not to");
    is_int(t.participants, 3, "11, 12, 14");
    is_int(t.exchanges, 2, "replies to older messages count");
    is_int(t.new_participants, 2, "12 and 14");
    is_int(t.returning_participants, 1, "11 was here 40 days ago");
    is_int(t.dialogues, 1, "a dialogue whose third message is in the period");
    is_int(t.unanswered, 5, "unanswered ones of all times count");
    is_int(t.oldest_unanswered, 10 * DAY,
           "the time of the oldest unanswered one");
    is_int(t.thread_h, 1, "thread_h is of the period's messages");

    t = talk(50 * DAY, INT64_MAX);
    is_int(t.comments, 5, "a period without an end");
    is_int(t.returning_participants, 2, "12 came back within the period");

    t = talk(70 * DAY, INT64_MAX);
    is_int(t.comments + t.participants + t.needing, 0, "an empty period");
}


static void
dialogues(void)
{
    social_conversation_stats_t  t;

    start();
    say(1, 0, 11, 1);
    say(1, 1, 12, 2);
    say(1, 2, 11, 3);           /* the dialogue of 11 and 12 */
    say(1, 3, 12, 4);           /* the same pair */
    say(1, 4, 13, 5);
    say(1, 5, 12, 6);           /* the dialogue of 12 and 13 */
    say(1, 6, 12, 7);           /* to oneself */
    say(1, 7, 12, 8);
    say(1, 1, 14, 9);
    say(1, 1, 11, 10);          /* in another branch */

    t = talk(0, NOW);
    is_int(t.dialogues, 2, "pairs are counted, not messages");
    is_int(t.exchanges, 6, "replies to oneself are no exchanges");
}


/* thread_h of levels of these widths; each level replies to the first message
 * of the level above */

static int64_t
h_of(int n, const int *widths)
{
    int      i, k;
    int64_t  above, first;

    start();
    above = 0;

    for (i = 0; i < n; i++) {
        first = (int64_t) nmessages + 1;

        for (k = 0; k < widths[i]; k++) {
            say(1, above, 20, 5);
        }

        above = first;
    }

    return talk(0, NOW).thread_h;
}


static void
shape(void)
{
    const int  a[] = { 12 }, b[] = { 5, 3 }, c[] = { 5, 4, 3, 1 },
               d[] = { 1, 1, 1, 1 }, e[] = { 1, 9 }, f[] = { 3, 3, 3 },
               g[] = { 2, 9, 9 };

    is_int(h_of(1, a), 1, "[12] -> 1");
    is_int(h_of(2, b), 2, "[5,3] -> 2");
    is_int(h_of(4, c), 3, "[5,4,3,1] -> 3");
    is_int(h_of(4, d), 1, "[1,1,1,1] -> 1");
    is_int(h_of(0, NULL), 0, "[] -> 0");
    is_int(h_of(2, e), 1, "[1,9] -> 1");
    is_int(h_of(3, f), 3, "[3,3,3] -> 3");
    is_int(h_of(3, g), 2, "[2,9,9] -> 2");
}


static void
damaged(void)
{
    social_conversation_stats_t  t;

    start();
    say(1, 99, 11, 10);         /* the parent does not exist */
    say(1, 2, 12, 20);          /* its own parent */
    say(1, 4, 13, 30);          /* a later message */
    say(1, 3, 13, 40);
    say(2, 1, 14, 50);          /* on another article */
    say(2, 5, 0, 45);           /* earlier than its parent */

    t = talk(0, NOW);
    is_int(t.exchanges, 1, "only replies to parents on the article count");
    is_int(t.unanswered, 4, "without a valid parent: a top-level comment");
    is_near(t.answered_median, 0, "a time to the answer is never negative");
}


static void
same_person(void)
{
    social_conversation_stats_t  t;

    start();
    say(1, 0, 11, 10);
    say(1, 1, 11, 20);
    messages[1].role = SOCIAL_AUTHOR;   /* not the reader 11 */
    say(1, 2, 11, 30);

    t = talk(0, NOW);
    is_int(t.exchanges, 2, "an author and a reader are never one person");
    is_int(t.participants, 1, "participants are readers only");
    is_int(t.participants_weak, 0, "this one has a commenter id");

    messages[0].weak = 1;
    t = talk(0, NOW);
    is_int(t.participants_weak, 0, "one comment with it is enough");

    messages[2].weak = 1;
    t = talk(0, NOW);
    is_int(t.participants_weak, 1, "known by name and day only");
    is_int(t.dialogues, 1, "a dialogue with the author");
    ok(isnan(t.top_talker_share), "one participant: no top_talker_share");
}


/* a parent that is held, deleted or erased is none of the messages */

static void
parent_is_gone(void)
{
    social_conversation_stats_t  t;

    start();
    say(1, 99, 11, 1000);
    messages[0].exchange = SOCIAL_EXCHANGE_READER;
    say(1, 98, 12, 1100);
    messages[1].exchange = SOCIAL_EXCHANGE_AUTHOR;
    say(1, 97, 13, 1200);       /* to oneself */
    say(1, 96, 0, 1300);        /* the author to a reader */
    messages[3].exchange = SOCIAL_EXCHANGE_READER;
    say(1, 0, 13, 1400);
    messages[4].exchange = SOCIAL_EXCHANGE_READER;

    t = talk(0, NOW);
    is_int(t.exchanges, 3, "replies to comments that are gone are exchanges");
    is_int(t.peer_replies, 1, "... one of them among readers");
    is_near(t.exchange_ratio, 0.6, "... and in the ratio");

    say(1, 5, 11, 1500);
    is_int(talk(0, NOW).exchanges, 4, "an approved parent speaks for itself");
    is_int(talk(1350, NOW).exchanges, 1, "in the period of the reply");
}


/* docs/metrics.md, active_reader_days: what comments add to the counters */

static void
active(void)
{
    social_conversation_stats_t  t;

    start();
    say(1, 0, 11, 5 * DAY + 10);
    say(1, 0, 11, 5 * DAY + 20);
    say(1, 0, 11, 6 * DAY - 1);
    is_int(talk(0, NOW).active, 1, "one person, one article, one day: once");

    say(1, 0, 11, 6 * DAY);
    is_int(talk(0, NOW).active, 2, "the next day counts again");
    say(1, 0, 12, 5 * DAY);
    is_int(talk(0, NOW).active, 3, "so does another person");
    say(2, 0, 11, 5 * DAY);
    is_int(talk(0, NOW).active, 4, "and another article");
    say(2, 0, 0, 5 * DAY);
    is_int(talk(0, NOW).active, 4, "the author is no reader");

    t = talk(5 * DAY, 6 * DAY);
    is_int(t.active, 3, "days of the period only");

    start();
    say(1, 0, 11, 100);
    messages[0].active = 1;
    is_int(talk(0, NOW).active, 0, "a share or like that came first counts");
    say(1, 0, 11, 200);
    messages[1].active = 1;
    is_int(talk(0, NOW).active, 0, "also for the next comment of that day");
    say(1, 0, 12, 300);
    say(1, 0, 12, 400);
    messages[3].active = 1;
    is_int(talk(0, NOW).active, 1, "a comment before the share counts itself");
    say(1, 0, 11, DAY + 100);
    is_int(talk(0, NOW).active, 2, "the bit is for its day only");
}


/* the figures of single articles and of the site by one analysis */

static void
articles(void)
{
    social_conversation_stats_t           got;
    social_window_t         w = { 0, NOW, NOW, T };
    social_conversation_t  *conv;

    start();
    say(1, 0, 11, 10);
    say(1, 1, 12, 20);
    say(2, 0, 11, 10 + 2 * DAY);
    say(2, 0, 0, 30);

    conv = social_conversation_create(messages, nmessages);

    ok(social_conversation_person(conv, 0) < 3
       && social_conversation_person(conv, 1) < 3
       && social_conversation_person(conv, 3) < 3
       && social_conversation_person(conv, 0)
          != social_conversation_person(conv, 1), "three people");
    ok(social_conversation_person(conv, 0)
       == social_conversation_person(conv, 2), "two messages of one person");
    ok(social_conversation_is_waiting(conv, 0)
           && !social_conversation_is_waiting(conv, 1)
           && !social_conversation_is_waiting(conv, 3),
       "which messages wait for an answer");

    social_conversation_figures(conv, 0, 2, &w, &got);
    is_int(got.participants, 2, "participants of the first article");
    is_int(got.returning_participants, 0, "nobody returned to it");
    social_conversation_figures(conv, 2, 4, &w, &got);
    is_int(got.participants, 1, "participants of the second article");
    is_int(got.returning_participants, 1, "returned, from another article");
    is_int(got.author_comments, 1, "a comment of the author");
    social_conversation_figures(conv, 0, 99, &w, &got);
    is_int(got.participants, 2, "on the site each person counts once");
    social_conversation_figures(conv, 1, 2, &w, &got);
    is_int(got.thread_h, 1, "a part of a thread");

    social_conversation_destroy(conv);
    social_conversation_destroy(NULL);
}


static double
seconds(size_t n, int deep)
{
    size_t                  i;
    social_conversation_stats_t           got;
    struct timespec         from, to;
    social_window_t         w = { 0, INT64_MAX, NOW, T };
    social_message_t       *m;
    social_conversation_t  *conv;

    m = calloc(n, sizeof(social_message_t));

    for (i = 0; i < n; i++) {
        m[i].id = (int64_t) i + 1;
        m[i].parent = deep ? (int64_t) i : (int64_t) (i / 2);
        m[i].article = 7;
        m[i].person = i % 2 ? i : 0;
        m[i].created = (int64_t) i;
        m[i].role = i + 1 == n ? SOCIAL_AUTHOR : SOCIAL_READER;
    }

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    conv = social_conversation_create(m, n);
    social_conversation_figures(conv, 0, n, &w, &got);
    social_conversation_destroy(conv);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);

    ok(got.thread_h == (deep ? 1 : got.thread_h)
       && got.comments == (int64_t) n - 1,
       "%zu messages, %s", n, deep ? "one chain" : "a tree");
    free(m);

    return (double) (to.tv_sec - from.tv_sec)
           + (double) (to.tv_nsec - from.tv_nsec) / 1e9;
}


static void
scaling(void)
{
    double  small, large;

    small = seconds(20000, 1);
    large = seconds(400000, 1);
    ok(large < small * 100 + 0.2, "a chain of 400,000: %.3f s, of 20,000:"
       " %.3f s", large, small);
    ok(seconds(400000, 0) < small * 100 + 0.2, "a tree takes linear time, too");
}


int
main(void)
{
    nothing();
    counts();
    answered_below();
    maturity();
    period();
    dialogues();
    shape();
    damaged();
    same_person();
    parent_is_gone();
    active();
    articles();
    scaling();

    return done();
}
