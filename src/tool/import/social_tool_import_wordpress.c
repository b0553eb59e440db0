
/*
 * WordPress: WXR 1.0 to 1.2, RSS with articles and the comments in them.  The
 * namespace has the version; whether text is in CDATA differs.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_text.h"
#include "social_time.h"
#include "social_tool_import_xml.h"


#define SOCIAL_TOOL_WXR      "http://wordpress.org/export/"
#define SOCIAL_TOOL_WRITERS  1024       /* authors of a blog */


enum {
    ITEM_LINK = 0,
    ITEM_TITLE,
    ITEM_STATUS,
    ITEM_PASSWORD,
    ITEM_ID,
    COMMENT_ID,
    COMMENT_NAME,
    COMMENT_MAIL,
    COMMENT_URL,
    COMMENT_DATE,
    COMMENT_GMT,
    COMMENT_TEXT,
    COMMENT_APPROVED,
    COMMENT_TYPE,
    COMMENT_PARENT,
    COMMENT_USER,
    WORDPRESS_FIELDS
};


typedef struct {
    social_tool_plan_t  *plan;
    social_out_t         fields[WORDPRESS_FIELDS];
    int64_t              line, item;    /* item: its number */
    int64_t             *writers;       /* ids of wp:author */
    size_t               nwriters;
    unsigned             in_item:1;
    unsigned             in_comment:1;
    unsigned             in_writer:1;
} social_tool_wordpress_t;


static social_str_t
social_tool_wp_get(const social_tool_wordpress_t *w, int field)
{
    return social_text_trim(w->fields[field].data, w->fields[field].len);
}


static int
social_tool_wp_is(const social_tool_wordpress_t *w, int field,
    const char *value)
{
    social_str_t  text;

    text = social_tool_wp_get(w, field);

    return text.len == strlen(value) && memcmp(text.data, value, text.len) == 0;
}


static int64_t
social_tool_wp_number(social_str_t text)
{
    char     buf[24];
    int64_t  number;

    text = social_text_trim(text.data, text.len);

    if (text.len == 0 || text.len >= sizeof(buf)) {
        return 0;
    }

    memcpy(buf, text.data, text.len);
    buf[text.len] = '\0';

    return social_tool_number(buf, 0, INT64_MAX, &number) == SOCIAL_OK ? number
                                                                       : 0;
}


static void
social_tool_wp_open(void *data, social_tool_xml_t *xml, const char *name,
    const char *space, social_str_t id)
{
    int                       i, wp;
    social_tool_wordpress_t  *w = data;

    wp = (strncmp(space, SOCIAL_TOOL_WXR, strlen(SOCIAL_TOOL_WXR)) == 0);

    if (!wp && strcmp(name, "item") == 0
        && social_tool_xml_depth(xml) == 3)
    {
        w->in_item = 1;
        w->item++;

        for (i = 0; i < WORDPRESS_FIELDS; i++) {
            w->fields[i].len = 0;
        }

    } else if (wp && w->in_item && strcmp(name, "comment") == 0) {
        w->in_comment = 1;
        w->line = social_tool_xml_line(xml);

        for (i = COMMENT_ID; i < WORDPRESS_FIELDS; i++) {
            w->fields[i].len = 0;
        }

    } else if (wp && !w->in_item && strcmp(name, "author") == 0) {
        w->in_writer = 1;
    }
}


static social_str_t
social_tool_wp_thread(const social_tool_wordpress_t *w, char buf[24])
{
    social_str_t  id;

    snprintf(buf, 24, "%lld", (long long) w->item);
    id.data = (const unsigned char *) buf;
    id.len = strlen(buf);

    return id;
}


/* comments come before some fields of their item, so it is known at its end */

static void
social_tool_wp_item(social_tool_wordpress_t *w)
{
    char                  buf[24];
    social_tool_thread_t  thread;

    memset(&thread, 0, sizeof(social_tool_thread_t));
    thread.id = social_tool_wp_thread(w, buf);
    thread.url = social_tool_wp_get(w, ITEM_LINK);
    thread.title = social_tool_wp_get(w, ITEM_TITLE);

    /* "inherit" is an attachment's, whose page is public */

    thread.hidden = (w->fields[ITEM_STATUS].len
                     && !social_tool_wp_is(w, ITEM_STATUS, "publish")
                     && !social_tool_wp_is(w, ITEM_STATUS, "inherit"))
                    || social_tool_wp_get(w, ITEM_PASSWORD).len != 0;

    social_tool_plan_thread(w->plan, &thread);
}


