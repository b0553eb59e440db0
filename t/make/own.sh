#!/bin/bash
# The tests with an nginx of our own, in which a tool sees all of it: nginx,
# its pools and the module.  make sanitize | tsan | valgrind.
#
#   t/make/own.sh WORK TOOL [TEST...]
#
# WORK keeps the source, Debian's of this release, and what was built of it.
# NGINX_SRC=dir takes the whole source of another nginx, UNIT=program runs that
# beside the tests.  Tools:
#
#   sanitize   address and undefined behaviour sanitizers; every test
#   tsan       the thread sanitizer; tests that keep the store's threads busy
#   valgrind   memcheck; a short script of requests, t/lib/requests.pl
#
# Each nginx allocates every piece of a pool by itself (NGX_DEBUG_PALLOC), or
# a tool would not see where one ends.
set -euo pipefail

root=$(realpath "$(dirname "$0")/../..")
work=${1:?usage: own.sh WORK TOOL [TEST...]}
tool=${2:?usage: own.sh WORK TOOL [TEST...]}
shift 2
mkdir -p "$work" && work=$(realpath "$work")

case $tool in
sanitize)
    flags='-O1 -fno-omit-frame-pointer -fsanitize=address,undefined'
    link=-fsanitize=address,undefined
    tests=("$root"/t/*.t)
    ;;
tsan)
    # its fences are not seen: nginx has them beside locks only
    flags='-O1 -fno-omit-frame-pointer -fsanitize=thread -Wno-tsan'
    link=-fsanitize=thread
    tests=("$root"/t/{comments,moderate,status,learned,store_away,waiting}.t)
    ;;
valgrind)
    flags=-O1
    link=
    tests=("$root/t/lib/requests.pl")
    ;;
*)
    echo "own.sh: no tool $tool" >&2
    exit 2
    ;;
esac

[ "$#" = 0 ] || tests=("$@")
[ -z "${UNIT:-}" ] || tests+=("$UNIT")

modules=(--with-compat --with-debug --with-threads --with-pcre-jit
         --with-http_ssl_module --with-http_v2_module --with-http_sub_module
         --with-http_gunzip_module --with-http_addition_module
         --with-http_realip_module --with-http_auth_request_module
         --with-http_slice_module --with-http_gzip_static_module
         --error-log-path=stderr --pid-path=/run/nginx.pid
         --lock-path=/var/lock/nginx.lock)


# the tree of a tool, another one when its options are others
tree() {
    local is=$work/$tool/.options options="$source $flags $slow ${modules[*]}"

    if [ "$(cat "$is" 2> /dev/null)" != "$options" ]; then
        rm -rf "${work:?}/$tool"
        cp -rL "$source" "$work/$tool"
        cd "$work/$tool"
        [ "$tool" != tsan ] || locks
        echo "$options" > "$is"
    fi
}


# what is a tenth of a second without a tool
slow='-DNGX_HTTP_SOCIAL_PATIENCE=400 -DNGX_HTTP_SOCIAL_WAIT=400'


# nginx and the module.  `config` lists the module's files: configured again
# when there are others, with headers that are no newer if nothing else is new
build() {
    local header files

    tree
    files=$(cd "$root" && cat config && find src | sort)
    cd "$work/$tool"

    if [ "$(cat .files 2> /dev/null)" != "$files" ]; then
        for header in config headers; do
            cp -p "objs/ngx_auto_$header.h" "$header.old" 2> /dev/null || true
        done

        ./configure --prefix="$work/run" "${modules[@]}" \
            --with-cc-opt="-g $flags $slow -DNGX_DEBUG_PALLOC=1 -Wno-error" \
            --with-ld-opt="$link -Wl,-E" --add-dynamic-module="$root"

        for header in config headers; do
            ! cmp -s "$header.old" "objs/ngx_auto_$header.h" ||
                mv "$header.old" "objs/ngx_auto_$header.h"
        done

        echo "$files" > .files
    fi

    make -j"$(nproc)" -f objs/Makefile binary modules
}


# nginx gives a lock back by a fence and a store, and waits for its threads by
# a volatile flag: a thread sanitizer sees no order in either.  The same again
# in words that it knows
locks() {
    sed -i -E '/^#define ngx_unlock/s/[*](\(lock\)) = 0$/__atomic_store_n(\1, 0, __ATOMIC_RELEASE)/' \
        src/os/unix/ngx_atomic.h
    sed -i -E -e 's/^    [*]lock = 0;$/    __atomic_store_n(lock, 0, __ATOMIC_RELEASE);/' \
        -e 's/while \(lock\) \{/while (__atomic_load_n(\&lock, __ATOMIC_ACQUIRE)) {/' \
        src/core/ngx_thread_pool.c
    grep -q __ATOMIC_RELEASE src/os/unix/ngx_atomic.h
    grep -q __ATOMIC_RELEASE src/core/ngx_thread_pool.c
    grep -q __ATOMIC_ACQUIRE src/core/ngx_thread_pool.c
}


# sanitizers of this gcc want their addresses where they always were
still=()
! setarch -R true 2> /dev/null || still=(setarch -R)

source=${NGINX_SRC:-}

if [ ! -f "$source/src/core/nginx.c" ]; then
    # shellcheck disable=SC1091
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    "$root/t/make/source.sh" "$work" "$release" || {
        echo "own.sh: no source of nginx can be fetched"
        exit 1
    }
    source=$work/$release
fi

began=$SECONDS
echo "building nginx for $tool"
(build) > "$work/$tool.log" 2>&1 || {
    grep -A4 -E ': (fatal )?error:' "$work/$tool.log" | head -40
    tail -5 "$work/$tool.log"
    echo "the build failed: $work/$tool.log"
    exit 1
}
echo "built in $((SECONDS - began)) s"

export SOCIAL_NGINX=$work/$tool/objs/nginx
export SOCIAL_MODULE=$work/$tool/objs/ngx_social_module.so

# a build without its sanitizer would find nothing, and be praised for it
[ -z "$link" ] || [[ $(ldd "$SOCIAL_NGINX") =~ lib[at]san[.]so ]]
[ "$tool" != valgrind ] || SOCIAL_NGINX=valgrind:$SOCIAL_NGINX

cd "$root"
"${still[@]}" prove -j2 --timer "${tests[@]}"
