#!/usr/bin/perl

# Without an article nothing of nginx's own behaviour changes: the same requests
# go to an nginx without the module and to others with `social` on in every
# server; every answer is compared byte for byte, and so are the requests to
# upstreams and every line of the access log.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Apps;
use Backend;
use Company qw(configuration files paths has module_file);
use Compress::Zlib ();
use IO::Select;
use IO::Socket::INET;
use Page qw(dial without_widget);
use Social;
use Test::More;
use Time::HiRes qw(time);


my $text = join '', map { "line $_ of the application\n" } 1 .. 90;
my @plain = ('Content-Type: text/plain');

my %pages = (
    '/text'    => { headers => \@plain, body => $text },
    '/pass/text' => { headers => \@plain, body => $text },
    '/pass//text' => { headers => \@plain, body => $text },
    '/pass/./t%65xt' => { headers => \@plain, body => $text },
    '/length'  => { headers => \@plain, body => $text, length => 1,
                    etag => '"e"', mtime => 1_400_000_000, ranges => 1 },
    '/html'    => { body => $Company::PAGE, length => 1, etag => '"h"' },
    '/e401'    => { status => '401 Unauthorized', body => 'who', headers =>
                    [ @plain, 'WWW-Authenticate: Basic realm=x' ] },
    '/e404'    => { status => '404 Not Found', body => $Company::PAGE },
    '/e500'    => { status => '500 Oh', body => $Company::PAGE, length => 1 },
    '/r302'    => { status => '302 Found', body => '', length => 1,
                    headers => [ 'Location: http://app/there', 'X-B: b' ] },
    '/cookies' => { body => $text, length => 1, headers => [ @plain, 'X-B: b',
                    'Set-Cookie: a=b; path=/', 'Set-Cookie: c=d; path=/' ] },
    '/none'    => { headers => ['Content-Type:'], body => $text },
    '/empty'   => { body => '', length => 1 },
    '/n204'    => { status => '204 No Content', body => '', close => 1 },
    '/xar'     => { body => 'unseen', headers => [ 'Content-Type: text/plain',
                    'X-Accel-Redirect: /int/b.txt', 'X-Q: 1' ] },
    '/xarbad'  => { body => 'unseen', headers =>
                    [ 'X-Accel-Redirect: /nowhere/x' ] },
    '/zip'     => { body => Compress::Zlib::memGzip($text), length => 1,
                    headers => [ @plain, 'Content-Encoding: gzip' ] },
    '/json'    => { body => '{"a":"<article>"}', length => 1,
                    headers => ['Content-Type: application/json'] },
    '/closed'  => { headers => \@plain, body => $text, close => 1 },
    '/cut'     => { headers => \@plain, body => [ 'half', \'die', 'x' ] },
    '/head'    => { headers => \@plain, body => $text, length => 1 },
);

my $apps = Apps->new(head => "Content-Type: text/plain\r\n", body => $text);
my $dead = Social::free_port();

# accepts connections and never answers
my $silent = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 64);

# the article pattern of each nginx; the first one has no module at all

my @sites = (
    [ plain => undef ],
    [ never => 'article = /never/;' ],
    [ every => 'article ~ .;' ],
    [ html => '' ],
);
my (%files, $root, @servers);

%files = files();
$files{users} = "jo:{PLAIN}pw\n";

for my $site (@sites) {
    my ($name, $pattern) = @$site;
    my $app = Backend->new(%pages);
    my $nginx = Social->new(stopped => 1, cold => 1);

    if (!$root) {
        $root = $nginx->dir . '/html';
        $nginx->file($_, $files{$_}, 3600) for sort keys %files;
    }

    # create both in the same second: the time is part of the ETag
    mkdir $nginx->dir . '/dav';
    chmod 0777, $nginx->dir . '/dav';

    $nginx->write('nginx.conf', configuration(
        site => $pattern, module => $nginx->{module},
        dir => $nginx->dir, root => $root,
        port => $nginx->port, port2 => $nginx->port2,
        names => { APP => $app->port, DEAD => $dead,
                   SILENT => $silent->sockport,
                   map { uc($_) => $apps->port($_) }
                       qw(fastcgi scgi uwsgi memcached) }));
    $nginx->start;
    push @servers, { name => $name, nginx => $nginx, app => $app };
}


