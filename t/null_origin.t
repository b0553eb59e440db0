#!/usr/bin/perl

# Pages with a Referrer-Policy such as no-referrer: over plain http, browsers
# send "Origin: null" with their forms.  Such a form is refused, but nothing
# that was typed is lost: it can be sent again from a page of ours.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my $nginx = Social->new(
    files => { 'posts/a/index.html' => page('A page') },
    site => 'article ~ ^/posts/; comments open; reactions on;',
    server => 'add_header Referrer-Policy no-referrer always;',
);
my $token = $nginx->wait_for(sub { $nginx->token('/posts/a/') });

my %from = (article => '/posts/a/', token => $token);
my %typed = (%from, name => 'Zoë <b>', website => 'example.org',
             text => "One\r\n\"Two\" & <three>", parent => '');


sub from_null {
    my ($route, $fields, %headers) = @_;

    return $nginx->post($route, $fields,
                        headers => { Origin => 'null', %headers });
}


sub unescape {
    my ($text) = @_;

    my %char = (amp => '&', lt => '<', gt => '>', quot => '"');
    $text =~ s/&(?:#(\d+)|(\w+));/defined $1 ? chr $1 : $char{$2}/ge;
    utf8::upgrade($text);

    return $text;
}


# the fields of the form on a page, as a browser sends them

sub fields_of {
    my ($page) = @_;

    my %field;
    my ($form) = $page =~ m{(<form.*?</form>)}s;

    while (($form // '') =~ m{<(?:input|button)\b([^>]*)>
                              |<textarea\b([^>]*)>\n?(.*?)</textarea>}gsx) {
        my ($attributes, $text) = ($1 // $2, $3);
        my ($name) = $attributes =~ /\bname="([^"]*)"/ or next;
        my ($value) = $attributes =~ /\bvalue="([^"]*)"/;
        $field{$name} = unescape($text // $value // '');
    }

    return \%field;
}


sub action_of { return $_[0] =~ /<form[^>]* action="([^"]*)"/ ? $1 : '' }


# the first press is refused; the button on our page repeats it

sub twice {
    my ($what, $route, $fields, $status) = @_;

    my $res = from_null($route, $fields);
    my $page = $res->{content};

    is $res->{status}, 403, "$what: refused";
    is $res->{headers}{'cache-control'}, 'no-store', "$what: not cached";
    like $page, qr/<meta name="referrer" content="same-origin">/,
        "$what: the page has a referrer policy of its own";
    is action_of($page), "/_social/$route", "$what: the form leads there";

    my $again = fields_of($page);

    for my $name (grep { $fields->{$_} ne '' } sort keys %$fields) {
        is $again->{$name}, $fields->{$name} =~ s/\r//gr,
            "$what: holds \"$name\"";
    }

    my $second = $nginx->post($route, $again);
    is $second->{status}, $status, "$what: the second press succeeds";

    return $second;
}


is twice('a comment', 'comments', \%typed, 303)->{headers}{location},
    '/posts/a/#comment-c1', 'the comment is on the page';
like $nginx->get('/posts/a/')->{content}, qr{&quot;Two&quot;}, 'with its text';

like twice('a share', 'share', { %from, network => 'bluesky' }, 303)
    ->{headers}{location}, qr{^https://bsky\.app/}, 'the share goes on';
twice('a share to a server', 'share', { %from, network => 'mastodon',
    instance => 'example.social' }, 303);
twice('a reaction', 'reactions', { %from }, 303);
twice('a report', 'comments/c1/report', { %from }, 200);

is_deeply [ map { "$_->{event} $_->{state}" } grep { $_->{event} ne 'view' }
            grep { $_->{event} } $nginx->events ],
    [ 'comment approved', 'share new', 'share new', 'reaction new' ],
    'only what succeeded is an event';


# nobody else gets the form

my $res = from_null('comments', \%typed, 'Sec-Fetch-Site' => 'cross-site');
is $res->{status}, 403, 'a browser that names another site: refused';
unlike $res->{content}, qr/<form/, 'without a form';

$res = $nginx->post('comments', \%typed,
                    headers => { Origin => 'http://evil.example' });
is $res->{status}, 403, 'another origin: refused';
unlike $res->{content}, qr/<form/, 'without a form';

$res = from_null('comments', \%typed, Accept => 'application/json');
is $res->{status}, 403, 'JSON: refused';
is $res->{json}{error}{code}, 'origin', 'JSON: the code';

for my $route (qw(comments/c1/edit comments/c1/delete mine/erase)) {
    $res = from_null($route, { %from, text => 'New' });
    is $res->{status}, 403, "$route: refused";
    unlike $res->{content}, qr/<form/, "$route: without a form";
}


# all pages of ours have the policy

my %page = (
    'a thread' => $nginx->get('/_social/thread?article=/posts/a/'),
    'an error' => $nginx->get('/_social/nothing'),
    'the status page' => $nginx->get('/social'),
    'the queue' => $nginx->queue(''),
    'a comment of one\'s own' => do {
        $nginx->post('comments', { %typed, text => 'Mine' },
                     jar => \my %jar);
        $nginx->get('/_social/comments/c2', jar => \%jar);
    },
);

for my $what (sort keys %page) {
    like $page{$what}{content},
        qr{<head>.*<meta[ ]name="referrer"[ ]content="same-origin">.*</head>}sx,
        "$what has a referrer policy of its own";
}


$nginx->quiet;

done_testing;
