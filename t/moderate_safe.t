#!/usr/bin/perl

# What a moderator must be able to trust: only a text that was shown is
# approved, edits after an approval are held again, erased text is gone from the
# disk, and the author's cookie ends.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Digest::SHA qw(hmac_sha256);
use MIME::Base64 qw(encode_base64url);
use Social;
use Social::Api;
use Test::More;


my %sites = (blog => 'open', first => 'first', all => 'hold');

my $nginx = Social->new(
    files => { map { $_ => page('Bread') }
        qw(posts/a/index.html first/index.html all/index.html) },
    site => 'block casino;',
    http => <<'END',
        social_site first { store sqlite:DIR/store/first.db; limit off; }
        social_site all { store sqlite:DIR/store/all.db; limit off;
                          comments hold; flush 1h; }
END
    server => <<'END',
        location /first/ { social first; }
        location ^~ /_first/ { social_api first; }
        location /all/ { social all; }
        location ^~ /_all/ { social_api all; }
        location /m/ {
            auth_basic "blog";
            auth_basic_user_file DIR/users;
            location ^~ /m/first/ { social_moderate first; }
            location ^~ /m/all/ { social_moderate all; }
        }
END
);

my ($a, $first, $all) = ('/posts/a/', '/first/', '/all/');
my %api = ($a => '/_social', $first => '/_first', $all => '/_all');
my %queue = ($a => '/_moderate/', $first => '/m/first/', $all => '/m/all/');

# the keys of the other sites' threads become known a little later
my %token = map {
    my $key = $_;
    $key => $nginx->wait_for(sub { $nginx->token($key) });
} keys %api;

sub add {
    my ($article, $text, $jar) = @_;

    return comment($nginx, article => $article, token => $token{$article},
        name => 'Ann', text => $text, jar => $jar // {},
        path => "$api{$article}/comments")->{json}{comment}{id};
}

sub edit {
    my ($article, $id, $text, $jar) = @_;

    return $nginx->request('PATCH', "$api{$article}/comments/$id",
        content => JSON::PP::encode_json({ text => $text }), jar => { %$jar },
        headers => { Origin => $nginx->origin,
                     'Content-Type' => 'application/json' });
}

sub list {
    my ($article) = @_;

    return $nginx->get("$queue{$article}?format=json",
                       headers => Social::basic('jo'))->{json};
}

sub item {
    my ($article, $id) = @_;

    my ($item) = grep { $_->{id} eq $id } @{ list($article)->{comments} };

    return $item // {};
}

sub act {
    my ($article, %fields) = @_;

    return $nginx->post_json('', \%fields, path => $queue{$article},
                             headers => Social::basic('jo'));
}


# a text that the moderator did not see

my %ann;
my $one = add($a, 'A casino', \%ann);
my $shown = list($a)->{revision};

ok $shown >= 1, 'the list has a revision';
is act($a, action => 'approve', id => $one, revision => $shown)->{status}, 200,
    'approving what was shown';
is act($a, action => 'hold', id => $one)->{status}, 200, 'held again';

is edit($a, $one, 'A worse casino', \%ann)->{status}, 200,
    'its writer changes it';

my $later = list($a)->{revision};
ok $later > $shown, 'the revision has grown';

my $res = act($a, action => 'approve', id => $one, revision => $shown);
is $res->{status}, 409, 'approving the text from before is refused';
is_deeply $res->{json}{changed}, [ $one ], 'the answer says which';
is $res->{json}{error}{code}, 'changed', 'the error code';
is item($a, $one)->{state}, 'held', 'it is still held';

is act($a, action => 'approve', id => $one)->{status}, 409,
    'without a revision, a comment that its writer edited is left';
is act($a, action => $_, id => $one, text => 'x', revision => $shown)
    ->{status}, 409, "$_ is refused, too" for qw(reply edit);
is item($a, $one)->{text}, 'A worse casino', 'nothing was changed';

my $two = add($a, 'Another casino');
$res = act($a, action => 'approve', id => [ $one, $two ], revision => $shown);
is $res->{status}, 200, 'approving two, of which one has changed';
is_deeply [ map { "$_->{id} $_->{state}" } @{ $res->{json}{comments} } ],
    [ "$two approved" ], 'the other one is approved';
is_deeply $res->{json}{changed}, [ $one ], 'and the changed one is named';

$res = act($a, action => 'approve', id => $one, revision => "$later");
is $res->{status}, 200, 'with the new revision it is approved';
is_deeply $res->{json}{changed}, [], 'and none is left';
is act($a, action => 'approve', id => $two, revision => 'x')->{status}, 400,
    'a revision that is no number';
is act($a, action => 'approve', id => $two, revision => 1.5)->{status}, 400,
    'nor a whole number';
is act($a, action => $_, id => $one, revision => $shown)->{status}, 200,
    "$_ needs no revision" for qw(done spam delete);

$later = list($a)->{revision};
is act($a, action => 'edit', id => $two, text => 'Mine', revision => $later)
    ->{status}, 200, 'the moderator edits';
