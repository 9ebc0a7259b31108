"""Runs a peer over JSON lines: python spans.py presidio|stella INPUT OUTPUT.

Reads {"id","text"}, writes {"id","spans":[{"start","end","type"}]}; offsets count Unicode code points.

Presidio finds names with a language model of spaCy, which is a download of its own. When en_core_web_lg or
en_core_web_sm is installed it is used, and standard output says so; otherwise Presidio gets an empty pipeline, so that
only its recognisers by pattern work.
"""

import json
import logging
import sys

logging.disable(logging.ERROR)


def presidio():
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider, SpacyNlpEngine

    model = next((name for name in ("en_core_web_lg", "en_core_web_sm") if spacy.util.is_package(name)), None)
    if model:
        provider = NlpEngineProvider(
            nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
        )
        engine = provider.create_engine()
    else:

        class Blank(SpacyNlpEngine):
            def __init__(self):
                super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])

            def load(self):
                self.nlp = {"en": spacy.blank("en")}

        engine = Blank()
        engine.load()
    print(f"with {model}" if model else "patterns only: no spaCy model is installed")
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def find(text):
        return [(found.start, found.end, found.entity_type) for found in analyzer.analyze(text, language="en")]

    return find


def stella():
    import stella_anonymize

    prepared = stella_anonymize.create_pipeline(language="en", warmup="lazy-regex")
    print("its bundled English pipeline")

    def find(text):
        spans = []
        for found in prepared.redact_text(text, redact_string="*").resolved_entities:
            start, end = found.start, found.end
            if text[start:end] != found.text:  # offsets in UTF-16 code units: count them again
                wide = text.encode("utf-16-le")
                start = len(wide[: start * 2].decode("utf-16-le", "ignore"))
                end = len(wide[: end * 2].decode("utf-16-le", "ignore"))
            spans.append((start, end, found.label))
        return spans

    return find


find = {"presidio": presidio, "stella": stella}[sys.argv[1]]()
with open(sys.argv[2], encoding="utf-8") as source, open(sys.argv[3], "w", encoding="utf-8") as target:
    for line in source:
        item = json.loads(line)
        spans = [{"start": s, "end": e, "type": t} for s, e, t in find(item["text"])]
        target.write(json.dumps({"id": item["id"], "spans": spans}) + "\n")
