#!/usr/bin/perl

# Nothing that identifies a reader is kept: not in the store's files, its log,
# in pages or answers, nor in what a core dump of a worker would hold.
#
# One reader, with an address and an agent that nobody else has, does all that a
# reader can do.  nginx itself has the address and the request's headers while
# it serves the request, and in freed memory until that is used again; so the
# worker's private memory is searched after other readers came.  The shared
# memory, which is all ours, is searched at once.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Memory qw(bytes regions siphash);
use Readers qw(warm);
use Social;
use Social::Tool;
use Test::More;


plan skip_all => 'sanitizers and valgrind keep freed memory'
    if Social::Tool::slow() > 1;

my $address = '127.3.200.77';
my $agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 '
    . 'Firefox/128.0 Quokka/73.19';
my $html = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = Social->new(
    workers => 1,
    files => { map { ("$_/index.html" => $html) }
        qw(posts/a posts/b posts/c thanks) },
    site => 'article ~ ^/posts/; goal thanked = /thanks/; reactions on;',
);

warm($nginx);

my $token = $nginx->token('/posts/a/');


# the reader

sub client {
    my ($from, $name) = @_;

    return HTTP::Tiny->new(local_address => $from, agent => $name,
        max_redirect => 0, keep_alive => 0, timeout => 20);
}

my (%answer, $cookie);
my $reader = client($address, $agent);

sub keep {
    my ($what, $res) = @_;

    $answer{$what} = join "\n", $res->{status}, $res->{content} // '',
        map { "$_: " . (ref $res->{headers}{$_} ? "@{ $res->{headers}{$_} }"
                                                 : $res->{headers}{$_}) }
        sort keys %{ $res->{headers} };

    my $set = $res->{headers}{'set-cookie'};
    $cookie = $1 if $set && (ref $set ? $set->[0] : $set) =~ /^([^;]+)/;

    return $res;
}

sub ask {
    my ($method, $path, $fields, %headers) = @_;

    return keep("$method $path", $reader->request($method,
        $nginx->origin . $path, {
            headers => { Origin => $nginx->origin, %headers,
                $cookie ? (Cookie => $cookie) : (),
                $fields ? ('Content-Type' =>
                           'application/x-www-form-urlencoded') : () },
            $fields ? (content => Social::form($fields)) : () }));
}

my %of = (article => '/posts/a/', token => $token);

ask(GET => '/posts/a/?ref=hackernews');
ask(GET => '/posts/b/', undef, Referer => 'https://www.reddit.com/');
ask(GET => '/posts/c/', undef, 'Sec-Purpose' => 'prefetch');
ask(POST => '/_social/views', { %of });
ask(POST => '/_social/views', { %of, seen => 'thread' });
ask(POST => '/_social/share', { %of, network => 'bluesky' });
ask(POST => '/_social/reactions', { %of });
my $id = ask(POST => '/_social/comments', { %of, name => 'Ann', text => 'Hello' })
    ->{headers}{location};
$id =~ s/.*comment-//;
ask(POST => '/_social/comments', { %of, name => 'Ann', text => 'x' x 20_000 });
ask(POST => '/_social/comments', { %of, name => '', text => '' });
ask(POST => "/_social/comments/$id/report", { %of });
ask(POST => '/_social/preview', { %of, text => 'a *b*' });
ask(POST => '/_social/nothing', { %of });
ask(GET => $_) for "/_social/comments/$id", '/_social/thread?article=/posts/a/',
    '/_social/comments?article=/posts/a/', '/_social/counts?article=/posts/a/',
    '/_social/mine', '/_social/feed.atom', '/_social/nothing', '/posts/none/',
    '/thanks/', '/posts/a/';
ask(POST => '/_social/views', { %of });
ask(POST => '/_social/views', { %of, seen => 'thread' });

is $answer{'POST /_social/share'} =~ /^303/ ? 1 : 0, 1, 'the reader shared';
like $answer{"GET /_social/comments/$id"}, qr/Hello/, '... and wrote';

$nginx->wait_for(sub { $nginx->events(event => 'seen') >= 3 });
is_deeply [ map { $_->{state} } $nginx->events(event => 'seen') ],
    [ '', '', 'new' ], '... and listened';
is_deeply [ map { $_->{state} } $nginx->events(event => 'goal') ], [ 'new' ],
    '... and reached a goal';


# what would identify the reader: strings, since they are searched in a hundred
# megabytes

my @octets = split /\./, $address;
my $packed = pack 'C4', @octets;

sub hex_of { my $hex = unpack 'H*', $_[0]; return ($hex, uc $hex) }

my %marks = (
    'the address' => [ $address ],
    'the address in hex' => [ hex_of($packed) ],
    'the address as a number' => [ unpack 'N', $packed ],
    'the address mapped to IPv6' =>
        [ sprintf('%02x%02x:%02x%02x', @octets),
          sprintf('%02X%02X:%02X%02X', @octets) ],
    'the address as bytes' => [ $packed ],
    'the agent' => [ 'Quokka' ],
    'the agent in hex' => [ hex_of('Quokka') ],
);


my ($pid) = $nginx->workers;
my @hidden = grep { $_->{hidden} } regions($pid);
my @salts = map { bytes($pid, $_) } grep { $_->{to} - $_->{from} == 4096 }
    @hidden;

