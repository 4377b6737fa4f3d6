"""What the encoder is trained on: posts with the labels of the heads they have labels for.

    python3 data.py --data ../shared/data --out WORK      # WORK/train.jsonl, WORK/val.jsonl, WORK/unlabelled.txt

A line: {"text", "lang", "set", "labels": {head: index}, "targets": [[start, end, label]], "whole": [label …],
"tags": [[start, end, kind]], "aspects": [[start, end]] …}. Spans are characters of `text`. Nothing of it is committed.
"""
import argparse, csv, glob, gzip, hashlib, json, os, re, sys

sys.path.append(os.path.join(os.path.dirname(__file__), ".."))
import contrast, seed, weak
from aliases import BRANDS
from texts import clean

SENTIMENT = ["negative", "neutral", "positive"]
EMOTION = ["anger", "joy", "optimism", "sadness"]
FEELINGS = ["admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion", "curiosity", "desire",
            "disappointment", "disapproval", "disgust", "embarrassment", "excitement", "fear", "gratitude", "grief", "joy",
            "love", "nervousness", "optimism", "pride", "realization", "relief", "remorse", "sadness", "surprise", "neutral"]
HATE = ["neither", "offensive", "hate"]
KINDS = ["person", "organisation", "location", "product", "other"]
UMSAB = {"arabic": "ar", "english": "en", "french": "fr", "german": "de", "hindi": "hi", "italian": "it",
         "portuguese": "pt", "spanish": "es"}
AFRISENTI = {"amh": "am", "arq": "ar", "ary": "ar", "hau": "ha", "ibo": "ig", "kin": "rw", "orm": "om", "pcm": "pcm",
             "por": "pt", "swa": "sw", "tir": "ti", "tso": "ts", "twi": "tw", "yor": "yo"}
NER = {"PER": "person", "person": "person", "ORG": "organisation", "corporation": "organisation", "group": "organisation",
       "LOC": "location", "location": "location", "product": "product", "creative-work": "other", "MISC": "other"}
LANGUAGE = {"arabic": "ar", "dutch": "nl", "english": "en", "french": "fr", "russian": "ru", "spanish": "es", "turkish": "tr"}
POLARITY = {"negative": 0, "neutral": 1, "positive": 2, "-1": 0, "0": 1, "1": 2, "-2": 0, "2": 2, -1: 0, 0: 1, 1: 2,
            "Negative": 0, "Neutral": 1, "Positive": 2, "Negative emotion": 0, "Positive emotion": 2,
            "No emotion toward brand or product": 1}


def lines(path):
    path = path if os.path.exists(path) else path + ".gz"
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as f:
        for line in f:
            if line.strip():
                yield json.loads(line)


def key(text):
    """Two texts with one key are copies."""
    text = re.sub(r"https?://\S+|@\w+|\$t\$", " ", text.lower())
    return re.sub(r"\W+", " ", text).strip()


def judged(text, share=0.1):
    """Sets without a development part give a tenth, chosen by a hash of the text."""
    return int(hashlib.sha256(key(text).encode()).hexdigest()[:8], 16) / 2**32 < share


class Rows:
    """Posts by set and part, with all their labels."""

    def __init__(self, root):
        self.root, self.parts = root, {"train": {}, "val": {}}

    def at(self, *path):
        return os.path.join(self.root, *path)

    def row(self, part, group, text, lang):
        text = clean(text)
        rows = self.parts[part].setdefault(group, {})
        return rows.setdefault(text, {"text": text, "lang": lang, "set": group, "labels": {}, "targets": [], "whole": []})

    def label(self, part, group, text, lang, head, value):
        self.row(part, group, text, lang)["labels"][head] = value

    def target(self, part, group, text, lang, spans, value, name=None):
        """A label toward a target; without a span it is asked of the whole post. `name` is what a span must read."""
        row = self.row(part, group, text, lang)
        if name is not None:
            spans = [s for s in spans if row["text"][s[0]:s[1]] == name] or spans_of(row["text"], name)[:1]
        if spans:
            if [spans, value] not in row["targets"]:
                row["targets"].append([spans, value])
        else:
            row["whole"].append(value)


