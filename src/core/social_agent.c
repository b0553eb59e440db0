
/*
 * Owns the expressions that tell readers, link previews and robots apart by
 * their User-Agent.  Must not know a request.  One thread at a time per
 * object.
 *
 * A robot that does not identify itself cannot be found here.  The others do
 * it in few ways: an address to complain to; a name without any of the marks
 * that browsers carry for compatibility; "compatible;" and a name that is not
 * a browser's; or a word such as "crawl".  Only the rest must be listed by
 * name.
 */

#include <stdlib.h>
#include <string.h>

#include "social_agent.h"
#include "social_pcre2.h"


#define SOCIAL_AGENT_MAX    1024    /* bytes of an agent that are matched */
#define SOCIAL_AGENT_LIMIT  200000  /* PCRE2 match limit */
#define SOCIAL_AGENT_DEPTH  1000    /* PCRE2 depth limit */

#define SOCIAL_AGENT_MEMO      256  /* slots of the cache, a power of two */
#define SOCIAL_AGENT_MEMO_LEN  256  /* longer agents are not cached */


/*
 * Fetchers of link previews.  One capture group per row, so the number of the
 * group that matched is the row.  Upper rows win where two match at the same
 * position: iMessage, LINE and KakaoTalk, among others, also carry Facebook's
 * name.
 */

static const struct {
    const char  *network;
    const char  *pattern;
} social_agent_previews[] = {
    { "other",     "facebookexternalhit/1\\.1;?\\ ?"
                   "(?:Facebot\\ Twitterbot|line-poker|kakaotalk)" },
    { "facebook",  "facebookexternalhit|\\bFacebot\\b" },
    { "x",         "\\bTwitterbot\\b" },
    { "linkedin",  "\\bLinkedInBot\\b" },
    { "slack",     "\\bSlackbot\\b|Slack-ImgProxy" },
    { "discord",   "\\bDiscordbot\\b" },
    { "telegram",  "\\bTelegramBot\\b" },
    { "whatsapp",  "^WhatsApp" },
    { "reddit",    "\\bredditbot\\b" },
    { "pinterest", "\\bPinterestbot\\b|^Pinterest/" },
    { "bluesky",   "\\bCardyb\\b|^Bluesky" },
    { "mastodon",  "\\bMastodon/\\d|\\b(?:Pleroma|Akkoma|Misskey|Friendica|"
                   "SummalyBot|Calckey|Firefish|Iceshrimp|Sharkey|GoToSocial|"
                   "Pixelfed|PeerTube|Lemmy|Hubzilla)\\b" },
    { "teams",     "SkypeUriPreview|MicrosoftPreview" },
    { "vk",        "\\bvkShare\\b" },
    { "tumblr",    "^Tumblr/" },
    { "xing",      "XING-contenttabreceiver|\\bXINGbot\\b" },
    { "flipboard", "Flipboard(?:Browser)?Proxy|FlipboardRSS" },
    { "buffer",    "\\bBufferbot\\b|BufferLinkPreview" },
    { "embed",     "\\bEmbedly\\b|\\bIframely\\b|Discourse.*Onebox" },
    { "other",     "^Viber|SteamChatURLLookup|Snap\\ URL\\ Preview|"
                   "link[-_ ]?preview|URL[-_ ]?preview|ZulipURL|"
                   "Mattermost-Bot|matrix-org/synapse|\\bBitlyBot\\b|"
                   "google\\.com/\\+/web/snippet" }
};


/* one item of an Android device's description, without a robot's name */

#define social_agent_device                                                  \
    "Linux;\\ (?:U;\\ | arm_64;\\ )? Android [^;()]*+ ;\\ "                    \
    "(?: [a-z]{2}[-_][a-z]{2} ;\\ )?"                                        \
    "(?! [^;()]* (?: bot/ | catchpoint | generic )) [^;()/@]{1,60}"          \
    "(?: \\ Build/ [^;()@]*+ )? (?: ;\\ wv )?"


/*
 * Most readers have agents as simple as these.  Testing this first costs a
 * twentieth of searching for everything below, and no word in the name of a
 * device can mislead.
 */

