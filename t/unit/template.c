
/*
 * social_template.c, social_template_parse.c: the cases of the public mustache
 * specification, one in each row, then limits and errors.
 */

#include "unit.h"
#include "social_template.h"


typedef struct {
    const char  *what;
    const char  *json;
    const char  *source;
    const char  *want;
    const char  *partials[4];       /* name, source, name, source */
} row_t;


static const row_t  interpolation[] = {
    { "no interpolation", "{}", "Hello from {Mustache}!\n",
      "Hello from {Mustache}!\n", { NULL } },
    { "basic", "{\"subject\":\"world\"}", "Hello, {{subject}}!\n",
      "Hello, world!\n", { NULL } },
    { "no re-interpolation",
      "{\"template\":\"{{planet}}\",\"planet\":\"Earth\"}",
      "{{template}}: {{planet}}", "{{planet}}: Earth", { NULL } },
    { "HTML escaping", "{\"forbidden\":\"& \\\" < >\"}",
      "These characters should be HTML escaped: {{forbidden}}\n",
      "These characters should be HTML escaped: &amp; &quot; &lt; &gt;\n",
      { NULL } },
    { "triple mustache", "{\"forbidden\":\"& \\\" < >\"}",
      "not escaped: {{{forbidden}}}\n", "not escaped: & \" < >\n", { NULL } },
    { "ampersand", "{\"forbidden\":\"& \\\" < >\"}",
      "not escaped: {{&forbidden}}\n", "not escaped: & \" < >\n", { NULL } },
    { "integer", "{\"mph\":85}", "\"{{mph}} miles an hour!\"",
      "\"85 miles an hour!\"", { NULL } },
    { "integer, triple", "{\"mph\":85}", "\"{{{mph}}} miles an hour!\"",
      "\"85 miles an hour!\"", { NULL } },
    { "integer, ampersand", "{\"mph\":85}", "\"{{&mph}} miles an hour!\"",
      "\"85 miles an hour!\"", { NULL } },
    { "decimal", "{\"power\":1.210}", "\"{{power}} jiggawatts!\"",
      "\"1.21 jiggawatts!\"", { NULL } },
    { "decimal, triple", "{\"power\":1.210}", "\"{{{power}}} jiggawatts!\"",
      "\"1.21 jiggawatts!\"", { NULL } },
    { "decimal, ampersand", "{\"power\":1.210}", "\"{{&power}} jiggawatts!\"",
      "\"1.21 jiggawatts!\"", { NULL } },
    { "null", "{\"cannot\":null}", "I ({{cannot}}) be seen!",
      "I () be seen!", { NULL } },
    { "null, triple", "{\"cannot\":null}", "I ({{{cannot}}}) be seen!",
      "I () be seen!", { NULL } },
    { "null, ampersand", "{\"cannot\":null}", "I ({{&cannot}}) be seen!",
      "I () be seen!", { NULL } },
    { "context miss", "{}", "I ({{cannot}}) be seen!", "I () be seen!",
      { NULL } },
    { "context miss, triple", "{}", "I ({{{cannot}}}) be seen!",
      "I () be seen!", { NULL } },
    { "context miss, ampersand", "{}", "I ({{&cannot}}) be seen!",
      "I () be seen!", { NULL } },
    { "dotted names", "{\"person\":{\"name\":\"Joe\"}}",
      "\"{{person.name}}\" == \"{{#person}}{{name}}{{/person}}\"",
      "\"Joe\" == \"Joe\"", { NULL } },
    { "dotted names, triple", "{\"person\":{\"name\":\"Joe\"}}",
      "\"{{{person.name}}}\" == \"{{#person}}{{{name}}}{{/person}}\"",
      "\"Joe\" == \"Joe\"", { NULL } },
    { "dotted names, ampersand", "{\"person\":{\"name\":\"Joe\"}}",
      "\"{{&person.name}}\" == \"{{#person}}{{&name}}{{/person}}\"",
      "\"Joe\" == \"Joe\"", { NULL } },
    { "dotted names of any depth",
      "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"name\":\"Phil\"}}}}}}",
      "\"{{a.b.c.d.e.name}}\" == \"Phil\"", "\"Phil\" == \"Phil\"", { NULL } },
    { "broken chain", "{\"a\":{}}", "\"{{a.b.c}}\" == \"\"", "\"\" == \"\"",
      { NULL } },
    { "broken chain is not resolved elsewhere",
      "{\"a\":{\"b\":{}},\"c\":{\"name\":\"Jim\"}}",
      "\"{{a.b.c.name}}\" == \"\"", "\"\" == \"\"", { NULL } },
    { "dotted names resolve from the innermost context",
      "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"name\":\"Phil\"}}}}},"
      "\"b\":{\"c\":{\"d\":{\"e\":{\"name\":\"Wrong\"}}}}}",
      "\"{{#a}}{{b.c.d.e.name}}{{/a}}\" == \"Phil\"", "\"Phil\" == \"Phil\"",
      { NULL } },
    { "context precedence", "{\"a\":{\"b\":{}},\"b\":{\"c\":\"ERROR\"}}",
      "{{#a}}{{b.c}}{{/a}}", "", { NULL } },
    { "dotted names are never one key", "{\"a.b\":\"c\"}", "{{a.b}}", "",
      { NULL } },
    { "dotted names do not mask", "{\"a.b\":\"c\",\"a\":{\"b\":\"d\"}}",
      "{{a.b}}", "d", { NULL } },
    { "implicit iterator, basic", "\"world\"", "Hello, {{.}}!\n",
      "Hello, world!\n", { NULL } },
    { "implicit iterator, escaping", "\"& \\\" < >\"", "{{.}}",
      "&amp; &quot; &lt; &gt;", { NULL } },
    { "implicit iterator, triple", "\"& \\\" < >\"", "{{{.}}}", "& \" < >",
      { NULL } },
    { "implicit iterator, ampersand", "\"& \\\" < >\"", "{{&.}}", "& \" < >",
      { NULL } },
    { "implicit iterator, integer", "85", "\"{{.}} miles\"", "\"85 miles\"",
      { NULL } },
    { "surrounding white space", "{\"string\":\"---\"}", "| {{string}} |",
      "| --- |", { NULL } },
    { "surrounding white space, triple", "{\"string\":\"---\"}",
      "| {{{string}}} |", "| --- |", { NULL } },
    { "surrounding white space, ampersand", "{\"string\":\"---\"}",
      "| {{&string}} |", "| --- |", { NULL } },
    { "a value is never standalone", "{\"string\":\"---\"}",
      "  {{string}}\n", "  ---\n", { NULL } },
    { "a value is never standalone, triple", "{\"string\":\"---\"}",
      "  {{{string}}}\n", "  ---\n", { NULL } },
    { "a value is never standalone, ampersand", "{\"string\":\"---\"}",
      "  {{&string}}\n", "  ---\n", { NULL } },
    { "padding", "{\"string\":\"---\"}", "|{{ string }}|", "|---|", { NULL } },
    { "padding, triple", "{\"string\":\"---\"}", "|{{{ string }}}|", "|---|",
      { NULL } },
    { "padding, ampersand", "{\"string\":\"---\"}", "|{{& string }}|", "|---|",
      { NULL } },
    { "padding of newlines", "{\"string\":\"---\"}", "|{{\n string\n\t}}|",
      "|---|", { NULL } },
};


