#!/usr/bin/perl

# ngx-social import: what becomes of each comment of each format, what the
# report says, what is refused, and that nothing happens twice.  The files are
# invented here; t/import_nginx.t imports beside a running nginx.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use IO::Compress::Gzip qw(gzip $GzipError);
use JSON::PP ();
use Program qw(slurp);
use Test::More;

my $program = Program->new;
my $dir = $program->dir;
my $json = JSON::PP->new->utf8->canonical;
my ($out, $err, $report, $notes, @got);


sub put { return $program->put(@_) }


sub run {
    my $code = $program->run(@_);

    ($out, $err) = @{$program}{qw(out err)};

    return $code;
}


# every byte that the store has on disk

sub stored {
    return join '', map { slurp($_) } grep { -e }
        map { "$dir/store.db$_" } '', '-wal';
}


sub query {
    my ($sql) = @_;

    return if !-s "$dir/store.db";

    open my $fh, '-|', 'sqlite3', '-json', "$dir/store.db", $sql
        or die "sqlite3: $!";
    local $/;
    my $text = <$fh> // '';
    close $fh or die 'sqlite3 failed';

    return $text =~ /\S/ ? @{ $json->decode($text) } : ();
}


sub fresh {
    unlink map { "$dir/store.db$_" } '', '-wal', '-shm';
    put('store.db', '');

    return;
}


# imports a text; the exit code.  Fills $report, $notes and @got

sub take {
    my ($format, $text, @options) = @_;

    my $file = ref $text ? $$text : put('file', $text);
    unlink "$dir/report";
    my $code = run('import', $format, $file, '--store',
                   "sqlite:$dir/store.db", '--report', "$dir/report", @options);

    my $doc = -e "$dir/report" ? $json->decode(slurp("$dir/report")) : {};
    ($report, $notes) = @{$doc}{qw(report notes)};
    @got = query('SELECT o.source, o.id, a.key, p.id AS parent, c.state,'
        . ' c.role, c.name, c.website, c.text, c.format, c.created, c.edited,'
        . ' c.done, c.reason, hex(c.commenter) AS who, c.id AS n'
        . ' FROM comment c JOIN origin o ON o.comment = c.id'
        . ' JOIN article a ON a.id = c.article'
        . ' LEFT JOIN origin p ON p.comment = c.parent ORDER BY c.id');

    return $code;
}


# into an empty store

sub first {
    my (@arguments) = @_;

    fresh();

    return take(@arguments);
}


# ids in order, with their parents

sub tree {
    return join ' ', map {
        $_->{id} . (defined $_->{parent} ? "<$_->{parent}" : '')
            . ($_->{state} == 4 ? '*' : $_->{state} == 2 ? '?' : '') } @got;
}


sub one {
    my ($id) = @_;

    my ($found) = grep { $_->{id} eq $id } @got;

    return $found // {};
}


sub escape {
    my ($text) = @_;

    $text =~ s/&/&amp;/g;
    $text =~ s/</&lt;/g;

    return $text;
}


# Disqus

sub thread {
    my ($id, $link, %more) = @_;

    my $deleted = $more{deleted} ? 'true' : 'false';

    return qq{<thread dsq:id="$id"><id/><forum>garden</forum>}
        . ($link ? "<link>$link</link>" : '')
        . "<title>T$id</title><message/><createdAt>2010-01-01T00:00:00Z"
        . '</createdAt><author><name>Nobody</name></author>'
        . "<isClosed>false</isClosed><isDeleted>$deleted</isDeleted></thread>\n";
}


