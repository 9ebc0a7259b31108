"""What a FHIR R4 bundle says, from its JSON, and what of it stands in a compressed text.

Shares nothing with Ward. A fact is (name, day, value): the name as text, else a display; the day as YYYY-MM-DD; the value
a number to two decimals with its unit, or words, or nothing. Names of a resource's kind do not count: a fact is kept when
its name, day and value stand in one line, the value after the day. Not counted as clinical: claims, bills, provenance,
organisations, practitioners, devices, addresses.
"""

import re

DAY = re.compile(r"\b\d{4}-\d\d-\d\d")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?$")


def words(concept):
    if not isinstance(concept, dict):
        return None
    codings = concept.get("coding") or [{}]
    return concept.get("text") or next((c["display"] for c in codings if c.get("display")), None) or codings[0].get("code")


def squeeze(text):
    return " ".join(str(text).split())


def number(value):
    return f"{float(value):.2f}"


def value_of(holder):
    """The value of an Observation or of a component, as (text, unit)."""
    if "valueQuantity" in holder:
        quantity = holder["valueQuantity"]
        if "value" not in quantity:
            return None
        return number(quantity["value"]), squeeze(quantity.get("unit") or quantity.get("code") or "")
    if "valueCodeableConcept" in holder:
        return squeeze(words(holder["valueCodeableConcept"])), ""
    for key in ("valueString", "valueDateTime", "valueBoolean", "valueInteger"):
        if key in holder:
            value = holder[key]
            return (number(value) if key == "valueInteger" else squeeze(value)), ""
    return None


def day_of(resource):
    for key in (
        "effectiveDateTime", "onsetDateTime", "performedDateTime", "occurrenceDateTime", "authoredOn", "started",
        "recordedDate", "assertedDate", "date", "startDate", "issued",
    ):
        if isinstance(resource.get(key), str):
            return resource[key][:10]
    for key in ("performedPeriod", "effectivePeriod", "period", "onsetPeriod"):
        if isinstance(resource.get(key), dict) and resource[key].get("start"):
            return resource[key]["start"][:10]
    return None


def read(bundle):
    """Every fact, as a set of (kind, name, day, value, unit)."""
    facts = set()

    def add(kind, name, day, value=("", "")):
        if name:
            facts.add((kind, squeeze(name), day, value[0], value[1]))

    medications = {}
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "Medication":
            medications[entry.get("fullUrl")] = words(entry["resource"].get("code"))
    for entry in bundle["entry"]:
        resource = entry["resource"]
        kind, day, name = resource["resourceType"], day_of(resource), words(resource.get("code"))
        if kind == "Observation":
            value = value_of(resource)
            components = [(words(part.get("code")), value_of(part)) for part in resource.get("component", [])]
            if value:
                add("Observation", name, day, value)
            for part, value in components:
                if value:
                    add("Observation", part, day, value)
        elif kind in ("Condition", "AllergyIntolerance", "Procedure"):
            add(kind, name, day)
            for end in ("abatementDateTime",):
                if resource.get(end):
                    add("until", name, resource[end][:10])
            for reaction in resource.get("reaction", []):
                for shown in reaction.get("manifestation", []):
                    add("reaction", name, None, (squeeze(words(shown)), ""))
        elif kind in ("MedicationRequest", "MedicationStatement", "MedicationAdministration"):
            name = words(resource.get("medicationCodeableConcept"))
            name = name or medications.get((resource.get("medicationReference") or {}).get("reference"))
            add("Medication", name, day)
            add("status", name, None, (resource.get("status", ""), ""))
        elif kind == "Immunization":
            add(kind, words(resource.get("vaccineCode")), day)
        elif kind == "DiagnosticReport":
            add(kind, name, day)
        elif kind == "Encounter":
            add(kind, words((resource.get("type") or [{}])[0]) or words(resource.get("class")), day)
        elif kind == "ImagingStudy":
            for series in resource.get("series", []):
                place = (series.get("bodySite") or {}).get("display")
                add(kind, place, day)
        elif kind == "CarePlan":
            for activity in resource.get("activity", []):
                add(kind, words((activity.get("detail") or {}).get("code")), day)
            for category in resource.get("category", []):
                add("CarePlan", words(category), day)
        elif kind == "Goal":
            add(kind, words(resource.get("description")), None)
    return facts


