"""Begins a working folder from the shipped weights, so that training goes on where they were made.

    python3 resume.py --models ../../models/encoder --out WORK

writes WORK/vocabulary.json, WORK/vocabulary.gst, WORK/base.pt (of the package) and WORK/checkpoint.pt (the shipped 8-bit
weights as floats, step 0, without the optimiser's memory).
"""
import argparse, json, os, shutil, struct

import numpy as np
import torch

import base, container


def read(path):
    """The header of a container and its tensors by name."""
    raw = open(path, "rb").read()
    assert raw[:8] == container.MAGIC, f"{path} is not a tensor container"
    length, = struct.unpack_from("<I", raw, 12)
    header = json.loads(raw[20:20 + length])
    found = {}
    for t in header["tensors"]:
        if t["dtype"] in container.DTYPES:
            kind = container.DTYPES[t["dtype"]]
            found[t["name"]] = np.frombuffer(raw, kind, int(np.prod(t["shape"])), 20 + length + t["offset"]).reshape(t["shape"])
    return header, found


def vocabulary(path, package):
    """The kept pieces, and where each stands in the package."""
    header, t = read(path)
    blob, offsets = t["pieces.bytes"].tobytes(), t["pieces.offsets"]
    pieces = [blob[a:b].decode() for a, b in zip(offsets, offsets[1:])]
    place = {}
    for i, piece in enumerate(package.pieces):
        place.setdefault(piece, i)
    config = header["config"]
    return {"kept": [place[p] for p in pieces], "pieces": pieces, "scores": [float(s) for s in t["pieces.scores"]],
            **{k: config[k] for k in ("bos", "eos", "pad", "unk")}}


def weights(path):
    """The live parameters as `train.py` names them, and the number of layers."""
    header, t = read(path)
    live = {"encoder.ln.weight": t["ln.w"], "encoder.ln.bias": t["ln.b"]}
    for i in range(header["config"]["layers"]):
        for name in ("q", "k", "v", "o", "fi", "fo"):
            live[f"encoder.layers.{i}.{name}.weight"] = t[f"l{i}.{name}.w"].astype(np.float32) * t[f"l{i}.{name}.s"][:, None]
            live[f"encoder.layers.{i}.{name}.bias"] = t[f"l{i}.{name}.b"]
        for name in ("ln1", "ln2"):
            live[f"encoder.layers.{i}.{name}.weight"] = t[f"l{i}.{name}.w"]
            live[f"encoder.layers.{i}.{name}.bias"] = t[f"l{i}.{name}.b"]
    for name in header["config"]["heads"]:
        live[f"heads.{name}.weight"], live[f"heads.{name}.bias"] = t[f"head.{name}.w"], t[f"head.{name}.b"]
    return {n: torch.from_numpy(np.array(v, np.float32)) for n, v in live.items()}, header["config"]["layers"]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--models", required=True)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    package = base.Package(base.package_file())
    v = vocabulary(os.path.join(a.models, "vocabulary.gst"), package)
    os.makedirs(a.out, exist_ok=True)
    json.dump(v, open(os.path.join(a.out, "vocabulary.json"), "w"), ensure_ascii=False)
    shutil.copy(os.path.join(a.models, "vocabulary.gst"), a.out)
    torch.save(base.load_encoder(package, v["kept"], package.layers).state_dict(), os.path.join(a.out, "base.pt"))
    live, layers = weights(os.path.join(a.models, "weights.gst"))
    torch.save({"live": live, "average": live, "step": 0, "layers": layers}, os.path.join(a.out, "checkpoint.pt"))


if __name__ == "__main__":
    main()
