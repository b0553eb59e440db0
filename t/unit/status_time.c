
/*
 * The status over time: periods and their names, ranges of days, the series of
 * a site, sparklines, the period before, what is published, and when alarms
 * began.
 */

#include "status_blog.h"


static void
is_period(const char *name, int64_t now, int64_t from, int64_t previous)
{
    social_str_t            text;
    social_status_period_t  p;

    text.data = (const unsigned char *) name;
    text.len = strlen(name);

    ok(social_status_period(text, now, &p) == SOCIAL_OK, "%s", name);
    is_int(p.from, from, name);
    is_int(p.previous, previous, "the period before");
    ok(p.to == INT64_MAX, "%s has no end", name);
}


static void
periods(void)
{
    size_t                  i;
    int64_t                 now;
    social_str_t            bad;
    social_status_period_t  p;

    static const char *const  names[] = { "28", "28D", "1d", "", "all ", "24" };

    now = NOW + 1800 + 123;             /* 04:32:03 */

    is_period("24h", now, NOW + 1800 - DAY, NOW + 1800 - 2 * DAY);
    is_period("7d", now, NOW - 7 * DAY, NOW - 14 * DAY);
    is_period("28d", now, NOW - 28 * DAY, NOW - 56 * DAY);
    is_period("90d", now, NOW - 90 * DAY - 4 * 3600,
              NOW - 180 * DAY - 4 * 3600);
    is_period("365d", now, NOW - 365 * DAY - 4 * 3600,
              NOW - 730 * DAY - 4 * 3600);
    is_period("all", now, 0, 0);
    is_period("365d", 1000, 0, 0);

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        bad.data = (const unsigned char *) names[i];
        bad.len = strlen(names[i]);
        ok(social_status_period(bad, NOW, &p) == SOCIAL_DECLINED,
           "\"%s\" is no period", names[i]);
    }
}


static int
days(const char *from, const char *to, social_status_period_t *p,
    const char **field)
{
    const char    *message;
    social_str_t   a, b;

    a.data = (const unsigned char *) from;
    a.len = strlen(from);
    b.data = (const unsigned char *) to;
    b.len = strlen(to);

    return social_status_days(a, b, p, field, &message);
}


static void
ranges(void)
{
    size_t                  i;
    const char             *field;
    social_status_period_t  p;

    static const struct {
        const char  *from, *to, *field;
    } bad[] = {
        { "2026-11-01", "", "to" },
        { "", "2026-11-01", "from" },
        { "2026-11-02", "2026-11-01", "to" },
        { "2026-02-29", "2026-03-01", "from" },
        { "2026-02-28", "2026-02-30", "to" },
        { "2026-2-28", "2026-03-01", "from" },
        { "2026-11-01T00:00", "2026-11-02", "from" },
        { "1969-12-31", "2026-11-02", "from" },
        { "now", "2026-11-02", "from" },
        { "2026-11-01", "2026-11-02 ", "to" }
    };

    ok(days("2026-11-20", "2026-11-20", &p, &field) == SOCIAL_OK, "one day");
    is_int(p.from, 1795132800, "begins at midnight");
    is_int(p.to, 1795132800 + DAY, "ends at midnight");
    is_int(p.previous, 1795132800 - DAY, "the day before");

    ok(days("2026-02-01", "2026-02-28", &p, &field) == SOCIAL_OK, "a month");
    is_int(p.to - p.from, 28 * DAY, "both days are included");
    is_int(p.from - p.previous, 28 * DAY, "as many days before");

    ok(days("1970-01-01", "1970-01-02", &p, &field) == SOCIAL_OK
       && p.from == 0 && p.previous == 0, "the first days of all");

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ok(days(bad[i].from, bad[i].to, &p, &field) == SOCIAL_DECLINED,
           "\"%s\" to \"%s\" is refused", bad[i].from, bad[i].to);
        is_str(field, bad[i].field, "and names the field");
    }
}


