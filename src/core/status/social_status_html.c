
/*
 * The status in words, for the templates: which parts the page has.  Reads the
 * document, must not compute figures.  English.  Pool threads.
 */

#include <string.h>

#include "social_status_html_put.h"


/* the days of a period without a name, which links keep */

static void
social_status_html_days(social_status_html_t *h)
{
    int64_t       to;
    const cJSON  *period;

    period = social_status_html_member(h->doc, "period");

    if (period == NULL || social_status_html_text(period, "name")[0] != '\0') {
        return;
    }

    to = social_status_html_seconds(period, "to");
    social_status_html_iso(h->from,
                           social_status_html_seconds(period, "from"));
    social_status_html_iso(h->to, to > 0 ? to - 1 : 0);
}


/* nothing was ever counted: the page says what to do then */

static int
social_status_html_is_fresh(const social_status_html_t *h)
{
    const cJSON  *totals;

    totals = social_status_html_member(h->doc, "totals");

    return !(social_status_html_value(totals, "views") > 0)
           && !(social_status_html_value(totals, "comments") > 0)
           && !(social_status_html_value(totals, "held") > 0);
}


/* a public page is not told to programs that watch the site */

static void
social_status_html_formats(social_status_html_t *h, cJSON *text)
{
    social_status_html_link_t  link = { .class = "", .q = "", .sort = "",
                                        .dir = "" };
    social_status_html_link_t  bare = { .period = "", .from = "", .to = "",
                                        .class = "", .q = "", .sort = "",
                                        .dir = "", .article = "" };

    link.format = "json";
    social_status_html_link(h, text, "json_href", &link);
    link.format = "csv";
    social_status_html_link(h, text, "csv_href", &link);

    if (!h->public) {
        bare.format = "atom";
        social_status_html_link(h, text, "feed_href", &bare);
        bare.format = "prometheus";
        social_status_html_link(h, text, "metrics_href", &bare);
    }
}


static void
social_status_html_site(social_status_html_t *h, cJSON *text)
{
    social_status_html_tiles(h, text);
    social_status_html_chart(h, text,
                             social_status_html_member(h->doc, "series"),
                             "the whole site");
    social_status_html_funnel(h, text,
                              social_status_html_member(h->doc, "totals"));
    social_status_html_articles(h, text);
    social_status_html_people(h, text);
    social_status_html_growth(h, text);
    social_status_html_networks(h, text);
    social_status_html_goals(h, text);
}


cJSON *
social_status_page(cJSON *doc, const social_status_query_t *query)
{
    cJSON                 *page, *text;
    social_status_html_t   h;

    if (doc == NULL) {
        return NULL;
    }

    page = cJSON_CreateObject();

    if (page == NULL || !cJSON_AddItemToObject(page, "doc", doc)) {
        cJSON_Delete(page);
        cJSON_Delete(doc);
        return NULL;
    }

    memset(&h, 0, sizeof(h));
    h.st.query = query;
    h.doc = doc;
    h.now = social_status_html_seconds(doc, "generated");
    h.public = query->is_public
               || !cJSON_IsArray(social_status_html_member(doc, "inbox"));
    social_status_html_days(&h);

    text = social_status_json_object(&h.st, page, "text");
    social_status_json_bool(&h.st, text, "public", h.public);
    social_status_json_bool(&h.st, text, "fresh",
                            social_status_html_is_fresh(&h));
    social_status_json_text(&h.st, text, "article", query->article);
    social_status_html_time(&h, text);
    social_status_html_alarms(&h, text);
    social_status_html_waits(&h, text);

    if (query->article && query->article[0]) {
        social_status_html_article(&h, text);

    } else {
        social_status_html_site(&h, text);
    }

    social_status_html_health(&h, text);
    social_status_html_formats(&h, text);

    if (h.st.failed) {
        cJSON_Delete(page);
        return NULL;
    }

    return page;
}
