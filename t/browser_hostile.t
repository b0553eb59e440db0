#!/usr/bin/perl

# Hundreds of hostile comments, names, websites and titles (t/lib/Hostile.pm),
# posted like any other, in Chromium (t/browser/hostile.mjs): in the article,
# the thread, the writer's own pages, previews, moderation and status, held and
# approved, with a Content-Security-Policy and without.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Hostile qw(texts names websites post_many);
use JSON::PP ();
use Social;
use Social::Api;
use Test::More;


my $dir = "$FindBin::Bin/browser";

plan skip_all => 'npm install in t/browser first'
    if !-d "$dir/node_modules/playwright-core";


my $title = '&lt;script&gt;window.pwned=1&lt;/script&gt;"&gt;&lt;img src=x '
    . 'onerror=window.pwned=1&gt;{{token}}';
my $shown = '<script>window.pwned=1</script>"><img src=x '
    . 'onerror=window.pwned=1>{{token}}';
my $strange = '/posts/<img src=x onerror=window.pwned=1>/';

# what the browser must notice, in a page without any defence

my $control = page('Control') =~ s{(</article>)}{<section data-social="/c/"><ol>
    <li class="sc-n" id="comment-c1"><div class="sc-d">
    <script>window.pwned=1</script><img src="//evil.example/x.png">
    <a href="javascript:x">x</a><p id="comment-c1" onclick="x">x</p>
    <form action="//evil.example/"></form></div></li>
    <li class="sc-n" id="comment-c2"><div class="sc-d"><math><mtext><table>
    <mglyph><style><!--</style><img title="--&gt;&lt;img src=1&gt;">
    </div></li></ol></section>$1}r;

my $nginx = Social->new(
    site => "article ~ ^/posts/;\ncomments hold;",
    http => 'map $arg_csp $policy { default ""; 1 "default-src \'self\'"; }',
    server => q{
        add_header Content-Security-Policy $policy;
        location = /favicon.ico { return 204; }
    },
    files => {
        'control.html' => $control,
        'posts/hostile/index.html' => page($title) =~ s{<h1>.*</h1>}{}r,
        'posts/tame/index.html' => page('Tame') =~ s{<h1>.*</h1>}{}r,
        'posts/form/index.html' => page('Form'),
        substr("${strange}index.html", 1) => page('Strange'),
    },
);

my ($hostile, $tame) = ('/posts/hostile/', '/posts/tame/');
my %path = ($strange => join '/', map { Social::encode($_) }
                                  split m{/}, $strange, -1);
