
/* where a visit came from (social_source.c, _table.c): which of parameter,
 * Referer and app counts first; hosts match by suffix, never by substring */

#include "unit.h"
#include "social_source_table.h"


#define IPHONE  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) "     \
                "AppleWebKit/605.1.15 (KHTML, like Gecko) "
#define ANDROID "Mozilla/5.0 (Linux; Android 13; SM-A536B; wv) "              \
                "AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "         \
                "Chrome/131.0.0.0 Mobile Safari/537.36"


typedef struct {
    const char  *text;
    const char  *source;
} vector_t;


static const vector_t  referers[] = {
    { "https://t.co/abc", "x" }, { "https://T.CO/", "x" },
    { "https://twitter.com/", "x" }, { "https://mobile.twitter.com/", "x" },
    { "https://microsoft.com/", "other" }, { "https://at.co/", "other" },
    { "https://t.co.evil.example/", "other" },
    { "https://t.co@evil.example/", "other" },
    { "https://evil.example@t.co/", "x" },
    { "https://evil.example/t.co", "other" },
    { "https://evil.example?t.co", "other" },
    { "https://x.com:443/", "x" }, { "https://netflix.com/", "other" },
    { "https://l.facebook.com/l.php?u=x", "facebook" },
    { "http://lm.facebook.com/", "facebook" },
    { "https://l.messenger.com/", "facebook" },
    { "https://fb.me/x", "facebook" }, { "https://notfacebook.com/", "other" },
    { "https://www.instagram.com/", "instagram" },
    { "https://l.instagram.com/", "instagram" },
    { "https://www.linkedin.com/", "linkedin" },
    { "https://lnkd.in/", "linkedin" },
    { "android-app://com.linkedin.android/", "linkedin" },
    { "android-app://com.linkedin.android", "linkedin" },
    { "https://out.reddit.com/", "reddit" },
    { "https://old.reddit.com/r/x/", "reddit" },
    { "android-app://com.reddit.frontpage/", "reddit" },
    { "https://news.ycombinator.com/item?id=1", "hackernews" },
    { "https://www.ycombinator.com/", "other" },
    { "https://hn.algolia.com/", "hackernews" },
    { "https://hckrnews.com/", "hackernews" },
    { "https://lobste.rs/s/1", "lobsters" },
    { "https://go.bsky.app/", "bluesky" }, { "https://bsky.app/", "bluesky" },
    { "https://www.threads.net/", "threads" },
    { "https://l.threads.com/", "threads" },
    { "https://t.me/x", "telegram" },
    { "https://web.telegram.org/", "telegram" },
    { "android-app://org.telegram.messenger/", "telegram" },
    { "https://discord.com/", "discord" },
    { "https://discordapp.com/", "discord" },
    { "https://app.slack.com/", "slack" }, { "android-app://com.Slack/",
      "slack" },
    { "https://teams.microsoft.com/", "teams" },
    { "https://statics.teams.cdn.office.net/", "teams" },
    { "https://web.whatsapp.com/", "whatsapp" },
    { "https://wa.me/", "whatsapp" },
    { "https://mastodon.social/", "mastodon" },
    { "https://mastodon.gamedev.place/@a", "mastodon" },
    { "https://fosstodon.org/", "mastodon" },
    { "https://mastodon.online/", "mastodon" },
    { "https://mastodon.org.uk/", "mastodon" },
    { "https://mastodon.social.evil.example/", "other" },
    { "https://mastodon.evil.example/", "other" },
    { "https://notmastodon.social/", "other" },
    { "https://google.evi.de/", "other" },
    { "https://pinterest.evil.com/", "other" },
    { "https://mastodon.social@evil.example/", "other" },
    { "https://evil.example/mastodon.social", "other" },
    { "https://de.pinterest.com/", "pinterest" },
    { "https://www.pinterest.co.uk/", "pinterest" },
    { "https://www.tumblr.com/", "tumblr" },
    { "https://www.youtube.com/", "youtube" },
    { "https://feedly.com/i/", "rss" }, { "https://www.inoreader.com/",
      "rss" },
    { "android-app://org.fox.ttrss/", "rss" },
    { "https://mail.google.com/mail/", "email" },
    { "android-app://com.google.android.gm/", "email" },
    { "https://mail.yahoo.com/", "email" },
    { "https://outlook.live.com/", "email" },
    { "https://outlook.office.com/", "email" },
    { "https://mail.proton.me/", "email" },
    { "https://chatgpt.com/", "assistant" },
    { "https://www.perplexity.ai/", "assistant" },
    { "https://claude.ai/", "assistant" },
    { "https://gemini.google.com/", "assistant" },
    { "https://copilot.microsoft.com/", "assistant" },
    { "https://www.google.com/", "search" }, { "https://google.de/",
      "search" },
    { "https://www.google.co.uk/", "search" },
    { "https://www.google.com.tr/", "search" },
    { "https://news.google.com/", "search" },
    { "https://google.evil.example/", "other" },
    { "https://notgoogle.com/", "other" },
    { "https://google.com.evil.example/", "other" },
    { "android-app://com.google.android.googlequicksearchbox/", "search" },
    { "https://www.bing.com/", "search" },
    { "https://duckduckgo.com/", "search" }, { "https://www.ecosia.org/",
      "search" },
    { "https://search.brave.com/", "search" }, { "https://brave.com/",
      "other" },
    { "https://yandex.ru/", "search" }, { "https://yandex.com.tr/",
      "search" },
    { "https://www.baidu.com/", "search" }, { "https://www.qwant.com/",
      "search" },
    { "https://www.startpage.com/", "search" }, { "https://kagi.com/",
      "search" },
    { "https://blog.example/", "internal" },
    { "http://www.blog.example/x", "internal" },
    { "https://BLOG.example:8443/x", "internal" },
    { "https://blog.example./", "internal" },
    { "https://shop.blog.example/", "other" },
    { "https://someblog.example/", "other" },
    { "https://[::1]:80/", "other" },
    { "https://other.example/", "other" },
    { "", "dark" }, { "about:blank", "dark" }, { "t.co", "dark" },
    { "https://", "dark" }, { "https:///x", "dark" },
    { "https://a b/", "dark" }
};

