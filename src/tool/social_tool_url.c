
/*
 * The URL of a store, as --store and copy have it: a file of SQLite, or the
 * schema of a site in PostgreSQL.
 */

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "social_postgres_url.h"
#include "social_store.h"
#include "social_tool.h"


#define SOCIAL_TOOL_SQLITE    "sqlite:"


static int
social_tool_url_begins(const char *url, const char *scheme)
{
    return strncmp(url, scheme, strlen(scheme)) == 0;
}


const char *
social_tool_path(const char *url)
{
    return social_tool_url_begins(url, SOCIAL_TOOL_SQLITE)
           ? url + strlen(SOCIAL_TOOL_SQLITE) : NULL;
}


static int
social_tool_url_postgres(const char *url)
{
    social_str_t             text;
    social_postgres_param_t  schema;

    text.data = (const unsigned char *) url;
    text.len = strlen(url);

#if !(SOCIAL_POSTGRES)
    (void) social_tool_fail(SOCIAL_TOOL_USAGE, "this ngx-social was built "
                            "without PostgreSQL (libpq): it works on "
                            "sqlite:PATH only");
    return SOCIAL_ERROR;
#endif

    if (social_postgres_url_has_password(text)) {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, "a password does not belong "
                                "into the arguments of a program, which all "
                                "users of the machine see: write it to a file "
                                "and name that with \"passfile=\" in the URL");
        return SOCIAL_ERROR;
    }

    if (!social_postgres_url_param(text, "schema", &schema)) {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE, "\"%s\" does not say which "
                                "site: for social_site \"blog\", add "
                                "%cschema=social_blog", url,
                                strchr(url, '?') ? '&' : '?');
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


int
social_tool_is_store(const char *url, const char *needs)
{
    const char  *path;

    if (url != NULL && social_tool_url_begins(url, SOCIAL_POSTGRES_URL)) {
        return social_tool_url_postgres(url) == SOCIAL_OK;
    }

    path = url ? social_tool_path(url) : NULL;

    if (path == NULL || *path == '\0') {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE,
                                "%s sqlite:PATH or postgresql://...", needs);
        return 0;
    }

    return 1;
}


int
social_tool_may_make(const char *url)
{
    struct stat  st;
    const char  *path;

    path = social_tool_path(url);

    if (path != NULL && geteuid() == 0 && stat(path, &st) != 0) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE,
                                "%s does not exist, and root does not make a "
                                "store: nginx's workers could not write to it; "
                                "start nginx first, or run this as their user",
                                url);
        return 0;
    }

    return 1;
}


/* a writer would make what is not there */

social_store_t *
social_tool_open(const char *url, int writer)
{
    const char            *path;
    struct stat            st;
    social_store_t        *store;
    social_store_error_t   err;

    path = social_tool_path(url);

    if (path != NULL && stat(path, &st) != 0) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "cannot open %s (%s)", url,
                                strerror(errno));
        return NULL;
    }

    store = social_store_open(url, path == NULL ? 0 : writer, &err);

    if (store != NULL && path == NULL && writer) {
        social_store_close(store);
        store = social_store_open(url, 1, &err);
    }

    if (store == NULL) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
    }

    return store;
}