static void
social_tool_wp_time(const social_tool_wordpress_t *w, social_tool_comment_t *c)
{
    social_str_t  text;

    text = social_tool_wp_get(w, COMMENT_GMT);

    if (text.len && social_time_parse(text.data, text.len, &c->created)
                    == SOCIAL_OK && c->created > 0)
    {
        return;
    }

    text = social_tool_wp_get(w, COMMENT_DATE);
    c->created = 0;

    if (text.len && social_time_parse(text.data, text.len, &c->created)
                    == SOCIAL_OK && c->created > 0)
    {
        c->local = 1;
        return;
    }

    c->created = 0;
}


/* whoever it is: a user's number, an address of mail, a name.  The address
 * stays in the temporary file */

static void
social_tool_wp_user(const social_tool_wordpress_t *w, social_out_t *out)
{
    size_t        i;
    social_str_t  text;

    static const struct {
        int          field;
        const char  *prefix;
    } names[] = { { COMMENT_USER, "u:" }, { COMMENT_MAIL, "e:" },
                  { COMMENT_NAME, "n:" } };

    for (i = 0; i < social_nelts(names); i++) {
        text = social_tool_wp_get(w, names[i].field);

        if (text.len && !(i == 0 && social_tool_wp_number(text) == 0)) {
            social_out_text(out, names[i].prefix);
            social_out_bytes(out, text.data, text.len);
            return;
        }
    }
}


static int
social_tool_wp_is_writer(const social_tool_wordpress_t *w)
{
    size_t   i;
    int64_t  user;

    user = social_tool_wp_number(social_tool_wp_get(w, COMMENT_USER));

    for (i = 0; i < w->nwriters; i++) {
        if (user > 0 && w->writers[i] == user) {
            return 1;
        }
    }

    return 0;
}


/* DECLINED: it is a pingback, an order's note or the like */

static int
social_tool_wp_type(social_tool_wordpress_t *w)
{
    char          name[32];
    size_t        i;
    social_str_t  type;

    type = social_tool_wp_get(w, COMMENT_TYPE);

    if (type.len == 0 || social_tool_wp_is(w, COMMENT_TYPE, "comment")) {
        return SOCIAL_OK;
    }

    for (i = 0; i < type.len && i < sizeof(name) - 1; i++) {
        name[i] = (char) (type.data[i] > ' ' && type.data[i] < 0x7f
                          ? type.data[i] : '?');
    }

    name[i] = '\0';
    social_tool_plan_leave_out(w->plan, "not a comment: ", name,
                               social_tool_wp_get(w, COMMENT_ID), w->line);

    return SOCIAL_DECLINED;
}


static void
social_tool_wp_comment(social_tool_wordpress_t *w)
{
    char                    buf[24];
    social_out_t            user;
    social_tool_comment_t   c;

    memset(&c, 0, sizeof(social_tool_comment_t));

    if (social_tool_wp_type(w) != SOCIAL_OK) {
        return;
    }

    social_out_init(&user, SOCIAL_TOOL_FIELD + 16);
    social_tool_wp_user(w, &user);
    social_tool_wp_time(w, &c);

    c.id = social_tool_wp_get(w, COMMENT_ID);
    c.parent = social_tool_wp_get(w, COMMENT_PARENT);
    c.thread = social_tool_wp_thread(w, buf);
    c.user.data = user.data;
    c.user.len = user.len;
    c.name = social_tool_wp_get(w, COMMENT_NAME);
    c.website = social_tool_wp_get(w, COMMENT_URL);
    c.text.data = w->fields[COMMENT_TEXT].data;
    c.text.len = w->fields[COMMENT_TEXT].len;
    c.line = w->line;
    c.html = 1;
    c.author = social_tool_wp_is_writer(w) != 0;
    c.spam = social_tool_wp_is(w, COMMENT_APPROVED, "spam") != 0;
    c.deleted = social_tool_wp_is(w, COMMENT_APPROVED, "trash")
                || social_tool_wp_is(w, COMMENT_APPROVED, "post-trashed");
    c.held = !social_tool_wp_is(w, COMMENT_APPROVED, "1")
             && !social_tool_wp_is(w, COMMENT_APPROVED, "approve");

    if (c.parent.len == 1 && c.parent.data[0] == '0') {
        c.parent.len = 0;
    }

    social_tool_plan_comment(w->plan, &c);
    social_out_free(&user);
}


