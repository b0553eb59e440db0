
/*
 * How like spam a comment is: the sum of what its tokens say.
 *
 * A token says log2(spam odds): how much more often spam had it than honest
 * comments, drawn towards nothing while few comments had it (Robinson, "A
 * statistical approach to the spam problem", 2003).  Only the tokens that say
 * most are added up, since words come together and each would count again.
 *
 * Must not use floating point: machines would differ in the last digit.
 */

#include <string.h>
#include <strings.h>

#include "social_judge.h"


/*
 * Found by leaving out one family of spam, or one topic of honest comments,
 * after another from what t/corpora/comments trains; never by what it tests.
 */

#define SOCIAL_JUDGE_STRENGTH  10       /* a token begins with so many comments
                                         * that say nothing */
#define SOCIAL_JUDGE_STRONGEST 16       /* tokens that are added up */
#define SOCIAL_JUDGE_UNIT      1024     /* is one, in logarithms */
#define SOCIAL_JUDGE_CLAMP     (5 * SOCIAL_JUDGE_UNIT)  /* of a token */
#define SOCIAL_JUDGE_LIMIT     (2 * SOCIAL_JUDGE_UNIT)  /* from here on, held */

#define SOCIAL_JUDGE_COUNT     ((int64_t) 1 << 20)  /* larger counts are halved
                                                     * until they are less */
#define SOCIAL_JUDGE_NAMED     3        /* words in a reason, and traits */


typedef struct {
    const social_judge_token_t  *token;
    int64_t                      says;
} social_judge_said_t;


/* log2(x) * UNIT, x > 0: bit by bit, by squaring */

static int64_t
social_judge_log2(uint64_t x)
{
    int      bit;
    int64_t  log;

    bit = 63 - __builtin_clzll(x);
    log = (int64_t) bit * SOCIAL_JUDGE_UNIT;

    /* 1 <= x < 2, as a number with 31 bits behind the point */

    x = (bit > 31) ? x >> (bit - 31) : x << (31 - bit);

    for (bit = SOCIAL_JUDGE_UNIT / 2; bit; bit /= 2) {
        x = x * x >> 31;

        if (x >> 32) {
            x >>= 1;
            log += bit;
        }
    }

    return log;
}


/* what a token says: positive is spam; every count is below COUNT, so that no
 * product of three is too large */

static int64_t
social_judge_says(const social_judge_token_t *token, int64_t spam,
    int64_t honest)
{
    int64_t   says;
    uint64_t  s, h, n, doubt;

    n = (uint64_t) (token->spam + token->honest);

    if (n == 0) {
        return 0;
    }

    /* shares of spam and of honest comments, times spam * honest */

    s = (uint64_t) token->spam * (uint64_t) honest;
    h = (uint64_t) token->honest * (uint64_t) spam;

    doubt = SOCIAL_JUDGE_STRENGTH * (s + h);
    says = social_judge_log2(doubt + 2 * n * s)
           - social_judge_log2(doubt + 2 * n * h);

    if (says > SOCIAL_JUDGE_CLAMP) {
        return SOCIAL_JUDGE_CLAMP;
    }

    return says < -SOCIAL_JUDGE_CLAMP ? -SOCIAL_JUDGE_CLAMP : says;
}


static int64_t
social_judge_size(int64_t says)
{
    return says < 0 ? -says : says;
}


/* keeps the n tokens that say most, in that order; of equals, the first ones */

static size_t
social_judge_keep(social_judge_said_t *said, size_t n,
    const social_judge_token_t *token, int64_t says)
{
    size_t  i;

    for (i = n; i && social_judge_size(said[i - 1].says)
                     < social_judge_size(says); i--)
    {
        if (i < SOCIAL_JUDGE_STRONGEST) {
            said[i] = said[i - 1];
        }
    }

    if (i == SOCIAL_JUDGE_STRONGEST) {
        return n;
    }

    said[i].token = token;
    said[i].says = says;

    return n < SOCIAL_JUDGE_STRONGEST ? n + 1 : n;
}


/* appends what a token is called, in small ASCII letters; it has room */

static size_t
social_judge_name(char *reason, size_t len, const social_str_t *word)
{
    size_t  i;
    char    c;

    for (i = 0; i < word->len; i++) {
        c = (char) word->data[i];
        reason[len++] = (c >= 'A' && c <= 'Z') ? (char) (c | 0x20) : c;
    }

    return len;
}


/* 1 if a reason has the word of said[n] already */

static int
social_judge_is_named(const social_judge_said_t *said, size_t n)
{
    size_t               i;
    const social_str_t  *word, *other;

    word = &said[n].token->word;

    for (i = 0; i < n; i++) {
        other = &said[i].token->word;

        if (said[i].says > 0 && other->len == word->len
            && strncasecmp((const char *) other->data,
                           (const char *) word->data, word->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* appends words, or traits, which have a blank in their names; returns the new
 * length */

static size_t
social_judge_list(const social_judge_said_t *said, size_t n, int traits,
    char *reason, size_t len)
{
    size_t               i, named, head;
    const social_str_t  *word;

    head = sizeof(SOCIAL_JUDGE_LIKE) - 1;

    for (i = 0, named = 0; i < n && named < SOCIAL_JUDGE_NAMED; i++) {
        word = &said[i].token->word;

        if (said[i].says <= 0 || word->len == 0
            || (memchr(word->data, ' ', word->len) != NULL) != traits
            || len + 2 + word->len >= SOCIAL_JUDGE_REASON
            || social_judge_is_named(said, i))
        {
            continue;
        }

        memcpy(reason + len, len > head ? ", " : ": ", 2);
        len = social_judge_name(reason, len + 2, word);
        named++;
    }

    return len;
}


static void
social_judge_write(const social_judge_said_t *said, size_t n, char *reason)
{
    size_t  len;

    len = sizeof(SOCIAL_JUDGE_LIKE) - 1;
    memcpy(reason, SOCIAL_JUDGE_LIKE, len);

    len = social_judge_list(said, n, 0, reason, len);
    len = social_judge_list(said, n, 1, reason, len);
    reason[len] = '\0';
}


int
social_judge(const social_judge_t *judge, int64_t spam, int64_t honest,
    char reason[SOCIAL_JUDGE_REASON])
{
    int                   shift;
    size_t                i, n;
    int64_t               sum, says;
    social_judge_said_t   said[SOCIAL_JUDGE_STRONGEST];
    social_judge_token_t  token;

    if (spam < SOCIAL_JUDGE_LEAST || honest < SOCIAL_JUDGE_LEAST) {
        return 0;
    }

    for (shift = 0; (spam | honest) >> shift >= SOCIAL_JUDGE_COUNT; shift++) {
        /* void */
    }

    n = 0;
    sum = 0;

    for (i = 0; i < judge->n; i++) {
        token = judge->tokens[i];
        token.spam >>= shift;
        token.honest >>= shift;

        says = social_judge_says(&token, spam >> shift, honest >> shift);
        n = social_judge_keep(said, n, &judge->tokens[i], says);
    }

    for (i = 0; i < n; i++) {
        sum += said[i].says;
    }

    if (sum < SOCIAL_JUDGE_LIMIT) {
        return 0;
    }

    social_judge_write(said, n, reason);

    return 1;
}
