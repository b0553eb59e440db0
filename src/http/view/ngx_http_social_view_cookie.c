
/*
 * Cookies: the author's, which is signed, and the commenter's, which is sealed
 * and of which the store has only a MAC.  Event loop only.
 */

#include <sys/random.h>
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_token.h"


/* a commenter's cookie: 16 random bytes and their seal, in base64url */

#define NGX_HTTP_SOCIAL_COMMENTER_RANDOM  22
#define NGX_HTTP_SOCIAL_COMMENTER_COOKIE                                      \
    (NGX_HTTP_SOCIAL_COMMENTER_RANDOM + SOCIAL_MAC_TEXT)


ngx_str_t
ngx_http_social_view_cookie_name(ngx_http_request_t *r,
    ngx_http_social_site_t *site, const char *purpose)
{
    ngx_str_t  name;

    name.len = sizeof("social__") - 1 + ngx_strlen(purpose) + site->name.len;
    name.data = ngx_pnalloc(r->pool, name.len);

    if (name.data) {
        ngx_sprintf(name.data, "social_%s_%V", purpose, &site->name);
    }

    return name;
}


static ngx_uint_t
ngx_http_social_view_cookie_any(ngx_http_request_t *r)
{
#if (nginx_version >= 1023000)
    return r->headers_in.cookie != NULL;
#else
    return r->headers_in.cookies.nelts != 0;
#endif
}


/* NGX_DECLINED: no such cookie */

static ngx_int_t
ngx_http_social_view_cookie_get(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *value)
{
#if (nginx_version >= 1023000)
    return ngx_http_parse_multi_header_lines(r, r->headers_in.cookie, name,
                                             value)
           ? NGX_OK : NGX_DECLINED;
#else
    return ngx_http_parse_multi_header_lines(&r->headers_in.cookies, name,
                                             value)
           == NGX_DECLINED ? NGX_DECLINED : NGX_OK;
#endif
}


ngx_int_t
ngx_http_social_view_cookie_set(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *value, ngx_str_t *path, time_t max_age)
{
    size_t                  len;
    ngx_str_t               base;
    ngx_uint_t              secure;
    ngx_table_elt_t        *h;
    ngx_http_social_rec_t  *rec;

    rec = ngx_http_social_view_rec(r);
    secure = ngx_http_social_view_is_https(r);
    ngx_str_null(&base);

    if (rec) {

        /* browsers compare it with the path that they ask for, and a proxy in
         * front may speak TLS with them */

        base = rec->site->base;
        secure |= rec->site->origin.len > 5
                  && ngx_strncasecmp(rec->site->origin.data,
                                     (u_char *) "https", 5) == 0;
    }

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    len = name->len + value->len + base.len + path->len
          + NGX_TIME_T_LEN
          + sizeof("=; Path=; Max-Age=; HttpOnly; SameSite=Lax; Secure") - 1;

    h->hash = 1;
#if (nginx_version >= 1023000)
    h->next = NULL;
#endif
    ngx_str_set(&h->key, "Set-Cookie");

    h->value.data = ngx_pnalloc(r->pool, len);
    if (h->value.data == NULL) {
        h->hash = 0;
        return NGX_ERROR;
    }

    h->value.len = ngx_sprintf(h->value.data,
                               "%V=%V; Path=%V%V; Max-Age=%T; HttpOnly; "
                               "SameSite=Lax%s",
                               name, value, &base, path, max_age,
                               secure ? "; Secure" : "")
                   - h->value.data;

    return NGX_OK;
}


void
ngx_http_social_view_author_label(ngx_http_social_site_t *site,
    char label[NGX_HTTP_SOCIAL_AUTHOR_LABEL])
{
    ngx_sprintf((u_char *) label, SOCIAL_SEAL_AUTHOR " %uA%Z",
                (ngx_atomic_uint_t) site->zone->signout);
}


