
/*
 * What a moderator does: states of one or many comments, an edit, a reply as
 * the author.
 */

#include "ngx_http_social_admin_moderate.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_widget.h"
#include "social_text.h"


#define NGX_HTTP_SOCIAL_BACK  2048      /* bytes of a Referer */


typedef struct {
    const char                *name;
    social_act_e               act;         /* of a state; or */
    ngx_http_social_input_pt   handler;     /* of one comment */
} ngx_http_social_act_t;


static ngx_int_t ngx_http_social_act_edit(ngx_http_social_input_t *in);
static ngx_int_t ngx_http_social_act_reply(ngx_http_social_input_t *in);


static const ngx_http_social_act_t  ngx_http_social_acts[] = {
    { "approve", SOCIAL_ACT_APPROVE, NULL },
    { "hold",    SOCIAL_ACT_HOLD, NULL },
    { "spam",    SOCIAL_ACT_SPAM, NULL },
    { "delete",  SOCIAL_ACT_DELETE, NULL },
    { "restore", SOCIAL_ACT_RESTORE, NULL },
    { "ban",     SOCIAL_ACT_BAN, NULL },
    { "done",    SOCIAL_ACT_DONE, NULL },
    { "edit",    (social_act_e) 0, ngx_http_social_act_edit },
    { "reply",   (social_act_e) 0, ngx_http_social_act_reply }
};


static ngx_uint_t
ngx_http_social_act_good(social_write_t *write)
{
    return write->status == SOCIAL_WROTE
           || write->status == SOCIAL_WROTE_NOTHING;
}


/* the event is that of the first comment, with the ids of all */

static void
ngx_http_social_act_event(ngx_http_social_input_t *in,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_uint_t    i;
    social_out_t  out;

    social_out_init(&out, n * (NGX_INT64_LEN + 1) + 1);

    for (i = 0; i < n; i++) {
        if (!ngx_http_social_act_good(&posts[i]->write)) {
            continue;
        }

        if (out.len) {
            social_out_text(&out, ",");

        } else {
            ngx_http_social_api_comment_event(in, "moderate", &posts[i]->write);
        }

        social_out_int(&out, posts[i]->write.wrote_id);
    }

    in->rec->comment = ngx_http_social_request_out_str(in->request, &out);
}


/* back to where the button was: the same state, search and page */

