#!/usr/bin/env bash
# Prints the flags of cargo that build the journal in Kafka, where what librdkafka is built with is there; says what it
# skips where not.
for tool in make c++; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "skipped: everything of Kafka, which needs $tool ('apt-get install make g++')" >&2
        exit 0
    fi
done
echo "--features groundswell/kafka"
