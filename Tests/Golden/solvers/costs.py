"""Golden values for ridge regression and for prices, from scikit-learn and SciPy. Writes costs.json beside this script.

Run with any Python that has numpy, scipy and scikit-learn: python costs.py
"""
import json
import pathlib

import numpy as np
from scipy.optimize import nnls
from sklearn.linear_model import Ridge

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(142)


def floats(array):
    """Rounds to single precision, the precision of the solvers' input."""
    return np.asarray(array, dtype=np.float32).astype(np.float64)


def ridge():
    n, d = 60, 7
    x = floats(rng.normal(size=(n, d)).round(3))
    x[:, 4] = x[:, 1]  # two columns that say the same
    x[:, 6] = 0
    y = 5 + x @ rng.normal(size=d) + rng.normal(size=n)
    w = rng.choice([0.0, 0.5, 1.0, 2.0], size=n)
    models = []
    for penalty in (1.0, 30.0, 1000.0):
        fit = Ridge(alpha=penalty, solver="cholesky").fit(x, y, sample_weight=w)
        models.append({"penalty": penalty, "weights": fit.coef_.tolist(), "bias": float(fit.intercept_)})
    return {"columns": d, "x": x.ravel().tolist(), "y": y.tolist(), "w": w.tolist(), "models": models}


def prices():
    cases = []
    for kind in range(6):
        n = 40
        size = rng.integers(20, 4000, size=n).astype(float)
        length = rng.integers(1, 900, size=n).astype(float)
        true = [(1e-6, 4e-6), (0.0, 2e-6), (3e-7, 0.0), (2e-6, -1e-6), (-1e-7, 3e-6), (1e-6, 1e-6)][kind]
        cost = np.maximum(0, true[0] * size + true[1] * length + 1e-5 * rng.normal(size=n))
        if kind == 5:
            length = 2 * size  # no telling them apart
        weight = rng.choice([0.5, 1.0, 2.0], size=n)
        root = np.sqrt(weight)
        # In millionths, for nnls stops at absolute tolerances.
        solution, rest = nnls(np.stack([size, length], axis=1) * root[:, None], cost * 1e6 * root)
        explained = 1 - (rest / 1e6) ** 2 / float((weight * cost**2).sum())
        cases.append({"bytes": size.tolist(), "lengths": length.tolist(), "costs": cost.tolist(),
                      "weights": weight.tolist(), "price": (solution / 1e6).tolist(), "explained": explained})
    return cases


(HERE / "costs.json").write_text(json.dumps({"ridge": ridge(), "prices": prices()}, separators=(",", ":")) + "\n")
