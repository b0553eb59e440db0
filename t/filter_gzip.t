#!/usr/bin/perl

# Compressed pages of an application: inflated, given their widget, sent plain
# to nginx's own gzip; broken ones; encodings that are left alone; files with a
# compressed copy beside them.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Backend;
use IO::Compress::Gzip qw(gzip);
use IO::Uncompress::Gunzip qw(gunzip);
use Page qw(fetch dial read_answer without_widget);
use Social;
use Test::More;


my $page = '<!doctype html><html lang=en><head><title>A</title></head><body>'
    . '<header>head</header><article><h1>A</h1>'
    . join('', map { "<p>some text $_ <b>here</b></p>" } 1 .. 3000)
    . '</article><footer>foot</footer></body></html>';
my $none = 'no place';
my $bomb = '<html><body><article>' . ('x' x 60_000_000)
    . '</article></body></html>';
my $dud = 'x' x 60_000_000;

sub zip {
    my ($text) = @_;

    gzip(\$text => \my $out, -Minimal => 1);

    return $out;
}

my $zip = zip($page);
my @html = ('Content-Type: text/html');
my @gz = (@html, 'Content-Encoding: gzip');

sub encoded {
    return { body => $zip, length => 1, etag => '"e"', headers =>
             [ @html, map { "Content-Encoding: $_" } @_ ] };
}

my %pages = (
    '/zip'     => { body => $zip, length => 1, etag => '"z"',
                    mtime => 1_400_000_000,
                    headers => [ @gz, 'Vary: Accept-Encoding' ] },
    '/x'       => encoded('x-gzip'),
    '/id'      => { body => $page, headers =>
                    [ @html, 'Content-Encoding: identity' ] },
    '/none'    => { body => zip($none), length => 1, etag => '"n"',
                    headers => [ @gz, 'Digest: sha-256=x' ] },
    '/plain'   => { body => $page, headers => \@gz, etag => '"p"' },
    '/empty'   => { body => '', headers => \@gz },
    '/member'  => { body => zip(substr $page, 0, 500)
                    . zip(substr $page, 500), headers => \@gz },
    '/zeros'   => { body => "$zip\0\0\0\0\0", headers => \@gz },
    '/trash'   => { body => "$zip\x1fnothing at all", headers => \@gz },
    '/trashed' => { body => "$zip\x1f", piece => 100, hush => 1,
                    headers => \@gz },
    '/half'    => { body => substr($zip, 0, length($zip) / 2), length => 1,
                    headers => \@gz },
    '/notail'  => { body => substr($zip, 0, -4), headers => \@gz },
    '/crc'     => { body => substr($zip, 0, -8) . 'wrongcrc',
                    headers => \@gz },
    '/broken'  => { body => substr($zip, 0, 30) . 'X' x 5000,
                    headers => \@gz },
    '/second'  => { body => $zip . substr($zip, 0, 900), headers => \@gz },
    '/died'    => { body => [ substr($zip, 0, 3000), \'die' ],
                    headers => \@gz },
    '/bomb'    => { body => zip($bomb), headers => \@gz },
    '/dud'     => { body => zip($dud), headers => \@gz },
    '/deflate' => encoded('deflate'),
    '/br'      => encoded('br'),
    '/zstd'    => encoded('zstd'),
    '/what'    => encoded('rot13'),
    '/twice'   => encoded('gzip, gzip'),
    '/lines'   => encoded('br', 'gzip'),
);
my $app = Backend->new(%pages);
my $to = 'proxy_pass http://127.0.0.1:' . $app->port . '/;';

my $nginx = Social->new(
    workers => 1,
    http => <<'END',
    types { text/html html; }
    proxy_http_version 1.1;
    proxy_cache_path DIR/cache keys_zone=cache:1m;
    gzip_min_length 1;
END
    server => <<"END",
    location /p/      { $to }
    location /u/      { $to proxy_buffering off; }
    location /k/      { $to proxy_cache cache; proxy_cache_valid 200 1h; }
    location /again/  { $to gzip on; gzip_proxied any; gzip_vary on; }
    location /off/    { $to social off; }
    location /on/     { gzip_static on; alias DIR/html/; }
    location /always/ { gzip_static always; alias DIR/html/; }
    location /both/   { gzip_static on; gzip on; gzip_vary on;
                        alias DIR/html/; }
    location /cached/ { gzip_static on; open_file_cache max=10;
                        alias DIR/html/; }
    location /bare/   { gzip_static on; social off; alias DIR/html/; }
    location /added/  { add_header Content-Encoding gzip; types { }
                        default_type text/html; alias DIR/html/; }
END
    files => {
        'a.html' => $page, 'a.html.gz' => $zip,
        'b.html.gz' => $zip,
        'n.html' => $none, 'n.html.gz' => zip($none),
        'old.html' => 'not a page any more', 'old.html.gz' => $zip,
    },
);
my $port = $nginx->port;


