#!/usr/bin/perl

# Blogs made by Debian's hugo, jekyll and pelican: every post of blogs/posts in
# every layout of blogs/layouts.  Hugo makes its blog twice, once minified.
#
#   t/corpora/generate.pl WORK PAGES
#
# WORK gets the generators' input, PAGES/NAME their output.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Path qw(make_path remove_tree);

my $blogs = abs_path(dirname(__FILE__)) . '/blogs';
my ($work, $pages) = @ARGV;

die "usage: generate.pl WORK PAGES\n" if !$pages;
make_path($work, $pages);
$_ = abs_path($_) for $work, $pages;

my %layouts = map { basename($_, '.html') => slurp($_) }
    glob "$blogs/layouts/*.html";
my %posts = map { basename($_, '.md') => post(slurp($_)) }
    glob "$blogs/posts/*.md";

# variables of a layout, in each generator's own language
my %words = (
    hugo => {
        TITLE => '{{ .Title }}', CONTENT => '{{ .Content }}',
        DATE => '{{ .Date.Format "2006-01-02" }}', URL => '{{ .Slug }}',
        LANG => '{{ site.Language.Lang }}',
    },
    jekyll => {
        TITLE => '{{ page.title | escape }}', CONTENT => '{{ content }}',
        DATE => '{{ page.date | date: "%Y-%m-%d" }}',
        URL => '{{ page.slug }}', LANG => '{{ site.lang }}',
    },
    pelican => {
        TITLE => '{{ article.title|e }}', CONTENT => '{{ article.content }}',
        DATE => '{{ article.date|strftime("%Y-%m-%d") }}',
        URL => '{{ article.slug }}', LANG => '{{ article.lang }}',
    },
);

hugo();
jekyll();
pelican();


sub slurp {
    my ($path) = @_;

    open my $fh, '<:raw', $path or die "$path: $!";
    local $/;

    return <$fh>;
}


sub spew {
    my ($path, $text) = @_;

    make_path(dirname($path));
    open my $fh, '>:raw', $path or die "$path: $!";
    print $fh $text;
    close $fh or die "$path: $!";

    return;
}


sub post {
    my ($text) = @_;

    my ($title, $date, $body)
        = $text =~ /\Atitle: (.*)\ndate: (.*)\n\n((?s:.*))\z/
        or die "a post begins with title and date";

    return { title => $title, date => $date, body => $body };
}


sub run {
    my ($name, @command) = @_;

    my $log = "$work/$name.log";
    my $pid = fork // die $!;

    if ($pid == 0) {
        chdir "$work/$name" or die $!;
        open STDOUT, '>', $log or die $!;
        open STDERR, '>&', \*STDOUT or die $!;
        exec @command or die "$command[0]: $!";
    }

    waitpid $pid, 0;
    die "$name failed:\n" . substr(slurp($log), -2000) if $?;

    return;
}


# writes the layouts, and every post in each of them, for one generator

sub source {
    my ($name, $dir, $front) = @_;

    remove_tree("$work/$name");

    for my $layout (sort keys %layouts) {
        my @parts = split /\@([A-Z]+)\@/, $layouts{$layout};
        my $text = join '', map {
            $_ % 2 ? $words{$name}{ $parts[$_] } : plain($name, $parts[$_])
        } 0 .. $#parts;

        spew("$work/$name/$dir/$layout.html", $text);

        for my $post (sort keys %posts) {
            my ($file, $head) = $front->("$post-$layout", $layout,
                                         $posts{$post});

            spew("$work/$name/$file", "$head$posts{$post}{body}");
        }
    }

    return;
}


# Hugo parses its templates as HTML and refuses some that browsers accept

sub plain {
    my ($name, $text) = @_;

    return $name eq 'hugo' && length $text ? "{{ safeHTML `$text` }}" : $text;
}


sub yaml {
    my ($text) = @_;

    return '"' . $text =~ s/(["\\])/\\$1/gr . '"';
}


sub hugo {
    source('hugo', 'layouts/_default', sub {
        my ($slug, $layout, $post) = @_;

        return "content/$slug.md", "---\ntitle: " . yaml($post->{title})
            . "\ndate: $post->{date}\nlayout: $layout\nslug: $slug\n"
            . "url: /$slug.html\n---\n";
    });

    spew("$work/hugo/config.toml", <<'END');
baseURL = "https://blog.example/"
languageCode = "en"
disableKinds = ["taxonomy", "term", "home", "section", "RSS", "sitemap", "404"]

[markup.goldmark.renderer]
unsafe = true

[minify.tdewolff.html]
keepDocumentTags = false
keepEndTags = false
keepQuotes = false
keepWhitespace = false
END

    run('hugo', 'hugo', '--destination', "$pages/hugo");
    run('hugo', 'hugo', '--minify', '--destination', "$pages/hugo-minified");

    return;
}


sub jekyll {
    source('jekyll', '_layouts', sub {
        my ($slug, $layout, $post) = @_;

        return "_posts/$post->{date}-$slug.md", "---\ntitle: "
            . yaml($post->{title}) . "\nlayout: $layout\n---\n";
    });

    spew("$work/jekyll/_config.yml", <<'END');
lang: en
permalink: /:title.html
plugins: []
theme: null
END

    run('jekyll', 'jekyll', 'build', '--disable-disk-cache', '--destination',
        "$pages/jekyll");

    return;
}


sub pelican {
    source('pelican', 'theme/templates', sub {
        my ($slug, $layout, $post) = @_;

        return "content/$slug.md", "Title: $post->{title}\n"
            . "Date: $post->{date}\nSlug: $slug\nTemplate: $layout\n\n";
    });

    make_path("$work/pelican/theme/static");
    spew("$work/pelican/conf.py", <<'END');
PATH = 'content'
THEME = 'theme'
SITEURL = 'https://blog.example'
TIMEZONE = 'UTC'
DEFAULT_LANG = 'en'
DIRECT_TEMPLATES = []
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ''
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
MARKDOWN = {
    'extension_configs': {'markdown.extensions.extra': {}},
    'output_format': 'html5',
}
END

    run('pelican', 'pelican', '-s', 'conf.py', '-o', "$pages/pelican");

    return;
}
