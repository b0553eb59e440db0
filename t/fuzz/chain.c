
/*
 * Fuzzes the filter room between models of a content handler and a client
 * (t/model).  The input says what the page is, how it is cut into buffers with
 * which flags, how much the client takes and when, and what fails:
 *
 *   configuration (12 bytes)   pieces of the page   steps
 *
 * The last byte of the configuration says what came before for the same page:
 * the filter compares with what it kept of that.
 *
 * What is sent must be the page with the widget in the scanner's place, or the
 * page as it came.  Only bytes that could follow the place may be held, up to
 * the limits of size and time.
 */

#include "model.h"

#include <zlib.h>


#define CHAIN_BIG  3            /* most long fillers in a page */


typedef struct {
    const uint8_t        *p;
    const uint8_t        *end;
} chain_bytes_t;


typedef struct {
    chain_bytes_t         in;
    social_html_t         scan;         /* of the bytes fed so far */
    social_html_answer_e  answer;
    off_t                 length;       /* announced, or -1 */
    size_t                scanned;
    size_t                flush_at;     /* bytes in front of the last flush */
    size_t                mem_held;     /* bytes held before the header */
    ngx_msec_t            began;
    ngx_uint_t            calls;

    unsigned              upstream:1;
    unsigned              zipped:1;
    unsigned              cut_zip:1;    /* gzip data that is cut off */
    unsigned              candidate:1;
    unsigned              head:1;
    unsigned              final:1;
    unsigned              loose:1;      /* beyond a limit: any place */
    unsigned              died:1;
    unsigned              given:1;      /* the last buffer was fed */
    unsigned              given_in_chain:1;
    unsigned              over:1;       /* nothing more will be fed */
} chain_t;


static chain_t  chain;
static u_char   chain_room[MODEL_MAX];
static size_t   chain_len;          /* of the page in it */


static const char *const  chain_pieces[] = {
    "<!doctype html>", "<html lang=en>", "<head>", "<title>t</title>",
    "</head>", "<body>", "<main>", "<article>", "<p>some text</p>", "<h1>h",
    "</h1>", "</article>", "</main>", "</body>", "</html>", "<footer>f",
    "</footer>", "<!-- social -->", "<!-- a comment -->", "<!--", "-->",
    "<script>a</b", "</script>", "<form>", "</form>", "<", "</", "</art",
    "</article   class='x'   >", "<template>", "</template>", "<svg>",
    "</svg>", "<textarea>", "</textarea>", "<table><tr><td>", "</table>",
    "<meta charset=utf-16>", " {", "&amp;", "\n\n", "<p", " id=x>", "<li>",
    "</p>", "<div><article>", "</div>", "<title>", "</bod", "y>",
    "<article data-x='>'>"
};

#define CHAIN_PIECES  (sizeof(chain_pieces) / sizeof(chain_pieces[0]))


static unsigned
chain_byte(void)
{
    return (chain.in.p < chain.in.end) ? *chain.in.p++ : 0;
}


/* the page */

static void
chain_append(const void *bytes, size_t n, int fill)
{
    if (chain_len + n > MODEL_MAX) {
        return;
    }

    if (bytes) {
        memcpy(chain_room + chain_len, bytes, n);

    } else {
        memset(chain_room + chain_len, fill, n);
    }

    chain_len += n;
}


static void
chain_page(void)
{
    size_t    n;
    unsigned  i, code, count, big;

    static const size_t  fill[] = { 10, 100, 1000, 4096, 8191, 60000, 66000,
                                    300000 };

    big = 0;
    chain_len = 0;
    count = chain_byte();

    for (i = 0; i < count; i++) {
        code = chain_byte();

        if (code < 200) {
            n = strlen(chain_pieces[code % CHAIN_PIECES]);
            chain_append(chain_pieces[code % CHAIN_PIECES], n, 0);

        } else if (code < 224) {
            code %= 8;
            big += (code > 4);

            if (big <= CHAIN_BIG) {
                chain_append(NULL, fill[code], "x\n "[count % 3]);
            }

        } else {
            n = ngx_min((size_t) (code - 223),
                        (size_t) (chain.in.end - chain.in.p));
            chain_append(chain.in.p, n, 0);
            chain.in.p += n;
        }
    }

    if (chain_len == 0) {
        chain_append("x", 1, 0);
    }

}


