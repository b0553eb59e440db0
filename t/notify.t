#!/usr/bin/perl

# Notices (`notify`): what a receiver is told of new, held and reported
# comments; at least once and in order, whatever the receiver answers, and
# whatever happens to workers; and what it must not cost or tell.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP;
use Receiver;
use Social;
use Test::More;
use Time::HiRes qw(sleep);

my $page = '<!DOCTYPE html><title>A talk</title><article><p>x</p></article>';
my $receiver = Receiver->new;
my $hook = 'http://127.0.0.1:' . $receiver->port . '/hook-of-mine?key=s3cret';

my $nginx = Social->new(
    files => { 'posts/a/index.html' => $page },
    site => "article /posts/;\norigin https://blog.example;\n"
        . "block casino;\nnotify $hook;",
);

my $url = '/posts/a/';
my $token = $nginx->token($url);
$nginx->wait_for(sub { ($nginx->status->{articles}[0] // {})->{title} });
my $host = { Origin => $nginx->origin };


sub comment {
    my ($text, %more) = @_;

    my $res = $nginx->post_json('comments', {
        article => $url, name => 'Ann', text => $text, token => $token,
        %more });
    like $res->{status}, qr/^20[12]$/, "a comment: $text";

    return $res->{json}{comment}{id};
}


sub counted {
    my ($what) = @_;

    return $nginx->status->{health}{notices}{$what} // 0;
}


# nothing waits any more

sub settled {
    my ($name) = @_;

    ok $nginx->wait_for(sub {
        my $n = $nginx->status->{health}{notices};
        my $left = delete $n->{queued};

        $left -= $_ for values %$n;
        return $left == 0;
    }, 30), $name;

    return;
}

sub text { return $_[0]{json}{comment}{text} // '' }


# what it is told

my $id = comment('Hello there');
my $notice = $receiver->next;

is $notice->{line}, 'POST /hook-of-mine?key=s3cret HTTP/1.1',
    'it is posted to its address';
is $notice->{headers}{host}, '127.0.0.1:' . $receiver->port, 'Host';
is $notice->{headers}{'content-type'}, 'application/json', 'it is JSON';
is $notice->{json}{event}, 'comment', 'a new comment';
is $notice->{json}{site}, 'blog', 'its site';
is $notice->{json}{comment}{id}, $id, 'its id';
is text($notice), 'Hello there', 'its text';
is $notice->{json}{article}{key}, $url, 'its article';
is $notice->{json}{comment}{url}, "https://blog.example$url#comment-$id",
    'its address';
is $notice->{json}{text}, "Ann commented on \x{201c}A talk\x{201d}: "
    . "https://blog.example$url#comment-$id\nHello there", 'a sentence';
like $notice->{json}{id}, qr/^[A-Za-z][A-Za-z0-9_-]*$/, 'an id of the event';
is $notice->{headers}{'idempotency-key'}, "\"$notice->{json}{id}\"",
    'in a header, too';
is counted('sent'), 0, 'it is not sent until that is answered';
$notice->good;
ok $nginx->wait_for(sub { counted('sent') == 1 }), 'then it is';

comment('Win in a casino');
$notice = $receiver->next;
is $notice->{json}{event}, 'held', 'a held comment';
unlike $notice->{content}, qr/casino/, 'without its text';
like $notice->{json}{text}, qr/^A comment waits for approval: Ann on /,
    'it waits';
like $notice->{json}{moderate}, qr{^https://blog\.example/_moderate/},
    'where to approve it';
$notice->good;

$nginx->post("comments/$id/report", { article => $url, token => $token });
$notice = $receiver->next;
is $notice->{json}{event}, 'report', 'a reported comment';
is $notice->{json}{comment}{id}, $id, 'this one';
$notice->good;
ok $nginx->wait_for(sub { counted('sent') == 3 }), 'all are sent';


# in order, whatever it answers; the same notice has the same id

my %answers = (
    'an error'              => "HTTP/1.1 500 Oops\r\n\r\n",
    'too many'              => "HTTP/1.1 429 Slow\r\nRetry-After: 1\r\n\r\n",
    'a redirect'            => "HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n",
    'garbage'               => "\x00\x01garbage\r\n\r\n",
    'another protocol'      => "SSH-2.0-OpenSSH_9.2\r\n",
    'nothing'               => '',
    'a part of a header'    => "HTTP/1.1 200 OK\r\nA: ",
    'a header without end'  => "HTTP/1.1 200 OK\r\n" . "A: b\r\n" x 4000,
);

for my $name (sort keys %answers) {
    comment("one, $name");
    comment("two, $name");

    my $first = $receiver->next;
    is text($first), "one, $name", "$name: the first one";
    $first->answer($answers{$name});

    my $again = $receiver->next;
    is $again->{json}{id}, $first->{json}{id}, "$name: is tried again";
    is $again->{line}, $first->{line}, "$name: at the same address";
    $again->good;

    my $second = $receiver->next;
    is text($second), "two, $name", "$name: then the second one";
    $second->good;
}

# once for each row of failures; a busy machine has more of them

my $failed = () = $nginx->error_log =~ /could not be delivered/g;
my $again = () = $nginx->error_log =~ /notices are delivered again/g;

cmp_ok $failed, '>=', keys %answers, 'each row of failures is logged';
is $again, $failed, 'and that it works again';


# a body of any size is not waited for

comment('a long answer');
$receiver->next->answer("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"
                        . 'x' x 50_000);


# refused for good

my $sent = 3 + 2 * keys(%answers) + 1;
settled('all have an end');
is counted('sent'), $sent, 'all were sent';

comment('refused');
comment('after that');
$receiver->next->answer("HTTP/1.1 404 Not Found\r\n\r\n");
$notice = $receiver->next;
is text($notice), 'after that', '404: dropped, the next one comes';
$notice->good;
settled('both have an end');
is counted('refused'), 1, 'it is counted';
like $nginx->error_log, qr/refused a notice with 404, it was dropped/,
    'and logged';


# it is down, and back; nobody waits for it

$receiver->down;
comment('while it is down');
ok $nginx->wait_for(sub {
    $nginx->error_log =~ /it does not accept connections/ }), 'it is down';
is $nginx->get($url)->{status}, 200, 'pages do not mind';
$receiver->up;
$notice = $receiver->next;
is text($notice), 'while it is down', 'it is back';
$notice->good;


# it takes the notice and says nothing

comment('slow');
my $slow = $receiver->next;
is $nginx->get($url)->{status}, 200, 'pages do not mind';
comment('while it is slow');
$notice = $receiver->next;
is text($notice), 'slow', 'after five seconds it is tried again';
ok $nginx->wait_for(sub {
    $nginx->error_log =~ /no answer within 5 seconds/ }), 'logged';
$notice->good;
$notice = $receiver->next;
is text($notice), 'while it is slow', 'then the next one';
$notice->good;


# a reload while one is in hand: the old worker finishes

settled('all have an end');
$sent = counted('sent');
comment('reload');
$notice = $receiver->next;
my @old = $nginx->workers;
$nginx->reload;
ok $nginx->wait_for(sub {
    my %now = map { $_ => 1 } $nginx->workers;
    return grep { !$now{$_} } @old;
}), 'a worker has gone' if @old > 1;
$notice->good;
settled('it was settled');
is counted('sent'), $sent + 1, 'once';


# a binary upgrade while one is in hand: the lease is in the store, which both
# masters share

$sent = counted('sent');
comment('upgrade');
$notice = $receiver->next;

my $old = $nginx->pid;
kill 'USR2', $old;
ok $nginx->wait_for(sub { ($nginx->pid // $old) != $old && $nginx->workers },
                    20), 'a new master';
kill 'QUIT', $old;
$notice->good;
ok $nginx->wait_for(sub { !Social::alive($old) }, 20), 'the old one is gone';
settled('it has an end');
is counted('sent'), $sent + 1, 'once';
ok !$receiver->comes(0), 'and nobody sends it again';


# all workers die: it comes again
comment('killed');
$notice = $receiver->next;
kill 'KILL', $nginx->workers;
$notice->answer('');
$again = $receiver->next;
is $again->{json}{id}, $notice->{json}{id}, 'killed: it comes again';
$again->good;
settled('and is settled');
is counted('sent'), $sent + 2, 'once';


# a comment that is erased before it is told

$receiver->down;
my %jar;
my $res = $nginx->post_json('comments', { article => $url, name => 'Eve',
    text => 'regretted', token => $token }, jar => \%jar);
is $nginx->request('POST', '/_social/mine/erase', jar => \%jar,
    content => '', headers => { %$host,
        'Content-Type' => 'application/x-www-form-urlencoded' })->{status},
    200, 'erased';
$receiver->up;
comment('not regretted');
$notice = $receiver->next;
is text($notice), 'not regretted', 'nothing is told of it';
$notice->good;
settled('all have an end');
is counted('gone'), 1, 'it is counted';

# docs/api.md shows such a document

{
    open my $fh, '<:raw', "$FindBin::Bin/../docs/api.md" or die "api.md: $!";
    local $/;
    my ($example) = <$fh> =~ /^## Notices.*?```json\n(.*?)```/ms;
    my $told = JSON::PP->new->utf8->decode($example);

    for my $part ([], ['article'], ['comment']) {
        my ($want, $got) = map { my $doc = $_;
                                 $doc = $doc->{$_} for @$part;
                                 join ' ', sort keys %$doc }
                           $told, $notice->{json};
        is $got, $want, "as the manual has it: @$part";
    }
}

unlike $nginx->error_log, qr/hook-of-mine|s3cret/,
    'logs do not have the path';
ok !$receiver->comes(1), 'nobody comes without a reason';

$nginx->quiet(qr/could not be delivered|refused a notice|exited on signal/);
$nginx->stop;


# a unix socket; the text of held comments for who asks for it

my $path = $nginx->dir . '/hook.sock';
my $local = Receiver->new(path => $path);
chmod 0777, $path;

my $other = Social->new(
    files => { 'posts/a/index.html' => $page },
    site => "comments hold;\nnotify http://unix:$path:/hook text;",
);

$token = $other->token($url);
$other->post_json('comments', { article => $url, name => 'Bo',
    text => 'wait', token => $token });
$notice = $local->next;
is $notice->{line}, 'POST /hook HTTP/1.1', 'a unix socket';
is $notice->{json}{event}, 'held', 'held';
is text($notice), 'wait', 'with the text, as asked for';
is $notice->{json}{comment}{url}, "$url#comment-$notice->{json}{comment}{id}",
    'without `origin` a path';
$notice->good;
$other->quiet;

done_testing;
