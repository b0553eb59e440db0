
/*
 * The store's comments: what is written, by whom, and what is read back.
 */

#include "store.h"


static void
test_open(void)
{
    struct stat      st;
    social_store_t  *one, *two;
    unsigned char    a[32], b[32], zero[32];

    fresh();
    memset(zero, 0, sizeof(zero));

    ok(social_store_open(url, 0, &err) == NULL, "a reader makes no file");
    is_int(err.fault, SOCIAL_STORE_AWAY, "it says that the store is away");
    is_str(err.op, "open", "and what it was about");
    ok(access(path, F_OK) != 0, "there is no file");

    umask(0);
    one = must_open(1);
    umask(022);

    ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600,
       "a writer makes it, mode 0600");
    is_int(ask("PRAGMA user_version"), 2, "the schema is the newest");
    ok(ask("SELECT 1 FROM pragma_journal_mode WHERE journal_mode = 'wal'")
       == 1, "the file is in WAL mode");

    two = must_open(0);

    is_int(social_store_secret(one, a, &err), SOCIAL_OK, "there is a secret");
    is_int(social_store_secret(two, b, &err), SOCIAL_OK, "readers get it");
    ok(memcmp(a, b, 32) == 0 && memcmp(a, zero, 32) != 0, "it is the same");
    is_int(social_store_verify(one), SOCIAL_OK, "the file is the open one");

    social_store_close(two);
    social_store_close(one);
    social_store_close(NULL);

    one = must_open(1);
    is_int(social_store_secret(one, b, &err), SOCIAL_OK, "opened again");
    ok(memcmp(a, b, 32) == 0, "the secret is kept");
    social_store_close(one);

    ok(social_store_open("mysql:x", 1, &err) == NULL, "no such store");
    is_int(err.fault, SOCIAL_STORE_AWAY, "it is away");
    ok(social_store_open("sqlite:", 1, NULL) == NULL, "no path, no error");
}


static void
test_articles(social_store_t *store)
{
    social_write_t  w, c;

    memset(&w, 0, sizeof(w));
    w.type = SOCIAL_WRITE_ARTICLE;
    w.key = str("/a/");
    w.title = str("A title");
    w.now = NOW - 100;

    is_int(put(store, &w), SOCIAL_NO_ARTICLE, "nobody knows this article");

    c = comment(1, "x");
    c.known = 0;
    is_int(put(store, &c), SOCIAL_NO_ARTICLE, "no comment on it");
    is_int(c.wrote_id, 0, "and no id");

    c.known = 1;
    c.key.len = 0;
    is_int(put(store, &c), SOCIAL_NO_ARTICLE, "an empty key is none");

    w.known = 1;
    is_int(put(store, &w), SOCIAL_WROTE, "known: it is made");
    is_str(w.wrote_key, "/a/", "the key comes back");
    ok(!w.visible, "readers see no difference");
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING, "the same again: nothing");

    w.title.len = 0;
    w.url = str("https://blog.example/a/");
    w.published = 1600000000;
    is_int(put(store, &w), SOCIAL_WROTE, "more is told");
    is_int(ask("SELECT count(*) FROM article WHERE title = 'A title'"
               " AND url LIKE 'https:%' AND published = 1600000000"
               " AND first_seen = 1699999900"),
           1, "what was known is kept");

    c = comment(1, "x");
    c.known = 0;
    is_int(put(store, &c), SOCIAL_WROTE, "now the store knows it");

    c = comment(1, "x");
    c.key = str("/new/");
    c.parent = 12345;
    is_int(put(store, &c), SOCIAL_NO_PARENT, "no such parent");
    is_int(ask("SELECT count(*) FROM article WHERE key = '/new/'"), 0,
           "a refused comment makes no article");
}


static void
test_states(social_store_t *store)
{
    int64_t            id;
    social_write_t     w;
    social_comments_t  list;

    w = comment(2, "first words");
    w.first = 1;
    w.returning = 1;
    is_int(put(store, &w), SOCIAL_WROTE, "a first comment is stored");
    is_int(w.wrote_state, SOCIAL_HELD, "held");
    ok(!w.visible, "nobody sees it");
    id = w.wrote_id;

    social_store_comment(store, id, &list, &err);
    is_str(list.n ? list.items[0].reason : NULL, "first comment", "why");
    social_comments_free(&list);

    is_int(post(store, w) > id, 1, "a second one, too");
    is_int(moderate(store, id, SOCIAL_ACT_APPROVE, &w), SOCIAL_WROTE,
           "the moderator approves it");
    is_int(w.wrote_state, SOCIAL_APPROVED, "it is approved");
    is_str(w.wrote_key, "/a/", "of this article");
    ok(w.visible, "readers see it");

    w = comment(2, "more");
    w.first = 1;
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_HELD, "the id without a cookie: held");

    w.returning = 1;
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_APPROVED, "with it: approved at once");
    ok(w.visible, "and seen");

    w.state = SOCIAL_HELD;
    w.reason = str("links");
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_HELD, "what the caller holds is held");

    social_store_comment(store, w.wrote_id, &list, &err);
    is_str(list.n ? list.items[0].reason : NULL, "links", "for this reason");
    social_comments_free(&list);

    w = comment(2, "author");
    w.author = 1;
    w.state = SOCIAL_HELD;
    w.first = 1;
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_APPROVED, "an author's is never held");
    is_int(w.wrote_role, SOCIAL_AUTHOR, "role author");
}


