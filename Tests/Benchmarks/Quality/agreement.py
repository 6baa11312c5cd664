"""`agreement`: the figures of metrics.py against those of `ockham evaluate`, on one pair."""

import json

import numpy as np

import logs
import metrics
from compare import PAIRS


def run(options, ockham, report):
    pair = next(p for p in PAIRS if p["file"] == options.set)
    tiers = {"small": pair["weak"], "frontier": pair["strong"]}
    records = logs.with_models(logs.read(options.data / f"{pair['file']}.jsonl"), list(tiers.values()))
    is_test = logs.split_off(logs.questions(records), len(records) // 2, seed=0)
    train = [r for r, t in zip(records, is_test) if not t]
    test = [r for r, t in zip(records, is_test) if t]
    model = ockham.train(train, tiers)
    probability = ockham.probabilities(model, test)
    log = logs.write(ockham.folder / "test.jsonl", test)
    flags = [part for tier, name in tiers.items() for part in ("--tier", f"{tier}={name}")]
    found = json.loads(ockham.call("evaluate", "--model", model, log, "--format", "json", *flags))
    weak, strong = logs.qualities(test, pair["weak"]), logs.qualities(test, pair["strong"])
    gain = (probability["frontier"].astype(np.float32).astype(float)
            - probability["small"].astype(np.float32).astype(float))
    scores = {"gain": (gain, found), "length only": (logs.prompt_bytes(test), found["length_only"])}
    rows = []
    for name, (score, theirs) in scores.items():
        for figure, own in zip(metrics.FIGURES[:3], metrics.Ranking(score, weak, strong).figures()):
            other = theirs[figure.lower()]
            rows.append([name, figure, f"{own:.9f}", f"{other:.9f}", f"{own - other:.1e}"])
    report.table(f"{pair['name']}: {len(test):,} rows", ["score", "figure", "metrics.py", "ockham evaluate", "difference"], rows)
    if any(abs(float(row[4])) > 1e-6 for row in rows):
        raise SystemExit("agreement: the figures differ")
