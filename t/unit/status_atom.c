
/*
 * The feed of what needs the owner (social_status_atom.c, ..._atom_put.c): each
 * feed is read by libxml2 and must be Atom as data/atom.rng has it; ids, times
 * and order of the entries; text of other people; failures.
 */

#include <unistd.h>

#include "unit.h"
#include "social_status_formats.h"


#define NOW  1795320000             /* 2026-11-22T04:00:00Z, a Sunday */


static social_status_query_t  query;
static char                   path[256], rules[512];

/* the feed that was made last, as text */

static char                  *feed;


static int
make_feed(const char *json)
{
    int           rc;
    cJSON        *doc;
    social_out_t  out;

    doc = cJSON_Parse(json);
    social_out_init(&out, 1 << 20);
    rc = doc ? social_status_atom(doc, &query, &out) : -9;

    free(feed);
    feed = out.data ? strndup((char *) out.data, out.len) : strdup("");

    social_out_free(&out);
    cJSON_Delete(doc);

    return rc;
}


/* what a program says about the feed; caller frees */

static char *
ask(const char *program)
{
    char    command[1024], *text;
    FILE   *f;
    size_t  n;

    f = fopen(path, "w");
    fputs(feed, f);
    fclose(f);

    snprintf(command, sizeof(command), "%s %s 2>&1", program, path);
    f = popen(command, "r");
    text = calloc(1, 65536);
    n = fread(text, 1, 65535, f);
    text[n] = '\0';

    while (n && text[n - 1] == '\n') {
        text[--n] = '\0';
    }

    if (pclose(f) != 0) {
        printf("# %s\n", text);
        text[0] = '\0';
    }

    return text;
}


static void
is_atom(const char *what)
{
    char  *said, program[1024];

    snprintf(program, sizeof(program),
             "xmllint --nonet --noout --relaxng %s", rules);
    said = ask(program);
    ok(strstr(said, "validates") != NULL, "Atom: %s", what);
    free(said);
}


#define NAME(name)  "/*[local-name()=\"" name "\"]"

static void
is_found(const char *xpath, const char *want, const char *what)
{
    char  *said, program[1024];

    snprintf(program, sizeof(program), "xmllint --nonet --xpath 'string(%s)'",
             xpath);
    said = ask(program);
    is_str(said, want, what);
    free(said);
}


static int
count(const char *text)
{
    int          n;
    const char  *p;

    n = 0;

    for (p = feed; (p = strstr(p, text)) != NULL; p++) {
        n++;
    }

    return n;
}


static void
begin(void)
{
    memset(&query, 0, sizeof(query));

    query.site = "blog";
    query.now = NOW;
    query.moderate = "/_moderate/";
    query.origin = "https://blog.example";
    query.self = "/social?format=atom";
    query.newest_held = 35;
    query.newest_held_time = NOW - 3600;
}


#define INBOX                                                                 \
    "\"inbox\":[{\"id\":\"c1\",\"article\":\"/\xc3\xbc b/\",\"title\":"       \
    "\"Bread & salt\",\"url\":\"/%C3%BC%20b/#comment-c1\","                   \
    "\"time\":\"2026-11-20T10:00:00Z\",\"age_seconds\":150000,"               \
    "\"name\":\"Ann\",\"text\":\"How much\\nwater?\"},"                       \
    "{\"id\":\"c2\",\"article\":\"/b/\",\"title\":\"\",\"url\":"              \
    "\"https://blog.example/b/#comment-c2\","                                 \
    "\"time\":\"2026-11-21T10:00:00Z\",\"age_seconds\":60000,"                \
    "\"name\":\"<b>]]>&\\\"\",\"text\":\"<script>alert(1)</script> &amp; "    \
    "\\u0001\xef\xbf\xbe \"}]"

#define ALARMS                                                                \
    "\"alarms\":[{\"name\":\"unheard\",\"state\":\"alarm\",\"since\":"        \
    "\"2026-11-19T08:00:00Z\",\"sentence\":\"Nobody answered.\"},"            \
    "{\"name\":\"comment_silence\",\"state\":\"ok\",\"since\":null,"          \
    "\"sentence\":\"Fine.\"},{\"name\":\"no_goal\",\"state\":\"warn\","       \
    "\"since\":null,\"sentence\":\"No goal is declared.\"}]"

