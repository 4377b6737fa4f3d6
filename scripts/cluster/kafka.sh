#!/usr/bin/env bash
# Three Apache Kafka brokers (KRaft, no ZooKeeper) on loopback, for tests. Maven fetches them at first.
#
#   kafka.sh start       format and start all three; prints their addresses
#   kafka.sh stop        stop them and remove their data
#   kafka.sh kill N      kill -9 broker N (1 to 3)
#   kafka.sh end N       ask broker N to end, and wait until it has
#   kafka.sh up N        start broker N again, and wait until it listens
#   kafka.sh fill N      fill the disk of broker N, which has one of its own where SMALL_DISK=N was set at the start (root)
#   kafka.sh free N      make room on it again
#   kafka.sh test        start, run the tests that want a cluster, stop; says what it skips where Kafka cannot be had
#
# GROUNDSWELL_KAFKA_PORT is the first broker's port (19092): brokers have it and the two after it, controllers the ports a
# hundred above. Java 17 is needed.
set -eu
cd "$(dirname "$0")/../.."
. scripts/cluster/nodes.sh
script=$PWD/scripts/cluster/kafka.sh
tools=$PWD/target/tools/kafka
data=$PWD/target/cluster/kafka
port=${GROUNDSWELL_KAFKA_PORT:-19092}
brokers="127.0.0.1:$port,127.0.0.1:$((port + 1)),127.0.0.1:$((port + 2))"

# The class path in $tools/classpath, fetched at first; says why not and fails where it cannot be had.
resolve() {
    [ -s "$tools/classpath" ] && [ "$tools/classpath" -nt scripts/cluster/kafka-pom.xml ] && return 0
    command -v java >/dev/null || { echo "java is not installed" >&2; return 1; }
    command -v mvn >/dev/null || { echo "mvn is not installed" >&2; return 1; }
    mkdir -p "$tools"
    mvn -q -B -f scripts/cluster/kafka-pom.xml dependency:build-classpath \
        -Dmaven.repo.local="$tools/repository" -Dmdep.outputFile="$tools/classpath" >"$tools/mvn.log" 2>&1 || {
        rm -f "$tools/classpath"
        echo "Maven cannot fetch org.apache.kafka:kafka_2.13; see $tools/mvn.log" >&2
        return 1
    }
}

configure() { # node
    local voters="1@127.0.0.1:$((port + 100)),2@127.0.0.1:$((port + 101)),3@127.0.0.1:$((port + 102))"
    mkdir -p "$data/$1"
    disk_of "$1" "$data/$1"
    cat >"$data/$1.properties" <<EOF
process.roles=broker,controller
node.id=$1
controller.quorum.voters=$voters
listeners=PLAINTEXT://127.0.0.1:$((port + $1 - 1)),CONTROLLER://127.0.0.1:$((port + 99 + $1))
advertised.listeners=PLAINTEXT://127.0.0.1:$((port + $1 - 1))
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=$data/$1/log
auto.create.topics.enable=false
offsets.topic.replication.factor=3
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
group.initial.rebalance.delay.ms=0
log.cleaner.backoff.ms=500
log.retention.check.interval.ms=1000
log.initial.task.delay.ms=1000
num.network.threads=2
num.io.threads=2
EOF
}

# The start of every Java command: `"${java[@]}" CLASS ARGUMENTS`.
set_java() {
    java=(java -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1
        -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$(cat "$tools/classpath")")
}

is_open() { # port
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

launch() { # node
    set_java
    "${java[@]}" kafka.Kafka "$data/$1.properties" >>"$data/$1.log" 2>&1 </dev/null &
    echo $! >"$data/$1.pid"
    disown
}

wait_for() { # node
    for _ in $(seq 240); do
        is_open $((port + $1 - 1)) && return 0
        [ -n "$(pid_of "$1")" ] || break
        sleep 0.5
    done
    echo "broker $1 does not come up; the end of $data/$1.log:" >&2
    tail -n 20 "$data/$1.log" >&2
    return 1
}

start() {
    resolve
    stop
    local id
    set_java
    # 16 bytes in the alphabet of URLs; one that began with a dash would be taken for an option.
    id=k$(head -c 16 /dev/urandom | base64 | tr '+/' '__' | cut -c 2-22)
    for node in 1 2 3; do
        configure $node
        "${java[@]}" kafka.tools.StorageTool format -t "$id" -c "$data/$node.properties" >"$data/$node.log" 2>&1 ||
            { cat "$data/$node.log" >&2; return 1; }
    done
    for node in 1 2 3; do launch $node; done
    for node in 1 2 3; do wait_for $node; done
    echo "$brokers"
}

stop() {
    for node in 1 2 3; do end_node $node TERM 60 & done
    wait
    for node in 1 2 3; do drop_disk "$data/$node"; done
    rm -rf "$data"
    mkdir -p "$data"
}

run_tests() {
    if ! why=$(resolve 2>&1); then
        echo "skipped: the tests against Apache Kafka ($why)"
        return 0
    fi
    if [ -z "$(scripts/kafka-feature.sh)" ]; then
        return 0
    fi
    # Built before the brokers are there: a compiler beside them would starve them.
    local tests
    tests=$(scripts/cluster/program.sh journal)
    trap stop EXIT
    start
    GROUNDSWELL_KAFKA=$brokers GROUNDSWELL_KAFKA_SCRIPT=$script "$tests" kafka::real --test-threads=1 --nocapture
}

case ${1:-} in
start) start ;;
stop) stop ;;
kill) end_node "$2" KILL 60 ;;
end) end_node "$2" TERM 60 ;;
up) launch "$2" && wait_for "$2" ;;
fill) fill_disk "$data/$2" ;;
free) free_disk "$data/$2" ;;
test) run_tests ;;
*)
    sed -n '2,15s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
