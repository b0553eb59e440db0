
/*
 * Title, URLs, dates, language and charset that the HTML scanner reads from a
 * page (social_html_meta.c, social_html_entity.c).
 */

#include "social_html.h"
#include "unit.h"


typedef struct {
    const char  *page;
    size_t       member;        /* offset of the string in the structure */
    const char  *want;
} meta_row_t;


#define TITLE      offsetof(social_html_meta_t, title)
#define CANONICAL  offsetof(social_html_meta_t, canonical)
#define OG_TITLE   offsetof(social_html_meta_t, og_title)
#define OG_URL     offsetof(social_html_meta_t, og_url)
#define OG_IMAGE   offsetof(social_html_meta_t, og_image)
#define PUBLISHED  offsetof(social_html_meta_t, published)
#define LANG       offsetof(social_html_meta_t, lang)
#define CHARSET    offsetof(social_html_meta_t, charset)
#define BASE       offsetof(social_html_meta_t, base)
#define ACTION     offsetof(social_html_meta_t, form_action)
#define TRANSFORM  offsetof(social_html_meta_t, no_transform)


static const meta_row_t  rows[] = {
    { "<base href=/>", BASE, "/" },
    { "<base target=_top><BASE HREF='//a.example/'><base href=/>", BASE,
      "//a.example/" },
    { "<base href=''><base href=/x>", BASE, "" },
    { "<template><base href=/></template>", BASE, "" },
    { "<meta http-equiv=Content-Security-Policy"
      " content=\"default-src 'self'; Form-Action 'self'\">", ACTION, "1" },
    { "<meta content=form-action http-equiv=content-security-policy>", ACTION,
      "1" },
    { "<meta http-equiv=content-security-policy content=default-src>", ACTION,
      "" },
    { "<meta name=content-security-policy content=form-action>", ACTION, "" },
    { "<meta http-equiv=Cache-Control content='no-cache, no-transform'>",
      TRANSFORM, "1" },
    { "<meta http-equiv=cache-control content=no-siteapp>", TRANSFORM, "" },
    { "<title>A  \n\t page </title>", TITLE, "A page" },
    { "<title>Q &amp; A &lt;b&gt; &quot;x&quot; &apos;y&#39;</title>", TITLE,
      "Q & A <b> \"x\" 'y'" },
    { "<title>caf&eacute; &mdash; it&rsquo;s&hellip;</title>", TITLE,
      "caf\xc3\xa9 \xe2\x80\x94 it\xe2\x80\x99s\xe2\x80\xa6" },
    { "<title>a&nbsp;b&#160;c</title>", TITLE, "a\xc2\xa0" "b\xc2\xa0" "c" },
    { "<title>&#x1F600;&#X41;&#66&#128;</title>", TITLE,
      "\xf0\x9f\x98\x80" "AB\xe2\x82\xac" },
    { "<title>&#0;&#xD800;&#x110000;&#99999999999;</title>", TITLE,
      "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
    { "<title>& &; &# &#; &#x; &unknown; &am</title>", TITLE,
      "& &; &# &#; &#x; &unknown; &am" },
    { "<title>a <b>c</b> </titl> </titles>d</title>", TITLE,
      "a <b>c</b> </titl> </titles>d" },
    { "<title></title><title>second</title>", TITLE, "second" },
    { "<title>first</title><title>second</title>", TITLE, "first" },
    { "<TITLE lang=x>A</TITLE >", TITLE, "A" },
    { "<title>never closed", TITLE, "" },
    { "<body><svg><title>icon</title></svg>", TITLE, "" },
    { "<template><title>x</title></template>", TITLE, "" },
    { "<!-- <title>x</title> --><title>y</title>", TITLE, "y" },
    { "<script>'<title>x</title>'</script><title>y</title>", TITLE, "y" },
    { "<title>a\x01" "b\x7f" "c</title>", TITLE, "a b c" },

    { "<link rel=canonical href=https://a.example/x/>", CANONICAL,
      "https://a.example/x/" },
    { "<LINK HREF='/x?a=1&amp;b=2&copy=3' REL='Canonical'>", CANONICAL,
      "/x?a=1&b=2&copy=3" },
    { "<link rel='alternate canonical' href=' /y '>", CANONICAL, "/y" },
    { "<link rel=canonicals href=/x><link rel=canonical href=/y>"
      "<link rel=canonical href=/z>", CANONICAL, "/y" },
    { "<link rel=canonical rel=icon href=/x href=/y>", CANONICAL, "/x" },
    { "<link rel=canonical href=\"/a>b\">", CANONICAL, "/a>b" },
    { "<link rel=icon href=/x>", CANONICAL, "" },
    { "<link rel=canonical>", CANONICAL, "" },
    { "<template><link rel=canonical href=/x></template>", CANONICAL, "" },
    { "</link rel=canonical href=/x>", CANONICAL, "" },

    { "<meta property=og:title content='T &amp; T'>", OG_TITLE, "T & T" },
    { "<meta content=T property=og:title>", OG_TITLE, "T" },
    { "<meta name='og:title' content='T'>", OG_TITLE, "T" },
    { "<meta name=twitter:title property=og:title content=T>", OG_TITLE,
      "T" },
    { "<meta property=og:title content=a><meta property=og:title content=b>",
      OG_TITLE, "a" },
    { "<meta property=og:titles content=a>", OG_TITLE, "" },
    { "<meta property=og:title content=a/>", OG_TITLE, "a/" },
    { "<meta property=og:url content=https://a.example/>", OG_URL,
      "https://a.example/" },
    { "<meta property=\"og:image\" content=\"/i.png\"/>", OG_IMAGE,
      "/i.png" },
    { "<body><select><meta property=og:url content=x></select>", OG_URL, "" },

    { "<meta property=article:published_time content=2024-05-01T10:00:00Z>",
      PUBLISHED, "2024-05-01T10:00:00Z" },
    { "<article><time datetime=2024-05-01>x</time><time datetime=2020-01-01>"
      "</time></article>", PUBLISHED, "2024-05-01" },
    { "<time datetime=2020-01-01></time><article><time>x</time>"
      "<time datetime='2024-05-01'></article>", PUBLISHED, "2024-05-01" },
    { "<meta property=article:published_time content=2024-05-01><article>"
      "<time datetime=2020-01-01></article>", PUBLISHED, "2024-05-01" },
    { "<article><time datetime=2020-01-01></time><meta content=2024-05-01 "
      "name=article:published_time></article>", PUBLISHED, "2024-05-01" },
    { "<main><time datetime=2020-01-01></time></main>", PUBLISHED, "" },

    { "<html lang=en>", LANG, "en" },
    { "<!doctype html>\n<HTML class=x LANG=\"pt-BR\">", LANG, "pt-BR" },
    { "<html><html lang=de>", LANG, "de" },
    { "<html xml:lang=de>", LANG, "" },
    { "<html lang=a-language-that-nobody-ever-spoke-anywhere>", LANG, "" },

    { "<meta charset=utf-8>", CHARSET, "utf-8" },
    { "<meta charset=\" ISO-8859-1 \">", CHARSET, "ISO-8859-1" },
    { "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>",
      CHARSET, "koi8-r" },
    { "<meta content='text/html;charset = \"x\" ; y' http-equiv=content-type>",
      CHARSET, "x" },
    { "<meta http-equiv=refresh content='0; charset=x'>", CHARSET, "" },
    { "<meta http-equiv=content-type content=charset>", CHARSET, "" },
    { "<meta charset=a><meta charset=b>", CHARSET, "a" }
};


static void
feed(social_html_t *h, const char *page, size_t len, size_t piece)
{
    size_t  at, n;

    social_html_init(h, SOCIAL_HTML_AUTO);

    for (at = 0; at < len; at += n) {
        n = (piece < len - at) ? piece : len - at;
        social_html_feed(h, (const unsigned char *) page + at, n);
    }
}


static void
values(void)
{
    size_t         i, piece;
    const char    *got;
    social_html_t  h;

    for (i = 0; i < social_nelts(rows); i++) {
        for (piece = 1; piece < 8; piece++) {
            feed(&h, rows[i].page, strlen(rows[i].page),
                 piece == 7 ? 10000 : piece);
            got = (const char *) social_html_meta(&h) + rows[i].member;

            if (strcmp(got, rows[i].want) != 0) {
                break;
            }
        }

        is_str(got, rows[i].want, rows[i].page);
    }
}


/* too long: a title is cut between characters, a URL is not given */

static void
limits(void)
{
    char           page[8192];
    size_t         i, n;
    const char    *title;
    social_html_t  h;

    for (n = 0; n < 4; n++) {
        memcpy(page, "<title>", 7);
        memset(page + 7, 'x', n);

        for (i = 7 + n; i < 4000; i += 4) {
            memcpy(page + i, "\xf0\x9f\x98\x80", 4);
        }

        memcpy(page + i, "</title>", 9);
        feed(&h, page, strlen(page), 10000);
        title = social_html_meta(&h)->title;

        is_int((int64_t) strlen(title), (int64_t) (n + (255 - n) / 4 * 4),
               "a long title ends with a whole character");
    }

    strcpy(page, "<title>");

    for (i = 7; i < 2000; i += 5) {
        memcpy(page + i, "&amp;", 5);
    }

    strcpy(page + i, "</title>");
    feed(&h, page, strlen(page), 3);
    title = social_html_meta(&h)->title;
    ok(strlen(title) >= 200 && title[200] != 'a' && title[199] == '&',
       "a title of references");

    strcpy(page, "<link rel=canonical href=/");
    memset(page + 26, 'y', 600);
    strcpy(page + 626, ">");
    feed(&h, page, strlen(page), 100);
    is_str(social_html_meta(&h)->canonical, "", "a URL that is too long");

    page[26 + 510] = '>';
    page[26 + 511] = '\0';
    feed(&h, page, strlen(page), 100);
    is_int((int64_t) strlen(social_html_meta(&h)->canonical), 511,
           "the longest URL");
}


int
main(void)
{
    values();
    limits();

    return done();
}
