
/*
 * Compiles and runs the expressions that tell readers, link previews and robots
 * apart by their User-Agent.  Must not know a request.  One thread at a time
 * per object.
 *
 * A robot that does not identify itself cannot be found here.  The others do
 * it in few ways: an address to complain to; a name without any of the marks
 * that browsers carry for compatibility; "compatible;" and a name that is not
 * a browser's; or a word such as "crawl".  Only the rest must be listed by
 * name.
 */

#include <stdlib.h>
#include <string.h>

#include "social_agent_table.h"
#include "social_pcre2.h"
#include "social_siphash.h"


#define SOCIAL_AGENT_MAX    1024    /* bytes of an agent that are matched */
#define SOCIAL_AGENT_LIMIT  200000  /* PCRE2 match limit */
#define SOCIAL_AGENT_DEPTH  1000    /* PCRE2 depth limit */
#define SOCIAL_AGENT_ROWS   64      /* of a table, at most */
#define SOCIAL_AGENT_TEXT   16384   /* bytes of an expression */

#define SOCIAL_AGENT_MEMO   256     /* slots of the cache, a power of two */


/* the cache holds no agent: a core dump must not tell who has read */

typedef struct {
    uint64_t                hash;   /* 0: the slot is free */
    unsigned char           class;
    unsigned char           row;
} social_agent_memo_t;


struct social_agent_s {
    pcre2_code             *preview;
    pcre2_code             *plain;
    pcre2_code             *bot;
    pcre2_code             *kind;
    pcre2_match_data       *match;
    pcre2_match_context    *limits;
    unsigned char           key[SOCIAL_AGENT_KEY];
    social_agent_memo_t     memo[SOCIAL_AGENT_MEMO];
};


static pcre2_code *social_agent_compile(const char *pattern, size_t len);
static pcre2_code *social_agent_compile_previews(char *text);
static pcre2_code *social_agent_compile_robots(char *text, const char *first,
    const char *before, const char *after);
static unsigned char social_agent_kind(social_agent_t *a, social_str_t agent);
static social_agent_class_e social_agent_judge(social_agent_t *a,
    social_str_t agent, unsigned char *row);


/*
 * Whether it is a robot: any row, anywhere.  Of which kind: a row after any
 * text, in the order of the table; the number of the empty group tells it.
 */

static int
social_agent_compile_all(social_agent_t *a)
{
    char  *text;

    text = malloc(SOCIAL_AGENT_TEXT);

    if (text == NULL) {
        return 0;
    }

    a->preview = social_agent_compile_previews(text);
    a->plain = social_agent_compile(social_agent_readers,
                                    strlen(social_agent_readers));
    a->bot = social_agent_compile_robots(text, social_agent_skip, "(?:", ")");
    a->kind = social_agent_compile_robots(text, "^\\z.", "^.*?(?:", ")()");
    free(text);

    return a->preview && a->plain && a->bot && a->kind;
}


social_agent_t *
social_agent_create(const unsigned char key[SOCIAL_AGENT_KEY])
{
    social_agent_t  *a;

    a = calloc(1, sizeof(social_agent_t));

    if (a == NULL) {
        return NULL;
    }

    a->match = pcre2_match_data_create(SOCIAL_AGENT_ROWS + 1, NULL);
    a->limits = pcre2_match_context_create(NULL);

    if (a->match == NULL || a->limits == NULL || !social_agent_compile_all(a)) {
        social_agent_destroy(a);
        return NULL;
    }

    memcpy(a->key, key, SOCIAL_AGENT_KEY);
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
        pcre2_code_free(a->kind);
        pcre2_match_data_free(a->match);
        pcre2_match_context_free(a->limits);
        free(a);
    }
}


social_agent_class_e
social_agent_class(social_agent_t *a, social_str_t agent,
    const social_network_t **network, social_agent_robot_e *robot)
{
    uint64_t               hash;
    social_str_t           id;
    unsigned char          row;
    social_agent_memo_t   *m;
    social_agent_class_e   class;

    hash = social_siphash(a->key, agent.data, agent.len) | 1;
    m = &a->memo[hash >> 32 & (SOCIAL_AGENT_MEMO - 1)];

    if (m->hash != hash) {
        m->class = (unsigned char) social_agent_judge(a, agent, &row);
        m->row = row;
        m->hash = hash;
    }

    class = m->class;
    row = m->row;

    if (robot) {
        *robot = (class == SOCIAL_AGENT_BOT) ? (social_agent_robot_e) row
                                             : SOCIAL_AGENT_ROBOT_NONE;
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

    if (agent.len == 0 || (agent.len == 1 && agent.data[0] == '-')) {
        *row = SOCIAL_AGENT_ROBOT_NAMELESS;
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

    if (rc == PCRE2_ERROR_NOMATCH) {
        return SOCIAL_AGENT_READER;
    }

    *row = social_agent_kind(a, agent);

    return SOCIAL_AGENT_BOT;
}


/* the kind of a robot; one that needs too many steps is of none of them */

static unsigned char
social_agent_kind(social_agent_t *a, social_str_t agent)
{
    int  rc;

    rc = pcre2_match(a->kind, agent.data, agent.len, 0, 0, a->match,
                     a->limits);

    return (unsigned char) (rc > 1 ? social_agent_robots[rc - 2].kind
                                   : SOCIAL_AGENT_ROBOT_OTHER);
}


const char *
social_agent_robot_id(unsigned robot)
{
    return robot >= SOCIAL_AGENT_ROBOT_NAMELESS
           && robot <= SOCIAL_AGENT_ROBOT_OTHER
           ? social_agent_robot_ids[robot - SOCIAL_AGENT_ROBOT_NAMELESS] : NULL;
}


/* appends to text of *n bytes; one that has no room is left out, and *n says
 * so */

static void
social_agent_append(char *text, size_t *n, const char *more)
{
    size_t  len;

    len = strlen(more);

    if (*n + len <= SOCIAL_AGENT_TEXT) {
        memcpy(text + *n, more, len);
    }

    *n += len;
}


static pcre2_code *
social_agent_compile_previews(char *text)
{
    size_t                         n;
    const social_agent_preview_t  *row;

    n = 0;

    for (row = social_agent_previews; row->pattern; row++) {
        social_agent_append(text, &n, n ? "|(" : "(");
        social_agent_append(text, &n, row->pattern);
        social_agent_append(text, &n, ")");
    }

    return n <= SOCIAL_AGENT_TEXT ? social_agent_compile(text, n) : NULL;
}


static pcre2_code *
social_agent_compile_robots(char *text, const char *first, const char *before,
    const char *after)
{
    size_t                     n;
    const social_agent_row_t  *row;

    n = 0;
    social_agent_append(text, &n, first);

    for (row = social_agent_robots; row->pattern; row++) {
        social_agent_append(text, &n, "|");
        social_agent_append(text, &n, before);
        social_agent_append(text, &n, row->pattern);
        social_agent_append(text, &n, after);
    }

    return n <= SOCIAL_AGENT_TEXT ? social_agent_compile(text, n) : NULL;
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
