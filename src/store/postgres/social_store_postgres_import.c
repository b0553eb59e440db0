
/*
 * Comments from elsewhere, taken in once.  Many at a time: what the store has
 * of them is asked in two trips over the network, and all of them are written
 * with the next question, or with the COMMIT.
 *
 * A transaction has a name of its own, so that no node ends it.  For the
 * program ngx-social.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_import.h"


#define SOCIAL_PG_IMPORT  512           /* comments in a statement */
#define SOCIAL_PG_RETRIES  5


typedef struct {
    int64_t          id, article, parent, placed, person, role, exchange;
    size_t           twin;              /* number of one in front of it that
                                         * is the same, 0: none */
    unsigned         adds:1;            /* 0: it is here */
} social_pg_import_row_t;


typedef struct {
    size_t                   n;
    int64_t                  now;
    social_import_t         *items;
    social_pg_import_row_t   rows[SOCIAL_PG_IMPORT];
    social_pg_import_row_t   parents[SOCIAL_PG_IMPORT]; /* id 0: none is here */

    /* columns of what is written */
    size_t                   count;
    int64_t                  numbers[12][SOCIAL_PG_IMPORT];
    social_str_t             texts[5][SOCIAL_PG_IMPORT];
    unsigned char            who[SOCIAL_PG_IMPORT * SOCIAL_COMMENTER_LEN];
} social_pg_importing_t;


static int
social_pg_import_same(social_str_t a, social_str_t b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}


/* a number that counts from 1 */

static size_t
social_pg_import_index(const PGresult *result, int row)
{
    return (size_t) social_pg_int(result, row, 0) - 1;
}


/* which of them are here, which comments they answer, and what articles are */

static void
social_pg_import_ask(social_pg_t *s, social_pg_importing_t *im)
{
    size_t  i, n;

    n = im->n;

    for (i = 0; i < n; i++) {
        im->texts[0][i] = im->items[i].source;
        im->texts[1][i] = im->items[i].id;
        im->texts[2][i] = im->items[i].parent_source;
        im->texts[3][i] = im->items[i].parent;
        im->texts[4][i] = im->items[i].key;
    }

    social_pg_send(s, SOCIAL_PG_SQL_IMPORT_HERE, "TT", im->texts[0], n,
                   im->texts[1], n);
    social_pg_send(s, SOCIAL_PG_SQL_IMPORT_PARENT, "TT", im->texts[2], n,
                   im->texts[3], n);
    social_pg_send(s, SOCIAL_PG_SQL_NEW_PLACE, "T", im->texts[4], n);
}


/* a repeat after a COMMIT whose answer was lost finds what it had added */

static void
social_pg_import_take(social_pg_t *s, social_pg_importing_t *im)
{
    int                      i;
    size_t                   k;
    PGresult                *result;
    social_import_t         *item;
    social_pg_import_row_t  *row;

    for (k = 0; k < im->n; k++) {
        im->rows[k].adds = 1;
    }

    result = social_pg_take(s);

    for (i = 0; i < PQntuples(result); i++) {
        k = social_pg_import_index(result, i);
        item = &im->items[k];
        im->rows[k].adds = 0;
        im->rows[k].id = social_pg_int(result, i, 1);
        item->added = item->added && item->comment == im->rows[k].id;
        item->comment = im->rows[k].id;
    }

    PQclear(result);
    result = social_pg_take(s);

    for (i = 0; i < PQntuples(result); i++) {
        row = &im->parents[social_pg_import_index(result, i)];
        row->id = social_pg_int(result, i, 1);
        row->article = social_pg_int(result, i, 2);
        row->placed = social_pg_int(result, i, 3);
        row->person = social_pg_int(result, i, 4);
        row->role = social_pg_int(result, i, 5);
    }

    PQclear(result);
    result = social_pg_take(s);

    for (i = 0; i < PQntuples(result); i++) {
        k = social_pg_import_index(result, i);
        im->rows[k].article = social_pg_int(result, i, 1);
    }

    PQclear(result);
}


