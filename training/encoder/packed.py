"""Posts of pack.py as an accelerator takes them: set one after the other in rows of 128 pieces, each post seeing itself alone.

With EAGER set in the environment nothing is compiled: small batches wait for their launches anyway, and half a minute is saved.
"""
import functools, io, lzma, os

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

ROW = 128
HALF = dict(dtype=torch.bfloat16)


def load(path):
    """The arrays of a packed file; quicker where it lies unpacked beside."""
    if os.path.exists(path.removesuffix(".xz")):
        return dict(np.load(path.removesuffix(".xz")))
    with open(path, "rb") as f:
        return dict(np.load(io.BytesIO(lzma.decompress(f.read()))))


def wide(groups, columns):
    """What a 4-bit tensor of 18-byte groups stands for, [rows, columns]."""
    raw = np.ascontiguousarray(groups).reshape(-1, 18)
    scale = raw[:, :2].copy().view("<f2").astype(np.float32)
    q = raw[:, 2:]
    return torch.from_numpy(((np.concatenate([q & 15, q >> 4], 1).astype(np.float32) - 8) * scale).reshape(-1, columns))


def pretrained(path, layers=12, hidden=384, ff=1536):
    """The package's layers by the names of model.py."""
    t = load(path)
    out = {"pos.weight": torch.from_numpy(t["emb.pos"].reshape(-1, hidden) + t["emb.type"][:hidden]),
           "ln.weight": torch.from_numpy(t["emb.ln.w"]), "ln.bias": torch.from_numpy(t["emb.ln.b"])}
    names = {"q": "q", "k": "k", "v": "v", "o": "ao", "ln1": "aln", "fi": "fi", "fo": "fo", "ln2": "oln"}
    for i in range(layers):
        for ours, theirs in names.items():
            w = t[f"l{i}.{theirs}.w"]
            out[f"layers.{i}.{ours}.weight"] = torch.from_numpy(w) if "ln" in ours else wide(w, ff if ours == "fo" else hidden)
            out[f"layers.{i}.{ours}.bias"] = torch.from_numpy(t[f"l{i}.{theirs}.b"])
    return out


class Posts:
    """Many posts: their pieces, one after the other, and where each begins."""

    def __init__(self, ids, lengths):
        self.ids, self.lengths = ids.astype(np.int32), lengths.astype(np.int64)
        self.starts = np.concatenate([[0], np.cumsum(self.lengths)[:-1]])

    @classmethod
    def of(cls, t):
        planes = t["ids"].astype(np.uint32)
        return cls(planes[0] | planes[1] << 8 | planes[2] << 16, t["lengths"])

    def __len__(self):
        return len(self.lengths)

    def and_also(self, other):
        return Posts(np.concatenate([self.ids, other.ids]), np.concatenate([self.lengths, other.lengths]))

    def with_prefix(self, prefix):
        """Every post with these pieces after its first."""
        n = len(prefix)
        ids = np.empty(len(self.ids) + n * len(self), np.int32)
        starts = self.starts + n * np.arange(len(self))
        ids[starts] = self.ids[self.starts]
        for k, piece in enumerate(prefix):
            ids[starts + 1 + k] = piece
        rest = np.ones(len(ids), bool)
        for k in range(n + 1):
            rest[starts + k] = False
        first = np.zeros(len(self.ids), bool)
        first[self.starts] = True
        ids[rest] = self.ids[~first]
        return Posts(ids, self.lengths + n)


def place(lengths, rows):
    """For each post the place of its first piece among `rows` rows, longest first where it fits best; -1: none is left."""
    free = [[] for _ in range(ROW + 1)]
    free[ROW] = list(range(rows))
    out = np.full(len(lengths), -1, np.int64)
    for i in np.argsort(-lengths, kind="stable"):
        n = int(lengths[i])
        for room in range(n, ROW + 1):
            if free[room]:
                row = free[room].pop()
                out[i] = row * ROW + ROW - room
                free[room - n].append(row)
                break
    return out


def laid(posts, chosen, rows, pad):
    """(ids, slot of the post, position) for each place of the rows, the posts that found room, and where each begins. A place
    without a post has the slot after the last."""
    at = place(posts.lengths[chosen], rows)
    chosen, at = chosen[at >= 0], at[at >= 0]
    n = posts.lengths[chosen]
    before = np.concatenate([[0], np.cumsum(n)[:-1]])
    within = np.arange(n.sum()) - np.repeat(before, n)
    to = np.repeat(at, n) + within
    ids, slot, position = np.full(rows * ROW, pad, np.int32), np.full(rows * ROW, len(chosen), np.int32), np.zeros(rows * ROW, np.int32)
    ids[to] = posts.ids[np.repeat(posts.starts[chosen], n) + within]
    slot[to] = np.repeat(np.arange(len(chosen)), n)
    position[to] = within
    shape = lambda a: torch.from_numpy(a.reshape(rows, ROW))
    return {"ids": shape(ids), "slot": shape(slot), "position": shape(position), "post": torch.from_numpy(chosen)}, at


