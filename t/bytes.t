#!/usr/bin/perl

# Bounds in bytes: long comments never make a page or document of more than
# 1 MiB, an error, or a page without its comments; each can be reached by "read
# on".  Answers that nobody reads have a bound in memory, reads that wait one
# for each client, and a flood of them does not take the comments off pages.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use IO::Select;
use JSON::PP ();
use Slow;
use Social;
use Social::Api;
use Socket qw(PF_INET SOCK_STREAM SOL_SOCKET SO_RCVBUF pack_sockaddr_in
              inet_aton);
use Test::More;


my $MIB = 1 << 20;
my $EMOJI = chr(0x1f600) x 10_000;

my @files = map { ("posts/$_/index.html" => page($_)) }
    qw(long quotes many last), map { "cold$_" } 0 .. 9;


# the ids of comments in HTML, as often as they are there

sub ids { return sort { $a <=> $b } $_[0] =~ /id="comment-c?(\d+)"/g }

# all pages from a URL on

sub pages {
    my ($nginx, $next, %a) = @_;

    my @pages;

    while (defined $next && @pages < 50) {
        my $res = $nginx->get($next, %a);
        is $res->{status}, 200, 'a page is answered';
        cmp_ok length $res->{content}, '<=', $MIB, 'it is at most 1 MiB';
        push @pages, $res->{content};
        ($next) = $res->{content} =~ /<a href="([^"]+)" rel="next">/;
        $next =~ s/&amp;/&/g if defined $next;
    }

    return @pages;
}

# the ids of a list in documents, to its end

sub listed {
    my ($nginx, $url, %a) = @_;

    my $next = delete $a{after};
    my @ids;

    for (1 .. 50) {
        my $res = $nginx->get($url . (defined $next ? "&after=$next" : ''),
                              %a);
        is $res->{status}, 200, 'a document is answered';
        cmp_ok length $res->{content}, '<=', $MIB, 'it is at most 1 MiB';
        push @ids, map { $_->{id} =~ /(\d+)/ } @{ $res->{json}{comments} };
        $next = $res->{json}{next};
        last if !defined $next;
    }

    return sort { $a <=> $b } @ids;
}

sub token { my ($nginx, $key) = @_;
            return $nginx->wait_for(sub { $nginx->token($key) }) }

# the changes below keep the store from nginx, on a busy machine for longer than
# it waits

my @LOCKED = (qr/write: database is locked/, qr/store can be written again/);

sub sql {
    my ($nginx, $sql) = @_;

    open my $pipe, '|-', 'sqlite3', '-cmd', '.timeout 5000',
        $nginx->dir . '/store/blog.db' or die $!;
    print {$pipe} "$sql;\n";

    return ok close($pipe), 'the store is changed';
}

# sends a request and leaves its answer unread, in small buffers

sub reader {
    my ($port, $path) = @_;

    socket my $fh, PF_INET, SOCK_STREAM, 0 or die $!;
    setsockopt $fh, SOL_SOCKET, SO_RCVBUF, pack('i', 4096) or die $!;
    connect $fh, pack_sockaddr_in($port, inet_aton('127.0.0.1')) or die $!;
    syswrite $fh, "GET $path HTTP/1.1\r\nHost: localhost\r\n\r\n";

    return $fh;
}

# memory of a worker in bytes, without what it shares

sub private {
    my ($pid) = @_;

    open my $fh, '<', "/proc/$pid/statm" or die "statm: $!";
    my (undef, $resident, $shared) = split ' ', <$fh>;

    return ($resident - $shared) * 4096;
}


# long comments

my $narrow = Social::free_port();
my $nginx = Social->new(workers => 1, files => {@files},
    site => "article ~ ^/posts/;\n",
    servers => "server { listen 127.0.0.1:$narrow sndbuf=8k;"
        . ' location ^~ /_social/ { social_api blog; } }');

my (%jar, @own);
my $token = token($nginx, '/posts/long/');

for (1 .. 16) {
    my $res = comment($nginx, article => '/posts/long/', token => $token,
        name => "Z\x{f6}e", jar => \%jar,
        text => chr(0x1f600 + $_) . substr $EMOJI, 1);
    push @own, $res->{json}{comment}{id} =~ /(\d+)/;
}

is scalar @own, 16, '16 comments of 10,000 emoji';

my $page = $nginx->get('/posts/long/')->{content};
is join(' ', ids($page)), "@own[13 .. 15]", 'the page has the newest three';
like $page, qr/16 comments/, 'and says how many there are';

my ($first) = $page =~ m{<a href="([^"]*thread[^"]*)" rel="next">};
ok defined $first, 'it links to the ones before';

