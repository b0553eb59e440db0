
/*
 * The daily hash of a visitor, and other hashes under the day's salt.
 *
 * Addresses and agents must go into a hash and nowhere else.  The address is
 * the connection's (realip may have set it); must not read X-Forwarded-For.
 * Event loop only.
 */

#include <sys/random.h>

#include "ngx_http_social_view_header.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_token.h"


/* IPv4: 4 bytes, IPv6: the 8 of its /64, else 0; a mapped IPv4 is IPv4 */

static size_t
ngx_http_social_view_address(ngx_http_request_t *r, u_char *buf)
{
    struct sockaddr      *sa;
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;
#endif

    sa = r->connection->sockaddr;

    switch (sa->sa_family) {

    case AF_INET:
        sin = (struct sockaddr_in *) sa;
        ngx_memcpy(buf, &sin->sin_addr, 4);
        return 4;

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) sa;

        if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
            ngx_memcpy(buf, &sin6->sin6_addr.s6_addr[12], 4);
            return 4;
        }

        ngx_memcpy(buf, sin6->sin6_addr.s6_addr, 8);
        return 8;
#endif

    default:
        return 0;
    }
}


static uint64_t
ngx_http_social_view_visitor_hash(ngx_http_request_t *r,
    ngx_http_social_site_t *site, const u_char *salt)
{
    u_char      buf[1024], *p, *last;
    uint64_t    hash;
    ngx_str_t  *agent;

    last = buf + sizeof(buf);
    p = buf + 1 + ngx_http_social_view_address(r, buf + 1);
    buf[0] = (u_char) (p - buf);

    p = ngx_cpymem(p, site->name.data, ngx_min(site->name.len, 128));
    *p++ = 0;

    if (r->headers_in.user_agent) {
        agent = &r->headers_in.user_agent->value;
        p = ngx_cpymem(p, agent->data,
                       ngx_min(agent->len, (size_t) (last - p)));
    }

    hash = social_siphash(salt, buf, p - buf);

    /* core dumps have the stack */
    ngx_explicit_memzero(buf, p - buf);

    return hash ? hash : 1;
}


uint64_t
ngx_http_social_view_visitor(ngx_http_request_t *r, ngx_http_social_rec_t *rec)
{
    ngx_http_social_zone_t  *zone;

    if (rec->found.visitor_known) {
        return rec->found.visitor;
    }

    ngx_http_social_zone_salt_today(rec->site);

    zone = rec->site->zone;
    rec->found.visitor = ngx_http_social_view_visitor_hash(
        r, rec->site, ngx_http_social_zone_salt(zone));
    rec->found.visitor_known = 1;

    return rec->found.visitor;
}


uint64_t
ngx_http_social_view_client(ngx_http_request_t *r,
    ngx_http_social_site_t *site)
{
    u_char    buf[16];
    size_t    len;
    uint64_t  hash;

    ngx_http_social_zone_salt_today(site);

    buf[0] = 'c';
    len = 1 + ngx_http_social_view_address(r, buf + 1);

    hash = social_siphash(ngx_http_social_zone_salt(site->zone), buf, len) | 1;
    ngx_explicit_memzero(buf, len);

    return hash;
}


uint64_t
ngx_http_social_view_network(ngx_http_request_t *r,
    ngx_http_social_site_t *site)
{
    u_char    buf[16];
    size_t    len;
    uint64_t  hash;

    ngx_http_social_zone_salt_today(site);

    buf[0] = 'n';
    len = ngx_http_social_view_address(r, buf + 1);

    if (len != 8) {
        return 0;
    }

    hash = social_siphash(ngx_http_social_zone_salt(site->zone), buf, 1 + 6)
           | 1;
    ngx_explicit_memzero(buf, len + 1);

    return hash;
}


static uint64_t
ngx_http_social_view_mark_hash(const u_char *salt, ngx_http_social_mark_e what,
    uint64_t who, ngx_str_t *where, uint64_t which)
{
    u_char    buf[24 + SOCIAL_KEY_MAX], *p;
    uint64_t  hash;

    p = buf;
    *p++ = 'm';
    *p++ = (u_char) what;
    p = ngx_cpymem(p, &who, sizeof(uint64_t));
    p = ngx_cpymem(p, &which, sizeof(uint64_t));
    p = ngx_cpymem(p, where->data, ngx_min(where->len, SOCIAL_KEY_MAX));

    hash = social_siphash(salt, buf, p - buf);

    /* who it is must not stay on the stack */
    ngx_explicit_memzero(buf + 2, sizeof(uint64_t));

    return hash;
}


uint64_t
ngx_http_social_view_fingerprint(ngx_http_social_site_t *site,
    ngx_http_social_mark_e what, uint64_t who, ngx_str_t *where,
    uint64_t which)
{
    return ngx_http_social_view_mark_hash(ngx_http_social_zone_salt(site->zone),
                                          what, who, where, which);
}


uint64_t
ngx_http_social_view_mark(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    ngx_http_social_mark_e what)
{
    uint64_t  visitor;

    visitor = ngx_http_social_view_visitor(r, rec);

    return ngx_http_social_view_fingerprint(rec->site, what, visitor,
                                            &rec->key, 0);
}


uint64_t
ngx_http_social_view_mark_before(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_mark_e what)
{
    u_char    salt[16];
    uint64_t  visitor;

    if (ngx_http_social_zone_salt_yesterday(rec->site, salt) != NGX_OK) {
        return 0;
    }

    visitor = ngx_http_social_view_visitor_hash(r, rec->site, salt);

    visitor = ngx_http_social_view_mark_hash(salt, what, visitor, &rec->key,
                                             0);
    ngx_explicit_memzero(salt, sizeof(salt));

    return visitor;
}


ngx_str_t *
ngx_http_social_view_request_header(ngx_http_request_t *r, const char *name)
{
    size_t                        len;
    ngx_table_elt_t              *h;
    ngx_http_social_view_walk_t   walk;

    len = ngx_strlen(name);

    ngx_http_social_view_walk(&walk, &r->headers_in.headers);

    while ((h = ngx_http_social_view_next_header(&walk)) != NULL) {

        if (h->key.len == len
            && ngx_strncasecmp(h->key.data, (u_char *) name, len) == 0)
        {
            return &h->value;
        }
    }

    return NULL;
}


/* with --with-compat, NGX_SSL may be unset although nginx has TLS */

ngx_uint_t
ngx_http_social_view_is_https(ngx_http_request_t *r)
{
#if (NGX_SSL || NGX_COMPAT)
    return r->connection->ssl != NULL;
#else
    return 0;
#endif
}
