# shellcheck shell=bash
# shellcheck disable=SC2154
# A Debian 12 in a temporary folder, for bare.sh and packages.sh, which read
# this.  It takes root, for chroot and mounts.  The network is this machine's,
# with its mirror, proxies and certificates.  What is started and mounted is in
# namespaces of their own, and so ends with the script, also when interrupted.
#
# The script sets $name, calls chroot_run with its arguments, and defines:
#
#   inside      the work, with Debian in $dir, $tmp around it
#   before      what must be so before anything is made; may be empty

release=bookworm
apt=/etc/apt/apt.conf.d/01host
certificates=/etc/ssl/host.crt


fail() {
    echo "$name: $*" >&2
    exit 1
}


part() {
    local began=$SECONDS

    echo "== $name: $1"
    "${@:2}" || fail "$1 failed"
    echo "== $name: $1: $((SECONDS - began)) s, $SECONDS s in all"
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


# a command in there, in folder $1, as root of a fresh system has it; $PORT is
# passed on

enter() {
    local variable pass=()

    for variable in {http,https,ftp,no,HTTP,HTTPS,NO}_proxy \
                    {HTTP,HTTPS,NO}_PROXY npm_config_registry PORT
    do
        [ -z "${!variable:-}" ] || pass+=("$variable=${!variable}")
    done

    [ ! -s "$dir$certificates" ] ||
        pass+=("NODE_EXTRA_CA_CERTS=$certificates")

    env -i HOME=/root TERM="${TERM:-dumb}" "${pass[@]}" \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        chroot "$dir" sh -c "cd $1 || exit
            $2" < /dev/null
}


debootstrap_() {
    local mirror

    mirror=$(sources | awk -v release="$release" '$3 == release { print $2 }')
    debootstrap --variant=minbase "$release" "$dir" "$mirror" \
        > "$tmp/debootstrap.log" 2>&1 ||
        { tail -20 "$tmp/debootstrap.log"; return 1; }
}


# Debian 12 in $dir

bootstrap() {
    part "Debian 12 by debootstrap" debootstrap_
    furnish
}


# what a tree of Debian lacks to be entered

furnish() {
    # no service of a package starts: it would listen on all addresses
    printf '#!/bin/sh\nexit 101\n' > "$dir/usr/sbin/policy-rc.d"
    chmod +x "$dir/usr/sbin/policy-rc.d"

    mount -t proc proc "$dir/proc"
    mount --rbind /sys "$dir/sys"
    mount --rbind /dev "$dir/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$dir/dev/shm"

    sources > "$dir/etc/apt/sources.list"
    network
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

    echo "$name: cannot remove $tmp" >&2
}


chroot_run() {
    if [ "${1:-}" = inside ]; then
        tmp=$2
        # shellcheck disable=SC2034
        dir=$tmp/root
        shift 2
        inside "$@"
        exit
    fi

    [ "$(id -u)" = 0 ] || fail 'chroot and mounts take root'
    before "$@"

    child=
    tmp=$(mktemp -d "${TMPDIR:-/var/tmp}/ngx_social-$name.XXXXXX")
    chmod 755 "$tmp"
    trap clean EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM

    # -m: an interrupt reaches this shell only, and is not ignored in there
    set -m
    unshare --mount --pid --fork --kill-child --mount-proc \
        "$0" inside "$tmp" "$@" < /dev/null &
    child=$!
    set +m
    wait "$child"
}
