
/*
 * What events add up to, while a log is read.
 */

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "social_time.h"
#include "social_tool_figures.h"


#define SOCIAL_TOOL_FETCH  600      /* seconds in which previews are one */
#define SOCIAL_TOOL_NODE   48       /* bytes of a node of a tree */


struct social_tool_memory_s {
    social_tool_memory_t  *next;
    max_align_t            data[(256 << 10) / sizeof(max_align_t)];
};


/* zero-filled, freed with the figures; NULL: it is full */

static void *
social_tool_figures_alloc(social_tool_figures_t *figures, size_t size)
{
    unsigned char         *p;
    social_tool_memory_t  *block;

    size = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);

    if (figures->left < size) {

        if (figures->full || size > sizeof(block->data)
            || figures->bytes + sizeof(*block) > SOCIAL_TOOL_FIGURES_MAX)
        {
            figures->full = 1;
            return NULL;
        }

        block = calloc(1, sizeof(*block));

        if (block == NULL) {
            figures->full = 1;
            return NULL;
        }

        block->next = figures->blocks;
        figures->blocks = block;
        figures->bytes += sizeof(*block);
        figures->left = sizeof(block->data);
    }

    p = (unsigned char *) figures->blocks->data;
    p += sizeof(figures->blocks->data) - figures->left;
    figures->left -= size;

    return p;
}


static int
social_tool_figures_copy(social_tool_figures_t *figures, social_str_t *to,
    social_str_t from)
{
    unsigned char  *p;

    to->len = 0;
    to->data = (const unsigned char *) "";

    if (from.len == 0) {
        return SOCIAL_OK;
    }

    p = social_tool_figures_alloc(figures, from.len);

    if (p == NULL) {
        return SOCIAL_ERROR;
    }

    memcpy(p, from.data, from.len);
    to->data = p;
    to->len = from.len;

    return SOCIAL_OK;
}


static int
social_tool_figures_is_same(social_str_t a, social_str_t b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}


/* articles by key, comments by id: both begin with it */

static int
social_tool_figures_compare(const void *one, const void *two)
{
    int                  rc;
    const social_str_t  *a, *b;

    a = one;
    b = two;
    rc = memcmp(a->data, b->data, a->len < b->len ? a->len : b->len);

    return rc ? rc : (a->len > b->len) - (a->len < b->len);
}


static void *
social_tool_figures_find(void *const *tree, social_str_t key)
{
    void *const  *node;

    node = tfind(&key, tree, social_tool_figures_compare);

    return node ? *node : NULL;
}


/* a zero-filled object of a tree, which begins with its key */

static void *
social_tool_figures_add(social_tool_figures_t *figures, void **tree,
    social_str_t key, size_t size)
{
    social_str_t  *object;

    object = social_tool_figures_alloc(figures, size);

    if (object == NULL
        || social_tool_figures_copy(figures, object, key) != SOCIAL_OK)
    {
        return NULL;
    }

    figures->bytes += SOCIAL_TOOL_NODE;

    if (tsearch(object, tree, social_tool_figures_compare) == NULL) {
        figures->full = 1;
        return NULL;
    }

    return object;
}


social_tool_spoken_t *
social_tool_figures_comment(const social_tool_site_t *site, social_str_t id)
{
    return social_tool_figures_find(&site->comments, id);
}


int64_t *
social_tool_figures_named(social_tool_figures_t *figures,
    social_tool_named_t **list, social_str_t name)
{
    social_tool_named_t  *named;

    for (named = *list; named; named = named->next) {
        if (social_tool_figures_is_same(named->name, name)) {
            return &named->n;
        }
    }

    named = social_tool_figures_alloc(figures, sizeof(*named));

    if (named == NULL
        || social_tool_figures_copy(figures, &named->name, name) != SOCIAL_OK)
    {
        return NULL;
    }

    named->next = *list;
    *list = named;

    return &named->n;
}


static void
social_tool_figures_count(social_tool_figures_t *figures,
    social_tool_named_t **list, social_str_t name)
{
    int64_t  *n;

    n = social_tool_figures_named(figures, list, name);

    if (n != NULL) {
        ++*n;
    }
}


