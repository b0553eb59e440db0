
/*
 * Everything as lines of JSON and back (social_store_sqlite_dump.c): every
 * column of every table comes back, or is in the list of those that do not,
 * with a reason; a second dump is the same.  And what an import takes back.
 */

#include "store_rows.h"

#include "social_store_sqlite_import.h"


static int
is_listed(const char *table, const char *column)
{
    const social_sqlite_undumped_t  *u;

    for (u = social_sqlite_undumped; u->table != NULL; u++) {
        if (strcmp(u->table, table) == 0
            && (strcmp(u->column, "*") == 0 || strcmp(u->column, column) == 0))
        {
            return 1;
        }
    }

    return 0;
}


static int64_t
number(sqlite3 *db, const char *sql)
{
    int64_t        value;
    sqlite3_stmt  *stmt;

    value = -1;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK
        && sqlite3_step(stmt) == SQLITE_ROW)
    {
        value = sqlite3_column_int64(stmt, 0);
    }

    sqlite3_finalize(stmt);

    return value;
}


/* every column that is not listed is the same in both files, and has a value
 * that it has not by itself */

static void
compare(const char *other)
{
    char           sql[1024];
    sqlite3       *db;
    const char    *table, *column, *key;
    sqlite3_stmt  *stmt;

    sqlite3_open(path, &db);
    snprintf(sql, sizeof(sql), "ATTACH '%s' AS old", other);
    sqlite3_exec(db, sql, NULL, NULL, NULL);

    sqlite3_prepare_v2(db,
        "SELECT m.name, c.name, coalesce(c.dflt_value, 'NULL'),"
        " (SELECT group_concat(name) FROM pragma_table_info(m.name)"
        "   WHERE pk > 0)"
        " FROM sqlite_master m, pragma_table_info(m.name) c"
        " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'", -1, &stmt,
        NULL);

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        table = (const char *) sqlite3_column_text(stmt, 0);
        column = (const char *) sqlite3_column_text(stmt, 1);
        key = (const char *) sqlite3_column_text(stmt, 3);

        if (is_listed(table, column)) {
            continue;
        }

        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM old.%s WHERE %s IS NOT %s", table,
                 column, (const char *) sqlite3_column_text(stmt, 2));
        ok(number(db, sql) > 0, "%s.%s has a value here", table, column);

        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM (SELECT %s, %s FROM old.%s EXCEPT"
                 " SELECT %s, %s FROM main.%s)", key, column, table, key,
                 column, table);
        is_int(number(db, sql), 0, sql);
    }

    sqlite3_finalize(stmt);
    sqlite3_close(db);
}


