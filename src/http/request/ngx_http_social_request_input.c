
/*
 * Parsing requests of readers and moderators: what can be refused before the
 * body is read, the fields of a form or a JSON document, the article and its
 * token.  The body is read by ngx_http_social_request_body.c, CSRF is checked
 * by ngx_http_social_request_csrf.c.
 *
 * Must not treat a missing parameter as a check that was passed.  Event loop
 * only.
 */

#include "ngx_http_social_request_store.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_view_header.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_key.h"
#include "social_text.h"
#include "social_token.h"


typedef struct {
    const char  *name;
    size_t       offset;
} ngx_http_social_request_field_t;


#define ngx_http_social_request_field(name)                                   \
    { #name, offsetof(ngx_http_social_input_t, name) }


static const ngx_http_social_request_field_t  ngx_http_social_request_fields[] =
{
    ngx_http_social_request_field(article),
    ngx_http_social_request_field(parent),
    ngx_http_social_request_field(name),
    ngx_http_social_request_field(website),
    ngx_http_social_request_field(text),
    ngx_http_social_request_field(token),
    ngx_http_social_request_field(subject),
    ngx_http_social_request_field(network),
    ngx_http_social_request_field(instance),
    ngx_http_social_request_field(via),
    ngx_http_social_request_field(action),
    ngx_http_social_request_field(revision),
    ngx_http_social_request_field(seen),
    ngx_http_social_request_field(to),
    ngx_http_social_request_field(act)
};


static ngx_uint_t
ngx_http_social_request_type_is(ngx_str_t *value, const char *type)
{
    size_t  len;

    len = ngx_strlen(type);

    return value->len >= len
           && ngx_strncasecmp(value->data, (u_char *) type, len) == 0
           && (value->len == len || value->data[len] == ';'
               || value->data[len] == ' ');
}


ngx_http_social_input_t *
ngx_http_social_request_input(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    ngx_str_t                *accept, *type;
    ngx_http_social_input_t  *in;

    in = ngx_pcalloc(r->pool, sizeof(ngx_http_social_input_t));
    if (in == NULL) {
        return NULL;
    }

    in->request = r;
    in->rec = rec;
    in->site = rec->site;

    type = r->headers_in.content_type ? &r->headers_in.content_type->value
                                      : NULL;
    accept = ngx_http_social_view_request_header(r, "accept");

    in->body_json = type
                    && ngx_http_social_request_type_is(type, "application/json")
                    && !(r->method & NGX_HTTP_SOCIAL_READS);
    in->json = in->body_json
               || (ngx_http_social_view_contains(accept, "application/json")
                   && !ngx_http_social_view_contains(accept, "text/html"));

    return in;
}


/* 1 for a form, JSON or no body; a body without a Content-Type is neither */

static ngx_uint_t
ngx_http_social_request_type_supported(ngx_http_social_input_t *in)
{
    ngx_str_t           *type, *encoding;
    ngx_http_request_t  *r;

    r = in->request;
    encoding = ngx_http_social_view_request_header(r, "content-encoding");

    if (encoding && !ngx_http_social_request_type_is(encoding, "identity")) {
        return 0;
    }

    if (in->body_json) {
        return 1;
    }

    if (r->headers_in.content_type == NULL) {
        return r->headers_in.content_length_n <= 0 && !r->headers_in.chunked;
    }

    type = &r->headers_in.content_type->value;

    return ngx_http_social_request_type_is(type,
                                           "application/x-www-form-urlencoded");
}


/* refuses by the headers: too large, another type, CSRF; NGX_OK, or refused
 * and answered */

static ngx_int_t
ngx_http_social_request_check_headers(ngx_http_social_input_t *in)
{
    if (in->request->headers_in.content_length_n > SOCIAL_BODY_MAX) {
        return ngx_http_social_request_error_size(in);
    }

    if (!ngx_http_social_request_type_supported(in)) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE, "type",
            "e_type",
            NULL);
    }

    return ngx_http_social_request_csrf(in);
}


ngx_int_t
ngx_http_social_request_input_read(ngx_http_social_input_t *in,
    ngx_http_social_input_pt handler)
{
    ngx_int_t  rc;

    rc = ngx_http_social_request_check_headers(in);

    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    in->handler = in->null_origin ? ngx_http_social_request_csrf_null
                                  : handler;

    return ngx_http_social_request_body(in);
}


static void
ngx_http_social_request_doc_cleanup(void *data)
{
    cJSON_Delete(data);
}


