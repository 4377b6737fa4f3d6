#!/usr/bin/env bash
# The suites that hold the two stores equal, against a real OpenSearch of several nodes.
set -eu
cd "$(dirname "$0")/../.."
exec scripts/cluster/opensearch.sh cargo test --quiet -p store --test it -- --test-threads 1 conformance
