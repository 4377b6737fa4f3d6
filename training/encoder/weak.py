"""Labels of heads that no public set gives directly: intent, spam, a complaint's reason, relevance.

Rules (rules.py) read the labelled sets' training texts and the streams; a post is used where they agree on one answer.
In a third of the posts whose rest still says it, the words that gave the answer away are taken out. Phrases of our own
(phrases.py) come beside; `intent.val.jsonl`, ours too, judges.
"""
import hashlib, json, os, random, re
from collections import Counter, defaultdict

import phrases
from rules import INTENT, REASON, SPAM, language
from texts import LINK, clean, social

INTENTS = ["complaint", "question", "praise", "purchase", "suggestion", "promotion", "news", "other"]
REASONS = ["delay", "cancellation", "service", "price", "quality", "delivery", "outage", "refund", "staff", "other"]
SPAMS, RELEVANCE = ["not-spam", "spam"], ["off-topic", "informative"]
JUDGED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "intent.val.jsonl")
CAP = 1_200  # of a class by rules, in one epoch; phrases come on top
# Sets whose texts speak to or of a company, so that a bad one is a complaint.
OF_BRANDS = ("wisesight", "semeval14", "semeval16", "smsa", "sentirueval", "mams", "twcs", "complaints")
LEFT_OUT = ("seed", "davidson", "ner", "topic", "tweeteval-", "sxsw", "newsmtsc", "entity", "dong", "sanders")
NEWS_CHANNELS = {"worldnews", "news", "politics", "science", "technology", "business", "economics", "worldpolitics", "environment",
                 "energy", "europe", "canada", "unitedkingdom", "australia", "india", "china", "japan", "germany", "france", "space",
                 "geopolitics", "syriancivilwar", "worldevents", "upliftingnews", "offbeat", "nottheonion", "law", "finance"}
QUESTION_CHANNELS = {"askreddit", "askscience", "askhistorians", "asksocialscience", "answers", "explainlikeimfive", "tipofmytongue",
                     "techsupport", "nostupidquestions", "askengineers", "askculinary", "buildapc", "suggestmeabook", "learnprogramming"}


def order(text):
    """A place in a fixed shuffle."""
    return hashlib.sha256(("weak" + text).encode()).digest()


def candidates(r, lines):
    """Every text a rule may read, with what its set says of it."""
    for group, rows in r.parts["train"].items():
        if not group.startswith(LEFT_OUT):
            for x in sorted(rows.values(), key=lambda x: order(x["text"]))[:12_000]:
                said = {x["labels"].get("sentiment")} | {l for _, l in x["targets"]} | set(x["whole"])
                said.discard(None)
                yield {"text": x["text"], "lang": x["lang"], "group": group, "sentiment": said.pop() if len(said) == 1 else None,
                       "complaint": x["labels"].get("complaint"), "question": x["labels"].get("question")}
    for x in lines(r.at("streams/twcs_sample/all.jsonl")):
        if x["inbound"]:
            yield {"text": x["text"], "lang": language(x["text"]), "group": "twcs"}
    for name in ("mayweather_mcgregor_2017", "trump_clinton"):
        for x in lines(r.at(f"streams/{name}/all.jsonl")):
            yield {"text": x["text"], "lang": language(x["text"]), "group": name}
    for i, x in enumerate(lines(r.at("streams/reddit_top_2013/posts_150k.jsonl"))):
        if not x["nsfw"] and (i % 6 == 0 or x["channel"].lower() in QUESTION_CHANNELS):
            yield {"text": x["title"], "lang": "en", "group": "reddit", "channel": x["channel"].lower(), "is_link": bool(x["url"]) and not x["text"]}
    for x in lines(r.at("langid/lingua_testdata/sentences.jsonl")):
        if x["label"] in INTENT["news"] and x["label"] != "hi":
            yield {"text": x["text"], "lang": x["label"], "group": "lingua"}


def plain(text):
    return re.sub(r"\s+", " ", social(text)[0]).lower().replace("’", "'")