is act($a, action => 'edit', id => $two, text => 'Yours', revision => $later)
    ->{status}, 409, 'another moderator cannot overwrite it unseen';
is act($a, action => 'edit', id => $two, text => 'Yours')->{status}, 200,
    'a client without revisions can, as its writer did not edit it';

# the same with forms

my $three = add($a, 'casino 3', \%ann);
my $four = add($a, 'casino 4');
my $page = $nginx->queue;
my ($hidden) = $page->{content} =~ /name="revision" value="(\d+)"/;
my ($token) = $page->{content} =~ /name="token" value="([^"]*)"/;

is $hidden, list($a)->{revision}, 'the forms have the revision';
edit($a, $three, 'casino three', \%ann);

$res = $nginx->moderate({ action => 'approve', id => [ $three, $four ],
                          revision => $hidden });
is $res->{status}, 303, 'a form with two, of which one has changed';
is $res->{headers}{location}, "/_moderate/?changed=$three",
    'leads to a list that tells';
like $nginx->get($res->{headers}{location}, headers => Social::basic('jo'))
    ->{content}, qr{role="alert">These\ comments\ were\ left.*?
        <a\ href="\#comment-$three">$three</a></p>}xs, 'which was left';

$res = $nginx->moderate({ action => 'reply', id => $three, text => 'My answer',
                          revision => $hidden });
is $res->{status}, 409, 'a reply to a text that has changed';
like $res->{content}, qr{My answer</textarea>}, 'the typed text is kept';
like $res->{content}, qr{name="revision"\ value="$hidden".*<a\ href=
    "/_moderate/">}xs, 'with the revision and a link to the list';


# edits after an approval

my %cy;
my $only = add($first, 'Good', \%cy);

is item($first, $only)->{state}, 'held', 'first: a first comment is held';
act($first, action => 'approve', id => $only);
is edit($first, $only, 'Not so good', \%cy)->{json}{comment}{state}, 'held',
    'an edit of the only approved comment is held again';
is item($first, $only)->{reason}, 'edited after approval', 'the reason';
unlike $nginx->get($first)->{content}, qr/Not so good/,
    'the edited text is not shown';
act($first, action => 'approve', id => $only,
    revision => list($first)->{revision});

my $second = add($first, 'More', \%cy);
is item($first, $second)->{state}, 'approved', 'the next one is not held';
is edit($first, $second, 'More!', \%cy)->{json}{comment}{state}, 'approved',
    'nor is its edit, as another one is approved';

act($first, action => 'ban', id => $second);
is edit($first, $only, 'Spam now', \%cy)->{json}{comment}{state}, 'held',
    'an edit of a banned commenter is held';

my %di;
my $held = add($all, 'One', \%di);
act($all, action => 'approve', id => $held);
my $also = add($all, 'Two', \%di);
act($all, action => 'approve', id => $also);
is edit($all, $held, 'Another', \%di)->{json}{comment}{state}, 'held',
    'hold: every edit is held';

act($all, action => 'spam', id => $also);
edit($all, $also, 'Unseen', \%di);
act($all, action => 'restore', id => $also);
is item($all, $also)->{state}, 'held',
    'spam that was edited is held when it is restored';


# the number of held comments

