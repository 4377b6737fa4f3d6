"""Fine-tunes the encoder on all tasks at once. Stop it at any time: the next start goes on from WORK/checkpoint.pt.

    python3 train.py --work WORK --layers 8 --epochs 3 [--threads 2] [--decay-at STEP]

The rate warms up, stays, and falls to nothing over the last `--decay` steps before `--steps`. A file WORK/finish makes
the fall begin at once. Evaluated are the averaged weights (an exponential mean), which are also what is exported.
"""
import argparse, json, os, random, time

import numpy as np
import torch
import torch.nn.functional as F

import heads as heads_of
from examples import Reader, batches, class_weights
from judge import judge
from model import Encoder, mean, padded


def losses(states, present, rows, heads, weights, embed):
    """The sum of all heads' losses over a batch."""
    post = mean(states, present)
    total, by = 0.0, {}

    def add(name, logits, labels, w):
        nonlocal total
        loss = (F.cross_entropy(logits, torch.tensor(labels), reduction="none") * torch.tensor(w)).sum()
        by[name] = (by.get(name, (0, 0))[0] + loss.item(), by.get(name, (0, 0))[1] + len(labels))
        total = total + loss

    for name in heads_of.HEADS:
        if name == "target":
            spots = [(i, ranges, label) for i, r in enumerate(rows) for ranges, label in r["spots"]]
            if spots:
                marks = torch.zeros(len(spots), states.shape[1])
                for k, (i, ranges, _) in enumerate(spots):
                    for s, t in ranges:
                        marks[k, s:t] = 1
                    if not ranges:
                        marks[k] = present[i]
                at = torch.tensor([i for i, _, _ in spots])
                x = torch.cat([mean(states[at], marks), post[at]], 1)
                add(name, heads[name](F.dropout(x, 0.1, heads.training)), [l for _, _, l in spots],
                    [weights[rows[i]["set"], "target"][l] for i, _, l in spots])
        elif name in ("entities", "terms"):
            field = "piece_tags" if name == "entities" else "piece_terms"
            at = [(i, k, t) for i, r in enumerate(rows) if field in r for k, t in enumerate(r[field])]
            if at:
                x = states[[i for i, _, _ in at], [k for _, k, _ in at]]
                add(name, heads[name](x), [t for _, _, t in at], [0.08 if t == 0 else 0.25 for _, _, t in at])
        elif name == "embedding":
            at = [i for i, r in enumerate(rows) if "embed" in r]
            if at:
                aim = torch.from_numpy(embed[[rows[i]["embed"] for i in at]].astype(np.float32))
                loss = 2 * (1 - F.cosine_similarity(heads[name](post[at]), aim)).sum()
                by[name] = (loss.item(), len(at))
                total = total + loss
        else:
            at = [i for i, r in enumerate(rows) if name in r["labels"]]
            if at:
                logits = heads[name](F.dropout(post[at], 0.1, heads.training))
                labels = [rows[i]["labels"][name] for i in at]
                if name in heads_of.MANY:
                    gold = torch.zeros_like(logits)
                    for k, some in enumerate(labels):
                        gold[k, some] = 1
                    loss = 4 * F.binary_cross_entropy_with_logits(logits, gold, reduction="sum") / logits.shape[1]
                    by[name] = (loss.item(), len(at))
                    total = total + loss
                else:
                    add(name, logits, labels, [weights[rows[i]["set"], name][l] for i, l in zip(at, labels)])
    return total, by


def parameters(encoder, heads, rate):
    encoder.word.weight.requires_grad = False
    encoder.pos.weight.requires_grad = False
    groups = []
    for module, lr in ((encoder, rate), (heads, 5 * rate)):
        some = [p for p in module.parameters() if p.requires_grad]
        groups += [{"params": [p for p in some if p.dim() > 1], "weight_decay": 0.01, "top": lr},
                   {"params": [p for p in some if p.dim() == 1], "weight_decay": 0.0, "top": lr}]
    return groups


def thinned(rows, much):
    """At most so many posts of a set, the first ones: enough to see the way, quick enough not to slow it."""
    limits, seen, out = {"umsab": 160, "afrisenti": 40, "tweeteval": 700, "goemotions": 80, "ner": 100}, {}, []
    for r in rows:
        seen[r["set"]] = seen.get(r["set"], 0) + 1
        limit = next((n for k, n in limits.items() if r["set"].startswith(k)), 250)
        if seen[r["set"]] <= much * limit:
            out.append(r)
    return out


