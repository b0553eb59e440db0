
/*
 * The schema of a site in PostgreSQL: numbered migrations, SQL files under
 * schema/ that the assembler embeds (found through -I src/store/postgres).  To
 * add one, add a file, a line that embeds it, and a row.
 *
 * However many nodes start at once, one of them migrates: in one transaction,
 * under the site's lock.  Pool threads only.
 *
 * Must not change a file that has been released: add another one.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "social_store_postgres.h"


#define SOCIAL_PG_MIGRATE  60000    /* msec */


#define SOCIAL_PG_EMBED(name, file)                                           \
    __asm__(".pushsection .rodata\n"                                          \
            ".globl " #name "\n"                                              \
            ".hidden " #name "\n"                                             \
            ".type " #name ", %object\n"                                      \
            #name ":\n"                                                       \
            ".incbin \"" file "\"\n"                                          \
            ".byte 0\n"                                                       \
            ".size " #name ", . - " #name "\n"                                \
            ".popsection\n");                                                 \
    extern const char  name[] __attribute__((visibility("hidden")))


SOCIAL_PG_EMBED(social_pg_schema_1, "postgres/schema/0001.sql");
SOCIAL_PG_EMBED(social_pg_schema_2, "postgres/schema/0002.sql");
SOCIAL_PG_EMBED(social_pg_schema_3, "postgres/schema/0003.sql");


/* oldest: the version that a module must know to write after this migration;
 * one that only adds leaves it as it was */

static const struct {
    int64_t      version, oldest;
    const char  *sql;
} social_pg_migrations[] = {
    { 1, 1, social_pg_schema_1 },
    { 2, 1, social_pg_schema_2 },
    { 3, 1, social_pg_schema_3 }
};

#define SOCIAL_PG_NEWEST                                                      \
    social_pg_migrations[social_nelts(social_pg_migrations) - 1].version


/* 0: there is no schema yet */

static void
social_pg_versions(social_pg_t *s, int64_t *version, int64_t *oldest)
{
    PGresult  *result;

    *version = 0;
    *oldest = 0;

    if (social_pg_number(s, SOCIAL_PG_SQL_SCHEMA_IS, "s", s->schema) == 0) {
        return;
    }

    result = social_pg_ask(s, SOCIAL_PG_SQL_SCHEMA_VERSIONS, "");

    if (PQntuples(result) == 1) {
        *version = social_pg_int(result, 0, 0);
        *oldest = social_pg_int(result, 0, 1);
    }

    PQclear(result);
}


/* the script of a migration: with the lock, and a second look at the version
 * that the lock protects */

static char *
social_pg_migration(social_pg_t *s, size_t i, int create)
{
    char    *script;
    size_t   size;

    static const char  form[] =
        "BEGIN; SELECT set_config('application_name',"
        " 'ngx_social migration', true), pg_advisory_xact_lock(%lld);"
        " %s\n%s\n"
        "INSERT INTO @setting (name, value)"
        " VALUES ('schema', %lld), ('oldest', %lld)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value; COMMIT";

    static const char  first[] = "CREATE SCHEMA \"%s\";";
    char               schema[sizeof(first) + SOCIAL_PG_SCHEMA];

    schema[0] = '\0';

    if (create) {
        snprintf(schema, sizeof(schema), first, s->schema);
    }

    size = sizeof(form) + sizeof(schema) + 80
           + strlen(social_pg_migrations[i].sql);
    script = malloc(size);

    if (script == NULL) {
        social_pg_memory(s);
        return NULL;
    }

    snprintf(script, size, form, (long long) s->lock, schema,
             social_pg_migrations[i].sql,
             (long long) social_pg_migrations[i].version,
             (long long) social_pg_migrations[i].oldest);

    return script;
}


/* a version at a time.  Another node may have been first: then this fails, for
 * what it adds is there, and the version says so */

static void
social_pg_migrate(social_pg_t *s, int64_t version)
{
    char     *script;
    size_t    i;
    int64_t   now, oldest;

    for (i = 0; i < social_nelts(social_pg_migrations); i++) {

        if (social_pg_migrations[i].version <= version) {
            continue;
        }

        script = social_pg_migration(s, i, version == 0
            && social_pg_number(s, SOCIAL_PG_SQL_SCHEMA_NAMED, "s", s->schema)
               == 0);

        if (script == NULL) {
            return;
        }

        social_pg_script(s, script, SOCIAL_PG_MIGRATE);
        free(script);

        if (s->end == SOCIAL_PG_FINE) {
            version = social_pg_migrations[i].version;
            continue;
        }

        /* keeps the error, in case nobody else was first */

        social_pg_disconnect(s);
        s->end = SOCIAL_PG_FINE;
        social_pg_versions(s, &now, &oldest);

        if (s->end == SOCIAL_PG_FINE && now < social_pg_migrations[i].version) {
            s->end = SOCIAL_PG_FAILED;
        }

        if (s->end != SOCIAL_PG_FINE) {
            return;
        }

        version = now;
    }
}


void
social_pg_schema(social_pg_t *s)
{
    int64_t  version, oldest;

    social_pg_versions(s, &version, &oldest);

    if (s->end != SOCIAL_PG_FINE) {
        return;
    }

    if (!s->writer && version == 0) {
        social_pg_fail(s, SOCIAL_STORE_AWAY, "there is no schema \"%s\" of "
                       "ngx_social yet: \"%s\"", s->schema, s->place);
        return;
    }

    if (!s->writer && version < SOCIAL_PG_NEWEST) {
        social_pg_fail(s, SOCIAL_STORE_AWAY,
                       "the schema is not up to date yet: \"%s\"", s->place);
        return;
    }

    if (s->writer && oldest > SOCIAL_PG_NEWEST) {
        social_pg_fail(s, SOCIAL_STORE_NEWER, "only modules that know schema "
                       "%d may write, this one knows %d: \"%s\"",
                       (int) oldest, (int) SOCIAL_PG_NEWEST, s->place);
        return;
    }

    if (version < SOCIAL_PG_NEWEST) {
        social_pg_migrate(s, version);
    }
}
