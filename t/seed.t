#!/usr/bin/perl

# ngx-social seed: what it refuses, that it makes the same past each time, and
# that the status of a real nginx over that past shows all there is to see.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Cwd qw(abs_path);
use JSON::PP ();
use List::Util qw(sum0);
use POSIX qw(strftime);
use Program qw(slurp);
use Social;
use Test::More;


my $ROOT = abs_path("$FindBin::Bin/..");
my $program = Program->new;
my $dir = $program->dir;
my ($out, $err);


sub put { return $program->put(@_) }


sub run {
    my $code = $program->run(@_);

    ($out, $err) = @{$program}{qw(out err)};

    return $code;
}


sub query {
    my ($file, $sql) = @_;

    open my $fh, '-|', 'sqlite3', $file, $sql or die "sqlite3: $!";
    my @lines = <$fh>;
    chomp @lines;
    close $fh or die 'sqlite3 failed';

    return @lines;
}


# all that a store holds but its secret and the times at which this test ran:
# when an article changed, since when small spans are kept

sub content {
    my ($file) = @_;

    my @lines;

    for my $table (query($file, "SELECT name FROM sqlite_master WHERE "
        . "type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'span' "
        . 'ORDER BY name'))
    {
        # comment.same and token.hash are hashes under the secret

        my $columns = join ', ', map { "quote($_)" } grep {
            "$table.$_" !~ /^(?:article\.changed|comment\.same
                               |token\.hash)$/x }
            query($file,
            "SELECT name FROM pragma_table_info('$table') ORDER BY cid");

        push @lines, sort map { "$table|$_" } query($file,
            "SELECT $columns FROM $table"
            . ($table eq 'setting' ? " WHERE name NOT IN ('secret', 'identity')"
               : ''));
    }

    return \@lines;
}


# usage

like join(' ', run(), $err), qr/^2 .*usage:.*ngx-social seed/s,
    'without a command: the usage';
is run('help'), 0, 'help';
like $out, qr/^exits with 0: done, 1: .*, 2: /m, 'help has the exit codes';
is run('help', 'seed'), 0, 'help of a command';
like $out, qr/--end YYYY-MM-DD +its last day/, 'it tells its options';
is run('--version'), 0, '--version';

my ($version) = slurp("$ROOT/src/core/social_version.h") =~ /VERSION\s+"([^"]+)"/;
is $out, "ngx-social $version\n", 'the version is that of the module';

my $new = "sqlite:$dir/new.db";
my $tomorrow = strftime('%Y-%m-%d', gmtime(time + 86_400));

for my $case (
    [ [ 'sow' ], 'no such command: "sow"' ],
    [ [ 'help', 'sow' ], 'no such command: "sow"' ],
    [ [ 'seed' ], 'seed needs --store sqlite:PATH' ],
    [ [ 'seed', '--store' ], '--store needs a value' ],
    [ [ 'seed', '--store', 'blog.db' ], 'seed needs --store sqlite:PATH' ],
    [ [ 'seed', '--store', 'sqlite:' ], 'seed needs --store sqlite:PATH' ],
    [ [ 'seed', '--store', $new, "--store=$new" ],
      '--store stands there twice' ],
    [ [ 'seed', '--store', $new, '--stores', 'x' ],
      'unknown argument: "--stores"' ],
    [ [ 'seed', '--store', $new, 'more' ], 'unknown argument: "more"' ],
    (map { [ [ 'seed', '--store', $new, '--days', $_ ],
             "not a number of days from 1 to 90: \"$_\"" ] }
        qw(0 91 -1 7d x), '1 '),
    (map { [ [ 'seed', '--store', $new, '--end', $_ ],
             "not a day before today: \"$_\"" ] }
        '2024-02-30', 'yesterday', '2024-2-3', '2024-02-03T10:00:00Z',
        $tomorrow),
    (map { [ [ 'seed', '--store', $new, '--origin', $_ ],
             "not an origin: \"$_\"" ] }
        'blog.example', 'https://blog.example/', 'ftp://blog.example'),
) {
    my ($arguments, $message) = @$case;

    is run(@$arguments), 2, "refused: @$arguments";
    like $err, qr/^ngx-social: \Q$message\E.*\n\z/, '... in one line';
}

ok !-e "$dir/new.db", 'wrong arguments make no store';

is run('seed', '--store', "sqlite:$dir/no/such.db"), 1,
    'a folder that is not there: exit code 1';
like $err, qr/^ngx-social: .+\n\z/, '... in one line';


# stories of others

my $story = <<'END';
end 2024-05-31
author me The Author
goal bought
person jo mastodon - Jo
article /a/ An article
published 2024-05-02 10:00
readers 20 2 3
from dark 2 mastodon 1
of 10 10 100
share 2024-05-10 10:00 mastodon 5

