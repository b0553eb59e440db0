
/*
 * The store's lists (social_store_sqlite_read.c), that is threads, their pages
 * and the moderator's queue; and the results of a batch of writes.
 */

#include "store.h"


static void
count_key(void *data, social_str_t key, const social_numbers_t *numbers)
{
    (void) key;

    *(int64_t *) data += 1000 + numbers->comments;
}


static void
test_thread(void)
{
    int                i;
    int64_t            id[12], n, change;
    char               text[32];
    social_write_t     w;
    social_store_t    *store;
    social_comments_t  list;

    fresh();
    store = must_open(1);

    is_int(social_store_thread(store, str("/a/"), 1, 10, SOCIAL_NEWEST,
        &list, &err),
           SOCIAL_OK, "a thread without comments");
    ok(list.n == 0 && list.total == 0 && list.changed == 0,
       "... is an empty list");

    for (i = 0; i < 12; i++) {
        snprintf(text, sizeof(text), "text %d", i);
        w = comment(i + 1, text);
        w.now = NOW + i;
        w.parent = (i == 10) ? id[2] : (i == 11) ? id[10] : 0;
        id[i] = post(store, w);
    }

    w = comment(99, "elsewhere");
    w.key = str("/b/");
    post(store, w);

    social_store_thread(store, str("/a/"), 1, 5, SOCIAL_NEWEST,
        &list, &err);
    is_int((int64_t) list.n, 5, "page 1 has five");
    ok(list.items[0].id == id[7] && list.items[4].id == id[11],
       "the five newest, oldest first");
    is_int(list.total, 12, "of twelve in all");
    is_int(list.changed, NOW + 11, "changed when the last one was written");
    is_str(list.items[3].parent_name, "Ann", "a reply names its parent");
    social_comments_free(&list);

    social_store_thread(store, str("/a/"), 3, 5, SOCIAL_NEWEST,
        &list, &err);
    ok(list.n == 2 && list.items[0].id == id[0], "page 3 has the rest");
    social_comments_free(&list);

    social_store_thread(store, str("/a/"), 4, 5, SOCIAL_NEWEST,
        &list, &err);
    is_int((int64_t) list.n, 0, "page 4 has none");
    social_comments_free(&list);

    social_store_thread(store, str("/a/"), UINT32_MAX, UINT32_MAX,
        SOCIAL_NEWEST, &list, &err);
    is_int((int64_t) list.n, 0, "the last possible page has none");
    social_comments_free(&list);

    moderate(store, id[2], SOCIAL_ACT_DELETE, NULL);
    moderate(store, id[10], SOCIAL_ACT_SPAM, NULL);
    moderate(store, id[3], SOCIAL_ACT_DELETE, NULL);

    social_store_thread(store, str("/a/"), 1, 3, SOCIAL_NEWEST,
        &list, &err);
    is_int((int64_t) list.n, 5,
           "three, and the two removed ones they reply to");
    is_int(list.total, 9, "removed ones are not in the total");
    ok(list.items[0].id == id[2] && list.items[0].state == SOCIAL_DELETED
       && list.items[0].text[0] == '\0' && list.items[0].name[0] == '\0',
       "a deleted one has no text and no name");
    ok(list.items[3].id == id[10] && list.items[3].state == SOCIAL_DELETED
       && list.items[3].text[0] == '\0' && list.items[3].parent == id[2],
       "spam looks like a deleted one, below its parent");
    is_str(list.items[4].parent_name, "", "no parent name of a removed one");
    social_comments_free(&list);

    social_store_after(store, str("/a/"), id[4], 3, &list, &err);
    ok(list.n == 3 && list.items[0].id == id[5] && list.next == id[7],
       "after an id: the next three, and the id to go on");
    social_comments_free(&list);

    social_store_after(store, str("/a/"), id[7], 3, &list, &err);
    ok(list.n == 3 && list.items[2].id == id[11] && list.next == 0
       && list.total == 9, "the last three, and nothing to go on");
    social_comments_free(&list);

    n = 0;
    is_int(social_store_keys(store, &change, count_key, &n, &err), SOCIAL_OK,
           "all keys are passed");
    is_int(n, 2000 + 10, "two articles, ten comments");

    social_store_close(store);
}


