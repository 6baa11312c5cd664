"""Writes golden.json: made-up draws and what confseq says about their means.

    uv venv venv && uv pip install --python venv numpy scipy
    pip download --no-deps --no-binary :all: confseq==0.0.11      # its betting and predmix modules are Python; its C++ is not needed
    tar xf confseq-0.0.11.tar.gz
    venv/bin/python generate.py confseq-0.0.11/src

Modules that confseq imports for plots and processes are stubs here. Nothing here shares code with the implementation under test.
"""

import json
import sys
import types

for name in ("matplotlib", "matplotlib.pyplot", "multiprocess", "confseq.cs_plots"):
    sys.modules[name] = types.ModuleType(name)
sys.path.insert(0, sys.argv[1])

import numpy as np

np.float_ = np.float64

from confseq import betting, predmix
from confseq.betting_strategies import lambda_predmix_eb

BREAKS = 200


def draws():
    rng = np.random.default_rng(9)
    return {
        "beta": rng.beta(2, 3, 300),
        "binary": (rng.random(300) < 0.3).astype(float),
        "halves": rng.choice([0, 0.5, 1], 300, p=[0.1, 0.7, 0.2]),
    }


def sequence(x):
    lower, upper = betting.hedged_cs(x, alpha=0.05, breaks=BREAKS)
    horizon = lambda x, m: lambda_predmix_eb(x, alpha=0.025, fixed_n=300)
    fixed = betting.betting_cs(
        x, lambdas_fns_positive=[horizon], lambdas_fns_negative=[horizon], alpha=0.05, breaks=BREAKS,
        running_intersection=True)
    bernstein = predmix.predmix_empbern_twosided_cs(x, alpha=0.05, running_intersection=True)
    capital = betting.betting_mart(x, 0.35, alpha=0.05, theta=1, lambdas_fn_positive=lambda x, m: lambda_predmix_eb(x, alpha=0.025))
    times = [0, 1, 9, 49, 99, 199, 299]
    at = lambda array: [float(array[t]) for t in times]
    return dict(
        draws=[float(v) for v in x], times=[t + 1 for t in times],
        bets=[float(v) for v in lambda_predmix_eb(x, alpha=0.025)], hedged=[at(lower), at(upper)],
        horizon=[at(fixed[0]), at(fixed[1])], bernstein=[at(bernstein[0]), at(bernstein[1])],
        evidence=at(np.maximum(np.maximum.accumulate(capital), 1)))


if __name__ == "__main__":
    with open("golden.json", "w") as file:
        json.dump(dict(breaks=BREAKS, sequences={name: sequence(x) for name, x in draws().items()}), file)
