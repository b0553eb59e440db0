#!/usr/bin/perl

# docs/import.md: its commands are run in their order, its tables have the
# options, reasons and types of lines that the sources have, and
# docs/export.schema.json describes what export writes.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp ();
use IO::Compress::Gzip qw(gzip);
use JSON::PP ();
use Program qw(slurp);
use Social::Schema;
use Test::More;

my $ROOT = abs_path("$FindBin::Bin/..");
my $program = Program->new->path;
my $dir = File::Temp->newdir;
my $manual = slurp("$ROOT/docs/import.md");


# an invented export, with a page that moved and one of another host

my $posts = '';
my ($threads, $id) = ('', 0);

for my $link ('https://blog.example/posts/a/', 'https://blog.example/old/b/',
              'https://blog.example/2015/hello.html', 'http://localhost/x/') {
    $id++;
    $threads .= qq{<thread dsq:id="$id"><link>$link</link><title>T</title>}
        . '<forum>blog</forum></thread>';
    $posts .= qq{<post dsq:id="10$id"><message>&lt;p&gt;Hi&lt;/p&gt;</message>}
        . "<createdAt>2015-01-0${id}T00:00:00Z</createdAt><author><name>Ann"
        . "</name><username>ann</username></author><thread dsq:id=\"$id\"/>"
        . '</post>';
}

gzip(\('<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/'
       . "disqus-internals\">$threads$posts</disqus>"), "$dir/disqus.xml.gz");

mkdir "$dir/bin";
symlink $program, "$dir/bin/ngx-social" or die;

open my $store, '>', "$dir/blog.db" or die;
close $store;

# one shell for all commands, without the folder of a real site

my @blocks = $manual =~ /^```sh\n(.*?)^```$/msg;
cmp_ok scalar(@blocks), '>=', 9, 'the manual has commands';
my $script = join qq{\necho "\@\@"\n}, @blocks;
$script =~ s{/var/lib/nginx/social/}{$dir/}g;

# 3: comments were left out; 1: what was erased before is not there
$script =~ s{^(ngx-social .*?)(?=\s*(?:\#.*)?$)}{$1 || echo "exit \$?"}mg;

open my $fh, '>', "$dir/run.sh" or die;
print $fh "set -eu\n$script\n";
close $fh;


my $said = do {
    local $ENV{PATH} = "$dir/bin:$ENV{PATH}";
    qx{cd '$dir' && sh ./run.sh 2>errors};
};
is $? >> 8, 0, 'they all run' or diag slurp("$dir/errors");
is slurp("$dir/errors"), '', '... without an error';
my @said = split /^\@\@\n/m, $said;

like $said[0], qr/3  imported: approved.*dry run/s, 'the dry run counts';
like $said[0], qr/never seen.*\/old\/b\/ \(1\)/s, '... and lists new articles';
like $said[0], qr/^exit 3$/m, '... and exits with 3';
is $said[1], "1\n", 'one thing to look at: another host';
like $said[2], qr{/posts/b/ \(1\)}, 'what moved is mapped';
like $said[3], qr/3  imported: approved/, 'the import';
like $said[4], qr/3  comments taken back.*3  imported/s, 'back, and again';
like $said[6], qr/3  were here already/, 'a second import changes nothing';
unlike $said[8], qr/WRONG/, 'nothing is wrong';
like $said[9], qr/erased.*erased.*taken back/s, 'erased';

# the schema

my $schema = JSON::PP->new->decode(slurp("$ROOT/docs/export.schema.json"));
my %schemas = map { $_ => Social::Schema->new(JSON::PP->new->encode({
    '$defs' => $schema->{'$defs'}, '$ref' => "#/\$defs/line_$_" })) }
    @{ $schema->{properties}{type}{enum} };
my (%seen, @wrong);

for my $line (split /\n/, slurp("$dir/blog.jsonl")) {
    my $doc = JSON::PP->new->decode($line);
    $seen{ $doc->{type} }++;
    push @wrong, $schemas{ $doc->{type} }->check($doc);
}

is_deeply \@wrong, [], 'the schema describes the export';
ok $seen{$_}, "... with lines of type $_" for qw(header article comment origin);

my $bad = JSON::PP->new->decode((split /\n/, slurp("$dir/blog.jsonl"))[0]);
delete $bad->{store};
ok scalar($schemas{header}->check($bad)), 'the schema refuses a bad line';

my $dump = slurp("$ROOT/src/store/social_store_sqlite_dump.c");
my @types = $dump =~ /^    \{ "(\w+)", SOCIAL_SQL_DUMP/mg;
is_deeply [ sort keys %schemas ], [ sort @types ], 'it has all types of lines';
ok index($manual, "`$_`") >= 0, "the manual has the type $_" for @types;

# reasons and options of the sources

my $sources = join "\n", map { slurp($_) }
    glob "$ROOT/src/tool/import/*.c $ROOT/src/tool/html/*.c";

for my $reason ('spam left out', 'deleted left out', 'empty left out', 'no time',
        'id twice in the file', 'thread missing', 'thread deleted',
        'thread without address', 'article: another host',
        'article: no permalink', 'article not public', 'not a comment: ',
        'parent left out: moved up', 'local time taken as UTC',
        'control characters became spaces', 'name shortened', 'text shortened',
        'website left out', 'image became a link', 'heading became bold',
        'element left out: ', 'markup left out: ') {
    ok index($sources, qq("$reason")) >= 0, "the sources have '$reason'";
    ok index($manual, "`$reason") >= 0, '... and so has the manual';
}

my $usage = qx{'$program' help import};
for my $option ($usage =~ /(--[a-z-]+)/g) {
    ok index($manual, "`$option") >= 0 || $option eq '--store',
        "the manual has $option";
}

done_testing;
