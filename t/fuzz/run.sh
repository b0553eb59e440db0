#!/bin/sh
# Runs one fuzzer for some seconds over its corpus: run.sh BINARY SECONDS
# Inputs that it finds are kept in BINARY.corpus.
set -eu

name=$(basename "$1")
here=$(dirname "$0")
learnt="$1.corpus"
mkdir -p "$learnt"

set -- "$1" -max_total_time="$2" -print_final_stats=1 -timeout=20 \
    -artifact_prefix="$1-" "$learnt"

for dir in "$here/corpus/$name" "$here/corpus/${name%_*}"; do
    [ -d "$dir" ] && set -- "$@" "$dir"
done
for dict in "$here/$name.dict" "$here/${name%_*}.dict"; do
    [ -f "$dict" ] && { set -- "$@" "-dict=$dict"; break; }
done

echo "fuzz: $name"
exec "$@"
