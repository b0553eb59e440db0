
/*
 * The tokens of a comment: words of its text, its name and its addresses;
 * hosts; where the reader came from.  Traits are in social_judge_traits.c.
 *
 * Must find the same tokens in the same comment for ever (social_judge.h).
 */

#include <string.h>
#include <strings.h>

#include "social_judge_state.h"
#include "social_link.h"
#include "social_text.h"


#define SOCIAL_JUDGE_WORD_LEAST  2      /* characters */
#define SOCIAL_JUDGE_WORD_MOST   40     /* bytes; the rest is left out */
#define SOCIAL_JUDGE_HOST_MOST   100


/* words are compared in small letters: of ASCII, Latin-1, Greek, Cyrillic */

int32_t
social_judge_small(int32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7)
        || (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
    {
        return c + 32;
    }

    if (c >= 0x100 && c <= 0x137) {
        return c | 1;
    }

    return (c >= 0x400 && c <= 0x40f) ? c + 80 : c;
}


static size_t
social_judge_put(unsigned char *buf, int32_t c)
{
    if (c < 0x80) {
        buf[0] = (unsigned char) c;
        return 1;
    }

    if (c < 0x800) {
        buf[0] = (unsigned char) (0xc0 | c >> 6);
        buf[1] = (unsigned char) (0x80 | (c & 0x3f));
        return 2;
    }

    if (c < 0x10000) {
        buf[0] = (unsigned char) (0xe0 | c >> 12);
        buf[1] = (unsigned char) (0x80 | (c >> 6 & 0x3f));
        buf[2] = (unsigned char) (0x80 | (c & 0x3f));
        return 3;
    }

    buf[0] = (unsigned char) (0xf0 | c >> 18);
    buf[1] = (unsigned char) (0x80 | (c >> 12 & 0x3f));
    buf[2] = (unsigned char) (0x80 | (c >> 6 & 0x3f));
    buf[3] = (unsigned char) (0x80 | (c & 0x3f));

    return 4;
}


void
social_judge_add(social_judge_reader_t *reader, social_judge_kind_e kind,
    social_str_t value, social_str_t word)
{
    size_t                 i;
    uint64_t               hash;
    unsigned char          buf[1 + SOCIAL_JUDGE_HOST_MOST];
    social_judge_t        *judge;
    social_judge_token_t  *token;

    judge = reader->judge;

    if (value.len == 0 || value.len > SOCIAL_JUDGE_HOST_MOST
        || judge->n == SOCIAL_JUDGE_TOKENS)
    {
        return;
    }

    buf[0] = (unsigned char) kind;
    memcpy(buf + 1, value.data, value.len);

    hash = social_siphash(reader->key, buf, 1 + value.len);

    if (kind == SOCIAL_JUDGE_TRAIT) {
        hash &= ~(uint64_t) 0xffff;
    }

    for (i = 0; i < judge->n; i++) {
        if (judge->tokens[i].hash == hash) {
            return;
        }
    }

    token = &judge->tokens[judge->n++];
    token->hash = hash;
    token->word = word;
    token->spam = 0;
    token->honest = 0;
}


social_judge_class_e
social_judge_class(int32_t c)
{
    if (c < 0x80) {
        return ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z'))
               ? SOCIAL_JUDGE_LETTER : SOCIAL_JUDGE_GAP;
    }

    if (c < 0xc0 || c == 0xd7 || c == 0xf7 || c == 0x60c || c == 0x61b
        || c == 0x61f || (c >= 0x2000 && c <= 0x25ff)
        || (c >= 0x3000 && c <= 0x303f) || (c >= 0xe000 && c <= 0xf8ff)
        || (c >= 0xfe00 && c <= 0xfe6f) || (c >= 0xfeff && c <= 0xff0f)
        || (c >= 0xff1a && c <= 0xff20) || c >= 0xe0000)
    {
        return SOCIAL_JUDGE_GAP;
    }

    if ((c >= 0x2600 && c <= 0x27bf) || (c >= 0x1f000 && c <= 0x1faff)) {
        return SOCIAL_JUDGE_EMOJI;
    }

    return ((c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff)
            || (c >= 0x20000 && c <= 0x3ffff))
           ? SOCIAL_JUDGE_SIGN : SOCIAL_JUDGE_LETTER;
}


/* adds a word that the text has from p to end; digits alone are none */

