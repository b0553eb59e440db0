#!/usr/bin/perl

# Values that no form sends: numbers out of range, wrong types and repeated
# parameters in every address that takes one; titles that are cut; texts in
# pages of other encodings.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP ();
use Social;
use Social::Api;
use Test::More;


my $emoji = "\x{1f600}";
my %title = map { ("/posts/title$_/" => 'x' x $_ . $emoji x 1500) } 0 .. 4;
my @charsets = qw(shift_jis gbk gb18030 big5 euc-jp euc-kr koi8-r windows-1252
                  iso-8859-8 x-user-defined);
my @unsafe = qw(utf-16le iso-2022-jp hz-gb-2312 utf-7);

sub bytes { my ($text) = @_; utf8::encode($text); return $text }

sub in_charset { return page('Words') =~ s/utf-8/$_[0]/r }

my $nginx = Social->new(
    files => {
        'posts/a/index.html' => page('A page'),
        (map { (substr("${_}index.html", 1) => page(bytes($title{$_}))) }
            keys %title),
        (map { ("posts/$_/index.html" => in_charset($_)) }
            @charsets, @unsafe),
    },
    site => "article ~ ^/posts/;\ncomments open;\nreactions on;",
);

my $key = '/posts/a/';
my $token = $nginx->token($key);
my %ann;

comment($nginx, article => $key, token => $token, name => 'Ann', jar => \%ann,
        text => "Text $_") for 1 .. 120;

my @workers = sort $nginx->workers;


# A17, A18, A38: parameters of addresses

my @values = ('-1', '0', '-99999999999999999999', '99999999999999999999',
    '18446744073709551616', '9223372036854775807', '4294967296', '2147483648',
    '1e9', '0x10', '1.5', '+1', '%201', '1%20', '', 'NaN', 'null', 'true', '[]',
    '%00', '%ff', '%E2%80%AE', '%C0%AE', "'", '%22', '%25', '%', '%0d%0aX:y',
    '..%2f..', 'c0', 'c-1', 'c99999999999999999999', 'c1%00', 'c1;c2', '*',
    "1%27%20OR%201=1", '${jndi:x}', '%s%n', 'x' x 3000);

my %basic = %{ Social::basic('jo') };
my @places = (
    [ "/_social/comments?article=$key&limit=" ],
    [ "/_social/comments?article=$key&after=" ],
    [ '/_social/comments?limit=2&article=' ],
    [ "/_social/thread?article=$key&page=" ],
    [ '/_social/thread?article=' ],
    [ '/_social/counts?article=' ],
    [ '/_social/mine?after=' ],
    [ '/_social/comments/' ],
    [ '/_social/feed.atom?article=' ],
    [ '/_social/widget.js?v=' ],
    (map { [ "/_moderate/?$_=", \%basic ] } qw(state q article after format
                                               changed)),
    (map { [ "/social?$_=" ] } qw(period from to article sort dir q limit page
                                  format class)),
    (map { [ "/social?format=json&$_=" ] } qw(limit page sort dir article)),
);

