
/*
 * Refusals: {"error":{"code","message","field"}}, or a page that keeps what
 * was typed.  Neither ever shows a path, a version or an errno.
 */

#include "ngx_http_social_input.h"
#include "ngx_http_social_zone.h"
#include "social_token.h"


static void
ngx_http_social_add(cJSON *obj, const char *name, ngx_str_t *value)
{
    char  *text;

    text = malloc(value->len + 1);

    if (text) {
        memcpy(text, value->data, value->len);
        text[value->len] = '\0';
        cJSON_AddStringToObject(obj, name, text);
        free(text);
    }
}


/* the form again, with a token that is good: nothing typed is lost */

static void
ngx_http_social_error_form(ngx_http_social_input_t *in, cJSON *doc,
    const char *field)
{
    char          token[SOCIAL_TOKEN_MAX];
    cJSON        *form, *invalid;
    ngx_str_t     action;
    social_str_t  key;

    if (in->text.len == 0 && in->name.len == 0 && in->website.len == 0) {
        return;
    }

    form = cJSON_AddObjectToObject(doc, "form");
    cJSON_AddBoolToObject(form, "present", 1);

    ngx_http_social_add(form, "name", &in->name);
    ngx_http_social_add(form, "website", &in->website);
    ngx_http_social_add(form, "text", &in->text);
    ngx_http_social_add(form, "article", &in->article);
    ngx_http_social_add(form, "parent", &in->parent);

    action = in->request->uri;
    ngx_http_social_add(form, "action", &action);

    key.len = in->article.len;
    key.data = in->article.data;

    if (in->fresh
        && social_token_make(in->site->zone->secret, key,
                             ngx_time() / SOCIAL_WEEK, token) == SOCIAL_OK)
    {
        cJSON_AddStringToObject(form, "token", token);

    } else {
        ngx_http_social_add(form, "token", &in->token);
    }

    invalid = cJSON_AddObjectToObject(form, "invalid");

    if (field) {
        cJSON_AddBoolToObject(invalid, field, 1);
    }
}


static ngx_int_t
ngx_http_social_error_page(ngx_http_social_input_t *in, ngx_uint_t status,
    const char *message, const char *field)
{
    int            rc;
    cJSON         *doc;
    u_char        *p;
    unsigned       language;
    ngx_str_t      back;
    const char    *title;
    social_out_t   out;

    doc = cJSON_CreateObject();
    language = social_page_find_language(in->site->page,
                                         (char *) in->site->language.data,
                                         in->site->language.len);

    title = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(
                in->site->page->languages[language].strings, "error_title"));

    cJSON_AddNumberToObject(doc, "status", (double) status);
    cJSON_AddStringToObject(doc, "title", title ? title : "Error");
    cJSON_AddStringToObject(doc, "message", message);

    if (in->request->method != NGX_HTTP_GET
        && in->request->method != NGX_HTTP_HEAD)
    {
        ngx_http_social_error_form(in, doc, field);
    }

    if (in->rec->key_ok) {
        back.data = ngx_pnalloc(in->request->pool, in->rec->key.len * 3);

        if (back.data) {
            p = (u_char *) ngx_escape_uri(back.data, in->rec->key.data,
                                          in->rec->key.len, NGX_ESCAPE_URI);
            back.len = p - back.data;
            ngx_http_social_add(doc, "back", &back);
        }
    }

    social_out_init(&out, SOCIAL_PAGE_MAX);
    rc = social_page_render(in->site->page, language, "error", doc, &out);

    if (rc != SOCIAL_OK) {
        social_out_free(&out);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_reply_out(in->request, status,
                                     NGX_HTTP_SOCIAL_HTML,
                                     NGX_HTTP_SOCIAL_NO_STORE, &out);
}


ngx_int_t
ngx_http_social_error(ngx_http_social_input_t *in, ngx_uint_t status,
    const char *code, const char *message, const char *field)
{
    cJSON  *doc, *error;

    in->answered = 1;

    if (in->call == NULL) {
        /* refused unread */
        (void) ngx_http_discard_request_body(in->request);
    }

    ngx_log_error(NGX_LOG_INFO, in->request->connection->log, 0,
                  "social: refused with %ui: %s%s%s", status, code,
                  field ? ": " : "", field ? field : "");

    if (!in->json) {
        return ngx_http_social_error_page(in, status, message, field);
    }

    doc = cJSON_CreateObject();
    error = cJSON_AddObjectToObject(doc, "error");

    cJSON_AddStringToObject(error, "code", code);
    cJSON_AddStringToObject(error, "message", message);

    if (field) {
        cJSON_AddStringToObject(error, "field", field);

    } else {
        cJSON_AddNullToObject(error, "field");
    }

    return ngx_http_social_reply_json(in->request, status,
                                      NGX_HTTP_SOCIAL_NO_STORE, doc);
}


ngx_int_t
ngx_http_social_error_retry(ngx_http_social_input_t *in, ngx_uint_t status,
    const char *code, const char *message, time_t seconds)
{
    u_char  buf[NGX_TIME_T_LEN];
    size_t  len;

    len = ngx_sprintf(buf, "%T", seconds) - buf;

    if (ngx_http_social_reply_header(in->request, "Retry-After",
                                     (char *) buf, len) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    in->fresh = 1;

    return ngx_http_social_error(in, status, code, message, NULL);
}


ngx_int_t
ngx_http_social_error_method(ngx_http_social_input_t *in, const char *allow)
{
    if (ngx_http_social_reply_header(in->request, "Allow", allow,
                                     ngx_strlen(allow)) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_error(in, NGX_HTTP_NOT_ALLOWED, "method",
        "This address does not take that method.", NULL);
}
