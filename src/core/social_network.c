
/*
 * Owns the table of networks and the share addresses made from it.  Must not
 * fetch anything or know a request; allocates only through social_out.  Any
 * thread.
 */

#include <string.h>
#include <strings.h>

#include "social_network.h"


#define social_network_checked  "2026-11"


/*
 * In the order to show.  Stores contain the numbers: append new ones, never
 * renumber.  Ad blockers' lists contain most of these ids as class names, so
 * pages must not use them in class names.
 */

static const social_network_t  social_networks[] = {

    { 1, "mastodon", "Mastodon", SOCIAL_NETWORK_MASTODON,
      "https://share.joinmastodon.org/#text={tu}",
      1, 0, social_network_checked, NULL },

    { 2, "bluesky", "Bluesky", SOCIAL_NETWORK_LINK,
      "https://bsky.app/intent/compose?text={tu}",
      1, 0, social_network_checked, NULL },

    { 3, "facebook", "Facebook", SOCIAL_NETWORK_LINK,
      "https://www.facebook.com/sharer/sharer.php?u={u}",
      1, 0, social_network_checked, NULL },

    { 4, "linkedin", "LinkedIn", SOCIAL_NETWORK_LINK,
      "https://www.linkedin.com/sharing/share-offsite/?url={u}",
      1, 0, social_network_checked, NULL },

    { 5, "reddit", "Reddit", SOCIAL_NETWORK_LINK,
      "https://www.reddit.com/submit?url={u}&title={t}",
      1, 0, social_network_checked, NULL },

    { 6, "x", "X", SOCIAL_NETWORK_LINK,
      "https://x.com/intent/post?text={t}&url={u}",
      1, 0, social_network_checked, NULL },

    { 7, "whatsapp", "WhatsApp", SOCIAL_NETWORK_LINK,
      "https://wa.me/?text={tu}",
      1, 0, social_network_checked, NULL },

    { 8, "email", "E-mail", SOCIAL_NETWORK_EMAIL,
      "mailto:?subject={t}&body={tu}",
      1, 0, social_network_checked, NULL },

    { 9, "copy", "Copy link", SOCIAL_NETWORK_COPY, NULL,
      1, 0, social_network_checked, NULL },

    { 10, "native", "Share", SOCIAL_NETWORK_NATIVE, NULL,
      1, 0, social_network_checked, NULL },

    { 11, "threads", "Threads", SOCIAL_NETWORK_LINK,
      "https://www.threads.com/intent/post?url={u}&text={t}",
      0, 0, social_network_checked, NULL },

    { 12, "telegram", "Telegram", SOCIAL_NETWORK_LINK,
      "https://t.me/share/url?url={u}&text={t}",
      0, 0, social_network_checked, NULL },

    { 13, "hackernews", "Hacker News", SOCIAL_NETWORK_LINK,
      "https://news.ycombinator.com/submitlink?u={u}&t={t}",
      0, 0, social_network_checked, NULL },

    { 14, "lobsters", "Lobsters", SOCIAL_NETWORK_LINK,
      "https://lobste.rs/stories/new?url={u}&title={t}",
      0, 0, social_network_checked, NULL },

    { 15, "pinterest", "Pinterest", SOCIAL_NETWORK_LINK,
      "https://www.pinterest.com/pin/create/button/"
      "?url={u}&media={img}&description={t}",
      0, 1, social_network_checked, NULL },

    { 16, "tumblr", "Tumblr", SOCIAL_NETWORK_LINK,
      "https://www.tumblr.com/widgets/share/tool"
      "?posttype=link&canonicalUrl={u}&content={u}&title={t}",
      0, 0, social_network_checked, NULL },

    { 17, "xing", "XING", SOCIAL_NETWORK_LINK,
      "https://www.xing.com/spi/shares/new?url={u}",
      0, 0, social_network_checked, NULL },

    { 18, "vk", "VK", SOCIAL_NETWORK_LINK,
      "https://vk.com/share.php?url={u}&title={t}",
      0, 0, social_network_checked, NULL },

    { 19, "flipboard", "Flipboard", SOCIAL_NETWORK_LINK,
      "https://share.flipboard.com/bookmarklet/popout?v=2&title={t}&url={u}",
      0, 0, social_network_checked, NULL },

    { 20, "buffer", "Buffer", SOCIAL_NETWORK_LINK,
      "https://buffer.com/add?text={t}&url={u}",
      0, 0, social_network_checked, NULL },

    { 21, "diaspora", "diaspora*", SOCIAL_NETWORK_LINK,
      "https://share.diasporafoundation.org/?url={u}&title={t}",
      0, 0, social_network_checked, NULL },

    /* chats and embedders that fetch a preview of a pasted link */

    { 32, "slack", "Slack", SOCIAL_NETWORK_PREVIEW, NULL,
      0, 0, social_network_checked, NULL },
    { 33, "discord", "Discord", SOCIAL_NETWORK_PREVIEW, NULL,
      0, 0, social_network_checked, NULL },
    { 34, "teams", "Microsoft Teams", SOCIAL_NETWORK_PREVIEW, NULL,
      0, 0, social_network_checked, NULL },
    { 35, "embed", "Embedding services", SOCIAL_NETWORK_PREVIEW, NULL,
      0, 0, social_network_checked, NULL },
    { 36, "other", "Other previews", SOCIAL_NETWORK_PREVIEW, NULL,
      0, 0, social_network_checked, NULL },

    { 64, "pocket", "Pocket", SOCIAL_NETWORK_DEAD, NULL,
      0, 0, social_network_checked, "2025-07" },
    { 65, "stumbleupon", "StumbleUpon", SOCIAL_NETWORK_DEAD, NULL,
      0, 0, social_network_checked, "2018-06" },
    { 66, "flattr", "Flattr", SOCIAL_NETWORK_DEAD, NULL,
      0, 0, social_network_checked, "2024-01" },
    { 67, "delicious", "Delicious", SOCIAL_NETWORK_DEAD, NULL,
      0, 0, social_network_checked, "2017-06" },
    { 68, "google-bookmarks", "Google Bookmarks", SOCIAL_NETWORK_DEAD, NULL,
      0, 0, social_network_checked, "2021-09" },
    { 69, "digg-submit", "Digg", SOCIAL_NETWORK_DEAD, NULL,
      0, 0, social_network_checked, "2012-07" }
};


