
/*
 * Feeds: the comments of the site or of an article, and the replies to one
 * commenter's, at an address that only its commenter was told, who asks for it
 * with POST mine/feed.  Event loop only, but for the `run` functions.
 */

#include <sys/random.h>

#include "ngx_http_social_api.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_widget.h"
#include "ngx_http_social_zone.h"
#include "social_feed.h"
#include "social_token.h"
#include "social_url.h"


#define NGX_HTTP_SOCIAL_ATOM  "application/atom+xml"


/* strings are in r->pool: the request lives until the read is answered, or the
 * read is late; so they are copied behind the structure */

typedef struct {
    ngx_http_social_read_t  read;       /* must be first */
    social_feed_t           feed;
    social_str_t            key;        /* of an article, or "" */
    social_str_t            mac;        /* of a feed of replies, or "" */
    ngx_uint_t              none;       /* there is no such feed */
    u_char                 *p, *end;    /* room for strings */
} ngx_http_social_api_feed_t;


/* copies the parts, as one C string */

static const char *
ngx_http_social_api_feed_copy(ngx_http_social_api_feed_t *feed,
    const char *fmt, ...)
{
    u_char   *p;
    va_list   args;

    p = feed->p;

    va_start(args, fmt);
    feed->p = ngx_vslprintf(p, feed->end - 1, fmt, args);
    va_end(args);

    *feed->p++ = '\0';

    return (const char *) p;
}


static int
ngx_http_social_api_feed_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                          rc;
    ngx_http_social_api_feed_t  *feed = (ngx_http_social_api_feed_t *) job;

    if (feed->mac.len) {
        rc = social_store_replies(store, feed->mac, SOCIAL_FEED_COMMENTS,
                                  &feed->read.list, &job->error);
        feed->none = (rc == SOCIAL_DECLINED);

    } else {
        rc = social_store_feed(store, feed->key, SOCIAL_FEED_COMMENTS,
                               &feed->read.list, &job->error);
    }

    if (rc != SOCIAL_OK) {
        return rc;
    }

    return social_feed(&feed->feed, &feed->read.list, &feed->read.out)
           == SOCIAL_OK ? SOCIAL_OK : SOCIAL_DECLINED;
}


