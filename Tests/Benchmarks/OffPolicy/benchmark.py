"""Off-policy estimates: how often their intervals hold (`coverage`), and all of the way from a log of one answer per request
(`one-answer`). `run` calls this; it needs Python's own library only."""

import argparse
import json
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

TIERS = ("small", "frontier")


def parse():
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("command", choices=["coverage", "one-answer"])
    parser.add_argument("--ockham", required=True, help="the ockham binary")
    parser.add_argument("--trainer", help="another binary to train with")
    parser.add_argument("--log", required=True, type=Path, help="a request log (JSONL) that knows every outcome")
    parser.add_argument("--pair", required=True, help="the cheap and the expensive model, with a comma between")
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--rows", type=int, nargs="+", default=[200, 1000, 5000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--goal", default="0.9", help="the target quality of calibrate (one-answer)")
    parser.add_argument("--train-option", action="append", default=[], help="passed on to ockham train; may repeat")
    parser.add_argument("--output", type=Path, help="a Markdown file to append the tables to")
    return parser.parse_args()


def read(options):
    """Records of the pair under the names of the tiers, in random order."""
    models = options.pair.split(",")
    records = []
    for line in options.log.open(encoding="utf-8"):
        record = json.loads(line)
        outcomes = [record["outcomes"].get(model) for model in models]
        if all(outcome and outcome.get("quality") is not None for outcome in outcomes):
            records.append({**record, "outcomes": dict(zip(TIERS, outcomes))})
    random.Random(options.seed).shuffle(records)
    return records


def write(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def drawn(records, seed):
    """The records with the outcome of one tier each, drawn at random."""
    rng = random.Random(seed)
    result = []
    for record in records:
        tier = rng.choice(TIERS)
        result.append({**record, "outcomes": {tier: record["outcomes"][tier]}, "propensity": 0.5})
    return result


def call(binary, *arguments, may_refuse=False):
    print("$ ockham", *map(str, arguments), file=sys.stderr, flush=True)
    run = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True)
    if run.returncode and not (may_refuse and run.returncode == 1):
        raise SystemExit(f"ockham {arguments[0]} failed: {run.stderr}")
    return run


def train(options, folder, name, records):
    model = folder / name
    call(options.trainer or options.ockham, "train", write(folder / f"{name}.jsonl", records), "--output", model,
         *options.train_option)
    return model


def evaluate(options, model, log):
    return json.loads(call(options.ockham, "evaluate", "--model", model, log, "--format", "json").stdout)


def coverage(options, folder, report):
    records = read(options)
    half = len(records) // 2
    model = train(options, folder, "trained", records[:half])
    log = write(folder / "pool.jsonl", records[half:])
    lines = call(options.ockham, "route", "--model", model, "--log", log, "--format", "json").stdout.splitlines()
    decisions = {d["id"]: d for d in map(json.loads, lines)}
    whole = evaluate(options, model, log)
    pool = folder / "pool.json"
    kept = [record for record in records[half:] if record["id"] in decisions]
    pool.write_text(json.dumps({
        "probability": [[decisions[r["id"]]["probability"][tier] for tier in TIERS] for r in kept],
        "quality": [[r["outcomes"][tier]["quality"] for tier in TIERS] for r in kept],
        "thresholds": whole["thresholds"]}))
    rows = []
    command = [options.program, pool, str(options.resamples), *map(str, options.rows)]
    for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
        found = json.loads(line)
        low, high = wilson(found["held"], found["given"])
        rows.append([found["logging"], f"{found['rows']:,}", f"{found['resamples'] - found['given']}",
                     share(found["held"], found["given"]), f"{low:.3f} to {high:.3f}", number(found["width"]),
                     number(found["oracle_width"]), f"{found['bias']:+.4f}"])
    truth = found["truth"]
    report(f"## Coverage, {options.log.stem}: {options.pair}\n\n"
           f"A pool of {len(kept):,} rows that the model has not seen; resamples with replacement, the truth is the pool's mean at the model's "
           f"own thresholds, {truth:.4f}. Intervals at 95 %; the oracle sees every outcome.\n",
           ["logging", "rows", "refused", "coverage", "95 % interval of it", "median width", "oracle's", "mean error"], rows)


