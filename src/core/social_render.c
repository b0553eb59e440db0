
/*
 * Builds documents for templates and renders them.  Must not fetch anything:
 * comments are given.  Any thread.
 */

#include <stdio.h>
#include <string.h>

#include "social_doc.h"
#include "social_plural.h"
#include "social_render.h"
#include "social_thread.h"


/* adds "8 comments" to obj */

static void
social_render_count(cJSON *obj, const char *name,
    const social_language_t *language, int64_t n)
{
    social_out_t  out;

    social_out_init(&out, 256);

    if (n == 0) {
        social_out_text(&out, social_language_text(language, "comments_none"));

    } else {
        social_language_count(language, "comments", n, &out);
    }

    social_doc_out(obj, name, &out);
}


void
social_render_count_text(const social_render_site_t *site, unsigned language,
    int64_t n, cJSON *obj)
{
    social_render_count(obj, "text", &site->languages[language], n);
}


/* adds the plural forms that a script chooses from: "one", "other" */

static void
social_render_forms(cJSON *obj, const social_language_t *language)
{
    cJSON              *array, *item;
    const char         *text;
    const char *const  *form;

    array = cJSON_CreateArray();

    for (form = social_plural_forms; *form; form++) {
        text = social_language_form(language, "comments", *form);

        if (text[0]) {
            item = cJSON_CreateObject();
            social_doc_text(item, "form", *form);
            social_doc_text(item, "text", text);
            social_doc_append(array, item);
        }
    }

    social_doc_add(obj, "forms", array);
}


/* adds what every template may use; the words of the language are not
 * copied */

static void
social_render_common(cJSON *doc, const social_render_site_t *site,
    const social_language_t *language)
{
    social_doc_text(doc, "site", site->name);
    social_doc_text(doc, "prefix", site->prefix);
    social_doc_text(doc, "css", site->css);
    social_doc_text(doc, "js", site->js);
    social_doc_text(doc, "page_css", site->page_css);
    social_doc_text(doc, "page_js", site->page_js);
    social_doc_text(doc, "status_css", site->status_css);
    social_doc_text(doc, "status_js", site->status_js);
    social_doc_text(doc, "lang", language->tag);
    social_doc_text(doc, "dir", social_language_text(language, "dir"));

    if (site->privacy[0]) {
        social_doc_text(doc, "privacy", site->privacy);
    }

    social_doc_reference(doc, "t", language->strings);
}


int
social_render(const social_render_site_t *site, unsigned language,
    const char *template, cJSON *doc, social_out_t *out)
{
    int  rc;

    if (doc == NULL) {
        return SOCIAL_ERROR;
    }

    if (language >= site->nlanguages) {
        language = 0;
    }

    social_render_common(doc, site, &site->languages[language]);

    rc = SOCIAL_ERROR;

    if (social_doc_is_complete(doc)) {
        rc = social_template_render(site->templates, template, doc, out);
    }

    cJSON_Delete(doc);

    return out->failed ? SOCIAL_ERROR : rc;
}


static cJSON *
social_render_networks(const social_render_site_t *site,
    const social_render_article_t *article)
{
    cJSON                    *array, *item;
    const social_network_t  **network;

    array = cJSON_CreateArray();

    for (network = site->networks; *network; network++) {
        if ((*network)->needs_image && !article->image) {
            continue;
        }

        item = cJSON_CreateObject();
        social_doc_text(item, "id", (*network)->id);
        social_doc_text(item, "label", (*network)->label);
        social_doc_bool(item, "instance",
                        (*network)->kind == SOCIAL_NETWORK_MASTODON);
        social_doc_bool(item, "copy", (*network)->kind == SOCIAL_NETWORK_COPY);
        social_doc_bool(item, "native",
                        (*network)->kind == SOCIAL_NETWORK_NATIVE);
        social_doc_bool(item, "form",
                        (*network)->kind == SOCIAL_NETWORK_LINK
                        || (*network)->kind == SOCIAL_NETWORK_EMAIL);
        social_doc_append(array, item);
    }

    return array;
}


/* "/_social/thread?article=KEY&page=N" */

static void
social_render_thread_url(cJSON *obj, const char *name,
    const social_render_site_t *site, const char *key, uint32_t page)
{
    social_out_t  out;

    social_out_init(&out, 8192);
    social_out_text(&out, site->prefix);
    social_out_text(&out, "thread?article=");
    social_out_query(&out, (const unsigned char *) key, strlen(key));

    if (page > 1) {
        social_out_text(&out, "&page=");
        social_out_int(&out, page);
    }

    social_doc_out(obj, name, &out);
}


/* where a comment is shown, on the article's page or on one of its thread's */

static void
social_render_comment_url(cJSON *obj, const char *name,
    const social_render_site_t *site, const char *key,
    const social_comment_t *comment)
{
    social_out_t  out;

    social_out_init(&out, 8192);

    if (comment->page > 1) {
        social_out_text(&out, site->prefix);
        social_out_text(&out, "thread?article=");
        social_out_query(&out, (const unsigned char *) key, strlen(key));
        social_out_text(&out, "&page=");
        social_out_int(&out, comment->page);

    } else {
        social_out_public(&out, site->base, (const unsigned char *) key,
                          strlen(key));
    }

    social_out_text(&out, "#comment-");
    social_out_id(&out, comment->id);
    social_doc_out(obj, name, &out);
}