/* copied, so that the sanitizer sees a read beyond the end */

static void
chain_page_set(void)
{
    model.page = malloc(chain_len);
    MUST(model.page != NULL);
    memcpy(model.page, chain_room, chain_len);
    model.page_len = chain_len;

    model.wire = model.page;
    model.wire_len = chain_len;
}


/* Earlier answers for the page: the same, or with something changed, cut off,
 * grown, or a byte longer or shorter.  how: which, and how many */

static void
chain_before(unsigned how, social_html_mode_e mode)
{
    size_t         at, len;
    unsigned       n;
    uint32_t       seed;
    static u_char  was[MODEL_MAX + 16];

    seed = how * 2654435761u + (uint32_t) chain_len;

    for (n = how % 4; n; n--) {
        memcpy(was, chain_room, chain_len);
        len = chain_len;

        seed = seed * 1664525 + 1013904223;
        at = (seed >> 8) % len;
        seed = seed * 1664525 + 1013904223;

        switch ((seed >> 16) % 8) {

        case 0:
        case 1:
            was[at] ^= (u_char) (1 + seed % 255);
            break;

        case 2:
            was[at] = '<';
            was[len - 1 - at / 2] = '>';
            break;

        case 3:
            len = at + 1;
            break;

        case 4:
            memcpy(was + len, "</article><p>x</p>", 16);
            len += 16;
            break;

        case 5:
            memmove(was + at + 1, was + at, len - at);
            was[at] = 'x';
            len++;
            break;

        case 6:
            memmove(was + at, was + at + 1, len - at - 1);
            len -= (len > 1);
            break;
        }

        model_before(was, len, mode, (seed >> 24) & 1);
    }
}


static void
chain_zip(unsigned how)
{
    size_t    part, at, n;
    z_stream  z;

    model.wire_len = 0;
    model.wire = malloc(compressBound(model.page_len) * 2 + 1024);
    MUST(model.wire != NULL);

    part = (how & 1) ? model.page_len / 2 + 1 : model.page_len;

    for (at = 0; at < model.page_len; at += n) {
        n = ngx_min(part, model.page_len - at);

        memset(&z, 0, sizeof(z_stream));
        MUST(deflateInit2(&z, (int) (how >> 1) % 4, Z_DEFLATED,
                          MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);

        z.next_in = model.page + at;
        z.avail_in = (uInt) n;
        z.next_out = model.wire + model.wire_len;
        z.avail_out = (uInt) (compressBound(n) + 512);
        MUST(deflate(&z, Z_FINISH) == Z_STREAM_END);

        model.wire_len += z.total_out;
        (void) deflateEnd(&z);
    }

    if (how >= 240) {
        chain.cut_zip = 1;
        model.wire_len -= 1 + how % 16;
    }

    model.wire = realloc(model.wire, model.wire_len);
}


/* the request */

static ngx_table_elt_t *
chain_header(const char *name, const char *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&model.r.headers_out.headers);
    MUST(h != NULL);

    memset(h, 0, sizeof(ngx_table_elt_t));
    h->hash = 1;
    h->key.data = (u_char *) name;
    h->key.len = strlen(name);
    h->value.data = (u_char *) value;
    h->value.len = strlen(value);

    return h;
}


/* makes some answers ones that must not get a widget */

static void
chain_refused(unsigned how)
{
    ngx_http_request_t  *r;

    r = &model.r;
    chain.candidate = (how >= 8);

    switch (how) {

    case 0:
        r->headers_out.status = NGX_HTTP_NOT_FOUND;
        break;

    case 1:
        r->main = (ngx_http_request_t *) &chain;    /* a subrequest */
        break;

    case 2:
        model.rec.found.article = 0;
        break;

    case 3:
        ngx_str_set(&r->headers_out.content_type, "text/plain");
        break;

    case 4:
        ngx_str_set(&r->headers_out.content_type,
                    "text/html; charset=utf-16");
        break;

    case 5:
        (void) chain_header("Cache-Control", "private, no-transform");
        break;

    case 6:
        model.loc.inject = NULL;
        break;

    case 7:
        r->headers_out.content_encoding = chain_header("Content-Encoding",
                                                       "br");
        break;
    }
}


