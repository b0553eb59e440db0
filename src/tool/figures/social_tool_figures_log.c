
/*
 * Lines of an event log, as the log_format in docs/operations.md writes them:
 * a flat JSON object.  Members that are not asked for may be there.
 */

#include <string.h>

#include "social_time.h"
#include "social_tool_figures.h"


typedef enum {
    LOG_TIME, LOG_EVENT, LOG_SITE, LOG_ARTICLE, LOG_CLASS, LOG_NETWORK,
    LOG_SOURCE, LOG_COMMENT, LOG_PARENT, LOG_ROLE, LOG_STATE, LOG_GOAL,
    LOG_ACTION, LOG_MEMBERS
} social_tool_member_e;

static const char *const  social_tool_members[LOG_MEMBERS] = {
    "time", "event", "site", "article", "class", "network", "source", "comment",
    "parent", "role", "state", "goal", "action"
};

static const char *const  social_tool_words[LOG_WORDS] = {
    "", "unconfirmed", "self", "bot", "preview", "prefetch", "script", "new",
    "off", "repeat", "dropped", "approved", "held", "spam", "deleted", "reader",
    "author", "approve", "hold", "ban", "delete", "erase", "restore", "done",
    "edit", "reply"
};


/* what a line must have, by event: words that are right, or an id */

#define BIT(word)       (1U << (word))

#define LOG_COUNTED     (BIT(LOG_NEW) | BIT(LOG_REPEAT) | BIT(LOG_DROPPED))
#define LOG_POSTED      (BIT(LOG_APPROVED) | BIT(LOG_HELD) | BIT(LOG_SPAM))
#define LOG_ROLES       (BIT(LOG_READER) | BIT(LOG_AUTHOR))
#define LOG_ACTIONS     (BIT(LOG_NONE) | BIT(LOG_APPROVE) | BIT(LOG_HOLD)     \
                         | BIT(LOG_SPAM) | BIT(LOG_BAN) | BIT(LOG_DELETE)     \
                         | BIT(LOG_ERASE) | BIT(LOG_RESTORE) | BIT(LOG_DONE)  \
                         | BIT(LOG_EDIT) | BIT(LOG_REPLY))
#define LOG_ID          0               /* an id */
#define LOG_IDS         (1U << 30)      /* ids with commas between them */
#define LOG_ANY         (1U << 31)      /* anything but nothing */

typedef struct {
    social_tool_member_e  member;
    uint32_t              right;
} social_tool_wanted_t;

static const struct {
    const char            *name;
    social_tool_wanted_t   wanted[3];
    size_t                 n;
} social_tool_events[EVENT_KINDS] = {
    { "view", { { LOG_CLASS, BIT(LOG_UNCONFIRMED) | BIT(LOG_SELF) | BIT(LOG_BOT)
                             | BIT(LOG_PREVIEW) | BIT(LOG_PREFETCH) } }, 1 },
    { "seen", { { LOG_CLASS, BIT(LOG_UNCONFIRMED) | BIT(LOG_PREFETCH)
                             | BIT(LOG_SCRIPT) },
                { LOG_STATE, BIT(LOG_NONE) | LOG_COUNTED } }, 2 },
    { "share", { { LOG_NETWORK, LOG_ANY }, { LOG_STATE, LOG_COUNTED } }, 2 },
    { "reaction", { { LOG_STATE, LOG_COUNTED | BIT(LOG_OFF) } }, 1 },
    { "goal", { { LOG_GOAL, LOG_ANY }, { LOG_STATE, LOG_COUNTED } }, 2 },
    { "comment", { { LOG_COMMENT, LOG_ID }, { LOG_ROLE, LOG_ROLES },
                   { LOG_STATE, LOG_POSTED } }, 3 },
    { "reply", { { LOG_COMMENT, LOG_ID }, { LOG_ROLE, LOG_ROLES },
                 { LOG_STATE, LOG_POSTED } }, 3 },
    { "edit", { { LOG_COMMENT, LOG_ID },
                { LOG_STATE, LOG_POSTED | BIT(LOG_DELETED) } }, 2 },
    { "delete", { { LOG_COMMENT, LOG_ID }, { LOG_STATE, BIT(LOG_DELETED) } },
      2 },
    { "moderate", { { LOG_COMMENT, LOG_IDS },
                    { LOG_STATE, LOG_POSTED | BIT(LOG_DELETED) },
                    { LOG_ACTION, LOG_ACTIONS } }, 3 }
};


/* data NULL: the line has no such member */

typedef struct {
    social_str_t        values[LOG_MEMBERS];
    social_tool_word_e  words[LOG_MEMBERS];
} social_tool_line_t;


static unsigned char *
social_tool_log_space(unsigned char *p, const unsigned char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r')) {
        p++;
    }

    return p;
}


/* the four hexadecimal digits at p; -1: there are none */

