#!/bin/bash
# The demo blog on several machines, in the foreground: make run NODES=3
#
#   t/make/run.sh MODULE_SO PROGRAM STATE_DIR PORT NODES
#
# A PostgreSQL of its own, NODES nginx with the blog, and before them a balancer
# on 127.0.0.1:PORT; the other ports are those behind it.  Everything is in
# STATE_DIR and is kept.  Kill an nginx: the blog goes on, and a new one is
# started after five seconds.  The blog has a past of 90 days, which PROGRAM,
# ngx-social, writes into a new database.
#
#   FRESH=1         forget everything, begin anew
#   SOCIAL_NGINX    the path of another nginx
set -euo pipefail

if [ $# -ne 5 ]; then
    echo 'usage: run.sh MODULE_SO PROGRAM STATE_DIR PORT NODES' >&2
    exit 1
fi

module=$(realpath "$1")
program=$(realpath "$2")
state=$3
port=$4
nodes=$5
root=$(realpath "$(dirname "$0")/../..")
nginx=${SOCIAL_NGINX:-/usr/sbin/nginx}
name=ruth

fail() {
    printf 'demo: %s\n' "$1" >&2
    exit 1
}

note() {
    printf 'demo: %s\n' "$1"
}

case $nodes in
[1-9]) ;;
*) fail "NODES is a number from 1 to 9, not \"$nodes\"" ;;
esac

case $port in
'' | 0* | *[!0-9]* | ??????*) fail "not a port: \"$port\"" ;;
esac

[ "$port" -le 65000 ] || fail "not a port with room for $nodes more: $port"

initdb=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)
[ -x "$initdb" ] || fail 'PostgreSQL is not installed; run: make run NODES=3'
bin=$(dirname "$initdb")
database_port=$((port + nodes + 1))


# who runs what: root gives its rights away

worker=
as_database=()
as_worker=()

if [ "$(id -u)" = 0 ]; then
    worker=www-data
    as_database=(setpriv --reuid=postgres --regid=postgres --clear-groups)
    as_worker=(setpriv --reuid=www-data --regid=www-data --clear-groups)
fi


# a folder that both can enter

enters() {
    "${as_worker[@]}" test -x "$1" && "${as_database[@]}" test -x "$1"
}

mkdir -p "$state"
state=$(realpath "$state")

if ! enters "$state"; then
    wanted=$state
    state=/var/tmp/ngx_social-nodes-$(id -u)-$(printf %s "$root" | cksum | cut -d' ' -f1)
    mkdir -m 755 "$state" 2>/dev/null || true

    if [ ! -O "$state" ] || [ -L "$state" ]; then
        fail "$state belongs to somebody else"
    fi
    note "$worker cannot use $wanted, so the demo's files are in $state"
fi

