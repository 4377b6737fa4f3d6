#!/bin/sh
# Runs the suites of the control state and of the app on a real PostgreSQL server, which lives in a temporary folder on a
# Unix socket and is gone afterwards. PostgreSQL is installed with apt where it is absent.
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
trap stop EXIT INT TERM
if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi

as_owner "'$bin/initdb' -D '$folder/data' -U tester -A trust --no-sync >/dev/null"
# One role needs its password, so that a wrong one can be tried.
as_owner "printf 'local all guest scram-sha-256\nlocal all all trust\n' > '$folder/data/pg_hba.conf'"
as_owner "'$bin/pg_ctl' -w -D '$folder/data' -l '$folder/log' -o \"-k '$folder' -c listen_addresses= -c fsync=off -c max_connections=500\" start >/dev/null"

export GROUNDSWELL_TEST_POSTGRES="host=$folder user=tester dbname=postgres"
if [ $# -gt 0 ]; then "$@"; exit; fi
cargo test --workspace --lib -- control::
