"""The routers under comparison: Ockham by its command line, and the peer that most people would write first."""

import json
import subprocess
from pathlib import Path

import numpy as np
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

import logs


class Refused(Exception):
    """`ockham calibrate` could not prove its goal."""


class Ockham:
    """The command line at a path; every call writes into files below `folder`."""

    def __init__(self, path, folder, train_options=()):
        self.path, self.folder, self.train_options = path, Path(folder), list(train_options)

    def call(self, *arguments):
        command = [self.path, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 1 and arguments[0] == "calibrate":
            raise Refused(done.stderr)
        if done.returncode != 0:
            raise SystemExit(f"ockham {arguments[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return done.stdout

    def train(self, records, tiers, name="model"):
        """Trains on records; `tiers` maps a tier's name to the outcome that stands for it, cheapest first."""
        log = logs.write(self.folder / f"{name}-train.jsonl", records)
        output = self.folder / name
        flags = [part for tier, model in tiers.items() for part in ("--tier", f"{tier}={model}")]
        self.call("train", log, "--output", output, *flags, *self.train_options)
        return output

    def decisions(self, model, log):
        return [json.loads(line) for line in self.call("route", "--model", model, "--log", log, "--format", "json").splitlines()]

    def probabilities(self, model, records):
        """P(good) by tier [n each], in the order of the records."""
        numbered = ({"id": str(i), "prompt": r["prompt"]} for i, r in enumerate(records))
        found = self.decisions(model, logs.write(self.folder / "route.jsonl", numbered))
        if [d["id"] for d in found] != [str(i) for i in range(len(records))]:
            raise SystemExit(f"ockham route: expected {len(records)} decisions in order, found {len(found)}")
        return {tier: np.array([d["probability"][tier] for d in found]) for tier in found[0]["probability"]}


class Peer:
    """TF-IDF of words and word pairs, one logistic regression a model, as scikit-learn has them."""

    def __init__(self, records, models):
        self.vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1)
        features = self.vectors.fit_transform([r["prompt"] for r in records])
        self.heads = {m: self._fit(features, logs.qualities(records, m)) for m in models}

    @staticmethod
    def _fit(features, quality):
        """Qualities between 0 and 1 count as so much of a success and so much of a failure."""
        good, bad = np.flatnonzero(quality > 0), np.flatnonzero(quality < 1)  # NaN is in neither
        labels = np.repeat([1, 0], [len(good), len(bad)])
        weights = np.concatenate([quality[good], 1 - quality[bad]])
        rows = scipy.sparse.vstack([features[good], features[bad]]).tocsr()
        return LogisticRegression(C=1, max_iter=1000).fit(rows, labels, sample_weight=weights)

    def probabilities(self, records):
        features = self.vectors.transform([r["prompt"] for r in records])
        return {m: head.predict_proba(features)[:, 1] for m, head in self.heads.items()}
