
/*
 * Finds the source of a visit.  Owns the order of precedence and the matching
 * of hosts, names and apps with the tables.  Must not keep anything of a
 * Referer: only a row of a table is returned.  Allocates nothing; any thread.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "social_source_table.h"


#define SOCIAL_SOURCE_TEXT   64     /* bytes of a parameter's value */
#define SOCIAL_SOURCE_HOST   253    /* bytes of a host name */
#define SOCIAL_SOURCE_AGENT  1024   /* bytes of an agent that are searched */


static const social_source_t *social_source_of_args(social_str_t args);
static const social_source_t *social_source_of_value(social_str_t value);
static const social_source_t *social_source_of_referer(social_str_t referer,
    social_str_t own);
static const social_source_t *social_source_of_host(const char *host);
static const social_source_t *social_source_of_agent(social_str_t agent);
static const social_source_t *social_source_get(const char *id);
static int social_source_param(social_str_t args, social_str_t name,
    social_str_t *value);
static size_t social_source_app(const unsigned char *p, size_t n);
static int social_source_top_level(const char *p, size_t n);
static size_t social_source_decode(social_str_t value, char *dst);
static size_t social_source_host(social_str_t authority, char *dst);


const social_source_t *
social_source(social_str_t args, social_str_t referer, social_str_t agent,
    social_str_t own_host, int article)
{
    const social_source_t  *source;

    source = social_source_of_args(args);

    if (source == NULL) {
        source = social_source_of_referer(referer, own_host);
    }

    if (source == NULL) {
        source = social_source_of_agent(agent);
    }

    return source ? source : social_source_get(article ? "dark" : "direct");
}


const social_source_t *
social_source_find(social_str_t id)
{
    size_t  i;

    for (i = 0; social_sources[i].id; i++) {

        if (id.len && social_sources[i].id[0] == (char) id.data[0]
            && strlen(social_sources[i].id) == id.len
            && memcmp(social_sources[i].id, id.data, id.len) == 0)
        {
            return &social_sources[i];
        }
    }

    return NULL;
}


static const social_source_t *
social_source_by_number(unsigned number)
{
    size_t  i;

    for (i = 0; social_sources[i].id; i++) {

        if (social_sources[i].number == number) {
            return &social_sources[i];
        }
    }

    return NULL;
}


const char *
social_source_id(unsigned number)
{
    const social_source_t  *source;

    source = social_source_by_number(number);

    return source ? source->id : NULL;
}


static const social_source_t *
social_source_get(const char *id)
{
    social_str_t  s;

    s.data = (const unsigned char *) id;
    s.len = strlen(id);

    return social_source_find(s);
}


/* a value that names a known source beats one that does not, so
 * "?utm_source=spring&ref=bluesky" is Bluesky */

static const social_source_t *
social_source_of_args(social_str_t args)
{
    size_t                  i;
    social_str_t            value;
    const social_source_t  *source, *other;

    static const social_str_t  names[] = {
        social_string("utm_source="),
        social_string("ref="),
        social_string("src="),
        social_string("source=")
    };

    other = NULL;

    for (i = 0; args.len && i < social_nelts(names); i++) {

        if (!social_source_param(args, names[i], &value)) {
            continue;
        }

        source = social_source_of_value(value);

        if (source) {
            return source;
        }

        other = social_source_get("other");
    }

    return other;
}


/* the first value of a parameter that is not empty */

static int
social_source_param(social_str_t args, social_str_t name, social_str_t *value)
{
    size_t                n;
    const unsigned char  *p, *last, *amp;

    last = args.data + args.len;

    for (p = args.data; p < last; p = amp + 1) {

        amp = memchr(p, '&', (size_t) (last - p));
        amp = amp ? amp : last;
        n = (size_t) (amp - p);

        if (n > name.len && memcmp(p, name.data, name.len) == 0) {
            value->data = p + name.len;
            value->len = n - name.len;
            return 1;
        }
    }

    return 0;
}


static const social_source_t *
social_source_of_value(social_str_t value)
{
    char                    text[SOCIAL_SOURCE_TEXT + 1];
    size_t                  i, n;
    const social_source_t  *source;

    n = social_source_decode(value, text);

    if (n == 0) {
        return NULL;
    }

    source = social_source_get(text);

    /* ids such as "direct" do not name a sender, so "?source=direct" is
     * ignored */

    if (source) {
        return (source->number > 4) ? source : NULL;
    }

    for (i = 0; social_source_names[i].text; i++) {

        if (strcmp(social_source_names[i].text, text) == 0) {
            return social_source_get(social_source_names[i].source);
        }
    }

    return social_source_of_host(text);
}