static void
chain_request(const unsigned *conf)
{
    ngx_http_request_t  *r;

    r = &model.r;

    model.site.insert = (social_html_mode_e) (conf[0] % 3);
    chain.upstream = (conf[1] % 8 < 6);
    chain.head = (conf[0] >= 240);
    chain_refused(conf[2]);

    if (chain.head) {
        r->method = NGX_HTTP_HEAD;
    }

    if (chain.upstream) {
        r->upstream = &model.upstream;
        model.upstream.peer.connection = &model.c;
        model.upstream.length = -1;
        r->cached = (conf[1] % 8 == 5);

    } else {
        r->allow_ranges = 1;
    }

    if (conf[1] >= 224 && chain.candidate) {
        chain.zipped = 1;
        chain.loose = (model.page_len > NGX_HTTP_SOCIAL_FILTER_TAIL_MAX);
        chain_zip(conf[3]);
        r->headers_out.content_encoding = chain_header("Content-Encoding",
                                                       "gzip");
    }

    if (conf[4] & 1) {
        r->headers_out.content_length_n = model.wire_len;
    }

    chain.length = r->headers_out.content_length_n;

    if (conf[4] & 2) {
        r->headers_out.etag = chain_header("ETag", "\"e\"");
    }

    if (conf[4] & 4) {
        r->headers_out.last_modified_time = 1;
    }

    model.widget.fallback = ((conf[4] & 24) == 24);
    model.no_widget = (conf[4] >= 248);
    model.rec.translated = ((conf[4] & 32) != 0);

    source_reuse = conf[5] & 1;
    sink.postpone = (conf[5] & 2) != 0;

    switch (conf[6]) {

    case 1:
        sink.header_rc = NGX_ERROR;
        break;

    case 2:
        sink.header_rc = NGX_HTTP_RANGE_NOT_SATISFIABLE;
        break;

    case 3:
        sink.header_rc = NGX_AGAIN;
        break;
    }

    sink.error_at = (conf[7] < 32) ? conf[7] : 0;
    model.read_at = (conf[8] < 8) ? conf[8] : 0;
    model.fail_at = (conf[9] < 64) ? conf[9] : 0;
}


/* gzip data that could not be inflated is sent as it came */

static void
chain_as_it_came(void)
{
    if (chain.zipped && model.page == model.wire) {
        chain.candidate = 0;
        chain.zipped = 0;
        chain.cut_zip = 0;
    }
}


/* what must be true after every step, unless one of these failed */

static ngx_uint_t
chain_excused(void)
{
    return sink.gone || model.no_memory || model.unread || model.replaced
           || sink.header_rc == NGX_ERROR;
}


/* is only an incomplete tag held, with no place known in front of it? */

static ngx_uint_t
chain_in_tag(void)
{
    return !social_html_has_candidate(&chain.scan) && chain.scan.may_close
           && sink.page == chain.scan.tag_start;
}


static void
chain_judge_waiting(void)
{
    size_t    hold;
    unsigned  bit;

    bit = model.r.buffered & NGX_HTTP_SOCIAL_BUFFERED;

    if (sink.headers == 0) {
        MUST(sink.page == 0 && !chain.final && bit && model_timers());
        MUST(ngx_current_msec - chain.began < NGX_HTTP_SOCIAL_FILTER_WAIT);
        MUST(chain.mem_held <= NGX_HTTP_SOCIAL_FILTER_HEAD_MAX);
        return;
    }

    hold = chain.final ? source_at
                       : (size_t) social_html_sendable(&chain.scan);

    MUST(sink.page >= hold);
    MUST(sink.page == hold || chain.loose);

    if (sink.page == source_at) {
        MUST(!bit && !model_timers());

    } else {
        MUST(bit);
        MUST(model_timers() != chain_in_tag());
        MUST(source_at - sink.page <= NGX_HTTP_SOCIAL_FILTER_TAIL_MAX
             || chain.loose);
    }

    if (model.r.header_only) {
        return;
    }

    /* no flush is lost, and none is sent before the bytes in front of it */

    MUST(sink.flushed >= ngx_min(chain.flush_at, sink.page));
}


