#!/usr/bin/perl

# A site behind a proxy that strips a path: `origin` holds the path, and every
# address on every page of the module leads back through the proxy.  Here the
# proxy is a server of the same nginx.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use HTTP::Tiny ();
use Social;
use Social::Api;
use Test::More;


my $port = Social::free_port();
my $public = "http://127.0.0.1:$port";
my $key = '/posts/a%20b/';

my $nginx = Social->new(
    workers => 1,
    files => { 'posts/a b/index.html' => page('Bread'),
               'privacy/index.html' => page('Privacy') },
    site => "origin HTTP://127.0.0.1:$port/My/Blog; article /posts/;"
        . 'comments first; reactions on; privacy /privacy/; share x copy;',
    servers => <<"END",
        server {
            listen 127.0.0.1:$port;
            location /My/Blog/ {
                proxy_pass http://localhost/;
                proxy_set_header Host \$host;
            }
        }
END
    http => '',
    stopped => 1,
);

# the site's own port is known only now

$nginx->{servers} =~ s{http://localhost/}{http://127.0.0.1:$nginx->{port}/};
$nginx->configure;
$nginx->start;

my $agent = HTTP::Tiny->new(max_redirect => 0, agent => $Social::BROWSER,
                            keep_alive => 0, timeout => 20);
my (%jar, %asked);


# a request as a browser sends it: cookies only below their path

sub visit {
    my ($method, $path, $fields, %headers) = @_;

    $path =~ s/#.*//;

    my @cookies = map { "$_=$jar{$_}{value}" }
        grep { index($path, $jar{$_}{path}) == 0 } sort keys %jar;

    my $res = $agent->request($method, $public . $path, {
        headers => {
            Accept => 'text/html',
            Origin => $public,
            Authorization => 'Basic am86cHc=',
            @cookies ? (Cookie => join '; ', @cookies) : (),
            $fields ? ('Content-Type' => 'application/x-www-form-urlencoded')
                    : (),
            %headers,
        },
        $fields ? (content => Social::form($fields)) : (),
    });

    my $set = $res->{headers}{'set-cookie'} // [];

    for my $line (ref $set ? @$set : $set) {
        my ($name, $value) = $line =~ /^([^=]+)=([^;]*)/;
        my ($below) = $line =~ /; Path=([^;]*)/;
        $jar{$name} = { value => $value, path => $below };
    }

    return $res;
}


sub decode {
    my ($text) = @_;

    $text =~ s/&#(\d+);/chr $1/ge;
    $text =~ s/&quot;/"/g;
    $text =~ s/&amp;/&/g;

    return $text;
}


# every address of a page: what it links, loads and sends forms to

sub addresses {
    my ($html) = @_;

    return grep { $_ ne '' && !/^[?#]/ } map { decode($_) }
        $html =~ /\s(?:href|src|action|formaction)="([^"]*)"/g;
}


# the page's own addresses begin with the path, and there is something behind
# each of them

sub leads_back {
    my ($name, $res) = @_;

    my @all = addresses($res->{content});
    my @site = grep { !m{^https?://} } @all;

    is $res->{status}, 200, "$name: is there";
    isnt scalar(@site), 0, "$name: has addresses";
    is join(' ', grep { !m{^/My/Blog/(?!My/)} } @site), '',
        "$name: all of them are below the path";

    for my $path (grep { !$asked{$_}++ } @site) {
        my $answer = visit('GET', $path);
        my $status = $answer->{status};

        like $answer->{headers}{'cache-control'}, qr/immutable/,
            "$name: $path is kept" if $path =~ /\?v=/;

        # 400, 405: an address of a form, which wants a POST or fields

        like $status, qr/^(?:200|303|400|405)$/, "$name: $path leads somewhere";
    }

    return $res->{content};
}

sub field {
    my ($html, $name) = @_;

    my ($value) = $html =~ /name="$name" value="([^"]*)"/;

    return decode($value // '');
}


# an article, and the forms in it

my $html = $nginx->wait_for(sub {
    my $got = visit('GET', "/My/Blog$key")->{content};
    $got =~ /name="token"/ ? $got : undef;
});

$html = leads_back('article', visit('GET', "/My/Blog$key"));

my %form = (article => field($html, 'article'), token => field($html, 'token'));

is $form{article}, '/posts/a b/', 'the key is as nginx sees it';
like $html, qr{data-social="/posts/a b/"}, 'data-social, too';
like $html, qr{<a href="/My/Blog/privacy/">}, 'the link to the privacy text';

my $res = visit('POST', '/My/Blog/_social/share', { %form, network => 'x' });

is $res->{status}, 303, 'a share';
like $res->{headers}{location},
    qr{http%3A%2F%2F127\.0\.0\.1%3A$port%2FMy%2FBlog%2Fposts%2Fa%2520b%2F},
    'the address that is shared is public';

for my $try (['share', { network => 'copy' }], ['reactions', {}]) {
    $res = visit('POST', "/My/Blog/_social/$try->[0]",
                 { %form, %{ $try->[1] } });
    is $res->{headers}{location}, "/My/Blog$key", "$try->[0]: back to the page";
}


# a comment: its writer is led to it, and knows it again by a cookie

my %text = (name => 'Ann', text => 'Good bread');

$res = visit('POST', '/My/Blog/_social/comments', { %form, %text });
is $res->{status}, 303, 'a comment that waits for approval';

my $own = $res->{headers}{location};
my ($id) = $own =~ m{^/My/Blog/_social/comments/(\w+)$};

ok $id, 'its writer is sent to it';
is $jar{social_me_blog}{path}, '/My/Blog/_social/',
    "the commenter's cookie is for the public path";

$html = leads_back('own comment', visit('GET', $own));
like $html, qr/Good bread/, 'the writer sees it';

$res = visit('POST', "$own/edit", { %form, text => 'Better bread' });
is $res->{headers}{location}, $own, 'after an edit: back to it';

leads_back('mine', visit('GET', '/My/Blog/_social/mine'));


# what was refused can be sent again

$res = visit('POST', '/My/Blog/_social/comments',
             { %form, %text, website => 'no address' });
is $res->{status}, 422, 'a comment with a wrong website';

my ($again) = $res->{content} =~ /<form[^>]* action="([^"]*)"/;
is $again, '/My/Blog/_social/comments', 'the page of the error sends it again';
like $res->{content}, qr{<a href="/My/Blog\Q$key\E">}, 'and leads back';


