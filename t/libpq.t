#!/usr/bin/perl

# Without libpq, or with one that is too old: what t/make/libpq.sh, `config` and
# make say, and how a module and a program that were built so refuse a store in
# PostgreSQL.  These two are linked from the objects of the build, with the files
# that differ compiled anew: make builds has whole builds.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Cwd qw(abs_path);
use File::Find qw(find);
use File::Path qw(make_path);
use File::Temp ();
use Program qw(slurp);
use Social::Conf;
use Social::Tool;
use Test::More;


my $ROOT = abs_path("$FindBin::Bin/..");
my $dir = File::Temp->newdir('social-libpq-XXXXXX', TMPDIR => 1);
chmod 0755, "$dir";

# a make around this test has no say
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES POSTGRES PQ_INCLUDE CC)};


sub spurt {
    my ($name, $text, $mode) = @_;

    open my $fh, '>', "$dir/$name" or die "$name: $!";
    print $fh $text;
    close $fh or die "$name: $!";
    chmod $mode // 0644, "$dir/$name";

    return "$dir/$name";
}

# (exit code, what was said) of a command of the shell

sub sh {
    my ($command, %env) = @_;

    local @ENV{keys %env} = values %env;
    my $said = qx{cd '$dir' && ( $command ) 2>&1};

    return ($? >> 8, $said);
}


# a libpq of today, and one that knows no pipelines: such as 13

my $HEADER = "typedef struct pg_conn PGconn;\n";
my $MODERN = "int PQenterPipelineMode(PGconn *conn);\n";

for my $kind (qw(modern old)) {
    make_path("$dir/$kind");
    spurt("$kind/libpq-fe.h", $HEADER . ($kind eq 'modern' ? $MODERN : ''));
    spurt("$kind/pq.c", "#include \"libpq-fe.h\"\n" . ($kind eq 'modern'
        ? "int\nPQenterPipelineMode(PGconn *conn)\n{\n    return conn == 0;\n}\n"
        : "int  PQold;\n"));
    is system("cd '$dir/$kind' && cc -c pq.c && ar rcs libpq.a pq.o"), 0,
        "a library to be found: $kind";
}

my %CC = map { $_ => "cc -L$dir/$_" } qw(modern old);
my $SCRIPT = "$ROOT/t/make/libpq.sh";


# which one the script takes

make_path("$dir/pkg", "$dir/config", "$dir/none");
spurt("pkg/pkg-config", "#!/bin/sh\necho $dir/modern\n", 0755);
spurt("config/pg_config", "#!/bin/sh\necho $dir/modern\n", 0755);
spurt("$_/pkg-config", "#!/bin/sh\nexit 1\n", 0755) for qw(config none);
spurt("$_/pg_config", "#!/bin/sh\nexit 1\n", 0755) for qw(pkg none);

for my $case (
    [ 'named', $CC{modern}, 'none', "$dir/modern\n",
      PQ_INCLUDE => "$dir/modern" ],
    [ 'that pkg-config knows', $CC{modern}, 'pkg', "$dir/modern\n" ],
    [ 'that pg_config knows', $CC{modern}, 'config', "$dir/modern\n" ],
    [ 'too old', $CC{old}, 'pkg', '', PQ_INCLUDE => "$dir/old" ],
    [ 'not wanted', $CC{modern}, 'pkg', '', POSTGRES => 'no' ],
    [ 'without a compiler', 'false', 'pkg', '' ],
) {
    my ($name, $cc, $path, $expected, %env) = @$case;
    my ($code, $said) = sh("sh '$SCRIPT'", CC => $cc, %env,
                           PATH => "$dir/$path:$ENV{PATH}");

    is $said, $expected, "libpq.sh: one that is $name";
    is $code, $expected ? 0 : 1, '... and what it exits with';
}


# config, as nginx's ./configure reads it

make_path("$dir/auto");
spurt('auto/feature', "ngx_found=yes\n");
spurt('auto/module',
      'printf "%s\n" "CFLAGS $CFLAGS" "libs $ngx_module_libs"' . "\n"
      . 'printf "src %s\n" $ngx_module_srcs; printf "inc %s\n" $ngx_module_incs'
      . "\n");

