package Social::Tool;

# Who looks over nginx's shoulder in a test: a sanitizer that it was built
# with, as its file tells, or valgrind, as SOCIAL_NGINX=valgrind:FILE asks.
#
#   Social::Tool::nginx();      # the command that runs nginx, a list
#   Social::Tool::name();       # address, thread, valgrind or ''
#   Social::Tool::slow();       # how many times longer all of it takes
#   Social::Tool::reports();    # what was found so far, in any nginx
#
# Reports go into a directory of the test, so that also those are seen that a
# process writes before it has a log; a test with a report fails at its end.

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


# what a program or a module is linked to

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


# options of the sanitizers, behind those that somebody gave: nginx unloads
# modules before it leaves, and leaves its own memory behind; preloaded disks
# and clocks replace nothing that a sanitizer looks at

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


# for nginx.conf: another binary that takes over has the options, too

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


# a test that expects its reports takes them

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
