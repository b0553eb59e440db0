#!/usr/bin/perl

# Articles beside nginx's other modules: the widget is one run of bytes in what
# they would have answered; a view is counted once.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Apps;
use Backend;
use Company qw(has module_file png);
use Compress::Zlib ();
use Page qw(fetch without_widget);
use Social;
use Test::More;


my $page = $Company::PAGE;
my $long = $page =~ s{(?=</article>)}{'<p>much more of it</p>' x 20_000}er;
my $part = '<article>a part</article>';
my $koi = "<html><body><article>\xf0\xd2\xc9\xd7\xc5\xd4</article></body></html>";
my $xhtml = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">'
    . '<head><title>X</title></head><body><article><p>x</p></article></body>'
    . '</html>';

# a page whose frame comes from elsewhere

my $head = '<!DOCTYPE html><html><head><title>M</title></head><body><main>';
my $foot = '</main></body></html>';
my $middle = '<!--#include virtual="/head.html" --><p>middle</p>'
    . '<!-- social --><!--#include virtual="/foot.html" -->';
my $framed = "$head<p>middle</p><!-- social -->$foot";

sub include {
    return "<html><body><article>$_[0]</article></body></html>";
}

my $app = Backend->new(
    '/page' => { body => $page, length => 1, etag => '"e"', ranges => 1 },
    '/chunked' => { body => $page },
    '/text' => { body => 'text', headers => ['Content-Type: text/plain'] },
    '/xar' => { body => 'unseen', headers => [ 'Content-Type: text/html',
                'X-Accel-Redirect: /inside/a.html', 'Set-Cookie: c=d',
                'ETag: "of the application"' ] },
);
my $apps = Apps->new(head => "Content-Type: text/html\r\n", body => $page);
my $to = 'http://127.0.0.1:' . $app->port;
my %port = map { ($_ => $apps->port($_)) } qw(fastcgi scgi uwsgi memcached);
my ($image, $xslt) = map { module_file($_) } qw(image_filter xslt_filter);

my %maybe = (
    slice => 'location /slice/ { slice 512; proxy_pass http://own/;
                  proxy_set_header Range $slice_range;
                  proxy_http_version 1.1; }',
    secure_link => 'location /secure/ { secure_link $arg_m;
                  secure_link_md5 "x$uri"; alias DIR/html/;
                  if ($secure_link = "") { return 403; } }',
    mirror => "location /mirror/ { mirror /a.html; alias DIR/html/; }",
    auth_request => 'location /asks/ { auth_request /plain/a.html;
                  alias DIR/html/; }',
    random_index => 'location /random/ { random_index on; }',
    dav => 'location /dav/ { root DIR; dav_methods PUT DELETE; }',
    gzip_static => 'location /gzs/ { gzip_static on; alias DIR/html/; }
                    location /gza/ { gzip_static always; alias DIR/html/; }',
    autoindex => 'location /list/ { autoindex on; }',
    stub_status => 'location = /stub { stub_status; }',
    memcached => 'location /memcached/ { default_type text/html;
                  set $memcached_key $uri;
                  memcached_pass 127.0.0.1:MEMCACHED; }',
    v2 => 'location /grpc/ { grpc_pass grpc://127.0.0.1:GRPC;
                  rewrite ^/grpc(.*) /plain$1 break; }',
);

my $server = join "\n", map { has($_) ? $maybe{$_} : () } sort keys %maybe;

for my $way (grep { has($_) } qw(fastcgi scgi uwsgi)) {
    $server .= "location /$way/ { ${way}_pass 127.0.0.1:$port{$way};
                    ${way}_param REQUEST_METHOD \$request_method;
                    ${way}_param CONTENT_LENGTH \$content_length; }\n";
}

$server .= 'location /img/ { image_filter test; alias DIR/html/; }' if $image;
$server .= 'location /xslt/ { xslt_stylesheet DIR/html/d.xslt;
                alias DIR/html/; }' if $xslt;
$server =~ s/MEMCACHED/$port{memcached}/;
my $grpc = Social::free_port();
$server =~ s/GRPC/$grpc/;

