
/*
 * The store and the log of moderators: undo of every action, bans of a day,
 * threads that move and come back, lists, the export, and how entries go.
 */

#include "store.h"

#include "social_store_sqlite.h"


static social_logged_t  last;
static char             last_action[32];
static int              nacts, nlines;


static void
logged(void *data, const social_logged_t *act)
{
    (void) data;

    if (nacts++ == 0) {
        last = *act;
        snprintf(last_action, sizeof(last_action), "%s", act->action);
    }
}


static int
count_log(social_store_t *store)
{
    nacts = 0;
    (void) social_store_log(store, 0, 100, logged, NULL, &err);

    return nacts;
}


static social_write_t
decide(int64_t id, social_act_e action)
{
    social_write_t  w;

    w = on(SOCIAL_WRITE_MODERATE, id);
    w.action = action;
    w.who = str("Jo");

    return w;
}


static int
undo(social_store_t *store, int64_t id, int64_t act)
{
    social_write_t  w;

    w = decide(id, SOCIAL_ACT_UNDO);
    w.undoes = act;

    return put(store, &w);
}


/* what a moderator can change of comment 1, as one number */

static int64_t
all(void)
{
    return ask("SELECT state * 100000 + before * 10000 + done * 1000"
               " + reports * 100 + moderated % 97 + length(reason)"
               " + (SELECT count(*) FROM ban) * 1000000"
               " + (SELECT count(*) FROM ban_day) * 2000000"
               " FROM comment WHERE id = 1");
}


static void
test_each(social_store_t *store)
{
    size_t          i;
    int64_t         id, before;
    social_write_t  w;

    static const social_act_e  acts[] = {
        SOCIAL_ACT_APPROVE, SOCIAL_ACT_SPAM, SOCIAL_ACT_DELETE,
        SOCIAL_ACT_BAN, SOCIAL_ACT_DONE
    };

    w = comment(1, "a text");
    w.state = SOCIAL_HELD;
    w.reason = str("2 links");
    w.visitor = 77;
    w.weak = 5;
    id = post(store, w);
    is_int(id, 1, "a held comment");

    for (i = 0; i < social_nelts(acts); i++) {
        before = all();

        w = decide(id, acts[i]);
        is_int(put(store, &w), SOCIAL_WROTE, "an action");
        ok(w.wrote_act > 0, "... is in the log");
        ok(all() != before, "... changes something");
        is_int(undo(store, id, w.wrote_act), SOCIAL_WROTE, "undo");
        is_int(all(), before, "... restores exactly what was");
        is_int(undo(store, id, w.wrote_act), SOCIAL_CHANGED, "... once");
    }

    w = decide(id, SOCIAL_ACT_APPROVE);
    w.who.len = 0;
    is_int(put(store, &w), SOCIAL_WROTE, "without a moderator's name");
    is_int(w.wrote_act, 0, "... nothing is logged");
}


static void
test_bulk(social_store_t *store)
{
    int              acts;
    int64_t          one, two;
    social_write_t   a, b, c, *batch[3] = { &a, &b, &c };

    one = post(store, comment(2, "one"));
    two = post(store, comment(3, "two"));
    acts = count_log(store);

    a = decide(9999, SOCIAL_ACT_SPAM);
    b = decide(one, SOCIAL_ACT_SPAM);
    c = decide(two, SOCIAL_ACT_SPAM);
    a.leader = b.leader = c.leader = &a;

    is_int(social_store_write(store, batch, 3, &err), SOCIAL_OK, "a batch");
    is_int(a.status, SOCIAL_NO_COMMENT, "of which the first is refused");
    is_int(count_log(store), acts + 1, "is one action");
    is_int(last.n, 2, "of two comments");
    is_int(b.wrote_act, c.wrote_act, "which both name");

    a = decide(one, SOCIAL_ACT_UNDO);
    b = decide(two, SOCIAL_ACT_UNDO);
    a.undoes = b.undoes = c.wrote_act;
    a.leader = b.leader = &a;

    is_int(social_store_write(store, batch, 2, &err), SOCIAL_OK, "undo");
    is_int(a.status, SOCIAL_WROTE, "of the one");
    is_int(b.status, SOCIAL_WROTE, "and of the other");
    is_int(ask("SELECT count(*) FROM comment WHERE state = 3"), 0,
           "none is spam");
}


