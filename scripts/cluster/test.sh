#!/usr/bin/env bash
# Runs every test against real servers that lies here; one whose servers cannot be had says so and is skipped.
set -u
cd "$(dirname "$0")/../.."
failed=0
for test in scripts/cluster/test-*.sh; do
    echo "== $test"
    "$test" || { echo "$test failed"; failed=1; }
done
exit $failed
