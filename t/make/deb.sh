#!/bin/bash
# Builds the Debian packages of the tracked files: make deb.
#
#   t/make/deb.sh WORK OUT
#
# WORK is a folder to build in, which is emptied; OUT gets libnginx-mod-social
# and ngx-social, for this machine's nginx, and their debug symbols in
# OUT/debug.  The same files make the same packages, wherever and whenever:
# REPRODUCIBLE=1 builds them twice, at another path and time, with another
# umask, time zone, language and number of jobs, and compares.
set -euo pipefail

root=$(realpath "$(dirname "$0")/../..")
work=${1:?usage: deb.sh WORK OUT}
out=${2:?usage: deb.sh WORK OUT}

# a make above this one must not speak to the one in there
unset MAKEFLAGS MFLAGS MAKELEVEL

version=$("$root/t/make/dist.sh" version)

# build FOLDER: packages of a fresh copy, in FOLDER
build() {
    local tree=$1/ngx-social-$version

    rm -rf "$1"
    mkdir -p "$1"
    "$root/t/make/dist.sh" copy "$tree"
    cp -a "$tree/docs/packaging/debian" "$tree/debian"

    (cd "$tree" && dpkg-buildpackage -b -us -uc) > "$1/build.log" 2>&1 || {
        grep -B2 -A6 -E '(error|Error [0-9]|missing):? |No rule' \
            "$1/build.log" | tail -40
        echo "deb.sh: the build failed: $1/build.log" >&2
        return 1
    }
}

build "$work"

if [ "${REPRODUCIBLE:-}" = 1 ]; then
    (umask 077
     export TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 DEB_BUILD_OPTIONS=parallel=1
     build "$work-again/and/elsewhere")

    for file in "$work"/*.deb; do
        cmp "$file" "$work-again/and/elsewhere/${file##*/}"
        echo "reproduced ${file##*/}"
    done

    rm -rf "$work-again"
fi

mkdir -p "$out/debug"
rm -f "$out"/*.deb "$out"/debug/*.deb
for file in "$work"/*.deb; do
    case $file in
        *-dbgsym_*) cp "$file" "$out/debug/" ;;
        *) cp "$file" "$out/"
           echo "built $out/${file##*/}" ;;
    esac
done
