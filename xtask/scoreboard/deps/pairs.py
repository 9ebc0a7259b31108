"""Random versions and specifiers of Python packages and npm, with what `packaging` and `nodesemver` say of them.

Writes JSON lines: {"a", "b", "order"}, {"spec", "version", "in"} and {"npm", "version", "in"}. The same every time.
"""

import json
import random
import sys

from nodesemver import satisfies
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

random.seed(20)
PAIRS = int(sys.argv[1])


def number():
    return str(random.choice([0, 0, 1, 1, 2, 3, 9, 10, 11, 99, 2024]))


def version():
    text = random.choice(["", "", "", "", "v", "1!", "0!"])
    text += ".".join(number() for _ in range(random.choice([1, 2, 2, 3, 3, 3, 4])))
    if random.random() < 0.3:
        text += random.choice(["", ".", "-", "_"]) + random.choice(["a", "b", "rc", "c", "alpha", "beta", "pre", "preview"])
        text += random.choice(["", number(), "." + number()])
    if random.random() < 0.2:
        text += random.choice([".post", "-post", ".rev", "r", "-", "post"]) + number()
    if random.random() < 0.2:
        text += random.choice([".dev", "-dev", "dev"]) + random.choice(["", number()])
    if random.random() < 0.15:
        text += "+" + random.choice(["abc", "1", "cu118", "ubuntu.1", "1-2", "a_b", "abc.5", "7"])
    return text.upper() if random.random() < 0.05 else text


def specifier():
    parts = []
    for _ in range(random.choice([1, 1, 2, 3])):
        sign = random.choice(["==", "!=", "<", "<=", ">", ">=", "~="])
        text = version()
        # A local part may stand with two signs only, and a `v` nowhere.
        if sign not in ("==", "!="):
            text = text.split("+")[0]
        elif random.random() < 0.3:
            text = ".".join(number() for _ in range(random.choice([1, 2, 3]))) + ".*"
        parts.append(sign + text.lower().removeprefix("v"))
    return ",".join(parts)


def semantic():
    text = ".".join(number() for _ in range(3))
    return text


def npm():
    alternatives = []
    for _ in range(random.choice([1, 1, 1, 2])):
        if random.random() < 0.15:
            alternatives.append(f"{semantic()} - {semantic()}")
            continue
        parts = []
        for _ in range(random.choice([1, 1, 2])):
            base = ".".join(random.choice([number(), number(), number(), "x", "*"]) for _ in range(random.choice([1, 2, 3])))
            parts.append(random.choice(["", "^", "~", ">=", "<", ">", "<=", "="]) + base)
        alternatives.append(" ".join(parts))
    return " || ".join(alternatives)


made = 0
while made < PAIRS:
    a, b = version(), version()
    try:
        left, right = Version(a), Version(b)
    except InvalidVersion:
        continue
    print(json.dumps({"a": a, "b": b, "order": (left > right) - (left < right)}))
    made += 1
made = 0
while made < PAIRS:
    spec, text = specifier(), version()
    try:
        inside = SpecifierSet(spec).contains(Version(text), prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        continue
    print(json.dumps({"spec": spec, "version": text, "in": inside}))
    made += 1
for _ in range(PAIRS):
    words, text = npm(), semantic()
    try:
        inside = satisfies(text, words, False)
    except (ValueError, AttributeError, TypeError):
        continue
    print(json.dumps({"npm": words, "version": text, "in": bool(inside)}))
