
/*
 * Conversations: who replies to whom.  Owns what is derived from messages, not
 * the messages.  social_conversation_figures.c computes figures from it.  Must
 * not use a clock or the store.  Pool threads.
 */

#include <stdlib.h>

#include "social_conversation_state.h"


/* a message, to sort by person */

typedef struct {
    uint64_t                 person;
    uint32_t                 message;
    uint32_t                 role;
} social_conv_message_t;


static int
social_conv_order(const void *one, const void *two)
{
    const social_conv_message_t  *a, *b;

    a = one;
    b = two;

    if (a->person != b->person) {
        return a->person < b->person ? -1 : 1;
    }

    return (a->role > b->role) - (a->role < b->role);
}


/* numbers people; sorts instead of hashing, because readers can choose their
 * ids and so could make a hash table slow */

static int
social_conv_number_people(social_conversation_t *conv)
{
    size_t                  i, n;
    const int64_t          *created;
    social_conv_message_t  *names;
    social_conv_person_t   *person;

    names = malloc((conv->n + 1) * sizeof(social_conv_message_t));
    if (names == NULL) {
        return SOCIAL_ERROR;
    }

    for (i = 0; i < conv->n; i++) {
        names[i].person = conv->messages[i].person;
        names[i].role = conv->messages[i].role;
        names[i].message = (uint32_t) i;
    }

    qsort(names, conv->n, sizeof(social_conv_message_t), social_conv_order);

    n = 0;

    for (i = 0; i < conv->n; i++) {

        if (i == 0 || social_conv_order(&names[i - 1], &names[i]) != 0) {
            conv->people[n++].first = INT64_MAX;
        }

        conv->person[names[i].message] = (uint32_t) (n - 1);

        person = &conv->people[n - 1];
        created = &conv->messages[names[i].message].created;

        if (*created < person->first) {
            person->first = *created;
        }
    }

    conv->npeople = n;
    free(names);

    return SOCIAL_OK;
}


/* finds a message by id in [first, last), which is ordered by id */

static uint32_t
social_conv_find(const social_message_t *messages, size_t first, size_t last,
    int64_t id)
{
    size_t  middle;

    while (first < last) {
        middle = first + (last - first) / 2;

        if (messages[middle].id == id) {
            return (uint32_t) middle;
        }

        if (messages[middle].id < id) {
            first = middle + 1;

        } else {
            last = middle;
        }
    }

    return SOCIAL_CONV_NONE;
}


/*
 * Finds the parent of each message, and which messages need an answer:
 * top-level comments, and replies to the author or to the same person.  If the
 * parent is gone, the reply counts as top-level: one reminder too many is
 * better than a reader who is overlooked.
 */

static void
social_conv_link_parents(social_conversation_t *conv)
{
    size_t                   i, start;
    uint32_t                 parent;
    const social_message_t  *m;

    start = 0;

    for (i = 0; i < conv->n; i++) {
        m = &conv->messages[i];

        if (m->article != conv->messages[start].article) {
            start = i;
        }

        parent = m->parent
                     ? social_conv_find(conv->messages, start, i, m->parent)
                     : SOCIAL_CONV_NONE;

        conv->parent[i] = parent;
        conv->author_reply[i] = INT64_MAX;

        conv->needs_answer[i] = m->role == SOCIAL_READER
                         && (parent == SOCIAL_CONV_NONE
                             || conv->messages[parent].role == SOCIAL_AUTHOR
                             || conv->person[parent] == conv->person[i]);
    }
}


/* finds the author's first comment below each message; runs from the end, so
 * replies come before their parents */

static void
social_conv_find_replies(social_conversation_t *conv)
{
    size_t    i;
    int64_t   author_reply;
    uint16_t  replier;
    uint32_t  parent;

    for (i = conv->n; i-- > 0; /* void */) {
        parent = conv->parent[i];

        if (parent == SOCIAL_CONV_NONE) {
            continue;
        }

        author_reply = conv->author_reply[i];
        replier = conv->replier[i];

        if (conv->messages[i].role == SOCIAL_AUTHOR
            && conv->messages[i].created < author_reply)
        {
            author_reply = conv->messages[i].created;
            replier = conv->messages[i].author;
        }

        if (author_reply < conv->author_reply[parent]) {
            conv->author_reply[parent] = author_reply;
            conv->replier[parent] = replier;
        }
    }
}


social_conversation_t *
social_conversation_create(const social_message_t *messages, size_t n)
{
    social_conversation_t  *conv;

    if (n >= SOCIAL_CONV_NONE - 1) {
        return NULL;
    }

    conv = calloc(1, sizeof(social_conversation_t));
    if (conv == NULL) {
        return NULL;
    }

    conv->messages = messages;
    conv->n = n;

    /* one more than needed, so that no allocation has size 0 */

    conv->parent = malloc((n + 1) * sizeof(uint32_t));
    conv->person = malloc((n + 1) * sizeof(uint32_t));
    conv->author_reply = malloc((n + 1) * sizeof(int64_t));
    conv->replier = calloc(n + 1, sizeof(uint16_t));
    conv->needs_answer = malloc(n + 1);
    conv->people = calloc(n + 1, sizeof(social_conv_person_t));
    conv->level = malloc((n + 1) * sizeof(uint32_t));
    conv->scratch = malloc((n + 1) * sizeof(uint32_t));
    conv->values = malloc((n + 1) * sizeof(int64_t));

    if (conv->parent == NULL || conv->person == NULL
        || conv->author_reply == NULL || conv->replier == NULL
        || conv->needs_answer == NULL || conv->people == NULL
        || conv->level == NULL || conv->scratch == NULL || conv->values == NULL
        || social_conv_number_people(conv) != SOCIAL_OK)
    {
        social_conversation_destroy(conv);
        return NULL;
    }

    social_conv_link_parents(conv);
    social_conv_find_replies(conv);

    return conv;
}


void
social_conversation_destroy(social_conversation_t *conv)
{
    if (conv == NULL) {
        return;
    }

    free(conv->parent);
    free(conv->person);
    free(conv->author_reply);
    free(conv->replier);
    free(conv->needs_answer);
    free(conv->people);
    free(conv->level);
    free(conv->scratch);
    free(conv->values);
    free(conv);
}


int
social_conversation_is_waiting(const social_conversation_t *conv, size_t i)
{
    return conv->needs_answer[i] && !conv->messages[i].done
           && conv->author_reply[i] == INT64_MAX;
}


size_t
social_conversation_parent(const social_conversation_t *conv, size_t i)
{
    return conv->parent[i] == SOCIAL_CONV_NONE ? SIZE_MAX : conv->parent[i];
}


size_t
social_conversation_person(const social_conversation_t *conv, size_t i)
{
    return conv->person[i];
}
