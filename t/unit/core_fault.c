
/*
 * Everything in the core that allocates (documents, templates, the widget, the
 * status page, share URLs ...) with its n-th allocation failing, for every n:
 * the result must be the right one, or an error.  What needs no memory must not
 * allocate.  Tests social_render.c, social_asset.c, social_doc.c, too.
 */

#include "fault.h"

#include "social_agent.h"
#include "social_asset.h"
#include "social_conversation.h"
#include "social_doc.h"
#include "social_form.h"
#include "social_html.h"
#include "social_key.h"
#include "social_render.h"
#include "social_comment_html.h"
#include "social_source.h"
#include "social_status.h"
#include "status_doc.h"
#include "social_tag.h"
#include "social_text.h"
#include "social_thread.h"


static const unsigned char  agent_key[SOCIAL_AGENT_KEY] = "0123456789abcde";


#define NOW  1795320000             /* 2026-11-22T04:00:00Z */
#define DAY  86400

#define TABLES  2       /* of languages: more would only take longer */


static const unsigned char       secret[SOCIAL_SECRET] = "0123456789";

static const social_network_t   *networks[32];
static social_language_t         languages[TABLES];
static social_template_set_t    *templates;
static social_comment_t          comments[7];
static social_comments_t         list = {
    .items = comments, .n = 7, .total = 207, .changed = NOW, .next = 7,
    .likes = 3, .likes_changes = 5, .held = 2, .revision = 4
};
static social_render_article_t     article;
static social_render_site_t        site;
static social_agent_t           *agent;

static social_article_t          articles[3];
static social_labelled_t         labelled[3];
static social_message_t          messages[9];
static social_period_t          figures = {
    .from = NOW - 28 * DAY, .to = NOW + 1, .articles = articles,
    .narticles = 3, .messages = messages, .nmessages = 9
};
static social_thresholds_t       thresholds;
static social_status_query_t     query;


static social_str_t
str(const char *text)
{
    return (social_str_t) { strlen(text), (const unsigned char *) text };
}


/* templates and languages, as the configuration loads them */

static int
site_make(social_out_t *out)
{
    int                       rc;
    unsigned                  i;
    const social_asset_t     *asset;
    social_template_error_t   err;

    (void) out;

    site.nlanguages = 0;
    site.languages = languages;
    templates = social_template_set_create();
    rc = templates ? SOCIAL_OK : SOCIAL_ERROR;

    for (i = 0; rc == SOCIAL_OK && (asset = social_asset_at(i)); i++) {
        if (asset->kind == SOCIAL_ASSET_TEMPLATE) {
            rc = social_template_set_add(templates, asset->name,
                                         (const char *) asset->data,
                                         asset->end - asset->data, &err);

        } else if (asset->kind == SOCIAL_ASSET_LANGUAGE
                   && site.nlanguages < TABLES)
        {
            rc = social_language_read(&languages[site.nlanguages++],
                                      asset->name, asset->data,
                                      asset->end - asset->data);
        }
    }

    return rc == SOCIAL_OK ? social_template_set_check(templates, &err) : rc;
}


static void
site_free(void)
{
    while (site.nlanguages) {
        cJSON_Delete(languages[--site.nlanguages].strings);
    }

    social_template_set_destroy(templates);
}


static int
site_run(social_out_t *out)
{
    int  rc;

    rc = site_make(out);
    site_free();

    return rc;
}


/* a template that replaces ours, and one with an error */

