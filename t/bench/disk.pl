#!/usr/bin/perl

# Does a page wait for the disk?  make bench-disk.  Options: t/lib/Bench.pm.
#
# Every sync of the disk takes 2 ms.  Pages are requested at a steady pace, in
# alternating rounds: without writers, and with 64 writers that keep sending
# comments, also at a steady pace, so that waiting is measured and not how busy
# the processors are.  The result is the 99th percentile of a page's time, as
# the median of the ratios of neighbouring rounds.

use strict;
use warnings;

use File::Basename qw(dirname);

use lib dirname(__FILE__) . '/../lib';
use Bench;
use Bench::Load;
use Bench::Nginx;
use Bench::Pages;
use Bench::Talk;
use Slow;

my $WRITERS = 64;
my $RPS = 4;            # comments a second of each writer
my $MSEC = 2;

my $bench = Bench->begin('disk', seconds => 4);
my $seconds = $bench->{seconds} < 2 ? 2 : $bench->{seconds};
my $disk = Slow->new or die "no compiler for a slow disk\n";
my $page = Bench::Pages::page(7_000);

my $nginx = Bench::Nginx::one(
    files => { map { ("posts/$_/index.html" => $page) } qw(bread talk) },
    site  => 'article ~ ^/posts/;', start => sub { $disk->nginx(@_) });

my $dir = $nginx->dir;
my $token = Bench::Talk::token($nginx, '/posts/talk/');

$nginx->write('form', Social::form({ article => '/posts/talk/', name => 'Ann',
    text => 'A comment of some words, as people write them.',
    token => $token }));
$nginx->get('/posts/bread/');
$disk->pace($MSEC);

my $sent = 0;
my %pages = ('p99 of pages, 64 writers, slow disk' => '/posts/bread/',
             'p99 of the page they write to' => '/posts/talk/');

for my $name (sort keys %pages) {
    Bench::say_so($name);
    my %seen = $bench->rounds({
        quiet => sub { p99($pages{$name}) },
        busy => sub { while_writing(sub { p99($pages{$name}) }) } });

    $bench->ratio($name, $seen{busy}, $seen{quiet});
}

$disk->pace(0);
die "no comment was accepted\n" if !$sent;
$bench->end;


sub p99 {
    my ($path) = @_;

    return Bench::Load::percentile(0.99, Bench::Load::paced(
        $nginx, $path, clients => 8, rps => 50, seconds => $seconds));
}


sub while_writing {
    my ($measure) = @_;

    my $pid = writers();
    $nginx->wait_for(sub { -s "$dir/writers" });

    my $result = $measure->();

    waitpid $pid, 0;
    $sent += grep { /^\d+\t303\t/ } split /\n/, Bench::slurp("$dir/writers");
    unlink "$dir/writers";

    return $result;
}


sub writers {
    my $pid = fork // die "fork: $!";

    if ($pid == 0) {
        open STDOUT, '>', "$dir/h2load.writers";
        exec 'h2load', '--h1', '-c', $WRITERS, '-t1', '--rps', $RPS,
            '-D', $seconds + 1, '-d', "$dir/form",
            '--log-file', "$dir/writers",
            '-H', 'Content-Type: application/x-www-form-urlencoded',
            '-H', 'Sec-Fetch-Site: same-origin',
            $nginx->origin . '/_social/comments'
            or die "h2load: $!\n";
    }

    return $pid;
}
