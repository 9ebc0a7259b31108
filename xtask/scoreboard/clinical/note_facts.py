"""A frozen matcher of what a note or a dialogue says: numbers with units, drugs, allergies, negations.

Shares nothing with Ward, knows few things, and does the same to an input and to an output, so that what it finds in one and
not in the other was lost or invented. It was written before any result was seen and is changed only when it is wrong about
a text, never to fit a system.
"""

import re

UNITS = {
    "mg": "mg", "milligram": "mg", "milligrams": "mg", "mcg": "ug", "ug": "ug", "µg": "ug", "microgram": "ug", "micrograms": "ug",
    "g": "g", "gram": "g", "grams": "g", "kg": "kg", "kilogram": "kg", "kilograms": "kg", "lb": "lb", "lbs": "lb", "pound": "lb",
    "pounds": "lb", "ml": "ml", "milliliter": "ml", "milliliters": "ml", "cc": "ml", "units": "unit", "unit": "unit",
    "mg/dl": "mg/dl", "g/dl": "g/dl", "mmol/l": "mmol/l", "meq/l": "meq/l", "mmhg": "mmhg", "%": "%", "percent": "%", "cm": "cm",
    "centimeter": "cm", "centimeters": "cm", "mm": "mm", "millimeter": "mm", "millimeters": "mm", "inch": "in", "inches": "in", "bpm": "bpm",
    "beats per minute": "bpm", "degrees": "deg", "degree": "deg", "liters": "l", "liter": "l", "l": "l", "day": "day", "days": "day",
    "week": "week", "weeks": "week", "wk": "week", "month": "month", "months": "month", "mo": "month", "year": "year", "years": "year",
    "yr": "year", "yrs": "year", "hour": "hour", "hours": "hour", "hr": "hour", "hrs": "hour", "minute": "minute", "minutes": "minute",
    "min": "minute", "times": "times", "tablet": "tablet", "tablets": "tablet", "tab": "tablet", "tabs": "tablet", "puffs": "puff", "puff": "puff",
}
_names = sorted(UNITS, key=len, reverse=True)
QUANTITY = re.compile(
    r"(?<![\w.])(\d+(?:[.,]\d+)?(?:/\d+)?)[ -]?(" + "|".join(re.escape(name) for name in _names) + r")(?![\w/])", re.I
)
WORDS = dict(zip("one two three four five six seven eight nine ten eleven twelve".split(), map(str, range(1, 13))))
WORD = re.compile(r"\b(" + "|".join(WORDS) + r")(?=[ -](?:" + "|".join(re.escape(name) for name in _names) + r")\b)", re.I)
# Measures written without a unit.
VITAL = re.compile(
    r"\b(?:bp|blood pressure|hr|heart rate|pulse|rr|respiratory rate|temp(?:erature)?|spo2|o2 sat\w*|saturation|a1c|ef|ejection fraction)\b"
    r"[^\w\n]{0,3}(?:(?:is|was|of|at|:)\W{0,2}){0,2}(\d+(?:\.\d+)?(?:/\d+)?)", re.I)

DRUGS = """acetaminophen tylenol albuterol alendronate allopurinol alprazolam amiodarone amitriptyline amlodipine amoxicillin aripiprazole aspirin atenolol
atorvastatin azithromycin baclofen benazepril bisoprolol budesonide bumetanide bumex bupropion buspirone captopril carbamazepine carvedilol cefazolin ceftriaxone
celecoxib cephalexin cetirizine chlorthalidone ciprofloxacin citalopram clindamycin clonazepam clonidine clopidogrel plavix codeine colchicine coumadin warfarin
cyclobenzaprine dapagliflozin dexamethasone diazepam diclofenac digoxin diltiazem diphenhydramine benadryl donepezil doxazosin doxycycline duloxetine
cymbalta eliquis apixaban empagliflozin jardiance enalapril enoxaparin epinephrine escitalopram lexapro esomeprazole estradiol ezetimibe famotidine fentanyl ferrous
finasteride flonase fluticasone fluconazole fluoxetine prozac furosemide lasix gabapentin glimepiride glipizide glyburide haloperidol heparin hydralazine
hydrochlorothiazide hydrocodone hydrocortisone hydroxychloroquine plaquenil hydroxyzine ibuprofen motrin advil imuran azathioprine insulin lantus humalog
isosorbide ketorolac labetalol lamotrigine lansoprazole latanoprost levetiracetam keppra levofloxacin levothyroxine synthroid linagliptin lisinopril lithium loratadine
lorazepam losartan lovastatin meclizine meloxicam mobic metformin methadone methimazole methocarbamol methotrexate methylphenidate methylprednisolone medrol
metoclopramide metolazone metoprolol lopressor metronidazole minocycline mirtazapine montelukast singulair morphine naproxen aleve nifedipine nitrofurantoin nitroglycerin
norvasc nortriptyline olanzapine olmesartan omeprazole prilosec ondansetron zofran oxycodone percocet pantoprazole protonix paroxetine penicillin phenytoin pioglitazone
potassium pravastatin prednisone prednisolone pregabalin lyrica prochlorperazine propranolol quetiapine quinapril ramipril ranitidine risperidone rivaroxaban xarelto
rosuvastatin crestor sacubitril entresto semaglutide ozempic sertraline zoloft sildenafil simvastatin sitagliptin januvia spironolactone sulfasalazine sumatriptan imitrex
tacrolimus tamoxifen tamsulosin flomax telmisartan temazepam terazosin tiotropium spiriva topiramate torsemide tramadol ultram trazodone triamcinolone
valacyclovir valproate valsartan vancomycin venlafaxine effexor verapamil zolpidem ambien""".split()
DRUG = re.compile(r"\b(" + "|".join(DRUGS) + r")\b", re.I)

