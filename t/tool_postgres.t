#!/usr/bin/perl

# The program ngx-social on a store in PostgreSQL: a store copied there and back
# is the same, byte by byte; every command works, beside a running nginx, too;
# what goes wrong is said in one line and leaves nothing behind.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP ();
use Program qw(slurp);
use Social;
use Social::Postgres;
use Test::More;
use Time::HiRes qw(sleep);


# every statement stands in the log, with the name of its connection

my $db = Social::Postgres->new(conf => <<'END')
log_line_prefix = '%a|'
log_min_duration_statement = 0
END
    or plan skip_all => 'PostgreSQL is not installed (package postgresql)';

my $DAYS = 12;
my $program = Program->new;
my $dir = $program->dir;
my ($out, $err);


sub run {
    my $code = $program->run(@_);

    ($out, $err) = @{$program}{qw(out err)};

    return $code;
}


sub url { return $db->url . "?schema=social_$_[0]" }
sub lite { return "sqlite:$dir/$_[0].db" }


# an export without what differs in every one: its time and the identity

sub lines {
    my ($store, @options) = @_;

    is run('export', '--store', $store, @options), 0, "export of $store"
        or diag $err;

    return $out =~ s/"generated":"[^"]*"/"generated":""/r
                =~ s/"store":"[^"]*"/"store":""/r;
}


# is one text the other?  The first difference

