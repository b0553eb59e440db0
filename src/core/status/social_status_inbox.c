
/*
 * The comments that wait for an answer, and the first words of comments.  Pool
 * threads.
 */

#include <stdlib.h>
#include <string.h>

#include "social_status_state.h"
#include "social_text.h"


#define SOCIAL_STATUS_INBOX_ADDRESS  8192       /* bytes of a URL */
#define SOCIAL_STATUS_WORDS          160        /* characters */


static int
social_status_waiting_order(const void *one, const void *two)
{
    const social_status_waiting_t  *a, *b;

    a = one;
    b = two;

    if (a->created != b->created) {
        return a->created < b->created ? -1 : 1;
    }

    return (a->message > b->message) - (a->message < b->message);
}


void
social_status_find_waiting(social_status_t *st)
{
    size_t                      i, k, n;
    const char                 *only;
    social_status_waiting_t    *all;
    const social_status_row_t  *row;

    all = malloc((st->figures->nmessages + 1)
                 * sizeof(social_status_waiting_t));
    if (all == NULL) {
        st->failed = 1;
        return;
    }

    n = 0;
    only = st->query->article;

    for (i = 0; i < st->nrows; i++) {
        row = &st->rows[i];

        if (only && only[0] && strcmp(only, row->article->key) != 0) {
            continue;
        }

        for (k = row->first; k < row->last; k++) {
            if (social_conversation_is_waiting(st->conv, k)
                && st->figures->messages[k].created < st->window.to)
            {
                all[n].created = st->figures->messages[k].created;
                all[n].message = k;
                all[n++].article = row->article;
            }
        }
    }

    qsort(all, n, sizeof(social_status_waiting_t),
          social_status_waiting_order);

    st->waiting = all;
    st->nwaiting = n < SOCIAL_STATUS_INBOX ? n : SOCIAL_STATUS_INBOX;

    if (st->query->newest) {
        memmove(all, all + n - st->nwaiting,
                st->nwaiting * sizeof(social_status_waiting_t));
    }
}


/* the first words in one line; "..." if it goes on */

static void
social_status_put_words(social_status_t *st, cJSON *obj, const char *text)
{
    int                   space;
    size_t                n;
    int32_t               c;
    social_out_t          out;
    const unsigned char  *p, *start, *end;

    p = (const unsigned char *) text;
    end = p + strlen(text);
    space = 0;
    n = 0;

    social_out_init(&out, SOCIAL_EXCERPT + 8);

    while (p < end) {
        start = p;
        c = social_text_next(&p, end);

        if (c < 0 || social_text_is_space(c) || c < ' ' || c == 0x7f) {
            space = (n > 0);
            continue;
        }

        if (n + (size_t) space >= SOCIAL_STATUS_WORDS - 1
            && (p < end || n + (size_t) space >= SOCIAL_STATUS_WORDS))
        {
            social_out_text(&out, "\xe2\x80\xa6");
            break;
        }

        if (space) {
            social_out_text(&out, " ");
        }

        n += 1 + (size_t) space;
        space = 0;
        social_out_bytes(&out, start, (size_t) (p - start));
    }

    social_status_json_out(st, obj, "text", &out);
}


void
social_status_words(social_status_t *st, cJSON *obj,
    const social_excerpt_t *excerpt)
{
    social_status_json_text(st, obj, "name", excerpt ? excerpt->name : "");
    social_status_put_words(st, obj, excerpt && excerpt->text ? excerpt->text
                                                              : "");
}


static void
social_status_put_waiting(social_status_t *st, cJSON *list, size_t i)
{
    char                            id[SOCIAL_ID_MAX];
    cJSON                          *obj;
    int64_t                         age;
    social_out_t                    url;
    const social_message_t         *m;
    const social_status_waiting_t  *waiting;

    waiting = &st->waiting[i];
    m = &st->figures->messages[waiting->message];
    age = st->window.now > m->created ? st->window.now - m->created : 0;

    (void) social_id_text(m->id, id);
    social_out_init(&url, SOCIAL_STATUS_INBOX_ADDRESS);
    social_status_json_address(st, &url, waiting->article, m->id);

    obj = social_status_json_item(st, list);
    social_status_json_text(st, obj, "id", id);
    social_status_json_text(st, obj, "article", waiting->article->key);
    social_status_json_text(st, obj, "title", waiting->article->title);
    social_status_json_out(st, obj, "url", &url);
    social_status_json_time(st, obj, "time", m->created);
    social_status_json_int(st, obj, "age_seconds", age);
    social_status_words(st, obj, st->details.excerpts
                                 ? &st->details.excerpts[i] : NULL);
}


void
social_status_inbox(social_status_t *st, cJSON *list)
{
    size_t  i;

    for (i = 0; i < st->nwaiting; i++) {
        social_status_put_waiting(st, list, i);
    }
}
