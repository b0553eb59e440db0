#!/usr/bin/perl

# The connections of a machine to its database: those that nobody uses are
# closed after a minute, a resolver that hangs costs nothing but the comments of
# the time, and a worker that exits saves its last counts by the address that
# worked last, without asking for a name.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp ();
use Social;
use Social::Clock;
use Social::Fleet qw(say_on token_of view counted @RETRY);
use Test::More;


my $FAST = 10;                  # times: a minute passes in six seconds
my $KEY = '/posts/a/';

my $fleet = Social::Fleet->new or plan skip_all => $Social::Fleet::SKIP;
my $db = $fleet->db;


sub connections {
    return $db->ask(q{SELECT count(*) FROM pg_stat_activity}
                    . q{ WHERE application_name LIKE 'ngx_social%'});
}


# as if another machine did what one does for all, which needs a connection to
# write once a minute

sub another_has_the_lease {
    $db->ask(q{UPDATE social_blog.lease SET owner = 1, until = 14000}
             . q{ + (extract(epoch FROM clock_timestamp()) * 1000)::bigint});

    return;
}


# a machine whose environment is for itself

sub node_with {
    my ($env, %a) = @_;

    local @ENV{keys %$env} = values %$env;

    return $fleet->node(workers => 1, %a, main => join '', map {
        "env $_;\n" } sort keys %$env);
}


SKIP: {
    my $faketime = Social::Clock::library();

    skip 'no libfaketime', 5 if !$faketime;

    my $node = node_with({ LD_PRELOAD => $faketime,
                           FAKETIME => "+0 x$FAST" });

    ok $node->wait_for(sub {
        view($node, $KEY);
        say_on($node, 'one more ' . rand);
        connections() > 2;
    }), 'a busy machine has connections to read and to write';

    my $most = connections();
    ok $node->wait_for(sub {
        another_has_the_lease();
        connections() < $most;
    }, 30), 'when nobody uses them they are closed';
    ok $node->wait_for(sub {
        another_has_the_lease();
        connections() <= 2;
    }, 30), '... but for what asks for the changes of others';
    is say_on($node, 'and again')->{status}, 303,
        'the next comment opens one again';

    $node->stop;
    $node->quiet(@RETRY, 'the clock of this machine');
}


# a resolver that hangs

my $dir = File::Temp->newdir('social-names-XXXXXX', TMPDIR => 1);
chmod 0755, "$dir";

SKIP: {
    skip 'no compiler, or another library is loaded', 8
        if $ENV{LD_PRELOAD}
        || system('cc', '-O1', '-shared', '-fPIC', '-o', "$dir/slow_names.so",
                  "$FindBin::Bin/lib/slow_names.c", '-ldl') != 0;

    my $proxy = Social::Proxy->new($db->port);
    my $url = $db->url($proxy->port);
    $url =~ s/127\.0\.0\.1/localhost/;

    my $node = node_with({ LD_PRELOAD => "$dir/slow_names.so",
                           SLOW_NAMES => "$dir/slow" }, url => $url);
    my $key = '/posts/b/';
    my $views = view($node, $key);

    is say_on($node, 'by a name')->{status}, 303,
        'a machine that knows its database by a name';
    my $token = token_of($node, $KEY);
    ok $node->wait_for(sub { counted($fleet, $key) == $views }),
        '... counts';

    open my $fh, '>', "$dir/slow" or die $!;
    close $fh;
    $proxy->mode('cut');

    ok $node->wait_for(sub {
        view($node, '/posts/c/');
        $node->error_log =~ /no resolver answers/ }, 30),
        'no connection is left, and the resolver hangs: the log says so';
    $views += view($node, $key) for 1 .. 5;
    is $views, 6, '... pages go on';
    is say_on($node, 'nameless', token => $token)->{status}, 503,
        '... comments are refused';

    $proxy->mode('open');
    $node->stop;

    is counted($fleet, $key), $views,
        'a worker that exits saves by the address that worked last';
    unlike $node->error_log, qr/last counts could not/, '... and says nothing';
    $node->quiet(@RETRY);
}

done_testing;
