#!/usr/bin/perl

# Memory of a worker above that of nginx without the module, zones apart: idle,
# after load, and for each slow client of a proxied page; and the time to the
# first byte of one: make bench-memory.  Options: t/lib/Bench.pm.
#
# Counted is what Linux calls anonymous: heap, stacks and changed data, also
# what the worker still shares with its master.  Code is shared by all
# processes, and the zone's size is configured.

use strict;
use warnings;

use File::Basename qw(dirname);
use Socket qw(SOL_SOCKET SO_RCVBUF);
use Time::HiRes qw(sleep time);

use lib dirname(__FILE__) . '/../lib';
use Bench;
use Bench::Load;
use Bench::Nginx;
use Bench::Pages;
use Bench::Talk;

my $CLIENTS = 64;
my $ARTICLES = 200;

my $bench = Bench->begin('memory', seconds => 1);
my $page = Bench::Pages::page(38_000);
my %files = ((map { ("posts/$_/index.html" => $page) } 1 .. $ARTICLES),
             'posts/long/index.html' => Bench::Pages::page(199_000));

my ($plain, $social) = Bench::Nginx::two(files => \%files,
    site => 'article ~ ^/(?:proxy/)?posts/;');
my @both = ($plain, $social);

my @memory = map { anonymous($_) } @both;
$bench->record('memory of a worker, idle', [ $memory[1] - $memory[0] ]);

my $path = '/proxy/posts/long/';
Bench::Nginx::same_page($plain, $social, $path, 1, $path);
first_byte();
slow_clients();
loaded();
$bench->end;
exit;


# in MB

sub anonymous {
    my ($nginx) = @_;

    my ($sum, $shared) = (0, 0);

    for my $line (split /\n/, Bench::slurp("/proc/$nginx->{worker}/smaps")) {
        if ($line =~ /^[0-9a-f]+-[0-9a-f]+ (\S+)/) {
            $shared = $1 =~ /s$/;

        } elsif (!$shared && $line =~ /^Anonymous:\s+(\d+) kB/) {
            $sum += $1;
        }
    }

    die "no right to read the memory of process $nginx->{worker}\n" if !$sum;

    return $sum / 1024;
}


sub ask {
    my ($nginx, $small) = @_;

    my $socket = IO::Socket::INET->new(Proto => 'tcp') or die "socket: $!\n";

    setsockopt $socket, SOL_SOCKET, SO_RCVBUF, 4096 if $small;
    connect $socket, Socket::pack_sockaddr_in($nginx->port,
        Socket::inet_aton('127.0.0.1')) or die "connect: $!\n";
    syswrite $socket, "GET $path HTTP/1.1\r\nHost: localhost\r\n"
        . "Connection: close\r\nUser-Agent: $Social::BROWSER\r\n\r\n";

    return $socket;
}


# the first byte of a page of 199 KB, in milliseconds

sub first_byte {
    my %seen = $bench->rounds({ map {
        my $nginx = $both[$_];
        ($_ => sub { Bench::Report::median(map { wait_for_byte($nginx) }
                                           1 .. 40) });
    } 0, 1 });

    $bench->ratio('time to the first byte, proxied 199 KB', $seen{1},
                  $seen{0});

    return;
}


sub wait_for_byte {
    my ($nginx) = @_;

    my $begin = time;
    my $socket = ask($nginx);
    sysread $socket, my $byte, 1 or die "no answer\n";
    my $took = time - $begin;

    while (sysread $socket, $byte, 65536) {}

    return $took * 1000;
}


# clients that read nothing: what the server keeps for each of them, in KB

sub slow_clients {
    my @grown = map {
        my $nginx = $_;
        my $before = anonymous($nginx);
        my @sockets = map { ask($nginx, 1) } 1 .. $CLIENTS;

        settled($nginx);
        (anonymous($nginx) - $before) * 1024 / $CLIENTS;
    } @both;

    $bench->record('memory for a slow client, plain', [ $grown[0] ],
                   unit => 'KB');
    $bench->record('memory for a slow client, 199 KB', [ $grown[1] ],
                   unit => 'KB');

    return;
}


# all articles were read, some have comments, the busiest a thread

sub loaded {
    Bench::Talk::say($social, "/posts/$_/", 3) for 1 .. 20;

    for my $nginx (@both) {
        $nginx->get("/posts/$_/") for 1 .. $ARTICLES;
        Bench::Load::wrk($bench, $nginx, '/posts/1/');
        Bench::Load::wrk($bench, $nginx, '/proxy/posts/2/', clients => 64);
        settled($nginx);
    }

    my @after = map { anonymous($_) } @both;
    $bench->record('memory of a worker, loaded', [ $after[1] - $after[0] ],
                   unit => 'MB');

    return;
}


# until the worker uses no more time

sub settled {
    my ($nginx) = @_;

    my $last = -1;

    for (1 .. 500) {
        my ($now) = Bench::cpu($nginx->{worker});
        return if $now - $last < 1_000_000 && $last >= 0;
        $last = $now;
        sleep 0.05;
    }

    return;
}
