#!/usr/bin/perl

# The main job, end to end: a page is read, commented and shared, and the status
# page shows it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Test::More;


my $html = '<!DOCTYPE html><html lang="en"><head><title>Bread &amp; salt'
    . '</title></head><body><main><article><h1>Bread</h1><p>Flour.</p>'
    . '</article></main></body></html>';

my $nginx = Social->new(
    files => {
        'posts/bread/index.html' => $html,
        'posts/salt/index.html' => $html,
        'thanks/index.html' => '<html><body><p>Thanks</p></body></html>',
        'about.html' => $html,
    },
    site => <<'END',
        article ~ ^/posts/[^/]+/$;
        goal subscribed = /thanks/;
END
);


# Right after the start a page may come without its thread, and so without an
# ETag.  Wait with HEAD, which is not a view.

$nginx->wait_for(sub {
    $nginx->request('HEAD', '/posts/bread/')->{headers}{etag} });


# a page

my $page = $nginx->get('/posts/bread/');

is $page->{status}, 200, 'the article is served';
like $page->{content}, qr{<p>Flour\.</p><section\ data-social="/posts/bread/".*
    </section></article></main></body></html>\z}xs,
    'the widget is the article\'s last child';

(my $rest = $page->{content}) =~ s{<section data-social.*</section>}{}s;
is $rest, $html, 'the page has no other change';

unlike $nginx->get('/about.html')->{content}, qr/data-social/,
    'a page that is not an article has no widget';

my $again = $nginx->get('/posts/bread/', headers => {
    'If-None-Match' => $page->{headers}{etag} });

is $again->{status}, 304, 'an unchanged page is not sent again';


# a comment

my $token = $nginx->token('/posts/bread/');
my %jar;

my $res = $nginx->post('comments', {
    article => '/posts/bread/', token => $token, name => 'Ann',
    website => '', text => "How much water?\n\nSee http://example.org/x",
    parent => '',
}, jar => \%jar);

is $res->{status}, 303, 'a comment by form: 303';
is $res->{headers}{location}, '/posts/bread/#comment-c1',
    'redirects to the comment\'s place';
ok $jar{social_me_blog}, 'its writer gets a cookie';

my $new = $nginx->get('/posts/bread/', headers => {
    'If-None-Match' => $page->{headers}{etag} });

is $new->{status}, 200, 'the page has changed';
like $new->{content}, qr/id="comment-c1".*Ann.*How much water/s,
    'the next view shows the comment';
