package Program;

# The program ngx-social, run in a folder of its own:
#
#   my $program = Program->new;
#   my $code = $program->run('import', ...);    # its exit code, or "signal N"
#   $program->{out}, $program->{err};           # what it said
#   my $path = $program->put('name', $bytes);   # a file of that folder
#
# slurp($path) gives a file's bytes, of any folder; it is exported on demand.

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp ();

our @EXPORT_OK = qw(slurp);


sub new {
    my ($class) = @_;

    my $root = abs_path(dirname(__FILE__) . '/../..');

    return bless {
        path => abs_path($ENV{SOCIAL_PROGRAM} || "$root/build/ngx-social"),
        dir  => File::Temp->newdir,
    }, $class;
}


sub path { return $_[0]{path} }
sub dir  { return $_[0]{dir} }


sub slurp {
    my ($path) = @_;

    open my $fh, '<:raw', $path or die "$path: $!";
    local $/;

    return scalar(<$fh>) // '';
}


sub put {
    my ($self, $name, $text) = @_;

    open my $fh, '>:raw', "$self->{dir}/$name" or die "$name: $!";
    print $fh $text;
    close $fh or die "$name: $!";

    return "$self->{dir}/$name";
}


sub run {
    my ($self, @arguments) = @_;

    my $pid = fork // die "fork: $!";

    if ($pid == 0) {
        open STDOUT, '>', "$self->{dir}/out" or die;
        open STDERR, '>', "$self->{dir}/err" or die;
        exec $self->{path}, @arguments or die "$self->{path}: $!";
    }

    waitpid $pid, 0;
    my $code = $?;
    @{$self}{qw(out err)} = map { slurp("$self->{dir}/$_") } qw(out err);

    return $code & 127 ? 'signal ' . ($code & 127) : $code >> 8;
}


1;
