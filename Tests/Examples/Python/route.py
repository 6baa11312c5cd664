"""Routes requests and prints each decision to the last bit: route.py MODEL REQUESTS.jsonl

A line with a `response` starts where the model's cascade says, and its response is weighed.
"""

import json
import struct
import sys

from ockham import FINISH_REASONS, Response, Router, request_from_chat

FACTS = ("json_valid", "schema_valid", "tool_calls_valid", "mean_logprob", "minimum_logprob", "logprob_spread")


def bits(value):
    return struct.pack(">f", value).hex()


def response_of(body):
    return Response(
        text=body["text"],
        tool_calls=tuple((call["name"], call["arguments"]) for call in body.get("tool_calls", [])),
        finish_reason=FINISH_REASONS.get(body.get("finish_reason")),
        **{name: body[name] for name in FACTS if name in body},
    )


def weigh(router, body):
    answered = body["response"]["tier"]
    start = router.start(request_from_chat(body)).tier
    step = router.weigh(response_of(body["response"]), router.tiers.index(answered))
    probabilities = ",".join(map(bits, step.probabilities))
    print(body["id"], f"start={start}", f"answered={answered}", f"p={probabilities}", end=" ")
    print(f"next={step.tier if step.is_worthwhile else '-'}", f"gain={bits(step.gain)}", f"threshold={bits(step.threshold)}")


def route(router, body):
    made = router.route(request_from_chat(body))
    probabilities = ",".join(map(bits, made.probabilities))
    cost = struct.pack(">d", made.expected_cost_usd).hex()
    print(body["id"], made.tier, made.reason, made.task or "-", f"gain={bits(made.gain)}", end=" ")
    print(f"threshold={bits(made.threshold)}", f"p={probabilities}", f"usd={cost}")


def main(model, requests):
    router = Router.from_file(model)
    for line in open(requests, encoding="utf-8"):
        body = json.loads(line)
        (weigh if "response" in body else route)(router, body)


main(*sys.argv[1:])
