#!/usr/bin/env bash
# Pictures of every page of the demo, light, dark and phone, into target/screenshots, and those that README and guides show into
# docs/screenshots. ONLY=mentions,topics and LOOKS=light,phone make fewer, and then docs/screenshots is left alone.
set -eu
cd "$(dirname "$0")/.."
PLAYWRIGHT_CHROMIUM=$(scripts/chromium.sh)
export PLAYWRIGHT_CHROMIUM
export GROUNDSWELL_BINARY=${GROUNDSWELL_BINARY:-target/release/groundswell}
[ -x "$GROUNDSWELL_BINARY" ] || cargo build --release --quiet -p groundswell
folder=$PWD/target/screenshots
chosen=$PWD/docs/screenshots
[ -z "${ONLY:-}${LOOKS:-}" ] || chosen=
scripts/demo-server.sh npm --prefix crates/web/ui run screenshots -- "$folder" ${chosen:+"$chosen"}
