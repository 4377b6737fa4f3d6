#!/usr/bin/env bash
# Runs fuzz targets with the stable compiler, one after the other: scripts/fuzz.sh SECONDS TARGET…
# The corpus is kept in fuzz/corpus, what a target fell over in fuzz/artifacts.
set -eu
cd "$(dirname "$0")/../fuzz"
seconds=${1:?seconds}
shift
# What cargo-fuzz sets, without the sanitiser that only the nightly compiler has.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Ccodegen-units=1"
host=$(rustc -vV | sed -n 's/^host: //p')
for target in "$@"; do
    # A target triple keeps the flags away from build scripts and macros.
    cargo build --quiet --release --target "$host" --bin "$target"
    mkdir -p "corpus/$target" "artifacts/$target"
    "target/$host/release/$target" "corpus/$target" -artifact_prefix="artifacts/$target/" \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1
done
