#!/usr/bin/perl

# ngx-social figures: logs that are wrong in some way, several sites, what is
# printed for people, bounds.  That its figures are right is in t/figures.t.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use IO::Compress::Gzip qw(gzip);
use JSON::PP ();
use Program qw(slurp);
use Test::More;

my $program = Program->new;
my $json = JSON::PP->new->utf8->canonical;


# events as "TIME EVENT name=value ..."; TIME is of 2026-11-20

sub line {
    my ($text) = @_;

    my ($time, $event, @members) = split ' ', $text;

    return $json->encode({ time => "2026-11-20T$time+00:00", event => $event,
        site => 'blog', article => '/a/', class => '', network => '',
        source => '', comment => '', parent => '', role => '', state => '',
        goal => '', action => '', map { split /=/, $_, 2 } @members }) . "\n";
}

sub log_of {
    my ($name, @events) = @_;

    return $program->put($name, join '', map { /^\d\d:/ ? line($_) : $_ } @events);
}

sub run {
    my ($what, $code, $message, @args) = @_;

    is $program->run('figures', '--now', '2026-11-20T23:00:00Z', @args), $code,
        "$what: exit code" or diag @{$program}{qw(out err)};
    like $program->{err}, $message, "$what: message";

    return $program->{out};
}

sub doc { return $json->decode(run(@_, '--json')) }

my @few = ('10:00:00 view class=unconfirmed source=x',
           '10:00:09 seen class=unconfirmed',
           '11:00:00 comment comment=c1 role=reader state=approved',
           '11:10:00 reply comment=c2 parent=c1 role=author state=approved');
my $few = log_of('few', @few);


# for people

my $text = run('a table', 0, qr/^$/, '--reply-within', 3600, $few);

like $text, qr{^blog, from 2026-10-23T23:00:00Z to 2026-11-20T23:00:01Z, as of }m,
    'the table says of what site and time it is';
like $text, qr{^ +1 +0 +1 +1 +1 +0 +0 +0 +0 +100 % +10 min  /a/$}m,
    'a row for each article';
like $text, qr{^ +1 .+ +100 % +10 min  all articles$}m, 'and one for all';
like $text, qr{^views by class +confirmed 1, unconfirmed 0, }m,
    'views by class';
