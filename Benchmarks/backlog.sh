# Sourced by benchmarks of one kind of subscriber: a journal in $folder/run full of events, on a PostgreSQL that is idle.
#
#   make_backlog EVENTS        fills it
#   run_with 'YAML' COUNT      runs lode with one more subscriber until the command `delivered` prints COUNT;
#                              prints wall seconds, events a second, CPU us an event (user, system), peak MB
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lode=${LODE_BIN:-$repository/.build/release/lode}
server=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
folder=$(mktemp -d "${TMPDIR:-/tmp}/lode-bench.XXXXXX")
chmod 755 "$folder"
daemon='' other=''
as_owner() { (cd "$folder" && if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi); }
clean() {
    for process in $daemon $other; do kill -KILL "$process" 2>/dev/null || true; done
    as_owner "$server/pg_ctl" stop -D "$folder/server/data" -m immediate -s 2>/dev/null || true
    rm -rf "$folder"
}
trap clean EXIT
seconds() { date +%s.%N; }
ticks() { awk '{print $14, $15}' "/proc/$1/stat"; }

write_config() {
    cat > "$folder/run/lode.yaml" <<YAML
sources: { s: { connection: "host=$folder/server user=postgres dbname=postgres", slot: lode } }
http: none
events: { Added: { from: insert into t } }
subscribers: { fill: { file: { path: events.jsonl } }$1 }
YAML
}

make_backlog() {
    mkdir "$folder/server" "$folder/run"
    [ "$(id -u)" -ne 0 ] || chown postgres "$folder/server"
    as_owner "$server/initdb" -D "$folder/server/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
    as_owner "$server/pg_ctl" start -D "$folder/server/data" -s -w -l "$folder/server/log" \
        -o "-c wal_level=logical -c listen_addresses='' -c unix_socket_directories=$folder/server -c synchronous_commit=off"
    sql() { PGHOST=$folder/server PGUSER=postgres PGDATABASE=postgres "$server/psql" -XqAt -c "$1"; }
    sql "CREATE TABLE t (id bigint PRIMARY KEY, number int, name text, amount numeric, at timestamptz, filler text)"
    sql "SELECT pg_create_logical_replication_slot('lode', 'test_decoding')" >/dev/null
    sql "INSERT INTO t SELECT i, i % 1000, 'name ' || i, i / 100.0, now(), repeat('x', 60) FROM generate_series(1, $1) i"
    write_config ''
    "$lode" run --config "$folder/run/lode.yaml" 2>"$folder/run/log" &
    daemon=$!
    until [ "$(wc -l < "$folder/run/events.jsonl" 2>/dev/null || echo 0)" -ge "$1" ]; do
        kill -0 "$daemon" || { cat "$folder/run/log"; exit 1; }
        sleep 0.2
    done
    kill -TERM "$daemon"; wait "$daemon" || true; daemon=''
}

run_with() {
    write_config ", $1"
    "$lode" run --config "$folder/run/lode.yaml" 2>"$folder/run/log" &
    daemon=$!
    local start now count first=0
    # From the first events on, so that the program's own start does not count.
    until [ "$first" -gt 0 ]; do first=$(delivered); start=$(seconds); sleep 0.005; done
    until count=$(delivered); now=$(seconds); [ "$count" -ge "$2" ]; do
        kill -0 "$daemon" || { cat "$folder/run/log"; exit 1; }
        sleep 0.02
    done
    local peak; peak=$(awk '/VmHWM/ {print $2 / 1024}' "/proc/$daemon/status")
    ticks "$daemon" | awk -v w="$(echo "$now $start" | awk '{print $1 - $2}')" -v n="$2" -v f="$first" \
        -v h="$(getconf CLK_TCK)" -v m="$peak" \
        '{printf "lode             %6.2f  %7d  %5.2f %5.2f  %4d\n", w, (n - f) / w, $1/h/n*1e6, $2/h/n*1e6, m}'
    kill -TERM "$daemon"; wait "$daemon" || true; daemon=''
}
