#!/bin/bash
# Runs tests with an nginx that is built for a tool, so that the tool checks
# nginx, its pools and the module: make sanitize | tsan | valgrind.
#
#   t/make/own.sh WORK TOOL [TEST...]
#
# WORK keeps the source, Debian's of this release, and the builds.
# NGINX_SRC=dir names the complete source of another nginx, UNIT=program a
# program to run with the tests.  Tools:
#
#   sanitize   address and undefined behaviour sanitizers; every test
#   tsan       the thread sanitizer; tests that use the store's threads
#   valgrind   memcheck; a short script of requests, t/lib/requests.pl
#
# Every allocation from a pool is a malloc() of its own (NGX_DEBUG_PALLOC), so
# that the tool knows where it ends.
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
    # -Wtsan warns of fences, which it does not see: nginx has them with locks
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


# a copy of the source for the tool, made anew when the options change
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


# limits of 100 ms are 400 ms here: a tool makes nginx slower
slow='-DNGX_HTTP_SOCIAL_PATIENCE=400 -DNGX_HTTP_SOCIAL_WAIT=400'


# Builds nginx and the module.  `config` lists the module's files: when there
# are others, configure runs again; generated headers that did not change keep
# their times, so that nginx is not compiled again.
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


# nginx releases a lock by a fence and a store, and waits for its threads with
# a volatile flag.  The thread sanitizer understands neither: use atomics.
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


# the sanitizers of this gcc fail under some randomized address layouts
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

# the build must have its sanitizer, or the tests would pass without a check
[ -z "$link" ] || [[ $(ldd "$SOCIAL_NGINX") =~ lib[at]san[.]so ]]
[ "$tool" != valgrind ] || SOCIAL_NGINX=valgrind:$SOCIAL_NGINX

cd "$root"
"${still[@]}" prove -j2 --timer "${tests[@]}"
