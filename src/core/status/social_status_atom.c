
/*
 * What needs the owner, as an Atom feed (RFC 4287).  Owns ids and times of its
 * entries: an id names an event, a time is that of the event, so that readers
 * announce each once and two feeds between which nothing happened are the same.
 * Must not read a clock.  Pool threads.
 *
 *   tag:HOST,2026:social/SITE/comment/c12       it waits for an answer
 *   .../held/c13                                the newest one held
 *   .../alarm/unheard/2026-11-20T10:00:00Z      when it began
 *   .../week/2026-W47
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_status_atom_put.h"
#include "social_id.h"
#include "social_time.h"


/* a comment that waits for an answer: who, the first words, where */

static void
social_status_atom_comment(social_status_atom_t *atom,
    const social_status_atom_entry_t *entry)
{
    char           title[SOCIAL_STATUS_ATOM_LINE];
    const char    *name, *text, *page, *id;
    social_out_t   html, url;

    id = social_status_atom_member(entry->item, "id");
    name = social_status_atom_member(entry->item, "name");
    text = social_status_atom_member(entry->item, "text");
    page = social_status_atom_member(entry->item, "title");

    name = name[0] ? name : "A reader";
    page = page[0] ? page : social_status_atom_member(entry->item, "article");

    (void) snprintf(title, sizeof(title), "%s%s", name, text[0] ? ": " : " ");

    social_atom_id(&atom->put, "/comment/", id);
    social_atom_line(&atom->put, "title", title,
                            text[0] ? text : "waits for an answer");
    social_out_text(atom->put.out, "<author>");
    social_atom_line(&atom->put, "name", "", name);
    social_out_text(atom->put.out, "</author>\n");
    social_atom_link(&atom->put, "alternate", "text/html",
                            social_status_atom_member(entry->item, "url"));

    social_out_init(&html, SOCIAL_STATUS_ATOM_HTML);
    social_out_init(&url, SOCIAL_STATUS_ATOM_HTML);

    social_atom_paragraph(&html, text);
    social_atom_paragraph(&html, page);
    social_atom_anchor(&atom->put, &html,
                              social_status_atom_member(entry->item, "url"),
                              "Read it on the page");
    social_atom_anchor(&atom->put, &html,
        social_status_atom_moderation(atom, &url, "approved",
            social_status_atom_member(entry->item, "article"), id),
        "Answer it");

    social_out_free(&url);
    social_atom_content(&atom->put, &html);
}


static int64_t
social_status_atom_held_count(const social_status_atom_t *atom)
{
    const cJSON  *held;

    held = cJSON_GetObjectItemCaseSensitive(
               cJSON_GetObjectItemCaseSensitive(atom->doc, "totals"), "held");

    return cJSON_IsNumber(held) ? (int64_t) held->valuedouble : 0;
}


static void
social_status_atom_held(social_status_atom_t *atom,
    const social_status_atom_entry_t *entry)
{
    char           id[SOCIAL_ID_MAX], title[SOCIAL_STATUS_ATOM_LINE];
    int64_t        n;
    const char    *page;
    social_out_t   html, url;

    n = social_status_atom_held_count(atom);
    (void) social_id_text(atom->query->newest_held, id);
    (void) snprintf(title, sizeof(title),
                    "%" PRId64 " comment%s for approval", n,
                    n == 1 ? " waits" : "s wait");

    social_out_init(&html, SOCIAL_STATUS_ATOM_HTML);
    social_out_init(&url, SOCIAL_STATUS_ATOM_HTML);

    page = social_status_atom_moderation(atom, &url, "held", "", "");

    social_atom_id(&atom->put, "/held/", id);
    social_atom_line(&atom->put, "title", "", title);

    if (page[0]) {
        social_atom_link(&atom->put, "alternate", "text/html", page);
    }

    social_atom_paragraph(&html, title);
    social_atom_anchor(&atom->put, &html, page, "Approve or refuse");

    social_out_free(&url);
    social_atom_content(&atom->put, &html);
}


/* a sentence about the site, and the way to the status page */

static void
social_status_atom_sentence(social_status_atom_t *atom,
    const social_status_atom_entry_t *entry)
{
    const char    *page;
    social_out_t   html, url;

    social_out_init(&html, SOCIAL_STATUS_ATOM_HTML);
    social_out_init(&url, SOCIAL_STATUS_ATOM_HTML);

    page = social_status_atom_page(atom, &url);
    social_atom_link(&atom->put, "alternate", "text/html", page);

    social_atom_paragraph(&html,
        social_status_atom_member(entry->item, "sentence"));
    social_atom_anchor(&atom->put, &html, page, "See the status page");

    social_out_free(&url);
    social_atom_content(&atom->put, &html);
}


static void
social_status_atom_alarm(social_status_atom_t *atom,
    const social_status_atom_entry_t *entry)
{
    char  which[SOCIAL_STATUS_ATOM_LINE];

    (void) snprintf(which, sizeof(which), "%s%s%s",
                    social_status_atom_member(entry->item, "name"),
                    social_status_atom_member(entry->item, "since")[0] ? "/"
                                                                       : "",
                    social_status_atom_member(entry->item, "since"));

    social_atom_id(&atom->put, "/alarm/", which);
    social_atom_line(&atom->put, "title", "Alarm: ",
        social_status_atom_member(entry->item, "sentence"));
    social_status_atom_sentence(atom, entry);
}


/* ISO 8601: the week belongs to the year of its Thursday */