def posts(r):
    for part, tweeteval, umsab, afri, wise in (("train", "train", "train", "train", "train"), ("val", "val", "val", "dev", "valid")):
        name = "sentiment.train_recovered_from_semeval.jsonl.gz" if part == "train" else "sentiment.val.jsonl"
        for x in lines(r.at("tweeteval/jsonl", name)):
            r.label(part, "tweeteval", x["text"], "en", "sentiment", SENTIMENT.index(x["label"]))
        for name, lang in UMSAB.items():
            for x in lines(r.at("umsab_xlmt/jsonl", f"{name}.{umsab}.jsonl")):
                r.label(part, f"umsab-{lang}", x["text"], lang, "sentiment", SENTIMENT.index(x["label"]))
        for name, lang in AFRISENTI.items():
            for x in lines(r.at("sentiment_multi/afrisenti", f"{name}.{afri}.jsonl")):
                if x["label"] in SENTIMENT:
                    r.label(part, f"afrisenti-{name}", x["text"], lang, "sentiment", SENTIMENT.index(x["label"]))
        for x in lines(r.at("brand/wisesight_thai", f"{wise}.jsonl")):
            label = "neutral" if x["label"] == "question" else x["label"]
            r.label(part, "wisesight", x["text"], "th", "sentiment", SENTIMENT.index(label))
            r.label(part, "wisesight", x["text"], "th", "question", int(x["label"] == "question"))
        smsa = "train_preprocess.tsv" if part == "train" else "valid_preprocess.tsv"
        with open(r.at("sentiment_multi/indonlu/dataset/smsa_doc-sentiment-prosa", smsa), encoding="utf-8") as f:
            for line in f:
                text, _, label = line.rstrip("\n").rpartition("\t")
                r.label(part, "smsa", text, "id", "sentiment", SENTIMENT.index(label))
        for task, head, classes in (("emotion", "emotion", EMOTION), ("offensive", "offensive", ["not-offensive", "offensive"]),
                                    ("irony", "irony", ["non_irony", "irony"])):
            for x in lines(r.at("tweeteval/jsonl", f"{task}.{tweeteval}.jsonl")):
                r.label(part, f"tweeteval-{task}", x["text"], "en", head, x["label_id"])
        for x in lines(r.at("emotion/goemotions", "train.jsonl" if part == "train" else "dev.jsonl")):
            r.label(part, "goemotions", x["text"], "en", "feelings", [FEELINGS.index(l) for l in x["labels"]])
    for text, label, lang, group in seed.rows():
        r.label("train", group, text, lang, "sentiment", SENTIMENT.index(label))
    for x in lines(r.at("feedback/complaints_acl2019/dev.jsonl")):
        r.label("val" if judged(x["text"], 0.15) else "train", "complaints", x["text"], "en", "complaint", int(x["label"]))
    for x in lines(r.at("hate/davidson2017/dev.jsonl")):
        part = "val" if judged(x["text"]) else "train"
        name = {"neither": 0, "offensive": 1, "offensive_language": 1, "hate": 2, "hate_speech": 2}.get(x["label"])
        if name is not None:
            r.label(part, "davidson", x["text"], "en", "hate", name)
    for name, lang in (("En", "en"), ("Ar", "ar")):
        with open(r.at(f"emotion/isarcasmeval/train/train.{name}.csv"), encoding="utf-8", newline="") as f:
            for x in csv.DictReader(f):
                text = x.get("tweet") or x.get("text")
                if text and x.get("sarcastic") in ("0", "1"):
                    part = "val" if judged(text) else "train"
                    r.label(part, f"isarcasm-{lang}", text, lang, "sarcasm", int(x["sarcastic"]))


def spans_of(text, name):
    """Where a name stands, ignoring case; as a hashtag or handle too."""
    pattern = re.escape(name).replace(r"\ ", r"[\s_]*")
    return [[m.start(), m.end()] for m in re.finditer(pattern, text, re.I)]


def brand_spans(text, aliases):
    pattern = "|".join(sorted(aliases, key=len, reverse=True))
    return [[m.start(), m.end()] for m in re.finditer(rf"[#@]?(?:{pattern})\w*", text, re.I)]


def template(r, part, group, lang, x):
    """`$T$` stands where the target stood."""
    before, _, after = x["template"].partition("$T$")
    text = before + x["target"] + after
    start = len(before) - (len(text) - len(text.lstrip()))
    r.target(part, group, text, lang, [[start, start + len(x["target"])]], POLARITY[x["label"]], x["target"])


