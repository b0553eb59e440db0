package House;

# A Debian's /etc/nginx in a folder, with what libnginx-mod-social installs, and
# an nginx and a systemctl that use it: the manuals are followed in it as they
# are printed.
#
#   my $house = House->new;
#   $house->put('etc/nginx/social/site.conf', $text);   # paths are local ones
#   $house->shell('nginx -t && systemctl reload nginx') or die $house->said;
#   my $res = $house->get('/posts/a/', 'jane:secret');
#   my @texts = House::blocks($manual, 'sh');
#
# https://blog.example and 127.0.0.1:8999 stand for its address.  Ends with the
# object, nginx as well.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp ();
use HTTP::Tiny ();
use MIME::Base64 qw(encode_base64);
use Social;

my $ROOT = abs_path(dirname(__FILE__) . '/../..');


sub slurp {
    my ($name) = @_;

    open my $fh, '<:raw', $name or die "$name: $!";
    local $/;
    return scalar <$fh>;
}

sub blocks {
    my ($text, $language) = @_;

    return $text =~ /^```$language\n(.*?)^```$/msg;
}


sub new {
    my ($class, %a) = @_;

    my $self = bless {
        dir => File::Temp->newdir, port => Social::free_port(), owner => $$,
        module => Social->new(stopped => 1)->{module},
    }, $class;

    chmod 0755, $self->{dir};
    make_path(map { "$self->{dir}/$_" } qw(etc/nginx/modules-enabled
        etc/nginx/conf.d etc/nginx/social etc/nginx/sites-available
        etc/nginx/sites-enabled var/log/nginx var/lib/nginx var/www/blog run
        temp bin usr));
    $self->debian;
    $self->package if !$a{bare};

    return $self;
}


# Debian's nginx.conf, and a machine's nginx and systemctl

sub debian {
    my ($self) = @_;

    my $dir = $self->{dir};
    my $user = $> == 0 ? "user www-data;\n" : '';
    my $temp = join '', map { "    ${_}_temp_path $dir/temp/$_;\n" }
        qw(client_body proxy fastcgi uwsgi scgi);
    my $run = join(' ', Social::Tool::nginx()) . " -p $dir/usr/"
        . " -c $dir/etc/nginx/nginx.conf -e $dir/var/log/nginx/error.log";

    $self->put('etc/nginx/nginx.conf', Social::Tool::main() . <<"END");
${user}pid $dir/run/nginx.pid;
error_log $dir/var/log/nginx/error.log;
include $dir/etc/nginx/modules-enabled/*.conf;

events { }

http {
$temp
    types { text/html html; }
    access_log $dir/var/log/nginx/access.log;
    include $dir/etc/nginx/conf.d/*.conf;
    include $dir/etc/nginx/sites-enabled/*;
}
END

    $self->put('bin/nginx', "#!/bin/sh\nexec $run \"\$@\"\n");
    $self->put('bin/systemctl', <<"END");
#!/bin/sh
case \$1 in
stop|restart)
    # nginx -t leaves an empty file
    [ ! -s $dir/run/nginx.pid ] || kill -QUIT \$(cat $dir/run/nginx.pid)
    for i in \$(seq 400); do
        [ -s $dir/run/nginx.pid ] || break
        sleep 0.05
    done
    ;;
reload) $run -s reload ;;
esac
case \$1 in start|restart) $run ;; esac
END
    chmod 0755, map { "$dir/bin/$_" } qw(nginx systemctl);

    return;
}


# what is in the package and what its postinst does

sub package {
    my ($self) = @_;

    my $packaging = "$ROOT/docs/packaging";

    $self->put('etc/nginx/modules-enabled/50-mod-social.conf',
               "load_module modules/ngx_social_module.so;\n");
    $self->put('etc/nginx/conf.d/mod-social.conf',
               slurp("$packaging/mod-social.conf"));
    $self->put("usr/share/doc/libnginx-mod-social/examples/$_",
               slurp("$packaging/examples/$_")) for qw(site.conf server.conf);
    symlink 'social', "$self->{dir}/etc/nginx/social-enabled"
        or die "social-enabled: $!";

    return;
}


# what is written for a machine goes into the house

sub local_paths {
    my ($self, $text) = @_;

    my ($dir, $port) = @$self{qw(dir port)};

    $text =~ s{(?<![\w.])/(etc/nginx|var/log/nginx|var/lib/nginx|var/www
                          |usr/share/doc)\b}{$dir/$1}gx;
    $text =~ s{modules/ngx_social_module\.so}{$self->{module}};
    $text =~ s{127\.0\.0\.1:8999}{127.0.0.1:$port}g;
    $text =~ s{https://blog\.example}{http://127.0.0.1:$port}g;
    $text =~ s{(openssl passwd -apr1)}{$1 secret}g;

    # the usual name of the store is in the module
    $text =~ s{^(social_site blog \{.*)$}
              {$1\n    store sqlite:$dir/var/lib/nginx/social/blog.db;}m;

    # only root can give a file away
    $text =~ s/chown root:www-data/true/g if $> != 0;

    return $text;
}


# a file, by its path on a machine without the first slash

sub put {
    my ($self, $name, $text) = @_;

    my $file = "$self->{dir}/$name";

    make_path(dirname($file));
    open my $fh, '>:raw', $file or die "$name: $!";
    print $fh $name =~ m{^bin/|^etc/nginx/nginx\.conf$} ? $text
        : $self->local_paths($text);
    close $fh or die "$name: $!";

    return;
}

sub file { return slurp("$_[0]{dir}/$_[1]") }

# edits a file that local commands copied: its text is that of a machine

sub localise {
    my ($self, $name) = @_;

    return $self->put($name, $self->file($name));
}


# the commands of a manual, in one shell; true if all went well

sub shell {
    my ($self, $text) = @_;

    $self->put('commands.sh', "set -eu\n$text");

    my $dir = $self->{dir};
    local $ENV{PATH} = "$dir/bin:$ENV{PATH}";

    return system("sh $dir/commands.sh >$dir/said 2>&1") == 0;
}

sub said { return slurp("$_[0]{dir}/said") }


sub request {
    my ($self, $method, $path, $login, %a) = @_;

    my $headers = $a{headers} // {};

    $headers->{Authorization} = 'Basic ' . encode_base64($login, '')
        if $login;

    return HTTP::Tiny->new(max_redirect => 0, agent => $Social::BROWSER,
                           keep_alive => 0, timeout => 20)
        ->request($method, "http://127.0.0.1:$self->{port}$path",
                  { %a, headers => $headers });
}

sub get {
    my ($self, $path, $login) = @_;

    return $self->request('GET', $path, $login);
}

sub wait_for {
    my ($self, $condition) = @_;

    for (1 .. 500 * Social::Tool::slow()) {
        my $got = $condition->();
        return $got if $got;
        select undef, undef, undef, 0.02;
    }

    return;
}


sub DESTROY {
    my ($self) = @_;

    # at the end of the program the folder may go first
    return if $self->{owner} != $$ || !$self->{dir}
              || !-s "$self->{dir}/run/nginx.pid";

    local $?;
    kill 'QUIT', slurp("$self->{dir}/run/nginx.pid") =~ /(\d+)/;

    return;
}


1;