static ngx_int_t
ngx_http_social_request_parse_fields(ngx_http_social_input_t *in)
{
    ngx_str_t                              *field;
    ngx_uint_t                              i;
    social_str_t                            value;
    social_json_e                           rc;
    const ngx_http_social_request_field_t  *f;

    for (i = 0; i < social_nelts(ngx_http_social_request_fields); i++) {
        f = &ngx_http_social_request_fields[i];
        rc = social_json_string(in->doc, f->name, &value);

        if (rc == SOCIAL_JSON_TYPE) {
            return ngx_http_social_request_error(
                in, NGX_HTTP_BAD_REQUEST, "malformed",
                "e_string", f->name);
        }

        if (rc == SOCIAL_JSON_OK) {
            field = (ngx_str_t *) ((u_char *) in + f->offset);
            field->data = (u_char *) value.data;
            field->len = value.len;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_request_parse_ids(ngx_http_social_input_t *in)
{
    size_t         i, n;
    social_str_t   ids[NGX_HTTP_SOCIAL_IDS];
    social_json_e  rc;

    rc = social_json_strings(in->doc, "id", ids, NGX_HTTP_SOCIAL_IDS, &n);

    if (rc == SOCIAL_JSON_TYPE) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "malformed",
            "e_ids", "id");
    }

    for (i = 0; rc == SOCIAL_JSON_OK && i < n; i++) {
        in->ids[in->nids++] = social_id_parse(ids[i].data,
                                                         ids[i].len);
    }

    return NGX_OK;
}


/* `revision` may be a number, too: makes it the string of its digits */

static ngx_int_t
ngx_http_social_request_parse_number(cJSON *doc, const char *name)
{
    cJSON  *item, *text;
    u_char  buf[NGX_INT64_LEN + 1];

    item = cJSON_GetObjectItemCaseSensitive(doc, name);

    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0)
        || item->valuedouble > 9007199254740991.0
        || item->valuedouble != (double) (int64_t) item->valuedouble)
    {
        return NGX_OK;
    }

    ngx_sprintf(buf, "%L%Z", (int64_t) item->valuedouble);
    text = cJSON_CreateString((char *) buf);

    if (text == NULL
        || !cJSON_ReplaceItemInObjectCaseSensitive(doc, name, text))
    {
        cJSON_Delete(text);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_request_parse_json(ngx_http_social_input_t *in)
{
    ngx_int_t            rc;
    const char          *error;
    ngx_pool_cleanup_t  *cln;

    error = NULL;
    in->doc = social_json_parse(in->body.data, in->body.len, &error);

    if (in->doc == NULL && error == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (in->doc == NULL || !cJSON_IsObject(in->doc)) {
        cJSON_Delete(in->doc);
        in->doc = NULL;
        return ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "malformed",
            error ? error : "e_object", NULL);
    }

    cln = ngx_pool_cleanup_add(in->request->pool, 0);
    if (cln == NULL) {
        cJSON_Delete(in->doc);
        in->doc = NULL;
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln->handler = ngx_http_social_request_doc_cleanup;
    cln->data = in->doc;

    if (ngx_http_social_request_parse_number(in->doc, "revision") != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_social_request_parse_fields(in);

    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    return ngx_http_social_request_parse_ids(in);
}


static ngx_int_t
ngx_http_social_request_parse_form(ngx_http_social_input_t *in,
    ngx_str_t *body, const char *const *repeat)
{
    u_char                                 *buf;
    ngx_str_t                              *field;
    ngx_uint_t                              i;
    const social_str_t                     *value;
    const ngx_http_social_request_field_t  *f;

    in->form = ngx_palloc(in->request->pool, sizeof(social_form_t));
    buf = ngx_pnalloc(in->request->pool, body->len + 1);

    if (in->form == NULL || buf == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (social_form_parse(in->form, body->data, body->len, buf, repeat)
        != SOCIAL_OK)
    {
        return ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "malformed", in->form->error,
            in->form->field[0] ? in->form->field : NULL);
    }

    for (i = 0; i < social_nelts(ngx_http_social_request_fields); i++) {
        f = &ngx_http_social_request_fields[i];
        value = social_form_get(in->form, f->name);

        if (value) {
            field = (ngx_str_t *) ((u_char *) in + f->offset);
            field->data = (u_char *) value->data;
            field->len = value->len;
        }
    }

    for (i = 0; /* void */ ; i++) {
        value = social_form_get_nth(in->form, "id", i);
        if (value == NULL) {
            return NGX_OK;
        }

        if (i == NGX_HTTP_SOCIAL_IDS) {
            return ngx_http_social_request_error(
                in, NGX_HTTP_BAD_REQUEST, "malformed",
                "e_ids_many", "id");
        }

        in->ids[in->nids++] = social_id_parse(value->data,
                                                         value->len);
    }
}


ngx_int_t
ngx_http_social_request_input_parse(ngx_http_social_input_t *in)
{
    ngx_int_t           rc;
    static const char  *const  repeat[] = { "id", NULL };

    rc = (in->body_json && in->body.len)
         ? ngx_http_social_request_parse_json(in)
         : ngx_http_social_request_parse_form(in, &in->body, repeat);

    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    return in->handler(in);
}


ngx_int_t
ngx_http_social_request_input_args(ngx_http_social_input_t *in,
    const char *const *repeat)
{
    return ngx_http_social_request_parse_form(in, &in->request->args, repeat);
}


static ngx_int_t
ngx_http_social_request_no_article(ngx_http_social_input_t *in)
{
    return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "article",
                                         "e_article",
                                         "article");
}


/*
 * CSRF: checks the page's token under the store's secret, and under the one
 * that pages got before the store was read.  SOCIAL_ERROR: no memory, or the
 * store's secret is not known yet, so the token may be good.
 */

static int
ngx_http_social_request_token(ngx_http_social_input_t *in, social_str_t key)
{
    int                      rc;
    uint32_t                 week;
    social_str_t             token;
    ngx_http_social_zone_t  *zone;

    zone = in->site->zone;
    token.len = in->token.len;
    token.data = in->token.data;
    week = ngx_time() / SOCIAL_WEEK;

    rc = social_token_check(zone->secret, key, token, week);

    if (rc == SOCIAL_DECLINED) {
        rc = social_token_check(zone->secret_old, key, token, week);
    }

    if (rc != SOCIAL_DECLINED || token.len == 0 || zone->secret_known) {
        return rc;
    }

    /* shares and beacons work without the store */

    in->unproven = in->memory_only;

    return in->memory_only ? SOCIAL_OK : SOCIAL_ERROR;
}


ngx_uint_t
ngx_http_social_request_is_unproven(ngx_http_social_input_t *in)
{
    return in->unproven
           && ngx_http_social_zone_slot_find(in->site, &in->rec->key) == NULL;
}


ngx_int_t
ngx_http_social_request_input_article(ngx_http_social_input_t *in)
{
    int                      rc;
    social_str_t             key;
    ngx_http_social_goal_t  *goal;

    if (in->article.len == 0) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "malformed",
            "e_article_missing", "article");
    }

    key.len = in->article.len;
    key.data = in->article.data;

    if (social_key_check(key) != SOCIAL_OK
        || !ngx_http_social_view_key_article(in->site, &in->article, &goal))
    {
        return ngx_http_social_request_no_article(in);
    }

    rc = ngx_http_social_request_token(in, key);

    if (rc == SOCIAL_ERROR) {
        return ngx_http_social_request_unavailable(in);
    }

    if (rc != SOCIAL_OK && rc != SOCIAL_LIMIT
        && ngx_http_social_zone_slot_find(in->site, &in->article) == NULL)
    {
        return ngx_http_social_request_no_article(in);
    }

    in->rec->key = in->article;
    in->rec->found.key_known = 1;
    in->rec->found.key_ok = 1;

    if (rc == SOCIAL_OK) {
        /* this server sent a page with the token, so the article exists */
        return NGX_OK;
    }

    in->new_token = 1;

    return ngx_http_social_request_error(in, NGX_HTTP_FORBIDDEN, "token",
        rc == SOCIAL_LIMIT
        ? "e_token_old"
        : in->token.len
          ? "e_token_wrong"
          : "e_token_missing",
        "token");
}


ngx_uint_t
ngx_http_social_request_is(const social_str_t *value, const char *word)
{
    return value && value->len == ngx_strlen(word)
           && ngx_memcmp(value->data, word, value->len) == 0;
}


ngx_int_t
ngx_http_social_request_link_key(ngx_http_social_input_t *in,
    social_str_t link, u_char *buf, size_t *len)
{
    u_char           *p;
    social_str_t      origin, host;
    ngx_table_elt_t  *header;

    header = in->request->headers_in.host;
    host.data = header ? header->value.data : (u_char *) "";
    host.len = header ? header->value.len : 0;
    origin.len = in->site->origin.len + in->site->base.len;

    p = ngx_pnalloc(in->request->pool, origin.len + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    origin.data = p;
    ngx_sprintf(p, "%V%V", &in->site->origin, &in->site->base);

    return social_key_link(link, origin, host, buf, len) == SOCIAL_OK
           ? NGX_OK : NGX_DECLINED;
}
