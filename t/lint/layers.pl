#!/usr/bin/perl

# Which room may use which, and what may be included and called where: the
# rules of docs/architecture.md that a text search can check.  Prints
# FILE:LINE: what is wrong, and what would be right; exit code 1 if anything is.
#
#   t/lint/layers.pl [DIRECTORY]
#
# A room is a folder below src.  A room uses another one if it includes a header
# of it or names a function that it defines.  Exceptions: t/lint/rooms.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Sources qw(all code exceptions functions room);

chdir $ARGV[0] or die "$ARGV[0]: $!" if @ARGV;

# The floors of the house, lowest first.  A room uses rooms on lower floors
# only: not those above, and not those beside it.

my @FLOORS = (
    [ qw(core core/html) ],
    [ qw(core/status core/markdown core/judge) ],
    [ qw(store) ],
    [ qw(store/postgres) ],
    [ qw(http tool) ],
    [ qw(tool/html tool/figures) ],
    [ qw(tool/import) ],
    [ qw(http/zone) ],
    [ qw(http/job) ],
    [ qw(http/sync http/notify) ],
    [ qw(http/view) ],
    [ qw(http/widget http/request) ],
    [ qw(http/filter http/api) ],
    [ qw(http/admin http/conf) ],
    [ qw(ngx_social_module.c) ],
);

# rooms that use less than all floors below them

my %USES = (
    'core/status' => [ qw(core) ],
    'core/markdown' => [ qw(core) ],
    'core/judge'  => [ qw(core) ],
    'store'       => [ qw(core core/judge) ],
    'store/postgres' => [ qw(core core/judge store) ],
    'tool'        => [ qw(core store) ],
    'tool/html'   => [ qw(core core/markdown tool) ],
    'tool/figures' => [ qw(core tool) ],
    'tool/import' => [ qw(core store tool tool/html) ],
    'http'        => [ qw(core core/html) ],
    'http/zone'   => [ qw(core http) ],
    'http/conf'   => [ qw(core http http/zone) ],
);

# rooms that only these use

my %USED_BY = (
    'core/html'   => [ qw(http http/filter) ],
    'core/status' => [ qw(http/admin) ],
);

# headers that every room may include

my %SHARED = map { $_ => 1 } qw(src/core/social.h);

# the libc of the core: no files, no clock, no threads, no network
my $LIBC = 'ctype|errno|float|inttypes|limits|math|stdarg|stddef|stdint|stdio'
    . '|stdlib|string|strings|stdatomic|immintrin|emmintrin|arm_neon';
my $CRYPTO = 'openssl/(?:err|evp|hmac|crypto|sha|rand)';

# Where, what is included, what is right, why, files that may do it all the
# same.  Nothing is right where the third is undef.

