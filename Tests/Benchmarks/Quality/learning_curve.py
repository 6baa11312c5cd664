"""`learning-curve`: what more labels buy, on MMLU."""

import numpy as np

import logs
import metrics
from compare import PAIRS, gains
from report import progress

SIZES = (250, 500, 1000, 1500, 3000, 6000)
TEST_ROWS = 2371


def run(options, ockham, report):
    pair = next(p for p in PAIRS if p["file"] == "routellm_mmlu")
    records = logs.with_models(logs.read(options.data / f"{pair['file']}.jsonl"), [pair["weak"], pair["strong"]])
    is_test = logs.split_off(logs.questions(records), TEST_ROWS, seed=0)
    test = [r for r, t in zip(records, is_test) if t]
    rest = [r for r, t in zip(records, is_test) if not t]
    figures = {name: np.empty((options.seeds, len(SIZES), len(metrics.FIGURES))) for name in ("Ockham", "peer")}
    for seed in range(options.seeds):
        order = np.random.default_rng(seed).permutation(len(rest))  # nested: every size begins with the smaller one
        for at, size in enumerate(SIZES):
            progress(f"seed {seed + 1} of {options.seeds}, {size} labels")
            train = [rest[i] for i in order[:size]]
            for name, score in gains(train, test, pair["weak"], pair["strong"], ockham).items():
                figures[name][seed, at] = ranking(score, test, pair).figures()
    length = ranking(logs.prompt_bytes(test), test, pair).figures()
    tabulate(figures, length, len(test), options, report)


def ranking(score, test, pair):
    return metrics.Ranking(score, logs.qualities(test, pair["weak"]), logs.qualities(test, pair["strong"]))


def tabulate(figures, length, rows, options, report):
    lines = []
    for at, size in enumerate(SIZES):
        cells = [f"{size:,}"]
        for figure in (0, 1):
            cells += [spread(figures[name][:, at, figure]) for name in ("Ockham", "peer")]
        lines.append(cells)
    header = ["labels", "APGR Ockham", "APGR peer", "CPT50 Ockham", "CPT50 peer"]
    report.text(
        f"MMLU, Mixtral → GPT-4: nested random subsets, {options.seeds} seeds, one test set of {rows:,} rows; mean ± standard "
        f"deviation over the seeds (of the training rows alone). Prompt length alone: APGR {length[0]:.3f}, "
        f"CPT50 {length[1]:.3f}.")
    report.table("Learning curve", header, lines)


def spread(values):
    return f"{values.mean():.3f} ± {values.std(ddof=1):.3f}" if len(values) > 1 else f"{values[0]:.3f}"
