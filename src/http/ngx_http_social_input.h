
/*
 * What comes in: a form or a JSON document becomes named fields; who sent it
 * is checked.  One error answer for both kinds.
 */

#ifndef NGX_HTTP_SOCIAL_INPUT_H_INCLUDED
#define NGX_HTTP_SOCIAL_INPUT_H_INCLUDED


#include "ngx_http_social.h"
#include "ngx_http_social_reply.h"
#include "social_form.h"


#define NGX_HTTP_SOCIAL_IDS  100


typedef struct {
    ngx_http_request_t       *request;
    ngx_http_social_rec_t    *rec;
    ngx_http_social_site_t   *site;
    unsigned                  body_json:1;  /* the body is JSON */
    unsigned                  json:1;       /* the answer shall be */
    unsigned                  fresh:1;      /* errors give a new token */
    unsigned                  answered:1;   /* an error was sent */
    void                     *call;         /* after the body is read */
    social_form_t            *form;         /* or */
    cJSON                    *doc;          /* freed with the request */

    ngx_str_t                 article, parent, name, website, text, token,
                              subject, network, instance, via, action, next;
    int64_t                   ids[NGX_HTTP_SOCIAL_IDS];
    ngx_uint_t                nids;

    int64_t                   id;           /* of the route */
} ngx_http_social_input_t;


/* in r->pool; NULL: no memory.  Before a body is read */
ngx_http_social_input_t *ngx_http_social_input(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/*
 * Refuses what need not be read: too large, of another type, from another
 * site.  NGX_OK, or what the handler returns.
 */
ngx_int_t ngx_http_social_input_check(ngx_http_social_input_t *in);

/* the body that nginx has read into fields; NGX_OK, or the answer's code */
ngx_int_t ngx_http_social_input_parse(ngx_http_social_input_t *in);

/* the arguments of a GET, the same way */
ngx_int_t ngx_http_social_input_args(ngx_http_social_input_t *in,
    const char *const *repeat);

/* `article` is a key and `token` a token of it; sets rec->key */
ngx_int_t ngx_http_social_input_article(ngx_http_social_input_t *in);

/*
 * The error of section "Errors" of docs/api.md: JSON, or a page that keeps
 * what was typed.  field may be NULL.
 */
ngx_int_t ngx_http_social_error(ngx_http_social_input_t *in,
    ngx_uint_t status, const char *code, const char *message,
    const char *field);

/* ... with Retry-After */
ngx_int_t ngx_http_social_error_retry(ngx_http_social_input_t *in,
    ngx_uint_t status, const char *code, const char *message,
    time_t seconds);

ngx_int_t ngx_http_social_error_method(ngx_http_social_input_t *in,
    const char *allow);

/* a decimal id; 0: none */
int64_t ngx_http_social_id(const u_char *data, size_t len);


#endif /* NGX_HTTP_SOCIAL_INPUT_H_INCLUDED */
