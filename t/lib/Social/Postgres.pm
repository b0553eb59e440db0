package Social::Postgres;

# A PostgreSQL of a test's own: a cluster in a temporary folder, on a port of
# 127.0.0.1, which ends with the test.
#
#   my $db = Social::Postgres->new;     # undef: PostgreSQL is not installed
#   my $url = $db->url;                 # postgresql://social@127.0.0.1:PORT/social
#   my $n = $db->ask('SELECT 1');       # the first value of a statement
#   $db->kill9;                         # the postmaster and all its children
#   $db->start;
#   $db->stop;                          # at once, as after a power cut
#
# durable => 1: with fsync, for what must survive.
#
# The newest version that is installed; SOCIAL_PGBIN is another one's folder of
# initdb, pg_ctl and psql.

use strict;
use warnings;

use File::Temp ();
use IO::Handle;
use IO::Socket::INET;
use Social;
use Time::HiRes qw(sleep);


my @all;


sub bin {
    return $ENV{SOCIAL_PGBIN} if $ENV{SOCIAL_PGBIN};

    my ($newest) = sort { $b <=> $a }
        map { m{/(\d+)/bin/initdb$} } glob '/usr/lib/postgresql/*/bin/initdb';

    return $newest ? "/usr/lib/postgresql/$newest/bin" : undef;
}


sub new {
    my ($class, %a) = @_;

    my $bin = bin() or return;
    my $self = bless { bin => $bin, owner => $$, port => Social::free_port() },
        $class;

    $self->{dir} = File::Temp->newdir('social-pg-XXXXXX', TMPDIR => 1);
    my $dir = $self->{dir}->dirname;
    $self->{data} = "$dir/data";
    $self->{log} = "$dir/run.log";
    push @all, $self;

    # PostgreSQL does not run as root
    if ($> == 0) {
        my ($uid, $gid) = (getpwnam 'postgres')[2, 3];
        chown $uid, $gid, $dir or die "$dir: $!";
        $self->{as} = [ 'setpriv', "--reuid=$uid", "--regid=$gid",
                        '--clear-groups' ];
    }

    $self->run('initdb', '-D', "$dir/data", '-U', 'social', '--auth=trust',
               '-E', 'UTF8', '--locale=C', '-N') or die 'initdb failed';

    open my $fh, '>>', "$dir/data/postgresql.conf" or die $!;
    print $fh "port = $self->{port}\nlisten_addresses = '127.0.0.1'\n",
        "unix_socket_directories = ''\nmax_connections = 200\n",
        'fsync = ', $a{durable} ? 'on' : 'off', "\n", $a{conf} // '';
    close $fh or die $!;

    $self->start;
    $self->ask('CREATE DATABASE social', 'postgres');

    return $self;
}


sub run {
    my ($self, $command, @args) = @_;

    return system('sh', '-c', 'cd /; exec "$@" >> "$0" 2>&1', $self->{log},
                  @{ $self->{as} // [] }, "$self->{bin}/$command", @args) == 0;
}


sub port { return $_[0]{port} }
sub data { return $_[0]{data} }

sub url {
    my ($self, $port) = @_;

    return 'postgresql://social@127.0.0.1:' . ($port // $self->{port})
        . '/social';
}


sub start {
    my ($self) = @_;

    my @command = ('pg_ctl', '-D', $self->data, '-l', $self->data . '/log',
                   '-w', '-t', 30, 'start');
    my $tries = $self->{killed} ? 100 : 1;

    sleep 0.1 while !$self->run(@command) && --$tries > 0;
    die 'PostgreSQL does not start' if !$tries;

    $self->{running} = 1;
    $self->{killed} = 0;

    return;
}


sub stop {
    my ($self, $mode) = @_;

    $self->run('pg_ctl', '-D', $self->data, '-m', $mode // 'immediate', '-w',
               'stop');
    $self->{running} = 0;

    return;
}


sub postmaster {
    my ($self) = @_;

    open my $fh, '<', $self->data . '/postmaster.pid' or return;
    my $pid = <$fh>;
    chomp $pid;

    return $pid;
}


# children see that the postmaster is gone, and end; until they have, another
# one cannot start: see start()

sub kill9 {
    my ($self) = @_;

    kill 'KILL', $self->postmaster;
    $self->{running} = 0;
    $self->{killed} = 1;

    return;
}


sub answers {
    my ($self) = @_;

    return IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                 PeerPort => $self->{port});
}


sub ask {
    my ($self, $sql, $database) = @_;

    open my $fh, '-|', "$self->{bin}/psql", '-h', '127.0.0.1', '-p',
        $self->{port}, '-U', 'social', '-X', '-A', '-t', '-q', '-c', $sql,
        $database // 'social' or die $!;
    my @lines = <$fh>;
    close $fh;
    chomp @lines;

    return wantarray ? @lines : $lines[0];
}


# a connection that stays: a function that runs statements, without waiting for
# them; called with none, it ends the connection

sub session {
    my ($self) = @_;

    open my $fh, '|-', "$self->{bin}/psql", '-h', '127.0.0.1', '-p',
        $self->{port}, '-U', 'social', '-X', '-q', '-o', '/dev/null', 'social'
        or die $!;
    $fh->autoflush(1);

    return sub {
        my ($sql) = @_;

        return defined $sql ? print $fh "$sql;\n" : close $fh;
    };
}


# until a count is not 0, at most ten seconds

sub wait_for_row {
    my ($self, $sql) = @_;

    for (1 .. 500) {
        return 1 if $self->ask($sql);
        sleep 0.02;
    }

    return;
}


# before its folder goes

END {
    local $?;
    $_->stop for grep { $_->{running} && $_->{owner} == $$ } @all;
}


1;
