
/*
 * Error answers: {"error":{"code","message","field"}}, or a page with the form
 * that was sent, so nothing that was typed is lost.  Must not show a file's
 * path, a version or an errno.  Event loop only.
 */

#include "ngx_http_social_request_store.h"
#include "ngx_http_social_zone.h"
#include "social_token.h"


#define ngx_http_social_request_error_value(form, name, value)                \
    social_doc_bytes(form, name, (value).data, (value).len)


/* adds a hidden field to the form, unless it is empty */

static void
ngx_http_social_request_error_hidden(cJSON *hidden, const char *name,
    const u_char *data, size_t len)
{
    cJSON  *item;

    if (len) {
        item = cJSON_CreateObject();
        social_doc_text(item, "field", name);
        social_doc_bytes(item, "value", data, len);
        social_doc_append(hidden, item);
    }
}


/* the page's token as it was sent; if it was refused, a new one */

static void
ngx_http_social_request_error_token(ngx_http_social_input_t *in, cJSON *hidden)
{
    char          token[SOCIAL_TOKEN_MAX];
    social_str_t  key;

    key.len = in->article.len;
    key.data = in->article.data;

    if (in->new_token && key.len) {

        if (social_token_make(in->site->zone->secret, key,
                              ngx_time() / SOCIAL_WEEK, token) != SOCIAL_OK)
        {
            /* fails the document: this form would be refused again */
            social_doc_append(hidden, NULL);
            return;
        }

        ngx_http_social_request_error_hidden(hidden, "token", (u_char *) token,
                                             ngx_strlen(token));
        return;
    }

    ngx_http_social_request_error_hidden(hidden, "token", in->token.data,
                                         in->token.len);
}


static void
ngx_http_social_request_error_fields(ngx_http_social_input_t *in, cJSON *form)
{
    char         id[SOCIAL_ID_MAX];
    size_t       len;
    cJSON       *hidden;
    ngx_uint_t   i;

    const struct {
        const char  *name;
        ngx_str_t   *value;
    } fields[] = {
        { "article", &in->article },
        { "parent",  &in->parent },
        { "network", &in->network },
        { "via",     &in->via },
        { "action",  &in->action },
        { "revision", &in->revision }
    };

    hidden = social_doc_array(form, "hidden");

    for (i = 0; i < social_nelts(fields); i++) {
        ngx_http_social_request_error_hidden(hidden, fields[i].name,
                                             fields[i].value->data,
                                             fields[i].value->len);
    }

    for (i = 0; i < in->nids; i++) {
        len = social_id_text(in->ids[i], id);
        ngx_http_social_request_error_hidden(hidden, "id", (u_char *) id, len);
    }

    ngx_http_social_request_error_token(in, hidden);
}


/* where the form is sent */

static void
ngx_http_social_request_error_to(ngx_http_social_input_t *in, cJSON *form)
{
    social_out_t  out;

    social_out_init(&out, 8192);

    if (in->refill == NGX_HTTP_SOCIAL_REFILL_PREVIEW) {
        social_out_text(&out, in->site->page->prefix);
        social_out_text(&out, "comments");

    } else {
        social_out_public(&out, in->site->page->base, in->request->uri.data,
                          in->request->uri.len);
    }

    social_doc_out(form, "to", &out);
}


void
ngx_http_social_request_error_form(ngx_http_social_input_t *in, cJSON *doc,
    const char *field)
{
    cJSON       *form, *invalid;
    ngx_uint_t   typed, comment;

    comment = in->refill == NGX_HTTP_SOCIAL_REFILL_COMMENT
              || in->refill == NGX_HTTP_SOCIAL_REFILL_PREVIEW;

    typed = in->instance.len
            || (in->refill != NGX_HTTP_SOCIAL_REFILL_BUTTON
                && (in->text.len || in->name.len || in->website.len));

    if (in->refill == NGX_HTTP_SOCIAL_REFILL_NONE
        || (!typed && !in->new_token && !in->null_origin))
    {
        return;
    }

    form = social_doc_object(doc, "form");
    social_doc_bool(form, "present", 1);
    social_doc_bool(form, "typed", typed);
    social_doc_bool(form, "who", comment);
    social_doc_bool(form, "words",
                    comment || in->refill == NGX_HTTP_SOCIAL_REFILL_TEXT);
    social_doc_bool(form, "where", in->instance.len);

    ngx_http_social_request_error_to(in, form);

    ngx_http_social_request_error_value(form, "name", in->name);
    ngx_http_social_request_error_value(form, "website", in->website);
    ngx_http_social_request_error_value(form, "text", in->text);
    ngx_http_social_request_error_value(form, "instance", in->instance);
    ngx_http_social_request_error_fields(in, form);

    invalid = social_doc_object(form, "invalid");

    if (field) {
        social_doc_bool(invalid, field, 1);
    }
}