static const social_source_t *
social_source_of_referer(social_str_t referer, social_str_t own)
{
    char                    host[SOCIAL_SOURCE_HOST + 1];
    char                    self[SOCIAL_SOURCE_HOST + 1];
    size_t                  i, n;
    const social_source_t  *source;

    static const social_str_t  schemes[] = {
        social_string("https://"),
        social_string("http://"),
        social_string("android-app://"),
        social_string("ios-app://")
    };

    for (i = 0; i < social_nelts(schemes); i++) {

        if (referer.len > schemes[i].len
            && strncasecmp((const char *) referer.data,
                           (const char *) schemes[i].data, schemes[i].len)
               == 0)
        {
            break;
        }
    }

    if (i == social_nelts(schemes)) {
        return NULL;
    }

    referer.data += schemes[i].len;
    referer.len -= schemes[i].len;

    n = social_source_host(referer, host);

    if (n == 0) {
        return NULL;
    }

    if (social_source_host(own, self) == n && memcmp(host, self, n) == 0) {
        return social_source_get("internal");
    }

    source = social_source_of_host(host);

    return source ? source : social_source_get("other");
}


static int
social_source_compare(const void *text, const void *row)
{
    return strcmp(text, ((const social_source_row_t *) row)->text);
}


static const social_source_row_t *
social_source_row(const char *text)
{
    return bsearch(text, social_source_hosts, social_source_nhosts,
                   sizeof(social_source_row_t), social_source_compare);
}


/* the row of exactly this host, or of "name.*" */

static const social_source_row_t *
social_source_row_of(const char *host)
{
    char                        name[SOCIAL_SOURCE_HOST + 3];
    size_t                      k;
    const char                 *dot;
    const social_source_row_t  *row;

    row = social_source_row(host);

    for (dot = strchr(host, '.'); dot && !row; dot = strchr(dot + 1, '.')) {

        if (social_source_top_level(dot + 1, strlen(dot + 1))) {
            k = (size_t) (dot + 1 - host);
            memcpy(name, host, k);
            name[k] = '*';
            name[k + 1] = '\0';
            row = social_source_row(name);
        }
    }

    return row;
}


/* the longest row that the host ends with; a NUL is at its end */

static const social_source_t *
social_source_of_host(const char *host)
{
    const char                 *p;
    const social_source_row_t  *row;

    for (p = host; p; p = strchr(p, '.')) {
        p += (*p == '.');
        row = social_source_row_of(p);

        if (row) {
            return social_source_get(row->source);
        }
    }

    return NULL;
}


/* one of 256 bits for the two letters that a name begins with */

static inline unsigned
social_source_initial(const unsigned char *p)
{
    return (p[0] + p[1] * 85u) & 255;
}


/* the bits of all apps, made once; threads that make them at once make the
 * same */

static const uint64_t *
social_source_initials(void)
{
    size_t    i;
    unsigned  bit;
    uint64_t  initials[4];

    static uint64_t  kept[4];
    static int       ready;

    if (__atomic_load_n(&ready, __ATOMIC_ACQUIRE)) {
        return kept;
    }

    memset(initials, 0, sizeof(initials));

    for (i = 0; social_source_apps[i].text; i++) {
        bit = social_source_initial(
            (const unsigned char *) social_source_apps[i].text);
        initials[bit / 64] |= (uint64_t) 1 << bit % 64;
    }

    for (i = 0; i < 4; i++) {
        __atomic_store_n(&kept[i], initials[i], __ATOMIC_RELAXED);
    }

    __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);

    return kept;
}


/* the highest bit of each of eight bytes that is a letter of ASCII */

static inline uint64_t
social_source_letters(uint64_t bytes)
{
    uint64_t  low, from_a, after_z;

    bytes |= 0x2020202020202020ull;
    low = bytes & 0x7f7f7f7f7f7f7f7full;
    from_a = low + 0x1f1f1f1f1f1f1f1full;       /* 0x80 - 'a' */
    after_z = low + 0x0505050505050505ull;      /* 0x80 - 'z' - 1 */

    return from_a & ~after_z & ~bytes & 0x8080808080808080ull;
}


/* eight bytes, the first one lowest; zeros after the end */

static inline uint64_t
social_source_load(const unsigned char *p, size_t n)
{
    size_t    i;
    uint64_t  bytes;

#if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
    if (n >= 8) {
        memcpy(&bytes, p, 8);
        return bytes;
    }
#endif

    bytes = 0;

    for (i = 0; i < n && i < 8; i++) {
        bytes |= (uint64_t) p[i] << 8 * i;
    }

    return bytes;
}


