"""Writes golden.json: a small made-up log and what NumPy, SciPy and scikit-learn say about it.

Needs numpy, scipy and scikit-learn; run as `python generate.py` in this directory. Nothing here shares code or structure with
the implementation under test: curves are computed by selecting rows with masks, resamples by repeating rows.
"""

import json
import math

import numpy as np
from scipy import stats
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

ROWS, TIERS, MASK = 240, 3, (1 << 64) - 1


def made_up_log():
    rng = np.random.default_rng(20)
    ability = np.array([0.3, 1.0, 1.8])
    hardness = rng.normal(0.9, 1.1, ROWS)
    truth = 1 / (1 + np.exp(-(ability[None, :] - hardness[:, None])))
    quality = (rng.random((ROWS, TIERS)) < truth).astype(float)
    quality[:, 1] = np.round(np.clip(truth[:, 1] + rng.normal(0, 0.15, ROWS), 0, 1), 2)  # soft labels
    noisy = truth + rng.normal(0, 0.12, (ROWS, TIERS))
    probability = np.round(np.clip(noisy, 0.01, 0.99), 2).astype(np.float32)  # two digits: many ties
    cost = np.array([2e-4, 1e-3, 6e-3])[None, :] * rng.uniform(0.5, 1.5, (ROWS, TIERS))
    quality[rng.random((ROWS, TIERS)) < 0.06] = np.nan
    cost[rng.random((ROWS, TIERS)) < 0.05] = np.nan
    return dict(
        id=[f"q{i // 2 if i < 40 else i}" for i in range(ROWS)],
        weight=rng.choice([0.5, 1.0, 2.0], ROWS),
        bytes=(40 + np.round(np.clip(hardness, -1, 4) * 10 + rng.normal(0, 8, ROWS)).astype(int)) * 4,
        probability=probability, quality=quality, cost=cost)


def heads(log):
    result = []
    for tier in range(TIERS):
        known = ~np.isnan(log["quality"][:, tier])
        p, q, w = log["probability"][known, tier].astype(float), log["quality"][known, tier], log["weight"][known]
        if tier == 1:
            loss = float(np.average(-(q * np.log(p) + (1 - q) * np.log(1 - p)), weights=w))
            brier = float(np.average((p - q) ** 2, weights=w))
        else:
            loss = log_loss(q, p, sample_weight=w)
            brier = brier_score_loss(q, p, sample_weight=w)
        result.append(dict(rows=int(known.sum()), log_loss=loss, brier=brier,
                           auc=roc_auc_score(q >= 0.5, p, sample_weight=w), ece=ece(p, q, w)))
    return result


def ece(p, q, w, bins=15):
    bin_of = np.empty(len(p), int)
    for value in np.unique(p):
        middle = w[p < value].sum() + w[p == value].sum() / 2
        bin_of[p == value] = min(bins - 1, int(bins * middle / w.sum()))
    return float(sum(w[bin_of == b].sum() / w.sum() * abs(np.average(q[bin_of == b], weights=w[bin_of == b])
                                                          - np.average(p[bin_of == b], weights=w[bin_of == b]))
                     for b in np.unique(bin_of)))


def curve(score, weak, strong, weight):
    edges = np.unique(np.quantile(score, np.linspace(0, 1, 11)))
    points = []
    for number, edge in enumerate(edges):
        up = score > edge if number == len(edges) - 1 else score >= edge
        points.append((weight[up].sum() / weight.sum(), float(np.average(np.where(up, strong, weak), weights=weight))))
    return sorted(points)


def metrics(points):
    x, y = np.array(points).T
    recovered = (y - y[0]) / (y[-1] - y[0])

    def crossing(level):
        after = int(np.argmax(recovered >= level))
        return float(np.interp(level, recovered[after - 1:after + 1], x[after - 1:after + 1]))

    return dict(apgr=float(np.trapezoid(recovered, x)), cpt50=crossing(0.5), cpt80=crossing(0.8))


def pairs(log):
    complete = ~np.isnan(log["quality"]).any(axis=1)
    q, w = log["quality"][complete], log["weight"][complete]
    p = log["probability"][complete].astype(float)
    result = []
    for weak, strong in ((0, 2), (0, 1), (1, 2)):
        for name, score in (("gain", p[:, strong] - p[:, weak]), ("length", log["bytes"][complete].astype(float))):
            points = curve(score, q[:, weak], q[:, strong], w)
            result.append(dict(pair=[weak, strong], score=name, points=points, **metrics(points)))
    return result


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound):
        while True:
            product = self.next() * bound
            if (product & MASK) >= (1 << 64) % bound:
                return product >> 64


