package Chroot;

# A Debian in a folder, as t/make/packages.sh makes it: commands, files and
# requests.  It has a network of its own, in which it may listen on port 80.
#
#   my $debian = Chroot->new($ENV{SOCIAL_CHROOT});
#   my ($code, $said) = $debian->run('nginx -t');
#   $debian->put('/etc/nginx/conf.d/x.conf', $text);
#   my $res = $debian->get('/posts/a/', Host => 'blog.example');
#   my $load = $debian->load('/');      # a loop of requests
#   my %seen = $load->();               # ends it: { status => how often }
#
# Nothing of the caller's environment gets in, and no standard input.

use strict;
use warnings;

use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp ();
use HTTP::Tiny ();
use Time::HiRes qw(sleep time);

our $BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) '
    . 'Gecko/20100101 Firefox/128.0';


sub new {
    my ($class, $dir) = @_;

    die "SOCIAL_CHROOT: no Debian in a folder: run make packages\n"
        if !$dir || !-x "$dir/usr/bin/dpkg";

    return bless { dir => $dir }, $class;
}


# how it ended, and what it said on both outputs

sub run {
    my ($self, $command) = @_;

    my $out = File::Temp->new;
    my $pid = fork // die "fork: $!";

    if ($pid == 0) {
        open STDIN, '<', '/dev/null' or die;
        open STDOUT, '>&', $out or die;
        open STDERR, '>&', $out or die;
        exec qw(env -i HOME=/root TERM=dumb LANG=C.UTF-8
            DEBIAN_FRONTEND=noninteractive
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin),
            'chroot', $self->{dir}, 'sh', '-c', "cd /root && $command"
            or die;
    }

    waitpid $pid, 0;
    my $code = $? >> 8 || $?;

    return ($code, slurp($out->filename));
}


sub slurp {
    my ($file) = @_;

    open my $fh, '<:raw', $file or return;
    local $/;

    return scalar(<$fh>) // '';
}

sub file {
    my ($self, $name) = @_;

    return slurp("$self->{dir}$name");
}

sub put {
    my ($self, $name, $text) = @_;

    my $file = "$self->{dir}$name";

    make_path(dirname($file));
    open my $fh, '>:raw', $file or die "$file: $!";
    print $fh $text;
    close $fh or die "$file: $!";

    return;
}

# is there such a file, link or folder?  A link of it leads nowhere out here.

sub has {
    my ($self, $name) = @_;

    return lstat "$self->{dir}$name" ? 1 : 0;
}


# GET, or what `method` says; redirects are answers

sub request {
    my ($self, $method, $url, %a) = @_;

    $url = "http://127.0.0.1$url" if $url =~ m{^/};

    return HTTP::Tiny->new(agent => $BROWSER, max_redirect => 0, timeout => 20,
                           keep_alive => 0, verify_SSL => 0,
                           proxy => undef, http_proxy => undef,
                           https_proxy => undef)
        ->request($method, $url, { headers => $a{headers} // {},
            exists $a{content} ? (content => $a{content}) : () });
}

sub get {
    my ($self, $url, %headers) = @_;

    return $self->request('GET', $url, headers => \%headers);
}

# what it returns once that is true; undef after 20 seconds

sub wait_for {
    my ($self, $condition) = @_;

    for (1 .. 400) {
        my $got = $condition->();
        return $got if $got;
        sleep 0.05;
    }

    return;
}


# one request after the other, each on a connection of its own

sub load {
    my ($self, $url, %headers) = @_;

    my $count = File::Temp->new;
    my $pid = fork // die "fork: $!";

    if ($pid == 0) {
        my ($on, %seen) = (1);

        local $SIG{TERM} = sub { $on = 0 };

        while ($on) {
            my $res = $self->get($url, %headers);
            $seen{ $res->{status} }++;
            sleep 0.01;
        }

        print $count map { "$_ $seen{$_}\n" } sort keys %seen;
        close $count;
        require POSIX;
        POSIX::_exit(0);
    }

    return sub {
        kill 'TERM', $pid;
        waitpid $pid, 0;

        return map { split } split /\n/, slurp($count->filename);
    };
}


# the pids of a running nginx's masters; the first is that of the pid file

sub master {
    my ($self) = @_;

    return (($self->file('/run/nginx.pid') // '') =~ /^(\d+)/)[0] // 0;
}

# the file that a process has the module from: '', a path, with " (deleted)" if
# there is another one by that name

sub module_of {
    my ($self, $pid) = @_;

    my ($file) = (slurp("/proc/$pid/maps") // '')
        =~ m{ (/\S*ngx_social_module\.so(?: \(deleted\))?)$}m;

    return $file // '';
}


1;
