#!/usr/bin/perl

# Requests that wait: pages for their widget, at most 100 ms; comments for the
# disk, whatever happens to their client or worker.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use IO::Select;
use IO::Socket::INET;
use Slow;
use Social;
use Test::More;
use Time::HiRes qw(sleep time);


my $disk = Slow->new or plan skip_all => 'no compiler for a slow disk';

my $html = '<html><head><title>Bread</title></head><body><article><p>Text.'
    . '</p></article></body></html>';
my @names = qw(bread salt oil rye corn);
my $n = 0;


sub make {
    my (%a) = @_;

    return $disk->nginx(sub {
        Social->new(workers => 1,
            files => { map { ("posts/$_/index.html" => $html) } @names },
            %a, site => "article ~ ^/posts/;\n" . ($a{site} // ''));
    });
}


sub token {
    my ($nginx, $key) = @_;

    return $nginx->wait_for(sub { $nginx->token($key // '/posts/bread/') });
}


sub form {
    my ($nginx, $token, $key) = @_;

    my $body = Social::form({ article => $key // '/posts/bread/',
        token => $token, name => 'Ann', text => 'comment ' . ++$n });

    return "POST /_social/comments HTTP/1.1\r\nHost: localhost\r\n"
        . "Sec-Fetch-Site: same-origin\r\nConnection: close\r\n"
        . "Content-Type: application/x-www-form-urlencoded\r\n"
        . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
}


sub page {
    my ($key) = @_;

    return "GET $key HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
}


sub send_it {
    my ($nginx, $bytes, $port) = @_;

    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $port // $nginx->port)
        or die "connect: $!";
    syswrite $socket, $bytes;

    return $socket;
}


sub slurp_it {
    my ($socket) = @_;

    my $answer = '';
    1 while sysread $socket, $answer, 65536, length $answer;

    return $answer;
}


sub stored {
    my ($nginx, $like) = @_;

    my $path = $nginx->dir . '/store/blog.db';

    return `sqlite3 -cmd '.timeout 5000' '$path' "SELECT count(*) FROM comment WHERE text LIKE '$like'"` + 0;
}


# one thread, which a comment keeps busy: pages have to wait for their threads
# of comments

{
    my $nginx = make(main => 'thread_pool default threads=1;');

    for my $name (@names) {
        my $token = token($nginx, "/posts/$name/");
        slurp_it(send_it($nginx, form($nginx, $token, "/posts/$name/")));
    }

    my $token = token($nginx, '/posts/bread/');
    my $warm = $nginx->get('/posts/bread/');
    like $warm->{content}, qr/comment 1\b/, 'a warm page';

    $disk->pace(2500);
    my $busy = send_it($nginx, form($nginx, $token));
    my $select = IO::Select->new($busy);
    sleep 0.1;

    # after a comment a widget is loaded before anybody asks; not after a change
    # of the page's language

    $nginx->file("posts/$_/index.html", $html =~ s/<html>/<html lang="de">/r,
                 3600) for @names[1 .. $#names];

    cmp_ok $nginx->usual_time(5, sub {
        is $nginx->get('/posts/bread/')->{content}, $warm->{content},
            'a warm page is the same' }), '<', 0.09, 'and does not wait';

    my $begin = time;
    my $cold = $nginx->get('/posts/salt/');
    cmp_ok time - $begin, '>', 0.08, 'a cold page waits';
    ok !$select->can_read(0), 'but not until the disk is done';
    like $cold->{content}, qr{<section data-social="/posts/salt/".*</form>}s,
        'it has its last widget';
    like $cold->{content}, qr/<section[^>]* lang="en"/, 'from before the change';
    is $cold->{headers}{etag}, undef, 'it has no ETag';
    is $cold->{headers}{'last-modified'}, undef, 'it has no Last-Modified';
    is $cold->{headers}{'cache-control'}, 'no-store', 'it is not cached';

    cmp_ok $nginx->usual_time(5, sub { $nginx->get('/posts/salt/') }), '<',
        0.09, 'the next pages do not wait again';

    # clients that leave while they wait, others stay

    my @waiting = map { send_it($nginx, page("/posts/$names[2 + $_ % 3]/")) }
        1 .. 30;
    sleep 0.03;
    close $_ for splice @waiting, 0, 20;
    like slurp_it($_), qr/^HTTP\/1.1 200.*data-social/s,
        'a client that stays is served'
        for @waiting[0 .. 2];

    # a reload while pages and a comment wait

    @waiting = map { send_it($nginx, page("/posts/$names[2 + $_ % 3]/")) }
        1 .. 10;
    my ($old) = $nginx->workers;
    sleep 0.02;
    $nginx->reload;
    is scalar(grep { slurp_it($_) =~ m{^HTTP/1.1 200.*</html>}s } @waiting),
        10, 'pages that wait during a reload are served';
    like slurp_it($busy), qr/^HTTP\/1.1 303/,
        'a comment that waits during a reload is stored';
    $disk->pace(0);
    ok $nginx->wait_for(sub { !Social::alive($old) }),
        'after that the old worker leaves';

    like $nginx->get('/posts/salt/')->{content}, qr/comment 2\b/,
        'later the page has its comments';

    $nginx->stop;
    # the new worker may have waited for the old one's sync
    $nginx->quiet('database is locked', 'the store can be');
}


# a page that turns out to have another language than its widget: its comments
# are loaded again, and it waits for them like others

{
    my $nginx = make(main => 'thread_pool default threads=1;');
    my $german = $html =~ s/<html>/<html lang="de">/r;
    my $token = token($nginx);

    slurp_it(send_it($nginx, form($nginx, $token)));

    my $english = $nginx->get('/posts/bread/');
    like $english->{content}, qr/<section[^>]* lang="en".*comment $n\b/s,
        'a page with a comment, in English';

    $disk->pace(2500);

    my $busy = send_it($nginx, form($nginx, token($nginx, '/posts/salt/'),
                                    '/posts/salt/'));
    my $select = IO::Select->new($busy);

    $nginx->file('posts/bread/index.html', $german, 3600);
    sleep 0.1;

    my $begin = time;
    my $page = $nginx->get('/posts/bread/');

    cmp_ok time - $begin, '>', 0.08, 'now it is German, and waits';
    ok !$select->can_read(0), 'but not until the disk is done';
    like $page->{content}, qr{comment @{[ $n - 1 ]}\b.*</html>}s,
        'it has the widget that was there';
    is $page->{headers}{etag}, undef, 'which has no ETag';
    is $page->{headers}{'cache-control'}, 'no-store', 'and is not kept';

    my @waiting = map { send_it($nginx, page('/posts/bread/')) } 1 .. 20;
    sleep 0.02;
    close $_ for splice @waiting, 0, 10;
    is scalar(grep { slurp_it($_) =~ m{^HTTP/1.1 200.*</html>}s } @waiting),
        10, 'clients that stay are served';

    $disk->pace(0);
    slurp_it($busy);
    ok $nginx->wait_for(sub {
        $page = $nginx->get('/posts/bread/');
        $page->{content} =~ /<section[^>]* lang="de"/ }), 'then it is German';
    ok $page->{headers}{etag}, 'and has an ETag';

    $nginx->stop;
    $nginx->quiet('database is locked');
}


# comments whose client or worker leaves, and many at once

sub h2 {
    my ($type, $flags, $stream, $payload) = @_;

    return substr(pack('N', length $payload), 1)
        . pack('CCN', $type, $flags, $stream) . $payload;
}

sub h2_header {
    my ($name, $value) = @_;

    return pack 'CC/aC/a', 0, $name, $value;
}

sub h2_post {
    my ($body, $stream) = @_;

    my $fields = join '', map { h2_header(@$_) }
        [':method', 'POST'], [':scheme', 'http'],
        [':path', '/_social/comments'], [':authority', 'localhost'],
        ['sec-fetch-site', 'same-origin'],
        ['content-type', 'application/x-www-form-urlencoded'];

    return h2(1, 4, $stream, $fields) . h2(0, 1, $stream, $body);
}

{
    my $nginx = make();
    my $token = token($nginx);
    my $from = $n;

    $disk->pace(300);

    my $first = send_it($nginx, form($nginx, $token));
    sleep 0.05;
    my @gone = map { send_it($nginx, form($nginx, $token)) } 1 .. 5;
    sleep 0.05;
    close $_ for @gone;
    like slurp_it($first), qr/^HTTP\/1.1 303/, 'a comment';
    ok $nginx->wait_for(sub { $nginx->events(event => 'comment') == 6 }),
        'a comment is logged even if its client has left';
    is stored($nginx, 'comment %'), $n - $from, 'all comments are stored';

    # HTTP/2 streams are reset, then the connection is closed

    my @bodies = map { form($nginx, $token) =~ s/.*\r\n\r\n//sr } 1 .. 4;
    my $socket = send_it($nginx, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        . h2(4, 0, 0, '') . h2_post($bodies[0], 1) . h2_post($bodies[1], 3)
        . h2_post($bodies[2], 5) . h2_post($bodies[3], 7), $nginx->port2);
    sleep 0.1;
    syswrite $socket, h2(3, 0, 1, pack 'N', 8) . h2(3, 0, 3, pack 'N', 8);
    sleep 0.02;
    close $socket;
    ok $nginx->wait_for(sub {
        $nginx->events(event => 'comment') == 10 }),
        'comments of reset HTTP/2 streams are logged';
    is stored($nginx, 'comment %'), $n - $from,
        'comments of reset HTTP/2 streams are stored';

    # 40 comments at once share a few syncs

    $disk->pace(200);
    my $begin = time;
    my @many = map { send_it($nginx, form($nginx, $token)) } 1 .. 40;
    is scalar(grep { slurp_it($_) =~ m{^HTTP/1.1 303} } @many), 40,
        'forty comments at once are accepted';
    cmp_ok time - $begin, '<', 40 * 0.2, 'they are committed together';

    # nginx stops while comments wait

    @many = map { my $s = send_it($nginx, form($nginx, $token));
                  sleep 0.02; $s } 1 .. 10;
    sleep 0.05;
    kill 'QUIT', $nginx->pid;
    is scalar(grep { slurp_it($_) =~ m{^HTTP/1.1 303} } @many), 10,
        'a worker that stops answers its comments first';
    $disk->pace(0);
    $nginx->stop;
    is stored($nginx, 'comment %'), $n - $from,
        'the comments that it answered are stored';

    $nginx->quiet;
}


# a start with a slow disk

{
    $disk->pace(1500);

    my $nginx = make(cold => 1);
    my ($slowest, $bad) = (0, 0);

    for (1 .. 10) {
        my $begin = time;
        my $res = $nginx->get('/posts/bread/');
        my $took = time - $begin;

        $slowest = $took if $took > $slowest;
        $bad++ if $res->{content} !~ m{<section data-social=.*</section>}s;
    }

    is $bad, 0, 'right after the start every page has a widget or a link';
    cmp_ok $slowest, '<', 1.5, 'without waiting for the disk';
    $disk->pace(0);
    ok token($nginx), 'soon it has the widget';

    $nginx->stop;
    $nginx->quiet;
}

done_testing;
