package Load;

# Readers who read, comment, share and like, all at once, and remember what
# they were told: forked clients with connections that are kept alive.
#
#   my $load = Load->new($nginx, clients => 4, seconds => 10,
#       pages => { '/posts/a/' => $html },          # as the file has it
#       mix => { view => 6, comment => 2, share => 1, reaction => 1,
#                thread => 1,                   # GET what comments there are
#                missing => 1 },                # GET what is not there
#       length => 3000);                        # of a comment, at least
#   ... disturb them ...
#   my $seen = $load->wait;
#
#   $seen->{sent}{view}{'/posts/a/'}    requests that were sent
#   $seen->{told}{view}{'/posts/a/'}    and answered as they should be
#   $seen->{comments}{TEXT}             key of an acknowledged comment
#   $seen->{status}{503}                answers by status
#   $seen->{slow}                       the slowest page, seconds
#   $seen->{problems}                   pages without widget, damaged ones
#
# Every share and every like is another visitor's (by the agent), so each of
# them is to be counted.  A request that breaks off is sent, but not told.

use strict;
use warnings;

use Digest::MD5 qw(md5);
use IO::Socket::INET;
use JSON::PP ();
use POSIX ();
use Social ();
use Time::HiRes qw(sleep time);


sub new {
    my ($class, $nginx, %a) = @_;

    my $self = bless { nginx => $nginx, clients => 4, seconds => 10,
                       mix => { view => 1 }, wait => 30, tag => '',
                       length => 0, %a, children => [] }, $class;

    for my $number (1 .. $self->{clients}) {
        my $pid = fork // die "fork: $!";

        if ($pid == 0) {
            $SIG{PIPE} = 'IGNORE';
            eval { $self->client($number); 1 } or warn $@;
            POSIX::_exit(0);
        }

        push @{ $self->{children} }, $pid;
    }

    return $self;
}


sub running {
    my ($self) = @_;

    return grep { waitpid($_, POSIX::WNOHANG()) == 0 }
        @{ $self->{children} };
}