def toward(r):
    for x in lines(r.at("target_sentiment/acl14_twitter/train.jsonl")):
        template(r, "val" if judged(x["template"]) else "train", "dong", "en", x)
    for name in ("restaurant", "laptop"):
        for x in lines(r.at(f"target_sentiment/semeval14_{name}/train.jsonl")):
            if x["label"] in POLARITY:
                template(r, "val" if judged(x["text"]) else "train", f"semeval14-{name}", "en", x)
    for name, lang in LANGUAGE.items():
        for x in lines(r.at(f"target_sentiment/semeval16_task5/{name}.train.jsonl")):
            if x["label"] in POLARITY and x.get("target") not in (None, "NULL", "") and "$T$" in x["template"]:
                template(r, "val" if judged(x["text"]) else "train", f"semeval16-{lang}", lang, x)
    for part in ("train", "val"):
        for x in lines(r.at(f"target_sentiment/mams/ATSA.{part}.jsonl")):
            r.target(part, "mams", x["text"], "en", [[x["from"], x["to"]]], POLARITY[x["label"]], x["target"])
        for x in lines(r.at("target_sentiment/newsmtsc_mt", "train.jsonl" if part == "train" else "dev.jsonl")):
            r.target(part, "newsmtsc", x["sentence"], "en", [[x["from"], x["to"]]], POLARITY[x["polarity"]], x["mention"])
    for year in (2015, 2016):
        for topic in ("bank", "ttk"):
            for x in lines(r.at(f"brand/sentirueval{year}", f"{topic}.train.jsonl")):
                part = "val" if judged(x["text"]) else "train"
                for brand, value in x["labels"].items():
                    if str(value) in POLARITY:
                        r.target(part, f"sentirueval-{topic}", x["text"], "ru", brand_spans(clean(x["text"]), BRANDS.get(brand, [brand])), POLARITY[str(value)])
    for name in ("BD", "CE"):
        for x in lines(r.at(f"semeval2017_task4/{name}_topic.train.jsonl")):
            if str(x["label"]) in POLARITY:
                part = "val" if judged(x["topic"], 0.08) else "train"
                r.target(part, f"topic-{name.lower()}", x["text"], "en", spans_of(clean(x["text"]), x["topic"]), POLARITY[str(x["label"])])
    for path, group in (("brand/sanders2011/dev.jsonl", "sanders"), ("brand/sxsw_brand_emotions/dev.jsonl", "sxsw"),
                        ("brand/twitter_entity_sentiment/grouped.train.jsonl", "entity")):
        for x in lines(r.at(path)):
            if x["label"] in POLARITY and x.get("target") and x["text"]:
                part = "val" if judged(x["text"], 0.05) else "train"
                name = re.sub(r"\(.*?\)", "", x["target"].split(" or ")[0]).strip()
                r.target(part, group, x["text"], "en", spans_of(clean(x["text"]), name), POLARITY[x["label"]])


def contrasts(r):
    """Posts about two names at once: made up, and joined of labelled ones."""
    for text, lang, names in contrast.posts():
        for name, value in names:
            r.target("train", "contrast", text, lang, spans_of(text, name)[:1], value)
    for row in contrast.joined({k: list(v.values()) for k, v in r.parts["train"].items()}):
        r.parts["train"].setdefault("joined", {}).setdefault(row["text"], row)


def words(r):
    for name in ("btc", "wnut17", "tweebank"):
        for part, stem in (("train", "train"), ("val", "dev")):
            for x in lines(r.at(f"ner/{name}/{stem}.jsonl")):
                text, spans, open_span = "", [], None
                for token, tag in zip(x["tokens"], x["tags"]):
                    token = token.strip() or "_"
                    glue = text.endswith(("#", "@")) or not text
                    text += token if glue else " " + token
                    start, kind = len(text) - len(token), NER.get(tag[2:])
                    if tag.startswith("I-") and spans and open_span:
                        spans[-1][1] = len(text)
                    elif tag != "O" and kind:
                        spans.append([start, len(text), KINDS.index(kind)])
                    open_span = tag != "O"
                if text == clean(text):
                    r.row(part, f"ner-{name}", text, "en")["tags"] = spans


def without_copies(parts):
    """Training texts that also stand in a judged part are left out."""
    judged_keys = {key(t) for rows in parts["val"].values() for t in rows}
    for rows in parts["train"].values():
        for text in [t for t in rows if key(t) in judged_keys or not t]:
            del rows[text]


def unlabelled(r):
    """Texts for the vocabulary: every labelled one, other languages, the streams."""
    for name in ("sentences", "word-pairs", "single-words"):
        yield from (x["text"] for x in lines(r.at(f"langid/lingua_testdata/{name}.jsonl")))
    for path in sorted(glob.glob(r.at("streams/*/*.jsonl.gz"))):
        limit = 60_000 if "reddit" in path else 10**9
        for i, x in enumerate(lines(path)):
            if i >= limit:
                break
            yield (x.get("title") or "") + " " + (x.get("text") or "")
    for x in lines(r.at("brand/germeval2017_db/dev.jsonl")):
        yield x["text"]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", default="../shared/data")
    p.add_argument("--out", required=True)
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    r = Rows(a.data)
    posts(r), toward(r), words(r), weak.add(r, lines)
    without_copies(r.parts)
    contrasts(r)
    for part, sets in r.parts.items():
        with open(os.path.join(a.out, f"{part}.jsonl"), "w", encoding="utf-8") as f:
            for group, rows in sorted(sets.items()):
                spans = sum(len(x["targets"]) for x in rows.values())
                print(f"{part:5} {group:22} {len(rows):6} posts {spans:6} targets {sum(len(x['whole']) for x in rows.values()):6} of the whole", file=sys.stderr)
                for x in rows.values():
                    f.write(json.dumps(x, ensure_ascii=False) + "\n")
    with open(os.path.join(a.out, "unlabelled.txt"), "w", encoding="utf-8") as f:
        labelled = (t for rows in r.parts["train"].values() for t in rows)
        for text in (*labelled, *unlabelled(r)):
            f.write(re.sub(r"\s+", " ", clean(text)) + "\n")


if __name__ == "__main__":
    main()
