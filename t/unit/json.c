
/* social_json: accepted and refused documents, and the functions that get
 * values */

#include "unit.h"
#include "social_json.h"


static void
parse(const char *in, size_t len, const char *want)
{
    char         *copy;
    cJSON        *json;
    const char   *error;

    copy = malloc(len ? len : 1);   /* so that ASan sees the end */
    memcpy(copy, in, len);

    json = social_json_parse((unsigned char *) copy, len, &error);

    if (json) {
        error = "ok";
    }

    is_str(error, want, in);

    cJSON_Delete(json);
    free(copy);
}

#define good(s)       parse(s, sizeof(s) - 1, "ok")
#define bad(s, want)  parse(s, sizeof(s) - 1, want)
#define malformed(s)  bad(s, "malformed JSON")


static void
nested(unsigned depth, const char *want)
{
    char  buf[256];

    memset(buf, '[', depth);
    memset(buf + depth, ']', depth);
    parse(buf, 2 * depth, want);
}


static void
bounds(void)
{
    int     i;
    size_t  n;
    char    buf[20000];

    nested(SOCIAL_JSON_DEPTH, "ok");
    nested(SOCIAL_JSON_DEPTH + 1, "JSON nested too deeply");

    for (i = 0, n = 0; i < SOCIAL_JSON_MEMBERS; i++) {
        n += (size_t) snprintf(buf + n, sizeof(buf) - n, "%c\"%d\":1",
                               i ? ',' : '{', i);
    }

    buf[n] = '}';
    parse(buf, n + 1, "ok");
    memcpy(buf + n, ",\"x\":1}", 8);
    parse(buf, n + 7, "too many members in a JSON object");

    n = 0;
    buf[n++] = '[';

    for (i = 1; i < SOCIAL_JSON_VALUES; i++) {
        buf[n++] = '1';
        buf[n++] = ',';
    }

    buf[n - 1] = ']';
    buf[n] = '\0';
    parse(buf, n, "ok");
    memcpy(buf + n - 1, ",1]", 4);
    parse(buf, n + 2, "too many values in JSON");
}


static void
getters(void)
{
    cJSON        *json;
    size_t        n;
    const char   *error;
    social_str_t  s, list[2];

    static const char  text[] =
        "{\"name\":\"Ann\",\"empty\":\"\",\"n\":-42,\"nil\":null,"
        "\"one\":[\"a\"],"
        "\"two\":[\"a\",\"b\"],\"three\":[\"a\",\"b\",\"c\"],\"mix\":[\"a\",1],"
        "\"none\":[]}";

    json = social_json_parse((const unsigned char *) text, sizeof(text) - 1,
                             &error);
    ok(json != NULL, "document");

    is_int(social_json_string(json, "name", &s), SOCIAL_JSON_OK, "string");
    ok(s.len == 3 && memcmp(s.data, "Ann", 3) == 0, "its value");
    is_int(social_json_string(json, "empty", &s), SOCIAL_JSON_OK, "empty");
    is_int((int64_t) s.len, 0, "its length");
    is_int(social_json_string(json, "nope", &s), SOCIAL_JSON_MISSING, "none");
    is_int(social_json_string(json, "NAME", &s), SOCIAL_JSON_MISSING, "NAME");
    is_int(social_json_string(json, "nil", &s), SOCIAL_JSON_MISSING, "null");
    is_int(social_json_string(json, "n", &s), SOCIAL_JSON_TYPE, "number");
    is_int(social_json_string(NULL, "n", &s), SOCIAL_JSON_MISSING,
           "no document");

    is_int(social_json_strings(json, "name", list, 2, &n), SOCIAL_JSON_OK,
           "a string as a list");
    is_int((int64_t) n, 1, "its length");
    is_int(social_json_strings(json, "two", list, 2, &n), SOCIAL_JSON_OK,
           "a list");
    ok(n == 2 && list[1].data[0] == 'b', "its last value");
    is_int(social_json_strings(json, "none", list, 2, &n), SOCIAL_JSON_OK,
           "an empty list");
    is_int((int64_t) n, 0, "its length");
    is_int(social_json_strings(json, "three", list, 2, &n), SOCIAL_JSON_TYPE,
           "a list that is too long");
    is_int(social_json_strings(json, "mix", list, 2, &n), SOCIAL_JSON_TYPE,
           "a mixed list");
    is_int(social_json_strings(json, "nope", list, 2, &n),
           SOCIAL_JSON_MISSING, "no list");

    cJSON_Delete(json);
}


int
main(void)
{
    good("{}");
    good(" [ ] ");
    good("{\"a\":1,\"b\":[true,false,null,\"x\"]}\r\n\t ");
    good("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"");
    good("\"\xc3\xa9\xf0\x9f\x98\x80\"");
    good("0");
    good("-0.5e+10");
    good("1E5");
    good("[{\"a\":1},{\"a\":1}]");

    malformed("");
    malformed(" ");
    malformed("{");
    malformed("}");
    malformed("{\"a\"}");
    malformed("{\"a\":}");
    malformed("{\"a\":1,}");
    malformed("{a:1}");
    malformed("{'a':1}");
    malformed("{\"a\" 1}");
    malformed("{1:1}");
    malformed("[1,]");
    malformed("[1 2]");
    malformed("[,]");
    malformed("\"a");
    malformed("\"\\");
    malformed("\"\\x\"");
    malformed("\"\\u12\"");
    malformed("\"\\u12g4\"");
    malformed("-x");
    malformed("-");
    malformed("+1");
    malformed(".5");
    malformed("1.");
    malformed("1e");
    malformed("1e+");
    malformed("tru");
    malformed("TRUE");
    malformed("NaN");
    malformed("// x\n1");
    malformed("\xef\xbb\xbf{}");
    malformed("\0");

    bad("01", "unexpected data after the JSON value");
    bad("0x10", "unexpected data after the JSON value");
    bad("{} {}", "unexpected data after the JSON value");
    bad("{}\0", "unexpected data after the JSON value");
    bad("truely", "unexpected data after the JSON value");
    bad("\"a\0b\"", "control character in a JSON string");
    bad("\"a\nb\"", "control character in a JSON string");
    bad("\"a\\u0000b\"", "NUL in a JSON string");
    bad("{\"\\u0000\":1}", "NUL in a JSON string");
    bad("\"\\ud800\"", "lone surrogate in a JSON string");
    bad("\"\\udc00\"", "lone surrogate in a JSON string");
    bad("\"\\ud800\\n\"", "lone surrogate in a JSON string");
    bad("\"\\ud800\\ud800\"", "lone surrogate in a JSON string");
    bad("\"\xff\"", "JSON is not UTF-8");
    bad("\"\xed\xa0\x80\"", "JSON is not UTF-8");
    bad("\"\xc0\xaf\"", "JSON is not UTF-8");
    bad("{\"a\":1,\"b\":2,\"a\":3}", "duplicate member in a JSON object");
    bad("{\"a\":1,\"\\u0061\":2}", "duplicate member in a JSON object");
    bad("[{\"x\":{\"\":1,\"\":2}}]", "duplicate member in a JSON object");
    bad("1000000000000000000000000000000000000000000000000000000000000000",
        "JSON number too long");

    bounds();
    getters();

    return done();
}
