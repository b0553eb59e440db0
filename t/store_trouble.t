#!/usr/bin/perl

# What the log and the admin's pages say of a store that fails: the reason, each
# new reason, the same one after a reload, and the end at the level of the
# beginning, since Debian logs nothing below error.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my $nginx = Social->new(
    cold => 1,
    workers => 1,
    level => 'error',
    files => { 'posts/a/index.html' => page('A') },
    site => 'article /posts/; store sqlite:DIR/store/below/blog.db;',
    server => 'location = /figures { social_status blog; auth_basic "blog";
                                     auth_basic_user_file DIR/users; }',
);
my $below = $nginx->dir . '/store/below';


sub lines {
    return grep { /\[error\].*the store can/ } split /\n/, $nginx->error_log;
}

# asks for pages until there are so many lines

sub lines_are {
    my ($n) = @_;

    $nginx->wait_for(sub {
        $nginx->get('/posts/a/');
        $nginx->get('/social?format=json');
        return lines() >= $n;
    });

    return scalar lines();
}


# nginx made the directory at its start: away with it

$nginx->wait_for(sub { ($nginx->get('/social?format=json')->{status} // 0)
                       == 200 });
system 'rm', '-rf', $below;

my $first = lines_are(1);
ok $first >= 1, 'the directory is deleted: logged';

like +(lines())[0], qr/No such file or directory/, 'the line says why';

sub figures {
    my ($query, %headers) = @_;

    return $nginx->get("/figures$query",
        headers => { Authorization => 'Basic am86cHc=', %headers });
}

unlike $nginx->get('/social', headers => { Authorization => 'Basic am86cHc=' })
    ->{content}, qr/cannot be/, 'a status page without a password: no reason';

my $res = figures('');
is $res->{status}, 503, 'the status page answers 503';
like $res->{content}, qr/the store cannot be \w+: [^<"]+ \(No such file or /,
    'and says the reason';
unlike $res->{content}, qr/\Q@{[ $nginx->dir ]}\E/, 'but no path';

$res = $nginx->request('GET', '/_moderate/',
    headers => { Authorization => 'Basic am86cHc=' });
is $res->{status}, 503, 'the moderation page answers 503, too';
like $res->{content}, qr/the store cannot be/, 'and says it';

my $denied = grep { /Permission denied/ } lines();
is $denied, 0, 'nothing is denied yet';


# somebody makes it again, as the wrong user

mkdir $below, 0555 or die "$below: $!";

ok $nginx->wait_for(sub {
    $nginx->get('/social?format=json');
    grep { /cannot be \w+:.*Permission denied/ } lines();
}), 'the reason changes: it is logged again';

like $nginx->wait_for(sub {
    my $text = figures('')->{content};
    $text =~ /denied/ ? $text : undef;
}) // '', qr/the store cannot be \w+: [^<"]+\(Permission denied\)/,
    'the status page says the new reason';

# the same reason again: silent, however often

my $n = lines();
like figures('?format=json')->{json}{error}{message}, qr/Permission denied/, 'JSON says it, too';

for (1 .. 30) {
    $nginx->post('comments', { article => '/posts/a/', token => '1.x',
                               name => 'Ann', text => 'x' });
}

is scalar(lines()), $n, 'the same reason is not logged again';
unlike $nginx->post('comments', { article => '/posts/a/', token => '1.x',
                                  name => 'Ann', text => 'x' })->{content},
    qr/denied|cannot create/, 'readers are not told';


# a reload: somebody is looking

$nginx->reload;
ok $nginx->wait_for(sub {
    $nginx->get('/social?format=json');
    lines() > $n;
}), 'after a reload it is logged again';


# the end, at the same level

chmod 0777, $below;
ok $nginx->wait_for(sub {
    $nginx->get('/posts/a/');       # a count to be saved
    grep { /the store can be written again/ } lines();
}), 'the end is logged as an error, as the beginning was';

my $health = $nginx->wait_for(sub {
    my $got = $nginx->get('/social?format=json')->{json}{health};
    $got && $got->{store_ok} ? $got : undef;
});
ok $health, 'health: the store works';
is $health->{store_reason}, undef, 'no reason is left';


$nginx->quiet('the store ca', 'deleted or replaced', 'last counts could not');
done_testing;
