#!/usr/bin/perl

# A newer module whose schema has more: the binary is replaced under load (USR2)
# while another machine stays with the old one.  All save side by side, and every
# view is counted once.
#
# The newer module is this one with one more migration, linked from the objects
# of the build.  Where there are none, the migration is done by hand.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Cwd qw(abs_path);
use File::Temp ();
use POSIX qw(_exit);
use Social;
use Social::Fleet qw(say_on shows view counted @RETRY);
use Test::More;
use Time::HiRes qw(sleep time);


my $ROOT = abs_path("$FindBin::Bin/..");
my $SCHEMA = 'src/store/postgres/social_store_postgres_schema.c';
my $MIGRATION = 'ALTER TABLE @comment ADD COLUMN later bigint NOT NULL DEFAULT 7;';
my $KEY = '/posts/a/';

my $fleet = Social::Fleet->new(durable => 1)
    or plan skip_all => $Social::Fleet::SKIP;
my $db = $fleet->db;
my $dir = File::Temp->newdir('social-newer-XXXXXX', TMPDIR => 1);


sub slurp {
    my ($name) = @_;

    open my $fh, '<:raw', $name or die "$name: $!";
    local $/;

    return scalar <$fh>;
}

sub spurt {
    my ($name, $text) = @_;

    open my $fh, '>:raw', $name or die "$name: $!";
    print $fh $text;
    close $fh or die "$name: $!";

    return;
}


# the source of the schema with a row more, and the number of that

sub newer_schema {
    my $text = slurp("$ROOT/$SCHEMA");

    $text =~ s/\n(    \{ (\d+), (\d+), social_pg_schema_\d+ \})\n\};/
        "\n$1,\n    { " . ($2 + 1) . ", $3, social_pg_schema_next }\n};"/e
        or die 'the table of migrations looks different';
    my $version = $2 + 1;

    $text =~ s{(\n/\* oldest: )}
              {\nSOCIAL_PG_EMBED(social_pg_schema_next, "$dir/next.sql");\n$1}
        or die 'the migrations look different';

    spurt("$dir/next.sql", "$MIGRATION\n");
    spurt("$dir/schema.c", $text);

    return $version;
}


# the build's own commands, for one file and with another result; undef: there
# is no build to take them from