/*
 * The badge ends some days before the cookie does.  SOCIAL_OK: it holds, name
 * is set; SOCIAL_LIMIT: the badge is over, the cookie is not; else there is
 * neither.
 */

static int
ngx_http_social_view_author_check(ngx_http_social_site_t *site,
    ngx_str_t *seal, u_char *name, size_t *len)
{
    int           rc;
    char          label[NGX_HTTP_SOCIAL_AUTHOR_LABEL];
    time_t        ahead;
    social_str_t  text = { seal->len, seal->data };

    ahead = NGX_HTTP_SOCIAL_AUTHOR_TIME - NGX_HTTP_SOCIAL_BADGE_TIME;
    ngx_http_social_view_author_label(site, label);

    rc = social_seal_check(site->zone->secret, label, text, ngx_time() + ahead,
                           name, len);

    if (rc != SOCIAL_LIMIT) {
        return rc;
    }

    rc = social_seal_check(site->zone->secret, label, text, ngx_time(), name,
                           len);

    return rc == SOCIAL_OK ? SOCIAL_LIMIT : SOCIAL_DECLINED;
}


/* decides found.author and found.badge */

static void
ngx_http_social_view_author_find(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, u_char *name, size_t *len)
{
    int        rc;
    ngx_str_t  cookie, value;

    *len = 0;
    rec->found.author_known = 1;

    if (!ngx_http_social_view_cookie_any(r)) {
        return;
    }

    cookie = ngx_http_social_view_cookie_name(r, rec->site, "author");

    if (cookie.data == NULL
        || ngx_http_social_view_cookie_get(r, &cookie, &value) != NGX_OK)
    {
        return;
    }

    rc = ngx_http_social_view_author_check(rec->site, &value, name, len);

    rec->found.author = (rc == SOCIAL_OK || rc == SOCIAL_LIMIT);
    rec->found.badge = (rc == SOCIAL_OK);
}


ngx_uint_t
ngx_http_social_view_self(ngx_http_request_t *r, ngx_http_social_rec_t *rec)
{
    u_char  buf[SOCIAL_SEAL_NAME];
    size_t  len;

    if (!rec->found.author_known) {
        ngx_http_social_view_author_find(r, rec, buf, &len);
    }

    return rec->found.author;
}


ngx_uint_t
ngx_http_social_view_author(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    ngx_str_t *name)
{
    u_char  buf[SOCIAL_SEAL_NAME];
    size_t  len;

    if (rec->found.author_known && (!rec->found.badge || name == NULL)) {
        return rec->found.badge;
    }

    ngx_http_social_view_author_find(r, rec, buf, &len);

    if (rec->found.badge && name) {
        name->len = len;
        name->data = ngx_pnalloc(r->pool, len);

        if (name->data == NULL) {
            return 0;
        }

        ngx_memcpy(name->data, buf, len);
    }

    return rec->found.badge;
}


/* a MAC, not the cookie: who reads the store must not be able to edit */

static ngx_int_t
ngx_http_social_view_commenter_id(const u_char *secret, ngx_str_t *cookie,
    u_char id[SOCIAL_COMMENTER_LEN])
{
    u_char        mac[SOCIAL_MAC];
    social_str_t  text = { cookie->len, cookie->data };

    if (social_mac(secret, SOCIAL_SEAL_COMMENTER, text, mac) != SOCIAL_OK) {
        return NGX_ERROR;
    }

    ngx_memcpy(id, mac, SOCIAL_COMMENTER_LEN);

    return NGX_OK;
}


/* the seal of a commenter's cookie, a MAC of the random part.  Without it a
 * client could choose the value and give it to somebody else, whose held
 * comments it could then read */

static ngx_int_t
ngx_http_social_view_commenter_seal(const u_char *secret, u_char *random,
    char seal[SOCIAL_MAC_TEXT + 1])
{
    social_str_t  text = { NGX_HTTP_SOCIAL_COMMENTER_RANDOM, random };

    return social_mac_text(secret, SOCIAL_SEAL_COOKIE, text, seal) == SOCIAL_OK
           ? NGX_OK : NGX_ERROR;
}


