package Bench::Report;

# From figures to a table: which goals hold.
#
# A goal is judged by the median of the rounds.  The middle half of the rounds
# (from the first to the third quarter) is shown with it: if the goal lies
# there, the difference may be chance, and the verdict is `within noise`, which
# is neither held nor missed.

use strict;
use warnings;

use JSON::PP ();

use Bench::Goals ();

my $FORM = "%-36s %9s  %-17s %-10s %-14s %-7s %s\n";


sub quantile {
    my ($sorted, $part) = @_;

    my $at = $part * $#$sorted;
    my $low = int $at;
    my $high = $low < $#$sorted ? $low + 1 : $low;

    return $sorted->[$low] + ($at - $low) * ($sorted->[$high] - $sorted->[$low]);
}


# (a quarter, the median, three quarters)

sub quarters {
    my @sorted = sort { $a <=> $b } @_;

    return map { quantile(\@sorted, $_) } 0.25, 0.5, 0.75;
}


sub median { return (quarters(@_))[1] }


sub verdict {
    my ($result) = @_;

    my $goal = Bench::Goals::of($result->{name}) or return '';
    my ($low, $median, $high) = quarters(@{ $result->{values} });
    my $most = $goal->{bound} eq 'most';

    # exactly repeatable, or one figure only
    return ($most ? $median <= $goal->{goal} : $median >= $goal->{goal})
        ? 'holds' : 'MISSED' if $low == $high;

    return 'within noise' if $low <= $goal->{goal} && $goal->{goal} <= $high;

    return ($most ? $high < $goal->{goal} : $low > $goal->{goal})
        ? 'holds' : 'MISSED';
}


# three digits that say something

sub figure {
    my ($value) = @_;

    my $size = abs $value;

    return sprintf $size >= 100 ? '%.0f' : $size >= 10 ? '%.1f'
        : $size >= 2 ? '%.2f' : '%.3f', $value;
}


sub cells {
    my ($result) = @_;

    my $goal = Bench::Goals::of($result->{name});
    my ($low, $median, $high) = quarters(@{ $result->{values} });
    my $unit = $result->{unit} // ($goal ? $goal->{unit} : '');
    my $suffix = $unit =~ /^(?:us|ms|KB|MB|GB)$/ ? " $unit" : '';

    return ($result->{name}, figure($median) . $suffix,
            $low == $high ? '' : figure($low) . ' .. ' . figure($high),
            $goal ? ($goal->{bound} eq 'most' ? '<= ' : '>= ') . $goal->{goal}
                  : '',
            verdict($result),
            defined $result->{instructions}
                ? figure($result->{instructions}) : '',
            defined $result->{rate} ? figure($result->{rate}) : '');
}


sub line { return sprintf $FORM, cells($_[0]) }


# all figures in the folder of results

sub read_all {
    my ($dir) = @_;

    my @results;

    for my $path (sort glob "$dir/*.json") {
        open my $fh, '<', $path or next;
        local $/;
        my $doc = eval { JSON::PP->new->decode(<$fh>) }
            or die "$path is no file of results: remove it\n";
        push @results, @{ $doc->{results} };
    }

    return ordered(@results);
}


# goals first, in their order; then what has none

sub ordered {
    my @results = @_;

    my $n = 0;
    my %place = map { $_ => $n++ } Bench::Goals::names();

    return map { $_->[1] } sort { $a->[0] <=> $b->[0] }
        map { [ $place{ $results[$_]{name} } // $n + $_, $results[$_] ] }
        0 .. $#results;
}


sub table {
    my @results = @_;

    my $text = sprintf $FORM, 'figure', 'median', 'middle half', 'goal', '',
        'instr.', 'req/s';

    $text .= line($_) for @results;

    for my $result (grep { $_->{beside} } @results) {
        my $other = $result->{beside};
        $text .= "\n$result->{name}, beside it: " . join ', ',
            map { "$_ " . figure($other->{$_}) } sort keys %$other;
    }

    return "$text\n";
}


# goals that nothing was measured for

sub unmeasured {
    my %seen = map { $_->{name} => 1 } @_;

    return grep { !$seen{$_} } Bench::Goals::names();
}


sub missed { return grep { verdict($_) eq 'MISSED' } @_ }


1;
