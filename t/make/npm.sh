#!/bin/bash
# Installs what DIR/package-lock.json lists into DIR/node_modules, unless it
# is there:  t/make/npm.sh DIR
#
# Every version that it lists runs on Debian 12's Node.
set -euo pipefail

cd "${1:?usage: npm.sh DIR}"

done=node_modules/.done
[ ! "$done" -nt package.json ] || [ ! "$done" -nt package-lock.json ] || exit 0

if ! { command -v node && command -v npm; } >/dev/null; then
    echo "$1 needs Node 18 and npm 9 or later: apt-get install nodejs npm" >&2
    exit 1
fi

# a Node that is too old for a package is refused by npm, with both versions
if ! said=$(npm ci --engine-strict --ignore-scripts --no-audit --no-fund \
        --loglevel=error 2>&1); then
    printf '%s\n' "$said" >&2
    echo "npm ci in $1 failed, with Node $(node -v), npm $(npm -v);" \
        "Node 18 and npm 9 of Debian 12 or later will do" >&2
    exit 1
fi

touch "$done"
