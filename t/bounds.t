#!/usr/bin/perl

# What one client can use up: articles in memory, marks of the day.  Beyond it
# pages are served and shares work, nothing is taken for a repeated one, and the
# status page says what was not counted.  Nothing is counted for articles that
# nobody has seen while the store cannot be read.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch);
use Readers qw(browser figures warm);
use Social;
use Test::More;


my $html = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

# the client's address is what the request says

my %common = (
    files => { 'page.html' => $html, 'posts/a/index.html' => $html,
               'thanks/index.html' => $html },
    http => "lingering_close off;\nset_real_ip_from 127.0.0.1;\n"
        . "real_ip_header X-Real-IP;\n",
    server => "location /junk/ { try_files /page.html =404; }\n",
);

sub from {
    my ($address, $n) = @_;

    return headers => { 'X-Real-IP' => $address,
                        'User-Agent' => browser($n) };
}


# an application that answers 200 to every address

my $nginx = Social->new(%common, site => 'limit comments=5/10m;');
warm($nginx);

my $page = qr{<section [^>]*data-social="/junk/\d+/"};
my $whole = grep {
    fetch($nginx->port, "/junk/$_/", from('192.0.2.1', $_))->{body} =~ $page
} 1 .. 150;

is $whole, 150, 'every page has its widget';

my $doc = $nginx->status(period => 'all', limit => 1000);

cmp_ok $doc->{total_articles}, '>=', 60, 'a client makes sixty articles';
cmp_ok $doc->{total_articles}, '<', 75, 'but not any number of them';
is $doc->{totals}{views}, 150, 'the total has every view';
is $doc->{totals}{reader_days}, 150, 'and every reader';
is $doc->{health}{limited_articles}, 150 - $doc->{total_articles},
    'the status page says how many were not made';

my $shown = $nginx->get('/social?period=all')->{content};

like $shown, qr/ $doc->{health}{limited_articles} views were counted for the site o/,
    '... in HTML as well';

fetch($nginx->port, '/junk/other/', from('192.0.2.2', 1));
is figures($nginx, '/junk/other/')->{views}, 1,
    'another client makes an article';
fetch($nginx->port, "/junk/$_/", from('192.0.2.2', 1)) for 150;
is figures($nginx, '/junk/150/')->{views}, 1,
    'also of a page that was not made one';
is $nginx->status(period => 'all')->{totals}{views}, 152,
    'no view is counted twice';

# IPv6: a /64 is one client

my $v6 = grep {
    fetch($nginx->port, "/junk/v6-$_/", from("2001:db8::$_", 1))->{status} == 200
} 1 .. 80;
my $limited = $nginx->status(period => 'all')->{health}{limited_articles};

is $v6, 80, 'pages for many addresses of one network';
cmp_ok $limited, '>', 150 - $doc->{total_articles}, 'are one client\'s';

$nginx->stop;
$nginx->quiet;


# one address with many agents gets a 64th of the marks: of 256k, thirty

$nginx = Social->new(%common,
    site => "zone 256k;\nlimit off;\ncomments open;\ngoal thanked = /thanks/;");
warm($nginx);

my $key = '/posts/a/';
fetch($nginx->port, $key, from('192.0.2.1', 1));
my $token = $nginx->others_token($key);

my $share = sub {
    my ($address, $agent) = @_;

    my $n = $nginx->events(event => 'share');
    my $res = $nginx->post('share',
        { article => $key, network => 'reddit', token => $token },
        from($address, $agent));

    $nginx->wait_for(sub { $nginx->events(event => 'share') > $n });

    return "$res->{status} " . ($nginx->events(event => 'share'))[-1]{state};
};

my %answers;
$answers{ $share->('192.0.2.1', $_) }++ for 1 .. 40;

is $answers{'303 new'}, 30, 'an address gets thirty marks';
is $answers{'303 dropped'}, 10, 'what is beyond them is no repeated share';
is $share->('192.0.2.1', 1), '303 repeat', 'a repeated one is';
is $share->('192.0.2.2', 1), '303 new', 'another address shares as ever';
is $share->('192.0.2.2', 1), '303 repeat', 'once';
is figures($nginx, $key)->{shares}, 31, 'those that are new are counted';

%answers = ();
$answers{ $share->("2001:db8:0:1::$_", $_) }++ for 1 .. 40;
is $answers{'303 new'}, 30, 'the addresses of an IPv6 /64 are one client';
is $share->('2001:db8:0:2::1', 1), '303 new', 'those of the next are another';

