package Social;

# An nginx with the module, a site "blog" and its locations, in a directory of
# its own, on ports of its own on 127.0.0.1.
#
#   my $nginx = Social->new(
#       site   => 'comments hold;',          # parameters of social_site
#       http   => '...', server => '...',    # more configuration
#       files  => { 'posts/a/index.html' => $html });
#
#   my $page  = $nginx->get('/posts/a/');    # an answer as HTTP::Tiny has it
#   my $token = $nginx->token('/posts/a/');
#   my $res   = $nginx->post('comments', { article => ..., token => ... });
#   my $doc   = $nginx->status(period => 'all');
#   my @lines = $nginx->events;              # decoded lines of social.log
#   $nginx->quiet;                           # tests that no alarm was logged
#
# A test also fails at its end if one of its nginx logged an alarm that was not
# expected, whether or not it called quiet().
#
# DIR in a configuration stands for the directory.  Files of a site are made an
# hour old, because the module does not remember files younger than two seconds.
# A worker that exits waits one second, not five, for what clients may still
# send.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp ();
use HTTP::Tiny ();
use IO::Socket::INET;
use IO::Socket::UNIX;
use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use Page ();
use POSIX ();
use Scalar::Util qw(weaken);
use Social::Tool;
use Test::More ();
use Time::HiRes qw(sleep time);

our $BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) '
    . 'Gecko/20100101 Firefox/128.0';

my $ROOT = abs_path(dirname(__FILE__) . '/../..');

# log lines that fail a test unless expected, and those that always fail it

my $ALARM = qr/\[(?:alert|emerg|crit)\]|exited\ with\ (?:fatal\ )?code\ [1-9]/x;
my $REPORT = qr/(?:ERROR|WARNING):\ (?!Leak)\w+Sanitizer|runtime\ error:
                |core\ dumped|exited\ on\ signal\ (?:[34678]|11)\b/x;

my (@all, @alarms);


