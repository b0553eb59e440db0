#!/usr/bin/perl

# Memory runs out at the n-th allocation of a request, or files cannot be read:
# pages are still served whole, with or without a widget, no acknowledged data
# is lost, the worker stays alive, and the next request is answered normally.  A
# sample of all n is tried; SOCIAL_LONG=1 tries every n, SOCIAL_LONG=50 fifty of
# each request and kind.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Backend;
use Faults;
use IO::Compress::Gzip qw(gzip);
use IO::Uncompress::Gunzip qw(gunzip);
use JSON::PP ();
use Page qw(without_widget);
use Social;
use Test::More;


my $faults = Faults->new or plan skip_all => 'no compiler';
my $slow = Social::Tool::name() ne '';

# how many n of a request are tried
my $long = $ENV{SOCIAL_LONG} // 0;
my $SAMPLE = $long > 1 ? $long : $long ? 1 << 30 : $slow ? 3 : 6;

# after a read error the store is not asked for a second: try this with only a
# few requests
my $READS = qr{^(?:/posts/talk/|a comment as JSON)$};

sub page {
    my ($title, $words) = @_;

    return "<!DOCTYPE html><html lang=en><head><title>$title</title></head>"
        . '<body><article><p>' . 'word ' x ($words // 200)
        . '</p></article><p>end</body></html>';
}

my %text = (map({ $_ => page($_) } qw(plain talk write zip app)),
            big => page('big', 50_000));
gzip(\$text{zip}, \my $zip);

my $app = Backend->new(
    '/app/posts/app/' => { body => [ $text{app} =~ /(.{1,700})/gs ] },
    '/app/posts/zip/' => { body => $zip, length => 1, headers => [
        'Content-Type: text/html', 'Content-Encoding: gzip' ] });

# no timers and no flushes: only the request allocates

my $nginx = $faults->within(sub {
    return Social->new(workers => 1,
        site => "article ~ ^/posts/;\nreactions on;\nflush 1h;\n"
            . "goal thanks = /thanks.html;\n",
        http => 'gzip_min_length 1;',
        server => <<"END",
            location /posts/app/ {
                proxy_pass http://127.0.0.1:@{[ $app->port ]}/app/posts/app/;
            }
            location /posts/zip/ {
                proxy_pass http://127.0.0.1:@{[ $app->port ]}/app/posts/zip/;
            }
            location /posts/plain/ { gzip on; }
END
        files => { 'thanks.html' => 'Thanks',
                   map { ("posts/$_/index.html" => $text{$_}) }
                   qw(plain talk write big) });
});

$nginx->agent->timeout(3);
my ($worker) = $nginx->workers;
my %token = map { ($_ => $nginx->token("/posts/$_/")) } qw(plain talk write);
my ($older, %ann, %ben) = 3600;


sub fields {
    my ($name, %more) = @_;

    return { article => "/posts/$name/", token => $token{$name}, %more };
}

sub comment {
    my (%more) = @_;

    return $nginx->post_json('comments', fields(write => name => 'Ann',
        text => 'Hello & <b>', %more), jar => \%ann)->{json}{comment}{id};
}

my @parents = map { $nginx->post_json('comments', fields(talk => name => 'Ann',
    text => "Comment $_ https://a.example/"))->{json}{comment}{id} } 1 .. 20;
my $parent = comment();
$nginx->post_json('comments', fields(write => name => 'Ben', text => 'Hm'),
    jar => \%ben);
my $own;


# change files and threads, so that the worker has to read them again

sub touch {
    my (@names) = @_;

    for my $name (@names) {
        $nginx->file("posts/$name/index.html", $text{$name}, ++$older);
        $nginx->post('reactions', fields($name)) if $token{$name};
    }

    return;
}



# the gist of an answer, without what differs from one answer to the next

sub gist {
    my ($res) = @_;

    my $text = join "\n", $res->{status}, $res->{headers}{location} // '',
        $res->{headers}{'content-type'} // '', $res->{content} // '';

    $text =~ s/"on":\w+| (?:second|minute)s?\b//g;
    $text =~ s{^(https://bsky.*text=)plain%0A}{$1}m;      # a share needs no
    $text =~ s/%3Fshared%3D[\w.%-]*//;                  # title, and no tag
    # trouble with the store is reported on the status page
    $text =~ s{>Store</a>: .*?</li>}{};
    $text =~ s/"alarms":\[.*?\]//s;
    $text =~ s/"health":\{.*?\}//s;
    $text =~ s{<p class="crumb">.*?</p>\s*}{}gs;
    $text =~ s/\d[\d.:,]*//g;

    return $text;
}


# an article must be served whole

sub whole {
    my ($name, $res) = @_;

    my $html = $res->{content};
    return "status $res->{status}" if $res->{status} != 200;

    if (($res->{headers}{'content-encoding'} // '') eq 'gzip') {
        gunzip(\"$html", \$html);
    }

    ($html) = without_widget($html);

    return $html eq $text{$name} ? undef : 'not the page';
}

sub article {
    my ($name, $path, %headers) = @_;

    return {
        name => join(', ', $path, sort keys %headers),
        before => sub { touch($name) },
        do => sub { $nginx->get($path, headers => \%headers) },
        wrong => sub { whole($name, $_[0]) },
    };
}

sub part {
    my ($name, $method, $headers, $wrong) = @_;

    return {
        name => $name,
        before => sub { touch('talk') },
        do => sub { $nginx->request($method, '/posts/talk/',
                                    headers => $headers) },
        wrong => $wrong,
    };
}


# the module's own answers must be right, or an honest failure

sub answer {
    my ($name, $do, $before) = @_;

    return {
        name => $name, do => $do, before => $before,
        wrong => sub {
            my ($res, $want) = @_;

            return if $res->{status} =~ /^(?:500|503|599)$/
                || gist($res) eq $want;
            return "$res->{status}: " . substr $res->{content}, 0, 400;
        },
    };
}

sub got {
    my ($name, $path, %headers) = @_;

    return answer($name, sub { $nginx->get($path, jar => { %ann },
                                         headers => \%headers) });
}

sub form {
    my ($name, $route, $fields) = @_;

    return answer($name, sub { $nginx->post($route, $fields,
                                          jar => { %ann }) });
}


# acknowledged comments must be there afterwards

my ($said, %acknowledged) = (0);

sub say {
    my ($name, $as, %more) = @_;

    return answer($name, sub {
        my $text = 'said ' . ++$said;
        my $res = $as->($nginx, 'comments', fields(write => name => 'Ann',
            text => $text, %more), jar => { %ann });
        $acknowledged{$text} = 1 if $res->{status} =~ /^(?:201|303)$/;
        return $res;
    });
}

sub lost {
    my ($after, %there) = ('');

    while (defined $after) {
        my $doc = $nginx->get('/_social/comments?article=/posts/write/'
                              . "&limit=100&after=$after")->{json};
        $there{ $_->{html} =~ /(said \d+)/ ? $1 : '' } = 1
            for @{ $doc->{comments} };
        $after = $doc->{next};
    }

    return join ', ', sort grep { !$there{$_} } keys %acknowledged;
}

sub own {
    my ($what, %more) = @_;

    my $id;

    return answer("$what of one's own comment", sub {
        $nginx->post("comments/$id/$what",
                     fields(write => name => 'Ann', text => 'Changed'),
                     jar => { %ann }) },
        sub { $id = $nginx->wait_for(sub { comment() }) });
}

sub moderated {
    my ($name, $do) = @_;

    return answer($name, sub { $do->('approve') },
        sub { $nginx->moderate({ action => 'hold', id => $parent }) });
}

my ($tag) = $nginx->post('share', fields(plain => network => 'bluesky'))
    ->{headers}{location} =~ /(shared%3D[\w.%-]+)/;
$tag =~ s/%([0-9A-F]{2})/chr hex $1/ge;

my @requests = (
    (map { article($_, "/posts/$_/") } qw(plain talk big app zip)),
    article('plain', '/posts/plain/', 'Accept-Encoding' => 'gzip'),
    article('talk', '/posts/talk/', 'If-None-Match' => '"x"'),
    article('plain', "/posts/plain/?$tag"),
    part('only the header', HEAD => {}, sub {
        $_[0]{status} == 200 ? undef : $_[0]{status} }),
    part('a range', GET => { Range => 'bytes=0-99' }, sub {
        $_[0]{status} == 206 && $_[0]{content} eq substr($text{talk}, 0, 100)
            ? undef : whole('talk', $_[0]) }),
    got('a missing page', '/posts/none/'),
    got('a goal', '/thanks.html'),

    got('the style sheet', '/_social/widget.css'),
    got('a thread as a page', '/_social/thread?article=/posts/talk/'),
    got('a thread as JSON', '/_social/comments?article=/posts/talk/&limit=5'),
    got('a comment', "/_social/comments/$parent"),
    (map {
        my $accept = $_;
        answer("a writer's comments, $accept", sub {
             $nginx->get('/_social/mine', jar => { %ben },
                         headers => { Accept => $accept }) })
    } qw(text/html application/json)),
    got('counts', '/_social/counts?article=/posts/talk/&article=/posts/big/'),
    got('an unknown route', '/_social/nothing', Accept => 'text/html'),

    say('a comment by form', \&Social::post),
    say('a comment as JSON', \&Social::post_json),
    say('a reply', \&Social::post, parent => $parent),
    (map { own($_) } qw(edit delete report)),
    form('a preview', 'preview', { text => 'Hello https://a.example/' }),
    form('a form with nothing typed', 'comments',
         fields(write => name => '', text => '')),
    form('a token of another page', 'comments',
         { article => '/posts/write/', token => '1.x', text => 'kept' }),
    answer('a refusal as JSON', sub { $nginx->post_json('comments',
         { article => '/posts/write/', token => 7 }) }),
    form('a share', 'share', fields(plain => network => 'bluesky')),
    form('a share to a bad instance', 'share',
         fields(plain => network => 'mastodon', instance => 'nowhere')),
    answer('a like', sub { $nginx->post_json('reactions', fields('plain')) }),
    form('the beacon', 'views', fields('plain')),

    got('the status page', '/social?period=all&article=/posts/none/'),
    got('the status page of the site', '/social?period=all'),
    got('the status page of an article', '/social?article=/posts/talk/'),
    got('the status as JSON', '/social?format=json&article=/posts/none/'),
    answer('the queue', sub {
         $nginx->queue('?state=approved&article=/posts/talk/') }),
    answer('the queue as JSON', sub {
         $nginx->queue('?article=/posts/talk/&format=json') }),
    moderated('an approval', sub { $nginx->moderate({ action => $_[0],
         id => $parent }) }),
    moderated('an approval as JSON', sub { $nginx->post_json('', {
         action => $_[0], id => [ $parent ] }, path => '/_moderate/',
         headers => Social::basic('jo')) }),
);


# which of N allocations to fail: all, or a few spread over them

my $turn = 0;

sub sample {
    my ($n) = @_;

    return 1 .. $n if $n <= $SAMPLE;

    my $step = $n / $SAMPLE;
    $turn = ($turn + 7) % 16;

    return map { 1 + int(($_ + $turn / 16) * $step) } 0 .. $SAMPLE - 1;
}


sub well {
    return $nginx->get('/_social/thread?article=/posts/talk/')->{status} == 200
        && comment();
}


sub hung {
    my ($res) = @_;

    return $res->{status} == 599 && $res->{content} =~ /^Timed out/;
}


# one request with a fault, then the same without; notes what is wrong

sub try {
    my ($request, $want, $kind, $n, $forever) = @_;

    $request->{before}->() if $request->{before};
    $faults->arm($kind, $n, $forever);
    my $res = $request->{do}->();
    my $fired = $faults->disarm;

    # nginx's own allocation failed: any answer is right that nginx gives
    my $wrong = hung($res) ? 'no answer'
        : $kind eq 'nginx' ? undef : $request->{wrong}->($res, $want);

    # after a read error the store is not asked for a second
    $nginx->wait_for(\&well) if $kind eq 'read';

    $request->{before}->() if $request->{before};
    $res = $request->{do}->();

    # the widget that is loaded after a comment may have met the fault: then,
    # too, the store is not asked for a second
    if ($res->{status} == 503 && $kind eq 'heap') {
        $nginx->wait_for(\&well);
        $request->{before}->() if $request->{before};
        $res = $request->{do}->();
    }

    $wrong //= $res->{status} =~ /^5/ ? "then $res->{status}"
        : ($request->{wrong}->($res, $want) // return $fired);

    push @{ $request->{bad} }, "$kind $n" . ($forever ? '+' : '') . ": $wrong";

    return $fired;
}

sub all {
    my ($request) = @_;

    my ($tried, @counts) = (0);

    for my $i (1 .. 2) {
        $request->{before}->() if $request->{before};
        $request->{last} = $request->{do}->();
    }

    my $want = gist($request->{last});
    my $wrong = $request->{wrong}->($request->{last}, $want);
    push @{ $request->{bad} }, "without a fault: $wrong" if defined $wrong;

    for my $kind (qw(pool heap read nginx)) {
        next if $kind eq 'read' && !$long
            && $request->{name} !~ $READS;
        $request->{before}->() if $request->{before};
        my $count = $faults->count($kind, $request->{do});
        push @counts, "$kind $count";

        for my $n (sample($count)) {
            $tried += try($request, $want, $kind, $n) ? 1 : 0;
            try($request, $want, $kind, $n, 1) if $kind ne 'nginx';
        }
    }

    is join("\n", @{ $request->{bad} // [] }), '',
        "$request->{name}: right with each of $tried failures (@counts)";
    is +($nginx->workers)[0], $worker, 'the worker stays alive'
        or ($worker) = $nginx->workers;

    return;
}

all($_) for @requests;

is lost(), '', keys(%acknowledged) . ' acknowledged comments, none is lost';

my @TOLD = (qr/failed \((?:12: Cannot allocate memory|5: Input)/,
            qr/the store can(?:not)? be (?:read|written)/,
            qr/the store was deleted or replaced/,
            qr/cannot be rendered$/,
            qr{posts/none/index.html" is not found});

# a worker waits for its requests before it leaves
ok eval { $nginx->stop; 1 }, 'no request is left hanging';
$nginx->quiet(@TOLD);


# with a fault, a configuration is refused or works

sub check {
    my $dir = $nginx->dir;

    return $faults->within(sub {
        my $said = `$nginx->{nginx} -t -c $dir/nginx.conf -e $dir/log 2>&1`;
        return ($?, $said);
    });
}

sub conf {
    my ($kind, $n) = @_;

    $faults->arm($kind, $n);
    my ($code, $said) = check();
    my $fired = $faults->disarm;

    return 'it died: ' . ($code & 127) if $code & 127;
    # nginx sets up libcrypto before it reads the configuration
    return "then $said"
        if $said =~ /Sanitizer|runtime error|\[alert\] (?!SSL|OPENSSL)/;
    return 'it is accepted' if $fired && $code == 0 && $kind eq 'pool';

    return;
}

$nginx->write('list.mustache', '{{#list}}<li>{{{html}}}</li>{{/list}}');
$nginx->{site} .= "template list DIR/list.mustache;\nblock casino;\n"
    . "limit comments=9/10m;\nignore \$http_x_me;\nauthor \$remote_user;\n";
$nginx->configure;

for my $kind (qw(pool heap read)) {
    my ($code, $said, $bad, @bad);
    my $count = $faults->count($kind, sub { ($code, $said) = check() });

    is $code, 0, 'the configuration is accepted without a fault' or diag $said;

    for my $n (sample($count)) {
        $bad = conf($kind, $n);
        push @bad, "$kind $n: $bad" if defined $bad;
    }

    is join("\n", @bad), '', "a configuration with faults: $kind $count";
}

# the refusals are in the log
$nginx->quiet(@TOLD, qr/\[emerg\]/);

done_testing;
