
/*
 * remark42: a backup, gzip lines of JSON.  The first line is
 * {"version":1, ...}, the others are comments.
 */

#include <string.h>

#include "social_tool_import_json.h"


typedef struct {
    social_tool_plan_t  *plan;
    social_out_t         user, url;
} social_tool_remark_t;


static void
social_tool_remark_thread(social_tool_remark_t *r, social_tool_json_t *json,
    social_tool_comment_t *c)
{
    social_str_t           url;
    social_tool_thread_t   thread;

    memset(&thread, 0, sizeof(social_tool_thread_t));
    url = social_tool_json_get(json, "locator.url");

    r->url.len = 0;
    social_out_bytes(&r->url, url.data, url.len);
    thread.url.data = r->url.data;
    thread.url.len = r->url.len;
    thread.id = thread.url;
    thread.title = social_tool_json_get(json, "title");

    c->thread = thread.id;
    social_tool_plan_thread(r->plan, &thread);
}


static void
social_tool_remark_line(void *data, const char *array,
    social_tool_json_t *json)
{
    social_str_t            text;
    social_tool_remark_t   *r = data;
    social_tool_comment_t   c;

    memset(&c, 0, sizeof(social_tool_comment_t));
    c.id = social_tool_json_get(json, "id");

    if (c.id.len == 0) {                /* the first line */
        return;
    }

    social_tool_plan_site(r->plan, social_tool_json_get(json, "locator.site"));

    text = social_tool_json_get(json, "user.id");
    r->user.len = 0;

    if (text.len) {
        social_out_text(&r->user, "u:");
        social_out_bytes(&r->user, text.data, text.len);
    }

    c.user.data = r->user.data;
    c.user.len = r->user.len;
    c.parent = social_tool_json_get(json, "pid");
    c.name = social_tool_json_get(json, "user.name");
    c.author = social_tool_json_is_true(json, "user.admin") != 0;
    c.deleted = social_tool_json_is_true(json, "delete") != 0;
    c.created = social_tool_json_time(json, "time");
    c.edited = social_tool_json_time(json, "edit.time");
    c.line = json->line;

    /* a comment that remark42 imported itself has no Markdown */

    c.text = social_tool_json_get(json, "orig");

    if (c.text.len == 0) {
        c.text = social_tool_json_get(json, "text");
        c.html = 1;
    }

    social_tool_remark_thread(r, json, &c);
    social_tool_plan_comment(r->plan, &c);
}


social_tool_exit_e
social_tool_read_remark42(social_tool_plan_t *plan, const char *path)
{
    social_tool_exit_e    code;
    social_tool_remark_t  r;

    r.plan = plan;
    social_out_init(&r.user, SOCIAL_TOOL_FIELD * 4);
    social_out_init(&r.url, SOCIAL_TOOL_FIELD * 4);

    code = social_tool_json_lines(plan, path, "a backup of remark42",
                                  social_tool_remark_line, &r);
    social_out_free(&r.user);
    social_out_free(&r.url);

    return code;
}
