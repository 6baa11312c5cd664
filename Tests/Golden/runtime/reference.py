"""Features and scores of Ockham in plain Python, written from the pages FeatureSpecification and ScoreSpecification.

Slow and simple on purpose; generate.py uses it to write the golden files beside it.
"""

import ctypes
import hashlib
import json
import math
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MASK = (1 << 64) - 1


def f32(x):
    """Rounds to single precision. Sums, products, quotients and roots of singles, computed in double and rounded once
    more, are the correctly rounded ones."""
    return ctypes.c_float(x).value


def bits32(x):
    return int.from_bytes(bytes(ctypes.c_float(x)), "little")


def from_bits32(bits):
    return ctypes.c_float.from_buffer_copy(bits.to_bytes(4, "little")).value


# --- Lexical classes: the word lists are data, read from where the specification says they stand.


def read_classes():
    source = (ROOT / "Sources/Ockham/Structure/LexicalClass.swift").read_text()
    source = source[source.index("var words") :]
    lists = {}
    for name, body in re.findall(r'case \.(\w+):\s*("""\n.*?"""|"[^"\n]*")', source, re.S):
        text = body.strip('"').replace("\\\n", "\n")
        lists[name] = text.split()
    return lists


CLASSES = read_classes()

# --- Hash


def mix(a, b):
    product = a * b
    return (product >> 64) ^ (product & MASK)


def fold(data):
    return bytes(b | 0x20 if b < 0x80 else b for b in data)


def chunk_value(data):
    return int.from_bytes(data, "little")


def word_hash(word):
    h = 0x9E3779B97F4A7C15
    for start in range(0, len(word), 8):
        h = mix(h ^ chunk_value(fold(word[start : start + 8])), 0xD6E8FEB86659FD93)
    return h


def pair_hash(a, b):
    return mix((a + 0xA0761D6478BD642F) & MASK, b ^ 0xE7037ED1A0B428DB)


def run_hash(run):
    return mix(0x8EBC6AF09C88C6E3 ^ chunk_value(fold(run)), 0xD6E8FEB86659FD93)


WORD_CLASSES = {}
for class_name, class_words in CLASSES.items():
    for class_word in class_words:
        WORD_CLASSES.setdefault(word_hash(class_word.encode()), set()).add(class_name)

# --- Numbers


def log_scale(n):
    return f32(f32(bits32(f32(f32(n) + 1)) - 0x3F800000) * 2.0**-23)


def ratio(a, b):
    return 0.0 if b == 0 else f32(f32(a) / f32(b))


# --- Words

