
/*
 * The status page: the document t/unit/data/status.json, written by hand after
 * docs/metrics.md, in words and as HTML; what is left out of a public page and
 * on the first day; every allocation failing once.
 *
 *   build/unit/status_html FOLDER    writes the pages into a folder,
 *                                            for t/browser
 */

#include "unit.h"
#include "social_asset.h"
#include "social_render.h"
#include "social_status.h"
#include "status_doc.h"


#define NOW    1795340400           /* 2026-11-22T09:40:00Z */
#define BYTES  (1 << 20)            /* of a page at most */


static const char *const        goals[] = { "signup", "donate" };
static social_thresholds_t      thresholds;
static social_status_query_t    query;
static social_render_site_t     site;
static social_language_t        languages[SOCIAL_LANGUAGE_MAX];
static social_template_set_t   *templates;


/* cJSON's allocations until one fails, or -1 */

static long  left = -1;


static void *
failing(size_t size)
{
    if (left == 0) {
        return NULL;
    }

    left -= (left > 0);

    return malloc(size);
}


static void
begin(void)
{
    unsigned                  i;
    const social_asset_t     *asset;
    social_template_error_t   err;

    social_thresholds_init(&thresholds);
    templates = social_template_set_create();

    for (i = 0; (asset = social_asset_at(i)) != NULL; i++) {
        if (asset->kind == SOCIAL_ASSET_TEMPLATE) {
            (void) social_template_set_add(templates, asset->name,
                                           (const char *) asset->data,
                                           (size_t) (asset->end
                                                     - asset->data),
                                           &err);

        } else if (asset->kind == SOCIAL_ASSET_LANGUAGE) {
            (void) social_language_read(&languages[site.nlanguages++],
                                        asset->name, asset->data,
                                        (size_t) (asset->end
                                                  - asset->data));
        }
    }

    site.name = "blog";
    site.prefix = "/_social/";
    site.css = "/_social/widget.css?v=1";
    site.js = "/_social/widget.js?v=1";
    site.page_css = "/_social/page.css?v=1";
    site.page_js = "/_social/page.js?v=1";
    site.status_css = "/_social/status.css?v=1";
    site.status_js = "/_social/status.js?v=1";
    site.moderate = "/_moderate/";
    site.privacy = "";
    site.languages = languages;
    site.templates = templates;
}


static void
end(void)
{
    while (site.nlanguages) {
        cJSON_Delete(languages[--site.nlanguages].strings);
    }

    social_template_set_destroy(templates);
}


/* the owner's page of the last 28 days */

static void
ask(void)
{
    memset(&query, 0, sizeof(query));
    query.site = "blog";
    query.period = "28d";
    query.now = NOW;
    query.thresholds = &thresholds;
    query.goals = goals;
    query.ngoals = 2;
    query.moderate = "/_moderate/";
    query.revision = 7;
}


static cJSON *
load(const char *name)
{
    char     path[512];
    FILE    *file;
    char    *text, *here;
    cJSON   *doc;
    size_t   len;

    here = strrchr(__FILE__, '/');
    (void) snprintf(path, sizeof(path), "%.*s/data/%s.json",
                    here ? (int) (here - __FILE__) : 1, here ? __FILE__ : ".",
                    name);
    file = fopen(path, "rb");
    text = calloc(1, BYTES);
    len = file ? fread(text, 1, BYTES - 1, file) : 0;
    doc = cJSON_ParseWithLength(text, len);
    free(text);

    if (file == NULL || doc == NULL) {
        printf("Bail out! %s\n", path);
        exit(2);
    }

    fclose(file);

    return doc;
}


/* the document of one article */