/* the id if the cookie was made with this secret; NGX_DECLINED: it was not */

static ngx_int_t
ngx_http_social_view_commenter_open(const u_char *secret, ngx_str_t *cookie,
    u_char id[SOCIAL_COMMENTER_LEN])
{
    char          seal[SOCIAL_MAC_TEXT + 1];
    social_str_t  mac;

    if (ngx_http_social_view_commenter_seal(secret, cookie->data, seal)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    mac.data = cookie->data + NGX_HTTP_SOCIAL_COMMENTER_RANDOM;
    mac.len = SOCIAL_MAC_TEXT;

    return social_mac_same(seal, mac)
           ? ngx_http_social_view_commenter_id(secret, cookie, id)
           : NGX_DECLINED;
}


ngx_int_t
ngx_http_social_view_commenter(ngx_http_request_t *r,
    ngx_http_social_site_t *site, u_char id[SOCIAL_COMMENTER_LEN])
{
    ngx_int_t                rc;
    ngx_str_t                cookie, value;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    cookie = ngx_http_social_view_cookie_name(r, site, "me");

    if (cookie.data == NULL) {
        return NGX_ERROR;
    }

    if (ngx_http_social_view_cookie_get(r, &cookie, &value) != NGX_OK
        || value.len != NGX_HTTP_SOCIAL_COMMENTER_COOKIE)
    {
        return NGX_DECLINED;
    }

    rc = ngx_http_social_view_commenter_open(zone->secret, &value, id);

    /* made before the store was read, as the tokens of pages can be */

    if (rc == NGX_DECLINED) {
        rc = ngx_http_social_view_commenter_open(zone->secret_old, &value, id);
    }

    return (rc == NGX_DECLINED && !zone->secret_known) ? NGX_AGAIN : rc;
}


ngx_int_t
ngx_http_social_view_commenter_new(ngx_http_request_t *r,
    ngx_http_social_site_t *site, u_char id[SOCIAL_COMMENTER_LEN])
{
    char       seal[SOCIAL_MAC_TEXT + 1];
    u_char     random[16], secret[SOCIAL_SECRET];
    ngx_str_t  cookie, value, bytes;

    if (getrandom(random, sizeof(random), 0) != sizeof(random)) {
        return NGX_ERROR;
    }

    bytes.data = random;
    bytes.len = sizeof(random);

    value.data = ngx_pnalloc(r->pool, ngx_base64_encoded_length(16)
                                      + SOCIAL_MAC_TEXT);
    cookie = ngx_http_social_view_cookie_name(r, site, "me");

    if (value.data == NULL || cookie.data == NULL) {
        return NGX_ERROR;
    }

    ngx_encode_base64url(&value, &bytes);

    /* a copy: seal and id must be of the same secret */

    ngx_memcpy(secret, site->zone->secret, SOCIAL_SECRET);

    if (ngx_http_social_view_commenter_seal(secret, value.data, seal)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_memcpy(value.data + value.len, seal, SOCIAL_MAC_TEXT);
    value.len += SOCIAL_MAC_TEXT;

    if (ngx_http_social_view_commenter_id(secret, &value, id) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_social_view_cookie_set(r, &cookie, &value, &site->prefix,
                                           NGX_HTTP_SOCIAL_MINE_TIME);
}


void
ngx_http_social_view_commenter_drop(ngx_http_request_t *r)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    for (part = &r->headers_out.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (h[i].key.len == sizeof("Set-Cookie") - 1
                && ngx_strncmp(h[i].key.data, "Set-Cookie", h[i].key.len) == 0
                && h[i].value.len > sizeof("social_me_") - 1
                && ngx_strncmp(h[i].value.data, "social_me_",
                               sizeof("social_me_") - 1) == 0)
            {
                h[i].hash = 0;
            }
        }
    }
}