static void
steps(void)
{
    int64_t  now = NOW;

    is_int(social_status_step(now - DAY, now + 1, now), 3600, "24h: hours");
    is_int(social_status_step(now - 90 * DAY, now - 89 * DAY, now), DAY,
           "hours of long ago are not kept");
    is_int(social_status_step(now - 2 * DAY, now, now), DAY, "two days: days");
    is_int(social_status_step(now - 120 * DAY, now, now), DAY,
           "120 days: days");
    is_int(social_status_step(now - 365 * DAY, now, now), 7 * DAY,
           "a year: weeks");
    is_int(social_status_step(now - 3 * 365 * DAY, now, now), 7 * DAY,
           "three years: weeks");
    is_int(social_status_step(now - 4 * 365 * DAY, now, now), 28 * DAY,
           "four years: four weeks");
}


/* the sum of a member over an array of objects */

static double
sum(const cJSON *list, const char *name)
{
    double        all = 0;
    const cJSON  *obj;

    cJSON_ArrayForEach(obj, list) {
        all += at(obj, name)->valuedouble;
    }

    return all;
}


static void
series(void)
{
    size_t             i;
    int64_t            from, to, step, counted[8 * 2];
    cJSON             *doc;
    social_step_t      n[8];
    social_series_t    s;
    social_status_t   *st;

    blog();
    figures.from = NOW - 7 * DAY;
    query.period = "7d";
    sums();
    memset(n, 0, sizeof(n));
    memset(counted, 0, sizeof(counted));

    st = social_status_begin(&figures, &query);
    step = social_status_span(st, &from, &to);
    is_int(step, DAY, "seven days have steps of a day");
    is_int(from, NOW - 7 * DAY, "the series begins with the period");
    is_int(to, NOW + 20 * 3600, "and ends with the day");

    for (i = 0; i < 8; i++) {
        n[i].views = (int64_t) i;
        n[i].readers = 10;
        counted[i * 2 + 1] = 5;
    }

    s.from = NOW - 7 * DAY - 4 * 3600;
    s.step = DAY;
    s.n = 8;
    s.steps = n;
    s.goals = counted;
    s.ngoals = 2;

    ok(social_status_ask(st, &(social_details_t *){ NULL }) == SOCIAL_AGAIN,
       "there is a question");
    doc = social_status_finish(st, &s);

    is_int(cJSON_GetArraySize(at(doc, "series")), 8, "eight steps");
    is_number(doc, "period.step", DAY);
    is_text(doc, "series.0.from", "2026-11-15T00:00:00Z");
    is_text(doc, "series.7.from", "2026-11-22T00:00:00Z");
    is_number(doc, "series.7.views", 7);
    is_number(doc, "series.7.reader_days", 10);
    is_number(doc, "series.7.goals.buy", 5);
    is_number(doc, "series.7.goals.signup", 0);
    is_number(doc, "series.7.comments", 2);
    is_number(doc, "series.7.participants", 2);
    is_number(doc, "series.6.comments", 1);
    is_number(doc, "series.4.published", 1);
    is_number(doc, "totals.comments", sum(at(doc, "series"), "comments"));
    is_number(doc, "totals.author_comments",
              sum(at(doc, "series"), "author_comments"));
    is_number(doc, "totals.articles_published",
              sum(at(doc, "series"), "published"));
    cJSON_Delete(doc);
    social_period_free(&figures);
}


