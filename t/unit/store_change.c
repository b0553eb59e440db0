
/*
 * Changes are numbered in the order of commits, and lists are ordered by time
 * (schema/0010.sql): what another process writes with an old clock is found,
 * once, and stands where its time says.
 */

#include "store.h"


typedef struct {
    int      n;
    char     keys[512];
} seen_t;


static void
see(void *data, social_str_t key, const social_numbers_t *numbers)
{
    size_t   len;
    seen_t  *seen = data;

    len = strlen(seen->keys);
    snprintf(seen->keys + len, sizeof(seen->keys) - len, "%s%.*s%s",
             len ? " " : "", (int) key.len, (const char *) key.data,
             numbers->moved ? ">" : "");
    seen->n++;
}


/* the changes after *change, as keys; *change is raised */

static const char *
changes(social_store_t *store, int64_t *change, uint32_t limit, int rc)
{
    static seen_t  seen;

    memset(&seen, 0, sizeof(seen));

    if (social_store_changed(store, change, limit, see, &seen, &err) != rc) {
        return "another result";
    }

    return seen.keys;
}


static int64_t
say(social_store_t *store, const char *key, int64_t now, int64_t parent)
{
    social_write_t  w;

    w = comment(1, "text");
    w.key = str(key);
    w.now = now;
    w.parent = parent;

    return post(store, w);
}


static void
test_numbers(void)
{
    int64_t          change, id;
    seen_t           seen;
    social_write_t   w;
    social_store_t  *store, *other;

    fresh();
    store = must_open(1);
    other = must_open(1);
    memset(&seen, 0, sizeof(seen));

    is_int(social_store_keys(store, &change, see, &seen, &err), SOCIAL_OK,
           "an empty store");
    is_str(changes(store, &change, 9, SOCIAL_OK), "", "nothing has changed");

    id = say(other, "/new/", NOW, 0);
    (void) say(other, "/old/", 1000, 0);
    is_str(changes(store, &change, 9, SOCIAL_OK), "/new/ /old/",
           "another process changed two, one with a clock of 1970");
    is_str(changes(store, &change, 9, SOCIAL_OK), "", "... once");

    (void) say(other, "/a/", NOW, 0);
    (void) say(other, "/b/", NOW - 9, 0);
    (void) say(other, "/c/", NOW - 99, 0);
    (void) say(other, "/a/", NOW, 0);
    is_str(changes(store, &change, 2, SOCIAL_AGAIN), "/b/ /c/",
           "in parts, in the order of changes");
    is_str(changes(store, &change, 2, SOCIAL_OK), "/a/",
           "the last part; an article is in it once");

    w = on(SOCIAL_WRITE_MOVE, id);
    w.to = str("/old/");
    is_int(put(other, &w), SOCIAL_WROTE, "a thread moves");
    is_str(changes(store, &change, 9, SOCIAL_OK), "/old/ /new/> /new/>",
           "both addresses have changed");

    (void) say(other, "/old/", NOW, 0);
    is_str(changes(store, &change, 9, SOCIAL_OK), "/old/ /new/>",
           "a comment there changes the old address, too");

    memset(&seen, 0, sizeof(seen));
    id = change;
    is_int(social_store_keys(store, &change, see, &seen, &err), SOCIAL_OK,
           "all keys");
    is_int(change, id, "... say up to which change they are");

    change += 100;
    is_str(changes(store, &change, 9, SOCIAL_DECLINED), "",
           "a number that this store has not reached is another store's");

    social_store_close(other);
    social_store_close(store);
}


/* a process that began before the migration knows neither column */

static void
test_older(void)
{
    int64_t          change, id;
    social_store_t  *store;

    fresh();
    store = must_open(1);
    id = say(store, "/a/", NOW, 0);
    change = ask("SELECT value FROM setting WHERE name = 'change'");

    tell("INSERT INTO comment (article, parent, state, before, role, created,"
         " person, name, text) VALUES (1, 1, 1, 1, 0, 1000, 1, 'A', 'x');"
         "UPDATE article SET changed = max(changed, 1000) WHERE id = 1");

    is_str(changes(store, &change, 9, SOCIAL_OK), "/a/",
           "its change is found");
    is_int(ask("SELECT placed FROM comment WHERE id = 2"), NOW,
           "its reply stands behind the parent");
    is_int(id, 1, "which came first");
    social_store_close(store);
}


/* the ids of a list, with names of one letter in place of numbers */

static const char *
order(social_comments_t *list)
{
    size_t        i;
    static char   text[128];

    for (i = 0; i < list->n && i < sizeof(text) - 1; i++) {
        text[i] = (char) ('a' + list->items[i].id - 1);
    }

    text[i] = '\0';
    social_comments_free(list);

    return text;
}


static const char *
page(social_store_t *store, uint32_t number, social_order_e from)
{
    social_comments_t  list;

    if (social_store_thread(store, str("/a/"), number, 3, from, &list, &err)
        != SOCIAL_OK)
    {
        return "an error";
    }

    return order(&list);
}


