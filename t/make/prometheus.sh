#!/bin/sh
# Puts prometheus and promtool into a folder: those of the PATH, else those of
# Debian's package, which is unpacked and not installed.
#
#   t/make/prometheus.sh DIRECTORY
set -eu

dir=$1
rm -rf "$dir" "$dir.new"
mkdir -p "$dir.new"

if command -v prometheus >/dev/null && command -v promtool >/dev/null; then
    ln -s "$(command -v prometheus)" "$(command -v promtool)" "$dir.new"
else
    echo 'downloading prometheus'
    cd "$dir.new"

    # the lists of packages may be missing or too old
    apt-get download -qq prometheus 2>/dev/null || {
        sudo=
        [ "$(id -u)" = 0 ] || sudo=$(command -v sudo) || {
            echo 'run as root, or install sudo: apt-get must be updated' >&2
            exit 1
        }
        $sudo apt-get update -qq
        apt-get download -qq prometheus
    }

    dpkg-deb --fsys-tarfile prometheus_*.deb |
        tar -x --strip-components=3 ./usr/bin/prometheus ./usr/bin/promtool
    rm -f prometheus_*.deb
    cd - >/dev/null
fi

mv "$dir.new" "$dir"
