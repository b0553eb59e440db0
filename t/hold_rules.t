#!/usr/bin/perl

# The rules that hold comments: the filter that learns from the moderator, the
# same text twice, comments that come faster than a person; `close=`; limits of
# an IPv6 network and of an article; reports, which hold nothing.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my $dated = page('Old') =~ s{<head>}{<head><meta property="article:published_time" content="2020-05-01T10:00:00Z">}r;

my %site = (
    learns => 'comments open; limit off;',
    fast => 'comments open; limit comments=1000/1m;',
    shut => 'comments open close=30d; limit off;',
    short => 'comments open close=1s; limit off;',
    wide => 'comments open; limit comments=1/1h;',
);

my $nginx = Social->new(
    files => { (map { ("$_/index.html" => page('A page')) } 'posts/a',
                qw(learns fast shut/new short wide)),
               (map { ("wide/$_/index.html" => page("Page $_")) } 1 .. 9),
               'shut/old/index.html' => $dated },
    site => 'article ~ ^/posts/;',
    http => "set_real_ip_from 127.0.0.1; real_ip_header X-From;\n"
        . join('', map {
        "social_site $_ { store sqlite:DIR/store/$_.db; $site{$_} }\n"
    } sort keys %site),
    server => join('', map {
        "location /$_/ { social $_; }\n"
        . "location ^~ /_$_/ { social_api $_; }\n"
        . "location ^~ /mod_$_/ { social_moderate $_; auth_basic x; "
        . "auth_basic_user_file users; }\n"
    } sort keys %site),
);

my %token;

sub token_for {
    my ($path) = @_;

    return $token{$path} //= $nginx->wait_for(
        sub { $nginx->others_token($path) });
}


sub say_in {
    my ($site, $text, %a) = @_;

    my $article = delete $a{article} // "/$site/";
    return comment($nginx, path => "/_$site/comments", article => $article,
                   token => token_for($article), name => 'Ann', text => $text,
                   %a);
}


sub moderate {
    my ($site, %a) = @_;

    return $nginx->post('', \%a, path => "/mod_$site/",
                        headers => { %{ Social::basic('jo') },
                                     Accept => 'application/json' });
}


sub queue {
    my ($site, $args) = @_;

    return $nginx->get("/mod_$site/?format=json&$args",
                       headers => Social::basic('jo'))->{json}{comments};
}


# the filter

my @spam = map { say_in('learns', "Best casino bonus $_ http://win$_.example/ "
                        . "http://bet$_.example/ http://play$_.example/")
                     ->{json}{comment}{id} } 1 .. 20;
my @honest = map { say_in('learns', "My bread rises slowly in winter, as you "
                          . "said, about $_ hours")->{json}{comment}{id} }
    1 .. 20;

is scalar(grep { defined } @spam, @honest), 40, 'forty comments';
is say_in('learns', 'Casino bonus: the best, http://a.example/ '
          . 'http://b.example/ http://c.example/')->{status}, 201,
    'who was taught nothing holds nothing';

is moderate('learns', action => 'spam', id => \@spam)->{status}, 200,
    'the moderator marks twenty as spam';
is moderate('learns', action => 'approve', id => \@honest)->{status}, 200,
    'and approves twenty';

my $res = say_in('learns', 'The best casino of all: http://d.example/ '
                 . 'http://e.example/ http://f.example/', name => 'Bob');
is $res->{status}, 202, 'then such a comment is held';

my ($held) = @{ queue('learns', 'state=held') };
like $held->{reason}, qr/^like what you marked as spam: (?=.*casino).*3 links/,
    'the reason has words of the comment, and traits';
like $nginx->get('/mod_learns/?state=held', headers => Social::basic('jo'))
    ->{content}, qr/like what was marked as spam: [^<]*casino/,
    'the moderation page shows it';

is say_in('learns', 'Your bread rises at night? How many hours?')->{status},
    201, 'an honest one is on the page';

my %jar;
my $id = say_in('learns', 'How long does it rise?', jar => \%jar)
    ->{json}{comment}{id};
$res = $nginx->request('PATCH', "/_learns/comments/$id", jar => \%jar,
    headers => { 'Content-Type' => 'application/json',
                 'Sec-Fetch-Site' => 'same-origin' },
    content => '{"text":"Best casino bonus http://g.example/ '
        . 'http://h.example/ http://i.example/"}');
is $res->{json}{comment}{state}, 'held', 'an edit is judged, too';
$res = $nginx->get("/_learns/comments/$id", jar => \%jar);
like $res->{content}, qr/like what was marked as spam/,
    'its writer is told why';
unlike $res->{content} =~ s/<textarea.*?<\/textarea>//sr
    =~ s/<blockquote.*?<\/blockquote>//sr, qr/marked as spam: /,
    'but not the words';

