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
REVIEWS = ("semeval14", "semeval16", "mams")  # what is bad in them is a complaint
# Who complains of a company names it or says what fails.
ADDRESSED = re.compile(r"@\w|\b(?:мтс|билайн|мегафон|сбербанк|втб|bca|bni|bri|jne|indosat|telkomsel|pelayanan|layanan|service|app|ของ|บริการ)|ร้าน|สาขา|พนักงาน|ซื้อ|บริการ|เบียร์|خدمة|شركة|bank|restoran|makanan|tempat", re.I)
PERSONAL = r"\b(?:i|my|me|you|u|we|ich|mein|du|je|moi|mon|tu|yo|mi|eu|meu|io|mio|я|мне|мой|мы|ik|mijn|saya|aku|ben)\b"
BUT = {"en": r"\b(?:but|however|although|though)\b", "es": r"\b(?:pero|aunque|sin embargo)\b", "pt": r"\bmas\b", "fr": r"\bmais\b", "de": r"\baber\b",
       "it": r"\b(?:ma|però)\b", "ru": r"\b(?:но|однако)\b", "ar": r"لكن", "id": r"\b(?:tapi|namun|sayang|tetapi)\b", "th": "แต่", "tr": r"\b(?:ama|fakat|ancak)\b", "nl": r"\bmaar\b", "hi": r"\b(?:lekin|par)\b"}
NO_REASON = r"\b(?:worst (?:company|airline|bank|ever)|a joke|fed up|never again|done with|sick of|disgrace|shame on you|get it together|suck)"
LEFT_OUT = ("seed", "davidson", "ner", "topic", "tweeteval-", "afrisenti-arq", "afrisenti-ary", "sxsw", "newsmtsc", "entity", "dong", "sanders")
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
            for x in sorted(rows.values(), key=lambda x: order(x["text"]))[:7_000]:
                said = {x["labels"].get("sentiment")} | {l for _, l in x["targets"]} | set(x["whole"])
                said.discard(None)
                yield {"text": x["text"], "lang": x["lang"], "group": group, "sentiment": said.pop() if len(said) == 1 else None,
                       "complaint": x["labels"].get("complaint"), "question": x["labels"].get("question")}
    for x in lines(r.at("streams/twcs_sample/all.jsonl")):
        if x["inbound"]:
            yield {"text": x["text"], "lang": language(x["text"]), "group": "twcs"}
    for name in ("mayweather_mcgregor_2017", "trump_clinton"):
        for x in lines(r.at(f"streams/{name}/all.jsonl")):
            yield {"text": x["text"], "lang": language(x["text"]) or "en" * bool(SPAM.search(plain(x["text"]))), "group": name}
    for i, x in enumerate(lines(r.at("streams/reddit_top_2013/posts_150k.jsonl"))):
        if not x["nsfw"] and (i % 6 == 0 or x["channel"].lower() in QUESTION_CHANNELS):
            yield {"text": x["title"], "lang": "en", "group": "reddit", "channel": x["channel"].lower(), "is_link": bool(x["url"]) and not x["text"]}
    for x in lines(r.at("langid/lingua_testdata/sentences.jsonl")):
        if x["label"] in ("ar", "de", "es", "fr", "it", "nl", "pt", "ru", "tr"):
            yield {"text": x["text"], "lang": x["label"], "group": "lingua"}


def plain(text):
    return re.sub(r"\s+", " ", social(text)[0]).lower().replace("’", "'")


def without(text, pattern):
    """The text without the words the rule saw, if five are left."""
    shown = re.sub(r"\s+", " ", re.sub(rf"\w*(?:{pattern.pattern})\w*", " ", text, flags=re.I)).strip()
    return shown if len(re.findall(r"\w{2,}", shown)) >= 5 and shown != text else None