/* "/_social/feed.atom?article=KEY" */

static void
social_render_feed_url(cJSON *obj, const social_render_site_t *site,
    const char *key)
{
    social_out_t  out;

    social_out_init(&out, 8192);
    social_out_text(&out, site->prefix);
    social_out_text(&out, "feed.atom?article=");
    social_out_query(&out, (const unsigned char *) key, strlen(key));
    social_doc_out(obj, "feed", &out);
}


void
social_render_article_url(cJSON *obj, const char *name,
    const social_render_site_t *site, const char *key)
{
    social_out_t  out;

    social_out_init(&out, 8192);
    social_out_public(&out, site->base, (const unsigned char *) key,
                      strlen(key));
    social_doc_out(obj, name, &out);
}


/* in front of "#comment-ID" on pages of others, which may have a <base> */

static void
social_render_page_url(cJSON *obj, const social_render_site_t *site,
    const char *key)
{
    social_out_t  out;

    social_out_init(&out, 8192);

    if (site->host) {
        social_out_text(&out, site->host);
    }

    social_out_public(&out, site->base, (const unsigned char *) key,
                      strlen(key));
    social_doc_out(obj, "page_url", &out);
}


/* where the thread is now, or null */

static void
social_render_moved(cJSON *comments, const social_render_site_t *site,
    const social_comments_t *list)
{
    cJSON         *moved;
    const char    *title;
    social_out_t   out;

    if (list->moved_key == NULL) {
        social_doc_null(comments, "moved");
        return;
    }

    title = list->moved_title;
    moved = social_doc_object(comments, "moved");
    social_doc_text(moved, "title", title && title[0] ? title
                                                      : list->moved_key);
    social_out_init(&out, 8192);

    if (site->host) {
        social_out_text(&out, site->host);
    }

    social_out_public(&out, site->base, (unsigned char *) list->moved_key,
                      strlen(list->moved_key));
    social_doc_out(moved, "url", &out);
}


static void
social_render_comments(cJSON *doc, const social_render_site_t *site,
    const social_render_article_t *article, const social_comments_t *list,
    uint32_t page)
{
    unsigned                  open, moved, oldest;
    cJSON                    *comments;
    const social_language_t  *language;

    language = &site->languages[article->language];
    moved = (list->moved_key != NULL);
    open = site->open && !article->closed && !moved;
    oldest = (site->order == SOCIAL_OLDEST);

    comments = social_doc_object(doc, "comments");

    social_doc_bool(comments, "open", open);
    social_doc_bool(comments, "closed", !open && !moved);
    social_doc_number(comments, "total", moved ? 0 : (double) list->total);
    social_doc_bool(comments, "none", list->total == 0 && open);
    social_render_moved(comments, site, list);
    social_render_count(comments, "count_text", language, list->total);
    social_render_forms(comments, language);

    social_doc_add(comments, "list",
                   social_thread_nodes(list, SOCIAL_THREAD_LEVELS, language));

    /* the link to page + 1 stands where its comments would */

    if (list->next) {
        social_render_thread_url(comments, oldest ? "later" : "older", site,
                                 article->key, page + 1);
    }
}


static cJSON *
social_render_widget_doc(const social_render_site_t *site,
    const social_render_article_t *article, const social_comments_t *list)
{
    cJSON  *doc, *share, *reactions;

    doc = cJSON_CreateObject();

    social_doc_text(doc, "key", article->key);
    social_doc_text(doc, "token", article->token);
    social_doc_bool(doc, "beacon", 1);
    social_doc_bool(doc, "via_link", 1);
    social_render_page_url(doc, site, article->key);

    if (site->networks) {
        share = social_doc_object(doc, "share");
        social_doc_add(share, "networks",
                       social_render_networks(site, article));

        if (article->url[0]) {
            social_doc_text(share, "url", article->url);
        }
    }

    if (site->comments) {
        social_render_comments(doc, site, article, list, 1);
    }

    if (site->reactions) {
        reactions = social_doc_object(doc, "reactions");
        social_doc_number(reactions, "n", (double) article->reactions);
    }

    return doc;
}


static cJSON *
social_render_thread_doc(const social_render_site_t *site,
    const social_render_article_t *article, const social_comments_t *list,
    uint32_t page)
{
    cJSON  *doc;

    doc = cJSON_CreateObject();

    social_doc_text(doc, "key", article->key);
    social_doc_text(doc, "token", article->token);
    social_doc_text(doc, "title", article->title[0]
                                  ? article->title : article->key);
    social_doc_number(doc, "page", page);
    social_doc_bool(doc, "oldest", site->order == SOCIAL_OLDEST);
    social_render_article_url(doc, "article_url", site, article->key);
    social_render_feed_url(doc, site, article->key);
    social_render_comments(doc, site, article, list, page);

    if (page > 1) {
        social_render_thread_url(doc, "prev", site, article->key, page - 1);
    }

    if (list->next) {
        social_render_thread_url(doc, "next", site, article->key, page + 1);
    }

    return doc;
}