static int
template_run(social_out_t *out)
{
    int                       rc;
    cJSON                    *doc;
    const char               *json;
    social_template_set_t    *set;
    social_template_error_t   err;
    static const char         bad[] = "{{#a}}{{/b}}",
        good[] = "{{#list}}\n  <li>{{name}} {{{html}}} {{n}}</li>\n"
                 "{{/list}}{{^list}}none{{/list}}{{> part}}";

    set = social_template_set_create();
    json = "{\"list\":[{\"name\":\"A & B \xc3\xbc\",\"html\":\"<b>\",\"n\":2},"
           "{\"name\":\"C\",\"n\":1.5}],\"x\":\"y\"}";
    doc = social_json_parse((const unsigned char *) json, strlen(json),
                            &json);

    rc = (set && doc) ? social_template_set_add(set, "list", good,
                                                strlen(good), &err)
                      : SOCIAL_ERROR;

    if (rc == SOCIAL_OK) {
        rc = social_template_set_add(set, "part", "  {{x}}\n", 8, &err);
    }

    if (rc == SOCIAL_OK) {
        rc = social_template_set_add(set, "part", bad, strlen(bad), &err);
        rc = (rc == SOCIAL_DECLINED) ? SOCIAL_OK : SOCIAL_ERROR;
    }

    if (rc == SOCIAL_OK) {
        rc = social_template_render(set, "list", doc, out);
    }

    cJSON_Delete(doc);
    social_template_set_destroy(set);

    return rc;
}


/* a document as text */

static int
print(cJSON *doc, social_out_t *out)
{
    char  *text;

    text = social_doc_is_complete(doc) ? cJSON_PrintUnformatted(doc) : NULL;
    cJSON_Delete(doc);

    if (text == NULL) {
        return SOCIAL_ERROR;
    }

    social_out_text(out, text);
    cJSON_free(text);

    return SOCIAL_OK;
}


static int
api_run(social_out_t *out)
{
    return social_thread_api(&list, "/posts/a/", out);
}


static int
api_comment_run(social_out_t *out)
{
    return print(social_thread_api_comment(&comments[1]), out);
}


static int
nodes_run(social_out_t *out)
{
    return print(social_thread_nodes(&list, 2, &languages[1]), out);
}


static int
node_run(social_out_t *out)
{
    return print(social_thread_node(&comments[2], NULL), out);
}


static int
widget_run(social_out_t *out)
{
    return social_render_widget(&site, &article, &list, out);
}


static int
fallback_run(social_out_t *out)
{
    return social_render_fallback(&site, &article, out);
}


static int
thread_run(social_out_t *out)
{
    return social_render_thread(&site, &article, &list, 2, out);
}


static int
own_run(social_out_t *out)
{
    return social_render_own(&site, &article, &comments[3], 1, out);
}


/* a document with every type of member */

static int
doc_run(social_out_t *out)
{
    cJSON         *doc, *array, *item;
    social_out_t   text;

    doc = cJSON_CreateObject();
    array = social_doc_array(doc, "hidden");

    item = cJSON_CreateObject();
    social_doc_text(item, "field", "name");
    social_doc_bytes(item, "value", "Ann and", 3);
    social_doc_append(array, item);
    social_doc_append(array, cJSON_CreateString("x"));

    social_out_init(&text, 4096);
    social_out_public(&text, "/b", (const unsigned char *) "/\xc3\xbc b/", 6);
    social_doc_out(doc, "to", &text);

    item = social_doc_object(doc, "error");
    social_doc_null(item, "field");
    social_doc_bool(item, "on", 1);
    social_doc_number(item, "status", 422);
    social_doc_add(item, "more", cJSON_CreateArray());
    social_doc_reference(item, "t", languages[0].strings);

    return print(doc, out);
}


static int
error_run(social_out_t *out)
{
    cJSON  *doc, *form;

    doc = cJSON_CreateObject();
    social_doc_number(doc, "status", 422);
    social_doc_text(doc, "title", "Not yet");
    social_doc_text(doc, "message", "A name is missing.");
    form = social_doc_object(doc, "form");
    social_doc_bool(form, "present", 1);
    social_doc_bool(form, "typed", 1);
    social_doc_bytes(form, "text", "what was typed", 14);

    return social_render(&site, 0, "error", doc, out);
}


static int
status_run(social_out_t *out)
{
    return print(status_doc(&figures, &query), out);
}


static int
status_page_run(social_out_t *out)
{
    return social_render(&site, 0, "status",
               social_status_page(status_doc(&figures, &query), &query),
               out);
}


