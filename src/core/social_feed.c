
/*
 * Comments as an Atom feed (RFC 4287).  A comment's id is the same in all feeds
 * of the site, so that readers of several show it once.  Must not read a clock.
 */

#include <string.h>

#include "social_atom.h"
#include "social_comment_html.h"
#include "social_feed.h"
#include "social_text.h"
#include "social_time.h"


#define SOCIAL_FEED_TITLE  80       /* characters of a comment in a title */
#define SOCIAL_FEED_LINE   2048     /* bytes of a title or an address */
#define SOCIAL_FEED_END    "</feed>\n"


static int64_t
social_feed_updated(const social_comment_t *c)
{
    return c->edited > c->created ? c->edited : c->created;
}


/* a C string in out; "": it was too long */

static const char *
social_feed_string(social_out_t *out)
{
    social_out_bytes(out, "", 1);

    return out->failed ? "" : (const char *) out->data;
}


/* the first words of a text */

static const char *
social_feed_excerpt(const char *text, social_out_t *out)
{
    size_t                n;
    const unsigned char  *p, *end;

    p = (const unsigned char *) text;
    end = p + strlen(text);

    for (n = 0; p < end && n < SOCIAL_FEED_TITLE; n++) {
        (void) social_text_next(&p, end);
    }

    social_out_bytes(out, text,
                     (size_t) (p - (const unsigned char *) text));

    if (p < end) {
        social_out_text(out, "\xe2\x80\xa6");
    }

    return social_feed_string(out);
}


static void
social_feed_author(social_atom_t *atom, const social_comment_t *c)
{
    social_out_text(atom->out, "<author>");
    social_atom_line(atom, "name", "", c->name);

    if (c->website[0]) {
        social_atom_line(atom, "uri", "", c->website);
    }

    social_out_text(atom->out, "</author>\n");
}


static void
social_feed_published(social_atom_t *atom, int64_t t)
{
    char  text[SOCIAL_TIME_LEN + 1];

    social_time_format(t, text);
    social_atom_line(atom, "published", "", text);
}


static void
social_feed_entry(const social_feed_t *feed, const social_comment_t *c,
    social_atom_t *atom)
{
    char          id[SOCIAL_ID_MAX];
    social_out_t  url, html, title, name;

    (void) social_id_text(c->id, id);

    social_out_init(&url, SOCIAL_FEED_LINE * 4);
    social_out_public(&url, feed->base, (const unsigned char *) c->key,
                      strlen(c->key));
    social_out_text(&url, "#comment-");
    social_out_text(&url, id);

    social_out_init(&name, SOCIAL_FEED_LINE);
    social_out_text(&name, c->name);
    social_out_text(&name, ": ");
    social_out_init(&title, SOCIAL_FEED_LINE);

    social_comment_html(&html, (social_format_e) c->format,
                        (const unsigned char *) c->text, strlen(c->text));

    social_out_text(atom->out, "<entry>\n");
    social_atom_id(atom, "/comment/", id);
    social_atom_line(atom, "title", social_feed_string(&name),
                     social_feed_excerpt(c->text, &title));
    social_feed_author(atom, c);
    social_atom_link(atom, "alternate", "text/html", social_feed_string(&url));
    social_feed_published(atom, c->created);
    social_atom_updated(atom, social_feed_updated(c));
    social_atom_content(atom, &html);
    social_out_text(atom->out, "</entry>\n");

    social_out_free(&name);
    social_out_free(&title);
    social_out_free(&url);
}


static void
social_feed_head(const social_feed_t *feed, const social_comments_t *list,
    social_atom_t *atom)
{
    size_t    i;
    int64_t   updated;

    updated = 0;

    for (i = 0; i < list->n; i++) {
        if (social_feed_updated(&list->items[i]) > updated) {
            updated = social_feed_updated(&list->items[i]);
        }
    }

    social_out_text(atom->out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                    "<feed xmlns=\"http://www.w3.org/2005/Atom\""
                    " xml:lang=\"");
    social_out_html(atom->out, (const unsigned char *) feed->lang,
                    strlen(feed->lang));
    social_out_text(atom->out, "\">\n");
    social_atom_id(atom, feed->what, feed->which);
    social_atom_line(atom, "title", "", feed->title);
    social_atom_updated(atom, updated);
    social_out_text(atom->out, "<author>");
    social_atom_line(atom, "name", "", feed->site);
    social_out_text(atom->out, "</author>\n");
    social_atom_link(atom, "self", "application/atom+xml", feed->self);
    social_atom_link(atom, "alternate", "text/html", feed->page);
}


int
social_feed(const social_feed_t *feed, const social_comments_t *list,
    social_out_t *out)
{
    int            failed;
    size_t         i;
    social_out_t   entry;
    social_atom_t  atom;

    memset(&atom, 0, sizeof(social_atom_t));

    atom.out = out;
    atom.origin = feed->origin;
    atom.site = feed->site;

    social_feed_head(feed, list, &atom);
    failed = 0;

    for (i = 0; i < list->n && !failed; i++) {

        if (list->items[i].state != SOCIAL_APPROVED) {
            continue;
        }

        social_out_init(&entry, out->max);
        atom.out = &entry;
        social_feed_entry(feed, &list->items[i], &atom);

        failed = entry.failed || atom.failed;

        if (!failed
            && out->len + entry.len + sizeof(SOCIAL_FEED_END) > out->max)
        {
            social_out_free(&entry);
            break;
        }

        social_out_bytes(out, entry.data, entry.len);
        social_out_free(&entry);
    }

    social_out_text(out, SOCIAL_FEED_END);

    return failed || out->failed ? SOCIAL_ERROR : SOCIAL_OK;
}
