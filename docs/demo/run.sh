#!/bin/sh

# Serves the demo blog on 127.0.0.1, in the foreground:
#
#   docs/demo/run.sh MODULE_SO STATE_DIR PORT
#
# Everything that the demo writes (comments, logs, the password) goes into
# STATE_DIR.  It is kept, so the next run shows the same comments.  To use
# another nginx, set SOCIAL_NGINX to its path.

set -eu
umask 022


fail()
{
    printf 'demo: %s\n' "$1" >&2
    exit 1
}


note()
{
    printf 'demo: %s\n' "$1"
}


# as_worker COMMAND...: run the command as the user of nginx's workers

as_worker()
{
    if [ -z "$worker" ]; then
        "$@"
    elif command -v runuser >/dev/null; then
        runuser -u "$worker" -- "$@"
    else
        su -s /bin/sh "$worker" -c "exec \"\$@\"" -- sh "$@"
    fi
}


# can the workers enter this directory?  Tested in a shell of its own, so that
# `cd` does not change the directory of this script

enters()
{
    as_worker sh -c "cd -- \"\$1\"" sh "$1" 2>/dev/null
}


# if root starts nginx, the workers run as a user without privileges

choose_worker()
{
    worker=

    if [ "$(id -u)" -ne 0 ]; then
        return
    fi

    for worker in www-data nginx nobody; do
        if id -u "$worker" >/dev/null 2>&1; then
            return
        fi
    done

    fail 'run as root, and there is no user www-data, nginx or nobody'
}


# use the given directory; if the workers cannot reach it (for instance in a
# checkout below /root), use one in /var/tmp or /tmp, named after this checkout

choose_state()
{
    mkdir -p -- "$state" 2>/dev/null || true

    if [ -d "$state" ] && [ -w "$state" ]; then
        state=$(CDPATH='' cd -- "$state" && pwd -P)

        if enters "$state"; then
            return
        fi
    fi

    wanted=$state
    name=ngx_social-demo-$(id -u)-$(printf %s "$here" | cksum | cut -d' ' -f1)

    for base in /var/tmp /tmp; do
        state=$base/$name
        mkdir -m 755 -- "$state" 2>/dev/null || true

        # everybody can write to /tmp: refuse a directory or link that
        # belongs to somebody else

        mine=$(find "$state" -prune -type d -user "$(id -u)" \
                    ! -perm -0020 ! -perm -0002 2>/dev/null || true)

        if [ -n "$mine" ] && enters "$state"; then
            note "${worker:-this user} cannot use $wanted,"
            note "so the demo's files are in $state"
            return
        fi
    done

    fail "no directory for the demo: tried $wanted, /var/tmp and /tmp"
}


# refuse characters that have a special meaning in nginx.conf

check_path()
{
    case $1 in
    *[\"\$\\\;\{\}]* | *'
'*)
        fail "cannot write this path into nginx.conf: $1"
        ;;
    esac
}


check_port()
{
    case $port in
    '' | 0* | *[!0-9]* | ??????*)
        fail "not a port: \"$port\"; use a number such as 8080"
        ;;
    esac

    if [ "$port" -gt 65535 ]; then
        fail "not a port: \"$port\"; use a number such as 8080"
    fi
}


# fail if this demo is already running, on whatever port

check_alone()
{
    pid=
    if [ -f "$state/nginx.pid" ]; then
        read -r pid < "$state/nginx.pid" || true
    fi

    case $pid in
    '' | *[!0-9]*)
        return
        ;;
    esac

    case $(ps -o args= -p "$pid" 2>/dev/null || true) in
    *"$state/nginx.conf"*)
        fail "the demo already runs as process $pid; to stop it: kill $pid"
        ;;
    esac
}


# test the port first: nginx itself would retry for three seconds and print the
# same error five times

