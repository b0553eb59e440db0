#!/usr/bin/perl

# Many requests at once with one token, as programs send them; an identity that
# somebody else's page tries to give a visitor; pages of ours in frames; secrets
# beside text that a request chose.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use IO::Select;
use IO::Socket::INET;
use Social;
use Social::Api;
use Test::More;


my $nginx = Social->new(
    files => { map { $_ => page('A page') } 'posts/a/index.html',
               'limited/index.html' },
    site => "article ~ ^/posts/;\ncomments open;\nblock casino;",
    http => <<'END',
        social_site limited { store sqlite:DIR/store/limited.db; reactions on;
                              comments open; limit comments=5/1h; }
        gzip on;
        gzip_min_length 1;
        real_ip_header X-Test-Address;
        set_real_ip_from 127.0.0.1;
END
    server => <<'END',
        location /limited/ { social limited; }
        location ^~ /_limited/ { social_api limited; }
        location = /figures { social_status limited; }
END
);

my ($a, $limited) = ('/posts/a/', '/limited/');
my %token = map { $_ => $nginx->wait_for(sub { $nginx->token($_) }) }
    $a, $limited;


# posts a form many times at once, from this address; counts answers by status

sub crowd {
    my ($n, $address, $route, $fields) = @_;

    my $select = IO::Select->new;
    my (%status, %text);

    for my $i (1 .. $n) {
        my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
            PeerPort => $nginx->port) or die "connect: $!";

        syswrite $socket, ask(POST => "/_limited/$route", {
            'Sec-Fetch-Site' => 'same-origin', Accept => 'application/json',
            'X-Test-Address' => $address, Connection => 'close',
            'Content-Type' => 'application/x-www-form-urlencoded' },
            Social::form({ %$fields, exists $fields->{text}
                           ? (text => "Text $i") : () }));
        $select->add($socket);
    }

    while ($select->count) {
        my @ready = $select->can_read(60) or last;

        for my $socket (@ready) {
            if (!sysread $socket, $text{$socket}, 65536,
                         length($text{$socket} //= ''))
            {
                $status{$1}++ if $text{$socket} =~ m{^HTTP/1\.1 (\d+)};
                $status{'without Retry-After'}++
                    if $text{$socket} =~ m{^HTTP/1\.1 (?:429|503) }
                       && $text{$socket} !~ /^Retry-After: \d/mi;
                $select->remove($socket);
            }
        }
    }

    return \%status;
}

my %of = (article => $limited, token => $token{$limited});
my %all;

for (1 .. 4) {
    my $status = crowd(250, '192.0.2.1', 'comments',
                       { %of, name => 'Ann', text => '' });
    $all{$_} += $status->{$_} for keys %$status;
}

is $all{201}, 5, 'A24: of a thousand posts with one token five are accepted';
is(($all{429} // 0) + ($all{503} // 0), 995, 'A24: the others are told to wait')
    or diag explain \%all;
is $all{'without Retry-After'}, undef, 'A24: and for how long';
is $nginx->get("/_limited/counts?article=$limited")->{json}{counts}{$limited}
    {comments}, 5, 'A24: five are on the page';
is crowd(1, '192.0.2.2', 'comments', { %of, name => 'Ben', text => '' })
    ->{201}, 1, 'A25: a neighbour can write meanwhile';

# a like is taken back by the next one; five changes are allowed

my $likes = crowd(100, '192.0.2.3', 'reactions', { %of });
my $count = $nginx->get("/_limited/counts?article=$limited")
    ->{json}{counts}{$limited}{reactions};

is $likes->{200}, 5, 'A29: a hundred likes at once: five are taken';
is $count, 1, 'A29: which leave one like';

crowd(200, '192.0.2.4', 'share', { %of, network => 'x' });
is $nginx->get('/figures?format=json')->{json}{totals}{shares}, 1,
    'A33: two hundred shares of one reader at once are one';


# A58: nothing that a foreign page sends gives a visitor an identity

my %mine;
comment($nginx, article => $a, token => $token{$a}, name => 'Ann',
        text => 'Mine', jar => \%mine);
my $own = $mine{social_me_blog};

ok $own, 'A58: a commenter has a cookie';

for my $headers ({ Origin => 'null' }, { Origin => 'http://evil.example' },
    { Origin => undef }, { 'Sec-Fetch-Site' => 'cross-site' },
    { 'Sec-Fetch-Site' => 'same-site' }, { 'Sec-Fetch-Site' => 'none' },
    { Origin => 'null', 'Sec-Fetch-Site' => 'cross-site' })
{
    for my $route ('comments', 'reactions', 'share', 'views', 'preview',
        'mine/erase', 'comments/c1/report', 'comments/c1/edit')
    {
        my $cross = grep { $_ ne 'Origin' } keys %$headers;
        my %sent = (Origin => $nginx->origin, %$headers);
        delete $sent{$_} for grep { !defined $sent{$_} } keys %sent;

        for my $jar ({}, { %mine }) {
            my $had = $jar->{social_me_blog};
            my $res = $nginx->request('POST', "/_social/$route",
                content => Social::form({ article => $a, token => $token{$a},
                    name => 'Eve', text => 'In your name', network => 'x' }),
                jar => $jar, headers => { %sent, 'Content-Type' =>
                    'application/x-www-form-urlencoded' });

            is join(' ', $res->{status}, $res->{headers}{'set-cookie'} // '-'),
                '403 -', "A58: $route from "
                . join(' ', map { $_ // 'nowhere' } values %$headers)
                . ($had ? ', with a cookie' : '');
        }
    }
}

unlike $nginx->get($a)->{content}, qr/In your name/, 'A58: nothing was posted';
is $nginx->get('/_social/mine', jar => { %mine }, headers => {
    Accept => 'application/json' })->{json}{comments}[0]{html},
    '<p>Mine</p>', 'A58: what is theirs stays theirs';


# A19: none of our pages can be put into a frame

my %typed = (article => $a, token => $token{$a}, text => 'x');
my $held = comment($nginx, %typed, name => 'Ann', text => 'casino',
                   jar => \%mine)->{json}{comment}{id};

my %pages = (
    'the queue' => $nginx->queue,
    'the queue without a password' => $nginx->get('/_moderate/'),
    'a refused action' => $nginx->post('', {}, path => '/_moderate/',
        headers => { %{ Social::basic('jo') }, Origin => 'http://e.example' }),
    'the status page' => $nginx->get('/social'),
    'a thread' => $nginx->get("/_social/thread?article=$a"),
    'an own comment' => $nginx->get("/_social/comments/$held",
                                    jar => { %mine }),
    'own comments' => $nginx->get('/_social/mine', jar => { %mine },
        headers => { Accept => 'text/html' }),
    'a preview' => $nginx->post('preview', \%typed),
    'a refused form' => $nginx->post('comments', { %typed, name => '' }),
    'a form from a page without origin' => $nginx->post('comments', \%typed,
        headers => { Origin => 'null' }),
    'an error' => $nginx->get('/_social/nothing'),
    'a notice' => $nginx->post('comments/c1/report', \%typed),
    'a link to a network' => $nginx->post('share', { %typed, network => 'x',
                                                     via => 'link' }),
);

for my $what (sort keys %pages) {
    my $h = $pages{$what}{headers};

    next if $h->{'content-type'} !~ m{^text/html}
            || $pages{$what}{status} == 401;
    like $h->{'content-security-policy'}, qr/frame-ancestors 'none'/,
        "A19: $what cannot be framed";
    like $h->{'content-security-policy'}, qr/default-src 'self'/,
        "A12: $what has a strict policy";
    is $h->{'x-content-type-options'}, 'nosniff', "A09: $what: nosniff";
}


# A44: a compressed page beside reflected text has no secret of a reader: its
# token is the same for everybody

my $one = $nginx->token($a);

is $nginx->get($a, jar => { %mine })->{content} =~ /value="\Q$one\E"/ ? 1 : 0,
    1, 'A44: a token is the same for every reader';

for my $what (sort keys %pages) {
    unlike $pages{$what}{content}, qr/\Q$own\E/,
        "A44: $what does not have the cookie";
}

is $nginx->request('POST', '/_moderate/', content => Social::form({
    action => 'spam', id => $held, token => $_ }), headers => {
        %{ Social::basic('jo') }, 'Content-Type' =>
        'application/x-www-form-urlencoded' })->{status}, 403,
    'A44: nor is a token enough to moderate' for $one, $token{$limited}, '';


$nginx->stop;
$nginx->quiet;

done_testing;
