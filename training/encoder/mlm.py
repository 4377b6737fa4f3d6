"""Goes on with masked-language training of the package's 12 layers on posts, on an accelerator, for so many seconds.

    python3 mlm.py --data FOLDER --out FOLDER/mlm --seconds 150       # FOLDER of pack.py; FOLDER/mlm.0.pt …

A fifth of the pieces is hidden and told from the states after layer 8 and after layer 12 (so that the lower eight serve alone),
with the frozen embeddings as output. Beside it the mean state must still tell the sentence embedding of the untouched model.
"""
import argparse, os, time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import packed

QUERY = [41, 1275, 12]  # "query:" as the vocabulary has it
AFTER = 8


def embedded(base, word, posts, device, pad, rows=512):
    """Sentence embeddings of the untouched layers, centred, of length one. [posts, hidden], 16-bit"""
    prefixed = posts.with_prefix(QUERY)
    out = torch.zeros(len(posts), word.shape[1], dtype=torch.half, device=device)
    with torch.inference_mode():
        for batch in packed.stream(packed.all_of(prefixed.lengths, rows), lambda b: packed.laid(prefixed, b, rows, pad)[0], workers()):
            batch = packed.moved(batch, device)
            x = packed.run(base, word, batch)
            out[batch["post"]] = packed.means(x, batch["slot"], len(batch["post"])).half()
        out -= out.float().mean(0).half()
        return F.normalize(out.float(), dim=1).half()


def workers():
    return min(12, max(0, (os.cpu_count() or 1) - 3))


class Guess(nn.Module):
    """From a state to the hidden piece; the vocabulary's frozen embeddings stand at the end."""

    def __init__(self, hidden):
        super().__init__()
        self.dense, self.norm = nn.Linear(hidden, hidden), nn.LayerNorm(hidden)
        nn.init.eye_(self.dense.weight)

    def forward(self, x):
        return self.norm(F.gelu(self.dense(x)))


def unlikely(x, word, bias, gold):
    """The mean negative log-likelihood of the hidden pieces."""
    return F.cross_entropy((x @ word.T + bias).float(), gold)


def hide(batch, share, special, mask, size):
    """Which places to tell, what stands there; and the ids as the model sees them (8 of 10 masked, 1 replaced)."""
    ids = batch["ids"].reshape(-1)
    open_ = (ids > special) & (batch["slot"].reshape(-1) < len(batch["post"]))
    score = torch.rand(ids.shape, device=ids.device).masked_fill(~open_, -1)
    at = score.topk(int(share * len(ids))).indices
    dice = torch.rand(at.shape, device=ids.device)
    random = torch.randint(special + 1, size, at.shape, device=ids.device, dtype=ids.dtype)
    seen = ids.clone()
    seen[at] = torch.where(dice < 0.8, torch.full_like(random, mask), torch.where(dice < 0.9, random, ids[at]))
    return at, ids[at].long(), seen.view_as(batch["ids"])


def vocabulary(path, device):
    """The frozen embeddings [pieces + mask, hidden] in 16 bits."""
    t = packed.load(path)
    word = torch.cat([packed.wide(t["groups"], 384), packed.wide(t["mask"], 384)])
    return word.to(device).bfloat16()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--seconds", type=float, default=150)
    p.add_argument("--rate", type=float, default=4e-4)
    p.add_argument("--rows", type=int, default=512)
    p.add_argument("--hidden-share", type=float, default=0.17)
    p.add_argument("--least", type=int, default=0, help="only this many posts, to try the program")
    a = p.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(1)
    begun = time.time()
    at = lambda name: os.path.join(a.data, name)
    word = vocabulary(at("embeddings.npz.xz"), device)
    size, pad = len(word) - 1, 1
    posts = packed.Posts.of(packed.load(at("train.npz.xz"))).and_also(packed.Posts.of(packed.load(at("other.npz.xz"))))
    if a.least:
        posts = packed.Posts(posts.ids[:posts.starts[a.least]], posts.lengths[:a.least])
    encoder = {k: v.to(device) for k, v in packed.pretrained(at("base.npz.xz")).items()}
    print(f"{len(posts)} posts, {len(posts.ids)} pieces, read in {time.time() - begun:.0f} s", flush=True)
    whole = embedded(encoder, word, posts, device, pad, a.rows)
    torch.save(whole, at("whole.pt"))  # tune.py's head for embeddings learns them, too
    print(f"embedded at {time.time() - begun:.0f} s", flush=True)

    live = {k: nn.Parameter(v) for k, v in encoder.items() if k != "pos.weight"}
    encoder.update(live)
    guess = nn.ModuleList(Guess(384) for _ in range(2)).to(device)
    keep = nn.ModuleList(nn.Linear(384, 384) for _ in range(2)).to(device)
    seen = np.bincount(posts.ids, minlength=size) + 1.0
    fill = -len(word) % 64  # matrix units want round numbers
    table = F.pad(word, (0, 0, 0, fill))
    bias = nn.Parameter(torch.full((len(table),), -30.0, device=device))
    bias.data[:size] = torch.from_numpy(np.log(seen / seen.sum())).float().to(device)
    ours = [bias, *guess.parameters(), *keep.parameters()]
    optimiser = torch.optim.AdamW(packed.groups(list(live.values()), a.rate) + packed.groups(ours, 2 * a.rate), betas=(0.9, 0.98), fused=True)
    rng, started, step, pieces, trace = np.random.default_rng(1), time.time(), 0, 0, torch.zeros(4, device=device)
    done = lambda: (time.time() - started) / a.seconds
    tell = packed.compiled(unlikely)
    while done() < 1:
        order = rng.permutation(len(posts))
        batches = packed.parts(order, posts.lengths, a.rows)[:-1]
        for batch in packed.stream(batches, lambda b: packed.laid(posts, b, a.rows, pad)[0], workers()):
            if step == 5:
                started = max(started, time.time() - 0.02 * a.seconds)  # compiling does not count
            if done() >= 1:
                break
            for g in optimiser.param_groups:
                g["lr"] = packed.fell(done()) * g["top"]
            batch = packed.moved(batch, device)
            places, gold, batch["ids"] = hide(batch, a.hidden_share, 3, size, size)
            lower, upper = packed.run(encoder, word, batch, 0.1, (AFTER,), training=True)
            losses = []
            for k, x in enumerate((lower, upper)):
                with torch.autocast(device, **packed.HALF):
                    losses.append(tell(guess[k](x.reshape(-1, 384)[places]), table, bias, gold))
                near = F.cosine_similarity(keep[k](packed.means(x, batch["slot"], len(batch["post"]))), whole[batch["post"]].float(), dim=1)
                losses.append((1 - near).mean())
            sum(losses).backward()
            torch.nn.utils.clip_grad_norm_([*live.values(), *ours], 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            pieces += a.rows * packed.ROW
            trace += torch.stack(losses).detach()
            if step % 50 == 0 or step == 3:
                n = 50 if step % 50 == 0 else 3
                print(f"step {step} {time.time() - begun:.0f} s, {pieces / (time.time() - started):.0f} places/s | loss at 8, kept, at 12, kept "
                      + " ".join(f"{v:.3f}" for v in (trace / n).tolist()), flush=True)
                trace.zero_()
    packed.save(a.out, encoder)
    print(f"{step} steps, {pieces / len(posts.ids):.1f} epochs, {time.time() - begun:.0f} s in all", flush=True)


if __name__ == "__main__":
    main()
