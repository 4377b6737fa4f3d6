#!/usr/bin/env bash
# Starts a demo on a free port, runs a command with BASE_URL set to its address, and stops it.
# usage: demo-server.sh COMMAND…   (TRUTH names the file with what was planted)
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
# Tests start it, too, from another folder.
GROUNDSWELL_BINARY=$(realpath "${GROUNDSWELL_BINARY:-target/debug/groundswell}")
export GROUNDSWELL_BINARY
"$GROUNDSWELL_BINARY" demo --no-open --port 18080 --data "$folder/demo" --truth "$folder/truth" >"$folder/out" 2>"$folder/err" &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 300); do
  address=$(sed -n 's/^DEMO: .* on \(http[^ ]*\)$/\1/p' "$folder/out")
  [ -n "$address" ] && break
  kill -0 $server 2>/dev/null || { cat "$folder/err" >&2; exit 1; }
  sleep 0.2
done
[ -n "$address" ] || { echo "the demo did not start within a minute" >&2; cat "$folder/err" >&2; exit 1; }
# The tests look at three days of history: wait until it is stored.
for _ in $(seq 600); do
  source=$(node -e "fetch('$address/api/v1/overview?from=0').then(r=>r.json()).then(o=>console.log(o.now.mentions)).catch(()=>console.log(0))")
  [ "$source" -ge 10000 ] && break
  sleep 0.5
done
BASE_URL=$address TRUTH=$folder/truth "$@"