static void
sparkline(void)
{
    size_t             i;
    cJSON             *doc;
    social_step_t      n[29];
    social_series_t   *all;
    social_status_t   *st;
    social_details_t  *details;

    blog();
    sums();
    st = social_status_begin(&figures, &query);

    if (!ok(social_status_ask(st, &details) == SOCIAL_AGAIN,
            "what is shown is asked for"))
    {
        return;
    }

    is_int((int64_t) details->narticles, 4, "every article of the list");
    is_int((int64_t) details->ncomments, 5, "every comment that waits");
    is_int(details->articles[0], 2, "in its order");
    is_int(details->comments[0], 3, "the oldest comment first");
    is_int(details->step, DAY, "in steps of days");

    memset(n, 0, sizeof(n));
    n[3].readers = 7;

    details->labels = calloc(4, sizeof(social_article_t));
    details->series = calloc(4, sizeof(social_series_t));
    details->excerpts = calloc(5, sizeof(social_excerpt_t));
    label(&details->labels[0], SOCIAL_COUNT_SHARE, "x", 9);
    label(&details->labels[0], SOCIAL_COUNT_GOAL, "buy", 2);
    details->excerpts[0].name = strdup("Ann");
    details->excerpts[0].text = strdup(" One\n\n  two\t three ");
    details->excerpts[1].name = strdup("Bob");
    details->excerpts[1].text = malloc(400);
    memset(details->excerpts[1].text, 'x', 399);
    details->excerpts[1].text[399] = '\0';

    all = details->series;

    for (i = 0; i < 4; i++) {
        all[i].from = NOW - 28 * DAY - 4 * 3600;
        all[i].step = DAY;
        all[i].n = 29;
        all[i].steps = malloc(sizeof(n));
        memcpy(all[i].steps, n, sizeof(n));
    }

    ok(social_status_ask(st, &details) == SOCIAL_OK, "that was all");
    doc = social_status_finish(st, NULL);

    is_int(cJSON_GetArraySize(at(doc, "articles.0.sparkline.reader_days")), 29,
           "a number for each step");
    is_number(doc, "articles.0.sparkline.reader_days.3", 7);
    is_number(doc, "articles.0.sparkline.comments.8", 1);
    is_number(doc, "articles.0.shares", 9);
    is_number(doc, "articles.0.shares_by_network.x", 9);
    is_number(doc, "articles.0.goals.buy", 2);
    is_number(doc, "articles.0.outcome_rate.buy", 2.0 / 40);
    ok(at(doc, "articles.0.goals.signup") == NULL,
       "only goals that were reached");
    is_text(doc, "inbox.0.name", "Ann");
    is_text(doc, "inbox.0.text", "One two three");
    is_int((int64_t) strlen(at(doc, "inbox.1.text")->valuestring), 159 + 3,
           "160 characters, the last one an ellipsis");
    is_text(doc, "inbox.2.text", "");
    cJSON_Delete(doc);
    social_period_free(&figures);
}


/* articles have no labels before they are read, but their order needs them */

static void
by_shares(void)
{
    cJSON             *doc;
    social_status_t   *st;
    social_details_t  *details;

    begin();
    article(1, "/a", "")->counts[SOCIAL_COUNT_SHARERS] = 1;
    article(2, "/b", "")->counts[SOCIAL_COUNT_SHARERS] = 1;
    (void) article(3, "/c", "");
    query.sort = "shares";
    query.limit = 1;

    st = social_status_begin(&figures, &query);
    ok(social_status_ask(st, &details) == SOCIAL_AGAIN, "the shares first");
    is_int((int64_t) details->narticles, 2, "of articles with a sharer");
    details->labels = calloc(2, sizeof(social_article_t));
    label(&details->labels[0], SOCIAL_COUNT_SHARE, "x", 1);
    label(&details->labels[1], SOCIAL_COUNT_SHARE, "x", 3);

    ok(social_status_ask(st, &details) == SOCIAL_AGAIN, "then the rest");
    is_int((int64_t) details->narticles, 1, "of the list");
    is_int(details->articles[0], 2, "which has the most shares first");
    details->labels = calloc(1, sizeof(social_article_t));
    label(&details->labels[0], SOCIAL_COUNT_SHARE, "x", 3);

    ok(social_status_ask(st, &details) == SOCIAL_OK, "that was all");
    doc = social_status_finish(st, NULL);
    is_text(doc, "articles.0.key", "/b");
    is_number(doc, "articles.0.shares", 3);
    cJSON_Delete(doc);
    social_period_free(&figures);
}


