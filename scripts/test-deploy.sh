#!/usr/bin/env bash
# Holds the files of deploy/ against the tools that read them; says what is skipped for want of a tool.
set -eu
cd "$(dirname "$0")/.."
with() { # tool, what is left out without it
  command -v "$1" >/dev/null 2>&1 || { echo "skipped: $2 ($1 is not here)"; return 1; }
}
if with promtool "Prometheus' rules"; then
  promtool check rules deploy/prometheus/groundswell.rules.yml
  (cd deploy/prometheus && promtool test rules groundswell.rules.test.yml)
  promtool check config --syntax-only deploy/prometheus/prometheus.yml
  rules=$(mktemp --suffix=.yml)
  scripts/dashboard-queries.py >"$rules"
  promtool check rules "$rules" >/dev/null && echo "Grafana: Prometheus reads every question of the dashboard"
  rm -f "$rules"
fi
if with systemd-analyze "the systemd unit"; then
  # The program itself need not be installed to read its unit.
  told=$(systemd-analyze verify --man=no deploy/systemd/groundswell.service 2>&1 | grep groundswell.service | grep -v 'is not executable' || true)
  [ -z "$told" ] || { echo "$told" >&2; exit 1; }
  systemd-analyze security --offline=true --threshold=20 deploy/systemd/groundswell.service | tail -1
fi
if with kubectl "the Kubernetes manifests"; then
  for folder in deploy/kubernetes deploy/kubernetes/cluster; do
    kubectl kustomize "$folder" >/dev/null && echo "Kubernetes: the manifests of $folder come together"
  done
fi
python3 -m json.tool deploy/grafana/dashboards/groundswell.json >/dev/null && echo "Grafana: the dashboard is JSON"
python3 scripts/sbom.py | python3 -c '
import json, sys
parts = json.load(sys.stdin)["components"]
assert len(parts) == len({p["bom-ref"] for p in parts}) > 100, len(parts)
bare = [p["bom-ref"] for p in parts if not p.get("licenses")]
crates = [r for r in bare if r.startswith("pkg:cargo/")]
assert not crates, f"no licence is known of {crates}"
print(f"bill of materials: {len(parts)} parts, no licence known of {bare}")'