2024-05-02 12:00 jo
    One line,
    and another one.

    A paragraph.

2024-05-02 13:00 me > jo
    Yes.

2024-05-30 13:00 jo
    Later.
END

my $small = put('small.story', $story);
is run('seed', '--store', "sqlite:$dir/small.db", '--end', '2020-01-31',
       '--articles-from', $small), 0, 'a story of somebody else' or diag $err;
like $out, qr/: 1 articles, \d+ reader-days, 3 comments, .* to 2020-01-31$/,
    'it says what it did';
is join('|', query("$dir/small.db", 'SELECT key, title, datetime(published, '
    . "'unixepoch') FROM article WHERE key <> ''")),
    '/a/|An article|2020-01-02 10:00:00', 'its article, moved in time';
is join("\n", query("$dir/small.db", 'SELECT text FROM comment WHERE id = 1')),
    "One line, and another one.\n\nA paragraph.",
    'lines are one paragraph up to an empty one';
is +(query("$dir/small.db", 'SELECT count(*) FROM comment WHERE state = 1'))[0],
    3, 'all comments are approved';

is run('seed', '--store', "sqlite:$dir/week.db", '--days', '7', '--end',
       '2020-01-31', '--articles-from', $small), 0, 'a week of it';
is join('|', query("$dir/week.db", 'SELECT text FROM comment')), 'Later.',
    '... has only what was said in that week';
is +(query("$dir/week.db", 'SELECT count(*) FROM bucket WHERE start < '
    . "strftime('%s', '2020-01-25')"))[0], 0, '... and no older count';

