#!/usr/bin/env bash
# Starts a cluster of OpenSearch nodes on loopback, waits until it is green, runs a command with its address in
# GROUNDSWELL_CLUSTER, and stops it:
#
#     scripts/cluster/opensearch.sh cargo test -p store --test it
#
# NODES (3), PORT (19201, that of the first node) and HEAP (512m, of the one JVM in which they run, for each node) can be
# set. Maven fetches OpenSearch at first, into target/tools; where it cannot, or there is no Java, this says so and ends well.
set -eu
cd "$(dirname "$0")/../.."
nodes=${NODES:-3}
port=${PORT:-19201}
heap=${HEAP:-512m}
data=$PWD/target/cluster/opensearch-$port

if ! classpath=$(scripts/cluster/opensearch-classpath.sh 2>&1); then
    echo "skipped: $classpath" >&2
    exit 0
fi

rm -rf "$data"
mkdir -p "$data"
# All nodes run in one JVM.
megabytes=${heap%m}
java "-Xmx$((megabytes * nodes))m" -Xms256m -XX:+UseSerialGC -Dlog4j2.disable.jmx=true \
    --add-opens=java.base/java.nio=ALL-UNNAMED \
    -cp "$classpath" scripts/cluster/OpenSearchNodes.java \
    -basePath "$data" -numOfNode "$nodes" -baseHttpPort "$((port - 1))" -clusterName "groundswell-$port" \
    >"$data/log" 2>&1 </dev/null &
server=$!
stop() {
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    rm -rf "$data"
}
trap stop EXIT

url=http://127.0.0.1:$port
for _ in $(seq 180); do
    kill -0 "$server" 2>/dev/null || { tail -n 20 "$data/log" >&2; echo "OpenSearch ended" >&2; exit 1; }
    health=$(curl -s -m 5 "$url/_cat/health?h=status,node.total" || true)
    case $health in "green $nodes"*) break ;; esac
    sleep 1
done
case ${health:-} in
"green $nodes"*) ;;
*)
    tail -n 20 "$data/log" >&2
    echo "OpenSearch is not green after three minutes: ${health:-no answer}" >&2
    exit 1
    ;;
esac
# A disk of a working machine that is nearly full is none of the tests' matter.
curl -s -m 30 -X PUT -H 'Content-Type: application/json' "$url/_cluster/settings" -d \
    '{"persistent": {"cluster.routing.allocation.disk.threshold_enabled": false}}' >/dev/null
echo "OpenSearch $(curl -s "$url" | grep -o '"number" *: *"[^"]*"' | cut -d'"' -f4), $nodes nodes, green at $url" >&2
GROUNDSWELL_CLUSTER=$url "$@"
