
/*
 * A moderator's actions: a new state for one or many comments, an edit, a
 * reply as the author.  Event loop only.
 */

#include "ngx_http_social_admin_moderate.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_widget.h"
#include "social_text.h"


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
    { "move",    (social_act_e) 0, ngx_http_social_admin_move },
    { "undo",    (social_act_e) 0, ngx_http_social_admin_undo },
    { "seen",    (social_act_e) 0, ngx_http_social_admin_look },
    { "signout", (social_act_e) 0, ngx_http_social_admin_signout }
};


/* refreshes the article's widget */

static void
ngx_http_social_admin_act_changed(ngx_http_social_input_t *in,
    social_write_t *write)
{
    ngx_str_t  key;

    key = ngx_http_social_api_write_key(write);

    ngx_http_social_widget_changed(in->site, &key, write->comments,
                                   write->change,
                                   write->type == SOCIAL_WRITE_EDIT
                                   || write->wrote_state != SOCIAL_APPROVED);
}


ngx_int_t
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


ngx_http_social_job_write_t *
ngx_http_social_admin_posts(ngx_http_social_input_t *in, social_write_e type,
    social_act_e act, const int64_t *ids, ngx_uint_t n, ngx_str_t *to)
{
    u_char                       *p;
    ngx_uint_t                    i;
    ngx_http_social_job_write_t  *post, *head;

    head = NULL;

    for (i = 0; i < n; i++) {
        post = ngx_http_social_job_write_alloc(in->site,
                                               in->author.len + to->len);
        if (post == NULL) {
            ngx_http_social_job_write_free(head);
            return NULL;
        }

        p = (u_char *) post + sizeof(ngx_http_social_job_write_t);

        post->write.type = type;
        post->write.action = act;
        post->write.id = ids[n - 1 - i];
        post->write.revision = ngx_http_social_admin_act_revision(in);
        post->write.who = ngx_http_social_job_write_str(&p, &in->author);
        post->write.to = ngx_http_social_job_write_str(&p, to);
        post->next = head;
        head = post;
    }

    /* the log has one action for all of them */

    for (post = head; post; post = post->next) {
        post->write.leader = &head->write;
    }

    return head;
}


/* writes an action for all ids in one group commit */

static ngx_int_t
ngx_http_social_admin_act_state(ngx_http_social_input_t *in, social_act_e act)
{
    ngx_str_t                     none;
    ngx_http_social_job_write_t  *posts;

    ngx_str_null(&none);
    posts = ngx_http_social_admin_posts(in, SOCIAL_WRITE_MODERATE, act,
                                        in->ids, in->nids, &none);
    if (posts == NULL) {
        return ngx_http_social_request_unavailable(in);
    }

    return ngx_http_social_request_write(in, posts,
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

    post = ngx_http_social_job_write_alloc(in->site,
                                           text.len + in->author.len);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = (u_char *) post + sizeof(ngx_http_social_job_write_t);

    post->write.type = SOCIAL_WRITE_EDIT;
    post->write.author = 1;
    post->write.id = in->ids[0];
    post->write.text = ngx_http_social_job_write_str(&p, &text);
    post->write.who = ngx_http_social_job_write_str(&p, &in->author);
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
        ngx_http_social_widget_changed(in->site, &key, write->comments,
                                       write->change, 0);
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
    post->write.who = post->write.name;
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


/* NULL: there is no such action */

static const ngx_http_social_admin_act_t *
ngx_http_social_admin_act_find(ngx_http_social_input_t *in)
{
    ngx_uint_t    i;
    social_str_t  name;

    name.len = in->action.len;
    name.data = in->action.data;

    for (i = 0; i < social_nelts(ngx_http_social_admin_acts); i++) {
        if (ngx_http_social_request_is(&name,
                                       ngx_http_social_admin_acts[i].name))
        {
            return &ngx_http_social_admin_acts[i];
        }
    }

    return NULL;
}


ngx_int_t
ngx_http_social_admin_moderate_act(ngx_http_social_input_t *in)
{
    const ngx_http_social_admin_act_t  *act;

    act = ngx_http_social_admin_act_find(in);

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

    if (act->handler == ngx_http_social_admin_signout
        || act->handler == ngx_http_social_admin_undo)
    {
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

    if (act->handler == ngx_http_social_admin_move) {
        return act->handler(in);
    }

    if (in->nids != 1) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "malformed",
            "This action works on one comment only.", "id");
    }

    return act->handler(in);
}