static int
status_article_run(social_out_t *out)
{
    int  rc;

    query.article = "/posts/a/";
    rc = status_run(out);
    query.article = NULL;

    return rc;
}


static int
conversation_run(social_out_t *out)
{
    social_conversation_stats_t           talk;
    social_window_t         window = { NOW - 28 * DAY, NOW, NOW, DAY };
    social_conversation_t  *conv;

    conv = social_conversation_create(messages, 9);
    if (conv == NULL) {
        return SOCIAL_ERROR;
    }

    social_conversation_figures(conv, 0, 9, &window, &talk);
    social_out_int(out, talk.participants);
    social_out_text(out, " ");
    social_out_int(out, talk.exchanges);
    social_conversation_destroy(conv);

    return SOCIAL_OK;
}


static int
json_run(social_out_t *out)
{
    const char  *error;
    const char   text[] = "{\"article\":\"/posts/a/\",\"n\":[1,2.5,true,null],"
                          "\"o\":{\"text\":\"\\u00fc\\n\"}}";

    return print(social_json_parse((const unsigned char *) text,
                                   sizeof(text) - 1, &error), out);
}


/* a text so long that the buffer grows */

static int
prose_run(social_out_t *out)
{
    int           i, rc;
    social_out_t  html;
    const char    text[] = "One & <b> \xe2\x82\xac\n\nsee "
                           "https://a.example/?b=c, www.b.example.\nline "
                           "[x](https://a.b) &copy;\n";

    for (i = 0; i < 40; i++) {
        social_comment_html(&html, (social_format_e) (i & 1),
                            (const unsigned char *) text, sizeof(text) - 1);
        rc = html.failed ? SOCIAL_ERROR : SOCIAL_OK;
        social_out_bytes(out, html.data, html.len);
        social_out_free(&html);

        if (rc != SOCIAL_OK) {
            return rc;
        }
    }

    return SOCIAL_OK;
}


static int
network_run(social_out_t *out)
{
    unsigned                 i;
    const social_network_t  *network;

    for (i = 0; (network = social_network_at(i)) != NULL; i++) {
        (void) social_network_url(network, out, str("https://b.example/a/"),
                                  str("A \xc3\xbc & b"), str(""),
                                  str("m.example"));
    }

    return SOCIAL_OK;
}


/* compiles the expressions, as at start */

static int
agent_run(social_out_t *out)
{
    social_agent_t  *a;

    a = social_agent_create(agent_key);
    if (a == NULL) {
        return SOCIAL_ERROR;
    }

    social_out_int(out, social_agent_class(a, str("Googlebot/2.1"), NULL,
                                           NULL));
    social_agent_destroy(a);

    return SOCIAL_OK;
}


static int
class_run(social_out_t *out)
{
    int                i;
    char               text[192];
    static unsigned    run;
    static const char *const  agents[] = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/%u",
        "Opera/9.80 (Linux; U; en) Presto/2.%u Version/12.16",
        "facebookexternalhit/%u.1",
        "Mozilla/5.0 (compatible; bingbot/%u.0; +http://www.bing.com/)"
    };

    run++;

    for (i = 0; i < 4; i++) {
        (void) snprintf(text, sizeof(text), agents[i], 10000 + run);
        social_out_int(out, social_agent_class(agent, str(text), NULL, NULL));
    }

    return SOCIAL_OK;
}


