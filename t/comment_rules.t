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
    $_ => $nginx->wait_for(sub { $nginx->others_token($page) });
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

my %jar;
my $id = say_in('slow', 'Flour', jar => \%jar)->{json}{comment}{id};
my $res = $nginx->request('PATCH', "/_slow/comments/$id", jar => \%jar,
    headers => { Accept => 'application/json',
                 'Content-Type' => 'application/json',
                 'Sec-Fetch-Site' => 'same-origin' },
    content => JSON::PP->new->encode({ text => $endless }));

is $res->{status}, 200, 'an edit that cannot be judged is accepted';
is $res->{json}{comment}{state}, 'held', 'and held';


# links are counted as they are shown

held('two links', 'links', 'http://a.b http://c.d', '');
held('three links', 'links', 'http://a.b http://c.d http://e.f', 'links');
held('addresses that are part of one', 'links',
     'https://web.example/https://a.b/https://c.d/?u=https://e.f', '');

held('addresses in code', 'links', '`http://a.b` `http://c.d` `http://e.f`', '');
held('addresses joined by an escape', 'links',
     'http://a.b\\/http://c.d\\/http://e.f', '');

for my $end ("/\x{a0}", "=\x{a0}/", "/\x{3000}", "/\x{2028}=") {
    held(sprintf('links behind %vX', $end), 'links',
         "http://a.b${end}http://c.d${end}http://e.f", 'links');
}


# edits and reactions are charged to the limit of comments

sub edit {
    my ($site, $id, $text, $jar) = @_;

    return $nginx->request('PATCH', "/_$site/comments/$id", jar => $jar,
        headers => { 'Content-Type' => 'application/json',
                     'Sec-Fetch-Site' => 'same-origin' },
        content => JSON::PP->new->utf8->encode({ text => $text }));
}


sub like_it {
    my ($site) = @_;

    return $nginx->post_json('', { article => "/$site/",
        token => $token{$site} }, path => "/_$site/reactions");
}


{
    my %own;
    my $first = say_in('rate', 'One', jar => \%own)->{json}{comment}{id};

    is edit('rate', $first, 'Two', \%own)->{status}, 200, 'an edit';
    is like_it('rate')->{status}, 200, 'a reaction';

    my %refused = (
        'a comment' => say_in('rate', 'Three', jar => \%own),
        'an edit' => edit('rate', $first, 'Four', \%own),
        'a reaction' => like_it('rate'),
    );

    for my $what (sort keys %refused) {
        is $refused{$what}{status}, 429, "$what beyond the limit: 429";
        ok $refused{$what}{headers}{'retry-after'}, "$what: Retry-After";
    }

    is $nginx->get("/_rate/comments/$first", jar => \%own,
        headers => { Accept => 'application/json' })->{json}{comment}{html},
        '<p>Two</p>', 'a refused edit changes nothing';
    is $nginx->request('DELETE', "/_rate/comments/$first", jar => \%own,
        headers => { 'Sec-Fetch-Site' => 'same-origin',
                     Accept => 'application/json' })->{status}, 204,
        'deleting is not limited';
}


# `limit off`

held('any number of links', 'free', join(' ', map { "http://$_.b" } 'a' .. 'z'),
     '');

{
    my %own;
    my $first = say_in('free', 'Text 0', jar => \%own)->{json}{comment}{id};
    my %answers;

    $answers{ edit('free', $first, "Text $_", \%own)->{status} }++ for 1 .. 20;
    $answers{ like_it('free')->{status} }++ for 1 .. 20;

    is_deeply \%answers, { 200 => 40 }, 'any number of edits and reactions';
}


$nginx->quiet;

done_testing;
