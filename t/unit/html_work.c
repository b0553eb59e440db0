
/*
 * The cost of the HTML scanner (src/core/html) for hostile pages: one structure
 * of fixed size, and work that is linear in the length of the page.
 *
 * Work is counted, not timed, so it is the same on every machine: this test is
 * built with a counter in every basic block of the scanner
 * (-fsanitize-coverage=trace-pc), and every byte that memchr() reads counts.
 */

#include "social_html.h"
#include "unit.h"


#define SMALL  (32 * 1024)
#define LARGE  (4 * SMALL)
#define HUGE   (10 * 1024 * 1024)


typedef struct {
    const char  *head;
    const char  *head_piece;    /* so many times after the head */
    unsigned     head_times;
    const char  *piece;         /* repeated to the end */
} page_t;


static uint64_t  work;          /* basic blocks, bytes of memchr() */
static unsigned  allocations;
static unsigned  asked;         /* allocations while a page was scanned */


void  __sanitizer_cov_trace_pc(void);
void *counted_memchr(const void *text, int c, size_t len);
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);


__attribute__((no_sanitize_coverage))
void
__sanitizer_cov_trace_pc(void)
{
    work++;
}


/* the scanner calls this: the compiler's own memchr() could not be counted */

__attribute__((no_sanitize_coverage))
void *
counted_memchr(const void *text, int c, size_t len)
{
    const char  *p, *end;

    p = text;
    end = p + len;

    while (p < end && *p != (char) c) {
        p++;
    }

    work += (uint64_t) (p - (const char *) text);

    return p < end ? (void *) (uintptr_t) p : NULL;
}


void *
__wrap_malloc(size_t size)
{
    allocations++;
    return __real_malloc(size);
}


void *
__wrap_calloc(size_t n, size_t size)
{
    allocations++;
    return __real_calloc(n, size);
}


void *
__wrap_realloc(void *p, size_t size)
{
    allocations++;
    return __real_realloc(p, size);
}


/* fills a buffer with repetitions of the piece */

static void
fill(char *buffer, size_t size, const char *piece, size_t len)
{
    size_t  i;

    for (i = 0; i < size; i++) {
        buffer[i] = piece[i % len];
    }
}


/* the scanner's work on a page of this length, not counting its head */

static uint64_t
scan(const page_t *page, size_t size, size_t chunk)
{
    size_t    i, n, len;
    uint64_t  before;
    unsigned  used;

    static char           buffer[64 * 1024];
    static social_html_t  h;

    social_html_init(&h, SOCIAL_HTML_AUTO);
    social_html_feed(&h, (const unsigned char *) page->head,
                     strlen(page->head));

    for (i = 0; i < page->head_times; i++) {
        social_html_feed(&h, (const unsigned char *) page->head_piece,
                         strlen(page->head_piece));
    }

    len = strlen(page->piece);
    chunk = chunk / len * len;
    fill(buffer, chunk, page->piece, len);

    before = work;
    used = allocations;

    for (i = 0; i < size; i += n) {
        n = (size - i < chunk) ? size - i : chunk;
        social_html_feed(&h, (const unsigned char *) buffer, n);
    }

    social_html_finish(&h);

    before = work - before;
    asked += allocations - used;

    return before;
}


/* At most so many basic blocks for a byte: usually, and where each tag searches
 * a full stack of open elements. */

#define TOKENS  48
#define WALK    2000

#define DEEP    480


