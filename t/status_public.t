#!/usr/bin/perl

# `social_status NAME public`: figures for everybody, without people, words and
# small numbers, beside a private page of the same site.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch);
use Readers qw(browser readers warm);
use Social;
use Test::More;


my $page = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = Social->new(
    files => { map { ("posts/$_/index.html" => $page) } qw(a b c d) },
    site => 'article /posts/; goal done = /done/;',
    server => 'location = /open { social_status blog public; }',
);

warm($nginx);

# reading a token is a view, too

my %readers = (a => 60, b => 40, c => 2, d => 1);

readers($nginx, "/posts/$_/", map { browser($_) } 1 .. $readers{$_})
    for sort keys %readers;

for my $n (1 .. 4) {
    $nginx->post('comments', { article => '/posts/a/', name => "Person $n",
        text => "Secret words $n", token => $nginx->token('/posts/a/') },
        headers => { 'User-Agent' => browser($n) }, jar => {});
}

$nginx->post('comments', { article => '/posts/b/', name => 'Lonely Person',
    text => 'Secret words 5', token => $nginx->token('/posts/b/') },
    headers => { 'User-Agent' => browser(9) }, jar => {});

my $private = $nginx->status;
my $res = $nginx->get('/open?format=json');
my $doc = $res->{json};

is $res->{headers}{'cache-control'}, 'no-cache', 'any cache may keep it';
is $private->{inbox}[0]{name}, 'Person 1', 'the private page has names';

ok !exists $doc->{$_}, "no $_" for qw(inbox people authors article);
ok !exists $doc->{totals}{$_}, "no $_" for qw(held oldest_held_seconds);
is_deeply [ keys %{ $doc->{health} } ], [ 'store_ok' ],
    'of health only whether the store works';

is $doc->{totals}{$_}, $private->{totals}{$_}, "the same $_"
    for qw(views reader_days comments participants unanswered);
is $doc->{totals}{exchanges}, undef, 'no number below three';

my %by = map { $_->{key} => $_ } @{ $doc->{articles} };

is $by{'/posts/a/'}{reader_days}, 61, 'readers of an article';
is $by{'/posts/a/'}{participants}, 4, 'people of an article';
is $by{'/posts/b/'}{reader_days}, 41, 'readers of another one';
is $by{'/posts/b/'}{participants}, undef, 'not one person';
is $by{'/posts/b/'}{conversation_rate}, undef, 'nor a rate of one person';
is $by{'/posts/b/'}{class_reason}, undef, 'nor a sentence about one';
is $by{"/posts/$_/"}{reader_days}, undef, "not the few readers of $_"
    for qw(c d);

for my $path ('/open', '/open?format=json', '/open?format=csv',
              '/open?article=/posts/a/', '/open?article=/posts/b/',
              '/open?format=json&article=/posts/a/&period=all') {
    my $text = $nginx->get($path)->{content};

    unlike $text, qr/Person|Secret/, "$path: no names, no words";
    unlike $text, qr{/_moderate/}, "$path: no link to moderation";
}

is $nginx->get('/open')->{status}, 200, 'there is a page';

my $own = $nginx->get('/open?format=json&article=/posts/a/')->{json}{article};
ok !exists $own->{conversation}, 'no conversation';
is $own->{funnel}{participants}, 4, 'but a funnel';

for my $format (qw(prometheus atom)) {
    $res = $nginx->get("/open?format=$format");
    is $res->{status}, 403, "$format is refused";
    is $res->{json}{error}{code}, 'public', "$format: why";
    unlike $res->{content}, qr/Person|Secret/, "$format: nothing slips out";
}

is $nginx->get('/open', headers => { Accept => 'application/atom+xml' })
    ->{status}, 403, 'so is a feed by Accept';

my $csv = $nginx->get('/open?format=csv')->{content};
my @names = split /,/, (split /\r\n/, $csv)[0];
my ($row) = grep { m{/posts/c/} } split /\r\n/, $csv;
my %cell;
@cell{@names} = split /,/, $row, -1;
is $cell{reader_days}, '', 'an empty cell for a small number';

is $nginx->status->{inbox}[0]{name}, 'Person 1',
    'the private page is as it was';

$nginx->stop;
$nginx->quiet;

done_testing;
