"""`coverage`: how often the guarantees of `ockham calibrate` hold, on many small logs drawn from one pool."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import numpy as np

import logs
from compare import PAIRS
from metrics import clopper_pearson
from report import progress
from routers import Refused

TIERS = ("small", "frontier")


def run(options, ockham, report):
    pool, model = prepare(options, ockham)
    truth = Truth(pool, model, ockham)
    rows = []
    for goal in options.goal:
        for confidence in options.confidence:
            for size in options.rows:
                progress(f"{goal} at {confidence}: {options.resamples} resamples of {size} rows")
                outcomes = calibrate_often(pool, model, goal, confidence, size, options, ockham, truth)
                rows.append([goal, f"{confidence:.2f}", f"{size:,}", *summary(outcomes), truth.hindsight(goal)])
    report.text(
        f"{options.set}: {options.resamples:,} logs of each size drawn with replacement from a pool of {len(pool):,} rows that the "
        "model has not seen; the true value is the mean over the pool. Exact 95 % intervals. 'Kept' counts a refusal as a guarantee "
        "not broken, which is what the confidence is about, and its share of the strongest tier as 1. 'In hindsight' is the "
        "share that suffices on the pool.")
    header = ["goal", "confidence", "rows", "kept", "refused", "true value when granted",
              "median share of the strongest tier", "in hindsight"]
    report.table("Promises of ockham calibrate", header, rows)


def prepare(options, ockham):
    """The pool, and a model that was trained on the other half of the log (or the given one)."""
    pair = next(p for p in PAIRS if p["file"] == options.set)
    models = [pair["weak"], pair["strong"]]
    records = logs.with_models(logs.read(options.data / f"{options.set}.jsonl"), models)
    for r in records:
        r["outcomes"] = {tier: r["outcomes"][m] for tier, m in zip(TIERS, models)}
    if options.model:
        return records, options.model
    in_pool = logs.split_off(logs.questions(records), len(records) // 2, seed=0)
    progress("training on the other half")
    model = ockham.train([r for r, p in zip(records, in_pool) if not p], dict(zip(TIERS, TIERS)))
    return [r for r, p in zip(records, in_pool) if p], model


class Truth:
    """What a calibrated model comes to on the whole pool; asked once for each set of thresholds."""

    def __init__(self, pool, model, ockham):
        self.ockham = ockham
        self.log = logs.write(ockham.folder / "pool.jsonl", ({"id": r["id"], "prompt": r["prompt"]} for r in pool))
        self.quality = np.stack([logs.qualities(pool, t) for t in TIERS], axis=1)
        costs = [[r["outcomes"][t].get("cost_usd") for t in TIERS] for r in pool]
        self.cost = np.array(costs, dtype=float)
        self.known, self.lock = {}, Lock()
        decisions = ockham.decisions(model, self.log)
        self.gain = np.array([d["gain"] / (d["threshold"] if d["threshold"] > 0 else 1) for d in decisions])

    def value(self, goal, thresholds, model):
        """The guaranteed quantity, whether the guarantee holds, and the share of the strongest tier."""
        with self.lock:
            if thresholds not in self.known:
                chosen = [TIERS.index(d["tier"]) for d in self.ockham.decisions(model, self.log)]
                self.known[thresholds] = np.array(chosen)
            return self.measure(goal, self.known[thresholds])

    def measure(self, goal, chosen):
        name, _, wanted = goal.partition("=")
        rows, most_expensive = np.arange(len(chosen)), np.mean(chosen == len(TIERS) - 1)
        if name == "target-quality":
            value = self.quality[rows, chosen].mean() / self.quality[:, -1].mean()
            return value, value >= float(wanted), most_expensive
        if name == "max-cost-per-1k":
            value = 1000 * self.cost[rows, chosen].mean()
            return value, value <= float(wanted), most_expensive
        tier, _, share = wanted.partition("=")
        value = np.mean(chosen == TIERS.index(tier))
        return value, value <= float(share), most_expensive

    def hindsight(self, goal):
        """The least share of the strongest tier, in steps of 1 %, from which on a goal of quality holds on the pool."""
        if not goal.startswith("target-quality"):
            return "–"
        order = np.argsort(-self.gain, kind="stable")
        for percent in range(100, -1, -1):
            chosen = np.zeros(len(order), int)
            chosen[order[:len(order) * percent // 100]] = len(TIERS) - 1
            if not self.measure(goal, chosen)[1]:
                return f"{(percent + 1) / 100:.2f}"
        return "0.00"


def calibrate_often(pool, model, goal, confidence, size, options, ockham, truth):
    """One (value, holds, share of the strongest tier) a resample, or None where calibrate refused."""
    def once(index):
        # With replacement and under new ids: independent draws from the pool, which is then the exact population.
        drawn = np.random.default_rng([options.seed, index]).integers(len(pool), size=size)
        records = [{**pool[i], "id": f"{at}", "dataset": "drawn"} for at, i in enumerate(drawn)]
        log = logs.write(ockham.folder / f"drawn-{index}.jsonl", records)
        output = ockham.folder / f"calibrated-{index}.safetensors"
        name, _, wanted = goal.partition("=")
        try:
            # The model's out-of-fold scores lie beside it: calibrate finds none of these rows there.
            told = ockham.call("calibrate", "--model", model, log, f"--{name}", wanted, "--confidence", confidence,
                               "--output", output, "--format", "json")
            return truth.value(goal, tuple(json.loads(told)["thresholds"]), output)
        except Refused:
            return None
        finally:
            log.unlink()
            output.unlink(missing_ok=True)

    with ThreadPoolExecutor(options.jobs) as workers:
        return list(workers.map(once, range(options.resamples)))


def summary(outcomes):
    granted = [o for o in outcomes if o is not None]
    refused = len(outcomes) - len(granted)
    broken = sum(not holds for _, holds, _ in granted)
    values = [value for value, _, _ in granted]
    median = np.median([most_expensive for _, _, most_expensive in granted] + [1.0] * refused)
    spread = f"{np.mean(values):.4f} ({min(values):.4f} … {max(values):.4f})" if values else "–"
    return [share(len(outcomes) - broken, len(outcomes)), share(refused, len(outcomes)), spread, f"{median:.3f}"]


def share(successes, count):
    low, high = clopper_pearson(successes, count)
    return f"{successes / count:.3f} [{low:.3f}, {high:.3f}]" if count else "–"
