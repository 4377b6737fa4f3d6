"""Posts as the trainer wants them: pieces, and labels by piece."""
import json, os, random
from collections import Counter, defaultdict

import numpy as np

import base
from heads import MANY, TAGS
from texts import social

# How often a set is shown in one epoch; large sets of one kind are thinned, small ones that matter repeated.
SHARE = {"tweeteval": 0.7, "tweeteval-irony": 1, "tweeteval-offensive": 0.8, "tweeteval-emotion": 4, "umsab": 3,
         "afrisenti": 0.2, "wisesight": 0.6, "goemotions": 0.14, "entity": 0.1, "topic-bd": 0.3, "topic-ce": 0.2,
         "davidson": 0.15, "complaints": 4, "mams": 2, "dong": 3, "semeval14": 1.5, "semeval16": 0.8, "sentirueval": 1,
         "smsa": 0.3, "isarcasm": 0.5, "embed": 0.5, "newsmtsc": 0.6, "ner": 0.5, "sms": 0.3, "phrases": 1.5, "weak-reason": 2}
# Judged by accuracy, or by a mean that follows it: their rows all weigh the same.
EVEN = ("dong", "mams", "wisesight", "afrisenti")


def share(group):
    return next((SHARE[k] for k in sorted(SHARE, key=len, reverse=True) if group.startswith(k)), 1.0)


class Reader:
    def __init__(self, work, max_tokens=64):
        v = json.load(open(os.path.join(work, "vocabulary.json")))
        self.pad, self.size, self.max = v["pad"], len(v["pieces"]), max_tokens
        self.tk = base.unigram(v["pieces"], v["scores"], v["unk"], v["bos"], v["eos"])

    def read(self, path):
        rows = [json.loads(line) for line in open(path, encoding="utf-8")]
        for start in range(0, len(rows), 20_000):
            part = rows[start:start + 20_000]
            for r in part:
                spans = [s for t, _ in r.get("targets", []) for s in t] + [s[:2] for s in r.get("tags", [])]
                r["read"], r["moved"] = social(r["text"], spans)
            for r, e in zip(part, self.tk.encode_batch([r["read"] for r in part])):
                self.place(r, e)
        return rows

    def place(self, r, e):
        """Ids cut to length (the end mark kept), and every span as a range of pieces."""
        n = len(e.ids)
        r["ids"] = e.ids if n <= self.max else e.ids[:self.max - 1] + e.ids[-1:]
        last = len(r["ids"]) - 1
        moved = iter(r.pop("moved"))

        def pieces(span):
            hit = [i for i in range(1, last) if e.offsets[i][0] < span[1] and e.offsets[i][1] > span[0]]
            return (hit[0], hit[-1] + 1) if hit else None

        r["spots"] = []
        for spans, label in r.get("targets", []):
            ranges = [p for p in (pieces(next(moved)) for _ in spans) if p]
            r["spots"].append((ranges, label))
        r["spots"] += [([], label) for label in r.get("whole", [])]
        if "tags" in r:
            tags = [0] * len(r["ids"])
            for _, _, kind in r["tags"]:
                p = pieces(next(moved))
                if p:
                    tags[p[0]] = 1 + 2 * kind
                    tags[p[0] + 1:p[1]] = [2 + 2 * kind] * (p[1] - p[0] - 1)
            r["piece_tags"] = tags
        if r.get("set", "").startswith(("semeval14", "semeval16", "mams")):
            terms = [0] * len(r["ids"])
            for ranges, _ in r["spots"]:
                for s, t in ranges:
                    terms[s], terms[s + 1:t] = 1, [2] * (t - s - 1)
            r["piece_terms"] = terms
        for k in ("read", "targets", "whole", "tags"):
            r.pop(k, None)


def class_weights(rows):
    """Rarer classes of a set weigh up to 2.5 times, by the root of how rare: the goals are means over classes."""
    counts = defaultdict(Counter)
    for r in rows:
        for head, label in r.get("labels", {}).items():
            if head not in MANY:
                counts[r["set"], head][label] += 1
        for _, label in r["spots"]:
            counts[r["set"], "target"][label] += 1
    weights = {}
    for k, c in counts.items():
        if k[0].startswith(EVEN):
            weights[k] = dict.fromkeys(c, 1.0)
            continue
        even = sum(c.values()) / len(c)
        weights[k] = {label: float(np.clip((even / n) ** 0.5, 0.5, 2.5)) for label, n in c.items()}
    return weights


def batches(rows, rng, size):
    """One epoch in batches of posts of like length, in random order."""
    chosen = []
    for r in rows:
        s = share(r["set"])
        chosen += [r] * (int(s) + (rng.random() < s - int(s)))
    rng.shuffle(chosen)
    out = []
    for start in range(0, len(chosen), size * 60):
        part = sorted(chosen[start:start + size * 60], key=lambda r: len(r["ids"]))
        out += [part[i:i + size] for i in range(0, len(part), size)]
    rng.shuffle(out)
    return out
