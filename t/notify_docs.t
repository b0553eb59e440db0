#!/usr/bin/perl

# The server of docs/operations.md, "Being told of comments", as it stands there
# but for the addresses of the services: each location passes a notice on.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Receiver;
use Social;
use Test::More;

open my $fh, '<:raw', "$FindBin::Bin/../docs/operations.md"
    or die "operations.md: $!";
my ($server) = do { local $/; <$fh> }
    =~ /^## Being told of comments.*?^```nginx\n(.*?)^```/ms;
close $fh;

ok $server, 'the example';

is $server =~ s{set \$to https?://[^/;]+}{set \$to http://127.0.0.1:SERVICE}g, 4,
    'four services';
$server =~ s/127\.0\.0\.1:8090/127.0.0.1:PORT/;
$server =~ s{^\s*proxy_ssl_.*$}{}mg;

my %paths = (
    slack  => '/services/T000/B000/XXXX',
    ntfy   => '/my-blog-kx7Qm2',
    matrix => '/webhook/0000',
    mail   => '/notify/blog?:text=body',
);

# Each notice has a service of its own: on a busy machine one may come twice.

for my $name (sort keys %paths) {
    my $service = Receiver->new;
    my $port = Social::free_port();
    my $to = $service->port;
    my $nginx = Social->new(
        files => { 'posts/a/index.html' => '<!DOCTYPE html><title>A</title>'
                                           . '<article><p>x</p></article>' },
        site => "notify http://127.0.0.1:$port/$name;",
        servers => $server =~ s/\bPORT\b/$port/r =~ s/\bSERVICE\b/$to/gr,
    );
    my $url = '/posts/a/';

    is $nginx->post_json('comments', { article => $url, name => 'Ann',
        text => 'Hi', token => $nginx->token($url) })->{status}, 201,
        "$name: a comment";

    my $notice = $service->next;

    like $notice->{line}, qr/^POST \Q$paths{$name}\E HTTP/,
        "$name: arrives where it should";
    like $notice->{json}{text}, qr/^Ann commented on /, "$name: whole";

    if ($name eq 'ntfy') {
        is $notice->{headers}{message}, '{{.text}}', 'ntfy: a template';
        is $notice->{headers}{authorization}, 'Bearer tk_0000', 'and a token';
    }

    $notice->answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    ok $nginx->wait_for(sub {
        ($nginx->status->{health}{notices}{sent} // 0) == 1 }),
        "$name: it was received";

    $nginx->stop;
    $nginx->quiet('a notice could not be delivered');
}

done_testing;
