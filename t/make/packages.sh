#!/bin/bash
# What the packages do to a Debian 12 with a site on it, and whether docs/start*
# lead a blogger there: make packages.
#
#   t/make/packages.sh DEBS [TEST...]
#
# DEBS is the folder of both packages.  Builds a Debian 12 in a temporary folder
# with nginx, PHP and WordPress, then runs the TESTs, t/packages/*.t by default,
# beside it in a network of its own, where port 80 is free and nothing leads
# out.  chroot.sh says what it needs.  BASE=FILE.tar keeps that Debian, or takes
# it from there.
set -euo pipefail

root=$(realpath "$(dirname "$0")/../..")
name=packages

# shellcheck source=t/make/chroot.sh
. "$root/t/make/chroot.sh"


# a site's machine; wordpress without what it recommends has its themes only
machine() {
    enter / 'export DEBIAN_FRONTEND=noninteractive
        apt-get -qq update &&
        apt-get -qq install -y --no-install-recommends ca-certificates curl \
            mandoc nginx openssl procps sqlite3 \
            wordpress wordpress-theme-twentytwentythree php-fpm php-mysql \
            mariadb-server >/dev/null &&
        apt-get -qq clean'
}

# what the packages depend on, and nginx itself to make a newer one of, without
# installing any
fetch() {
    cp "$debs"/*.deb "$dir/root/packages/"
    # shellcheck disable=SC2016
    enter /root/packages 'apt-get -qq update &&
        apt-get -qq install -y --no-install-recommends --download-only ./*.deb \
            >/dev/null &&
        mkdir -p nginx && cd nginx && chown _apt . &&
        apt-get -qq download "nginx=$(dpkg-query -W -f "\${Version}" nginx)"'
}

machine_of_base() {
    if [ -n "${BASE:-}" ] && [ -s "$BASE" ]; then
        mkdir "$dir"
        tar -xpf "$BASE" -C "$dir"
        furnish
        return
    fi

    bootstrap
    part "nginx, PHP, WordPress, MariaDB" machine

    [ -z "${BASE:-}" ] ||
        tar -cpf "$BASE" -C "$dir" --one-file-system --exclude=./proc/* \
            --exclude=./sys/* --exclude=./dev/* .
}

tests() {
    SOCIAL_CHROOT=$dir unshare --net sh -c '
        ip link set lo up && exec prove "$@"' prove -v -I "$root/t/lib" \
        "${tests[@]}"
}

inside() {
    debs=$1
    tests=("${@:2}")

    machine_of_base
    mkdir -p "$dir/root/packages"
    part "packages that ours need" fetch

    # from here on services start: nothing leads out.  Without a policy and an
    # init, invoke-rc.d would start none.
    printf '#!/bin/sh\nexit 104\n' > "$dir/usr/sbin/policy-rc.d"
    part "${tests[*]#"$root"/}" tests

    echo "== packages: all is well, $SECONDS s in all"
}

before() {
    ls "$1"/libnginx-mod-social_*.deb "$1"/ngx-social_*.deb >/dev/null ||
        fail "no packages in $1: make deb"
}

if [ "${1:-}" != inside ]; then
    [ "$#" -ge 1 ] || fail 'usage: packages.sh DEBS [TEST...]'
    debs=$(realpath "$1")
    shift
    [ "$#" -gt 0 ] || set -- "$root"/t/packages/*.t
    set -- "$debs" "$@"
fi

chroot_run "$@"
