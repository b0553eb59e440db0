
/*
 * Entities: the names of HTML, which entities.txt has in the order of their
 * bytes, and numbers.  Any thread.
 */

#include "social_markdown_state.h"

#include <string.h>


__asm__(".pushsection .rodata\n"
        ".globl social_markdown_entities\n"
        ".hidden social_markdown_entities\n"
        "social_markdown_entities:\n"
        ".incbin \"markdown/entities.txt\"\n"
        ".globl social_markdown_entities_end\n"
        ".hidden social_markdown_entities_end\n"
        "social_markdown_entities_end:\n"
        ".byte 0\n"
        ".popsection\n");

extern __attribute__((visibility("hidden")))
    const unsigned char  social_markdown_entities[],
                         social_markdown_entities_end[];


static void
social_markdown_entity_put(social_out_t *out, uint32_t c)
{
    unsigned char  utf8[4];

    if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
        c = 0xfffd;
    }

    if (c < 0x80) {
        utf8[0] = (unsigned char) c;
        social_out_bytes(out, utf8, 1);

    } else if (c < 0x800) {
        utf8[0] = (unsigned char) (0xc0 | c >> 6);
        utf8[1] = (unsigned char) (0x80 | (c & 0x3f));
        social_out_bytes(out, utf8, 2);

    } else if (c < 0x10000) {
        utf8[0] = (unsigned char) (0xe0 | c >> 12);
        utf8[1] = (unsigned char) (0x80 | (c >> 6 & 0x3f));
        utf8[2] = (unsigned char) (0x80 | (c & 0x3f));
        social_out_bytes(out, utf8, 3);

    } else {
        utf8[0] = (unsigned char) (0xf0 | c >> 18);
        utf8[1] = (unsigned char) (0x80 | (c >> 12 & 0x3f));
        utf8[2] = (unsigned char) (0x80 | (c >> 6 & 0x3f));
        utf8[3] = (unsigned char) (0x80 | (c & 0x3f));
        social_out_bytes(out, utf8, 4);
    }
}


/* a number of at most max; *p moves past its digits */

static uint32_t
social_markdown_entity_number(const unsigned char **p,
    const unsigned char *end, unsigned base, uint32_t max)
{
    unsigned       digit;
    uint32_t       n;
    unsigned char  c;

    for (n = 0; *p < end; (*p)++) {
        c = **p;

        if (c >= '0' && c <= '9') {
            digit = c - '0';

        } else if (base == 16 && (c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            digit = (c | 0x20) - 'a' + 10;

        } else {
            break;
        }

        n = n * base + digit;
        n = n > max ? max : n;
    }

    return n;
}


/* how the line of the table that begins at p compares with the name */

static int
social_markdown_entity_compare(const unsigned char *p,
    const unsigned char *name, size_t len)
{
    size_t  i;

    for (i = 0; i < len && p[i] == name[i]; i++) { /* void */ }

    return i < len ? (p[i] < name[i] ? -1 : 1) : (p[i] == ' ' ? 0 : 1);
}


/* the characters of a name in the table, NULL: it has none */

static const unsigned char *
social_markdown_entity_find(const unsigned char *name, size_t len)
{
    int                   order;
    const unsigned char  *low, *high, *line;

    low = social_markdown_entities;
    high = social_markdown_entities_end;

    while (low < high) {

        for (line = low + (high - low) / 2; line > low && line[-1] != '\n';
             line--)
        {
            /* void */
        }

        order = social_markdown_entity_compare(line, name, len);

        if (order == 0) {
            return line + len;
        }

        if (order > 0) {
            high = line;

        } else {
            low = memchr(line, '\n', (size_t) (high - line));
            low = low ? low + 1 : high;
        }
    }

    return NULL;
}


void
social_markdown_entity(social_out_t *out, const unsigned char *text,
    size_t len)
{
    uint32_t              c;
    const unsigned char  *p, *end;

    if (len < 3) {
        social_out_bytes(out, text, len);
        return;
    }

    end = text + len - 1;               /* ";" */

    if (text[1] == '#') {
        p = text + 2 + (len > 3 && (text[2] | 0x20) == 'x');
        c = social_markdown_entity_number(&p, end, p > text + 2 ? 16 : 10,
                                          0x110000);
        social_markdown_entity_put(out, c);
        return;
    }

    p = social_markdown_entity_find(text + 1, len - 2);

    if (p == NULL) {
        social_out_bytes(out, text, len);
        return;
    }

    while (*p == ' ') {
        p++;
        c = social_markdown_entity_number(&p, social_markdown_entities_end, 16,
                                          0x110000);
        social_markdown_entity_put(out, c);
    }
}
