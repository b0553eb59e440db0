package Social::Fleet;

# Several nginx on one PostgreSQL of a test's own.
#
#   my $fleet = Social::Fleet->new(durable => 1)
#       or plan skip_all => $Social::Fleet::SKIP;
#   my $node = $fleet->node(workers => 1);      # started and ready
#   my $far = $fleet->node(proxy => 1);         # $far->{proxy} is its way there
#   say_on($node, 'a comment');                 # an answer of HTTP
#   shows($node, 'a comment');                  # waits until its page has it
#   counted($fleet, '/posts/a/');               # views in the database
#
# A process that waits writes no more than it must: @RETRY is what a log may
# say of a store that was away.

use strict;
use warnings;

use Exporter qw(import);
use Social::Api ();
use Social;
use Social::Postgres;
use Social::Proxy;
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(say_on shows ready token_of view counted @RETRY);
our $SKIP = 'PostgreSQL is not installed (package postgresql)';
our @RETRY = ('the store can(?:not)? be', 'exited on signal 9',
              'last counts could not');

my $STAMP = time - 7200;


sub new {
    my ($class, %a) = @_;

    my $db = Social::Postgres->new(%a) or return;

    return bless { db => $db }, $class;
}


sub db { return $_[0]{db} }


# url => what stands in `store`; site => more parameters

sub node {
    my ($self, %a) = @_;

    my $proxy = $a{proxy} ? Social::Proxy->new($self->db->port) : undef;
    my $url = $a{url} // $self->db->url($proxy ? $proxy->port : undef);
    my $node = Social->new(
        cold => 1,
        stopped => 1,
        files => { map { ("posts/$_/index.html" => Social::Api::page($_)) }
                       'a' .. 'e' },
        %a,
        site => "article /posts/; limit off; store $url; " . ($a{site} // ''),
        proxy => $proxy,
    );

    # the pages of all machines are copies
    utime $STAMP, $STAMP, glob $node->dir . '/html/posts/*/index.html';

    return $node if $a{stopped};

    $node->start;
    ready($node) or die 'a node does not start: ' . $node->error_log;

    return $node;
}


sub ready {
    my ($node) = @_;

    return $node->wait_for(sub {
        ($node->get('/social?format=json')->{status} // 0) == 200;
    });
}


# a page may come without its form while its thread is read

sub token_of {
    my ($node, $article) = @_;

    return $node->wait_for(sub { $node->others_token($article) });
}


sub say_on {
    my ($node, $text, %a) = @_;

    my $article = $a{article} // '/posts/a/';
    my $token = $a{token} // token_of($node, $article);

    return $node->post('comments', { article => $article, name => 'Ann',
                                     text => $text, token => $token },
                       map { $a{$_} ? ($_ => $a{$_}) : () } qw(jar headers));
}


sub shows {
    my ($node, $text, $article, $seconds) = @_;

    return $node->wait_for(sub {
        ($node->get($article // '/posts/a/')->{content} // '') =~ /\Q$text/;
    }, $seconds);
}


# a page that was served whole is a view: 1

sub view {
    my ($node, $article) = @_;

    my $res = $node->get($article);

    return $res->{status} == 200 && $res->{content} =~ m{</html>} ? 1 : 0;
}


sub counted {
    my ($self, $article) = @_;

    return $self->db->ask(
        'SELECT coalesce(sum(value), 0) FROM social_blog.bucket b'
        . ' JOIN social_blog.article a ON a.id = b.article'
        . qq{ WHERE a.key = '$article' AND b.step = 86400 AND b.kind = 1});
}


1;
