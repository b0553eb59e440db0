
/*
 * social_template.c, social_template_parse.c: what the specification leaves
 * open, limits and errors.  Its own cases are in template_spec.c.
 */

#include "template.h"


static const row_t  ours[] = {
    { "padding of newlines", "{\"string\":\"---\"}", "|{{\n string\n\t}}|",
      "|---|", { NULL } },
    { "false by convention: 0", "{\"n\":0}", "{{#n}}no{{/n}}{{^n}}yes{{/n}}",
      "yes", { NULL } },
    { "false by convention: empty string", "{\"s\":\"\"}",
      "{{#s}}no{{/s}}{{^s}}yes{{/s}}", "yes", { NULL } },
    { "an empty object is true", "{\"o\":{},\"x\":1}", "{{#o}}{{x}}{{/o}}",
      "1", { NULL } },
    { "null of the inner context hides the outer",
      "{\"x\":1,\"o\":{\"x\":null}}",
      "[{{#o}}{{x}}{{/o}}]", "[]", { NULL } },
    { "a scalar context does not hide the outer", "{\"x\":1,\"s\":\"v\"}",
      "{{#s}}{{.}}{{x}}{{/s}}", "v1", { NULL } },
    { "empty", "{}", "a{{!}}b", "ab", { NULL } },
    { "two on a line are not standalone", "{}", "{{!a}} {{!b}}\n|", " \n|",
      { NULL } },
    { "indentation of nested partials adds up", "{}", " {{>a}}\nx\n",
      " 1\n  2\n  3\n 4\nx\n",
      { "a", "1\n {{>b}}\n4\n", "b", "2\n3\n" } },
    { "indentation and standalone sections", "{\"l\":[1,2]}",
      "<ul>\n  {{>a}}\n</ul>\n", "<ul>\n  <li>1\n  <li>2\n</ul>\n",
      { "a", "{{#l}}\n<li>{{.}}\n{{/l}}\n", NULL } },
    { "indentation in front of inline tags", "{\"t\":true,\"x\":\"v\"}",
      "  {{>a}}\n", "  y\n  v\n   c\n",
      { "a", "{{#t}}y{{/t}}\n{{x}}\n{{! c }} c\n", NULL } },
    { "a partial within a line is not indented further", "{}", "  {{>a}}\n",
      "  1\n2\n-\n  3\n", { "a", "{{>b}}-\n3\n", "b", "1\n2\n" } },
    { "a partial sees the innermost context", "{\"l\":[{\"x\":1},{\"x\":2}]}",
      "{{#l}}{{>p}}{{/l}}", "(1)(2)", { "p", "({{x}})", NULL } },
    { "booleans", "{\"t\":true,\"f\":false}", "{{t}} {{f}}", "true false",
      { NULL } },
    { "objects and arrays are no text", "{\"o\":{\"a\":1},\"l\":[1]}",
      "[{{o}}{{l}}]", "[]", { NULL } },
    { "large integers", "{\"n\":1234567890123456,\"m\":-2147483649}",
      "{{n}} {{m}}", "1234567890123456 -2147483649", { NULL } },
    { "beyond integers", "{\"n\":1e21}", "{{n}}", "1000000000000000000000",
      { NULL } },
    { "no numbers of JSON", "{\"n\":1e999}", "[{{n}}]", "[]", { NULL } },
    { "six decimals", "{\"n\":3.14159265358979}", "{{n}}", "3.141593",
      { NULL } },
    { "leading zeros of a fraction", "{\"n\":-0.000125}", "{{n}}",
      "-0.000125", { NULL } },
    { "too small", "{\"n\":1e-9,\"m\":-1e-9}", "{{n}} {{m}}", "0 0",
      { NULL } },
    { "rounding up", "{\"n\":0.9999999}", "{{n}}", "1", { NULL } },
    { "text of a template becomes ASCII", "{}", "f\xc3\xbcr <b>\xe2\x82\xac",
      "f&#252;r <b>&#8364;", { NULL } },
    { "values become ASCII, escaped", "{\"x\":\"\xc3\xbc\"}", "{{x}}",
      "&#252;", { NULL } },
    { "values become ASCII, raw", "{\"x\":\"<\xc3\xbc>\"}", "{{{x}}}",
      "<&#252;>", { NULL } },
    { "a BOM is no text", "{}", "\xef\xbb\xbf{{! x }}\na", "a", { NULL } },
    { "braces alone", "{}", "a { b } c }} d {", "a { b } c }} d {", { NULL } },
    { "four braces", "{\"x\":1}", "{{{x}}}}", "1}", { NULL } },
    { "an empty template", "{}", "", "", { NULL } },
    { "keys are case-sensitive", "{\"X\":1}", "[{{x}}]", "[]", { NULL } },
    { "no lookup by position", "{\"l\":[1]}", "[{{l.0}}]", "[]", { NULL } },
    { "bytes of a document beyond ASCII names", "{\"a-b_1\":1}", "{{a-b_1}}",
      "1", { NULL } },
};


