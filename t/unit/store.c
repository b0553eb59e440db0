
/*
 * The store's comments: what is written, and by whom.
 */

#include "store.h"


/* what a file of SQLite must be */

static void
test_file(void)
{
    char         name[112];
    struct stat  st;

    ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600,
       "a store opened for writing creates the file, mode 0600");

    snprintf(name, sizeof(name), "%s-wal", path);
    ok(stat(name, &st) == 0 && (st.st_mode & 07777) == 0600,
       "its write-ahead log has mode 0600");

    is_int(ask("PRAGMA user_version"), 11, "the schema has the newest version");
    ok(ask("SELECT 1 FROM pragma_journal_mode WHERE journal_mode = 'wal'")
       == 1, "the file is in WAL mode");
}


static void
test_open(void)
{
    char             here[SOCIAL_STORE_IDENTITY];
    char             there[SOCIAL_STORE_IDENTITY];
    social_store_t  *one, *two;
    unsigned char    a[32], b[32], zero[32];

    fresh();
    memset(zero, 0, sizeof(zero));

    ok(social_store_open(url, 0, &err) == NULL,
       "a store opened for reading creates no file");
    is_int(err.fault, SOCIAL_STORE_AWAY, "the fault is that the store is away");
    is_str(err.op, "open", "the error names the operation");
    ok(access(path, F_OK) != 0, "there is no file");

    umask(0);
    one = must_open(1);
    umask(022);

    if (!on_postgres()) {
        test_file();
    }

    two = must_open(0);

    is_int(social_store_identity(one, here, &err), SOCIAL_OK,
           "a store has an identity");
    is_int(social_store_identity(two, there, &err), SOCIAL_OK,
           "... which a reader reads, too");
    ok(strlen(here) >= 32 && strcmp(here, there) == 0, "it is the same one");

    is_int(social_store_secret(one, a, &err), SOCIAL_OK,
           "a writer reads the secret");
    is_int(social_store_secret(two, b, &err), SOCIAL_OK,
           "a reader reads the secret");
    ok(memcmp(a, b, 32) == 0 && memcmp(a, zero, 32) != 0,
       "both have the same one, not zero");
    is_int(social_store_verify(one), SOCIAL_OK,
           "verify: it is still the store that was opened");

    social_store_close(two);
    social_store_close(one);
    social_store_close(NULL);

    one = must_open(1);
    is_int(social_store_secret(one, b, &err), SOCIAL_OK, "opened again");
    ok(memcmp(a, b, 32) == 0, "the secret is the same after a restart");
    social_store_close(one);

    ok(social_store_open("mysql:x", 1, &err) == NULL,
       "an unknown kind of store is refused");
    is_int(err.fault, SOCIAL_STORE_AWAY, "... as being away");
    ok(social_store_open("sqlite:", 1, NULL) == NULL,
       "no path: NULL, and the error is optional");
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

    is_int(put(store, &w), SOCIAL_NO_ARTICLE,
           "an article that is not known is refused");

    c = comment(1, "x");
    c.known = 0;
    is_int(put(store, &c), SOCIAL_NO_ARTICLE, "... and a comment on it");
    is_int(c.wrote_id, 0, "a refused comment has no id");

    c.known = 1;
    c.key.len = 0;
    is_int(put(store, &c), SOCIAL_NO_ARTICLE, "an empty key is no article");

    w.known = 1;
    is_int(put(store, &w), SOCIAL_WROTE, "a known article is created");
    is_str(w.wrote_key, "/a/", "its key is returned");
    ok(!w.visible, "nothing visible changed");
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING,
           "writing the same again changes nothing");

    w.title.len = 0;
    w.url = str("https://blog.example/a/");
    w.published = 1600000000;
    is_int(put(store, &w), SOCIAL_WROTE,
           "new fields of the article are written");
    is_int(ask("SELECT count(*) FROM article WHERE title = 'A title'"
               " AND url LIKE 'https:%' AND published = 1600000000"
               " AND first_seen = 1699999900"),
           1, "fields that are not given are kept");

    c = comment(1, "x");
    c.known = 0;
    is_int(put(store, &c), SOCIAL_WROTE,
           "a comment on an article in the store");

    c = comment(1, "x");
    c.key = str("/new/");
    c.parent = 12345;
    is_int(put(store, &c), SOCIAL_NO_PARENT, "the parent does not exist");
    is_int(ask("SELECT count(*) FROM article WHERE key = '/new/'"), 0,
           "a refused comment creates no article");
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
    ok(!w.visible, "a held comment is not visible");
    id = w.wrote_id;

    social_store_comment(store, id, &list, &err);
    is_str(list.n ? list.items[0].reason : NULL, "first comment",
           "the reason is stored");
    social_comments_free(&list);

    w.text = str("second words");
    is_int(post(store, w) > id, 1, "a second one is stored, too");
    is_int(moderate(store, id, SOCIAL_ACT_APPROVE, &w), SOCIAL_WROTE,
           "the moderator approves the first");
    is_int(w.wrote_state, SOCIAL_APPROVED, "its state is approved");
    is_str(w.wrote_key, "/a/", "its article is returned");
    ok(w.visible, "readers see the change");

    w = comment(2, "more");
    w.first = 1;
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_HELD,
           "known commenter id, but no cookie: held");

    w.returning = 1;
    w.text = str("and more");
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_APPROVED, "with the cookie: approved at once");
    ok(w.visible, "... and visible");

    w.state = SOCIAL_HELD;
    w.text = str("many links");
    w.reason = str("links");
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_HELD, "held if the caller says so");

    social_store_comment(store, w.wrote_id, &list, &err);
    is_str(list.n ? list.items[0].reason : NULL, "links",
           "with the caller's reason");
    social_comments_free(&list);

    w = comment(2, "author");
    w.author = 1;
    w.name = str("Jo");
    w.state = SOCIAL_HELD;
    w.first = 1;
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_APPROVED, "an author's comment is never held");
    is_int(w.wrote_role, SOCIAL_AUTHOR, "its role is author");
}


