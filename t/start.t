#!/usr/bin/perl

# The pages of the first hour: what they have in common is the same, each line
# of configuration that they name is one that nginx takes, the two ways to keep
# moderation safe do so, and every mistake looks as they say.  Followed from
# apt-get to the first answer they are in t/packages/start.t.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Cwd qw(abs_path);
use House;
use Test::More;


plan skip_all => 'the module is part of nginx'
    if ($ENV{SOCIAL_MODULE} // '') eq 'static';

my $ROOT = abs_path("$FindBin::Bin/..");
my @KINDS = qw(static wordpress proxy);
my %page = map { $_ => House::slurp("$ROOT/docs/start-$_.md") } @KINDS;
my $operations = House::slurp("$ROOT/docs/operations.md");
my $examples = "$ROOT/docs/packaging/examples";
my $html = '<!DOCTYPE html><html lang="en"><head><title>T</title></head><body>'
    . '<article><h1>T</h1></article></body></html>';
my $article = '/posts/first-frost/';
my $line = 'include /etc/nginx/social-enabled/server*.conf;';


# sections by their numbers, and the rows of the table at the end

sub section {
    my ($kind, $number) = @_;

    return ($page{$kind} =~ /^(## $number\. .*?)(?=^## )/ms)[0] // '';
}

sub rows {
    my ($kind) = @_;

    return grep { !/^\| you see / } $page{$kind} =~ /^(\| .*\|)$/mg;
}

for my $kind (@KINDS[1, 2]) {
    for my $number (1, 4, 5, 6) {
        is section($kind, $number), section('static', $number),
            "$kind: step $number is that of the others";
        isnt section($kind, $number), '', '... and there';
    }
}

my %in;
$in{$_}++ for map { rows($_) } @KINDS;
cmp_ok scalar(grep { $_ == 3 } values %in), '>=', 14,
    'mistakes that all have';


# a house with a site, as after step 4

my $house = House->new;
my $site = (House::blocks($page{static}, 'nginx'))[0];
my $server = House::slurp("$examples/server.conf");

sub servers {
    my (@more) = @_;

    return $house->put('etc/nginx/sites-enabled/blog',
        "server {\n    listen 127.0.0.1:8999;\n    root /var/www/blog;\n"
        . join('', map { "    $_\n" } @more) . "}\n");
}

sub conf { return $house->put("etc/nginx/social/$_[0].conf", $_[1]) }

sub password {
    return $house->shell((House::blocks(section('static', 4), 'sh'))[0]);
}

sub as_told {
    conf('site', $site);
    conf('server', $server);
    servers($line);
    password() or diag $house->said;

    return;
}

sub serves {
    $house->shell('nginx -t && systemctl restart nginx')
        or diag $house->said;

    return $house->wait_for(sub { $house->get('/')->{status} < 500 });
}

sub log_has {
    my ($text) = @_;

    return $house->wait_for(sub {
        House::slurp("$house->{dir}/var/log/nginx/error.log")
            =~ /\Q${\$house->local_paths($text)}\E/ });
}

$house->put("var/www/blog${article}index.html", $html);
as_told();
ok serves(), 'the site, as told';
ok $house->wait_for(sub { $house->get($article)->{content} =~ /name="token"/ }),
    'has a widget';


# lines that the pages name in passing

my %line = map { $_ => 1 } map { /`((?:article|key) [^`]+;)`/g } values %page;

cmp_ok scalar keys %line, '>=', 6, 'lines of configuration';

for my $text (sort keys %line) {
    conf('site', $site =~ s/^    article .*$/    $text/mr);
    ok $house->shell('nginx -t'), $text or diag $house->said;
}

as_told();


# moderation, not without TLS, and only from some addresses

my @safe = grep { !/^#/ } House::blocks(section('static', 5), 'nginx');

is scalar @safe, 2, 'two ways to be safe';

my @want = (301, 403);

for my $i (0, 1) {
    conf('server', $server =~ s/^(    auth_basic "blog";\n)/$1$safe[$i]/mgr);
    ok serves(), 'nginx takes it: ' . ($safe[$i] =~ /(.*)/)[0];
    is $house->get($_, 'jane:secret')->{status}, $want[$i],
        "$_ is answered $want[$i]" for '/_moderate/', '/social';
    is $house->get($article)->{status}, 200, 'the article as before';
}

as_told();


# what nginx -t says of a mistake; true where nginx refuses it

sub refused {
    my ($message, $what) = @_;

    my $code = $house->shell('nginx -t');

    like $house->said, qr/\Q${\$house->local_paths($message)}\E/, $message;

    return $code;
}

my %provoke = (
    'the site needs a location' => sub { servers(); refused(@_) },
    'directive is duplicate' => sub { servers($line, $line); refused(@_) },
    'is not terminated by' => sub {
        conf('site', $site =~ s/^    article .*$/    article ~ ^\/\\d{4}\/;/mr);
        refused(@_);
    },
    'in "author" directive' => sub {
        conf('site', $site =~ s/"Jane Doe"/Jane Doe/r);
        refused(@_);
    },
    'in "origin" directive' => sub {
        conf('site', $site =~ s/(origin .*);/$1/r);
        refused(@_);
    },
    'anybody could moderate' => sub {
        conf('server', $server =~ s/^    auth_basic.*\n//mgr);
        refused(@_);
    },
    'already loaded' => sub {
        $house->put('etc/nginx/modules-enabled/60-social.conf',
                    "load_module modules/ngx_social_module.so;\n");
        refused(@_);
        unlink "$house->{dir}/etc/nginx/modules-enabled/60-social.conf";
    },
    'an address for examples' => sub {
        conf('site', $site =~ s{https://blog\.example}{https://jane.example}r);
        ok refused(@_), '... and goes on';
    },
    '(2: No such file' => sub {
        my ($message) = @_;

        unlink "$house->{dir}/etc/nginx/social.users";
        ok serves(), 'nginx takes it';
        is $house->get('/_moderate/', 'jane:secret')->{status}, 403, 'forbidden';
        ok log_has($message), $message;
    },
    '(13: Permission denied)' => sub {
        my ($message) = @_;

        SKIP: {
            skip 'workers are as this test', 3 if $> != 0;
            chmod 0600, "$house->{dir}/etc/nginx/social.users";
            chown 0, 0, "$house->{dir}/etc/nginx/social.users";
            ok serves(), 'nginx takes it';
            is $house->get('/_moderate/', 'jane:secret')->{status}, 500, 'an error';
            ok log_has($message), $message;
        }
    },
    'No page matched' => sub {
        my ($message) = @_;

        conf('site', $site =~ s{\^/posts/}{^/post/}r);
        $house->shell("systemctl stop nginx\nrm -r /var/lib/nginx/social");
        ok serves(), 'nginx takes it';
        $house->get($article) for 1 .. 6;
        ok $house->wait_for(sub {
            $house->get('/social', 'jane:secret')->{content}
                =~ m{\Q$message\E <code>.*/post/.*</code>.*\Q$article\E} }),
            $message;
    },
    'not sent from a page of this site' => sub {
        my ($message) = @_;

        conf('site', $site =~ s{https://blog\.example}{https://www.b.test}r);
        ok serves(), 'nginx takes it';
        my ($token) = @{ $house->wait_for(sub {
            [ $house->get($article)->{content}
              =~ /name="token" value="([^"]+)"/ ] }) };
        my $res = $house->request('POST', '/_social/comments', undef,
            content => "article=$article&token=$token&name=Ann&text=Hello",
            headers => { Origin => "https://127.0.0.1:$house->{port}",
                'Content-Type' => 'application/x-www-form-urlencoded' });
        is $res->{status}, 403, 'refused';
        like $res->{content}, qr/\Q$message\E/, $message;
    },
    'social-enabled/server.conf" failed' => sub {
        servers($line =~ s/\*//r);
        ok $house->shell('nginx -t'), 'no mistake that shows';
        unlink "$house->{dir}/etc/nginx/social-enabled";
        refused(@_);
        symlink 'social', "$house->{dir}/etc/nginx/social-enabled";
    },
);

my (%seen, %used);

for my $kind (@KINDS) {
    for my $row (rows($kind)) {
        my ($cell) = $row =~ /^\| (.*?) \|/;

        # text, not a path or a name
        for my $message (grep { / / } $cell =~ /`([^`]+)`/g) {
            next if $seen{$message}++;

            my @how = grep { index($message, $_) >= 0 } sort keys %provoke;

            if (@how) {
                as_told();
                $provoke{ $how[0] }->($message);
                $used{ $how[0] } = 1;

            } else {
                my $told = $message =~ s/"[^"]*"/"VALUE"/r;

                ok index($operations, $told) >= 0,
                    "operations.md has: $message";
            }
        }
    }
}

is_deeply [ sort keys %used ], [ sort keys %provoke ],
    'every mistake that is tried stands in a page';

# a page with another server before it

as_told();
$house->put('etc/nginx/sites-enabled/a',
            "server { listen 127.0.0.1:8999; server_name 127.0.0.1; }\n");
ok serves(), 'two servers';
is $house->get('/social')->{status}, 404, '404, where another server answers';

$house->shell('systemctl stop nginx');

done_testing;
