"""The features of responses and the scores of response heads, in plain Python, as the article ResponseFeatureSpecification specifies them.

Slow and simple on purpose; what a text's features are stands in reference.py.
"""

import re

import reference as r


def read_cues():
    source = (r.ROOT / "Sources/Ockham/Response/AnswerCue.swift").read_text()
    cues = {}
    for name, text in re.findall(r'case \.(\w+):\s+"""\n(.*?)"""', source, re.S):
        cues[name] = re.sub(r"\s*\\?\n\s*", " ", text).split()
    return cues


CUES = read_cues()
RUN = re.compile(rb"[0-9A-Za-z]+")


def bucket(h, options):
    return ((h * r.MULTIPLIERS["question"]) & r.MASK) >> (64 - options["bucket_bits"])


def closing(text, asked, options):
    """What the last bytes of a text say; `asked` are the question's buckets."""
    begin, ending = max(0, len(text) - 4096), max(0, len(text) - 160)
    numbers, letters, final_option = [], [], 0
    for match in RUN.finditer(text):
        a, b = match.start(), match.end()
        if a < begin:
            continue  # A run that begins before the bytes that are read is not looked at.
        if text[a] in r.DIGITS:
            numbers.append((a, b))
        elif b - a == 1 and 0x41 <= text[a] <= 0x50:
            before = text[a - 1] if a > 0 else 0
            after = text[b] if b < len(text) else 0
            if before < 0x80 and after < 0x80 and after != 0x20:
                letters.append(text[a] - 0x40)
                if a >= ending:
                    final_option = text[a] - 0x40
    hashes = [r.word_hash(text[a:b]) for a, b in numbers]
    stripped = [c for c in text[ending:] if c > 0x20]
    return {
        "numbers": len(numbers), "asked": [bucket(h, options) in asked for h in hashes],
        "final_bytes": numbers[-1][1] - numbers[-1][0] if numbers else 0,
        "final_count": hashes[-64:].count(hashes[-1]) if numbers else 0,
        "after": len(text) - numbers[-1][1] if numbers else 0,
        "options": len(set(letters)), "final_option": final_option,
        "option_count": letters.count(final_option) if final_option else 0,
        "last": stripped[-1] if stripped else 0, "closes_tag": b"</" in text[ending:],
    }  # fmt: skip


def pseudo_request(response):
    """Text and tool calls in the form of a request, for the extractor of requests."""
    calls = response.get("calls", [])
    segments = [{"role": "user", "text": response["text"]}]
    segments += [{"role": "assistant", "text": c["arguments"]} for c in calls]
    return {"segments": segments, "attributes": {"toolNames": [c["name"] for c in calls]}}


SCRIPTS = ("latin_extended", "greek_cyrillic", "semitic", "indic", "kana", "han", "hangul")
LANGUAGES = ("function_word_share", "foreign_function_word_share")


def extract(request, response, options):
    """Buckets in four lists, and the dense features as a dictionary in order."""
    asked_groups, asked_dense = r.extract(request, options)
    groups, text = r.extract(pseudo_request(response), options)
    for name in ("user_turns", "assistant_turns", "tools"):
        text[name] = 0.0
    question, answer = asked_groups[1], groups[1]
    data = response["text"].encode()
    close = closing(data, set(question), options)
    dense = {"text_" + name: value for name, value in text.items()}
    dense.update(form(response, data, close, asked_dense))
    dense.update(facts(response.get("facts", {})))
    present, common = set(answer), len(set(answer) & set(question))
    dense["echoed_gram_share"] = r.ratio(common, len(answer))
    dense["covered_gram_share"] = r.ratio(common, len(question))
    for cue, name in zip(CUES, ("hedges", "corrections", "refusals", "conclusions")):
        found = sum(bucket(r.word_hash(w.encode()), options) in present for w in CUES[cue])
        dense[name] = r.log_scale(found)
    dense.update(numbers(close))
    dense["script_distance"] = distance(text, asked_dense, [s + "_share" for s in SCRIPTS])
    dense["language_distance"] = distance(text, asked_dense, LANGUAGES)
    dense["asked_bytes"], dense["asked_choices"] = asked_dense["question_bytes"], asked_dense["choice_lines"]
    dense["asked_json"], dense["asked_tools"] = asked_dense["wants_json"], asked_dense["tools"]
    return groups, dense


