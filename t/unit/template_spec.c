
/*
 * The public mustache specification (github.com/mustache/spec at 9cb20c3)
 * by the names of its cases: what the renderer passes, then what it refuses.
 * The five modules that it supports are passed whole.
 */

#include "template.h"


static const row_t  interpolation[] = {
    { "No Interpolation", "{}", "Hello from {Mustache}!\n",
      "Hello from {Mustache}!\n", { NULL } },
    { "Basic Interpolation", "{\"subject\":\"world\"}", "Hello, {{subject}}!\n",
      "Hello, world!\n", { NULL } },
    { "No Re-interpolation",
      "{\"template\":\"{{planet}}\",\"planet\":\"Earth\"}",
      "{{template}}: {{planet}}", "{{planet}}: Earth", { NULL } },
    { "HTML Escaping", "{\"forbidden\":\"& \\\" < >\"}",
      "These characters should be HTML escaped: {{forbidden}}\n",
      "These characters should be HTML escaped: &amp; &quot; &lt; &gt;\n",
      { NULL } },
    { "Triple Mustache", "{\"forbidden\":\"& \\\" < >\"}",
      "not escaped: {{{forbidden}}}\n", "not escaped: & \" < >\n", { NULL } },
    { "Ampersand", "{\"forbidden\":\"& \\\" < >\"}",
      "not escaped: {{&forbidden}}\n", "not escaped: & \" < >\n", { NULL } },
    { "Basic Integer Interpolation",
      "{\"mph\":85}", "\"{{mph}} miles an hour!\"",
      "\"85 miles an hour!\"", { NULL } },
    { "Triple Mustache Integer Interpolation",
      "{\"mph\":85}", "\"{{{mph}}} miles an hour!\"",
      "\"85 miles an hour!\"", { NULL } },
    { "Ampersand Integer Interpolation",
      "{\"mph\":85}", "\"{{&mph}} miles an hour!\"",
      "\"85 miles an hour!\"", { NULL } },
    { "Basic Decimal Interpolation",
      "{\"power\":1.210}", "\"{{power}} jiggawatts!\"",
      "\"1.21 jiggawatts!\"", { NULL } },
    { "Triple Mustache Decimal Interpolation",
      "{\"power\":1.210}", "\"{{{power}}} jiggawatts!\"",
      "\"1.21 jiggawatts!\"", { NULL } },
    { "Ampersand Decimal Interpolation",
      "{\"power\":1.210}", "\"{{&power}} jiggawatts!\"",
      "\"1.21 jiggawatts!\"", { NULL } },
    { "Basic Null Interpolation",
      "{\"cannot\":null}", "I ({{cannot}}) be seen!",
      "I () be seen!", { NULL } },
    { "Triple Mustache Null Interpolation",
      "{\"cannot\":null}", "I ({{{cannot}}}) be seen!",
      "I () be seen!", { NULL } },
    { "Ampersand Null Interpolation",
      "{\"cannot\":null}", "I ({{&cannot}}) be seen!",
      "I () be seen!", { NULL } },
    { "Basic Context Miss Interpolation",
      "{}", "I ({{cannot}}) be seen!", "I () be seen!",
      { NULL } },
    { "Triple Mustache Context Miss Interpolation",
      "{}", "I ({{{cannot}}}) be seen!",
      "I () be seen!", { NULL } },
    { "Ampersand Context Miss Interpolation", "{}", "I ({{&cannot}}) be seen!",
      "I () be seen!", { NULL } },
    { "Dotted Names - Basic Interpolation", "{\"person\":{\"name\":\"Joe\"}}",
      "\"{{person.name}}\" == \"{{#person}}{{name}}{{/person}}\"",
      "\"Joe\" == \"Joe\"", { NULL } },
    { "Dotted Names - Triple Mustache Interpolation",
      "{\"person\":{\"name\":\"Joe\"}}",
      "\"{{{person.name}}}\" == \"{{#person}}{{{name}}}{{/person}}\"",
      "\"Joe\" == \"Joe\"", { NULL } },
    { "Dotted Names - Ampersand Interpolation",
      "{\"person\":{\"name\":\"Joe\"}}",
      "\"{{&person.name}}\" == \"{{#person}}{{&name}}{{/person}}\"",
      "\"Joe\" == \"Joe\"", { NULL } },
    { "Dotted Names - Arbitrary Depth",
      "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"name\":\"Phil\"}}}}}}",
      "\"{{a.b.c.d.e.name}}\" == \"Phil\"", "\"Phil\" == \"Phil\"", { NULL } },
    { "Dotted Names - Broken Chains",
      "{\"a\":{}}", "\"{{a.b.c}}\" == \"\"", "\"\" == \"\"",
      { NULL } },
    { "Dotted Names - Broken Chain Resolution",
      "{\"a\":{\"b\":{}},\"c\":{\"name\":\"Jim\"}}",
      "\"{{a.b.c.name}}\" == \"\"", "\"\" == \"\"", { NULL } },
    { "Dotted Names - Initial Resolution",
      "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"name\":\"Phil\"}}}}},"
      "\"b\":{\"c\":{\"d\":{\"e\":{\"name\":\"Wrong\"}}}}}",
      "\"{{#a}}{{b.c.d.e.name}}{{/a}}\" == \"Phil\"", "\"Phil\" == \"Phil\"",
      { NULL } },
    { "Dotted Names - Context Precedence",
      "{\"a\":{\"b\":{}},\"b\":{\"c\":\"ERROR\"}}",
      "{{#a}}{{b.c}}{{/a}}", "", { NULL } },
    { "Dotted Names are never single keys", "{\"a.b\":\"c\"}", "{{a.b}}", "",
      { NULL } },
    { "Dotted Names - No Masking", "{\"a.b\":\"c\",\"a\":{\"b\":\"d\"}}",
      "{{a.b}}", "d", { NULL } },
    { "Implicit Iterators - Basic Interpolation",
      "\"world\"", "Hello, {{.}}!\n",
      "Hello, world!\n", { NULL } },
    { "Implicit Iterators - HTML Escaping", "\"& \\\" < >\"", "{{.}}",
      "&amp; &quot; &lt; &gt;", { NULL } },
    { "Implicit Iterators - Triple Mustache",
      "\"& \\\" < >\"", "{{{.}}}", "& \" < >",
      { NULL } },
    { "Implicit Iterators - Ampersand", "\"& \\\" < >\"", "{{&.}}", "& \" < >",
      { NULL } },
    { "Implicit Iterators - Basic Integer Interpolation",
      "85", "\"{{.}} miles\"", "\"85 miles\"",
      { NULL } },
    { "Interpolation - Surrounding Whitespace",
      "{\"string\":\"---\"}", "| {{string}} |",
      "| --- |", { NULL } },
    { "Triple Mustache - Surrounding Whitespace", "{\"string\":\"---\"}",
      "| {{{string}}} |", "| --- |", { NULL } },
    { "Ampersand - Surrounding Whitespace", "{\"string\":\"---\"}",
      "| {{&string}} |", "| --- |", { NULL } },
    { "Interpolation - Standalone", "{\"string\":\"---\"}",
      "  {{string}}\n", "  ---\n", { NULL } },
    { "Triple Mustache - Standalone", "{\"string\":\"---\"}",
      "  {{{string}}}\n", "  ---\n", { NULL } },
    { "Ampersand - Standalone", "{\"string\":\"---\"}",
      "  {{&string}}\n", "  ---\n", { NULL } },
    { "Interpolation With Padding",
      "{\"string\":\"---\"}", "|{{ string }}|", "|---|", { NULL } },
    { "Triple Mustache With Padding",
      "{\"string\":\"---\"}", "|{{{ string }}}|", "|---|",
      { NULL } },
    { "Ampersand With Padding",
      "{\"string\":\"---\"}", "|{{& string }}|", "|---|",
      { NULL } },
};