static void
test_ban(social_store_t *store)
{
    int64_t         id;
    social_write_t  w;

    id = post(store, comment(66, "buy"));

    is_int(moderate(store, id, SOCIAL_ACT_BAN, &w), SOCIAL_WROTE, "ban");
    is_int(w.wrote_state, SOCIAL_SPAM,
           "a banned commenter's comment becomes spam");
    ok(w.visible, "readers no longer see it");
    is_int(moderate(store, id, SOCIAL_ACT_BAN, NULL), SOCIAL_WROTE_NOTHING,
           "banning twice changes nothing");

    w = comment(66, "buy more");
    w.returning = 1;
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_HELD, "the next comment is held");
    is_int(ask("SELECT count(*) FROM comment WHERE reason = 'banned'"), 1,
           "because of the ban");

    is_int(moderate(store, id, SOCIAL_ACT_RESTORE, &w), SOCIAL_WROTE,
           "restore");
    is_int(w.wrote_state, SOCIAL_APPROVED, "the comment is approved again");

    w = comment(66, "hello");
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_APPROVED, "the ban is lifted");

    w = comment(0, "no id");
    id = post(store, w);
    is_int(moderate(store, id, SOCIAL_ACT_BAN, NULL), SOCIAL_WROTE,
           "ban of a comment without a commenter id");
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_APPROVED,
           "... does not ban others without one");
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
    is_int(w.wrote_parent, id, "its parent is stored");

    w.key = str("/b/");
    is_int(put(store, &w), SOCIAL_NO_PARENT,
           "a parent on another article is refused");

    w = comment(4, "x");
    w.parent = -1;
    is_int(put(store, &w), SOCIAL_NO_PARENT, "a parent of -1 is refused");

    w = comment(3, "held");
    w.state = SOCIAL_HELD;
    held = post(store, w);

    w = comment(4, "x");
    w.parent = held;
    is_int(put(store, &w), SOCIAL_NO_PARENT, "a held parent is refused");
    ok(w.wrote_id == 0 && w.wrote_key[0] == '\0',
       "... and nothing about it is returned");

    w.author = 1;
    is_int(put(store, &w), SOCIAL_NO_PARENT, "... for the author, too");

    w.moderator = 1;
    w.name = str("Jo");
    is_int(put(store, &w), SOCIAL_WROTE,
           "a moderator may reply to a held comment");
    is_int(w.wrote_parent, held, "the reply is below it");
    ok(w.wrote_id > held && w.visible, "the reply is visible at once");
    is_int(moderate(store, held, SOCIAL_ACT_APPROVE, NULL),
           SOCIAL_WROTE_NOTHING, "the reply has approved the comment");

    moderate(store, id, SOCIAL_ACT_DELETE, NULL);
    w = comment(4, "x");
    w.parent = id;
    is_int(put(store, &w), SOCIAL_NO_PARENT, "a deleted parent is refused");

    w.author = 1;
    is_int(put(store, &w), SOCIAL_NO_PARENT, "... for the author, too");
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
           "approving settles the reports");
    ok(!w.visible, "which readers do not see");
    is_int(moderate(store, id, SOCIAL_ACT_APPROVE, &w), SOCIAL_WROTE_NOTHING,
           "approving again changes nothing");

    moderate(store, id, SOCIAL_ACT_HOLD, NULL);
    w = on(SOCIAL_WRITE_REPORT, id);
    is_int(put(store, &w), SOCIAL_NO_COMMENT,
           "a held comment cannot be reported");
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
    is_int(put(store, &w), SOCIAL_NOT_OWN,
           "another reader's comment cannot be edited");
    ok(!w.visible, "nothing changed");

    memset(w.commenter, 6, sizeof(w.commenter));
    w.now = NOW + 901;
    is_int(put(store, &w), SOCIAL_TOO_LATE, "too late to edit");
    w.now = NOW - 901;
    is_int(put(store, &w), SOCIAL_TOO_LATE,
           "refused when the clock was set back");
    w.now = NOW + 900;
    is_int(put(store, &w), SOCIAL_WROTE, "an edit in time");
    ok(w.visible && w.wrote_state == SOCIAL_APPROVED, "readers see it");
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING,
           "the same text again changes nothing");

    social_store_comment(store, id, &list, &err);
    ok(list.n == 1, "the edited comment is there");
    is_str(list.items[0].text, "new words", "new text");
    is_str(list.items[0].name, "Ann", "same name");
    is_str(list.items[0].website, "https://ann.example/", "same website");
    is_int(list.items[0].edited, NOW + 900, "the time of the edit");
    social_comments_free(&list);

    w.text = str("buy now");
    w.state = SOCIAL_HELD;
    w.reason = str("blocked");
    is_int(put(store, &w), SOCIAL_WROTE, "an edit that the caller holds");
    ok(w.visible && w.wrote_state == SOCIAL_HELD,
       "... is held, and readers see it go");

    w = on(SOCIAL_WRITE_EDIT, id);
    w.author = 1;
    w.revision = 1000;
    w.now = NOW + 100000;
    w.text = str("better");
    is_int(put(store, &w), SOCIAL_WROTE, "the moderator may edit at any time");
    ok(!w.visible, "an edit of a held comment is not visible");

    moderate(store, id, SOCIAL_ACT_DELETE, NULL);
    is_int(put(store, &w), SOCIAL_NO_COMMENT,
           "a deleted comment cannot be edited");

    w = comment(0, "no id");
    id = post(store, w);
    w = on(SOCIAL_WRITE_EDIT, id);
    w.text = str("mine");
    is_int(put(store, &w), SOCIAL_NOT_OWN,
           "without a commenter id nobody owns a comment");
}


