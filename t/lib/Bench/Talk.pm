package Bench::Talk;

# Comments for benchmarks.

use strict;
use warnings;


# so many comments of an article, one after the other

sub say {
    my ($nginx, $key, $n) = @_;

    my $token = token($nginx, $key);

    for my $i (1 .. $n) {
        my $res = $nginx->post_json('comments', {
            article => $key, token => $token, name => "Reader $i",
            text => "Comment $i, which says a thing or two about $key.\n\n"
                . 'And in a second paragraph: **thank you** for writing it.',
        });

        die "comment $i: $res->{status} $res->{content}\n"
            if $res->{status} != 201;
    }

    return $token;
}


sub token {
    my ($nginx, $key) = @_;

    return $nginx->wait_for(sub { $nginx->token($key) })
        // die "$key has no widget\n";
}


1;
