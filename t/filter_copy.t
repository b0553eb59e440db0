#!/usr/bin/perl

# A proxied page is compared with what came for it last time.  The debug log
# tells that it was not scanned; the answer must be what scanning gives.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch without_widget);
use Social;
use Test::More;


my $built = `${\ ($ENV{SOCIAL_NGINX} || '/usr/sbin/nginx')} -V 2>&1`;

plan skip_all => 'this nginx has no debug log' if $built !~ /--with-debug/;

my $nginx = Social->new(
    workers => 1,
    level   => 'debug',
    site    => "article ~ ^/(zip/)?posts/;\n",
    server  => <<'END',
        location /posts/ { proxy_pass http://unix:DIR/backend.sock:; }
        location /zip/   {
            proxy_pass http://unix:DIR/backend.sock:/;
            proxy_http_version 1.1;
            proxy_set_header Accept-Encoding gzip;
        }
END
    servers => <<'END',
    server {
        listen unix:DIR/backend.sock;
        root DIR/html;
        social off;
        gzip on;
        gzip_http_version 1.0;
        gzip_min_length 1;
        gzip_proxied any;
        add_header Cache-Control no-cache;
    }
END
);


sub page {
    my (%a) = @_;

    return '<!doctype html><html lang=en><head><title>A page</title>'
        . '<meta name=nonce content="' . ($a{nonce} // 'aaaa') . '"></head>'
        . '<body><article>' . '<p>some text <b>here</b></p>' x ($a{n} // 1000)
        . ($a{more} // '') . '</article><footer>' . 'x' x 400 . '</footer>'
        . '</body></html>' . ($a{end} // '');
}


# asks for a path whose page is now these bytes; the lines of the copy

sub answer {
    my ($path, $page, $name) = @_;

    (my $file = $path) =~ s{^/zip}{};
    $nginx->file($file, $page);

    my $before = length $nginx->error_log;
    my $answer = fetch($nginx->port, $path);
    my ($rest, $widgets) = without_widget($answer->{body});

    is $widgets, 1, "$name: one widget";
    ok $rest eq $page, "$name: the page is unchanged";
    like $answer->{body}, qr{</section></article>},
        "$name: the widget is the article's last child";

    my $log = substr $nginx->error_log, $before;

    return join "\n", $log =~ /social copy: (.*?)(?:, client|$)/mg;
}


# the widget itself must not change between the answers that are compared

my $path = '/posts/a.html';
my $page = page();

$nginx->file($path, $page);
$nginx->wait_for(sub { $nginx->token($path) }) or die 'no widget';

like answer($path, $page, 'the same page'), qr/^alike, \d+ bytes$/,
    'the same page is compared, not scanned';

my $again = answer($path, page(end => '<!-- 0.12 s -->'), 'a comment');
like $again, qr/^alike, \d+ bytes$/,
    'what comes behind the place is not looked at';

my $lines = answer($path, page(nonce => 'bbbb'), 'a nonce');
like $lines, qr/^differs at \d+/m, 'a nonce is found';
like $lines, qr/^alike again from 4096 on$/m,
    'behind it the page is compared again';
like $lines, qr/^alike at its end, \d+ bytes$/m, 'up to the place';

$lines = answer($path, page(nonce => 'longer'), 'a longer nonce');
like $lines, qr/^differs at \d+/m, 'a longer nonce is found';
unlike $lines, qr/alike/m, 'the rest is scanned';

answer($path, page(n => 1100), 'an edited page');
answer($path, page(n => 1100), 'an edited page, again');
$lines = answer($path, page(n => 1100), 'an edited page, once more');
like $lines, qr/^(?:alike, \d+ bytes|differs at \d+.*)$/m,
    'a page that changed often is compared again sooner or later';

$lines = answer($path, page(n => 20), 'a page that became short');
like $lines, qr/^differs at \d+/m, 'is scanned from where it differs';

$path = '/posts/b.html';
$lines = answer($path, page(n => 500), 'a new page');
like $lines, qr/^kept, \d+ bytes, \d+ marks, weight \d+$/m,
    'a new page is kept, with marks';
$lines = answer($path, page(n => 500, more => '<p>more</p>'), 'edited once');
like $lines, qr/^kept, /m, 'a page that was edited is kept at once';
like answer($path, page(n => 500, more => '<p>more</p>'), 'then the same'),
    qr/^alike, \d+ bytes$/, 'and compared the next time';

answer('/zip/posts/c.html', page(), 'compressed');
like answer('/zip/posts/c.html', page(), 'compressed, again'),
    qr/^alike, \d+ bytes$/, 'a compressed page is inflated, and compared';


# larger than what is kept of a page

my $large = page(n => 15_000);
answer('/posts/large.html', $large, 'a large page');
like answer('/posts/large.html', $large, 'a large page, again'),
    qr/^is over at 262144, scanned from there$/m,
    'of a large page the beginning is compared';

$nginx->quiet;

done_testing;
