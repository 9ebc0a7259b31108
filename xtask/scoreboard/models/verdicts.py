"""What a peer says of each file: python verdicts.py picklescan|modelscan|fickling FOLDER.

Prints a JSON object from file name to "flagged", "error" (it could not look, or says so) or "clean".
"""

import contextlib
import io
import json
import logging
import pathlib
import sys

logging.disable(logging.CRITICAL)
which, folder = sys.argv[1], pathlib.Path(sys.argv[2])


def picklescan(path):
    from picklescan.scanner import scan_file_path

    result = scan_file_path(str(path))
    if result.infected_files or result.issues_count:
        return "flagged"
    return "error" if result.scan_err else "clean"


def modelscan(path):
    from modelscan.modelscan import ModelScan

    scan = ModelScan()
    result = scan.scan(path)
    if result["summary"]["total_issues"]:
        return "flagged"
    skipped = result["summary"].get("skipped", {}).get("total_skipped", 0)
    return "error" if result.get("errors") or skipped else "clean"


def fickling(path):
    from fickling.analysis import check_safety
    from fickling.fickle import Pickled

    try:
        with open(path, "rb") as file:
            pickled = Pickled.load(file)
        return "clean" if check_safety(pickled).severity.name == "LIKELY_SAFE" else "flagged"
    except Exception:
        return "error"


judge = {"picklescan": picklescan, "modelscan": modelscan, "fickling": fickling}[which]
verdicts = {}
for path in sorted(p for p in folder.iterdir() if p.is_file()):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            verdicts[path.name] = judge(path)
        except BaseException:
            verdicts[path.name] = "error"
print(json.dumps(verdicts))
