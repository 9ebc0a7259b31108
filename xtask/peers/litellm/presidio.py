"""Times Presidio's analyzer, in this process, on the text of standard input: python presidio.py WARM COUNT < TEXT.

Presidio finds names with a language model of spaCy, which is a download of its own. Here it gets an empty pipeline of
spaCy's instead, so only its recognisers by pattern work: it finds less than it could, and in less time.
"""

import json
import logging
import sys
import time

import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine


class Blank(SpacyNlpEngine):
    """A tokenizer and nothing more."""

    def __init__(self):
        super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])

    def load(self):
        self.nlp = {"en": spacy.blank("en")}


# Without a network it cannot renew its list of domain suffixes, says so at length, and uses the one it brings along.
logging.disable(logging.ERROR)
warm, count = int(sys.argv[1]), int(sys.argv[2])
text = sys.stdin.read()
engine = Blank()
engine.load()
analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
times = []
for turn in range(warm + count):
    began = time.perf_counter()
    found = analyzer.analyze(text, language="en")
    if turn >= warm:
        times.append((time.perf_counter() - began) * 1e3)
kinds = {}
for result in found:
    kinds[result.entity_type] = kinds.get(result.entity_type, 0) + 1
with open("/proc/self/status") as status:
    resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
print(json.dumps({"times_ms": times, "found": kinds, "resident_kib": resident}))
