#!/usr/bin/perl

# A worker does not grow.  SOCIAL_LONG=1 for a million requests.  With a
# sanitizer build the leak detector looks at workers that leave, too.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

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


sub make {
    my (%a) = @_;

    return Social->new(workers => 1, server => 'log_not_found off;',
        files => { map { ("posts/$_/index.html" => $pages{"/posts/$_/"}) }
                     @names },
        %a, site => "article ~ ^/posts/;\nreactions on;\nzone 64m;\n");
}


# resident, what is shared with others apart: zones are another matter

sub private {
    my ($pid) = @_;

    open my $fh, '<', "/proc/$pid/statm" or return 0;
    my (undef, $resident, $shared) = split ' ', <$fh>;

    return ($resident - $shared) * 4;
}


# many by wrk where there is one, all kinds by our own clients

sub load {
    my ($nginx, $n, $tag) = @_;

    if (!$sanitized && system('which wrk >/dev/null 2>&1') == 0) {
        $nginx->write('wrk.lua', <<"END");
local i = 0
request = function()
    i = i + 1
    local path = '/posts/p' .. (i % 4 + 1) .. '/'
    if i % 5 == 0 then path = '/_social/comments?article=' .. path end
    if i % 7 == 0 then path = '/no/such/page/' .. i end
    return wrk.format('GET', path)
end
END
        my $dir = $nginx->dir;
        my $done = 0;
        while ($done < $n) {
            my $out = `wrk -t1 -c32 -d2 -s $dir/wrk.lua @{[ $nginx->origin ]}/`;
            my ($more) = $out =~ /(\d+) requests in/ or last;
            $done += $more;
        }
        $n = 6000;
    }

    my $seen = Load->new($nginx, clients => 2, seconds => 600, tag => $tag,
        requests => $n / 2, pages => \%pages,
        mix => { view => 4, comment => 1, share => 1, reaction => 1 })->wait;

    is "@{ $seen->{problems} }", '', 'pages are whole';

    return;
}


{
    my $nginx = make();
    my ($worker) = $nginx->workers;

    # threads reach their length on a page, the allocator its size

    load($nginx, $requests / 2, 'a');
    my $before = private($worker);
    load($nginx, $requests / 2, 'b');
    my $after = private($worker);

    # asan keeps what was freed for a while
    cmp_ok $after - $before, '<', $sanitized ? 300_000 : 1536,
        "after $requests requests a worker has not grown"
        . " ($before kB, $after kB)";
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

    load($nginx, 1000, 'c');
    $nginx->status;
    $nginx->queue;
    $nginx->reload;
    load($nginx, 400, 'd');
    $nginx->stop;

    # nginx's one context for all expressions is made with the first of them

    my @leaks = grep { /leak of.*social/s && !/in ngx_regex_malloc / }
        split /\n\n/, $nginx->error_log;

    is scalar(@leaks), 0, 'nothing leaks' or diag join "\n\n", @leaks;
    like $nginx->error_log, qr/LeakSanitizer/,
        'what nginx itself leaves at its start is seen';
}

done_testing;
