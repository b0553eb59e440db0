package Social::Figures;

# Computes from events alone the figures of the status page that need no
# identity of a reader, as docs/metrics.md defines them.  Shares no code with
# the module, and needs nothing but Perl.
#
#   my $figures = Social::Figures->new(from => $from, to => $to, now => $now,
#       reply_within => 604800, site => 'blog');    # seconds; `to` excluded
#
#   my $fault = $figures->take($event);     # each line of the log
#   my $doc = $figures->document;           # totals and articles
#
# Where the log leaves open what a comment was, a figure is named in
# `undecided`, with the least and the most that it can be, or undef.

use strict;
use warnings;

use List::Util qw(max min sum0);
use POSIX qw(ceil floor);
use Social::EventLog qw(time_text);

our @NUMBERS = qw(views listeners comments author_comments exchanges shares reactions
                  unanswered oldest_unanswered_seconds matured answered
                  response_rate first_author_reply_seconds
                  first_author_reply_p90_seconds);
our @OBJECTS = qw(views_by_class views_by_source shares_by_network
                  previews_by_network);
our @TOTALS = qw(goals held oldest_held_seconds);

my $DAY = 86400;
my $FETCH = 600;        # seconds in which link previews of a network are one

# what a moderator's action makes of a comment

my %STATE = (approve => 'approved', hold => 'held', spam => 'spam',
             ban => 'spam', delete => 'deleted', erase => 'deleted');


sub new {
    my ($class, %a) = @_;

    return bless { %a, article => {}, comment => {}, changes => [],
                   goals => {}, missing => 0, disorder => 0, latest => 0 }, $class;
}


sub within {
    my ($self, $at) = @_;

    return $at >= $self->{from} && $at < $self->{to};
}


# takes in an event; returns what is wrong with it, or ''

