#!/usr/bin/perl

# Who was active: a share or a like that stands, and approved comments; both of
# one reader and day count once if the share or like came first.  Exchanges
# stay when a comment is held or deleted, and its place says the same of both.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Test::More;


my @names = qw(likes shares first then held talk erased future);

my %files = map {
    my $meta = $_ ne 'future' ? '' : '<meta property="article:published_time" '
        . 'content="2099-01-01T00:00:00Z">';
    ("posts/$_/index.html" => "<html lang=en><head><title>$_</title>$meta"
        . "</head><body><article><p>Text of $_.</p></article></body></html>")
} @names;

my $nginx = Social->new(files => \%files,
    site => "article ~ ^/posts/;\nreactions on;\ncomments open;\n"
        . "block casino;");

my %token = map { $_ => $nginx->token("/posts/$_/") } @names;


sub send_it {
    my ($route, $name, $visitor, %fields) = @_;

    my $jar = delete $fields{jar};
    my $res = $nginx->post_json($route, {
        article => "/posts/$name/", token => $token{$name}, %fields },
        jar => $jar,
        headers => { 'User-Agent' => "$Social::BROWSER visitor/$visitor",
                     Accept => 'application/json' });

    $res->{status} =~ /^2/ or diag "$route: $res->{status} $res->{content}";

    return $res->{json};
}

sub like_it  { return send_it('reactions', @_) }
sub share_it { return send_it('share', @_, network => 'bluesky') }

sub comment_it {
    my ($name, $visitor, $text, %fields) = @_;

    return send_it('comments', $name, $visitor, name => "Reader $visitor",
                   text => $text, %fields)->{comment}{id};
}

sub figures {
    my ($name) = @_;

    my ($article) = grep { $_->{key} eq "/posts/$name/" }
        @{ $nginx->status(period => '24h')->{articles} };

    return $article;
}

sub active { return figures(@_)->{active_reader_days} }


# likes

like_it('likes', 1);
is active('likes'), 1, 'who likes is active';
like_it('likes', 1);
is active('likes'), 0, 'who takes it back is not';
is figures('likes')->{reactions}, 0, 'nor is it a reaction';
like_it('likes', 1);
like_it('likes', 2);
is active('likes'), 2, 'two readers';


# shares and likes of one reader

share_it('shares', 1);
like_it('shares', 1);
is active('shares'), 1, 'a share and a like of one reader count once';
like_it('shares', 1);
is active('shares'), 1, 'the share stays when the like goes';
like_it('shares', 2);
share_it('shares', 2);
like_it('shares', 2);
is active('shares'), 2, 'also if the like came first';


# comments

like_it('first', 1);
comment_it('first', 1, 'after a like');
is active('first'), 1, 'a comment after a like counts once';
share_it('first', 2);
comment_it('first', 2, 'after a share');
is active('first'), 2, 'a comment after a share counts once';

my %cookie;
like_it('first', 3);
comment_it('first', 3, 'with a cookie', jar => \%cookie);
is active('first'), 3, 'another one';
like_it('first', 3, jar => \%cookie);
is active('first'), 3, 'the comment counts when the like goes';

my %jar;
comment_it('then', 1, 'before', jar => \%jar);
comment_it('then', 1, 'once more', jar => \%jar);
is active('then'), 1, 'comments of one person and day count once';
like_it('then', 1);
is active('then'), 2, 'a like after them counts';
is figures('then')->{participants}, 1, 'they are of one person';

my $id = comment_it('held', 1, 'casino');
is active('held'), 0, 'a held comment is not counted';
$nginx->moderate({ id => $id, action => 'approve' });
is active('held'), 1, 'an approved one is';
$nginx->moderate({ id => $id, action => 'spam' });
is active('held'), 0, 'spam is not';

is figures('held')->{passive_share}, 1, 'passive_share follows';


# a comment that is gone, with replies

sub place_of {
    my ($name, $comment) = @_;

    my ($text) = $nginx->get("/posts/$name/")->{content}
        =~ m{id="comment-\Q$comment\E".*?<p class="sc-x">([^<]*)</p>}s;

    return $text;
}

my $parent = comment_it('talk', 1, 'What do you think?');
my $reply = comment_it('talk', 2, 'I agree.', parent => $parent);
comment_it('talk', 3, 'So do I.', parent => $reply);
is figures('talk')->{exchanges}, 2, 'two exchanges';

for my $action (qw(hold delete spam)) {
    $nginx->moderate({ id => $parent, action => $action });
    ok $nginx->wait_for(sub {
        (place_of('talk', $parent) // '') eq 'This comment is not shown.' }),
        "$action: one neutral sentence in its place";
    is figures('talk')->{exchanges}, 2, "$action: the exchanges stay";
    is figures('talk')->{comments}, 2, "$action: the comment is not counted";
    unlike $nginx->get('/posts/talk/')->{content}, qr/Reader 1/,
        "$action: no name is left";
}

my %own;
$parent = comment_it('erased', 1, 'A question', jar => \%own);
comment_it('erased', 1, 'to myself', jar => \%own, parent => $parent);
comment_it('erased', 2, 'An answer', parent => $parent);
is figures('erased')->{exchanges}, 1, 'a reply to oneself is none';
is $nginx->request('DELETE', "/_social/comments/$parent", jar => \%own,
    headers => { 'Sec-Fetch-Site' => 'same-origin',
                 Accept => 'application/json' })->{status}, 204,
    'its writer erases the comment';
is figures('erased')->{exchanges}, 1, 'the exchange stays';


# an article of the future

ok $nginx->wait_for(sub { (figures('future')->{published} // '') =~ /^2099/ }),
    'an article says that it will be published in 2099';
is $nginx->status(period => $_)->{totals}{articles_published}, 7,
    "it is not published in the period $_" for qw(24h 28d all);

$nginx->stop;
$nginx->quiet;

done_testing;