static const row_t  sections[] = {
    { "truthy", "{\"boolean\":true}",
      "\"{{#boolean}}This should be rendered.{{/boolean}}\"",
      "\"This should be rendered.\"", { NULL } },
    { "falsey", "{\"boolean\":false}",
      "\"{{#boolean}}This should not be rendered.{{/boolean}}\"", "\"\"",
      { NULL } },
    { "null is falsey", "{\"null\":null}", "\"{{#null}}no{{/null}}\"", "\"\"",
      { NULL } },
    { "context", "{\"context\":{\"name\":\"Joe\"}}",
      "\"{{#context}}Hi {{name}}.{{/context}}\"", "\"Hi Joe.\"", { NULL } },
    { "parent contexts",
      "{\"a\":\"foo\",\"b\":\"wrong\",\"sec\":{\"b\":\"bar\"},"
      "\"c\":{\"d\":\"baz\"}}",
      "\"{{#sec}}{{a}}, {{b}}, {{c.d}}{{/sec}}\"", "\"foo, bar, baz\"",
      { NULL } },
    { "variable test", "{\"foo\":\"bar\"}",
      "\"{{#foo}}{{.}} is {{foo}}{{/foo}}\"", "\"bar is bar\"", { NULL } },
    { "list contexts",
      "{\"tops\":[{\"tname\":{\"upper\":\"A\",\"lower\":\"a\"},"
      "\"middles\":[{\"mname\":\"1\",\"bottoms\":[{\"bname\":\"x\"},"
      "{\"bname\":\"y\"}]}]}]}",
      "{{#tops}}{{#middles}}{{tname.lower}}{{mname}}.{{#bottoms}}"
      "{{tname.upper}}{{mname}}{{bname}}.{{/bottoms}}{{/middles}}{{/tops}}",
      "a1.A1x.A1y.", { NULL } },
    { "deeply nested contexts",
      "{\"a\":{\"one\":1},\"b\":{\"two\":2},\"c\":{\"three\":3,"
      "\"d\":{\"four\":4,\"five\":5}}}",
      "{{#a}}\n{{one}}\n{{#b}}\n{{one}}{{two}}{{one}}\n{{#c}}\n"
      "{{one}}{{two}}{{three}}{{two}}{{one}}\n{{#d}}\n"
      "{{one}}{{two}}{{three}}{{four}}{{three}}{{two}}{{one}}\n{{#five}}\n"
      "{{one}}{{two}}{{three}}{{four}}{{five}}{{four}}{{three}}{{two}}{{one}}\n"
      "{{one}}{{two}}{{three}}{{four}}{{.}}6{{.}}{{four}}{{three}}{{two}}"
      "{{one}}\n"
      "{{one}}{{two}}{{three}}{{four}}{{five}}{{four}}{{three}}{{two}}{{one}}\n"
      "{{/five}}\n"
      "{{one}}{{two}}{{three}}{{four}}{{three}}{{two}}{{one}}\n{{/d}}\n"
      "{{one}}{{two}}{{three}}{{two}}{{one}}\n{{/c}}\n"
      "{{one}}{{two}}{{one}}\n{{/b}}\n{{one}}\n{{/a}}\n",
      "1\n121\n12321\n1234321\n123454321\n12345654321\n123454321\n1234321\n"
      "12321\n121\n1\n", { NULL } },
    { "list", "{\"list\":[{\"item\":1},{\"item\":2},{\"item\":3}]}",
      "\"{{#list}}{{item}}{{/list}}\"", "\"123\"", { NULL } },
    { "empty list", "{\"list\":[]}", "\"{{#list}}Yay lists!{{/list}}\"",
      "\"\"", { NULL } },
    { "doubled", "{\"bool\":true,\"two\":\"second\"}",
      "{{#bool}}\n* first\n{{/bool}}\n* {{two}}\n{{#bool}}\n* third\n"
      "{{/bool}}\n", "* first\n* second\n* third\n", { NULL } },
    { "nested (truthy)", "{\"bool\":true}",
      "| A {{#bool}}B {{#bool}}C{{/bool}} D{{/bool}} E |", "| A B C D E |",
      { NULL } },
    { "nested (falsey)", "{\"bool\":false}",
      "| A {{#bool}}B {{#bool}}C{{/bool}} D{{/bool}} E |", "| A  E |",
      { NULL } },
    { "context misses", "{}", "[{{#missing}}Found key 'missing'!{{/missing}}]",
      "[]", { NULL } },
    { "implicit iterator, strings",
      "{\"list\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}",
      "\"{{#list}}({{.}}){{/list}}\"", "\"(a)(b)(c)(d)(e)\"", { NULL } },
    { "implicit iterator, integers", "{\"list\":[1,2,3,4,5]}",
      "\"{{#list}}({{.}}){{/list}}\"", "\"(1)(2)(3)(4)(5)\"", { NULL } },
    { "implicit iterator, decimals", "{\"list\":[1.1,2.2,3.3,4.4,5.5]}",
      "\"{{#list}}({{.}}){{/list}}\"", "\"(1.1)(2.2)(3.3)(4.4)(5.5)\"",
      { NULL } },
    { "implicit iterator, arrays", "{\"list\":[[1,2,3],[\"a\",\"b\",\"c\"]]}",
      "\"{{#list}}({{#.}}{{.}}{{/.}}){{/list}}\"", "\"(123)(abc)\"",
      { NULL } },
    { "implicit iterator, escaping", "{\"list\":[\"&\",\"\\\"\",\"<\",\">\"]}",
      "\"{{#list}}({{.}}){{/list}}\"", "\"(&amp;)(&quot;)(&lt;)(&gt;)\"",
      { NULL } },
    { "implicit iterator, triple", "{\"list\":[\"&\",\"\\\"\",\"<\",\">\"]}",
      "\"{{#list}}({{{.}}}){{/list}}\"", "\"(&)(\")(<)(>)\"", { NULL } },
    { "implicit iterator, ampersand",
      "{\"list\":[\"&\",\"\\\"\",\"<\",\">\"]}",
      "\"{{#list}}({{&.}}){{/list}}\"", "\"(&)(\")(<)(>)\"", { NULL } },
    { "implicit iterator, root",
      "[{\"value\":\"a\"},{\"value\":\"b\"}]",
      "\"{{#.}}({{value}}){{/.}}\"", "\"(a)(b)\"", { NULL } },
    { "dotted names, truthy", "{\"a\":{\"b\":{\"c\":true}}}",
      "\"{{#a.b.c}}Here{{/a.b.c}}\" == \"Here\"", "\"Here\" == \"Here\"",
      { NULL } },
    { "dotted names, falsey", "{\"a\":{\"b\":{\"c\":false}}}",
      "\"{{#a.b.c}}Here{{/a.b.c}}\" == \"\"", "\"\" == \"\"", { NULL } },
    { "dotted names, broken chain", "{\"a\":{}}",
      "\"{{#a.b.c}}Here{{/a.b.c}}\" == \"\"", "\"\" == \"\"", { NULL } },
    { "surrounding white space", "{\"boolean\":true}",
      " | {{#boolean}}\t|\t{{/boolean}} | \n", " | \t|\t | \n", { NULL } },
    { "internal white space", "{\"boolean\":true}",
      " | {{#boolean}} {{! Important White space }}\n {{/boolean}} | \n",
      " |  \n  | \n", { NULL } },
    { "indented inline sections", "{\"boolean\":true}",
      " {{#boolean}}YES{{/boolean}}\n {{#boolean}}GOOD{{/boolean}}\n",
      " YES\n GOOD\n", { NULL } },
    { "standalone lines", "{\"boolean\":true}",
      "| This Is\n{{#boolean}}\n|\n{{/boolean}}\n| A Line\n",
      "| This Is\n|\n| A Line\n", { NULL } },
    { "indented standalone lines", "{\"boolean\":true}",
      "| This Is\n  {{#boolean}}\n|\n  {{/boolean}}\n| A Line\n",
      "| This Is\n|\n| A Line\n", { NULL } },
    { "standalone line endings", "{\"boolean\":true}",
      "|\r\n{{#boolean}}\r\n{{/boolean}}\r\n|", "|\r\n|", { NULL } },
    { "standalone without previous line", "{\"boolean\":true}",
      "  {{#boolean}}\n#{{/boolean}}\n/", "#\n/", { NULL } },
    { "standalone without newline", "{\"boolean\":true}",
      "#{{#boolean}}\n/\n  {{/boolean}}", "#\n/\n", { NULL } },
    { "padding", "{\"boolean\":true}", "|{{# boolean }}={{/ boolean }}|",
      "|=|", { NULL } },
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
};


