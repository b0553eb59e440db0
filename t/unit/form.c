
/* social_form: decoding, refusals, repeated fields and bounds */

#include "unit.h"
#include "social_form.h"


static const char *const  repeat[] = { "id", "article", NULL };


/* all fields in one line, or "field: error" */

static void
form(const char *in, const char *want)
{
    int             rc;
    char            got[1024];
    size_t          len, i, n;
    social_form_t   f;
    unsigned char  *data, *buf;

    len = strlen(in);
    data = malloc(len ? len : 1);       /* so that ASan sees the ends */
    buf = malloc(len + 1);
    memcpy(data, in, len);

    rc = social_form_parse(&f, data, len, buf, repeat);

    n = 0;
    got[0] = '\0';

    if (rc != SOCIAL_OK) {
        snprintf(got, sizeof(got), "%s: %s", f.field, f.error);
    }

    for (i = 0; i < f.n; i++) {
        n += (size_t) snprintf(got + n, sizeof(got) - n, "[%s|%s]",
                               (const char *) f.fields[i].name.data,
                               (const char *) f.fields[i].value.data);

        ok(strlen((const char *) f.fields[i].value.data)
           == f.fields[i].value.len, "length");
    }

    is_str(got, want, in);

    free(data);
    free(buf);
}


static void
getters(void)
{
    unsigned char  buf[64];
    social_form_t  f;

    static const char  in[] = "id=1&name=Ann&id=2&x=";

    is_int(social_form_parse(&f, (const unsigned char *) in, sizeof(in) - 1,
                             buf, repeat), SOCIAL_OK, "parse");

    is_str((const char *) social_form_get(&f, "name")->data, "Ann", "get");
    is_str((const char *) social_form_get(&f, "id")->data, "1", "get: first");
    is_str((const char *) social_form_get_nth(&f, "id", 1)->data, "2", "nth");
    ok(social_form_get_nth(&f, "id", 2) == NULL, "nth: beyond the last");
    ok(social_form_get(&f, "x")->len == 0, "an empty field is found");
    ok(social_form_get(&f, "y") == NULL, "a missing field is not found");
    ok(social_form_get(&f, "nam") == NULL, "a prefix of a name is not found");
    ok(social_form_get(&f, "") == NULL, "an empty name is not found");
}


static void
bounds(void)
{
    int            rc;
    char           in[2048];
    size_t         i, n;
    unsigned char  buf[2049];
    social_form_t  f;

    for (i = 0, n = 0; i < SOCIAL_FORM_FIELDS; i++) {
        n += (size_t) snprintf(in + n, sizeof(in) - n, "f%d&", (int) i);
    }

    rc = social_form_parse(&f, (unsigned char *) in, n, buf, NULL);
    is_int(rc, SOCIAL_OK, "as many fields as allowed");
    is_int((int64_t) f.n, SOCIAL_FORM_FIELDS, "all of them");

    in[n++] = 'x';
    rc = social_form_parse(&f, (unsigned char *) in, n, buf, NULL);
    is_int(rc, SOCIAL_LIMIT, "one field more");
    is_str(f.error, "too many fields", "its error");

    memset(in, 'n', SOCIAL_FORM_NAME + 1);
    rc = social_form_parse(&f, (unsigned char *) in, SOCIAL_FORM_NAME, buf,
                           NULL);
    is_int(rc, SOCIAL_OK, "a long name");
    rc = social_form_parse(&f, (unsigned char *) in, SOCIAL_FORM_NAME + 1, buf,
                           NULL);
    is_int(rc, SOCIAL_DECLINED, "a name that is too long");
    is_str(f.error, "name too long", "its error");

    rc = social_form_parse(&f, NULL, 0, buf, NULL);
    ok(rc == SOCIAL_OK && f.n == 0, "an empty body");
}


int
main(void)
{
    form("", "");
    form("&", "");
    form("&&a=1&&", "[a|1]");
    form("a=1", "[a|1]");
    form("a", "[a|]");
    form("a&b", "[a|][b|]");
    form("a=", "[a|]");
    form("=", "[|]");
    form("=x", "[|x]");
    form("a=b=c", "[a|b=c]");
    form("a=1;b=2", "[a|1;b=2]");
    form("name=Ann+Lee&text=a%20b%2Bc%26d%3d%0D%0Ae",
         "[name|Ann Lee][text|a b+c&d=\r\ne]");
    form("%6e%61me=x", "[name|x]");
    form("a=%C3%A9%f0%9f%98%80", "[a|\xc3\xa9\xf0\x9f\x98\x80]");
    form("a=\xc3\xa9", "[a|\xc3\xa9]");
    form("a=%25", "[a|%]");
    form("a=1&A=2", "[a|1][A|2]");
    form("id=1&x=y&id=2&id=3", "[id|1][x|y][id|2][id|3]");
    form("article=/a/&article=/b/", "[article|/a/][article|/b/]");

    form("a=%", "a: invalid percent-encoding");
    form("a=%4", "a: invalid percent-encoding");
    form("a=x%4&b=1", "a: invalid percent-encoding");
    form("a=%g0", "a: invalid percent-encoding");
    form("a=%0g", "a: invalid percent-encoding");
    form("a=%%41", "a: invalid percent-encoding");
    form("%zz=1", ": invalid percent-encoding");
    form("b=1&a=%00", "a: NUL");
    form("a%00b=1", ": NUL");
    form("a=%ff", "a: not UTF-8");
    form("a=%C0%80", "a: not UTF-8");
    form("a=%ED%A0%80", "a: not UTF-8");
    form("a=%C3&b=%A9", "a: not UTF-8");
    form("a=\xff", "a: not UTF-8");
    form("%ff=1", ": not UTF-8");
    form("name=1&name=2", "name: duplicate");
    form("name=1&n%61me=2", "name: duplicate");
    form("name&name", "name: duplicate");
    form("=1&=2", ": duplicate");

    getters();
    bounds();

    return done();
}