static const vector_t  args[] = {
    { "utm_source=mastodon", "mastodon" }, { "utm_source=fb", "facebook" },
    { "utm_source=Facebook", "facebook" }, { "utm_source=ig", "instagram" },
    { "utm_source=t.co", "x" }, { "utm_source=twitter", "x" },
    { "utm_source=x", "x" }, { "ref=hn", "hackernews" },
    { "src=newsletter", "email" }, { "source=rss", "rss" },
    { "utm_source=chatgpt.com", "assistant" },
    { "utm_source=m.facebook.com", "facebook" },
    { "utm_source=news%2Eycombinator%2Ecom", "hackernews" },
    { "utm_source=Hacker+News", "hackernews" },
    { "a=1&b=2&ref=bluesky&c=3", "bluesky" },
    { "utm_source=spring&ref=bluesky", "bluesky" },
    { "ref=reddit&utm_source=linkedin", "linkedin" },
    { "utm_source=acme", "other" }, { "ref=%zz", "other" },
    { "ref=%", "other" }, { "ref=direct", "other" },
    { "ref=internal", "other" },
    { "ref=" "0123456789012345678901234567890123456789"
      "0123456789012345678901234567890123456789", "other" },
    { "utm_source=", "dark" }, { "utm_source", "dark" },
    { "xref=facebook", "dark" }, { "refx=facebook", "dark" },
    { "utm_medium=facebook", "dark" }, { "&&&", "dark" }, { "", "dark" }
};

static const vector_t  agents[] = {
    { IPHONE "Mobile/15E148 [FBAN/FBIOS;FBAV/490.0]", "facebook" },
    { ANDROID " [FB_IAB/FB4A;FBAV/492.0.0.52.97;]", "facebook" },
    { IPHONE "Mobile/15E148 Instagram 357.1.0.27.83 (iPhone14,5)",
      "instagram" },
    { IPHONE "Mobile/15E148 [FBAN/FBIOS;FBAV/4] Instagram 357.1", "instagram" },
    { IPHONE "Mobile/15E148 Barcelona 357.0 (iPhone14,5)", "threads" },
    { IPHONE "Mobile/15E148 [LinkedInApp]/9.30", "linkedin" },
    { IPHONE "Mobile/15E148 Twitter for iPhone/10.66", "x" },
    { ANDROID " TwitterAndroid", "x" },
    { IPHONE "Mobile/15E148 [Pinterest/iOS]", "pinterest" },
    { IPHONE "Mobile/15E148 Snapchat/13.14.0.43", "snapchat" },
    { ANDROID "Snapchat10.74.6.0 (SM-G973U)", "snapchat" },
    { ANDROID " trill_360905 AppName/musical_ly", "tiktok" },
    { IPHONE "Mobile/15E148 BytedanceWebview/d8a21c6", "tiktok" },
    { IPHONE "Safari Line/14.18.0", "line" },
    { ANDROID " Line/14.18.0/IAB", "line" },
    { ANDROID " OnLine/1.0", "dark" },
    { ANDROID " Telegram-Android/11.4.2", "telegram" },
    { ANDROID " MicroMessenger/8.0.53", "wechat" },
    { ANDROID, "dark" }, { IPHONE "Mobile/15E148", "dark" }, { "", "dark" }
};


