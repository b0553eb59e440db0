package Company;

# A server with everything that nginx itself can do: one configuration, with or
# without the module, and the files that it serves.
#
#   my %files = files();
#   my $conf = configuration(root => $dir, app => $port, apps => $apps,
#                            site => 'article = /never/;' or undef, ...);
#   my @paths = paths();          # one GET each; their answers vary
#
# Modules that this nginx lacks are left out, with their locations.

use strict;
use warnings;

use Compress::Zlib ();
use Exporter qw(import);
use File::Temp ();

our @EXPORT_OK = qw(configuration files paths png has module_file);

our $PAGE = '<!DOCTYPE html><html lang="en"><head><title>A</title></head>'
    . '<body><article><h1>A</h1>' . '<p>some text of a page</p>' x 60
    . '</article></body></html>';

my $NGINX = $ENV{SOCIAL_NGINX} || '/usr/sbin/nginx';
my $BUILT = `$NGINX -V 2>&1`;


# is this module compiled into nginx, not dynamic and not left out?

sub has {
    my ($name) = @_;

    return 1 if $BUILT =~ /--with-http_${name}_module(?!=)/;

    return $name =~ /^(?:autoindex|memcached|grpc|uwsgi|scgi|fastcgi|mirror)$/
           && $BUILT !~ /--without-http_${name}_module/;
}


# the file of a dynamic module that this nginx can load, or nothing