my @pages = pages($nginx, '/_social/thread?article=/posts/long/');
is scalar @pages, 6, 'the thread has 6 pages';
is join(' ', sort { $a <=> $b } map { ids($_) } @pages), "@own",
    'every comment is on one of them';
is $nginx->get($first =~ s/&amp;/&/gr)->{content}, $pages[1],
    'the link leads to page 2';

is join(' ', listed($nginx, '/_social/comments?article=/posts/long/')), "@own",
    'GET comments has each once';
is join(' ', listed($nginx, '/_social/comments?limit=2&article=/posts/long/')),
    "@own", 'by twos, too';
is join(' ', listed($nginx, '/_social/mine?', jar => \%jar,
                        headers => { Accept => 'application/json' })), "@own",
    'GET mine has each once';

my $auth = { headers => Social::basic('jo') };
is join(' ', listed($nginx, '/_moderate/?format=json', %$auth)), "@own",
    'so has moderation as JSON';

my @held = @own[0 .. 9];
is $nginx->moderate({ action => 'hold', id => [ map { "c$_" } @held ] })
    ->{status}, 303, '10 of them are held';
is join(' ', sort { $a <=> $b } map { ids($_) }
             pages($nginx, '/_moderate/?state=held', %$auth)), "@held",
    'the moderation page has all held ones, in parts';
is join(' ', sort { $a <=> $b } map { ids($_) }
             pages($nginx, '/_moderate/', %$auth)), "@own",
    'the list of all states, too';

my $all = $nginx->queue('?format=json')->{json};
$nginx->moderate({ action => 'approve', id => $all->{comments}[-1]{id} });
my %seen = map { $_ => 1 } (map { $_->{id} =~ /(\d+)/ } @{ $all->{comments} }),
    listed($nginx, '/_moderate/?format=json', after => $all->{next},
           %$auth);
is join(' ', sort { $a <=> $b } keys %seen),
    "@own", 'approving the last one of a page skips none of the next';


# the text that grows most as HTML, with the longest names

$token = token($nginx, '/posts/quotes/');
comment($nginx, article => '/posts/quotes/', token => $token, name => 'Q',
    text => 'first', jar => {});
$nginx->wait_for(sub { `sqlite3 @{[ $nginx->dir ]}/store/blog.db "SELECT 1
    FROM article WHERE key = '/posts/quotes/'"` });

my ($quotes, $name) = ('"' x 1310, chr(0x1f600) x 60);
utf8::encode($name);
sql($nginx, <<"END");
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
INSERT INTO comment (article, parent, state, before, role, created, commenter,
    person, weak, source, reason, name, website, text)
SELECT (SELECT id FROM article WHERE key = '/posts/quotes/'), NULL, 1, 1, 0,
    1700000000 + i, NULL, 0, 0, '', '', '$name', '', '$quotes' FROM n
END

@pages = pages($nginx, '/_social/thread?article=/posts/quotes/');
is scalar(map { ids($_) } @pages), 101, 'a thread of quotes has all comments';
is $nginx->status->{health}{pages_cut}, 0, 'no page lacks comments';


# nobody reads the answers.  The beginning of a thread is kept, once for all who
# ask for it; what comes after a comment is each answer's own.

my $before = private($nginx->workers);
my $url = "/_social/comments?article=/posts/long/&after=c$own[0]";
my (@readers, %status);

for (1 .. 330) {
    my $fh = reader($narrow, $url);
    sysread $fh, my $head, 512;
    $status{ substr $head, 9, 3 }++;
    like $head, qr/^Retry-After: \d/m, 'a refused answer says when to retry'
        if $head =~ / 503 /;
    push @readers, $fh;
}

my $grown = private($nginx->workers) - $before;

cmp_ok $status{200}, '>', 150, "many may be slow: $status{200} are sent";
cmp_ok $status{503} // 0, '>', 0, 'but not any number';
cmp_ok $grown, '>', 32 * $MIB, 'they do wait in memory: ' . ($grown >> 20);
SKIP: {
    skip 'a sanitizer keeps memory that was freed', 1
        if Social::Tool::slow() > 1;
    cmp_ok $grown, '<', 100 * $MIB, 'of which the worker takes at most 64 MB';
}

cmp_ok $nginx->status->{health}{reads_refused}, '>=', $status{503},
    'health counts the refused ones';
like $nginx->get('/posts/long/')->{content}, qr/id="comment-c?$own[15]"/,
    'pages have their comments';
is $nginx->get('/_social/comments?limit=1&article=/posts/quotes/')->{status},
    200, 'a short document is answered';

