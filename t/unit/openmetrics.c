
/*
 * The metrics (social_status_openmetrics.c, social_status_openmetrics_write.c):
 * both formats read by a strict reader; names, labels and values; counters that
 * never fall; failures.  t/formats.t shows them to Prometheus itself.
 */

#include "unit.h"
#include "social_status_formats.h"


#define SAMPLES  1024


typedef struct {
    char     name[128];         /* with all labels, as written */
    int64_t  value;
} sample_t;


static social_article_t      forever;
static social_health_t       health;
static social_labelled_t     labelled[64];
static social_openmetrics_t  in;
static sample_t              samples[SAMPLES];
static size_t                nsamples;

static const char *const     goals[] = { "sign up", "a\"b\\c\nd\xff" };
static const char *const     networks[] = { "mastodon", "reddit" };


static void
label(int kind, const char *text, int64_t value)
{
    social_labelled_t  *l;

    l = &labelled[forever.nlabelled++];
    memset(l, 0, sizeof(*l));
    l->kind = (uint16_t) kind;
    l->value = value;
    snprintf(l->label, sizeof(l->label), "%s", text);
}


static void
begin(void)
{
    memset(&forever, 0, sizeof(forever));
    memset(&in, 0, sizeof(in));

    forever.labelled = labelled;
    health.zone_size = 4096;
    health.zone_used = 1024;

    in.site = "blog";
    in.version = "0.1.0";
    in.forever = &forever;
    in.health = &health;
    in.goals = goals;
    in.ngoals = 2;
    in.networks = networks;
    in.nnetworks = 2;
    in.reactions = 1;
}


static void
blog(void)
{
    begin();

    forever.counts[SOCIAL_COUNT_READ] = 100;
    forever.counts[SOCIAL_COUNT_CONFIRMED] = 60;
    forever.counts[SOCIAL_COUNT_SELF] = 3;
    forever.counts[SOCIAL_COUNT_BOT] = 40;
    forever.counts[SOCIAL_COUNT_PREVIEW] = 5;
    forever.counts[SOCIAL_COUNT_PREFETCH] = 6;
    forever.counts[SOCIAL_COUNT_LIKED] = 9;
    forever.counts[SOCIAL_COUNT_UNLIKED] = 2;

    label(SOCIAL_COUNT_SHARE, "reddit", 7);
    label(SOCIAL_COUNT_SHARE_VISIT, "x", 2);
    label(SOCIAL_COUNT_FETCH, "slack", 4);
    label(SOCIAL_COUNT_GOAL, "sign up", 5);
    label(SOCIAL_COUNT_GOAL_SOURCE, "sign up mastodon", 3);
    label(SOCIAL_COUNT_GOAL_SOURCE, "sign up dark", 2);
    label(SOCIAL_COUNT_GOAL_SOURCE, "a\"b\\c\nd\xff dark", 1);
    label(SOCIAL_COUNT_EVICTED, "", 11);
    label(SOCIAL_COUNT_DROPPED, "mark", 12);
    label(SOCIAL_COUNT_STORE_ERROR, "write", 13);
    label(SOCIAL_COUNT_POSTED, "reader reply held", 14);
    label(SOCIAL_COUNT_POSTED, "author reply approved", 15);
    label(SOCIAL_COUNT_MODERATED, "approve", 16);
    label(SOCIAL_COUNT_REPLIED, "300", 1);
    label(SOCIAL_COUNT_REPLIED, "86400", 2);
    label(SOCIAL_COUNT_REPLIED, "1209600", 4);
    label(SOCIAL_COUNT_REPLIED, "+Inf", 8);
    label(SOCIAL_COUNT_REPLY_TIME, "", 9000000);

    in.unanswered = 21;
    in.held = 22;
    in.oldest_unanswered_seconds = 23;
    in.reader_days = 24;
    in.participants = 25;
    in.articles[SOCIAL_ARTICLE_UNHEARD] = 26;
}


/* a label's value from its quote on; NULL: malformed */

