#!/usr/bin/env python3
"""Turns the labelled sets of the shared folder into the training and validation files of the shipped models.

    python3 training/prepare.py --data ../shared/data --out training/out

writes OUT/sentiment.train.jsonl, OUT/sentiment.<set>.val.jsonl, OUT/language.train.jsonl, OUT/language.<set>.val.jsonl:
{"text","label","lang","set"} a line. Nothing it writes is committed. What it reads is listed in manifest.json.
Standard library only; the same input gives the same output.
"""
import argparse, csv, gzip, hashlib, json, os, re, sys

import seed

UMSAB = {"arabic": "ar", "english": "en", "french": "fr", "german": "de", "hindi": "hi", "italian": "it",
         "portuguese": "pt", "spanish": "es"}
AFRISENTI = {"amh": "am", "arq": "ar", "ary": "ar", "hau": "ha", "ibo": "ig", "kin": "rw", "orm": "om", "pcm": "pcm",
             "por": "pt", "swa": "sw", "tir": "ti", "tso": "ts", "twi": "tw", "yor": "yo"}
CARTER = {"german": "de", "spanish": "es", "french": "fr", "english": "en", "dutch": "nl"}
# Words by which an English tweet among romanised Hindi ones is known.
ENGLISH = set("the and you of for with that this have are was but not your just what from they will can all i my "
              "on at be it's don't his her he she we tomorrow sunday monday friday saturday may".split())
THREE = {"negative", "neutral", "positive"}


def lines(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as f:
        for line in f:
            if line.strip():
                yield json.loads(line)


def held_out(text, share):
    """The same texts fall into the held-out part on every run, whatever their order."""
    key = re.sub(r"\W+", " ", text.lower())
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) / 2**32 < share


def is_english(text):
    words = re.findall(r"[a-z']+", text.lower())
    return sum(w in ENGLISH for w in words) >= 0.2 * len(words)


class Sets:
    def __init__(self, root):
        self.root = root

    def at(self, *path):
        return os.path.join(self.root, *path)

    def umsab(self, part):
        for name, lang in UMSAB.items():
            for r in lines(self.at("umsab_xlmt/jsonl", f"{name}.{part}.jsonl")):
                yield r["text"], r["label"], lang, f"umsab-{lang}"

    def tweeteval(self, part):
        name = {"train": "sentiment.train_recovered_from_semeval.jsonl.gz", "val": "sentiment.val.jsonl"}[part]
        for r in lines(self.at("tweeteval/jsonl", name)):
            yield r["text"], r["label"], "en", "tweeteval"

    def afrisenti(self, part):
        for name, lang in AFRISENTI.items():
            path = self.at("sentiment_multi/afrisenti", f"{name}.{part}.jsonl")
            for r in lines(path if os.path.exists(path) else path + ".gz"):
                yield r["text"], r["label"], lang, f"afrisenti-{name}"

    def wisesight(self, part):
        name = {"train": "train.jsonl.gz", "val": "valid.jsonl"}[part]
        for r in lines(self.at("brand/wisesight_thai", name)):
            # A question expresses no sentiment; the set counts it apart.
            yield r["text"], "neutral" if r["label"] == "question" else r["label"], "th", "wisesight"

    def sentirueval(self):
        names = {"-1": "negative", "0": "neutral", "1": "positive"}
        for topic in ("bank", "ttk"):
            for r in lines(self.at("brand/sentirueval2016", f"{topic}.train.jsonl.gz")):
                found = set(r["labels"].values())
                # Posts that praise one brand and blame another have no sentiment as a whole.
                if len(found) == 1 and next(iter(found)) in names:
                    yield r["text"], names[found.pop()], "ru", f"sentirueval-{topic}"

    def smsa(self, part):
        name = {"train": "train_preprocess.tsv", "val": "valid_preprocess.tsv"}[part]
        path = self.at("sentiment_multi/indonlu/dataset/smsa_doc-sentiment-prosa", name)
        with open(path, encoding="utf-8") as f:
            for line in f:
                text, _, label = line.rstrip("\n").rpartition("\t")
                yield text, label, "id", "smsa"

    def emot(self, part):
        name = {"train": "train_preprocess.csv", "val": "valid_preprocess.csv"}[part]
        path = self.at("sentiment_multi/indonlu/dataset/emot_emotion-twitter", name)
        with open(path, encoding="utf-8", newline="") as f:
            for r in csv.DictReader(f):
                yield r["tweet"]

    def lingua(self):
        for kind in ("sentences", "word-pairs", "single-words"):
            for r in lines(self.at("langid/lingua_testdata", f"{kind}.jsonl.gz")):
                yield r["text"], r["label"], kind

    def carter(self):
        for r in lines(self.at("langid/carter_tweets/train.jsonl")):
            yield r["text"], CARTER[r["label"]]

    def germeval(self):
        for r in lines(self.at("brand/germeval2017_db/dev.jsonl.gz")):
            yield r["text"]