static const row_t  inverted[] = {
    { "falsey", "{\"boolean\":false}", "\"{{^boolean}}yes{{/boolean}}\"",
      "\"yes\"", { NULL } },
    { "truthy", "{\"boolean\":true}", "\"{{^boolean}}no{{/boolean}}\"",
      "\"\"", { NULL } },
    { "null", "{\"null\":null}", "\"{{^null}}yes{{/null}}\"", "\"yes\"",
      { NULL } },
    { "context", "{\"context\":{\"name\":\"Joe\"}}",
      "\"{{^context}}Hi {{name}}.{{/context}}\"", "\"\"", { NULL } },
    { "list", "{\"list\":[{\"n\":1},{\"n\":2},{\"n\":3}]}",
      "\"{{^list}}{{n}}{{/list}}\"", "\"\"", { NULL } },
    { "empty list", "{\"list\":[]}", "\"{{^list}}Yay lists!{{/list}}\"",
      "\"Yay lists!\"", { NULL } },
    { "doubled", "{\"bool\":false,\"two\":\"second\"}",
      "{{^bool}}\n* first\n{{/bool}}\n* {{two}}\n{{^bool}}\n* third\n"
      "{{/bool}}\n", "* first\n* second\n* third\n", { NULL } },
    { "nested (falsey)", "{\"bool\":false}",
      "| A {{^bool}}B {{^bool}}C{{/bool}} D{{/bool}} E |", "| A B C D E |",
      { NULL } },
    { "nested (truthy)", "{\"bool\":true}",
      "| A {{^bool}}B {{^bool}}C{{/bool}} D{{/bool}} E |", "| A  E |",
      { NULL } },
    { "context misses", "{}", "[{{^missing}}Cannot find it!{{/missing}}]",
      "[Cannot find it!]", { NULL } },
    { "dotted names, truthy", "{\"a\":{\"b\":{\"c\":true}}}",
      "\"{{^a.b.c}}Not Here{{/a.b.c}}\"", "\"\"", { NULL } },
    { "dotted names, falsey", "{\"a\":{\"b\":{\"c\":false}}}",
      "\"{{^a.b.c}}Not Here{{/a.b.c}}\"", "\"Not Here\"", { NULL } },
    { "dotted names, broken chain", "{\"a\":{}}",
      "\"{{^a.b.c}}Not Here{{/a.b.c}}\"", "\"Not Here\"", { NULL } },
    { "surrounding white space", "{\"boolean\":false}",
      " | {{^boolean}}\t|\t{{/boolean}} | \n", " | \t|\t | \n", { NULL } },
    { "internal white space", "{\"boolean\":false}",
      " | {{^boolean}} {{! Important White space }}\n {{/boolean}} | \n",
      " |  \n  | \n", { NULL } },
    { "indented inline sections", "{\"boolean\":false}",
      " {{^boolean}}NO{{/boolean}}\n {{^boolean}}WAY{{/boolean}}\n",
      " NO\n WAY\n", { NULL } },
    { "standalone lines", "{\"boolean\":false}",
      "| This Is\n{{^boolean}}\n|\n{{/boolean}}\n| A Line\n",
      "| This Is\n|\n| A Line\n", { NULL } },
    { "standalone indented lines", "{\"boolean\":false}",
      "| This Is\n  {{^boolean}}\n|\n  {{/boolean}}\n| A Line\n",
      "| This Is\n|\n| A Line\n", { NULL } },
    { "standalone line endings", "{\"boolean\":false}",
      "|\r\n{{^boolean}}\r\n{{/boolean}}\r\n|", "|\r\n|", { NULL } },
    { "standalone without previous line", "{\"boolean\":false}",
      "  {{^boolean}}\n^{{/boolean}}\n/", "^\n/", { NULL } },
    { "standalone without newline", "{\"boolean\":false}",
      "^{{^boolean}}\n/\n  {{/boolean}}", "^\n/\n", { NULL } },
    { "padding", "{\"boolean\":false}", "|{{^ boolean }}={{/ boolean }}|",
      "|=|", { NULL } },
};


