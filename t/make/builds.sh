#!/bin/bash
# Builds the module as it is in several trees of nginx: make builds.
#
#   t/make/builds.sh WORK [VARIANT...]
#
# WORK keeps the sources that were fetched: Debian's nginx of the supported
# release and of the next one.  MAINLINE=dir adds another tree.  Each variant
# that builds is tested with the tests of pages, trixie-suite with all tests.
# Prints a line for each variant; exit code 1 if one failed.  The log of each is
# WORK/VARIANT.log.
set -uo pipefail

root=$(realpath "$(dirname "$0")/../..")
work=${1:?usage: builds.sh WORK [VARIANT...]}
shift
mkdir -p "$work" && work=$(realpath "$work") || exit 2

modules=(--with-http_ssl_module --with-http_v2_module --with-http_sub_module
         --with-http_gunzip_module --with-http_addition_module
         --with-http_realip_module --with-http_auth_request_module
         --with-http_slice_module --with-http_gzip_static_module)
tests=("$root/t/main.t" "$root"/t/filter_*.t)


# tree VARIANT SUITE: a fresh copy to build in
tree() {
    rm -rf "${work:?}/$1.d"
    case $2 in
        /*) cp -rL "$2" "$work/$1.d" ;;
        *)  "$root/t/make/source.sh" "$work" "$2" &&
                cp -rL "$work/$2" "$work/$1.d" ;;
    esac
}


# does a log have no warning in one of our files?
clean() {
    ! grep -qE "$root/.*(warning|error):|[Aa]ssembler.*:" "$1"
}


serves() {
    SOCIAL_NGINX=$1 SOCIAL_MODULE=$2 prove -j2 "${tests[@]}"
}


# configure and make in VARIANT's tree, with these options
build() {
    local variant=$1
    shift

    cd "$work/$variant.d" &&
        ./configure --prefix="$work/$variant.d/run" "$@" &&
        make -j"$(nproc)" &&
        clean "$work/$variant.log"
}


dynamic() {
    local http3=()

    tree "$1" "$2" || return 1
    ! grep -q with-http_v3_module "$work/$1.d/auto/options" ||
        http3=(--with-http_v3_module)
    build "$1" --with-compat --with-threads "${modules[@]}" "${http3[@]}" \
        --add-dynamic-module="$root" &&
        serves "$PWD/objs/nginx" "$PWD/objs/ngx_social_module.so"
}


static() {
    tree "$1" "$2" &&
        build "$1" --with-threads "${modules[@]}" --add-module="$root" &&
        serves "$PWD/objs/nginx" static
}


# without regular expressions, TLS, gzip and proxy: nginx -t must pass
lean() {
    tree "$1" "$2" &&
        build "$1" --with-threads --without-http_rewrite_module \
            --without-pcre --without-http_gzip_module --without-http-cache \
            --without-http_proxy_module --without-http_auth_basic_module \
            --add-module="$root" &&
        printf '%s\n' 'daemon off;' 'events { }' 'http {' \
            'social_site blog { store sqlite:blog.db; article /posts/; }' \
            'server { listen 127.0.0.1:1; social blog;' \
            'location ^~ /_social/ { social_api blog; } } }' > lean.conf &&
        mkdir -p run/logs && objs/nginx -t -c "$PWD/lean.conf"
}


# without --with-threads, configure must fail with a sentence that says so
threads() {
    tree "$1" "$2" && cd "$work/$1.d" || return 1
    ! ./configure --add-dynamic-module="$root" &&
        tail -1 "$work/$1.log" | grep -q 'ngx_social needs .* --with-threads$'
}


# the same without 64-bit atomic operations
atomics() {
    tree "$1" "$2" && cd "$work/$1.d" || return 1
    ! ./configure --with-threads --add-dynamic-module="$root" \
        --with-cc-opt=-D__atomic_compare_exchange_n=missing &&
        tail -1 "$work/$1.log" |
        grep -q 'ngx_social needs 64-bit atomic .* for a 64-bit platform$'
}


# the whole suite with the nginx of another release
suite() {
    tree "$1" "$2" &&
        build "$1" --with-compat --with-threads "${modules[@]}" \
            --add-dynamic-module="$root" &&
        SOCIAL_NGINX=$PWD/objs/nginx \
            SOCIAL_MODULE=$PWD/objs/ngx_social_module.so \
            prove -j2 "$root"/t/*.t
}


# with link-time optimization, as some distributions build all packages
lto() {
    tree "$1" "$2" &&
        build "$1" --with-threads "${modules[@]}" --add-module="$root" \
            --with-cc-opt='-O2 -flto=auto' --with-ld-opt='-flto=auto' &&
        serves "$PWD/objs/nginx" static
}


clang() {
    tree "$1" "$2" &&
        build "$1" --with-compat --with-threads "${modules[@]}" \
            --with-cc=clang --add-dynamic-module="$root" &&
        serves "$PWD/objs/nginx" "$PWD/objs/ngx_social_module.so"
}


# our Makefile with NGINX_SRC, loaded by the nginx of that tree
ours() {
    local out=$work/$1.out

    rm -rf "$out"
    tree "$1" "$2" && cd "$work/$1.d" &&
        ./configure --with-compat --with-threads "${modules[@]}" &&
        make -j"$(nproc)" &&
        make -C "$root" OUT="$out" MODULE="$out/ngx_social_module.so" \
            NGINX_SRC="$work/$2" &&
        clean "$out/release/make.log" &&
        serves "$work/$1.d/objs/nginx" "$out/ngx_social_module.so"
}


# a store in PostgreSQL is refused with a sentence, by both; all else works
refuses() {
    printf '%s\n' "load_module $PWD/objs/ngx_social_module.so;" \
        'events { }' 'http {' \
        'social_site blog { store postgresql://social@db/blog; }' \
        'server { listen 127.0.0.1:1; social blog;' \
        'location ^~ /_social/ { social_api blog; } } }' > refused.conf
    ! objs/nginx -t -e stderr -c "$PWD/refused.conf" 2> refused &&
        grep -qF 'this ngx_social was built without libpq 14 or newer' refused &&
        ! "$1" check --store 'postgresql://db/blog?schema=social_blog' \
            2> refused &&
        grep -qF 'was built without PostgreSQL (libpq)' refused
}


# without libpq: POSTGRES=no, for `config` and our Makefile alike
nolibpq() {
    local out=$work/$1.out

    export POSTGRES=no
    rm -rf "$out"
    tree "$1" "$2" &&
        build "$1" --with-compat --with-threads "${modules[@]}" \
            --add-dynamic-module="$root" &&
        grep -qF 'ngx_social is built without "store postgresql://"' \
            "$work/$1.log" &&
        make -C "$root" OUT="$out" POSTGRES=no "$out/ngx-social" &&
        ! readelf -d objs/ngx_social_module.so "$out/ngx-social" |
            grep "NEEDED.*libpq" &&
        mkdir -p run/logs && refuses "$out/ngx-social" &&
        serves "$PWD/objs/nginx" "$PWD/objs/ngx_social_module.so" &&
        SOCIAL_PROGRAM=$out/ngx-social prove "$root/t/import.t"
}


all=(bookworm-dynamic bookworm-static bookworm-lto bookworm-threads
     bookworm-atomics bookworm-nolibpq trixie-suite trixie-static trixie-clang trixie-lean trixie-ours)
[ -z "${MAINLINE:-}" ] || all+=(mainline-dynamic mainline-static)
[ "$#" = 0 ] || all=("$@")

rc=0

for variant in "${all[@]}"; do
    suite=${variant%%-*}
    what=${variant#*-}
    [ "$suite" != mainline ] || suite=$(realpath "${MAINLINE:?}")
    log=$work/$variant.log
    began=$SECONDS

    case $what in
        dynamic | static | suite | lean | threads | atomics | lto | clang | \
            nolibpq | ours) ;;
        *) echo "no variant $variant" >&2; exit 2 ;;
    esac

    : > "$log"

    if ("$what" "$variant" "$suite") >> "$log" 2>&1; then
        printf '%-20s ok    %4d s\n' "$variant" $((SECONDS - began))
        rm -rf "$work/$variant.d" "$work/$variant.out"
    else
        printf '%-20s FAILED, see %s\n' "$variant" "$log"
        grep -E ': (fatal )?error:|warning:|not ok|^E:' "$log" | head -5
        rc=1
    fi
done

exit "$rc"
