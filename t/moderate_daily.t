#!/usr/bin/perl

# Moderation as a daily work: what is new, what waits for an answer, what the
# same person wrote and what looks alike, undo, the log, bans for a day, threads
# that move, and the export.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP ();
use Social;
use Social::Api;
use Test::More;


my $nginx = Social->new(
    files => { map { $_ => page('Bread') } map { "posts/$_/index.html" }
               qw(a b c old new) },
    site => 'article ~ ^/posts/[^/]+/$;',
);

my %token;

sub article { return "/posts/$_[0]/" }

sub add {
    my ($where, $text, %a) = @_;

    my $key = article($where);
    $token{$key} //= $nginx->wait_for(sub { $nginx->token($key) });

    my $res = comment($nginx, article => $key, token => $token{$key},
        name => 'Ann', text => $text, jar => {}, %a);

    return $res->{json}{comment}{id};
}

sub act {
    my (%fields) = @_;

    my $user = delete $fields{user} // 'jo';

    return $nginx->post_json('', \%fields, path => '/_moderate/',
                             headers => Social::basic($user));
}

sub list { return $nginx->queue("?format=json&$_[0]")->{json} }
sub ids { return join ' ', map { $_->{id} } @{ list($_[0])->{comments} } }

sub state_of {
    my ($id) = @_;

    my ($item) = grep { $_->{id} eq $id } @{ list('state=all')->{comments} };

    return $item && $item->{state};
}

