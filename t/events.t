#!/usr/bin/perl

# The log of events: one line for each, whatever people send, and nothing in
# it about anybody.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch);
use Readers qw(browser warm);
use JSON::PP ();
use Social;
use Test::More;


my $html = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = Social->new(
    files => {
        map { ("posts/$_/index.html" => $html) } qw(a b early parts post),
        "\"'\\", '{"x":1}', '<b>', "caf\xc3\xa9", "tab%09"
    },
    site => <<'END',
        article ~ ^/posts/;
        goal thanked = /thanks/;
        reactions on;
        comments first;
END
    http => <<'END',
        lingering_close off;
        log_subrequest on;
        map $social_event $early { "" none; default some; }
        log_format all '$request_method|$uri|$social_event|$social_site|'
            '$social_article|$social_class|$social_network|$social_source|'
            '$social_comment|$social_parent|$social_role|$social_state|'
            '$social_goal|$early';
        access_log DIR/logs/all.log all;
        access_log DIR/logs/slow.log social buffer=64k flush=10s
            if=$social_event;
END
    server => <<'END',
        add_header X-Event "[$social_event$social_class$social_article]";
        location /posts/early/ {
            if ($social_event) { return 444; }
            if ($early = some) { return 444; }
            set $kept $social_class$social_source;
            add_header X-Early "[$early$kept]";
        }
        location /posts/parts/ { ssi on; }
        location /posts/post/ { post_action /after; }
        location = /after { return 204; }
        location = /thanks/ { return 200 "thanks"; }
        location = /plain { return 200 "plain"; }
END
);

warm($nginx);

my ($ann, $ben) = map { browser($_) } 1, 2;