my %token = map { $_ => $nginx->token($path{$_} // $_) }
    $hostile, $tame, $strange;
my (%jar, %ids);

sub add {
    my ($article, %fields) = @_;

    utf8::upgrade($_) for grep { defined } values %fields;

    return comment($nginx, article => $article, token => $token{$article},
                   name => 'Ann', %fields, jar => \%jar);
}

sub keep {
    my ($article, $res) = @_;

    push @{ $ids{$article} }, $res->{json}{comment}{id}
        if $res->{status} == 202;

    return $res->{json}{comment}{id};
}

sub approve_all {
    my ($article) = @_;

    for (1 .. 50) {
        my $list = $nginx->queue('?format=json&state=held&article='
                                 . Social::encode($article))->{json};
        my @held = map { $_->{id} } @{ $list->{comments} } or return 1;

        $nginx->post_json('', { action => 'approve', id => \@held,
            revision => $list->{revision} }, path => '/_moderate/',
            headers => Social::basic('jo'));
    }

    return 0;
}


# the comments: each text, with the names and the websites that are accepted in
# turn

my @texts = texts();
my @names = names();
my @websites = grep { add($tame, text => "At $_", website => $_)->{status}
                      == 202 } websites();

cmp_ok scalar @texts, '>', 400, 'texts: ' . @texts;
cmp_ok scalar @websites, '>', 3, 'websites that are accepted: ' . @websites;

my ($cookie) = map { "$_=$jar{$_}" } keys %jar;

sub keep_many {
    my ($article, @comments) = @_;

    my @got = post_many($nginx, $cookie, map { { article => $article,
        token => $token{$article}, name => 'Ann', %$_ } } @comments);

    push @{ $ids{$article} }, map { $_->{comment}{id} // () } @got;

    return grep { $got[$_]{status} != 202 } 0 .. $#got;
}

is join(' ', keep_many($hostile, map { {
    text => $texts[$_], name => $names[$_ % @names],
    $_ % 3 ? () : (website => $websites[$_ / 3 % @websites]) } }
    0 .. $#texts)), '', 'each is accepted';
is join(' ', keep_many($tame, map { { text => "Tame $_",
    $_ % 2 ? () : (website => 'https://e.org/') } } 1 .. 6)), '',
    'tame ones, too';
add($strange, text => 'x', name => $names[1]);


# in the browser

sub run {
    my (%told) = @_;

    my $file = $nginx->dir . '/told.json';
    open my $fh, '>', $file or die "$file: $!";
    print {$fh} JSON::PP->new->ascii->encode({ cookie => $cookie,
        map({ $_ => [] } qw(pages texts others)), complete => {}, %told });
    close $fh or die "$file: $!";

    # hundreds of long comments, on a machine that has more to do
    local $ENV{BROWSER_MINUTES} = 20;

    open my $out, '-|', 'node', "$dir/hostile.mjs", $nginx->origin, $file
        or die "node: $!";
    my @lines = <$out>;
    close $out;

    my $count = grep { /^ok / } @lines;
    my @bad = grep { /^(?:not ok|#|Bail)/ } @lines;

    ok $? == 0 && $count > 30 && !@bad, "$told{phase}: $count tests"
        or diag @bad[0 .. ($#bad < 60 ? $#bad : 60)];

    return;
}

my $queue = sub { "/_moderate/?state=$_[0]&article=$_[1]" };

run(phase => 'held', complete => { moderation => $ids{$hostile} },
    pages => [ [ 'moderation', $queue->('held', $hostile),
                 $queue->('held', $tame), 1 ] ],
    own => [ @ids{$hostile, $tame} ],
    others => [ [ 'the status page', '/social', 'held' ],
                [ 'moderation of all', '/_moderate/', $shown ] ]);
run(phase => 'forms', form => '/posts/form/',
    texts => [ grep { length() < 500 } @texts ]);


# approved, and answered: names are in links to what a comment answers

ok approve_all($_), "all of $_ is approved" for $hostile, $tame, $strange;

for my $article ($hostile, $tame) {
    my $parent = $ids{$article}[-1];

    for my $i (1 .. 8) {
        $parent = keep($article, add($article, text => "Reply $i",
            parent => $parent, name => $article eq $tame ? 'Ann' : $names[$i]));
        approve_all($article);
    }
}

my $thread = '/_social/thread?article=';

run(phase => 'approved', complete => { thread => $ids{$hostile} },
    pages => [ [ 'thread', "$thread$hostile", "$thread$tame", 1 ],
               [ 'article', $hostile, $tame ],
               [ 'moderation', $queue->('approved', $hostile),
                 $queue->('approved', $tame) ] ],
    others => [
        [ 'the status page', '/social?period=all', $shown ],
        [ 'the status of an article', "/social?article=$hostile", $shown ],
        [ 'of one with a strange address',
          '/social?article=' . Social::encode($strange), 'Strange' ],
        [ 'the status, searched', '/social?q=' . Social::encode($shown),
          'No' ],
        [ 'a strange address', $path{$strange}, $names[1] ],
        [ 'moderation, searched', '/_moderate/?q=' . Social::encode($shown),
          'Nothing' ],
    ]);


$nginx->stop;
$nginx->quiet;

done_testing;
