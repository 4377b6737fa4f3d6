#!/usr/bin/env bash
# Licences and sources of every dependency; advisories where their database can be had.
set -eu
cd "$(dirname "$0")/.."
tools=$PWD/target/tools
export PATH="$tools/bin:$PATH"
if ! command -v cargo-deny >/dev/null 2>&1; then
  cargo install --quiet --locked --root "$tools" cargo-deny
fi
cargo deny --offline check licenses bans sources
if ! cargo deny --offline check advisories; then
  if [ -d "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs" ]; then
    exit 1
  fi
  echo "advisories: not checked, the database is not at hand (cargo deny fetch gets it)"
fi
