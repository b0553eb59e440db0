
/*
 * From addresses to keys of articles: which threads are of this site, and
 * which are the same article.  A path is never invented: an address that says
 * "?p=7" names no article.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "social_key.h"
#include "social_tool_import_address.h"
#include "social_tool_import_plan.h"


#define SOCIAL_TOOL_LISTED  20          /* things that a message lists */


typedef struct {
    social_tool_address_t  from;
    unsigned char          key[SOCIAL_KEY_MAX];     /* of `from` */
    size_t                 len;
    const char            *to;
    unsigned               below:1;     /* "*": all that begins so */
} social_tool_map_t;


typedef struct {
    social_tool_plan_t     *plan;
    social_tool_address_t   origin;
    social_tool_map_t      *map;
    size_t                  nmap;
    char                  **lines;      /* of map files, to free */
    size_t                  nlines;
} social_tool_keys_t;


/* adds or drops the slash at the end, as --slash says */

static void
social_tool_keys_slash(const social_tool_plan_t *plan, unsigned char *key,
    size_t *len)
{
    const char           *slash;
    const unsigned char  *name;

    slash = plan->options->slash;

    if (slash == NULL || strcmp(slash, "keep") == 0 || *len < 2) {
        return;
    }

    if (strcmp(slash, "drop") == 0) {
        *len -= (key[*len - 1] == '/');
        return;
    }

    name = memrchr(key, '/', *len);

    if (key[*len - 1] != '/' && *len < SOCIAL_KEY_MAX
        && memchr(name, '.', (size_t) (key + *len - name)) == NULL)
    {
        key[(*len)++] = '/';
    }
}


static const social_tool_map_t *
social_tool_keys_mapped(const social_tool_keys_t *k, const char *host,
    const unsigned char *key, size_t len)
{
    size_t                    i;
    const social_tool_map_t  *m;

    for (i = 0; i < k->nmap; i++) {
        m = &k->map[i];

        if ((m->from.host[0] == '\0' || strcmp(m->from.host, host) == 0)
            && (m->below ? len >= m->len : len == m->len)
            && memcmp(m->key, key, m->len) == 0)
        {
            return m;
        }
    }

    return NULL;
}


/* takes the path of the origin off; DECLINED: the key is not below it */

static int
social_tool_keys_below(const social_tool_keys_t *k, unsigned char *key,
    size_t *len)
{
    size_t  n;

    n = k->origin.path.len;

    while (n && k->origin.path.data[n - 1] == '/') {
        n--;
    }

    if (n == 0) {
        return SOCIAL_OK;
    }

    if (*len < n || memcmp(key, k->origin.path.data, n) != 0
        || (*len > n && key[n] != '/'))
    {
        return SOCIAL_DECLINED;
    }

    *len -= n;
    memmove(key, key + n, *len);

    if (*len == 0) {
        key[(*len)++] = '/';
    }

    return SOCIAL_OK;
}


/* the key of an address; NULL, or the reason why it has none */

static const char *
social_tool_keys_key(const social_tool_keys_t *k, social_str_t url,
    unsigned char *key, size_t *len)
{
    social_str_t              to;
    social_tool_address_t     address;
    const social_tool_map_t  *m;

    if (social_tool_address(url, &address) != SOCIAL_OK) {
        return "thread without address";
    }

    if (address.path.len == 0 || social_tool_address_is_plain(address.path)
        || social_key(address.path, key, len) != SOCIAL_OK)
    {
        return "article: no permalink";
    }

    m = social_tool_keys_mapped(k, address.host, key, *len);

    if (m != NULL) {
        to.data = (const unsigned char *) m->to;
        to.len = strlen(m->to);

        if (m->below && to.len + *len - m->len <= SOCIAL_KEY_MAX) {
            memmove(key + to.len, key + m->len, *len - m->len);
            memcpy(key, m->to, to.len);
            *len = to.len + *len - m->len;

        } else {
            (void) social_key(to, key, len);
        }

    } else {

        if (k->origin.host[0] && address.host[0]
            && strcmp(address.host, k->origin.host) != 0)
        {
            return "article: another host";
        }

        if (address.host[0] && social_tool_keys_below(k, key, len) != SOCIAL_OK)
        {
            return "article: another host";
        }
    }

    social_tool_keys_slash(k->plan, key, len);

    return NULL;
}


/* DECLINED: one of the sides is no address */

