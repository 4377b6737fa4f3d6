"""What Presidio's recognisers find in texts: presidio.py TEXTS.jsonl ANSWERS.jsonl (called by presidio.sh).

Every language has a blank spaCy pipeline: the trained models are in no registry, and none of the kinds compared needs one.
Each language gets every recogniser that Presidio has for the kinds compared: those of cards, e-mail, IBAN, IP and phones in
all languages (the latter told the regions in which the language is spoken), and those of its countries' national ids. It has
none of street addresses and coordinates. Each answer has its time in microseconds.
"""

import json
import logging
import sys
import time

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer import predefined_recognizers as known

LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl"]
REGIONS = {
    "en": ("US", "GB", "CA", "AU", "IE"), "de": ("DE", "AT", "CH"), "fr": ("FR", "BE", "CH"), "es": ("ES", "MX", "AR"), "it": ("IT", "CH"),
    "pt": ("PT", "BR"), "nl": ("NL", "BE"),
}

IDS = {
    "en": [known.UsSsnRecognizer, known.UkNinoRecognizer], "de": [known.DeTaxIdRecognizer],
    "es": [known.EsNifRecognizer, known.EsNieRecognizer], "it": [known.ItFiscalCodeRecognizer],
}


class BlankEngine(SpacyNlpEngine):
    """Tokens only."""

    def __init__(self):
        super().__init__(models=[{"lang_code": code, "model_name": f"blank {code}"} for code in LANGUAGES])
        self.nlp = {code: spacy.blank(code) for code in LANGUAGES}

    def load(self):
        pass


def analyzer():
    engine = BlankEngine()
    registry = RecognizerRegistry(supported_languages=LANGUAGES)
    for language, regions in REGIONS.items():
        everywhere = [known.CreditCardRecognizer, known.EmailRecognizer, known.IbanRecognizer, known.IpRecognizer]
        for kind in everywhere + IDS.get(language, []):
            registry.add_recognizer(kind(supported_language=language))
        registry.add_recognizer(known.PhoneRecognizer(supported_language=language, supported_regions=regions))
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=LANGUAGES)


def main(asked, answered):
    logging.disable(logging.WARNING)
    presidio = analyzer()
    with open(asked, encoding="utf-8") as texts, open(answered, "w", encoding="utf-8") as out:
        for line in texts:
            text = json.loads(line)
            start = time.perf_counter()
            results = presidio.analyze(text["text"], language=text["language"])
            micros = (time.perf_counter() - start) * 1e6
            found = [{"start": r.start, "end": r.end, "type": r.entity_type} for r in results]
            out.write(json.dumps({"found": found, "micros": micros}) + "\n")


main(*sys.argv[1:])