def bootstrap(log, own, resamples=100, seed=7):
    complete = np.flatnonzero(~np.isnan(log["quality"]).any(axis=1))
    names = [log["id"][i] for i in complete]
    questions = list(dict.fromkeys(names))
    members = {name: [k for k, other in enumerate(names) if other == name] for name in questions}
    q, w = log["quality"][complete], log["weight"][complete]
    p, size = log["probability"][complete].astype(float), log["bytes"][complete].astype(float)
    generator = SplitMix64(seed)
    apgr, over_length, over_random = [], [], []
    for _ in range(resamples):
        rows = np.array([k for _ in questions for k in members[questions[generator.below(len(questions))]]])
        gain = metrics(curve((p[:, 2] - p[:, 0])[rows], q[rows, 0], q[rows, 2], w[rows]))["apgr"]
        length = metrics(curve(size[rows], q[rows, 0], q[rows, 2], w[rows]))["apgr"]
        mine = np.average(q[rows, own[complete][rows]], weights=w[rows])
        share = np.array([w[rows][own[complete][rows] == t].sum() for t in range(TIERS)]) / w[rows].sum()
        apgr.append(gain)
        over_length.append(gain - length)
        over_random.append(mine - share @ np.average(q[rows], axis=0, weights=w[rows]))
    interval = lambda values: list(np.quantile(values, [0.025, 0.975]))
    return dict(resamples=resamples, seed=seed, questions=len(questions), apgr=interval(apgr),
                apgr_over_length=interval(over_length), quality_over_random=interval(over_random))


def own_tiers(log, steps):
    paid = np.concatenate([[0], np.cumsum(np.array(steps, np.float32), dtype=np.float32)])
    net = (log["probability"] - log["probability"][:, :1]) - paid[None, :]
    return TIERS - 1 - np.argmax(net[:, ::-1], axis=1)


def cost_policies(log, scale):
    """Extra dollars and quality over the first tier, weighted, by λ (falling) and row; rows without a price count 0."""
    p, q, cost = log["probability"].astype(float), log["quality"], log["cost"]
    told = ~np.isnan(cost).any(axis=1)
    steps = np.diff(np.average(cost[told], axis=0, weights=log["weight"][told]))
    used = told & ~np.isnan(q).any(axis=1)
    flat = np.concatenate([[0], np.cumsum(steps)])[None, :].repeat(ROWS, axis=0)
    scaled = np.concatenate([np.zeros((ROWS, 1)), np.cumsum(steps[None, :] * scale, axis=1)], axis=1)
    turns = [(p[used, b] - p[used, a]) / (k[used, b] - k[used, a])
             for k in (flat, scaled) for a in range(TIERS) for b in range(a + 1, TIERS)]
    turns = np.unique(np.concatenate(turns + [np.zeros(1)]))
    lambdas = np.concatenate([[turns[0] - 1], (turns[1:] + turns[:-1]) / 2, [turns[-1] + 1]])[::-1]
    rows = np.arange(ROWS)
    dollars, gained = [], []
    for value in lambdas:
        tiers = TIERS - 1 - np.argmax((p - value * (scaled if value > 0 else flat))[:, ::-1], axis=1)
        dollars.append(np.where(used, log["weight"] * (cost[rows, tiers] - cost[:, 0]), 0))
        gained.append(np.where(used, log["weight"] * (q[rows, tiers] - q[:, 0]), 0))
    return np.array(dollars), np.array(gained)


def cost_area(policies, counts):
    x, y = policies[0] @ counts, policies[1] @ counts
    return float(np.trapezoid(y / y[-1], x / x[-1]))


def costs(log, resamples=100, seed=7):
    scale = np.exp2(np.random.default_rng(8).uniform(-3, 3, (ROWS, TIERS - 1))).astype(np.float32)
    own, flat = cost_policies(log, scale.astype(float)), cost_policies(log, np.ones((ROWS, TIERS - 1)))
    complete = np.flatnonzero(~np.isnan(log["quality"]).any(axis=1))
    questions = list(dict.fromkeys(log["id"][i] for i in complete))
    generator = SplitMix64(seed)
    areas = []
    for _ in range(resamples):
        drawn = [questions[generator.below(len(questions))] for _ in questions]
        counts = np.array([drawn.count(name) for name in log["id"]], float)
        areas.append((cost_area(own, counts), cost_area(flat, counts)))
    once = np.ones(ROWS)
    areas = np.array(areas)
    interval = lambda values: list(np.quantile(values, [0.025, 0.975]))
    return dict(scale=scale, apgr=cost_area(own, once), flat=cost_area(flat, once), interval=interval(areas[:, 0]),
                flat_interval=interval(areas[:, 1]), over_flat=interval(areas[:, 0] - areas[:, 1]))