typedef struct {
    const char  *source;
    const char  *message;
    unsigned     line;
    unsigned     column;
} bad_t;


static const bad_t  bad[] = {
    { "a\nb {{x", "tag is not closed", 2, 3 },
    { "{{{x}}", "tag is not closed", 1, 1 },
    { "{{! x }", "tag is not closed", 1, 1 },
    { "{{", "tag is not closed", 1, 1 },
    { "{{ }}", "tag has no name", 1, 1 },
    { "{{#}}", "tag has no name", 1, 1 },
    { "\n\n  {{a b}}", "invalid character in a tag's name", 3, 3 },
    { "{{a{{b}}", "invalid character in a tag's name", 1, 1 },
    { "{{gr\xc3\xb6\xc3\x9f" "e}}", "invalid character in a tag's name", 1, 1 },
    { "{{a..b}}", "empty part in a dotted name", 1, 1 },
    { "{{.a}}", "empty part in a dotted name", 1, 1 },
    { "{{a.}}", "empty part in a dotted name", 1, 1 },
    { "x\n{{#a}}\n{{#b}}{{/b}}\n", "section is not closed", 2, 1 },
    { "x\n {{/a}}", "closing tag without a section", 2, 2 },
    { "{{#a}}\n{{/b}}", "closing tag does not match the open section",
      2, 1 },
    { "{{=<% %>=}}", "set delimiter tags are not supported", 1, 1 },
    { "{{<parent}}{{/parent}}", "inheritance is not supported", 1, 1 },
    { "a{{$block}}{{/block}}", "inheritance is not supported", 1, 2 },
    { "\n{{> *name}}", "dynamic names are not supported", 2, 1 },
    { "\xff", "template is not UTF-8", 1, 1 },
    { "caf\xc3\xa9\n\xe2\x82\xac\xe9t", "template is not UTF-8", 2, 4 },
    { "{{x}}\xc3", "template is not UTF-8", 1, 6 },
};