is moderate('learns', action => 'restore', id => [ $spam[0] ])->{status}, 200,
    'a decision is taken back';
is say_in('learns', 'Again the best casino bonus http://j.example/ '
          . 'http://k.example/ http://l.example/')->{status}, 201,
    'with nineteen of them nothing is judged';


# the same text

my $text = 'I have read this twice and I still do not agree with it';
is say_in('learns', $text)->{status}, 201, 'a text is said once';
is say_in('learns', "$text!", name => 'Bob')->{status}, 202,
    'and held when another sends it again';
is queue('learns', 'state=held')->[0]{reason}, 'repeated text',
    'the reason: repeated text';


# reports hold nothing

$res = $nginx->post_json('', {}, path => "/_learns/comments/$honest[3]/report");
my ($first) = grep { $_->{state} ne 'held' } @{ queue('learns', '') };
is $first->{id}, $honest[3],
    'a reported comment comes first, after those that wait';
is $first->{reports}, 1, 'with the number of reports';
is $first->{state}, 'approved', 'and stays on the page';


# faster than a person

is say_in('fast', 'Nobody has seen me')->{status}, 201,
    'without a view nothing is known';

for my $try (1 .. 20) {
    # the article is served, and the view counted when that is done
    $nginx->get('/fast/');
    $res = say_in('fast', "I wrote this in no time at all, number $try");
    last if $res->{status} == 202;
}

is $res->{status}, 202, 'a comment that comes with the page is held';
is queue('fast', 'state=held')->[0]{reason}, 'faster than a person',
    'the reason: faster than a person';
is say_in('fast', 'I am slow', headers => { 'User-Agent' =>
    'Mozilla/5.0 (X11; OpenBSD amd64; rv:109.0) Gecko/20100101 Firefox/118.0' })
    ->{status}, 201, 'another reader is not';


# `close=`

like $nginx->get('/shut/new/')->{content}, qr/<textarea/,
    'a new article has a form';
my $open = $nginx->token('/shut/new/');
$nginx->wait_for(sub { $nginx->get('/shut/old/')->{content}
                           !~ /<textarea/ });
like $nginx->get('/shut/old/')->{content}, qr/Comments are closed/,
    'one that was published long ago says that comments are closed';

my $token = ($nginx->get('/shut/old/')->{content}
             =~ /name="token" value="([^"]+)"/)[0];
$res = comment($nginx, path => '/_shut/comments', article => '/shut/old/',
               token => $token, name => 'Ann', text => 'Late');
is $res->{status}, 403, 'a comment is refused';
is $res->{json}{error}{code}, 'closed', 'as closed';
is comment($nginx, path => '/_shut/comments', article => '/shut/new/',
           token => $open, name => 'Ann', text => 'In time')->{status}, 201,
    'the new one takes comments';

token_for('/short/');
my $n = 0;
$nginx->wait_for(sub {
    $res = say_in('short', 'Comment ' . ++$n);
    return $res->{status} == 403;
});
is $res->{json}{error}{code}, 'closed',
    'a page without a date is closed after the store has known it so long';
like $nginx->get('/short/')->{content}, qr/Comments are closed/,
    'and its widget says so';


# limits of IPv6 networks and of articles

sub from {
    my ($address, $page) = @_;

    return say_in('wide', "From $address on page $page",
        article => "/wide/$page/", headers => { 'X-From' => $address });
}

is from('2001:db8:1:1::1', 1)->{status}, 201, 'IPv6: a comment';
$res = from('2001:db8:1:1::2', 2);
is $res->{status}, 429, 'another address of the same /64: the limit';
ok $res->{headers}{'retry-after'}, 'with Retry-After';
is from("2001:db8:1:${_}::1", $_)->{status}, 201, "/64 number $_ of a /48"
    for 2 .. 4;
is from('2001:db8:1:5::1', 5)->{status}, 429,
    'four of them are what a /48 may have';
is from('2001:db8:2:5::1', 6)->{status}, 201, 'another /48 may';
is from('192.0.2.1', 7)->{status}, 201, 'IPv4: an address';
is from('192.0.2.1', 7)->{status}, 429, 'has its limit';
is from('192.0.2.2', 7)->{status}, 201, 'of its own';

my %status;
$status{ from("198.51.100.$_", 8)->{status} }++ for 1 .. 21;
is_deeply \%status, { 201 => 20, 429 => 1 },
    'an article takes twenty times as many';

$res = $nginx->post('comments', { article => '/wide/9/',
    token => token_for('/wide/9/'), name => 'Ann', text => 'x' },
    path => '/_wide/comments', headers => { 'X-From' => '192.0.2.1' });
is $res->{status}, 429, 'a form is refused, too';
like $res->{content}, qr/role="alert"[^>]*>[^<]*Minutes to wait: \d+</,
    'with a page that says when';

$nginx->quiet;

done_testing;