$page = $nginx->queue('?state=approved')->{content};
like $page, qr{state=held">Held\ <b\ class="num">1</b></a>}x,
    'the tab of held comments shows their number on every tab';


# erased and replaced text is gone from the disk

sub on_disk {
    my ($text, $site) = @_;

    $site //= 'blog';

    for my $file (glob($nginx->dir . "/store/$site.db*")) {
        open my $fh, '<:raw', $file or next;
        local $/;
        return 1 if index(<$fh> // '', $text) >= 0;
    }

    return 0;
}

# our own readers may hold the checkpoint for a moment

sub gone {
    my ($text, $site) = @_;

    return $nginx->wait_for(sub { !on_disk($text, $site) });
}

my %eve;
my $secret = add($a, 'Old-text-4711', \%eve);
my $reply = act($a, action => 'reply', id => $secret, text => 'Hello')
    ->{json}{comments}[0]{id};

ok on_disk('Old-text-4711'), 'a text is on the disk';
edit($a, $secret, 'New-text-4712', \%eve);
ok gone('Old-text-4711'), 'the text before an edit is not';
act($a, action => 'edit', id => $secret, text => 'Third-text-4713',
    revision => list($a)->{revision});
ok gone('New-text-4712'), 'nor before a moderator\'s edit';

is act($a, action => 'delete', id => $secret)->{status}, 200, 'delete';
ok on_disk('Third-text-4713'), 'delete keeps the text';
$res = act($a, action => 'erase', id => $secret);
is $res->{status}, 200, 'erase';
is $res->{json}{comments}[0]{state}, 'deleted', 'it is deleted';
ok gone('Third-text-4713'), 'the erased text is gone from every file';
is act($a, action => 'restore', id => $secret)->{status}, 404,
    'it cannot be restored';
is act($a, action => 'erase', id => $secret)->{status}, 404,
    'it cannot be erased twice';
is event($nginx, event => 'moderate', comment => $secret, state => 'deleted')
    ->{event}, 'moderate', 'it is an event';

my $approved = add($a, 'Approved-4714');
like $nginx->get($a)->{content}, qr/Approved-4714/, 'a comment is shown';
is $nginx->moderate({ action => 'erase', id => $approved })->{status}, 303,
    'erase by a form';
unlike $nginx->get($a)->{content}, qr/Approved-4714/, 'it is shown no more';
like $nginx->queue->{content}, qr{<input\ type="checkbox"\ required>.*?
    value="erase"}xs, 'the form asks for a confirmation';

# somebody reads the store while text is erased; counts are not saved meanwhile

my $kept = add($all, 'Kept-by-a-reader-4715');
my $read = $nginx->dir . '/store/all.db';
open my $reader, '|-', "exec sqlite3 '$read' > /dev/null" or die "sqlite3: $!";
$reader->autoflush(1);
print $reader "BEGIN;\nSELECT count(*) FROM comment;\n.shell touch "
    . $nginx->dir . "/reading\n";
ok $nginx->wait_for(sub { -e $nginx->dir . '/reading' }), 'a reader is there';

is act($all, action => 'erase', id => $kept)->{status}, 200,
    'erase while the store is read';
ok on_disk('Kept-by-a-reader-4715', 'all'), 'the reader keeps the old text';
close $reader;
ok gone('Kept-by-a-reader-4715', 'all'), 'the text goes soon after the reader';


# the author's cookie

my $key = secret($nginx);

sub seal {
    my ($number, $expires) = @_;

    my $data = encode_base64url('eve') . ".$expires.";

    return $data . encode_base64url(substr
        hmac_sha256("author $number\0$data", $key), 0, 16);
}

my $day = 86400;

sub badge {
    my ($cookie) = @_;

    return comment($nginx, article => $a, token => $token{$a}, name => 'Ann',
        text => 'Hm', jar => { social_author_blog => $cookie })
        ->{json}{comment}{author} ? 1 : 0;
}

sub self_view {
    my ($cookie) = @_;

    my $n = () = $nginx->events(event => 'view');
    $nginx->get($a, jar => { social_author_blog => $cookie });
    $nginx->wait_for(sub { $n < (() = $nginx->events(event => 'view')) });

    return ($nginx->events(event => 'view'))[-1]{class};
}

my $fresh = seal(0, time + 30 * $day);
my $week = seal(0, time + 23 * $day - 5);
my $month = seal(0, time - 5);

is badge($fresh), 1, 'a new cookie makes the author\'s comments';
is badge(seal(0, time + 23 * $day + 60)), 1, 'still after almost 7 days';
is badge($week), 0, 'no more after 7 days';
is self_view($week), 'self', 'but views are the author\'s own';
is self_view($month), 'unconfirmed', 'for 30 days';

my %jo;
$nginx->queue('', jar => \%jo);
is badge($jo{social_author_blog}), 1, 'opening the list makes a cookie';

my $waiting = add($a, 'casino again');
is comment($nginx, article => $a, token => $token{$a}, parent => $waiting,
    text => 'Yes', jar => { %jo })->{status}, 404,
    'the cookie does not approve a held comment by a reply';

for my $path ($a, '/social', "/_social/comments?article=$a") {
    my %jar = %jo;
    my $answer = $nginx->get($path, jar => \%jar,
                             headers => Social::basic('jo'));
    unlike $answer->{headers}{'set-cookie'} // '', qr/social_author/,
        "$path does not renew it";
}

$res = act($a, action => 'done', id => $four, revision => 0);
ok !$res->{headers}{'set-cookie'}, 'nor does an action';

is $nginx->moderate({ action => 'signout' })->{status}, 303,
    'signout by a form';
is badge($_), 0, 'ends the cookies at once' for ($jo{social_author_blog}) x 6;
is self_view($jo{social_author_blog}), 'unconfirmed', 'for views, too';
is badge(seal(1, time + 30 * $day)), 1, 'the next number counts';

my %again;
$nginx->queue('', jar => \%again);
is badge($again{social_author_blog}), 1,
    'who knows the password gets a new cookie';

is act($a, action => 'signout')->{status}, 200, 'signout by JSON';
is badge($again{social_author_blog}), 0, 'ends that one, too';

$nginx->queue('', jar => \%again);
$nginx->stop;
$nginx->start;
is badge($again{social_author_blog}), 1, 'the number survives a restart';
is badge(seal(1, time + 30 * $day)), 0, 'also for cookies that it ended';

system(Social::sqlite($nginx->dir . '/store/blog.db'),
       "UPDATE setting SET value = 9 WHERE name = 'signout'");
ok $nginx->wait_for(sub { !badge($again{social_author_blog}) }),
    'another master\'s signout is noticed';

is $nginx->post_json('', { action => 'signout' }, path => '/_moderate/')
    ->{status}, 401, 'signout needs the password';

$nginx->stop;
$nginx->quiet;

done_testing;
