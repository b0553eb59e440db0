#!/usr/bin/perl

# What the module costs per page, as ratios to plain nginx in the same run: make
# bench.
#
#   perl t/bench/pages.pl [--rounds N] [--seconds N] [--connections N]
#                         [--only PATTERN] [--instructions | --no-requests]
#
# One nginx serves the same bytes at two locations, with `social` and without;
# wrk requests them in turn, A B A B.  "cpu" is the worker's processor time per
# request, with all of its threads and the kernel; "req/s" is wrk's figure.  The
# result is the median of the ratios of neighbouring rounds.  Absolute figures
# depend on how busy the machine is, so they are not shown.
#
# --instructions adds the instructions of the worker's own code per request,
# counted by callgrind: slow, but exact to 1 % on a busy machine.  The kernel's
# part, two thirds of a plain page, is not included, so this ratio overstates
# the cost.
#
# First the bodies are compared: the page with the widget cut out must equal the
# plain page.
#
#   SOCIAL_NGINX, SOCIAL_MODULE   as in tests

use strict;
use warnings;

use File::Basename qw(dirname);
use Getopt::Long qw(GetOptions);

use lib dirname(__FILE__) . '/../lib';
use Social;

my %a = (rounds => 9, seconds => 1, connections => 16, requests => 1,
         only => '.');
GetOptions(\%a, 'rounds=i', 'seconds=i', 'connections=i', 'only=s',
           'instructions!', 'requests!') or die "see the head of $0\n";

my %SIZE = ('7 KB' => 7_000, '38 KB' => 38_000, '199 KB' => 199_000);

# name, path without, path with, goal for the ratio of processor time

my @CASES = (
    [ 'static 7 KB', '/plain/7/', '/posts/7/', '1.00' ],
    [ 'static 38 KB', '/plain/38/', '/posts/38/', '1.00' ],
    [ 'static 199 KB', '/plain/199/', '/posts/199/', '1.05' ],
    [ 'static 7 KB, open_file_cache', '/cached/plain/7/', '/cached/posts/7/',
      '1.00' ],
    [ 'proxied 7 KB', '/proxy/plain/7/', '/proxy/posts/7/', '1.05' ],
    [ 'proxied 38 KB', '/proxy/plain/38/', '/proxy/posts/38/', '1.05' ],
    [ 'proxied 199 KB', '/proxy/plain/199/', '/proxy/posts/199/', '1.05' ],
    [ 'not HTML, 7 KB', '/plain/7.txt', '/posts/7.txt', '1.01' ],
    [ 'page with 50 comments', '/plain/talk/', '/posts/talk/', '1.00' ],
    [ 'the 50 comments, HTML', '/plain/thread/',
      '/_social/thread?article=/posts/talk/', '1.00' ],
    [ 'the 50 comments, JSON', '/plain/thread.json',
      '/_social/comments?article=/posts/talk/&limit=100', '1.00' ],
);

my %files;

for my $name (keys %SIZE) {
    my ($n) = $name =~ /(\d+)/;
    my $page = page($SIZE{$name});

    $files{"plain/$n/index.html"} = $page;
    $files{"posts/$n/index.html"} = $page;
}

$files{'posts/talk/index.html'} = $files{'plain/7/index.html'};
$files{'plain/7.txt'} = $files{'posts/7.txt'} = $files{'plain/7/index.html'};