static void
test_ban(social_store_t *store)
{
    int64_t         id;
    social_write_t  w;

    w = comment(4, "bad");
    w.visitor = 99;
    w.weak = 9;
    id = post(store, w);
    w = decide(id, SOCIAL_ACT_BAN);
    is_int(put(store, &w), SOCIAL_WROTE, "a ban");

    w = comment(5, "again");
    w.visitor = 99;
    w.weak = 10;
    is_int(put(store, &w), SOCIAL_WROTE, "with another cookie and name");
    is_int(w.wrote_state, SOCIAL_HELD, "... is held on the same day");

    w = comment(6, "next day");
    w.visitor = 99;
    w.weak = 11;
    w.now = NOW + 2 * SOCIAL_SQLITE_DAY;
    is_int(put(store, &w), SOCIAL_WROTE, "two days later");
    is_int(w.wrote_state, SOCIAL_APPROVED, "... it is not");
    is_int(ask("SELECT count(*) FROM ban_day"), 0, "the hash is gone");
    is_int(ask("SELECT count(*) FROM comment WHERE visitor <> 0"
               " AND created < 1700006400"), 0, "also from the comments");
}


static void
test_move(social_store_t *store)
{
    int64_t            id, act;
    social_write_t     w;
    social_comments_t  list;

    w = comment(7, "there");
    w.key = str("/b/");
    ok(post(store, w) > 0, "a comment on another article");
    id = post(store, comment(7, "here"));

    w = on(SOCIAL_WRITE_MOVE, id);
    w.who = str("Jo");
    w.to = str("/c/");
    is_int(put(store, &w), SOCIAL_NO_TARGET, "an unknown article");
    is_int(ask("SELECT count(*) FROM article WHERE key = '/c/'"), 0,
           "... is not made");

    w.to = str("/b/");
    is_int(put(store, &w), SOCIAL_WROTE, "a move");
    act = w.wrote_act;
    is_int(strcmp(w.wrote_key, "/b/") || strcmp(w.wrote_from, "/a/"), 0,
           "... names both keys");
    is_int(ask("SELECT count(*) FROM comment c JOIN article a"
               " ON a.id = c.article WHERE a.key = '/a/'"), 0,
           "no comment stays");
    is_int(put(store, &w), SOCIAL_SAME_TARGET, "it is there already");

    is_int(social_store_after(store, str("/a/"), 0, 100, &list, &err),
           SOCIAL_OK, "the old key");
    ok(list.n > 1 && list.moved_key && strcmp(list.moved_key, "/b/") == 0,
       "... has the comments of the new one");
    social_comments_free(&list);

    w = comment(8, "late");
    is_int(put(store, &w), SOCIAL_WROTE, "a comment for the old article");
    ok(strcmp(w.wrote_key, "/b/") == 0, "... gets the new one");

    w = on(SOCIAL_WRITE_MOVE, 0);
    w.who = str("Jo");
    w.action = SOCIAL_ACT_UNDO;
    w.undoes = act;
    is_int(put(store, &w), SOCIAL_WROTE, "the move back");
    is_int(ask("SELECT count(*) FROM alias"), 0, "leaves no alias");
    is_int(ask("SELECT count(*) FROM comment WHERE moved <> 0"), 0,
           "and no mark");
    is_int(ask("SELECT a.key = '/b/' FROM comment c JOIN article a"
               " ON a.id = c.article ORDER BY c.id DESC LIMIT 1"), 1,
           "what was not an answer stays");
    is_int(put(store, &w), SOCIAL_CHANGED, "only once");
}


static int64_t
listed(social_store_t *store, int state, int64_t person, int64_t like)
{
    int64_t            n;
    social_queue_t     queue;
    social_comments_t  list;

    memset(&queue, 0, sizeof(queue));
    queue.state = state;
    queue.person = person;
    queue.like = like;
    queue.limit = 100;
    queue.rank = -1;
    queue.who = str("Jo");

    if (social_store_queue(store, &queue, &list, &err) != SOCIAL_OK) {
        printf("# %s: %s\n", err.op, err.message);
        return -1;
    }

    n = (int64_t) list.n;
    social_comments_free(&list);

    return n;
}


