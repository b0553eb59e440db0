#!/usr/bin/perl

# The widget in pages with a Content-Security-Policy of their own, as
# docs/comments.md tells (t/browser/csp.mjs).

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Test::More;


my $dir = "$FindBin::Bin/browser";

plan skip_all => 'npm install in t/browser first'
    if !-d (($ENV{NODE_MODULES} // $dir) . '/node_modules');


# policies, as they stand in the manual

my $manual = do {
    open my $fh, '<', "$FindBin::Bin/../docs/comments.md" or die $!;
    local $/;
    <$fh>;
};

my ($section) = $manual =~ /^### Content-Security-Policy\n(.*?)^##/ms
    or die 'docs/comments.md has no section on Content-Security-Policy';
my ($least) = $section =~ /`(script-src 'self';[^`]+)`/;
my ($nonce) = $section =~ /`(script-src 'nonce-[^`]+'strict-dynamic')`/;
my ($own) = $section =~ m{^(<script nonce=.*?</script>)$}m;

ok $least && $nonce && $own, 'the manual has two policies and a script';

sub page {
    my ($head) = @_;

    return '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        . "<title>T</title>$head</head><body><article><p>Text.</p></article>"
        . '</body></html>';
}

my %policy = (
    self        => "default-src 'self'",
    least       => "default-src 'none'; $least",
    nonce       => "default-src 'self'; $nonce",
    'nonce-own' => "default-src 'self'; $nonce",
);

my $nginx = Social->new(
    site   => 'article ~ ^/posts/[^/]+/$; comments open; reactions on;',
    http   => 'types { text/html html; text/javascript js; text/css css; }',
    server => join("\n", 'location = /favicon.ico { return 204; }', map {
        "location /posts/$_/ { add_header Content-Security-Policy"
        . " \"$policy{$_}\"; }" } keys %policy),
    files  => { map { ("posts/$_/index.html"
        => page($_ eq 'nonce-own' ? $own : '')) } keys %policy },
);

$nginx->wait_for(sub { $nginx->token("/posts/$_/") }) for keys %policy;

open my $fh, '-|', 'node', "$dir/csp.mjs", $nginx->origin or die "node: $!";
my @lines = <$fh>;
close $fh;

ok $? == 0 && (grep { /^ok / } @lines) && !grep({ /^not ok / } @lines),
    'csp.mjs: ' . grep({ /^(?:not )?ok / } @lines) . ' tests'
    or diag grep { /^(?:not ok|#|Bail)/ } @lines;

$nginx->stop;
$nginx->quiet;

done_testing;
