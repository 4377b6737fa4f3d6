#!/usr/bin/env python3
"""Cuts the labelled posts of three brands into a half to learn from and a half to judge on.

usage: split.py SHARED FOLDER   writes FOLDER/{apple,amazon,borderlands}.{learn,judge}.jsonl: {"id","text","relevant"}

Of the paraphrases that twitter_entity_sentiment makes of a post only the first is taken. The half is a hash of the
first five words without links, handles, tags and numbers, so that copies with another link or name stay together.
"""
import gzip
import hashlib
import json
import re
import sys
from pathlib import Path

NOISE = re.compile(r"https?://\S+|\b\w+\.\w{2,5}/\S*|[@#]\w+")


def half(text):
    words = re.findall(r"[^\W\d_]+", NOISE.sub(" ", text.lower()))
    return "judge" if hashlib.sha256(" ".join(words[:5]).encode()).digest()[0] % 2 else "learn"


def posts(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
    with opened as lines:
        yield from map(json.loads, lines)


def pool(path, target):
    seen = set()
    for post in posts(path):
        if post["target"] == target and post["id"] not in seen and post["text"].strip():
            seen.add(post["id"])
            yield {"id": post["id"], "text": post["text"], "relevant": post["label"].lower() != "irrelevant"}


def main():
    brand, folder = Path(sys.argv[1]) / "data/brand", Path(sys.argv[2])
    sanders = brand / "sanders2011/dev.jsonl"
    entities = brand / "twitter_entity_sentiment/grouped.train.jsonl.gz"
    for name, path, target in (
        ("apple", sanders, "apple"),
        ("amazon", entities, "Amazon"),
        ("borderlands", entities, "Borderlands"),
    ):
        halves = {"learn": [], "judge": []}
        for post in pool(path, target):
            halves[half(post["text"])].append(json.dumps(post, ensure_ascii=False))
        for key, lines in halves.items():
            (folder / f"{name}.{key}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
