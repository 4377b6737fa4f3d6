#!/usr/bin/env bash
# Prints what the web app does in Chromium: first load, Lighthouse, repaint after a change of filter, frames and memory under a live
# stream. usage: measure-ui.sh [first-load|lighthouse|repaint|live]…   (default: all; MINUTES: how long the stream, default 10)
# With BASE_URL it measures that server, such as one with ten million mentions; else a demo of its own.
set -eu
cd "$(dirname "$0")/.."
PLAYWRIGHT_CHROMIUM=$(scripts/chromium.sh)
export PLAYWRIGHT_CHROMIUM
parts=${*:-first-load lighthouse repaint live}
LIGHTHOUSE=${LIGHTHOUSE:-$PWD/target/lighthouse}
export LIGHTHOUSE
case " $parts " in
*" lighthouse "*)
  # Its own folder: a hundred packages that nobody needs to build or test the app.
  [ -d "$LIGHTHOUSE/node_modules/lighthouse" ] || { mkdir -p "$LIGHTHOUSE" && npm install --prefix "$LIGHTHOUSE" --no-audit --no-fund --silent lighthouse@13; } >&2
  ;;
esac
export LIGHTHOUSE
measure='cd crates/web/ui && for part in '"$parts"'; do node "e2e/measure/$part.mjs"; done'
if [ -n "${BASE_URL:-}" ]; then
  exec bash -c "$measure"
fi
export GROUNDSWELL_BINARY=${GROUNDSWELL_BINARY:-target/release/groundswell}
[ -x "$GROUNDSWELL_BINARY" ] || cargo build --release --quiet -p groundswell
scripts/demo-server.sh bash -c "$measure"