/* one that is in this part twice comes in once */

static void
social_pg_import_once(social_pg_importing_t *im)
{
    size_t  i, k;

    for (i = 0; i < im->n; i++) {
        for (k = 0; k < i && im->rows[i].adds; k++) {
            if (social_pg_import_same(im->items[k].id, im->items[i].id)
                && social_pg_import_same(im->items[k].source,
                                         im->items[i].source))
            {
                im->rows[i].adds = 0;
                im->rows[i].twin = k + 1;
            }
        }
    }
}


/* articles that are not known yet; keys and their hashes */

static size_t
social_pg_import_keys(social_pg_importing_t *im, social_str_t *keys,
    int64_t *hashes)
{
    size_t  i, k, n;

    for (i = 0, n = 0; i < im->n; i++) {

        if (!im->rows[i].adds || im->rows[i].article) {
            continue;
        }

        for (k = 0; k < n; k++) {
            if (social_pg_import_same(keys[k], im->items[i].key)) {
                break;
            }
        }

        if (k == n) {
            keys[n] = im->items[i].key;
            hashes[n++] = (int64_t) social_pg_hash(im->items[i].key);
        }
    }

    return n;
}


/* adds articles, and gives every comment its id */

static void
social_pg_import_number(social_pg_t *s, social_pg_importing_t *im)
{
    int        i;
    size_t     k, n;
    int64_t    count;
    PGresult  *articles, *ids;

    n = social_pg_import_keys(im, im->texts[0], im->numbers[0]);

    for (k = 0, count = 0; k < im->n; k++) {
        count += im->rows[k].adds;
    }

    if (count == 0) {
        return;
    }

    social_pg_send(s, SOCIAL_PG_SQL_IMPORT_ARTICLES, "TIi", im->texts[0], n,
                   im->numbers[0], n, im->now);
    social_pg_send(s, SOCIAL_PG_SQL_NEW_IDS, "i", count);
    articles = social_pg_take(s);
    ids = social_pg_take(s);

    for (k = 0, n = 0; k < im->n && s->end == SOCIAL_PG_FINE; k++) {

        if (!im->rows[k].adds) {
            continue;
        }

        im->rows[k].id = social_pg_int(ids, (int) n++, 0);

        for (i = 0; im->rows[k].article == 0 && i < PQntuples(articles); i++) {
            if (social_pg_import_same(social_pg_text(articles, i, 0),
                                      im->items[k].key))
            {
                im->rows[k].article = social_pg_int(articles, i, 1);
            }
        }
    }

    PQclear(articles);
    PQclear(ids);
}


/* the comment that it answers, if that stands in the same thread: one of this
 * part, in front of it, or one that was here; NULL: none */

static const social_pg_import_row_t *
social_pg_import_parent(const social_pg_importing_t *im, size_t i)
{
    size_t                         k;
    const social_import_t         *item;
    const social_pg_import_row_t  *parent;

    item = &im->items[i];
    parent = NULL;

    for (k = 0; item->parent.len && k < i && parent == NULL; k++) {
        if (im->rows[k].adds
            && social_pg_import_same(im->items[k].id, item->parent)
            && social_pg_import_same(im->items[k].source, item->parent_source))
        {
            parent = &im->rows[k];
        }
    }

    if (parent == NULL && item->parent.len && im->parents[i].id) {
        parent = &im->parents[i];
    }

    return parent && parent->article == im->rows[i].article ? parent : NULL;
}


static int64_t
social_pg_import_person(const social_import_t *item)
{
    int64_t                     person;
    static const unsigned char  none[SOCIAL_COMMENTER_LEN];

    if (item->state == SOCIAL_DELETED) {
        return 0;
    }

    if (item->author) {
        return (int64_t) social_pg_hash(item->name);
    }

    if (memcmp(item->commenter, none, sizeof(none)) == 0) {
        return item->person;
    }

    memcpy(&person, item->commenter, sizeof(person));

    return person;
}


