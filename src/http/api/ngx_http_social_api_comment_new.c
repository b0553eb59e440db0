
/*
 * A new comment: checked, written by the next group commit, and answered only
 * when it is on disk.  Event loop only.
 */

#include "ngx_http_social_api_comment_check.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_widget.h"
#include "ngx_http_social_zone.h"
#include "social_source.h"


/* the comment as JSON; NULL: no memory.  The strings of the write are not
 * terminated, hence the copies */

static cJSON *
ngx_http_social_api_new_doc(ngx_http_social_input_t *in,
    social_write_t *write)
{
    cJSON             *doc;
    char              *name, *website, *text;
    social_comment_t   comment;

    name = strndup((char *) write->name.data, write->name.len);
    website = strndup((char *) write->website.data, write->website.len);
    text = strndup((char *) write->text.data, write->text.len);

    ngx_memzero(&comment, sizeof(social_comment_t));
    comment.id = write->wrote_id;
    comment.parent = write->wrote_parent;
    comment.name = name;
    comment.website = website;
    comment.text = text;
    comment.format = (uint8_t) write->format;
    comment.created = write->now;
    comment.role = write->wrote_role;
    comment.state = write->wrote_state;

    doc = (name && website && text)
          ? ngx_http_social_api_comment_doc(&comment) : NULL;

    free(name);
    free(website);
    free(text);

    return doc;
}


static ngx_int_t
ngx_http_social_api_new_json(ngx_http_social_input_t *in, ngx_uint_t state,
    cJSON *doc)
{
    return ngx_http_social_request_reply_json(
               in->request, state == SOCIAL_APPROVED ? NGX_HTTP_CREATED
                                                     : NGX_HTTP_ACCEPTED,
               NGX_HTTP_SOCIAL_NO_STORE, doc);
}


/* the answer to a comment that was sent before: the first one, as stored */

static ngx_int_t
ngx_http_social_api_new_repeated(ngx_http_social_read_t *read)
{
    cJSON             *doc;
    social_comment_t  *comment;

    if (read->list.n == 0) {
        return ngx_http_social_request_no_comment(read->in);
    }

    comment = &read->list.items[0];
    doc = ngx_http_social_api_comment_doc(comment);

    return ngx_http_social_api_new_json(read->in, comment->state, doc);
}


/* to the page that has it, which is the article's unless the thread is long */

static ngx_int_t
ngx_http_social_api_new_placed(ngx_http_social_read_t *read)
{
    return ngx_http_social_api_redirect(read->in,
               ngx_http_social_api_comment_place(read->in,
                                                 &read->in->rec->key, read->id,
                                                 read->page));
}


static ngx_int_t
ngx_http_social_api_new_read(ngx_http_social_input_t *in, int64_t id)
{
    ngx_http_social_read_t  *read;

    read = ngx_http_social_request_read_alloc(
        in, ngx_http_social_api_comment_run,
        in->json ? ngx_http_social_api_new_repeated
                 : ngx_http_social_api_new_placed);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->id = id;

    return ngx_http_social_request_read_post(read);
}


static ngx_int_t
ngx_http_social_api_new_answer(ngx_http_social_input_t *in,
    social_write_t *write)
{
    ngx_uint_t  approved;

    approved = (write->wrote_state == SOCIAL_APPROVED);

    if (in->json) {
        return write->repeated
                   ? ngx_http_social_api_new_read(in, write->wrote_id)
                   : ngx_http_social_api_new_json(
                         in, write->wrote_state,
                         ngx_http_social_api_new_doc(in, write));
    }

    if (approved && in->site->oldest) {
        return ngx_http_social_api_new_read(in, write->wrote_id);
    }

    return ngx_http_social_api_redirect(in, approved
               ? ngx_http_social_api_article_path(in->request, &in->rec->key,
                                                  write->wrote_id)
               : ngx_http_social_api_comment_path(in, write->wrote_id));
}


static ngx_int_t
ngx_http_social_api_new_written(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    social_write_t  *write;

    write = &posts[0]->write;

    if (write->repeated) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                       "social comment %L: sent again", write->wrote_id);

        /* it has the cookie of the first answer; a held one, of this answer */

        if (write->wrote_state == SOCIAL_APPROVED) {
            ngx_http_social_view_commenter_drop(in->request);
        }

        return ngx_http_social_api_new_answer(in, write);
    }

    if (write->visible) {
        ngx_http_social_widget_changed(in->site, &in->rec->key,
                                       write->comments, write->change, 0);
    }

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                   "social comment %L: %s, reply to %L", write->wrote_id,
                   ngx_http_social_api_state_name(write->wrote_state),
                   write->wrote_parent);

    ngx_http_social_api_comment_event(
        in, write->wrote_parent ? NGX_HTTP_SOCIAL_EVENT_REPLY
                                : NGX_HTTP_SOCIAL_EVENT_COMMENT, write);

    return ngx_http_social_api_new_answer(in, write);
}