static const row_t  sections[] = {
    { "Truthy", "{\"boolean\":true}",
      "\"{{#boolean}}This should be rendered.{{/boolean}}\"",
      "\"This should be rendered.\"", { NULL } },
    { "Falsey", "{\"boolean\":false}",
      "\"{{#boolean}}This should not be rendered.{{/boolean}}\"", "\"\"",
      { NULL } },
    { "Null is falsey", "{\"null\":null}", "\"{{#null}}no{{/null}}\"", "\"\"",
      { NULL } },
    { "Context", "{\"context\":{\"name\":\"Joe\"}}",
      "\"{{#context}}Hi {{name}}.{{/context}}\"", "\"Hi Joe.\"", { NULL } },
    { "Parent contexts",
      "{\"a\":\"foo\",\"b\":\"wrong\",\"sec\":{\"b\":\"bar\"},"
      "\"c\":{\"d\":\"baz\"}}",
      "\"{{#sec}}{{a}}, {{b}}, {{c.d}}{{/sec}}\"", "\"foo, bar, baz\"",
      { NULL } },
    { "Variable test", "{\"foo\":\"bar\"}",
      "\"{{#foo}}{{.}} is {{foo}}{{/foo}}\"", "\"bar is bar\"", { NULL } },
    { "List Contexts",
      "{\"tops\":[{\"tname\":{\"upper\":\"A\",\"lower\":\"a\"},"
      "\"middles\":[{\"mname\":\"1\",\"bottoms\":[{\"bname\":\"x\"},"
      "{\"bname\":\"y\"}]}]}]}",
      "{{#tops}}{{#middles}}{{tname.lower}}{{mname}}.{{#bottoms}}"
      "{{tname.upper}}{{mname}}{{bname}}.{{/bottoms}}{{/middles}}{{/tops}}",
      "a1.A1x.A1y.", { NULL } },
    { "Deeply Nested Contexts",
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
    { "List", "{\"list\":[{\"item\":1},{\"item\":2},{\"item\":3}]}",
      "\"{{#list}}{{item}}{{/list}}\"", "\"123\"", { NULL } },
    { "Empty List", "{\"list\":[]}", "\"{{#list}}Yay lists!{{/list}}\"",
      "\"\"", { NULL } },
    { "Doubled", "{\"bool\":true,\"two\":\"second\"}",
      "{{#bool}}\n* first\n{{/bool}}\n* {{two}}\n{{#bool}}\n* third\n"
      "{{/bool}}\n", "* first\n* second\n* third\n", { NULL } },
    { "Nested (Truthy)", "{\"bool\":true}",
      "| A {{#bool}}B {{#bool}}C{{/bool}} D{{/bool}} E |", "| A B C D E |",
      { NULL } },
    { "Nested (Falsey)", "{\"bool\":false}",
      "| A {{#bool}}B {{#bool}}C{{/bool}} D{{/bool}} E |", "| A  E |",
      { NULL } },
    { "Context Misses", "{}", "[{{#missing}}Found key 'missing'!{{/missing}}]",
      "[]", { NULL } },
    { "Implicit Iterator - String",
      "{\"list\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}",
      "\"{{#list}}({{.}}){{/list}}\"", "\"(a)(b)(c)(d)(e)\"", { NULL } },
    { "Implicit Iterator - Integer", "{\"list\":[1,2,3,4,5]}",
      "\"{{#list}}({{.}}){{/list}}\"", "\"(1)(2)(3)(4)(5)\"", { NULL } },
    { "Implicit Iterator - Decimal", "{\"list\":[1.1,2.2,3.3,4.4,5.5]}",
      "\"{{#list}}({{.}}){{/list}}\"", "\"(1.1)(2.2)(3.3)(4.4)(5.5)\"",
      { NULL } },
    { "Implicit Iterator - Array", "{\"list\":[[1,2,3],[\"a\",\"b\",\"c\"]]}",
      "\"{{#list}}({{#.}}{{.}}{{/.}}){{/list}}\"", "\"(123)(abc)\"",
      { NULL } },
    { "Implicit Iterator - HTML Escaping",
      "{\"list\":[\"&\",\"\\\"\",\"<\",\">\"]}",
      "\"{{#list}}({{.}}){{/list}}\"", "\"(&amp;)(&quot;)(&lt;)(&gt;)\"",
      { NULL } },
    { "Implicit Iterator - Triple mustache",
      "{\"list\":[\"&\",\"\\\"\",\"<\",\">\"]}",
      "\"{{#list}}({{{.}}}){{/list}}\"", "\"(&)(\")(<)(>)\"", { NULL } },
    { "Implicit Iterator - Ampersand",
      "{\"list\":[\"&\",\"\\\"\",\"<\",\">\"]}",
      "\"{{#list}}({{&.}}){{/list}}\"", "\"(&)(\")(<)(>)\"", { NULL } },
    { "Implicit Iterator - Root-level",
      "[{\"value\":\"a\"},{\"value\":\"b\"}]",
      "\"{{#.}}({{value}}){{/.}}\"", "\"(a)(b)\"", { NULL } },
    { "Dotted Names - Truthy", "{\"a\":{\"b\":{\"c\":true}}}",
      "\"{{#a.b.c}}Here{{/a.b.c}}\" == \"Here\"", "\"Here\" == \"Here\"",
      { NULL } },
    { "Dotted Names - Falsey", "{\"a\":{\"b\":{\"c\":false}}}",
      "\"{{#a.b.c}}Here{{/a.b.c}}\" == \"\"", "\"\" == \"\"", { NULL } },
    { "Dotted Names - Broken Chains", "{\"a\":{}}",
      "\"{{#a.b.c}}Here{{/a.b.c}}\" == \"\"", "\"\" == \"\"", { NULL } },
    { "Surrounding Whitespace", "{\"boolean\":true}",
      " | {{#boolean}}\t|\t{{/boolean}} | \n", " | \t|\t | \n", { NULL } },
    { "Internal Whitespace", "{\"boolean\":true}",
      " | {{#boolean}} {{! Important White space }}\n {{/boolean}} | \n",
      " |  \n  | \n", { NULL } },
    { "Indented Inline Sections", "{\"boolean\":true}",
      " {{#boolean}}YES{{/boolean}}\n {{#boolean}}GOOD{{/boolean}}\n",
      " YES\n GOOD\n", { NULL } },
    { "Standalone Lines", "{\"boolean\":true}",
      "| This Is\n{{#boolean}}\n|\n{{/boolean}}\n| A Line\n",
      "| This Is\n|\n| A Line\n", { NULL } },
    { "Indented Standalone Lines", "{\"boolean\":true}",
      "| This Is\n  {{#boolean}}\n|\n  {{/boolean}}\n| A Line\n",
      "| This Is\n|\n| A Line\n", { NULL } },
    { "Standalone Line Endings", "{\"boolean\":true}",
      "|\r\n{{#boolean}}\r\n{{/boolean}}\r\n|", "|\r\n|", { NULL } },
    { "Standalone Without Previous Line", "{\"boolean\":true}",
      "  {{#boolean}}\n#{{/boolean}}\n/", "#\n/", { NULL } },
    { "Standalone Without Newline", "{\"boolean\":true}",
      "#{{#boolean}}\n/\n  {{/boolean}}", "#\n/\n", { NULL } },
    { "Padding", "{\"boolean\":true}", "|{{# boolean }}={{/ boolean }}|",
      "|=|", { NULL } },
};


static const row_t  inverted[] = {
    { "Falsey", "{\"boolean\":false}", "\"{{^boolean}}yes{{/boolean}}\"",
      "\"yes\"", { NULL } },
    { "Truthy", "{\"boolean\":true}", "\"{{^boolean}}no{{/boolean}}\"",
      "\"\"", { NULL } },
    { "Null is falsey",
      "{\"null\":null}", "\"{{^null}}yes{{/null}}\"", "\"yes\"",
      { NULL } },
    { "Context", "{\"context\":{\"name\":\"Joe\"}}",
      "\"{{^context}}Hi {{name}}.{{/context}}\"", "\"\"", { NULL } },
    { "List", "{\"list\":[{\"n\":1},{\"n\":2},{\"n\":3}]}",
      "\"{{^list}}{{n}}{{/list}}\"", "\"\"", { NULL } },
    { "Empty List", "{\"list\":[]}", "\"{{^list}}Yay lists!{{/list}}\"",
      "\"Yay lists!\"", { NULL } },
    { "Doubled", "{\"bool\":false,\"two\":\"second\"}",
      "{{^bool}}\n* first\n{{/bool}}\n* {{two}}\n{{^bool}}\n* third\n"
      "{{/bool}}\n", "* first\n* second\n* third\n", { NULL } },
    { "Nested (Falsey)", "{\"bool\":false}",
      "| A {{^bool}}B {{^bool}}C{{/bool}} D{{/bool}} E |", "| A B C D E |",
      { NULL } },
    { "Nested (Truthy)", "{\"bool\":true}",
      "| A {{^bool}}B {{^bool}}C{{/bool}} D{{/bool}} E |", "| A  E |",
      { NULL } },
    { "Context Misses", "{}", "[{{^missing}}Cannot find it!{{/missing}}]",
      "[Cannot find it!]", { NULL } },
    { "Dotted Names - Truthy", "{\"a\":{\"b\":{\"c\":true}}}",
      "\"{{^a.b.c}}Not Here{{/a.b.c}}\"", "\"\"", { NULL } },
    { "Dotted Names - Falsey", "{\"a\":{\"b\":{\"c\":false}}}",
      "\"{{^a.b.c}}Not Here{{/a.b.c}}\"", "\"Not Here\"", { NULL } },
    { "Dotted Names - Broken Chains", "{\"a\":{}}",
      "\"{{^a.b.c}}Not Here{{/a.b.c}}\"", "\"Not Here\"", { NULL } },
    { "Surrounding Whitespace", "{\"boolean\":false}",
      " | {{^boolean}}\t|\t{{/boolean}} | \n", " | \t|\t | \n", { NULL } },
    { "Internal Whitespace", "{\"boolean\":false}",
      " | {{^boolean}} {{! Important White space }}\n {{/boolean}} | \n",
      " |  \n  | \n", { NULL } },
    { "Indented Inline Sections", "{\"boolean\":false}",
      " {{^boolean}}NO{{/boolean}}\n {{^boolean}}WAY{{/boolean}}\n",
      " NO\n WAY\n", { NULL } },
    { "Standalone Lines", "{\"boolean\":false}",
      "| This Is\n{{^boolean}}\n|\n{{/boolean}}\n| A Line\n",
      "| This Is\n|\n| A Line\n", { NULL } },
    { "Standalone Indented Lines", "{\"boolean\":false}",
      "| This Is\n  {{^boolean}}\n|\n  {{/boolean}}\n| A Line\n",
      "| This Is\n|\n| A Line\n", { NULL } },
    { "Standalone Line Endings", "{\"boolean\":false}",
      "|\r\n{{^boolean}}\r\n{{/boolean}}\r\n|", "|\r\n|", { NULL } },
    { "Standalone Without Previous Line", "{\"boolean\":false}",
      "  {{^boolean}}\n^{{/boolean}}\n/", "^\n/", { NULL } },
    { "Standalone Without Newline", "{\"boolean\":false}",
      "^{{^boolean}}\n/\n  {{/boolean}}", "^\n/\n", { NULL } },
    { "Padding", "{\"boolean\":false}", "|{{^ boolean }}={{/ boolean }}|",
      "|=|", { NULL } },
};


static const row_t  comments[] = {
    { "Inline", "{}", "12345{{! Comment Block! }}67890", "1234567890",
      { NULL } },
    { "Multiline", "{}",
      "12345{{!\n  This is a\n  multi-line comment...\n}}67890\n",
      "1234567890\n", { NULL } },
    { "Standalone", "{}", "Begin.\n{{! Comment Block! }}\nEnd.\n",
      "Begin.\nEnd.\n", { NULL } },
    { "Indented Standalone", "{}",
      "Begin.\n  {{! Indented Comment Block! }}\nEnd.\n", "Begin.\nEnd.\n",
      { NULL } },
    { "Standalone Line Endings", "{}", "|\r\n{{! Standalone Comment }}\r\n|",
      "|\r\n|", { NULL } },
    { "Standalone Without Previous Line", "{}",
      "  {{! I'm Still Standalone }}\n!", "!", { NULL } },
    { "Standalone Without Newline", "{}", "!\n  {{! I'm Still Standalone }}",
      "!\n", { NULL } },
    { "Multiline Standalone", "{}",
      "Begin.\n{{!\nSomething's going on here...\n}}\nEnd.\n",
      "Begin.\nEnd.\n", { NULL } },
    { "Indented Multiline Standalone", "{}",
      "Begin.\n  {{!\n    Something's going on here...\n  }}\nEnd.\n",
      "Begin.\nEnd.\n", { NULL } },
    { "Indented Inline", "{}", "  12 {{! 34 }}\n", "  12 \n", { NULL } },
    { "Surrounding Whitespace", "{}", "12345 {{! Comment Block! }} 67890",
      "12345  67890", { NULL } },
    { "Variable Name Collision", "{\"! comment\":1,\"!comment\":2}",
      "comments never show: >{{!comment}}<", "comments never show: ><",
      { NULL } },
};


static const row_t  partials[] = {
    { "Basic Behavior", "{}", "\"{{>text}}\"", "\"from partial\"",
      { "text", "from partial", NULL } },
    { "Failed Lookup", "{}", "\"{{>text}}\"", "\"\"", { NULL } },
    { "Context", "{\"text\":\"content\"}", "\"{{>partial}}\"", "\"*content*\"",
      { "partial", "*{{text}}*", NULL } },
    { "Recursion",
      "{\"content\":\"X\",\"nodes\":[{\"content\":\"Y\",\"nodes\":[]}]}",
      "{{>node}}", "X<Y<>>",
      { "node", "{{content}}<{{#nodes}}{{>node}}{{/nodes}}>", NULL } },
    { "Nested", "{\"a\":\"hello\",\"b\":\"world\"}", "{{>outer}}",
      "*hello world!*",
      { "outer", "*{{a}} {{>inner}}*", "inner", "{{b}}!" } },
    { "Surrounding Whitespace", "{}", "| {{>partial}} |", "| \t|\t |",
      { "partial", "\t|\t", NULL } },
    { "Inline Indentation", "{\"data\":\"|\"}", "  {{data}}  {{> partial}}\n",
      "  |  >\n>\n", { "partial", ">\n>", NULL } },
    { "Standalone Line Endings", "{}", "|\r\n{{>partial}}\r\n|", "|\r\n>|",
      { "partial", ">", NULL } },
    { "Standalone Without Previous Line", "{}", "  {{>partial}}\n>",
      "  >\n  >>", { "partial", ">\n>", NULL } },
    { "Standalone Without Newline", "{}", ">\n  {{>partial}}", ">\n  >\n  >",
      { "partial", ">\n>", NULL } },
    { "Standalone Indentation", "{\"content\":\"<\\n->\"}",
      "\\\n {{>partial}}\n/\n", "\\\n |\n <\n->\n |\n/\n",
      { "partial", "|\n{{{content}}}\n|\n", NULL } },
    { "Padding Whitespace", "{\"boolean\":true}", "|{{> partial }}|", "|[]|",
      { "partial", "[]", NULL } },
};


/*
 * Not supported, and refused by `nginx -t`, so that no page is half right:
 *
 *   delimiters      a template is one file with one syntax; a misprint in such
 *                   a tag would show the rest of the file as text
 *   dynamic names   which partial is used must be known before the start, or a
 *                   missing one would be found by a reader
 *   inheritance     a site's file replaces a whole template; with blocks, the
 *                   next version's template would change under it
 *
 * The templates of all their cases.  Lambdas (10 cases) need no tag of their
 * own: a document is JSON, in which no code can stand, so there is nothing to
 * refuse.
 */

typedef struct {
    const char  *name;
    const char  *source;
} refused_t;


static const refused_t  delimiters[] = {
    { "Pair Behavior", "{{=<% %>=}}(<%text%>)" },
    { "Special Characters", "({{=[ ]=}}[text])" },
    { "Sections",
      "[\n{{#section}}\n  {{data}}\n  |data|\n{{/section}}\n\n{{= | | ="
      "}}\n|#section|\n  {{data}}\n  |data|\n|/section|\n]\n" },
    { "Inverted Sections",
      "[\n{{^section}}\n  {{data}}\n  |data|\n{{/section}}\n\n{{= | | ="
      "}}\n|^section|\n  {{data}}\n  |data|\n|/section|\n]\n" },
    { "Partial Inheritence",
      "[ {{>include}} ]\n{{= | | =}}\n[ |>include| ]\n" },
    { "Post-Partial Behavior", ".{{value}}. {{= | | =}} .|value|." },
    { "Surrounding Whitespace", "| {{=@ @=}} |" },
    { "Outlying Whitespace (Inline)", " | {{=@ @=}}\n" },
    { "Standalone Tag", "Begin.\n{{=@ @=}}\nEnd.\n" },
    { "Indented Standalone Tag", "Begin.\n  {{=@ @=}}\nEnd.\n" },
    { "Standalone Line Endings", "|\r\n{{= @ @ =}}\r\n|" },
    { "Standalone Without Previous Line", "  {{=@ @=}}\n=" },
    { "Standalone Without Newline", "=\n  {{=@ @=}}" },
    { "Pair with Padding", "|{{= @   @ =}}|" }
};


static const refused_t  dynamic_names[] = {
    { "Basic Behavior - Partial", "\"{{>*dynamic}}\"" },
    { "Basic Behavior - Name Resolution", "\"{{>*dynamic}}\"" },
    { "Context Misses - Partial", "\"{{>*missing}}\"" },
    { "Failed Lookup - Partial", "\"{{>*dynamic}}\"" },
    { "Context", "\"{{>*example}}\"" },
    { "Dotted Names", "\"{{>*foo.bar.baz}}\"" },
    { "Dotted Names - Operator Precedence", "\"{{>*foo.bar.baz}}\"" },
    { "Dotted Names - Failed Lookup", "\"{{>*foo.bar.baz}}\"" },
    { "Dotted names - Context Stacking",
      "{{#section1}}{{>*section2.dynamic}}{{/section1}}" },
    { "Dotted names - Context Stacking Under Repetition",
      "{{#section1}}{{>*section2.dynamic}}{{/section1}}" },
    { "Dotted names - Context Stacking Failed Lookup",
      "{{#section1}}{{>*section2.dynamic}}{{/section1}}" },
    { "Recursion", "{{>*template}}" },
    { "Dynamic Names - Double Dereferencing", "\"{{>**dynamic}}\"" },
    { "Dynamic Names - Composed Dereferencing", "\"{{>*foo.*bar}}\"" },
    { "Surrounding Whitespace", "| {{>*partial}} |" },
    { "Inline Indentation", "  {{data}}  {{>*dynamic}}\n" },
    { "Standalone Line Endings", "|\r\n{{>*dynamic}}\r\n|" },
    { "Standalone Without Previous Line", "  {{>*dynamic}}\n>" },
    { "Standalone Without Newline", ">\n  {{>*dynamic}}" },
    { "Standalone Indentation", "\\\n {{>*dynamic}}\n/\n" },
    { "Padding Whitespace", "|{{> * dynamic }}|" }
};


static const refused_t  inheritance[] = {
    { "Default", "{{$title}}Default title{{/title}}\n" },
    { "Variable", "{{$foo}}default {{bar}} content{{/foo}}\n" },
    { "Triple Mustache", "{{$foo}}default {{{bar}}} content{{/foo}}\n" },
    { "Sections", "{{$foo}}default {{#bar}}{{baz}}{{/bar}} content{{/foo}}\n" },
    { "Negative Sections",
      "{{$foo}}default {{^bar}}{{baz}}{{/bar}} content{{/foo}}\n" },
    { "Mustache Injection",
      "{{$foo}}default {{#bar}}{{baz}}{{/bar}} content{{/foo}}\n" },
    { "Inherit", "{{<include}}{{/include}}\n" },
    { "Overridden content",
      "{{<super}}{{$title}}sub template title{{/title}}{{/super}}" },
    { "Data does not override block",
      "{{<include}}{{$var}}var in template{{/var}}{{/include}}" },
    { "Data does not override block default", "{{<include}}{{/include}}" },
    { "Overridden parent",
      "test {{<parent}}{{$stuff}}override{{/stuff}}{{/parent}}" },
    { "Two overridden parents",
      "test {{<parent}}{{$stuff}}override1{{/stuff}}{{/parent}} {{<pare"
      "nt}}{{$stuff}}override2{{/stuff}}{{/parent}}\n" },
    { "Override parent with newlines",
      "{{<parent}}{{$ballmer}}\npeaked\n\n:(\n{{/ballmer}}{{/parent}}" },
    { "Inherit indentation",
      "{{<parent}}{{$nineties}}hammer time{{/nineties}}{{/parent}}" },
    { "Only one override",
      "{{<parent}}{{$stuff2}}override two{{/stuff2}}{{/parent}}" },
    { "Parent template", "{{>parent}}|{{<parent}}{{/parent}}" },
    { "Recursion", "{{<parent}}{{$foo}}override{{/foo}}{{/parent}}" },
    { "Multi-level inheritance", "{{<parent}}{{$a}}c{{/a}}{{/parent}}" },
    { "Multi-level inheritance, no sub child", "{{<parent}}{{/parent}}" },
    { "Text inside parent",
      "{{<parent}} asdfasd {{$foo}}hmm{{/foo}} asdfasdfasdf {{/parent}}" },
    { "Text inside parent", "{{<parent}} asdfasd asdfasdfasdf {{/parent}}" },
    { "Block scope",
      "{{<parent}}{{$block}}I say {{fruit}}.{{/block}}{{/parent}}" },
    { "Standalone parent", "Hi,\n  {{<parent}}{{/parent}}\n" },
    { "Standalone block",
      "{{<parent}}{{$block}}\none\ntwo{{/block}}\n{{/parent}}\n" },
    { "Block reindentation",
      "{{<parent}}{{$block}}\n    one\n    two\n{{/block}}{{/parent}}\n" },
    { "Intrinsic indentation",
      "{{<parent}}{{$block}}\none\ntwo\n{{/block}}{{/parent}}\n" },
    { "Nested block reindentation",
      "{{<parent}}{{$nested}}\nthree\n{{/nested}}{{/parent}}\n" }
};


static void
refuse(const char *group, const refused_t *rows, size_t n, const char *why)
{
    int                       rc;
    size_t                    i;
    char                      what[128];
    social_template_set_t    *set;
    social_template_error_t   err;

    set = social_template_set_create();

    for (i = 0; i < n; i++) {
        snprintf(what, sizeof(what), "%s: %s", group, rows[i].name);

        rc = social_template_set_add(set, "main", rows[i].source,
                                     strlen(rows[i].source), &err);

        if (ok(rc == SOCIAL_DECLINED, "%s is refused", what)) {
            is_str(err.message, why, what);
            ok(err.line > 0 && err.column > 0, "%s: its place is told", what);
        }
    }

    social_template_set_destroy(set);
}


int
main(void)
{
    is_int(social_nelts(interpolation) + social_nelts(sections)
           + social_nelts(inverted) + social_nelts(comments)
           + social_nelts(partials), 42 + 34 + 22 + 12 + 12,
           "every case of the modules that are supported");

    run("interpolation", interpolation, social_nelts(interpolation));
    run("sections", sections, social_nelts(sections));
    run("inverted", inverted, social_nelts(inverted));
    run("comments", comments, social_nelts(comments));
    run("partials", partials, social_nelts(partials));

    refuse("delimiters", delimiters, social_nelts(delimiters),
           "set delimiter tags are not supported");
    refuse("dynamic names", dynamic_names, social_nelts(dynamic_names),
           "dynamic names are not supported");
    refuse("inheritance", inheritance, social_nelts(inheritance),
           "inheritance is not supported");

    return done();
}
