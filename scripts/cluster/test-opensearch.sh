#!/usr/bin/env bash
# The suites that hold the two stores equal, and the moves between them, against a real OpenSearch of several nodes. With QUICK=1
# the longest are left out.
set -eu
cd "$(dirname "$0")/../.."
# Built before the nodes are there: a compiler beside them would starve them.
tests=$(scripts/cluster/program.sh store)
suites=(conformance moving)
if [ -n "${QUICK:-}" ]; then
    suites=(marks singles follow scores applied_again moving::)
    echo "skipped: the long conformance and upkeep suites (QUICK is set; make cluster-test runs them)"
fi
# They wait for the cluster rather than for the processor. With less memory it refuses the largest questions (HTTP 429).
HEAP=${HEAP:-1024m} exec scripts/cluster/opensearch.sh "$tests" --test-threads 3 "${suites[@]}"
