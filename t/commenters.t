#!/usr/bin/perl

# Who writes: the cookie of a commenter, bans, names that belong to the author,
# and comments that are sent twice.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


sub bytes {
    my ($text) = @_;

    utf8::encode($text);

    return $text;
}


my %site = (

    first => 'comments first;',
    named => 'author "' . bytes('Анна Moor') . '";',
);
my $nginx = Social->new(
    files => { map { $_ => page('A page') } 'posts/a/index.html',
               'posts/b/index.html', 'first/index.html', 'named/index.html' },
    site => 'article ~ ^/posts/; comments open;',
    http => join('', map {
        "social_site $_ { store sqlite:DIR/store/$_.db; limit off;"
        . " comments open; $site{$_} }\n" =~ s/comments open; (?=comments)//r
    } qw(first named)),
    server => join('', map {
        "location /$_/ { social $_; }\n"
        . "location ^~ /_$_/ { social_api $_; }\n" } qw(first named)),
);

my %api = ('/posts/a/' => '/_social/', '/posts/b/' => '/_social/',
           '/first/' => '/_first/', '/named/' => '/_named/');
my %token = map {
    my $page = $_;
    $page => $nginx->wait_for(sub { $nginx->token($page) });
} sort keys %api;
my $a = '/posts/a/';


# posts a comment as JSON

sub say_on {
    my ($article, %a) = @_;

    return comment($nginx, article => $article, token => $token{$article},
        path => "$api{$article}comments", name => 'Ben', text => 'Hello', %a);
}


sub form_on {
    my ($article, $jar, %a) = @_;

    return $nginx->post('', { article => $article, token => $token{$article},
        name => 'Ben', text => 'Hello', %a },
        path => "$api{$article}comments", jar => $jar);
}


sub mine {
    my (%jar) = @_;

    return $nginx->get('/_social/mine', jar => { %jar },
        headers => { Accept => 'application/json' })->{json}{comments};
}


sub id_of { return $_[0]{json}{comment}{id} }


sub sql {
    my ($site, $sql) = @_;

    my $path = $nginx->dir . "/store/$site.db";
    my $out = `sqlite3 -cmd '.timeout 5000' '$path' "$sql"`;
    chomp $out;

    return $out;
}


# only a cookie that we made is one

