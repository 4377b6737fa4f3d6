#!/usr/bin/env bash
# Licences and sources of every dependency; advisories where their database can be had.
set -eu
cd "$(dirname "$0")/.."
tools=$PWD/target/tools
export PATH="$tools/bin:$PATH"
if ! command -v cargo-deny >/dev/null 2>&1; then
  cargo install --quiet --locked --root "$tools" cargo-deny
fi
# Those of features that nobody built here, too: offline it gets none of them.
cargo fetch --quiet --locked
cargo deny --offline check --hide-inclusion-graph licenses bans sources
# `cargo deny fetch` gets the database; where it was never fetched there is nothing to check against.
if compgen -G "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs/*/crates" >/dev/null; then
  cargo deny --offline check --hide-inclusion-graph advisories
else
  echo "advisories: not checked, the database is not at hand (cargo deny fetch gets it)"
fi