def write(out, name, rows):
    n = 0
    with open(os.path.join(out, name), "w", encoding="utf-8") as f:
        for text, label, lang, group in rows:
            f.write(json.dumps({"text": text, "label": label, "lang": lang, "set": group}, ensure_ascii=False) + "\n")
            n += 1
    print(f"{name}: {n}", file=sys.stderr)


def sentiment(s, out):
    ru = list(s.sentirueval())
    smsa = list(s.smsa("train"))
    train = [*s.tweeteval("train"), *s.umsab("train"), *s.afrisenti("train"), *s.wisesight("train"),
             *(r for r in ru if not held_out(r[0], 0.1)), *smsa, *seed.rows()]
    write(out, "sentiment.train.jsonl", (r for r in train if r[1] in THREE))
    for name, rows in (("tweeteval", s.tweeteval("val")), ("umsab", s.umsab("val")), ("afrisenti", s.afrisenti("dev")),
                       ("wisesight", s.wisesight("val")), ("sentirueval", (r for r in ru if held_out(r[0], 0.1))),
                       ("smsa", s.smsa("val"))):
        write(out, f"sentiment.{name}.val.jsonl", rows)


def language(s, out):
    # The Hindi tweets are romanised, and mixed with English ones.
    tweets = lambda part: [(t, lang, lang, "umsab") for t, _, lang, _ in s.umsab(part) if lang != "hi"]
    hindi = lambda part: [(t, lang, lang, "umsab-hi") for t, _, lang, _ in s.umsab(part)
                          if lang == "hi" and not is_english(t)]
    dev = "dev"
    african = lambda part: [(t, lang, lang, g) for t, _, lang, g in s.afrisenti(part)]
    # Oromo and Tigrinya have no training part: most of their development part trains, the rest judges.
    only_dev = {"om", "ti"}
    train = tweets("train") + hindi("train") + [r for r in african("train") if r[1] not in only_dev]
    train += [r for r in african(dev) if r[1] in only_dev and not held_out(r[0], 0.2)]
    train += [(t, "ru", "ru", "sentirueval") for t, _, _, _ in s.sentirueval() if not held_out(t, 0.1)]
    train += [(t, "id", "id", "emot") for t in s.emot("train")]
    train += [(t, "id", "id", "smsa") for t, _, _, _ in s.smsa("train")]
    train += [(t, "en", "en", "tweeteval") for t, _, _, _ in s.tweeteval("train") if held_out(t, 0.4)]
    train += [(t, "de", "de", "germeval") for t in s.germeval()]
    train += [(t, lang, lang, "carter") for t, lang in s.carter() if not held_out(t, 0.2)]
    lingua = list(s.lingua())
    train += [(t, lang, lang, f"lingua-{kind}") for t, lang, kind in lingua if not held_out(t, 0.15)]
    write(out, "language.train.jsonl", train)
    write(out, "language.umsab.val.jsonl", tweets("val"))
    write(out, "language.romanised-hindi.val.jsonl", hindi("val"))
    write(out, "language.carter.val.jsonl", ((t, l, l, "carter") for t, l in s.carter() if held_out(t, 0.2)))
    write(out, "language.afrisenti.val.jsonl", (r for r in african(dev) if r[1] not in only_dev or held_out(r[0], 0.2)))
    for kind in ("sentences", "word-pairs", "single-words"):
        rows = ((t, l, l, f"lingua-{kind}") for t, l, k in lingua if k == kind and held_out(t, 0.15))
        write(out, f"language.{kind}.val.jsonl", rows)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", default="../shared/data")
    p.add_argument("--out", default="training/out")
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    s = Sets(a.data)
    sentiment(s, a.out)
    language(s, a.out)


if __name__ == "__main__":
    main()