static const char *
quoted(const char *p)
{
    if (*p++ != '"') {
        return NULL;
    }

    for ( ; *p && *p != '"'; p++) {

        if (*p == '\n') {
            return NULL;
        }

        if (*p == '\\') {
            p++;

            if (*p != 'n' && *p != '"' && *p != '\\') {
                return NULL;
            }
        }
    }

    return *p ? p + 1 : NULL;
}


/* a name with its labels; NULL: malformed */

static const char *
series(const char *p)
{
    p += strspn(p, "abcdefghijklmnopqrstuvwxyz_");

    if (strncmp(p, "{site=", 6) != 0) {
        return NULL;
    }

    for (p++; ; p++) {
        p += strspn(p, "abcdefghijklmnopqrstuvwxyz_");
        p = *p == '=' ? quoted(p + 1) : NULL;

        if (p == NULL || *p == '}') {
            return p ? p + 1 : NULL;
        }

        if (*p != ',') {
            return NULL;
        }
    }
}


/* is it a sample of the family, by the rules of its type and format? */

static int
belongs(const char *name, const char *family, const char *type, int classic)
{
    size_t       i, len;
    const char  *end;

    static const char *const  rules[][2] = {
        { "counter", "_total" }, { "info", "_info" }, { "gauge", "" },
        { "histogram", "_bucket" }, { "histogram", "_sum" },
        { "histogram", "_count" }
    };

    len = strlen(family);

    if (strncmp(name, family, len) != 0) {
        return 0;
    }

    end = name + len;

    if (classic && strcmp(type, "histogram") != 0) {
        return end[0] == '{';
    }

    for (i = 0; i < social_nelts(rules); i++) {
        if (strcmp(type, rules[i][0]) == 0
            && strncmp(end, rules[i][1], strlen(rules[i][1])) == 0
            && end[strlen(rules[i][1])] == '{')
        {
            return 1;
        }
    }

    return 0;
}


/* reads the samples; 1: every line is well formed */

static int
parse(char *text, int classic)
{
    char        *line, *next, family[128], type[32], word[128];
    size_t       i, types, helps;
    const char  *p;

    nsamples = types = helps = 0;
    family[0] = type[0] = '\0';

    for (line = text; *line; line = next) {
        next = strchr(line, '\n');

        if (next == NULL) {
            return 0;
        }

        *next++ = '\0';

        if (strcmp(line, "# EOF") == 0) {
            return !classic && *next == '\0' && types == helps && types > 0;
        }

        if (sscanf(line, "# TYPE %127s %31s", family, type) == 2) {
            types++;
            continue;
        }

        if (sscanf(line, "# HELP %127s %31s", word, word) == 2
            && strncmp(line + 7, family, strlen(family)) == 0)
        {
            helps++;
            continue;
        }

        if (!classic && strncmp(line, "# UNIT ", 7) == 0) {
            p = strrchr(line, ' ') + 1;

            if (strlen(family) > strlen(p)
                && strcmp(family + strlen(family) - strlen(p), p) == 0)
            {
                continue;
            }
        }

        p = series(line);

        if (p == NULL || *p != ' ' || nsamples == SAMPLES
            || !belongs(line, family, type, classic))
        {
            printf("# %s\n", line);
            return 0;
        }

        snprintf(samples[nsamples].name, sizeof(samples[0].name), "%.*s",
                 (int) (p - line), line);
        samples[nsamples++].value = strtoll(p + 1, NULL, 10);

        for (i = 0; i + 1 < nsamples; i++) {
            if (strcmp(samples[i].name, samples[nsamples - 1].name) == 0) {
                printf("# twice: %s\n", line);
                return 0;
            }
        }
    }

    return classic && types == helps && types > 0;
}


static int
collect(int classic)
{
    int            good;
    social_out_t   out;

    in.classic = classic ? 1 : 0;
    social_out_init(&out, 1 << 20);
    good = social_status_openmetrics(&in, &out) == SOCIAL_OK;
    social_out_bytes(&out, "", 1);
    good = good && parse((char *) out.data, classic);
    social_out_free(&out);

    return good;
}


static void
is_sample(const char *name, int64_t want)
{
    char    full[160];
    size_t  i;

    snprintf(full, sizeof(full), "nginx_social_%s", name);

    for (i = 0; i < nsamples; i++) {
        if (strcmp(samples[i].name, full) == 0) {
            is_int(samples[i].value, want, name);
            return;
        }
    }

    ok(0, "there is %s", full);
}


