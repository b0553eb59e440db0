
/*
 * Marks of the HTML scanner: a scan that goes on from one, made at any byte of
 * any page of html_pages.h, ends as if nothing had happened.
 */

#include "social_html_mark.h"
#include "unit.h"
#include "html_pages.h"
#include "html_same.h"


/* what is read of a page, all of it, and pieces that html_pages.h lacks */

static const char  full[] =
    "<!DOCTYPE html><html lang=de><head><base href=/a/>"
    "<meta charset=utf-8><title> A &amp; B </title>"
    "<meta http-equiv=content-security-policy content=\"form-action 'self'\">"
    "<meta http-equiv='cache-control' content='no-transform'>"
    "<meta property=\"og:title\" content=\"Title &lt;1&gt;\">"
    "<meta property=og:url content=https://example.com/a>"
    "<meta content=/i.png property='og:image'>"
    "<meta name=\"article:published_time\" content=2026-01-02>"
    "<link rel=\"x canonical\" href='https://example.com/&amp;'></head>"
    "<body class=x><!-- social --><div id=\"__next\"><main><h2>x</h3><ul><li>"
    "<b><b><svg><desc><p>a</p></desc><![CDATA[ ]]></svg><table><tr><td>y"
    "<select><option>z</select></table>"
    "<script><!--<script></script>--></script><template><tr><td>t</template>"
    "<form action=/f></form></ul></main></div>"
    "<textarea></textare></textarea></body></html> ";


/* goes on from a mark in memory that was something else before */

static int
move(const social_html_t *from, social_html_t *to)
{
    int     rc;
    size_t  size;
    void   *mark;

    size = social_html_mark_size(from);
    mark = malloc(size);
    social_html_mark_save(from, mark);

    memset(to, 0xa5, sizeof(social_html_t));
    rc = social_html_mark_load(to, mark);
    free(mark);

    return rc;
}


static void
feed(social_html_t *h, const char *page, size_t from, size_t to)
{
    social_html_feed(h, (const unsigned char *) page + from, to - from);
}


/* one mark at each byte of the page in turn; NULL or what differs */

static const char *
once(social_html_mode_e mode, const char *page, size_t len)
{
    size_t       at;
    const char  *what;

    static social_html_t  plain, marked, moved;

    for (at = 0; at <= len; at++) {
        social_html_init(&plain, mode);
        feed(&plain, page, 0, at);

        if (move(&plain, &moved) != SOCIAL_OK) {
            return "refused";
        }

        what = html_differ_at_end(&plain, &moved);

        if (what) {
            return what;
        }

        /* and a mark of what was read from a mark */

        feed(&plain, page, at, len);
        feed(&moved, page, at, len);

        if (move(&moved, &marked) != SOCIAL_OK) {
            return "refused again";
        }

        if (social_html_finish_whole(&plain)
            != social_html_finish_whole(&marked))
        {
            return "finish";
        }

        what = html_differ_at_end(&plain, &marked);

        if (what) {
            return what;
        }
    }

    return NULL;
}


/* a new mark after each byte */

static const char *
always(social_html_mode_e mode, const char *page, size_t len)
{
    size_t  at;

    static social_html_t  plain, a, b;

    social_html_init(&plain, mode);
    feed(&plain, page, 0, len);
    social_html_finish(&plain);

    social_html_init(&a, mode);

    for (at = 0; at < len && a.answer == SOCIAL_HTML_MORE; at++) {
        feed(&a, page, at, at + 1);

        if (move(&a, &b) != SOCIAL_OK) {
            return "refused";
        }

        a = b;
    }

    a.base = len;
    social_html_finish(&a);
    plain.base = len;

    return html_differ_at_end(&plain, &a);
}


static void
pages(void)
{
    size_t       i, mode;
    const char  *page, *what;

    for (i = 0; i <= social_nelts(rows); i++) {
        page = i < social_nelts(rows) ? rows[i].page : full;
        what = NULL;

        for (mode = 0; mode < 3 && what == NULL; mode++) {
            what = once((social_html_mode_e) mode, page, strlen(page));

            if (what == NULL) {
                what = always((social_html_mode_e) mode, page, strlen(page));
            }
        }

        ok(what == NULL, "%s", page);

        if (what) {
            printf("#   mode %zu: %s\n", mode - 1, what);
        }
    }
}


/* the buffers' limits */

static void
limits(void)
{
    size_t          i, size;
    unsigned char  *mark;

    static social_html_t  h, to;

    social_html_init(&h, A);
    feed(&h, HEAD "<ul><li>x", 0, sizeof(HEAD "<ul><li>x") - 1);
    size = social_html_mark_size(&h);
    ok(size < 400, "a mark of three open elements has %zu bytes", size);

    social_html_init(&h, A);

    for (i = 0; i < SOCIAL_HTML_DEPTH - 1; i++) {
        feed(&h, "<div>", 0, 5);
    }

    is_int(h.depth, SOCIAL_HTML_DEPTH, "a full stack");
    is_int(move(&h, &to), SOCIAL_OK, "it is marked");
    ok(memcmp(h.stack, to.stack, sizeof(h.stack)) == 0, "all of it");

    social_html_init(&h, A);
    feed(&h, "<meta content='", 0, 15);

    for (i = 0; i < 2 * SOCIAL_HTML_TEXT; i++) {
        feed(&h, "x", 0, 1);
    }

    is_int(move(&h, &to), SOCIAL_OK, "a full attribute");
    feed(&h, "' name=og:title>", 0, 16);
    feed(&to, "' name=og:title>", 0, 16);
    is_str(to.meta.og_title, h.meta.og_title, "it is the same");

    size = social_html_mark_size(&h);
    mark = malloc(size);
    social_html_mark_save(&h, mark);
    mark[offsetof(social_html_t, state)] = 0xff;
    is_int(social_html_mark_load(&to, mark), SOCIAL_ERROR,
           "an unknown state is no mark");
    social_html_mark_save(&h, mark);
    memset(mark + offsetof(social_html_t, meta), 'x', 256);
    is_int(social_html_mark_load(&to, mark), SOCIAL_ERROR,
           "a title that is too long is no mark");
    free(mark);
}


int
main(void)
{
    pages();
    limits();

    return done();
}
