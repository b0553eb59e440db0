#!/usr/bin/perl

# The manuals say what is true: every example of docs/api.md is run against a
# server and its answer compared; routes, codes, figures and log messages of
# the sources stand in the manuals, and nothing else does; the backup and the
# restore of docs/operations.md are walked.  docs_layout.t installs as told.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Cwd qw(getcwd);
use File::Temp ();
use JSON::PP ();
use Social;
use Test::More;

my $ROOT = "$FindBin::Bin/..";
my $json = JSON::PP->new->utf8->allow_nonref;


sub slurp {
    my ($name) = @_;

    open my $fh, '<:raw', $name or die "$name: $!";
    local $/;
    return scalar <$fh>;
}

sub manual { return slurp("$ROOT/docs/$_[0].md") }


# sources of a directory, one string

sub sources {
    return join "\n", map { slurp($_) }
        map { glob "$ROOT/src/$_/*.c $ROOT/src/$_/*/*.c" } @_;
}


# what one list has and the other has not: nothing

sub same {
    my ($got, $want, $what) = @_;

    my %got = map { $_ => 1 } @$got;
    my %want = map { $_ => 1 } @$want;

    is_deeply [ sort grep { !$got{$_} } keys %want ], [],
        "$what: none is missing in the manual";
    is_deeply [ sort grep { !$want{$_} } keys %got ], [],
        "$what: none stands there that is not in the sources";

    return;
}


# the same shape: types, members, and all text but times and tokens

sub shape {
    my ($value) = @_;

    if (ref $value eq 'HASH') {
        return { map { $_ => shape($value->{$_}) } keys %$value };
    }

    return [ map { shape($_) } @$value ] if ref $value eq 'ARRAY';
    return 'null' if !defined $value;
    return $value ? 'true' : 'false' if JSON::PP::is_bool($value);
    return 'a time' if $value =~ /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
    return 'a number' if $json->encode($value) !~ /^"/;

    return "text: $value";
}


# the blocks of a manual in order: [language, text]

sub blocks {
    my ($text) = @_;

    my @blocks;
    push @blocks, [ $1, $2 ] while $text =~ /^```(\w*)\n(.*?)^```$/msg;

    return @blocks;
}


# runs sh blocks in one shell, one after the other; what each of them said

sub run_blocks {
    my ($dir, $env, @texts) = @_;

    my $file = "$dir/blocks.sh";
    my $mark = '@@ end of block @@';

    open my $fh, '>:raw', $file or die "$file: $!";
    print $fh "set -eu\n";
    print $fh "$_\nprintf '%s' '$mark'\n" for @texts;
    close $fh or die "$file: $!";

    local %ENV = (%ENV, %$env);

    my $here = getcwd();
    chdir $dir or die "$dir: $!";
    my $said = qx{sh ./blocks.sh 2>errors.txt};
    my $code = $?;
    chdir $here or die "$here: $!";

    is $code, 0, 'the commands end well' or diag slurp("$dir/errors.txt");

    return split /\Q$mark\E/, $said, -1;
}


# docs/api.md

my $html = '<!DOCTYPE html><html lang="en"><head><title>Bread &amp; salt'
    . '</title></head><body><main><article><p>Flour.</p></article></main>'
    . '</body></html>';

my $nginx = Social->new(
    files => {
        'posts/bread/index.html' => $html,
        'thanks/index.html' => $html,
    },
    site => <<'END',
        article ~ ^/posts/[^/]+/$;
        comments first;
        reactions on;
        goal signup = /thanks/;
END
);

$nginx->write('users', "jane:{PLAIN}secret\n");

# a page has no token while a slow machine still asks the store, and an
# article no title before it was saved

$nginx->wait_for(sub { $nginx->token('/posts/bread/') });
$nginx->wait_for(sub {
    my $status = $nginx->status // return;
    return grep { $_->{title} } @{ $status->{articles} };
});

my $api = manual('api');
my @blocks = blocks($api);
my $dir = File::Temp->newdir;
my @said = run_blocks($dir, { ORIGIN => $nginx->origin },
                      map { $_->[1] } grep { $_->[0] eq 'sh' } @blocks);

