"""How often intervals from labels have the truth inside, how wide they are, and how many labels they need: loops in process on a world whose
outcomes are all known. `simulate` calls this; it needs Python's own library only."""

import argparse
import json
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path


def parse():
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--ockham", required=True, help="the ockham binary that trains the candidate")
    parser.add_argument("--log", required=True, type=Path, help="a request log (JSONL) that knows every outcome, as `world` makes one")
    parser.add_argument("--tiers", help="models, cheapest first, with commas between; those of the first row if not given")
    parser.add_argument("--loops", type=int, default=1000)
    parser.add_argument("--share", type=float, default=0.18, help="of requests on which candidate and incumbent disagree")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, help="a Markdown file to append the tables to")
    return parser.parse_args()


def read(options):
    """Records of the tiers, by conversation in random order."""
    lines = [json.loads(line) for line in options.log.open(encoding="utf-8")]
    tiers = options.tiers.split(",") if options.tiers else list(lines[0]["outcomes"])
    conversations = {}
    for record in lines:
        outcomes = [record["outcomes"].get(tier) for tier in tiers]
        if all(outcome and outcome.get("quality") is not None for outcome in outcomes):
            kept = [{key: value for key, value in outcome.items() if key != "answer"} for outcome in outcomes]
            record["outcomes"] = {f"tier{place}": outcome for place, outcome in enumerate(kept)}
            conversations.setdefault(record.get("conversation", record["id"]), []).append(record)
    parts = list(conversations.values())
    random.Random(options.seed).shuffle(parts)
    return tiers, parts


def call(*arguments):
    print("$", *map(str, arguments), file=sys.stderr, flush=True)
    return subprocess.run([*map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True).stdout


def write(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def pool(options, folder):
    """The half of the conversations that the candidate was not trained on, scored by it."""
    tiers, parts = read(options)
    half = len(parts) // 2
    model, log = folder / "model", folder / "pool.jsonl"
    names = [f"tier{place}" for place in range(len(tiers))]
    call(options.ockham, "train", write(folder / "train.jsonl", sum(parts[:half], [])), "--output", model,
         "--architecture", "logistic", *(part for name in names for part in ("--tier", f"{name}={name}")))
    records = [(number, record) for number, part in enumerate(parts[half:]) for record in part]
    write(log, [record for _, record in records])
    lines = call(options.ockham, "route", "--model", model, "--log", log, "--format", "json").splitlines()
    scored = {line["id"]: line["probability"] for line in map(json.loads, lines)}
    path = folder / "pool.json"
    path.write_text(json.dumps({
        "conversation": [number for number, _ in records],
        "probability": [[scored[record["id"]][name] for name in names] for _, record in records],
        "quality": [[record["outcomes"][name]["quality"] for name in names] for _, record in records],
        "cost": [[record["outcomes"][name].get("cost_usd") or 1 for name in names] for _, record in records]}))
    is_priced = all(record["outcomes"][name].get("cost_usd") is not None for _, record in records for name in names)
    return tiers, path, is_priced


def wilson(held, count, z=1.96):
    if not count:
        return "–"
    p = held / count
    centre, reach = p + z * z / (2 * count), z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return f"{p:.3f} ({(centre - reach) / scale:.3f} to {(centre + reach) / scale:.3f})"


def points(value):
    return "–" if value is None else f"{100 * value:.2f}"


def whole(value):
    return "–" if value is None else f"{value:,.0f}"


def table(head, rows):
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]) + "\n"


def report(options, tiers, is_priced, figures):
    of = lambda kind: [figure for figure in figures if figure["kind"] == kind]
    world, other, dipping = of("pool")[0], of("others")[0], of("double dipping")[0]
    text = f"## {options.log.stem}: {', '.join(tiers)}\n\n"
    text += (f"{world['rows']:,} requests in {world['conversations']:,} conversations that the candidate has not seen; it sends {100 * world['share']:.1f} % "
             f"elsewhere than to the strongest tier. Δ = {points(world['truth'])} points; the variance of D on disagreements is {world['variance']:.3f}, of which the "
             f"model's own prediction explains {100 * (world['explained'] or 0):.1f} %.\n\n")
    text += "A period fixed beforehand, estimator A, 95 % interval by conversation:\n\n"
    text += table(
        ["judge's errors", "gold", "predicted", "labels", "coverage", "median width, points", "mean error, points", "loops with an interval"],
        [[f"{p['noise']:g}", f"{p['gold']:g}", p["prediction"], whole(p["labels"]), wilson(p["held"], p["given"]), points(p["width"]), points(p["bias"]),
          f"{p['given']:,} of {p['loops']:,}"] for p in of("period")])
    text += "\nThe deciding sequence, looked at after every labelled conversation:\n\n"
    head = ["labels until ±1 point: median", "90 %", "median dollars", "reached", "inside always", "inside at a random time", "±, 324 labels", "700", "1,000"]
    row = lambda s: [whole(s["labels"]), whole(s["labels_90"]), f"{s['dollars']:.3f}" if is_priced and s["dollars"] else "–", f"{s['reached']:,} of {s['loops']:,}", wilson(s["always"], s["loops"]),
                     wilson(s["at_random"], s["loops"]), points(s["half_324"]), points(s["half_700"]), points(s["half_1000"])]
    text += table(["judge's errors", "intensities", *head], [[f"{s['noise']:g}", s["name"], *row(s)] for s in of("deciding")])
    text += "\nOther sequences for the mean on disagreements, labels of equal weight, the share of disagreements taken as known:\n\n"
    text += table(["sequence", *head], [[s["name"], *row(s)] for s in of("sequence")])
    text += (f"\nAt one fixed time, by a normal interval: {whole(world['labels_of_normal_interval'])} labels on disagreements, {whole(other['uniform'])} spread evenly over all "
             f"requests; with one request in ten at a random tier and no label but of what was served, {whole(other['exploration_requests'])} requests "
             f"({whole(other['exploration_rated'])} ratings).\n")
    text += (f"\nA candidate made from labels, {dipping['draws']} draws: {points(dipping['by_its_labels'])} points by these labels, {points(dipping['by_later_labels'])} "
             f"by later ones (standard error {points(dipping['error'])}), {points(dipping['truth'])} in truth.\n")
    return text + "\n"


def main():
    options = parse()
    with tempfile.TemporaryDirectory() as folder:
        tiers, path, is_priced = pool(options, Path(folder))
        lines = call(options.program, path, options.loops, options.share, options.seed).splitlines()
    text = report(options, tiers, is_priced, list(map(json.loads, lines)))
    print(text)
    if options.output:
        with options.output.open("a", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