static void
test_delete(social_store_t *store)
{
    int64_t            id;
    social_write_t     w;
    social_comments_t  list;

    id = post(store, comment(8, "short lived"));

    w = on(SOCIAL_WRITE_DELETE, id);
    is_int(put(store, &w), SOCIAL_NOT_OWN,
           "another reader's comment cannot be deleted");
    memset(w.commenter, 8, sizeof(w.commenter));
    w.now = NOW + 1000;
    is_int(put(store, &w), SOCIAL_TOO_LATE, "too late to delete");
    w.now = NOW + 10;
    is_int(put(store, &w), SOCIAL_WROTE, "deleted in time");
    ok(w.visible && w.wrote_state == SOCIAL_DELETED,
       "readers no longer see it");
    is_str(w.wrote_key, "/a/", "its article is returned");

    social_store_comment(store, id, &list, &err);
    ok(list.n == 1 && list.items[0].text[0] == '\0'
       && list.items[0].name[0] == '\0' && list.items[0].commenter[0] == 0
       && list.items[0].state == SOCIAL_DELETED,
       "text, name and commenter are gone");
    social_comments_free(&list);

    is_int(put(store, &w), SOCIAL_NO_COMMENT, "it cannot be deleted twice");
    is_int(moderate(store, id, SOCIAL_ACT_RESTORE, NULL), SOCIAL_NO_COMMENT,
           "the moderator cannot restore it");
    is_int(moderate(store, id, SOCIAL_ACT_DONE, NULL), SOCIAL_NO_COMMENT,
           "... nor mark it as done");
    is_int(moderate(store, id, SOCIAL_ACT_DELETE, NULL),
           SOCIAL_WROTE_NOTHING, "... and deleting changes nothing");
}


