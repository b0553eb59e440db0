
/*
 * The documents that templates are rendered from: a widget, a page of a
 * thread, a comment of one's own, an error.
 *
 * A social_render_site_t is made at start and then only read, so any thread may
 * render for a site at any time.
 */

#ifndef SOCIAL_RENDER_H_INCLUDED
#define SOCIAL_RENDER_H_INCLUDED


#include "social_comment_list.h"
#include "social_json.h"
#include "social_network.h"
#include "social_out.h"
#include "social_template.h"


#define SOCIAL_RENDER_COMMENTS   100          /* of a page of a thread */
#define SOCIAL_RENDER_MAX        (8 << 20)    /* bytes of a rendered page */
#define SOCIAL_RENDER_LANGUAGES  8


/* a language's table, parsed from its file */

typedef struct {
    const char                   *tag;      /* "en" */
    cJSON                        *strings;
    const char                   *months[12];
} social_language_t;


typedef struct {
    const char                   *name;     /* of the site */
    const char                   *prefix;   /* "/_social/" */
    const char                   *css, *js; /* addresses with their hash */
    const char                   *page_css, *page_js;
    const char                   *moderate; /* "/_moderate/", "" if none */
    const char                   *privacy;  /* "" if none */
    const social_network_t      **networks; /* NULL-terminated, or NULL */
    unsigned                      comments:1;   /* not off */
    unsigned                      open:1;       /* forms, too */
    unsigned                      reactions:1;
    const social_template_set_t  *templates;
    const social_language_t      *languages;
    size_t                        nlanguages;
} social_render_site_t;


/* what is not the site's but the article's */

typedef struct {
    const char                   *key;      /* NUL-terminated */
    const char                   *title;    /* "" if unknown */
    const char                   *url;      /* to share, "" if unknown */
    const char                   *token;
    unsigned                      language; /* index */
    unsigned                      closed:1;
    int64_t                       reactions;
} social_render_article_t;


/*
 * Parses a language's table.  SOCIAL_DECLINED: not JSON, or twelve months are
 * missing.  The strings belong to the caller (cJSON_Delete).
 */
int social_render_language(social_language_t *language, const char *tag,
    const unsigned char *source, size_t len);

/* the index of a BCP 47 tag: "de-AT" finds "de"; 0 where there is none */
unsigned social_render_find_language(const social_render_site_t *site,
    const char *tag, size_t len);

/* the widget; list may be empty, its page is 1 */
int social_render_widget(const social_render_site_t *site,
    const social_render_article_t *article, const social_comments_t *list,
    social_out_t *out);

/*
 * For pages whose policy keeps forms from leading to other sites the share
 * forms have one more field.  Takes these fields out of html, in place, and
 * tells where they were: at most `max` offsets.  Returns how many.
 */
#define SOCIAL_RENDER_VIA                                                     \
    "<input type=\"hidden\" name=\"via\" value=\"link\">\n"

size_t social_render_cut_via(social_out_t *html, size_t *offsets, size_t max);

/* a link to the thread, in the widget's place */
int social_render_fallback(const social_render_site_t *site,
    const social_render_article_t *article, social_out_t *out);

/* a page of the thread as a page of its own */
int social_render_thread(const social_render_site_t *site,
    const social_render_article_t *article, const social_comments_t *list,
    uint32_t page, social_out_t *out);

/* the page of a comment for whoever wrote it */
int social_render_own(const social_render_site_t *site,
    const social_render_article_t *article, const social_comment_t *comment,
    int editable, social_out_t *out);

/* a rendered template over a document that gets the site's names, too;
 * doc is taken over, NULL is SOCIAL_ERROR */
int social_render(const social_render_site_t *site, unsigned language,
    const char *template, cJSON *doc, social_out_t *out);


#endif /* SOCIAL_RENDER_H_INCLUDED */
