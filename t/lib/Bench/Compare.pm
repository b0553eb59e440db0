package Bench::Compare;

# The same pages from a server without the module and from one with it.
#
#   my $compare = Bench::Compare->new($bench, $plain, $social, 'cpu');
#   $compare->page('static page, 7 KB', '/posts/7/', 1);
#   $compare->end;
#
# page(): compares the bodies, then measures in rounds.  end(): counts the
# instructions of all pages, records all figures, and ends the benchmark.
#
# 'cpu' is the ratio of processor time a request; 'capacity' is its inverse.

use strict;
use warnings;

use Bench ();
use Bench::Goals ();
use Bench::Load ();
use Bench::Nginx ();
use Bench::Report ();


# headers: of every request; load: other than Bench::Load::wrk

sub new {
    my ($class, $bench, $plain, $social, $kind, %a) = @_;

    return bless { bench => $bench, plain => $plain, social => $social,
                   kind => $kind, pages => [], headers => {},
                   load => \&Bench::Load::wrk, %a }, $class;
}


# name: of the figure; path; widgets: 1 or 0.  beside: paths of the plain server
# that do the same in other ways, by name.  other: the plain server's path, if
# it is another one; headers.

sub page {
    my ($self, $name, $path, $widgets, %a) = @_;

    my ($bench, $plain, $social) = @$self{qw(bench plain social)};
    my %headers = (%{ $self->{headers} }, %{ $a{headers} // {} });
    my $load = $self->{load};
    my $other = $a{other} // $path;

    Bench::Nginx::same_page($plain, $social, $path, $widgets, $other, %headers);
    Bench::say_so($name);

    my %way = (plain => [ $plain, $other ], social => [ $social, $path ],
               map { ($_ => [ $plain, $a{beside}{$_} ]) }
               keys %{ $a{beside} // {} });
    my %seen = $bench->rounds({ map {
        my $to = $way{$_};
        ($_ => sub { $load->($bench, @$to, headers => \%headers) });
    } keys %way });

    push @{ $self->{pages} }, { name => $name, path => $path, other => $other,
        headers => \%headers, seen => \%seen };

    return;
}


sub end {
    my ($self) = @_;

    my $bench = $self->{bench};

    $self->instructions if !$bench->{quick} || $self->is_wanted;
    Bench::say_so('');
    $self->record($_) for @{ $self->{pages} };
    $bench->end;

    return;
}


# 1: a goal is judged by instructions

sub is_wanted {
    my ($self) = @_;

    return scalar grep { by_instructions($_->{name}) } @{ $self->{pages} };
}


sub by_instructions {
    my ($name) = @_;

    my $goal = Bench::Goals::of($name);

    return $goal && $goal->{unit} eq 'instructions';
}


# Instructions of nginx's own code.  The part of the processor time that is its
# own, not the kernel's, is taken from the plain server under load.

sub instructions {
    my ($self) = @_;

    my ($bench, $plain, $social) = @$self{qw(bench plain social)};
    my @pages = grep { !$bench->{quick} || by_instructions($_->{name}) }
        @{ $self->{pages} };
    my $path = $pages[0]{other};

    $self->{own} = Bench::own_part($plain->{worker}, sub {
        $self->{load}->({ seconds => 2 }, $plain, $path,
                        headers => $self->{headers}) });

    for my $way ([ $plain, 'other' ], [ $social, 'path' ]) {
        my ($nginx, $which) = @$way;
        my %of = map { ($_->{$which} => 1) } @pages;

        $nginx->stop;
        my %found = Bench::Load::instructions($nginx, [ sort keys %of ],
                                              headers => $self->{headers});
        $_->{instructions}{$which} = $found{ $_->{$which} } for @pages;
    }

    return;
}


sub column {
    my ($list, $what) = @_;

    return [ map { $_->{$what} } @$list ];
}


sub record {
    my ($self, $page) = @_;

    my $seen = $page->{seen};
    my $capacity = $self->{kind} eq 'capacity';
    my %more;

    my %ratio = map {
        my ($one, $two) = map { column($_, 'cpu') }
            $capacity ? ($seen->{plain}, $seen->{$_})
                      : ($seen->{$_}, $seen->{plain});
        ($_ => Bench::ratios($one, $two));
    } grep { $_ ne 'plain' } keys %$seen;

    my $values = delete $ratio{social};

    $more{beside} = { map { ($_ => Bench::Report::median(@{ $ratio{$_} })) }
                      keys %ratio } if %ratio;
    $more{rate} = Bench::Report::median(@{ Bench::ratios(
        column($seen->{social}, 'rate'), column($seen->{plain}, 'rate')) })
        if defined $seen->{plain}[0]{rate};

    my ($with, $without) = @{ $page->{instructions} // {} }{qw(path other)};

    $more{instructions} = $with / $without if $with && $without;

    # half a percent is less than rounds can tell
    if (by_instructions($page->{name}) && $with && $without) {
        $more{cpu} = Bench::Report::median(@$values);
        $values = [ 1 + ($with - $without) * $self->{own} / $without ];
    }

    $self->{bench}->record($page->{name}, $values, %more);

    return;
}


1;