sub newer_module {
    my $tree = "$ROOT/build/release/nginx";

    return if ($ENV{SOCIAL_MODULE} // '') eq 'static' || !-e "$tree/objs/Makefile";

    my $commands = qx{make -n -C '$tree' -W '$ROOT/$SCHEMA' -f objs/Makefile modules 2>/dev/null};
    $commands =~ s/\\\n/ /g;

    my ($compile) = grep { m{-o\s+\S*social_store_postgres_schema\.o\b}
                           && / -c / } split /\n/, $commands;
    my ($link) = grep { /-shared/ && /ngx_social_module\.so/ } split /\n/, $commands;

    return if !$compile || !$link;

    my ($object) = $compile =~ m{-o\s+(\S*social_store_postgres_schema\.o)};

    $compile =~ s{-o\s+\S+}{-o $dir/schema.o};
    $compile =~ s{\S+social_store_postgres_schema\.c}{$dir/schema.c};
    $link =~ s{\Q$object\E}{$dir/schema.o};
    $link =~ s{-o\s+\S+ngx_social_module\.so}{-o $dir/ngx_social_module.so};

    for my $command ($compile, $link) {
        system("cd '$tree' && $command >'$dir/log' 2>&1") == 0
            or die "$command: " . slurp("$dir/log");
    }

    chmod 0755, "$dir";

    return "$dir/ngx_social_module.so";
}


my ($a, $b) = map { $fleet->node } 1 .. 2;
my $version = newer_schema();
my $newer = newer_module();


# views of both machines all the time, by a process of its own

my $stop = "$dir/stop";
my $seen = "$dir/seen";
my $reader = fork // die $!;

if ($reader == 0) {
    my ($n, $bad) = (0, 0);

    until (-e $stop) {
        for my $node ($a, $b) {
            my $whole = eval { view($node, $KEY) };
            $n += $whole ? 1 : 0;
            $bad += $whole ? 0 : 1;
        }
        sleep 0.002;
    }

    spurt("$seen.new", "$n $bad");
    rename "$seen.new", $seen;
    _exit(0);
}


sub versions {
    return join ' ', map {
        $db->ask("SELECT value FROM social_blog.setting WHERE name = '$_'")
    } qw(schema oldest);
}

# what each life of a zone has saved

sub saved {
    return map { my ($generation, $n) = split /\|/; ($generation => $n) }
        $db->ask('SELECT generation, sum(last) FROM social_blog.watermark'
                 . ' WHERE kind = 1 GROUP BY 1');
}


ok $a->wait_for(sub { my %saved = saved(); keys %saved == 2 }, 30),
    'two machines save';
is versions(), $version - 1 . ' 1', 'the schema is the old one';


# the new binary beside the old one

my $old = $a->pid;
my %old = saved();

$db->ask('CREATE TABLE forgotten (id bigint)');
$db->ask(q{CREATE FUNCTION forgotten() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN INSERT INTO public.forgotten VALUES (OLD.id); RETURN OLD; END$$});
$db->ask('CREATE TRIGGER forgotten AFTER DELETE ON social_blog.node'
         . ' FOR EACH ROW EXECUTE FUNCTION forgotten()');

if ($newer) {
    my $conf = $a->slurp('nginx.conf');
    $conf =~ s/^load_module .*?;/load_module $newer;/m or die;
    $a->write('nginx.conf', $conf);

} else {
    note 'no build to link a newer module from: the migration is done by hand';
}

kill 'USR2', $old;
ok $a->wait_for(sub { ($a->pid // $old) != $old && $a->workers }, 30),
    'the binary is replaced under load';

if (!$newer) {
    my $sql = $MIGRATION;
    $sql =~ s/\@/social_blog./;
    $db->ask($sql);
    $db->ask('UPDATE social_blog.setting SET value = value + 1'
             . q{ WHERE name = 'schema'});
}

ok $a->wait_for(sub { versions() eq "$version 1" }, 30),
    'the schema is the new one, and the old module may write on';


# all three save: the old workers, the new ones, the other machine

my %at = saved();

ok $a->wait_for(sub {
    my %now = saved();
    return keys %now == 3 && !grep { $now{$_} <= ($at{$_} // 0) } keys %now;
}, 60), 'old and new workers, and the other machine, save side by side'
    or diag explain [ \%old, \%at, { saved() } ];

ok $a->wait_for(sub {
    $db->ask('SELECT count(*) FROM social_blog.node') == 3 }),
    '... and all are known as machines';
is $db->ask('SELECT count(*) FROM forgotten'), 0, '... all the time';

for my $node ($b, $a) {
    my $text = 'said beside it ' . $node->port;

    is say_on($node, $text, article => '/posts/b/')->{status}, 303,
        'a comment';
    ok shows($_, $text, '/posts/b/'), '... is shown' for $a, $b;
}

is $db->ask('SELECT count(*) FROM social_blog.comment WHERE later = 7'), 2,
    '... and has what the new schema has';


# the old ones leave

kill 'WINCH', $old;
sleep 0.3;
kill 'QUIT', $old;
ok $a->wait_for(sub { !Social::alive($old) }, 30), 'the old ones leave';

my %left = saved();
ok $a->wait_for(sub {
    my %now = saved();
    return 2 == grep { $now{$_} > ($left{$_} // 0) } keys %now;
}, 30), 'the new ones go on';

spurt($stop, '');
waitpid $reader, 0;
my ($n, $bad) = split / /, slurp($seen);

is $bad, 0, 'every page was whole';
$_->stop for $a, $b;
is counted($fleet, $KEY), $n, "each of $n views is counted once";

$_->quiet(@RETRY) for $a, $b;

done_testing;
