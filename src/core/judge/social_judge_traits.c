
/*
 * The traits of a comment: how many links it has and where, how long it is,
 * what stands in it that is no word.  Their names are what a moderator reads;
 * each has a blank in it, so that none is taken for a word.
 *
 * Must find the same traits in the same comment for ever (social_judge.h).
 */

#include <string.h>

#include "social_comment_html.h"
#include "social_judge_state.h"
#include "social_link.h"
#include "social_text.h"


#define SOCIAL_JUDGE_SHARE_LETTERS  12  /* fewer say nothing about their case */
#define SOCIAL_JUDGE_PHONE          8   /* digits of a telephone number */


/* what was counted in a text */

typedef struct {
    size_t  letters, capitals, digits, shouts, questions, emojis, lines;
    size_t  percents, money, ticks, phones, mails, names;
    size_t  latin, greek, cyrillic, arabic, han, other;
} social_judge_counts_t;


static void
social_judge_trait(social_judge_reader_t *reader, const char *name)
{
    social_str_t  trait;

    trait.data = (const unsigned char *) name;
    trait.len = strlen(name);

    social_judge_add(reader, SOCIAL_JUDGE_TRAIT, trait, trait);
}


static void
social_judge_trait_if(social_judge_reader_t *reader, int has, const char *name)
{
    if (has) {
        social_judge_trait(reader, name);
    }
}


static void
social_judge_count_letter(social_judge_counts_t *n, int32_t c)
{
    n->letters++;
    n->capitals += (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde)
                   || (c >= 0x391 && c <= 0x3a9) || (c >= 0x400 && c <= 0x42f);

    if (c < 0x370) {
        n->latin++;

    } else if (c < 0x400) {
        n->greek++;

    } else if (c < 0x530) {
        n->cyrillic++;

    } else if (c >= 0x600 && c < 0x780) {
        n->arabic++;

    } else {
        n->other++;
    }
}


static void
social_judge_count_mark(social_judge_counts_t *n, int32_t c)
{
    switch (c) {

    case '!':
    case 0xa1:
    case 0xff01:
        n->shouts++;
        break;

    case '?':
    case 0x61f:
    case 0xff1f:
        n->questions++;
        break;

    case '%':
        n->percents++;
        break;

    case '`':
        n->ticks++;
        break;

    case '\n':
        n->lines++;
        break;

    case '$':
    case 0xa3:
    case 0xa5:
    case 0x20ac:
    case 0x20bd:
        n->money++;
        break;

    default:
        break;
    }
}


static void
social_judge_count(social_judge_counts_t *n, social_str_t text)
{
    int32_t                c;
    const unsigned char   *p, *end;
    social_judge_class_e   class;

    p = text.data;
    end = text.data + text.len;

    while (p < end) {
        c = social_text_next(&p, end);
        class = social_judge_class(c);

        if (c >= '0' && c <= '9') {
            n->digits++;

        } else if (class == SOCIAL_JUDGE_LETTER) {
            social_judge_count_letter(n, c);

        } else if (class == SOCIAL_JUDGE_SIGN) {
            n->letters++;
            n->han++;

        } else if (class == SOCIAL_JUDGE_EMOJI) {
            n->emojis++;

        } else {
            social_judge_count_mark(n, c);
        }
    }
}


static int
social_judge_is_alnum(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z');
}


/* telephone numbers, mail addresses and @names: what one is asked to write
 * to */

static void
social_judge_count_contacts(social_judge_counts_t *n,
    const unsigned char *p, const unsigned char *end)
{
    size_t                digits;
    const unsigned char  *start;

    digits = 0;

    for (start = p; p < end; p++) {

        if (*p >= '0' && *p <= '9') {
            n->phones += (++digits == SOCIAL_JUDGE_PHONE);

        } else if (strchr(" -().+", *p) == NULL || *p == '\0') {
            digits = 0;
        }

        if (*p != '@' || end - p < 3 || !social_judge_is_alnum(p[1])) {
            continue;
        }

        if (p > start && social_judge_is_alnum(p[-1])) {
            n->mails++;

        } else {
            n->names++;
        }
    }
}


/* the same host, or a part of it, stands in the website */

static int
social_judge_is_own(const social_link_t *link, social_str_t website)
{
    size_t                len;
    const unsigned char  *host;

    host = memchr(link->start, '/', (size_t) (link->path - link->start));
    host = host ? host + 2 : link->start;
    len = (size_t) (link->path - host);

    return len && website.len >= len
           && memmem(website.data, website.len, host, len) != NULL;
}