static void
social_pg_import_row(social_pg_importing_t *im, size_t i)
{
    const social_import_t         *item;
    social_pg_import_row_t        *row;
    const social_pg_import_row_t  *parent;

    item = &im->items[i];
    row = &im->rows[i];
    parent = social_pg_import_parent(im, i);

    row->role = item->author && item->state != SOCIAL_DELETED ? SOCIAL_AUTHOR
                                                              : SOCIAL_READER;
    row->person = social_pg_import_person(item);
    row->placed = item->created;

    if (parent != NULL) {
        row->parent = parent->id;
        row->placed = parent->placed > row->placed ? parent->placed
                                                   : row->placed;
        row->exchange = parent->person == row->person
                        && parent->role == row->role ? 0 : 2 - parent->role;
    }
}


/* a comment that was deleted there keeps its place, and nothing else */

static void
social_pg_import_columns(social_pg_t *s, social_pg_importing_t *im, size_t i)
{
    int                            erased;
    size_t                         k, n;
    const social_import_t         *item;
    const social_pg_import_row_t  *row;
    static const social_str_t      none = { 0, NULL };

    n = im->count++;
    item = &im->items[i];
    row = &im->rows[i];
    erased = (item->state == SOCIAL_DELETED);

    const int64_t  numbers[] = {
        row->id, row->article, row->parent, item->state, row->role,
        item->created, item->edited, row->person, item->format,
        erased ? 0 : social_pg_same(s, item->text), row->placed, row->exchange
    };

    for (k = 0; k < social_nelts(numbers); k++) {
        im->numbers[k][n] = numbers[k];
    }

    im->texts[0][n] = erased ? none : item->name;
    im->texts[1][n] = erased ? none : item->website;
    im->texts[2][n] = erased ? none : item->text;
    im->texts[3][n] = item->source;
    im->texts[4][n] = item->id;

    memset(im->who + n * SOCIAL_COMMENTER_LEN, 0, SOCIAL_COMMENTER_LEN);

    if (!erased && !item->author) {
        memcpy(im->who + n * SOCIAL_COMMENTER_LEN, item->commenter,
               SOCIAL_COMMENTER_LEN);
    }
}


static void
social_pg_import_insert(social_pg_t *s, social_pg_importing_t *im)
{
    size_t  i, n;

    im->count = 0;

    for (i = 0; i < im->n; i++) {
        if (im->rows[i].adds) {
            social_pg_import_row(im, i);
            social_pg_import_columns(s, im, i);
            im->items[i].comment = im->rows[i].id;
            im->items[i].added = 1;

        } else if (im->rows[i].twin) {
            im->items[i].comment = im->rows[im->rows[i].twin - 1].id;
            im->items[i].added = 0;
        }
    }

    n = im->count;

    if (n == 0) {
        return;
    }

    social_pg_run(s, SOCIAL_PG_SQL_IMPORT_ADD, "IIZIIIICITTTIIII",
                  im->numbers[0], n, im->numbers[1], n, im->numbers[2], n,
                  im->numbers[3], n, im->numbers[4], n, im->numbers[5], n,
                  im->numbers[6], n, im->who, n, im->numbers[7], n,
                  im->texts[0], n, im->texts[1], n, im->texts[2], n,
                  im->numbers[8], n, im->numbers[9], n, im->numbers[10], n,
                  im->numbers[11], n);
    social_pg_run(s, SOCIAL_PG_SQL_IMPORT_ORIGINS, "TTI", im->texts[3], n,
                  im->texts[4], n, im->numbers[0], n);
}


/* titles of articles, of which the first one counts */

