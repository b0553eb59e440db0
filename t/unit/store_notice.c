
/*
 * The queue of notices (social_store_sqlite_notice.c): what is queued, in which
 * order it is told, one sender at a time, what is dropped and counted.  And
 * feeds (social_store_sqlite_feed.c): what is in them, and their addresses.
 */

#include "store.h"

#include "social_store_sqlite.h"


#define MSEC  (NOW * 1000LL)


static social_write_t
told(int who, const char *text, social_state_e state)
{
    social_write_t  w;

    w = comment(who, text);
    w.notify = 1;
    w.state = state;

    return w;
}


static social_notices_t
take(social_store_t *store, uint64_t owner, int64_t now, int64_t done,
    social_notice_end_e end)
{
    social_notices_t  n;

    memset(&n, 0, sizeof(n));

    n.owner = owner;
    n.now = now;
    n.done = done;
    n.end = end;

    is_int(social_store_notices(store, &n, &err), SOCIAL_OK, "the queue");

    return n;
}


/* the text of the comment that a notice is about; frees the notice */

static const char *
text_of(social_notices_t *n)
{
    static char  text[64];

    snprintf(text, sizeof(text), "%s", n->list.n ? n->list.items[0].text : "");
    social_comments_free(&n->list);

    return text;
}


static int64_t
counted(social_store_t *store, const char *label)
{
    size_t            i;
    int64_t           n;
    social_article_t  totals;

    n = 0;
    memset(&totals, 0, sizeof(totals));
    (void) social_store_totals(store, 0, INT64_MAX, &totals, &err);

    for (i = 0; i < totals.nlabelled; i++) {
        if (totals.labelled[i].kind == SOCIAL_COUNT_NOTICE
            && strcmp(totals.labelled[i].label, label) == 0)
        {
            n = (int64_t) totals.labelled[i].value;
        }
    }

    social_article_free(&totals);

    return n;
}


static void
test_order(void)
{
    int64_t           a, b;
    social_write_t    w;
    social_store_t   *store;
    social_notices_t  n;

    fresh();
    store = must_open(1);

    n = take(store, 1, MSEC, 0, SOCIAL_NOTICE_NONE);
    ok(n.id == 0 && n.wait == -1, "nothing is queued");

    a = post(store, told(1, "one", SOCIAL_APPROVED));
    b = post(store, told(2, "two", SOCIAL_HELD));
    post(store, comment(3, "not told"));
    w = told(0, "mine", SOCIAL_APPROVED);
    w.author = 1;
    post(store, w);
    post(store, told(4, "spam", SOCIAL_SPAM));

    w = on(SOCIAL_WRITE_REPORT, a);
    w.notify = 1;
    put(store, &w);
    put(store, &w);
    is_int(ask("SELECT count(*) FROM notice"), 3,
           "new, held, reported once; not an author's, not spam");

    n = take(store, 1, MSEC, 0, SOCIAL_NOTICE_NONE);
    is_int(n.kind, SOCIAL_NOTICE_COMMENT, "the first one");
    is_str(text_of(&n), "one", "in order");

    n = take(store, 1, MSEC, n.id, SOCIAL_NOTICE_SENT);
    ok(n.kind == SOCIAL_NOTICE_HELD && n.list.n == 1
       && n.list.items[0].id == b, "the second one");
    is_str(text_of(&n), "two", "in order");

    n = take(store, 1, MSEC, n.id, SOCIAL_NOTICE_REFUSED);
    ok(n.kind == SOCIAL_NOTICE_REPORT && n.list.items[0].id == a,
       "the third one");
    social_comments_free(&n.list);

    n = take(store, 1, MSEC, n.id, SOCIAL_NOTICE_SENT);
    ok(n.id == 0 && n.wait == -1, "and no more");
    is_int(counted(store, "sent"), 2, "two were sent");
    is_int(counted(store, "refused"), 1, "one was refused");

    social_store_close(store);
}