static social_tool_site_t *
social_tool_figures_site(social_tool_figures_t *figures, social_str_t name)
{
    social_tool_site_t  *site, **last;

    for (last = &figures->sites; *last; last = &(*last)->next) {
        if (social_tool_figures_is_same((*last)->name, name)) {
            return *last;
        }
    }

    site = social_tool_figures_alloc(figures, sizeof(social_tool_site_t));

    if (site == NULL
        || social_tool_figures_copy(figures, &site->name, name) != SOCIAL_OK)
    {
        return NULL;
    }

    site->latest = INT64_MIN;
    *last = site;

    return site;
}


static int
social_tool_figures_is_within(const social_tool_figures_t *figures, int64_t at)
{
    return at >= figures->from && at < figures->to;
}


static void
social_tool_figures_fetch(social_tool_figures_t *figures,
    social_tool_row_t *row, const social_tool_event_t *e)
{
    social_tool_fetch_t  *fetch;

    for (fetch = row->fetches; fetch; fetch = fetch->next) {
        if (social_tool_figures_is_same(fetch->network, e->network)) {
            break;
        }
    }

    if (fetch == NULL) {
        fetch = social_tool_figures_alloc(figures, sizeof(*fetch));

        if (fetch == NULL
            || social_tool_figures_copy(figures, &fetch->network, e->network)
               != SOCIAL_OK)
        {
            return;
        }

        fetch->next = row->fetches;
        row->fetches = fetch;

    } else if (e->at < fetch->last + SOCIAL_TOOL_FETCH) {
        return;
    }

    fetch->last = e->at;

    if (social_tool_figures_is_within(figures, e->at)) {
        fetch->all++;
        fetch->article += row->begun;
    }
}


/* the days of which likes may count: a like can only be taken back on its day,
 * so of the first one also those before the period */

static void
social_tool_figures_like(social_tool_figures_t *figures,
    social_tool_row_t *row, const social_tool_event_t *e)
{
    int64_t               day;
    social_tool_likes_t  *likes;

    day = e->at / SOCIAL_DAY;

    if (day < figures->from / SOCIAL_DAY || e->at >= figures->to
        || (e->state != LOG_NEW && e->state != LOG_OFF))
    {
        return;
    }

    for (likes = row->likes; likes; likes = likes->next) {
        if (likes->day == day) {
            break;
        }
    }

    if (likes == NULL) {
        likes = social_tool_figures_alloc(figures, sizeof(*likes));

        if (likes == NULL) {
            return;
        }

        likes->day = day;
        likes->next = row->likes;
        row->likes = likes;
    }

    if (e->at < figures->from) {
        likes->before += (e->state == LOG_NEW);
        likes->before_off += (e->state == LOG_OFF);

    } else {
        likes->new += (e->state == LOG_NEW);
        likes->off += (e->state == LOG_OFF);
    }
}


static void
social_tool_figures_counted(social_tool_figures_t *figures,
    social_tool_row_t *row, const social_tool_event_t *e)
{
    int  view;

    view = 0;

    if (e->kind == EVENT_VIEW) {
        *(row->begun ? &row->served[e->class] : &row->early[e->class]) += 1;
        view = (e->class == LOG_UNCONFIRMED);

    } else if (e->kind == EVENT_SEEN && e->state != LOG_NONE) {
        /* not the page was seen, but its comments */
        row->listeners += (e->state == LOG_NEW);

    } else if (e->kind == EVENT_SEEN) {
        row->seen[e->class]++;
        row->seen_by_author += (e->role == LOG_AUTHOR);

        if (e->class == LOG_PREFETCH) {
            *(row->begun ? &row->ahead : &row->early_ahead) += 1;
        }

        /* a page that was fetched ahead, or by a script, has its source now */
        view = (e->class != LOG_UNCONFIRMED && e->role != LOG_AUTHOR);

    } else if (e->kind == EVENT_SHARE && e->state == LOG_NEW) {
        social_tool_figures_count(figures, &row->shares, e->network);
    }

    if (view && e->source.len) {
        social_tool_figures_count(figures, &row->sources, e->source);
    }
}


static void
social_tool_figures_event(social_tool_figures_t *figures,
    social_tool_row_t *row, const social_tool_event_t *e)
{
    int  begun;

    begun = (e->kind != EVENT_VIEW || e->class == LOG_UNCONFIRMED
             || e->class == LOG_SELF);

    /* robots do not make an article: until its first reader they count for the
     * site only, and so does a page fetched ahead whose reader is the first */

    if (begun && e->kind != EVENT_SEEN) {
        row->begun = 1;
    }

    if (e->kind == EVENT_VIEW && e->class == LOG_PREVIEW && e->network.len) {
        social_tool_figures_fetch(figures, row, e);
    }

    if (e->kind == EVENT_REACTION) {
        social_tool_figures_like(figures, row, e);
    }

    if (social_tool_figures_is_within(figures, e->at)) {
        social_tool_figures_counted(figures, row, e);
    }

    if (begun) {
        row->begun = 1;
    }
}


