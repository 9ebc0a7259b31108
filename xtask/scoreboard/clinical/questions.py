"""Questions with known answers, made from the JSON of FHIR bundles; and what a right answer holds. Shares nothing with Ward."""

import collections
import json
import re

import fhir_truth as truth

PER_PATIENT = 6
ABSENT = [
    "Has the patient ever had a colonoscopy?", "When was the cataract surgery?", "What was the latest ferritin?", "Was a tetanus antitoxin given?",
    "What is the dose of amiodarone?", "Is the patient allergic to latex?", "When was the hip replacement?", "What was the last INR?",
]


def simple(name):
    return re.sub(r"\s*(\[.*|\(.*|/.*| in (?:blood|serum).*| by .*| - .*)$", "", name, flags=re.I).strip()


def series(facts):
    """Observations by name: day -> values."""
    found = collections.defaultdict(lambda: collections.defaultdict(set))
    for kind, name, day, value, unit in facts:
        if kind == "Observation" and truth.NUMBER.match(value) and day:
            found[name][day].add(value)
    return found


def unambiguous(names):
    short = collections.Counter(simple(name).lower() for name in names)
    for name in sorted(names):
        low = simple(name).lower()
        if short[low] == 1 and not any(low != other and set(low.split()) <= set(other.split()) for other in short):
            yield name


def make(bundle):
    """[(kind, question, right)] where right is a function from the answer's text and whether it was refused to a truth value."""
    facts = truth.read(bundle)
    everything = json.dumps(bundle).lower()
    out = []

    def all_of(*parts):
        return lambda text, refused: not refused and all(part(text) for part in parts)

    def says(value):
        return lambda text: truth.near(text, value, "")

    def day(value):
        return lambda text: value in text

    observed = series(facts)
    usable = [name for name in unambiguous(observed)]
    for name in usable[: PER_PATIENT * 2]:
        last = max(observed[name])
        if len(observed[name][last]) == 1:
            out.append(("latest value", f"What was the latest {simple(name).lower()}?", all_of(says(next(iter(observed[name][last]))), day(last))))
    for name in [name for name in usable if len(observed[name]) >= 3][:3]:
        first, last = min(observed[name]), max(observed[name])
        if len(observed[name][first]) == 1 == len(observed[name][last]):
            parts = [says(next(iter(observed[name][one]))) for one in (first, last)]
            out.append(("trend", f"How has {simple(name).lower()} changed over time?", all_of(*parts)))
    for kind, form in (("Immunization", "When was the last {} vaccine given?"), ("Procedure", "When was {}?")):
        days = collections.defaultdict(list)
        for of, name, when, _, _ in facts:
            if of == kind and when:
                days[name].append(when)
        words = [set(simple(name).lower().replace(",", "").split()) for name in days]
        chosen = [name for name in sorted(days) if sum(set(simple(name).lower().replace(",", "").split()) <= other for other in words) == 1]
        for name in chosen[:3]:
            out.append(("when", form.format(simple(name).lower()), all_of(day(max(days[name])))))
    states = collections.defaultdict(set)
    for of, name, _, value, _ in facts:
        if of == "status":
            states[name].add(value)
    active = sorted(name for name, found in states.items() if "active" in found)
    stopped = sorted(name for name, found in states.items() if "active" not in found)
    if active:
        contains = lambda text, names: [name.lower() in text.lower() for name in names]
        right = lambda text, refused: not refused and all(contains(text, active)) and not any(contains(text, stopped))
        out.append(("current medicines", "What medications is the patient currently taking?", right))
        for name in active[:3]:
            first = name.split()[0].lower()
            if first.isalpha() and sum(other.lower().startswith(first) for other in states) == 1:
                out.append(("current dose", f"What is the current dose of {first}?", all_of(lambda text, name=name: name.lower() in text.lower())))
    allergies = sorted({name for of, name, _, _, _ in facts if of == "AllergyIntolerance"})
    if allergies:
        out.append(("allergies", "What is the patient allergic to?", all_of(*[lambda text, name=name: name.lower() in text.lower() for name in allergies])))
    else:
        out.append(("negative", "What is the patient allergic to?", lambda text, refused: refused or "no " in text.lower()))
    problems = {name: when for of, name, when, _, _ in facts if of == "Condition"}
    ended = {name for of, name, _, _, _ in facts if of == "until"}
    for name in sorted(set(problems) - ended)[:2]:
        if sum(name == fact[1] for fact in facts if fact[0] == "Condition") == 1:
            out.append(("when", f"When was {simple(name).lower()} diagnosed?", all_of(day(problems[name]))))
    whens = sorted({when for of, _, when, _, _ in facts if of == "Encounter" and when})
    if len(whens) > 2:
        since = whens[-2]
        new = {name for of, name, when, _, _ in facts if of in ("Condition", "Procedure", "Medication", "Immunization") and when and when > since}
        if new:
            right = all_of(*[lambda text, name=name: name.lower() in text.lower() for name in new])
            out.append(("changed since", f"What changed since {since}?", right))
    for question in ABSENT:
        words = re.findall(r"colonoscopy|cataract|ferritin|antitoxin|amiodarone|latex|hip replacement|\binr\b", question.lower())
        if words and not any(re.search(rf"\b{word}\b", everything) for word in words):
            out.append(("negative", question, lambda text, refused: refused or bool(re.search(r"\bno\b|\bnot\b", text.lower()))))
    return out


def invents(answer, citations, source):
    """True when a quote is not in the record, or a number of the answer is neither in the record nor a citation's number."""
    for one in citations:
        if json.dumps(one["text"], ensure_ascii=False)[1:-1] not in source and one["text"] not in source:
            return True
    text = re.sub(r"\[\d+\]", "", answer)
    return any(found not in source for found in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", text))
