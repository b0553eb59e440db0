#!/usr/bin/perl

# A short script of requests of every kind, for tools that slow nginx down so
# much that what a page shows in time is another matter: make valgrind.  Every
# request is answered, none with an error of ours; the rest is for the tool.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Backend;
use IO::Compress::Gzip qw(gzip);
use Social;
use Test::More;


my $html = '<!DOCTYPE html><html lang="en"><head><title>Bread &amp; salt</title>'
    . '<meta property="og:title" content="Bread"></head><body><main><article>'
    . '<h1>Bread</h1>' . '<p>Flour &amp; <b>water</b>.</p>' x 40
    . '</article></main></body></html>';

gzip(\$html => \my $zipped);

my $app = Backend->new(
    '/app/pieces/' => { body => $html, piece => 7, etag => '"a"' },
    '/app/zip/' => { body => $zipped, headers =>
                     [ 'Content-Type: text/html', 'Content-Encoding: gzip' ] },
    '/app/dies/' => { body => [ substr($html, 0, 300), \'die' ] },
);

my $nginx = Social->new(
    files => { 'posts/a/index.html' => $html, 'posts/b/index.html' => $html,
               'thanks/index.html' => '<p>Thanks</p>' },
    site => 'article ~ ^/(?:posts|app)/; reactions on; goal sent = /thanks/;',
    server => 'location /app/ { proxy_pass http://127.0.0.1:'
        . $app->port . '; }',
);

my ($key, $wrong, $answered) = ('/posts/a/', 0, 0);
my $token = $nginx->wait_for(sub { $nginx->token($key) });
my %jar;

sub answered {
    my ($what, $res) = @_;

    $answered++;

    if ($res->{status} == 500 || $res->{status} > 598) {
        diag "$what: $res->{status} $res->{reason}";
        $wrong++;
    }

    return $res;
}

sub get {
    my ($path, %a) = @_;

    return answered("GET $path", $nginx->get($path, %a));
}

sub post {
    my ($route, $fields, %a) = @_;

    return answered("POST $route", $nginx->post($route, {
        article => $key, token => $token, %$fields }, jar => \%jar, %a));
}

sub json {
    my ($method, $route, $doc) = @_;

    return answered("$method $route", $nginx->post_json($route, {
        token => $token, %$doc }, method => $method, jar => \%jar));
}


for my $round (1, 2) {
    for my $path ($key, '/posts/b/', '/app/pieces/', '/app/zip/',
                  '/thanks/', '/posts/none/', '/thanks/?shared=bluesky.x')
    {
        my $res = get($path);
        my $etag = $res->{headers}{etag} // '"x"';

        get($path, headers => { 'If-None-Match' => $etag });
        get($path, headers => { Range => 'bytes=100-1200' });
        answered("HEAD $path", $nginx->request('HEAD', $path));
    }

    # broken off: there is nothing to be answered with
    $nginx->get('/app/dies/');

    for my $n (1 .. 3) {
        post('comments', { name => "Ann $n", website => '',
            text => "How much <b>water</b>?\n\nSee http://example.org/$n" });
    }

    post('comments', { text => '' });
    post('comments', { text => 'x', token => 'none' });
    json('POST', 'comments', { article => $key, name => 'Ben',
        text => "\x{1f35e} is bread", parent => '1' });
    json('PATCH', "comments/c$round", { text => 'Less of it' });
    json('POST', 'comments/c1/report', { reason => 'rude' });
    json('POST', 'preview', { article => $key, text => '*a* http://a.example' });
    json('DELETE', 'comments/' . ($round + 1), {});
    answered('bad JSON', $nginx->request('POST', '/_social/comments',
        content => '{"article": "\\ud800', headers => {
            'Content-Type' => 'application/json',
            'Sec-Fetch-Site' => 'same-origin' }));

    post($_->[0], $_->[1]) for [ share => { network => 'bluesky' } ],
        [ share => { network => 'none' } ], [ reactions => {} ],
        [ views => {} ], [ 'mine/erase' => {} ];

    get("/_social/$_", jar => \%jar) for "comments?article=$key",
        'comments?article=', 'comments/c1', 'comments/c99', 'mine',
        "thread?article=$key", "thread?article=$key&page=2",
        "counts?article=$key&article=/posts/b/", 'none', 'widget.css',
        'widget.js', 'counts.js', 'page.css', 'page.js', 'status.css',
        'status.js';

    answered('queue', $nginx->queue("?$_"))
        for '', 'format=json', 'q=water', 'state=spam', 'offset=x';
    answered("moderate $_", $nginx->moderate({ id => 'c1', action => $_ }))
        for qw(hold approve spam restore ban none);
    get("/social?$_") for '', 'format=json&period=24h', 'period=all&sort=views',
        'format=none';

    $nginx->reload;
    $nginx->wait_for(sub { $nginx->error_log =~ /gracefully shutting down/ });
}

cmp_ok $answered, '>', 100, 'requests were answered';
is $wrong, 0, 'none of them with an error of ours';

$nginx->stop;
$nginx->quiet(qr/prematurely closed|is not found|no user|user "" was not/);

done_testing;