static void
test_ban(social_store_t *store)
{
    int64_t         id;
    social_write_t  w;

    id = post(store, comment(66, "buy"));

    is_int(moderate(store, id, SOCIAL_ACT_BAN, &w), SOCIAL_WROTE, "ban");
    is_int(w.wrote_state, SOCIAL_SPAM, "the comment is spam");
    ok(w.visible, "it has gone");
    is_int(moderate(store, id, SOCIAL_ACT_BAN, NULL), SOCIAL_WROTE_NOTHING,
           "banned already");

    w = comment(66, "buy more");
    w.returning = 1;
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_HELD, "the next one is held");
    is_int(ask("SELECT count(*) FROM comment WHERE reason = 'banned'"), 1,
           "because of the ban");

    is_int(moderate(store, id, SOCIAL_ACT_RESTORE, &w), SOCIAL_WROTE,
           "restored: it was a mistake");
    is_int(w.wrote_state, SOCIAL_APPROVED, "as it was");

    w = comment(66, "hello");
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_APPROVED, "the ban is lifted");

    w = comment(0, "no id");
    id = post(store, w);
    is_int(moderate(store, id, SOCIAL_ACT_BAN, NULL), SOCIAL_WROTE,
           "without an id it is only spam");
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_APPROVED, "others without one may write");
}


static void
test_parents(social_store_t *store)
{
    int64_t         id, held;
    social_write_t  w;

    id = post(store, comment(3, "parent"));

    w = comment(4, "reply");
    w.parent = id;
    is_int(put(store, &w), SOCIAL_WROTE, "a reply");
    is_int(w.wrote_parent, id, "to this one");

    w.key = str("/b/");
    is_int(put(store, &w), SOCIAL_NO_PARENT, "a parent elsewhere is none");

    w = comment(4, "x");
    w.parent = -1;
    is_int(put(store, &w), SOCIAL_NO_PARENT, "nor is -1");

    w = comment(3, "held");
    w.state = SOCIAL_HELD;
    held = post(store, w);

    w = comment(4, "x");
    w.parent = held;
    is_int(put(store, &w), SOCIAL_NO_PARENT, "nor a held one");
    ok(w.wrote_id == 0 && w.wrote_key[0] == '\0', "nothing of it is told");

    w.author = 1;
    is_int(put(store, &w), SOCIAL_WROTE, "the author may answer it");
    is_int(w.wrote_parent, held, "below it");
    ok(w.wrote_id > held && w.visible, "seen at once");
    is_int(moderate(store, held, SOCIAL_ACT_APPROVE, NULL),
           SOCIAL_WROTE_NOTHING, "which has approved it");

    moderate(store, id, SOCIAL_ACT_DELETE, NULL);
    w = comment(4, "x");
    w.parent = id;
    is_int(put(store, &w), SOCIAL_NO_PARENT, "a deleted one is none");

    w.author = 1;
    is_int(put(store, &w), SOCIAL_NO_PARENT, "not even for the author");
}


