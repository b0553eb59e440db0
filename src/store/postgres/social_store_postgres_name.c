
/*
 * Names of authors, which readers may not use.  Their skeletons are kept as
 * settings, since a skeleton cannot be computed in SQL.
 *
 * In a transaction under the site's lock.  Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_confusable.h"
#include "social_store_postgres_write.h"


#define SOCIAL_PG_NAME  (sizeof(social_confusable_t) + 16)


/* the settings that stand for a name, behind each other in buf; returns their
 * number */

static size_t
social_pg_name_settings(social_str_t name, social_str_t *settings,
    unsigned char *buf)
{
    int                  how;
    size_t               n, len;
    social_confusable_t  skeleton;

    static const char *const  prefixes[] = {
        "author look ", "author small ", "author capital "
    };

    n = 0;

    for (how = SOCIAL_CONFUSABLE_LOOK; how < SOCIAL_CONFUSABLES; how++) {
        social_confusable_skeleton(name, (social_confusable_e) how, &skeleton);

        if (skeleton.len == 0) {
            continue;
        }

        len = strlen(prefixes[how]);
        settings[n].data = buf;
        settings[n++].len = len + skeleton.len;

        memcpy(buf, prefixes[how], len);
        memcpy(buf + len, skeleton.data, skeleton.len);
        buf += len + skeleton.len;
    }

    return n;
}


void
social_pg_name_keep(social_pg_t *s, social_str_t name)
{
    size_t         n;
    social_str_t   settings[SOCIAL_CONFUSABLES];
    unsigned char  buf[SOCIAL_CONFUSABLES * SOCIAL_PG_NAME];

    n = social_pg_name_settings(name, settings, buf);
    social_pg_run(s, SOCIAL_PG_SQL_NAMES_KEEP, "T", settings, n);
}


/* of n names; the memory is one block, to be freed by the caller */

static unsigned char *
social_pg_names_settings(social_pg_t *s, social_write_t **writes, size_t n,
    social_str_t **settings, size_t *count)
{
    size_t          i, size;
    unsigned char  *block, *buf;

    size = n * SOCIAL_CONFUSABLES * sizeof(social_str_t);
    block = malloc(size + n * SOCIAL_CONFUSABLES * SOCIAL_PG_NAME);

    if (block == NULL) {
        social_pg_memory(s);
        return NULL;
    }

    *settings = (social_str_t *) (void *) block;
    *count = 0;
    buf = block + size;

    for (i = 0; i < n; i++) {
        if (!writes[i]->author) {
            *count += social_pg_name_settings(writes[i]->name,
                                              *settings + *count, buf);
        }

        buf += SOCIAL_CONFUSABLES * SOCIAL_PG_NAME;
    }

    return block;
}


void
social_pg_names_ask(social_pg_t *s, social_write_t **writes, size_t n)
{
    size_t          count;
    social_str_t   *settings;
    unsigned char  *block;

    block = social_pg_names_settings(s, writes, n, &settings, &count);

    if (block != NULL) {
        social_pg_send(s, SOCIAL_PG_SQL_NAMES_KEPT, "T", settings, count);
    }

    free(block);
}


static int
social_pg_name_is_kept(const PGresult *result, social_str_t name)
{
    int            i;
    size_t         k, n;
    social_str_t   kept, settings[SOCIAL_CONFUSABLES];
    unsigned char  buf[SOCIAL_CONFUSABLES * SOCIAL_PG_NAME];

    if (PQntuples(result) == 0) {
        return 0;
    }

    n = social_pg_name_settings(name, settings, buf);

    for (i = 0; i < PQntuples(result); i++) {
        kept = social_pg_text(result, i, 0);

        for (k = 0; k < n; k++) {
            if (kept.len == settings[k].len
                && memcmp(kept.data, settings[k].data, kept.len) == 0)
            {
                return 1;
            }
        }
    }

    return 0;
}


void
social_pg_names_taken(social_pg_t *s, social_write_t **writes, size_t n,
    unsigned char *taken)
{
    size_t     i;
    PGresult  *result;

    result = social_pg_take(s);

    for (i = 0; i < n; i++) {
        taken[i] = !writes[i]->author
                   && (social_pg_name_is_kept(result, writes[i]->name)
                       || social_confusable_same(writes[i]->name,
                                                 writes[i]->reserved));
    }

    PQclear(result);
}
