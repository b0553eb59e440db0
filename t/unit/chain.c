
/*
 * The filter in its model (t/model, t/fuzz/chain.c): inputs that the fuzzer
 * once found, some thousand random inputs from a fixed seed, and a stream that
 * goes on for very long.  A failed check aborts the program.
 */

#include "model.h"
#include "unit.h"

#include <dirent.h>


#define RUNS    6000
#define PIECES  20000


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static uint32_t  seed = 1;


static unsigned
number(unsigned below)
{
    seed = seed * 1664525 + 1013904223;

    return (seed >> 8) % below;
}


static void
replay(void)
{
    int             n;
    char            dir[512], path[1024];
    DIR            *d;
    FILE           *file;
    size_t          size;
    uint8_t         data[4096];
    struct dirent  *entry;

    n = (int) (strrchr(__FILE__, '/') - __FILE__);
    snprintf(dir, sizeof(dir), "%.*s/../fuzz/corpus/chain", n, __FILE__);

    d = opendir(dir);
    if (!ok(d != NULL, "the corpus is there")) {
        return;
    }

    while ((entry = readdir(d)) != NULL) {
        if (entry->d_name[0] == '.') {
            continue;
        }

        snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
        file = fopen(path, "r");
        size = file ? fread(data, 1, sizeof(data), file) : 0;

        if (file) {
            fclose(file);
        }

        if (size) {
            LLVMFuzzerTestOneInput(data, size);
        }

        ok(size > 0, "%s", entry->d_name);
    }

    closedir(d);
}


/* random bytes, changed so that most are an article with a place */

static void
runs(void)
{
    int      i;
    size_t   n, size;
    uint8_t  data[400];

    for (i = 0; i < RUNS; i++) {
        size = 12 + number(sizeof(data) - 12);

        for (n = 0; n < size; n++) {
            data[n] = (uint8_t) number(256);
        }

        data[2] |= 8;                       /* an article mostly */
        data[6] |= number(8) ? 4 : 0;
        data[7] |= number(8) ? 32 : 0;
        data[8] |= number(8) ? 8 : 0;
        data[9] |= number(8) ? 64 : 0;
        data[12] = (uint8_t) number(60);    /* pieces of the page */

        for (n = 13; n < 13u + data[12] && n < size; n++) {
            data[n] = (uint8_t) (number(30) ? number(51) : number(224));
        }

        LLVMFuzzerTestOneInput(data, size);
    }

    ok(1, "%d runs", RUNS);
}


static size_t
stream_piece(const char *text, unsigned kind, int flush)
{
    ngx_chain_t  *in;
    model_buf_t   b;

    memset(&b, 0, sizeof(model_buf_t));
    b.size = strlen(text);
    b.kind = kind;
    b.flush = flush;

    in = NULL;
    source_add(&in, &b);
    (void) ngx_http_top_body_filter(&model.r, in);
    source_free_chain(in);
    source_recycle();

    return model.pool_size;
}


/* each tag in two pieces with a flush after each, many times */

static void
stream(unsigned kind)
{
    int                i;
    size_t             before, after;
    static const char  head[] = "<!doctype html><body><article>";

    model_begin();
    sink_begin();

    model.page_len = sizeof(head) - 1 + PIECES * 8;
    model.page = malloc(model.page_len);
    MUST(model.page != NULL);
    memcpy(model.page, head, sizeof(head) - 1);

    for (i = 0; i < PIECES; i++) {
        memcpy(model.page + sizeof(head) - 1 + i * 8, "x</p>  y", 8);
    }

    model.wire = model.page;
    model.wire_len = model.page_len;
    model.r.upstream = &model.upstream;
    model.upstream.peer.connection = &model.c;

    source_begin(model.wire, model.wire_len, 0);
    source_reuse = 1;

    (void) ngx_http_top_header_filter(&model.r);
    (void) stream_piece(head, kind, 1);
    (void) model_clock(NGX_HTTP_SOCIAL_FILTER_WAIT);
    (void) model_posted();

    before = 0;
    after = 0;

    for (i = 0; i < PIECES; i++) {
        (void) stream_piece("x</", kind, 1);
        after = stream_piece("p>  y", kind, 1);
        before = (i == PIECES / 10) ? after : before;
    }

    is_int(sink.page, model.page_len, "the whole page was passed on");
    is_int(sink.flushed, sink.page, "with each flush at once");

    if (kind == SOURCE_TEMPORARY) {
        is_int(after, before, "a long stream takes no more memory");

    } else {
        ok(after - before < PIECES * 160, "at most a file range per piece");
    }

    model_end();
    source_end();
    sink_end();
}


