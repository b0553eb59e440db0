
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
    { "edit",    (social_act_e) 0, ngx_http_social_admin_act_edit },
    { "reply",   (social_act_e) 0, ngx_http_social_admin_act_reply }
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


/* path to redirect to: the page that the form was on, with its state, search
 * and page number, if Referer is one of this location; otherwise its start */

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

    if (p == NULL || (size_t) (last - p) <= in->base.len
        || ngx_memcmp(p, in->base.data, in->base.len) != 0
        || p[in->base.len] != '?')
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

    return back;
}


static ngx_int_t
ngx_http_social_admin_act_answer(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    char             id[SOCIAL_ID_MAX];
    cJSON           *doc, *array, *item;
    ngx_uint_t       i;
    social_write_t  *write;

    if (!in->json) {
        return ngx_http_social_api_redirect(
            in, ngx_http_social_admin_act_referer(in));
    }

    doc = cJSON_CreateObject();
    array = social_doc_array(doc, "comments");

    for (i = 0; i < n; i++) {
        write = &posts[i]->write;

        if (!ngx_http_social_request_wrote(write)) {
            continue;
        }

        item = cJSON_CreateObject();
        (void) social_id_text(write->wrote_id, id);
        social_doc_text(item, "id", id);
        social_doc_text(item, "article", write->wrote_key);
        social_doc_text(item, "state",
                        ngx_http_social_api_state_name(write->wrote_state));
        social_doc_append(array, item);
    }

    return ngx_http_social_request_reply_json(in->request, NGX_HTTP_OK,
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
    post->write.key = ngx_http_social_job_write_str(&p, &key);
    post->write.name = ngx_http_social_job_write_str(&p, &in->author);
    post->write.text = ngx_http_social_job_write_str(&p, &in->text);

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
