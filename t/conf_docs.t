#!/usr/bin/perl

# nginx accepts every example of the manual, and every parameter and directive
# of the module has its section there.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social::Conf;
use Test::More;


my $root = "$FindBin::Bin/..";

sub slurp {
    my ($name) = @_;

    open(my $fh, '<:raw', "$root/$name") or die "$name: $!";
    local $/;
    return scalar <$fh>;
}

my $manual = slurp('docs/directives.md');

conf_write('users', "jane:{PLAIN}secret\n");
mkdir conf_dir() . '/logs';

while ($manual =~ /^```nginx\n(.*?)^```$/msg) {

    # wrap the example in http {} or in a social_site

    my $text = $1;
    my $whole = $text =~ /^\s*social_site/m ? conf_http($text)
                                           : conf_site($text);

    $whole =~ s/access_log \/var\/log\/nginx/access_log \@DIR\@\/logs/g;
    $whole =~ s/sqlite:\/var\/lib\/nginx\/social/sqlite:\@DIR\@/;

    my ($code, undef, @said) = conf_test($whole);
    my ($first) = $text =~ /(\S.*)/;

    # an example is short, and its address is one for examples
    my @left = grep { !/notice|"social_(?:moderate|status)"\ has\ no\ location
                       |is\ an\ address\ for\ examples/x } @said;

    is_deeply([$code, @left], [0], "example: $first");
}

my @names = ((slurp('src/http/conf/ngx_http_social_conf_site.c')
              =~ /ngx_http_social_conf_row\("(\w+)"/g),
             (slurp('ngx_social_module.c') =~ /\{ ngx_string\("(\w+)"\)/g));

cmp_ok(scalar @names, '>=', 25, 'parameters and directives');

for my $name (@names) {
    like($manual, qr/^### \Q$name\E\n\n    Syntax:   \Q$name\E /m,
         "$name has a section");
    like($manual, qr/\(#\Q$name\E\)/, "$name is in the list");
}

done_testing();
