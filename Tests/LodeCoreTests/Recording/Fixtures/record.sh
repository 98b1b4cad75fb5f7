#!/bin/sh
# Records NAME.sql in every form that Lode reads: record.sh NAME TWO_PHASE, the latter true or false.
# Needs psql and pg_recvlogical, and PGHOST, PGPORT and PGUSER of a superuser on a server with
# wal_level=logical and max_prepared_transactions; makes a database of its own and drops it.
set -e
name=$1
two_phase=$2
export PGOPTIONS='-c datestyle=ISO -c timezone=UTC -c intervalstyle=postgres -c extra_float_digits=1 -c bytea_output=hex'
run="psql -X -q -v ON_ERROR_STOP=1"
$run -d postgres -c 'create database lode_fixture template template0'
export PGDATABASE=lode_fixture
$run -o /dev/null -c "select pg_create_logical_replication_slot('lode_fixture', 'test_decoding', false, $two_phase)"
$run -o /dev/null -f "$name.sql"
here=$($run -At -c 'select pg_current_wal_insert_lsn()')
# Flushes what stands before it, and is itself left out.
$run -o /dev/null -c "select pg_logical_emit_message(true, 'end', '')"
end=$($run -At -c "select max(lsn) from pg_logical_slot_peek_changes('lode_fixture', '$here', null)")
# pg_recvlogical empties its search_path, and the path shapes the names of types.
export PGOPTIONS="$PGOPTIONS -c search_path="
rows="select * from pg_logical_slot_peek_changes('lode_fixture', '$end', null, 'include-timestamp', 'on')"
$run -c "$rows" > "$name.aligned.txt"
$run -A -c "$rows" > "$name.unaligned.txt"
$run -t -c "$rows" > "$name.aligned-t.txt"
$run -At -c "$rows" > "$name.unaligned-t.txt"
$run -c "copy ($rows) to stdout" > "$name.copy.txt"
pg_recvlogical -d lode_fixture --slot lode_fixture --start --endpos "$end" --no-loop -o include-timestamp=on -f - \
    > "$name.recvlogical"
$run -o /dev/null -c "select pg_drop_replication_slot('lode_fixture')"
$run -d postgres -c 'drop database lode_fixture'
