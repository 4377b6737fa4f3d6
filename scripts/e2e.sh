#!/usr/bin/env bash
# The browser tests: the real server on the demo stream, driven in Chromium.
set -eu
cd "$(dirname "$0")/.."
PLAYWRIGHT_CHROMIUM=$(scripts/chromium.sh)
export PLAYWRIGHT_CHROMIUM
# The program that the tests of the workspace are built with: built alone it has other features, and half of it is built again.
cargo test --quiet --workspace $(scripts/kafka-feature.sh) --test it --no-run
scripts/demo-server.sh npm --prefix crates/web/ui run e2e
