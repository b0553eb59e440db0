#!/usr/bin/perl

# Files that change while they are read, thousands of times: replaced, truncated
# and rewritten, or overwritten in place, with other sizes and places each time.
#
# A replaced file is served as one whole version, with its widget in place.  For
# an overwritten file only this is certain, as far as the file system permits:
# behind a widget stand the bytes it was inserted before.  SOCIAL_LONG=1 runs
# ten times as many changes.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use IO::Socket::INET;
use JSON::PP ();
use Page qw(dial read_answer without_widget);
use POSIX ();
use Social;
use Socket qw(SO_RCVBUF inet_aton pack_sockaddr_in);
use Test::More;
use Time::HiRes qw(sleep time);


my $TIMES = $ENV{SOCIAL_LONG} ? 10 : 1;
my $HOT = 3_000 * $TIMES;   # changes of files that are never left alone
my $ROUNDS = 2 * $TIMES;    # changes of files that were remembered
my $RIPE = 150;             # how many files are remembered
my @WAYS = qw(send memory cached threads direct chunk);
my @HOT = map { ("new$_.html", "trunc$_.html", "over$_.html") } 0 .. 2;
my @RIPE = map { (qw(new trunc over))[$_ % 3] . "ripe$_.html" } 1 .. $RIPE;


# Version VERSION of a file; its text tells name and version.  A third of the
# files are larger than what is kept in memory whole.

sub text {
    my ($name, $version) = @_;

    my $seed = unpack('%32C*', $name) * 31 + $version * 7919;
    my $line = sprintf "%s v%06d <b>some text</b>\n", $name, $version;
    my ($before, $within, $behind) = $seed % 3 == 0
        ? ($seed % 3001, $seed % 2003, $seed % 1501)
        : ($seed % 307, $seed % 101, $seed % 53);

    return "<!doctype html><html lang=en><body>\n<p>$line"
        . $line x $before . '<article>' . $line x $within
        . '</article>' . $line x $behind . "</body></html>\n";
}


# a page larger than any buffer, with almost all of it in its article

my $LINES = 600_000;

sub long {
    my ($text, $place) = @_;

    return '<!doctype html><html><body><article>' . "<p>$text</p>\n" x $place
        . '</article>' . "<p>$text</p>\n" x ($LINES - $place)
        . '</body></html>';
}

my %files = map { $_ => text($_, 0) } @HOT, @RIPE;
$files{'long.html'} = '';
my $nginx = Social->new(
    http => 'sendfile_max_chunk 512k; open_file_cache_errors on;',
    server => <<'END',
    location /send/    { sendfile on; tcp_nopush on; alias DIR/html/; }
    location /memory/  { sendfile off; alias DIR/html/; }
    location /cached/  { sendfile on; open_file_cache max=300;
                         open_file_cache_valid 1s; alias DIR/html/; }
    location /threads/ { sendfile on; aio threads; alias DIR/html/; }
    location /direct/  { aio threads; directio 4k; output_buffers 2 16k;
                         alias DIR/html/; }
    location /chunk/   { sendfile on; sendfile_max_chunk 8k;
                         alias DIR/html/; }
END
    files => \%files,
);


# overwritten between the first and the last byte of an answer

for my $way (@WAYS) {
    for my $foot ($way =~ /send|direct|chunk/ ? 10 : 60_000) {
        my $path = $nginx->file('long.html',
                                long('the old one', $LINES - $foot));
        my $socket = IO::Socket::INET->new(Proto => 'tcp');

        $socket->sockopt(SO_RCVBUF, 65536);
        $socket->connect(pack_sockaddr_in($nginx->port,
                                          inet_aton('127.0.0.1')))
            or die $!;
        $socket->autoflush(1);
        print $socket "GET /$way/long.html HTTP/1.0\r\nHost: x\r\n\r\n";
        sysread $socket, my $rest, 1000;

        open my $fh, '+<:raw', $path or die $!;
        syswrite $fh, long('the new one', $LINES - 5000);
        close $fh;

        my $answer = read_answer($socket, \$rest, 'GET');
        my ($page, $widgets) = without_widget($answer->{body});
        my $at = index $answer->{body}, '<section';
        my $name = "/$way, a foot of $foot lines";

        ok index(substr($answer->{body}, 0, $at), 'the new') > 0,
            "$name: overwritten while it is sent";
        is $widgets, 1, 'the answer has one widget';
        is substr($page, $at, 10), '</article>',
            'the widget is before the end of the article';
        is length $answer->{body}, $answer->{header}{'content-length'},
            'the answer is as long as announced';
    }
}


# clients record what they see until the file "enough" exists

