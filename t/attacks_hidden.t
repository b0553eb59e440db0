#!/usr/bin/perl

# What readers must not learn: comments that are held, spam, deleted or erased,
# in every answer that readers get, byte by byte; and who somebody is, from what
# is stored of two sites.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my $nginx = Social->new(
    files => { map { $_ => page('A page') } 'posts/a/index.html',
               'posts/b/index.html', 'other/index.html' },
    site => "article ~ ^/posts/;\ncomments open;\nblock casino;\n"
        . "reactions on;",
    http => 'social_site other { store sqlite:DIR/store/other.db; limit off;
                                 comments open; }',
    server => 'location /other/ { social other; }
        location ^~ /_other/ { social_api other; }
        location = /figures { social_status blog public; }',
);

my ($a, $b) = ('/posts/a/', '/posts/b/');
my %token = map { $_ => $nginx->wait_for(sub { $nginx->token($_) }) }
    $a, $b, '/other/';
my ($word, $name) = ('Xylophone-8461', 'Wilhelmina-8462');
my (%writer, %reader);

sub say_it {
    my ($text, %more) = @_;

    return comment($nginx, article => $a, token => $token{$a}, name => 'Ann',
                   text => $text, %more)->{json}{comment}{id};
}

my @shown = map { say_it("Shown $_", jar => \%reader) } 1 .. 3;


# every answer about an article and its comments that a reader can get

my @paths = ($a, $b, "/_social/comments?article=$a",
    "/_social/comments?article=$a&limit=1", "/_social/thread?article=$a",
    "/_social/comments?article=$a&after=$shown[0]",
    "/_social/comments?article=$a&after=$shown[2]",
    "/_social/thread?article=$a&page=2", "/_social/counts?article=$a",
    '/_social/mine', '/_social/feed.atom', "/_social/feed.atom?article=$a",
    map { "/_social/comments/$_" } @shown);

sub public {
    my ($jar) = @_;

    return map {
        my $res = $nginx->get($_, jar => { %{ $jar // {} } });
        my $h = $res->{headers};

        "$_ $res->{status} " . join(' ', map { $h->{$_} // '-' }
            qw(etag last-modified location content-length)) . " $res->{content}"
    } @paths;
}

sub figures { return $nginx->get("/figures?format=json$_[0]")->{content} }


# a hidden comment of each kind, and what a reader sees before and after

my %hide = (
    held => sub { say_it("casino $word", name => $name, jar => \%writer) },
    'held reply' => sub { say_it("casino $word", name => $name,
                                 parent => $shown[1], jar => \%writer) },
    map { my $action = $_; $action => sub {
        my $id = say_it($word, name => $name, website => "http://$name.example",
                        jar => \%writer);

        $nginx->moderate({ action => $action, id => $id });
        return $id;
    } } qw(hold spam delete erase),
);
my @ids;

# the title of the page is saved a moment after its first view

$nginx->wait_for(sub {
    $nginx->get('/_social/mine', jar => { %reader })->{content} =~ />A page</ });

# one that was on the page for a moment has changed when that was

for my $how (sort keys %hide) {
    my @before = public(\%reader);
    my $id = $hide{$how}->();
    my @after = public(\%reader);

    ok $id, "A34: $how: there is such a comment";

    if ($how !~ /held/) {
        s/ \w+, \d+ \w+ \d+ [\d:]+ GMT / / for @before, @after;
    }

    is_deeply \@after, \@before, "A34: $how: no byte of an answer tells";
    push @ids, $id;
}

unlike "$_", qr/$word|$name/i, 'A34: not in ' . substr $_, 0, 40
    for public(\%reader), public(), figures(''), figures("&article=$a");


# a hidden comment cannot be told from one that does not exist

my $missing = 'c' . (1 + substr $ids[-1], 1);

sub same {
    my ($what, $try) = @_;

    my @all = map {
        my $id = $_;
        my $res = $try->($id);

        "$res->{status} " . ($res->{content} =~ s/\b$id\b/ID/gr)
            . ' ' . ($res->{headers}{location} // '')
    } @ids, $missing;

    is scalar(grep { $_ ne $all[-1] } @all), 0,
        "A34, A37: $what: as if there were none";

    return;
}

same('its page', sub { $nginx->get("/_social/comments/$_[0]",
                                   jar => { %reader }) });
same('its page, without a cookie', sub {
    $nginx->get("/_social/comments/$_[0]") });
same('its page as JSON', sub { $nginx->get("/_social/comments/$_[0]",
    headers => { Accept => 'application/json' }) });
same('an answer to it', sub { comment($nginx, article => $a, name => 'Ann',
    token => $token{$a}, text => 'x', parent => $_[0]) });
same("a $_", sub {
    $nginx->post("comments/$_[0]/$_", { token => $token{$a}, article => $a,
                                        text => 'x' }, jar => { %reader })
}) for qw(report edit delete);

# the list goes on behind it: it names the next one that is shown

is $nginx->get("/_social/comments?article=$a&after=$ids[0]")->{status},
    $nginx->get("/_social/comments?article=$a&after=$missing")->{status},
    'A34: a list behind a hidden comment is like any';
is_deeply $nginx->get("/_social/counts?article=$a")->{json}{counts}{$a},
    { comments => 3, reactions => 0 }, 'A34: no hidden one is counted';


# only the writer sees the own ones, until they are deleted

is scalar(grep { $_->{html} =~ /$word/ } @{ $nginx->get('/_social/mine',
    headers => { Accept => 'application/json' }, jar => { %writer })
    ->{json}{comments} }) >= 3 ? 1 : 0, 1, 'A34: their writer has them';


# A35, A36: what is stored of one person on two sites

comment($nginx, article => '/other/', token => $token{'/other/'},
        name => 'Ann', text => 'Hello', path => '/_other/comments',
        jar => \my %there);

sub stored {
    my ($site) = @_;

    my $path = $nginx->dir . "/store/$site.db";
    my ($line) = `sqlite3 -cmd '.timeout 5000' '$path' "SELECT hex(commenter),
        person, weak FROM comment WHERE name = 'Ann' ORDER BY id LIMIT 1"`;
    chomp $line;

    return split /\|/, $line;
}

my ($here, $elsewhere) = ([ stored('blog') ], [ stored('other') ]);
my @what = ('a commenter', 'a person', 'a visitor of the day');

for my $i (0 .. $#what) {
    ok $here->[$i] && $here->[$i] !~ /^0+$/, "A36: $what[$i] has a number";
    isnt $elsewhere->[$i], $here->[$i],
        "A36: another one on another site: $what[$i]";
}

my %known = map { $_ => 1 } map { values %$_ } \%reader, \%writer, \%there;
my $all = join '', public(), $nginx->queue('?format=json')->{content},
    map { $nginx->slurp($_) } glob('logs/*'), 'logs/social.log',
        'store/blog.db', 'store/other.db';

is scalar(grep { index($all, $_) >= 0 } keys %known), 0,
    'A35: no cookie is in an answer to others, a log or a store';


$nginx->stop;
$nginx->quiet;

done_testing;