static void
test_edit_holds(void)
{
    int64_t           id;
    social_write_t    w;
    social_store_t   *store;

    fresh();
    store = must_open(1);

    id = post(store, comment(1, "one"));
    w = on(SOCIAL_WRITE_EDIT, id);
    memset(w.commenter, 1, sizeof(w.commenter));
    w.text = str("other");
    w.state = SOCIAL_HELD;
    w.notify = 1;
    is_int(put(store, &w), SOCIAL_WROTE, "an edit that is held");
    is_int(ask("SELECT kind FROM notice"), SOCIAL_NOTICE_HELD, "is told");

    w.text = str("another");
    put(store, &w);
    is_int(ask("SELECT count(*) FROM notice"), 1,
           "an edit of a held one is not");

    social_store_close(store);
}


static void
test_lease(void)
{
    social_store_t   *store;
    social_notices_t  n, m;

    fresh();
    store = must_open(1);
    post(store, told(1, "one", SOCIAL_APPROVED));

    n = take(store, 1, MSEC, 0, SOCIAL_NOTICE_NONE);
    ok(n.id != 0, "one takes it");
    social_comments_free(&n.list);

    m = take(store, 2, MSEC + 1000, 0, SOCIAL_NOTICE_NONE);
    ok(m.id == 0 && m.busy && m.wait == SOCIAL_NOTICES_LEASE - 1000,
       "another one waits");

    m = take(store, 2, MSEC + SOCIAL_NOTICES_LEASE, 0, SOCIAL_NOTICE_NONE);
    is_int(m.id, n.id, "until the lease is over: it died");
    social_comments_free(&m.list);

    /* the first one lives: it was only slow */

    n = take(store, 1, MSEC + SOCIAL_NOTICES_LEASE + 1, n.id,
             SOCIAL_NOTICE_SENT);
    ok(n.id == 0 && n.busy, "it settles, and gets no other");
    is_int(counted(store, "sent"), 1, "it was sent");

    m = take(store, 2, MSEC + SOCIAL_NOTICES_LEASE + 2, m.id,
             SOCIAL_NOTICE_SENT);
    ok(m.id == 0 && m.wait == -1, "nothing is left");
    is_int(counted(store, "sent"), 1, "and counted once");

    post(store, told(1, "two", SOCIAL_APPROVED));
    n = take(store, 1, MSEC, 0, SOCIAL_NOTICE_NONE);
    ok(n.id != 0, "an empty queue leaves no lease");
    social_comments_free(&n.list);

    m = take(store, 2, MSEC - 86400000, 0, SOCIAL_NOTICE_NONE);
    ok(m.id != 0, "one of before the clock was set back does not count");
    social_comments_free(&m.list);

    memset(&n, 0, sizeof(n));
    n.owner = 2;
    n.now = MSEC - 86400000;
    n.leave = 1;
    is_int(social_store_notices(store, &n, &err), SOCIAL_OK, "it leaves");
    is_int(n.id, 0, "and takes none");

    m = take(store, 3, MSEC - 86400000, 0, SOCIAL_NOTICE_NONE);
    ok(m.id != 0, "so another one may");
    social_comments_free(&m.list);

    social_store_close(store);
}


/* fails at `now`; the pause in msec */

static int64_t
fail(social_store_t *store, int64_t now, int64_t retry, int64_t *expired)
{
    social_notices_t  n;

    n = take(store, 1, now, 0, SOCIAL_NOTICE_NONE);
    ok(n.id != 0, "it is tried");
    social_comments_free(&n.list);

    n.done = n.id;
    n.end = SOCIAL_NOTICE_FAILED;
    n.retry = retry;
    is_int(social_store_notices(store, &n, &err), SOCIAL_OK, "it fails");
    social_comments_free(&n.list);

    if (expired != NULL) {
        *expired += n.expired;
    }

    return n.wait;
}


