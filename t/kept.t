#!/usr/bin/perl

# The document of a thread and its pages are kept by each worker: whatever
# readers would see changes them at once, on every worker, and nothing else does.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;

my $nginx = Social->new(
    workers => 2,
    site    => 'article ~ ^/posts/;',
    files   => { map { ("posts/$_/index.html" => page($_)) } qw(bread salt) });

my $key = '/posts/bread/';
my $token = $nginx->token($key);
my @ways = ("/_social/comments?article=$key", "/_social/thread?article=$key");


# what both workers say: each request has a connection of its own, so a few of
# them reach both

sub said {
    my ($path) = @_;

    my %seen;

    for (1 .. 12) {
        my $res = $nginx->get($path);
        my $etag = $res->{headers}{etag} // 'none';
        $seen{"$etag $res->{content}"} = [ $etag, $res->{content} ];
    }

    is scalar keys %seen, 1, "$path: the same bytes and tag each time"
        or diag join "\n", keys %seen;

    return @{ (values %seen)[0] };
}


my $first = comment($nginx, article => $key, token => $token, name => 'Ann',
                    text => 'the first words', jar => \my %ann);
is $first->{status}, 201, 'a comment';
my $id = $first->{json}{comment}{id};
my %tag;

sub changed {
    my ($what, $has, $not) = @_;

    for my $path (@ways) {
        my ($etag, $text) = said($path);

        isnt $etag, $tag{$path} // '', "$what: $path has another tag";
        like $text, qr/$has/, '... and has it' if defined $has;
        unlike $text, qr/$not/, '... and not what is gone' if defined $not;
        $tag{$path} = $etag;

        is $nginx->get($path, headers => { 'If-None-Match' => $etag })
            ->{status}, 304, '... which is good for a 304';
    }

    return;
}

changed('a first comment', 'the first words');
comment($nginx, article => $key, token => $token, name => 'Bob',
        text => 'a second one');
changed('another', 'a second one');
is $nginx->post_json("comments/$id", { text => 'other words' },
                     method => 'PATCH', jar => \%ann)->{status}, 200, 'edited';
changed('an edit', 'other words', 'the first words');
$nginx->moderate({ id => $id, action => 'hold' });
changed('a comment that is held', 'a second one', 'other words');

# what its writer edited is approved only with the revision that was seen
$nginx->moderate({ id => $id, action => 'approve',
    revision => $nginx->queue('?format=json')->{json}{revision} });
changed('... and approved', 'other words');
$nginx->moderate({ id => $id, action => 'erase' });
changed('... and erased', 'a second one', 'other words');

# what is not the beginning of the thread is not that document

my ($whole) = said($ways[0]);
my $some = $nginx->get("$ways[0]&limit=1")->{json};
is scalar @{ $some->{comments} }, 1, 'limit=1 gives one comment';
my $after = $nginx->get("$ways[0]&after=$some->{comments}[0]{id}")->{json};
ok !grep({ $_->{id} eq $some->{comments}[0]{id} } @{ $after->{comments} }),
    'after= gives those behind it';
is +(said($ways[0]))[0], $whole, 'and both leave the document as it is';

# a thread that moved: its old key says what the new one does

$nginx->get('/posts/salt/');
$nginx->moderate({ action => 'move', id => $some->{comments}[0]{id},
                   to => '/posts/salt/' });
comment($nginx, article => '/posts/salt/', token =>
        $nginx->token('/posts/salt/'), name => 'Cid', text => 'after the move');

for my $from ('/posts/salt/', $key) {
    my (undef, $text) = said("/_social/comments?article=$from");
    like $text, qr/after the move/, "$from: the thread at its new place";
}

$nginx->quiet;
done_testing;
