"""Writes the golden values of the request-log tests with Python's own json, gzip, datetime and sqlite3.

Run in this folder: python3 generate.py
"""

import datetime
import gzip
import json
import sqlite3
import os


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def short(text):
    value = fnv1a(text.encode())
    return f"{(value ^ value >> 32) & 0xFFFFFFFF:08x}"


TEXTS = ["", "a", "foobar", "naïve 日本語 🙂", "line\nbreak\ttab \"quoted\" back\\slash", "x" * 1000]

VALUES = [
    {}, [], {"a": 1}, {"type": "object", "properties": {"city": {"type": "string", "description": "naïve 日本語"}}},
    [1, -2, 18446744073709551615, True, False, None], {"quote\"": "tab\t newline\n nul\u0000 bell\u0007"},
    {"nested": [[[[{"deep": [1.5, 0.25, -3.75]}]]]]}, {"enum": ["a", "b", "c"], "minimum": 0.5},
]

SECONDS = [0, 1, 86399, 86400, 951782400, 951868799, 1709164800, 1740830400, 4102444800, 1e11, 1740830400.25, 1.000001]


def iso(seconds):
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=round(seconds * 1e6))
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return text + fraction + "Z"


golden = {
    "hashes": [{"text": t, "bytes": len(t.encode()), "short": short(t), "full": f"{fnv1a(t.encode()):016x}"} for t in TEXTS],
    "canonical": [
        {"indented": json.dumps(v, indent=3), "bytes": len(json.dumps(v, separators=(",", ":"), ensure_ascii=False).encode())}
        for v in VALUES
    ],
    "times": [{"seconds": s, "text": iso(s)} for s in SECONDS],
}
with open("golden.json", "w") as file:
    json.dump(golden, file, indent=1)

lines = [json.dumps({"id": f"r{i}", "prompt": f"question {i}", "outcomes": {"small": {"quality": i % 2}}}) + "\n" for i in range(40)]
with open("members.jsonl.gz", "wb") as file:
    for start in range(0, 40, 10):
        file.write(gzip.compress("".join(lines[start : start + 10]).encode(), mtime=0))
    file.write(gzip.compress(b"", mtime=0))
    file.write(bytes(100))

if os.path.exists("foreign.sqlite"):
    os.remove("foreign.sqlite")
base = sqlite3.connect("foreign.sqlite")
base.execute("PRAGMA page_size = 1024")
base.execute("create table requests (id, dataset, request, tier, weight, task, propensity, timestamp)")
base.execute("create table outcomes (request_id, name, quality, cost_usd, output_tokens, latency_ms)")
ok = json.dumps({"prompt": "a question"})
rows = [
    ("good", "set", ok, "small", 2.5, "code", 0.25, "2025-03-01T12:00:00Z"), (17, None, ok, None, None, None, None, None),
    (None, None, ok, None, None, None, None, None), ("json", None, "{broken", None, None, None, None, None),
    ("null", None, None, None, None, None, None, None), ("weight", None, ok, None, "heavy", None, None, None),
    ("blob", None, b"\x00\x01", None, None, None, None, None), ("quality", None, ok, None, None, None, None, None),
    ("infinite", None, ok, None, None, None, None, None), ("good", None, ok, None, None, None, None, None),
    ("task", None, ok, None, None, "cooking", None, None), ("prompt", None, '{"prompt": " "}', None, None, None, None, None),
]
base.executemany("insert into requests values (?,?,?,?,?,?,?,?)", rows)
base.executemany("insert into outcomes values (?,?,?,?,?,?)", [
    ("good", "b", 1, 0.5, 40.0, 12.5), ("good", "a", None, None, None, None), ("quality", "m", 1.5, None, None, None),
    ("infinite", "m", 1, float("inf"), None, None),
])
base.commit()
base.close()