static void
test_pauses(void)
{
    int               i;
    int64_t           now, pause, expired;
    social_store_t   *store;
    social_notices_t  n;

    static const int64_t  pauses[] = { 1000, 2000, 4000, 8000, 16000, 32000,
                                       64000, 128000, 256000, 300000, 300000 };

    fresh();
    store = must_open(1);
    post(store, told(1, "one", SOCIAL_APPROVED));
    now = MSEC;
    expired = 0;

    for (i = 0; i < (int) social_nelts(pauses); i++) {
        pause = fail(store, now, 0, NULL);
        is_int(pause, pauses[i], "the pause doubles, up to five minutes");

        n = take(store, 2, now + pause - 1, 0, SOCIAL_NOTICE_NONE);
        ok(n.id == 0 && n.wait == 1 && !n.busy, "nobody tries before");
        now += pause;
    }

    is_int(fail(store, now, 600, NULL), 600000, "Retry-After");
    now += 600000;
    is_int(fail(store, now, 999999, NULL), SOCIAL_NOTICES_RETRY * 1000,
           "within bounds");

    /* off for a week, and a clock that jumps by a year */

    now += 7 * 86400000LL;
    (void) fail(store, now, 0, &expired);
    now += 366 * 86400000LL;
    now += fail(store, now, 0, &expired);
    is_int(expired, 0, "time without tries drops nothing");

    post(store, told(2, "two", SOCIAL_APPROVED));

    for (i = 0; i < 400 && expired == 0; i++) {
        now += fail(store, now, 0, &expired);
    }

    is_int(expired, 1, "a day of failures does");
    ok(i > 200, "but not less");
    is_int(counted(store, "expired"), 1, "it is counted");
    is_int(ask("SELECT count(*) FROM notice"), 1, "a younger one has its day");

    n = take(store, 1, now + 300000, 0, SOCIAL_NOTICE_NONE);
    is_str(text_of(&n), "two", "and is next");
    n = take(store, 1, now + 300000, n.id, SOCIAL_NOTICE_SENT);
    ok(n.tries > 0, "it says that there were failures before");

    post(store, told(3, "three", SOCIAL_APPROVED));
    is_int(fail(store, now + 300000, 0, NULL), 1000, "a success resets it");

    social_store_close(store);
}


static void
test_full(void)
{
    social_store_t   *store;
    social_notices_t  n;

    fresh();
    store = must_open(1);
    post(store, told(1, "one", SOCIAL_APPROVED));
    post(store, told(1, "two", SOCIAL_APPROVED));

    is_int(tell(on_postgres()
                ? "ALTER TABLE notice ALTER COLUMN id RESTART WITH 10001"
                : "UPDATE sqlite_sequence SET seq = 10000"
                  " WHERE name = 'notice'"),
           SQLITE_OK, "ten thousand were queued");
    post(store, told(1, "three", SOCIAL_APPROVED));
    is_int(ask("SELECT count(*) FROM notice"), 2, "the oldest one is gone");
    is_int(counted(store, "full"), 1, "and counted");

    n = take(store, 1, MSEC, 0, SOCIAL_NOTICE_NONE);
    is_str(text_of(&n), "two", "the next one is the oldest");

    social_store_close(store);
}


static void
test_gone(void)
{
    int               i;
    int64_t           id;
    social_write_t    w;
    social_store_t   *store;
    social_notices_t  n;

    fresh();
    store = must_open(1);

    for (i = 0; i < 150; i++) {
        char  text[16];

        snprintf(text, sizeof(text), "no. %d", i);
        id = post(store, told(7, text, SOCIAL_APPROVED));
    }

    w = on(SOCIAL_WRITE_ERASE, 0);
    memset(w.commenter, 7, sizeof(w.commenter));
    is_int(put(store, &w), SOCIAL_WROTE, "all are erased");
    id = post(store, told(1, "last", SOCIAL_APPROVED));
    ok(id != 0, "one more");

    n = take(store, 1, MSEC, 0, SOCIAL_NOTICE_NONE);
    ok(n.id == 0 && n.wait == 0, "a bounded number at once");
    n = take(store, 1, MSEC, 0, SOCIAL_NOTICE_NONE);
    is_str(text_of(&n), "last", "nothing of erased ones is told");
    is_int(counted(store, "gone"), 150, "they are counted");

    social_store_close(store);
}


/* the texts of a list, with spaces; frees it */

static const char *
texts(social_comments_t *list)
{
    size_t       i;
    static char  all[256];

    all[0] = '\0';

    for (i = 0; i < list->n; i++) {
        snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
                 i ? " " : "", list->items[i].text);
    }

    social_comments_free(list);

    return all;
}