for my $case (
    [ 'article /a/ A', 1, 'the first word is "end"' ],
    [ "$story\nsomething else", 24, 'an unknown word' ],
    [ $story =~ s/> jo/> joe/r, 18, 'who is answered?' ],
    [ $story =~ s/00 jo$/00 joe/mr, 12, 'who speaks?' ],
    [ $story =~ s/> jo$/>> jo/mr, 18, 'an unknown word behind the person' ],
    [ $story =~ s/05-30/06-01/r, 21, 'after the end' ],
    [ $story =~ s/05-30/05-32/r, 21, 'no such time' ],
    [ $story =~ s/readers.*/readers many/r, 7, 'too few words' ],
    [ $story =~ s/readers 20/readers lots/r, 7, 'readers ON-THE-FIRST-DAY' ],
    [ $story =~ s/^from.*\n//mr, 5, 'an article has no "from"' ],
    [ $story =~ s/    Later.\n//r, 21, 'somebody says nothing' ],
) {
    my ($text, $line, $message) = @$case;
    my $file = put('bad.story', $text);

    is run('seed', '--store', $new, '--articles-from', $file), 2,
        "a bad story: $message";
    like $err, qr/^ngx-social: \Q$file\E: line $line: \Q$message\E/,
        '... with its line';
}

is run('seed', '--store', $new, '--articles-from', "$dir/none"), 2,
    'a story that is not there';
ok !-e "$dir/new.db", 'a bad story makes no store';


# the same arguments make the same past

my @twice = map { "$dir/$_.db" } qw(one two);

for my $file (@twice) {
    is run('seed', '--store', "sqlite:$file", '--end', '2024-03-15',
           '--origin', 'https://blog.example'), 0, 'seeded' or diag $err;
}

my ($one, $two) = map { content($_) } @twice;

cmp_ok scalar(@$one), '>', 2000, 'a store with a past';
is_deeply $one, $two, 'two of the same arguments hold the same';
is +(stat $twice[0])[2] & 07777, 0600, 'nobody else may read it';
is_deeply [ query($twice[0], 'PRAGMA integrity_check') ], [ 'ok' ],
    'it is sound';
is +(query($twice[0], 'SELECT max(created) FROM comment'))[0] < 1_710_547_200,
    1, 'nothing was said after the end';
is +(query($twice[0], 'SELECT max(start + step) FROM bucket WHERE step > 0'))[0]
    <= 1_710_547_200, 1, 'nothing was counted after the end';

if ($> == 0) {
    my $worker = getpwnam 'www-data';

    mkdir "$dir/worker" or die "$dir/worker: $!";
    chown $worker, -1, "$dir/worker" or die "$dir/worker: $!";
    is run('seed', '--store', "sqlite:$dir/worker/blog.db", '--articles-from',
           $small), 0, 'seeded by root';
    is +(stat "$dir/worker/blog.db")[4], $worker,
        'the file belongs to whom its folder belongs to';
}

my $before = content($twice[0]);

is run('seed', '--store', "sqlite:$twice[0]"), 1, 'a second time is refused';
like $err, qr/^ngx-social: \S+ is in use: seed only fills a store that holds/,
    '... in one sentence';
is_deeply content($twice[0]), $before, '... and changes nothing';

my $text = put('text.db', "this is a text\n" x 1000);
is run('seed', '--store', "sqlite:$text"), 1, 'a file that is no database';
like slurp($text), qr/\A(?:this is a text\n){1000}\z/, '... is left as it is';


# a real nginx over it: it began with nginx's own empty store

my $nginx = Social->new(
    files => { 'subscribed/index.html' => '<p>thanks', 'posts/a/index.html' =>
        '<!DOCTYPE html><html lang=en><body><article><p>t</article>' },
    site => <<'END',
        article ~ ^/posts/[^/]+/$;
        goal subscribed = /subscribed/;
        comments first;
        reactions on;
END
);

my $store = $nginx->dir . '/store/blog.db';
$nginx->stop;

is run('seed', '--store', "sqlite:$store", '--origin', $nginx->origin), 0,
    'the empty store of an nginx is filled' or diag $err;

my ($articles, $readers, $comments, $likes) =
    $out =~ /: (\d+) articles, (\d+) reader-days, (\d+) comments, (\d+) likes/;

$nginx->start;

my $doc = $nginx->status;
my %class = map { ($_->{class} => 1) } @{ $doc->{articles} };
my %alarm = map { ($_->{name} => $_->{state}) } @{ $doc->{alarms} };
my %article = map { ($_->{key} => $_) } @{ $doc->{articles} };
my %network = map { ($_->{network} => $_) } @{ $doc->{networks} };
my $totals = $doc->{totals};

is_deeply [ sort keys %class ], [ qw(amplified applauded conversation new
    passive quiet unheard) ], 'every class is there to see';
is_deeply { map { ($_ => $alarm{$_}) } qw(unheard author_silence no_goal) },
    { unheard => 'alarm', author_silence => 'warn', no_goal => 'ok' },
    'alarms that show';
is $article{'/posts/the-same-four-miles/'}{views}, 0,
    'an article that nobody reads';
is $article{'/posts/what-a-view-counts/'}{class}, 'passive',
    'the most read one';
is $article{'/posts/talking-under-an-article/'}{author_comments}, 0,
    'one that nobody answered';
cmp_ok $article{'/posts/the-conversation-below/'}{author_comments}, '>', 5,
    'one in which the author answers';

is_deeply [ grep { !$totals->{$_} } qw(views reader_days comments
    author_comments participants exchanges shares sharers reactions unanswered
    dialogues new_participants returning_participants share_visits listeners)
    ], [],
    'no figure is empty';
is_deeply [ grep { !$totals->{views_by_class}{$_} } qw(unconfirmed confirmed
    bot preview prefetch self) ], [], 'every class of views';

for my $name (qw(views reader_days comments author_comments exchanges sharers
                 reactions unanswered)) {
    is sum0(map { $_->{$name} } @{ $doc->{articles} }), $totals->{$name},
        "$name of the articles are those of the site";
}

is sum0(values %{ $totals->{views_by_source} }), $totals->{views},
    'every view came from somewhere';
is sum0(values %{ $totals->{shares_by_network} }), $totals->{shares},
    'every share went somewhere';
cmp_ok $network{mastodon}{talkers_per_visit},  '>',
    10 * ($network{hackernews}{talkers_per_visit} // 0),
    'one network brings people who talk, another one does not';
cmp_ok $totals->{goals}{subscribed}, '>', 10, 'readers reach the goal';
cmp_ok scalar @{ $doc->{inbox} }, '>', 5, 'people wait for an answer';
is scalar @{ $doc->{inbox} }, $totals->{unanswered}, '... all of them';

my $all = $nginx->status(period => 'all')->{totals};

is $all->{articles}, $articles, 'articles: as the program said';
is $all->{reader_days}, $readers, 'reader-days: as the program said';
is $all->{reactions}, $likes, 'likes: as the program said';

my $held = $nginx->queue('?state=held&format=json')->{json}{comments};
my $spam = $nginx->queue('?state=spam&format=json')->{json}{comments};

cmp_ok scalar @$held, '>=', 10, 'comments wait to be moderated';
is scalar(grep { $_->{reason} eq 'first comment' } @$held), 3,
    'three of them are first comments';
is scalar @$spam, 1, 'one was found to be spam';
is $all->{comments} + $all->{author_comments} + @$held + @$spam, $comments,
    'comments: as the program said';


# today is live

$nginx->get('/posts/a/');
is $nginx->status->{totals}{views}, $totals->{views} + 1,
    'a view of today is on top';

$nginx->quiet;

done_testing;
