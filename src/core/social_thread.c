
/*
 * Comments as documents.  Owns the shape of a comment in the API and in
 * templates; social_comment_html makes the HTML.  Must not use a request, the
 * store or a clock.  Any thread.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "social_out.h"
#include "social_doc.h"
#include "social_comment_html.h"
#include "social_thread.h"
#include "social_time.h"


/* finds the comments of a list by id: a hash table with open addressing, at
 * most half full; a free slot is SIZE_MAX */

typedef struct {
    const social_comment_t  *items;
    size_t                  *slots;
    size_t                   mask;
} social_thread_index_t;


typedef struct {
    cJSON    *replies;  /* array in the comment's node */
    size_t    owner;    /* whose replies it is in, SIZE_MAX: top */
    unsigned  level;    /* from 1; 0: not shown */
    unsigned  has_replies:1;
    unsigned  refers:1; /* it has in_reply_to, see the header */
} social_thread_place_t;


static int
social_thread_text(cJSON *obj, const char *name, const char *text)
{
    return cJSON_AddStringToObject(obj, name, text) != NULL;
}


static int
social_thread_bool(cJSON *obj, const char *name, int value)
{
    return cJSON_AddBoolToObject(obj, name, value) != NULL;
}


/* 0 becomes null */

static int
social_thread_id(cJSON *obj, const char *name, int64_t id)
{
    char  text[SOCIAL_ID_MAX];

    if (id == 0) {
        return cJSON_AddNullToObject(obj, name) != NULL;
    }

    (void) social_id_text(id, text);

    return social_thread_text(obj, name, text);
}


static int
social_thread_time(cJSON *obj, const char *name, int64_t seconds)
{
    char  text[SOCIAL_TIME_LEN + 1];

    if (seconds == 0) {
        return cJSON_AddNullToObject(obj, name) != NULL;
    }

    social_time_format(seconds, text);

    return social_thread_text(obj, name, text);
}


static int
social_thread_html(cJSON *obj, const social_comment_t *c)
{
    int           good;
    social_out_t  out;

    social_comment_html(&out, (social_format_e) c->format,
                        (const unsigned char *) c->text, strlen(c->text));
    social_out_bytes(&out, "", 1);

    good = !out.failed
           && social_thread_text(obj, "html", (const char *) out.data);

    social_out_free(&out);

    return good;
}


/* a second check after the one on writing: somebody may edit the store */

static const char *
social_thread_website(const social_comment_t *c)
{
    if (strncasecmp(c->website, "https://", 8) == 0
        || strncasecmp(c->website, "http://", 7) == 0)
    {
        return c->website;
    }

    return "";
}


cJSON *
social_thread_api_comment(const social_comment_t *c)
{
    int     good;
    cJSON  *obj;

    obj = cJSON_CreateObject();

    good = obj != NULL
           && social_thread_id(obj, "id", c->id)
           && social_thread_id(obj, "parent", c->parent)
           && social_thread_text(obj, "name", c->name)
           && social_thread_text(obj, "website", social_thread_website(c))
           && social_thread_bool(obj, "author", c->role == SOCIAL_AUTHOR)
           && social_thread_time(obj, "time", c->created)
           && social_thread_time(obj, "edited", c->edited)
           && social_thread_html(obj, c);

    if (!good) {
        cJSON_Delete(obj);
        return NULL;
    }

    return obj;
}


int
social_thread_api(const social_comments_t *list, const char *key,
    social_out_t *out)
{
    char                     next[SOCIAL_ID_MAX];
    size_t                   i, n;
    cJSON                   *head;
    int64_t                  last, more;
    const social_comment_t  *c;

    head = cJSON_CreateObject();
    social_doc_text(head, "article", key);
    social_doc_number(head, "total", (double) list->total);
    social_doc_list_begin(out, head, "comments");

    last = 0;
    more = list->next;

    for (i = 0, n = 0; i < list->n && !out->failed; i++) {
        c = &list->items[i];

        if (c->state != SOCIAL_APPROVED) {
            continue;
        }

        if (social_doc_list_item(out, n, social_thread_api_comment(c))
            != SOCIAL_OK)
        {
            more = last;
            break;
        }

        last = c->id;
        n++;
    }

    if (more) {
        (void) social_id_text(more, next);
    }

    social_doc_list_end(out, more ? next : NULL);

    return out->failed ? SOCIAL_ERROR : SOCIAL_OK;
}


/* adds in_reply_to; parent is NULL if it is not in the list */

static int
social_thread_refer(cJSON *node, const social_comment_t *c,
    const social_comment_t *parent)
{
    cJSON       *ref;
    const char  *name;

    name = c->parent_name;

    if (parent != NULL) {
        name = parent->state == SOCIAL_DELETED ? "" : parent->name;
    }

    ref = cJSON_AddObjectToObject(node, "in_reply_to");

    return ref != NULL
           && social_thread_id(ref, "id", c->parent)
           && social_thread_bool(ref, "elsewhere", parent == NULL)
           && social_thread_text(ref, "name", name);
}


static int
social_thread_anchor(cJSON *obj, const social_comment_t *c)
{
    char  anchor[SOCIAL_ANCHOR_MAX];

    social_id_anchor(c->origin ? c->origin : "", anchor);

    return social_thread_text(obj, "anchor", anchor);
}


