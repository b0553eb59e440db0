package Social::Tool;

# The tool that checks nginx during a test: a sanitizer, if the binary is linked
# with one, or valgrind, if SOCIAL_NGINX is valgrind:FILE.
#
#   Social::Tool::nginx();      # the command that runs nginx, a list
#   Social::Tool::name();       # address, thread, valgrind or ''
#   Social::Tool::slow();       # the factor by which it slows nginx down
#   Social::Tool::reports();    # its reports so far, of all nginx
#
# Reports go into a directory of the test, so that reports of processes without
# a log are seen, too.  A test with a report fails at its end.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp ();
use Test::More ();

my $LINT = abs_path(dirname(__FILE__) . '/../../lint');
my %SLOW = (address => 3, thread => 6, valgrind => 15);

my ($name, $dir);
my $owner = $$;


sub binary {
    my ($file) = ($ENV{SOCIAL_NGINX} // '') =~ /^(?:valgrind:)?(.+)/;

    return $file // '/usr/sbin/nginx';
}


# the libraries that a program or module is linked with

sub linked {
    my ($file) = @_;

    open my $fh, '<:raw', $file or return '';
    local $/;
    my $bytes = <$fh>;

    return $bytes =~ /\0lib(asan|tsan)\.so\.\d+\0/
        ? { asan => 'address', tsan => 'thread' }->{$1} : '';
}


sub name {
    return $name //= ($ENV{SOCIAL_NGINX} // '') =~ /^valgrind:/ ? 'valgrind'
        : linked(binary()) || linked($ENV{SOCIAL_MODULE} // '');
}


sub slow { return $SLOW{ name() } // 1 }


# Options of the sanitizers, after those in the environment.  nginx unloads
# modules before it exits and does not free all of its own memory; preloaded
# disks and clocks replace nothing that a sanitizer checks.

sub options {
    return if !name();

    $dir = File::Temp->newdir('social-reports-XXXXXX', TMPDIR => 1);
    chmod 01777, "$dir";

    my %options = (
        ASAN => "detect_leaks=0:detect_odr_violation=0:"
            . "verify_asan_link_order=0:log_path=$dir/address",
        UBSAN => "print_stacktrace=1:suppressions=$LINT/ubsan:"
            . "log_path=$dir/undefined",
        TSAN => "suppressions=$LINT/tsan:log_path=$dir/thread:"
            . 'die_after_fork=0',
    );

    for my $who (keys %options) {
        $ENV{"${who}_OPTIONS"} = join ':', $options{$who},
            grep { length } $ENV{"${who}_OPTIONS"};
    }

    return;
}


sub nginx {
    return binary() if name() ne 'valgrind';

    return ('valgrind', '-q', '--vgdb=no', '--trace-children=yes',
            '--keep-debuginfo=yes', "--suppressions=$LINT/valgrind",
            "--log-file=$dir/valgrind.%p", binary());
}


# for nginx.conf: passes the options on to another binary that takes over

sub main {
    return name() ? join '', map { "env ${_}_OPTIONS;\n" }
                              qw(ASAN UBSAN TSAN) : '';
}


sub reports {
    my @texts;

    for my $file ($dir ? glob "$dir/*" : ()) {
        open my $fh, '<:raw', $file or next;
        local $/;
        my $text = <$fh> // '';
        push @texts, $text if $text =~ /\S/;
    }

    return @texts;
}


# for a test that expects its reports: removes them

sub forget {
    unlink glob "$dir/*" if $dir;

    return;
}


options();


END {
    my @texts = $owner == $$ ? reports() : ();

    if (@texts) {
        Test::More::diag("reports of a tool:\n", @texts);
        $? ||= 1;
    }

    undef $dir if $owner == $$;
}


1;
