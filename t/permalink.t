#!/usr/bin/perl

# A permalink leads to the page of the thread that has the comment, also when
# newer comments have pushed it off the article's page.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Test::More;


my $html = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = Social->new(
    files => { 'posts/a b/index.html' => $html },
    site  => 'article /posts/; comments open;',
);

my $key = '/posts/a b/';
my $path = '/posts/a%20b/';
my $token = $nginx->token($path);

sub comment {
    my (%a) = @_;

    my $jar = delete $a{jar};
    my $res = $nginx->post('comments', { article => $key, token => $token,
        name => 'Ann', text => 'x', %a }, jar => $jar);

    return ($res->{headers}{location} // "$res->{status}");
}

sub id { return $_[0] =~ /#comment-(\w+)$/ }

sub place {
    my ($id, %a) = @_;

    my $res = $nginx->get("/_social/comments/$id", %a);

    return $res->{headers}{location} // $res->{status};
}

sub has {
    my ($place, $id) = @_;

    my ($url) = $place =~ /^([^#]+)/;

    return $nginx->get($url)->{content} =~ /id="comment-\Q$id\E"/ ? 1 : 0;
}

my %jar;
my $made = comment(text => 'the first', jar => \%jar);
my ($first) = id($made);

is $made, "$path#comment-$first", 'a new comment is on the page of its article';
is place($first), $made, '... and its own address leads there';

my ($second) = id(comment(text => "number $_")) for 2 .. 100;

is place($first), $made, 'a hundred comments are on the page';

my ($reply) = id(comment(parent => $first, text => 'a late reply'));
my $older = "/_social/thread?article=%2Fposts%2Fa%20b%2F&page=2#comment-$first";

is place($first), $older, 'an older comment is on a page of the thread';
ok has($older, $first), '... which has it';
is place($reply), "$path#comment-$reply", 'the newest is on the page';

my $page = $nginx->get($path)->{content};

like $page, qr{<a href="/_social/comments/$first">In reply to Ann</a>},
    'a reply links to a comment that is on another page';
unlike $page, qr{id="comment-$first"}, '... and not on this one';

like $nginx->get("/_social/comments/$first", jar => \%jar)->{content},
    qr{<a\ href="/_social/thread\?article=%2Fposts%2Fa%20b%2F
       &amp;page=2\#comment-$first">}x,
    "the writer's own page links to it";
is $nginx->post("comments/$first/edit", { text => 'edited' }, jar => \%jar)
    ->{headers}{location}, $older, 'an edit leads back to it';

my $queue = $nginx->queue("?state=approved&q=late")->{content};

like $queue, qr{<a href="/_social/comments/$reply">}, 'the queue links to it';
like $queue, qr{<a href="/_social/comments/$first">In reply to},
    '... and to the comment that it replies to';

comment(text => "more $_") for 1 .. 100;

is place($reply), $older =~ s/\w+$/$reply/r, 'pages move on';
is place($first), $older =~ s/page=2/page=3/r, '... by a hundred';
ok has(place($first), $first), 'and have their comments';
is $nginx->get('/_social/comments/c999999')->{status}, 404, 'no comment';

$nginx->moderate({ id => $first, action => 'hold' });
is place($first), 404, 'a held comment has no place';

$nginx->quiet;

done_testing;
