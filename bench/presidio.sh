#!/usr/bin/env bash
# Runs Presidio on texts: bench/presidio.sh TEXTS.jsonl ANSWERS.jsonl. Installs it in target/presidio/venv at first.
set -eu
cd "$(dirname "$0")/.."
venv=target/presidio/venv
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
fi
"$venv/bin/pip" -q install presidio-analyzer==2.2.366
"$venv/bin/python" bench/presidio.py "$1" "$2"
