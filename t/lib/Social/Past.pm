package Social::Past;

# A blog with a past of several days, for t/figures.t: people who read, share,
# like, comment and answer, a moderator, robots.  What they do is random, but
# the same for the same seed.
#
#   my $past = Social::Past->new($seed) or skip ...;    # no libfaketime
#   $past->session;                 # some hours later, some dozen requests
#   $past->session(1);              # with decisions on many comments at once
#   $past->nginx;
#
# logs/social.log is as in all tests; logs/action.log also has $social_action.

use strict;
use warnings;

use Page qw(fetch);
use Readers qw(browser);
use Social::Clock;
use Time::HiRes qw(sleep);
use Time::Local qw(timegm);

my @KEYS = map { "/posts/$_/" } qw(a b c d e);
my @PREVIEWS = ('Twitterbot/1.0', 'LinkedInBot/1.0', 'facebookexternalhit/1.1',
                'Slackbot-LinkExpanding 1.0', 'WhatsApp/2.23', 'Facebot',
                'TelegramBot (like TwitterBot)', 'Twitterbot/1.0');

# what is done, how often, and whether the log then has a line

my %MIX = (view => 30, beacon => 8, ahead => 6, script => 4, bot => 5,
           preview => 5, own => 3, share => 8, like => 8, comment => 12,
           reply => 10, answer => 8, moderate => 12, edit => 3, remove => 2,
           goal => 4, report => 2, twice => 2);


sub new {
    my ($class, $seed) = @_;

    my $clock = Social::Clock->new(timegm(0, 0, 7, 1, 2, 2027)) or return;
    my $page = '<!DOCTYPE html><html lang=en><head><title>T</title></head>'
        . '<body><article><p>text</p></article></body></html>';

    my $self = bless { clock => $clock, people => [], ids => [], seen => 0,
                       text => 0, seed => $seed, jar => {} }, $class;

    $self->{nginx} = $clock->start(
        files => { map { ("$_/index.html" => $page) } @KEYS, 'thanks' },
        site => 'article /posts/; goal thanked = /thanks/; reactions on;'
            . 'comments first;',
        http => <<'END');
            lingering_close off;
            log_format action escape=json '{"time":"$time_iso8601",'
                '"event":"$social_event","site":"$social_site",'
                '"article":"$social_article","class":"$social_class",'
                '"network":"$social_network","source":"$social_source",'
                '"comment":"$social_comment","parent":"$social_parent",'
                '"role":"$social_role","state":"$social_state",'
                '"goal":"$social_goal","action":"$social_action"}';
            access_log DIR/logs/action.log action if=$social_event;
END
    $self->{people} = [ map { { agent => browser($_), jar => {}, ids => [],
                                name => "Reader $_" } } 1 .. 12 ];
    $self->{mix} = [ map { ($_) x $MIX{$_} } sort keys %MIX ];

    return $self;
}


sub nginx { return $_[0]{nginx} }
sub clock { return $_[0]{clock} }


# a random number of its own, which nothing else moves on

sub random {
    my ($self, $n) = @_;

    $self->{seed} = ($self->{seed} * 1103515245 + 12345) % 2**31;

    return int($self->{seed} / 2**31 * $n);
}


sub one {
    my ($self, @of) = @_;

    return @of ? $of[ $self->random(scalar @of) ] : undef;
}


sub session {
    my ($self, $many) = @_;

    # what was counted is saved before hours have passed

    $self->nginx->status;
    $self->clock->set($self->clock->now + 7200 + $self->random(36000));
    $self->{previews} = 0;
    $self->{many} = $many;
    $self->{jar} = {};          # an author's badge lasts a week
    delete $self->{tokens};

    for (1 .. 25) {
        $self->clock->set($self->clock->now + $self->random(12));

        my $what = $self->one(@{ $self->{mix} });
        my $key = $self->one(@KEYS);
        my $lines = $self->lines;
        my $act = $self->can("do_$what") or die $what;

        $self->await($lines + 1)
            if $act->($self, $key, $self->one(@{ $self->{people} }));
    }

    return;
}


