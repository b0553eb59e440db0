
/*
 * Renders what readers see: a widget, a page of a thread, a commenter's own
 * comment, an error.
 *
 * A social_render_site_t is filled at start and then only read, so any thread
 * may render for a site at any time.
 */

#ifndef SOCIAL_RENDER_H_INCLUDED
#define SOCIAL_RENDER_H_INCLUDED


#include "social_comment_list.h"
#include "social_json.h"
#include "social_network.h"
#include "social_out.h"
#include "social_template.h"


#define SOCIAL_RENDER_COMMENTS   100       /* comments on a page of a thread */
#define SOCIAL_RENDER_MAX        (1 << 20) /* bytes of a page or document */
#define SOCIAL_RENDER_LANGUAGES  8


/* the words of a language, parsed from its file */

typedef struct {
    const char  *tag;   /* BCP 47, such as "en" */
    cJSON       *strings;
    const char  *months[12];
} social_language_t;


typedef struct social_render_site_s {
    const char                   *name;         /* name of the site */
    const char                   *base;         /* path of `origin`, "" if
                                                 * none; the next ones and
                                                 * moderate begin with it */
    const char                   *prefix;       /* "/_social/" */
    const char                   *css, *js;     /* URLs with a hash */
    const char                   *page_css, *page_js;
    const char                   *status_css, *status_js;
    const char                   *moderate;     /* "/_moderate/", "" if none */
    const char                   *status;       /* "/social", "" if none */
    const char                   *privacy;      /* "" if none */
    const char                   *host;         /* "https://host" in front of
                                                 * paths, or NULL */
    const social_network_t      **networks;     /* NULL-terminated, or NULL */
    unsigned                      comments:1;   /* comments are not off */
    unsigned                      open:1;       /* forms are shown */
    unsigned                      reactions:1;
    const social_template_set_t  *templates;
    const social_language_t      *languages;
    size_t                        nlanguages;

    /* the same with scheme and host in front of all paths, for pages whose
     * <base> leads elsewhere; NULL: not known */
    const struct social_render_site_s  *absolute;
} social_render_site_t;


/* what differs between articles */

typedef struct {
    const char  *key;       /* NUL-terminated */
    const char  *title;     /* "" if unknown */
    const char  *url;       /* URL to share, "" if unknown */
    const char  *token;
    unsigned     language;  /* index of the language */
    unsigned     closed:1;
    unsigned     image:1;   /* the page has one to share */
    unsigned     absolute:1;    /* links need scheme and host */
    int64_t      reactions;
} social_render_article_t;


/*
 * Parses the words of a language.  SOCIAL_DECLINED: not JSON, or there are not
 * twelve months.  The strings belong to the caller (cJSON_Delete).
 */
int social_render_language(social_language_t *language, const char *tag,
    const unsigned char *source, size_t len);

/* the index for a BCP 47 tag: "de-AT" finds "de"; 0 if there is none */
unsigned social_render_find_language(const social_render_site_t *site,
    const char *tag, size_t len);

/*
 * The widget, with page 1 of the comments; list may be empty.  If it does not
 * fit into out, it is rendered without the forms to reply.  SOCIAL_DECLINED: it
 * is rendered, but comments had to be left out: with our templates a list of
 * the store always fits.
 */
int social_render_widget(const social_render_site_t *site,
    const social_render_article_t *article, const social_comments_t *list,
    social_out_t *out);

/*
 * If a page's Content-Security-Policy forbids forms that lead to other sites,
 * share forms have one more field.  Removes these fields from html, in place,
 * and returns how many there were; at most `max` of their offsets are stored.
 */
#define SOCIAL_RENDER_VIA                                                     \
    "<input type=\"hidden\" name=\"via\" value=\"link\">\n"

size_t social_render_cut_via(social_out_t *html, size_t *offsets, size_t max);

/* the widget without comments: a link to the thread */
int social_render_fallback(const social_render_site_t *site,
    const social_render_article_t *article, social_out_t *out);

/* a page of comments as a page of its own, bounded like the widget */
int social_render_thread(const social_render_site_t *site,
    const social_render_article_t *article, const social_comments_t *list,
    uint32_t page, social_out_t *out);

/* adds `text` to obj: a number of comments in words, as above a thread */
void social_render_count_text(const social_render_site_t *site,
    unsigned language, int64_t n, cJSON *obj);

/* the page with a commenter's own comment */
int social_render_own(const social_render_site_t *site,
    const social_render_article_t *article, const social_comment_t *comment,
    int editable, social_out_t *out);

/* Renders a template with a document, to which the site's names are added.
 * Takes doc over; NULL gives SOCIAL_ERROR. */
int social_render(const social_render_site_t *site, unsigned language,
    const char *template, cJSON *doc, social_out_t *out);


#endif /* SOCIAL_RENDER_H_INCLUDED */