sub post {
    my ($id, %more) = @_;

    my $text = $more{text} // '<p>x</p>';
    my $body = $more{escaped} ? escape($text)
             : '<![CDATA[' . $text =~ s/\]\]>/]]]]><![CDATA[>/gr . ']]>';
    my $time = $more{time} // "2011-01-01T00:00:0${id}Z";
    my $thread = $more{thread} // 1;

    return '<post' . ($id ? qq{ dsq:id="$id"} : '') . '><id/>'
        . "<message>$body</message><createdAt>$time</createdAt>"
        . '<isDeleted>' . ($more{deleted} ? 'true' : 'false') . '</isDeleted>'
        . '<isSpam>' . ($more{spam} ? 'true' : 'false') . '</isSpam>'
        . '<author><name>' . ($more{name} // 'Ann') . '</name>'
        . '<isAnonymous>false</isAnonymous>'
        . ($more{login} ? "<username>$more{login}</username>" : '')
        . '</author><ipAddress>192.0.2.1</ipAddress>'
        . ($thread ? qq{<thread dsq:id="$thread"/>} : '')
        . ($more{parent} ? qq{<parent dsq:id="$more{parent}"/>} : '')
        . "</post>\n";
}


sub disqus {
    my (@parts) = @_;

    return qq{<?xml version="1.0" encoding="utf-8"?>\n}
        . '<disqus xmlns="http://disqus.com" xmlns:dsq='
        . qq{"http://disqus.com/disqus-internals">\n} . join('', @parts)
        . "</disqus>\n";
}

my $here = thread(1, 'https://garden.example/a/');

is first('disqus', disqus($here,
        thread(2, 'http://www.garden.example:80/a/?utm_source=x#c'),
        thread(3, 'https://garden.example/b'), thread(4), thread(5, 'x:y'),
        thread(6, 'https://garden.example/gone/', deleted => 1),
        thread(7, 'https://garden.example/?p=12'),
        post(1), post(2, thread => 2, parent => 1, time => '2011-01-01T00:00:09'),
        post(3, parent => 1, deleted => 1), post(4, deleted => 1),
        post(5, spam => 1, parent => 1), post(6, parent => 5),
        post(7, parent => 3, login => 'ann', name => 'Ann B'),
        post(8, thread => 3, parent => 1), post(9, parent => 99),
        post(10, thread => 4, time => '2012-01-01T00:00:00'),
        post(11, thread => 5, time => '2012-01-01T00:00:00'),
        post(12, thread => 6, time => '2012-01-01T00:00:00'),
        post(13, thread => 7, time => '2012-01-01T00:00:00'),
        post(14, thread => 77, time => '2012-01-01T00:00:00'),
        post(15, thread => 0, time => '2012-01-01T00:00:00'),
        post(16, time => 'never'), post(17, text => ' <p></p>',
                                        time => '2012-01-01T00:00:00'),
        post(1, text => 'again'))), 3, 'Disqus: done, with comments left out';
is tree(), '1 3<1* 6<1 7<3 8 2<1 9', 'what is imported, in order of time';
is_deeply $report, {
    'imported: approved' => 6, 'imported: deleted' => 1, 'spam left out' => 1,
    'deleted left out' => 1, 'parent left out: moved up' => 1,
    'parent missing: now at the top' => 2, 'thread without address' => 2,
    'thread deleted' => 1, 'article: no permalink' => 1, 'thread missing' => 2,
    'no time' => 1, 'empty left out' => 1, 'id twice in the file' => 1 },
    'the report counts everything';
is_deeply [ sort map { $_->{id} } grep { $_->{what} eq 'thread missing' }
            @$notes ], [ 14, 15 ], '... and names what is missing';
ok !(grep { !$_->{line} } @$notes), '... with its line';
is one(2)->{key}, '/a/', 'copies of a page by http, www, port and ?utm merge';
is one(3)->{name} . one(3)->{text} . one(3)->{who}, '', 'a deleted one is empty';
is one(1)->{done}, 1, 'imported comments wait for no answer';
isnt one(7)->{who}, one(1)->{who}, 'a login is another person than a name';
is one(1)->{who}, one(2)->{who}, '... and the same name the same';
is one(1)->{source}, 'disqus:garden', 'the source has the site';
is scalar(() = map { query("SELECT * FROM $_") } qw(notice bucket)), 0,
    'no notices, no counts';
unlike stored(), qr/192\.0\.2\.1/, 'no address is kept';

my @before = @got;
is take('disqus', slurp("$dir/file")), 3, 'the same again';
is_deeply \@got, \@before, '... changes nothing';
ok !$report->{'imported: approved'}, '... and says so';
like $out, qr/7  were here already/, '... in words';
run('erase', '--store', "sqlite:$dir/store.db", 'c1');
take('disqus', slurp("$dir/file"));
is one(1)->{text}, '', 'what was erased stays erased';
is run('erase', '--store', "sqlite:$dir/store.db", '--source', 'disqus:garden'),
    0, 'an import is taken back';
take('disqus', slurp("$dir/file"), '--dry-run');
is_deeply \@got, [], '... and a dry run writes nothing';
is $report->{'imported: approved'}, 6, '... but counts what it would write';
take('disqus', slurp("$dir/file"));
is scalar(@got), 7, '... and then it can follow again';

first('disqus', disqus($here, post(3, parent => 4), post(4, parent => 5),
    post(5, parent => 3), post(6, parent => 5), post(7, parent => 7)));
is tree(), '3 4 5 6<5 7', 'rings are taken apart';
is $report->{'parents in a ring: now at the top'}, 4, '... and counted';

first('disqus', disqus($here, post(1, time => '2015-01-01T00:00:00Z'),
    post(2, parent => 1, time => '2014-01-01T00:00:00Z'),
    post(3, time => '2014-06-01T00:00:00Z')));
is tree(), '3 1 2<1', 'a parent has the smaller id, whatever its clock says';
is one(2)->{created}, 1388534400, '... and times are kept';

my $hosts = disqus($here, thread(2, 'http://localhost:4000/a/'), post(1),
                   post(2, thread => 2));
is first('disqus', $hosts), 2, 'several hosts need --origin';
like $err, qr{https://garden\.example\n\s*https://localhost\n}, '... and are named';
is scalar(@got), 0, '... nothing is written';
is first('disqus', $hosts, '--origin', 'http://www.garden.example'), 3,
    'with it, the others are left out';
is $report->{'article: another host'}, 1, '... and counted';
is_deeply $notes, [ { what => 'article: another host', id => '2', line => 6 } ],
    '... and named';

first('disqus', disqus(thread(1, 'https://garden.example/blog/a'), post(1),
        thread(2, 'https://garden.example/x/b'), post(2, thread => 2)),
    '--origin', 'https://garden.example/blog', '--slash', 'add');
is one(1)->{key}, '/a/', 'a path of the origin is taken off; --slash add';
is $report->{'article: another host'}, 1, '... what is not below it is left out';

put('map', "# moved\n/a/ /new/a/\n\n/old/*,/deep/*\n");
first('disqus', disqus($here, post(1),
        thread(2, 'https://garden.example/old/x/'), post(2, thread => 2),
        thread(3, 'http://other.example/c/'), post(3, thread => 3)),
    '--origin', 'https://garden.example', '--map', "$dir/map",
    '--map', 'http://other.example/c/=/c/');
is join(' ', map { $_->{key} } @got), '/new/a/ /deep/x/ /c/', '--map';
is first('disqus', disqus($here), '--map', 'nonsense'), 2, 'a wrong --map';
is first('disqus', disqus($here, post(1)), '--map', 'a=b'), 2,
    '... of which a side is no path';

first('disqus', disqus($here, post(1, login => 'boss', name => 'Bea'),
        post(2, name => 'Cy'), post(3)), '--author', 'boss', '--author', 'Cy');
is join('', map { $_->{role} } @got), '110', '--author by login and by name';
first('disqus', disqus($here, post(1, spam => 1), post(2, parent => 1)),
    '--with-spam');
is tree() . $got[0]{state}, '1 2<13', '--with-spam takes it in as spam';
first('disqus', disqus($here, post('', text => 'no id',
        time => '2011-01-01'), post('', text => 'b', time => '2011-01-02')));
is scalar(@got), 2, 'posts without an id';
take('disqus', slurp("$dir/file"));
is scalar(@got), 2, '... are known again';

my @gz;
gzip(\disqus($here, post(1)), \my $packed) or die $GzipError;
is first('disqus', $packed), 0, 'gzip is recognised';
is first('disqus', $packed . $packed =~ s/^.*//sr), 0, '... by its first bytes';
is first('disqus', substr($packed, 0, -20)), 4, '... and refused if cut off';


# texts

for my $case (
    [ 'plain &amp; simple', 'plain & simple' ],
    [ "one\ntwo\n\nthree", "one\ntwo\n\nthree" ],
    [ '<b>bold</b> <i>and</i> <code>x*y</code>', '**bold** *and* `x*y`' ],
    [ '<p>a</p><blockquote>b</blockquote>', "a\n\n> b" ],
    [ '<ul><li>a<li>b</ul>', "- a\n- b" ],
    [ '<pre>  two\n</pre>' =~ s/\\n/\n/r, "```\n  two\n```" ],
    [ '1. *no* list', '1\. \*no\* list' ],
    [ '<a href="http://x.example/a_b">here</a>',
      '[here](<http://x.example/a_b>)' ],
    [ '<a href="http://x.example/very-long-path">http://x.example/very...</a>',
      'http://x.example/very-long-path' ],
    [ '<a href="https://disq.us/url?url=http%3A%2F%2Fx.example%2Fa'
      . '%3AabcdefghijklmnopqrstuvwxyzA&amp;cuid=1">t</a>',
      '[t](<http://x.example/a>)' ],
    [ '<a href="javascript:alert(1)">x</a>', 'x', 'markup left out: a' ],
    [ '<img src="http://x.example/i.png" alt="pic">',
      '[pic](<http://x.example/i.png>)', 'image became a link' ],
    [ '<h2>Head</h2>', '**Head**', 'heading became bold' ],
    [ 'a<script>alert(1)</script>b', 'ab', 'element left out: script' ],
    [ '<s>x</s> <sub>y</sub>', 'x y', 'markup left out: s',
      'markup left out: sub' ],
    [ '<table><tr><td>1<td>2</table>', '1 2', 'markup left out: table' ],
    [ '</textarea><!-- x --><iframe src=x>z</iframe>&lt;b&gt;', '\<b>',
      'element left out: iframe' ],
    [ '<em>a</em><strong>"b"</strong>c', 'a"b"c', 'markup left out: em',
      'markup left out: strong' ],
    [ ('<blockquote>' x 60) . 'deep' . ('</blockquote>' x 60),
      ('> ' x 10) . 'deep' ],
    [ '<!--# include file="/etc/passwd" -->{{x}}', '{{x}}' ]) {
    my ($html, $markdown, @lost) = @$case;

    first('disqus', disqus($here, post(1, text => $html)));
    is $got[0]{text}, $markdown, "text: $html";
    is_deeply [ sort grep { !/^imported/ } keys %$report ], [ sort @lost ],
        '... says what is lost';
    first('disqus', disqus($here, post(1, text => $html, escaped => 1)));
    is $got[0]{text}, $markdown, '... without CDATA' if $html !~ /&|<!--/;
}

first('disqus', disqus($here, post(1, name => 'N' x 70, text => 'x' x 70000)));
is length $got[0]{name}, 60, 'a long name is cut';
is length $got[0]{text}, 65536, 'a text is kept up to 64 KB';
is_deeply [ @{$report}{'name shortened', 'text shortened'} ], [ 1, 1 ],
    '... and both are reported';
first('disqus', disqus($here, post(1, name => '')));
is $got[0]{name}, 'Anonymous', 'without a name';
first('disqus', disqus($here, post(1, text => "a\x08b\xff\xc3(", name => "x\x01")));
is $got[0]{text}, "a b\x{fffd}\x{fffd}(", 'control bytes and wrong UTF-8';
is $report->{'control characters became spaces'}, 1, '... are reported';


# WordPress

sub wxr {
    my ($version, @items) = @_;

    return qq{<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" }
        . 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp='
        . qq{"http://wordpress.org/export/$version/"><channel>}
        . '<title>Blog</title><link>http://www.wp.example</link>'
        . '<wp:base_blog_url>http://www.wp.example/</wp:base_blog_url>'
        . '<wp:author><wp:author_id>7</wp:author_id></wp:author>'
        . join('', @items) . "</channel></rss>\n";
}


sub item {
    my ($link, $more, @comments) = @_;

    return '<item><title>P</title>' . ($link ? "<link>$link</link>" : '')
        . join('', @comments)
        . '<wp:status>' . ($more->{status} // 'publish') . '</wp:status>'
        . '<wp:post_password>' . ($more->{password} // '')
        . "</wp:post_password></item>\n";
}


sub wp {
    my ($id, %more) = @_;

    my %fields = (id => $id, author => 'Ann', author_email => 'a@x.example',
        author_url => '', author_IP => '192.0.2.1',
        date => '2012-03-04 12:00:00', date_gmt => '2012-03-04 10:00:00',
        content => 'x', approved => 1, type => '', parent => 0, user_id => 0,
        %more);

    return "\n<wp:comment>" . join('', map {
        "<wp:comment_$_><![CDATA[$fields{$_}]]></wp:comment_$_>" }
        sort keys %fields) . '</wp:comment>';
}

for my $version (qw(1.0 1.1 1.2)) {
    is first('wordpress', wxr($version, item('http://wp.example/p/', {},
        wp(9, parent => 12), wp(12, user_id => 7), wp(13, approved => 0),
        wp(14, approved => 'spam'), wp(15, approved => 'trash', parent => 12),
        wp(16, type => 'pingback'), wp(17, type => 'comment', parent => 15),
        wp(18, date_gmt => '0000-00-00 00:00:00'),
        wp(19, date_gmt => '0000-00-00 00:00:00', date => ''),
        wp(20, author_url => 'http://ann.example'),
        wp(21, author_url => 'javascript:x')))), 3, "WordPress, WXR $version";
    is tree(), '12 9<12 13? 15<12* 17<15 20 21 18', '... what is imported';
    is one(12)->{role}, 1, '... a user who is an author';
    is one(18)->{created}, 1330862400, '... a local time';
    is one(20)->{website}, 'http://ann.example', '... a website';
    is one(20)->{who}, one(9)->{who}, '... the same address of mail is the same';
    is_deeply $report, { 'imported: approved' => 6, 'imported: held' => 1,
        'imported: deleted' => 1, 'spam left out' => 1, 'no time' => 1,
        'not a comment: pingback' => 1, 'local time taken as UTC' => 1,
        'website left out' => 1 }, '... the report';
    is $got[0]{source}, 'wordpress:wp.example', '... the source';
}

unlike stored(), qr/a\@x\.example/, 'no address of mail is kept';
first('wordpress', wxr('1.2',
    item('http://wp.example/a/', { status => 'private' }, wp(1)),
    item('http://wp.example/b/', { password => 'x' }, wp(2)),
    item('http://wp.example/c/', { status => 'draft' }, wp(3)),
    item('http://wp.example/?p=4', {}, wp(4)), item('', {}, wp(5)),
    item('http://wp.example/ok/', {}, wp(6, parent => 4))));
is tree(), '6', 'private, password and draft posts stay private';
is_deeply [ @{$report}{'article not public', 'article: no permalink',
    'thread without address'} ], [ 3, 1, 1 ], '... and are counted';
first('wordpress', wxr('1.2', item('http://wp.example/a/', {},
    wp(1, content => "one\ntwo <strong>x</strong>\n\nthree"),
    wp(2, content => "bad\x08byte"))));
is one(1)->{text}, "one\ntwo **x**\n\nthree", 'newlines are breaks';
is one(2)->{text}, 'bad byte', 'control bytes';

my $latin = wxr('1.0', item('http://wp.example/a/', {},
                            wp(1, content => "caf\xe9")));
for my $encoding (qw(ISO-8859-1 windows-1252 ISO-8859-15)) {
    first('wordpress', $latin =~ s/UTF-8/$encoding/r);
    is $got[0]{text}, "caf\x{e9}", $encoding;
}
is first('wordpress', $latin =~ s/UTF-8/no-such/r), 4, 'an unknown encoding';


# isso

sub isso {
    my (@sql) = @_;

    unlink "$dir/isso.db";
    open my $fh, '|-', 'sqlite3', "$dir/isso.db" or die;
    print $fh 'CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256),'
        . ' title VARCHAR(256)); CREATE TABLE comments (tid REFERENCES'
        . ' threads(id), id INTEGER PRIMARY KEY, parent INTEGER, created FLOAT,'
        . ' modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR,'
        . ' author VARCHAR, email VARCHAR, website VARCHAR, likes INTEGER,'
        . ' dislikes INTEGER, voters BLOB, notification INTEGER);'
        . "INSERT INTO threads VALUES (1, '/t/', 'T'), (2, 'x', 'No');",
        map { "$_;" } @sql;
    close $fh or die 'sqlite3';

    return \"$dir/isso.db";
}

sub row {
    my ($id, %c) = @_;

    %c = (tid => 1, parent => 'NULL', created => "150000000$id.75",
          modified => 'NULL', mode => 1, text => "'t$id'", author => 'NULL',
          website => 'NULL', email => "'m\@x.example'", %c);

    return 'INSERT INTO comments (id, ' . join(', ', sort keys %c)
        . ") VALUES ($id, " . join(', ', map { $c{$_} } sort keys %c) . ')';
}

is first('isso', isso(row(1, modified => '1500000099.9'), row(2, mode => 2),
    row(3, mode => 4), row(4, mode => 4), row(5, parent => 4),
    row(6, text => q('<p>a <b>b</b></p>')), row(7, text => q('*m* `<b>`')),
    row(8, tid => 9), row(9, tid => 2))), 3, 'isso';
is tree(), '1 2? 4* 5<4 6 7', '... modes';
is one(1)->{created} . ' ' . one(1)->{edited}, '1500000001 1500000099', '... times';
is one(6)->{text}, 'a **b**', '... HTML of an old import';
is one(7)->{text}, '*m* `<b>`', '... Markdown';
is $report->{'thread missing'} . $report->{'thread without address'}, 11,
    '... threads that are missing';
is first('isso', 'no database'), 4, 'a file that is no database';
is first('isso', \'-'), 4, 'standard input is none';


# remark42

sub remark {
    my (@comments) = @_;

    return join '', map { $json->encode($_) . "\n" }
        { version => 1, users => [], posts => [] }, @comments;
}

sub rk {
    my ($id, %c) = @_;

    return { id => $id, pid => '', text => '<p>h</p>', orig => "o$id",
             user => { name => 'Ann', id => 'u1', admin => JSON::PP::false },
             locator => { site => 'fern', url => 'https://rk.example/a/' },
             votes => { map { ("u$_" => JSON::PP::true) } 1 .. 200 },
             time => "2020-01-01T00:00:0$id.123456789+02:00", %c };
}

gzip(\remark(rk(1), rk(2, pid => 1, user => { name => 'Bo', id => 'u2',
    admin => JSON::PP::true }), rk(3, orig => '', text => '<em>i</em>'),
    rk(4, delete => JSON::PP::true, pid => 1, orig => '', text => ''),
    rk(5, orig => "x\0y"), rk(6, locator => { site => 'fern',
        url => 'https://rk.example/b/?utm_x=1' })), \$packed);
is first('remark42', $packed), 0, 'remark42';
is tree(), '1 2<1 3 5 6', '... what is imported';
is one(1)->{created}, 1577829601, '... nanoseconds and an offset';
is one(2)->{role}, 1, '... an admin is the author';
is one(3)->{text}, '*i*', '... HTML where there is no Markdown';
is one(5)->{text}, 'x y', '... NUL';
is one(6)->{key}, '/b/', '... an address with a query';
is $got[0]{source}, 'remark42:fern', '... the source';


# a later file that goes on: who is known keeps the id, answers find what they
# answer, though it is not in the file any more

my %bo = (user => { name => 'Bo', id => 'u2', admin => JSON::PP::false });
first('remark42', remark(rk(1), rk(2, %bo)));
my %who = map { $_->{id} => $_->{who} } @got;

is take('remark42', remark(rk(3, pid => 2), rk(4, pid => 9, %bo),
    rk(5, %bo, user => { name => 'Cy', id => 'u3' })), '--dry-run'), 0,
    'a file that goes on, at first dry';
is $report->{'parent missing: now at the top'}, 1, '... one has no parent';
is take('remark42', remark(rk(1), rk(3, pid => 2), rk(4, pid => 9, %bo),
    rk(5, user => { name => 'Cy', id => 'u3' }), rk(6, pid => 1,
    locator => { site => 'fern', url => 'https://rk.example/b/' }),
    rk(7, pid => 3, %bo))), 0, '... then for good';
is tree(), '1 2 3<2 4 5 6 7<3', '... an answer stands below what was here';
is $report->{'parent missing: now at the top'}, 2,
    '... one has no parent, one has it on another page';
is $report->{'imported: approved'}, 5, '... five are new';
is one(3)->{who}, $who{1}, '... who was here has the same number';
isnt one(5)->{who}, $who{2}, '... somebody else has another';
isnt $who{1}, $who{2}, '... as two have';
is_deeply [ map { one($_)->{who} eq $who{2} ? 1 : 0 } 4, 7 ], [ 0, 0 ],
    '... of somebody whose comments are not in the file nothing is known';
is take('remark42', remark(rk(2, %bo), rk(8, %bo))), 0, 'one more file';
is one(8)->{who}, $who{2}, '... is known by a comment of before';


# Commento and Comentario

sub commento {
    my ($commenters, @comments) = @_;

    return $json->encode({ version => 1, comments => \@comments,
                           commenters => $commenters });
}

sub co {
    my ($id, %c) = @_;

    return { commentHex => $id, domain => 'co.example', url => '/c/',
             commenterHex => 'anonymous', markdown => "m$id",
             parentHex => 'root', state => 'approved', deleted => JSON::PP::false,
             creationDate => "2020-01-01T00:00:0${id}Z", %c };
}

is first('commento', commento([ { commenterHex => 'f0', name => 'Ada',
        link => 'undefined', email => 'a@x.example' },
        { commenterHex => 'f1', name => 'Bo', link => 'https://bo.example' } ],
    co(1), co(2, parentHex => 1, commenterHex => 'f0'),
    co(3, commenterHex => 'f1', url => 'c/'),
    co(4, state => 'unapproved'), co(5, markdown => '[deleted]'),
    co(6, deleted => JSON::PP::true), co(7, parentHex => 6),
    co(8, url => '', path => 'c/'), co(9, state => 'flagged'))), 0, 'Commento 1';
is tree(), '1 2<1 3 4? 6* 7<6 8', '... what is imported';
is one(1)->{name} . one(2)->{name}, 'AnonymousAda', '... names';
is one(2)->{website} . one(3)->{website}, 'https://bo.example', '... websites';
is_deeply [ map { $_->{key} } @got ], [ ('/c/') x 7 ], '... paths';

my $zero = '00000000-0000-0000-0000-000000000000';
my $none = '0001-01-01T00:00:00.000Z';

sub ct {
    my ($id, %c) = @_;

    return { id => $id, pageId => 'p1', markdown => "m$id", html => '',
             isApproved => JSON::PP::true, isPending => JSON::PP::false,
             isDeleted => JSON::PP::false, userCreated => $zero,
             createdTime => "2025-01-01T00:00:0$id.5Z", editedTime => $none,
             authorName => '', parentId => undef,
             url => 'https://ct.example/x#c', %c };
}

is first('commento', $json->encode({ version => 3,
    pages => [ { id => 'p1', path => '/c/', title => 'C' } ],
    commenters => [ { id => 'u1', name => 'Ada' } ],
    comments => [ ct(1, authorName => 'Guest'), ct(2, userCreated => 'u1',
        editedTime => '2025-02-01T00:00:00Z', parentId => 1),
        ct(3, isApproved => JSON::PP::false, isPending => JSON::PP::true),
        ct(4, isApproved => JSON::PP::false), ct(5, createdTime => $none),
        ct(6, pageId => 'p9'), ct(7, parentId => $zero, markdown => '',
        html => '<b>h</b>') ] })), 3, 'Comentario 3';
is tree(), '1 2<1 3? 7', '... what is imported';
is one(1)->{name} . one(2)->{name}, 'GuestAda', '... names';
is one(2)->{edited} . one(1)->{edited}, '17383680000', '... times';
is one(7)->{text}, '**h**', '... HTML where there is no Markdown';
is_deeply [ @{$report}{'spam left out', 'no time', 'thread missing'} ],
    [ 1, 1, 1 ], '... the report';


# bad files: one sentence, exit code 4, and nothing is written

my $bomb = join '', map { '<!ENTITY l' . ($_ + 1) . ' "' . "&l$_;" x 10 . '">' }
    1 .. 9;

for my $case (
    [ disqus => substr(disqus($here, post(1)), 0, -20), 'cut off' ],
    [ disqus => disqus($here, post(1)) . '<x/>', 'junk' ],
    [ disqus => '<html></html>', 'does not begin as one' ],
    [ disqus => '', 'cut off' ],
    [ disqus => qq{<!DOCTYPE d [<!ENTITY l1 "x">$bomb]><disqus>&l9;</disqus>},
      'declares an entity' ],
    [ disqus => '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
      . '<disqus>&x;</disqus>', 'declares an entity' ],
    [ disqus => '<disqus>' . '<a>' x 40 . '</disqus>', 'nested too deep' ],
    [ disqus => '<disqus a="' . 'x' x 3_000_000 . '"></disqus>', 'more than 1 MB' ],
    [ wordpress => disqus($here), 'does not begin as one' ],
    [ remark42 => '{"id":"1"', 'cut off' ],
    [ remark42 => "{}\nnonsense\n", 'line 2' ],
    [ remark42 => '{"id":' . '[' x 100_000, 'nested too deep' ],
    [ remark42 => '{"id":"' . 'x' x 5_000_000 . '"}', 'more than 4 MB' ],
    [ remark42 => '{"id":]}', 'do not match' ],
    [ commento => '[1]', 'does not begin' ],
    [ commento => '{"comments":[{"a":1}', 'cut off' ],
    [ commento => '{"comments":[{}] } x', 'behind its end' ],
    [ jsonl => "{\"type\":\"header\",\"version\":1}\n", 'missing or wrong: store' ],
    [ jsonl => "{\"type\":\"bucket\"}\n", 'the header is missing' ],
    [ jsonl => '', 'is empty' ]) {
    my ($format, $text, $why) = @$case;

    is first($format, $text), 4, "$format, refused: $why";
    like $err, qr/\A ngx-social: [^\n]* \Q$why\E [^\n]* \n \z/x, '... one sentence';
    is scalar(@got), 0, '... nothing is written';
}

is first('disqus', \"$dir/none"), 4, 'a file that is not there';
is run('import', 'disqus', "$dir/file"), 2, 'no store';
is run('import', 'phpbb', "$dir/file", '--store', 'sqlite:x'), 2, 'no format';
is run('import', 'disqus', "$dir/file", '--store', "sqlite:$dir/store.db",
       '--slash', 'maybe'), 2, 'a wrong option';

SKIP: {
    skip 'only root is refused', 2 if $> != 0;
    is run('import', 'disqus', put('x', disqus($here)), '--store',
           "sqlite:$dir/new.db"), 1, 'root makes no store';
    ok !-e "$dir/new.db", '... really';
}

is run('import', 'disqus', put('x', disqus($here, post(1))), '--dry-run',
       '--store', "sqlite:$dir/new.db"), 0, 'a dry run needs none';
ok !-e "$dir/new.db", '... and makes none';

# a chain of 100,000 answers, in the wrong order

my $n = $ENV{SOCIAL_LONG} ? 100_000 : 20_000;
is first('disqus', disqus($here, map { post($_, parent => $_ - 1,
    time => '2012-01-01T00:00:00Z') } reverse 1 .. $n)), 0, "$n answers deep";
is scalar(@got), $n, '... all are there';
is $got[-1]{parent}, $n - 1, '... below each other';

done_testing;