# lines of the log, which nginx writes after the answer

sub lines {
    my ($self) = @_;

    my $text = $self->nginx->slurp('logs/action.log');

    return $text =~ tr/\n//;
}


sub await {
    my ($self, $lines) = @_;

    for (1 .. 10000 * Social::Tool::slow()) {
        return if $self->lines >= $lines;
        sleep 0.001;
    }

    die "the log has no line $lines";
}


# Requests.  Each returns whether the log gets a line.

sub get {
    my ($self, $path, $agent, %headers) = @_;

    return fetch($self->nginx->port, $path, headers => {
        'User-Agent' => $agent, %headers });
}


sub token {
    my ($self, $key) = @_;

    if (!$self->{tokens}{$key}) {
        my $lines = $self->lines;

        ($self->{tokens}{$key}) = $self->get($key, 'Googlebot/2.1')->{body}
            =~ /name="token" value="([^"]+)"/;
        $self->await($lines + 1);
    }

    return $self->{tokens}{$key};
}


sub post {
    my ($self, $route, $key, $who, %fields) = @_;

    my $token = $self->token($key);
    my $res = $self->nginx->post($route, { article => $key, token => $token,
        %fields }, jar => $who->{jar}, headers => {
        'User-Agent' => $who->{agent} });

    die "$route: $res->{status} $res->{content}"
        if $res->{status} !~ /^(?:20\d|303|403|404)$/;

    return $res;
}


sub do_view {
    my ($self, $key, $who) = @_;

    my $from = $self->one('', '?utm_source=newsletter', '?ref=reddit', '?src=x',
                          $self->{shared} ? "?shared=$self->{shared}" : '');
    my %referer = $self->random(3) ? () : (Referer => $self->one(
        'https://www.google.com/', 'https://news.ycombinator.com/item?id=1',
        'https://unknown.example/'));

    $self->get("$key$from", $who->{agent}, %referer);
    $self->{last} = [ $key, $who ];

    return 1;
}


# the page of the last view becomes visible, perhaps a second time

sub do_beacon {
    my ($self) = @_;

    $self->post('views', @{ $self->{last} }) if $self->{last};

    return 0;
}


# fetched ahead; when it is seen, perhaps by the moderator

sub do_ahead {
    my ($self, $key, $who) = @_;

    $who = $self->moderator if !$self->random(4);

    $self->get($key, $who->{agent}, 'Sec-Purpose' => 'prefetch');
    $self->{last} = [ $key, $who ] if $self->random(3);

    return 1;
}


sub do_script {
    my ($self, $key, $who) = @_;

    $self->get($key, $who->{agent}, 'Sec-Fetch-Dest' => 'empty');
    $self->{last} = [ $key, $who ];

    return 0;
}


sub do_bot {
    my ($self, $key) = @_;

    $self->get($key, 'Mozilla/5.0 (compatible; bingbot/2.0)');

    return 1;
}


# The clock of the rate limit is not ours: a network fetches a page in one
# session only.

sub do_preview {
    my ($self) = @_;

    $self->{preview} //= 0;
    my $n = $self->{previews}++ ? $self->{preview} : ++$self->{preview};

    return 0 if $n >= @KEYS * 5;

    $self->get($KEYS[ $n / 5 ], $PREVIEWS[ $n % 5 ]);

    return 1;
}


sub do_own {
    my ($self, $key) = @_;

    $self->moderator;
    $self->nginx->get($key, jar => $self->{jar});

    return 1;
}


sub do_share {
    my ($self, $key, $who) = @_;

    my $res = $self->post('share', $key, $who,
        network => $self->one(qw(x reddit bluesky copy whatsapp)));

    $self->{shared} = $1
        if $res->{headers}{location} =~ /shared%3[Dd]([\w.%-]+?)(?:$|%26|&)/;

    return 1;
}


