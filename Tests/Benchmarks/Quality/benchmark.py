"""The command line of the benchmark. `run` calls it within its environment."""

import argparse
import tempfile
from pathlib import Path

import agreement
import compare
import coverage
import learning_curve
import left_out
import rounding
from report import Report, progress
from routers import Ockham

COMMANDS = {
    "compare": (compare.run, "Routing quality by cross-validation"),
    "learning-curve": (learning_curve.run, "Routing quality by number of labels"),
    "left-out": (left_out.run, "Routing quality on sets never trained on"),
    "coverage": (coverage.run, "How often calibrated guarantees hold"),
    "rounding": (rounding.run, "What fewer bits in the table of n-grams cost"),
    "agreement": (agreement.run, "The figures of this benchmark against ockham evaluate"),
}


def parse():
    parser = argparse.ArgumentParser(prog="run", description="Routing quality of Ockham against a scikit-learn peer.")
    commands = parser.add_subparsers(dest="command", required=True)
    each = {}
    for name, (_, words) in COMMANDS.items():
        each[name] = command = commands.add_parser(name, help=words, description=words)
        command.add_argument("--data", type=Path, required=True, help="the folder of the logs")
        command.add_argument("--ockham", required=True, help="the ockham binary")
        command.add_argument("--output", help="a Markdown file to write the tables to")
        command.add_argument("--append", help="a Markdown file to append the tables to")
        command.add_argument("--train-option", action="append", default=[], help="passed on to ockham train; may repeat")
    for name in ("compare", "left-out", "rounding"):
        each[name].add_argument("--only", nargs="+", help="these files alone")
        each[name].add_argument("--resamples", type=int, default=1000)
    each["left-out"].add_argument("--also", type=Path, nargs="+", default=[], help="logs of labelled tiers to train on too")
    each["compare"].add_argument("--folds", type=int, default=5)
    each["compare"].add_argument("--seeds", type=int, default=1, help="repetitions with other folds")
    each["compare"].add_argument("--new-tasks", action="store_true", help="folds of whole tasks: what a router is worth on tasks it has not seen")
    each["rounding"].add_argument("--bits", type=int, nargs="+", default=[8])
    each["rounding"].add_argument("--seeds", type=int, default=1, help="repetitions with other halves")
    each["learning-curve"].add_argument("--seeds", type=int, default=5, help="repetitions with other subsets")
    each["agreement"].add_argument("--set", default="routellm_gsm8k", help="a file; its first pair in pairs.json is taken")
    add_coverage(each["coverage"])
    return parser.parse_args()


def add_coverage(command):
    command.add_argument("--set", default="routellm_mmlu", help="a file; its first pair in pairs.json is taken")
    command.add_argument("--model", help="a model of small and frontier, not trained on the set; default: train on half")
    command.add_argument("--goal", nargs="+", default=["target-quality=0.97", "max-share=frontier=0.3"])
    command.add_argument("--confidence", nargs="+", type=float, default=[0.9, 0.95])
    command.add_argument("--resamples", type=int, default=400)
    command.add_argument("--rows", nargs="+", type=int, default=[1000], help="rows of each resample; may name several")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--jobs", type=int, default=2, help="calls at a time")


def main():
    options = parse()
    run, title = COMMANDS[options.command]
    report = Report(title)
    with tempfile.TemporaryDirectory(prefix="ockham-quality.") as folder:
        run(options, Ockham(options.ockham, folder, options.train_option), report)
    if options.output:
        report.write(options.output)
    if options.append:
        report.append(options.append)
    progress("done")


if __name__ == "__main__":
    main()
