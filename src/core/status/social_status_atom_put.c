
/*
 * Elements of the feed, and the addresses in it.  Owns escaping: text of other
 * people is escaped once in an element, twice within HTML content.  Must not
 * know what needs the owner.  Pool threads.
 */

#include <string.h>
#include <strings.h>

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


static void
social_status_atom_escape(social_out_t *out, const char *text)
{
    social_out_html(out, (const unsigned char *) text, strlen(text));
}


/* a path of this server, or an address of somewhere else, as the value of an
 * attribute */

static void
social_status_atom_address(social_status_atom_t *atom, social_out_t *out,
    const char *url)
{
    if (strncasecmp(url, "https://", 8) != 0
        && strncasecmp(url, "http://", 7) != 0
        && atom->query->origin)
    {
        social_status_atom_escape(out, atom->query->origin);
    }

    social_status_atom_escape(out, url);
}


/*
 * The beginning of all ids: a tag URI (RFC 4151).  Its authority is the host of
 * the site; what is no host name, such as an IPv6 address, is "localhost".
 */

void
social_status_atom_id(social_status_atom_t *atom, const char *what,
    const char *which)
{
    size_t         len;
    const char    *host, *site;
    social_out_t  *out;

    out = atom->out;
    host = atom->query->origin ? atom->query->origin : "";
    site = atom->query->site;

    if (strstr(host, "://")) {
        host = strstr(host, "://") + 3;
    }

    len = strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                       "0123456789.-");

    social_out_text(out, "<id>tag:");

    if (len == 0 || (host[len] != '\0' && host[len] != ':')) {
        social_out_text(out, "localhost");

    } else {
        social_out_bytes(out, host, len);
    }

    social_out_text(out, ",2026:social/");
    social_out_query(out, (const unsigned char *) site, strlen(site));
    social_out_text(out, what);
    social_out_public(out, NULL, (const unsigned char *) which, strlen(which));
    social_out_text(out, "</id>\n");
}


void
social_status_atom_updated(social_status_atom_t *atom, int64_t t)
{
    char  text[SOCIAL_TIME_LEN + 1];

    social_time_format(t, text);
    social_out_text(atom->out, "<updated>");
    social_out_text(atom->out, text);
    social_out_text(atom->out, "</updated>\n");
}


/* one line of text in an element */

void
social_status_atom_line(social_status_atom_t *atom, const char *element,
    const char *before, const char *text)
{
    int            space;
    size_t         len;
    social_out_t  *out;

    out = atom->out;
    space = 0;

    social_out_text(out, "<");
    social_out_text(out, element);
    social_out_text(out, ">");
    social_status_atom_escape(out, before);

    while (*text) {
        len = strcspn(text, " \t\r\n");

        if (len && space) {
            social_out_text(out, " ");
        }

        social_out_html(out, (const unsigned char *) text, len);
        text += len;
        space = *text != '\0';
        text += strspn(text, " \t\r\n");
    }

    social_out_text(out, "</");
    social_out_text(out, element);
    social_out_text(out, ">\n");
}


void
social_status_atom_link(social_status_atom_t *atom, const char *rel,
    const char *type, const char *url)
{
    social_out_text(atom->out, "<link rel=\"");
    social_out_text(atom->out, rel);
    social_out_text(atom->out, "\" type=\"");
    social_out_text(atom->out, type);
    social_out_text(atom->out, "\" href=\"");
    social_status_atom_address(atom, atom->out, url);
    social_out_text(atom->out, "\"/>\n");
}


/* content is HTML in which text is already escaped; frees it */

void
social_status_atom_content(social_status_atom_t *atom, social_out_t *html)
{
    if (html->failed) {
        atom->failed = 1;

    } else {
        social_out_text(atom->out, "<content type=\"html\">");
        social_out_html(atom->out, html->data, html->len);
        social_out_text(atom->out, "</content>\n");
    }

    social_out_free(html);
}


void
social_status_atom_paragraph(social_out_t *html, const char *text)
{
    social_out_text(html, "<p>");
    social_status_atom_escape(html, text);
    social_out_text(html, "</p>\n");
}


void
social_status_atom_anchor(social_status_atom_t *atom, social_out_t *html,
    const char *url, const char *text)
{
    if (url[0] == '\0') {
        return;
    }

    social_out_text(html, "<p><a href=\"");
    social_status_atom_address(atom, html, url);
    social_out_text(html, "\">");
    social_status_atom_escape(html, text);
    social_out_text(html, "</a></p>\n");
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
