"""The figures of a checkpoint on the development parts, in the units of the goals."""
from collections import defaultdict

import numpy as np
import torch
from sklearn.metrics import accuracy_score, f1_score, recall_score

from heads import HEADS
from model import mean, padded


def predict(encoder, heads, rows, pad, half=False):
    """Yields (row, head, index of spot or None, logits) for all labels there are; `half`: layers in bfloat16."""
    rows = sorted(rows, key=lambda r: len(r["ids"]))
    with torch.inference_mode():
        for start in range(0, len(rows), 48):
            part = rows[start:start + 48]
            ids, present = padded([r["ids"] for r in part], pad)
            with torch.autocast("cpu", torch.bfloat16, enabled=half):
                states = encoder(ids, present).float()
            post = mean(states, present)
            out = {n: heads[n](post) for n, (where, _) in HEADS.items() if where == "post"}
            for i, r in enumerate(part):
                for head in r["labels"]:
                    yield r, head, None, out[head][i].numpy()
                for k, (ranges, _) in enumerate(r["spots"]):
                    marks = torch.zeros(1, states.shape[1])
                    for s, t in ranges:
                        marks[0, s:t] = 1
                    marks = marks if ranges else present[i:i + 1]
                    x = torch.cat([mean(states[i:i + 1], marks), post[i:i + 1]], 1)
                    yield r, "target", k, heads["target"](x)[0].numpy()
                for head, field in (("entities", "piece_tags"), ("terms", "piece_terms")):
                    if field in r:
                        yield r, head, None, heads[head](states[i, :len(r["ids"])]).numpy()


def judge(encoder, heads, rows, pad, half=False):
    gold, said = defaultdict(list), defaultdict(list)
    for r, head, k, logits in predict(encoder, heads, rows, pad, half):
        if head == "feelings":
            g = np.zeros(28, int)
            g[r["labels"][head]] = 1
            gold[r["set"], head].append(g), said[r["set"], head].append((logits > -0.6).astype(int))
        elif head in ("entities", "terms"):
            field = "piece_tags" if head == "entities" else "piece_terms"
            gold[r["set"], head].extend(r[field]), said[r["set"], head].extend(logits.argmax(1))
        else:
            gold[r["set"], head].append(r["labels"][head] if k is None else r["spots"][k][1])
            said[r["set"], head].append(int(logits.argmax()))
    return figures(gold, said)


def figures(gold, said):
    """The figures of labels by (set, head)."""
    f1 = lambda s, h, **kw: 100 * f1_score(gold[s, h], said[s, h], zero_division=0, **kw)
    out = {}
    for (s, h) in sorted(gold):
        if h in ("entities", "terms"):
            out[f"{s}/{h}"] = f1(s, h, average="micro", labels=list(range(1, 11 if h == "entities" else 3)))
        elif h == "target" and s.startswith("sentirueval"):
            out[f"{s}/pn"] = f1(s, h, average="macro", labels=[0, 2])
        elif h == "target" or s == "wisesight":
            out[f"{s}/{h}/acc"] = 100 * accuracy_score(gold[s, h], said[s, h])
        elif s == "tweeteval":
            out["tweeteval/recall"] = 100 * recall_score(gold[s, h], said[s, h], average="macro")
        elif s.startswith("afrisenti"):
            out[s] = f1(s, h, average="weighted")
        else:
            out[f"{s}/{h}"] = f1(s, h, average="macro")
    for name in ("umsab", "afrisenti"):
        some = [v for k, v in out.items() if k.startswith(name)]
        out[name + " mean"] = float(np.mean(some)) if some else None
        if name == "afrisenti":
            out = {k: v for k, v in out.items() if not k.startswith("afrisenti-")}
    return {k: round(v, 1) for k, v in out.items() if v is not None}