static const char  social_agent_readers[] =

    "^ Mozilla/5\\.0\\ \\( (?:"
          "Windows\\ NT\\ [\\d.]++ (?: ;\\ Win64;\\ x64 | ;\\ WOW64 )?"
          "| Macintosh;\\ Intel\\ Mac\\ OS\\ X\\ [\\d._]++"
          "| X11;\\ (?: (?:Ubuntu|Fedora);\\ )? Linux\\ \\w++"
          "| X11;\\ CrOS\\ x86_64\\ [\\d.]++"
          "| iPhone;\\ CPU\\ iPhone\\ OS\\ [\\d_]++\\ like\\ Mac\\ OS\\ X"
          "| iPad;\\ CPU\\ OS\\ [\\d_]++\\ like\\ Mac\\ OS\\ X"
          "| Android\\ [\\d.]++ ;\\ (?:Mobile|Tablet)"
          "| " social_agent_device ") (?: ;\\ rv:[\\d.]++ )? \\)"
    "(?: \\ AppleWebKit/[\\d.]++\\ \\(KHTML,\\ like\\ Gecko\\) )?"
    "(?: \\ (?:Chrome|Safari|Version|Mobile|Gecko|Firefox|CriOS|FxiOS|Edg|EdgA"
          "|EdgiOS|OPR|SamsungBrowser|GSA|Ddg|DuckDuckGo|Vivaldi|YaBrowser"
          "|Yowser|HuaweiBrowser|Silk|Whale) / [\\w.]++ | \\ Mobile )++ $"
;


/*
 * all other clients that are not readers; extended syntax: blanks are ignored
 */

static const char social_agent_bots[] =

    /* skips a device, which may be named FOSSiBOT or Spider 8 */
    "\\( " social_agent_device " \\) (*SKIP)(*FAIL)"

    /* an address to complain to: a URL, an e-mail address or a host name */
    "| ://"
    "| [\\w.+-]+ @ (?:[\\w-]+\\.)+ [a-z]{2,}"
    "| [[({\\s_-] at [])}\\s_-] \\s* [\\w-]+ (?: \\. | \\s* \\(? dot )"
    "| \\bwww\\."
    "| (?<![\\w.-]) [a-z0-9-]{2,} (?:\\.[a-z0-9-]{2,})* "
    "\\. (?:com|org|net|io|ai|info|dev|app|co|eu) (?! [\\w.-] | /\\d )"

    /* none of the marks that browsers, phones and apps carry */
    "| ^ (?! .* (?:"
    "Mozilla/[1-6] | Opera | WebKit | Gecko/ | KHTML | Konqueror/"
    "| MIDP | UP\\.(?:Browser|Link) | Obigo | NetFront | UCWEB"
    "| UC\\ ?Browser | WAP | DoCoMo | J-PHONE | Symbian | MAUI"
    "| Browser/ | Dalvik/ | CFNetwork/ | HbbTV | Smart-?TV | Roku | Tizen"
    "| ^(?:Lynx|E?Links|w3m|Dillo|NetSurf|IBrowse|iTunes|LG|MOT|SEC"
    "|SIE|portalmmm)\\b | ^(?:SonyEricsson|Nokia|BlackBerry"
    "|SAMSUNG|Amiga)) )"
    "| ^ Mozilla/5\\.\\d+ (?! .* (?:"
    "Gecko | WebKit | KHTML | MSIE | Trident | Opera | Presto | NetFront"
    "| PlayStation | PSP | Nintendo | Browser | \\(compatible ) )"

    /* "compatible;" and not one of the browsers that send it */
    "| \\b compatible \\s*+ ; \\s*+ (?:U;\\s*+)?+ "
    "(?! MSIE\\ \\d | MSPIE | Konqueror | IBrowse | ABrowse | Dillo"
    "| NetPositive | WebPositive | OmniWeb | iCab | AvantGo | Amiga"
    "| Linux\\ 2 | Windows )"

    /* a name where browsers have none: in front of a desktop's agent, after
     * it, or next to "like Gecko" */
    "| ^ [\\w.-]+/[\\d.]+ \\ Mozilla/5\\.0\\ \\((?:Macintosh|Windows\\ NT|X11)"
    "| Chrome/[\\d.]+ (?:\\ Mobile)? \\ Safari/[\\d.]+ ;\\ * [a-z]"
    "| like\\ Gecko [;,] \\s*+ (?! Safari | Mobile | Version | Chrome )"
    "| Chrome/W\\. | ^Mozilla/[\\d.]+$"

    /* words for robots */
    "| (?<!cu)(?<!fossi) bot (?!tle)"
    "| crawl | spider | slurp | scrap[ei] | \\barchiv | headless | lighthouse"
    "| (?<!cam)scan (?!pal|ia) | (?<!mozac)fetch | monitor | validat"
    "| (?<!technology\\ )(?<!developer\\ )preview"
    "| uptime | synthetic | indexer | harvest | extract | sniff"
    "| (?<!user)(?<!user[\\ -]) agent (?![\\w:]) | check(?:er|link|s?\\b)"
    "| inspect (?:or|ion) | analy[sz]er | optimizer | favicon | sitemap"
    "| screenshot | thumb(?:shot|nail(?:s|er)) | imageproxy | transcoder"
    "| page-?\\ ?speed | plagiar"
    "| ^ (?! .* (?: \\bMobile\\b | ;\\ wv\\) )) .* (?: feed | \\brss\\b )"

    /* libraries and test tools that imitate a browser */
    "| playwright | puppeteer | selenium | phantomjs | webdriver | cypress"
    "| \\bcurl | \\bwget | python | \\bperl\\b | ruby | libwww-p | httpclient"
    "| \\bhttp_?(?:request|get|client) | \\bnutch | httrack | wkhtml"
    "| \\)\\ splash\\ "
    "| zgrab | nikto | openvas | nmap | sqlmap | nessus | qualys | acunetix"

    /* services that only add their name */
    "| \\b google[-_] (?!tv|pixel|nexus|android) | -google\\b"
    "| \\b google\\ (?:search\\ console|wireless|desktop|docs|sites)"
    "| googleweblight | google(?:other|producer|docs|hc/)"
    "| pingdom | catchpoint | dareboost | datanyze | \\bPTST | gtmetrix"
    "| \\bYLT\\b | \\brigor\\b | hardenize | silktide | linktiger | foregenix"
    "| marketgoo | turingos | watchtowr | securityheaders | dejaclick"
    "| DMBrowser | hubspot | siteimprove | semrush | ahrefs | majestic"
    "| screaming\\ frog | netcraft | site24x7 | statuscake | new\\ ?relic"
    "| datadog | ghost\\ inspector | hotjar | collapsify | cookiehub"
    "| printfriendly | readability | sindup | testlocally | newsai\\b"
    "| miniature\\.io | \\breadable\\b | \\babuse[.@] | \\bxmco\\b"
    "| criticalcss | appinsights | newsnow | manus-user | \\bdlc/"
    "| ps_daily | brandverity | evidon | criteo"
    "| (?:gpt|claude|chatgpt|perplexity|mistralai|duckassist)-?(?:user|web)"
    "| anthropic | openai | cohere | sogou\\ web";


