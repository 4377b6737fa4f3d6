#!/usr/bin/env bash
# Runs every test against real servers that lies here (test-*.sh), and says of each suite in a line what passed, how long it
# took, and what it skipped and why. The whole of what they said lies in target/cluster/*.log.
#
# LIMIT (seconds) ends each of them after that time; what is cut off so is no failure, and is said. QUICK=1 has them leave out
# what takes longest.
set -u
cd "$(dirname "$0")/../.."
limit=${LIMIT:-7200}
mkdir -p target/cluster
failed=0
lines=()

# What a log says: its sums of tests, its comparisons and what was skipped.
told() { # log
    awk '
        /^test result:/ { passed += $4; failed += $6 }
        /^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3 }
        /requests compared|compared alike/ { compared = compared "; " $0 }
        /^skipped:|: skipped/ { skipped = skipped "; " $0 }
        END { printf "%d passed, %d failed%s%s", passed, failed, compared, skipped }' "$1"
}

for test in scripts/cluster/test-*.sh; do
    name=$(basename "$test" .sh)
    name=${name#test-}
    log=target/cluster/$name.log
    echo "== $name ($(date +%T))"
    begin=$SECONDS
    timeout -k 20 "$limit" "$test" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    line="$name: $(told "$log"), $((SECONDS - begin)) s"
    case $status in
    0) ;;
    124 | 137)
        # One test that failed before is a failure all the same.
        grep -q '^test .*FAILED\|panicked at' "$log" && failed=1
        passed=$(grep -c '^test .* ok$' "$log")
        line="$line; CUT OFF after $limit s with $passed tests passed"
        ;;
    *)
        failed=1
        line="$line; FAILED ($status)"
        ;;
    esac
    lines+=("$line")
done
echo "== cluster tests"
printf '%s\n' "${lines[@]}"
exit $failed
