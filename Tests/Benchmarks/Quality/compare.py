"""`compare`: Ockham, the peer, prompt length, chance and the oracle on the same cross-validation folds."""

import json
from pathlib import Path

import numpy as np

import logs
import metrics
from report import difference, interval, number, progress
from routers import Peer

# Intervals by task need some tasks to draw from.
TASKS_TO_RESAMPLE = 20
PAIRS = json.loads((Path(__file__).parent / "pairs.json").read_text())


def run(options, ockham, report):
    chosen = [p for p in PAIRS if not options.only or p["file"] in options.only]
    by = "task, so that every row is of a task that no training saw" if options.new_tasks else "prompt"
    drawn = f"task, by question where there are fewer than {TASKS_TO_RESAMPLE} tasks" if options.new_tasks else "question"
    report.text(
        f"{options.folds}-fold cross-validation grouped by {by}, {options.seeds} seed(s) of the folds; held-out scores "
        f"pooled by rank within their fold; 95 % intervals from {options.resamples} paired bootstrap resamples by {drawn}. Higher APGR is better, "
        "lower CPT is better; lift is the mean quality won over random routing, over all shares. Random routing has 0.5, 0.5, "
        "0.8 and 0 by definition.")
    results = [(pair["name"], measure(pair, options, ockham, report)) for pair in chosen]
    summarise(results, report)


def measure(pair, options, ockham, report):
    records = logs.with_models(logs.read(options.data / f"{pair['file']}.jsonl"), [pair["weak"], pair["strong"]])
    weak, strong = logs.qualities(records, pair["weak"]), logs.qualities(records, pair["strong"])
    group = logs.tasks(records) if options.new_tasks else logs.questions(records)
    repetitions = [held_out(records, pair, logs.folds(group, options.folds, seed), ockham)
                   for seed in range(options.seeds)]
    routers = {name: [r[name] for r in repetitions] for name in ("Ockham", "peer")}
    routers["length only"] = [logs.prompt_bytes(records)]
    routers["oracle"] = [metrics.oracle_score(weak, strong)]
    progress(f"{pair['name']}: bootstrap")
    drawn = group if group.max() + 1 >= TASKS_TO_RESAMPLE else logs.questions(records)
    sampled = metrics.Bootstrap(routers, weak, strong, drawn, options.resamples)
    rows = [[name, *map(interval, sampled.interval(name))] for name in routers]
    rows.insert(3, ["random", *map(number, metrics.RANDOM)])
    rows.append(["Ockham − peer", *map(difference, sampled.interval("Ockham", minus="peer"))])
    rows.append(["Ockham − length", *map(difference, sampled.interval("Ockham", minus="length only"))])
    title = f"{pair['name']}: {len(records):,} rows, quality {weak.mean():.3f} → {strong.mean():.3f}"
    report.table(title, ["router", *metrics.FIGURES], rows)
    warn_of_small_gap(sampled, report)
    return sampled


def warn_of_small_gap(sampled, report):
    if sampled.undefined > 0.01:
        report.text(
            f"In {100 * sampled.undefined:.0f} % of the resamples the stronger model is not better: APGR and CPT divide by a gap "
            "that may be 0 and tell nothing here; read the lift.")


def held_out(records, pair, fold, ockham):
    """Scores of every row by routers trained without its fold."""
    scores = {name: np.empty(len(records)) for name in ("Ockham", "peer")}
    for k in range(fold.max() + 1):
        progress(f"{pair['name']}: fold {k + 1} of {fold.max() + 1}")
        train = [r for r, f in zip(records, fold) if f != k]
        test = [r for r, f in zip(records, fold) if f == k]
        for name, score in gains(train, test, pair["weak"], pair["strong"], ockham).items():
            scores[name][fold == k] = metrics.ranks(score)
    return scores


def gains(train, test, weak, strong, ockham):
    """P(strong) − P(weak) of the test rows by both routers, trained on the same rows."""
    peer = Peer(train, [weak, strong]).probabilities(test)
    model = ockham.train(train, {"small": weak, "frontier": strong})
    own = ockham.probabilities(model, test)
    return {"Ockham": own["frontier"] - own["small"], "peer": peer[strong] - peer[weak]}


def summarise(results, report):
    """One line a pair, and how often each router is ahead beyond doubt."""
    rows = []
    for name, sampled in results:
        apgr, cpt50, cpt80, lift = sampled.interval("Ockham", minus="peer")
        own, peer = sampled.estimate["Ockham"], sampled.estimate["peer"]
        rows.append([name, number(own[0]), number(peer[0]), number(sampled.estimate["length only"][0]), difference(apgr),
                     number(own[1]), number(peer[1]), difference(cpt50), difference(cpt80), difference(lift)])
    header = ["pair", "APGR", "peer", "length", "Δ APGR", "CPT50", "peer", "Δ CPT50", "Δ CPT80", "Δ lift"]
    report.table("Summary: Ockham − peer", header, rows)