sub config {
    my ($cc, %env) = @_;

    my ($code, $said) = sh('. "$ngx_addon_dir/config"', CC => $cc, %env,
        USE_THREADS => 'YES', ngx_addon_dir => $ROOT, CFLAGS => '-O2',
        PATH => "$dir/none:$ENV{PATH}");
    is $code, 0, 'config is read';

    return $said;
}

my $with = config($CC{modern}, PQ_INCLUDE => "$dir/modern");

like $with, qr{^ \+ libpq found in \Q$dir\E/modern$}m, '... with libpq: says so';
like $with, qr/^CFLAGS -O2 .*-DSOCIAL_POSTGRES=1/m, '... defines it';
like $with, qr/^libs .*-lpq\b/m, '... links it';
like $with, qr{^src .*/store/postgres/social_store_postgres\.c$}m,
    '... compiles the store';
like $with, qr{^inc \Q$dir\E/modern$}m, '... with its headers';

for my $case ([ 'an old libpq', $CC{old}, PQ_INCLUDE => "$dir/old" ],
              [ 'POSTGRES=no', $CC{modern}, POSTGRES => 'no' ])
{
    my ($name, $cc, %env) = @$case;
    my $said = config($cc, %env);

    like $said, qr/^ \+ no libpq 14 or newer \(libpq-dev\): ngx_social is built /m,
        "... $name: says so";
    like $said, qr{ built without "store postgresql://"$}m, '... and what is missing';
    unlike $said, qr{SOCIAL_POSTGRES|-lpq\b|store/postgres|\Q$dir\E},
        '... and has nothing of it';
    like $said, qr{^src .*/store/social_store_sqlite\.c$}m, '... but all else';
}


# make

sub make {
    my ($cc) = @_;

    my ($code, $said) = sh("make -s -C '$ROOT' OUT='$dir/out' CC='$cc' "
        . "'$dir/out/libpq.mk'", PQ_INCLUDE => ($cc =~ m{-L(\S+)})[0]);
    is $code, 0, 'make looks for libpq';

    my $found = slurp("$dir/out/libpq.mk");
    unlink "$dir/out/libpq.mk";

    return ($said, $found);
}

my ($said, $found) = make($CC{old});

is $found, "LIBPQ := \n", '... an old one is none';
is $said, <<'END', '... it says what that means, and what to do';
no libpq 14 or newer: everything is built without "store postgresql://";
to have it, install libpq-dev, then: make clean all
END

($said, $found) = make($CC{modern});
is $found, "LIBPQ := $dir/modern\n", '... one of today is found';
is $said, '', '... without a word';


# the commands that the build has for these files, and for the whole

my $TREE = "$ROOT/build/release";
my @DIFFER = ('src/store/social_store.c', 'src/tool/social_tool_url.c',
              'src/http/conf/ngx_http_social_conf_postgres.c');

find(sub {
    return if !/\.c$/ || $File::Find::name =~ m{/src/store/postgres/};
    my $name = $File::Find::name =~ s{^\Q$ROOT\E/}{}r;
    is_deeply [ grep { $_ eq $name } @DIFFER ], [ $name ],
        "$name depends on libpq, and this test knows"
        if slurp($_) =~ /^#if .*SOCIAL_POSTGRES/m;
}, "$ROOT/src");


sub run_in {
    my ($folder, $command) = @_;

    my ($code, $log) = sh("cd '$folder' && $command");
    die "$command: $log" if $code;

    return;
}

# a module without libpq; undef: there is no build to take it from

