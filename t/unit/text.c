
/* social_text: UTF-8, trimming, cleaning of lines and texts */

#include "unit.h"
#include "social_text.h"


#define U(s)  (const unsigned char *) (s)


static void
valid(const char *in, size_t len, int want, int64_t count)
{
    unsigned char  *copy;

    copy = malloc(len + 1);         /* so that ASan sees the end */
    memcpy(copy, in, len);

    is_int(social_text_valid(copy, len), want, want ? "valid" : "not valid");
    is_int((int64_t) social_text_count(copy, len), count,
           "its number of characters");

    free(copy);
}

#define good(s, n)  valid(s, sizeof(s) - 1, 1, n)
#define bad(s, n)   valid(s, sizeof(s) - 1, 0, n)


static void
trim(const char *in, const char *want)
{
    char          got[128];
    social_str_t  s;

    s = social_text_trim(U(in), strlen(in));
    snprintf(got, sizeof(got), "%.*s", (int) s.len, (const char *) s.data);
    is_str(got, want, "trimmed");
}


/* the same into another buffer and in place */

static void
clean(int (*fn)(const unsigned char *, size_t, unsigned char *, size_t *),
    const char *in, size_t len, const char *want)
{
    int            rc, again;
    size_t         n, m;
    unsigned char  apart[256], place[256];

    memcpy(place, in, len);
    rc = fn(U(in), len, apart, &n);
    again = fn(place, len, place, &m);

    if (rc == SOCIAL_OK) {
        apart[n] = '\0';
        place[m] = '\0';
    }

    is_str(rc == SOCIAL_OK ? (char *) apart : NULL, want, "clean");
    is_str(again == SOCIAL_OK ? (char *) place : NULL, want, "in place");
}

#define line(in, want)  clean(social_text_clean_line, in, sizeof(in) - 1, want)
#define text(in, want)  clean(social_text_clean_text, in, sizeof(in) - 1, want)


/* every code point, encoded here, is decoded to itself */

static void
round_trip(void)
{
    int32_t               c;
    unsigned char         b[4];
    size_t                n;
    unsigned              wrong;
    const unsigned char  *p;

    for (c = 0, wrong = 0; c <= 0x10ffff; c++) {

        n = (c < 0x80) ? 1 : (c < 0x800) ? 2 : (c < 0x10000) ? 3 : 4;

        switch (n) {
        case 1:
            b[0] = (unsigned char) c;
            break;
        case 2:
            b[0] = (unsigned char) (0xc0 | c >> 6);
            b[1] = (unsigned char) (0x80 | (c & 63));
            break;
        case 3:
            b[0] = (unsigned char) (0xe0 | c >> 12);
            b[1] = (unsigned char) (0x80 | (c >> 6 & 63));
            b[2] = (unsigned char) (0x80 | (c & 63));
            break;
        default:
            b[0] = (unsigned char) (0xf0 | c >> 18);
            b[1] = (unsigned char) (0x80 | (c >> 12 & 63));
            b[2] = (unsigned char) (0x80 | (c >> 6 & 63));
            b[3] = (unsigned char) (0x80 | (c & 63));
        }

        p = b;

        if (c >= 0xd800 && c <= 0xdfff) {
            wrong += (social_text_next(&p, b + n) != -1);

        } else {
            wrong += (social_text_next(&p, b + n) != c || p != b + n);
        }
    }

    is_int(wrong, 0, "all code points are decoded, surrogates refused");
}


int
main(void)
{
    round_trip();

    good("", 0);
    good("abc", 3);
    good("\xc3\xa9t\xc3\xa9", 3);
    good("\xf0\x9f\x98\x80", 1);
    good("\xf4\x8f\xbf\xbf", 1);
    bad("a\0b", 3);
    bad("\x80", 1);
    bad("\xc0\x80", 2);                     /* overlong NUL */
    bad("\xc1\xbf", 2);
    bad("\xe0\x80\xaf", 3);
    bad("\xf0\x80\x80\xaf", 4);
    bad("\xed\xa0\x80", 3);                 /* U+D800 */
    bad("\xed\xbf\xbf", 3);                 /* U+DFFF */
    bad("\xf4\x90\x80\x80", 4);             /* U+110000 */
    bad("\xf5\x80\x80\x80", 4);
    bad("\xfe", 1);
    bad("\xc3", 1);                         /* cut off */
    bad("\xe2\x82", 1);
    bad("\xf0\x9f\x98", 1);
    bad("\xe2\x82" "a", 2);
    bad("\xc3\xc3\xa9", 2);

    trim("", "");
    trim("  \t\r\n ", "");
    trim(" a b ", "a b");
    trim("\xc2\xa0" "a\xc2\xa0", "a");                      /* NBSP */
    trim("\xef\xbb\xbf" "a\xe2\x80\x8b", "a");              /* BOM, ZWSP */
    trim("\xe3\x80\x80" "a\xe2\x81\xa0 ", "a");
    trim("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9",
         "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9");   /* ZWJ inside */
    trim("\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4\xef\xb8\x8f");
    trim(" \xff ", "\xff");


    line("", "");
    line("Ann", "Ann");
    line("  Ann \t\n  Lee ", "Ann Lee");
    line("Ann\xc2\xa0\xe2\x80\xa8Lee", "Ann Lee");          /* NBSP, LS */
    line("\xe2\x80\x8b\xef\xbb\xbf", "");
    line("\xe3\x85\xa4", "");                               /* filler */
    line("\xef\xb8\x8f", "");                               /* VS16 alone */
    line("\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae", "\xd9\x85\xdb\x8c\xe2\x80\x8c"
         "\xd8\xae");                                       /* ZWNJ stays */
    line("a\x01" "b", NULL);
    line("a\0b", NULL);
    line("a\x7f", NULL);
    line("\x1b[31m", NULL);
    line("a\xc2\x85" "b", NULL);                            /* C1 */
    line("a\xe2\x80\xae" "b", NULL);                        /* RLO */
    line("\xe2\x80\xaa" "b", NULL);                         /* LRE */
    line("b\xe2\x81\xa6", NULL);                            /* LRI */
    line("b\xe2\x81\xa9", NULL);                            /* PDI */
    line("a\xe2\x80\x8e" "b", "a\xe2\x80\x8e" "b");         /* LRM */
    line("a\xff", NULL);

    text("", "");
    text(" \r\n a\r\nb\r\rc\n\n ", " a\nb\n\nc");
    text("a\x01\x1b[1m\tb\x7f\xc2\x85", "a[1m\tb");
    text("  a\n\tb\n", "  a\n\tb");
    text(" \n \ta\nb", " \ta\nb");
    text("  a  ", "a");
    text("a\0", NULL);
    text("\xed\xa0\x80", NULL);
    text("\xe2\x80\xae" "abc", "\xe2\x80\xae" "abc");

    {
        size_t         n;
        unsigned char  dst[1];

        ok(social_text_valid(NULL, 0) && social_text_count(NULL, 0) == 0
           && social_text_trim(NULL, 0).len == 0
           && social_text_clean_line(NULL, 0, dst, &n) == SOCIAL_OK && n == 0
           && social_text_clean_text(NULL, 0, dst, &n) == SOCIAL_OK && n == 0,
           "an empty string may have no data");
    }

    return done();
}
