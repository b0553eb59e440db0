package Memory;

# What a core dump of a process would hold, read from a living one: all regions
# that the kernel dumps by default, without those that are marked MADV_DONTDUMP
# ("dd" in smaps).  Needs the right to trace the process.
#
#   my @regions = regions($pid);        # { name, from, to, dumped }
#   my $bytes = bytes($pid, $region);   # undef: cannot be read
#   my $hash = siphash($key, $bytes);   # SipHash-2-4, 8 bytes

use strict;
use warnings;
no warnings 'portable';     # addresses have 64 bits

use Exporter qw(import);

our @EXPORT_OK = qw(regions bytes siphash);


# private memory and shared memory without a file are dumped, and changed pages
# of files; mappings that cannot be written hold code and constants

sub regions {
    my ($pid) = @_;

    open my $fh, '<', "/proc/$pid/smaps" or return;
    my @regions;

    while (my $line = <$fh>) {

        if ($line =~ /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ (\d+)\s*(.*)$/) {
            my ($from, $to, $perms, $inode, $name) = ($1, $2, $3, $4, $5);

            push @regions, { from => hex $from, to => hex $to,
                name => $name eq '' ? 'private' : $name,
                dumped => $perms =~ /^rw/ ? 1 : 0 };

        } elsif ($line =~ /^VmFlags:.*\bdd\b/) {
            $regions[-1]{dumped} = 0;
            $regions[-1]{hidden} = 1;
        }
    }

    return @regions;
}


sub bytes {
    my ($pid, $region) = @_;

    open my $fh, '<:raw', "/proc/$pid/mem" or return;
    sysseek $fh, $region->{from}, 0 or return;

    my ($bytes, $left) = ('', $region->{to} - $region->{from});

    while ($left > 0) {
        my $n = sysread $fh, $bytes, $left, length $bytes or last;
        $left -= $n;
    }

    return $bytes;
}


sub rotate {
    my ($x, $n) = @_;

    use integer;

    return ($x << $n) | (($x >> (64 - $n)) & ((1 << $n) - 1));
}


sub rounds {
    my ($v, $n) = @_;

    use integer;

    for (1 .. $n) {
        $v->[0] += $v->[1];
        $v->[1] = rotate($v->[1], 13) ^ $v->[0];
        $v->[0] = rotate($v->[0], 32);
        $v->[2] += $v->[3];
        $v->[3] = rotate($v->[3], 16) ^ $v->[2];
        $v->[0] += $v->[3];
        $v->[3] = rotate($v->[3], 21) ^ $v->[0];
        $v->[2] += $v->[1];
        $v->[1] = rotate($v->[1], 17) ^ $v->[2];
        $v->[2] = rotate($v->[2], 32);
    }

    return;
}


sub siphash {
    my ($key, $data) = @_;

    my ($k0, $k1) = unpack 'q<2', $key;
    my @constants = unpack 'q>4', 'somepseudorandomlygeneratedbytes';
    my @v = map { $constants[$_] ^ ($_ % 2 ? $k1 : $k0) } 0 .. 3;
    my $rest = length($data) % 8;
    my @words = unpack 'q<*', substr $data, 0, length($data) - $rest;

    push @words, unpack 'q<', substr($data, length($data) - $rest)
        . "\0" x (7 - $rest) . chr(length($data) % 256);

    use integer;

    for my $word (@words) {
        $v[3] ^= $word;
        rounds(\@v, 2);
        $v[0] ^= $word;
    }

    $v[2] ^= 0xff;
    rounds(\@v, 4);

    return pack 'q<', $v[0] ^ $v[1] ^ $v[2] ^ $v[3];
}


1;