def patient(bundle):
    return next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient")


def near(text, value, unit):
    """True when `value` stands in `text` as a whole, to two decimals if it is a number."""
    if value == "":
        return True
    if NUMBER.match(value):
        return any(number(found) == value for found in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w])", text))
    return value.lower() in text.lower()


class Lines:
    """A compressed text, by line, with the parts that follow each day. A dated line holds for those below it."""

    def __init__(self, text):
        self.lines = []
        above = None
        for line in text.splitlines():
            line = line.replace("\\p", "|").replace("\\c", ";").replace("\\\\", "\\")
            days = list(DAY.finditer(line))
            alone = days and not line[: days[0].start()].strip(" #-*[(:") and len(days) == 1
            if alone:
                above = days[0].group()
            self.lines.append((squeeze(line).lower(), line, days, above))

    def holds(self, fact):
        kind, name, day, value, unit = fact
        name = name.lower()
        for low, line, days, above in self.lines:
            if name not in low:
                continue
            if unit and unit.lower() not in low:
                continue
            if day is None:
                if near(line, value, unit):
                    return True
                continue
            if above == day and near(line, value, unit):
                return True
            for at, found in enumerate(days):
                if found.group() != day:
                    continue
                # Days that share a value stand side by side: the part reaches to the first that something follows.
                end = at + 1
                while end < len(days) and not re.search(r"\w", line[days[end - 1].end() : days[end].start()]):
                    end += 1
                stop = days[end].start() if end < len(days) else len(line)
                # A value that the whole row shares stands before its first day.
                if near(line[found.end() : stop], value, unit) or near(line[: days[0].start()], value, unit):
                    return True
        return False


def kept(facts, text):
    lines = Lines(text)
    return {fact for fact in facts if lines.holds(fact)}


ROW_DAY = re.compile(r"^(\d{4}(?:-\d\d){0,2})\S*(?: (.*))?$")


def stated(text):
    """What Ward's rows state, by the published grammar: (concept, day or None, value)."""
    out = []
    for line in text.splitlines():
        if not line or line.startswith("# "):
            continue
        name, *fields = line.split(" | ")
        entries = [field for field in fields if not re.match(r"^[a-z]+=", field)]
        for entry in entries or ["-"]:
            head = entry.split("; ")[0]
            found = ROW_DAY.match(head)
            days, value = ([None], head[2:]) if not found else ([found.group(1)], found.group(2) or "")
            plain = (part.replace("\\p", "|").replace("\\c", ";").replace("\\h", "#").replace("\\\\", "\\") for part in (name, value))
            out.append((*plain, days[0]))
    return out


def invented(bundle, text):
    """Stated rows whose name, day or value do not stand together in one resource of the bundle."""
    strings, numbers, by_day = set(), set(), {}

    def walk(node, words_here, numbers_here):
        if isinstance(node, dict):
            for child in node.values():
                walk(child, words_here, numbers_here)
        elif isinstance(node, list):
            for child in node:
                walk(child, words_here, numbers_here)
        elif isinstance(node, bool) or node is None:
            words_here.add(str(node).lower())
        elif isinstance(node, (int, float)):
            numbers_here.add(number(node))
        else:
            words_here.add(squeeze(node).lower())

    resources = []
    by_url = {entry.get("fullUrl"): entry["resource"] for entry in bundle["entry"]}
    for entry in bundle["entry"]:
        words_here, numbers_here = set(), set()
        walk(entry["resource"], words_here, numbers_here)
        for target in (entry["resource"].get("medicationReference"),):
            if target and target.get("reference") in by_url:
                walk(by_url[target["reference"]], words_here, numbers_here)
        resources.append((words_here, numbers_here))
    bad = []
    own = {"sex": 1, "born": 1, "died": 1, "age": 1}
    for name, value, day in stated(text):
        low, said = squeeze(name).lower(), squeeze(value).lower()
        for words_here, numbers_here in resources:
            if low not in own and low not in words_here:
                continue
            if day and not any(word.startswith(day) for word in words_here):
                continue
            if said and said not in words_here:
                if not (NUMBER.match(said) and number(said) in numbers_here) and not any(word.startswith(said) for word in words_here):
                    continue
            break
        else:
            bad.append((name, value, day))
    return bad