static const char *social_network_fill(social_out_t *out, const char *p,
    int mail, social_str_t url, social_str_t title, social_str_t img);
static void social_network_put(social_out_t *out, social_str_t text, int mail);
static social_str_t social_network_trim(social_str_t text);
static int social_network_is_host(const char *host, size_t n);
static int social_network_is_port(const char *port, size_t n);


const social_network_t *
social_network_find(social_str_t id)
{
    size_t  i;

    for (i = 0; i < social_nelts(social_networks); i++) {

        if (strlen(social_networks[i].id) == id.len && id.len
            && memcmp(social_networks[i].id, id.data, id.len) == 0)
        {
            return &social_networks[i];
        }
    }

    return NULL;
}


const social_network_t *
social_network_by_number(unsigned number)
{
    size_t  i;

    for (i = 0; i < social_nelts(social_networks); i++) {

        if (social_networks[i].number == number) {
            return &social_networks[i];
        }
    }

    return NULL;
}


const social_network_t *
social_network_at(unsigned i)
{
    return (i < social_nelts(social_networks)) ? &social_networks[i] : NULL;
}


int
social_network_shareable(const social_network_t *net)
{
    return net->kind != SOCIAL_NETWORK_PREVIEW
           && net->kind != SOCIAL_NETWORK_DEAD;
}


int
social_network_url(const social_network_t *net, social_out_t *out,
    social_str_t url, social_str_t title, social_str_t img,
    social_str_t instance)
{
    char         host[SOCIAL_NETWORK_INSTANCE + 1];
    const char  *p;

    p = net->url;

    if (p == NULL) {
        return SOCIAL_DECLINED;
    }

    if (net->kind == SOCIAL_NETWORK_MASTODON && instance.len) {

        if (social_network_instance(instance, host) != SOCIAL_OK) {
            return SOCIAL_DECLINED;
        }

        /* the path is fixed, so a host that a reader typed cannot redirect
         * elsewhere */

        social_out_text(out, "https://");
        social_out_text(out, host);
        p = "/share?text={tu}";
    }

    while (*p) {
        p = social_network_fill(out, p, net->kind == SOCIAL_NETWORK_EMAIL,
                                url, title, img);
    }

    return SOCIAL_OK;
}


/* writes one placeholder, or the text up to the next one */