static void
test_moderation(social_store_t *store)
{
    size_t          i;
    int64_t         id;
    social_write_t  w;

    static const struct {
        social_act_e    action;
        social_wrote_e  status;
        int             state, visible;
    } steps[] = {
        { SOCIAL_ACT_APPROVE, SOCIAL_WROTE_NOTHING, SOCIAL_APPROVED, 0 },
        { SOCIAL_ACT_RESTORE, SOCIAL_WROTE_NOTHING, SOCIAL_APPROVED, 0 },
        { SOCIAL_ACT_HOLD, SOCIAL_WROTE, SOCIAL_HELD, 1 },
        { SOCIAL_ACT_HOLD, SOCIAL_WROTE_NOTHING, SOCIAL_HELD, 0 },
        { SOCIAL_ACT_SPAM, SOCIAL_WROTE, SOCIAL_SPAM, 0 },
        { SOCIAL_ACT_DELETE, SOCIAL_WROTE, SOCIAL_DELETED, 0 },
        { SOCIAL_ACT_DELETE, SOCIAL_WROTE_NOTHING, SOCIAL_DELETED, 0 },
        { SOCIAL_ACT_RESTORE, SOCIAL_WROTE, SOCIAL_HELD, 0 },
        { SOCIAL_ACT_APPROVE, SOCIAL_WROTE, SOCIAL_APPROVED, 1 },
        { SOCIAL_ACT_DELETE, SOCIAL_WROTE, SOCIAL_DELETED, 1 },
        { SOCIAL_ACT_RESTORE, SOCIAL_WROTE, SOCIAL_APPROVED, 1 },
        { SOCIAL_ACT_DONE, SOCIAL_WROTE, SOCIAL_APPROVED, 0 },
        { SOCIAL_ACT_DONE, SOCIAL_WROTE_NOTHING, SOCIAL_APPROVED, 0 }
    };

    id = post(store, comment(5, "to be moderated"));

    for (i = 0; i < social_nelts(steps); i++) {
        is_int(moderate(store, id, steps[i].action, &w), steps[i].status,
               "moderated");
        ok(w.wrote_state == (social_state_e) steps[i].state
           && (int) w.visible == steps[i].visible && w.wrote_id == id,
           "step %d: state and visible", (int) i);
    }

    is_int(moderate(store, 1 << 30, SOCIAL_ACT_HOLD, NULL),
           SOCIAL_NO_COMMENT, "no such comment");
    is_int(moderate(store, id, 99, NULL), SOCIAL_NO_COMMENT, "no such action");

    w = on(SOCIAL_WRITE_REPORT, id);
    is_int(put(store, &w), SOCIAL_WROTE, "a report");
    is_int(put(store, &w), SOCIAL_WROTE, "another");
    is_int(moderate(store, id, SOCIAL_ACT_APPROVE, &w), SOCIAL_WROTE,
           "approving settles them");
    ok(!w.visible, "no reader sees that");
    is_int(moderate(store, id, SOCIAL_ACT_APPROVE, &w), SOCIAL_WROTE_NOTHING,
           "once");

    moderate(store, id, SOCIAL_ACT_HOLD, NULL);
    w = on(SOCIAL_WRITE_REPORT, id);
    is_int(put(store, &w), SOCIAL_NO_COMMENT, "a held one is not reported");
}


static void
test_edit(social_store_t *store)
{
    int64_t            id;
    social_write_t     w;
    social_comments_t  list;

    w = comment(6, "old words");
    w.website = str("https://ann.example/");
    id = post(store, w);

    w = on(SOCIAL_WRITE_EDIT, id);
    w.text = str("new words");
    memset(w.commenter, 7, sizeof(w.commenter));
    is_int(put(store, &w), SOCIAL_NOT_OWN, "not one's own");
    ok(!w.visible, "unchanged");

    memset(w.commenter, 6, sizeof(w.commenter));
    w.now = NOW + 901;
    is_int(put(store, &w), SOCIAL_TOO_LATE, "too late");
    w.now = NOW - 901;
    is_int(put(store, &w), SOCIAL_TOO_LATE, "the clock was set back");
    w.now = NOW + 900;
    is_int(put(store, &w), SOCIAL_WROTE, "in time");
    ok(w.visible && w.wrote_state == SOCIAL_APPROVED, "readers see it");
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING, "it says so already");

    social_store_comment(store, id, &list, &err);
    ok(list.n == 1, "it is there");
    is_str(list.items[0].text, "new words", "new text");
    is_str(list.items[0].name, "Ann", "same name");
    is_str(list.items[0].website, "https://ann.example/", "same website");
    is_int(list.items[0].edited, NOW + 900, "edited then");
    social_comments_free(&list);

    w.text = str("buy now");
    w.state = SOCIAL_HELD;
    w.reason = str("blocked");
    is_int(put(store, &w), SOCIAL_WROTE, "an edit that is to be held");
    ok(w.visible && w.wrote_state == SOCIAL_HELD, "is");

    w = on(SOCIAL_WRITE_EDIT, id);
    w.author = 1;
    w.now = NOW + 100000;
    w.text = str("better");
    is_int(put(store, &w), SOCIAL_WROTE, "the moderator's edit, any time");
    ok(!w.visible, "held: unseen");

    moderate(store, id, SOCIAL_ACT_DELETE, NULL);
    is_int(put(store, &w), SOCIAL_NO_COMMENT, "a deleted one has no edit");

    w = comment(0, "no id");
    id = post(store, w);
    w = on(SOCIAL_WRITE_EDIT, id);
    w.text = str("mine");
    is_int(put(store, &w), SOCIAL_NOT_OWN, "no id owns nothing");
}


