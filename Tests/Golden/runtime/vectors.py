"""Prints the DocC page TestVectors: python vectors.py > ../../../Sources/Ockham/Ockham.docc/TestVectors.md"""

import reference as r

WORDS = ["a", "the", "THE", "2024", "sevenup", "eightlet", "ninebytes", "internationalization", "é", "über", "日", "🙂"]
PAIRS = [("the", "cat"), ("cat", "the"), ("a", "a"), ("日", "本")]
TEXTS = [
    "don't stop", "x1 = y_2+z", "naïve café", "日本語テスト", "カナ。ひら", "한국어 OK", "ไทย", "Привет, мир!", "a🙂b", "½ × 2", "ｆｕｌｌ", "e\u0301x",
    "A\u00a0B", "…–—", "C2\x00D3",
]  # fmt: skip
REQUESTS = {
    "empty": {"segments": []},
    "prompt": {"segments": [{"role": "user", "text": "Please, prove that 2 + 2 = 4.\r\n\r\nThanks!"}]},
    "choices": {"segments": [{"role": "user", "text": "Which is not even?\nA. 2\nB. 3"}]},
    "chat": {
        "segments": [
            {"role": "system", "text": "Never translate."}, {"role": "user", "text": "Hi"},
            {"role": "assistant", "text": "Hello!"}, {"role": "user", "text": "Fix f(x) = y:"},
        ],
        "attributes": {"toolNames": ["run_tests"], "toolSchemaBytes": 40, "responseFormat": "jsonObject", "maximumOutputTokens": 256},
    },
}  # fmt: skip
OPTIONS = {"bucket_bits": 16, "word_pairs": 1, "character_grams": 0}


def code(text):
    shown = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\x00", "\\0").replace("\u00a0", "\\u{A0}")
    shown = shown.replace("\u0301", "\\u{301}")
    return f"`{shown}`"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]) + "\n"


def bucket(h, name):
    return ((h * r.MULTIPLIERS[name]) & r.MASK) >> 48


def words_table():
    rows = []
    for word in WORDS:
        h = r.word_hash(word.encode())
        rows.append([code(word), f"`{h:016x}`"] + [bucket(h, name) for name in r.NAMESPACES])
    for a, b in PAIRS:
        h = r.pair_hash(r.word_hash(a.encode()), r.word_hash(b.encode()))
        rows.append([f"pair {code(a)} {code(b)}", f"`{h:016x}`"] + [bucket(h, name) for name in r.NAMESPACES])
    rows.append(["run `abc`", f"`{r.run_hash(b'abc'):016x}`"] + [bucket(r.run_hash(b"abc"), n) for n in r.NAMESPACES])
    return table(["gram", "hash"] + [f"{n} (16 bits)" for n in r.NAMESPACES], rows)


def tokens_table():
    rows = []
    for text in TEXTS:
        data = text.encode()
        words = r.words_of(data, 0, len(data))
        rows.append([code(text), " ".join(f"{a}–{b}" for a, b in words) or "none"])
    return table(["text", "words, as byte ranges (end excluded)"], rows)


def numbers_tables():
    counts = [0, 1, 2, 3, 5, 10, 100, 1000, 12345, 1048576, 16777217]
    rows = [[n, repr(r.log_scale(n)), f"`{r.bits32(r.log_scale(n)):08x}`"] for n in counts]
    powers = [0.0, 1.0, -1.0, 0.5, -0.1, 10.0, -20.5, 88.7, 700.0, -700.0, 710.0]
    exponentials = [[x, f"`{r.exponential(x).hex()}`"] for x in powers]
    return table(["n", "logScale", "bits"], rows), table(["x", "exponential"], exponentials)


def request_section(name, request):
    groups, dense = r.extract(request, OPTIONS)
    text = [f"### Request: {name}\n"]
    if request["segments"]:
        text.append(table(["role", "text"], [[s["role"], code(s["text"])] for s in request["segments"]]))
    for key, value in request.get("attributes", {}).items():
        text.append(f"- {key}: {value}")
    text.append("" if "attributes" in request else "")
    for space, buckets in zip(r.NAMESPACES, groups):
        if buckets:
            text.append(f"Buckets of {space}: {', '.join(map(str, buckets))}.\n")
    rows = [[k, repr(v), f"`{r.bits32(v):08x}`"] for k, v in dense.items() if v]
    text.append(table(["dense feature", "value", "bits"], rows) if rows else "No bucket; every dense feature is 0.\n")
    return "\n".join(text)


def page():
    scale, power = numbers_tables()
    parts = [
        "# Test vectors\n", "Values to check another implementation with.\n", "## Overview\n",
        "All were computed by the plain Python implementation in `Tests/Golden/runtime`, which also prints this page. Far more "
        "cases, up to 100 KB of text, are in the JSON files there.\n",
        "## Hashes and buckets\n", words_table(), "## Words of tricky texts\n", tokens_table(), "## logScale\n", scale,
        "## Exponential\n", power, "## Fingerprint\n", f"`{r.fingerprint()}`\n", "## Feature vectors\n",
        "With 16 bucket bits, pairs, and no character grams. Features that are not listed are 0.\n",
    ]  # fmt: skip
    return "\n".join(parts + [request_section(name, request) for name, request in REQUESTS.items()])


if __name__ == "__main__":
    print(page(), end="")
