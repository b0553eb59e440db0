#!/usr/bin/perl

# Likes: a second one takes the first back, exactly once, whoever asks at the
# same time; the number survives restarts and kills, and a store of an earlier
# version; without the store a like is refused, not lost.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP ();
use POSIX ();
use Social;
use Test::More;


my ($ON, $OFF) = (JSON::PP::true, JSON::PP::false);

my %files = map {
    ("$_/index.html" => "<html lang=en><head><title>$_</title></head><body>"
        . "<article><p>Text of $_.</p></article></body></html>")
} qw(posts/a posts/b posts/c limited);


# a like of /posts/NAME/ by that visitor; the JSON of the answer

sub like_it {
    my ($nginx, $name, $visitor, %a) = @_;

    return $nginx->post_json('reactions', {
        article => "/posts/$name/", token => $nginx->token("/posts/$name/") },
        %a, headers => { 'User-Agent' => "$Social::BROWSER visitor/$visitor" });
}


sub counts {
    my ($nginx, $key) = @_;

    return $nginx->get("/_social/counts?article=$key")
        ->{json}{counts}{$key}{reactions};
}


sub shown {
    my ($nginx, $key) = @_;

    my ($n) = $nginx->get($key)->{content} =~ m{<span>(\d+)</span>};

    return $n;
}


sub sqlite {
    my ($nginx, $sql) = @_;

    my $path = $nginx->dir . '/store/blog.db';
    my $out = `sqlite3 -cmd '.timeout 5000' '$path' "$sql"`;
    chomp $out;

    return $out;
}


my $nginx = Social->new(
    files => \%files, site => "article ~ ^/posts/;\nreactions on;",
    http => 'social_site limited { store sqlite:DIR/store/limited.db;
                 reactions on; comments open; limit comments=2/1m; }',
    server => 'location /limited/ { social limited; }
               location ^~ /_limited/ { social_api limited; }');


# a restart

is_deeply like_it($nginx, 'a', 1)->{json}, { reactions => 1, on => $ON },
    'a like';
is_deeply like_it($nginx, 'a', 2)->{json}, { reactions => 2, on => $ON },
    'another reader likes it, too';
is_deeply like_it($nginx, 'b', 1)->{json}, { reactions => 1, on => $ON },
    'the first one likes another article';
is shown($nginx, '/posts/a/'), 2, 'the page shows it';

$nginx->stop;
$nginx->start;