def intent(x):
    """The one intent a post plainly has, or None."""
    text, lang, group = x["plain"], x["lang"], x["group"]
    fired = {k for k, by in INTENT.items() if lang in by and by[lang].search(text)}
    is_news = "news" in fired
    fired.discard("news")
    mood, words = x.get("sentiment"), len(re.findall(r"\w+", text))
    of_review, asks, told = group.startswith(REVIEWS), bool(re.search(r"[?؟]", text)), text.startswith("rt ")
    if len(text) < 12 or words < 3 and lang != "th" or words > 45:
        return None
    if group == "lingua":
        clear = 9 <= words <= 30 and not asks and not re.search(r"[!\"“„«»'’()]|" + PERSONAL, text)
        return "news" if clear and is_news and not fired and re.search(r"\d", text) else None
    if group == "reddit":
        channel = x["channel"]
        if channel in NEWS_CHANNELS and x["is_link"] and not asks and words >= 7 and not fired and not re.search(PERSONAL + r"|\[|\b(?:we|our|this|here)\b", text):
            return "news"
        if channel in QUESTION_CHANNELS:
            return "question" if asks and fired == {"question"} and words < 30 else None
        if fired == {"purchase"} and not asks:
            return "purchase"
        return "other" if not fired and not asks and words >= 4 and channel not in NEWS_CHANNELS and order(text)[2] % 3 == 0 else None
    if re.search(BUT.get(lang, "$^"), text):
        fired -= {"praise", "complaint"}
        of_review = False
    if x.get("question") == 1:
        return "question" if not fired - {"question"} else None
    if x.get("complaint") == 1:
        return "complaint" if fired <= {"complaint"} else None
    if fired == {"complaint"} and not told and not is_news:
        return "complaint" if mood == 0 and "http" not in text and (of_review or ADDRESSED.search(text)) or mood is None and group == "twcs" else None
    if not fired and mood == 0 and of_review and not asks and words >= 6:
        return "complaint"
    if fired == {"question"}:
        ends = re.search(r"[?؟][.)]*(?:\s+(?:[@#]\S+|http))*\s*$", text) or lang == "th"
        clear = "http" not in text and not told and words <= 25 and not re.search(r"[!😂🤣\"“>]|\?\?|؟؟|؟!|…|\bde que\b", text)
        direct = group != "mayweather_mcgregor_2017" and (lang in ("en", "th", "id") or not group.startswith("afri") and mood != 0) and not (group != "twcs" and text.startswith(("why ", "what if")))
        return "question" if ends and clear and direct and group != "goemotions" else None
    if fired == {"praise"} and not told:
        return "praise" if mood == 2 or mood is None and group == "twcs" and "thank" in text and not asks else None
    if fired in ({"purchase"}, {"purchase", "question"}):
        return "purchase" if lang == "en" and words <= 30 and "http" not in text and mood != 0 and not of_review and not told else None
    if fired in ({"suggestion"}, {"suggestion", "question"}, {"suggestion", "complaint"}):
        to_brand = group.startswith(("twcs", "complaints", "wisesight", "sentirueval", "umsab", "tweeteval"))
        return "suggestion" if mood != 2 and to_brand and lang in ("en", "ru") and "@" in text and words <= 35 else None
    if fired == {"promotion"}:
        offers = "http" in text or "#" in text or lang == "en" and group.startswith("tweeteval")
        return "promotion" if lang in ("en", "th", "ru", "de", "pt") and mood != 0 and not asks and not told and offers and not (lang == "th" and re.search("ไหม|มั้ย|หรอ", text)) else None
    if fired or asks:
        return None
    if mood == 1 and group.startswith(("umsab", "sentirueval", "tweeteval")) and is_news and "http" in text and words >= 7:
        return None if re.search(PERSONAL + r"|[!😀-🙏🤔-🧿]|lol|haha", text) else "news"
    if "http" not in text and group.startswith(("umsab", "goemotions", "mayweather", "afrisenti-por", "tweeteval")):
        return "other" if words >= 4 and not is_news and not re.search(r"service|company|phone|store|garbage|trash|broken|sucks?\b|hate|شركة|خدمة", text) else None
    return None


def spam(x):
    text, group = x["plain"], x["group"]
    if not group.startswith(("mayweather", "umsab", "tweeteval", "trump", "twcs", "wisesight", "smsa", "sentirueval", "afrisenti-por")):
        return None
    if SPAM.search(text):
        told = re.search(r"everyone|payed|you lot|these gang|fishing|tickets for", text)
        return "spam" if group.startswith(("mayweather", "umsab", "tweeteval")) and not told else None
    return None if re.search(r"free|follow|win |live|gratis|http.*http|dm |bitcoin|crypto|link|stream|جوجل", text) else "not-spam"


def reason(x):
    """The one reason a complaint's words give."""
    if x.get("intent") != "complaint" or len(re.findall(r"\w+", x["plain"])) > 35:
        return None
    if x["group"].startswith(REVIEWS) and re.search(r"deliver|package", x["plain"]):
        return None
    fired = [k for k, by in REASON.items() if x["lang"] in by and by[x["lang"]].search(x["plain"])]
    if not fired and x["group"] in ("twcs", "complaints") and re.search(NO_REASON, x["plain"]):
        return "other"
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


JOKES = re.compile(r"\b(?:lol|lmao|haha\w*|fuck\w*|shit|joke\w*|bitch|smh|niggas?)\b", re.I)


def relevance(r, lines):
    """CrisisLexT6: three events teach, the fourth judges. What only jokes about an event does not teach."""
    seen = Counter()
    for x in sorted(lines(r.at("crisis/crisislex_t6.dev.jsonl")), key=lambda x: order(x["text"])):
        part = "val" if x["event"] == "2013_Oklahoma_Tornado" else "train"
        text, informative = x["text"], x["label"] == "on-topic"
        if part == "train" and informative and JOKES.search(text):
            continue
        if seen[part, informative] < (1_500 if part == "train" else 400):
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
    for head, cap in (("intent", CAP), ("spam", CAP), ("reason", CAP // 3)):
        for x, label in capped(found[head], cap):
            text = x["text"]
            rule = INTENT.get(label, {}).get(x["lang"])
            if head == "intent" and rule and label in ("complaint", "praise", "news") and order(text)[1] % 3 == 0:
                text = without(text, rule) or text
            r.label("train", f"weak-{head}", text, x["lang"], head, LABELS[head].index(label))
    relevance(r, lines)
    for text, lang, head, label in phrases.rows(random.Random(7)):
        if not any(near(text, x["text"]) for x in own if x["lang"] == lang):
            r.label("train", "phrases", text, lang, head, LABELS[head].index(label))
