
/*
 * Decodes HTML's character references to UTF-8, for titles and attribute
 * values: all numeric ones, and the names that occur in titles and URLs.  A
 * name needs its semicolon: otherwise "&copy=1" in a URL would change.  Pure;
 * any thread.
 */

#include "social_html_tree.h"


typedef struct {
    char      name[8];
    uint16_t  code;
} social_html_entity_t;


static const social_html_entity_t  social_html_entities[] = {
    { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' },
    { "apos", '\'' }, { "nbsp", 0xa0 }, { "mdash", 0x2014 },
    { "ndash", 0x2013 }, { "hellip", 0x2026 }, { "rsquo", 0x2019 },
    { "lsquo", 0x2018 }, { "rdquo", 0x201d }, { "ldquo", 0x201c },
    { "laquo", 0xab }, { "raquo", 0xbb }, { "lsaquo", 0x2039 },
    { "rsaquo", 0x203a }, { "sbquo", 0x201a }, { "bdquo", 0x201e },
    { "middot", 0xb7 }, { "bull", 0x2022 }, { "copy", 0xa9 },
    { "reg", 0xae }, { "trade", 0x2122 }, { "shy", 0xad },
    { "euro", 0x20ac }, { "pound", 0xa3 }, { "yen", 0xa5 },
    { "cent", 0xa2 }, { "sect", 0xa7 }, { "para", 0xb6 }, { "deg", 0xb0 },
    { "plusmn", 0xb1 }, { "times", 0xd7 }, { "divide", 0xf7 },
    { "micro", 0xb5 }, { "frac12", 0xbd }, { "frac14", 0xbc },
    { "frac34", 0xbe }, { "sup2", 0xb2 }, { "sup3", 0xb3 },
    { "iexcl", 0xa1 }, { "iquest", 0xbf }, { "larr", 0x2190 },
    { "rarr", 0x2192 }, { "ensp", 0x2002 }, { "emsp", 0x2003 },
    { "thinsp", 0x2009 }, { "zwj", 0x200d }, { "zwnj", 0x200c },
    { "num", '#' }, { "colon", ':' }, { "sol", '/' }, { "lowbar", '_' },
    { "excl", '!' }, { "quest", '?' }, { "equals", '=' }, { "comma", ',' },
    { "period", '.' }, { "lpar", '(' }, { "rpar", ')' }, { "ast", '*' },
    { "plus", '+' }, { "percnt", '%' }, { "commat", '@' },
    { "agrave", 0xe0 }, { "aacute", 0xe1 }, { "acirc", 0xe2 },
    { "atilde", 0xe3 }, { "auml", 0xe4 }, { "aring", 0xe5 },
    { "aelig", 0xe6 }, { "ccedil", 0xe7 }, { "egrave", 0xe8 },
    { "eacute", 0xe9 }, { "ecirc", 0xea }, { "euml", 0xeb },
    { "igrave", 0xec }, { "iacute", 0xed }, { "icirc", 0xee },
    { "iuml", 0xef }, { "eth", 0xf0 }, { "ntilde", 0xf1 },
    { "ograve", 0xf2 }, { "oacute", 0xf3 }, { "ocirc", 0xf4 },
    { "otilde", 0xf5 }, { "ouml", 0xf6 }, { "oslash", 0xf8 },
    { "ugrave", 0xf9 }, { "uacute", 0xfa }, { "ucirc", 0xfb },
    { "uuml", 0xfc }, { "yacute", 0xfd }, { "thorn", 0xfe },
    { "yuml", 0xff }, { "szlig", 0xdf },
    { "Agrave", 0xc0 }, { "Aacute", 0xc1 }, { "Acirc", 0xc2 },
    { "Atilde", 0xc3 }, { "Auml", 0xc4 }, { "Aring", 0xc5 },
    { "AElig", 0xc6 }, { "Ccedil", 0xc7 }, { "Egrave", 0xc8 },
    { "Eacute", 0xc9 }, { "Ecirc", 0xca }, { "Euml", 0xcb },
    { "Igrave", 0xcc }, { "Iacute", 0xcd }, { "Icirc", 0xce },
    { "Iuml", 0xcf }, { "ETH", 0xd0 }, { "Ntilde", 0xd1 },
    { "Ograve", 0xd2 }, { "Oacute", 0xd3 }, { "Ocirc", 0xd4 },
    { "Otilde", 0xd5 }, { "Ouml", 0xd6 }, { "Oslash", 0xd8 },
    { "Ugrave", 0xd9 }, { "Uacute", 0xda }, { "Ucirc", 0xdb },
    { "Uuml", 0xdc }, { "Yacute", 0xdd }, { "THORN", 0xde },
    { "OElig", 0x152 }, { "oelig", 0x153 }, { "Scaron", 0x160 },
    { "scaron", 0x161 }, { "Zcaron", 0x17d }, { "zcaron", 0x17e },
    { "Ccaron", 0x10c }, { "ccaron", 0x10d }
};


/* what the numeric references 0x80 to 0x9f mean (windows-1252), 13.2.5.80 */

static const uint16_t  social_html_windows_1252[32] = {
    0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f,
    0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178
};


static size_t
social_html_utf8(unsigned char *dst, uint32_t code)
{
    if (code < 0x80) {
        dst[0] = (unsigned char) code;
        return 1;
    }

    if (code < 0x800) {
        dst[0] = (unsigned char) (0xc0 | (code >> 6));
        dst[1] = (unsigned char) (0x80 | (code & 0x3f));
        return 2;
    }

    if (code < 0x10000) {
        dst[0] = (unsigned char) (0xe0 | (code >> 12));
        dst[1] = (unsigned char) (0x80 | ((code >> 6) & 0x3f));
        dst[2] = (unsigned char) (0x80 | (code & 0x3f));
        return 3;
    }

    dst[0] = (unsigned char) (0xf0 | (code >> 18));
    dst[1] = (unsigned char) (0x80 | ((code >> 12) & 0x3f));
    dst[2] = (unsigned char) (0x80 | ((code >> 6) & 0x3f));
    dst[3] = (unsigned char) (0x80 | (code & 0x3f));

    return 4;
}


static int
social_html_digit(unsigned char c, unsigned base)
{
    unsigned  value;

    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    value = (c | 0x20u) - 'a' + 10;

    return (base == 16 && value >= 10 && value < 16) ? (int) value : -1;
}


/* src points after "&#"; returns the bytes used, 0 if not a reference */

static size_t
social_html_numeric(const unsigned char *src, size_t len, uint32_t *code)
{
    int       digit;
    size_t    i, from;
    unsigned  base;

    base = (len > 0 && (src[0] | 0x20) == 'x') ? 16 : 10;
    from = (base == 16) ? 1 : 0;
    *code = 0;

    for (i = from; i < len; i++) {
        digit = social_html_digit(src[i], base);

        if (digit < 0) {
            break;
        }

        if (*code <= 0x10ffff) {
            *code = *code * base + (unsigned) digit;
        }
    }

    if (i == from) {
        return 0;
    }

    if (*code == 0 || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000)) {
        *code = 0xfffd;

    } else if (*code >= 0x80 && *code < 0xa0) {
        *code = social_html_windows_1252[*code - 0x80];
    }

    return (i < len && src[i] == ';') ? i + 1 : i;
}