sub wait {
    my ($self) = @_;

    waitpid $_, 0 for @{ $self->{children} };

    my %all = (problems => [], slow => 0);

    for my $number (1 .. $self->{clients}) {
        my $seen = JSON::PP->new->utf8->decode(
            $self->{nginx}->slurp("load-$self->{tag}$number.json") || '{}');

        for my $what (qw(sent told)) {
            for my $kind (keys %{ $seen->{$what} }) {
                $all{$what}{$kind}{$_} += $seen->{$what}{$kind}{$_}
                    for keys %{ $seen->{$what}{$kind} };
            }
        }

        $all{status}{$_} += $seen->{status}{$_} for keys %{ $seen->{status} };
        $all{comments}{$_} = $seen->{comments}{$_}
            for keys %{ $seen->{comments} };
        $all{slow} = $seen->{slow} if ($seen->{slow} // 0) > $all{slow};
        push @{ $all{problems} }, @{ $seen->{problems} // [] };
    }

    return \%all;
}


# one client, in its own process

sub client {
    my ($self, $number) = @_;

    my @keys = sort keys %{ $self->{pages} };
    my @mix = map { ($_) x $self->{mix}{$_} } sort keys %{ $self->{mix} };
    my $end = time + $self->{seconds};
    my %seen = (problems => [], slow => 0);
    my %token;
    my $n = 0;

    srand($number);

    while (time < $end && $n < ($self->{requests} // 1e9)) {
        my $key = $keys[rand @keys];
        my $kind = $token{$key} ? $mix[rand @mix] : 'view';

        $n++;
        $seen{sent}{$kind}{$key}++;

        my $begin = time;
        my $text = "text $self->{tag}$number-$n";
        $text .= ' word' x (($self->{length} - length $text) / 5)
            if $kind eq 'comment' && length $text < $self->{length};
        my $res = $self->exchange(
            $self->compose($kind, $key, $token{$key}, "$number-$n", $text));

        if (!$res) {
            sleep 0.01;
            next;
        }

        $seen{status}{ $res->{status} }++;

        if ($kind eq 'view') {
            my $took = time - $begin;
            $seen{slow} = $took if $took > $seen{slow};
            $self->look($key, $res, \%seen);
            $token{$key} = $1
                if $res->{content} =~ /name="token" value="([^"]+)"/;
        }

        next if $res->{status} !~ /^(?:20[0-4]|303)$/;

        $seen{told}{$kind}{$key}++;
        $seen{comments}{$text} = $key if $kind eq 'comment';
    }

    $self->{nginx}->write("load-$self->{tag}$number.json",
                          JSON::PP->new->utf8->encode(\%seen));

    return;
}


sub compose {
    my ($self, $kind, $key, $token, $visitor, $text) = @_;

    my $head = "Host: 127.0.0.1:" . $self->{nginx}->port . "\r\n"
        . "User-Agent: $Social::BROWSER visitor/$visitor\r\n"
        . 'X-Real-IP: ' . join('.', 10, unpack 'C3', md5($visitor)) . "\r\n";

    my %get = (view => $key, thread => "/_social/comments?article=$key",
               missing => "/missing/$visitor");

    return "GET $get{$kind} HTTP/1.1\r\n$head\r\n" if $get{$kind};

    my %route = (comment => 'comments', share => 'share',
                 reaction => 'reactions');
    my $body = Social::form({
        article => $key, token => $token,
        $kind eq 'comment' ? (name => 'Ann', text => $text) : (),
        $kind eq 'share' ? (network => 'bluesky') : (),
    });

    return "POST /_social/$route{$kind} HTTP/1.1\r\n$head"
        . "Sec-Fetch-Site: same-origin\r\n"
        . "Content-Type: application/x-www-form-urlencoded\r\n"
        . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
}


# one request on the connection that is kept; undef: it broke off

sub exchange {
    my ($self, $request) = @_;

    my $socket = $self->{socket} //= IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $self->{nginx}->port);
    return if !$socket;

    my $res = eval {
        local $SIG{ALRM} = sub { die "timeout\n" };
        alarm $self->{wait};
        my $r = answer($socket, $request);
        alarm 0;
        $r;
    };
    alarm 0;

    if (!$res || $res->{close}) {
        close $socket;
        delete $self->{socket};
    }

    return $res;
}


sub answer {
    my ($socket, $request) = @_;

    my ($at, $buf) = (0, '');

    while ($at < length $request) {
        my $n = syswrite($socket, $request, length($request) - $at, $at);
        return if !$n;
        $at += $n;
    }

    while ($buf !~ /\r\n\r\n/) {
        sysread($socket, $buf, 65536, length $buf) or return;
    }

    my ($head, $content) = split /\r\n\r\n/, $buf, 2;
    my ($status) = $head =~ m{^HTTP/1\.1 (\d+)} or return;
    my ($length) = $head =~ /^Content-Length: *(\d+)/mi;
    $length = 0 if $status == 204 || $status == 304;
    return if !defined $length;

    while (length $content < $length) {
        sysread($socket, $content, 65536, length $content) or return;
    }

    return { status => $status, head => $head, content => $content,
             close => scalar($head =~ /^Connection: close/mi) };
}


# a page: 200, with its widget, and else as it was

sub look {
    my ($self, $key, $res, $seen) = @_;

    my $problem;
    my $rest = $res->{content};

    if ($res->{status} != 200) {
        $problem = "status $res->{status}";

    } elsif ($rest !~ s{<section data-social="([^"]*)".*</section>}{}s
             || $1 ne $key)
    {
        $problem = 'no widget';

    } elsif ($rest ne $self->{pages}{$key}) {
        $problem = 'damaged: ' . substr $res->{content}, 0, 200;

    } else {
        $seen->{sent}{fallback}{$key}++
            if $res->{content} !~ /name="token"/;
        return;
    }

    push @{ $seen->{problems} }, "$key: $problem"
        if @{ $seen->{problems} } < 10;

    return;
}


1;
