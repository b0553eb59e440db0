
/*
 * Where a page of a thread ends, and where an excerpt of a text does.  Pure;
 * any thread.
 */

#include <string.h>

#include "social_store_rules.h"


uint32_t
social_rule_pages_add(social_rule_pages_t *pages, size_t size)
{
    if (pages->n == pages->limit
        || (pages->n > 0 && pages->bytes + size > SOCIAL_STORE_BYTES))
    {
        pages->page++;
        pages->n = 0;
        pages->bytes = 0;
    }

    pages->n++;
    pages->bytes += size;

    return pages->page;
}


void
social_rule_excerpt(char *text)
{
    size_t  len, end;

    len = strlen(text);

    if (len > SOCIAL_EXCERPT) {
        len = SOCIAL_EXCERPT;

        for (end = len; end && ((unsigned char) text[end] & 0xc0) == 0x80;
             end--)
        {
            /* void */
        }

        text[end] = '\0';
    }
}
