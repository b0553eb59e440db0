#!/bin/bash
# Does README work for somebody who has nothing?  Builds a Debian 12 in a
# temporary folder, copies the commit into it, runs the commands of README's
# section "Try it" there as they are written, and removes the folder:
# make bare.  chroot.sh says what it needs.
set -euo pipefail

root=$(realpath "$(dirname "$0")/../..")
name=bare
section='Try it'

# shellcheck source=t/make/chroot.sh
. "$root/t/make/chroot.sh"


# README's commands, one a line, without what is said of them

commands() {
    awk -v head="## $section" '
        /^## / { on = $0 == head; next }
        on && sub(/^    /, "") { sub(/ +# .*/, ""); print }
    ' "$root/README.md"
}


free_port() {
    perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
        LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}


# the demo stays in the foreground: await its first page, then end it

demo() {
    local pid rc=0 article=/posts/the-conversation-below/
    local until=$((SECONDS + 1800)) url=http://127.0.0.1:$PORT

    # a group of its own
    set -m
    enter /root/ngx_social "$1" &
    pid=$!
    set +m

    until curl -sf -o /dev/null --noproxy '*' "$url/"; do
        if ! kill -0 "$pid" 2>/dev/null; then
            wait "$pid" || true
            return 1
        fi
        [ "$SECONDS" -lt "$until" ] || { rc=1; break; }
        sleep 0.2
    done

    curl -sf --noproxy '*' "$url$article" |
        grep '<section data-social=' > /dev/null || rc=1

    kill -TERM -- "-$pid"
    wait "$pid" || true

    return "$rc"
}


inside() {
    local line

    bootstrap

    mkdir "$dir/root/ngx_social"
    git -C "$root" archive HEAD | tar -x -C "$dir/root/ngx_social"

    PORT=$(free_port)

    while IFS= read -r line <&3; do
        case $line in
            'make run'*) part "$line" demo "$line" ;;
            *) part "$line" enter /root/ngx_social "$line" ;;
        esac
    done 3< <(commands)

    echo "== bare: all of README's commands work, $SECONDS s in all"
}


before() {
    [ "$(commands | grep -c '^make ')" -ge 2 ] ||
        fail "README has no commands in section \"$section\""
    git -C "$root" diff --quiet HEAD ||
        echo 'bare: the last commit is tried, without what was changed since' >&2
}


chroot_run "$@"
