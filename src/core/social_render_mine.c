
/*
 * The page "Your comments".  Must not fetch anything: comments are given.  Any
 * thread.
 */

#include "social_doc.h"
#include "social_render.h"
#include "social_thread.h"


static const char *
social_render_mine_state(const social_language_t *language, unsigned state)
{
    const char  *text;

    static const char *const  names[] = {
        "", "s_approved", "s_held", "s_spam", "s_deleted"
    };

    text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(
               language->strings, state < social_nelts(names) ? names[state]
                                                              : ""));

    return text ? text : "";
}


/* a comment as its writer sees it: with its text, whatever its state is */

static cJSON *
social_render_mine_item(const social_render_site_t *site,
    const social_language_t *language, const social_comment_t *comment,
    int64_t since)
{
    cJSON             *item;
    unsigned           there;
    social_comment_t   whole;

    whole = *comment;
    whole.state = SOCIAL_APPROVED;
    there = (comment->state != SOCIAL_DELETED);

    item = social_thread_node(&whole, language);

    social_doc_text(item, "title", comment->title[0] ? comment->title
                                                     : comment->key);
    social_render_article_url(item, "article_url", site, comment->key);
    social_doc_text(item, "state_text",
                    social_render_mine_state(language, comment->state));
    social_doc_text(item, "reason_text",
                    social_render_reason(language, comment));
    social_doc_bool(item, "shown", comment->state == SOCIAL_APPROVED);
    social_doc_bool(item, "held", comment->state == SOCIAL_HELD);
    social_doc_bool(item, "there", there);
    social_doc_bool(item, "can_edit", there && comment->created > since);

    return item;
}


static void
social_render_mine_next(cJSON *doc, const social_render_site_t *site,
    const social_language_t *language, int64_t next)
{
    social_out_t  out;

    social_out_init(&out, 4096);
    social_out_text(&out, site->prefix);
    social_out_text(&out, "mine?lang=");
    social_out_text(&out, language->tag);
    social_out_text(&out, "&after=");
    social_out_id(&out, next);
    social_doc_out(doc, "next", &out);
}


int
social_render_mine(const social_render_site_t *site, unsigned language,
    const social_comments_t *list, int64_t since, social_out_t *out)
{
    cJSON                    *doc, *items;
    size_t                    i;
    const social_language_t  *words;

    language = language < site->nlanguages ? language : 0;
    words = &site->languages[language];

    doc = cJSON_CreateObject();
    items = cJSON_CreateArray();

    for (i = 0; i < list->n; i++) {
        social_doc_append(items, social_render_mine_item(site, words,
                                                         &list->items[i],
                                                         since));
    }

    social_doc_bool(doc, "some", list->total > 0);
    social_doc_number(doc, "total", (double) list->total);
    social_doc_add(doc, "list", items);

    if (list->next) {
        social_render_mine_next(doc, site, words, list->next);
    }

    return social_render(site, language, "mine", doc, out);
}