my $nginx = Social->new(
    main => join('', map { "load_module $_;\n" } grep { $_ } $image, $xslt),
    site => 'article ~ .;',
    http => <<"END",
    types { text/html html; text/plain txt; image/png png; text/xml xml; }
    log_format count '\$social_event \$social_article \$uri';
    access_log DIR/logs/count.log count if=\$social_event;
    access_log DIR/logs/access.log;
    proxy_cache_path DIR/cached keys_zone=cached:1m;
    limit_req_zone \$server_name zone=slow:1m rate=50r/s;
    limit_req_zone \$server_name zone=few:1m rate=1r/m;
    charset_map koi8-r utf-8 { F0 D09F; D2 D180; C9 D0B8; D7 D0B2; C5 D0B5;
                               D4 D182; }
    upstream own { server unix:DIR/own.sock; }
    social_site marked { store sqlite:DIR/store/marked.db; zone 4m;
                         article ~ .; insert marker; }
    lingering_close off;
END
    server => <<"END",
    location /plain/   { social off; alias DIR/html/; }
    location /ssi/     { ssi on; alias DIR/html/; }
    location /error/   { error_page 404 /a.html; }
    location /errorok/ { error_page 404 =200 /a.html; }
    location /erroras/ { error_page 404 = /a.html; }
    location /inside/  { internal; alias DIR/html/; }
    location /rewrite/ { rewrite ^ /inside/a.html last; }
    location /if/      { if (\$arg_x) { return 403; } alias DIR/html/; }
    location /xar/     { proxy_pass $to/xar; }
    location /k/       { proxy_pass $to/; proxy_cache cached;
                         proxy_cache_valid 200 1h; }
    location /store/   { proxy_pass $to/; proxy_store DIR/store/\$uri; }
    location /after/   { post_action /inside/b.html; alias DIR/html/; }
    location /afterp/  { post_action \@after; alias DIR/html/; }
    location \@after   { proxy_pass $to; rewrite ^ /text break; }
    location /koi/     { charset utf-8; source_charset koi8-r;
                         alias DIR/html/; }
    location /slow/    { limit_req zone=slow burst=50; alias DIR/html/; }
    location /few/     { limit_req zone=few nodelay; alias DIR/html/; }
    location /basic/   { auth_basic x; auth_basic_user_file DIR/users;
                         alias DIR/html/; }
    location /own/     { add_header X-A b; expires 1h; etag off;
                         alias DIR/html/; }
    location /norange/ { max_ranges 0; alias DIR/html/; }
    location /drip/    { postpone_output 0; sendfile on;
                         sendfile_max_chunk 1k; alias DIR/html/; }
    location /memory/  { output_buffers 1 512; sendfile off; alias DIR/html/; }
    location /nochunk/ { chunked_transfer_encoding off;
                         proxy_pass $to/; proxy_http_version 1.1; }
    location = /ret    { default_type text/html; return 200 "$part"; }
$server
END
    servers => <<"END",
    server { listen unix:DIR/own.sock; root DIR/html; }
    server {
        listen unix:DIR/marked.sock;
        root DIR/html;
        social marked;
        ssi on;
        location ^~ /_social/ { social_api marked; }
    }
@{[ has('v2') ? "server { listen 127.0.0.1:$grpc http2; root DIR/html;
        location /plain/ { alias DIR/html/; } }" : '' ]}
END
    files => {
        'a.html' => $page, 'b.html' => $page, 'long.html' => $long,
        'part.html' => $part, 'koi.html' => $koi, 'pic.png' => png(9),
        'gz.html' => $page, 'gz.html.gz' => Compress::Zlib::memGzip($page),
        'inner.html' => include('<!--#include virtual="/b.html" -->'),
        'twice.html' => include('<!--#include virtual="/ssi/inner.html" -->'
                                . '<!--#include virtual="/ssi/inner.html" -->'),
        'remote.html' => include('<!--#include virtual="/k/page" -->'),
        'set.html' => include('<!--#include virtual="/b.html" set="x" -->'
                              . '<!--#echo var="x" encoding="none" -->'),
        'middle.html' => $middle, 'head.html' => $head, 'foot.html' => $foot,
        'random/only.html' => $page, 'list/x.txt' => 'x',
        'x.html' => $xhtml,
        'd.xml' => '<?xml version="1.0"?><doc><p>x</p></doc>',
        'd.xslt' => {Company::files()}->{'d.xslt'},
    },
);
my $port = $nginx->port;

mkdir $nginx->dir . '/dav';
chmod 0777, $nginx->dir . '/dav';

my %views;


# a page with one widget, for this article

sub good {
    my ($name, $path, $key, $want, %a) = @_;

    my $answer = fetch($port, $path, %a);
    my ($rest, $widgets, $run) = without_widget($answer->{body});

    $views{$key}++;

    subtest $name => sub {
        is $answer->{status}, 200, 'status';
        is $widgets, 1, 'one widget';
        like $run, qr/\A<section data-social="\Q$key\E"/, 'for this article';
        ok $rest eq $want, 'the page is unchanged';
        ok $answer->{complete}, 'complete';
        is $answer->{rest}, '', 'nothing behind the body';
    };

    return $answer;
}


sub alone {
    my ($name, $path, $status, $want, %a) = @_;

    my $answer = fetch($port, $path, %a);

    is $answer->{status}, $status, "$name: $status";
    unlike $answer->{body}, qr/data-social/, "$name: no widget";
    ok $answer->{body} eq $want, "$name: unchanged" if defined $want;

    return $answer;
}


for my $time (qw(cold warm)) {

    # subrequests

    my $inner = include($page);

    good("ssi, $time", '/ssi/inner.html', '/ssi/inner.html', $inner);
    good("ssi twice, $time", '/ssi/twice.html', '/ssi/twice.html',
         include($inner . $inner));
    good("ssi of an application, $time", '/ssi/remote.html',
         '/ssi/remote.html', include($page));
    good("ssi set, $time", '/ssi/set.html', '/ssi/set.html', include($page));


    # internal redirects, error pages

    good("error_page =200, $time", '/errorok/x', '/a.html', $page);
    good("error_page =, $time", '/erroras/x', '/a.html', $page);
    alone("error_page, $time", '/error/x', 404, $page);
    alone("internal, $time", '/inside/a.html', 404);
    good("rewrite, $time", '/rewrite/x', '/rewrite/x', $page);
    good("if, $time", '/if/a.html', '/if/a.html', $page);
    alone("if, $time", '/if/a.html?x=1', 403);

    my $xar = good("X-Accel-Redirect, $time", '/xar/', '/xar/', $page);
    is $xar->{header}{'set-cookie'}, 'c=d', 'the application\'s headers stay';
    unlike $xar->{header}{etag}, qr/application/, 'the ETag is the file\'s';


    # access

    alone("auth_basic, $time", '/basic/a.html', 401);
    good("auth_basic, $time", '/basic/a.html', '/basic/a.html', $page,
         headers => Social::basic('jo'));
    good("limit_req, $time", "/slow/a.html", '/slow/a.html', $page) for 1 .. 5;


    # how it is sent

    my $own = good("add_header, $time", '/own/a.html', '/own/a.html', $page);
    is $own->{header}{'x-a'}, 'b', 'add_header is kept';
    is $own->{header}{'cache-control'}, 'max-age=3600', 'expires is kept';
    is $own->{header}{etag}, undef, 'no ETag is made up';

    my $whole = good("max_ranges 0, $time", '/norange/a.html',
                     '/norange/a.html', $page,
                     headers => { Range => 'bytes=0-4' });
    is $whole->{header}{'accept-ranges'}, undef, 'no Accept-Ranges';

    good("sendfile_max_chunk, $time", '/drip/long.html', '/drip/long.html',
         $long);
    good("output_buffers, $time", '/memory/long.html', '/memory/long.html',
         $long);
    good("chunked off, $time", '/nochunk/chunked', '/nochunk/chunked', $page);
    good("return, $time", '/ret', '/ret', $part);
    good("charset, $time", '/koi/koi.html', '/koi/koi.html',
         $koi =~ s/\xf0.*\xd4/\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82/r);
    good("proxy_cache, $time", '/k/page', '/k/page', $page);


    # post_action runs after the page is complete

    good("post_action, $time", '/after/a.html', '/after/a.html', $page);
    good("post_action by proxy, $time", '/afterp/a.html', '/afterp/a.html',
         $page);


    # other protocols to applications, and modules that may be missing

    for my $way (qw(fastcgi scgi uwsgi memcached)) {
        good("$way, $time", "/$way/x", "/$way/x", $page) if has($way);
    }

    good("grpc, $time", '/grpc/a.html', '/grpc/a.html', $page) if has('v2');
    good("secure_link, $time", '/secure/a.html?m=' . digest('x/secure/a.html'),
         '/secure/a.html', $page) if has('secure_link');
    good("mirror, $time", '/mirror/b.html', '/mirror/b.html', $page)
        if has('mirror');
    good("auth_request, $time", '/asks/a.html', '/asks/a.html', $page)
        if has('auth_request');
    good("random_index, $time", '/random/', '/random/', $page)
        if has('random_index');

    if (has('autoindex')) {
        my $list = fetch($port, '/list/');
        $views{'/list/'}++;

        is +(without_widget($list->{body}))[1], 0, "autoindex, $time";
        like $list->{body}, qr{<hr></body>\r\n</html>\r\n\z},
            'the listing is as autoindex writes it';
    }

    if (has('gzip_static')) {
        good("gzip_static, $time", '/gzs/gz.html', '/gzs/gz.html', $page,
             headers => { 'Accept-Encoding' => 'gzip' });
        good("gzip_static always, $time", '/gza/gz.html', '/gza/gz.html',
             $page);
    }

    # modules that turn a page into something else before the widget

    alone("slice, $time", '/slice/a.html', 200, $page) if has('slice');
    $views{'/slice/a.html'}++ if has('slice');
    alone("stub_status, $time", '/stub', 200) if has('stub_status');
    alone("image_filter, $time", '/img/pic.png', 200, png(9)) if $image;
    alone("image_filter of a page, $time", '/img/a.html', 415) if $image;
    alone("xslt, $time", '/xslt/d.xml', 200,
          "<html><body><main>x</main></body></html>\n") if $xslt;
    $views{'/xslt/d.xml'}++ if $xslt;
}

sub digest {
    my ($text) = @_;

    require Digest::MD5;

    return Digest::MD5::md5_base64($text) =~ tr{+/}{-_}r;
}

# SSI output comes after the widget filter: such a page needs a marker

my $unseen = fetch($port, '/ssi/middle.html');
$views{'/ssi/middle.html'}++;

is $unseen->{body}, $framed, 'ssi: no widget where only includes have a place';

my $socket = IO::Socket::UNIX->new(Peer => $nginx->dir . '/marked.sock');
print $socket "GET /middle.html HTTP/1.0\r\n\r\n";
my ($marked) = do { local $/; <$socket> } =~ /\r\n\r\n(.*)/s;
my ($rest, $widgets) = without_widget($marked);

$views{'/middle.html'}++;

is $widgets, 1, 'ssi: a marker gets the widget';
is $rest, $framed, 'ssi: the rest is unchanged';
like $marked, qr{<!-- social --><section}, 'ssi: the widget follows the marker';

is fetch($port, '/few/a.html')->{status}, 200, 'limit_req: one request passes';
$views{'/few/a.html'}++;
alone('limit_req: the next is refused', '/few/a.html', 503);


# a cache keeps the application's page, without a widget

good('proxy_store', '/store/page', '/store/page', $page);
# nginx moves the file into its place after the last byte has been sent
$nginx->wait_for(sub { -s $nginx->dir . '/store/store/page' });
is $nginx->slurp('store/store/page'), $page,
    'proxy_store: the stored file has no widget';

opendir my $dir, $nginx->dir . '/cached' or die $!;
my @cached = grep { /^\w/ } readdir $dir;

is scalar(@cached), 1, 'one page in the cache';
unlike $nginx->slurp("cached/$cached[0]"), qr/data-social/, 'without a widget';


# dav

if (has('dav')) {
    my %put = (method => 'PUT', content => $page);

    is $nginx->request('PUT', '/dav/d.html', content => $page)->{status}, 201,
        'PUT: a page';
    good('dav: the page', '/dav/d.html', '/dav/d.html', $page);
    is $nginx->request('PUT', '/dav/d.html', content => $koi)->{status}, 204,
        'PUT: another';
    good('dav: the new one', '/dav/d.html', '/dav/d.html', $koi);
    is $nginx->request('DELETE', '/dav/d.html')->{status}, 204, 'DELETE';
    alone('dav: gone', '/dav/d.html', 404);
}


# each page was counted once, under its own key, whatever modules made it

my @seen;

$nginx->wait_for(sub {
    @seen = split /\n/, $nginx->slurp('logs/count.log');
    my $sum = 0;
    $sum += $_ for values %views;
    return @seen >= $sum;
});

my %seen;
$seen{$_}++ for map { (split ' ')[1] } @seen;

is_deeply \%seen, \%views, 'each view counts once';

$nginx->stop;
$nginx->quiet('open\(\) "\S+" failed \(2:|image filter|limiting requests');

done_testing;