like $new->{content}, qr{href="http://example\.org/x" rel="nofollow ugc},
    'a link in a comment is nofollow';
like $new->{content}, qr{>http://example\.org/x</a>},
    'a URL in a comment becomes a link';

for (1 .. 20) {
    like $nginx->get('/posts/bread/')->{content}, qr/id="comment-c1"/,
        'every worker shows it' or last;
}

my $reply = $nginx->post_json('comments', {
    article => '/posts/bread/', token => $token, name => 'Ben',
    text => 'About <b>65 %</b>', parent => 'c1',
});

is $reply->{status}, 201, 'a reply by JSON: 201';
is $reply->{json}{comment}{state}, 'approved', 'it is approved';
is $reply->{json}{comment}{parent}, 'c1', 'it has its parent';
is $reply->{json}{comment}{html}, '<p>About &lt;b&gt;65 %&lt;/b&gt;</p>',
    'its markup is shown as typed';

my $list = $nginx->get('/_social/comments?article=/posts/bread/');

is $list->{status}, 200, 'the comments as a list';
is $list->{json}{total}, 2, 'has two comments';
is_deeply [ map { $_->{id} } @{ $list->{json}{comments} } ],
    [ 'c1', 'c2' ],
    'oldest first';
is $nginx->get('/_social/comments?article=/posts/bread/', headers => {
    'If-None-Match' => $list->{headers}{etag} })->{status}, 304,
    'an unchanged list is not sent again';


# a share, and the visit that it leads to

$res = $nginx->post('share', {
    article => '/posts/bread/', network => 'bluesky', token => $token });

is $res->{status}, 303, 'a share: 303';
like $res->{headers}{location},
    qr{^https://bsky\.app/intent/compose\?text=Bread%20%26%20salt%0A},
    'redirects to the network';

my ($tag) = $res->{headers}{location} =~ /shared%3D(bluesky\.\d+\.[\w-]+)/;
ok $tag, 'the shared URL has a tag';

$nginx->agent->agent('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) '
    . 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15');
$nginx->get("/posts/bread/?shared=$tag");
$nginx->get("/posts/bread/?shared=${tag}x");
$nginx->agent->agent($Social::BROWSER);

$nginx->post('share', {
    article => '/posts/bread/', network => 'bluesky', token => $token });


# views by machines, and a goal

$nginx->get('/posts/salt/', headers => {
    'User-Agent' => 'Googlebot/2.1 (+http://www.google.com/bot.html)' });
$nginx->get('/posts/salt/', headers => { 'User-Agent' => 'Twitterbot/1.0' });
$nginx->get('/posts/salt/', headers => { 'Sec-Purpose' => 'prefetch' });
$nginx->get('/thanks/');
$nginx->get('/thanks/');


# the log

# a line is written after the answer's last byte: wait for the last line

$nginx->wait_for(sub { $nginx->events(event => 'goal') == 2 });
my @events = sort { $a->{class} cmp $b->{class} } $nginx->events;

is scalar(grep { $_->{event} eq 'view' && $_->{class} eq 'unconfirmed' }
          @events), 26, 'the log has a line for every view';
is_deeply [ map { "$_->{class}/$_->{network}" }
            grep { $_->{article} eq '/posts/salt/' } @events ],
    [ 'bot/', 'prefetch/', 'preview/x' ], 'classes of views by machines';
is_deeply [ map { "$_->{event} $_->{comment} $_->{parent} $_->{role} "
                  . "$_->{state}" } grep { $_->{comment} } @events ],
    [ 'comment c1  reader approved', 'reply c2 c1 reader approved' ],
    'the log has the comment and the reply';
is_deeply [ map { "$_->{network} $_->{state}" }
            grep { $_->{event} eq 'share' } @events ],
    [ 'bluesky new', 'bluesky repeat' ], 'the log has a share and its repeat';
is_deeply [ map { "$_->{goal} $_->{state}" }
            grep { $_->{event} eq 'goal' } @events ],
    [ 'subscribed new', 'subscribed repeat' ],
    'the log has a goal and its repeat';
is_deeply [ map { $_->{source} } grep { $_->{network} eq 'bluesky'
                                        && $_->{event} eq 'view' } @events ],
    [ 'bluesky' ], 'a visit counts for a network only with a valid tag';


# the figures are exact at any moment

sub figures {
    my ($when) = @_;

    my $doc = $nginx->status(period => '24h');
    my ($bread) = grep { $_->{key} eq '/posts/bread/' } @{ $doc->{articles} };
    my ($salt) = grep { $_->{key} eq '/posts/salt/' } @{ $doc->{articles} };

    is $bread->{views}, 26, "$when: views";
    is $bread->{comments}, 2, "$when: comments";
    is $bread->{participants}, 2, "$when: participants";
    is $bread->{exchanges}, 1, "$when: exchanges";
    is $bread->{shares}, 1, "$when: shares";
    is_deeply $bread->{share_visits_by_network}, { bluesky => 1 },
        "$when: visits through a shared link";
    is $bread->{title}, 'Bread & salt', "$when: title";
    is $bread->{reactions}, undef, "$when: reactions are off, not 0";
    is $salt, undef, "$when: machines make no article";
    is $doc->{totals}{views_by_class}{bot}, 1,
        "$when: machines are counted as bots";
    is_deeply $doc->{totals}{previews_by_network}, { x => 1 },
        "$when: previews";
    is $doc->{totals}{goals}{subscribed}, 1, "$when: goals";

    return $bread;
}

my $bread = figures('at once');
is $bread->{reader_days}, 2, 'two readers';
is $bread->{active_reader_days}, 3,
    'active: two people who commented, and then a share';

$nginx->stop;
$nginx->start;

figures('after a restart');
like $nginx->get('/posts/bread/')->{content}, qr/id="comment-c2"/,
    'after a restart the comments are shown';

my $status = $nginx->get('/social');

is $status->{status}, 200, 'the status page';
like $status->{headers}{'content-type'}, qr{^text/html},
    'the status page is HTML';
like $status->{content}, qr/In the last 28 days/,
    'the status page begins with a summary';

$nginx->stop;
print $nginx->error_log if $ENV{SHOW};
$nginx->quiet;

done_testing;
