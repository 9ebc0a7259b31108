"""pii-leak-benchmark against `ward serve`: run.py WARD FOLDER. Prints a line of JSON for each measurement.

1. selfcheck, both profiles: the capture is Ward's upstream and sends its answer character by character.
2. The second profile with every cut of a value in two, through relay.py.
"""

import collections
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time

WARD, FOLDER = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
HERE = pathlib.Path(__file__).resolve().parent
BESIDE = pathlib.Path(sys.executable).parent


def free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Ward:
    def __init__(self, name, upstream):
        self.data = FOLDER / name
        shutil.rmtree(self.data, ignore_errors=True)
        command = [WARD, "serve", "--listen", "127.0.0.1:0", "--data", self.data, "--upstream-model", "mock"]
        command += ["--upstream", f"http://127.0.0.1:{upstream}"]
        self.log = open(FOLDER / f"{name}.log", "w+")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        until = time.time() + 60
        while "Stop with" not in (said := (FOLDER / f"{name}.log").read_text()):
            if time.time() > until or self.process.poll() is not None:
                raise SystemExit("ward serve did not start")
            time.sleep(0.1)
        self.url = re.search(r"https://127\.0\.0\.1:\d+", said)[0] + "/v1"
        self.key = re.search(r"wk_\w+", said)[0]

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def outcomes(self):
        said = subprocess.run([WARD, "ledger", "export", "--data", self.data], capture_output=True, text=True).stdout
        entries = [json.loads(line) for line in said.splitlines()]
        return dict(collections.Counter(e.get("refusal") or e["event"] for e in entries if e["event"] != "request"))


def selfcheck(profile):
    capture = free()
    ward = Ward(f"selfcheck-{profile}", capture)
    report = FOLDER / f"{profile}.json"
    environment = {**os.environ, "SSL_CERT_FILE": str(ward.data / "tls/cert.pem"), "CONFORMANCE_TARGET_API_KEY": ward.key}
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
    ward = Ward("splits", relayed)
    try:
        summary = FOLDER / "splits.json"
        command = [BESIDE / "pii-leak-benchmark-v2", "--out", FOLDER / "splits-reports", "--only", "passthrough"]
        command += ["--gateway-url", f"{ward.url}/chat/completions", "--upstream-port", str(capture), "--model", "mock"]
        command += ["--exhaustive-splits", "--partial-emission", "--json-out", summary]
        # This client reads no setting for certificates: see trust/sitecustomize.py.
        trust = {"PYTHONPATH": str(HERE / "trust"), "WARD_CERTIFICATE": str(ward.data / "tls/cert.pem")}
        environment = {**os.environ, **trust, "V2_GATEWAY_TOKEN": ward.key}
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    finally:
        ward.stop()
        relay.terminate()
        relay.wait(30)
    row = json.loads(summary.read_text())["rows"][0]
    names = ["fidelity_rate", "leak_single_chunk", "leak_adversarial", "cases_applicable", "cases_attempted", "outcome"]
    leaked = row["request_path_leak"] + ([] if row["leak_single_chunk"] + row["leak_adversarial"] == 0 else ["response"])
    return {"measure": "every cut in two", **{name: row[name] for name in names}, "leaked": leaked, "ward": ward.outcomes()}


FOLDER.mkdir(parents=True, exist_ok=True)
for measured in (selfcheck("pii-v1"), selfcheck("pii-secrets-v1"), splits()):
    print(json.dumps(measured), flush=True)
