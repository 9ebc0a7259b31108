"""What a peer finds in a folder: python lines.py detect-secrets|credsweeper|kingfisher FOLDER.

Prints a JSON object from file (below FOLDER) to the lines found. The peers' own programs are run, beside this Python.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

which, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
beside = pathlib.Path(sys.executable).parent
found = {}


def add(path, line):
    path = pathlib.Path(path)
    if path.is_absolute():
        path = path.resolve().relative_to(folder)
    found.setdefault(str(path), set()).add(int(line))


def run(*arguments):
    return subprocess.run(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout


if which == "detect-secrets":
    for path, hits in json.loads(run(beside / "detect-secrets", "scan", "--all-files", "--no-verify", "."))["results"].items():
        for hit in hits:
            add(path, hit["line_number"])
elif which == "credsweeper":
    with tempfile.TemporaryDirectory() as scratch:
        # It leaves out folders called `target`, in which the files lie here.
        if "/target/" in f"{folder}/":
            folder = pathlib.Path(shutil.copytree(folder, os.path.join(scratch, "files"))).resolve()
        output = os.path.join(scratch, "out.json")
        run(beside / "credsweeper", "--path", str(folder), "--save-json", output)
        for hit in json.load(open(output)) if os.path.exists(output) else []:
            for line in hit["line_data_list"]:
                add(line["path"], line["line_num"])
elif which == "kingfisher":
    for text in run(beside / "kingfisher", "scan", str(folder), "--no-validate", "--confidence", "low", "--format", "jsonl", "--no-update-check", "--git-history", "none").splitlines():
        try:
            hit = json.loads(text)
        except ValueError:
            continue
        hit = hit.get("finding", hit)
        if isinstance(hit, dict) and hit.get("path"):
            add(hit["path"], hit.get("line") or 1)
print(json.dumps({path: sorted(lines) for path, lines in found.items()}))
