#!/usr/bin/perl

# HTTP/2 over TLS, many streams at once, and HTTP/3 where nginx has it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Backend;
use Page qw(fetch without_widget);
use Social;
use Test::More;


my $line = "<p>some text <b>here</b></p>\n";
my $small = "<!doctype html><html><body>\n<article><h1>A</h1>" . $line x 300
    . '</article><footer>foot</footer></body></html>';
my $large = '<!doctype html><html><body>' . $line x 10_000 . '<article>'
    . $line x 9_000 . '</article>' . $line x 1_000 . '</body></html>';

my $app = Backend->new(
    '/page' => { body => $small, length => 1, etag => '"e"' },
    '/chunked' => { body => $large, etag => '"c"' },
);
my $built = `${\ ($ENV{SOCIAL_NGINX} || '/usr/sbin/nginx')} -V 2>&1`;
my ($minor) = $built =~ m{nginx/1\.(\d+)};
my $quic = $built =~ /--with-http_v3_module/;
my $tls = Social::free_port();
my $url = "https://127.0.0.1:$tls";
my $to = 'proxy_pass http://127.0.0.1:' . $app->port . '/;';

plan skip_all => 'this nginx has no HTTP/2 over TLS'
    if $built !~ /--with-http_ssl_module/ || $built !~ /--with-http_v2_module/;

my $nginx = Social->new(
    stopped => 1, main => 'worker_shutdown_timeout 1s;',
    http => 'proxy_http_version 1.1; log_format proto "$server_protocol '
        . '$status $uri"; http2_max_concurrent_streams 100;',
    server => "location /p/ { $to }",
    servers => <<"END",
    server {
        listen 127.0.0.1:$tls ssl @{[ $minor < 25 ? 'http2' : '' ]};
        @{[ $minor < 25 ? '' : 'http2 on;' ]}
        @{[ $quic ? "listen 127.0.0.1:$tls quic reuseport;" : '' ]}
        ssl_certificate DIR/cert.pem;
        ssl_certificate_key DIR/key.pem;
        root DIR/html;
        social blog;
        access_log DIR/logs/proto.log proto;
        location ^~ /_social/ { social_api blog; }
        location /p/ { $to }
        location /z/ { gzip on; gzip_min_length 1; alias DIR/html/; }
    }
END
    files => { 'a.html' => $small, 'large.html' => $large,
               'none.html' => 'no place' },
);
my $dir = $nginx->dir;

system("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
       . " -nodes -keyout $dir/key.pem -out $dir/cert.pem -days 10"
       . " -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
       . " 2>$dir/openssl.log") == 0
    or die $nginx->slurp('openssl.log');

$nginx->start;

my $port = $nginx->port;
my @PATHS = qw(/a.html /large.html /none.html /p/page /p/chunked);
my %want = map { $_ => fetch($port, $_)->{body} } @PATHS;


sub run {
    my (@command) = @_;

    open my $fh, '-|', @command or die "$command[0]: $!";
    binmode $fh;
    local $/;

    return scalar <$fh>;
}

sub same {
    my ($body, $path, $name) = @_;

    ok +(without_widget($body))[0] eq (without_widget($want{$path}))[0],
        "$name: the page is unchanged";
    is +(without_widget($body))[1], $path eq '/none.html' ? 0 : 1,
        "$name: its widget";

    return;
}


# one request after the other

my @curl = qw(curl -sk --http2);

for my $path (@PATHS) {
    same(run(@curl, "$url$path"), $path, "HTTP/2 $path") for 1, 2;
}

my $whole = run(@curl, "$url/large.html");
my $seam = index $whole, '<section';
my ($tag) = run(@curl, '-I', "$url/large.html") =~ /^etag: (.*?)\r$/m;

like run(@curl, '-I', "$url/large.html"),
    qr/^HTTP\/2 200.*^content-length: ${\ length $whole}\r$/ms,
    'HTTP/2: HEAD';
is run(@curl, '-r', ($seam - 5) . '-' . ($seam + 5), "$url/large.html"),
    substr($whole, $seam - 5, 11), 'HTTP/2: a range over the widget\'s start';
is run(@curl, '-r', '-9', "$url/large.html"), substr($whole, -9),
    'HTTP/2: a suffix range';
like run(@curl, '-i', '-H', "If-None-Match: $tag", "$url/large.html"),
    qr/\AHTTP\/2 304.*\r\n\r\n\z/s, 'HTTP/2: 304';
same(run(@curl, '--compressed', "$url/z/a.html"), '/a.html',
     'HTTP/2, compressed');


# many streams on one connection, with different pages

my @many = map { $PATHS[$_ % @PATHS] } 1 .. 100;

$nginx->write('list', join '', map {
    "url = \"$url$many[$_]\"\noutput = \"$dir/got$_\"\n"
} 0 .. $#many);

system(@curl, qw(-Z --parallel-max 50 --no-progress-meter -K),
       "$dir/list") == 0 or diag 'curl: ' . ($? >> 8);

my $wrong = 0;

for my $i (0 .. $#many) {
    $wrong++ if (without_widget($nginx->slurp("got$i")))[0]
        ne (without_widget($want{ $many[$i] }))[0];
}

is $wrong, 0, scalar(@many) . ' pages on one connection are right';

SKIP: {
    skip 'no h2load', 4 if system('which h2load >/dev/null 2>&1') != 0;

    for my $path (qw(/a.html /large.html)) {
        my $length = length run(@curl, "$url$path");
        my $said = run('h2load', qw(-n 400 -c 4 -m 50), "$url$path");

        like $said, qr/status codes: 400 2xx, 0 3xx/, "h2load $path: 400 x 200";
        like $said, qr/\(${\ (400 * $length) }\) data/, 'every byte of them';
    }
}


# HTTP/3, with a browser

SKIP: {
    skip 'this nginx has no HTTP/3', 3 if !$quic;
    skip 'no chromium', 3 if system('which chromium >/dev/null 2>&1') != 0;

    my ($pin) = `openssl x509 -in $dir/cert.pem -pubkey -noout |
        openssl pkey -pubin -outform der |
        openssl dgst -sha256 -binary | base64` =~ /(\S+)/;

    for my $path (qw(/a.html /large.html /p/chunked)) {
        my $dom = run('sh', '-c', 'exec timeout 60 chromium --headless'
            . ' --no-sandbox --disable-gpu --dump-dom --enable-quic'
            . " --user-data-dir=$dir/chromium"
            . " --origin-to-force-quic-on=127.0.0.1:$tls"
            . " --ignore-certificate-errors-spki-list=$pin"
            . " $url$path 2>/dev/null");

        is +(() = $dom =~ /some text/g), +(() = $want{$path} =~ /some text/g),
            "HTTP/3 $path: the whole page";
        like $dom, qr/<section[^>]* data-social="\Q$path\E"/,
            'HTTP/3: the page has its widget';
        like $nginx->slurp('logs/proto.log'), qr{^HTTP/3\.0 200 \Q$path\E$}m,
            'over HTTP/3';
    }
}

$nginx->stop;
$nginx->quiet('favicon\.ico');

done_testing;
