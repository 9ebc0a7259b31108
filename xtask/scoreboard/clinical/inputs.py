"""Texts to compress: FHIR bundles, visit notes, dialogues, and records of several visits with copied text."""

import gzip
import json
import pathlib
import random
import re

VISITS = 6
COPIED = 0.6  # of every visit but the first: half of the whole


def bundles(data):
    return [json.loads(gzip.open(path).read()) for path in sorted(pathlib.Path(data, "fhir").glob("*.json.gz"))]


def lines(path):
    return [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()] if pathlib.Path(path).exists() else []


def notes_and_dialogues(data):
    rows = lines(pathlib.Path(data, "notes/aci-train-valid.jsonl"))
    return [row["note"] for row in rows], [row["dialogue"] for row in rows]


def blocks(note):
    return [block for block in re.split(r"\n\s*\n", note.strip()) if block.strip()]


def longitudinal(notes):
    """Records of six visits. Of each visit after the first 60 % is copied, block by block, from the one before; one number in ten
    of what is copied was changed. Returns texts and the share of their words that was copied."""
    chance, records, copied, all_words = random.Random(20251122), [], 0, 0
    for first in range(0, len(notes) - VISITS + 1, VISITS):
        text, before = [], []
        for visit in range(VISITS):
            fresh = blocks(notes[first + visit])
            old = []
            if before:
                want = sum(len(block.split()) for block in fresh)
                pool = before[:]
                chance.shuffle(pool)
                while pool and sum(len(block.split()) for block in old) < want * COPIED / (1 - COPIED):
                    old.append(pool.pop())
                old = [re.sub(r"(?<![\d.])\d{2,3}(?= (?:mg|mcg|units))", lambda m: str(int(m.group()) + 5) if chance.random() < 0.1 else m.group(), block) for block in old]
            copied += sum(len(block.split()) for block in old)
            all_words += sum(len(block.split()) for block in old + fresh)
            text.append(f"Visit {2024 + visit // 3}-{1 + 4 * (visit % 3):02d}-15\n\n" + "\n\n".join(old + fresh))
            before = old + fresh
        records.append("\n\n\n".join(text) + "\n")
    return records, copied / max(all_words, 1)
