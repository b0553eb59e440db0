package Social::EventLog;

# Reads an event log: lines of JSON as log_format in docs/operations.md writes
# them.  Shares no code with the module, and needs nothing but Perl.
#
#   my $broken = Social::EventLog::read_log($name, sub {
#       my ($event) = @_;   # the line's members, and `at`, seconds since 1970
#       ...
#       return '';          # or what is wrong with it
#   });
#
# A broken line is named on standard error and left out.

use strict;
use warnings;

use Exporter qw(import);
use Time::Local qw(timegm);

our @EXPORT_OK = qw(read_log parse_time time_text);

my $ID = qr/[A-Za-z0-9_-]+/;
my $STATE = qr/^(?:approved|held|spam)$/;
my $ROLE = qr/^(?:reader|author)$/;
my $COUNTED = qr/^(?:new|repeat|dropped)$/;

# what a line must have, by event; other members are not looked at

my %WANTED = (
    view     => { class => qr/^(?:unconfirmed|self|bot|preview|prefetch)$/ },
    seen     => { class => qr/^(?:unconfirmed|prefetch|script)$/,
                  state => qr/^(?:new|repeat|dropped)?$/ },
    share    => { network => qr/./, state => $COUNTED },
    reaction => { state => qr/^(?:new|off|repeat|dropped)$/ },
    goal     => { goal => qr/./, state => $COUNTED },
    comment  => { comment => qr/^$ID$/, role => $ROLE, state => $STATE },
    reply    => { comment => qr/^$ID$/, role => $ROLE, state => $STATE,
                  parent => qr/^$ID$/ },
    edit     => { comment => qr/^$ID$/, state => $STATE },
    delete   => { comment => qr/^$ID$/, state => qr/^deleted$/ },
    moderate => { comment => qr/^$ID(?:,$ID)*$/,
                  state => qr/^(?:approved|held|spam|deleted)$/ },
);

# what a moderator can do, if the log has it: $social_action

my $ACTION =
    qr/^(?:approve|hold|spam|ban|delete|erase|restore|done|edit|reply)?$/;


# seconds since 1970, or nothing

sub parse_time {
    my ($text) = @_;

    my ($y, $mon, $d, $h, $min, $s, $sign, $hours, $minutes) = $text =~
        /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:Z|([+-])(\d\d):(\d\d))$/
        or return;

    my $time = eval { timegm($s, $min, $h, $d, $mon - 1, $y) } // return;
    my $ahead = $sign ? "${sign}1" * ($hours * 3600 + $minutes * 60) : 0;

    return $time - $ahead;
}


sub time_text {
    my ($time) = @_;

    my ($s, $min, $h, $d, $mon, $y) = gmtime $time;

    return sprintf '%04d-%02d-%02dT%02d:%02d:%02dZ', $y + 1900, $mon + 1, $d,
        $h, $min, $s;
}


# A line is a flat JSON object; returns its members, or nothing if it is broken.
# JSON::PP would take ten times as long.

my $STRING = qr/"((?:[^"\\\x00-\x1f]|\\["\\\/bfnrtu])*+)"/;
my $OTHER = qr/(-?[0-9][0-9.eE+-]*|true|false|null)/;
my %ESCAPED = (b => "\b", f => "\f", n => "\n", r => "\r", t => "\t");


# nginx escapes control characters, quotes and backslashes, nothing else

sub unescape {
    my ($text) = @_;

    $text =~ s{\\(?:u00([0-7][0-9A-Fa-f])|(.))}
              {defined $1 ? chr hex $1 : $ESCAPED{$2} // $2}ge;

    return $text;
}


sub parse_line {
    my ($line) = @_;
    my %event;

    $line =~ /\G\s*\{\s*/gc or return;

    while ($line =~ /\G$STRING\s*:\s*(?:$STRING|$OTHER)\s*([,}])\s*/gc) {
        my ($name, $value, $end) = ($1, $2 // $3, $4);

        $event{$name} = index($value, '\\') < 0 ? $value : unescape($value);

        return $line =~ /\G\z/gc ? \%event : () if $end eq '}';
    }

    return;
}


# what is wrong with an event, or ''; sets its time

sub fault {
    my ($e) = @_;

    for my $name (qw(time event site article)) {
        return "no $name" if ($e->{$name} // '') eq '';
    }

    $e->{at} = parse_time($e->{time}) // return "no time: $e->{time}";

    my $wanted = $WANTED{ $e->{event} } // return "no event: $e->{event}";

    for my $name (sort keys %$wanted) {
        my $value = $e->{$name} // '';
        return "no $name: \"$value\"" if $value !~ $wanted->{$name};
    }

    return ($e->{action} // '') =~ $ACTION ? '' : "no action: $e->{action}";
}


# returns how many lines there were, and how many were broken; dies if the file
# cannot be read

sub read_log {
    my ($name, $take) = @_;
    my ($fh, $lines, $broken) = (\*STDIN, 0, 0);

    if ($name ne '-') {
        undef $fh;
        open $fh, '<:raw', $name or die "$name: $!\n";
    }

    while (my $line = <$fh>) {
        chomp $line;
        $lines++;

        my $e = parse_line($line);
        my $fault = ($e ? fault($e) : 'no line of the log') || $take->($e);

        if ($fault) {
            $broken++;
            print STDERR "$name:$lines: $fault\n";
        }
    }

    die "$name: $!\n" if $fh->error;

    return ($lines, $broken);
}


1;
