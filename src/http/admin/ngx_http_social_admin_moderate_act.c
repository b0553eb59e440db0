
/*
 * A moderator's actions: a new state for one or many comments, an edit, a
 * reply as the author.  Event loop only.
 */

#include "ngx_http_social_admin_moderate.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_widget.h"
#include "social_text.h"


#define NGX_HTTP_SOCIAL_ADMIN_REFERER  2048     /* bytes of a Referer */


typedef struct {
    const char                *name;
    social_act_e               act;         /* of many comments, or */
    ngx_http_social_input_pt   handler;     /* of one */
} ngx_http_social_admin_act_t;


static ngx_int_t ngx_http_social_admin_act_edit(ngx_http_social_input_t *in);
static ngx_int_t ngx_http_social_admin_act_reply(ngx_http_social_input_t *in);


static const ngx_http_social_admin_act_t  ngx_http_social_admin_acts[] = {
    { "approve", SOCIAL_ACT_APPROVE, NULL },
    { "hold",    SOCIAL_ACT_HOLD, NULL },
    { "spam",    SOCIAL_ACT_SPAM, NULL },
    { "delete",  SOCIAL_ACT_DELETE, NULL },
    { "restore", SOCIAL_ACT_RESTORE, NULL },
    { "ban",     SOCIAL_ACT_BAN, NULL },
    { "done",    SOCIAL_ACT_DONE, NULL },
    { "erase",   SOCIAL_ACT_ERASE, NULL },
    { "edit",    (social_act_e) 0, ngx_http_social_admin_act_edit },
    { "reply",   (social_act_e) 0, ngx_http_social_admin_act_reply },
    { "signout", (social_act_e) 0, ngx_http_social_admin_signout }
};


/* the event's fields are those of the first comment, but with all ids */

static void
ngx_http_social_admin_act_event(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_uint_t    i;
    social_out_t  out;

    social_out_init(&out, n * (NGX_INT64_LEN + 1) + 1);

    for (i = 0; i < n; i++) {
        if (!ngx_http_social_request_wrote(&posts[i]->write)) {
            continue;
        }

        if (out.len) {
            social_out_text(&out, ",");

        } else {
            ngx_http_social_api_comment_event(in,
                                              NGX_HTTP_SOCIAL_EVENT_MODERATE,
                                              &posts[i]->write);
        }

        social_out_id(&out, posts[i]->write.wrote_id);
    }

    in->rec->comment = ngx_http_social_request_out_str(in->request, &out);
}


/* without the ids that the redirect before added at the end */

static void
ngx_http_social_admin_act_cut(ngx_str_t *back)
{
    u_char  *p, *last;

    last = back->data + back->len;

    for (p = back->data; p + sizeof("?changed=") - 1 <= last; p++) {
        if ((*p == '?' || *p == '&')
            && ngx_strncmp(p + 1, "changed=", sizeof("changed=") - 1) == 0)
        {
            back->len = p - back->data;
            return;
        }
    }
}


/* 1 if a path with its arguments is that of the status page */

static ngx_uint_t
ngx_http_social_admin_act_from_status(ngx_http_social_input_t *in, u_char *p,
    u_char *last)
{
    size_t       len;
    const char  *status;

    status = in->site->page->status;
    len = ngx_strlen(status);

    return len > 0 && (size_t) (last - p) >= len
           && ngx_memcmp(p, status, len) == 0
           && (p + len == last || p[len] == '?');
}


/* path to redirect to: the page that the form was on, with its state, search
 * and `after`, if Referer is one of this location or the status page; otherwise
 * its start */

static ngx_str_t
ngx_http_social_admin_act_referer(ngx_http_social_input_t *in)
{
    u_char     *p, *last;
    ngx_str_t   back, *referer;

    referer = ngx_http_social_view_request_header(in->request, "referer");

    if (referer == NULL || referer->len > NGX_HTTP_SOCIAL_ADMIN_REFERER) {
        return in->base;
    }

    last = referer->data + referer->len;
    p = ngx_strlcasestrn(referer->data, last, (u_char *) "://", 3 - 1);
    p = p ? ngx_strlchr(p + 3, last, '/') : NULL;

    if (p == NULL) {
        return in->base;
    }

    if (!ngx_http_social_admin_act_from_status(in, p, last)
        && ((size_t) (last - p) <= in->base.len
            || ngx_memcmp(p, in->base.data, in->base.len) != 0
            || p[in->base.len] != '?'))
    {
        return in->base;
    }

    back.data = p;
    back.len = last - p;

    for ( /* void */ ; p < last; p++) {
        if (*p <= ' ' || *p >= 0x7f || *p == '#') {
            return in->base;
        }
    }

    ngx_http_social_admin_act_cut(&back);

    return back;
}


