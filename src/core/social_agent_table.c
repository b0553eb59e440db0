
/*
 * The tables that tell link previews, readers and robots apart by their
 * User-Agent: what is matched, and what it means.  Constant data only;
 * social_agent.c makes one expression of each.  Checked 2026-11.
 *
 * Extended syntax: blanks are ignored, "\\ " is one.
 */

#include <stddef.h>

#include "social_agent_table.h"


/*
 * Fetchers of link previews.  One capture group per row, so the number of the
 * group that matched is the row.  Upper rows win where two match at the same
 * position: iMessage, LINE and KakaoTalk, among others, also carry Facebook's
 * name.
 */

const social_agent_preview_t  social_agent_previews[] = {
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
                   "google\\.com/\\+/web/snippet | \\bgooglemessages/" },

    { NULL, NULL }
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

const char  social_agent_readers[] =

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
 * All other clients that are not readers.  The device is first: it may be named
 * FOSSiBOT or Spider 8, so it is skipped.  Of what remains, any row makes a
 * robot, and the first row that matches says of which kind.
 */

const char  social_agent_skip[] =

    "\\( " social_agent_device " \\) (*SKIP)(*FAIL)";


const social_agent_row_t  social_agent_robots[] = {

    /* what answers, or learns from, articles */

    { SOCIAL_AGENT_ROBOT_AI,
      "(?:gpt|claude|perplexity|mistralai|duckassist|amzn)-?(?:user|web|bot)"
      "| oai-search | openai | anthropic | claude-(?:search|code) | cohere"
      "| bytespider | amazonbot | google-(?:extended|cloudvertex|notebooklm)"
      "| google-agent | gemini-deep | ccbot | meta-(?:external|webindexer)"
      "| facebookbot | applebot-extended | diffbot | youbot | ai2bot | omgili"
      "| imagesift | timpibot | img2dataset | manus-user | novaact | firecrawl"
      "| tavily | deepseekbot" },

    { SOCIAL_AGENT_ROBOT_FEED,
      "^ (?! .* (?: \\bMobile\\b | ;\\ wv\\) )) .* (?: feed | \\brss\\b"
      "| \\bsubscribers\\b )"
      "| \\b(?:FreshRSS|Tiny\\ Tiny|Miniflux/|NewsBlur\\ |Inoreader/)" },

    { SOCIAL_AGENT_ROBOT_MONITOR,
      "monitor | uptime | synthetic | pingdom | catchpoint | dareboost"
      "| \\bPTST | gtmetrix | \\bYLT\\b | \\brigor\\b | lighthouse"
      "| page-?\\ ?speed | statuscake | site24x7 | new\\ ?relic | datadog"
      "| ghost\\ inspector | dejaclick | iplabel | yunjiankong | validat"
      "| check(?:er|link|s?\\b) | health-?check | cloudflare(?:obs|diag)"
      "| (?<![a-z])updown | \\bnagios | zabbix | freshping | hetrix"
      "| measurement" },

    { SOCIAL_AGENT_ROBOT_HEADLESS,
      "headless | playwright | puppeteer | selenium | phantomjs | webdriver"
      "| cypress | \\)\\ splash\\ | wkhtml | screenshot"
      "| thumb(?:shot|nail(?:s|er)) | \\bprerender | \\bFunctionize" },

    { SOCIAL_AGENT_ROBOT_LIBRARY,
      "\\bcurl | \\bwget | python | \\bperl\\b | ruby | libwww-p | httpclient"
      "| \\bhttp_?(?:request|get|client) | ^okhttp | ^axios | ^node-fetch"
      "| ^got\\b | ^Go-http | \\bGuzzle | \\baiohttp | ^HTTPie | ^PHP"
      "| ^Faraday | ^undici | ^reqwest | ^Apache-Http | ^lua-resty"
      "| ^Java/ | \\) \\ Java/1\\. | ^Dart/ | ^Deno/ | ^Bun/ | ^RestSharp"
      "| ^Typhoeus | ^http\\.rb | ^Jakarta | ^LWP" },

    /* words for robots */

    { SOCIAL_AGENT_ROBOT_CRAWLER,
      "(?<!cu)(?<!fossi)(?<!\\bca)(?<!\\bfu)(?<!\\btur)"
      "bot (?! tle | ech[;\\ ] )"
      "| crawl | spider | slurp | scrap[eiy] | \\barchiv"
      "| (?<!cam)scan (?!pal|ia) | (?<!mozac)fetch | indexer | harvest"
      "| extract | sitemap | \\bnutch | httrack | sogou\\ web | semrush"
      "| ahrefs | majestic(?:-|seo) | screaming\\ frog | qcloudcdn | classifier"
      "| prospecting | heritrix | findlinks | ichiro | coccoc | gigablast"
      "| qwantify | teoma | daumoa" },

    /* an address to complain to: a URL, an e-mail address or a host name */

    { SOCIAL_AGENT_ROBOT_OTHER,
      "(?<!Browser\\ from:\\ http) ://"
      "| [\\w.+-]+ @ (?:[\\w-]+\\.)+ [a-z]{2,}"
      "| [[({\\s_-] at [])}\\s_;-] \\s* [\\w-]+ (?: \\. | \\s* \\(? dot )"
      "| \\bwww\\."
      "| (?<![\\w.-]) (?!bsalsa\\.|ask\\.com\\ mobile)"
      "[a-z0-9-]{2,} (?:\\.[a-z0-9-]{2,})* "
      "\\. (?:com|org|net|io|ai|info|dev|app|co|eu) (?! [\\w.-] | /\\d )" },

    /* none of the marks that browsers, phones and apps carry */

    { SOCIAL_AGENT_ROBOT_OTHER,
      "^ (?! .* (?:"
      "Mozilla/[1-6] | Opera | WebKit | Gecko/ | KHTML | Konqueror/"
      "| MIDP | UP\\.(?:Browser|Link) | Obigo | NetFront | UCWEB"
      "| UC\\ ?Browser | WAP | DoCoMo | J-PHONE | Symbian | MAUI"
      "| Browser/ | Dalvik/ | CFNetwork/ | HbbTV | Smart-?TV | Roku | Tizen"
      "| Mosaic | ^(?:Lynx|E?Links|w3m|Dillo|NetSurf|IBrowse|iTunes|LG|MOT|SEC"
      "|SIE|portalmmm|amaya|HotJava|Bunjalloo)\\b"
      "| ^(?:SonyEricsson|Nokia|BlackBerry|SAMSUNG|Amiga) ) )"
      "| ^ Mozilla/5\\.\\d+ (?! .* (?:"
      "Gecko | WebKit | KHTML | MSIE | Trident | Opera | Presto | NetFront"
      "| PlayStation | PSP | Nintendo | Browser | Servo/ | Goanna/ | Firefox/"
      "| Ladybird/ | Classilla | SMART-TV | Roku | IPTV | \\(compatible ) )" },

    /* "compatible;" and not one of the browsers that send it */

    { SOCIAL_AGENT_ROBOT_OTHER,
      "\\b compatible \\s*+ ; \\s*+ (?:U;\\s*+)?+ "
      "(?! MSIE\\ \\d | MSPIE | Konqueror | IBrowse | ABrowse | Dillo"
      "| NetPositive | WebPositive | OmniWeb | iCab | AvantGo | Amiga"
      "| Linux\\ (?:2|mips) | Windows | InfiNet | NCBrowser | ANTGalio"
      "| Origyn | OffByOne | RISC\\ OS | Polaris )"
      "| ^ Mozilla/[4-6]\\.0\\ \\(compatible\\) $" },

    /* a name where browsers have none: in front of an agent, after it, or next
     * to "like Gecko" */

    { SOCIAL_AGENT_ROBOT_OTHER,
      "^ [\\w.-]+/[\\d.]+ \\ Mozilla/5\\.0\\ \\((?:Macintosh|Windows\\ NT|X11)"
      "| ^ [\\w/.]+ [,|] \\ ?Mozilla/5"
      "| Chrome/[\\d.]+ (?:\\ Mobile)? \\ Safari/[\\d.]+ ;\\ *"
      "(?!sitekiosk|freetime) [a-z]"
      "| like\\ Gecko [;,] \\s*+ (?! Safari | Mobile | Version | Chrome"
      "| HEVC | Opera )"
      "| Chrome/W\\. | ^Mozilla/[\\d.]+$ | ^Mozilla/4\\.0\\ \\(Hydra"
      "| Firefox/[\\d.]+\\ Time/\\d{9} | Firefox/firefoxversion" },

    /* services that only add their name, and test tools */

    { SOCIAL_AGENT_ROBOT_OTHER,
      "(?<!technology\\ )(?<!developer\\ )preview"
      "| sniff | (?<!user)(?<!user[\\ -])(?<!\\bdev_u_) agent (?![\\w:])"
      "| inspect (?:or|ion) | analy[sz]er | optimizer | favicon"
      "| imageproxy | transcoder | plagiar"
      "| zgrab | nikto | openvas | nmap | sqlmap | nessus | qualys | acunetix"
      "| \\b google[-_] (?!tv|pixel|nexus|android) | -google\\b"
      "| \\b google\\ (?:search\\ console|wireless|desktop|docs|sites)"
      "| googleweblight | google(?:other|producer|docs|hc/)"
      "| datanyze | hardenize | silktide | linktiger | foregenix"
      "| marketgoo | turingos | watchtowr | securityheaders"
      "| DMBrowser | hubspot | siteimprove | netcraft | hotjar | collapsify"
      "| cookiehub | printfriendly | readability | sindup | testlocally"
      "| newsai\\b | miniature\\.io | \\breadable\\b | \\babuse[.@]"
      "| \\bxmco\\b | criticalcss | appinsights | newsnow | \\bdlc/ | ps_daily"
      "| brandverity | evidon | criteo | \\bMixnode\\b | \\bSparkler/"
      "| \\bHLB/ | \\bConvertify\\b | \\bAssetnote | \\bthumbor"
      "| load_file\\(" },

    { SOCIAL_AGENT_ROBOT_NONE, NULL }
};


/* in the order of social_agent_robot_e */

const char *const  social_agent_robot_ids[] = {
    "nameless", "ai", "feed", "monitor", "headless", "library", "crawler",
    "other"
};