static void
previous(void)
{
    cJSON             *doc;
    social_article_t   before;

    blog();
    memset(&before, 0, sizeof(before));
    before.counts[SOCIAL_COUNT_READ] = 50;
    before.counts[SOCIAL_COUNT_READERS] = 30;
    before.counts[SOCIAL_COUNT_LIKED] = 4;
    label(&before, SOCIAL_COUNT_SHARE, "x", 2);
    label(&before, SOCIAL_COUNT_SHARE, "reddit", 3);
    label(&before, SOCIAL_COUNT_GOAL, "signup", 6);

    doc = status();
    is_null(doc, "totals.previous");
    is_null(doc, "period.previous");
    cJSON_Delete(doc);

    figures.from = NOW - 7 * DAY;
    query.previous = &before;
    query.previous_from = NOW - 14 * DAY;
    doc = status();
    is_text(doc, "period.previous.from", "2026-11-08T04:00:00Z");
    is_text(doc, "period.previous.to", "2026-11-15T04:00:00Z");
    is_number(doc, "totals.previous.views", 50);
    is_number(doc, "totals.previous.reader_days", 30);
    is_number(doc, "totals.previous.comments", 1);
    is_number(doc, "totals.previous.participants", 1);
    is_number(doc, "totals.previous.author_comments", 0);
    is_number(doc, "totals.previous.exchanges", 0);
    is_number(doc, "totals.previous.shares", 5);
    is_null(doc, "totals.previous.reactions");
    is_number(doc, "totals.previous.goals.signup", 6);
    is_number(doc, "totals.previous.goals.buy", 0);
    cJSON_Delete(doc);

    query.reactions = 1;
    doc = status();
    is_number(doc, "totals.previous.reactions", 4);
    cJSON_Delete(doc);
    social_article_free(&before);
    social_period_free(&figures);
}


/* an article that retention has removed was published all the same */

static void
forgotten(void)
{
    cJSON  *doc;

    blog();
    label(&figures.articles[0], SOCIAL_COUNT_FORGOTTEN, "", 2);
    doc = status();
    is_number(doc, "totals.articles_published", 3);
    is_number(doc, "totals.broadcast_ratio", 3.0 / 4);
    is_number(doc, "totals.articles", 4);
    cJSON_Delete(doc);
    social_period_free(&figures);
}


static void
decay(void)
{
    int          i;
    char         key[16];
    cJSON       *doc;

    /* one article a week until 20 days ago: two are not half of four until the
     * first of them is older than 28 days */

    begin();

    for (i = 0; i < 20; i++) {
        snprintf(key, sizeof(key), "/p/%d", i);
        article(i + 1, key, "")->published = NOW - (20 + 7 * i) * DAY;
    }

    doc = status();
    is_text(doc, "alarms.3.state", "ok");
    cJSON_Delete(doc);

    query.now = NOW + 2 * DAY;
    figures.to = query.now + 1;
    doc = status();
    is_text(doc, "alarms.3.state", "warn");
    is_text(doc, "alarms.3.since", "2026-11-23T00:00:00Z");
    is_text(doc, "alarms.3.sentence",
            "1 article in the last 28 days; the usual number was 4.");
    cJSON_Delete(doc);
    social_period_free(&figures);
}


/* the author was silent for long before a reader asked something */

static void
author_silence(void)
{
    cJSON  *doc;

    begin();
    (void) article(1, "/x", "");
    say(1, 0, 11, 40 * DAY, "");
    say(1, 1, 0, 39 * DAY, "");
    say(1, 0, 12, DAY, "");

    doc = status();
    is_text(doc, "alarms.2.state", "warn");
    is_text(doc, "alarms.2.since", "2026-11-21T04:00:00Z");
    cJSON_Delete(doc);
    social_period_free(&figures);
}


int
main(void)
{
    periods();
    ranges();
    steps();
    series();
    sparkline();
    by_shares();
    previous();
    forgotten();
    decay();
    author_silence();

    return done();
}