cmp_ok scalar @said, '>', 15, 'examples of docs/api.md';

while (@blocks) {
    my ($language, $text) = @{ shift @blocks };

    next if $language ne 'sh';

    my $said = shift @said;
    my ($first) = $text =~ /(curl .*?)\s*\\?$/m;
    my $next = @blocks ? $blocks[0][0] : '';

    if ($next eq 'json') {
        my $got = eval { $json->decode($said) };
        my $want = eval { $json->decode($blocks[0][1]) };

        ok $want, "an answer in JSON: $first" or diag $@;
        is_deeply shape($got), shape($want), "answered as told: $first"
            or diag "$first\n$said";

    } elsif ($next eq 'http') {

        for my $line (split /\n/, $blocks[0][1]) {
            my $pattern = join '.*', map { quotemeta } split /\.{3}/, $line,
                                                             -1;
            like $said, qr/^$pattern\r?$/m, "$first: $line";
        }
    }
}

# every route, every code

my $sources = sources('http');

my %methods = (
    NGX_HTTP_SOCIAL_READS => 'GET', NGX_HTTP_POST => 'POST',
    NGX_HTTP_PATCH => 'PATCH', NGX_HTTP_DELETE => 'DELETE',
);

my @routes;

while ($sources =~ /\{ "([\w.@\/]+)",\s+(NGX_HTTP_\w+),\s+ngx_http_social_/g) {
    my ($path, $method) = ($1, $methods{$2});
    $path =~ s/\@/ID/;
    push @routes, "$method $path";
}

my @told;

while ($api =~ /^### (GET|POST|PATCH|DELETE) ([a-z].*)$/mg) {
    my $method = $1;
    push @told, map { "$method $_" } split /, /, $2;
}

push @told, map { "POST $_" } $api =~ /^`POST (comments\/ID\/\w+)` is the/mg;

cmp_ok scalar @routes, '>=', 20, 'routes';
same([ grep { $_ ne 'GET status' } @told ], \@routes, 'routes');

my @codes = $sources =~ /
    ngx_http_social_request_error(?:_retry)?\(\s*in,\s*\w+,\s*"(\w+)"/xg;
my ($table) = $api =~ /(\| status \| code .*?)\n\n/s;

same([ $table =~ /^\| \d+ \| `(\w+)`/mg ], \@codes, 'codes of errors');


# docs/metrics.md: every name of the status document

my $metrics = manual('metrics');
my $doc = $nginx->status(period => '28d');

# members of these are data: networks, sources, goals

my %data = map { $_ => 1 } qw(shares_by_network share_visits_by_network
    previews_by_network views_by_source goals outcome_rate);
my %names;

sub names {
    my ($value) = @_;

    if (ref $value eq 'ARRAY') {
        names($_) for @$value;

    } elsif (ref $value eq 'HASH') {
        for my $name (keys %$value) {
            $names{$name} = 1;
            names($value->{$name}) if !$data{$name};
        }
    }

    return;
}

names($doc);

is_deeply [ sort grep { $metrics !~ /`\Q$_\E`/ } keys %names ], [],
    'every name of the status has its definition';

my @figures = map { slurp($_) =~ /"(\w+)"/g }
    glob("$ROOT/src/core/status/*.c"), "$ROOT/src/core/social_metrics.c";
my %known = (%names, map { $_ => 1 } @figures);

is_deeply [ sort grep { !$known{$_} } $metrics =~ /^\| `(\w+)`/mg ], [],
    'and nothing is defined that is not there';

is_deeply [ map { $_->{name} } @{ $doc->{alarms} } ],
    [ map { $_ } ($metrics =~ /^## Alarms\n(.*?)^## /ms)[0]
      =~ /^\| `(\w+)`/mg ], 'alarms, in their order';


# docs/comments.md: reasons, properties, templates

my $comments = manual('comments');
my $css = slurp("$ROOT/src/assets/widget.css");

my @reasons = ($sources =~ /ngx_str_set\(&draft->reason, "([^"]+)"\)/g,
               sources('store') =~ /= social_string\("(.+)"\);/g);

is_deeply [ sort grep { $comments !~ /`\Q$_\E`/ } @reasons ], [],
    'every reason to hold a comment is explained';

same([ $comments =~ /^\| `(--[\w-]+)`/mg ],
     [ $css =~ /var\((--sc-\w{2,})/g ], 'custom properties');

($table) = $comments =~ /(\| template \| what .*?)\n\n/s;

same([ $table =~ /^\| `(\w+)`/mg ],
     [ map { m{/(\w+)\.mustache$} } glob "$ROOT/src/assets/*.mustache" ],
     'templates');


# its own template, as told there

my %example = map { $_->[0] => $_->[1] } blocks($comments);

my $themed = Social->new(
    stopped => 1,
    files => { 'posts/bread/index.html' => $html },
    site => $example{nginx},
);

$themed->write('form.mustache', $example{mustache});
$themed->start;

# a link, not a form, while a slow machine still asks the store

my $page = $themed->wait_for(sub {
    my $content = $themed->get('/posts/bread/')->{content};
    return $content =~ /<form/ ? $content : undef;
}) // '';

like $page, qr/Say something <textarea/, 'a template of one\'s own';
unlike $page, qr/Website/, 'in place of the built-in one';

is $themed->post('comments', {
    article => '/posts/bread/', token => $themed->token('/posts/bread/'),
    name => 'Anonymous', text => 'Good bread' })->{status}, 303,
    'which is a form that works';

my $erase = $themed->post('mine/erase', {});

is $erase->{status}, 404, 'nothing to erase without a cookie';

$themed->stop;
$themed->quiet;


# docs/operations.md: every message of the sources, and no other

my $operations = manual('operations');

my %calls = (
    ngx_fd_info_n => 'fstat()', ngx_create_dir_n => 'mkdir()',
    ngx_close_file_n => 'close()',
);


# formats in the calls of a function; what nginx -t says of a line in
# nginx.conf has one format for all

sub formats {
    my ($text, $call) = @_;

    my @found;

    while ($text =~ /$call((?:\s*\w+_n\b)?(?:\s*"(?:[^"\\]|\\.)*")+)/g) {
        my $format = $1;

        $format =~ s/(\w+_n)\b/"$calls{$1}"/;
        $format = join '', $format =~ /"((?:[^"\\]|\\.)*)"/g;
        $format =~ s/\\"/"/g;

        push @found, $format if $format !~ / in %s:%ui$/;
    }

    return @found;
}