sub module_file {
    my ($name) = @_;

    my ($path) = $BUILT =~ /--modules-path=(\S+)/;

    $path //= '/usr/lib/nginx/modules';
    $path .= "/ngx_http_${name}_module.so";

    return if !-e $path || ($ENV{SOCIAL_MODULE} // '') eq 'static';

    # a module of another nginx version may be there, which cannot be loaded
    my $conf = File::Temp->new;

    print $conf "load_module $path;\npid /dev/null;\nevents { }\n";
    close $conf;

    return if system("$NGINX -t -e /dev/null -c $conf >/dev/null 2>&1") != 0;

    return $path;
}


# a picture of one colour

sub png {
    my ($side) = @_;

    my $chunk = sub {
        my ($type, $data) = @_;

        return pack('N', length $data) . $type . $data
            . pack 'N', Compress::Zlib::crc32($type . $data);
    };

    return "\x89PNG\r\n\x1a\n"
        . $chunk->('IHDR', pack 'NNC5', $side, $side, 8, 2, 0, 0, 0)
        . $chunk->('IDAT', Compress::Zlib::compress(
              ("\0" . "\xc0\x40\x20" x $side) x $side))
        . $chunk->('IEND', '');
}


sub files {
    my $text = join '', map { sprintf "line %04d\n", $_ } 1 .. 400;

    return (
        'index.html' => $PAGE,
        'a.html' => $PAGE,
        'b.txt' => $text,
        'big.bin' => join('', map { pack 'N', $_ * 2654435761 % 2**32 }
                              1 .. 60_000),
        'empty.txt' => '',
        'empty.html' => '',
        'pic.png' => png(40),
        'broken.png' => 'no picture',
        'v.flv' => 'FLV' . 'v' x 5000,
        'v.mp4' => 'no film' x 100,
        'd.xml' => '<?xml version="1.0"?><doc><p>x</p></doc>',
        'bad.xml' => '<?xml version="1.0"?><doc><p>x</doc>',
        'd.xslt' => '<xsl:stylesheet version="1.0" xmlns:xsl='
            . '"http://www.w3.org/1999/XSL/Transform"><xsl:output '
            . 'method="html"/><xsl:template match="/"><html><body><main>'
            . '<xsl:value-of select="doc/p"/></main></body></html>'
            . '</xsl:template></xsl:stylesheet>',
        's.txt' => 'a<!--#include virtual="/b.txt" -->b'
            . '<!--#include virtual="/none.txt" -->c'
            . '<!--#echo var="arg_x" default="none" -->'
            . '<!--#include virtual="/p/text" -->'
            . '<!--#set var="v" value="w" --><!--#echo var="v" -->',
        'koi.txt' => "\xf0\xd2\xc9\xd7\xc5\xd4",
        'z.txt' => $text,
        'z.txt.gz' => Compress::Zlib::memGzip($text),
        'list/one.txt' => 'one', 'list/sub/two.txt' => 'two',
        'random/only.txt' => 'only',
        'try/index.txt' => 'an index',
        'e404.txt' => 'not found, says a page',
        'e404.html' => $PAGE,
    );
}


# a location for a module, if this nginx has it

sub maybe {
    my ($name, $text) = @_;

    return has($name) ? $text : '';
}


sub locations {
    my (%a) = @_;

    my $text = <<'END';
    location /autoindex/ { alias ROOT/list/; autoindex on; }
    location /autojson/  { alias ROOT/list/; autoindex on;
                           autoindex_format json; }
    location /alias/     { alias ROOT/; }
    location /try/       { try_files $uri /b.txt; index index.txt; }
    location /tryno/     { try_files $uri =404; }
    location /trynamed/  { try_files $uri @named; }
    location @named      { return 200 "named $uri"; }
    location = /ret200   { return 200 "text"; }
    location = /rethtml  { default_type text/html; return 200 "<main>x</main>"; }
    location = /ret204   { return 204; }
    location = /ret301   { return 301 /elsewhere; }
    location = /ret307   { return 307 http://other.example$request_uri; }
    location = /ret403   { return 403; }
    location = /ret404   { return 404; }
    location = /ret410   { return 410 "gone"; }
    location = /ret444   { return 444; }
    location = /ret500   { return 500; }
    location = /ret502   { return 502; }
    location /err1/      { error_page 404 /e404.txt; }
    location /err2/      { error_page 404 =200 /e404.txt; }
    location /err3/      { error_page 404 = @named; }
    location /err4/      { error_page 404 =403 /e404.html; }
    location /err5/      { error_page 404 http://other.example/; }
    location /err6/      { error_page 404 /none1; recursive_error_pages on; }
    location = /none1    { error_page 404 = /b.txt; recursive_error_pages on;
                           root ROOT/nowhere; }
    location /err7/      { error_page 404 = /p/text; }
    location /err8/      { error_page 404 /p/e404; }
    location /int/       { internal; }
    location /rw1/       { rewrite ^ /b.txt last; }
    location /rw2/       { rewrite ^ /b.txt break; }
    location /rw3/       { rewrite ^ /b.txt redirect; }
    location /rw4/       { rewrite ^/rw4/(.*) /rw4/x$1 last; }
    location /rw5/       { rewrite ^ /ret200? permanent; }
    location /if/        { if ($arg_x) { return 200 "x=$arg_x"; }
                           set $y "y$args"; return 200 $y; }
    location /ssi/       { alias ROOT/; ssi on; ssi_types text/plain; }
    location /ssisilent/ { alias ROOT/; ssi on; ssi_types text/plain;
                           ssi_silent_errors on; ssi_last_modified on; }
    location /charset/   { alias ROOT/; charset utf-8;
                           source_charset koi8-r;
                           charset_types text/plain; }
    location /gzip/      { alias ROOT/; gzip on; gzip_min_length 1;
                           gzip_types text/plain; gzip_proxied any; }
    location /headers/   { alias ROOT/; add_header X-A b always; expires 1h;
                           add_trailer X-T t; }
    location /etagless/  { alias ROOT/; etag off; }
    location /before/    { alias ROOT/; if_modified_since before; }
    location /norange/   { alias ROOT/; max_ranges 0; }
    location /rate/      { alias ROOT/; limit_rate 2m; }
    location /direct/    { alias ROOT/; directio 512; }
    location /send/      { alias ROOT/; sendfile on; tcp_nopush on; }
    location /copy/      { alias ROOT/; sendfile off; output_buffers 1 512; }
    location /ofc/       { alias ROOT/; open_file_cache max=10; }
    location /deny/      { alias ROOT/; deny all; }
    location /basic/     { alias ROOT/; auth_basic x;
                           auth_basic_user_file ROOT/users; }
    location /any/       { alias ROOT/; satisfy any; deny all;
                           auth_basic x; auth_basic_user_file ROOT/users; }
    location /except/    { alias ROOT/; limit_except GET { deny all; } }
    location /lreq/      { alias ROOT/; limit_req zone=one nodelay;
                           limit_req_status 429; }
    location /lconn/     { alias ROOT/; limit_conn conns 1; }
    location /size/      { client_max_body_size 10;
                           proxy_pass http://127.0.0.1:APP/; }
    location = /gif      { empty_gif; }
    location /p/         { proxy_pass http://127.0.0.1:APP/; }
    location /p11/       { proxy_pass http://127.0.0.1:APP/;
                           proxy_http_version 1.1; }
    location /u/         { proxy_pass http://127.0.0.1:APP/;
                           proxy_buffering off; }
    location /turn/      { proxy_pass http://127.0.0.1:APP/;
                           proxy_redirect http://app/ /turned/;
                           proxy_cookie_path / /turn/; proxy_hide_header X-B;
                           proxy_intercept_errors on;
                           error_page 404 =200 /b.txt; }
    location /dead/      { proxy_pass http://127.0.0.1:DEAD/; }
    location /next/      { proxy_pass http://next/; }
    location /late/      { proxy_pass http://127.0.0.1:SILENT/;
                           proxy_read_timeout 100ms; }
    location /pass/      { proxy_pass http://127.0.0.1:APP;
                           proxy_set_header X-Args $args;
                           proxy_set_header X-Uri $request_uri; }
    location /cache/     { proxy_pass http://127.0.0.1:APP/; proxy_cache c;
                           proxy_cache_valid 200 1h;
                           proxy_cache_valid any 1m;
                           add_header X-Cache $upstream_cache_status always; }
    location /store/     { proxy_pass http://127.0.0.1:APP/;
                           proxy_store DIR/store$uri; }
    location /again/     { proxy_pass http://127.0.0.1:APP/; gzip on;
                           gzip_types text/plain; gzip_min_length 1;
                           gzip_proxied any; }
    location /post1/     { alias ROOT/; post_action /after1; }
    location = /after1   { return 200 "nobody sees it"; }
    location /post2/     { alias ROOT/; post_action @after2; }
    location @after2     { proxy_pass http://127.0.0.1:APP;
                           rewrite ^ /text break; }
    location /slow/      { alias ROOT/; aio threads; directio 512; }
END

    $text .= maybe(sub => <<'END');
    location /sub/       { alias ROOT/; sub_filter line row;
                           sub_filter_once off; sub_filter_types text/plain; }
END
    $text .= maybe(addition => <<'END');
    location /add/       { alias ROOT/; add_before_body /b.txt;
                           add_after_body /p/text;
                           addition_types text/plain; }
END
    $text .= maybe(gunzip => <<'END');
    location /gunzip/    { proxy_pass http://127.0.0.1:APP/; gunzip on; }
END
    $text .= maybe(gzip_static => <<'END');
    location /gzs/       { alias ROOT/; gzip_static on; }
    location /gza/       { alias ROOT/; gzip_static always; }
END
    $text .= maybe(slice => <<'END');
    location /slice/     { slice 1k; proxy_pass http://127.0.0.1:OWN/;
                           proxy_set_header Host localhost;
                           proxy_set_header Range $slice_range;
                           proxy_http_version 1.1; }
    location /slicek/    { slice 1k; proxy_pass http://127.0.0.1:OWN/;
                           proxy_set_header Host localhost;
                           proxy_set_header Range $slice_range;
                           proxy_cache c; proxy_cache_key $uri$slice_range;
                           proxy_cache_valid 200 206 1h; }
END
    $text .= maybe(auth_request => <<'END');
    location /auth200/   { alias ROOT/; auth_request /p/text; }
    location /auth401/   { alias ROOT/; auth_request /p/e401; }
    location /auth403/   { alias ROOT/; auth_request /ret403; }
    location /auth500/   { alias ROOT/; auth_request /ret500; }
END
    $text .= maybe(mirror => <<'END');
    location /mirror/    { alias ROOT/; mirror /copied; }
    location = /copied   { internal; proxy_pass http://127.0.0.1:APP/text; }
END
    $text .= maybe(random_index => <<'END');
    location /random/    { random_index on; }
END
    $text .= maybe(secure_link => <<'END');
    location /secure/    { alias ROOT/; secure_link $arg_m;
                           secure_link_md5 "x$uri";
                           if ($secure_link = "") { return 403; } }
END
    $text .= maybe(dav => <<'END');
    location /dav/       { alias DIR/dav/; etag off; create_full_put_path on;
                           dav_methods PUT DELETE MKCOL COPY MOVE; }
END
    $text .= maybe(flv => "    location /flv/ { alias ROOT/; flv; }\n");
    $text .= maybe(mp4 => "    location /mp4/ { alias ROOT/; mp4; }\n");
    $text .= maybe(memcached => <<'END');
    location /mem/       { set $memcached_key $uri;
                           memcached_pass 127.0.0.1:MEMCACHED; }
END

    for my $way (qw(fastcgi scgi uwsgi)) {
        $text .= maybe($way => <<"END");
    location /$way/      { ${way}_pass 127.0.0.1:\U$way\E;
                           ${way}_param REQUEST_METHOD \$request_method;
                           ${way}_param CONTENT_LENGTH \$content_length; }
END
    }

    $text .= maybe(grpc => <<'END') if has('v2');
    location /grpc/      { grpc_pass grpc://127.0.0.1:OWN2;
                           grpc_set_header Host localhost;
                           rewrite ^/grpc(.*) $1 break; }
END
    $text .= <<'END' if module_file('image_filter');
    location /img/       { alias ROOT/; image_filter resize 10 10; }
    location /imgsize/   { alias ROOT/; image_filter size; }
    location /imgtest/   { alias ROOT/; image_filter test; }
END
    $text .= <<'END' if module_file('xslt_filter');
    location /xslt/      { alias ROOT/; xslt_stylesheet ROOT/d.xslt; }
END

    return $text . ($a{server} // '');
}


sub configuration {
    my (%a) = @_;

    my $load = join '', map { "load_module $_;\n" }
        map { module_file($_) // () } qw(image_filter xslt_filter);
    my ($site, $api) = ('', '');

    if (defined $a{site}) {
        $load .= "load_module $a{module};\n" if $a{module} ne 'static';
        $site = "social_site blog { store sqlite:DIR/store/blog.db; zone 4m;"
              . " $a{site} }\n    social blog;";
        $api = 'location ^~ /_social/ { social_api blog; }';
    }

    my $conf = <<"END";
@{[ $> == 0 ? 'user www-data www-data;' : '' ]}
worker_processes 1;
${load}error_log DIR/logs/error.log info;
pid DIR/nginx.pid;
events { worker_connections 1024; }
http {
    client_body_temp_path DIR/temp/body;
    proxy_temp_path DIR/temp/proxy;
    fastcgi_temp_path DIR/temp/fastcgi;
    uwsgi_temp_path DIR/temp/uwsgi;
    scgi_temp_path DIR/temp/scgi;
    types { text/html html; text/plain txt; image/png png; text/xml xml;
            video/x-flv flv; video/mp4 mp4; }
    default_type application/octet-stream;
    # how many bytes are logged varies with HTTP/2 frames, chunks and the timing
    # of subrequests
    map \$request_completion:\$server_protocol:\$sent_http_transfer_encoding
        \$sent {
        ~^OK:HTTP/1[.][01]:\$ \$body_bytes_sent;
        default -;
    }
    log_format all '\$request|\$status|\$sent|\$uri|\$args|\$request_uri|'
        '\$upstream_status|\$upstream_cache_status|\$request_completion|'
        '\$sent_http_content_type|\$sent_http_content_length|\$pipe|'
        '\$sent_http_etag|\$sent_http_last_modified|\$remote_user|'
        '\$connection_requests|\$request_filename|\$http_range';
    access_log DIR/logs/all.log all;
    log_subrequest on;
    port_in_redirect off;
    lingering_close off;
    keepalive_timeout 5s;
    client_header_buffer_size 1k;
    large_client_header_buffers 2 2k;
    subrequest_output_buffer_size 64k;
    proxy_cache_path DIR/cache keys_zone=c:1m;
    limit_req_zone \$server_name zone=one:1m rate=1r/m;
    limit_conn_zone \$server_name zone=conns:1m;
    charset_map koi8-r utf-8 { F0 D09F; D2 D180; C9 D0B8; D7 D0B2; C5 D0B5;
                               D4 D182; }
    upstream next { server 127.0.0.1:DEAD max_fails=0;
                    server 127.0.0.1:APP backup; }
    $site
    server {
        listen 127.0.0.1:OWN;
        @{[ has('v2') ? 'listen 127.0.0.1:OWN2 http2;' : '' ]}
        server_name localhost;
        root ROOT;
        $api
@{[ locations(%a) ]}
    }
}
END

    my %names = (%{ $a{names} }, DIR => $a{dir}, ROOT => $a{root},
                 OWN => $a{port}, OWN2 => $a{port2});
    my $any = join '|', map { quotemeta } sort { length $b <=> length $a }
        keys %names;

    $conf =~ s/\b($any)\b/$names{$1}/g;

    return $conf;
}


# paths for a GET of each, and for variations of it

sub paths {
    my @paths = qw(/ /index.html /a.html /b.txt /big.bin /empty.txt
        /empty.html /pic.png /none /none.html /list /list/ /random/
        /autoindex/ /autojson/ /alias/b.txt /alias/none /try/ /try/none
        /tryno/x /trynamed/x /ret200 /rethtml /ret204 /ret301 /ret307 /ret403
        /ret404 /ret410 /ret444 /ret500 /ret502 /err1/x /err2/x /err3/x
        /err4/x /err5/x /err6/x /err7/x /err8/x /int/b.txt /rw1/ /rw2/ /rw3/
        /rw4/ /rw5/ /if/ /if/?x=1 /ssi/s.txt /ssi/s.txt?x=y /ssi/b.txt
        /ssi/empty.txt /ssisilent/s.txt /charset/koi.txt /gzip/b.txt
        /gzip/big.bin /gzip/empty.txt /headers/b.txt /headers/none
        /etagless/b.txt /before/b.txt /norange/b.txt /rate/b.txt
        /direct/big.bin /send/b.txt /send/big.bin /copy/b.txt /ofc/b.txt
        /ofc/b.txt /slow/big.bin /deny/b.txt /basic/b.txt /any/b.txt
        /except/b.txt /lconn/b.txt /gif /p/text /p/length /p/html /p/e401
        /p/e404 /p/e500 /p/r302 /p/none /p/empty /p/n204 /p/xar /p/xarbad
        /p/zip /p/json /p/closed /p/cut /p/head /p11/text /p11/length
        /p11/html /u/text /u/length /u/html /turn/r302 /turn/e404
        /turn/cookies /dead/ /next/text /late/late /pass/text?shared=x
        /pass/text?a=b&shared=bluesky.1.x&c=%20d /pass/text? /pass//text
        /pass/./t%65xt /cache/text /cache/text /cache/length /cache/length
        /cache/e404 /cache/e404 /cache/zip /cache/zip /store/text /again/text
        /again/zip /post1/b.txt /post1/none /post2/b.txt /sub/b.txt
        /sub/empty.txt /add/b.txt /add/empty.txt /gunzip/zip /gunzip/text
        /gzs/z.txt /gza/z.txt /slice/b.txt /slice/pic.png /slicek/b.txt
        /slicek/b.txt /auth200/b.txt /auth401/b.txt /auth403/b.txt
        /auth500/b.txt /mirror/b.txt /secure/b.txt?m=x /flv/v.flv
        /flv/v.flv?start=100 /mp4/v.mp4 /mp4/v.mp4?start=1 /mem/x /mem/none
        /fastcgi/x /scgi/x /uwsgi/x /grpc/b.txt /img/pic.png /img/broken.png
        /imgsize/pic.png /imgsize/broken.png /imgtest/pic.png
        /imgtest/broken.png /xslt/d.xml /xslt/bad.xml /lreq/b.txt
        /lreq/b.txt);

    return @paths;
}


1;
