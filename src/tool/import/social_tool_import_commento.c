
/*
 * Commento 1 and Comentario 3: gzip JSON with comments and commenters, and
 * pages in the latter.  A zero UUID and the year 1 mean none.
 */

#include <string.h>

#include "social_tool_import_json.h"


typedef struct {
    social_tool_plan_t  *plan;
    social_out_t         user, url;
} social_tool_commento_t;


/* 1: nobody, or nothing */

static int
social_tool_commento_is_none(social_str_t id)
{
    size_t                   i;
    static const char *const none[] = {
        "", "root", "anonymous", "undefined",
        "00000000-0000-0000-0000-000000000000"
    };

    for (i = 0; i < social_nelts(none); i++) {
        if (id.len == strlen(none[i]) && memcmp(id.data, none[i], id.len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* the first of two members that is there */

static social_str_t
social_tool_commento_get(social_tool_json_t *json, const char *one,
    const char *two)
{
    social_str_t  value;

    value = social_tool_json_get(json, one);

    return value.len ? value : social_tool_json_get(json, two);
}


static void
social_tool_commento_user(social_out_t *out, const char *prefix,
    social_str_t id)
{
    out->len = 0;
    social_out_text(out, prefix);
    social_out_bytes(out, id.data, id.len);
}


/* a path, with or without its slash, or a whole address */

static social_str_t
social_tool_commento_path(social_tool_commento_t *m, social_str_t path)
{
    social_str_t  url;

    m->url.len = 0;

    if (path.len && path.data[0] != '/'
        && memmem(path.data, path.len, "://", 3) == NULL)
    {
        social_out_text(&m->url, "/");
    }

    social_out_bytes(&m->url, path.data, path.len);

    url.data = m->url.data;
    url.len = m->url.len;

    return url;
}


static void
social_tool_commento_page(social_tool_commento_t *m, social_tool_json_t *json)
{
    social_tool_thread_t  thread;

    memset(&thread, 0, sizeof(social_tool_thread_t));
    thread.id = social_tool_json_get(json, "id");
    thread.url = social_tool_commento_path(m,
                                           social_tool_json_get(json, "path"));
    thread.title = social_tool_json_get(json, "title");

    if (thread.id.len) {
        social_tool_plan_thread(m->plan, &thread);
    }
}


static void
social_tool_commento_person(social_tool_commento_t *m,
    social_tool_json_t *json)
{
    social_str_t          id;
    social_tool_user_t  person;

    memset(&person, 0, sizeof(social_tool_user_t));
    id = social_tool_commento_get(json, "commenterHex", "id");

    if (social_tool_commento_is_none(id)) {
        return;
    }

    social_tool_commento_user(&m->user, "u:", id);
    person.user.data = m->user.data;
    person.user.len = m->user.len;
    person.name = social_tool_json_get(json, "name");
    person.website = social_tool_commento_get(json, "link", "websiteUrl");
    person.author = social_tool_json_is_true(json, "isModerator") != 0;

    if (social_tool_commento_is_none(person.website)) {
        person.website.len = 0;
    }

    social_tool_plan_person(m->plan, &person);
}


/* "https://HOST/..." */

static social_str_t
social_tool_commento_host(social_str_t url)
{
    size_t                n;
    social_str_t          host;
    const unsigned char  *p;

    host.data = url.data;
    host.len = 0;
    p = url.len ? memmem(url.data, url.len, "://", 3) : NULL;

    if (p) {
        host.data = p + 3;

        for (n = 0; host.data + n < url.data + url.len && host.data[n] != '/';
             n++)
        {
            /* void */
        }

        host.len = n;
    }

    return host;
}


/* where a comment of Commento 1 stands: its path is its thread */

static void
social_tool_commento_thread(social_tool_commento_t *m,
    social_tool_json_t *json, social_tool_comment_t *c)
{
    social_tool_thread_t  thread;

    memset(&thread, 0, sizeof(social_tool_thread_t));
    thread.url = social_tool_commento_path(
                     m, social_tool_commento_get(json, "url", "path"));
    thread.id = thread.url;

    c->thread = thread.id;
    social_tool_plan_thread(m->plan, &thread);
    social_tool_plan_site(m->plan, social_tool_json_get(json, "domain"));
}


static void
social_tool_commento_state(social_tool_json_t *json, social_tool_comment_t *c)
{
    int           approved, pending;
    social_str_t  state;

    c->deleted = social_tool_json_is_true(json, "deleted")
                 || social_tool_json_is_true(json, "isDeleted")
                 || (c->text.len == 9
                     && memcmp(c->text.data, "[deleted]", 9) == 0);

    if (social_tool_json_get(json, "isApproved").len
        || social_tool_json_get(json, "isPending").len)
    {
        approved = social_tool_json_is_true(json, "isApproved");
        pending = social_tool_json_is_true(json, "isPending");
        c->held = pending != 0;
        c->spam = !approved && !pending;            /* it was rejected */
        return;
    }

    state = social_tool_json_get(json, "state");

    c->spam = (state.len == 7 && memcmp(state.data, "flagged", 7) == 0);
    c->held = state.len && !c->spam
              && !(state.len == 8 && memcmp(state.data, "approved", 8) == 0);
}


static void
social_tool_commento_comment(social_tool_commento_t *m,
    social_tool_json_t *json)
{
    social_str_t            who;
    social_tool_comment_t   c;

    memset(&c, 0, sizeof(social_tool_comment_t));

    c.id = social_tool_commento_get(json, "commentHex", "id");
    c.parent = social_tool_commento_get(json, "parentHex", "parentId");
    c.name = social_tool_json_get(json, "authorName");
    c.created = social_tool_commento_get(json, "creationDate", "").len
                ? social_tool_json_time(json, "creationDate")
                : social_tool_json_time(json, "createdTime");
    c.edited = social_tool_json_time(json, "editedTime");
    c.line = json->line;

    c.text = social_tool_json_get(json, "markdown");

    if (c.text.len == 0) {
        c.text = social_tool_json_get(json, "html");
        c.html = 1;
    }

    if (social_tool_commento_is_none(c.parent)) {
        c.parent.len = 0;
    }

    who = social_tool_commento_get(json, "commenterHex", "userCreated");
    m->user.len = 0;

    if (!social_tool_commento_is_none(who)) {
        social_tool_commento_user(&m->user, "u:", who);

    } else if (c.name.len) {
        social_tool_commento_user(&m->user, "n:", c.name);
    }

    c.user.data = m->user.data;
    c.user.len = m->user.len;
    social_tool_commento_state(json, &c);

    c.thread = social_tool_json_get(json, "pageId");

    if (c.thread.len == 0) {
        social_tool_commento_thread(m, json, &c);

    } else {
        social_tool_plan_site(m->plan, social_tool_commento_host(
                                           social_tool_json_get(json, "url")));
    }

    social_tool_plan_comment(m->plan, &c);
}


static void
social_tool_commento_element(void *data, const char *array,
    social_tool_json_t *json)
{
    social_tool_commento_t  *m = data;

    if (strcmp(array, "comments") == 0) {
        social_tool_commento_comment(m, json);

    } else if (strcmp(array, "pages") == 0) {
        social_tool_commento_page(m, json);

    } else {
        social_tool_commento_person(m, json);
    }
}


social_tool_exit_e
social_tool_read_commento(social_tool_plan_t *plan, const char *path)
{
    social_tool_exit_e       code;
    social_tool_commento_t   m;

    static const char *const  arrays[] = { "comments", "pages", "commenters",
                                           NULL };

    m.plan = plan;
    social_out_init(&m.user, SOCIAL_TOOL_FIELD * 4);
    social_out_init(&m.url, SOCIAL_TOOL_FIELD * 4);

    code = social_tool_json_arrays(plan, path,
                                   "an export of Commento or Comentario",
                                   arrays, social_tool_commento_element, &m);
    social_out_free(&m.user);
    social_out_free(&m.url);

    return code;
}
