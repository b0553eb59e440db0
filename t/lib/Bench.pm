package Bench;

# What the benchmarks of t/bench share: options, alternating rounds, processor
# time, and the file of results.
#
#   my $bench = Bench->begin('static', seconds => 1);
#   my %seen = $bench->rounds({ plain => sub {...}, social => sub {...} });
#   $bench->ratio('static page, 7 KB', $seen{social}, $seen{plain});
#   $bench->end;
#
# A machine is busy with other things, too, so a figure alone says little.  What
# is compared is measured in turn, A B, B A, A B and so on; each round gives a
# ratio of neighbours, and the result is their median.
#
# Options of every benchmark: --rounds N, --seconds N (of each measurement),
# --quick (fewer and shorter ones), --out FOLDER (of results).

use strict;
use warnings;

use File::Basename qw(dirname);
use File::Path qw(make_path);
use Getopt::Long qw(GetOptions);
use JSON::PP ();

use Bench::Report ();

my $ROOT = dirname(__FILE__) . '/../..';

# a measurement with less is mostly chance
my $LEAST = 20;


sub begin {
    my ($class, $topic, %default) = @_;

    my $self = bless {
        topic => $topic, rounds => 9, seconds => 1,
        out => "$ROOT/build/bench/results", results => [], %default,
    }, $class;

    my %given;
    GetOptions(\%given, 'rounds=i', 'seconds=f', 'quick!', 'out=s')
        or die "options: --rounds N --seconds N --quick --out FOLDER\n";

    if ($given{quick}) {
        $self->{rounds} = 3;
        $self->{seconds} = 0.5 if $self->{seconds} > 0.5;
    }

    %$self = (%$self, %given);

    $ENV{SOCIAL_NGINX} //= '/usr/sbin/nginx';

    return $self;
}


# Calls each measurement once, as warming up, then once a round.  Who begins
# takes turns.  Returns lists of what they returned, one item a round.

sub rounds {
    my ($self, $measure) = @_;

    my @names = sort keys %$measure;
    my %seen;

    $measure->{$_}->() for @names;

    for my $round (1 .. $self->{rounds}) {
        for my $name ($round % 2 ? @names : reverse @names) {
            push @{ $seen{$name} }, $measure->{$name}->();
        }
    }

    return %seen;
}


# Records a figure for the goal of this name (Bench::Goals), or without one.
# values: one a round.  more: what else the table shows: rate, instructions,
# beside (other ways to do the same, by name).

sub record {
    my ($self, $name, $values, %more) = @_;

    die "$name: nothing was measured\n" if !@$values;

    my $result = { topic => $self->{topic}, name => $name,
                   values => [ map { $_ + 0 } @$values ], %more };

    push @{ $self->{results} }, $result;
    print Bench::Report::line($result) if $self->{verbose} // 1;

    return;
}


# the ratios of two lists, round by round

sub ratios {
    my ($this, $that) = @_;

    return [ map { $this->[$_] / $that->[$_] } 0 .. $#$this ];
}


sub ratio {
    my ($self, $name, $this, $that, %more) = @_;

    return $self->record($name, ratios($this, $that), %more);
}


sub end {
    my ($self) = @_;

    make_path($self->{out});

    my $path = "$self->{out}/$self->{topic}.json";

    open my $fh, '>', "$path.new" or die "$path: $!\n";
    print $fh JSON::PP->new->canonical->pretty->encode({
        topic => $self->{topic}, rounds => $self->{rounds},
        quick => $self->{quick} ? 1 : 0, time => time,
        results => $self->{results} });
    close $fh or die "$path: $!\n";
    rename "$path.new", $path or die "$path: $!\n";

    return;
}


# shows what is being measured

sub say_so {
    my ($what) = @_;

    printf STDERR "\r\e[K%s", $what if -t STDERR;

    return;
}


# Processor time of a process in nanoseconds: (all threads, the first thread,
# which is the event loop's).  The kernel's work for it is included.

sub cpu {
    my ($pid) = @_;

    my ($all, $loop) = (0, 0);

    for my $path (glob "/proc/$pid/task/*/schedstat") {
        open my $fh, '<', $path or next;
        my ($time) = split ' ', <$fh> // '';
        next if !defined $time;
        $all += $time;
        $loop = $time if $path =~ m{/task/$pid/};
    }

    die "process $pid is gone\n" if !-d "/proc/$pid";

    return ($all, $loop);
}


# the part of a process's time that was its own code, not the kernel's

sub own_part {
    my ($pid, $load) = @_;

    my @before = times_of($pid);
    $load->();
    my @after = times_of($pid);

    my ($user, $system) = map { $after[$_] - $before[$_] } 0, 1;

    die "too short to tell: $user and $system ticks\n"
        if $user + $system < $LEAST;

    return $user / ($user + $system);
}


sub times_of {
    my ($pid) = @_;

    open my $fh, '<', "/proc/$pid/stat" or die "process $pid is gone\n";
    my ($rest) = <$fh> =~ /^\d+ \(.*\) (.*)/;

    return (split / /, $rest)[11, 12];
}


sub slurp {
    my ($path) = @_;

    open my $fh, '<:raw', $path or return '';
    local $/;

    return scalar(<$fh>) // '';
}


1;