check_free()
{
    command -v perl >/dev/null || return 0

    why=$(perl -MIO::Socket::INET -e '
        IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0],
                              Proto => "tcp", Listen => 1, ReuseAddr => 1)
            or print $!;
    ' "$port" 2>/dev/null) || true

    if [ -n "$why" ]; then
        fail "cannot listen on 127.0.0.1:$port: $why; try: make run PORT=8081"
    fi
}


make_password()
{
    if [ ! -s "$state/password" ]; then
        rm -f -- "$state/users"
        ( umask 077 && openssl rand -hex 5 > "$state/password" )
    fi

    if [ ! -s "$state/users" ]; then
        hash=$(openssl passwd -apr1 -stdin < "$state/password")
        ( umask 077 && printf '%s:%s\n' "$user" "$hash" > "$state/users" )
    fi

    # the workers can read the hash; only you can read the password

    if [ -n "$worker" ]; then
        chgrp "$(id -gn "$worker")" "$state/users"
        chmod 640 "$state/users"
    fi
}


# the pages are served from the checkout, unless the workers cannot read it

choose_site()
{
    site=$here/site

    if as_worker sh -c "cd -- \"\$1\" && find . -type f -exec cat {} + " \
                 sh "$site" >/dev/null 2>&1
    then
        return
    fi

    rm -rf -- "$state/site"
    cp -R -- "$site" "$state/site"
    chmod -R u+rwX,go=rX "$state/site"
    site=$state/site

    note "$worker cannot read the checkout, so the pages are copied to $site"
    note 'restart the demo to see changes to docs/demo/site'
}


# for_sed TEXT: escape it for the replacement part of sed's s|...|...|

for_sed()
{
    printf '%s\n' "$1" | sed 's/[\\&|]/\\&/g'
}


write_conf()
{
    line='# no "user" directive: nginx was not started by root'

    if [ -n "$worker" ]; then
        line="user              $worker $(id -gn "$worker");"
    fi

    sed -e "s|@USER@|$(for_sed "$line")|" \
        -e "s|@MODULE@|$(for_sed "$module")|" \
        -e "s|@PORT@|$port|" \
        -e "s|@SITE@|$(for_sed "$site")|" \
        "$here/nginx.conf" > "$state/nginx.conf"
}


tell()
{
    cat <<END

  The blog        http://127.0.0.1:$port/
  An article      http://127.0.0.1:$port/posts/the-conversation-below/

  For the author  (user $user, password $(cat "$state/password"))
  Status page     http://127.0.0.1:$port/social
  Moderation      http://127.0.0.1:$port/_moderate/

  Configuration   $state/nginx.conf
  Event log       $state/logs/social.log
  Error log       $state/logs/error.log

  Press Ctrl-C to stop the demo. Its comments and counts are kept.

END
}


if [ $# -ne 3 ]; then
    fail 'usage: docs/demo/run.sh MODULE_SO STATE_DIR PORT'
fi

module=$1
state=$2
port=$3
user=ruth
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

nginx=${SOCIAL_NGINX:-/usr/sbin/nginx}
command -v "$nginx" >/dev/null || nginx=nginx
command -v "$nginx" >/dev/null || fail 'nginx is not installed; run: make deps'
command -v openssl >/dev/null || fail 'openssl is not installed; run: make deps'

[ -f "$module" ] || fail "$module does not exist; build it first: make"
module=$(CDPATH='' cd -- "$(dirname -- "$module")" && pwd -P)/${module##*/}

check_port
choose_worker
choose_state
check_path "$module"
check_path "$state"
check_path "$here"
check_alone
check_free

mkdir -p -- "$state/logs" "$state/temp"
make_password
choose_site
write_conf

"$nginx" -t -q -e stderr -p "$state/" -c "$state/nginx.conf" \
    || fail "nginx rejects $state/nginx.conf; see the messages above"

tell

exec "$nginx" -e stderr -p "$state/" -c "$state/nginx.conf" -g 'daemon off;'
