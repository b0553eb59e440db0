package Social::Conf;

# Runs `nginx -t` with a configuration and returns its messages.
#
# <!> in a configuration marks the line that a message must name; the mark is
# removed before nginx sees it.  @DIR@ stands for the directory of the test,
# which is also nginx's prefix.

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Find;
use File::Temp qw(tempdir);
use Social::Tool;

our @EXPORT = qw(conf_dir conf_write conf_test conf_site conf_http conf_tree);

my $nginx = join ' ', Social::Tool::nginx();
my $module = abs_path($ENV{SOCIAL_MODULE} || 'build/ngx_social_module.so');
my $dir = tempdir('social-conf-XXXXXX', TMPDIR => 1, CLEANUP => 1);


sub conf_dir { return $dir }


# writes a file beside nginx.conf; returns the line of its mark, or 0

sub conf_write {
    my ($name, $text) = @_;

    $text =~ s/\@DIR\@/$dir/g;

    my $line = $text =~ /^(.*?)<!>/s ? 1 + ($1 =~ tr/\n//) : 0;
    $text =~ s/<!>//g;

    open(my $fh, '>:raw', "$dir/$name") or die "$dir/$name: $!";
    print $fh $text;
    close($fh) or die "$dir/$name: $!";

    return $line;
}


# the whole nginx.conf around the contents of http {}

sub conf_http {
    my ($http) = @_;

    my $paths = join '', map { "    ${_}_temp_path \@DIR\@/tmp_$_;\n" }
                             qw(client_body proxy fastcgi uwsgi scgi);
    my $load = Social::Tool::main() . "load_module $module;\n";

    return <<"EOF_CONF";
${load}pid \@DIR\@/nginx.pid;
error_log stderr;
events { }
http {
    access_log off;
${paths}$http
}
EOF_CONF
}


# a site with these parameters, and what else a site needs

sub conf_site {
    my ($params) = @_;

    return conf_http(<<"EOF_CONF");
    social_site blog {
$params
    }
    server {
        listen 127.0.0.1:8999;
        social blog;
        location ^~ /_social/ { social_api blog; }
        location = /social { social_status blog; }
        location ^~ /_moderate/ {
            social_moderate blog;
            auth_basic "blog";
            auth_basic_user_file users;
        }
    }
EOF_CONF
}


# (exit code, line of the mark, nginx's messages without time and process)

sub conf_test {
    my ($text) = @_;

    my $line = conf_write('nginx.conf', $text);
    my @out = `$nginx -t -e stderr -p $dir/ -c $dir/nginx.conf 2>&1`;
    my $code = $? & 127 ? 'signal ' . ($? & 127) : $? >> 8;

    my @said;

    for (@out) {
        chomp;
        push @said, "[$1] $2" if /\[(\w+)\] (?:\d+#\d+: )?(.*)/;
    }

    return ($code, $line, @said);
}


# every file below the prefix (name, mode, size, mtime), except those that each
# run writes

sub conf_tree {
    my @tree;

    find({ no_chdir => 1, wanted => sub {
        return if m{/nginx\.(?:conf|pid)$};
        my @stat = lstat($_);
        push @tree, join ' ', $_, @stat[2, 4, 7, 9];
    } }, $dir);

    return join "\n", sort @tree;
}


1;
