#!/usr/bin/perl

# The moderation page in a browser, with comments of every kind: t/browser.t has
# the widget and the other pages.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my $dir = "$FindBin::Bin/browser";

plan skip_all => 'npm install in t/browser first'
    if !-d "$dir/node_modules/playwright-core";

my $nginx = Social->new(
    files => { 'posts/bread/index.html' => page('Bread &amp; salt') },
    site  => 'article ~ ^/posts/[^/]+/$; comments first; block casino;',
    server => 'location = /favicon.ico { return 204; }',
);

my $key = '/posts/bread/';
my $token = $nginx->wait_for(sub { $nginx->token($key) });

sub add {
    my ($text, %a) = @_;

    return comment($nginx, article => $key, token => $token,
        name => 'Ann Lind', text => $text, jar => {}, %a)
        ->{json}{comment}{id};
}

my (%ann, %ben);
my $one = add('What is a poolish?', jar => \%ann);
$nginx->moderate({ action => 'approve', id => $one });
my $two = add('A wet dough. See https://flour.example/', name => 'Ben',
    parent => $one, jar => \%ben);
$nginx->moderate({ action => 'approve', id => $two });
add('Best casino https://casino.example/x', name => $_,
    website => 'https://casino.example') for 'Win Big', 'Win More';
add('And the salt?', jar => \%ann, parent => $two);

open my $fh, '-|', 'node', "$dir/moderate.mjs", $nginx->origin
    or die "node: $!";
my @lines = <$fh>;
close $fh;

my $good = grep { /^ok / } @lines;
my $bad = grep { /^not ok / } @lines;

ok $? == 0 && $good && !$bad, "moderate.mjs: $good tests"
    or diag grep { /^(?:not ok|#)/ } @lines;

$nginx->stop;
$nginx->quiet;

done_testing;
