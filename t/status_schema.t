#!/usr/bin/perl

# docs/status.schema.json describes real answers of several states, refuses
# broken ones, and has no rule that the validator does not know.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch);
use JSON::PP ();
use Readers qw(browser readers warm);
use Social;
use Social::Schema;
use Storable qw(dclone);
use Test::More;


sub slurp {
    open my $fh, '<:raw', $_[0] or die "$_[0]: $!";
    local $/;
    return scalar <$fh>;
}

my $text = slurp("$FindBin::Bin/../docs/status.schema.json");
my $schema = Social::Schema->new($text);

sub valid {
    my ($doc, $what) = @_;

    my @wrong = $schema->check($doc);
    is_deeply \@wrong, [], $what or diag join "\n", @wrong[0 .. 5];

    return $doc;
}


my $page = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = Social->new(
    files => { map { ("posts/$_/index.html" => $page) } qw(a b c) },
    site => "article /posts/; goal done = /done/; reactions on;",
    server => 'location = /open { social_status blog public; }',
);

warm($nginx);

valid($nginx->status, 'a site on its first day');
valid($nginx->status(period => 'all'), 'all of it');

for my $n (0 .. 2) {
    readers($nginx, '/posts/' . (qw(a b c))[$n] . '/',
        map { browser($_) } 1 .. 40 - 19 * $n);
}

my $first = $nginx->post('comments', { article => '/posts/a/', name => 'Ann',
    text => "One\n\ntwo", token => $nginx->token('/posts/a/') })
    ->{headers}{location};
my ($id) = $first =~ /#comment-(\w+)/;
$nginx->post('comments', { article => '/posts/a/', name => 'Bob',
    text => 'And three', parent => $id, token => $nginx->token('/posts/a/') });
$nginx->post('share', { article => '/posts/a/', network => 'reddit',
    token => $nginx->token('/posts/a/') });

for my $period (qw(24h 7d 28d 90d 365d all)) {
    valid($nginx->status(period => $period), $period);
}

my $doc = valid($nginx->status(article => '/posts/a/'),
                "an article's own page");
is $doc->{article}{conversation}[0]{text}, 'One two',
    'with the first words of a comment';
is $doc->{inbox}[0]{name}, 'Ann', 'and who waits';

valid($nginx->status(article => '/posts/none/'), 'an unknown article');
valid($nginx->status(from => '2020-01-01', to => '2026-01-01'), 'years');
valid($nginx->get('/open?format=json')->{json}, 'a public page');
valid($nginx->get('/open?format=json&article=/posts/a/')->{json},
      'a public page of an article');


# broken ones

my %broken = (
    'a missing member' => sub { delete $_[0]{totals}{views} },
    'an unknown member' => sub { $_[0]{articles}[0]{likes} = 1 },
    'an unknown member at the top' => sub { $_[0]{extra} = {} },
    'text for a number' => sub { $_[0]{totals}{views} = 'many' },
    'a fraction for a count' => sub { $_[0]{totals}{comments} = 1.5 },
    'a negative count' => sub { $_[0]{articles}[1]{views} = -1 },
    'a rate above 1' => sub { $_[0]{totals}{conversation_rate} = 1.01 },
    'another schema' => sub { $_[0]{schema} = 2 },
    'a local time' => sub { $_[0]{generated} = '2026-11-22T04:00:00+01:00' },
    'an unknown class' => sub { $_[0]{articles}[0]{class} = 'viral' },
    'an unknown state' => sub { $_[0]{alarms}[0]{state} = 'bad' },
    'too few alarms' => sub { shift @{ $_[0]{alarms} } },
    'a step of nothing' => sub { $_[0]{series}[0] = {} },
    'null for an object' => sub { $_[0]{totals} = undef },
    'an inbox without people' => sub { delete $_[0]{people} },
    'a label without a number' => sub {
        $_[0]{totals}{shares_by_network}{reddit} = undef },
    'a comment without a name' => sub {
        delete $_[0]{article}{conversation}[0]{name} },
    'a boolean for a number' => sub { $_[0]{page} = JSON::PP::true },
);

for my $what (sort keys %broken) {
    my $copy = dclone($doc);
    $broken{$what}->($copy);
    cmp_ok scalar($schema->check($copy)), '>', 0, "refused: $what";
}

for my $bad ('{"type":"object","maxProperties":3}',
             '{"properties":{"a":{"format":"date"}}}',
             '{"items":{"anyOf":[]}}', '{"$ref":"#/$defs/none"}') {
    is eval { Social::Schema->new($bad) }, undef, "no schema: $bad";
}

$nginx->stop;
$nginx->quiet;

done_testing;
