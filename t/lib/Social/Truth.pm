package Social::Truth;

# What really happened on a blog, and every figure of it: t/truth.t writes down
# what each reader and author did, and this computes what the status page
# should say, with the identity of everybody, which the module never knew.
#
#   my $truth = Social::Truth->new(reply_within => 172800);
#   $truth->article($key, $published, $now);
#   $truth->view($now, $key, $who, class => 'confirmed', source => 'x');
#   ...
#   my $figures = $truth->figures($from, $to, $now, $key);   # no key: the site
#
# Times are in seconds, `to` is excluded.  A reader is a name; so is an author.

use strict;
use warnings;

use List::Util qw(max min sum0 uniq);
use POSIX qw(ceil floor);

my $DAY = 86400;

# the usual rates of a site that has too few readers for its own, and z for
# 95 %: docs/metrics.md

my %BASE = (participants => 0.005, sharers => 0.002, reactions => 0.01,
            active => 0.007);
my ($PRIOR, $POOLED, $Z) = (200, 1000, 1.96);


sub new {
    my ($class, %a) = @_;

    return bless { %a, articles => {}, views => [], comments => [],
                   touch => {}, fetches => [],
                   map { $_ => {} } qw(readers shares sharers likes active listens
                                    goals) },
        $class;
}


sub day { return floor($_[0] / $DAY) }


sub article {
    my ($self, $key, $published, $now) = @_;

    $self->{articles}{$key} = $published // $now;

    return;
}


# what happens

sub view {
    my ($self, $at, $key, $who, %a) = @_;

    push @{ $self->{views} }, { at => $at, key => $key, who => $who, %a };

    return if $a{class} !~ /confirmed/;

    # counted with the first view of the day

    $self->{readers}{ join ' ', day($at), $who, $key } //= [ $at, $key ];

    # the first source of a day has the credit for what comes of it

    $self->{touch}{ day($at) }{$who} //= [ $a{source}, $key ] if $a{source};

    # the sharer's own visit was not brought by the share

    $self->{views}[-1]{brought} = $a{tag}
        if $a{tag} && !$self->{shares}{ join ' ', day($at), $who, $key,
                                        $a{tag} };

    return;
}


sub fetch {
    my ($self, $at, $key, $network) = @_;

    push @{ $self->{fetches} }, [ $at, $key, $network ];

    return $self->view($at, $key, '', class => 'preview');
}


sub listen {
    my ($self, $at, $key, $who) = @_;

    $self->{listens}{ join ' ', day($at), $who, $key } //= [ $at, $key ];

    return;
}


sub share {
    my ($self, $at, $key, $who, $network) = @_;

    $self->{shares}{ join ' ', day($at), $who, $key, $network }
        //= [ $at, $key, $network ];
    $self->{sharers}{ join ' ', day($at), $who, $key } //= [ $at, $key ];
    $self->{active}{ join ' ', day($at), $who, $key } //= [ $at, $key ];

    return;
}


# a like, or what takes it back

sub like {
    my ($self, $at, $key, $who) = @_;
    my $pair = join ' ', day($at), $who, $key;

    if (!$self->{likes}{$pair}) {
        $self->{likes}{$pair} = [ $at, $key ];
        $self->{active}{$pair} //= [ $at, $key ];
        return;
    }

    delete $self->{likes}{$pair};

    return if $self->{sharers}{$pair};

    # the like was all that the reader did, except for comments

    delete $self->{active}{$pair};
    delete $_->{covered} for grep { $_->{pair} eq $pair }
        @{ $self->{comments} };

    return;
}


