
/*
 * ngx-social export, check and erase: what is done to a whole store, or
 * to a comment in it.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "social_id.h"
#include "social_store.h"
#include "social_tool.h"


#define SOCIAL_TOOL_TAKE  2000      /* comments in a transaction */


/* takes --store and flags out of argv; *rest is what is left, at most one.
 * ERROR after a message */

static int
social_tool_store_arguments(int argc, char **argv, const char *command,
    const char *flag, int *flagged, const char **url, const char **option,
    const char **value, const char **rest)
{
    int          i;
    char         needs[40];
    size_t       len;
    const char  *name;

    for (i = 0; i < argc; i++) {
        name = argv[i];
        len = strcspn(name, "=");

        if (flag && strcmp(name, flag) == 0) {
            *flagged = 1;

        } else if (len == 7 && strncmp(name, "--store", 7) == 0) {
            *url = name[7] ? name + 8 : argv[i + 1] ? argv[++i] : "";

        } else if (option && strncmp(name, "--", 2) == 0 && *option == NULL
                   && (strcmp(name, "--same-as") == 0
                       || strcmp(name, "--source") == 0
                       || strcmp(name, "--to") == 0))
        {
            *option = name;
            *value = argv[i + 1] ? argv[++i] : "";

        } else if (rest && name[0] != '-' && *rest == NULL) {
            *rest = name;

        } else {
            (void) social_tool_fail(SOCIAL_TOOL_USAGE,
                                    "unknown argument: \"%s\"", name);
            return SOCIAL_ERROR;
        }
    }

    snprintf(needs, sizeof(needs), "%s needs --store", command);

    return social_tool_is_store(*url, needs) ? SOCIAL_OK : SOCIAL_ERROR;
}


static void
social_tool_export_line(void *data, const char *line, size_t len)
{
    (void) fwrite(line, 1, len, data);
}


/* a file for an export, which only its owner may read; NULL: see errno */

static FILE *
social_tool_export_file(const char *path)
{
    int  fd;

    if (path == NULL) {
        return stdout;
    }

    fd = open(path, O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0600);

    return fd < 0 ? NULL : fdopen(fd, "w");
}


social_tool_exit_e
social_tool_export(int argc, char **argv)
{
    int                    rc, secret;
    FILE                  *file;
    const char            *url, *option, *path;
    social_store_t        *store;
    social_store_error_t   err;

    url = NULL;
    option = NULL;
    path = NULL;
    secret = 0;

    if (social_tool_store_arguments(argc, argv, "export", "--with-secret",
                                    &secret, &url, &option, &path, NULL)
        != SOCIAL_OK)
    {
        return SOCIAL_TOOL_USAGE;
    }

    if (option && strcmp(option, "--to") != 0) {
        return social_tool_fail(SOCIAL_TOOL_USAGE, "unknown argument: \"%s\"",
                                option);
    }

    store = social_tool_open(url, 0);

    if (store == NULL) {
        return SOCIAL_TOOL_STORE;
    }

    file = social_tool_export_file(path);

    if (file == NULL) {
        social_store_close(store);
        return social_tool_fail(SOCIAL_TOOL_STORE, "cannot write \"%s\" (%s)",
                                path, strerror(errno));
    }

    rc = social_store_dump(store, secret ? SOCIAL_DUMP_SECRET : 0,
                           social_tool_export_line, file, &err);
    social_store_close(store);

    if (rc != SOCIAL_OK) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
    }

    if (fflush(file) != 0 || ferror(file) || (file != stdout && fclose(file)))
    {
        return social_tool_fail(SOCIAL_TOOL_STORE,
                                "the export could not be written (%s)",
                                strerror(errno));
    }

    return rc == SOCIAL_OK ? SOCIAL_TOOL_DONE : SOCIAL_TOOL_STORE;
}


static void
social_tool_check_line(void *data, const char *what, int64_t n,
    const char *detail)
{
    int64_t  *wrong = data;

    if (n) {
        printf("WRONG  %s: %" PRId64 "%s%s\n", what, n, detail[0] ? ", " : "",
               detail);
        (*wrong)++;

    } else {
        printf("ok     %s\n", what);
    }
}


social_tool_exit_e
social_tool_check(int argc, char **argv)
{
    int                    rc;
    int64_t                wrong;
    const char            *url;
    social_store_t        *store;
    social_store_error_t   err;

    url = NULL;
    wrong = 0;

    if (social_tool_store_arguments(argc, argv, "check", NULL, NULL, &url,
                                    NULL, NULL, NULL) != SOCIAL_OK)
    {
        return SOCIAL_TOOL_USAGE;
    }

    store = social_tool_open(url, 0);

    if (store == NULL) {
        return SOCIAL_TOOL_STORE;
    }

    rc = social_store_check(store, social_tool_check_line, &wrong, &err);
    social_store_close(store);

    if (rc != SOCIAL_OK) {
        return social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
    }

    return wrong ? SOCIAL_TOOL_STORE : SOCIAL_TOOL_DONE;
}


