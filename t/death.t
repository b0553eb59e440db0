#!/usr/bin/perl

# Acknowledged data is never lost: people read, comment, share and like while
# workers are killed, configurations are reloaded, the binary is replaced and
# nginx is restarted.  SOCIAL_LONG=1 runs longer.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use List::Util qw(sum0);
use Load;
use Social;
use Test::More;
use Time::HiRes qw(sleep time);


my $long = $ENV{SOCIAL_LONG};
my @keys = map { "/posts/$_/" } qw(bread salt oil);
my %pages = map {
    $_ => "<html><head><title>$_</title></head><body><article><p>Text of $_."
        . '</p></article></body></html>';
} @keys;

my %setup = (
    workers => 3,
    site => "article ~ ^/posts/;\nreactions on;\nzone 64m;\n",
    http => "set_real_ip_from 127.0.0.1;\nreal_ip_header X-Real-IP;\n",
    files => { map { ("$_/index.html" =~ s{^/|(?<=/)/}{}gr) => $pages{$_} }
               @keys },
);


# what nginx's master logs of a killed worker; if the worker held the zone's
# mutex, the master unlocks it

my @KILLED = ('exited on signal 9', 'was locked by \d+');


# reads the store without the module

sub sqlite {
    my ($nginx, $sql) = @_;

    my $path = $nginx->dir . '/store/blog.db';

    return split /\n/, `sqlite3 -cmd '.timeout 5000' '$path' "$sql"`;
}

