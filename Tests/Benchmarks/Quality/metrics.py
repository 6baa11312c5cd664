"""RouteLLM's curve figures, paired bootstrap intervals and exact binomial intervals.

Written apart from Sources/Evaluation, to check it: `agreement` compares both on one case.
"""

import numpy as np
from scipy import stats

FIGURES = ("APGR", "CPT50", "CPT80", "lift")
RANDOM = (0.5, 0.5, 0.8, 0.0)
EDGES = np.linspace(0, 1, 11)


class Ranking:
    """Rows in ascending order of a router's score, ready for the curve of any resample of them."""

    def __init__(self, score, weak, strong):
        self.order = np.argsort(score, kind="stable")
        self.score = np.asarray(score, dtype=float)[self.order]
        self.weak = np.asarray(weak, dtype=float)[self.order]
        self.gain = np.asarray(strong, dtype=float)[self.order] - self.weak

    def points(self, counts=None):
        """Strong shares, ascending, and mean qualities, when row i counts `counts[i]` times."""
        times = np.ones(len(self.score), dtype=int) if counts is None else counts[self.order]
        drawn = np.repeat(self.score, times)
        edges = np.unique(np.quantile(drawn, EDGES))
        starts = np.searchsorted(self.score, edges, side="left")
        starts[-1] = np.searchsorted(self.score, edges[-1], side="right")
        if len(edges) == 1:  # all scores are equal: the only edge stands for both ends
            starts = np.array([0, len(self.score)])
        below = np.concatenate([[0], np.cumsum(times)])
        gained = np.concatenate([[0], np.cumsum(times * self.gain)])
        share = (below[-1] - below[starts]) / below[-1]
        quality = (np.sum(times * self.weak) + gained[-1] - gained[starts]) / below[-1]
        return share[::-1], quality[::-1]

    def figures(self, counts=None):
        """APGR, CPT50, CPT80 (NaN where the stronger model is not better), and lift (defined always)."""
        share, quality = self.points(counts)
        gap = quality[-1] - quality[0]
        lift = np.trapezoid(quality, share) - (quality[0] + quality[-1]) / 2
        if gap <= 0:
            return np.array([np.nan, np.nan, np.nan, lift])
        recovered = (quality - quality[0]) / gap
        area = np.trapezoid(recovered, share)
        return np.array([area, crossing(share, recovered, 0.5), crossing(share, recovered, 0.8), lift])


def ranks(score):
    """Scores as ranks in 0…1, equal scores at their mean rank."""
    return (stats.rankdata(score) - 0.5) / len(score)


def crossing(x, y, level):
    """The smallest x at which the line through the points reaches a level."""
    at = int(np.argmax(y >= level))
    if at == 0:
        return x[0] if y[0] >= level else np.nan
    return x[at - 1] + (level - y[at - 1]) / (y[at] - y[at - 1]) * (x[at] - x[at - 1])


def oracle_score(weak, strong, seed=0):
    """The true gain; ties in random order, since the quantile edges of three values would hide most of the curve."""
    gain = np.asarray(strong, dtype=float) - weak
    return gain + 1e-6 * np.random.default_rng(seed).random(len(gain))


class Bootstrap:
    """Figures of several routers on the same resamples, drawn by question."""

    def __init__(self, routers, weak, strong, question, resamples, seed=1):
        """`routers` maps a name to one or more score arrays, one for each repetition; figures are means over them."""
        rankings = {n: [Ranking(s, weak, strong) for s in scores] for n, scores in routers.items()}
        self.estimate = {n: np.mean([r.figures() for r in group], axis=0) for n, group in rankings.items()}
        self.draws = {n: np.empty((resamples, len(FIGURES))) for n in rankings}
        rng = np.random.default_rng(seed)
        size = question.max() + 1
        for i in range(resamples):
            counts = np.bincount(rng.integers(size, size=size), minlength=size)[question]
            for name, group in rankings.items():
                self.draws[name][i] = np.mean([r.figures(counts) for r in group], axis=0)

    @property
    def undefined(self):
        """The share of resamples in which the stronger model was not better: APGR and CPT leave them out."""
        return np.mean([np.isnan(d[:, 0]).mean() for d in self.draws.values()])

    def interval(self, name, minus=None):
        """Estimates and 95 % percentile bounds of a router's figures, or of its difference to another: [figures × 3]."""
        estimate, draws = self.estimate[name], self.draws[name]
        if minus is not None:
            estimate, draws = estimate - self.estimate[minus], draws - self.draws[minus]
        return np.stack([estimate, *np.nanpercentile(draws, [2.5, 97.5], axis=0)], axis=1)


def clopper_pearson(successes, count, confidence=0.95):
    """The exact interval of a share."""
    if count == 0:
        return 0.0, 1.0
    interval = stats.binomtest(successes, count).proportion_ci(confidence, method="exact")
    return interval.low, interval.high