static void
social_judge_traits_links(social_judge_reader_t *reader,
    social_judge_counts_t *counts, const social_judge_comment_t *comment)
{
    size_t                n;
    social_link_t         link;
    const unsigned char  *p, *end;

    static const char *const  names[] = {
        "no links", "1 link", "2 links", "3 links", "4 links",
        "5 links or more"
    };

    n = social_comment_html_links(comment->format, comment->text.data,
                                  comment->text.len);
    social_judge_trait(reader, names[n < 5 ? n : 5]);

    p = comment->text.data;
    end = comment->text.data + comment->text.len;
    n = 0;

    while (p < end && social_link_next(comment->text.data, p, end, &link)) {
        social_judge_count_contacts(counts, p, link.start);
        social_judge_trait_if(reader, link.path >= link.end - 1,
                              "a link to a front page");
        social_judge_trait_if(reader, link.end - link.path > 1
                                      && memchr(link.path, '?',
                                                (size_t) (link.end
                                                          - link.path)),
                              "a link with a query");
        social_judge_trait_if(reader,
                              social_judge_is_own(&link, comment->website),
                              "a link to the own website");
        p = link.end;
        n++;
    }

    if (p < end) {
        social_judge_count_contacts(counts, p, end);
    }

    social_judge_trait_if(reader, n && end - p < 5, "a link at the end");
}


static int
social_judge_has(social_str_t text, const char *what)
{
    return memmem(text.data, text.len, what, strlen(what)) != NULL;
}


static void
social_judge_traits_text(social_judge_reader_t *reader,
    const social_judge_counts_t *n, social_str_t text)
{
    social_judge_trait(reader, text.len < 40 ? "a very short text"
                               : text.len < 120 ? "a short text"
                               : text.len < 400 ? "a text of some lines"
                               : text.len < 1500 ? "a long text"
                               : "a very long text");

    social_judge_trait_if(reader, n->letters >= SOCIAL_JUDGE_SHARE_LETTERS
                                  && n->capitals * 4 > n->letters,
                          "many capitals");
    social_judge_trait_if(reader, n->digits * 8 > n->letters, "many digits");
    social_judge_trait_if(reader, n->shouts == 1, "an exclamation mark");
    social_judge_trait_if(reader, n->shouts > 1, "many exclamation marks");
    social_judge_trait_if(reader, n->questions > 0, "a question mark");
    social_judge_trait_if(reader, n->emojis > 0, "an emoji");
    social_judge_trait_if(reader, n->emojis > 3, "many emojis");
    social_judge_trait_if(reader, n->money > 0, "an amount of money");
    social_judge_trait_if(reader, n->percents > 0, "a per cent sign");
    social_judge_trait_if(reader, n->ticks > 1, "some code");
    social_judge_trait_if(reader, n->lines > 2, "many lines");
    social_judge_trait_if(reader, n->phones > 0, "a telephone number");
    social_judge_trait_if(reader, n->mails > 0, "a mail address");
    social_judge_trait_if(reader, n->names > 0, "an @name");
    social_judge_trait_if(reader, text.len && text.data[0] == '>',
                          "a quotation at first");
    social_judge_trait_if(reader, social_judge_has(text, "<a ")
                                  || social_judge_has(text, "[url")
                                  || social_judge_has(text, "[link"),
                          "links written as code");

    social_judge_trait_if(reader, n->latin * 2 > n->letters, "Latin letters");
    social_judge_trait_if(reader, n->greek * 4 > n->letters, "Greek letters");
    social_judge_trait_if(reader, n->cyrillic * 4 > n->letters,
                          "Cyrillic letters");
    social_judge_trait_if(reader, n->arabic * 4 > n->letters,
                          "Arabic letters");
    social_judge_trait_if(reader, n->han * 4 > n->letters,
                          "Chinese or Japanese signs");
    social_judge_trait_if(reader, n->other * 4 > n->letters,
                          "letters of a rarer script");
}


static void
social_judge_traits_name(social_judge_reader_t *reader,
    const social_judge_comment_t *comment)
{
    size_t                 i, blanks;
    social_judge_counts_t  n;

    memset(&n, 0, sizeof(n));
    social_judge_count(&n, comment->name);

    for (i = 0, blanks = 0; i < comment->name.len; i++) {
        blanks += (comment->name.data[i] == ' ');
    }

    social_judge_trait_if(reader, blanks > 1, "a name of many words");
    social_judge_trait_if(reader, n.digits > 0, "digits in the name");
    social_judge_trait(reader, comment->website.len ? "a website is given"
                                                    : "no website is given");
}


void
social_judge_traits(social_judge_reader_t *reader,
    const social_judge_comment_t *comment)
{
    social_judge_counts_t  n;

    memset(&n, 0, sizeof(n));

    social_judge_count(&n, comment->text);
    social_judge_traits_links(reader, &n, comment);
    social_judge_traits_text(reader, &n, comment->text);
    social_judge_traits_name(reader, comment);
}