static int32_t
social_tool_log_hex(const unsigned char *p, const unsigned char *end)
{
    size_t       i;
    int32_t      c;
    const char  *digit;

    static const char  digits[] = "0123456789abcdef";

    if (end - p < 4) {
        return -1;
    }

    for (c = 0, i = 0; i < 4; i++) {
        digit = p[i] ? strchr(digits, p[i] | (p[i] >= 'A' ? 0x20 : 0)) : NULL;

        if (digit == NULL) {
            return -1;
        }

        c = c * 16 + (int32_t) (digit - digits);
    }

    return c;
}


/* the escape whose letter is at *p becomes one character at to; NULL: it is
 * wrong */

static unsigned char *
social_tool_log_escape(unsigned char **p, const unsigned char *end,
    unsigned char *to)
{
    int32_t      c;
    const char  *letter;

    static const char  letters[] = "bfnrt\"\\/", plain[] = "\b\f\n\r\t\"\\/";

    if (*p == end) {
        return NULL;
    }

    if (**p != 'u') {
        letter = **p ? strchr(letters, **p) : NULL;

        if (letter == NULL) {
            return NULL;
        }

        (*p)++;
        *to++ = (unsigned char) plain[letter - letters];

        return to;
    }

    c = social_tool_log_hex(*p + 1, end);

    if (c < 0) {
        return NULL;
    }

    *p += 5;

    if (c < 0x80) {
        *to++ = (unsigned char) c;
        return to;
    }

    if (c >= 0xd800 && c < 0xe000) {
        c = 0xfffd;                     /* nginx writes none of these */
    }

    if (c < 0x800) {
        *to++ = (unsigned char) (0xc0 | (c >> 6));

    } else {
        *to++ = (unsigned char) (0xe0 | (c >> 12));
        *to++ = (unsigned char) (0x80 | ((c >> 6) & 0x3f));
    }

    *to++ = (unsigned char) (0x80 | (c & 0x3f));

    return to;
}


/* a string, decoded where it stands; behind it, or NULL: it is none */

static unsigned char *
social_tool_log_string(unsigned char *p, const unsigned char *end,
    social_str_t *string)
{
    unsigned char  *to;

    if (p == end || *p != '"') {
        return NULL;
    }

    to = ++p;
    string->data = to;

    while (p < end && *p != '"') {

        if (*p < 0x20) {
            return NULL;
        }

        if (*p != '\\') {
            *to++ = *p++;
            continue;
        }

        p++;
        to = social_tool_log_escape(&p, end, to);

        if (to == NULL) {
            return NULL;
        }
    }

    string->len = (size_t) (to - string->data);

    return p < end ? p + 1 : NULL;
}


/* a string, or a number, true, false, null as they are */

static unsigned char *
social_tool_log_value(unsigned char *p, const unsigned char *end,
    social_str_t *value)
{
    if (p < end && *p == '"') {
        return social_tool_log_string(p, end, value);
    }

    value->data = p;

    while (p < end && strchr("+-.0123456789Eaeflnrstu", *p) && *p) {
        p++;
    }

    value->len = (size_t) (p - value->data);

    return value->len ? p : NULL;
}


static void
social_tool_log_member(social_tool_line_t *line, social_str_t name,
    social_str_t value)
{
    size_t  i;

    for (i = 0; i < LOG_MEMBERS; i++) {
        if (strlen(social_tool_members[i]) == name.len
            && memcmp(social_tool_members[i], name.data, name.len) == 0)
        {
            line->values[i] = value;
            return;
        }
    }
}


/* DECLINED: it is no flat JSON object */

static int
social_tool_log_object(unsigned char *p, const unsigned char *end,
    social_tool_line_t *line)
{
    social_str_t  name, value;

    p = social_tool_log_space(p, end);

    if (p == end || *p != '{') {
        return SOCIAL_DECLINED;
    }

    do {
        p = social_tool_log_space(p + 1, end);
        p = social_tool_log_string(p, end, &name);
        p = p ? social_tool_log_space(p, end) : p;

        if (p == NULL || p == end || *p != ':') {
            return SOCIAL_DECLINED;
        }

        p = social_tool_log_space(p + 1, end);
        p = social_tool_log_value(p, end, &value);
        p = p ? social_tool_log_space(p, end) : p;

        if (p == NULL || p == end) {
            return SOCIAL_DECLINED;
        }

        social_tool_log_member(line, name, value);

    } while (*p == ',');

    return *p == '}' && social_tool_log_space(p + 1, end) == end
           ? SOCIAL_OK : SOCIAL_DECLINED;
}


/* ids of [A-Za-z0-9_-], `many`: with commas between them */

static int
social_tool_log_is_id(social_str_t id, int many)
{
    size_t  i, n;

    static const char  letters[] = "abcdefghijklmnopqrstuvwxyz_-0123456789"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    for (i = 0, n = 0; i < id.len; i++) {

        if (many && id.data[i] == ',' && n > 0) {
            n = 0;

        } else if (id.data[i] == '\0' || strchr(letters, id.data[i]) == NULL) {
            return 0;

        } else {
            n++;
        }
    }

    return n > 0;
}