static cJSON *
one(void)
{
    int          i;
    cJSON       *doc, *more, *list, *item;
    const char  *key;

    query.article = key = "/posts/listening/";
    doc = load("status");
    more = load("status_article");
    cJSON_AddItemToObject(doc, "article",
                          cJSON_DetachItemFromObject(more, "article"));
    cJSON_Delete(more);
    list = cJSON_GetObjectItem(doc, "articles");

    for (i = cJSON_GetArraySize(list) - 1; i >= 0; i--) {
        item = cJSON_GetObjectItem(cJSON_GetArrayItem(list, i), "key");
        if (strcmp(item->valuestring, key) != 0) {
            cJSON_DeleteItemFromArray(list, i);
        }
    }

    list = cJSON_GetObjectItem(doc, "inbox");

    for (i = cJSON_GetArraySize(list) - 1; i >= 0; i--) {
        item = cJSON_GetObjectItem(cJSON_GetArrayItem(list, i), "article");
        if (strcmp(item->valuestring, key) != 0) {
            cJSON_DeleteItemFromArray(list, i);
        }
    }

    return doc;
}


/* as social_status public answers: small counts of people are null */

static cJSON *
open_to_all(void)
{
    cJSON                     *doc, *totals;
    size_t                     i;
    static const char *const   away[] = { "inbox", "people", "authors",
                                          "health" };

    doc = load("status");

    for (i = 0; i < social_nelts(away); i++) {
        cJSON_DeleteItemFromObject(doc, away[i]);
    }

    totals = cJSON_GetObjectItem(doc, "totals");
    cJSON_DeleteItemFromObject(totals, "held");
    cJSON_ReplaceItemInObject(totals, "exchanges", cJSON_CreateNull());
    cJSON_AddItemToObject(cJSON_AddObjectToObject(doc, "health"), "store_ok",
                          cJSON_CreateTrue());
    query.moderate = NULL;

    return doc;
}


/* the document of a site that nobody has visited yet */

static cJSON *
nothing(void)
{
    social_period_t  figures;

    memset(&figures, 0, sizeof(figures));
    figures.from = NOW - 28 * 86400;
    figures.to = NOW + 1;
    query.ngoals = 0;

    return status_doc(&figures, &query);
}


/* takes the document over; the text belongs to the caller */

static char *
html(cJSON *doc)
{
    char          *text;
    social_out_t   out;

    social_out_init(&out, BYTES);

    if (social_render(&site, 0, "status", social_status_page(doc, &query),
                      &out)
        != SOCIAL_OK)
    {
        social_out_free(&out);
        return strdup("");
    }

    text = strndup((const char *) out.data, out.len);
    social_out_free(&out);

    return text;
}


static int
has(const char *text, const char *words)
{
    return strstr(text, words) != NULL;
}


static size_t
times(const char *text, const char *words)
{
    size_t  n;

    for (n = 0; (text = strstr(text, words)) != NULL; n++) {
        text += strlen(words);
    }

    return n;
}


static void
whole(void)
{
    char        *text;
    const char  *first, *second;

    ask();
    text = html(load("status"));

    ok(has(text, "3 comments are held for your approval"),
       "held comments are counted ...");
    ok(has(text, "href=\"/_moderate/?state=held\""),
       "... with the way to them");
    ok(strstr(text, "held for your approval") < strstr(text, "id=\"figures\""),
       "what waits stands before the figures");
    ok(has(text, "8 comments wait for an answer"), "how many wait");
    is_int((int64_t) times(text, "<ul class=\"waits\""), 5,
           "they are grouped by article, the newer ones apart");
    first = strstr(text, "id=\"wait-c41\"");
    second = strstr(text, "id=\"wait-c42\"");
    ok(first && second && first < second, "the oldest comes first");
    ok(has(text, "How did you begin?"), "with its first words");
    is_int((int64_t) times(text, "name=\"revision\" value=\"7\""), 8,
           "each has a form for the answer");
    ok(has(text, "action=\"/_moderate/#waiting\""),
       "which goes to the moderation location");
    ok(!has(text, "<script>alert"), "words of readers are escaped");
    ok(has(text, "Zo&#235; &lt;b&gt;"), "names of readers, too");

    ok(has(text, "+11, was 20"), "a tile has its change");
    ok(has(text, "27 Sep to 25 Oct 2026"), "and what it is compared with");
    ok(has(text, "<title id=\"chart-name\">Conversation against views"),
       "the chart has a name");
    is_int((int64_t) times(text, "class=\"hit\""), 29,
           "and a step for each day");
    ok(has(text, "1 article published"), "which tells what was published");
    ok(has(text, "12 of 640"), "raw fractions stand in the table");
    ok(has(text, "Right now: 3 readers in the last 5 minutes."),
       "who reads right now");
    ok(has(text, "2 newer comments wait, too"), "newer ones unfold");
    ok(has(text, "Is it growing?") && has(text, "Usual, of 4 times 7 days"),
       "growth from week to week");
    ok(has(text, "format=csv\"") && has(text, "format=prometheus\""),
       "other formats");
    ok(has(text, "from=2026-10-01&amp;to=2026-10-31"), "months are links");
    ok(has(text, "class=unheard#articles"), "classes filter the table");
    ok(has(text, "Jo Harmsen"), "authors are listed");
    ok(has(text, "let about 6 days pass"), "how long people stay away");
    ok(has(text, "17 of"), "goals have their fraction");
    ok(has(text, "crawler 1,810"), "robots by kind");
    ok(has(text, "a cache probably hides readers"), "what caches may hide");
    ok(has(text, "<code>reply_within</code> <b class=\"num\">7 days</b>"),
       "thresholds are printed");
    ok(!has(text, "style=") && !has(text, "<script>")
       && !has(text, "<style"), "no inline style and no inline script");
    ok(strlen(text) < 65536, "%zu bytes", strlen(text));
    free(text);
}


