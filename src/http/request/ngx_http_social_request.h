
/*
 * A request of a reader or a moderator: its form or JSON document as named
 * fields, and the error answers for both.  Event loop only.
 *
 *   input()        creates it, before anything is read
 *   input_read()   refuses by the headers what it can, checks for CSRF, reads
 *                  the body, parses it and calls the handler
 *
 * Functions that may refuse a request send the error themselves and set
 * in->answered; then the caller returns what they returned.
 */

#ifndef NGX_HTTP_SOCIAL_REQUEST_H_INCLUDED
#define NGX_HTTP_SOCIAL_REQUEST_H_INCLUDED


#include "ngx_http_social.h"
#include "ngx_http_social_job.h"
#include "ngx_http_social_request_reply.h"
#include "social_form.h"


#define NGX_HTTP_SOCIAL_IDS            100      /* comments of one request */
#define NGX_HTTP_SOCIAL_UNPROCESSABLE  422
#define NGX_HTTP_SOCIAL_READS          (NGX_HTTP_GET|NGX_HTTP_HEAD)


typedef struct ngx_http_social_input_s  ngx_http_social_input_t;

/* answers, and returns what a content handler returns; NGX_DONE: the answer
 * is sent later */
typedef ngx_int_t (*ngx_http_social_input_pt)(ngx_http_social_input_t *in);


/* the same, once the writes of the request are committed */
typedef ngx_int_t (*ngx_http_social_written_pt)(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n);


/* the form that an error page shows again, filled in */

typedef enum {
    NGX_HTTP_SOCIAL_REFILL_NONE = 0,
    NGX_HTTP_SOCIAL_REFILL_COMMENT,         /* name, website, text */
    NGX_HTTP_SOCIAL_REFILL_PREVIEW,         /* the same, sent to `comments` */
    NGX_HTTP_SOCIAL_REFILL_TEXT,
    NGX_HTTP_SOCIAL_REFILL_BUTTON           /* a button; Mastodon: a server */
} ngx_http_social_refill_e;


struct ngx_http_social_input_s {
    ngx_http_request_t       *request;
    ngx_http_social_rec_t    *rec;
    ngx_http_social_site_t   *site;
    unsigned                  body_json:1;  /* the body is JSON */
    unsigned                  json:1;       /* answer with JSON */
    time_t                    wait;     /* seconds, for an error page */
    unsigned                  new_token:1;  /* an error page gets a new one */
    unsigned                  memory_only:1;    /* needs no store */
    unsigned                  unproven:1;   /* the token could not be checked:
                                             * the store was never read */
    unsigned                  answered:1;   /* an error was sent */
    unsigned                  null_origin:1;    /* to be refused when its
                                                 * fields are known */
    ngx_int_t                 result;       /* of sending that error */
    ngx_http_social_refill_e  refill;
    ngx_http_social_input_pt  handler;      /* after the body is parsed */
    ngx_http_social_written_pt  written;    /* after a write is committed */
    ngx_http_social_written_pt  changed;    /* NULL, or: nothing was written,
                                             * as SOCIAL_CHANGED says of at
                                             * least one write */
    void                    (*undo)(ngx_http_social_input_t *in);
                                            /* NULL, or: a write failed */
    void                     *prepared;     /* a read to be posted later */
    ngx_str_t                 body;
    size_t                    body_max;     /* bytes of memory for it */
    social_form_t            *form;         /* the parsed body, or */
    cJSON                    *doc;          /* freed with the request */

    ngx_str_t                 article, parent, name, website, text, token,
                              subject, network, instance, via, action,
                              revision, seen, to, act;
    int64_t                   ids[NGX_HTTP_SOCIAL_IDS];
    ngx_uint_t                nids;

    int64_t                   id;           /* in the path; -1: not an id */
    ngx_str_t                 base;         /* moderation: public path, */
    ngx_str_t                 author;       /* and who is signed in */
    unsigned                  parent_held:1;    /* a reply approves it */
};


/* in r->pool; NULL: no memory.  Call it before the body is read */
ngx_http_social_input_t *ngx_http_social_request_input(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/*
 * Checks the request, reads and parses its body, and then calls the handler.
 * Returns what a content handler returns.
 */
ngx_int_t ngx_http_social_request_input_read(ngx_http_social_input_t *in,
    ngx_http_social_input_pt handler);

/* reads at most 64 KB into in->body, never into a file, and then parses it.
 * Returns what a content handler returns */
ngx_int_t ngx_http_social_request_body(ngx_http_social_input_t *in);

/* CSRF: NGX_OK, or refused and answered; if it sets in->null_origin the body
 * must be read and csrf_null() called instead of the handler */
ngx_int_t ngx_http_social_request_csrf(ngx_http_social_input_t *in);

/* refuses with a page that sends the form again */
ngx_int_t ngx_http_social_request_csrf_null(ngx_http_social_input_t *in);

/* parses in->body and calls in->handler; returns what it returns */
ngx_int_t ngx_http_social_request_input_parse(ngx_http_social_input_t *in);

/* the key of a link as themes write it, in buf of SOCIAL_KEY_MAX bytes;
 * NGX_DECLINED: it leads to another site; NGX_ERROR: no memory */
ngx_int_t ngx_http_social_request_link_key(ngx_http_social_input_t *in,
    social_str_t link, u_char *buf, size_t *len);

/* parses the query string of a GET; `repeat`: names that may occur more than
 * once, NULL at the end, or NULL.  NGX_OK, or refused and answered */
ngx_int_t ngx_http_social_request_input_args(ngx_http_social_input_t *in,
    const char *const *repeat);

/* checks the fields `article` (a key of this site) and `token` (the page's) and
 * sets rec->key.  NGX_OK, or refused and answered */
ngx_int_t ngx_http_social_request_input_article(ngx_http_social_input_t *in);

/* the language of answers to a reader, an index into site->page->languages:
 * the site's, else that of the article's page */
ngx_uint_t ngx_http_social_request_input_language(ngx_http_social_input_t *in);

/* 1: nothing proves that the article exists: the token could not be checked,
 * and the zone does not know the key.  Nothing may be counted or made for it */
ngx_uint_t ngx_http_social_request_is_unproven(ngx_http_social_input_t *in);

/*
 * Sends an error as in section "Errors" of docs/api.md: as JSON, or as a page
 * with the form that was sent, filled in.  `message` is the name of a text in
 * src/assets/lang, or a text in English.  `field` may be NULL.  Returns what a
 * content handler returns; also in in->result.
 */
ngx_int_t ngx_http_social_request_error(ngx_http_social_input_t *in,
    ngx_uint_t status, const char *code, const char *message,
    const char *field);

/* the same, with Retry-After */
ngx_int_t ngx_http_social_request_error_retry(ngx_http_social_input_t *in,
    ngx_uint_t status, const char *code, const char *message,
    time_t seconds);

/* 405 with Allow */
ngx_int_t ngx_http_social_request_error_method(ngx_http_social_input_t *in,
    const char *allow);

/* 413; closes the connection, as the rest of the body is not read */
ngx_int_t ngx_http_social_request_error_size(ngx_http_social_input_t *in);

/* adds `form` to the document of a page: the form that was sent, filled in, as
 * in->refill says; field: the one that is wrong, or NULL */
void ngx_http_social_request_error_form(ngx_http_social_input_t *in,
    cJSON *doc, const char *field);

/* 1 if value is there and equals word */
ngx_uint_t ngx_http_social_request_is(const social_str_t *value,
    const char *word);


#endif /* NGX_HTTP_SOCIAL_REQUEST_H_INCLUDED */