like run('a key that a terminal would obey', 0, qr/^$/, log_of('escape',
    '10:00:00 view class=self article=/%1B]0;x', "{\"time\":"
    . '"2026-11-20T10:00:00Z","event":"view","site":"blog","article":'
    . '"/\u001b[2J","class":"self"}' . "\n")), qr{ /\?\[2J$}m,
    'is shown without it';

like run('what is open is a range', 0, qr/^$/, '--reply-within', 3600, log_of(
    'open', @few, '12:00:00 reply comment=c3 parent=c1 role=reader '
    . 'state=approved')), qr{ 2 +1 +1-2 +0 +0 +0 +0-1 +\? +\?  /a/$}m,
    'in the table, too';


# input of other kinds

my $packed = $program->put('few.gz', '');
gzip $few => $packed;
is run('gzip', 0, qr/^$/, '--reply-within', 3600, $packed), $text,
    'gives the same';

my ($first) = log_of('first', @few[0, 1]);
is run('two logs', 0, qr/^$/, '--reply-within', 3600, $first,
       log_of('second', @few[2, 3])), $text, 'give the same';

my $two = doc('two sites', 0, qr/^$/, log_of('two', @few,
    '10:00:00 view class=self site=b article=/b/'));

is join(' ', map { $_->{site}, map { $_->{key} } @{ $_->{articles} } }
        @{ $two->{sites} }), 'blog /a/ b /b/', 'each has its articles';
is_deeply [ map { $_->{site} } @{ doc('one of them', 0, qr/^$/, '--site', 'b',
    $program->dir . '/two')->{sites} } ], ['b'], 'only that one';

my $odd = doc('bytes that are not UTF-8', 0, qr/^$/, log_of('odd',
    line('10:00:00 view class=self article=X') =~ s{X}{/\xff\\u00e9\\/}r));

is $odd->{sites}[0]{articles}[0]{key}, "/\x{fffd}\x{e9}/",
    'are marked, escapes are read';

my $ring = doc('parents in a ring', 0, qr/^$/, log_of('ring', map {
    "12:00:00 reply comment=$_->[0] parent=$_->[1] role=author state=approved" }
    [qw(c1 c2)], [qw(c2 c1)], [qw(c3 c3)]));
is $ring->{sites}[0]{totals}{author_comments}, 3, 'are no trap';


# what is wrong

my %wrong = (
    'no JSON' => [ "reader - - \"GET / HTTP/1.1\" 200\n",
                   'this is no line of an event log in JSON' ],
    'a cut line' => [ substr(line($few[0]), 0, 40) . "\n",
                      'this is no line of an event log in JSON' ],
    'two objects' => [ line($few[0]) =~ s/\n/{}\n/r,
                       'this is no line of an event log in JSON' ],
    'nested' => [ '{"time":{}}' . "\n",
                  'this is no line of an event log in JSON' ],
    'a wrong escape' => [ line($few[0]) =~ s{/a/}{\\x}r,
                          'this is no line of an event log in JSON' ],
    'no state' => [ line('10:00:00 share network=x') =~ s/"state":"",//r,
        'it has no "state": this log_format lacks what is needed here' ],
    'an empty state' => [ line('10:00:00 share network=x'),
                          '"state" is empty' ],
    'another class' => [ line('10:00:00 view class=human'),
                         '"class" cannot be "human"' ],
    'another event' => [ line('10:00:00 click class=bot'),
                         '"event" cannot be "click"' ],
    'no such time' => [ line('25:00:00 view class=bot'),
                        '"time" cannot be "2026-11-20T25:00:00+00:00"' ],
    'a time without a zone' => [ line($few[0]) =~ s/\+00:00//r,
                                 '"time" cannot be "2026-11-20T10:00:00"' ],
    'no parent' => [ line('10:00:00 reply comment=c9 role=reader state=held'),
                     '"parent" is empty' ],
    'a wrong id' => [ line('10:00:00 edit comment=c9,c8 state=held'),
                      '"comment" cannot be "c9,c8"' ],
    'a long line' => [ line('10:00:00 view class=bot article=/'
                            . 'a' x 65536), 'it is longer than 65536 bytes' ],
    'a comment twice' => [ line($few[2]),
        'comment c1 is there twice: was a log read twice?' ],
);

for my $what (sort keys %wrong) {
    my ($line, $message) = @{ $wrong{$what} };
    my $log = log_of('wrong', @few, $line, '13:00:00 view class=bot');

    like run($what, 3, qr/^\Q$log:5: $message\E\nngx-social: 1 of 6 lines/,
             $log), qr/^views by class .* bot 1,/m, "$what: the others count";
}

my $many = log_of('many', "x\n" x 30, @few);
run('many broken lines', 3, qr/30 of 34 lines/, $many);
is scalar(() = $program->{err} =~ /^\Q$many\E:\d+:/mg), 10,
    'the first ten are shown';

run('a log of another format', 4, qr{combined:1: this is no line .*
ngx-social: no line can be read: the log has another log_format than that},
    log_of('combined', "127.0.0.1 - - [20/Nov/2026] \"GET / HTTP/1.1\" 200 5\n"));
run('an empty log', 4, qr/there is no event$/, log_of('empty'));
run('a site that is not there', 4, qr/no event of the site "c"/, '--site', 'c',
    $few);
run('no file', 4, qr/cannot read ".*none" \(No such file/,
    $program->dir . '/none');
run('the newer log first', 3, qr/blog: 2 lines are older .* oldest log first/,
    $program->dir . '/second', log_of('old', map { s/^1\d/08/r } @few[0, 1]));
run('a log that begins too late', 3, qr/blog: 1 comments .* begins too late/,
    log_of('late', $few[3]));

my %usage = (
    'no log' => [ qr/needs an event log/ ],
    'another period' => [ qr/--period is 24h.*not "3d"/, '--period', '3d', $few ],
    'no day' => [ qr/--from is a day .*"2026-02-30"/, '--from', '2026-02-30',
                  '--to', '2026-03-01', $few ],
    'one day' => [ qr/belong together/, '--to', '2026-02-20', $few ],
    'days in the wrong order' => [ qr/--from is after --to/, '--from',
        '2026-02-20', '--to', '2026-02-19', $few ],
    'days and a period' => [ qr/cannot be together/, '--from', '2026-02-20',
        '--to', '2026-02-20', '--period', '7d', $few ],
    'no number' => [ qr/--reply-within is a number/, '--reply-within=1h', $few ],
    'another option' => [ qr/unknown argument: "--page"/, '--page', $few ],
    'an option without a value' => [ qr/--site needs a value/, $few, '--site' ],
);

run($_, 2, @{ $usage{$_} }) for sort keys %usage;

done_testing;
