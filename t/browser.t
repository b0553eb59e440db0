#!/usr/bin/perl

# Runs the browser tests of t/browser: first the widget and the other pages by
# themselves, then all of them against an nginx.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP ();
use Social;
use Test::More;


my $dir = "$FindBin::Bin/browser";

plan skip_all => 'npm install in t/browser first'
    if !-d "$dir/node_modules/playwright-core";


sub run {
    my ($name, @args) = @_;

    open my $fh, '-|', 'node', "$dir/$name", @args or die "node: $!";
    my @lines = <$fh>;
    close $fh;

    my ($count, $failed) = (0, 0);

    for (@lines) {
        $count++ if /^(?:not )?ok /;
        $failed++ if /^not ok /;
    }

    ok $? == 0 && $count && !$failed, "$name: $count tests"
        or diag grep { /^(?:not ok|#)/ } @lines;

    return;
}


run($_) for qw(widget.mjs pages.mjs);


my $page = sub {
    my ($title) = @_;

    return "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
        . "<meta name=\"viewport\" content=\"width=device-width\">"
        . "<title>$title</title></head><body><main><article><h1>$title</h1>"
        . "<p>Flour, water, salt.</p></article></main></body></html>";
};

my $nginx = Social->new(
    site   => 'article ~ ^/posts/[^/]+/$; comments first;',
    server => q{
        add_header Content-Security-Policy "default-src 'self'";
        location = /favicon.ico { return 204; }
    },
    files  => {
        map { ("posts/$_/index.html" => $page->(ucfirst $_)) }
            qw(bread salt water)
    },
);

run('live.mjs', $nginx->origin);

$nginx->wait_for(sub { $nginx->events(event => 'reply') == 1 });

my $status = $nginx->status(period => 'all');
my ($bread) = grep { $_->{key} eq '/posts/bread/' } @{ $status->{articles} };

cmp_ok $bread->{views_by_class}{confirmed}, '>', 0,
    'views with a script are counted as confirmed';
cmp_ok $bread->{views_by_class}{self}, '>', 0,
    "the author's own views are counted apart";
is $bread->{author_comments}, 1,
    "the author's reply is counted as an author comment";

$nginx->stop;
$nginx->quiet;

done_testing;
