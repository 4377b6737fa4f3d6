"""Fine-tunes packed posts on all tasks at once, on an accelerator, for so many seconds: train.py's losses, larger batches.

    python3 tune.py --data FOLDER --init FOLDER/mlm --layers 12 --out FOLDER/t1 --say FOLDER/t1.said
    python3 tune.py --data FOLDER --init FOLDER/mlm --layers 8 --out FOLDER/a [--teachers FOLDER/t1.said,FOLDER/t2.said]
    python3 tune.py --data FOLDER --checkpoint FOLDER/a --work WORK        # WORK/final.pt, which export.py reads

With teachers (`--say`: what a run says of every post), each post also learns what they say of it, labelled or not.
"""
import argparse, json, os, time
from collections import defaultdict

import numpy as np
import torch
import torch.nn.functional as F

import heads as heads_of
import mlm, packed
from pack import ONE
from judge import figures

# How often a set is shown in an epoch, where it differs from examples.SHARE: more epochs want less repetition.
SHARE = {"tweeteval": 0.8, "tweeteval-emotion": 3, "umsab": 2.5, "afrisenti": 0.35, "wisesight": 0.8, "goemotions": 0.3, "entity": 0.2,
         "davidson": 0.25, "complaints": 3, "smsa": 0.5, "weak-reason": 1.5}
WIDEST = max(len(heads_of.HEADS[n][1]) for n in ONE)


class Rows:
    """Labelled posts and, after them, others; labels on the device, pieces with the workers."""

    def __init__(self, t, device, other=None):
        self.posts = packed.Posts.of(t)
        self.labelled = len(self.posts)
        self.tags = np.stack([t["tags"], t["terms"]], 1)
        self.spots = t["spots"]
        self.first_spot = np.searchsorted(self.spots[:, 0], np.arange(self.labelled + 1))
        self.first_range = np.concatenate([[0], np.cumsum(self.spots[:, 2])])
        self.ranges = t["ranges"].reshape(-1, 2).astype(np.int64)
        self.sets, self.set, self.share = list(t["sets"]), t["set"], t["share"]
        if other is not None:
            self.posts = self.posts.and_also(other)
        more = len(self.posts) - self.labelled
        dev = lambda x, **kw: torch.from_numpy(x).to(device, **kw)
        grown = lambda x, fill: np.concatenate([x, np.full((more, *x.shape[1:]), fill, x.dtype)])
        self.labels = dev(grown(t["labels"].astype(np.int64), -1))
        self.feelings = dev(grown(t["feelings"].astype(np.int64), 0))
        self.of = dev(grown(t["set"].astype(np.int64), 0))
        self.weight = dev(t["weight"])
        self.spot_label = dev(self.spots[:, 1].astype(np.int64))

    def make(self, rows, pad):
        """Lays posts out with their targets: (place, spot) pairs, which post a spot is of, its number; tags by place."""
        def work(chosen):
            batch, at = packed.laid(self.posts, chosen, rows, pad)
            pairs, places, of, number = [], [], [], []
            tags = np.full((rows * packed.ROW, 2), -1, np.int64)
            for slot, (i, start) in enumerate(zip(batch["post"].tolist(), at.tolist())):
                if i >= self.labelled:
                    continue
                n, s = self.posts.lengths[i], self.posts.starts[i]
                tags[start:start + n] = self.tags[s:s + n]
                for k in range(self.first_spot[i], self.first_spot[i + 1]):
                    ranges = self.ranges[self.first_range[k]:self.first_range[k + 1]]
                    marked = np.unique(np.concatenate([np.arange(a, b) for a, b in ranges])) if len(ranges) else np.arange(n)
                    places.append(start + marked)
                    pairs.append(np.full(len(marked), len(of)))
                    of.append(slot), number.append(k)
            t = lambda x: torch.from_numpy(np.concatenate(x) if x else np.zeros(0, np.int64))
            batch.update(places=t(places), pairs=t(pairs), of=torch.tensor(of, dtype=torch.long), number=torch.tensor(number, dtype=torch.long),
                         tags=torch.from_numpy(tags))
            return batch
        return work

    def epoch(self, rng, others):
        """Posts of one epoch, each set as often as its share says, in random order."""
        keys = sorted(SHARE, key=len, reverse=True)
        share = np.array([next((SHARE[k] for k in keys if s.startswith(k)), f) for s, f in zip(self.sets, self.share)])[self.set]
        times = share.astype(int) + (rng.random(len(share)) < share % 1)
        free = np.arange(self.labelled, len(self.posts))
        order = np.concatenate([np.repeat(np.arange(self.labelled), times), rng.choice(free, min(others, len(free)), False)])
        rng.shuffle(order)
        return order