/* a mean of thousands is a whole number, as those beside it */

static void
growing(void)
{
    int     i;
    char   *text;
    cJSON  *doc, *step;

    ask();
    doc = load("status");
    i = 0;

    cJSON_ArrayForEach(step, cJSON_GetObjectItem(doc, "series")) {
        cJSON_AddNumberToObject(step, "sharers", 1000 + i++ % 7);
    }

    text = html(doc);
    ok(has(text, "<td>7,021<td>7,021<td>7,021<td>"),
       "a mean of thousands has no tenths");
    ok(has(text, "<td>3<td>19<td>10.0<td>"), "a small one has");
    free(text);
}


static void
article(void)
{
    char  *text;

    ask();
    text = html(one());

    ok(has(text, "<h1>Listening before posting</h1>"), "the article's title");
    ok(has(text, "href=\"?period=28d\""), "and the way back");
    ok(has(text, "came back to comment"), "the way from readers to outcomes");
    ok(has(text, "replies to replies"), "the shape of the thread");
    ok(has(text, "fetched the page"), "link previews are signs of sharing");
    ok(has(text, "class=\"d0 waiting\""), "who waits is marked ...");
    ok(has(text, "href=\"#wait-c48\"") && has(text, "id=\"wait-c48\""),
       "... and leads to the form");
    ok(has(text, "class=\"d6\"") && !has(text, "class=\"d7\""),
       "the deepest replies are not indented further");
    free(text);

    ask();
    query.article = "/none/";
    text = html(nothing());
    ok(has(text, "No page with this address was counted yet"),
       "an article that is not known");
    free(text);
}


static void
empty(void)
{
    char  *text;

    ask();
    text = html(nothing());

    ok(has(text, "Nothing has happened yet"), "the first day explains itself");
    ok(has(text, "in another browser"), "and says what to do");
    ok(has(text, "Nothing waits"), "nothing waits");
    ok(has(text, "No goal is declared"), "how a goal is declared");
    ok(has(text, "No article yet"), "what an article is");
    ok(has(text, "0 of 0"), "nobody waits too long");
    free(text);

    ask();
    query.class = "unheard";
    text = html(nothing());
    ok(has(text, "No article is like that"), "a filter that finds nothing");
    free(text);
}


static void
everybody(void)
{
    char  *text;

    ask();
    text = html(open_to_all());

    ok(!has(text, "id=\"waiting\"") && !has(text, "M&#233;lanie"),
       "a public page shows no comments that wait");
    ok(!has(text, "Jo Harmsen"), "and no names");
    ok(!has(text, "/_moderate/"), "nor the way to moderation");
    ok(has(text, "fewer than 3"), "small counts are not told");
    ok(has(text, "12 of 640"), "others are");
    free(text);
}