# no access log: its equal cost on both sides would hide the difference
my $nginx = Social->new(
    files   => \%files,
    # no save happens between two measurements
    site    => 'article ~ ^/(cached/|proxy/)?posts/; flush 1h;',
    level   => 'warn',
    workers => 1,
    stopped => 1,
    http    => 'access_log off; tcp_nopush on; sendfile on; '
               . 'keepalive_requests 1000000000;',
    server  => <<'END',
        location /plain/ { social off; }
        location /cached/ {
            alias DIR/html/;
            open_file_cache max=100;
        }
        location /cached/plain/ {
            social off;
            alias DIR/html/plain/;
            open_file_cache max=100;
        }
        location /proxy/ { proxy_pass http://unix:DIR/backend.sock:/; }
        location /proxy/plain/ {
            social off;
            proxy_pass http://unix:DIR/backend.sock:/plain/;
        }
END
    servers => <<'END',
    server {
        listen unix:DIR/backend.sock;
        root DIR/html;
        social off;
    }
END
);

# the log lines that tests need would be measured, too
my $conf = $nginx->slurp('nginx.conf');
$conf =~ s/^\s*access_log (?!off).*\n//mg;
$nginx->write('nginx.conf', $conf);
$nginx->start;

$nginx->wait_for(sub { $nginx->token('/posts/talk/') }) or die 'no widget';
comments($nginx, '/posts/talk/', 50);
compare($_) for @CASES;

my $only = qr/$a{only}/;
my @cases = grep { $_->[0] =~ $only } @CASES;
my (%speed, %cost);

if ($a{requests}) {
    $speed{ $_->[0] } = speed($_) for @cases;
}

if ($a{instructions}) {
    $nginx->stop;
    %cost = instructions(@cases);
}

table();
exit;


# a typical blog page: paragraphs and links around and in an article

sub page {
    my ($size) = @_;

    my $text = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        . "<title>A page</title></head>\n<body><header><h1>Blog</h1></header>"
        . "<main><article><h2>A page</h2>\n";
    my $end = "</article></main>\n<footer><p>Written by hand.</p></footer>"
        . "</body></html>\n";
    my $n = 0;

    while (length($text) + length($end) < $size) {
        $text .= sprintf "<p>Paragraph %d of a page that somebody wrote, with "
            . "<a href=\"/posts/%d/\">a link</a>, <em>a word said louder</em> "
            . "&amp; what else people say of a day like this.</p>\n",
            ++$n, $n % 100;
    }

    return $text . $end;
}


sub comments {
    my ($server, $key, $n) = @_;

    my $token = $server->token($key) // die "$key has no widget";

    for my $i (1 .. $n) {
        my $res = $server->post_json('comments', {
            article => $key, token => $token, name => "Reader $i",
            text => "Comment $i, which says a thing or two about the page.\n\n"
                . 'And in a second paragraph: thank you for writing it.',
        });

        die "comment $i: $res->{status} $res->{content}"
            if $res->{status} != 201;
    }

    # plain nginx serves the same bytes from files
    my %same = (
        'plain/talk/index.html'   => $key,
        'plain/thread/index.html' => "/_social/thread?article=$key",
        'plain/thread.json'       => "/_social/comments?article=$key&limit=100",
    );

    for my $name (sort keys %same) {
        $server->file($name, $server->get($same{$name})->{content}, 3600);
    }

    return;
}


sub compare {
    my ($case) = @_;

    my ($name, $plain, $social) = @$case;
    my ($a, $b);

    # warm: what is compared is what readers get
    $nginx->wait_for(sub {
        ($a, $b) = map { body($_) } $plain, $social;
        return $b !~ m{<section data-social=} || $b =~ m{name="token"};
    });

    my $n = () = $b =~ /<section data-social=/g;
    my $cut = $a eq $b ? $b : $b =~ s{<section data-social=.*?</section>}{}sr;

    die "$name: the bodies differ\n" if $cut ne $a;
    die "$name: $n widgets\n" if $n != ($social =~ m{/posts/\w+/$} ? 1 : 0);

    return;
}


sub body {
    my ($path) = @_;

    my $res = $nginx->get($path);
    die "$path: $res->{status}\n" if $res->{status} != 200;

    return $res->{content};
}


# interleaved rounds; the ratios of neighbours, sorted

sub speed {
    my ($case) = @_;

    my ($name, $plain, $social) = @$case;
    my (@cpu, @rate);

    say_so($name);
    wrk($_) for $plain, $social;

    for my $round (1 .. $a{rounds}) {
        # alternate who begins
        my @order = $round % 2 ? ($plain, $social) : ($social, $plain);
        my %seen = map { $_ => wrk($_) } @order;

        push @cpu, $seen{$social}{cpu} / $seen{$plain}{cpu};
        push @rate, $seen{$social}{rate} / $seen{$plain}{rate};
    }

    return { cpu  => [ sort { $a <=> $b } @cpu ],
             rate => [ sort { $a <=> $b } @rate ] };
}


# shows what is being measured

sub say_so {
    my ($what) = @_;

    printf STDERR "\r%-40s", $what if -t STDERR;

    return;
}


sub wrk {
    my ($path) = @_;

    my $before = cpu();

    open my $fh, '-|', 'wrk', '-t1', "-c$a{connections}", "-d$a{seconds}s",
        '-H', "User-Agent: $Social::BROWSER", $nginx->origin . $path
        or die "wrk: $!";
    my $out = do { local $/; <$fh> };
    close $fh;

    die "wrk failed:\n$out" if $out !~ m{Requests/sec:\s+([\d.]+)};
    my $rate = $1;
    my ($n) = $out =~ /(\d+) requests in/;
    die "$path:\n$out" if !$n || $out =~ /Non-2xx|Socket errors/;

    return { rate => $rate, cpu => (cpu() - $before) / $n };
}


# Processor time in nanoseconds, of the worker and its thread pool.  The proxied
# pages' backend is the same worker: it adds the same to both.

sub cpu {
    my $sum = 0;

    for my $pid ($nginx->workers) {
        for my $path (glob "/proc/$pid/task/*/schedstat") {
            $sum += (split ' ', slurp($path))[0] // 0;
        }
    }

    return $sum;
}


# callgrind counts a process from start to end: the cost of a request is the
# difference between runs with more and with fewer requests

sub instructions {
    my (@list) = @_;

    my %found;

    if (system('valgrind --version >/dev/null 2>&1')) {
        warn "no valgrind: no instructions\n";
        return;
    }

    my $count = 200;

    for my $case (@list) {
        my ($name, @paths) = @$case[0 .. 2];
        my @per;

        say_so($name);

        for my $path (@paths) {
            my $few = callgrind($path, $count);
            my $many = callgrind($path, 3 * $count);

            push @per, ($many - $few) / (2 * $count);
        }

        $found{$name} = $per[1] / $per[0];
    }


    return %found;
}


sub callgrind {
    my ($path, $requests) = @_;

    my $dir = $nginx->dir;
    my $out = "$dir/callgrind.out";
    my $pid = fork // die "fork: $!";

    if (!$pid) {
        open STDERR, '>', "$dir/valgrind.log";
        exec { 'valgrind' } 'valgrind', '--tool=callgrind', "--callgrind-out-file=$out",
             '--dump-line=no', '--compress-strings=no', $nginx->{nginx},
             '-c', "$dir/nginx.conf", '-e', "$dir/logs/error.log",
             '-g', 'daemon off; master_process off;'
            or POSIX::_exit(1);
    }

    $nginx->wait_for(sub {
        IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                              PeerPort => $nginx->port) }, 60)
        or die "nginx does not start under valgrind\n";

    # let the worker read the store and learn the place in the page
    $nginx->get($path) for 1 .. 20;

    my $agent = HTTP::Tiny->new(agent => $Social::BROWSER, keep_alive => 1,
                                timeout => 60);

    for (1 .. $requests) {
        my $res = $agent->get($nginx->origin . $path);
        die "$path: $res->{status}\n" if $res->{status} != 200;
    }

    kill 'QUIT', $pid;
    waitpid $pid, 0;

    my ($total) = slurp($out) =~ /^(?:totals|summary): *(\d+)/m
        or die "callgrind counted nothing:\n" . slurp("$dir/valgrind.log");

    unlink $out;

    return $total;
}


