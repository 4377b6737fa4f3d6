#!/usr/bin/env bash
# Prints where the test program `it` of a crate is, as `make test` builds it: with other features half of its crates would be built
# anew. Where it is not built it is. STORE_TESTS, JOURNAL_TESTS and so on name another program.
set -eu
cd "$(dirname "$0")/../.."
given=${1^^}_TESTS
if [ -n "${!given:-}" ]; then
    echo "${!given}"
    exit
fi
# shellcheck disable=SC2046
program=$("${CARGO:-cargo}" test --quiet --workspace $(scripts/kafka-feature.sh 2>/dev/null) --test it --no-run --message-format=json |
    grep '"kind":\["test"\]' | grep "/crates/$1/" | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
[ -n "$program" ] || { echo "the tests of $1 are not built" >&2; exit 1; }
echo "$program"
