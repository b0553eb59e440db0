
/*
 * Our own lines of JSON.  A store that holds nothing gets every line as it is,
 * in one transaction; any other one gets the comments, as from elsewhere.
 */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "social_id.h"
#include "social_json.h"
#include "social_key.h"
#include "social_text.h"
#include "social_time.h"
#include "social_tool_import_json.h"
#include "social_tool_import_plan.h"


/*
 * What lines must have, as NAME:KIND.  k: a key, or ""; s: text; n: a name of a
 * person; d: a number; b: true or false; t: a time, or null; w: a whole number
 * as text; i: an id of a comment; h: hexadecimal; e: a state; f: a format.
 * A capital letter: null, too.
 */

static const struct {
    const char  *type, *members;
} social_tool_jsonl_types[] = {
    { "header", "version:d store:s last_comment:i last_act:w" },
    { "setting", "name:s value:s kind:s" },
    { "article", "key:k title:s url:s published:t first_seen:t reactions:d"
      " reactions_changes:d changed:t readers:w needed:b forgotten:t" },
    { "alias", "key:k article:k act:w moved:t" },
    { "comment", "id:i article:k parent:I state:e before:e author:b name:n"
      " website:s text:s format:f created:t edited:t moderated:t done:b"
      " reports:d reason:s source:s commenter:h person:w exchange:d replied:b"
      " active:b placed:t revision:w rewritten:w moved:w taught:d"
      " taught_before:d" },
    { "ban", "commenter:h comment:i created:t" },
    { "origin", "source:s id:s comment:i" },
    { "act", "id:w at:t who:s action:s undone:w undoes:w revision:w article:K"
      " target:K dropped:K" },
    { "act_comment", "act:w comment:i state:e before:e done:b reports:d"
      " moderated:t reason:s to_state:e to_done:b ban:d taught:d"
      " taught_before:d" },
    { "look", "who:s comment:i revision:w at:t" },
    { "reply_feed", "commenter:h number:w mac:s" },
    { "token", "hash:w spam:d ham:d" },
    { "taught", "spam:d ham:d tokens:d level:d" },
    { "forgotten", "hash:w published:t first_seen:t counted:t" },
    { "bucket", "step:d start:t article:k kind:d label:s value:w" },
    { "site_bucket", "step:d start:t kind:d label:s value:w" },
    { "span", "step:d kept:t" }
};


typedef struct {
    social_store_t      *store;
    const char          *path;
    int64_t              lines;
    social_tool_exit_e   code;
} social_tool_restoring_t;


