#!/usr/bin/env bash
# Shows what an erasure does: starts the demo, erases the author of one of its mentions, and searches every file under
# the data folder for the author's id, handle and text, before and after.
#
# usage: scripts/erasure-demo.sh [PATH-OF-GROUNDSWELL] [PORT]
set -eu
groundswell=${1:-target/debug/groundswell}
port=${2:-18090}
folder=$(mktemp -d)
data=$folder/data
"$groundswell" demo --no-open --port "$port" --data "$data" >"$folder/out" 2>"$folder/log" &
demo=$!
trap 'kill "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 - "$groundswell" "$data" "$folder" <<'PYTHON'
import json
import pathlib
import subprocess
import sys
import time
import urllib.parse
import urllib.request

groundswell, data, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])


def ask(path, body=None):
    address = (data / "server.address").read_text()
    request = urllib.request.Request(
        f"http://{address}/api/v1{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def holding(marks):
    """Files that hold a mark, and how many files and bytes were searched."""
    found, files, size = {}, 0, 0
    for path in sorted(p for p in data.rglob("*") if p.is_file()):
        try:
            content = path.read_bytes().lower()
        except FileNotFoundError:
            # Merged into another while we looked.
            continue
        files, size = files + 1, size + len(content)
        for mark in marks:
            if mark.lower().encode() in content:
                found.setdefault(mark, []).append(str(path.relative_to(data)))
    return found, files, size


def show(title, marks):
    found, files, size = holding(marks)
    print(f"{title}: {files} files, {size / 1e6:.1f} MB searched")
    for kind, mark in zip(("author id", "handle", "text"), marks):
        print(f"  {kind:9} {mark[:60]!r}: in {len(found.get(mark, []))} files {', '.join(found.get(mark, [])[:4])}")
    return found


def piece(post):
    """The piece of the text between what admission replaced and what it cut."""
    return max(post["text"].split("@"), key=len)[:60].strip()


def wanted(post, journal):
    """A stranger's post with a text of some length, which nobody repeats: it stands once in the journal."""
    author = post["author"]
    if not author or author["handle"] or post["kind"] != "post" or len(piece(post)) < 50:
        return False
    return journal.count(piece(post).encode()) == 1


for _ in range(600):
    time.sleep(0.5)
    try:
        if ask("/status")["mentions"] > 3000:
            break
    except (OSError, ValueError):
        pass
time.sleep(3)
page = ask("/mentions?from=0&limit=500")
# What is still arriving would blur the picture less if it were not the newest.
journal = b"".join(p.read_bytes() for p in data.glob("journal/*.gsj"))
post = next(m["post"] for m in reversed(page["items"]) if wanted(m["post"], journal))
who = ask(f"/posts/{post['key']}/reveal", {"reason": "a demonstration"})
theirs = ask(f"/mentions?from=0&limit=500&author={post['author']['key']}")
marks = [who["author_id"], who["handle"], piece(post)]
print(f"erasing an author of the demo stream on {post['source']}: {theirs['total']} mentions")
show("before", marks)
began = time.time()
receipt = folder / "receipt.json"
command = [groundswell, "erase", "--author", who["author_id"], "--platform", post["source"], "--data", str(data)]
subprocess.run([*command, "--reason", "a demonstration", "--receipt", str(receipt)], check=True)
print(f"it took {time.time() - began:.1f} s")
left = show("after", marks)
search = urllib.parse.quote(f"author:\"{who['handle']}\"")
print("answers:", ask(f"/mentions?from=0&author={post['author']['key']}")["total"], "by the author's pseudonym,",
      ask(f"/mentions?from=0&q={search}")["total"], "by the handle")
subprocess.run([groundswell, "erase", "--verify", str(receipt), "--data", str(data)], check=True)
subprocess.run([groundswell, "audit", "--verify", "--data", str(data)], check=True)
sys.exit(1 if left else 0)
PYTHON
