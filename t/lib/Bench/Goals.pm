package Bench::Goals;

# What the module has to reach: one row a figure.  `make bench` fails where one
# is missed.
#
#   name of the figure, 'most' or 'least', the goal, unit, what it is
#
# The unit of most is a ratio to nginx without the module, in the same round:
# `cpu` of processor time a request, the worker with all its threads and the
# kernel's work for it; `capacity`, the other way round, of requests that the
# same processor time serves.

use strict;
use warnings;

my @GOALS = (
    [ 'static page, 7 KB', 'most', 1.00, 'cpu' ],
    [ 'static page, 38 KB', 'most', 1.00, 'cpu' ],
    [ 'static page, 199 KB', 'most', 1.05, 'cpu' ],
    [ 'static page, 1.7 MB', 'most', 1.01, 'cpu' ],
    [ 'not HTML', 'most', 1.005, 'instructions' ],
    [ 'location without social', 'most', 1.005, 'instructions' ],

    [ 'p50 at a fixed rate, 199 KB', 'most', 1.1, 'time' ],
    [ 'p99 at a fixed rate, 199 KB', 'most', 1.1, 'time' ],

    [ 'proxied, 7 KB', 'least', 0.80, 'capacity' ],
    [ 'proxied, 38 KB', 'least', 1.00, 'capacity' ],
    [ 'proxied, 199 KB', 'least', 1.00, 'capacity' ],
    [ 'proxied, 7 KB, 32 KB buffers', 'least', 0.80, 'capacity' ],
    [ 'proxied, 38 KB, 32 KB buffers', 'least', 0.65, 'capacity' ],
    [ 'proxied, 199 KB, 32 KB buffers', 'least', 1.00, 'capacity' ],

    [ 'counting a view, 10,000 articles', 'most', 1.02, 'instructions' ],

    [ 'comments, 1 client', 'least', 0.6, 'commits' ],
    [ 'comments, 16 clients', 'least', 2.5, 'commits' ],
    [ 'comments, 64 clients', 'least', 4, 'commits' ],
    [ 'comments, 16 clients, syncs + 1 ms', 'least', 7, 'commits' ],
    [ 'comments, 64 clients, syncs + 1 ms', 'least', 18, 'commits' ],
    [ 'p99 of pages, 64 writers, slow disk', 'most', 1.2, 'time' ],

    [ 'thread of 50, in the page', 'least', 1.0, 'capacity' ],
    [ 'thread of 50, its own page', 'least', 1.0, 'capacity' ],
    [ 'thread of 50, JSON', 'least', 1.0, 'capacity' ],
    [ 'first view after a comment', 'most', 100, 'us' ],

    [ 'status of 10,000 articles, loop', 'most', 1, 'ms' ],
    [ 'status of 10,000 articles, page', 'most', 64, 'KB' ],
    [ 'status of 100,000 articles, loop', 'most', 1, 'ms' ],
    [ 'status of 100,000 articles, page', 'most', 64, 'KB' ],

    [ 'memory of a worker, idle', 'most', 4, 'MB' ],
);

my %GOAL = map { $_->[0] => { bound => $_->[1], goal => $_->[2],
                              unit => $_->[3] } } @GOALS;


sub of {
    my ($name) = @_;

    return $GOAL{$name};
}


sub names { return map { $_->[0] } @GOALS }


1;
