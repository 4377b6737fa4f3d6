"""Sentence embeddings of the untouched encoder, for the `embedding` head to keep (12 layers, prefix "query: ").

    python3 teacher.py --work WORK --count 40000      # WORK/embed.jsonl (texts), WORK/embed.npy (fp16, centred, unit length)
"""
import argparse, json, os, random

import numpy as np
import torch

import base, model
from texts import social


def sample(path, count):
    texts = sorted({t for t in open(path, encoding="utf-8").read().split("\n") if 12 <= len(t) <= 400})
    random.Random(1).shuffle(texts)
    return texts[:count]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--work", required=True)
    p.add_argument("--count", type=int, default=40_000)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--half", action="store_true", help="layers in bfloat16")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    v = json.load(open(os.path.join(a.work, "vocabulary.json")))
    tk = base.unigram(v["pieces"], v["scores"], v["unk"], v["bos"], v["eos"])
    m = model.Encoder(len(v["pieces"]), 384, 12, 12, 1536, 512, 1e-12).eval()
    m.load_state_dict(torch.load(os.path.join(a.work, "base.pt")))
    texts = sample(os.path.join(a.work, "unlabelled.txt"), a.count)
    ids = [e.ids[:64] for e in tk.encode_batch(["query: " + social(t)[0] for t in texts])]
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    out = np.zeros((len(ids), 384), np.float32)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=a.half):
        for start in range(0, len(order), 32):
            part = order[start:start + 32]
            x, present = model.padded([ids[i] for i in part], v["pad"])
            out[part] = model.mean(m(x, present).float(), present).numpy()
    out -= out.mean(0)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    np.save(os.path.join(a.work, "embed.npy"), out.astype(np.float16))
    with open(os.path.join(a.work, "embed.jsonl"), "w", encoding="utf-8") as f:
        f.writelines(json.dumps({"text": t}, ensure_ascii=False) + "\n" for t in texts)


if __name__ == "__main__":
    main()
