package Social::Village;

# Some dozen people and two authors who live with a blog for days: what they
# decide to do, they do with requests to nginx, and it is written down in a
# Social::Truth.  Random, but the same for the same seed.
#
#   my $village = Social::Village->new($seed) or skip ...;  # no libfaketime
#   $village->morning($hours);          # what people do that many hours later
#   $village->{truth}{nginx}{clock}{keys}

use strict;
use warnings;

use IO::Socket::INET;
use List::Util qw(max);
use Load;
use POSIX qw(floor);
use Readers qw(browser);
use Social;
use Social::Clock;
use Social::EventLog;
use Social::Truth;
use Time::Local qw(timegm);

our $BEGIN = timegm(0, 0, 8, 1, 2, 2027);
our $REPLY_WITHIN = 2 * 86400;

# articles, and when their pages say that they were published, in days since
# the beginning; undef: they do not say

my %PUBLISHED = (a => -9, b => 0, c => 3, d => undef, e => 8, f => 90);

# how people come to a page: source, query, headers

my @WAYS = ([ 'dark' ], [ 'dark' ],
    [ 'search', '', 'https://www.google.com/' ],
    [ 'reddit', '', 'https://old.reddit.com/r/blogs/' ],
    [ 'x', '', 'https://t.co/abcdef' ],
    [ 'hackernews', '?utm_source=hn' ]);

my @NETWORKS = qw(reddit x bluesky copy);
my @PREVIEWS = ([ 'x', 'Twitterbot/1.0' ], [ 'linkedin', 'LinkedInBot/1.0' ],
                [ 'facebook', 'facebookexternalhit/1.1' ]);


sub page {
    my ($name, $published) = @_;

    my $time = defined $published
        ? Social::EventLog::time_text($BEGIN + $published * 86400) : undef;

    return '<!DOCTYPE html><html lang=en><head><title>About ' . $name
        . '</title>'
        . ($time ? qq{<meta property="article:published_time" content="$time">}
                 : '')
        . '</head><body><article><p>text</p></article></body></html>';
}


sub new {
    my ($class, $seed) = @_;

    my $clock = Social::Clock->new($BEGIN) or return;

    my $self = bless {
        seed => $seed, clock => $clock, keys => [], texts => 0, open => {},
        people => [ map { { who => "r$_", agent => browser($_), jar => {} } }
                    1 .. 30 ],
        truth => Social::Truth->new(reply_within => $REPLY_WITHIN),
    }, $class;

    $self->{nginx} = $clock->start(
        files => { 'still.txt' => '.', 'thanks/index.html' => page('thanks'),
                   'posts/big/index.html' => page('big'),
                   map { ("posts/$_/index.html" => page($_, $PUBLISHED{$_})) }
                   keys %PUBLISHED },
        site => "metrics reply_within=${REPLY_WITHIN}s; comments first;"
            . 'article /posts/; goal thanked = /thanks/; goal never = /never/;'
            . 'reactions on;',
        http => 'lingering_close off; keepalive_requests 100000;');

    # articles begin with their first reader, in the order of their names

    for my $name (sort keys %PUBLISHED) {
        push @{ $self->{keys} }, "/posts/$name/";
        $self->{truth}->article("/posts/$name/",
            defined $PUBLISHED{$name}
                ? $BEGIN + $PUBLISHED{$name} * 86400 : undef, $clock->now);
        $self->read($self->{people}[0], "/posts/$name/", $WAYS[0], 'view', 1);
    }

    return $self;
}


sub now { return $_[0]{clock}->now }


sub random {
    my ($self, $n) = @_;

    $self->{seed} = ($self->{seed} * 1103515245 + 12345) % 2**31;

    return int($self->{seed} / 2**31 * $n);
}

sub chance { return $_[0]->random(100) < $_[1] }

sub one {
    my ($self, @of) = @_;

    return @of ? $of[ $self->random(scalar @of) ] : undef;
}


# nginx counts after it has answered: on a busy machine, the other worker can be
# asked before that.  The next request of the connection is read when it is done

sub logged {
    my ($self, $turn, $res) = @_;

    my $socket = $self->{socket}[$turn];

    if ($res->{close}) {
        1 while sysread $socket, my $rest, 4096;
        return;
    }

    my $next = Load::answer($socket, "GET /still.txt HTTP/1.1\r\n"
        . 'Host: 127.0.0.1:' . $self->{nginx}->port . "\r\n\r\n");

    $res->{close} = 1 if !$next || $next->{close};

    return;
}


# a request on a connection that is kept; two of them, for two workers

