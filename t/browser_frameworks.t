#!/usr/bin/perl

# The widget in pages that scripts take over (t/browser/frameworks.mjs):
# template languages, hydration, and pages that are swapped in.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use JSON::PP qw(encode_json);
use Program;
use Social;
use Test::More;


my $dir = "$FindBin::Bin/browser";
my $modules = ($ENV{NODE_MODULES} // $dir) . '/node_modules';

plan skip_all => 'npm install in t/browser first' if !-d "$modules/vue3";


# what the pages load, as it lies in the packages

my %scripts = (
    'vue2.js'    => "$modules/vue2/dist/vue.min.js",
    'vue3.js'    => "$modules/vue3/dist/vue.global.prod.js",
    'angular.js' => "$modules/angular/angular.min.js",
    'alpine.js'  => "$modules/alpinejs/dist/cdn.min.js",
    'turbo.js'   => "$modules/\@hotwired/turbo/dist/turbo.es2017-umd.js",
    'htmx.js'    => "$modules/htmx.org/dist/htmx.min.js",
    'react18.js' => "$modules/react18/umd/react.production.min.js",
    'react18-dom.js' =>
        "$modules/react-dom18/umd/react-dom.production.min.js",
);

sub slurp {
    my ($path) = @_;

    open my $fh, '<:raw', $path or die "$path: $!";
    local $/;

    return scalar <$fh>;
}


# React 19 comes as CommonJS only

sub react19 {
    my $dom = "$modules/react-dom19";
    my $scheduler = "$dom/node_modules/scheduler";
    my @files = (
        [ react => "$modules/react19/cjs/react.production.js" ],
        [ scheduler => (-d $scheduler ? $scheduler : "$modules/scheduler")
              . '/cjs/scheduler.production.js' ],
        [ 'react-dom' => "$dom/cjs/react-dom.production.js" ],
        [ client => "$dom/cjs/react-dom-client.production.js" ],
    );

    my $text = "(() => { const made = {}, require = name => made[name];\n";

    for (@files) {
        my ($name, $path) = @$_;

        $text .= "{ const module = { exports: {} };"
            . " ((exports, module) => {\n" . slurp($path)
            . "\n})(module.exports, module); made['$name'] = module.exports; }\n";
    }

    return $text . "window.React = made.react;"
        . " window.ReactDOM = made.client; })();\n";
}


# A page: scripts in its head, the root's attributes, text in the article, and
# scripts behind it.

sub page {
    my ($name, %a) = @_;

    my $tags = sub {
        return join '', map { "<script defer src=\"/js/$_\"></script>" } @_;
    };

    return '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        . "<title>$name</title>" . $tags->(@{ $a{head} // [] })
        . "</head><body @{[ $a{body} // '' ]}><div id=\"app\""
        . " @{[ $a{root} // '' ]}><main><article><h1>$name</h1>"
        . ($a{text} // '<p>Text.</p>') . '</article></main></div>'
        . $tags->(@{ $a{end} // [] }) . ($a{more} // '') . '</body></html>';
}

my $own = '{{[].constructor.constructor("window.ran=1")()}}';

my %pages = (
    'posts/vue2' => page('vue2', head => [qw(vue2.js app-vue2.js)],
        text => "<p>$own</p>"),
    'posts/vue3' => page('vue3', head => [qw(vue3.js app-vue3.js)],
        text => "<p>$own</p>"),
    'posts/angular' => page('angular', head => ['angular.js'],
        root => 'ng-app', text => "<p>$own</p>"),
    'posts/alpine' => page('alpine', head => ['alpine.js'],
        root => 'x-data', text => '<p x-init="window.ran=1"></p>'),
    'posts/long' => page('long'),
    'posts/moved' => page('moved'),
    'posts/twice' => page('twice', more =>
        '<script defer src="/_social/widget.js?v=other"></script>'),
);

my $button = '<p><button type="button">clicked 0</button></p>';

for (['react18', 'react18.js', 'react18-dom.js', 'app-react.js'],
     ['react19', 'react19.js', 'app-react.js'],
     ['hydrate-vue3', 'vue3.js', 'app-hydrate-vue3.js'])
{
    my ($name, @scripts) = @$_;

    for my $when (qw(head end)) {
        $pages{"posts/$name-$when"} = page('Hydrated', text => $button,
            $when => \@scripts);
    }
}

for (['turbo', ''], ['htmx', 'hx-boost="true"']) {
    my ($name, $body) = @$_;
    my $links = join '', map {
        "<p><a href=\"/posts/$name-$_/\">$_</a></p>" } qw(one two);

    $pages{"posts/$name-$_"} = page("$name-$_", head => ["$name.js"],
        body => $body, text => $links) for qw(one two);
    $pages{"$name.html"} = page($name, head => ["$name.js"], body => $body,
        text => $links);
}

my $react = <<'END';
const h = React.createElement;

function App() {
    const [n, set] = React.useState(0);

    React.useEffect(() => { window.hydrated = 1; });

    return h('main', null, h('article', null, h('h1', null, 'Hydrated'),
        h('p', null, h('button', { type: 'button',
            onClick: () => set(n + 1) }, 'clicked ' + n))));
}

ReactDOM.hydrateRoot(document.querySelector('#app'), h(App),
    { onRecoverableError: () => {} });
END

my %files = (
    (map { my $name = $_; ($name =~ /html$/ ? $name : "$name/index.html")
           => $pages{$name} } keys %pages),
    (map { ("js/$_" => slurp($scripts{$_})) } keys %scripts),
    'js/react19.js'   => react19(),
    'js/app-react.js' => $react,
    'js/app-vue2.js'  => "new Vue({ el: '#app' });\n",
    'js/app-vue3.js'  => "Vue.createApp({}).mount('#app');\n",
    'js/app-hydrate-vue3.js' => <<'END',
const { createSSRApp, h, ref, onMounted } = Vue;

createSSRApp({ setup() {
    const n = ref(0);

    onMounted(() => { window.hydrated = 1; });

    return () => h('main', null, h('article', null, [h('h1', null, 'Hydrated'),
        h('p', null, h('button', { type: 'button', onClick: () => n.value++ },
            'clicked ' + n.value))]));
} }).mount('#app');
END
);

my $nginx = Social->new(
    site   => 'article ~ ^/posts/[^/]+/$; comments open; reactions on;',
    http   => 'types { text/html html; text/javascript js; text/css css; }',
    server => 'location = /favicon.ico { return 204; }',
    files  => \%files,
);

$nginx->post('comments', { article => "/posts/$_-one/", name => 'Eve',
    text => 'First', token => $nginx->token("/posts/$_-one/") })
    for qw(turbo htmx);

my $token = $nginx->token('/posts/long/');
my ($old) = map { $_->{headers}{location} =~ /(comment-\w+)$/ }
    map { $nginx->post('comments', { article => '/posts/long/', name => 'Eve',
        text => "Number $_", token => $token }) } 1 .. 101;

# the same number of imported ones, of which the oldest is not on the page

my $program = Program->new;
my @ids = map { sprintf '%064x', $_ } 1 .. 101;
my $export = $program->put(commento => encode_json({
    version => 1, commenters => [],
    comments => [ map { {
        commentHex => $ids[$_], domain => 'blog.example',
        url => '/posts/moved/', commenterHex => 'anonymous',
        markdown => "Number $_", parentHex => 'root', state => 'approved',
        creationDate => sprintf('2020-01-01T%02d:%02d:00Z', $_ / 60, $_ % 60),
    } } 0 .. $#ids ],
}));

is $program->run('import', 'commento', $export, '--store',
                 'sqlite:' . $nginx->dir . '/store/blog.db'), 0, 'an import'
    or diag $program->{err};
ok $nginx->wait_for(sub {
    $nginx->get('/posts/moved/')->{content} =~ /commento-$ids[-1]/ }),
    '... is on the page';

open my $fh, '-|', 'node', "$dir/frameworks.mjs", $nginx->origin, $old, $ids[0]
    or die "node: $!";
my @lines = <$fh>;
close $fh;

ok $? == 0 && (grep { /^ok / } @lines) && !grep({ /^not ok / } @lines),
    'frameworks.mjs: ' . grep({ /^(?:not )?ok / } @lines) . ' tests'
    or diag grep { /^(?:not ok|#|Bail)/ } @lines;

my $status = $nginx->status(period => 'all');
my %views = map { ($_->{key} => $_->{views_by_class}{confirmed}) }
    @{ $status->{articles} };

is_deeply [ map { $views{"/posts/$_/"} } qw(vue2 vue3 angular alpine) ],
    [ 2, 2, 2, 2 ], 'beacons confirm the views of pages with templates';
is_deeply [ map { $views{"/posts/$_/"} }
            qw(react18-head react18-end react19-head react19-end
               hydrate-vue3-head hydrate-vue3-end) ],
    [ (1) x 6 ], '... and of hydrated pages';

$nginx->stop;
$nginx->quiet;

done_testing;
