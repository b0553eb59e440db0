
/*
 * A comment of the queue, with its context, as a document: for the page and for
 * programs.  Any thread.
 */

#include "ngx_http_social_admin_moderate.h"
#include "social_thread.h"
#include "social_time.h"


/* leads to the page of the thread that has the comment */

static void
ngx_http_social_admin_item_place(cJSON *item, const char *name,
    ngx_http_social_site_t *site, int64_t id)
{
    social_out_t  out;

    social_out_init(&out, 4096);
    social_out_text(&out, site->page->prefix);
    social_out_text(&out, "comments/");
    social_out_id(&out, id);
    social_doc_out(item, name, &out);
}


/* the paths of a comment's article, of its parent, and of where it is shown */

static void
ngx_http_social_admin_item_url(cJSON *item, ngx_http_social_site_t *site,
    social_comment_t *comment)
{
    social_out_t  out;

    if (comment->parent) {
        ngx_http_social_admin_item_place(item, "parent_url", site,
                                          comment->parent);
    }

    if (comment->state == SOCIAL_APPROVED) {
        ngx_http_social_admin_item_place(item, "comment_url", site,
                                          comment->id);
    }

    social_out_init(&out, 4096);
    social_out_public(&out, site->page->base, (unsigned char *) comment->key,
                      strlen(comment->key));
    social_doc_out(item, "article_url", &out);
}


/* lists in moderation that have more of this: of the person, of what is alike,
 * of the article */

static void
ngx_http_social_admin_item_lists(cJSON *item, const social_str_t *base,
    social_comment_t *comment)
{
    size_t        i;
    social_out_t  out;

    static const struct {
        const char  *name, *query;
    } lists[] = {
        { "person_url", "?person=" }, { "like_url", "?like=" }
    };

    for (i = 0; i < social_nelts(lists); i++) {
        if (i == 0 && comment->role == SOCIAL_AUTHOR) {
            social_doc_null(item, lists[i].name);
            continue;
        }

        social_out_init(&out, 4096);
        social_out_bytes(&out, base->data, base->len);
        social_out_text(&out, lists[i].query);
        social_out_id(&out, comment->id);
        social_doc_out(item, lists[i].name, &out);
    }

    social_out_init(&out, 4096);
    social_out_bytes(&out, base->data, base->len);
    social_out_text(&out, "?article=");
    social_out_query(&out, (unsigned char *) comment->key,
                     strlen(comment->key));
    social_doc_out(item, "thread_url", &out);
}


/* the reason in the moderator's language, with the words that the filter
 * names */

static void
ngx_http_social_admin_item_reason(cJSON *item,
    const social_language_t *language, const char *reason)
{
    social_out_t  out;

    social_out_init(&out, 1024);

    if (reason[0]) {
        social_out_text(&out, social_render_rule(language, reason));
        social_out_text(&out, reason + strcspn(reason, ":"));
    }

    social_doc_out(item, "reason", &out);
}


cJSON *
ngx_http_social_admin_item(ngx_http_social_site_t *site, ngx_uint_t language,
    const social_str_t *base, int64_t looked, social_comment_t *comment)
{
    cJSON             *item;
    social_comment_t   shown;

    /* the moderator sees what was deleted, too */

    shown = *comment;
    shown.state = SOCIAL_APPROVED;

    item = social_thread_node(&shown, &site->page->languages[language]);

    social_doc_text(item, "title", comment->title[0]
                                   ? comment->title : comment->key);
    social_doc_text(item, "text", comment->text);
    ngx_http_social_admin_item_reason(
        item, &site->page->languages[language], comment->reason);
    social_doc_text(item, "parent_name", comment->parent_name);
    social_doc_bool(item, "held", comment->state == SOCIAL_HELD);
    social_doc_bool(item, "approved", comment->state == SOCIAL_APPROVED);
    social_doc_bool(item, "spam", comment->state == SOCIAL_SPAM);
    cJSON_DeleteItemFromObjectCaseSensitive(item, "deleted");
    social_doc_bool(item, "deleted", comment->state == SOCIAL_DELETED);
    social_doc_bool(item, "answered", comment->answered);
    social_doc_bool(item, "done", comment->done);
    social_doc_number(item, "reports", comment->reports);
    social_doc_text(item, "parent_text", comment->parent_text
                                         ? comment->parent_text : "");
    social_doc_bool(item, "is_new", looked && comment->fresh);
    social_doc_bool(item, "is_changed", looked && !comment->fresh
                                        && comment->rewritten);
    ngx_http_social_admin_item_lists(item, base, comment);
    ngx_http_social_admin_item_url(item, site, comment);

    return item;
}


cJSON *
ngx_http_social_admin_item_json(social_comment_t *comment)
{
    cJSON  *item;

    item = social_thread_api_comment(comment);

    social_doc_text(item, "article", comment->key);
    social_doc_text(item, "title", comment->title);
    social_doc_text(item, "text", comment->text);
    social_doc_text(item, "state",
                    ngx_http_social_api_state_name(comment->state));
    social_doc_text(item, "reason", comment->reason);
    social_doc_bool(item, "answered", comment->answered);
    social_doc_bool(item, "done", comment->done);
    social_doc_bool(item, "new", comment->fresh);
    social_doc_bool(item, "changed", comment->rewritten);
    social_doc_text(item, "parent_text", comment->parent_text
                                         ? comment->parent_text : "");
    social_doc_number(item, "reports", comment->reports);

    return item;
}


void
ngx_http_social_admin_item_time(cJSON *item, const char *name,
    ngx_http_social_site_t *site, ngx_uint_t language, int64_t at)
{
    char    text[SOCIAL_TIME_LEN + 1], when[SOCIAL_LANGUAGE_DATE];
    cJSON  *time;

    if (at == 0) {
        social_doc_null(item, name);
        return;
    }

    time = social_doc_object(item, name);

    social_time_format(at, text);
    social_language_date(&site->page->languages[language], at, when);
    social_doc_text(time, "time", text);
    social_doc_text(time, "time_text", when);
}
