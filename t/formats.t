#!/usr/bin/perl

# The status in the formats of other programs: CSV is the document's table;
# Prometheus collects the metrics, promtool accepts them, counters never fall,
# every panel of the dashboard has data; the feed is Atom and tells what needs
# the owner; docs/monitoring.md is true.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp ();
use IO::Socket::INET;
use JSON::PP ();
use Page qw(fetch);
use Prometheus;
use Readers qw(browser readers warm);
use Social;
use Test::More;

my $DOCS = "$FindBin::Bin/../docs";


sub slurp {
    my ($name) = @_;

    open my $fh, '<:raw', $name or die "$name: $!";
    local $/;
    return scalar <$fh>;
}


# the location of docs/monitoring.md, with the test's file of passwords

my $manual = slurp("$DOCS/monitoring.md");
my ($location) = $manual =~ /^```nginx\n(.*?)^```/ms;

$location =~ s/social\.users/DIR\/users/;
$location =~ s/= \/social/= \/monitored/;

my $html = '<!DOCTYPE html><html lang=en><head><title>%s</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = Social->new(
    files => {
        'posts/a/index.html' => sprintf($html, '=1+1;@x "quoted"'),
        'posts/b/index.html' => sprintf($html, 'Bread &amp; salt'),
        'thanks/index.html' => sprintf($html, 'Thanks'),
    },
    site => <<'END',
        article /posts/;
        goal signup = /thanks/;
        reactions on;
        comments open;
        block hold-me;
END
    http => 'lingering_close off;',
    server => "location = /public { social_status blog public; }\n$location",
);

warm($nginx);

my (%token, %jar, %liked);
my $person = 0;

