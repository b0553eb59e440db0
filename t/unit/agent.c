
/*
 * Readers, link previews and bots by their User-Agent.  Of the lists in
 * t/unit/data, at least 99 % of the bots must be found, and no reader may be
 * taken for one.
 */

#include "unit.h"
#include "social_agent.h"


typedef struct {
    const char            *agent;
    social_agent_class_e   class;
    const char            *network;
} vector_t;


#define CHROME  " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "


static const vector_t  vectors[] = {
    { "facebookexternalhit/1.1", SOCIAL_AGENT_PREVIEW, "facebook" },
    { "Facebot", SOCIAL_AGENT_PREVIEW, "facebook" },
    { "FACEBOT", SOCIAL_AGENT_PREVIEW, "facebook" },
    { "Twitterbot/1.0", SOCIAL_AGENT_PREVIEW, "x" },
    { "LinkedInBot/1.0 (compatible; Mozilla/5.0)", SOCIAL_AGENT_PREVIEW,
      "linkedin" },
    { "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
      SOCIAL_AGENT_PREVIEW, "slack" },
    { "Slack-ImgProxy (+https://api.slack.com/robots)", SOCIAL_AGENT_PREVIEW,
      "slack" },
    { "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
      SOCIAL_AGENT_PREVIEW, "discord" },
    { "TelegramBot (like TwitterBot)", SOCIAL_AGENT_PREVIEW, "telegram" },
    { "WhatsApp/2", SOCIAL_AGENT_PREVIEW, "whatsapp" },
    { "Mozilla/5.0 (compatible; redditbot/1.0)", SOCIAL_AGENT_PREVIEW,
      "reddit" },
    { "Mozilla/5.0 (compatible; Pinterestbot/1.0)", SOCIAL_AGENT_PREVIEW,
      "pinterest" },
    { "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1)", SOCIAL_AGENT_PREVIEW,
      "bluesky" },
    { "http.rb/5.1.1 (Mastodon/4.2.1; +https://m.example/)",
      SOCIAL_AGENT_PREVIEW, "mastodon" },
    { "Pleroma 2.5.0; https://p.example", SOCIAL_AGENT_PREVIEW, "mastodon" },
    { "Misskey/2024.5.0 (https://m.example)", SOCIAL_AGENT_PREVIEW,
      "mastodon" },
    { "Akkoma 3.10", SOCIAL_AGENT_PREVIEW, "mastodon" },
    { "Friendica 2024.08", SOCIAL_AGENT_PREVIEW, "mastodon" },
    { "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
      SOCIAL_AGENT_PREVIEW, "teams" },
    { "Mozilla/5.0 (compatible; Embedly/0.2)", SOCIAL_AGENT_PREVIEW, "embed" },
    { "Iframely/1.3.1", SOCIAL_AGENT_PREVIEW, "embed" },
    { "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)",
      SOCIAL_AGENT_PREVIEW, "vk" },
    { "facebookexternalhit/1.1 Facebot Twitterbot/1.0", SOCIAL_AGENT_PREVIEW,
      "other" },

    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64)" CHROME "Safari/537.36 "
      "Miniature.io/1.0", SOCIAL_AGENT_BOT, NULL },
    { "Mozilla/5.0 (X11; Linux x86_64)" CHROME "Safari/537.36 Miniature.io",
      SOCIAL_AGENT_BOT, NULL },
    { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)" CHROME
      "Safari/537.36 Readable/1.0", SOCIAL_AGENT_BOT, NULL },
    { "Mozilla/5.0 (X11; Linux x86_64)" CHROME "Safari/537.36 (Readable)",
      SOCIAL_AGENT_BOT, NULL },
    { "Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0 "
      "abuse.xmco.fr", SOCIAL_AGENT_BOT, NULL },
    { "abuse.xmco.fr", SOCIAL_AGENT_BOT, NULL },

    { "Tumblr/14.0.835.186", SOCIAL_AGENT_PREVIEW, "tumblr" },
    { "XING-contenttabreceiver/2.0", SOCIAL_AGENT_PREVIEW, "xing" },
    { "Mozilla/5.0 (Macintosh) Gecko/2 Firefox/28 (FlipboardProxy/1.6)",
      SOCIAL_AGENT_PREVIEW, "flipboard" },
    { "BufferLinkPreviewBot/1.0", SOCIAL_AGENT_PREVIEW, "buffer" },
    { "facebookexternalhit/1.1;line-poker/1.0", SOCIAL_AGENT_PREVIEW,
      "other" },
    { "Acme LinkPreview/1.0", SOCIAL_AGENT_PREVIEW, "other" },

    /* browsers of the networks' own apps are readers */
    { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) "
      "AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]",
      SOCIAL_AGENT_READER, NULL },
    { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) "
      "AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
      "Twitter for iPhone/10.66", SOCIAL_AGENT_READER, NULL },

    { "", SOCIAL_AGENT_BOT, NULL },
    { "-", SOCIAL_AGENT_BOT, NULL },
    { "curl/8.5.0", SOCIAL_AGENT_BOT, NULL },
    { "Acme/1.0", SOCIAL_AGENT_BOT, NULL },
    { "Mozilla/5.0", SOCIAL_AGENT_BOT, NULL },
    { "Mozilla/5.0 (Windows NT 10.0)" CHROME "Safari/537.36",
      SOCIAL_AGENT_READER, NULL },
    { "Mozilla/5.0 (Windows NT 10.0)" CHROME "Safari/537.36 (+http://a.b/)",
      SOCIAL_AGENT_BOT, NULL },
    { "Mozilla/5.0 (Windows NT 10.0)" CHROME "Safari/537.36 me@acme.example",
      SOCIAL_AGENT_BOT, NULL },
    { "Mozilla/5.0 (Windows NT 10.0)" CHROME "Safari/537.36; Acme",
      SOCIAL_AGENT_BOT, NULL },
    { "Mozilla/5.0 (compatible; Acme)", SOCIAL_AGENT_BOT, NULL },
    { "Mozilla/5.0 (Linux; Android 13; CUBOT P80)" CHROME
      "Mobile Safari/537.36", SOCIAL_AGENT_READER, NULL },
    { "Mozilla/5.0 (Linux; Android 13; FOSSiBOT F102)" CHROME
      "Mobile Safari/537.36", SOCIAL_AGENT_READER, NULL },
    { "Mozilla/5.0 (Linux; Android 13; FOSSiBOT F102)" CHROME
      "Mobile Safari/537.36 (compatible; AcmeBot/1.0)", SOCIAL_AGENT_BOT,
      NULL },
    { "Mozilla/5.0 (Linux; Android 13; AcmeBot/1.0)" CHROME
      "Mobile Safari/537.36", SOCIAL_AGENT_BOT, NULL },
    { "Mozilla/5.0 (X11; Linux) AppleWebKit/538 (KHTML, like Gecko) "
      "StudoBrowser/1.4 Safari/538", SOCIAL_AGENT_READER, NULL },
    { "Lynx/2.9.2 libwww-FM/2.14", SOCIAL_AGENT_READER, NULL },
    { "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80; U; en) Presto/2.12.423",
      SOCIAL_AGENT_READER, NULL }
};