static ngx_int_t
ngx_http_social_api_feed_answer(ngx_http_social_read_t *read)
{
    ngx_http_social_api_feed_t  *feed = (ngx_http_social_api_feed_t *) read;

    if (feed->none) {
        return ngx_http_social_request_error(read->in, NGX_HTTP_NOT_FOUND,
                                             "path", "e_path", NULL);
    }

    if (read->job.rc != SOCIAL_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_reply_out(
        read->request, NGX_HTTP_OK, NGX_HTTP_SOCIAL_ATOM,
        feed->mac.len ? NGX_HTTP_SOCIAL_PRIVATE : NGX_HTTP_SOCIAL_NO_CACHE,
        &read->out);
}


/* scheme and host of the site: its `origin`, else those of the request */

static const char *
ngx_http_social_api_feed_origin(ngx_http_social_api_feed_t *feed)
{
    ngx_str_t           *host, text;
    social_str_t         origin, scheme, name, path;
    ngx_http_request_t  *r;

    r = feed->read.request;
    origin.data = feed->read.in->site->origin.data;
    origin.len = feed->read.in->site->origin.len;

    if (social_url_split(origin, &scheme, &name, &path)) {
        text.data = (u_char *) origin.data;
        text.len = origin.len - path.len;

        return ngx_http_social_api_feed_copy(feed, "%V", &text);
    }

    host = r->headers_in.host ? &r->headers_in.host->value
                              : &r->headers_in.server;

    return ngx_http_social_api_feed_copy(
        feed, "%s%V", ngx_http_social_view_is_https(r) ? "https://"
                                                       : "http://", host);
}


/* a read with its strings, all but title, page, what and which; NULL: no
 * memory */

static ngx_http_social_api_feed_t *
ngx_http_social_api_feed_begin(ngx_http_social_input_t *in, size_t more)
{
    size_t                       size;
    ngx_uint_t                   language;
    ngx_http_request_t          *r;
    ngx_http_social_api_feed_t  *feed;

    r = in->request;
    size = sizeof(ngx_http_social_api_feed_t) + in->site->origin.len
           + in->site->base.len + r->unparsed_uri.len
           + (r->headers_in.host ? r->headers_in.host->value.len
                                 : r->headers_in.server.len) + more + 64;

    feed = ngx_http_social_job_alloc(in->site, size,
                                     ngx_http_social_api_feed_run, NULL);
    if (feed == NULL) {
        return NULL;
    }

    feed->p = (u_char *) feed + sizeof(ngx_http_social_api_feed_t);
    feed->end = (u_char *) feed + size;

    ngx_http_social_request_read_init(&feed->read, in,
                                      ngx_http_social_api_feed_answer);

    language = ngx_http_social_request_input_language(in);

    feed->feed.origin = ngx_http_social_api_feed_origin(feed);
    feed->feed.self = ngx_http_social_api_feed_copy(feed, "%V%V",
                                                    &in->site->base,
                                                    &r->unparsed_uri);
    feed->feed.base = in->site->page->base;
    feed->feed.site = in->site->page->name;
    feed->feed.lang = in->site->page->languages[language].tag;

    return feed;
}


ngx_int_t
ngx_http_social_api_feed_get(ngx_http_social_input_t *in)
{
    ngx_int_t                    rc;
    ngx_str_t                    path;
    const char                  *of, *title;
    ngx_http_social_api_feed_t  *feed;

    in->json = 1;
    rc = ngx_http_social_api_read_key_or_none(in);

    if (rc != NGX_OK) {
        return in->result;
    }

    feed = ngx_http_social_api_feed_begin(in, 4 * SOCIAL_KEY_MAX
                                              + NGX_HTTP_SOCIAL_ABOUT + 256);
    if (feed == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    of = ngx_http_social_request_label_in(
             in->site, ngx_http_social_request_input_language(in),
             "thread_of");
    title = in->site->page->name;

    feed->feed.what = "/comments";
    feed->feed.which = "";
    feed->feed.page = ngx_http_social_api_feed_copy(feed, "%V/",
                                                    &in->site->base);

    if (in->article.len) {
        feed->read.article = ngx_http_social_widget_article(in->site,
                                                            &in->rec->key);
        path = ngx_http_social_api_article_path(in->request, &in->rec->key, 0);

        if (feed->read.article == NULL || path.data == NULL) {
            ngx_http_social_request_read_discard(&feed->read);
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        feed->feed.which = feed->read.article->key;
        feed->feed.page = ngx_http_social_api_feed_copy(feed, "%V", &path);
        feed->key.data = (const unsigned char *) feed->read.article->key;
        feed->key.len = in->rec->key.len;
        title = feed->read.article->title[0] ? feed->read.article->title
                                             : feed->read.article->key;
    }

    feed->feed.title = ngx_http_social_api_feed_copy(feed, "%s %s", of, title);

    return ngx_http_social_request_read_post(&feed->read);
}


/* replies/MAC.atom: in->id is of no use, the name is in the path */

ngx_int_t
ngx_http_social_api_replies_get(ngx_http_social_input_t *in)
{
    u_char                      *p, *last;
    ngx_http_request_t          *r;
    ngx_http_social_api_feed_t  *feed;

    r = in->request;
    in->json = 1;

    last = r->uri.data + r->uri.len - (sizeof(".atom") - 1);
    p = r->uri.data + in->site->prefix.len + sizeof("replies/") - 1;

    if (last - p != SOCIAL_STORE_FEED) {
        return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "path",
                                             "e_path", NULL);
    }

    feed = ngx_http_social_api_feed_begin(in, SOCIAL_STORE_FEED
                                              + in->site->base.len + 16);
    if (feed == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    feed->feed.what = "/replies/";
    feed->feed.which = ngx_http_social_api_feed_copy(
                           feed, "%*s", (size_t) SOCIAL_STORE_FEED, p);
    feed->mac.data = (const unsigned char *) feed->feed.which;
    feed->mac.len = SOCIAL_STORE_FEED;
    feed->feed.page = ngx_http_social_api_feed_copy(feed, "%V/",
                                                    &in->site->base);
    feed->feed.title = ngx_http_social_request_label_in(
                           in->site,
                           ngx_http_social_request_input_language(in),
                           "replies");

    return ngx_http_social_request_read_post(&feed->read);
}


/* the address: as a document, or as a page with a link to it */

static ngx_int_t
ngx_http_social_api_replies_written(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    cJSON         *doc;
    ngx_uint_t     language;
    social_out_t   path;

    social_out_init(&path, 4096);
    social_out_text(&path, in->site->page->prefix);
    social_out_text(&path, "replies/");
    social_out_text(&path, posts[0]->write.wrote_feed);
    social_out_text(&path, ".atom");

    doc = cJSON_CreateObject();

    if (in->json) {
        social_doc_out(doc, "feed", &path);

        return ngx_http_social_request_reply_json(in->request, NGX_HTTP_OK,
                                                  NGX_HTTP_SOCIAL_NO_STORE,
                                                  doc);
    }

    language = ngx_http_social_request_input_language(in);
    social_doc_text(doc, "title",
                    ngx_http_social_request_label_in(in->site, language,
                                                     "replies"));
    social_doc_text(doc, "message",
                    ngx_http_social_request_label_in(in->site, language,
                                                     "replies_why"));
    social_doc_out(doc, "feed", &path);

    return ngx_http_social_request_reply_page(in->request, in->site, language,
                                              NGX_HTTP_OK, "notice", doc);
}


/* the MAC of the commenter and of a number that nobody has used: who renews an
 * address gets another number */

static ngx_int_t
ngx_http_social_api_replies_mac(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t *post)
{
    char                *text;
    social_str_t         data;
    unsigned char        of[SOCIAL_COMMENTER_LEN + sizeof(uint64_t)];
    social_write_t      *write;

    write = &post->write;
    text = (char *) post + sizeof(ngx_http_social_job_write_t);

    if (getrandom(&write->number, sizeof(uint64_t), 0) != sizeof(uint64_t)) {
        return NGX_ERROR;
    }

    ngx_memcpy(of, write->commenter, SOCIAL_COMMENTER_LEN);
    ngx_memcpy(of + SOCIAL_COMMENTER_LEN, &write->number, sizeof(uint64_t));
    data.data = of;
    data.len = sizeof(of);

    if (social_mac_text(in->site->zone->secret, "replies", data, text)
        != SOCIAL_OK)
    {
        return NGX_ERROR;
    }

    write->mac.data = (const unsigned char *) text;
    write->mac.len = SOCIAL_MAC_TEXT;

    return NGX_OK;
}


ngx_int_t
ngx_http_social_api_replies_new(ngx_http_social_input_t *in)
{
    ngx_int_t                     rc;
    ngx_http_social_job_write_t  *post;

    post = ngx_http_social_job_write_alloc(in->site, SOCIAL_MAC_TEXT + 1);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_social_view_commenter(in->request, in->site,
                                        post->write.commenter);

    if (rc == NGX_OK && ngx_http_social_api_replies_mac(in, post) != NGX_OK) {
        rc = NGX_ERROR;
    }

    if (rc != NGX_OK) {
        free(post);
    }

    switch (rc) {

    case NGX_OK:
        break;

    case NGX_ERROR:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;

    case NGX_AGAIN:
        return ngx_http_social_request_unavailable(in);

    default:
        return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "comment",
                                             "e_mine", NULL);
    }

    post->write.type = SOCIAL_WRITE_FEED;
    post->write.renew = (in->action.len == sizeof("renew") - 1
                         && ngx_strncmp(in->action.data, "renew", 5) == 0);

    return ngx_http_social_request_write(in, post,
                                         ngx_http_social_api_replies_written);
}