typedef struct {
    unsigned short  len;            /* 0: the slot is free */
    unsigned char   class;
    unsigned char   row;
    unsigned char   agent[SOCIAL_AGENT_MEMO_LEN];
} social_agent_memo_t;


struct social_agent_s {
    pcre2_code             *preview;
    pcre2_code             *plain;
    pcre2_code             *bot;
    pcre2_match_data       *match;
    pcre2_match_context    *limits;
    social_agent_memo_t     memo[SOCIAL_AGENT_MEMO];
};


static pcre2_code *social_agent_compile(const char *pattern, size_t len);
static pcre2_code *social_agent_compile_previews(void);
static social_agent_class_e social_agent_judge(social_agent_t *a,
    social_str_t agent, unsigned char *row);
static uint32_t social_agent_slot(social_str_t agent);


social_agent_t *
social_agent_create(void)
{
    social_agent_t  *a;

    a = calloc(1, sizeof(social_agent_t));

    if (a == NULL) {
        return NULL;
    }

    a->preview = social_agent_compile_previews();
    a->plain = social_agent_compile(social_agent_readers,
                                    sizeof(social_agent_readers) - 1);
    a->bot = social_agent_compile(social_agent_bots,
                                  sizeof(social_agent_bots) - 1);
    a->match = pcre2_match_data_create(social_nelts(social_agent_previews) + 1,
                                       NULL);
    a->limits = pcre2_match_context_create(NULL);

    if (a->preview == NULL || a->plain == NULL || a->bot == NULL
        || a->match == NULL || a->limits == NULL)
    {
        social_agent_destroy(a);
        return NULL;
    }

    (void) pcre2_set_match_limit(a->limits, SOCIAL_AGENT_LIMIT);
    (void) pcre2_set_depth_limit(a->limits, SOCIAL_AGENT_DEPTH);

    return a;
}