static int
social_tool_keys_sides(social_tool_map_t *m, char *old, char *to)
{
    size_t          n;
    social_str_t    from, target;
    unsigned char   key[SOCIAL_KEY_MAX];

    memset(m, 0, sizeof(social_tool_map_t));

    n = strlen(old);
    m->below = (n > 1 && old[n - 1] == '*');
    from.data = (unsigned char *) old;
    from.len = n - m->below;

    n = strlen(to);

    if (m->below) {

        if (n < 2 || to[n - 1] != '*') {
            return SOCIAL_DECLINED;
        }

        to[n - 1] = '\0';
    }

    m->to = to;
    target.data = (unsigned char *) to;
    target.len = strlen(to);

    if (social_tool_address(from, &m->from) != SOCIAL_OK
        || social_key(m->from.path, m->key, &m->len) != SOCIAL_OK
        || social_key(target, key, &n) != SOCIAL_OK)
    {
        return SOCIAL_DECLINED;
    }

    return SOCIAL_OK;
}


/* one rule, OLD=NEW; the text lives as long as the rules */

static int
social_tool_keys_rule(social_tool_keys_t *k, char *rule, const char *where)
{
    char  *to;

    to = strpbrk(rule, "=,\t ");

    if (to == NULL
        || social_tool_room((void **) &k->map, k->nmap,
                            sizeof(social_tool_map_t)) != SOCIAL_OK)
    {
        goto wrong;
    }

    *to++ = '\0';
    to += strspn(to, " \t");

    if (social_tool_keys_sides(&k->map[k->nmap], rule, to) == SOCIAL_OK) {
        k->nmap++;
        return SOCIAL_OK;
    }

wrong:

    (void) social_tool_fail(SOCIAL_TOOL_USAGE,
                            "not a rule of --map%s: \"%s\"; for instance "
                            "/old/=/new/, or /2015/*=/blog/*", where, rule);
    return SOCIAL_ERROR;
}


static int
social_tool_keys_file(social_tool_keys_t *k, const char *path)
{
    int      rc;
    char    *line;
    FILE    *file;
    size_t   size, len;

    file = fopen(path, "r");

    if (file == NULL) {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE,
                                "--map \"%s\" is neither OLD=NEW nor a file",
                                path);
        return SOCIAL_ERROR;
    }

    rc = SOCIAL_OK;
    line = NULL;
    size = 0;

    while (rc == SOCIAL_OK && getline(&line, &size, file) >= 0) {
        len = strcspn(line, "\r\n");
        line[len] = '\0';

        if (len == 0 || line[0] == '#') {
            continue;
        }

        rc = social_tool_room((void **) &k->lines, k->nlines, sizeof(char *));

        if (rc == SOCIAL_OK) {
            k->lines[k->nlines++] = line;
            rc = social_tool_keys_rule(k, line, " in its file");
            line = NULL;
            size = 0;
        }
    }

    free(line);
    (void) fclose(file);

    return rc;
}


static int
social_tool_keys_rules(social_tool_keys_t *k)
{
    char    *copy;
    size_t   i;

    for (i = 0; i < k->plan->options->nmap; i++) {

        if (strchr(k->plan->options->map[i], '=') == NULL) {

            if (social_tool_keys_file(k, k->plan->options->map[i])
                != SOCIAL_OK)
            {
                return SOCIAL_ERROR;
            }

            continue;
        }

        copy = strdup(k->plan->options->map[i]);

        if (copy == NULL
            || social_tool_room((void **) &k->lines, k->nlines, sizeof(char *))
               != SOCIAL_OK)
        {
            free(copy);
            return SOCIAL_ERROR;
        }

        k->lines[k->nlines++] = copy;

        if (social_tool_keys_rule(k, copy, "") != SOCIAL_OK) {
            return SOCIAL_ERROR;
        }
    }

    return SOCIAL_OK;
}


/* without --origin there must be one host */

