#!/usr/bin/perl

# What holds or refuses a comment: the expressions of `block`, however long they
# take; links, counted as they are shown; the limit of comments, which edits and
# reactions share.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my %site = (
    slow => 'comments open; limit off; block "(\w+\s*)+casino";',
    deep => 'comments open; limit off; block "^(a|b)*$";',
    links => 'comments open; limit comments=1000/1m links=2;',
    rate => 'comments open; limit comments=3/1h; reactions on;',
    free => 'comments open; limit off; reactions on;',
);

my $nginx = Social->new(
    files => { map { ("$_/index.html" => page('A page')) } 'posts/a',
               keys %site },
    site => 'article ~ ^/posts/;',
    http => join('', map {
        "social_site $_ { store sqlite:DIR/store/$_.db; $site{$_} }\n"
    } sort keys %site),
    server => join('', map {
        "location /$_/ { social $_; }\n"
        . "location ^~ /_$_/ { social_api $_; }\n"
    } sort keys %site),
);

my %token = map {
    my $page = "/$_/";
    $_ => $nginx->wait_for(sub { $nginx->token($page) });
} sort keys %site;


# a comment of this site's article; the name makes it another person's

sub say_in {
    my ($site, $text, %a) = @_;

    return comment($nginx, path => "/_$site/comments", article => "/$site/",
                   token => $token{$site}, name => 'Ann', text => $text, %a);
}


sub reason {
    my ($site, $id) = @_;

    $id =~ s/^c//;
    my $path = $nginx->dir . "/store/$site.db";
    my $reason = `sqlite3 '$path' "SELECT reason FROM comment WHERE id = $id"`;
    chomp $reason;

    return $reason;
}


sub held {
    my ($what, $site, $text, $reason, %a) = @_;

    my $res = say_in($site, $text, %a);

    is $res->{status}, $reason ? 202 : 201,
        "$what: " . ($reason ? 'held' : 'on the page');
    is reason($site, $res->{json}{comment}{id}), $reason, "$what: the reason";

    return $res;
}


# `block`

my $endless = 'aaaa ' x 200 . 'o';

held('a match', 'slow', 'The best casino', 'blocked words');
held('no match', 'slow', 'Bread', '');
held('an expression that would take years', 'slow', $endless, 'blocked words');
held('one that needs too much memory', 'deep', 'ab' x 15000 . 'c',
     'blocked words');

my %jar;
my $id = say_in('slow', 'Flour', jar => \%jar)->{json}{comment}{id};
my $res = $nginx->request('PATCH', "/_slow/comments/$id", jar => \%jar,
    headers => { Accept => 'application/json',
                 'Content-Type' => 'application/json',
                 'Sec-Fetch-Site' => 'same-origin' },
    content => JSON::PP->new->encode({ text => $endless }));

is $res->{status}, 200, 'an edit that cannot be judged is accepted';
is $res->{json}{comment}{state}, 'held', 'and held';


$nginx->quiet;

done_testing;
