"""Ward's clinical part beside its peers: python board.py WARD DATA JSON [PART ..].

Prints Markdown tables and writes the same figures to JSON. DATA holds notes/aci-train-valid.jsonl and fhir/*.json.gz. A PART is one of slice, fhir, longitudinal,
notes, dialogues, questions, news2 and speed; without any, all.
"""

import concurrent.futures
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

import counters
import fhir_truth
import inputs
import labelled
import news2
import note_facts
import questions
from peers import PEERS

WARD, DATA, OUT = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
PARTS = sys.argv[4:] or ["slice", "fhir", "longitudinal", "notes", "dialogues", "questions", "news2", "speed"]
HERE = pathlib.Path(__file__).parent
ROUNDS = 5


def call(folder, name, text, *arguments):
    """The JSON that `ward ARGUMENTS[0] FILE ..` prints about a text."""
    path = pathlib.Path(folder, name)
    path.write_text(text)
    done = subprocess.run([WARD, arguments[0], str(path), *arguments[1:], "--json"], capture_output=True, check=False)
    if not done.stdout:
        raise SystemExit(f"ward {arguments[0]} said nothing, exit {done.returncode}: {done.stderr.decode()[:300]}")
    return json.loads(done.stdout)


def each(texts, *arguments, ending="txt"):
    """[call(text)], on all processors."""
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda one: call(folder, f"{one[0]}.{ending}", one[1], *arguments), enumerate(texts)))


def seconds(work):
    """Processor seconds of the child processes that `work` starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def share(part, whole):
    return 100.0 * part / whole if whole else 0.0


def table(title, head, rows):
    print(f"\n## {title}\n\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in row) + " |")
    sys.stdout.flush()


def compare(texts, outputs, gold, holds, invents, count):
    """Rows of (who, tokens saved %% per tokenizer .., facts, kept %%, lost, invented); the peers cut to Ward's length."""
    before = {name: sum(map(one, texts)) for name, one in count.items()}
    first = next(iter(count.values()))
    limits = [first(text) for text in outputs]
    rows = []
    for who in ("Ward", *PEERS):
        made = outputs if who == "Ward" else [PEERS[who](text, limit, first) for text, limit in zip(texts, limits)]
        saved = {name: share(before[name] - sum(map(one, made)), before[name]) for name, one in count.items()}
        found = sum(map(len, gold))
        lost = [sorted(map(str, facts - holds(facts, text)))[:6] for facts, text in zip(gold, made)]
        kept = sum(len(holds(facts, text)) for facts, text in zip(gold, made))
        new = sum(invents(at, text) for at, text in enumerate(made))
        rows.append({"who": who, "saved": saved, "facts": found, "kept": kept, "invented": new, "lost": [x for x in lost if x][:10]})
    return rows


def show(title, rows):
    names = list(rows[0]["saved"])
    head = ["who", *[f"saved %, {name}" for name in names], "facts", "kept %", "lost", "invented"]
    table(title, head, [[r["who"], *r["saved"].values(), r["facts"], share(r["kept"], r["facts"]), r["facts"] - r["kept"], r["invented"]] for r in rows])
    return rows


def structured(count):
    bundles = inputs.bundles(DATA)
    texts = [json.dumps(bundle, separators=(",", ":"), ensure_ascii=False) for bundle in bundles]
    answers = each(texts, "compress", ending="json")
    gold = [fhir_truth.read(bundle) for bundle in bundles]
    outputs = [answer["text"] for answer in answers]
    invents = lambda at, text: len(fhir_truth.invented(bundles[at], text)) if text is outputs[at] else 0
    rows = compare(texts, outputs, gold, fhir_truth.kept, invents, count)
    # JSON that was not turned into rows: its facts are looked for as JSON, so that nobody is judged by another's format.
    for row in rows[1:]:
        made = [PEERS[row["who"]](t, next(iter(count.values()))(o), next(iter(count.values()))) for t, o in zip(texts, outputs)]
        row["kept"] = sum(len(in_json(facts, text)) for facts, text in zip(gold, made))
        row["lost"] = []
    return show(f"FHIR, {len(bundles)} bundles, against minified JSON", rows)