$nginx->file('posts/parts/index.html', $html
    =~ s{text}{<!--# include virtual="/posts/b/" -->}r, 3600);


sub view {
    my ($path, $agent) = @_;

    return fetch($nginx->port, $path, headers => {
        'User-Agent' => $agent // $ann });
}


# the last events, once there are as many as that; two workers log in any order

my $known = 0;
my $json = JSON::PP->new->canonical;

sub events {
    my ($n) = @_;

    $nginx->wait_for(sub { $nginx->events >= $known + $n });

    # whatever is too many has a moment to come
    view('/plain');

    my @events = $nginx->events;
    my @new = @events[$known .. $#events];
    $known = @events;

    for my $event (@new) {
        delete $event->{time};
        delete @$event{grep { $event->{$_} eq '' } keys %$event};
    }

    return [ sort { $json->encode($a) cmp $json->encode($b) } @new ];
}

my %blog = (site => 'blog', article => '/posts/a/');


# each event is one line, and holds what it should

view('/posts/a/');
is_deeply events(1), [ { %blog, event => 'view', class => 'unconfirmed',
    source => 'dark' } ], 'a view';

view('/posts/a/', 'Twitterbot/1.0');
is_deeply events(1), [ { %blog, event => 'view', class => 'preview',
    network => 'x', source => 'dark' } ], 'a preview';

my $token = $nginx->token('/posts/a/');
is @{ events(1) }, 1, 'a view again';

sub post {
    my ($route, %fields) = @_;

    my $jar = delete $fields{jar};

    return $nginx->post($route, { article => '/posts/a/', token => $token,
        %fields }, headers => { 'User-Agent' => $ann }, jar => $jar);
}

my %jar;

is post('comments', name => 'Mallory Nobody', text => 'Some secret words',
        website => 'https://mallory.example/', jar => \%jar)->{status}, 303,
    'a comment';
is_deeply events(1), [ { %blog, event => 'comment', comment => '1',
    role => 'reader', state => 'held', source => 'dark' } ], 'a line for it';

post('comments/1/edit', text => 'Other secret words', jar => \%jar);
is_deeply events(1), [ { %blog, event => 'edit', comment => '1',
    role => 'reader', state => 'held' } ], 'an edit';

$nginx->moderate({ id => 1, action => 'approve' });
is_deeply events(1), [ { %blog, event => 'moderate', comment => '1',
    role => 'reader', state => 'approved' } ], 'a decision, on a reader';

post('comments', name => 'Mallory Nobody', text => 'A secret reply',
     parent => 1, jar => \%jar);
is_deeply events(1), [ { %blog, event => 'reply', comment => '2',
    parent => '1', role => 'reader', state => 'approved', source => 'dark' }
    ], 'a reply';

$nginx->moderate({ id => 1, action => 'reply', text => 'Thank you' });
my ($reply) = @{ events(1) };
is_deeply [ @$reply{qw(event comment parent role state)} ],
    [ 'reply', '3', '1', 'author', 'approved' ], 'the author replies';

$nginx->moderate({ id => [ 1, 2 ], action => 'spam' });
is_deeply events(1), [ { %blog, event => 'moderate',
    comment => '1,2', role => 'reader', state => 'spam' } ],
    'two at once are one event';

post('comments/2/delete', jar => \%jar);
is_deeply [ map { $_->{event} } @{ events(1) } ], [ 'delete' ], 'a deletion';

post('share', network => 'reddit');
post('share', network => 'reddit');
is_deeply events(2), [ map { { %blog, event => 'share', network => 'reddit',
    source => 'dark', state => $_ } } 'new', 'repeat' ], 'shares';

post('reactions');
post('reactions');
is_deeply events(2), [ map { { %blog, event => 'reaction', source => 'dark',
    state => $_ } } 'new', 'repeat' ], 'reactions';

view('/thanks/');
view('/thanks/');
is_deeply events(2), [ map { { event => 'goal', site => 'blog',
    article => '/thanks/', goal => 'thanked', source => 'dark', state => $_ }
    } 'new', 'repeat' ], 'outcomes';

view('/posts/parts/');
is_deeply events(1), [ { %blog, article => '/posts/parts/', event => 'view',
    class => 'unconfirmed', source => 'dark' } ],
    'a page with parts, which are logged, too';

view('/posts/post/');
is_deeply events(1), [ { %blog, article => '/posts/post/', event => 'view',
    class => 'unconfirmed', source => 'dark' } ], 'a page with an afterwards';


# what is no event

post('views');
post('comments', text => '');
post('comments', name => 'x', text => 'x', token => 'x');
post('share', network => 'nobody');
post('preview', text => 'x');
view($_) for '/plain', '/none', '/social', '/_social/widget.css',
    '/_social/comments?article=/posts/a/', '/_social/thread?article=/posts/a/',
    '/_social/comments/1', '/_social/feed.atom', '/_moderate/';
fetch($nginx->port, '/posts/a/', method => 'HEAD');
fetch($nginx->port, '/posts/a/', headers => { Range => 'bytes=0-3' });
$nginx->queue;
is_deeply events(0), [], 'no event, no line';


# early use of the variables

is view('/posts/early/')->{status}, 200, 'if, map and set';
is_deeply [ map { $_->{class} } @{ events(1) } ], [ 'unconfirmed' ],
    'and the event is told all the same';
like view('/posts/early/')->{head}, qr/X-Early: \[none\]/,
    'before the header there is no event';
like view('/posts/a/')->{head}, qr/X-Event: \[\]/, 'nor in it';
events(2);


# hostile names and paths

my @hostile = (qq{/posts/"'\\/}, '/posts/{"x":1}/', '/posts/<b>/',
               "/posts/caf\xc3\xa9/", '/posts/tab%09/');

for my $path (@hostile) {
    (my $link = $path) =~ s/([^A-Za-z0-9\/])/sprintf '%%%02X', ord $1/ge;
    is view($link)->{status}, 200, "a page at $path";
}

is_deeply [ sort map { my $key = $_->{article}; utf8::encode($key); $key }
            @{ events(5) } ], [ sort @hostile ], 'its key as it is';

fetch($nginx->port, '/posts/a/', headers => {
    'User-Agent' => "\x01\"}\\,{\xff $ann",
    'Referer' => "https://\"}\xff\x02/", 'X-Forwarded-For' => '192.0.2.77' });
fetch($nginx->port, "/posts/a/?ref=\"\\\xff%0d%0a{\"event\":\"x\"}",
      headers => { 'User-Agent' => $ann });
is_deeply [ map { $_->{event} } @{ events(2) } ], [ 'view', 'view' ],
    'agents, referrers and arguments';

is post('comments', name => "\"},\\{", text => "\x{202e}\"}\n{\"")->{status},
    303, 'a hostile comment';
is_deeply [ map { $_->{event} } @{ events(1) } ], [ 'comment' ],
    'names and texts';

post('comments', article => "/posts/\"}\n/", name => 'x', text => 'x');
post('share', network => "x\"}\n");
post("comments/1\"}/edit", text => 'x');
is_deeply events(0), [], 'what is refused';


# every line of every log; a buffered one says the same

$nginx->stop;

my @lines = split /\n/, $nginx->slurp('logs/social.log');

is_deeply [ sort split /\n/, $nginx->slurp('logs/slow.log') ],
    [ sort @lines ], 'a buffered log has the same lines';

my $bad = grep { !eval { JSON::PP->new->utf8->decode($_) } } @lines;
is $bad, 0, 'every line is JSON';
is scalar(grep { /[\x00-\x1f\x7f]/ } @lines), 0, 'without control characters';

my $all = $nginx->slurp('logs/social.log');
unlike $all, qr/127\.0\.0\.1|192\.0\.2/, 'no address';
unlike $all, qr/Firefox|Mozilla/, 'no agent';
unlike $all, qr/Mallory/, 'no name';
unlike $all, qr/secret|mallory\.example/, 'no text';

my @other = grep { !m{\|(view|comment|reply|share|reaction|goal|edit|delete|moderate)\|blog\|} }
    split /\n/, $nginx->slurp('logs/all.log');

cmp_ok scalar(@other), '>', 20, 'requests that were no events';
is scalar(grep { !/\|\|\|\|\|\|\|\|\|\|\|none$/ } @other), 0,
    'have nothing to say' or diag join "\n", @other;

$nginx->quiet(qr/No such file or directory|user "" was not found|no user/);

done_testing;
