
/* page tokens and seals: which are valid, forged or expired */

#include "unit.h"
#include "social_token.h"


static unsigned char  secret[SOCIAL_SECRET], other[SOCIAL_SECRET];


static social_str_t
str(const char *text)
{
    social_str_t  s;

    s.data = (const unsigned char *) text;
    s.len = strlen(text);

    return s;
}


static int
check(const char *token, uint32_t week)
{
    return social_token_check(secret, str("/posts/one/"), str(token), week);
}


static void
mac(void)
{
    int            i;
    char           hex[65];
    unsigned char  out[SOCIAL_MAC], again[SOCIAL_MAC];
    social_str_t   long_data;
    static unsigned char  big[1025];

    is_int(social_mac(secret, "a", str("b"), out), SOCIAL_OK, "a MAC");

    for (i = 0; i < SOCIAL_MAC; i++) {
        sprintf(hex + 2 * i, "%02x", out[i]);
    }

    /* printf 'a\0b' | openssl dgst -sha256 -mac hmac -macopt hexkey:00... */

    is_str(hex, "5f4c8963bfc503bf0ef713905dd7bfdd"
           "a9467de404901ca908222c4938d0f385",
           "it is HMAC-SHA256 of label, NUL, data");

    social_mac(secret, "ab", str(""), again);
    ok(memcmp(out, again, SOCIAL_MAC) != 0,
       "the boundary of label and data matters");

    social_mac(secret, "c", str("b"), again);
    ok(memcmp(out, again, SOCIAL_MAC) != 0, "another label, another MAC");

    social_mac(other, "a", str("b"), again);
    ok(memcmp(out, again, SOCIAL_MAC) != 0, "another secret, another MAC");

    long_data.data = big;
    long_data.len = sizeof(big);
    is_int(social_mac(secret, "a", long_data, out), SOCIAL_ERROR,
           "more data than allowed");
}


static void
token(void)
{
    int           bad;
    char          t[SOCIAL_TOKEN_MAX], u[SOCIAL_TOKEN_MAX + 1];
    size_t        i, n;
    uint32_t      w;
    unsigned      bit;
    social_str_t  key;
    static unsigned char  big[SOCIAL_KEY_MAX + 1];

    is_int(social_token_make(secret, str("/posts/one/"), 2968, t), SOCIAL_OK,
           "a token");
    ok(strncmp(t, "2968.", 5) == 0 && strlen(t) == 5 + SOCIAL_MAC_TEXT,
       "its form: %s", t);

    for (w = 2968; w <= 2976; w++) {
        ok(check(t, w) == SOCIAL_OK, "good %u weeks later", w - 2968);
    }

    is_int(check(t, 2977), SOCIAL_LIMIT, "expired after nine weeks");
    is_int(check(t, UINT32_MAX), SOCIAL_LIMIT,
           "expired at the latest possible week");
    is_int(check(t, 2967), SOCIAL_LIMIT, "a token of a future week");

    is_int(social_token_check(secret, str("/posts/two/"), str(t), 2968),
           SOCIAL_DECLINED, "another page");
    is_int(social_token_check(other, str("/posts/one/"), str(t), 2968),
           SOCIAL_DECLINED, "another site");

    n = strlen(t);

    for (i = 0, bad = 0; i < n; i++) {
        for (bit = 0; bit < 8; bit++) {
            strcpy(u, t);
            u[i] = (char) (u[i] ^ (1 << bit));
            bad += (social_token_check(secret, str("/posts/one/"),
                                       (social_str_t) { n, (void *) u },
                                       2968)
                    != SOCIAL_DECLINED);
        }
    }

    is_int(bad, 0, "a token with any flipped bit is refused");

    for (i = 0, bad = 0; i < n; i++) {
        strcpy(u, t);
        u[i] = '\0';
        bad += (check(u, 2968) != SOCIAL_DECLINED);
    }

    is_int(bad, 0, "a shortened token is refused");

    sprintf(u, "%sA", t);
    is_int(check(u, 2968), SOCIAL_DECLINED, "a token with one character more");
    sprintf(u, "02968%s", t + 4);
    is_int(check(u, 2968), SOCIAL_DECLINED, "a leading zero");
    sprintf(u, "2969%s", t + 4);
    is_int(check(u, 2969), SOCIAL_DECLINED, "a MAC of another week");
    is_int(check("99999999999999999999.a", 1), SOCIAL_DECLINED, "overflow");
    is_int(check("4294967296.a", 1), SOCIAL_DECLINED, "33 bits");
    is_int(check("-1.a", 1), SOCIAL_DECLINED, "negative");
    is_int(check(".", 1), SOCIAL_DECLINED, "a dot");
    is_int(social_token_check(secret, str("/"), (social_str_t) { 0, NULL },
                              1), SOCIAL_DECLINED, "no token");

    key.data = big;
    key.len = sizeof(big);
    is_int(social_token_make(secret, key, 1, t), SOCIAL_DECLINED,
           "a key too long");
    is_int(social_token_make(secret, (social_str_t) { 0, NULL }, UINT32_MAX,
                             t), SOCIAL_OK, "an empty key, the last week");
}