static const row_t  comments[] = {
    { "inline", "{}", "12345{{! Comment Block! }}67890", "1234567890",
      { NULL } },
    { "multiline", "{}",
      "12345{{!\n  This is a\n  multi-line comment...\n}}67890\n",
      "1234567890\n", { NULL } },
    { "standalone", "{}", "Begin.\n{{! Comment Block! }}\nEnd.\n",
      "Begin.\nEnd.\n", { NULL } },
    { "indented standalone", "{}",
      "Begin.\n  {{! Indented Comment Block! }}\nEnd.\n", "Begin.\nEnd.\n",
      { NULL } },
    { "standalone line endings", "{}", "|\r\n{{! Standalone Comment }}\r\n|",
      "|\r\n|", { NULL } },
    { "standalone without previous line", "{}",
      "  {{! I'm Still Standalone }}\n!", "!", { NULL } },
    { "standalone without newline", "{}", "!\n  {{! I'm Still Standalone }}",
      "!\n", { NULL } },
    { "multiline standalone", "{}",
      "Begin.\n{{!\nSomething's going on here...\n}}\nEnd.\n",
      "Begin.\nEnd.\n", { NULL } },
    { "indented multiline standalone", "{}",
      "Begin.\n  {{!\n    Something's going on here...\n  }}\nEnd.\n",
      "Begin.\nEnd.\n", { NULL } },
    { "indented inline", "{}", "  12 {{! 34 }}\n", "  12 \n", { NULL } },
    { "surrounding white space", "{}", "12345 {{! Comment Block! }} 67890",
      "12345  67890", { NULL } },
    { "no collision with a variable", "{\"! comment\":1,\"!comment\":2}",
      "comments never show: >{{!comment}}<", "comments never show: ><",
      { NULL } },
    { "empty", "{}", "a{{!}}b", "ab", { NULL } },
    { "two on a line are not standalone", "{}", "{{!a}} {{!b}}\n|", " \n|",
      { NULL } },
};