static const char *
social_network_fill(social_out_t *out, const char *p, int mail,
    social_str_t url, social_str_t title, social_str_t img)
{
    size_t  n;

    if (strncmp(p, "{u}", 3) == 0) {
        social_network_put(out, url, mail);
        return p + 3;
    }

    if (strncmp(p, "{t}", 3) == 0) {
        social_network_put(out, title, mail);
        return p + 3;
    }

    if (strncmp(p, "{tu}", 4) == 0) {

        if (title.len) {
            social_network_put(out, title, mail);
            social_out_text(out, mail ? "%0D%0A" : "%0A");
        }

        social_network_put(out, url, mail);
        return p + 4;
    }

    if (strncmp(p, "{img}", 5) == 0) {
        social_network_put(out, img, mail);
        return p + 5;
    }

    n = 1 + strcspn(p + 1, "{");
    social_out_bytes(out, p, n);

    return p + n;
}


/* in a mailto: address every line break becomes CRLF (RFC 6068) */

static void
social_network_put(social_out_t *out, social_str_t text, int mail)
{
    size_t  i, from;

    if (text.len == 0) {
        return;
    }

    for (i = from = 0; mail && i < text.len; i++) {

        if (text.data[i] != '\n' && text.data[i] != '\r') {
            continue;
        }

        social_out_query(out, text.data + from, i - from);
        social_out_text(out, "%0D%0A");

        if (text.data[i] == '\r' && i + 1 < text.len
            && text.data[i + 1] == '\n')
        {
            i++;
        }

        from = i + 1;
    }

    social_out_query(out, text.data + from, text.len - from);
}


int
social_network_instance(social_str_t text,
    char out[SOCIAL_NETWORK_INSTANCE + 1])
{
    char    *colon;
    size_t   i, n;

    text = social_network_trim(text);

    if (text.len == 0 || text.len > SOCIAL_NETWORK_INSTANCE) {
        return SOCIAL_DECLINED;
    }

    for (i = 0; i < text.len; i++) {
        out[i] = (text.data[i] >= 'A' && text.data[i] <= 'Z')
                     ? (char) (text.data[i] | 0x20) : (char) text.data[i];
    }

    out[i] = '\0';

    /* strchr() stops at a NUL inside, is_host() sees it */

    colon = strchr(out, ':');
    n = colon ? (size_t) (colon - out) : i;

    if (colon && !social_network_is_port(colon + 1, i - n - 1)) {
        return SOCIAL_DECLINED;
    }

    return social_network_is_host(out, n) ? SOCIAL_OK : SOCIAL_DECLINED;
}


/* cuts off blanks, scheme and path, or the "@me" before "@host" */

static social_str_t
social_network_trim(social_str_t text)
{
    const unsigned char  *p;

    while (text.len && text.data[0] <= ' ') {
        text.data++;
        text.len--;
    }

    while (text.len && text.data[text.len - 1] <= ' ') {
        text.len--;
    }

    if (text.len == 0) {
        return text;
    }

    if (text.len > 8
        && strncasecmp((const char *) text.data, "https://", 8) == 0)
    {
        text.data += 8;
        text.len -= 8;

        p = memchr(text.data, '/', text.len);

        if (p) {
            text.len = (size_t) (p - text.data);
        }

        return text;
    }

    p = memrchr(text.data, '@', text.len);

    if (p) {
        text.len -= (size_t) (p + 1 - text.data);
        text.data = p + 1;
    }

    return text;
}


/*
 * 1 if it is a host name of at least two labels, none empty.  The last one
 * begins with a letter, so IP addresses and localhost are refused.
 */

static int
social_network_is_host(const char *host, size_t n)
{
    size_t  i, label, labels;

    labels = 0;
    label = 0;

    for (i = 0; i <= n; i++) {

        if (i < n && host[i] != '.') {

            if (!((host[i] >= 'a' && host[i] <= 'z')
                  || (host[i] >= '0' && host[i] <= '9')
                  || host[i] == '-'))
            {
                return 0;
            }

            continue;
        }

        if (i == label || i - label > 63 || host[label] == '-'
            || host[i - 1] == '-')
        {
            return 0;
        }

        labels++;

        if (i < n) {
            label = i + 1;
        }
    }

    return labels > 1 && host[label] >= 'a' && host[label] <= 'z'
           && !(n - label == 9 && memcmp(host + label, "localhost", 9) == 0);
}


static int
social_network_is_port(const char *port, size_t n)
{
    size_t    i;
    unsigned  value;

    value = 0;

    for (i = 0; i < n && i < 6; i++) {

        if (port[i] < '0' || port[i] > '9') {
            return 0;
        }

        value = value * 10 + (unsigned) (port[i] - '0');
    }

    return n > 0 && n < 6 && value > 0 && value < 65536;
}