# the most literal one first

sub literal {
    my ($format) = @_;

    $format =~ s/%[*\d]*(?:ui|ud|uz|uA|[A-Za-z])/\0/g;

    return split /\0/, $format, -1;
}

my @formats = sort { length join('', literal($b))
                     <=> length join('', literal($a)) }
    formats($sources . slurp("$ROOT/ngx_social_module.c"),
            qr/ngx_log_error\(\s*\w+,[^"]*?,\s*\w+,/),
    formats($sources, qr/error\.message,\s*\(u_char \*\)/),
    formats(sources('store'),
            qr/social_store_error\([^"]*?,\s*(?:s->op|"\w+"),/),
    formats(sources('store'), qr/social_pg_fail\(s,\s*\w+,/),
    formats(sources('store'), qr/social_pg_lost\(s,/);

cmp_ok scalar @formats, '>', 20, 'messages of the sources';

my (%explained, @invented);

for my $message ($operations =~ /^- `(.+)`$/mg) {
    my ($format) = grep {
        my $pattern = join '.*', map { quotemeta } literal($_);
        $message =~ /^$pattern$/;
    } @formats;

    $explained{$format // ''} = 1;
    push @invented, $message if !defined $format;
}

is_deeply [ sort grep { !$explained{$_} } @formats ], [],
    'every log message is explained';
is_deeply \@invented, [], 'no message is explained that is not there';


# backup, then a comment that the backup lacks, then the restore

my $bin = File::Temp->newdir;
my $conf = $nginx->dir . '/nginx.conf';
my $pid = $nginx->dir . '/nginx.pid';

open my $fh, '>', "$bin/systemctl" or die "systemctl: $!";
print $fh <<"END";
#!/bin/sh
case \$1 in
stop)
    kill -QUIT \$(cat $pid)
    while [ -e $pid ]; do sleep 0.05; done
    ;;
start)
    $nginx->{nginx} -c $conf -e @{[ $nginx->dir ]}/logs/error.log
    ;;
esac
END
close $fh or die "systemctl: $!";
chmod 0755, "$bin/systemctl";

my $store = $nginx->dir . '/store';

if ($> == 0) {
    my ($uid, $gid) = (getpwnam 'www-data')[2, 3];
    chown $uid, $gid, $store;
}

sub say_it {
    my ($text) = @_;

    return $nginx->post_json('comments', { article => '/posts/bread/',
        token => $nginx->token('/posts/bread/'), name => 'Ben',
        text => $text })->{json}{comment}{id};
}

sub texts {
    return map { $_->{text} } @{ $nginx->request('GET',
        '/_moderate/?format=json', headers => {
        Authorization => 'Basic amFuZTpzZWNyZXQ=' })->{json}{comments} };
}

my ($before) = $operations =~ /(## Backup and restore.*?)(?=^## )/ms;
my @steps = grep { $_->[0] eq 'sh' } blocks($before);
my ($restore) = grep { $_->[1] =~ /systemctl/ } @steps;
my @backup = grep { $_ != $restore } @steps;
my %env = (STORE => "$store/blog.db", BACKUP => "$bin/backup.db",
           PATH => "$bin:$ENV{PATH}");

is scalar @backup, 3, 'three commands for backups';

my $kept = say_it('This is kept');
my @told_of = run_blocks($bin, \%env, map { $_->[1] } @backup);

# twice a day: the file is there already

run_blocks($bin, \%env, $backup[0][1], $backup[0][1], $backup[1][1]);

my ($good) = grep { $_->[0] eq '' && $_->[1] =~ /^ok/ } blocks($before);
my $shape = quotemeta $good->[1];

$shape =~ s/\d+/\\d+/;
like $told_of[2], qr/^\s*$shape\s*$/, 'the backup is good';

my $gone = say_it('This is gone');
is scalar(grep { /^This is (?:kept|gone)$/ } texts()), 2, 'both are there';

run_blocks($bin, \%env, $restore->[1]);
$nginx->wait_for(sub { -s $pid });

my @texts = $nginx->wait_for(sub {
    my @all = eval { texts() };
    return @all ? \@all : undef;
});

is_deeply [ grep { /^This is/ } @{ $texts[0] // [] } ], [ 'This is kept' ],
    'after the restore the one of the backup is there';
is say_it('This is new'), $gone, 'and comments are accepted';
is_deeply [ map { (stat "$store/blog.db")[2] & 0777 } 1 ], [ 0600 ],
    'in a file that is nobody else\'s';


# links between the manuals lead somewhere

my (%anchors, @lost);

for my $name (map { m{([^/]+)\.md$} } glob "$ROOT/docs/*.md") {
    for my $heading (manual($name) =~ /^#+ (.+)$/mg) {
        my $anchor = lc $heading;
        $anchor =~ s/[^\w -]//g;
        $anchor =~ tr/ /-/;
        $anchors{"$name.md"}{$anchor} = 1;
    }
}

for my $name (sort keys %anchors) {
    my $source = slurp("$ROOT/docs/$name");

    while ($source =~ /\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g) {
        my ($file, $anchor) = ($1 || $name, $2);

        push @lost, "$name: $file#" . ($anchor // '')
            if !-e "$ROOT/docs/$file"
               || defined $anchor && !$anchors{$file}{$anchor};
    }
}

is_deeply \@lost, [], 'links between the manuals lead somewhere';


$nginx->stop;
$nginx->quiet;

done_testing();