sub new {
    my ($class, %a) = @_;

    my $self = bless {
        nginx  => Social::Tool::binary(),
        module => ($ENV{SOCIAL_MODULE} // '') eq 'static' ? 'static'
            : abs_path($ENV{SOCIAL_MODULE}
                       || "$ROOT/build/ngx_social_module.so"),
        owner  => $$,
        expected => [],
        %a,
    }, $class;

    push @all, $self;
    weaken($all[-1]);

    # SOCIAL_KEEP=1 leaves the folder, to look at after a failure
    $self->{dir} = File::Temp->newdir('social-XXXXXX', TMPDIR => 1,
        CLEANUP => !$ENV{SOCIAL_KEEP});
    Test::More::diag($self->dir) if $ENV{SOCIAL_KEEP};
    $self->{port} = free_port();
    $self->{port2} = free_port();

    # as root, the workers run as another user
    chmod 0755, $self->dir;
    make_path(map { $self->dir . "/$_" } qw(html logs store body));
    chmod 0777, $self->dir . '/store';

    my %files = %{ $a{files} // {} };
    $self->file($_, $files{$_}, 3600) for sort keys %files;

    $self->configure;
    $self->start if !$a{stopped};

    return $self;
}


# A port that is free until this process ends: below the kernel's range for
# clients, and locked against other tests by an abstract socket, which leaves no
# file.

my @locks;

sub free_port {
    for (1 .. 1000) {
        my $port = 10_000 + int rand 20_000;
        my $lock = IO::Socket::UNIX->new(Local => "\0social-port-$port",
                                         Listen => 1) or next;

        IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port,
                              ReuseAddr => 1, Listen => 1) or next;
        push @locks, $lock;

        return $port;
    }

    die 'no free port';
}


sub dir     { return $_[0]{dir}->dirname }
sub port    { return $_[0]{port} }
sub port2   { return $_[0]{port2} }
sub origin  { return "http://127.0.0.1:$_[0]{port}" }


# writes a file of the site, so many seconds old

sub file {
    my ($self, $name, $text, $age) = @_;

    my $path = $self->dir . "/html/$name";
    make_path(dirname($path));

    # replaced by rename, as good editors do
    open my $fh, '>:raw', "$path.new" or die "$path: $!";
    print $fh $text;
    close $fh or die "$path: $!";

    my $time = time - ($age // 0);
    utime $time, $time, "$path.new";
    rename "$path.new", $path or die "$path: $!";

    return $path;
}


sub configure {
    my ($self) = @_;

    my $dir = $self->dir;
    my $user = Social::Tool::main()
        . ($> == 0 ? "user www-data www-data;\n" : '');
    my $site = $self->{site} // '';

    $site = "comments open;\n$site" if $site !~ /\bcomments\b/;
    $site = "limit off;\n$site" if $site !~ /\blimit\b/;
    $site = "flush 200ms;\n$site" if $site !~ /\bflush\b/;
    $site = "zone 4m;\n$site" if $site !~ /\bzone\b/;
    $site = "store sqlite:DIR/store/blog.db;\n$site" if $site !~ /\bstore\b/;

    my $conf = <<"END";
@{[ $self->{module} eq 'static' ? '' : "load_module $self->{module};" ]}
${user}worker_processes @{[ $self->{workers} // 2 ]};
error_log DIR/logs/error.log @{[ $self->{level} // 'info' ]};
pid DIR/nginx.pid;
@{[ $self->{main} // '' ]}
events { worker_connections 4096; }
http {
    client_body_temp_path DIR/temp/body;
    proxy_temp_path DIR/temp/proxy;
    fastcgi_temp_path DIR/temp/fastcgi;
    uwsgi_temp_path DIR/temp/uwsgi;
    scgi_temp_path DIR/temp/scgi;

    log_format social escape=json '{"time":"\$time_iso8601","event":"\$social_event","site":"\$social_site","article":"\$social_article",'
        '"class":"\$social_class","network":"\$social_network","source":"\$social_source","comment":"\$social_comment",'
        '"parent":"\$social_parent","role":"\$social_role","state":"\$social_state","goal":"\$social_goal"}';
    access_log DIR/logs/access.log;
    access_log DIR/logs/social.log social if=\$social_event;

    @{[ ($self->{http} // '') =~ /\btypes\b/ ? ''
        : 'types { text/html html; text/plain txt; image/png png; }' ]}
    @{[ ($self->{http} // '') =~ /\blingering_timeout\b/ ? ''
        : 'lingering_timeout 1s;' ]}
    social_site blog {
        $site
    }
    @{[ $self->{http} // '' ]}
    server {
        listen 127.0.0.1:$self->{port};
        listen 127.0.0.1:$self->{port2} http2;
        server_name localhost;
        root DIR/html;
        social blog;

        location ^~ /_social/ { social_api blog; }
        location = /social { social_status blog; }
        location ^~ /_moderate/ {
            social_moderate blog;
            auth_basic "blog";
            auth_basic_user_file DIR/users;
        }
        @{[ $self->{server} // '' ]}
    }
    @{[ $self->{servers} // '' ]}
}
END

    $conf =~ s/\bDIR\b/$dir/g;
    mkdir "$dir/temp";

    $self->write('nginx.conf', $self->{conf} // $conf);
    $self->write('users', "jo:{PLAIN}pw\neve:{PLAIN}pw\n");

    return;
}


sub write {
    my ($self, $name, $text) = @_;

    open my $fh, '>:raw', $self->dir . "/$name" or die "$name: $!";
    print $fh $text;
    close $fh or die "$name: $!";

    return;
}


sub start {
    my ($self) = @_;

    my @command = (Social::Tool::nginx(), '-c', $self->dir . '/nginx.conf',
                   '-e', $self->dir . '/logs/error.log');

    system(@command) == 0
        or die "nginx does not start:\n" . $self->error_log;

    for (1 .. 500 * Social::Tool::slow()) {
        my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                           PeerPort => $self->port);
        last if $socket;
        sleep 0.01;
    }

    $self->{running} = 1;

    # until the store is read, a page may have a link in place of its widget;
    # figures are available from then on

    if (!$self->{cold}) {
        $self->wait_for(sub { -e $self->dir . '/store/blog.db' });
        $self->wait_for(sub {
            $self->get('/social?format=json')->{status} !~ /^5/ });
    }

    return $self;
}


# Waits for a condition, at most ten seconds, longer with a sanitizer or
# valgrind; returns the condition's last value.

sub wait_for {
    my ($self, $condition, $seconds) = @_;

    my $end = time + ($seconds // 10) * Social::Tool::slow();
    my $result;

    until (($result = $condition->()) || time > $end) {
        sleep 0.02;
    }

    return $result;
}


# The command for statements on a store that nginx uses, too: the program does
# not wait for a lock unless it is told.

sub sqlite {
    my ($path, @options) = @_;

    return ('sqlite3', @options, '-cmd', '.timeout 20000', $path);
}


# The usual time of a call in seconds: the median of so many calls.  A call that
# waits does so every time; a single slow one is due to the machine.

sub median {
    my @sorted = sort { $a <=> $b } @_;

    return $sorted[@sorted / 2];
}

sub usual_time {
    my ($self, $times, $call) = @_;

    return median(map { my $begin = time; $call->(); time - $begin }
                  1 .. $times);
}


sub pid {
    my ($self) = @_;

    open my $fh, '<', $self->dir . '/nginx.pid' or return;
    my $pid = <$fh>;
    chomp $pid if defined $pid;

    return $pid;
}


sub workers {
    my ($self) = @_;

    my $master = $self->pid // return;
    my @workers;

    for my $path (glob '/proc/[0-9]*/stat') {
        open my $fh, '<', $path or next;
        my ($pid, $name, $rest) = (<$fh> // '') =~ /^(\d+) \((.*)\) (.*)/
            or next;
        push @workers, $pid
            if (split / /, $rest)[1] == $master
               && $name =~ /^(?:nginx|memcheck)/;
    }

    return @workers;
}


sub reload {
    my ($self) = @_;

    kill 'HUP', $self->pid;

    return $self;
}


sub stop {
    my ($self, $signal) = @_;

    return $self if !$self->{running} || $self->{owner} != $$;

    $self->{running} = 0;

    my $pid = $self->pid // return $self;
    kill $signal // 'QUIT', $pid;

    for (1 .. 1000 * Social::Tool::slow()) {
        last if !alive($pid);
        sleep 0.01;
    }

    if (alive($pid)) {
        kill 'KILL', $pid;
        die "nginx $pid did not stop";
    }

    return $self;
}


# is there such a process, other than a zombie?

sub alive {
    my ($pid) = @_;

    open my $fh, '<', "/proc/$pid/stat" or return 0;

    return (<$fh> // '') =~ /\) [^ZX]/;
}


sub DESTROY {
    my ($self) = @_;

    local ($@, $?);
    eval { $self->stop('TERM') };
    $self->hear if ${^GLOBAL_PHASE} ne 'DESTRUCT';

    return;
}


# keeps unexpected alarms until the end

sub hear {
    my ($self) = @_;

    return if $self->{owner} != $$;

    my @lines = $self->alarming($ALARM, @{ $self->{expected} });

    push @alarms, @lines[$self->{heard} // 0 .. $#lines];
    $self->{heard} = @lines;

    return;
}


END {
    my $code = $?;

    for my $self (grep { $_ && $_->{owner} == $$ } @all) {
        eval { $self->stop('TERM') };
        $self->hear;
    }

    Test::More::diag("nobody expected:\n", join "\n", @alarms) if @alarms;
    $? = $code || (@alarms ? 1 : 0);
}


sub slurp {
    my ($self, $name) = @_;

    open my $fh, '<:raw', $self->dir . "/$name" or return '';
    local $/;

    return scalar <$fh>;
}


sub error_log { return $_[0]->slurp('logs/error.log') }


# lines of error.log of this kind, and reports, except expected lines

sub alarming {
    my ($self, $kind, @expected) = @_;

    my @lines = grep { /$kind|$REPORT/ } split /\n/, $self->error_log;

    for my $pattern (@expected) {
        @lines = grep { /$REPORT/ || !/$pattern/ } @lines;
    }

    return @lines;
}


# one test: no alarm except expected ones, and no report

sub quiet {
    my ($self, @expected) = @_;

    push @{ $self->{expected} }, @expected;

    my @lines = ($self->alarming(qr/\[error\]|$ALARM/, @expected),
                 Social::Tool::reports());

    return Test::More::is("@lines", '', 'a quiet error.log');
}


# Decoded lines of social.log.  Of a worker that is killed the kernel may write
# only a part of a line; the next line follows it at once.

sub events {
    my ($self, %only) = @_;

    my $whole = $self->slurp('logs/social.log') =~ s/[^\n]*\z//r;
    my @events = map { JSON::PP->new->utf8->decode($_) }
        map { s/^.*(?=\{"time":")//r } split /\n/, $whole;

    for my $name (keys %only) {
        @events = grep { $_->{$name} eq $only{$name} } @events;
    }

    return @events;
}


# requests

# The connection is left open until nginx closes it: then the request is counted
# and logged.

{
    my $close = HTTP::Tiny::Handle->can('close');

    no warnings 'redefine';

    *HTTP::Tiny::Handle::close = sub {
        my ($handle) = @_;

        my $rest = '';

        Page::closed($handle->{fh}, \$rest) if $handle->{fh};

        return $close->($handle);
    };
}


sub agent {
    my ($self) = @_;

    return $self->{agent} //= HTTP::Tiny->new(
        max_redirect => 0, timeout => 20 * Social::Tool::slow(),
        agent => $BROWSER,
        keep_alive => 0);
}


sub request {
    my ($self, $method, $path, %a) = @_;

    my $headers = { %{ $a{headers} // {} } };
    my $cookie = $a{jar} && join '; ',
        map { "$_=$a{jar}{$_}" } sort keys %{ $a{jar} };
    $headers->{Cookie} = $cookie if $cookie;

    my $res = $self->agent->request($method, $self->origin . $path, {
        headers => $headers,
        defined $a{content} ? (content => $a{content}) : (),
    });

    if ($a{jar}) {
        my $set = $res->{headers}{'set-cookie'} // [];
        for my $line (ref $set ? @$set : $set) {
            $a{jar}{$1} = $2 if $line =~ /^([^=]+)=([^;]*)/;
        }
    }

    $res->{json} = eval { JSON::PP->new->utf8->decode($res->{content}) }
        if ($res->{headers}{'content-type'} // '') =~ m{^application/json};

    return $res;
}


# On a busy machine the widget may come too late for its page, which then has a
# link in its place.  Such a page is asked for again, unless the test expects
# one: link => 1.

my $LINK = qr/<section data-social=[^>]*>\s*<link [^>]*>\s*<p\ class="sc-o">/x;

sub get {
    my ($self, $path, %a) = @_;

    my $res;

    $self->wait_for(sub {
        $res = $self->request('GET', $path, %a);
        return $a{link} || ($res->{content} // '') !~ $LINK;
    });

    return $res;
}


# another visitor's token: who comments within three seconds after a page was
# served to him is held, unless there is `limit off`

sub others_token {
    my ($self, $path) = @_;

    return $self->token($path, headers => {
        'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:115.0) '
            . 'Gecko/20100101 Firefox/115.0' });
}


# of the form of a page

sub token {
    my ($self, $path, %a) = @_;

    my $page = $self->get($path, %a)->{content};

    return $page =~ /name="token" value="([^"]+)"/ ? $1 : undef;
}


sub encode {
    my ($value) = @_;

    utf8::encode($value) if utf8::is_utf8($value);
    $value =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ge;

    return $value;
}


sub form {
    my ($fields) = @_;

    return join '&', map {
        my $name = $_;
        my $value = $fields->{$name};
        map { encode($name) . '=' . encode($_) }
            ref $value ? @$value : ($value // ());
    } sort keys %$fields;
}


# a form, as a browser posts it from a page of this site

sub post {
    my ($self, $route, $fields, %a) = @_;

    return $self->request('POST', $a{path} // "/_social/$route", %a,
        content => form($fields),
        headers => {
            'Content-Type' => 'application/x-www-form-urlencoded',
            'Origin' => $self->origin,
            'Accept' => 'text/html,*/*;q=0.8',
            %{ $a{headers} // {} },
        });
}


sub post_json {
    my ($self, $route, $doc, %a) = @_;

    return $self->request($a{method} // 'POST',
        $a{path} // "/_social/$route", %a,
        content => JSON::PP->new->utf8->canonical->encode($doc),
        headers => {
            'Content-Type' => 'application/json',
            'Sec-Fetch-Site' => 'same-origin',
            %{ $a{headers} // {} },
        });
}


sub basic {
    my ($user) = @_;

    return { Authorization => 'Basic ' . encode_base64("$user:pw", '') };
}


sub moderate {
    my ($self, $fields, %a) = @_;

    return $self->post('', $fields, path => '/_moderate/', %a, headers => {
        %{ basic($a{user} // 'jo') }, %{ $a{headers} // {} } });
}


sub queue {
    my ($self, $query, %a) = @_;

    return $self->get('/_moderate/' . ($query // ''), %a, headers => {
        %{ basic($a{user} // 'jo') }, %{ $a{headers} // {} } });
}


sub status {
    my ($self, %query) = @_;

    my $res = $self->get('/social?' . form({ format => 'json', %query }));

    return $res->{json};
}


1;