# all that a moderator can change of a comment
sub all_of {
    my ($id) = @_;

    my ($item) = grep { $_->{id} eq $id } @{ list('state=all')->{comments} };

    return join '|', map { $item->{$_} // '' }
        qw(state reason done reports article);
}

sub entries { return $nginx->queue('?view=log&format=json')->{json}{log} }


# context

my %ann;
my $one = add('a', 'What is a poolish?', jar => \%ann);
my $two = add('a', 'A wet dough.', name => 'Ben', parent => $one);

my $page = $nginx->queue;
like $page->{content}, qr{<blockquote\ class="parent"[^>]*>What\ is\ a\ poolish
    \?</blockquote>.*?A\ wet\ dough}xs, 'a reply is shown under what it answers';
like $page->{content}, qr{href="/_moderate/\?article=%2Fposts%2Fa%2F"},
    'with a link to the whole thread';
my ($shown) = grep { $_->{id} eq $two } @{ list('')->{comments} };
is $shown->{parent_text}, 'What is a poolish?', 'the JSON has it, too';


# what waits for an answer: as on the status page, a reader's answer to a reader
# does not

is ids('state=waiting'), $one, 'a question waits for an answer';
is list('')->{waiting}, 1, 'the number of those that wait';
act(action => 'done', id => $one);
is ids('state=waiting'), '', 'done: it waits no more';
act(action => 'undo');
is ids('state=waiting'), $one, 'undone: it waits again';
act(action => 'reply', id => $one, text => 'A wet dough');
is ids('state=waiting'), '', 'answered: it waits no more';


# what is new since one looked

my $seen = list('');
is $seen->{new}, 2, 'before one has looked, all comments of readers are new';
is act(action => 'seen', id => $two, revision => $seen->{revision})->{status},
    200, 'all is marked as seen';
is list('')->{new}, 0, 'nothing is new then';
unlike $nginx->queue->{content}, qr{value="seen"}, 'and no line says so';

my $three = add('b', 'News');
$nginx->request('PATCH', "/_social/comments/$one", jar => { %ann },
    content => '{"text":"What is a biga?"}', headers => {
        Origin => $nginx->origin, 'Content-Type' => 'application/json' });

is ids('state=new'), "$three $one", 'what came, and what its writer changed';
is list('')->{new}, 2, 'their number';
$page = $nginx->queue->{content};
like $page, qr{id="comment-$three".*?<span\ class="chip\ new">new</span>}xs,
    'a new one is marked';
like $page, qr{id="comment-$one".*?<span\ class="chip\ new">changed</span>}xs,
    'a changed one, too';
is $nginx->queue('?format=json', user => 'eve')->{json}{new}, 3,
    'another moderator has not looked yet';


# undo: the exact state before

my $held = add('b', 'Buy at http://one.example/x', name => 'Cy');
act(action => 'hold', id => $held);
act(action => 'done', id => $held);
$nginx->post("comments/$three/report", { token => $token{article('b')},
    article => article('b') });

my %before = map { $_ => all_of($_) } $held, $three, $two;
my $res = act(action => 'spam', id => [ $held, $three, $two ]);

like $res->{json}{act}, qr/^a\d+$/, 'the answer names the action';
is join(' ', map { state_of($_) } $held, $three, $two), 'spam spam spam',
    'three are spam';
like $nginx->queue->{content}, qr{<form\ id="undo".*?name="act"\ value="
    $res->{json}{act}".*?Marked\ as\ spam.*?value="undo">Undo</button>}xs,
    'the page offers to undo it';

my $undo = act(action => 'undo', act => $res->{json}{act});
is $undo->{status}, 200, 'undo';
is_deeply [ map { $_->{id} } @{ $undo->{json}{comments} } ],
    [ sort { substr($a, 1) <=> substr($b, 1) } $held, $three, $two ],
    'the answer has all of them';
is all_of($_), $before{$_}, "$_ is exactly what it was" for sort keys %before;
like $nginx->get(article('b'))->{content}, qr/id="comment-$three"/,
    'readers see it again at once';
is event($nginx, event => 'moderate', comment => join(',', map { $_->{id} }
    @{ $undo->{json}{comments} }), state => 'approved')->{article}, article('a'),
    'undo is an event';
is act(action => 'undo', act => $res->{json}{act})->{status}, 409,
    'it cannot be undone twice';
is act(action => 'undo', act => $undo->{json}{act})->{status}, 200,
    'but the undo itself can';
is state_of($held), 'spam', 'then it is spam again';

is act(action => 'undo', act => 'a999')->{status}, 404, 'an unknown action';
is act(action => 'undo', act => 'c1')->{status}, 400, 'a name of something else';

my $edit = act(action => 'edit', id => $two, text => 'Wetter dough');
is act(action => 'undo', act => $edit->{json}{act})->{status}, 404,
    'an edit cannot be undone: the text is gone';

my $answer = act(action => 'reply', id => $three, text => 'Thanks');
act(action => 'approve', id => $three);
$answer = act(action => 'reply', id => $three, text => 'Thanks');
my $reply = $answer->{json}{comments}[0]{id};
is act(action => 'undo')->{status}, 200, 'the last action: a reply';
is state_of($reply), 'deleted', 'it is deleted';
is state_of($three), 'approved', 'and nothing else was undone';

my $later = act(action => 'spam', id => $three);
act(action => 'approve', id => $three);
$res = act(action => 'undo', act => $later->{json}{act});
is $res->{status}, 409, 'a comment that was decided upon since';
is_deeply $res->{json}{changed}, [ $three ], 'the answer says which';

$res = $nginx->moderate({ action => 'undo' });
is $res->{status}, 303, 'undo without script';
is state_of($three), 'spam', 'takes the last one back';
act(action => 'approve', id => $three);


# the same person, the same text, the same host

my %cy;
my @cy = map { add('c', "Cleo says $_", name => 'Cleo', jar => \%cy) } 1 .. 3;
my @text = map { add('c', 'Great post', name => "N$_") } 1, 2;
my @host = (add('c', 'See https://www.spam.example/a now'),
            add('c', 'Look', website => 'http://spam.example'),
            add('c', 'Not https://other.example/spam'));

is ids("person=$cy[1]"), join(' ', reverse @cy), 'all of a person';
is ids("like=$text[0]"), join(' ', reverse @text), 'all with the same text';
is ids("like=$host[0]"), join(' ', reverse @host[0, 1]),
    'all with a link to the same host';
is ids('like=c9999'), '', 'like none that is there';
is ids('person=x'), '', 'of nobody';
$page = $nginx->queue("?person=$cy[0]")->{content};
is scalar(() = $page =~ /form="bulk" checked/g), 3,
    'they are selected already, so one button is enough without script';


# bans

my %eve;
my $bad = add('c', 'Bad', name => 'Eve', jar => \%eve, headers => {
    'User-Agent' => $Social::BROWSER . ' Eve' });
my $ban = act(action => 'ban', id => $bad);

my %as_eve = (headers => { 'User-Agent' => $Social::BROWSER . ' Eve' });
is state_of(add('c', 'Again', name => 'Eve', jar => { %eve })), 'held',
    'a banned commenter is held';
is state_of(add('c', 'With another name', name => 'Adam', %as_eve)), 'held',
    'on the same day also without the cookie and with another name';
is state_of(add('c', 'Innocent', name => 'Fay')), 'approved',
    'but nobody else';
act(action => 'undo', act => $ban->{json}{act});
is state_of(add('c', 'Back', name => 'Adam', %as_eve)), 'approved',
    'undo lifts the ban of the day';
is state_of(add('c', 'Back', name => 'Eve', jar => { %eve })), 'approved',
    'and that of the commenter';


# a thread moves

my $old = article('old');
my $new = article('new');
my $root = add('old', 'On the old page');
my $leaf = add('old', 'A reply there', parent => $root);
my $there = add('new', 'On the new page');

is act(action => 'move', id => $root, to => '/posts/none/')->{status}, 404,
    'an article that is not known';
is act(action => 'move', id => $root)->{json}{error}{field}, 'to',
    'the error names the field';
is act(action => 'move', id => $root, to => $old)->{status}, 422,
    'it is there already';

my $move = act(action => 'move', id => $root, to => $new);
is $move->{status}, 200, 'a thread moves';
is $move->{json}{comments}[0]{article}, $new, 'to the other article';
is event($nginx, event => 'moderate', comment => $root)->{article}, $new,
    'that is an event';

sub counted {
    my ($key) = @_;

    return $nginx->get('/_social/counts?' . Social::form({ article => $key }))
        ->{json}{counts}{$key}{comments};
}

for my $key ($old, $new) {
    my $doc = $nginx->get('/_social/comments?'
        . Social::form({ article => $key }))->{json};

    is_deeply [ map { $_->{id} } @{ $doc->{comments} } ],
        [ $root, $leaf, $there ], "GET comments of $key has all of them";
    is $doc->{article}, $new, "and says where they are";
    is counted($key), 3, "counts of $key";
}

is $nginx->get("/_social/thread?" . Social::form({ article => $old }))
    ->{headers}{location}, '/_social/thread?article=%2Fposts%2Fnew%2F',
    'the old thread leads to the new one';
like $nginx->get($new)->{content}, qr/id="comment-$leaf"/,
    'the new page shows them';
$page = $nginx->get($old)->{content};
unlike $page, qr/id="comment-/, 'the old page shows none';
like $page, qr{has\ moved\ to\ <a\ href="$new">(?:Bread|$new)</a>}xs,
    'but where they are now';
unlike $page, qr/<textarea/, 'and has no form';

my $late = add('old', 'From a page that was open', parent => $leaf);
is list("article=$new")->{comments}[0]{id}, $late,
    'a comment for the old article gets to the new one';

$nginx->reload;
like $nginx->wait_for(sub { my $p = $nginx->get($old)->{content};
    $p =~ /has moved to/ && $p }), qr/has moved to/, 'also after a reload';

is act(action => 'undo', act => $move->{json}{act})->{status}, 200,
    'the move is undone';
is ids("article=$old"), "$late $leaf $root",
    'with what was answered since';
is ids("article=$new"), $there, 'what was there stays';
like $nginx->get($old)->{content}, qr/id="comment-$late"/,
    'the old page shows them again';
is counted($new), 1, 'the counts are right';
is act(action => 'undo', act => $move->{json}{act})->{status}, 409, 'only once';

act(action => 'move', id => $root, to => $nginx->origin . "${new}?x#y");
is ids("article=$old"), '', 'an address will do';
act(action => 'move', id => $root, to => $old);
is ids("article=$old"), "$late $there $leaf $root",
    'a move onto an alias removes it';
like $nginx->get($new)->{content}, qr{has\ moved\ to\ <a\ href="$old"}xs,
    'and makes one the other way';


# the log

my $log = entries();
is_deeply [ @{ $log->[0] }{qw(who action article from)} ],
    [ 'jo', 'move', $old, $new ], 'the log says who did what';
like $log->[0]{time}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'and when';
my ($spam) = grep { $_->{action} eq 'spam' && $_->{n} == 3 } @$log;
is_deeply $spam->{comments},
    [ sort { substr($a, 1) <=> substr($b, 1) } $held, $three, $two ],
    'on which comments';
like $spam->{undone}, qr/^a\d+$/, 'and that it was undone';
$page = $nginx->queue('?view=log');
like $page->{content}, qr{Moved\ the\ thread.*?value="undo"}xs, 'as a page';
like $page->{headers}{'content-security-policy'}, qr/frame-ancestors 'none'/,
    'which cannot be framed';
is scalar(() = $page->{content} =~ /[^\x00-\x7f]/g), 0, 'in ASCII';
is $nginx->queue('?view=none')->{status}, 400, 'an unknown view';

act(action => 'erase', id => $bad);
is entries()->[0]{action}, 'erase', 'an erasure is in it, too';
unlike $nginx->queue('?view=log')->{content}, qr/<bdi>Eve/,
    'without the name that was erased';

act(action => 'done', id => $cy[0]) for 1 .. 30;
act(action => $_ % 2 ? 'hold' : 'approve', id => $cy[0]) for 1 .. 60;
$log = $nginx->queue('?view=log&format=json')->{json};
is scalar(@{ $log->{log} }), 50, 'a page of the log';
my $rest = $nginx->queue("?view=log&format=json&after=$log->{next}")->{json};
isnt $rest->{log}[0]{id}, $log->{log}[-1]{id}, 'goes on behind it';


# export

my @lines;
my $url = '/_moderate/?view=export';
my $parts = 0;

while ($url) {
    $res = $nginx->get($url, headers => Social::basic('jo'));
    push @lines, split /\n/, $res->{content};
    ($url) = ($res->{headers}{link} // '') =~ /<([^>]+)>; rel="next"/;
    last if ++$parts > 50;
}

my @docs = map { JSON::PP->new->utf8->decode($_) } @lines;
my %of = map { my $type = $_; $type => [ grep { $_->{type} eq $type } @docs ] }
    qw(header article comment ban);

is $docs[0]{type}, 'header', 'the export begins with a header';
is $docs[0]{comments}, scalar @{ $of{comment} }, 'it has every comment';
my ($exported) = grep { $_->{id} eq $leaf } @{ $of{comment} };
is_deeply [ @{ $exported }{qw(article parent state name text format)} ],
    [ $old, $root, 'approved', 'Ann', 'A reply there', 'markdown' ],
    'with all that an import needs';
my ($moved) = grep { $_->{key} eq $old } @{ $of{article} };
is_deeply $moved->{moved_here}, [ $new ], 'and which threads moved';
unlike $res->{content}, qr/</, 'no "<" that SSI could take for a command';
is $res->{headers}{'content-type'}, 'application/x-ndjson', 'as JSON lines';
unlike join("\n", @lines), qr/secret/, 'without the secret';
is $nginx->queue('?view=export&after=x')->{status}, 400,
    'a place that no Link has';
is $nginx->get('/_moderate/?view=export')->{status}, 401,
    'only for the moderator';

$nginx->stop;
$nginx->quiet('no user/password');

done_testing;
