package Faults;

# Lets the n-th allocation, or the n-th read of a file, in nginx fail.
#
#   my $faults = Faults->new or plan skip_all => 'no compiler';
#   my $nginx = $faults->within(sub { Social->new(...) });
#   $faults->arm('pool', 3);            # the third one from now on
#   $faults->arm('heap', 3, 1);         # and all later ones
#   my $fired = $faults->disarm;        # how many failed
#
# Kinds: pool (the module's allocations from nginx), heap (those of the module
# and its libraries from malloc), read (files that they open and read, and
# threads), nginx (nginx's own malloc).  See t/lib/faults.c.

use strict;
use warnings;

use File::Basename qw(dirname);
use File::Temp ();

my %KIND = (pool => 1, heap => 2, read => 4, nginx => 8);
my $MANY = 1 << 40;


sub new {
    my ($class) = @_;

    my $dir = File::Temp->newdir('social-faults-XXXXXX', TMPDIR => 1);
    chmod 0755, "$dir";

    return if system('cc', '-O1', '-shared', '-fPIC', '-o', "$dir/faults.so",
                     dirname(__FILE__) . '/faults.c', '-ldl') != 0;

    my $self = bless { dir => $dir }, $class;
    open $self->{plan}, '+>:raw', "$dir/plan" or die "$dir/plan: $!";
    $self->plan(0, 0, 0);

    return $self;
}


sub plan {
    my ($self, $left, $kinds, $forever) = @_;

    sysseek $self->{plan}, 0, 0;
    syswrite $self->{plan}, pack('q q l l', $left, 0, $kinds, $forever) . "\0"
        or die "no plan: $!";

    return;
}


sub read {
    my ($self) = @_;

    sysseek $self->{plan}, 0, 0;
    sysread $self->{plan}, my $plan, 24;

    return unpack 'q q', $plan;
}


sub arm {
    my ($self, $kind, $n, $forever) = @_;

    return $self->plan($n, $KIND{$kind}, $forever ? 1 : 0);
}


sub disarm {
    my ($self) = @_;

    my ($left, $fired) = $self->read;
    $self->plan(0, 0, 0);

    return $fired;
}


# how many calls of a kind $do makes

sub count {
    my ($self, $kind, $do) = @_;

    $self->arm($kind, $MANY);
    $do->();
    my ($left) = $self->read;
    $self->disarm;

    return $MANY - $left;
}


# nginx started in here can be made to fail

sub within {
    my ($self, $start) = @_;

    local $ENV{FAULTS} = "$self->{dir}/plan";
    local $ENV{LD_PRELOAD} = join ' ', "$self->{dir}/faults.so",
        $ENV{LD_PRELOAD} // ();
    # the library precedes the sanitizer's, which it would refuse
    local $ENV{ASAN_OPTIONS} = join ':', $ENV{ASAN_OPTIONS} // (),
        'verify_asan_link_order=0';

    return $start->();
}


1;