static ngx_str_t
ngx_http_social_act_back(ngx_http_social_input_t *in)
{
    u_char     *p, *last;
    ngx_str_t   back, *referer;

    referer = ngx_http_social_view_request_header(in->request, "referer");

    if (referer == NULL || referer->len > NGX_HTTP_SOCIAL_BACK) {
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
ngx_http_social_act_answer(ngx_http_social_input_t *in,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    char             id[NGX_INT64_LEN + 1];
    cJSON           *doc, *array, *item;
    ngx_uint_t       i;
    social_write_t  *write;

    if (!in->json) {
        return ngx_http_social_api_see(in, ngx_http_social_act_back(in));
    }

    doc = cJSON_CreateObject();
    array = social_doc_array(doc, "comments");

    for (i = 0; i < n; i++) {
        write = &posts[i]->write;

        if (!ngx_http_social_act_good(write)) {
            continue;
        }

        item = cJSON_CreateObject();
        *ngx_sprintf((u_char *) id, "%L", write->wrote_id) = '\0';
        social_doc_text(item, "id", id);
        social_doc_text(item, "article", write->wrote_key);
        social_doc_text(item, "state",
                        ngx_http_social_api_state_name(write->wrote_state));
        social_doc_append(array, item);
    }

    return ngx_http_social_request_reply_json(in->request, NGX_HTTP_OK,
                                              NGX_HTTP_SOCIAL_NO_STORE, doc);
}


/* readers see a difference: one comment more, one less, or another text */

static void
ngx_http_social_act_changed(ngx_http_social_input_t *in,
    social_write_t *write)
{
    ngx_int_t  comments;
    ngx_str_t  key;

    key.data = (u_char *) write->wrote_key;
    key.len = ngx_strlen(write->wrote_key);

    comments = (write->type == SOCIAL_WRITE_EDIT) ? 0
               : (write->wrote_state == SOCIAL_APPROVED) ? 1 : -1;

    ngx_http_social_widget_changed(in->site, &key, comments);
}


static void
ngx_http_social_act_done(ngx_http_request_t *r,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_int_t                 rc;
    ngx_uint_t                i, good;
    social_write_t           *bad;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_request_input_of(r);
    good = 0;
    bad = NULL;

    for (i = 0; i < n; i++) {

        if (!ngx_http_social_act_good(&posts[i]->write)) {
            bad = &posts[i]->write;
            continue;
        }

        good++;

        if (posts[i]->write.visible) {
            ngx_http_social_act_changed(in, &posts[i]->write);
        }
    }

    if (good == 0 && bad) {
        rc = ngx_http_social_request_write_error(in, bad);

    } else {
        ngx_http_social_act_event(in, posts, n);
        rc = ngx_http_social_act_answer(in, posts, n);
    }

    ngx_http_finalize_request(r, rc);
}


/* a list of posts, one for every id */

static ngx_int_t
ngx_http_social_act_state(ngx_http_social_input_t *in, social_act_e act)
{
    ngx_uint_t               i;
    ngx_http_social_post_t  *post, *head;

    head = NULL;

    for (i = 0; i < in->nids; i++) {
        post = ngx_http_social_job_write_alloc(in->site, 0);
        if (post == NULL) {
            break;
        }

        post->request = in->request;
        post->done = ngx_http_social_act_done;
        post->write.type = SOCIAL_WRITE_MODERATE;
        post->write.action = act;
        post->write.id = in->ids[in->nids - 1 - i];
        post->next = head;
        head = post;
    }

    if (i == in->nids && ngx_http_social_job_write(head) == NGX_OK) {
        return NGX_DONE;
    }

    while (head) {
        post = head;
        head = head->next;
        free(post);
    }

    return ngx_http_social_request_unavailable(in);
}


/* a text of the moderator's: NGX_OK, or answered */

static ngx_int_t
ngx_http_social_act_text(ngx_http_social_input_t *in, ngx_str_t *text)
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
        "A text of 1 to 10,000 characters is needed.", "text");

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_social_act_edit(ngx_http_social_input_t *in)
{
    u_char                  *p;
    ngx_int_t                rc;
    ngx_str_t                text;
    ngx_http_social_post_t  *post;

    rc = ngx_http_social_act_text(in, &text);

    if (rc != NGX_OK) {
        return ngx_http_social_request_checked(in, rc);
    }

    post = ngx_http_social_job_write_alloc(in->site, text.len);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = (u_char *) post + sizeof(ngx_http_social_post_t);

    post->done = ngx_http_social_act_done;
    post->write.type = SOCIAL_WRITE_EDIT;
    post->write.author = 1;
    post->write.id = in->ids[0];
    post->write.text = ngx_http_social_job_write_str(&p, &text);

    return ngx_http_social_request_write(in, post);
}


static void
ngx_http_social_answer_done(ngx_http_request_t *r,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_int_t                 rc;
    ngx_str_t                 key;
    social_write_t           *write;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_request_input_of(r);
    write = &posts[0]->write;

    if (write->status != SOCIAL_WROTE) {
        ngx_http_finalize_request(
            r, ngx_http_social_request_write_error(in, write));
        return;
    }

    key.data = (u_char *) write->wrote_key;
    key.len = ngx_strlen(write->wrote_key);

    ngx_http_social_widget_changed(in->site, &key, in->approves ? 2 : 1);
    ngx_http_social_api_comment_event(in, "reply", write);

    rc = ngx_http_social_act_answer(in, posts, n);

    ngx_http_finalize_request(r, rc);
}


/* the comment that is answered was read: its article is known now */

static ngx_int_t
ngx_http_social_reply_answer(ngx_http_social_read_t *read)
{
    u_char                   *p;
    ngx_str_t                 key;
    social_comment_t         *parent;
    ngx_http_social_post_t   *post;
    ngx_http_social_input_t  *in;

    in = read->in;

    if (read->list.n == 0) {
        return ngx_http_social_request_no_comment(in);
    }

    parent = &read->list.items[0];
    in->approves = (parent->state == SOCIAL_HELD);
    key.data = (u_char *) parent->key;
    key.len = ngx_strlen(parent->key);

    post = ngx_http_social_job_write_alloc(in->site, key.len + in->text.len
                                                     + in->author.len);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = (u_char *) post + sizeof(ngx_http_social_post_t);

    post->done = ngx_http_social_answer_done;
    post->write.type = SOCIAL_WRITE_COMMENT;
    post->write.author = 1;
    post->write.state = SOCIAL_APPROVED;
    post->write.parent = parent->id;
    post->write.key = ngx_http_social_job_write_str(&p, &key);
    post->write.name = ngx_http_social_job_write_str(&p, &in->author);
    post->write.text = ngx_http_social_job_write_str(&p, &in->text);

    return ngx_http_social_request_write(in, post);
}


static ngx_int_t
ngx_http_social_act_reply(ngx_http_social_input_t *in)
{
    ngx_int_t                rc;
    ngx_str_t                text;
    ngx_http_social_read_t  *read;

    rc = ngx_http_social_act_text(in, &text);

    if (rc != NGX_OK) {
        return ngx_http_social_request_checked(in, rc);
    }

    in->text = text;

    read = ngx_http_social_request_read_alloc(
        in, ngx_http_social_api_comment_run, ngx_http_social_reply_answer);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->id = in->ids[0];

    return ngx_http_social_request_read_post(read);
}


ngx_int_t
ngx_http_social_admin_moderate_act(ngx_http_social_input_t *in)
{
    ngx_uint_t                    i;
    social_str_t                  name = { in->action.len, in->action.data };
    const ngx_http_social_act_t  *act;

    act = NULL;

    for (i = 0; i < social_nelts(ngx_http_social_acts); i++) {
        if (ngx_http_social_request_is(&name, ngx_http_social_acts[i].name)) {
            act = &ngx_http_social_acts[i];
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

    if (act->handler == NULL) {
        return ngx_http_social_act_state(in, act->act);
    }

    if (in->nids != 1) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "malformed",
            "Choose one comment for this.", "id");
    }

    return act->handler(in);
}
