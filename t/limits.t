#!/usr/bin/perl

# Everything has a limit, and a proper answer when the limit is reached: queues,
# threads, names, bodies, slow clients.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Slow;
use Social;
use Test::More;
use Time::HiRes qw(sleep time);


my $html = '<html><head><title>Bread</title></head><body><article><p>Text.'
    . '</p></article></body></html>';
my $many = $ENV{SOCIAL_LONG} ? 100_000 : 10_000;


sub make {
    my (%a) = @_;

    return Social->new(
        files => { map { ("posts/$_/index.html" => $html) } qw(bread salt) },
        %a, site => "article ~ ^/posts/;\n" . ($a{site} // ''));
}


sub token {
    my ($nginx) = @_;

    return $nginx->wait_for(sub { $nginx->token('/posts/bread/') });
}


# resident memory of processes, in KB

sub resident {
    my (@pids) = @_;

    my $sum = 0;

    for my $pid (@pids) {
        open my $fh, '<', "/proc/$pid/status" or next;
        local $/;
        $sum += $1 if <$fh> =~ /^VmRSS:\s+(\d+) kB/m;
    }

    return $sum;
}


sub connection {
    my ($nginx, $bytes) = @_;

    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $nginx->port)
        or die "connect: $!";
    syswrite $socket, $bytes;

    return $socket;
}


# what arrives within some seconds

sub answer {
    my ($socket, $seconds) = @_;

    my ($select, $answer, $end) = (IO::Select->new($socket), '',
                                   time + ($seconds // 5));

    while (time < $end && $select->can_read($end - time)) {
        sysread $socket, $answer, 65536, length $answer or last;
    }

    return $answer;
}


# a thread of very many comments

{
    my $nginx = make();
    my $path = $nginx->dir . '/store/blog.db';

    token($nginx);
    $nginx->stop;

    system 'sqlite3', $path,
        "INSERT OR IGNORE INTO article (key, first_seen) VALUES ('/posts/bread/', 0);"
        . "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        . "  WHERE i < $many)"
        . " INSERT INTO comment (article, state, before, role, created,"
        . "  person, name, text, parent)"
        . " SELECT (SELECT id FROM article WHERE key = '/posts/bread/'), 1,"
        . "  1, 0, unixepoch() - $many + i, i, 'Ann', 'comment ' || i,"
        . "  CASE i % 3 WHEN 0 THEN i - 1 END FROM n";
    $nginx->start;

    my $page;

    $nginx->wait_for(sub {
        $page = $nginx->get('/posts/bread/');
        return $page->{content} =~ /id="comment-c$many"/;
    });

    like $page->{content}, qr/id="comment-c$many"/,
        'the newest of very many comments is on the page';
    cmp_ok $nginx->usual_time(9, sub { $nginx->get('/posts/bread/') }), '<',
        0.3, 'the page is served in time';
    cmp_ok length $page->{content}, '<', 512 * 1024, 'the page stays small';

    # the other comments are on further pages, and these end

    my (%seen, $pages);
    my $text = $page->{content};

    while ($pages++ < $many) {
        $seen{$1} = 1 while $text =~ /id="comment-(c\d+)"/g;
        my ($next) = $text =~ /href="([^"]+)" rel="next"/ or last;
        $next =~ s/&amp;/&/g;
        my $res = $nginx->get($next);
        is $res->{status}, 200, $next if $res->{status} != 200;
        $text = $res->{content};
    }

    is scalar(keys %seen), $many, 'every comment is on a page';
    is $nginx->get('/_social/counts?article=/posts/bread/')
        ->{json}{counts}{'/posts/bread/'}{comments}, $many,
        'all comments are counted';
    is $nginx->get('/_social/thread?article=/posts/bread/&page=999999999')
        ->{status}, 200, 'a page past the end is no error';

    $nginx->stop;
    $nginx->quiet;
}


# names of 64 KB in every place for a name; bodies that never end

