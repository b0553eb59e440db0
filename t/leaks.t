#!/usr/bin/perl

# What a worker's memory grows with, and with what it does not.
#
# Without comments nothing may grow.  50,000 requests warm the worker up;
# 50,000 more were seen to add 8 kB.  A leak of 8 bytes a request adds 1.6 MB.
#
# With comments three things grow, and all have a bound: the cache of rendered
# widgets, 8 MB, the one of pages of threads, 8 MB, and SQLite's page caches,
# 2 MB for each of four connections (one writer, three readers).  Long comments fill these in the first round.
# After that the size goes up and down by 0.5 MB with the documents rendered,
# so the smallest after three rounds is compared with the smallest after three
# more.  Keeping the text of each new comment would add 7 MB.
#
# The pool has one thread: glibc gives several threads heaps of their own, and
# how much these keep depends on which of them rendered at the same time.
#
# Every machine gets the same requests.  SOCIAL_LONG=1 for a million of them.
# With a sanitizer build the leak detector looks at workers that leave, too.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use List::Util qw(min);
use Load;
use Social;
use Test::More;


my @names = map { "p$_" } 1 .. 4;
my %pages = map {
    ("/posts/$_/" => "<html><head><title>$_</title></head><body><article><p>"
        . 'word ' x 500 . '</p></article></body></html>')
} @names;

my $sanitized = Social::Tool::name() eq 'address';
my $requests = $ENV{SOCIAL_LONG} ? 1_000_000 : $sanitized ? 10_000 : 100_000;
my $talking = $sanitized ? 2_800 : 11_200;

my %silent = (view => 8, thread => 2, missing => 2, share => 1, reaction => 1);
my %talk = (comment => 4, view => 1, thread => 1, share => 1, reaction => 1);

# asan keeps what was freed for a while
my %limit = $sanitized ? (silent => 300_000, talk => 300_000)
                       : (silent => 128, talk => 1024);


sub make {
    my (%a) = @_;

    return Social->new(workers => 1, main => 'thread_pool default threads=1;',
        server => 'log_not_found off;',
        files => { map { ("posts/$_/index.html" => $pages{"/posts/$_/"}) }
                     @names },
        %a, site => "article ~ ^/posts/;\nreactions on;\nzone 64m;\n");
}


# resident, what is shared with others apart: zones are another matter

sub private {
    my ($pid) = @_;

    open my $fh, '<', "/proc/$pid/statm" or die "statm: $!";
    my (undef, $resident, $shared) = split ' ', <$fh>;

    return ($resident - $shared) * 4;
}


sub load {
    my ($nginx, $n, $tag, %mix) = @_;

    my $seen = Load->new($nginx, clients => 2, seconds => 600, tag => $tag,
        requests => $n / 2, pages => \%pages, length => 3000,
        mix => \%mix)->wait;

    my $sent = 0;
    $sent += $_ for values %{ $seen->{status} };

    is "@{ $seen->{problems} }", '', "load $tag: pages are whole";

    $seen->{sent} = $sent;

    return $seen;
}


{
    my $nginx = make();
    my ($worker) = $nginx->workers;

    my $seen = load($nginx, $requests / 2, 'a', %silent);
    my $before = private($worker);
    is $seen->{sent}, $requests / 2, 'all requests are answered';

    $seen = load($nginx, $requests / 2, 'b', %silent);
    my $after = private($worker);
    is $seen->{sent}, $requests / 2, 'all of the second half, too';

    cmp_ok $after - $before, '<', $limit{silent},
        "$requests requests without a comment: a worker does not grow"
        . " ($before kB, $after kB)";

    my (@sizes, $comments);

    for my $round (0 .. 6) {
        $seen = load($nginx, $talking / 7, "c$round-", %talk);

        push @sizes, private($worker);
        $comments += keys %{ $seen->{comments} };
    }

    cmp_ok $comments, '>', $talking / 3, 'comments are stored';
    cmp_ok min(@sizes[4 .. 6]) - min(@sizes[1 .. 3]), '<', $limit{talk},
        "$comments comments: a worker stops growing (@sizes kB)";
    is +($nginx->workers)[0], $worker, 'it is the same worker';

    $nginx->stop;
    $nginx->quiet;
}


SKIP: {
    skip 'the leak detector takes root and a sanitizer build', 2
        if !$sanitized || $> != 0;

    # nginx's own process at the start leaks a little: that is no failure

    # into its error.log: there are two runtimes, with options each

    local $ENV{ASAN_OPTIONS} = 'detect_odr_violation=0:detect_leaks=1:'
        . 'verify_asan_link_order=0';
    local $ENV{UBSAN_OPTIONS} = $ENV{UBSAN_OPTIONS} =~ s/:log_path=[^:]*//r;
    local $ENV{LSAN_OPTIONS} = 'exitcode=0';

    # another user's memory cannot be looked at

    my $nginx = make(stopped => 1);
    my $conf = $nginx->slurp('nginx.conf');
    $conf =~ s/^user .*;$/user root root;/m;
    $nginx->write('nginx.conf', $conf);

    # nginx unloads the module before the detector looks: hold on to it

    {
        local $ENV{LD_PRELOAD} = join ' ', $ENV{LD_PRELOAD} // (),
            $nginx->{module};
        $nginx->start;
    }

    load($nginx, 1000, 'd', %talk);
    $nginx->status;
    $nginx->queue;
    $nginx->reload;
    load($nginx, 400, 'e', %talk);
    $nginx->stop;

    # nginx's one context for all expressions is made with the first of them

    my @leaks = grep { /leak of.*social/s && !/in ngx_regex_malloc / }
        split /\n\n/, $nginx->error_log;

    is scalar(@leaks), 0, 'nothing leaks' or diag join "\n\n", @leaks;
    like $nginx->error_log, qr/LeakSanitizer/,
        'what nginx itself leaves at its start is seen';
}

done_testing;
