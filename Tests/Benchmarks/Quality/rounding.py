"""`rounding`: what fewer bits in the table of n-grams cost, on questions that the model has not seen."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

import logs
import metrics
from compare import PAIRS
from report import interval, progress

REQUANTISE = Path(__file__).parents[1] / "Scoring" / "requantise.py"
# Penalties as in the shipped recipe: one fit instead of a search, the same for every number of bits.
RECIPE = {"architecture": "logistic", "gramPenalties": [1], "densePenalties": [3000], "headCorrelations": [0.5]}


def run(options, ockham, report):
    recipe = ockham.folder / "recipe.json"
    recipe.write_text(json.dumps(RECIPE))
    ockham.train_options += ["--recipe", recipe]
    report.text(
        "Trained on half of the questions and tested on the other half, then the other way round, "
        f"{options.seeds} times with other halves; each as it is (16 bits) and rounded; 95 % intervals from "
        f"{options.resamples} paired bootstrap resamples by question.")
    rows = [row for pair in PAIRS if not options.only or pair["file"] in options.only
            for row in measure(pair, options, ockham)]
    report.table("APGR by bits of the table", ["pair", "bits", "APGR", "Δ APGR", "Δ P, mean", "Δ P, largest"], rows)


def measure(pair, options, ockham):
    records = logs.with_models(logs.read(options.data / f"{pair['file']}.jsonl"), [pair["weak"], pair["strong"]])
    question, sizes = logs.questions(records), [16, *options.bits]
    ranks, changes = {bits: [] for bits in sizes}, {bits: [] for bits in sizes}
    for seed in range(options.seeds):
        half = logs.folds(question, 2, seed)
        scores = {bits: np.empty(len(records)) for bits in sizes}
        for side in (0, 1):
            progress(f"{pair['name']}: halves {seed + 1} of {options.seeds}, side {side + 1}")
            found = probabilities(records, half == side, pair, sizes, ockham)
            for bits, p in found.items():
                scores[bits][half == side] = metrics.ranks(p[1] - p[0])
                changes[bits].append(np.abs(p - found[16]))
        for bits in sizes:
            ranks[bits].append(scores[bits])
    weak, strong = logs.qualities(records, pair["weak"]), logs.qualities(records, pair["strong"])
    sampled = metrics.Bootstrap(ranks, weak, strong, question, options.resamples)
    for bits in sizes:
        apart = "{:+.4f} [{:+.4f}, {:+.4f}]".format(*sampled.interval(bits, minus=16)[0])
        change = np.concatenate(changes[bits], axis=1)
        yield [pair["name"], bits, interval(sampled.interval(bits)[0]), apart, f"{change.mean():.5f}", f"{change.max():.4f}"]


def probabilities(records, is_test, pair, sizes, ockham):
    """P(good) of both tiers [2 × rows] by number of bits, for the rows that the model is not trained on."""
    train, test = ([r for r, t in zip(records, is_test) if t == side] for side in (False, True))
    model = ockham.train(train, {"small": pair["weak"], "frontier": pair["strong"]}) / "model.safetensors"
    found = {}
    for bits in sizes:
        path = ockham.folder / f"bits-{bits}.safetensors"
        subprocess.run([sys.executable, REQUANTISE, model, str(bits), path], check=True)
        p = ockham.probabilities(path, test)
        found[bits] = np.stack([p["small"], p["frontier"]])
    return found
