
/*
 * The store and the moderator: texts that changed since they were shown, edits
 * that are held again, erasing, sign-outs, and stores from before all that.
 */

#include "store.h"

#include "social_store_sqlite.h"


static social_write_t
edit(int64_t id, int who, const char *text)
{
    social_write_t  w;

    w = on(SOCIAL_WRITE_EDIT, id);
    w.text = str(text);
    memset(w.commenter, who, sizeof(w.commenter));

    return w;
}


static social_write_t
approve(int64_t id, int64_t revision)
{
    social_write_t  w;

    w = on(SOCIAL_WRITE_MODERATE, id);
    w.action = SOCIAL_ACT_APPROVE;
    w.revision = revision;

    return w;
}


/* the numbers of the moderator's list */

static int64_t
revision(social_store_t *store, int64_t *held)
{
    int64_t            n;
    social_queue_t     queue;
    social_comments_t  list;

    memset(&queue, 0, sizeof(queue));
    queue.state = SOCIAL_SPAM;
    queue.limit = 1;

    if (social_store_queue(store, &queue, &list, &err) != SOCIAL_OK) {
        return -1;
    }

    n = list.revision;

    if (held != NULL) {
        *held = list.held;
    }

    social_comments_free(&list);

    return n;
}


static int64_t
post_held(social_store_t *store, int who, const char *text)
{
    social_write_t  w;

    w = comment(who, text);
    w.state = SOCIAL_HELD;
    w.reason = str("why");

    return post(store, w);
}


static void
test_revision(social_store_t *store)
{
    int64_t         id, seen, held;
    social_write_t  w;

    id = post_held(store, 1, "one");
    seen = revision(store, &held);
    ok(seen > 0, "a list has a revision");
    is_int(held, 1, "and the number of held comments, whatever it shows");

    w = edit(id, 1, "two");
    is_int(put(store, &w), SOCIAL_WROTE, "the writer changes the text");
    ok(revision(store, NULL) > seen, "the revision grows");

    w = approve(id, seen);
    is_int(put(store, &w), SOCIAL_CHANGED,
           "the text from before is not approved");
    is_int(w.wrote_id, id, "the result names the comment");
    w = approve(id, 0);
    is_int(put(store, &w), SOCIAL_CHANGED, "nor one that its writer changed");

    w = comment(0, "answer");
    w.author = 1;
    w.name = str("Jo");
    w.parent = id;
    is_int(put(store, &w), SOCIAL_NO_PARENT,
           "the author cannot reply to it in public");
    w.moderator = 1;
    is_int(put(store, &w), SOCIAL_CHANGED, "a moderator's reply is refused");
    is_int(w.wrote_id, id, "... and the result names the parent");
    w.revision = revision(store, NULL);
    is_int(put(store, &w), SOCIAL_WROTE, "a reply to what was seen does");

    w = edit(id, 1, "three");
    put(store, &w);
    w = comment(0, "answer in public");
    w.author = 1;
    w.name = str("Jo");
    w.parent = id;
    is_int(put(store, &w), SOCIAL_WROTE,
           "a public reply to an approved comment needs no revision");
    w.moderator = 1;
    is_int(put(store, &w), SOCIAL_CHANGED, "a moderator's does");

    seen = revision(store, NULL);
    w = edit(id, 0, "mine");
    w.author = 1;
    w.revision = seen;
    is_int(put(store, &w), SOCIAL_WROTE, "a moderator's edit of what was seen");
    w = edit(id, 0, "other");
    w.author = 1;
    w.revision = seen;
    is_int(put(store, &w), SOCIAL_CHANGED, "a second one from the same list");

    id = post_held(store, 2, "never changed");
    w = approve(id, 0);
    is_int(put(store, &w), SOCIAL_WROTE, "an unchanged one without a revision");
    w = approve(id, 1);
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING, "... or with an old one");
}