static const row_t  partials[] = {
    { "basic", "{}", "\"{{>text}}\"", "\"from partial\"",
      { "text", "from partial", NULL } },
    { "failed lookup", "{}", "\"{{>text}}\"", "\"\"", { NULL } },
    { "context", "{\"text\":\"content\"}", "\"{{>partial}}\"", "\"*content*\"",
      { "partial", "*{{text}}*", NULL } },
    { "recursion",
      "{\"content\":\"X\",\"nodes\":[{\"content\":\"Y\",\"nodes\":[]}]}",
      "{{>node}}", "X<Y<>>",
      { "node", "{{content}}<{{#nodes}}{{>node}}{{/nodes}}>", NULL } },
    { "nested", "{\"a\":\"hello\",\"b\":\"world\"}", "{{>outer}}",
      "*hello world!*",
      { "outer", "*{{a}} {{>inner}}*", "inner", "{{b}}!" } },
    { "surrounding white space", "{}", "| {{>partial}} |", "| \t|\t |",
      { "partial", "\t|\t", NULL } },
    { "inline indentation", "{\"data\":\"|\"}", "  {{data}}  {{> partial}}\n",
      "  |  >\n>\n", { "partial", ">\n>", NULL } },
    { "standalone line endings", "{}", "|\r\n{{>partial}}\r\n|", "|\r\n>|",
      { "partial", ">", NULL } },
    { "standalone without previous line", "{}", "  {{>partial}}\n>",
      "  >\n  >>", { "partial", ">\n>", NULL } },
    { "standalone without newline", "{}", ">\n  {{>partial}}", ">\n  >\n  >",
      { "partial", ">\n>", NULL } },
    { "standalone indentation", "{\"content\":\"<\\n->\"}",
      "\\\n {{>partial}}\n/\n", "\\\n |\n <\n->\n |\n/\n",
      { "partial", "|\n{{{content}}}\n|\n", NULL } },
    { "padding", "{\"boolean\":true}", "|{{> partial }}|", "|[]|",
      { "partial", "[]", NULL } },
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
};


