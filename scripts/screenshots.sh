#!/usr/bin/env bash
# Pictures of every page of the demo, light, dark and phone, into the folder given (default: docs/screenshots).
set -eu
cd "$(dirname "$0")/.."
PLAYWRIGHT_CHROMIUM=$(scripts/chromium.sh)
export PLAYWRIGHT_CHROMIUM
export GROUNDSWELL_BINARY=${GROUNDSWELL_BINARY:-target/release/groundswell}
[ -x "$GROUNDSWELL_BINARY" ] || cargo build --release --quiet -p groundswell
folder=$(realpath -m "${1:-docs/screenshots}")
scripts/demo-server.sh npm --prefix crates/web/ui run screenshots -- "$folder"