def without(text, pattern):
    """The text without what the rule saw, if five words are left."""
    shown = re.sub(r"\s+", " ", pattern.sub(" ", text)).strip()
    return shown if len(re.findall(r"\w{2,}", shown)) >= 5 and shown != text else None


def intent(x):
    """(label, whether its words may be dropped), or None where the rules do not agree."""
    text, lang, group = x["plain"], x["lang"], x["group"]
    fired = {k for k, by in INTENT.items() if lang in by and by[lang].search(text)}
    fired.discard("news")
    mood, of_brand, words = x.get("sentiment"), group.startswith(OF_BRANDS), len(re.findall(r"\w+", text))
    has_link, asks = "http" in text or x["raw_link"], bool(re.search(r"[?؟]", text))
    if words < 3 and lang != "th" or len(text) < 12:
        return None
    if group == "lingua":
        clear = words >= 8 and not asks and "!" not in text and not re.search(r"[\"“„«»']|\b(?:i|my|ich|je|yo|eu|io|saya|ben|ik|я)\b", text)
        return "news" if clear and lang in INTENT["news"] and INTENT["news"][lang].search(text) and not fired else None
    if group == "reddit":
        if x["channel"] in NEWS_CHANNELS and x["is_link"] and not asks and words >= 7 and not fired and not re.search(r"\b(?:i|my|me|you|we|our|this)\b|\[", text):
            return "news"
        if x["channel"] in QUESTION_CHANNELS and asks and fired == {"question"}:
            return "question"
        if fired & {"purchase", "suggestion"} and len(fired) == 1:
            return fired.pop()
        return "other" if not fired and not asks and words >= 4 and x["channel"] not in NEWS_CHANNELS | QUESTION_CHANNELS else None
    if x.get("question") == 1:
        return "question" if not fired - {"question"} else None
    if x.get("complaint") == 1:
        return "complaint" if fired <= {"complaint"} else None
    if fired == {"complaint"}:
        return "complaint" if mood == 0 or (mood is None and group in ("twcs",)) else None
    if not fired and mood == 0 and of_brand and group != "complaints" and not asks and words >= 6:
        return "complaint"
    if fired == {"question"}:
        return "question" if asks or lang == "th" else None
    if fired == {"praise"}:
        return "praise" if mood == 2 or (mood is None and group == "twcs" and "thank" in text and not asks) else None
    if fired in ({"purchase"}, {"purchase", "question"}):
        return "purchase"
    if fired in ({"suggestion"}, {"suggestion", "question"}, {"suggestion", "complaint"}):
        return "suggestion" if mood != 2 else None
    if fired == {"promotion"}:
        return "promotion" if mood != 0 and (has_link or "#" in text or group == "wisesight") else None
    if not fired and mood == 1 and group.startswith(("umsab", "sentirueval", "tweeteval")) and lang in INTENT["news"]:
        personal = re.search(r"\b(?:i|my|me|you|u|ich|du|je|moi|tu|yo|mi|eu|meu|io|mio|я|мне|мой|мы|ik|saya|aku)\b|[!?؟😀-🙏]|lol|haha", text)
        if INTENT["news"][lang].search(text) and has_link and not personal and words >= 7:
            return "news"
    if not fired and not asks and not of_brand and not has_link and group.startswith(("umsab", "goemotions", "mayweather", "afrisenti", "tweeteval")):
        return "other" if words >= 4 and not INTENT["news"].get(lang, INTENT["news"]["en"]).search(text) else None
    return None


def spam(x):
    text, group = x["plain"], x["group"]
    if not group.startswith(("mayweather", "umsab", "tweeteval", "trump", "twcs", "wisesight", "smsa", "sentirueval", "afrisenti")):
        return None
    if SPAM.search(text):
        return "spam" if group.startswith(("mayweather", "umsab", "tweeteval", "trump")) else None
    return None if re.search(r"free|follow|win |live|gratis|http.*http|dm |bitcoin|crypto", text) else "not-spam"


