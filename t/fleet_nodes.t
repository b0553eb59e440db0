#!/usr/bin/perl

# Several machines on one PostgreSQL know of each other: the status names them,
# and makes them save before it answers; who is frozen, dead or has a wrong clock
# is named; metrics have the machine's name; one machine does the upkeep, and
# another one takes it over.  Counts are saved once an hour here, unless somebody
# asks.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use POSIX qw(_exit);
use Prometheus;
use Social;
use Social::Clock;
use Social::Api;
use Social::Postgres;
use Social::Schema;
use Test::More;
use Time::HiRes qw(time);


my $db = Social::Postgres->new
    or plan skip_all => 'PostgreSQL is not installed (package postgresql)';

my $DOCS = "$FindBin::Bin/../docs";
my @DIED = ('exited on signal 9');


sub slurp {
    open my $fh, '<:raw', $_[0] or die "$_[0]: $!";
    local $/;
    return scalar <$fh>;
}

my $schema = Social::Schema->new(slurp("$DOCS/status.schema.json"));


sub node {
    my (%a) = @_;

    return Social->new(
        cold => 1,
        files => { map { +"posts/$_/index.html" => page($_) } 'a' .. 'c' },
        site => 'article /posts/; flush 1h; store ' . $db->url . ';',
        server => 'location = /open { social_status blog public; }',
        %a,
    );
}


# the machines that the status of one names, by name