close $_ for @readers;
is $nginx->wait_for(sub { my $status = $nginx->get($url)->{status};
                          $status == 200 && $status }), 200,
    'when they are gone, long documents are answered again';


# a flood of slow reads: pages of a long thread that are not in the cache

for my $i (0 .. 9) {
    comment($nginx, article => "/posts/cold$i/", name => 'C', jar => {},
        token => token($nginx, "/posts/cold$i/"), text => "cold comment $i");
}

$token = token($nginx, '/posts/many/');
comment($nginx, article => '/posts/many/', token => $token, name => 'M',
    text => 'first', jar => {});
sql($nginx, <<'END');
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
    WHERE i < 150000)
INSERT INTO comment (article, parent, state, before, role, created, commenter,
    person, weak, source, reason, name, website, text)
SELECT (SELECT article FROM comment WHERE text = 'first' ORDER BY id DESC
    LIMIT 1), NULL, 1, 1, 0, 1700000000, NULL, 0, 0, '', '', 'M', '', 'x' FROM n
END

# the widgets of this worker are gone after a reload

$nginx->reload;
$nginx->wait_for(sub { $nginx->get('/posts/long/')->{content}
                       =~ /id="comment-/ });

my (@flood, $number);

sub flood {
    my %answered = map { $_ => 1 } IO::Select->new(@flood)->can_read(0);

    @flood = grep { !$answered{$_} } @flood;
    push @flood, reader($nginx->port, '/_social/thread?article=/posts/many/'
                                      . '&page=' . (900_000 + ++$number))
        while @flood < 16;

    return;
}

my ($shown, $waited) = (0, 0);

for my $i (0 .. 9) {
    flood();
    my $page = $nginx->get("/posts/cold$i/")->{content};

    $shown++ if $page =~ /cold comment $i/;
    my @answered = IO::Select->new(@flood)->can_read(0);
    $waited++ if @answered < @flood;
}

is $waited, 10, 'while slow reads wait';
cmp_ok $shown, '>=', 8, "pages have their comments: $shown of 10";

# some of the 16 may have been answered just now: so it sends eight more
like $nginx->wait_for(sub {
    flood();
    my @more = map { reader($nginx->port,
        '/_social/thread?article=/posts/many/&page=95000' . $_) } 1 .. 8;

    for my $fh (IO::Select->new(@more)->can_read(5)) {
        sysread $fh, my $answer, 4096;
        return $answer if $answer =~ / 429 /;
    }

    return;
}), qr/^Retry-After: 1\r$/m, 'a client has at most 16 waiting reads';

IO::Select->new($_)->can_read(60) for @flood;
is $nginx->wait_for(sub { my $status = $nginx->get(
        '/_social/thread?article=/posts/long/')->{status};
                          $status == 200 && $status }), 200,
    'when they are answered, the client may read again';

# the cache of thread pages: made once, new after a comment

my $thread = '/_social/thread?article=/posts/cold1/';
ok $nginx->wait_for(sub {           # right after a reload, changes are learned
    my $etag = $nginx->get($thread)->{headers}{etag};
    sql($nginx, "UPDATE comment SET text = text || '. behind its back'"
        . " WHERE text LIKE 'cold comment 1%'");
    return $nginx->get($thread)->{headers}{etag} eq $etag;
}), 'a page of a thread comes from the cache';
comment($nginx, article => '/posts/cold1/', name => 'C', jar => {},
    token => token($nginx, '/posts/cold1/'), text => 'a new one');
like $nginx->get($thread)->{content}, qr/behind its back.*a new one/s,
    'until its comments change';

$nginx->quiet(@LOCKED);


# a template that makes too much of a comment: the newest ones are shown, which
# is logged once and counted

{
    my $wide = Social->new(workers => 1, stopped => 1, files => {@files},
        site => "article ~ ^/posts/;\ntemplate comment DIR/comment.mustache;\n");

    $wide->write('comment.mustache',
        '<li id="comment-{{id}}">' . '{{{html}}}' x 9 . "</li>\n");
    $wide->start;

    # a repeated text is held

    for (['long', 1 .. 3], ['last', 4 .. 6]) {
        my ($name, @n) = @$_;
        my $token = token($wide, "/posts/$name/");

        comment($wide, article => "/posts/$name/", token => $token,
            name => 'W', text => chr(0x1f600 + $_) . substr($EMOJI, 1),
            jar => {}) for @n;
    }

    # a page may be sent with a link to its comments while they are read

    ok $wide->wait_for(sub {
        $wide->get('/posts/long/')->{content} =~ /id="comment-c?3"/ }),
        'the page has the newest comment';
    ok $wide->wait_for(sub {
        $wide->get('/posts/last/')->{content} =~ /id="comment-c?6"/ }),
        'so has another page';
    is $wide->get('/_social/thread?article=/posts/last/')->{status}, 200,
        'the thread is no error';

    my @lines = $wide->error_log =~ /(is too long with all its comments)/g;

    is scalar @lines, 1, 'this is logged once';

    # at least: after a comment a page is also made before anybody asks for it

    cmp_ok $wide->status->{health}{pages_cut}, '>=', 3, 'and stands in health';
    like $wide->get('/social')->{content},
        qr/\b(?:[3-9]|\d\d+) times a page could not be shown/, 'in words, too';
    $wide->quiet('too long with all its comments', @LOCKED);
}


# a page whose widget cannot be loaded now: the last one, unless something that
# it shows was taken away

SKIP: {
    my $disk = Slow->new or skip 'no compiler for a slow disk', 1;
    my $slow = $disk->nginx(sub {
        Social->new(workers => 1, files => {@files},
            main => 'thread_pool default threads=1;',
            site => "article ~ ^/posts/;\n");
    });

    my %t = map { $_ => token($slow, "/posts/$_/") } qw(last long);
    my $n = 0;

    my $add = sub {
        my ($name) = @_;

        return comment($slow, article => "/posts/$name/", token => $t{$name},
            name => 'L', text => 'text ' . ++$n . '.', jar => {});
    };

    # the only thread writes a comment elsewhere while the page is asked for

    my $busy = sub {
        $disk->pace(1000);

        my $body = JSON::PP::encode_json({ article => '/posts/long/',
            token => $t{long}, name => 'B', text => 'busy ' . ++$n });
        my $fh = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
            PeerPort => $slow->port) or die $!;
        syswrite $fh, "POST /_social/comments HTTP/1.1\r\nHost: localhost\r\n"
            . "Sec-Fetch-Site: same-origin\r\nConnection: close\r\n"
            . "Content-Type: application/json\r\nContent-Length: "
            . length($body) . "\r\n\r\n$body";

        my $page = $slow->get('/posts/last/');
        ok !IO::Select->new($fh)->can_read(0), 'the thread is busy';

        sysread $fh, my $answer, 4096;
        like $answer, qr/^HTTP\S+ 201 /, 'with a comment elsewhere';
        $disk->pace(0);

        return $page;
    };

    my $id = $add->('last')->{json}{comment}{id};
    like $slow->get('/posts/last/')->{content}, qr/text 1\./,
        'the widget is in the cache';

    # what other processes changed is asked for now and then, and may be that
    # something was taken away: then there is no last widget, so try again

    my ($res, $newest);

    for (1 .. 8) {
        $add->('last');
        $newest = $n;
        $res = $busy->();
        last if $res->{content} =~ /text 1\./;

        $slow->wait_for(sub {
            my $page = $slow->get('/posts/last/');
            $page->{headers}{etag} && $page->{content} =~ /text $newest\./;
        });
    }

    like $res->{content}, qr/text 1\./, 'a comment came: the last widget';
    unlike $res->{content}, qr/text $newest\./, '... without the new comment';
    is $res->{headers}{etag}, undef, '... has no ETag';
    is $res->{headers}{'last-modified'}, undef, '... no Last-Modified';
    like $res->{headers}{'cache-control'}, qr/no-store/, '... is not stored';

    like $slow->wait_for(sub {
        my $page = $slow->get('/posts/last/');
        $page->{headers}{etag} && $page->{content};
    }), qr/text 1\..*text $newest\./s, 'later the page has both';

    for my $act (
        [ 'held' => sub { $slow->moderate({ action => 'hold', id => $id }) } ],
        [ 'edited' => sub { $slow->moderate({ action => 'edit', id => $id,
                                              text => 'changed' }) } ],
    ) {
        my ($what, $do) = @$act;

        $slow->moderate({ action => 'approve', id => $id });
        $slow->wait_for(sub {
            my $page = $slow->get('/posts/last/');
            $page->{headers}{etag} && $page->{content} =~ /text 1\./;
        });

        is $do->()->{status}, 303, "a comment is $what";
        $res = $busy->();
        unlike $res->{content}, qr/text 1\.|id="comment-/,
            "... and is not shown any more";
        like $res->{content}, qr{/_social/thread\?article=},
            '... a link to the thread is';
        like $res->{headers}{'cache-control'}, qr/no-store/,
            '... and is not stored';
    }

    $slow->quiet(@LOCKED);
}

done_testing;
