#!/usr/bin/perl

# "Your comments": a page, a list and a file of what one browser wrote; and
# erasing all of it, from the pages, the store's file and its log.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my $nginx = Social->new(
    files => { map { ("$_/index.html" => page("About $_")) }
                   qw(posts/a posts/b) },
    site  => 'article /posts/; comments open; limit off; block casino;',
);

my ($one, $two) = ('/posts/a/', '/posts/b/');
my %token = map {
    my $key = $_;
    $key => $nginx->wait_for(sub { $nginx->token($key) }) } $one, $two;
my $db = $nginx->dir . '/store/blog.db';


sub say_it {
    my ($key, $text, $jar, %a) = @_;

    my $res = $nginx->post('comments', { article => $key,
        token => $token{$key}, name => 'Eve Writer', text => $text, %a },
        jar => $jar);
    my ($id) = ($res->{headers}{location} // '') =~ /(c\d+)$/;

    return $id;
}

sub mine {
    my ($jar, $query, %headers) = @_;

    return $nginx->get('/_social/mine' . ($query // ''), jar => { %$jar },
                       headers => { Accept => 'text/html', %headers });
}

# the part of the page that shows one comment

sub item {
    my ($html, $id) = @_;

    return $html =~ m{(<li class="card" id="comment-$id">.*?</li>)}s ? $1 : '';
}


# who wrote nothing

my $res = mine({});
is $res->{status}, 200, 'a reader without comments gets a page';
like $res->{headers}{'content-type'}, qr{^text/html}, '... of HTML';
like $res->{content}, qr/This browser has no comments of yours/,
    '... that says so';
unlike $res->{content}, qr/<form|format=json/,
    '... and offers nothing to erase or to download';


$res = mine({}, '?lang=ar');
like $res->{content}, qr/<html lang="ar" dir="rtl">/,
    'it is in the language of the page that links to it';
like mine({}, "?lang=$_")->{content}, qr/<html lang="en"/,
    "an unknown language: $_" for 'xx', '%00', 'x' x 100;


# all states

my (%eve, %other);
my %id = map { $_ => say_it($one, "The $_ one", \%eve) }
    qw(approved spam deleted);
$id{held} = say_it($two, 'casino', \%eve, website => 'https://eve.example/');
$id{new} = say_it($two, "Second line\nand <b>third</b>", \%eve);
my $foreign = say_it($one, 'Of another person', \%other);

$nginx->moderate({ action => $_->[0], id => $id{$_->[1]} })
    for [ spam => 'spam' ], [ delete => 'deleted' ];

# titles of pages are saved a moment after their first view

$nginx->wait_for(sub {
    my $page = mine(\%eve)->{content};

    $page =~ />About posts\/a</ && $page =~ />About posts\/b</;
});

$res = mine(\%eve);
my $html = $res->{content};

is $res->{status}, 200, 'the page of a writer';
is $res->{headers}{'cache-control'}, 'no-store', 'it is kept nowhere';
is $res->{headers}{'x-robots-tag'}, 'noindex', 'nor indexed';
unlike $html, qr/[^\x00-\x7f]/, 'it is ASCII';
is_deeply [ $html =~ /<li class="card" id="comment-(c\d+)">/g ],
    [ reverse sort values %id ],
    'it has all states, the newest first, and nothing of others';

my %state = (approved => 'On the page', held => 'Waiting for approval',
             spam => 'Not shown', deleted => 'Removed');

for my $state (sort keys %state) {
    like item($html, $id{$state}), qr{<span class="chip[^"]*">$state{$state}<},
        "$state: the state in words";
}

like item($html, $id{held}), qr/blocked words/, 'held: why';
like item($html, $id{spam}), qr/The spam one/, 'its writer sees the text';
like item($html, $id{new}), qr{Second line<br>\s*and &lt;b&gt;third},
    'as it is shown to readers';
like item($html, $id{approved}), qr{<a href="/posts/a/">About posts/a</a>},
    'the article is linked';
like item($html, $id{$_}), qr{<a href="/_social/comments/$id{$_}">View, edit},
    "$_: can be edited" for qw(approved held new);
unlike item($html, $id{deleted}), qr{/_social/comments/},
    'what the moderator removed cannot';

system 'sqlite3', '-cmd', '.timeout 5000', $db,
    'UPDATE comment SET created = created - 1000 WHERE id = '
    . substr $id{approved}, 1;
like item(mine(\%eve)->{content}, $id{approved}),
    qr{<a href="/_social/comments/$id{approved}">View<},
    'after 15 minutes it can be seen';


# where it is linked

my $own = $nginx->get("/_social/comments/$id{held}", jar => { %eve });

like $own->{content}, qr{<a href="/_social/mine\?lang=en">Your comments</a>},
    'the page of an own comment links to it';
like $nginx->get($one)->{content},
    qr{<a href="/_social/mine\?lang=en" rel="nofollow">Your comments</a>},
    'so does the form below a thread';


# as a list, by Accept, and as a file

$res = mine(\%eve, '', Accept => 'application/json');
like $res->{headers}{'content-type'}, qr{^application/json},
    'who asks for JSON gets a list';
is $res->{headers}{'content-disposition'}, undef, '... and no file';
is_deeply [ map { $_->{state} } @{ $res->{json}{comments} } ],
    [ qw(approved spam deleted held approved) ], '... the oldest first';
like mine(\%eve, '', Accept => '*/*')->{headers}{'content-type'},
    qr{^text/html}, 'who does not say gets the page';
like mine(\%eve, '', Accept => 'text/html, application/json')
    ->{headers}{'content-type'}, qr{^text/html}, 'so does a browser';

$res = mine(\%eve, '?format=json');
is $res->{headers}{'content-disposition'},
    'attachment; filename="comments.json"', 'the export is a file';
is $res->{headers}{'cache-control'}, 'no-store', 'kept nowhere';

my ($held) = grep { $_->{id} eq $id{held} } @{ $res->{json}{comments} };
delete @$held{qw(time html)};
is_deeply $held, { id => $id{held}, parent => undef, name => 'Eve Writer',
    website => 'https://eve.example/', author => JSON::PP::false,
    edited => undef, article => $two, text => 'casino', state => 'held' },
    'with all that is stored of a comment';
is $res->{json}{next}, undef, 'it is whole';
is_deeply mine({}, '?format=json')->{json}{comments}, [],
    'without a cookie: an empty file';


# many: pages, and one file

my %many;
say_it($one, "number $_", \%many) for 1 .. 250;

$html = mine(\%many)->{content};
my @seen = $html =~ /number (\d+)</g;
is "@seen", join(' ', reverse 151 .. 250), 'a page has the newest hundred';

my ($older) = $html =~ m{<a href="/_social/mine(\?[^"]+)" rel="next">};
$older =~ s/&amp;/&/;
$html = mine(\%many, $older)->{content};
@seen = $html =~ /number (\d+)</g;
is "@seen", join(' ', reverse 51 .. 150), 'the next one goes on';

($older) = $html =~ m{<a href="/_social/mine(\?[^"]+)" rel="next">};
$older =~ s/&amp;/&/;
$html = mine(\%many, $older)->{content};
@seen = $html =~ /number (\d+)</g;
is "@seen", join(' ', reverse 1 .. 50), '... to the first comment';
unlike $html, qr/rel="next"/, 'which is the end';

