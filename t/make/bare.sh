#!/bin/bash
# Does README work for somebody who has nothing?  Builds a Debian 12 in a
# temporary folder, copies the commit into it, runs the commands of README's
# section "Try it" there as they are written, and removes the folder:
# make bare.
#
# Takes root, for chroot and mounts.  The network is this machine's, with its
# mirror, proxies and certificates.  Everything that it starts and mounts is
# in namespaces of its own, and so ends with it, also when interrupted.
set -euo pipefail

root=$(realpath "$(dirname "$0")/../..")
release=bookworm
section='Try it'
apt=/etc/apt/apt.conf.d/01host
certificates=/etc/ssl/host.crt


fail() {
    echo "bare: $*" >&2
    exit 1
}


# README's commands, one a line, without what is said of them

commands() {
    awk -v head="## $section" '
        /^## / { on = $0 == head; next }
        on && sub(/^    /, "") { sub(/ +# .*/, ""); print }
    ' "$root/README.md"
}


# where this machine's apt finds Debian 12, else where everybody does

sources() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
            'Created-By: Packages' 2>/dev/null |
        awk -v release="$release" '
            $3 == "main" && ($2 == release || $2 == release "-updates" \
                             || $2 == release "-security") { at[$2] = $1 }

            function line(suite, uri) {
                print "deb", (suite in at ? at[suite] : uri), suite, "main"
            }

            END {
                uri = "http://deb.debian.org/debian"
                line(release, uri)
                line(release "-updates", uri)
                line(release "-security", uri "-security")
            }'
}


# this machine's network, for apt and npm in there

network() {
    cp -L /etc/resolv.conf /etc/hosts "$dir/etc/"

    # without what names programs and files that are not in there
    apt-config dump | grep -E '^Acquire::https?::' |
        grep -viE 'auto-detect|cainfo|ssl(cert|key)' > "$dir$apt" || true

    mkdir -p "$dir/etc/ssl"
    cat /etc/ssl/certs/ca-certificates.crt "${NODE_EXTRA_CA_CERTS:-/dev/null}" \
        > "$dir$certificates" 2>/dev/null || true
    [ ! -s "$dir$certificates" ] ||
        echo "Acquire::https::CAInfo \"$certificates\";" >> "$dir$apt"
}


# a command in there, as root of a fresh system has it; the port is a free one

enter() {
    local name pass=()

    for name in {http,https,ftp,no,HTTP,HTTPS,NO}_proxy {HTTP,HTTPS,NO}_PROXY \
                npm_config_registry
    do
        [ -z "${!name:-}" ] || pass+=("$name=${!name}")
    done

    [ ! -s "$dir$certificates" ] ||
        pass+=("NODE_EXTRA_CA_CERTS=$certificates")

    env -i HOME=/root TERM="${TERM:-dumb}" PORT="$port" "${pass[@]}" \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        chroot "$dir" sh -c "cd /root/ngx_social || exit
            $1" < /dev/null
}


free_port() {
    perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
        LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}


# the demo stays in the foreground: await its first page, then end it

demo() {
    local pid rc=0 article=/posts/the-conversation-below/
    local until=$((SECONDS + 1800)) url=http://127.0.0.1:$port

    # a group of its own
    set -m
    enter "$1" &
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


part() {
    local began=$SECONDS

    echo "== bare: $1"
    "${@:2}" || fail "$1 failed"
    echo "== bare: $1: $((SECONDS - began)) s, $SECONDS s in all"
}


bootstrap() {
    local mirror

    mirror=$(sources | awk -v release="$release" '$3 == release { print $2 }')
    debootstrap --variant=minbase "$release" "$dir" "$mirror" \
        > "$tmp/debootstrap.log" 2>&1 ||
        { tail -20 "$tmp/debootstrap.log"; return 1; }
}


inside() {
    local line

    part "Debian 12 by debootstrap" bootstrap

    # no service of a package starts: it would listen on all addresses
    printf '#!/bin/sh\nexit 101\n' > "$dir/usr/sbin/policy-rc.d"
    chmod +x "$dir/usr/sbin/policy-rc.d"

    mount -t proc proc "$dir/proc"
    mount --rbind /sys "$dir/sys"
    mount --rbind /dev "$dir/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$dir/dev/shm"

    sources > "$dir/etc/apt/sources.list"
    network

    mkdir "$dir/root/ngx_social"
    git -C "$root" archive HEAD | tar -x -C "$dir/root/ngx_social"

    port=$(free_port)

    while IFS= read -r line <&3; do
        case $line in
            'make run'*) part "$line" demo "$line" ;;
            *) part "$line" enter "$line" ;;
        esac
    done 3< <(commands)

    echo "== bare: all of README's commands work, $SECONDS s in all"
}


clean() {
    trap - EXIT
    trap '' INT TERM HUP

    # its processes and mounts end with the first of them
    if [ -n "$child" ] && kill -KILL "$child" 2>/dev/null; then
        wait "$child" 2>/dev/null || true
    fi

    # the kernel may still be at it
    for _ in {1..50}; do
        rm -rf --one-file-system "$tmp" 2>/dev/null && return
        sleep 0.2
    done

    echo "bare: cannot remove $tmp" >&2
}


if [ "${1:-}" = inside ]; then
    tmp=$2
    dir=$tmp/root
    inside
    exit
fi

[ "$(id -u)" = 0 ] || fail 'chroot and mounts take root'
[ "$(commands | grep -c '^make ')" -ge 2 ] ||
    fail "README has no commands in section \"$section\""
git -C "$root" diff --quiet HEAD ||
    echo 'bare: the last commit is tried, without what was changed since' >&2

child=
tmp=$(mktemp -d "${TMPDIR:-/var/tmp}/ngx_social-bare.XXXXXX")
chmod 755 "$tmp"
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# -m: an interrupt reaches this shell only, and is not ignored in there
set -m
unshare --mount --pid --fork --kill-child --mount-proc \
    "$0" inside "$tmp" < /dev/null &
child=$!
set +m
wait "$child"
