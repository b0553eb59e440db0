
/*
 * The HTML scanner (all files of src/core/html) on the pages of html_pages.h,
 * and on pages that do not fit into a row.
 *
 * Every page is read whole, byte by byte and in random pieces.  The answer must
 * be the same, and the place must not be in front of what social_html_hold()
 * has allowed to be sent.
 */

#include "social_html.h"
#include "unit.h"
#include "html_pages.h"


#define CUTS  24


static uint32_t  seed = 1;


static size_t
number(size_t below)
{
    seed = seed * 1664525 + 1013904223;

    return (seed >> 8) % below;
}


/* Returns NULL or what is wrong; how: 0 whole, 1 byte by byte, else random
 * pieces */

static const char *
run(social_html_t *h, int mode, const unsigned char *page,
    size_t len, int64_t place, int how)
{
    size_t                n, at;
    uint64_t              hold, held;
    unsigned char        *piece;
    social_html_answer_e  answer;

    hold = 0;
    social_html_init(h, mode == W ? A : (social_html_mode_e) mode);

    for (at = 0; at < len; at += n) {
        n = (how == 0) ? len : (how == 1) ? 1 : 1 + number(9);
        n = (n > len - at) ? len - at : n;

        /* copied, so that the sanitizer sees a read beyond the piece */

        piece = malloc(n);
        memcpy(piece, page + at, n);
        answer = social_html_feed(h, piece, n);
        free(piece);

        held = social_html_sendable(h);

        if (held < hold || held > at + n) {
            return "hold went back, or beyond the input";
        }

        hold = held;

        if (answer != SOCIAL_HTML_MORE) {
            break;
        }
    }

    answer = mode == W ? social_html_finish_whole(h) : social_html_finish(h);

    if (answer == SOCIAL_HTML_MORE) {
        return "no answer";
    }

    if (place < 0) {
        return answer == SOCIAL_HTML_NONE ? NULL : "found, but there is none";
    }

    if (answer != SOCIAL_HTML_FOUND) {
        return "not found";
    }

    if (social_html_place(h) < hold) {
        return "the place is in front of hold";
    }

    return social_html_place(h) == (uint64_t) place ? NULL : "another place";
}


static void
check(int mode, const char *name, const unsigned char *page,
    size_t len, int64_t place)
{
    int            how;
    const char    *error;
    social_html_t  h;

    error = NULL;

    for (how = 0; how < CUTS && error == NULL; how++) {
        error = run(&h, mode, page, len, place, how);
    }

    if (!ok(error == NULL, "%d %.100s", mode, name)) {
        printf("#   %s in way %d: answer %d, place %" PRIu64 ", want %"
               PRId64 "\n", error, how - 1, h.answer, h.place, place);
    }
}


static void
pages(void)
{
    char        *page, *name, *p;
    size_t       i, len;
    const char  *mark;

    for (i = 0; i < social_nelts(rows); i++) {
        len = strlen(rows[i].page);
        page = malloc(len + 1);
        name = malloc(len + 1);
        memcpy(page, rows[i].page, len + 1);
        mark = strchr(rows[i].page, '|');

        if (mark) {
            memmove(page + (mark - rows[i].page),
                    page + (mark - rows[i].page) + 1,
                    len - (size_t) (mark - rows[i].page));
            len--;
        }

        memcpy(name, rows[i].page, strlen(rows[i].page) + 1);

        for (p = name; *p; p++) {
            *p = (*p < ' ' || *p > '~' || *p == '#') ? '.' : *p;
        }

        if (strncmp(name, HEAD, sizeof(HEAD) - 1) == 0) {
            p = name + sizeof(HEAD) - 1;
        } else {
            p = name;
        }

        check(rows[i].mode, p, (unsigned char *) page, len,
              mark ? mark - rows[i].page : -1);
        free(name);
        free(page);
    }
}


/* a page made of head, n times piece, and tail; "|" marks the place */

static void
repeated(const char *name, const char *head, const char *piece, size_t n,
    const char *tail)
{
    char     *page, *mark;
    size_t    i, len;
    int64_t   place;

    len = strlen(head);
    page = malloc(len + n * strlen(piece) + strlen(tail) + 1);
    memcpy(page, head, len);

    for (i = 0; i < n; i++) {
        memcpy(page + len, piece, strlen(piece));
        len += strlen(piece);
    }

    memcpy(page + len, tail, strlen(tail) + 1);
    len += strlen(tail);

    mark = strchr(page, '|');
    place = -1;

    if (mark) {
        place = mark - page;
        len--;
        memmove(mark, mark + 1, len - (size_t) place);
    }

    check(A, name, (unsigned char *) page, len, place);
    free(page);
}


static void
deep(void)
{
    repeated("500 open <div>", HEAD "<article>", "<div>", 500,
             "|</article>" TAIL);
    repeated("600 open <div>", HEAD "<article>", "<div>", 600,
             "</article>" TAIL);
    repeated("600 open <div> behind the article", HEAD "<article>|</article>",
             "<div>", 600, TAIL);
    repeated("10,000 open <b>, <p> and <span>", HEAD "<article>",
             "<b><p><span>", 10000, "</article>|" TAIL);
    repeated("10,000 links with an article in each", HEAD,
             "<a href=/x><article>a</article></a>", 10000, "|" TAIL);
    repeated("2,000 nested articles", HEAD, "<article>", 2000, TAIL);
    repeated("5,000 articles in a row", HEAD "<div>", "<section></section>",
             5000, "<article>|</article>" TAIL);
    repeated("400 <svg>", HEAD "<article>", "<svg>", 400, "</article>" TAIL);
    repeated("300 templates", HEAD, "<template>", 300, "<article>" TAIL);
    repeated("100 templates, closed", HEAD, "<template><tr><td></template>",
             100, "<article>|</article>" TAIL);
    repeated("a long attribute", HEAD "<article a='", "<p>\"", 20000,
             "'>x|</article>" TAIL);
    repeated("a long name", HEAD "<", "article", 3000, "><main>|</main>" TAIL);
    repeated("a long comment", HEAD "<!--", "<article>", 3000,
             "--><main>|</main>" TAIL);
    repeated("100 tables", HEAD, "<table><tr><td>", 100,
             "<article>|</article>" TAIL);
    repeated("70 selects in cells", HEAD, "<table><tr><td><select></select>",
             70, "<article>|</td>" TAIL);
}


