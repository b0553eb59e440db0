package Social::Api;

# For tests of the interface: requests byte by byte, and tokens computed as the
# module does.

use strict;
use warnings;

use Digest::SHA qw(hmac_sha256);
use Exporter qw(import);
use IO::Socket::INET;
use MIME::Base64 qw(encode_base64url);
use Social;

our @EXPORT = qw(page raw ask secret token_of cut flipped comment event
                 answers headers_of);

our $WEEK = 604800;


# the HTML of an article

sub page {
    my ($title, $head) = @_;

    return '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        . "<title>$title</title>" . ($head // '') . '</head><body><main>'
        . "<article><h1>$title</h1></article></main></body></html>";
}


# sends bytes over a new connection; returns what comes until the server closes

sub raw {
    my ($nginx, @pieces) = @_;

    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $nginx->port, Timeout => 10) or die "connect: $!";

    local $SIG{PIPE} = 'IGNORE';
    local $SIG{ALRM} = sub { die "the connection stays open\n" };
    alarm 10 * Social::Tool::slow();

    for my $piece (@pieces) {
        ref $piece ? $piece->($socket) : print {$socket} $piece;
        $socket->flush;
    }

    my $answer = '';
    while (sysread $socket, my $part, 65536) {
        $answer .= $part;
    }

    alarm 0;

    return $answer;
}


# the text of a request; Content-Length is added if there is a body

sub ask {
    my ($method, $path, $headers, $body) = @_;

    my %h = (Host => 'localhost', 'User-Agent' => $Social::BROWSER,
             %{ $headers // {} });

    $h{'Content-Length'} //= length $body
        if defined $body && !$h{'Transfer-Encoding'};

    return "$method $path HTTP/1.1\r\n"
        . join('', map { defined $h{$_} ? "$_: $h{$_}\r\n" : () } sort keys %h)
        . "\r\n" . ($body // '');
}


# the status codes of all answers on a connection

sub answers {
    my ($text) = @_;

    return join ' ', $text =~ m{HTTP/1\.1 (\d+) }g;
}


sub headers_of {
    my ($text) = @_;

    return (split /\r\n\r\n/, $text, 2)[0];
}


# the site's secret, and a token computed with it

sub secret {
    my ($nginx, $name) = @_;

    my $path = $nginx->dir . '/store/' . ($name // 'blog') . '.db';
    my $hex = `sqlite3 'file:$path?mode=ro' "SELECT hex(value) FROM setting WHERE name = 'secret'"`;
    chomp $hex;

    return pack 'H*', $hex;
}


sub token_of {
    my ($secret, $key, $week) = @_;

    my $mac = hmac_sha256("token\0$week.$key", $secret);

    return "$week." . encode_base64url(substr $mac, 0, 16);
}


sub cut { return substr $_[0], 0, -1 }


# with one bit flipped in the last character but three

sub flipped {
    my ($token) = @_;

    my $at = length($token) - 4;
    my $ch = substr $token, $at, 1;
    substr($token, $at, 1) = $ch eq 'A' ? 'B' : 'A';

    return $token;
}


# posts a comment as JSON; the fields need a valid token

sub comment {
    my ($nginx, %a) = @_;

    my %jar = map { $_ => delete $a{$_} } grep { exists $a{$_} }
        qw(jar headers path);

    return $nginx->post_json('comments', \%a, %jar);
}


# the lines of social.log about a comment, once the last one is written

sub event {
    my ($nginx, %only) = @_;

    my @events;
    $nginx->wait_for(sub { @events = $nginx->events(%only) });

    return $events[-1];
}


1;
