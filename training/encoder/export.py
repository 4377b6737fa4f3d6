"""Writes the trained encoder as crate `models` reads it: 8-bit layers, heads with their temperatures, card, parity file.

    python3 export.py --work WORK --from final.pt|checkpoint.pt --version 1 --out ../../models/encoder [--limit 127]

Temperatures (Guo et al. 2017) are fitted on the development parts, one for a head and one for each language that has 150
labels, which then gets biases, too, unless its posts are judged by a mean over labels. The parity file holds what PyTorch
says of texts made up for it, with the 8-bit weights as floats and activations that are not quantised.
"""
import argparse, datetime, json, os, random
from collections import defaultdict

import numpy as np
import torch

import container
import heads as heads_of
from examples import EVEN, Reader
from judge import judge, predict
from model import Encoder, mean, padded
from texts import social

TEXTS = os.path.join(os.path.dirname(__file__), "..", "parity.txt")


def load(path, size):
    c = torch.load(path, map_location="cpu", weights_only=False)
    encoder, heads = Encoder(size, 384, c["layers"], 12, 1536, 512, 1e-12), heads_of.make()
    if "average" in c:
        base = torch.load(os.path.join(os.path.dirname(path), "base.pt"))
        encoder.load_state_dict({k: v for k, v in base.items() if k in encoder.state_dict()})
        live = {f"encoder.{n}": q for n, q in encoder.named_parameters()} | {f"heads.{n}": q for n, q in heads.named_parameters()}
        with torch.no_grad():
            for n, v in c["average"].items():
                live[n].copy_(v)
    else:
        encoder.load_state_dict(c["encoder"]), heads.load_state_dict(c["heads"])
    return encoder.eval(), heads.eval(), c["step"]


def log_softmax(z):
    z = z - z.max(1, keepdims=True)
    return z - np.log(np.exp(z).sum(1, keepdims=True))


def temperature(z, y):
    """The one with the least loss, on a grid fine enough for three digits."""
    grid = np.exp(np.linspace(np.log(0.4), np.log(4), 140))
    return float(grid[np.argmin([-log_softmax(z / t)[np.arange(len(y)), y].mean() for t in grid])])


def biases(z, y, t, strength=8.0):
    """A value to add to each label's logit after the temperature: labels are not as frequent in every language. Least
    loss with a pull toward none, by gradient descent."""
    b, gold = np.zeros(z.shape[1]), np.eye(z.shape[1])[y]
    for _ in range(400):
        step = (np.exp(log_softmax(z / t + b)) - gold).mean(0) + strength * b / len(y)
        b -= 0.5 * step
    return [round(float(v), 4) for v in b - b.mean()]


def ece(z, y, t, b=0.0, bins=15):
    p = np.exp(log_softmax(z / t + b))
    sure, right = p.max(1), p.argmax(1) == y
    at = np.minimum((sure * bins).astype(int), bins - 1)
    return float(sum(abs(sure[at == b].mean() - right[at == b].mean()) * (at == b).mean() for b in range(bins) if (at == b).any()))


def calibrate(encoder, heads, rows, pad, half):
    z, y, langs, balanced = defaultdict(list), defaultdict(list), defaultdict(list), set()
    for r, head, k, logits in predict(encoder, heads, rows, pad, half):
        if head in heads_of.MANY or logits.ndim > 1:
            continue
        z[head].append(logits), langs[head].append(r["lang"])
        if not r["set"].startswith(EVEN):
            balanced.add((head, r["lang"]))
        y[head].append(r["labels"][head] if k is None else r["spots"][k][1])
    out = {}
    for head in z:
        Z, Y, L = np.array(z[head]), np.array(y[head]), np.array(langs[head])
        t = temperature(Z, Y)
        by = {l: round(temperature(Z[L == l], Y[L == l]), 4) for l in sorted(set(L)) if (L == l).sum() >= 150 and len(set(L)) > 1}
        shift = {l: biases(Z[L == l], Y[L == l], t_l) for l, t_l in by.items() if (head, l) not in balanced}
        at = lambda l: (by.get(l, t), np.array(shift.get(l, [0.0] * Z.shape[1])))
        T, B = np.array([at(l)[0] for l in L])[:, None], np.stack([at(l)[1] for l in L])
        out[head] = {"temperature": round(t, 4), "temperature_by_lang": by, "bias_by_lang": shift, "n": len(Y),
                     "ece_before": round(ece(Z, Y, 1.0), 4), "ece": round(ece(Z, Y, T, B), 4)}
    return out