/* the path with the ids of comments that were left as they are, for a note on
 * the list */

static ngx_str_t
ngx_http_social_admin_act_back(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_str_t     back;
    ngx_uint_t    i, any;
    social_out_t  out;

    back = ngx_http_social_admin_act_referer(in);
    any = 0;

    social_out_init(&out, back.len + sizeof("?changed=")
                          + n * (NGX_INT64_LEN + 2));
    social_out_bytes(&out, back.data, back.len);

    for (i = 0; i < n; i++) {
        if (posts[i]->write.status != SOCIAL_CHANGED) {
            continue;
        }

        social_out_text(&out, any ? ","
                              : back.len > in->base.len ? "&changed="
                                                        : "?changed=");
        social_out_id(&out, posts[i]->write.wrote_id);
        any = 1;
    }

    if (!any) {
        social_out_free(&out);
        return back;
    }

    return ngx_http_social_request_out_str(in->request, &out);
}


static void
ngx_http_social_admin_act_done(cJSON *array, social_write_t *write)
{
    char    id[SOCIAL_ID_MAX];
    cJSON  *item;

    item = cJSON_CreateObject();
    (void) social_id_text(write->wrote_id, id);
    social_doc_text(item, "id", id);
    social_doc_text(item, "article", write->wrote_key);
    social_doc_text(item, "state",
                    ngx_http_social_api_state_name(write->wrote_state));
    social_doc_append(array, item);
}


/* adds the ids of comments whose text is not what the moderator saw */

static void
ngx_http_social_admin_act_left(cJSON *doc,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    char        id[SOCIAL_ID_MAX];
    cJSON      *array;
    ngx_uint_t  i;

    array = social_doc_array(doc, "changed");

    for (i = 0; i < n; i++) {
        if (posts[i]->write.status == SOCIAL_CHANGED) {
            (void) social_id_text(posts[i]->write.wrote_id, id);
            social_doc_append(array, cJSON_CreateString(id));
        }
    }
}


ngx_int_t
ngx_http_social_admin_act_answer(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    cJSON       *doc, *array;
    ngx_uint_t   i;

    if (!in->json) {
        return ngx_http_social_api_redirect(
            in, ngx_http_social_admin_act_back(in, posts, n));
    }

    doc = cJSON_CreateObject();
    array = social_doc_array(doc, "comments");

    for (i = 0; i < n; i++) {
        if (posts[i]->write.wrote_id
            && ngx_http_social_request_wrote(&posts[i]->write))
        {
            ngx_http_social_admin_act_done(array, &posts[i]->write);
        }
    }

    ngx_http_social_admin_act_left(doc, posts, n);

    return ngx_http_social_request_reply_json(in->request, NGX_HTTP_OK,
                                              NGX_HTTP_SOCIAL_NO_STORE, doc);
}


/* 409: nothing was done, because the texts are not what the moderator saw */

static ngx_int_t
ngx_http_social_admin_act_changed_answer(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    cJSON              *doc, *error;
    static const char   message[] =
        "The text has changed since you saw it, so nothing was done. Please "
        "look at the list again.";

    if (!in->json) {
        return ngx_http_social_request_error(in, NGX_HTTP_CONFLICT, "changed",
                                             message, NULL);
    }

    doc = cJSON_CreateObject();
    error = social_doc_object(doc, "error");
    social_doc_text(error, "code", "changed");
    social_doc_text(error, "message", message);
    social_doc_null(error, "field");
    ngx_http_social_admin_act_left(doc, posts, n);

    return ngx_http_social_request_reply_json(in->request, NGX_HTTP_CONFLICT,
                                              NGX_HTTP_SOCIAL_NO_STORE, doc);
}


