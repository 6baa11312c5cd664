"""Writes the golden files of responses: responses.json and responses.safetensors.

Needs numpy and safetensors for the model file. Run by hand: python generate_responses.py.
"""

import json

import generate as g
import reference as r
import responses as a

QUESTION = "Which is it?\nA. 12 apples\nB. 13.5 pears\nC. none of 2024"
REQUESTS = [
    g.user("What is 12 + 30? Give the sum in <answer> tags."),
    g.user(QUESTION),
    g.user("Wie spät ist es in 日本? Antworte bitte kurz auf Deutsch."),
    {"segments": []},
    g.chat(("system", "Answer in JSON."), ("user", "Give {\"a\": 1} or [2]."), responseFormat="jsonObject"),
    g.chat(("user", "Weather in Paris on 2024-05-06?"), toolNames=["get_weather"], toolSchemaBytes=90),
]  # fmt: skip

TEXTS = [
    "", " \n\t", "42", "The answer is (B).", "A cat. I think B is right, so the answer is **B**", "A", "(P) or (Q)", "B. 13.5 pears",
    "12 + 30 = 42, so the answer is 42.\n<answer>42</answer>", "<answer>42", "</answer", "x1 1x 1 1 01 é1 1é É A é", "A.B.C.D", "éA Aé -A- A-",
    "```json\n{\"answer\": [1, 2}\n```", "```\ncode", "``` ``` ``", "`a` {{{ }} [[ ] ((( ) end", "}{][)(", "Ends with dollar $", "quote \"", "brace }",
    "Es ist vielleicht 12 Uhr, wahrscheinlich aber 13. Leider unbekannt.", "日本では12時です。", "答えは42", "🙂",
    "Perhaps. Maybe not! Wait, actually that is a mistake: therefore the final answer is unknown, sorry?",
    "1 2 3 4 5 6 7 8 9 10 " * 9 + "7", "no numbers here but 7" + " word" * 60, "B " + "filler " * 40 + "(C) " + "x" * 200,
    "Which is it? A. 12 apples", "the the the the the the", "a\0b 1\0", "1" * 300, "<1> A", "C",
]  # fmt: skip

FACTS = [
    {}, {"json": True, "schema": False}, {"json": False, "finish": "length"}, {"finish": "stop", "mean_logprob": -0.25},
    {"finish": "toolCalls", "tool_calls": True}, {"tool_calls": False, "finish": "other"}, {"schema": True, "finish": "contentFilter"},
    {"mean_logprob": -1000.0, "minimum_logprob": 3.0, "logprob_spread": -1.0},
    {"mean_logprob": -0.5, "minimum_logprob": -7.25, "logprob_spread": 1.5}, {"logprob_spread": 1e6, "minimum_logprob": -99.5},
]  # fmt: skip

CALLS = [
    [], [{"name": "get_weather", "arguments": "{\"city\": \"Paris\", \"day\": \"2024-05-06\"}"}],
    [{"name": "検索", "arguments": ""}, {"name": "", "arguments": "not json"}, {"name": "n" * 4090 + " ab cd ef", "arguments": "[1]"}, {"name": "never read", "arguments": "{}"}],
]  # fmt: skip