static const struct {
    page_t    page;
    unsigned  most;
} rows[] = {
    { { "", NULL, 0, "<a" }, TOKENS },
    { { "", NULL, 0, "<" }, TOKENS },
    { { "", NULL, 0, "</" }, TOKENS },
    { { "", NULL, 0, "<!--" }, TOKENS },
    { { "", NULL, 0, "<!---->" }, TOKENS },
    { { "<!--", NULL, 0, "--!" }, TOKENS },
    { { "<!--", NULL, 0, "-" }, TOKENS },
    { { "", NULL, 0, "<!" }, TOKENS },
    { { "", NULL, 0, "<!>" }, TOKENS },
    { { "<!doctype", NULL, 0, " \"" }, TOKENS },
    { { "<svg><![CDATA[", NULL, 0, "]]" }, TOKENS },
    { { "<svg><![CDATA[", NULL, 0, "]] >" }, TOKENS },
    { { "<svg>", NULL, 0, "<![CDATA[]]>" }, TOKENS },
    { { "", NULL, 0, "]]>" }, TOKENS },
    { { "", NULL, 0, " " }, TOKENS },
    { { "", NULL, 0, "&" }, TOKENS },
    { { "", NULL, 0, "x" }, TOKENS },
    { { "<script>", NULL, 0, "<!--<script>" }, TOKENS },
    { { "<script>", NULL, 0, "<!--" }, TOKENS },
    { { "<script>", NULL, 0, "</scrip" }, TOKENS },
    { { "<script><!--<script>", NULL, 0, "</script><script>" }, TOKENS },
    { { "<script><!--<script>", NULL, 0, "</scrip " }, TOKENS },
    { { "<textarea>", NULL, 0, "</textare>" }, TOKENS },
    { { "<title>", NULL, 0, "&amp" }, TOKENS },
    { { "", NULL, 0, "<title>&amp;</title>" }, TOKENS },
    { { "", NULL, 0, "<title></title>" }, TOKENS },
    { { "<a ", NULL, 0, "a=b " }, TOKENS },
    { { "<a ", NULL, 0, "/" }, TOKENS },
    { { "<a ", NULL, 0, "=" }, TOKENS },
    { { "<a ", NULL, 0, "a='>'" }, TOKENS },
    { { "<a b=\"", NULL, 0, "<article>" }, TOKENS },
    { { "<meta ", NULL, 0, "content=x " }, TOKENS },
    { { "<meta content='", NULL, 0, "&x" }, TOKENS },
    { { "", NULL, 0, "<meta charset=x content='&quot;' name=og:title>" },
      TOKENS },
    { { "", NULL, 0, "<link rel='a b c d e f g h' href=/x>" }, TOKENS },
    { { "", NULL, 0, "<html lang=''>" }, TOKENS },
    { { "<", NULL, 0, "article" }, TOKENS },
    { { "", NULL, 0, "<b>" }, TOKENS },
    { { "", NULL, 0, "<p>" }, TOKENS },
    { { "", NULL, 0, "<br/>" }, TOKENS },
    { { "", NULL, 0, "<li>" }, TOKENS },
    { { "", NULL, 0, "<x-y></x-y>" }, TOKENS },
    { { "", NULL, 0, "<h1>" }, TOKENS },
    { { "", NULL, 0, "<div></div>" }, TOKENS },
    { { "", NULL, 0, "<main></main>" }, TOKENS },
    { { "", NULL, 0, "</body>" }, TOKENS },
    { { "", NULL, 0, "</body>x" }, TOKENS },
    { { "", NULL, 0, "</html><p>" }, TOKENS },
    { { "", NULL, 0, "</article>" }, TOKENS },
    { { "", NULL, 0, "<template><td></template>" }, TOKENS },
    { { "", NULL, 0, "<table></table>" }, TOKENS },
    { { "<table>", NULL, 0, "<tr><td>" }, TOKENS },
    { { "<table>", NULL, 0, "x<b></b>" }, TOKENS },
    { { "", NULL, 0, "<select><option></select>" }, TOKENS },
    { { "", NULL, 0, "<svg></svg>" }, TOKENS },
    { { "", NULL, 0, "<svg><p>" }, TOKENS },
    { { "", NULL, 0, "<svg/>" }, TOKENS },
    { { "", NULL, 0, "<math><mi></mi></math>" }, TOKENS },
    { { "", NULL, 0, "<form></form>" }, TOKENS },
    { { "", NULL, 0, "<button>" }, TOKENS },
    { { "<plaintext>", NULL, 0, "</plaintext>" }, TOKENS },

    { { "", "<div>", DEEP, "</p>" }, WALK },
    { { "", "<div>", DEEP, "</b>" }, WALK },
    { { "", "<div>", DEEP, "<li></li>" }, WALK },
    { { "", "<div>", DEEP, "</li>" }, WALK },
    { { "", "<div>", DEEP, "</ul>" }, WALK },
    { { "", "<div>", DEEP, "<dd>" }, WALK },
    { { "", "<div>", DEEP, "</h1>" }, WALK },
    { { "", "<div>", DEEP, "</form>" }, WALK },
    { { "", "<div>", DEEP, "</body>" }, WALK },
    { { "", "<div>", DEEP, "<button>" }, WALK },
    { { "", "<article>", DEEP, "</main>" }, WALK },
    { { "", "<table><tr><td>", DEEP / 4, "</th>" }, WALK },
    { { "", "<table><tr><td>", DEEP / 4, "<table></table>" }, WALK },
    { { "", "<template>", DEEP, "</p>" }, WALK },
    { { "", "<template>", DEEP, "<template></template>" }, WALK },
    { { "<svg>", "<g>", DEEP, "</x>" }, WALK },
    { { "<svg>", "<g>", DEEP, "</g><g>" }, WALK },
    { { "<svg>", "<g>", DEEP, "</p>" }, WALK },
    { { "<svg>", "<g>", DEEP, "</svgs>" }, WALK },
    { { "<svg><desc>", "<b>", DEEP, "</i>" }, WALK },
    { { "<svg><desc>", "<p>", DEEP, "<p>" }, WALK },
    { { "<math>", "<mrow>", DEEP, "</x>" }, WALK }
};