/* refreshes the article's widget: one comment more or less, or a new text */

static void
ngx_http_social_admin_act_changed(ngx_http_social_input_t *in,
    social_write_t *write)
{
    ngx_int_t  comments;
    ngx_str_t  key;

    key = ngx_http_social_api_write_key(write);

    comments = (write->type == SOCIAL_WRITE_EDIT) ? 0
               : (write->wrote_state == SOCIAL_APPROVED) ? 1 : -1;

    ngx_http_social_widget_changed(in->site, &key, comments);
}


static ngx_int_t
ngx_http_social_admin_act_written(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_uint_t       i;
    social_write_t  *write;

    for (i = 0; i < n; i++) {
        write = &posts[i]->write;

        if (ngx_http_social_request_wrote(write) && write->visible) {
            ngx_http_social_admin_act_changed(in, write);
        }
    }

    ngx_http_social_admin_act_event(in, posts, n);

    return ngx_http_social_admin_act_answer(in, posts, n);
}


/* of the list that was shown; 0: not given */

static int64_t
ngx_http_social_admin_act_revision(ngx_http_social_input_t *in)
{
    return social_id_number(in->revision.data, in->revision.len);
}


/* writes an action for all ids in one group commit */

static ngx_int_t
ngx_http_social_admin_act_state(ngx_http_social_input_t *in, social_act_e act)
{
    ngx_uint_t                    i;
    ngx_http_social_job_write_t  *post, *head;

    head = NULL;

    for (i = 0; i < in->nids; i++) {
        post = ngx_http_social_job_write_alloc(in->site, 0);
        if (post == NULL) {
            ngx_http_social_request_write_discard(head);
            return ngx_http_social_request_unavailable(in);
        }

        post->write.type = SOCIAL_WRITE_MODERATE;
        post->write.action = act;
        post->write.id = in->ids[in->nids - 1 - i];
        post->write.revision = ngx_http_social_admin_act_revision(in);
        post->next = head;
        head = post;
    }

    return ngx_http_social_request_write(in, head,
                                         ngx_http_social_admin_act_written);
}


/* the moderator's text; returns as ngx_http_social_api_check_text() does */