sub ask {
    my ($self, $method, $path, $who, $headers, $body) = @_;

    my $turn = $self->{turn} = 1 - ($self->{turn} // 0);
    my $cookies = join '; ', map { "$_=$who->{jar}{$_}" }
        sort keys %{ $who->{jar} // {} };
    my %h = (Host => '127.0.0.1:' . $self->{nginx}->port,
             'User-Agent' => $who->{agent},
             $cookies ne '' ? (Cookie => $cookies) : (),
             defined $body ? ('Content-Length' => length $body,
                'Content-Type' => 'application/x-www-form-urlencoded',
                'Sec-Fetch-Site' => 'same-origin') : (), %{ $headers // {} });

    my $text = "$method $path HTTP/1.1\r\n"
        . join('', map { "$_: $h{$_}\r\n" } sort keys %h) . "\r\n"
        . ($body // '');

    for (1 .. 2) {
        $self->{socket}[$turn] //= IO::Socket::INET->new(
            PeerAddr => '127.0.0.1', PeerPort => $self->{nginx}->port)
            or die "connect: $!";

        my $res = Load::answer($self->{socket}[$turn], $text);

        $self->logged($turn, $res) if $res;
        delete $self->{socket}[$turn] if !$res || $res->{close};
        next if !$res;

        $who->{jar}{$1} = $2
            while $res->{head} =~ /^Set-Cookie: ([^=]+)=([^;\r]*)/mgi;

        return $res;
    }

    die "$method $path: no answer";
}


sub post {
    my ($self, $route, $who, $key, %fields) = @_;

    my $res = $self->ask('POST', "/_social/$route", $who, {}, Social::form({
        article => $key, token => $self->token($key), %fields }));

    $res->{status} =~ /^(?:204|303)$/
        or die "$route $key: $res->{status} $res->{content}";

    return $res;
}


# the token of an article, from a page that is no view

sub token {
    my ($self, $key) = @_;

    my $week = floor($self->now / 604800);

    return $self->{token}{$week}{$key} //= do {
        my $page = $self->{nginx}->get("/_social/thread?article=$key");

        $page->{content} =~ /name="token" value="([^"]+)"/ ? $1
            : die "$key has no token: $page->{status}";
    };
}


# Opens a page: a view, fetched ahead, or fetched by a script; then it is seen
# or not.  Returns whether somebody has read it.

sub read {
    my ($self, $who, $key, $way, $how, $seen) = @_;
    my ($source, $query, $referer, $tag) = @$way;
    my %arrival = (source => $source, tag => $tag);

    my $res = $self->ask('GET', $key . ($query // ''), $who, {
        $referer ? (Referer => $referer) : (),
        $how eq 'ahead' ? ('Sec-Purpose' => 'prefetch') : (),
        $how eq 'script' ? ('Sec-Fetch-Dest' => 'empty') : () });

    $res->{status} == 200 or die "$key: $res->{status}";

    # on a slow machine a link may stand in place of the widget: whoever fetched
    # the page ahead or by a script then has nothing that could report it

    $seen = 0 if $how ne 'view' && $res->{content} !~ /name="token"/;

    $self->post('views', $who, $key) if $seen;
    $self->{open}{ floor($self->now / 86400) }{ $who->{who} }{$key} = 1
        if !$seen;

    my $class = $seen ? 'confirmed' : { view => 'unconfirmed',
        ahead => 'prefetch' }->{$how};

    $self->{truth}->view($self->now, $key, $who->{who}, class => $class,
                         %arrival) if $class;

    return $how eq 'view' || $seen;
}


# some hours later: visits, then the authors look at the comments

sub morning {
    my ($self, $hours) = @_;

    # what was counted is saved before hours have passed

    $self->{nginx}->status;
    $self->{clock}->set($self->now + $hours * 3600);
    $self->{clock}->set($self->now - $self->now % 300);

    for (1 .. 14) {
        $self->{clock}->set($self->now + 1 + $self->random(8));
        $self->visit($self->one(@{ $self->{people} }));
    }

    $self->others;
    $self->{nginx}->status;
    $self->authors;

    return;
}


sub visit {
    my ($self, $who) = @_;

    my $key = $self->{keys}[ max(0, $self->random(10) - 4) ];
    my $open = $self->{open}{ floor($self->now / 86400) }{ $who->{who} }{$key};

    # a beacon says nothing of which page of a reader it is about: those who
    # have a page open do nothing that could be about that one

    my $how = $open ? 'view' : $self->one(qw(view view view view ahead script));
    my $tag = $self->one(@{ $self->{tags}{$key} // [] });
    my $way = $tag && $self->chance(60) ? $tag : $self->one(@WAYS);

    return if !$self->read($who, $key, $way, $how, $self->chance(70));

    $self->listen($who, $key) if $self->chance(40);
    $self->like($who, $key) if $self->chance(20);
    $self->share($who, $key) if $self->chance(20);
    $self->say($who, $key) if $self->chance(25);
    $self->reply($who, $key) if $self->chance(35);
    $self->like($who, $key) if $self->chance(8);
    $self->goal($who) if $self->chance(12);

    return;
}


sub listen {
    my ($self, $who, $key) = @_;

    $self->post('views', $who, $key, seen => 'thread');

    # there must be something to listen to

    $self->{truth}->listen($self->now, $key, $who->{who})
        if grep { $_->{key} eq $key && $_->{state} eq 'approved' }
           @{ $self->{truth}{comments} };

    return;
}


sub like {
    my ($self, $who, $key) = @_;

    $self->post('reactions', $who, $key);
    $self->{truth}->like($self->now, $key, $who->{who});

    return;
}


sub share {
    my ($self, $who, $key) = @_;

    my $network = $self->one(@NETWORKS);
    my $res = $self->post('share', $who, $key, network => $network);

    $self->{truth}->share($self->now, $key, $who->{who}, $network);

    # the link that the others get

    push @{ $self->{tags}{$key} }, [ $network, "?shared=$1", undef, $network ]
        if $res->{head} =~ /shared%3[Dd]([a-z]+\.\d+\.[\w-]+)/;

    return;
}


sub say {
    my ($self, $who, $key, $parent) = @_;

    my $res = $self->post('comments', $who, $key, name => "Ms $who->{who}",
        text => 'Words ' . ++$self->{texts},
        $parent ? (parent => $parent->{id}) : ());
    my ($held, $id) = $res->{head} =~
        m{^Location: \S*?(comments/|#comment-)(c\d+)}mi
        or die "no comment: $res->{head}";

    $self->{truth}->comment($self->now, $key, $who->{who}, id => $id,
        parent => $parent,
        state => $held eq 'comments/' ? 'held' : 'approved');

    return;
}


sub reply {
    my ($self, $who, $key) = @_;

    my $parent = $self->one(grep { $_->{key} eq $key
        && $_->{state} eq 'approved' } @{ $self->{truth}{comments} });

    $self->say($who, $key, $parent) if $parent;

    return;
}


sub goal {
    my ($self, $who) = @_;

    my $res = $self->ask('GET', '/thanks/', $who);

    $res->{status} == 200 or die "goal: $res->{status}";
    $self->{truth}->goal($self->now, $who->{who}, 'thanked');

    return;
}


# robots, previews, an author who reads

sub others {
    my ($self) = @_;

    my $key = $self->one(@{ $self->{keys} });
    my $truth = $self->{truth};

    $self->ask('GET', $key, { agent => 'Googlebot/2.1' });
    $truth->view($self->now, $key, '', class => 'bot');

    $self->{nginx}->queue('', jar => $self->{jo}{jar} = {});
    $self->ask('GET', $key, { agent => $Social::BROWSER, %{ $self->{jo} } });
    $truth->view($self->now, $key, '', class => 'self');

    # each network once an article: the ten minutes are not those of the clock

    my $n = $self->{previewed}++;
    my ($network, $agent) = @{ $PREVIEWS[ $n % @PREVIEWS ] };

    $key = $self->{keys}[ $n / @PREVIEWS ] // return;
    $self->ask('GET', $key, { agent => $agent }) for 1, 2;
    $truth->fetch($self->now, $key, $network);
    $truth->view($self->now, $key, '', class => 'preview');

    return;
}


# the authors approve, answer, or leave it

sub decide {
    my ($self, $c, $action, $state) = @_;

    my $res = $self->{nginx}->moderate({ id => $c->{id}, action => $action });

    $res->{status} == 303 or die "$action: $res->{status} $res->{content}";
    $c->{state} = $state if $state;

    return;
}


sub authors {
    my ($self) = @_;

    for my $c (@{ $self->{truth}{comments} }) {
        $self->{clock}->set($self->now + 1);

        if ($c->{state} eq 'held') {
            $self->decide($c, @{ $self->one([ 'approve', 'approved' ],
                [ 'approve', 'approved' ], [ 'spam', 'spam' ]) })
                if $self->chance(60);

        } elsif ($c->{state} eq 'deleted') {
            $self->decide($c, 'restore', 'approved') if $self->chance(20);

        } elsif ($c->{state} eq 'approved' && $c->{role} eq 'reader') {
            $self->answer($c) if !$c->{seen}++ && $self->chance(40)
                || $self->chance(3);

            if ($self->chance(2)) {
                $self->decide($c, 'delete', 'deleted');

            } elsif ($self->chance(3)) {
                $self->decide($c, 'done');
                $c->{done} = 1;
            }
        }
    }

    return;
}


sub answer {
    my ($self, $c) = @_;

    my $author = $self->one(qw(jo jo eve));
    my $res = $self->{nginx}->moderate({ id => $c->{id}, action => 'reply',
        text => 'Thanks ' . ++$self->{texts} }, user => $author,
        headers => { Accept => 'application/json' });

    $res->{status} == 200 or die "reply: $res->{status} $res->{content}";

    $self->{truth}->comment($self->now, $c->{key}, $author, role => 'author',
        id => $res->{json}{comments}[0]{id}, parent => $c,
        state => 'approved');

    return;
}


1;