static int
token_run(social_out_t *out)
{
    char                     token[SOCIAL_TOKEN_MAX], tag[SOCIAL_TAG_MAX],
                             seal[SOCIAL_SEAL_MAX];
    size_t                   len;
    unsigned char            name[SOCIAL_SEAL_NAME];
    const social_network_t  *network;

    if (social_token_make(secret, str("/a/"), 2900, token) != SOCIAL_OK
        || social_tag_make(secret, social_network_at(0), 20000, tag)
           != SOCIAL_OK
        || social_seal_make(secret, SOCIAL_SEAL_AUTHOR, str("jo"), NOW + 1,
                            seal) != SOCIAL_OK
        || social_token_check(secret, str("/a/"), str(token), 2901)
           != SOCIAL_OK
        || social_tag_check(secret, str(tag), 20001, &network) != SOCIAL_OK
        || social_seal_check(secret, SOCIAL_SEAL_AUTHOR, str(seal), NOW, name,
                             &len) != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    social_out_text(out, token);
    social_out_text(out, tag);
    social_out_text(out, seal);

    return SOCIAL_OK;
}


/* parts of a request that need no memory */

static int
plain_run(social_out_t *out)
{
    size_t                 len;
    unsigned char          buf[SOCIAL_WEBSITE_SIZE];
    static social_form_t   form;
    static social_html_t   html;
    static const char      page[] = "<!DOCTYPE html><title>A &amp; b</title>"
                                    "<article><p>Text</article>";
    static const char      body[] = "article=%2Fa%2F&text=a+b&name=";

    (void) out;

    social_html_init(&html, SOCIAL_HTML_AUTO);
    (void) social_html_feed(&html, (const unsigned char *) page,
                            sizeof(page) - 1);
    (void) social_html_finish(&html);

    if (social_form_parse(&form, (const unsigned char *) body,
                          sizeof(body) - 1, buf, NULL) != SOCIAL_OK
        || social_text_website((const unsigned char *) "B\xc3\xbc.example/a",
                               13, buf, &len) != SOCIAL_OK
        || social_source(str("utm_source=x"), str("https://t.co/"),
                         str("Firefox"), str("b.example"), 1) == NULL)
    {
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


static void
make_comments(void)
{
    int                i;
    social_comment_t  *c;
    static char        text[3000];

    for (i = 0; i < 7; i++) {
        c = &comments[i];
        c->id = i + 1;
        c->parent = i;                  /* deeper than the limit of nesting */
        c->key = "/posts/a/";
        c->title = "About \"A\"";
        c->name = "Zo\xc3\xab <b>";
        c->website = (i & 1) ? "https://zoe.example/" : "";
        c->text = "Hello & https://a.example/b?c=d\n\nthere";
        c->reason = "";
        c->parent_name = "Ann";
        c->created = NOW - DAY + i;
        c->edited = (i & 1) ? NOW : 0;
        c->role = (i == 3) ? SOCIAL_AUTHOR : SOCIAL_READER;
        c->state = (i == 4) ? SOCIAL_DELETED : SOCIAL_APPROVED;
    }

    memset(text, '<', sizeof(text) - 1);
    comments[5].text = text;
    comments[0].parent = 99;
}


static void
make_figures(void)
{
    int  i;

    for (i = 0; i < 3; i++) {
        articles[i].article = i + 1;
        articles[i].key = i == 0 ? "" : i == 1 ? "/posts/a/" : "/posts/b/";
        articles[i].title = i == 1 ? "About \"A\" & <b>" : "";
        articles[i].url = i == 2 ? "https://b.example/posts/b/" : "";
        articles[i].first_seen = NOW - 60 * DAY;
        articles[i].counts[SOCIAL_COUNT_READ] = 900 * i;
        articles[i].counts[SOCIAL_COUNT_CONFIRMED] = 700 * i;
        articles[i].counts[SOCIAL_COUNT_READERS] = 600 * i;
        articles[i].counts[SOCIAL_COUNT_LIKED] = i;
    }

    articles[1].labelled = labelled;
    articles[1].nlabelled = 3;
    labelled[0] = (social_labelled_t) { SOCIAL_COUNT_SHARE, "bluesky", 2 };
    labelled[1] = (social_labelled_t) { SOCIAL_COUNT_SHARE_VISIT, "bluesky",
                                        4 };
    labelled[2] = (social_labelled_t) { SOCIAL_COUNT_SOURCE, "dark", 30 };

    for (i = 0; i < 9; i++) {
        messages[i].id = i + 1;
        messages[i].article = i < 6 ? 2 : 3;
        messages[i].parent = (i % 3) ? i : 0;
        messages[i].person = (uint64_t) (i * 5 % 4);
        messages[i].role = messages[i].person ? SOCIAL_READER : SOCIAL_AUTHOR;
        messages[i].created = NOW - 20 * DAY + i * DAY;
        (void) snprintf(messages[i].source, 16, i & 1 ? "bluesky" : "dark");
    }
}


static void
make_query(void)
{
    static const char *const      goals[] = { "signup", "buy" };
    static const social_health_t  health = {
        .zone_size = 1 << 20, .zone_used = 4096, .evicted = 1, .dropped = 2,
        .store_errors = 3, .store_reason = "database or disk is full",
        .unmatched = 1, .articles = "article /x/", .unmatched_key = "/y/"
    };

    social_thresholds_init(&thresholds);
    query.site = "blog";
    query.period = "28d";
    query.now = NOW;
    query.thresholds = &thresholds;
    query.reactions = 1;
    query.goals = goals;
    query.ngoals = 2;
    query.health = &health;
    query.moderate = "/_moderate/";
}


static void
make_site(void)
{
    unsigned  i, n;

    n = 0;

    for (i = 0; social_network_at(i) && n < social_nelts(networks) - 1; i++) {
        if (social_network_shareable(social_network_at(i))) {
            networks[n++] = social_network_at(i);
        }
    }

    if (site_make(NULL) != SOCIAL_OK
        || (agent = social_agent_create(agent_key)) == NULL)
    {
        printf("Bail out! no memory for the site\n");
        exit(2);
    }

    site.name = "blog";
    site.prefix = "/_social/";
    site.css = site.js = site.page_css = site.page_js = "/_social/x?v=1";
    site.status_css = site.status_js = "/_social/x?v=1";
    site.moderate = "/_moderate/";
    site.privacy = "/privacy/";
    site.networks = networks;
    site.comments = site.open = site.reactions = 1;
    site.templates = templates;

    article.key = "/posts/\xc3\xbc b/";
    article.title = "A";
    article.url = "https://blog.example/posts/";
    article.token = "2900.abc";
    article.language = 1;
    article.reactions = 3;
}


int
main(void)
{
    unsigned  i;

    static const struct {
        const char    *what;
        fault_run_pt   run;
        long           least;
    } runs[] = {
        { "templates", template_run, 30 },
        { "a thread for the API", api_run, 100 },
        { "a comment for the API", api_comment_run, 20 },
        { "a thread for templates", nodes_run, 150 },
        { "a comment for templates", node_run, 25 },
        { "a document", doc_run, 30 },
        { "the widget", widget_run, 300 },
        { "the link that replaces the widget", fallback_run, 20 },
        { "a page of the thread", thread_run, 200 },
        { "the page of one's own comment", own_run, 60 },
        { "an error page", error_run, 40 },
        { "the status", status_run, 500 },
        { "the status of an article", status_article_run, 300 },
        { "the status page", status_page_run, 900 },
        { "figures of conversations", conversation_run, 9 },
        { "JSON", json_run, 15 },
        { "prose", prose_run, 4 },
        { "share URLs", network_run, 3 },
        { "agents", agent_run, 8 },
        { "tokens, tags, seals", token_run, 6 }
    };

    /* first, as it sets up what the others use */
    ok(fault_each("all templates, and tables of languages", site_run) > 300,
"they allocate more than 300 times");

    make_site();
    make_comments();
    make_figures();
    make_query();

    for (i = 0; i < social_nelts(runs); i++) {
        ok(fault_each(runs[i].what, runs[i].run) >= runs[i].least,
           "%s: not fewer allocations than expected", runs[i].what);
    }

    (void) fault_each("the class of an agent", class_run);
    is_int(fault_each("scanner, form, website, source", plain_run), 0,
           "they never allocate");

    social_agent_destroy(agent);
    site_free();

    return done();
}
