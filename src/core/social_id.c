
/*
 * Ids of comments as text.  Allocates nothing.  Runs anywhere.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "social_id.h"


#define SOCIAL_ANCHOR_USUAL  "comment-"     /* of WordPress and Disqus */


/* What other systems write before the id in links to a comment; widget.js takes
 * it off again.  Comentario's ids have dashes, Commento 1's have none. */

static const struct {
    const char  *format;            /* of ngx-social import */
    const char  *prefix;
    int          dashed;
} social_id_anchors[] = {
    { "isso",      "isso-",               0 },
    { "remark42",  "remark42__comment-",  0 },
    { "commento",  "comentario-",         1 },
    { "commento",  "commento-",           0 }
};


size_t
social_id_text(int64_t id, char text[SOCIAL_ID_MAX])
{
    return (size_t) snprintf(text, SOCIAL_ID_MAX, "c%" PRId64, id);
}


int64_t
social_id_parse(const unsigned char *data, size_t len)
{
    if (len < 2 || data[0] != 'c') {
        return 0;
    }

    return social_id_number(data + 1, len - 1);
}


int
social_id_is_origin(const unsigned char *data, size_t len)
{
    size_t         i;
    unsigned char  c;

    if (len == 0 || len > SOCIAL_ORIGIN_MAX) {
        return 0;
    }

    for (i = 0; i < len; i++) {
        c = (unsigned char) (data[i] | 0x20);

        if ((c < 'a' || c > 'z') && (data[i] < '0' || data[i] > '9')
            && data[i] != '_' && data[i] != '-')
        {
            return 0;
        }
    }

    return social_id_parse(data, len) == 0;
}


void
social_id_anchor(const char *origin, char anchor[SOCIAL_ANCHOR_MAX])
{
    size_t       i, len;
    const char  *id, *prefix;

    anchor[0] = '\0';
    id = strchr(origin, ':');

    if (id == NULL
        || !social_id_is_origin((const unsigned char *) id + 1, strlen(id + 1)))
    {
        return;
    }

    len = (size_t) (id++ - origin);
    prefix = SOCIAL_ANCHOR_USUAL;

    for (i = 0; i < social_nelts(social_id_anchors); i++) {
        if (strlen(social_id_anchors[i].format) == len
            && memcmp(social_id_anchors[i].format, origin, len) == 0
            && (!social_id_anchors[i].dashed || strchr(id, '-')))
        {
            prefix = social_id_anchors[i].prefix;
            break;
        }
    }

    (void) snprintf(anchor, SOCIAL_ANCHOR_MAX, "%s%s", prefix, id);
}


int64_t
social_id_number(const unsigned char *data, size_t len)
{
    size_t   i;
    int64_t  n;

    if (len == 0 || len > 18 || data[0] == '0') {
        return 0;
    }

    n = 0;

    for (i = 0; i < len; i++) {
        if (data[i] < '0' || data[i] > '9') {
            return 0;
        }

        n = n * 10 + (data[i] - '0');
    }

    return n;
}