#define WEEK                                                                  \
    "\"week\":{\"from\":\"2026-11-09T00:00:00Z\",\"to\":"                     \
    "\"2026-11-16T00:00:00Z\",\"sentence\":\"3 articles & 2 comments.\"}"

#define ALL  "{\"totals\":{\"held\":2}," INBOX "," ALARMS "," WEEK "}"

#define ENTRY(n)  NAME("feed") NAME("entry") "[" n "]"


static void
entries(void)
{
    begin();
    is_int(make_feed(ALL), SOCIAL_OK, "a feed");
    is_atom("all kinds of entries");
    is_int(count("<entry>"), 6, "two comments, held ones, two alarms, a week");

    is_found(NAME("feed") NAME("id"), "tag:blog.example,2026:social/blog",
             "the feed's id");
    is_found(NAME("feed") NAME("updated"), "2026-11-22T03:00:00Z",
             "the feed is as new as its newest entry");
    is_found(NAME("feed") NAME("link") "[@rel=\"self\"]/@href",
             "https://blog.example/social?format=atom", "self");
    is_found(NAME("feed") NAME("link") "[@rel=\"alternate\"]/@href",
             "https://blog.example/social", "the status page");

    is_found(ENTRY("1") NAME("id"),
             "tag:blog.example,2026:social/blog/held/c35",
             "held comments come first, because the newest is new");
    is_found(ENTRY("1") NAME("title"), "2 comments wait for approval",
             "... with their number");
    is_found(ENTRY("1") NAME("link") "/@href",
             "https://blog.example/_moderate/?state=held",
             "... and the way there");

    is_found(ENTRY("2") NAME("id"),
             "tag:blog.example,2026:social/blog/comment/c2",
             "then the comment of yesterday");
    is_found(ENTRY("2") NAME("author") NAME("name"), "<b>]]>&\"",
             "... by somebody with a strange name");
    is_found(ENTRY("2") NAME("title"),
             "<b>]]>&\": <script>alert(1)</script> &amp; \xef\xbf\xbd"
             "\xef\xbf\xbd", "... and strange text");
    ok(strstr(feed, "<script") == NULL, "... which is no markup");

    is_found("substring-before(substring-after(" ENTRY("2") NAME("content")
             ", \"<p>\"), \"</p>\")",
             "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &#65533;"
             "&#65533; ", "... not even in what a reader shows");
    is_found(ENTRY("2") NAME("link") "/@href",
             "https://blog.example/b/#comment-c2", "... its own address");

    is_found(ENTRY("3") NAME("title"), "Ann: How much water?",
             "who and the first words, in one line");
    is_found(ENTRY("3") NAME("updated"), "2026-11-20T10:00:00Z",
             "its time is the comment's");
    is_found(ENTRY("3") NAME("link") "/@href",
             "https://blog.example/%C3%BC%20b/#comment-c1",
             "a link to the comment");
    ok(strstr(feed, "https://blog.example/_moderate/?state=approved&amp;amp;"
                    "article=%2F%C3%BC%20b%2F#comment-c1") != NULL,
       "a link to the answer");
}


static void
alarms(void)
{
    begin();
    is_int(make_feed("{" ALARMS "," WEEK "}"), SOCIAL_OK, "alarms and a week");
    is_atom("without comments");
    is_int(count("<entry>"), 3, "an alarm that is ok is no entry");

    is_found(ENTRY("1") NAME("id"),
             "tag:blog.example,2026:social/blog/alarm/unheard/"
             "2026-11-19T08:00:00Z", "an alarm and when it began");
    is_found(ENTRY("1") NAME("updated"), "2026-11-19T08:00:00Z", "its time");
    is_found(ENTRY("2") NAME("id"),
             "tag:blog.example,2026:social/blog/alarm/no_goal",
             "an alarm that began at no time");
    is_found(ENTRY("2") NAME("updated"), "2026-11-16T00:00:00Z",
             "... is as old as the week");
    is_found(ENTRY("3") NAME("id"),
             "tag:blog.example,2026:social/blog/week/2026-W46", "the week");
    is_found(ENTRY("3") NAME("title"), "Week 46 of 2026", "its number");
    ok(strstr(feed, "3 articles &amp;amp; 2 comments.") != NULL,
       "... its sentence");
}