sub slurp {
    my ($path) = @_;

    open my $fh, '<', $path or return '';
    local $/;

    return <$fh> // '';
}


sub median {
    my ($sorted) = @_;

    my $n = @$sorted;

    return ($sorted->[($n - 1) / 2] + $sorted->[$n / 2]) / 2;
}


sub table {
    my $form = "%-30s %7s %8s %13s %7s  %s\n";

    say_so('');
    print STDERR "\r" if -t STDERR;

    printf $form, 'with social / plain', 'cpu', 'goal', 'least..most', 'req/s',
        $a{instructions} ? 'own code' : '';

    for my $case (@cases) {
        my ($name, undef, undef, $goal) = @$case;
        my $seen = $speed{$name};

        printf $form, $name,
            $seen ? sprintf('%.3f', median($seen->{cpu})) : '-', "<= $goal",
            $seen ? sprintf('%.2f..%.2f', @{ $seen->{cpu} }[0, -1]) : '-',
            $seen ? sprintf('%.3f', median($seen->{rate})) : '-',
            defined $cost{$name} ? sprintf('%.3f', $cost{$name}) : '';
    }

    printf "\nmedians of %d rounds of %d s, %d connections, 1 worker; "
        . "a difference within\nleast..most may be chance\n", $a{rounds},
        $a{seconds}, $a{connections} if $a{requests};

    return;
}
