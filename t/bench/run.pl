#!/usr/bin/perl

# Runs benchmarks and says which goals hold: make bench, make bench-NAME.
#
#   perl t/bench/run.pl [--quick] [--out FOLDER] [NAME...]
#   perl t/bench/run.pl --table [--out FOLDER]      # of what was measured before
#
# NAMEs are those of the files beside this one; without one, all of them.  The
# exit code is 1 if a goal is missed, 2 if something could not be measured.

use strict;
use warnings;

use File::Basename qw(dirname);
use Getopt::Long qw(GetOptions);

use lib dirname(__FILE__) . '/../lib';
use Bench::Goals;
use Bench::Report;

my @ALL = qw(static proxied gzip h2 latency count comments disk threads first
             memory statuspage);
my @QUICK = qw(static proxied comments threads first memory);

my $here = dirname(__FILE__);
my %a = (out => "$here/../../build/bench/results");
GetOptions(\%a, 'quick!', 'table!', 'out=s') or die "see the head of $0\n";

my @names = @ARGV ? @ARGV : $a{quick} ? @QUICK : @ALL;
my %known = map { $_ => 1 } @ALL;
my @unknown = grep { !$known{$_} } @names;

die "no benchmark is called @unknown; there are: @ALL\n" if @unknown;

if ($a{table}) {
    print Bench::Report::table(Bench::Report::read_all($a{out}));
    exit;
}

my @broken;

for my $name (@names) {
    print "\n$name\n";
    unlink "$a{out}/$name.json";
    system($^X, "$here/$name.pl", '--out', $a{out},
           $a{quick} ? '--quick' : ()) == 0 or push @broken, $name;
    die "interrupted\n" if $? & 127;
}

my %topic = map { $_ => 1 } @names;
my @results = grep { $topic{ $_->{topic} } } Bench::Report::read_all($a{out});

print "\n", '=' x 79, "\n", Bench::Report::table(@results), <<'END';

Ratios are to nginx without the module in the same rounds: cpu and instr. (own
code, counted by callgrind) lower is better, capacity and req/s higher.  A goal
is judged by the median.  `within noise`: it lies in the middle half of the
rounds, so this run cannot tell.  docs/performance.md explains each figure.
END

my @missed = Bench::Report::missed(@results);

print "\n", scalar(@missed) ? 'Missed: ' . join('; ',
    map { $_->{name} } @missed) . ".\n" : "No goal is missed.\n";
print 'Not measured: ', join('; ', Bench::Report::unmeasured(@results)), ".\n"
    if !@ARGV && Bench::Report::unmeasured(@results);
print "Failed: @broken.\n" if @broken;

exit(@broken ? 2 : @missed ? 1 : 0);
