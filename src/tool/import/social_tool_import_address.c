
/*
 * Addresses in parts.
 */

#include <string.h>
#include <strings.h>

#include "social_tool_import_address.h"


/* a host in lower case, without "www.", user, port and a dot at its end */

static void
social_tool_address_host(char to[SOCIAL_TOOL_HOST], const unsigned char *p,
    size_t len)
{
    size_t                i;
    const unsigned char  *at;

    at = len ? memrchr(p, '@', len) : NULL;

    if (at) {
        len -= (size_t) (at + 1 - p);
        p = at + 1;
    }

    at = (len && *p != '[') ? memchr(p, ':', len) : NULL;
    len = at ? (size_t) (at - p) : len;

    if (len > 4 && strncasecmp((const char *) p, "www.", 4) == 0) {
        p += 4;
        len -= 4;
    }

    if (len && p[len - 1] == '.') {
        len--;
    }

    len = len < SOCIAL_TOOL_HOST ? len : SOCIAL_TOOL_HOST - 1;

    for (i = 0; i < len; i++) {
        to[i] = (char) (p[i] >= 'A' && p[i] <= 'Z' ? p[i] | 0x20 : p[i]);
    }

    to[len] = '\0';
}


int
social_tool_address(social_str_t url, social_tool_address_t *address)
{
    size_t                n, len;
    const unsigned char  *p;

    static const unsigned char  root[] = "/";

    address->host[0] = '\0';
    address->path = url;

    if (url.len && url.data[0] == '/'
        && (url.len == 1 || url.data[1] != '/'))
    {
        return SOCIAL_OK;
    }

    n = (url.len > 7 && strncasecmp((const char *) url.data, "http://", 7) == 0)
        ? 7
        : (url.len > 8 && strncasecmp((const char *) url.data, "https://", 8)
                          == 0) ? 8
        : (url.len > 2 && memcmp(url.data, "//", 2) == 0) ? 2 : 0;

    if (n == 0) {
        return SOCIAL_DECLINED;
    }

    p = url.data + n;
    len = url.len - n;

    for (n = 0; n < len && p[n] != '/' && p[n] != '?' && p[n] != '#'; n++) {
        /* void */
    }

    social_tool_address_host(address->host, p, n);
    address->path.data = p + n;
    address->path.len = len - n;

    if (address->path.len == 0 || p[n] != '/') {
        address->path.data = root;      /* the site itself */
        address->path.len = (address->path.len && p[n] == '?') ? 0 : 1;
    }

    return address->host[0] ? SOCIAL_OK : SOCIAL_DECLINED;
}


int
social_tool_address_is_plain(social_str_t path)
{
    size_t                i, n;
    const unsigned char  *p, *end;

    static const char *const  names[] = { "p=", "page_id=", "attachment_id=",
                                          "preview_id=" };

    end = path.data + path.len;
    p = memchr(path.data, '?', path.len);

    for ( /* void */ ; p != NULL; p = memchr(p, '&', (size_t) (end - p))) {
        p++;

        for (i = 0; i < social_nelts(names); i++) {
            n = strlen(names[i]);

            if ((size_t) (end - p) > n && memcmp(p, names[i], n) == 0
                && p[n] >= '0' && p[n] <= '9')
            {
                return 1;
            }
        }
    }

    return 0;
}