fetch($nginx->port, '/thanks/', from('192.0.2.1', 1));
ok $nginx->wait_for(sub { $nginx->events(event => 'goal') }), 'a goal';
is +($nginx->events(event => 'goal'))[-1]{state}, 'dropped',
    'that is not counted is no repeated one';
is_deeply $nginx->status(period => 'all')->{totals}{goals},
    { thanked => 0 }, 'it is not counted';

my $res = $nginx->post('comments', { article => $key, token => $token,
    name => 'Ann', text => 'Hello' }, from('192.0.2.3', 1));
my ($id) = $res->{headers}{location} =~ /#comment-(\w+)/;
ok $id, 'a comment';

$res = $nginx->post("comments/$id/report", { token => $token },
                    from('192.0.2.1', 1));
is $res->{status}, 429, 'a report that would be lost is not thanked for';
cmp_ok $res->{headers}{'retry-after'}, '<=', 86400,
    'Retry-After says when marks are free';
is $nginx->post("comments/$id/report", { token => $token },
                from('192.0.2.2', 1))->{status}, 200,
    'the report of another is taken';

my $health = $nginx->status(period => 'all')->{health};

cmp_ok $health->{over_quota}, '>=', 12, 'the status page counts them';
is $health->{marks_dropped}, 0, 'apart from marks without room';
is $health->{broken_chains}, 0, 'no chain is broken';
ok !$health->{set_real_ip_from}, 'readers have addresses of their own';

$shown = $nginx->get('/social?period=all')->{content};

like $shown, qr/ $health->{over_quota} of one client that had used up its part/,
    'in HTML as well';

# the salts are not in core dumps

my ($worker) = $nginx->workers;
open my $fh, '<', "/proc/$worker/smaps" or die "smaps: $!";
my $maps = join '', <$fh>;
my @kept = grep { /^VmFlags:.* dd\b/m && /^Size: +4 kB/m && /^\S+ rw-s/ }
    split /(?<=\n)(?=[0-9a-f]+-[0-9a-f]+ )/, $maps;

SKIP: {
    skip 'this kernel does not tell', 1 if $maps !~ /^VmFlags:/m;
    is scalar(@kept), 1, 'one page of the zone is left out of core dumps';
}

$nginx->stop;
$nginx->quiet;


# the store could never be read: any token may be right, none proves that there
# is such an article

$nginx = Social->new(%common, site => "article ~ ^/(posts|junk)/;\nreactions on;");
warm($nginx);
$nginx->stop;

for my $file (glob $nginx->dir . '/store/*') { unlink $file }
open $fh, '>', $nginx->dir . '/store/blog.db' or die $!;
print $fh 'no database ' x 1000;
close $fh;
chmod 0666, $nginx->dir . '/store/blog.db';

$nginx->{cold} = 1;
$nginx->start;

sub try_post {
    my ($route, $article) = @_;

    return $nginx->post($route, { article => $article, network => 'reddit',
        token => '1.made-up' }, from('192.0.2.1', 1))->{status};
}

is try_post('share', '/junk/never/'), 303, 'a share is sent on';
is try_post('reactions', '/junk/never/'), 503, 'a like has to wait';
is try_post('views', '/junk/never/'), 204, 'a beacon is answered';

fetch($nginx->port, $key, from('192.0.2.1', 1));
is try_post('share', $key), 303, 'a share of a page that was served';
ok $nginx->wait_for(sub { $nginx->events(event => 'share', article => $key) }),
    'is logged';
is +($nginx->events(event => 'share', article => $key))[-1]{state}, 'new',
    'and counted';
is +($nginx->events(event => 'share', article => '/junk/never/'))[-1]{state},
    'dropped', 'the other is not counted';

unlink $nginx->dir . '/store/blog.db';

ok $nginx->wait_for(sub {
    my $status = $nginx->status(period => 'all');
    $status && $status->{totals}{shares} }, 30), 'the store is back';

$doc = $nginx->status(period => 'all', limit => 1000);
is_deeply [ map { $_->{key} } @{ $doc->{articles} } ], [ $key ],
    'no article was made';
is $doc->{totals}{shares}, 1, 'one share was counted';

$nginx->stop;
$nginx->quiet('store');

done_testing;
