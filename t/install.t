#!/usr/bin/perl

# make install and make uninstall: they say what they do and leave no litter.
# bash completes what the program tells.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp ();
use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;


my $root = abs_path("$FindBin::Bin/..");
my $module = $ENV{SOCIAL_MODULE} || "$root/build/ngx_social_module.so";

plan skip_all => 'the module is part of nginx' if $module eq 'static';

my $nginx = $ENV{SOCIAL_NGINX} || '/usr/sbin/nginx';
my $there = File::Temp->newdir;
my $file = "$there/usr/lib/nginx/modules/ngx_social_module.so";
my $program = "$there/usr/bin/ngx-social";


# install module and program as they are: build nothing

my $built = $ENV{SOCIAL_PROGRAM} || "$root/build/ngx-social";

sub make_it {
    my ($target) = @_;

    my $out = `make -C '$root' -o '$module' -o '$built' $target MODULE='$module' PROGRAM='$built' NGINX_BIN='$nginx' DESTDIR='$there' 2>&1`;

    return ($? >> 8, $out);
}


sub files {
    return [ sort grep { -f } split /\n/, `find '$there' -type f` ];
}


sub slurp {
    my ($path) = @_;

    open my $fh, '<:raw', $path or die "$path: $!";
    local $/;

    return scalar <$fh>;
}


my ($version) = `'$nginx' -v 2>&1` =~ m{nginx/(\S+)};
my ($rc, $out) = make_it('install');

is $rc, 0, 'make install succeeds' or diag $out;
my @installed = sort $program, $file, map { "$there/usr/share/$_" }
    qw(man/man1/ngx-social.1 man/man5/ngx_social.5
       bash-completion/completions/ngx-social);

is_deeply files(), \@installed, 'five files are installed';
ok slurp($file) eq slurp($module), 'it is the module';
is +(stat $file)[2] & 0777, 0644, 'everybody may read it';
is +(stat $program)[2] & 0777, 0755, 'everybody may run the program';
like `'$program' --version`, qr/^ngx-social \d/, 'it runs';
like $out, qr/^Installed \/usr\/bin\/ngx-social, /m, 'it is named';
like $out, qr/^Installed \S+ngx_social_module\.so for nginx \Q$version\E/m,
    'it says what it installed, and for which nginx';
like $out, qr/^ +load_module modules\/ngx_social_module\.so;$/m,
    'what to write into nginx.conf';
like $out, qr/After an upgrade of nginx/,
    'what to do after an upgrade of nginx';
like $out, qr/make uninstall/, 'make install says how to undo it';

is +(make_it('install'))[0], 0, 'a second install succeeds';
is_deeply files(), \@installed, 'still five files';


# the completion, by a bash that knows no other

sub completes {
    my (@words) = @_;

    my $line = join ' ', map { "'$_'" } $program, @words;
    my $n = @words;
    my $script = <<"END";
. '$there/usr/share/bash-completion/completions/ngx-social'
compopt() { :; }
COMP_WORDS=($line) COMP_CWORD=$n
_ngx_social
printf '%s\\n' "\${COMPREPLY[@]}"
END

    open my $fh, '-|', 'bash', '-c', $script or die "bash: $!";
    my @got = grep { length } map { s/\s+\z//r } <$fh>;
    close $fh;

    return [ sort @got ];
}

my $usage = `'$program' help`;
my ($command) = $usage =~ /^  ngx-social (\w+)/m;
my %options = map { $_ => 1 } `'$program' help $command` =~ /(--[a-z][a-z-]+)/g;

is_deeply completes(''), [ sort '--version', 'help',
    grep { $_ ne 'help' } $usage =~ /^  ngx-social ([a-z]\S*)/mg ],
    'commands are completed';
is_deeply completes(substr $command, 0, 3), [$command], '... one of them';
is_deeply completes($command, '--'), [ sort keys %options ],
    'and its options';
is_deeply completes($command, '--store', 's'), ['sqlite:'],
    'a store is one of sqlite';
is_deeply completes($command, '--store', 'p'), ['postgresql:'],
    '... or of PostgreSQL';
is_deeply completes('copy', 's'), ['sqlite:'], 'so is what is copied';
is_deeply completes($command, '--store', 'sqlite', ':', "$there/usr/b"),
    ["$there/usr/bin"], 'a store of sqlite is a path';
is_deeply completes($command, '--store', 'postgresql', ':', "$there/usr/b"),
    [], '... and one of PostgreSQL is none';


# the module is not removed while a configuration loads it

make_path("$there/etc/nginx/modules-enabled");
my $conf = "$there/etc/nginx/modules-enabled/social.conf";

open my $fh, '>', $conf or die "$conf: $!";
print $fh "load_module modules/ngx_social_module.so;\n";
close $fh or die "$conf: $!";

($rc, $out) = make_it('uninstall');

isnt $rc, 0, 'make uninstall refuses while the module is loaded';
like $out, qr/etc\/nginx still loads the module/,
    'make uninstall says why it refuses';
ok -e $file, 'after a refusal the module is still there';

open $fh, '>', $conf or die "$conf: $!";
print $fh "# load_module modules/ngx_social_module.so;\n";
close $fh or die "$conf: $!";

($rc, $out) = make_it('uninstall');

is $rc, 0, 'make uninstall removes a module that is not loaded' or diag $out;
is_deeply files(), [$conf], 'nothing but the configuration is left';
is +(make_it('uninstall'))[0], 0, 'a second uninstall succeeds';

done_testing;
