#!/usr/bin/perl

# Threads: replies of any depth, which end of a long thread the article shows,
# permalinks that lead to a comment on whatever page it is by now, and what
# stands for a comment that is deleted or held.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my %files = map { ("$_/index.html" => page("Page $_")) }
    qw(posts/a posts/b posts/deep old/a old/b);

my $nginx = Social->new(
    files => \%files,
    site  => 'article /posts/; comments open; limit off;',
    http  => 'social_site old { store sqlite:DIR/store/old.db; comments open;
                  limit off; order oldest; }',
    server => 'location /old/ { social old; }
               location ^~ /_old/ { social_api old; }',
);

my %api = (posts => '/_social/', old => '/_old/');
my %token = map {
    my $key = "/$_/";
    $key => $nginx->wait_for(sub { $nginx->token($key) })
} map { s{/index.html$}{}r } keys %files;


# a comment by form; where the answer leads to

sub say_at {
    my ($key, $text, %a) = @_;

    my ($site) = $key =~ m{^/(\w+)};
    my $jar = delete $a{jar};
    my $res = $nginx->post('', { article => $key, token => $token{$key},
        name => 'Ann', text => $text, %a },
        path => "$api{$site}comments", jar => $jar);

    return $res->{headers}{location} // $res->{status};
}

sub id { return $_[0] =~ /#comment-(\w+)$/ ? $1 : undef }

sub at {
    my ($url) = @_;

    return $nginx->get($url =~ s/&amp;/&/gr =~ s/#.*//r)->{content};
}

sub ids { return $_[0] =~ /<li[^>]*? id="comment-(\w+)"/g }

sub next_of {
    my ($page) = @_;

    return $page =~ m{<a href="([^"]+)" rel="next">} ? $1 : undef;
}

# where a comment is, as anybody without a cookie is told

sub place {
    my ($api, $id) = @_;

    my $res = $nginx->get("${api}comments/$id");

    return $res->{headers}{location} // $res->{status};
}


# order oldest

my @ids = map { id(say_at('/old/a/', "number $_")) } 1 .. 100;
my $page = at('/old/a/');

is_deeply [ ids($page) ], \@ids, 'a hundred comments are on the page';
is next_of($page), undef, '... and there is no other';

my $made = say_at('/old/a/', 'number 101');
push @ids, id($made);

is $made, "/_old/thread?article=%2Fold%2Fa%2F&page=2#comment-$ids[100]",
    'oldest: a new comment is where the form leads to';
is_deeply [ ids(at($made)) ], [ $ids[100] ], '... and alone on its page';

push @ids, map { id(say_at('/old/a/', "number $_")) } 102 .. 205;
$page = at('/old/a/');

is_deeply [ ids($page) ], [ @ids[0 .. 99] ],
    'oldest: the article shows the first hundred';
like $page, qr/205 comments/, '... and says how many there are';
like $page, qr{</ol>\s*<p\ class="sc-o"><a\ href="[^"]*page=2"\ rel="next">
               Newer\ comments</a>}x, 'the newer ones are linked behind them';

my (@seen, @pages);

for (my $url = next_of($page); $url && @pages < 9; $url = next_of($pages[-1])) {
    push @pages, at($url);
    push @seen, ids($pages[-1]);
}

is scalar @pages, 2, 'two pages follow';
is_deeply [ sort @seen ], [ sort @ids[100 .. 204] ],
    'each comment is on one of them';
like $pages[1], qr{rel="prev">Older comments</a>},
    'the way back is to older ones';
like $pages[0], qr{<link rel="next" [^>]*page=3">}, 'link rel=next';

for my $n (0, 99, 100, 199, 200, 204) {
    my $where = place('/_old/', $ids[$n]);

    ok scalar(grep { $_ eq $ids[$n] } ids(at($where))),
        "oldest: number $n is where its permalink leads to";
}

my $reply = id(say_at('/old/a/', 'late', parent => $ids[0]));
$page = at(place('/_old/', $reply));

like $page, qr{<a href="/_old/comments/$ids[0]">In reply to Ann</a>},
    'a reply on a later page says to whom';

my %jar;
my $own = id(say_at('/old/a/', 'mine', jar => \%jar));
is $nginx->post('', { text => 'edited' }, jar => \%jar,
    path => "/_old/comments/$own/edit")->{headers}{location},
    "/_old/thread?article=%2Fold%2Fa%2F&page=3#comment-$own",
    'oldest: an edit leads back to it';

my $json = $nginx->post('', { article => '/old/a/', token => $token{'/old/a/'},
    name => 'Bo', text => 'as JSON' }, path => '/_old/comments',
    headers => { Accept => 'application/json' });
is $json->{status}, 201, 'oldest: JSON is answered as always';

is say_at('/old/b/', 'twice'), say_at('/old/b/', 'twice'),
    'oldest: the same comment again leads to the same place';
is say_at('/old/b/', 'short') =~ s/#.*//r, '/old/b/',
    'oldest: a short thread is on the page of its article';


# permalinks

my $first = id(say_at('/posts/a/', 'the first'));
my ($link) = at('/posts/a/') =~ m{<a href="([^"]+)"[^>]*><time};

