#!/usr/bin/perl

# A blog of many years: ten thousand articles (with SOCIAL_LONG=1, a hundred
# thousand), in shared memory that has room for all of them and in one that has
# not.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Readers qw(readers browser warm);
use Social;
use Test::More;


my $many = $ENV{SOCIAL_LONG} ? 100_000 : 10_000;
my @keys = map { "/posts/2026/$_/" } 1 .. $many;


sub make {
    my ($zone) = @_;

    my $nginx = Social->new(
        files  => { 'page.html' => '<html><head><title>A</title></head><body>'
            . '<article>A</article></body></html>' },
        http   => 'lingering_close off; keepalive_requests 1000000;'
            . 'access_log off;',
        server => 'location /posts/ { try_files /page.html =404; }',
        site   => "article ~ ^/posts/2026/; zone $zone;");
    warm($nginx);

    return $nginx;
}


# every article, once by each of these readers

sub read_all {
    my ($nginx, @readers) = @_;

    my $answers = 0;

    for my $reader (@readers) {
        $answers += readers($nginx, sub { $keys[$_[0]] },
                            (browser($reader)) x $many);
    }

    return $answers;
}


sub sum {
    my ($name, @articles) = @_;

    my $sum = 0;
    $sum += $_->{$name} for @articles;

    return $sum;
}


# the status of the site and up to a thousand articles

sub total { return $_[0]->status(period => 'all', limit => 1000) }


{
    my $nginx = make($ENV{SOCIAL_LONG} ? '192m' : '24m');

    is read_all($nginx, 1), $many, 'every article is served';

    my $doc = total($nginx);

    is $doc->{totals}{views}, $many, 'every view is counted';
    is $doc->{total_articles}, $many, 'every article is known';
    is scalar(@{ $doc->{articles} }), 1000, 'a thousand articles are listed';
    is $doc->{health}{articles_evicted}, 0, 'none was evicted';

    my $html = $nginx->get('/social?period=all');
    is $html->{status}, 200, 'the status page is served';
    cmp_ok length $html->{content}, '<', 2 << 20, 'it is smaller than 2 MB';

    # after a restart the figures are the same

    $nginx->stop;
    $nginx->quiet;
    $nginx->start;
    $doc = $nginx->wait_for(sub {
        my $doc = total($nginx);
        return $doc && $doc->{totals}{views} == $many && $doc }) // {};
    is $doc->{totals}{views}, $many, 'after a restart every view is counted';
    is $doc->{total_articles}, $many, 'after a restart every article is known';
    is sum('views', @{ $doc->{articles} }), 1000,
        'each listed article has its view';

    $nginx->stop;
    $nginx->quiet;
}


{
    my $nginx = make('2m');
    my ($worker) = $nginx->workers;

    is read_all($nginx, 1), $many, 'a small zone: every page is served';

    my $doc = total($nginx);

    is $doc->{totals}{views}, $many, 'the site\'s total has every view';
    cmp_ok $doc->{health}{zone_used_bytes}, '<=',
        $doc->{health}{zone_size_bytes}, 'the zone keeps its size';
    cmp_ok $doc->{health}{articles_evicted} + $doc->{health}{events_dropped},
        '>', 0, 'the status shows that the zone is too small: '
        . "$doc->{health}{articles_evicted} evicted";

    $nginx->stop;
    $nginx->quiet;
}

done_testing;
