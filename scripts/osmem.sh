#!/usr/bin/env bash
# Prints the path of osmem-server, which stands in for an OpenSearch cluster in tests; pip fetches it at first.
set -eu
cd "$(dirname "$0")/.."
venv=$PWD/target/tools/osmem
where='import osmem_server; print(osmem_server.resolve_binary())'
if ! "$venv/bin/python" -c "$where" >/dev/null 2>&1; then
    python3 -m venv "$venv" >&2
    "$venv/bin/pip" -q install osmem-server==0.1.6 >&2
fi
"$venv/bin/python" -c "$where"
