#!/bin/bash
# Fetches Debian's nginx source of a release (bookworm, trixie) and applies its
# patches, into DIR/RELEASE.  apt's lists of the system are not changed.
#
#   t/make/source.sh DIR RELEASE
#
# DEBIAN=url names another mirror.
set -euo pipefail

work=${1:?usage: source.sh DIR RELEASE}
suite=${2:?usage: source.sh DIR RELEASE}
mkdir -p "$work" && work=$(realpath "$work")
apt=$work/apt-$suite
keys=/usr/share/keyrings/debian-archive-keyring.gpg

[ ! -x "$work/$suite/configure" ] || exit 0

mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
echo "deb-src [signed-by=$keys] ${DEBIAN:-http://deb.debian.org/debian}" \
    "$suite main" > "$apt/list"

options=(-qq -o "Dir::Etc::SourceList=$apt/list"
         -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$apt/lists"
         -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root)

fetch() (
    set -e
    cd "$apt"
    apt-get "${options[@]}" update
    apt-get "${options[@]}" source --download-only nginx
    rm -rf "$work/$suite.new"
    dpkg-source --no-check -x ./*.dsc "$work/$suite.new"
    mv "$work/$suite.new" "$work/$suite"
)

# try again: a mirror may be out of order for a moment
for pause in 5 20 0; do
    # in the background, because set -e is off in a condition
    fetch > "$work/fetch-$suite.log" 2>&1 &
    if wait $!; then
        exit 0
    fi
    sleep "$pause"
done

tail -3 "$work/fetch-$suite.log"
exit 1