static void
values(void)
{
    is_sample("build_info{site=\"blog\",version=\"0.1.0\"}", 1);
    is_sample("views_total{site=\"blog\",class=\"reader\"}", 100);
    is_sample("views_total{site=\"blog\",class=\"preview\"}", 5);
    is_sample("views_total{site=\"blog\",class=\"bot\"}", 40);
    is_sample("views_total{site=\"blog\",class=\"prefetch\"}", 6);
    is_sample("views_total{site=\"blog\",class=\"self\"}", 3);
    is_sample("views_confirmed_total{site=\"blog\"}", 60);
    is_sample("share_intents_total{site=\"blog\",network=\"reddit\"}", 7);
    is_sample("share_intents_total{site=\"blog\",network=\"mastodon\"}", 0);
    is_sample("share_visits_total{site=\"blog\",network=\"x\"}", 2);
    is_sample("share_visits_total{site=\"blog\",network=\"reddit\"}", 0);
    is_sample("link_previews_total{site=\"blog\",network=\"slack\"}", 4);
    is_sample("comments_total{site=\"blog\",role=\"reader\",kind=\"reply\","
              "state=\"held\"}", 14);
    is_sample("comments_total{site=\"blog\",role=\"author\",kind=\"reply\","
              "state=\"approved\"}", 15);
    is_sample("comments_total{site=\"blog\",role=\"reader\",kind=\"top\","
              "state=\"spam\"}", 0);
    is_sample("moderations_total{site=\"blog\",action=\"approve\"}", 16);
    is_sample("moderations_total{site=\"blog\",action=\"spam\"}", 0);
    is_sample("reactions{site=\"blog\"}", 7);
    is_sample("goal_completions_total{site=\"blog\",goal=\"sign up\","
              "network=\"mastodon\"}", 3);
    is_sample("goal_completions_total{site=\"blog\",goal=\"sign up\","
              "network=\"dark\"}", 2);
    is_sample("goal_completions_total{site=\"blog\",goal=\"sign up\","
              "network=\"direct\"}", 0);
    is_sample("goal_completions_total{site=\"blog\","
              "goal=\"a\\\"b\\\\c\\nd\xef\xbf\xbd\",network=\"dark\"}", 1);
    is_sample("unanswered_comments{site=\"blog\"}", 21);
    is_sample("held_comments{site=\"blog\"}", 22);
    is_sample("oldest_unanswered_seconds{site=\"blog\"}", 23);
    is_sample("reader_days{site=\"blog\"}", 24);
    is_sample("participants{site=\"blog\"}", 25);
    is_sample("articles{site=\"blog\",class=\"unheard\"}", 26);
    is_sample("articles{site=\"blog\",class=\"conversation\"}", 0);
    is_sample("zone_size_bytes{site=\"blog\"}", 4096);
    is_sample("zone_used_bytes{site=\"blog\"}", 1024);
    is_sample("articles_evicted_total{site=\"blog\"}", 11);
    is_sample("events_dropped_total{site=\"blog\",reason=\"mark\"}", 12);
    is_sample("events_dropped_total{site=\"blog\",reason=\"slot\"}", 0);
    is_sample("store_errors_total{site=\"blog\",op=\"write\"}", 13);
    is_sample("store_errors_total{site=\"blog\",op=\"read\"}", 0);

    /* what is beyond the last bound is in the last bucket only */

    is_sample("first_author_reply_seconds_bucket{site=\"blog\",le=\"300.0\"}",
              1);
    is_sample("first_author_reply_seconds_bucket{site=\"blog\",le=\"3600.0\"}",
              1);
    is_sample("first_author_reply_seconds_bucket{site=\"blog\","
              "le=\"604800.0\"}", 3);
    is_sample("first_author_reply_seconds_bucket{site=\"blog\","
              "le=\"1.2096e+06\"}", 7);
    is_sample("first_author_reply_seconds_bucket{site=\"blog\",le=\"+Inf\"}",
              15);
    is_sample("first_author_reply_seconds_sum{site=\"blog\"}", 9000000);
    is_sample("first_author_reply_seconds_count{site=\"blog\"}", 15);
}