sub same {
    my ($got, $expected, $name) = @_;

    my @got = split /^/, $got;
    my @expected = split /^/, $expected;
    my ($i) = grep { ($got[$_] // '') ne ($expected[$_] // '') }
        0 .. ($#got > $#expected ? $#got : $#expected);

    ok !defined $i, $name
        or diag 'line ', $i + 1, ': ', $got[$i] // 'missing',
                'expected: ', $expected[$i] // "nothing\n";

    return;
}


sub count {
    my ($site, $table, $where) = @_;

    return $db->ask("SELECT count(*) FROM social_$site.$table"
                    . ($where ? " WHERE $where" : ''));
}


# a line of the server's log

sub logged {
    my ($line) = @_;

    return slurp($db->data . '/log') =~ $line;
}


sub checked {
    my ($store) = @_;

    is run('check', '--store', $store), 0, 'nothing is wrong'
        or diag grep { !/^ok/ } split /^/, $out;

    return;
}


# what cannot be right

my $server = '127.0.0.1:' . $db->port . '/social';

for my $case (
    [ [ 'export' ], 2, 'export needs --store sqlite:PATH or postgresql://...' ],
    [ [ 'check', '--store', 'mysql://x' ], 2, 'check needs --store sqlite:' ],
    [ [ 'check', '--store', $db->url ], 2,
      '"' . $db->url . '" does not say which site: for social_site "blog", add '
      . '?schema=social_blog' ],
    [ [ 'check', '--store', $db->url . '?sslmode=disable' ], 2,
      '"' . $db->url . '?sslmode=disable" does not say which site: for '
      . 'social_site "blog", add &schema=social_blog' ],
    [ [ 'check', '--store', 'postgresql://u:secret@h/d?schema=social_a' ], 2,
      'a password does not belong into the arguments' ],
    [ [ 'check', '--store', url('a') . '&password=secret' ], 2,
      'a password does not belong into the arguments' ],
    [ [ 'nodes' ], 2,
      'nodes needs --store sqlite:PATH or postgresql://...' ],
    [ [ 'nodes', '--store', lite('a') ], 2,
      "a store of SQLite is one machine's: nodes needs --store postgresql://" ],
    [ [ 'nodes', '--store', url('none'), '--forget' ], 2,
      '--forget needs a value' ],
    [ [ 'copy', lite('a') ], 2,
      'copy needs two stores, FROM and TO, each sqlite:PATH or postgresql:' ],
    [ [ 'check', '--store', url('a') . '&p%61ssword=secret' ], 2,
      'a password does not belong into the arguments' ],
    [ [ 'check', '--store', $db->url . '?application_name=schema=a' ], 2,
      '"' . $db->url . '?application_name=schema=a" does not say which site' ],
    (map { [ [ $_->[0], '--store', url('none'), @{$_}[ 1 .. $#$_ ] ], 1,
             'there is no schema "social_none" of ngx_social yet: "'
             . $server . '"' ] }
        ['export'], ['check'], ['nodes'], [ 'erase', 'c1' ], [ 'erase', '--source', 'x' ]),
    [ [ 'copy', url('none'), lite('a') ], 1, 'there is no schema' ],
    [ [ 'check', '--store', 'postgresql://social@127.0.0.1:1/x?schema=s' ], 1,
      'connection to PostgreSQL: ' ],
) {
    my ($arguments, $code, $message) = @$case;

    is run(@$arguments), $code, "refused: @$arguments";
    like $err, qr/^ngx-social: \Q$message\E.*\n\z/, '... in one line';
    unlike $err, qr/secret/, '... without a secret';
}

is $db->ask(q{SELECT count(*) FROM pg_namespace WHERE nspname ~ '^social'}), 0,
    'none of these makes a schema';


# there and back

is run('seed', '--store', lite('one'), '--days', $DAYS), 0, 'a past' or diag $err;
my $one = lines(lite('one'), '--with-secret');
cmp_ok length $one, '>', 300_000, '... of some size';
my $bare = lines(lite('one'));

is run('copy', lite('one'), url('two')), 0, 'from SQLite to PostgreSQL'
    or diag $err;
same(lines(url('two'), '--with-secret'), $one, '... is the same');
same(lines(url('two')), $bare, '... also without the secret');
checked(url('two'));
unlike $out, qr/damage of the file/, '... and files are not looked at';

is run('copy', url('two'), url('three')), 0, 'to another schema' or diag $err;
same(lines(url('three'), '--with-secret'), $one, '... is the same');

$program->put('four.db', '');           # root makes no file
is run('copy', url('three'), lite('four')), 0, 'and back to SQLite'
    or diag $err;
same(lines(lite('four'), '--with-secret'), $one, '... is the same');
checked(lite('four'));

is $db->ask('SELECT count(DISTINCT data) FROM (SELECT data FROM '
            . q{social_two.setting WHERE name = 'identity' UNION ALL SELECT }
            . q{data FROM social_three.setting WHERE name = 'identity') i}), 2,
    'each copy has an identity of its own';

ok logged(qr/^ngx_social restore\|.*INSERT INTO "social_two"\.comment/m),
    'others see what it is';
ok !logged(qr/^ngx_social batch\|/m), '... and that it is no batch of a node';


# an export is read as it is

$program->put('one.jsonl', do { run('export', '--store', lite('one')); $out });
is run('import', 'jsonl', "$dir/one.jsonl", '--store', url('five')), 0,
    'an export into PostgreSQL' or diag $err;
same(lines(url('five')), $bare, '... is the same');

my @wrong = split /^/, slurp("$dir/one.jsonl");
my ($at) = grep { $wrong[$_] =~ /"type":"comment"/ } 0 .. $#wrong;
$wrong[ $at + 20 ] = $wrong[ $at + 3 ];
$program->put('wrong.jsonl', join '', @wrong);
is run('import', 'jsonl', "$dir/wrong.jsonl", '--store', url('six')), 4,
    'a comment that is there twice';
like $err, qr{^ngx-social: "\Q$dir\E/wrong\.jsonl", line @{[ $at + 21 ]}: .*},
    '... is named by its line';
like $err, qr/: duplicate key .*; nothing was written\n\z/, '... with why';
is count('six', 'article'), 0, '... and nothing is there';


# what holds something is left alone, whatever is to be copied into it

for my $to (url('two'), lite('four')) {
    is run('copy', lite('one'), $to), 1, "not into $to";
    is $err, "ngx-social: $to holds something: copy fills an empty store\n",
        '... in one line';
}

same(lines(url('two'), '--with-secret'), $one, '... where nothing has changed');
is run('seed', '--store', url('two')), 1, 'nor is a past made there';
like $err, qr/is in use: seed only fills a store that holds nothing/, '... so';


# one that is killed leaves nothing behind: here, while it waits for a table

my $lock = $db->session;
$lock->('BEGIN; LOCK TABLE social_six.span');
ok $db->wait_for_row(q{SELECT 1 FROM pg_locks WHERE granted AND mode =}
                     . q{ 'AccessExclusiveLock' AND relation =}
                     . q{ 'social_six.span'::regclass}), 'a table is locked';

my $pid = fork // die $!;

if ($pid == 0) {
    exec $program->path, 'copy', lite('one'), url('six') or die;
}

ok $db->wait_for_row(q{SELECT 1 FROM pg_stat_activity WHERE application_name =}
                     . q{ 'ngx_social restore' AND wait_event_type = 'Lock'}),
    'a copy that is nearly done';
kill 'KILL', $pid;
waitpid $pid, 0;
is $? & 127, 9, '... is killed';
$lock->();
ok $db->wait_for_row(q{SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM}
                     . q{ pg_stat_activity WHERE application_name ~ 'restore')}),
    '... and its connection is gone';
is count('six', $_), 0, "... no row of $_" for qw(article comment bucket);
is run('copy', lite('one'), url('six')), 0, 'it can be done again'
    or diag $err;
same(lines(url('six'), '--with-secret'), $one, '... as if nothing had been');


# a past is the same here, but for what is made of the secret, and the time

is run('seed', '--store', url('seven'), '--days', $DAYS), 0, 'a past here'
    or diag $err;

sub story {
    return join '', sort grep { !/"type":"(?:span|setting)"/ } split /^/,
        lines($_[0]) =~ s/"changed":"[^"]*"/"changed":""/gr;
}

same(story(url('seven')), story(lite('one')), '... is the same');
checked(url('seven'));


# beside a running nginx

my $page = '<html><head><title>T</title></head><body><article><p>x</p>'
    . '</article></body></html>';
my $nginx = Social->new(
    files => { map { ("posts/$_/index.html" => $page) } 1 .. 3 },
    site => 'article /posts/; comments open; limit off; store ' . $db->url
        . ';',
);
my $store = url('blog');
my $json = JSON::PP->new->canonical;


sub shown {
    my ($text, $article) = @_;

    return ($nginx->get($article // '/posts/1/')->{content} // '')
        =~ /\Q$text\E/;
}


sub says {
    my ($text) = @_;

    my $answer = $nginx->post_json('comments', {
        article => '/posts/1/', token => $nginx->token('/posts/1/'),
        text => $text, name => 'Ann', website => '', parent => '' });

    return $json->decode($answer->{content} // '{}')->{comment}{id};
}


sub remark {
    my ($id, $parent, $user, $text, $article) = @_;

    return $json->encode({
        id => "$id", pid => "$parent", orig => $text,
        user => { name => $user, id => "u$user" },
        time => sprintf('2015-03-01T00:%02d:%02dZ', $id / 60, $id % 60),
        locator => { site => 's', url => "https://x.example$article" },
    }) . "\n";
}

my $id = says('written here');
like $id, qr/^c\d+$/, 'a comment';

my @past = (qq({"version":1}\n),
    (map { remark($_, $_ > 10 ? $_ - 10 : '', 'P' . $_ % 7,
                  "of the past, $_", '/posts/' . (1 + $_ % 2) . '/') }
        1 .. 1500));
$program->put('past', join '', @past);

is run('import', 'remark42', "$dir/past", '--store', $store, '--dry-run'), 0,
    'a dry run' or diag $err;
like $out, qr/1500  imported: approved.*a dry run/s, '... counts';
is count('blog', 'comment'), 1, '... and writes nothing';

is run('import', 'remark42', "$dir/past", '--store', $store), 0, 'an import'
    or diag $err;
like $out, qr/1500  imported: approved/, '... says so';
ok $nginx->wait_for(sub { shown('of the past, 1500') }),
    'nginx shows it without a reload';
ok shown('id="remark42__comment-1500"'), '... with the id that it had';
is run('import', 'remark42', "$dir/past", '--store', $store), 0, 'once more';
like $out, qr/1500  were here already/, '... nothing is new';
is count('blog', 'comment'), 1501, '... indeed';
ok logged(qr/^ngx_social import\|.*INSERT INTO "social_blog"\.origin/m),
    'its transactions have a name of their own';
ok defined says('meanwhile'), 'a reader can write';

my %files = (
    disqus => '<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/'
        . 'disqus-internals"><thread dsq:id="1"><link>https://x.example/posts/3/'
        . '</link><title>T</title><forum>f</forum></thread><post dsq:id="10">'
        . '<message>by disqus</message><createdAt>2015-01-01T00:00:00Z'
        . '</createdAt><author><name>D</name></author><thread dsq:id="1"/>'
        . '</post></disqus>',
    wordpress => '<?xml version="1.0"?><rss version="2.0" xmlns:wp='
        . '"http://wordpress.org/export/1.2/"><channel><item><link>'
        . 'https://x.example/posts/3/</link><wp:status>publish</wp:status>'
        . '<wp:comment><wp:comment_id>5</wp:comment_id><wp:comment_author>W'
        . '</wp:comment_author><wp:comment_date_gmt>2015-01-02 00:00:00'
        . '</wp:comment_date_gmt><wp:comment_content>by wordpress'
        . '</wp:comment_content><wp:comment_approved>1</wp:comment_approved>'
        . '<wp:comment_type></wp:comment_type><wp:comment_parent>0'
        . '</wp:comment_parent></wp:comment></item></channel></rss>',
    commento => $json->encode({ version => 1, comments => [ {
        commentHex => 'a1', domain => 'x.example', url => '/posts/3/',
        commenterHex => 'anonymous', markdown => 'by commento', html => '',
        parentHex => 'root', score => 0, state => 'approved',
        creationDate => '2015-01-03T00:00:00Z', deleted => JSON::PP::false } ],
        commenters => [] }),
);

system('sqlite3', "$dir/isso", 'CREATE TABLE threads (id INTEGER PRIMARY KEY,'
    . ' uri TEXT, title TEXT); CREATE TABLE comments (tid, id INTEGER PRIMARY'
    . ' KEY, parent, created, modified, mode, remote_addr, text, author, email,'
    . " website, likes, dislikes, voters, notification); INSERT INTO threads"
    . " VALUES (1, '/posts/3/', 'T'); INSERT INTO comments (tid, id, created,"
    . " mode, text, author) VALUES (1, 1, 1420300000.5, 1, 'by isso', 'I')")
    == 0 or die 'sqlite3 failed';

for my $format (qw(disqus wordpress commento isso)) {
    my $file = $format eq 'isso' ? "$dir/isso"
        : $program->put($format, $files{$format});

    is run('import', $format, $file, '--store', $store), 0, "from $format"
        or diag $err, $out;
}

is run('import', 'jsonl', "$dir/one.jsonl", '--store', $store), 0,
    'and from an export, into a store that holds something' or diag $err;
like $out, qr/\d+  imported: approved/, '... as from elsewhere';
ok $nginx->wait_for(sub { shown("by $_", '/posts/3/') }), "$_ is shown"
    for qw(disqus wordpress commento isso);
checked($store);


# erase

my $old = $db->ask(q{SELECT 'c' || comment FROM social_blog.origin}
                   . q{ WHERE source = 'remark42:s' AND id = '1500'});
my $vacuums = q{SELECT vacuum_count FROM pg_stat_user_tables WHERE schemaname =}
    . q{ 'social_blog' AND relname = 'comment'};
my $before = $db->ask($vacuums);

is run('erase', '--store', $store, $old), 0, 'a comment is erased' or diag $err;
is $out, "erased\n", '... it says so';
ok $db->wait_for_row(qq{SELECT 1 WHERE ($vacuums) > $before}),
    '... and the table is vacuumed';
ok $nginx->wait_for(sub { !shown('of the past, 1500') }),
    '... nginx shows it no more';
is run('erase', '--store', $store, $old), 1, '... once';
like $err, qr/^ngx-social: there is no comment $old, or it is erased already$/,
    '... it says why';

is run('erase', '--store', $store, '--same-as', $id), 0, 'a person'
    or diag $err;
is $db->ask("SELECT state FROM social_blog.comment WHERE 'c' || id = '$id'"), 4,
    '... is erased';

is run('erase', '--store', $store, '--source', 'remark42:s'), 0, 'an import'
    or diag $err;
like $out, qr/ 1500  comments taken back/, '... is taken back';
is count('blog', 'origin', q{source = 'remark42:s'}), 0, '... and forgotten';
is count('blog', 'comment', q{text LIKE 'of the past%'}), 0, '... with texts';
ok $nginx->wait_for(sub { !shown('of the past') && shown('meanwhile') }),
    '... nginx shows what is left';
checked($store);

is run('import', 'remark42', "$dir/past", '--store', $store), 0,
    'it can come again';
like $out, qr/1500  imported: approved/, '... all of it';


# machines: one that lives, one that died two minutes ago

my ($version) = slurp("$FindBin::Bin/../src/core/social_version.h")
    =~ /VERSION\s+"([^"]+)"/;
my $time = qr/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/;
my $port = $nginx->port;

$db->ask(q{INSERT INTO social_blog.node (id, name, version, seen, saved,}
         . q{ answered, ahead) SELECT 1, 'web9:80', '0.1.0', t.now - 120000,}
         . q{ t.now - 125000, 0, 0 FROM (SELECT (extract(epoch FROM now())}
         . q{ * 1000)::bigint AS now) t});

is run('nodes', '--store', $store), 0, 'the machines' or diag $err;
like $out, qr/^alive  \S+:$port  \Q$version\E, seen $time, saved $time, does the /m,
    '... one that lives';
like $out, qr/^gone   web9:80  0\.1\.0, seen $time, saved $time$/m,
    '... one that died';
is scalar(() = $out =~ /\n/g), 2, '... and no more';

my ($alive) = $out =~ /^alive  (\S+)/m;

is run('nodes', '--store', $store, '--forget', 'web8:80'), 1,
    'one that nobody knows is not forgotten';
like $err, qr/^ngx-social: no machine "web8:80" is known; .*\n\z/, '... it says so';
is run('nodes', '--store', $store, '--forget', $alive), 1,
    'nor is one that lives';
like $err, qr/^ngx-social: \Q$alive\E is alive, it was seen at $time: stop /,
    '... it says why';
is run('nodes', '--store', $store, '--forget', 'web9:80'), 0,
    'the one that died is' or diag $err;
is $out, "web9:80 is forgotten\n", '... it says so';
is run('nodes', '--store', $store), 0, '... then';
like $out, qr/^alive  \Q$alive\E  [^\n]*\n\z/, '... the other one is known alone';
is $nginx->get('/social?format=prometheus')->{content} =~ /web9:80/ ? 1 : 0, 0,
    '... and no metric names it';
is run('nodes', '--store', url('two')), 0, 'a store that no machine has used';
is $out, "no machine was seen in the last day\n", '... says so';


# damage is found

$db->ask('UPDATE social_blog.article SET comments = 99'
         . q{ WHERE key = '/posts/1/'});
is run('check', '--store', $store), 1, 'damage';
like $out, qr{^WRONG  articles whose number of comments .*: 1, /posts/1/$}m,
    '... is named';
is scalar(() = $out =~ /^WRONG/mg), 1, '... and nothing else';

done_testing;
