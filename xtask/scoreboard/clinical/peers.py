"""What else one might do to a text that is too long: nothing, cut it off, or drop sentences that were there before."""

import re

SENTENCE = re.compile(r"[^.!?\n]*[.!?\n]+\s*|[^.!?\n]+$")


def identity(text, _limit, _count):
    return text


def truncation(text, limit, count):
    """The longest beginning of at most `limit` tokens."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if count(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return text[:low]


def deduplication(text, _limit, _count):
    """Every sentence once, where it stands first; white space squeezed to compare."""
    seen, out = set(), []
    for sentence in SENTENCE.findall(text):
        key = " ".join(sentence.lower().split())
        if key and key in seen:
            continue
        seen.add(key)
        out.append(sentence)
    return "".join(out)


PEERS = {"identity": identity, "truncation to Ward's length": truncation, "sentences once": deduplication}
