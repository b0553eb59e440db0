
/*
 * The store's lists: threads and their pages, the moderator's queue; and what
 * a batch leaves behind.
 */

#include "store.h"


static void
count_key(void *data, social_str_t key, int64_t comments)
{
    (void) key;

    *(int64_t *) data += 1000 + comments;
}


static void
test_thread(void)
{
    int                i;
    int64_t            id[12], n;
    char               text[32];
    social_write_t     w;
    social_store_t    *store;
    social_comments_t  list;

    fresh();
    store = must_open(1);

    is_int(social_store_thread(store, str("/a/"), 1, 10, &list, &err),
           SOCIAL_OK, "a thread that nobody opened");
    ok(list.n == 0 && list.total == 0 && list.changed == 0, "is empty");

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

    social_store_thread(store, str("/a/"), 1, 5, &list, &err);
    is_int((int64_t) list.n, 5, "page 1 holds five");
    ok(list.items[0].id == id[7] && list.items[4].id == id[11],
       "the newest, oldest first");
    is_int(list.total, 12, "of twelve");
    is_int(list.changed, NOW + 11, "the last of them changed it");
    is_str(list.items[3].parent_name, "Ann", "a reply names its parent");
    social_comments_free(&list);

    social_store_thread(store, str("/a/"), 3, 5, &list, &err);
    ok(list.n == 2 && list.items[0].id == id[0], "page 3 holds the rest");
    social_comments_free(&list);

    social_store_thread(store, str("/a/"), 4, 5, &list, &err);
    is_int((int64_t) list.n, 0, "page 4 holds none");
    social_comments_free(&list);

    social_store_thread(store, str("/a/"), UINT32_MAX, UINT32_MAX, &list,
                        &err);
    is_int((int64_t) list.n, 0, "nor does the last of all pages");
    social_comments_free(&list);

    moderate(store, id[2], SOCIAL_ACT_DELETE, NULL);
    moderate(store, id[10], SOCIAL_ACT_SPAM, NULL);
    moderate(store, id[3], SOCIAL_ACT_DELETE, NULL);

    social_store_thread(store, str("/a/"), 1, 3, &list, &err);
    is_int((int64_t) list.n, 5, "three, with two above that have gone");
    is_int(list.total, 9, "which do not count");
    ok(list.items[0].id == id[2] && list.items[0].state == SOCIAL_DELETED
       && list.items[0].text[0] == '\0' && list.items[0].name[0] == '\0',
       "a deleted one without text and name");
    ok(list.items[3].id == id[10] && list.items[3].state == SOCIAL_DELETED
       && list.items[3].text[0] == '\0' && list.items[3].parent == id[2],
       "spam looks the same, in its place");
    is_str(list.items[4].parent_name, "", "no name of one that has gone");
    social_comments_free(&list);

    social_store_after(store, str("/a/"), id[4], 3, &list, &err);
    ok(list.n == 3 && list.items[0].id == id[5] && list.next == id[7],
       "after: the next three, and where to go on");
    social_comments_free(&list);

    social_store_after(store, str("/a/"), id[7], 3, &list, &err);
    ok(list.n == 3 && list.items[2].id == id[11] && list.next == 0
       && list.total == 9, "the last three");
    social_comments_free(&list);

    n = 0;
    is_int(social_store_keys(store, count_key, &n, &err), SOCIAL_OK, "keys");
    is_int(n, 2000 + 10, "two articles, ten comments");

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

    is_int((int64_t) queue(store, q, &list), 5, "all but the erased one");
    is_int(list.total, 5, "total");
    ok(list.items[0].id == b && list.items[1].id == a
       && list.items[2].id > list.items[3].id, "held, reported, newest");
    ok(list.items[1].reports == 1 && list.items[1].answered,
       "reported once, answered below");
    ok(!list.items[0].answered, "the held one is not");
    social_comments_free(&list);

    q.offset = 4;
    q.limit = 3;
    is_int((int64_t) queue(store, q, &list), 1, "the second page");
    ok(list.items[0].id == c && list.total == 5, "its end");
    social_comments_free(&list);

    q.offset = 0;
    q.state = SOCIAL_HELD;
    is_int((int64_t) queue(store, q, &list), 1, "held ones");
    social_comments_free(&list);
    q.state = SOCIAL_DELETED;
    is_int((int64_t) queue(store, q, &list), 0, "no erased ones");
    social_comments_free(&list);
    q.state = 0;

    q.q = str("0% S");
    is_int((int64_t) queue(store, q, &list), 1, "searched in text");
    social_comments_free(&list);
    q.q = str("e%p");
    is_int((int64_t) queue(store, q, &list), 0, "% is a letter");
    social_comments_free(&list);
    q.q = str("e_p");
    is_int((int64_t) queue(store, q, &list), 0, "_ is one, too");
    social_comments_free(&list);
    q.q = str("bob\\");
    is_int((int64_t) queue(store, q, &list), 1, "and \\; in the name");
    social_comments_free(&list);
    q.q = str("");
    q.key = str("/b/");
    is_int((int64_t) queue(store, q, &list), 1, "of one article");
    social_comments_free(&list);

    is_int(social_store_comment(store, r + 100, &list, &err), SOCIAL_OK,
           "no such comment");
    is_int((int64_t) list.n, 0, "is an empty list");
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

    w[1].known = 0;                             /* /a/ is known by w[0] */
    w[2].parent = 777;
    w[3].type = 77;
    w[4].text.len = (size_t) 3 << 30;           /* more than SQLite takes */
    w[4].text.data = (unsigned char *) huge;

    is_int(social_store_write(store, batch, 6, &err), SOCIAL_OK, "a batch");
    is_int(w[0].status, SOCIAL_WROTE, "the first");
    is_int(w[1].status, SOCIAL_WROTE, "sees what the one before did");
    is_int(w[2].status, SOCIAL_NO_PARENT, "a refused one");
    is_int(w[3].status, SOCIAL_LOST, "one of no type");
    is_int(w[4].status, SOCIAL_LOST, "one too big");
    ok(w[4].wrote_id == 0 && !w[4].visible, "is not stored");
    is_int(w[5].status, SOCIAL_WROTE, "does not spoil the last");
    is_int(ask("SELECT count(*) FROM comment"), 3, "three are stored");
    is_int(social_store_write(store, NULL, 0, &err), SOCIAL_OK, "no writes");

    reader = must_open(0);
    is_int(social_store_write(reader, batch, 1, &err), SOCIAL_ERROR,
           "a reader does not write");
    is_int(w[0].status, SOCIAL_LOST, "nothing");
    ok(strstr(err.message, "for reading") != NULL, "and says so");

    social_store_close(reader);
    social_store_close(store);
}


int
main(void)
{
    test_thread();
    test_queue();
    test_batch();

    clean();

    return done();
}
