#!/usr/bin/perl

# Several machines on one PostgreSQL: three nginx, each with a zone of its own,
# on a cluster of this test.  What one writes the others show; whatever dies, no
# comment that was acknowledged is lost, none is there twice, and every view is
# counted once.  SOCIAL_LONG=1: more deaths.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use POSIX qw(_exit);
use Social;
use Social::Clock;
use Social::Fleet qw(ready say_on shows token_of @RETRY);
use Social::Proxy;
use Test::More;
use Time::HiRes qw(sleep);


my $fleet = Social::Fleet->new(durable => 1)
    or plan skip_all => $Social::Fleet::SKIP;
my $db = $fleet->db;


sub node { return $fleet->node(stopped => 1, @_) }


# all of them at once, on an empty database

my @nodes = map { node() } 1 .. 3;

for my $node (@nodes) {
    my $pid = fork // die $!;

    if ($pid == 0) {
        $node->start;
        _exit(0);
    }
}

wait for @nodes;
$_->{running} = 1 for @nodes;

ok ready($_), 'a node starts on an empty database' for @nodes;

is $db->ask('SELECT count(*) FROM pg_namespace'
            . q{ WHERE nspname LIKE 'social%'}), 1,
    'one of them made the schema';
is $db->ask(q{SELECT count(*) FROM social_blog.setting}
            . q{ WHERE name IN ('secret', 'identity')}), 2,
    '... and the secret';

my ($a, $b, $c) = @nodes;
my $token = token_of($a, '/posts/a/');
is token_of($b, '/posts/a/'), $token, 'all have the same secret';


# what one writes the others show

is say_on($a, 'said on A', token => $token)->{status}, 303,
    'a comment on one node';
ok shows($b, 'said on A'), '... is shown by another';
ok shows($c, 'said on A'), '... and by the third';
is say_on($c, 'said on C', token => $token)->{status}, 303,
    'a comment with the token of another node';
ok shows($_, 'said on C'), '... is shown' for $a, $b;

