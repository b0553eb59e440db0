
/*
 * What comes in: a form or a JSON document becomes named fields; who sent it
 * is checked.  One error answer for both kinds.
 *
 *   input()        before anything is read
 *   input_read()   refuses what need not be read (check), reads the body
 *                  (input_body), parses it, and calls the handler
 */

#ifndef NGX_HTTP_SOCIAL_REQUEST_H_INCLUDED
#define NGX_HTTP_SOCIAL_REQUEST_H_INCLUDED


#include "ngx_http_social.h"
#include "ngx_http_social_job.h"
#include "ngx_http_social_request_reply.h"
#include "social_form.h"


#define NGX_HTTP_SOCIAL_IDS            100
#define NGX_HTTP_SOCIAL_UNPROCESSABLE  422
#define NGX_HTTP_SOCIAL_READS          (NGX_HTTP_GET|NGX_HTTP_HEAD)


typedef struct ngx_http_social_input_s  ngx_http_social_input_t;

/* answers, and returns what a content handler returns; NGX_DONE: later */
typedef ngx_int_t (*ngx_http_social_input_pt)(ngx_http_social_input_t *in);


/* a write was committed: answers, and returns the same */
typedef ngx_int_t (*ngx_http_social_written_pt)(ngx_http_social_input_t *in,
    ngx_http_social_post_t **posts, ngx_uint_t n);


/* which form a refusal gives back */

typedef enum {
    NGX_HTTP_SOCIAL_REFILL_NONE = 0,
    NGX_HTTP_SOCIAL_REFILL_COMMENT,            /* name, website, text */
    NGX_HTTP_SOCIAL_REFILL_TEXT,
    NGX_HTTP_SOCIAL_REFILL_BUTTON               /* a button, or an instance */
} ngx_http_social_refill_e;


struct ngx_http_social_input_s {
    ngx_http_request_t       *request;
    ngx_http_social_rec_t    *rec;
    ngx_http_social_site_t   *site;
    unsigned                  body_json:1;  /* the body is JSON */
    unsigned                  json:1;       /* the answer shall be */
    unsigned                  new_token:1;      /* errors give a new token */
    unsigned                  memory_only:1;    /* no store is asked for it */
    unsigned                  answered:1;   /* an error was sent */
    ngx_int_t                 result;       /* of sending that error */
    ngx_http_social_refill_e     refill;
    ngx_http_social_input_pt  handler;      /* after the body is read */
    ngx_http_social_written_pt  written;    /* after a write; or, */
    void                    (*undo)(ngx_http_social_input_t *in);
                                            /* before its refusal */
    void                     *prepared;         /* a read that waits */
    ngx_str_t                 body;
    size_t                    body_max;     /* room for it */
    social_form_t            *form;         /* or */
    cJSON                    *doc;          /* freed with the request */

    ngx_str_t                 article, parent, name, website, text, token,
                              subject, network, instance, via, action;
    int64_t                   ids[NGX_HTTP_SOCIAL_IDS];
    ngx_uint_t                nids;

    int64_t                   id;           /* of the route */
    ngx_str_t                 base;         /* moderation: its path, */
    ngx_str_t                 author;       /* and who is signed in */
    unsigned                  parent_held:1;   /* a reply to a held comment */
};


/* in r->pool; NULL: no memory.  Before a body is read */
ngx_http_social_input_t *ngx_http_social_request_input(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/*
 * Checks the request, reads and parses its body, and then calls the handler.
 * Returns what a content handler returns.
 */
ngx_int_t ngx_http_social_request_input_read(ngx_http_social_input_t *in,
    ngx_http_social_input_pt handler);

/* the body into in->body, 64 KB at most and never in a file; then parse */
ngx_int_t ngx_http_social_request_body(ngx_http_social_input_t *in);

/* NGX_OK, or refused: see in->answered; request_csrf.c */
ngx_int_t ngx_http_social_request_csrf(ngx_http_social_input_t *in);

/* ngx_http_social_request_body() has it all; what the handler returns */
ngx_int_t ngx_http_social_request_input_parse(ngx_http_social_input_t *in);

/* the arguments of a GET, the same way */
ngx_int_t ngx_http_social_request_input_args(ngx_http_social_input_t *in,
    const char *const *repeat);

/* `article` is a key and `token` a token of it; sets rec->key */
ngx_int_t ngx_http_social_request_input_article(ngx_http_social_input_t *in);

/*
 * The error of section "Errors" of docs/api.md: JSON, or a page that keeps
 * what was typed.  field may be NULL.
 */
ngx_int_t ngx_http_social_request_error(ngx_http_social_input_t *in,
    ngx_uint_t status, const char *code, const char *message,
    const char *field);

/* ... with Retry-After */
ngx_int_t ngx_http_social_request_error_retry(ngx_http_social_input_t *in,
    ngx_uint_t status, const char *code, const char *message,
    time_t seconds);

ngx_int_t ngx_http_social_request_error_method(ngx_http_social_input_t *in,
    const char *allow);

ngx_int_t ngx_http_social_request_error_size(ngx_http_social_input_t *in);

/* is a value this word? */
ngx_uint_t ngx_http_social_request_is(const social_str_t *value,
    const char *word);

/* a decimal id; 0: none */
int64_t ngx_http_social_request_id(const u_char *data, size_t len);


#endif /* NGX_HTTP_SOCIAL_REQUEST_H_INCLUDED */