static void
errors(void)
{
    int                       rc;
    size_t                    i;
    char                      got[400], want[400], deep[256];
    social_out_t              out;
    social_template_set_t    *set;
    social_template_error_t   err;

    set = social_template_set_create();

    rc = social_template_set_add(set, "t", "old", 3, &err);
    is_int(rc, SOCIAL_OK, "a template");

    for (i = 0; i < social_nelts(bad); i++) {
        rc = social_template_set_add(set, "t", bad[i].source,
                                     strlen(bad[i].source), &err);

        snprintf(got, sizeof(got), "%d %s %s:%u:%u", rc, err.message, err.name,
                 err.line, err.column);
        snprintf(want, sizeof(want), "%d %s t:%u:%u", SOCIAL_DECLINED,
                 bad[i].message, bad[i].line, bad[i].column);
        is_str(got, want, "the error has its name, line and column");
    }

    deep[0] = '\0';

    for (i = 0; i <= SOCIAL_TEMPLATE_NESTING; i++) {
        strcat(deep, "{{#a}}");
    }

    rc = social_template_set_add(set, "t", deep, strlen(deep), &err);
    is_str(err.message, "sections are nested too deeply", "nesting");
    is_int(err.column, SOCIAL_TEMPLATE_NESTING * 6 + 1, "its column");

    rc = social_template_set_add(set, "", "x", 1, &err);
    is_int(rc, SOCIAL_DECLINED, "a template needs a name");

    social_out_init(&out, 100);
    rc = social_template_render(set, "t", NULL, &out);
    ok(rc == SOCIAL_OK && out.len == 3 && memcmp(out.data, "old", 3) == 0,
       "after an error the old template is kept");

    rc = social_template_set_add(set, "t", "newer {{x}}", 11, &err);
    out.len = 0;
    rc = social_template_render(set, "t", NULL, &out);
    ok(rc == SOCIAL_OK && out.len == 6 && memcmp(out.data, "newer ", 6) == 0,
       "a good template replaces the old one");

    rc = social_template_render(set, "none", NULL, &out);
    is_int(rc, SOCIAL_DECLINED, "an unknown template");

    is_int(social_template_set_check(set, &err), SOCIAL_OK, "check: good");

    rc = social_template_set_add(set, "u", "\n {{>t}}{{>nope}}", 17, &err);
    is_int(social_template_set_check(set, &err), SOCIAL_DECLINED,
           "check: unknown partial");
    snprintf(got, sizeof(got), "%s %s:%u:%u", err.message, err.name, err.line,
             err.column);
    is_str(got, "unknown partial \"nope\" u:2:8", "check: its name and place");

    social_out_free(&out);
    social_template_set_destroy(set);
    social_template_set_destroy(NULL);
}


static void
bounds(void)
{
    int                       rc;
    size_t                    i;
    char                      name[16], *large;
    cJSON                    *doc;
    social_out_t              out;
    social_template_set_t    *set;
    social_template_error_t   err;

    set = social_template_set_create();

    social_template_set_add(set, "loop", "x{{>loop}}", 10, &err);
    social_template_set_add(set, "bomb", "{{>bomb}}{{>bomb}}", 18, &err);
    social_template_set_add(set, "list", "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}"
                            "{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}", 60, &err);

    social_out_init(&out, 1000);
    rc = social_template_render(set, "loop", NULL, &out);
    is_int(rc, SOCIAL_OK, "endless recursion ends");
    is_int((int64_t) out.len, SOCIAL_TEMPLATE_DEPTH + 1,
           "... at the limit of depth");

    rc = social_template_render(set, "bomb", NULL, &out);
    is_int(rc, SOCIAL_LIMIT, "2^32 empty partials are stopped");

    doc = cJSON_Parse("{\"l\":[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,"
                      "5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0]}");
    rc = social_template_render(set, "list", doc, &out);
    is_int(rc, SOCIAL_LIMIT, "40^5 empty rounds are stopped");
    cJSON_Delete(doc);

    social_out_free(&out);
    social_out_init(&out, 10);
    rc = social_template_render(set, "loop", NULL, &out);
    is_int(rc, SOCIAL_ERROR, "a full output is an error");
    social_out_free(&out);

    for (i = 0, rc = SOCIAL_OK; rc == SOCIAL_OK && i < 100; i++) {
        snprintf(name, sizeof(name), "n%d", (int) i);
        rc = social_template_set_add(set, name, "", 0, &err);
    }

    is_int(rc, SOCIAL_LIMIT, "the number of templates is limited");

    large = malloc(SOCIAL_TEMPLATE_SIZE + 1);
    memset(large, 'x', SOCIAL_TEMPLATE_SIZE + 1);
    rc = social_template_set_add(set, "n1", large, SOCIAL_TEMPLATE_SIZE, &err);
    is_int(rc, SOCIAL_OK, "a large template");
    rc = social_template_set_add(set, "n1", large, SOCIAL_TEMPLATE_SIZE + 1,
                                 &err);
    is_int(rc, SOCIAL_DECLINED, "a template that is too large");
    free(large);

    social_template_set_destroy(set);
}


int
main(void)
{
    run("ours", ours, social_nelts(ours));
    errors();
    bounds();

    return done();
}