static void
chain_judge(void)
{
    if (chain_excused() || !chain.candidate || chain.zipped || chain.head) {
        return;
    }

    chain_judge_waiting();
}


static void
chain_rc(ngx_int_t rc, ngx_uint_t calls, ngx_uint_t push)
{
    /* a call without input reaches the next filter, which may hold bytes */

    MUST(!push || sink.headers == 0 || sink.calls != calls || rc == NGX_ERROR);

    MUST(rc == NGX_OK || rc == NGX_AGAIN || rc == NGX_ERROR);

    if (sink.calls != calls && !model.replaced) {
        MUST(rc != NGX_OK || sink.rc == NGX_OK);
    }

    MUST(rc != NGX_ERROR || chain_excused() || chain.cut_zip);
    MUST(rc != NGX_AGAIN || sink.waiting || sink.headers);

    if (rc == NGX_ERROR) {
        chain.over = 1;
    }

    /* one call of the next filter for one call, more for gzip */

    MUST(sink.calls - calls <= (chain.zipped ? 65u : 1u));
}


/* the end of a page of that many bytes: all of it came if no upstream was
 * asked, or if its length was announced */

static social_html_answer_e
chain_finish(size_t seen)
{
    return (!chain.upstream || chain.length == (off_t) seen)
           ? social_html_finish_whole(&chain.scan)
           : social_html_finish(&chain.scan);
}


/* the scanner alone, on the bytes fed so far */

static void
chain_scan(void)
{
    if (chain.zipped || chain.final) {
        return;
    }

    chain.answer = social_html_feed(&chain.scan, model.wire + chain.scanned,
                                    source_at - chain.scanned);
    chain.scanned = source_at;

    if (chain.answer == SOCIAL_HTML_MORE && chain.given) {
        chain.answer = chain_finish(chain.scanned);
    }

    if (chain.answer == SOCIAL_HTML_MORE && chain.died) {
        chain.answer = SOCIAL_HTML_NONE;
    }

    chain.final = (chain.answer != SOCIAL_HTML_MORE);

    /* more than may be held */

    if (!chain.final && source_at - social_html_sendable(&chain.scan)
                        > NGX_HTTP_SOCIAL_FILTER_TAIL_MAX)
    {
        chain.loose = 1;
    }
}


static void
chain_call(ngx_chain_t *in)
{
    ngx_int_t   rc;
    ngx_uint_t  calls, push;

    if (chain.over) {
        source_free_chain(in);
        return;
    }

    if (chain.calls++ == 0 && !model_timers()) {
        chain.began = ngx_current_msec;     /* a file is fed at once */
    }

    calls = sink.calls;
    push = (in == NULL);
    chain_scan();

    rc = ngx_http_top_body_filter(&model.r, in);

    chain_as_it_came();
    source_free_chain(in);
    chain_rc(rc, calls, push);
    source_recycle();
    chain_judge();
}


/* the steps */

static size_t
chain_size(void)
{
    unsigned  code;

    code = chain_byte();

    if (code < 128) {
        return code + 1;
    }

    if (code < 192) {
        return (code - 127) * 64;
    }

    if (code < 240) {
        return (code - 191) * 1024;
    }

    return (code < 250) ? (size_t) 4096 << (code - 240) : SIZE_MAX;
}