/* links keep what was chosen */

static void
links(void)
{
    char  *text;

    ask();
    query.q = "p&s";
    query.sort = "views";
    query.class = "passive";
    query.limit = 5;
    query.page = 2;
    text = html(load("status"));

    ok(has(text, "?period=7d&amp;class=passive&amp;q=p%26s&amp;sort=views"
                 "&amp;limit=5\""), "of a period");
    ok(has(text, "class=unheard&amp;q=p%26s&amp;sort=views&amp;limit=5"
                 "#articles"), "of a class");
    ok(has(text, "sort=views&amp;dir=asc"), "the other order");
    ok(has(text, "limit=5&amp;page=3#articles"), "the next page");
    ok(has(text, "name=\"class\" value=\"passive\""), "in the search form");
    ok(has(text, "?period=28d&amp;article=%2Fposts%2Fwrong%2F\""),
       "but not to an article");
    free(text);
}


static void
days(void)
{
    char   *text;
    cJSON  *doc, *period;

    ask();
    query.period = "";
    doc = load("status");
    period = cJSON_GetObjectItem(doc, "period");
    cJSON_ReplaceItemInObject(period, "name", cJSON_CreateString(""));
    cJSON_ReplaceItemInObject(period, "from",
                              cJSON_CreateString("2026-10-01T00:00:00Z"));
    cJSON_ReplaceItemInObject(period, "to",
                              cJSON_CreateString("2026-11-01T00:00:00Z"));
    text = html(doc);

    ok(has(text, "1 Oct to 31 Oct 2026"), "any days have their name");
    ok(has(text, "?from=2026-10-01&amp;to=2026-10-31&amp;article="),
       "and stay in the links");
    ok(has(text, "aria-current=\"page\">October 2026"), "a month is marked");
    ok(has(text, "value=\"2026-10-31\""), "the form has them");
    ok(!has(text, "aria-current=\"page\">28 days"),
       "no other period is marked");
    free(text);
}


/* a page full of articles: its size has a limit */

static void
many(void)
{
    int     i;
    char   *text;
    cJSON  *doc, *list;

    ask();
    query.rows = SOCIAL_STATUS_ROWS;
    doc = load("status");
    list = cJSON_GetObjectItem(doc, "articles");

    for (i = cJSON_GetArraySize(list); i < SOCIAL_STATUS_ROWS; i++) {
        cJSON_AddItemToArray(list, cJSON_Duplicate(
                                 cJSON_GetArrayItem(list, i % 12), 1));
    }

    text = html(doc);
    ok(strlen(text) < 65536, "%d articles: %zu bytes", SOCIAL_STATUS_ROWS,
       strlen(text));
    free(text);
}


static void
memory(void)
{
    long         i, failures;
    cJSON       *doc;
    cJSON_Hooks  hooks = { failing, free };

    ask();
    failures = 0;

    for (i = 0; i < 40000; i += 7) {
        doc = one();
        cJSON_InitHooks(&hooks);
        left = i;
        doc = social_status_page(doc, &query);
        left = -1;
        cJSON_InitHooks(NULL);
        cJSON_Delete(doc);

        if (doc != NULL) {
            break;
        }

        failures++;
    }

    ok(failures > 100, "%ld allocations failed once", failures);
}


static void
save(const char *folder, const char *name, char *text)
{
    char   path[512];
    FILE  *file;

    (void) snprintf(path, sizeof(path), "%s/%s.html", folder, name);
    file = fopen(path, "wb");

    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
        perror(path);
        exit(2);
    }

    free(text);
}


int
main(int argc, char **argv)
{
    begin();

    if (argc > 1) {
        ask();
        save(argv[1], "status", html(load("status")));
        ask();
        save(argv[1], "article", html(one()));
        ask();
        save(argv[1], "empty", html(nothing()));
        ask();
        save(argv[1], "public", html(open_to_all()));
        end();
        return 0;
    }

    whole();
    growing();
    article();
    empty();
    everybody();
    links();
    days();
    many();
    memory();
    end();

    return done();
}
