
/*
 * Ids of comments as text.  Allocates nothing.  Runs anywhere.
 */

#include <inttypes.h>
#include <stdio.h>

#include "social_id.h"


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
