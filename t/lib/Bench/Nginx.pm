package Bench::Nginx;

# Servers to compare: nginx without the module, nginx with it, and the
# application behind both, which is a third nginx.  Each has one worker, the
# same files and the same locations:
#
#   /posts/NAME/            files
#   /cached/posts/NAME/     the same with open_file_cache
#   /gzip/posts/NAME/       gzip on
#   /proxy/posts/NAME/      proxied, with nginx's default buffers
#   /proxy32/posts/NAME/    ... with buffers of 32 KB
#   /zipped/posts/NAME/     ... compressed by the application
#   /off/posts/NAME/        `social off`
#
# In `more` stands what only one server has.

use strict;
use warnings;

use Bench ();
use Social ();

my $HTTP = <<'END';
    access_log off;
    keepalive_requests 1000000000;
    sendfile on;
    tcp_nopush on;
    types { text/html html; text/plain txt; application/json json; }
    client_body_temp_path DIR/temp/body;
    proxy_temp_path DIR/temp/proxy;
END

my $LOCATIONS = <<'END';
        location /cached/ { alias DIR/html/; open_file_cache max=20000; }
        location /gzip/ { alias DIR/html/; gzip on; }
        location /proxy/ { proxy_pass http://unix:SOCKET:/; }
        location /proxy32/ {
            proxy_pass http://unix:SOCKET:/;
            proxy_buffer_size 32k;
            proxy_buffers 8 32k;
        }
        location /zipped/ {
            proxy_pass http://unix:SOCKET:/;
            proxy_set_header Accept-Encoding gzip;
        }
END

my $SOCIAL = <<'END';
        social blog;
        location ^~ /_social/ { social_api blog; }
        location = /social { social_status blog; }
        location ^~ /_moderate/ {
            social_moderate blog;
            auth_basic blog;
            auth_basic_user_file DIR/users;
        }
        location /off/ { social off; alias DIR/html/; }
END


# plain and social; the application lives as long as they do

sub two {
    my (%a) = @_;

    my $files = $a{files};
    my $app = one(files => $files, listen => 'unix',
                  server => 'gzip_static on;');
    my $socket = $app->dir . '/socket';
    my %same = (files => $files, socket => $socket);

    my $plain = one(%same, prepare => $a{prepare},
                    server => "        location /off/ { alias DIR/html/; }\n"
                        . ($a{plain} // ''));
    my $social = one(%same, site => $a{site} // '',
                     server => $a{social} // '', start => $a{start});

    $plain->{app} = $social->{app} = $app;

    return ($plain, $social);
}


# One server.  site: parameters of social_site; undef: without the module.
# socket: the application's.  prepare: called with the server before it starts;
# start: called with a function that starts it.

sub one {
    my (%a) = @_;

    my $nginx = Social->new(files => $a{files}, stopped => 1, cold => 1,
                            workers => 1);

    $nginx->{conf} = conf($nginx, %a);
    $nginx->configure;
    $a{prepare}->($nginx) if $a{prepare};

    ($a{start} // sub { $_[0]->() })->(sub { $nginx->start });
    $nginx->wait_for(sub { ($nginx->{worker}) = $nginx->workers })
        or die "no worker:\n" . $nginx->error_log;

    ready($nginx) if defined $a{site};

    return $nginx;
}


sub conf {
    my ($nginx, %a) = @_;

    my $with = defined $a{site};
    my $text = ($with ? "load_module $nginx->{module};\n" : '')
        . ($> == 0 ? "user www-data www-data;\n" : '')
        . "worker_processes 1;\nerror_log DIR/logs/error.log warn;\n"
        . "pid DIR/nginx.pid;\nevents { worker_connections 4096; }\n"
        . "http {\n$HTTP";

    $text .= "    social_site blog {\n        store sqlite:DIR/store/blog.db;\n"
        . "        limit off;\n        comments open;\n        $a{site}\n    }\n"
        if $with;

    $text .= "    server {\n"
        . (($a{listen} // '') eq 'unix' ? "        listen unix:DIR/socket;\n"
                                        : '')
        . "        listen 127.0.0.1:$nginx->{port};\n"
        . "        listen 127.0.0.1:$nginx->{port2} http2;\n"
        . "        root DIR/html;\n" . ($with ? $SOCIAL : '')
        . ($a{socket} ? $LOCATIONS : '') . ($a{server} // '') . "    }\n}\n";

    my $dir = $nginx->dir;
    my $socket = $a{socket} // '';
    $text =~ s/\bDIR\b/$dir/g;
    $text =~ s/\bSOCKET\b/$socket/g;

    return $text;
}


# until the store is read, pages may have a link in place of the widget

sub ready {
    my ($nginx) = @_;

    $nginx->wait_for(sub {
        $nginx->get('/social?format=json')->{status} == 200 }, 60)
        or die "the module is not ready:\n" . $nginx->error_log;

    return;
}


# Dies unless the social page is the plain one (other: its path there) with one
# widget (or none) cut out.  Returns when the widget is there.  widgets undef:
# they have the same bytes.

sub same_page {
    my ($plain, $social, $path, $widgets, $other, %headers) = @_;

    my ($one, $two);

    $social->wait_for(sub {
        $one = body($plain, $other, %headers);
        $two = body($social, $path, %headers);
        return !$widgets || $two =~ /name="token"/;
    }) or die "$path: no widget\n";

    return if !defined $widgets && $one eq $two;
    die "$path: the bodies differ\n" if !defined $widgets;

    my $n = () = $two =~ /<section data-social=/g;
    $two =~ s{<section data-social=.*?</section>}{}s if $widgets;

    die "$path: the bodies differ\n" if $one ne $two;
    die "$path: $n widgets, not $widgets\n" if $n != $widgets;

    return;
}


sub body {
    my ($nginx, $path, %headers) = @_;

    my $res = $nginx->get($path, headers => \%headers);
    my $body = $res->{content};

    die "$path: $res->{status}\n" if $res->{status} != 200;

    if (($res->{headers}{'content-encoding'} // '') eq 'gzip') {
        require IO::Uncompress::Gunzip;
        IO::Uncompress::Gunzip::gunzip(\$body, \my $text)
            or die "$path: not gzip\n";
        $body = $text;
    }

    return $body;
}


1;