def reason(x):
    """The one reason a complaint's words give."""
    if x.get("intent") != "complaint":
        return None
    fired = [k for k, by in REASON.items() if x["lang"] in by and by[x["lang"]].search(x["plain"])]
    return fired[0] if len(fired) == 1 else None


def capped(found, cap, most=0.4):
    """Posts of each label in a fixed shuffle, no language above its share, none of a label above `cap`."""
    taken, per = Counter(), Counter()
    for x, label in sorted(found, key=lambda f: order(f[0]["text"])):
        limit = cap * (most if x["lang"] == "en" else most / 3)
        if taken[label] < cap and per[label, x["lang"]] < limit:
            taken[label] += 1
            per[label, x["lang"]] += 1
            yield x, label


def near(a, b):
    a, b = set(re.findall(r"\w+", a.lower())), set(re.findall(r"\w+", b.lower()))
    return len(a & b) >= 0.6 * max(1, min(len(a), len(b))) and len(a & b) > 2


def judged():
    if not os.path.exists(JUDGED):
        return
    with open(JUDGED, encoding="utf-8") as f:
        yield from map(json.loads, filter(str.strip, f))


def relevance(r, lines):
    """CrisisLexT6: three events teach, the fourth judges. What only jokes or chats about the event does not teach."""
    seen = Counter()
    for x in sorted(lines(r.at("crisis/crisislex_t6.dev.jsonl")), key=lambda x: order(x["text"])):
        part = "val" if x["event"] == "2013_Oklahoma_Tornado" else "train"
        text, informative = x["text"], x["label"] == "on-topic"
        if part == "train" and informative and not re.search(r"https?:|\d|\b(?:rt|police|update|alert|warning|evacuat\w+|flood\w*|power|closed|victims?|injured|dead|killed|donat\w+|relief|suspects?)\b", text, re.I):
            continue
        if seen[part, informative] < (800 if part == "train" else 400):
            seen[part, informative] += 1
            r.label(part, "t6", text, "en", "relevance", int(informative))


def add(r, lines):
    """Fills r's parts with the four heads' labels."""
    LABELS = {"intent": INTENTS, "spam": SPAMS, "reason": REASONS, "relevance": RELEVANCE}
    own = list(judged())
    for x in own:
        head = next(h for h in LABELS if h in x)
        r.label("val", f"own-{head}", x["text"], x["lang"], head, LABELS[head].index(x[head]))
    found, seen = defaultdict(list), set()
    for x in candidates(r, lines):
        x["text"] = clean(x["text"])
        x["plain"], x["raw_link"] = plain(x["text"]), bool(LINK.search(x["text"]))
        k = re.sub(r"\W+|http|@user", "", x["plain"])
        if k in seen or x["lang"] not in INTENT["complaint"] or len(x["text"]) > 500:
            continue
        seen.add(k)
        x["intent"] = intent(x)
        for head, label in (("intent", x["intent"]), ("spam", spam(x)), ("reason", reason(x))):
            if label:
                found[head].append((x, label))
    for x in lines(r.at("spam/sms_uci/dev.jsonl")):
        part = "val" if order(x["text"])[0] < 26 else "train"
        r.label(part, "sms", x["text"], "en", "spam", int(x["label"] == "spam"))
    for head, cap in (("intent", CAP), ("spam", CAP), ("reason", CAP // 2)):
        rules = INTENT if head == "intent" else REASON
        for x, label in capped(found[head], cap):
            text = x["text"]
            rule = rules.get(label, {}).get(x["lang"]) if head != "spam" else None
            if rule and label not in ("purchase", "suggestion", "question") and order(text)[1] % 3 == 0:
                text = without(text, rule) or text
            r.label("train", f"weak-{head}", text, x["lang"], head, LABELS[head].index(label))
    relevance(r, lines)
    for text, lang, head, label in phrases.rows(random.Random(7)):
        if not any(near(text, x["text"]) for x in own if x["lang"] == lang):
            r.label("train", f"phrases-{head}", text, lang, head, LABELS[head].index(label))
