"""Golden values for the solvers, from scikit-learn and SciPy. Writes the JSON files beside this script.

Run with any Python that has numpy, scipy and scikit-learn: python generate.py
"""
import json
import pathlib

import numpy as np
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(20240)


def write(name, value):
    (HERE / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


def floats(array):
    """Rounds to single precision, the precision of the solvers' input."""
    return np.asarray(array, dtype=np.float32).astype(np.float64)


def sparse_rows(n, columns, per_row):
    starts, indices, values = [0], [], []
    for _ in range(n):
        chosen = np.sort(rng.choice(columns, size=rng.integers(0, per_row + 1), replace=False))
        indices += chosen.tolist()
        values += floats(rng.normal(size=len(chosen)).round(3)).tolist()
        starts.append(len(indices))
    matrix = np.zeros((n, columns))
    for row in range(n):
        matrix[row, indices[starts[row]:starts[row + 1]]] = values[starts[row]:starts[row + 1]]
    return matrix, {"rowStarts": starts, "columnIndices": indices, "values": values}


def fit(x, d, y, w, l2_sparse, l2_dense, **kind):
    """Minimises sum(w loss) / sum(w) + l2/2 |W|^2; dense columns are rescaled to give them a strength of their own."""
    scale = np.sqrt(l2_sparse / l2_dense)
    features = np.hstack([x, d * scale])
    model = LogisticRegression(C=1 / (l2_sparse * w.sum()), solver="newton-cholesky" if not kind else "lbfgs",
                               tol=1e-10, max_iter=100_000)
    model.fit(features, y, sample_weight=w)
    return model.coef_[:, :x.shape[1]], model.coef_[:, x.shape[1]:] * scale, model.intercept_


def linear():
    n, columns, dense = 80, 12, 3
    x, csr = sparse_rows(n, columns, 6)
    d = floats(rng.normal(size=(n, dense)).round(3))
    w = floats(rng.uniform(0.25, 2, size=n).round(2))
    truth = x @ rng.normal(size=columns) + d @ rng.normal(size=dense)
    hard = (truth + rng.logistic(size=n) > 0).astype(float)
    soft = floats((1 / (1 + np.exp(-truth + rng.normal(size=n)))).round(2))
    known = rng.random(n) > 0.2
    l2_sparse, l2_dense = 0.01, 0.002
    first = fit(x[known], d[known], hard[known], w[known], l2_sparse, l2_dense)
    twice = fit(np.vstack([x, x]), np.vstack([d, d]), np.r_[np.ones(n), np.zeros(n)],
                np.r_[w * soft, w * (1 - soft)], l2_sparse, l2_dense)
    classes = np.argmax(x[:, :4] + d[:, [0, 1, 2, 0]] + rng.gumbel(size=(n, 4)), axis=1)
    softmax = fit(x[known], d[known], classes[known], w[known], l2_sparse, l2_dense, multinomial=True)
    write("linear", {
        "rows": n, "columns": columns, **csr, "dense": d.ravel().tolist(), "denseColumns": dense,
        "weights": w.tolist(), "l2Sparse": l2_sparse, "l2Dense": l2_dense,
        "labels": [[float(h) if k else None, float(s)] for h, s, k in zip(hard, soft, known)],
        "logisticSparse": np.vstack([first[0], twice[0]]).T.ravel().tolist(),
        "logisticDense": np.vstack([first[1], twice[1]]).T.ravel().tolist(),
        "logisticBias": [float(first[2][0]), float(twice[2][0])],
        "classes": [int(c) if k else None for c, k in zip(classes, known)],
        "softmaxSparse": softmax[0].T.ravel().tolist(), "softmaxDense": softmax[1].T.ravel().tolist(),
        "softmaxBias": softmax[2].tolist(),
    })


def platt_line(z, y, w):
    good, bad = (w * y).sum(), (w * (1 - y)).sum()
    target = y * (good + 1) / (good + 2) + (1 - y) / (bad + 2)
    def loss(line):
        score = line[0] * z + line[1]
        return (w * (np.logaddexp(0, score) - target * score)).sum()
    best = minimize(loss, [0.5, 0.0], method="BFGS", options={"gtol": 1e-9})
    best = minimize(loss, best.x, method="Nelder-Mead", options={"xatol": 1e-11, "fatol": 1e-14, "maxiter": 4000})
    return best.x.tolist()


def calibration():
    n = 300
    z = floats(rng.normal(scale=2, size=n).round(2))
    w = floats(rng.uniform(0.5, 2, size=n).round(2))
    hard = (rng.random(n) < 1 / (1 + np.exp(-0.6 * z + 0.4))).astype(float)
    soft = floats(np.clip(0.5 * hard + 0.5 * rng.random(n), 0, 1).round(2))
    probes = floats(np.linspace(-7, 7, 57))
    cases = []
    for y in (hard, soft):
        for weights in (np.ones(n), w):
            isotonic = IsotonicRegression(out_of_bounds="clip").fit(z, y, sample_weight=weights)
            cases.append({"labels": y.tolist(), "weights": weights.tolist(), "platt": platt_line(z, y, weights),
                          "isotonic": isotonic.predict(probes).tolist()})
    write("calibration", {"logits": z.tolist(), "probes": probes.tolist(), "cases": cases})


linear()
calibration()
