
/*
 * A store copied to another kind and back: every line of a dump is the same,
 * byte by byte, but for the time in its header; every column comes along, or is
 * in the list of those that do not.  With SOCIAL_STORE, from SQLite to
 * PostgreSQL and back; else to another file.
 */

#include "store_rows.h"

#include "social_store_sqlite_import.h"

#if (SOCIAL_POSTGRES)
#include "social_store_postgres_import.h"
#endif


/* texts that are hard to write as JSON, and more lines than go at once */

static const char  more[] =
    "INSERT INTO comment (id, article, parent, state, before, role, created,"
    " person, name, text, placed, anonymous) VALUES (8, 3, NULL, 1, 1, 0, 52,"
    " 1, 'N ' || char(127, 133, 160, 8232, 65279, 128512), 'q\" b\\ / <b>&''"
    " \\u003c ' || char(1, 8, 9, 10, 11, 12, 13, 27, 31) || ' one two three"
    " four five six seven eight nine', 52, 1);"
    "INSERT INTO setting VALUES ('author look bob', '1'), ('authors', '1'),"
    " ('author small ' || char(228), '1');"
    "INSERT INTO look VALUES ('Zed', 7, 8, 81), ('ann', 7, 8, 81),"
    " (char(228), 7, 8, 81);"
    "INSERT INTO origin VALUES ('b', '2', 7), ('B', 'x', 7), ('b', '10', 7);"
    "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n"
    "  LIMIT 1700)"
    " INSERT INTO bucket SELECT 3600, n * 3600, 2 + n % 2, n % 5,"
    " CASE n % 3 WHEN 0 THEN '' ELSE 'L' || n END, n - 800 FROM n;";


/* a file of SQLite in the directory, without the other kind of store */

static social_store_t *
lite(const char *name)
{
    char             at[160];
    social_store_t  *store;

    snprintf(at, sizeof(at), "sqlite:%s/%s", dir, name);
    store = social_store_open(at, 1, &err);

    if (store == NULL) {
        printf("Bail out! %s\n", err.message);
        exit(2);
    }

    return store;
}


static void
fill(const char *name)
{
    char      at[160];
    sqlite3  *db;

    social_store_close(lite(name));
    snprintf(at, sizeof(at), "%s/%s", dir, name);

    is_int(sqlite3_open(at, &db), SQLITE_OK, name);
    is_int(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK, "its rows");
    is_int(sqlite3_exec(db, more, NULL, NULL, NULL), SQLITE_OK, "... and more");
    is_int(sqlite3_exec(db, "UPDATE article SET comments = (SELECT count(*)"
                        " FROM comment c WHERE c.article = article.id"
                        " AND state = 1)", NULL, NULL, NULL), SQLITE_OK,
           "... with their numbers");
    sqlite3_close(db);
}


/* the place of the first difference, but for the header's time; -1: none */

static int
differ(const char *a, const char *b)
{
    int          i;
    const char  *time;

    time = strstr(a, "\"generated\":\"");

    for (i = 0; a[i] == b[i] || (time && a + i > time && a + i < time + 33);
         i++)
    {
        if (a[i] == '\0') {
            return -1;
        }
    }

    printf("# %.200s\n# %.200s\n", a + (i < 60 ? 0 : i - 60),
           b + (i < 60 ? 0 : i - 60));

    return i;
}


#if (SOCIAL_POSTGRES)

static int
is_listed(const char *table, const char *column)
{
    const social_pg_undumped_t      *p;
    const social_sqlite_undumped_t  *u;

    for (u = social_sqlite_undumped; u->table != NULL; u++) {
        if (strcmp(u->table, table) == 0
            && (strcmp(u->column, "*") == 0 || strcmp(u->column, column) == 0))
        {
            return 1;
        }
    }

    for (p = social_pg_undumped; p->table != NULL; p++) {
        if (strcmp(p->table, table) == 0
            && (strcmp(p->column, "*") == 0 || strcmp(p->column, column) == 0))
        {
            return 1;
        }
    }

    return 0;
}


/* every column of PostgreSQL's schema has a value that it has not by itself,
 * or is in a list */

static void
test_columns(void)
{
    int          i;
    char         sql[512];
    PGresult    *columns;
    const char  *table, *column;

    snprintf(sql, sizeof(sql),
             "SELECT table_name, column_name, coalesce(column_default, 'NULL')"
             " FROM information_schema.columns WHERE table_schema = '%s'",
             schema);
    columns = PQexec(postgres_connection(), sql);
    ok(PQntuples(columns) > 80, "columns of PostgreSQL");

    for (i = 0; i < PQntuples(columns); i++) {
        table = PQgetvalue(columns, i, 0);
        column = PQgetvalue(columns, i, 1);

        if (is_listed(table, column)) {
            continue;
        }

        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM %s WHERE %s IS DISTINCT FROM %s", table,
                 column, PQgetvalue(columns, i, 2));
        ok(ask(sql) > 0, "%s.%s came along", table, column);
    }

    PQclear(columns);
}

