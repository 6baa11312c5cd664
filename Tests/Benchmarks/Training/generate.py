#!/usr/bin/env python3
"""Writes a request log of made-up prompts of about 1 KB whose labels depend on their words.

    generate.py ROWS SEED > log.jsonl

Words are made of syllables and follow Zipf's law, so that n-grams are as frequent and as rare as in text. A tenth of
the words carry a weight; a prompt's difficulty is their sum. The same arguments give the same bytes.
"""

import json
import math
import random
import sys

VOCABULARY = 30_000
WORDS = 172
TOPICS = 12


def vocabulary(rng):
    """Distinct words, the frequent ones short."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    words, seen = [], set()
    while len(words) < VOCABULARY:
        length = 1 + int(math.log(3 + len(words), 70) + rng.random())
        word = "".join(rng.choice(syllables) for _ in range(length))
        if word not in seen:
            seen.add(word)
            words.append(word)
    return words


def record(row, rng, words, cumulative, weights):
    """One line: a prompt, and how a small and a frontier model fared on it."""
    count = int(WORDS * (0.6 + 0.8 * rng.random()))
    chosen = rng.choices(range(VOCABULARY), cum_weights=cumulative, k=count)
    difficulty = sum(weights.get(index, 0) for index in chosen) / 2
    small = rng.random() < 1 / (1 + math.exp(difficulty))
    frontier = rng.random() < 1 / (1 + math.exp(0.7 * difficulty - 1.5))
    text = [words[index] for index in chosen]
    for place in range(9, count, 12):
        text[place] += rng.choice(".,?\n")
    tokens = int(20 + 10 * abs(difficulty) + 50 * rng.random())
    prompt_tokens = count * 1.4
    return {
        "id": f"made-up-{row}",
        "prompt": " ".join(text),
        "dataset": f"topic-{row % TOPICS}",
        "outcomes": {
            "small": {"quality": int(small), "cost_usd": round((prompt_tokens + 4 * tokens) * 1.5e-7, 9),
                      "output_tokens": tokens},
            "frontier": {"quality": int(frontier), "cost_usd": round((prompt_tokens + 4 * tokens) * 2.5e-6, 9),
                         "output_tokens": tokens},
        },
    }


def main():
    rows, seed = int(sys.argv[1]), int(sys.argv[2])
    # The language is the same for every seed: logs of other seeds are held-out data.
    language = random.Random(0)
    words = vocabulary(language)
    weights = {index: language.gauss(0, 1) for index in range(50, VOCABULARY) if language.random() < 0.1}
    cumulative, total = [], 0.0
    for rank in range(VOCABULARY):
        total += 1 / (rank + 3) ** 0.95
        cumulative.append(total)
    rng = random.Random(seed + 1)
    for row in range(rows):
        sys.stdout.write(json.dumps(record(row, rng, words, cumulative, weights)) + "\n")


if __name__ == "__main__":
    main()
