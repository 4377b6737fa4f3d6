#!/usr/bin/env bash
# The browser tests: the real server on the demo stream, driven in Chromium.
set -eu
cd "$(dirname "$0")/.."
PLAYWRIGHT_CHROMIUM=$(scripts/chromium.sh)
export PLAYWRIGHT_CHROMIUM
# The same features as the tests of the workspace: nothing is compiled twice.
cargo build --quiet --workspace $(scripts/kafka-feature.sh) --bin groundswell
scripts/demo-server.sh npm --prefix crates/web/ui run e2e
