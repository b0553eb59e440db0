#!/usr/bin/perl

# Many people write at once: the thread that has committed a batch of comments
# takes the next one itself, while the first is answered.  What else there is to
# write gets its turn, and so do other workers.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Fcntl qw(F_SETLKW F_WRLCK SEEK_SET);
use Load;
use Slow;
use Social;
use Test::More;


my $disk = Slow->new or plan skip_all => 'no compiler for a slow disk';

my $key = '/posts/bread/';
my $html = '<html><head><title>Bread</title></head><body><article><p>Text.'
    . '</p></article></body></html>';
my $FOLLOWS = qr/batch of \d+ writes is done, another follows/;
my $NONE = qr/batch of \d+ writes is done, none follows/;


sub make {
    my (%a) = @_;

    my $nginx = $disk->nginx(sub {
        Social->new(files => { 'posts/bread/index.html' => $html }, %a,
                    site => "article ~ ^/posts/;\n" . ($a{site} // '')) });

    $disk->pace(0);

    return $nginx;
}


sub load {
    my ($nginx, %a) = @_;

    return Load->new($nginx, clients => 6, seconds => 600,
                     pages => { $key => $html }, mix => { comment => 1 }, %a);
}


sub texts {
    my ($nginx) = @_;

    my @command = Social::sqlite($nginx->dir . '/store/blog.db');

    open my $fh, '-|', @command, 'SELECT text FROM comment' or die $!;
    chomp(my @texts = <$fh>);
    close $fh;

    return @texts;
}


# each acknowledged comment once

sub stored {
    my ($nginx, $seen, $what) = @_;

    my %times;
    $times{$_}++ for texts($nginx);

    is_deeply [ grep { ($times{$_} // 0) != 1 } keys %{ $seen->{comments} } ],
        [], "$what: each acknowledged comment is stored once";
    is_deeply [ grep { !/^(?:200|303)$/ } keys %{ $seen->{status} } ], [],
        "$what: nobody was refused";

    return;
}


# Keeps SQLite's writers out until the handle is closed: byte 120 of the file of
# its shared memory is their lock.  The kernel gives it to who waits; the command
# would look for it ten times a second, and hardly ever find it.

sub lock_writers {
    my ($nginx) = @_;

    open my $fh, '+<', $nginx->dir . '/store/blog.db-shm' or die "-shm: $!";
    my $lock = pack 's s x4 q q i x4', F_WRLCK, SEEK_SET, 120, 1, 0;
    fcntl $fh, F_SETLKW, $lock or die "fcntl: $!";

    return $fh;
}


# comments, again and again, until the log has such a line

sub until_logged {
    my ($nginx, $line) = @_;

    my $n = 0;
    my %all;

    $nginx->wait_for(sub {
        my $seen = load($nginx, tag => 'u' . $n++, requests => 40)->wait;

        $all{comments} = { %{ $all{comments} // {} }, %{ $seen->{comments} } };
        $all{status} = { %{ $all{status} // {} }, %{ $seen->{status} } };

        return $nginx->error_log =~ $line;
    }, 20);

    return \%all;
}


# one worker: its batches follow each other once it has been alone for a second

{
    my $nginx = make(workers => 1, level => 'debug');
    my $seen = until_logged($nginx, $FOLLOWS);

    plan skip_all => 'nginx was built without --with-debug'
        if $nginx->error_log !~ /\[debug\]/;

    like $nginx->error_log, $FOLLOWS, 'a batch follows another';
    like $nginx->error_log, $NONE, '... until nobody writes';
    stored($nginx, $seen, 'in chains');

    # a save is a writer, too: the status waits for one, and would be an error
    # after five seconds

    $disk->pace(30);
    my $load = load($nginx, tag => 'save', requests => 100);
    $nginx->get($key);
    my $status = $nginx->get('/social?format=json&period=all');

    ok $load->running, 'people write all the time';
    is $status->{status}, 200, 'what was counted is saved nevertheless';
    cmp_ok $status->{json}{articles}[0]{views}, '>', 0, '... and shown';

    $disk->pace(0);
    stored($nginx, $load->wait, 'beside a save');

    # a worker that leaves answers first

    my $there = texts($nginx);
    $load = load($nginx, tag => 'quit', requests => 300);
    $nginx->wait_for(sub { texts($nginx) > $there + 20 });
    $nginx->reload;
    stored($nginx, $load->wait, 'beside a reload');

    $nginx->stop;
    $nginx->quiet;
}


# two sites in one worker: the one into which everybody writes leaves the other
# its turn, which is one writer of the worker

{
    my $nginx = make(workers => 1, level => 'debug',
        http => "social_site other {\n    store sqlite:DIR/store/other.db;\n"
            . "    article ~ ^/other/;\n    comments open;\n    limit off;\n}\n",
        server => "location /other/ { social other; }\n"
            . "location ^~ /_other/ { social_api other; }\n",
        files => { map { ("$_/bread/index.html" => $html) } qw(posts other) });

    until_logged($nginx, $FOLLOWS);
    $disk->pace(30);

    my $load = load($nginx, tag => 'two', requests => 100);
    my ($token) = $nginx->get('/other/bread/')->{content}
        =~ /name="token" value="([^"]+)"/;
    my @statuses = map {
        $nginx->post('comments', { article => '/other/bread/', name => 'Ann',
            token => $token, text => "Number $_" },
            path => '/_other/comments')->{status} } 1 .. 3;

    ok $load->running, 'people write to one site all the time';
    is "@statuses", '303 303 303', 'comments of the other are written';
    $disk->pace(0);
    stored($nginx, $load->wait, 'two sites');
    $nginx->stop;
    $nginx->quiet;
}


# several workers: none of them follows itself for long, and nobody has to wait
# until the store counts as locked

{
    my $nginx = make(workers => 4);
    my $seen = load($nginx, clients => 12, requests => 300)->wait;

    stored($nginx, $seen, 'four workers');
    $nginx->stop;
    $nginx->quiet;
}


# another program locks the store for longer than a batch waits: what is queued
# is refused, and what was acknowledged is there

{
    my $nginx = make(workers => 1, level => 'debug');
    until_logged($nginx, $FOLLOWS);

    my %form = (article => $key, name => 'Ann', token => $nginx->token($key));
    my $load = load($nginx, tag => 'lock', seconds => 5);
    my $other = lock_writers($nginx);
    ok $nginx->wait_for(sub {
        $nginx->post('comments', { %form, text => 'while it is locked' })
            ->{status} == 503 }, 20), 'comments are refused';
    close $other;

    my $seen = $load->wait;
    my %there = map { $_ => 1 } texts($nginx);

    is_deeply [ grep { !$there{$_} } keys %{ $seen->{comments} } ], [],
        'those that were not are stored';
    ok $nginx->wait_for(sub {
        $nginx->post('comments', { %form, text => 'after it' })
            ->{status} == 303 }, 20), 'then comments are written again';

    $nginx->stop;
    $nginx->quiet(qr/: database is locked/, qr/can be written again/);
}

done_testing;
