package Prometheus;

# Prometheus and promtool, which t/make/prometheus.sh puts into build: a server
# on a free port of 127.0.0.1 that collects the metrics of an nginx each second
# and keeps them in a folder of its own; and checks of texts and files.
#
#   my $server = Prometheus->new($nginx, '/social');
#   my @values = $server->query('up');       # numbers; none: no result
#   my ($code, $said) = Prometheus::promtool($text, 'check', 'metrics');

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp ();
use HTTP::Tiny ();
use JSON::PP ();
use Social;

my $BUILD = abs_path(dirname(__FILE__) . '/../..') . '/build/prometheus';


# dies if they are missing: a test without them would show nothing

sub program {
    my ($name) = @_;

    my ($path) = grep { -x } map { "$_/$name" } $BUILD,
        split /:/, $ENV{PATH} // '';

    die "$name is missing: run t/make/prometheus.sh $BUILD\n" if !$path;

    return $path;
}


# exit code and all output of promtool, which reads text

sub promtool {
    my ($text, @args) = @_;

    my $file = File::Temp->new;
    print $file $text;
    close $file or die "$file: $!";

    my $command = join ' ', map { "'$_'" } program('promtool'), @args;
    my $said = qx{$command 2>&1 < $file};

    return ($? >> 8, $said);
}


sub new {
    my ($class, $nginx, $path) = @_;

    my $self = bless { dir => File::Temp->newdir, nginx => $nginx,
                       port => Social::free_port(), owner => $$ }, $class;
    my $target = $nginx->origin =~ s{^http://}{}r;
    my $binary = program('prometheus');

    open my $fh, '>', "$self->{dir}/prometheus.yml" or die "config: $!";
    print $fh <<"END";
global: { scrape_interval: 1s, evaluation_interval: 1s }
scrape_configs:
  - job_name: nginx_social
    metrics_path: $path
    params: { format: [prometheus] }
    static_configs: [ { targets: [ "$target" ] } ]
END
    close $fh or die "config: $!";

    $self->{pid} = fork // die "fork: $!";

    if (!$self->{pid}) {
        open STDOUT, '>', "$self->{dir}/log" or die "log: $!";
        open STDERR, '>&', \*STDOUT or die "log: $!";
        exec $binary, "--config.file=$self->{dir}/prometheus.yml",
            "--storage.tsdb.path=$self->{dir}/data",
            "--web.listen-address=127.0.0.1:$self->{port}"
            or die "$binary: $!";
    }

    $nginx->wait_for(sub { $self->query('up') }, 60)
        or die 'prometheus does not run: ' . $self->log;

    return $self;
}


sub log {
    my ($self) = @_;

    open my $fh, '<', "$self->{dir}/log" or return '';
    local $/;

    return scalar <$fh>;
}


sub query {
    my ($self, $expr) = @_;

    my $res = HTTP::Tiny->new(timeout => 20)->get(
        "http://127.0.0.1:$self->{port}/api/v1/query?query="
        . Social::encode($expr));
    my $doc = eval { JSON::PP->new->utf8->decode($res->{content}) } // return;

    $self->{error} = $doc->{error};

    return map { $_->{value}[1] } @{ $doc->{data}{result} // [] };
}


sub stop {
    my ($self) = @_;

    return if !$self->{pid} || $self->{owner} != $$;

    local $?;
    kill 'TERM', $self->{pid};
    waitpid $self->{pid}, 0;
    $self->{pid} = 0;

    return;
}


sub DESTROY { return $_[0]->stop }


1;