def cases():
    result = []
    for index, text in enumerate(TEXTS):
        for turn in range(2):
            place = 2 * index + turn
            result.append(
                {
                    "request": REQUESTS[place % len(REQUESTS)],
                    "response": {"text": text, "facts": FACTS[place % len(FACTS)], "calls": CALLS[place % 7 % 3]},
                }
            )
    for seed, size in ((1, 300), (2, 4000), (3, 4200), (4, 9000), (5, 33000), (6, 70000)):
        rule = {"rule": {"seed": seed, "bytes": size}}
        result.append({"request": REQUESTS[seed % 6], "response": dict(rule, facts={}, calls=CALLS[seed % 3])})
        request = {"segments": [g.ruled("system", 7 * seed, 900), g.ruled("user", seed, size // 2)]}
        result.append({"request": request, "response": dict(rule, facts=FACTS[seed], calls=[])})
    long_call = [{"name": "f", "arguments": g.long_text(9, 40000)}, {"name": "g", "arguments": g.long_text(10, 2000)}]
    result.append({"request": REQUESTS[5], "response": {"text": "Calling.", "calls": long_call, "facts": FACTS[4]}})
    return result


def spelled_out(case):
    response = dict(case["response"])
    if "rule" in response:
        rule = response.pop("rule")
        response["text"] = g.long_text(rule["seed"], rule["bytes"])
    return g.spelled_out(case["request"]), response


def golden(model, heads):
    entries = []
    for case in cases():
        request, response = spelled_out(case)
        results = []
        for options in g.OPTIONS:
            groups, dense = a.extract(request, response, options)
            flat = [b for group in groups for b in group]
            ends = [sum(len(group) for group in groups[: k + 1]) for k in range(4)]
            values = [r.bits32(v) for v in dense.values()]
            # Of the first options all that is not 0, of the others what differs from the first.
            first = first if results else [0] * len(values)
            told = [[i, v] for i, v in enumerate(values) if v != first[i]]
            first = first if results else values
            results.append({"ends": ends, "checksum": g.checksum(flat), "dense": told})
        logits, probabilities = r.score(model, request)[:2]
        scores = []
        for head in heads.values():
            z, p = a.score(model, head, logits, probabilities, request, response)
            scores.append({"logits": [r.bits32(x) for x in z], "probabilities": [r.bits32(x) for x in p]})
        entries.append(dict(case, results=results, scores=scores))
    return {
        "pieces": g.PIECES, "names": a.names(), "fingerprint": a.fingerprint(), "options": g.OPTIONS,
        "tiers": list(heads), "cases": entries,
    }  # fmt: skip


def make_head(seed, outputs, bag, hidden, options, calibration):
    """The tensors of a head over the dense features of responses and the logits of three tiers."""
    draw, dense = g.Draw(seed), len(a.names()) + 3
    columns = 1 + outputs + bag
    table = draw.integers(-3000, 3000, 1 << options["bucket_bits"], columns)
    for place, row in enumerate(table):
        row[0] = abs(row[0]) * 10 if place % 3 else 0
    head = {
        "gram.weight": table, "gram.scale": [r.f32(0.0005)] + draw.floats(0.0005, 0.002, columns - 1),
        "dense.mean": draw.floats(0, 3, dense), "dense.inverse_deviation": draw.floats(0.3, 3, dense),
        "dense.weight": draw.floats(-0.2, 0.2, dense, outputs), "bias": draw.floats(-1, 1, outputs),
        "calibration": calibration, "unlike": [0.45 if hidden else 2.0],
    }  # fmt: skip
    if hidden:
        head["dense.limit"] = [4.0]
        head["hidden.weight"] = draw.floats(-0.3, 0.3, bag + dense, hidden)
        head["hidden.bias"] = draw.floats(-0.5, 0.5, hidden)
        head["output.weight"] = draw.floats(-0.5, 0.5, hidden, outputs)
        head["output.bias"] = draw.floats(-0.5, 0.5, outputs)
    return head


def save(model, heads, path):
    import numpy
    from safetensors.numpy import load_file, save_file

    g.save(model, path)
    tensors = load_file(path)
    metadata = json.loads(path.read_bytes()[8 : r.data_start(path.read_bytes())])["__metadata__"]
    for tier, head in heads.items():
        for name, value in head.items():
            if name != "calibration":
                tensors[f"response.{tier}.{name}"] = numpy.array(value, g.element_type(name))
        for place, c in enumerate(head["calibration"]):
            values = [c["slope"], c["intercept"]] if c["kind"] == "platt" else [c["x"], c["y"]]
            tensors[f"response.{tier}.calibration.{place}.{c['kind']}"] = numpy.array(values, numpy.float32)
    kinds = [[c["kind"] for c in head["calibration"]] for head in heads.values()]
    metadata["format"], metadata["parts"] = "ockham/2", '["response"]'
    metadata["response"] = json.dumps({"schema": a.fingerprint(), "answering": list(heads), "calibration": kinds})
    save_file(tensors, path, metadata)
    path.write_bytes(r.sealed(path.read_bytes()))


def main():
    base = g.models()["logistic"]
    platt, isotonic = base["calibration"][0], base["calibration"][2]
    heads = {
        0: make_head(11, 3, 0, 0, base["options"], [platt, isotonic, platt]),
        1: make_head(12, 2, 4, 5, base["options"], [isotonic, platt]),
    }
    save(base, heads, g.HERE / "responses.safetensors")
    text = json.dumps(golden(base, heads), ensure_ascii=True, separators=(",", ":"))
    (g.HERE / "responses.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
