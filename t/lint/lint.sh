#!/bin/bash
# Runs all static checks of the sources: make lint.
#
#   t/lint/lint.sh TREE [PART...]
#
# TREE is a configured source tree of nginx, such as build/release/nginx after
# make.  PARTs, all of them by default:
#
#   layers    which room may use which, what may be called where: layers.pl
#   names     names say where they live and are unique: names.pl
#   form      layout and length of files: form.pl
#   perl      perl -wc of the tests
#   shell     shellcheck
#   assets    templates and languages agree: assets.pl
#   docs      links in the documentation lead somewhere
#   scripts   eslint and stylelint, installed by npm
#   gcc, clang, cppcheck, tidy
#   symbols   variables in the core, functions that nobody calls
#
# Prints nothing if all is well, else FILE:LINE: MESSAGE, with exit code 1.
# The exceptions in t/lint/{lengths,rooms,tidy,cppcheck} give their reasons.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 2

tree=$(realpath "${1:?usage: lint.sh TREE [PART...]}") || exit 2
shift
[ -f "$tree/objs/ngx_auto_config.h" ] || {
    echo "$tree: not a configured tree of nginx" >&2
    exit 2
}

parts=${*:-layers names form perl shell assets docs scripts gcc clang symbols cppcheck tidy}

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
jobs=$(nproc)