/* looks for apps where a word begins, eight bytes a step */

static const social_source_t *
social_source_of_agent(social_str_t agent)
{
    size_t                i, at, row, best, len;
    uint64_t              letters, begins, before;
    const uint64_t       *initials;
    const unsigned char  *p;

    best = SIZE_MAX;
    before = 0;
    initials = social_source_initials();
    p = agent.data;
    len = (agent.len > SOCIAL_SOURCE_AGENT) ? SOCIAL_SOURCE_AGENT : agent.len;

    for (i = 0; i < len; i += 8) {
        letters = social_source_letters(social_source_load(p + i, len - i));
        begins = letters & ~(letters << 8 | before);
        before = letters >> 56;

        for ( /* void */ ; begins; begins &= begins - 1) {
            at = i + (size_t) __builtin_ctzll(begins) / 8;

            if (len - at < 2) {
                break;
            }

            if (initials[social_source_initial(p + at) / 64]
                >> social_source_initial(p + at) % 64 & 1)
            {
                row = social_source_app(p + at, len - at);
                best = (row < best) ? row : best;
            }
        }
    }

    return (best == SIZE_MAX) ? NULL
               : social_source_get(social_source_apps[best].source);
}


static size_t
social_source_app(const unsigned char *p, size_t n)
{
    size_t  i, k;

    for (i = 0; social_source_apps[i].text; i++) {

        if (social_source_apps[i].text[0] != (char) *p) {
            continue;
        }

        k = strlen(social_source_apps[i].text);

        if (k <= n && memcmp(p, social_source_apps[i].text, k) == 0) {
            return i;
        }
    }

    return SIZE_MAX;
}


/* 1 for a public suffix such as "de", "museum", "co.uk", "com.tr", "ne.jp" */

static int
social_source_top_level(const char *p, size_t n)
{
    size_t       i, len;
    const char  *dot;

    static const char *const  second[] = {
        "co", "com", "net", "org", "ac", "edu", "go", "gov", "ne", "or"
    };

    dot = memchr(p, '.', n);

    if (dot == NULL) {
        return n >= 2;
    }

    len = (size_t) (dot - p);

    for (i = 0; i < social_nelts(second); i++) {

        if (strlen(second[i]) == len && memcmp(second[i], p, len) == 0) {
            return n - len == 3;
        }
    }

    return 0;
}


/* percent-decodes to lower case; 0 if it is empty or not a name */

static size_t
social_source_decode(social_str_t value, char *dst)
{
    char    hex[3], *end;
    size_t  i, n;
    long    ch;

    n = 0;
    hex[2] = '\0';

    for (i = 0; i < value.len; i++) {
        ch = (value.data[i] == '+') ? ' ' : value.data[i];

        if (ch == '%') {

            if (value.len - i < 3 || !isxdigit(value.data[i + 1])) {
                return 0;
            }

            hex[0] = (char) value.data[i + 1];
            hex[1] = (char) value.data[i + 2];
            ch = strtol(hex, &end, 16);
            i += 2;

            if (*end) {
                return 0;
            }
        }

        if (n == SOCIAL_SOURCE_TEXT || ch < ' ' || ch > '~') {
            return 0;
        }

        dst[n++] = (char) ((ch >= 'A' && ch <= 'Z') ? ch | 0x20 : ch);
    }

    dst[n] = '\0';

    return n;
}


/* the host of "user@host:port/path" in lower case, without "www." and a dot at
 * the end; 0 if there is none */

static size_t
social_source_host(social_str_t authority, char *dst)
{
    size_t         i, n;
    unsigned char  ch;

    for (i = n = 0; i < authority.len; i++) {
        ch = authority.data[i];

        if (ch == '/' || ch == '?' || ch == '#' || ch == '\\') {
            break;
        }

        if (ch == '@') {
            n = 0;
            continue;
        }

        if (n == SOCIAL_SOURCE_HOST || ch <= ' ' || ch > '~') {
            return 0;
        }

        dst[n++] = (char) ((ch >= 'A' && ch <= 'Z') ? ch | 0x20 : ch);
    }

    /* cut off a port, but not the colons of "[::1]" */

    for (i = n; i && dst[i - 1] >= '0' && dst[i - 1] <= '9'; i--) { /* void */ }

    if (i && dst[i - 1] == ':') {
        n = i - 1;
    }

    if (n && dst[n - 1] == '.') {
        n--;
    }

    if (n > 4 && memcmp(dst, "www.", 4) == 0) {
        n -= 4;
        memmove(dst, dst + 4, n);
    }

    dst[n] = '\0';

    return n;
}
