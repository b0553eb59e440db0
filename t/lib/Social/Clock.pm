package Social::Clock;

# An nginx whose clock the test sets: it stands still in between, so every time
# that nginx writes is known to the second.  Its timers go on as usual.
#
#   my $clock = Social::Clock->new(timegm(...)) or skip ...;  # no libfaketime
#   my $nginx = $clock->start(files => ...);    # as Social->new
#   $clock->set($clock->now + 3600);
#   $clock->again($nginx);                      # after $nginx->stop

use strict;
use warnings;

use File::Temp ();
use POSIX qw(strftime);
use Social;


# The library that sets it; undef if it is not there, or if another is loaded.
# MT: in the other variant a thread that asks for the time while another one
# reads the file can get the real time.

sub library {
    my ($library) = glob '/usr/lib/*/faketime/libfaketimeMT.so.1';

    return $ENV{LD_PRELOAD} ? undef : $library;
}


sub new {
    my ($class, $now) = @_;

    my $library = library() or return;

    my $self = bless { library => $library, file => File::Temp->new }, $class;

    $self->set($now);

    return $self;
}


sub now { return $_[0]{now} }


sub set {
    my ($self, $now) = @_;

    my $name = "$self->{file}";

    open my $fh, '>', "$name.new" or die "$name: $!";
    print $fh strftime('%Y-%m-%d %H:%M:%S', gmtime $now);
    close $fh or die "$name: $!";
    chmod 0644, "$name.new";
    rename "$name.new", $name or die "$name: $!";

    $self->{now} = $now;

    return $self;
}


# only nginx uses the clock

sub environment {
    my ($self) = @_;

    return (LD_PRELOAD => $self->{library},
            FAKETIME_TIMESTAMP_FILE => "$self->{file}",
            FAKETIME_NO_CACHE => 1, FAKETIME_DONT_FAKE_MONOTONIC => 1,
            TZ => 'UTC');
}

sub start {
    my ($self, %a) = @_;

    my %env = $self->environment;

    local @ENV{keys %env} = values %env;

    return Social->new(%a, main => join('', map { "env $_;\n" } sort keys %env)
                                   . ($a{main} // ''));
}


# one that was stopped

sub again {
    my ($self, $nginx) = @_;

    my %env = $self->environment;

    local @ENV{keys %env} = values %env;

    return $nginx->start;
}


1;