static void
formats(void)
{
    size_t    n;
    sample_t  before[SAMPLES];

    blog();
    ok(collect(0), "OpenMetrics");
    values();

    memcpy(before, samples, sizeof(samples));
    n = nsamples;

    ok(collect(1), "the classic format");
    ok(n == nsamples && memcmp(before, samples, n * sizeof(sample_t)) == 0,
       "... has the same samples");

    begin();
    ok(collect(0) && collect(1), "a site without any count");
    is_sample("share_intents_total{site=\"blog\",network=\"reddit\"}", 0);
    is_sample("goal_completions_total{site=\"blog\",goal=\"sign up\","
              "network=\"reddit\"}", 0);

    in.reactions = 0;
    in.ngoals = in.nnetworks = 0;
    in.site = "a\"\\\n";
    ok(collect(0), "without goals, networks and reactions");
    is_sample("reader_days{site=\"a\\\"\\\\\\n\"}", 0);

    for (n = 0; n < nsamples; n++) {
        if (strstr(samples[n].name, "reactions")) {
            break;
        }
    }

    ok(n == nsamples, "no number of reactions where they are off");
}


/* several machines: what one tells of itself has its name, and is not the sum
 * of all; what it tells of all has theirs */

static void
machines(void)
{
    size_t             n;
    social_node_t      node[2];
    social_nodes_t     nodes = { node, 2 };
    social_labelled_t  own[3];

    blog();
    ok(collect(1), "a store of its own");
    n = nsamples;

    memset(node, 0, sizeof(node));
    memset(own, 0, sizeof(own));

    snprintf(node[0].name, sizeof(node[0].name), "web1:80");
    node[0].lives = 1;
    node[0].saved = 1700000000;
    snprintf(node[1].name, sizeof(node[1].name), "we\"b2");
    node[1].saved = 1600000000;
    node[1].ahead = -7000;

    own[0].kind = SOCIAL_COUNT_EVICTED;
    own[0].value = 1;
    own[1].kind = SOCIAL_COUNT_DROPPED;
    own[1].value = 2;
    snprintf(own[1].label, sizeof(own[1].label), "mark");
    own[2].kind = SOCIAL_COUNT_STORE_ERROR;
    own[2].value = 3;
    snprintf(own[2].label, sizeof(own[2].label), "write");

    health.node = "web1:80";
    health.nodes = &nodes;
    health.own.labelled = own;
    health.own.nlabelled = 3;

    ok(collect(0) && collect(1), "several machines: both formats");
    is_int((int64_t) nsamples, (int64_t) n + 6, "three more for each");
    is_sample("zone_size_bytes{site=\"blog\",node=\"web1:80\"}", 4096);
    is_sample("zone_used_bytes{site=\"blog\",node=\"web1:80\"}", 1024);
    is_sample("articles_evicted_total{site=\"blog\",node=\"web1:80\"}", 1);
    is_sample("events_dropped_total{site=\"blog\",node=\"web1:80\","
              "reason=\"mark\"}", 2);
    is_sample("events_dropped_total{site=\"blog\",node=\"web1:80\","
              "reason=\"slot\"}", 0);
    is_sample("store_errors_total{site=\"blog\",node=\"web1:80\","
              "op=\"write\"}", 3);
    is_sample("store_errors_total{site=\"blog\",node=\"web1:80\","
              "op=\"read\"}", 0);
    is_sample("views_total{site=\"blog\",class=\"reader\"}", 100);
    is_sample("node_alive{site=\"blog\",node=\"web1:80\"}", 1);
    is_sample("node_alive{site=\"blog\",node=\"we\\\"b2\"}", 0);
    is_sample("node_last_save_timestamp_seconds{site=\"blog\","
              "node=\"web1:80\"}", 1700000000);
    is_sample("node_clock_ahead_seconds{site=\"blog\",node=\"web1:80\"}", 0);
    is_sample("node_clock_ahead_seconds{site=\"blog\","
              "node=\"we\\\"b2\"}", 7);

    memset(&health, 0, sizeof(health));
}


