"""`left-out`: train on four sets, test on the fifth. tiers.json says which models stand for which tier."""

import json
from pathlib import Path


import logs
import metrics
from compare import warn_of_small_gap
from report import difference, interval, number, progress
from routers import Peer

TIERS = json.loads((Path(__file__).parent / "tiers.json").read_text())
ORDER = ("small", "mid", "frontier")


def run(options, ockham, report):
    sets = {name: logs.with_tiers(logs.read(options.data / f"{name}.jsonl"), tiers, name) for name, tiers in TIERS.items()}
    report.text(
        "Trained on the other four sets pooled" + (f" and {', '.join(p.name for p in options.also)}" if options.also else "") + ", tested on every row of the left-out one; small → frontier. 95 % intervals "
        f"from {options.resamples} paired bootstrap resamples by question. Random routing has 0.5, 0.5, 0.8 and 0 by definition.")
    results = [(name, measure(name, sets, options, ockham, report)) for name in sets if not options.only or name in options.only]
    rows = [[name, *(number(s.estimate[r][0]) for r in s.estimate), difference(s.interval("Ockham", minus="peer")[0])]
            for name, s in results]
    header = ["left out", *results[0][1].estimate, "Ockham − peer"]
    report.table("Summary: APGR on sets never trained on", header, rows)


def measure(left_out, sets, options, ockham, report):
    others = [r for name, rows in sets.items() if name != left_out for r in rows]
    others += [r for path in options.also for r in logs.labelled(path, list(ORDER))]
    train = without_prompts(others, sets[left_out])
    test = [r for r in sets[left_out] if {"small", "frontier"} <= r["outcomes"].keys()]
    progress(f"{left_out}: {len(train)} rows to train on")
    weak, strong = logs.qualities(test, "small"), logs.qualities(test, "frontier")
    routers = {name: [score] for name, score in scores(train, test, ockham).items()}
    routers["length only"] = [logs.prompt_bytes(test)]
    routers["oracle"] = [metrics.oracle_score(weak, strong)]
    sampled = metrics.Bootstrap(routers, weak, strong, logs.questions(test), options.resamples)
    rows = [[name, *map(interval, sampled.interval(name))] for name in routers]
    rows.insert(4, ["random", *map(number, metrics.RANDOM)])
    for other in ("peer", "difficulty", "length only"):
        rows.append([f"Ockham − {other}", *map(difference, sampled.interval("Ockham", minus=other))])
    title = f"{left_out} left out: {len(train):,} → {len(test):,} rows, quality {weak.mean():.3f} → {strong.mean():.3f}"
    report.table(title, ["router", *metrics.FIGURES], rows)
    warn_of_small_gap(sampled, report)
    return sampled


def without_prompts(records, others):
    """Records whose prompt does not occur among others."""
    known = {r["prompt"] for r in others}
    return [r for r in records if r["prompt"] not in known]


def scores(train, test, ockham):
    """What speaks for the frontier tier on each test row; difficulty is Ockham's 1 − P(small)."""
    peer = Peer(train, ["small", "frontier"]).probabilities(test)
    tiers = {tier: tier for tier in ORDER if any(tier in r["outcomes"] for r in train)}
    own = ockham.probabilities(ockham.train(train, tiers), test)
    return {
        "Ockham": own["frontier"] - own["small"],
        "difficulty": 1 - own["small"],
        "peer": peer["frontier"] - peer["small"],
        "peer's difficulty": 1 - peer["small"],
    }