/* who writes: the author, the commenter of the cookie, or a new one, who gets
 * the cookie.  NGX_AGAIN: the cookie cannot be read yet */

static ngx_int_t
ngx_http_social_api_new_writer(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked, social_write_t *write)
{
    uint64_t             visitor;
    ngx_int_t            rc;
    const char          *source;
    ngx_http_request_t  *r;
    static ngx_str_t     none = ngx_string("");

    r = in->request;

    if (in->rec->found.badge) {
        write->author = 1;
        write->state = SOCIAL_APPROVED;
        ngx_str_set(&checked->reason, "");
        return NGX_OK;
    }

    rc = ngx_http_social_view_commenter(r, in->site, write->commenter);

    if (rc == NGX_DECLINED) {
        rc = ngx_http_social_view_commenter_new(r, in->site, write->commenter);

    } else {
        write->returning = 1;
    }

    if (rc != NGX_OK) {
        return rc;
    }

    visitor = ngx_http_social_view_visitor(r, in->rec);

    write->weak = ngx_http_social_view_fingerprint(in->site,
                                                   NGX_HTTP_SOCIAL_MARK_ACTIVE,
                                                   visitor, &checked->name, 1);
    write->visitor = ngx_http_social_view_fingerprint(
        in->site, NGX_HTTP_SOCIAL_MARK_ACTIVE, visitor, &none, 2);
    write->active = ngx_http_social_api_is_active(in);
    write->first = (in->site->comments == NGX_HTTP_SOCIAL_COMMENTS_FIRST
                    && checked->reason.len == 0);
    write->state = checked->reason.len ? SOCIAL_HELD : SOCIAL_APPROVED;
    write->all = checked->all;

    in->rec->source = ngx_http_social_zone_first_touch(in->site, visitor, NULL);
    source = social_source_id(in->rec->source);
    source = source ? source : "";

    (void) ngx_cpystrn((u_char *) write->source, (u_char *) source,
                       sizeof(write->source));

    return NGX_OK;
}


/* all checks of a new comment; returns what
 * ngx_http_social_api_check_comment() does */

static ngx_int_t
ngx_http_social_api_new_check(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked)
{
    ngx_int_t  rc;

    (void) ngx_http_social_request_input_article(in);

    if (in->answered) {
        return NGX_DECLINED;
    }

    if (in->site->comments == NGX_HTTP_SOCIAL_COMMENTS_CLOSED
        || in->site->comments == NGX_HTTP_SOCIAL_COMMENTS_OFF
        || (ngx_http_social_widget_is_closed(
                in->site, ngx_http_social_zone_slot_find(in->site,
                                                         &in->rec->key))
            && !in->rec->found.badge))
    {
        (void) ngx_http_social_request_error(in, NGX_HTTP_FORBIDDEN, "closed",
                                             "comments_closed", NULL);
        return NGX_DECLINED;
    }

    rc = ngx_http_social_api_check_comment(in, checked);

    rc = (rc == NGX_OK) ? ngx_http_social_api_rate_limit(in, 'c') : rc;

    return rc == NGX_OK ? ngx_http_social_api_article_limit(in) : rc;
}


ngx_int_t
ngx_http_social_api_comment_new(ngx_http_social_input_t *in)
{
    u_char                         *p;
    ngx_int_t                       rc;
    social_write_t                 *write;
    ngx_http_social_job_write_t    *post;
    ngx_http_social_api_checked_t   checked;

    rc = ngx_http_social_api_new_check(in, &checked);

    if (rc != NGX_OK) {
        return ngx_http_social_request_check_result(in, rc);
    }

    post = ngx_http_social_job_write_alloc(
        in->site, in->rec->key.len + checked.name.len + checked.website.len
                      + checked.text.len + checked.reason.len);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    write = &post->write;

    rc = ngx_http_social_api_new_writer(in, &checked, write);

    if (rc != NGX_OK) {
        free(post);
        return rc == NGX_AGAIN ? ngx_http_social_request_unavailable(in)
                               : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (in->site->author->lengths == NULL) {
        write->reserved.len = in->site->author->value.len;
        write->reserved.data = in->site->author->value.data;
    }

    p = (u_char *) post + sizeof(ngx_http_social_job_write_t);

    write->type = SOCIAL_WRITE_COMMENT;
    write->close = write->author ? 0 : in->site->close;
    write->known = 1;
    post->unread = !write->author && in->subject.len == 0;
    write->parent = checked.parent;
    write->key = ngx_http_social_job_write_str(&p, &in->rec->key);
    write->name = ngx_http_social_job_write_str(&p, &checked.name);
    write->website = ngx_http_social_job_write_str(&p, &checked.website);
    write->text = ngx_http_social_job_write_str(&p, &checked.text);
    write->format = SOCIAL_MARKDOWN;
    write->reason = ngx_http_social_job_write_str(&p, &checked.reason);

    return ngx_http_social_request_write(in, post,
                                         ngx_http_social_api_new_written);
}
