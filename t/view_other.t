#!/usr/bin/perl

# An address whose answer was no page skips what an article needs.  The debug
# log tells that it did; nothing else may show it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch without_widget);
use Social;
use Test::More;


my $built = `${\ ($ENV{SOCIAL_NGINX} || '/usr/sbin/nginx')} -V 2>&1`;

plan skip_all => 'this nginx has no debug log' if $built !~ /--with-debug/;

my $page = '<!doctype html><title>A page</title><body><article><p>Text.</p>'
    . '</article></body>';

my $nginx = Social->new(
    workers => 1,
    level   => 'debug',
    site    => "article ~ ^/posts/;\n        goal read = /posts/goal.txt;\n",
    http    => 'types { text/html html; text/css css; text/plain txt; }',
    server  => <<'END',
        log_not_found off;
        location = /posts/both { proxy_pass http://unix:DIR/app.sock:; }
END
    servers => <<'END',
    server {
        listen unix:DIR/app.sock;
        root DIR/html;
        social off;
        if ($http_accept ~ html) { rewrite ^ /posts/page.html break; }
        rewrite ^ /posts/style.css break;
    }
END
    files => {
        'posts/style.css' => 'p { color: red }', 'posts/page.html' => $page,
        'posts/goal.txt' => 'read', 'posts/query.txt' => 'text',
    },
);


# the answer to a GET, and whether the article was not looked for

sub ask {
    my ($path, %headers) = @_;

    my $before = length $nginx->error_log;
    my $answer = fetch($nginx->port, $path, headers => {
        'User-Agent' => $Social::BROWSER, %headers });
    my $log = substr $nginx->error_log, $before;

    return ($answer, $log =~ /social article: not looked for/ ? 1 : 0);
}

sub skipped { return (ask(@_))[1] }


is skipped('/posts/style.css'), 0, 'the first answer of an address is not known';
is skipped('/posts/style.css'), 1, 'then the article is not looked for';
is skipped('/posts/style.css?v=2'), 0, 'another query is another address';
is skipped('/posts/style.css?v=2'), 1, '... and is remembered, too';

for ([ 'If-None-Match', '"x"' ], [ 'Range', 'bytes=0-1' ],
     [ 'If-Modified-Since', 'Thu, 01 Jan 1970 00:00:00 GMT' ])
{
    my ($name, $value) = @$_;

    is skipped('/posts/style.css', $name => $value), 0,
        "$name is looked at, it may be that of a page";
}

is skipped('/posts/missing.css'), 0, 'an address that is missing';
is skipped('/posts/missing.css'), 0, '... is not remembered';
is skipped('/posts/page.html'), 0, 'a page';
is skipped('/posts/page.html'), 0, '... is not remembered';


# an address with two answers

my @text = (Accept => 'text/css');
my @html = (Accept => 'text/html');

is skipped('/posts/both', @text), 0, 'an address that answers with a text';
is skipped('/posts/both', @text), 1, '... is remembered';

my ($answer, $skipped) = ask('/posts/both', @html);
my ($rest, $widgets) = without_widget($answer->{body});

is $skipped, 1, 'then it answers with a page';
is $widgets, 1, '... which has its widget';
is $rest, $page, '... and is unchanged';

($answer, $skipped) = ask('/posts/both', @html);
($rest, $widgets) = without_widget($answer->{body});

is $skipped, 0, '... and has it from the beginning next time';
is "$widgets $rest", "1 $page", '... too';

my $views = sub {
    my ($article) = grep { $_->{key} eq $_[0] }
        @{ $nginx->status(period => 'all')->{articles} };
    return $article ? $article->{views} : undef;
};

is $views->('/posts/both'), 2, 'both pages were counted';
is $views->('/posts/style.css'), undef, 'what is no page was not';


# a goal is one whatever its answer is

is skipped('/posts/goal.txt'), 0, 'a goal that is no page';
is skipped('/posts/goal.txt'), 0, '... is looked for each time';

my @goals = $nginx->events(event => 'goal');
is "@{[ map { $_->{state} } @goals ]}", 'new repeat', '... and counted once';

$nginx->stop;
$nginx->quiet;

done_testing;
