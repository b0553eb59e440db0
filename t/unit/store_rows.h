
/*
 * Shared by the tests of dumps: a file of SQLite with a row in every table, and
 * short functions that dump a store and read it again.
 */

#ifndef STORE_ROWS_UNIT_H_INCLUDED
#define STORE_ROWS_UNIT_H_INCLUDED


#include "store.h"


/* a row in every table, no column with its default; articles have the numbers
 * that a restored store gives them */

static const char  rows[] =
    "PRAGMA foreign_keys = OFF;"
    "UPDATE setting SET value = 7 WHERE name IN ('revision', 'signout');"
    "INSERT INTO article (id, key, title, url, published, first_seen, changed,"
    " likes, likes_changes, readers, needed, forgotten) VALUES"
    " (1, '', '', '', 0, 5, 0, 0, 0, 0, 0, 0),"
    " (2, '/a/', 'A <title>', 'https://x.example/a/', 11, 12, 13, 14, 15,"
    "  9223372036854775807, 1, 16),"
    " (3, '/b/%\"', 'B', 'u', 21, 22, 23, 24, 25, 26, 1, 27);"
    "INSERT INTO alias VALUES ('/old/', 2, 1, 31);"
    "INSERT INTO comment (id, article, parent, state, before, role, done,"
    " reports, created, edited, moderated, commenter, person, weak, source,"
    " reason, name, website, text, exchange, active, revision, rewritten,"
    " replied, anonymous, format, taught, taught_before, same, visitor, moved,"
    " placed) VALUES"
    " (3, 2, NULL, 4, 2, 1, 1, 2, 41, 42, 43,"
    " x'00112233445566778899aabbccddeeff', -5, 6,"
    " 'reddit', 'why', 'Zoe', 'https://a.example', 'a <b>', 2, 0, 3, 4,"
    "  1, 0, 1, 2, 1, 99, 98, 1, 44),"
    " (7, 2, 3, 3, 2, 0, 0, 1, 50, 0, 0, NULL, 9223372036854775807, 0, '', '',"
    "  'N', 'w', 'text', 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 51);"
    "UPDATE sqlite_sequence SET seq = 9 WHERE name = 'comment';"
    "INSERT INTO ban VALUES (x'00112233445566778899aabbccddeeff', 3, 61);"
    "INSERT INTO origin VALUES ('disqus:x', '1', 3);"
    "INSERT INTO act (id, at, who, action, undone, undoes, revision, article,"
    " target, dropped) VALUES (4, 71, 'me', 'move', 1, 2, 3, 2, 3, 2);"
    "INSERT INTO act_comment VALUES (4, 3, 1, 2, 1, 2, 72, 'r', 3, 1, 2, 1, 2);"
    "INSERT INTO look VALUES ('me', 7, 8, 81);"
    "INSERT INTO reply_feed VALUES (x'00112233445566778899aabbccddeeff', -3,"
    " 'm');"
    "INSERT INTO token VALUES (-1, 2, 3);"
    "UPDATE taught SET spam = 1, ham = 2, tokens = 1, level = 3;"
    "INSERT INTO forgotten VALUES (-9, 91, 92, 93);"
    "INSERT INTO bucket VALUES (300, 1500, 2, 22, 'reddit', 1234567890123);"
    "INSERT INTO site_bucket VALUES (300, 1500, 22, 'reddit', 5);"
    "INSERT OR REPLACE INTO span VALUES (-1, 101), (300, 102);"
    "INSERT INTO generation VALUES (1, 1);"
    "INSERT INTO watermark VALUES (1, 1, 1, '', 1);"
    "INSERT INTO window_sum VALUES (1, 1, 2, x'00');"
    "INSERT INTO liked VALUES (1, 2, 3, 4, 5);"
    "INSERT INTO ban_day VALUES (1, 2, 3);"
    "INSERT INTO notice (kind, comment, created, clock) VALUES (1, 3, 1, 1);";


static char    *text;
static size_t   text_len;


static void
keep(void *data, const char *line, size_t len)
{
    text = realloc(text, text_len + len + 1);
    memcpy(text + text_len, line, len);
    text_len += len;
    text[text_len] = '\0';
}


/* the dump of a store, to be freed */

static char *
dump(social_store_t *store, unsigned flags)
{
    text = NULL;
    text_len = 0;

    if (social_store_dump(store, flags, keep, NULL, &err) != SOCIAL_OK) {
        printf("# %s\n", err.message);
    }

    return text ? text : calloc(1, 1);
}


/* in brackets: what a line that is refused makes the database say is no error
 * of the test */

static void
refused(void)
{
    printf("# (%.150s)\n", err.message);
}


/* reads a dump into a store; the number of the line that was refused, 0: none,
 * -1: the store is not empty, -2: an error */

static int
restore(social_store_t *store, const char *from, int fresh_one)
{
    int           n, rc;
    const char   *end, *p;
    social_str_t  type, line;

    rc = social_store_restore_begin(store, &err);

    if (rc != SOCIAL_OK) {
        return -1;
    }

    for (n = 1; *from != '\0'; n++) {
        end = strchr(from, '\n');
        p = from + strlen("{\"type\":\"");
        type.data = (const unsigned char *) p;
        type.len = (size_t) (strchr(p, '"') - p);
        line.data = (const unsigned char *) from;
        line.len = (size_t) (end - from);

        err.line = 0;
        rc = social_store_restore_line(store, type, line, n, &err);

        if (rc != SOCIAL_OK) {
            n = rc == SOCIAL_DECLINED ? (int) err.line : -2;
            refused();
            (void) social_store_restore_end(store, 0, 0, NOW, &err);
            return n;
        }

        from = end + 1;
    }

    rc = social_store_restore_end(store, 1, fresh_one, NOW, &err);

    if (rc != SOCIAL_OK) {
        refused();
    }

    return rc == SOCIAL_OK ? 0 : rc == SOCIAL_DECLINED ? (int) err.line : -2;
}


#endif /* STORE_ROWS_UNIT_H_INCLUDED */
