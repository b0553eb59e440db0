#!/bin/bash
# Builds the Debian packages of the tracked files: make deb.
#
#   t/make/deb.sh WORK OUT
#
# WORK is a folder to build in, which is emptied; OUT gets libnginx-mod-social
# and ngx-social, for this machine's nginx, and their debug symbols in
# OUT/debug.  The same files make the same packages, wherever and whenever.
set -euo pipefail

root=$(realpath "$(dirname "$0")/../..")
work=${1:?usage: deb.sh WORK OUT}
out=${2:?usage: deb.sh WORK OUT}

# a make above this one must not speak to the one in there
unset MAKEFLAGS MFLAGS MAKELEVEL

version=$("$root/t/make/dist.sh" version)
tree=$work/ngx-social-$version

rm -rf "$work"
mkdir -p "$work" "$out/debug"
"$root/t/make/dist.sh" copy "$tree"
mv "$tree/docs/packaging/debian" "$tree/debian"

(cd "$tree" && dpkg-buildpackage -b -us -uc) > "$work/build.log" 2>&1 || {
    grep -B2 -A6 -E '(error|Error [0-9]|missing):? ' "$work/build.log" | tail -40
    echo "deb.sh: the build failed: $work/build.log" >&2
    exit 1
}

rm -f "$out"/*.deb "$out"/debug/*.deb
for file in "$work"/*.deb; do
    case $file in
        *-dbgsym_*) cp "$file" "$out/debug/" ;;
        *) cp "$file" "$out/"
           echo "built $out/${file##*/}" ;;
    esac
done