static void
social_judge_word(social_judge_reader_t *reader, social_judge_kind_e kind,
    const unsigned char *p, const unsigned char *end)
{
    size_t         n, letters;
    int32_t        c;
    social_str_t   value, word;
    unsigned char  buf[SOCIAL_JUDGE_WORD_MOST];

    word.data = p;
    value.data = buf;
    value.len = 0;
    letters = 0;

    for (n = 0; p < end && value.len + 4 <= sizeof(buf); n++) {
        c = social_judge_small(social_text_next(&p, end));
        letters += (c < '0' || c > '9');
        value.len += social_judge_put(buf + value.len, c);
    }

    word.len = (size_t) (p - word.data);

    if (n >= SOCIAL_JUDGE_WORD_LEAST && letters) {
        social_judge_add(reader, kind, value, word);
    }
}


/* adds the words of some bytes; scripts without blanks give pairs of signs */

static void
social_judge_words(social_judge_reader_t *reader, social_judge_kind_e kind,
    const unsigned char *p, const unsigned char *end)
{
    const unsigned char   *at, *from, *sign;
    social_judge_class_e   class;

    from = NULL;
    sign = NULL;

    while (p < end) {
        at = p;
        class = social_judge_class(social_text_next(&p, end));

        if (class == SOCIAL_JUDGE_LETTER) {
            from = from ? from : at;

        } else if (from) {
            social_judge_word(reader, kind, from, at);
            from = NULL;
        }

        if (class == SOCIAL_JUDGE_SIGN && sign) {
            social_judge_word(reader, kind, sign, p);
        }

        sign = (class == SOCIAL_JUDGE_SIGN) ? at : NULL;
    }

    if (from) {
        social_judge_word(reader, kind, from, end);
    }
}


/* the host in small letters, without "www." and a port; what the address says
 * in its parts are words */

static void
social_judge_address(social_judge_reader_t *reader, const social_link_t *link)
{
    size_t                i;
    social_str_t          host, value;
    unsigned char         buf[SOCIAL_JUDGE_HOST_MOST];
    const unsigned char  *p, *end;

    p = memchr(link->start, '/', (size_t) (link->path - link->start));
    p = p ? p + 2 : link->start;
    end = memchr(p, ':', (size_t) (link->path - p));
    end = end ? end : link->path;

    if (end - p > 4 && strncasecmp((const char *) p, "www.", 4) == 0) {
        p += 4;
    }

    host.data = p;
    host.len = (size_t) (end - p);
    value.data = buf;
    value.len = 0;

    for (i = 0; i < host.len && i < sizeof(buf); i++) {
        buf[value.len++] = (p[i] < 0x80)
                           ? (unsigned char) social_judge_small(p[i]) : p[i];
    }

    social_judge_add(reader, SOCIAL_JUDGE_HOST, value, host);
    social_judge_words(reader, SOCIAL_JUDGE_WORD, p, link->end);
}


static void
social_judge_text(social_judge_reader_t *reader, social_str_t text)
{
    social_link_t         link;
    const unsigned char  *p, *end;

    p = text.data;
    end = text.data + text.len;

    while (p < end && social_link_next(text.data, p, end, &link)) {
        social_judge_words(reader, SOCIAL_JUDGE_WORD, p, link.start);
        social_judge_address(reader, &link);
        p = link.end;
    }

    social_judge_words(reader, SOCIAL_JUDGE_WORD, p, end);
}


void
social_judge_read(social_judge_t *judge,
    const unsigned char key[SOCIAL_SIPHASH_KEY],
    const social_judge_comment_t *comment)
{
    social_link_t          link;
    social_judge_reader_t  reader;

    static const social_str_t  none = { 0, NULL };

    judge->n = 0;
    reader.judge = judge;
    reader.key = key;

    /* what says most comes first, in case that there is too much */

    social_judge_traits(&reader, comment);
    social_judge_add(&reader, SOCIAL_JUDGE_SOURCE, comment->source, none);

    if (comment->website.len
        && social_link_parse(comment->website.data, comment->website.len,
                             &link) == SOCIAL_OK)
    {
        social_judge_address(&reader, &link);
    }

    if (comment->name.len) {
        social_judge_words(&reader, SOCIAL_JUDGE_NAME, comment->name.data,
                           comment->name.data + comment->name.len);
    }

    if (comment->text.len) {
        social_judge_text(&reader, comment->text);
    }
}
