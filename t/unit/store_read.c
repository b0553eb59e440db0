
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
    int64_t            id[12], n;
    char               text[32];
    social_write_t     w;
    social_store_t    *store;
    social_comments_t  list;

    fresh();
    store = must_open(1);

    is_int(social_store_thread(store, str("/a/"), 1, 10, &list, &err),
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

    social_store_thread(store, str("/a/"), 1, 5, &list, &err);
    is_int((int64_t) list.n, 5, "page 1 has five");
    ok(list.items[0].id == id[7] && list.items[4].id == id[11],
       "the five newest, oldest first");
    is_int(list.total, 12, "of twelve in all");
    is_int(list.changed, NOW + 11, "changed when the last one was written");
    is_str(list.items[3].parent_name, "Ann", "a reply names its parent");
    social_comments_free(&list);

    social_store_thread(store, str("/a/"), 3, 5, &list, &err);
    ok(list.n == 2 && list.items[0].id == id[0], "page 3 has the rest");
    social_comments_free(&list);

    social_store_thread(store, str("/a/"), 4, 5, &list, &err);
    is_int((int64_t) list.n, 0, "page 4 has none");
    social_comments_free(&list);

    social_store_thread(store, str("/a/"), UINT32_MAX, UINT32_MAX, &list,
                        &err);
    is_int((int64_t) list.n, 0, "the last possible page has none");
    social_comments_free(&list);

    moderate(store, id[2], SOCIAL_ACT_DELETE, NULL);
    moderate(store, id[10], SOCIAL_ACT_SPAM, NULL);
    moderate(store, id[3], SOCIAL_ACT_DELETE, NULL);

    social_store_thread(store, str("/a/"), 1, 3, &list, &err);
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
    is_int(social_store_keys(store, count_key, &n, &err), SOCIAL_OK,
           "all keys are passed");
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
       && list.items[2].id > list.items[3].id,
       "held ones first, then reported, then newest");
    ok(list.items[1].reports == 1 && list.items[1].answered,
       "reported once, and answered");
    ok(!list.items[0].answered, "the held one has no answer");
    social_comments_free(&list);

    q.offset = 4;
    q.limit = 3;
    is_int((int64_t) queue(store, q, &list), 1, "the second page");
    ok(list.items[0].id == c && list.total == 5, "... has the oldest");
    social_comments_free(&list);

    q.offset = 0;
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
    w[4].text.len = (size_t) 3 << 30;           /* more than SQLite accepts */
    w[4].text.data = (unsigned char *) huge;

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
    test_queue();
    test_batch();

    clean();

    return done();
}
