#!/usr/bin/perl

# The status over time: ranges of days, their series, the period before, and
# the filter by class.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use POSIX qw(strftime);
use Readers qw(browser readers warm);
use Social;
use Test::More;


my $page = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = Social->new(
    files => { map { ("posts/$_/index.html" => $page) } qw(a b) },
    site => 'article /posts/; goal done = /done/;',
);

warm($nginx);

# a test that runs over midnight has its views on two days

sub day { return strftime('%Y-%m-%d', gmtime(time + 86400 * $_[0])) }

my $yesterday = day(-1);
my $tomorrow = day(1);

readers($nginx, '/posts/a/', map { browser($_) } 1 .. 30);
$nginx->post('comments', { article => '/posts/a/', name => 'Ann',
    text => 'Hello', token => $nginx->token('/posts/a/') });

sub sum {
    my ($doc, $name) = @_;

    my $sum = 0;
    $sum += $_->{$name} for @{ $doc->{series} };
    return $sum;
}

my %step = ('24h' => 3600, '7d' => 86400, '28d' => 86400, '90d' => 86400,
            '365d' => 7 * 86400);
my %steps = ('24h' => 25, '7d' => 8, '28d' => 29, '90d' => 91, '365d' => 53);

for my $period (sort keys %step) {
    my $doc = $nginx->status(period => $period);

    is $doc->{period}{step}, $step{$period}, "$period: its step";
    is scalar @{ $doc->{series} }, $steps{$period}, "$period: its steps";
    is sum($doc, $_), $doc->{totals}{$_}, "$period: the series adds up: $_"
        for qw(views reader_days comments author_comments new_participants
               shares sharers listeners);
    is $doc->{totals}{previous}{views}, 0, "$period: nothing before";
    is $doc->{period}{previous}{to}, $doc->{period}{from},
        "$period: the one before ends where it begins";
    is scalar @{ $doc->{articles}[0]{sparkline}{reader_days} },
        scalar @{ $doc->{series} }, "$period: as many points as steps";
    is $doc->{articles}[0]{sparkline}{reader_days}[-1]
       + $doc->{articles}[0]{sparkline}{reader_days}[-2],
        $doc->{articles}[0]{reader_days}, "$period: readers of the article";
}

my $all = $nginx->status(period => 'all');
is $all->{totals}{previous}, undef, 'nothing is before all';
is $all->{period}{previous}, undef, '... not even a period';


# days

my $doc = $nginx->status(from => $yesterday, to => $tomorrow);
is $doc->{period}{name}, '', 'days have no name';
is $doc->{period}{from}, "${yesterday}T00:00:00Z", 'they begin at midnight';
is $doc->{period}{to}, day(2) . 'T00:00:00Z', '... and end at midnight';
is $doc->{totals}{comments}, 1, 'a comment of these days';
cmp_ok $doc->{totals}{views}, '>=', 30, 'views of these days';
is sum($doc, 'views'), $doc->{totals}{views}, 'their series adds up';
like $doc->{sentence}, qr/^From $yesterday to $tomorrow, /,
    'the sentence names them';

$doc = $nginx->status(from => day(-3), to => day(-2));
is $doc->{totals}{views}, 0, 'no views on other days';
is $doc->{totals}{comments}, 0, 'no comments';
is $doc->{totals}{articles_published}, 0, 'nothing was published';
is scalar @{ $doc->{series} }, 2, 'two days, two steps';
is $doc->{totals}{unanswered}, 0, 'nobody waited yet';

for my $bad ([ from => $yesterday, 'to' ], [ to => $yesterday, 'from' ],
             [ from => '2026-02-30', to => $yesterday, 'from' ],
             [ from => $yesterday, to => 'today', 'to' ],
             [ from => $tomorrow, to => $yesterday, 'to' ],
             [ class => 'viral', 'class' ]) {
    my $field = pop @$bad;
    my $res = $nginx->get('/social?' . Social::form({ @$bad }),
                          headers => { Accept => 'application/json' });

    is $res->{status}, 400, "@$bad is refused";
    is $res->{json}{error}{field}, $field, "the error names $field";
}


# by class

is_deeply [ map { $_->{key} }
            @{ $nginx->status(class => 'new')->{articles} } ],
    [], 'no article of that class';
is_deeply [ map { $_->{key} }
            @{ $nginx->status(class => $all->{articles}[0]{class})
               ->{articles} } ], [ '/posts/a/' ], 'articles of a class';


# by shares, which are only read for the articles that have some

$nginx->post('share', { article => '/posts/b/', network => 'reddit',
    token => $nginx->token('/posts/b/') });
$doc = $nginx->status(sort => 'shares', limit => 1);
is $doc->{articles}[0]{key}, '/posts/b/', 'the most shared article is first';
is $doc->{articles}[0]{shares}, 1, 'with its shares';

$nginx->stop;
$nginx->quiet;

done_testing;