static void
test_all(void)
{
    char             old[128], *one, *two;
    social_store_t  *store;

    fresh();
    social_store_close(must_open(1));
    tell("PRAGMA wal_checkpoint(TRUNCATE)");
    tell(rows);
    is_int(ask("SELECT count(*) FROM ban_day"), 1, "a row in every table");

    store = must_open(1);
    one = dump(store, SOCIAL_DUMP_SECRET);
    social_store_close(store);

    snprintf(old, sizeof(old), "%s.old", path);
    tell("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
    rename(path, old);

    store = must_open(1);
    is_int(restore(store, one, 0), 0, "every line is read again");
    two = dump(store, SOCIAL_DUMP_SECRET);
    ok(strcmp(strchr(one, '\n'), strchr(two, '\n')) == 0,
       "a second dump is the same");
    is_int(restore(store, one, 0), -1, "a store that holds something is left");
    is_int(ask("SELECT count(*) FROM article WHERE change > 0"), 2,
           "articles that had changes have changed");
    is_int(ask("SELECT count(*) FROM article a WHERE comments <>"
               " (SELECT count(*) FROM comment WHERE article = a.id"
               "   AND state = 1)"), 0, "and know how many comments they have");
    is_int(ask("SELECT seq FROM sqlite_sequence WHERE name = 'comment'"), 9,
           "ids go on where they were");
    is_int(ask("SELECT same <> 0 FROM comment WHERE id = 3"), 0,
           "a text that is too short has no hash");
    compare(old);
    ok(post(store, comment(1, "new")) == 10, "the store works");
    is_int(ask("SELECT count(*) FROM article WHERE change = 0 AND key = '/a/'"),
           0, "... with its triggers");
    social_store_close(store);

    free(one);
    free(two);
}


static void
test_secret(void)
{
    char             *without;
    unsigned char     a[32], b[32];
    social_store_t   *store;

    fresh();
    store = must_open(1);
    post(store, comment(1, "one two three four five six seven eight"));
    social_store_secret(store, a, &err);

    without = dump(store, 0);
    ok(strstr(without, "secret") == NULL, "no secret unless it is asked for");
    ok(strstr(without, "\"token\"") == NULL, "... and nothing that needs it");
    social_store_close(store);

    fresh();
    store = must_open(1);
    is_int(restore(store, without, 1), 0, "into another store");
    social_store_secret(store, b, &err);
    ok(memcmp(a, b, 32) != 0, "... which keeps its own secret");
    ok(ask("SELECT same FROM comment") != 0, "... and hashes texts with it");
    social_store_close(store);
    free(without);
}


static void
test_bad(void)
{
    char             *good, *bad;
    size_t            i;
    social_store_t   *store;

    static const struct {
        const char  *from, *to;
    } edits[] = {
        { "\"state\":\"approved\"", "\"state\":\"whatever\"" },
        { "\"parent\":null", "\"parent\":\"c9\"" },
        { "\"article\":\"/a/\"", "\"article\":\"/x/\"" }
    };

    fresh();
    store = must_open(1);
    post(store, comment(1, "text"));
    good = dump(store, 0);
    social_store_close(store);

    for (i = 0; i < social_nelts(edits); i++) {
        fresh();
        store = must_open(1);
        bad = strdup(good);
        memcpy(strstr(bad, edits[i].from), edits[i].to, strlen(edits[i].to));
        ok(restore(store, bad, 0) > 1, "refused: %s", edits[i].to);
        is_int(ask("SELECT count(*) FROM article"), 0, "... nothing is there");
        social_store_close(store);
        free(bad);
    }

    free(good);
}


/* imports one comment; its id, negative: it was here */

static int64_t
import(social_store_t *store, const char *id, const char *parent,
    social_state_e state)
{
    social_import_t  item;

    memset(&item, 0, sizeof(item));
    item.source = str("x");
    item.id = str(id);
    item.parent_source = item.source;
    item.parent = str(parent);
    item.key = str("/a/");
    item.title = str("Title");
    item.name = str("Ann");
    item.text = str("text");
    item.state = state;
    item.created = 1000;
    memset(item.commenter, 3, sizeof(item.commenter));

    is_int(social_store_import(store, &item, 1, NOW, &err), SOCIAL_OK, id);

    return item.added ? item.comment : -item.comment;
}


static void
test_import(void)
{
    int64_t           n, change, comment_id;
    unsigned char     who[SOCIAL_COMMENTER_LEN];
    social_store_t   *store;
    social_write_t    w;
    social_comments_t  list;

    fresh();
    store = must_open(1);
    is_int(social_store_knows(store, str("/a/"), &err), 0, "an unknown key");
    is_int(import(store, "1", "", SOCIAL_APPROVED), 1, "the first");
    is_int(social_store_knows(store, str("/a/"), &err), 1, "... is known now");
    is_int(import(store, "2", "1", SOCIAL_APPROVED), 2, "an answer");
    is_int(import(store, "2", "1", SOCIAL_APPROVED), -2, "... once");
    is_int(import(store, "3", "99", SOCIAL_HELD), 3, "an unknown parent");
    is_int(ask("SELECT parent FROM comment WHERE id = 2"), 1, "... its parent");
    is_int(ask("SELECT count(*) FROM comment WHERE done = 1 AND weak = 0"), 3,
           "all are done");
    is_int(social_store_origin(store, str("x"), str("2"), &comment_id, who,
                               &err), SOCIAL_OK, "where it came from");
    ok(comment_id == 2 && who[0] == 3, "... is found, with its writer");

    is_int(social_store_imported(store, str("2"), &comment_id, &err),
           SOCIAL_OK, "the id that it had");
    is_int(comment_id, 2, "... is enough to find it");
    is_int(social_store_imported(store, str("4"), &comment_id, &err),
           SOCIAL_OK, "another id");
    is_int(comment_id, 0, "... is nobody's");
    is_int(social_store_thread(store, str("/a/"), 1, 10, SOCIAL_NEWEST, &list,
                               &err), SOCIAL_OK, "its thread");
    ok(list.n == 2 && list.items[1].origin
       && strcmp(list.items[1].origin, "x:2") == 0, "... has that id");
    social_comments_free(&list);

    w = comment(9, "an answer from here");
    w.parent = 1;
    is_int(post(store, w), 4, "a reader answers");
    is_int(social_store_thread(store, str("/a/"), 1, 10, SOCIAL_NEWEST, &list,
                               &err), SOCIAL_OK, "the thread with it");
    ok(list.n == 3 && (!list.items[2].origin || !*list.items[2].origin),
       "... which had no id elsewhere");
    social_comments_free(&list);
    ask("INSERT INTO origin VALUES ('y', '2', 3), ('y', '3', 3)");
    is_int(social_store_imported(store, str("2"), &comment_id, &err),
           SOCIAL_OK, "an id that two of them had");
    is_int(comment_id, 0, "... leads nowhere");
    is_int(social_store_imported(store, str("3"), &comment_id, &err),
           SOCIAL_OK, "an id that one had in two systems");
    is_int(comment_id, 3, "... leads to it");
    ask("DELETE FROM origin WHERE source = 'y'");
    change = ask("SELECT value FROM setting WHERE name = 'change'");

    n = 0;
    is_int(social_store_take_back(store, str("x"), 2, NOW, &n, &err),
           SOCIAL_AGAIN, "taken back, in parts");
    is_int(social_store_take_back(store, str("x"), 2, NOW, &n, &err),
           SOCIAL_OK, "... the last part");
    is_int(n, 3, "... three");
    is_int(ask("SELECT count(*) FROM comment"), 2,
           "what was answered here is a deleted one");
    is_int(ask("SELECT state FROM comment WHERE id = 1 AND text = ''"), 4,
           "... without a text");
    is_int(ask("SELECT count(*) FROM origin"), 0, "it is forgotten");
    ok(ask("SELECT change FROM article WHERE key = '/a/'") > change,
       "readers are told");
    is_int(import(store, "2", "1", SOCIAL_APPROVED), 5, "it can come again");
    social_store_close(store);
}


static void
count(void *data, const char *what, int64_t n, const char *detail)
{
    int *wrong = data;

    if (n) {
        printf("# %s: %s\n", what, detail);
        (*wrong)++;
    }
}


static int
wrong(social_store_t *store)
{
    int  n;

    n = 0;

    return social_store_check(store, count, &n, &err) == SOCIAL_OK ? n : -1;
}


/* many at once: in one call, parents in it and before it, some there already,
 * one twice; an article's first title counts */

static void
test_import_many(void)
{
    size_t             i;
    char               id[1300][8], parent[1300][8];
    social_store_t    *store;
    social_import_t   *items;

    fresh();
    store = must_open(1);
    is_int(import(store, "0", "", SOCIAL_APPROVED), 1, "one is here");
    items = calloc(1300, sizeof(social_import_t));

    for (i = 0; i < 1300; i++) {
        snprintf(id[i], sizeof(id[i]), "%d", (int) i);
        snprintf(parent[i], sizeof(parent[i]), "%d", (int) i / 2);
        items[i].source = str("x");
        items[i].id = str(i == 1299 ? id[1298] : id[i]);
        items[i].parent_source = str("x");
        items[i].parent = str(i ? parent[i] : "");
        items[i].key = str(i % 10 == 9 ? "/b/" : "/a/");
        items[i].title = str(i == 9 ? "First" : "Second");
        items[i].name = str("Ann");
        items[i].text = str("a text that is long enough to be told from all"
                            " others by its words");
        items[i].state = i % 10 == 5 ? SOCIAL_HELD : SOCIAL_APPROVED;
        items[i].created = 2000 - (int64_t) i;
        items[i].author = i == 1290;
        items[i].person = (int64_t) i;
    }

    is_int(social_store_import(store, items, 1300, NOW, &err), SOCIAL_OK,
           "many of them");
    is_int(items[0].added, 0, "what was here is left");
    is_int(items[0].comment, 1, "... with its id");
    ok(items[1299].added == 0 && items[1299].comment == items[1298].comment,
       "what is there twice comes in once");
    is_int(ask("SELECT count(*) FROM comment"), 1299, "all others are there");
    is_int(ask("SELECT count(*) FROM origin o JOIN comment c ON c.id ="
               " o.comment JOIN comment p ON p.id = c.parent JOIN origin q"
               " ON q.comment = p.id WHERE q.id <> '0'"
               " AND CAST(o.id AS INTEGER) / 2 <> CAST(q.id AS INTEGER)"), 0,
           "answers are below theirs");
    is_int(ask("SELECT count(*) FROM comment c JOIN comment p"
               " ON p.id = c.parent WHERE c.article <> p.article"), 0,
           "... on the same page");
    ok(ask("SELECT count(*) FROM comment WHERE parent IS NOT NULL") > 900,
       "... and there are some");
    is_int(ask("SELECT count(*) FROM comment c JOIN comment p"
               " ON p.id = c.parent WHERE c.placed < p.placed"
               " OR c.placed < c.created"), 0,
           "... behind them");
    is_int(ask("SELECT count(*) FROM article WHERE key = '/b/'"
               " AND title = 'First'"), 1, "the first title counts");
    is_int(ask("SELECT count(*) FROM comment WHERE replied = 1"), 11,
           "what an author answered is answered, and all above it");
    is_int(ask("SELECT count(*) FROM comment WHERE same = 0"), 1,
           "texts are known again");
    is_int(wrong(store), 0, "nothing is wrong");
    free(items);
    social_store_close(store);
}


static void
test_check(void)
{
    size_t            i;
    social_store_t   *store;
    social_write_t    w;
    social_saved_t    saved = { "/a/", "", 1, 5, SOCIAL_COUNT_SEEN };

    /* the first ones: PostgreSQL does not let that be done */

    static const char *const  damage[] = {
        "UPDATE comment SET article = 99 WHERE id = 1",
        "UPDATE comment SET parent = 99 WHERE id = 2",
        "INSERT INTO ban VALUES (x'01', 99, 1)",
        "INSERT INTO alias VALUES ('/x/', 99, 0, 0)",
        "INSERT INTO act_comment VALUES (4, 3, 1, 2, 1, 2, 72, 'r', 3, 1, 2, 1,"
        " 2)",
        "UPDATE comment SET placed = 1 WHERE id = 2",
        "UPDATE comment SET parent = 2 WHERE id = 1",
        "UPDATE comment SET state = 4, text = '' WHERE id = 1",
        "UPDATE article SET comments = 7",
        "UPDATE bucket SET article = 99",
        "UPDATE site_bucket SET value = 1 WHERE step = 86400",
        "UPDATE site_bucket SET value = 1 WHERE step = 300",
        "UPDATE bucket SET value = 99 WHERE step = 86400",
        "INSERT INTO token VALUES (1, 1, 1)"
    };

    for (i = on_postgres() ? 5 : 0; i < social_nelts(damage); i++) {
        fresh();
        store = must_open(1);
        post(store, comment(1, "a"));
        w = comment(2, "b");
        w.parent = 1;
        post(store, w);
        social_store_save(store, 7, NOW, &saved, 1, &err);
        is_int(wrong(store), 0, "a good store");
        tell(damage[i]);
        ok(wrong(store) > 0, "... and a damaged one: %s", damage[i]);
        social_store_close(store);
    }
}


int
main(void)
{
    if (!on_postgres()) {
        test_all();                     /* PostgreSQL: store_copy.c */
    }

    test_secret();
    test_bad();
    test_import();
    test_import_many();
    test_check();

    clean();

    return done();
}
