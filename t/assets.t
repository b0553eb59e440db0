#!/usr/bin/perl

# Style sheets and scripts as they are served: without comments and
# indentation, small, and the same code as the files in src/assets.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp ();
use IO::Compress::Gzip qw(gzip $GzipError);
use Social;
use Test::More;


my $nginx = Social->new;
my $node = (grep { -x } map { "$_/node" } split /:/, $ENV{PATH})[0];

ok $node, 'Node.js is there to read scripts';


sub slurp {
    my ($file) = @_;

    open my $fh, '<', $file or die "$file: $!";
    local $/;
    return scalar <$fh>;
}


sub compressed {
    my ($text) = @_;

    gzip \$text => \my $out, -Level => 9 or die $GzipError;

    return length $out;
}


my %served;

for my $name (qw(widget.css widget.js counts.js page.css page.js status.css
                  status.js)) {
    my $file = slurp("$FindBin::Bin/../src/assets/$name");
    my $res = $nginx->get("/_social/$name");
    my $body = $served{$name} = $res->{content};

    is $res->{status}, 200, $name;
    unlike $body, qr/^[ \t]/m, "$name: no indentation";
    unlike $body, qr{^(?:/\*|\n)}m, "$name: no line that is a comment, or empty";

    # what remains is the file's code, in its order
    my @want = grep { length } map { s/^\s+//r } split /\n/,
        $file =~ s{^\s*/\*.*?\*/}{}gmsr;
    @want = grep { !m{^//} } @want if $name =~ /js$/;

    is_deeply [ split /\n/, $body ], \@want, "$name: all of the code";

    next if $name !~ /js$/ || !$node;

    my $temp = File::Temp->new(SUFFIX => '.js');
    print $temp $body;
    close $temp;

    is system($node, '--check', $temp->filename), 0, "$name: valid";
}

my $size = compressed($served{'widget.css'}) + compressed($served{'widget.js'});

cmp_ok $size, '<=', 6144, 'what every article loads fits in 6 KB compressed';
note "$size bytes";

$nginx->quiet;

done_testing;