sub good {
    my ($path, %a) = @_;

    my $answer = fetch($port, $path, %a);
    my ($rest, $widgets) = without_widget($answer->{body});
    my $length = $answer->{header}{'content-length'};

    subtest $path => sub {
        is $answer->{status}, 200, 'status';
        is $answer->{header}{'content-encoding'} // 'identity', 'identity',
            'sent plain';
        is $widgets, 1, 'one widget';
        ok $rest eq $page, 'the page is unchanged';
        ok $answer->{complete}, 'complete';
        is $length, length $answer->{body}, 'length' if defined $length;
    };

    return $answer;
}


# the same bytes and headers as with "social off"

sub alone {
    my ($path, $plain, %a) = @_;

    my $answer = fetch($port, $path, %a);
    my $without = fetch($port, $plain, %a);

    ok $answer->{body} eq $without->{body}, "$path: its bytes are unchanged";
    is $answer->{header}{$_}, $without->{header}{$_}, "$path: its $_"
        for qw(content-encoding content-length etag last-modified digest
               cache-control);

    return;
}


# what can be inflated

for my $way (qw(p u k k)) {
    good("/$way/$_") for qw(zip x id member zeros trash trashed);
    is fetch($port, "/$way/empty")->{status}, 200, "/$way/empty";
}

my %gzip = (headers => { 'Accept-Encoding' => 'gzip' });
good('/k/zip', %gzip);      # nginx caches one copy for each Accept-Encoding
my $get = good('/k/zip', %gzip);
my $tag = $get->{header}{etag};

like $tag, qr/^"z-[0-9a-z]+"$/, 'a strong tag';
is $get->{header}{vary}, 'Accept-Encoding', 'Vary is kept';
is $get->{header}{'cache-control'}, 'no-cache', 'Cache-Control is no-cache';
is good('/k/zip')->{header}{etag}, $tag, 'the same ETag without gzip';

my $head = fetch($port, '/k/zip', method => 'HEAD', %gzip);

is $head->{header}{$_}, $get->{header}{$_}, "HEAD: $_ of GET"
    for qw(etag last-modified content-encoding content-type cache-control
           vary accept-ranges);

for my $way (qw(p k)) {
    my %asked = (headers => { 'If-None-Match' =>
                              fetch($port, "/$way/zip")->{header}{etag},
                              'Accept-Encoding' => 'gzip' });
    my $not = fetch($port, "/$way/zip", %asked);

    is $not->{status}, 304, "/$way/zip: 304";
    is $not->{body} . $not->{rest}, '', 'a 304 has no body';
}

my $again = fetch($port, '/again/zip', %gzip);
my $weak = $again->{header}{etag};

is $again->{header}{'content-encoding'}, 'gzip', 'compressed again';
is $again->{header}{'content-length'}, undef, 'without Content-Length';
like $weak, qr/^W\/"z-[0-9a-z]+"$/, 'its ETag is weak';
like $again->{header}{vary}, qr/Accept-Encoding/, 'Vary names Accept-Encoding';
gunzip(\$again->{body} => \my $text);
ok +(without_widget($text))[0] eq $page, 'the page is unchanged';
is fetch($port, '/again/zip', headers => { 'If-None-Match' => $weak })
    ->{status}, 304, 'the weak ETag gives 304';


# A page without a place for the widget is sent inflated, without headers that
# describe the compressed bytes.

my $plain = fetch($port, '/p/none');

is $plain->{body}, $none, 'a page without a place';
is $plain->{header}{etag}, 'W/"n"', 'has a weak ETag';
is $plain->{header}{digest}, undef, 'has no digest of the compressed bytes';
is $plain->{header}{'content-length'}, length $none, 'has its own length';


# ranges of the page with its widget