#endif


/* the store works on: ids, numbers of changes, the secret */

static void
test_goes_on(social_store_t *store, const unsigned char *secret)
{
    unsigned char   now[32];
    social_write_t  w;

    social_store_secret(store, now, &err);
    ok(memcmp(secret, now, 32) == 0, "it has the secret");
    is_int(ask("SELECT count(*) FROM article WHERE change > 0"), 2,
           "articles that had changes have changed");
    is_int(ask("SELECT count(*) FROM (SELECT 1 FROM article WHERE change > 0"
               " GROUP BY change HAVING count(*) > 1) twice"), 0,
           "... each with a number of its own");
    ok(ask("SELECT same <> 0 FROM comment WHERE id = 8") == 1,
       "texts are known again");

    w = comment(1, "new");
    is_int(put(store, &w), SOCIAL_WROTE, "a comment");
    is_int(w.wrote_id, 10, "ids go on where they were");
    is_int(ask("SELECT count(*) FROM article WHERE change >="
               " (SELECT change FROM article WHERE key = '/a/')"), 1,
           "the newest change has the highest number");
}


static void
test_copy(void)
{
    int              n;
    char             old[SOCIAL_STORE_IDENTITY], now[SOCIAL_STORE_IDENTITY];
    char            *one, *two, *three;
    unsigned char    secret[32];
    social_store_t  *from, *to, *back;

    fresh();
    fill("from.db");
    from = lite("from.db");
    social_store_secret(from, secret, &err);
    one = dump(from, SOCIAL_DUMP_SECRET);
    ok(strstr(one, "\"span\"") != NULL, "a dump");

    to = must_open(1);
    is_int(restore(to, one, 0), 0, "every line is read");
    two = dump(to, SOCIAL_DUMP_SECRET);
    is_int(differ(one, two), -1, "a dump of the copy is the same");
    is_int(restore(to, one, 0), -1, "what holds something is left alone");

#if (SOCIAL_POSTGRES)
    if (on_postgres()) {
        test_columns();
    }
#endif

    back = lite("back.db");
    is_int(restore(back, two, 0), 0, "every line is read back");
    three = dump(back, SOCIAL_DUMP_SECRET);
    is_int(differ(one, three), -1, "... and is the same again");
    test_goes_on(to, secret);

    social_store_close(to);
    social_store_close(back);
    free(two);
    free(three);

    two = dump(from, 0);
    fresh();
    to = must_open(1);
    social_store_identity(to, old, &err);
    is_int(restore(to, two, 1), 0, "without the secret, for a new store");
    three = dump(to, 0);
    n = differ(strchr(two, '\n'), strchr(three, '\n'));
    is_int(n, -1, "... the lines are the same");
    social_store_identity(to, now, &err);
    ok(strcmp(old, now) != 0, "... it has another identity than before");
    ok(strstr(three, "\"store\":\"") && strncmp(strstr(three, "\"store\":\""),
       strstr(two, "\"store\":\""), 40) != 0, "... and than the first store");

    social_store_close(from);
    social_store_close(to);
    free(one);
    free(two);
    free(three);
}


/* the line that is refused is named, also in the middle of many */

static void
test_refused(void)
{
    int              n;
    char            *good, *bad, *line, *p;
    size_t           len;
    social_store_t  *from, *to;

    fresh();
    fill("from.db");
    from = lite("from.db");
    good = dump(from, SOCIAL_DUMP_SECRET);
    social_store_close(from);

    /* a line of counts again, 300 lines later */

    line = strstr(good, "{\"type\":\"bucket\",\"step\":3600");

    for (n = 0, p = line; n < 300; n++) {
        p = strchr(p, '\n') + 1;
    }

    len = (size_t) (strchr(line, '\n') + 1 - line);
    bad = calloc(1, strlen(good) + len + 1);
    memcpy(bad, good, (size_t) (p - good));
    memcpy(bad + (p - good), line, len);
    strcpy(bad + (p - good) + len, p);

    for (n = 1, p = good; p < line; p++) {
        n += (*p == '\n');
    }

    to = must_open(1);
    is_int(restore(to, bad, 1), n + 300, "the line that is there twice");
    is_int(ask("SELECT count(*) FROM article"), 0, "... nothing was written");
    is_int(restore(to, good, 1), 0, "the good one can follow");
    social_store_close(to);
    free(good);
    free(bad);
}


int
main(void)
{
    test_copy();
    test_refused();

    clean();

    return done();
}
