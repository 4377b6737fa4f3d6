#!/usr/bin/env bash
# Builds the release binary for musl, statically: it runs on any Linux of this architecture. It lands in dist/.
set -eu
cd "$(dirname "$0")/.."
target=$(uname -m)-unknown-linux-musl
missing=0
[ -d "$(rustc --print sysroot)/lib/rustlib/$target" ] || { echo "missing: Rust's standard library for $target: rustup target add $target" >&2; missing=1; }
command -v musl-gcc >/dev/null || { echo "missing: musl-gcc, which compiles SQLite, zstd and ring: apt-get install musl-tools" >&2; missing=1; }
[ $missing = 0 ] || exit 1
export "CC_${target//-/_}=musl-gcc"
cargo build --locked --profile dist -p groundswell --target "$target"
mkdir -p dist
cp "target/$target/dist/groundswell" "dist/groundswell-$target"
if ldd "dist/groundswell-$target" 2>/dev/null | grep -q '=>'; then echo "it still wants libraries of the system" >&2; exit 1; fi
ls -l "dist/groundswell-$target"
