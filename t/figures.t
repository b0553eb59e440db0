#!/usr/bin/perl

# The second opinion, t/figures.pl: what it computes from small logs, its
# messages, and that it agrees with the status page of an nginx with a past.
# Whatever it computes, `ngx-social figures` must, too.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp ();
use IPC::Open3 qw(open3);
use JSON::PP ();
use Program;
use Social;
use Social::Past;
use Test::More;


my $folder = File::Temp->newdir('social-figures-XXXXXX', TMPDIR => 1);

sub file {
    my ($name, $text) = @_;

    open my $fh, '>:raw', "$folder/$name" or die "$name: $!";
    print $fh $text;
    close $fh or die "$name: $!";

    return "$folder/$name";
}


# runs the program; returns its exit status, output and messages

sub figures {
    my (@args) = @_;

    open my $err, '+>', undef or die $!;
    open my $in, '<', '/dev/null' or die $!;

    my $pid = open3('<&' . fileno $in, my $out, '>&' . fileno $err,
                    $^X, "$FindBin::Bin/figures.pl", @args);
    my $text = do { local $/; <$out> };

    waitpid $pid, 0;
    seek $err, 0, 0;

    return ($? >> 8, $text // '', do { local $/; <$err> } // '');
}


# the same log and options, by ngx-social: must be the same but for its form

my $program = Program->new;

sub is_same {
    my ($what, $text, @args) = @_;

    my $perl = JSON::PP->new->utf8->decode($text);
    my $code = $program->run('figures', '--json', @args);
    my $doc = eval { JSON::PP->new->utf8->decode($program->{out}) } // {};
    my ($site, @more) = @{ $doc->{sites} // [] };

    $site->{articles} = { map { delete $_->{key} => $_ }
                          @{ $site->{articles} // [] } };

    my %got = (%$site, map { $_ => $doc->{$_} } qw(generated period lines
                                                   broken));

    # what they tell only if there is some

    for my $f (map { $_->{totals}, values %{ $_->{articles} } } $perl, \%got) {
        delete @$f{ grep { !defined $f->{$_} } keys %$f };
        $_ = sprintf '%.9g', $_ for map { $_ // () } @$f{qw(response_rate)};
    }

    is_deeply [ $code, \@more, \%got ], [ 0, [], $perl ],
        "$what: ngx-social finds the same" or diag $program->{err};

    return;
}


# small logs: each event as "TIME EVENT name=value ..."; TIME is of 2026-11-20

sub line {
    my ($text) = @_;

    my ($time, $event, @members) = split ' ', $text;
    my %e = (time => $time =~ /T/ ? $time : "2026-11-20T$time+00:00",
             event => $event, site => 'blog', article => '/a/',
             map { split /=/, $_, 2 } @members);

    return JSON::PP->new->canonical->encode(\%e) . "\n";
}

sub doc {
    my ($log, @options) = @_;

    my @now = grep({ $_ eq '--now' } @options)
        ? () : ('--now', '2026-11-20T23:00:00Z');
    my @args = (@now, @options, file('log', join '', map { line($_) } @$log));
    my ($code, $out, $err) = figures('--json', @args);

    is_same(scalar(@$log) . ' lines', $out, @args) if $code == 0;

    return JSON::PP->new->utf8->decode($out) if $code == 0 && $err eq '';

    diag "$code: $err";
    return {};
}

sub is_total {
    my ($what, $log, $wanted, @options) = @_;

    my $totals = doc($log, @options)->{totals};

    is_deeply { map { $_ => $totals->{$_} } keys %$wanted }, $wanted, $what;

    return;
}

is_total 'views by class', [
    '10:00:00 view class=unconfirmed source=dark',
    '10:00:01 view class=unconfirmed source=x',
    '10:00:02 seen class=unconfirmed',
    '10:00:03 view class=prefetch', '10:00:04 view class=prefetch',
    '10:00:05 seen class=prefetch source=x',
    '10:00:06 seen class=script source=dark',
    '10:00:07 view class=prefetch',
    '10:00:08 seen class=prefetch role=author',
    '10:00:09 view class=bot', '10:00:10 view class=self',
    '10:00:11 view class=preview network=x' ], {
    views => 4, views_by_class => { unconfirmed => 1, confirmed => 3,
        prefetch => 1, bot => 1, self => 2, preview => 1 },
    views_by_source => { dark => 2, x => 2 } };

is_total 'a beacon of a view before the period', [
    '10:00:00 view class=unconfirmed', '10:00:00 view class=prefetch',
    '2026-11-21T00:00:01Z seen class=unconfirmed',
    '2026-11-21T00:00:02Z seen class=prefetch' ], {
    views => 2, views_by_class => { unconfirmed => 0, confirmed => 2,
        prefetch => 0, bot => 0, self => 0, preview => 0 } },
    '--from', '2026-11-21', '--to', '2026-11-21', '--now',
    '2026-11-22T00:00:00Z';

is_total 'previews: one in any ten minutes', [
    map({ "$_ view class=preview network=x" }
        qw(10:00:00 10:09:59 10:10:00 10:19:59 10:25:00)),
    '10:00:01 view class=preview network=slack',
    '10:00:01 view class=preview network=x article=/b/' ],
    { previews_by_network => { x => 4, slack => 1 } };

my $early = doc([ '10:00:00 view class=preview network=x',
    '10:00:00 view class=bot', '10:00:01 view class=unconfirmed',
    '10:00:02 view class=bot' ]);

is_deeply [ map { $_->{views_by_class}{bot}, $_->{previews_by_network}{x} }
            $early->{totals}, $early->{articles}{'/a/'} ], [ 2, 1, 1, undef ],
    'robots before the first reader count for the site only';

is_total 'shares, goals and likes', [
    '10:00:00 share network=x state=new', '10:00:01 share network=x state=new',
    '10:00:02 share network=x state=repeat',
    '10:00:02 share network=copy state=new',
    '10:00:02 share network=copy state=dropped',
    '10:00:03 goal article=/thanks/ goal=thanked state=new',
    '10:00:04 goal article=/thanks/ goal=thanked state=repeat',
    '10:00:05 reaction state=new', '10:00:06 reaction state=new',
    '10:00:07 reaction state=off' ], {
    shares => 3, shares_by_network => { x => 2, copy => 1 },
    goals => { thanked => 1 }, reactions => 1 };

is_deeply doc([ '22:50:00 reaction state=new', '22:59:00 reaction state=new',
    '23:00:00 reaction state=off' ],
    '--period', '24h', '--now', '2026-11-21T22:59:00Z')->{totals}{undecided},
    { reactions => [ 0, 1 ] },
    'a like taken back may be from before the period';


# comments

sub answered {
    my ($doc) = @_;

    return join ' ', map { $doc->{totals}{$_} // '-' } qw(comments
        author_comments exchanges unanswered matured answered response_rate
        first_author_reply_seconds first_author_reply_p90_seconds
        oldest_unanswered_seconds held);
}

sub is_answered {
    my ($what, $wanted, @log) = @_;

    is answered(doc(\@log, '--reply-within', 3600)), $wanted, $what;

    return;
}

my @reader = map { "$_ role=reader state=approved" } 'comment', 'reply';
my @author = map { "$_ role=author state=approved" } 'comment', 'reply';

is_answered 'one of three is answered in time, one too late',
    '3 2 2 1 3 1 0.333333333333333 - - 39598 0',
    "12:00:00 $reader[0] comment=c1", "12:00:01 $reader[0] comment=c2",
    "12:00:02 $reader[0] comment=c3",
    "12:10:00 $author[1] comment=c4 parent=c1",
    "13:10:00 $author[1] comment=c5 parent=c2";

is_answered 'the median of an even number, and nine in ten',
    '2 2 2 0 2 2 1 25 30 - 0',
    "12:00:00 $reader[0] comment=c1", "12:00:00 $reader[0] comment=c2",
    "12:00:20 $author[1] comment=c3 parent=c1",
    "12:00:30 $author[1] comment=c4 parent=c2";

is_answered 'a young comment is not matured', '1 0 0 1 0 0 - - - 3600 0',
    "22:00:00 $reader[0] comment=c1";

is_answered 'held, spam and deleted comments do not count',
    '1 0 0 1 1 0 0 - - 39600 2',
    "12:00:00 $reader[0] comment=c1", "12:00:00 $reader[0] comment=c2",
    "12:00:00 $reader[0] comment=c3", '12:00:00 comment role=reader state=held '
    . 'comment=c4', '12:00:00 comment role=reader state=held comment=c5',
    '12:01:00 moderate comment=c2,c3 state=spam', '12:02:00 delete comment=c3 '
    . 'state=deleted';

is_answered 'a reply below an answer is answered by its own answer',
    '2 2 3 0 2 2 1 30 40 - 0',
    "12:00:00 $reader[0] comment=c1",
    "12:00:20 $author[1] comment=c2 parent=c1",
    "12:01:00 $reader[1] comment=c3 parent=c2",
    "12:01:40 $author[1] comment=c4 parent=c3";

is_answered 'a reply to what is not approved any more stands at the top',
    '1 0 1 1 1 0 0 - - 39540 0',
    "12:00:00 $author[0] comment=c1",
    "12:01:00 $reader[1] comment=c2 parent=c1",
    '12:02:00 moderate comment=c1 state=spam action=spam';

is_answered 'an author\'s reply approves what was held',
    '1 1 1 0 1 1 1 60 60 - 0',
    '12:00:00 comment role=reader state=held comment=c1',
    "12:01:00 $author[1] comment=c2 parent=c1";

is_answered 'done needs no answer; restored ones are what they were',
    '2 0 0 1 1 0 0 - - 39598 1',
    "12:00:00 $reader[0] comment=c1",
    '12:00:01 comment role=reader state=held comment=c2',
    "12:00:02 $reader[0] comment=c3",
    '12:01:00 moderate comment=c1 state=approved action=done',
    '12:02:00 moderate comment=c2,c3 state=spam action=spam',
    '12:03:00 moderate comment=c2,c3 state=held action=restore';

is_answered 'edited spam is held when it is restored', '0 0 0 0 0 0 - - - - 1',
    "12:00:00 $reader[0] comment=c1",
    '12:01:00 moderate comment=c1 state=spam action=spam',
    '12:02:00 edit comment=c1 state=spam',
    '12:03:00 moderate comment=c1 state=held action=restore';

my @open = ("12:00:00 $reader[0] comment=c1",
            "12:01:00 $reader[1] comment=c2 parent=c1",
            "12:02:00 $reader[0] comment=c3",
            '12:03:00 moderate comment=c3 state=approved');
my $open = doc(\@open, '--reply-within', 3600)->{totals};

is_deeply $open->{undecided}, { exchanges => [ 0, 1 ], unanswered => [ 1, 3 ],
    matured => [ 1, 3 ], map { $_ => undef } qw(response_rate
    oldest_unanswered_seconds first_author_reply_seconds
    first_author_reply_p90_seconds) }, 'what the log leaves open is a range';
is_deeply [ @$open{qw(exchanges unanswered)} ], [ 1, 2 ],
    'and counts as if nobody answered himself and nothing was done';

my @past = ("2026-11-10T10:00:00+01:00 $reader[0] comment=c1",
            "2026-11-20T00:30:00+01:00 $reader[0] comment=c2",
            "2026-11-20T01:30:00+01:00 $author[1] comment=c3 parent=c1");

is answered(doc(\@past, '--from', '2026-11-20', '--to', '2026-11-20')),
    '0 1 1 1 0 0 - - - 84600 0', 'days are UTC';
is answered(doc(\@past, '--period', '7d')), '1 1 1 1 0 0 - - - 84600 0',
    'unanswered has those from before the period';
is answered(doc(\@past, '--now', '2026-11-19T00:00:00Z')),
    '1 0 0 1 1 0 0 - - 745200 0', 'later lines are left out';


# messages

sub is_refused {
    my ($what, $code, $message, @args) = @_;

    my ($got, $out, $err) = figures('--now', '2026-11-20T23:00:00Z', @args);

    is $got, $code, "$what: exit status" or diag "$out$err";
    like $err, $message, "$what: message";

    return $out;
}

my $good = line('10:00:00 view class=unconfirmed');
my $cut = substr $good, 0, 30;

my %wrong = (
    'a cut line' => "$cut\n", 'no line of JSON' => "hello\n",
    'a line twice in one' => "$cut$good",
    'an unknown event' => line('10:00:00 viewed class=bot'),
    'an unknown class' => line('10:00:00 view class=human'),
    'a missing state' => line('10:00:00 share network=x'),
    'a wrong time' => line('2026-13-20T10:00:00Z view class=bot'),
    'no article' => line('10:00:00 view class=bot article='),
    'an unknown action' => line('10:00:00 moderate comment=c1 state=held '
                                . 'action=think'),
);

for my $what (sort keys %wrong) {
    like is_refused($what, 1, qr/bad:2: .+\n.*1 of 3 lines are broken/,
                    file('bad', "$good$wrong{$what}$good")),
        qr/^ +views +2$/m, "$what: the others count";
}

my $twice = file('twice', line("12:00:00 $reader[0] comment=c1"));

is_refused 'a log given twice', 1, qr/twice:1: comment c1 is there twice/,
    $twice, $twice;
is_refused 'no file', 2, qr/none: No such file/, "$folder/none";
is_refused 'no log', 2, qr/usage/;
is_refused 'an empty log', 2, qr/no event/, file('empty', '');
is_refused 'an unknown period', 2, qr/no period 3d/, '--period', '3d', $twice;
is_refused 'a wrong day', 2, qr/--from is no day/, '--from', '2026-02-30',
    '--to', '2026-03-01', $twice;
is_refused 'one day', 2, qr/belong together/, '--from', '2026-02-20', $twice;
is_refused 'days in the wrong order', 2, qr/after/, '--from', '2026-02-20',
    '--to', '2026-02-19', $twice;
is_refused 'no page', 2, qr/no JSON document/, '--page', $twice, $twice;
is_refused 'the newer log first', 1, qr/oldest log first/, file('new', $good),
    file('old', line('08:00:00 view class=bot'));
is_refused 'a log that begins too late', 1, qr/begins too late/, file('late',
    line("12:00:00 $reader[1] comment=c2 parent=c1"));

my $both = file('both', $good . line('10:00:00 view class=bot site=b'));

is_refused 'two sites', 2, qr/several sites.*: b, blog/, $both;
is_refused 'the chosen site', 0, qr/^$/, '--site', 'b', $both;


# an nginx with a past: its clock stands still between requests

my $past = Social::Past->new($ENV{SOCIAL_SEED} // 4);

if (!$past) {
    diag 'no libfaketime';
    done_testing;
    exit;
}

my $nginx = $past->nginx;
my %agreed;


# each figure of the page, as the program finds it in the log

sub is_proved {
    my ($what, $log, %query) = @_;

    my $res = $nginx->get('/social?' . Social::form({ format => 'json',
        limit => 1000, %query }));
    my $path = $nginx->dir . "/logs/$log.log";
    my ($code, $out, $err) = figures('--page', file('page', $res->{content}),
                                     $path);
    my @args = ('--now', $res->{json}{generated}, '--period', $query{period},
                $path);
    my (undef, $text) = figures('--json', @args);

    is_same($what, $text, @args);

    is $code, 0, "$what: $log.log says the same" or diag $err;

    if ($out =~ /^(\d+) of (\d+) figures agree/) {
        $agreed{same} += $1;
        $agreed{all} += $2;
    }

    return $res->{json}{totals};
}

for my $session (1 .. 8) {
    $past->session;
    is_proved("session $session", 'social', period => '24h');
}

is_proved("eight sessions, $_", 'social', period => $_) for qw(7d all);

for my $session (9 .. 16) {
    $past->session(1);
    is_proved("session $session", 'action', period => '24h');
}

is_proved("sixteen sessions, $_", 'action', period => $_) for qw(7d 28d);

# a month later all comments are matured

$nginx->status;
$past->clock->set($past->clock->now + 20 * 86400);
$past->session(1);

my $totals = is_proved('the end', 'action', period => 'all');

note "$agreed{same} of $agreed{all} figures agree";
cmp_ok $agreed{same}, '>', 1500, 'many hundreds of figures were compared';
cmp_ok $totals->{$_}, '>', 0, "there are $_" for qw(views comments
    author_comments exchanges shares reactions unanswered matured answered);
cmp_ok $totals->{views_by_class}{$_}, '>', 0, "there are views: $_"
    for qw(unconfirmed confirmed self bot preview prefetch);
cmp_ok $totals->{goals}{thanked}, '>', 0, 'there are goals';
cmp_ok keys %{ $totals->{previews_by_network} }, '>', 3, 'there are previews';


# the comparison can fail: a lost, a changed or a broken line

my $page = file('page', $nginx->get('/social?format=json&period=all&limit=1000')
                ->{content});
my @lines = split /^/, $nginx->slurp('logs/action.log');

sub is_found {
    my ($what, $pattern, $change, $message) = @_;

    $message //= qr/on the page and/;
    my ($n) = grep { $lines[$_] =~ $pattern } 0 .. $#lines;
    my @log = @lines;

    $log[$n] = $change->($log[$n]);

    my ($code, $out, $err) = figures('--page', $page,
                                     file('log', join '', @log));

    is $code, 1, "$what is noticed: exit status";
    like $err, $message, "$what is noticed";

    return;
}

is_found 'a lost comment', qr/"event":"comment"/, sub { '' },
    qr/begins too late/;
is_found "a lost $_", qr/"event":"$_".*"new"/, sub { '' }
    for qw(share reaction goal);
is_found 'a lost view', qr/"unconfirmed"/, sub { '' };
is_found 'another class', qr/"bot"/, sub { $_[0] =~ s/bot/self/r };
is_found 'another article', qr{/a/.*"unconfirmed"}, sub { $_[0] =~ s{/a/}{/b/}r };
is_found 'a line twice', qr/"share".*"new"/, sub { "$_[0]$_[0]" };
is_found 'half a line', qr/"prefetch"/, sub { substr $_[0], 0, 80 },
    qr/log:\d+: no line of the log/;

$nginx->stop;
$nginx->quiet;

done_testing;
