
/*
 * ngx-social seed: a past for an empty store, written by the store's own
 * functions as if it had happened.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "social_time.h"
#include "social_tool.h"
#include "social_tool_talk.h"


#define SOCIAL_TOOL_DAYS     90
#define SOCIAL_TOOL_STORY    (1 << 20)      /* bytes of a story, at most */
#define SOCIAL_TOOL_EVENTS   (400 * SOCIAL_DAY)     /* the defaults of */
#define SOCIAL_TOOL_HELD     (30 * SOCIAL_DAY)      /* `retention` */


typedef struct {
    const char  *store, *origin, *days_text, *end_text, *file;
    int64_t      days;
    int64_t      last;          /* day since 1970 */
} social_tool_seeding_t;


static int
social_tool_seed_arguments(social_tool_seeding_t *seeding)
{
    int64_t  today, end;

    today = (int64_t) time(NULL) / SOCIAL_DAY;
    seeding->days = SOCIAL_TOOL_DAYS;
    seeding->last = today - 1;

    if (!social_tool_is_store(seeding->store, "seed needs --store")) {
        return SOCIAL_ERROR;
    }

    if (seeding->origin != NULL
        && ((strncmp(seeding->origin, "http://", 7) != 0
             && strncmp(seeding->origin, "https://", 8) != 0)
            || seeding->origin[strlen(seeding->origin) - 1] == '/'
            || strlen(seeding->origin) > SOCIAL_KEY_MAX))
    {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE,
                                "not an origin: \"%s\"; for instance "
                                "https://blog.example", seeding->origin);
        return SOCIAL_ERROR;
    }

    if (seeding->days_text != NULL
        && social_tool_number(seeding->days_text, 1, SOCIAL_TOOL_DAYS,
                              &seeding->days) != SOCIAL_OK)
    {
        (void) social_tool_fail(SOCIAL_TOOL_USAGE,
                                "not a number of days from 1 to %d: \"%s\"",
                                SOCIAL_TOOL_DAYS, seeding->days_text);
        return SOCIAL_ERROR;
    }

    if (seeding->end_text != NULL) {

        if (strlen(seeding->end_text) != 10
            || social_time_parse((const unsigned char *) seeding->end_text, 10,
                                 &end) != SOCIAL_OK
            || end / SOCIAL_DAY >= today || end < 400 * SOCIAL_DAY)
        {
            (void) social_tool_fail(SOCIAL_TOOL_USAGE,
                                    "not a day before today: \"%s\"; "
                                    "for instance 2026-11-26",
                                    seeding->end_text);
            return SOCIAL_ERROR;
        }

        seeding->last = end / SOCIAL_DAY;
    }

    return SOCIAL_OK;
}


/* the text of a file, to be freed */

static char *
social_tool_seed_file(const char *path)
{
    char    *text;
    FILE    *file;
    size_t   n;

    text = malloc(SOCIAL_TOOL_STORY + 1);
    file = text ? fopen(path, "r") : NULL;

    if (file == NULL) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "cannot read \"%s\" (%s)",
                                path, strerror(errno));
        free(text);
        return NULL;
    }

    n = fread(text, 1, SOCIAL_TOOL_STORY + 1, file);

    if (ferror(file) || n > SOCIAL_TOOL_STORY) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "cannot read \"%s\" (%s)",
                                path, ferror(file) ? strerror(errno)
                                                   : "more than 1 MB");
        free(text);
        text = NULL;

    } else {
        text[n] = '\0';
    }

    (void) fclose(file);

    return text;
}


/* 1 if the store has no article, no comment and no count */

static int
social_tool_seed_is_empty(const social_period_t *figures)
{
    size_t  i;

    if (figures->narticles || figures->nmessages || figures->held
        || figures->site.nlabelled)
    {
        return 0;
    }

    for (i = 0; i < SOCIAL_COUNT_UNLABELLED; i++) {
        if (figures->site.counts[i]) {
            return 0;
        }
    }

    return 1;
}


/* OK: the store is new or empty; otherwise a message was printed */

static int
social_tool_seed_check(const char *url)
{
    int                    rc, empty;
    const char            *path;
    struct stat            st;
    social_store_t        *store;
    social_period_t        figures;
    social_store_error_t   err;

    path = social_tool_path(url);

    if (path != NULL && (stat(path, &st) != 0 || st.st_size == 0)) {
        return SOCIAL_OK;
    }

    memset(&figures, 0, sizeof(social_period_t));

    /* PostgreSQL's is made here, if it is not there yet */

    store = social_store_open(url, path == NULL, &err);
    rc = store ? social_store_figures(store, 0, INT64_MAX, &figures, &err)
               : SOCIAL_ERROR;
    empty = (rc == SOCIAL_OK) && social_tool_seed_is_empty(&figures);

    social_period_free(&figures);
    social_store_close(store);

    if (rc != SOCIAL_OK) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
        return SOCIAL_ERROR;
    }

    if (!empty) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE,
                                "%s is in use: seed only fills a store that "
                                "holds nothing", url);
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


/* root makes the file for whoever its directory belongs to: nginx's workers
 * are that user and must be able to write to it */

