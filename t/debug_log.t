#!/usr/bin/perl

# In a debug log, each page has a line that says why it got a widget or none.
# The log says nothing of a reader.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Test::More;


my $built = `${\ ($ENV{SOCIAL_NGINX} || '/usr/sbin/nginx')} -V 2>&1`;

plan skip_all => 'this nginx has no debug log' if $built !~ /--with-debug/;

my $html = '<html><body><article><p>Text.</p></article></body></html>';

my $nginx = Social->new(
    workers => 1,
    level => 'debug',
    site => "article ~ ^/posts/;\n",
    server => <<'END',
        location = /posts/kept.html { add_header Cache-Control no-transform; }
        location = /posts/saved.html {
            add_header Content-Disposition attachment;
        }
        location = /posts/utf16.html {
            types { }
            default_type "text/html; charset=utf-16";
        }
        location = /posts/off.html   { social off; }
        location = /posts/gone.html  { return 404; }
END
    files => {
        (map { ("posts/$_.html" => $html) }
            qw(bread kept saved utf16 off)),
        'posts/form.html' =>
            '<body><form><article>a</article></body>',
        'posts/base.html' => '<head><base href="https://cdn.example/"></head>'
            . '<body><article>a</article></body>',
        'posts/fixed.html' => '<head><meta http-equiv=cache-control '
            . 'content=no-transform></head><body><article>a</article></body>',
        'posts/meta.html' => '<head><meta charset=utf-16></head>'
            . '<body><article>a</article></body>',
        'posts/fragment.html' => '<p>Text.</p>',
        'posts/picture.png' => 'a picture',
        'about.html' => $html,
    });


# the module's lines in the log of a request, up to its end

sub lines {
    my ($path) = @_;

    my $before = length $nginx->error_log;
    my $res = $nginx->get($path);

    my $log = $nginx->wait_for(sub {
        my $new = substr $nginx->error_log, $before;
        return $new =~ /close http connection/ && $new;
    });

    return ($res, join '', grep { /social [\w ]+:/ } split /^/m, $log);
}


my ($res, $log);

($res, $log) = lines('/posts/bread.html');
like $res->{content}, qr/data-social/, 'a page with a widget';
like $log, qr{social candidate: yes, "/posts/bread\.html"}, 'is a candidate';
like $log, qr{social place: found at 33\b}, 'its place';
like $log, qr{social widget: no comments}, 'its widget';
like $log, qr{social header: with widget, page length 57, place 33\b},
    'its header';
like $log, qr{social event: "view", to be counted}, 'its event';


# a file is remembered once it is old enough not to change unseen

ok $nginx->wait_for(sub {
    ($res, $log) = lines('/posts/bread.html');
    return $log =~ /social place: remembered of the file, 33\b/
        && $log =~ /social widget: in the cache/;
}), 'a page in memory';


# pages without a widget


my @cases = (
    [ 'kept.html', qr/social candidate: no, no-transform/ ],
    [ 'saved.html', qr/social candidate: no, attachment/ ],
    [ 'utf16.html', qr/social candidate: no, charset is no superset/ ],
    [ 'off.html', qr/social candidate: no, social is off/ ],
    [ 'gone.html', qr/social candidate: no, status is not 200/ ],
    [ 'picture.png', qr{social candidate: no, content type is not text/html} ],
    [ 'form.html', qr/social place: none, it is within a form/ ],
    [ 'meta.html', qr/social place: none, <meta> names a charset/ ],
    [ 'base.html', qr/social place: none, <base> leads to another host/ ],
    [ 'fixed.html', qr/social place: none, <meta> says no-transform/ ],
    [ 'fragment.html', qr/social place: none in this page/ ],
);

for my $case (@cases) {
    my ($file, $why) = @$case;

    ($res, $log) = lines("/posts/$file");
    unlike $res->{content} // '', qr/data-social/, "$file: no widget";
    like $log, $why, "$file: and why";
}

($res, $log) = lines('/about.html');
like $log, qr/social candidate: no, not an article/, 'not an article';
like $log, qr/social event: "", nothing to count/, 'and no event';


# after a comment the widget is loaded before anybody asks

my $before = length $nginx->error_log;
is $nginx->post('comments', { article => '/posts/bread.html', name => 'Ann',
    text => 'Good.', token => $nginx->token('/posts/bread.html') })->{status},
    303, 'a comment';
ok $nginx->wait_for(sub {
    substr($nginx->error_log, $before)
        =~ m{social load: "/posts/bread\.html" done, 1 comments} }),
    'its article is loaded';

($res, $log) = lines('/posts/bread.html');
like $res->{content}, qr/id="comment-c1"/, 'a reader sees it';
like $log, qr/social widget: in the cache/, '... without waiting';


# what a reader sends must not get into the module's lines

($res, $log) = lines('/posts/bread.html?shared=secret-tag');
like $log, qr/social class: "\w+"/, 'a reader';
unlike $log, qr/secret-tag|127\.0\.0\.1|Mozilla/, 'no tag, address or agent';

$nginx->stop;
$nginx->quiet;

done_testing;