static void
social_status_atom_week(social_status_atom_t *atom,
    const social_status_atom_entry_t *entry)
{
    char      which[SOCIAL_STATUS_ATOM_LINE], title[SOCIAL_STATUS_ATOM_LINE];
    int64_t   thursday, year, first;
    unsigned  month, day, week;

    thursday = social_status_atom_monday(
                   social_status_atom_time(entry->item, "from"))
               / SOCIAL_DAY + 3;
    social_time_date(thursday, &year, &month, &day);

    (void) snprintf(which, sizeof(which), "%04u-01-01", (unsigned) year);
    first = thursday;
    (void) social_time_parse((unsigned char *) which, strlen(which), &first);
    week = (unsigned) ((thursday - first / SOCIAL_DAY) / 7) + 1;

    (void) snprintf(which, sizeof(which), "%04u-W%02u", (unsigned) year, week);
    (void) snprintf(title, sizeof(title), "Week %u of %u", week,
                    (unsigned) year);

    social_atom_id(&atom->put, "/week/", which);
    social_atom_line(&atom->put, "title", "", title);
    social_status_atom_sentence(atom, entry);
}


static int
social_status_atom_order(const void *one, const void *two)
{
    const social_status_atom_entry_t  *a, *b;

    a = one;
    b = two;

    if (a->updated != b->updated) {
        return a->updated > b->updated ? -1 : 1;
    }

    return (a->place > b->place) - (a->place < b->place);
}


static void
social_status_atom_add(social_status_atom_t *atom, int64_t updated,
    const cJSON *item, void (*put)(social_status_atom_t *atom,
                                   const social_status_atom_entry_t *entry))
{
    social_status_atom_entry_t  *entry;

    entry = &atom->entries[atom->n];
    entry->updated = updated;
    entry->place = atom->n++;
    entry->item = item;
    entry->put = put;
}


/* the entries, newest first.  What has no time of its own is as old as the
 * week: its time changes together with the entry of the week */

static void
social_status_atom_collect(social_status_atom_t *atom)
{
    int64_t       t, monday;
    const cJSON  *item, *inbox, *alarms, *week;

    inbox = cJSON_GetObjectItemCaseSensitive(atom->doc, "inbox");
    alarms = cJSON_GetObjectItemCaseSensitive(atom->doc, "alarms");
    week = cJSON_GetObjectItemCaseSensitive(atom->doc, "week");
    monday = social_status_atom_monday(atom->query->now);

    atom->entries = calloc((size_t) cJSON_GetArraySize(inbox)
                           + (size_t) cJSON_GetArraySize(alarms) + 2,
                           sizeof(social_status_atom_entry_t));
    if (atom->entries == NULL) {
        atom->failed = 1;
        return;
    }

    if (social_status_atom_held_count(atom) > 0
        && atom->query->newest_held > 0)
    {
        social_status_atom_add(atom, atom->query->newest_held_time, NULL,
                               social_status_atom_held);
    }

    cJSON_ArrayForEach(item, inbox) {
        social_status_atom_add(atom, social_status_atom_time(item, "time"),
                               item, social_status_atom_comment);
    }

    cJSON_ArrayForEach(item, alarms) {

        if (strcmp(social_status_atom_member(item, "state"), "ok") != 0) {
            t = social_status_atom_time(item, "since");
            social_status_atom_add(atom, t ? t : monday, item,
                                   social_status_atom_alarm);
        }
    }

    t = social_status_atom_time(week, "to");

    if (t) {
        social_status_atom_add(atom, t, week, social_status_atom_week);
    }

    qsort(atom->entries, atom->n, sizeof(social_status_atom_entry_t),
          social_status_atom_order);
}


static void
social_status_atom_head(social_status_atom_t *atom)
{
    social_out_t  *out, url;

    out = atom->put.out;
    social_out_init(&url, SOCIAL_STATUS_ATOM_HTML);

    social_out_text(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                    "<feed xmlns=\"http://www.w3.org/2005/Atom\""
                    " xml:lang=\"en\">\n");
    social_atom_id(&atom->put, "", "");
    social_atom_line(&atom->put, "title", "What needs you: ",
                            atom->query->site);
    social_atom_updated(&atom->put, atom->n ? atom->entries[0].updated
                                     : social_status_atom_monday(
                                           atom->query->now));
    social_out_text(out, "<author>");
    social_atom_line(&atom->put, "name", "", atom->query->site);
    social_out_text(out, "</author>\n");
    social_atom_link(&atom->put, "self", "application/atom+xml",
                            atom->query->self ? atom->query->self : "");
    social_atom_link(&atom->put, "alternate", "text/html",
                            social_status_atom_page(atom, &url));

    social_out_free(&url);
}


int
social_status_atom(const cJSON *doc, const social_status_query_t *query,
    social_out_t *out)
{
    size_t                       i;
    social_status_atom_t         atom;
    social_status_atom_entry_t  *entry;

    memset(&atom, 0, sizeof(social_status_atom_t));

    atom.doc = doc;
    atom.query = query;
    atom.put.out = out;
    atom.put.origin = query->origin;
    atom.put.site = query->site;

    social_status_atom_collect(&atom);

    if (!atom.failed) {
        social_status_atom_head(&atom);
    }

    for (i = 0; i < atom.n && !atom.failed; i++) {
        entry = &atom.entries[i];

        social_out_text(out, "<entry>\n");
        entry->put(&atom, entry);
        social_atom_updated(&atom.put, entry->updated);
        social_out_text(out, "</entry>\n");
    }

    social_out_text(out, "</feed>\n");
    free(atom.entries);

    return atom.failed || atom.put.failed || out->failed ? SOCIAL_ERROR : SOCIAL_OK;
}
