"""Everything a short run on an accelerator needs, in few and small files: pieces instead of texts, labels as arrays.

    python3 pack.py --work WORK --out FOLDER       # FOLDER/base.npz.xz, embeddings.npz.xz, train.npz.xz, other.npz.xz, val.npz.xz

WORK is the folder that data.py and base.py have filled. A machine lent for minutes has no tokenizer to spare time for and takes
no more than some tens of megabytes: the layers and embeddings travel in the 4 bits they come in.
"""
import argparse, io, json, lzma, os, random

import numpy as np

import base
from data import key
from examples import Reader, class_weights, share
from heads import HEADS, MANY
from texts import clean, social

ONE = [n for n, (where, labels) in HEADS.items() if where == "post" and labels and n not in MANY]  # one label a post
PIECES = 64


def write(path, **arrays):
    raw = io.BytesIO()
    np.savez(raw, **arrays)
    with open(path, "wb") as f:
        f.write(lzma.compress(raw.getvalue(), preset=6))
    print(path, os.path.getsize(path), flush=True)


def flat(ids):
    """Pieces one after the other, as three planes of bytes, which compress better than whole numbers."""
    all_ids = np.fromiter((i for some in ids for i in some), np.uint32, sum(map(len, ids)))
    planes = np.stack([(all_ids >> s).astype(np.uint8) for s in (0, 8, 16)])
    return {"ids": planes, "lengths": np.array([len(i) for i in ids], np.uint8)}


def labelled(rows, sets, weights):
    """Labels by row: [rows, heads] of one label, a bit for each feeling, targets with their ranges, tags by piece."""
    labels = np.full((len(rows), len(ONE)), -1, np.int8)
    feelings = np.zeros(len(rows), np.uint32)
    spots, ranges, tags, terms = [], [], [], []
    for i, r in enumerate(rows):
        for k, head in enumerate(ONE):
            labels[i, k] = r["labels"].get(head, -1)
        feelings[i] = sum(1 << f for f in r["labels"].get("feelings", []))
        for some, label in r["spots"]:
            spots.append((i, label, len(some)))
            ranges += some
        for out, field in ((tags, "piece_tags"), (terms, "piece_terms")):
            out.append(np.array(r[field], np.int8) if field in r else np.full(len(r["ids"]), -1, np.int8))
    weight = np.ones((len(sets), len(ONE) + 1, 10), np.float32)  # the last head is the target's
    for (group, head), by in weights.items():
        for label, w in by.items():
            weight[sets.index(group), ONE.index(head) if head in ONE else -1, label] = w
    return {"set": np.array([sets.index(r["set"]) for r in rows], np.uint8), "labels": labels, "feelings": feelings,
            "spots": np.array(spots, np.int32), "ranges": np.array(ranges, np.uint8), "tags": np.concatenate(tags),
            "terms": np.concatenate(terms), "weight": weight, "sets": np.array(sets), "share": np.array([share(s) for s in sets], np.float32),
            **flat([r["ids"] for r in rows])}


def others(reader, work, rows, judged, most):
    """Posts without labels, in parts of at most 64 pieces; neither the labelled ones nor those that judge."""
    known = {clean(r["text"]) for r in rows}
    forbidden = {key(r["text"]) for r in judged}
    seen, texts = set(), []
    for line in open(os.path.join(work, "unlabelled.txt"), encoding="utf-8"):
        line = line.rstrip("\n")
        k = key(line)
        if len(line) >= 12 and line not in known and k not in forbidden and k not in seen:
            seen.add(k)
            texts.append(social(line)[0])
    random.Random(5).shuffle(texts)
    out, total = [], 0
    for start in range(0, len(texts), 20_000):
        for e in reader.tk.encode_batch(texts[start:start + 20_000]):
            inner = e.ids[1:-1]
            for at in range(0, min(len(inner), 3 * (PIECES - 2)), PIECES - 2):
                part = inner[at:at + PIECES - 2]
                if len(part) >= 4:
                    out.append(e.ids[:1] + part + e.ids[-1:])
                    total += len(part) + 2
        if total > most:
            break
    print(f"{len(texts)} further texts, {len(out)} parts, {total} pieces", flush=True)
    return out


def pretrained(out, work):
    package = base.Package(base.package_file())
    kept = json.load(open(os.path.join(work, "vocabulary.json")))["kept"]
    write(os.path.join(out, "embeddings.npz.xz"), groups=package.groups("emb.word").reshape(package.size, -1)[kept],
          mask=package.groups("emb.word").reshape(package.size, -1)[package.pieces.index("<mask>")])
    raw = {}
    for name in package.at:
        if name != "emb.word":
            is_packed = name.endswith(".w") and "ln" not in name
            raw[name] = package.groups(name) if is_packed else package.tensor(name).numpy()
    write(os.path.join(out, "base.npz.xz"), **raw)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--work", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--most", type=int, default=12_000_000, help="pieces of posts without labels")
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    pretrained(a.out, a.work)
    reader = Reader(a.work)
    train, val = (reader.read(os.path.join(a.work, f"{n}.jsonl")) for n in ("train", "val"))
    sets = sorted({r["set"] for r in train} | {r["set"] for r in val})
    weights = class_weights(train)
    write(os.path.join(a.out, "val.npz.xz"), **labelled(val, sets, {}))
    write(os.path.join(a.out, "train.npz.xz"), **labelled(train, sets, weights))
    write(os.path.join(a.out, "other.npz.xz"), **flat(others(reader, a.work, train, val, a.most)))


if __name__ == "__main__":
    main()
