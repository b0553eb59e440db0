
/*
 * One's own comment, as the commenter's cookie says: its page; edit and delete
 * while it is new.  And reports of other people's comments.
 *
 * Must not tell whether somebody else's held comment exists.  Event loop only.
 */

#include "ngx_http_social_api_comment_check.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_widget.h"
#include "ngx_http_social_zone.h"


/* after an edit: where the comment is shown, or its own page while it is not */

static ngx_int_t
ngx_http_social_api_own_place(ngx_http_social_read_t *read)
{
    ngx_str_t  key;

    if (read->list.n == 0 || read->list.items[0].state != SOCIAL_APPROVED) {
        return ngx_http_social_api_redirect(read->in,
                   ngx_http_social_api_comment_path(read->in, read->id));
    }

    key.data = (u_char *) read->list.items[0].key;
    key.len = ngx_strlen(key.data);

    return ngx_http_social_api_redirect(read->in,
               ngx_http_social_api_comment_place(read->in, &key, read->id,
                                                 read->page));
}


/* one's own comment as JSON */

static ngx_int_t
ngx_http_social_api_own_doc(ngx_http_social_read_t *read)
{
    cJSON  *doc;

    if (read->list.n == 0) {
        return ngx_http_social_request_no_comment(read->in);
    }

    doc = ngx_http_social_api_comment_doc(&read->list.items[0]);

    return ngx_http_social_request_reply_json(read->request, NGX_HTTP_OK,
                                              NGX_HTTP_SOCIAL_NO_STORE, doc);
}


static ngx_int_t
ngx_http_social_api_own_page(ngx_http_social_read_t *read, ngx_str_t *key)
{
    int                       rc;
    social_comment_t         *comment;
    social_render_article_t  *article;

    comment = &read->list.items[0];
    article = ngx_http_social_widget_article(read->in->site, key);

    if (article == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    comment->page = read->page;

    rc = social_render_own(read->in->site->page, article, comment,
                           read->now - comment->created
                           < NGX_HTTP_SOCIAL_API_EDIT_WINDOW, &read->out);
    free(article);

    if (rc != SOCIAL_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_reply_out(
        read->request, NGX_HTTP_OK, NGX_HTTP_SOCIAL_HTML,
        NGX_HTTP_SOCIAL_NO_STORE, &read->out);
}


/* the writer gets the comment; others are sent to the article, if it is
 * approved */

static ngx_int_t
ngx_http_social_api_own_get_answer(ngx_http_social_read_t *read)
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
        return read->in->json ? ngx_http_social_api_own_doc(read)
                              : ngx_http_social_api_own_page(read, &key);
    }

    if (comment->state == SOCIAL_APPROVED) {
        return ngx_http_social_api_redirect(read->in,
                   ngx_http_social_api_comment_place(read->in, &key,
                                                     comment->id,
                                                     read->page));
    }

    return ngx_http_social_request_no_comment(read->in);
}


/* an old link has the id that an imported comment had elsewhere: the last part
 * of the path, where ours would be */

static void
ngx_http_social_api_own_origin(ngx_http_social_read_t *read)
{
    u_char     *p, *last;
    ngx_str_t  *uri;

    uri = &read->request->uri;
    last = uri->data + uri->len;

    for (p = last; p > uri->data && p[-1] != '/'; p--) { /* void */ }

    if (read->id == -1 && social_id_is_origin(p, last - p)) {
        read->norigin = last - p;
        ngx_memcpy(read->origin, p, read->norigin);
    }
}


ngx_int_t
ngx_http_social_api_comment_get(ngx_http_social_input_t *in)
{
    ngx_int_t                rc;
    ngx_http_social_read_t  *read;

    read = ngx_http_social_request_read_alloc(
        in, ngx_http_social_api_comment_run,
        ngx_http_social_api_own_get_answer);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->id = in->id;
    ngx_http_social_api_own_origin(read);
    rc = ngx_http_social_view_commenter(in->request, in->site, read->commenter);

    if (rc == NGX_ERROR) {
        free(read);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->known = (rc == NGX_OK);

    return ngx_http_social_request_read_post(read);
}


static ngx_int_t
ngx_http_social_api_own_answer(ngx_http_social_input_t *in,
    social_write_t *write)
{
    ngx_http_social_read_t  *read;

    if (write->type == SOCIAL_WRITE_DELETE) {

        if (in->json) {
            return ngx_http_social_request_reply_empty(in->request,
                                                       NGX_HTTP_NO_CONTENT);
        }

        return ngx_http_social_api_redirect(in,
                   ngx_http_social_api_article_path(in->request, &in->rec->key,
                                                    0));
    }

    /* the same document as for a GET: read it from the store */

    read = ngx_http_social_request_read_alloc(
        in, ngx_http_social_api_comment_run,
        in->json ? ngx_http_social_api_own_doc
                 : ngx_http_social_api_own_place);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->id = write->wrote_id;

    return ngx_http_social_request_read_post(read);
}


static ngx_int_t
ngx_http_social_api_own_written(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_str_t        key;
    social_write_t  *write;

    write = &posts[0]->write;
    key = ngx_http_social_api_write_key(write);

    if (write->visible) {
        ngx_http_social_widget_changed(in->site, &key, write->comments,
                                       write->change, 1);
    }

    ngx_http_social_api_comment_event(
        in, write->type == SOCIAL_WRITE_DELETE ? NGX_HTTP_SOCIAL_EVENT_DELETE
                                               : NGX_HTTP_SOCIAL_EVENT_EDIT,
        write);

    return ngx_http_social_api_own_answer(in, write);
}


static ngx_int_t
ngx_http_social_api_own_write(ngx_http_social_input_t *in, social_write_e type,
    ngx_http_social_api_checked_t *checked)
{
    u_char                       *p;
    ngx_int_t                     rc;
    ngx_http_social_job_write_t  *post;

    post = ngx_http_social_job_write_alloc(in->site, checked->text.len
                                                         + checked->reason.len);
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
        return rc == NGX_AGAIN ? ngx_http_social_request_unavailable(in)
                               : ngx_http_social_request_no_comment(in);
    }

    p = (u_char *) post + sizeof(ngx_http_social_job_write_t);

    post->write.type = type;
    post->write.id = in->id;
    post->write.window = NGX_HTTP_SOCIAL_API_EDIT_WINDOW;
    post->write.first = (in->site->comments == NGX_HTTP_SOCIAL_COMMENTS_FIRST);
    post->unread = (type == SOCIAL_WRITE_EDIT);
    post->write.text = ngx_http_social_job_write_str(&p, &checked->text);
    post->write.format = SOCIAL_MARKDOWN;

    if (checked->reason.len) {
        post->write.state = SOCIAL_HELD;
        post->write.all = checked->all;
        post->write.reason = ngx_http_social_job_write_str(&p,
                                                           &checked->reason);
    }

    return ngx_http_social_request_write(in, post,
                                         ngx_http_social_api_own_written);
}


