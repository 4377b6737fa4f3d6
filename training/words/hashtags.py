"""The table by which hashtags are parted, from counts of words (counts.py).

    python3 hashtags.py --data ../../../shared/data --out ../../models/words/hashtags.gsw

The costs in the header are those that `cargo run --release -p models --example tune_hashtags` found on training tags. The
form of the file stands in crates/models/src/hashtags/file.rs.
"""
import argparse, collections, json, math, os, struct, zlib

import counts

LEAST_WORD, LEAST_PAIR, LONGEST = 4, 12, 24
# Letters that are words; others are seen as parts of shortened ones.
ONE = set("aiouxy")
DISCOUNT, TRUST = 0.5, 0.8  # of pairs
HERE = os.path.dirname(os.path.abspath(__file__))


def letter(c):
    return 0 if c in "^$" else ord(c) - 96 if "a" <= c <= "z" else 27


def letters(words):
    """The cost of each letter after two others, over the words that are known."""
    triples, doubles = collections.Counter(), collections.Counter()
    for word in words:
        if word.isascii() and word.isalpha():
            spelled = [0, 0] + [letter(c) for c in word] + [0]
            for i in range(2, len(spelled)):
                triples[tuple(spelled[i - 2:i + 1])] += 1
                doubles[tuple(spelled[i - 2:i])] += 1
    share = lambda a, b, c: (triples[a, b, c] + 0.3) / (doubles[a, b] + 0.3 * 28)
    return bytes(step(-math.log(share(a, b, c)), 16) for a in range(28) for b in range(28) for c in range(28))


def step(cost, steps):
    return max(0, min(255, round(cost * steps)))


def number(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def shared(a, b):
    n = 0
    while n < min(len(a), len(b), 255) and a[n] == b[n]:
        n += 1
    return n


def table(words, pairs):
    """Words and pairs as the program reads them."""
    words = {w: c for w, c in words.items() if c >= LEAST_WORD and len(w) <= LONGEST and (len(w) > 1 or w in ONE or not w.isascii())}
    total = sum(words.values())
    ordered = sorted(w.encode() for w in words)
    ids = {w: i for i, w in enumerate(ordered)}
    body, before = bytearray(letters(words)), b""
    for word in ordered:
        n = shared(before, word)
        body += bytes([n, len(word) - n]) + word[n:] + bytes([step(-math.log(words[word.decode()] / total), 10)])
        before = word
    rows = [[] for _ in ordered]
    kept = 0
    for (a, b), count in pairs.items():
        if count >= LEAST_PAIR and a in words and b in words:
            share = TRUST * (count - DISCOUNT) / words[a] + (1 - TRUST) * words[b] / total
            if share > 2 * words[b] / total:  # else it says nothing
                rows[ids[a.encode()]].append((ids[b.encode()], step(-math.log(share), 16)))
                kept += 1
    for row in rows:
        body += number(len(row))
        last = 0
        for second, cost in sorted(row):
            body += number(second - last) + bytes([cost])
            last = second
    return bytes(body), len(ordered), kept


def write(path, version, body, words, pairs, costs):
    header = {"id": f"hashtags@{version}", "kind": "hashtags", "words": words, "pairs": pairs, "bytes": len(body), "costs": costs}
    content = json.dumps(header).encode() + body
    with open(path, "wb") as f:
        f.write(b"GSWORDS\0" + struct.pack("<III", 1, len(content) - len(body), zlib.crc32(content)) + content)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", default="../../../shared/data")
    p.add_argument("--version", type=int, default=1)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    with open(os.path.join(HERE, "costs.json"), encoding="utf-8") as f:
        costs = json.load(f)
    body, words, pairs = table(*counts.count(a.data))
    os.makedirs(os.path.dirname(a.out), exist_ok=True)
    write(a.out, a.version, body, words, pairs, costs)
    print(f"{words} words, {pairs} pairs, {os.path.getsize(a.out)} bytes")


if __name__ == "__main__":
    main()
