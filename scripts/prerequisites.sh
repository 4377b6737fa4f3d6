#!/usr/bin/env bash
# Checks what a build needs and says, for each missing thing, how to get it.
set -u
missing=0
need() { # command, one sentence
  command -v "$1" >/dev/null 2>&1 || { echo "missing: $1. $2" >&2; missing=1; }
}
need cargo "Rust comes with rustup: see rust-lang.org/tools/install."
need cc "A C compiler builds the embedded SQLite: 'apt-get install build-essential', or 'xcode-select --install' on a Mac."
need node "Node.js 20.19 or newer builds the web app: see nodejs.org, or your system's packages."
need npm "npm comes with Node.js."
if command -v node >/dev/null 2>&1; then
  if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    echo "Node.js is version $(node --version); 20.19 or newer is needed: see nodejs.org." >&2
    missing=1
  fi
fi
exit $missing
