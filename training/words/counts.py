"""Counts of words and of pairs of words in the texts of the shared folder.

Only counts leave this file; links, handles and hashtags are not counted. Words are keyed as the program keys a hashtag:
folded, without diacritics, without apostrophes.
"""
import collections, csv, glob, gzip, json, os, re, unicodedata

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SKIPPED = re.compile(r"(?:https?://|www\.)\S+|[@#&]\w+;?|\$t\$", re.I)
BREAK = re.compile(r"[.!?,;:()\[\]\"“”|\n]+")
KEPT = "ñåй"  # letters that are no variants of others (text::strip_marks)
STROKES = str.maketrans("øłđё", "oldе")
SPACED = ("LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI", "DIGIT")
# The folders of texts, and what a word of theirs counts: those of posts are nearer to hashtags.
SOURCES = [
    ("streams/reddit_top_2013/*.gz", 1), ("streams/*/all.jsonl.gz", 4), ("tweeteval/jsonl/*train*", 4),
    ("umsab_xlmt/jsonl/*.train.jsonl", 4), ("crisis/*.gz", 4), ("brand/*/*.gz", 4), ("brand/*/*.jsonl", 4),
    ("feedback/*/*.jsonl*", 4), ("hate/*/*.jsonl*", 4), ("langid/*/*.jsonl", 2), ("emotion/goemotions/*.jsonl*", 2),
    ("target_sentiment/*/*train.jsonl*", 2), ("sentiment_multi/afrisenti/*.train.jsonl", 4),
]


def plain(word):
    """A word as its key."""
    word = unicodedata.normalize("NFKC", word).casefold().replace("'", "").replace("’", "")
    out = []
    for c in word:
        kept = c in KEPT or not unicodedata.name(c, "").startswith(("LATIN", "GREEK", "CYRILLIC"))
        out.append(c if kept else "".join(d for d in unicodedata.normalize("NFD", c) if not unicodedata.combining(d)))
    return "".join(out).translate(STROKES)


def is_spaced(word):
    return all(unicodedata.name(c, "").startswith(SPACED) for c in word)


def texts(root):
    """Every text with its weight, each once."""
    seen = set()
    for pattern, weight in SOURCES:
        for path in sorted(glob.glob(os.path.join(root, pattern))):
            if path.endswith((".jsonl", ".jsonl.gz")):
                with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
                    for line in lines:
                        for text in of_row(json.loads(line)):
                            digest = hash(text)
                            if digest not in seen:
                                seen.add(digest)
                                yield text, weight


def of_row(row):
    if not isinstance(row, dict):
        return
    for field in ("title", "text", "sentence"):
        if isinstance(row.get(field), str):
            yield row[field]


def count(root):
    """The weighted counts of words and of pairs."""
    words, pairs, known = collections.Counter(), collections.Counter(), {}
    for text, weight in texts(root):
        for part in BREAK.split(SKIPPED.sub(" | ", text)):
            before = None
            for raw in WORD.findall(part):
                word = known.get(raw)
                if word is None:
                    word = known[raw] = plain(raw) if len(raw) <= 24 and is_spaced(plain(raw)) else ""
                if not word or word.isdigit():
                    before = None
                    continue
                words[word] += weight
                if before:
                    pairs[before, word] += weight
                before = word
    return words, pairs
