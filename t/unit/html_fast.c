
/*
 * The fast path of the HTML scanner (social_html_fast.c, _tag.c, _block.h) sees
 * what the tokenizer sees: on the pages of html_pages.h, on the fuzzers' seeds,
 * on each tag in each place, and on hostile pages by chance.  For each kind of
 * fast path that this processor has.
 *
 * SOCIAL_LONG=1 reads a hundred times as many hostile pages.
 */

#include <glob.h>

#include "social_html_fast.h"
#include "unit.h"
#include "html_pages.h"
#include "html_hostile.h"
#include "html_twins.h"


#define ROOM     8192
#define HOSTILE  400        /* pages */


static const char *const  kinds[SOCIAL_HTML_KINDS] = {
    "the tokenizer", "8 bytes at once", "16 bytes at once", "32 bytes at once"
};


static uint64_t  scans, bytes;


static void
tell(const twins_t *t, const char *page, size_t len, const char *what,
    size_t at)
{
    printf("# mode %d, %s, pieces of %zu: %s differs at %zu of:\n# %.*s\n",
           t->mode, kinds[t->fast], t->piece, what, at, (int) len, page);
}


/* some ways to cut; 1 if the fast path agrees */

static int
agrees_in(unsigned fast, social_html_mode_e mode, const char *page, size_t len,
    uint32_t seed)
{
    size_t       i, at;
    twins_t      t;
    const char  *what;

    static const size_t  pieces[] = { TWINS_WHOLE, TWINS_CHANCE, 300, 4096 };

    at = 0;
    t.fast = fast;
    t.mode = mode;
    t.seed = seed;

    for (i = 0; i < social_nelts(pieces); i++) {

        if (pieces[i] > len) {
            continue;
        }

        t.piece = pieces[i];
        t.whole = i & 1;
        what = twins_run(&t, page, len, &at);

        scans++;
        bytes += len;

        if (what) {
            tell(&t, page, len, what, at);
            return 0;
        }
    }

    return 1;
}


/* all modes */

static int
agrees(unsigned fast, const char *page, size_t len, uint32_t seed)
{
    return agrees_in(fast, SOCIAL_HTML_AUTO, page, len, seed)
           && agrees_in(fast, SOCIAL_HTML_BODY, page, len, seed)
           && agrees_in(fast, SOCIAL_HTML_MARKER, page, len, seed);
}


/* the page behind others of its kind, so that it lies anywhere in a block */

static int
agrees_anywhere(unsigned fast, const char *page, size_t len)
{
    size_t       n, pad;
    static char  buffer[ROOM];

    static const char  head[] = "<!DOCTYPE html><body>x<span class=\"a\">";

    for (pad = 0; pad < SOCIAL_HTML_BLOCK; pad += 9) {
        n = sizeof(head) - 1;
        memcpy(buffer, head, n);
        memset(buffer + n, ' ', pad);
        n += pad;

        if (n + len + SOCIAL_HTML_BLOCK > sizeof(buffer)) {
            return 1;
        }

        memcpy(buffer + n, page, len);
        memset(buffer + n + len, ' ', SOCIAL_HTML_BLOCK);

        if (!agrees(fast, buffer, n + len + SOCIAL_HTML_BLOCK,
                    (uint32_t) pad))
        {
            return 0;
        }
    }

    return 1;
}


static void
pages(unsigned fast)
{
    size_t  i;
    int     good;

    good = 1;

    for (i = 0; i < social_nelts(rows) && good; i++) {
        good = agrees(fast, rows[i].page, strlen(rows[i].page), 1)
               && agrees_anywhere(fast, rows[i].page, strlen(rows[i].page));
    }

    ok(good, "%s: the pages of html_pages.h", kinds[fast]);
}


static void
seeds(unsigned fast)
{
    size_t       i, n;
    int          good;
    FILE        *f;
    glob_t       found;
    static char  page[1 << 20];

    good = glob("t/fuzz/corpus/html/*", 0, NULL, &found) == 0;

    for (i = 0; good && i < found.gl_pathc; i++) {
        f = fopen(found.gl_pathv[i], "rb");
        good = f != NULL;

        if (good) {
            n = fread(page, 1, sizeof(page), f);
            fclose(f);
            good = agrees(fast, page, n, 1) && agrees_anywhere(fast, page, n);
        }
    }

    ok(good && i > 0, "%s: the fuzzers' seeds", kinds[fast]);
    globfree(&found);
}


/* each name's tags behind each of these, and what then is in the place of x */

static const char *const  places[] = {
    "", "<p>", "<b><b><b>", "<a href=\"#\">", "<ul>", "<ul><li>", "<dl><dt>",
    "<dl><dd><div>", "<h2>", "<h2><h3>", "<table>", "<table><tbody>",
    "<table><tr>", "<table><tr><td>", "<table><caption>", "<table><colgroup>",
    "<a><table><tr><th>", "<button>", "<button><p>", "<form>", "<form><div>",
    "<div id=\"__next\">", "<article>", "<main><p>", "<template>",
    "<select>", "<object>", "<svg>", "<svg><desc>", "<search><li>",
    "<article><time>", "<h2><form></h3>", "<dialog>", "</body>", "<nobr>"
};