sub look {
    my ($seen, $name, $path, $answer) = @_;

    my $problem = sub {
        push @{ $seen->{problems} }, "$path: $_[0]" if !$seen->{$_[0]}++;
        return;
    };

    my $body = $answer->{body};
    my $kind = $name =~ /^new/ ? 'new' : 'torn';

    # a file that became shorter breaks off, as without the module
    if (!$answer->{complete}) {
        $seen->{cut}++;
        return if $kind eq 'torn';
        return $problem->('a replaced file broke off');
    }

    return $problem->("status $answer->{status}")
        if $answer->{status} != 200;
    return $problem->('no length')
        if !defined $answer->{header}{'content-length'};
    return $problem->('more than its length') if $answer->{rest} ne '';

    my ($page, $widgets) = without_widget($body);
    my ($version) = $page =~ /^.{0,60}? v(\d{6}) /s;

    $seen->{$kind}++;
    $seen->{"$kind $version"} = 1 if defined $version;

    return $problem->("$widgets widgets") if $widgets > 1;

    my $behind = substr $page, index($body, '<section'), 10;

    return $problem->("a widget before \"$behind\"")
        if $widgets && $behind !~ m{^(?:</article>|</body></?|$)};

    my $whole = defined $version && $page eq text($name, $version);

    $seen->{whole}++ if $whole;
    $seen->{"$kind whole"}++ if $whole && $widgets;

    # what was overwritten after the module looked may be anything
    return if $kind eq 'torn';

    return $problem->('not a version') if !$whole;
    return $problem->('no widget') if !$widgets;
    return $problem->('a widget at the wrong place')
        if $behind ne '</article>';
    return;
}


sub client {
    my ($number) = @_;

    my %seen = (problems => [], requests => 0);
    my $enough = $nginx->dir . '/enough';
    my ($socket, $rest);

    srand $number;

    until (-e $enough && $seen{requests} > 1000) {
        my $from = rand() < 0.6 ? \@HOT : \@RIPE;
        my $name = $from->[rand @$from];
        my $path = "/$WAYS[rand @WAYS]/$name";

        ($socket, $rest) = (dial($nginx->port), '') if !$socket;

        print $socket "GET $path HTTP/1.1\r\nHost: x\r\n\r\n";
        my $answer = read_answer($socket, \$rest, 'GET');

        $answer->{rest} = $rest;
        $seen{requests}++;

        look(\%seen, $name, $path, $answer);

        undef $socket if !$answer->{complete}
            || ($answer->{header}{connection} // '') eq 'close';
    }

    $nginx->write("seen$number", JSON::PP->new->encode(\%seen));

    return;
}


my @clients;

for my $number (1 .. 3) {
    my $pid = fork // die "fork: $!";

    if ($pid == 0) {
        $SIG{PIPE} = 'IGNORE';
        eval { client($number); 1 } or warn $@;
        POSIX::_exit(0);
    }

    push @clients, $pid;
}


# this process changes the files

my (%version, %changes);

sub change {
    my ($name) = @_;

    my ($how) = $name =~ /^(new|trunc|over)/;
    my $path = $nginx->dir . "/html/$name";
    my $new = text($name, ++$version{$name});
    my $to = $how eq 'new' ? "$path.new" : $path;

    open my $fh, ($how eq 'over' ? '+<' : '>') . ':raw', $to
        or die "$to: $!";
    syswrite $fh, $new;
    truncate $fh, length $new if $how eq 'over';
    close $fh;

    rename $to, $path if $how eq 'new';

    $changes{$how}++;

    return;
}

for my $round (1 .. $ROUNDS) {
    my $began = time;

    for my $i (1 .. $HOT / $ROUNDS) {
        change($HOT[$i % @HOT]);
        sleep 0.0003 if $i % 4 == 0;
    }

    # files two seconds old are remembered when they are read again
    sleep 0.05 while time < $began + 2.5;

    change($_) for @RIPE;
}

$nginx->write('enough', '');
waitpid $_, 0 for @clients;

my %all = (cut => 0);

for my $number (1 .. 3) {
    my $seen = JSON::PP->new->decode($nginx->slurp("seen$number"));

    is_deeply $seen->{problems}, [], "client $number saw nothing wrong";

    for my $what (grep { !ref $seen->{$_} } keys %$seen) {
        $all{$what} += $seen->{$what};
    }
}

diag sprintf '%d changes in place, %d replacements; %d answers: '
    . '%d whole versions, %d cut off; %d versions seen',
    $changes{trunc} + $changes{over}, $changes{new}, $all{requests},
    $all{whole}, $all{cut}, scalar grep { / \d/ } keys %all;

cmp_ok $all{'new whole'}, '>', 100, 'replaced files were read';
cmp_ok $all{'torn whole'}, '>', 100, 'overwritten files were read';
cmp_ok scalar(grep { /^new \d/ } keys %all), '>', 5, 'many versions were seen';

# nginx logs alerts about files that others truncate
$nginx->stop;
$nginx->quiet('was truncated at', 'read only \d+ of \d+', 'sendfile\(\)');

done_testing;