for my $path ('/posts/a/', '/_social/comments?article=/posts/a/',
              '/_social/counts?article=/posts/a/', '/_social/feed.atom') {
    my @all = map { $_->get($path) } @nodes;
    my %seen = map { my $body = $_->{content};
                     $body =~ s{http://[\d.:]+}{}g;
                     ($body => 1) } @all;

    is scalar(keys %seen), 1, "the same for all: $path";

    next if $path =~ /feed/;            # it names the host

    my %tags = map { (($_->{headers}{etag} // '') => 1) } @all;
    is scalar(keys %tags), 1, '... with the same ETag';
}

my ($id) = say_on($b, 'to be withdrawn', token => $token)->{headers}{location}
    =~ /comment-(\w+)/;
ok shows($a, 'to be withdrawn'), 'a third comment';
is $c->moderate({ id => $id, action => 'delete' })->{status}, 303,
    'a moderator of another node deletes it';
ok $a->wait_for(sub { $a->get('/posts/a/')->{content} !~ /withdrawn/ }),
    '... it is gone everywhere';


# so it is with all else that a moderator does on one machine

sub id_of {
    my ($res) = @_;

    return ($res->{headers}{location} // '') =~ /comment-(\w+)/ ? $1 : undef;
}

my $moved = id_of(say_on($a, 'to be moved', article => '/posts/e/',
                         token => token_of($a, '/posts/e/')));
$c->get('/posts/d/');
is $c->moderate({ id => $moved, action => 'move', to => '/posts/d/' })
    ->{status}, 303, 'a thread is moved on one node';
ok shows($b, 'to be moved', '/posts/d/'), '... another shows it where it is';
ok $b->wait_for(sub { $b->get('/posts/e/')->{content} !~ /to be moved/ }),
    '... and not where it was';

# 1 approved, 2 held
sub state_of {
    my ($text) = @_;

    return $db->ask('SELECT state FROM social_blog.comment'
                    . qq{ WHERE text LIKE '$text%'});
}

my %somebody = (token => $token, jar => {}, headers => {
    'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64) Gecko/1 Firefox/99.0' });
my $banned = id_of(say_on($a, 'by somebody', %somebody));
is state_of('by somebody'), 1, 'somebody writes';
is $c->moderate({ id => $banned, action => 'ban' })->{status}, 303,
    '... and is banned on one node';
say_on($b, 'by the same', %somebody);
is state_of('by the same'), 2, '... and held on another';

my %said = (spam => [], approve => []);

for my $n (1 .. 20) {
    my $spam = say_on($nodes[$n % 3], "Best casino bonus $n http://win$n.example/"
        . " http://bet$n.example/", token => $token);
    my $good = say_on($nodes[$n % 3], "My bread rises slowly in winter, as you"
        . " said, about $n hours", token => $token);
    push @{ $said{spam} }, id_of($spam) // ();
    push @{ $said{approve} }, id_of($good) // ();
}

is $a->moderate({ id => $said{$_}, action => $_ })->{status}, 303,
    "one node teaches the filter: $_" for sort keys %said;
say_on($b, 'The best casino of all: http://d.example/ http://e.example/',
       token => $token);
is state_of('The best casino'), 2, '... another one holds what is alike';


# authors are signed out everywhere

$a->moderate({ action => 'signout' });
my $signout = $db->ask(q{SELECT value FROM social_blog.setting}
                       . q{ WHERE name = 'signout'});
is $signout, 1, 'a sign-out is a number of the store';


# a machine whose clock is ten seconds fast: time is the database's

my $faketime = Social::Clock::library();

for my $ahead ($faketime ? (10, -10) : ()) {
    my %env = (LD_PRELOAD => $faketime, FAKETIME => sprintf('%+ds', $ahead),
               FAKETIME_DONT_FAKE_MONOTONIC => 1);
    my $wrong;

    {
        local @ENV{keys %env} = values %env;
        $wrong = node(main => join '', map { "env $_;\n" } sort keys %env);
        $wrong->start;
    }

    ok ready($wrong), "a node whose clock is $ahead s ahead";
    my $shown = token_of($wrong, '/posts/e/');
    ok $shown, '... serves pages';

    my $before = time;
    is say_on($wrong, "by a clock $ahead s ahead", article => '/posts/e/',
              token => $shown)->{status}, 303, '... takes a comment';

    my $created = $db->ask('SELECT created FROM social_blog.comment'
                           . qq{ WHERE text = 'by a clock $ahead s ahead'});
    cmp_ok $created, '>=', $before - 1, '... whose time is the database\'s';
    cmp_ok $created, '<=', time + 1, '... also as seen from behind';

    my $told = 'the clock of this machine is (?:9|10) seconds '
        . ($ahead > 0 ? 'ahead of' : 'behind');
    ok $wrong->wait_for(sub { $wrong->error_log =~ /$told/ }), '... and says so';

    $wrong->stop;
    is scalar(() = $wrong->error_log =~ /$told/g), 1, '... once';
    $wrong->quiet($told);
}


# every view is counted once, wherever

my $views = 0;

for my $node (@nodes) {
    for (1 .. 20) {
        $views += ($node->get('/posts/b/')->{status} // 0) == 200;
    }
}


# a balancer sends a client to one node: three nodes have the same figures as one

sub figures {
    my ($node) = @_;

    my $doc = $node->status;

    for my $part ($doc->{totals}, $doc->{people}, @{ $doc->{articles} }) {
        delete @$part{qw(first_seen url published), grep { /seconds/ }
                      keys %$part};
    }

    return { map { $_ => $doc->{$_} } qw(totals articles networks people) };
}

sub traffic {
    my (@on) = @_;

    my $agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 '
        . 'Firefox/10%d.0';
    my %token = map { my $key = "/posts/$_/";
                      ($key => $on[0]->token($key, headers => {
                          'User-Agent' => sprintf $agent, 0 })) } 'a' .. 'e';

    for my $n (0 .. 8) {
        my $node = $on[$n % @on];
        my %agent = ('User-Agent' => sprintf $agent, $n);
        my @articles = map { "/posts/$_/" } ('a' .. 'e')[0 .. $n % 5];

        $node->get($_, headers => \%agent) for @articles, $articles[0];

        say_on($node, "by reader $n", article => $articles[-1],
               token => $token{$articles[-1]},
               headers => \%agent, jar => {}) if $n % 2;
        $node->post('share', { article => $articles[0], network => 'bluesky',
            token => $token{$articles[0]} }, headers => \%agent)
            if $n % 3 == 0;
    }

    return;
}

my @figures;

for my $machines (1, 3) {
    $db->ask("CREATE DATABASE of_$machines");

    my $url = $db->url =~ s{/social$}{/of_$machines}r;
    my @on = map { node(url => $url) } 1 .. $machines;
    $_->start for @on;
    ready($_) for @on;

    traffic(@on);

    # all have saved, and learned of each other
    $_->stop->start for @on;
    ready($_) for @on;

    push @figures, figures($on[0]);
    is_deeply figures($on[-1]), $figures[-1], 'the last node knows the same'
        if $machines > 1;

    $_->stop for @on;
    $_->quiet for @on;
}

cmp_ok $figures[0]{totals}{views}, '>', 20, 'there was some traffic';
is_deeply $figures[1], $figures[0], 'three nodes count as one does';


# everything dies under load: a process that posts to all nodes

my $acked = $a->dir . '/acked';
my $writer = fork // die $!;

if ($writer == 0) {
    my $n = 0;
    $SIG{TERM} = sub { _exit(0) };
    open my $fh, '>', $acked or die $!;
    $fh->autoflush(1);

    while (1) {
        my $node = $nodes[$n++ % @nodes];
        my $text = "under load $n";
        my $res = eval { say_on($node, $text, article => '/posts/c/',
                                token => $token = $node->others_token(
                                                           '/posts/c/')) };
        print $fh "$text\n" if $res && $res->{status} == 303;
        sleep 0.005;
    }
}

sub acked {
    open my $fh, '<', $acked or return;
    chomp(my @lines = <$fh>);

    return @lines;
}

sub more_acked {
    my $n = acked();

    # a crashed database recovers first
    return $a->wait_for(sub { acked() > $n + 3 }, 60);
}

my @deaths = (
    [ 'a worker' => sub { kill 'KILL', ($a->workers)[0] } ],
    [ 'a backend' => sub {
        $db->ask('SELECT pg_terminate_backend(pid) FROM pg_stat_activity'
                 . q{ WHERE application_name LIKE 'ngx_social%'}) } ],
    [ 'a backend, by force' => sub {
        my ($pid) = $db->ask('SELECT pid FROM pg_stat_activity'
                 . q{ WHERE application_name LIKE 'ngx_social%' LIMIT 1});
        kill 'KILL', $pid if $pid } ],
    [ 'the postmaster' => sub { $db->kill9; $db->start } ],
    [ 'the database, stopped at once' => sub { $db->stop; $db->start } ],
    [ 'a node' => sub {
        my @pids = ($b->pid, $b->workers);
        kill 'KILL', @pids;
        $b->wait_for(sub { !grep { kill 0, $_ } @pids });
        $b->start } ],
);

for my $round (1 .. ($ENV{SOCIAL_LONG} ? 10 : 1)) {
    for my $death (@deaths) {
        my ($what, $how) = @$death;

        $how->();
        ok more_acked(), "$what dies: comments are accepted again";
    }
}

kill 'TERM', $writer;
waitpid $writer, 0;

my @said = acked();
my %stored = map { my ($text, $n) = split /\|/; ($text => $n) } $db->ask(
    q{SELECT text, count(*) FROM social_blog.comment}
    . q{ WHERE text LIKE 'under load %' GROUP BY 1});

is scalar(grep { !$stored{$_} } @said), 0,
    'no comment is lost of ' . @said . ' that were acknowledged';
is scalar(grep { $_ > 1 } values %stored), 0, 'none is there twice';

my $sum = keys %stored;
for my $node (@nodes) {
    ok $node->wait_for(sub {
        my $res = $node->get('/_social/counts?article=/posts/c/')->{json};
        ($res->{counts}{'/posts/c/'}{comments} // 0) == $sum;
    }), 'all nodes count the same comments';
}


# a node whose way to the database breaks: the answer to COMMIT is lost

my $proxy = Social::Proxy->new($db->port);
my $d = node(url => $db->url($proxy->port), workers => 1);
$d->start;
ok ready($d), 'a node behind a proxy';
push @nodes, $d;
my $begin = token_of($d, '/posts/d/');
my %end = map { ($_ => 0) } qw(acknowledged lost doubled missed);
my ($last, %read);

# what a reader of another node, who asks for what is new, has got so far

sub reads {
    my ($node) = @_;

    my $next;

    do {
        $next = undef;
        my $res = $node->get('/_social/comments?article=/posts/d/'
                             . ($last ? "&after=$last" : ''))->{json};

        for my $comment (@{ $res->{comments} // [] }) {
            $read{$comment->{html}}++;
            $last = $comment->{id};
            $next = $res->{next};
        }
    } while ($next);

    return \%read;
}

for my $round (1 .. ($ENV{SOCIAL_LONG} ? 1000 : 3)) {
    my $text = "answer lost $round";

    # with a connection on which nothing has to be prepared: a batch is then two
    # packets, as the proxy counts them
    ok $d->wait_for(sub { say_on($d, 'through it ' . rand, token => $begin,
                                 article => '/posts/d/')->{status} == 303 }, 30),
        'a comment through the proxy';

    # the batch gets there, and what is said of it gets lost

    $proxy->mode("lose:$text");

    my $pid = fork // die $!;

    if ($pid == 0) {
        my $res = say_on($d, $text, article => '/posts/d/', token => $begin);
        _exit($res->{status} == 303 ? 0 : 1);
    }

    $db->wait_for_row(q{SELECT count(*) FROM social_blog.comment}
                      . qq{ WHERE text = '$text'});
    $proxy->mode('open');

    waitpid $pid, 0;
    my $refused = $?;
    is $refused, 0, 'the answer to COMMIT is lost: the comment is acknowledged'
        or diag $d->error_log;
    my $times = $db->ask(q{SELECT count(*) FROM social_blog.comment}
                         . qq{ WHERE text = '$text'});
    is $times, 1, '... and stands there once';
    ok $a->wait_for(sub {
        grep { /\b\Q$text\E\b/ } keys %{ reads($a) } }),
        '... and is read elsewhere' or $end{missed}++;

    $end{acknowledged} += ($refused == 0);
    $end{lost} += ($times == 0);
    $end{doubled} += ($times > 1);
    %read = ();
}

note join ', ', map { "$end{$_} $_" } sort keys %end;

$proxy->mode('cut');
is $d->get('/posts/d/')->{status}, 200, 'no way to the database: a page';
is say_on($d, 'cut off', token => $token)->{status}, 503,
    '... a comment is answered 503';
is say_on($a, 'still here', token => $token)->{status}, 303,
    '... other nodes go on';
$proxy->mode('open');
ok shows($d, 'still here'), 'when it is back it learns what it missed';
ok $d->wait_for(sub { say_on($d, 'back ' . rand, article => '/posts/d/',
                             token => $begin)->{status} == 303 }),
    '... and its comments are accepted';


# the database is away: pages go on

$db->stop('fast');

for my $node (@nodes) {
    my $res = $node->get('/posts/a/');
    ok $res->{status} == 200 && $res->{content} =~ m{</html>},
        'the database is away: a page is whole';
}

my $res = say_on($a, 'into the void', token => $token);
is $res->{status}, 503, '... a comment is answered 503';
ok $res->{headers}{'retry-after'}, '... with Retry-After';

$db->start;

ok $a->wait_for(sub {
    say_on($a, 'back again ' . rand, token => $token)->{status} == 303 }),
    'it is back: comments are accepted, without help';
ok shows($c, 'back again'), '... and shown by others';


# the counts of all nodes, when they have saved

$_->stop for @nodes;

my $counted = $db->ask(
    q{SELECT sum(value) FROM social_blog.bucket b JOIN social_blog.article a}
    . q{ ON a.id = b.article WHERE a.key = '/posts/b/' AND b.step = 86400}
    . q{ AND b.kind = 1});
is $counted, $views, 'every view is counted once';

$_->quiet(@RETRY) for @nodes;

done_testing;