static void
nuls(void)
{
    static const char  inside[] = HEAD "\0<article>\0a</arti\0cle></article>";
    static const char  none[] = HEAD "<\0article>x</article>";
    static const char  wide[] = "\0<\0a\0r\0t\0i\0c\0l\0e\0>\0<\0/";
    static const char  first[] = "\0<article></article>";

    check(A, "NUL bytes", (const unsigned char *) inside, sizeof(inside) - 1,
          sizeof(inside) - 1 - 10);
    check(A, "NUL in a tag's name", (const unsigned char *) none,
          sizeof(none) - 1, -1);
    check(A, "UTF-16 without a byte order mark", (const unsigned char *) wide,
          sizeof(wide) - 1, -1);
    check(A, "NUL first", (const unsigned char *) first, sizeof(first) - 1,
          sizeof(first) - 1 - 10);
}


/* how much a stream has to hold back after each piece */

static void
holds(void)
{
    size_t         i, at;
    social_html_t  h;

    static const struct {
        const char  *piece;
        int64_t      hold;      /* counted from the end of the piece */
        const char  *what;
    } steps[] = {
        { HEAD "text", 0, "text may be sent" },
        { "<", 1, "the beginning of a tag is held" },
        { "im", 3, "... until its name is complete" },
        { "g src='", 0, "a tag that closes nothing may be sent" },
        { "<article>", 0, "an attribute may be sent" },
        { "'><script>x</scr", 0, "a script may be sent" },
        { "ipt><!-- x", 0, "a comment may be sent" },
        { "--><main>", 0, "<main> may be sent" },
        { "a</main", 6, "</main is held" },
        { ">", 7, "</main> is held" },
        { "<p>footer</p>", 20, "... with all that follows" },
        { "<article>", 0, "... until an article opens" },
        { "a</div></p", 3, "in the article only a tag is held" }
    };

    at = 0;
    social_html_init(&h, A);

    for (i = 0; i < social_nelts(steps); i++) {
        at += strlen(steps[i].piece);
        social_html_feed(&h, (const unsigned char *) steps[i].piece,
                         strlen(steps[i].piece));
        is_int((int64_t) (at - social_html_sendable(&h)), steps[i].hold,
               steps[i].what);
    }

    is_int(social_html_settle(&h), SOCIAL_HTML_NONE,
           "settle in an open article: no place");

    at = sizeof(HEAD "<main>x") - 1;
    social_html_init(&h, A);
    social_html_feed(&h, (const unsigned char *) HEAD "<main>x</main><p>y",
                     sizeof(HEAD "<main>x</main><p>y") - 1);
    is_int(social_html_settle(&h), SOCIAL_HTML_FOUND,
           "settle after <main>: found");
    is_int((int64_t) social_html_place(&h), (int64_t) at,
           "the place is the end of <main>");
    is_int(social_html_feed(&h, (const unsigned char *) "<article></article>",
                            19), SOCIAL_HTML_FOUND,
           "a later article does not change the answer");
    is_int((int64_t) social_html_place(&h), (int64_t) at, "... nor the place");

    at = sizeof(HEAD "x") - 1;
    social_html_init(&h, A);
    social_html_feed(&h, (const unsigned char *) HEAD "x" TAIL "<script>",
                     sizeof(HEAD "x" TAIL "<script>") - 1);
    is_int((int64_t) social_html_sendable(&h), (int64_t) at,
           "</body> is held although more follows");
    is_int(social_html_settle(&h), SOCIAL_HTML_FOUND,
           "settle after </body>: found");
    is_int((int64_t) social_html_place(&h), (int64_t) at,
           "the place is in front of </body>");

    social_html_init(&h, A);
    is_int(social_html_settle(&h), SOCIAL_HTML_NONE,
           "settle without input: no place");
    is_int(social_html_finish(&h), SOCIAL_HTML_NONE,
           "finish after settle: no place");
}


static void
forms(void)
{
    size_t         i;
    social_html_t  h;

    static const struct {
        const char  *page;
        int          in;
    } pages[] = {
        { "<article></article>", 0 },
        { "<article><form></form></article>", 0 },
        { "<template><form></template><article></article>", 0 },
        { HEAD "<div><form></div><article></article>" TAIL, 1 },
        { HEAD "<article><form></article>" TAIL, 1 },
        { HEAD "<form>x" TAIL, 1 },
        { HEAD "<form>x</form>" TAIL, 0 }
    };

    for (i = 0; i < social_nelts(pages); i++) {
        social_html_init(&h, A);
        social_html_feed(&h, (const unsigned char *) pages[i].page,
                         strlen(pages[i].page));
        is_int(social_html_finish(&h), SOCIAL_HTML_FOUND, pages[i].page);
        is_int(social_html_in_form(&h), pages[i].in, "is the place in a form?");
    }
}


int
main(void)
{
    pages();
    deep();
    nuls();
    holds();
    forms();

    return done();
}
