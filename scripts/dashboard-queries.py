#!/usr/bin/env python3
"""Prints the questions of the Grafana dashboard as recording rules, with Grafana's own variables filled in: so that Prometheus' tools
read them. With an address (http://127.0.0.1:9090) each is asked of that Prometheus, and how many series it gets is printed; the status
is 1 where one gets none. usage: dashboard-queries.py [ADDRESS]"""

import json, pathlib, sys, urllib.parse, urllib.request

FILE = pathlib.Path(__file__).resolve().parents[1] / "deploy/grafana/dashboards/groundswell.json"
VARIABLES = {"$instance": ".*", "$__rate_interval": "1m"}


def questions():
    """Each panel's title and question."""
    for panel in json.loads(FILE.read_text())["panels"]:
        for target in panel.get("targets", []):
            question = target["expr"]
            for name, value in VARIABLES.items():
                question = question.replace(name, value)
            yield panel["title"], question


def ask(address, question):
    """How many series answer."""
    url = f"{address}/api/v1/query?{urllib.parse.urlencode({'query': question})}"
    with urllib.request.urlopen(url, timeout=30) as answer:
        return len(json.load(answer)["data"]["result"])


def main():
    if len(sys.argv) == 1:
        rules = [{"record": f"dashboard:{n}", "expr": question} for n, (_, question) in enumerate(questions())]
        print(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
        return 0
    empty = 0
    for title, question in questions():
        series = ask(sys.argv[1], question)
        empty += series == 0
        print(f"{series:4} {title}: {question}")
    return 1 if empty else 0


if __name__ == "__main__":
    sys.exit(main())
