"""A running `ward serve`, as the measurements beside this need it."""

import pathlib
import re
import shutil
import socket
import subprocess
import time


def free():
    """A port that was free a moment ago."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Ward:
    """The program WARD in front of an upstream, with a data folder of its own below FOLDER and further arguments."""

    def __init__(self, program, folder, name, upstream, *arguments):
        self.data = pathlib.Path(folder) / name
        shutil.rmtree(self.data, ignore_errors=True)
        log = pathlib.Path(folder) / f"{name}.log"
        command = [program, "serve", "--listen", "127.0.0.1:0", "--data", self.data]
        command += ["--upstream", f"http://127.0.0.1:{upstream}", *arguments]
        with open(log, "w") as said:
            self.process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        until = time.time() + 60
        while "Stop with" not in (said := log.read_text()):
            if time.time() > until or self.process.poll() is not None:
                raise SystemExit(f"ward serve did not start; {log} says why")
            time.sleep(0.1)
        self.url = re.search(r"https://127\.0\.0\.1:\d+", said)[0] + "/v1"
        self.key = re.search(r"wk_\w+", said)[0]

    def certificate(self):
        return str(self.data / "tls/cert.pem")

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