for my $place (@places) {
    my ($path, $headers) = @$place;
    my (@wrong, %status);

    for my $value (@values, map { "1&$_" } ($path =~ /(\w+=)$/) x 1) {
        next if $path =~ m{/\z} && $value =~ /\.\./;    # another address

        my $res = $nginx->get("$path$value", headers => $headers // {});
        my $n = () = $res->{content} =~ /id="comment-c\d+"|"id":"c\d+"/g;

        $status{$res->{status}}++;
        push @wrong, "$value: $res->{status} $n " . length $res->{content}
            if $res->{status} !~ /^(?:200|303|304|400|404|409|414|422)$/
               || $n > 100 || length $res->{content} > 1 << 20
               || ($res->{headers}{x} // '') ne ''
               || $res->{headers}{'content-type'} =~ /json/ && !$res->{json}
               || $res->{content} =~ m{sqlite|errno|SQL|/tmp/|\.c:\d|0\.\d\.0}i;
    }

    is "@wrong", '', "A18: $path answers " . join ' ', sort keys %status;
}


# ... and in the fields of forms

my %posts = (
    comments => { article => $key, token => $token, name => 'Ann',
                  text => 'Hello', website => '', parent => '', subject => '' },
    reactions => { article => $key, token => $token },
    share => { article => $key, token => $token, network => 'mastodon',
               instance => 'e.org', via => 'link' },
    views => { article => $key, token => $token, seen => 'thread' },
    preview => { article => $key, token => $token, text => 'x' },
    'comments/c1/edit' => { text => 'x', article => $key, token => $token },
    'comments/c1/report' => { article => $key, token => $token },
);

for my $route (sort keys %posts) {
    for my $name (sort keys %{ $posts{$route} }) {
        my @wrong;

        for my $value (@values) {
            my $raw = Social::form({ map { $_ => $posts{$route}{$_} }
                grep { $_ ne $name } keys %{ $posts{$route} } })
                . "&$name=$value";

            for my $body ($raw, "$raw&$name=$value") {
                my $res = $nginx->request('POST', "/_social/$route",
                    content => $body, jar => { %ann }, headers => {
                    'Sec-Fetch-Site' => 'same-origin', 'Content-Type' =>
                        'application/x-www-form-urlencoded' });
                my $place = $res->{headers}{location} // '/';

                push @wrong, "$value: $res->{status} $place"
                    if $res->{status} >= 500
                       || $body ne $raw && $res->{status} != 400
                       || defined $res->{headers}{x}
                       || $route ne 'share' && $place !~ m{^/(?!/)}
                       || $place =~ /[\r\n]/;
            }
        }

        is "@wrong", '', "A18: $route, $name: refused or taken; twice: 400";
    }
}

# moderation, where one wrong value would change a lot

for my $body ('action=approve', 'action=approve&id=', 'id=c1',
    'action=&id=c1', 'action=approve&action=spam&id=c1', 'action=APPROVE&id=c1',
    'action=approve&id=*', 'action=approve&id=c1,c2', 'action=spam&id=c1%00',
    'action=spam&id=c-1', 'action=spam&id=1', 'action[]=spam&id[]=c1',
    'action=edit&id=c1', 'action=edit&id=c1&id=c2&text=x', 'action=reply&id=c1',
    'action=edit&id=c1&text=', 'action=spam&id=c1&revision=-1',
    'action=spam&id=c1&revision=99999999999999999999',
    'action=spam&id=c1&revision=1&revision=1', 'action=move&id=c1',
    'action=ban', 'action=delete&all=1', 'action=erase&state=all')
{
    my $before = $nginx->queue('?format=json&state=all')->{content};
    my $res = $nginx->request('POST', '/_moderate/', content => $body,
        headers => { %basic, 'Sec-Fetch-Site' => 'same-origin',
            'Content-Type' => 'application/x-www-form-urlencoded' });

    like $res->{status}, qr/^4\d\d$/, "A17: moderation refuses $body";
    is $nginx->queue('?format=json&state=all')->{content}, $before,
        '... and nothing has changed';
}

is "@{[ sort $nginx->workers ]}", "@workers", 'no worker was lost';


# A04: a title is cut between characters

for my $page (sort keys %title) {
    $nginx->get($page);
    $nginx->wait_for(sub {
        my ($one) = @{ $nginx->status(period => 'all', article => $page)
                       ->{articles} // [] };
        ($one // {})->{title} });

    my ($one) = grep { $_->{key} eq $page }
        @{ $nginx->status(period => 'all', limit => 1000)->{articles} };
    my $shown = $one->{title};

    ok length($shown) > 20 && length($shown) < 1000, "A04: $page: a title";
    is $shown =~ s/(?:\x{2026}|\.\.\.)\z//r,
        substr($title{$page}, 0, length($shown =~ s/(?:\x{2026}|\.\.\.)\z//r)),
        'A04: its beginning, to the end of a character';
}


# A09: pages in other encodings

my $text = "<b>\x1b\$B<x>\x1b(B \x0e<x>\x0f ~{<x>~} +ADw-script+AD4- \\\x{5c}x"
    . " \x{ff1c}x\x{ff1e} \x{a5}\x{203e} \x{fffd}\x{4e8} \x{80}\x{8e}<x>";

for my $charset (@charsets) {
    my $page = "/posts/$charset/";

    is comment($nginx, article => $page, token => $nginx->token($page),
        name => "~{<\x{445}~}", text => $text)->{status}, 201,
        "A09: $charset: a comment";

    my $html = $nginx->get($page)->{content};
    my ($widget) = $html =~ m{(<section data-social.*</section>)}s;

    is scalar(() = ($widget // "\0") =~ /[^\n -~]/g), 0,
        "A09: $charset: the widget is printable ASCII";
    is scalar(grep { !/accept-charset="utf-8"/ } $widget =~ /<form[^>]*>/g), 0,
        "A09: $charset: each form sends UTF-8";
    is $html =~ s{<section data-social.*</section>}{}sr, in_charset($charset),
        "A09: $charset: the page is as it was";
}

unlike $nginx->get("/posts/$_/")->{content}, qr/data-social/,
    "A09: $_: no widget, as ASCII may mean something else there" for @unsafe;


$nginx->stop;
$nginx->quiet;

done_testing;