my $whole = fetch($port, '/k/zip')->{body};
my $part = fetch($port, '/k/zip', headers => { Range => 'bytes=5-99' });

ok $part->{body} eq ($part->{status} == 206 ? substr $page, 5, 95 : $whole),
    'a range may cover the widget';


# a broken body is never sent as complete; a body that is not gzip is passed on

for my $way (qw(p u k)) {
    for my $name (qw(half notail crc broken second died)) {
        my $answer = fetch($port, "/$way/$name");
        my ($rest) = without_widget($answer->{body});

        ok !$answer->{complete}, "/$way/$name is not called complete";
        ok index($page x 2, $rest) == 0, 'what is sent of it is right';
    }

    alone("/$way/plain", '/off/plain');
}


# inflating a huge page takes little memory

sub memory {
    my ($pid) = $nginx->workers;

    open my $fh, '<', "/proc/$pid/status" or die "$pid: $!";
    my ($kb) = join('', <$fh>) =~ /^VmHWM:\s+(\d+)/m;

    return $kb;
}

my $before = memory();

for my $path (qw(/p/bomb /u/bomb /k/bomb /k/bomb /p/dud /k/dud /again/bomb)) {
    my $socket = dial($port);
    my ($bytes, $buf) = (0);

    print $socket "GET $path HTTP/1.0\r\nHost: x\r\n\r\n";
    $bytes += length $buf while sysread $socket, $buf, 1_000_000;

    cmp_ok $bytes, '>', 60_000_000, "$path: all of it was sent";
}

# a sanitizer keeps freed memory for a while
cmp_ok memory() - $before, '<', 12_000,
    'the worker has grown by only a few megabytes'
    if ($ENV{LD_PRELOAD} // '') !~ /asan/;
is fetch($port, '/p/bomb', method => 'HEAD')->{status}, 200,
    'HEAD of a huge page';


# other encodings are left alone, with one log line for the owner

alone("/$_->[0]/$_->[1]", "/off/$_->[1]", %gzip)
    for map { my $way = $_; map { [ $way, $_ ] }
              qw(deflate br zstd what twice lines) } qw(p u k k);

my @told = $nginx->error_log =~ /^(.*came with content encoding.*)$/mg;

is scalar @told, 1, 'one log line about it';
like $told[0], qr/\[info\].*"deflate".*Accept-Encoding/,
    'the line says what to do';


# files with a compressed copy beside them

my $file = fetch($port, '/on/a.html');

for my $way (qw(on always both cached)) {
    for my $time (qw(cold warm)) {
        good("/$way/a.html");
        good("/$way/a.html", %gzip) if $way ne 'both';
    }
}

my %same = map { $_ => fetch($port, '/on/a.html', %gzip)->{header}{$_} }
    qw(etag last-modified content-length accept-ranges);

is_deeply \%same, { map { $_ => $file->{header}{$_} } keys %same },
    'the same headers for clients with and without gzip';

my $both = fetch($port, '/both/a.html', %gzip);

is $both->{header}{'content-encoding'}, 'gzip', 'nginx\'s gzip compresses it';
gunzip(\$both->{body} => \$text);
ok +(without_widget($text))[0] eq $page, 'the page is unchanged';
like $both->{header}{vary}, qr/Accept-Encoding/, 'Vary names Accept-Encoding';

my $seam = index $file->{body}, '<section';
my %range = (Range => 'bytes=' . ($seam - 9) . '-' . ($seam + 9));

is fetch($port, '/on/a.html', headers => { %range,
         'Accept-Encoding' => 'gzip' })->{body},
    substr($file->{body}, $seam - 9, 19), 'a range over the widget\'s start';
is fetch($port, '/on/a.html', headers => { 'Accept-Encoding' => 'gzip',
         'If-None-Match' => $file->{header}{etag} })->{status}, 304, 'not modified';
is fetch($port, '/on/a.html', method => 'HEAD', %gzip)->{header}{etag},
    $file->{header}{etag}, 'HEAD';

good("/$_/b.html", %gzip) for qw(on always);
alone("/on/$_.html", "/bare/$_.html", %gzip) for qw(n old);
ok fetch($port, '/added/a.html.gz')->{body} eq $zip,
    'an encoding that add_header claims changes nothing';

$nginx->stop;
$nginx->quiet('cannot inflate an article',
              'upstream prematurely closed connection');

done_testing;