/* labels that a store should not have: fewer words, more, too long ones */

static void
strange(void)
{
    char  longest[SOCIAL_LABEL_MAX];

    memset(longest, 0xff, sizeof(longest));

    begin();
    label(SOCIAL_COUNT_POSTED, "", 1);
    label(SOCIAL_COUNT_POSTED, "reader", 2);
    label(SOCIAL_COUNT_POSTED, "reader top", 3);
    label(SOCIAL_COUNT_POSTED, "a b reader top held", 4);
    label(SOCIAL_COUNT_GOAL_SOURCE, "signup", 5);
    label(SOCIAL_COUNT_SHARE, "reddit", 6);
    label(SOCIAL_COUNT_SHARE, "reddit", 7);
    label(SOCIAL_COUNT_DROPPED, "", 8);
    memcpy(labelled[forever.nlabelled - 1].label, longest, sizeof(longest));

    ok(collect(0) && collect(1), "strange labels");
    is_sample("share_intents_total{site=\"blog\",network=\"reddit\"}", 13);
    is_sample("goal_completions_total{site=\"blog\",goal=\"signup\","
              "network=\"\"}", 5);
    is_sample("comments_total{site=\"blog\",role=\"a b reader\",kind=\"top\","
              "state=\"held\"}", 4);
}


/* a series that was there stays there, and no counter falls, when counts grow
 * and likes are taken back */

static void
growth(void)
{
    size_t    i, k, n, lost, fallen;
    sample_t  before[SAMPLES];

    blog();
    ok(collect(0), "before");
    memcpy(before, samples, sizeof(samples));
    n = nsamples;

    forever.counts[SOCIAL_COUNT_CONFIRMED]++;
    forever.counts[SOCIAL_COUNT_LIKED]--;
    label(SOCIAL_COUNT_REPLIED, "3600", 1);
    label(SOCIAL_COUNT_SHARE, "mastodon", 1);
    in.unanswered = in.held = in.participants = 0;
    in.articles[SOCIAL_ARTICLE_UNHEARD] = 0;
    health.zone_used = 0;

    ok(collect(0), "after");
    lost = fallen = 0;

    for (i = 0; i < n; i++) {

        for (k = 0; k < nsamples; k++) {
            if (strcmp(before[i].name, samples[k].name) == 0) {
                break;
            }
        }

        lost += k == nsamples;
        fallen += k < nsamples && samples[k].value < before[i].value
                  && (strstr(samples[k].name, "_total{")
                      || strstr(samples[k].name, "reply_seconds_"));
    }

    is_int((int64_t) lost, 0, "no series disappears");
    is_int((int64_t) fallen, 0, "no counter falls");
    is_sample("reactions{site=\"blog\"}", 6);
}


static void
accepts(void)
{
    size_t  i;

    static const struct {
        const char  *accept;
        int          classic;
    } rows[] = {
        { "", 1 },
        { "*/*", 1 },
        { "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", 1 },
        { "application/openmetrics-text", 0 },
        { "application/openmetrics-text;version=1.0.0,"
          "application/openmetrics-text;version=0.0.1;q=0.75,"
          "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", 0 },
        { "text/plain, Application/OpenMetrics-Text; version=1.0.0", 0 },
        { "application/openmetrics-tex", 1 }
    };

    for (i = 0; i < social_nelts(rows); i++) {
        is_int(social_openmetrics_is_classic((social_str_t) {
                   strlen(rows[i].accept),
                   (const unsigned char *) rows[i].accept }),
               rows[i].classic, rows[i].accept);
    }
}


static void
limits(void)
{
    long          n;
    social_out_t  out;

    blog();

    for (n = 0; ; n += 7) {
        social_out_init(&out, (size_t) n);

        if (social_status_openmetrics(&in, &out) == SOCIAL_OK) {
            social_out_free(&out);
            break;
        }

        social_out_free(&out);
    }

    ok(n > 1000, "every limit below %ld bytes is an error", n);
}


int
main(void)
{
    formats();
    machines();
    strange();
    growth();
    accepts();
    limits();

    return done();
}