{
    my %jar = (social_me_blog => 'x' x 22);

    my $res = form_on($a, \%jar, text => 'Chosen by somebody else');
    isnt $jar{social_me_blog}, 'x' x 22, 'an unsealed cookie is replaced';

    my ($id) = $res->{headers}{location} =~ /#comment-(\w+)$/;

    for my $value ('x' x 22, substr($jar{social_me_blog}, 0, 22),
                   'x' x 44, 'x' x 22 . substr($jar{social_me_blog}, 22),
                   flipped($jar{social_me_blog})) {
        my %other = (social_me_blog => $value);

        is $nginx->get("/_social/comments/$id", jar => { %other })->{status},
            303, 'who did not get the cookie is not the writer';
        is_deeply mine(%other), [], 'and has no comments';
    }

    is $nginx->get("/_social/comments/$id", jar => { %jar })->{status}, 200,
        'who got it is';
    is sql('blog', "SELECT count(*) FROM comment WHERE instr(hex(commenter),"
           . " hex('xxxx'))"), 0, 'the chosen value is not stored';

    my $before = $jar{social_me_blog};
    $nginx->stop->start;
    $nginx->wait_for(sub { (mine(%jar) // [])->[0] });
    form_on($a, \%jar, text => 'After a restart');
    is $jar{social_me_blog}, $before, 'it is still good after a restart';
}


# a ban stays when the banned one erases the own comments

{
    my %jar;
    my %other = (headers => { 'User-Agent' => 'Mozilla/5.0 (X11) Gecko/1.0' });
    my $id = id_of(say_on($a, text => 'Spam', jar => \%jar, %other));

    $nginx->moderate({ action => 'ban', id => $id });
    is $nginx->post('mine/erase', {}, jar => { %jar })->{status}, 200,
        'the banned one erases the own comments';

    my $res = say_on($a, text => 'More', jar => \%jar, %other);
    is $res->{status}, 202, 'what comes next is held all the same';
    is sql('blog', 'SELECT reason FROM comment WHERE id = '
           . substr id_of($res), 1), 'banned', 'as banned';
}


# the author's names

my @alike = ('Jo', 'JO', 'j o', "J\x{200b}o", "\x{408}o", "J\x{43e}",
             "\x{ff2a}\x{ff4f}", 'J0', "Jo\x{301}");

for my $name (@alike) {
    is say_on('/posts/b/', name => $name)->{status}, 201,
        'an unknown name is free: ' . bytes($name);
}

$nginx->moderate({ action => 'reply', id => id_of(say_on($a,
    name => 'Cy', text => 'A question')), text => 'An answer' });

for my $name (@alike) {
    my $res = say_on('/posts/b/', name => $name, text => 'I am the author');
    my $what = bytes($name);

    is $res->{status}, 422, "refused as the author's name: $what";
    is_deeply [ @{ $res->{json}{error} }{qw(code field)} ], [ qw(value name) ],
        "the field: $what";
}

is say_on('/posts/b/', name => $_, text => 'Not the author')->{status}, 201,
    "another name: $_" for qw(Joe Job Io);

my $res = form_on('/posts/b/', {}, name => 'Jo', text => 'Typed');
is $res->{status}, 422, 'a form with the author\'s name is refused';
like $res->{content}, qr/name="name" value="Jo"[^>]* aria-invalid="true"/,
    'the field is marked';
like $res->{content}, qr{>\nTyped</textarea>}, 'the text is kept';

for my $name ('Анна Moor', 'анна moor', 'AHHA MOOR', 'Aннa  Rnoor') {
    is say_on('/named/', name => $name)->{status}, 422,
        'a constant author: refused: ' . bytes($name);
}

is say_on('/named/', name => 'Anna Moor')->{status}, 201,
    'a constant author: another name';


# comments of authors from before names were kept

sql('named', "UPDATE comment SET role = 1, name = 'Old Hand';"
    . " DELETE FROM setting WHERE name LIKE 'author%'");
is say_on('/named/', name => '0ld Hand')->{status}, 422,
    'the name of an older comment of an author is refused';


# the same comment twice

sub twice {
    my ($what, $article, $first, $second, $jar) = @_;

    my @res = map { say_on($article, %$_, $jar ? (jar => $jar) : ()) }
        $first, $second;

    is $res[1]{status}, $res[0]{status}, "$what: the same status";
    is_deeply $res[1]{json}, $res[0]{json}, "$what: the same answer";

    return @res;
}

{
    my %jar;
    say_on($a, text => 'To have a cookie', jar => \%jar);

    my ($one, $two) = twice('with a cookie', $a, { text => 'Twice' },
                            { text => 'Twice', name => 'Ben 2' }, \%jar);
    twice('a reply', $a, ({ text => 'Twice', parent => id_of($one) }) x 2,
          \%jar);
    my ($other) = twice('without a cookie', $a,
                        ({ text => 'Twice', name => 'Ed' }) x 2);

    is say_on($a, text => 'Twice', name => 'Ed')->{headers}{'set-cookie'},
        undef, 'the second answer does not replace the cookie of the first';

    my %distinct = (
        'the first with a cookie' => id_of($one),
        'without a cookie' => id_of($other),
        'another cookie' => id_of(say_on($a, text => 'Twice', jar => do {
            my %new;
            say_on($a, text => 'Another', name => 'Flo', jar => \%new);
            \%new;
        })),
        'another name' => id_of(say_on($a, text => 'Twice', name => 'Gil')),
        'another article' => id_of(say_on('/posts/b/', text => 'Twice',
                                          jar => \%jar)),
        'another parent' => id_of(say_on($a, text => 'Twice', jar => \%jar,
                                         parent => id_of($other))),
        'another text' => id_of(say_on($a, text => 'twice', jar => \%jar)),
    );
    my %seen;
    $seen{$_}++ for values %distinct;

    is scalar keys %seen, scalar keys %distinct, 'all others are comments'
        or diag explain \%distinct;

    my ($place) = map { $_->{headers}{location} }
        form_on($a, \%jar, text => 'By form');
    my $again = form_on($a, \%jar, text => 'By form');
    is $again->{status}, 303, 'a form twice: 303';
    is $again->{headers}{location}, $place, 'to the same place';

    my $id = substr $place, index($place, '#comment-') + 9;
    $nginx->wait_for(sub { $nginx->events(comment => $id) });
    is scalar(() = $nginx->events(comment => $id)), 1, 'one event';
    is sql('blog', "SELECT count(*) FROM comment WHERE text = 'By form'"), 1,
        'one comment';

    # unless the first one is gone, or long ago

    for my $action (qw(spam delete)) {
        my $first = id_of(say_on($a, text => "To $action", jar => \%jar));
        $nginx->moderate({ action => $action, id => $first });
        isnt id_of(say_on($a, text => "To $action", jar => \%jar)), $first,
            "after $action it is a new comment";
    }

    sql('blog', 'UPDATE comment SET created = created - 601 WHERE id = '
        . substr $id, 1);
    isnt form_on($a, \%jar, text => 'By form')->{headers}{location}, $place,
        'after ten minutes it is a new comment';
}

{
    my (%one, %two);
    my @res = map { form_on('/first/', $_, text => 'Double click') }
        \%one, \%two;

    is $res[0]{headers}{location}, '/_first/comments/c1', 'held';
    is $res[1]{headers}{location}, '/_first/comments/c1',
        'held twice: the same page';
    is $nginx->get('/_first/comments/c1', jar => \%two)->{status}, 200,
        'whose browser kept the last cookie sees it';
}


$nginx->quiet;

done_testing;
