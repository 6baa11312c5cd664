"""Writes open-bandit.json: obp's figures on the sample of the Open Bandit Dataset that is in its wheel, and what they rest on.

The campaign "men": 10,000 recommendations at random, 34 items, 3 positions. Evaluated is Thompson sampling as it ran beside them, by its share of
each item at each position; the direct method foretells each item's smoothed click rate. Environment: see generate.py.

Open Bandit Dataset: Saito, Aihara, Matsutani, Narita (2021), ZOZO, Inc., CC BY 4.0; here are item, position and click alone.
"""

import json
import os

import generate  # noqa: F401  (stubs what is not there)
import numpy as np
import obp
import pandas
from obp.ope import (
    DirectMethod, DoublyRobust, InverseProbabilityWeighting, SelfNormalizedInverseProbabilityWeighting)
from obp.policy import BernoulliTS


def letters(values):
    return "".join(chr(48 + int(value)) for value in values)


def main():
    # As obp's own reader, which today's pandas does not run: in the order of time, items and positions from 0.
    path = os.path.join(os.path.dirname(obp.__file__), "dataset/obd/random/men/men.csv")
    table = pandas.read_csv(path, index_col=0).sort_values("timestamp")
    action, position, reward = table["item_id"].values, table["position"].values - 1, table["click"].values
    count = len(action)
    policy = BernoulliTS(n_actions=34, len_list=3, is_zozotown_prior=True, campaign="men", random_state=12345)
    share = np.round(policy.compute_batch_action_dist(n_rounds=1, n_sim=20000)[0], 6)
    share /= share.sum(axis=0)
    clicks = np.bincount(action, weights=reward, minlength=34)
    rate = (clicks + 0.5) / (np.bincount(action, minlength=34) + 100)
    chances = np.tile(share, (count, 1, 1))
    model = np.tile(rate[:, None], (1, 3))[None].repeat(count, axis=0)
    drawn = dict(reward=reward, action=action, pscore=table["propensity_score"].values, action_dist=chances, position=position)
    told = dict(action_dist=chances, estimated_rewards_by_reg_model=model, position=position)
    with open("open-bandit.json", "w") as file:
        json.dump(dict(
            action=letters(action), position=letters(position), click=letters(reward), share=share.tolist(),
            rate=rate.tolist(),
            ips=InverseProbabilityWeighting().estimate_policy_value(**drawn),
            snips=SelfNormalizedInverseProbabilityWeighting().estimate_policy_value(**drawn),
            direct=DirectMethod().estimate_policy_value(**told),
            doubly_robust=DoublyRobust().estimate_policy_value(**drawn, estimated_rewards_by_reg_model=model),
        ), file, separators=(",", ":"))
        file.write("\n")


main()