/* page 1 has the oldest, and page_of() counts from there, too */

static void
test_oldest(void)
{
    int                i;
    int64_t            id[12];
    uint32_t           page, newest;
    social_write_t     w;
    social_store_t    *store;
    social_comments_t  list;

    fresh();
    store = must_open(1);

    for (i = 0; i < 12; i++) {
        w = comment(7, "text");
        w.now = NOW + i * 1000;
        id[i] = post(store, w);
    }

    moderate(store, id[1], SOCIAL_ACT_SPAM, NULL);

    social_store_thread(store, str("/a/"), 1, 5, SOCIAL_OLDEST, &list, &err);
    ok(list.n == 5 && list.items[0].id == id[0] && list.items[4].id == id[5],
       "oldest: page 1 has the first five, oldest first");
    is_int(list.next, id[5], "... and the id to go on after");
    social_comments_free(&list);

    social_store_thread(store, str("/a/"), 3, 5, SOCIAL_OLDEST, &list, &err);
    ok(list.n == 1 && list.items[0].id == id[11] && list.next == 0,
       "the last page has the newest");
    social_comments_free(&list);

    for (i = 2; i < 12; i++) {
        is_int(social_store_page_of(store, id[i], 5, SOCIAL_OLDEST, &page,
                                    &err), SOCIAL_OK, "a page is found");
        (void) social_store_page_of(store, id[i], 5, SOCIAL_NEWEST, &newest,
                                    &err);
        is_int(page, (i - 1) / 5 + 1, "... counted from the oldest");
        is_int(newest, (11 - i) / 5 + 1, "... or from the newest");
    }

    social_store_page_of(store, id[1], 5, SOCIAL_OLDEST, &page, &err);
    is_int(page, 0, "what is not shown has no page");

    social_store_mine(store, w.commenter, 0, 5, SOCIAL_NEWEST, &list, &err);
    ok(list.n == 5 && list.items[0].id == id[11] && list.next == id[7]
       && list.total == 12, "mine(): the newest first");
    social_comments_free(&list);

    social_store_mine(store, w.commenter, id[2], 5, SOCIAL_NEWEST, &list,
                      &err);
    ok(list.n == 2 && list.items[0].id == id[1] && list.next == 0,
       "... and what is before an id");
    social_comments_free(&list);

    social_store_close(store);
}


/* pages and lists end by bytes, too; every comment is on one page */

static void
test_bytes(void)
{
    int                i, n;
    int64_t            id[12], next;
    uint32_t           page;
    static char        text[40001];
    social_write_t     w;
    social_store_t    *store;
    social_comments_t  list;

    fresh();
    store = must_open(1);
    memset(text, 'x', 40000);

    for (i = 0; i < 12; i++) {
        text[0] = (char) ('a' + i);     /* a repeated text is held */
        w = comment(7, text);
        w.now = NOW + i;
        id[i] = post(store, w);
    }

    n = 12;

    for (page = 1; page <= 4; page++) {
        social_store_thread(store, str("/a/"), page, 100, SOCIAL_NEWEST,
            &list, &err);
        is_int((int64_t) list.n, 3, "a page ends at 128 KiB");
        n -= (int) list.n;
        ok(list.n == 3 && list.items[0].id == id[n]
           && list.items[2].id == id[n + 2], "... after the page before it");
        is_int(list.next, page < 4 ? id[n] : 0, "... and says if more follow");
        social_comments_free(&list);
    }

    social_store_thread(store, str("/a/"), 5, 100, SOCIAL_NEWEST,
        &list, &err);
    is_int((int64_t) list.n, 0, "no page 5");
    social_comments_free(&list);

    for (i = 0, next = 0; i < 12; i += 3, next = list.next) {
        social_comments_free(&list);
        social_store_after(store, str("/a/"), next, 100, &list, &err);
        ok(list.n == 3 && list.items[0].id == id[i],
           "after(): three by three");
    }

    is_int(next, 0, "... to the end");
    social_comments_free(&list);

    for (i = 0, next = 0; i < 12; i += 3, next = list.next) {
        social_comments_free(&list);
        social_store_mine(store, w.commenter, next, 100, SOCIAL_OLDEST,
            &list, &err);
        ok(list.n == 3 && list.items[0].id == id[i] && list.total == 12,
           "mine(): three by three");
    }

    is_int(next, 0, "... to the end");
    social_comments_free(&list);

    social_store_close(store);
}


