#!/usr/bin/perl

# A second opinion about the status page: computes from the event log alone the
# figures that need no identity of a reader, and compares them with the page.
# Shares no code with the module, and needs nothing but Perl; see
# docs/metrics.md, "Check the figures yourself".
#
#   figures.pl [options] LOG...             (- reads from a pipe)
#
#   --page FILE             a JSON document of the status page: takes site,
#                           period and time from it, and compares each figure
#   --period NAME           24h, 7d, 28d, 90d, 365d or all; default: 28d
#   --from DAY --to DAY     these days, UTC, both included, instead
#   --now TIME              as of then: 2026-11-27T15:00:00Z; default: now
#   --site NAME             which site, if the log has several
#   --reply-within SECONDS  default: 604800, seven days
#   --json                  prints JSON
#
# Exit status: 0; 1 if lines are broken or missing or the page differs; 2 if it
# cannot run.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Getopt::Long qw(GetOptions);
use JSON::PP ();
use List::Util qw(max);
use Social::EventLog qw(read_log parse_time);
use Social::Figures;

my $DAY = 86400;
my @ROWS = (@Social::Figures::NUMBERS, @Social::Figures::OBJECTS);
my @TOTALS = @Social::Figures::TOTALS;

# periods: seconds, and to what their beginning is rounded down

my %PERIOD = ('24h' => [ $DAY, 300 ], '7d' => [ 7 * $DAY, 3600 ],
              '28d' => [ 28 * $DAY, 3600 ], '90d' => [ 90 * $DAY, $DAY ],
              '365d' => [ 365 * $DAY, $DAY ]);

exit main();


sub stop {
    my ($message) = @_;

    chomp $message;
    print STDERR "figures.pl: $message\n";
    exit 2;
}


# from, to (excluded) and now, in seconds

