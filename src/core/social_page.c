
/*
 * Documents for templates, and their rendering.  Pure: any thread.
 */

#include <string.h>

#include "social_page.h"
#include "social_thread.h"


int
social_page_language(social_language_t *language, const char *tag,
    const unsigned char *source, size_t len)
{
    int          i;
    cJSON       *months, *month;

    language->tag = tag;
    language->strings = cJSON_ParseWithLength((const char *) source, len);

    months = cJSON_GetObjectItemCaseSensitive(language->strings, "months");

    if (language->strings == NULL || cJSON_GetArraySize(months) != 12) {
        return SOCIAL_DECLINED;
    }

    i = 0;
    cJSON_ArrayForEach(month, months) {
        language->months[i] = cJSON_GetStringValue(month);

        if (language->months[i++] == NULL) {
            return SOCIAL_DECLINED;
        }
    }

    return SOCIAL_OK;
}


unsigned
social_page_find_language(const social_page_site_t *site, const char *tag,
    size_t len)
{
    size_t  i, n;

    for (n = 0; n < len && tag[n] != '-' && tag[n] != '_'; n++) { /* void */ }

    for (i = 0; i < site->nlanguages; i++) {
        if (strlen(site->languages[i].tag) == n
            && strncasecmp(site->languages[i].tag, tag, n) == 0)
        {
            return (unsigned) i;
        }
    }

    return 0;
}


static const char *
social_page_string(const social_language_t *language, const char *name)
{
    const char  *text;

    text = cJSON_GetStringValue(
               cJSON_GetObjectItemCaseSensitive(language->strings, name));

    return text ? text : "";
}


/* "{n} comments" with its number, into a string item of obj */

static void
social_page_count(cJSON *obj, const char *name,
    const social_language_t *language, int64_t n)
{
    const char    *text, *mark;
    social_out_t   out;

    text = social_page_string(language, n == 0 ? "comments_none"
                                        : n == 1 ? "comments_one"
                                        : "comments_other");
    mark = strstr(text, "{n}");

    social_out_init(&out, 256);

    if (mark) {
        social_out_bytes(&out, text, mark - text);
        social_out_int(&out, n);
        text = mark + 3;
    }

    social_out_text(&out, text);
    social_out_bytes(&out, "", 1);

    if (!out.failed) {
        cJSON_AddStringToObject(obj, name, (char *) out.data);
    }

    social_out_free(&out);
}


/* what every template may name; a reference, so that nothing is copied */

static void
social_page_common(cJSON *doc, const social_page_site_t *site,
    const social_language_t *language)
{
    cJSON_AddStringToObject(doc, "site", site->name);
    cJSON_AddStringToObject(doc, "prefix", site->prefix);
    cJSON_AddStringToObject(doc, "css", site->css);
    cJSON_AddStringToObject(doc, "js", site->js);
    cJSON_AddStringToObject(doc, "page_css", site->page_css);
    cJSON_AddStringToObject(doc, "page_js", site->page_js);
    cJSON_AddStringToObject(doc, "lang", language->tag);
    cJSON_AddStringToObject(doc, "dir",
                            social_page_string(language, "dir"));

    if (site->privacy[0]) {
        cJSON_AddStringToObject(doc, "privacy", site->privacy);
    }

    cJSON_AddItemReferenceToObject(doc, "t", language->strings);
}


int
social_page_render(const social_page_site_t *site, unsigned language,
    const char *template, cJSON *doc, social_out_t *out)
{
    int  rc;

    if (doc == NULL) {
        return SOCIAL_ERROR;
    }

    if (language >= site->nlanguages) {
        language = 0;
    }

    social_page_common(doc, site, &site->languages[language]);

    rc = social_template_render(site->templates, template, doc, out);

    cJSON_Delete(doc);

    return out->failed ? SOCIAL_ERROR : rc;
}


static cJSON *
social_page_networks(const social_page_site_t *site)
{
    cJSON                    *array, *item;
    const social_network_t  **network;

    array = cJSON_CreateArray();

    for (network = site->networks; *network; network++) {
        if ((*network)->image) {
            /* needs a picture: offered where one is known, later */
            continue;
        }

        item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "id", (*network)->id);
        cJSON_AddStringToObject(item, "label", (*network)->label);
        cJSON_AddBoolToObject(item, "instance",
                              (*network)->kind == SOCIAL_NETWORK_MASTODON);
        cJSON_AddBoolToObject(item, "copy",
                              (*network)->kind == SOCIAL_NETWORK_COPY);
        cJSON_AddBoolToObject(item, "native",
                              (*network)->kind == SOCIAL_NETWORK_NATIVE);
        cJSON_AddBoolToObject(item, "form",
                              (*network)->kind == SOCIAL_NETWORK_LINK
                              || (*network)->kind == SOCIAL_NETWORK_EMAIL);
        cJSON_AddItemToArray(array, item);
    }

    return array;
}


/* "/_social/thread?article=KEY&page=N" */

static void
social_page_thread_url(cJSON *obj, const char *name,
    const social_page_site_t *site, const char *key, uint32_t page)
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

    social_out_bytes(&out, "", 1);

    if (!out.failed) {
        cJSON_AddStringToObject(obj, name, (char *) out.data);
    }

    social_out_free(&out);
}


/* KEY as a path: what links back to the article */

