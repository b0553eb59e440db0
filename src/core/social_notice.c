
/*
 * The document of a notice.  Must not tell more than docs/comments.md says:
 * above all no text of a comment that nobody approved, unless it was asked
 * for.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "social_doc.h"
#include "social_notice.h"
#include "social_text.h"
#include "social_time.h"


#define SOCIAL_NOTICE_EXCERPT  500      /* characters of a comment */
#define SOCIAL_NOTICE_TITLE    200
#define SOCIAL_NOTICE_LINK     8192     /* bytes */
#define SOCIAL_NOTICE_TEXT     16384    /* bytes of the sentence */


static const char *const  social_notice_events[] = {
    "", "comment", "held", "report"
};

static const char *const  social_notice_states[] = {
    "", "approved", "held", "spam", "deleted"
};


/* what chat systems act on: mentions, links and references, and characters that
 * turn the direction of the rest; "": left out, NULL: nothing to replace */

static const char *
social_notice_replaced(int32_t c)
{
    switch (c) {

    case '<':
        return "\xe2\x80\xb9";
    case '>':
        return "\xe2\x80\xba";
    case '&':
        return "\xef\xbc\x86";
    case '@':
        return "\xef\xbc\xa0";
    case '[':
        return "\xef\xbc\xbb";
    case ']':
        return "\xef\xbc\xbd";

    case '\n':
        return "\n";

    case 0x2028:
    case 0x2029:
        return " ";

    default:
        break;
    }

    if (c < 0 || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)
        || (c >= 0x7f && c < 0xa0))
    {
        return "";
    }

    return c < 0x20 ? " " : NULL;
}


/* at most max characters of a reader's text */

static void
social_notice_put(social_out_t *out, const char *text, size_t max)
{
    size_t                n;
    int32_t               c;
    const char           *other;
    const unsigned char  *p, *last, *end;

    p = (const unsigned char *) text;
    end = p + strlen(text);

    for (n = 0; p < end && n < max; n++) {
        last = p;
        c = social_text_next(&p, end);
        other = social_notice_replaced(c);

        if (other != NULL) {
            social_out_text(out, other);

        } else {
            social_out_bytes(out, last, (size_t) (p - last));
        }
    }

    if (p < end) {
        social_out_text(out, "\xe2\x80\xa6");
    }
}


/* where the comment is, or, without an id, its article */

static void
social_notice_url(const social_notice_t *notice, const char *path, int64_t id,
    social_out_t *out)
{
    social_out_text(out, notice->origin);
    social_out_public(out, notice->base, (const unsigned char *) path,
                      strlen(path));

    if (id) {
        social_out_text(out, "#comment-");
        social_out_id(out, id);
    }
}


static int
social_notice_waits(const social_notice_t *notice)
{
    return notice->comment->state != SOCIAL_APPROVED;
}


static int
social_notice_has_text(const social_notice_t *notice)
{
    return notice->text || !social_notice_waits(notice);
}


static void
social_notice_sentence(const social_notice_t *notice, social_out_t *out)
{
    const char              *path;
    const social_comment_t  *c;

    c = notice->comment;
    path = c->key;

    if (notice->kind == SOCIAL_NOTICE_REPORT) {
        social_out_text(out, "A reader reported a comment by ");

    } else if (social_notice_waits(notice)) {
        social_out_text(out, "A comment waits for approval: ");
    }

    social_notice_put(out, c->name, SOCIAL_NOTICE_TITLE);

    if (notice->kind != SOCIAL_NOTICE_REPORT && !social_notice_waits(notice)) {
        social_out_text(out, c->parent ? " replied" : " commented");

        if (c->parent && c->parent_name[0]) {
            social_out_text(out, " to ");
            social_notice_put(out, c->parent_name, SOCIAL_NOTICE_TITLE);
        }

    } else if (notice->moderate[0]) {
        path = notice->moderate;
    }

    social_out_text(out, " on \xe2\x80\x9c");
    social_notice_put(out, c->title[0] ? c->title : c->key,
                      SOCIAL_NOTICE_TITLE);
    social_out_text(out, "\xe2\x80\x9d: ");
    social_notice_url(notice, path, c->id, out);

    if (social_notice_has_text(notice)) {
        social_out_text(out, "\n");
        social_notice_put(out, c->text, SOCIAL_NOTICE_EXCERPT);
    }
}


static void
social_notice_link(const social_notice_t *notice, cJSON *obj,
    const char *name, const char *path, int64_t id)
{
    social_out_t  url;

    social_out_init(&url, SOCIAL_NOTICE_LINK);
    social_notice_url(notice, path, id, &url);
    social_doc_out(obj, name, &url);
}


static void
social_notice_time(cJSON *obj, int64_t t)
{
    char  text[SOCIAL_TIME_LEN + 1];

    social_time_format(t, text);
    social_doc_text(obj, "time", text);
}


static void
social_notice_article(const social_notice_t *notice, cJSON *doc)
{
    cJSON  *article;

    article = social_doc_object(doc, "article");
    social_doc_text(article, "key", notice->comment->key);
    social_doc_text(article, "title", notice->comment->title);
    social_notice_link(notice, article, "url", notice->comment->key, 0);
}


static void
social_notice_comment(const social_notice_t *notice, cJSON *doc)
{
    char                     id[SOCIAL_ID_MAX];
    cJSON                   *obj;
    const social_comment_t  *c;

    c = notice->comment;
    obj = social_doc_object(doc, "comment");

    (void) social_id_text(c->id, id);
    social_doc_text(obj, "id", id);

    if (c->parent) {
        (void) social_id_text(c->parent, id);
        social_doc_text(obj, "parent", id);

    } else {
        social_doc_null(obj, "parent");
    }

    social_doc_text(obj, "name", c->name);
    social_doc_text(obj, "state",
                    c->state < social_nelts(social_notice_states)
                        ? social_notice_states[c->state] : "");
    social_doc_text(obj, "reason", c->reason);
    social_doc_number(obj, "reports", c->reports);
    social_notice_time(obj, c->created);
    social_notice_link(notice, obj, "url", c->key, c->id);

    if (social_notice_has_text(notice)) {
        social_doc_text(obj, "text", c->text);

    } else {
        social_doc_null(obj, "text");
    }
}


void
social_notice_id(const social_notice_t *notice, char id[SOCIAL_NOTICE_ID])
{
    /* with the time: a store that was begun anew counts from 1 again */

    (void) snprintf(id, SOCIAL_NOTICE_ID, "n%" PRId64 "-%" PRId64, notice->id,
                    notice->created);
}


void
social_notice_doc(const social_notice_t *notice, social_out_t *out)
{
    char          id[SOCIAL_NOTICE_ID];
    cJSON        *doc;
    social_out_t  text;

    doc = cJSON_CreateObject();

    social_out_init(&text, SOCIAL_NOTICE_TEXT);
    social_notice_sentence(notice, &text);
    social_doc_out(doc, "text", &text);

    social_notice_id(notice, id);
    social_doc_text(doc, "id", id);
    social_doc_text(doc, "event",
                    notice->kind < social_nelts(social_notice_events)
                        ? social_notice_events[notice->kind] : "");
    social_doc_text(doc, "site", notice->site);
    social_notice_time(doc, notice->created);
    social_notice_article(notice, doc);
    social_notice_comment(notice, doc);

    if (notice->moderate[0]) {
        social_notice_link(notice, doc, "moderate", notice->moderate,
                           notice->comment->id);

    } else {
        social_doc_null(doc, "moderate");
    }

    social_doc_print(out, doc);
}