static int
social_tool_jsonl_is_one(social_str_t text, const char *const *words, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (text.len == strlen(words[i])
            && memcmp(text.data, words[i], text.len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


static int
social_tool_jsonl_is_string(char kind, social_str_t text)
{
    char     buf[24];
    size_t   i;
    int64_t  n;

    static const char *const  states[] = { "approved", "held", "spam",
                                           "deleted" };
    static const char *const  formats[] = { "markdown", "plain" };

    switch (kind) {

    case 'k':
        return text.len == 0 || social_key_check(text) == SOCIAL_OK;

    case 'n':
        return social_text_count(text.data, text.len) <= SOCIAL_NAME_MAX;

    case 's':
        return 1;

    case 't':
        return social_time_parse(text.data, text.len, &n) == SOCIAL_OK;

    case 'w':
        if (text.len == 0 || text.len >= sizeof(buf)) {
            return 0;
        }

        memcpy(buf, text.data, text.len);
        buf[text.len] = '\0';
        return social_tool_number(buf, INT64_MIN, INT64_MAX, &n) == SOCIAL_OK;

    case 'i':
        return social_id_parse(text.data, text.len) > 0
               || (text.len == 2 && memcmp(text.data, "c0", 2) == 0);

    case 'h':
        for (i = 0; i < text.len; i++) {
            if (strchr("0123456789abcdef", text.data[i]) == NULL) {
                return 0;
            }
        }

        return text.len <= 64 && (text.len & 1) == 0;

    case 'e':
        return social_tool_jsonl_is_one(text, states, social_nelts(states));

    default:
        return social_tool_jsonl_is_one(text, formats, social_nelts(formats));
    }
}


/* 1: a member is what it must be */

static int
social_tool_jsonl_is(const cJSON *line, const char *name, char kind)
{
    double         number;
    const cJSON   *item;
    social_str_t   text;

    item = cJSON_GetObjectItemCaseSensitive(line, name);

    if (item == NULL) {
        return 0;
    }

    if (cJSON_IsNull(item)) {
        return kind == 't' || (kind >= 'A' && kind <= 'Z');
    }

    if (kind == 'b') {
        return cJSON_IsBool(item) != 0;
    }

    if (kind == 'd') {
        number = item->valuedouble;
        return cJSON_IsNumber(item) && number > -1e15 && number < 1e15
               && number == (double) (int64_t) number;
    }

    if (social_json_string(line, name, &text) != SOCIAL_JSON_OK) {
        return 0;
    }

    return social_tool_jsonl_is_string(kind >= 'A' && kind <= 'Z'
                                       ? (char) (kind | 0x20) : kind, text);
}


/* the name of the first member that is missing or wrong; NULL: none is */

static const char *
social_tool_jsonl_wrong(const cJSON *line, const char *members, char name[32])
{
    size_t  len;

    while (*members != '\0') {
        len = strcspn(members, ":");
        memcpy(name, members, len);
        name[len] = '\0';

        if (!social_tool_jsonl_is(line, name, members[len + 1])) {
            return name;
        }

        members += len + 2;
        members += (*members == ' ');
    }

    return NULL;
}


static void
social_tool_jsonl_fail(social_tool_restoring_t *r, int64_t line,
    const char *what, const char *detail)
{
    if (r->code == SOCIAL_TOOL_DONE) {
        r->code = social_tool_fail(SOCIAL_TOOL_INPUT,
                                   "\"%s\", line %lld: %s%s; nothing was "
                                   "written", r->path, (long long) line, what,
                                   detail);
    }
}


/* DECLINED after a message: the line cannot be stored */

static int
social_tool_jsonl_check(social_tool_restoring_t *r, social_tool_json_t *json,
    social_str_t *type)
{
    char         name[32];
    cJSON       *line;
    size_t       i;
    const char  *error, *wrong;

    line = social_json_parse(json->text.data, json->text.len, &error);

    if (line == NULL) {
        social_tool_jsonl_fail(r, json->line, error ? error : "no memory", "");
        return SOCIAL_DECLINED;
    }

    *type = social_tool_json_get(json, "type");

    for (i = 0; i < social_nelts(social_tool_jsonl_types); i++) {
        if (type->len == strlen(social_tool_jsonl_types[i].type)
            && memcmp(type->data, social_tool_jsonl_types[i].type, type->len)
               == 0)
        {
            break;
        }
    }

    if (i == social_nelts(social_tool_jsonl_types)) {
        social_tool_jsonl_fail(r, json->line,
                               "a type of line that this version does not "
                               "know", "");

    } else if ((r->lines == 1) != (i == 0)) {
        social_tool_jsonl_fail(r, json->line, i ? "the header is missing"
                                                : "a second header", "");

    } else if (i == 0 && !social_tool_jsonl_is(line, "version", 'd')) {
        social_tool_jsonl_fail(r, json->line, "no version", "");

    } else {
        wrong = social_tool_jsonl_wrong(line,
                                        social_tool_jsonl_types[i].members,
                                        name);
        if (wrong) {
            social_tool_jsonl_fail(r, json->line, "missing or wrong: ", wrong);
        }
    }

    cJSON_Delete(line);

    return r->code == SOCIAL_TOOL_DONE ? SOCIAL_OK : SOCIAL_DECLINED;
}


static void
social_tool_restore_line(void *data, const char *array,
    social_tool_json_t *json)
{
    social_str_t              type;
    social_store_error_t      err;
    social_tool_restoring_t  *r = data;

    r->lines++;

    if (r->code != SOCIAL_TOOL_DONE
        || social_tool_jsonl_check(r, json, &type) != SOCIAL_OK)
    {
        return;
    }

    switch (social_store_restore_line(r->store, type, json->text, json->line,
                                      &err))
    {
    case SOCIAL_OK:
        break;

    case SOCIAL_DECLINED:
        social_tool_jsonl_fail(r, err.line, err.message, "");
        break;

    default:
        r->code = social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
        break;
    }
}


social_tool_exit_e
social_tool_restore(social_store_t *store, const char *path, int *used)
{
    int                       rc;
    social_tool_exit_e        code;
    social_store_error_t      err;
    social_tool_restoring_t   r;

    rc = social_store_restore_begin(store, &err);
    *used = (rc == SOCIAL_DECLINED);

    if (rc != SOCIAL_OK) {
        return *used ? SOCIAL_TOOL_STORE
                     : social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
    }

    memset(&r, 0, sizeof(social_tool_restoring_t));
    r.store = store;
    r.path = path;

    code = social_tool_json_lines(NULL, path, "an export of ngx-social",
                                  social_tool_restore_line, &r);
    code = r.code != SOCIAL_TOOL_DONE ? r.code : code;

    if (code == SOCIAL_TOOL_DONE && r.lines == 0) {
        code = social_tool_fail(SOCIAL_TOOL_INPUT, "\"%s\" is empty", path);
    }

    rc = social_store_restore_end(store, code == SOCIAL_TOOL_DONE, 0,
                                  (int64_t) time(NULL), &err);

    if (rc == SOCIAL_DECLINED) {
        social_tool_jsonl_fail(&r, err.line, err.message, "");
        code = r.code;

    } else if (rc == SOCIAL_AGAIN) {
        code = social_tool_fail(SOCIAL_TOOL_STORE, "%s; it is not known "
                                "whether all was written or nothing: look with "
                                "\"ngx-social export\" before you repeat this",
                                err.message);

    } else if (rc != SOCIAL_OK) {
        code = social_tool_fail(SOCIAL_TOOL_STORE, "%s; nothing was written",
                                err.message);
    }

    if (code == SOCIAL_TOOL_DONE) {
        printf("%8lld  lines\n", (long long) r.lines);
    }

    return code;
}


typedef struct {
    social_tool_plan_t  *plan;
    social_out_t         url, user;
} social_tool_jsonl_t;


/* a key as the path that it is made of */

static social_str_t
social_tool_jsonl_path(social_tool_jsonl_t *l, social_str_t key)
{
    size_t        i;
    social_str_t  path;

    l->url.len = 0;

    for (i = 0; i < key.len; i++) {

        switch (key.data[i]) {

        case '%':
            social_out_text(&l->url, "%25");
            break;

        case '?':
            social_out_text(&l->url, "%3F");
            break;

        case '#':
            social_out_text(&l->url, "%23");
            break;

        default:
            social_out_bytes(&l->url, key.data + i, 1);
            break;
        }
    }

    path.data = l->url.data;
    path.len = l->url.len;

    return path;
}


static void
social_tool_jsonl_comment(social_tool_jsonl_t *l, social_tool_json_t *json)
{
    social_str_t            text;
    social_tool_thread_t    thread;
    social_tool_comment_t   c;

    memset(&c, 0, sizeof(social_tool_comment_t));
    memset(&thread, 0, sizeof(social_tool_thread_t));

    thread.id = social_tool_json_get(json, "article");
    thread.url = social_tool_jsonl_path(l, thread.id);
    social_tool_plan_thread(l->plan, &thread);

    text = social_tool_json_get(json, "commenter");
    l->user.len = 0;

    if (text.len) {
        social_out_text(&l->user, "u:");

    } else {
        text = social_tool_json_get(json, "person");
        social_out_text(&l->user, "p:");
    }

    social_out_bytes(&l->user, text.data, text.len);

    c.id = social_tool_json_get(json, "id");
    c.parent = social_tool_json_get(json, "parent");
    c.thread = thread.id;
    c.user.data = l->user.data;
    c.user.len = l->user.len;
    c.name = social_tool_json_get(json, "name");
    c.website = social_tool_json_get(json, "website");
    c.text = social_tool_json_get(json, "text");
    c.created = social_tool_json_time(json, "created");
    c.edited = social_tool_json_time(json, "edited");
    c.author = social_tool_json_is_true(json, "author") != 0;
    c.line = json->line;

    text = social_tool_json_get(json, "format");
    c.plain = (text.len == 5 && memcmp(text.data, "plain", 5) == 0);

    text = social_tool_json_get(json, "state");
    c.held = (text.len == 4 && memcmp(text.data, "held", 4) == 0);
    c.spam = (text.len == 4 && memcmp(text.data, "spam", 4) == 0);
    c.deleted = (text.len == 7 && memcmp(text.data, "deleted", 7) == 0);

    social_tool_plan_comment(l->plan, &c);
}


static void
social_tool_jsonl_line(void *data, const char *array, social_tool_json_t *json)
{
    char                  reason[64];
    social_str_t          type;
    social_tool_jsonl_t  *l = data;
    social_tool_thread_t  thread;

    type = social_tool_json_get(json, "type");

    if (type.len == 6 && memcmp(type.data, "header", 6) == 0) {
        social_tool_plan_site(l->plan, social_tool_json_get(json, "store"));

    } else if (type.len == 7 && memcmp(type.data, "article", 7) == 0) {
        memset(&thread, 0, sizeof(social_tool_thread_t));
        thread.id = social_tool_json_get(json, "key");
        thread.url = social_tool_jsonl_path(l, thread.id);
        thread.title = social_tool_json_get(json, "title");
        social_tool_plan_thread(l->plan, &thread);

    } else if (type.len == 7 && memcmp(type.data, "comment", 7) == 0) {
        social_tool_jsonl_comment(l, json);

    } else if (type.len == 6 && memcmp(type.data, "origin", 6) == 0) {
        social_tool_plan_origin(l->plan, social_tool_json_get(json, "comment"),
                                social_tool_json_get(json, "source"),
                                social_tool_json_get(json, "id"));

    } else if (social_store_restores(type)) {
        snprintf(reason, sizeof(reason), "not a comment: %.*s", (int) type.len,
                 (const char *) type.data);
        social_tool_report_count(l->plan->report, reason, 1);

    } else {
        social_tool_plan_leave_out(l->plan, "not a comment: ", "another type",
                                   type, json->line);
    }
}


social_tool_exit_e
social_tool_read_jsonl(social_tool_plan_t *plan, const char *path)
{
    social_tool_exit_e   code;
    social_tool_jsonl_t  l;

    l.plan = plan;
    social_out_init(&l.url, SOCIAL_TOOL_FIELD * 4);
    social_out_init(&l.user, SOCIAL_TOOL_FIELD * 4);

    code = social_tool_json_lines(plan, path, "an export of ngx-social",
                                  social_tool_jsonl_line, &l);
    social_out_free(&l.url);
    social_out_free(&l.user);

    return code;
}