static cJSON *
social_thread_make(const social_comment_t *c, const social_language_t *language)
{
    int     good, deleted;
    char    when[SOCIAL_LANGUAGE_DATE];
    cJSON  *obj;

    deleted = (c->state == SOCIAL_DELETED);
    social_language_date(language, c->created, when);

    obj = cJSON_CreateObject();

    good = obj != NULL
           && social_thread_id(obj, "id", c->id)
           && social_thread_text(obj, "name", deleted ? "" : c->name)
           && social_thread_text(obj, "website",
                                 deleted ? "" : social_thread_website(c))
           && social_thread_bool(obj, "author",
                                 !deleted && c->role == SOCIAL_AUTHOR)
           && social_thread_time(obj, "time", c->created)
           && social_thread_text(obj, "time_text", when)
           && social_thread_bool(obj, "edited", !deleted && c->edited != 0)
           && social_thread_anchor(obj, c)
           && (deleted ? social_thread_text(obj, "html", "")
                       : social_thread_html(obj, c))
           && social_thread_bool(obj, "deleted", deleted);

    if (!good) {
        cJSON_Delete(obj);
        return NULL;
    }

    return obj;
}


/* adds to a node what depends on its place in the list */

static cJSON *
social_thread_put(const social_comment_t *c, const social_comment_t *parent,
    social_thread_place_t *place, const social_language_t *language)
{
    int     good;
    cJSON  *obj;

    obj = social_thread_make(c, language);
    if (obj == NULL) {
        return NULL;
    }

    good = place->refers ? social_thread_refer(obj, c, parent)
                         : social_thread_bool(obj, "in_reply_to", 0);

    place->replies = cJSON_AddArrayToObject(obj, "replies");

    good = good && place->replies != NULL
           && social_thread_bool(obj, "has_replies", place->has_replies);

    if (!good) {
        cJSON_Delete(obj);
        return NULL;
    }

    return obj;
}


cJSON *
social_thread_node(const social_comment_t *c, const social_language_t *language)
{
    social_thread_place_t  place;

    memset(&place, 0, sizeof(place));
    place.refers = (c->parent != 0);

    return social_thread_put(c, NULL, &place, language);
}


static size_t
social_thread_slot(const social_thread_index_t *index, int64_t id)
{
    size_t  i;

    i = (size_t) (((uint64_t) id * 0x9e3779b97f4a7c15ull) >> 20);

    for (i &= index->mask;
         index->slots[i] != SIZE_MAX
         && index->items[index->slots[i]].id != id;
         i = (i + 1) & index->mask)
    {
        /* void */
    }

    return i;
}


static int
social_thread_index(social_thread_index_t *index,
    const social_comments_t *list)
{
    size_t  size;

    for (size = 16; size < list->n * 2; size *= 2) { /* void */ }

    index->items = list->items;
    index->mask = size - 1;
    index->slots = malloc(size * sizeof(size_t));

    if (index->slots == NULL) {
        return SOCIAL_ERROR;
    }

    memset(index->slots, 0xff, size * sizeof(size_t));

    return SOCIAL_OK;
}


/*
 * Parents come before their replies, so one pass is enough and chains of any
 * length need no recursion.  A parent that is the comment itself or comes
 * later is treated as missing; our stores have none, but they can be edited.
 */

static void
social_thread_plan(social_thread_place_t *places, size_t *parents,
    social_thread_index_t *index, const social_comments_t *list,
    unsigned levels)
{
    size_t                   i, at, slot;
    const social_comment_t  *c;
    social_thread_place_t   *place, *above;

    for (i = 0; i < list->n; i++) {
        c = &list->items[i];
        place = &places[i];

        if (c->state != SOCIAL_APPROVED && c->state != SOCIAL_DELETED) {
            continue;
        }

        at = c->parent ? index->slots[social_thread_slot(index, c->parent)]
                       : SIZE_MAX;
        parents[i] = at;

        if (at == SIZE_MAX) {
            place->level = 1;
            place->owner = SIZE_MAX;
            place->refers = (c->parent != 0);

        } else {
            above = &places[at];
            place->refers = (above->level == levels);
            place->owner = place->refers ? above->owner : at;
            place->level = place->refers ? levels : above->level + 1;

            if (!place->refers) {
                above->has_replies = 1;
            }
        }

        slot = social_thread_slot(index, c->id);

        if (index->slots[slot] == SIZE_MAX) {
            index->slots[slot] = i;
        }
    }
}


static cJSON *
social_thread_build(const social_comments_t *list,
    social_thread_place_t *places, const size_t *parents,
    const social_language_t *language)
{
    size_t   i;
    cJSON   *top, *node, *into;

    top = cJSON_CreateArray();

    for (i = 0; top != NULL && i < list->n; i++) {

        if (places[i].level == 0) {
            continue;
        }

        node = social_thread_put(&list->items[i], parents[i] == SIZE_MAX
                                 ? NULL : &list->items[parents[i]],
                                 &places[i], language);

        into = places[i].owner == SIZE_MAX ? top
                                          : places[places[i].owner].replies;

        if (node == NULL || !cJSON_AddItemToArray(into, node)) {
            cJSON_Delete(node);
            cJSON_Delete(top);
            return NULL;
        }
    }

    return top;
}


cJSON *
social_thread_nodes(const social_comments_t *list, unsigned levels,
    const social_language_t *language)
{
    cJSON                  *top;
    size_t                 *parents;
    social_thread_index_t   index;
    social_thread_place_t  *places;

    if (levels == 0) {
        levels = 1;
    }

    if (levels > SOCIAL_THREAD_LEVELS_MAX) {
        levels = SOCIAL_THREAD_LEVELS_MAX;
    }

    if (list->n == 0) {
        return cJSON_CreateArray();
    }

    top = NULL;
    places = calloc(list->n, sizeof(social_thread_place_t));
    parents = calloc(list->n, sizeof(size_t));

    if (places != NULL && parents != NULL
        && social_thread_index(&index, list) == SOCIAL_OK)
    {
        social_thread_plan(places, parents, &index, list, levels);
        free(index.slots);

        top = social_thread_build(list, places, parents, language);
    }

    free(parents);
    free(places);

    return top;
}
