#!/bin/sh
# Installs those of the Debian packages named as arguments that are missing.
# package:command counts as installed if the command exists, from anywhere.
set -eu

missing=
for package in "$@"; do
    case $package in
    *:*)
        command -v "${package#*:}" >/dev/null && continue
        package=${package%%:*}
        ;;
    esac

    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null |
        grep -qx installed || missing="$missing $package"
done

[ -n "$missing" ] || exit 0

sudo=
if [ "$(id -u)" != 0 ]; then
    sudo=$(command -v sudo) || {
        echo "these Debian packages are missing:$missing" >&2
        echo "run as root, or install sudo" >&2
        exit 1
    }
fi

echo "installing$missing"
$sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# no service is started: the system's nginx is not needed
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
