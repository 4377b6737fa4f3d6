"""What the encoder says of posts without labels: soft labels, from which the fast tier learns.

    python3 soften.py --work WORK --data ../shared/data --from checkpoint.pt --out soft.jsonl [--count 160000]

A line: {"text", "lang", "probabilities": {head: [...]}}. It goes on where an earlier run stopped.
"""
import argparse, glob, json, os, random

import torch

from data import lines
from examples import Reader
from export import load
from model import mean, padded
from texts import clean, social

HEADS = ("sentiment", "emotion", "offensive", "irony", "complaint", "hate", "question")
# How many of each labelled set, and of each stream.
TAKE = {"tweeteval": 50_000, "umsab": 3_000, "goemotions": 15_000, "entity": 12_000, "wisesight": 4_000, "afrisenti": 1_200,
        "sentirueval": 2_500, "topic": 8_000, "davidson": 3_000, "complaints": 3_000, "smsa": 1_500, "semeval16": 700}
STREAMS = {"reddit": 18_000, "mayweather": 12_000, "trump": 12_000, "twcs": 5_000, "snow14": 4_000}
SPOKEN = {"ar", "en", "fr", "de", "hi", "it", "pt", "es", "ru", "id", "th"}


def texts(work, data):
    seen, taken = set(), {}

    def fresh(text, group, limit):
        text = clean(text)
        if not 3 <= len(text) <= 600 or text in seen or taken.get(group, 0) >= limit:
            return None
        seen.add(text)
        taken[group] = taken.get(group, 0) + 1
        return text

    judged = {json.loads(line)["text"] for line in open(os.path.join(work, "val.jsonl"), encoding="utf-8")}
    rows = [json.loads(line) for line in open(os.path.join(work, "train.jsonl"), encoding="utf-8")]
    random.Random(2).shuffle(rows)
    for r in rows:
        limit = next((n for k, n in TAKE.items() if r["set"].startswith(k)), 0)
        text = fresh(r["text"], r["set"], limit)
        if text:
            yield text, r["lang"]
    for path in sorted(glob.glob(os.path.join(data, "streams/*/*.jsonl.gz"))):
        name = next((k for k in STREAMS if k in path), None)
        for i, x in enumerate(lines(path)):
            if name == "reddit" and i % 7:
                continue
            text = fresh((x.get("title") or "") + " " + (x.get("text") or ""), path, STREAMS.get(name, 0))
            if text and text not in judged:
                yield text, None
    for x in lines(os.path.join(data, "langid/lingua_testdata/sentences.jsonl")):
        if x["label"] in SPOKEN:
            text = fresh(x["text"], "lingua" + x["label"], 900)
            if text:
                yield text, x["label"]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--work", required=True)
    p.add_argument("--data", default="../shared/data")
    p.add_argument("--from", dest="source", default="checkpoint.pt")
    p.add_argument("--count", type=int, default=160_000)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--half", action="store_true", help="layers in bfloat16")
    p.add_argument("--out", required=True)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    reader = Reader(a.work)
    encoder, heads, _ = load(os.path.join(a.work, a.source), reader.size)
    todo = list(texts(a.work, a.data))
    random.Random(3).shuffle(todo)
    todo = todo[:a.count]
    done = sum(1 for _ in open(a.out, encoding="utf-8")) if os.path.exists(a.out) else 0
    print(f"{len(todo)} texts, {done} done", flush=True)
    with open(a.out, "a", encoding="utf-8") as out, torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=a.half):
        for start in range(done, len(todo), 2_048):
            part = todo[start:start + 2_048]
            ids = [e.ids[:reader.max] for e in reader.tk.encode_batch([social(t)[0] for t, _ in part])]
            said = [None] * len(part)
            order = sorted(range(len(part)), key=lambda i: len(ids[i]))
            for at in range(0, len(order), 48):
                some = order[at:at + 48]
                x, present = padded([ids[i] for i in some], reader.pad)
                post = mean(encoder(x, present).float(), present)
                p = {h: heads[h](post).float().softmax(1).tolist() for h in HEADS}
                for k, i in enumerate(some):
                    said[i] = {h: [round(v, 4) for v in p[h][k]] for h in HEADS}
            for (text, lang), probabilities in zip(part, said):
                out.write(json.dumps({"text": text, "lang": lang, "probabilities": probabilities}, ensure_ascii=False) + "\n")
            out.flush()
            if start // 2_048 % 10 == 0:
                print(start + len(part), flush=True)


if __name__ == "__main__":
    main()
