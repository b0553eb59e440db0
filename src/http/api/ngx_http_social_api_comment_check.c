
/*
 * Checks of what readers send: fields are cleaned and measured, the honeypot,
 * links and the rate limit are looked at.  `block` may take long: the thread
 * that writes the comment looks at it.
 *
 * Must not write anything.  Event loop only.
 */

#include "ngx_http_social_api_comment_check.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_comment_html.h"
#include "social_text.h"


#define NGX_HTTP_SOCIAL_API_PREVIEWS  10    /* for each comment */
#define NGX_HTTP_SOCIAL_API_NETWORK   4     /* clients of an IPv6 /48 */
#define NGX_HTTP_SOCIAL_API_ARTICLE   20    /* busy clients of an article */
#define NGX_HTTP_SOCIAL_API_PERSON    3     /* seconds to write a comment */


static ngx_int_t
ngx_http_social_api_field_error(ngx_http_social_input_t *in, const char *field,
    const char *message)
{
    (void) ngx_http_social_request_error(in, NGX_HTTP_SOCIAL_UNPROCESSABLE,
                                         "value", message, field);
    return NGX_DECLINED;
}


ngx_int_t
ngx_http_social_api_check_text(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked)
{
    size_t  n;

    checked->text.data = ngx_pnalloc(in->request->pool, in->text.len + 1);
    if (checked->text.data == NULL) {
        return NGX_ERROR;
    }

    if (social_text_clean_text(in->text.data, in->text.len,
                               checked->text.data, &checked->text.len)
        != SOCIAL_OK)
    {
        return ngx_http_social_api_field_error(in, "text",
            "e_text_characters");
    }

    n = social_text_count(checked->text.data, checked->text.len);

    if (n == 0) {
        return ngx_http_social_api_field_error(in, "text",
                                               "e_text_empty");
    }

    if (n > SOCIAL_TEXT_MAX) {
        return ngx_http_social_api_field_error(in, "text",
            "e_text_long");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_api_check_name(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked)
{
    size_t  n;

    if (ngx_http_social_view_author(in->request, in->rec, &checked->name)) {
        return NGX_OK;
    }

    checked->name.data = ngx_pnalloc(in->request->pool, in->name.len + 1);
    if (checked->name.data == NULL) {
        return NGX_ERROR;
    }

    if (social_text_clean_line(in->name.data, in->name.len,
                               checked->name.data, &checked->name.len)
        != SOCIAL_OK)
    {
        return ngx_http_social_api_field_error(in, "name",
            "e_name_characters");
    }

    n = social_text_count(checked->name.data, checked->name.len);

    if (n == 0) {
        return ngx_http_social_api_field_error(in, "name",
                                               "e_name_empty");
    }

    if (n > SOCIAL_NAME_MAX) {
        return ngx_http_social_api_field_error(in, "name",
            "e_name_long");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_api_check_website(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked)
{
    int  rc;

    checked->website.data = ngx_pnalloc(in->request->pool,
                                      SOCIAL_WEBSITE_SIZE + 1);
    if (checked->website.data == NULL) {
        return NGX_ERROR;
    }

    rc = social_text_website(in->website.data, in->website.len,
                             checked->website.data, &checked->website.len);

    if (rc == SOCIAL_LIMIT) {
        return ngx_http_social_api_field_error(in, "website",
            "e_website_long");
    }

    if (rc != SOCIAL_OK) {
        return ngx_http_social_api_field_error(in, "website",
            "e_website");
    }

    return NGX_OK;
}


/*
 * 1: the article was sent to this visitor less than PERSON seconds ago, so
 * nobody has read it.  Only a view that is remembered tells: a form of another
 * page, or one behind a cache, says nothing.
 */

static ngx_uint_t
ngx_http_social_api_is_fast(ngx_http_social_input_t *in)
{
    return in->site->limit_comments && in->rec->key.len
           && ngx_http_social_zone_recent_young(
                  in->site,
                  ngx_http_social_view_mark(in->request, in->rec,
                                            NGX_HTTP_SOCIAL_MARK_VIEW),
                  NGX_HTTP_SOCIAL_API_PERSON);
}


void
ngx_http_social_api_hold_reason(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked)
{
    ngx_http_social_site_t  *site;

    site = in->site;
    ngx_str_set(&checked->reason, "");
    checked->all = 0;

    if (in->subject.len) {
        /* the honeypot, a field that people cannot see, was filled in */
        ngx_str_set(&checked->reason, "honeypot");

    } else if (site->limit_comments
               && social_comment_html_links(SOCIAL_MARKDOWN,
                                            checked->text.data,
                                            checked->text.len)
                      > site->limit_links)
    {
        ngx_str_set(&checked->reason, "links");

    } else if (ngx_http_social_api_is_fast(in)) {
        ngx_str_set(&checked->reason, "faster than a person");

    } else if (site->comments == NGX_HTTP_SOCIAL_COMMENTS_HOLD) {
        ngx_str_set(&checked->reason, "all comments are held");
        checked->all = 1;
    }

    if (checked->reason.len) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                       "social comment held: %V", &checked->reason);
    }
}


ngx_int_t
ngx_http_social_api_check_comment(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked)
{
    ngx_int_t  rc;

    rc = ngx_http_social_api_check_name(in, checked);

    if (rc == NGX_OK) {
        rc = ngx_http_social_api_check_website(in, checked);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_social_api_check_text(in, checked);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    checked->parent = 0;

    if (in->parent.len) {
        checked->parent = social_id_parse(in->parent.data, in->parent.len);

        if (checked->parent == 0) {
            (void) ngx_http_social_request_error(
                in, NGX_HTTP_NOT_FOUND, "parent",
                "e_parent", "parent");
            return NGX_DECLINED;
        }
    }

    ngx_http_social_api_hold_reason(in, checked);

    return NGX_OK;
}


/* one bucket; NGX_DECLINED: empty, and answered */

static ngx_int_t
ngx_http_social_api_bucket(ngx_http_social_input_t *in, uint64_t client,
    ngx_uint_t n)
{
    time_t  wait;

    wait = ngx_http_social_zone_rate_limit(in->site, client, n,
                                           in->site->limit_time);
    if (wait == 0) {
        return NGX_OK;
    }

    (void) ngx_atomic_fetch_add(&in->site->zone->limited_posts, 1);

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                   "social rate limit: wait %T s", wait);

    (void) ngx_http_social_request_error_retry(in, NGX_HTTP_TOO_MANY_REQUESTS,
        "limit", "e_limit", wait);

    return NGX_DECLINED;
}


ngx_int_t
ngx_http_social_api_rate_limit(ngx_http_social_input_t *in, uint64_t kind)
{
    uint64_t    client, network;
    ngx_uint_t  n;

    if (in->site->limit_comments == 0
        || ngx_http_social_view_author(in->request, in->rec, NULL))
    {
        return NGX_OK;
    }

    /* who writes looks at a text more than once */

    n = in->site->limit_comments;
    n = (kind == 'p') ? n * NGX_HTTP_SOCIAL_API_PREVIEWS : n;

    client = ngx_http_social_view_client(in->request, in->site);
    network = ngx_http_social_view_network(in->request, in->site);

    /* its own first: who is refused takes nothing from the neighbours */

    if (ngx_http_social_api_bucket(in, client ^ (kind << 8), n) != NGX_OK) {
        return NGX_DECLINED;
    }

    if (network == 0) {
        return NGX_OK;
    }

    return ngx_http_social_api_bucket(in, network ^ (kind << 8),
                                      n * NGX_HTTP_SOCIAL_API_NETWORK);
}


ngx_int_t
ngx_http_social_api_article_limit(ngx_http_social_input_t *in)
{
    if (in->site->limit_comments == 0
        || ngx_http_social_view_author(in->request, in->rec, NULL))
    {
        return NGX_OK;
    }

    return ngx_http_social_api_bucket(
               in, ngx_http_social_view_fingerprint(
                       in->site, NGX_HTTP_SOCIAL_MARK_LIMIT, 0, &in->rec->key,
                       0),
               in->site->limit_comments * NGX_HTTP_SOCIAL_API_ARTICLE);
}