class Heads:
    """All heads of a post in one product; those with one label a post as [posts, heads, widest], minus infinity where none is."""

    def __init__(self, device):
        sizes = [len(heads_of.HEADS[n][1]) for n in ONE]
        starts = np.cumsum([0] + sizes)
        at = np.full((len(ONE), WIDEST), starts[-1])
        for k, n in enumerate(sizes):
            at[k, :n] = np.arange(starts[k], starts[k] + n)
        self.at = torch.from_numpy(at).to(device)

    def __call__(self, heads, post):
        w, b = torch.cat([heads[n].weight for n in ONE]), torch.cat([heads[n].bias for n in ONE])
        z = F.pad(F.linear(post, w, b), (0, 1), value=-1e4)
        return z[:, self.at]


def told(encoder, heads, word, batch, rows, all_heads, drop, training):
    """(states, posts' means, logits of posts, logits toward spots)"""
    states = packed.run(encoder, word, batch, drop, training=training)
    n = len(batch["post"])
    post = packed.means(states, batch["slot"], n)
    z = all_heads(heads, F.dropout(post, drop) if drop else post)
    toward = None
    if len(batch["of"]):
        flat = states.reshape(-1, states.shape[-1]).float()
        sums = torch.zeros(len(batch["of"]), flat.shape[1], device=flat.device).index_add(0, batch["pairs"], flat[batch["places"]])
        count = torch.bincount(batch["pairs"], minlength=len(batch["of"]))[:, None]
        x = torch.cat([sums / count.clamp(min=1), post[batch["of"]]], 1)
        toward = heads["target"](F.dropout(x, drop) if drop else x)
    return states, post, z, toward


def losses(batch, rows, heads, states, post, z, toward, keep):
    """train.py's losses, summed over the batch."""
    at = batch["post"]
    labels, group = rows.labels[at], rows.of[at]
    log = z.log_softmax(2)
    w = rows.weight[group[:, None], torch.arange(len(ONE), device=at.device), labels.clamp(min=0)] * (labels >= 0)
    out = {"posts": -(log.gather(2, labels.clamp(min=0)[:, :, None])[:, :, 0] * w).sum()}
    felt = rows.feelings[at]
    gold = (felt[:, None] >> torch.arange(28, device=at.device) & 1).float()
    each = F.binary_cross_entropy_with_logits(heads["feelings"](post), gold, reduction="none").sum(1)
    out["feelings"] = 4 * (each * (felt > 0)).sum() / 28
    if toward is not None:
        label = rows.spot_label[batch["number"]]
        w = rows.weight[group[batch["of"]], -1, label]
        out["toward"] = (F.cross_entropy(toward, label, reduction="none") * w).sum()
    for k, head in enumerate(("entities", "terms")):
        tags = batch["tags"][:, k]
        tagged = (tags >= 0).nonzero()[:, 0]
        if len(tagged):
            tag = tags[tagged]
            each = F.cross_entropy(heads[head](states.reshape(-1, states.shape[-1])[tagged].float()), tag, reduction="none")
            out[head] = (each * torch.where(tag == 0, 0.08, 0.25)).sum()
    if keep is not None:
        out["embedding"] = 0.3 * (1 - F.cosine_similarity(heads["embedding"](post), keep[at].float(), dim=1)).sum()
    return out


def softer(batch, rows, z, toward, said):
    """How far the answers are from the teachers': heads a post has a label of count one, others a part."""
    teacher = said["posts"][batch["post"]].float()
    far = (teacher.exp() * (teacher - z.log_softmax(2))).sum(2)
    weight = torch.where(rows.labels[batch["post"]] >= 0, 1.0, 0.2)
    out = {"taught": (far * weight).sum()}
    if toward is not None:
        teacher = said["toward"][batch["number"]].float()
        out["taught toward"] = (teacher.exp() * (teacher - toward.log_softmax(1))).sum()
    return out