ngx_int_t
ngx_http_social_api_comment_edit(ngx_http_social_input_t *in)
{
    ngx_int_t                      rc;
    ngx_http_social_api_checked_t  checked;

    ngx_memzero(&checked, sizeof(ngx_http_social_api_checked_t));

    rc = ngx_http_social_api_check_text(in, &checked);

    if (rc == NGX_OK) {
        rc = ngx_http_social_api_rate_limit(in, 'c');
    }

    if (rc != NGX_OK) {
        return ngx_http_social_request_check_result(in, rc);
    }

    ngx_http_social_api_hold_reason(in, &checked);

    return ngx_http_social_api_own_write(in, SOCIAL_WRITE_EDIT, &checked);
}


ngx_int_t
ngx_http_social_api_comment_delete(ngx_http_social_input_t *in)
{
    ngx_http_social_api_checked_t  checked;

    ngx_memzero(&checked, sizeof(ngx_http_social_api_checked_t));
    ngx_str_set(&checked.text, "");

    return ngx_http_social_api_own_write(in, SOCIAL_WRITE_DELETE, &checked);
}


/* a visitor reports a comment once a day */

static uint64_t
ngx_http_social_api_report_mark(ngx_http_social_input_t *in)
{
    ngx_str_t  none;

    ngx_str_set(&none, "");

    return ngx_http_social_view_fingerprint(
        in->site, NGX_HTTP_SOCIAL_MARK_REPORT,
        ngx_http_social_view_visitor(in->request, in->rec), &none, in->id);
}


static void
ngx_http_social_api_report_undo(ngx_http_social_input_t *in)
{
    ngx_http_social_zone_unmark(in->site, ngx_http_social_api_report_mark(in));
}


static ngx_int_t
ngx_http_social_api_report_written(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_str_t  key;

    key = ngx_http_social_api_write_key(&posts[0]->write);

    return ngx_http_social_api_notice(in, "reported", &key);
}


ngx_int_t
ngx_http_social_api_comment_report(ngx_http_social_input_t *in)
{
    uint64_t                      client;
    ngx_int_t                     rc;
    ngx_str_t                     none;
    ngx_http_social_zone_mark_e   mark;
    ngx_http_social_job_write_t  *post;

    rc = ngx_http_social_api_rate_limit(in, 'r');

    if (rc != NGX_OK) {
        return ngx_http_social_request_check_result(in, rc);
    }

    client = ngx_http_social_view_client(in->request, in->site);
    mark = ngx_http_social_zone_mark(in->site, client,
                                     ngx_http_social_api_report_mark(in));

    if (mark == NGX_HTTP_SOCIAL_ZONE_FULL) {
        /* marks are forgotten at midnight, UTC */

        return ngx_http_social_request_error_retry(
            in, NGX_HTTP_TOO_MANY_REQUESTS, "limit",
            "e_report_limit",
            86400 - ngx_time() % 86400);
    }

    if (mark == NGX_HTTP_SOCIAL_ZONE_REPEAT) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                       "social report: duplicate, comment %L", in->id);

        ngx_str_set(&none, "");
        return ngx_http_social_api_notice(in, "reported", &none);
    }

    post = ngx_http_social_job_write_alloc(in->site, 0);
    if (post == NULL) {
        ngx_http_social_api_report_undo(in);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    post->write.type = SOCIAL_WRITE_REPORT;
    post->write.id = in->id;
    in->undo = ngx_http_social_api_report_undo;

    return ngx_http_social_request_write(in, post,
                                         ngx_http_social_api_report_written);
}
