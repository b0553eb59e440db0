
/* who writes, for src/store: bans, comments sent twice, names of authors */

#include "store.h"


/* a ban outlives the comments of the banned */

static void
test_erase_banned(social_store_t *store)
{
    int64_t         id;
    social_write_t  w;

    id = post(store, comment(11, "banned"));
    moderate(store, id, SOCIAL_ACT_BAN, NULL);

    w = on(SOCIAL_WRITE_ERASE, 0);
    memset(w.commenter, 11, sizeof(w.commenter));
    is_int(put(store, &w), SOCIAL_WROTE, "a banned commenter erases");

    w = comment(11, "after erasing");
    w.returning = 1;
    put(store, &w);
    is_int(w.wrote_state, SOCIAL_HELD, "the next comment is held");
}


static void
test_twins(social_store_t *store)
{
    size_t           i;
    int64_t          id, n;
    social_write_t   w, two[3], *batch[3] = { &two[0], &two[1], &two[2] };

    /* without a cookie, in one batch; each request has a new commenter id */

    for (i = 0; i < 3; i++) {
        two[i] = comment(21 + (int) i, "twins");
        two[i].weak = 0x1234;
    }

    two[2].weak = 0x5678;

    social_store_write(store, batch, 3, &err);
    id = two[0].wrote_id;

    is_int(two[0].status, SOCIAL_WROTE, "the first of a batch is stored");
    ok(two[1].status == SOCIAL_WROTE_NOTHING && two[1].repeated,
       "the second one repeats it");
    ok(two[1].wrote_id == id && two[1].wrote_state == SOCIAL_APPROVED
       && !two[1].visible && strcmp(two[1].wrote_key, "/a/") == 0,
       "its results are those of the first");
    ok(two[2].status == SOCIAL_WROTE && two[2].wrote_id != id,
       "another visitor's is another comment");

    w = two[1];
    w.now = NOW + 600;
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING, "after ten minutes");
    w.now = NOW + 601;
    is_int(put(store, &w), SOCIAL_WROTE, "not later");

    /* with a cookie */

    w = comment(21, "twins");
    w.returning = 1;
    put(store, &w);
    is_int(w.wrote_id, id, "the same cookie: the first");

    w = comment(27, "twins");
    w.returning = 1;
    is_int(put(store, &w), SOCIAL_WROTE, "another cookie: another comment");

    w = comment(21, "by cookie");
    w.weak = 0x1234;
    w.returning = 1;
    n = post(store, w);
    w = comment(24, "by cookie");
    w.weak = 0x1234;
    ok(post(store, w) > n, "without the cookie of the first: another comment");

    /* who owns a comment that was sent twice without a cookie */

    is_int(ask("SELECT count(*) FROM comment WHERE text = 'twins'"
               " AND hex(commenter) LIKE '1515%' AND weak = 4660"), 1,
           "an approved one stays the first one's");

    w = comment(25, "held twin");
    w.weak = 0x1234;
    w.state = SOCIAL_HELD;
    n = post(store, w);
    memset(w.commenter, 26, sizeof(w.commenter));
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING, "a held one repeated");
    is_int(w.wrote_id, n, "is the first");
    is_int(ask("SELECT count(*) FROM comment WHERE text = 'held twin'"
               " AND hex(commenter) LIKE '1A1A%'"), 1,
           "it becomes the last one's");

    /* an author, who has no commenter id */

    w = comment(0, "author's twin");
    w.author = 1;
    w.name = str("Jo");
    n = post(store, w);
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING, "an author's is repeated");
    is_int(w.wrote_id, n, "as the first");

    moderate(store, n, SOCIAL_ACT_DELETE, NULL);
    is_int(put(store, &w), SOCIAL_WROTE, "unless it was deleted");
}


static void
test_author_names(social_store_t *store)
{
    social_write_t  w;

    w = comment(31, "by somebody else");
    w.name = str("J 0");
    is_int(put(store, &w), SOCIAL_NAME_AUTHOR,
           "a name that looks like an author's");
    ok(w.wrote_id == 0 && w.wrote_key[0] == '\0', "nothing is stored");

    w.name = str("Joe");
    w.reserved = str("JOE");
    is_int(put(store, &w), SOCIAL_NAME_AUTHOR, "the configured author's name");

    w.reserved.len = 0;
    is_int(put(store, &w), SOCIAL_WROTE, "another name");

    if (on_postgres()) {
        return;                         /* names were always kept there */
    }

    tell("UPDATE comment SET role = 1 WHERE name = 'Joe';"
         "DELETE FROM setting WHERE name LIKE 'author%'");
    w.text = str("again");
    is_int(put(store, &w), SOCIAL_NAME_AUTHOR,
           "a name from before names were kept");
}


int
main(void)
{
    social_store_t  *store;

    fresh();
    store = must_open(1);

    test_erase_banned(store);
    test_twins(store);
    test_author_names(store);

    social_store_close(store);
    clean();

    return done();
}