@torch.inference_mode()
def answers(encoder, heads, word, rows, device, batch_rows=256):
    """What is said of every post: logarithms of probabilities [posts, heads, widest] and [spots, 3]."""
    all_heads = Heads(device)
    out = {"posts": torch.zeros(len(rows.posts), len(ONE), WIDEST, dtype=torch.half, device=device),
           "toward": torch.zeros(len(rows.spots), 3, dtype=torch.half, device=device)}
    for batch in packed.stream(packed.all_of(rows.posts.lengths, batch_rows), rows.make(batch_rows, 1), mlm.workers()):
        batch = packed.moved(batch, device)
        _, _, z, toward = told(encoder, heads, word, batch, rows, all_heads, 0.0, False)
        out["posts"][batch["post"]] = z.log_softmax(2).clamp(min=-30).half()
        if toward is not None:
            out["toward"][batch["number"]] = toward.log_softmax(1).clamp(min=-30).half()
    return out


@torch.inference_mode()
def judged(encoder, heads, word, rows, device, batch_rows=256):
    """The figures on development rows, as judge.py has them."""
    all_heads, gold, said = Heads(device), defaultdict(list), defaultdict(list)
    labels, felt, label_of = rows.labels.cpu().numpy(), rows.feelings.cpu().numpy(), rows.spots[:, 1]
    for batch in packed.stream(packed.all_of(rows.posts.lengths, batch_rows), rows.make(batch_rows, 1), mlm.workers()):
        batch = packed.moved(batch, device)
        states, post, z, toward = told(encoder, heads, word, batch, rows, all_heads, 0.0, False)
        best, at = z.argmax(2).cpu().numpy(), batch["post"].cpu().numpy()
        feelings = (heads["feelings"](post) > -0.6).int().cpu().numpy()
        for k, i in enumerate(at):
            name = rows.sets[rows.set[i]]
            for h in np.flatnonzero(labels[i] >= 0):
                gold[name, ONE[h]].append(int(labels[i, h])), said[name, ONE[h]].append(int(best[k, h]))
            if felt[i]:
                gold[name, "feelings"].append(felt[i] >> np.arange(28) & 1), said[name, "feelings"].append(feelings[k])
        if toward is not None:
            for s, k in zip(toward.argmax(1).tolist(), batch["number"].tolist()):
                name = rows.sets[rows.set[rows.spots[k, 0]]]
                gold[name, "target"].append(int(label_of[k])), said[name, "target"].append(s)
        slots = batch["slot"].reshape(-1)
        for k, head in enumerate(("entities", "terms")):
            tagged = (batch["tags"][:, k] >= 0).nonzero()[:, 0]
            if len(tagged):
                tag = heads[head](states.reshape(-1, states.shape[-1])[tagged].float()).argmax(1)
                for i, g, s in zip(at[slots[tagged].cpu().numpy()], batch["tags"][tagged, k].tolist(), tag.tolist()):
                    gold[rows.sets[rows.set[i]], head].append(g), said[rows.sets[rows.set[i]], head].append(s)
    return figures(gold, said)


def load(path, word, layers, device):
    """Layers and heads as saved, or the mean of several; heads anew where there are none."""
    several = [packed.restore(one) for one in path.split(",")]
    t = {k: sum(s[k] for s in several) / len(several) for k in several[0]}
    drop = lambda k: k.startswith("layers.") and int(k.split(".")[1]) >= layers
    encoder = {k: v.to(device) for k, v in t.items() if not k.startswith("heads.") and not drop(k)}
    heads = heads_of.make()
    found = {k[6:]: v for k, v in t.items() if k.startswith("heads.")}
    if found:
        heads.load_state_dict(found)
    return encoder, heads.to(device)


