#!/usr/bin/perl

# Does a page wait for the disk?  make bench.
#
#   perl t/bench/disk.pl [--rounds N] [--seconds N] [--writers N] [--msec N]
#
# Every sync of the disk takes 2 ms.  Pages are requested at a steady pace, in
# alternating rounds: without writers, and with 64 writers that keep sending
# comments, also at a steady pace, so that waiting is measured and not how busy
# the processors are.  The result is the 99th percentile of a page's time, as
# the median of the ratios of neighbouring rounds; the goal is 1.2 at most.
#
#   SOCIAL_NGINX, SOCIAL_MODULE   as in tests; h2load is Debian's
#                                 nghttp2-client

use strict;
use warnings;

use File::Basename qw(dirname);
use File::Temp ();
use Getopt::Long qw(GetOptions);

use lib dirname(__FILE__) . '/../lib';
use Slow;
use Social;

my %a = (rounds => 9, seconds => 4, writers => 64, msec => 2);
GetOptions(\%a, 'rounds=i', 'seconds=i', 'writers=i', 'msec=i')
    or die "see the head of $0\n";

my $html = '<html lang=en><head><title>Bread</title></head><body><article>'
    . '<p>Some words.</p>' x 400 . '</article></body></html>';

my $disk = Slow->new or die "no compiler for a slow disk\n";
my $nginx = $disk->nginx(sub {
    Social->new(
        files => { map { ("posts/$_/index.html" => $html) } qw(bread talk) },
        http  => 'access_log off; keepalive_requests 1000000000;',
        level => 'warn',
        site  => 'article ~ ^/posts/;');
});
my $dir = $nginx->dir;
my $token = $nginx->wait_for(sub { $nginx->token('/posts/talk/') })
    or die 'no widget';

$nginx->write('form', Social::form({ article => '/posts/talk/', name => 'Ann',
    text => 'A comment of some words, as people write them.',
    token => $token }));
$nginx->get('/posts/bread/');
$disk->pace($a{msec});

# a page without new comments, and the page that gets all of them

my %ratios = (bread => [], talk => []);
my $sent = 0;

for my $round (1 .. $a{rounds}) {
    for my $page (sort keys %ratios) {
        my $idle = percentile(pages($page));
        my $pid = writers();

        select undef, undef, undef, 0.5;
        my $busy = percentile(pages($page));
        waitpid $pid, 0;

        $sent += grep { $_->[1] == 303 } requests('writers');
        unlink "$dir/writers";
        push @{ $ratios{$page} }, $busy / $idle;
    }
}

$disk->pace(0);
$nginx->stop;
die "no comment was accepted\n" if !$sent;

printf "%d comments by %d writers, syncs of %d ms\n"
    . "p99 of a page's time with writers, divided by that without:\n", $sent,
    $a{writers}, $a{msec};
report('a page without new ones', $ratios{bread});
report('the page with new comments', $ratios{talk});
exit;


sub report {
    my ($name, $ratios) = @_;

    printf "  %-24s %.2f   (%d rounds, %.2f to %.2f)\n", $name,
        Social::median(@$ratios), scalar @$ratios,
        (sort { $a <=> $b } @$ratios)[0, -1];

    return;
}


sub writers {
    my $pid = fork // die "fork: $!";

    if ($pid == 0) {
        open STDOUT, '>', "$dir/h2load.writers";
        exec 'h2load', '--h1', '-c', $a{writers}, '-t1', '--rps', 4,
            '-D', $a{seconds} + 1, '-d', "$dir/form",
            '--log-file', "$dir/writers",
            '-H', 'Content-Type: application/x-www-form-urlencoded',
            '-H', 'Sec-Fetch-Site: same-origin',
            $nginx->origin . '/_social/comments'
            or die "h2load: $!\n";
    }

    return $pid;
}


# the times of pages in microseconds, as clients see them

sub pages {
    my ($page) = @_;

    system("h2load --h1 -c 8 -t1 --rps 50 -D $a{seconds} "
           . "--log-file '$dir/pages' " . $nginx->origin . "/posts/$page/"
           . " > '$dir/h2load.out' 2>&1") == 0
        or die $nginx->slurp('h2load.out');

    my @requests = requests('pages');
    unlink "$dir/pages";

    return map { $_->[2] } grep { $_->[1] == 200 } @requests;
}


sub requests {
    my ($name) = @_;

    return map { [ split /\t/ ] } split /\n/, $nginx->slurp($name);
}


sub percentile {
    my @sorted = sort { $a <=> $b } @_;

    die "too few pages were served\n" if @sorted < 100;

    return $sorted[0.99 * @sorted];
}