static int
social_tool_seed_owner(const char *path)
{
    char        *dir, *slash;
    struct stat  st;

    dir = strdup(path);
    if (dir == NULL) {
        return SOCIAL_ERROR;
    }

    slash = strrchr(dir, '/');

    if (slash != NULL) {
        slash[slash == dir] = '\0';
    }

    if (stat(slash ? dir : ".", &st) == 0 && st.st_uid != 0
        && mknod(path, S_IFREG|0600, 0) == 0
        && chown(path, st.st_uid, st.st_gid) != 0)
    {
        free(dir);
        return SOCIAL_ERROR;
    }

    free(dir);

    return SOCIAL_OK;
}


static int
social_tool_seed_write(const social_tool_seeding_t *seeding,
    social_tool_story_t *story, social_tool_crowd_t *crowd,
    social_store_error_t *err)
{
    int                  rc;
    social_store_t      *store;
    social_retention_t   keep;

    store = social_store_open(seeding->store, 1, err);
    if (store == NULL) {
        return SOCIAL_ERROR;
    }

    rc = social_tool_talk(story, crowd, seeding->origin, store, err);

    if (rc == SOCIAL_OK) {
        rc = social_tool_counts_save(&crowd->counts, store, err);
    }

    keep.now = story->end;
    keep.events = SOCIAL_TOOL_EVENTS;
    keep.held = SOCIAL_TOOL_HELD;

    while (rc == SOCIAL_OK) {
        rc = social_store_age(store, &keep, err);

        if (rc != SOCIAL_AGAIN) {
            break;
        }

        rc = SOCIAL_OK;
    }

    social_store_close(store);

    return rc;
}


static void
social_tool_seed_report(const social_tool_seeding_t *seeding,
    const social_tool_story_t *story, const social_tool_crowd_t *crowd)
{
    char  from[SOCIAL_TIME_LEN + 1], to[SOCIAL_TIME_LEN + 1];

    social_time_format(story->begin, from);
    social_time_format(story->end - 1, to);

    printf("%s: %zu articles, %lld reader-days, %zu comments, %zu likes, "
           "from %.10s to %.10s\n", seeding->store, story->narticles,
           (long long) crowd->readers, story->nsaid, crowd->nlikes, from, to);
}


static social_tool_exit_e
social_tool_seed_story(const social_tool_seeding_t *seeding, const char *text)
{
    char                  error[128];
    social_tool_exit_e    rc;
    social_tool_story_t   story;
    social_tool_crowd_t   crowd;
    social_store_error_t  err;

    memset(&story, 0, sizeof(social_tool_story_t));
    memset(&crowd, 0, sizeof(social_tool_crowd_t));
    memset(&err, 0, sizeof(social_store_error_t));

    rc = SOCIAL_TOOL_DONE;

    if (social_tool_story_read(&story, text, seeding->last, seeding->days,
                               error, sizeof(error)) != SOCIAL_OK)
    {
        rc = social_tool_fail(SOCIAL_TOOL_USAGE, "%s: %s",
                              seeding->file ? seeding->file : "story", error);

    } else if (social_tool_seed_check(seeding->store) != SOCIAL_OK) {
        rc = SOCIAL_TOOL_STORE;

    } else if (geteuid() == 0 && social_tool_path(seeding->store) != NULL
               && social_tool_seed_owner(social_tool_path(seeding->store))
                  != SOCIAL_OK)
    {
        rc = social_tool_fail(SOCIAL_TOOL_STORE, "cannot give %s to the owner "
                              "of its directory (%s)", seeding->store,
                              strerror(errno));

    } else if (social_tool_crowd_come(&crowd, &story) != SOCIAL_OK) {
        rc = social_tool_fail(SOCIAL_TOOL_STORE, "no memory");

    } else if (social_tool_seed_write(seeding, &story, &crowd, &err)
               != SOCIAL_OK)
    {
        rc = social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);

    } else {
        social_tool_seed_report(seeding, &story, &crowd);
    }

    social_tool_crowd_free(&crowd);
    social_tool_story_free(&story);

    return rc;
}


social_tool_exit_e
social_tool_seed(int argc, char **argv)
{
    char                   *text;
    social_tool_exit_e      rc;
    social_tool_seeding_t   seeding;
    social_tool_option_t    options[] = {
        { "store",         &seeding.store },
        { "origin",        &seeding.origin },
        { "days",          &seeding.days_text },
        { "end",           &seeding.end_text },
        { "articles-from", &seeding.file }
    };

    memset(&seeding, 0, sizeof(social_tool_seeding_t));

    if (social_tool_options(argc, argv, options, social_nelts(options))
        != SOCIAL_OK
        || social_tool_seed_arguments(&seeding) != SOCIAL_OK)
    {
        return SOCIAL_TOOL_USAGE;
    }

    if (seeding.file == NULL) {
        return social_tool_seed_story(&seeding, social_tool_demo);
    }

    text = social_tool_seed_file(seeding.file);
    rc = text ? social_tool_seed_story(&seeding, text) : SOCIAL_TOOL_USAGE;
    free(text);

    return rc;
}
