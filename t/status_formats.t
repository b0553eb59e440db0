#!/usr/bin/perl

# The formats of the status: which one is answered, under which type, and that
# an unchanged answer is not sent again.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Readers qw(browser readers warm);
use Social;
use Test::More;


my $page = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = Social->new(
    files => { map { ("posts/$_/index.html" => $page) } qw(a b) },
    site => 'article /posts/; origin https://blog.example/x;',
);

warm($nginx);
readers($nginx, '/posts/a/', map { browser($_) } 1 .. 30);
$nginx->post('comments', { article => '/posts/a/', name => 'Ann',
    text => 'Hello there', token => $nginx->token('/posts/a/') });

my %type = (
    html => 'text/html; charset=utf-8',
    json => 'application/json',
    csv => 'text/csv; charset=utf-8; header=present',
    prometheus => 'text/plain; version=0.0.4; charset=utf-8',
    atom => 'application/atom+xml; charset=utf-8',
);

for my $format (sort keys %type) {
    my $res = $nginx->get("/social?format=$format");

    is $res->{status}, 200, $format;
    is $res->{headers}{'content-type'}, $type{$format}, "$format: its type";
    is $res->{headers}{'cache-control'}, 'private, no-cache',
        "$format: only for who asked";
    is $res->{headers}{vary}, 'Accept', "$format: Accept may select another";
    like $res->{headers}{etag}, qr{^W/"[0-9a-f]{16}"$}, "$format: a weak ETag";

    ok $nginx->wait_for(sub {
        my $one = $nginx->get("/social?format=$format");
        my $two = $nginx->get("/social?format=$format",
            headers => { 'If-None-Match' => $one->{headers}{etag} });

        $two->{status} == 304 && !length($two->{content} // '');
    }), "$format: not sent again";
}

my %accept = (
    'text/csv' => 'csv',
    'application/atom+xml' => 'atom',
    'text/plain;version=0.0.4' => 'prometheus',
    'application/json' => 'json',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
        => 'html',
    'text/html, application/json' => 'html',
    '*/*' => 'html',
);

for my $accept (sort keys %accept) {
    my $res = $nginx->get('/social', headers => { Accept => $accept });
    is $res->{headers}{'content-type'}, $type{$accept{$accept}},
        "Accept: $accept";
}

is $nginx->get('/social', headers => { Accept =>
    'application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1' })
    ->{headers}{'content-type'},
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
    'Prometheus gets OpenMetrics';
is $nginx->get('/social?format=json', headers => { Accept => 'text/csv' })
    ->{headers}{'content-type'}, 'application/json', 'format overrides Accept';


# what changes, and what does not

sub etag { return $nginx->get('/social?format=json')->{headers}{etag} }

my $before = etag();
readers($nginx, '/posts/b/', browser(1));
isnt etag(), $before, 'a view changes the ETag';

my $res = $nginx->get('/social?format=csv&period=7d');
is $res->{headers}{'content-disposition'}, 'attachment; filename="blog-7d.csv"',
    'a name for the file';
like $res->{content}, qr{^[^\n]*\bkey\b}, 'a row of names';
like $res->{content}, qr{/posts/a/}, 'rows of articles';
is $nginx->get('/social?format=csv&from=2026-01-01&to=2026-01-31')
    ->{headers}{'content-disposition'},
    'attachment; filename="blog-2026-01-01--2026-01-31.csv"',
    'a file of days is named after them';

$res = $nginx->get('/social?format=atom');
like $res->{content}, qr{Hello there}, 'the feed has who waits';
like $res->{content}, qr{<link[^>]*rel="self"[^>]*href="https://blog\.example/x/social\?format=atom"|<link[^>]*href="https://blog\.example/x/social\?format=atom"[^>]*rel="self"},
    '... and its own public address';
like $res->{content}, qr{From \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d},
    '... and the last week';

$res = $nginx->get('/social?format=prometheus&period=24h&article=/posts/b/');
like $res->{content},
    qr/^nginx_social_unanswered_comments\{site="blog"\} 1$/m,
    'metrics are of the site';
like $res->{content},
    qr/^nginx_social_views_total\{[^}]*class="reader"[^}]*\} 32$/m,
    '... and of all that was ever counted';

for my $bad (qw(xml CSV Prometheus openmetrics)) {
    is $nginx->get("/social?format=$bad")->{status}, 400,
        "format=$bad is refused";
}

is $nginx->get('/social?format=csv&sort=nothing')->{json}{error}{field},
    'sort', 'errors of other formats are JSON';

$nginx->stop;
$nginx->quiet;

done_testing;