sub find_period {
    my ($o) = @_;

    my $now = defined $o->{now}
        ? parse_time($o->{now}) // stop("--now is no time: $o->{now}") : time;

    if (defined $o->{from} || defined $o->{to}) {
        my @days = map {
            my $day = $o->{$_} // stop('--from and --to belong together');
            parse_time("${day}T00:00:00Z") // stop("--$_ is no day: $day");
        } qw(from to);

        stop('--from is after --to') if $days[0] > $days[1];

        return (from => $days[0], to => $days[1] + $DAY, now => $now);
    }

    my $name = $o->{period} // '28d';

    return (from => 0, to => $now + 1, now => $now) if $name eq 'all';

    my ($seconds, $unit) = @{ $PERIOD{$name}
        // stop("there is no period $name") };
    my $from = $now - $seconds;

    return (from => $from - $from % $unit, to => $now + 1, now => $now);
}


sub read_page {
    my ($name) = @_;

    open my $fh, '<:raw', $name or stop("$name: $!");
    my $text = do { local $/; <$fh> };
    my $page = eval { JSON::PP->new->utf8->decode($text) };

    ref $page eq 'HASH' && ref $page->{totals} eq 'HASH'
        or stop("$name is no JSON document of the status page");

    return $page;
}


# what the page's figures are about

sub page_period {
    my ($page) = @_;

    my $now = parse_time($page->{generated});
    my $period = $page->{period};

    # "all" begins with the first article, but robots were there before

    return (
        now => $now,
        from => $period->{name} eq 'all' ? 0 : parse_time($period->{from}),
        to => $period->{name} ? $now + 1 : parse_time($period->{to}),
        site => $page->{site},
        reply_within => $page->{thresholds}{reply_within},
    );
}


# comparison: 1, 0, or undef if the log does not tell

sub agrees {
    my ($ours, $theirs, $name) = @_;

    my ($x, $y) = ($ours->{$name}, $theirs->{$name});

    if (exists $ours->{undecided}{$name}) {
        my $range = $ours->{undecided}{$name} // return;

        return defined $y && $y >= $range->[0] && $y <= $range->[1] ? 1 : 0;
    }

    if (ref $x) {
        my %names = (%$x, %{ $y // {} });

        return !(grep { ($x->{$_} // 0) != ($y->{$_} // 0) } keys %names) || 0;
    }

    return defined $x || defined $y ? 0 : 1 if !defined $x || !defined $y;

    return abs($x - $y) <= 1e-9 * max(1, abs $x) ? 1 : 0;
}


sub compare {
    my ($doc, $page) = @_;
    my ($same, $differ, $open) = (0, 0, 0);

    my $row = sub {
        my ($where, $ours, $theirs, @names) = @_;

        for my $name (grep { exists $theirs->{$_} } @names) {

            # null: reactions are off
            next if $name eq 'reactions' && !defined $theirs->{$name};

            my $agrees = agrees($ours, $theirs, $name);

            if (!defined $agrees) {
                $open++;

            } elsif ($agrees) {
                $same++;

            } else {
                $differ++;
                printf STDERR "%s: %s is %s on the page and %s in the log\n",
                    $where, $name, show($theirs->{$name}),
                    show_figure($ours, $name);
            }
        }
    };

    $row->('site', $doc->{totals}, $page->{totals}, @ROWS, @TOTALS);

    for my $theirs (@{ $page->{articles} // [] }) {
        utf8::encode(my $key = $theirs->{key});
        $row->($key, $doc->{articles}{$key} // $doc->{none}, $theirs, @ROWS);
    }

    printf "%d of %d figures agree%s\n", $same, $same + $differ,
        $open ? "; $open more cannot be told from the log" : '';

    return $differ;
}


# output

sub show {
    my ($value) = @_;

    return 'unknown' if !defined $value;

    if (ref $value) {
        return join(', ', map { "$_ $value->{$_}" }
                    grep { $value->{$_} } sort keys %$value) || 'none';
    }

    return $value =~ /\.\d{7}/ ? sprintf '%.6f', $value : $value;
}


sub show_figure {
    my ($f, $name) = @_;

    return show($f->{$name}) if !exists $f->{undecided}{$name};

    return $f->{undecided}{$name} ? join ' to ', @{ $f->{undecided}{$name} }
                                  : 'cannot be told';
}


sub print_text {
    my ($doc) = @_;

    print "$doc->{site}, from $doc->{period}{from} to $doc->{period}{to}, "
        . "as of $doc->{generated}\n";

    for my $key (undef, sort keys %{ $doc->{articles} }) {
        my $f = defined $key ? $doc->{articles}{$key} : $doc->{totals};

        print "\n", $key // 'all articles', "\n";
        printf "    %-31s %s\n", $_, show_figure($f, $_)
            for @ROWS, defined $key ? () : @TOTALS;
    }

    return;
}


sub print_json {
    my ($doc) = @_;
    my %articles;

    # keys are bytes here, and text in JSON

    for my $key (keys %{ $doc->{articles} }) {
        utf8::decode(my $text = $key);
        $articles{$text} = $doc->{articles}{$key};
    }

    print JSON::PP->new->utf8->canonical->pretty->encode(
        { %$doc, articles => \%articles });

    return;
}


sub main {
    my %o;

    GetOptions(\%o, 'page=s', 'period=s', 'from=s', 'to=s', 'now=s', 'site=s',
               'reply-within=i', 'json')
        && @ARGV or stop('usage: figures.pl [--page FILE] [--period NAME] '
                         . '[--json] LOG...; its head explains all options');

    my $page = defined $o{page} ? read_page($o{page}) : undef;
    my $figures = Social::Figures->new(
        site => $o{site}, reply_within => $o{'reply-within'} // 7 * $DAY,
        $page ? page_period($page) : find_period(\%o));
    my ($lines, $broken) = (0, 0);

    for my $name (@ARGV) {
        my ($n, $faults) = eval { read_log($name, sub { $figures->take(@_) }) };

        stop($@) if $@;
        $lines += $n;
        $broken += $faults;
    }

    my @sites = sort keys %{ $figures->{sites} };
    stop('the log has several sites, choose one with --site: ' . join ', ',
         @sites) if @sites > 1;
    stop('the log has no event of the site') if !@sites;

    my $doc = $figures->document;
    my $differ = $page ? compare($doc, $page) : 0;

    delete $doc->{none};
    @$doc{qw(lines broken)} = ($lines, $broken);
    $o{json} ? print_json($doc) : $page || print_text($doc);

    print STDERR "figures.pl: $broken of $lines lines are broken, and left "
        . "out\n" if $broken;
    print STDERR "figures.pl: $doc->{missing} comments are spoken of that the "
        . "log does not have: it begins too late\n" if $doc->{missing};
    print STDERR "figures.pl: $doc->{disorder} lines are older than others "
        . "before them: name the oldest log first\n" if $doc->{disorder};

    return $broken || $doc->{missing} || $doc->{disorder} || $differ ? 1 : 0;
}