def save(path, **state):
    torch.save(state, path + ".part")
    os.replace(path + ".part", path)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--work", required=True)
    p.add_argument("--layers", type=int, default=8)
    p.add_argument("--steps", type=int, default=20_000)
    p.add_argument("--decay", type=int, default=700)
    p.add_argument("--rate", type=float, default=1e-4)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--judge", type=int, default=700)
    p.add_argument("--half", action="store_true", help="layers in bfloat16: twice as fast where the processor has it")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    at = lambda name: os.path.join(a.work, name)
    reader = Reader(a.work)
    train = reader.read(at("train.jsonl"))
    if os.path.exists(at("embed.npy")):
        extra = reader.read(at("embed.jsonl"))
        for i, r in enumerate(extra):
            r.update(set="embed", labels={}, embed=i)
        train += extra
    embed = np.load(at("embed.npy")) if os.path.exists(at("embed.npy")) else None
    val = reader.read(at("val.jsonl"))
    random.Random(4).shuffle(val)  # some files are sorted by label
    weights = class_weights(train)
    torch.manual_seed(1)
    encoder, heads = Encoder(reader.size, 384, a.layers, 12, 1536, 512, 1e-12), heads_of.make()
    keys = set(encoder.state_dict())
    encoder.load_state_dict({k: v for k, v in torch.load(at("base.pt")).items() if k in keys})
    optimiser = torch.optim.AdamW(parameters(encoder, heads, a.rate), lr=a.rate, betas=(0.9, 0.98), fused=True)
    live = {f"encoder.{n}": q for n, q in encoder.named_parameters()} | {f"heads.{n}": q for n, q in heads.named_parameters()}
    live = {n: q for n, q in live.items() if n not in ("encoder.word.weight", "encoder.pos.weight")}
    average = {n: q.detach().clone() for n, q in live.items()}
    step, fall = 0, a.steps - a.decay
    if os.path.exists(at("checkpoint.pt")):
        c = torch.load(at("checkpoint.pt"), weights_only=False)
        with torch.no_grad():
            for n, v in c["live"].items():
                live[n].copy_(v)
        average.update(c["average"])
        step = c["step"]
        if "optimiser" in c and len(c["live"]) == len(live):
            optimiser.load_state_dict(c["optimiser"])
        print(f"going on from step {step}", flush=True)
    rng = random.Random(1000 + step)
    plan, started, seen, trace = [], time.time(), 0, {}
    encoder.train(), heads.train()
    while step < fall + a.decay:
        if not plan:
            plan = batches(train, rng, a.batch)
            print(f"an epoch of {len(plan)} batches, {sum(len(r['ids']) for b in plan for r in b)} tokens", flush=True)
        if step < fall and os.path.exists(at("finish")):
            os.remove(at("finish"))
            fall = step
        rows = plan.pop()
        rate = min(1.0, (step + 1) / 200, max(0.0, 1 - (step - fall) / a.decay))
        for g in optimiser.param_groups:
            g["lr"] = rate * g["top"]
        ids, present = padded([r["ids"] for r in rows], reader.pad)
        with torch.autocast("cpu", torch.bfloat16, enabled=a.half):
            states = encoder(ids, present, 0.1)
        loss, by = losses(states.float(), present, rows, heads, weights, embed)
        (loss / len(rows)).backward()
        torch.nn.utils.clip_grad_norm_(live.values(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        seen += int(present.sum())
        with torch.no_grad():
            keep = min(0.998, step / (step + 10))
            torch._foreach_lerp_(list(average.values()), [q.detach() for q in live.values()], 1 - keep)
        for k, (s, n) in by.items():
            t = trace.setdefault(k, [0, 0])
            t[0], t[1] = t[0] + s, t[1] + n
        if step % 100 == 0:
            said = " ".join(f"{k} {s / n:.3f}" for k, (s, n) in trace.items())
            print(f"step {step} {seen / (time.time() - started):.0f} tokens/s | {said}", flush=True)
            trace = {}
        if step % a.judge == 0 or step == fall + a.decay:
            save(at("checkpoint.pt"), live={n: q.detach() for n, q in live.items()}, average=average,
                 optimiser=optimiser.state_dict(), step=step, layers=a.layers)
            kept = {n: q.detach().clone() for n, q in live.items()}
            with torch.no_grad():
                torch._foreach_copy_(list(live.values()), [average[n] for n in live])
            encoder.eval(), heads.eval()
            whole = step == fall + a.decay
            print("judged", step, json.dumps(judge(encoder, heads, thinned(val, 4 if whole else 1), reader.pad, a.half)), flush=True)
            if whole:
                save(at("final.pt"), encoder=encoder.state_dict(), heads=heads.state_dict(), layers=a.layers, step=step)
            with torch.no_grad():
                torch._foreach_copy_(list(live.values()), [kept[n] for n in live])
            encoder.train(), heads.train()


if __name__ == "__main__":
    main()
