"""Writes golden.json: made-up draws and what obp and vw-estimators say about policies on them.

    uv venv venv && uv pip install --python venv 'numpy<2' scipy scikit-learn pandas matplotlib seaborn pyyaml tqdm vw-estimators
    uv pip install --python venv --no-deps obp==0.5.7
    venv/bin/python generate.py

obp wants the name `torch` for an estimator that is not used here: a stub stands in. Nothing here shares code or structure with
the implementation under test. vw-estimators has no doubly robust estimator and no direct method.
"""

import json
import sys
import types

import numpy as np
from scipy import stats


class Anything(type):
    """A class whose every attribute is such a class."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(name, (), {})


def stub_torch():
    for name in ("torch", "torch.nn", "torch.optim", "torch.utils", "torch.utils.data", "torch.nn.functional"):
        module = types.ModuleType(name)
        module.__getattr__ = lambda attribute: getattr(Anything("torch", (), {}), attribute)
        module.__path__ = []
        sys.modules[name] = module


stub_torch()

from estimators.bandits import ips as vw_ips  # noqa: E402
from estimators.bandits import snips as vw_snips  # noqa: E402
from obp.ope import (  # noqa: E402
    DirectMethod, DoublyRobust, InverseProbabilityWeighting, SelfNormalizedInverseProbabilityWeighting)

ROWS, TIERS = 400, 3


def made_up_draws(rng):
    truth = np.sort(rng.uniform(0.2, 0.98, (ROWS, TIERS)), axis=1)
    logging = rng.dirichlet([2, 2, 2], ROWS) * 0.85 + 0.05
    tier = np.array([rng.choice(TIERS, p=row / row.sum()) for row in logging])
    logging = logging / logging.sum(axis=1, keepdims=True)
    propensity = logging[np.arange(ROWS), tier]
    reward = (rng.random(ROWS) < truth[np.arange(ROWS), tier]).astype(float)
    soft = rng.random(ROWS) < 0.2
    reward[soft] = np.round(rng.random(soft.sum()), 2)
    prediction = np.clip(truth + rng.normal(0, 0.1, truth.shape), 0.01, 0.99)
    return tier, propensity, reward, prediction


def policies(rng):
    greedy = np.eye(TIERS)[rng.integers(TIERS, size=ROWS)]
    last = np.tile(np.eye(TIERS)[TIERS - 1], (ROWS, 1))
    mixed = rng.dirichlet([1, 2, 3], ROWS)
    return dict(greedy=greedy, last=last, mixed=mixed)


def peers(tier, propensity, reward, prediction, chances):
    common = dict(reward=reward, action=tier, pscore=propensity, action_dist=chances[:, :, None])
    model = dict(action_dist=chances[:, :, None], estimated_rewards_by_reg_model=prediction[:, :, None])
    vw = {name: module.Estimator() for name, module in (("vw_ips", vw_ips), ("vw_snips", vw_snips))}
    for row in range(ROWS):
        for estimator in vw.values():
            estimator.add_example(propensity[row], reward[row], chances[row, tier[row]])
    return dict(
        chances=chances.tolist(),
        ips=InverseProbabilityWeighting().estimate_policy_value(**common),
        snips=SelfNormalizedInverseProbabilityWeighting().estimate_policy_value(**common),
        direct=DirectMethod().estimate_policy_value(**model),
        doubly_robust=DoublyRobust().estimate_policy_value(**common, estimated_rewards_by_reg_model=prediction[:, :, None]),
        **{name: float(estimator.get()) for name, estimator in vw.items()})


def main():
    rng = np.random.default_rng(12)
    tier, propensity, reward, prediction = made_up_draws(rng)
    quantiles = [dict(p=p, degrees=d, t=float(stats.t.ppf(p, d)))
                 for p in (0.6, 0.975, 0.995, 0.05) for d in (1.0, 2.5, 49.0, 4000.0)]
    with open("golden.json", "w") as file:
        json.dump(dict(
            tier=tier.tolist(), propensity=propensity.tolist(), reward=reward.tolist(), prediction=prediction.tolist(),
            policies={name: peers(tier, propensity, reward, prediction, chances)
                      for name, chances in policies(rng).items()},
            quantiles=quantiles), file, indent=None, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