static void
seal(void)
{
    int            bad;
    char           s[SOCIAL_SEAL_MAX], t[SOCIAL_SEAL_MAX + 1];
    size_t         i, n, len;
    unsigned char  name[SOCIAL_SEAL_NAME], big[SOCIAL_SEAL_NAME + 1];
    social_str_t   str_big = { SOCIAL_SEAL_NAME, big };

    is_int(social_seal_make(secret, SOCIAL_SEAL_AUTHOR,
                            str("J\xc3\xbcrgen; x=\""), 1000, s),
           SOCIAL_OK, "a seal");
    ok(strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
              "0123456789-_.") == strlen(s),
       "only characters that are safe in a cookie: %s", s);

    is_int(social_seal_check(secret, SOCIAL_SEAL_AUTHOR, str(s), 999, name,
                             &len), SOCIAL_OK, "valid before it expires");
    ok(len == 12 && memcmp(name, "J\xc3\xbcrgen; x=\"", len) == 0,
       "the name is returned");
    is_int(social_seal_check(secret, SOCIAL_SEAL_AUTHOR, str(s), 1000, name,
                             &len), SOCIAL_LIMIT,
           "expired at the second when it ends");
    is_int(social_seal_check(secret, SOCIAL_SEAL_COMMENTER, str(s), 1, name,
                             &len), SOCIAL_DECLINED,
           "a seal of another purpose");
    is_int(social_seal_check(other, SOCIAL_SEAL_AUTHOR, str(s), 1, name,
                             &len), SOCIAL_DECLINED, "a seal of another site");

    n = strlen(s);

    for (i = 0, bad = 0; i < n; i++) {
        strcpy(t, s);
        t[i] ^= 1;
        bad += (social_seal_check(secret, SOCIAL_SEAL_AUTHOR, str(t), 1, name,
                                  &len) != SOCIAL_DECLINED);
        t[i] = '\0';
        bad += (social_seal_check(secret, SOCIAL_SEAL_AUTHOR, str(t), 1, name,
                                  &len) != SOCIAL_DECLINED);
    }

    is_int(bad, 0, "every changed or shortened seal is refused");

    strcpy(t, s);
    strcat(t, "A");
    is_int(social_seal_check(secret, SOCIAL_SEAL_AUTHOR, str(t), 1, name,
                             &len), SOCIAL_DECLINED,
           "a seal with one character more");
    is_int(social_seal_check(secret, "a", (social_str_t) { 0, NULL }, 1, name,
                             &len), SOCIAL_DECLINED, "an empty seal");

    for (i = 0; i < sizeof(big); i++) {
        big[i] = (unsigned char) i;
    }

    is_int(social_seal_make(secret, "a", str_big, INT64_MAX, s), SOCIAL_OK,
           "the longest name");
    is_int(social_seal_check(secret, "a", str(s), 1, name, &len), SOCIAL_OK,
           "... is read");
    ok(len == SOCIAL_SEAL_NAME && memcmp(name, big, len) == 0,
       "... and returned, every byte");

    str_big.len++;
    is_int(social_seal_make(secret, "a", str_big, 1, s), SOCIAL_DECLINED,
           "a name too long");
    str_big.len = 0;
    is_int(social_seal_make(secret, "a", str_big, 1, s), SOCIAL_DECLINED,
           "an empty name");
    is_int(social_seal_make(secret, "a", str("x"), -1, s), SOCIAL_DECLINED,
           "an end before 1970");
}


int
main(void)
{
    memset(secret, 0, sizeof(secret));
    memset(other, 1, sizeof(other));

    mac();
    token();
    seal();

    return done();
}