sub module {
    return if ($ENV{SOCIAL_MODULE} // '') eq 'static'
        || !-e "$TREE/nginx/objs/Makefile";

    my $changed = join ' ', map { "-W '$ROOT/$_'" } @DIFFER;
    my (undef, $commands) = sh("make -n -C '$TREE/nginx' $changed "
                               . '-f objs/Makefile modules');
    $commands =~ s/\\\n/ /g;

    my ($link) = grep { /-shared/ && /ngx_social_module\.so/ } split /\n/, $commands
        or return;

    for my $file (grep { !m{/tool/} } @DIFFER) {
        my ($name) = $file =~ m{([^/]+)\.c$};
        my ($compile) = grep { m{-o\s+\S*/$name\.o\b} && / -c / }
            split /\n/, $commands or return;
        my ($object) = $compile =~ m{-o\s+(\S+)};

        $compile =~ s/-DSOCIAL_POSTGRES=1//;
        $compile =~ s{-o\s+\S+}{-o $dir/$name.o};
        run_in("$TREE/nginx", $compile);
        $link =~ s{\Q$object\E}{$dir/$name.o} or die $link;
    }

    $link =~ s{\S+/postgres/social_store_postgres\w*\.o}{}g;
    $link =~ s{\s-lpq\b}{};
    $link =~ s{-o\s+\S+ngx_social_module\.so}{-o $dir/module.so};
    run_in("$TREE/nginx", $link);

    return "$dir/module.so";
}


# the same of the program

sub program {
    my @objects;

    return if !-e "$TREE/obj/store/social_store.o";

    find(sub {
        return if !/^(.*)\.c$/ || $File::Find::name =~ m{/(?:http|postgres)/};
        my $object = "$File::Find::dir/$1.o" =~ s{^\Q$ROOT\E/src/}{$TREE/obj/}r;
        push @objects, $object
            if !grep { $File::Find::name eq "$ROOT/$_" } @DIFFER;
    }, "$ROOT/src");

    return if grep { !-e } @objects;

    my $include = join ' ', map { "-I$_" } grep { -d } glob
        "$ROOT/src/core $ROOT/src/core/* $ROOT/src/store $ROOT/src/tool";

    run_in("$dir", "cc -std=gnu11 -D_GNU_SOURCE -O1 $include -o program "
        . join(' ', map { "$ROOT/$_" } grep { !m{/http/} } @DIFFER)
        . " @objects -lsqlite3 -lcjson -lmd4c -lpcre2-8 -lcrypto -lz -lm "
        . '-lpthread -lexpat');

    return "$dir/program";
}


SKIP: {
    my $module = module();
    skip 'no build to link a module from', 1 if !$module;

    unlike scalar qx{readelf -d '$module'}, qr/libpq/,
        'a module without libpq does not load it';

    local $ENV{SOCIAL_MODULE} = $module;

    for my $case ([ 'sqlite:@DIR@/blog.db', 0 ],
                  [ 'postgresql://social@db/blog', 1 ])
    {
        my ($url, $code) = @$case;
        my $text = conf_site("        store <!>$url;")
            =~ s/load_module \S+;/load_module $module;/r;
        my ($got, $line, @lines) = conf_test($text);

        is $got, $code, "nginx -t with store $url";
        is_deeply [ grep { /emerg/ } @lines ], [ !$code ? () :
            "[emerg] invalid value \"$url\" in \"store\": this ngx_social was built without libpq "
            . '14 or newer: install libpq-dev and build it again in '
            . conf_dir() . "/nginx.conf:$line" ],
            !$code ? '... is right' : '... says why not, and where';
    }
}

SKIP: {
    my $path = program();
    skip 'no build to link a program from', 1 if !$path;

    unlike scalar qx{readelf -d '$path'}, qr/libpq/, 'nor does such a program';

    local $ENV{SOCIAL_PROGRAM} = $path;
    my $program = Program->new;

    for my $arguments ([ 'check', '--store' ], [ 'export', '--store' ],
                       [ 'copy', 'sqlite:x' ])
    {
        is $program->run(@$arguments, 'postgresql://db/blog?schema=social_blog'),
            2, "@$arguments of PostgreSQL";
        is $program->{err}, 'ngx-social: this ngx-social was built without '
            . "PostgreSQL (libpq): it works on sqlite:PATH only\n", '... says why not';
    }

    my $store = 'sqlite:' . $program->put('blog.db', '');
    is $program->run('seed', '--store', $store, '--days', 1), 0,
        'it works on a file of SQLite' or diag $program->{err};
    is $program->run('check', '--store', $store), 0, '... indeed'
        or diag $program->{out};
}

done_testing;
