package Slow;

# A disk whose syncs take as long as a test wants.
#
#   my $disk = Slow->new or plan skip_all => 'no compiler';
#   my $nginx = $disk->nginx(sub { Social->new(...) });
#   $disk->pace(400);       # msec from now on

use strict;
use warnings;

use File::Basename qw(dirname);
use File::Temp ();


sub new {
    my ($class) = @_;

    my $dir = File::Temp->newdir('social-disk-XXXXXX', TMPDIR => 1);
    chmod 0755, "$dir";

    return if system('cc', '-shared', '-fPIC', '-o', "$dir/slow.so",
                     dirname(__FILE__) . '/slow_sync.c', '-ldl') != 0;

    return bless { dir => $dir }, $class;
}


# nginx started in here has this disk

sub nginx {
    my ($self, $start) = @_;

    local $ENV{SLOW_SYNC} = "$self->{dir}/msec";
    local $ENV{LD_PRELOAD} = join ' ', $ENV{LD_PRELOAD} // (),
        "$self->{dir}/slow.so";

    return $start->();
}


sub pace {
    my ($self, $msec) = @_;

    open my $fh, '>', "$self->{dir}/msec" or die $!;
    print $fh $msec;
    close $fh or die $!;

    return;
}


1;
