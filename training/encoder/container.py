"""The tensor container that crate `models` reads: see docs/specs/encoder.md."""
import json, struct, zlib

import numpy as np

MAGIC, FORMAT = b"GSTENSR\0", 1
DTYPES = {"f32": np.float32, "u32": np.uint32, "u8": np.uint8, "i8": np.int8}


def write(path, ident, kind, config, tensors):
    """`tensors`: [(name, dtype, shape, array or bytes)]. Offsets are relative to the first byte of data, 64-aligned."""
    entries, blobs, at = [], [], 0
    for name, dtype, shape, data in tensors:
        raw = data if isinstance(data, bytes) else np.ascontiguousarray(data, DTYPES[dtype]).tobytes()
        entries.append({"name": name, "dtype": dtype, "shape": list(shape), "offset": at})
        pad = -len(raw) % 64
        blobs += [raw, b"\0" * pad]
        at += len(raw) + pad
    header = json.dumps({"id": ident, "kind": kind, "config": config, "tensors": entries}, ensure_ascii=False).encode()
    header += b" " * (-(20 + len(header)) % 64)
    body = header + b"".join(blobs)
    with open(path, "wb") as f:
        f.write(MAGIC + struct.pack("<III", FORMAT, len(header), zlib.crc32(body)) + body)


def quantise_rows(weight, limit):
    """Symmetric 8-bit weights of each output channel: (i8 [out, in], f32 scale [out])."""
    scale = np.maximum(np.abs(weight).max(1), 1e-8) / limit
    return bounded(np.clip(np.rint(weight / scale[:, None]), -limit, limit)).astype(np.int8), scale.astype(np.float32)


def bounded(q, largest=258):
    """Of each eight inputs, the sums of the positive and of the negative weights of two fours are kept in 16 bits, as
    the engine needs it (crate `models`, encoder/kernel): the largest weight of a four gives way."""
    steps = q.reshape(-1, 8)
    for four in ([0, 1, 4, 5], [2, 3, 6, 7]):
        part = steps[:, four]
        for sign in (1, -1):
            while True:
                over = np.flatnonzero(np.clip(sign * part, 0, None).sum(1) > largest)
                if not len(over):
                    break
                part[over, (sign * part[over]).argmax(1)] -= sign
        steps[:, four] = part
    return steps.reshape(q.shape)