static void
test_delete(social_store_t *store)
{
    int64_t            id;
    social_write_t     w;
    social_comments_t  list;

    id = post(store, comment(8, "short lived"));

    w = on(SOCIAL_WRITE_DELETE, id);
    is_int(put(store, &w), SOCIAL_NOT_OWN, "not one's own");
    memset(w.commenter, 8, sizeof(w.commenter));
    w.now = NOW + 1000;
    is_int(put(store, &w), SOCIAL_TOO_LATE, "too late");
    w.now = NOW + 10;
    is_int(put(store, &w), SOCIAL_WROTE, "in time");
    ok(w.visible && w.wrote_state == SOCIAL_DELETED, "it has gone");
    is_str(w.wrote_key, "/a/", "from here");

    social_store_comment(store, id, &list, &err);
    ok(list.n == 1 && list.items[0].text[0] == '\0'
       && list.items[0].name[0] == '\0' && list.items[0].commenter[0] == 0
       && list.items[0].state == SOCIAL_DELETED, "nothing is left of it");
    social_comments_free(&list);

    is_int(put(store, &w), SOCIAL_NO_COMMENT, "not twice");
    is_int(moderate(store, id, SOCIAL_ACT_RESTORE, NULL), SOCIAL_NO_COMMENT,
           "nobody brings it back");
    is_int(moderate(store, id, SOCIAL_ACT_DONE, NULL), SOCIAL_NO_COMMENT,
           "nobody answers it");
    is_int(moderate(store, id, SOCIAL_ACT_DELETE, NULL),
           SOCIAL_WROTE_NOTHING, "deleted it is");
}


static void
count_key(void *data, social_str_t key, int64_t comments)
{
    (void) key;

    *(int64_t *) data += 1000 + comments;
}


static void
test_erase(social_store_t *store)
{
    int64_t            id, n;
    social_write_t     w;
    social_comments_t  list;

    w = comment(9, "one");
    post(store, w);
    w.key = str("/erase/");
    id = post(store, w);
    w.state = SOCIAL_HELD;
    post(store, w);

    is_int(social_store_mine(store, w.commenter, 10, &list, &err), SOCIAL_OK,
           "one's own comments");
    ok(list.n == 3 && list.total == 3 && list.items[0].id < list.items[1].id
       && list.items[2].state == SOCIAL_HELD, "are three, held ones, too");
    is_str(list.items[1].key, "/erase/", "with their articles");
    social_comments_free(&list);

    is_int(moderate(store, id, SOCIAL_ACT_DELETE, NULL), SOCIAL_WROTE,
           "one is deleted by the moderator");

    w = on(SOCIAL_WRITE_ERASE, 0);
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING, "no id erases nothing");

    memset(w.commenter, 9, sizeof(w.commenter));
    w.now = NOW + 5000;
    is_int(put(store, &w), SOCIAL_WROTE, "erase");
    ok(w.visible, "readers see it");
    is_str(w.wrote_key, "/a/", "here");
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING, "all has gone");

    n = 0;
    social_store_changed(store, NOW + 5000, count_key, &n, &err);
    ok(n > 1000 && n < 2000, "one article has changed");

    social_store_mine(store, w.commenter, 10, &list, &err);
    is_int((int64_t) list.n, 0, "nothing of them is left");
    social_comments_free(&list);

    is_int(moderate(store, id, SOCIAL_ACT_RESTORE, NULL), SOCIAL_NO_COMMENT,
           "the deleted one cannot come back");
    is_int(ask("SELECT count(*) FROM comment WHERE state = 4 AND"
               " (text || name || website <> '' OR person <> 0"
               "  OR commenter IS NOT NULL) AND id > 0 AND article ="
               " (SELECT id FROM article WHERE key = '/erase/')"),
           0, "no column keeps a trace");
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

    social_store_newest(store, str(""), 2, &list, &err);
    ok(list.n == 2 && list.items[0].id > list.items[1].id
       && list.total == 10 && list.changed >= NOW + 60, "newest of the site");
    is_str(list.items[0].key, "/b/", "in another article");
    social_comments_free(&list);

    social_store_newest(store, str("/a/"), 2, &list, &err);
    ok(list.n == 2 && list.items[0].id == id[11] && list.total == 9,
       "newest of an article");
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
    ok(err.message[0] != '\0', "and says why: %s", err.message);

    social_store_close(reader);
    social_store_close(store);
}


int
main(void)
{
    social_store_t  *store;

    test_open();

    fresh();
    store = must_open(1);
    test_articles(store);
    test_states(store);
    test_ban(store);
    test_parents(store);
    test_moderation(store);
    test_edit(store);
    test_delete(store);
    test_erase(store);
    social_store_close(store);

    test_thread();
    test_queue();
    test_batch();

    clean();

    return done();
}
