#!/usr/bin/env python3
"""Prints a bill of materials (CycloneDX 1.5, JSON) of what a release holds: the crates that are linked into the program,
as Cargo resolves them, and the packages of the web app, as package-lock.json pins them.

usage: sbom.py [TARGET] > groundswell.cdx.json      (TARGET: a target triple; default: this machine's)
"""

import base64
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
UI = ROOT / "crates/web/ui"


def host():
    told = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    return next(line.split()[1] for line in told.splitlines() if line.startswith("host:"))


def crates(target):
    """Components and edges of everything that is linked into or builds `groundswell`; tests are left out."""
    command = ["cargo", "metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", target]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    sums = {(p["name"], p["version"]): p.get("checksum") for p in lock["package"]}
    packages = {p["id"]: p for p in told["packages"]}
    nodes = {n["id"]: n for n in told["resolve"]["nodes"]}
    root = next(i for i, p in packages.items() if p["name"] == "groundswell")
    seen, waiting, edges = set(), [root], {}
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        used = [d["pkg"] for d in nodes[at]["deps"] if any(k["kind"] != "dev" for k in d["dep_kinds"])]
        edges[at] = used
        waiting.extend(used)
    ref = {i: f"pkg:cargo/{packages[i]['name']}@{packages[i]['version']}" for i in seen}
    components = []
    for i in seen - {root}:
        p = packages[i]
        part = {"type": "library", "bom-ref": ref[i], "name": p["name"], "version": p["version"], "purl": ref[i]}
        if p.get("license"):
            part["licenses"] = [{"expression": p["license"].replace("/", " OR ")}]
        if checksum := sums.get((p["name"], p["version"])):
            part["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        components.append(part)
    depends = [{"ref": ref[i], "dependsOn": sorted({ref[d] for d in edges[i]})} for i in seen]
    return packages[root]["version"], ref[root], components, depends


def of_package(path):
    """The licence that an installed package names; the lock file does not repeat each."""
    return json.loads(path.read_text()).get("license") if path.exists() else None


def scripts():
    """The packages of the web app. What only builds or tests it is no part of it."""
    lock = json.loads((UI / "package-lock.json").read_text())
    components = {}
    for path, p in lock["packages"].items():
        # Svelte's runtime is compiled into the app, though it is named among the tools.
        name = path.rpartition("node_modules/")[2]
        if not path or (p.get("dev") and name != "svelte"):
            continue
        ref = f"pkg:npm/{quote(name, safe='/')}@{p['version']}"
        part = {"type": "library", "bom-ref": ref, "name": name, "version": p["version"], "purl": ref}
        licence = p.get("license") or of_package(UI / path / "package.json")
        if isinstance(licence, str):
            part["licenses"] = [{"expression": licence}]
        algorithm, _, digest = p.get("integrity", "").partition("-")
        if algorithm == "sha512":
            part["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}]
        components[ref] = part
    return list(components.values())


def main():
    version, root, components, depends = crates(sys.argv[1] if len(sys.argv) > 1 else host())
    app = scripts()
    next(d for d in depends if d["ref"] == root)["dependsOn"] += [p["bom-ref"] for p in app]
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "groundswell",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": sorted(components + app, key=lambda p: p["bom-ref"]),
        "dependencies": sorted(depends, key=lambda d: d["ref"]),
    }
    json.dump(bom, sys.stdout, indent=1, ensure_ascii=False)
    print()


main()