def policies(log, own):
    complete = ~np.isnan(log["quality"]).any(axis=1)
    priced = complete & ~np.isnan(log["cost"]).any(axis=1)
    filled = np.where(np.isnan(log["quality"]), -1, log["quality"])

    def outcome(tiers):
        w = log["weight"]
        rows = np.arange(ROWS)
        return dict(
            share=[float(w[complete & (tiers == t)].sum() / w[complete].sum()) for t in range(TIERS)],
            quality=float(np.average(log["quality"][rows, tiers][complete], weights=w[complete])),
            cost_usd=float(np.average(log["cost"][rows, tiers][priced], weights=w[priced])))

    return dict(complete_rows=int(complete.sum()), priced_rows=int(priced.sum()),
                all_cheapest=outcome(np.zeros(ROWS, int)), all_strongest=outcome(np.full(ROWS, 2)),
                oracle=outcome(np.argmax(filled, axis=1)), own=outcome(own))


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = (1 << 64) - 1
        self.state = z = (self.state + 0x9e3779b97f4a7c15) & mask
        z = ((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9) & mask
        z = ((z ^ (z >> 27)) * 0x94d049bb133111eb) & mask
        return z ^ (z >> 31)

    def below(self, bound):
        while True:
            product = self.next() * bound
            if product % (1 << 64) >= (1 << 64) % bound:
                return product >> 64

    def permutation(self, count):
        order = list(range(count))
        for end in range(count, 1, -1):
            other = self.below(end)
            order[end - 1], order[other] = order[other], order[end - 1]
        return order


def betting(values, low, high, level):
    """1 / the mean of what 1 becomes in 100 orders, each bet a hedge of the prize 1.5 / level, renewed 64 times at most."""
    n, block, generator, capitals = len(values), max(1, len(values) // 64), SplitMix64(1), []
    shuffled = values[generator.permutation(n)]
    for _ in range(100):
        first = generator.below(n)
        stride = 1 + generator.below(n)
        while math.gcd(stride, n) > 1:
            stride = 1 + generator.below(n)
        draws = shuffled[(first + stride * np.arange(n)) % n]
        capital = 1.0
        for start in range(0, n, block):
            if capital >= 1.45 / level:
                break
            part = capital * level / 1.5
            square = (0.5 * (high - low) ** 2 + np.sum(draws[:start] ** 2)) / (10 + start)
            hedge = stats.norm.pdf(stats.norm.ppf(part)) / part / math.sqrt(square * (n - start))
            capital *= np.prod(1 + min(hedge, 0.9 / -low) * draws[start:start + block])
        capitals.append(capital)
    return float(min(1, 1 / np.mean(capitals)))


def betting_cases():
    rng = np.random.default_rng(4)
    cases = []
    for n, mean in ((30, 0.2), (80, 0.05), (120, 0.0), (60, -0.1), (700, 0.02), (1000, 0.015)):
        values = np.round(np.clip(rng.normal(mean, 0.3, n), -0.9, 1), 3)
        cases.append(dict(values=values.tolist(), low=-0.9, high=1.0, level=0.05,
                          p=betting(values, -0.9, 1.0, 0.05)))
    return cases


def binomial_cases():
    return [dict(k=k, n=n, share=share, p=float(stats.binom.cdf(k, n, share)),
                 upper=float(stats.beta.ppf(0.95, k + 1, n - k)))
            for k, n, share in ((0, 14, 0.2), (3, 40, 0.1), (150, 1000, 0.2), (2100, 10000, 0.2), (9, 10, 0.5))]


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, (float, np.floating)):
        return None if math.isnan(value) else float(value)
    return int(value) if isinstance(value, np.integer) else value


def main():
    log = made_up_log()
    steps = [0.08, 0.11]
    own = own_tiers(log, steps)
    golden = dict(log=log, steps=steps, heads=heads(log), pairs=pairs(log), bootstrap=bootstrap(log, own),
                  policies=policies(log, own), costs=costs(log), betting=betting_cases(), binomial=binomial_cases())
    with open("golden.json", "w") as file:
        json.dump(plain(golden), file, separators=(",", ":"))
        file.write("\n")


main()
