#!/usr/bin/perl

# ngx-social copy, and an export read into an empty store of PostgreSQL, when the
# connection is lost at the very end: the answer to COMMIT does not come, or
# COMMIT does not get there.  What is said is what is true.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Program qw(slurp);
use Social::Postgres;
use Social::Proxy;
use Test::More;


my $db = Social::Postgres->new
    or plan skip_all => 'PostgreSQL is not installed (package postgresql)';

my $LAST = 'setval(';           # in the last statement before COMMIT
my $proxy = Social::Proxy->new($db->port);
my $program = Program->new;
my $dir = $program->dir;
my $one = "sqlite:$dir/one.db";


sub url { return $db->url($proxy->port) . "?schema=social_$_[0]" }

sub articles {
    my ($site) = @_;

    return $db->ask("SELECT count(*) FROM social_$site.article WHERE key <> ''");
}

# an export without what differs in every one

sub lines {
    my ($store, @options) = @_;

    is $program->run('export', '--store', $store, @options), 0, "export of $store"
        or diag $program->{err};

    return $program->{out} =~ s/"(?:generated|store)":"[^"]*"//gr;
}


# begins the program; end() gives its exit code and what it said

sub begin {
    my (@arguments) = @_;

    my $pid = fork // die $!;

    if ($pid == 0) {
        open STDOUT, '>', "$dir/said" or die $!;
        open STDERR, '>&', \*STDOUT or die $!;
        exec $program->path, @arguments or die $!;
    }

    return $pid;
}

sub end {
    my ($pid) = @_;

    waitpid $pid, 0;

    return ($? >> 8, slurp("$dir/said"));
}


is $program->run('seed', '--store', $one, '--days', 2), 0, 'a past'
    or diag $program->{err};

my $all = lines($one, '--with-secret');
my $bare = lines($one);
$program->put('one.jsonl', do { $program->run('export', '--store', $one);
                                $program->{out} });

my %by = (copy => sub { return ('copy', $one, url($_[0])) },
          import => sub { return ('import', 'jsonl', "$dir/one.jsonl", '--store',
                                  url($_[0])) });

for my $command (sort keys %by) {
    my $site = "answer_$command";

    $proxy->mode("lose 1:$LAST");
    my $pid = begin($by{$command}->($site));
    ok $db->wait_for_row("SELECT count(*) FROM pg_tables WHERE schemaname ="
                         . " 'social_$site' AND tablename = 'batch'"),
        "$command: begins";
    ok $db->wait_for_row("SELECT count(*) FROM social_$site.article"
                         . q{ WHERE key <> ''}), '... and commits';
    $proxy->mode('open');

    my ($code, $said) = end($pid);

    is $code, 0, '... its answer is lost: it finds that all is written';
    unlike $said, qr/nothing was written|connection/, '... and says nothing else';
    is lines(url($site), $command eq 'copy' ? '--with-secret' : ()),
        $command eq 'copy' ? $all : $bare, '... which is so';


    # it does not get there

    $site = "commit_$command";
    $proxy->mode("hold 1:$LAST");
    $pid = begin($by{$command}->($site));

    my $held;
    for (1 .. 500) {
        last if $held = $proxy->is_frozen;
        select undef, undef, undef, 0.02;
    }
    ok $held, '... the next one sends its end, which is held';
    $proxy->mode('cut');
    ok $db->wait_for_row(q{SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM}
                         . q{ pg_stat_activity WHERE application_name ~}
                         . q{ '^ngx_social')}), '... the connection is cut';
    $proxy->mode('open');

    ($code, $said) = end($pid);
    is $code, 1, '... it finds that nothing is written';
    like $said, qr/^ngx-social: connection to PostgreSQL: .*; nothing was written\n\z/,
        '... and says so';
    is articles($site), 0, '... which is so';
    is $program->run($by{$command}->($site)), 0, '... it can be done again'
        or diag $program->{err};
    cmp_ok articles($site), '>', 0, '... indeed';


    # nobody can be asked: a minute, so not always

    next if !$ENV{SOCIAL_LONG};

    $site = "away_$command";
    $proxy->mode("lose 1:$LAST");
    $pid = begin($by{$command}->($site));
    ok $db->wait_for_row("SELECT count(*) FROM pg_tables WHERE schemaname ="
                         . " 'social_$site' AND tablename = 'batch'")
        && $db->wait_for_row("SELECT count(*) FROM social_$site.article"
                             . q{ WHERE key <> ''}), '... one commits';
    $proxy->mode('cut');
    ($code, $said) = end($pid);
    is $code, 1, '... and nobody can be asked for a minute';
    like $said, qr/; it is not known whether all was written or nothing: /,
        '... it says so';
    $proxy->mode('open');
}

is $program->run('copy', $one, url('away_copy')), 1, 'what is there is left alone'
    if $ENV{SOCIAL_LONG};

undef $proxy;         # before what it needs is gone
done_testing;
