#!/bin/sh
# Runs the suites of the control state and of the app on a real PostgreSQL server, which lives in a temporary folder and is
# gone afterwards: on a Unix socket, and on loopback with TLS. PostgreSQL is installed with apt where it is absent.
# With arguments it runs that command in the place of the suites.
set -eu

binaries() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }
if [ -z "$(binaries)" ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null
fi
bin=$(binaries)
folder=$(mktemp -d)

# PostgreSQL refuses to run as root; its package makes a user for it.
as_owner() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi; }
stop() { as_owner "'$bin/pg_ctl' -D '$folder/data' -m immediate stop >/dev/null 2>&1" || true; rm -rf "$folder"; }
trap stop EXIT
trap 'exit 1' INT TERM
if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi

as_owner "'$bin/initdb' -D '$folder/data' -U tester -A trust --no-sync >/dev/null"
# One role needs its password, so that a wrong one can be tried.
as_owner "cat > '$folder/data/pg_hba.conf'" <<END
local all guest scram-sha-256
local all all trust
hostssl all guest 127.0.0.1/32 scram-sha-256
END
as_owner "cd '$folder' && {
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj '/CN=test authority' -days 2
    openssl req -newkey rsa:2048 -nodes -keyout data/server.key -out server.csr -subj /CN=localhost
    echo subjectAltName=DNS:localhost > names
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out data/server.crt
} 2>/dev/null && chmod 600 data/server.key"

# A port that nobody has: the next where somebody does.
port=25432
until as_owner "'$bin/pg_ctl' -w -D '$folder/data' -l '$folder/log' -o \"-p $port -k '$folder' -c listen_addresses=127.0.0.1 -c ssl=on -c fsync=off -c max_connections=500\" start >/dev/null 2>&1"; do
    port=$((port + 1))
    [ $port -lt 25452 ] || { tail -5 "$folder/log"; exit 1; }
done
export GROUNDSWELL_TEST_POSTGRES="host=$folder port=$port user=tester dbname=postgres"
as_owner "'$bin/psql' -q -h '$folder' -p $port -U tester -d postgres -c \"CREATE ROLE guest LOGIN PASSWORD 'right'\""
export GROUNDSWELL_TEST_POSTGRES_TLS="host=localhost port=$port user=guest dbname=postgres sslmode=require"
export GROUNDSWELL_TEST_POSTGRES_CA="$folder/ca.pem"

if [ $# -gt 0 ]; then
    "$@"
    exit
fi
cargo test --workspace --lib -- control::
cargo test --workspace --test it -- postgres::
