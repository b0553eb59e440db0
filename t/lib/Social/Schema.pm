package Social::Schema;

# A small validator of JSON Schema, draft 2020-12: the keywords that
# docs/status.schema.json uses.  Any other keyword is refused when the schema is
# loaded, so that no rule is silently left out.
#
#   my $schema = Social::Schema->new($text);
#   my @wrong = $schema->check($value);     # "articles/3/views: ...", or none

use strict;
use warnings;

use JSON::PP ();


my %KEYWORDS = map { $_ => 1 } qw($schema $defs $ref title description type
    properties required additionalProperties dependentRequired items minItems
    maxItems enum const pattern minimum maximum);


sub new {
    my ($class, $text) = @_;

    my $self = bless { root => JSON::PP->new->utf8->decode($text) }, $class;

    $self->_known($self->{root}, '#');

    return $self;
}


# every keyword of a schema and of the schemas in it

sub _known {
    my ($self, $schema, $where) = @_;

    return if !ref $schema || JSON::PP::is_bool($schema);

    for my $word (keys %$schema) {
        $KEYWORDS{$word} or die "$where: unknown keyword \"$word\"\n";
    }

    for my $word (qw(properties $defs)) {
        my $all = $schema->{$word} // next;
        $self->_known($all->{$_}, "$where/$word/$_") for keys %$all;
    }

    for my $word (qw(items additionalProperties)) {
        $self->_known($schema->{$word}, "$where/$word");
    }

    $self->_resolve($schema->{'$ref'}) if exists $schema->{'$ref'};

    return;
}


sub _resolve {
    my ($self, $ref) = @_;

    my ($name) = $ref =~ m{^#/\$defs/(\w+)$} or die "bad \$ref \"$ref\"\n";

    return $self->{root}{'$defs'}{$name} // die "no definition \"$name\"\n";
}


sub _type {
    my ($value) = @_;

    return 'null' if !defined $value;
    return 'boolean' if JSON::PP::is_bool($value);
    return 'object' if ref $value eq 'HASH';
    return 'array' if ref $value eq 'ARRAY';
    return 'string' if JSON::PP->new->allow_nonref->encode($value) =~ /^"/;

    return $value == int $value ? 'integer' : 'number';
}


sub check {
    my ($self, $value) = @_;

    return $self->_check($self->{root}, $value, '');
}


sub _check {
    my ($self, $schema, $value, $at) = @_;

    my @wrong;
    my $type = _type($value);

    if (exists $schema->{'$ref'}) {
        push @wrong, $self->_check($self->_resolve($schema->{'$ref'}), $value,
                                   $at);
    }

    if (my $wanted = $schema->{type}) {
        my %wanted = map { $_ => 1 } ref $wanted ? @$wanted : $wanted;
        $wanted{integer} = 1 if $wanted{number};
        $wanted{$type} or return (@wrong, "$at: $type");
    }

    for my $word (qw(const enum)) {
        next if !exists $schema->{$word};
        my @allowed = $word eq 'enum' ? @{ $schema->{enum} } : $schema->{const};
        grep { defined $value && !ref $value && $value eq $_ } @allowed
            or push @wrong, "$at: not allowed: " . ($value // 'null');
    }

    if ($type eq 'string' && exists $schema->{pattern}) {
        $value =~ /$schema->{pattern}/ or push @wrong, "$at: \"$value\"";
    }

    if ($type eq 'integer' || $type eq 'number') {
        push @wrong, "$at: $value is too small"
            if exists $schema->{minimum} && $value < $schema->{minimum};
        push @wrong, "$at: $value is too large"
            if exists $schema->{maximum} && $value > $schema->{maximum};
    }

    push @wrong, $self->_array($schema, $value, $at) if $type eq 'array';
    push @wrong, $self->_object($schema, $value, $at) if $type eq 'object';

    return @wrong;
}


sub _array {
    my ($self, $schema, $value, $at) = @_;

    my @wrong;

    push @wrong, "$at: too few items"
        if exists $schema->{minItems} && @$value < $schema->{minItems};
    push @wrong, "$at: too many items"
        if exists $schema->{maxItems} && @$value > $schema->{maxItems};

    if (exists $schema->{items}) {
        push @wrong, map {
            $self->_check($schema->{items}, $value->[$_], "$at/$_")
        } 0 .. $#$value;
    }

    return @wrong;
}


sub _object {
    my ($self, $schema, $value, $at) = @_;

    my @wrong;
    my $known = $schema->{properties} // {};
    my $more = $schema->{additionalProperties};
    my $needs = $schema->{dependentRequired} // {};

    for my $name (@{ $schema->{required} // [] }) {
        exists $value->{$name} or push @wrong, "$at/$name: missing";
    }

    for my $name (sort keys %$value) {

        for my $other (@{ $needs->{$name} // [] }) {
            exists $value->{$other}
                or push @wrong, "$at/$other: missing beside $name";
        }

        if (exists $known->{$name}) {
            push @wrong, $self->_check($known->{$name}, $value->{$name},
                                       "$at/$name");

        } elsif (ref $more && !JSON::PP::is_bool($more)) {
            push @wrong, $self->_check($more, $value->{$name}, "$at/$name");

        } elsif (defined $more && !$more) {
            push @wrong, "$at/$name: unknown";
        }
    }

    return @wrong;
}


1;