static void
test_feeds(void)
{
    int64_t            a, b;
    social_write_t     w;
    social_store_t    *store;
    social_comments_t  list;

    fresh();
    store = must_open(1);

    a = post(store, comment(1, "a"));
    w = comment(2, "b");
    w.key = str("/b/");
    b = post(store, w);
    w = comment(3, "held");
    w.state = SOCIAL_HELD;
    post(store, w);
    post(store, comment(1, "c"));

    social_store_feed(store, str(""), 50, &list, &err);
    is_str(texts(&list), "c b a", "the site, newest first");
    social_store_feed(store, str(""), 2, &list, &err);
    is_str(texts(&list), "c b", "at most so many");
    social_store_feed(store, str("/a/"), 50, &list, &err);
    is_str(texts(&list), "c a", "an article");
    social_store_feed(store, str("/none/"), 50, &list, &err);
    is_str(texts(&list), "", "an unknown one");

    moderate(store, a, SOCIAL_ACT_HOLD, NULL);
    social_store_feed(store, str("/a/"), 50, &list, &err);
    is_str(texts(&list), "c", "held: gone at once");
    moderate(store, a, SOCIAL_ACT_APPROVE, NULL);
    moderate(store, b, SOCIAL_ACT_ERASE, NULL);
    social_store_feed(store, str(""), 50, &list, &err);
    is_str(texts(&list), "c a", "erased: gone at once");

    social_store_close(store);
}


static social_write_t
feed(int who, const char *mac, int renew)
{
    social_write_t  w;

    w = on(SOCIAL_WRITE_FEED, 0);
    memset(w.commenter, who, sizeof(w.commenter));
    w.mac = str(mac);
    w.number = 5;
    w.renew = renew ? 1 : 0;

    return w;
}


static void
test_replies(void)
{
    int64_t            id;
    social_write_t     w;
    social_store_t    *store;
    social_comments_t  list;

    fresh();
    store = must_open(1);
    id = post(store, comment(1, "mine"));

    w = feed(1, "AAAAAAAAAAAAAAAAAAAAAA", 0);
    is_int(put(store, &w), SOCIAL_WROTE, "a feed");
    is_str(w.wrote_feed, "AAAAAAAAAAAAAAAAAAAAAA", "has an address");
    w = feed(1, "BBBBBBBBBBBBBBBBBBBBBB", 0);
    put(store, &w);
    is_str(w.wrote_feed, "AAAAAAAAAAAAAAAAAAAAAA", "which stays");
    w = feed(9, "CCCCCCCCCCCCCCCCCCCCCC", 0);
    is_int(put(store, &w), SOCIAL_NO_COMMENT,
           "who has no comment gets none");

    w = comment(2, "reply");
    w.parent = id;
    post(store, w);
    w = comment(1, "own");
    w.parent = id;
    post(store, w);
    w = comment(0, "author");
    w.author = 1;
    w.parent = id;
    post(store, w);
    w = comment(3, "held");
    w.parent = id;
    w.state = SOCIAL_HELD;
    post(store, w);
    post(store, comment(2, "elsewhere"));

    is_int(social_store_replies(store, str("AAAAAAAAAAAAAAAAAAAAAA"), 50,
                                &list, &err), SOCIAL_OK, "it is read");
    is_str(texts(&list), "author reply", "approved replies of others");

    w = feed(1, "BBBBBBBBBBBBBBBBBBBBBB", 1);
    put(store, &w);
    is_str(w.wrote_feed, "BBBBBBBBBBBBBBBBBBBBBB", "a new address");
    is_int(social_store_replies(store, str("AAAAAAAAAAAAAAAAAAAAAA"), 50,
                                &list, &err), SOCIAL_DECLINED,
           "the old one is gone");

    w = on(SOCIAL_WRITE_ERASE, 0);
    memset(w.commenter, 1, sizeof(w.commenter));
    put(store, &w);
    is_int(social_store_replies(store, str("BBBBBBBBBBBBBBBBBBBBBB"), 50,
                                &list, &err), SOCIAL_DECLINED,
           "after an erasure, too");
    is_int(ask("SELECT count(*) FROM reply_feed"), 0, "nothing is kept");

    social_store_close(store);
}


int
main(void)
{
    test_order();
    test_edit_holds();
    test_lease();
    test_pauses();
    test_full();
    test_gone();
    test_feeds();
    test_replies();

    clean();

    return done();
}