static void
linear(void)
{
    size_t       i;
    uint64_t     small, large;
    const char  *name;

    for (i = 0; i < social_nelts(rows); i++) {
        small = scan(&rows[i].page, SMALL, 4096);
        large = scan(&rows[i].page, LARGE, 4096);
        name = rows[i].page.piece;

        if (!ok(large <= 4 * small + SMALL, "four times the page, at most "
                "four times the work: %s%s", rows[i].page.head, name))
        {
            printf("#   %" PRIu64 " for %d, %" PRIu64 " for %d\n", small,
                   SMALL, large, LARGE);
        }

        if (!ok(large / LARGE <= rows[i].most,
                "bounded work for each byte: %s%s", rows[i].page.head, name))
        {
            printf("#   %" PRIu64 " for a byte\n", large / LARGE);
        }
    }
}


/* small pieces cost more, but not more for each byte of a longer page */

static void
cut(void)
{
    size_t    i;
    uint64_t  small, large;

    for (i = 0; i < social_nelts(rows); i++) {
        small = scan(&rows[i].page, SMALL, strlen(rows[i].page.piece));
        large = scan(&rows[i].page, LARGE, strlen(rows[i].page.piece));

        ok(large <= 4 * small + SMALL && large / LARGE <= rows[i].most * 2,
           "linear in small pieces: %s%s", rows[i].page.head,
           rows[i].page.piece);
    }
}


/* ten megabytes: the cost of a byte does not grow */

static void
huge(void)
{
    size_t  i;

    static const page_t  pages[] = {
        { "", NULL, 0, "<a" },
        { "", NULL, 0, "<!--" },
        { "<svg>", NULL, 0, "]]>" },
        { "<script>", NULL, 0, "<!--<script>" },
        { "<title>", NULL, 0, "</titl" },
        { "", NULL, 0, "<li>" }
    };

    for (i = 0; i < social_nelts(pages); i++) {
        ok(scan(&pages[i], HUGE, 65536) <= (uint64_t) TOKENS * HUGE,
           "10 MB: %s%s", pages[i].head, pages[i].piece);
    }
}


int
main(void)
{
    linear();
    cut();
    huge();

    is_int(asked, 0, "the scanner never allocates");
    ok(sizeof(social_html_t) <= 8192, "the state has %zu bytes",
       sizeof(social_html_t));

    return done();
}
