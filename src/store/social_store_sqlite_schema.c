
/*
 * The schema: numbered migrations, SQL files under schema/ that the assembler
 * embeds (found through -I src/store).  To add one, add a file, a
 * SOCIAL_SCHEMA line, a declaration and a row.  Pool threads only.
 *
 * Must not change a file that has been released: add another one.
 */

#include <stdio.h>

#include "social_store_sqlite.h"


#define SOCIAL_SCHEMA(name, file)                                             \
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


SOCIAL_SCHEMA(social_sqlite_schema_1, "schema/0001.sql");
SOCIAL_SCHEMA(social_sqlite_schema_2, "schema/0002.sql");
SOCIAL_SCHEMA(social_sqlite_schema_3, "schema/0003.sql");
SOCIAL_SCHEMA(social_sqlite_schema_4, "schema/0004.sql");
SOCIAL_SCHEMA(social_sqlite_schema_5, "schema/0005.sql");
SOCIAL_SCHEMA(social_sqlite_schema_6, "schema/0006.sql");
SOCIAL_SCHEMA(social_sqlite_schema_7, "schema/0007.sql");
SOCIAL_SCHEMA(social_sqlite_schema_8, "schema/0008.sql");
SOCIAL_SCHEMA(social_sqlite_schema_9, "schema/0009.sql");
SOCIAL_SCHEMA(social_sqlite_schema_10, "schema/0010.sql");
SOCIAL_SCHEMA(social_sqlite_schema_11, "schema/0011.sql");


const social_sqlite_schema_t  social_sqlite_schema[] = {
    { 1, social_sqlite_schema_1 },
    { 2, social_sqlite_schema_2 },
    { 3, social_sqlite_schema_3 },
    { 4, social_sqlite_schema_4 },
    { 5, social_sqlite_schema_5 },
    { 6, social_sqlite_schema_6 },
    { 7, social_sqlite_schema_7 },
    { 8, social_sqlite_schema_8 },
    { 9, social_sqlite_schema_9 },
    { 10, social_sqlite_schema_10 },
    { 11, social_sqlite_schema_11 }
};

const size_t  social_sqlite_schema_n = social_nelts(social_sqlite_schema);


/* the value of a PRAGMA or of another statement that returns one number */

static int
social_sqlite_get_number(social_sqlite_t *s, const char *sql, int64_t *value)
{
    int            rc;
    sqlite3_stmt  *stmt;

    rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);

    if (rc == SQLITE_OK) {
        rc = sqlite3_step(stmt);
        *value = (rc == SQLITE_ROW) ? sqlite3_column_int64(stmt, 0) : 0;
        rc = (rc == SQLITE_ROW || rc == SQLITE_DONE) ? SQLITE_OK : rc;
    }

    if (rc != SQLITE_OK) {
        social_sqlite_error(s, rc);
    }

    (void) sqlite3_finalize(stmt);

    return rc == SQLITE_OK ? SOCIAL_OK : SOCIAL_ERROR;
}


static int
social_sqlite_exec(social_sqlite_t *s, const char *sql)
{
    int  rc;

    rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    if (rc != SQLITE_OK) {
        social_sqlite_error(s, rc);
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


/* what a file says of itself */

typedef struct {
    int64_t  version;       /* of its schema */
    int64_t  oldest;        /* version that may still write, if it is newer */
    int64_t  application;
    int64_t  tables;
} social_sqlite_versions_t;


/* A store has two numbers: the version of its schema, and the oldest version
 * that may still write to it.  A migration that only adds leaves the second
 * one alone, so that workers of before it save on. */

static int
social_sqlite_numbers(social_sqlite_t *s, social_sqlite_versions_t *n)
{
    int64_t  newest;

    newest = social_sqlite_schema[social_sqlite_schema_n - 1].version;

    if (social_sqlite_get_number(s, "PRAGMA user_version", &n->version)
            != SOCIAL_OK
        || social_sqlite_get_number(s, "PRAGMA application_id",
                                    &n->application) != SOCIAL_OK
        || social_sqlite_get_number(s, "SELECT count(*) FROM sqlite_master",
                                    &n->tables) != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    n->oldest = 0;

    if (n->application != SOCIAL_SQLITE_APPLICATION || n->version <= newest) {
        return SOCIAL_OK;
    }

    return social_sqlite_get_number(s, "SELECT value FROM setting"
                                       " WHERE name = 'oldest'", &n->oldest);
}


/* changes nothing in the file */

int
social_sqlite_version(social_sqlite_t *s, int64_t *version)
{
    int                      rc, alone;
    int64_t                  newest;
    social_sqlite_versions_t  n;

    /* read all of it at one moment: another process may be adding the
     * tables */

    alone = sqlite3_get_autocommit(s->db);

    if (alone && social_sqlite_exec(s, "BEGIN") != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    rc = social_sqlite_numbers(s, &n);

    if (alone) {
        social_sqlite_rollback(s);
    }

    if (rc != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    if (n.application != SOCIAL_SQLITE_APPLICATION
        && (n.application != 0 || n.version != 0 || n.tables != 0))
    {
        s->rc = SQLITE_NOTADB;
        social_store_error(&s->error, SOCIAL_STORE_CORRUPT, s->op,
                           "the file belongs to another program: \"%s\"",
                           s->path);
        return SOCIAL_ERROR;
    }

    *version = n.version;
    newest = social_sqlite_schema[social_sqlite_schema_n - 1].version;

    if (n.version > newest && (n.oldest > newest || n.oldest < 1)) {
        s->rc = SQLITE_SCHEMA;
        social_store_error(&s->error, SOCIAL_STORE_NEWER, s->op,
                           "schema %d is newer than this module, which knows "
                           "%d: \"%s\"", (int) n.version, (int) newest,
                           s->path);
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


int
social_sqlite_migrate(social_sqlite_t *s)
{
    char     sql[96];
    size_t   i;
    int64_t  version;

    /* check again under the lock: another process may have migrated it */

    if (social_sqlite_begin(s) != SOCIAL_OK
        || social_sqlite_version(s, &version) != SOCIAL_OK)
    {
        goto failed;
    }

    for (i = 0; i < social_sqlite_schema_n; i++) {

        if (social_sqlite_schema[i].version <= version) {
            continue;
        }

        snprintf(sql, sizeof(sql),
                 "PRAGMA application_id = %d; PRAGMA user_version = %d",
                 SOCIAL_SQLITE_APPLICATION, social_sqlite_schema[i].version);

        if (social_sqlite_exec(s, social_sqlite_schema[i].sql) != SOCIAL_OK
            || social_sqlite_exec(s, sql) != SOCIAL_OK)
        {
            goto failed;
        }
    }

    return social_sqlite_commit(s);

failed:

    social_sqlite_rollback(s);

    return SOCIAL_ERROR;
}
