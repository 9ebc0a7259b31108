"""pii-leak-benchmark against `ward serve`: run.py WARD FOLDER. Prints a line of JSON for each measurement.

1. selfcheck, both profiles: the capture is Ward's upstream and sends its answer character by character.
2. The second profile with every cut of a value in two, through relay.py.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys

WARD, FOLDER = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from service import Ward, free  # noqa: E402

BESIDE = pathlib.Path(sys.executable).parent


def outcomes(ward):
    said = subprocess.run([WARD, "ledger", "export", "--data", ward.data], capture_output=True, text=True).stdout
    entries = [json.loads(line) for line in said.splitlines()]
    return dict(collections.Counter(e.get("refusal") or e["event"] for e in entries if e["event"] != "request"))


def selfcheck(profile):
    capture = free()
    ward = Ward(WARD, FOLDER, f"selfcheck-{profile}", capture, "--upstream-model", "mock")
    report = FOLDER / f"{profile}.json"
    environment = {**os.environ, "SSL_CERT_FILE": ward.certificate(), "CONFORMANCE_TARGET_API_KEY": ward.key}
    command = [BESIDE / "pii-leak-benchmark", "selfcheck", "--target-base-url", ward.url, "--target-model", "mock"]
    command += ["--capture-port", str(capture), "--profile", profile, "--iterations", "5", "--json-out", report]
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ward.stop()
    checks = json.loads(report.read_text())["checks"]
    boundary = checks["configured_upstream_boundary"]
    return {
        "measure": f"selfcheck {profile}",
        "requests": boundary["captured_requests"],
        "leaked": boundary["leaked_entity_types"],
        "passed": {name: check["passed"] for name, check in checks.items()},
    }


def splits():
    relayed, capture = free(), free()
    relay = subprocess.Popen([sys.executable, HERE / "relay.py", str(relayed), str(capture)], stderr=subprocess.DEVNULL)
    ward = Ward(WARD, FOLDER, "splits", relayed, "--upstream-model", "mock")
    try:
        summary = FOLDER / "splits.json"
        command = [BESIDE / "pii-leak-benchmark-v2", "--out", FOLDER / "splits-reports", "--only", "passthrough"]
        command += ["--gateway-url", f"{ward.url}/chat/completions", "--upstream-port", str(capture), "--model", "mock"]
        command += ["--exhaustive-splits", "--partial-emission", "--json-out", summary]
        # This client reads no setting for certificates: see trust/sitecustomize.py.
        trust = {"PYTHONPATH": str(HERE / "trust"), "WARD_CERTIFICATE": ward.certificate()}
        environment = {**os.environ, **trust, "V2_GATEWAY_TOKEN": ward.key}
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    finally:
        ward.stop()
        relay.terminate()
        relay.wait(30)
    row = json.loads(summary.read_text())["rows"][0]
    names = ["fidelity_rate", "leak_single_chunk", "leak_adversarial", "cases_applicable", "cases_attempted", "outcome"]
    leaked = row["request_path_leak"] + ([] if row["leak_single_chunk"] + row["leak_adversarial"] == 0 else ["response"])
    return {"measure": "every cut in two", **{name: row[name] for name in names}, "leaked": leaked, "ward": outcomes(ward)}


FOLDER.mkdir(parents=True, exist_ok=True)
for measured in (selfcheck("pii-v1"), selfcheck("pii-secrets-v1"), splits()):
    print(json.dumps(measured), flush=True)
