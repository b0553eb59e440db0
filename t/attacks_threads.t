#!/usr/bin/perl

# Threads that no form makes but an import or a broken store might: answers to
# themselves, in a circle, to later comments and to those of other articles,
# and a chain of very many.  Every page ends, and has all comments.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my $nginx = Social->new(
    files => { map { ("posts/$_/index.html" => page("Page $_")) } qw(a b deep) },
    site => "article ~ ^/posts/;\ncomments open;",
);
my %token = map { $_ => $nginx->token("/posts/$_/") } qw(a b deep);

sub add {
    my ($name, $text, $parent) = @_;

    return comment($nginx, article => "/posts/$name/", token => $token{$name},
        name => 'Ann', text => $text, parent => $parent)->{json}{comment}{id};
}

my %parent = (
    'itself' => [ 0 => 0 ],
    'each other' => [ 1 => 2, 2 => 1 ],
    'a circle of three' => [ 3 => 4, 4 => 5, 5 => 3 ],
    'a later one' => [ 6 => 7 ],
    'one of another article' => [ 8 => 10 ],
    'one that answers itself' => [ 9 => 0 ],
);
my @ids = map { add('a', "Text $_") } 0 .. 9;
push @ids, add('b', 'Text of b');
my $chain = add('deep', 'Begin');
my $long = $ENV{SOCIAL_LONG} ? 100_000 : 5_000;

$nginx->stop;

my $row = sub { return substr $ids[$_[0]], 1 };
my $sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
    WHERE i < $long) INSERT INTO comment (article, parent, state, before, role,
    created, person, name, text) SELECT (SELECT article FROM comment
    WHERE text = 'Begin'), @{[ substr $chain, 1 ]} + i - 1, 1, 1, 0,
    unixepoch(), 0, 'Ann', 'Deep ' || i FROM n;";

for my $edges (values %parent) {
    for (my $i = 0; $i < @$edges; $i += 2) {
        $sql .= 'UPDATE comment SET parent = ' . $row->($edges->[$i + 1])
            . ' WHERE id = ' . $row->($edges->[$i]) . ';';
    }
}

is system('sqlite3', $nginx->dir . '/store/blog.db', $sql), 0,
    'the store is changed';
$nginx->start;


# each page is answered and ends; all pages together have every comment once

sub on_pages {
    my ($url, %a) = @_;

    my (@found, $size);

    for (1 .. 2000) {
        my $res = $nginx->wait_for(sub {
            my $try = $nginx->get($url, %a);
            $try->{status} == 200 && $try });

        ok $res, "A21: $url is answered" or last if !$res;
        push @found, $res->{content} =~ /id="comment-(c\d+)"/g;
        $size = length $res->{content} if length $res->{content} > ($size // 0);
        ($url) = $res->{content} =~ /href="([^"]+)" rel="next"/ or last;
        $url =~ s/&amp;/&/g;
    }

    cmp_ok $size, '<=', 1 << 20, "A21: at most 1 MiB a page";

    return join ' ', sort { substr($a, 1) <=> substr $b, 1 } @found;
}

my $all = join ' ', @ids[0 .. 9];

is on_pages('/_social/thread?article=/posts/a/'), $all,
    'A21: whatever they answer, a thread has each comment once';
$nginx->wait_for(sub { $nginx->get('/posts/a/')->{content} =~ /Text 9/ });
is on_pages('/posts/a/'), $all, 'A21: so has the article';
is join(' ', map { $_->{id} } @{ $nginx->get(
    '/_social/comments?article=/posts/a/')->{json}{comments} }), $all,
    'A21: and the list';
is on_pages('/_moderate/?article=/posts/a/&state=all',
            headers => Social::basic('jo')), $all, 'A21: and moderation';

my $doc = $nginx->status(period => 'all');
my ($figures) = grep { $_->{key} eq '/posts/a/' } @{ $doc->{articles} };

is $figures->{comments}, 10, 'A21: the figures count each once';
is $nginx->get('/social?article=/posts/a/')->{status}, 200,
    'A21: the status of the article';

for my $id (@ids[0 .. 9]) {
    my $res = $nginx->get("/_social/comments/$id");

    is "$res->{status} $res->{headers}{location}",
        "303 /posts/a/#comment-$id", "A21: $id has its permalink";
}

my $reply = add('a', 'An answer', $ids[1]);

ok $reply, 'A21: who answers one of a circle can';
is $nginx->moderate({ action => $_, id => [ @ids[0 .. 5] ] })->{status}, 303,
    "A21: $_ ends" for qw(hold approve delete restore);


# a chain

my @deep = split / /, on_pages('/_social/thread?article=/posts/deep/');

is scalar @deep, $long + 1, "A13: a chain of $long answers is shown";
is scalar(grep { $deep[$_] eq $deep[$_ - 1] } 1 .. $#deep), 0,
    'A13: each once';
is $nginx->get('/social?article=/posts/deep/')->{status}, 200,
    'A13: its figures are computed';


$nginx->stop;
$nginx->quiet;

done_testing;