static ngx_int_t
ngx_http_social_admin_act_text(ngx_http_social_input_t *in, ngx_str_t *text)
{
    size_t  n;

    text->data = ngx_pnalloc(in->request->pool, in->text.len + 1);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    if (social_text_clean_text(in->text.data, in->text.len, text->data,
                               &text->len)
        != SOCIAL_OK)
    {
        text->len = 0;
    }

    n = social_text_count(text->data, text->len);

    if (n > 0 && n <= SOCIAL_TEXT_MAX) {
        return NGX_OK;
    }

    (void) ngx_http_social_request_error(
        in, NGX_HTTP_SOCIAL_UNPROCESSABLE, "value",
        "Please enter a text of 1 to 10,000 characters.", "text");

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_social_admin_act_edit(ngx_http_social_input_t *in)
{
    u_char                       *p;
    ngx_int_t                     rc;
    ngx_str_t                     text;
    ngx_http_social_job_write_t  *post;

    rc = ngx_http_social_admin_act_text(in, &text);

    if (rc != NGX_OK) {
        return ngx_http_social_request_check_result(in, rc);
    }

    post = ngx_http_social_job_write_alloc(in->site, text.len);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = (u_char *) post + sizeof(ngx_http_social_job_write_t);

    post->write.type = SOCIAL_WRITE_EDIT;
    post->write.author = 1;
    post->write.id = in->ids[0];
    post->write.text = ngx_http_social_job_write_str(&p, &text);
    post->write.format = SOCIAL_MARKDOWN;
    post->write.revision = ngx_http_social_admin_act_revision(in);

    return ngx_http_social_request_write(in, post,
                                         ngx_http_social_admin_act_written);
}


static ngx_int_t
ngx_http_social_admin_reply_written(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_str_t        key;
    social_write_t  *write;

    write = &posts[0]->write;
    key = ngx_http_social_api_write_key(write);

    if (!write->repeated) {
        ngx_http_social_widget_changed(in->site, &key,
                                       in->parent_held ? 2 : 1);
        ngx_http_social_api_comment_event(in, NGX_HTTP_SOCIAL_EVENT_REPLY,
                                          write);
    }

    return ngx_http_social_admin_act_answer(in, posts, n);
}


/* answer of a read: the comment to reply to is there; writes the reply */

static ngx_int_t
ngx_http_social_admin_reply_write(ngx_http_social_read_t *read)
{
    u_char                       *p;
    ngx_str_t                     key;
    social_comment_t             *parent;
    ngx_http_social_job_write_t  *post;
    ngx_http_social_input_t      *in;

    in = read->in;

    if (read->list.n == 0) {
        return ngx_http_social_request_no_comment(in);
    }

    parent = &read->list.items[0];
    in->parent_held = (parent->state == SOCIAL_HELD);
    key.data = (u_char *) parent->key;
    key.len = ngx_strlen(parent->key);

    post = ngx_http_social_job_write_alloc(in->site, key.len + in->text.len
                                                     + in->author.len);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = (u_char *) post + sizeof(ngx_http_social_job_write_t);

    post->write.type = SOCIAL_WRITE_COMMENT;
    post->write.author = 1;
    post->write.state = SOCIAL_APPROVED;
    post->write.parent = parent->id;
    post->write.moderator = 1;
    post->write.revision = ngx_http_social_admin_act_revision(in);
    post->write.key = ngx_http_social_job_write_str(&p, &key);
    post->write.name = ngx_http_social_job_write_str(&p, &in->author);
    post->write.text = ngx_http_social_job_write_str(&p, &in->text);
    post->write.format = SOCIAL_MARKDOWN;

    return ngx_http_social_request_write(in, post,
                                         ngx_http_social_admin_reply_written);
}


static ngx_int_t
ngx_http_social_admin_act_reply(ngx_http_social_input_t *in)
{
    ngx_int_t                rc;
    ngx_str_t                text;
    ngx_http_social_read_t  *read;

    rc = ngx_http_social_admin_act_text(in, &text);

    if (rc != NGX_OK) {
        return ngx_http_social_request_check_result(in, rc);
    }

    in->text = text;

    read = ngx_http_social_request_read_alloc(
        in, ngx_http_social_api_comment_run, ngx_http_social_admin_reply_write);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->id = in->ids[0];

    return ngx_http_social_request_read_post(read);
}


/* 1 if `revision` is absent or a whole number */

static ngx_uint_t
ngx_http_social_admin_act_revision_valid(ngx_http_social_input_t *in)
{
    return in->revision.len == 0
           || ngx_http_social_admin_act_revision(in) != 0
           || (in->revision.len == 1 && in->revision.data[0] == '0');
}


ngx_int_t
ngx_http_social_admin_moderate_act(ngx_http_social_input_t *in)
{
    ngx_uint_t                          i;
    social_str_t                        name;
    const ngx_http_social_admin_act_t  *act;

    act = NULL;
    name.len = in->action.len;
    name.data = in->action.data;

    for (i = 0; i < social_nelts(ngx_http_social_admin_acts); i++) {
        if (ngx_http_social_request_is(&name,
                                       ngx_http_social_admin_acts[i].name))
        {
            act = &ngx_http_social_admin_acts[i];
        }
    }

    if (act == NULL) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "malformed", "There is no such action.",
            "action");
    }

    if (!ngx_http_social_admin_act_revision_valid(in)) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "malformed",
            "The revision must be a whole number.", "revision");
    }

    in->changed = ngx_http_social_admin_act_changed_answer;
    in->rec->action.data = (u_char *) act->name;
    in->rec->action.len = ngx_strlen(act->name);

    if (act->handler == ngx_http_social_admin_signout) {
        return act->handler(in);
    }

    if (in->nids == 0) {
        return ngx_http_social_request_error(in, NGX_HTTP_BAD_REQUEST,
                                             "malformed",
                                             "No comment was chosen.", "id");
    }

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                   "social moderate: action \"%s\", comments: %ui", act->name,
                   in->nids);

    if (act->handler == NULL) {
        return ngx_http_social_admin_act_state(in, act->act);
    }

    if (in->nids != 1) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "malformed",
            "This action works on one comment only.", "id");
    }

    return act->handler(in);
}
