#!/usr/bin/perl

# What readers are told, in their language: errors as pages and as JSON, notices,
# and why a comment waits.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my @languages = map { m{(\w+)\.json$} }
    sort glob "$FindBin::Bin/../src/assets/lang/*.json";

is scalar @languages, 15, 'fifteen languages';

# what a page says of its language, and what its readers get
my %said = ('pt-BR' => 'pt', 'zh-CN' => 'zh', 'zh-Hans' => 'zh',
            'zh-TW' => 'zh', 'uk-UA' => 'uk', 'EN-gb' => 'en',
            'sv' => 'en', '' => 'en');

sub article {
    my ($lang) = @_;

    return "<!DOCTYPE html><html lang=\"$lang\"><head><title>A</title></head>"
        . '<body><article><p>A</p></article></body></html>';
}

my $nginx = Social->new(
    files => {
        (map { ("posts/$_/index.html" => article($_),
                "$_/index.html" => article('en')) } @languages),
        (map { ("posts/said-$_/index.html" => article($_)) } keys %said),
    },
    site => 'article ~ ^/posts/; comments open; block casino;',
    http => join('', map {
        "social_site $_ { store sqlite:DIR/store/$_.db; language $_;"
        . " comments first; limit off; }\n" } @languages),
    server => join('', map {
        "location /$_/ { social $_; }\n"
        . "location ^~ /_$_/ { social_api $_; }\n" } @languages),
);

my %words = map { $_ => words($_) } @languages;


sub words {
    my ($language) = @_;

    open my $fh, '<:raw', "$FindBin::Bin/../src/assets/lang/$language.json"
        or die "$language: $!";
    local $/;

    return JSON::PP->new->utf8->decode(<$fh>);
}


# the text of a page; everything but ASCII is a reference

sub text_of {
    my ($res) = @_;

    my %char = (amp => '&', lt => '<', gt => '>', quot => '"');
    my $text = $res->{content};
    $text =~ s/&(?:#(\d+)|(\w+));/defined $1 ? chr $1 : $char{$2}/ge;

    return $text;
}


# requests that are refused, by the name of the text; path is that of the API

sub refused {
    my ($what, $language, $path, $article, $token) = @_;

    my %good = (article => $article, token => $token, name => 'Ann',
                text => 'One');
    my %bad = (
        e_text_empty => { text => ' ' },
        e_name_long => { name => 'x' x 61 },
        e_website => { website => 'a b' },
        e_token_missing => { token => '' },
        e_parent => { parent => 'x' },
        e_parent_gone => { parent => 'c999' },
    );

    for my $name (sort keys %bad) {
        my %fields = (%good, %{ $bad{$name} });
        my $want = $words{$language}{$name};

        is comment($nginx, %fields, path => "${path}comments")
            ->{json}{error}{message}, $want, "$what: JSON, $name";

        my $page = $nginx->post('', \%fields, path => "${path}comments");
        like text_of($page), qr/\Q$want\E/, "$what: a page, $name";
        like text_of($page), qr/lang="$language".*\Q$words{$language}{error_title}\E/s,
            "$what: the page is in this language";
    }

    return;
}


for my $language (@languages) {
    my ($page, $own) = ("/posts/$language/", "/$language/");
    my $token = $nginx->wait_for(sub { $nginx->token($page) });

    refused("a page in $language", $language, '/_social/', $page, $token);
    refused("a site in $language", $language, "/_$language/", $own,
            $nginx->wait_for(sub { $nginx->token($own) }));


    # why a comment waits

    my %jar;
    my $res = $nginx->post('comments', { article => $page, token => $token,
        name => 'Ann', text => "A casino in $language" }, jar => \%jar);
    my $text = text_of($nginx->get($res->{headers}{location}, jar => \%jar));

    like $text, qr/\Q$words{$language}{r_blocked_words}\E/,
        "$language: the reason why a comment waits";
    ok length $words{$language}{$_}, "$language: $_ has a text"
        for qw(r_edited r_edited_after_approval);


    # notices

    my $first = comment($nginx, article => $page, token => $token,
        name => 'Ann', text => "One in $language")->{json}{comment}{id};

    like text_of($nginx->post("comments/$first/report", { article => $page,
        token => $token })), qr/\Q$words{$language}{reported}\E/,
        "$language: thanks for a report";
}


# regions and scripts

for my $tag (sort keys %said) {
    my $html = $nginx->wait_for(sub {
        my $res = $nginx->get("/posts/said-$tag/");
        $res->{content} =~ /data-social/ && $res;
    });

    like $html->{content}, qr/<section [^>]*lang="$said{$tag}"/,
        "lang=\"$tag\": $said{$tag}";
    like text_of($html), qr/\Q$words{$said{$tag}}{comments_first}\E/,
        '... in its words';
}


# numbers in their plural form, on a page and for its script; there is one
# comment

my %two = (ar => 'تعليقان', en => '2 comments', fr => '2 commentaires',
           ja => '2件のコメント', pl => '2 komentarze',
           ru => '2 комментария', uk => '2 коментарі');

for my $language (sort keys %two) {
    my $page = "/posts/$language/";
    my $said = $words{$language};
    my $one = ($said->{comments_one} // $said->{comments_other})
        =~ s/\{n\}/1/r;
    my $text = text_of($nginx->get($page));

    like $text, qr{>\Q$one\E</h2>}, "$language: one";
    is_deeply { $text =~ / data-(zero|one|two|few|many|other)="([^"]*)"/g },
        { map { /^comments_(zero|one|two|few|many|other)$/
                    ? ($1 => $said->{$_}) : () } keys %$said },
        "$language: the forms that its script may need";

    comment($nginx, article => $page, token => $nginx->token($page),
        name => 'Ann', text => "Two in $language");
    $text = text_of($nginx->get($page));
    like $text, qr{>\Q$two{$language}\E</h2>}, "$language: two";
    like $text, qr/ UTC</, "$language: a date without a script";
}


# without a page: the site's language, or English

is $nginx->get('/_social/nothing', headers => { Accept => 'application/json' })
    ->{json}{error}{message}, $words{en}{e_path}, 'no article: English';
is $nginx->get('/_de/nothing', headers => { Accept => 'application/json' })
    ->{json}{error}{message}, $words{de}{e_path},
    'no article: the language of the site';


$nginx->quiet;

done_testing;
