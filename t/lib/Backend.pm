package Backend;

# An application behind nginx, played by a forked Perl process: every path has
# a script that says which bytes go out, in which pieces and how slowly.
#
#   my $app = Backend->new(
#       '/page' => { headers => [ 'Content-Type: text/html' ],
#                    body => [ '<html>', 0.2, 'more', \'die' ],
#                    length => 1, etag => '"x"', mtime => $epoch });
#   $app->port; $app->requests;     # what it was asked, raw, oldest first
#
# body: a string; or a list of strings, numbers (seconds to sleep) and
# \'die' (close without the rest).  piece: cut strings into so many bytes.
# length: send Content-Length, else chunked.  etag, mtime: sent, and honoured
# in If-None-Match and If-Modified-Since.  ranges: honour Range.  hush: no
# pause between pieces.

use strict;
use warnings;

use Fcntl qw(SEEK_SET);
use File::Temp ();
use IO::Socket::INET;
use POSIX ();
use Socket qw(IPPROTO_TCP TCP_NODELAY);


sub new {
    my ($class, %pages) = @_;

    my $listen = IO::Socket::INET->new(
        LocalAddr => '127.0.0.1', Listen => 64, ReuseAddr => 1,
    ) or die "backend: cannot listen: $!";

    my $log = File::Temp->new(TEMPLATE => 'backend-XXXXXX', TMPDIR => 1);
    my $self = bless { port => $listen->sockport, log => $log,
                       owner => $$ }, $class;

    my $pid = fork // die "backend: cannot fork: $!";

    if ($pid == 0) {
        $SIG{CHLD} = 'IGNORE';
        $SIG{TERM} = sub { POSIX::_exit(0) };

        while (1) {
            my $client = $listen->accept or next;
            my $child = fork // next;

            if ($child == 0) {
                close $listen;
                serve($client, \%pages, $log->filename);
                POSIX::_exit(0);
            }

            close $client;
        }
    }

    close $listen;
    $self->{pid} = $pid;

    return $self;
}


sub port { return $_[0]{port} }


# A page with \'gate' among its parts waits there until open_gate(), ten seconds
# at most.  gate() closes the gate, and returns true if a page waited those ten
# seconds.

sub gate {
    my ($self) = @_;

    my $log = $self->{log}->filename;
    my $vain = -e "$log-vain";
    unlink "$log-vain", "$log-open";

    return $vain;
}

sub open_gate {
    my ($self) = @_;

    open my $fh, '>', $self->{log}->filename . '-open' or die "gate: $!";

    return;
}

sub wait_at_gate {
    my ($log) = @_;

    for (1 .. 1000) {
        return if -e "$log-open";
        select undef, undef, undef, 0.01;
    }

    open my $fh, '>', "$log-vain" or die "gate: $!";

    return;
}


sub requests {
    my ($self) = @_;

    open my $fh, '<', $self->{log}->filename or die $!;
    local $/;
    my $text = <$fh>;

    return split /\x01/, $text;
}


sub forget {
    my ($self) = @_;

    truncate $self->{log}->filename, 0;

    return;
}


sub serve {
    my ($client, $pages, $log) = @_;

    local $SIG{PIPE} = 'IGNORE';

    $client->autoflush(1);
    setsockopt $client, IPPROTO_TCP, TCP_NODELAY, 1;

    my $request = '';

    while ($request !~ /\r\n\r\n/) {
        sysread($client, $request, 4096, length $request) or return;
    }

    open my $fh, '>>', $log or return;
    syswrite $fh, "$request\x01";
    close $fh;

    my ($method, $path) = $request =~ m{^(\w+) ([^ ?]+)};
    my $page = $pages->{$path};

    if (!$page) {
        syswrite $client, "HTTP/1.1 404 Not Found\r\n"
            . "Content-Length: 0\r\nConnection: close\r\n\r\n";
        return;
    }

    answer($client, $page, $method, $request, $log);

    return;
}


sub answer {
    my ($client, $page, $method, $request, $log) = @_;

    my @body = ref $page->{body} ? @{ $page->{body} } : ($page->{body});
    my $whole = join '', grep { !ref && !/^[0-9.]+$/ } @body;
    my @head = ('Connection: close', @{ $page->{headers}
                                        // ['Content-Type: text/html'] });
    my ($status, $known) = ($page->{status} // '200 OK', 0);

    if (defined $page->{etag}) {
        push @head, "ETag: $page->{etag}";

        if ($request =~ /^If-None-Match: *(.*?)\r$/mi) {
            $known = grep { s{^W/}{}r eq $page->{etag} =~ s{^W/}{}r }
                split /, */, $1;
        }
    }

    if (defined $page->{mtime}) {
        my $date = http_date($page->{mtime});
        push @head, "Last-Modified: $date";

        if ($request =~ /^If-Modified-Since: *(.*?)\r$/mi
            && $request !~ /^If-None-Match/mi)
        {
            $known = $1 eq $date;
        }
    }

    if ($known) {
        syswrite $client, join("\r\n", 'HTTP/1.1 304 Not Modified', @head,
                               '', '');
        return;
    }

    if ($page->{ranges} && $request =~ /^Range: *bytes=(\d+)-(\d+)\r$/mi) {
        my ($from, $to) = ($1, $2);

        $to = length($whole) - 1 if $to >= length $whole;
        push @head, "Content-Range: bytes $from-$to/" . length $whole;
        $status = '206 Partial Content';
        $whole = substr $whole, $from, $to - $from + 1;
        @body = ($whole);
    }

    push @head, $page->{length} ? 'Content-Length: ' . length $whole
              : $page->{close}  ? ()
              :                   'Transfer-Encoding: chunked';

    syswrite $client, join("\r\n", "HTTP/1.1 $status", @head, '', '');

    return if $method eq 'HEAD';

    my $chunked = !$page->{length} && !$page->{close};

    for my $piece (@body) {

        if (ref $piece) {
            return if $$piece eq 'die';
            wait_at_gate($log);
            next;
        }

        if ($piece =~ /^[0-9.]+$/) {
            select undef, undef, undef, $piece;
            next;
        }

        my $size = $page->{piece} || length $piece || 1;

        for (my $i = 0; $i < length $piece; $i += $size) {
            my $part = substr $piece, $i, $size;

            $part = sprintf("%x\r\n%s\r\n", length $part, $part) if $chunked;
            all($client, $part) or return;

            select undef, undef, undef, 0.0002
                if $page->{piece} && !$page->{hush};
        }
    }

    all($client, "0\r\n\r\n") if $chunked;

    return;
}


sub all {
    my ($client, $bytes) = @_;

    while (length $bytes) {
        my $n = syswrite($client, $bytes) or return 0;
        substr $bytes, 0, $n, '';
    }

    return 1;
}


sub http_date {
    my @t = gmtime shift;

    return sprintf '%s, %02d %s %d %02d:%02d:%02d GMT',
        (qw(Sun Mon Tue Wed Thu Fri Sat))[ $t[6] ], $t[3],
        (qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec))[ $t[4] ],
        $t[5] + 1900, @t[2, 1, 0];
}


sub DESTROY {
    my ($self) = @_;

    return if $self->{owner} != $$;

    local $?;
    kill 'TERM', $self->{pid};
    waitpid $self->{pid}, 0;

    return;
}


1;