/* one answer in pieces; 1: its place came from the copy, no byte was scanned;
 * 2: the same, but some were scanned; 0: the scanner found the place */

static int
answer(const char *page, size_t len, size_t piece, size_t *place)
{
    int                            copied;
    ngx_http_social_filter_ctx_t  *ctx;

    model_begin();
    sink_begin();

    model_proxied((const u_char *) page, len);

    source_begin(model.wire, len, 0);
    source_reuse = 1;

    (void) ngx_http_top_header_filter(&model.r);
    ctx = ngx_http_get_module_ctx((&model.r), ngx_social_module);
    MUST(ctx != NULL);

    model_pieces(len, piece);

    *place = sink.widget ? sink.place : 0;
    copied = !ctx->scan.by_copy ? 0 : ctx->scan.html ? 2 : 1;

    model_end();
    source_end();
    sink_end();

    return copied;
}


/* a page with a comment of the application at its end */

static size_t
page(char *room, size_t len, const char *text, const char *end)
{
    size_t  n;

    n = (size_t) sprintf(room, "<!doctype html><html lang=en><body><article>");

    while (n < len) {
        n += (size_t) sprintf(room + n, "%s", text);
    }

    n += (size_t) sprintf(room + n, "</article><footer><p>%0300d</p></footer>"
                          "</body></html>%s", 0, end);

    return n;
}


#define TEXT  "<p>a word, <a href='/'>a link</a> &amp; more</p>"


static void
copies(void)
{
    size_t       len, place, was;
    static char  room[70000];

    model_forget();

    len = page(room, 30000, TEXT, "<!-- 0.123 s -->");
    was = (size_t) (strstr(room, "</article>") - room);

    is_int(answer(room, len, 4096, &place), 0, "a new page is scanned");
    is_int(place, was, "its place");

    is_int(answer(room, len, 4096, &place), 1, "the same page is compared");
    is_int(place, was, "and has the same place");
    is_int(answer(room, len, 777, &place), 1, "however it is cut");
    is_int(place, was, "it has the same place");

    memcpy(room + len - 14, "9", 1);
    is_int(answer(room, len, 4096, &place), 1,
           "a comment behind the place changes nothing");

    len = page(room, 40000, TEXT, "");
    was = (size_t) (strstr(room, "</article>") - room);
    is_int(answer(room, len, 4096, &place), 0, "a page that has grown");
    is_int(place, was, "gets its widget at the new place");
    is_int(answer(room, len, 4096, &place), 1, "and is known from then on");
    is_int(place, was, "with its place");

    memcpy(room + 5000, "xyz", 3);
    is_int(answer(room, len, 4096, &place), 2,
           "bytes that change in front of it are scanned, the rest compared");
    is_int(place, was, "the place is where it was");
    is_int(answer(room, len, 4096, &place), 1, "a new version is kept");
    memcpy(room + 5000, "abc", 3);
    memcpy(room + 20000, "abc", 3);
    is_int(answer(room, len, 333, &place), 2, "twice in a page, too");
    is_int(place, was, "the place is where it was");

    len = page(room, 3000, TEXT, "");
    was = (size_t) (strstr(room, "</article>") - room);
    (void) answer(room, len, 4096, &place);
    is_int(place, was, "a page that was cut short gets its widget, too");
}


/* a page that differs from its copy in one byte, at each offset */

static void
differences(size_t len, size_t step)
{
    char         c;
    size_t       at, place, expected, n;
    static char  room[70000];

    len = page(room, len, TEXT "<div title='a>b'>", "");
    n = 0;

    for (at = 0; at < len; at += step) {
        c = room[at];

        model_forget();
        room[at] = (c == '<') ? 'x' : '<';
        (void) answer(room, len, 100000, &expected);

        model_forget();
        room[at] = c;
        (void) answer(room, len, 100000, &place);
        room[at] = (c == '<') ? 'x' : '<';
        (void) answer(room, len, 1 + at % 5003, &place);

        n += (place != expected);
        room[at] = c;
    }

    ok(n == 0, "%zu bytes, one of them different: the place is right", len);
}


int
main(void)
{
    replay();
    runs();
    copies();
    differences(5000, getenv("SOCIAL_LONG") ? 1 : 7);
    differences(14000, getenv("SOCIAL_LONG") ? 1 : 61);
    stream(SOURCE_TEMPORARY);
    stream(SOURCE_TEMP_FILE);

    return done();
}
