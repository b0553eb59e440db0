#!/usr/bin/perl

# Pages come first: whatever happens to the store, articles are served whole and
# in time, shares work, comments are refused with 503 until it is back, one log
# line says why, and nothing has to be restarted.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Copy qw(copy);
use File::Temp ();
use IO::Handle;
use List::Util qw(min);
use Social;
use Test::More;
use Time::HiRes qw(sleep time);


# 100 ms is promised; the rest is for a busy machine
my $IN_TIME = 0.3;

my %files = map {
    ("posts/$_/index.html" => "<html><head><title>$_</title></head><body>"
        . "<article><p>Text of $_.</p></article></body></html>")
} qw(bread salt oil rye corn);

my $n = 0;


sub make {
    my (%a) = @_;

    return Social->new(files => \%files, %a,
                       site => "article ~ ^/posts/;\n" . ($a{site} // ''));
}


# right after the start a page may come without a token

sub token {
    my ($nginx, $key) = @_;

    return $nginx->wait_for(sub { $nginx->token($key) });
}


sub comment {
    my ($nginx, $token, $key) = @_;

    $key //= '/posts/bread/';
    my $begin = time;
    my $res = $nginx->post('comments', {
        article => $key, token => $token // '1.x', name => 'Ann',
        text => 'comment ' . ++$n });
    $res->{took} = time - $begin;

    return $res;
}


sub share {
    my ($nginx, $token) = @_;

    $nginx->agent->agent("$Social::BROWSER visitor/" . ++$n);
    my $res = $nginx->post('share', {
        article => '/posts/bread/', network => 'bluesky', token => $token });
    $nginx->agent->agent($Social::BROWSER);

    return $res->{status};
}


# every article is served, with a widget or a link in its place

sub pages_go_on {
    my ($nginx, $what) = @_;

    my (@took, @bad);

    for my $round (1 .. 3) {
        for my $name (qw(bread salt oil rye corn)) {
            my $begin = time;
            my $res = $nginx->get("/posts/$name/");
            push @took, time - $begin;

            my $rest = $res->{content};
            push @bad, "$name: $res->{status}"
                if $res->{status} != 200
                || $rest !~ s{<section data-social=.*</section>}{}s
                || $rest ne $files{"posts/$name/index.html"};

            push @bad, "$name: a link that caches may keep"
                if $res->{content} !~ /name="token"/
                && ($res->{headers}{etag}
                    || $res->{headers}{'cache-control'} !~ /no-store/);
        }
    }

    is "@bad", '', "$what: pages are whole";
    cmp_ok Social::median(@took), '<', $IN_TIME, "$what: pages come in time";

    return;
}


sub comments_are_refused {
    my ($nginx, $what, $token) = @_;

    # the first one may be the one that discovers the trouble

    my $res = comment($nginx, $token);
    is $res->{status}, 503, "$what: a comment is refused";
    like $res->{headers}{'retry-after'} // '', qr/^\d+$/,
        "$what: with Retry-After";
    like $res->{content}, qr/comment $n/, "$what: the typed text is kept";
    unlike $res->{content}, qr{/tmp/|sqlite|errno|database}i,
        "$what: no internals are shown";

    my @next = map { comment($nginx, $token) } 1 .. 5;

    # on a full disk one may fit into room that the store has freed

    my $other = $what eq 'full' ? '303' : '503';
    is scalar(grep { $_->{status} !~ /^(?:503|$other)$/ } @next), 0,
        "$what: so are the next ones";

    # except for the one that tries whether the store is back
    cmp_ok min(map { $_->{took} } @next), '<', $IN_TIME,
        "$what: they are refused at once";

    return;
}


sub lines {
    my ($nginx, $level) = @_;

    # the other site's store is missed when its counts are put in order
    return grep { /\[$level\].*the store(?!.*again)/ && !/site "other"/ }
        split /\n/, $nginx->error_log;
}


# the lines that say that it works again

sub ends {
    my ($nginx) = @_;

    return grep { /\[error\].*the store can be \w+ again/ }
        split /\n/, $nginx->error_log;
}


# one clear log line, whatever was requested meanwhile

sub one_line {
    my ($nginx, $what, $like, $before) = @_;

    my @lines = lines($nginx, 'error');
    splice @lines, 0, $before // 0;

    is scalar(@lines), 1, "$what: one line in the log" or diag "@lines";
    like $lines[0] // '', $like, "$what: the line says why";

    return;
}


sub is_back {
    my ($nginx, $what, $key) = @_;

    my $res;

    $nginx->wait_for(sub {
        my $token = $nginx->token($key // '/posts/bread/') // return 0;
        $res = comment($nginx, $token, $key);
        return $res->{status} == 303;
    });

    is $res && $res->{status}, 303,
        "$what: comments work again without a restart";
    ok $nginx->wait_for(sub {
        $nginx->get($key // '/posts/bread/')->{content} =~ /comment $n\b/
    }), "$what: the new comment is on the page";

    return;
}


sub shares {
    my ($nginx) = @_;

    my $doc = $nginx->wait_for(sub { $nginx->status(period => '24h') }, 3)
        or return -1;
    my ($bread) = grep { $_->{key} eq '/posts/bread/' } @{ $doc->{articles} };

    return $bread->{shares};
}


# locked by another process, such as a backup or a shell

sub locked {
    my $nginx = make();
    my $path = $nginx->dir . '/store/blog.db';
    my $token = token($nginx, '/posts/bread/');

    is comment($nginx, $token)->{status}, 303, 'a comment';
    is comment($nginx, token($nginx, '/posts/oil/'), '/posts/oil/')->{status},
        303, 'and another one';

    open my $sqlite, '|-', Social::sqlite($path, '-bail') or die "sqlite3: $!";
    $sqlite->autoflush(1);
    print $sqlite ".timeout 5000\nBEGIN EXCLUSIVE;\n"
        . ".shell touch @{[ $nginx->dir ]}/locked\n";
    $nginx->wait_for(sub { -e $nginx->dir . '/locked' });

    comments_are_refused($nginx, 'locked', $token);
    pages_go_on($nginx, 'locked');
    is share($nginx, $token), 303, 'locked: shares go on';
    sleep($ENV{SOCIAL_LONG} ? 10 : 1);
    comments_are_refused($nginx, 'still locked', $token);
    pages_go_on($nginx, 'still locked');
    one_line($nginx, 'locked', qr/cannot be written.*database is locked/);

    print $sqlite "ROLLBACK;\n";
    close $sqlite;

    is_back($nginx, 'locked');
    is shares($nginx), 1, 'locked: the share is saved afterwards';
    is scalar(ends($nginx)), 1,
        'one log line says that the store is back';

    # stopping nginx does not wait long for the lock, either

    open $sqlite, '|-', Social::sqlite($path, '-bail') or die "sqlite3: $!";
    $sqlite->autoflush(1);
    unlink $nginx->dir . '/locked';
    print $sqlite ".timeout 5000\nBEGIN EXCLUSIVE;\n"
        . ".shell touch @{[ $nginx->dir ]}/locked\n";
    $nginx->wait_for(sub { -e $nginx->dir . '/locked' });
    share($nginx, $token);

    my $begin = time;
    $nginx->stop;
    cmp_ok time - $begin, '<', 5,
        'nginx stops within seconds while the store is locked';
    close $sqlite;

    $nginx->quiet('the store can(?:not)? be', 'last counts could not be saved');

    return;
}


# the store's directory is not writable from the start

sub unwritable {
    my $nginx = make(stopped => 1, cold => 1);
    my $dir = $nginx->dir . '/store';

    chmod 0555, $dir;
    $nginx->start;
    $nginx->wait_for(sub { lines($nginx, 'error') });

    pages_go_on($nginx, 'unwritable');
    comments_are_refused($nginx, 'unwritable');
    sleep 1;
    pages_go_on($nginx, 'still unwritable');
    one_line($nginx, 'unwritable', qr/cannot\ create.*Permission\ denied.*
                                      can\ the\ worker\ user\ write/x);

    chmod 0777, $dir;
    is_back($nginx, 'unwritable');

    $nginx->stop;
    $nginx->quiet('the store can(?:not)? be');

    return;
}


# the database is overwritten with garbage, then replaced by an older copy

sub corrupted {
    my $nginx = make();
    my $path = $nginx->dir . '/store/blog.db';

    is comment($nginx, token($nginx, '/posts/bread/'))->{status}, 303,
        'a comment';
    my $old = $n;
    my $token = token($nginx, '/posts/bread/');
    $nginx->stop;
    copy($path, "$path.backup") or die $!;
    chmod 0666, "$path.backup";

    open my $fh, '+<', $path or die $!;
    print $fh 'garbage!' x 2048;
    close $fh;

    $nginx->{cold} = 1;
    $nginx->start;
    $nginx->wait_for(sub { lines($nginx, 'error') });

    pages_go_on($nginx, 'corrupted');
    comments_are_refused($nginx, 'corrupted', $token);
    one_line($nginx, 'corrupted', qr/not a database.*restore a backup/);

    # the page was opened before the restart: its token cannot be checked yet
    is share($nginx, $token), 303, 'corrupted: shares go on';

    rename "$path.backup", $path or die $!;

    is_back($nginx, 'corrupted');
    like $nginx->get('/posts/bread/')->{content}, qr/comment $old\b/,
        'corrupted: the older comment is in the copy';
    is shares($nginx), 1, 'corrupted: the share is counted';

    $nginx->stop;
    $nginx->quiet('the store can(?:not)? be', 'deleted or replaced');

    return;
}


# the store's files are deleted

sub deleted {
    my $nginx = make();
    my $path = $nginx->dir . '/store/blog.db';

    is comment($nginx, token($nginx, '/posts/bread/'))->{status}, 303,
        'a comment';
    my $old = $n;
    is comment($nginx, token($nginx, '/posts/oil/'), '/posts/oil/')->{status},
        303, 'and another one';
    $nginx->get('/posts/bread/');
    my $token = token($nginx, '/posts/bread/');
    share($nginx, $token);

    unlink glob "$path*";

    pages_go_on($nginx, 'deleted');
    is share($nginx, $token), 303, 'deleted: shares go on';
    is_back($nginx, 'deleted');
    ok $nginx->wait_for(sub {
        $nginx->get('/posts/bread/')->{content} !~ /comment $old\b/ }),
        'deleted: the old comment is gone';
    ok $nginx->wait_for(sub { grep { /deleted or replaced/ }
                              lines($nginx, 'error') }),
        'deleted: the log says so';
    is scalar(grep { /deleted or replaced/ } lines($nginx, 'error')), 1,
        'deleted: in one line';
    is comment($nginx, $token)->{status}, 303,
        'deleted: forms that were open still work';
    is shares($nginx), 2, 'deleted: counts in memory are kept';

    $nginx->stop;
    $nginx->start;
    is shares($nginx), 2, 'deleted: they are in the new file';

    $nginx->stop;
    $nginx->quiet('the store can(?:not)? be', 'deleted or replaced');

    return;
}


# written by a newer version of the module

sub newer {
    my $nginx = make();
    my $path = $nginx->dir . '/store/blog.db';
    my $token = token($nginx, '/posts/bread/');

    comment($nginx, $token);
    $nginx->stop;
    my $version = `sqlite3 '$path' 'PRAGMA user_version'`;
    system('sqlite3', $path, 'PRAGMA user_version = 99;'
        . "UPDATE setting SET value = 99 WHERE name = 'oldest'");
    $nginx->{cold} = 1;
    $nginx->start;
    $nginx->wait_for(sub { lines($nginx, 'error') });

    pages_go_on($nginx, 'newer');
    comments_are_refused($nginx, 'newer', $token);
    sleep 1;
    pages_go_on($nginx, 'still newer');
    one_line($nginx, 'newer', qr/schema 99 is newer than this module/);

    system(Social::sqlite($path), "PRAGMA user_version = $version");
    is_back($nginx, 'newer');

    $nginx->stop;
    $nginx->quiet('the store can(?:not)? be');

    return;
}


sub full {
    my $nginx = make(stopped => 1, cold => 1,
                     site => 'store sqlite:DIR/full/blog.db;');
    my $disk = $nginx->dir . '/full';

    mkdir $disk;

    SKIP: {
        skip 'a full disk needs root', 1
            if $> != 0
            || system("mount -t tmpfs -o size=1m,mode=0777 none '$disk' "
                      . '2>/dev/null') != 0;

        eval {
            full_disk($nginx, $disk);
            1;
        } or diag $@;

        $nginx->stop;
        system('umount', $disk);
        $nginx->quiet('the store can(?:not)? be');
    }

    return;
}


sub full_disk {
    my ($nginx, $disk) = @_;

    $nginx->start;
    $nginx->wait_for(sub { -e "$disk/blog.db" });
    my $token = token($nginx, '/posts/bread/');
    is comment($nginx, $token)->{status}, 303, 'full: a comment before';

    system("dd if=/dev/zero of='$disk/filler' bs=4k 2>/dev/null");

    $nginx->wait_for(sub { comment($nginx, $token)->{status} == 503 });
    comments_are_refused($nginx, 'full', $token);
    pages_go_on($nginx, 'full');
    is share($nginx, $token), 303, 'full: shares go on';
    sleep 0.5;
    one_line($nginx, 'full', qr/cannot be written.*full/);

    unlink "$disk/filler";
    is_back($nginx, 'full');
    is shares($nginx), 1, 'full: the share is saved afterwards';

    return;
}


# a slow disk, then one that hangs

sub slow {
    my $lib = File::Temp->newdir;

    if (system("cc -shared -fPIC -o '$lib/slow.so' "
               . "'$FindBin::Bin/lib/slow_sync.c' -ldl 2>/dev/null") != 0)
    {
        note 'no compiler, no slow disk';
        return;
    }

    local $ENV{SLOW_SYNC} = "$lib/msec";
    local $ENV{LD_PRELOAD} = join ' ', $ENV{LD_PRELOAD} // (),
        "$lib/slow.so";
    chmod 0755, "$lib";
    my $pace = sub {
        open my $fh, '>', "$lib/msec" or die $!;
        print $fh $_[0];
        close $fh;
    };

    my $nginx = make(workers => 1, http => 'social_site other {'
        . 'store sqlite:DIR/store/other.db; article ~ ^/other/; limit off;'
        . 'comments open; }',
        server => 'location ^~ /other/ { social other; }'
            . 'location ^~ /_other/ { social_api other; }');
    my $token = token($nginx, '/posts/bread/');
    comment($nginx, $token);

    $pace->(400);

    # pages are read while a comment waits for the disk

    my $pid = fork // die $!;
    if ($pid == 0) {
        my $res = comment($nginx, $token);
        POSIX::_exit($res->{status} == 303 && $res->{took} >= 0.4 ? 0 : 1);
    }

    pages_go_on($nginx, 'slow');
    waitpid $pid, 0;
    is $?, 0, 'slow: a comment waits for the disk and is saved';
    is scalar(lines($nginx, 'error')), 0, 'slow: nothing is logged';

    $pace->(6500);
    $pid = fork // die $!;
    if ($pid == 0) {
        my $res = comment($nginx, $token);
        POSIX::_exit($res->{status} == 503 ? 0 : 1);
    }

    sleep 0.5;
    pages_go_on($nginx, 'hanging');
    is share($nginx, $token), 303, 'hanging: shares go on';
    waitpid $pid, 0;
    is $?, 0, 'hanging: a comment is refused after some seconds';
    comments_are_refused($nginx, 'hanging', $token);
    one_line($nginx, 'hanging', qr/no answer for 5 seconds/);

    $pace->(0);
    $nginx->wait_for(sub { ends($nginx) }, 15);
    is_back($nginx, 'hanging');

    $nginx->stop;
    $nginx->quiet('the store can(?:not)? be');

    return;
}


# each part has an nginx of its own; three run at a time

my %parts = (locked => \&locked, unwritable => \&unwritable,
             corrupted => \&corrupted, deleted => \&deleted,
             newer => \&newer, full => \&full, slow => \&slow);

if (@ARGV) {
    $parts{$_}->() for @ARGV;
    done_testing;
    exit;
}

my $out = File::Temp->newdir;
my @names = qw(slow locked newer corrupted unwritable deleted full);
my (%running, %failed);

while (@names || %running) {
    while (@names && keys %running < 3) {
        my $name = shift @names;
        my $pid = fork // die "fork: $!";

        if ($pid == 0) {
            open STDOUT, '>', "$out/$name";
            open STDERR, '>&', \*STDOUT;
            exec $^X, $0, $name;
            die;
        }

        $running{$pid} = $name;
    }

    my $pid = wait;
    my $name = delete $running{$pid} // next;
    my $status = $?;
    open my $fh, '<', "$out/$name";
    is $status, 0, $name or diag do { local $/; <$fh> };
}

done_testing;
