#!/usr/bin/perl

# Feeds of comments: of the site, of an article, and of the replies to one's
# own; what is in them, what must not be, and conditional requests.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp;
use Social;
use Test::More;

my $page = '<!DOCTYPE html><title>A &amp; B</title><article><p>x</p></article>';

my $nginx = Social->new(
    files => { map { ("posts/$_/index.html" => $page) } qw(a b) },
    site => "article /posts/;\nblock casino;",
);

my $feed = '/_social/feed.atom';
my $one = "$feed?article=/posts/a/";


sub comment {
    my ($text, %a) = @_;

    my $key = $a{key} // '/posts/a/';

    return $nginx->post_json('comments', {
        article => $key, token => $nginx->token($key), text => $text,
        name => $a{name} // 'Ann', website => $a{website} // '',
        parent => $a{parent} // '' }, jar => $a{jar} // {})
        ->{json}{comment};
}


sub ids { return $_[0]{content} =~ m{/comment/(c[0-9]+)</id>}g }

sub valid {
    my ($res, $name) = @_;

    my $file = File::Temp->new;
    print $file $res->{content};
    close $file;

    is `xmllint --noout --relaxng $FindBin::Bin/unit/data/atom.rng $file 2>&1`
        =~ /validates$/, 1, "$name: valid";

    return;
}


# empty

my $res = $nginx->get($feed);
is $res->{status}, 200, 'a feed without comments';
is $res->{headers}{'content-type'}, 'application/atom+xml', 'its type';
valid($res, 'empty');

# what is in it

my $a = comment("*Hi* <b>&amp;</b> ]]>", name => 'A "<b>" & C',
                website => 'a.example/?x&y');
my $b = comment('On b', key => '/posts/b/');
my $held = comment('casino');
my $reply = comment('Reply', parent => $a->{id}, name => 'Bo');

# the title of a page is saved a moment after its first view

$nginx->wait_for(sub {
    $nginx->get($one)->{content} =~ /<title>Comments on A &amp; B</ });

$res = $nginx->get($feed);
valid($res, 'site');
is_deeply [ids($res)], [$reply->{id}, $b->{id}, $a->{id}],
    'approved comments, newest first';
like $res->{content}, qr{<title>A &quot;&lt;b&gt;&quot; &amp; C: \*Hi\*},
    'a title, escaped';
like $res->{content},
    qr{<content type="html">&lt;p&gt;&lt;em&gt;Hi&lt;/em&gt; &amp;lt;b},
    'HTML, escaped twice where a reader typed it';
like $res->{content}, qr{<uri>https://a\.example/\?x&amp;y</uri>}, 'a website';
my $origin = $nginx->origin;
like $res->{content}, qr{<link rel="self" [^>]*href="\Q$origin$feed\E"},
    'where it is: the Host of the request';
like $res->{content},
    qr{rel="alternate" type="text/html" href="\Q$origin\E/posts/a/\#comment-$a->{id}"},
    'where a comment is';
like $res->{headers}{'x-robots-tag'}, qr/noindex/, 'not for search engines';

$res = $nginx->get($one);
valid($res, 'article');
is_deeply [ids($res)], [$reply->{id}, $a->{id}], 'of one article';
like $res->{content}, qr{<title>Comments on A &amp; B</title>}, 'its title';
like $res->{content}, qr{<link rel="alternate" [^>]*href="\Q$origin\E/posts/a/"},
    'its article';

is $nginx->get("$feed?article=/nowhere/")->{status}, 404, 'unknown article';
is $nginx->get("$feed?article=")->{status}, 400, 'no article';
is $nginx->post('feed.atom', {})->{status}, 405, 'nothing is posted to it';
like $nginx->get('/_social/thread?article=/posts/a/')->{content},
    qr{<link rel="alternate" type="application/atom\+xml"[^>]*feed\.atom\?article=},
    'the page of the thread names it';

# conditional requests; what is gone is gone at once

my $etag = $res->{headers}{etag};
ok $etag, 'an ETag';
is $nginx->get($one, headers => { 'If-None-Match' => $etag })->{status}, 304,
    'nothing new: 304';
comment('elsewhere', key => '/posts/b/');
is $nginx->get($one, headers => { 'If-None-Match' => $etag })->{status}, 304,
    'nor from another article';

for my $action (qw(hold approve spam approve delete restore erase)) {
    $nginx->moderate({ id => $reply->{id}, action => $action });
    my $there = grep { $_ eq $reply->{id} } ids($nginx->get($one));
    is $there, $action =~ /approve|restore/ ? 1 : 0, "$action: at once";
}

is $nginx->get($one, headers => { 'If-None-Match' => $etag })->{status}, 200,
    'something has changed: 200';

# at most fifty

comment("no. $_", key => '/posts/b/') for 1 .. 52;
$res = $nginx->get($feed);
is scalar(my @all = ids($res)), 50, 'the newest fifty';
valid($res, 'fifty');

# replies to one's own

my %jar;
my $mine = comment('Mine', jar => \%jar);

sub replies {
    my ($fields, $jar) = @_;

    return $nginx->post('mine/feed', $fields, jar => $jar,
        headers => { Accept => 'application/json' });
}

is replies({}, {})->{status}, 404, 'nobody without comments has a feed';
my $address = replies({}, \%jar)->{json}{feed};
like $address, qr{^/_social/replies/[A-Za-z0-9_-]{22}\.atom$}, 'its address';
is replies({}, \%jar)->{json}{feed}, $address, 'it stays';

comment('Answer', parent => $mine->{id}, name => 'Bo');
comment('Own answer', parent => $mine->{id}, jar => \%jar);
comment('casino', parent => $mine->{id});
comment('To another', parent => $a->{id});

$res = $nginx->get($address);
is $res->{status}, 200, 'it needs no cookie';
valid($res, 'replies');
like $res->{content}, qr/Answer/, 'the replies of others';
is scalar(@all = ids($res)), 1, 'approved ones, and no others';
like $res->{headers}{'cache-control'}, qr/private/, 'not for shared caches';
is $nginx->get($address, headers => { 'If-None-Match' =>
    $res->{headers}{etag} })->{status}, 304, 'conditional, too';

like $nginx->post('mine/feed', {}, jar => \%jar)->{content},
    qr{<a href="\Q$address\E"}, 'without script: a page with a link';
like $nginx->get("/_social/comments/$mine->{id}", jar => \%jar)->{content},
    qr{action="/_social/mine/feed"}, 'the own page has the button';

my $new = replies({ action => 'renew' }, \%jar)->{json}{feed};
isnt $new, $address, 'a new address';
is $nginx->get($address)->{status}, 404, 'the old one is gone';
is $nginx->get($new)->{status}, 200, 'the new one works';

for my $bad ('x', 'A' x 22, '%2e%2e' . 'A' x 20, 'A' x 4000) {
    is $nginx->get("/_social/replies/$bad.atom")->{status}, 404,
        'no such feed: ' . substr $bad, 0, 30;
}

$nginx->post('mine/erase', {}, jar => \%jar);
is $nginx->get($new)->{status}, 404, 'gone after erasing everything';

# numbers of comments in words

my $counts = sub { $nginx->get("/_social/counts?$_[0]article=/posts/a/")
                       ->{json}{counts}{'/posts/a/'} };
my $n = $counts->('')->{comments};
ok !exists $counts->('')->{text}, 'numbers alone';
is $counts->('lang=en&')->{text}, "$n comments", 'in words';
is $counts->('lang=de-AT&')->{text}, "$n Kommentare", 'of the language';
is $counts->('lang=&')->{text}, "$n comments", 'without a language: English';

$nginx->quiet;

done_testing;
