
/*
 * URLs to share.  Owns the list of parameters that are dropped.  Must not
 * check URLs: the caller has chosen them.  Any thread.
 */

#include <string.h>

#include "social_url.h"
#include "social_tag.h"


static size_t social_url_find(social_str_t url, int ch, size_t from,
    size_t end);
static int social_url_is_dropped(social_str_t param);


void
social_url_clean(social_out_t *out, social_str_t url)
{
    int           mark;
    size_t        i, end, next;
    social_str_t  param;

    if (url.len == 0) {
        return;
    }

    end = social_url_find(url, '#', 0, url.len);
    i = social_url_find(url, '?', 0, end);

    social_out_bytes(out, url.data, i);

    for (mark = '?'; i < end; i = next) {

        next = social_url_find(url, '&', i + 1, end);

        param.data = url.data + i + 1;
        param.len = next - i - 1;

        if (social_url_is_dropped(param)) {
            continue;
        }

        social_out_bytes(out, mark == '?' ? "?" : "&", 1);
        social_out_bytes(out, param.data, param.len);
        mark = '&';
    }

    social_out_bytes(out, url.data + end, url.len - end);
}


void
social_url_tag(social_out_t *out, social_str_t url, const char *tag)
{
    size_t  end, query;

    if (url.len == 0) {
        return;
    }

    end = social_url_find(url, '#', 0, url.len);
    query = social_url_find(url, '?', 0, end);

    social_out_bytes(out, url.data, end);

    if (query == end) {
        social_out_text(out, "?");

    } else if (query + 1 < end && url.data[end - 1] != '&') {
        social_out_text(out, "&");
    }

    social_out_text(out, SOCIAL_TAG_NAME "=");
    social_out_text(out, tag);
    social_out_bytes(out, url.data + end, url.len - end);
}


/* offset of ch in [from, end), or end */

static size_t
social_url_find(social_str_t url, int ch, size_t from, size_t end)
{
    const unsigned char  *p;

    if (from >= end) {
        return end;
    }

    p = memchr(url.data + from, ch, end - from);

    return p ? (size_t) (p - url.data) : end;
}


static int
social_url_is_dropped(social_str_t param)
{
    size_t                i, n;
    social_str_t          value;
    const unsigned char  *p;

    static const social_str_t  names[] = {
        social_string("fbclid"),
        social_string("gclid"),
        social_string("msclkid"),
        social_string("mc_cid"),
        social_string("mc_eid"),
        social_string("ref")
    };

    if (param.len >= 4 && memcmp(param.data, "utm_", 4) == 0) {
        return 1;
    }

    p = param.len ? memchr(param.data, '=', param.len) : NULL;
    n = p ? (size_t) (p - param.data) : param.len;

    for (i = 0; i < social_nelts(names); i++) {

        if (n == names[i].len && memcmp(param.data, names[i].data, n) == 0) {
            return 1;
        }
    }

    return social_tag_like(param, &value);
}
