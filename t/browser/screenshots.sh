#!/bin/bash
# README's pictures: the demo with its past, on a morning that is always the
# same, seen by Chromium: make screenshots.
#
#   t/browser/screenshots.sh MODULE_SO PROGRAM DIRECTORY
set -euo pipefail

here=$(realpath "$(dirname "$0")")
root=$(realpath "$here/../..")
module=$(realpath "$1")
program=$(realpath "$2")
mkdir -p "$3"
to=$(realpath "$3")

tmp=$(mktemp -d)
chmod 755 "$tmp"
pid=

finish() {
    if [ -n "$pid" ]; then
        kill -QUIT "$pid" 2>/dev/null || true
        wait "$pid" || true
    fi
    rm -rf "$tmp"
}

trap finish EXIT

port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
    LocalAddr => "127.0.0.1", Listen => 1)->sockport')
faketime=(/usr/lib/*/faketime/libfaketimeMT.so.1)
[ -f "${faketime[0]}" ] || { echo 'screenshots: no libfaketime' >&2; exit 1; }

env LD_PRELOAD="${faketime[0]}" NO_FAKE_STAT=1 TZ=UTC \
    FAKETIME='@2026-11-27 07:40:00' \
    "$root/docs/demo/run.sh" "$module" "$program" "$tmp" "$port" \
    > "$tmp/said" 2>&1 &
pid=$!

for ((i = 0; ; i++)); do
    [ -s "$tmp/password" ] &&
        curl -sf -o /dev/null --noproxy '*' "http://127.0.0.1:$port/" && break
    if ! kill -0 "$pid" 2>/dev/null || [ "$i" -gt 600 ]; then
        cat "$tmp/said" >&2
        exit 1
    fi
    sleep 0.2
done

node "$here/screenshots.mjs" "http://127.0.0.1:$port" "$(cat "$tmp/password")" \
    "$to"
ls -l "$to"/*.png
