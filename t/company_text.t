#!/usr/bin/perl

# Comments are plain text to the modules that process a page after this one: no
# SSI command in a comment is run, and no comment matches before what a site's
# sub_filter looks for.  This holds for every answer: page, thread, list, feed,
# error, preview, status, moderation.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Company qw(has module_file);
use Page qw(fetch without_widget);
use Social;
use Test::More;


my $secret = 'what only SSI can read';
my $page = '<!DOCTYPE html><html lang="en"><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';
my $xhtml = '<?xml version="1.0"?><!DOCTYPE html><html lang="en" xml:lang="en">'
    . '<head><title>T</title></head><body><article><p>text</p></article>'
    . '</body></html>';
my $koi = "<html><body><article>\xf0\xd2\xc9\xd7\xc5\xd4</article></body></html>";

# every way to write an SSI command: with both kinds of quotes and with none

my @commands = (
    '<!--# include virtual="/secret.txt" -->',
    "<!--#include virtual='/secret.txt' -->",
    '<!--#include virtual=/secret.txt -->',
    '<!--#echo var="secret" encoding="none" -->',
    "<!--#echo var='secret' encoding='none' -->",
);
my $all = join "\n\n", @commands;
my $xslt = module_file('xslt_filter');

my $nginx = Social->new(
    main => $xslt ? "load_module $xslt;" : '',
    site => 'article ~ .;',
    http => <<'END',
    types { text/html html; text/plain txt; }
    map $uri $secret { default "what only SSI can read"; }
    charset_map koi8-r utf-8 { F0 D09F; D2 D180; C9 D0B8; D7 D0B2; C5 D0B5;
                               D4 D182; }
END
    server => <<'END',
    ssi on;
    ssi_types *;
    location /posts/  { }
    location /koi/    { charset utf-8; source_charset koi8-r;
                        charset_types *; }
    location /any/    { ssi on; ssi_types *; alias DIR/html/posts/; }
END
    servers => (has('sub') ? <<'END' : '') . ($xslt ? <<'END2' : ''),
    server {
        listen unix:DIR/sub.sock;
        root DIR/html;
        social blog;
        sub_filter '</body>' '<i>of the site</i></body>';
        sub_filter 'word' 'term';
    }
END
    server {
        listen unix:DIR/xslt.sock;
        root DIR/html;
        social blog;
        location / {
            social off;
            xslt_types text/html;
            xslt_stylesheet DIR/html/copy.xslt;
        }
    }
END2
    files => {
        'posts/a/index.html' => $page, 'posts/s/index.html' => $page,
        'posts/x/index.html' => $xhtml,
        'koi/k.html' => $koi, 'secret.txt' => $secret,
        'copy.xslt' => '<xsl:stylesheet version="1.0" xmlns:xsl='
            . '"http://www.w3.org/1999/XSL/Transform"><xsl:output '
            . 'method="html"/><xsl:template match="@*|node()"><xsl:copy>'
            . '<xsl:apply-templates select="@*|node()"/></xsl:copy>'
            . '</xsl:template></xsl:stylesheet>',
    },
);
my $port = $nginx->port;
my $key = '/posts/a/';


# SSI is on in this configuration

$nginx->file('any.html', $commands[0], 3600);
is fetch($port, '/any.html')->{body}, $secret, 'SSI commands in files are run';


# an answer without any SSI command

sub inert {
    my ($name, $answer) = @_;

    unlike $answer->{content}, qr/\Q$secret\E/, "$name: nothing was run";
    unlike $answer->{content}, qr/<!--\s*#/, "$name: no command in the answer";
    unlike $answer->{content}, qr/an error occurred/, "$name: no SSI error";

    return $answer;
}


# SSI commands in every field of a comment

sub comment {
    my ($article, %fields) = @_;

    return $nginx->post('comments', { article => $article, parent => '',
        token => $nginx->token($article), name => 'Ann', website => '',
        %fields });
}

inert('a website of commands', my $res = comment($key, text => $all,
    website => "https://example.org/?$commands[2]"));
is $res->{status}, 422, 'a website with an SSI command is refused';

$res = comment($key, text => $all, name => $commands[4]);

is $res->{status}, 303,
    'a comment of SSI commands is accepted' or diag $res->{content};

for my $n (0 .. $#commands) {
    is comment($key, name => substr($commands[$n], 0, 60),
               text => "and `$commands[$n]` and\n\n    $commands[$n]\n")
        ->{status}, 303, "another one is accepted, $n";
}