def in_json(facts, text):
    """Facts whose resource stands whole in what is left of a JSON bundle."""
    decoder, at, found = json.JSONDecoder(), 0, []
    while (at := text.find('{"fullUrl"', at)) >= 0:
        try:
            entry, at = decoder.raw_decode(text, at)
            found.append(entry)
        except ValueError:
            at += 1
    return facts & fhir_truth.read({"entry": found})


def written(title, texts, count):
    answers = each(texts, "compress")
    outputs = [answer["text"] for answer in answers]
    gold = [note_facts.read(text) for text in texts]
    again = {}
    read = lambda text: again.setdefault(text, note_facts.read(text))
    rows = compare(texts, outputs, gold, lambda facts, text: facts & read(text), lambda at, text: len(read(text) - gold[at]), count)
    rows[0]["verified"] = sum(bool(answer["verified"]) for answer in answers)
    rows[0]["new"] = [sorted(map(str, read(text) - facts))[:6] for facts, text in zip(gold, outputs) if read(text) - facts][:10]
    rows[0]["of"] = len(texts)
    show(title, rows)
    print(f"\nWard says `verified` of {rows[0]['verified']} of {len(texts)}.")
    return rows


def by_hand():
    notes = labelled.read(HERE / "slice.txt")
    answers = [answer["facts"] for answer in each([text for text, _ in notes], "facts")]
    right, told, gold, misses, extras = labelled.score(notes, answers)
    precision, recall = right / max(told, 1), right / max(gold, 1)
    table("Facts of the hand-labelled slice", ["notes", "facts labelled", "told", "right", "precision", "recall"],
          [[len(notes), gold, told, right, f"{precision:.3f}", f"{recall:.3f}"]])
    return {"notes": len(notes), "labelled": gold, "told": told, "right": right, "precision": precision, "recall": recall,
            "missed": [f"{label}" for label, _ in misses], "extra": [f"{one}" for one, _ in extras]}


def asked():
    by_kind, failures, invented = {}, [], []
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = []
        for at, bundle in enumerate(inputs.bundles(DATA)):
            path = pathlib.Path(folder, f"{at}.json")
            source = json.dumps(bundle, ensure_ascii=False)
            path.write_text(source)
            jobs += [(at, path, source, *one) for one in questions.make(bundle)]

        def one(job):
            at, path, source, kind, question, right = job
            done = subprocess.run([WARD, "ask", str(path), question, "--data", f"{folder}/data", "--json"], capture_output=True, check=False)
            if not done.stdout:
                return job, None
            return job, json.loads(done.stdout)

        one(jobs[0])
        for (at, path, source, kind, question, right), answer in pool.map(one, jobs):
            good = answer is not None and bool(right(answer["answer"], answer["refused"]))
            counts = by_kind.setdefault(kind, [0, 0])
            counts[0] += 1
            counts[1] += good
            if not good:
                failures.append(f"{at}: {question} -> {answer['answer'][:160] if answer else 'no answer'}")
            if answer and not answer["refused"] and questions.invents(answer["answer"], answer["citations"], source):
                invented.append(f"{at}: {question} -> {answer['answer'][:160]}")
    total, right = (sum(counts[i] for counts in by_kind.values()) for i in (0, 1))
    rows = [[kind, *counts, share(counts[1], counts[0])] for kind, counts in sorted(by_kind.items())]
    table("Questions made from FHIR, `ward ask` with ward-cite", ["kind", "asked", "right", "%"], [*rows, ["all", total, right, share(right, total)]])
    print(f"\nAnswers that invent: {len(invented)}.")
    return {"asked": total, "right": right, "kinds": by_kind, "wrong": failures, "invented": invented}