static void
social_tool_wp_site(social_tool_wordpress_t *w, social_str_t url)
{
    size_t                skip;
    const unsigned char  *p;

    url = social_text_trim(url.data, url.len);
    p = memmem(url.data, url.len, "://", 3);
    skip = p ? (size_t) (p + 3 - url.data) : 0;

    if (url.len - skip > 4 && memcmp(url.data + skip, "www.", 4) == 0) {
        skip += 4;
    }

    url.data += skip;
    url.len -= skip;

    while (url.len && url.data[url.len - 1] == '/') {
        url.len--;
    }

    social_tool_plan_site(w->plan, url);
}


/* a field of an item or of a comment in it; 0: it is none */

static int
social_tool_wp_field(social_tool_wordpress_t *w, const char *name,
    const char *space, social_str_t text)
{
    int     wp;
    size_t  i;

    static const struct {
        const char  *name;
        int          field;
        unsigned     wp:1;
        unsigned     comment:1;
    } fields[] = {
        { "link", ITEM_LINK, 0, 0 }, { "title", ITEM_TITLE, 0, 0 },
        { "status", ITEM_STATUS, 1, 0 },
        { "post_password", ITEM_PASSWORD, 1, 0 },
        { "comment_id", COMMENT_ID, 1, 1 },
        { "comment_author", COMMENT_NAME, 1, 1 },
        { "comment_author_email", COMMENT_MAIL, 1, 1 },
        { "comment_author_url", COMMENT_URL, 1, 1 },
        { "comment_date", COMMENT_DATE, 1, 1 },
        { "comment_date_gmt", COMMENT_GMT, 1, 1 },
        { "comment_content", COMMENT_TEXT, 1, 1 },
        { "comment_approved", COMMENT_APPROVED, 1, 1 },
        { "comment_type", COMMENT_TYPE, 1, 1 },
        { "comment_parent", COMMENT_PARENT, 1, 1 },
        { "comment_user_id", COMMENT_USER, 1, 1 }
    };

    wp = (strncmp(space, SOCIAL_TOOL_WXR, strlen(SOCIAL_TOOL_WXR)) == 0);

    for (i = 0; i < social_nelts(fields); i++) {
        if (fields[i].wp == (unsigned) wp
            && fields[i].comment == w->in_comment
            && strcmp(fields[i].name, name) == 0
            && (wp || space[0] == '\0'))
        {
            w->fields[fields[i].field].len = 0;
            social_out_bytes(&w->fields[fields[i].field], text.data, text.len);
            return 1;
        }
    }

    return 0;
}


static void
social_tool_wp_close(void *data, social_tool_xml_t *xml, const char *name,
    const char *space, social_str_t text)
{
    size_t                    depth;
    social_tool_wordpress_t  *w = data;

    depth = social_tool_xml_depth(xml);

    if (w->in_comment && depth == 4 && strcmp(name, "comment") == 0) {
        social_tool_wp_comment(w);
        w->in_comment = 0;

    } else if (w->in_item && depth == 3 && strcmp(name, "item") == 0) {
        social_tool_wp_item(w);
        w->in_item = 0;

    } else if (w->in_item && depth == (w->in_comment ? 5u : 4u)) {
        (void) social_tool_wp_field(w, name, space, text);

    } else if (w->in_writer && strcmp(name, "author_id") == 0) {

        if (w->nwriters < SOCIAL_TOOL_WRITERS) {
            w->writers[w->nwriters++] = social_tool_wp_number(text);
        }

    } else if (w->in_writer && strcmp(name, "author") == 0) {
        w->in_writer = 0;

    } else if (depth == 3 && strcmp(name, "base_blog_url") == 0) {
        social_tool_wp_site(w, text);
    }
}


static const social_tool_xml_format_t  social_tool_wordpress = {
    "a WordPress export", "rss", social_tool_wp_open, social_tool_wp_close
};


social_tool_exit_e
social_tool_read_wordpress(social_tool_plan_t *plan, const char *path)
{
    int                       i;
    social_tool_exit_e        code;
    social_tool_wordpress_t   w;

    memset(&w, 0, sizeof(social_tool_wordpress_t));
    w.plan = plan;
    w.writers = calloc(SOCIAL_TOOL_WRITERS, sizeof(int64_t));

    for (i = 0; i < WORDPRESS_FIELDS; i++) {
        social_out_init(&w.fields[i], SOCIAL_TOOL_FIELD + 16);
    }

    code = w.writers
           ? social_tool_xml_read(plan, path, &social_tool_wordpress, &w)
           : social_tool_fail(SOCIAL_TOOL_STORE, "no memory");

    for (i = 0; i < WORDPRESS_FIELDS; i++) {
        social_out_free(&w.fields[i]);
    }

    free(w.writers);

    return code;
}