my %paths = (
    page => $key,
    thread => "/_social/thread?article=$key",
    list => "/_social/comments?article=$key",
    feed => '/_social/feed.atom',
    'feed of the article' => "/_social/feed.atom?article=$key",
    comment => '/_social/comments/c1',
    figures => '/social',
    'figures as JSON' => '/social?format=json',
    'status filtered by a command' => '/social?q=' . Social::encode($all),
    'an unknown article' => '/_social/thread?article='
        . Social::encode("/posts/$commands[1]/"),
    'an unknown route' => '/_social/' . Social::encode($commands[1]),
);

my %answer = map { ($_ => inert($_, $nginx->get($paths{$_}))) } sort keys %paths;

like $answer{page}{content}, qr/&lt;!--# include virtual=&quot;\/secret.txt&quot; --&gt;|&lt;!--# include virtual="\/secret.txt" --&gt;|&#60;!--# include/,
    'a command is shown as typed';
is $answer{list}{json}{comments}[1]{name}, $commands[0],
    'a name in the list is unchanged';

inert('moderation', $nginx->queue('?state=approved'));
inert('moderation as JSON', my $queue = $nginx->queue(
    '?state=approved&format=json'));
like $queue->{content}, qr/u003c!--#/, 'the text is in the document, escaped';

inert('preview', $nginx->post('preview', { text => $all }));
inert('preview as JSON', $nginx->post_json('preview', { text => $all }));

# refused comments, which show what was typed

inert('a refused form', my $refused = $nginx->post('comments', {
    article => $key, token => 'x', parent => '', website => $commands[1],
    name => $commands[1], text => $all }));
is $refused->{status}, 403, 'the form was refused';
like $refused->{content}, qr/<textarea[^>]*>\n?&lt;!--# include/,
    'a refused form keeps the typed text';
inert('a refused JSON document', $nginx->post_json('comments', {
    article => $key, token => "$commands[1]", text => $all, name => 'x' }));


# URLs that contain an SSI command, which the site answers with a page

my $strange = '/any/' . Social::encode('<!--#echo var=secret encoding=none -->')
    . '/../a/';
inert('a strange address', $nginx->get($strange));

my $name = "<!--#echo var='secret' encoding='none' -->";
$nginx->file("posts/$name/index.html", $page, 3600);
my $odd = '/posts/' . Social::encode($name) . '/';

inert('a URL with an SSI command', $nginx->get($odd)) for 1 .. 2;
like $nginx->get($odd)->{content}, qr/data-social="[^"]*&lt;!--#echo var/,
    'it is an article';
inert("its status as $_", $nginx->get("/social?format=$_"))
    for qw(html json);
is $nginx->status(q => '<!--#')->{articles}[0]{key}, "/posts/$name/",
    'the article is on the status page';


# charset: the widget is ASCII, so recoding the page does not change it

is comment('/koi/k.html', text => "\xd0\x9f\xd1\x80\xd0\xb8")->{status}, 303,
    'a comment beyond ASCII is accepted';

my ($rest, $widgets, $run) = without_widget(fetch($port, '/koi/k.html')->{body});

is $widgets, 1, 'charset: one widget';
is $rest, "<html><body><article>\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82"
    . '</article></body></html>', 'charset: the page is recoded';
like $run, qr/&#1055;&#1088;&#1080;/, 'charset: the widget has the comment';
unlike $run, qr/[^\x00-\x7f]/, 'charset: the widget is ASCII';


# sub_filter

sub over {
    my ($name, $path) = @_;

    my $socket = IO::Socket::UNIX->new(Peer => $nginx->dir . "/$name.sock")
        // die "$name: $!";

    print $socket "GET $path HTTP/1.0\r\nHost: localhost\r\n\r\n";
    local $/;

    return scalar <$socket>;
}

SKIP: {
    skip 'no sub_filter', 4 if !has('sub');

    is comment('/posts/s/', text => 'a word, </body> and </BODY>')->{status},
        303, 'a comment that looks like the end of the page';

    my $body = over('sub', '/posts/s/');
    my $times = () = $body =~ /of the site/g;

    is $times, 1, 'sub_filter replaces once';
    like $body, qr{</section></article><i>of the site</i></body></html>\z},
        'at the end of the page, not in the comment';
    like $body, qr{a term, &lt;/body&gt;},
        'it also replaces plain words in comments';
}


# The widget is not XML, which xslt needs: such a location has "social off".

SKIP: {
    skip 'no xslt', 2 if !$xslt;

    my $body = over('xslt', '/posts/x/');

    like $body, qr{^HTTP/1.1 200 }, 'xslt: the page is served';
    like $body, qr{<p>text</p>}, 'xslt: with its text';
}

$nginx->stop;
$nginx->quiet;

done_testing;
