
/*
 * Comments of readers: new, edited, deleted, reported, erased.
 *
 * form -> checked here -> a write in a batch -> durable -> the article's
 * revision moves on -> answered.
 */

#include "ngx_http_social_api.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_visitor.h"
#include "ngx_http_social_widget.h"
#include "ngx_http_social_zone.h"
#include "social_prose.h"
#include "social_text.h"
#include "social_thread.h"


#define NGX_HTTP_SOCIAL_WINDOW  900     /* seconds to change an own comment */


/* a cleaned copy of a field in r->pool */

typedef struct {
    ngx_str_t    name, website, text;
    int64_t      parent;
    ngx_str_t    reason;                /* why it is held, "" if it is not */
    unsigned     trap:1;                /* filled what people do not see */
} ngx_http_social_draft_t;


static ngx_int_t
ngx_http_social_field_error(ngx_http_social_input_t *in, const char *field,
    const char *message)
{
    (void) ngx_http_social_error(in, 422, "value",
                                 message, field);
    return NGX_DECLINED;
}


/* NGX_OK, or what to return; look at in->answered */

static ngx_int_t
ngx_http_social_draft_text(ngx_http_social_input_t *in,
    ngx_http_social_draft_t *draft)
{
    size_t  n;

    draft->text.data = ngx_pnalloc(in->request->pool, in->text.len + 1);
    if (draft->text.data == NULL) {
        return NGX_ERROR;
    }

    if (social_text_clean_text(in->text.data, in->text.len,
                               draft->text.data, &draft->text.len)
        != SOCIAL_OK)
    {
        return ngx_http_social_field_error(in, "text",
            "The comment holds characters that are not text.");
    }

    n = social_text_count(draft->text.data, draft->text.len);

    if (n == 0) {
        return ngx_http_social_field_error(in, "text",
                                           "The comment is empty.");
    }

    if (n > SOCIAL_TEXT_MAX) {
        return ngx_http_social_field_error(in, "text",
            "The comment is longer than 10,000 characters.");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_draft_name(ngx_http_social_input_t *in,
    ngx_http_social_draft_t *draft)
{
    size_t  n;

    if (ngx_http_social_author(in->request, in->rec, &draft->name)) {
        return NGX_OK;
    }

    draft->name.data = ngx_pnalloc(in->request->pool, in->name.len + 1);
    if (draft->name.data == NULL) {
        return NGX_ERROR;
    }

    if (social_text_clean_line(in->name.data, in->name.len,
                               draft->name.data, &draft->name.len)
        != SOCIAL_OK)
    {
        return ngx_http_social_field_error(in, "name",
            "The name holds characters that cannot stand in a name.");
    }

    n = social_text_count(draft->name.data, draft->name.len);

    if (n == 0) {
        return ngx_http_social_field_error(in, "name",
                                           "A name is needed.");
    }

    if (n > SOCIAL_NAME_MAX) {
        return ngx_http_social_field_error(in, "name",
            "The name is longer than 60 characters.");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_draft_website(ngx_http_social_input_t *in,
    ngx_http_social_draft_t *draft)
{
    int  rc;

    draft->website.data = ngx_pnalloc(in->request->pool,
                                      SOCIAL_WEBSITE_SIZE + 1);
    if (draft->website.data == NULL) {
        return NGX_ERROR;
    }

    rc = social_text_website(in->website.data, in->website.len,
                             draft->website.data, &draft->website.len);

    if (rc == SOCIAL_LIMIT) {
        return ngx_http_social_field_error(in, "website",
            "The website's address is longer than 200 characters.");
    }

    if (rc != SOCIAL_OK) {
        return ngx_http_social_field_error(in, "website",
            "The website is not an address such as https://example.org/.");
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_social_blocked(ngx_http_social_site_t *site,
    ngx_http_social_draft_t *draft)
{
    ngx_uint_t     i;
    ngx_regex_t  **regex;

    if (site->blocks == NULL) {
        return 0;
    }

    regex = site->blocks->elts;

    for (i = 0; i < site->blocks->nelts; i++) {
        if (ngx_regex_exec(regex[i], &draft->text, NULL, 0) >= 0
            || ngx_regex_exec(regex[i], &draft->name, NULL, 0) >= 0
            || ngx_regex_exec(regex[i], &draft->website, NULL, 0) >= 0)
        {
            return 1;
        }
    }

    return 0;
}


/* why a comment waits for the moderator; "" if it does not */

static void
ngx_http_social_draft_judge(ngx_http_social_input_t *in,
    ngx_http_social_draft_t *draft)
{
    ngx_http_social_site_t  *site;

    site = in->site;
    ngx_str_set(&draft->reason, "");
    draft->trap = (in->subject.len != 0);

    if (draft->trap) {
        ngx_str_set(&draft->reason, "honeypot");

    } else if (ngx_http_social_blocked(site, draft)) {
        ngx_str_set(&draft->reason, "blocked words");

    } else if (site->limit_comments
               && social_prose_links(draft->text.data, draft->text.len)
                  > site->limit_links)
    {
        ngx_str_set(&draft->reason, "links");

    } else if (site->comments == NGX_HTTP_SOCIAL_COMMENTS_HOLD) {
        ngx_str_set(&draft->reason, "all comments are held");
    }
}


static ngx_int_t
ngx_http_social_draft(ngx_http_social_input_t *in,
    ngx_http_social_draft_t *draft)
{
    ngx_int_t  rc;

    rc = ngx_http_social_draft_name(in, draft);

    if (rc == NGX_OK) {
        rc = ngx_http_social_draft_website(in, draft);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_social_draft_text(in, draft);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    draft->parent = 0;

    if (in->parent.len) {
        draft->parent = ngx_http_social_id(in->parent.data, in->parent.len);

        if (draft->parent == 0) {
            (void) ngx_http_social_error(in, NGX_HTTP_NOT_FOUND, "parent",
                "The comment that this answers is not there.", "parent");
            return NGX_DECLINED;
        }
    }

    ngx_http_social_draft_judge(in, draft);

    return NGX_OK;
}


/* a check answered (NGX_DECLINED), or there was no memory */

static ngx_int_t
ngx_http_social_checked(ngx_int_t rc)
{
    return rc == NGX_DECLINED ? NGX_OK : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/* for what the store says of a comment; strings stay the request's */

static cJSON *
ngx_http_social_comment_doc(ngx_http_social_input_t *in,
    social_write_t *write)
{
    cJSON             *doc, *item;
    char              *name, *website, *text;
    social_comment_t   comment;

    static const char *const  states[] = {
        "", "approved", "held", "spam", "deleted"
    };

    name = strndup((char *) write->name.data, write->name.len);
    website = strndup((char *) write->website.data, write->website.len);
    text = strndup((char *) write->text.data, write->text.len);

    ngx_memzero(&comment, sizeof(social_comment_t));
    comment.id = write->wrote_id;
    comment.parent = write->wrote_parent;
    comment.name = name;
    comment.website = website;
    comment.text = text;
    comment.created = write->now;
    comment.role = write->wrote_role;
    comment.state = write->wrote_state;

    doc = NULL;

    if (name && website && text) {
        item = social_thread_api_comment(&comment);
        cJSON_AddStringToObject(item, "state", states[write->wrote_state]);

        doc = cJSON_CreateObject();
        cJSON_AddItemToObject(doc, "comment", item);
    }

    free(name);
    free(website);
    free(text);

    return doc;
}


/* the event's fields of a comment that was written */

void
ngx_http_social_comment_event(ngx_http_social_input_t *in,
    const char *event, social_write_t *write)
{
    ngx_http_social_rec_t  *rec;

    static ngx_str_t  states[] = {
        ngx_null_string,
        ngx_string("approved"),
        ngx_string("held"),
        ngx_string("spam"),
        ngx_string("deleted")
    };

    rec = in->rec;

    rec->event.data = (u_char *) event;
    rec->event.len = ngx_strlen(event);
    rec->comment = ngx_http_social_id_text(in->request, write->wrote_id);
    rec->state = states[write->wrote_state];

    if (write->wrote_parent) {
        rec->parent = ngx_http_social_id_text(in->request,
                                              write->wrote_parent);
    }

    if (write->wrote_role == SOCIAL_AUTHOR) {
        ngx_str_set(&rec->role, "author");

    } else {
        ngx_str_set(&rec->role, "reader");
    }

    if (rec->key_ok == 0) {
        rec->key.len = ngx_strlen(write->wrote_key);
        rec->key.data = ngx_pnalloc(in->request->pool, rec->key.len);

        if (rec->key.data) {
            ngx_memcpy(rec->key.data, write->wrote_key, rec->key.len);
            rec->key_known = 1;
            rec->key_ok = 1;
        }
    }
}


static ngx_int_t
ngx_http_social_comment_answer(ngx_http_social_input_t *in,
    social_write_t *write)
{
    u_char     *p;
    ngx_str_t   location, id;
    ngx_uint_t  approved;

    approved = (write->wrote_state == SOCIAL_APPROVED);

    if (in->json) {
        return ngx_http_social_reply_json(in->request,
                                          approved ? NGX_HTTP_CREATED
                                                   : NGX_HTTP_ACCEPTED,
                                          NGX_HTTP_SOCIAL_NO_STORE,
                                          ngx_http_social_comment_doc(in,
                                                                  write));
    }

    if (approved) {
        location = ngx_http_social_article_path(in->request, &in->rec->key,
                                                write->wrote_id);

    } else {
        id = ngx_http_social_id_text(in->request, write->wrote_id);
        location.data = ngx_pnalloc(in->request->pool,
                                    in->site->prefix.len + id.len
                                    + sizeof("comments/"));
        p = location.data;

        if (p) {
            p = ngx_sprintf(p, "%Vcomments/%V", &in->site->prefix, &id);
            location.len = p - location.data;
        }
    }

    if (location.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_reply_see_other(in->request, &location);
}


static void
ngx_http_social_comment_done(ngx_http_request_t *r,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_int_t                 rc;
    ngx_str_t                 key;
    social_write_t           *write;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_input_of(r);
    write = &posts[0]->write;

    if (write->status != SOCIAL_WROTE) {
        ngx_http_finalize_request(r, ngx_http_social_write_error(in, write));
        return;
    }

    key = in->rec->key;

    if (write->visible) {
        ngx_http_social_widget_changed(in->site, &key,
            write->wrote_state == SOCIAL_APPROVED ? 1 : 0);
    }

    if (write->wrote_role == SOCIAL_READER && in->subject.len == 0) {
        ngx_http_social_active(in);
    }

    ngx_http_social_comment_event(in, write->wrote_parent ? "reply"
                                                          : "comment", write);

    rc = ngx_http_social_comment_answer(in, write);

    ngx_http_finalize_request(r, rc);
}


/* who writes: the cookie's commenter, or a new one */

static ngx_int_t
ngx_http_social_comment_who(ngx_http_social_input_t *in,
    ngx_http_social_draft_t *draft, social_write_t *write)
{
    uint64_t                 visitor;
    const char              *source;
    ngx_http_request_t      *r;

    r = in->request;

    if (in->rec->author) {
        write->author = 1;
        write->state = SOCIAL_APPROVED;
        ngx_str_set(&draft->reason, "");
        return NGX_OK;
    }

    if (ngx_http_social_commenter(r, in->site, write->commenter) == NGX_OK) {
        write->returning = 1;

    } else if (ngx_http_social_commenter_new(r, in->site, write->commenter)
               != NGX_OK)
    {
        return NGX_ERROR;
    }

    visitor = ngx_http_social_visitor(r, in->rec);

    write->weak = ngx_http_social_fingerprint(in->site,
                                              NGX_HTTP_SOCIAL_MARK_ACTIVE,
                                              visitor, &draft->name, 1);
    write->first = (in->site->comments == NGX_HTTP_SOCIAL_COMMENTS_FIRST
                    && draft->reason.len == 0);
    write->state = draft->reason.len ? SOCIAL_HELD : SOCIAL_APPROVED;

    in->rec->source = ngx_http_social_touch(in->site, visitor, 0);
    source = ngx_http_social_source_id(in->rec->source);
    source = source ? source : "";

    (void) ngx_cpystrn((u_char *) write->source, (u_char *) source,
                       sizeof(write->source));

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_comment_limit(ngx_http_social_input_t *in)
{
    time_t  wait;

    if (in->site->limit_comments == 0
        || ngx_http_social_author(in->request, in->rec, NULL))
    {
        return NGX_OK;
    }

    wait = ngx_http_social_rate(in->site,
                                ngx_http_social_client(in->request, in->site),
                                in->site->limit_comments,
                                in->site->limit_time);
    if (wait == 0) {
        return NGX_OK;
    }

    return ngx_http_social_error_retry(in, NGX_HTTP_TOO_MANY_REQUESTS,
        "limit", "That was a lot in a short time. Please wait a little and "
        "send it again: what you typed is kept.", wait);
}


ngx_int_t
ngx_http_social_comment_new(ngx_http_social_input_t *in)
{
    u_char                   *p;
    ngx_int_t                 rc;
    social_write_t           *write;
    ngx_http_social_post_t   *post;
    ngx_http_social_draft_t   draft;

    rc = ngx_http_social_input_article(in);
    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    if (in->site->comments == NGX_HTTP_SOCIAL_COMMENTS_CLOSED
        || in->site->comments == NGX_HTTP_SOCIAL_COMMENTS_OFF)
    {
        return ngx_http_social_error(in, NGX_HTTP_FORBIDDEN, "closed",
                                     "Comments are closed.", NULL);
    }

    rc = ngx_http_social_draft(in, &draft);
    if (rc != NGX_OK) {
        return ngx_http_social_checked(rc);
    }

    rc = ngx_http_social_comment_limit(in);
    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    post = ngx_http_social_post_alloc(in->site,
                                      in->rec->key.len + draft.name.len
                                      + draft.website.len + draft.text.len
                                      + 64);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    write = &post->write;

    if (ngx_http_social_comment_who(in, &draft, write) != NGX_OK) {
        free(post);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = (u_char *) post + sizeof(ngx_http_social_post_t);

    post->request = in->request;
    post->done = ngx_http_social_comment_done;
    write->type = SOCIAL_WRITE_COMMENT;
    write->known = 1;
    write->parent = draft.parent;
    write->key = ngx_http_social_post_str(&p, &in->rec->key);
    write->name = ngx_http_social_post_str(&p, &draft.name);
    write->website = ngx_http_social_post_str(&p, &draft.website);
    write->text = ngx_http_social_post_str(&p, &draft.text);
    write->reason = ngx_http_social_post_str(&p, &draft.reason);

    if (ngx_http_social_write(post) != NGX_OK) {
        free(post);
        return ngx_http_social_unavailable(in);
    }

    return NGX_DONE;
}


/* own comments: by the commenter's cookie, within the window */

static void
ngx_http_social_own_done(ngx_http_request_t *r,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_int_t                 rc;
    ngx_str_t                 key, location;
    ngx_uint_t                deleted;
    social_write_t           *write;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_input_of(r);
    write = &posts[0]->write;

    if (write->status != SOCIAL_WROTE
        && write->status != SOCIAL_WROTE_NOTHING)
    {
        ngx_http_finalize_request(r, ngx_http_social_write_error(in, write));
        return;
    }

    deleted = (write->type == SOCIAL_WRITE_DELETE);
    key.data = (u_char *) write->wrote_key;
    key.len = ngx_strlen(write->wrote_key);

    if (write->visible) {
        ngx_http_social_widget_changed(in->site, &key,
            write->wrote_state == SOCIAL_APPROVED ? 0 : -1);
    }

    ngx_http_social_comment_event(in, deleted ? "delete" : "edit", write);

    if (in->json) {
        /* an edit brings a text only: the rest of the comment is read */
        rc = deleted ? ngx_http_social_reply_empty(r, NGX_HTTP_NO_CONTENT)
                     : ngx_http_social_comment_get(in);
    } else {
        location = ngx_http_social_article_path(r, &in->rec->key,
                                             deleted ? 0 : write->wrote_id);

        if (!deleted && write->wrote_state != SOCIAL_APPROVED) {
            location = r->uri;
            location.len -= sizeof("/edit") - 1;
        }

        rc = location.data ? ngx_http_social_reply_see_other(r, &location)
                           : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


static ngx_int_t
ngx_http_social_own_write(ngx_http_social_input_t *in, social_write_e type,
    ngx_http_social_draft_t *draft)
{
    u_char                  *p;
    ngx_http_social_post_t  *post;

    post = ngx_http_social_post_alloc(in->site,
                                      draft->text.len + draft->reason.len);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_social_commenter(in->request, in->site,
                                  post->write.commenter) != NGX_OK)
    {
        free(post);
        return ngx_http_social_error(in, NGX_HTTP_NOT_FOUND, "comment",
                                     "There is no such comment.", NULL);
    }

    p = (u_char *) post + sizeof(ngx_http_social_post_t);

    post->request = in->request;
    post->done = ngx_http_social_own_done;
    post->write.type = type;
    post->write.id = in->id;
    post->write.window = NGX_HTTP_SOCIAL_WINDOW;
    post->write.text = ngx_http_social_post_str(&p, &draft->text);

    if (draft->reason.len) {
        post->write.state = SOCIAL_HELD;
        post->write.reason = ngx_http_social_post_str(&p, &draft->reason);
    }

    if (ngx_http_social_write(post) != NGX_OK) {
        free(post);
        return ngx_http_social_unavailable(in);
    }

    return NGX_DONE;
}


ngx_int_t
ngx_http_social_comment_edit(ngx_http_social_input_t *in)
{
    ngx_int_t                rc;
    ngx_http_social_draft_t  draft;

    ngx_memzero(&draft, sizeof(ngx_http_social_draft_t));

    rc = ngx_http_social_draft_text(in, &draft);
    if (rc != NGX_OK) {
        return ngx_http_social_checked(rc);
    }

    ngx_http_social_draft_judge(in, &draft);

    return ngx_http_social_own_write(in, SOCIAL_WRITE_EDIT, &draft);
}


ngx_int_t
ngx_http_social_comment_delete(ngx_http_social_input_t *in)
{
    ngx_http_social_draft_t  draft;

    ngx_memzero(&draft, sizeof(ngx_http_social_draft_t));

    return ngx_http_social_own_write(in, SOCIAL_WRITE_DELETE, &draft);
}


/* a reader's notice, and erasing all of one's own: no event, 303 or 204 */

static void
ngx_http_social_told_done(ngx_http_request_t *r,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_int_t                 rc;
    ngx_str_t                 key, location;
    social_write_t           *write;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_input_of(r);
    write = &posts[0]->write;

    if (write->status != SOCIAL_WROTE
        && write->status != SOCIAL_WROTE_NOTHING)
    {
        ngx_http_finalize_request(r, ngx_http_social_write_error(in, write));
        return;
    }

    key.data = (u_char *) write->wrote_key;
    key.len = ngx_strlen(write->wrote_key);

    if (write->type == SOCIAL_WRITE_ERASE) {
        /* on any number of articles */
        (void) ngx_atomic_fetch_add(&in->site->zone->epoch, 1);
    }

    if (in->json || key.len == 0) {
        rc = ngx_http_social_reply_empty(r, NGX_HTTP_NO_CONTENT);

    } else {
        location = ngx_http_social_article_path(r, &key, 0);
        rc = location.data ? ngx_http_social_reply_see_other(r, &location)
                           : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_finalize_request(r, rc);
}


static ngx_int_t
ngx_http_social_tell(ngx_http_social_input_t *in, social_write_e type)
{
    ngx_http_social_post_t  *post;

    post = ngx_http_social_post_alloc(in->site, 0);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    post->request = in->request;
    post->done = ngx_http_social_told_done;
    post->write.type = type;
    post->write.id = in->id;

    if (type == SOCIAL_WRITE_ERASE
        && ngx_http_social_commenter(in->request, in->site,
                                     post->write.commenter) != NGX_OK)
    {
        free(post);
        return ngx_http_social_error(in, NGX_HTTP_NOT_FOUND, "comment",
            "There are no comments of yours that this browser knows of.",
            NULL);
    }

    if (ngx_http_social_write(post) != NGX_OK) {
        free(post);
        return ngx_http_social_unavailable(in);
    }

    return NGX_DONE;
}


ngx_int_t
ngx_http_social_comment_report(ngx_http_social_input_t *in)
{
    ngx_int_t  rc;

    rc = ngx_http_social_comment_limit(in);

    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    return ngx_http_social_tell(in, SOCIAL_WRITE_REPORT);
}


ngx_int_t
ngx_http_social_mine_erase(ngx_http_social_input_t *in)
{
    return ngx_http_social_tell(in, SOCIAL_WRITE_ERASE);
}


ngx_int_t
ngx_http_social_preview(ngx_http_social_input_t *in)
{
    cJSON                    *doc;
    ngx_int_t                 rc;
    social_out_t              out;
    ngx_http_social_draft_t   draft;

    rc = ngx_http_social_draft_text(in, &draft);
    if (rc != NGX_OK) {
        return ngx_http_social_checked(rc);
    }

    social_out_init(&out, SOCIAL_PAGE_MAX);
    social_prose_html(&out, draft.text.data, draft.text.len);
    social_out_bytes(&out, "", 1);

    doc = out.failed ? NULL : cJSON_CreateObject();

    if (doc) {
        cJSON_AddStringToObject(doc, "html", (char *) out.data);
    }

    social_out_free(&out);

    return ngx_http_social_reply_json(in->request, NGX_HTTP_OK,
                                      NGX_HTTP_SOCIAL_NO_STORE, doc);
}
