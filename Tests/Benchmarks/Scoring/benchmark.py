#!/usr/bin/env python3
"""Times decisions of Ockham and its peers in turns on the same prompts; prints Markdown. See README.md."""

import argparse
import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # fetches nothing

import importlib.metadata
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from peers import PEERS

ROOT = pathlib.Path(__file__).resolve().parents[3]
PACKAGES = ["fasttext-wheel", "vowpalwabbit", "scikit-learn", "litellm", "numpy"]
SAMPLE_NS = 5_000_000


class OckhamRow:
    """A row of `scoring-bench --serve`."""

    def __init__(self, server, number, name, byte_count):
        self.server, self.number, self.name, self.byte_count, self.samples = server, number, name, byte_count, []

    def sample(self):
        self.server.stdin.write(f"{self.number}\n")
        self.server.stdin.flush()
        self.samples.append(float(self.server.stdout.readline()))


class PeerRow:
    """A peer on the prompts of one length. As in Ockham's rows, untimed passes come before the timed ones."""

    def __init__(self, peer, byte_count, texts):
        self.peer, self.name, self.byte_count, self.samples = peer, peer.name, byte_count, []
        self.texts = [peer.prepare(text) for text in texts]
        self.passes = 1
        self.passes = max(1, int(SAMPLE_NS / len(texts) / self.time()))

    def time(self):
        predict, texts = self.peer.predict, self.texts
        start = time.thread_time_ns()
        while time.thread_time_ns() < start + SAMPLE_NS:
            for text in texts:
                predict(text)
        start = time.thread_time_ns()
        for _ in range(self.passes):
            for text in texts:
                predict(text)
        return (time.thread_time_ns() - start) / (self.passes * len(texts))

    def sample(self):
        self.samples.append(self.time())


def read_texts(folder, prefix):
    found = sorted(pathlib.Path(folder).glob(f"{prefix}-*.txt"), key=lambda path: int(path.stem.split("-")[1]))
    return [path.read_bytes().decode() for path in found]


def make_rows(server, folder):
    """Ockham's rows, then the peers', which are trained here; by length."""
    rows = []
    while line := server.stdout.readline().strip():
        name, byte_count = line.split("\t")
        name = re.sub(rf"^{re.escape(str(ROOT))}/models/(\w+)/model.safetensors", r"Ockham, \1", name)
        rows.append(OckhamRow(server, len(rows), name, int(byte_count)))
    training = read_texts(folder, "train")
    peers = [peer(training, folder) for peer in PEERS]
    for byte_count in sorted({row.byte_count for row in rows}):
        rows += [PeerRow(peer, byte_count, read_texts(folder, byte_count)) for peer in peers]
    return sorted(rows, key=lambda row: row.byte_count)


def instructions(bench, model, byte_count, part):
    """What one run of a part takes, as the difference of many (eight per repeat) and few."""
    def count(repeats):
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", bench, "--repeat", str(repeats), part,
             "english", str(byte_count), model], capture_output=True, text=True, check=True)
        return int(re.search(r"Collected : (\d+)", done.stderr)[1])
    return (count(12) - count(2)) / 80


def processor():
    try:
        found = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
        return found[1] if found else platform.machine()
    except OSError:
        return platform.processor() or platform.machine()


def report(rows, rounds, loads):
    print("| bytes | scorer | median ns | min ns | × Ockham |\n| ---: | --- | ---: | ---: | ---: |")
    for row in rows:
        base = next(other for other in rows if other.byte_count == row.byte_count)
        median = statistics.median(row.samples)
        ratio = median / statistics.median(base.samples)
        print(f"| {row.byte_count:,} | {row.name} | {median:,.0f} | {min(row.samples):,.0f} | {ratio:,.2f} |")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    print(f"\n{rounds} rounds, processor time on one core. {processor()}, {os.cpu_count()} cores, {platform.system()}; load "
          f"{loads[0]:.1f} before, {loads[1]:.1f} after. Python {platform.python_version()}, {versions}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", required=True, help="scoring-bench, release build (`run` gives it)")
    parser.add_argument("--model", default=f"{ROOT}/models/default/model.safetensors")
    parser.add_argument("--rounds", type=int, default=31)
    arguments = parser.parse_args()
    loads = [os.getloadavg()[0]]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [arguments.bench, "--serve", folder, arguments.model], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        rows = make_rows(server, folder)
        for turn in range(arguments.rounds):
            for row in rows:
                row.sample()
            print(f"round {turn + 1} of {arguments.rounds}", file=sys.stderr)
        server.stdin.close()
        server.wait()
    report(rows, arguments.rounds, loads + [os.getloadavg()[0]])
    if shutil.which("valgrind"):
        print("\nInstructions of Ockham, counted by callgrind:\n\n| bytes | a decision | a response's score |\n| ---: | ---: | ---: |")
        for byte_count in sorted({row.byte_count for row in rows}):
            counts = [instructions(arguments.bench, arguments.model, byte_count, part) for part in ("route", "response")]
            print(f"| {byte_count:,} | {counts[0]:,.0f} | {counts[1]:,.0f} |")


if __name__ == "__main__":
    main()