# sends the bytes; everything that comes back until nginx closes

sub talk {
    my ($server, $bytes) = @_;

    my $socket = dial($server->{nginx}->port);
    my $select = IO::Select->new($socket);
    my $end = time + 15;
    my $answer = '';

    $socket->autoflush(1);
    print $socket $bytes;

    while ($select->can_read($end - time > 0 ? $end - time : 0)) {
        sysread($socket, $answer, 65536, length $answer) or last;
    }

    return $answer;
}


# replace what differs from minute to minute, and from nginx to nginx

sub normal {
    my ($answer, $server) = @_;

    my $port = $server->{nginx}->port;

    $answer =~ s/^Date: .*?\r$/Date: now\r/mg;
    $answer =~ s/^Expires: .*?\r$/Expires: then\r/mg;
    $answer =~ s/\b\Q$port\E\b/PORT/g;

    while ($answer =~ /boundary=(\d{5,})/) {
        my $number = $1;
        $answer =~ s/$number/NUMBER/g;
    }

    # where an application's chunks end is chance: join them

    my ($head, $body) = $answer =~ /\A(.*?\r\n\r\n)(.*)\z/s;

    if ($head && $head =~ /^Transfer-Encoding: chunked/m) {
        my $whole = '';

        while ($body =~ s/\A([0-9a-f]+)\r\n//) {
            $whole .= substr $body, 0, hex $1, '';
            $body =~ s/\A\r\n//;
        }

        $answer = "$head$whole|$body";
    }

    return $answer;
}


sub request {
    my ($method, $path, $version, @lines) = @_;

    return join "\r\n", "$method $path HTTP/$version", 'Host: localhost',
        "User-Agent: $Social::BROWSER", @lines, 'Connection: close', '', '';
}


my ($same, $articles, $html) = (0, 0, 0);

# is the answer the original page plus one widget?

sub is_article {
    my ($want, $got) = @_;

    return 0 if $want !~ m{\AHTTP/1\.\d 200 .*^Content-Type: text/html}ms;

    my ($old) = $want =~ /\r\n\r\n(.*)/s;
    my ($new) = $got =~ /\r\n\r\n(.*)/s;
    my ($rest, $widgets) = without_widget($new);

    $_ =~ s/\|\z// for $old, $rest;

    return $widgets == 1 && $rest eq $old;
}


sub compare {
    my ($name, $bytes, $variation) = @_;

    # the server where every page is an article need not answer variations
    my @some = $variation ? @servers[0 .. 2] : @servers;
    my @answers = map { normal(talk($_, $bytes), $_) } @some;
    my $want = shift @answers;

    $html = $want =~ m{\AHTTP/1.1 200 .*^Content-Type: text/html}ms
        if !$variation;

    for my $i (0 .. $#answers) {
        my $server = $servers[$i + 1]{name};

        if ($answers[$i] eq $want) {
            $same++;
            next;
        }

        # ranges and conditions of articles have tests of their own

        if ($server ne 'never' && (is_article($want, $answers[$i])
                                   || ($html && $variation)))
        {
            $articles++;
            next;
        }

        is $answers[$i], $want, "$server: $name";
    }

    return $want;
}


my @variations = (
    [ 'HEAD', '1.1' ],
    [ 'GET', '1.0' ],
    [ 'GET', '1.1', 'Range: bytes=5-9' ],
    [ 'GET', '1.1', 'If-None-Match: *' ],
    [ 'GET', '1.1', 'Range: bytes=-3, 0-2' ],
    [ 'GET', '1.1', 'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT' ],
    [ 'GET', '1.1', 'Accept-Encoding: gzip', 'Range: bytes=100000000-' ],
    [ 'GET', '1.1', 'Accept-Encoding: gzip', 'If-Match: "x"' ],
    [ 'POST', '1.1', 'Content-Type: text/plain', 'Content-Length: 0' ],
    [ 'DELETE', '1.1' ],
);

