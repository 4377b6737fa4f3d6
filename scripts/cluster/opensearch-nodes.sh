#!/usr/bin/env bash
# Three OpenSearch nodes on loopback, each a process of its own, for tests that kill one. Maven fetches them at first.
# (opensearch.sh starts faster, and all its nodes die together.)
#
#   opensearch-nodes.sh start    start all three and wait until they are green; prints their addresses
#   opensearch-nodes.sh stop     stop them and remove their data
#   opensearch-nodes.sh kill N   kill -9 node N (1 to 3)
#   opensearch-nodes.sh end N    ask node N to end, and wait until it has
#   opensearch-nodes.sh up N     start node N again, and wait until all three are there and green
#   opensearch-nodes.sh fill N   fill the disk of node N, which has one of its own where SMALL_DISK=N was set at the start (root)
#   opensearch-nodes.sh free N   make room on it again
#
# PORT is that of the first node (19301); the others have the two after it. HEAP is that of each (512m).
set -eu
cd "$(dirname "$0")/../.."
. scripts/cluster/nodes.sh
port=${PORT:-19301}
heap=${HEAP:-512m}
data=$PWD/target/cluster/opensearch-nodes

launch() { # node
    java "-Xmx$heap" -Xms256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.disable.jmx=true \
        --add-opens=java.base/java.nio=ALL-UNNAMED -cp "$classpath" \
        scripts/cluster/OpenSearchNode.java "$data/$1" "$1" 3 "$port" >>"$data/$1.log" 2>&1 </dev/null &
    echo $! >"$data/$1.pid"
    disown
}

wait_until_green() {
    local health=
    for _ in $(seq 240); do
        for node in 1 2 3; do
            [ -n "$(pid_of $node)" ] || { echo "node $node ended; the end of its log:" >&2; tail -n 20 "$data/$node.log" >&2; return 1; }
        done
        health=$(curl -s -m 5 "http://127.0.0.1:$port/_cat/health?h=status,node.total" || true)
        case $health in "green 3"*) return 0 ;; esac
        sleep 1
    done
    echo "OpenSearch is not green: ${health:-no answer}" >&2
    return 1
}

start() {
    stop
    for node in 1 2 3; do
        mkdir -p "$data/$node/data"
        disk_of $node "$data/$node/data"
    done
    for node in 1 2 3; do launch $node; done
    wait_until_green
    # Sooner than after half a minute, so that a full disk is noticed while a test fills it.
    curl -s -m 30 -X PUT -H 'Content-Type: application/json' "http://127.0.0.1:$port/_cluster/settings" -d \
        '{"persistent": {"cluster.info.update.interval": "10s"}}' >/dev/null
    echo "http://127.0.0.1:$port http://127.0.0.1:$((port + 1)) http://127.0.0.1:$((port + 2))"
}

stop() {
    for node in 1 2 3; do end_node $node TERM 80 & done
    wait
    for node in 1 2 3; do drop_disk "$data/$node/data"; done
    rm -rf "$data"
    mkdir -p "$data"
}

case ${1:-} in
start | up) classpath=$(scripts/cluster/opensearch-classpath.sh) ;;
esac
case ${1:-} in
start) start ;;
stop) stop ;;
kill) end_node "$2" KILL 80 ;;
end) end_node "$2" TERM 80 ;;
up) launch "$2" && wait_until_green ;;
fill) fill_disk "$data/$2/data" ;;
free) free_disk "$data/$2/data" ;;
*)
    sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
