package Bench::Load;

# Clients: wrk, h2load, and callgrind for instructions.
#
#   my $cost = Bench::Load::wrk($bench, $nginx, '/posts/a/');
#   $cost->{cpu}     processor time of the worker in microseconds a request
#   $cost->{rate}    requests a second

use strict;
use warnings;

use Bench ();
use HTTP::Tiny ();
use POSIX ();
use Social ();

my $CONNECTIONS = 16;
my $COUNTED = 600;      # requests that callgrind counts


sub wrk {
    my ($bench, $nginx, $path, %a) = @_;

    my @headers = map { ('-H', "$_: $a{headers}{$_}") }
        sort keys %{ $a{headers} // {} };
    my ($before) = Bench::cpu($nginx->{worker});

    open my $fh, '-|', 'wrk', '-t1', '-c' . ($a{clients} // $CONNECTIONS),
        '-d', whole($bench->{seconds}), '-H', "User-Agent: $Social::BROWSER",
        @headers, ($a{script} ? ('-s', $a{script}) : ()),
        $nginx->origin . $path, ($a{args} ? ('--', @{ $a{args} }) : ())
        or die "wrk: $!\n";
    my $out = do { local $/; <$fh> };
    close $fh;

    my ($after) = Bench::cpu($nginx->{worker});
    my ($rate) = $out =~ m{Requests/sec:\s+([\d.]+)};
    my ($n) = $out =~ /(\d+) requests in/;

    die "$path: wrk failed\n$out"
        if !$rate || !$n || $out =~ /Non-2xx|Socket errors: [^\n]*[1-9]/;

    return { rate => $rate, cpu => ($after - $before) / $n / 1000, n => $n };
}


# wrk knows whole seconds only

sub whole {
    my ($seconds) = @_;

    return ($seconds < 1 ? 1 : int($seconds + 0.5)) . 's';
}


# requests over HTTP/2: 4 connections with 8 streams each

sub h2 {
    my ($bench, $nginx, $path) = @_;

    my ($before) = Bench::cpu($nginx->{worker});
    my $out = qx{h2load -t1 -c4 -m8 -D @{[ whole($bench->{seconds}) ]} \\
        -H 'User-Agent: $Social::BROWSER' \\
        http://127.0.0.1:$nginx->{port2}$path 2>&1};
    my ($after) = Bench::cpu($nginx->{worker});

    my ($n) = $out =~ /(\d+) 2xx, 0 3xx, 0 4xx, 0 5xx/;
    die "$path: h2load failed\n$out" if !$n;

    return { cpu => ($after - $before) / $n / 1000, n => $n };
}


# the time of each answer in microseconds, at a pace: clients, requests a second
# of each

sub paced {
    my ($nginx, $path, %a) = @_;

    my $log = $nginx->dir . '/h2load.log';
    my $out = qx{h2load --h1 -t1 -c$a{clients} --rps $a{rps} -D $a{seconds} \\
        --log-file '$log' -H 'User-Agent: $Social::BROWSER' \\
        @{[ $nginx->origin ]}$path 2>&1};

    my @lines = map { [ split /\t/ ] } split /\n/, Bench::slurp($log);
    unlink $log;

    my @times = map { $_->[2] } grep { $_->[1] == 200 } @lines;
    die "$path: h2load failed\n$out" if @times < 100;

    return @times;
}


sub percentile {
    my ($part, @times) = @_;

    return (sort { $a <=> $b } @times)[$part * $#times];
}


# Instructions of nginx's own code a request, for each path.  The kernel's are
# not included, nor is what does not depend on the number of requests: timers,
# and the threads that save.  A copy of the server runs under valgrind, on the
# same port: the server must be stopped.  A path may be a function of the
# request's number.  function: count this one and what it calls instead; warm:
# requests before counting.

sub instructions {
    my ($nginx, $paths, %a) = @_;

    return () if system('valgrind --version >/dev/null 2>&1');

    my $dir = $nginx->dir;
    my $out = "$dir/callgrind.out";
    my $pid = valgrind($nginx, $out);
    my %found;
    my $n = 0;

    for my $path (@$paths) {
        Bench::say_so('instructions: ' . (ref $path ? 'many' : $path));
        visit($nginx, $path, $a{warm} // 20, %a);
        control('-z', $pid);
        visit($nginx, $path, $COUNTED, %a);
        control('-d', $pid);
        $n++;

        my $text = Bench::slurp("$out.$n-01");
        $found{$path} = counted($text, $a{function}) / $COUNTED;
    }

    kill 'QUIT', $pid;
    waitpid $pid, 0;
    unlink glob "$out*";

    return %found;
}


sub valgrind {
    my ($nginx, $out) = @_;

    my $dir = $nginx->dir;
    my $pid = fork // die "fork: $!\n";

    if (!$pid) {
        open STDERR, '>', "$dir/valgrind.log";
        open STDOUT, '>&', \*STDERR;
        exec { 'valgrind' } 'valgrind', '--tool=callgrind',
            '--separate-threads=yes',
            "--callgrind-out-file=$out", '--compress-strings=no',
            $nginx->{nginx}, '-c', "$dir/nginx.conf", '-e',
            "$dir/logs/error.log", '-g', 'daemon off; master_process off;'
            or POSIX::_exit(1);
    }

    $nginx->wait_for(sub { IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                               PeerPort => $nginx->port) }, 60)
        or die "nginx does not start under valgrind\n";

    return $pid;
}


sub control {
    my ($what, $pid) = @_;

    system("callgrind_control $what $pid >/dev/null 2>&1") == 0
        or die "callgrind_control $what failed\n";

    return;
}


sub visit {
    my ($nginx, $path, $n, %a) = @_;

    my $agent = $nginx->{counted} //= HTTP::Tiny->new(
        agent => $Social::BROWSER, keep_alive => 1, timeout => 60);

    for my $i (1 .. $n) {
        my $url = $nginx->origin . (ref $path ? $path->($i) : $path);
        my $res = $agent->get($url, { headers => $a{headers} // {} });
        die "$url: $res->{status}\n" if $res->{status} != 200;
    }

    return;
}


# of all functions but timers, or of one with all that it calls

sub counted {
    my ($text, $function) = @_;

    if (!defined $function) {
        my ($total) = $text =~ /^(?:summary|totals): *(\d+)/m
            or die "callgrind counted nothing\n";
        return $total - with_calls($text, 'ngx_event_expire_timers');
    }

    return with_calls($text, $function)
        || die "$function: callgrind has not seen it\n";
}


sub with_calls {
    my ($text, $function) = @_;

    # a call is two lines: calls=..., then its line and inclusive cost
    my $sum = 0;

    while ($text =~ /^cfn=\Q$function\E\ncalls=\d+[^\n]*\n\S+ (\d+)/mg) {
        $sum += $1;
    }

    return $sum;
}


1;
