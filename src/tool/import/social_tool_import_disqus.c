
/*
 * Disqus: XML with threads, then posts.  Posts refer to threads and parents by
 * the attribute dsq:id; times are UTC.
 */

#include <stdio.h>
#include <string.h>

#include "social_siphash.h"
#include "social_text.h"
#include "social_time.h"
#include "social_tool_import_xml.h"


enum {
    FIELD_ID = 0,
    FIELD_THREAD,
    FIELD_PARENT,
    FIELD_LINK,
    FIELD_TITLE,
    FIELD_MESSAGE,
    FIELD_CREATED,
    FIELD_NAME,
    FIELD_USERNAME,
    DISQUS_FIELDS
};


typedef struct {
    social_tool_plan_t  *plan;
    social_out_t         fields[DISQUS_FIELDS];
    int64_t              line;
    unsigned             in_thread:1;
    unsigned             in_post:1;
    unsigned             in_author:1;
    unsigned             deleted:1;
    unsigned             spam:1;
} social_tool_disqus_t;


static social_str_t
social_tool_disqus_get(const social_tool_disqus_t *d, int field)
{
    social_str_t  text;

    text.data = d->fields[field].data;
    text.len = d->fields[field].len;

    return text;
}


static void
social_tool_disqus_set(social_tool_disqus_t *d, int field, social_str_t text)
{
    d->fields[field].len = 0;
    social_out_bytes(&d->fields[field], text.data, text.len);
}


static void
social_tool_disqus_open(void *data, social_tool_xml_t *xml, const char *name,
    const char *space, social_str_t id)
{
    int                    i;
    size_t                 depth;
    social_tool_disqus_t  *d = data;

    depth = social_tool_xml_depth(xml);

    if (depth == 2) {
        d->in_thread = (strcmp(name, "thread") == 0);
        d->in_post = (strcmp(name, "post") == 0);
        d->in_author = 0;
        d->deleted = 0;
        d->spam = 0;
        d->line = social_tool_xml_line(xml);

        for (i = 0; i < DISQUS_FIELDS; i++) {
            d->fields[i].len = 0;
        }

        social_tool_disqus_set(d, FIELD_ID, id);

    } else if (depth == 3 && d->in_post && strcmp(name, "thread") == 0) {
        social_tool_disqus_set(d, FIELD_THREAD, id);

    } else if (depth == 3 && d->in_post && strcmp(name, "parent") == 0) {
        social_tool_disqus_set(d, FIELD_PARENT, id);

    } else if (depth == 3 && strcmp(name, "author") == 0) {
        d->in_author = 1;
    }
}


/* a post without an id gets one that is the same in every export */

static void
social_tool_disqus_id(social_tool_disqus_t *d)
{
    int                         i;
    char                        text[24];
    uint64_t                    hash;
    social_out_t                all;
    social_str_t                id;
    static const unsigned char  key[SOCIAL_SIPHASH_KEY];

    social_out_init(&all, SOCIAL_TOOL_FIELD * 4);

    for (i = FIELD_THREAD; i < DISQUS_FIELDS; i++) {
        social_out_bytes(&all, d->fields[i].data, d->fields[i].len);
        social_out_bytes(&all, "", 1);
    }

    hash = social_siphash(key, all.data, all.failed ? 0 : all.len);
    social_out_free(&all);

    snprintf(text, sizeof(text), "x%016llx", (unsigned long long) hash);
    id.data = (const unsigned char *) text;
    id.len = strlen(text);
    social_tool_disqus_set(d, FIELD_ID, id);
}