def tensors(encoder, heads, limit):
    f = lambda p: p.detach().float().numpy()
    out = [("positions", "f32", encoder.pos.weight.shape, f(encoder.pos.weight)),
           ("ln.w", "f32", [384], f(encoder.ln.weight)), ("ln.b", "f32", [384], f(encoder.ln.bias))]
    for i, layer in enumerate(encoder.layers):
        for name in ("q", "k", "v", "o", "fi", "fo"):
            linear = getattr(layer, name)
            q, s = container.quantise_rows(f(linear.weight), limit)
            out += [(f"l{i}.{name}.w", "i8", q.shape, q), (f"l{i}.{name}.s", "f32", s.shape, s),
                    (f"l{i}.{name}.b", "f32", linear.bias.shape, f(linear.bias))]
        for name in ("ln1", "ln2"):
            ln = getattr(layer, name)
            out += [(f"l{i}.{name}.w", "f32", [384], f(ln.weight)), (f"l{i}.{name}.b", "f32", [384], f(ln.bias))]
    for name, head in heads.items():
        out += [(f"head.{name}.w", "f32", head.weight.shape, f(head.weight)), (f"head.{name}.b", "f32", head.bias.shape, f(head.bias))]
    return out


def as_exported(encoder, limit):
    """Replaces the layers' weights by what their 8-bit forms stand for."""
    with torch.no_grad():
        for layer in encoder.layers:
            for name in ("q", "k", "v", "o", "fi", "fo"):
                linear = getattr(layer, name)
                q, s = container.quantise_rows(linear.weight.numpy(), limit)
                linear.weight.copy_(torch.from_numpy(q.astype(np.float32) * s[:, None]))


def parity(encoder, heads, reader, path):
    with open(path, "w", encoding="utf-8") as out:
        for text in open(TEXTS, encoding="utf-8").read().split("\n"):
            if not text:
                continue
            ids = reader.tk.encode(social(text)[0]).ids
            ids = ids if len(ids) <= reader.max else ids[:reader.max - 1] + ids[-1:]
            x, present = padded([ids], reader.pad)
            with torch.inference_mode():
                post = mean(encoder(x, present), present)
                said = {n: heads[n](post)[0].tolist() for n, (where, labels) in heads_of.HEADS.items() if where == "post" and labels}
            line = {"text": text, "ids": ids, "mean": [round(v, 5) for v in post[0].tolist()],
                    "logits": {k: [round(v, 5) for v in z] for k, z in said.items()}}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--work", required=True)
    p.add_argument("--from", dest="source", default="final.pt")
    p.add_argument("--version", type=int, default=1)
    p.add_argument("--limit", type=int, default=127)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--posts", type=int, default=10**9, help="of each development set, to calibrate and judge by")
    p.add_argument("--half", action="store_true", help="judge with layers in bfloat16")
    p.add_argument("--out", required=True)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    os.makedirs(a.out, exist_ok=True)
    reader = Reader(a.work)
    encoder, heads, step = load(os.path.join(a.work, a.source), reader.size)
    seen, rows = defaultdict(int), []
    val = reader.read(os.path.join(a.work, "val.jsonl"))
    random.Random(4).shuffle(val)  # some files are sorted by label
    for r in val:
        seen[r["set"]] += 1
        if seen[r["set"]] <= a.posts:
            rows.append(r)
    fitted = calibrate(encoder, heads, rows, reader.pad, a.half)
    spec = {name: {"input": where, "labels": labels,
                   "activation": "sigmoid" if name in heads_of.MANY else "softmax",
                   "temperature": fitted.get(name, {}).get("temperature", 1.0),
                   "temperature_by_lang": fitted.get(name, {}).get("temperature_by_lang", {}),
                   "bias_by_lang": fitted.get(name, {}).get("bias_by_lang", {})}
            for name, (where, labels) in heads_of.HEADS.items()}
    ident = f"encoder@{a.version}"
    config = {"hidden": 384, "attention_heads": 12, "ff": 1536, "layers": len(encoder.layers), "eps": 1e-12,
              "max_position": encoder.pos.weight.shape[0], "heads": spec}
    container.write(os.path.join(a.out, "weights.gst"), ident, "encoder-weights", config, tensors(encoder, heads, a.limit))
    as_exported(encoder, a.limit)
    parity(encoder, heads, reader, os.path.join(a.out, "parity.jsonl"))
    judged = judge(encoder, heads, rows, reader.pad, a.half)
    json.dump({"id": ident, "steps": step, "date": datetime.date.today().isoformat(), "calibration": fitted, "judged": judged},
              open(os.path.join(a.work, "export.json"), "w"), indent=1)
    print(json.dumps({"calibration": fitted, "judged": judged}, indent=1))


if __name__ == "__main__":
    main()