static void
social_tool_figures_change(social_tool_figures_t *figures,
    social_tool_site_t *site, const social_tool_event_t *e)
{
    social_tool_change_t  *change;

    change = social_tool_figures_alloc(figures, sizeof(*change));

    if (change == NULL
        || social_tool_figures_copy(figures, &change->ids, e->comment)
           != SOCIAL_OK)
    {
        return;
    }

    change->at = e->at;
    change->kind = e->kind;
    change->state = e->state;
    change->action = e->action;
    change->number = site->nchanges++;
    change->next = site->changes;
    site->changes = change;
}


static int
social_tool_figures_said(social_tool_figures_t *figures,
    social_tool_site_t *site, social_tool_row_t *row,
    const social_tool_event_t *e, social_out_t *fault)
{
    social_tool_spoken_t  *said;

    if (e->kind != EVENT_COMMENT && e->kind != EVENT_REPLY) {
        social_tool_figures_change(figures, site, e);
        return SOCIAL_OK;
    }

    if (social_tool_figures_comment(site, e->comment) != NULL) {
        social_out_text(fault, "comment ");
        social_out_bytes(fault, e->comment.data, e->comment.len);
        social_out_text(fault, " is there twice: was a log read twice?");

        return SOCIAL_DECLINED;
    }

    if (e->role == LOG_AUTHOR) {
        social_tool_figures_change(figures, site, e);
    }

    said = social_tool_figures_add(figures, &site->comments, e->comment,
                                   sizeof(*said));

    if (said == NULL
        || social_tool_figures_copy(figures, &said->parent_id, e->parent)
           != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    site->ncomments++;
    said->at = e->at;
    said->role = e->role;
    said->state = e->state;
    said->before = e->state;
    said->next = row->comments;
    row->comments = said;

    return SOCIAL_OK;
}


int
social_tool_figures_take(social_tool_figures_t *figures,
    const social_tool_event_t *e, social_out_t *fault)
{
    int                  rc;
    social_tool_row_t   *row;
    social_tool_site_t  *site;

    if (figures->site && (strlen(figures->site) != e->site.len
                          || memcmp(figures->site, e->site.data, e->site.len)))
    {
        return SOCIAL_OK;
    }

    site = social_tool_figures_site(figures, e->site);

    if (site == NULL) {
        return SOCIAL_ERROR;
    }

    if (e->at > figures->now) {
        return SOCIAL_OK;
    }

    site->disorder += (site->latest > INT64_MIN
                       && e->at < site->latest - 3600);
    site->latest = e->at > site->latest ? e->at : site->latest;

    if (e->kind == EVENT_GOAL) {

        if (e->state == LOG_NEW
            && social_tool_figures_is_within(figures, e->at))
        {
            social_tool_figures_count(figures, &site->goals, e->goal);
        }

        return figures->full ? SOCIAL_ERROR : SOCIAL_OK;
    }

    row = social_tool_figures_find(&site->articles, e->article);

    if (row == NULL) {
        row = social_tool_figures_add(figures, &site->articles, e->article,
                                      sizeof(social_tool_row_t));
    }

    if (row == NULL) {
        return SOCIAL_ERROR;
    }

    rc = SOCIAL_OK;

    if (e->kind >= EVENT_COMMENT) {
        rc = social_tool_figures_said(figures, site, row, e, fault);

    } else {
        social_tool_figures_event(figures, row, e);
    }

    return figures->full ? SOCIAL_ERROR : rc;
}


static void
social_tool_figures_leave(void *object)
{
    (void) object;      /* is in a block */
}


void
social_tool_figures_free(social_tool_figures_t *figures)
{
    social_tool_site_t    *site;
    social_tool_memory_t  *block;

    for (site = figures->sites; site; site = site->next) {
        tdestroy(site->articles, social_tool_figures_leave);
        tdestroy(site->comments, social_tool_figures_leave);
    }

    while (figures->blocks) {
        block = figures->blocks;
        figures->blocks = block->next;
        free(block);
    }
}