static void
social_tool_disqus_post(social_tool_disqus_t *d)
{
    char                    prefix[2];
    social_out_t            user;
    social_str_t            text;
    social_tool_comment_t   c;

    memset(&c, 0, sizeof(social_tool_comment_t));

    if (d->fields[FIELD_ID].len == 0) {
        social_tool_disqus_id(d);
    }

    /* who has no name to log in is known by the name shown */

    prefix[0] = d->fields[FIELD_USERNAME].len ? 'u' : 'n';
    prefix[1] = ':';
    text = social_tool_disqus_get(d, prefix[0] == 'u' ? FIELD_USERNAME
                                                      : FIELD_NAME);
    social_out_init(&user, SOCIAL_TOOL_FIELD + 16);

    if (text.len) {
        social_out_bytes(&user, prefix, 2);
        social_out_bytes(&user, text.data, text.len);
    }

    c.id = social_tool_disqus_get(d, FIELD_ID);
    c.parent = social_tool_disqus_get(d, FIELD_PARENT);
    c.thread = social_tool_disqus_get(d, FIELD_THREAD);
    c.user.data = user.data;
    c.user.len = user.len;
    c.login = social_tool_disqus_get(d, FIELD_USERNAME);
    c.name = social_tool_disqus_get(d, FIELD_NAME);
    c.text = social_tool_disqus_get(d, FIELD_MESSAGE);
    c.line = d->line;
    c.html = 1;
    c.deleted = d->deleted;
    c.spam = d->spam;

    text = social_tool_disqus_get(d, FIELD_CREATED);
    text = social_text_trim(text.data, text.len);

    if (social_time_parse(text.data, text.len, &c.created) != SOCIAL_OK) {
        c.created = 0;
    }

    social_tool_plan_comment(d->plan, &c);
    social_out_free(&user);
}


static void
social_tool_disqus_thread(social_tool_disqus_t *d)
{
    social_tool_thread_t  thread;

    memset(&thread, 0, sizeof(social_tool_thread_t));
    thread.id = social_tool_disqus_get(d, FIELD_ID);
    thread.url = social_tool_disqus_get(d, FIELD_LINK);
    thread.title = social_tool_disqus_get(d, FIELD_TITLE);
    thread.deleted = d->deleted;

    if (thread.id.len) {
        social_tool_plan_thread(d->plan, &thread);
    }
}


static int
social_tool_disqus_is_true(social_str_t text)
{
    text = social_text_trim(text.data, text.len);

    return (text.len == 4 && memcmp(text.data, "true", 4) == 0)
           || (text.len == 1 && text.data[0] == '1');
}


static void
social_tool_disqus_close(void *data, social_tool_xml_t *xml, const char *name,
    const char *space, social_str_t text)
{
    size_t                 i, depth;
    social_tool_disqus_t  *d = data;

    static const struct {
        const char  *name;
        size_t       depth;
        int          field;
    } fields[] = {
        { "link", 3, FIELD_LINK }, { "title", 3, FIELD_TITLE },
        { "message", 3, FIELD_MESSAGE }, { "createdAt", 3, FIELD_CREATED },
        { "name", 4, FIELD_NAME }, { "username", 4, FIELD_USERNAME }
    };

    depth = social_tool_xml_depth(xml);

    if (depth == 2 && d->in_thread) {
        social_tool_disqus_thread(d);

    } else if (depth == 2 && d->in_post) {
        social_tool_disqus_post(d);

    } else if (depth == 3 && strcmp(name, "isDeleted") == 0) {
        d->deleted = social_tool_disqus_is_true(text) != 0;

    } else if (depth == 3 && strcmp(name, "isSpam") == 0) {
        d->spam = social_tool_disqus_is_true(text) != 0;

    } else if (depth == 3 && strcmp(name, "forum") == 0) {
        social_tool_plan_site(d->plan, text);

    } else if (depth == 3 && strcmp(name, "author") == 0) {
        d->in_author = 0;
    }

    for (i = 0; i < social_nelts(fields); i++) {
        if (depth == fields[i].depth && (depth == 3 || d->in_author)
            && strcmp(name, fields[i].name) == 0)
        {
            social_tool_disqus_set(d, fields[i].field, text);
        }
    }
}


static const social_tool_xml_format_t  social_tool_disqus = {
    "a Disqus export", "disqus", social_tool_disqus_open,
    social_tool_disqus_close
};


social_tool_exit_e
social_tool_read_disqus(social_tool_plan_t *plan, const char *path)
{
    int                    i;
    social_tool_exit_e     code;
    social_tool_disqus_t   d;

    memset(&d, 0, sizeof(social_tool_disqus_t));
    d.plan = plan;

    for (i = 0; i < DISQUS_FIELDS; i++) {
        social_out_init(&d.fields[i], SOCIAL_TOOL_FIELD + 16);
    }

    code = social_tool_xml_read(plan, path, &social_tool_disqus, &d);

    for (i = 0; i < DISQUS_FIELDS; i++) {
        social_out_free(&d.fields[i]);
    }

    return code;
}
