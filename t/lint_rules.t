#!/usr/bin/perl

# t/lint/layers.pl and t/lint/names.pl find what they are for: a small tree that
# keeps all rules passes, and each rule fails when the tree breaks it.

use strict;
use warnings;

use FindBin;
use File::Basename qw(basename dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;


my $scripts = "$FindBin::Bin/lint";
my $tree = tempdir(CLEANUP => 1);
my %texts;

my %calls = (
    zone    => 'social_a',
    job     => 'ngx_http_social_zone_a',
    sync    => 'ngx_http_social_job_a',
    view    => 'ngx_http_social_sync_a',
    widget  => 'ngx_http_social_view_a',
    request => 'ngx_http_social_view_a',
    filter  => 'social_html_a',
    api     => 'ngx_http_social_request_a',
    admin   => 'social_status_a',
    conf    => 'ngx_http_social_zone_a',
);

for my $room (sort keys %calls) {
    my $name = "ngx_http_social_${room}_a";

    file("src/http/$room/$name.h", "int $name(int a);");
    file("src/http/$room/$name.c", '#include "ngx_http_social.h"',
         "#include \"$name.h\"", function($name, $calls{$room}));
}

file('ngx_social_module.c', '#include "ngx_http_social_admin_a.h"',
     '/* not a call: social_store_a() */',
     function('ngx_social_start', 'ngx_http_social_conf_a'));
file('src/http/ngx_http_social.h', '#include <ngx_core.h>',
     '#include "social_html.h"');
file('src/core/social.h', 'typedef int  social_int_t;');
file('src/core/social_a.h', 'int social_a(int a);');
file('src/core/social_a.c', '#include <string.h>',
     '#include "social_a.h"', function('social_a', 'strlen'));
file('src/core/html/social_html.h', '#include "social.h"');
file('src/core/html/social_html.c', function('social_html_a', 'strlen'));
file('src/core/status/social_status.h', 'int social_status_a(int a);');
file('src/core/status/social_status.c', '#include "social_a.h"',
     function('social_status_a', 'social_a'));
file('src/store/social_store.c', '#include "social_a.h"',
     function('social_store_a', 'social_a'));
file('src/tool/social_tool.c', '#include "social_store.h"',
     function('main', 'social_store_a'));

# files that may do what others may not, and have to do it

file('src/core/social_json.h', '#include <cjson/cJSON.h>');
file('src/core/social_pcre2.h', '#include <pcre2.h>');
file('src/core/social_agent.c', '#include "social_pcre2.h"');
file('src/core/social_block.c', '#include "social_pcre2.h"');
file('src/core/social_token.c', '#include <openssl/hmac.h>');
file('src/core/markdown/social_markdown.c', '#include <md4c.h>');
file('src/core/markdown/social_markdown_link.c', '#include <md4c.h>');
file('src/store/social_store_sqlite.h', '#include <sqlite3.h>');
file('src/store/postgres/social_store_postgres.h', '#include <libpq-fe.h>');
file('src/core/social_arena.c', '#include <sys/mman.h>');
file('src/tool/import/social_tool_import_xml.c', '#include <expat.h>');
file('src/tool/social_tool_source.c', '#include <zlib.h>');
file('src/tool/import/social_tool_import_plan.h', '#include <sqlite3.h>',
     'sqlite3_int64 social_tool_a(int a);');
file('src/tool/import/social_tool_import_isso.c', '#include <sqlite3.h>',
     function('social_tool_import_isso', 'sqlite3_open'));

for my $name (qw(commit decide keys known plan)) {
    file("src/tool/import/social_tool_import_$name.c",
         function("social_tool_import_$name", 'sqlite3_step'));
}

my ($jobs) = slurp("$scripts/layers.pl") =~ /^my \@JOBS = .*? qw\((.*?)\)/ms;

for my $name (split ' ', $jobs) {
    file("src/http/$name.c", function(basename($name) . '_run',
                                      'social_store_a'));
}

file('src/http/job/ngx_http_social_job.c',
     function('ngx_http_social_job_post', 'ngx_thread_task_post'));
file('src/http/filter/ngx_http_social_filter_inflate.c', '#include <zlib.h>');
file('src/http/filter/ngx_http_social_filter.c',
     function('ngx_http_social_filter_body', 'ngx_http_next_body_filter'));
file('src/http/request/ngx_http_social_request_reply.c',
     function('ngx_http_social_request_reply', 'ngx_http_send_header'));

# lists of exceptions

file('t/lint/lengths', '# NAME LIMIT REASON', 'social_a 61 it is long',
     'src/core/social_a.c 601 it is long');
file('t/lint/tidy', 'src/core/social_a.c bugprone-x it is wrong');
file('t/lint/cppcheck', '// a comment', 'missingIncludeSystem',
     'autoVariables:src/core/social_a.c');
file('t/lint/rooms', '# FILE NAME REASON');


sub function {
    my ($name, $calls) = @_;

    return ('', '', 'int', "$name(int a)", '{', "    return $calls(a);", '}');
}


sub slurp {
    my ($path) = @_;

    open my $fh, '<', $path or die "$path: $!";
    local $/;

    return scalar <$fh>;
}


sub store {
    my ($path, $text) = @_;

    make_path(dirname("$tree/$path"));
    open my $fh, '>', "$tree/$path" or die "$path: $!";
    print $fh $text;
    close $fh or die "$path: $!";

    return;
}


sub file {
    my ($path, @lines) = @_;

    $texts{$path} = join '', map { "$_\n" } @lines;
    store($path, $texts{$path});

    return;
}


sub lint {
    my ($script) = @_;

    my $said = `perl $scripts/$script.pl $tree 2>&1`;

    return ($? >> 8, $said);
}


# With these lines at the end of a file, the script prints this message and no
# other one.  It is about the first line unless it begins with FILE:LINE:.

sub refuses {
    my ($script, $path, $lines, $message) = @_;

    my @lines = ref $lines ? @$lines : $lines;
    my $text = $texts{$path} // '';
    my $n = 1 + $text =~ tr/\n//;

    store($path, $text . join '', map { "$_\n" } @lines);
    my ($code, $said) = lint($script);
    defined $texts{$path} ? store($path, $text) : unlink "$tree/$path";

    $message = "$path:$n: $message" if $message !~ /^\S+:\d+: /;
    is("$code $said", "1 $message\n", "$path: $lines[0]");

    return;
}


for my $script (qw(layers names)) {
    is(join(' ', lint($script)), '0 ', "$script.pl finds nothing wrong with a "
       . 'tree that keeps the rules');
}


# rooms

my $in = sub {
    my ($room) = @_;

    return "src/http/$room/ngx_http_social_${room}_a.c";
};

my @FLOORS = ([ qw(zone) ], [ qw(job) ], [ qw(sync) ], [ qw(view) ],
              [ qw(request widget) ], [ qw(api filter) ], [ qw(admin conf) ]);

for my $floor (1 .. $#FLOORS) {
    my ($above, $beside) = @{ $FLOORS[$floor] };
    my $below = $FLOORS[$floor - 1][0];
    my $name = "ngx_http_social_${above}_a";

    refuses('layers', $in->($below), "int v = $name(1);",
            "$name is of http/$above: http/$below is below http/$above: let the "
            . 'caller pass what is needed, or move the function down');
    refuses('layers', $in->($beside), "#include \"$name.h\"",
            "$name.h is of http/$above: http/$beside and http/$above are on the "
            . 'same floor: move what both need to a lower room') if $beside;
}

refuses('layers', $in->('conf'), 'x = ngx_http_social_view_a;',
        'ngx_http_social_view_a is of http/view: http/conf may use only core '
        . 'http http/zone');
refuses('layers', $in->('api'), '#include "social_status.h"',
        'social_status.h is of core/status: only http/admin may use it');
refuses('layers', $in->('api'), 'social_html_a(1);',
        'social_html_a is of core/html: only http http/filter may use it');
refuses('layers', 'src/core/social_a.c', '#include "social_html.h"',
        'social_html.h is of core/html: core and core/html are on the same '
        . 'floor: move what both need to a lower room');
refuses('layers', 'src/core/html/social_html.c', 'social_a(1);',
        'social_a is of core: core/html and core are on the same floor: move '
        . 'what both need to a lower room');
refuses('layers', 'src/core/status/social_status.c', 'social_html_a(1);',
        'social_html_a is of core/html: core/status may use only core');
refuses('layers', 'src/store/social_store.c', '#include "social_html.h"',
        'social_html.h is of core/html: store may use only core core/judge');
refuses('layers', 'src/http/ngx_http_social.h',
        '#include "ngx_http_social_zone_a.h"',
        'ngx_http_social_zone_a.h is of http/zone: http is below http/zone: '
        . 'let the caller pass what is needed, or move the function down');
refuses('layers', 'src/http/new/ngx_http_social_new.c', 'int a;',
        'a room that has no floor in t/lint/layers.pl: add it to @FLOORS');

# exceptions

my $zone = $in->('zone');

store('t/lint/rooms', "$zone social_html_a because\n");
store($zone, "$texts{$zone}social_html_a(1);\n");
is(join(' ', lint('layers')), '0 ', 'an arrow with a reason in t/lint/rooms');

store($zone, $texts{$zone});
is(join(' ', lint('layers')), "1 t/lint/rooms:1: $zone social_html_a is not "
   . "needed: remove it\n", 'an exception that is not needed');
store('t/lint/rooms', $texts{'t/lint/rooms'});

refuses('layers', 't/lint/rooms', "$zone social_html_a",
        'an entry is FILE NAME REASON');

my $token = 'src/core/social_token.c';

store($token, "\n");
is(join(' ', lint('layers')), "1 t/lint/layers.pl:1: $token may break a rule "
   . "and does not: remove it there\n", 'a file that no longer needs what a '
   . 'rule allows it');
unlink "$tree/$token";
is(join(' ', lint('layers')), "1 t/lint/layers.pl:1: $token may break a rule "
   . "and does not exist: correct its name there\n", 'a rule allows a file '
   . 'something, and the file does not exist');
store($token, $texts{$token});

# includes

for my $case (
    [ 'src/core/social_a.c', '<unistd.h>', 'the core may use the pure part of '
      . 'libc, cJSON, PCRE2, md4c and libcrypto' ],
    [ 'src/core/social_a.c', '"other.h"',
      'the core may include headers of the core only' ],
    [ 'src/store/social_store.c', '<ngx_core.h>',
      'the store may not use nginx, PCRE2 or cJSON' ],
    [ 'src/store/social_store.c', '"ngx_http_social_other.h"',
      'the store may include headers of the store and of the core only' ],
    [ $zone, '"social_store_other.h"',
      'other rooms include one header of the store, social_store.h' ],
    [ $zone, '<cjson/cJSON.h>', 'include social_json.h instead' ],
    [ $zone, '<pcre2.h>', 'include social_pcre2.h instead' ],
    [ $zone, '"social_pcre2.h"',
      'only social_agent.c and social_block.c use PCRE2' ],
    [ $zone, '<sqlite3.h>', 'include social_store_sqlite.h instead' ],
    [ $zone, '<openssl/evp.h>', 'only social_token.c uses libcrypto' ],
    [ $zone, '<zlib.h>', 'only the inflating filter and the program use zlib' ],
    [ $zone, '<expat.h>', 'only the XML reader uses expat' ],
    [ $zone, '<ngx_http.h>', 'include ngx_http_social.h instead' ],
) {
    my ($path, $header, $why) = @$case;
    refuses('layers', $path, "#include $header", "#include $header: $why");
}

# calls: where, the call, what is refused of it, why

my $core = 'src/core/social_a.c';

for my $case (
    [ $core, 'ngx_palloc(a)', 'ngx_palloc', 'core and store may not use nginx' ],
    [ $core, 'social_store_b(a)', 'social_store_b',
      'the core may not use the store' ],
    [ 'src/tool/social_tool.c', 'ngx_palloc(a)', 'ngx_palloc',
      'the program may not use nginx' ],
    [ 'src/tool/social_tool.c', 'sqlite3_open(a)', 'sqlite3_open',
      'only the store uses SQLite, and an import, for its temporary file' ],
    [ $zone, 'sqlite3_open(a)', 'sqlite3_open', 'only the store uses SQLite, and an import, for its temporary file' ],
    [ $zone, 'ngx_http_output_filter(r)', 'ngx_http_output_filter(',
      'responses are sent by ngx_http_social_request_reply.c only' ],
    [ $zone, 'ngx_http_top_body_filter', 'ngx_http_top_body_filter',
      'nginx\'s filter chain is called by ngx_http_social_filter.c only' ],
    [ $in->('api'), 'social_store_b(a)', 'social_store_b(', 'the store is '
      . 'called in jobs of pool threads only: see @JOBS in t/lint/layers.pl' ],
    [ $zone, 'ngx_thread_task_post(a)', 'ngx_thread_task_post(',
      'jobs are posted by ngx_http_social_job.c only' ],
    [ $zone, 'assert(a)', 'assert(', 'no assert: handle the case' ],
    [ $zone, 'sprintf(a)', 'sprintf(',
      'use a function that is told the size of the buffer' ],
    [ $zone, 'atoi(a)', 'atoi(',
      'parse numbers with error checks and without the locale' ],
    [ $zone, 'gmtime(a)', 'gmtime(', 'not thread-safe' ],
    [ $zone, 'abort()', 'abort(', 'not in a worker process' ],
    [ $core, 'time(a)', 'time(',
      'the core is pure: its caller passes the time and does the I/O' ],
    [ $zone, 'usleep(a)', 'usleep(', 'the event loop must not wait' ],
    [ $zone, 'ngx_regex_exec(x, job)', 'ngx_regex_exec(x, job',
      'ngx_regex is not thread-safe: no ngx_regex_exec() in a job' ],
    [ $zone, 'x_forwarded_for', 'x_forwarded_for',
      'use the client address that nginx has, see ngx_http_realip_module' ],
) {
    my ($path, $call, $found, $why) = @$case;
    refuses('layers', $path, "x = $call;", "$found: $why");
}



# names

my $b = 'src/http/zone/ngx_http_social_zone_b.c';
my @defined = (
    '#define SOCIAL_A  1',
    'typedef struct social_s  social_t;',
    'struct social_s {',
    '    int a;',
    '};',
    'typedef int (*social_pt)(int a);',
    'typedef enum {',
    '    SOCIAL_ONE,',
    '    SOCIAL_TWO = 2',
    '} social_e;',
    'typedef struct {',
    '    struct { int a; } b;',
    '} social_two_t;',
);

file($core, split(/\n/, $texts{$core}), @defined);

my @also = (
    '#if (NGX_PCRE)',
    '#define SOCIAL_EITHER  1',
    'typedef int  social_either_t;',
    function('ngx_http_social_zone_either', 'x'),
    '#else',
    '#define SOCIAL_EITHER  0',
    'typedef long  social_either_t;',
    function('ngx_http_social_zone_either', 'y'),
    '#endif',
    '#ifndef SOCIAL_DEFAULT',
    '#define SOCIAL_DEFAULT  1',
    '#endif',
    '#define SOCIAL_ROW(x)  x,',
    '#undef SOCIAL_ROW',
    'typedef struct social_same {',
    '    int a;',
    '} social_same;',
);

file('src/http/zone/ngx_http_social_zone_c.c', @also);
file('src/http/zone/ngx_http_social_zone_d.c', '#define SOCIAL_ROW(x)  x + 1',
     '#undef SOCIAL_ROW');

is(join(' ', lint('names')), '0 ', 'alternatives of #if, a macro that is '
   . 'undefined again, a struct and its typedef may have one name');

my $line = 1 + ($texts{$core} =~ tr/\n//) - @defined;

for my $case (
    [ '#define SOCIAL_A  1', 'macro SOCIAL_A', 'macro', $line ],
    [ 'typedef int  social_t;', 'typedef social_t', 'typedef', $line + 1 ],
    [ 'struct social_s { int a; };', 'struct social_s', 'struct', $line + 2 ],
    [ 'typedef int (*social_pt)(void);', 'typedef social_pt', 'typedef',
      $line + 5 ],
    [ 'enum { SOCIAL_ONE };', 'constant SOCIAL_ONE', 'constant', $line + 7 ],
    [ 'typedef struct { int c; } social_two_t;', 'typedef social_two_t',
      'typedef', $line + 10 ],
    [ '#define SOCIAL_TWO  2', 'macro SOCIAL_TWO', 'constant', $line + 8 ],
    [ '#define social_a  social_b', 'macro social_a', 'function', 6 ],
) {
    my ($code, $what, $kind, $first) = @$case;
    refuses('names', $b, $code, "$what: $core:$first defines a $kind of this "
            . 'name: rename one');
}

refuses('names', $b, [ 'static int', 'social_a(int a)', '{', '}' ],
        "$b:2: function social_a: $core:6 defines a function of this name: "
        . 'rename one');
refuses('names', $b, [ '#define SOCIAL_B  1', '#define SOCIAL_B  2' ],
        "$b:2: macro SOCIAL_B: $b:1 defines a macro of this name: rename one");
refuses('names', $b, [ 'int', 'ngx_http_social_view_b(int a)', '{', '}' ],
        "$b:2: ngx_http_social_view_b(): a public function of this folder is "
        . 'ngx_http_social_zone_*');
refuses('names', 'src/http/zone/ngx_http_social_view_b.c', 'int a;',
        'a file of this folder is ngx_http_social_zone*');
refuses('names', 'src/core/status/social_a.c', 'int a;',
        "$core has the same file name: rename one");

for my $case (
    [ lengths => 'ngx_http_social_gone 61 it is long', 'ngx_http_social_gone' ],
    [ lengths => 'src/core/social_gone.c 601 it is long' ],
    [ tidy => 'src/core/social_gone.c bugprone-x it is wrong' ],
    [ rooms => 'src/core/social_gone.c social_a it must' ],
    [ cppcheck => 'autoVariables:src/core/social_gone.c' ],
) {
    my ($list, $entry, $name) = @$case;
    $name //= 'src/core/social_gone.c';
    refuses('names', "t/lint/$list", $entry,
            "$name does not exist: correct or remove it");
}

done_testing;