{
    my $nginx = make(http => 'large_client_header_buffers 4 256k;'
                         . 'client_max_body_size 0;'
                         . 'client_body_timeout 5s;');
    my $token = token($nginx);
    my $long = 'a' x 65536;

    my %asked = (
        "/posts/$long/" => 404,
        "/_social/$long" => 404,
        "/_social/comments/$long" => 404,
        "/_social/comments?article=/posts/$long/" => 404,
        "/_social/thread?article=/posts/$long/" => 404,
        "/_social/counts?article=/$long" => 200,
        "/social?q=$long" => 200,
        "/social?sort=$long" => 400,
        "/posts/bread/?shared=$long" => 200,
        "/posts/bread/?$long=$long" => 200,
    );

    for my $path (sort keys %asked) {
        is $nginx->get($path)->{status}, $asked{$path},
            substr($path, 0, 30) . '...';
    }

    is $nginx->post('comments', { article => "/posts/$long/",
        token => $token, name => 'A', text => 'x' })->{status}, 413,
        'an article name of 64 KB';
    is $nginx->post('comments', { article => '/posts/bread/',
        token => $token, name => 'A' x 60000, text => 'x' })->{status}, 422,
        'a name of 60 KB';
    is $nginx->get('/posts/bread/', headers => {
        'User-Agent' => $long, Referer => "http://$long/",
        Cookie => "social=$long" })->{status}, 200, 'headers of 64 KB';

    my $head = "POST /_social/comments HTTP/1.1\r\nHost: localhost\r\n"
        . "Sec-Fetch-Site: same-origin\r\n"
        . "Content-Type: application/x-www-form-urlencoded\r\n";

    my $socket = connection($nginx,
        "${head}Content-Length: 1073741824\r\n\r\narticle=");
    like answer($socket), qr/^HTTP\/1.1 413/, 'a body announced with 1 GB: 413';

    # chunks that never end: refused and no longer read

    local $SIG{PIPE} = 'IGNORE';
    $socket = connection($nginx, "${head}Transfer-Encoding: chunked\r\n\r\n");
    my ($sent, $chunk) = (0, "8000\r\n" . 'a' x 0x8000 . "\r\n");
    my $select = IO::Select->new($socket);
    my $begin = time;

    while (time - $begin < 5 && $sent < 64 << 20) {
        last if $select->can_read(0);
        my $n = syswrite($socket, $chunk) or last;
        $sent += $n;
    }

    cmp_ok $sent, '<', 16 << 20, 'chunks that never end are not read on';
    like answer($socket), qr/^HTTP\/1.1 413/, 'they are answered with 413';

    # a thousand clients that send one byte now and then

    my $clients = POSIX::sysconf(POSIX::_SC_OPEN_MAX()) - 100;
    $clients = 1000 if $clients > 1000;

    my $before = resident($nginx->workers);
    my @slow = map { connection($nginx, "${head}Content-Length: 60000\r\n\r\n")
        } 1 .. $clients;
    my @took;

    for my $round (1 .. 10) {
        syswrite $_, 'a' for @slow;
        $begin = time;
        $nginx->get('/posts/bread/');
        push @took, time - $begin;
    }

    cmp_ok Social::median(@took), '<', 0.3,
        "$clients slow clients delay no other client";
    cmp_ok resident($nginx->workers) - $before, '<', 64 * $clients,
        'they take at most 64 KB each';
    is $nginx->post('comments', { article => '/posts/bread/',
        token => $token, name => 'Ann', text => 'x' })->{status}, 303,
        'comments are accepted, too';
    close $_ for @slow;

    $nginx->stop;
    $nginx->quiet('File name too long');
}


# a full queue: bulk moderation on a slow disk

SKIP: {
    my $disk = Slow->new or skip 'no compiler for a slow disk', 9;
    my $nginx = $disk->nginx(sub { make(workers => 1) });

    token($nginx);
    $disk->pace(700);

    my $body = 'action=done&' . join '&', map { "id=$_" } 1 .. 100;
    my $auth = Social::basic('jo')->{Authorization};
    my $post = "POST /_moderate/ HTTP/1.1\r\nHost: localhost\r\n"
        . "Authorization: $auth\r\nSec-Fetch-Site: same-origin\r\n"
        . "Accept: application/json\r\nConnection: close\r\n"
        . "Content-Type: application/x-www-form-urlencoded\r\n"
        . 'Content-Length: ' . length($body) . "\r\n\r\n$body";

    # a comment first, so that there is something to sync

    my $token = token($nginx);
    my $pid = fork // die $!;
    if ($pid == 0) {
        $nginx->post('comments', { article => '/posts/bread/',
            token => $token, name => 'Ann', text => 'x' });
        POSIX::_exit(0);
    }
    sleep 0.2;

    my @sockets = map { connection($nginx, $post) } 1 .. 60;
    cmp_ok $nginx->usual_time(5, sub {
        is $nginx->get('/posts/bread/')->{status}, 200, 'pages are served' }),
        '<', 0.3, 'and in time';

    my %status;
    answer($_, 10) =~ m{^HTTP/1.1 (\d+)} and $status{$1}++ for @sockets;
    waitpid $pid, 0;

    cmp_ok $status{503} // 0, '>=', 15,
        'requests beyond the queue are answered with 503';
    is +($status{503} // 0) + ($status{404} // 0) + ($status{200} // 0), 60,
        'every request is answered';

    $disk->pace(0);
    $nginx->stop;
    $nginx->quiet;
}

done_testing;
