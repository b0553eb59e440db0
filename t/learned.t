#!/usr/bin/perl

# Pages show what the store holds, whoever wrote it and whatever shared memory
# has lost; titles and dates of pages reach the store.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(dial read_answer);
use Social;
use Test::More;
use Time::HiRes qw(sleep);


my $html = '<html><head><title>Bread</title></head><body><article><p>Text.'
    . '</p></article></body></html>';
my $n = 0;


sub make {
    my (%a) = @_;

    return Social->new(
        files => { map { ("posts/$_/index.html" => $html) }
                     qw(bread salt rye) },
        %a, site => "article ~ ^/posts/;\n" . ($a{site} // ''));
}


sub token {
    my ($nginx, $key) = @_;

    return $nginx->wait_for(sub { $nginx->token($key // '/posts/bread/') });
}


sub comment {
    my ($nginx, $token) = @_;

    return $nginx->post('comments', { article => '/posts/bread/',
        token => $token, name => 'Ann', text => 'comment ' . ++$n })
        ->{status};
}


# the workers that have a token for the page.  Connections are opened before the
# first request is sent, because an idle worker may take one after the other

sub answering {
    my ($nginx) = @_;

    my @sockets = map { dial($nginx->port) } 1 .. 12;
    my @pids;

    print $_ "GET /posts/bread/ HTTP/1.1\r\nHost: localhost\r\n"
        . "User-Agent: $Social::BROWSER\r\nConnection: close\r\n\r\n"
        for @sockets;

    for my $socket (@sockets) {
        my $rest = '';
        my $answer = read_answer($socket, \$rest, 'GET', 20);

        push @pids, $answer->{header}{'x-pid'}
            if $answer->{body} =~ /name="token" value="[^"]/;
    }

    return @pids;
}


# written by others: another master, or a worker that died before announcing it

{
    my $nginx = make(workers => 2, http => 'add_header X-Pid $pid always;');
    my $path = $nginx->dir . '/store/blog.db';
    my $token = token($nginx);

    $nginx->get('/posts/salt/') for 1 .. 4;
    ok $nginx->wait_for(sub {
        `sqlite3 '$path' "SELECT title FROM article WHERE key = '/posts/salt/'"`
            eq "Bread\n" }), 'a page\'s title is stored';

    system 'sqlite3', '-cmd', '.timeout 5000', $path,
        'INSERT INTO comment (article, state, before, role, created, person,'
        . ' name, text) SELECT id, 1, 1, 0, unixepoch(), 7, \'Eve\','
        . ' \'from elsewhere\' FROM article WHERE key = \'/posts/salt/\';'
        . ' UPDATE article SET changed = unixepoch()'
        . ' WHERE key = \'/posts/salt/\'';

    ok $nginx->wait_for(sub { 8 == grep {
        $nginx->get('/posts/salt/')->{content} =~ /from elsewhere/ } 1 .. 8 }),
        'a comment written by another process is shown by all workers';

    # two masters, each with its own shared memory

    my $master = $nginx->pid;
    my @old = $nginx->workers;
    kill 'USR2', $master;
    $nginx->wait_for(sub { ($nginx->pid // $master) != $master
                           && $nginx->workers == 2 });

    # the new workers give out tokens once they have read the store; until then
    # they answer comments with 503

    my %ready;
    ok $nginx->wait_for(sub {
        $ready{$_}++ for answering($nginx);
        4 == grep { $ready{$_} } @old, $nginx->workers;
    }, 60), 'the workers of both masters have read the store';

    my @status = map { comment($nginx, $token) } 1 .. 12;
    is "@status", join(' ', (303) x 12),
        'workers of both masters accept comments';
    my $last = $n;
    ok $nginx->wait_for(sub { 8 == grep {
        my $text = $nginx->get('/posts/bread/')->{content};
        12 == grep { $text =~ /comment $_\b/ } $last - 11 .. $last } 1 .. 8 }),
        'both show all comments';

    kill 'QUIT', $master;
    $nginx->wait_for(sub { !Social::alive($master) });
    $nginx->stop;
    $nginx->quiet;
}


# an article evicted from shared memory keeps its comments

{
    my $nginx = make(workers => 2, site => 'zone 256k;');
    my $token = token($nginx);

    comment($nginx, $token);
    my $mine = $n;

    my %pages = map { ("/posts/p$_/" => $html) } 1 .. 600;
    $nginx->file("posts/p$_/index.html", $html, 3600) for 1 .. 600;

    for my $round (1 .. 2) {
        $nginx->get("/posts/p$_/") for 1 .. 600;
        sleep 1.1;
    }

    my $doc = $nginx->status(period => '24h');
    cmp_ok $doc->{health}{articles_evicted}, '>', 0, 'articles were evicted';

    like $nginx->get('/posts/bread/')->{content}, qr/comment $mine\b/,
        'the comments of the oldest article are shown' for 1 .. 6;

    $nginx->stop;
    $nginx->quiet;
}


# a title that could not be stored is stored later

{
    my $nginx = make(workers => 1);
    my $path = $nginx->dir . '/store/blog.db';

    token($nginx);
    open my $sqlite, '|-', Social::sqlite($path) or die $!;
    $sqlite->autoflush(1);
    print $sqlite ".timeout 5000\nBEGIN EXCLUSIVE;\n"
        . ".shell touch @{[ $nginx->dir ]}/locked\n";
    $nginx->wait_for(sub { -e $nginx->dir . '/locked' });

    $nginx->get('/posts/rye/') for 1 .. 50;
    $nginx->wait_for(sub { $nginx->error_log =~ /cannot be written/ });
    print $sqlite "ROLLBACK;\n";
    close $sqlite;

    ok $nginx->wait_for(sub {
        `sqlite3 -cmd '.timeout 5000' '$path' "SELECT title FROM article WHERE key = '/posts/rye/'"`
            eq "Bread\n" }), 'a title is stored when the store is back';

    $nginx->stop;
    $nginx->quiet('can(?:not)? be written');
}

done_testing;