static void
chain_feed(unsigned op)
{
    unsigned      n, how;
    ngx_chain_t  *in;
    model_buf_t   b;

    if (chain.given || chain.died) {
        chain_call(NULL);
        return;
    }

    in = NULL;

    for (n = 1 + (op >> 4) % 4; n && !chain.given; n--) {
        how = chain_byte();

        memset(&b, 0, sizeof(model_buf_t));

        b.kind = how % 7;
        b.size = chain_size();
        b.flush = (how & 0x40) != 0;
        b.recycled = (how & 0xa0) == 0xa0;
        b.sync = (b.kind == SOURCE_SPECIAL && (how & 0x20));

        if (b.size >= model.wire_len - source_at && (how & 0x10)
            && (b.kind == SOURCE_SPECIAL) == (source_at == model.wire_len))
        {
            b.last = 1;
            b.last_in_chain = (how & 8) != 0;
            chain.given = 1;
            chain.given_in_chain = b.last_in_chain;
        }

        if (b.kind != SOURCE_FILE && b.kind != SOURCE_TEMP_FILE
            && b.kind != SOURCE_SPECIAL && sink.headers == 0)
        {
            chain.mem_held += ngx_min(b.size, model.wire_len - source_at);
        }

        source_add(&in, &b);

        if (b.flush) {
            chain.flush_at = source_at;
        }
    }

    chain_call(in);
}


static void
chain_rest(void)
{
    ngx_chain_t  *in;
    model_buf_t   b;

    in = NULL;

    while (source_at < model.wire_len && !chain.over) {
        memset(&b, 0, sizeof(model_buf_t));
        b.size = 32768;
        source_add(&in, &b);
        chain_call(in);
        in = NULL;
    }

    if (!chain.given && !chain.over) {
        memset(&b, 0, sizeof(model_buf_t));
        b.kind = SOURCE_SPECIAL;
        b.last = 1;
        b.last_in_chain = 1;
        chain.given = 1;
        chain.given_in_chain = 1;
        source_add(&in, &b);
        chain_call(in);
    }
}


static void
chain_pass_time(ngx_msec_t ms)
{
    ngx_uint_t            calls;
    social_html_t         best;
    social_html_answer_e  answer;

    answer = SOCIAL_HTML_NONE;
    calls = sink.calls;

    if (!chain.final && !chain.zipped) {
        memcpy(&best, &chain.scan, sizeof(social_html_t));
        answer = social_html_settle(&best);
    }

    if (!model_clock(ms)) {
        return;
    }

    if (answer == SOCIAL_HTML_FOUND) {
        memcpy(&chain.scan, &best, sizeof(social_html_t));
        chain.answer = answer;
        chain.final = 1;
    }

    chain_as_it_came();
    MUST(sink.headers > 0 || chain_excused());
    MUST(sink.calls - calls <= 1);

    if (chain.zipped) {
        chain.loose = 1;
    }

    chain_judge();

    /* a write event was posted: the content handler calls again */

    MUST(model_posted());
    source_recycle();
    chain_call(NULL);
}


static void
chain_die(void)
{
    ngx_chain_t  *in;
    model_buf_t   b;

    if (!chain.upstream || chain.given || chain.died) {
        return;
    }

    memset(&b, 0, sizeof(model_buf_t));
    b.kind = SOURCE_SPECIAL;
    b.flush = 1;
    model.upstream.peer.connection = NULL;
    chain.died = 1;
    chain.flush_at = source_at;

    in = NULL;
    source_add(&in, &b);
    chain_call(in);
}


/* an error page replaces what is held; redirect: by an internal redirect */

static void
chain_replace(ngx_uint_t redirect)
{
    if (sink.headers || chain.over || chain.head) {
        return;
    }

    if (redirect) {
        memset(model.ctx, 0, sizeof(model.ctx));
    }

    (void) model_error_page(NGX_HTTP_INTERNAL_SERVER_ERROR);

    MUST(redirect || !model_timers());

    /* a timer that expires now must do nothing */

    (void) model_clock(NGX_HTTP_SOCIAL_FILTER_WAIT);

    MUST(sink.headers == 1 && sink.page == 0 && sink.widget == 0);
    MUST(sink.gone || model.no_memory || sink.error == sizeof(model_error));
    MUST(!model_timers() && !model.r.buffered);

    chain.over = 1;
}