my @INCLUDES = (
    [ qr{^src/core/}, qr{^<},
      qr{^<(?:(?:$LIBC)\.h|cjson/cJSON\.h|pcre2\.h|md4c\.h|$CRYPTO\.h)>},
      'the core may use the pure part of libc, cJSON, PCRE2, md4c and '
      . 'libcrypto', 'src/core/social_arena.c' ],
    [ qr{^src/core/}, qr{^"}, qr{^"social(?:_(?!store)\w+)?\.h"},
      'the core may include headers of the core only' ],
    [ qr{^src/store/}, qr{^<}, qr{^<(?!ngx_|pcre2|cjson)},
      'the store may not use nginx, PCRE2 or cJSON' ],
    [ qr{^src/store/}, qr{^"}, qr{^"social(?:_\w+)?\.h"},
      'the store may include headers of the store and of the core only' ],
    [ qr{^src/(?:http|tool)/}, qr{^"social_store}, qr{^"social_store\.h"},
      'other rooms include one header of the store, social_store.h' ],
    [ qr{.}, qr{cJSON\.h}, undef, 'include social_json.h instead',
      'src/core/social_json.h' ],
    [ qr{.}, qr{<pcre2\.h}, undef, 'include social_pcre2.h instead',
      'src/core/social_pcre2.h' ],
    [ qr{.}, qr{<md4c\.h>}, undef, 'only core/markdown uses md4c',
      'src/core/markdown/social_markdown.c',
      'src/core/markdown/social_markdown_link.c' ],
    [ qr{.}, qr{social_pcre2\.h}, undef,
      'only social_agent.c and social_block.c use PCRE2',
      'src/core/social_agent.c', 'src/core/social_block.c' ],
    [ qr{.}, qr{sqlite3\.h}, undef, 'include social_store_sqlite.h instead',
      'src/store/social_store_sqlite.h',
      'src/tool/import/social_tool_import_plan.h',
      'src/tool/import/social_tool_import_isso.c' ],
    [ qr{.}, qr{libpq-fe\.h}, undef,
      'include social_store_postgres.h instead',
      'src/store/postgres/social_store_postgres.h' ],
    [ qr{.}, qr{<(?:expat|iconv)\.h}, undef, 'only the XML reader uses expat',
      'src/tool/import/social_tool_import_xml.c' ],
    [ qr{.}, qr{<openssl/}, undef, 'only social_token.c uses libcrypto',
      'src/core/social_token.c' ],
    [ qr{.}, qr{<zlib\.h}, undef,
      'only the inflating filter and the program use zlib',
      'src/http/filter/ngx_http_social_filter_inflate.c',
      'src/tool/social_tool_source.c' ],
    [ qr{^src/http/}, qr{<ngx_}, undef, 'include ngx_http_social.h instead',
      'src/http/ngx_http_social.h' ],
);

# files with functions that a job runs in a pool thread
my @JOBS = map { "src/http/$_.c" } qw(
    admin/ngx_http_social_admin_moderate_export
    admin/ngx_http_social_admin_moderate_list
    admin/ngx_http_social_admin_moderate_log
    admin/ngx_http_social_admin_moderate_undo
    admin/ngx_http_social_admin_status_run
    api/ngx_http_social_api_answer
    api/ngx_http_social_api_feed
    api/ngx_http_social_api_mine
    api/ngx_http_social_api_read
    job/ngx_http_social_job_chain
    job/ngx_http_social_job_conn
    job/ngx_http_social_job_group_commit
    notify/ngx_http_social_notify
    sync/ngx_http_social_sync_age
    sync/ngx_http_social_sync_fleet
    sync/ngx_http_social_sync_load
    sync/ngx_http_social_sync_node
    sync/ngx_http_social_sync_save
    widget/ngx_http_social_widget_load
);

# where, what is refused, why, files that may do it all the same

my @CALLS = (
    [ qr{^src/(?:core|store)/}, qr{\b(?:ngx_\w+|NGX_\w+)},
      'core and store may not use nginx' ],
    [ qr{^src/tool/}, qr{\b(?:ngx_\w+|NGX_\w+)},
      'the program may not use nginx' ],
    [ qr{^src/core/}, qr{\bsocial_(?:store|sqlite)_\w+},
      'the core may not use the store' ],
    [ qr{^src/(?:http|tool)/|^ngx}, qr{\bsqlite3_\w+|\bsocial_sqlite_\w+},
      'only the store uses SQLite, and an import, for its temporary file',
      map { "src/tool/import/social_tool_import_$_" } qw(commit.c decide.c
          isso.c keys.c known.c plan.c plan.h) ],
    [ qr{^src/(?:http|tool)/|^ngx}, qr{\bsocial_pg_\w+|\bPQ[a-z]\w+},
      'only the store uses libpq' ],
    [ qr{.}, qr{\bngx_http_(?:output_filter|send_header|send_special)\s*\(},
      'responses are sent by ngx_http_social_request_reply.c only',
      'src/http/request/ngx_http_social_request_reply.c' ],
    [ qr{.}, qr{\bngx_http_(?:next|top)_(?:header|body)_filter\b},
      'nginx\'s filter chain is called by ngx_http_social_filter.c only',
      'src/http/filter/ngx_http_social_filter.c' ],
    [ qr{^src/http/|^ngx}, qr{\bsocial_store_\w+\s*\(},
      'the store is called in jobs of pool threads only: see @JOBS in '
      . 't/lint/layers.pl', @JOBS ],
    [ qr{.}, qr{\bngx_thread_task_(?:alloc|post)\s*\(},
      'jobs are posted by ngx_http_social_job.c only',
      'src/http/job/ngx_http_social_job.c' ],
    [ qr{.}, qr{\bassert\s*\(}, 'no assert: handle the case' ],
    [ qr{.}, qr{\b(?:v?sprintf|strcpy|stpcpy|strcat|gets|strtok|alloca)\s*\(},
      'use a function that is told the size of the buffer' ],
    [ qr{.}, qr{\b(?:atoi|atol|atof|strtod|setlocale)\s*\(},
      'parse numbers with error checks and without the locale' ],
    [ qr{.}, qr{\b(?:localtime|gmtime|ctime|asctime|rand|srand|random)\s*\(},
      'not thread-safe' ],
    [ qr{.}, qr{\b(?:system|popen|fork|exec\w+|getenv|exit|_exit|abort)\s*\(},
      'not in a worker process' ],
    [ qr{^src/core/}, qr{\b(?:time|clock_gettime|gettimeofday|open|fopen|read
        |write|printf|fprintf|puts|perror|getrandom)\s*\(}x,
      'the core is pure: its caller passes the time and does the I/O' ],
    [ qr{^src/http/}, qr{\b(?:sleep|usleep|nanosleep|fsync|fdatasync|poll|select
        |pthread_(?:join|cond_wait)|gethostbyname|getaddrinfo)\s*\(}x,
      'the event loop must not wait' ],
    [ qr{.}, qr{\bngx_regex_exec\s*\(.*\bjob\b},
      'ngx_regex is not thread-safe: no ngx_regex_exec() in a job' ],
    [ qr{^src/http/}, qr{\bx_forwarded_for\b},
      'use the client address that nginx has, see ngx_http_realip_module' ],
);

my $bad = 0;
my @paths = all();
my %code = map { $_ => [ code($_) ] } @paths;
my %excepted;       # by file and name: [ line in t/lint/rooms, is it used? ]
my %granted;        # by rule and file: the exemption is used

my $floor = 0;
my %floor;
for my $rooms (@FLOORS) {
    @floor{@$rooms} = ($floor++) x @$rooms;
}

read_exceptions();

for my $path (@paths) {
    complain("$path:1", 'a room that has no floor in t/lint/layers.pl: add it '
             . 'to @FLOORS') if !defined $floor{ room($path) };
}

for my $path (@paths) {
    rules($path);
    arrows($path);
}

unused();

exit $bad;


sub complain {
    my ($where, $what) = @_;

    print "$where: $what\n";
    $bad = 1;

    return;
}


sub read_exceptions {
    for my $entry (exceptions('t/lint/rooms', 3)) {
        my ($line, $path, $name, $reason) = @$entry;

        if (!defined $reason) {
            complain("t/lint/rooms:$line", 'an entry is FILE NAME REASON');
            next;
        }

        $excepted{"$path $name"} = [ $line, 0 ];
    }

    return;
}


sub rules {
    my ($path) = @_;

    my $n = 0;

    for my $line (@{ $code{$path} }) {
        my $where = "$path:" . ++$n;

        if ($line =~ /^\s*#\s*include\s*([<"].*)/) {
            my $name = $1;

            for my $rule (@INCLUDES) {
                my ($files, $what, $right, $why, @may) = @$rule;
                next if $path !~ $files || $name !~ $what
                        || $right && $name =~ $right
                        || granted($rule, $path, @may);
                complain($where, "#include $name: $why");
            }

            next;
        }

        for my $rule (@CALLS) {
            my ($files, $what, $why, @may) = @$rule;
            next if $path !~ $files || $line !~ $what;
            my $found = $&;
            next if granted($rule, $path, @may);
            complain($where, "$found: $why");
        }
    }

    return;
}


sub granted {
    my ($rule, $path, @may) = @_;

    my $may = grep { $_ eq $path } @may;
    $granted{"$rule $path"} = 1 if $may;

    return $may;
}


# what a file takes from other rooms; a name once a file

sub arrows {
    my ($path) = @_;

    my $from = room($path);
    my ($owner, %seen) = owners();
    my $n = 0;

    return if !defined $floor{$from};

    for my $line (@{ $code{$path} }) {
        $n++;

        my @names = $line =~ /^\s*#\s*include\s*"([^"]+)"/ ? $1
            : $line =~ /\b(\w+)\b/g;

        for my $name (grep { defined $owner->{$_} && !$seen{$_}++ } @names) {
            my $to = $owner->{$name};
            my $why = $to eq $from ? undef : refused($from, $to);
            next if !defined $why;

            if ($excepted{"$path $name"}) {
                $excepted{"$path $name"}[1] = 1;
                next;
            }

            complain("$path:$n", "$name is of $to: $why");
        }
    }

    return;
}


# which room a header or a function is of

my $owners;

sub owners {
    return $owners if $owners;

    $owners = {};

    for my $path (@paths) {
        my ($name) = $path =~ m{([^/]+)$};
        $owners->{$name} = room($path) if $name =~ /\.h$/ && !$SHARED{$path};
        next if $path !~ /\.c$/;

        for my $function (functions(@{ $code{$path} })) {
            next if $function->[0] eq 'main';
            my ($called, undef, $static) = @$function;
            $owners->{$called} = room($path) if !$static;
        }
    }

    return $owners;
}


# why a room may not use another one, and what would be right; undef if it may

sub refused {
    my ($from, $to) = @_;

    return if !defined $floor{$to};

    return "$from is below $to: let the caller pass what is needed, or move "
        . 'the function down' if $floor{$from} < $floor{$to};

    return "$from and $to are on the same floor: move what both need to a "
        . 'lower room' if $floor{$from} == $floor{$to};

    return "$from may use only @{ $USES{$from} }"
        if $USES{$from} && !grep { $_ eq $to } @{ $USES{$from} };

    return "only @{ $USED_BY{$to} } may use it"
        if $USED_BY{$to} && !grep { $_ eq $from } @{ $USED_BY{$to} };

    return;
}


# exceptions that are out of date would hide the next mistake

sub unused {
    for my $entry (sort keys %excepted) {
        my ($line, $used) = @{ $excepted{$entry} };
        complain("t/lint/rooms:$line", "$entry is not needed: remove it")
            if !$used;
    }

    for my $rule (@INCLUDES, @CALLS) {
        my ($files, @rest) = @$rule;
        complain('t/lint/layers.pl:1', "no file matches $files: correct the "
                 . 'rule') if !grep { /$files/ } @paths;

        for my $path (grep { !ref && defined && m{^src/} } @rest) {
            next if $granted{"$rule $path"};
            complain('t/lint/layers.pl:1', $code{$path}
                     ? "$path may break a rule and does not: remove it there"
                     : "$path may break a rule and does not exist: correct "
                       . 'its name there');
        }
    }

    return;
}
