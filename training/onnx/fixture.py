"""Makes the classifier of crates/groundswell/tests/it/fixtures/onnx: a sum of word weights, small enough to read.

    python3 fixture.py OUT      # needs the package onnx
"""
import json, os, sys

import numpy as np
from onnx import TensorProto as T, checker, helper as h, numpy_helper as n, save

WORDS = {"[UNK]": (0.2, 0, 0), "[PAD]": (0, 0, 0), "late": (0, 3, 0), "broken": (0, 4, 0), "refund": (0, 2, 2), "price": (0, 0, 3),
         "cheap": (0, 0, 2), "thanks": (1, 0, 0), "the": (0.1, 0, 0), "parcel": (0, 1, 0)}
LABELS = ["other", "delivery", "price"]


def model():
    weights = np.array(list(WORDS.values()), np.float32)
    nodes = [h.make_node("Gather", ["weights", "input_ids"], ["each"], axis=0),
             h.make_node("Cast", ["attention_mask"], ["mask"], to=T.FLOAT),
             h.make_node("Unsqueeze", ["mask", "last"], ["wide"]),
             h.make_node("Mul", ["each", "wide"], ["present"]),
             h.make_node("ReduceSum", ["present", "middle"], ["logits"], keepdims=0)]
    inputs = [h.make_tensor_value_info(name, T.INT64, ["posts", "tokens"]) for name in ("input_ids", "attention_mask")]
    outputs = [h.make_tensor_value_info("logits", T.FLOAT, ["posts", len(LABELS)])]
    init = [n.from_array(weights, "weights"), n.from_array(np.array([2], np.int64), "last"), n.from_array(np.array([1], np.int64), "middle")]
    m = h.make_model(h.make_graph(nodes, "words", inputs, outputs, init), opset_imports=[h.make_opsetid("", 17)], ir_version=8)
    checker.check_model(m)
    return m


def tokenizer():
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": {"type": "Lowercase"},
            "pre_tokenizer": {"type": "Whitespace"}, "post_processor": None, "decoder": None,
            "model": {"type": "WordLevel", "vocab": {w: i for i, w in enumerate(WORDS)}, "unk_token": "[UNK]"}}


def main():
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    save(model(), os.path.join(out, "model.onnx"))
    json.dump(tokenizer(), open(os.path.join(out, "tokenizer.json"), "w"), indent=1)
    json.dump({"id": "support-topic@1", "labels": LABELS, "languages": ["en"], "max_tokens": 32, "temperature": 1.5},
              open(os.path.join(out, "card.json"), "w"), indent=1)


if __name__ == "__main__":
    main()