sub take {
    my ($self, $e) = @_;

    return '' if $self->{site} && $e->{site} ne $self->{site};

    $self->{sites}{ $e->{site} } = 1;

    return '' if $e->{at} > $self->{now};

    $self->{disorder}++ if $e->{at} < $self->{latest} - 3600;
    $self->{latest} = $e->{at} if $e->{at} > $self->{latest};

    if ($e->{event} eq 'goal') {
        $self->{goals}{ $e->{goal} }++
            if $self->within($e->{at}) && $e->{state} eq 'new';

        return '';
    }

    my $row = $self->{article}{ $e->{article} } //= {};

    return $self->take_comment($e) if ($e->{comment} // '') ne '';

    # robots do not make an article: until its first reader they count for the
    # site only, and so does a page fetched ahead whose reader is the first

    $row->{ $row->{begun} ? 'ahead' : 'early_ahead' }++
        if $e->{event} eq 'seen' && $e->{class} eq 'prefetch'
           && ($e->{state} // '') eq '' && $self->within($e->{at});

    $row->{begun} ||= $e->{event} ne 'view'
                      || $e->{class} =~ /^(?:unconfirmed|self)$/;

    push @{ $row->{fetches}{ $e->{network} } }, [ $e->{at}, $row->{begun} ]
        if $e->{event} eq 'view' && $e->{class} eq 'preview'
           && ($e->{network} // '') ne '';

    $self->take_like($row, $e) if $e->{event} eq 'reaction';
    take_counted($row, $e) if $self->within($e->{at});

    return '';
}


sub take_comment {
    my ($self, $e) = @_;

    if ($e->{event} ne 'comment' && $e->{event} ne 'reply') {
        push @{ $self->{changes} }, $e;
        return '';
    }

    return "comment $e->{comment} is there twice: was a log read twice?"
        if $self->{comment}{ $e->{comment} };

    push @{ $self->{changes} }, $e if $e->{role} eq 'author';

    $self->{comment}{ $e->{comment} } = {
        %$e{qw(comment article parent role state at)}, before => $e->{state} };

    return '';
}


sub take_counted {
    my ($row, $e) = @_;
    my $author = ($e->{role} // '') eq 'author';

    if ($e->{event} eq 'view') {
        $row->{ $row->{begun} ? 'served' : 'early' }{ $e->{class} }++;

    } elsif ($e->{event} eq 'seen' && ($e->{state} // '') ne '') {
        # not the page was seen, but its comments
        $row->{listeners}++ if $e->{state} eq 'new';

    } elsif ($e->{event} eq 'seen') {
        $row->{seen}{ $e->{class} }++;
        $row->{seen_by_author}++ if $author;

    } elsif ($e->{event} eq 'share') {
        $row->{shares}{ $e->{network} }++ if $e->{state} eq 'new';
    }

    # a reader's view has its source when it is served, or, if the page was
    # fetched ahead or by a script, when it is seen

    my $late = $e->{event} eq 'seen' && $e->{class} ne 'unconfirmed'
               && ($e->{state} // '') eq '';
    my $view = $e->{event} eq 'view' && $e->{class} eq 'unconfirmed';

    $row->{sources}{ $e->{source} }++
        if ($view || $late && !$author) && ($e->{source} // '') ne '';

    return;
}


# Likes by day, because a like can only be taken back on its day; of the day on
# which the period begins, those before it, too.

sub take_like {
    my ($self, $row, $e) = @_;

    my $day = floor($e->{at} / $DAY);
    my $when = $e->{at} < $self->{from} ? 'before' : 'within';

    $row->{likes}{$day}{$when}{ $e->{state} }++
        if $day >= floor($self->{from} / $DAY) && $e->{at} < $self->{to};

    return;
}


# the states of all comments, from what happened to them, in order of time

sub replay {
    my ($self) = @_;

    for my $e (sort { $a->{at} <=> $b->{at} } @{ $self->{changes} }) {
        my @ids = split /,/, $e->{comment};
        my @of = map { $self->{comment}{$_} // () } @ids;

        $self->{missing} += @ids - @of;

        if ($e->{event} eq 'comment' || $e->{event} eq 'reply') {
            approve_parent($self->parent($of[0]));

        } elsif ($e->{event} ne 'moderate') {
            edit($_, $e->{state}) for @of;

        } elsif (($e->{action} // '') ne '') {
            decide($_, $e->{action}) for @of;

        } elsif (@of && $of[0]{state} ne $e->{state}) {
            # the state is that of the first
            change($_, $e->{state}) for @of;

        } else {
            # marked as done, or edited, or decided a second time
            $_->{perhaps_done} = 1 for @of;
        }
    }

    return;
}


sub change {
    my ($c, $state) = @_;

    $c->{state} = $state;
    $c->{before} = $state if $state eq 'approved' || $state eq 'held';

    return;
}


# an author's reply approves what was held

sub approve_parent {
    my ($c) = @_;

    change($c, 'approved') if $c && $c->{state} eq 'held';

    return;
}


# a reader's own change; what was edited while it was spam is held if it is
# restored, because nobody has approved it

sub edit {
    my ($c, $state) = @_;

    change($c, $state);
    $c->{before} = 'held' if $state eq 'spam';

    return;
}


sub decide {
    my ($c, $action) = @_;

    if ($action eq 'done') {
        $c->{done} = 1;

    } elsif ($action eq 'restore') {
        change($c, $c->{before}) if $c->{state} =~ /^(?:spam|deleted)$/;

    } elsif ($STATE{$action}) {
        change($c, $STATE{$action});
    }

    return;
}


# When an author first answered each comment, directly or further below.  Only
# approved comments count: a reply to one that is not stands at the top.

sub find_answers {
    my ($self) = @_;

    my @approved = grep { $_->{state} eq 'approved' }
        values %{ $self->{comment} };

    for my $c (@approved) {
        my $parent = $self->parent($c);

        $c->{above} = $parent if $parent && $parent->{state} eq 'approved';
    }

    for my $c (grep { $_->{role} eq 'author' } @approved) {

        for (my $up = $c->{above}; $up; $up = $up->{above}) {
            $up->{answered} = $c->{at}
                if !$up->{answered} || $c->{at} < $up->{answered};
        }
    }

    return;
}


sub parent {
    my ($self, $c) = @_;

    return if ($c->{parent} // '') eq '';

    my $parent = $self->{comment}{ $c->{parent} };
    $self->{missing}++ if !$parent && !$c->{orphan}++;

    return $parent;
}


# Does a comment need an answer?  Whether a reader answered another reader or
# himself is not in the log, and perhaps not what was marked as done: $more of
# them need one, or fewer.

sub needs {
    my ($c, $self_reply, $not_done) = @_;

    return $c->{state} eq 'approved' && $c->{role} eq 'reader'
        && !$c->{done} && ($not_done || !$c->{perhaps_done})
        && (!$c->{above} || $c->{above}{role} eq 'author' || $self_reply);
}


sub answers {
    my ($self, @comments) = @_;

    my $within = $self->{reply_within};
    my (%f, @seconds);

    @f{qw(unanswered matured answered)} = (0) x 3;

    for my $c (@comments) {
        my $age = $self->{now} - $c->{at};

        if (!$c->{answered}) {
            $f{unanswered}++;
            $f{oldest_unanswered_seconds} =
                max($age, $f{oldest_unanswered_seconds} // 0);
        }

        next if $c->{at} < $self->{from} || $age <= $within;

        $f{matured}++;

        my $took = $c->{answered} && max(0, $c->{answered} - $c->{at});
        push @seconds, $took if $c->{answered} && $took <= $within;
    }

    my $all = $f{matured};

    if ($all) {
        @seconds = sort { $a <=> $b } @seconds;
        $f{answered} = @seconds;
        $f{response_rate} = @seconds / $all;

        # those without an answer in time come last, as infinite

        my ($low, $high) = @seconds[ ($all - 1) / 2, $all / 2 ];

        $f{first_author_reply_seconds} = ($low + $high) / 2 if defined $high;
        $f{first_author_reply_p90_seconds} = $seconds[ ceil(9 * $all / 10) - 1 ];
    }

    return \%f;
}


# replies whose parent somebody else wrote: at least so many, and at most

sub exchanges {
    my ($self, @comments) = @_;
    my ($least, $most) = (0, 0);

    for my $c (@comments) {
        my $parent = $self->parent($c) or next;

        $most++;
        $least++ if $parent->{role} ne $c->{role};
    }

    return ($least, $most);
}


# likes of the period that were not taken back: at least, and at most

sub likes {
    my ($row) = @_;
    my ($least, $most) = (0, 0);

    for my $day (values %{ $row->{likes} // {} }) {
        my ($before, $before_off) = map { $_ // 0 } @{ $day->{before} }
            {qw(new off)};
        my ($new, $off) = map { $_ // 0 } @{ $day->{within} }{qw(new off)};
        my $older = min($off, max(0, $before - $before_off));

        $least += max(0, $new - $off);
        $most += max(0, $new - ($off - $older));
    }

    return ($least, $most);
}


# previews by network: those that count for the article, and all of them

sub previews {
    my ($self, $row) = @_;
    my (%article, %all);

    for my $network (keys %{ $row->{fetches} // {} }) {
        my $last;

        for my $fetch (sort { $a->[0] <=> $b->[0] }
                       @{ $row->{fetches}{$network} })
        {
            my ($at, $begun) = @$fetch;

            next if defined $last && $at < $last + $FETCH;

            $last = $at;
            next if !$self->within($at);

            $all{$network}++;
            $article{$network}++ if $begun;
        }
    }

    return (\%article, \%all);
}


sub views_by_class {
    my ($row) = @_;

    my %served = map { $_ => $row->{served}{$_} // 0 }
        qw(unconfirmed self bot preview prefetch);
    my %seen = map { $_ => $row->{seen}{$_} // 0 }
        qw(unconfirmed prefetch script);
    my $own = $row->{seen_by_author} // 0;

    return {
        unconfirmed => max(0, $served{unconfirmed} - $seen{unconfirmed}),
        confirmed => $seen{unconfirmed} + $seen{prefetch} + $seen{script}
                     - $own,
        self => $served{self} + $own,
        prefetch => max(0, $served{prefetch} - ($row->{ahead} // 0)),
        preview => $served{preview},
        bot => $served{bot},
    };
}


# what events of the period were counted

sub add_counted {
    my ($f, $row, $previews) = @_;

    $f->{views_by_class} = views_by_class($row);
    $f->{views} = $f->{views_by_class}{unconfirmed}
                  + $f->{views_by_class}{confirmed};
    $f->{listeners} = $row->{listeners} // 0;
    $f->{views_by_source} = $row->{sources} // {};
    $f->{shares_by_network} = $row->{shares} // {};
    $f->{shares} = sum0(values %{ $f->{shares_by_network} });
    $f->{previews_by_network} = $previews;

    return;
}


sub add_likes {
    my ($f, $least, $most) = @_;

    $f->{reactions} = $least;
    $f->{undecided}{reactions} = [ $least, $most ] if $least != $most;

    return;
}


sub add_comments {
    my ($self, $f, @comments) = @_;

    @comments = grep { $_->{state} eq 'approved' && $_->{at} < $self->{to} }
        @comments;

    my @new = grep { $_->{at} >= $self->{from} } @comments;
    my ($least, $most) = $self->exchanges(@new);

    $f->{comments} = grep { $_->{role} eq 'reader' } @new;
    $f->{author_comments} = @new - $f->{comments};
    $f->{exchanges} = $most;
    $f->{undecided}{exchanges} = [ $least, $most ] if $least != $most;

    # as if nobody answered himself, and nothing were done; then with as few
    # and as many comments that need an answer as can be

    my ($usual, $few, $many) = map {
        my ($self_reply, $not_done) = @$_;
        $self->answers(grep { needs($_, $self_reply, $not_done) } @comments);
    } [ 0, 1 ], [ 0, 0 ], [ 1, 1 ];

    for my $name (qw(unanswered matured answered)) {
        $f->{$name} = $usual->{$name};
        $f->{undecided}{$name} = [ $few->{$name}, $many->{$name} ]
            if $few->{$name} != $many->{$name};
    }

    for my $name (qw(oldest_unanswered_seconds response_rate
                     first_author_reply_seconds first_author_reply_p90_seconds))
    {
        my $of = $name =~ /^oldest/ ? 'unanswered' : 'matured';

        $f->{$name} = $usual->{$name};
        $f->{undecided}{$name} = undef if $f->{undecided}{$of};
    }

    return;
}


sub article {
    my ($self, $key, @comments) = @_;

    my $row = $self->{article}{$key} // {};
    my ($previews) = $self->previews($row);
    my %f = (undecided => {});

    add_counted(\%f, $row, $previews);
    add_likes(\%f, likes($row));
    $self->add_comments(\%f, @comments);

    return \%f;
}


sub totals {
    my ($self) = @_;

    my @comments = values %{ $self->{comment} };
    my %f = (undecided => {}, goals => $self->{goals});
    my ($least, $most, %sum, %previews) = (0, 0);

    for my $row (values %{ $self->{article} }) {
        my ($few, $many) = likes($row);
        my (undef, $all) = $self->previews($row);

        $least += $few;
        $most += $many;
        $sum{$_} += $row->{$_} // 0 for qw(seen_by_author listeners ahead);
        $sum{ahead} += $row->{early_ahead} // 0;
        add_to($sum{$_} //= {}, $row->{$_}) for qw(served seen sources shares);
        add_to($sum{served}, $row->{early});
        add_to(\%previews, $all);
    }

    add_counted(\%f, \%sum, \%previews);
    add_likes(\%f, $least, $most);
    $self->add_comments(\%f, @comments);

    my @held = grep { $_->{state} eq 'held' } @comments;

    $f{held} = @held;
    $f{oldest_held_seconds} = max(map { $self->{now} - $_->{at} } @held);

    return \%f;
}


sub add_to {
    my ($sum, $numbers) = @_;

    $sum->{$_} += $numbers->{$_} for keys %{ $numbers // {} };

    return;
}


sub document {
    my ($self) = @_;
    my %comments;

    $self->replay;
    $self->find_answers;

    push @{ $comments{ $_->{article} } }, $_ for values %{ $self->{comment} };

    my %articles = map { $_ => $self->article($_, @{ $comments{$_} // [] }) }
        grep { $self->{article}{$_}{begun} || $comments{$_} }
        keys %{ $self->{article} };

    return {
        site => $self->{site} // join(' ', sort keys %{ $self->{sites} }),
        generated => time_text($self->{now}),
        period => { map { $_ => time_text($self->{$_}) } qw(from to) },
        totals => $self->totals,
        articles => \%articles,
        none => $self->article(q{}),   # of an article without events
        missing => $self->{missing},
        disorder => $self->{disorder},
    };
}


1;
