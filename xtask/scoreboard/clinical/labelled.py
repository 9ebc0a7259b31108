"""Facts of the hand-labelled slice beside those that `ward facts` reads."""

import pathlib
import re

KINDS = {
    "medication": "med", "allergy": "allergy", "vital": "measure", "lab": "measure", "problem": "problem", "negation": "neg",
    "procedure": "proc", "immunization": "proc", "family history": "fam", "social": "social", "follow-up": "follow",
}
SAME = {
    "blood pressure": "bp", "heart rate": "hr", "pulse": "hr", "respiratory rate": "rr", "respirations": "rr", "temp": "temperature",
    "oxygen saturation": "spo2", "saturation": "spo2", "wt": "weight", "ht": "height", "hemoglobin a1c": "a1c", "hba1c": "a1c", "hgb": "hemoglobin",
    "white blood cell": "wbc", "plt": "platelets", "no known drug allergies": "none", "nkda": "none", "no known allergies": "none",
    "known allergies": "none", "drug allergies": "none", "sob": "shortness of breath", "cp": "chest pain", "x-ray": "xray", "smoking": "tobacco",
    "swollen": "swelling", "occupation": "work", "living": "home", "marijuana": "drugs", "illicit drugs": "drugs",
}
SMALL = {"of", "the", "a", "an", "in", "at", "on", "to", "type", "2", "with", "and", "level", "right", "left", "acute", "total", "both", "fasting", "up"}
COUNTS = {"one": "1", "two": "2", "three": "3", "four": "4", "six": "6"}


def read(path):
    """[(text, [(kind, what, value)])] of the labelled file."""
    notes, text, facts = [], [], []

    def close():
        if text:
            notes.append(("\n".join(text) + "\n", facts[:]))
        text.clear()
        facts.clear()

    for line in pathlib.Path(path).read_text().splitlines():
        if line.startswith("> "):
            if facts:
                close()
            text.append(line[2:])
        elif line.startswith("#") or not line.strip():
            close()
        else:
            head, _, value = line.partition(" | ")
            kind, _, what = head.partition(" ")
            facts.append(("measure" if kind in ("vital", "lab") else kind, what.strip(), value.strip()))
    close()
    return notes


def stem(word):
    return re.sub(r"(?:es|s)$", "", word) if len(word) > 3 else word


def tokens(text):
    text = " ".join(re.sub(r"[^\w-]+", " ", text.lower()).split())
    text = SAME.get(text, text)
    for long, short in SAME.items():
        text = re.sub(rf"\b{re.escape(long)}\b", short, text)
    return {stem(word) for word in text.split() if word not in SMALL} or {text}


def numbers(text):
    for word, digit in COUNTS.items():
        text = re.sub(rf"\b{word}\b", digit, text, flags=re.I)
    return re.findall(r"\d+(?:[./]\d+)*", text)


def of_ward(fact):
    kind = KINDS.get(fact["kind"])
    if kind is None:
        return None
    who = fact.get("who")
    if who and kind == "problem":
        kind = "fam"
    if fact["negated"] and kind == "problem":
        kind = "neg"
    value = {"med": fact.get("dose"), "allergy": fact.get("reaction"), "fam": who}.get(kind, fact.get("value")) or ""
    what = "none" if kind == "allergy" and fact["negated"] else fact["concept"]
    return (kind, what, value, bool(fact["negated"]))


def agree(gold, found):
    kind, what, value = gold
    if kind != found[0]:
        return False
    if kind == "fam" and found[3]:
        return False
    if kind == "follow":
        return numbers(value) == numbers(found[2])
    mine, theirs = tokens(what), tokens(found[1])
    if not (mine <= theirs or theirs <= mine):
        return False
    if kind == "social":
        return True
    if numbers(value):
        return numbers(value)[:1] == numbers(found[2])[:1]
    return not value or bool(tokens(value) & tokens(found[2]))


def score(notes, answers):
    """(found, told, labelled, misses, extras) where answers[i] are Ward's facts of notes[i]."""
    right, told, labelled, misses, extras = 0, 0, 0, [], []
    for (text, gold), facts in zip(notes, answers):
        left = [one for one in map(of_ward, facts) if one]
        # What is said twice in one short note counts once.
        left = list(dict.fromkeys(left))
        told += len(left)
        labelled += len(gold)
        for label in gold:
            hit = next((one for one in left if agree(label, one)), None)
            if hit is None:
                misses.append((label, text))
            else:
                right += 1
                left.remove(hit)
        # A negated illness of the family, a stated absence of medicines: not labelled, not wrong.
        for one in left:
            if one[0] == "fam" and one[3]:
                told -= 1
            else:
                extras.append((one, text))
    return right, told, labelled, misses, extras