static void
test_lists(social_store_t *store)
{
    int64_t         one;
    social_write_t  w;

    w = comment(9, "buy at http://www.spam.example/x");
    one = post(store, w);
    (void) post(store, comment(9, "also mine"));
    w = comment(10, "look");
    w.website = str("https://spam.example");
    (void) post(store, w);

    is_int(listed(store, 0, one, 0), 2, "all of a person");
    is_int(listed(store, 0, 0, one), 2, "all that link to the same host");
    is_int(listed(store, SOCIAL_HELD, 0, one), 0, "of one state");
    is_int(listed(store, SOCIAL_QUEUE_WAITING, one, 0), 2, "that wait");
    is_int(listed(store, 0, -1, 0), 0, "of nobody");
    is_int(listed(store, 0, 0, -1), 0, "like nothing");

    ok(listed(store, SOCIAL_QUEUE_NEW, 0, 0) > 2, "what is new");
    w = on(SOCIAL_WRITE_LOOK, 1000000);
    w.revision = 1000000;
    w.who = str("Jo");
    is_int(put(store, &w), SOCIAL_WROTE, "one looks");
    is_int(listed(store, SOCIAL_QUEUE_NEW, 0, 0), 0, "nothing is");
}


static void
line(void *data, const char *text, size_t len)
{
    (void) data;

    if (len > 1) {
        ok(text[0] == '{' && text[len - 1] == '}', "a line is an object");
        ok(memchr(text, '<', len) == NULL, "... without \"<\"");
        nlines++;
    }
}


static void
test_export(social_store_t *store)
{
    int   rounds;
    char  next[SOCIAL_STORE_NEXT];

    (void) post(store, comment(11, "a <b> & \"c\"\n"));

    next[0] = '\0';
    rounds = 0;
    nlines = 0;

    do {
        is_int(social_store_export(store, next, 1, line, NULL, &err),
               SOCIAL_OK, "a part");
        rounds++;
    } while (next[0] && rounds < 1000);

    is_int(nlines, 1 + ask("SELECT count(*) FROM article WHERE key <> ''")
                   + ask("SELECT count(*) FROM comment")
                   + ask("SELECT count(DISTINCT comment) FROM ban"),
           "small parts have every line");
    ok(rounds > 10, "... and there are many of them");
}


static void
test_forget(social_store_t *store)
{
    int                 i;
    int64_t             id;
    social_write_t      w;
    social_retention_t  keep;

    w = comment(12, "secret text");
    w.state = SOCIAL_HELD;
    w.reason = str("like: secret text");
    id = post(store, w);
    w = decide(id, SOCIAL_ACT_APPROVE);
    put(store, &w);
    is_int(ask("SELECT count(*) FROM act_comment WHERE reason LIKE"
               " '%secret%'"), 1, "the log keeps the reason for an undo");
    w = decide(id, SOCIAL_ACT_ERASE);
    is_int(put(store, &w), SOCIAL_WROTE, "the comment is erased");
    is_int(ask("SELECT count(*) FROM act_comment WHERE reason LIKE"
               " '%secret%'"), 0, "... and the reason with it");

    ok(count_log(store) > 10, "there are entries");
    memset(&keep, 0, sizeof(keep));
    keep.now = NOW + 500 * SOCIAL_SQLITE_DAY;
    keep.events = 400 * SOCIAL_SQLITE_DAY;
    keep.held = 10000 * SOCIAL_SQLITE_DAY;

    for (i = 0; i < 20; i++) {
        is_int(social_store_age(store, &keep, &err) == SOCIAL_ERROR, 0, "age");
    }

    is_int(count_log(store), 0, "after retention there are none");
    is_int(ask("SELECT count(*) FROM act_comment"), 0, "nor their comments");
}


int
main(void)
{
    social_store_t  *store;

    fresh();
    store = must_open(1);

    test_each(store);
    test_bulk(store);
    test_ban(store);
    test_move(store);
    test_lists(store);
    test_export(store);
    test_forget(store);

    social_store_close(store);
    clean();

    return done();
}
