#!/usr/bin/perl

# One version everywhere, and manual pages that are complete: the header's
# version is that of the program, of nginx's metrics, of the packages, of
# docs/changes.md; ngx-social(1) has every command and option that the program
# tells, ngx_social(5) every directive, and man shows both without a warning.
# The tarball is the same under another umask and time.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Cwd qw(abs_path);
use Digest::SHA qw(sha256_hex);
use File::Temp ();
use Program qw(slurp);
use Social;
use Test::More;


my $ROOT = abs_path("$FindBin::Bin/..");
my $program = Program->new->path;
my $dir = File::Temp->newdir;

sub said {
    my (@command) = @_;

    open my $fh, '-|', @command or die "$command[0]: $!";
    local $/;
    my $text = <$fh> // '';
    close $fh;

    return $text;
}


# the version

my $header = slurp("$ROOT/src/core/social_version.h");
my ($version) = $header =~ /^#define SOCIAL_VERSION\s+"(\d+\.\d+\.\d+)"$/m;
my $debian = "$ROOT/docs/packaging/debian";

ok $version, 'the header has a version' or BAIL_OUT('no version');
is said($program, '--version'), "ngx-social $version\n", 'the program';
is +(slurp("$debian/changelog") =~ /\A\S+ \(([^)]+)\) /)[0], $version,
    'the packages';
is +(slurp("$ROOT/docs/changes.md") =~ /^## (\d\S*)/m)[0], $version,
    'docs/changes.md';
is said("$ROOT/t/make/dist.sh", 'version'), "$version\n", 'the tarball';

my @set = split /\n/, said('grep', '-rlE', 'define +SOCIAL_VERSION\>',
                           "$ROOT/src");

is_deeply \@set, ["$ROOT/src/core/social_version.h"], 'it is set in one place';

my $nginx = Social->new(files => {
    'posts/a/index.html' => '<html><body><article>a</article></body></html>' });
my $metrics = $nginx->wait_for(sub {
    my $res = $nginx->get('/social?format=prometheus');
    return $res->{status} == 200 && $res->{content};
}) // '';

like $metrics, qr/^\w+build_info\{[^}]*version="\Q$version\E"\} 1$/m, 'nginx';
$nginx->stop;
$nginx->quiet;


# what the packages are built with is what the Makefile installs

my ($libraries) = slurp("$ROOT/t/make/build.mk")
    =~ /^PACKAGES := ((?:.*\\\n)*.*)/m;
my ($depends) = slurp("$debian/control") =~ /^Build-Depends: ((?:.+\n)+?)\n/m;

is_deeply [ grep { $depends !~ /\b\Q$_\E\b/ } grep { !/^(?:libc6|nginx)-dev$/ }
            $libraries =~ /([\w.+-]+-dev)\b/g ], [],
    'Build-Depends names every library of the Makefile';


# manual pages

my %page;

for (1, 5) {
    $page{$_} = said('perl', "$ROOT/t/make/man.pl", $_, $program);
    like $page{$_}, qr/^\.TH \S+ $_ \d{4}-\d\d-\d\d "ngx_social \Q$version\E"$/m,
        "section $_ has the version";

    open my $fh, '>', "$dir/page.$_" or die;
    print $fh $page{$_};
    close $fh or die;

    # lines of code do not break
    is said('sh', '-c', "MANWIDTH=200 man --warnings -E UTF-8 -l -Tutf8 -Z "
                        . "'$dir/page.$_' 2>&1 >/dev/null"),
        '', "section $_: man has no warning";
}

my $plain = $page{1} =~ s/\\-/-/gr;

for my $command (grep { $_ ne 'help' }
                 said($program, 'help') =~ /^  ngx-social ([a-z]\S*)/mg)
{
    my %options = map { $_ => 1 }
        said($program, 'help', $command) =~ /(?<!\S)\[?(--[a-z][a-z-]+)/g;

    like $plain, qr/^\.SS \Q$command\E$/m, "ngx-social(1): $command";
    is_deeply [ grep { $plain !~ /\Q$_\E\b/ } sort keys %options ], [],
        '... with its options';
}

my @names = ((slurp("$ROOT/src/http/conf/ngx_http_social_conf_site.c")
              =~ /ngx_http_social_conf_row\("(\w+)"/g),
             slurp("$ROOT/ngx_social_module.c") =~ /\{ ngx_string\("(\w+)"\)/g);

cmp_ok scalar @names, '>=', 25, 'parameters and directives';
is_deeply [ grep { $page{5} !~ /^\.SS \Q$_\E$/m } @names ], [],
    'ngx_social(5) has a section of each';
is scalar(() = $page{5} =~ /^\.nf$/mg), scalar(() = $page{5} =~ /^\.fi$/mg),
    'every example ends';
unlike $page{5}, qr/```|\]\(/, 'nothing of Markdown is left';


# the tarball

for my $umask ('022', '077') {
    said('sh', '-c', "umask $umask && TZ=Asia/Tokyo '$ROOT/t/make/dist.sh' "
                     . "tar '$dir/$umask.tar.gz'");
}

is sha256_hex(slurp("$dir/022.tar.gz")), sha256_hex(slurp("$dir/077.tar.gz")),
    'the tarball is the same under another umask';

my %in = map { $_ => 1 } split /\n/, said('tar', '-tzf', "$dir/022.tar.gz");

is_deeply [ grep { !$in{"ngx-social-$version/$_"} }
            qw(Makefile config README.md docs/packaging/debian/rules) ], [],
    'it has what a build needs';
is_deeply [ grep { m{/build/|node_modules|/\.git/} } keys %in ], [],
    'and nothing that was built';

done_testing;
