#!/usr/bin/env bash
# What deploy/compose.cluster.yaml starts, without containers: the three roles with deploy/docker/cluster.toml, its host names replaced
# by this machine's, on Kafka, OpenSearch and PostgreSQL. Posts of a file are to be found; what the doctor says, before a broker dies
# and after, is printed. GROUNDSWELL_BINARY (target/debug/groundswell) is a program built with --features kafka.
set -eu
cd "$(dirname "$0")/../.."
[ -n "${GROUNDSWELL_TEST_POSTGRES:-}" ] || exec scripts/cluster/test-postgres.sh "$PWD/scripts/cluster/test-compose.sh"
[ -n "${GROUNDSWELL_CLUSTER:-}" ] || NODES=1 exec scripts/cluster/opensearch.sh "$PWD/scripts/cluster/test-compose.sh"
if [ -z "$(scripts/kafka-feature.sh 2>&1 | grep features)" ]; then
    echo "skipped: the three roles, for which librdkafka cannot be built here"
    exit 0
fi
program=$(realpath "${GROUNDSWELL_BINARY:-target/debug/groundswell}")
folder=$(mktemp -d)
processes=()
end() {
    kill "${processes[@]}" 2>/dev/null || true
    wait "${processes[@]}" 2>/dev/null || true
    scripts/cluster/kafka.sh stop
    rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' INT TERM
brokers=$(scripts/cluster/kafka.sh start | tail -1)

posts=200
mkdir -m 700 "$folder/secrets"
printf 'a password of twenty letters' | tee "$folder/secrets/groundswell_password" >"$folder/secrets/postgres_password"
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
for n in $(seq $posts); do
    echo "{\"uid\":\"test:$n\",\"platform\":\"test\",\"text\":\"acme opens shop $n\",\"author\":{\"id\":\"a$n\"},\"created_at\":\"$now\"}"
done >"$folder/posts.jsonl"
sed -e "s#/run/secrets#$folder/secrets#; s#/var/lib/groundswell#$folder/data#; s#0\.0\.0\.0:8080#127.0.0.1:0#" \
    -e "s#kafka:9092#$brokers#; s#http://opensearch:9200#$GROUNDSWELL_CLUSTER#" \
    -e "s#postgres://groundswell@postgres/groundswell?sslmode=disable#$GROUNDSWELL_TEST_POSTGRES#" \
    -e '/^\[\[source\]\]/,$d' deploy/docker/cluster.toml >"$folder/groundswell.toml"
printf '[[source]]\nname = "shelf"\ntype = "file"\npaths = ["%s"]\nspeed = "max"\n' "$folder/posts.jsonl" >>"$folder/groundswell.toml"

# Starts a role and waits for its address.
start() { # role
    "$program" run --config "$folder/groundswell.toml" --role "$1" >"$folder/$1.out" 2>"$folder/$1.log" &
    processes+=($!)
    for _ in $(seq 240); do
        address=$(grep -o 'http://[0-9.:]*' "$folder/$1.out" | head -1)
        [ -z "$address" ] || return 0
        sleep 0.5
    done
    echo "$1 does not start:" >&2
    tail -5 "$folder/$1.log" >&2
    return 1
}
ask() { # path, further arguments of curl
    curl -sS -m 30 -H "Authorization: Bearer $(cat "$folder/secrets/groundswell_password")" -H 'Content-Type: application/json' \
        "$server$1" "${@:2}"
}

start serve
server=$address
monitor=$(ask /api/v1/projects/default/monitors -d '{"name": "acme", "query": "acme"}' | grep -o '"id":"[^"]*"' | head -1 | cut -d'"' -f4)
# What the image's health check runs.
"$program" doctor --running --data "$folder/data"
start collect
start process
found=
for _ in $(seq 120); do
    found=$(ask "/api/v1/mentions?from=0&limit=1&monitor=$monitor" | grep -o '"total":[0-9]*' | cut -d: -f2)
    [ "${found:-0}" -lt $posts ] || break
    sleep 1
done
echo "collected, matched and stored by three roles: ${found:-0} of $posts"
[ "$found" = $posts ]

echo "== what the doctor says"
"$program" doctor --config "$folder/groundswell.toml"
scripts/cluster/kafka.sh kill 2
# So long it takes the others to miss it (broker.session.timeout.ms).
sleep 12
echo "== the same without broker 2, which held the only copy of a third"
if "$program" doctor --config "$folder/groundswell.toml" >"$folder/doctor"; then
    cat "$folder/doctor"
    echo "the doctor finds nothing wrong with a broker that is away" >&2
    exit 1
fi
cat "$folder/doctor"
grep -q 'away: broker 2' "$folder/doctor"
echo "1 passed, 0 failed"
