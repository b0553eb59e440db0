package Bench::Pages;

# Pages as technical blogs have them: navigation, prose with links, tables, and
# listings with a <span> around most tokens, as Pygments, Rouge and Chroma make
# them.  The words are this project's own manual and source, so nothing has to
# be fetched and nobody's rights are touched.
#
# Tags (start and end tags) a KB: real pages of this kind have 27 to 50.
# Bench::Pages::density() counts them; page() dies outside that.

use strict;
use warnings;

use File::Basename qw(dirname);

my $ROOT = dirname(__FILE__) . '/../../..';

my %KEYWORD = map { $_ => 1 } qw(break case char const continue default do
    double else enum extern for goto if int long return short signed sizeof
    static struct switch typedef unsigned void while);

my (@prose, @listings);


# a page of this many bytes

sub page {
    my ($size) = @_;

    load() if !@prose;

    my $head = head();
    my $foot = "</article></main>\n<footer><p>Written by hand, served by <a "
        . "href=\"https://nginx.org/\">nginx</a>.</p></footer></body></html>\n";
    my $room = $size - length($head) - length($foot) - length '<!--  -->';
    my $n = 0;
    my $text = '';

    # a part that is too long for what is left is left out
    for my $part (map { parts($n++) } 1 .. 2 * $size / 1000 + 50) {
        $text .= $part if length($text) + length($part) <= $room;
    }

    my $page = $head . $text . '<!-- ' . 'x' x ($room - length $text) . ' -->'
        . $foot;
    my $density = density($page);

    die "a page of $size bytes has $density tags a KB\n"
        if $density < 27 || $density > 50;

    return $page;
}


sub density {
    my ($page) = @_;

    my $tags = () = $page =~ m{</?[a-z]}gi;

    return $tags / length($page) * 1000;
}


sub head {
    my $menu = join '', map {
        "<li class=\"item\"><a href=\"/\L$_\E/\">$_</a></li>\n"
    } qw(Home Archive Projects About Notes Feed);

    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        . "<title>How it was built</title>\n"
        . "<link rel=\"stylesheet\" href=\"/style.css\">\n"
        . "</head>\n<body><header><nav><ul>\n$menu</ul></nav></header>\n"
        . "<main><article>\n<h1>How it was built</h1>\n";
}


# a paragraph, and every time the next lines of a listing

sub parts {
    my ($n) = @_;

    return ($prose[$n % @prose],
            "<pre class=\"c\"><code>$listings[$n % @listings]</code></pre>\n");
}


sub load {
    @prose = map { paragraphs($_) } sort glob "$ROOT/docs/*.md";
    @listings = map { listings($_) } sort glob "$ROOT/src/core/*.c";

    die "no manual and no source in $ROOT\n" if !@prose || !@listings;

    return;
}


sub text_of {
    my ($path) = @_;

    open my $fh, '<:raw', $path or die "$path: $!\n";
    local $/;

    return <$fh>;
}


sub escape {
    my ($text) = @_;

    $text =~ s/&/&amp;/g;
    $text =~ s/</&lt;/g;
    $text =~ s/>/&gt;/g;

    return $text;
}


sub paragraphs {
    my ($path) = @_;

    my @found;

    for my $text (split /\n\n+/, text_of($path)) {
        next if $text !~ /^[A-Z]/ || length $text < 80 || length $text > 900;

        $text = escape($text);
        $text =~ s{`([^`\n]+)`}{<code>$1</code>}g;
        $text =~ s{\*\*([^*\n]+)\*\*}{<strong>$1</strong>}g;
        $text =~ s{\[([^\]\n]+)\]\(([^)\s"]+)\)}{<a href="$2">$1</a>}g;
        push @found, "<p>$text</p>\n";
    }

    return @found;
}


sub listings {
    my ($path) = @_;

    my @lines = split /\n/, text_of($path);
    my @found;

    while (my @some = splice @lines, 0, 12) {
        push @found, highlight(join "\n", @some, '');
    }

    return @found;
}


sub highlight {
    my ($code) = @_;

    my $out = '';

    while ($code =~ m{\G(?:(?<c>/\*.*?\*/)|(?<s>"(?:[^"\\\n]|\\.)*")
                      |(?<p>\#\w+)|(?<m>\b\d\w*)|(?<n>[A-Za-z_]\w*)(?<f>\()?
                      |(?<o>->|[-+*/=<>!&|]+)|(?<rest>\s+|.))}gcsx)
    {
        my %is = %+;

        if (defined $is{n}) {
            my $class = $KEYWORD{ $is{n} } ? 'k' : $is{f} ? 'nf' : '';
            $out .= $class ? "<span class=\"$class\">$is{n}</span>" : $is{n};
            $out .= '(' if $is{f};
            next;
        }

        my ($class) = grep { defined $is{$_} } qw(c s p m o);

        $out .= $class ? "<span class=\"$class\">" . escape($is{$class})
                         . '</span>'
                       : escape($is{rest});
    }

    return $out;
}


1;
