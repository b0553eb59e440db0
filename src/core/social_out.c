
/*
 * The growing output buffer.  Owns the escaping for every target: HTML, query
 * and path.  Must not make markup itself.  A buffer belongs to one thread at a
 * time.
 */

#include "social_out.h"
#include "social_text.h"

#include <stdlib.h>
#include <string.h>


#define SOCIAL_OUT_INITIAL  512       /* bytes of the first allocation */


void
social_out_init(social_out_t *out, size_t max)
{
    memset(out, 0, sizeof(social_out_t));
    out->max = max;
}


void
social_out_free(social_out_t *out)
{
    free(out->data);
    social_out_init(out, out->max);
}


/*
 * A block of its own, not realloc(): malloc tidies up what a large document has
 * left in the thread's arena when somebody asks for a large block, or frees
 * one.  Asked for here, in the thread that made the document, this is not left
 * to the event loop, which only frees the block.
 */

void
social_out_trim(social_out_t *out)
{
    unsigned char  *data;

    if (out->cap == out->len) {
        return;
    }

    data = out->len ? malloc(out->len) : NULL;

    if (data != NULL) {
        memcpy(data, out->data, out->len);
        free(out->data);
        out->data = data;
        out->cap = out->len;
    }
}


/* makes room for len more bytes; 0: it failed */

static int
social_out_reserve(social_out_t *out, size_t len)
{
    size_t          cap;
    unsigned char  *data;

    if (out->failed) {
        return 0;
    }

    if (len <= out->cap - out->len) {
        return 1;
    }

    if (len > out->max - out->len) {
        out->failed = 1;
        out->full = 1;
        return 0;
    }

    cap = out->cap ? out->cap : SOCIAL_OUT_INITIAL;

    while (cap - out->len < len) {
        if (cap > out->max / 2) {
            cap = out->max;
            break;
        }

        cap *= 2;
    }

    if (cap > out->max) {
        cap = out->max;
    }

    data = realloc(out->data, cap);

    if (data == NULL) {
        out->failed = 1;
        return 0;
    }

    out->data = data;
    out->cap = cap;

    return 1;
}


void
social_out_bytes(social_out_t *out, const void *data, size_t len)
{
    if (len == 0 || !social_out_reserve(out, len)) {
        return;
    }

    memcpy(out->data + out->len, data, len);
    out->len += len;
}


void
social_out_text(social_out_t *out, const char *text)
{
    social_out_bytes(out, text, strlen(text));
}


void
social_out_id(social_out_t *out, int64_t id)
{
    char  text[SOCIAL_ID_MAX];

    (void) social_id_text(id, text);
    social_out_text(out, text);
}


void
social_out_int(social_out_t *out, int64_t n)
{
    char      buf[24], *p;
    uint64_t  u;

    p = buf + sizeof(buf);
    u = (n < 0) ? 0 - (uint64_t) n : (uint64_t) n;

    do {
        *--p = (char) ('0' + u % 10);
        u /= 10;
    } while (u);

    if (n < 0) {
        *--p = '-';
    }

    social_out_bytes(out, p, (size_t) (buf + sizeof(buf) - p));
}


/* a numeric reference; U+FFFD for what HTML does not allow to refer to, or
 * reads as another character (&#128; would be the euro sign) */

static void
social_out_reference(social_out_t *out, int32_t c)
{
    if (c < 0xa0 || (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe) {
        c = 0xfffd;
    }

    social_out_bytes(out, "&#", 2);
    social_out_int(out, c);
    social_out_bytes(out, ";", 1);
}


static int
social_out_is_plain(unsigned char c)
{
    return (c >= ' ' && c < 0x7f && c != '&' && c != '<' && c != '>'
            && c != '"' && c != '\'')
           || c == '\n' || c == '\t';
}


void
social_out_html(social_out_t *out, const unsigned char *data, size_t len)
{
    const unsigned char  *p, *end, *run;

    p = data;
    end = len ? data + len : data;      /* data may be NULL if len is 0 */

    while (p < end && !out->failed) {

        for (run = p; p < end && social_out_is_plain(*p); p++) { /* void */ }

        social_out_bytes(out, run, (size_t) (p - run));

        if (p == end) {
            return;
        }

        switch (*p) {

        case '&':
            social_out_bytes(out, "&amp;", 5);
            p++;
            break;

        case '<':
            social_out_bytes(out, "&lt;", 4);
            p++;
            break;

        case '>':
            social_out_bytes(out, "&gt;", 4);
            p++;
            break;

        case '"':
            social_out_bytes(out, "&quot;", 6);
            p++;
            break;

        case '\'':
            social_out_bytes(out, "&#39;", 5);
            p++;
            break;

        case '\r':

            /* forms send \r\n; HTML has no other way to write a line's end */

            if (++p == end || *p != '\n') {
                social_out_bytes(out, "\n", 1);
            }

            break;

        default:
            social_out_reference(out, social_text_next(&p, end));
            break;
        }
    }
}


void
social_out_ascii(social_out_t *out, const unsigned char *data, size_t len)
{
    const unsigned char  *p, *end, *run;

    p = data;
    end = len ? data + len : data;      /* data may be NULL if len is 0 */

    while (p < end && !out->failed) {

        for (run = p; p < end && *p < 0x80; p++) { /* void */ }

        social_out_bytes(out, run, (size_t) (p - run));

        if (p < end) {
            social_out_reference(out, social_text_next(&p, end));
        }
    }
}


static int
social_out_is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9')
           || c == '-' || c == '.' || c == '_' || c == '~';
}


static void
social_out_percent(social_out_t *out, const unsigned char *data, size_t len,
    const char *stay)
{
    unsigned char                triplet[3];
    const unsigned char         *p, *end, *run;
    static const unsigned char   hex[] = "0123456789ABCDEF";

    p = data;
    end = len ? data + len : data;      /* data may be NULL if len is 0 */

    while (p < end && !out->failed) {

        for (run = p; p < end; p++) {
            if (!social_out_is_unreserved(*p)
                && (*p == '\0' || strchr(stay, *p) == NULL))
            {
                break;
            }
        }

        social_out_bytes(out, run, (size_t) (p - run));

        if (p < end) {
            triplet[0] = '%';
            triplet[1] = hex[*p >> 4];
            triplet[2] = hex[*p & 15];
            p++;

            social_out_bytes(out, triplet, 3);
        }
    }
}


void
social_out_query(social_out_t *out, const unsigned char *data, size_t len)
{
    social_out_percent(out, data, len, "");
}


void
social_out_public(social_out_t *out, const char *base,
    const unsigned char *path, size_t len)
{
    social_out_text(out, base ? base : "");
    social_out_percent(out, path, len, "!$&'()*+,;=:@/");
}
