#!/bin/bash
# Everything that tools can say about the sources: make lint.
#
#   t/lib/lint.sh TREE [PART...]
#
# TREE is a configured tree of nginx; without PARTs all of them run.  Silent
# when there is nothing to say, else FILE:LINE: MESSAGE, and exit code 1.
# Exceptions stand in t/lint/, each with its reason.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 2

tree=$(realpath "${1:?usage: lint.sh TREE [PART...]}") || exit 2
shift
[ -f "$tree/objs/ngx_auto_config.h" ] || {
    echo "$tree: not a configured tree of nginx" >&2
    exit 2
}

parts=${*:-layers form perl shell assets docs scripts gcc clang symbols cppcheck tidy}

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
jobs=$(nproc)

core=(src/core/*.c src/store/*.c)
http=(ngx_social_module.c src/http/*.c)
root=$PWD
includes=(-I"$root/src" -I"$root/src/core" -I"$root/src/store")
nginx=(-I"$root/src/http")
for dir in src/core src/event src/event/modules src/os/unix objs src/http \
           src/http/modules src/http/v2; do
    nginx+=(-isystem "$tree/$dir")
done

standard=(-std=gnu11 -D_GNU_SOURCE)
warn=(-Wall -Wextra -Wshadow -Wno-unused-parameter -Wpointer-arith
      -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wformat=2
      -Wdate-time)
# where no idiom of nginx stands in the way
strict=(-Wconversion -Wno-sign-conversion -Wcast-qual -Wcast-align
        -Wwrite-strings)


# files on standard input, a command for a few of them
each() {
    xargs -r -P "$jobs" -n 4 "$@"
}


# what a compiler says, in a line each
lines() {
    grep -E '(warning|error):' | sed "s,$root/,,"
}


layers() {
    perl t/lib/layers.pl
}


form() {
    perl t/lib/form.pl t/lint/lengths ngx_social_module.c src/*/*.[ch] \
        t/unit/*.[ch] t/model/*.[ch] t/fuzz/*.c t/corpora/*.c config Makefile \
        .ci/run README.md docs/*.md t/*.t t/lib/* t/lint/*.* src/assets/*.* src/assets/lang/* \
        src/store/schema/* 2>&1
}


perl_() {
    local file

    for file in t/*.t t/*/*.p[lm] t/lib/Social/*.pm; do
        grep -q '^use strict;$' "$file" && grep -q '^use warnings;$' "$file" ||
            echo "$file:1: no use strict, use warnings"
        perl -It/lib -wc "$file" 2>&1 | grep -v ' syntax OK$' |
            sed -E 's,(.*) at (.*) line ([0-9]+)(.*),\2:\3: \1\4,'
    done
}


shell() {
    local files

    # also those without a suffix
    mapfile -t files < <(git ls-files -co --exclude-standard |
        xargs awk 'FNR == 1 && /^#!.*sh$/ { print FILENAME } { nextfile }')
    # SC2317: functions that are called by a name in a variable
    shellcheck -e SC2317 -f gcc "${files[@]}" 2>&1
    # nginx sources it: it must be what every sh reads
    dash -n config 2>&1
}


assets() {
    perl t/lib/assets.pl
}


# links inside of the documentation lead somewhere
docs() {
    local file line link

    for file in README.md docs/*.md; do
        while IFS=: read -r line link; do
            link=${link%)}
            link=${link#](}
            link=${link%%#*}
            case $link in
                '' | http*: | http*://* | mailto:*) continue ;;
            esac
            [ -e "$(dirname "$file")/$link" ] ||
                echo "$file:$line: a link to $link, which is not there"
        done < <(grep -noE '\]\([^) ]+\)' "$file")
    done
}


scripts() {
    local bin=t/lint/node_modules/.bin

    # a network that fails is an error, not a skip
    if ! t/lib/npm.sh t/lint > "$tmp/npm" 2>&1; then
        sed 's,^,t/lint/package.json:1: ,' "$tmp/npm"
        return
    fi

    "$bin/eslint" -c t/lint/eslint.config.mjs -f json \
        src/assets/*.js t/browser/*.mjs t/corpora/*.mjs t/lint/*.mjs \
        > "$tmp/eslint" 2> "$tmp/eslint.err" || cat "$tmp/eslint.err"
    "$bin/stylelint" --config t/lint/stylelint.config.mjs -f unix \
        src/assets/*.css docs/demo/site/*.css 2>&1 | grep -E ':[0-9]+:|rror'
    # shellcheck disable=SC2016
    node -e '
        for (const file of JSON.parse(require("fs").readFileSync(0)))
            for (const m of file.messages)
                console.log(`${file.filePath}:${m.line}: ${m.message} `
                    + `[${m.ruleId}]`);
    ' < "$tmp/eslint"
}


# objects go where the compiler stands
compile() {
    local cc=$1 dir=$tmp/$1
    shift

    mkdir -p "$dir/core" "$dir/http"
    {
        cd "$dir/core" && printf '%s\n' "${core[@]/#/$root/}" |
            each "$cc" "${standard[@]}" "${warn[@]}" "${strict[@]}" "$@" \
                "${includes[@]}" -c
        cd "$dir/http" && printf '%s\n' "${http[@]/#/$root/}" |
            each "$cc" "${standard[@]}" "${warn[@]}" "$@" "${includes[@]}" \
                "${nginx[@]}" -c
    } 2>&1 | lines
}


gcc_() {
    # not for a shared object: symbols() then sees what is really constant
    compile gcc -O2 -fno-pic -Wlogical-op -Wduplicated-cond -Wjump-misses-init
}


clang_() {
    # nginx asks clang for the third
    compile clang -fsyntax-only -Wcomma -Wunreachable-code \
        -Wconditional-uninitialized
}


# what objects hold tells what sources cannot hide
symbols() {
    local dir=$tmp/gcc

    [ -d "$dir" ] || gcc_ > /dev/null

    # threads and processes share the core: it has no variables
    nm -A "$dir"/core/*.o | sed -nE \
        's,.*/(social_[a-z0-9_]+)\.o:[0-9a-f]+ [bBdDC] (.*),\1.c:1: \2 is a variable that is not constant,p' |
        sed -E 's,^social_store,src/store/&,; s,^social_,src/core/&,'

    # names that others may have
    nm -A --defined-only -g "$dir"/*/*.o | sed -nE \
        's,.*/([a-z_0-9]+)\.o:[0-9a-f]+ [A-Z] (.*),\1.c:1: \2 is visible to all of nginx and does not say whose it is,p' |
        grep -vE ':1: (social_|ngx_http_social_|ngx_social_|ngx_module)'

    # functions that nobody calls
    nm -g --defined-only "$dir"/*/*.o | awk '$2 == "T" { print $3 }' |
        sort > "$tmp/defined"
    { nm -g --undefined-only "$dir"/*/*.o | awk '$1 == "U" { print $2 }'
      cat t/unit/*.[ch] t/fuzz/*.c t/model/*.c | grep -oE '\bsocial_[a-z0-9_]+'
    } | sort -u > "$tmp/used"
    comm -23 "$tmp/defined" "$tmp/used" |
        while read -r name; do
            grep -nE "^$name\(" "${core[@]}" "${http[@]}" /dev/null |
                sed -E "s,^([^:]+:[0-9]+):.*,\1: $name() is used in its own file at most: static\, or not there,"
        done
}


cppcheck_() {
    cppcheck -q -j "$jobs" --std=c11 --enable=warning,performance,portability \
        --suppressions-list=t/lint/cppcheck -D_GNU_SOURCE \
        --template='{file}:{line}: {message} [{id}]' "${includes[@]}" \
        src/core src/store 2>&1
}


tidy() {
    # the longest first, so that no processor waits at the end
    # shellcheck disable=SC2012,SC2011
    ls -S "${core[@]}" "${http[@]}" | xargs -r -P "$jobs" -I '{}' \
        clang-tidy --quiet '{}' -- "${standard[@]}" "${includes[@]}" \
        "${nginx[@]}" 2> "$tmp/tidy.err" | lines |
        sed -E 's/,-warnings-as-errors\]$/]/' | sort -u > "$tmp/tidy"

    grep -E ' error: ' "$tmp/tidy.err"

    while read -r file check reason; do
        case $file in '#'* | '') continue ;; esac
        if ! grep -qF "$file:" "$tmp/tidy" || [ -z "$reason" ]; then
            echo "t/lint/tidy:1: $file $check is not needed, or has no reason"
        fi
        grep -v "^$file:.*\[$check\]\$" "$tmp/tidy" > "$tmp/tidy.new"
        mv "$tmp/tidy.new" "$tmp/tidy"
    done < t/lint/tidy

    cat "$tmp/tidy"
}


for part in $parts; do
    case $part in
        perl | gcc | clang | cppcheck) call=${part}_ ;;
        layers | form | shell | assets | docs | scripts | symbols | tidy)
            call=$part ;;
        *) echo "lint.sh: no part called $part" >&2; exit 2 ;;
    esac
    began=$SECONDS
    "$call" 2>&1 | sed "s,$root/,," >> "$tmp/all"
    [ -z "${LINT_TIMES:-}" ] || echo "$part: $((SECONDS - began)) s" >&2
done

cat "$tmp/all"
[ ! -s "$tmp/all" ]
