
/* the expressions of `block`: what matches, and what cannot be found out */

#include "unit.h"
#include "social_block.h"


static int  steps;


static int
in_time(void *data)
{
    (void) data;
    steps++;

    return 0;
}


static int
no_time(void *data)
{
    (void) data;

    return 1;
}


static social_str_t
str(const char *s)
{
    social_str_t  text;

    text.data = (const unsigned char *) s;
    text.len = strlen(s);

    return text;
}


/* is the text matched by this expression? */

static int
matches(const char *pattern, int caseless, social_str_t text)
{
    int              found;
    social_block_t  *block;

    block = NULL;

    if (social_block_add(&block, str(pattern), caseless) != SOCIAL_OK) {
        social_block_free(block);
        return -1;
    }

    found = social_block_match(block, &text, 1, in_time, NULL);
    social_block_free(block);

    return found;
}


static void
check(const char *pattern, int caseless, const char *text, int want)
{
    is_int(matches(pattern, caseless, str(text)), want, pattern);
}


/* a text of n times the piece, and the word behind it */

static social_str_t
repeat(const char *piece, size_t n, const char *word)
{
    size_t        i, len;
    char         *text;
    social_str_t  s;

    len = strlen(piece);
    text = malloc(n * len + strlen(word) + 1);

    for (i = 0; i < n; i++) {
        memcpy(text + i * len, piece, len);
    }

    memcpy(text + n * len, word, strlen(word) + 1);

    s = str(text);

    return s;
}


static void
long_text(const char *pattern, const char *piece, size_t n, const char *word,
    int want, const char *what)
{
    social_str_t  text;

    text = repeat(piece, n, word);
    is_int(matches(pattern, 0, text), want, what);
    free((void *) text.data);
}


static void
several(void)
{
    social_block_t  *block;

    const social_str_t  texts[] = { str("a text"), str("a name"), str("") };

    block = NULL;
    is_int(social_block_match(NULL, texts, 3, in_time, NULL), 0,
           "without an expression nothing matches");

    is_int(social_block_add(&block, str("casino"), 0), SOCIAL_OK, "one");
    is_int(social_block_match(block, texts, 3, in_time, NULL), 0,
           "the first expression does not match");
    is_int(social_block_add(&block, str("na(m)e"), 0), SOCIAL_OK, "two");
    is_int(social_block_match(block, texts, 3, in_time, NULL), 1,
           "the second one matches the second text");
    is_int(social_block_match(block, texts, 1, in_time, NULL), 0,
           "a text that is not given is not matched");
    is_int(social_block_match(block, texts, 1, no_time, NULL), 1,
           "no time left: held");
    is_int(social_block_add(&block, str("(unclosed"), 0), SOCIAL_DECLINED,
           "a syntax error");
    is_int(social_block_match(block, texts, 3, in_time, NULL), 1,
           "the others stay");

    social_block_free(block);
    social_block_free(NULL);
}


int
main(void)
{
    check("casino", 0, "The best casino!", 1);
    check("casino", 0, "The best CASINO!", 0);
    check("casino", 1, "The best CASINO!", 1);
    check("^casino$", 0, "casino", 1);
    check("^casino", 0, "a casino", 0);
    check("", 0, "", 1);
    check("\\bl.w\\b", 0, "l\xc3\xb6w", 1);
    check("\xc3\xb6", 1, "\xc3\x96", 1);
    check("a", 0, "b\xff", 1);

    long_text("casino", "word ", 8000, "casino", 1,
              "at the end of a long text");
    long_text("casino", "word ", 8000, "casin", 0, "not in a long text");
    long_text("(?<=\xc3\xbc)x", "\xc3\xbc", 5000, "x", 1,
              "what stands before a window is seen");
    long_text("z|\xc3\xbc\xc3\xbcy", "\xf0\x9f\x98\x80", 10000, "\xc3\xbc", 0,
              "windows in a text of long characters");
    long_text("^a.*cheap", "and so on ", 3900, "p", 0,
              "a wildcard over the whole text ends");

    /* exponential: found out to be too long after a few steps */

    steps = 0;
    long_text("(\\w+\\s*)+casino", "aaaa ", 2000, "o", 1,
              "an expression that would take years is held");
    is_int(steps, 1, "in the first window");

    long_text("^(a|b)*$", "ab", 15000, "c", 1, "too deep: held");

    several();

    return done();
}