static void
weeks(void)
{
    char    json[256], want[128];
    size_t  i;

    static const struct {
        const char  *from, *to, *id;
    } rows[] = {
        { "2026-12-28", "2027-01-04", "2026-W53" },
        { "2027-01-04", "2027-01-11", "2027-W01" },
        { "2024-12-30", "2025-01-06", "2025-W01" },
        { "2020-12-28", "2021-01-04", "2020-W53" },
        { "2021-01-04", "2021-01-11", "2021-W01" },
        { "2018-12-31", "2019-01-07", "2019-W01" },
        { "2023-12-25", "2024-01-01", "2023-W52" }
    };

    begin();

    for (i = 0; i < social_nelts(rows); i++) {
        snprintf(json, sizeof(json), "{\"week\":{\"from\":\"%sT00:00:00Z\","
                 "\"to\":\"%sT00:00:00Z\",\"sentence\":\"x\"}}", rows[i].from,
                 rows[i].to);
        snprintf(want, sizeof(want), "<id>tag:blog.example,2026:social/blog/"
                 "week/%s</id>", rows[i].id);
        (void) make_feed(json);
        ok(strstr(feed, want) != NULL, "%s is in %s", rows[i].from,
           rows[i].id);
    }
}


/* nothing but events changes a feed: no clock within the week */

static void
stable(void)
{
    char  *before;

    begin();
    (void) make_feed(ALL);
    before = strdup(feed);

    query.now += 19 * 3600;
    (void) make_feed(ALL);
    is_str(feed, before, "later on the same day it is the same");

    query.newest_held = 36;
    query.newest_held_time += 60;
    (void) make_feed(ALL);
    ok(strstr(feed, "/held/c36</id>") && strcmp(feed, before) != 0,
       "one more held comment is a new entry");

    begin();
    (void) make_feed("{\"totals\":{\"held\":1}," INBOX "}");
    ok(strstr(feed, "/held/c35</id>") && strstr(feed, "1 comment waits"),
       "one held comment less is not");
    free(before);

    query.newest_held = 0;
    (void) make_feed("{\"totals\":{\"held\":0}," INBOX "}");
    ok(strstr(feed, "/held/") == NULL, "none is no entry");
}


static void
bare(void)
{
    begin();
    is_int(make_feed("{\"totals\":{\"held\":0},\"inbox\":[],\"alarms\":[]}"),
           SOCIAL_OK, "nothing needs the owner");
    is_atom("without entries");
    is_int(count("<entry>"), 0, "no entry");
    is_found(NAME("feed") NAME("updated"), "2026-11-16T00:00:00Z",
             "its time is the week's");

    query.origin = "http://[::1]:8080";
    query.site = "a/b c";
    query.moderate = "";
    is_int(make_feed(ALL), SOCIAL_OK, "no moderation page, no host name");
    ok(strstr(feed, "<id>tag:localhost,2026:social/a%2Fb%20c</id>") != NULL,
       "the host is localhost");
    ok(strstr(feed, "Answer it") == NULL, "no link to the answer");

    query.origin = "http://127.0.0.1:8080";
    query.moderate = "/_moderate/";
    is_int(make_feed(ALL), SOCIAL_OK, "a port");
    is_atom("on a port");
    ok(strstr(feed, "<id>tag:127.0.0.1,2026:social/") != NULL,
       "a port is no part of an id");
}


/* cJSON is only read: what remains are limits */

static void
limits(void)
{
    long          n;
    cJSON        *doc;
    social_out_t  out;

    begin();
    doc = cJSON_Parse(ALL);

    for (n = 0; ; n++) {
        social_out_init(&out, (size_t) n);

        if (social_status_atom(doc, &query, &out) == SOCIAL_OK) {
            break;
        }

        social_out_free(&out);
    }

    social_out_free(&out);
    cJSON_Delete(doc);
    ok(n > 2000, "every limit below %ld bytes is an error", n);
}


int
main(void)
{
    snprintf(rules, sizeof(rules), "%.*sdata/atom.rng",
             (int) (strlen(__FILE__) - strlen("status_atom.c")), __FILE__);
    snprintf(path, sizeof(path), "/tmp/social-atom-%d.xml", (int) getpid());

    entries();
    alarms();
    weeks();
    stable();
    bare();
    limits();

    (void) unlink(path);
    free(feed);

    return done();
}
