#!/usr/bin/env python3
"""One peer's whole way from a log to a model: read, featurise, fit; then its held-out log-loss.

    peers.py NAME TRAIN.jsonl HELD.jsonl

The task is whether the small model answers well; features are hashed word uni- and bigrams, 2^16 buckets. Prints one line of
JSON: log_loss, seconds and processor_seconds up to the fitted model.
"""

import json
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

BITS = 16
# The best held-out loss of a few values each, at 20,000 rows.
PENALTY = 0.4
FASTTEXT_EPOCHS = 15
VOWPAL_WABBIT_PASSES = 16


def rows(path):
    with open(path, "rb") as file:
        for line in file:
            record = json.loads(line)
            yield record["prompt"], int(record["outcomes"]["small"]["quality"])


def processor_seconds():
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)))


def scikit_matrix(path):
    from sklearn.feature_extraction.text import HashingVectorizer

    texts, labels = zip(*rows(path))
    vectorizer = HashingVectorizer(n_features=1 << BITS, ngram_range=(1, 2), binary=True, alternate_sign=False)
    return vectorizer.transform(texts), labels


def scikit_learn(train, _):
    from sklearn.linear_model import LogisticRegression

    features, labels = scikit_matrix(train)
    model = LogisticRegression(C=1 / PENALTY, max_iter=300).fit(features, labels)
    return lambda path: model.predict_proba(scikit_matrix(path)[0])[:, 1]


def liblinear(train, folder):
    from sklearn.datasets import dump_svmlight_file

    def dump(path, name):
        features, labels = scikit_matrix(path)
        dump_svmlight_file(features, labels, f"{folder}/{name}", zero_based=False)

    dump(train, "train")
    subprocess.run(
        ["liblinear-train", "-q", "-s", "0", "-B", "1", "-c", str(1 / PENALTY), f"{folder}/train", f"{folder}/model"],
        check=True)

    def predict(path):
        dump(path, "held")
        subprocess.run(
            ["liblinear-predict", "-q", "-b", "1", f"{folder}/held", f"{folder}/model", f"{folder}/out"], check=True)
        lines = open(f"{folder}/out").read().splitlines()
        place = lines[0].split().index("1")
        return [float(line.split()[place]) for line in lines[1:]]

    return predict


def words(text):
    return re.findall(r"\w\w+", text.lower())


def fasttext(train, folder):
    import fasttext as library

    with open(f"{folder}/train", "w") as file:
        for text, label in rows(train):
            file.write(f"__label__{label} {' '.join(words(text))}\n")
    model = library.train_supervised(
        f"{folder}/train", wordNgrams=2, dim=16, bucket=1 << BITS, epoch=FASTTEXT_EPOCHS, thread=1, verbose=0)

    def probability(text):
        found = dict((label, chance) for chance, label in model.f.predict(" ".join(words(text)) + "\n", 2, 0.0, "strict"))
        return found.get("__label__1", 0)

    return lambda path: [probability(text) for text, _ in rows(path)]


def vowpal_wabbit(train, _):
    import vowpalwabbit

    model = vowpalwabbit.Workspace(
        f"--loss_function logistic --link logistic --ngram 2 -b {BITS} -l 0.1 --power_t 0 --quiet")
    examples = [f"{2 * label - 1} | {' '.join(words(text))}" for text, label in rows(train)]
    for _ in range(VOWPAL_WABBIT_PASSES):
        for example in examples:
            model.learn(example)
    return lambda path: [model.predict(f"| {' '.join(words(text))}") for text, _ in rows(path)]


PEERS = {"scikit-learn": scikit_learn, "liblinear": liblinear, "fastText": fasttext, "Vowpal Wabbit": vowpal_wabbit}


def main():
    name, train, held = sys.argv[1:]
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = "1"
    with tempfile.TemporaryDirectory() as folder:
        start, processor = time.monotonic(), processor_seconds()
        predict = PEERS[name](train, folder)
        result = {"seconds": time.monotonic() - start, "processor_seconds": processor_seconds() - processor}
        chances = [min(max(float(chance), 1e-6), 1 - 1e-6) for chance in predict(held)]
    labels = [label for _, label in rows(held)]
    result["log_loss"] = -sum(
        math.log(chance if label else 1 - chance) for chance, label in zip(chances, labels)) / len(labels)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
