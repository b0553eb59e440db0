
/*
 * The parts of a URL of PostgreSQL (social_postgres_url.c): as libpq reads it,
 * where that is built in.
 */

#include "social_postgres_url.h"
#include "unit.h"

#if (SOCIAL_POSTGRES)
#include <libpq-fe.h>
#endif


static social_str_t
str(const char *text)
{
    social_str_t  s;

    s.len = strlen(text);
    s.data = (const unsigned char *) text;

    return s;
}


/* what libpq says is right: the value of a keyword, "" if it has none */

static void
same_as_libpq(const char *url, const char *keyword, const char *got)
{
#if (SOCIAL_POSTGRES)
    PQconninfoOption  *options, *o;

    options = PQconninfoParse(url, NULL);

    for (o = options; o != NULL && o->keyword != NULL; o++) {

        if (strcmp(o->keyword, keyword) == 0) {
            is_str(got, o->val ? o->val : "", url);
        }
    }

    PQconninfoFree(options);
#else
    (void) url;
    (void) keyword;
    (void) got;
#endif
}


static void
params(void)
{
    char                     got[256];
    size_t                   i, len;
    social_postgres_param_t  param;

    static const struct {
        const char  *url;
        const char  *want;      /* passfile, decoded; NULL: there is none */
    } rows[] = {
        { "postgresql://db/blog?passfile=/a/b", "/a/b" },
        { "postgresql://db?passfile=/a/b", "/a/b" },
        { "postgresql:///?passfile=/a/b", "/a/b" },
        { "postgresql://?passfile=/a/b", "/a/b" },
        { "postgresql://u@db/blog?sslmode=disable&passfile=/a/b&user=c",
          "/a/b" },
        { "postgresql://db/blog?passfile=/a%2fb%20c", "/a/b c" },
        { "postgresql://db/blog?p%61ssfil%65=/a", "/a" },
        { "postgresql://db/blog?passfile=/a&passfile=/b", "/b" },
        { "postgresql://db/blog?passfile=/a?b", "/a?b" },
        { "postgresql://u?x@db/blog?passfile=/a", "/a" },
        { "postgresql://db/blog?passfile=", "" },
        { "postgresql://db/blog?apassfile=/a", NULL },
        { "postgresql://db/blog?passfiles=/a", NULL },
        { "postgresql://db/passfile=/a", NULL },
        { "postgresql://db/blog?passfile", "" },
        { "postgresql://db/blog?", NULL },
        { "postgresql://db/blog?&&", NULL },
        { "postgresql://db/blog?%", NULL },
        { "postgresql://", NULL },
        { "postgresql", NULL },
        { "", NULL }
    };

    for (i = 0; i < social_nelts(rows); i++) {

        if (!social_postgres_url_param(str(rows[i].url), "passfile", &param)) {
            ok(rows[i].want == NULL, "no passfile: %s", rows[i].url);
            continue;
        }

        is_int(social_postgres_url_decode(param.value, (unsigned char *) got,
                                          &len),
               SOCIAL_OK, "it can be decoded");
        is_int((int64_t) len, (int64_t) strlen(got), "... its length");
        is_str(got, rows[i].want ? rows[i].want : "none", rows[i].url);
        same_as_libpq(rows[i].url, "passfile", got);
    }
}


static void
hosts(void)
{
    char          got[256];
    size_t        i;
    social_str_t  host;

    static const char *const  rows[][2] = {
        { "postgresql://db/blog", "db" },
        { "postgresql://db", "db" },
        { "postgresql://db?user=a", "db" },
        { "postgresql://u@db/blog", "db" },
        { "postgresql://u:p@db/b@c", "db" },
        { "postgresql://u?x@db/blog", "db" },
        { "postgresql://u@/blog", "" },
        { "postgresql:///blog", "" },
        { "postgresql:///blog?host=db", "db" },
        { "postgresql://db/blog?host=other", "other" },
        { "postgresql://", "" }
    };

    for (i = 0; i < social_nelts(rows); i++) {
        host = social_postgres_url_host(str(rows[i][0]));
        snprintf(got, sizeof(got), "%.*s", (int) host.len,
                 (const char *) host.data);
        is_str(got, rows[i][1], rows[i][0]);
        same_as_libpq(rows[i][0], "host", got);
    }

    host = social_postgres_url_host(str("postgresql://u@[::1]:5433,db:1/b"));
    snprintf(got, sizeof(got), "%.*s", (int) host.len,
             (const char *) host.data);
    is_str(got, "[::1]:5433,db:1", "several, with ports");
}