is $link, "/_social/comments/$first",
    'the time of a comment links to its permalink';
is place('/_social/', $first), "/posts/a/#comment-$first",
    '... which leads to the article';

say_at('/posts/a/', "more $_") for 1 .. 100;
my ($older) = at('/posts/a/') =~ m{<a href="([^"]*page=2)" rel="next">};

ok !(grep { $_ eq $first } ids(at('/posts/a/'))),
    'a hundred comments later the article does not show it';
is $nginx->get($link)->{headers}{location} =~ s/#.*//r,
    $older =~ s/&amp;/&/gr, 'the same link leads to the page that does';
like at($older), qr{<a href="\Q$link\E"[^>]*><time},
    'on that page, too, the time links to the permalink';


# replies of any depth

my @chain;
push @chain, id(say_at('/posts/deep/', 'level ' . (@chain + 1),
    name => 'Level ' . (@chain + 1), parent => $chain[-1] // ''))
    for 1 .. 12;

$page = at('/posts/deep/');
my ($depth, $most) = (0, 0);

for ($page =~ m{(<ol class="sc-l"|</ol>)}g) {
    $depth += /^<o/ ? 1 : -1;
    $most = $depth if $depth > $most;
}

is_deeply [ ids($page) ], \@chain, 'twelve levels are shown in their order';
is $most, 4, '... at most four deep';
like $page, qr{id="comment-$chain[11]".*?<a\ href="/posts/deep/\#comment-
    $chain[10]">In\ reply\ to\ Level\ 11</a>}xs,
    'what is deeper names the comment that it replies to';
unlike $page, qr{In reply to Level [123]<}, 'what is indented does not';

my $doc = $nginx->get('/_social/comments?article=/posts/deep/')->{json};
is_deeply [ map { $_->{parent} } @{ $doc->{comments} } ],
    [ undef, @chain[0 .. 10] ], 'every parent is stored';


# a comment with replies that is deleted, held, spam, or erased

my %hidden = (hold => 'held', spam => 'spam', delete => 'deleted');
my %shown;

for my $action (sort(keys %hidden), 'own') {
    my %jar;
    my $id = id(say_at('/posts/b/', "Secret $action", name => "Name $action",
                       jar => \%jar));
    my $under = id(say_at('/posts/b/', "Reply to it", name => 'Cy',
                          parent => $id));

    $action eq 'own'
        ? $nginx->post("comments/$id/delete", {}, jar => \%jar)
        : $nginx->moderate({ action => $action, id => $id });
    $nginx->wait_for(sub { at('/posts/b/') !~ /Secret $action/ });

    my $html = at('/posts/b/');
    unlike $html, qr/(?:Secret|Name) $action/,
        "$action: neither name nor text is shown";
    ($shown{$action}) = $html =~ m{(<li[^>]*id="comment-$id".*?)<ol}s;
    $shown{$action} //= '';
    $shown{$action} =~ s/\Q$id\E/ID/g;
    like $html, qr{id="comment-$id".*id="comment-$under"}s,
        "$action: its reply has something to stand below";
    is place('/_social/', $id), 404, "$action: its permalink leads nowhere";
}

like $shown{own}, qr/This comment is not shown/, 'a tombstone';
is $shown{$_}, $shown{own}, "$_: the same bytes as for a deleted one"
    for sort keys %hidden;

my $alone = id(say_at('/posts/b/', 'nobody answered'));
$nginx->moderate({ action => 'hold', id => $alone });
unlike at('/posts/b/'), qr/comment-$alone"/,
    'without replies a held comment leaves nothing';

$nginx->stop;
$nginx->quiet;

done_testing;
