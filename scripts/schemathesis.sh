#!/usr/bin/env bash
# Schemathesis asks a demo server whatever its OpenAPI document allows, and more: no answer may be a fault of ours, or
# one that the document does not know. Installs itself in target/ at first.
set -eu
cd "$(dirname "$0")/.."
venv=$PWD/target/schemathesis/venv
if ! "$venv/bin/schemathesis" --version >/dev/null 2>&1; then
    rm -rf "$venv"
    if ! { python3 -m venv "$venv" && "$venv/bin/pip" -q install schemathesis==4.32.5; }; then
        echo "skipped: schemathesis cannot be installed here (it needs python3 with venv, and a package registry)"
        exit 0
    fi
fi
if [ -z "${BASE_URL:-}" ]; then
    # The program that the tests of the workspace are built with: built alone it has other features, and half of it is built again.
    cargo test --quiet --workspace $(scripts/kafka-feature.sh) --test it --no-run
    exec scripts/demo-server.sh "$0"
fi
# The live stream has no end, and a platform's page is not ours to ask.
"$venv/bin/schemathesis" run "$BASE_URL/api/v1/openapi.json" \
    --url "$BASE_URL" \
    --phases fuzzing \
    --max-examples "${EXAMPLES:-5}" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,unsupported_method \
    --exclude-path /api/v1/live \
    --exclude-path /api/v1/purge \
    --exclude-path-regex '^/api/v1/sources/\{name\}/(test|past|sign-in)$' \
    --request-timeout 60 \
    --seed 1 \
    --no-shrink \
    --warnings off \
    --generation-database none \
    --continue-on-failure \
    --workers 1 \
    --no-color