/* kinds of robots: what they say most clearly decides */

static const struct {
    const char  *agent;
    const char  *kind;
} kinds[] = {
    { "", "nameless" },
    { "-", "nameless" },
    { "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; "
      "GPTBot/1.2; +https://openai.com/gptbot)", "ai" },
    { "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; "
      "ClaudeBot/1.0; +claudebot@anthropic.com)", "ai" },
    { "Mozilla/5.0 (compatible; PerplexityBot/1.0; +https://perplexity.ai/p)",
      "ai" },
    { "CCBot/2.0 (https://commoncrawl.org/faq/)", "ai" },
    { "meta-externalagent/1.1 (+https://developers.facebook.com/docs/)",
      "ai" },
    { "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers)",
      "feed" },
    { "FreshRSS/1.24.1 (Linux; https://freshrss.org)", "feed" },
    { "Acme Feed Reader/2", "feed" },
    { "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://uptimerobot.com/)",
      "monitor" },
    { "Mozilla/5.0 (X11; Linux x86_64)" CHROME "Safari/537.36 PTST/240101",
      "monitor" },
    { "check_http/v2.3.3 (nagios-plugins 2.3.3)", "monitor" },
    { "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
      "HeadlessChrome/131.0.0.0 Safari/537.36", "headless" },
    { "Mozilla/5.0 (Unknown; Linux) AppleWebKit/538.1 PhantomJS/2.1.1 "
      "Safari/538.1", "headless" },
    { "curl/8.5.0", "library" },
    { "python-requests/2.31.0", "library" },
    { "Go-http-client/1.1", "library" },
    { "okhttp/4.12.0", "library" },
    { "Mozilla/4.0 (Linux 6.1) Java/1.8.0_402", "library" },
    { "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot)",
      "crawler" },
    { "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
      "crawler" },
    { "Baiduspider+(+http://www.baidu.com/search/spider.htm)", "crawler" },
    { "Acme/1.0", "other" },
    { "Mozilla/5.0 (compatible; Acme; +https://acme.example/)", "other" },
    { "Mozilla/5.0", "other" }
};


static social_agent_t  *agents;