# the moderator

$html = leads_back('moderation', visit('GET', '/My/Blog/_moderate/'));
is $jar{social_author_blog}{path}, '/My/Blog/',
    "the author's cookie is for the whole public site";

my $page = '/My/Blog/_moderate/?state=held';

$res = visit('POST', '/My/Blog/_moderate/',
             { id => $id, action => 'approve', revision => 9 },
             Referer => $public . $page);
is $res->{headers}{location}, $page, 'approved, and back to the same list';

leads_back('moderation of approved comments',
           visit('GET', '/My/Blog/_moderate/?state=approved'));

$res = visit('GET', $own);
is $res->{headers}{location} // "/My/Blog$key#comment-$id",
    "/My/Blog$key#comment-$id", "an approved comment's address";

leads_back('article with a comment', visit('GET', "/My/Blog$key"));
leads_back('thread', visit('GET', '/My/Blog/_social/thread?article='
                                  . Social::encode('/posts/a b/')));


# figures

leads_back('status', visit('GET', '/My/Blog/social?period=all'));

my $doc = $nginx->wait_for(sub {
    my $status = $nginx->get('/social?format=json&period=all')->{json};
    @{ $status->{articles} // [] } ? $status : undef;
});

is $doc->{articles}[0]{url}, "/My/Blog$key", 'status: the address of an article';
is $doc->{articles}[0]{key}, '/posts/a b/', 'its key is as nginx sees it';


# who may send a form: scheme and host count

is visit('POST', '/My/Blog/_social/reactions', { %form },
         Origin => "$public/My/Blog")->{status}, 403,
    'an Origin header has no path';
is visit('POST', '/My/Blog/_social/reactions', { %form },
         Origin => 'http://127.0.0.2')->{status}, 403, 'another host';


# counts: a theme writes the address as readers see it

for my $link ('/posts/a%20b/', '/My/Blog/posts/a%20b/',
              "$public/My/Blog/posts/a%20b/index.html")
{
    my $res = visit('GET', '/My/Blog/_social/counts?'
                           . Social::form({ article => $link }));

    like $res->{content}, qr/"comments":\d/, "counts finds $link";
}


$nginx->quiet;
done_testing;
