
/*
 * Patterns of LIKE: what a moderator searches for, and the hosts that a text
 * links to.  Pure; any thread.
 */

#include <string.h>

#include "social_store_rules.h"


social_str_t
social_rule_pattern(const char *prefix, social_str_t q, unsigned char *buf,
    size_t size)
{
    size_t        i, len;
    social_str_t  pattern;

    len = 0;

    if (q.len) {
        len = strlen(prefix);
        memcpy(buf, prefix, len);

        for (i = 0; i < q.len && len + 3 < size; i++) {

            if (q.data[i] == '%' || q.data[i] == '_' || q.data[i] == '\\') {
                buf[len++] = '\\';
            }

            buf[len++] = q.data[i];
        }

        buf[len++] = '%';
    }

    pattern.len = len;
    pattern.data = buf;

    return pattern;
}


static size_t
social_rule_host_len(const char *p)
{
    return strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                     "0123456789.-");
}


void
social_rule_hosts(social_rule_hosts_t *q, const char *p)
{
    size_t        i;
    social_str_t  host, pattern;

    while (q->nhosts < SOCIAL_RULE_HOSTS && (p = strstr(p, "://")) != NULL) {
        p += 3;

        if (strncmp(p, "www.", 4) == 0) {
            p += 4;
        }

        host.data = (const unsigned char *) p;
        host.len = social_rule_host_len(p);

        if (host.len < 4 || host.len > 253) {
            continue;
        }

        pattern = social_rule_pattern("%://%", host, q->hosts[q->nhosts],
                                        SOCIAL_RULE_PATTERN);

        for (i = 0; i < q->nhosts; i++) {
            if (q->host[i].len == pattern.len
                && memcmp(q->host[i].data, pattern.data, pattern.len) == 0)
            {
                break;
            }
        }

        if (i == q->nhosts) {
            q->host[q->nhosts++] = pattern;
        }
    }
}
