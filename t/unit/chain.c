
/*
 * The filter in its model (t/fuzz/chain.c): what the fuzzer once found, some
 * thousand runs of a fixed seed, and a stream that does not end.
 *
 * A run that is not as it must be ends the program.
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


/* bytes that mean something more often than any bytes would */

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


/* each tag in two pieces with a flush behind each, for ever */

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
    (void) model_clock(NGX_HTTP_SOCIAL_PATIENCE);
    (void) model_posted();

    before = 0;
    after = 0;

    for (i = 0; i < PIECES; i++) {
        (void) stream_piece("x</", kind, 1);
        after = stream_piece("p>  y", kind, 1);
        before = (i == PIECES / 10) ? after : before;
    }

    is_int(sink.page, model.page_len, "all of it went out");
    is_int(sink.flushed, sink.page, "and at once");

    if (kind == SOURCE_TEMPORARY) {
        is_int(after, before, "a stream without end takes no more memory");

    } else {
        ok(after - before < PIECES * 160, "a range a piece, at most");
    }

    model_end();
    source_end();
    sink_end();
}


int
main(void)
{
    replay();
    runs();
    stream(SOURCE_TEMPORARY);
    stream(SOURCE_TEMP_FILE);

    return done();
}
