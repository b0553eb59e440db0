#!/bin/sh

# Serves the demo blog on 127.0.0.1, in the foreground:
#
#   docs/demo/run.sh MODULE_SO PROGRAM STATE_DIR PORT
#
# The blog has a past of 90 days that ended yesterday: PROGRAM, ngx-social,
# writes it into a new store.  Everything that the demo writes (the past,
# comments, logs, the password) goes into STATE_DIR and is kept: the next run
# goes on from there.  Only a past that has grown old, in a demo where nobody
# did more than read, makes way for one that ended yesterday.
#
#   EMPTY=1         a blog without a past, in STATE_DIR/empty
#   FRESH=1         forget everything, begin anew
#   END=YYYY-MM-DD  where a new past ends, if not yesterday
#   SOCIAL_NGINX    the path of another nginx

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
    if [ ! -s "$home/password" ]; then
        rm -f -- "$home/users" "$home/empty/users"
        ( umask 077 && openssl rand -hex 5 > "$home/password" )
    fi

    if [ ! -s "$state/users" ]; then
        hash=$(openssl passwd -apr1 -stdin < "$home/password")
        ( umask 077 && printf '%s:%s\n' "$user" "$hash" > "$state/users" )
    fi

    # the workers can read the hash; only you can read the password

    if [ -n "$worker" ]; then
        chgrp "$(id -gn "$worker")" "$state/users"
        chmod 640 "$state/users"
    fi
}


# 1 line of what somebody did here is enough; reading leaves no trace that is
# worth keeping

is_used()
{
    [ -f "$state/logs/social.log" ] || return 0
    grep -qvE '"event":"(view|seen|goal)"' "$state/logs/social.log"
}


# the day before the first one of this demo: from then on it is live

begin_past()
{
    rm -rf -- "$state/store"
    : > "$state/logs/social.log"

    if [ -z "$empty" ]; then
        mkdir -m 700 -- "$state/store"
        [ -z "$worker" ] || chown "$worker" "$state/store"

        note "writing 90 days up to $end ..."
        "$program" seed --store "sqlite:$state/store/blog.db" --end "$end" \
            --origin "http://127.0.0.1:$port" >/dev/null \
            || fail 'the past could not be written; see the message above'
    fi

    past=$end
    printf '%s\n' "$past" > "$state/past"
}


choose_past()
{
    past=
    if [ -f "$state/past" ]; then
        read -r past < "$state/past" || true
    fi

    if [ -n "$fresh" ] || [ ! -s "$state/store/blog.db" ]; then
        begin_past

    elif [ -z "$past" ]; then
        past=$end
        note 'this demo is from a version without a past; to begin anew,'
        note 'and lose what was written here: make run FRESH=1'

    elif [ "$past" != "$end" ]; then

        if is_used; then
            note "the past of this demo ended on $past; to begin anew,"
            note 'and lose what was written here: make run FRESH=1'
        else
            begin_past
        fi
    fi
}


# sed's commands that move the dates in the pages from $drawn to $past.  A new
# date is split by ^A until the end, so that no other command finds it.

move_dates()
{
    days=$(( ($(date -u -d "$past" +%s) - $(date -u -d "$drawn" +%s)) / 86400 ))

    grep -rhoE 'datetime="[0-9-]+"' "$here/site" | sort -u | tr -d '"' |
    while IFS='=' read -r _ day; do
        for format in '%Y-%m-%d' '>%-d %B %Y<'; do
            old=$(LC_ALL=C date -u -d "$day" "+$format")
            new=$(LC_ALL=C date -u -d "$day $days days" "+$format")
            printf 's/%s/%s/g\n' "$old" \
                "$(printf %s "$new" | sed "s/[0-9]/&$split/")"
        done
    done

    printf 's/%s//g\n' "$split"
}


# the pages, with dates that end with the past, where the workers can read them

make_site()
{
    site=$state/site

    rm -rf -- "$site"
    cp -R -- "$here/site" "$site"
    move_dates > "$state/dates.sed"
    find "$site" -name '*.html' -exec sed -i -f "$state/dates.sed" {} +
    chmod -R u+rwX,go=rX "$site"
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

  For the author  (user $user, password $(cat "$home/password"))
  Status page     http://127.0.0.1:$port/social
  Moderation      http://127.0.0.1:$port/_moderate/

END

    if [ -n "$empty" ]; then
        cat <<END
  Nothing has happened here yet. Read an article, comment, share, like, and
  look at the status page again.

END
    else
        cat <<END
  An invented past of 90 days ends on $past. Today is live: what you do is on
  the status page when you look again. Without the past: make run EMPTY=1

END
    fi

    cat <<END
  Configuration   $state/nginx.conf
  Event log       $state/logs/social.log
  Error log       $state/logs/error.log

  Press Ctrl-C to stop the demo. Its comments and counts are kept. To forget
  them and begin anew: make run FRESH=1

END
}


if [ $# -ne 4 ]; then
    fail 'usage: docs/demo/run.sh MODULE_SO PROGRAM STATE_DIR PORT'
fi

module=$1
program=$2
state=$3
port=$4
user=ruth
empty=${EMPTY:-}
fresh=${FRESH:-}
end=${END:-$(date -u -d yesterday +%F)}
drawn=2026-11-26        # the last day of the pages as they are in the checkout
split=$(printf '\001')
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

nginx=${SOCIAL_NGINX:-/usr/sbin/nginx}
command -v "$nginx" >/dev/null || nginx=nginx
command -v "$nginx" >/dev/null || fail 'nginx is not installed; run: make deps'
command -v openssl >/dev/null || fail 'openssl is not installed; run: make deps'

[ -f "$module" ] || fail "$module does not exist; build it first: make"
[ -x "$program" ] || fail "$program does not exist; build it first: make"
module=$(CDPATH='' cd -- "$(dirname -- "$module")" && pwd -P)/${module##*/}

check_port
choose_worker
choose_state

home=$state

if [ -n "$empty" ]; then
    state=$home/empty
    mkdir -p -- "$state"
fi

check_path "$module"
check_path "$state"
check_path "$here"
check_alone
check_free

mkdir -p -- "$state/logs" "$state/temp"
make_password
choose_past
make_site
write_conf

"$nginx" -t -q -e stderr -p "$state/" -c "$state/nginx.conf" \
    || fail "nginx rejects $state/nginx.conf; see the messages above"

tell

exec "$nginx" -e stderr -p "$state/" -c "$state/nginx.conf" -g 'daemon off;'