static void
count_key(void *data, social_str_t key, const social_numbers_t *numbers)
{
    (void) key;

    *(int64_t *) data += 1000 + numbers->comments;
}


static void
test_erase(social_store_t *store)
{
    int64_t            id, n, change;
    social_write_t     w;
    social_comments_t  list;

    w = comment(9, "one");
    post(store, w);
    w.key = str("/erase/");
    id = post(store, w);
    w.state = SOCIAL_HELD;
    post(store, w);

    is_int(social_store_mine(store, w.commenter, 0, 10, SOCIAL_OLDEST,
        &list, &err), SOCIAL_OK,
           "a commenter's own comments");
    ok(list.n == 3 && list.total == 3 && list.items[0].id < list.items[1].id
       && list.items[2].state == SOCIAL_HELD,
       "three, including held ones, oldest first");
    is_str(list.items[1].key, "/erase/", "with the keys of their articles");
    social_comments_free(&list);

    is_int(moderate(store, id, SOCIAL_ACT_DELETE, NULL), SOCIAL_WROTE,
           "the moderator deletes one");

    w = on(SOCIAL_WRITE_ERASE, 0);
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING,
           "without a commenter id nothing is erased");

    memset(w.commenter, 9, sizeof(w.commenter));
    w.now = NOW + 5000;
    is_int(put(store, &w), SOCIAL_WROTE, "erase");
    change = w.since;
    ok(w.visible, "readers see it");
    is_str(w.wrote_key, "/a/", "on this article");
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING, "erasing again finds nothing");

    n = 0;
    social_store_changed(store, &change, 100, count_key, &n, &err);
    ok(n > 1000 && n < 2000, "one article has visibly changed");

    social_store_mine(store, w.commenter, 0, 10, SOCIAL_OLDEST,
        &list, &err);
    is_int((int64_t) list.n, 0, "the commenter has no comments left");
    social_comments_free(&list);

    is_int(moderate(store, id, SOCIAL_ACT_RESTORE, NULL), SOCIAL_NO_COMMENT,
           "the one that was deleted cannot be restored");
    is_int(ask("SELECT count(*) FROM comment WHERE state = 4 AND"
               " (text || name || website <> '' OR person <> 0"
               "  OR commenter IS NOT NULL) AND id > 0 AND article ="
               " (SELECT id FROM article WHERE key = '/erase/')"),
           0, "no column of it is left");
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

    clean();

    return done();
}
