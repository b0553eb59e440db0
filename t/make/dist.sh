#!/bin/bash
# The files of the project, as a list, a copy or a tarball.
#
#   t/make/dist.sh list             one a line
#   t/make/dist.sh copy DIR         into a folder that must not exist
#   t/make/dist.sh tar FILE         make dist: FILE.tar.gz, ngx-social-VERSION/
#   t/make/dist.sh version          of src/core/social_version.h
#   t/make/dist.sh time             seconds since 1970, of the changelog
#
# They are what git tracks, as it is in the working tree; in an unpacked tarball,
# or without git, all that is there but what was built.  The same files always make the same
# tarball: sorted, with the changelog's time, with nobody's name and umask.
set -euo pipefail

cd "$(dirname "$0")/../.."

list() {
    {
        { [ -e .git ] && git -c core.quotePath=off ls-files 2>/dev/null; } ||
            find . -path ./build -prune -o -path ./.git -prune -o \
                -name node_modules -prune -o \
                \( -type f -o -type l \) -printf '%P\n'
    } | LC_ALL=C sort | while IFS= read -r file; do
        [ ! -e "$file" ] || echo "$file"
    done
}

version() {
    sed -n 's/^#define SOCIAL_VERSION *"\(.*\)"$/\1/p' \
        src/core/social_version.h
}

time_() {
    date -d "$(sed -n 's/^ -- .*>  //p' docs/packaging/debian/changelog |
        head -1)" +%s
}

# archive FOLDER: on standard output
archive() {
    list | tar -c --format=ustar --no-recursion --numeric-owner --owner=0 \
        --group=0 --mode=u=rwX,go=rX --mtime="@$(time_)" \
        --transform="s,^,$1/,S" -T -
}

case ${1:-} in
    list | version) "$1" ;;
    time) time_ ;;
    copy)
        mkdir "$2"
        archive x | tar -x -C "$2" --strip-components=1
        ;;
    tar)
        mkdir -p "$(dirname "$2")"
        archive "ngx-social-$(version)" | gzip -9n > "$2.new"
        mv "$2.new" "$2"
        ;;
    *) echo "usage: dist.sh list | copy DIR | tar FILE | version | time" >&2
       exit 2 ;;
esac
