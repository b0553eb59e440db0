
/*
 * Batches of writes: what is refused leaves nothing behind, whatever else is in
 * its batch, and all that is counted is counted once.  Batches that are larger
 * than the pieces in which the log is written.
 */

#include "store.h"

#include <signal.h>
#include <sys/resource.h>


#define MANY   64
#define SMALL  131072       /* bytes that a file may have: less than a batch */


static social_write_t   writes[MANY];
static social_write_t  *batch[MANY];
static char             texts[MANY][10000];


static int
put_all(social_store_t *store, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        batch[i] = &writes[i];
    }

    return social_store_write(store, batch, n, &err);
}


static int64_t
posted(const char *label)
{
    char  sql[256];

    snprintf(sql, sizeof(sql), "SELECT coalesce((SELECT value FROM site_bucket"
             " WHERE step = 0 AND kind = %d AND label = '%s'), 0)",
             SOCIAL_COUNT_POSTED, label);

    return ask(sql);
}


/* an article that is new, with a parent that does not exist: the article is
 * added before the parent is looked for */

static social_write_t
refused(const char *key)
{
    social_write_t  w;

    w = comment(9, "an answer to nothing");
    w.key = str(key);
    w.parent = 12345;

    return w;
}


static void
test_refused(void)
{
    social_store_t  *store;

    fresh();
    store = must_open(1);

    writes[0] = comment(1, "the first");
    writes[1] = refused("/nobody/");
    writes[2] = comment(2, "the second");
    writes[3] = comment(3, "held");
    writes[3].state = SOCIAL_HELD;
    writes[4] = comment(4, "where nothing is known");
    writes[4].key = str("/unknown/");
    writes[4].known = 0;
    writes[5] = refused("/nobody either/");

    is_int(put_all(store, 6), SOCIAL_OK, "a batch with refused writes");
    is_int(writes[0].status, SOCIAL_WROTE, "... the first is stored");
    is_int(writes[1].status, SOCIAL_NO_PARENT, "... the second is refused");
    is_int(writes[2].status, SOCIAL_WROTE, "... the third is stored");
    is_int(writes[3].status, SOCIAL_WROTE, "... so is a held one");
    is_int(writes[4].status, SOCIAL_NO_ARTICLE, "... not on an unknown one");
    is_int(writes[5].status, SOCIAL_NO_PARENT, "... and one more is refused");
    is_int(ask("SELECT count(*) FROM article WHERE key <> ''"), 1,
           "the refused ones have left no article");
    is_int(ask("SELECT count(*) FROM comment"), 3, "three comments are there");
    is_int(ask("SELECT min(text = 'the first') FROM comment WHERE id ="
               " (SELECT min(id) FROM comment)"), 1, "in their order");
    ok(writes[0].wrote_id != 0 && writes[0].wrote_id < writes[2].wrote_id
       && writes[2].wrote_id < writes[3].wrote_id, "with growing ids");
    is_int(writes[3].wrote_id, ask("SELECT id FROM comment WHERE state = 2"),
           "which are those of the rows");
    is_int(posted("reader top approved"), 2, "two are counted as approved");
    is_int(posted("reader top held"), 1, "... one as held");
    ok(strcmp(writes[0].wrote_key, "/a/") == 0 && writes[1].wrote_id == 0,
       "results of the first try are gone");

    social_store_close(store);
}


/* what is refused before anything was changed costs the others nothing */

static void
test_unchanged(void)
{
    social_store_t  *store;

    fresh();
    store = must_open(1);

    writes[0] = comment(1, "on an article");
    is_int(put_all(store, 1), SOCIAL_OK, "a batch of one");

    writes[0] = comment(2, "another");
    writes[1] = comment(3, "an answer to nothing");
    writes[1].parent = 12345;
    writes[2] = comment(2, "another");          /* sent twice */
    writes[2].returning = 1;
    writes[0].returning = 1;

    is_int(put_all(store, 3), SOCIAL_OK, "a batch with a twin in it");
    is_int(writes[1].status, SOCIAL_NO_PARENT, "... one is refused");
    is_int(writes[2].status, SOCIAL_WROTE_NOTHING, "... the twin is not new");
    is_int(writes[2].wrote_id, writes[0].wrote_id, "... it is the first one");
    is_int(posted("reader top approved"), 2, "... and is not counted");

    social_store_close(store);
}


static void
many(char letter)
{
    size_t  i;

    for (i = 0; i < MANY; i++) {
        memset(texts[i], letter, sizeof(texts[i]) - 1);
        texts[i][0] = (char) ('a' + i % 26);
        texts[i][1] = (char) ('a' + i / 26);
        writes[i] = comment((int) i + 1, texts[i]);
    }
}


static void
test_large(void)
{
    size_t             i;
    int                bad;
    social_store_t    *store, *reader;
    social_comments_t  list;

    fresh();
    store = must_open(1);
    reader = must_open(0);
    bad = 0;

    many('x');
    is_int(put_all(store, MANY), SOCIAL_OK, "640 KB in a batch");
    is_int(posted("reader top approved"), MANY, "all are counted");

    /* by a connection that was there before, which reads the log */

    for (i = 0; i < MANY; i++) {
        memset(&list, 0, sizeof(list));

        if (social_store_comment(reader, writes[i].wrote_id, &list, &err)
            != SOCIAL_OK
            || list.n != 1 || strcmp(list.items[0].text, texts[i]) != 0)
        {
            bad++;
        }

        social_comments_free(&list);
    }

    is_int(bad, 0, "all of them can be read, as they were written");
    is_int(ask("SELECT count(*) FROM pragma_integrity_check"
               " WHERE integrity_check = 'ok'"), 1, "the file is sound");

    social_store_close(reader);
    social_store_close(store);
}


/* the disk is full in the middle of a batch, and later has room again */

static void
test_full(void)
{
    struct rlimit    limit, old;
    social_store_t  *store;

    fresh();
    store = must_open(1);
    is_int(put(store, &(social_write_t) { .type = 0 }), SOCIAL_LOST,
           "a write of no kind is none");
    ok(post(store, comment(1, "before")) != 0, "a comment before");

    (void) signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    limit = old;
    limit.rlim_cur = SMALL;
    setrlimit(RLIMIT_FSIZE, &limit);

    many('y');
    is_int(put_all(store, MANY), SOCIAL_ERROR, "the disk is full");
    is_int(writes[0].status, SOCIAL_LOST, "the batch is lost");
    is_int(writes[MANY - 1].status, SOCIAL_LOST, "all of it");

    setrlimit(RLIMIT_FSIZE, &old);
    is_int(ask("SELECT count(*) FROM comment"), 1, "nothing of it is there");

    many('z');
    is_int(put_all(store, MANY), SOCIAL_OK, "there is room again");
    is_int(ask("SELECT count(*) FROM comment WHERE text GLOB '??zzz*'"), MANY,
           "the next batch is complete");
    is_int(ask("SELECT count(*) FROM comment WHERE text GLOB '??yyy*'"), 0,
           "the lost one stays lost");
    is_int(ask("SELECT count(*) FROM pragma_integrity_check"
               " WHERE integrity_check = 'ok'"), 1, "the file is sound");

    social_store_close(store);
}


int
main(void)
{
    test_refused();
    test_unchanged();
    test_large();
    test_full();
    clean();

    return done();
}
