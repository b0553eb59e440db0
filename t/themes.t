#!/usr/bin/perl

# Numbers of comments in lists of articles: an article is named as themes write
# its link.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Test::More;


my $html = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = Social->new(
    files => { map { ("$_/index.html" => $html) }
        'posts/a', "posts/caf\xc3\xa9", 'posts/100%25' },
    site  => 'article /posts/; origin https://blog.example; reactions off;',
);

sub comments {
    my ($asked) = @_;

    my $res = $nginx->get('/_social/counts?article='
                          . Social::encode($asked));
    my @keys = keys %{ $res->{json}{counts} };

    return @keys == 1 && $keys[0] eq $asked
        ? $res->{json}{counts}{$asked}{comments}
        : @keys ? "answer for @keys" : 'none';
}

for my $path ('/posts/a/', '/posts/caf%C3%A9/', '/posts/100%2525/') {
    my $key = $path =~ s/%(..)/chr hex $1/ger;

    $nginx->post('comments', { article => $key, name => 'Ann', text => 'x',
        token => $nginx->token($path) })->{status} == 303 or die $path;
}

for my $asked (
    '/posts/a/', '/posts/a/index.html', '/posts/a/?utm_source=x',
    '/posts/a/#comments', '/posts/a/index.html?a=1#b', '/posts//a/',
    '/%70osts/a/', '/posts/caf%C3%A9/', '/posts/caf%c3%a9/index.html',
    'https://blog.example/posts/a/', 'HTTPS://Blog.Example:443/posts/a/?x#y',
    'http://blog.example/posts/a/', '//blog.example/posts/a/',
    $nginx->origin . '/posts/a/', '/posts/100%25/', '/posts/100%2525/',
) {
    is comments($asked), 1, "an article as \"$asked\"";
}

for my $asked (
    'https://evil.example/posts/a/', 'https://blog.example.evil/posts/a/',
    'https://blog.example@evil.example/posts/a/', 'posts/a/', '/posts/a',
    '/posts/b/', '', '/', '%', '/posts/a/%zz', 'javascript:/posts/a/',
) {
    is comments($asked), 'none', "no article: \"$asked\"";
}

my $two = $nginx->get('/_social/counts?article=/posts/a/'
    . '&article=/posts/a/index.html&article=/posts/a/')->{json}{counts};

is join(' ', sort keys %$two), '/posts/a/ /posts/a/index.html',
    'the answer is keyed by what was asked';

$nginx->quiet;

done_testing;
