#!/usr/bin/env bash
# Prints the class path of OpenSearch, which Maven fetches at first, into target/tools. Where it cannot be had, says why and fails.
set -eu
cd "$(dirname "$0")/../.."
tools=$PWD/target/tools/opensearch

missing() {
    echo "$1" >&2
    exit 1
}

command -v java >/dev/null || missing "OpenSearch needs Java, which is not here"
command -v curl >/dev/null || missing "curl is not here"
if [ ! -s "$tools/classpath" ] || [ scripts/cluster/opensearch.xml -nt "$tools/classpath" ]; then
    command -v mvn >/dev/null || missing "Maven, which fetches OpenSearch, is not here"
    mkdir -p "$tools"
    mvn -q -B -f scripts/cluster/opensearch.xml dependency:build-classpath \
        "-Dmdep.outputFile=$tools/classpath.new" >"$tools/mvn.log" 2>&1 ||
        missing "Maven cannot fetch OpenSearch: $(tail -n 1 "$tools/mvn.log")"
    mv "$tools/classpath.new" "$tools/classpath"
fi
cat "$tools/classpath"
