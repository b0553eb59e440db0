#!/usr/bin/perl

# docs/demo/run.sh, as make run starts it: the blog has a past that ended
# yesterday, on the pages and on the status page; what a visitor did is kept;
# an old past makes way only where nobody did more than read; EMPTY and FRESH.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Cwd qw(abs_path);
use File::Temp ();
use HTTP::Tiny ();
use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use POSIX qw(strftime);
use Social;
use Test::More;
use Time::HiRes qw(sleep time);


my $ROOT = abs_path("$FindBin::Bin/..");
my $module = $ENV{SOCIAL_MODULE} // "$ROOT/build/ngx_social_module.so";
my $program = $ENV{SOCIAL_PROGRAM} || "$ROOT/build/ngx-social";

plan skip_all => 'the module is part of nginx' if $module eq 'static';
plan skip_all => 'run.sh starts nginx itself, without valgrind'
    if Social::Tool::name() eq 'valgrind';

my $dir = File::Temp->newdir;
my $port = Social::free_port();
my $http = HTTP::Tiny->new(max_redirect => 0, keep_alive => 0,
                           agent => $Social::BROWSER);
my $pid;

chmod 0755, $dir;
$ENV{SOCIAL_NGINX} = Social::Tool::binary();


sub slurp {
    my ($path) = @_;

    open my $fh, '<:raw', $path or return '';
    local $/;

    return scalar(<$fh>) // '';
}


sub day {
    my ($ago) = @_;

    return strftime('%Y-%m-%d', gmtime(time - $ago * 86_400));
}


# starts the demo, returns what it printed once it serves pages

sub start {
    my (%with) = @_;

    $pid = fork // die "fork: $!";

    if ($pid == 0) {
        %ENV = (%ENV, %with);
        open STDOUT, '>', "$dir/said" or die;
        open STDERR, '>&', \*STDOUT or die;
        exec "$ROOT/docs/demo/run.sh", $module, $program, "$dir/demo", $port
            or die "run.sh: $!";
    }

    my $end = time + 120 * Social::Tool::slow();

    while (get('/')->{status} != 200
           || status()->{status} =~ /^5/)
    {
        die "the demo does not start:\n" . slurp("$dir/said")
            if time > $end || waitpid($pid, 1) != 0;
        sleep 0.05;
    }

    return slurp("$dir/said");
}


sub stop {
    return if !$pid;

    kill 'QUIT', $pid;
    waitpid $pid, 0;
    $pid = undef;

    return;
}

END { local $?; stop() }


sub get {
    my ($path, %headers) = @_;

    return $http->get("http://127.0.0.1:$port$path", { headers => \%headers });
}


# what only the author may see

sub private {
    my ($path) = @_;

    my $password = slurp("$dir/demo/password");
    chomp $password;

    return get($path, Authorization => 'Basic '
        . encode_base64("ruth:$password", ''));
}


sub status {
    my ($query) = @_;

    return private('/social?format=json' . ($query // ''));
}

sub document { return JSON::PP->new->utf8->decode(status(@_)->{content}) }


# a past that ended on the day before yesterday, as if a day had passed since

my $said = start(END => day(2));

like $said, qr/writing 90 days up to @{[ day(2) ]} /, 'a past is written';
like $said, qr{An article +http://127\.0\.0\.1:$port/posts/\S+/$}m,
    'it says what to open';
like $said, qr{Status page +http://127\.0\.0\.1:$port/social$}m,
    'also for the author';

# the pages and the past tell the same

my $doc = document('&period=all');
my ($front) = get('/')->{content};
my @pages = $front =~ m{href="(/posts/[^/"]+/)"}g;

is_deeply [ sort map { $_->{key} } @{ $doc->{articles} } ], [ sort @pages ],
    'the articles of the past are those of the front page';

for my $article (@{ $doc->{articles} }) {
    my $page = get($article->{key}, 'User-Agent' => 'Googlebot/2.1')->{content};
    my ($title) = $page =~ m{<title>(.*?)</title>};
    my ($time) = $page =~ /article:published_time" content="([^+]+)/;

    is "$title, ${time}Z", "$article->{title}, $article->{published}",
        "$article->{key}: title and time are those of the page";
    like $page, qr/<section data-social=/, '... which has a widget';
}

my $newest = strftime('%-d %B %Y', gmtime(time - 3 * 86_400));

like $front, qr/>\Q$newest\E</, 'the last article is of the last day but one';
is +(sort map { $_->{published} } @{ $doc->{articles} })[-1],
    day(3) . 'T07:00:00Z', '... on the status page, too';
like get('/posts/the-conversation-below/')->{content},
    qr/Porridge\. I said I would be first\./, 'a thread is on its page';

stop();


# somebody only read: the next day has a past that ends yesterday

$said = start();

like $said, qr/writing 90 days up to @{[ day(1) ]} /,
    'an old past that nobody used makes way';

# somebody says something

my $page = get('/posts/first-frost/')->{content};
my ($token) = $page =~ /name="token" value="([^"]+)"/;
my $res = $http->post_form("http://127.0.0.1:$port/_social/comments", {
    article => '/posts/first-frost/', token => $token, name => 'A visitor',
    text => 'Here I am.' }, { headers => { 'Sec-Fetch-Site' => 'same-origin' } });

is $res->{status}, 303, 'a comment of a visitor' or diag $res->{content};
like private('/_moderate/')->{content}, qr/Here I am\./,
    '... waits for the author';

stop();

# a day later

open my $fh, '>', "$dir/demo/past" or die;
print $fh day(2), "\n";
close $fh or die;

$said = start();

unlike $said, qr/writing 90 days/, 'what somebody used is kept';
like $said, qr/past of this demo ended on @{[ day(2) ]}; to begin anew/,
    '... and how to begin anew is told';
like private('/_moderate/')->{content}, qr/Here I am\./,
    'the comment is still there';

stop();

$said = start(FRESH => 1);

like $said, qr/writing 90 days up to @{[ day(1) ]} /, 'FRESH=1 begins anew';
unlike private('/_moderate/')->{content}, qr/Here I am\./,
    '... without the comment';

my $readers = document()->{totals}{reader_days};
cmp_ok $readers, '>', 1000, '... with a past';

stop();


# a blog without a past, beside the other one

$said = start(EMPTY => 1);

unlike $said, qr/writing 90 days/, 'EMPTY=1 writes no past';
like $said, qr/Nothing has happened here yet/, '... and says so';
$doc = document();
is_deeply $doc->{articles}, [], 'no article is known';
is $doc->{totals}{views}, 0, 'nobody has read';

get('/posts/first-frost/');
is document()->{totals}{views}, 1,
    'the first view is on the status page at the next look';

stop();

my $log = slurp("$dir/demo/logs/error.log")
    . slurp("$dir/demo/empty/logs/error.log");
unlike $log, qr/\[(?:error|crit|alert|emerg)\]/, 'quiet logs';

done_testing;
