#!/usr/bin/env python3
"""What it takes to read a log into features: processor seconds and peak memory of `ockham train` up to its labels.

    reading.py --ockham .build/release/ockham [--than OTHER] [--rows 1000000] [--bytes 60]

Training is stopped by a tier whose model is not in the log, which is known once all is read. Every id comes once. --than
measures another build on the same log beside it. Standard library only.
"""

import argparse
import json
import os
import random
import tempfile

WORDS = ["".join(random.Random(n).choices("abcdefghijklmnopqrstuvwxyz", k=3 + n % 6)) for n in range(2_000)]


def write(path, rows, size):
    """A log of prompts of about `size` bytes."""
    rng = random.Random(7)
    with open(path, "w") as log:
        for row in range(rows):
            prompt = " ".join(rng.choices(WORDS, k=max(3, rng.randint(size // 2, size * 3 // 2) // 7)))
            outcomes = {name: {"quality": int(rng.random() < good), "cost_usd": cost, "output_tokens": 40}
                        for name, good, cost in [("small", 0.6, 0.0002), ("frontier", 0.9, 0.003)]}
            log.write(json.dumps({"id": f"r{row}", "prompt": prompt, "outcomes": outcomes}) + "\n")


def measure(binary, log, folder, options):
    """Processor seconds and peak megabytes of one run."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(binary, [binary, "train", log, "--output", folder, "--tier", "small=small", "--tier", "none=none"] + options)
    _, _, usage = os.wait4(child, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1_024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ockham", required=True)
    parser.add_argument("--than")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--bytes", type=int, default=60)
    arguments = parser.parse_args()
    print("| | processor s | peak MB |\n| --- | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log.jsonl")
        write(log, arguments.rows, arguments.bytes)
        for binary in filter(None, [arguments.than, arguments.ockham]):
            for options in [[], ["--stream"]]:
                seconds, megabytes = measure(binary, log, os.path.join(folder, "out"), options)
                print(f"| {binary} {' '.join(options)} | {seconds:.2f} | {megabytes:.0f} |", flush=True)


if __name__ == "__main__":
    main()
