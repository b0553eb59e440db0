#!/bin/sh
# Where PostgreSQL's libpq is, for `config` and the Makefile alike.
#
#   t/make/libpq.sh       prints the directory of libpq-fe.h
#
# POSTGRES=no does not look for it.  Exit code 1 if there is none that has pipelines (libpq 14): the store of
# PostgreSQL is left out then, and everything else is built.
set -eu

[ "${POSTGRES:-}" != no ] || exit 1

cc=${CC:-cc}
try=$(mktemp -d)
trap 'rm -rf "$try"' EXIT

cat > "$try/libpq.c" << 'END'
#include <libpq-fe.h>

int
main(void)
{
    return PQenterPipelineMode((PGconn *) 0);
}
END

for dir in "${PQ_INCLUDE:-}" \
    "$(pkg-config --variable=includedir libpq 2>/dev/null || true)" \
    "$(pg_config --includedir 2>/dev/null || true)" \
    /usr/include/postgresql /usr/local/include /usr/include
do
    if [ -z "$dir" ] || [ ! -e "$dir/libpq-fe.h" ]; then
        continue
    fi

    if $cc -I"$dir" "$try/libpq.c" -lpq -o "$try/libpq" 2>/dev/null; then
        echo "$dir"
        exit 0
    fi
done

exit 1