static social_tool_exit_e
social_tool_keys_hosts(social_tool_keys_t *k)
{
    int                     n;
    char                    hosts[SOCIAL_TOOL_LISTED][SOCIAL_TOOL_HOST];
    size_t                  i, nhosts;
    sqlite3_stmt           *stmt;
    social_tool_address_t   address;

    if (k->origin.host[0]) {
        return SOCIAL_TOOL_DONE;
    }

    nhosts = 0;
    stmt = social_tool_plan_prepare(k->plan,
        "SELECT url FROM thread t WHERE NOT deleted AND EXISTS (SELECT 1"
        " FROM item WHERE thread = t.id AND state IN (1, 2))");

    while (social_tool_plan_step(k->plan, stmt)) {

        if (social_tool_address(social_tool_plan_column(stmt, 0), &address)
            != SOCIAL_OK || address.host[0] == '\0')
        {
            continue;
        }

        for (i = 0; i < nhosts && strcmp(hosts[i], address.host) != 0; i++) {
            /* void */
        }

        if (i == nhosts && nhosts < SOCIAL_TOOL_LISTED) {
            memcpy(hosts[nhosts++], address.host, SOCIAL_TOOL_HOST);
        }
    }

    (void) sqlite3_finalize(stmt);

    if (nhosts < 2) {
        return SOCIAL_TOOL_DONE;
    }

    (void) social_tool_fail(SOCIAL_TOOL_USAGE,
                            "the file has articles of several hosts; name "
                            "yours with --origin URL:");

    for (n = 0; n < (int) nhosts; n++) {
        fprintf(stderr, "  https://%s\n", hosts[n]);
    }

    return SOCIAL_TOOL_USAGE;
}


/* the keys of all threads; `reason` says why a thread has none */

static void
social_tool_keys_all(social_tool_keys_t *k)
{
    int                   i;
    size_t                len;
    const char           *why;
    social_str_t          key, reason, title;
    sqlite3_stmt         *threads, *set, *add;
    unsigned char         buf[SOCIAL_KEY_MAX];

    threads = social_tool_plan_prepare(k->plan,
        "SELECT n, url, title, deleted, hidden FROM thread ORDER BY n");
    add = social_tool_plan_prepare(k->plan,
        "INSERT INTO article (key, title) VALUES (?1, ?2)"
        " ON CONFLICT (key) DO UPDATE SET title = CASE title WHEN ''"
        "  THEN excluded.title ELSE title END");
    set = social_tool_plan_prepare(k->plan,
        "UPDATE thread SET reason = nullif(?2, ''), key ="
        " (SELECT n FROM article WHERE key = ?3) WHERE n = ?1");

    while (social_tool_plan_step(k->plan, threads)) {
        len = 0;
        i = sqlite3_column_int(threads, 3) * 2 + sqlite3_column_int(threads, 4);
        why = (i > 1) ? "thread deleted" : i ? "article not public"
              : social_tool_keys_key(k, social_tool_plan_column(threads, 1),
                                     buf, &len);
        key.data = buf;
        key.len = why ? 0 : len;
        title = social_tool_plan_column(threads, 2);

        if (why == NULL) {
            social_tool_plan_bind(add, 1, key);
            social_tool_plan_bind(add, 2, title);
            (void) social_tool_plan_step(k->plan, add);
        }

        reason.data = (const unsigned char *) (why ? why : "");
        reason.len = strlen(why ? why : "");

        (void) sqlite3_bind_int64(set, 1, sqlite3_column_int64(threads, 0));
        social_tool_plan_bind(set, 2, reason);
        social_tool_plan_bind(set, 3, key);
        (void) social_tool_plan_step(k->plan, set);
    }

    (void) sqlite3_finalize(threads);
    (void) sqlite3_finalize(add);
    (void) sqlite3_finalize(set);
}


social_tool_exit_e
social_tool_plan_keys(social_tool_plan_t *plan)
{
    size_t               i;
    social_str_t         origin;
    social_tool_exit_e   rc;
    social_tool_keys_t   k;

    memset(&k, 0, sizeof(social_tool_keys_t));
    k.plan = plan;
    rc = SOCIAL_TOOL_DONE;

    if (plan->options->origin) {
        origin.data = (const unsigned char *) plan->options->origin;
        origin.len = strlen(plan->options->origin);

        if (social_tool_address(origin, &k.origin) != SOCIAL_OK
            || k.origin.host[0] == '\0')
        {
            rc = social_tool_fail(SOCIAL_TOOL_USAGE,
                                  "not an origin: \"%s\"; for instance "
                                  "https://blog.example",
                                  plan->options->origin);
        }
    }

    if (rc == SOCIAL_TOOL_DONE && social_tool_keys_rules(&k) != SOCIAL_OK) {
        rc = SOCIAL_TOOL_USAGE;
    }

    if (rc == SOCIAL_TOOL_DONE) {
        rc = social_tool_keys_hosts(&k);
    }

    if (rc == SOCIAL_TOOL_DONE) {
        social_tool_keys_all(&k);
    }

    for (i = 0; i < k.nlines; i++) {
        free(k.lines[i]);
    }

    free(k.lines);
    free(k.map);

    return rc != SOCIAL_TOOL_DONE ? rc
           : plan->failed ? SOCIAL_TOOL_STORE : SOCIAL_TOOL_DONE;
}
