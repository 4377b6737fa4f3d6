#!/usr/bin/env bash
# The query lab on real posts: three monitors for ambiguous brands, each in three versions, linted, tested and judged.
# It needs the labelled posts beside the project (GROUNDSWELL_SHARED, default ../shared) and python3; see
# docs/guides/query-lab.md for what it shows.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${GROUNDSWELL_SHARED:-../shared}
if [ ! -d "$shared/data/brand" ]; then
  echo "skipped: the labelled posts are not beside the project (GROUNDSWELL_SHARED names the folder)" >&2
  exit 0
fi
posts=$(mktemp -d)
trap 'rm -rf "$posts"' EXIT
python3 bench/lab/split.py "$shared" "$posts"
groundswell() { ${GROUNDSWELL:-cargo run --quiet --} "$@"; }

echo "== The expectations"
groundswell query test bench/lab/apple.toml bench/lab/amazon.toml bench/lab/borderlands.toml
lists=()
for list in bench/lab/lists/*.txt; do lists+=(--list "$(basename "$list" .txt)=$list"); done
for brand in apple amazon borderlands; do
  for version in v1 v2 v3; do
    echo
    echo "== $brand $version: lint, and the terms that met nothing in the half to learn from"
    groundswell query lint --query "@bench/lab/$brand.$version.txt" "${lists[@]}" --on "$posts/$brand.learn.jsonl" 2>/dev/null |
      python3 -c 'import json, sys; [print("  %(severity)s %(code)s: %(message)s" % json.loads(l)) for l in sys.stdin]'
  done
  for half in learn judge; do
    echo
    echo "== $brand: the half to $half"
    groundswell query test --labelled "$posts/$brand.$half.jsonl" "${lists[@]}" --show "${SHOW:-0}" \
      --query "@bench/lab/$brand.v1.txt" --query "@bench/lab/$brand.v2.txt" --query "@bench/lab/$brand.v3.txt"
  done
done