static void
passwords(void)
{
    size_t         i, len;
    social_str_t   url;
    unsigned char  buf[SOCIAL_POSTGRES_URL_MASKED(256)];

    static const char *const  rows[][2] = {
        { "postgresql://u:secret@db/blog", "postgresql://u:***@db/blog" },
        { "postgresql://u:s@db/blog", "postgresql://u:***@db/blog" },
        { "postgresql://u:@db/blog", "postgresql://u:***@db/blog" },
        { "postgresql://u:a:b@db/blog", "postgresql://u:***@db/blog" },
        { "postgresql://u:a?b@db/blog", "postgresql://u:***@db/blog" },
        { "postgresql://u?:secret@db/blog", "postgresql://u?:***@db/blog" },
        { "postgresql://db/blog?password=secret&user=u",
          "postgresql://db/blog?password=***&user=u" },
        { "postgresql://db/blog?user=u&password=s",
          "postgresql://db/blog?user=u&password=***" },
        { "postgresql://db/blog?password=",
          "postgresql://db/blog?password=***" },
        { "postgresql://db/blog?password=a&password=b",
          "postgresql://db/blog?password=***&password=***" },
        { "postgresql://db/blog?p%61ssword=secret",
          "postgresql://db/blog?p%61ssword=***" },
        { "postgresql://u:one@db/blog?password=two",
          "postgresql://u:***@db/blog?password=***" },
        { "postgresql://u?:one@db/blog?password=two",
          "postgresql://u?:***@db/blog?password=***" },
        { "postgresql://db?password=s:1@x", "postgresql://db?password=***" },
        { "postgresql://db?password=s@x", "postgresql://db?password=***" },
        { "postgresql://u@db:5433/blog?passfile=/a:b", NULL },
        { "postgresql://[::1]:5433/blog", NULL },
        { "postgresql://db:5433/a@b", NULL },
        { "postgresql://db/blog?sslpassword=x", NULL },
        { "postgresql://", NULL },
        { "", NULL }
    };

    for (i = 0; i < social_nelts(rows); i++) {
        url = str(rows[i][0]);
        is_int(social_postgres_url_has_password(url), rows[i][1] != NULL,
               rows[i][0]);

        len = social_postgres_url_mask(url, buf);
        ok(len <= SOCIAL_POSTGRES_URL_MASKED(url.len), "there is room");
        buf[len] = '\0';
        is_str((char *) buf, rows[i][1] ? rows[i][1] : rows[i][0],
               "... as it is shown");
    }
}


/* nothing of it is known to be a URL; each is in memory of its size */

static void
wrong(void)
{
    char                     *copy;
    size_t                    i, n, len;
    social_str_t              url;
    unsigned char            *buf;
    social_postgres_param_t   param;

    static const char *const  values[] = {
        "%", "%4", "%4g", "%g4", "%00", "a%"
    };

    static const char         whole[] = "postgresql://u%4:p%@h%,[::1]/d?p%=%&"
                                        "password=%4&passfile=%41&host=%";

    for (i = 0; i < social_nelts(values); i++) {
        buf = malloc(strlen(values[i]) + 1);
        is_int(social_postgres_url_decode(str(values[i]), buf, &len),
               SOCIAL_DECLINED, values[i]);
        free(buf);
    }

    for (n = 0; n < sizeof(whole); n++) {
        copy = malloc(n ? n : 1);
        memcpy(copy, whole, n);
        url.data = (unsigned char *) copy;
        url.len = n;

        buf = malloc(SOCIAL_POSTGRES_URL_MASKED(n));
        (void) social_postgres_url_mask(url, buf);
        free(buf);

        (void) social_postgres_url_host(url);

        if (social_postgres_url_param(url, "passfile", &param)) {
            buf = malloc(param.value.len + 1);
            (void) social_postgres_url_decode(param.value, buf, &len);
            free(buf);
        }

        free(copy);
    }

    ok(1, "one that is cut off anywhere");
}


int
main(void)
{
    params();
    hosts();
    passwords();
    wrong();

    return done();
}