/* all that came from a source */

static social_tool_exit_e
social_tool_erase_source(social_store_t *store, const char *name)
{
    int                    rc;
    int64_t                n;
    social_str_t           source;
    struct timespec        pause = { 0, 50000000 };
    social_store_error_t   err;

    n = 0;
    source.data = (const unsigned char *) name;
    source.len = strlen(name);

    for ( ;; ) {
        rc = social_store_take_back(store, source, SOCIAL_TOOL_TAKE,
                                    (int64_t) time(NULL), &n, &err);
        if (rc != SOCIAL_AGAIN) {
            break;
        }

        nanosleep(&pause, NULL);        /* others write, too */
    }

    printf("%8" PRId64 "  comments taken back\n", n);

    return rc == SOCIAL_OK ? SOCIAL_TOOL_DONE
           : social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
}


/* OK, or ERROR after a message: what SOCIAL_WRITE_ERASE needs */

static int
social_tool_erase_person(social_store_t *store, int64_t id, social_write_t *w)
{
    int                         rc;
    social_comments_t           list;
    social_store_error_t        err;
    static const unsigned char  none[SOCIAL_COMMENTER_LEN];

    if (social_store_comment(store, id, &list, &err) != SOCIAL_OK) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
        return SOCIAL_ERROR;
    }

    rc = SOCIAL_OK;

    if (list.n == 0
        || memcmp(list.items[0].commenter, none, sizeof(none)) == 0)
    {
        (void) social_tool_fail(SOCIAL_TOOL_STORE,
                                list.n ? "nobody is known to have written "
                                         "c%" PRId64 " alone: erase it by its "
                                         "id"
                                       : "there is no comment c%" PRId64, id);
        rc = SOCIAL_ERROR;

    } else {
        w->type = SOCIAL_WRITE_ERASE;
        memcpy(w->commenter, list.items[0].commenter, SOCIAL_COMMENTER_LEN);
    }

    social_comments_free(&list);

    return rc;
}


static social_tool_exit_e
social_tool_erase_comment(social_store_t *store, const char *text, int all)
{
    int64_t                id;
    social_write_t         w, *one;
    social_store_error_t   err;

    id = social_id_parse((const unsigned char *) text, strlen(text));

    if (id <= 0) {
        return social_tool_fail(SOCIAL_TOOL_USAGE,
                                "not the id of a comment: \"%s\"; for instance "
                                "c12", text);
    }

    memset(&w, 0, sizeof(social_write_t));
    one = &w;
    w.type = SOCIAL_WRITE_MODERATE;
    w.action = SOCIAL_ACT_ERASE;
    w.id = id;
    w.now = (int64_t) time(NULL);

    if (all && social_tool_erase_person(store, id, &w) != SOCIAL_OK) {
        return SOCIAL_TOOL_STORE;
    }

    if (social_store_write(store, &one, 1, &err) != SOCIAL_OK) {
        return social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
    }

    if (w.status != SOCIAL_WROTE) {
        return social_tool_fail(SOCIAL_TOOL_STORE, "there is no comment %s, or "
                                "it is erased already", text);
    }

    if (social_store_unerased(store)) {
        (void) social_store_write(store, NULL, 0, &err);
    }

    if (social_store_unerased(store)) {
        puts("erased; its text is in the log until nobody reads the store");

    } else {
        puts("erased");
    }

    return SOCIAL_TOOL_DONE;
}


social_tool_exit_e
social_tool_erase(int argc, char **argv)
{
    const char          *url, *option, *value, *id;
    social_store_t      *store;
    social_tool_exit_e   code;

    url = NULL;
    option = NULL;
    value = NULL;
    id = NULL;

    if (social_tool_store_arguments(argc, argv, "erase", NULL, NULL, &url,
                                    &option, &value, &id) != SOCIAL_OK)
    {
        return SOCIAL_TOOL_USAGE;
    }

    if ((id != NULL) == (option != NULL) || (option && *value == '\0')
        || (option && strcmp(option, "--to") == 0))
    {
        return social_tool_fail(SOCIAL_TOOL_USAGE,
                                "erase needs the id of a comment, --same-as ID "
                                "or --source NAME");
    }

    store = social_tool_open(url, 1);

    if (store == NULL) {
        return SOCIAL_TOOL_STORE;
    }

    code = (option && strcmp(option, "--source") == 0)
           ? social_tool_erase_source(store, value)
           : social_tool_erase_comment(store, id ? id : value, id == NULL);

    social_store_close(store);

    return code;
}
