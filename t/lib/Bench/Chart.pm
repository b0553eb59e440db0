package Bench::Chart;

# Bars as SVG, which needs nothing else: no font, no script, no style sheet.

use strict;
use warnings;

my $LEFT = 210;         # labels
my $WIDTH = 520;        # bars
my $ROW = 22;
my $TOP = 44;

my %COLOUR = (ours => '#2b6cb0', other => '#b7bec8');


# bars: label, value, class; and, if known, low and high (a line) and goal (a
# mark).  ticks: of the axis, the first and the last are its ends; log: by
# powers; one: a line at 1.

sub bars {
    my ($title, $bars, %a) = @_;

    my $height = $TOP + $ROW * @$bars + 34;
    my $total = $LEFT + $WIDTH + 70;
    my @parts = axis($TOP + $ROW * @$bars, \%a);
    my $y = $TOP;

    for my $bar (@$bars) {
        push @parts, one($bar, $y, \%a);
        $y += $ROW;
    }

    return qq{<svg xmlns="http://www.w3.org/2000/svg" width="$total" }
        . qq{height="$height" viewBox="0 0 $total $height" role="img" }
        . qq{font-family="sans-serif" font-size="12">\n}
        . '<title>' . escape($title) . "</title>\n"
        . qq{<rect width="$total" height="$height" fill="#fff"/>\n}
        . text(12, 22, $title, 'font-size="14" font-weight="bold"')
        . join('', @parts) . "</svg>\n";
}


sub escape {
    my ($text) = @_;

    my %code = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;');
    $text =~ s/([&<>"])/$code{$1}/g;

    return $text;
}


sub text {
    my ($x, $y, $words, $more) = @_;

    return qq{<text x="$x" y="$y" fill="#1a202c" $more>} . escape($words)
        . "</text>\n";
}


sub line {
    my ($x, $y, $x2, $y2, $more) = @_;

    return qq{<line x1="$x" y1="$y" x2="$x2" y2="$y2" $more/>\n};
}


# where a value lies; beyond the ends of the axis, at its end

sub place {
    my ($value, $a) = @_;

    my ($from, $to) = @{ $a->{ticks} }[0, -1];

    $value = $from if $value < $from;
    $value = $to if $value > $to;
    ($value, $from, $to) = map { log } $value, $from, $to if $a->{log};

    return sprintf '%.1f', $LEFT + $WIDTH * ($value - $from) / ($to - $from);
}


sub axis {
    my ($bottom, $a) = @_;

    return map {
        my $x = place($_, $a);
        my $strong = $_ == 1 && $a->{one};

        line($x, $TOP - 6, $x, $bottom, $strong
             ? 'stroke="#1a202c" stroke-width="1.5"' : 'stroke="#e2e8f0"')
            . text($x, $bottom + 18, $_, 'text-anchor="middle"');
    } @{ $a->{ticks} };
}


sub one {
    my ($bar, $y, $a) = @_;

    my $middle = $y + $ROW / 2;
    my $x = place($bar->{value}, $a);
    my $from = $a->{one} ? place(1, $a) : $LEFT;
    my ($left, $wide) = $x < $from ? ($x, $from - $x) : ($from, $x - $from);
    my $digits = $bar->{value} >= 10 ? '%.1f' : '%.2f';

    my $svg = text($LEFT - 8, $middle + 4, $bar->{label}, 'text-anchor="end"')
        . sprintf qq{<rect x="%s" y="%s" width="%.1f" height="%d" fill="%s"/>\n},
            $left, $y + 4, $wide, $ROW - 8, $COLOUR{ $bar->{class} };

    $svg .= line(place($bar->{low}, $a), $middle, place($bar->{high}, $a),
                 $middle, 'stroke="#1a202c"')
        if defined $bar->{low} && $bar->{low} != $bar->{high};
    $svg .= line(place($bar->{goal}, $a), $y + 2, place($bar->{goal}, $a),
                 $y + $ROW - 2, 'stroke="#c53030" stroke-width="2"')
        if defined $bar->{goal};

    return $svg . text($LEFT + $WIDTH + 10, $middle + 4,
                       sprintf($digits, $bar->{value}), '');
}


1;
