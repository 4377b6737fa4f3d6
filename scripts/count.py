#!/usr/bin/env python3
"""An independent count of what monitors find in files of posts, to hold `groundswell replay` against.

usage: count.py CONFIG.toml FILE…   (JSON Lines, plain or .gz; fields id, text, title)

Reads the rules of the query language from its documentation, not its code: standard library only, one post after the
other, no index. It knows words, #tags, @names, "phrases", NEAR/n, AND, OR, NOT and brackets.
"""
import gzip
import json
import re
import sys
import tomllib
import unicodedata

URL = re.compile(r"(?<![\w#@])(?:https?://|www\.)[^\s\"<>“”…]+", re.I)
LEXEME = re.compile(r'\(|\)|"[^"]*"|NEAR/\d+|[^\s()"]+')


def unspaced(c):
    """Scripts without spaces between words: each character is a word of its own."""
    return any(a <= ord(c) <= b for a, b in ((0xE00, 0xEFF), (0x1000, 0x109F), (0x1780, 0x17D3), (0x2E80, 0x2FDF),
               (0x3005, 0x3007), (0x3041, 0x31FF), (0x3400, 0x9FFF), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)))


def words(text):
    """Folded words with their sigil forms; a link is a place without a word."""
    text = unicodedata.normalize("NFKC", URL.sub("\x00", text))
    out = []
    i = 0
    while i < len(text):
        c = text[i]
        if c == "\x00":
            out.append(set())
            i += 1
        elif unicodedata.category(c)[0] in "LN" or c == "_":
            j = i + 1
            while j < len(text) and (unicodedata.category(text[j]) in ("Mn", "Mc") and not 0xFE00 <= ord(text[j]) <= 0xFE0F
                                     or (unicodedata.category(text[j])[0] in "LN" or text[j] == "_")
                                     and not unspaced(c) and not unspaced(text[j])):
                j += 1
            word = text[i:j].casefold()
            plain = "".join(d for d in unicodedata.normalize("NFD", word) if unicodedata.category(d) != "Mn")
            forms = {word, plain}
            if i > 0 and text[i - 1] in "#@" and not (i > 1 and (text[i - 2].isalnum() or text[i - 2] == "_")):
                forms |= {text[i - 1] + form for form in (word, plain)}
            out.append(forms)
            i = j
        else:
            i += 1
    return out


class Parser:
    def __init__(self, query):
        self.left = LEXEME.findall(query)

    def peek(self):
        return self.left[0] if self.left else None

    def either(self):
        node = [self.both()]
        while self.peek() == "OR":
            self.left.pop(0)
            node.append(self.both())
        return ("or", node) if len(node) > 1 else node[0]

    def both(self):
        node = [self.near()]
        while self.peek() in ("AND", "NOT"):
            negated = self.left.pop(0) == "NOT" or (self.peek() == "NOT" and bool(self.left.pop(0)))
            operand = self.near()
            node.append(("not", operand) if negated else operand)
        return ("and", node) if len(node) > 1 else node[0]

    def near(self):
        node = self.one()
        while self.peek() and self.peek().startswith("NEAR/"):
            n = int(self.left.pop(0)[5:])
            node = ("near", n, node, self.one())
        return node

    def one(self):
        token = self.left.pop(0)
        if token == "(":
            node = self.either()
            assert self.left.pop(0) == ")"
            return node
        return ("phrase", [w.casefold() for w in token.strip('"').split()])


def places(node, post):
    """Where a term, phrase or OR of them stands: first and last word."""
    if node[0] == "or":
        return [p for child in node[1] for p in places(child, post)]
    terms = node[1]
    last = len(terms) - 1
    return [(i, i + last) for i in range(len(post) - last) if all(t in post[i + k] for k, t in enumerate(terms))]


def holds(node, post):
    kind = node[0]
    if kind == "and":
        return all(holds(c, post) for c in node[1])
    if kind == "or":
        return any(holds(c, post) for c in node[1])
    if kind == "not":
        return not holds(node[1], post)
    if kind == "near":
        _, n, a, b = node
        return any(1 <= d <= n for p in places(a, post) for q in places(b, post) for d in (q[0] - p[1], p[0] - q[1]))
    return bool(places(node, post))


def main():
    with open(sys.argv[1], "rb") as f:
        monitors = [(m["name"], Parser(m["query"]).either()) for m in tomllib.load(f)["monitor"]]
    counts = {name: 0 for name, _ in monitors}
    posts = admitted = duplicates = refused = 0
    seen = set()
    for path in sys.argv[2:]:
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as f:
            for line in f:
                post = json.loads(line)
                posts += 1
                text, title = (post.get("text") or "").strip(), (post.get("title") or "").strip()
                if not text and not title:
                    refused += 1
                elif post["id"] in seen:
                    duplicates += 1
                else:
                    seen.add(post["id"])
                    admitted += 1
                    # A gap that no phrase reaches over lies between headline and text.
                    read = words(title) + [set()] * 50 + words(text)
                    for name, query in monitors:
                        counts[name] += holds(query, read)
    print(json.dumps({"posts": posts, "admitted": admitted, "duplicates": duplicates, "refused": refused, "monitors": counts}))


main()