def scores():
    settings = list(news2.grid(every=False))
    wrong = []
    for scale in (1, 2):
        some = [one for one in settings if one["scale"] == scale]
        answers = each([news2.text(**one) for one in some], "triage", "--scale", str(scale))
        wrong += [(one, answer["news2"]["total"]) for one, answer in zip(some, answers) if answer["news2"]["total"] != news2.total(**one)]
    result = {"values": len(settings), "wrong": [str(x) for x in wrong]}
    rows = [["each value of one measure, the others normal", len(settings), len(wrong)]]
    settings = list(news2.grid(every=True))
    far = []
    for scale in (1, 2):
        some = [one for one in settings if one["scale"] == scale]
        told = batch([news2.text(**one) for one in some], "triage", "--scale", str(scale))
        far += [one for one, answer in zip(some, told) if answer["triage"]["news2"]["total"] != news2.total(**one)]
    rows.append(["a value of every band, all combinations", len(settings), len(far)])
    result |= {"combinations": len(settings), "combinations_wrong": [str(x) for x in far[:10]]}
    table("NEWS2", ["grid", "texts", "wrong"], rows)
    return result


def batch(texts, steps, *arguments):
    """What `ward batch` says of texts, in their order."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "in.ndjson"), pathlib.Path(folder, "out")
        source.write_text("".join(json.dumps({"id": str(at), "text": text}) + "\n" for at, text in enumerate(texts)))
        subprocess.run([WARD, "batch", str(source), "--steps", steps, "--format", "ndjson", "--out", str(target), *arguments], capture_output=True, check=True)
        rows = [json.loads(line) for part in sorted(target.glob("part-*.ndjson")) for line in part.read_text().splitlines()]
    return sorted(rows, key=lambda row: int(row["id"]))


def timed(notes):
    """Processor seconds, less those of a run over one empty text: medians."""
    big = "\n\n".join(notes)
    big = (big * (4_000_000 // len(big) + 1))[:4_000_000]
    small = notes[0] + notes[1]
    small = small[:4096]
    rows, result = [], {}
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for name, text in (("empty", "\n"), ("big", big), ("small", small)):
            files[name] = pathlib.Path(folder, f"{name}.txt")
            files[name].write_text(text)
        for command in ("facts", "compress", "triage"):
            run = lambda name: seconds(lambda: subprocess.run([WARD, command, str(files[name]), "--json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False))
            start = statistics.median(run("empty") for _ in range(ROUNDS * 3))
            long = statistics.median(run("big") for _ in range(ROUNDS)) - start
            rate = len(big.encode()) / 1e6 / max(long, 1e-6)
            rows.append([f"`ward {command}`, {len(big.encode()) / 1e6:.1f} MB of notes as one text", f"{rate:.1f} MB per CPU second"])
            result[f"{command}_mb_per_cpu_s"] = rate
        many = 2000
        for steps in ("facts", "compress", "triage"):
            zero = statistics.median(seconds(lambda: batch(["x"], steps)) for _ in range(ROUNDS))
            each_ = statistics.median(seconds(lambda: batch([small] * many, steps)) - zero for _ in range(3)) * 1000 / many
            rows.append([f"`ward batch --steps {steps}`, a note of {len(small.encode())} bytes", f"{each_:.3f} ms of CPU"])
            result[f"{steps}_ms_4kb"] = each_
    table("Speed, processor time", ["what", "median"], rows)
    return result


def main():
    count = counters.load()
    notes, dialogues = inputs.notes_and_dialogues(DATA)
    records, copied = inputs.longitudinal(notes)
    title = f"{len(records)} records of {inputs.VISITS} visits, {100 * copied:.0f} % of the words copied"
    work = {
        "slice": by_hand,
        "fhir": lambda: structured(count),
        "longitudinal": lambda: written(title, records, count),
        "notes": lambda: written(f"{len(notes)} notes of one visit", notes, count),
        "dialogues": lambda: written(f"{len(dialogues)} dialogues", dialogues, count),
        "questions": asked,
        "news2": scores,
        "speed": lambda: timed(notes),
    }
    result = {"tokenizers": list(count), "copied": copied}
    for part in PARTS:
        result[part] = work[part]()
        OUT.write_text(json.dumps(result, indent=1))


main()