my %signs = (
    sub => [ sub => qr/^row 0001$/m ],
    add => [ addition => qr/^line 0400\nline 0001$/m ],
    gunzip => [ gunzip => qr/^line 1 of/m ],
    gzs => [ gzip_static => qr/^Content-Length: 4000\r/m ],
    gza => [ gzip_static => qr/^Content-Encoding: gzip\r/m ],
    slice => [ slice => qr/ 200 OK\r/ ],
    auth200 => [ auth_request => qr/ 200 OK\r/ ],
    auth401 => [ auth_request => qr/ 401 / ],
    random => [ random_index => qr/^only/m ],
    secure => [ secure_link => qr/ 403 / ],
    mem => [ memcached => qr/^line 1 of/m ],
    fastcgi => [ fastcgi => qr/^line 1 of/m ],
    scgi => [ scgi => qr/^line 1 of/m ],
    uwsgi => [ uwsgi => qr/^line 1 of/m ],
    grpc => [ grpc => qr/^line 0001$/m ],
    autoindex => [ autoindex => qr{<a href="one.txt">} ],
    img => [ image_filter => qr/^\x89PNG\r\n.{10}\0\0\0\x0a\0\0\0\x0a/ms ],
    imgsize => [ image_filter => qr/"width": 40/ ],
    xslt => [ xslt_filter => qr{<main>x</main>} ],
);
my %seen;

