"""Writes the golden files of the runtime: features.json, scores.json, sha256.txt, and three models, one of them sealed.

Needs numpy and safetensors for the model files. Run by hand: python generate.py. The page TestVectors is printed by
vectors.py, and refusals.txt is reviewed by hand.
"""

import hashlib
import json
import random
from pathlib import Path

import reference as r

HERE = Path(__file__).resolve().parent
PIECES = [
    "the ", "What ", "is ", "a ", "prove ", "triangle\n", "3.14 ", "2024 ", "x = f(y);\n", "\n\n", "- item\n", "A) ",
    "\nB. ", "1. ", "naïve ", "Привет ", "日本語", "テスト ", "한국어 ", "🙂", "…", "  ", "\t", "one\r\n", "\r\n\r\n", "Please ", "internationalization ", "don't ", "`code` ",
    "```\n", "\\frac{1}{2} ", "___ ", "Ünïcödé", "ไทย", "العربية ", "HTTP2 ", "iPhone15 ", "? ", "! ", "etc. ", "# Title\n", "| a | b |\n", "> quote\n",
]  # fmt: skip


def split_mix(state):
    """SplitMix64 (Steele, Lea, Flood 2014)."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) & r.MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & r.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & r.MASK
        yield z ^ (z >> 31)


def long_text(seed, size):
    """Pieces drawn by SplitMix64 until there are at least `size` bytes."""
    draws, text, count = split_mix(seed), [], 0
    while count < size:
        piece = PIECES[next(draws) % len(PIECES)]
        text.append(piece)
        count += len(piece.encode())
    return "".join(text)


def user(text):
    return {"segments": [{"role": "user", "text": text}]}


def chat(*turns, **attributes):
    return {"segments": [{"role": a, "text": b} for a, b in turns], "attributes": attributes}


def ruled(role, seed, size):
    return {"role": role, "rule": {"seed": seed, "bytes": size}}


SHORT = [
    "", " ", "\n", "a", "A", "?", "Hello", "hello", "What is the capital of France?",
    "Prove that the sum of two odd integers is even.",
    "Which is not true?\nA. one 1\nB) 2.5 and 3\nC: both\nD. none",
    "Write a function `f(x)` that sorts:\n```python\ndef f(x):\n    return sorted(x)\n```\n",
    "1. first\n2) second\n10: third\n100. no\n- a\n* b\n• c\n# h\n## hh\n| t |\n> q\n\tx\n  y\n z\n\n\nend",
    "12345678 123456789 1234 2024 1999 3000 0x1F 3.14 1.2.3 5. 6 .5 1,000 iPhone HTTP HTTPServer McDonald A AB",
    "eight888 sevensv sixsix internationalization antidisestablishmentarianism abcdefgh ijklmnop",
    "\\frac{a}{b} \\ \\1 \\alpha_1 ____ __ _ ``` `` ` f(x) (y) 3(z) é(w)",
    "don't can't I'm naïve café Ünïcödé Straße übersetze bitte",
    "Привет, как дела? Γειά σου Κόσμε. שלום עולם مرحبا بالعالم",
    "日本語のテキスト。「引用」、カタカナ　ひらがな・漢字 中文测试，标点。",
    "한국어 텍스트 입니다. ไทย ภาษา हिन्दी भाषा বাংলা ქართული",
    "🙂🙃 emoji👩‍👩‍👧 flags🇩🇪 ★ → ∑ ≤ √2 × ÷ ½ ² © € … — “quoted” ‘x’",
    "ｆｕｌｌｗｉｄｔｈ １２３ 𝒳𝒴 𠀀𠀁 \ue000\uf8ff \u00ad\u200b\ufeff",
    "a\x00b\x01c\x7fd\x1f", "tab\tseparated\tvalues\r\nwindows\r\nlines\r\n",
    "Summarize the following text in exactly three bullet points, using only words from the passage: x", "if", "Translate:",
    "MUST NOT exceed 10 km/h @ 5 % $3 #4 a+b*c/d^e <x> [y] {z} \"q\" 'r' ; : ! |",
]  # fmt: skip


def soup(seed, size):
    return random.Random(seed).randbytes(size).decode("utf-8", "replace")


def sprinkle(seed, size):
    """Characters from every script and every length of sequence."""
    draw = random.Random(seed)
    ranges = [(0x20, 0x7F), (0x20, 0x7F), (0xA0, 0x24F), (0x370, 0x6FF), (0x900, 0x10FF), (0x2000, 0x22FF)]
    ranges += [(0x3000, 0x30FF), (0x4E00, 0x4EFF), (0xAC00, 0xACFF), (0xE000, 0xE010), (0xFF00, 0xFF60), (0x1F600, 0x1F640)]
    return "".join(chr(draw.randint(*draw.choice(ranges))) for _ in range(size))


def class_cases():
    """Words of every lexical class, as many of each as tells classes apart; each opens with another class."""
    lists = list(r.CLASSES.values())
    texts = [" ".join(" ".join(words[: 2 + k % 5]) for k, words in enumerate(lists) if k % 4 == g) for g in range(4)]
    result = [chat(("system", texts[3 - g].upper()), ("user", texts[g] + ".?:"[g % 3])) for g in range(4)]
    result += [user("Explain " + " ".join(lists[k])) for k in range(0, len(lists), 6)]
    return result + [user(text) for text in ("If x then y:", "Suppose so.", "Classify it:", "Plan", "please why?")]


def cases():
    result = [user(text) for text in SHORT] + class_cases()
    result += [user(soup(seed, 40 + 7 * seed)) for seed in range(6)]
    result += [user(sprinkle(seed, 30 + 11 * seed)) for seed in range(8)]
    result += [
        {"segments": []},
        chat(("system", "You must answer in JSON. Never translate; classify and extract names only.")),
        chat(("assistant", "Only an answer."), ("tool", "42")),
        chat(("system", ""), ("user", "")),
        chat(("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello!"), ("user", "Why is the sky blue?")),
        chat(("user", "first question"), ("assistant", "a reply"), ("tool", "{\"x\": 1}"), ("assistant", "done")),
        chat(("user", "one"), ("system", "late system"), ("user", "two"), ("user", "three")),
        chat(("user", "Weather?"), toolNames=["get_weather", "search_web", "Rechner", "検索"], toolSchemaBytes=812),
        chat(("user", "tools"), toolNames=["n" * 4090 + " ab cd ef", "never_read"], toolSchemaBytes=-5),
        chat(("user", "extract"), imageCount=1, responseFormat="jsonSchema", responseSchemaBytes=345, maximumOutputTokens=0),
        chat(("user", "json"), responseFormat="jsonObject", imageCount=3, maximumOutputTokens=4096),
        chat(("user", "odd"), responseSchemaBytes=-1, imageCount=-2, maximumOutputTokens=-7),
        chat(("user", "huge"), toolSchemaBytes=16777217, maximumOutputTokens=2147483647, imageCount=33554435),
    ]
    long = [[ruled("user", seed, size)] for seed, size in ((1, 2000), (2, 32768), (3, 33000), (4, 40000), (5, 100000))]
    long += [
        [ruled("system", 6, 10000), ruled("user", 7, 10000), ruled("assistant", 8, 30000), ruled("user", 9, 40000)],
        [ruled("user", 10, 20000), ruled("assistant", 11, 60000), ruled("user", 12, 20000), ruled("tool", 13, 900)],
        [ruled("system", 14, 40000), ruled("user", 15, 500)],
        [ruled("user", 16, 100), ruled("assistant", 17, 100000)],
    ]
    return result + [{"segments": segments} for segments in long]


def spelled_out(case):
    segments = []
    for segment in case["segments"]:
        rule = segment.get("rule")
        text = long_text(rule["seed"], rule["bytes"]) if rule else segment["text"]
        segments.append({"role": segment["role"], "text": text})
    return {"segments": segments, "attributes": case.get("attributes", {})}


OPTIONS = [
    {"bucket_bits": 16, "word_pairs": 1, "character_grams": 0},
    {"bucket_bits": 12, "word_pairs": 0, "character_grams": 0},
    {"bucket_bits": 20, "word_pairs": 1, "character_grams": 1},
]


def checksum(buckets):
    """Depends on the order: position (from 1) times bucket, summed modulo 2^64; as text, for JSON numbers are doubles."""
    return str(sum((i + 1) * b for i, b in enumerate(buckets)) & r.MASK)


def golden_features():
    entries = []
    for case in cases():
        request, results = spelled_out(case), []
        for options in OPTIONS:
            groups, dense = r.extract(request, options)
            flat = [b for group in groups for b in group]
            ends = [sum(len(g) for g in groups[: k + 1]) for k in range(4)]
            values = {name: r.bits32(v) for name, v in dense.items()}
            result = {"ends": ends, "checksum": checksum(flat), "distinctGramShare": values["distinct_gram_share"]}
            if len(flat) < 24 and options is OPTIONS[0]:
                result["buckets"] = flat
            results.append(result)
        dense = [[i, v] for i, (k, v) in enumerate(values.items()) if v and k != "distinct_gram_share"]
        entries.append({"request": case, "results": results, "dense": dense})
    names = list(r.extract({"segments": []}, OPTIONS[0])[1])
    return {"pieces": PIECES, "names": names, "fingerprint": r.fingerprint(), "options": OPTIONS, "cases": entries}


# --- Models


class Draw:
    def __init__(self, seed):
        self.draws = split_mix(seed)

    def unit(self):
        return (next(self.draws) >> 40) / 2.0**24

    def floats(self, low, high, *shape):
        if len(shape) > 1:
            return [self.floats(low, high, *shape[1:]) for _ in range(shape[0])]
        return [r.f32(low + (high - low) * self.unit()) for _ in range(shape[0])]

    def integers(self, low, high, rows, columns):
        return [[low + next(self.draws) % (high - low + 1) for _ in range(columns)] for _ in range(rows)]


def make_model(seed, tiers, bag, hidden, task_rows, options, calibration, has_costs=False):
    draw, dense = Draw(seed), len(r.extract({"segments": []}, OPTIONS[0])[1])
    rows, columns = 1 << options["bucket_bits"], 1 + tiers + bag
    table = draw.integers(-3000, 3000, rows, columns)
    for row in table:
        row[0] = abs(row[0]) * 10
    model = {
        "options": options, "tiers": ["small", "mid", "frontier", "expert"][:tiers], "calibration": calibration,
        "gram.weight": table, "gram.scale": [r.f32(0.0005)] + draw.floats(0.0005, 0.002, columns - 1),
        "dense.mean": draw.floats(0, 3, dense), "dense.inverse_deviation": draw.floats(0.3, 3, dense),
        "dense.weight": draw.floats(-0.2, 0.2, dense, tiers), "bias": draw.floats(-1, 1, tiers),
        "thresholds": draw.floats(0, 0.1, tiers - 1),
    }  # fmt: skip
    if hidden:
        model["hidden.weight"] = draw.floats(-0.3, 0.3, bag + dense, hidden)
        model["hidden.bias"] = draw.floats(-0.5, 0.5, hidden)
        model["output.weight"] = draw.floats(-0.5, 0.5, hidden, tiers)
        model["output.bias"] = draw.floats(-0.5, 0.5, tiers)
    if task_rows:
        model["task.gram.weight"] = draw.integers(-2000, 2000, task_rows, 10)
        model["task.gram.scale"] = draw.floats(0.0005, 0.001, 10)
        model["task.dense.weight"] = draw.floats(-0.1, 0.1, dense, 10)
        model["task.bias"] = draw.floats(-0.5, 0.5, 10)
    if has_costs:
        # Narrow ranges, so that both ends cut; the second step is not dearer on average, the others are.
        model["cost.weight"] = draw.floats(-0.2, 0.2, dense, tiers)
        model["cost.bias"] = draw.floats(4.5, 5.5, tiers)
        model["cost.range"] = [draw.floats(3, 4, tiers), draw.floats(6, 7, tiers)]
        model["cost.smearing"] = draw.floats(1, 1.5, tiers)
        model["cost.price"] = [[1e-8 * 3**t for t in range(tiers)], [0.0, 1e-6, 2e-6, 1.5e-5][:tiers]]
        model["cost.mean_step"] = [2e-4, -1e-5, 2.5e-3][: tiers - 1]
    return model


def corrected(model, seed):
    """The same with tiers that correct each other."""
    tiers = len(model["tiers"])
    model["calibration.joint"] = Draw(seed).floats(-1.5, 1.5, tiers, 1 + tiers + tiers * (tiers + 1) // 2)
    return model


def foreign(model, seed):
    """The same with a measure of unfamiliarity."""
    draw, tiers = Draw(seed), len(model["tiers"])
    middle = draw.floats(0.3, 0.7, tiers)
    model["unfamiliarity.weight"] = draw.floats(-0.3, 0.3, len(model["dense.mean"]))
    model["unfamiliarity.bias"] = [r.f32(0.1)]
    model["unfamiliarity.blend"] = [[r.f32(v) for v in (0.2, 0.45, 0.6, 0.9)], [r.f32(v) for v in (0.05, 0.3, 0.3, 0.95)]]
    model["unfamiliarity.base"] = [middle, [r.f32(b - 0.1) for b in middle], [r.f32(b + 0.2) for b in middle]]
    model["unfamiliarity.rise"] = [r.f32(0.5)]
    return model


def element_type(name):
    import numpy

    if name.endswith("gram.weight"):
        return numpy.int16
    return numpy.float64 if name in ("cost.price", "cost.mean_step") else numpy.float32


def save(model, path):
    import numpy
    from safetensors.numpy import save_file

    tensors = {}
    for name, value in model.items():
        if name not in ("options", "tiers", "calibration"):
            tensors[name] = numpy.array(value, element_type(name))
    for tier, c in enumerate(model["calibration"]):
        values = [c["slope"], c["intercept"]] if c["kind"] == "platt" else [c["x"], c["y"]]
        tensors[f"calibration.{tier}.{c['kind']}"] = numpy.array(values, numpy.float32)
    if len(model["tiers"]) == 3:
        tensors["tier_cost_usd"] = numpy.array([0.0001, 0.001, 0.01], numpy.float64)
    compact = {"separators": (",", ":")}
    metadata = {
        "format": "ockham/1", "feature_schema": r.fingerprint(), "features": json.dumps(model["options"], **compact),
        "tiers": json.dumps(model["tiers"]), "calibration": json.dumps([c["kind"] for c in model["calibration"]]),
    }  # fmt: skip
    if "unfamiliarity.rise" in model:
        metadata["format"], metadata["parts"] = "ockham/2", '["unfamiliarity"]'
        metadata["unfamiliarity"] = '{"measure":"home/1","home":["a"],"families":["a","b"]}'
    save_file(tensors, path, metadata)


def models():
    platt = [{"kind": "platt", "slope": r.f32(a), "intercept": r.f32(b)} for a, b in ((1, 0), (0.7, -0.3), (1.9, 0.8), (0.1, 0))]
    isotonic = {"kind": "isotonic", "x": [-3.0, -0.5, 0.25, 2.0], "y": [r.f32(v) for v in (0.05, 0.3, 0.3, 0.95)]}
    plain = {"bucket_bits": 10, "word_pairs": 1, "character_grams": 0}
    full = {"bucket_bits": 10, "word_pairs": 1, "character_grams": 1}
    return {
        "logistic": make_model(1, 3, 0, 0, 0, plain, platt[:2] + [isotonic]),
        "joint": corrected(make_model(3, 3, 0, 0, 0, plain, platt[1:4]), 4),
        "unfamiliar": foreign(make_model(5, 3, 0, 0, 0, plain, platt[1:4], has_costs=True), 6),
        "mlp": make_model(2, 4, 5, 7, 256, full, platt[:3] + [isotonic], has_costs=True),
    }


def golden_scores():
    result = {}
    for name, model in models().items():
        path = HERE / f"{name}.safetensors"
        save(model, path)
        if name in ("mlp", "unfamiliar"):
            path.write_bytes(r.sealed(path.read_bytes()))
        entries = []
        for case in cases():
            logits, probabilities, task, costs = r.score(model, spelled_out(case))
            entry = {"logits": [r.bits32(z) for z in logits], "probabilities": [r.bits32(p) for p in probabilities]}
            if task:
                entry["task"] = [r.bits32(p) for p in task]
            scales = []
            if costs:
                scales = r.step_scales(model, costs)
                entry["costs"], entry["scales"] = [c.hex() for c in costs], [r.bits32(s) for s in scales]
            tier, gain, threshold = r.choose(probabilities, model["thresholds"], scales)
            if "unfamiliarity.rise" in model:
                buckets, dense = r.extract(spelled_out(case), model["options"])
                u, w = r.unfamiliarity(model, r.score_features(model, buckets, list(dense.values()))[2])
                tier = r.rise(model, u, tier, probabilities, scales)
                entry["unfamiliarity"] = [r.bits32(u), r.bits32(w)]
            entry["decision"] = [tier, r.bits32(gain), r.bits32(threshold)]
            entries.append(entry)
        result[name] = entries
    grid = [x / 8 for x in range(-80, 81)] + [-745.0, -700.0, -699.9, 1e-300, -1e-9, 88.7, 700.0, 710.0]
    result["exponential"] = [[x.hex(), r.exponential(x).hex()] for x in grid]
    return result


def golden_digests():
    """SHA-256 of the first 0, 1, … 130 of the bytes 3, 10, 17, …, a line each."""
    data = bytes((7 * i + 3) % 256 for i in range(130))
    return "".join(hashlib.sha256(data[:count]).hexdigest() + "\n" for count in range(131))


def main():
    (HERE / "sha256.txt").write_text(golden_digests())
    for name, value in (("features", golden_features()), ("scores", golden_scores())):
        (HERE / f"{name}.json").write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