static void
test_hold(social_store_t *store)
{
    int64_t         id, other;
    social_write_t  w;

    id = post(store, comment(3, "good"));

    w = edit(id, 3, "better");
    is_int(put(store, &w), SOCIAL_WROTE, "an edit");
    is_int(w.wrote_state, SOCIAL_APPROVED, "... of an approved comment");

    w = edit(id, 3, "bad");
    w.first = 1;
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_HELD, "first: the only approved one is held");
    ok(w.visible, "... and readers see it go");

    w = approve(id, revision(store, NULL));
    put(store, &w);
    other = post(store, comment(3, "another"));
    w = edit(id, 3, "fine");
    w.first = 1;
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_APPROVED, "not if another one is approved");

    moderate(store, other, SOCIAL_ACT_BAN, NULL);
    w = edit(id, 3, "worse");
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_HELD, "an edit of a banned commenter is held");

    w = edit(other, 3, "unseen");
    is_int(put(store, &w), SOCIAL_WROTE, "an edit of spam");
    is_int(w.wrote_state, SOCIAL_SPAM, "... which stays spam");
    ok(!w.visible, "... unseen by readers");
    moderate(store, other, SOCIAL_ACT_RESTORE, &w);
    is_int(w.wrote_state, SOCIAL_HELD, "... and is held when it is restored");
}


static void
test_erase(social_store_t *store)
{
    int64_t         id;
    social_write_t  w;

    id = post(store, comment(4, "to be erased"));
    is_int(moderate(store, id, SOCIAL_ACT_ERASE, &w), SOCIAL_WROTE, "erase");
    is_int(w.wrote_state, SOCIAL_DELETED, "the comment is deleted");
    ok(w.visible, "readers see it go");
    is_int(moderate(store, id, SOCIAL_ACT_ERASE, NULL), SOCIAL_NO_COMMENT,
           "there is nothing to erase twice");
    is_int(moderate(store, id, SOCIAL_ACT_APPROVE, NULL), SOCIAL_NO_COMMENT,
           "nor to approve");
    is_int(moderate(store, id, SOCIAL_ACT_RESTORE, NULL), SOCIAL_NO_COMMENT,
           "nor to restore");

    id = post_held(store, 4, "held");
    is_int(moderate(store, id, SOCIAL_ACT_ERASE, &w), SOCIAL_WROTE,
           "a held one");
    ok(!w.visible, "... that readers never saw");
    is_int(ask("SELECT count(*) FROM comment WHERE hex(commenter) ="
               " '04040404040404040404040404040404'"), 0,
           "no commenter is left");
}


static void
test_signout(social_store_t *store)
{
    int64_t         n, after;
    social_write_t  w;

    is_int(social_store_signout(store, &n, &err), SOCIAL_OK, "sign-outs");
    is_int(n, 0, "there was none");

    w = on(SOCIAL_WRITE_SIGNOUT, 0);
    is_int(put(store, &w), SOCIAL_WROTE, "a sign-out");
    social_store_signout(store, &after, &err);
    is_int(after, n + 1, "is counted");
    is_int(w.revision, after, "and the result has the number");
}


/* a store of version 2 */

static void
test_old(void)
{
    int64_t          n;
    social_write_t   w;
    social_store_t  *store;

    fresh();
    tell(social_sqlite_schema[0].sql);
    tell(social_sqlite_schema[1].sql);
    tell("PRAGMA user_version = 2; PRAGMA application_id = 0x6e736f63;"
         "INSERT INTO article (key, first_seen) VALUES ('/a/', 1);"
         "INSERT INTO comment (article, state, before, role, created, edited,"
         " person, name, text) VALUES"
         " (1, 2, 2, 0, 1, 0, 1, 'Ann', 'as is'),"
         " (1, 2, 2, 0, 1, 5, 1, 'Ann', 'edited')");

    store = must_open(1);
    is_int(social_store_signout(store, &n, &err), SOCIAL_OK, "an old store");
    is_int(n, 0, "no sign-outs");
    ok(revision(store, NULL) > 0, "a revision");

    w = approve(1, 0);
    is_int(put(store, &w), SOCIAL_WROTE, "an old comment without a revision");
    w = approve(2, 0);
    is_int(put(store, &w), SOCIAL_CHANGED,
           "one that was edited, nobody knows by whom");
    w = approve(2, revision(store, NULL));
    is_int(put(store, &w), SOCIAL_WROTE, "... once it was seen");

    social_store_close(store);
}


int
main(void)
{
    social_store_t  *store;

    fresh();
    store = must_open(1);
    test_revision(store);
    test_hold(store);
    test_erase(store);
    test_signout(store);
    social_store_close(store);

    if (!on_postgres()) {
        test_old();
    }

    clean();

    return done();
}
