package Counted;

# What the store has counted, straight from its tables: the sums of the days.
#
#   counted($nginx, '/posts/a/', 'listeners')     # "" : the whole site
#   counted($nginx, '/posts/a/', 'goals', 'paid') # with a label
#   labels($nginx, '', 'robots')                  # { label => value }

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(counted labels);

# numbers of social_count.h

my %KIND = (listeners => 13, sources => 19, goals => 20, goal_sources => 22,
            robots => 23);


# rows of "label|value"; a status request saves what is in shared memory first

sub rows {
    my ($nginx, $key, $what) = @_;

    $nginx->status(period => 'all');

    my $of = $key eq '' ? ''
        : "AND article = (SELECT id FROM article WHERE key = '$key')";
    my $db = $nginx->dir . '/store/blog.db';

    return map { chomp; $_ } qx(sqlite3 -cmd '.timeout 5000' $db "
        SELECT label, sum(value) FROM bucket
        WHERE step = 86400 AND kind = $KIND{$what} $of GROUP BY label");
}


sub labels {
    my ($nginx, $key, $what) = @_;

    return { map { split /\|/ } rows($nginx, $key, $what) };
}


sub counted {
    my ($nginx, $key, $what, $label) = @_;

    return labels($nginx, $key, $what)->{ $label // '' } // 0;
}


1;