def distance(a, b, names):
    total = 0.0
    for name in names:
        total = r.f32(total + abs(r.f32(a[name] - b[name])))
    return total


def form(response, data, close, asked_dense):
    parts = r.parts_of(pseudo_request(response))[0][0]
    read = b"".join(data[a:b] for a, b in parts)
    fences = sum(chunk.count(b"`") - 1 for a, b in parts for chunk in re.findall(rb"`{2,}", data[a:b]))
    last = close["last"]
    return {
        "empty": float(last == 0), "calls": r.log_scale(len(response.get("calls", []))),
        "unclosed_braces": float(read.count(b"{") > read.count(b"}")),
        "unclosed_brackets": float(read.count(b"[") > read.count(b"]")),
        "unclosed_parentheses": float(read.count(b"(") > read.count(b")")),
        "open_fence": float(fences // 2 % 2 == 1), "ends_with_stop": float(last in b".!?"),
        "ends_with_closer": float(last in b"\"$')*>]`}"), "ends_with_digit": float(last in r.DIGITS),
        "ends_with_letter": float(last in r.LETTERS), "closes_tag": float(close["closes_tag"]),
        "final_option": float(close["final_option"] > 0),
        "final_option_unknown": float(r.log_scale(close["final_option"]) > asked_dense["choice_lines"]),
        "final_number": float(close["numbers"] > 0),
    }  # fmt: skip


def facts(given):
    dense = {}
    for name in ("json", "schema", "tool_calls"):
        value = given.get(name)
        dense[name + "_known"], dense[name + "_valid"] = float(value is not None), float(value is True)
    finish = given.get("finish")
    dense["finish_known"] = float(finish is not None)
    for name, reason in (("length", "length"), ("tool_calls", "toolCalls"), ("filtered", "contentFilter")):
        dense["finish_" + name] = float(finish == reason)
    for name, low, high in (("mean_logprob", -100, 0), ("minimum_logprob", -100, 0), ("logprob_spread", 0, 100)):
        value = given.get(name)
        dense[name + "_known"] = float(value is not None)
        dense[name] = r.f32(min(high, max(low, value))) if value is not None else 0.0
    return dense


def numbers(close):
    asked = sum(close["asked"])
    return {
        "closing_numbers": r.log_scale(close["numbers"]), "asked_number_share": r.ratio(asked, close["numbers"]),
        "own_numbers": r.log_scale(close["numbers"] - asked), "final_number_bytes": r.log_scale(close["final_bytes"]),
        "final_number_asked": float(bool(close["asked"]) and close["asked"][-1]),
        "final_number_count": r.log_scale(close["final_count"]),
        "bytes_after_final_number": r.log_scale(close["after"]), "options": r.log_scale(close["options"]),
        "final_option_place": r.log_scale(close["final_option"]),
        "final_option_count": r.log_scale(close["option_count"]),
    }  # fmt: skip


OPTIONS = {"bucket_bits": 16, "word_pairs": 1, "character_grams": 0}


def names():
    return list(extract({"segments": []}, {"text": ""}, OPTIONS)[1])


def fingerprint():
    h = r.word_hash(f"response 1 features {r.fingerprint()} window 4096 160".encode())
    for name in names():
        if not name.startswith("text_"):
            h = r.pair_hash(h, r.word_hash(name.encode()))
    for words in CUES.values():
        h = r.pair_hash(h, r.word_hash(" ".join(words).encode()))
    return f"{h:016x}"


def score(model, head, logits, probabilities, request, response):
    """Logits and probabilities of one response head: `head` has the tensors of a model, without the prefix."""
    groups, dense = extract(request, response, model["options"])
    inputs = list(dense.values()) + [min(16.0, max(-16.0, z)) for z in logits]
    z, p, _ = r.score_features(head, groups, inputs)
    answer = [b for group in groups for b in group]
    unseen = sum(head["gram.weight"][b][0] == 0 for b in answer)
    if r.ratio(unseen, len(answer)) >= head["unlike"][0]:
        p = [0.0] + probabilities[len(probabilities) - len(p) + 1 :]
    return z, p
