#!/usr/bin/perl

# What must not appear in a log makes a test fail: alarms, crashes and reports
# of sanitizers; in quiet(), or at the end of a test that did not call it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Test2::API qw(intercept);
use Test::More;


my $nginx = Social->new;

$nginx->wait_for(sub { $nginx->workers == 2 });


sub logged {
    my (@lines) = @_;

    open my $fh, '>', $nginx->dir . '/logs/error.log' or die $!;
    print $fh "2030/01/01 00:00:00 [notice] 1#1: start worker process 2\n",
        map { "$_\n" } @lines;
    close $fh;

    return;
}


# does quiet() pass?

sub quiet {
    my (@expected) = @_;

    # do not keep what is expected here for later calls
    local $nginx->{expected} = [];

    my $events = intercept { $nginx->quiet(@expected) };
    my ($said) = grep { $_->isa('Test2::Event::Ok') } @$events;

    return $said->pass;
}


my $line = '2030/01/01 00:00:00 [%s] 3#3: *7 %s';
my $alert = sprintf $line, 'alert', 'zero size buf in writer';

my @reports = (
    '==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x61',
    'src/http/ngx_http_social_x.c:7:9: runtime error: index 9 out of bounds',
    'WARNING: ThreadSanitizer: data race (pid=7)',
    sprintf($line, 'alert', 'worker process 3 exited on signal 11'),
    sprintf($line, 'alert', 'worker process 3 exited on signal 6 (core dumped)'),
);

logged(map { sprintf $line, $_, 'as it should be' }
       qw(debug info notice warn));
ok quiet(), 'notices and warnings pass';

for my $level (qw(emerg alert crit error)) {
    logged(sprintf $line, $level, 'something is wrong');
    ok !quiet(), "[$level] fails";
    ok !quiet('something else'), "[$level] fails if another one is expected";
    ok quiet('something is wrong'), "[$level] passes if it is expected";
}

logged(sprintf $line, 'notice', 'worker process 3 exited with code 1');
ok !quiet(), 'a worker that exits with an error fails';
logged(sprintf $line, 'notice', 'worker process 3 exited with code 0');
ok quiet(), 'a worker that exits without one passes';
logged(sprintf $line, 'alert', 'worker process 3 exited on signal 9');
ok quiet('exited on signal 9'), 'a worker that the test killed passes';

for my $report (@reports) {
    logged($report);
    ok !quiet(), $report =~ s/.*\] //r;
    ok !quiet('.'), 'a report fails even if anything is expected';
}


# a crash is seen in the master's log, and a sanitizer reports it

logged();

my ($worker) = $nginx->workers;

kill 'SEGV', $worker;

ok $nginx->wait_for(sub { $nginx->error_log =~ /process $worker exited/ }),
    'a worker crashes';
ok !quiet(), 'a crash fails';

SKIP: {
    skip 'no sanitizer', 1 if Social::Tool::name() !~ /address|thread/;

    like join('', Social::Tool::reports()), qr/Sanitizer.*SEGV/,
        'a sanitizer reports it, too';
}

Social::Tool::forget();

$nginx->stop;
logged();
$nginx->quiet;


# tests that never call quiet()

sub run {
    my ($code) = @_;

    open my $fh, '-|', "$^X -I'$FindBin::Bin/lib' -MSocial -MTest::More -e '"
        . 'my $nginx = Social->new; pass "a test"; sub alert {'
        . 'open my $fh, ">>", $nginx->dir . "/logs/error.log" or die $!;'
        . "print \$fh shift; close \$fh } $code; done_testing' 2>&1"
        or die "perl: $!";
    local $/;
    my $said = <$fh>;
    close $fh;

    return ($?, $said);
}

my ($code, $said) = run('1');
is $code, 0, 'a test without alarms passes';

($code, $said) = run(qq(alert("$alert\\n")));
isnt $code, 0, 'an alarm fails a test that never calls quiet()';
like $said, qr/^ok 1.*nobody expected.*zero size buf/ms, 'the output says why';

($code) = run(qq(\$nginx->quiet; alert("$alert\\n")));
isnt $code, 0, 'an alarm after quiet() fails';

($code) = run(qq(alert("$alert\\n"); \$nginx->quiet("zero size");
                 undef \$nginx));
is $code, 0, 'an expected alarm passes';

($code) = run(qq(alert("$alert\\n"); undef \$nginx));
isnt $code, 0, 'an alarm fails though the object is gone';

($code) = run(qq(alert("$reports[0]\\n"); \$nginx->quiet("Sanitizer")));
isnt $code, 0, 'a report cannot be expected';

done_testing;
