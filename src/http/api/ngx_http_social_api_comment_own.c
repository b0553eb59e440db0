
/*
 * A comment of one's own, by the commenter's cookie: its page, edit and delete
 * within a window.  And a notice on somebody else's.
 */

#include "ngx_http_social_api_comment_check.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_widget.h"
#include "ngx_http_social_zone.h"
#include "social_thread.h"


#define NGX_HTTP_SOCIAL_WINDOW  900     /* seconds to change an own comment */


/* one comment: its writer's page, or the way to the article */

static ngx_int_t
ngx_http_social_own_doc(ngx_http_social_read_t *read)
{
    cJSON             *doc, *item;
    social_comment_t  *comment;

    if (read->list.n == 0) {
        return ngx_http_social_request_no_comment(read->in);
    }

    comment = &read->list.items[0];
    doc = cJSON_CreateObject();
    item = social_thread_api_comment(comment);

    social_doc_text(item, "state",
                    ngx_http_social_api_state_name(comment->state));
    social_doc_add(doc, "comment", item);

    return ngx_http_social_request_reply_json(read->request, NGX_HTTP_OK,
                                              NGX_HTTP_SOCIAL_NO_STORE, doc);
}


static ngx_int_t
ngx_http_social_own_page(ngx_http_social_read_t *read, ngx_str_t *key)
{
    int                       rc;
    social_comment_t         *comment;
    social_render_article_t  *article;

    comment = &read->list.items[0];
    article = ngx_http_social_widget_article(read->in->site, key);

    if (article == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = social_render_own(read->in->site->page, article, comment,
                           read->now - comment->created
                           < NGX_HTTP_SOCIAL_WINDOW, &read->out);
    free(article);

    if (rc != SOCIAL_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_reply_out(
        read->request, NGX_HTTP_OK, NGX_HTTP_SOCIAL_HTML,
        NGX_HTTP_SOCIAL_NO_STORE, &read->out);
}


static ngx_int_t
ngx_http_social_comment_answer_get(ngx_http_social_read_t *read)
{
    ngx_str_t          key;
    social_comment_t  *comment;

    if (read->list.n == 0) {
        return ngx_http_social_request_no_comment(read->in);
    }

    comment = &read->list.items[0];
    key.data = (u_char *) comment->key;
    key.len = ngx_strlen(comment->key);

    if (read->known && comment->state != SOCIAL_DELETED
        && ngx_memcmp(comment->commenter, read->commenter,
                      SOCIAL_COMMENTER_LEN) == 0)
    {
        return read->in->json ? ngx_http_social_own_doc(read)
                              : ngx_http_social_own_page(read, &key);
    }

    if (comment->state == SOCIAL_APPROVED) {
        return ngx_http_social_api_see(read->in,
                   ngx_http_social_api_article_path(read->request, &key,
                                                    comment->id));
    }

    return ngx_http_social_request_no_comment(read->in);
}


ngx_int_t
ngx_http_social_api_comment_get(ngx_http_social_input_t *in)
{
    ngx_int_t                rc;
    ngx_http_social_read_t  *read;

    read = ngx_http_social_request_read_alloc(
        in, ngx_http_social_api_comment_run,
        ngx_http_social_comment_answer_get);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->id = in->id;
    rc = ngx_http_social_view_commenter(in->request, in->site, read->commenter);

    if (rc == NGX_ERROR) {
        free(read);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->known = (rc == NGX_OK);

    return ngx_http_social_request_read_post(read);
}


/* edit and delete */

static ngx_int_t
ngx_http_social_own_answer(ngx_http_social_input_t *in,
    social_write_t *write)
{
    ngx_http_social_read_t  *read;

    if (write->type == SOCIAL_WRITE_DELETE) {

        if (in->json) {
            return ngx_http_social_request_reply_empty(in->request,
                                                       NGX_HTTP_NO_CONTENT);
        }

        return ngx_http_social_api_see(in,
                   ngx_http_social_api_article_path(in->request, &in->rec->key,
                                                    0));
    }

    if (!in->json) {
        return ngx_http_social_api_see(in,
                   write->wrote_state == SOCIAL_APPROVED
                   ? ngx_http_social_api_article_path(in->request,
                                                      &in->rec->key,
                                                      write->wrote_id)
                   : ngx_http_social_api_comment_path(in, write->wrote_id));
    }

    /* the document is the one that a reader gets: name, times and all */

    read = ngx_http_social_request_read_alloc(
        in, ngx_http_social_api_comment_run, ngx_http_social_own_doc);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->id = write->wrote_id;

    return ngx_http_social_request_read_post(read);
}


static void
ngx_http_social_own_done(ngx_http_request_t *r,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_int_t                 rc;
    ngx_str_t                 key;
    social_write_t           *write;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_request_input_of(r);
    write = &posts[0]->write;

    if (write->status != SOCIAL_WROTE
        && write->status != SOCIAL_WROTE_NOTHING)
    {
        ngx_http_finalize_request(
            r, ngx_http_social_request_write_error(in, write));
        return;
    }

    key.data = (u_char *) write->wrote_key;
    key.len = ngx_strlen(write->wrote_key);

    if (write->visible) {
        ngx_http_social_widget_changed(in->site, &key,
            write->wrote_state == SOCIAL_APPROVED ? 0 : -1);
    }

    ngx_http_social_api_comment_event(in, write->type == SOCIAL_WRITE_DELETE
                                          ? "delete" : "edit", write);

    rc = ngx_http_social_own_answer(in, write);

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


static ngx_int_t
ngx_http_social_own_write(ngx_http_social_input_t *in, social_write_e type,
    ngx_http_social_draft_t *draft)
{
    u_char                  *p;
    ngx_int_t                rc;
    ngx_http_social_post_t  *post;

    post = ngx_http_social_job_write_alloc(in->site,
                                           draft->text.len + draft->reason.len);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_social_view_commenter(in->request, in->site,
                                        post->write.commenter);

    if (rc == NGX_ERROR) {
        free(post);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != NGX_OK) {
        free(post);
        return ngx_http_social_request_no_comment(in);
    }

    p = (u_char *) post + sizeof(ngx_http_social_post_t);

    post->done = ngx_http_social_own_done;
    post->write.type = type;
    post->write.id = in->id;
    post->write.window = NGX_HTTP_SOCIAL_WINDOW;
    post->write.text = ngx_http_social_job_write_str(&p, &draft->text);

    if (draft->reason.len) {
        post->write.state = SOCIAL_HELD;
        post->write.reason = ngx_http_social_job_write_str(&p, &draft->reason);
    }

    return ngx_http_social_request_write(in, post);
}


ngx_int_t
ngx_http_social_api_comment_edit(ngx_http_social_input_t *in)
{
    ngx_int_t                rc;
    ngx_http_social_draft_t  draft;

    ngx_memzero(&draft, sizeof(ngx_http_social_draft_t));

    rc = ngx_http_social_api_check_text(in, &draft);

    if (rc != NGX_OK) {
        return ngx_http_social_request_checked(in, rc);
    }

    ngx_http_social_api_judge(in, &draft);

    return ngx_http_social_own_write(in, SOCIAL_WRITE_EDIT, &draft);
}


ngx_int_t
ngx_http_social_api_comment_delete(ngx_http_social_input_t *in)
{
    ngx_http_social_draft_t  draft;

    ngx_memzero(&draft, sizeof(ngx_http_social_draft_t));
    ngx_str_set(&draft.text, "");

    return ngx_http_social_own_write(in, SOCIAL_WRITE_DELETE, &draft);
}


/* a reader's notice: once a visitor and comment */

static uint64_t
ngx_http_social_report_mark(ngx_http_social_input_t *in)
{
    ngx_str_t  none;

    ngx_str_set(&none, "");

    return ngx_http_social_view_fingerprint(
        in->site, NGX_HTTP_SOCIAL_MARK_REPORT,
        ngx_http_social_view_visitor(in->request, in->rec), &none, in->id);
}


static void
ngx_http_social_report_done(ngx_http_request_t *r,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_int_t                 rc;
    ngx_str_t                 key;
    social_write_t           *write;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_request_input_of(r);
    write = &posts[0]->write;

    if (write->status == SOCIAL_WROTE) {
        key.data = (u_char *) write->wrote_key;
        key.len = ngx_strlen(write->wrote_key);
        rc = ngx_http_social_api_notice(in, "reported", &key);

    } else {
        ngx_http_social_zone_unmark(in->site, ngx_http_social_report_mark(in));
        rc = ngx_http_social_request_write_error(in, write);
    }

    ngx_http_finalize_request(r, rc);
}


ngx_int_t
ngx_http_social_api_comment_report(ngx_http_social_input_t *in)
{
    ngx_int_t                rc;
    ngx_str_t                none;
    ngx_http_social_post_t  *post;

    rc = ngx_http_social_api_rate_limit(in, 'r');

    if (rc != NGX_OK) {
        return ngx_http_social_request_checked(in, rc);
    }

    if (!ngx_http_social_zone_mark(in->site, ngx_http_social_report_mark(in))) {
        ngx_str_set(&none, "");
        return ngx_http_social_api_notice(in, "reported", &none);
    }

    post = ngx_http_social_job_write_alloc(in->site, 0);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    post->done = ngx_http_social_report_done;
    post->write.type = SOCIAL_WRITE_REPORT;
    post->write.id = in->id;

    return ngx_http_social_request_write(in, post);
}
