#!/usr/bin/env bash
# What each connector proves: facts of the recorded posts read (where the shared recordings are), faults survived.
set -eu
cd "$(dirname "$0")/.."
cargo test --quiet -p sources --test it -- --nocapture facts contract every_stated faults_of | grep '^|' | sort -u