static void
test_order(void)
{
    int64_t             b;
    uint32_t            number;
    social_queue_t      queue;
    social_store_t     *store;
    social_comments_t   list;

    fresh();
    store = must_open(1);

    /* a: now; b: of 2015, with replies whose clocks are wrong: c before b, d
     * under c; e: between them; f: the newest */

    (void) say(store, "/a/", NOW, 0);
    b = say(store, "/a/", NOW - 9000, 0);
    (void) say(store, "/a/", NOW - 9999, b);
    (void) say(store, "/a/", NOW - 8000, b + 1);
    (void) say(store, "/a/", NOW - 500, 0);
    (void) say(store, "/a/", NOW + 1, 0);

    is_str(page(store, 1, SOCIAL_NEWEST), "eaf", "the newest, in time");
    is_str(page(store, 2, SOCIAL_NEWEST), "bcd",
           "the others; no reply is above its parent");
    is_str(page(store, 3, SOCIAL_NEWEST), "", "there is no third page");
    is_str(page(store, 1, SOCIAL_OLDEST), "bcd", "from the oldest on");
    is_str(page(store, 2, SOCIAL_OLDEST), "eaf", "... the second page");

    is_int(social_store_page_of(store, b, 3, SOCIAL_NEWEST, &number, &err),
           SOCIAL_OK, "where a comment is");
    is_int(number, 2, "... on the page that it was on");

    social_store_after(store, str("/a/"), 0, 9, &list, &err);
    is_str(order(&list), "abcdef", "a list of arrivals is in the order of ids");

    social_store_feed(store, str("/a/"), 9, &list, &err);
    is_str(order(&list), "faedbc", "the article's feed: newest first");
    social_store_feed(store, str(""), 4, &list, &err);
    is_str(order(&list), "faed", "the site's feed, too");

    memset(&queue, 0, sizeof(queue));
    queue.state = SOCIAL_APPROVED;
    queue.limit = 4;
    social_store_queue(store, &queue, &list, &err);
    is_str(order(&list), "faed", "the queue of a state: newest first");

    queue.after = 4;
    social_store_queue(store, &queue, &list, &err);
    is_str(order(&list), "bc", "... goes on behind a comment");

    queue.state = 0;
    queue.after = 5;
    queue.rank = -1;
    social_store_queue(store, &queue, &list, &err);
    is_str(order(&list), "dbc", "the queue of all states goes on, too");

    social_store_close(store);
}


/* what the store itself says of a write, and of all articles, is what is
 * counted now */

static void
is_counted(const social_write_t *w, const char *what)
{
    char  sql[SOCIAL_KEY_MAX + 128];

    if (w->visible) {
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM comment WHERE state ="
                 " 1 AND article = (SELECT id FROM article WHERE key = '%s')",
                 w->wrote_key);
        is_int(w->comments, ask(sql), what);
    }

    is_int(ask("SELECT count(*) FROM article a WHERE comments <>"
               " (SELECT count(*) FROM comment WHERE article = a.id"
               "   AND state = 1)"), 0, what);
}


static void
test_comments(void)
{
    size_t           i;
    int64_t          top, id, other;
    social_write_t   w;
    social_store_t  *store;

    static const struct {
        social_act_e   act;
        const char    *what;
    } acts[] = {
        { SOCIAL_ACT_HOLD, "held" }, { SOCIAL_ACT_SPAM, "spam" },
        { SOCIAL_ACT_RESTORE, "restored" }, { SOCIAL_ACT_APPROVE, "approved" },
        { SOCIAL_ACT_APPROVE, "approved twice" },
        { SOCIAL_ACT_DELETE, "deleted" }, { SOCIAL_ACT_RESTORE, "back" },
        { SOCIAL_ACT_BAN, "banned" }, { SOCIAL_ACT_APPROVE, "approved again" },
        { SOCIAL_ACT_ERASE, "erased by a moderator" }
    };

    fresh();
    store = must_open(1);
    top = say(store, "/a/", NOW, 0);
    id = say(store, "/a/", NOW, top);
    other = say(store, "/b/", NOW, 0);

    for (i = 0; i < social_nelts(acts); i++) {
        is_int(moderate(store, id, acts[i].act, &w) == SOCIAL_LOST, 0,
               acts[i].what);
        is_counted(&w, acts[i].what);
    }

    id = say(store, "/a/", NOW, top);
    w = on(SOCIAL_WRITE_DELETE, id);
    memset(w.commenter, 1, sizeof(w.commenter));
    is_int(put(store, &w), SOCIAL_WROTE, "deleted by its writer");
    is_counted(&w, "... and counted");

    w = on(SOCIAL_WRITE_MOVE, other);
    w.to = str("/a/");
    is_int(put(store, &w), SOCIAL_WROTE, "a thread moves");
    is_counted(&w, "... and both are counted");

    w = on(SOCIAL_WRITE_ERASE, 0);
    memset(w.commenter, 1, sizeof(w.commenter));
    is_int(put(store, &w), SOCIAL_WROTE, "a reader erases all");
    is_int(ask("SELECT sum(comments) FROM article"), 0, "... none is left");

    social_store_close(store);
}


int
main(void)
{
    test_numbers();
    test_comments();

    if (!on_postgres()) {
        test_older();
    }

    test_order();

    clean();

    return done();
}
