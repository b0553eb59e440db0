
/*
 * Members of the document that the feed is made of, and addresses of pages.
 * Must not know what needs the owner.  Pool threads.
 */

#include <string.h>

#include "social_status_atom_put.h"
#include "social_time.h"


const char *
social_status_atom_member(const cJSON *obj, const char *name)
{
    const cJSON  *item;

    item = cJSON_GetObjectItemCaseSensitive(obj, name);

    return cJSON_IsString(item) ? item->valuestring : "";
}


/* seconds, 0: there is no such time */

int64_t
social_status_atom_time(const cJSON *obj, const char *name)
{
    int64_t      t;
    const char  *text;

    text = social_status_atom_member(obj, name);

    return social_time_parse((const unsigned char *) text, strlen(text), &t)
               == SOCIAL_OK ? t : 0;
}


/* Monday 00:00 UTC of the week of t; 1970-01-01 was a Thursday */

int64_t
social_status_atom_monday(int64_t t)
{
    int64_t  day;

    day = t / SOCIAL_DAY;

    return (day - (day + 3) % 7) * SOCIAL_DAY;
}


/* a page of the moderation location as a C string in out; "" if there is no
 * such location */

const char *
social_status_atom_moderation(social_status_atom_t *atom, social_out_t *out,
    const char *state, const char *key, const char *id)
{
    if (atom->query->moderate == NULL || atom->query->moderate[0] == '\0') {
        return "";
    }

    social_out_text(out, atom->query->moderate);
    social_out_text(out, "?state=");
    social_out_text(out, state);

    if (key[0]) {
        social_out_text(out, "&article=");
        social_out_query(out, (const unsigned char *) key, strlen(key));
    }

    if (id[0]) {
        social_out_text(out, "#comment-");
        social_out_text(out, id);
    }

    social_out_bytes(out, "", 1);

    if (out->failed) {
        atom->failed = 1;
        return "";
    }

    return (const char *) out->data;
}


/* the status page is where the feed is, without what stands behind "?" */

const char *
social_status_atom_page(social_status_atom_t *atom, social_out_t *out)
{
    const char  *self;

    self = atom->query->self ? atom->query->self : "";

    social_out_bytes(out, self, strcspn(self, "?"));
    social_out_bytes(out, "", 1);

    if (out->failed) {
        atom->failed = 1;
        return "";
    }

    return (const char *) out->data;
}