# What one may have or deny.
SIGNS = """chest pain|shortness of breath|dyspnea|fever|fevers|chills|cough|nausea|vomiting|diarrhea|constipation|abdominal pain|headache|headaches|dizziness|
lightheadedness|syncope|palpitations|edema|swelling|leg swelling|weight loss|weight gain|night sweats|fatigue|rash|itching|bleeding|hematuria|dysuria|hematochezia|melena|
blood in the stool|numbness|tingling|weakness|blurred vision|vision changes|sore throat|runny nose|congestion|wheezing|orthopnea|hemoptysis|back pain|neck pain|joint pain|
muscle pain|depression|anxiety|suicidal ideation|insomnia|seizure|seizures|tenderness|erythema|murmur|murmurs|rales|rhonchi|wheezes|gallops|rubs|effusion|fracture|
dislocation|lymphadenopathy|hepatosplenomegaly|jaundice|cyanosis|clubbing|guarding|rebound|diabetes|hypertension|asthma|cancer|stroke|heart disease|kidney disease|
heart attack|allergies|surgeries|tobacco|alcohol|drugs|smoking|incontinence|urgency|frequency|loss of consciousness|ecchymosis|bruising|discharge|masses|nodules"""
SIGNS = [sign.strip() for sign in SIGNS.replace("\n", "").split("|")]
SIGN = re.compile(r"\b(" + "|".join(sorted((s.replace(" ", r"\s+") for s in SIGNS), key=len, reverse=True)) + r")\b", re.I)
NOT = re.compile(
    r"\b(?:no|not|denies|denied|denying|without|negative for|never had|(?:don't|doesn't|didn't|haven't|hasn't)(?: really)?(?: have| had| noticed?)?|free of|absence of|neg)\b", re.I)
STOP = re.compile(r"[.;!?\n]|\b(?:but|however|although|except|aside from|other than|though|which|who|presents|reports|complains)\b", re.I)
ALLERGIC = re.compile(r"\ballerg(?:y|ies|ic)\b[^\n.;?]{0,12}?(?:\bto\b|:)\s*([^\n.;?]{2,80})", re.I)
NO_ALLERGY = re.compile(r"\b(?:nkda|nka|no known (?:drug |food |medication )?allergies|no allergies)\b", re.I)
TURN = re.compile(r"^\s*\[?(doctor|patient|dr|pt|d|p|clinician|nurse)\b[\]:]?:?\s*(.*)$", re.I)
REFUSES = re.compile(r"^\W*(?:no|nope|none|not really|not at all|never|nah|uh-uh|negative)\b", re.I)


def squeeze(text):
    return " ".join(text.lower().split())


def sentences(text):
    """Lines of a note that are broken in the middle of a sentence are joined."""
    return re.sub(r"(?<=[a-z,])\n(?=[a-z])", " ", text)


def read(text):
    """A set of (kind, what, value)."""
    facts = set()
    text = sentences(text.replace("’", "'"))
    text = re.sub(r" (?=[.,;?!])", "", text)
    text = WORD.sub(lambda found: WORDS[found.group().lower()], text)
    for found in QUANTITY.finditer(text):
        facts.add(("number", found.group(1).replace(",", "."), UNITS[found.group(2).lower()]))
    for found in VITAL.finditer(text):
        facts.add(("number", found.group(1), ""))
    for found in DRUG.finditer(text):
        facts.add(("drug", found.group(1).lower(), ""))
    for found in ALLERGIC.finditer(text):
        for part in re.split(r",|\band\b|\bor\b|/", found.group(1)):
            for word in DRUG.findall(part) + re.findall(r"\b(?:sulfa|latex|peanuts?|shellfish|iodine|eggs?|nuts?|bees?|contrast|pollen|dust|cats?|dogs?|grass|mold)\b", part, re.I):
                facts.add(("allergy", word.lower(), ""))
    if NO_ALLERGY.search(text):
        facts.add(("allergy", "none", ""))
    for found in NOT.finditer(text):
        rest = text[found.end() : found.end() + 160]
        stop = STOP.search(rest)
        for sign in SIGN.findall(rest[: stop.start()] if stop else rest):
            facts.add(("negation", squeeze(sign), ""))
    asked = []
    for line in text.splitlines():
        turn = TURN.match(line)
        if not turn:
            continue
        who, said = turn.group(1).lower(), turn.group(2)
        if who[0] in "dcn":
            last = re.split(r"(?<=[.?!])\s+", said.strip())[-1]
            asked = SIGN.findall(last) if last.rstrip().endswith("?") else []
        elif asked:
            if REFUSES.match(said):
                facts.update(("negation", squeeze(sign), "") for sign in asked)
            asked = []
    return facts