shopt -s globstar
core=(src/core/**/*.c src/store/**/*.c)
tool=(src/tool/**/*.c)
http=(ngx_social_module.c src/http/*/*.c)
root=$PWD
includes=()
for dir in src src/core/**/ src/store/**/ src/tool/**/ src/http/**/; do
    includes+=(-I"$root/${dir%/}")
done
includes+=(-DSOCIAL_POSTGRES=1 -isystem "$(sh t/make/libpq.sh)")
nginx=()
for dir in src/core src/event src/event/modules src/os/unix objs src/http \
           src/http/modules src/http/v2; do
    nginx+=(-isystem "$tree/$dir")
done

standard=(-std=gnu11 -D_GNU_SOURCE)
warn=(-Wall -Wextra -Wshadow -Wno-unused-parameter -Wpointer-arith
      -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wformat=2
      -Wdate-time)
# not for src/http: macros and idioms of nginx give such warnings
strict=(-Wconversion -Wno-sign-conversion -Wcast-qual -Wcast-align
        -Wwrite-strings)


# runs a command for a few of the files on standard input at a time
each() {
    xargs -r -P "$jobs" -n 4 "$@"
}


# the first line of each warning of a compiler
lines() {
    grep -E '(warning|error):' | sed "s,$root/,,"
}


layers() {
    perl t/lint/layers.pl
}


names() {
    perl t/lint/names.pl
}


# every text file of ours; test data are as they have to be
form() {
    local files

    mapfile -t files < <(sources | grep -vE \
        '^(LICENSE$|t/corpora/(pages|blogs)/|t/fuzz/corpus/|t/unit/data/)|/entities\.txt$|\.(svg|png)$|/package-lock\.json$')
    perl t/lint/form.pl t/lint/lengths "${files[@]}" 2>&1
}


# files that git has or would add
sources() {
    local file

    git ls-files -co --exclude-standard | while read -r file; do
        [ ! -f "$file" ] || echo "$file"
    done
}


perl_() {
    local file

    for file in t/*.t t/packages/*.t t/*/*.p[lm] t/lib/Social/*.pm; do
        grep -q '^use strict;$' "$file" && grep -q '^use warnings;$' "$file" ||
            echo "$file:1: no use strict, use warnings"
        perl -It/lib -wc "$file" 2>&1 | grep -v ' syntax OK$' |
            sed -E 's,(.*) at (.*) line ([0-9]+)(.*),\2:\3: \1\4,'
    done
}


shell() {
    local files

    # found by their first lines: some have no suffix
    mapfile -t files < <(sources | xargs awk \
        'FNR == 1 && /^#!.*sh$/ { print FILENAME } { nextfile }')
    # SC2317: functions that are called by a name in a variable
    # -x: files that read others
    shellcheck -x -e SC2317 -f gcc "${files[@]}" 2>&1
    # nginx's ./configure reads them with whatever sh there is
    dash -n config 2>&1
    dash -n config.make 2>&1
}


assets() {
    perl t/lint/assets.pl
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
    if ! t/make/npm.sh t/lint > "$tmp/npm" 2>&1; then
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


# the compiler writes its objects into the current directory
compile() {
    local cc=$1 dir=$tmp/$1
    shift

    mkdir -p "$dir/core" "$dir/tool" "$dir/http"
    {
        cd "$dir/core" && printf '%s\n' "${core[@]/#/$root/}" |
            each "$cc" "${standard[@]}" "${warn[@]}" "${strict[@]}" "$@" \
                "${includes[@]}" -c
        cd "$dir/tool" && printf '%s\n' "${tool[@]/#/$root/}" |
            each "$cc" "${standard[@]}" "${warn[@]}" "${strict[@]}" "$@" \
                "${includes[@]}" -c
        cd "$dir/http" && printf '%s\n' "${http[@]/#/$root/}" |
            each "$cc" "${standard[@]}" "${warn[@]}" "$@" "${includes[@]}" \
                "${nginx[@]}" -c
    } 2>&1 | lines
}


gcc_() {
    # not PIC, which puts constant tables of pointers where variables are:
    # symbols() has to tell them apart
    compile gcc -O2 -fno-pic -Wlogical-op -Wduplicated-cond -Wjump-misses-init
}


clang_() {
    # nginx itself is built with the last one by clang
    compile clang -fsyntax-only -Wcomma -Wunreachable-code \
        -Wconditional-uninitialized
}


# what can be seen in object files only
symbols() {
    local dir=$tmp/gcc

    [ -d "$dir" ] || gcc_ > /dev/null

    # the core runs in several threads at once: it may have no variables, but
    # those that only atomic operations or pthread_once() change, or whoever has
    # their mutex
    nm -A "$dir"/core/*.o | sed -nE \
        's,.*/(social_[a-z0-9_]+)\.o:[0-9a-f]+ [bBdDC] (.*),\1.c:1: \2 is a variable that is not constant,p' |
        grep -vE ': (social_arena_kept(_size)?|social_sqlite_vfs_(real|table|methods)|once\.[0-9]+) is' |
        grep -vE '^social_source\.c:1: (kept|ready)\.[0-9]+ is' |
        grep -vE ': social_pg_(address_mutex|addresses|leaving|lookups) is' |
        while IFS=: read -r file rest; do
            echo "$(find src -name "$file"):$rest"
        done

    # global names that could clash with those of nginx or other modules
    nm -A --defined-only -g "$dir"/*/*.o | sed -nE \
        's,.*/([a-z_0-9]+)\.o:[0-9a-f]+ [A-Z] (.*),\1.c:1: \2 is a global name: start it with social_ or ngx_http_social_\, or make it static,p' |
        grep -vE ':1: (social_|ngx_http_social_|ngx_social_|ngx_module)' |
        grep -vE '^social_tool\.c:1: main '

    # public functions that no other file calls; calls by tests do not count
    nm -g --defined-only "$dir"/*/*.o | awk '$2 == "T" { print $3 }' |
        sort > "$tmp/defined"
    nm -g --undefined-only "$dir"/*/*.o | awk '$1 == "U" { print $2 }' |
        sort -u > "$tmp/used"
    comm -23 "$tmp/defined" "$tmp/used" | grep -vx main |
        while read -r name; do
            grep -nE "^$name\(" "${core[@]}" "${tool[@]}" "${http[@]}" \
                /dev/null |
                sed -E "s,^([^:]+:[0-9]+):.*,\1: $name() is not called from another file: make it static\, or remove it,"
        done
}


cppcheck_() {
    cppcheck -q -j "$jobs" --std=c11 --enable=warning,performance,portability \
        --suppressions-list=t/lint/cppcheck -D_GNU_SOURCE \
        --template='{file}:{line}: {message} [{id}]' "${includes[@]}" \
        src/core src/store src/tool 2>&1
}


tidy() {
    # the longest files first, so that both processors finish together
    # shellcheck disable=SC2012,SC2011
    ls -S "${core[@]}" "${tool[@]}" "${http[@]}" | xargs -r -P "$jobs" -I '{}' \
        clang-tidy --quiet '{}' -- "${standard[@]}" "${includes[@]}" \
        "${nginx[@]}" 2> "$tmp/tidy.err" | lines |
        sed -E 's/,-warnings-as-errors\]$/]/' | sort -u > "$tmp/tidy"

    grep -E ' error: ' "$tmp/tidy.err"

    while read -r file check reason; do
        case $file in '#'* | '') continue ;; esac
        if ! grep -q "^$file:.*\[$check\]\$" "$tmp/tidy" || [ -z "$reason" ]
        then
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
        layers | names | form | shell | assets | docs | scripts | symbols | tidy)
            call=$part ;;
        *) echo "lint.sh: no part called $part" >&2; exit 2 ;;
    esac
    began=$SECONDS
    "$call" 2>&1 | sed "s,$root/,," >> "$tmp/all"
    [ -z "${LINT_TIMES:-}" ] || echo "$part: $((SECONDS - began)) s" >&2
done

cat "$tmp/all"
[ ! -s "$tmp/all" ]
