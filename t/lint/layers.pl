#!/usr/bin/perl

# The rules of docs/architecture.md that a text search can hold: what may be
# included and called where.  Prints FILE:LINE: what is wrong; 1 if anything
# is.  A rule is a row below.
#
#   t/lint/layers.pl [DIRECTORY]

use strict;
use warnings;

chdir $ARGV[0] or die "$ARGV[0]: $!" if @ARGV;

# the libc of the core: no files, no clock, no threads, no network
my $LIBC = 'ctype|errno|float|inttypes|limits|math|stdarg|stddef|stdint|stdio'
    . '|stdlib|string|strings|stdatomic|immintrin|emmintrin';
my $CRYPTO = 'openssl/(?:err|evp|hmac|crypto|sha|rand)';

# files, what is included there, what it may be, in words

my @INCLUDES = (
    [ qr{^src/core/}, qr{^<},
      qr{^<(?:(?:$LIBC)\.h|cjson/cJSON\.h|pcre2\.h|md4c[\w-]*\.h|$CRYPTO\.h)>},
      'the core knows the libc\'s pure part, cJSON, PCRE2, md4c, libcrypto' ],
    [ qr{^src/core/}, qr{^"}, qr{^"social(?:_(?!store)\w+)?\.h"},
      'the core includes headers of the core only' ],
    [ qr{^src/store/}, qr{^<}, qr{^<(?!ngx_|pcre2|cjson)},
      'the store knows no nginx' ],
    [ qr{^src/store/}, qr{^"}, qr{^"social(?:_\w+)?\.h"},
      'the store includes headers of the store and of the core only' ],
    [ qr{^src/http/}, qr{^"social_store}, qr{^"social_store\.h"},
      'of the store there is one header for others, social_store.h' ],
    [ qr{.}, qr{cJSON\.h}, qr{^}, 'cJSON.h is for social_json.h to include',
      qr{^src/core/social_json\.h$} ],
    [ qr{.}, qr{pcre2\.h}, qr{^}, 'pcre2.h is for social_agent.c to include',
      qr{^src/core/social_agent\.c$} ],
    [ qr{.}, qr{sqlite3\.h}, qr{^},
      'sqlite3.h is for social_store_sqlite.h to include',
      qr{^src/store/social_store_sqlite\.h$} ],
    [ qr{.}, qr{<openssl/}, qr{^}, 'libcrypto is for social_token.c',
      qr{^src/core/social_token\.c$} ],
    [ qr{.}, qr{<zlib\.h}, qr{^}, 'zlib is for the inflating filter',
      qr{^src/http/ngx_http_social_filter_inflate\.c$} ],
    [ qr{^src/http/.*\.c$}, qr{<ngx_}, qr{^(?!)},
      'nginx\'s headers come by ngx_http_social.h' ],
);

# the rooms of src/http that hold code for pool threads
my $JOBS = qr{^src/http/ngx_http_social_
    (?:job|batch|save|warm|flush|api|api_\w+|moderate\w*|status|widget\w*|load)
    \.c$}x;

# where it counts, what is refused, why, where it is allowed

my @CALLS = (
    [ qr{^src/(?:core|store)/}, qr{\b(?:ngx_\w+|NGX_\w+)},
      'no nginx below src/http' ],
    [ qr{^src/core/}, qr{\bsocial_(?:store|sqlite)_\w+},
      'the core knows no store' ],
    [ qr{^src/http/|^ngx}, qr{\bsqlite3_\w+|\bsocial_sqlite_\w+},
      'the store\'s own matter' ],
    [ qr{.}, qr{\bngx_http_(?:output_filter|send_header|send_special)\s*\(},
      'responses are sent by the reply room only',
      qr{^src/http/ngx_http_social_request_reply\.c$} ],
    [ qr{.}, qr{\bngx_http_(?:next|top)_(?:header|body)_filter\b},
      'the filter chain is the filter room\'s',
      qr{^src/http/ngx_http_social_filter\.c$} ],
    [ qr{^src/http/}, qr{\bsocial_store_\w+\s*\(},
      'the store is called by jobs of pool threads only', $JOBS ],
    [ qr{.}, qr{\bngx_thread_task_(?:alloc|post)\s*\(},
      'jobs are posted by the job room only',
      qr{^src/http/ngx_http_social_job\.c$} ],
    [ qr{.}, qr{\bassert\s*\(}, 'no assert: say what happens instead' ],
    [ qr{.}, qr{\b(?:v?sprintf|strcpy|stpcpy|strcat|gets|strtok|alloca)\s*\(},
      'bounded forms only' ],
    [ qr{.}, qr{\b(?:atoi|atol|atof|strtod|setlocale)\s*\(},
      'a number is parsed with its errors, and without the locale' ],
    [ qr{.}, qr{\b(?:localtime|gmtime|ctime|asctime|rand|srand|random)\s*\(},
      'not safe in threads' ],
    [ qr{.}, qr{\b(?:system|popen|fork|exec\w+|getenv|exit|_exit|abort)\s*\(},
      'not in a worker' ],
    [ qr{^src/core/}, qr{\b(?:time|clock_gettime|gettimeofday|open|fopen|read
        |write|printf|fprintf|puts|perror|getrandom)\s*\(}x,
      'the core is pure: the caller tells the time, reads and writes' ],
    [ qr{^src/http/}, qr{\b(?:sleep|usleep|nanosleep|fsync|fdatasync|poll|select
        |pthread_(?:join|cond_wait)|gethostbyname|getaddrinfo)\s*\(}x,
      'the event loop does not wait' ],
    [ qr{.}, qr{\bngx_regex_exec\s*\(.*\bjob\b}, 'no ngx_regex in a thread' ],
    [ qr{^src/http/}, qr{\bx_forwarded_for\b},
      'the client\'s address is nginx\'s own' ],
);

my $bad = 0;

for my $path (sort(glob('src/*/*.[ch]'), glob('*.c'))) {
    my @lines = code($path);

    for my $i (0 .. $#lines) {
        my $line = $lines[$i];
        my $where = "$path:@{[ $i + 1 ]}";

        if ($line =~ /^\s*#\s*include\s*([<"].*)/) {
            my $name = $1;

            for my $rule (@INCLUDES) {
                my ($files, $what, $right, $why, $but) = @$rule;
                next if $path !~ $files || $name !~ $what;
                next if $but ? $path =~ $but : $name =~ $right;
                complain($where, "#include $name: $why");
            }

            next;
        }

        for my $rule (@CALLS) {
            my ($files, $what, $why, $but) = @$rule;
            next if $path !~ $files || $but && $path =~ $but;
            complain($where, "$&: $why") if $line =~ $what;
        }
    }
}

exit $bad;


sub complain {
    my ($where, $what) = @_;

    print "$where: $what\n";
    $bad = 1;

    return;
}


# lines without comments and without the inside of strings

sub code {
    my ($path) = @_;

    open my $fh, '<', $path or die "$path: $!";
    local $/;
    my $text = <$fh>;
    close $fh;

    $text =~ s{
        ( ^\s*\#\s*include[^\n]* )
        | /\*.*?\*/
        | "(?:\\.|[^"\\\n])*"
        | '(?:\\.|[^'\\\n])*'
    }{
        defined $1 ? $1 : '""' . "\n" x ($& =~ tr/\n//)
    }gmsex;

    return split /\n/, $text;
}