void
social_agent_destroy(social_agent_t *a)
{
    if (a) {
        pcre2_code_free(a->preview);
        pcre2_code_free(a->plain);
        pcre2_code_free(a->bot);
        pcre2_match_data_free(a->match);
        pcre2_match_context_free(a->limits);
        free(a);
    }
}


social_agent_class_e
social_agent_class(social_agent_t *a, social_str_t agent,
    const social_network_t **network)
{
    unsigned char          row;
    social_str_t           id;
    social_agent_memo_t   *m;
    social_agent_class_e   class;

    m = NULL;

    if (agent.len > 0 && agent.len <= SOCIAL_AGENT_MEMO_LEN) {
        m = &a->memo[social_agent_slot(agent)];
    }

    if (m && m->len == agent.len && memcmp(m->agent, agent.data, m->len) == 0)
    {
        class = m->class;
        row = m->row;

    } else {
        class = social_agent_judge(a, agent, &row);

        if (m) {
            memcpy(m->agent, agent.data, agent.len);
            m->len = (unsigned short) agent.len;
            m->class = (unsigned char) class;
            m->row = row;
        }
    }

    if (network) {
        *network = NULL;

        if (class == SOCIAL_AGENT_PREVIEW) {
            id.data = (const unsigned char *)
                      social_agent_previews[row].network;
            id.len = strlen(social_agent_previews[row].network);
            *network = social_network_find(id);
        }
    }

    return class;
}


static social_agent_class_e
social_agent_judge(social_agent_t *a, social_str_t agent, unsigned char *row)
{
    int  rc;

    *row = 0;

    if (agent.len == 0) {
        return SOCIAL_AGENT_BOT;
    }

    if (agent.len > SOCIAL_AGENT_MAX) {
        agent.len = SOCIAL_AGENT_MAX;
    }

    rc = pcre2_match(a->plain, agent.data, agent.len, 0, 0, a->match,
                     a->limits);

    if (rc > 0) {
        return SOCIAL_AGENT_READER;
    }

    rc = pcre2_match(a->preview, agent.data, agent.len, 0, 0, a->match,
                     a->limits);

    if (rc > 1) {
        *row = (unsigned char) (rc - 2);
        return SOCIAL_AGENT_PREVIEW;
    }

    rc = pcre2_match(a->bot, agent.data, agent.len, 0, 0, a->match,
                     a->limits);

    return (rc == PCRE2_ERROR_NOMATCH) ? SOCIAL_AGENT_READER
                                       : SOCIAL_AGENT_BOT;
}


/* hashes the length and words from all parts: browsers differ in versions */

static uint32_t
social_agent_slot(social_str_t agent)
{
    size_t    i;
    uint64_t  h, word;

    h = agent.len;

    for (i = 0; i + 8 <= agent.len; i += 8) {
        memcpy(&word, agent.data + i, 8);
        h = (h ^ word) * 0x9e3779b97f4a7c15ull;
        h ^= h >> 29;
    }

    for ( /* void */ ; i < agent.len; i++) {
        h = (h ^ agent.data[i]) * 0x9e3779b97f4a7c15ull;
    }

    return (uint32_t) (h >> 40) & (SOCIAL_AGENT_MEMO - 1);
}


static pcre2_code *
social_agent_compile_previews(void)
{
    char    pattern[4096];
    size_t  i, n, row;

    n = 0;

    for (i = 0; i < social_nelts(social_agent_previews); i++) {
        row = strlen(social_agent_previews[i].pattern);

        if (n + row + 3 > sizeof(pattern)) {
            return NULL;
        }

        pattern[n++] = i ? '|' : ' ';
        pattern[n++] = '(';
        memcpy(pattern + n, social_agent_previews[i].pattern, row);
        n += row;
        pattern[n++] = ')';
    }

    return social_agent_compile(pattern, n);
}


/* without JIT the expressions still work, but more slowly */

static pcre2_code *
social_agent_compile(const char *pattern, size_t len)
{
    int          error;
    size_t       offset;
    pcre2_code  *code;

    code = pcre2_compile((PCRE2_SPTR) pattern, len,
                         PCRE2_CASELESS|PCRE2_EXTENDED|PCRE2_NEVER_UTF
                         |PCRE2_NEVER_UCP,
                         &error, &offset, NULL);

    if (code) {
        (void) pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    }

    return code;
}