static social_agent_class_e
class_of(const char *agent, size_t len, const social_network_t **network)
{
    social_str_t   s;
    unsigned char  *copy = malloc(len ? len : 1);

    memcpy(copy, agent, len);
    s.data = copy;
    s.len = len;

    /* twice, because the second answer comes from the memo */

    if (social_agent_class(agents, s, NULL, NULL)
        != social_agent_class(agents, s, network, NULL))
    {
        ok(0, "the memo has the same class for %s", agent);
    }

    free(copy);

    return social_agent_class(agents, (social_str_t)
                              { len, (const unsigned char *) agent }, network,
                              NULL);
}


/* counts, and prints, the lines of a list that get the wrong class */

static void
list(const char *name, int robots, unsigned *lines, unsigned *wrong)
{
    int     reader;
    char    path[512], line[1024];
    FILE   *f;
    size_t  n;

    n = strrchr(__FILE__, '/') ? (size_t) (strrchr(__FILE__, '/') - __FILE__)
                               : 0;
    snprintf(path, sizeof(path), "%.*s%sdata/%s", (int) n, __FILE__,
             n ? "/" : "", name);

    *lines = *wrong = 0;
    f = fopen(path, "r");

    if (!ok(f != NULL, "%s is there", path)) {
        return;
    }

    while (fgets(line, sizeof(line), f)) {
        n = strcspn(line, "\r\n");

        if (n == 0 || line[0] == '#') {
            continue;
        }

        line[n] = '\0';
        reader = (class_of(line, n, NULL) == SOCIAL_AGENT_READER);
        (*lines)++;

        if (reader == robots) {
            (*wrong)++;
            printf("# taken for a %s: %s\n", reader ? "reader" : "robot",
                   line);
        }
    }

    fclose(f);
}


static social_str_t
str(const char *text)
{
    social_str_t  s = { strlen(text), (const unsigned char *) text };

    return s;
}


static void
robots(void)
{
    char                     numbers[16];
    size_t                   i;
    unsigned                 k, n;
    const char              *id;
    social_agent_robot_e     robot;
    const social_network_t  *net;

    for (i = 0; i < social_nelts(kinds); i++) {

        /* twice: the second answer is the memo's */

        for (k = 0; k < 2; k++) {
            (void) social_agent_class(agents, str(kinds[i].agent), &net,
                                      &robot);
            id = social_agent_robot_id(robot);
            is_str(id ? id : "no robot", kinds[i].kind, kinds[i].agent);
        }
    }

    (void) social_agent_class(agents, str("Twitterbot/1.0"), &net, &robot);
    ok(robot == SOCIAL_AGENT_ROBOT_NONE, "a preview is no kind of robot");

    for (k = 0, n = 0; k < 300; k++) {
        n += social_agent_robot_id(k) != NULL;
    }

    snprintf(numbers, sizeof(numbers), "%u", n);
    is_str(numbers, "8", "kinds");
}


int
main(void)
{
    size_t                   i;
    unsigned                 lines, wrong;
    static char              big[70000];
    social_agent_class_e     class;
    const social_network_t  *net;

    agents = social_agent_create((const unsigned char *) "0123456789abcdef");
    ok(agents != NULL, "the regular expressions compile");

    for (i = 0; i < social_nelts(vectors); i++) {
        class = class_of(vectors[i].agent, strlen(vectors[i].agent), &net);

        ok(class == vectors[i].class
           && ((net == NULL) == (vectors[i].network == NULL))
           && (net == NULL || strcmp(net->id, vectors[i].network) == 0),
           "%s%s \"%s\"", class == SOCIAL_AGENT_READER ? "reader"
           : class == SOCIAL_AGENT_BOT ? "bot" : "preview ",
           net ? net->id : "", vectors[i].agent);
    }

    robots();

    list("robots.txt", 1, &lines, &wrong);
    ok(lines >= 400 && wrong * 100 <= lines,
       "%u of %u robots are found: recall %.2f %%", lines - wrong, lines,
       100.0 * (lines - wrong) / (lines ? lines : 1));

    list("readers.txt", 0, &lines, &wrong);
    ok(lines >= 400 && wrong == 0, "%u false alarms in %u readers", wrong,
       lines);

    memset(big, 'a', sizeof(big));
    ok(class_of(big, sizeof(big), NULL) == SOCIAL_AGENT_BOT, "70,000 letters");
    memset(big, '(', sizeof(big));
    ok(class_of(big, sizeof(big), NULL) == SOCIAL_AGENT_BOT, "70,000 brackets");
    memset(big, 0, sizeof(big));
    ok(class_of(big, sizeof(big), NULL) == SOCIAL_AGENT_BOT, "70,000 NULs");

    class = social_agent_class(agents, (social_str_t) { 0, NULL }, &net, NULL);
    ok(class == SOCIAL_AGENT_BOT && net == NULL,
       "without a User-Agent it is a bot");

    social_agent_destroy(agents);
    social_agent_destroy(NULL);

    return done();
}