/* the same for a name; src points after "&" */

static size_t
social_html_named(const unsigned char *src, size_t len, uint32_t *code)
{
    size_t  i, n;

    for (n = 0; n < len && n < sizeof(social_html_entities[0].name); n++) {
        if (src[n] == ';') {
            break;
        }
    }

    if (n == 0 || n == len || n >= sizeof(social_html_entities[0].name)) {
        return 0;
    }

    for (i = 0; i < social_nelts(social_html_entities); i++) {

        if (memcmp(social_html_entities[i].name, src, n) == 0
            && social_html_entities[i].name[n] == '\0')
        {
            *code = social_html_entities[i].code;
            return n + 1;
        }
    }

    return 0;
}


/* the length without a UTF-8 sequence that was cut at the end */

static size_t
social_html_whole_characters(const unsigned char *text, size_t len)
{
    size_t  i, need;

    for (i = len; i > 0 && len - i < 4; i--) {

        if ((text[i - 1] & 0xc0) == 0x80) {
            continue;
        }

        if (text[i - 1] < 0xc0) {
            return len;
        }

        need = text[i - 1] >= 0xf0 ? 4 : text[i - 1] >= 0xe0 ? 3 : 2;

        return (len - (i - 1) < need) ? i - 1 : len;
    }

    return len;
}


int
social_html_decode(char *dst, size_t size, const unsigned char *src,
    size_t len)
{
    int            cut, space;
    size_t         i, n, used, out;
    uint32_t       code;
    unsigned char  bytes[4];

    cut = 0;
    out = 0;
    code = 0;
    space = 0;

    for (i = 0; i < len; i += used) {
        used = 0;

        if (src[i] == '&' && i + 1 < len) {
            used = (src[i + 1] == '#')
                   ? social_html_numeric(src + i + 2, len - i - 2, &code)
                   : social_html_named(src + i + 1, len - i - 1, &code);
        }

        if (used) {
            used += (src[i + 1] == '#') ? 2 : 1;
            n = social_html_utf8(bytes, code);

        } else {
            used = 1;
            n = 1;
            bytes[0] = src[i];
        }

        if (n == 1 && (bytes[0] <= ' ' || bytes[0] == 0x7f)) {
            space = 1;
            continue;
        }

        space = (space && out > 0);

        if (out + (size_t) space + n >= size) {
            cut = 1;
            break;
        }

        if (space) {
            dst[out++] = ' ';
            space = 0;
        }

        memcpy(dst + out, bytes, n);
        out += n;
    }

    if (cut || len == SOCIAL_HTML_TEXT) {
        out = social_html_whole_characters((const unsigned char *) dst, out);
    }

    dst[out] = '\0';

    return cut ? SOCIAL_LIMIT : SOCIAL_OK;
}
