#!/usr/bin/env bash
# Pictures of every page of the demo, light, dark and phone, into docs/screenshots (or the folder given).
set -eu
cd "$(dirname "$0")/.."
PLAYWRIGHT_CHROMIUM=$(scripts/chromium.sh)
export PLAYWRIGHT_CHROMIUM
export GROUNDSWELL_BINARY=${GROUNDSWELL_BINARY:-target/release/groundswell}
[ -x "$GROUNDSWELL_BINARY" ] || cargo build --release --quiet -p groundswell
scripts/demo-server.sh npm --prefix crates/web/ui run screenshots -- "$PWD/${1:-docs/screenshots}"