ok $nginx->wait_for(sub { (counts($nginx, '/posts/a/') // 0) == 2 }),
    'the number survives a restart';
is shown($nginx, '/posts/a/'), 2, 'the page shows it';
is_deeply like_it($nginx, 'a', 3)->{json}, { reactions => 3, on => $ON },
    'the next like adds to it';


# a reload keeps the day's salt, so a reader still takes the own like back

$nginx->reload;
is_deeply like_it($nginx, 'a', 3)->{json}, { reactions => 2, on => $OFF },
    'after a reload a reader takes the own like back';
ok $nginx->wait_for(sub {
    $nginx->events(event => 'reaction', state => 'off') == 1 }),
    'the event of it';


# many at once, on two workers: each client is one reader who toggles

sub toggles {
    my ($where, $name, $visitor, $times) = @_;

    pipe my $read, my $write or die $!;
    my $pid = fork // die $!;

    if (!$pid) {
        close $read;
        for (1 .. $times) {
            my $json;
            $where->wait_for(sub {
                $json = like_it($where, $name, $visitor)->{json};
                return defined $json->{reactions} });
            syswrite $write, ($json->{reactions} // 'none') . ' '
                . ($json->{on} ? 1 : 0) . "\n";
        }
        POSIX::_exit(0);
    }

    close $write;

    return { pid => $pid, read => $read };
}


# how many liked and took back, and the lowest number that was answered

sub toggled {
    my ($on, $off, $low) = (0, 0, 0);

    for my $client (@_) {
        my $in = $client->{read};
        while (my $line = <$in>) {
            my ($n, $is_on) = split ' ', $line;
            $n eq 'none' and fail('a like is answered'), next;
            $low = $n if $n < $low;
            $is_on ? $on++ : $off++;
        }
        waitpid $client->{pid}, 0;
    }

    return ($on, $off, $low);
}

my ($on, $off, $low) = toggled(map {
    toggles($nginx, 'c', $_ < 4 ? 'same' : "other $_", 15) } 1 .. 6);

is $on + $off, 90, 'six clients toggle at the same time';
is $low, 0, 'no answer is below 0';
is counts($nginx, '/posts/c/'), $on - $off,
    'the number is what was liked less what was taken back';
is sqlite($nginx, 'SELECT count(*) FROM liked JOIN article ON id = article'
    . " WHERE key = '/posts/c/'"), $on - $off, 'as many rows in the store';
cmp_ok $on - $off, '<=', 4, 'at most one of each reader';

my ($c) = grep { $_->{key} eq '/posts/c/' }
    @{ $nginx->status(period => '24h')->{articles} };
is $c->{reactions}, $on - $off, 'the status page has the same';


# another process on the same store

my $second = Social->new(files => \%files, cold => 1,
    site => "store sqlite:@{[ $nginx->dir ]}/store/blog.db;\n"
        . "article ~ ^/posts/;\nreactions on;");

ok $second->wait_for(sub { (counts($second, '/posts/a/') // 0) == 2 }),
    'another nginx begins with the number';
is_deeply like_it($second, 'a', 7)->{json}, { reactions => 3, on => $ON },
    'a like there';
ok $nginx->wait_for(sub { shown($nginx, '/posts/a/') == 3 }),
    'is shown here, too';
is_deeply like_it($second, 'a', 7)->{json}, { reactions => 2, on => $OFF },
    'taken back there';
ok $nginx->wait_for(sub { shown($nginx, '/posts/a/') == 2 }),
    'is gone here, too';
$second->stop;
$second->quiet;


# the store is away

my $token = $nginx->token('/posts/a/');
open my $sqlite, '|-', Social::sqlite($nginx->dir . '/store/blog.db', '-bail')
    or die "sqlite3: $!";
$sqlite->autoflush(1);
print $sqlite ".timeout 5000\nBEGIN EXCLUSIVE;\n"
    . ".shell touch @{[ $nginx->dir ]}/locked\n";
$nginx->wait_for(sub { -e $nginx->dir . '/locked' });

my $res = $nginx->post_json('reactions', { article => '/posts/a/',
                                           token => $token });
is $res->{status}, 503, 'while the store is away, a like is refused';
like $res->{headers}{'retry-after'}, qr/^\d+$/, 'with Retry-After';
is $res->{json}{error}{code}, 'store', 'the code says why';
is $nginx->post('share', { article => '/posts/a/', token => $token,
    network => 'bluesky' })->{status}, 303, 'shares go on';

print $sqlite "ROLLBACK;\n";
close $sqlite;

ok $nginx->wait_for(sub {
    ($res = like_it($nginx, 'a', 8))->{status} == 200 }),
    'likes work again without a restart';
is $res->{json}{reactions}, 3, 'the refused one was not counted';


# the rate limit

my %limited = (article => '/limited/', token => $nginx->token('/limited/'));

is $nginx->post('', \%limited, path => '/_limited/reactions')->{status}, 303,
    'likes within the limit' for 1 .. 2;
$res = $nginx->post('', \%limited, path => '/_limited/reactions');
is $res->{status}, 429, 'likes are charged to the limit';
like $res->{headers}{'retry-after'}, qr/^\d+$/, '429 with Retry-After';
is $nginx->get('/_limited/counts?article=/limited/')
    ->{json}{counts}{'/limited/'}{reactions}, 0, 'and change nothing';

$nginx->stop;
$nginx->quiet('the store cannot be', 'the store can be');


# more articles with likes than the zone has room for

for my $comments (qw(open off)) {
    my $many = Social->new(
        files => { 'page.html' => $files{'posts/a/index.html'} },
        site => "zone 256k;\nreactions on;\ncomments $comments;",
        server => 'location /many/ { try_files /page.html =404; }');
    my @keys = map { "/many/$_/" } 1 .. 260;
    my @bad;

    for my $key (@keys) {
        my $json;

        # right after an eviction there may be no room yet
        $many->wait_for(sub {
            $json = $many->post_json('reactions', {
                article => $key, token => $many->token($key) })->{json};
            return defined $json->{reactions} });
        push @bad, $key if $json->{reactions} != 1;
    }

    is "@bad", '', "comments $comments: likes in 260 articles";

    ok $many->wait_for(sub {
        $many->status->{health}{articles_evicted} > 20 }),
        'some of the articles were evicted';
    is join(' ', grep { !$many->wait_for(sub {
        (shown($many, $_) // 0) == 1 }, 2) } @keys), '',
        'each shows its like';

    $many->stop;
    $many->quiet;
}


# a store that version 2 of the schema left

my $old = Social->new(files => \%files, stopped => 1,
    site => "article ~ ^/posts/;\nreactions on;");
my $schema = "$FindBin::Bin/../src/store/schema";
my $sql = join "\n", map {
    local (@ARGV, $/) = "$schema/$_.sql"; <> } qw(0001 0002);

open my $make, '|-', 'sqlite3', $old->dir . '/store/blog.db' or die $!;
print $make <<"END";
$sql
PRAGMA user_version = 2;
PRAGMA application_id = 0x6e736f63;
INSERT INTO article (key, first_seen) VALUES ('/posts/a/', 1), ('/posts/b/', 1);
INSERT INTO bucket (step, start, article, kind, label, value)
    SELECT step, 0, article, kind, '', value
    FROM (SELECT 3600 AS step UNION SELECT 86400 UNION SELECT 2592000)
    JOIN (SELECT 1 AS article, 10 AS kind, 9 AS value UNION
          SELECT 1, 11, 2 UNION SELECT 2, 10, 1 UNION SELECT 2, 11, 4);
END
close $make or die 'sqlite3 failed';
chmod 0666, $old->dir . '/store/blog.db';

# likes come from the first moment on: of one reader who toggles in two
# windows, and of two others

my @early = map { toggles($old, 'a', $_ < 3 ? 'same' : $_, 10) } 1 .. 4;
$old->start;
($on, $off, $low) = toggled(@early);

is $on + $off, 40, 'an old store: likes are answered while it is migrated';
is $low, 0, 'none with a number below 0';
ok $old->wait_for(sub { (counts($old, '/posts/a/') // 0) == 7 + $on - $off }),
    'its likes are taken over'
    or diag counts($old, '/posts/a/') . " after 7, $on and $off";
is shown($old, '/posts/b/'), 0, 'nothing shown is below 0';
my $n = 7 + $on - $off;
is_deeply like_it($old, 'a', 1)->{json}, { reactions => $n + 1, on => $ON },
    'a like adds to them';
is_deeply like_it($old, 'a', 1)->{json}, { reactions => $n, on => $OFF },
    'and is taken back';

$old->stop;
$old->quiet;

done_testing;