def one_answer(options, folder, report):
    records = read(options)
    half = len(records) * 2 // 3
    part, rest = drawn(records[:half], options.seed), records[half:]
    whole_model = train(options, folder, "all", records[:half])
    model = train(options, folder, "one", part)
    test = write(folder / "test.jsonl", rest)
    one = write(folder / "test-one.jsonl", drawn(rest, options.seed + 1))
    rows = [["APGR, trained on all outcomes", number(evaluate(options, whole_model, test)["apgr"]), "", ""]]
    truth, found = evaluate(options, model, test), evaluate(options, model, one)["off_policy"]
    rows.append(["APGR, trained on one answer each", number(truth["apgr"]), "", ""])
    names = {"this model": "own_thresholds", "all to small": "all_cheapest", "all to frontier": "all_strongest",
             "random, same shares": "random"}
    for policy in found["policies"]:
        true = truth[names[policy["name"]]]
        for key, scale in (("quality", 1), ("cost_usd", 1000)):
            if policy[key] and true[key] is not None:
                interval = f"{number(policy[key]['low'] * scale)} to {number(policy[key]['high'] * scale)}"
                words = "quality" if key == "quality" else "USD per 1,000"
                rows.append([f"{words}, {policy['name']}", number(true[key] * scale), number(policy[key]["value"] * scale), interval])
    fitted = json.loads(call(options.ockham, "evaluate", "--model", model, one, "--format", "json", "--propensity", "fitted")
                        .stdout)["off_policy"]
    if fitted["quality"]:
        rows.append(["quality, this model, propensity fitted", number(truth["own_thresholds"]["quality"]),
                     number(fitted["quality"]["value"]), f"{number(fitted['quality']['low'])} to {number(fitted['quality']['high'])}"])
    kept = [draws_kept(options, model, rest, folder, seed) for seed in range(20)]
    mean = sum(kept) / len(kept)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in kept) / (len(kept) - 1))
    true = truth["own_thresholds"]["quality"] / truth["all_strongest"]["quality"]
    rows.append(["quality kept of the strongest, 20 draws", number(true), f"{mean:.3f} ± {deviation:.3f}", ""])
    report(f"## One answer per request, {options.log.stem}: {options.pair}\n\n"
           f"Two thirds ({half:,} rows) to train on, the rest to evaluate; one tier at random answers each request. The truth knows every "
           "outcome of the same rows.\n", ["figure", "truth", "estimate", "95 % interval"], rows)
    rows = []
    for words, log in (("one answer each", one), ("all outcomes", test)):
        goal = call(options.ockham, "calibrate", "--model", model, log, "--target-quality", options.goal, "--output",
                    folder / "calibrated.safetensors", may_refuse=True)
        if goal.returncode:
            rows.append([words, "refused", "–", "–"])
            continue
        after = evaluate(options, folder / "calibrated.safetensors", test)
        kept = after["own_thresholds"]["quality"] / after["all_strongest"]["quality"]
        rows.append([words, "guaranteed", number(kept), number(after["own_thresholds"]["share"][-1])])
    report(f"`ockham calibrate --target-quality {options.goal}` on the same rows:\n",
           ["log", "", "truly kept", "share of the strongest"], rows)


def draws_kept(options, model, records, folder, seed):
    log = write(folder / "draw.jsonl", drawn(records, 1000 + seed))
    policies = {p["name"]: p for p in evaluate(options, model, log)["off_policy"]["policies"]}
    return policies["this model"]["quality"]["value"] / policies["all to frontier"]["quality"]["value"]


def wilson(successes, count):
    if not count:
        return float("nan"), float("nan")
    z, p = 1.96, successes / count
    middle, reach = p + z * z / (2 * count), z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count))
    return (middle - reach) / (1 + z * z / count), (middle + reach) / (1 + z * z / count)


def share(successes, count):
    return f"{successes / count:.3f}" if count else "–"


def number(value):
    return "–" if value is None else f"{value:.4f}"


def main():
    options = parse()

    def report(words, header, rows):
        lines = ["| " + " | ".join(row) + " |" for row in [header, ["---"] * len(header), *rows]]
        text = words + "\n" + "\n".join(lines) + "\n"
        print(text, flush=True)
        if options.output:
            with options.output.open("a", encoding="utf-8") as file:
                file.write("\n" + text)

    with tempfile.TemporaryDirectory(prefix="ockham-offpolicy.") as folder:
        {"coverage": coverage, "one-answer": one_answer}[options.command](options, Path(folder), report)


main()