ALNUM = frozenset(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = frozenset(b"0123456789")


def kind_and_length(lead, second):
    if lead in ALNUM:
        return "letter", 1
    if 0xC3 <= lead <= 0xDF:
        return "letter", 2
    if lead in (0xE0, 0xE1) or 0xEA <= lead <= 0xEE:
        return "letter", 3
    if 0xE4 <= lead <= 0xE9 or (lead == 0xE3 and second != 0x80):
        return "character", 3
    if 0xF0 <= lead <= 0xF4:
        return "character", 4
    if lead == 0xC2:
        return "separator", 2
    if lead in (0xE2, 0xEF, 0xE3):
        return "separator", 3
    return "separator", 1


def words_of(text, begin, end):
    """The words of text[begin:end] as (start, end)."""
    words, run, at = [], None, begin
    while at < end:
        second = text[at + 1] if at + 1 < end else 0
        kind, length = kind_and_length(text[at], second)
        stop = min(end, at + length)
        if kind == "letter":
            run = (run[0], stop) if run else (at, stop)
        else:
            if run:
                words.append(run)
            run = None
            if kind == "character":
                words.append((at, stop))
        at = stop
    if run:
        words.append(run)
    return words


# --- Grams


def grams_of(text, words, options):
    hashes = [word_hash(text[a:b]) for a, b in words]
    for i, (a, b) in enumerate(words):
        yield hashes[i]
        if options["word_pairs"] and i > 0:
            yield pair_hash(hashes[i - 1], hashes[i])
        if options["character_grams"] and b - a > 3:
            for start in range(a, b - 2):
                for length in (3, 4, 5):
                    if start + length <= b:
                        yield run_hash(text[start : start + length])


NAMESPACES = ("system", "question", "history", "tools")
MULTIPLIERS = {
    "system": 0x9FB21C651E98DF25,
    "question": 0xC2B2AE3D27D4EB4F,
    "history": 0x165667B19E3779F9,
    "tools": 0x85915936 << 32 | 0x7F4B1C5D,
}

# --- Window


def parts_of(request):
    """For each segment its parts, and the number of omitted bytes."""
    lengths = [len(s["text"].encode()) for s in request["segments"]]
    total = sum(lengths)
    omitted = max(0, total - 32768)
    result, offset = [], 0
    for length in lengths:
        if omitted == 0:
            ranges = [(0, length)]
        else:
            ranges = [
                (max(lo - offset, 0), min(hi - offset, length)) for lo, hi in ((0, 16384), (total - 16384, total))
            ]
        result.append([(a, b) for a, b in ranges if a < b])
        offset += length
    return result, omitted


# --- The question


class Question:
    """What is counted in the parts of the question."""

    def __init__(self, text):
        self.text = text
        self.n = Counter()
        self.marks = Counter()
        self.classes = Counter()
        self.opening = set()
        self.longest_line = self.longest_number = self.stem_bytes = self.stem_words = 0

    def at(self, index):
        return self.text[index] if 0 <= index < len(self.text) else None

    def read(self, begin, end):
        text = self.text
        self.marks.update(text[begin:end])
        words = words_of(text, begin, end)
        if begin == 0:
            classes = (WORD_CLASSES.get(word_hash(text[a:b]), set()) for a, b in words)
            self.opening = next((c for c in classes if "politeness" not in c), set())
        self.line_start, self.fresh = begin, True
        edge = begin
        for a, b in words:
            self.read_gap(edge, a)
            self.read_word(a, b)
            edge = b
        self.read_gap(edge, end)
        if end > self.line_start:
            self.n["lines"] += 1
            self.longest_line = max(self.longest_line, end - self.line_start)

    def read_word(self, a, b):
        n, word = self.n, self.text[a:b]
        n["words"] += 1
        n["word_bytes"] += len(word)
        n["short"] += len(word) <= 3
        n["long"] += len(word) >= 8
        n["very_long"] += len(word) >= 12
        self.classes.update(WORD_CLASSES.get(word_hash(word), ()))
        if word[0] in DIGITS:
            self.read_number(word)
        uppers = sum(0x41 <= c <= 0x5A for c in word)
        if 0x41 <= word[0] <= 0x5A:
            n["capitalised"] += 1
            n["upper_words"] += uppers == len(word) >= 2
            n["mixed"] += 2 <= uppers < len(word)
        if self.fresh:
            self.fresh = False
            self.read_line_opening(word, self.at(b))

    def read_number(self, word):
        n = self.n
        digits = sum(c in DIGITS for c in word)
        n["numbers"] += 1
        n["number_bytes"] += digits
        n["mixed"] += digits < len(word)
        self.longest_number = max(self.longest_number, digits)
        n["years"] += len(word) == 4 and digits == 4 and word[:1] in b"12"
        n["choice_numbers"] += n["choices"] > 0

    def read_line_opening(self, word, after):
        if len(word) > 2 or after is None or after not in b".):":
            return
        if word[0] in DIGITS:
            self.n["numbered"] += 1
        elif len(word) == 1 and word in b"abcdefghijklABCDEFGHIJKL":
            if self.n["choices"] == 0:
                self.stem_bytes, self.stem_words = self.line_start, self.n["words"] - 1
            self.n["choices"] += 1

    def read_gap(self, a, b):
        text, n, gap = self.text, self.n, self.text[a:b]
        if gap in (b"", b" "):
            return
        if gap[0] in b".!?":
            after = self.at(a + 1)
            if after is None or after <= 0x20:
                n["sentences"] += 1
            elif gap == b"." and self.at(a - 1) in DIGITS and after in DIGITS:
                n["decimals"] += 1
        n["call_marks"] += gap[:1] == b"(" and self.at(a - 1) in ALNUM
        for i in range(a, b):
            c = text[i]
            n["fences"] += c == 0x60 and i > a and text[i - 1] == 0x60
            n["blanks"] += c == 0x5F and i > a and text[i - 1] == 0x5F
            n["commands"] += c == 0x5C and self.at(i + 1) in LETTERS
            if c == 0x0A:
                self.end_line(i)

    def end_line(self, i):
        n, length = self.n, len(self.text[self.line_start : i].removesuffix(b"\r"))
        n["lines"] += 1
        n["blank_lines"] += length == 0
        self.longest_line = max(self.longest_line, length)
        self.line_start, self.fresh = i + 1, True
        after, later = self.at(i + 1), self.at(i + 2)
        n["bullets"] += after in (0x2D, 0x2A, 0xE2)
        n["headings"] += after == 0x23
        n["tables"] += after == 0x7C
        n["quoted"] += after == 0x3E
        n["indented"] += after == 0x09 or (after == 0x20 and later == 0x20)


# --- All features


def attribute(request, key, default=0):
    return request.get("attributes", {}).get(key, default)


def extract(request, options):
    """Buckets per namespace (a list of four lists) and the dense features as a dictionary in order."""
    segments = request["segments"]
    texts = [s["text"].encode() for s in segments]
    asked = max((i for i, s in enumerate(segments) if s["role"] == "user"), default=None)
    spaces = ["question" if i == asked else "system" if s["role"] == "system" else "history" for i, s in enumerate(segments)]
    parts, omitted = parts_of(request)
    question = Question(texts[asked] if asked is not None else b"")
    system_classes = Counter()
    gram_lists = {name: [] for name in NAMESPACES}
    for text, space, ranges in zip(texts, spaces, parts):
        for a, b in ranges:
            words = words_of(text, a, b)
            gram_lists[space] += grams_of(text, words, options)
            if space == "question":
                question.read(a, b)
            if space == "system":
                for start, end in words:
                    system_classes.update(WORD_CLASSES.get(word_hash(text[start:end]), ()))
    budget = 4096
    for name in attribute(request, "toolNames", []):
        text = name.encode()[:budget]
        budget -= len(text)
        gram_lists["tools"] += grams_of(text, words_of(text, 0, len(text)), options)
    buckets = []
    for name in NAMESPACES:
        shift = 64 - options["bucket_bits"]
        buckets.append(list(dict.fromkeys(((h * MULTIPLIERS[name]) & MASK) >> shift for h in gram_lists[name])))
    sizes = Counter()
    for text, space in zip(texts, spaces):
        sizes[space] += len(text)
    roles = Counter(s["role"] for s in segments)
    shares = ratio(len(buckets[1]), len(gram_lists["question"]))
    return buckets, describe(request, question, sizes, roles, omitted, system_classes, shares)


def describe(request, q, sizes, roles, omitted, system_classes, distinct_share):
    n, m, L, d = q.n, q.marks, log_scale, {}
    size = sizes["question"]
    words = n["words"]

    def share(count):
        return ratio(count, max(1, size))

    def between(low, high):
        return sum(m[b] for b in range(low, high + 1))

    def marks(characters):
        return sum(m[ord(c)] for c in characters)

    d["question_bytes"] = L(size)
    d["system_bytes"] = L(sizes["system"])
    d["history_bytes"] = L(sizes["history"])
    d["omitted_bytes"] = L(omitted)
    d["user_turns"] = L(roles["user"])
    d["assistant_turns"] = L(roles["assistant"])
    d["tool_results"] = L(roles["tool"])
    d["has_system"] = float(sizes["system"] != 0)

    d["words"] = L(words)
    d["mean_word_bytes"] = ratio(n["word_bytes"], words)
    d["short_word_share"] = ratio(n["short"], words)
    d["long_word_share"] = ratio(n["long"], words)
    d["very_long_word_share"] = ratio(n["very_long"], words)
    d["capitalised_share"] = ratio(n["capitalised"], words)
    d["upper_case_words"] = L(n["upper_words"])
    d["distinct_gram_share"] = distinct_share
    d["numbers"] = L(n["numbers"])
    d["number_share"] = ratio(n["numbers"], words)
    d["mean_number_bytes"] = ratio(n["number_bytes"], n["numbers"])
    d["longest_number"] = L(q.longest_number)
    d["years"] = L(n["years"])
    d["decimals"] = L(n["decimals"])
    d["mixed_words"] = L(n["mixed"])

    choices = n["choices"]
    d["sentences"] = L(n["sentences"])
    d["words_per_sentence"] = L(words // max(1, n["sentences"]))
    d["lines"] = L(n["lines"])
    d["blank_lines"] = L(n["blank_lines"])
    d["longest_line_bytes"] = L(q.longest_line)
    d["mean_line_bytes"] = L(size // max(1, n["lines"]))
    d["bullet_lines"] = L(n["bullets"])
    d["numbered_lines"] = L(n["numbered"])
    d["choice_lines"] = L(choices)
    d["mean_choice_bytes"] = L(max(0, size - q.stem_bytes) // choices) if choices else 0.0
    d["stem_bytes"] = L(q.stem_bytes if choices else size)
    d["stem_words"] = L(q.stem_words if choices else words)
    d["choice_numbers"] = L(n["choice_numbers"]) if choices else 0.0
    for name, key in (("indented_lines", "indented"), ("heading_lines", "headings"), ("table_lines", "tables")):
        d[name] = L(n[key])
    for name, key in (("quoted_lines", "quoted"), ("fences", "fences"), ("commands", "commands"), ("blanks", "blanks")):
        d[name] = L(n[key])
    d["call_marks"] = L(n["call_marks"])

    d["digit_share"] = share(between(0x30, 0x39))
    d["upper_share"] = share(between(0x41, 0x5A))
    d["space_share"] = share(marks(" \n\r\t"))
    for name, characters in (
        ("full_stops", "."), ("commas", ","), ("question_marks", "?"), ("exclamation_marks", "!"), ("colons", ":"),
        ("semicolons", ";"), ("double_quotes", '"'), ("apostrophes", "'"), ("parentheses", "("), ("brackets", "["),
        ("braces", "{"), ("angles", "<>"), ("equal_signs", "="), ("operators", "+*/^"), ("hyphens", "-"),
        ("backslashes", "\\"), ("dollars", "$"), ("percents", "%"), ("underscores", "_"), ("hashes", "#"),
        ("bars", "|"), ("backticks", "`"), ("at_signs", "@"), ("tabs", "\t"),
    ):  # fmt: skip
        d[name] = L(marks(characters))

    d["latin_extended_share"] = share(between(0xC3, 0xCA))
    d["greek_cyrillic_share"] = share(between(0xCD, 0xD4))
    d["semitic_share"] = share(between(0xD6, 0xDB))
    d["indic_share"] = share(between(0xE0, 0xE1))
    d["symbol_share"] = share(m[0xE2] + m[0xC2])
    d["kana_share"] = share(m[0xE3])
    d["han_share"] = share(between(0xE4, 0xE9))
    d["hangul_share"] = share(between(0xEA, 0xED))
    d["emoji"] = L(between(0xF0, 0xF4))

    orders = {"classify", "extract", "summarise", "translate", "write", "program", "compute", "deliberate"}
    d["opens_with_question_word"] = float(bool(q.opening & {"whWord", "howWhy"}))
    d["opens_with_order"] = float(bool(q.opening & orders))
    d["opens_with_condition"] = float("condition" in q.opening)

    plural = {
        "wh_words": "whWord", "how_why": "howWhy", "negations": "negation", "quantifiers": "quantifier",
        "comparisons": "comparison", "conditions": "condition", "connectives": "connective",
        "constraints": "constraint", "math_terms": "mathTerm", "code_terms": "codeTerm", "number_words": "numberWord",
        "units": "unit", "first_person": "firstPerson", "second_person": "secondPerson",
        "third_person": "thirdPerson", "politeness": "politeness",
    }  # fmt: skip
    for name, key in plural.items():
        d[name] = L(q.classes[key])
    d["function_word_share"] = ratio(q.classes["functionWord"], words)
    d["foreign_function_word_share"] = ratio(q.classes["foreignFunctionWord"], words)
    for name, key in (("times", "time"), ("forms", "form"), ("lengths", "length"), ("logic", "logic")):
        d[name] = L(q.classes[key])
    for name in (
        "classify extract summarise consult translate write program compute deliberate converse law medicine physics "
        "biology economics history humanities"
    ).split():
        d[name] = L(q.classes[name])
    for name in "classify extract summarise translate write program deliberate".split():
        d["system_" + name] = L(system_classes[name])
    for name in ("constraint", "negation", "form"):
        d["system_" + name + "s"] = L(system_classes[name])

    limit = attribute(request, "maximumOutputTokens", None)
    d["tools"] = L(len(attribute(request, "toolNames", [])))
    d["tool_schema_bytes"] = L(max(0, attribute(request, "toolSchemaBytes")))
    d["wants_json"] = float(attribute(request, "responseFormat", "text") != "text")
    d["response_schema_bytes"] = L(max(0, attribute(request, "responseSchemaBytes")))
    d["images"] = L(max(0, attribute(request, "imageCount")))
    d["limits_output"] = float(limit is not None)
    d["maximum_output_tokens"] = L(max(0, limit or 0))
    return d


def fingerprint():
    h = word_hash(b"schema 2 window 16384 16384")
    _, dense = extract({"segments": []}, {"bucket_bits": 16, "word_pairs": 1, "character_grams": 0})
    for name in dense:
        h = pair_hash(h, word_hash(name.encode()))
    for words in CLASSES.values():
        h = pair_hash(h, word_hash(" ".join(words).encode()))
    return f"{h:016x}"


# --- Scores


def exponential(x):
    if x != x:
        return x
    x = min(max(x, -700.0), 700.0)
    n = int(x * 1.4426950408889634 + (-0.5 if x < 0 else 0.5))
    r = (x - n * float.fromhex("0x1.62e42fee00000p-1")) - n * float.fromhex("0x1.a39ef35793c76p-33")
    total = 1.0 / math.factorial(13)
    for k in range(12, -1, -1):
        total = total * r + 1.0 / math.factorial(k)
    return math.ldexp(total, n)


def affine(inputs, weights, bias):
    """weights[i][o]; four partial sums, as written in the score specification."""
    result = []
    for o, b in enumerate(bias):
        s = [0.0, 0.0, 0.0, 0.0]
        for i, x in enumerate(inputs):
            s[i % 4] = f32(s[i % 4] + f32(x * weights[i][o]))
        result.append(f32(f32(f32(s[0] + s[1]) + f32(s[2] + s[3])) + b))
    return result


def calibrate(calibration, z, correction=0.0):
    if calibration["kind"] == "platt":
        a = calibration["slope"] * z + calibration["intercept"] + correction
        return f32(1.0 / (1.0 + exponential(-a)))
    x, y = calibration["x"], calibration["y"]
    if z < x[0]:
        return y[0]
    if z >= x[-1]:
        return y[-1]
    k = max(i for i in range(len(x)) if x[i] <= z)
    part = f32(f32(z - x[k]) / f32(x[k + 1] - x[k]))
    return f32(y[k] + f32(part * f32(y[k + 1] - y[k])))


def joint_corrections(model, p):
    if "calibration.joint" not in model:
        return [0.0] * len(p)
    sums = []
    for w in model["calibration.joint"]:
        terms = list(p) + [p[i] * p[j] for i in range(len(p)) for j in range(i, len(p))]
        total = w[0]
        for weight, term in zip(w[1:], terms):
            total += weight * term
        sums.append(total)
    return sums


def score_features(model, buckets, values):
    """Logits, probabilities before tiers correct each other, and standardised dense features."""
    tiers = len(model["bias"])
    table, scale = model["gram.weight"], model["gram.scale"]
    sums = [0.0] * len(scale)
    for group in buckets:
        totals = [sum(table[b][c] for b in group) for c in range(len(scale))]
        square = f32(f32(totals[0]) * scale[0])
        if group and square > 0:
            inverse = f32(1 / f32(math.sqrt(square)))
            for c in range(1, len(scale)):
                sums[c] = f32(sums[c] + f32(f32(f32(totals[c]) * scale[c]) * inverse))
    x, limit = [], model.get("dense.limit", [2.0])[0]
    for value, mean, inverse in zip(values, model["dense.mean"], model["dense.inverse_deviation"]):
        x.append(min(max(f32(f32(value - mean) * inverse), -limit), limit))
    logits = affine(x, model["dense.weight"], model["bias"])
    logits = [f32(z + sums[1 + t]) for t, z in enumerate(logits)]
    if "hidden.weight" in model:
        hidden = affine(sums[1 + tiers :] + x, model["hidden.weight"], model["hidden.bias"])
        deep = affine([max(0.0, h) for h in hidden], model["output.weight"], model["output.bias"])
        logits = [f32(z + y) for z, y in zip(logits, deep)]
    return logits, [calibrate(c, z) for c, z in zip(model["calibration"], logits)], x


def score(model, request):
    """Logits, probabilities, the task's probabilities (or None), and expected costs in USD (or None)."""
    buckets, dense = extract(request, model["options"])
    logits, apart, x = score_features(model, buckets, list(dense.values()))
    corrections = joint_corrections(model, apart)
    probabilities = [calibrate(c, z, d) for c, z, d in zip(model["calibration"], logits, corrections)]
    if "unfamiliarity.blend" in model:
        _, w = unfamiliarity(model, x)
        base = model["unfamiliarity.base"][0]
        mixed = [f32(f32(f32(1 - w) * p) + f32(w * b)) for p, b in zip(probabilities, base)]
        probabilities = [min(1.0, max(0.0, p)) for p in mixed]
    size = sum(len(s["text"].encode()) for s in request["segments"])
    return logits, probabilities, score_task(model, buckets, x), expected_costs(model, x, size)


def unfamiliarity(model, x):
    """u and w of a request with these standardised dense features."""
    z = affine(x, [[w] for w in model["unfamiliarity.weight"]], model["unfamiliarity.bias"])[0]
    u = calibrate({"kind": "platt", "slope": 1.0, "intercept": 0.0}, z)
    x, y = model["unfamiliarity.blend"]
    return u, calibrate({"kind": "isotonic", "x": x, "y": y}, u)


def expected_costs(model, x, size):
    if "cost.weight" not in model:
        return None
    costs, (inputs, outputs), (lows, highs) = [], model["cost.price"], model["cost.range"]
    for t, y in enumerate(affine(x, model["cost.weight"], model["cost.bias"])):
        length = model["cost.smearing"][t] * exponential(min(max(y, lows[t]), highs[t]))
        costs.append(inputs[t] * float(size) + outputs[t] * length)
    return costs


# --- The model file


def data_start(file):
    """Where the tensors begin in the bytes of a file."""
    return 8 + int.from_bytes(file[:8], "little")


def tensors_sha256(file):
    return hashlib.sha256(file[data_start(file) :]).hexdigest()


def sealed(file):
    """The same file with the checksum of its tensors in the metadata."""
    start = data_start(file)
    header = json.loads(file[8:start])
    header["__metadata__"]["tensors_sha256"] = tensors_sha256(file)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + file[start:]


# --- Routing


def step_scales(model, costs):
    scales = []
    for k, mean in enumerate(model["cost.mean_step"]):
        ratio = (costs[k + 1] - costs[k]) / mean if mean > 0 else 1.0
        scales.append(f32(min(max(ratio, 0.125), 8.0)))
    return scales


def choose(probabilities, steps, scales):
    """The tier, the gain and the threshold of a decision with every tier allowed."""
    best, threshold = None, 0.0
    for t in range(1, len(probabilities)):
        step = steps[t - 1]
        threshold = f32(threshold + (f32(step * scales[t - 1]) if step > 0 and scales else step))
        gain = f32(probabilities[t] - probabilities[0])
        net = f32(gain - threshold)
        if best is None or net >= best[0]:
            best = (net, t, gain, threshold)
    _, tier, gain, threshold = best
    return tier if gain >= threshold else 0, gain, threshold


def rise(model, u, tier, probabilities, scales):
    """The tier of an unfamiliar request, from the one that was chosen."""
    base, lower, upper = model["unfamiliarity.base"]
    if u < model["unfamiliarity.rise"][0]:
        return tier
    low = f32(probabilities[tier] - f32(base[tier] - lower[tier]))
    best, threshold = (0.0, tier), 0.0
    for s in range(tier + 1, len(probabilities)):
        step = model["thresholds"][s - 1]
        threshold = f32(threshold + (f32(step * scales[s - 1]) if step > 0 and scales else step))
        high = f32(probabilities[s] + f32(upper[s] - base[s]))
        net = f32(f32(high - low) - threshold)
        if net >= best[0]:
            best = (net, s)
    return best[1]


def score_task(model, buckets, x):
    if "task.gram.weight" not in model:
        return None
    table, scale = model["task.gram.weight"], model["task.gram.scale"]
    everything = [b % len(table) for group in buckets for b in group]
    logits = affine(x, model["task.dense.weight"], model["task.bias"])
    if everything:
        value = f32(1 / f32(math.sqrt(len(everything))))
        for k in range(len(logits)):
            total = sum(table[b][k] for b in everything)
            logits[k] = f32(logits[k] + f32(f32(f32(total) * scale[k]) * value))
    largest = max(logits)
    powers = [exponential(f32(z - largest)) for z in logits]
    total = 0.0
    for power in powers:
        total += power
    return [f32(f32(power) / total) for power in powers]