static social_str_t
str(const char *text)
{
    social_str_t  s;

    s.data = (const unsigned char *) text;
    s.len = strlen(text);

    return s;
}


static social_str_t
exact(const char *text, unsigned char **copy)
{
    social_str_t  s;

    s.len = strlen(text);
    s.data = *copy = malloc(s.len ? s.len : 1);
    memcpy(*copy, text, s.len);

    return s;
}


/* every row is found, and none is hidden by a row above it */

static void
rows(void)
{
    int                         bad;
    char                        text[300];
    size_t                      i, k;
    social_str_t                none = { 0, NULL };
    const char                 *got;
    const social_source_row_t  *r;

    for (i = 0, bad = 0; social_source_hosts[i].text; i++) {
        r = &social_source_hosts[i];
        snprintf(text, sizeof(text), "https://%s", r->text);

        if (r->text[0] == '*') {
            snprintf(text, sizeof(text), "https://%s", r->text + 1);
        }

        k = strlen(text);

        if (text[k - 1] == '*') {
            strcpy(text + k - 1, "de");
        }

        got = social_source(none, str(text), none, none, 1)->id;

        if (strcmp(got, r->source) != 0) {
            printf("# %s is %s, not %s\n", text, got, r->source);
            bad++;
        }
    }

    is_int(bad, 0, "every host has its source");

    for (i = 1, bad = 0; i < social_source_nhosts; i++) {

        if (strcmp(social_source_hosts[i - 1].text, social_source_hosts[i].text)
            >= 0)
        {
            printf("# %s is not in its place\n", social_source_hosts[i].text);
            bad++;
        }
    }

    is_int(bad, 0, "the hosts are in order, each once");
    ok(social_source_hosts[i].text == NULL, "... and all of them are searched");

    for (i = 0, bad = 0; social_source_names[i].text; i++) {
        r = &social_source_names[i];
        snprintf(text, sizeof(text), "ref=%s", r->text);
        bad += strcmp(social_source(str(text), none, none, none, 1)->id,
                      r->source) != 0;
    }

    is_int(bad, 0, "every name has its source");

    for (i = 0, bad = 0; social_source_apps[i].text; i++) {
        r = &social_source_apps[i];
        bad += strcmp(social_source(none, none, str(r->text), none, 1)->id,
                      r->source) != 0;
    }

    is_int(bad, 0, "every app has its source");
}


static void
order(void)
{
    social_str_t  none = { 0, NULL }, own = str("blog.example");

    is_str(social_source(str("ref=hn"), str("https://t.co/"), none, own, 1)->id,
           "hackernews", "a parameter counts before the Referer");
    is_str(social_source(str("ref="), str("https://t.co/"), none, own, 1)->id,
           "x", "an empty parameter is ignored");
    is_str(social_source(none, str("https://t.co/"),
                         str(ANDROID " [FB_IAB/FB4A;]"), own, 1)->id,
           "x", "the Referer counts before the app");
    is_str(social_source(none, none, none, none, 1)->id, "dark",
           "no information, on an article: dark");
    is_str(social_source(none, none, none, none, 0)->id, "direct",
           "no information, on another page: direct");
    is_str(social_source(none, str("https://blog.example/"), none,
                         str("www.blog.example:8080"), 0)->id, "internal",
           "the site's own host, with www. and a port");
}


int
main(void)
{
    unsigned                 i, n;
    social_str_t             none = { 0, NULL }, own = str("blog.example");
    unsigned char           *copy;
    const char              *id;
    const social_source_t   *s;

    n = 0;

    for (i = 1; i < 256; i++) {
        id = social_source_id(i);

        if (id == NULL) {
            continue;
        }

        s = social_source_find(str(id));
        ok(s != NULL && s->number == i && strlen(id) < 20, "%s", id);
        ok(i <= 64, "beacons try the numbers up to 64: %s", id);
        n++;
    }

    ok(n > 30, "%u sources", n);

    ok(social_source_find(str("acme")) == NULL
       && social_source_find(str("")) == NULL
       && social_source_id(0) == NULL, "unknown sources are not found");

    for (i = 0; i < social_nelts(referers); i++) {
        is_str(social_source(none, exact(referers[i].text, &copy), none, own,
                             1)->id, referers[i].source, referers[i].text);
        free(copy);
    }

    for (i = 0; i < social_nelts(args); i++) {
        is_str(social_source(exact(args[i].text, &copy), none, none, own,
                             1)->id, args[i].source, args[i].text);
        free(copy);
    }

    for (i = 0; i < social_nelts(agents); i++) {
        is_str(social_source(none, none, exact(agents[i].text, &copy), own,
                             1)->id, agents[i].source, agents[i].text);
        free(copy);
    }

    rows();
    order();

    return done();
}