/* what is left of long chains of deleted comments has a bound */

static void
test_gone(void)
{
    int                i;
    int64_t            id;
    social_write_t     w;
    social_store_t    *store;
    social_comments_t  list;

    fresh();
    store = must_open(1);
    id = 0;

    for (i = 0; i < SOCIAL_STORE_GONE + 50; i++) {
        w = comment(1, "gone");
        w.parent = id;
        w.now = NOW + i;
        id = post(store, w);
    }

    w = comment(2, "stays");
    w.parent = id;
    post(store, w);

    w = on(SOCIAL_WRITE_ERASE, 0);
    memset(w.commenter, 1, sizeof(w.commenter));
    put(store, &w);

    social_store_thread(store, str("/a/"), 1, 100, SOCIAL_NEWEST,
        &list, &err);
    is_int((int64_t) list.n, SOCIAL_STORE_GONE + 1,
           "a page has a bounded number of deleted comments");
    ok(list.n > 1 && strcmp(list.items[list.n - 1].text, "stays") == 0
       && list.items[list.n - 2].id == id, "the nearest ones");
    social_comments_free(&list);
    social_store_close(store);
}


static size_t
queue(social_store_t *store, social_queue_t q, social_comments_t *list)
{
    if (social_store_queue(store, &q, list, &err) != SOCIAL_OK) {
        printf("# %s: %s\n", err.op, err.message);
        return 999;
    }

    return list->n;
}


static void
test_queue(void)
{
    int64_t            a, b, c, d, r;
    social_queue_t     q;
    social_write_t     w;
    social_store_t    *store;
    social_comments_t  list;

    fresh();
    store = must_open(1);

    a = post(store, comment(1, "100% sure_thing"));
    w = comment(2, "held one");
    w.state = SOCIAL_HELD;
    b = post(store, w);
    w = comment(3, "in Another place");
    w.key = str("/b/");
    w.name = str("Bob\\");
    c = post(store, w);

    w = comment(4, "below");
    w.parent = a;
    d = post(store, w);
    w = comment(0, "answer");
    w.author = 1;
    w.name = str("Jo");
    w.parent = d;
    post(store, w);

    w = on(SOCIAL_WRITE_REPORT, a);
    put(store, &w);
    r = post(store, comment(9, "erased"));
    w = on(SOCIAL_WRITE_ERASE, 0);
    memset(w.commenter, 9, sizeof(w.commenter));
    put(store, &w);

    memset(&q, 0, sizeof(q));
    q.limit = 10;

    is_int((int64_t) queue(store, q, &list), 5,
           "the queue has all but the erased one");
    is_int(list.total, 5, "total");
    ok(list.items[0].id == b && list.items[1].id == a
       && list.items[2].id == c && list.items[3].id > list.items[4].id,
       "held ones first, then reported, then unanswered, then newest");
    ok(list.items[1].reports == 1 && list.items[1].answered,
       "reported once, and answered");
    ok(!list.items[0].answered, "the held one has no answer");
    social_comments_free(&list);

    q.limit = 4;
    queue(store, q, &list);
    q.after = list.next;
    ok(list.n == 4 && q.after == list.items[3].id, "page 1 says where it ends");
    social_comments_free(&list);

    q.rank = -1;
    is_int((int64_t) queue(store, q, &list), 1, "the second page");
    ok(list.items[0].id == d && list.total == 5 && list.next == 0,
       "... has the answered one, and is the last");
    social_comments_free(&list);

    q.limit = 10;
    q.after = b;
    is_int((int64_t) queue(store, q, &list), 4,
           "after the held one: all others");
    social_comments_free(&list);
    q.after = a;
    q.rank = 0;
    is_int((int64_t) queue(store, q, &list), 4,
           "after one that was held when it was seen: what is not held");
    social_comments_free(&list);
    q.after = c;
    q.rank = 0;
    is_int((int64_t) queue(store, q, &list), 5 - (b > c),
           "a held one that is newer than the last seen was seen");
    social_comments_free(&list);

    q.after = 0;
    q.state = SOCIAL_HELD;
    is_int((int64_t) queue(store, q, &list), 1, "only held ones");
    social_comments_free(&list);
    q.state = SOCIAL_DELETED;
    is_int((int64_t) queue(store, q, &list), 0,
           "erased ones are not in the list");
    social_comments_free(&list);
    q.state = 0;

    q.q = str("0% S");
    is_int((int64_t) queue(store, q, &list), 1,
           "a search in texts ignores case");
    social_comments_free(&list);
    q.q = str("e%p");
    is_int((int64_t) queue(store, q, &list), 0, "% is no wildcard");
    social_comments_free(&list);
    q.q = str("e_p");
    is_int((int64_t) queue(store, q, &list), 0, "_ is no wildcard");
    social_comments_free(&list);
    q.q = str("bob\\");
    is_int((int64_t) queue(store, q, &list), 1,
           "\\ is no escape; names are searched, too");
    social_comments_free(&list);
    q.q = str("");
    q.key = str("/b/");
    is_int((int64_t) queue(store, q, &list), 1, "of one article");
    social_comments_free(&list);

    is_int(social_store_comment(store, r + 100, &list, &err), SOCIAL_OK,
           "a comment that does not exist");
    is_int((int64_t) list.n, 0, "... is an empty list");
    social_comments_free(&list);
    social_store_close(store);
}