sub total {
    my ($seen, $what, $kind) = @_;

    return sum0 values %{ $seen->{$what}{$kind} // {} };
}


# every acknowledged comment is stored once, and shown on its article

sub comments_are_there {
    my ($nginx, $seen, $when) = @_;

    my (%stored, %shown);
    $stored{$_}++ for sqlite($nginx, "SELECT text || ' ' || a.key "
        . 'FROM comment c JOIN article a ON a.id = c.article');

    my @lost = grep { !$stored{"$_ $seen->{comments}{$_}"} }
        keys %{ $seen->{comments} };
    my @twice = grep { $stored{$_} > 1 } keys %stored;

    is "@lost[0 .. ($#lost > 4 ? 4 : $#lost)]", '',
        "$when: every acknowledged comment is stored ("
        . keys(%{ $seen->{comments} }) . ')';
    is "@twice", '', "$when: and none is stored twice";

    for my $key (@keys) {
        my $after = 0;

        while (defined $after) {
            my $doc = $nginx->get("/_social/comments?article=$key"
                . "&limit=100&after=$after")->{json} or last;
            $shown{ $_->{html} =~ s/<[^>]+>//gr =~ s/\s+$//r }++
                for @{ $doc->{comments} };
            $after = $doc->{next};
        }
    }

    @lost = grep { !$shown{$_} } keys %{ $seen->{comments} };
    is scalar(@lost), 0, "$when: and every one is shown";

    return;
}


# acknowledged <= counted <= sent; a view may be counted after its last byte

sub counts_are_right {
    my ($nginx, $seen, $when, $slack) = @_;

    my $doc = $nginx->status(period => 'all');
    my %of = (view => 'views', share => 'shares', reaction => 'reactions');

    for my $kind (grep { $seen->{sent}{$_} } sort keys %of) {
        my $counted = sum0 map { $_->{ $of{$kind} } } @{ $doc->{articles} };
        my ($told, $sent) = map { total($seen, $_, $kind) } qw(told sent);

        $told -= $slack if $kind eq 'view';

        # right after an upgrade, before the store was read, nothing proves
        # that there is such an article: the share is sent on

        $told -= $nginx->events(event => 'share', state => 'dropped')
            if $kind eq 'share';
        cmp_ok $counted, '>=', $told,
            "$when: no acknowledged $kind is lost ($counted)";
        cmp_ok $counted, '<=', $sent, "$when: no $kind is counted twice";
    }

    is $doc->{health}{events_dropped}, 0,
        "$when: no event was dropped for lack of room";
    is scalar(@{ $seen->{problems} }), 0, "$when: every page is whole"
        or diag explain $seen->{problems};

    return;
}


sub kill_worker {
    my ($nginx) = @_;

    my @workers = $nginx->workers or return 0;

    return kill 'KILL', $workers[rand @workers];
}


# the binary is upgraded: the old master leaves when it is told to

sub upgrade {
    my ($nginx) = @_;

    my $old = $nginx->pid;

    kill 'USR2', $old;
    $nginx->wait_for(sub { ($nginx->pid // $old) != $old
                           && $nginx->workers });
    kill 'WINCH', $old;
    sleep 0.3;
    kill 'QUIT', $old;

    return $nginx->wait_for(sub { !Social::alive($old) }, 15);
}


sub disturb {
    my ($nginx, $seconds) = @_;

    my $begin = time;
    my ($kills, $reload, $upgraded, $restarted) = (0, time + 1, 0, 0);

    while (time < $begin + $seconds) {
        $kills += kill_worker($nginx);
        sleep 0.05 + rand 0.15;

        if (time > $reload) {
            $nginx->reload;
            $reload = time + 1;
        }

        if (!$upgraded && time > $begin + $seconds / 3) {
            $upgraded = 1;
            ok upgrade($nginx), 'the binary is replaced';
        }

        if (!$restarted && time > $begin + $seconds * 2 / 3) {
            $restarted = 1;
            $nginx->stop;
            $nginx->start;
        }
    }

    return $kills;
}


sub everything_dies {
    my $nginx = Social->new(%setup);
    my $seconds = $long ? 60 : 8;
    my $load = Load->new($nginx, clients => 4, seconds => $seconds + 1,
        pages => \%pages,
        mix => { view => 6, comment => 3, share => 2, reaction => 2 });

    my $kills = disturb($nginx, $seconds);
    my $seen = $load->wait;

    note "$kills kills, " . JSON::PP->new->canonical->encode($seen->{status});
    cmp_ok $kills, '>', $seconds, 'workers were killed';
    cmp_ok total($seen, 'told', 'comment'), '>', 50, 'people commented';

    counts_are_right($nginx, $seen, 'after all disturbances', $kills);
    comments_are_there($nginx, $seen, 'after all disturbances');

    $nginx->stop;
    $nginx->start;
    comments_are_there($nginx, $seen, 'after a restart');
    counts_are_right($nginx, $seen, 'after a restart', $kills);

    $nginx->stop;
    $nginx->quiet(@KILLED);

    return;
}


# kill workers again and again while they save

sub savers_die {
    my $nginx = Social->new(%setup,
        site => "$setup{site}flush 100ms;\n", workers => 2);
    my $kills = 0;
    my $load = Load->new($nginx, clients => 2, seconds => 600, tag => 's',
        requests => $long ? 30000 : 12000, pages => \%pages,
        mix => { view => 2, share => 2, reaction => 1 });

    while ($load->running || $kills < 300) {
        $kills += kill_worker($nginx);
        sleep 0.02;
    }

    my $seen = $load->wait;

    cmp_ok $kills, '>=', 300, "savers were killed ($kills)";
    counts_are_right($nginx, $seen, 'while saving', $kills);

    $nginx->stop;
    $nginx->quiet(@KILLED);

    return;
}


# all processes are killed at once, the master first, like in a power cut

sub master_dies {
    my $nginx = Social->new(%setup);
    my $load = Load->new($nginx, clients => 3, seconds => 2, tag => 'm',
        pages => \%pages, wait => 2,
        mix => { comment => 2, share => 2, reaction => 1 });

    sleep 1;
    my $master = $nginx->pid;
    my @workers = $nginx->workers;
    my $before = sum0 map { $_->{shares} }
        @{ $nginx->status(period => 'all')->{articles} };
    kill 'KILL', $master, @workers;
    $nginx->wait_for(sub { !grep { Social::alive($_) } @workers });
    unlink $nginx->dir . '/nginx.pid';

    my $seen = $load->wait;
    $nginx->start;

    comments_are_there($nginx, $seen, 'the master dies');

    my @articles = @{ $nginx->status(period => 'all')->{articles} };
    my $likes = sum0 map { $_->{reactions} } @articles;
    cmp_ok $likes, '>=', total($seen, 'told', 'reaction'),
        'every acknowledged like is there';
    cmp_ok $likes, '<=', total($seen, 'sent', 'reaction'),
        'no like is counted twice';

    my $counted = sum0 map { $_->{shares} } @articles;
    cmp_ok $counted, '>=', $before, 'what was saved before is still counted';
    cmp_ok $counted, '<=', total($seen, 'sent', 'share'),
        'nothing is counted twice';

    $nginx->stop;
    $nginx->quiet(@KILLED);

    return;
}


everything_dies();
savers_die();
master_dies();

done_testing;