SKIP: {
    skip 'no right to read the memory of a worker', 1
        if !defined bytes($pid, { from => $hidden[0]{from},
                                  to => $hidden[0]{to} });
    ok @salts >= 1, 'the salts are on a page that core dumps leave out';
}

# site, address and agent, as view_visitor.c hashes them

my ($salt) = grep { /[^\0]/ } map { substr $_ // '', 0, 16 } @salts;
my $visitor = $salt ? siphash($salt, "\x05${packed}blog\0$agent") : undef;
my $client = $salt ? siphash($salt, "c$packed") : undef;

if ($salt) {
    $client |= "\x01" . "\0" x 7;

    for my $hash ([ 'the visitor\'s hash', $visitor ],
                  [ 'the address\'s hash', $client ])
    {
        my ($name, $bytes) = @$hash;
        $marks{$name} = [ $bytes, scalar reverse($bytes), hex_of($bytes),
            hex_of(scalar reverse $bytes), unpack('Q<', $bytes),
            unpack('q<', $bytes) ];
    }

    $marks{'the salt'} = [ $salt, hex_of($salt), substr($salt, 0, 8),
                           substr($salt, 8) ];
}


sub clean {
    my ($bytes, $what, %except) = @_;

    my @found = grep {
        my $name = $_;
        !$except{$name}
            && grep { index($bytes, $_) >= 0 } @{ $marks{$name} }
    } sort keys %marks;

    return is join(', ', @found), '', "$what does not tell who it was";
}


# shared memory: it has hashes of today's readers, and no salt in a core dump

my @shared = grep { $_->{name} =~ m{^/dev/zero} && $_->{dumped} } regions($pid);

SKIP: {
    skip 'no right to read the memory of a worker', 3 if !$salt;

    my $zone = join '', map { bytes($pid, $_) } @shared;

    cmp_ok length $zone, '>', 1_000_000, 'the zone is in a core dump';
    cmp_ok index($zone, $visitor), '>=', 0,
        'it has the hash of the reader, of no use without the salt';
    clean($zone, 'what a core dump has of the zone',
          'the visitor\'s hash' => 1);
}


# The private memory of the worker, after others came by.  Nothing of ours may
# tell who it was.  nginx itself keeps the address and the request in memory that
# it has freed, until it is used again.

my $filler = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 '
    . 'Firefox/128.0 Wombat/73.19';
my %nginx_has = map { $_ => 1 } 'the address', 'the agent',
    'the address as bytes';


for my $n (1 .. 40) {
    my $other = client('127.9.9.' . (1 + $n), $filler);

    for my $path ('/posts/a/', '/posts/b/', '/posts/none/', '/thanks/',
                  '/_social/mine', '/_social/thread?article=/posts/a/')
    {
        $other->get($nginx->origin . $path);
    }

    for my $route (qw(views share preview reactions comments nothing)) {
        $other->post($nginx->origin . "/_social/$route", {
            headers => { Origin => $nginx->origin,
                'Content-Type' => 'application/x-www-form-urlencoded' },
            content => Social::form({ %of, network => 'bluesky', name => 'Bo',
                $n % 2 ? (seen => 'thread') : (), text => "text $n" }) });
    }
}

SKIP: {
    skip 'no right to read the memory of a worker', 2 if !$salt;

    my $private = join "\n", map { bytes($pid, $_) // '' }
        grep { $_->{dumped} && $_->{name} !~ m{^/dev/zero} } regions($pid);

    cmp_ok length $private, '>', 1_000_000, 'the worker has memory';
    clean($private, 'the memory of a worker', %nginx_has);
}

SKIP: {
    my ($gcore) = grep { -x } map { "$_/gcore" } split /:/, $ENV{PATH};
    skip 'no gcore', 2 if !$gcore || !$salt;

    my $core = $nginx->dir . '/core';

    system "$gcore -o $core $pid >$core.log 2>&1";
    skip 'gcore may not trace the worker', 2 if !-s "$core.$pid";

    my $bytes = $nginx->slurp("core.$pid");

    cmp_ok length $bytes, '>', 1_000_000, 'a core dump';
    clean($bytes, 'it', %nginx_has, 'the visitor\'s hash' => 1);
}


# what is written and shown

my %status = map { $_ => $nginx->get("/social?period=all&$_")->{content} }
    'format=html', 'format=json', 'format=csv', 'format=prometheus',
    'format=atom', 'article=/posts/a/', 'article=/posts/a/&format=json';

clean($status{$_}, "the status page, $_") for sort keys %status;
clean($nginx->queue('')->{content}, 'the moderation page');
clean($answer{$_}, $_) for sort keys %answer;

my $log = join "\n", grep { /social/ && !/request: "/ }
    split /\n/, $nginx->error_log;
clean($log, 'what we write to error.log');
clean($nginx->slurp('logs/social.log'), 'the log of events');

for my $file (glob $nginx->dir . '/store/*') {
    my $name = substr $file, 1 + length $nginx->dir;
    my $bytes = $nginx->slurp($name);

    ok length $bytes || $name =~ /wal|shm/, "$name is there";
    clean($bytes, $name);
}

$nginx->stop;

for my $file (glob $nginx->dir . '/store/*') {
    clean($nginx->slurp(substr $file, 1 + length $nginx->dir),
          "$file after the end");
}

$nginx->quiet(qr/is not found|beyond/);

done_testing;