/* page 0: the widget */

static int
social_render_part(const social_render_site_t *site,
    const social_render_article_t *article, const social_comments_t *list,
    uint32_t page, social_out_t *out)
{
    return social_render(site, article->language, page ? "thread" : "widget",
                         page ? social_render_thread_doc(site, article, list,
                                                         page)
                              : social_render_widget_doc(site, article, list),
                         out);
}


/* if the page does not fit into out, leaves out the forms, then half of the
 * comments, those that the next page is nearest to, until it does */

static int
social_render_bounded(const social_render_site_t *site,
    const social_render_article_t *article, const social_comments_t *list,
    uint32_t page, social_out_t *out)
{
    int                      rc, cut;
    size_t                   keep;
    social_comments_t        part;
    social_render_article_t  closed;

    part = *list;
    closed = *article;
    cut = 0;

    rc = social_render_part(site, article, list, page, out);

    while (rc != SOCIAL_OK && out->full && (!closed.closed || part.n > 1)) {

        if (closed.closed) {
            keep = part.n / 2;
            part.items += (site->order == SOCIAL_OLDEST) ? 0 : part.n - keep;
            part.n = keep;
            cut = 1;
        }

        closed.closed = 1;
        social_out_free(out);
        rc = social_render_part(site, &closed, &part, page, out);
    }

    return rc != SOCIAL_OK ? SOCIAL_ERROR : cut ? SOCIAL_DECLINED : SOCIAL_OK;
}


int
social_render_widget(const social_render_site_t *site,
    const social_render_article_t *article, const social_comments_t *list,
    social_out_t *out)
{
    if (article->absolute && site->absolute) {
        site = site->absolute;
    }

    return social_render_bounded(site, article, list, 0, out);
}


size_t
social_render_cut_via(social_out_t *html, size_t *offsets, size_t max)
{
    size_t          n, len, found;
    unsigned char  *p, *end, *to, *next;

    n = sizeof(SOCIAL_RENDER_VIA) - 1;
    found = 0;
    p = html->data;
    end = p + html->len;
    to = p;

    while (found < max) {
        next = memmem(p, end - p, SOCIAL_RENDER_VIA, n);
        if (next == NULL) {
            break;
        }

        len = next - p;
        memmove(to, p, len);
        to += len;
        p = next + n;
        offsets[found++] = to - html->data;
    }

    memmove(to, p, end - p);
    html->len = to + (end - p) - html->data;

    return found;
}


int
social_render_fallback(const social_render_site_t *site,
    const social_render_article_t *article, social_out_t *out)
{
    cJSON  *doc;

    if (article->absolute && site->absolute) {
        site = site->absolute;
    }

    doc = cJSON_CreateObject();
    social_doc_text(doc, "key", article->key);
    social_render_thread_url(doc, "thread_url", site, article->key, 1);

    return social_render(site, article->language, "fallback", doc, out);
}


int
social_render_thread(const social_render_site_t *site,
    const social_render_article_t *article, const social_comments_t *list,
    uint32_t page, social_out_t *out)
{
    return social_render_bounded(site, article, list, page, out);
}


/* the text r_REASON.  What follows the colon are words that the filter knows:
 * for the moderator only */

const char *
social_render_rule(const social_language_t *language, const char *reason)
{
    char         name[64], *p;
    const char  *text;

    (void) snprintf(name, sizeof(name), "r_%.*s", (int) strcspn(reason, ":"),
                    reason);

    for (p = name; *p; p++) {
        *p = (*p == ' ') ? '_' : *p;
    }

    text = cJSON_GetStringValue(
               cJSON_GetObjectItemCaseSensitive(language->strings, name));

    return text ? text : reason;
}


const char *
social_render_reason(const social_language_t *language,
    const social_comment_t *comment)
{
    if (comment->state != SOCIAL_HELD || comment->reason == NULL
        || comment->reason[0] == '\0')
    {
        return "";
    }

    return social_render_rule(language, comment->reason);
}


int
social_render_own(const social_render_site_t *site,
    const social_render_article_t *article, const social_comment_t *comment,
    int editable, social_out_t *out)
{
    cJSON                    *doc;
    const social_language_t  *language;

    language = &site->languages[article->language];
    doc = cJSON_CreateObject();

    social_doc_text(doc, "key", article->key);
    social_doc_text(doc, "token", article->token);
    social_doc_text(doc, "title", article->title[0]
                                  ? article->title : article->key);
    social_doc_add(doc, "comment", social_thread_node(comment, language));
    social_doc_bool(doc, "held", comment->state != SOCIAL_APPROVED);
    social_doc_bool(doc, "can_edit", editable);
    social_doc_text(doc, "reason_text",
                    social_render_reason(language, comment));
    social_doc_text(doc, "text", comment->text);
    social_render_article_url(doc, "article_url", site, article->key);
    social_render_comment_url(doc, "comment_url", site, article->key, comment);

    return social_render(site, article->language, "own", doc, out);
}