def final(path, embeddings, out):
    """Saved weights as train.py leaves them."""
    t = packed.restore(path)
    encoder = {k: v for k, v in t.items() if not k.startswith("heads.")}
    encoder["word.weight"] = packed.wide(packed.load(embeddings)["groups"], encoder["ln.bias"].shape[0])
    layers = sum(k.endswith(".q.bias") for k in encoder)
    torch.save({"encoder": encoder, "heads": {k[6:]: v for k, v in t.items() if k.startswith("heads.")}, "layers": layers, "step": 0}, out)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--init", help="saved weights; of several, with commas, the mean")
    p.add_argument("--out")
    p.add_argument("--checkpoint", help="no training: these weights, with the embeddings, as WORK/final.pt")
    p.add_argument("--work")
    p.add_argument("--layers", type=int, default=8)
    p.add_argument("--seconds", type=float, default=90, help="0: judge only")
    p.add_argument("--rate", type=float, default=2e-4)
    p.add_argument("--rows", type=int, default=64)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--others", type=int, default=60_000, help="posts without labels in an epoch")
    p.add_argument("--teachers", default="", help="files of --say, with commas")
    p.add_argument("--say", default="", help="writes what is said of every post here, as a teacher")
    p.add_argument("--hard", type=float, default=0.6, help="what labels count beside teachers")
    p.add_argument("--least", type=int, default=0, help="only this many posts without labels, to try the program")
    a = p.parse_args()
    if a.checkpoint:
        return final(a.checkpoint, os.path.join(a.data, "embeddings.npz.xz"), os.path.join(a.work, "final.pt"))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(a.seed)
    begun = time.time()
    at = lambda name: os.path.join(a.data, name)
    word = mlm.vocabulary(at("embeddings.npz.xz"), device)
    other = packed.Posts.of(packed.load(at("other.npz.xz")))
    if a.least:
        other = packed.Posts(other.ids[:other.starts[a.least]], other.lengths[:a.least])
    rows, val = Rows(packed.load(at("train.npz.xz")), device, other), Rows(packed.load(at("val.npz.xz")), device)
    keep = torch.load(at("whole.pt")).to(device) if os.path.exists(at("whole.pt")) else None
    said = None
    if a.teachers:
        some = [torch.load(path) for path in a.teachers.split(",")]
        said = {k: torch.stack([s[k].to(device).float() for s in some]).logsumexp(0).sub(np.log(len(some))).half() for k in some[0]}
    encoder, heads = load(a.init, word, a.layers, device)
    live = {k: torch.nn.Parameter(v) for k, v in encoder.items() if k != "pos.weight"}
    encoder.update(live)
    print(f"ready at {time.time() - begun:.0f} s", flush=True)

    optimiser = torch.optim.AdamW(packed.groups(list(live.values()), a.rate) + packed.groups(list(heads.parameters()), 5 * a.rate),
                                  betas=(0.9, 0.98), fused=True)
    all_heads, rng = Heads(device), np.random.default_rng(a.seed)
    started, step, seen, trace, epochs = time.time(), 0, 0, defaultdict(float), 0
    done = lambda: (time.time() - started) / a.seconds
    while a.seconds and done() < 1:
        epochs += 1
        order = rows.epoch(rng, a.others)
        batches = packed.parts(order, rows.posts.lengths, a.rows)[:-1]
        for batch in packed.stream(batches, rows.make(a.rows, 1), mlm.workers()):
            if step == 5:
                started = max(started, time.time() - 0.02 * a.seconds)  # compiling does not count
            if done() >= 1:
                break
            for g in optimiser.param_groups:
                g["lr"] = packed.fell(done()) * g["top"]
            batch = packed.moved(batch, device)
            states, post, z, toward = told(encoder, heads, word, batch, rows, all_heads, 0.1, True)
            some = losses(batch, rows, heads, states, post, z, toward, keep)
            if said is not None:
                some = {k: v * (a.hard if k in ("posts", "toward") else 1) for k, v in some.items()} | softer(batch, rows, z, toward, said)
            (sum(some.values()) / len(batch["post"])).backward()
            torch.nn.utils.clip_grad_norm_([*live.values(), *heads.parameters()], 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            seen += len(batch["post"])
            for k, v in some.items():
                trace[k] += v.detach()
            if step % 200 == 0 or step == 3:
                print(f"step {step} of epoch {epochs} ({len(batches)}), {time.time() - begun:.0f} s, {step / (time.time() - started):.1f} steps/s | "
                      + " ".join(f"{k} {float(v) / seen:.4f}" for k, v in trace.items()), flush=True)
                seen, trace = 0, defaultdict(float)
    ended = time.time()
    packed.save(a.out, encoder | {f"heads.{k}": v for k, v in heads.state_dict().items()})
    print("judged", a.out, step, json.dumps(judged(encoder, heads, word, val, device)), flush=True)
    if a.say:
        torch.save(answers(encoder, heads, word, rows, device), a.say)
    print(f"{step} steps, {epochs} epochs begun, {time.time() - begun:.0f} s in all, {time.time() - ended:.0f} after training", flush=True)


if __name__ == "__main__":
    main()
