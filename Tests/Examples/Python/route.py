"""Routes requests and prints each decision to the last bit: route.py MODEL REQUESTS.jsonl"""

import json
import struct
import sys

from ockham import Router, request_from_chat


def bits(value):
    return struct.pack(">f", value).hex()


def main(model, requests):
    router = Router.from_file(model)
    for line in open(requests, encoding="utf-8"):
        body = json.loads(line)
        made = router.route(request_from_chat(body))
        probabilities = ",".join(map(bits, made.probabilities))
        cost = struct.pack(">d", made.expected_cost_usd).hex()
        print(body["id"], made.tier, made.reason, made.task or "-", f"gain={bits(made.gain)}", end=" ")
        print(f"threshold={bits(made.threshold)}", f"p={probabilities}", f"usd={cost}")


main(*sys.argv[1:])