sub do_like {
    my ($self, $key, $who) = @_;

    $self->post('reactions', $key, $who);

    return 1;
}


sub write {
    my ($self, $key, $who, %fields) = @_;

    my $res = $self->post('comments', $key, $who, name => $who->{name},
                          text => 'Text ' . ++$self->{text}, %fields);

    my ($id) = ($res->{headers}{location} // '') =~ m{(?:comment-|comments/)(c\d+)}
        or return 0;

    $self->{article}{$id} = $key;
    push @{ $self->{ids} }, $id;
    push @{ $who->{ids} }, [ $id, $self->clock->now ];

    return 1;
}


sub do_comment {
    my ($self, $key, $who) = @_;

    return $self->write($key, $who);
}


# the same comment, sent twice

sub do_twice {
    my ($self, $key, $who) = @_;

    $self->write($key, $who) or return 0;
    $self->{text}--;
    $self->post('comments', $key, $who, name => $who->{name},
                text => "Text $self->{text}");
    $self->{text}++;

    return 1;
}


sub do_reply {
    my ($self, undef, $who) = @_;

    my $parent = $self->one(@{ $self->{ids} }) or return 0;

    return $self->write($self->{article}{$parent}, $who, parent => $parent);
}


sub moderator {
    my ($self) = @_;

    $self->nginx->queue('', jar => $self->{jar}) if !%{ $self->{jar} };

    return { agent => $Social::BROWSER, jar => $self->{jar},
             name => "Jo" };
}


# the author, on the moderation page or on the article

sub do_answer {
    my ($self) = @_;

    my $id = $self->one(@{ $self->{ids} }) or return 0;

    return $self->write($self->{article}{$id}, $self->moderator,
                        parent => $id, name => 'jo') if !$self->random(3);

    my $res = $self->nginx->moderate({ id => $id, action => 'reply',
        text => 'Thanks ' . ++$self->{text} }, headers => {
        Accept => 'application/json' });

    push @{ $self->{ids} }, map { $_->{id} } @{ $res->{json}{comments} // [] };
    $self->{article}{ $_->{id} } = $_->{article}
        for @{ $res->{json}{comments} // [] };

    return $res->{status} == 200;
}


sub do_moderate {
    my ($self) = @_;

    my $action = $self->one(qw(approve approve approve approve hold spam delete
                               restore restore done done edit ban erase));
    my %ids = map { $self->one(@{ $self->{ids} }) // '' => 1 }
        0 .. ($action ne 'edit' && $self->{many} ? $self->random(4) : 0);
    my $res = $self->nginx->moderate({ id => [ grep { length } sort keys %ids ],
        action => $action, $action eq 'edit' ? (text => 'Edited') : () });

    return $res->{status} == 303;
}


# a reader's own comment, while it is new

sub young {
    my ($self, $who) = @_;

    return $self->one(map { $_->[0] }
        grep { $self->clock->now - $_->[1] < 900 } @{ $who->{ids} });
}


sub do_edit {
    my ($self, $key, $who) = @_;

    my $id = $self->young($who) or return 0;

    return $self->post("comments/$id/edit", $key, $who, text => 'Other text',
                       name => $who->{name})->{status} == 303;
}


sub do_remove {
    my ($self, $key, $who) = @_;

    my $id = $self->young($who) or return 0;

    return $self->post("comments/$id/delete", $key, $who)->{status} == 303;
}


sub do_report {
    my ($self, $key, $who) = @_;

    my $id = $self->one(@{ $self->{ids} }) or return 0;

    $self->post("comments/$id/report", $key, $who);

    return 0;
}


sub do_goal {
    my ($self, undef, $who) = @_;

    $self->get('/thanks/', $who->{agent});

    return 1;
}


1;