sub nodes {
    my ($node) = @_;

    my $doc = $node->status or return {};

    return { map { $_->{node} => $_ } @{ $doc->{health}{nodes} // [] } };
}


sub name { return (grep { /:$_[1]$/ } keys %{ $_[0] })[0] // '' }

# what the status of one says of another; waits until that is so

sub sees {
    my ($node, $other, $condition) = @_;

    return $node->wait_for(sub {
        my $all = nodes($node);
        my $found = $all->{name($all, $other->port)} // return;
        return $condition->($found);
    });
}

sub alive { return $_[0]{alive} && $_[0]{answered} }


my ($a, $b, $c) = map { node(workers => $_) } 1, 2, 1;
my @nodes = ($a, $b, $c);

for my $node (@nodes) {
    ok sees($a, $node, \&alive), 'a machine is named by another one';
}

my $doc = $a->status;
my $all = nodes($a);

is_deeply [ $schema->check($doc) ], [], 'the document is as its schema says';
is scalar(keys %$all), 3, 'three machines, of as many nginx on one host';
is_deeply [ sort map { /:(\d+)$/ } keys %$all ],
    [ sort map { $_->port } @nodes ], 'a name has a port';
is_deeply [ map { $_->{node} =~ /:(\d+)$/ } grep { $_->{self} }
            @{ $doc->{health}{nodes} } ],
    [ $a->port ], 'one of them is the one that answers';
is scalar(grep { $_->{upkeep} } values %$all), 1, 'one does the upkeep';
is_deeply [ grep { $_->{late} || $_->{clock_off_seconds} } values %$all ], [],
    'none is late, or has a wrong clock';
like $a->get('/social')->{content}, qr/Machine [\w.-]+:@{[ $b->port ]}, version/,
    'the page names them, too';

my $open = $a->get('/open?format=json')->{json};
is_deeply [ keys %{ $open->{health} } ], ['store_ok'], 'a public one does not';
unlike $a->get('/open')->{content}, qr/Machine \w/, '... nor does its page';


# what others have counted is in the document, though they save once an hour

for my $node (@nodes) {
    for (1 .. 7) {
        is $node->get('/posts/b/')->{status}, 200, 'a view' if $_ == 1;
        $node->get('/posts/b/') if $_ > 1;
    }
}

sub views {
    my ($node) = @_;

    my ($article) = grep { $_->{key} eq '/posts/b/' }
        @{ $node->status->{articles} };

    return $article->{views} // 0;
}

for my $node (@nodes) {
    ok $node->wait_for(sub { views($node) == 21 }),
        'all views are in the document of each machine' or diag views($node);
}


# requests within a second are one; a public page makes none

$db->ask('CREATE TABLE raised (at timestamptz DEFAULT now())');
$db->ask(q{CREATE FUNCTION raised() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN INSERT INTO public.raised DEFAULT VALUES; RETURN NEW; END$$});
$db->ask(q{CREATE TRIGGER raised AFTER UPDATE ON social_blog.setting
    FOR EACH ROW WHEN (NEW.name = 'flush') EXECUTE FUNCTION raised()});

# as if the last request had been made long ago

sub long_ago {
    $db->ask(q{ALTER TABLE social_blog.setting DISABLE TRIGGER raised});
    $db->ask(q{UPDATE social_blog.setting SET value = value - 5000}
             . q{ WHERE name = 'flush'});
    $db->ask(q{ALTER TABLE social_blog.setting ENABLE TRIGGER raised});
    $db->ask('DELETE FROM raised');

    return;
}

sub raised { return $db->ask('SELECT count(*) FROM raised') }

long_ago();
is $_->get('/open?format=json')->{status}, 200, 'a public status' for @nodes;
is raised(), 0, '... makes nobody save';

long_ago();
my $begin = time;
my @pids;

for my $n (0 .. 11) {
    my $pid = fork // die $!;

    if ($pid == 0) {
        my $res = $nodes[$n % 3]->get('/social?format=json');
        _exit($res->{status} == 200 ? 0 : 1);
    }

    push @pids, $pid;
}

my $failed = grep { waitpid($_, 0); $? } @pids;
my $most = 1 + int(time - $begin);

is $failed, 0, 'twelve requests for the status at once, to all machines';
cmp_ok raised(), '>=', 1, '... make the machines save';
cmp_ok raised(), '<=', $most, '... at most once a second';


# a machine that is frozen: it is waited for, by a timer, and then named

my @frozen = $c->workers;
kill 'STOP', @frozen;

my $waits = $a->wait_for(sub {
    long_ago();

    my $pid = fork // die $!;
    _exit($a->get('/social?format=json')->{status} == 200 ? 0 : 1) if !$pid;

    $a->wait_for(sub { raised() });
    my $page = $a->get('/posts/a/')->{status};
    my $still = waitpid($pid, POSIX::WNOHANG()) == 0;
    waitpid $pid, 0 if $still;

    return $still && $page == 200 && $? == 0;
}, 30);
ok $waits, 'while a status waits, its only worker serves pages';

long_ago();
$all = nodes($a);
my $frozen = $all->{name($all, $c->port)};
ok !$frozen->{answered}, 'a machine that is frozen has not saved';
like $frozen->{last_saved}, qr/^\d{4}-.*Z$/, '... its last save is named';
ok $all->{name($all, $b->port)}{answered}, '... another one has';
long_ago();
like $a->get('/social')->{content},
    qr/Machine [\w.-]+:@{[ $c->port ]} (?:did not save|is gone)/,
    '... the page says so';

$db->ask(q{UPDATE social_blog.node SET seen = seen - 16000, saved = saved -}
         . q{ 4000000 WHERE name LIKE '%:} . $c->port . q{'});
$all = nodes($a);
$frozen = $all->{name($all, $c->port)};
ok !$frozen->{alive}, 'after a quarter of a minute it is dead';
ok $frozen->{late}, '... and its counts are late';

my $metrics = $a->get('/social?format=prometheus')->{content};
my $host = 'node="[\w.-]+:' . $c->port . '"';
like $metrics, qr/^nginx_social_node_alive\{site="blog",$host\} 0$/m,
    'the metrics say that';
like $metrics,
    qr/^nginx_social_node_last_save_timestamp_seconds\{site="blog",$host\} \d/m,
    '... and when it saved';

kill 'CONT', @frozen;
ok sees($a, $c, sub { alive(@_) && !$_[0]{late} }),
    'it goes on, and is there again';


# metrics: what each tells of itself has its name; names as in the manual

for my $node (@nodes) {
    my $text = $node->get('/social?format=prometheus')->{content};
    my $self = 'node="[\w.-]+:' . $node->port . '"';
    my ($code, $said) = Prometheus::promtool($text, 'check', 'metrics');

    $said =~ s/^nginx_social_reader_days use base unit "seconds" .*\n//m;
    is $said, '', 'promtool accepts the metrics';

    for my $name (qw(zone_size_bytes zone_used_bytes articles_evicted_total
                     events_dropped_total store_errors_total)) {
        my @all = $text =~ /^nginx_social_$name(\{.*\}) /mg;
        is_deeply [ grep { !/^\{site="blog",$self[,}]/ } @all ], [],
            "$name is the machine's";
        cmp_ok scalar @all, '>', 0, '... and there';
    }

    is scalar(() = $text =~ /^nginx_social_node_alive\{.*\} 1$/mg), 3,
        'each knows that three live';
}

my ($several) = slurp("$DOCS/monitoring.md")
    =~ /^## Several machines\n(.*?)^## /ms;
is_deeply [ sort map { /`(\w+)`/g } $several =~ /^\| (`[^|]+) \|/mg ],
    [ sort $metrics =~ /^# TYPE nginx_social_(node_\w+) /mg ],
    'metrics of machines are those of the manual';


# a machine whose clock is wrong says so itself, and others say it, too

my $faketime = Social::Clock::library();

if ($faketime) {
    my %env = (LD_PRELOAD => $faketime, FAKETIME => '+10s',
               FAKETIME_DONT_FAKE_MONOTONIC => 1);
    my $wrong;

    {
        local @ENV{keys %env} = values %env;
        $wrong = node(main => join '', map { "env $_;\n" } sort keys %env);
    }

    ok sees($a, $wrong, sub { $_[0]{clock_off_seconds} =~ /^(?:9|10)$/ }),
        'a clock that is ten seconds fast is named';
    ok $wrong->wait_for(sub { $wrong->error_log =~ /clock of this machine/ }),
        '... and logged';
    $wrong->stop;
    is scalar(() = $wrong->error_log =~ /clock of this machine/g), 1,
        '... once';
    $wrong->quiet('clock of this machine');
}


# a reload is no farewell; a stop in good order is one

my @old = $b->workers;
$b->reload;
ok $b->wait_for(sub { my %now = map { $_ => 1 } $b->workers;
                      keys %now == 2 && !grep { $now{$_} } @old }),
    'a machine is reloaded';
is $db->ask(q{SELECT count(*) FROM social_blog.node WHERE name LIKE '%:}
            . $b->port . q{'}), 1, '... it is still known';
ok sees($a, $b, \&alive), '... and lives';

$b->stop;
$all = nodes($a);
is name($all, $b->port), '', 'a machine that was stopped is not named';
is scalar(keys %$all), 2, '... the others are';
$b->start;
ok sees($a, $b, \&alive), 'it starts again, under its name';
my ($victim) = $b->workers;
kill 'KILL', $victim;
ok $b->wait_for(sub { !Social::alive($victim) && $b->workers == 2 }),
    'one of its workers is killed, and replaced';
$b->stop;
$all = nodes($a);
is name($all, $b->port), '', '... which makes no difference when it stops';

$b->start;
ok sees($a, $b, \&alive), 'it starts once more';


# a machine is killed, and starts again: nobody waits for the life before

sub lives {
    my ($node) = @_;

    return $db->ask(q{SELECT id FROM social_blog.node WHERE name LIKE '%:}
                    . $node->port . q{'});
}

my @before = lives($b);
my @killed = ($b->pid, $b->workers);
$db->ask("UPDATE social_blog.lease SET owner = $before[0], until ="
         . '(extract(epoch FROM clock_timestamp()) * 1000)::bigint + 14000');
kill 'KILL', @killed;
ok $a->wait_for(sub { !grep { Social::alive($_) } @killed }),
    'a machine is killed, master and all';
is_deeply [ lives($b) ], \@before, '... its row stays';
$b->start;
ok $a->wait_for(sub { my @now = lives($b); @now && $now[0] ne $before[0] }),
    '... it starts again: the row is the new life\'s';
is scalar(my @now = lives($b)), 1, '... alone';
isnt $db->ask('SELECT owner FROM social_blog.lease'), $before[0],
    '... and what it did for all is done by others';
ok sees($a, $b, \&alive), '... and is not waited for';

$_->stop for @nodes;
is $db->ask('SELECT count(*) FROM social_blog.node'), 0,
    'when all have stopped, none is left';
is $db->ask('SELECT owner FROM social_blog.lease'), 0, '... nor is the lease';
$a->quiet;
$b->quiet(@DIED);
$c->quiet('the store can(?:not)? be');      # it was frozen


# upkeep: when the machine that does it dies, another one takes it over

$db->ask('CREATE DATABASE upkeep');
my $site = 'article /posts/; flush 200ms; retention held=1d; store '
    . $db->url =~ s{/social$}{/upkeep}r . ';';
my ($one, $two) = map { node(site => $site, workers => 1) } 1, 2;

sub in_upkeep { return $db->ask($_[0], 'upkeep') }

ok sees($one, $_, \&alive), 'two machines' for $one, $two;
$all = nodes($one);
my ($keeper, $other) = $all->{name($all, $one->port)}{upkeep}
    ? ($one, $two) : ($two, $one);
ok $other->wait_for(sub { in_upkeep(
    'SELECT count(*) FROM social_blog.span WHERE step = -1') }),
    'one of them has looked after what is kept';

my $token = $other->wait_for(sub { $other->others_token('/posts/a/') });
is $other->post('comments', { article => '/posts/a/', name => 'Ann',
    text => 'held for long', token => $token })->{status}, 303, 'a comment';

my @pids_of = ($keeper->pid, $keeper->workers);
kill 'KILL', @pids_of;
ok $other->wait_for(sub { !grep { Social::alive($_) } @pids_of }),
    'the machine that does it dies';
in_upkeep('UPDATE social_blog.comment SET state = 2,'
          . ' created = created - 864000');
in_upkeep('UPDATE social_blog.lease SET until = until - 20000');
in_upkeep('UPDATE social_blog.node SET seen = seen - 20000 WHERE name'
          . q{ LIKE '%:} . $keeper->port . q{'});

ok sees($other, $other, sub { $_[0]{upkeep} }), 'the other one takes it over';
ok $other->wait_for(sub { in_upkeep(
    q{SELECT count(*) FROM social_blog.comment WHERE text = ''}) }),
    '... and removes what is held for too long';

$all = nodes($other);
ok !$all->{name($all, $keeper->port)}{alive}, 'the dead one is named';
like $other->get('/social')->{content},
    qr/Machine [\w.-]+:@{[ $keeper->port ]} is gone/, '... on the page, too';

$keeper->{running} = 0;
$other->stop;
$_->quiet(@DIED) for $one, $two;

done_testing;
