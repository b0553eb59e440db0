
/*
 * An array that grows.
 */

#include <stdlib.h>

#include "social_tool.h"


int
social_tool_room(void **items, size_t n, size_t size)
{
    void    *more;
    size_t   room;

    /* there is room for a power of two: full when n is one */

    if (n != 0 && (n < 16 || (n & (n - 1)) != 0)) {
        return SOCIAL_OK;
    }

    room = n ? n * 2 : 16;
    more = reallocarray(*items, room, size);

    if (more == NULL) {
        return SOCIAL_ERROR;
    }

    *items = more;

    return SOCIAL_OK;
}