static void
test_batch(void)
{
    size_t           i;
    char             huge[1];
    social_write_t   w[6], *batch[6];
    social_store_t  *store, *reader;

    fresh();
    store = must_open(1);
    memset(w, 0, sizeof(w));

    for (i = 0; i < 6; i++) {
        w[i] = comment((int) i + 1, "batch");
        batch[i] = &w[i];
    }

    w[1].known = 0;                             /* w[0] has created /a/ */
    w[2].parent = 777;
    w[3].type = 77;
    w[4].state = SOCIAL_HELD;
    w[4].reason.len = (size_t) 3 << 30;         /* more than SQLite accepts */
    w[4].reason.data = (unsigned char *) huge;

    is_int(social_store_write(store, batch, 6, &err), SOCIAL_OK, "a batch");
    is_int(w[0].status, SOCIAL_WROTE, "the first is written");
    is_int(w[1].status, SOCIAL_WROTE,
           "the second sees what the first one wrote");
    is_int(w[2].status, SOCIAL_NO_PARENT,
           "one with an unknown parent is refused");
    is_int(w[3].status, SOCIAL_LOST, "one of an unknown type is lost");
    is_int(w[4].status, SOCIAL_LOST, "one that is too big is lost");
    ok(w[4].wrote_id == 0 && !w[4].visible, "... and has no id");
    is_int(w[5].status, SOCIAL_WROTE, "the last one is written all the same");
    is_int(ask("SELECT count(*) FROM comment"), 3, "three are stored");
    is_int(social_store_write(store, NULL, 0, &err), SOCIAL_OK,
           "an empty batch");

    reader = must_open(0);
    is_int(social_store_write(reader, batch, 1, &err), SOCIAL_ERROR,
           "a store opened for reading writes nothing");
    is_int(w[0].status, SOCIAL_LOST, "the write is lost");
    ok(strstr(err.message, "for reading") != NULL, "the message says so");

    social_store_close(reader);
    social_store_close(store);
}


int
main(void)
{
    test_thread();
    test_oldest();
    test_bytes();
    test_gone();
    test_queue();
    test_batch();

    clean();

    return done();
}