def parts(order, lengths, rows, fill=0.97):
    """An order of posts cut into batches that nearly fill so many rows."""
    ends = np.cumsum(lengths[order])
    batch = (ends / (rows * ROW * fill)).astype(np.int64)
    return np.split(order, np.flatnonzero(np.diff(batch)) + 1)


def all_of(lengths, rows):
    """Every post once, in batches of like length none of which overfills its rows: for answers, where no post may be missing."""
    order, out, at = np.argsort(-lengths, kind="stable"), [], 0
    while at < len(order):
        size = rows * (ROW // int(lengths[order[at]]))
        out.append(order[at:at + size])
        at += size
    return out


class Plan(torch.utils.data.Dataset):
    """Batches that worker processes lay out by `make`."""

    def __init__(self, batches, make):
        self.batches, self.make = batches, make

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, i):
        return self.make(self.batches[i])


def stream(batches, make, workers):
    return DataLoader(Plan(batches, make), batch_size=None, num_workers=workers, pin_memory=torch.cuda.is_available(),
                      prefetch_factor=8 if workers else None)


def bias_of(slot):
    """What attention adds: nothing within a post, minus infinity elsewhere. [rows, 1, places, places]"""
    same = slot[:, None, :, None] == slot[:, None, None, :]
    return torch.zeros_like(same, **HALF).masked_fill_(~same, float("-inf"))


NAMES = [f"{n}.{k}" for n in ("q", "k", "v", "o", "ln1", "fi", "fo", "ln2") for k in ("weight", "bias")]


def block(x, bias, drop, qw, qb, kw, kb, vw, vb, ow, ob, n1, m1, iw, ib, fw, fb, n2, m2):
    """A layer of model.py; its weights are arguments so that one compilation serves all layers."""
    rows, length, hidden = x.shape
    qkv = F.linear(x, torch.cat([qw, kw, vw]), torch.cat([qb, kb, vb])).view(rows, length, 3, 12, hidden // 12)
    q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
    a = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype).expand(-1, 12, -1, -1))
    a = F.linear(a.transpose(1, 2).reshape(rows, length, hidden), ow, ob)
    x = F.layer_norm(x + F.dropout(a, drop), (hidden,), n1, m1, 1e-12)
    f = F.linear(F.gelu(F.linear(x, iw, ib)), fw, fb)
    return F.layer_norm(x + F.dropout(f, drop), (hidden,), n2, m2, 1e-12)


@functools.cache
def compiled(f):
    return f if os.environ.get("EAGER") else torch.compile(f, dynamic=False)


def run(encoder, word, batch, drop=0.0, after=(), training=False):
    """The states after the last layer and after those named, [rows, places, hidden]."""
    device = word.device.type
    step = compiled(block) if training else block
    with torch.autocast(device, **HALF):
        x = word[batch["ids"]].float() + encoder["pos.weight"][batch["position"]]
        x = F.layer_norm(x, x.shape[-1:], encoder["ln.weight"], encoder["ln.bias"], 1e-12)
        x = F.dropout(x, drop) if drop else x
        bias, kept = bias_of(batch["slot"]), []
        layers = sum(n.endswith(".q.bias") for n in encoder)
        for i in range(layers):
            x = step(x, bias, drop, *(encoder[f"layers.{i}.{n}"] for n in NAMES))
            if i + 1 in after:
                kept.append(x)
    return (*kept, x) if after else x


def means(states, slot, posts):
    """The mean state of each post. [posts, hidden]"""
    flat, slot = states.reshape(-1, states.shape[-1]).float(), slot.reshape(-1)
    sums = torch.zeros(posts + 1, flat.shape[1], device=flat.device).index_add(0, slot, flat)
    count = torch.zeros(posts + 1, device=flat.device).index_add(0, slot, torch.ones_like(slot, dtype=torch.float))
    return sums[:posts] / count[:posts, None].clamp(min=1)


def moved(batch, device):
    return {k: v.to(device, non_blocking=True) for k, v in batch.items()}


def fell(progress, warm=0.06):
    """The share of the highest rate: up in a line, then down to nothing."""
    return min(progress / warm, (1 - progress) / (1 - warm)) if progress < 1 else 0.0


def groups(named, rate):
    """Parameter groups: no decay of biases and norms."""
    return [{"params": [p for p in named if p.dim() > 1], "weight_decay": 0.01, "top": rate},
            {"params": [p for p in named if p.dim() == 1], "weight_decay": 0.0, "top": rate}]


def save(path, tensors, parts_of=13_000_000):
    """16-bit floats, in files that stay under 16 MiB: path.0.pt, path.1.pt, …"""
    some, size, n = {}, 0, 0
    for name, t in tensors.items():
        t = t.detach().half().cpu()
        if size + t.numel() * 2 > parts_of:
            torch.save(some, f"{path}.{n}.pt")
            some, size, n = {}, 0, n + 1
        some[name] = t
        size += t.numel() * 2
    torch.save(some, f"{path}.{n}.pt")


def restore(path):
    out, n = {}, 0
    while os.path.exists(f"{path}.{n}.pt"):
        out.update({k: v.float() for k, v in torch.load(f"{path}.{n}.pt", map_location="cpu").items()})
        n += 1
    assert out, f"nothing at {path}"
    return out
