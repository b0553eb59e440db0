
/*
 * Frees lists of comments.  Any thread.
 */

#include <stdlib.h>
#include <string.h>

#include "social_comment_list.h"


void
social_comments_free(social_comments_t *list)
{
    size_t             i;
    social_comment_t  *c;

    for (i = 0; list->items != NULL && i < list->n; i++) {
        c = &list->items[i];

        free(c->key);
        free(c->title);
        free(c->name);
        free(c->website);
        free(c->text);
        free(c->reason);
        free(c->parent_name);
        free(c->parent_text);
        free(c->origin);
    }

    free(list->items);
    free(list->moved_key);
    free(list->moved_title);
    memset(list, 0, sizeof(*list));
}
