#!/usr/bin/perl

# The event log: one line for each event, whatever clients send, and no personal
# data in it.

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


# The new events, once there are N of them, sorted: two workers log in any
# order.

my $known = 0;
my $json = JSON::PP->new->canonical;

sub events {
    my ($n) = @_;

    $nginx->wait_for(sub { $nginx->events >= $known + $n });

    # give an event too many the time to appear
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


# each event is one line with the right fields

view('/posts/a/');
is_deeply events(1), [ { %blog, event => 'view', class => 'unconfirmed',
    source => 'dark' } ], 'a view';

view('/posts/a/', 'Twitterbot/1.0');
is_deeply events(1), [ { %blog, event => 'view', class => 'preview',
    network => 'x', source => 'dark' } ], 'a preview';

my $token = $nginx->token('/posts/a/');
is @{ events(1) }, 1, 'a second view';

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
is_deeply events(1), [ { %blog, event => 'comment', comment => 'c1',
    role => 'reader', state => 'held', source => 'dark' } ],
    'the event of a comment';

post('comments/c1/edit', text => 'Other secret words', jar => \%jar);
is_deeply events(1), [ { %blog, event => 'edit', comment => 'c1',
    role => 'reader', state => 'held' } ], 'the event of an edit';

$nginx->moderate({ id => 'c1', action => 'approve', revision => 2 });
is_deeply events(1), [ { %blog, event => 'moderate', comment => 'c1',
    role => 'reader', state => 'approved' } ],
    'the event of a decision has the reader\'s role';

post('comments', name => 'Mallory Nobody', text => 'A secret reply',
     parent => 'c1', jar => \%jar);
is_deeply events(1), [ { %blog, event => 'reply', comment => 'c2',
    parent => 'c1', role => 'reader', state => 'approved', source => 'dark' }
    ], 'the event of a reply';

$nginx->moderate({ id => 'c1', action => 'reply', text => 'Thank you',
                   revision => 2 });
my ($reply) = @{ events(1) };
is_deeply [ @$reply{qw(event comment parent role state)} ],
    [ 'reply', 'c3', 'c1', 'author', 'approved' ],
    'the event of the author\'s reply';

$nginx->moderate({ id => [ 'c1', 'c2' ], action => 'spam' });
is_deeply events(1), [ { %blog, event => 'moderate',
    comment => 'c1,c2', role => 'reader', state => 'spam' } ],
    'a decision on two comments is one event';

post('comments/c2/delete', jar => \%jar);
is_deeply [ map { $_->{event} } @{ events(1) } ], [ 'delete' ],
    'the event of a deletion';

post('share', network => 'reddit');
post('share', network => 'reddit');
is_deeply events(2), [ map { { %blog, event => 'share', network => 'reddit',
    source => 'dark', state => $_ } } 'new', 'repeat' ],
    'a share and its repeat';

post('reactions');
post('reactions');
is_deeply events(2), [ map { { %blog, event => 'reaction', source => 'dark',
    state => $_ } } 'new', 'off' ], 'a like, and that it is taken back';

view('/thanks/');
view('/thanks/');
is_deeply events(2), [ map { { event => 'goal', site => 'blog',
    article => '/thanks/', goal => 'thanked', source => 'dark', state => $_ }
    } 'new', 'repeat' ], 'a goal and its repeat';

view('/posts/parts/');
is_deeply events(1), [ { %blog, article => '/posts/parts/', event => 'view',
    class => 'unconfirmed', source => 'dark' } ],
    'a page with SSI parts is one event, although parts are logged';

view('/posts/post/');
is_deeply events(1), [ { %blog, article => '/posts/post/', event => 'view',
    class => 'unconfirmed', source => 'dark' } ],
    'a page with post_action is one event';


post('views');
is_deeply events(1), [ { %blog, article => '/posts/a/', event => 'seen',
    class => 'unconfirmed' } ], 'a beacon that counts is an event';


# requests that are no events

post('views');
post('comments', text => '');
post('comments', name => 'x', text => 'x', token => 'x');
post('share', network => 'nobody');
post('preview', text => 'x');
view($_) for '/plain', '/none', '/social', '/_social/widget.css',
    '/_social/comments?article=/posts/a/', '/_social/thread?article=/posts/a/',
    '/_social/comments/c1', '/_social/feed.atom', '/_moderate/';
fetch($nginx->port, '/posts/a/', method => 'HEAD');
fetch($nginx->port, '/posts/a/', headers => { Range => 'bytes=0-3' });
$nginx->queue;
is_deeply events(0), [], 'no event and no line for them';


# the variables, read before there is an event

is view('/posts/early/')->{status}, 200,
    'a page that reads them early in if, map and set';
is_deeply [ map { $_->{class} } @{ events(1) } ], [ 'unconfirmed' ],
    'it is logged all the same';
like view('/posts/early/')->{head}, qr/X-Early: \[none\]/,
    'before the header there is no event';
like view('/posts/a/')->{head}, qr/X-Event: \[\]/,
    'in the header there is no event yet';
events(2);


# hostile names and paths

my @hostile = (qq{/posts/"'\\/}, '/posts/{"x":1}/', '/posts/<b>/',
               "/posts/caf\xc3\xa9/", '/posts/tab%09/');

for my $path (@hostile) {
    (my $link = $path) =~ s/([^A-Za-z0-9\/])/sprintf '%%%02X', ord $1/ge;
    is view($link)->{status}, 200, "a page at $path";
}

is_deeply [ sort map { my $key = $_->{article}; utf8::encode($key); $key }
            @{ events(5) } ], [ sort @hostile ],
    'the log has their keys unchanged';

fetch($nginx->port, '/posts/a/', headers => {
    'User-Agent' => "\x01\"}\\,{\xff $ann",
    'Referer' => "https://\"}\xff\x02/", 'X-Forwarded-For' => '192.0.2.77' });
fetch($nginx->port, "/posts/a/?ref=\"\\\xff%0d%0a{\"event\":\"x\"}",
      headers => { 'User-Agent' => $ann });
is_deeply [ map { $_->{event} } @{ events(2) } ], [ 'view', 'view' ],
    'hostile User-Agent, Referer and arguments do no harm';

is post('comments', name => "\"},\\{", text => "\x{202e}\"}\n{\"")->{status},
    303, 'a hostile comment is accepted';
is_deeply [ map { $_->{event} } @{ events(1) } ], [ 'comment' ],
    'its event is logged';

post('comments', article => "/posts/\"}\n/", name => 'x', text => 'x');
post('share', network => "x\"}\n");
post("comments/c1\"}/edit", text => 'x');
is_deeply events(0), [], 'refused requests are no events';


# every line of every log; a buffered log has the same lines

$nginx->stop;

my @lines = split /\n/, $nginx->slurp('logs/social.log');

is_deeply [ sort split /\n/, $nginx->slurp('logs/slow.log') ],
    [ sort @lines ], 'a buffered log has the same lines';

my $bad = grep { !eval { JSON::PP->new->utf8->decode($_) } } @lines;
is $bad, 0, 'every line is JSON';
is scalar(grep { /[\x00-\x1f\x7f]/ } @lines), 0,
    'no line has control characters';

my $all = $nginx->slurp('logs/social.log');
unlike $all, qr/127\.0\.0\.1|192\.0\.2/, 'no address';
unlike $all, qr/Firefox|Mozilla/, 'no User-Agent';
unlike $all, qr/Mallory/, 'no name of a commenter';
unlike $all, qr/secret|mallory\.example/, 'no text of a comment';

my @other = grep { !m{\|(view|comment|reply|share|reaction|goal|edit|delete|moderate|seen)\|blog\|} }
    split /\n/, $nginx->slurp('logs/all.log');

cmp_ok scalar(@other), '>', 20, 'other requests are logged';
is scalar(grep { !/\|\|\|\|\|\|\|\|\|\|\|none$/ } @other), 0,
    'their event variables are empty' or diag join "\n", @other;

$nginx->quiet(qr/No such file or directory|user "" was not found|no user/);

done_testing;
