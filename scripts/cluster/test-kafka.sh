#!/usr/bin/env bash
# The journal against three Apache Kafka brokers.
exec "$(dirname "$0")/kafka.sh" test
