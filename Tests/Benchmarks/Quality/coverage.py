"""`coverage`: how often the promises of `ockham calibrate` hold, on many small logs drawn from one pool."""

from concurrent.futures import ThreadPoolExecutor

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
            progress(f"{goal} at {confidence}: {options.resamples} resamples of {options.rows} rows")
            outcomes = calibrate_often(pool, model, goal, confidence, options, ockham, truth)
            rows.append([goal, f"{confidence:.2f}", *summary(outcomes)])
    report.text(
        f"{options.set}: {options.resamples} logs of {options.rows:,} rows drawn with replacement from a pool of {len(pool):,} "
        "rows that the model has not seen; the truth is the mean over the pool. Exact 95 % intervals. 'Kept' counts a refusal "
        "as a promise not broken, which is what the confidence is about; 'kept when granted' does not.")
    header = ["goal", "confidence", "kept", "kept when granted", "refused", "broken", "true value when granted"]
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
    """What a calibrated model comes to on the whole pool."""

    def __init__(self, pool, model, ockham):
        self.ockham = ockham
        self.log = logs.write(ockham.folder / "pool.jsonl", ({"id": r["id"], "prompt": r["prompt"]} for r in pool))
        self.quality = np.stack([logs.qualities(pool, t) for t in TIERS], axis=1)
        costs = [[r["outcomes"][t].get("cost_usd") for t in TIERS] for r in pool]
        self.cost = np.array(costs, dtype=float)

    def value(self, goal, model):
        """The promised quantity, and whether the promise holds."""
        name, _, wanted = goal.partition("=")
        chosen = np.array([TIERS.index(d["tier"]) for d in self.ockham.decisions(model, self.log)])
        rows = np.arange(len(chosen))
        if name == "target-quality":
            value = self.quality[rows, chosen].mean() / self.quality[:, -1].mean()
            return value, value >= float(wanted)
        if name == "max-cost-per-1k":
            value = 1000 * self.cost[rows, chosen].mean()
            return value, value <= float(wanted)
        tier, _, share = wanted.partition("=")
        value = np.mean(chosen == TIERS.index(tier))
        return value, value <= float(share)


def calibrate_often(pool, model, goal, confidence, options, ockham, truth):
    """One (value, holds) a resample, or None where calibrate refused."""
    def once(index):
        # With replacement and under new ids: independent draws from the pool, which is then the exact population.
        drawn = np.random.default_rng([options.seed, index]).integers(len(pool), size=options.rows)
        records = [{**pool[i], "id": f"{at}", "dataset": "drawn"} for at, i in enumerate(drawn)]
        log = logs.write(ockham.folder / f"drawn-{index}.jsonl", records)
        output = ockham.folder / f"calibrated-{index}.safetensors"
        name, _, wanted = goal.partition("=")
        try:
            # The model's out-of-fold scores lie beside it: calibrate finds none of these rows there.
            ockham.call("calibrate", "--model", model, log, f"--{name}", wanted, "--confidence", confidence, "--output", output)
        except Refused:
            return None
        finally:
            log.unlink()
        return truth.value(goal, output)

    with ThreadPoolExecutor(options.jobs) as workers:
        return list(workers.map(once, range(options.resamples)))


def summary(outcomes):
    granted = [o for o in outcomes if o is not None]
    refused = len(outcomes) - len(granted)
    broken = sum(not holds for _, holds in granted)
    values = [value for value, _ in granted]
    spread = f"{np.mean(values):.4f} ({min(values):.4f} … {max(values):.4f})" if values else "–"
    return [share(len(outcomes) - broken, len(outcomes)), share(len(granted) - broken, len(granted)),
            share(refused, len(outcomes)), broken, spread]


def share(successes, count):
    low, high = clopper_pearson(successes, count)
    return f"{successes / count:.3f} [{low:.3f}, {high:.3f}]" if count else "–"