static void
social_pg_import_titles(social_pg_t *s, social_pg_importing_t *im)
{
    size_t         i, k, n;
    int64_t       *ids;
    social_str_t  *titles;

    ids = im->numbers[0];
    titles = im->texts[0];

    for (i = 0, n = 0; i < im->n; i++) {

        if (!im->rows[i].adds || im->items[i].title.len == 0) {
            continue;
        }

        for (k = 0; k < n && ids[k] != im->rows[i].article; k++) {
            /* void */
        }

        if (k == n) {
            ids[n] = im->rows[i].article;
            titles[n++] = im->items[i].title;
        }
    }

    if (n) {
        social_pg_run(s, SOCIAL_PG_SQL_IMPORT_TITLES, "IT", ids, n, titles, n);
    }
}


/* what follows from comments that readers see: names of authors are theirs,
 * what they answered is answered, and articles change */

static void
social_pg_import_after(social_pg_t *s, social_pg_importing_t *im)
{
    size_t        i, n;
    social_str_t  name = { 0, NULL };

    for (i = 0, n = 0; i < im->n; i++) {

        if (!im->rows[i].adds || im->items[i].state != SOCIAL_APPROVED) {
            continue;
        }

        social_pg_touch(s, NULL, im->rows[i].article, 1, im->now);

        if (!im->items[i].author) {
            continue;
        }

        im->numbers[0][n++] = im->rows[i].id;

        if (!social_pg_import_same(name, im->items[i].name)) {
            name = im->items[i].name;
            social_pg_name_keep(s, name);
        }
    }

    if (n) {
        social_pg_run(s, SOCIAL_PG_SQL_IMPORT_REPLIED, "I", im->numbers[0], n);
    }
}


static void
social_pg_import_some(social_pg_t *s, social_pg_importing_t *im)
{
    memset(im->rows, 0, sizeof(im->rows));
    memset(im->parents, 0, sizeof(im->parents));

    social_pg_import_ask(s, im);
    social_pg_import_take(s, im);
    social_pg_import_once(im);
    social_pg_import_number(s, im);

    if (s->end == SOCIAL_PG_FINE) {
        social_pg_import_insert(s, im);
        social_pg_import_titles(s, im);
        social_pg_import_after(s, im);
    }
}


int
social_pg_retry(social_pg_t *s, int tries)
{
    if ((s->end != SOCIAL_PG_REPEAT && s->end != SOCIAL_PG_LOST)
        || tries >= SOCIAL_PG_RETRIES)
    {
        return SOCIAL_ERROR;
    }

    social_pg_pause(tries < 4 ? 25L << tries : 400);

    return SOCIAL_AGAIN;
}


static int
social_pg_import_all(social_pg_t *s, social_pg_importing_t *im,
    social_import_t *items, size_t n, social_store_error_t *err)
{
    int     tries;
    size_t  i;

    for (tries = 0; /* void */ ; tries++) {
        social_pg_begin(s, "ngx_social import");

        for (i = 0; i < n && s->end == SOCIAL_PG_FINE; i += im->n) {
            im->items = items + i;
            im->n = n - i < SOCIAL_PG_IMPORT ? n - i : SOCIAL_PG_IMPORT;
            social_pg_import_some(s, im);
        }

        s->op = "commit";
        social_pg_commit(s);

        if (s->end == SOCIAL_PG_FINE) {
            return SOCIAL_OK;
        }

        social_pg_rollback(s);

        if (social_pg_retry(s, tries) != SOCIAL_AGAIN) {
            return social_pg_failed(s, err);
        }

        social_pg_start(s, "import");
    }
}


int
social_pg_import(social_store_t *store, social_import_t *items, size_t n,
    int64_t now, social_store_error_t *err)
{
    int                     rc;
    size_t                  i;
    social_pg_t            *s = (social_pg_t *) store;
    social_pg_importing_t  *im;

    social_pg_start(s, "import");
    im = calloc(1, sizeof(social_pg_importing_t));

    if (im == NULL) {
        social_pg_memory(s);
        return social_pg_failed(s, err);
    }

    im->now = now + social_pg_shift(s);

    for (i = 0; i < n; i++) {
        items[i].comment = 0;
        items[i].added = 0;
    }

    rc = social_pg_import_all(s, im, items, n, err);
    free(im);

    return rc;
}