case $state$module$root in
*[\"\$\\\;\{\}\|\&\ ]*) fail "a path has characters that nginx.conf cannot have" ;;
esac

exec 9> "$state/lock"
flock -n 9 || fail "the demo already runs in $state"

if [ -n "${FRESH:-}" ]; then
    rm -rf "$state/data" "$state"/node* "$state/password" "$state/secret"
fi


# ends a process group, and waits for it

groups=()
database_runs=

finish() {
    trap '' INT TERM
    trap - EXIT

    for group in "${groups[@]}"; do
        [ -z "$group" ] || kill -QUIT "$group" 2>/dev/null || true
    done
    wait || true

    if [ -n "$database_runs" ]; then
        database stop -m fast >/dev/null
    fi
}

trap finish EXIT
trap 'exit 0' INT TERM


# the database: a password that only the workers can read

database() {
    # what it starts must not hold the lock
    (cd / && "${as_database[@]}" "$bin/pg_ctl" -D "$state/data" -w \
        -l "$state/data/log" "$@" 9>&-)
}

make_database() {
    umask 077
    openssl rand -hex 16 > "$state/secret"
    mkdir -p "$state/data"

    if [ -n "$worker" ]; then
        chown postgres: "$state/data" "$state/secret"
    fi

    (cd / && "${as_database[@]}" "$initdb" -D "$state/data" -U social -E UTF8 \
        --locale=C --auth=scram-sha-256 --pwfile="$state/secret" >/dev/null) \
        || fail "initdb failed"
    umask 022
}

if [ ! -e "$state/data/PG_VERSION" ]; then
    rm -rf "$state/data"
    make_database
    note 'a new PostgreSQL was made'
fi

printf '127.0.0.1:%s:*:social:%s\n' "$database_port" "$(cat "$state/secret")" \
    > "$state/pgpass.new"
chmod 600 "$state/pgpass.new"
[ -z "$worker" ] || chown "$worker:" "$state/pgpass.new"
mv -f "$state/pgpass.new" "$state/pgpass"

database -o "-p $database_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=''" \
    start >/dev/null || fail "PostgreSQL does not start: $state/data/log"
database_runs=1

store="postgresql://social@127.0.0.1:$database_port/blog?passfile=$state/pgpass"

if PGPASSWORD=$(cat "$state/secret") "$bin/psql" -h 127.0.0.1 \
       -p "$database_port" -U social -X -q -d postgres \
       -c 'CREATE DATABASE blog' 2>/dev/null
then
    note 'writing 90 days up to yesterday ...'
    "$program" seed --store "$store&schema=social_blog" \
        --origin "http://127.0.0.1:$port" >/dev/null \
        || fail "the past could not be written; begin anew with FRESH=1"
fi


# the machines: the demo's configuration with another store

if [ ! -s "$state/password" ]; then
    (umask 077 && openssl rand -hex 5 > "$state/password")
fi

rm -rf "$state/site"
cp -R "$root/docs/demo/site" "$state/site"
chmod -R u+rwX,go=rX "$state/site"
# copies of a page have the same time on all machines
find "$state/site" -name '*.html' -exec touch -d '2 hours ago' {} +
touch -r "$state/site/index.html" "$state"/site/posts/*/index.html

user_line='# no "user" directive: nginx was not started by root'
[ -z "$worker" ] || user_line="user $worker;"

make_node() {
    local dir=$state/node$1 at=$((port + $1))

    mkdir -p "$dir/logs" "$dir/temp"
    printf '%s:%s\n' "$name" \
        "$(openssl passwd -apr1 -stdin < "$state/password")" > "$dir/users"

    sed -e "s|@USER@|$user_line|" -e "s|@MODULE@|$module|" \
        -e "s|@PORT@|$at|" -e "s|@SITE@|$state/site|" \
        -e "s|^ *store  *sqlite:.*|store \"$store\"; origin http://127.0.0.1:$port;|" \
        -e "s|^ *listen .*|&\\n        set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For;\\n        add_header X-Machine $1 always;|" \
        "$root/docs/demo/nginx.conf" > "$dir/nginx.conf"
}

# two browsers on this machine are two readers
make_balancer() {
    local dir=$state/balancer servers='' i

    mkdir -p "$dir/logs" "$dir/temp"

    for ((i = 1; i <= nodes; i++)); do
        servers+="    server 127.0.0.1:$((port + i)) max_fails=1 fail_timeout=2s;\\n"
    done

    {
        printf '%s\nworker_processes 1;\npid nginx.pid;\n' "$user_line"
        printf 'error_log logs/error.log notice;\nevents { }\nhttp {\n'
        printf 'access_log logs/access.log;\n'
        printf '%s_temp_path temp/%s;\n' client_body body proxy proxy \
            fastcgi fastcgi uwsgi uwsgi scgi scgi
        # shellcheck disable=SC2016
        sed -e "s|listen  *80;.*|listen 127.0.0.1:$port;|" \
            -e 's|hash  *[$]remote_addr|hash $remote_addr$http_user_agent|' \
            -e "0,/^    server .*/s||$servers|" -e '/192[.]0[.]2/d' \
            "$root/docs/packaging/examples/balancer.conf"
        printf '}\n'
    } > "$dir/nginx.conf"
}

check() {
    "$nginx" -t -q -e stderr -p "$1/" -c "$1/nginx.conf" \
        || fail "nginx rejects $1/nginx.conf; see the messages above"
}

make_balancer
check "$state/balancer"

for ((i = 1; i <= nodes; i++)); do
    make_node "$i"
    check "$state/node$i"
done


# each in a process group of its own, so that what is left of one that was
# killed can be ended

set -m

start() {
    local dir=$state/node$1

    [ "$1" != 0 ] || dir=$state/balancer
    "$nginx" -e stderr -p "$dir/" -c "$dir/nginx.conf" -g 'daemon off;' \
        >> "$dir/logs/start.log" 2>&1 9>&- &
    groups[$1]=$!
}

for ((i = 0; i <= nodes; i++)); do
    start "$i"
done

cat << END

  The blog        http://127.0.0.1:$port/
  An article      http://127.0.0.1:$port/posts/the-conversation-below/

  For the author  (user $name, password $(cat "$state/password"))
  Status page     http://127.0.0.1:$port/social
  Moderation      http://127.0.0.1:$port/_moderate/

  Machines        http://127.0.0.1:$((port + 1))/ to http://127.0.0.1:$((port + nodes))/
                  The header X-Machine of an answer tells which one it was.
                  Kill one, such as process ${groups[1]}: the blog goes on.
  Database        127.0.0.1:$database_port
  Files           $state

  Press Ctrl-C to stop the demo. Its comments and counts are kept. To forget
  them and begin anew: make run NODES=$nodes FRESH=1

END

# starts a machine again five seconds after it ended
declare -a ended

while sleep 1 & wait $!; do
    for ((i = 0; i <= nodes; i++)); do
        what="machine $i"
        [ "$i" != 0 ] || what='the balancer'

        if [ -n "${ended[i]:-}" ]; then
            if ((SECONDS - ended[i] >= 5)); then
                ended[i]=
                start "$i"
                note "$what is back"
            fi

        elif ! kill -0 "${groups[i]}" 2>/dev/null; then
            note "$what ended; a new one starts in five seconds"
            kill -KILL -- "-${groups[i]}" 2>/dev/null || true
            groups[i]=
            ended[i]=$SECONDS
        fi
    done
done