static void
social_tool_log_word(social_tool_line_t *line, social_tool_member_e member)
{
    size_t        i;
    social_str_t  value;

    value = line->values[member];

    for (i = 1; i < LOG_WORDS; i++) {
        if (strlen(social_tool_words[i]) == value.len
            && memcmp(social_tool_words[i], value.data, value.len) == 0)
        {
            line->words[member] = (social_tool_word_e) i;
        }
    }
}


static int
social_tool_log_is_right(social_tool_line_t *line,
    const social_tool_wanted_t *wanted)
{
    social_str_t  value;

    value = line->values[wanted->member];

    if (wanted->right == LOG_ID || wanted->right == LOG_IDS) {
        return social_tool_log_is_id(value, wanted->right == LOG_IDS);
    }

    if (wanted->right == LOG_ANY) {
        return value.len != 0;
    }

    social_tool_log_word(line, wanted->member);

    if (line->words[wanted->member] == LOG_NONE && value.len) {
        return 0;
    }

    return (wanted->right & BIT(line->words[wanted->member])) != 0;
}


static int
social_tool_log_fault(const social_tool_line_t *line,
    social_tool_member_e member, social_out_t *fault)
{
    social_str_t  value;

    value = line->values[member];

    if (value.data == NULL) {
        social_out_text(fault, "it has no \"");
        social_out_text(fault, social_tool_members[member]);
        social_out_text(fault, "\": this log_format lacks what is needed here");

        return SOCIAL_DECLINED;
    }

    social_out_text(fault, "\"");
    social_out_text(fault, social_tool_members[member]);

    if (value.len == 0) {
        social_out_text(fault, "\" is empty");

    } else {
        social_out_text(fault, "\" cannot be \"");
        social_out_bytes(fault, value.data, value.len < 60 ? value.len : 60);
        social_out_text(fault, "\"");
    }

    return SOCIAL_DECLINED;
}


/* DECLINED: *wrong is the member that is */

static int
social_tool_log_check(social_tool_line_t *line, social_tool_event_t *event,
    social_tool_member_e *wrong)
{
    size_t        i;
    social_str_t  value;

    for (*wrong = LOG_TIME; *wrong <= LOG_ARTICLE; ++*wrong) {
        if (line->values[*wrong].len == 0) {
            return SOCIAL_DECLINED;
        }
    }

    *wrong = LOG_TIME;
    value = line->values[LOG_TIME];

    /* with its zone: the log_format has $time_iso8601 */

    if (value.len < SOCIAL_TIME_LEN || value.data[10] != 'T'
        || social_time_parse(value.data, value.len, &event->at) != SOCIAL_OK)
    {
        return SOCIAL_DECLINED;
    }

    *wrong = LOG_EVENT;
    value = line->values[LOG_EVENT];

    for (i = 0; i < EVENT_KINDS; i++) {
        if (strlen(social_tool_events[i].name) == value.len
            && memcmp(social_tool_events[i].name, value.data, value.len) == 0)
        {
            break;
        }
    }

    if (i == EVENT_KINDS) {
        return SOCIAL_DECLINED;
    }

    event->kind = (social_tool_event_e) i;

    for (i = 0; i < social_tool_events[event->kind].n; i++) {
        *wrong = social_tool_events[event->kind].wanted[i].member;

        if (!social_tool_log_is_right(line,
                                   &social_tool_events[event->kind].wanted[i]))
        {
            return SOCIAL_DECLINED;
        }
    }

    *wrong = LOG_PARENT;

    return event->kind != EVENT_REPLY
           || social_tool_log_is_id(line->values[LOG_PARENT], 0)
           ? SOCIAL_OK : SOCIAL_DECLINED;
}


int
social_tool_log_parse(unsigned char *text, size_t len,
    social_tool_event_t *event, social_out_t *fault)
{
    social_tool_line_t    line;
    social_tool_member_e  wrong;

    memset(&line, 0, sizeof(social_tool_line_t));

    if (social_tool_log_object(text, text + len, &line) != SOCIAL_OK) {
        social_out_text(fault, "this is no line of an event log in JSON");
        return SOCIAL_DECLINED;
    }

    if (social_tool_log_check(&line, event, &wrong) != SOCIAL_OK) {
        return social_tool_log_fault(&line, wrong, fault);
    }

    event->site = line.values[LOG_SITE];
    event->article = line.values[LOG_ARTICLE];
    event->network = line.values[LOG_NETWORK];
    event->source = line.values[LOG_SOURCE];
    event->goal = line.values[LOG_GOAL];
    event->comment = line.values[LOG_COMMENT];
    event->parent = line.values[LOG_PARENT];

    social_tool_log_word(&line, LOG_CLASS);
    social_tool_log_word(&line, LOG_ROLE);

    event->class = line.words[LOG_CLASS];
    event->state = line.words[LOG_STATE];
    event->role = line.words[LOG_ROLE];
    event->action = line.words[LOG_ACTION];

    return SOCIAL_OK;
}
