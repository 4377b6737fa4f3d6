#!/usr/bin/env bash
# Runs QuaPy on cases: bench/models/quantify.sh CASES.jsonl. Installs it in target/ at first.
set -eu
cd "$(dirname "$0")/../.."
venv=target/bench-models/quapy
if ! "$venv/bin/python" -c 'import quapy' 2> /dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" -q install quapy==0.2.3 >&2
fi
"$venv/bin/python" bench/models/quantify.py "$1"
