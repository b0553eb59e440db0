#!/bin/bash
# Debian's nginx source of a release (bookworm, trixie), patches applied, as
# DIR/RELEASE, without touching what apt knows of the system.
#
#   t/make/source.sh DIR RELEASE
#
# DEBIAN=url is another mirror.
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

# a mirror may have a bad moment
for pause in 5 20 0; do
    # not as a condition: -e would be off in it
    fetch > "$work/fetch-$suite.log" 2>&1 &
    if wait $!; then
        exit 0
    fi
    sleep "$pause"
done

tail -3 "$work/fetch-$suite.log"
exit 1
