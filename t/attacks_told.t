#!/usr/bin/perl

# Hostile comments (t/lib/Hostile.pm) in feeds and notices: a reader of a feed
# finds text and links in them, a chat that is told of a comment gets JSON and
# one sentence; nothing in either is an element or a header of the commenter's.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp ();
use Hostile qw(texts names websites post_many);
use Receiver;
use Social;
use Social::Api;
use Test::More;


my $title = '<script>window.pwned=1</script>]]>"\'{{token}}<!--#echo var=x -->';
my $receiver = Receiver->new;
my $hook = 'http://127.0.0.1:' . $receiver->port . '/hook';

my $nginx = Social->new(
    files => { 'posts/a/index.html' => page($title =~ s/</&lt;/gr) },
    site => "article ~ ^/posts/;\ncomments open;\n"
        . "origin https://blog.example.net;\nnotify $hook text;",
    server => 'ssi on; ssi_types *;',
);

my $key = '/posts/a/';
my $token = $nginx->token($key);

sub add {
    my (%fields) = @_;

    utf8::upgrade($_) for grep { defined } values %fields;

    return comment($nginx, article => $key, token => $token, %fields);
}


# what a notice must be: JSON whose members are the comment's, in one request

my @told;

sub listen_to {
    while ($receiver->comes(0)) {
        my $notice = $receiver->next;

        push @told, $notice;
        $notice->good;
    }

    return scalar @told;
}

my @names = names();
my @websites = grep { add(text => "At $_", name => 'Ann', website => $_)
                      ->{status} == 201 } websites();
my @texts = texts();
my @sent = map { $_->{comment} // () } post_many($nginx, '', map { {
    article => $key, token => $token, text => $texts[$_],
    name => $names[$_ % @names],
    $_ % 3 ? () : (website => $websites[$_ / 3 % @websites]) } } 0 .. $#texts);

cmp_ok scalar @sent, '>', 400, 'comments: ' . @sent;
$nginx->wait_for(sub { listen_to() >= @sent + @websites }, 120);
is scalar @told, @sent + @websites, 'a notice of each';

my %notice = map { $_->{json}{comment}{id} => $_ } @told;
my $lines = 'accept|connection|content-length|content-type|host|'
    . 'idempotency-key|user-agent';
my @wrong;

for my $c (@sent) {
    my $notice = $notice{$c->{id}} or push(@wrong, "$c->{id} is missing"), next;
    my $doc = $notice->{json};

    push @wrong, "$c->{id}: line" if $notice->{line} ne 'POST /hook HTTP/1.1';
    push @wrong, "$c->{id}: headers"
        if grep { !/^(?:$lines)$/ } keys %{ $notice->{headers} };
    push @wrong, "$c->{id}: name" if $doc->{comment}{name} ne $c->{name};
    push @wrong, "$c->{id}: raw" if $notice->{content} =~ /[\x00-\x1f\x7f]/;
    push @wrong, "$c->{id}: markup" if $notice->{content} =~ /<(?:script|!--)/i;
    push @wrong, "$c->{id}: control" if $doc->{text} =~ /[\x00-\x08\x0b-\x1f]/;
    push @wrong, "$c->{id}: address" if $doc->{comment}{url}
        ne "https://blog.example.net$key#comment-$c->{id}";
}

is "@wrong[0 .. ($#wrong < 20 ? $#wrong : 20)]", '',
    'each notice is JSON of the comment, without a line of its own';


# the feeds

sub parse {
    my ($xml, $query) = @_;

    my $file = File::Temp->new;
    print {$file} $xml;
    close $file or die "write: $!";

    return scalar qx(xmllint --noent --xpath '$query' $file 2>&1);
}

my %known = map { $_ => 1 } qw(feed id title subtitle updated link author name
    uri entry published content generator rights icon logo in-reply-to);

for my $path ('/_social/feed.atom', "/_social/feed.atom?article=$key") {
    my $res = $nginx->get($path);
    my $xml = $res->{content};
    my $bare = $xml =~ s/<\?xml.*?\?>//sr;

    is $res->{status}, 200, "$path: is there";
    unlike $xml, qr/[^\n -~]/, "$path: is ASCII";
    is join(' ', grep { !$known{$_} } $bare =~ m{<[/!?]?([^\s>/]*)}g), '',
        "$path: has the elements of Atom only";
    is $xml =~ m{<[^>]*\son\w+\s*=} ? 1 : 0, 0, "$path: and no handlers";
    unlike $xml, qr/<!(?:--|\[CDATA|DOCTYPE|ENTITY)/, "$path: no markup of XML";
    is parse($xml, 'count(//*)') =~ /^\d+\s*$/ ? 1 : 0, 1,
        "$path: is well-formed" or diag parse($xml, 'count(//*)');

    my $n = parse($xml, 'count(//*[local-name()="entry"])');
    cmp_ok $n, '>', 10, "$path: entries: $n";

    # what readers of the feed make HTML of

    my $safe = qr{https?://|mailto:|/};
    my @content = $xml =~ m{<content type="html">(.*?)</content>}gs;
    my @bad = grep {
        my $html = $_ =~ s/&lt;/</gr =~ s/&gt;/>/gr =~ s/&quot;/"/gr
            =~ s/&#39;/'/gr =~ s/&amp;/&/gr;

        $html =~ s{<a href="(?:https?://|mailto:)[^"<>]*" rel="[a-z ]+">}{}g;
        $html =~ s{<pre(?: tabindex="0")?>|<ol start="\d+">}{}g;
        $html =~ s{</?(?:p|em|strong|code|pre|blockquote|ul|ol|li|a)>}{}g;
        $html =~ s{<(?:br|hr) ?/?>}{}g;
        $html =~ /[<>]/
    } @content;

    cmp_ok scalar @content, '>', 10, "$path: contents";
    is "@bad[0 .. ($#bad < 2 ? $#bad : 2)]", '',
        "$path: each content has known elements only";

    my @urls = $xml =~ /\b(?:href|uri|src)="([^"]*)"/g;
    push @urls, $xml =~ m{<uri>(.*?)</uri>}g;
    is join(' ', grep { !/^$safe/ } @urls), '', "$path: addresses are safe";
}


$nginx->stop;
$nginx->quiet;

done_testing;
