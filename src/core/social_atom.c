
/*
 * Elements of an Atom feed.  Owns escaping: text of other people is escaped
 * once in an element, twice within HTML content.  Must not know what a feed is
 * about.  Pure; any thread.
 */

#include <string.h>
#include <strings.h>

#include "social_atom.h"
#include "social_time.h"


static void
social_atom_escape(social_out_t *out, const char *text)
{
    social_out_html(out, (const unsigned char *) text, strlen(text));
}


/* a path of this server, or an address of somewhere else, as the value of an
 * attribute */

static void
social_atom_address(social_atom_t *atom, social_out_t *out,
    const char *url)
{
    if (strncasecmp(url, "https://", 8) != 0
        && strncasecmp(url, "http://", 7) != 0
        && atom->origin)
    {
        social_atom_escape(out, atom->origin);
    }

    social_atom_escape(out, url);
}


/*
 * The beginning of all ids: a tag URI (RFC 4151).  Its authority is the host of
 * the site; what is no host name, such as an IPv6 address, is "localhost".
 */

void
social_atom_id(social_atom_t *atom, const char *what,
    const char *which)
{
    size_t         len;
    const char    *host, *site;
    social_out_t  *out;

    out = atom->out;
    host = atom->origin ? atom->origin : "";
    site = atom->site;

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
social_atom_updated(social_atom_t *atom, int64_t t)
{
    char  text[SOCIAL_TIME_LEN + 1];

    social_time_format(t, text);
    social_out_text(atom->out, "<updated>");
    social_out_text(atom->out, text);
    social_out_text(atom->out, "</updated>\n");
}


/* one line of text in an element */

void
social_atom_line(social_atom_t *atom, const char *element,
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
    social_atom_escape(out, before);

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
social_atom_link(social_atom_t *atom, const char *rel,
    const char *type, const char *url)
{
    social_out_text(atom->out, "<link rel=\"");
    social_out_text(atom->out, rel);
    social_out_text(atom->out, "\" type=\"");
    social_out_text(atom->out, type);
    social_out_text(atom->out, "\" href=\"");
    social_atom_address(atom, atom->out, url);
    social_out_text(atom->out, "\"/>\n");
}


/* content is HTML in which text is already escaped; frees it */

void
social_atom_content(social_atom_t *atom, social_out_t *html)
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
social_atom_paragraph(social_out_t *html, const char *text)
{
    social_out_text(html, "<p>");
    social_atom_escape(html, text);
    social_out_text(html, "</p>\n");
}


void
social_atom_anchor(social_atom_t *atom, social_out_t *html,
    const char *url, const char *text)
{
    if (url[0] == '\0') {
        return;
    }

    social_out_text(html, "<p><a href=\"");
    social_atom_address(atom, html, url);
    social_out_text(html, "\">");
    social_atom_escape(html, text);
    social_out_text(html, "</a></p>\n");
}