is scalar @{ mine(\%many, '?format=json')->{json}{comments} }, 250,
    'the export has all';
is scalar @{ mine(\%many, '', Accept => 'application/json')
             ->{json}{comments} }, 100, 'the list has a hundred';

# more than a document may have

system 'sqlite3', '-cmd', '.timeout 5000', $db,
    "UPDATE comment SET text = '" . 'x' x 9000 . "' WHERE text LIKE 'number %'";
my ($next, @all) = ('');

for (1 .. 9) {
    $res = mine(\%many, "?format=json$next");
    cmp_ok length $res->{content}, '<=', 1 << 20, 'a file of at most 1 MiB';
    push @all, map { $_->{id} } @{ $res->{json}{comments} };
    $res->{json}{next} or last;
    $next = "&after=$res->{json}{next}";
}

my %all = map { $_ => 1 } @all;
is scalar @all, 250, 'several files have all comments';
is scalar keys %all, 250, '... each once';
cmp_ok length mine(\%many)->{content}, '<=', 1 << 20, 'a page, too';


# the form to erase, which asks first

$html = mine(\%eve)->{content};
my ($form) = $html =~ m{(<form [^>]*"/_social/mine/erase">.*?</form>)}s;

like $html, qr{<details><summary>Erase all my comments</summary>\s*<form},
    'it must be opened';
like $form, qr{<input type="checkbox" required>}, '... and be confirmed';
like $form, qr/cannot be undone/, 'it says what it does';
is $nginx->request('GET', '/_social/mine/erase', jar => { %eve })->{status},
    405, 'nothing is erased by a link';
is $nginx->post('mine/erase', {}, jar => { %eve }, headers => {
    Origin => 'https://evil.example' })->{status}, 403,
    'nor by another site';


# erased is erased

my $mark = "Xylophone$$";
my %gone;
my $shown = say_it($one, "$mark text", \%gone, name => "${mark}name",
                   website => lc "https://$mark.example/");
my $waits = say_it($two, "$mark casino", \%gone);
my $below = say_it($one, 'An answer', \%other, parent => $shown);
my $edited = say_it($two, "$mark before", \%gone);

$nginx->post("comments/$edited/edit", { text => "$mark after" },
             jar => \%gone);
like $nginx->get($one)->{content}, qr/$mark/, 'it was there';
$res = $nginx->post('mine/erase', {}, jar => \%gone);
is $res->{status}, 200, 'erased';
like $res->{content}, qr/have been erased/, '... and told so';

unlike $nginx->get($_)->{content}, qr/$mark/i, "gone: $_"
    for $one, $two, "/_social/comments?article=$one", "/_social/comments?article=$two",
        "/_social/thread?article=$one", "/_social/feed.atom";
unlike mine(\%gone)->{content}, qr/$mark/i, 'gone: the own page';
is_deeply mine(\%gone, '?format=json')->{json}{comments}, [],
    'gone: the export';
unlike $nginx->queue('?q=' . $mark)->{content} =~ s/value="[^"]*"//gr,
    qr/$mark/i, 'gone: moderation';
is $nginx->get("/_social/comments/$_", jar => { %gone })->{status}, 404,
    "gone: $_" for $shown, $waits, $edited;
like $nginx->get($one)->{content}, qr/id="comment-$below"/,
    'an answer of another reader stays';

ok $nginx->wait_for(sub {
    !grep { -e "$db$_" && $nginx->slurp("store/blog.db$_") =~ /$mark/i }
        '', '-wal', '-shm' }), 'A35: gone from every file of the store';

$nginx->stop;
ok !(grep { -e "$db$_" && $nginx->slurp("store/blog.db$_") =~ /$mark/i }
     '', '-wal', '-shm'), '... also when nginx has stopped';
is $nginx->error_log =~ /$mark/i ? 1 : 0, 0, 'no log ever had it';
$nginx->quiet;

done_testing;
