#!/usr/bin/perl

# A wrong `article` pattern: nginx -t finds nothing, and no page has a widget.
# The status page, its JSON and one line in error.log say what happened.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my $nginx = Social->new(
    workers => 1,
    files => { (map { $_ => page($_) } qw(posts/first-frost/index.html
                   index.html welcome/index.html post/right/index.html)),
               'robots.txt' => 'none', 'image.png' => 'none' },
    site => "article ~ ^/post/.+;\narticle =/one/;\ngoal signup = /welcome/;",
);

my $pattern = 'article ~ ^/post/.+, article =/one/';


sub notices { return grep { /no page matched/ } split /\n/, $nginx->error_log }

sub health { return $nginx->get('/social?format=json')->{json}{health} }

sub on_page {
    my ($text) = $nginx->get('/social?period=all')->{content}
        =~ m{(No page matched .*?)</p>};

    return ($text // '') =~ s/<[^>]*>//gr;
}


is on_page(), '', 'nothing was served: the status page is empty';
is health()->{article_unmatched}, undef, 'and names no page';

# these are neither articles nor pages that were meant to be

$nginx->get($_) for '/welcome/', '/robots.txt', '/image.png', '/missing/',
    '/social';
$nginx->request('HEAD', '/posts/first-frost/');
is health()->{article_unmatched}, undef,
    'a goal, other files and errors do not count';

$nginx->get('/');
$nginx->get('/posts/first-frost/?utm_source=x');

is on_page(), "No page matched $pattern yet; the last HTML page served was "
    . '/posts/first-frost/', 'the status page shows pattern and page';

my $health = health();
is $health->{article_unmatched}, '/posts/first-frost/', 'health: the page';
ok !$health->{article_matched}, 'health: no page matched';
is scalar(notices()), 0, 'two pages: nothing is logged yet';

$nginx->get('/') for 1 .. 10;

is scalar(notices()), 1, 'many pages: one line in the log';
like +(notices())[0], qr{\[notice\].*social_site\ "blog":\ no\ page
    \ matched\ "\Q$pattern\E"\ yet;\ the\ last\ HTML\ page\ served\ was\ "/"}x,
    'it shows pattern and page';

# after a reload, maybe with another pattern, it begins anew

$nginx->reload;
ok $nginx->wait_for(sub { !defined health()->{article_unmatched} }),
    'a reload begins anew';
$nginx->wait_for(sub { $nginx->get('/'); notices() > 1 });
is scalar(notices()), 2, 'and says it again';

# the first article ends it

$nginx->get('/post/right/');
$nginx->get('/');
is on_page(), '', 'an article was served: the status page does not say it';
$health = health();
ok $health->{article_matched}, 'health: a page matched';
is $health->{article_unmatched}, undef, 'health: no page is named';


# without `article` all pages are articles

$nginx->{site} = 'goal signup = /welcome/;';
$nginx->configure;
$nginx->reload;
ok $nginx->wait_for(sub { $nginx->get('/')->{content} =~ /data-social/ }),
    'without article: the front page has a widget';

# a worker of the configuration before may still answer
ok $nginx->wait_for(sub { health()->{article_matched} }),
    'health: every page matches';


$nginx->quiet("is not found");
done_testing;