static void
chain_step(void)
{
    unsigned  op;

    op = chain_byte();

    switch (op % 16) {

    case 8:
        chain_call(NULL);
        break;

    case 9:
    case 10:
        chain_pass_time(op);
        break;

    case 11:
        chain_pass_time(NGX_HTTP_SOCIAL_FILTER_WAIT);
        break;

    case 12:
        sink.budget = (off_t) chain_byte() * 64;
        break;

    case 13:
        sink.budget = -1;
        break;

    case 14:
        if (op == 14) {
            chain_die();

        } else if (op == 30) {
            chain_replace(0);

        } else if (op == 62) {
            chain_replace(1);

        } else if (op == 46) {
            chain.over = 1;     /* the client closes */
        }

        break;

    default:
        chain_feed(op);
        break;
    }
}


/* the end */

static void
chain_drain(void)
{
    ngx_uint_t  n;

    sink.budget = -1;

    for (n = 0; !chain.over; n++) {
        MUST(n < 64 + model.page_len / NGX_HTTP_SOCIAL_FILTER_BUFFER);

        if (n && !model.r.buffered && !model.c.buffered) {
            break;
        }

        chain_call(NULL);
    }
}


static void
chain_judge_end(void)
{
    size_t  place;

    if (chain.over || chain_excused()) {
        return;
    }

    MUST(sink.headers == 1 && !model_timers() && !model.r.buffered);
    MUST(source_used());

    if (chain.head) {
        MUST(sink.page == 0 && sink.widget == 0);
        return;
    }

    MUST(sink.last == (chain.given && !chain.cut_zip));
    MUST(!sink.last || sink.last_in_chain
                       == (chain.given_in_chain || chain.zipped));
    MUST(sink.waiting == 0 || !sink.last);
    MUST(sink.widget == 0 || sink.widget == model.widget.html.len);

    if (chain.died) {
        MUST(sink.page == source_at || chain.zipped);
        return;
    }

    MUST(sink.page == model.page_len);
    MUST(sink.length == -1
         || sink.length == (off_t) (sink.page + sink.widget));

    if (!chain.candidate) {
        MUST(sink.widget == 0);
        return;
    }

    if (chain.zipped) {
        chain.answer = social_html_feed(&chain.scan, model.page,
                                        model.page_len);
        chain.answer = chain_finish(model.page_len);
    }

    if (chain.loose) {
        return;
    }

    if (model.no_widget || chain.answer != SOCIAL_HTML_FOUND
        || social_html_in_form(&chain.scan)
        || social_html_meta(&chain.scan)->no_transform[0]
        || strncasecmp(social_html_meta(&chain.scan)->charset, "utf-16", 6)
           == 0)
    {
        MUST(sink.widget == 0);
        return;
    }

    place = (size_t) social_html_place(&chain.scan);
    MUST(sink.widget && sink.place == place && model.served == 1);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int        i;
    unsigned   conf[12];
    ngx_int_t  rc;

    if (size > 4096) {
        return 0;
    }

    memset(&chain, 0, sizeof(chain_t));
    chain.in.p = data;
    chain.in.end = data + size;

    for (i = 0; i < 12; i++) {
        conf[i] = chain_byte();
    }

    chain_page();
    model_forget();
    chain_before(conf[11], (social_html_mode_e) (conf[0] % 3));

    model_begin();
    sink_begin();
    chain_page_set();
    chain_request(conf);

    social_html_init(&chain.scan, model.site.insert);
    source_begin(model.wire, model.wire_len, conf[10] * 7);
    chain.began = ngx_current_msec;

    rc = ngx_http_top_header_filter(&model.r);
    chain_as_it_came();

    if (model.no_memory && sink.headers) {
        chain.candidate = 0;
    }

    if (rc == NGX_ERROR || rc > NGX_OK || model.r.header_only) {
        chain.over = 1;
    }

    if (chain.head && chain.upstream) {
        source_at = model.wire_len;     /* there is no body */
        chain.scanned = source_at;
    }

    while (chain.in.p < chain.in.end && !chain.over) {
        chain_step();
    }

    if (!chain.died) {
        chain_rest();
    }

    chain_drain();
    chain_judge_end();

    model_end();
    source_end();
    sink_end();

    return 0;
}