static void
social_page_article_url(cJSON *obj, const char *name, const char *key)
{
    social_out_t  out;

    social_out_init(&out, 8192);
    social_out_path(&out, (const unsigned char *) key, strlen(key));
    social_out_bytes(&out, "", 1);

    if (!out.failed) {
        cJSON_AddStringToObject(obj, name, (char *) out.data);
    }

    social_out_free(&out);
}


static void
social_page_comments(cJSON *doc, const social_page_site_t *site,
    const social_page_article_t *article, const social_comments_t *list,
    uint32_t page)
{
    unsigned                  open;
    cJSON                    *comments;
    const social_language_t  *language;

    language = &site->languages[article->language];
    open = site->open && !article->closed;

    comments = cJSON_AddObjectToObject(doc, "comments");

    cJSON_AddBoolToObject(comments, "open", open);
    cJSON_AddBoolToObject(comments, "closed", !open);
    cJSON_AddNumberToObject(comments, "total", (double) list->total);
    cJSON_AddBoolToObject(comments, "none", list->total == 0 && open);
    social_page_count(comments, "count_text", language, list->total);

    cJSON_AddItemToObject(comments, "list",
                          social_thread_nodes(list, SOCIAL_THREAD_LEVELS,
                                              language->months));

    if (list->total > (int64_t) page * SOCIAL_PAGE_COMMENTS) {
        social_page_thread_url(comments, "older", site, article->key,
                               page + 1);
    }
}


static cJSON *
social_page_widget_doc(const social_page_site_t *site,
    const social_page_article_t *article, const social_comments_t *list)
{
    cJSON  *doc, *share, *reactions;

    doc = cJSON_CreateObject();

    cJSON_AddStringToObject(doc, "key", article->key);
    cJSON_AddStringToObject(doc, "token", article->token);
    cJSON_AddBoolToObject(doc, "beacon", 1);
    cJSON_AddBoolToObject(doc, "via_link", 1);

    if (site->networks) {
        share = cJSON_AddObjectToObject(doc, "share");
        cJSON_AddItemToObject(share, "networks",
                              social_page_networks(site));

        if (article->url[0]) {
            cJSON_AddStringToObject(share, "url", article->url);
        }
    }

    if (site->comments) {
        social_page_comments(doc, site, article, list, 1);
    }

    if (site->reactions) {
        reactions = cJSON_AddObjectToObject(doc, "reactions");
        cJSON_AddNumberToObject(reactions, "n", (double) article->reactions);
    }

    return doc;
}


int
social_page_widget(const social_page_site_t *site,
    const social_page_article_t *article, const social_comments_t *list,
    social_out_t *out)
{
    return social_page_render(site, article->language, "widget",
                              social_page_widget_doc(site, article, list),
                              out);
}


size_t
social_page_via(social_out_t *html, size_t *offsets, size_t max)
{
    size_t          n, len, found;
    unsigned char  *p, *end, *to, *next;

    n = sizeof(SOCIAL_PAGE_VIA) - 1;
    found = 0;
    p = html->data;
    end = p + html->len;
    to = p;

    while (found < max) {
        next = memmem(p, end - p, SOCIAL_PAGE_VIA, n);
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
social_page_fallback(const social_page_site_t *site,
    const social_page_article_t *article, social_out_t *out)
{
    cJSON  *doc;

    doc = cJSON_CreateObject();
    cJSON_AddStringToObject(doc, "key", article->key);
    social_page_thread_url(doc, "thread_url", site, article->key, 1);

    return social_page_render(site, article->language, "fallback", doc, out);
}


int
social_page_thread(const social_page_site_t *site,
    const social_page_article_t *article, const social_comments_t *list,
    uint32_t page, social_out_t *out)
{
    cJSON  *doc;

    doc = cJSON_CreateObject();

    cJSON_AddStringToObject(doc, "key", article->key);
    cJSON_AddStringToObject(doc, "token", article->token);
    cJSON_AddStringToObject(doc, "title", article->title[0]
                                          ? article->title : article->key);
    cJSON_AddNumberToObject(doc, "page", page);
    social_page_article_url(doc, "article_url", article->key);
    social_page_comments(doc, site, article, list, page);

    if (page > 1) {
        social_page_thread_url(doc, "prev", site, article->key, page - 1);
    }

    if (list->total > (int64_t) page * SOCIAL_PAGE_COMMENTS) {
        social_page_thread_url(doc, "next", site, article->key, page + 1);
    }

    return social_page_render(site, article->language, "thread", doc, out);
}


int
social_page_own(const social_page_site_t *site,
    const social_page_article_t *article, const social_comment_t *comment,
    int editable, social_out_t *out)
{
    cJSON                    *doc;
    const social_language_t  *language;

    language = &site->languages[article->language];
    doc = cJSON_CreateObject();

    cJSON_AddStringToObject(doc, "key", article->key);
    cJSON_AddStringToObject(doc, "token", article->token);
    cJSON_AddStringToObject(doc, "title", article->title[0]
                                          ? article->title : article->key);
    cJSON_AddItemToObject(doc, "comment",
                          social_thread_node(comment, language->months));
    cJSON_AddBoolToObject(doc, "held", comment->state != SOCIAL_APPROVED);
    cJSON_AddBoolToObject(doc, "can_edit", editable);
    cJSON_AddStringToObject(doc, "reason_text",
                            comment->state == SOCIAL_HELD ? comment->reason
                                                          : "");
    cJSON_AddStringToObject(doc, "text", comment->text);
    social_page_article_url(doc, "article_url", article->key);

    return social_page_render(site, article->language, "own", doc, out);
}
