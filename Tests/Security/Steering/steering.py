"""How far text that a client adds moves decisions: see README.md."""

import argparse
import json
import random
import sys
from pathlib import Path

from fragments import POOL

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "Tests/Examples/Python"))

PLACES = {"behind": lambda text, added: text + added, "in front": lambda text, added: added + text}
JOINTS = {"behind": " {}", "in front": "{} "}


def main():
    parser = argparse.ArgumentParser(prog="run", description="How far added text moves decisions of a router.")
    parser.add_argument("logs", nargs="+", type=Path, help="request logs")
    parser.add_argument("--model", type=Path, default=ROOT / "models/default/model.safetensors")
    parser.add_argument("--prompts", type=int, default=400, help="drawn from each log; one half to search on, one to measure on")
    parser.add_argument("--bytes", type=int, default=110, help="the most that is added")
    parser.add_argument("--fragments", type=int, default=6, help="the most fragments that are put together")
    parser.add_argument("--beam", type=int, default=3, help="attempts that are kept in each round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, help="fail where a text found moves more than this share up")
    parser.add_argument("--show", action="store_true", help="print the texts found")
    options = parser.parse_args()
    from ockham import Router  # takes the library from OCKHAM_LIBRARY

    router = Router.from_file(options.model)
    worst = max(measure(log, router, options) for log in options.logs)
    if options.limit is not None and worst > options.limit:
        sys.exit(f"steering: {worst:.1%} of decisions moved up, expected at most {options.limit:.1%}")


def measure(log, router, options):
    """Prints what the strongest additions do on unseen prompts of a log; returns the greatest share that moved up."""
    bodies = draw(log, options.prompts, options.seed)
    half = len(bodies) // 2
    search, test = Prompts(bodies[:half], router), Prompts(bodies[half:], router)
    print(f"\n{log.name}: {len(test.bodies)} prompts not searched on; {shares(test.tiers, router.tiers)}")
    print(f"{'added':>22} {'bytes':>5} {'up':>7} {'down':>7}  tiers")
    worst = 0
    for sign, direction in ((1, "up"), (-1, "down")):
        for place in PLACES:
            added = find(search, place, sign, options)
            up, down, tiers = test.moved(added, place)
            worst = max(worst, up)
            print(f"{place + ', ' + direction:>22} {size(added):>5} {up:>7.1%} {down:>7.1%}  {shares(tiers, router.tiers)}")
            if options.show:
                print(" " * 22, repr(added))
    for name, added in REPEATS:
        up, down, tiers = test.moved(added, "behind")
        worst = max(worst, up)
        print(f"{name:>22} {size(added):>5} {up:>7.1%} {down:>7.1%}  {shares(tiers, router.tiers)}", flush=True)
    return worst


REPEATS = [("500 times ' the'", " the" * 500), ("200 line feeds", "\n" * 200), ("2,000 spaces", " " * 2000)]


def draw(log, count, seed):
    with open(log, encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    bodies = [body(record) for record in records]
    return random.Random(seed).sample([b for b in bodies if b], min(count, len(bodies)))


def body(record):
    """The request of a record whose last text of a user is plain, else None."""
    if "prompt" in record:
        record = {**record, "messages": [{"role": "user", "content": record["prompt"]}]}
    asked = [m for m in record["messages"] if m["role"] == "user"]
    return record if asked and isinstance(asked[-1]["content"], str) else None


class Prompts:
    """Requests, and where they go as they are."""

    def __init__(self, bodies, router):
        from ockham import request_from_chat

        self.bodies, self.router = bodies, router
        self.requests = [request_from_chat(b) for b in bodies]
        self.places = [max(i for i, (role, _) in enumerate(r.messages) if role == 1) for r in self.requests]
        self.plain = [r.messages[p][1] for r, p in zip(self.requests, self.places)]
        self.tiers = self.route("", "behind")

    def route(self, added, place):
        """The tier of each request with `added` behind its question, or in front."""
        tiers = []
        for request, index, text in zip(self.requests, self.places, self.plain):
            request.messages[index] = (1, PLACES[place](text, added))
            tiers.append(self.router.route(request).tier_index)
            request.messages[index] = (1, text)
        return tiers

    def moved(self, added, place):
        """The shares that move up and down, and the tiers."""
        tiers = self.route(added, place)
        count = len(tiers)
        up = sum(new > old for new, old in zip(tiers, self.tiers)) / count
        return up, sum(new < old for new, old in zip(tiers, self.tiers)) / count, tiers


def find(prompts, place, sign, options):
    """The strongest addition of the pool's fragments that a beam search finds on `prompts`."""
    beam, best = [(0.0, "")], (0.0, "")
    for _ in range(options.fragments):
        tried = {}
        for _, start in beam:
            for fragment in POOL:
                joint = JOINTS[place].format(fragment)
                added = start + joint if place == "behind" else joint + start
                if size(added) <= options.bytes and added not in tried:
                    tried[added] = strength(prompts, added, place, sign)
        beam = sorted(((value, added) for added, value in tried.items()), reverse=True)[: options.beam]
        if not beam or beam[0][0] <= best[0]:
            break
        best = beam[0]
    return best[1]


def strength(prompts, added, place, sign):
    """Moves in the wanted direction, those by two tiers twice, per prompt."""
    tiers = prompts.route(added, place)
    return sum(max(0, sign * (new - old)) for new, old in zip(tiers, prompts.tiers)) / len(tiers)


def size(text):
    return len(text.encode())


def shares(tiers, names):
    return ", ".join(f"{name} {tiers.count(index) / len(tiers):.0%}" for index, name in enumerate(names))


if __name__ == "__main__":
    main()
