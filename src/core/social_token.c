
/*
 * Signed tokens and seals.  Owns their formats and the MAC.  Must not keep a
 * secret, use a clock or hold state.  The only file that uses libcrypto.  Any
 * thread.
 */

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "social_token.h"


#define SOCIAL_MAC_LABEL  64    /* bytes of a label */
#define SOCIAL_MAC_DATA   1024  /* bytes of data under one MAC */


static int social_token_number(social_str_t *text, int64_t *n);
static size_t social_token_base64url(const unsigned char *src, size_t n,
    char *dst);
static int social_token_unbase64url(const unsigned char *src, size_t n,
    unsigned char *dst, size_t *len);
static int social_token_base64url_value(unsigned char ch);
static int social_token_mac(const unsigned char *secret, social_str_t key,
    uint32_t week, char out[SOCIAL_MAC_TEXT + 1]);


int
social_mac(const unsigned char secret[SOCIAL_SECRET], const char *label,
    social_str_t data, unsigned char out[SOCIAL_MAC])
{
    size_t         n;
    unsigned       len;
    unsigned char  buf[SOCIAL_MAC_LABEL + 1 + SOCIAL_MAC_DATA];

    n = strlen(label);

    if (n > SOCIAL_MAC_LABEL || data.len > SOCIAL_MAC_DATA) {
        return SOCIAL_ERROR;
    }

    /* the NUL ends the label, so that one label plus data never equals
     * another */

    memcpy(buf, label, n + 1);
    n++;

    if (data.len) {
        memcpy(buf + n, data.data, data.len);
        n += data.len;
    }

    if (HMAC(EVP_sha256(), secret, SOCIAL_SECRET, buf, n, out, &len) == NULL
        || len != SOCIAL_MAC)
    {
        /* nginx would log what is left in the queue as an error of its own */
        ERR_clear_error();
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


int
social_mac_text(const unsigned char secret[SOCIAL_SECRET], const char *label,
    social_str_t data, char out[SOCIAL_MAC_TEXT + 1])
{
    unsigned char  mac[SOCIAL_MAC];

    if (social_mac(secret, label, data, mac) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    (void) social_token_base64url(mac, 16, out);

    return SOCIAL_OK;
}


/* compares encoded texts, not bytes, so that a MAC has only one spelling */

int
social_mac_same(const char *want, social_str_t text)
{
    return text.len == strlen(want)
           && CRYPTO_memcmp(want, text.data, text.len) == 0;
}


int
social_token_make(const unsigned char secret[SOCIAL_SECRET], social_str_t key,
    uint32_t week, char out[SOCIAL_TOKEN_MAX])
{
    int   rc;
    char  mac[SOCIAL_MAC_TEXT + 1];

    rc = social_token_mac(secret, key, week, mac);

    if (rc == SOCIAL_OK) {
        (void) snprintf(out, SOCIAL_TOKEN_MAX, "%lu.%s",
                        (unsigned long) week, mac);
    }

    return rc;
}


int
social_token_check(const unsigned char secret[SOCIAL_SECRET],
    social_str_t key, social_str_t token, uint32_t now_week)
{
    int      rc;
    char     mac[SOCIAL_MAC_TEXT + 1];
    int64_t  week;

    if (social_token_number(&token, &week) != SOCIAL_OK || week > UINT32_MAX) {
        return SOCIAL_DECLINED;
    }

    rc = social_token_mac(secret, key, (uint32_t) week, mac);

    if (rc != SOCIAL_OK) {
        return rc;
    }

    if (!social_mac_same(mac, token)) {
        return SOCIAL_DECLINED;
    }

    if (week > now_week || now_week - week > SOCIAL_TOKEN_WEEKS) {
        return SOCIAL_LIMIT;
    }

    return SOCIAL_OK;
}


int
social_seal_make(const unsigned char secret[SOCIAL_SECRET], const char *label,
    social_str_t name, int64_t expires, char out[SOCIAL_SEAL_MAX])
{
    size_t        n;
    social_str_t  data;

    if (name.len == 0 || name.len > SOCIAL_SEAL_NAME || expires < 0) {
        return SOCIAL_DECLINED;
    }

    n = social_token_base64url(name.data, name.len, out);
    n += (size_t) snprintf(out + n, SOCIAL_SEAL_MAX - n, ".%lld.",
                           (long long) expires);

    data.data = (unsigned char *) out;
    data.len = n;

    return social_mac_text(secret, label, data, out + n);
}


int
social_seal_check(const unsigned char secret[SOCIAL_SECRET], const char *label,
    social_str_t seal, int64_t now, unsigned char name[SOCIAL_SEAL_NAME],
    size_t *len)
{
    char                  mac[SOCIAL_MAC_TEXT + 1];
    int64_t               expires;
    social_str_t          text, rest;
    const unsigned char  *dot;

    dot = seal.len ? memchr(seal.data, '.', seal.len) : NULL;

    if (dot == NULL || seal.len >= SOCIAL_SEAL_MAX) {
        return SOCIAL_DECLINED;
    }

    rest.data = dot + 1;
    rest.len = seal.len - (size_t) (rest.data - seal.data);

    if (social_token_number(&rest, &expires) != SOCIAL_OK) {
        return SOCIAL_DECLINED;
    }

    text.data = seal.data;
    text.len = seal.len - rest.len;

    if (social_mac_text(secret, label, text, mac) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    if (!social_mac_same(mac, rest)) {
        return SOCIAL_DECLINED;
    }

    if (expires <= now) {
        return SOCIAL_LIMIT;
    }

    return social_token_unbase64url(seal.data, (size_t) (dot - seal.data), name,
                                    len);
}


static int
social_token_mac(const unsigned char *secret, social_str_t key, uint32_t week,
    char out[SOCIAL_MAC_TEXT + 1])
{
    int            n;
    social_str_t   data;
    unsigned char  buf[16 + SOCIAL_KEY_MAX];

    if (key.len > SOCIAL_KEY_MAX) {
        return SOCIAL_DECLINED;
    }

    n = snprintf((char *) buf, 16, "%lu.", (unsigned long) week);

    if (key.len) {
        memcpy(buf + n, key.data, key.len);
    }

    data.data = buf;
    data.len = (size_t) n + key.len;

    return social_mac_text(secret, "token", data, out);
}


/* reads decimal digits, without a leading zero, and the dot after them */

static int
social_token_number(social_str_t *text, int64_t *n)
{
    size_t   i;
    int64_t  value;

    value = 0;

    for (i = 0; i < text->len && text->data[i] != '.'; i++) {

        if (text->data[i] < '0' || text->data[i] > '9'
            || (i == 1 && value == 0)
            || value > (INT64_MAX - (text->data[i] - '0')) / 10)
        {
            return SOCIAL_DECLINED;
        }

        value = value * 10 + (text->data[i] - '0');
    }

    if (i == 0 || i == text->len) {
        return SOCIAL_DECLINED;
    }

    text->data += i + 1;
    text->len -= i + 1;
    *n = value;

    return SOCIAL_OK;
}


/* RFC 4648, section 5, without padding; adds a NUL */

static size_t
social_token_base64url(const unsigned char *src, size_t n, char *dst)
{
    char      *p;
    size_t     i;
    unsigned   bits, acc;

    static const char  abc[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789-_";

    p = dst;
    acc = 0;
    bits = 0;

    for (i = 0; i < n; i++) {
        acc = (acc << 8 | src[i]) & 0xffff;
        bits += 8;

        while (bits >= 6) {
            bits -= 6;
            *p++ = abc[acc >> bits & 63];
        }
    }

    if (bits) {
        *p++ = abc[acc << (6 - bits) & 63];
    }

    *p = '\0';

    return (size_t) (p - dst);
}


static int
social_token_unbase64url(const unsigned char *src, size_t n,
    unsigned char *dst, size_t *len)
{
    int       value;
    size_t    i, k;
    unsigned  bits, acc;

    k = 0;
    acc = 0;
    bits = 0;

    for (i = 0; i < n; i++) {
        value = social_token_base64url_value(src[i]);

        if (value < 0) {
            return SOCIAL_DECLINED;
        }

        acc = (acc << 6 | (unsigned) value) & 0xffff;
        bits += 6;

        if (bits >= 8) {
            if (k == SOCIAL_SEAL_NAME) {
                return SOCIAL_DECLINED;
            }

            bits -= 8;
            dst[k++] = (unsigned char) (acc >> bits);
        }
    }

    *len = k;

    return SOCIAL_OK;
}


static int
social_token_base64url_value(unsigned char ch)
{
    if (ch >= 'A' && ch <= 'Z') {
        return ch - 'A';
    }

    if (ch >= 'a' && ch <= 'z') {
        return ch - 'a' + 26;
    }

    if (ch >= '0' && ch <= '9') {
        return ch - '0' + 52;
    }

    if (ch == '-') {
        return 62;
    }

    return (ch == '_') ? 63 : -1;
}
