"""Request logs: reading them, choosing outcomes, splitting them by question."""

import hashlib
import json

import numpy as np


def read(path):
    """The records of a JSONL log. Other forms are for `ockham import` to convert."""
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def write(path, records):
    with open(path, "w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(without_text(record), ensure_ascii=False) + "\n")
    return path


def quality(record, model):
    """The known quality of a model's answer, or None."""
    return record["outcomes"].get(model, {}).get("quality")


def with_models(records, models):
    """The records in which the quality of every one of the models is known. Outcomes of others stay, as in any log."""
    return [r for r in records if all(quality(r, m) is not None for m in models)]


def with_tiers(records, tiers, prefix):
    """Records with one outcome a tier: the mean of the known qualities of its models, without costs.

    Ids get a prefix, so that logs can be pooled. Records of which no tier is known are left out.
    """
    result = []
    for record in records:
        outcomes = {}
        for tier, models in tiers.items():
            known = [q for q in (quality(record, m) for m in models) if q is not None]
            if known:
                outcomes[tier] = {"quality": sum(known) / len(known)}
        if outcomes:
            result.append({**record, "id": f"{prefix}/{record['id']}", "outcomes": outcomes})
    return result


def labelled(path, names):
    """The records of a log that names the lowest adequate tier, as outcomes of every tier; its prompts as one text."""
    result = []
    for record in read(path):
        adequate = names.index(record["tier"])
        outcomes = {name: {"quality": float(place >= adequate)} for place, name in enumerate(names)}
        content = {"messages": record["messages"]} if "messages" in record else {}
        result.append({**record, **content, "prompt": text(record), "outcomes": outcomes})
    return result


def text(record):
    """The words of a record, whoever said them."""
    if "prompt" in record:
        return record["prompt"]
    contents = [m.get("content") or "" for m in record["messages"]]
    parts = [[c] if isinstance(c, str) else [p.get("text", "") for p in c] for c in contents]
    return "\n".join(part for some in parts for part in some)


def without_text(record):
    """A record as a log holds it: messages or a prompt, not both."""
    return {k: v for k, v in record.items() if not (k == "prompt" and "messages" in record or k == "tier" and "outcomes" in record)}


def qualities(records, name):
    """Qualities of a model or tier [n]; NaN where unknown."""
    values = [quality(r, name) for r in records]
    return np.array([np.nan if v is None else v for v in values], dtype=float)


def prompt_bytes(records):
    return np.array([len(r["prompt"].encode()) for r in records], dtype=float)


def questions(records):
    """One number a record, the same for equal prompts, numbered by their hash: no order of the file shines through."""
    return numbered(r["prompt"] for r in records)


def tasks(records):
    """One number a record, the same for records of one `dataset`: a task, a repository, a subject."""
    return numbered(r["dataset"] for r in records)


def numbered(texts):
    keys = [hashlib.sha256(t.encode()).hexdigest() for t in texts]
    return np.unique(keys, return_inverse=True)[1]


def folds(group, count, seed):
    """A fold for every row; rows of one group share one. There are no more folds than groups."""
    order = np.random.default_rng(seed).permutation(group.max() + 1)
    return (order % count)[group]


def split_off(question, rows, seed):
    """A mask of `rows` rows (or as near as whole questions come), equal prompts on one side."""
    chosen = np.zeros(len(question), dtype=bool)
    sizes = np.bincount(question)
    left = rows
    for q in np.random.default_rng(seed).permutation(len(sizes)):
        if sizes[q] <= left:
            chosen |= question == q
            left -= sizes[q]
        if left == 0:
            break
    return chosen