static void
tags(unsigned fast)
{
    int          good;
    char         page[1024];
    size_t       i, j, n;
    unsigned     form;

    /* both tags, bare and with attributes, behind themselves */

    static const char *const  forms[] = {
        "<%s>", "</%s>", "<%s></%s>", "<%s><%s>", "</%s></%s>",
        "<%s a=\"b\">", "<%s><p></%s>", "<p><%s></p>", "<%s><div></%s>",
        "<%s/>", "<%s id=\"__next\">", "<%s ", "<%sx>"
    };

    good = 1;

    for (i = 0; i < social_nelts(places) && good; i++) {
        for (j = 0; j < social_nelts(hostile_names) && good; j++) {
            for (form = 0; form < social_nelts(forms) && good; form++) {
                n = (size_t) snprintf(page, sizeof(page), HEAD "x%s",
                                      places[i]);
                n += (size_t) snprintf(page + n, sizeof(page) - n, forms[form],
                                       hostile_names[j], hostile_names[j]);
                n += (size_t) snprintf(page + n, sizeof(page) - n, "%70s"
                                       "<article>x</article>" TAIL "%70s", "",
                                       "");
                good = agrees_in(fast, SOCIAL_HTML_AUTO, page, n, 1);
            }
        }
    }

    ok(good, "%s: each tag in each place", kinds[fast]);
}


static void
hostile(unsigned fast)
{
    int          good;
    long         i, times;
    size_t       len;
    static char  page[ROOM];

    good = 1;
    times = getenv("SOCIAL_LONG") ? 100 * HOSTILE : HOSTILE;

    for (i = 0; i < times && good; i++) {
        hostile_seed = (uint32_t) i * 2654435761u + fast;
        len = hostile_page(page, sizeof(page));
        good = agrees(fast, page, len, hostile_seed);
    }

    ok(good, "%s: %ld hostile pages", kinds[fast], times);
}


/* a full stack: the fast path must not write behind it */

static void
deep(unsigned fast)
{
    size_t        i, n;
    static char   page[ROOM];
    const char   *piece;

    static const char *const  pieces[] = {
        "<div>", "<ul><li>", "<h2>", "<button>", "<table><tr><td>"
    };

    for (i = 0; i < social_nelts(pieces); i++) {
        n = hostile_copy(page, sizeof(page), "<!DOCTYPE html><body>x");
        piece = pieces[i];

        while (n + strlen(piece) < sizeof(page)) {
            n += hostile_copy(page + n, sizeof(page) - n, piece);
        }

        ok(agrees(fast, page, n, 1), "%s: deep %s", kinds[fast], piece);
    }
}


/* each row of the table is in the place where it is looked for, and says of a
 * name what the scanner's own table says */

static void
names(void)
{
    size_t                          i, rows_seen;
    unsigned                        tag;
    unsigned char                   name[SOCIAL_HTML_NAME + 1];
    const social_html_fast_name_t  *row;

    rows_seen = 0;

    for (i = 0; i < social_nelts(social_html_fast_names); i++) {
        row = &social_html_fast_names[i];

        if (row->len == 0) {
            continue;
        }

        rows_seen++;
        memset(name, 0, sizeof(name));

        for (tag = 0; tag < 8; tag++) {
            name[tag] = (unsigned char) (row->name >> (8 * tag));
        }

        if (row->acts[0] == FAST_HEADING) {
            is_str((char *) name, "h", "the headings' row");
            continue;
        }

        tag = social_html_lookup(name);

        if (!(SOCIAL_HTML_FAST_PLACE(row->name) == i
              && strlen((char *) name) == row->len
              && (row->tag == TAG_OTHER || row->tag == tag)
              && (row->acts[0] == FAST_NOTHING
                  || social_html_known[tag].len == row->len)))
        {
            ok(0, "the row of <%s>", name);
        }
    }

    ok(rows_seen > 60, "%zu names have a row", rows_seen);
}


int
main(void)
{
    unsigned       fast;
    social_html_t  h;

    social_html_init(&h, SOCIAL_HTML_AUTO);
    ok(h.fast >= SOCIAL_HTML_PORTABLE, "this processor has %s", kinds[h.fast]);

    names();

    for (fast = SOCIAL_HTML_PORTABLE; fast <= h.fast; fast++) {
        pages(fast);
        seeds(fast);
        tags(fast);
        hostile(fast);
        deep(fast);
    }

    printf("# %" PRIu64 " scans of %" PRIu64 " bytes\n", scans, bytes);

    return done();
}
