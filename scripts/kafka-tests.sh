#!/usr/bin/env bash
# The tests of the journal's feature `kafka`. It builds librdkafka, for which make and a C++ compiler are needed: where
# they are not, it says that it skips them.
set -eu
cd "$(dirname "$0")/.."
for tool in make c++; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "skipped: the tests of the journal in Kafka need $tool ('apt-get install make g++')"
        exit 0
    fi
done
# They wait for the mocked cluster rather than for the processor.
exec "${CARGO:-cargo}" test --quiet -p journal --features kafka kafka -- --test-threads=24
