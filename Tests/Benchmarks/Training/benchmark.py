#!/usr/bin/env python3
"""Times `ockham train` by stage and beside its peers on made-up logs; prints Markdown. See README.md."""

import argparse
import importlib.metadata
import json
import os
import pathlib
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
PACKAGES = ["scikit-learn", "fasttext-wheel", "vowpalwabbit", "numpy"]
# What the search finds on such a log, so that the fits alone can be timed; peers have the best of a few settings likewise.
FIXED = {
    "gramPenalties": [0.4], "densePenalties": [3000], "headCorrelations": [0.5], "denseLimits": [2], "idfExponents": [0]}


def generate(rows, seed, path):
    with open(path, "wb") as file:
        subprocess.run([sys.executable, HERE / "generate.py", str(rows), str(seed)], stdout=file, check=True)


def stages(text):
    """The table that --verbose ends with: stage → (seconds, processor seconds)."""
    found = {}
    table = text[text.rindex("\nstage "):] if "\nstage " in text else text
    for line in table.splitlines():
        match = re.fullmatch(r"(\S.*?)\s{2,}([\d.]+)\s+([\d.]+)\s*", line)
        if match:
            found[match[1]] = (float(match[2]), float(match[3]))
    peak = re.search(r"peak memory (\S+)B", text)
    return found, peak[1] if peak else "?"


def ockham(binary, train, held, folder, recipe, options):
    """One run of `ockham train` and the held-out log-loss of its small head."""
    path = pathlib.Path(folder) / "recipe.json"
    path.write_text(json.dumps(recipe))
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [binary, "train", train, "--output", f"{folder}/model", "--architecture", "logistic", "--recipe", path, "--verbose",
         *options], capture_output=True, text=True, check=True)
    seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    table, peak = stages(done.stderr)
    evaluation = subprocess.run(
        [binary, "evaluate", held, "--model", f"{folder}/model", "--format", "json"], capture_output=True, text=True,
        check=True)
    return {
        "seconds": seconds, "stages": table, "peak": peak, "log_loss": json.loads(evaluation.stdout)["log_loss"][0],
        "processor_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def one_fit(run):
    """Reading, features, labels and the fit of all rows: what the peers do."""
    parts = [run["stages"].get(name, (0, 0)) for name in ("reading", "features", "labels", "final fit")]
    return {"log_loss": run["log_loss"], "seconds": sum(p[0] for p in parts), "processor_seconds": sum(p[1] for p in parts)}


def median(runs):
    return {key: statistics.median(run[key] for run in runs) for key in ("seconds", "processor_seconds", "log_loss")}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ockham", required=True, help="a release build")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="also the search over penalties")
    parser.add_argument("--peers", nargs="*", default=["scikit-learn", "liblinear", "fastText", "Vowpal Wabbit"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        train, held = f"{folder}/train.jsonl", f"{folder}/held.jsonl"
        generate(arguments.rows, 1, train)
        generate(5_000, 2, held)
        results = {}
        for _ in range(arguments.repeats):
            run = ockham(arguments.ockham, train, held, folder, FIXED, ["--threads", "1"])
            results.setdefault("Ockham, one fit of two heads", []).append(one_fit(run))
            results.setdefault("Ockham, 5 folds, calibration, thresholds, files", []).append(run)
            for name in arguments.peers:
                done = subprocess.run(
                    [sys.executable, HERE / "peers.py", name, train, held], capture_output=True, text=True)
                if done.returncode == 0:
                    results.setdefault(name, []).append(json.loads(done.stdout.splitlines()[-1]))
                else:
                    print(f"{name} failed: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        if arguments.full:
            full = ockham(arguments.ockham, train, held, folder, {}, ["--threads", "1"])
            results["Ockham, the same and the search over penalties"] = [full]
        report(arguments, results, run, os.path.getsize(train))


def report(arguments, results, run, size):
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    print(f"{arguments.rows:,} requests, {size / 1e6:.0f} MB; medians of {arguments.repeats}, one thread each; "
          f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {versions}.\n")
    print("| | log-loss, held out | processor s | ratio | s on the clock |\n| --- | ---: | ---: | ---: | ---: |")
    base = median(results["Ockham, one fit of two heads"])["processor_seconds"]
    for name, runs in results.items():
        row = median(runs)
        print(f"| {name} | {row['log_loss']:.4f} | {row['processor_seconds']:.2f} | "
              f"{row['processor_seconds'] / base:.2f} | {row['seconds']:.1f} |")
    print(f"\nStages of `ockham train` (last run, peak memory {run['peak']}B):\n")
    print("| stage | s | processor s |\n| --- | ---: | ---: |")
    for name, (seconds, processor) in run["stages"].items():
        print(f"| {name} | {seconds:.2f} | {processor:.2f} |")


if __name__ == "__main__":
    main()
