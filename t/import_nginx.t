#!/usr/bin/perl

# An import beside a running nginx: readers see it within seconds and without a
# reload, in the order of time; no page waits for it; a commenter can write
# meanwhile.  SOCIAL_LONG=1: 200,000 comments.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP ();
use Program;
use Social;
use Test::More;
use Time::HiRes qw(time);

my $program = Program->new->path;
my $N = $ENV{SOCIAL_LONG} ? 200_000 : 2_000;
my $ARTICLES = 20;

my $html = '<html><head><title>T</title></head><body><article><p>x</p>'
    . '</article></body></html>';
my $nginx = Social->new(
    files => { map { ("posts/$_/index.html" => $html) } 1 .. $ARTICLES },
    site => "article /posts/;\nflush 1s;\ncomments open;\nlimit off;",
);
my $store = $nginx->dir . '/store/blog.db';


sub comment {
    my ($key, $text) = @_;

    return $nginx->post_json('comments', {
        article => $key, token => $nginx->token($key), text => $text,
        name => 'Ann', website => '', parent => '' })->{status};
}


# lines of remark42: the oldest comments last, so that their order is decided

sub backup {
    my ($path, $n, $year) = @_;

    my $json = JSON::PP->new->canonical;
    open my $fh, '>', $path or die "$path: $!";
    print $fh "{\"version\":1}\n";

    for my $i (reverse 1 .. $n) {
        my $second = $i % 60;
        my $minute = int($i / 60) % 60;
        my $hour = int($i / 3600) % 24;
        my $day = 1 + int($i / 86400);
        printf $fh qq({"id":"%d","pid":"%s","orig":"comment %d of the past",)
            . qq("user":{"name":"P%d","id":"u%d"},"locator":{"site":"s",)
            . qq("url":"https://x.example/posts/%d/"},)
            . qq("time":"%d-03-%02dT%02d:%02d:%02dZ"}\n),
            $i, $i > $ARTICLES && $i % 3 == 0 ? $i - $ARTICLES : '', $i,
            $i % 500, $i % 500, 1 + $i % $ARTICLES, $year, $day, $hour,
            $minute, $second;
    }

    close $fh or die;

    return;
}

is comment('/posts/1/', 'written here, today'), 201, 'a comment';

backup($nginx->dir . '/past', $N, 2015);
my ($slowest, $pages, $wrote) = (0, 0, 0);
my $pid = fork // die "fork: $!";

if ($pid == 0) {
    open STDOUT, '>', $nginx->dir . '/said' or die;
    exec $program, 'import', 'remark42', $nginx->dir . '/past', '--store',
        "sqlite:$store" or die;
}

# readers and one commenter, while it runs

while (waitpid($pid, 1) == 0) {
    my $began = time;
    my $page = $nginx->get('/posts/' . (1 + $pages % $ARTICLES) . '/');
    my $took = time - $began;

    $pages++ if $page->{status} == 200;
    $slowest = $took if $took > $slowest;

    if ($pages % 50 == 1) {
        $wrote++ if comment('/posts/1/', "meanwhile $pages") < 400;
    }
}

is $? >> 8, 0, "$N comments are imported";
cmp_ok $pages, '>', 0, "$pages pages meanwhile, the slowest took "
    . sprintf('%.0f ms', $slowest * 1000);
cmp_ok $wrote, '>', 0, "... and $wrote comments";

my $last = sub { $nginx->get('/posts/2/')->{content} };
ok $nginx->wait_for(sub { $last->() =~ /of the past/ }),
    'readers see it, without a reload';

my $thread = $nginx->get('/posts/1/')->{content};
my $at = index $thread, 'written here, today';
cmp_ok $at, '>', rindex($thread, 'of the past'),
    'what is older stands above what is newer' if $thread =~ /of the past/;

# old links: to a comment on the page, and to one that is further down

sub place {
    my $res = $nginx->get("/_social/comments/$_[0]");

    return $res->{headers}{location} // $res->{status};
}

my $newest = $N - $ARTICLES + 1;     # of /posts/2/
my $own = qr/id="comment-(c\d+)">\s*<div\ class="sc-c"
             \ id="remark42__comment-$newest">/x;
my $id = $nginx->wait_for(sub { $last->() =~ $own && $1 });
ok $id, 'an imported comment has the id that it had before, too';
is place($newest), "/posts/2/#comment-$id", '... which has an address';
like place(20), qr{^/_social/thread\?article=%2Fposts%2F1%2F&page=\d+#comment-c},
    '... also where it is not on the page of the article';

my ($older) = place(20) =~ /^([^#]+)/;
like $nginx->get($older)->{content},
    qr/<div class="sc-c" id="remark42__comment-20">/, 'that page has it';
unlike $nginx->get('/posts/1/')->{content},
    qr/<div class="sc-c"(?! id="remark42__comment-\d+"|>)/,
    'others have no second id';
is place($_), 404, "no comment: $_"
    for $N + 1, 'c999999', '2%221', 'x' x 65;

my $feed = $nginx->get('/_social/feed.atom?article=/posts/1/')->{content};
cmp_ok index($feed, 'meanwhile'), '<', index($feed . ' of the past', 'of the past'),
    'the feed begins with the newest';

my $list = JSON::PP->new->decode(
    $nginx->get('/_social/comments?article=/posts/2/&limit=100')->{content});
is $list->{total}, $N / $ARTICLES, 'the list has all of them';

is $nginx->get('/_social/thread?article=/posts/2/&page=2')->{status},
    $N / $ARTICLES > 100 ? 200 : 404, 'older ones have a page' if $N > 2_000;

# another one, whose times are before all that there is

backup($nginx->dir . '/older', 1, 2001);
system("'$program' import remark42 '" . $nginx->dir . "/older' --store"
       . " 'sqlite:$store' --source other > '" . $nginx->dir . "/said'") == 0
    or die;
ok $nginx->wait_for(sub {
    JSON::PP->new->decode($nginx->get(
        '/_social/counts?article=/posts/2/')->{content}
    )->{counts}{'/posts/2/'}{comments} == $N / $ARTICLES + 1 }),
    'an import with times of long ago is found';

is place(1), 404, 'an id that two imports have leads nowhere';

ok $nginx->wait_for(sub {
    my $doc = $nginx->get('/_social/comments?article=/posts/2/&limit=100');
    JSON::PP->new->decode($doc->{content})->{total} == $N / $ARTICLES + 1 }),
    '... also by the list';

system("'$program' erase --store 'sqlite:$store' --source remark42:s > '"
       . $nginx->dir . "/said'") == 0 or die;
ok $nginx->wait_for(sub { $last->() !~ /of the past.*of the past/s }),
    'an import that is taken back is gone from the pages';

$nginx->quiet;

done_testing;
