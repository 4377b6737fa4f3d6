#!/usr/bin/env bash
# Asks DuckDB what bench/store asks: bench/store/rivals.sh ROWS.csv WORDS.json. Installs it in target/ at first.
set -eu
cd "$(dirname "$0")/../.."
venv=target/bench-store/venv
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
fi
if ! "$venv/bin/python" -c 'import duckdb' 2>/dev/null; then
    "$venv/bin/pip" -q install 'duckdb>=1.4,<3'
fi
"$venv/bin/python" bench/store/rivals.py "$1" "$2"