sub post {
    my ($route, $key, %fields) = @_;

    my $agent = browser($fields{person} // 1);
    my $jar = $jar{$fields{person} // 1} //= {};
    delete $fields{person};

    $token{$key} //= $nginx->wait_for(sub { $nginx->token($key) });

    my $res = $nginx->post($route, { article => $key,
        token => $token{$key}, %fields }, jar => $jar,
        headers => { 'User-Agent' => $agent });

    return ($res->{headers}{location} // '') =~ /#comment-(\w+)/ ? $1
        : $res->{status};
}

sub say {
    my ($key, $text, %fields) = @_;

    return post('comments', $key, name => 'Ann', text => $text,
                person => ++$person, %fields);
}

sub scrape {
    my ($accept) = @_;

    my $res = $nginx->get('/social?format=prometheus',
        headers => { $accept ? (Accept => $accept) : () });

    return wantarray ? ($res->{content}, $res->{headers}{'content-type'})
                     : $res->{content};
}

# samples by name and labels

sub samples {
    return { map { /^(\w+\{.*\}) (\S+)$/ ? ($1 => $2) : () }
             split /\n/, scalar scrape() };
}

my $OPEN = 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5';


# what promtool says against metrics, but for one remark about a name: a
# reader-day is no length of time

sub against {
    my ($text) = @_;

    my ($code, $said) = Prometheus::promtool($text, 'check', 'metrics');

    $said =~ s/^nginx_social_reader_days use base unit "seconds" .*\n//m
        and $code == 3 and $code = 0;

    return $code || $said ? "$code: $said" : '';
}


# a site where nothing has happened

my %first = %{ samples() };

is $first{'nginx_social_views_total{site="blog",class="reader"}'}, 0,
    'no view';
is $first{'nginx_social_first_author_reply_seconds_count{site="blog"}'}, 0,
    'no answer';

is against(scalar scrape()), '', 'promtool accepts an empty site';
isnt against("a_total 1\n"), '', '... not everything';

my $server = Prometheus->new($nginx, '/social');

ok $nginx->wait_for(sub { ($server->query('up'))[0] }, 60),
    'Prometheus reads OpenMetrics' or diag $server->log;


# a day of a blog

readers($nginx, "/posts/$_/", map { browser($_) } 1 .. 20) for qw(a b);

my $asked = say('/posts/a/', '=How much <b>water</b>?');
say('/posts/a/', 'hold-me please');
my $held = $nginx->queue('?state=held&format=json')
    ->{json}{comments}[0]{id};
my $kept = say('/posts/b/', 'Nobody answers');
my $gone = say('/posts/b/', 'To be deleted');
my $reply = $nginx->moderate({ id => $asked, action => 'reply',
                               text => 'A litre' });
post('share', '/posts/a/', network => 'bluesky');
post('reactions', '/posts/a/', person => $_) for 1 .. 3;
post('views', '/posts/a/', person => 1);

for my $agent (browser(1), browser(2)) {
    fetch($nginx->port, '/thanks/', headers => { 'User-Agent' => $agent });
}

fetch($nginx->port, '/posts/a/', headers => {
    'User-Agent' => 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'
});

my %now = %{ samples() };

my %want = (
    'views_confirmed_total{site="blog"}' => 1,
    'share_intents_total{site="blog",network="bluesky"}' => 1,
    'comments_total{site="blog",role="reader",kind="top",state="approved"}'
        => 3,
    'comments_total{site="blog",role="reader",kind="top",state="held"}' => 1,
    'comments_total{site="blog",role="author",kind="reply",state="approved"}'
        => 1,
    'reactions{site="blog"}' => 3,
    'link_previews_total{site="blog",network="slack"}' => 1,
    'first_author_reply_seconds_count{site="blog"}' => 1,
    'first_author_reply_seconds_bucket{site="blog",le="+Inf"}' => 1,
    'unanswered_comments{site="blog"}' => 2,
    'held_comments{site="blog"}' => 1,
    'participants{site="blog"}' => 3,
);

is $now{"nginx_social_$_"}, $want{$_}, $_ for sort keys %want;

my $goals = 0;
$goals += $now{$_} for grep { /^nginx_social_goal_completions_total/ }
    keys %now;
is $goals, 2, 'goals by source add up';

my $doc = $nginx->status(period => 'all');

is $now{'nginx_social_views_total{site="blog",class="reader"}'},
    $doc->{totals}{views}, 'views are those of the document';
is $now{'nginx_social_reader_days{site="blog"}'},
    $doc->{totals}{reader_days}, 'reader-days, too';
is $now{"nginx_social_articles{site=\"blog\",class=\"$_\"}"},
    $nginx->status->{totals}{articles_by_class}{$_}, "articles: $_"
    for sort keys %{ $doc->{totals}{articles_by_class} };


# counters never fall

my $last = samples();

sub never_falls {
    my ($what) = @_;

    my $after = $nginx->wait_for(sub {
        my $samples = samples();
        return %$samples ? $samples : undef;
    });

    is_deeply [ grep {
        /_(?:total|count|sum|bucket)\{/ && ($after->{$_} // -1) < $last->{$_}
    } sort keys %$last ], [], "no counter falls: $what";

    $last = $after;

    return;
}

post('views', '/posts/b/', person => 2);
never_falls('a view is confirmed');
is $last->{'nginx_social_views_confirmed_total{site="blog"}'}, 2,
    '... and counted';

post('reactions', '/posts/a/', person => 3);
never_falls('a like is taken back');
is $last->{'nginx_social_reactions{site="blog"}'}, 2, '... and not counted';

$nginx->moderate({ id => $gone, action => 'delete' });
never_falls('a comment is deleted');
$nginx->moderate({ id => $asked, action => 'erase' });
never_falls('an answered comment is erased');
$nginx->moderate({ id => $held, action => 'spam' });
never_falls('a held comment is spam');
$nginx->moderate({ id => $kept, action => 'done' });
never_falls('a comment needs no answer');
is $last->{'nginx_social_unanswered_comments{site="blog"}'}, 0,
    '... and none waits';

my $workers = join ' ', sort $nginx->workers;
$nginx->reload;
$nginx->wait_for(sub {
    my @new = $nginx->workers;
    return @new == 2 && !grep { $workers =~ /\b$_\b/ } @new;
});
never_falls('nginx is reloaded');

$nginx->stop;
$nginx->start;
never_falls('nginx is restarted');


# promtool accepts both formats: OpenMetrics as a file of samples, which must
# have times

$nginx->wait_for(sub { $nginx->token('/posts/a/') });

my ($classic, $type) = scrape();
is $type, 'text/plain; version=0.0.4; charset=utf-8', 'the classic type';
is against($classic), '', 'promtool accepts the classic format';

my $open;
($open, $type) = scrape($OPEN);
is $type, 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    'the type of OpenMetrics';
like $open, qr/\n# EOF\n\z/, 'its end';

my $dir = File::Temp->newdir;
my $timed = $open =~ s/^(\w+\{.*\} \S+)$/"$1 " . time/gmer;

$nginx->write('metrics.txt', $timed);
my ($code, $said) = Prometheus::promtool('', 'tsdb', 'create-blocks-from',
    'openmetrics', $nginx->dir . '/metrics.txt', "$dir");
is $code, 0, 'promtool accepts OpenMetrics' or diag $said;


# every panel of the dashboard

my $dashboard = JSON::PP->new->decode(slurp("$DOCS/monitoring/grafana.json"));
my @panels = grep { $_->{type} ne 'row' } @{ $dashboard->{panels} };

# the last of these happen while Prometheus looks on

readers($nginx, '/posts/b/', map { browser($_) } 21 .. 30);
$asked = say('/posts/b/', 'And salt?');
$nginx->moderate({ id => $asked, action => 'reply', text => 'Some' });
fetch($nginx->port, '/thanks/', headers => { 'User-Agent' => browser(21) });

is_deeply [ map { $_->{name} } @{ $dashboard->{templating}{list} } ],
    [ qw(datasource site) ], 'variables of the dashboard';
cmp_ok scalar @panels, '>', 15, 'panels';

my %ids;

for my $panel (@panels) {
    my $title = $panel->{title};

    is_deeply [ grep { !length($panel->{$_} // '') } qw(title description) ],
        [], "$title: words";
    ok !$ids{ $panel->{id} }++ && $panel->{fieldConfig}{defaults}{unit}
        && $panel->{datasource}{uid} eq '${datasource}',
        "$title: a unit, the data source";

    for my $target (@{ $panel->{targets} }) {
        my $expr = $target->{expr};

        $expr =~ s/\$site/.*/g;
        $expr =~ s/\$__rate_interval/1m/g;
        unlike $expr, qr/\$/, "$title: all variables are known";

        my @values = $nginx->wait_for(sub {
            my @found = $server->query($expr);
            return @found && !grep { !/^[\d.e+-]+$/ } @found;
        }, 60);

        ok $values[0], "$title: data" or diag "$expr: ",
            join(' ', $server->query($expr)), $server->{error} // '';
    }
}

$server->stop;


# rules and alerts

for my $command ('check', 'test') {
    my $file = $command eq 'check' ? 'rules.yml' : 'rules_test.yml';

    ($code, $said) = Prometheus::promtool('', $command, 'rules',
                                          "$DOCS/monitoring/$file");
    is $code, 0, "promtool $command rules" or diag $said;
}

my $rules = slurp("$DOCS/monitoring/rules.yml");
my $tests = slurp("$DOCS/monitoring/rules_test.yml");
my @alerts = $rules =~ /- alert: (\w+)/g;

cmp_ok scalar @alerts, '>', 5, 'alerts';
is_deeply [ sort $manual =~ /^### (Social\w+)$/mg ], [ sort @alerts ],
    'each alert is explained';
is_deeply [ grep { $tests !~ /alertname: $_\n\s+exp_alerts:\n/ } @alerts ], [],
    'each alert is tested to begin';
is_deeply [ grep { $rules !~ /runbook: monitoring\.md#\L$_\E\n/ } @alerts ],
    [], 'each alert leads there';


# the manual's metrics are those that there are, and all others use no other

my %known = map { $_ => 1 } $classic =~ /^# TYPE nginx_social_(\w+) /mg;
my ($table) = $manual =~ /^## Metrics\n(.*?)^## /ms;

is_deeply [ sort map { /`(\w+)`/g } $table =~ /^\| (`[^|]+) \|/mg ],
    [ sort keys %known ], 'metrics of the manual';

# those of several machines: t/fleet_nodes.t

my ($several) = $manual =~ /^## Several machines\n(.*?)^## /ms;
$known{$_} = 1 for map { /`(\w+)`/g } $several =~ /^\| (`[^|]+) \|/mg;

for my $name (qw(rules.yml rules_test.yml grafana.json)) {
    my $text = slurp("$DOCS/monitoring/$name");

    is_deeply [ grep { !$known{ s/_(?:bucket|sum|count)$//r } }
                $text =~ /(?<![\w:])nginx_social_((?!sums|alerts)\w+)(?=[{)\[ ])/g ],
        [], "$name uses metrics that there are";
}

my @reasons = $classic =~ /events_dropped_total\{.*reason="(\w+)"/g;
my ($dropped) = $manual =~ /^### SocialEventsDropped\n(.*?)^### /ms;
is_deeply [ $dropped =~ /^\| `(\w+)` /mg ], [ @reasons ],
    'reasons of dropped events';


# without a password from 127.0.0.1, with it from everywhere else

sub status_from {
    my ($address, $header) = @_;

    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $nginx->port, LocalAddr => $address)
        // die "$address: $!";

    print $socket "GET /monitored?format=prometheus HTTP/1.1\r\n"
        . 'Host: localhost' . "\r\n$header" . "Connection: close\r\n\r\n";
    local $/;

    return (<$socket> // '') =~ m{^HTTP/1\.1 (\d+)} ? $1 : 0;
}

my $basic = 'Authorization: ' . Social::basic('jo')->{Authorization} . "\r\n";

is status_from('127.0.0.1', ''), 200, 'a monitor needs no password';
is status_from('127.0.0.2', ''), 401, 'others need one';
is status_from('127.0.0.2', $basic), 200, '... and get in with it';


# CSV

my $res = $nginx->get('/social?format=csv&period=7d&sort=key&dir=asc');
my $table_of = $nginx->status(period => '7d', sort => 'key', dir => 'asc');

like $res->{headers}{'content-type'}, qr{^text/csv; charset=utf-8}, 'CSV';
is $res->{headers}{'content-disposition'},
    'attachment; filename="blog-7d.csv"', 'a file';

my @rows = map {
    my $line = $_;
    [ map { s/^"(.*)"$/$1/sr =~ s/""/"/gr }
      $line =~ /(?:^|,)((?:"(?:[^"]|"")*"|[^",]*))/g ]
} split /\r\n/, $res->{content};
my @names = @{ shift @rows };

is scalar @rows, 2, 'a row for each article';

for my $i (0 .. $#rows) {
    my %cell;
    @cell{@names} = @{ $rows[$i] };
    my $article = $table_of->{articles}[$i];

    is scalar @{ $rows[$i] }, scalar @names, "$cell{key}: as many cells";
    is $cell{$_}, $article->{$_} // '', "$cell{key}: $_"
        for qw(key class views reader_days comments participants shares
               unanswered);
    is $cell{'views_by_class.confirmed'},
        $article->{views_by_class}{confirmed}, "$cell{key}: confirmed";
}

is $rows[0][2], q{'=1+1;'@x "quoted"}, 'a title is no formula';


# the feed

sub feed {
    my (%headers) = @_;

    return $nginx->get('/social?format=atom', headers => \%headers);
}

sub entries { return $_[0]{content} =~ m{<id>[^<]*/([^<:]+/[^<]+)</id>}g }

$kept = say('/posts/b/', 'Who <i>else</i> waits?');
my $feed = feed();

like $feed->{headers}{'content-type'}, qr{^application/atom\+xml}, 'a feed';
like $feed->{content}, qr{<title>Ann: Who &lt;i&gt;else&lt;/i&gt; waits\?</},
    'who and the first words';
like join(' ', entries($feed)), qr{\bcomment/$kept\b}, 'an entry for it';

$nginx->write('feed.xml', $feed->{content});
$said = qx{xmllint --nonet --noout --relaxng $FindBin::Bin/unit/data/atom.rng \\
           @{[ $nginx->dir ]}/feed.xml 2>&1};
is $?, 0, 'the feed is Atom' or diag $said;

is feed('If-None-Match' => $feed->{headers}{etag})->{status}, 304,
    'nothing has happened';

sub newest_held {
    return $nginx->queue('?state=held&format=json')->{json}{comments}[0]{id};
}

say('/posts/a/', 'hold-me again');
my $waits = newest_held();
my $more = feed('If-None-Match' => $feed->{headers}{etag});

is $more->{status}, 200, 'a comment is held';
like join(' ', entries($more)), qr{\bheld/$waits\b}, 'an entry for it';
like $more->{content}, qr{1 comment waits for approval}, 'with the number';

say('/posts/a/', 'hold-me once more');
my $next = newest_held();
isnt $next, $waits, 'another comment is held';
like join(' ', entries(feed())), qr{\bheld/$next\b},
    'another one is another entry';

is $nginx->get("/public?format=$_")->{status}, 403, "public: no $_"
    for qw(atom prometheus);
is $nginx->get('/public?format=csv')->{status}, 200, 'public: CSV';


# 503

my $store = $nginx->dir . '/store';

rename "$store/blog.db", "$store/away.db" or die "rename: $!";
$nginx->file('posts/c/index.html', sprintf($html, 'C'), 3600);
mkdir "$store/blog.db" or die "mkdir: $!";
readers($nginx, '/posts/c/', browser(99));

is $nginx->wait_for(sub {
    my $status = $nginx->get('/social?format=prometheus')->{status};
    return $status == 503 ? $status : undef;
}, 30), 503, 'the store is away: 503';

$nginx->stop;
$nginx->quiet(qr/the store cannot be (?:read|written)|last counts/);

done_testing();