sub goal {
    my ($self, $at, $who, $name) = @_;
    my ($source, $key) = @{ $self->{touch}{ day($at) }{$who} // [] };

    $self->{goals}{ join ' ', day($at), $who, $name }
        //= [ $at, $key, $name, $source ];

    return;
}


# returns the comment, whose state and `done` may be changed

sub comment {
    my ($self, $at, $key, $who, %a) = @_;
    my ($source) = @{ $self->{touch}{ day($at) }{$who} // [] };
    my $pair = join ' ', day($at), $who, $key;

    push @{ $self->{comments} }, my $c = {
        at => $at, key => $key, who => $who, role => 'reader', pair => $pair,
        source => $source, covered => !!$self->{active}{$pair}, %a };

    return $c;
}


# Conversations.  Approved comments only: a reply to another one is at the top.

sub above {
    my ($c) = @_;

    return $c->{parent} && $c->{parent}{state} eq 'approved' ? $c->{parent}
                                                             : undef;
}


sub needs_answer {
    my ($c) = @_;
    my $above = above($c);

    return $c->{role} eq 'reader' && !$c->{done}
        && (!$above || $above->{role} eq 'author'
            || $above->{who} eq $c->{who});
}


# the first author's comment below each comment

sub answers {
    my ($self, @approved) = @_;
    my %answer;

    for my $c (grep { $_->{role} eq 'author' } @approved) {

        for (my $up = above($c); $up; $up = above($up)) {
            $answer{$up} = $c
                if !$answer{$up} || $c->{at} < $answer{$up}{at};
        }
    }

    return \%answer;
}


sub rate {
    my ($n, $of) = @_;

    return $n || $of ? $n / max($n, $of) : undef;
}


# of a sorted list, whose missing members are infinite

sub median {
    my ($all, @sorted) = @_;

    return if !$all || !defined $sorted[ $all / 2 ];

    return ($sorted[ ($all - 1) / 2 ] + $sorted[ $all / 2 ]) / 2;
}


sub add_talk {
    my ($self, $f, $from, $to, $now, $key) = @_;

    my @all = grep { $_->{state} eq 'approved' } @{ $self->{comments} };
    my $answer = $self->answers(@all);
    my @past = grep { $_->{at} < $to && (!defined $key || $_->{key} eq $key) }
        @all;
    my @new = grep { $_->{at} >= $from } @past;
    my @readers = grep { $_->{role} eq 'reader' } @new;
    my @exchanges = grep { $_->{parent} && $_->{parent}{who} ne $_->{who} }
        @new;

    $f->{comments} = @readers;
    $f->{author_comments} = @new - @readers;
    $f->{exchanges} = @exchanges;
    $f->{exchange_ratio} = rate(scalar @exchanges, scalar @new);
    $f->{peer_reply_share} = rate(scalar(grep { $_->{role} eq 'reader'
        && $_->{parent}{role} eq 'reader' } @exchanges), scalar @readers);

    # answers

    my @waiting = grep { needs_answer($_) && !$answer->{$_} } @past;

    $f->{unanswered} = @waiting;
    $f->{oldest_unanswered_seconds} = max(map { $now - $_->{at} } @waiting);

    my @mature = grep { needs_answer($_)
        && $now - $_->{at} > $self->{reply_within} } @new;
    my @took = sort { $a <=> $b } grep { $_ <= $self->{reply_within} }
        map { $answer->{$_} ? $answer->{$_}{at} - $_->{at} : () } @mature;

    $f->{matured} = @mature;
    $f->{answered} = @took;
    $f->{response_rate} = rate(scalar @took, scalar @mature);
    $f->{first_author_reply_seconds} = median(scalar @mature, @took);
    $f->{first_author_reply_p90_seconds} =
        @mature ? $took[ ceil(9 * @mature / 10) - 1 ] : undef;

    $self->add_people($f, $from, \@all, \@readers, $key);
    $f->{dialogues} = dialogues(@new);
    $f->{thread_h} = thread_h($from, @new);

    return;
}


sub add_people {
    my ($self, $f, $from, $all, $readers, $key) = @_;
    my (%first, %last, %comments);

    for my $c (grep { $_->{role} eq 'reader' } @$all) {
        $first{ $c->{who} } = min($c->{at}, $first{ $c->{who} } // $c->{at});
    }

    for my $c (@$readers) {
        $last{ $c->{who} } = max($c->{at}, $last{ $c->{who} } // 0);
        $comments{ $c->{who} }++;
    }

    $f->{participants} = keys %last;
    $f->{participants_weak} = 0;
    $f->{new_participants} = grep { $first{$_} >= $from } keys %last;
    $f->{returning_participants} =
        grep { $last{$_} - $first{$_} >= $DAY } keys %last;
    $f->{top_talker_share} = keys %last < 3 ? undef
        : rate(max(values %comments), scalar @$readers);

    return;
}


# pairs of whom one wrote, the other replied, and the first replied to that

sub dialogues {
    my (@new) = @_;

    return scalar uniq map {
        my $second = above($_);
        my $first = $second && above($second);

        $first && $first->{who} eq $_->{who} && $second->{who} ne $_->{who}
            ? join(' ', sort $_->{who}, $second->{who}) : ();
    } @new;
}


# of the deepest article; comments before the period are no level

sub thread_h {
    my ($from, @new) = @_;
    my (%width, @h);

    for my $c (@new) {
        my $level = 1;

        for (my $up = above($c); $up && $up->{at} >= $from; $up = above($up)) {
            $level++;
        }

        $width{ $c->{key} }{$level}++;
    }

    for my $levels (values %width) {
        my $h = 0;

        $h++ while !grep { ($levels->{$_} // 0) <= $h } 1 .. $h + 1;
        push @h, $h;
    }

    return max(0, @h);
}


# everything but conversations

sub add_counts {
    my ($self, $f, $from, $to, $key) = @_;

    my $in = sub {
        my ($at, $of) = @_;

        return $at >= $from && $at < $to
            && (!defined $key || ($of // '') eq $key);
    };
    my @views = grep { $in->(@$_{qw(at key)}) } @{ $self->{views} };
    my @read = grep { $_->{class} =~ /confirmed/ } @views;
    my %of = map { my $name = $_;
        $name => [ grep { $in->(@$_) } values %{ $self->{$name} } ]
    } qw(readers shares sharers likes active listens goals);

    $f->{views_by_class} = { map { my $class = $_;
        $class => scalar grep { $_->{class} eq $class } @views
    } qw(unconfirmed confirmed self bot preview prefetch) };

    $f->{views} = @read;
    $f->{views_by_source} = count(map { $_->{source} } @read);
    $f->{reader_days} = @{ $of{readers} };
    $f->{listeners} = @{ $of{listens} };
    $f->{reactions} = @{ $of{likes} };
    $f->{shares} = @{ $of{shares} };
    $f->{shares_by_network} = count(map { $_->[2] } @{ $of{shares} });
    $f->{share_visits_by_network} = count(map { $_->{brought} // () } @read);
    $f->{previews_by_network} = count(map { $_->[2] }
        grep { $in->(@$_) } @{ $self->{fetches} });
    $f->{goals} = count(map { $_->[2] } @{ $of{goals} });

    $f->{sharers} = @{ $of{sharers} };

    $f->{active_reader_days} = @{ $of{active} } + uniq map { $_->{pair} }
        grep { $_->{role} eq 'reader' && $_->{state} eq 'approved'
               && !$_->{covered} && $in->(@$_{qw(at key)}) }
        @{ $self->{comments} };

    return;
}


sub count {
    my %count;

    $count{$_}++ for @_;

    return \%count;
}


sub add_rates {
    my ($self, $f) = @_;
    my $r = $f->{reader_days};

    $f->{conversation_rate} = rate($f->{participants}, $r);
    $f->{listening_rate} = rate($f->{listeners}, $r);
    $f->{amplification_rate} = rate($f->{sharers}, $r);
    $f->{applause_rate} = rate($f->{reactions}, $r);
    $f->{outcome_rate} = { map { $_ => rate($f->{goals}{$_}, $r) }
                           keys %{ $f->{goals} } };

    my $active = rate($f->{active_reader_days}, $r);
    $f->{passive_share} = defined $active ? 1 - $active : undef;
    $f->{denominator_suspect} = (grep { $f->{$_} > $r }
        qw(participants sharers reactions listeners)) ? 1 : 0;

    return;
}


sub published {
    my ($self, $from, $to, $now, $key) = @_;

    return scalar grep { $_ >= $from && $_ < $to && $_ <= $now }
        defined $key ? $self->{articles}{$key} : values %{ $self->{articles} };
}


sub figures {
    my ($self, $from, $to, $now, $key) = @_;
    my %f;

    $self->add_counts(\%f, $from, $to, $key);
    $self->add_talk(\%f, $from, $to, $now, $key);
    $self->add_rates(\%f);

    my $published = $self->published($from, $to, $now, $key);

    $f{broadcast_ratio} = rate($published, $published + $f{author_comments});

    return \%f if defined $key;

    $f{articles_published} = $published;
    $f{articles} = keys %{ $self->{articles} };
    $f{share_visits} = sum0(values %{ $f{share_visits_by_network} });
    my @held = grep { $_->{state} eq 'held' } @{ $self->{comments} };
    $f{held} = @held;
    $f{oldest_held_seconds} = max(map { $now - $_->{at} } @held);

    return \%f;
}


# rank and class

sub wilson {
    my ($k, $n, $sign) = @_;
    my $p = $k / $n;

    return ($p + $Z**2 / 2 / $n
            + $sign * $Z * sqrt($p * (1 - $p) / $n + $Z**2 / 4 / $n**2))
        / (1 + $Z**2 / $n);
}


# the usual rates: the site's own, as a sum over its articles, if they suffice

sub bases {
    my ($self, $now) = @_;
    my %sum;

    for my $key (keys %{ $self->{articles} }) {
        my $f = $self->figures($now - 90 * $DAY, $now + 1, $now, $key);

        $sum{$_} += $f->{$_} for qw(reader_days participants sharers reactions
                                    active_reader_days);
    }

    return { %BASE, own => 0 } if $sum{reader_days} < $POOLED;

    $sum{active} = $sum{active_reader_days};

    return { own => 1, map { $_ => rate($sum{$_}, $sum{reader_days}) }
             keys %BASE };
}


sub classify {
    my ($self, $f, $base) = @_;
    my ($r, $p, $x, $s, $l, $a) = @$f{qw(reader_days participants exchanges
                                         sharers reactions active_reader_days)};

    my $usual = sub {
        my ($k, $name) = @_;

        return ($k + $PRIOR * $base->{$name}) / ($r + $PRIOR) >= $base->{$name};
    };
    my $talk = $p >= 3 && $usual->($p, 'participants');
    my @fits = (
        $r < 30 && !$p && !$s && !$l ? 'new' : (),
        $talk ? $x >= 2 ? 'conversation' : 'unheard' : (),
        $s >= 3 && $usual->($s, 'sharers') ? 'amplified' : (),
        $l >= 3 && $usual->($l, 'reactions') ? 'applauded' : (),
        $r && wilson(min($a, $r), $r, 1) < $base->{active} ? 'passive' : (),
        'quiet',
    );

    $f->{class} = $fits[0];
    $f->{rank} = wilson($p + $PRIOR * $base->{participants},
                        max($r, $p) + $PRIOR, -1);

    return;
}


# networks, sources, people, authors

sub networks {
    my ($self, $from, $to, $now) = @_;
    my $f = $self->figures($from, $to, $now);
    my @talk = grep { $_->{role} eq 'reader' && $_->{state} eq 'approved'
                      && $_->{at} >= $from && $_->{at} < $to && $_->{source} }
        @{ $self->{comments} };
    my %talkers = %{ count(map { (split)[0] } uniq map { "$_->{source} "
        . $_->{who} } @talk) };
    my $y0 = $f->{shares} ? $f->{share_visits} / $f->{shares} : 0;
    my @goals = grep { $_->[0] >= $from && $_->[0] < $to }
        values %{ $self->{goals} };
    my %networks;

    for my $name (uniq map { keys %$_ } \%talkers, @$f{qw(views_by_source
        shares_by_network share_visits_by_network previews_by_network)})
    {
        my ($shares, $brought, $previews, $touched) = map { $f->{$_}{$name}
            // 0 } qw(shares_by_network share_visits_by_network
            previews_by_network views_by_source);
        my $visits = max($brought, $touched);
        my $reached = count(map { $_->[2] } grep { ($_->[3] // '') eq $name }
            @goals);

        $networks{$name} = { shares => $shares, share_visits => $brought,
            previews => $previews, visits => $visits,
            participants => $talkers{$name} // 0,
            share_yield => $shares ? ($brought + 5 * $y0) / ($shares + 5)
                                   : undef,
            talkers_per_visit => rate($talkers{$name} // 0, $visits),
            goals => $reached, outcome_rate => { map { $_ =>
                rate($reached->{$_}, $visits) } keys %$reached } };
    }

    return \%networks;
}


sub people {
    my ($self, $from, $to, $now) = @_;
    my $f = $self->figures($from, $to, $now);
    my (%days, @gaps);

    $days{ $_->{who} }{ day($_->{at}) } = 1
        for grep { $_->{role} eq 'reader' && $_->{state} eq 'approved'
                   && $_->{at} >= $from && $_->{at} < $to }
        @{ $self->{comments} };

    for my $days (map { [ sort { $a <=> $b } keys %$_ ] } values %days) {
        push @gaps, map { ($days->[$_] - $days->[ $_ - 1 ]) * $DAY }
            1 .. $#$days;
    }

    return { participants => $f->{participants},
             new => $f->{new_participants},
             returning => $f->{returning_participants},
             weak => $f->{participants_weak},
             median_return_seconds =>
                median(scalar @gaps, sort { $a <=> $b } @gaps) };
}


sub authors {
    my ($self, $from, $to, $now) = @_;
    my @all = grep { $_->{state} eq 'approved' } @{ $self->{comments} };
    my $answer = $self->answers(@all);
    my ($matured, %authors) = (0);

    for my $c (grep { $_->{at} >= $from && $_->{at} < $to } @all) {
        $authors{ $c->{who} }{comments}++ if $c->{role} eq 'author';

        next if !needs_answer($c);

        my $mature = $now - $c->{at} > $self->{reply_within};
        $matured++ if $mature;

        my $first = $answer->{$c} or next;

        $authors{ $first->{who} }{answered}++;
        $authors{ $first->{who} }{in_time}++ if $mature
            && $first->{at} - $c->{at} <= $self->{reply_within};
    }

    return { map { my $a = $authors{$_};
        +($_ => { comments => $a->{comments} // 0,
                answered => $a->{answered} // 0,
                response_rate => rate($a->{in_time} // 0, $matured) })
    } keys %authors };
}


1;