ngx_uint_t
ngx_http_social_request_input_language(ngx_http_social_input_t *in)
{
    ngx_str_t               *key;
    ngx_http_social_slot_t  *slot;

    key = in->rec->found.key_ok ? &in->rec->key : &in->article;
    slot = NULL;

    if (in->site->language.len == 0 && key->len && key->len <= SOCIAL_KEY_MAX) {
        slot = ngx_http_social_zone_slot_find(in->site, key);
    }

    return slot ? slot->language : ngx_http_social_request_language(in->site);
}


static ngx_int_t
ngx_http_social_request_error_page(ngx_http_social_input_t *in,
    ngx_uint_t status, const char *message, const char *field)
{
    cJSON         *doc;
    ngx_uint_t     language;
    social_out_t   back;

    doc = cJSON_CreateObject();
    language = ngx_http_social_request_input_language(in);

    social_doc_number(doc, "status", (double) status);
    social_doc_text(doc, "title",
                    ngx_http_social_request_label_in(in->site, language,
                                                     "error_title"));
    social_doc_text(doc, "message",
                    ngx_http_social_request_label_in(in->site, language,
                                                     message));

    if (in->wait) {
        social_doc_number(doc, "minutes", (double) ((in->wait + 59) / 60));
    }

    ngx_http_social_request_error_form(in, doc, field);

    if (status == NGX_HTTP_CONFLICT && in->base.len) {
        social_doc_bytes(doc, "list", in->base.data, in->base.len);
    }

    if (in->rec->found.key_ok) {
        social_out_init(&back, 4096);
        social_out_public(&back, in->site->page->base, in->rec->key.data,
                          in->rec->key.len);
        social_doc_out(doc, "back", &back);
    }

    return ngx_http_social_request_reply_page(in->request, in->site,
                                              language, status, "error",
                                              doc);
}


static ngx_int_t
ngx_http_social_request_error_json(ngx_http_social_input_t *in,
    ngx_uint_t status, const char *code, const char *message,
    const char *field)
{
    cJSON  *doc, *error;

    doc = cJSON_CreateObject();
    error = social_doc_object(doc, "error");

    social_doc_text(error, "code", code);
    social_doc_text(error, "message",
                    ngx_http_social_request_label_in(
                        in->site, ngx_http_social_request_input_language(in),
                        message));

    if (field) {
        social_doc_text(error, "field", field);

    } else {
        social_doc_null(error, "field");
    }

    return ngx_http_social_request_reply_json(in->request, status,
                                              NGX_HTTP_SOCIAL_NO_STORE, doc);
}


/* skips the rest of the body.  A client that sent "Expect: 100-continue" is
 * not told to continue; then it may send the body or not, so the connection
 * cannot be used for another request */

static void
ngx_http_social_request_error_discard(ngx_http_request_t *r)
{
    if (r->headers_in.expect && !r->expect_tested) {
        r->expect_tested = 1;
        r->keepalive = 0;
    }

    (void) ngx_http_discard_request_body(r);
}


ngx_int_t
ngx_http_social_request_error(ngx_http_social_input_t *in, ngx_uint_t status,
    const char *code, const char *message, const char *field)
{
    in->answered = 1;

    ngx_http_social_request_error_discard(in->request);

    ngx_log_error(NGX_LOG_INFO, in->request->connection->log, 0,
                  "social: refused with %ui: %s", status, code);

    /* the name of a field that could not be parsed is the client's text */

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                   "social refused: %ui %s, field \"%s\"", status, code,
                   field == NULL ? ""
                   : in->form && field == in->form->field ? "?" : field);

    in->result =
        in->json
            ? ngx_http_social_request_error_json(in, status, code, message,
                                                 field)
            : ngx_http_social_request_error_page(in, status, message, field);

    return in->result;
}


ngx_int_t
ngx_http_social_request_error_size(ngx_http_social_input_t *in)
{
    /* the rest of the body is not read */
    in->request->keepalive = 0;

    return ngx_http_social_request_error(in, NGX_HTTP_REQUEST_ENTITY_TOO_LARGE,
                                         "size",
                                         "e_size",
                                         NULL);
}


ngx_int_t
ngx_http_social_request_error_retry(ngx_http_social_input_t *in,
    ngx_uint_t status, const char *code, const char *message, time_t seconds)
{
    u_char  buf[NGX_TIME_T_LEN];
    size_t  len;

    len = ngx_sprintf(buf, "%T", seconds) - buf;

    if (ngx_http_social_request_reply_header(in->request, "Retry-After",
                                             (char *) buf, len) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    in->new_token = 1;
    in->wait = seconds;

    return ngx_http_social_request_error(in, status, code, message, NULL);
}


ngx_int_t
ngx_http_social_request_error_method(ngx_http_social_input_t *in,
    const char *allow)
{
    if (ngx_http_social_request_reply_header(in->request, "Allow", allow,
                                             ngx_strlen(allow)) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_error(in, NGX_HTTP_NOT_ALLOWED, "method",
        "e_method", NULL);
}
