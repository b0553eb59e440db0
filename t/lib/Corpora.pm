package Corpora;

# Pages in great number: is the widget where a real parser says it belongs, and
# does nginx leave the rest of each page unchanged?
#
#   my @verdicts = judged($places, @files);     # places: t/corpora/places.c
#   $verdict->{file} {verdict} {why} {gumbo} {place} {charset}
#   my @complaints = served(@verdicts);         # [verdict, what]
#
# t/corpora/judge.mjs explains the fields.

use strict;
use warnings;

use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp ();

use Backend;
use Page qw(fetch);
use Social;

our @EXPORT_OK = qw(judged served slurp);

my $JUDGE = dirname(__FILE__) . '/../corpora/judge.mjs';
my @FIELDS = qw(file verdict why gumbo place charset);

# Charsets whose bytes are not ASCII: nginx leaves such pages alone, although
# the scanner does not.
my $FOREIGN = qr/^(?:utf-(?:16|32|7)|ucs-|unicode|iso-(?:10646|2022)|hz-gb)/i;


sub slurp {
    my ($path) = @_;

    open my $fh, '<:raw', $path or die "$path: $!";
    local $/;

    return scalar <$fh>;
}


sub judged {
    my ($places, @files) = @_;

    # gumbo has a few leaks
    local $ENV{ASAN_OPTIONS} = 'detect_leaks=0';

    my $list = File::Temp->new;
    print $list map { "$_\n" } @files;
    close $list or die $!;

    open my $judge, '-|', 'bash', '-o', 'pipefail', '-c',
        '"$0" < "$1" | node "$2"', $places, $list->filename, $JUDGE
        or die "cannot judge: $!";

    my @verdicts;

    while (my $line = <$judge>) {
        my %v;

        chomp $line;
        @v{@FIELDS} = split /\t/, $line, -1;
        push @verdicts, \%v;
    }

    close $judge or die 'the judge failed';
    die 'some pages have no verdict' if @verdicts != @files;

    return @verdicts;
}


# serves all pages with one nginx: as files, twice, and from an application that
# sends them in odd pieces

sub served {
    my (@verdicts) = @_;

    my (%pages, %app, %name);

    for my $v (@verdicts) {
        my $page = slurp($v->{file});

        next if $page eq '';

        $name{ $v->{file} } = sprintf 'p%05d.html', scalar keys %name;
        $pages{ $name{ $v->{file} } } = $page;
        $app{"/$name{ $v->{file} }"} = {
            headers => ['Content-Type: text/html'], body => [$page],
            piece => 7 + length($page) % 4099, hush => 1,
        };
    }

    my $app = Backend->new(%app);
    my $to = 'proxy_pass http://127.0.0.1:' . $app->port . '/;';
    my $nginx = Social->new(
        http   => 'types { text/html html; } proxy_http_version 1.1;',
        server => "location /app/ { $to }",
        files  => \%pages,
    );

    my @complaints;

    for my $v (grep { $name{ $_->{file} } } @verdicts) {
        my $name = $name{ $v->{file} };

        for my $path ("/$name", "/$name", "/app/$name") {
            my $answer = fetch($nginx->port, $path);
            my $what = unlike_it($answer, $pages{$name}, $v);

            push @complaints, [$v, "$path: $what"] if $what;
        }
    }

    $nginx->quiet;

    return @complaints;
}


# what is wrong with an answer, or undef

sub unlike_it {
    my ($answer, $page, $v) = @_;

    return "status $answer->{status}" if $answer->{status} != 200;
    return 'incomplete' if !$answer->{complete};

    if ($v->{verdict} ne 'inserted' || $v->{charset} =~ $FOREIGN) {
        return $answer->{body} eq $page ? undef : 'the page has changed';
    }

    my $size = length($answer->{body}) - length $page;

    return 'no widget' if $size <= 0;

    my $run = substr $answer->{body}, $v->{place}, $size, '';
    my $count = () = $run =~ / data-social="/g;

    return 'more than the widget has changed' if $answer->{body} ne $page;
    return 'none or many widgets' if $count != 1
        || $run !~ m{\A<section\b[^>]* data-social=.*</section>\n?\z}s;

    return;
}


1;