for my $path (paths()) {
    my $answer = compare("GET $path", request('GET', $path, '1.1'));

    # the other module did its work, where it is there
    my ($room) = $path =~ m{^/([^/]+)};
    my ($module, $sign) = @{ $signs{$room // ''} // [] };

    like $answer, $sign, "$path: $module"
        if $module && (has($module) || module_file($module))
           && $path !~ /none|empty|broken|bad|big|start/ && !$seen{$path};

    # ask these only once: they are slow, or change with each request

    next if $seen{$path}++ || $path =~ m{^/(?:late|lreq|store)/};

    # fewer variations for applications, which are slow
    my $slow = $path =~ m{^/(?:p|p11|u|turn|pass|cache|again|auth|next)\b};

    for my $variation ($slow ? @variations[0 .. 3] : @variations) {
        my ($method, $version, @lines) = @$variation;

        compare("$method $path HTTP/$version @lines",
                request($method, $path, $version, @lines), 1);
    }
}

cmp_ok $same, '>', 2500, 'answers are the same';
cmp_ok $articles, '>', 20, 'articles have a widget and no other difference';


# malformed requests, requests with bodies, pipelined requests

my $big = 'x' x 30_000;
my $host = "Host: localhost\r\n";
my $close = "Connection: close\r\n";

my %raw = (
    'no HTTP' => "nonsense\r\n\r\n",
    'HTTP/0.9' => "GET /b.txt\r\n",
    'no host' => "GET /b.txt HTTP/1.1\r\n\r\n",
    'two hosts' => "GET /b.txt HTTP/1.1\r\n$host$host\r\n",
    'a bad version' => "GET /b.txt HTTP/3.0\r\n$host\r\n",
    'a bad path' => "GET /%00 HTTP/1.1\r\n$host\r\n",
    'out of the root' => "GET /../../b.txt HTTP/1.1\r\n$host\r\n",
    'a bad escape' => "GET /%zz HTTP/1.1\r\n$host\r\n",
    'dots' => "GET /x/..//./b.txt?a HTTP/1.1\r\n$host$close\r\n",
    'an absolute URI' => "GET http://localhost/b.txt HTTP/1.1\r\n$host$close\r\n",
    'a long line' => "GET /$big HTTP/1.1\r\n$host\r\n",
    'a long header' => "GET /b.txt HTTP/1.1\r\n${host}X: $big\r\n\r\n",
    'TRACE' => "TRACE /b.txt HTTP/1.1\r\n$host\r\n",
    'CONNECT' => "CONNECT x:1 HTTP/1.1\r\n$host\r\n",
    'a strange method' => "FROB /b.txt HTTP/1.1\r\n$host$close\r\n",
    'a small method' => "get /b.txt HTTP/1.1\r\n$host\r\n",
    'too large' => "POST /size/text HTTP/1.1\r\n${host}Content-Length: 11\r\n"
        . "$close\r\nabcdefghijk",
    'a body' => "POST /p/text HTTP/1.1\r\n${host}Content-Length: 4\r\n"
        . "$close\r\nbody",
    'a chunked body' => "POST /p11/text HTTP/1.1\r\n${host}"
        . "Transfer-Encoding: chunked\r\n$close\r\n4\r\nbody\r\n0\r\n\r\n",
    'bad chunks' => "POST /p/text HTTP/1.1\r\n${host}"
        . "Transfer-Encoding: chunked\r\n$close\r\nzz\r\nbody\r\n",
    'a strange encoding' => "POST /p/text HTTP/1.1\r\n${host}"
        . "Transfer-Encoding: deflate\r\n$close\r\n",
    'two lengths' => "POST /p/text HTTP/1.1\r\n${host}Content-Length: 4\r\n"
        . "Content-Length: 5\r\n\r\nbody",
    '100 Continue' => "POST /p/text HTTP/1.1\r\n${host}Content-Length: 4\r\n"
        . "Expect: 100-continue\r\n$close\r\nbody",
    'a body that nobody reads' => "POST /b.txt HTTP/1.1\r\n${host}"
        . "Content-Length: 4\r\n\r\nbodyGET /b.txt HTTP/1.0\r\n\r\n",
    'a body to an article' => "GET /ret200 HTTP/1.1\r\n${host}"
        . "Content-Length: 4\r\n\r\nbodyGET /b.txt HTTP/1.1\r\n$host$close\r\n",
    'a password' => "GET /basic/b.txt HTTP/1.1\r\n${host}"
        . "Authorization: Basic am86cHc=\r\n$close\r\n",
    'a wrong one' => "GET /any/b.txt HTTP/1.1\r\n${host}"
        . "Authorization: Basic am86eHg=\r\n$close\r\n",
    'a right one' => "GET /any/b.txt HTTP/1.1\r\n${host}"
        . "Authorization: Basic am86cHc=\r\n$close\r\n",
    'empty lines first' => "\r\n\r\nGET /b.txt HTTP/1.0\r\n\r\n",
    'line feeds only' => "GET /b.txt HTTP/1.0\n\n",
    'keepalive in 1.0' => "GET /b.txt HTTP/1.0\r\nConnection: keep-alive\r\n"
        . "\r\nGET /none HTTP/1.0\r\n\r\n",
    'an upgrade' => "GET /p11/length HTTP/1.1\r\n${host}Upgrade: x\r\n"
        . "$close\r\n",
    'pipelined' => join('', map { "GET $_ HTTP/1.1\r\n$host\r\n" }
        qw(/b.txt /none /pic.png /ret200 /ret204 /ret301 /empty.txt /big.bin
           /p/length /err1/x /gif /dead/ /list /copy/b.txt /send/big.bin))
        . "HEAD /b.txt HTTP/1.1\r\n$host\r\n"
        . "GET /b.txt HTTP/1.1\r\n${host}Range: bytes=0-1\r\n\r\n"
        . "GET /ret403 HTTP/1.1\r\n$host$close\r\n",
);

if (has('dav')) {
    my $date = "Date: Fri, 01 Jan 2021 00:00:00 GMT\r\n";
    my @lines = (
        "PUT /dav/a/x.txt HTTP/1.1\r\n$host${date}Content-Length: 4\r\n\r\nbody",
        "GET /dav/a/x.txt HTTP/1.1\r\n$host\r\n",
        "PUT /dav/a/x.txt HTTP/1.1\r\n$host${date}Content-Length: 3\r\n\r\nnew",
        "COPY /dav/a/x.txt HTTP/1.1\r\n${host}Destination: /dav/y.txt\r\n\r\n",
        "MKCOL /dav/b/ HTTP/1.1\r\n$host\r\n",
        "MKCOL /dav/b/ HTTP/1.1\r\n$host\r\n",
        "MOVE /dav/y.txt HTTP/1.1\r\n${host}Destination: /dav/b/z.txt\r\n\r\n",
        "GET /dav/b/z.txt HTTP/1.1\r\n$host\r\n",
        "DELETE /dav/b/z.txt HTTP/1.1\r\n$host\r\n",
        "DELETE /dav/b/z.txt HTTP/1.1\r\n$host\r\n",
        "DELETE /dav/a/ HTTP/1.1\r\n$host$close\r\n",
    );

    $raw{dav} = join '', @lines;
}

for my $name (sort keys %raw) {
    my $answer = compare($name, $raw{$name});

    ok length $answer, "$name: answered";
}


# HTTP/2

SKIP: {
    # a sanitizer that is loaded this way is meant for nginx: curl hangs
    delete local $ENV{LD_PRELOAD};

    skip 'no curl with HTTP/2', 1
        if !has('v2') || `curl --version 2>/dev/null` !~ /HTTP2/;

    my @paths = grep {
        !m{^/(?:late|lreq|store|ret444|mirror|post\d|p/cut)\b}
    } paths();
    my @all;

    for my $server (@servers[0, 1]) {
        my $port = $server->{nginx}->port2;

        # curl 7.88 cannot use a connection twice: names of their own
        my $n = 0;
        my @urls = map { 'http://h' . $n++ . ".example$_" } @paths;

        open my $fh, '-|', qw(curl -s -i --http2-prior-knowledge -H),
            'Host: localhost', '--connect-to', "::127.0.0.1:$port", @urls
            or die "curl: $!";
        local $/;
        my $all = <$fh>;
        close $fh;

        $all =~ s/(?:^|(?<=\S))(?=HTTP\/2 \d)/\n/mg;
        $all =~ s/^date: .*?\r$/date: now/mg;
        $all =~ s/^expires: .*?\r$/expires: then/mg;
        push @all, $all;
    }

    my $count = () = $all[0] =~ m{^HTTP/2 \d+}mg;

    cmp_ok $count, '>', 100, 'HTTP/2: answers';
    ok $all[0] eq $all[1], 'HTTP/2: all the same';
}


# what upstreams were asked, and what was logged; some of it in the background

sub asked {
    my ($server) = @_;

    my $port = $server->{app}->port;

    return join '', sort map { s/\b\Q$port\E\b/APP/gr }
        $server->{app}->requests;
}

sub logged {
    my ($server) = @_;

    my ($nginx, $app) = @$server{qw(nginx app)};
    my ($port, $behind, $dir) = ($nginx->port, $app->port, $nginx->dir);
    my @lines = split /^/, $nginx->slurp('logs/all.log');

    for my $line (@lines) {
        $line =~ s/\b(?:\Q$port\E|\Q$behind\E)\b/PORT/g;
        $line =~ s/\Q$root\E/ROOT/g;
        $line =~ s/\Q$dir\E/DIR/g;
    }

    return join '', sort @lines;
}

my ($plain, $never) = @servers;

$plain->{nginx}->wait_for(sub { asked($plain) eq asked($never) });
$plain->{nginx}->wait_for(sub {
    (() = logged($plain) =~ /\n/g) == (() = logged($never) =~ /\n/g) });

ok asked($never) eq asked($plain), 'upstreams were asked the same';

my @plain_log = split /\n/, logged($plain);
my @never_log = split /\n/, logged($never);
my @odd = grep { $plain_log[$_] ne ($never_log[$_] // '') } 0 .. $#plain_log;

is @never_log, @plain_log, 'as many lines were logged';
is @odd, 0, 'and the same ones'
    or diag map { "$plain_log[$_]\n$never_log[$_]\n" } @odd[0 .. 2];
cmp_ok scalar(@plain_log), '>', 1500, 'a good many';


for my $server (@servers) {
    my $nginx = $server->{nginx};

    # what plain nginx says is nothing to be alarmed by
    my %known = map { (message($_) => 1) } split /\n/,
        $servers[0]{nginx}->error_log;

    my @new = grep { /\[(?:alert|emerg|crit|error)\]|Sanitizer/
                     && !$known{ message($_) } } split /\n/, $nginx->error_log;

    is "@new", '', "$server->{name}: error.log says nothing new";
}

sub message {
    my ($line) = @_;

    my ($what) = $line =~ /\*\d+ (.*?)(?:, client: |$)/;

    $what //= $line;
    $what =~ s/\d{4,}/N/g;
    # of a limit: how much time has gone by
    $what =~ s/excess: [\d.]+/excess: N/g;
    $what =~ s{/\S*/social-\w+/}{/}g;

    return $what;
}

# alarms of all of them were compared above: reports of tools are left

for my $server (@servers) {
    $server->{nginx}->stop;
    $server->{nginx}->quiet('.');
}

done_testing;