static const row_t  ours[] = {
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


static void
run(const char *group, const row_t *rows, size_t n)
{
    int                       rc;
    size_t                    i, k;
    cJSON                    *doc;
    char                      what[128];
    social_out_t              out;
    social_template_set_t    *set;
    social_template_error_t   err;

    for (i = 0; i < n; i++) {

        snprintf(what, sizeof(what), "%s: %s", group, rows[i].what);

        set = social_template_set_create();
        doc = cJSON_Parse(rows[i].json);
        social_out_init(&out, 65536);

        rc = social_template_set_add(set, "main", rows[i].source,
                                     strlen(rows[i].source), &err);

        for (k = 0; k < 4 && rows[i].partials[k]; k += 2) {
            rc |= social_template_set_add(set, rows[i].partials[k],
                                          rows[i].partials[k + 1],
                                          strlen(rows[i].partials[k + 1]),
                                          &err);
        }

        if (rc == SOCIAL_OK && doc) {
            rc = social_template_render(set, "main", doc, &out);
        }

        social_out_bytes(&out, "", 1);

        is_str(rc == SOCIAL_OK && doc ? (char *) out.data : err.message,
               rows[i].want, what);

        social_out_free(&out);
        cJSON_Delete(doc);
        social_template_set_destroy(set);
    }
}


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
    { "{{=<% %>=}}",
      "set delimiter tags and inheritance are not supported", 1, 1 },
    { "{{<parent}}{{/parent}}",
      "set delimiter tags and inheritance are not supported", 1, 1 },
    { "\xff", "template is not UTF-8", 0, 0 },
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
    run("interpolation", interpolation, social_nelts(interpolation));
    run("sections", sections, social_nelts(sections));
    run("inverted", inverted, social_nelts(inverted));
    run("comments", comments, social_nelts(comments));
    run("partials", partials, social_nelts(partials));
    run("ours", ours, social_nelts(ours));
    errors();
    bounds();

    return done();
}
